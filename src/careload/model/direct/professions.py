"""Whom a profession treats, and how long its visits are.

    treats      = need groups of the intakes and returns it holds; one is an exception, and left out, with
                  fewer than EXCEPTION of the visits it had if all professions saw all need groups alike
    visit_hours = minutes of slots for return visits and crises / slots / 60; likewise intakes and groups

Planned minutes, of slots where these are recorded, else of visits; doubt by clinician (`clusters`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.model.belief import Beliefs, Found
from careload.model.clusters import group_ratios
from careload.model.courses import EVERYBODY, seen_alone
from careload.model.direct.teams import posts_of
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.given import within_range

EXCEPTION = 0.05
"""A profession that sees a need group less often than so much of its share sees it as an exception
(assumed)."""
MINUTES, HALF_A_MINUTE = 60, 0.5
UNLIKE = 0.2
"""Relative standard deviation of the length of one visit among those of a clinician (assumed)."""
UNSEEN = "No visit of theirs is recorded: taken to treat all who ask at their sites."
LENGTHS = {
    "visit_hours": ("return", "crisis", "other"), "intake_hours": ("intake",), "group_hours": ("group",),
}
TREATS = "need groups of the intakes and return visits it held; less than a twentieth of its share: exception"

Seen = dict[tuple[str, str, str], float]
"""Site, profession, need group to visits."""


@within_range
def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Need groups treated and hours of visits, by profession that has posts."""
    teams = posts_of(evidence)
    places = list(zip(teams["site"].tolist(), teams["profession"].tolist(), strict=True))
    yield from _treats(evidence, places, dict(zip(places, teams["posts"].tolist(), strict=True)))
    for name, kinds in LENGTHS.items():
        yield from _lengths(evidence, name, kinds, {profession for _, profession in places})


def _treats(
    evidence: Evidence, places: list[tuple[str, str]], posts: dict[tuple[str, str], int]
) -> Iterator[Found]:
    seen = _seen(evidence)
    treated = treated_needs(seen, [profession for _, profession in places])
    asked = _asked(evidence)
    unseen = {profession for profession, needs in treated.items() if not needs}
    for site, profession in places:
        treated[profession] |= {need for where, need in asked if where == site and profession in unseen}
    left_over = with_somebody_for_everyone(treated, seen, posts, asked)
    for profession, needs in treated.items():
        own = {need: sum(n for (_, who, what), n in seen.items() if (who, what) == (profession, need))
               for need in sorted({what for _, who, what in seen if who == profession} | needs)}
        rare = [need for need in own if need not in needs]
        said = [UNSEEN] if profession in unseen else []
        if rare:
            said.append(f"Exceptions, left out: {', '.join(rare)}.")
        added = sorted(left_over.get(profession, ()))
        if added:
            said.append(f"At one site nobody else is there for {', '.join(added)}.")
        if needs:
            counts = {f"visits for {need}": int(number) for need, number in own.items()}
            yield Found(f"profession.{profession}.treats", tuple(sorted(needs)), TREATS, counts,
                        note=" ".join(said))


def treated_needs(seen: Seen, professions: list[str]) -> dict[str, set[str]]:
    """By profession, the need groups it sees more than as an exception."""
    whole = sum(seen.values())
    of_need = {need: sum(n for (_, _, what), n in seen.items() if what == need) for _, _, need in seen}
    found: dict[str, set[str]] = {}
    for profession in dict.fromkeys(professions):
        own = {need: sum(n for (_, who, what), n in seen.items() if (who, what) == (profession, need))
               for need in of_need}
        number = sum(own.values())
        found[profession] = {need for need, n in own.items()
                             if n > 0 and n >= EXCEPTION * number * of_need[need] / whole}
    return found


def with_somebody_for_everyone(
    treated: dict[str, set[str]], seen: Seen, posts: dict[tuple[str, str], int], asked: list[tuple[str, str]]
) -> dict[str, set[str]]:
    """Add to `treated` who sees most, at each site, of a need group somebody asked for and nobody there
    treats.

    asked  (site, need group) of everybody who asked or was seen

    Returns what was added.
    """
    added: dict[str, set[str]] = {}
    for site, need in asked:
        here = [profession for where, profession in posts if where == site]
        if not here or any(need in treated[profession] for profession in here):
            continue
        most = max(here, key=lambda who: (seen.get((site, who, need), 0), posts[site, who]))
        treated[most].add(need)
        added.setdefault(most, set()).add(need)
    return added


def _seen(evidence: Evidence) -> Seen:
    rows = evidence.courses.visits
    rows = evidence.staffing.theirs(rows.filter(seen_alone(rows)))
    found = columns_of(rows.group_by("site", "profession", "need").agg(visits=rows.count()))
    names = (found[name].tolist() for name in ("site", "profession", "need"))
    return dict(zip(zip(*names, strict=True), found["visits"].astype(float), strict=True))


def _asked(evidence: Evidence) -> list[tuple[str, str]]:
    """Site and need group of everybody who asked or was seen."""
    rows = evidence.view.due
    rows = rows.filter(rows.status.isin(["completed", "no_show"])).select("patient", "clinician")
    rows = rows.left_join(evidence.courses.needs, "patient").drop("patient_right")
    visits = evidence.staffing.theirs(rows.mutate(need=rows.need.fill_null(EVERYBODY))).select("site", "need")
    if evidence.records.has("referrals"):
        visits = visits.union(_requests(evidence))
    found = columns_of(visits.distinct().order_by("site", "need"))
    return list(zip(found["site"].tolist(), found["need"].tolist(), strict=True))


def _requests(evidence: Evidence) -> ir.Table:
    rows = evidence.view.table("referrals")
    rows = rows.filter(rows.requested_at.date() <= ibis.literal(evidence.as_of))
    rows = rows.left_join(evidence.courses.needs, "patient").drop("patient_right")
    return rows.select(site=rows.site.fill_null(EVERYBODY), need=rows.need.fill_null(EVERYBODY))


def _lengths(
    evidence: Evidence, name: str, kinds: tuple[str, ...], professions: set[str]
) -> Iterator[Found]:
    """Hours of one kind of visit, by profession."""
    found = _minutes(evidence, kinds)
    kept = np.isin(found["profession"], list(professions))
    found = {key: each[kept] for key, each in found.items()}
    own = sorted(set(found["profession"].tolist()))
    if not own:
        return
    group = np.array([own.index(each) for each in found["profession"].tolist()], dtype=np.int64)
    number = found["number"].astype(float)
    chance = evidence.generator(name)
    minutes, draws = group_ratios(group, found["minutes"].astype(float), number, chance, within=UNLIKE)
    # Minutes are written whole: half of one either way is not known.
    draws = draws + chance.uniform(-HALF_A_MINUTE, HALF_A_MINUTE, draws.shape)
    for place, profession in enumerate(own):
        mine = group == place
        counts = {"slots or visits": int(number[mine].sum()), "clinicians": int(mine.sum())}
        yield Found(f"profession.{profession}.{name}", float(minutes[place]) / MINUTES,
                    "planned minutes / 60, mean", counts, draws[place] / MINUTES)


def _minutes(evidence: Evidence, kinds: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """By clinician: profession, planned minutes of slots or visits of some kinds, and their number."""
    slots = evidence.has("slots.minutes") and evidence.has("slots.clinician")
    rows = evidence.records.tables["slots"] if slots else evidence.view.due
    if not slots and not evidence.has("appointments.minutes"):
        return {name: np.zeros(0) for name in ("profession", "minutes", "number")}
    kind = rows.kind.fill_null("return")
    rows = evidence.staffing.theirs(rows.filter(kind.isin(list(kinds)) & (rows.minutes > 0)))
    table = rows.group_by("profession", "clinician").agg(minutes=rows.minutes.sum(), number=rows.count())
    return columns_of(table.order_by("profession", "clinician"))


FAMILY = Family("professions", ("appointments.starts_at",), find)
