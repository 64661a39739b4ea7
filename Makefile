# Careload's commands. They need Debian 12 or newer (or the like) with Python 3.11-3.14, make and git.
#
#   make run    set up, measure the bundled example, write report/index.html
#   make test   install what the tests need and run all but the longest (those: make bench-simulate)
#   make bench  measure speed and memory (two hours; `make bench-simulate` the simulator alone)
#   make bench-fit  whether a fit can be trusted, an hour at a time
#   make docs   remake the pictures and pages that the program writes
#   make lock   choose new versions of the packages and pin them by hash
#   make clean  remove what the commands above made

SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
CARELOAD := $(VENV)/bin/careload
EXAMPLE := build/example
BENCH_ROWS := 1000000 5000000 26000000
INSTALLED_FROM := pyproject.toml requirements/build.txt scripts/environment

.PHONY: run test bench bench-simulate bench-fit docs lock clean environment
.DELETE_ON_ERROR:

run: $(VENV)/.run
	mkdir -p report
	$(CARELOAD) example $(EXAMPLE)
	$(CARELOAD) measure $(EXAMPLE) --standard california --by site,profession --html report/index.html
	@echo "The report is in report/index.html: open it in a browser."

test: $(VENV)/.test
	scripts/test $(VENV)

environment: $(VENV)/.test

# Three sizes of a region the size of the strike, measured against hand-written SQL and pandas.
bench: $(VENV)/.test
	for rows in $(BENCH_ROWS); do \
	    test -e build/region-$$rows || $(PYTHON) benchmarks/region.py build/region-$$rows --rows $$rows || exit 1; \
	done
	$(PYTHON) benchmarks/measure_region.py $(BENCH_ROWS:%=build/region-%) --page docs/benchmarks-measure.md
	$(MAKE) bench-simulate

# The simulator against other programs, at growing sizes, on two workers, from a cold start.
bench-simulate: $(VENV)/.test
	$(PYTHON) -m benchmarks.simulate_many
	$(PYTHON) -m benchmarks.simulate_region
	$(PYTHON) -m benchmarks.return_clinic.compare --sizes S M L --rounds 3
	$(PYTHON) -m benchmarks.simulate_page
	$(PYTHON) -m benchmarks.return_clinic.faults
	$(PYTHON) -m pytest -q -m long

# Whether a fit can be trusted: its intervals, what nobody wrote down, its forecasts, its checks. Each of the
# first three ends within the hour and goes on where it ended when it is asked again.
bench-fit: $(VENV)/.test
	$(PYTHON) -m benchmarks.fit.recovery
	$(PYTHON) -m benchmarks.fit.latent
	$(PYTHON) -m benchmarks.fit.forecasts
	$(PYTHON) -m benchmarks.wrong_models
	$(PYTHON) -m benchmarks.fit.page

docs: $(VENV)/.test
	for page in scripts/*_page.py scripts/pictures.py; do $(PYTHON) $$page || exit 1; done

lock: $(VENV)/.run
	scripts/lock $(VENV)

clean:
	rm -rf $(VENV) .venv-newest build dist report tests/node_modules

# The marks say which requirements an environment holds. Those of the tests include those of a run.
$(VENV)/.run: requirements/run.txt $(INSTALLED_FROM)
	scripts/environment $(VENV) $< "$$(scripts/find-python default)"
	touch $@

$(VENV)/.test: requirements/test.txt $(INSTALLED_FROM)
	scripts/environment $(VENV) $< "$$(scripts/find-python oldest)"
	touch $(VENV)/.run $@
