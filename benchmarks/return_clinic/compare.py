"""Every program of `return-clinic` beside the others: how many slots a second, and does it agree?

    python -m benchmarks.return_clinic.compare [--sizes S M] [--only WORD ...] [--rounds 1]
                                               [--outputs] [--results FILE]

All run in turn in this one process (the C++ program as its own), so that the ratios are those of one
machine at one time; the shortest of a program's replications counts. Compiling is not timed: neither the C++
program's nor the engine's, whose machine code is fetched and whose plan is made beforehand. The oracle's
replications are read from the files that `oracle.py` keeps, and at a size that it was not run at they are the
C++ program's; the seeds here are others than its, since programs that draw from the same generator would
share luck with it. What is measured is kept, by default for `python -m benchmarks.simulate_page`; a run of
only some programs is kept nowhere unless a file is named.

A program agrees when none of its ten outputs is further from the oracle's mean than chance explains once
in a hundred comparisons of ten outputs. The spread of a replication is the oracle's, so one replication
is enough to compare, if not to tell a small difference.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measured import Line, command, keep
from benchmarks.return_clinic import (
    oracle,
    plain,
    with_careload,
    with_ciw,
    with_lists,
    with_salabim,
    with_simpy,
    with_simpy_docs,
    with_simpy_tuned,
)
from benchmarks.return_clinic.oracle import LIMIT, distances
from benchmarks.return_clinic.ratios import (
    CARELOAD,
    CIW,
    CPP,
    KEPT,
    LISTS,
    READING,
    SALABIM,
    TAUGHT,
    TUNED,
    nanoseconds,
    usual_nanoseconds,
)
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
    Rival(CPP, plain.timed, {"S": 400, "M": 40, "L": 4}),
    Rival(CARELOAD, with_careload.timed, {"S": 400, "M": 40, "L": 4}),
    Rival(LISTS, by_clock(with_lists.run), {"S": 40, "M": 5, "L": 1}),
    Rival(TUNED, by_clock(with_simpy_tuned.run), {"S": 40, "M": 5, "L": 1}),
    Rival(READING, by_clock(with_simpy.run), {"S": 5, "M": 1}),
    Rival(TAUGHT, by_clock(with_simpy_docs.run), {"S": 2, "M": 1}),
    Rival(SALABIM, by_clock(with_salabim.run), {"S": 2}),
    Rival(CIW, by_clock(with_ciw.run), {"S": 2}),
)
"""The programs, the quicker the more often; at a size that is not named a replication takes too long."""


@dataclass(frozen=True)
class Row:
    """What one program gave at one size: the ten outputs and the seconds of each replication."""

    name: str
    outputs: list[Outputs]
    seconds: list[float]

    def line(self, size: str, expected: Sequence[Outputs]) -> Line:
        """What is kept of it."""
        mean = distances(self.outputs, expected)[0]
        return {
            "size": size, "program": self.name, "seconds": self.seconds,
            "slots": [outputs.slots_served for outputs in self.outputs],
            "mean": mean.mean, "half": mean.half, "agreement": agreement(self.outputs, expected),
        }


def compared(rivals: Sequence[Rival], size: str, rounds: int) -> list[Row]:
    """Run the programs at a size, in turn, so many rounds."""
    clinic = ReturnClinic(clinicians=SIZES[size])
    there = [rival for rival in rivals if size in rival.replications]
    found: dict[str, list[tuple[Outputs, float]]] = {rival.name: [] for rival in there}
    for _ in range(rounds):
        for rival in there:
            seed = FIRST_SEED + len(found[rival.name])
            found[rival.name] += rival.timed(clinic, seed, rival.replications[size])
            seconds = sum(seconds for _, seconds in found[rival.name][seed - FIRST_SEED:])
            print(f"{size}: {rival.name}, {seconds:,.1f} s", file=sys.stderr, flush=True)
    return [Row(name, [o for o, _ in runs], [s for _, s in runs]) for name, runs in found.items()]


def agreement(found: Sequence[Outputs], expected: Sequence[Outputs]) -> str:
    """In words: whether all ten outputs agree, and which is furthest."""
    furthest = max(distances(found, expected), key=lambda each: each.errors)
    word = "agrees" if furthest.errors <= LIMIT else "differs"
    return f"{word}: {furthest.output} {furthest.errors:.1f} s.e."


def table(lines: Sequence[Line]) -> str:
    """The programs by speed, with times as slow as the quickest and agreement."""
    shown = [
        "| program | ns a slot | its median | times the quickest's time | mean interval | ten outputs |",
        "|---|--:|--:|--:|--:|---|",
    ]
    quickest = min(map(nanoseconds, lines))
    for line in sorted(lines, key=nanoseconds):
        shown.append(
            f"| {line['program']} | {nanoseconds(line):,.1f} | {usual_nanoseconds(line):,.1f} "
            f"| {nanoseconds(line) / quickest:,.1f} | {line['mean']:.2f} ± {line['half']:.2f} "
            f"| {line['agreement']} |"
        )
    return "\n".join(shown)


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
    """Run the comparison, say it, keep it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=["S"])
    parser.add_argument("--only", nargs="+", metavar="WORD", help="words in the programs' names")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--outputs", action="store_true", help="all ten of each, not only the furthest")
    parser.add_argument("--results", type=Path)
    words = parser.parse_args()
    rivals = [
        rival for rival in RIVALS
        if not words.only or any(word.lower() in rival.name.lower() for word in words.only)
    ]
    kept = words.results or (Path(os.devnull) if words.only else KEPT)
    keep(kept, command("benchmarks.return_clinic.compare"), _sizes(rivals, words))


def _sizes(rivals: Sequence[Rival], words: argparse.Namespace) -> Iterator[Line]:
    for size in words.sizes:
        clinic = ReturnClinic(clinicians=SIZES[size])
        rows = compared(rivals, size, words.rounds)
        expected = _expected(size, rows)
        lines = [row.line(size, expected) for row in rows]
        print(
            f"Size {size}: {clinic.clinicians:,} clinicians, {clinic.days:,} days; the oracle is "
            f"{len(expected)} replications. Python {platform.python_version()}.", table(lines),
            *([all_outputs(rows, expected)] if words.outputs else []), sep="\n\n", flush=True,
        )
        yield from lines


def _expected(size: str, rows: Sequence[Row]) -> list[Outputs]:
    """The oracle's replications; at a size that it was not run at, the C++ program's."""
    found = list(oracle.read(oracle.kept_in(size), ReturnClinic(clinicians=SIZES[size])).values())
    found = found or next((row.outputs for row in rows if row.name == CPP), [])
    if len(found) < 2:
        raise SystemExit(f"no oracle yet: run `python -m benchmarks.return_clinic.oracle {size} 20`")
    return found


if __name__ == "__main__":
    main()
