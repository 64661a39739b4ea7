"""Run the oracle (`with_simpy.py`) many times and keep what came out, one line of JSON for each seed.

    python -m benchmarks.return_clinic.oracle S 100
    python -m benchmarks.return_clinic.oracle M 20 [--workers 1] [--out FILE]

The seeds are 1 to the number of replications. Lines are added as replications end, in any order; seeds
that are there already are not run again, so a run that was broken off goes on where it was. Lines that
were made with other parameters are refused, not mixed in.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.return_clinic import with_simpy
from benchmarks.return_clinic.text import OUTPUTS, SIZES, Outputs, ReturnClinic

HERE = Path(__file__).parent
LIMIT = statistics.NormalDist().inv_cdf(1 - 0.01 / len(OUTPUTS) / 2)
"""How many standard errors apart the furthest of ten outputs may be."""

Z95 = statistics.NormalDist().inv_cdf(0.975)
ROUNDING = 12**-0.5
SMALLEST_SPREAD = {"median": ROUNDING, "p90": ROUNDING, "util": 1e-4}
"""What the spread of a replication is taken to be at least: at size M all medians may be the same day, and
every slot is used, so that any other figure would be infinitely far."""


@dataclass(frozen=True)
class Distance:
    """An output of a program beside the oracle's: means with the half-widths of their 95 % intervals.

    `errors` is how many standard errors of their difference the means are apart.
    """

    output: str
    mean: float
    half: float
    expected: float
    expected_half: float
    errors: float


def distances(found: Sequence[Outputs], expected: Sequence[Outputs]) -> list[Distance]:
    """How far each of the ten outputs is from the oracle's."""
    return [_distance(output, found, expected) for output in OUTPUTS]


def _distance(output: str, found: Sequence[Outputs], expected: Sequence[Outputs]) -> Distance:
    values, others = ([getattr(each, output) for each in some] for some in (found, expected))
    mean, other = statistics.fmean(values), statistics.fmean(others)
    spread = statistics.stdev(others)
    spread = max(spread, SMALLEST_SPREAD.get(output, 0.0))
    error = spread * (1 / len(values) + 1 / len(others)) ** 0.5
    half, other_half = (Z95 * spread / len(some) ** 0.5 for some in (values, others))
    return Distance(output, mean, half, other, other_half, abs(mean - other) / error)


def kept_in(size: str) -> Path:
    """Where the replications of a size (S, M, L) are kept."""
    return HERE / f"simpy-{size}.jsonl"


def read(path: Path, clinic: ReturnClinic) -> dict[int, Outputs]:
    """The replications of `clinic` in a file, by seed; none if there is no such file."""
    if not path.exists():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        values = json.loads(line)
        if values.pop("parameters") != of_parameters(clinic):
            raise ValueError(f"{path.name} was made with other parameters than text.py has now: remove it")
        seed = values.pop("seed")
        found[seed] = Outputs(**{**values, "histogram": tuple(values["histogram"])})
    return found


def write(path: Path, clinic: ReturnClinic, seeds: Iterable[int], workers: int) -> None:
    """Run the seeds in so many processes, adding each to the file as soon as it ends."""
    drop_half_line(path)
    with ProcessPoolExecutor(workers) as pool, path.open("a", encoding="utf-8") as file:
        running = {pool.submit(with_simpy.run, clinic, seed): seed for seed in seeds}
        for done in as_completed(running):
            line = {"seed": running[done], "parameters": of_parameters(clinic), **asdict(done.result())}
            file.write(json.dumps(line) + "\n")
            file.flush()


def drop_half_line(path: Path) -> None:
    """Cut off what was being written when an earlier run was killed."""
    if path.exists():
        with path.open("r+b") as file:
            file.truncate(file.read().rfind(b"\n") + 1)


def of_parameters(clinic: ReturnClinic) -> str:
    """A short mark that differs when any parameter does."""
    return hashlib.sha256(repr(clinic).encode()).hexdigest()[:12]


def main() -> None:
    """Run what is missing of a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("replications", type=int)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path)
    words = parser.parse_args()
    clinic, path = ReturnClinic(clinicians=SIZES[words.size]), words.out or kept_in(words.size)
    drop_half_line(path)
    there = read(path, clinic)
    missing = [seed for seed in range(1, words.replications + 1) if seed not in there]
    print(f"{path.name}: {len(there)} replications are there, {len(missing)} to run")
    write(path, clinic, missing, words.workers)


if __name__ == "__main__":
    main()
