"""How often does each check speak, in the world a fit believes in and in worlds that are wrong?

    python -m benchmarks.wrong_models [--seeds 10] [--months 6 12 24] [--services trap weekly ...] [--first 1]

Simulates services, keeps their records or edits them (`tests/support/wrong_worlds.py`), and asks every check
of `careload.model.trust.checks`. Prints one line a world: in which share of its records each check spoke. In
the right world a check may speak in 5 % of records; in its own wrong world it must in 80 %.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measured import RESULTS, command, keep
from tests.support.wrong_worlds import RIGHT, WRONG, evidence_of, service_named

from careload.clinic import Service
from careload.model.trust.checks import CHECKS, Ranges, beyond
from careload.simulate import plan_of, run, weekly

KEPT = RESULTS / "wrong_models.jsonl"
SERVICES = ("trap", "weekly", "mississippi", "solo")
VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "trap, long care": ("trap", {
        "need.depression.visits_needed": 20, "need.anxiety.progress_lost_per_doubling": 0.3}),
    "trap, visits after gaps bring more": ("trap", {
        "need.depression.progress_lost_per_doubling": -0.2, "need.anxiety.progress_lost_per_doubling": -0.2}),
    "weekly, many leave": ("weekly", {"workforce.leaving_per_year": 0.4, "policy.drop_after_no_shows": 2}),
    "mississippi, many no-shows": ("mississippi", {"no_show.return_late": 0.5, "policy.rebook_days": 3}),
}
"""Services with other truths, for the right world."""


def service_of(name: str) -> Service:
    """A service by its name here."""
    base, changes = VARIANTS.get(name, (name, {}))
    return service_named(base).changed(changes) if changes else service_named(base)


def measured(
    worlds: list[str], services: list[str], months: list[int], seeds: range
) -> Iterator[dict[str, Any]]:
    """What was said of each record: world, service, months, seed, codes."""
    for seed in seeds:
        for world in worlds:
            for name in [*services, *VARIANTS] if world in RIGHT else services:
                for length in months:
                    line = {"world": world, "service": name, "months": length, "seed": seed,
                            "spoke": spoke(world, name, length, seed)}
                    print(line, file=sys.stderr, flush=True)
                    yield line


def spoke(world: str, name: str, months: int, seed: int) -> list[str]:
    """The codes of what was said of one record."""
    make, service = RIGHT[world] if world in RIGHT else WRONG[world][0], service_of(name)
    evidence = evidence_of(make(service, months / 12, seed))
    found = [code for code, check in CHECKS.items() if any(check(evidence))]
    if world in RIGHT:
        # The run goes on as before: another replication, from the same first day.
        ahead = weekly(run(plan_of(service, 28 * months), seed, 1))
        found += [each.code for each in beyond(Ranges.from_records(evidence), [ahead])]
    return found


def table(lines: list[dict[str, Any]]) -> str:
    """Shares of records in which each check spoke, by world; in bold what must be high."""
    codes = [*CHECKS, "beyond-the-seen"]
    rows = [f"| world | records | {' | '.join(codes)} |", "|---" * (len(codes) + 2) + "|"]
    for world in dict.fromkeys(line["world"] for line in lines):
        own = [line for line in lines if line["world"] == world]
        spoke = Counter(code for line in own for code in set(line["spoke"]))
        cells = (f"{spoke[code] / len(own):.0%}" for code in codes)
        wanted = WRONG[world][1] if world in WRONG else ""
        marked = (f"**{cell}**" if code == wanted else cell for code, cell in zip(codes, cells, strict=True))
        rows.append(f"| {world} | {len(own)} | {' | '.join(marked)} |")
    return "\n".join(rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--months", type=int, nargs="+", default=[6, 12, 24])
    parser.add_argument("--services", nargs="+", default=list(SERVICES))
    parser.add_argument("--worlds", nargs="+", default=[*RIGHT, *WRONG])
    parser.add_argument("--kept", type=Path, default=KEPT, help="file for what was said of each record")
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    print(table(keep(asked.kept, command("benchmarks.wrong_models"), measured(
        asked.worlds, asked.services, asked.months, seeds))))


if __name__ == "__main__":
    main()
