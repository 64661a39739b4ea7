"""What a plan by months decides, one number each.

    opened[t, m]  posts of team t that are opened in month m                  (whole)
    held[t, m]    posts of t that somebody holds, mean of month m
    vacant[t, m]  posts of t that wait to be filled
    seen[t, c, m] visits a week that t holds with need group and site c
    in_care[c, m] people in care or waiting at the end of month m
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Variables:
    """Where each number stands among all.

    opened, held, vacant  (teams, months)
    seen                  (teams, cells, months); -1 where a team may not treat a cell
    in_care               (cells, months)
    number                how many there are
    """

    opened: Whole
    held: Whole
    vacant: Whole
    seen: Whole
    in_care: Whole
    number: int


def variables(teams: int, months: int, may_treat: NDArray[np.bool_]) -> Variables:
    """The numbers of a plan.

    may_treat  (teams, cells)
    """
    cells = may_treat.shape[1]
    block = teams * months
    opened, held, vacant = (np.arange(block).reshape(teams, months) + place * block for place in range(3))
    seen = np.full((teams, cells, months), -1, dtype=np.int64)
    many = int(may_treat.sum()) * months
    seen[may_treat] = (3 * block + np.arange(many)).reshape(-1, months)
    in_care = 3 * block + many + np.arange(cells * months).reshape(cells, months)
    return Variables(opened, held, vacant, seen, in_care, 3 * block + many + cells * months)
