"""Many replications on two workers against one, and how long a process takes from nothing to its answer.

    python -m benchmarks.simulate_many [--rounds 5] [--replications 200] [--years 5] [--processes 11]

Workers are threads: the compiled day lets go of the interpreter's lock. One and two take turns, so that a
machine that slows down slows both. A cold process is timed as a whole, from before its start to after its
end, with the machine code already in its cache: first `careload --help`; then, in Python, importing Careload,
reading `examples/services/trap.toml` and simulating one year twenty times. Nothing else may run meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.measured import RESULTS, Line, command, keep, processor, timed

from careload.clinic import read_service
from careload.simulate import simulate

SERVICE = Path(__file__).parents[1] / "examples" / "services" / "trap.toml"
KEPT = RESULTS / "simulate_many.jsonl"

HELP = ("-m", "careload", "--help")
FIRST_RESULT = """
import json, sys, time
marks = [time.perf_counter()]
def mark(): marks.append(time.perf_counter())
import careload; mark()
from careload.clinic import read_service; service = read_service(sys.argv[1]); mark()
from careload.simulate import plan_of, run, simulate; mark()
plan = plan_of(service, 7); mark()
run(plan); mark()
found = simulate(service, years=1, replications=20); estimates = found.estimates(); mark()
assert len(found.summaries) == 20 and estimates
print(json.dumps([after - before for before, after in zip(marks, marks[1:])]))
"""
STAGES = (
    "import careload", "read the service", "import the simulator", "make a plan",
    "fetch the machine code and run a week", "twenty runs of a year, and their estimates",
)
"""What a cold process does, one after the other; before and after it Python itself starts and ends."""


def workers(rounds: int, replications: int, years: float) -> Iterator[Line]:
    """Seconds of the same replications with one worker and with two, in turn."""
    service = read_service(SERVICE)
    for number in range(-1, rounds):  # the first round fetches the machine code and is not kept
        for count in (1, 2) if number % 2 else (2, 1):
            many = replications if number >= 0 else 2 * count
            with ThreadPoolExecutor(count) as pool:
                _, seconds = timed(
                    lambda many=many, pool=pool: simulate(service, years, many, executor=pool)
                )
            if number >= 0:
                yield {"kind": "workers", "workers": count, "round": number,
                       "replications": replications, "years": years, **seconds}


def processes(times: int) -> Iterator[Line]:
    """Seconds of whole processes, in turn; the first of each fills the caches and is not kept."""
    for number in range(-1, times):
        lines = (
            whole("careload --help", HELP),
            whole("first result", ("-c", FIRST_RESULT, str(SERVICE))),
        )
        if number >= 0:
            yield from lines


def whole(name: str, words: Sequence[str]) -> Line:
    """Seconds from before a process starts to after it ends; and of its stages, where it tells them."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, *words], check=True, capture_output=True, text=True,
        cwd=SERVICE.parents[2], env={**os.environ, "TERM": "dumb"},
    )
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    stages = json.loads(done.stdout) if name == "first result" else []
    return {
        "kind": "process", "name": name, "clock": seconds, "user": after.ru_utime - before.ru_utime,
        "system": after.ru_stime - before.ru_stime, "stages": stages,
    }


def gain(lines: Sequence[Line]) -> float:
    """How many times as fast two workers are as one: the median over rounds, each of which had both."""
    times = {(line["workers"], line["round"]): line["clock"] for line in lines}
    rounds = {number for _, number in times}
    return statistics.median(times[1, number] / times[2, number] for number in rounds)


def said(line: Line) -> str:
    """One measurement in words, for who waits."""
    if line["kind"] == "workers":
        return f"round {line['round']}: {line['workers']} at work, {line['clock']:.2f} s"
    return f"{line['name']}: {line['clock']:.3f} s, of the processor {processor(line):.3f} s"


def main() -> None:
    """Measure, keep it, and say it as it comes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--years", type=float, default=5)
    parser.add_argument("--processes", type=int, default=11)
    parser.add_argument("--results", type=Path, default=KEPT)
    words = parser.parse_args()

    def shown() -> Iterator[Line]:
        for line in processes(words.processes):
            print(said(line), flush=True)
            yield line
        for line in workers(words.rounds, words.replications, words.years):
            print(said(line), flush=True)
            yield line

    keep(words.results, command("benchmarks.simulate_many"), shown())


if __name__ == "__main__":
    main()
