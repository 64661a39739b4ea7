"""Who has left and will ask for care again, on the first day.

    away = sum over those who left d days ago and are not back of  share q^d / (1 - share (1 - q^d)),
    q = 1 - 1/mean

with the shares and the mean of `coming_back`, by need group and site; of those who stayed away only the part
that dropped out comes back so. To them are added those who left before the records began (`left_before`). A
run that begins without them lacks the patients who will return to it.
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import numpy as np
from numpy.typing import NDArray

from careload.model.belief import NUMBER_OF_DRAWS, Beliefs, Draws, Found
from careload.model.courses import EVERYBODY
from careload.model.direct.coming_back import WAYS, coming_back
from careload.model.direct.left_before import left_before
from careload.model.evidence import Evidence, columns_of

_ = ibis._
Numbers = NDArray[np.float64]


def still_away(evidence: Evidence, so_far: Beliefs, sites: set[str]) -> Iterator[Found]:
    """By need group and site, how many of those who left are still to ask again.

    so_far  the shares and the mean, as found; of a need group without them nothing is said
    sites   those that have a team: nobody comes back to another
    """
    left, before = _left(evidence), left_before(evidence, so_far)
    for need, site in dict.fromkeys(zip(left["need"].tolist(), left["site"].tolist(), strict=True)):
        if site not in sites:
            continue
        own = (left["need"] == need) & (left["site"] == site)
        away = np.zeros(NUMBER_OF_DRAWS)
        for way in WAYS:
            these = own & (left["way"] == way)
            days, people = (left[name][these].astype(float) for name in ("days", "people"))
            away = away + _to_come(need, way, days, people, so_far)
        if (need, site) in before:
            away = away + before[need, site].to_come(evidence.days)
        if away.any():
            yield Found(f"need.{need}.away.{site}", float(np.median(away)),
                        "those who left and are not back, each by the chance still to come",
                        {"ends of care": int(left["people"][own].sum())}, away)


def _to_come(need: str, way: str, days: Numbers, people: Numbers, so_far: Beliefs) -> Draws:
    found = coming_back(need, way, so_far)
    if found is None:
        return np.zeros(NUMBER_OF_DRAWS)
    odds, gone = found[0][:, None], found[1][:, None] ** days
    return np.asarray((odds * gone / np.maximum(1 - odds * (1 - gone), 1e-12)) @ people)


def _left(evidence: Evidence) -> dict[str, NDArray[np.generic]]:
    """need, site, way, days since (by weeks, at their middle), people: who left and has not asked again."""
    spells = evidence.courses.spells
    ends = spells.filter(spells.end.isin(list(WAYS)) & (spells.end_day <= evidence.as_of))
    ends = ends.select("patient", "need", "end_day", site=ends.site.fill_null(EVERYBODY), way=ends.end)
    asked = spells.filter(spells.opened == "asked").select(whose="patient", asked="day")
    gone = ends.anti_join(asked, [ends.patient == asked.whose, asked.asked > ends.end_day])
    days = ibis.literal(evidence.as_of).delta(gone.end_day, unit="day").cast("int64")
    weeks = (days / 7).floor().cast("int64") * 7 + 3
    table = gone.group_by("need", "site", "way", days=weeks).agg(people=_.patient.count())
    return columns_of(table.order_by("need", "site", "way", "days"))
