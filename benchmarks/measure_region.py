"""Careload against hand-written SQL and pandas: same files, same run, answers compared.

    python benchmarks/measure_region.py FOLDER [FOLDER ...] [--rounds 3] [--page docs/benchmarks-measure.md]

Each folder holds one size of the region (see region.py). Every tool runs in a process of
its own, one after another in turn, and the shortest of the rounds counts. Time is given
twice: by the clock, and by the processor (user and system time), which other programs on
the machine disturb less.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import pickle
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

HERE = Path(__file__).parent
TOOLS = ("careload", "sql", "careload-two", "pandas")
"""All measures by Careload and SQL; two of them by Careload and pandas."""

TWO = ("return_interval", "no_show")
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Run:
    """One run of one tool on one folder: seconds by clock and processor, peak memory in GB."""

    tool: str
    rows: int
    read: float
    measure: float
    processor_read: float
    processor_measure: float
    memory: float

    @property
    def processor(self) -> float:
        """Processor time in all."""
        return self.processor_read + self.processor_measure


def one(tool: str, folder: Path, out: Path) -> None:
    """Run one tool in this process; write its times and answers."""
    sys.path.insert(0, str(HERE))
    marks = [_now()]
    if tool.startswith("careload"):
        import careload

        records = careload.read(folder)
        marks.append(_now())
        only = TWO if tool == "careload-two" else ()
        found = careload.measure(records, by=("site", "profession"), only=only)
        answers = {
            (e.measure, e.statistic, tuple(sorted(e.by.items()))):
            "hidden" if e.hidden else (e.value, e.low, e.high, e.n)
            for e in found.estimates
            if "versus" not in e.by  # differences are worked out from these figures, not from rows
        }
    else:
        module = __import__(f"region_{tool}")
        marks.append(_now())
        answers = module.answers(folder)
    marks.append(_now())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    times = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(marks)]
    out.write_bytes(pickle.dumps({"times": times, "memory": peak, "answers": answers}))


def _now() -> tuple[float, float]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), used.ru_utime + used.ru_stime


def run(tool: str, folder: Path, rows: int) -> tuple[Run, dict[Any, Any]]:
    """Run one tool in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "answer"
        subprocess.run([sys.executable, __file__, "--one", tool, str(folder), str(out)], check=True)
        found = pickle.loads(out.read_bytes())
    (read, cpu_read), (measure, cpu_measure) = found["times"]
    return Run(tool, rows, read, measure, cpu_read, cpu_measure, found["memory"]), found["answers"]


def differences(ours: dict[Any, Any], theirs: dict[Any, Any]) -> tuple[int, list[str]]:
    """How many answers were compared, and those that differ."""
    shown = {key: value for key, value in ours.items() if value != "hidden"}
    wrong = [f"{key}: not among theirs" for key in shown if key not in theirs]
    wrong += [f"{key}: not among ours" for key in theirs if key not in ours]
    for key in shown.keys() & theirs.keys():
        for mine, other in zip(shown[key], theirs[key], strict=True):
            same = mine == other or (
                mine is not None and other is not None
                and math.isclose(mine, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
            )
            if not same:
                wrong.append(f"{key}: {shown[key]} against {theirs[key]}")
                break
    return len(shown.keys() & theirs.keys()), wrong


def compare(folder: Path, rounds: int) -> tuple[list[Run], list[str]]:
    """The best round of each tool on one folder, and what the comparison of answers says."""
    rows = pq.read_metadata(folder / "appointments.parquet").num_rows
    best: dict[str, Run] = {}
    answers: dict[str, dict[Any, Any]] = {}
    for _ in range(rounds):
        for tool in TOOLS:
            found, answers[tool] = run(tool, folder, rows)
            print(f"{rows:>12,} {found}", flush=True)
            if tool not in best or found.processor < best[tool].processor:
                best[tool] = found
    notes = []
    for mine, tool in (("careload", "sql"), ("careload-two", "pandas")):
        ours = answers[mine]
        compared, wrong = differences(ours, answers[tool])
        hidden = sum(value == "hidden" for value in ours.values())
        notes.append(
            f"{rows:,} appointments, Careload and {tool}: {compared:,} answers compared,"
            f" {len(wrong):,} differ ({hidden:,} cells hidden in Careload's output were not compared)."
            f" {_ratios(best[mine], best[tool])}"
        )
        print(notes[-1], *wrong[:20], sep="\n  ", flush=True)
    return list(best.values()), notes


def _ratios(ours: Run, theirs: Run) -> str:
    whole = (ours.read + ours.measure) / (theirs.read + theirs.measure)
    return (
        f"Measuring took {ours.measure / theirs.measure:.2f} times as long by the clock and"
        f" {ours.processor_measure / theirs.processor_measure:.2f} times by the processor;"
        f" with reading and checking {whole:.2f} times by the clock."
    )


def growth(runs: list[Run]) -> float | None:
    """Exponent b of processor time ~ rows^b, from the smallest to the largest size."""
    ours = sorted((run for run in runs if run.tool == "careload"), key=lambda run: run.rows)
    if len(ours) < 2:
        return None
    first, last = ours[0], ours[-1]
    return math.log(last.processor / first.processor) / math.log(last.rows / first.rows)


def page(runs: list[Run], notes: list[str], command: str) -> str:
    """The page of results."""
    lines = [
        "# Benchmark: measuring a region the size of the strike", "",
        "Ten years of a fictional region of 2,000 posts (`benchmarks/region.py`): all measures by total,",
        "site, profession, and site with profession. *Read* opens the files, checks every row and stores",
        "what is accepted; *measure* gives every estimate with its interval. Hand-written SQL",
        "(`benchmarks/region_sql.py`) reads the same Parquet files without checking them, shares passes",
        "between measures, and gives the same answers. pandas (`benchmarks/region_pandas.py`) gives two of",
        "the measures, the return interval in all its views and no-shows; *careload-two* is Careload asked",
        "for the same two. What SQL and pandas show under *read* is loading their libraries.", "",
        f"Made by `{command}` on {platform.python_implementation()} {platform.python_version()}, "
        f"{os.cpu_count()} processors. Best of the rounds by processor time.", "",
        "| appointments | tool | read, s | measure, s | processor: read, s | processor: measure, s |"
        " peak memory, GB |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for one_run in sorted(runs, key=lambda each: (each.rows, TOOLS.index(each.tool))):
        times = (one_run.read, one_run.measure, one_run.processor_read, one_run.processor_measure)
        figures = " | ".join(f"{value:.1f}" for value in times)
        lines.append(f"| {one_run.rows:,} | {one_run.tool} | {figures} | {one_run.memory:.2f} |")
    exponent = growth(runs)
    if exponent is not None:
        lines += ["", f"Careload's processor time grows as rows to the power of {exponent:.2f}"
                  " from the smallest to the largest size (1 is linear)."]
    return "\n".join([*lines, "", *(f"- {note}" for note in notes), ""])


def main() -> None:
    """Run everything, compare, print and write the page."""
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--page", type=Path, help="write the table to this file")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    runs: list[Run] = []
    notes: list[str] = []
    for folder in options.folders:
        found, said = compare(folder, options.rounds)
        runs += found
        notes += said
    command = "python benchmarks/measure_region.py " + " ".join(folder.name for folder in options.folders)
    text = page(runs, notes, f"{command} --rounds {options.rounds}")
    print(text)
    if options.page:
        options.page.write_text(text, encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps([vars(each) for each in runs], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
