"""What a measurement gives: estimates, verdicts, curves, and what could not be said."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from careload.clinic import JSON_KEYS, Estimate, Finding
from careload.history import Records, RowCounts

SCHEMA = "careload/measure/1"


def records_json(
    counts: Mapping[str, RowCounts], resources: Mapping[str, int], findings: Sequence[Finding]
) -> dict[str, Any]:
    """What was read and what was noticed, as the contract's ``records`` and ``findings``."""
    return {
        "records": {
            "tables": {name: asdict(count) for name, count in sorted(counts.items())},
            "resources": dict(sorted(resources.items())),
        },
        "findings": [asdict(finding) for finding in findings],
    }


@dataclass(frozen=True)
class NotMeasurable:
    """A measure that the records cannot give, and why."""

    measure: str
    because: str


@dataclass(frozen=True)
class Verdict:
    """What a standard says of these records; never a bare "compliant".

    rule            id of the standard, for example ``california-follow-up``
    clock           where the clock starts: request, referral, prior_appointment, discharge
    limit           limit in words with its unit, for example ``10 business days``
    required_share  share that must be within the limit, None where the text names none
    share           share found within the limit, None when it cannot be said
    verdict         ``meets``, ``misses`` or ``cannot be said``
    because         one sentence: the figures compared, or what is missing
    citation        where the rule stands
    mark            how sure we are of the text: R read, S second-hand, M from memory
    """

    rule: str
    clock: str
    limit: str
    required_share: float | None
    share: float | None
    verdict: Literal["meets", "misses", "cannot be said"]
    because: str
    citation: str
    mark: str


@dataclass(frozen=True)
class Series:
    """Points for one picture, small cells already hidden.

    name    ``return_interval_states``: day, seen, discharged, dropped, waiting, low, high (of waiting)
            ``overdue_calendar``: week (ISO date of Monday), due, overdue (people)
    by      the group, {} for everyone
    points  rows, column to value, in order
    """

    name: str
    by: Mapping[str, str]
    points: tuple[Mapping[str, float | int | str | None], ...]


@dataclass(frozen=True)
class Measurement:
    """Everything `careload.measure` gives; prints its main figures as sentences, turns into JSON and CSV."""

    source: str
    as_of: date
    counts: Mapping[str, RowCounts]
    resources: Mapping[str, int]
    findings: tuple[Finding, ...]
    estimates: tuple[Estimate, ...]
    not_measurable: tuple[NotMeasurable, ...]
    verdicts: tuple[Verdict, ...]
    series: tuple[Series, ...] = ()

    @classmethod
    def of(
        cls,
        records: Records,
        as_of: date,
        findings: Iterable[Finding],
        estimates: Iterable[Estimate],
        not_measurable: Iterable[NotMeasurable],
        verdicts: Iterable[Verdict] = (),
        series: Iterable[Series] = (),
    ) -> Measurement:
        """What was measured in `records` on the day, beside what was read and noticed in them."""
        return cls(
            records.source, as_of, records.counts, records.resources, tuple(findings), tuple(estimates),
            tuple(not_measurable), tuple(verdicts), tuple(series),
        )

    def as_json(self) -> dict[str, Any]:
        """The JSON object of the contract; the same bytes for the same records."""
        return {
            "schema": SCHEMA,
            **records_json(self.counts, self.resources, self.findings),
            "estimates": [estimate.as_json() for estimate in self.estimates],
            "not_measurable": [asdict(absent) for absent in self.not_measurable],
            "standards": [asdict(verdict) for verdict in self.verdicts],
        }

    def as_csv(self) -> str:
        """The estimates as CSV, one per line, groups written ``site=North;profession=…``."""
        rows = [estimate.as_json() for estimate in self.estimates]
        for row in rows:
            row["by"] = ";".join(f"{column}={value}" for column, value in row["by"].items())
        text = io.StringIO()
        writer = csv.DictWriter(text, JSON_KEYS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue()

    def find(self, measure: str, statistic: str, **by: str) -> Estimate:
        """The estimate of that name, statistic and group; else a KeyError that says which there are."""
        for estimate in self.estimates:
            if (estimate.measure, estimate.statistic, dict(estimate.by)) == (measure, statistic, by):
                return estimate
        mine = [estimate for estimate in self.estimates if estimate.measure == measure]
        groups = {str(dict(estimate.by)) for estimate in mine if estimate.statistic == statistic}
        known = groups or {each.statistic for each in mine} or {each.measure for each in self.estimates}
        raise KeyError(f"no {measure} {statistic} {by}; there are: {', '.join(sorted(known))}")

    def __str__(self) -> str:
        # Pages and pictures are made of measurements: they cannot be loaded before there are any.
        from careload.measure.report.sentences import sentences

        return sentences(self)
