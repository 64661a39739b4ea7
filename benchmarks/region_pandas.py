"""Two of the measures in pandas, as they are often written: the return interval and no-shows.

    python benchmarks/region_pandas.py FOLDER

Reads only the columns it needs, keeps words as categories, and gives the counts by day
and group and the sums over patients behind every interval.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from careload.measure.definition import Definition, definitions
from careload.measure.incidence import Counts, Incidence
from careload.measure.passes import WEIGHT
from careload.measure.ratio import Sums, ratio, share_interval
from careload.measure.timing import Durations, fate_days, told

Group = tuple[tuple[str, str], ...]
Key = tuple[str, str, Group]
Answers = dict[Key, tuple[float | None, float | None, float | None, int | None]]

BY = ("site", "profession")
LEAD_BANDS = ("not recorded", "0", "1-7", "8-14", "15-28", "29-56", "over 56")
LEAD_EDGES = (-math.inf, -1, 0, 7, 14, 28, 56, math.inf)
MARGINS = [list(margin) for size in range(3) for margin in combinations(BY, size)]


def answers(folder: Path) -> Answers:
    """The return interval in all its views, and the share of no-shows, for every margin."""
    columns = ["patient", "site", "profession", "starts_at", "booked_at", "status"]
    words = ["patient", "site", "profession", "status"]
    rows = pq.read_table(folder / "appointments.parquet", columns=columns, read_dictionary=words).to_pandas()
    rows["day"] = rows.pop("starts_at").dt.floor("D")
    rows["lead"] = (rows.day - rows.pop("booked_at").dt.floor("D")).dt.days
    held = rows[rows.status.isin(["completed", "no_show"])]
    as_of = held.day.max()
    held = held[held.day <= as_of]
    visits = held.loc[held.status == "completed", ["patient", "site", "profession", "day"]]
    return {**_no_shows(held), **_return_intervals(folder, visits, as_of)}


def _no_shows(held: pd.DataFrame) -> Answers:
    bands = pd.cut(held.lead, LEAD_EDGES, labels=LEAD_BANDS).fillna(LEAD_BANDS[0])
    missed = held.assign(n=1, y=(held.status == "no_show").astype("int64"), lead_days=bands)
    found: Answers = {}
    for margin in [*MARGINS, ["lead_days"]]:
        clusters = _per_patient(missed, margin, ["n", "y"])
        for group, sums in _sums(clusters, margin, {"all": ("n", "y")}).items():
            own = sums["all"]
            low, high = share_interval(own) or (None, None)
            found[("no_show", "share", group)] = (ratio(own), low, high, own.n)
    return found


def _return_intervals(folder: Path, visits: pd.DataFrame, as_of: pd.Timestamp) -> Answers:
    spans = _spans(folder, visits, as_of)
    definition = definitions()["return_interval"]
    naive = replace(definition, quantiles=(0.5,), days=())
    weights = WEIGHT // spans.groupby("patient", observed=True).size()
    spans["weight"] = weights.reindex(spans.patient).to_numpy()
    pairs = _fates(spans, fate_days(definition))
    seen = spans[spans.outcome == "reached"].copy()
    open_spans = spans[spans.outcome == "open"]
    of_seen = _fates(seen, fate_days(naive))
    view: Any = SimpleNamespace(as_of=as_of.date())
    found: Answers = {}
    for margin in MARGINS:
        clusters = _per_patient(spans, margin, _names(pairs))
        _tell(found, definition, view, spans, margin, _sums(clusters, margin, pairs))
        even = clusters.mul(weights, axis=0, level="patient") if margin else clusters.mul(weights, axis=0)
        _tell(found, definition, view, spans, margin, _sums(even, margin, pairs), "per_patient_", "weight")
        clusters = _per_patient(seen, margin, _names(of_seen))
        _tell(found, naive, view, seen, margin, _sums(clusters, margin, of_seen), "naive_")
        _in_care(found, open_spans, margin)
    return found


def _fates(spans: pd.DataFrame, days: tuple[int, ...]) -> dict[str, tuple[str, str]]:
    """Adds what is summed per patient; the name of each pair to its columns."""
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
    return pairs


def _tell(
    found: Answers, definition: Definition, view: Any, spans: pd.DataFrame, margin: list[str],
    sums_by_group: Mapping[Group, Mapping[str, Sums]], prefix: str = "", weight: str = "",
) -> None:
    """Add the estimates of every group of one margin; with `weight` as if every patient weighed the same."""
    grouped = spans.groupby([*margin, "days", "outcome"], observed=True)
    counts = grouped[weight].sum() / WEIGHT if weight else grouped.size()
    cells: dict[Group, dict[tuple[int, str], float]] = {}
    for key, number in counts.items():
        *group, length, outcome = key
        cells.setdefault(_named(margin, group), {})[(length, outcome)] = number
    for by, sums in sums_by_group.items():
        if by in cells:
            each = Durations(
                dict(by), Incidence(Counts.of(cells[by])), sums, fate_days(definition), bool(weight)
            )
            for e in told(definition, view, each, prefix):
                found[(e.measure, e.statistic, tuple(sorted(e.by.items())))] = (e.value, e.low, e.high, e.n)


def _in_care(found: Answers, open_spans: pd.DataFrame, margin: list[str]) -> None:
    """Days since the last visit of everyone still in care; a complete count has no doubt."""
    waiting = open_spans[open_spans.waiting]
    groups = waiting.groupby(margin, observed=True).days if margin else [((), waiting.days)]
    for key, days in groups:
        ordered = days.sort_values().to_numpy()
        group = _named(margin, key if isinstance(key, tuple) else (key,))
        for name, q in (("median", 0.5), ("p90", 0.9)):
            value = ordered[math.ceil(q * len(ordered) - 1e-9) - 1] if len(ordered) else None
            found[("return_interval", f"in_care_{name}", group)] = (value, value, value, len(ordered))


def _spans(folder: Path, visits: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    visits = visits.assign(rank=0, event="seen")
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
    spans["waiting"] = spans.next_event.isna()
    spans["outcome"] = spans.next_event.map(outcomes).fillna("open").astype("category")
    spans["days"] = (spans.next.fillna(as_of) - spans.day).dt.days
    spans["window_days"] = (as_of - spans.day).dt.days
    return spans


def _per_patient(rows: pd.DataFrame, margin: list[str], columns: list[str]) -> pd.DataFrame:
    return rows.groupby(["patient", *margin], observed=True)[columns].sum()


def _names(pairs: Mapping[str, tuple[str, str]]) -> list[str]:
    return [column for pair in pairs.values() for column in pair]


def _sums(
    clusters: pd.DataFrame, margin: list[str], pairs: Mapping[str, tuple[str, str]]
) -> dict[Group, dict[str, Sums]]:
    found: dict[Group, dict[str, Sums]] = {}
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


def _named(margin: list[str], values: Any) -> Group:
    return tuple(sorted(zip(margin, (str(value) for value in values), strict=True)))


def main() -> None:
    """Answer and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    print(f"{len(answers(parser.parse_args().folder)):,} answers")


if __name__ == "__main__":
    main()
