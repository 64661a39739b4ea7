"""Does the comparison see a fault? Careload with one fault each, beside the oracle.

    python -m benchmarks.return_clinic.faults [--only WORD ...] [--out FILE]

A fault is either a parameter of the service a little wrong, which is the same as an error in the arithmetic
of the compiled day, or a few letters of its source replaced in a copy of the package, which is compiled anew
and run in a process of its own (some minutes each). Where the letters are not found, the run ends: no fault
may seem to be caught because it was never made.

How often a fault is caught: the faulty program's replications are drawn again, with replacement, and judged
against the oracle's by `equivalence.py`, so and so many times. The sound program is judged likewise.
What is found is added to the file fault by fault; those there for the present sources are not run again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from benchmarks.return_clinic import oracle, with_careload
from benchmarks.return_clinic.equivalence import BySize, equivalent, intervals
from benchmarks.return_clinic.text import SIZES, Outputs, ReturnClinic

import careload
from careload.simulate import plan_of, run
from careload.simulate.kernel.compiled import CACHE

KEPT = Path(__file__).with_name("faults.jsonl")
ROOT = Path(__file__).parents[2]
REPLICATIONS = {"S": 1200, "M": 60}
"""So many of Careload's that most of the error left is the oracle's."""

DRAWN, ENOUGH = 25, 0.8


@dataclass(frozen=True)
class Fault:
    """What is wrong.

    name     in words
    service  parameters of the service, dotted, to their wrong values
    texts    letters of the compiled day's sources and what stands there instead; each occurs exactly once
    """

    name: str
    service: Mapping[str, Any] = field(default_factory=dict)
    texts: tuple[tuple[str, str], ...] = ()


SOUND = Fault("none")
NO_SHOWS = [f"no_show.{kind}_{when}" for kind in ("return", "intake") for when in ("soon", "late")]
TEXT = ReturnClinic()
FAULTS = (
    Fault("no-shows 1 % too many", dict.fromkeys(NO_SHOWS, 1.01 * TEXT.no_show)),
    Fault("no-shows 1 % too few", dict.fromkeys(NO_SHOWS, 0.99 * TEXT.no_show)),
    Fault("dropout 1 % too likely", {"need.everybody.dropout_per_day": 1.01 * TEXT.dropout}),
    Fault("crisis 1 % too likely", {"need.everybody.crisis_per_day": 1.01 * TEXT.crisis}),
    Fault("ED visit 1 % too likely", {"need.everybody.ed_share": 1.01 * TEXT.ed}),
    Fault("gap 1 % too long: 8 days after one visit in twelve",
          {"need.everybody.cadence_days": [7, 8, 7], "need.everybody.stage_from_visit": [0, 3, 4]}),
    Fault("rebooked after 6 days", {"policy.rebook_days": 6}),
    Fault("rebooked after 8 days", {"policy.rebook_days": 8}),
    Fault("1 % of slots lost", {"team.clinicians.return_slots": 24.75}),
    Fault("1 % too many arrivals", {"need.everybody.arrivals_per_week": 1.01}),
    Fault("1 % too many visits needed", {"need.everybody.visits_needed": 1.01 * (1 + TEXT.further_visits)}),
    Fault("first visits before all others", {"need.everybody.urgent_share": 1}),
    Fault("later booked first, among those due the same day", texts=(
        ("FIRST_URGENT if patient.urgent else", "FIRST_URGENT + 1 if True else"),
        ("one.booked < other.booked", "one.booked > other.booked"),
    )),
    Fault("crisis after all who wait", texts=(("+ CRISIS, IN_CRISIS", "+ POOL, IN_CRISIS"),)),
    Fault("first visit due a day late", texts=(("person, day, day + 1)", "person, day, day + 2)"),)),
    Fault("waits end a midnight early", texts=(
        ("patient.due + midnight, patient.key", "patient.due + max(1, midnight - 1), patient.key"),
    )),
)
"""The faults. Texts are short, so that they are found again when the sources around them change.

Arrivals are a factor, since they grow with the size.
"""


def outputs_of(fault: Fault, size: str, replications: int, first_seed: int = 1) -> list[Outputs]:
    """Replications of the installed package with a fault in its parameters."""
    clinic = ReturnClinic(clinicians=SIZES[size])
    changes = dict(fault.service)
    if "need.everybody.arrivals_per_week" in changes:
        changes["need.everybody.arrivals_per_week"] *= clinic.arrivals * clinic.week
    service = with_careload.service_of(clinic).changed(changes, "the fault")
    plan = plan_of(service, clinic.days, counted_from=clinic.warm_up)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        seeds = range(first_seed, first_seed + replications)
        return list(pool.map(lambda seed: with_careload.outputs_of(run(plan, seed), clinic), seeds))


def copy_with_fault(fault: Fault, folder: Path, source: Path | None = None) -> Path:
    """A copy of the package under `folder` with the fault in its sources; the path to import it from.

    Raises `LookupError` when a text does not occur exactly once in the compiled day.
    """
    copy = folder / "src"
    shutil.copytree(source or Path(careload.__file__).parent, copy / "careload",
                    ignore=shutil.ignore_patterns("__pycache__"))
    files = sorted((copy / "careload" / "simulate" / "kernel").glob("*.py"))
    for before, after in fault.texts:
        holding = [path for path in files if before in path.read_text(encoding="utf-8")]
        times = sum(path.read_text(encoding="utf-8").count(before) for path in holding)
        if times != 1:
            raise LookupError(f"{before!r} occurs {times} times in the compiled day, expected once: "
                              f"bring the fault {fault.name!r} up to date")
        text = holding[0].read_text(encoding="utf-8")
        holding[0].write_text(text.replace(before, after), encoding="utf-8")
    return copy


def in_copy(fault: Fault, replications: Mapping[str, int]) -> dict[str, list[Outputs]]:
    """Replications of a copy of the package that has the fault, in a process of its own."""
    with TemporaryDirectory() as folder:
        path = os.pathsep.join([str(copy_with_fault(fault, Path(folder))), str(ROOT)])
        environment = {**os.environ, "PYTHONPATH": path, "CARELOAD_CACHE": str(Path(folder) / "cache")}
        words = [sys.executable, "-m", __spec__.name, "--run", json.dumps(dict(replications))]
        done = subprocess.run(words, env=environment, check=True, capture_output=True, text=True)
        told = json.loads(done.stdout)
    return {size: [_read(each) for each in some] for size, some in told.items()}


def found_of(fault: Fault, replications: Mapping[str, int] = REPLICATIONS) -> dict[str, list[Outputs]]:
    """Replications with a fault, at each size."""
    if fault.texts:
        return in_copy(fault, replications)
    return {size: outputs_of(fault, size, number) for size, number in replications.items()}


def expected() -> dict[str, list[Outputs]]:
    """The oracle's replications that are kept, in the order of their seeds."""
    kept = {}
    for size in REPLICATIONS:
        there = oracle.read(oracle.kept_in(size), ReturnClinic(clinicians=SIZES[size]))
        kept[size] = [there[seed] for seed in sorted(there)]
    return kept


def caught_share(found: BySize, kept: BySize, times: int = DRAWN) -> float:
    """How often a program is found not to be equivalent, when its replications are drawn again."""
    luck = np.random.default_rng(1)
    return float(np.mean([not equivalent(_drawn(found, luck), kept) for _ in range(times)]))


def _drawn(some: BySize, luck: np.random.Generator) -> dict[str, list[Outputs]]:
    return {
        size: [each[place] for place in luck.integers(len(each), size=len(each))]
        for size, each in some.items()
    }


def _read(values: dict[str, Any]) -> Outputs:
    return Outputs(**{**values, "histogram": tuple(values["histogram"])})


def read_kept(path: Path) -> list[dict[str, Any]]:
    """What is kept for the present sources."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line for line in map(json.loads, lines) if line["sources"] == CACHE.name]


def judged(fault: Fault, kept: BySize) -> dict[str, Any]:
    """A fault, how often it is caught, and by what."""
    found = found_of(fault)
    outside = [each.quantity for each in intervals(found, kept) if not each.inside]
    return {
        "fault": fault.name, "caught": caught_share(found, kept), "outside": outside,
        "replications": {size: len(some) for size, some in found.items()},
        "oracle": {size: len(some) for size, some in kept.items()}, "sources": CACHE.name,
    }


def table(lines: Sequence[Mapping[str, Any]]) -> str:
    """What was found, as a table."""
    rows = ["| fault | caught | what is not inside its margin |", "|---|--:|---|"]
    rows += [f"| {each['fault']} | {each['caught']:.0%} | {', '.join(each['outside'])} |" for each in lines]
    return "\n".join(rows)


def main() -> None:
    """Judge the faults that are not kept yet; 1 when one is caught less than four times in five."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", metavar="WORD", help="words in the names of faults")
    parser.add_argument("--out", type=Path, default=KEPT)
    parser.add_argument("--run", type=json.loads, help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.run:
        told = {size: outputs_of(SOUND, size, number) for size, number in words.run.items()}
        print(json.dumps({size: [asdict(each) for each in some] for size, some in told.items()}))
        return
    asked = [fault for fault in (SOUND, *FAULTS)
             if not words.only or any(word in fault.name for word in words.only)]
    there, kept = {line["fault"] for line in read_kept(words.out)}, expected()
    for fault in asked:
        if fault.name not in there:
            with words.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(judged(fault, kept)) + "\n")
    lines = read_kept(words.out)
    print(table(lines))
    missed = [line for line in lines if line["fault"] != SOUND.name and line["caught"] < ENOUGH]
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
