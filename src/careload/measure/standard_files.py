"""TOML files of timely-access rules into `Standard`s, with every fault told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from careload.clinic import BusinessCalendar, SettingsError, nearest
from careload.measure.standards import CLOCKS, EVENTS, MARKED, MARKS, STATUSES, UNITS, URGENCIES, Standard

FILE_KEYS = ("name", "title", "note", "time_zone", "holidays", "rules")
HOLIDAY_KEYS = ("country", "subdivision", "mark", "note")
NEEDED_WORDS = ("id", "title", "citation")
FREE_WORDS = ("service", "providers", "population", "measure", "in_force", "note")
CHOICES: dict[str, tuple[str, ...]] = {
    "clock": CLOCKS, "unit": UNITS, "event": EVENTS, "urgency": URGENCIES, "status": STATUSES,
}
DEFAULTS = {"urgency": "any", "status": "binding", "event": "offered"}
EXCEPTIONS = ("clinician_approved",)
RULE_KEYS = (
    *NEEDED_WORDS, *FREE_WORDS, *CHOICES, "limit", "required_share", "exceptions",
    "in_force_from", "in_force_to", "marks",
)


def read_standards(file: Path) -> tuple[Standard, ...]:
    """The rules of one TOML file; SettingsError naming all its faults at once.

    A file names its jurisdiction (``name``), the holidays that business days leave out
    (``[holidays]`` country and subdivision) and its rules (``[[rules]]``).
    """
    whole = _toml(file)
    faults = _unknown("", whole, FILE_KEYS)
    name = whole.get("name", file.stem)
    if not isinstance(name, str) or not name:
        faults.append("name is not a word")
    calendar, calendar_note = _calendar(whole.get("holidays", {}), faults)
    zone = _zone(whole.get("time_zone", ""), faults)
    rules = whole.get("rules", [])
    if not isinstance(rules, list) or not rules or not all(isinstance(rule, dict) for rule in rules):
        faults.append("it has no [[rules]]")
        rules = []
    for number, rule in enumerate(rules, start=1):
        faults += [f"{_label(rule, number)}: {fault}" for fault in _rule_faults(rule)]
    ids = [rule["id"] for rule in rules if isinstance(rule.get("id"), str)]
    faults += [f"the id {id!r} stands twice" for id in sorted({id for id in ids if ids.count(id) > 1})]
    if faults:
        raise SettingsError(
            f"{file.name} does not hold together: {'; '.join(faults)}.",
            "rules with id, title, clock, limit, unit, event, citation and marks",
            "Compare with the files described in docs/standards.md.",
        )
    shared = {"jurisdiction": name, "calendar": calendar, "calendar_note": calendar_note, "time_zone": zone}
    return tuple(_standard(rule, shared) for rule in rules)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{file.name} cannot be read ({error.strerror or 'unknown reason'}).",
            "a TOML file of standards",
            "Check the path and the permission to read it.",
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file.name} is not UTF-8 text.", "UTF-8", "Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        fault = f"{file.name} is not TOML: {error}."
        raise SettingsError(fault, "a TOML file", "Correct that line.") from None


def _label(rule: Mapping[str, Any], number: int) -> str:
    return str(rule.get("id") or f"rule {number}")


def _near(word: str, choices: Iterable[str]) -> str:
    return nearest(word, choices).rstrip(".")


def _unknown(place: str, table: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    return [f"{place}{key!r} is not known. {_near(key, known)}" for key in table if key not in known]


def _calendar(holidays: object, faults: list[str]) -> tuple[BusinessCalendar, str]:
    if not isinstance(holidays, dict):
        faults.append("holidays is not a table")
        return BusinessCalendar(), ""
    faults += _unknown("holidays: ", holidays, HOLIDAY_KEYS)
    words = {key: holidays.get(key, "") for key in HOLIDAY_KEYS}
    if not all(isinstance(word, str) for word in words.values()):
        faults.append("holidays: country, subdivision, mark and note are words")
        return BusinessCalendar(), ""
    calendar = BusinessCalendar(words["country"], words["subdivision"])
    try:
        calendar.holidays(2024)
    except (NotImplementedError, KeyError):
        place = f"{words['country']!r} {words['subdivision']!r}"
        faults.append(f"holidays: no public holidays are known for {place}")
    mark = f" ({words['mark']})" if words["mark"] else ""
    return calendar, f"{words['note']}{mark}".strip()


def _zone(zone: object, faults: list[str]) -> str:
    if zone and (not isinstance(zone, str) or zone not in available_timezones()):
        faults.append(f"time_zone {zone!r} is not an IANA name such as 'America/Los_Angeles'")
        return ""
    return str(zone)


def _rule_faults(rule: Mapping[str, Any]) -> list[str]:
    faults = _unknown("", rule, RULE_KEYS)
    faults += [f"{key} is missing" for key in (*NEEDED_WORDS, "clock", "unit", "limit") if key not in rule]
    faults += [
        f"{key} is not text" for key in (*NEEDED_WORDS, *FREE_WORDS) if not isinstance(rule.get(key, ""), str)
    ]
    for key, choices in CHOICES.items():
        if key in rule and rule[key] not in choices:
            faults.append(f"{key} is {rule[key]!r}. {_near(str(rule[key]), choices)}")
    faults += _number_faults(rule) + _date_faults(rule) + _list_faults(rule)
    return faults


def _number_faults(rule: Mapping[str, Any]) -> list[str]:
    faults = []
    limit, share = rule.get("limit", 0), rule.get("required_share")
    if type(limit) is not int or not 0 <= limit <= 10_000:
        faults.append("limit is not a whole number from 0 to 10,000")
    if share is not None and (type(share) not in (int, float) or not 0 < share <= 1):
        faults.append("required_share is not a share above 0 and up to 1")
    return faults


def _date_faults(rule: Mapping[str, Any]) -> list[str]:
    faults = [
        f"{key} is neither a date such as 2022-07-01 nor a year"
        for key in ("in_force_from", "in_force_to")
        if key in rule and not _is_day(rule[key])
    ]
    start, end = rule.get("in_force_from", 1900), rule.get("in_force_to", 2100)
    if not faults and _day(start) > _day(end, last=True):
        faults.append("in_force_to comes before in_force_from")
    return faults


def _list_faults(rule: Mapping[str, Any]) -> list[str]:
    faults = []
    exceptions, marks = rule.get("exceptions", []), rule.get("marks", {})
    if not isinstance(exceptions, list) or any(word not in EXCEPTIONS for word in exceptions):
        faults.append(f"exceptions are a list of {', '.join(EXCEPTIONS)}")
    if not isinstance(marks, dict):
        return [*faults, "marks is not a table"]
    faults += _unknown("marks: ", marks, MARKED)
    wrong = [key for key, mark in marks.items() if mark not in MARKS]
    faults += [f"marks: {key} is none of {', '.join(MARKS)}" for key in wrong]
    given = {"limit": True, "share": "required_share" in rule, "date": "in_force_from" in rule}
    faults += [f"marks: {key} is missing" for key, needed in given.items() if needed and key not in marks]
    return faults


def _is_day(value: object) -> bool:
    return type(value) is date or (type(value) is int and 1900 <= value <= 2100)


def _day(value: date | int, *, last: bool = False) -> date:
    """A date, or the first (last) day of a year."""
    if isinstance(value, int):
        return date(value, 12, 31) if last else date(value, 1, 1)
    return value


def _standard(rule: Mapping[str, Any], shared: Mapping[str, Any]) -> Standard:
    start, end = rule.get("in_force_from"), rule.get("in_force_to")
    words = rule.get("in_force") or ("" if start is None else f"from {start}")
    if end is not None and "in_force" not in rule:
        words = f"{words} to {end}".strip()
    plain = {key: rule.get(key, "") for key in (*NEEDED_WORDS, *FREE_WORDS)}
    chosen = {key: rule.get(key, DEFAULTS.get(key)) for key in CHOICES}
    return Standard(**{
        **plain, **chosen, **shared,
        "note": " ".join(plain["note"].split()),
        "limit": rule["limit"],
        "required_share": rule.get("required_share"),
        "exceptions": tuple(rule.get("exceptions", ())),
        "marks": dict(rule.get("marks", {})),
        "in_force_from": None if start is None else _day(start),
        "in_force_to": None if end is None else _day(end, last=True),
        "in_force": words,
    })
