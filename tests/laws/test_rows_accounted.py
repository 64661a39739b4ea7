"""Rows in = accepted + set aside + duplicates, whatever is wrong with them; and no finding holds a cell."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from careload.history import check, write_set_aside

HEADER = [
    "appointment",
    "patient",
    "clinician",
    "site",
    "booked_at",
    "starts_at",
    "minutes",
    "status",
    "kind",
]
SECRET = "Zq7"  # stands in every cell that belongs to a patient; no word of ours has it

secrets = st.integers(0, 6).map(lambda number: f"{SECRET}{number}")
dates = st.sampled_from(
    [
        "2024-01-08",
        "2024-02-30",
        "08/01/2024",
        "25/12/2024",
        "9999-12-31",
        "1899-12-30",
        "2024-01-08T10:00:00Z",
        "2024-01-08 10:00",
        f"{SECRET} May",
        "",
    ]
)
numbers = st.sampled_from(["50", "-1", "1e9", "*", "<5", f"{SECRET} min", "", "50,5"])
words = st.sampled_from(["completed", "no_show", "No Show", "booked", f"{SECRET}", "attended", ""])
good = st.tuples(
    secrets | st.just(""),
    secrets | st.just("") | st.just(f"{SECRET}9E+11"),
    secrets,
    secrets,
    dates,
    dates,
    numbers,
    words,
    words,
).map(list)


def written(row: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(row)
    return text.getvalue()


short = good.map(lambda row: written(row[:4]))
long = good.map(lambda row: written([*row, f"{SECRET} more"]))
open_quote = good.map(lambda row: f'{row[0]},"{SECRET} was here,' + written(row[3:]))
with_break = good.map(lambda row: written([*row[:3], f'{SECRET},\n"quoted"', *row[4:]]))
lines = st.lists(
    st.one_of(good.map(written), good.map(written), short, long, open_quote, with_break), max_size=12
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=lines, ending=st.sampled_from(["\n", "\r\n"]))
@example(lines=[written(["", "", "", "", "", "", "", "", ""])], ending="\n")
def test_rows_are_accounted_for_and_nothing_of_them_is_told(lines: list[str], ending: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = "".join([written(HEADER), *lines]).replace("\n", ending)
        (folder / "appointments.csv").write_bytes(text.encode())
        records = check(folder)
        counts = records.counts["appointments"]
        assert counts.rows == len(lines)
        assert counts.rows == counts.accepted + counts.set_aside + counts.duplicates
        assert records.tables["appointments"].count().to_pyarrow().as_py() == counts.accepted
        aside = records.set_aside.get("appointments")
        assert (0 if aside is None else aside.count().to_pyarrow().as_py()) == counts.set_aside
        for finding in records.findings:
            assert SECRET.lower() not in f"{finding}".lower()
        told = write_set_aside(records, folder / "aside.csv").read_text(encoding="utf-8")
        assert told.count("\n") == 1 + counts.set_aside
        assert SECRET not in told
        assert (
            len({line.split(",")[2] for line in told.splitlines()[1:]}) == counts.set_aside
        )  # each row once
