"""How many times as fast: the ratios between the programs of `return-clinic`, and the bars they must reach.

    algorithm = time of a SimPy program / time of plain Python with the engine's algorithm
    language  = time of that plain Python / time of the engine

Their product is the whole gain over that SimPy program.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.measured import RESULTS, Line, table, verdict

KEPT = RESULTS / "return_clinic.jsonl"

CPP, CARELOAD, LISTS = (
    "C++, this model alone", "Careload's general engine", "plain Python, the engine's algorithm"
)
TUNED, READING, TAUGHT = (
    "SimPy, tuned by hand", "SimPy, written for reading", "SimPy, as its documentation teaches"
)
SALABIM, CIW = "salabim", "Ciw"


@dataclass(frozen=True)
class Bar:
    """A ratio of times, `slower` over `quicker`, and what it must reach; None where nothing is asked."""

    slower: str
    quicker: str
    least: float | None = None
    most: float | None = None

    def met(self, ratio: float) -> bool:
        """Whether a ratio reaches it."""
        return (self.least is None or ratio >= self.least) and (self.most is None or ratio <= self.most)

    @property
    def words(self) -> str:
        """What is asked, in words."""
        if self.least is not None:
            return f"at least {self.least:,.0f}"
        return "" if self.most is None else f"at most {self.most:,.0f}"


BARS = (
    Bar(CARELOAD, CPP, most=12),
    Bar(TUNED, CARELOAD, least=100),
    Bar(TAUGHT, CARELOAD, least=1000),
    Bar(READING, CARELOAD),
    Bar(SALABIM, CARELOAD),
    Bar(CIW, CARELOAD),
)


def nanoseconds(line: Line) -> float:
    """Nanoseconds a slot in the quickest replication of a program."""
    return min(_each(line))


def usual_nanoseconds(line: Line) -> float:
    """Nanoseconds a slot in the median replication."""
    return statistics.median(_each(line))


def _each(line: Line) -> list[float]:
    return [1e9 * seconds / slots for seconds, slots in zip(line["seconds"], line["slots"], strict=True)]


def sizes(lines: Sequence[Line]) -> list[str]:
    """The sizes measured, in their order."""
    return list(dict.fromkeys(line["size"] for line in lines))


def ratio(lines: Sequence[Line], size: str, slower: str, quicker: str) -> float | None:
    """How many times as long one program takes as another at a size; None where either was not run."""
    times = {line["program"]: nanoseconds(line) for line in lines if line["size"] == size}
    return times[slower] / times[quicker] if {slower, quicker} <= times.keys() else None


def times_table(lines: Sequence[Line]) -> str:
    """Nanoseconds a slot of each program by size, and whether its outputs agree with the oracle's."""
    there = sizes(lines)
    programs: dict[str, dict[str, Line]] = {}
    for line in lines:
        programs.setdefault(line["program"], {})[line["size"]] = line
    head = ["program", *(f"{size}, ns a slot" for size in there), *(f"{size}, median" for size in there),
            *(f"{size}, ten outputs" for size in there)]
    return table(head, [
        [name, *(_number(own.get(size), nanoseconds) for size in there),
         *(_number(own.get(size), usual_nanoseconds) for size in there),
         *(own[size]["agreement"] if size in own else "" for size in there)]
        for name, own in sorted(programs.items(), key=lambda item: nanoseconds(next(iter(item[1].values()))))
    ])


def _number(line: Line | None, of: Callable[[Line], float]) -> str:
    return "" if line is None else f"{of(line):,.1f}"


def bars_table(lines: Sequence[Line]) -> str:
    """Every ratio by size, and whether its bar is met at every size it was measured at."""
    there = sizes(lines)
    return table(["ratio of times", *there, "asked", "verdict"], list(_bar_rows(lines, there)))


def _bar_rows(lines: Sequence[Line], there: Sequence[str]) -> Iterator[list[str]]:
    for bar in BARS:
        ratios = [ratio(lines, size, bar.slower, bar.quicker) for size in there]
        known = [each for each in ratios if each is not None]
        if known:
            said = verdict(all(map(bar.met, known))) if bar.words else ""
            yield [f"{bar.slower} / {bar.quicker}", *map(_times, ratios), bar.words, said]


def gains_table(lines: Sequence[Line]) -> str:
    """Of the gain over each SimPy program: what is the algorithm's, what the language's, and the whole."""
    return table(["against", "size", "algorithm", "language", "together"], [
        [name, size, *map(_times, gain)]
        for name in (TUNED, READING, TAUGHT) for size in sizes(lines)
        if None not in (gain := _gain(lines, size, name))
    ])


def _gain(lines: Sequence[Line], size: str, name: str) -> tuple[float | None, ...]:
    pairs = ((name, LISTS), (LISTS, CARELOAD), (name, CARELOAD))
    return tuple(ratio(lines, size, *pair) for pair in pairs)


def _times(found: float | None) -> str:
    if found is None:
        return ""
    return f"{found:,.1f}" if found < 100 else f"{found:,.0f}"
