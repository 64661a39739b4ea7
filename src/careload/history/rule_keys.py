"""How one column of a mapping is written: its keys, and what each may hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import available_timezones

from careload.clinic import Column, Spot, did_you_mean, nearest
from careload.history.cells import CLOCK_UNIT, UNITS
from careload.history.recipe import Case, Constant, Mapping, Rule, fold_word
from careload.history.stamps import DATE_ORDERS, FORMAT_CODES, DateOrder, compile_format

WAYS = ("column", "columns", "constant", "cases")
KEYS = (
    *WAYS, "separator", "words", "otherwise", "format", "date_order", "time_zone",
    "unit", "decimal", "part", "empty",
)


def read_rule(spot: Spot, column: Column, defaults: Mapping) -> Rule:
    """The rule at `spot`: a source column's name, or a table of keys."""
    if isinstance(spot.value, str) and spot.value:
        spot = Spot({"column": spot.value}, spot.path, spot.lines, spot.problems)
    elif not isinstance(spot.value, dict):
        spot.tell(f"{spot.name} is neither a column name nor a table.",
                  f'{column.name} = "…" or {column.name} = {{ column = "…" }}',
                  "For several columns write { columns = [\"…\", \"…\"] }.")
        return Rule(line=spot.line)
    spot.only_keys(KEYS)
    _one_way(spot, column)
    _fitting_keys(spot, column)
    return Rule(
        columns=spot.texts("columns") or spot.texts("column"),
        separator=spot.text("separator", " "),
        constant=_constant(spot, column),
        words=_words(spot, column),
        otherwise=_value(spot.at("otherwise"), column) if "otherwise" in spot.value else None,
        cases=tuple(_cases(spot, column)),
        formats=_formats(spot),
        date_order=check_order(spot) or defaults.date_order,
        time_zone=check_zone(spot) if "time_zone" in spot.value else defaults.time_zone,
        unit=_unit(spot, column),
        decimal=_choice(spot, "decimal", (".", ","), "."),
        part=_choice(spot, "part", ("year",), ""),
        empty=(*defaults.empty, *words_of(spot, "empty")),
        line=spot.line,
    )


def check_order(spot: Spot) -> DateOrder | None:
    """The `date_order` at `spot`."""
    return cast("DateOrder | None", _choice(spot, "date_order", DATE_ORDERS, "") or None)


def check_zone(spot: Spot) -> str:
    """The `time_zone` at `spot`: a name of the IANA data base, "" for none."""
    zone = spot.text("time_zone")
    if zone and zone not in available_timezones():
        spot.at("time_zone").tell(f"{zone!r} is not a time zone.",
                                  "a name such as America/Los_Angeles", _near_zone(zone))
    return zone


def words_of(spot: Spot, key: str) -> tuple[str, ...]:
    """The word or list of words under `key`; numbers and truth values are words too."""
    found = spot.at(key)
    listed = found.value if isinstance(found.value, list) else [found.value]
    if found.value is None:
        return ()
    if not all(isinstance(one, str | int | float) for one in listed):
        found.tell(f"{found.name} is no list of words.", "words in double quotes",
                   f'Write {key} = ["…", "…"].')
        return ()
    return tuple(_plain(one) for one in listed)


def _near_zone(zone: str) -> str:
    place = zone.split("/")[-1].replace(" ", "_").lower()
    same_place = [one for one in available_timezones() if one.split("/")[-1].lower() == place]
    if same_place:
        return f"Did you mean {min(same_place)!r}?"
    return did_you_mean(zone, available_timezones()) or "Look it up in the list of IANA time zones."


def _one_way(spot: Spot, column: Column) -> None:
    ways = [key for key in WAYS if key in spot.value]
    if len(ways) != 1:
        spot.tell(f"{spot.name} has {' and '.join(ways) if ways else 'no source'}.",
                  "exactly one of column, columns, constant, cases",
                  "Keep one of them." if ways else f'Write {column.name} = {{ column = "…" }}.')


def _fitting_keys(spot: Spot, column: Column) -> None:
    """Tell the keys that mean nothing for this kind of column."""
    holds = _holds(column)
    stamp, number = column.is_stamp or "part" in spot.value, column.is_number
    fits = {
        "format": stamp, "date_order": stamp, "time_zone": stamp,
        "unit": column.unit in UNITS, "decimal": number, "part": column.unit == "year",
        "words": not column.is_stamp, "cases": not column.is_stamp,
        "separator": "columns" in spot.value, "otherwise": "words" in spot.value or "cases" in spot.value,
    }
    for key, fitting in fits.items():
        if key in spot.value and not fitting:
            spot.at(key).tell(f"{key} means nothing here: {column.name} holds {holds}.",
                              "keys that fit the column", f"Take {key} out, or see docs/mapping.md.")
    if "constant" in spot.value and len(spot.value) > 1:
        spot.tell(f"{spot.name} has a constant and other keys.", "a constant alone",
                  "Take the other keys out.")


def _holds(column: Column) -> str:
    return {"id": "ids", "text": "text", "choice": "one of a few words", "timestamp": "dates with times",
            "date": "dates", "bool": "true or false"}.get(column.kind, f"numbers ({column.unit})")


def _words(spot: Spot, column: Column) -> dict[str, str]:
    table = spot.table("words")
    words = {word: _value(table.at(word), column) for word in table.value}
    seen: dict[str, str] = {}
    for word, value in words.items():
        if seen.setdefault(fold_word(word), value) != value:
            table.at(word).tell(
                f"The word {word!r} stands twice with different values.",
                "one value for each word (case and spaces do not matter)", "Keep one of them.",
            )
    return words


def _cases(spot: Spot, column: Column) -> Iterator[Case]:
    for case in spot.tables("cases"):
        case.only_keys(("when", "value"))
        when = case.table("when")
        if not when.value or "value" not in case.value:
            case.tell("A case does not say when, or which value.",
                      '{ when = { column = "word" }, value = "…" }', "Add both.")
            continue
        yield Case({name: words_of(when, name) for name in when.value}, _value(case.at("value"), column))


def _value(spot: Spot, column: Column) -> str:
    """A value that the column can hold, as text; "" for an empty cell."""
    text = _plain(spot.value)
    if text == "" or spot.value is None:
        return ""
    if column.choices and text not in column.choices:
        spot.tell(f"{text!r} is not a value of {column.name}.", f'one of {", ".join(column.choices)}, or ""',
                  nearest(text, column.choices))
    elif column.is_number and not _is_number(spot.value, column):
        spot.tell(f"{text!r} is not a value of {column.name}.", f"a number of {column.unit}",
                  "Write it without quotes.")
    elif column.kind == "bool" and not isinstance(spot.value, bool):
        spot.tell(f"{text!r} is not a value of {column.name}.", "true or false", "Write it without quotes.")
    return text


def _is_number(value: Any, column: Column) -> bool:
    kinds = int if column.kind == "int" else int | float
    return isinstance(value, kinds) and not isinstance(value, bool)


def _constant(spot: Spot, column: Column) -> Constant | None:
    constant = spot.at("constant")
    if constant.value is None:
        return None
    if column.is_stamp:
        return _constant_stamp(constant)
    _value(constant, column)
    typed = column.is_number or column.kind == "bool"
    return cast(Constant, constant.value) if typed else _plain(constant.value)


def _constant_stamp(spot: Spot) -> str:
    try:
        moment = spot.value if isinstance(spot.value, date) else datetime.fromisoformat(str(spot.value))
    except ValueError:
        spot.tell(f"{spot.name} is no date.", "a date such as 2024-03-31", "Write it as year-month-day.")
        return ""
    if isinstance(moment, datetime):
        return moment.isoformat(sep=" ", timespec="seconds")
    return f"{moment} 00:00:00"


def _formats(spot: Spot) -> tuple[str, ...]:
    formats = spot.texts("format")
    for text in formats:
        try:
            compile_format(text)
        except ValueError as error:
            spot.at("format").tell(
                f"The format {text!r} cannot be used: {error}.",
                f"the codes {', '.join(FORMAT_CODES)}", "Write for example %d/%m/%Y %H:%M.",
            )
    return formats


def _unit(spot: Spot, column: Column) -> str:
    units = tuple(UNITS.get(column.unit, ()))
    return _choice(spot, "unit", (*units, CLOCK_UNIT) if column.unit in ("minutes", "hours") else units, "")


def _choice(spot: Spot, key: str, choices: tuple[str, ...], default: str) -> str:
    text = spot.text(key, default)
    if text != default and choices and text not in choices:
        known = f"one of {', '.join(choices)}"
        spot.at(key).tell(f"{key} = {text!r} is not known.", known, nearest(text, choices))
    return text


def _plain(value: Any) -> str:
    """A TOML value as the text of a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if value is not None else ""
