"""What a pay rise buys: pay against prices."""

from __future__ import annotations

import math
from collections.abc import Sequence

from careload.clinic.errors import UsageError
from careload.clinic.formulas.inputs import positive


def real_change(raises: Sequence[float], prices_before: float, prices_after: float) -> float:
    """The change of real pay: prod (1 + raise_i) / (prices after / prices before) - 1.

    raises         raises one after another, .04 for 4 %; each above -1, shape (raises,)
    prices_before  price index when pay was last the old one, above 0
    prices_after   the same index now, above 0

    Gives a share: -.04 is 4 % less than before. Raises UsageError for numbers outside these ranges.
    Source: definition (C).
    """
    positive("prices_before", prices_before, "points of the index")
    positive("prices_after", prices_after, "points of the index")
    for place, each in enumerate(raises, 1):
        if not -1 < each < math.inf:
            raise UsageError(f"Raise {place} is {each:g}.", "a number above -1", "Give .04 for 4 %.")
    return math.prod(1 + each for each in raises) * prices_before / prices_after - 1
