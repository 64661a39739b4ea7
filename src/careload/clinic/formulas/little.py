"""People = flow x time: what a caseload, the visits of a week and the gap between visits say of one another.

Little's law holds without any assumption about chance or order. Whoever halves the gap with the visits they
have halves the caseload; a caseload that is kept keeps the gap.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from careload.clinic.errors import UsageError
from careload.clinic.formulas.inputs import not_negative, positive


def caseload(visits_per_week: float, gap_weeks: float) -> float:
    """Patients a clinician can carry: attended visits per week x weeks between visits.

    visits_per_week  attended visits per week, 0 or more
    gap_weeks        mean weeks from a visit to the next, 0 or more

    Gives patients. Raises UsageError for negative numbers.
    Source: Little's law (C).
    """
    not_negative("visits_per_week", visits_per_week, "attended visits per week")
    return visits_per_week * not_negative("gap_weeks", gap_weeks, "weeks between visits")


def gap(caseload: float, visits_per_week: float) -> float:
    """Mean weeks between visits: caseload / attended visits per week.

    caseload         patients in care, 0 or more
    visits_per_week  attended visits per week, above 0

    Gives weeks. Raises UsageError for numbers outside these ranges.
    Source: Little's law (C).
    """
    not_negative("caseload", caseload, "patients")
    return caseload / positive("visits_per_week", visits_per_week, "attended visits per week")


def visits_needed(caseload: float, gap_weeks: float) -> float:
    """Attended visits per week that keep the gap: caseload / weeks between visits.

    caseload   patients in care, 0 or more
    gap_weeks  mean weeks from a visit to the next, above 0

    Gives attended visits per week. Raises UsageError for numbers outside these ranges.
    Source: Little's law (C).
    """
    not_negative("caseload", caseload, "patients")
    return caseload / positive("gap_weeks", gap_weeks, "weeks between visits")


def between_visits(opened_per_week: float, mean_gap_weeks: float) -> float:
    """Mean number of people between two visits, the exact form: gaps opened per week x mean gap length.

    A gap opens when a visit ends and the patient stays in care; it ends with the next visit, or when the
    patient drops out, gets well or dies. All of them count: people lost while waiting are not forgotten.

    opened_per_week  gaps opened per week, 0 or more
    mean_gap_weeks   mean length of all gaps, weeks, 0 or more

    Gives people. Raises UsageError for negative numbers.
    Source: Little's law (C).
    """
    not_negative("opened_per_week", opened_per_week, "gaps opened per week")
    return opened_per_week * not_negative("mean_gap_weeks", mean_gap_weeks, "weeks")


@dataclass(frozen=True)
class Window:
    """What was seen of gaps between two moments; the identity is exact with its edge.

        mean_between = opened_per_week x mean_gap_weeks + edge

    mean_between     mean number of people between two visits
    opened_per_week  gaps opened in the window, per week
    mean_gap_weeks   mean length of those gaps, also of what lies after the window; 0 when none opened
    edge             people: what older gaps bring into the window less what its own carry out of it;
                     it vanishes as the window grows, if the service is steady
    """

    mean_between: float
    opened_per_week: float
    mean_gap_weeks: float
    edge: float


def little_in_window(gaps: Sequence[tuple[float, float]], start: float, end: float) -> Window:
    """Little's identity for a stretch of time, to the last patient.

    gaps        (opened, closed) of each gap, weeks, closed not before opened; shape (gaps, 2)
    start, end  the window, weeks, end after start

    Gives a `Window`. Raises UsageError when the window is empty or a gap closes before it opens.
    Source: Little's law in a finite window, by adding up (C).
    """
    if not start < end:
        raise UsageError(f"A window from {start:g} to {end:g} weeks.", "end after start", "Swap the two.")
    backward = sum(closed < opened for opened, closed in gaps)
    if backward:
        raise UsageError(f"{backward} gaps close before they open.", "closed >= opened", "Swap the two.")
    weeks = end - start
    inside = math.fsum(max(0.0, min(closed, end) - max(opened, start)) for opened, closed in gaps)
    lengths = [closed - opened for opened, closed in gaps if start <= opened < end]
    return Window(
        mean_between=inside / weeks,
        opened_per_week=len(lengths) / weeks,
        mean_gap_weeks=math.fsum(lengths) / len(lengths) if lengths else 0.0,
        edge=(inside - math.fsum(lengths)) / weeks,
    )


def capacity_left(visits_per_week: float, contact_hours: float, hours_moved: float) -> float:
    """Visits per week after hours of them went to other work: visits x (H - h) / H.

    visits_per_week  visits per week in all contact hours, 0 or more
    contact_hours    H, contact hours per week, above 0
    hours_moved      h, hours per week moved to notes, calls or rest, 0 to H

    Gives visits per week. Raises UsageError for numbers outside these ranges.
    Source: definition (C).
    """
    not_negative("visits_per_week", visits_per_week, "visits per week")
    positive("contact_hours", contact_hours, "hours per week")
    if not_negative("hours_moved", hours_moved, "hours per week") > contact_hours:
        raise UsageError(
            f"hours_moved is {hours_moved:g} of {contact_hours:g} contact hours.",
            "at most the contact hours",
            "Give hours per week for both.",
        )
    return visits_per_week * (contact_hours - hours_moved) / contact_hours
