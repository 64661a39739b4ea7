"""Those who left before the records began and ask again within them: nobody can tell them from new patients.

    asking again a day, t days after the first = sum over ways of leaving  L share q^t,   q = 1 - 1/mean
    still to ask again after T days            = the same sum of  L share mean q^T
    L = ends of care a day, by way: as many are taken to have left before as leave within the records

with the shares and the mean of `coming_back`, by need group and site; of those who stayed away only the part
that dropped out comes back so. Without it every service looks as if it had more new patients in its first
months, and as if there were fewer each year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import numpy as np
from numpy.typing import NDArray

from careload.model.belief import Beliefs, Draws
from careload.model.courses import EVERYBODY
from careload.model.direct.coming_back import WAYS, coming_back
from careload.model.evidence import Evidence, columns_of

_ = ibis._
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class LeftBefore:
    """Of one need group and site.

    pace  (draws,) asking again a day when the records begin
    stay  (draws,) q: still away a day later
    """

    pace: Draws
    stay: Draws

    def asking(self, days: int) -> Numbers:
        """(days,) asking again on each of so many days from the first on, at the middle of the draws."""
        return np.asarray(float(np.median(self.pace)) * float(np.median(self.stay)) ** np.arange(days))

    def asked(self, days: int) -> Draws:
        """(draws,) all of these."""
        return np.asarray(self.pace * -np.expm1(days * np.log(self.stay)) / (1 - self.stay))

    def to_come(self, days: int) -> Draws:
        """(draws,) who will ask again after so many days."""
        return np.asarray(self.pace * self.stay**days / (1 - self.stay))


def left_before(evidence: Evidence, so_far: Beliefs) -> Mapping[tuple[str, str], LeftBefore]:
    """By need group and site; nothing where nobody asked again, or nobody wrote down who left."""
    if not (evidence.has("referrals.requested_at") and evidence.has("episodes.closed_on")):
        return {}
    spells = evidence.courses.spells
    within = spells.end_day.between(evidence.first, evidence.as_of)
    ends = spells.filter(spells.end.isin(list(WAYS)) & within)
    ends = ends.group_by("need", site=ends.site.fill_null(EVERYBODY), way=ends.end)
    table = columns_of(ends.agg(people=_.patient.count()).order_by("need", "site", "way"))
    found: dict[tuple[str, str], LeftBefore] = {}
    for need, site, way, people in zip(
        *(table[name].tolist() for name in ("need", "site", "way", "people")), strict=True
    ):
        back = coming_back(need, way, so_far)
        if back is None:
            continue
        odds, stay = back
        pace = people / evidence.days * odds
        before = found.get((need, site))
        found[need, site] = LeftBefore(pace + (before.pace if before else 0.0), stay)
    return found
