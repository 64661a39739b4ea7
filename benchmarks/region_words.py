"""The words and the calendar of the region, and how its columns are written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Ints = np.ndarray[Any, np.dtype[np.int64]]

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
FIRST = int(np.datetime64("2015-01-01", "D").astype(int))
AS_OF = int(np.datetime64("2024-12-31", "D").astype(int))
WARM_UP = 4 * 365
YEARS = (AS_OF - FIRST + WARM_UP) / 365.25
ROWS_PER_POST, EPISODES_PER_POST_AND_YEAR = 13_000, 96.0
EPISODES_PER_CHUNK = 60_000

SITES = tuple(f"Site {number:02d}" for number in range(1, 21))
PROFESSIONS = (
    "psychologist", "therapist", "social worker", "addiction counsellor",
    "psychiatrist", "nurse practitioner",
)
NEEDS = ("depression", "anxiety", "trauma", "substance use", "psychosis or bipolar")
LANGUAGES = ("English", "Spanish", "Cantonese", "Vietnamese", "Tagalog")
COVERAGES = ("commercial", "Medicaid", "Medicare")
KINDS = ("intake", "return", "group", "crisis", "other")
STATUS = ("completed", "no_show", "cancelled_by_patient", "cancelled_by_clinic", "booked")
REASONS = ("completed", "dropped", "referred_out", "admitted", "died", "lost_coverage", "administrative")
COMPLETED, NO_SHOW, BY_PATIENT, BY_CLINIC, BOOKED = range(5)


def words(values: tuple[str, ...], places: Ints, valid: Any = None) -> pa.Array:
    """A column of words from their places."""
    indices = pa.array(places.astype(np.int32), mask=None if valid is None else ~valid)
    return pa.DictionaryArray.from_arrays(indices, pa.array(values)).cast(pa.string())


def ids(letter: str, numbers: Ints, valid: Any = None) -> pa.Array:
    """A column of ids: a letter and a number of nine digits."""
    digits = pc.utf8_lpad(pa.array(numbers, mask=None if valid is None else ~valid).cast(pa.string()), 9, "0")
    return pc.binary_join_element_wise(letter, digits, "")


def stamps(microseconds: Ints, valid: Any = None) -> pa.Array:
    """A column of timestamps."""
    return pa.array(microseconds, mask=None if valid is None else ~valid).cast(pa.timestamp("us"))


def dates(days: Ints, valid: Any = None) -> pa.Array:
    """A column of dates."""
    return pa.array(days.astype(np.int32), mask=None if valid is None else ~valid).cast(pa.date32())


def nulls(kind: pa.DataType, number: int) -> pa.Array:
    """A column of nothing."""
    return pa.nulls(number, kind)
