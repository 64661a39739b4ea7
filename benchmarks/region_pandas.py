"""Two of the measures in pandas, as they are often written: the return interval and no-shows.

    python benchmarks/region_pandas.py FOLDER

Reads only the columns it needs, keeps words as categories, and gives the counts by day
and group and the sums over patients behind every interval.
"""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from careload.measure.definition import definitions
from careload.measure.incidence import Counts, Incidence
from careload.measure.ratio import Sums, ratio, share_interval
from careload.measure.timing import Durations, fate_days, told

Key = tuple[str, str, tuple[tuple[str, str], ...]]
Answers = dict[Key, tuple[float | None, float | None, float | None, int | None]]

BY = ("site", "profession")
MARGINS = [list(margin) for size in range(3) for margin in combinations(BY, size)]


def answers(folder: Path) -> Answers:
    """The return interval per interval, and the share of no-shows, for every margin."""
    columns = ["patient", "site", "profession", "starts_at", "status"]
    words = ["patient", "site", "profession", "status"]
    rows = pq.read_table(folder / "appointments.parquet", columns=columns, read_dictionary=words).to_pandas()
    rows["day"] = rows.pop("starts_at").dt.floor("D")
    held = rows[rows.status.isin(["completed", "no_show"])]
    as_of = held.day.max()
    held = held[held.day <= as_of]
    return {**_no_shows(held), **_return_intervals(folder, held[held.status == "completed"], as_of)}


def _no_shows(held: pd.DataFrame) -> Answers:
    missed = held.assign(n=1, y=(held.status == "no_show").astype("int64"))
    found: Answers = {}
    for margin in MARGINS:
        for group, sums in _sums(missed, margin, {"all": ("n", "y")}).items():
            own = sums["all"]
            low, high = share_interval(own) or (None, None)
            found[("no_show", "share", group)] = (ratio(own), low, high, own.n)
    return found


def _return_intervals(folder: Path, visits: pd.DataFrame, as_of: pd.Timestamp) -> Answers:
    spans = _spans(folder, visits, as_of)
    definition = definitions()["return_interval"]
    days = fate_days(definition)
    pairs = {"all": ("n_all", "y_all"), "open": ("n_open", "y_open")}
    reached = spans.outcome == "reached"
    spans["n_open"] = spans["y_open"] = (spans.outcome == "open").astype("int64")
    spans["n_all"], spans["y_all"] = 1, reached.astype("int64")
    for t in days:
        closed = (spans.outcome == "closed") & (spans.days <= t)
        cut = (spans.outcome == "open") & (spans.days < t)
        known = (spans.window_days >= t) & ~closed & ~cut
        spans[f"n_{t}"] = known.astype("int64")
        spans[f"y_{t}"] = (known & reached & (spans.days <= t)).astype("int64")
        pairs[f"t{t}"] = (f"n_{t}", f"y_{t}")
    view: Any = SimpleNamespace(as_of=as_of.date())
    found: Answers = {}
    for margin in MARGINS:
        counts = spans.groupby([*margin, "days", "outcome"], observed=True).size()
        cells: dict[tuple[tuple[str, str], ...], dict[tuple[int, str], int]] = {}
        for key, number in counts.items():
            *group, length, outcome = key
            cells.setdefault(_named(margin, group), {})[(length, outcome)] = number
        for by, sums in _sums(spans, margin, pairs).items():
            curve = Incidence(Counts.of(cells[by]))
            for e in told(definition, view, Durations(dict(by), curve, sums, days)):
                found[(e.measure, e.statistic, tuple(sorted(e.by.items())))] = (e.value, e.low, e.high, e.n)
    return found


def _spans(folder: Path, visits: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    visits = visits.drop(columns="status").assign(rank=0, event="seen")
    ends = pd.read_parquet(folder / "episodes.parquet", columns=["patient", "closed_on", "reason"])
    # In this region the episodes of a patient never overlap, so each closing ends something.
    events = {"completed": "discharged", "dropped": "dropped"}
    ends = pd.DataFrame({
        "patient": pd.Categorical(ends.patient, categories=visits.patient.cat.categories),
        "day": pd.to_datetime(ends.closed_on).astype(visits.day.dtype),
        "rank": 1,
        "event": ends.reason.map(events).fillna("ended"),
    })
    ends = ends[ends.patient.notna() & ends.day.notna() & (ends.day <= as_of)]
    spans = pd.concat([visits, ends], ignore_index=True)
    spans["code"] = spans.patient.cat.codes
    spans = spans.sort_values(["code", "day", "rank"])
    same = spans.code.eq(spans.code.shift(-1))
    spans["next"] = spans.day.shift(-1).where(same)
    spans["next_event"] = spans.event.shift(-1).where(same)
    again_that_day = (spans.next_event == "seen") & (spans.next == spans.day)
    spans = spans[(spans["rank"] == 0) & ~again_that_day].drop(columns=["event", "rank", "code"])
    outcomes = {"seen": "reached", "discharged": "closed", "dropped": "lost"}
    spans["outcome"] = spans.next_event.map(outcomes).fillna("open").astype("category")
    spans["days"] = (spans.next.fillna(as_of) - spans.day).dt.days
    spans["window_days"] = (as_of - spans.day).dt.days
    return spans


def _sums(
    rows: pd.DataFrame, margin: list[str], pairs: dict[str, tuple[str, str]]
) -> dict[tuple[tuple[str, str], ...], dict[str, Sums]]:
    columns = [column for pair in pairs.values() for column in pair]
    clusters = rows.groupby(["patient", *margin], observed=True)[columns].sum()
    found: dict[tuple[tuple[str, str], ...], dict[str, Sums]] = {}
    for name, (n, y) in pairs.items():
        sums = pd.DataFrame({
            "clusters": clusters[n] > 0, "hit": clusters[y] > 0, "n": clusters[n], "y": clusters[y],
            "nn": clusters[n] ** 2, "yy": clusters[y] ** 2, "yn": clusters[n] * clusters[y],
        })
        grouped = sums.groupby(level=margin, observed=True).sum() if margin else sums.sum().to_frame().T
        for key, row in grouped.iterrows():
            values = key if isinstance(key, tuple) else (key,)
            group = _named(margin, values) if margin else ()
            found.setdefault(group, {})[name] = Sums(**{each: int(row[each]) for each in sums})
    return found


def _named(margin: list[str], values: Any) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(zip(margin, (str(value) for value in values), strict=True)))


def main() -> None:
    """Answer and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    print(f"{len(answers(parser.parse_args().folder)):,} answers")


if __name__ == "__main__":
    main()
