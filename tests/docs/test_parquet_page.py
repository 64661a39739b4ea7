"""docs/parquet.md names every column that --parquet writes, in order, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.parquet as pq
from tests.support.runs import SERVICES

from careload.clinic import read_service
from careload.simulate import simulate, write_parquet

PAGE = (Path(__file__).parents[2] / "docs" / "parquet.md").read_text(encoding="utf-8")


def test_columns(tmp_path: Path) -> None:
    runs = simulate(read_service(SERVICES / "solo.toml"), 0.05, 1, by_week=True)
    for path in write_parquet(runs, tmp_path).iterdir():
        section = re.split(r"^## ", PAGE.split(f"## {path.name}\n")[1], flags=re.MULTILINE)[0]
        assert re.findall(r"^\| `(\w+)` ", section, re.MULTILINE) == pq.read_schema(path).names, path.name
