"""Do the flows close: does everybody who came in leave, or is still there?

    in care at the start + opened = closed, by reason, + in care at the end     (by site and span of days)
    residual = what visits and requests say beside that:
        strays     visits held outside every episode of the patient
        returned   of these, visits after the patient's last episode ended
        unopened   requests said to have led to a visit, of patients without any visit since
        silent     episodes open without a visit, a no-show, a booking or a request for `SILENT` days
        empty      episodes begun and ended within the records without any appointment of the patient

Nothing is moved or dropped: the residual is estimated and told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import Finding
from careload.model.belief import interval
from careload.model.chances import share_draws
from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of
from careload.model.staffing import spans_since
from careload.model.trust.checks.overdue import PERIOD

Numbers = NDArray[np.float64]

SILENT = 365
"""Days after which an episode without any sign of life is taken for one that nobody closed."""
MATTERS = 0.02
"""Assumed to matter: two in a hundred visits, episodes or requests."""
LEAST_ROWS = 20


@dataclass(frozen=True)
class Balance:
    """Flows by site and span of days, such as four weeks: (sites, periods) each.

    sites     names
    started   in care on the first morning
    opened    episodes
    closed    reason to how many
    ended     in care on the last evening = started + opened - closed
    visits    held
    strays    of these, outside every episode of the patient
    """

    sites: tuple[str, ...]
    started: Numbers
    opened: Numbers
    closed: dict[str, Numbers]
    ended: Numbers
    visits: Numbers
    strays: Numbers


@dataclass(frozen=True)
class Residual:
    """What does not close: number of each, and of how many.

    strays, returned  visits held
    unopened          requests said to have been seen
    silent            episodes open on the day of the records
    empty             episodes that began within the records and are over
    """

    strays: tuple[int, int]
    returned: tuple[int, int]
    unopened: tuple[int, int]
    silent: tuple[int, int]
    empty: tuple[int, int]

    @property
    def wrong(self) -> dict[str, tuple[int, int]]:
        """Those large enough to matter."""
        pairs = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: (some, of) for name, (some, of) in pairs.items()
                if some >= LEAST_ROWS and some >= MATTERS * of}


def residual(evidence: Evidence) -> Residual | None:
    """What does not close over the whole of the records; None without episodes."""
    if not evidence.has("episodes.closed_on"):
        return None
    number = columns_of(evidence.view.visits.agg(n=ibis._.patient.count()))
    strays = _strays(evidence)
    found = columns_of(strays.agg(n=strays.patient.count(), after=strays.after.sum()))
    visits, outside, after = (int(each[0] or 0) for each in (number["n"], found["n"], found["after"]))
    last = _last_days(evidence)
    rest = _unopened(evidence, last), _silent(evidence, last), _empty(evidence)
    return Residual((outside, visits), (after, visits), *rest)


def _stays(evidence: Evidence) -> ir.Table:
    rows = evidence.view.table("episodes")
    rows = rows.filter(rows.opened_on <= evidence.as_of)
    known = rows.closed_on.notnull() & (rows.closed_on <= evidence.as_of)
    return rows.select(
        whose="patient", opened="opened_on", closed=ibis.ifelse(known, rows.closed_on, ibis.null("date")),
        reason=ibis.ifelse(known, rows.reason, ibis.null("string")),
    )


def _strays(evidence: Evidence) -> ir.Table:
    """Visits held outside every episode of the patient, and whether after the last one's end."""
    stays = _stays(evidence)
    stays = stays.mutate(until=stays.closed.coalesce(ibis.literal(evidence.as_of)))
    visits = evidence.view.visits.select("patient", "day", site=ibis._.site.fill_null(EVERYBODY))
    inside = [visits.patient == stays.whose, visits.day >= stays.opened, visits.day <= stays.until]
    visits = visits.anti_join(stays, inside)
    ends = stays.group_by(who=stays.whose).agg(last=stays.until.max())
    both = visits.left_join(ends, visits.patient == ends.who)
    return both.select("patient", "day", "site", after=ibis.ifelse(both["last"] < both.day, 1, 0))


def _unopened(evidence: Evidence, last: ir.Table) -> tuple[int, int]:
    """Requests said to have been seen, without a visit of the patient since."""
    if not evidence.has("referrals.outcome"):
        return 0, 0
    rows = evidence.view.table("referrals")
    rows = rows.filter((rows.outcome == "seen").fill_null(False) & (rows.closed_on <= evidence.as_of)
                       & (rows.requested_at.date() >= evidence.first))
    both = rows.left_join(last, rows.patient == last.whose)
    seen = (both.visit >= both.requested_at.date()).fill_null(False)
    return _two(both.agg(n=both.patient.count(), wrong=(~seen).sum()))


def _silent(evidence: Evidence, last: ir.Table) -> tuple[int, int]:
    """Episodes open, of patients without an appointment or request for a long time, or ahead."""
    if evidence.first > evidence.as_of - timedelta(days=SILENT):
        return 0, 0  # shorter records cannot be silent for so long
    stays = _stays(evidence)
    stays = stays.filter(stays.closed.isnull())
    both = stays.left_join(last, stays.whose == last.whose).drop("whose_right")
    signs = ["opened", "sign"]
    if evidence.has("referrals"):
        asked = evidence.view.table("referrals")
        asked = asked.group_by(who=asked.patient).agg(asked=asked.requested_at.date().max())
        both = both.left_join(asked, both.whose == asked.who)
        signs.append("asked")
    since = ibis.literal(evidence.as_of - timedelta(days=SILENT))
    heard = ibis.or_(*((both[sign] >= since).fill_null(False) for sign in signs))
    return _two(both.agg(n=both.whose.count(), wrong=(~heard).sum()))


def _last_days(evidence: Evidence) -> ir.Table:
    """By patient: the day of the last visit held (null: none), and of the last appointment, also ahead."""
    rows = evidence.view.appointments
    held = (rows.status == "completed") & (rows.day <= evidence.as_of)
    table = rows.group_by(whose=rows.patient).agg(visit=rows.day.max(where=held), sign=rows.day.max())
    return evidence.view.keep("model_last_days", table)


def _empty(evidence: Evidence) -> tuple[int, int]:
    """Episodes begun and ended within the records, without an appointment of the patient in that time."""
    stays = _stays(evidence)
    stays = stays.filter((stays.opened >= evidence.first) & stays.closed.notnull())
    due = evidence.view.due
    within = [due.patient == stays.whose, due.day >= stays.opened, due.day <= stays.closed]
    some = due.inner_join(stays, within).select(who="whose", since="opened").distinct()
    each = stays.select("whose", "opened").distinct()
    both = each.left_join(some, [each.whose == some.who, each.opened == some.since])
    return _two(both.agg(n=both.whose.count(), wrong=both.who.isnull().sum()))


def _two(table: ir.Table) -> tuple[int, int]:
    found = columns_of(table)
    return int(found["wrong"][0] or 0), int(found["n"][0] or 0)


def balance(evidence: Evidence, days: int = PERIOD, first: date | None = None) -> Balance | None:
    """The flows by site and whole spans of days; None without episodes.

    days   of each span
    first  day of the first; default: that of the records

    An episode belongs to the site of the patient's first visit in the records.
    """
    if not evidence.has("episodes.closed_on"):
        return None
    first = first or evidence.first
    number = ((evidence.as_of - first).days + 1) // days
    visits, strays = evidence.view.visits, _strays(evidence)
    visits = visits.select("patient", "day", "starts_at", site=visits.site.fill_null(EVERYBODY))
    site = visits.group_by(who=visits.patient).agg(site=visits.site.argmin(visits.starts_at))
    stays = _stays(evidence)
    stays = stays.left_join(site, stays.whose == site.who)
    stays = stays.mutate(site=stays.site.fill_null(EVERYBODY), reason=stays.reason.fill_null("not told"))
    opened = columns_of(stays.group_by("site", period=spans_since(stays.opened, first, days))
                        .agg(n=stays.whose.count()))
    over = stays.filter(stays.closed.notnull())
    closed = columns_of(over.group_by("site", "reason", period=spans_since(over.closed, first, days))
                        .agg(n=over.whose.count()))
    by = [rows.group_by("site", period=spans_since(rows.day, first, days)) for rows in (visits, strays)]
    seen, outside = (columns_of(each.agg(n=ibis._.patient.count())) for each in by)
    sites = tuple(sorted({*opened["site"].tolist(), *seen["site"].tolist()}))
    return _balanced(sites, number, opened, closed, seen, outside)


def _balanced(
    sites: tuple[str, ...], number: int, opened: dict[str, NDArray[Any]], closed: dict[str, NDArray[Any]],
    seen: dict[str, NDArray[Any]], outside: dict[str, NDArray[Any]],
) -> Balance:
    came, before = _by_period(opened, "n", sites, number)
    went: dict[str, Numbers] = {}
    for reason in sorted(set(closed["reason"].tolist())):
        own = closed["reason"] == reason
        of_reason = {name: each[own] for name, each in closed.items()}
        went[reason], gone = _by_period(of_reason, "n", sites, number)
        before = before - gone
    net = came - sum(went.values(), np.zeros_like(came))
    ended = before[:, None] + net.cumsum(axis=1)
    visits, strays = (_by_period(each, "n", sites, number)[0] for each in (seen, outside))
    return Balance(sites, ended - net, came, went, ended, visits, strays)


def _by_period(
    found: dict[str, NDArray[Any]], name: str, sites: tuple[str, ...], number: int
) -> tuple[Numbers, Numbers]:
    """A column by site and period, and the sum by site of what lies before the first period."""
    table, before = np.zeros((len(sites), number)), np.zeros(len(sites))
    for site, period, value in zip(found["site"], found["period"], found[name], strict=True):
        if period is not None and period < 0:
            before[sites.index(site)] += value
        elif period is not None and period < number:
            table[sites.index(site), int(period)] += value
    return table, before


WORDS = {
    "strays": "visits held lie outside every episode of the patient",
    "returned": "visits held lie after the patient's last episode ended",
    "unopened": "requests said to have been seen are followed by no visit",
    "silent": f"open episodes have had no appointment or request for {SILENT} days",
    "empty": "episodes over have no appointment at all",
}


def check(evidence: Evidence) -> Iterator[Finding]:
    """Whether episodes, requests and visits tell of the same people."""
    found = evidence.once(residual)
    wrong = found.wrong if found else {}
    if wrong:
        yield Finding(
            "flows-do-not-close", "warning", "episodes", 0,
            f"What comes in, goes out and stays does not add up: "
            f"{'; '.join(_told(evidence, name, *pair) for name, pair in wrong.items())}.",
            f"episodes that hold all visits, and end where care ends (less than {MATTERS:.0%} beside them)",
            "Look how episodes are opened and closed. Until then caseload and visits to discharge are as "
            "uncertain as this residual is large; it has not been spread over anything.",
        )


def _told(evidence: Evidence, name: str, some: int, of: int) -> str:
    low, high = interval(share_draws(evidence.generator(f"flows: {name}"), some, of))
    return f"{some / of:.1%} ({low:.1%} to {high:.1%}) of {of:,} {WORDS[name]}"
