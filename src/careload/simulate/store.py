"""What a sweep has run already: a folder of small files, each written whole or not at all.

    OUT/runs/SCENARIO/seed-S/FIRST-LAST.parquet

SCENARIO is a digest of all that decides the figures of a run: every value of the service, the weeks, the
program itself and the packages its numbers come from, so an answer of another version is never taken for one
of this. A file holds the figures of some replications; which replications share a file depends on when they
were asked for, not on workers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from careload.clinic import Service, whole_file
from careload.simulate.figures import FIGURES, groups
from careload.simulate.kernel.compiled import digest_of_sources
from careload.simulate.kernel.records import Numbers

LETTERS = 20
PACKAGES = ("holidays", "numpy")
"""Numba's version is in every digest of sources."""
GROUPED_BY = ("site", "profession", "need_group")


def digest(service: Service, weeks: int, warm_up: int) -> str:
    """The name of a scenario: the same for the same values, and for no others."""
    known = json.dumps([service.sections, weeks, warm_up, _program()], sort_keys=False, default=str)
    return hashlib.sha256(known.encode()).hexdigest()[:LETTERS]


@lru_cache(maxsize=1)
def _program() -> list[str]:
    here = Path(__file__).parent
    # The room before reads the service and knows the holidays; no settling, report or record decides a run.
    folders = (here.parent / "clinic", here, here / "kernel")
    return [*map(digest_of_sources, folders), *map(version, PACKAGES)]


@dataclass(frozen=True)
class Store:
    """Finished runs of one scenario and seed.

    folder   where its files are
    service  of the scenario
    """

    folder: Path
    service: Service

    def found(self) -> dict[int, Numbers]:
        """Replication to its figures, (group, figure)."""
        shape = (len(list(groups(self.service))), len(FIGURES))
        found: dict[int, Numbers] = {}
        for path in sorted(self.folder.glob("*.parquet")):
            found |= _read(path, shape)
        return found

    def keep(self, replications: Sequence[int], values: Numbers) -> None:
        """Write the figures of some replications, (run, group, figure)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        some = list(groups(self.service))
        columns: dict[str, Any] = {"replication": np.repeat(np.array(replications, dtype=np.int32),
                                                             len(some) * len(FIGURES))}
        for name in GROUPED_BY:
            own = [group.by.get(name) for group in some for _ in FIGURES]
            columns[name] = own * len(replications)
        for name in ("measure", "statistic"):
            columns[name] = [getattr(figure, name) for figure in FIGURES] * (len(some) * len(replications))
        columns["value"] = values.ravel()
        _write(self.folder / f"{replications[0]:06}-{replications[-1]:06}.parquet", columns)


def _write(path: Path, columns: dict[str, Any]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with whole_file(path) as file:
        pq.write_table(pa.table(columns), file, compression="zstd")


def _read(path: Path, shape: tuple[int, int]) -> dict[int, Numbers]:
    """The figures of a file by replication; none where it cannot be read, so that they are run again."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, columns=["replication", "value"])
    except (pa.ArrowException, OSError):
        return {}
    each = shape[0] * shape[1]
    if table.num_rows % each:
        return {}
    values = table["value"].to_numpy().reshape(-1, *shape)
    return dict(zip(table["replication"].to_pylist()[::each], values, strict=True))
