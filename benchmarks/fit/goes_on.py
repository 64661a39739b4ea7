"""Long measurements that go on where they ended: a line of JSON for each case, those there not made again."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any


def measure(
    about: str, cases: Iterator[tuple[int, ...]], names: tuple[str, ...], one: Callable[..., dict[str, Any]],
    kept: Path, services: int,
) -> None:
    """Make what is not there yet, for so many minutes at most; asked by options of the command line.

    about     what the command does, in a line
    cases     all there are, in order
    names     where in a line the parts of its case stand
    one       what becomes of a case
    kept      default file of the lines
    services  default number of cases
    """
    options = argparse.ArgumentParser(description=about)
    options.add_argument("--services", type=int, default=services)
    options.add_argument("--minutes", type=float, default=55)
    options.add_argument("--out", type=Path, default=kept)
    asked = options.parse_args()
    lines = asked.out.read_text().splitlines() if asked.out.exists() else []
    done = {tuple(row[name] for name in names) for row in map(json.loads, lines)}
    end = time.monotonic() + 60 * asked.minutes
    for number, case in enumerate(islice(cases, asked.services), 1):
        if time.monotonic() > end:
            break
        if case not in done:
            row = json.dumps(one(*case))
            with asked.out.open("a") as file:
                file.write(row + "\n")
            sys.stderr.write(f"\r{number:,} of {asked.services:,}")
    sys.stderr.write("\n")
