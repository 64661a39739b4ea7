"""What the benchmarks of the simulator share: results as lines of JSON, time by clock and processor.

A file of results has a first line with the command and the machine, then one line for each thing measured,
written as soon as it is there. So a page can be made again without measuring, and a run that was broken off
shows what it had.
"""

from __future__ import annotations

import json
import math
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results")
"""Where results are kept, one file for each question."""

Line = dict[str, Any]


@dataclass(frozen=True)
class Results:
    """Results read from a file.

    command  with which they were measured
    machine  on which, as `machine` tells it
    lines    what was measured
    """

    command: str
    machine: Line
    lines: tuple[Line, ...]


def machine() -> Line:
    """The machine in words and numbers; `load` is how many programs were running when measuring began."""
    return {
        "processor": _processor(), "processors": os.cpu_count(), "system": platform.system(),
        "python": platform.python_version(), "load": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in names if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def command(module: str) -> str:
    """The command that runs now, with the words it was given."""
    return " ".join([f"python -m {module}", *sys.argv[1:]])


def keep(path: Path, how: str, measured: Iterable[Line]) -> list[Line]:
    """Write what is measured to a file as it comes, after the command and the machine; give it back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    with path.open("w", encoding="utf-8") as file:
        for line in _with_head(how, measured):
            file.write(json.dumps(line) + "\n")
            file.flush()
            lines.append(line)
    return lines[1:]


def _with_head(how: str, measured: Iterable[Line]) -> Iterable[Line]:
    yield {"command": how, "machine": machine()}
    yield from measured


def read_results(path: Path) -> Results | None:
    """The results in a file; None when there is none."""
    if not path.exists():
        return None
    head, *lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return Results(head["command"], head["machine"], tuple(lines))


def timed(work: Callable[[], Any]) -> tuple[Any, Line]:
    """What `work` gives, with its seconds: by the clock, and by the processor as user and system time."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    found = work()
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    return found, {
        "clock": clock, "user": after.ru_utime - before.ru_utime, "system": after.ru_stime - before.ru_stime,
    }


def processor(seconds: Line) -> float:
    """Processor time, the program's own and what the system did for it."""
    return float(seconds["user"] + seconds["system"])


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """b of seconds ~ sizes^b: the slope of log seconds on log sizes by least squares; 1 is linear."""
    return statistics.linear_regression([math.log(s) for s in sizes], [math.log(s) for s in seconds]).slope


def told(results: Results) -> str:
    """By which command and where something was measured, in words."""
    its = results.machine
    return (
        f"Measured by `{results.command}` on {its['processor']}, {its['processors']} processors, "
        f"{its['system']}, Python {its['python']}; {its['load']:g} other programs ran when it began."
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; every column but the first is a number, on the right."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def verdict(met: bool) -> str:
    """Whether a bar is met."""
    return "met" if met else "**missed**"
