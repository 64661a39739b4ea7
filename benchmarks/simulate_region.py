"""The full loop, all mechanisms on: how many visits a second, how much memory, how do both grow?

    python -m benchmarks.simulate_region [--rounds 5] [--sites 3 10 40 80] [--years 2 5 10]

`examples/services/region.toml` is run for five years: 2,000 clinicians at forty sites alike. Smaller and
larger regions are the same file with fewer or more such sites; longer and shorter runs are of the region as
it is. Every round runs each once, in turn, in this one process and on one thread. Making the plan and
fetching the machine code are not timed; making the arrays of a run is.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.measured import RESULTS, Line, command, keep, processor, timed

from careload.clinic import Service, read_service
from careload.simulate import Run, plan_of, run
from careload.simulate.kernel.records import CELL_COUNTS, TEAM_COUNTS

SERVICE = Path(__file__).parents[1] / "examples" / "services" / "region.toml"
KEPT = RESULTS / "simulate_region.jsonl"
DAYS_A_YEAR = 364
"""Whole weeks, so that the years compared hold the same days of the week."""

WHOLE_REGION, YEARS = 40, 5


def region(sites: int) -> Service:
    """The region with so many sites, each like one of its own."""
    whole = read_service(SERVICE)
    own = list(whole["site"])
    like = {f"site{place + 1:03}": own[place % len(own)] for place in range(sites)}
    document = deepcopy(dict(whole.document))
    document["site"] = {name: document["site"][old] for name, old in like.items()}
    for need in document["need"].values():
        need["arrivals_per_week"] = {name: need["arrivals_per_week"][old] for name, old in like.items()}
    document["team"] = dict(_teams(document["team"], like))
    return replace(whole, document=document).changed({})


def _teams(teams: Mapping[str, Mapping[str, Any]], like: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for site, old in like.items():
        for name, team in teams.items():
            if team["site"] == old:
                yield f"{site}: {name}", {**team, "site": site}


def runs(sites: Sequence[int], years: Sequence[int], rounds: int) -> Iterator[Line]:
    """Run each size for five years, and the whole region for each number of years, `rounds` times."""
    asked = list(dict.fromkeys(
        [(size, YEARS) for size in sites] + [(WHOLE_REGION, length) for length in years]
    ))
    services = {size: region(size) for size, _ in asked}
    plans = {(size, length): plan_of(services[size], length * DAYS_A_YEAR) for size, length in asked}
    run(plan_of(services[asked[0][0]], 28))  # fetches the machine code
    for number in range(rounds):
        for (size, length), plan in plans.items():
            found, seconds = timed(lambda plan=plan, number=number: run(plan, 1, number))
            yield {"sites": size, "years": length, "round": number, **seconds, **counted(found)}


def counted(found: Run) -> Line:
    """What a run did, and the bytes it kept at once.

    visits      attended, of patients
    slots       slots and seats given, attended or not
    clinicians  posts
    alive       most patients in care on a Sunday evening
    bytes       by array of the world, of records that were ever in use: no others are ever touched
    reserved    bytes of the world, those for records never in use included
    histograms  bytes of all that is counted
    """
    cells = dict(zip(CELL_COUNTS, found.tally.cells.sum(axis=(0, 1), dtype="i8").tolist(), strict=True))
    teams = dict(zip(TEAM_COUNTS, found.tally.teams.sum(axis=(0, 1)).tolist(), strict=True))
    world = found.world._asdict()
    in_care = found.tally.cells[:, :, CELL_COUNTS.index("in_care")].sum(axis=1)
    return {
        "visits": cells["attended"], "slots": round(teams["used"] + teams["seated"]),
        "clinicians": int(found.plan.teams["posts"].sum()), "alive": int(in_care.max()),
        "bytes": {name: in_use(found, name) * array.itemsize for name, array in world.items()},
        "reserved": sum(array.nbytes for array in world.values()),
        "histograms": sum(array.nbytes for array in found.tally),
    }


def in_use(found: Run, name: str) -> int:
    """How many records of an array of the world were ever in use."""
    newest = {"patients": "new_patient", "sheets": "new_sheet", "events": "new_events"}
    thing = getattr(found.world, name)
    return int(found.world.spare[newest[name]]) if name in newest else int(thing.size)


def said(line: Line) -> str:
    """One run in words, for who waits."""
    return (
        f"round {line['round']}: {line['sites']} sites, {line['years']} years: {line['visits']:,} visits, "
        f"{processor(line):.2f} s, {line['visits'] / processor(line) / 1e6:.2f} million a second"
    )


def bytes_per_patient(line: Line) -> float:
    """Bytes of the world in use for each patient alive at once."""
    return float(sum(line["bytes"].values()) / line["alive"])


def of(lines: Sequence[Line], sites: int, years: int) -> list[Line]:
    """The rounds of one size and length."""
    return [line for line in lines if line["sites"] == sites and line["years"] == years]


def quickest(lines: Sequence[Line]) -> float:
    """The shortest processor time of some rounds."""
    return min(processor(line) for line in lines)


def usual(lines: Sequence[Line]) -> float:
    """The median processor time of some rounds."""
    return statistics.median(processor(line) for line in lines)


def main() -> None:
    """Run everything, keep it, and say it as it comes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sites", type=int, nargs="+", default=[3, 10, 40, 80])
    parser.add_argument("--years", type=int, nargs="+", default=[2, 5, 10])
    parser.add_argument("--results", type=Path, default=KEPT)
    words = parser.parse_args()

    def shown() -> Iterator[Line]:
        for line in runs(words.sites, words.years, words.rounds):
            print(said(line), flush=True)
            yield line

    keep(words.results, command("benchmarks.simulate_region"), shown())


if __name__ == "__main__":
    main()
