"""Ten years of a fictional region the size of the strike, as canonical Parquet.

    python benchmarks/region.py FOLDER [--rows 26000000] [--seed 1]

About 2,000 posts, 250,000 people in care at once and 26 million appointments at full
size; smaller sizes are smaller regions over the same ten years. Return visits come
after four to six weeks. Every number is an invention: only size and shape matter here.
Made in chunks of episodes, so memory stays below 2 GB at any size; same seed, same rows.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from region_posts import Posts, make_posts, staff_tables
from region_words import (
    AS_OF,
    BOOKED,
    BY_CLINIC,
    BY_PATIENT,
    COMPLETED,
    COVERAGES,
    DAY_US,
    EPISODES_PER_CHUNK,
    EPISODES_PER_POST_AND_YEAR,
    FIRST,
    HOUR_US,
    KINDS,
    LANGUAGES,
    MINUTE_US,
    NEEDS,
    NO_SHOW,
    PROFESSIONS,
    REASONS,
    ROWS_PER_POST,
    SITES,
    STATUS,
    WARM_UP,
    YEARS,
    Ints,
    dates,
    ids,
    nulls,
    stamps,
    words,
)


@dataclass(frozen=True)
class Episodes:
    """Episodes of a chunk: number, patient, post, opening day."""

    number: Ints
    patient: Ints
    post: Ints
    opened: Ints


def chunks(rng_seed: int, posts: Posts, number: int) -> Iterator[dict[str, pa.Table]]:
    """Tables of one chunk after another, in order of opening."""
    episodes = round(EPISODES_PER_POST_AND_YEAR * number * YEARS)
    first_row = 0
    for place, start in enumerate(range(0, episodes, EPISODES_PER_CHUNK)):
        rng = np.random.default_rng([rng_seed, place])
        size = min(EPISODES_PER_CHUNK, episodes - start)
        when = np.sort(rng.random(size)) * size + start
        patient = np.arange(start, start + size)
        opened = (FIRST - WARM_UP + when / episodes * (AS_OF - FIRST + WARM_UP)).astype(np.int64)
        episode = Episodes(2 * patient, patient, rng.integers(0, number, size), _weekday(opened))
        tables, closed = care(rng, posts, episode, first_row)
        first_row += tables["appointments"].num_rows
        # One in twelve comes back for a second episode.
        back = rng.random(size) < 1 / 12
        again = _weekday(closed + 60 + rng.exponential(300, size).astype(np.int64))
        back &= again < AS_OF
        second = Episodes(2 * patient[back] + 1, patient[back], episode.post[back], again[back])
        more, _ = care(rng, posts, second, first_row)
        first_row += more["appointments"].num_rows
        merged = {name: pa.concat_tables([tables[name], more[name]]) for name in tables}
        shown = pc.unique(pa.concat_arrays(
            [merged[name]["patient"].combine_chunks() for name in ("appointments", "episodes")]
        ))
        merged["patients"] = patients(rng, shown)
        yield merged


def _weekday(day: Ints) -> Ints:
    """Saturday to Friday, Sunday to Monday."""
    weekday = (day + 3) % 7
    return day - (weekday == 5) + (weekday == 6)


def care(
    rng: np.random.Generator, posts: Posts, e: Episodes, first_row: int
) -> tuple[dict[str, pa.Table], Ints]:
    """Tables of some episodes, and their closing days."""
    h = histories(rng, posts, e)
    return {
        "appointments": _appointments(rng, posts, e, h, first_row),
        "episodes": _episodes(rng, e, h),
        "referrals": _referrals(rng, posts, e, h),
        "encounters": _encounters(rng, e, h.closed),
        "outcomes": _outcomes(rng, e.patient[h.owner], h.day, h.shown & (h.status == COMPLETED)),
        "slots": _slots(rng, posts, e, h, first_row),
    }, h.closed


@dataclass(frozen=True)
class Histories:
    """Appointments of some episodes in order: owner is the place of the episode; times in microseconds.

    shown marks what the extract knows; requested, closed and stays are by episode.
    """

    owner: Ints
    first: Any
    day: Ints
    start: Ints
    booked: Ints
    cancelled: Ints
    status: Ints
    rebooked: Any
    shown: Any
    typical: Any
    requested: Ints
    closed: Ints
    stays: Any


def histories(rng: np.random.Generator, posts: Posts, e: Episodes) -> Histories:
    """When everything was booked, cancelled, held or missed."""
    size = len(e.opened)
    visits = 1 + np.minimum(rng.geometric(1 / 11.5, size), 90)
    starts = np.cumsum(visits) - visits
    owner = np.repeat(np.arange(size), visits)
    number = len(owner)
    first = np.zeros(number, bool)
    first[starts] = True

    # Status: no-shows by kind, cancellations by both sides.
    draw = rng.random(number)
    status = np.where(draw < np.where(first, 0.08, 0.13), NO_SHOW, COMPLETED)
    status = np.where((draw >= 0.90) & (draw < 0.965), BY_PATIENT, status)
    status = np.where(draw >= 0.965, BY_CLINIC, status)

    # Gaps: four to six weeks by site after a visit, about two after a missed or cancelled one.
    typical = (26 + posts.site[e.post] * 0.9)[owner]
    after_visit = 5 + typical * rng.gamma(6, 1 / 6, number)
    after_none = 6 + 12 * rng.gamma(3, 1 / 3, number)
    gap = np.where(np.r_[False, status[:-1] == COMPLETED], after_visit, after_none)
    gap[first] = 0
    total = np.cumsum(gap.astype(np.int64))
    day = _weekday(e.opened[owner] + total - np.repeat(total[starts], visits))
    start = day * DAY_US + (8 + rng.integers(0, 9, number)) * HOUR_US

    # Booked at the visit before (one in twelve later), the intake at the request.
    wait = 1 + rng.gamma(2, 2.2, size).astype(np.int64)
    requested = (e.opened - wait) * DAY_US + rng.integers(8 * 60, 17 * 60, size) * MINUTE_US
    previous = np.r_[0, start[:-1]] + 50 * MINUTE_US
    late = rng.random(number) < 1 / 12
    booked = np.where(late, start - rng.integers(1, 5, number) * DAY_US, previous)
    booked = np.maximum(booked, previous)
    booked[starts] = requested + 15 * MINUTE_US
    gone = (status == BY_PATIENT) | (status == BY_CLINIC)
    before = ((start - booked) * rng.random(number) / MINUTE_US).astype(np.int64)
    cancelled = booked + before * MINUTE_US
    rebooked = np.r_[False, gone[:-1]] & ~first
    booked = np.where(rebooked, np.r_[0, cancelled[:-1]] + 10 * MINUTE_US, booked)
    booked = np.minimum(booked, start - MINUTE_US)
    cancelled = np.maximum(np.minimum(cancelled, start - MINUTE_US), booked)

    # On the last day: what lies ahead is booked, unless it is known to be cancelled.
    end = (AS_OF + 1) * DAY_US
    status = np.where((start >= end) & ~(gone & (cancelled < end)), BOOKED, status)
    final = starts + visits - 1
    stays = (status[final] == COMPLETED) & (rng.random(size) < 0.7)
    closed = np.where(stays, day[final], day[final] + 20 + rng.integers(0, 70, size))
    shown = (booked < end) & (day >= FIRST)
    return Histories(
        owner, first, day, start, booked, cancelled, status, rebooked, shown, typical,
        requested, closed, stays,
    )


def _appointments(
    rng: np.random.Generator, posts: Posts, e: Episodes, h: Histories, first_row: int
) -> pa.Table:
    keep = np.flatnonzero(h.shown)
    rows, status, first, post = len(keep), h.status[keep], h.first[keep], e.post[h.owner[keep]]
    attended, gone = status == COMPLETED, (status == BY_PATIENT) | (status == BY_CLINIC)
    missed_intake = np.r_[False, h.first[:-1] & (h.status[:-1] == NO_SHOW)] & ~h.first
    kind = np.where(rng.random(rows) < 0.05, 3, 1)
    kind = np.where(first | missed_intake[keep], 0, kind)
    weeks = np.maximum(1, np.round(0.8 * h.typical[keep] / 7 + rng.normal(0, 1, rows)))
    number = first_row + np.arange(rows)
    requested = np.where(first, h.requested[h.owner[keep]], h.booked[keep])
    replaced = (h.rebooked & np.r_[False, h.shown[:-1]])[keep]
    return pa.table({
        "appointment": ids("a", number),
        "patient": ids("p", e.patient[h.owner[keep]]),
        "clinician": ids("c", posts.holder(post, h.day[keep])),
        "profession": words(PROFESSIONS, posts.profession[post]),
        "site": words(SITES, posts.site[post]),
        "kind": words(KINDS, kind),
        "modality": words(("in person", "video", "phone"), rng.integers(0, 3, rows)),
        "requested_at": stamps(requested),
        "booked_at": stamps(h.booked[keep]),
        "starts_at": stamps(h.start[keep]),
        "minutes": pa.array(np.full(rows, 50.0)),
        "status": words(STATUS, status),
        "cancelled_at": stamps(h.cancelled[keep], gone),
        "first_offered_at": stamps(h.start[keep]),
        "offer_declined": pa.array(rng.random(rows) < 0.06),
        "replaces_appointment": ids("a", number - 1, replaced),
        "prescribed_interval_days": pa.array(7 * weeks.astype(np.int64), mask=~attended),
        "longer_interval_approved_by_clinician": pa.array(rng.random(rows) < 0.05, mask=~attended),
        "group_id": nulls(pa.string(), rows),
    })


def _episodes(rng: np.random.Generator, e: Episodes, h: Histories) -> pa.Table:
    known = h.closed <= AS_OF
    other = rng.choice(7, len(known), p=(0.0, 0.72, 0.08, 0.05, 0.01, 0.09, 0.05))
    reason = np.where(h.stays, 0, other)
    keep = np.flatnonzero((h.closed >= FIRST) & (e.opened <= AS_OF))
    return pa.table({
        "episode": ids("e", e.number[keep]),
        "patient": ids("p", e.patient[keep]),
        "opened_on": dates(e.opened[keep]),
        "closed_on": dates(h.closed[keep], known[keep]),
        "reason": words(REASONS, reason[keep], known[keep]),
    })


def _referrals(rng: np.random.Generator, posts: Posts, e: Episodes, h: Histories) -> pa.Table:
    keep = np.flatnonzero((h.requested >= FIRST * DAY_US) & (h.requested < (AS_OF + 1) * DAY_US))
    seen = e.opened[keep] <= AS_OF
    return pa.table({
        "referral": ids("r", e.number[keep]),
        "patient": ids("p", e.patient[keep]),
        "profession": words(PROFESSIONS, posts.profession[e.post[keep]]),
        "site": words(SITES, posts.site[e.post[keep]]),
        "requested_at": stamps(h.requested[keep]),
        "urgency": words(("routine", "urgent"), (rng.random(len(keep)) < 0.12).astype(np.int64)),
        "preferred_date": nulls(pa.date32(), len(keep)),
        "closed_on": dates(e.opened[keep], seen),
        "outcome": words(("seen",), np.zeros(len(keep), np.int64), seen),
    })


def _slots(rng: np.random.Generator, posts: Posts, e: Episodes, h: Histories, first_row: int) -> pa.Table:
    # Templates are kept for two years; half of the slots given up find somebody else's row.
    gone = (h.status == BY_PATIENT) | (h.status == BY_CLINIC)
    wanted = ~gone | (rng.random(len(gone)) < 0.5)
    keep = np.flatnonzero(h.shown & (h.day > AS_OF - 730) & wanted)
    post, number = e.post[h.owner[keep]], first_row + np.cumsum(h.shown)[keep]
    return pa.table({
        "slot": ids("s", number),
        "clinician": ids("c", posts.holder(post, h.day[keep])),
        "profession": words(PROFESSIONS, posts.profession[post]),
        "site": words(SITES, posts.site[post]),
        "kind": words(KINDS, np.where(h.first[keep], 0, 1)),
        "starts_at": stamps(h.start[keep]),
        "minutes": pa.array(np.full(len(keep), 50.0)),
        "status": words(("busy", "free"), gone[keep].astype(np.int64)),
        "capacity": pa.array(np.ones(len(keep), np.int64)),
    })


def _encounters(rng: np.random.Generator, e: Episodes, closed: Ints) -> pa.Table:
    when = e.opened + (rng.random(len(e.opened)) * (closed - e.opened + 1)).astype(np.int64)
    chosen = np.flatnonzero((rng.random(len(when)) < 0.12) & (when >= FIRST) & (when <= AS_OF))
    start = when[chosen] * DAY_US + rng.integers(0, 1440, len(chosen)) * MINUTE_US
    kind = rng.choice(3, len(chosen), p=(0.8, 0.15, 0.05))
    days = np.where(kind == 1, rng.integers(2, 15, len(chosen)), 0)
    return pa.table({
        "encounter": ids("x", e.number[chosen]),
        "patient": ids("p", e.patient[chosen]),
        "kind": words(("ed", "inpatient", "crisis"), kind),
        "starts_at": stamps(start),
        "ends_at": stamps(start + days * DAY_US + 6 * HOUR_US),
    })


def _outcomes(rng: np.random.Generator, patient: Ints, day: Ints, attended: Any) -> pa.Table:
    chosen = np.flatnonzero(attended & (rng.random(len(day)) < 0.1) & (day <= AS_OF))
    return pa.table({
        "patient": ids("p", patient[chosen]),
        "instrument": words(("PHQ-9", "GAD-7"), rng.integers(0, 2, len(chosen))),
        "score": pa.array(rng.integers(0, 22, len(chosen)).astype(np.float64)),
        "risk_item": pa.array(rng.integers(0, 3, len(chosen)).astype(np.float64)),
        "measured_on": dates(day[chosen]),
    })


def patients(rng: np.random.Generator, shown: pa.Array) -> pa.Table:
    """The patients of a chunk and their equity columns."""
    size = len(shown)
    return pa.table({
        "patient": shown,
        "need_group": words(NEEDS, rng.choice(5, size, p=(0.36, 0.28, 0.14, 0.14, 0.08))),
        "language": words(LANGUAGES, rng.choice(5, size, p=(0.72, 0.17, 0.05, 0.03, 0.03))),
        "coverage": words(COVERAGES, rng.choice(3, size, p=(0.6, 0.28, 0.12))),
        "birth_year": pa.array(rng.integers(1935, 2008, size)),
        "age": nulls(pa.int64(), size),
        "area": words(tuple(f"Area {n:02d}" for n in range(60)), rng.integers(0, 60, size)),
        "died_on": nulls(pa.date32(), size),
    })


def write_region(folder: Path, rows: int, seed: int = 1) -> dict[str, int]:
    """Write the region's tables into `folder`; returns rows by table."""
    folder.mkdir(parents=True, exist_ok=True)
    number = max(20, round(rows / ROWS_PER_POST))
    rng = np.random.default_rng([seed, 1_000_000])
    posts = make_posts(rng, number)
    writers: dict[str, pq.ParquetWriter] = {}
    count: dict[str, int] = {}

    def write(tables: dict[str, pa.Table]) -> None:
        for name, table in tables.items():
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema, compression="zstd")
                count[name] = 0
            writers[name].write_table(table, row_group_size=250_000)
            count[name] += table.num_rows

    write(staff_tables(rng, posts))
    for tables in chunks(seed, posts, number):
        write(tables)
    for writer in writers.values():
        writer.close()
    return count


def main() -> None:
    """Read the command line, write, say what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=26_000_000, help="appointments, about")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.perf_counter()
    count = write_region(options.folder, options.rows, options.seed)
    for name, rows in sorted(count.items()):
        print(f"{name:14} {rows:>12,}")
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
