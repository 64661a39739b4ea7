"""The fit beside the records, week by week: a picture of each measure, how often the bands hold, by site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from careload.clinic import SMALLEST_GROUP, plural
from careload.model.belief import LEVEL
from careload.model.early import RUN_IN
from careload.model.report.bands import Band, draw_band
from careload.model.report.figures import ends, per_cent, rounded
from careload.model.report.forecasts import TITLES
from careload.model.report.picture import Picture
from careload.model.trust.against import EVERYWHERE, Against, Followed, share_held
from careload.model.trust.weeks_seen import MEASURES
from careload.page import NBSP, NOT_A_NUMBER, Cell, Column, DataTable, day, sentence

NAMES = {**TITLES, "referrals": "referrals per week", "leavers": "clinicians who have left"}
OF_CLINICIANS = ("leavers",)
KEYS = {"band": "nine runs in ten", "middle": "their middle", "inside": "the records",
        "outside": "outside the band"}
MOST_SITES = 3
"""Sites whose pictures stand on the page, the worst first; the table has all."""
RIGHT = "nine in ten would be right"
WEEK = 7


@dataclass(frozen=True)
class SiteWeeks:
    """The pictures of one site, folded."""

    name: str
    summary: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class WeekByWeek:
    """The section: what was done, what came out of it, pictures of the whole, table and pictures by site."""

    how: str
    outcome: str
    pictures: tuple[Picture, ...]
    by_site: DataTable | None
    sites: tuple[SiteWeeks, ...]


def week_by_week(found: Against) -> WeekByWeek:
    """The section of a fit that was run beside the records."""
    whole, sites = _known(found.of()), found.sites
    return WeekByWeek(
        _how(found), _outcome(found), tuple(_picture(each, found) for each in whole),
        _by_site(found) if sites else None,
        tuple(_site(found, site) for site in sites[:MOST_SITES]),
    )


def _known(several: Sequence[Followed]) -> list[Followed]:
    return [each for each in several if each.known]


def _how(found: Against) -> str:
    return (
        f"The fitted service was run {found.runs} times over the {found.weeks} weeks from "
        f"{day(found.first)}, each time with other values out of what is believed and with luck of its own. "
        f"It begins as the service stood then: only after {RUN_IN} weeks do the records tell who is in care. "
        "The fit has seen these weeks, so this says whether it can follow them; whether it foresees stands "
        "above. Weeks next to each other go together: a run of weeks outside is one disagreement, not many."
    )


def _outcome(found: Against) -> str:
    whole = _known(found.of())
    parts = [f"Of the whole service the bands hold {_share(whole)}; {RIGHT}."]
    worst = min(whole, key=lambda each: each.inside / each.known, default=None)
    if worst is not None:
        parts.append(f"Least of {NAMES[worst.measure]}: {_weeks(worst)}.")
    if found.sites and (own := _known(found.of(found.sites[0]))):
        site = found.sites[0]
        least = min(own, key=lambda each: each.inside / each.known)
        parts.append(f"Worst site: {site}, {_share(own)}, least of {NAMES[least.measure]} ({_weeks(least)}).")
    return " ".join(parts)


def _share(several: Sequence[Followed]) -> str:
    known = sum(each.known for each in several)
    if not known:
        return "none that can be compared"
    return f"{per_cent(share_held(several))} of {known:,} weekly figures"


def _weeks(each: Followed) -> str:
    return f"{each.inside} of {each.known} {plural(each.known, 'weeks')}"


def _says(each: Followed) -> str:
    """How many weeks the band holds, and on which side the others lie."""
    if each.measure in OF_CLINICIANS:
        return _says_sum(each)
    outside = each.known - each.inside
    above = int((each.shown > each.high).sum())
    parts = [f"The band holds {_weeks(each)} ({per_cent(each.inside / each.known)}); {RIGHT}."]
    if outside:
        parts.append(f"Outside it the records are higher in {above}, lower in {outside - above}.")
    if each.small.any():
        number = int(each.small.sum())
        parts.append(f"{number} {plural(number, 'weeks')} with fewer than {SMALLEST_GROUP} behind them, at "
                     "this site or another, or that would tell of such, are hidden.")
    return " ".join(parts)


def _says_sum(each: Followed) -> str:
    """Of what adds up over the weeks: the last week alone."""
    band = ends(float(each.low[-1]), float(each.high[-1]))
    return (f"{rounded(float(each.shown[-1]))} have left by the last week; nine runs in ten have {band}. "
            "Only that sum is shown: by week it would tell of single people.")


def _picture(each: Followed, found: Against) -> Picture:
    days = _days(found)
    title = sentence(NAMES[each.measure])
    title = f"{title}, {each.site}" if each.site != EVERYWHERE else title
    band = Band(days, each.shown, each.middle, each.low, each.high, _unit(each), "weeks from", KEYS)
    key = f"followed-{each.measure}" + (f"-{found.sites.index(each.site)}" if each.site else "")
    says = _says(each)
    return Picture(
        key, title, says, lambda width: draw_band(band, width, f"{title}. {says}"),
        (_table(each, title, days),), "clinicians" if each.measure in OF_CLINICIANS else "patients",
    )


def _unit(each: Followed) -> str:
    return MEASURES[each.measure].unit


def _days(found: Against) -> list[date]:
    return [found.first + timedelta(days=WEEK * place) for place in range(found.weeks)]


def _table(each: Followed, title: str, days: Sequence[date]) -> DataTable:
    names = ("week from", "the records", "runs, middle", f"{per_cent(LEVEL)} of runs", "inside")
    columns = tuple(Column(name, place > 0) for place, name in enumerate(names))
    rows = tuple(_row(each, place, first) for place, first in enumerate(days))
    return DataTable(f"{title}: records and runs by week", columns, rows)


def _row(each: Followed, place: int, first: date) -> tuple[Cell, ...]:
    value, middle, low, high = (float(own[place]) for own in (each.shown, each.middle, each.low, each.high))
    inside = "yes" if low <= value <= high else "no"
    seen = [rounded(value), inside if np.isfinite(value) else ""]
    seen = [NOT_A_NUMBER] * 2 if each.small[place] else seen
    texts = (day(first), seen[0], rounded(middle), ends(low, high) if np.isfinite(low) else "", seen[1])
    return tuple(Cell(text, hidden=text == NOT_A_NUMBER) for text in texts)


def _by_site(found: Against) -> DataTable:
    measures = [Column(NAMES[each.measure], True) for each in found.of()]
    columns = (Column("site"), Column("all together", True), *measures)
    rows = [_site_row(site or "The whole service", found.of(site)) for site in (EVERYWHERE, *found.sites)]
    return DataTable("Weeks that the bands hold, by site", columns, tuple(rows),
                     "Of how many weeks that can be compared and shown. The worst site stands first.")


def _site_row(name: str, own: Sequence[Followed]) -> tuple[Cell, ...]:
    weeks = [f"{each.inside}{NBSP}of{NBSP}{each.known}" if each.known else NOT_A_NUMBER for each in own]
    share = share_held(own)
    texts = (name, per_cent(share) if np.isfinite(share) else NOT_A_NUMBER, *weeks)
    return tuple(Cell(text, hidden=text == NOT_A_NUMBER) for text in texts)


def _site(found: Against, site: str) -> SiteWeeks:
    own = _known(found.of(site))
    return SiteWeeks(site, f"the bands hold {_share(own)}", tuple(_picture(each, found) for each in own))
