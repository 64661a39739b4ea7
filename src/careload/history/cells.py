"""Text to value: what one cell of a canonical column means, and whether it could be understood."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import ibis
import ibis.expr.types as ir

from careload.clinic import Column
from careload.history.mapping import Rule
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


class Cell(NamedTuple):
    """A value, null where nothing is there or it cannot be understood.

    parsed  whether there was anything to understand
    offset  minutes east of UTC the source wrote beside a stamp; None where no column can hold one
    """

    value: ir.Value
    parsed: bool
    offset: ir.IntegerValue | None = None


def written(columns: list[ir.Value], rule: Rule, column: Column) -> ir.Value:
    """What the source writes for one cell: trimmed text, null when empty; or a typed value as it is."""
    if len(columns) == 1 and not _is_text(columns[0]) and _ready(columns[0], column, rule):
        return columns[0]
    texts = [_without(_text(value), rule.empty) for value in columns]
    if len(texts) == 1:
        return _folded(texts[0], column, rule)
    return _folded(_strung(texts, rule, column), column, rule)


def understand(value: ir.Value, rule: Rule, column: Column, *, can_try: bool) -> Cell:
    """The canonical value of what `written` gave.

    can_try  the engine is our own DuckDB
    """
    if not _is_text(value):
        return _typed(value, rule, column)
    text = cast(ir.StringValue, value)
    if column.kind in ("timestamp", "date"):
        return _stamp(text, rule, column, can_try=can_try)
    if column.kind == "choice" or rule.words:
        return Cell(_word(text, rule, column).cast(column.ibis_type), parsed=True)
    if column.kind in ("id", "text"):
        return Cell(text, parsed=False)
    return Cell(_number(text, rule, column), parsed=True)


def fold(word: str) -> str:
    """A word as it is compared: lower case, without spaces."""
    return "".join(word.lower().split())


def _fold(text: ir.StringValue) -> ir.StringValue:
    return cast(ir.StringValue, text.lower().replace(" ", ""))


def _is_text(value: ir.Value) -> bool:
    return bool(value.type().is_string())


def _ready(value: ir.Value, column: Column, rule: Rule) -> bool:
    """Whether a typed value needs no reading of its text."""
    kind = value.type()
    if rule.words or rule.formats or rule.empty or rule.unit == CLOCK_UNIT:
        return False
    return bool({
        "timestamp": kind.is_timestamp() or kind.is_date(),
        "date": kind.is_timestamp() or kind.is_date(),
        "int": kind.is_numeric(),
        "float": kind.is_numeric(),
        "bool": kind.is_boolean(),
    }.get(column.kind, False))


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
    return cast(ir.StringValue, value.strip().nullif(""))


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


def _folded(text: ir.StringValue, column: Column, rule: Rule) -> ir.StringValue:
    if rule.words or column.kind == "bool":
        return _fold(text)
    if column.kind == "choice":
        return cast(ir.StringValue, _fold(text).replace("_", "").replace("-", ""))
    return text


def _word(text: ir.StringValue, rule: Rule, column: Column) -> ir.StringValue:
    """The value of a word: by the mapping's list, else by the canonical words."""
    if rule.words:
        known = [(fold(word), value) for word, value in rule.words.items()]
    else:
        known = [(choice.replace("_", ""), choice) for choice in column.choices]
    otherwise = ibis.null("string")
    if rule.otherwise is not None:
        otherwise = ibis.ifelse(text.isnull(), otherwise, rule.otherwise)
    return cast(ir.StringValue, text.cases(*known, else_=otherwise).nullif(""))


def forms_of(rule: Rule) -> tuple[Form, ...]:
    """The forms in which a stamp may be written."""
    if not rule.formats:
        return usual_forms(rule.date_order)
    forms = [compile_format(text) for text in rule.formats]
    if len(rule.columns) > 1:
        # The time column may be empty: then the date alone.
        forms += [compile_format(text.split("%H")[0].split("%I")[0].strip()) for text in rule.formats]
    return tuple(forms)


def _stamp(text: ir.StringValue, rule: Rule, column: Column, *, can_try: bool) -> Cell:
    forms = forms_of(rule)
    offset = offset_minutes(text, forms) if rule.time_zone else None
    return Cell(understood(text, forms, can_try=can_try), parsed=True, offset=offset)


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
    """A value that has a type already."""
    kind = value.type()
    if column.kind in ("timestamp", "date"):
        if kind.is_timestamp() and kind.timezone is not None:
            utc = ibis.timestamp("1970-01-01 00:00:00") + value.epoch_seconds().as_interval("s")
            return Cell(utc, parsed=False, offset=ibis.literal(0, "int64") if rule.time_zone else None)
        return Cell(value.cast("timestamp") if kind.is_date() else value, parsed=False)
    if column.kind in ("int", "float"):
        number = value.cast("float64") * _factor(rule, column)
        number = ibis.ifelse(number.isnan(), ibis.null("float64"), number) if kind.is_floating() else number
        return Cell(_whole(number), parsed=True) if column.kind == "int" else Cell(number, parsed=False)
    return Cell(value, parsed=False)
