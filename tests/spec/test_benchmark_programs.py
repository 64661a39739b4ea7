"""The general engine as a program of the reference model, and the page that benchmarks write."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

pytest.importorskip("simpy", reason="SimPy is not installed: `pip install careload[bench]`")

from benchmarks import simulate_many, simulate_page, simulate_region
from benchmarks.measured import RESULTS, exponent, keep, read_results
from benchmarks.return_clinic import ratios, with_careload
from benchmarks.return_clinic.text import ReturnClinic, lower_quantile

from careload.simulate import run
from careload.simulate.kernel.records import CELL_COUNTS

TINY = ReturnClinic(clinicians=2, days=392, warm_up=112)


def test_engine_gives_the_ten_outputs() -> None:
    found = with_careload.run(TINY, 1)
    intervals = sum(found.histogram)
    offered = TINY.slots * sum(TINY.is_open(day) for day in range(TINY.days))
    assert min(days for days, count in enumerate(found.histogram) if count) >= TINY.gap
    assert found.mean == sum(days * count for days, count in enumerate(found.histogram)) / intervals
    assert (found.median, found.p90) == tuple(lower_quantile(found.histogram, each) for each in (50, 90))
    assert found.pct14 == sum(found.histogram[:15]) / intervals
    assert found.visits - intervals == first_visits(from_week=TINY.warm_up // 7) > 0
    assert 0.9 < found.util <= 1 and 0.9 * offered < found.slots_served <= offered
    assert 0 < found.ed < found.crises and found.drop > 0 and found.intake >= 1


def first_visits(from_week: int) -> int:
    """First visits of the same run from a week on, by another count of the engine's."""
    cells = run(with_careload.plan(TINY), 1).tally.cells
    return int(cells[from_week:, :, CELL_COUNTS.index("first_visits")].sum())


def test_only_the_counted_days_count() -> None:
    every_day = with_careload.run(replace(TINY, warm_up=0), 1)
    fewer = with_careload.run(TINY, 1)
    assert fewer.slots_served == every_day.slots_served
    assert all(getattr(fewer, name) < getattr(every_day, name) for name in ("visits", "crises", "drop"))
    counted = (TINY.days - TINY.warm_up) / TINY.days
    assert fewer.visits == pytest.approx(counted * every_day.visits, rel=0.05)


def test_the_service_has_the_parameters_of_the_clinic() -> None:
    clinic = replace(TINY, crisis=0.05, ed=0.5, no_show=0.3, slots_per_clinician=4, gap=10)
    service = with_careload.service_of(clinic)
    team, need = service["team"]["clinicians"], service["need"]["everybody"]
    assert (team["posts"], team["return_slots"]) == (2, 20)
    assert (need["crisis_per_day"], need["ed_share"], need["cadence_days"]) == (0.05, 0.5, (10,))
    assert need["arrivals_per_week"] == {"network": pytest.approx(0.275 * 2 * 7)}
    assert {service["no_show"][f"{kind}_soon"] for kind in ("return", "intake")} == {0.3}


def test_same_seed_same_outputs() -> None:
    found = with_careload.run(TINY, 1)
    assert asdict(found) == asdict(with_careload.run(TINY, 1)) != asdict(with_careload.run(TINY, 2))


@pytest.mark.parametrize("clinic", [replace(TINY, days=393), replace(TINY, warm_up=100)])
def test_days_that_the_engine_cannot_count_are_refused(clinic: ReturnClinic) -> None:
    with pytest.raises(ValueError, match="multiple"):
        with_careload.plan(clinic)


@pytest.mark.parametrize("sites", [2, 41])
def test_a_region_of_other_size_is_alike(sites: int) -> None:
    whole, other = simulate_region.region(40), simulate_region.region(sites)
    assert len(other["site"]) == sites and len(other["team"]) == 4 * sites
    for of in (lambda service: sum(team["posts"] for team in service["team"].values()),
               lambda service: sum(service["need"]["trauma"]["arrivals_per_week"].values())):
        assert of(other) * 40 == of(whole) * sites


def test_exponent_of_a_square_is_two() -> None:
    assert exponent([1, 10, 100], [3, 300, 30_000]) == pytest.approx(2)


def program(name: str, nanoseconds: float) -> dict[str, object]:
    return {"size": "S", "program": name, "seconds": [2 * nanoseconds * 1e-6, nanoseconds * 1e-6],
            "slots": [1000, 1000], "mean": 15, "half": 1, "agreement": "agrees"}


def test_gain_is_algorithm_times_language() -> None:
    lines = [program(ratios.CARELOAD, 50), program(ratios.LISTS, 1000), program(ratios.TAUGHT, 60_000)]
    row = ratios.gains_table(lines).splitlines()[-1]
    assert row == f"| {ratios.TAUGHT} | S | 60.0 | 20.0 | 1,200 |"


@pytest.mark.parametrize(("taught", "said"), [(49_000, "**missed**"), (51_000, "met")])
def test_bar_of_a_thousand(taught: float, said: str) -> None:
    lines = [program(ratios.CARELOAD, 50), program(ratios.TAUGHT, taught)]
    assert ratios.bars_table(lines).splitlines()[-1].endswith(f"| at least 1,000 | {said} |")


def region_line(sites: int, years: int, seconds: float) -> dict[str, object]:
    return {"sites": sites, "years": years, "round": 0, "clock": seconds, "user": seconds, "system": 0.0,
            "visits": 50_000 * sites * years, "slots": 60_000 * sites * years, "clinicians": 50 * sites,
            "alive": 6000 * sites, "bytes": {"patients": 540_000 * sites, "sheets": 6000 * sites},
            "reserved": 900_000 * sites, "histograms": 1_000_000}


def test_page_of_saved_results(tmp_path: Path) -> None:
    keep(tmp_path / ratios.KEPT.name, "measure the queue", [
        program(ratios.CPP, 5), program(ratios.CARELOAD, 50), program(ratios.TUNED, 4000),
    ])
    keep(tmp_path / simulate_region.KEPT.name, "measure the region", [
        region_line(10, 5, 0.25), region_line(40, 5, 1.0), region_line(40, 10, 2.4),
    ])
    keep(tmp_path / simulate_many.KEPT.name, "measure many", [
        {"kind": "process", "name": "first result", "clock": 1.5, "user": 1.4, "system": 0.1,
         "stages": [0.2] * len(simulate_many.STAGES)},
        {"kind": "process", "name": "careload --help", "clock": 0.4, "user": 0.3, "system": 0.1,
         "stages": []},
        *({"kind": "workers", "workers": count, "round": 0, "replications": 200, "years": 5,
           "clock": 3.8 / count, "user": 3.8, "system": 0.0} for count in (1, 2)),
    ])
    page = simulate_page.page(tmp_path)
    for said in (
        f"| {ratios.CARELOAD} / {ratios.CPP} | 10.0 | at most 12 | met |",
        f"| {ratios.TUNED} / {ratios.CARELOAD} | 80.0 | at least 100 | **missed** |",
        "better 10: 10.0, met", "| 91 | met |", "| sites | 10 | 40 | 1.000 | met |",
        "| years | 5 | 10 | 1.263 | **missed** |", "as fast as one: 2.00, met",
        "| first result | 1 | 1.50 | 1.50 | 1.50 | 1.50 | under 2 | met |",
        "| `careload --help` | 1 | 0.40 | 0.40 | 0.40 | 0.40 | under 0.3 | **missed** |",
        "`measure the region`",
    ):
        assert said in page, said


def test_what_was_not_measured_is_said(tmp_path: Path) -> None:
    assert simulate_page.page(tmp_path).count("No results in") == 3


def test_results_are_kept_line_by_line(tmp_path: Path) -> None:
    def broken_off():
        yield {"one": 1}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep(tmp_path / "kept", "measure", broken_off())
    found = read_results(tmp_path / "kept")
    assert found is not None and found.command == "measure" and found.lines == ({"one": 1},)


@pytest.mark.skipif(not list(RESULTS.glob("*.jsonl")), reason="nothing measured yet: make bench-simulate")
def test_page_is_current() -> None:
    assert simulate_page.PAGE.read_text(encoding="utf-8") == simulate_page.page(RESULTS), (
        "run: python -m benchmarks.simulate_page"
    )
