"""The answer of runs for a person at a terminal: doubts first, then patients, then clinicians."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from careload.clinic import Estimate, Finding, plural
from careload.page import NBSP
from careload.simulate import differences, words
from careload.simulate.changes import Change
from careload.simulate.many import Simulated
from careload.simulate.sweep import Swept
from careload.simulate.versus import Comparison, Waterfall
from careload.simulate.whose import whose

if TYPE_CHECKING:
    from rich.console import RenderableType

Name = tuple[str, str]
TOLD: tuple[Name, ...] = (
    ("return_interval", "median"),
    ("return_interval", "p90"),
    ("return_interval", "seen_by_14"),
    ("intake_wait", "median"),
    ("intake_wait", "seen_by_14"),
    ("in_care", "mean"),
    ("overdue", "mean"),
    ("visits_per_week", "mean"),
    ("no_show", "share"),
    ("discharged", "rate"),
    ("dropouts", "rate"),
    ("remission_untreated", "rate"),
    ("crises", "rate"),
    ("ed_visits", "rate"),
    ("admissions", "rate"),
    ("caseload", "mean"),
    ("contact_hours", "mean"),
    ("non_contact_hours", "mean"),
    ("unpaid_hours", "mean"),
    ("overload", "ratio"),
    ("exhaustion", "mean"),
    ("leaver_rate", "rate"),
    ("vacancy_rate", "share"),
    ("posts_held", "mean"),
    ("pay_cost", "rate"),
    ("unpaid_value", "rate"),
    ("hiring_cost", "rate"),
    ("outside_cost", "rate"),
)
"""The figures that are told, in this order."""
SIDES = {"patients": "What patients get", "clinicians": "What clinicians carry"}
SWEPT: Mapping[Name, str] = {
    ("return_interval", "median"): "return interval, days",
    ("intake_wait", "median"): "first visit, days",
    ("overdue", "mean"): "people overdue",
    ("overload", "ratio"): "overload",
    ("leaver_rate", "rate"): "leavers per 100 clinician-years",
}
MOST_CHANGES = 10
"""More changes than these are only counted."""


def summary(found: Simulated | Comparison, findings: Sequence[Finding]) -> RenderableType:
    """The answer to print."""
    from rich.console import Group

    return Group(*_parts(found, findings))


def _parts(found: Simulated | Comparison, findings: Sequence[Finding]) -> Iterator[RenderableType]:
    for finding in findings:
        yield f"{whose(finding)}{finding.found} Expected {finding.expected}. {finding.remedy}\n"
    if isinstance(found, Comparison):
        yield from _compared(found)
        return
    yield f"{found.service.name}: {_runs(found)}\n"
    known = _of_everybody(found.estimates())
    for side, title in SIDES.items():
        yield _table(title, [known[name] for name in _names(side) if name in known])
    yield words.BASIS


def _runs(found: Simulated) -> str:
    count = len(found.summaries)
    return (f"{found.years:g} {plural(found.years, 'years')}, {count:,} {plural(count, 'replications')}, "
            f"seed {found.seed}. Means, with 95 % intervals of luck alone: the doubt about the numbers of "
            "the file is not in them.")


def _names(side: str) -> list[Name]:
    return [name for name in TOLD if words.told(name[0]).side == side]


def _of_everybody(estimates: Sequence[Estimate]) -> dict[Name, Estimate]:
    return {(each.measure, each.statistic): each for each in estimates if not each.by}


def _table(title: str, estimates: Sequence[Estimate]) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    table.add_column("")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="right", no_wrap=True)
    table.add_column("unit")
    for each in estimates:
        if not (each.unit == "currency per year" and each.value == 0):
            unit = "" if each.unit == "share" else words.axis(each.unit)
            table.add_row(words.title(each.measure, each.statistic), *_figure(each), unit)
    return table


def _figure(each: Estimate) -> tuple[str, str]:
    """A value and its interval; of one that was not reached, in how many runs it was not."""
    if each.value is None:
        note = each.note.removeprefix(words.NOT_REACHED).strip()
        return words.NOT_REACHED, note
    return _typed(words.bare(each)), _typed(words.interval(each))


def _typed(text: str) -> str:
    """Words as they are typed, so that whoever searches the output finds them."""
    return text.replace(NBSP, " ")


def sweep_table(found: Swept) -> RenderableType:
    """A row for each scenario: what was varied, and a few main figures."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for column in ("", *found.scenarios[0].values, *SWEPT.values()):
        table.add_column(column.replace(".", ".\n").replace("_", "_\n"), justify="right", overflow="fold")
    several = [_of_everybody(scenario.estimates) for scenario in found.scenarios]
    decimals = {name: words.shared_places(own[name] for own in several) for name in SWEPT}
    for scenario, own in zip(found.scenarios, several, strict=True):
        values = (f"{value:.4g}" if isinstance(value, float) else str(value)
                  for value in scenario.values.values())
        figures = (_typed(words.bare(own[name], decimals[name])) for name in SWEPT)
        table.add_row(str(scenario.place), *values, *figures)
    return table


def _compared(found: Comparison) -> Iterator[RenderableType]:
    """What the change does, side by side, what each change makes of it, and at last what was changed."""
    here, there = found.here.service.name, found.there.service.name
    named = there if there != here else f"{there}, changed"
    yield f"{differences.HERE}: {here}. {differences.THERE}: {named}.\nBoth: {_runs(found.here)}\n"
    if not found.changes:
        yield "The two services do not differ in any value."
        return
    known = {(each.here.measure, each.here.statistic): each
             for each in found.differences() if not each.here.by}
    for side, title in SIDES.items():
        lines = [f"  {_typed(differences.difference_in_words(known[name]))}" for name in _names(side)
                 if name in known and (known[name].here.value or known[name].there.value)]
        yield "\n".join([title, *lines]) + "\n"
    yield f"{words.BASIS}\n"
    for each in found.waterfalls:
        yield _steps(each)
        yield ""
    yield _changed(found.changes)


def _changed(changes: Sequence[Change]) -> str:
    lines = [f"  {each.key}: {_told(each.before)} -> {_told(each.after)}" for each in changes[:MOST_CHANGES]]
    more = len(changes) - MOST_CHANGES
    rest = [f"  and {more:,} more (see --json)"] if more > 0 else []
    return "\n".join([f"What is changed from {differences.HERE} to {differences.THERE}", *lines, *rest])


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{len(value)} {plural(len(value), 'values')}"
    return "none" if value is None else str(value)


def _steps(waterfall: Waterfall) -> RenderableType:
    """A waterfall as a table: A, what each change makes, B."""
    from rich import box
    from rich.table import Table

    title = words.title(waterfall.measure, waterfall.statistic)
    note = f"{words.axis(waterfall.unit)}; each change {words.SHAPLEY} ({waterfall.method})"
    table = Table(title=f"How much each change makes: {title}", title_justify="left", box=box.SIMPLE_HEAD,
                  title_style="bold", caption=note, caption_justify="left")
    table.add_column("")
    table.add_column("makes", justify="right", no_wrap=True)
    table.add_column("95 % interval", justify="right", no_wrap=True)
    decimals = differences.places_of_all(waterfall)
    start, end = (_typed(words.bare(_mean(waterfall, value), decimals))
                  for value in (waterfall.start, waterfall.end))
    table.add_row(differences.HERE, start, "")
    for share in waterfall.shares:
        told = _typed(differences.signed_with_interval(share.difference, decimals, unit=False))
        value, _, ends = told.partition(" (")
        table.add_row(share.change.key, value, ends.rstrip(")"))
    table.add_row(differences.THERE, end, "")
    return table


def _mean(each: Waterfall, value: float) -> Estimate:
    return Estimate(each.measure, each.statistic, value, None, None, each.unit, None, dict(each.by))
