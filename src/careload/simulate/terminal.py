"""The answer of runs for a person at a terminal: doubts first, then patients, then clinicians."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from careload.clinic import Estimate, Finding, number, plural
from careload.simulate.many import Simulated
from careload.simulate.sweep import Swept
from careload.simulate.versus import Comparison, Difference, Waterfall

if TYPE_CHECKING:
    from rich.console import RenderableType

Name = tuple[str, str]
PATIENTS: Mapping[Name, str] = {
    ("return_interval", "median"): "Return interval, median",
    ("return_interval", "p90"): "Return interval, nine in ten within",
    ("return_interval", "seen_by_14"): "Seen again within 14 days",
    ("intake_wait", "median"): "Wait for a first visit, median",
    ("intake_wait", "seen_by_14"): "First visit within 14 days",
    ("in_care", "mean"): "People in care",
    ("overdue", "mean"): "Of these overdue",
    ("visits_per_week", "mean"): "Visits",
    ("no_show", "share"): "No-shows",
    ("discharged", "rate"): "Discharged, care completed",
    ("dropout", "rate"): "Dropped out",
    ("remission_untreated", "rate"): "Got well untreated while waiting",
    ("crises", "rate"): "Crises",
    ("ed_visits", "rate"): "ED visits",
    ("admissions", "rate"): "Admissions",
}
CLINICIANS: Mapping[Name, str] = {
    ("caseload", "mean"): "Caseload",
    ("contact_hours", "mean"): "Contact hours",
    ("non_contact_hours", "mean"): "Non-contact hours",
    ("unpaid_hours", "mean"): "Unpaid hours",
    ("overload", "mean"): "Overload: hours due per hour paid",
    ("exhaustion", "mean"): "Exhaustion, from 0 to 1",
    ("leaver_rate", "rate"): "Leavers per post held and year",
    ("vacancy_rate", "share"): "Posts vacant",
    ("posts_held", "mean"): "Posts held",
    ("pay_cost", "rate"): "Pay",
    ("unpaid_value", "rate"): "Unpaid hours at that pay",
    ("hiring_cost", "rate"): "Finding and training new clinicians",
    ("outside_cost", "rate"): "Care bought outside",
}
SWEPT: Mapping[Name, str] = {
    ("return_interval", "median"): "return interval, days",
    ("intake_wait", "median"): "first visit, days",
    ("overdue", "mean"): "people overdue",
    ("overload", "mean"): "overload",
    ("leaver_rate", "rate"): "leavers per post and year",
}
UNSPOKEN = ("ratio", "0 to 1", "per year")
"""Units that the words of a figure say already."""


def summary(found: Simulated | Comparison, findings: Sequence[Finding]) -> RenderableType:
    """The answer to print."""
    from rich.console import Group

    return Group(*_parts(found, findings))


def _parts(found: Simulated | Comparison, findings: Sequence[Finding]) -> Iterator[RenderableType]:
    runs = found.here if isinstance(found, Comparison) else found
    for finding in findings:
        yield f"{finding}\n"
    yield _head(found, runs)
    if isinstance(found, Comparison):
        yield from _compared(found)
        return
    known = {(each.measure, each.statistic): each for each in runs.estimates() if not each.by}
    for title, words in (("What patients get", PATIENTS), ("What clinicians carry", CLINICIANS)):
        yield _table(title, words, known)


def _head(found: Simulated | Comparison, runs: Simulated) -> str:
    name = runs.service.name
    if isinstance(found, Comparison):
        name = f"{name}, against {found.there.service.name}" if name != found.there.service.name else name
    count = len(runs.summaries)
    return (f"{name}: {runs.years:g} {plural(runs.years, 'years')}, {count:,} "
            f"{plural(count, 'replications')}, seed {runs.seed}. Means, with their 95 % intervals.\n")


def _table(title: str, words: Mapping[Name, str], known: Mapping[Name, Estimate]) -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
    table.add_column("")
    table.add_column("value", justify="right")
    table.add_column("95 % interval", justify="right")
    table.add_column("unit")
    for name, text in words.items():
        each = known.get(name)
        if each is not None and not (each.unit == "currency per year" and each.value == 0):
            table.add_row(text, *figure(each), unit_of(each))
    return table


def figure(each: Estimate) -> tuple[str, str]:
    """A value and its interval as a person writes them."""
    if each.value is None:
        return each.note or "cannot be given", ""
    told = plain_number(each.value, each.unit, each.value)
    if each.low is None or each.high is None:
        return told, "one run: none"
    low, high = (plain_number(end, each.unit, each.value) for end in (each.low, each.high))
    return told, f"{low} to {high}"


def unit_of(each: Estimate) -> str:
    """The unit where the words do not say it."""
    return "" if each.unit in UNSPOKEN else "%" if each.unit == "share" else each.unit


def plain_number(value: float, unit: str, size: float) -> str:
    """A number with as many decimals as its size asks for."""
    if unit == "share":
        return number(value, unit)
    return f"{value:,.0f}" if abs(size) >= 100 else f"{value:.1f}" if abs(size) >= 10 else f"{value:.2f}"


def sweep_table(found: Swept) -> RenderableType:
    """A row for each scenario: what was varied, and a few main figures."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for column in ("", *found.scenarios[0].values, *SWEPT.values()):
        table.add_column(column.replace(".", ".\n").replace("_", "_\n"), justify="right", overflow="fold")
    for scenario in found.scenarios:
        known = {(each.measure, each.statistic): each for each in scenario.estimates if not each.by}
        values = (f"{value:.4g}" if isinstance(value, float) else str(value)
                  for value in scenario.values.values())
        table.add_row(str(scenario.place), *values, *(figure(known[name])[0] for name in SWEPT))
    return table


def _compared(found: Comparison) -> Iterator[RenderableType]:
    if not found.changes:
        yield "The two services do not differ in any value."
        return
    yield "What is changed\n" + "\n".join(
        f"  {each.key}: {_told(each.before)} -> {_told(each.after)}" for each in found.changes
    ) + "\n"
    known = {(each.here.measure, each.here.statistic): each
             for each in found.differences() if not each.here.by}
    for title, words in (("What patients get", PATIENTS), ("What clinicians carry", CLINICIANS)):
        lines = [f"  {sentence(text, known[name])}" for name, text in words.items()
                 if name in known and (known[name].here.value or known[name].there.value)]
        yield "\n".join([title, *lines]) + "\n"
    for each in found.waterfalls:
        yield _steps(each)


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{len(value)} {plural(len(value), 'values')}"
    return "none" if value is None else str(value)


def sentence(text: str, each: Difference) -> str:
    """A difference in words: "Return interval, median: from 46 to 38 days, 8 fewer (7 to 9)."."""
    here, there, less = each.here, each.there, each.difference
    if here.value is None or there.value is None or less.value is None:
        return f"{text}: {_or_not_reached(here)}, then {_or_not_reached(there)}."
    unit = unit_of(here)
    size = min(abs(here.value), abs(there.value)) or max(abs(here.value), abs(there.value))
    start, end = (plain_number(value, here.unit, size) for value in (here.value, there.value))
    head = f"{text}: from {start} to {end}{' ' + unit if unit else ''}"
    if less.low is not None and less.high is not None and less.low <= 0 <= less.high:
        low, high = (plain_number(end, less.unit, size) for end in (less.low, less.high))
        return f"{head}, no difference beyond chance ({low} to {high})."
    way = "more" if less.value > 0 else "fewer" if unit.startswith(("days", "patients", "posts")) else "less"
    ends = sorted(abs(end) for end in (less.low, less.high) if end is not None)
    about = f" ({' to '.join(plain_number(end, less.unit, size) for end in ends)})" if ends else ""
    points = " points" if less.unit == "share" else ""
    return f"{head}, {plain_number(abs(less.value), less.unit, size)}{points} {way}{about}."


def _or_not_reached(each: Estimate) -> str:
    return figure(each)[0] + (f" {unit_of(each)}" if each.value is not None and unit_of(each) else "")


def _steps(waterfall: Waterfall) -> RenderableType:
    """A waterfall as a table: start, what each change adds, end."""
    from rich import box
    from rich.table import Table

    name = (waterfall.measure, waterfall.statistic)
    text = {**PATIENTS, **CLINICIANS}.get(name, " ".join(name))
    size = max(abs(waterfall.start), abs(waterfall.end))
    table = Table(title=f"How much each change makes: {text}", title_justify="left", box=box.SIMPLE_HEAD,
                  title_style="bold", caption=f"{waterfall.unit}; {waterfall.method}", caption_justify="left")
    table.add_column("")
    table.add_column("adds", justify="right")
    table.add_column("95 % interval", justify="right")
    table.add_row("start", plain_number(waterfall.start, waterfall.unit, size), "")
    for share in waterfall.shares:
        each = share.difference
        assert each.value is not None
        ends = [plain_number(end, each.unit, size) for end in (each.low, each.high) if end is not None]
        table.add_row(share.change.key, plain_number(each.value, each.unit, size), " to ".join(ends))
    table.add_row("end", plain_number(waterfall.end, waterfall.unit, size), "")
    return table
