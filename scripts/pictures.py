"""Writes docs/pictures: the README's picture, of the bundled example, and those of docs/trap.md.

    python scripts/pictures.py
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import careload
from careload.clinic import Service, read_service
from careload.measure.report import picture
from careload.simulate import Comparison, compare, write_example
from careload.simulate.report import fan_picture, interval_picture, waterfall_picture

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "pictures" / "example.svg"
ONLY = ("return_interval", "return_within_standard", "overload")
SERVICES = ROOT / "examples" / "services"
AT_REST = {"start.warm_up_weeks": 416}
REPLICATIONS = 40
STEPS = (("return_interval", "median"), ("overload", "ratio"))
"""Figures whose waterfalls are drawn."""


def drawn() -> str:
    """The picture as SVG; the example is the same on every machine, and so is the picture."""
    with tempfile.TemporaryDirectory() as folder:
        write_example(folder)
        found = careload.measure(
            careload.read(folder), standard="california", by=("site", "profession"), only=ONLY,
        )
    return picture(found, careload.definitions())


def of_the_trap() -> Iterator[tuple[str, str]]:
    """Name and SVG of each picture of docs/trap.md."""
    trap, out = (read_service(SERVICES / f"{name}.toml") for name in ("trap", "out-of-the-trap"))
    yield "trap-surge", fan_picture(ten_years(trap, surge_over(trap)), "overdue")
    way = ten_years(trap, out)
    yield "trap-out-overdue", fan_picture(way, "overdue")
    yield "trap-out-exhaustion", fan_picture(way, "exhaustion")
    rest = compare(trap.changed(AT_REST), out.changed(AT_REST), 5, REPLICATIONS, measures=STEPS)
    yield "trap-seen", interval_picture(rest, "california")
    for measure, statistic in STEPS:
        yield f"trap-waterfall-{measure.split('_')[0]}", waterfall_picture(rest, measure, statistic)


def surge_over(trap: Service) -> Service:
    """The clinic on the day after a surge of locum posts that could do no more: few are left in care."""
    after = trap.changed({"start.patients": 10, "start.overdue_weeks": 0})
    return replace(after, name="The same after a surge")


def ten_years(here: Service, there: Service) -> Comparison:
    """From today on, without a warm-up."""
    return compare(here, there, 10, REPLICATIONS, measures=())


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn(), encoding="utf-8")
    for name, svg in of_the_trap():
        PICTURE.with_name(f"{name}.svg").write_text(svg, encoding="utf-8")
