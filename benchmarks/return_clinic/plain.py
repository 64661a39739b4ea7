"""Compile `plain.cpp` with the parameters of `text.py`, and run it.

    python -m benchmarks.return_clinic.plain CLINICIANS SEED REPLICATIONS

The program is kept in `build/benchmarks/`, under a name that says from what source and with which
parameters it was made; it is made anew when either changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.return_clinic import text
from benchmarks.return_clinic.text import Outputs, ReturnClinic

SOURCE = Path(__file__).with_suffix(".cpp")
BUILD = Path(__file__).parents[2] / "build" / "benchmarks"
OPTIONS = ("-std=c++17", "-O3", "-march=native", "-Wall", "-Wextra")


def available() -> bool:
    """Whether there is a C++ compiler (g++) on this machine."""
    return shutil.which("g++") is not None


def compiled(clinic: ReturnClinic) -> Path:
    """The program for these parameters (whatever the number of clinicians), compiled if need be."""
    command = ["g++", *OPTIONS, *macros(clinic), str(SOURCE)]
    made_of = hashlib.sha256(repr(command[:-1]).encode() + SOURCE.read_bytes()).hexdigest()
    program = BUILD / f"plain-{made_of[:16]}"
    if not program.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        unfinished = program.with_suffix(f".{os.getpid()}")
        subprocess.run([*command, "-o", str(unfinished)], check=True)
        unfinished.replace(program)  # so that nobody runs half a program
    return program


def macros(clinic: ReturnClinic) -> list[str]:
    """The parameters as the compiler takes them; the number of clinicians is given when the program runs."""
    values = asdict(clinic)
    del values["clinicians"]
    for name in ("STANDARD_DAYS", "MEDIAN", "NINE_TENTHS"):
        values[name] = getattr(text, name)
    return [f"-D{name.upper()}={value!r}" for name, value in values.items()]


def timed(clinic: ReturnClinic, seed: int, replications: int) -> list[tuple[Outputs, float]]:
    """So many replications, with seeds counted from `seed`: outputs and seconds of simulation of each."""
    words = [str(compiled(clinic)), str(clinic.clinicians), str(seed), str(replications)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return [_read(line) for line in done.stdout.splitlines()]


def run(clinic: ReturnClinic, seed: int) -> Outputs:
    """One replication of `clinic` with the luck of `seed`: the ten outputs."""
    return timed(clinic, seed, 1)[0][0]


def _read(line: str) -> tuple[Outputs, float]:
    values = json.loads(line)
    seconds = values.pop("seconds")
    return Outputs(**{**values, "histogram": tuple(values["histogram"])}), seconds


def main() -> None:
    """Run the program with the words given, as it prints."""
    program = compiled(ReturnClinic())
    raise SystemExit(subprocess.run([str(program), *sys.argv[1:]], check=False).returncode)


if __name__ == "__main__":
    main()
