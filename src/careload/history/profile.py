"""What the values of a source column look like, from a sample of its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from careload.history.recipe import fold_word
from careload.history.stamps import MONTHS, Form, compile_format, usual_forms

Looks = Literal["empty", "stamp", "time", "number", "word", "id"]

SAMPLE_ROWS = 2_000
FIRST_LOOK = 20  # cells, to rule most formats out
MOST_WORDS = 20
LONGEST_WORD = 40
ENOUGH = 0.95  # of the cells must fit, the rest may be slips

# Formats beside the usual ones, the likelier first.
FORMATS = (
    "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p", "%d%m%Y", "%m%d%Y", "%Y%m%d",
    "%Y%m%d%H%M", "%Y%m%d%H%M%S", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y",
    "%B %d, %Y", "%d-%b-%y", "%d-%b-%Y %H:%M",
)
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d([.]\d+)?)?( ?[AaPp][.]?[Mm][.]?)?")
_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d*)?")


@dataclass(frozen=True)
class Profile:
    """One column as its sample shows it.

    name    as the source writes it
    looks   what its cells look like
    filled  share of cells that are not empty
    differ  number of different cells among `rows`
    rows    cells looked at that are not empty
    order   date order that the cells need: "" for none, "?" when day and month cannot be told apart
    format  format that the cells need, "" for none
    zoned   stamps end in Z or an offset
    clock   stamps have a time of day that is not midnight
    words   the different words as written most often, where there are few and none looks like a person's
    marks   cells that stand for "nothing known", such as NA and *
    high    the largest number
    days    the day of each stamp of the sample, row by row; None where there is none
    """

    name: str
    looks: Looks
    filled: float = 0.0
    differ: int = 0
    rows: int = 0
    order: str = ""
    format: str = ""
    zoned: bool = False
    clock: bool = False
    words: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    high: float = 0.0
    days: tuple[date | None, ...] = ()


MARKS = ("na", "n/a", "null", "none", "nan", "*", "-", "--", "?", "unknown", "not known", "nicht bekannt")


def profile(name: str, values: Sequence[Any]) -> Profile:
    """The profile of a column whose sampled cells are `values`."""
    texts = [_text(value) for value in values]
    there = [text for text in texts if text]
    marks = tuple(sorted({text for text in there if text.lower() in MARKS}))
    real = [text for text in there if text not in marks]
    if not real:
        return Profile(name, "empty", marks=marks)
    found = Profile(
        name, "id", filled=len(there) / len(texts), differ=len(set(real)), rows=len(real), marks=marks,
        words=_words(real),
    )
    looked = _as_stamp(found, real, texts) or _as_time(found, real) or _as_number(found, real)
    return looked or _as_word(found, real) or found


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _as_stamp(found: Profile, real: Sequence[str], texts: Sequence[str]) -> Profile | None:
    usual = [("", "", form) for form in usual_forms(None)]
    orders = [(order, "", usual_forms(order)[-1]) for order in ("dmy", "mdy")]
    formats = [("", text, compile_format(text)) for text in FORMATS]
    likely = [way for way in (*usual, *orders, *formats) if _share(way[2], real[:FIRST_LOOK]) >= 0.5]
    fitting = [way for way in likely if _share(way[2], real) >= ENOUGH]
    if not fitting:
        return None
    order, form_text, form = fitting[0]
    if {way[0] for way in fitting} >= {"dmy", "mdy"}:
        order = "?"
    if len(fitting) > 1 and form_text and _rival(form_text) in {way[1] for way in fitting}:
        order = "?"
    parsed = [_moment(form, text) for text in texts]
    days = tuple(moment.date() if moment else None for moment in parsed)
    clock = any(moment and (moment.hour or moment.minute) for moment in parsed)
    zoned = any(re.search(r"([Zz]|[+-]\d{2}:?\d{2})$", text) for text in real) and form_text == ""
    return _with(found, "stamp", order=order, format=form_text, days=days, clock=clock, zoned=zoned)


def _rival(text: str) -> str:
    """The same format with day and month the other way round."""
    return text.replace("%d", "%§").replace("%m", "%d").replace("%§", "%m")


def _share(form: Form, real: Sequence[str]) -> float:
    return sum(_moment(form, text) is not None for text in real) / len(real)


def _moment(form: Form, text: str) -> datetime | None:
    """What the form reads in `text`, as `stamps` would."""
    found = re.fullmatch(form.pattern[1:-1], text)
    if not found:
        return None
    part = found.groupdict()
    month = part.get("m") or MONTHS.index(part["b"].lower()) + 1
    year = part.get("Y") or ("19" if part["y"] >= "69" else "20") + part["y"]
    hour = int(part.get("H") or part.get("I") or 0)
    if part.get("p"):
        hour = hour % 12 + 12 * (part["p"] in "pP")
    try:
        return datetime(int(year), int(month), int(part["d"]), hour, int(part.get("M") or 0))
    except ValueError:
        return None


def _as_time(found: Profile, real: Sequence[str]) -> Profile | None:
    fits = sum(_TIME.fullmatch(text) is not None for text in real)
    return _with(found, "time") if fits >= ENOUGH * len(real) else None


def _as_number(found: Profile, real: Sequence[str]) -> Profile | None:
    numbers = [float(text.replace(",", ".")) for text in real if _NUMBER.fullmatch(text)]
    if len(numbers) < ENOUGH * len(real):
        return None
    return _with(found, "number", high=max(numbers))


def _as_word(found: Profile, real: Sequence[str]) -> Profile | None:
    return _with(found, "word") if found.words and found.differ <= max(MOST_WORDS, len(real) // 20) else None


def _words(real: Sequence[str]) -> tuple[str, ...]:
    """The different words as mostly written, most frequent first; none when they may be people's."""
    spelt = Counter(real)
    folded: dict[str, str] = {}
    for word, _ in spelt.most_common():
        folded.setdefault(fold_word(word), word)
    few = len(folded) <= MOST_WORDS and all(len(word) <= LONGEST_WORD for word in folded.values())
    repeated = len(real) >= 2 * len(folded) or len(folded) <= 3
    return tuple(folded.values()) if few and repeated else ()


def _with(found: Profile, looks: Looks, **more: Any) -> Profile:
    return replace(found, looks=looks, **more)
