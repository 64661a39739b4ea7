"""Where the doubt lies: for each main answer, which parameters carry how much of it."""

from __future__ import annotations

import math

from careload.clinic import plural, registry
from careload.model.report.figures import ends, in_words, per_cent, rounded
from careload.model.report.picture import Picture
from careload.model.sensitivity import TOGETHER, YEARS, Carried, Doubt
from careload.page import Axis, Cell, Column, DataTable, Row, draw_dots, sentence

SHARE = 0.9
OF_CLINICIANS = ("overload", "leavers")
SAID_TOGETHER = dict(zip(TOGETHER, (
    "What becomes of hours beyond those paid: worked unpaid, put off to the next week, left undone.",
    "How those who stay away while overdue divide: dropping out, or getting well untreated.",
), strict=True))
LOOKED_AT = "not looked at again"
SHARES = (
    "Share: of the variance, alone and with others (Sobol total); shares may sum to more than the whole. "
    "Moves it by: mean change of the answer when the parameter goes through its whole range, in standard "
    "deviations of the answer (Morris). Only those that move some answer most were looked at again."
)


def picture_of(doubt: Doubt) -> Picture:
    """The factors of one answer by the share of its doubt that they carry."""
    title, says = sentence(doubt.unit), says_of(doubt)
    axis = Axis("of the doubt, alone and with others", 0.0, per_cent=True)
    rows = [_row(each) for each in looked_at(doubt)]
    return Picture(
        f"doubt-{doubt.answer}", title, says,
        lambda width: draw_dots(rows, axis, [], width, f"{title}: who carries the doubt. {says}"),
        (_table(doubt),), "clinicians" if doubt.answer in OF_CLINICIANS else "patients",
    )


def looked_at(doubt: Doubt) -> list[Carried]:
    """The factors whose share is known, the heaviest first."""
    return [each for each in doubt.carried if not math.isnan(each.share)]


def says_of(doubt: Doubt) -> str:
    """What is believed of the answer, and how few carry its doubt."""
    believed = (f"In year {YEARS}: {rounded(doubt.middle)} {doubt.unit}, in nine runs of ten "
                f"{ends(doubt.low, doubt.high)}.")
    number = doubt.few(SHARE)
    if not number:
        return f"{believed} No parameter looked at moves it."
    carry = "carries" if number == 1 else "carry"
    few = f"{sentence(in_words(number))} {plural(number, 'parameters')} {carry}"
    return f"{believed} {few} {per_cent(SHARE)} of the doubt about {doubt.unit}."


def name_of(factor: str) -> str:
    """A factor in words: "progress lost per doubling"."""
    return factor.rpartition(".")[2].replace("_", " ")


def meaning_of(factor: str) -> str:
    """What the parameter says, from the registry."""
    if factor in SAID_TOGETHER:
        return SAID_TOGETHER[factor]
    section, _, rest = factor.partition(".")
    return registry()[section].parameters[rest.rpartition(".")[2]].meaning


def _row(each: Carried) -> Row:
    return Row(name_of(each.factor), min(max(each.share, 0.0), 1.0), figure=per_cent(each.share))


def _table(doubt: Doubt) -> DataTable:
    columns = (Column("parameter"), Column("share of the doubt", True), Column("moves it by", True),
               Column("what it says"))
    rows = tuple(_table_row(each) for each in doubt.carried)
    return DataTable(f"Doubt about {doubt.unit}, by parameter in all its tables", columns, rows, SHARES)


def _table_row(each: Carried) -> tuple[Cell, ...]:
    share = LOOKED_AT if math.isnan(each.share) else per_cent(each.share)
    return Cell(each.factor), Cell(share), Cell(rounded(each.morris)), Cell(meaning_of(each.factor))
