"""The summary in sentences: what `print` gives of a measurement."""

from __future__ import annotations

from collections.abc import Iterator

from careload.measure.definition import definitions as own_definitions
from careload.measure.report.first import FEW_REASONS, few_groups, told_first
from careload.measure.report.headline import cautions, in_order, main_figures
from careload.measure.report.story import SIDES
from careload.measure.result import Measurement


def sentences(measurement: Measurement) -> str:
    """The main figures and the verdicts, one a line, and how to get all the rest."""
    return "\n".join(_lines(measurement))


def _lines(measurement: Measurement) -> Iterator[str]:
    yield f"{measurement.source}, as of {measurement.as_of}:"
    yield from (str(finding) for finding in cautions(measurement))
    yield from _figures(measurement)
    yield from (f"{v.rule}: {v.verdict}. {v.because}" for v in in_order(measurement.verdicts))
    absent = measurement.not_measurable
    if len(absent) > FEW_REASONS:
        yield f"{len(absent)} measures are not measurable: .not_measurable says why."
    else:
        yield from (f"{each.measure}: not measurable, because {each.because}" for each in absent)
    yield (
        f"These are the main figures. All {len(measurement.estimates):,} estimates: .estimates, "
        ".find(measure, statistic, **by), .as_json(), .as_csv()."
    )


def _figures(measurement: Measurement) -> Iterator[str]:
    groups, definitions = few_groups(measurement), own_definitions()
    for side, _ in SIDES:
        for name in told_first(measurement, side, definitions):
            yield from (str(e) for e in main_figures(measurement, name))
            yield from (f"  {e}" for e in groups if e.measure == name)
