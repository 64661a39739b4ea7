"""A measurement as `careload.measure` gives it, made by hand: two sites, in the trap the design describes.

Nothing here is computed from records; tests of the report need every kind of answer at once:
intervals, complete counts, hidden cells, quantiles not reached, each verdict, each severity.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from careload.clinic import Estimate, Finding
from careload.history import RowCounts
from careload.measure import Measurement, NotMeasurable, Series, Verdict

AS_OF = date(2026, 6, 30)


def sample_measurement(source: str = "example clinic", site: str = "North") -> Measurement:
    """The measurement; `site` is the name of one site, to try names that are not harmless."""
    return Measurement(
        source=source,
        as_of=AS_OF,
        counts={
            "appointments": RowCounts(61_204, 61_166, 31, 7),
            "episodes": RowCounts(4_212, 4_212),
            "hours": RowCounts(4_031, 4_029, 0, 2),
            "patients": RowCounts(4_000, 4_000),
            "clinicians": RowCounts(47, 47),
        },
        resources={},
        findings=_findings(),
        estimates=tuple(_estimates(site)),
        not_measurable=(
            NotMeasurable("third_next_available", "the records do not supply slots"),
            NotMeasurable("follow_up_after_ed", "the records do not supply encounters"),
            NotMeasurable("time_to_fill", "the records do not supply posts.filled_on"),
        ),
        verdicts=_verdicts(),
        series=(_states(), _calendar()),
    )


def small_measurement() -> Measurement:
    """Only appointments, no ends of episodes: bounds instead of one figure, no staff, nothing asked for."""
    whole = sample_measurement()
    kept = [e for e in whole.estimates if e.measure in ("no_show", "lead_time") and not e.by]
    bounds = [
        _time("return_interval", "median", 21, 20, 22, 9_120, open="planned"),
        replace(_time("return_interval", "median", None, 47, None, 11_301, open="all"), censored=2_181),
    ]
    return replace(
        whole,
        estimates=(*kept, *bounds),
        verdicts=(),
        series=(),
        findings=(),
        not_measurable=(*whole.not_measurable, NotMeasurable("overload", "the records do not supply hours")),
    )


def _time(
    measure: str,
    statistic: str,
    value: float | None,
    low: float | None,
    high: float | None,
    n: int,
    **by: str,
) -> Estimate:
    return Estimate(
        measure,
        statistic,
        value,
        low,
        high,
        "days",
        n,
        by,
        censored=max(n // 6, 1),
        as_of=AS_OF,
        interval="log-log, robust by patient",
        counted="intervals",
    )


def _share(
    measure: str, value: float, half: float, n: int, counted: str = "appointments", **by: str
) -> Estimate:
    return Estimate(
        measure,
        "share",
        value,
        value - half,
        value + half,
        "share",
        n,
        by,
        as_of=AS_OF,
        interval="Wilson, design effect",
        counted=counted,
    )


def _staff(measure: str, statistic: str, value: float, half: float, unit: str, n: int, **by: str) -> Estimate:
    return Estimate(
        measure,
        statistic,
        value,
        value - half,
        value + half,
        unit,
        n,
        by,
        as_of=AS_OF,
        interval="linearised, robust by clinician",
        counted="clinicians",
    )


def _count(
    measure: str, statistic: str, value: float, unit: str, n: int, counted: str, **by: str
) -> Estimate:
    return Estimate(measure, statistic, value, value, value, unit, n, by, as_of=AS_OF, counted=counted)


def _hidden(estimate: Estimate) -> Estimate:
    return replace(estimate, value=None, low=None, high=None, n=None, censored=None, hidden=True)


def _estimates(site: str) -> list[Estimate]:
    return [*_waits(site), *_visits(site), *_people(), *_load(site)]


def _waits(site: str) -> list[Estimate]:
    groups = {
        "site": {site: 52, "South": 41},
        "profession": {
            "psychologist": 55,
            "social worker": 46,
            "family therapist": 44,
            "addiction counsellor": 38,
        },
        "language": {"English": 45, "Spanish": 58, "Tagalog": 61},
    }
    by_group = [
        _time(
            "return_interval",
            "median",
            value,
            value - 3 - i,
            value + 4 + 2 * i,
            1_400 // (i + 1),
            **{column: name},
        )
        for column, values in groups.items()
        for i, (name, value) in enumerate(values.items())
    ]
    return [
        _time("return_interval", "median", 47, 44, 51, 19_112),
        _time("return_interval", "p90", 93, 88, None, 19_112),
        *(
            replace(_share("return_interval", value, 0.012, 19_112, "intervals"), statistic=f"seen_by_{day}")
            for day, value in ((7, 0.081), (14, 0.172), (28, 0.301), (56, 0.587))
        ),
        _time("return_interval", "per_patient_median", 51, 48, 55, 19_112),
        _count("return_interval", "in_care_median", 34, "days", 1_804, "patients"),
        replace(
            _time("return_interval", "naive_median", 39, 38, 40, 15_927),
            censored=0,
            note="leaves out everyone still waiting: too short",
        ),
        *by_group,
        _hidden(_time("return_interval", "median", 60, 40, 80, 9, language="Hmong")),
        _time("return_interval", "median", None, 61, None, 120, language="Vietnamese"),
        _share("return_within_standard", 0.172, 0.006, 19_112, "intervals"),
        _time("intake_wait", "median", 8, 8, 9, 3_804),
        _share("intake_within_standard", 0.914, 0.009, 3_804, "requests"),
    ]


def _visits(site: str) -> list[Estimate]:
    booked = {"0 to 6 days": 0.11, "7 to 13 days": 0.17, "14 to 27 days": 0.22, "28 days and more": 0.27}
    return [
        _share("no_show", 0.218, 0.004, 52_400),
        *(_share("no_show", value, 0.008, 13_000, lead_time=name) for name, value in booked.items()),
        *(
            _share("no_show", value, 0.006, 26_000, site=name)
            for name, value in ((site, 0.231), ("South", 0.204))
        ),
        _time("lead_time", "median", 41, 41, 42, 52_400),
        _share("same_clinician", 0.83, 0.01, 15_927, "visits"),
        _share("dropout", 0.197, 0.012, 4_212, "episodes"),
    ]


def _people() -> list[Estimate]:
    return [
        _count("overdue", "count", 1_126, "patients", 1_804, "patients in care"),
        _count("overdue", "share", 0.624, "share", 1_804, "patients in care"),
        _count("silent_backlog", "count", 312, "patients", 1_804, "patients in care"),
    ]


def _load(site: str) -> list[Estimate]:
    professions = {"psychologist": 14, "social worker": 12, "family therapist": 9, "addiction counsellor": 5}
    unit = "hours due per hour paid"
    overload = [1.17, 1.12, 1.09, 0.98]
    contact = [24.1, 23.2, 22.8, 20.4]
    other = [20.9, 19.8, 18.9, 16.1]
    cases = [104, 98, 91, 77]
    return [
        _staff("overload", "ratio", 1.12, 0.03, unit, 40),
        *(
            _staff("overload", "ratio", v, 0.05, unit, n, profession=p)
            for (p, n), v in zip(professions.items(), overload, strict=True)
        ),
        *(_staff("overload", "ratio", v, 0.04, unit, 20, site=s) for s, v in ((site, 1.16), ("South", 1.07))),
        _staff("contact_hours", "mean", 23.1, 0.6, "hours", 40),
        *(
            _staff("contact_hours", "mean", v, 1.1, "hours", n, profession=p)
            for (p, n), v in zip(professions.items(), contact, strict=True)
        ),
        _staff("non_contact_hours", "mean", 19.4, 0.5, "hours", 40),
        *(
            _staff("non_contact_hours", "mean", v, 0.9, "hours", n, profession=p)
            for (p, n), v in zip(professions.items(), other, strict=True)
        ),
        _count("caseload", "median", 96, "patients", 40, "clinicians"),
        *(
            _count("caseload", "median", v, "patients", n, "clinicians", profession=p)
            for (p, n), v in zip(professions.items(), cases, strict=True)
        ),
        Estimate(
            "leaver_rate",
            "rate",
            0.19,
            0.10,
            0.33,
            "per year",
            12,
            as_of=AS_OF,
            interval="exact Poisson",
            counted="leavers",
        ),
        _hidden(_staff("leaver_rate", "rate", 0.3, 0.1, "per year", 4, site=site)),
    ]


def _verdicts() -> tuple[Verdict, ...]:
    law = "28 CCR 1300.67.2.2; H&SC 1367.03"
    first = (
        "91.4 % (90.5-92.3) of 3,804 requests were attended within 10 business days of the request. "
        "It cannot be said, because the rule speaks of the appointment offered and the records only show "
        "those attended."
    )
    follow_up = (
        "17.2 % (16.6-17.8) of 19,112 intervals were attended within 10 business days of the appointment "
        "before. The share required is 80.0 % (known second-hand)."
    )
    urgent = (
        "83.0 % (74.1-89.3) of 96 requests were attended within 48 hours of the request. "
        "The share required is 70.0 % (known second-hand)."
    )
    no_stays = "It cannot be said, because the records do not supply encounters."
    days, prior = "10 business days", "prior_appointment"
    unsaid: Literal["cannot be said"] = "cannot be said"
    bill = "SB 221, H&SC 1367.03(a)(5)(F)"
    # fmt: off
    return (
        Verdict("california-first-visit", "request", days, None, 0.914, unsaid, first, law, "S"),
        Verdict("california-follow-up", prior, days, 0.8, 0.172, "misses", follow_up, bill, "R"),
        Verdict("hedis-follow-up-7", "discharge", "7 calendar days", None, None, unsaid, no_stays, "", "M"),
        Verdict("california-urgent", "request", "48 hours", 0.7, 0.83, "meets", urgent, law, "S"),
    )
    # fmt: on


def _findings() -> tuple[Finding, ...]:
    return (
        Finding(
            "negative-lead",
            "warning",
            "appointments",
            5,
            "5 rows are booked after they start.",
            "booked_at <= starts_at",
            "Check whether booked_at is the time of the last change.",
        ),
        Finding(
            "status-unknown",
            "error",
            "appointments",
            31,
            "31 rows have no usable status.",
            "one of completed, no_show, cancelled_by_patient, cancelled_by_clinic, booked",
            "Add the words to [appointments.columns] status in the mapping.",
        ),
        Finding(
            "fresh-key",
            "note",
            "",
            0,
            "No key was given, so ids are hashed with a fresh one.",
            "a key file to compare two reports",
            "Name one with --key.",
        ),
    )


def _states() -> Series:
    points: list[Mapping[str, float | int | str | None]] = []
    for day in range(181):
        waiting = 0.12 * math.exp(-day / 7) + 0.88 * math.exp(-((day / 62) ** 1.8))
        gone = 1 - waiting
        waits = {"waiting": waiting, "low": max(waiting - 0.012, 0.0), "high": min(waiting + 0.012, 1.0)}
        points.append(
            {"day": day, "seen": gone * 0.80, "discharged": gone * 0.13, "dropped": gone * 0.07, **waits}
        )
    last = dict.fromkeys(("seen", "discharged", "dropped", "waiting", "low", "high"))
    return Series("return_interval_states", {}, (*points, {"day": 181, **last}))


def _calendar() -> Series:
    first = date(2024, 7, 1)
    points: list[Mapping[str, float | int | str | None]] = []
    for k in range(104):
        due = 900 + 9 * k
        overdue = round(due * (0.06 + 0.56 * k / 103 + 0.04 * math.sin(k / 4)))
        hide = k in (0, 1)
        points.append(
            {
                "week": (first + timedelta(weeks=k)).isoformat(),
                "due": None if hide else due,
                "overdue": None if hide else overdue,
            }
        )
    return Series("overdue_calendar", {}, tuple(points))
