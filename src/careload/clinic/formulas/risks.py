"""A risk of all, split between those exposed and those not: how many of the exits does burnout explain?

    overall = f p1 + (1 - f) p0        f exposed, p1 their risk, p0 the risk of the others
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from careload.clinic.errors import UsageError
from careload.clinic.formulas.inputs import positive, share


@dataclass(frozen=True)
class Split:
    """Risks of two groups.

    unexposed     p0, risk without
    exposed       p1, risk with
    attributable  share of all events that would not be there if everybody had p0: 1 - p0 / overall
    """

    unexposed: float
    exposed: float
    attributable: float


def split_by_risk_ratio(overall: float, exposed_share: float, risk_ratio: float) -> Split:
    """Two risks from one and their ratio: p0 = overall / (1 - f + f RR), p1 = RR p0.

    overall        risk of all, 0 to 1
    exposed_share  f, share of people exposed, 0 to 1
    risk_ratio     RR = p1 / p0, above 0

    Gives a `Split`. Raises UsageError for numbers outside these ranges, and when p1 would be above 1.
    Source: definition (C); RR 2.1, 26 % burned out, 13 % left: Hamidi et al. 2018 (R).
    """
    share("overall", overall)
    share("exposed_share", exposed_share)
    positive("risk_ratio", risk_ratio, "risk per risk")
    unexposed = overall / (1 - exposed_share + exposed_share * risk_ratio)
    return _split(overall, unexposed, risk_ratio * unexposed)


def split_by_odds_ratio(overall: float, exposed_share: float, odds_ratio: float) -> Split:
    """Two risks from one and their odds ratio: the root p0 in 0-1 of

        f OR p0 / (1 - p0 + OR p0) + (1 - f) p0 = overall

    overall        risk of all, 0 to 1
    exposed_share  f, share of people exposed, 0 to 1
    odds_ratio     OR = p1 / (1 - p1) over p0 / (1 - p0), above 0

    Gives a `Split`. Raises UsageError for numbers outside these ranges.
    Source: definition (C); OR 1.57, 53 % burned out, 30 % left: Willard-Grace et al. 2019 (R).
    """
    share("overall", overall)
    f, more = share("exposed_share", exposed_share), positive("odds_ratio", odds_ratio, "odds per odds") - 1
    # a p0^2 + b p0 - overall = 0, in the form of the root that also holds for a = 0
    a = (1 - f) * more
    b = 1 + more * (f - overall)
    unexposed = 2 * overall / (b + math.sqrt(b * b + 4 * a * overall)) if overall else 0.0
    return _split(overall, unexposed, odds_ratio * unexposed / (1 + more * unexposed))


def _split(overall: float, unexposed: float, exposed: float) -> Split:
    if max(unexposed, exposed) > 1 + 1e-12:
        raise UsageError(
            f"A group's risk would be {max(unexposed, exposed):g}.", "risks of at most 1 in both groups",
            "Lower the overall risk or the ratio, or look up whether the ratio is one of odds.",
        )
    return Split(unexposed, exposed, 1 - unexposed / overall if overall else 0.0)
