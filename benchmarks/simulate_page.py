"""Write docs/benchmarks-simulate.md from the results that the benchmarks of the simulator have kept.

    python -m benchmarks.simulate_page [--results FOLDER] [--page FILE]

Nothing is measured here. A question whose results are not there is left out, and said to be.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import simulate_many, simulate_region
from benchmarks.measured import (
    RESULTS,
    Line,
    Results,
    exponent,
    processor,
    read_results,
    table,
    told,
    verdict,
)
from benchmarks.return_clinic import ratios
from benchmarks.simulate_region import WHOLE_REGION, YEARS, bytes_per_patient, of, quickest, usual

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks-simulate.md"

LEAST_VISITS, AIM, MOST_BYTES, MOST_EXPONENT = 8e6, 10e6, 100, 1.05
LEAST_GAIN = 1.8
MOST_SECONDS = {"first result": 2.0, "careload --help": 0.3}

HEAD = """# Benchmark: the simulator

How fast a service is run forward, beside other programs and at growing sizes. `make bench-simulate` measures
all of it and writes this page; the results lie in `benchmarks/results/`, from which
`python -m benchmarks.simulate_page` makes it again. Times are the shortest of several rounds, which other
programs on the machine disturb least; medians stand beside them. A bar is what the simulator is to reach.
"""

QUEUE = """## One queue, in Careload and in other programs

The reference model `return-clinic` is a queue alone: patients come back visit after visit when a slot is
free (`benchmarks/return_clinic/text.py`). The general engine runs it with every other mechanism switched off;
the C++ program (`-O3 -march=native`, one thread, no vector instructions written by hand) does this model and
nothing else. All run one after another in one process (the C++ program as its own), on one thread. Not timed:
compiling, and making the plan of the service, once for all replications. Sizes are 20, 200 and 2,000
clinicians, five years; a time is per slot given, the first year included. Where a place is empty, the program
takes too long at that size.
"""

GAIN = """### What the gain consists of

Part of it is the algorithm: lists of patients by the day they are due, of which nobody has to be sorted, and
one draw for a whole wait, in place of a heap of events with several for each patient. The rest is the
language: machine code over records packed in arrays, in place of Python objects. `with_lists.py` is the
engine's algorithm in plain Python, so *algorithm* is how many times as long as that a SimPy program takes,
*language* how many times as long as the engine that takes, and their product the whole gain. The C++ program
goes about it in much the same way and is compiled too: what the engine takes longer is the price of
generality, of records that hold a whole patient, and of draws that belong to patient and cause.
"""

LOOP = f"""## The full loop

`examples/services/region.toml`, every mechanism on: {WHOLE_REGION} sites, 2,000 clinicians. One thread.
Seconds are the processor's, the program's own and the system's for it together, and hold everything from
making the arrays of a run to its last day; making the plan is not timed. A visit is one that was attended:
missed ones cost much the same and are not counted.
"""

MEMORY = """### Memory

Bytes of all records of people, of what is to come, and of who waits where that were ever in use, by patients
in care when they were most. More are *reserved*, for growth: the system gives memory when it is first written
to, so they cost none. Histograms and weekly counts are apart: they grow with teams, need groups and weeks,
not with patients.
"""

GROWTH = """### Growth

The exponent b of seconds ~ visits^b, by least squares on the logarithms of the shortest times; 1 is linear.
"""

WORKERS = """## Two workers

The same replications of `examples/services/trap.toml` by one thread and by two, in turn. The gain is the
median over rounds. It says something only where two processors are free.
"""

COLD = """## From nothing to an answer

Whole processes, from before the start to after the end. *First result* imports Careload, fetches the machine
code of the engine from its cache, runs `examples/services/trap.toml` for one year twenty times, and works out
every estimate.
"""


def page(folder: Path) -> str:
    """The page, from the results in a folder."""
    parts = [
        _part(folder / kept.name, write)
        for kept, write in ((ratios.KEPT, queue), (simulate_region.KEPT, loop), (simulate_many.KEPT, many))
    ]
    return "\n".join([HEAD, *parts])


def _part(path: Path, write: Callable[[Results], str]) -> str:
    found = read_results(path)
    if found is None or not found.lines:
        return f"No results in `{path.name}` yet.\n"
    return write(found)


def queue(results: Results) -> str:
    """The reference model in every program."""
    lines = results.lines
    return "\n".join([
        QUEUE, told(results), "", ratios.times_table(lines), "", ratios.bars_table(lines), "",
        GAIN, ratios.gains_table(lines), "",
    ])


def loop(results: Results) -> str:
    """Speed, memory and growth of the full loop."""
    lines = results.lines
    return "\n".join([
        LOOP, told(results), "", speed_table(lines), "", _speed(of(lines, WHOLE_REGION, YEARS)), "",
        MEMORY, memory_table(lines), "", GROWTH, growth_table(lines), "",
    ])


def speed_table(lines: Sequence[Line]) -> str:
    """Each size and length: visits, seconds, millions of visits a second."""
    head = ["sites", "years", "clinicians", "most in care", "visits", "seconds", "median", "by the clock",
            "million visits a second", "median"]
    return table(head, [_speed_row(of(lines, *key)) for key in _sizes(lines)])


def _sizes(lines: Sequence[Line]) -> list[tuple[int, int]]:
    return sorted({(line["sites"], line["years"]) for line in lines})


def _speed_row(rounds: Sequence[Line]) -> list[str]:
    line, visits = rounds[0], _visits(rounds)
    return [
        f"{line['sites']}", f"{line['years']}", f"{line['clinicians']:,}", f"{line['alive']:,}",
        f"{visits:,.0f}", f"{quickest(rounds):.2f}", f"{usual(rounds):.2f}",
        f"{min(each['clock'] for each in rounds):.2f}", f"{_fastest(rounds) / 1e6:.2f}",
        f"{statistics.median(map(_pace, rounds)) / 1e6:.2f}",
    ]


def _visits(rounds: Sequence[Line]) -> float:
    return statistics.fmean(line["visits"] for line in rounds)


def _pace(line: Line) -> float:
    return float(line["visits"] / processor(line))


def _fastest(rounds: Sequence[Line]) -> float:
    return max(map(_pace, rounds))


def _speed(whole: Sequence[Line]) -> str:
    if not whole:
        return "The whole region was not run."
    best = _fastest(whole)
    return (
        f"Bar: {LEAST_VISITS / 1e6:g} million visits a second and core, better {AIM / 1e6:g}: "
        f"{best / 1e6:.1f}, {verdict(best >= LEAST_VISITS)}."
    )


def memory_table(lines: Sequence[Line]) -> str:
    """Bytes in use for each patient alive at once, by array, of each size for five years."""
    shown = [of(lines, *key)[0] for key in _sizes(lines) if key[1] == YEARS]
    largest = sorted(shown[-1]["bytes"], key=lambda name: -shown[-1]["bytes"][name])[:4]
    head = ["sites", "most in care", *(f"of them {name}" for name in largest), "bytes a patient",
            f"bar: under {MOST_BYTES}", "reserved", "histograms, MB"]
    return table(head, [
        [
            f"{line['sites']}", f"{line['alive']:,}",
            *(f"{line['bytes'][name] / line['alive']:.0f}" for name in largest),
            f"{bytes_per_patient(line):.0f}", verdict(bytes_per_patient(line) < MOST_BYTES),
            f"{line['reserved'] / line['alive']:.0f}", f"{line['histograms'] / 1e6:.1f}",
        ]
        for line in shown
    ])


def growth_table(lines: Sequence[Line]) -> str:
    """Exponents of growth with the size of the region and with the years."""
    by_sites = [key for key in _sizes(lines) if key[1] == YEARS]
    by_years = [key for key in _sizes(lines) if key[0] == WHOLE_REGION]
    ways = (("sites", by_sites, 0), ("years", by_years, 1))
    return table(["with", "from", "to", "exponent", f"bar: at most {MOST_EXPONENT}"], [
        _growth_row(word, [of(lines, *key) for key in keys], keys[0][place], keys[-1][place])
        for word, keys, place in ways if len(keys) > 1
    ])


def _growth_row(word: str, sizes: Sequence[Sequence[Line]], first: int, last: int) -> list[str]:
    found = exponent([_visits(rounds) for rounds in sizes], [quickest(rounds) for rounds in sizes])
    return [word, f"{first}", f"{last}", f"{found:.3f}", verdict(found <= MOST_EXPONENT)]


def many(results: Results) -> str:
    """Two workers against one, and cold processes."""
    lines = results.lines
    workers = [line for line in lines if line["kind"] == "workers"]
    processes = [line for line in lines if line["kind"] == "process"]
    parts = [COLD, told(results), "", cold_table(processes), "", stages_table(processes), ""]
    if workers:
        parts += [WORKERS, workers_table(workers), "", _gain(workers), ""]
    return "\n".join(parts)


def cold_table(lines: Sequence[Line]) -> str:
    """Whole processes: shortest, median and longest time, and the bar."""
    head = ["process", "times run", "shortest, s", "median, s", "longest, s", "of the processor, median, s",
            "bar, s", "median against it"]
    return table(head, [
        _cold_row([line for line in lines if line["name"] == name], name)
        for name in dict.fromkeys(line["name"] for line in lines)
    ])


def _cold_row(times: Sequence[Line], name: str) -> list[str]:
    seconds = [line["clock"] for line in times]
    bar, median = MOST_SECONDS[name], statistics.median(seconds)
    work = statistics.median(map(processor, times))
    return [f"`{name}`" if name.startswith("careload") else name, f"{len(times)}",
            *(f"{each:.2f}" for each in (min(seconds), median, max(seconds), work)),
            f"under {bar:g}", verdict(median < bar)]


def stages_table(lines: Sequence[Line]) -> str:
    """What a cold process spends its time on, median seconds by the clock."""
    each = zip(*(line["stages"] for line in lines if line["stages"]), strict=True)
    return table(["first result: what it does", "median, s"], [
        [stage, f"{statistics.median(seconds):.2f}"]
        for stage, seconds in zip(simulate_many.STAGES, each, strict=True)
    ])


def workers_table(lines: Sequence[Line]) -> str:
    """Seconds of many replications by number of workers."""
    by_workers = {
        count: [line["clock"] for line in lines if line["workers"] == count]
        for count in sorted({line["workers"] for line in lines})
    }
    return table(["workers", "rounds", "shortest, s", "median, s", "longest, s"], [
        [f"{count}", f"{len(seconds)}",
         *(f"{each:.2f}" for each in (min(seconds), statistics.median(seconds), max(seconds)))]
        for count, seconds in by_workers.items()
    ])


def _gain(lines: Sequence[Line]) -> str:
    gain, first = simulate_many.gain(lines), lines[0]
    return (
        f"{first['replications']} replications of {first['years']:g} years. Bar: two workers at least "
        f"{LEAST_GAIN:g} times as fast as one: {gain:.2f}, {verdict(gain >= LEAST_GAIN)}."
    )


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--page", type=Path, default=PAGE)
    words = parser.parse_args()
    words.page.write_text(page(words.results), encoding="utf-8")
    print(f"{words.page} is written.")


if __name__ == "__main__":
    main()
