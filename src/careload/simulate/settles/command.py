"""`careload settles SERVICE`: the question as a command, without the command line around it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from careload.clinic import read_service
from careload.simulate.settles.paths import Progress
from careload.simulate.settles.settles import settles_or_spirals


def settles_command(
    service: Path, values: Mapping[str, Any], *, horizon: int = 10, draws: int = 40, replications: int = 20,
    seed: int = 1, as_json: bool = False, executor: Executor | None = None, progress: Progress | None = None,
) -> str:
    """What the command prints: the answer in words, or as JSON.

    service   service file
    values    what `--set` changes, place to value

    The other arguments and the errors are those of `settles_or_spirals` and `read_service`.
    """
    changed = read_service(service).changed(values) if values else read_service(service)
    found = settles_or_spirals(
        changed, horizon, draws, seed, replications=replications, executor=executor, progress=progress
    )
    if not as_json:
        return f"{found}\n"
    return json.dumps(found.as_json(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
