"""Measuring: every definition the records can answer, with small cells hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from careload.clinic import SMALLEST_GROUP, Estimate, UsageError, nearest
from careload.history import Records, query_errors
from careload.measure import judging, return_interval, within
from careload.measure.answers import Progress, quiet
from careload.measure.day import day_of
from careload.measure.definition import Definition, definitions
from careload.measure.differences import differences
from careload.measure.engine import fetch
from careload.measure.groups import checked
from careload.measure.hidden_series import hide_series
from careload.measure.kinds import Plan, Told, estimates, plans
from careload.measure.noticed import noticed
from careload.measure.pictures import pictures
from careload.measure.result import Measurement, NotMeasurable, Series
from careload.measure.standards import standards_named
from careload.measure.suppress import hide_small_cells
from careload.measure.view import View


def measure(
    records: Records,
    *,
    standard: str | None = None,
    by: Sequence[str] = (),
    as_of: date | None = None,
    only: Sequence[str] = (),
    smallest_posts: int = SMALLEST_GROUP,
    progress: Progress = quiet,
) -> Measurement:
    """What patients get and clinicians carry, from `records`.

    standard        jurisdiction, rule id or TOML file of timely-access rules, None for none
    by              columns to break down by; every margin of them is given
    as_of           the day the records are read at; default: day of the last completed or missed visit
    only            names of measures, all when empty
    smallest_posts  smallest group of staff shown for posts, hours and vacancies: 11, or down to 5
                    where the group agreed
    progress        called before each step

    Raises UsageError for an unknown standard, column or measure, UnreadableRecords when
    no visit was ever held or missed, SourceUnreachable when a database goes away or refuses.
    """
    by, only = ((names,) if isinstance(names, str) else names for names in (by, only))
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
    able, absent = _measurable(wanted, view)
    judged = [within.judge(each, view) for each in rules]
    # Whoever asks for a wait alone asks for the rule that speaks of it too.
    judged = [each for each in judged if not only or {each.measure, each.standard.measure} & set(only)]
    checks, unchecked = within.clock_checks(rules, view, columns, {each.name for each in able})
    of_rules = [plan for each in judged for plan in within.plans(each, columns)]
    told = estimates([*_plans(able, view, columns), *of_rules, *checks], view, progress)
    found = [estimate for each in told for estimate in each.estimates]
    published = hide_small_cells(
        found,
        staff_measures=_protected_as("staff"),
        posts_measures=_protected_as("posts"),
        smallest_posts=smallest_posts,
    )
    verdicts = tuple(judging.verdict_of(each, view, published) for each in judged)
    shown = (*published, *differences(published, columns))
    absent = [*absent, *unchecked, *_not_broken_down(columns, found), *_one_bound(view, found)]
    series = _series(told, view, published)
    return Measurement.of(records, view.as_of, noticed(records, as_of), shown, absent, verdicts, series)


def _series(told: Sequence[Told], view: View, published: Sequence[Estimate]) -> tuple[Series, ...]:
    """What the report draws; nothing where the return interval was not asked for."""
    for each in told:
        if each.plan.questions[0].definition.name == "return_interval":
            return hide_series(pictures(view, return_interval.drawn(each.answers)), published)
    return ()


def _not_broken_down(columns: Sequence[str], found: Sequence[Estimate]) -> Iterator[NotMeasurable]:
    """The columns asked for that no measure could be broken down by."""
    for column in columns:
        if not any(column in estimate.by for estimate in found):
            yield NotMeasurable(f"by {column}", f"the records do not supply {column} for what was measured")


def _one_bound(view: View, found: Sequence[Estimate]) -> Iterator[NotMeasurable]:
    """The second bound, where the records cannot give it."""
    bounds = {estimate.by["open"] for estimate in found if "open" in estimate.by}
    if bounds == {"all"} and len(view.readings) == 1:
        yield NotMeasurable(
            "open=planned",
            "the records do not supply appointments booked ahead or appointments.prescribed_interval_days: "
            "who counts as waiting is bounded on one side only",
        )


def measured(
    wanted: Sequence[Definition], view: View, by: Sequence[str], progress: Progress = quiet
) -> tuple[list[Estimate], list[NotMeasurable]]:
    """Estimates of definitions that need no standard, nothing hidden yet, and what could not be measured."""
    able, absent = _measurable(wanted, view)
    told = estimates(_plans(able, view, by), view, progress)
    return [estimate for each in told for estimate in each.estimates], absent


def _measurable(wanted: Sequence[Definition], view: View) -> tuple[list[Definition], list[NotMeasurable]]:
    """The definitions the records supply everything for, and what is missing for the others."""
    lacks = {each.name: [need for need in each.needs if not _met(view, need)] for each in wanted}
    absent = [NotMeasurable(name, _because(missing)) for name, missing in lacks.items() if missing]
    return [each for each in wanted if not lacks[each.name]], absent


def _plans(able: Sequence[Definition], view: View, by: Sequence[str]) -> list[Plan]:
    """What is asked for definitions that need no standard."""
    return [
        plan
        for each in able
        if each.kind != "standard"
        for plan in plans(each, view, by)
    ]


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
