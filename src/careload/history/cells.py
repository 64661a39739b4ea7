"""Text to value: what one cell of a canonical column means, and whether it could be understood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import ibis
import ibis.expr.types as ir

from careload.clinic import Column
from careload.history.recipe import Rule, fold_word
from careload.history.stamps import Form, compile_format, offset_minutes, understood, usual_forms

# At most 15 digits: what a float64 holds exactly, and far from the end of int64.
_WHOLE = "^[+-]?[0-9]{1,15}([.]0*)?$"
_NUMBER = "^[+-]?([0-9]{1,15}([.][0-9]*)?|[.][0-9]+)$"
_CLOCK_LENGTH = "^([0-9]{1,3}):([0-5][0-9])(:[0-5][0-9])?$"
TRUE, FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")

# Canonical unit to source unit to how many canonical ones it holds.
UNITS: dict[str, dict[str, float]] = {
    "days": {"days": 1, "weeks": 7},
    "minutes": {"minutes": 1, "hours": 60, "seconds": 1 / 60},
    "hours": {"hours": 1, "minutes": 1 / 60},
    "FTE": {"FTE": 1, "percent": 1 / 100},
}
CLOCK_UNIT = "h:mm"
MOST_WORDS = 20


# Stands in the written text where none of the cases fits.
NOT_LISTED = "(none of the cases)"


class Cell(NamedTuple):
    """A value, null where nothing is there or it cannot be understood.

    parsed  whether there was anything to understand
    offset  minutes east of UTC the source wrote beside a stamp; None where no column can hold one
    """

    value: ir.Value
    parsed: bool
    offset: ir.IntegerValue | None = None


def written(rule: Rule, column: Column, cell: Callable[[str], ir.Value]) -> ir.Value:
    """What the source writes for one cell: trimmed text, null when empty; or a typed value as it is.

    cell  gives the source column of a name
    """
    if rule.constant is not None:
        return ibis.literal(rule.constant)
    if rule.cases:
        return _by_cases(rule, cell)
    values = [cell(name) for name in rule.columns]
    if len(values) == 1 and _ready(values[0], column, rule):
        return values[0]
    texts = [_without(_text(value), rule.empty) for value in _halves(values, column)]
    if len(texts) > 1:
        return _folded(_strung(texts, rule, column), rule, column)
    return _known_words_first(values[0], _folded(texts[0], rule, column), rule, column)


def holds(value: ir.Value, words: tuple[str, ...]) -> ir.BooleanValue:
    """Whether a source column holds one of `words`; the word "" is an empty cell."""
    return _holds(_fold(_text(value)), words)


def understand(value: ir.Value, rule: Rule, column: Column, engine: str) -> Cell:
    """The canonical value of what `written` gave; `engine` is the name of the Ibis backend."""
    if rule.constant is not None:
        return Cell(value.cast(column.ibis_type), parsed=False)
    if rule.cases:
        return Cell(value.nullif(NOT_LISTED).cast(column.ibis_type), parsed=True)
    if rule.part == "year":
        return Cell(_stamp(value, rule, engine).value.year().cast("int64"), parsed=True)
    if column.is_stamp:
        return _stamp(value, rule, engine)
    if not value.type().is_string():
        return _typed(value, rule, column)
    if column.kind == "choice" or rule.words:
        return Cell(_word(value, rule, column).cast(column.ibis_type), parsed=True)
    if column.kind in ("id", "text"):
        return Cell(value, parsed=False)
    return Cell(_number(value, rule, column), parsed=True)


def _fold(text: ir.StringValue) -> ir.StringValue:
    return cast(ir.StringValue, text.lower().replace(" ", ""))


def _ready(value: ir.Value, column: Column, rule: Rule) -> bool:
    """Whether a typed value needs no reading of its text."""
    kind = value.type()
    if rule.words or rule.unit == CLOCK_UNIT or any(_has_digit(word) for word in rule.empty):
        return False
    if column.is_stamp or rule.part:
        return bool(kind.is_timestamp() or kind.is_date())
    if column.kind == "bool":
        return bool(kind.is_boolean())
    return column.is_number and bool(kind.is_numeric())


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)


def _halves(values: list[ir.Value], column: Column) -> list[ir.Value]:
    """A date and a time in two typed columns: of the first the day alone, of the others the time."""
    if column.kind != "timestamp" or len(values) == 1:
        return values
    day = values[0].date() if values[0].type().is_timestamp() else values[0]
    return [day, *(value.time() if value.type().is_timestamp() else value for value in values[1:])]


def _text(value: ir.Value) -> ir.StringValue:
    """Trimmed text of any value; null when empty."""
    kind = value.type()
    if kind.is_floating() or kind.is_decimal():
        # 1.0 is the id 1: databases and workbooks keep whole numbers as floats.
        whole = value.cast("int64")
        value = ibis.ifelse(value.isnan() if kind.is_floating() else False, None,
                            ibis.ifelse(whole == value, whole.cast("string"), value.cast("string")))
    elif not kind.is_string():
        value = value.cast("string")
    # Few values begin or end with a blank, and looking for one is three times faster than cutting it off.
    trimmed = ibis.ifelse(value.re_search(r"^\s|\s$"), value.strip(), value)
    return cast(ir.StringValue, trimmed.nullif(""))


def _without(text: ir.StringValue, empty: tuple[str, ...]) -> ir.StringValue:
    if not empty:
        return text
    return cast(ir.StringValue, ibis.ifelse(text.isin(list(empty)), ibis.null("string"), text))


def _strung(texts: list[ir.StringValue], rule: Rule, column: Column) -> ir.StringValue:
    """Several cells as one. Without its first cell there is none; a date without a time is a date."""
    joined = texts[0]
    for text in texts[1:]:
        longer = joined.concat(rule.separator, text)
        joined = ibis.ifelse(text.isnull(), joined, longer) if column.kind == "timestamp" else longer
    return cast(ir.StringValue, joined)


def _folded(text: ir.StringValue, rule: Rule, column: Column) -> ir.StringValue:
    """Words as they are compared; those that mean an empty cell are null."""
    if rule.words:
        nothing = [fold_word(word) for word, value in rule.words.items() if value == ""]
        return _without(_fold(text), tuple(nothing))
    if column.kind == "choice":
        return cast(ir.StringValue, _fold(text).replace("_", "").replace("-", ""))
    return _fold(text) if column.kind == "bool" else text


def _known_words_first(
    value: ir.Value, folded: ir.StringValue, rule: Rule, column: Column
) -> ir.StringValue:
    """The same as `folded`, but words spelt as expected are not trimmed and folded one by one."""
    words = [word for word, meaning in rule.words.items() if meaning] or list(column.choices)
    words = [word for word in words if word not in rule.empty]
    if not value.type().is_string() or not words or len(words) > MOST_WORDS:
        return folded
    known = [(word, fold_word(word) if rule.words else word.replace("_", "")) for word in words]
    return cast(ir.StringValue, value.cases(*known, else_=folded))


def _word(text: ir.StringValue, rule: Rule, column: Column) -> ir.StringValue:
    """The value of a word: by the mapping's list, else by the canonical words."""
    known = [(fold_word(word), value) for word, value in rule.words.items() if value]
    if not rule.words:
        known = [(choice.replace("_", ""), choice) for choice in column.choices]
    if not known:
        return cast(ir.StringValue, ibis.null("string"))
    return cast(ir.StringValue, text.cases(*known, else_=_otherwise(rule, text.notnull(), None)))


def _otherwise(rule: Rule, there: ir.BooleanValue, unknown: str | None) -> ir.StringValue:
    """The cell of a word that is not listed: what the mapping says, else `unknown`; null where no word is."""
    value = unknown if rule.otherwise is None else rule.otherwise or None
    if value is None:
        return cast(ir.StringValue, ibis.null("string"))
    return cast(ir.StringValue, ibis.ifelse(there, value, ibis.null("string")))


def _by_cases(rule: Rule, cell: Callable[[str], ir.Value]) -> ir.StringValue:
    """The value of the first case that fits."""
    texts = {name: _fold(_without(_text(cell(name)), rule.empty)) for name in rule.read}
    branches = [
        (ibis.and_(*(_holds(texts[name], words) for name, words in case.when.items())), case.value)
        for case in rule.cases
    ]
    there = ibis.or_(*(text.notnull() for text in texts.values()))
    else_ = _otherwise(rule, there, NOT_LISTED)
    return cast(ir.StringValue, ibis.cases(*branches, else_=else_).nullif(""))


def _holds(text: ir.StringValue, words: tuple[str, ...]) -> ir.BooleanValue:
    """Whether a cell holds one of the words; the word "" is an empty cell."""
    some = [fold_word(word) for word in words if word]
    held = text.isin(some).fill_null(False) if some else ibis.literal(False)
    return cast(ir.BooleanValue, held | text.isnull() if "" in words else held)


def forms_of(rule: Rule) -> tuple[Form, ...]:
    """The forms in which a stamp may be written."""
    if not rule.formats:
        return usual_forms(rule.date_order)
    forms = [compile_format(text) for text in rule.formats]
    if len(rule.columns) > 1:
        # The time column may be empty: then the date alone.
        forms += [compile_format(text.split("%H")[0].split("%I")[0].strip()) for text in rule.formats]
    return tuple(forms)


def _stamp(value: ir.Value, rule: Rule, engine: str) -> Cell:
    """The wall clock as it is written, and how far from UTC it is."""
    kind = value.type()
    if kind.is_string():
        forms = forms_of(rule)
        offset = offset_minutes(value, forms) if rule.time_zone else None
        return Cell(understood(value, forms, engine), parsed=True, offset=offset)
    if kind.is_timestamp() and kind.timezone is not None:
        utc = ibis.timestamp("1970-01-01 00:00:00") + value.epoch_seconds().as_interval("s")
        return Cell(utc, parsed=False, offset=ibis.literal(0, "int64") if rule.time_zone else None)
    return Cell(value.cast("timestamp") if kind.is_date() else value, parsed=False)


def _number(text: ir.StringValue, rule: Rule, column: Column) -> ir.Value:
    """A number in the canonical unit, or a truth value."""
    if column.kind == "bool":
        true, false = text.isin(TRUE), text.isin(FALSE)
        return ibis.ifelse(true, True, ibis.ifelse(false, False, ibis.null("boolean")))
    if rule.unit == CLOCK_UNIT:
        minutes = text.re_extract(_CLOCK_LENGTH, 1).nullif("").cast("float64") * 60
        return minutes + text.re_extract(_CLOCK_LENGTH, 2).nullif("").cast("float64")
    text = text.replace(",", ".") if rule.decimal == "," else text
    factor = _factor(rule, column)
    pattern = _WHOLE if column.kind == "int" and factor == 1 else _NUMBER
    number = ibis.ifelse(text.re_search(pattern), text, ibis.null("string")).cast("float64") * factor
    return _whole(number) if column.kind == "int" else number


def _factor(rule: Rule, column: Column) -> float:
    return UNITS[column.unit][rule.unit] if rule.unit else 1


def _whole(number: ir.FloatingValue) -> ir.IntegerValue:
    """The integer a number is; null where it is none."""
    whole = ibis.ifelse(number.abs() < 1e15, number, ibis.null("float64")).round()
    return cast(ir.IntegerValue, ibis.ifelse(number == whole, whole, ibis.null("float64")).cast("int64"))


def _typed(value: Any, rule: Rule, column: Column) -> Cell:
    """A number or truth value that has a type already."""
    if column.kind == "bool":
        return Cell(value, parsed=False)
    number = value.cast("float64")
    if value.type().is_floating():
        number = ibis.ifelse(number.isnan(), ibis.null("float64"), number)
    number = number * _factor(rule, column)
    return Cell(_whole(number), parsed=True) if column.kind == "int" else Cell(number, parsed=False)
