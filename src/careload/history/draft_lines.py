"""One line of a drafted mapping: how the column is filled, and what may be wrong with the guess."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from careload.clinic import Column, Table
from careload.history.cells import FALSE, TRUE
from careload.history.guess import plain, says_absent, word_meaning, yes_or_no
from careload.history.profile import Profile
from careload.history.recipe import fold, fold_word


class Line(NamedTuple):
    """What stands right of ``column =``, the doubt above it, and further notes."""

    value: str
    doubt: str
    notes: tuple[str, ...] = ()


def line_for(
    table: Table, column: Column, guessed: Mapping[str, str], columns: Mapping[str, Profile]
) -> Line:
    """The line for `column` of `table`, filled from the source column that was guessed."""
    found = columns[guessed[column.name]]
    if found.looks == "empty":
        return Line(quoted(found.name), "by its name; it is empty in all rows looked at.")
    if column.is_stamp:
        return _stamp(column, found, guessed, columns)
    if table.name == "appointments" and column.name == "status":
        return _status(found)
    if column.kind == "choice":
        slot = table.name == "slots" and column.name == "status"
        return _choice(column, found, "slot_status" if slot else column.name)
    if column.kind == "bool":
        return _truth(found)
    if column.is_number:
        return _number(column, found)
    alike = f"{found.differ:,} different in {found.rows:,} rows looked at"
    lasting = "; one thing must keep one id" if column.kind == "id" else ""
    return Line(quoted(found.name), f"by its name; {alike}{lasting}.")


def _stamp(
    column: Column, found: Profile, guessed: Mapping[str, str], columns: Mapping[str, Profile]
) -> Line:
    time = _time_beside(found, columns) if column.kind == "timestamp" else None
    name = quoted(found.name)
    source = f"columns = [{name}, {quoted(time)}]" if time else f"column = {name}"
    facts = [f"its cells fit {found.format}" if found.format else "its cells are dates"]
    facts.append("the time stands in another column" if time else
                 "with a time of day" if found.clock else "without a time of day")
    if column.name == "booked_at" and "starts_at" in guessed:
        share = in_order(found, columns[guessed["starts_at"]]) or 0
        facts.append(f"on or before starts_at in {100 * share:.1f} % of the rows looked at")
    notes = ("Day and month cannot be told apart in these cells.",) if found.order == "?" else ()
    keys = [source, *([f"format = {quoted(found.format)}"] if found.format else [])]
    value = f"{{ {', '.join(keys)} }}" if len(keys) > 1 or time else name
    return Line(value, f"by its name; {', '.join(facts)}.", notes)


def in_order(booked: Profile, start: Profile) -> float | None:
    """Share of sampled rows in which `booked` is on or before the day of `start`; None without any."""
    both = [(a, b) for a, b in zip(booked.days, start.days, strict=True) if a and b]
    return sum(a <= b for a, b in both) / len(both) if both else None


def _time_beside(found: Profile, columns: Mapping[str, Profile]) -> str | None:
    """The column that holds the time of day of a date without one: `visit_time` beside `visit_date`."""
    if found.clock or found.format:
        return None
    stem = set(plain(found.name).split()) - {"date", "day", "data", "fecha", "datum"}
    times = [name for name, other in columns.items() if other.looks == "time"]
    for name in times:
        if set(plain(name).split()) - {"time", "hour", "hora", "zeit", "uhrzeit"} == stem:
            return name
    return None


def _status(found: Profile) -> Line:
    absent = says_absent(found.name)
    answers = {word: yes_or_no(word) for word in found.words}
    if absent is not None and answers and None not in answers.values():
        words = {word: "no_show" if answer == absent else "completed" for word, answer in answers.items()}
        yes = "did NOT come" if absent else "came"
        doubt = f"by its name, {found.name}: yes is read as {yes}. Swap them if not."
        return Line(_table(found.name, words), doubt)
    if not found.words:
        return Line(quoted(found.name), "by its name; its words are too many or too long to be listed.")
    return _choice_of(found, "status", {"cancelled": "cancelled_by_patient"})


def _choice(column: Column, found: Profile, kind: str) -> Line:
    answers = {word: yes_or_no(word) for word in found.words}
    if kind == "slot_status" and answers and None not in answers.values():
        words = {word: "free" if answer else "busy" for word, answer in answers.items()}
        return Line(_table(found.name, words), "by its name: yes is read as free.")
    if all(fold(word) in {fold(choice) for choice in column.choices} for word in found.words):
        return Line(quoted(found.name), "by its name; its words are the canonical ones.")
    return _choice_of(found, kind, {})


def _choice_of(found: Profile, kind: str, instead: Mapping[str, str]) -> Line:
    """Words by their meaning; what is not known is left for a person."""
    meanings = {word: word_meaning(word, kind) for word in found.words}
    words = {word: instead.get(meaning, meaning) for word, meaning in meanings.items() if meaning}
    notes = [f"{quoted(word)} is not known: add it, or its rows cannot be understood."
             for word, meaning in meanings.items() if not meaning]
    if "cancelled" in meanings.values():
        notes.insert(0, "By whom it was cancelled is not said: by the patient is a guess.")
    if not words:
        return Line(quoted(found.name), "by its name; none of its words is known.", tuple(notes))
    return Line(_table(found.name, words), "by its name; its words by what they usually mean.", tuple(notes))


def _truth(found: Profile) -> Line:
    if all(fold_word(word) in (*TRUE, *FALSE) for word in found.words):
        return Line(quoted(found.name), "by its name.")
    answers = {word: yes_or_no(word) for word in found.words}
    known = {word: answer for word, answer in answers.items() if answer is not None}
    return Line(_table(found.name, known), "by its name; its words by what they usually mean.")


def _number(column: Column, found: Profile) -> Line:
    if found.looks == "stamp":
        form = f", format = {quoted(found.format)}" if found.format else ""
        return Line(f'{{ column = {quoted(found.name)}{form}, part = "year" }}', "the year of a date.")
    words = set(plain(found.name).split())
    if column.unit == "days" and ({"week", "weeks", "semanas", "wochen"} & words or 0 < found.high <= 12):
        return Line(f'{{ column = {quoted(found.name)}, unit = "weeks" }}',
                    f"by its name; the largest is {found.high:g}, so they look like weeks.")
    if column.unit == "minutes" and ({"hour", "hours", "horas", "stunden"} & words or 0 < found.high <= 8):
        return Line(f'{{ column = {quoted(found.name)}, unit = "hours" }}',
                    f"by its name; the largest is {found.high:g}, so they look like hours.")
    unit = f"; taken as {column.unit}" if column.unit else ""
    return Line(quoted(found.name), f"by its name{unit}.")


def _table(name: str, words: Mapping[str, str | bool]) -> str:
    pairs = ", ".join(f"{_key(word)} = {json.dumps(value)}" for word, value in words.items())
    return f"{{ column = {quoted(name)}, words = {{ {pairs} }} }}"


def _key(word: str) -> str:
    return word if re.fullmatch("[A-Za-z0-9_-]+", word) else quoted(word)


def quoted(text: str | None) -> str:
    """`text` as a TOML string."""
    return json.dumps(text, ensure_ascii=False)
