"""One goal of a goals file."""

from __future__ import annotations

from datetime import date

from careload.clinic import Spot, UsageError, nearest
from careload.measure import Standard, standards_named
from careload.simulate import FIGURES, UNITS
from careload.staff.goals.goal import EACH, Bound, Goal, Within
from careload.staff.goals.values import day_at, number_at, switch_at, whole_at

KEYS = ("rule", "measure", "statistic", "within", "unit", "at_least", "at_most", "each", "against", "hard",
        "weight", "rank", "from", "until")
WAITS = ("return_interval", "intake_wait", "second_visit_wait")
MOST_DAYS, DAYS_A_WEEK = 500, 7
EVERYBODY = "everybody"
LEAST_DAYS, TIMES_WITHIN = 28, 3
"""Days on which a goal has to hold at least, and how many times as many as people may wait (assumed)."""
OF_PATIENTS = (
    "intake_wait", "referrals_per_week", "visits_per_week", "no_show", "in_care", "overdue", "crises",
    "ed_visits", "admissions", "dropouts", "remission_untreated", "discharged", "referred_outside", "waiting",
    "outside_cost",
)
OF_STAFF = (
    "caseload", "contact_hours", "non_contact_hours", "unpaid_hours", "overload", "exhaustion", "leaver_rate",
    "vacancy_rate", "posts_held", "hired", "patients_handed_over", "slot_fill", "pay_cost", "unpaid_value",
    "hiring_cost",
)
"""Figures that no profession has of its own, and that no need group has."""


def read_goal(spot: Spot, name: str, first: date, last: date) -> Goal | None:
    """The goal of a table; None, and every reason told, where it does not hold.

    first, last  days between which it has to hold where it names none
    """
    spot.only_keys(KEYS, f"one of {', '.join(KEYS)}")
    rule = _rule(spot)
    within = _within(spot, rule)
    measure = rule.measure if rule and rule.measure in WAITS else spot.text("measure")
    statistic = "" if within else _statistic(spot, measure)
    each, against = _groups(spot)
    bound, limit = _bound(spot, rule, is_share=within is not None and not against)
    own_first, own_last = day_at(spot, "from", first), day_at(spot, "until", last)
    _check_days(spot, own_first, own_last, within)
    _check_groups(spot, measure, each)
    if not _is_known(spot, measure, within) or statistic is None or bound is None:
        return None
    return Goal(
        name, measure, statistic, bound, limit, within, each, against,
        switch_at(spot, "hard", default=True), number_at(spot, "weight", 1e-6, None) or 1.0,
        whole_at(spot, "rank", 1, 99) or 1, rule.id if rule else "", own_first, own_last,
    )


def _check_days(spot: Spot, first: date, last: date, within: Within | None) -> None:
    """Told where a goal has no days, or too few to see whom it is about."""
    if date.min in (first, last):
        return
    least = max(LEAST_DAYS, TIMES_WITHIN * within.days if within else 0)
    if (last - first).days + 1 < least:
        spot.tell(f"[{spot.name}] has to hold from {first} until {last}.", f"{least} days or more",
                  "Give it more days: waits that begin on them have to be seen to end.")


def _check_groups(spot: Spot, measure: str, each: str) -> None:
    """Told where a figure cannot be told apart by the groups that are asked for."""
    if (each == "profession" and measure in OF_PATIENTS) or (each == "need_group" and measure in OF_STAFF):
        spot.at("each").tell(f"{measure} cannot be told by {EACH[each]}.",
                             "each = one of " + ("site, need_group" if measure in OF_PATIENTS
                                                 else "site, profession"), "Ask by another, or of everybody.")


def _rule(spot: Spot) -> Standard | None:
    """The standard that a goal names, if it names one of waits of visits held."""
    name = spot.text("rule")
    if not name:
        return None
    try:
        (found,) = standards_named(name)
    except (UsageError, ValueError) as error:
        expected = getattr(error, "expected", "the id of one rule, such as california-follow-up")
        spot.at("rule").tell(f"{name!r} is no rule.", expected, getattr(error, "remedy", "Name one of them."))
        return None
    both = [key for key in ("measure", "statistic", "within", "unit", "at_most") if key in spot.value]
    if both:
        spot.at(both[0]).tell(f"[{spot.name}] has a rule and {' and '.join(both)}.",
                              "a rule, which says what, by when and which way",
                              f"Take out {' and '.join(both)}, or the rule.")
    if found.measure not in WAITS or found.unit == "hours":
        spot.at("rule").tell(f"{found.id} is about {found.measure or 'no wait of a visit'}, in {found.unit}.",
                             f"a rule about {' or '.join(WAITS)} in days",
                             "Say the goal by measure, within and unit.")
        return None
    return found


def _within(spot: Spot, rule: Standard | None) -> Within | None:
    if rule:
        weeks = rule.unit == "weeks"
        unit = "business_days" if rule.unit == "business_days" else "calendar_days"
        return Within(rule.limit * (DAYS_A_WEEK if weeks else 1), unit)
    days = whole_at(spot, "within", 0, MOST_DAYS)
    if days is None:
        return None
    unit = spot.text("unit", "calendar_days")
    if unit not in UNITS:
        spot.at("unit").tell(f"unit is {unit!r}.", " or ".join(UNITS), nearest(unit, UNITS))
        unit = "calendar_days"
    return Within(days, unit)


def _statistic(spot: Spot, measure: str) -> str | None:
    """The statistic of a figure: the only one there is, or the one that is named."""
    known = [figure.statistic for figure in FIGURES if figure.measure == measure]
    named = spot.text("statistic", known[0] if len(known) == 1 else "")
    if not known or named in known:
        return named
    spot.tell(f"[{spot.name}] says {named!r} of {measure}." if named else f"[{spot.name}] has no statistic.",
              f"statistic: one of {', '.join(known)}", nearest(named, known) or "Add statistic.")
    return None


def _bound(spot: Spot, rule: Standard | None, *, is_share: bool) -> tuple[Bound | None, float]:
    """Which way the limit bounds, and the limit; a rule's own share where nothing else is said."""
    ways: tuple[Bound, ...] = ("at_least", "at_most")
    given = [key for key in ways if key in spot.value]
    if not given and rule and rule.required_share is not None:
        return "at_least", rule.required_share
    if len(given) != 1:
        spot.tell(f"[{spot.name}] has {'no limit' if not given else 'two limits'}.",
                  "at_least or at_most, one of them", "Say how much has to hold.")
        return None, 0.0
    limit = number_at(spot, given[0], 0, 1 if is_share else None)
    return (given[0], limit) if limit is not None else (None, 0.0)


def _groups(spot: Spot) -> tuple[str, bool]:
    each, against = spot.text("each"), spot.text("against")
    if each and each not in EACH:
        spot.at("each").tell(f"each is {each!r}.", f"one of {', '.join(EACH)}", nearest(each, EACH))
        each = ""
    if against and (against != EVERYBODY or not each):
        spot.at("against").tell(f"against is {against!r}{'' if each else ', of no groups'}.",
                                f'against = "{EVERYBODY}", with each', "Say of which groups the ratio is.")
    return each, against == EVERYBODY


def _is_known(spot: Spot, measure: str, within: Within | None) -> bool:
    known = WAITS if within else tuple(dict.fromkeys(figure.measure for figure in FIGURES))
    if measure in known:
        return True
    spot.at("measure").tell(f"measure is {measure!r}." if measure else f"[{spot.name}] has no measure.",
                            f"one of {', '.join(known)}", nearest(measure, known) or "Say what has to hold.")
    return False
