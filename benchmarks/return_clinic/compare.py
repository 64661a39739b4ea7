"""Every program of `return-clinic` beside the others: how many slots a second, and does it agree?

    python -m benchmarks.return_clinic.compare [--sizes S M] [--only WORD ...] [--rounds 1]
                                               [--outputs] [--page FILE]

All run in turn in this one process (the C++ program as its own), so that the ratios are those of one
machine at one time; the shortest of a program's replications counts. The oracle's replications are read
from the files that `oracle.py` keeps; the seeds here are others than its, since programs that draw from
the same generator would share luck with it.

A program agrees when none of its ten outputs is further from the oracle's mean than chance explains once
in a hundred comparisons of ten outputs. The spread of a replication is the oracle's, so one replication
is enough to compare, if not to tell a small difference.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.return_clinic import (
    oracle,
    plain,
    with_ciw,
    with_salabim,
    with_simpy,
    with_simpy_docs,
    with_simpy_tuned,
)
from benchmarks.return_clinic.oracle import LIMIT, distances
from benchmarks.return_clinic.text import SIZES, Outputs, ReturnClinic

FIRST_SEED = 1_000_001
Timed = Callable[[ReturnClinic, int, int], list[tuple[Outputs, float]]]


@dataclass(frozen=True)
class Rival:
    """A program: its name, how it is run (clinic, first seed, replications) and how often at which size."""

    name: str
    timed: Timed
    replications: dict[str, int]


def by_clock(run: Callable[[ReturnClinic, int], Outputs]) -> Timed:
    """A program that is a function of clinic and seed, with the seconds that each replication took."""

    def timed(clinic: ReturnClinic, seed: int, replications: int) -> list[tuple[Outputs, float]]:
        found = []
        for each in range(seed, seed + replications):
            start = time.perf_counter()
            outputs = run(clinic, each)
            found.append((outputs, time.perf_counter() - start))
        return found

    return timed


RIVALS = (
    Rival("C++, this model alone", plain.timed, {"S": 400, "M": 40, "L": 4}),
    Rival("SimPy, tuned by hand", by_clock(with_simpy_tuned.run), {"S": 40, "M": 5, "L": 1}),
    Rival("SimPy, written for reading", by_clock(with_simpy.run), {"S": 5, "M": 1}),
    Rival("SimPy, as its documentation teaches", by_clock(with_simpy_docs.run), {"S": 2, "M": 1}),
    Rival("salabim", by_clock(with_salabim.run), {"S": 2}),
    Rival("Ciw", by_clock(with_ciw.run), {"S": 2}),
)
"""The programs, the quicker the more often; at a size that is not named a replication takes too long."""


@dataclass(frozen=True)
class Row:
    """What one program gave at one size."""

    name: str
    outputs: list[Outputs]
    slots_a_second: float


def compared(rivals: Sequence[Rival], size: str, rounds: int) -> list[Row]:
    """Run the programs at a size, in turn, so many rounds."""
    clinic = ReturnClinic(clinicians=SIZES[size])
    there = [rival for rival in rivals if size in rival.replications]
    found: dict[str, list[tuple[Outputs, float]]] = {rival.name: [] for rival in there}
    for _ in range(rounds):
        for rival in there:
            seed = FIRST_SEED + len(found[rival.name])
            found[rival.name] += rival.timed(clinic, seed, rival.replications[size])
    return [_row(name, runs) for name, runs in found.items()]


def _row(name: str, runs: list[tuple[Outputs, float]]) -> Row:
    speed = max(outputs.slots_served / seconds for outputs, seconds in runs)
    return Row(name, [outputs for outputs, _ in runs], speed)


def agreement(found: Sequence[Outputs], expected: Sequence[Outputs]) -> str:
    """In words: whether all ten outputs agree, and which is furthest."""
    furthest = max(distances(found, expected), key=lambda each: each.errors)
    word = "agrees" if furthest.errors <= LIMIT else "differs"
    return f"{word}: {furthest.output} {furthest.errors:.1f} s.e."


def table(rows: Sequence[Row], expected: Sequence[Outputs]) -> str:
    """The programs by speed, with times as slow as the quickest and agreement."""
    lines = [
        "| program | slots a second | ns a slot | times the quickest's time | mean interval | ten outputs |",
        "|---|--:|--:|--:|--:|---|",
    ]
    quickest = max(row.slots_a_second for row in rows)
    for row in sorted(rows, key=lambda row: -row.slots_a_second):
        mean = distances(row.outputs, expected)[0]
        lines.append(
            f"| {row.name} | {row.slots_a_second:,.0f} | {1e9 / row.slots_a_second:,.1f} "
            f"| {quickest / row.slots_a_second:,.0f} | {mean.mean:.2f} ± {mean.half:.2f} "
            f"| {agreement(row.outputs, expected)} |"
        )
    return "\n".join(lines)


def all_outputs(rows: Sequence[Row], expected: Sequence[Outputs]) -> str:
    """Every output of every program beside the oracle's."""
    lines = ["| program | n | output | mean | oracle | standard errors |", "|---|--:|---|--:|--:|--:|"]
    lines += [
        f"| {row.name} | {len(row.outputs)} | {each.output} | {each.mean:,.4f} ± {each.half:.4f} "
        f"| {each.expected:,.4f} ± {each.expected_half:.4f} | {each.errors:.1f} |"
        for row in rows
        for each in distances(row.outputs, expected)
    ]
    return "\n".join(lines)


def main() -> None:
    """Run the comparison; print it or write it as a page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=["S"])
    parser.add_argument("--only", nargs="+", metavar="WORD", help="words in the programs' names")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--outputs", action="store_true", help="all ten of each, not only the furthest")
    parser.add_argument("--page", type=Path)
    words = parser.parse_args()
    rivals = [
        rival for rival in RIVALS
        if not words.only or any(word.lower() in rival.name.lower() for word in words.only)
    ]
    parts = [_part(rivals, size, words) for size in words.sizes]
    text = "\n\n".join(parts)
    if words.page:
        words.page.write_text(text + "\n", encoding="utf-8")
    print(text)


def _part(rivals: Sequence[Rival], size: str, words: argparse.Namespace) -> str:
    clinic = ReturnClinic(clinicians=SIZES[size])
    expected = list(oracle.read(oracle.kept_in(size), clinic).values())
    if len(expected) < 2:
        raise SystemExit(f"no oracle yet: run `python -m benchmarks.return_clinic.oracle {size} 20`")
    rows = compared(rivals, size, words.rounds)
    head = (
        f"Size {size}: {clinic.clinicians:,} clinicians, {clinic.days:,} days; the oracle is {len(expected)} "
        f"replications. Python {platform.python_version()}."
    )
    parts = [head, table(rows, expected)]
    if words.outputs:
        parts.append(all_outputs(rows, expected))
    return "\n\n".join(parts)


if __name__ == "__main__":
    main()
