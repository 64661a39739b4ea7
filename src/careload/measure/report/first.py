"""What a summary tells first: which measures and groups, where there are too many for all."""

from __future__ import annotations

from careload.clinic import Estimate
from careload.measure.report import words
from careload.measure.report.panels import by_group
from careload.measure.report.story import names
from careload.measure.report.words import Definitions
from careload.measure.result import Measurement

SHOWN = {
    "patients": (
        "return_interval", "return_within_standard", "return_beyond_prescribed", "overdue", "silent_backlog",
        "intake_wait", "second_visit_wait", "no_show", "dropout", "same_clinician",
    ),
    "clinicians": (
        "overload", "caseload", "contact_hours", "non_contact_hours", "after_hours", "leaver_rate",
        "vacancy_rate", "burnout",
    ),
}
"""Measures a summary tells of each half; all others are in the report and in --json and --csv."""
FEW_MEASURES = 12
"""Up to so many measures all are shown: somebody asked for these, or the records hold no more."""
FEW_GROUPS = 40
"""Up to so many groups are shown under what holds for everyone."""
FEW_REASONS = 3
"""Up to so many reasons why something cannot be measured are told here."""


def told_first(measurement: Measurement, side: str, definitions: Definitions) -> list[str]:
    """The measures of one half that a summary tells: all where there are few, else the main ones."""
    few = len({e.measure for e in measurement.estimates}) <= FEW_MEASURES
    told = names(measurement, definitions) if few else SHOWN[side]
    return [name for name in told if words.side(name, definitions) == side]


def few_groups(measurement: Measurement) -> list[Estimate]:
    """The main figure of every group of every measure; none where there are too many for a summary."""
    found = _groups(measurement)
    return found if len(found) <= FEW_GROUPS else []


def too_many_groups(measurement: Measurement) -> bool:
    """Whether a summary leaves groups out."""
    return len(_groups(measurement)) > FEW_GROUPS


def _groups(measurement: Measurement) -> list[Estimate]:
    measures = dict.fromkeys(e.measure for e in measurement.estimates)
    return [e for name in measures for e in by_group(measurement, name)]
