"""Who treats whom where several professions may: at each site a small linear program.

    x[n, p]   people of need group n a week whom profession p treats          (0 or more)
    y[p]      FTE of profession p more than there are                         (0 or more)

    least     sum over p of price[p] x y[p]
    such that sum over p of x[n, p] = asking[n]                               for each n: nobody is left out
              sum over n of hours[n, p] x x[n, p] <= room[p] x (now[p] + y[p])     for each p
              sum over n of weeks[n] x x[n, p] <= most[p] x (now[p] + y[p])        for each p
    x[n, p] is there only where p may treat n;  price = hours paid, or pay, of an FTE and week

Posts that are there stay (`keep`); otherwise now[p] = 0 and everything is asked anew. Often several splits
cost about the same. Of those within one per cent of the least (assumed: nobody changes who treats whom for
less) the one is taken that is nearest to the mix of today:

    least     sum over p of d[p],   d[p] >= |load[p] - k now[p]|,   load[p] = sum of hours x / room,   k free

The shadow price of a need group is what one more referral a week adds to the least; that of a profession
is what one FTE more of it would take off the least. Both are 0 where there is room already.

Source: linear programming (textbooks, M), solved by HiGHS through `scipy.optimize.linprog`; checked by hand
in the tests (C).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.clinic import SettingsError

Numbers = NDArray[np.float64]
HARDLY, NEAR = 1e-9, 0.01


@dataclass(frozen=True)
class Site:
    """What is to be split at a site.

    needs, professions  their names
    asking  (need,) people a week
    hours   (need, profession) hours one of them causes; nan where the profession may not treat
    weeks   (need,) weeks that one of them is in care
    room    (profession,) hours for patients per FTE and week, less what is kept free
    most    (profession,) patients per FTE
    now     (profession,) FTE that stay
    mix     (profession,) FTE of today, which ties lean on
    price   (profession,) of an FTE and week
    """

    name: str
    needs: Sequence[str]
    professions: Sequence[str]
    asking: Numbers
    hours: Numbers
    weeks: Numbers
    room: Numbers
    most: Numbers
    now: Numbers
    mix: Numbers
    price: Numbers


@dataclass(frozen=True)
class Split:
    """Who treats whom, and what more would cost.

    treated      (need, profession) people a week
    more         (profession,) FTE more than stay
    price        least price of all that is more, per week
    per_person   (need,) shadow price: of one more person a week
    per_fte      (profession,) shadow price: what one FTE more that stays would take off
    """

    treated: Numbers
    more: Numbers
    price: float
    per_person: Numbers
    per_fte: Numbers


def split(site: Site) -> Split:
    """The cheapest way to treat all who ask at a site, nearest to the mix of today.

    Raises `SettingsError` where nobody may treat a need group that is asked for.
    """
    somebody_for_everyone(site)
    if not site.needs:
        none = np.zeros(len(site.professions))
        return Split(np.zeros((0, len(none))), none, 0.0, np.zeros(0), none)
    may = np.argwhere(~np.isnan(site.hours))
    whose, who = may[:, 0], may[:, 1]
    loads = np.zeros((len(site.professions), len(may)))
    loads[who, np.arange(len(may))] = site.hours[whose, who] / site.room[who]
    everyone = np.zeros((len(site.needs), len(may)))
    everyone[whose, np.arange(len(may))] = 1.0
    caseloads = np.zeros(loads.shape)
    caseloads[who, np.arange(len(may))] = site.weeks[whose] / site.most[who]
    cheapest = _cheapest(site, everyone, loads, caseloads)
    treated = np.zeros(site.hours.shape)
    treated[whose, who] = np.maximum(
        0.0, _nearest(site, everyone, loads, caseloads, float(cheapest.fun)))
    asked = np.maximum(np.nansum(treated * site.hours, axis=0) / site.room, site.weeks @ treated / site.most)
    return Split(
        treated, np.maximum(0.0, asked - site.now), float(cheapest.fun), np.abs(cheapest.eqlin.marginals),
        # One FTE more makes room in hours and on caseloads.
        np.abs(cheapest.ineqlin.marginals).reshape(2, -1).sum(axis=0),
    )


def somebody_for_everyone(site: Site) -> None:
    """Raise the error that nobody at a site may treat a need group."""
    for place, need in enumerate(site.needs):
        if np.isnan(site.hours[place]).all():
            raise SettingsError(
                f"{site.asking[place]:.3g} people a week ask at {site.name} for care of {need}; "
                f"of the professions there ({', '.join(site.professions) or 'none'}) none may treat it.",
                f"a team at {site.name} of a profession that treats {need}",
                "Add a team, or give these referrals to another site; they are never left out.",
            )


def _cheapest(site: Site, everyone: Numbers, loads: Numbers, caseloads: Numbers) -> Any:
    people, staff = everyone.shape[1], len(site.professions)
    return _solve(
        site, cost=np.concatenate([np.zeros(people), site.price]),
        equal=(np.hstack([everyone, np.zeros((len(site.needs), staff))]), site.asking),
        at_most=(
            np.hstack([np.vstack([loads, caseloads]), -np.vstack([np.eye(staff)] * 2)]),
            np.concatenate([site.now, site.now]),
        ),
    )


def _nearest(
    site: Site, everyone: Numbers, loads: Numbers, caseloads: Numbers, price: float
) -> Numbers:
    """Of all splits of about that price the one nearest to the mix of today: (people,)."""
    people, staff = everyone.shape[1], len(site.professions)
    none, unit, mix = np.zeros((staff, staff)), np.eye(staff), site.mix[:, None]
    # Columns: people, FTE more, distances, growth.
    rows = [
        np.hstack([loads, -unit, none, np.zeros((staff, 1))]),
        np.hstack([caseloads, -unit, none, np.zeros((staff, 1))]),
        np.hstack([loads, none, -unit, -mix]),
        np.hstack([-loads, none, -unit, mix]),
        np.concatenate([np.zeros(people), site.price, np.zeros(staff + 1)])[None],
    ]
    limits = np.concatenate([site.now, site.now, np.zeros(2 * staff), [price * (1 + NEAR) + HARDLY]])
    found = _solve(
        site, cost=np.concatenate([np.zeros(people + staff), np.ones(staff), [0.0]]),
        equal=(np.hstack([everyone, np.zeros((len(site.needs), 2 * staff + 1))]), site.asking),
        at_most=(np.vstack(rows), limits),
    )
    return np.asarray(found.x[:people])


def _solve(
    site: Site, cost: Numbers, equal: tuple[Numbers, Numbers], at_most: tuple[Numbers, Numbers]
) -> Any:
    # Imported here: solving takes longer to load than a whole `careload --help`.
    from scipy.optimize import linprog

    found: Any = linprog(
        cost, A_ub=at_most[0], b_ub=at_most[1], A_eq=equal[0], b_eq=equal[1], bounds=(0, None),
        method="highs",
    )
    if found.status != 0:
        raise SettingsError(
            f"Who treats whom at {site.name} could not be settled: {found.message}", "numbers of a like size",
            "Look for hours or referrals that are a million times larger than others.",
        )
    return found
