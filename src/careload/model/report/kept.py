"""The books of the records as a page tells them: flows by site, what does not add up, weeks of change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from markupsafe import Markup

from careload.clinic import SMALLEST_GROUP, plural
from careload.model.belief import LEVEL
from careload.model.report.bands import BELOW, LEFT, RIGHT, days_below, grid, line_through, upward
from careload.model.report.figures import ends, rounded
from careload.model.report.picture import Picture
from careload.model.trust.books import CLOSED, Books, Residue
from careload.model.trust.changed import Changed
from careload.page import (
    NBSP,
    NOT_A_NUMBER,
    Cell,
    Column,
    DataTable,
    Scale,
    day,
    drawing,
    line,
    listed,
    sentence,
    text,
)

MOST_PICTURES = 6
WHOLE = "the whole service"
NOTE = (
    "Those in care at the start and those opened are those closed and those in care at the end. Whoever is "
    "in care belongs to the site of the first visit in the records. Several visits on one day count as one. "
    f"Numbers below {SMALLEST_GROUP}, and those from which they could be worked out, are hidden."
)
LEFT_AS_IT_IS = "It is counted here and left as it is: nothing has been spread over anything."


@dataclass(frozen=True)
class Kept:
    """The section of flows: in a sentence, by site, and what does not add up."""

    says: str
    flows: DataTable
    residual: DataTable | None
    rest: str


@dataclass(frozen=True)
class Change:
    """The section of changes: what was found, options to choose by, all changes, pictures of the surest."""

    says: str
    after: str
    before: str
    table: DataTable | None
    pictures: tuple[Picture, ...]


def kept_of(found: Books) -> Kept:
    """The section of the books of the records."""
    return Kept(_says(found), _flows(found), _residual(found.residual) if found.residual else None,
                _rest(found.residual))


def _says(found: Books) -> str:
    start, opened, end = (float(found.flows[name][0]) for name in (
        "in care at the start", "opened", "in care at the end"))
    ways = [name for name in found.flows if name.startswith(CLOSED)]
    closed = sum(float(found.flows[name][0]) for name in ways)
    told = (start, opened, closed, end)
    of = ("in care at the start", "opened", *ways, "in care at the end")
    # A sum beside a table tells what the table hides.
    if any(0 < each < SMALLEST_GROUP for each in told) or any(found.hidden[name][0] for name in of):
        return f"From {day(found.first)} to {day(found.last)}."
    words = ("were in care at the start", "came into care", "went", "were in care at the end")
    counted = ", ".join(f"{number:,.0f} {own}" for number, own in zip(told, words, strict=True))
    return f"From {day(found.first)} to {day(found.last)}: {counted}."


def _flows(found: Books) -> DataTable:
    sites = [WHOLE, *found.sites] if len(found.sites) > 1 else [WHOLE]
    columns = (Column("people and visits"), *(Column(site, True) for site in sites))
    rows = tuple(
        (Cell(sentence(name)), *(_number(float(own[place]), hidden=bool(found.hidden[name][place]))
                                 for place in range(len(sites))))
        for name, own in found.flows.items()
    )
    return DataTable("Who came, went and stayed, by site", columns, rows, NOTE)


def _number(value: float, *, hidden: bool) -> Cell:
    return Cell(NOT_A_NUMBER if hidden else f"{value:,.0f}", hidden=hidden)


def _residual(several: Sequence[Residue]) -> DataTable:
    columns = (Column("what does not add up"), Column("number", True), Column("of", True),
               Column("per cent", True), Column(f"{100 * LEVEL:.0f}{NBSP}% interval", True))
    return DataTable("What does not add up", columns, tuple(map(_residual_row, several)))


def _residual_row(each: Residue) -> tuple[Cell, ...]:
    share = [NOT_A_NUMBER] * 4 if each.small else [
        f"{each.number:,}", f"{each.of:,}", rounded(100 * each.number / each.of),
        ends(100 * each.low if each.number else 0.0, 100 * each.high)]
    return tuple(Cell(words, hidden=words == NOT_A_NUMBER) for words in (sentence(each.words), *share))


def _rest(several: Sequence[Residue]) -> str:
    if not several:
        return ""
    if not any(each.number for each in several):
        return "Nothing was found that does not add up."
    return f"Not all of it adds up. {LEFT_AS_IT_IS}"


def changes_of(several: Sequence[Changed]) -> Change:
    """The section of changes of the system that keeps the records."""
    if not several:
        return Change("No week was found in which the records change beyond chance.", "", "", None, ())
    weeks = sorted({each.change.week for each in several})
    says = (f"In the {plural(len(weeks), 'weeks')} from {listed([day(week) for week in weeks])} the records "
            "change beyond chance.")
    last = weeks[-1]
    pictures = tuple(_picture(each, place) for place, each in enumerate(several[:MOST_PICTURES]))
    return Change(says, f"--from {last}", f"--as-of {last - timedelta(days=1)}", _changes(several), pictures)


def _changes(several: Sequence[Changed]) -> DataTable:
    names = ("what", "site", "week from", "before", "after", "by chance in records like these")
    columns = tuple(Column(name, place > 2) for place, name in enumerate(names))
    rows = tuple(tuple(map(Cell, (
        sentence(each.change.what), each.change.site or WHOLE, day(each.change.week),
        _level(each, each.change.before), _level(each, each.change.after), _chance(each.change.chance),
    ))) for each in several)
    return DataTable("Weeks in which the records change", columns, rows,
                     "Before and after: mean of up to 20 weeks on either side.")


def _chance(share: float) -> str:
    return "less than 1 in 1,000" if share < 0.001 else f"{rounded(100 * share)}{NBSP}%"


def _level(each: Changed, value: float) -> str:
    return f"{rounded(100 * value)}{NBSP}%" if each.is_share else rounded(value)


def _picture(each: Changed, place: int) -> Picture:
    change = each.change
    at = f", {change.site}" if change.site else ""
    title = f"{sentence(change.what)}{at}"
    says = (f"From {_level(each, change.before)} to {_level(each, change.after)} in the week from "
            f"{day(change.week)}.")
    gaps = int(np.isnan(each.values).sum())
    if gaps:
        says += f" {gaps} of {len(each.values)} values have few people behind them and are hidden."
    return Picture(f"change-{place}", title, says,
                   lambda width: _draw(each, width, f"{title}. {says}"), (_weeks(each, title),))


def _draw(each: Changed, width: float, says: str) -> Markup:
    """The series as a line, with an upright line where it changes."""
    values = 100 * each.values if each.is_share else each.values
    top = 40.0
    y = upward(values, top)
    x = Scale(-0.5, len(values) - 0.5, LEFT, width - RIGHT)
    at = x((each.change.week - each.days[0]).days / (7 * each.weeks) - 0.5)
    side, anchor = (-6.0, "end") if at > (x.start + x.end) / 2 else (6.0, "start")
    period = "weeks from" if each.weeks == 1 else f"{each.weeks} weeks from"
    return drawing(
        width, y.start + BELOW, says, text(0, 12, "per cent" if each.is_share else "ratio", "note"),
        *grid(x, y), *days_below(each.days, period, x, y, width), *line_through(values, x, y),
        line(at, y.start, at, top - 10, "limit"),
        text(at + side, top - 12, f"from {each.change.week.day} {each.change.week:%b %Y}", "limit-label",
             anchor),
    )


def _weeks(each: Changed, title: str) -> DataTable:
    names = ("week from" if each.weeks == 1 else f"{each.weeks} weeks from", "value")
    columns = tuple(Column(name, place > 0) for place, name in enumerate(names))
    rows = tuple((Cell(day(first)), _value(each, float(value)))
                 for first, value in zip(each.days, each.values, strict=True))
    return DataTable(f"{title}: by week", columns, rows)


def _value(each: Changed, value: float) -> Cell:
    hidden = not np.isfinite(value)
    return Cell(NOT_A_NUMBER if hidden else _level(each, value), hidden=hidden)
