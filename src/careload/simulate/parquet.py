"""What runs counted, as Parquet: every week of every need group and team, and every wait."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from careload.clinic import UsageError, made_folder, whole_file
from careload.simulate.kernel.records import CELL_COUNTS, TEAM_COUNTS
from careload.simulate.many import UNITS, WAITED_FOR, Simulated
from careload.simulate.plan import teams_by_site
from careload.simulate.summary import Summary

FATES = ("seen", "discharged", "lost", "cut_off")
"""How a wait ended, in the order of the kernel's histograms."""
FILES = ("weekly_patients.parquet", "weekly_clinicians.parquet", "intervals.parquet", "estimates.parquet")


def write_parquet(simulated: Simulated, folder: str | os.PathLike[str]) -> Path:
    """Write what runs counted into a folder, which is made if it is not there.

    weekly_patients    replication, week, site, need_group and each count of patients
    weekly_clinicians  replication, week, site, profession, team and each count of clinicians
    intervals          replication, waited_for, unit, fate, site, profession, team, need_group, days, count:
                       waits that opened on a counted day; of intervals the team of the visit they opened with
    estimates          as the JSON answer

    Weeks are numbered from the first that is counted, 0; those of the warm-up are below. Raises `UsageError`
    for runs made without ``by_week``, `CannotWrite` when a file cannot be written.
    """
    if any(summary.by_week is None for summary in simulated.summaries):
        raise UsageError("The runs kept no weeks.", "runs made with by_week=True", "Run them again so.")
    target = made_folder(folder)
    makers: tuple[Callable[[Simulated, Summary], dict[str, Any]], ...] = (_patients, _clinicians, _intervals)
    for name, make in zip(FILES, makers, strict=False):
        _write(target / name, (make(simulated, summary) for summary in simulated.summaries))
    _write(target / FILES[-1], [_estimates(simulated)])
    return target


def _write(path: Path, pieces: Iterable[dict[str, Any]]) -> None:
    """One file, a row group for each replication."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with whole_file(path) as file:
        writer = None
        for piece in pieces:
            table = pa.table(piece)
            writer = writer or pq.ParquetWriter(file, table.schema, compression="zstd")
            writer.write_table(table)
        if writer is not None:
            writer.close()


def _patients(simulated: Simulated, summary: Summary) -> dict[str, Any]:
    assert summary.by_week is not None
    needs, sites = list(simulated.service["need"]), list(simulated.service["site"])
    weeks = len(summary.by_week.cells)
    return {
        **_weeks(summary, weeks, len(needs) * len(sites)),
        "site": _words(np.tile(np.repeat(np.arange(len(sites)), len(needs)), weeks), sites),
        "need_group": _words(np.tile(np.arange(len(needs)), weeks * len(sites)), needs),
        **{name: summary.by_week.cells[:, :, place].ravel() for place, name in enumerate(CELL_COUNTS)},
    }


def _clinicians(simulated: Simulated, summary: Summary) -> dict[str, Any]:
    assert summary.by_week is not None
    weeks, teams = len(summary.by_week.teams), _teams(simulated)
    every = np.tile(np.arange(len(teams["team"])), weeks)
    return {
        **_weeks(summary, weeks, len(teams["team"])),
        **{column: _words(every, names) for column, names in teams.items()},
        **{name: summary.by_week.teams[:, :, place].ravel() for place, name in enumerate(TEAM_COUNTS)},
    }


def _teams(simulated: Simulated) -> dict[str, list[str]]:
    names = teams_by_site(simulated.service)
    own = [simulated.service["team"][name] for name in names]
    return {"site": [team["site"] for team in own], "profession": [team["profession"] for team in own],
            "team": names}


def _weeks(summary: Summary, weeks: int, each: int) -> dict[str, Any]:
    week = np.arange(weeks, dtype=np.int32) - summary.first
    return {"replication": np.full(weeks * each, summary.replication, dtype=np.int32),
            "week": np.repeat(week, each).astype(np.int32)}


def _intervals(simulated: Simulated, summary: Summary) -> dict[str, Any]:
    which, unit, fate, group, days = np.unravel_index(summary.kept_spans.places, summary.kept_spans.shape)
    needs, sites, teams = list(simulated.service["need"]), list(simulated.service["site"]), _teams(simulated)
    of_team = which != WAITED_FOR["intake_wait"]
    team, cell = np.where(of_team, group // len(needs), 0), np.where(of_team, 0, group)
    site_of_team = np.array([sites.index(site) for site in teams["site"]])
    site = np.where(of_team, site_of_team[team], cell // len(needs))
    none = ~of_team
    return {
        "replication": np.full(len(days), summary.replication, dtype=np.int32),
        "waited_for": _words(which, list(WAITED_FOR)), "unit": _words(unit, list(UNITS)),
        "fate": _words(fate, FATES), "site": _words(site, sites),
        "profession": _words(team, teams["profession"], none), "team": _words(team, teams["team"], none),
        "need_group": _words(group % len(needs), needs),
        "days": days.astype(np.int32), "count": summary.kept_spans.counts,
    }


def _words(places: Any, names: Iterable[str], none: Any = None) -> Any:
    """A column of few words: (rows) places in `names`."""
    import pyarrow as pa

    known = list(dict.fromkeys(names))
    number = np.array([known.index(name) for name in names], dtype=np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(number[places], mask=none), known)


def _estimates(simulated: Simulated) -> dict[str, Any]:
    rows = list(_rows(simulated))
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _rows(simulated: Simulated) -> Iterator[dict[str, Any]]:
    for each in simulated.estimates():
        row = each.as_json()
        by = row.pop("by")
        groups = {column: by.get(column) for column in ("site", "profession", "need_group")}
        yield {key: row[key] for key in ("measure", "statistic")} | groups | {
            key: row[key] for key in ("value", "low", "high", "unit", "n", "interval", "as_of")
        } | {"note": each.note}
