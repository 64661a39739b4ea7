"""Long measurements that go on where they ended: a line of JSON for each case, those there not made again."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
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
    options.add_argument("--workers", type=int, default=1, help="cases made at the same time")
    options.add_argument("--out", type=Path, default=kept)
    asked = options.parse_args()
    lines = asked.out.read_text().splitlines() if asked.out.exists() else []
    done = {tuple(row[name] for name in names) for row in map(json.loads, lines)}
    end = time.monotonic() + 60 * asked.minutes
    left = [case for case in islice(cases, asked.services) if case not in done]
    made = asked.services - len(left)
    with ProcessPoolExecutor(asked.workers) as pool, asked.out.open("a") as file:
        running: set[Future[dict[str, Any]]] = set()
        while running or left:
            while left and len(running) < asked.workers and time.monotonic() < end:
                running.add(pool.submit(one, *left.pop(0)))
            if not running:
                break
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for each in ended:
                file.write(json.dumps(each.result()) + "\n")
                file.flush()
                made += 1
                sys.stderr.write(f"\r{made:,} of {asked.services:,}")
    sys.stderr.write("\n")
