"""Measuring: every definition the records can answer, with small cells hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import ibis.expr.types as ir

from careload.clinic import SMALLEST_GROUP, Estimate, UsageError, nearest
from careload.history import Records, query_errors
from careload.measure import estimators, return_interval, timing, within
from careload.measure.census import census
from careload.measure.definition import Definition, definitions
from careload.measure.differences import differences
from careload.measure.engine import fetch
from careload.measure.groups import checked
from careload.measure.hidden_series import hide_series
from careload.measure.pictures import pictures
from careload.measure.result import Measurement, NotMeasurable
from careload.measure.rows import ROWS
from careload.measure.standards import Standard, standards_named
from careload.measure.suppress import hide_small_cells
from careload.measure.view import View, day_of
from careload.measure.weekly import weekly

Progress = Callable[[str, int, int], None]
"""Called with the measure at hand, how many are done and how many there are."""

ESTIMATORS: dict[str, Callable[[Definition, ir.Table, View, Sequence[str]], Iterator[Estimate]]] = {
    "share": estimators.shares,
    "ratio": estimators.ratios,
    "rate": estimators.rates,
    "survey": estimators.survey,
    "time": timing.times,
    "weekly": weekly,
    "census": census,
}


def _quiet(name: str, done: int, of: int) -> None:
    """Progress nobody looks at."""


def measure(
    records: Records,
    *,
    standard: str | None = None,
    by: Sequence[str] = (),
    as_of: date | None = None,
    only: Sequence[str] = (),
    smallest_posts: int = SMALLEST_GROUP,
    progress: Progress = _quiet,
) -> Measurement:
    """What patients get and clinicians carry, from `records`.

    standard        jurisdiction, rule id or TOML file of timely-access rules, None for none
    by              columns to break down by; every margin of them is given
    as_of           the day the records are read at; default: day of the last completed or missed visit
    only            names of measures, all when empty
    smallest_posts  smallest group of staff shown for posts, hours and vacancies: 11, or down to 5
                    where the group agreed
    progress        called before each measure

    Raises UsageError for an unknown standard, column or measure, UnreadableRecords when
    no visit was ever held or missed, SourceUnreachable when a database goes away or refuses.
    """
    with query_errors(records.source):
        return _measured(records, standard, by, as_of, only, smallest_posts, progress)


def _measured(
    records: Records,
    standard: str | None,
    by: Sequence[str],
    as_of: date | None,
    only: Sequence[str],
    smallest_posts: int,
    progress: Progress,
) -> Measurement:
    columns, wanted = checked(by), definitions_named(only)
    rules = standards_named(standard) if standard else ()
    view = View(records, day_of(records, as_of))
    found, absent = measured(wanted, view, columns, progress)
    judged = [within.judge(each, view) for each in rules]
    judged = [each for each in judged if not only or each.measure in only]
    for each in judged:
        progress(each.standard.id, len(wanted), len(wanted))
        found.extend(within.within(each, view, columns))
    found.extend(_clock_checks(rules, view, columns, {each.name for each in wanted}, absent))
    absent.extend(_not_broken_down(columns, found))
    published = hide_small_cells(
        found,
        staff_measures=_protected_as("staff"),
        posts_measures=_protected_as("posts"),
        smallest_posts=smallest_posts,
    )
    verdicts = tuple(within.verdict_of(each, view, published) for each in judged)
    series = hide_series(pictures(view, columns), published) if not only or "return_interval" in only else ()
    shown = (*published, *differences(published, columns))
    return Measurement.of(records, view.as_of, shown, absent, verdicts, series)


def _not_broken_down(columns: Sequence[str], found: Sequence[Estimate]) -> Iterator[NotMeasurable]:
    """The columns asked for that no measure could be broken down by."""
    for column in columns:
        if not any(column in estimate.by for estimate in found):
            yield NotMeasurable(f"by {column}", f"the records do not supply {column} for what was measured")


def measured(
    wanted: Sequence[Definition], view: View, by: Sequence[str], progress: Progress = _quiet
) -> tuple[list[Estimate], list[NotMeasurable]]:
    """Estimates of definitions that need no standard, nothing hidden yet, and what could not be measured."""
    found: list[Estimate] = []
    absent: list[NotMeasurable] = []
    for done, definition in enumerate(wanted):
        progress(definition.name, done, len(wanted))
        missing = [need for need in definition.needs if not _met(view, need)]
        if missing:
            absent.append(NotMeasurable(definition.name, _because(missing)))
        elif definition.kind != "standard":
            found.extend(_estimates(definition, view, by))
    return found, absent


def _estimates(definition: Definition, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    """Estimates of one definition: by the columns asked for, and by those it always has."""
    rows = view.named(f"{definition.name}_rows", ROWS[definition.name](view))
    always = definition.always_by
    for estimate in _told(definition, rows, view, (*always, *by)):
        if set(always) <= set(estimate.by):
            yield estimate
    for column in definition.also_by:
        if column not in by:
            yield from (each for each in _told(definition, rows, view, (column,)) if column in each.by)


def _told(definition: Definition, rows: ir.Table, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    if definition.name == "return_interval":
        return return_interval.estimates(definition, rows, view, by)
    return ESTIMATORS[definition.kind](definition, rows, view, by)


def _clock_checks(
    rules: Sequence[Standard], view: View, by: Sequence[str], wanted: set[str], absent: list[NotMeasurable]
) -> Iterator[Estimate]:
    """Whether clocks are restarted or moved: needs rules for the first visit and for follow-up, in days."""
    known = {name for name in wanted if name not in {each.measure for each in absent}}
    intakes = [each for each in rules if each.measure == "intake_wait" and each.unit != "hours"]
    returns = [each for each in rules if each.measure == "return_interval"]
    if "cancelled_before_limit" in known:
        for intake in intakes:
            yield from within.cancelled_before_limit(intake, view, by)
    if "fast_intake_slow_second" in known:
        routine = [each for each in intakes if each.urgency != "urgent"]
        for intake, follow_up in zip(routine[:1], returns[:1], strict=False):
            yield from within.fast_intake_slow_second(intake, follow_up, view, by)
    absent.extend(
        NotMeasurable(each.name, "no standard was named, or none has a rule for it")
        for each in definitions().values()
        if each.kind == "standard"
        and each.name in known
        and not _has_rule(each.name, intakes, returns, rules)
    )


def _has_rule(
    name: str, intakes: Sequence[Standard], returns: Sequence[Standard], rules: Sequence[Standard]
) -> bool:
    if name == "cancelled_before_limit":
        return bool(intakes)
    if name == "fast_intake_slow_second":
        return bool(intakes and returns)
    return any(within.JUDGED.get(each.measure) == name for each in rules)


def _protected_as(group: str) -> frozenset[str]:
    """Names of the measures whose small cells are those of `group`."""
    return frozenset(each.name for each in definitions().values() if each.suppress == group)


def definitions_named(only: Sequence[str]) -> list[Definition]:
    """The definitions of those names, all when empty; UsageError for a name nobody knows."""
    known = definitions()
    for name in only:
        if name not in known:
            raise UsageError(f"There is no measure {name!r}.", "a measure's name", nearest(name, known))
    return [each for each in known.values() if not only or each.name in only]


def _met(view: View, need: str) -> bool:
    """Whether the records supply `need`, or one of its alternatives."""
    return any(_supplied(view, *each.partition("=")) for each in need.split("|"))


def _supplied(view: View, column: str, _: str, word: str) -> bool:
    if not word or not view.records.has(column):
        return view.records.has(column)
    table, _, name = column.partition(".")
    rows = view.table(table)
    return bool(fetch(rows.filter(rows[name] == word).select(name).limit(1)))


def _because(missing: Sequence[str]) -> str:
    return f"the records do not supply {', '.join(each.replace('|', ' or ') for each in missing)}"
