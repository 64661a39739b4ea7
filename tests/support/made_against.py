"""What a fit shows beside the records, made by hand: weeks followed, books, a change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from careload.model import Against, Books, Changed, Followed
from careload.model.trust.books import Residue
from careload.model.trust.checks.change import Change

FIRST = date(2022, 4, 4)
WEEKS = 91


def made_followed(
    measure: str = "visits", site: str = "", outside: Sequence[int] = (), small: Sequence[int] = ()
) -> Followed:
    """A band from 40 to 60 that holds 50 in all weeks but some, in which 70 happened."""
    middle = np.full(WEEKS, 50.0)
    happened = middle + 4 * np.sin(np.arange(WEEKS))
    happened[list(outside)] = 70.0
    hidden = np.zeros(WEEKS, dtype=bool)
    hidden[list(small)] = True
    return Followed(measure, site, happened, middle, middle - 10, middle + 10, hidden)


def made_against() -> Against:
    """The whole and two sites, of which South is worse; of leavers only the sum is shown."""
    every = range(WEEKS - 1)
    return Against(FIRST, WEEKS, 50, (
        made_followed(), made_followed("caseload", outside=range(9)), made_followed("leavers", small=every),
        made_followed("visits", "North"), made_followed("caseload", "North", small=(3, 4)),
        made_followed("leavers", "North", small=range(WEEKS)),
        made_followed("visits", "South", outside=range(40)), made_followed("caseload", "South", small=(3, 4)),
        made_followed("leavers", "South", small=range(WEEKS)),
    ))


def made_books(strays: int = 60) -> Books:
    """120 in care, 200 came, 180 went, 140 are in care; seven died, at one site or the other."""
    flows = {
        "in care at the start": [120, 70, 50], "opened": [200, 110, 90], "closed: completed": [161, 90, 71],
        "closed: died": [19, 7, 12], "in care at the end": [140, 83, 57], "visits": [900, 500, 400],
    }
    hidden = {name: np.zeros(3, dtype=bool) for name in flows}
    hidden["closed: died"][1:] = hidden["closed: completed"][1:] = True
    return Books(
        date(2022, 1, 3), date(2023, 12, 31), ("North", "South"),
        {name: np.array(own, dtype=float) for name, own in flows.items()}, hidden,
        (Residue("strays", "visits held lie outside every episode of the patient", strays, 900,
                 strays / 900 * 0.8, strays / 900 * 1.2, 0 < strays < 11),),
    )


def made_changed(hidden: Sequence[int] = ()) -> Changed:
    """Visits missed go from a tenth to a fifth in the week from 6 February 2023."""
    week = date(2023, 2, 6)
    days = tuple(FIRST + timedelta(days=7 * place) for place in range(WEEKS))
    values = np.array([0.1 if day < week else 0.2 for day in days])
    values[list(hidden)] = np.nan
    change = Change("share of visits missed", "North", week, 0.1, 0.2, 9.0, 0.0)
    return Changed(change, True, 1, days, values)
