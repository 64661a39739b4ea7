"""Standards on records: which waits were within the limit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import ceil

import ibis
import ibis.expr.types as ir

from careload.measure.counted import Counted
from careload.measure.definition import Definition, definitions
from careload.measure.engine import fetch
from careload.measure.estimators import share_pairs
from careload.measure.kinds import KINDS, Plan, labelled
from careload.measure.limits import A_MONDAY, hours_between, limit_in_days
from careload.measure.questions import Question
from careload.measure.result import NotMeasurable
from careload.measure.rows import ROWS, waits
from careload.measure.standards import Event, Standard
from careload.measure.view import View

SHORTLY_DAYS = 3
"""A clinic's cancellation in the last so many days of a limit is one shortly before it."""

EXCEPTED = "share_with_exceptions"
EVE, SLOW = "cancelled_before_limit", "fast_intake_slow_second"

JUDGED = {
    "return_interval": "return_within_standard",
    "intake_wait": "intake_within_standard",
    "follow_up_after_ed": "follow_up_within_standard",
    "follow_up_after_discharge": "follow_up_within_standard",
}
"""The measure a standard speaks of, to the measure that gives the share within it."""


STARTS = {
    "intake_wait": ("referrals", "requested_at"),
    "follow_up_after_ed": ("encounters", "starts_at"),
    "follow_up_after_discharge": ("encounters", "starts_at"),
}
"""Where the clocks of a standard start, if not at an appointment."""


@dataclass(frozen=True)
class Judged:
    """One standard on these records: its rows (`y` in time) for each bound, or why there are none.

    readings  rows of each way to read who is waiting, with its label; empty where there are none
    """

    standard: Standard
    measure: str
    readings: tuple[tuple[Mapping[str, str], Counted], ...]
    observed: Event
    missing: str = ""


def judge(standard: Standard, view: View) -> Judged:
    """The rows `standard` speaks of, `y` = within the limit."""
    measure = JUDGED.get(standard.measure, "")
    needs = definitions()[measure].needs if measure else ()
    missing = [need for need in needs if not view.records.has(need)]
    if not measure:
        return Judged(standard, measure, (), standard.event, "Careload has no measure for this wait yet")
    if missing:
        return Judged(
            standard, measure, (), standard.event, f"the records do not supply {', '.join(missing)}"
        )
    if measure == "return_within_standard":
        return _returns(standard, view)
    if measure == "intake_within_standard":
        # Requests nobody triaged may be held against the rule for routine ones, never against a shorter one.
        if standard.urgency in ("urgent", "emergency") and not view.records.has("referrals.urgency"):
            untriaged = "the records do not supply referrals.urgency"
            return Judged(standard, measure, (), standard.event, untriaged)
        if standard.unit == "hours" and (whole_days := _without_time(standard, view)):
            return Judged(standard, measure, (), standard.event, f"{whole_days} has no time of day")
        return _intakes(standard, view)
    return _follow_ups(standard, measure, view)


def _without_time(standard: Standard, view: View) -> str:
    """The first column of a clock in hours that never holds a time other than midnight; "" for none."""
    stops = ("starts_at", "first_offered_at") if _by_offer(standard, view) else ("starts_at",)
    columns = [("referrals", "requested_at"), *(("appointments", stop) for stop in stops)]
    return next((f"{table}.{column}" for table, column in columns if not _is_timed(view, table, column)), "")


def _is_timed(view: View, table: str, column: str) -> bool:
    rows = view.table(table)
    at = rows[column]
    timed = rows.filter((at.hour() > 0) | (at.minute() > 0) | (at.second() > 0))
    return bool(fetch(timed.select(column).limit(1)))


def _by_offer(standard: Standard, view: View) -> bool:
    """Whether an offer stops the clock: the rule speaks of it and the records hold offers."""
    return standard.event == "offered" and view.records.has("appointments.first_offered_at")


def _returns(standard: Standard, view: View) -> Judged:
    offers = _by_offer(standard, view)
    readings = tuple((told_as, _returned(standard, seen, offers)) for told_as, seen in view.readings)
    return Judged(standard, "return_within_standard", readings, "offered" if offers else "attended")


def _returned(standard: Standard, view: View, offers: bool) -> Counted:
    spans = Counted(waits.return_offer(view)) if offers else waits.return_interval(view)
    rows = _decided(spans, _limit(spans["day"], standard, view))
    approved = rows["longer_interval_approved_by_clinician"].fill_null(False)
    return rows.also(**{"y_share": rows["y"], f"y_{EXCEPTED}": rows["y"] | approved})


def _decided(rows: Counted, limit: ir.IntegerValue) -> Counted:
    """Rows whose limit has passed, y = reached by then; those that ended within it without a wait are out."""
    days, outcome = rows["days"], rows["outcome"]
    ended_before = outcome.isin(["closed", "open"]) & (days < limit)
    closed_in_time = (outcome == "closed") & (days <= limit)
    known = (rows["window_days"] >= limit) & ~ended_before & ~closed_in_time
    return rows.only(known, y=(outcome == "reached") & (days <= limit))


def _intakes(standard: Standard, view: View) -> Judged:
    offers = _by_offer(standard, view)
    observed: Event = "offered" if offers else "attended"
    rows = _of_urgency(waits.until(view, "offered_at" if offers else "attended_at"), standard, view)
    if standard.unit == "hours":
        rows = _in_hours(standard, view, rows)
    else:
        rows = _decided(rows, _limit(rows["day"], standard, view))
    return Judged(standard, "intake_within_standard", (({}, rows),), observed)


def _of_urgency(asked: Counted, standard: Standard, view: View) -> Counted:
    if standard.urgency == "any" or not view.records.has("referrals.urgency"):
        return asked
    return asked.only(asked["urgency"].fill_null("routine") == standard.urgency)


def _in_hours(standard: Standard, view: View, rows: Counted) -> Counted:
    """Rows whose limit in hours has passed, y = reached within it."""
    zone = standard.time_zone or "UTC"
    first = first_start(standard, view)
    hours = hours_between(rows["requested_at"], rows["stopped_at"], zone, first, view.as_of)
    midnight = ibis.literal(datetime.combine(view.as_of, time()) + timedelta(days=1))
    passed = hours_between(rows["requested_at"], midnight, zone, first, view.as_of) >= standard.limit
    days = ceil(standard.limit / 24) + 1
    ended = rows["outcome"].isin(["closed", "open"]) & rows["over_on"].notnull()
    ended_before = ended & (rows["days"] < days)
    reached = (rows["outcome"] == "reached") & (hours <= standard.limit)
    return rows.only(passed & ~ended_before, y=reached)


def _follow_ups(standard: Standard, measure: str, view: View) -> Judged:
    if not view.records.has("encounters.kind"):
        return Judged(standard, measure, (), "attended", "the records do not supply encounters.kind")
    rows = Counted.of(ROWS[standard.measure](view))
    rows = _decided(rows, _limit(rows["day"], standard, view))
    return Judged(standard, measure, (({}, rows),), "attended")


def _limit(start: ir.DateValue, standard: Standard, view: View) -> ir.IntegerValue:
    return limit_in_days(start, standard, first_start(standard, view), view.as_of)


def first_start(standard: Standard, view: View) -> date:
    """Earliest day a clock of `standard` may have started: requests can be older than appointments."""
    table, column = STARTS.get(standard.measure, ("appointments", "starts_at"))
    return view.first_start(table, column)


def plans(judged: Judged, by: Sequence[str]) -> Iterator[Plan]:
    """Shares within the limit, for every margin of `by` and each bound; `by` of each carries the rule."""
    if not judged.readings:
        return
    definition = definitions()[judged.measure]
    if judged.measure == "return_within_standard":
        definition = replace(definition, statistic=f"share {EXCEPTED}")
    for told_as, rows in judged.readings:
        yield _plan(definition, rows, by, judged.standard, told_as)


def _plan(
    definition: Definition, rows: Counted, by: Sequence[str], standard: Standard,
    told_as: Mapping[str, str],
) -> Plan:
    labels = {"standard": standard.id, **told_as}
    question = Question(definition, rows, tuple(by), pairs=share_pairs(definition, rows), told_as=labels)
    return Plan((question,), labelled(KINDS["share"].tell))


def clock_checks(
    rules: Sequence[Standard], view: View, by: Sequence[str], known: Collection[str]
) -> tuple[list[Plan], list[NotMeasurable]]:
    """Whether clocks are restarted or moved: needs rules for the first visit and for follow-up, in days.

    known  measures for which the records supply everything

    Returns also which measures against a standard have no rule.
    """
    intakes = [each for each in rules if each.measure == "intake_wait" and each.unit != "hours"]
    routine = [each for each in intakes if each.urgency != "urgent"]
    returns = [each for each in rules if each.measure == "return_interval"]
    found: dict[str, list[Plan]] = {name: [] for name in (EVE, SLOW) if name in known}
    if EVE in found:
        found[EVE] = [cancelled_before_limit(each, view, by) for each in intakes]
    if SLOW in found:
        pairs = zip(routine[:1], returns[:1], strict=False)
        found[SLOW] = [
            fast_intake_slow_second(*pair, seen, by, told_as)
            for pair in pairs for told_as, seen in view.readings
        ]
    with_rule = {name for name, own in found.items() if own} | {JUDGED.get(each.measure) for each in rules}
    why = "the standard named has no rule for it" if rules else "no standard was named"
    absent = [
        NotMeasurable(each.name, why)
        for each in definitions().values()
        if each.kind == "standard" and each.name in known and each.name not in with_rule
    ]
    return [plan for own in found.values() for plan in own], absent


def cancelled_before_limit(standard: Standard, view: View, by: Sequence[str]) -> Plan:
    """Requests; share whose appointment the clinic cancelled in the last days of the limit."""
    asked = _of_urgency(Counted(view.requests), standard, view).rows
    asked = asked.mutate(limit_days=_limit(asked.day, standard, view))
    as_of = ibis.literal(view.as_of)
    asked = asked.filter(as_of.delta(asked.day, unit="day") >= asked.limit_days)
    cancelled = view.due.filter(view.due.status == "cancelled_by_clinic")
    cancelled = cancelled.select(whose=cancelled.patient, at=_day_number(cancelled.day))
    # Each bound is a column of one side: else DuckDB would compare every request with every cancellation.
    last = _day_number(asked.day) + asked.limit_days
    asked = asked.mutate(last_at=last, shortly_before=last - SHORTLY_DAYS)
    shortly = [
        asked.patient == cancelled.whose,
        cancelled.at <= asked.last_at,
        cancelled.at > asked.shortly_before,
    ]
    late, never = asked.semi_join(cancelled, shortly), asked.anti_join(cancelled, shortly)
    rows = late.mutate(y=True).union(never.mutate(y=False))
    return _plan(definitions()[EVE], Counted(view.named(f"{EVE}_{standard.id}", rows)), by, standard, {})


def _day_number(day: ir.DateValue) -> ir.IntegerValue:
    return day.delta(ibis.literal(A_MONDAY), unit="day").cast("int64")


def fast_intake_slow_second(
    intake: Standard, follow_up: Standard, view: View, by: Sequence[str],
    told_as: Mapping[str, str],
) -> Plan:
    """First visits attended within their limit; share whose second visit was beyond its own."""
    first = _of_urgency(waits.until(view, "attended_at"), intake, view)
    on_time = _decided(first, _limit(first["day"], intake, view))
    on_time = on_time.only(on_time["y"]).rows
    on_time = on_time.select(whose="patient", seen_day=on_time.attended_at.date()).distinct()
    spans = waits.second_visit_wait(view).rows
    spans = Counted(spans.semi_join(on_time, [spans.patient == on_time.whose, spans.day == on_time.seen_day]))
    decided = _decided(spans, _limit(spans["day"], follow_up, view))
    return _plan(definitions()[SLOW], decided.also(y=~decided["y"]), by, follow_up, told_as)
