r"""Dates and times as people write them, understood the same way on every engine.

A format is compiled once into a regular expression whose groups are the parts of
the date. `understood` then has one portable definition (parts to numbers, numbers
to a timestamp) and, where the engine can try a cast, a faster one with the same
answers. What does not fit becomes null, never another date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

DateOrder = Literal["ymd", "dmy", "mdy"]
DATE_ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy")

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# Patterns stay within what DuckDB (RE2), PostgreSQL (ARE) and Spark (Java) share: no look-around,
# no back-references, no inline flags. The next character always decides between alternatives, and
# few groups are kept: then RE2 reads in one pass, ten times faster.
_YEAR = "[1-9][0-9]{3}"
_DIGITS = {  # part: (leading zero may be missing, always two digits)
    "m": ("0[1-9]|1[0-2]?|[2-9]", "0[1-9]|1[0-2]"),
    "d": ("0[1-9]|[12][0-9]?|3[01]?|[4-9]", "0[1-9]|[12][0-9]|3[01]"),
    "H": ("[01][0-9]?|2[0-3]?|[3-9]", "[01][0-9]|2[0-3]"),
    "I": ("0[1-9]|1[0-2]?|[2-9]", "0[1-9]|1[0-2]"),
    "M": ("[0-5][0-9]", "[0-5][0-9]"),
    "S": ("[0-5][0-9]", "[0-5][0-9]"),
}
_OTHERS = {
    "Y": f"(?P<Y>{_YEAR})",
    "y": "(?P<y>[0-9]{2})",
    "f": "[0-9]{1,9}",
    "p": "(?P<p>[AaPp])[.]? ?[Mm][.]?",
    "z": "(?P<z>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)",
    "b": "(?P<b>[A-Za-z]{3})[A-Za-z]*[.]?",
    "a": "[A-Za-z]+[.]?",
}
_ALIASES = {"B": "b", "A": "a", "e": "d"}
_SPELT_OUT = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%R": "%H:%M", "%D": "%m/%d/%y"}
FORMAT_CODES = ("%Y", "%y", "%m", "%d", "%b", "%H", "%I", "%M", "%S", "%f", "%p", "%z", "%a", "%F", "%T")


@dataclass(frozen=True)
class Form:
    """One way of writing a stamp.

    pattern  regular expression the whole text must fit; its groups are named by their part:
             Y, y, m, b, d, H, I, M, S, p, z, and T for a whole time of day with what parts it from the date
    """

    pattern: str

    @property
    def parts(self) -> frozenset[str]:
        """The parts this form writes."""
        return frozenset(re.findall(r"\(\?P<(\w)>", self.pattern))

    @property
    def iso(self) -> bool:
        """Whether ISO dates with any time of day fit this form."""
        return self.pattern.startswith(f"^{_OTHERS['Y']}[-/.]") and self.pattern.endswith(f"{_CLOCK}$")

    def keeping(self, parts: str) -> tuple[str, dict[str, int]]:
        """The pattern with only `parts` as groups, and the number of each group."""
        kept = [part for part in re.findall(r"\(\?P<(\w)>", self.pattern) if part in parts]
        pattern = re.sub(r"\(\?P<(\w)>", lambda group: "(" if group[1] in parts else "(?:", self.pattern)
        return pattern, {part: number for number, part in enumerate(kept, start=1)}


def compile_format(text: str) -> Form:
    """The form of a strptime-like format, for example ``%d%m%Y`` or ``%d/%m/%Y %H:%M``.

    The first number may lack its leading zero (spreadsheets drop it); later numbers may
    only when something stands between them and the number before.

    Raises ValueError, in plain words, for a code that is not known or a date without year, month or day.
    """
    for short, long in _SPELT_OUT.items():
        text = text.replace(short, long)
    pattern, codes, follows_number = "", list[str](), False
    for literal, code in re.findall(r"([^%]+)|%(.?)", text):
        if literal:
            pattern += re.sub(r"\s+", " +", re.escape(literal).replace("\\ ", " "))
            follows_number = False
            continue
        code = _ALIASES.get(code, code)
        if code not in _DIGITS and code not in _OTHERS:
            raise ValueError(f"%{code} is not a known code")
        pattern += f"(?P<{code}>{_DIGITS[code][follows_number]})" if code in _DIGITS else _OTHERS[code]
        codes.append(code)
        follows_number = code not in "pzab"
    _require_whole_date(codes)
    return Form(f"^{pattern}$")


def _require_whole_date(codes: Sequence[str]) -> None:
    for choice, word in (("Yy", "a year (%Y)"), ("mb", "a month (%m)"), ("d", "a day (%d)")):
        if not set(choice) & set(codes):
            raise ValueError(f"{word} is missing")
    if ("I" in codes) != ("p" in codes):
        raise ValueError("%I (hour of half a day) and %p (AM or PM) go together")
    if len(codes) > len(set(codes)):
        raise ValueError("a code stands twice")


def usual_forms(order: DateOrder | None) -> tuple[Form, ...]:
    """The forms read without a format: year first always, day or month first only when told."""
    compact = f"(?P<Y>{_YEAR})(?P<m>{_DIGITS['m'][1]})(?P<d>{_DIGITS['d'][1]})"
    dates = {None: [], "ymd": [compact], "dmy": [_spaced("dmY")], "mdy": [_spaced("mdY")]}[order]
    return tuple(Form(f"^{date}{_CLOCK}$") for date in (_spaced("Ymd"), *dates))


def _spaced(parts: str) -> str:
    return "[-/.]".join(f"(?P<{part}>{_YEAR if part == 'Y' else _DIGITS[part][0]})" for part in parts)


# After a date: a time with or without seconds, their fraction (dropped), and a zone.
_CLOCK = (
    rf"(?:(?P<T>[T ](?P<H>{_DIGITS['H'][0]}):(?P<M>{_DIGITS['M'][0]})(?::(?P<S>{_DIGITS['S'][0]}))?)"
    rf"(?:[.,][0-9]{{1,9}})? ?{_OTHERS['z']}?)?"
)


_ISO = f"^{_YEAR}-[0-9]{{2}}-[0-9]{{2}}([T ]({_DIGITS['H'][1]}):[0-5][0-9]:[0-5][0-9]Z?)?$"


def understood(text: ir.StringValue, forms: Sequence[Form], *, can_try: bool) -> ir.TimestampValue:
    """The wall-clock timestamp `text` writes, to the second; null where it fits no form.

    text     trimmed text, null when empty
    forms    tried in order
    can_try  the engine has TRY_CAST (our own DuckDB): same answers, several times faster
    """
    if not can_try:
        return cast(ir.TimestampValue, ibis.coalesce(*(_composed(text, form) for form in forms)))
    tries = ibis.coalesce(*(_tried(text, form) for form in forms))
    if not any(form.iso for form in forms):
        return cast(ir.TimestampValue, tries)
    # Most stamps are written so; the engine's own cast reads them without a replacement.
    return cast(ir.TimestampValue, ibis.ifelse(text.re_search(_ISO), text.try_cast("timestamp"), tries))


def offset_minutes(text: ir.StringValue, forms: Sequence[Form]) -> ir.IntegerValue:
    """Minutes east of UTC written at the end of `text` (``Z``, ``+10:00``); null where there is none."""
    zones = [_part(text, form, "z") for form in forms if "z" in form.parts]
    if not zones:
        return cast(ir.IntegerValue, ibis.null("int64"))
    zone = ibis.coalesce(*zones)
    digits = zone.replace(":", "")
    hours = ibis.coalesce(_number(digits.substr(1, 2).nullif("")), 0)
    minutes = ibis.coalesce(_number(digits.substr(3, 2).nullif("")), 0)
    east = ibis.ifelse(zone.startswith("-"), -1, 1)
    size = (east * (hours * 60 + minutes)).cast("int64")
    utc = (zone.upper() == "Z", ibis.literal(0, "int64"))
    return cast(ir.IntegerValue, ibis.cases(utc, (zone.notnull(), size), else_=ibis.null("int64")))


@ibis.udf.scalar.builtin(name="try_strptime")  # type: ignore[untyped-decorator]
def _try_strptime(text: str, format: str) -> dt.timestamp:
    """DuckDB's own: null where the text does not fit."""


def _tried(text: ir.StringValue, form: Form) -> ir.TimestampValue:
    """Parts put in one order by one replacement, then read by DuckDB's own TRY functions."""
    fits = text.re_search(form.keeping("")[0])
    if "T" in form.parts:
        moment = _reordered(text, form, "Y-m-dT").try_cast("timestamp")
    else:
        year, month = "Y" if "Y" in form.parts else "y", "m" if "m" in form.parts else "b"
        clock = ":".join(part for part in "HIMS" if part in form.parts)
        order = f"{year}-{month}-d {clock}".strip() + " p" * ("p" in form.parts)
        moment = _try_strptime(_reordered(text, form, order), re.sub("([a-zA-Z])", r"%\1", order))
    return cast(ir.TimestampValue, ibis.ifelse(fits, moment, ibis.null("timestamp")))


def _reordered(text: ir.StringValue, form: Form, order: str) -> ir.StringValue:
    """The parts of `text` in the order of `order`, for example ``Y-m-d I:M p``."""
    pattern, at = form.keeping("".join(part for part in order if part.isalpha()))
    replacement = "".join(f"\\{at[letter]}" if letter in at else letter for letter in order)
    half_day = "M" * ("p" in at)  # the group holds the A or P alone
    return cast(ir.StringValue, text.re_replace(pattern, replacement + half_day))


def _composed(text: ir.StringValue, form: Form) -> ir.TimestampValue:
    """Parts as numbers, the day checked against the month's length, then a timestamp of them."""
    year, month = _year(text, form), _month(text, form)
    day = _number(_part(text, form, "d"))
    real = ibis.ifelse(day <= _last_day(year, month), day, ibis.null("int64"))
    hour, minute, second = _hour(text, form), _or_zero(text, form, "M"), _or_zero(text, form, "S")
    return cast(ir.TimestampValue, ibis.timestamp(year, month, real, hour, minute, second))


def _part(text: ir.StringValue, form: Form, part: str) -> ir.StringValue:
    """What `text` writes for one part; null where it does not fit or leaves the part out."""
    pattern, at = form.keeping(part)
    return cast(ir.StringValue, text.re_extract(pattern, at[part]).nullif(""))


def _number(digits: ir.Value) -> ir.IntegerValue:
    return cast(ir.IntegerValue, digits.cast("int64"))


def _or_zero(text: ir.StringValue, form: Form, part: str) -> ir.IntegerValue:
    if part not in form.parts:
        return ibis.literal(0, "int64")
    return cast(ir.IntegerValue, ibis.coalesce(_number(_part(text, form, part)), 0))


def _year(text: ir.StringValue, form: Form) -> ir.IntegerValue:
    if "Y" in form.parts:
        return _number(_part(text, form, "Y"))
    short = _number(_part(text, form, "y"))
    # POSIX: two digits from 69 on mean the last century.
    return cast(ir.IntegerValue, ibis.ifelse(short >= 69, short + 1900, short + 2000))


def _month(text: ir.StringValue, form: Form) -> ir.IntegerValue:
    if "m" in form.parts:
        return _number(_part(text, form, "m"))
    name = _part(text, form, "b").lower()
    numbers = [(month, number) for number, month in enumerate(MONTHS, start=1)]
    return cast(ir.IntegerValue, name.cases(*numbers, else_=ibis.null("int64")).cast("int64"))


def _hour(text: ir.StringValue, form: Form) -> ir.IntegerValue:
    if "p" not in form.parts:
        return _or_zero(text, form, "H")
    afternoon = ibis.ifelse(_part(text, form, "p").lower() == "p", 12, 0)
    return cast(ir.IntegerValue, (_number(_part(text, form, "I")) % 12 + afternoon).cast("int64"))


def _last_day(year: ir.IntegerValue, month: ir.IntegerValue) -> ir.IntegerValue:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    february = ibis.ifelse(leap, 29, 28)
    others = ibis.ifelse(month.isin((4, 6, 9, 11)), 30, 31)
    return cast(ir.IntegerValue, ibis.ifelse(month == 2, february, others))
