"""Waits of new mental-health patients at VA facilities: weeks 1 to 4 rank the facilities of weeks 5 to 8.

How much each facility leans on all was chosen within weeks 1 to 4 (weeks 1 to 3 against week 4, 1 and 2
against 3 and 4). The values are rolling averages: four weeks of a facility say hardly more than one. The gain
in ranks is small, since facilities differ far more than their own weeks do; the gain in days is not.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from careload.model.ranking import among_highest, pooled_means

TYPE = "MENTAL HEALTH INDIVIDUAL"
WEEKS = 8


@pytest.fixture(scope="module")
def waits(data: Path) -> np.ndarray:
    """(facilities, weeks) days of new patients; exact repetitions of a row are dropped, N/A is unknown."""
    file = data / "va_access_wait_times" / "va_wait_times_weeks_1_to_8.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        rows = {
            (row["facility_name"], row["collection_date"], row["new_patient_wait_days"])
            for row in csv.DictReader(lines) if row["appointment_type"] == TYPE
        }
    names, weeks = (sorted({row[place] for row in rows}) for place in (0, 1))
    assert len({row[:2] for row in rows}) == len(rows), "one value for a facility and week"
    found = np.full((len(names), len(weeks)), np.nan)
    for name, week, days in rows:
        if days:
            found[names.index(name), weeks.index(week)] = float(days)
    return found


@pytest.fixture(scope="module")
def halves(waits: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Raw and pooled of weeks 1 to 4, and the mean of weeks 5 to 8, of facilities known in both."""
    both = (~np.isnan(waits[:, :4])).any(axis=1) & (~np.isnan(waits[:, 4:])).any(axis=1)
    draws = pooled_means(waits[:, :4], np.random.default_rng(1), overlapping=True)[both]
    return np.nanmean(waits[both, :4], axis=1), np.median(draws, axis=1), np.nanmean(waits[both, 4:], axis=1)


def test_the_data(waits: np.ndarray) -> None:
    """744 facilities in 15 weeks, a fifth of the waits missing (SOURCE.txt); eight weeks of them are here."""
    assert waits.shape[1] == WEEKS
    assert 700 <= waits.shape[0] <= 744
    assert 0.15 < np.isnan(waits).mean() < 0.25


def test_pooling_ranks_better_than_raw_means(halves: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    raw, pooled, later = halves
    ranks = {name: spearmanr(each, later).statistic for name, each in (("raw", raw), ("pooled", pooled))}
    errors = {name: np.sqrt(np.mean((each - later) ** 2))
              for name, each in (("raw", raw), ("pooled", pooled))}
    print(f"{len(later)} facilities; Spearman raw {ranks['raw']:.4f}, pooled {ranks['pooled']:.4f}; root of "
          f"the mean square raw {errors['raw']:.2f}, pooled {errors['pooled']:.2f} days; worst tenth found "
          f"raw {_found(raw, later):.1%}, pooled {_found(pooled, later):.1%}")
    assert ranks["pooled"] > ranks["raw"]
    assert errors["pooled"] < 0.97 * errors["raw"]
    assert np.abs(pooled - later).mean() < np.abs(raw - later).mean()
    assert _found(pooled, later) >= _found(raw, later)


def test_it_does_so_whichever_facilities_there_are(
    halves: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    """In more than eight of ten samples of facilities drawn with replacement; in days in nearly all."""
    chance, better = np.random.default_rng(2), []
    for _ in range(400):
        raw, pooled, later = (each[which] for which in [chance.integers(0, len(halves[0]), len(halves[0]))]
                              for each in halves)
        better.append((spearmanr(pooled, later).statistic > spearmanr(raw, later).statistic,
                       ((pooled - later) ** 2).sum() < ((raw - later) ** 2).sum()))
    ranked, nearer = np.mean(better, axis=0)
    print(f"better ranks in {ranked:.1%}, nearer in {nearer:.1%} of samples")
    assert ranked > 0.8 and nearer > 0.95


def test_a_chance_to_be_among_the_worst_tenth_is_what_it_says(waits: np.ndarray) -> None:
    """Of facilities told surely not among them few are later, of those told surely among them most."""
    chance = among_highest(pooled_means(waits[:, :4], np.random.default_rng(1), overlapping=True))
    later = np.array([np.nan if np.isnan(row).all() else np.nanmean(row) for row in waits[:, 4:]])
    both = ~np.isnan(chance) & ~np.isnan(later)
    worst = later[both] >= np.quantile(later[both], 0.9)
    assert worst[chance[both] < 0.02].mean() < 0.05
    assert worst[chance[both] > 0.9].mean() > 0.6


def _found(told: np.ndarray, later: np.ndarray) -> float:
    """Share of the worst tenth later that the list had in its worst tenth."""
    number = round(len(later) / 10)
    return len(set(np.argsort(-told)[:number]) & set(np.argsort(-later)[:number])) / number
