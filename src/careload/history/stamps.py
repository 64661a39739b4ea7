r"""Dates and times as people write them, understood the same way on every engine.

A format is compiled once into a regular expression whose groups are the parts of
the date. The parts are put in ISO order, checked against the length of the month,
and cast. What does not fit becomes null, never another date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import ibis
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
_MONTH_ENDS = ("uary", "ruary", "ch", "il", "e", "y", "ust", "t", "tember", "ober", "ember")


def _any_case(word: str) -> str:
    return "".join(f"[{letter.upper()}{letter}]" for letter in word)


_OTHERS = {
    "Y": f"(?P<Y>{_YEAR})",
    "y": "(?P<y>[0-9]{2})",
    "f": "[0-9]{1,9}",
    "p": "(?P<p>[AaPp])[.]? ?[Mm][.]?",
    "z": "(?P<z>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)",
    "b": f"(?P<b>{'|'.join(map(_any_case, MONTHS))})(?:{'|'.join(map(_any_case, _MONTH_ENDS))})?[.]?",
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


# DuckDB has TRY_CAST, which gives null for 30 February; elsewhere a date must be known to be one.
_MONTH_31, _MONTH_30 = "(0?[13578]|1[02])", "(0?[469]|11)"
_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_REAL = (
    f"^([0-9]{{4}}-{_MONTH_31}-(0?[1-9]|[12][0-9]|3[01])|[0-9]{{4}}-{_MONTH_30}-(0?[1-9]|[12][0-9]|30)"
    f"|[0-9]{{4}}-0?2-(0?[1-9]|1[0-9]|2[0-8])|{_LEAP}-0?2-29)([T ]|$)"
)
_ISO = f"^{_YEAR}-[0-9]{{2}}-[0-9]{{2}}([T ]({_DIGITS['H'][1]}):[0-5][0-9]:[0-5][0-9]Z?)?$"


def understood(text: ir.StringValue, forms: Sequence[Form], engine: str) -> ir.TimestampValue:
    """The wall-clock timestamp `text` writes, to the second; null where it fits no form.

    text    trimmed text, null when empty
    forms   tried in order
    engine  name of the Ibis backend: some spell a group or a cast in their own way
    """
    moments = ibis.coalesce(*(_moment(text, form, engine) for form in forms))
    if engine == "duckdb" and any(form.iso for form in forms):
        # Most stamps are written so; the engine's own cast reads them without a replacement.
        moments = ibis.ifelse(text.re_search(_ISO), text.try_cast("timestamp"), moments)
    return cast(ir.TimestampValue, moments)


def offset_minutes(text: ir.StringValue, forms: Sequence[Form]) -> ir.IntegerValue:
    """Minutes east of UTC written at the end of `text` (``Z``, ``+10:00``); null where there is none."""
    zones = [_part(text, form, "z") for form in forms if "z" in form.parts]
    if not zones:
        return cast(ir.IntegerValue, ibis.null("int64"))
    # Z, +10, +10:00 and +1000 all become the number 1000 or 0: hours and minutes side by side.
    digits = ibis.coalesce(*zones).upper().replace("Z", "+").replace(":", "").rpad(5, "0")
    both = digits.cast("int64")
    return cast(ir.IntegerValue, (both - (both - both % 100) * 0.4).round().cast("int64"))


def _moment(text: ir.StringValue, form: Form, engine: str) -> ir.TimestampValue:
    iso = _iso(text, form, engine)
    if engine == "duckdb":
        moment = iso.try_cast("timestamp")
    else:
        moment = ibis.ifelse(iso.re_search(_REAL), iso, ibis.null("string")).cast("timestamp")
    return _from_half_days(moment, _part(text, form, "p")) if "p" in form.parts else moment


def _iso(text: ir.StringValue, form: Form, engine: str) -> ir.StringValue:
    """The parts of `text` in ISO order; null where it does not fit the form."""
    fits = ibis.ifelse(text.re_search(form.keeping("")[0]), text, ibis.null("string"))
    year, month = "Y" if "Y" in form.parts else "y", "m" if "m" in form.parts else "b"
    clock = ":".join(part for part in "HIMS" if part in form.parts)
    time = "T" if "T" in form.parts else f" {clock}".rstrip() + ":00" * (clock in ("H", "I"))
    iso = _reordered(fits, form, f"{year}-{month}-d{time}", "$" if engine == "pyspark" else "\\")
    if month == "b":
        iso = iso.lower()
        for number, name in enumerate(MONTHS, start=1):
            iso = iso.replace(name, f"{number:02}")
    if year == "y":
        group = "$1" if engine == "pyspark" else "\\1"
        # POSIX: two digits from 69 on mean the last century.
        iso = iso.re_replace("^(69|[7-9][0-9])-", f"19{group}-").re_replace("^([0-9]{2})-", f"20{group}-")
    return cast(ir.StringValue, iso)


def _reordered(text: ir.StringValue, form: Form, order: str, sign: str) -> ir.StringValue:
    """The parts of `text` in the order of `order`, for example ``Y-m-d H:M``; `sign` marks a group."""
    pattern, at = form.keeping("".join(part for part in order if part.isalpha()))
    replacement = "".join(f"{sign}{at[letter]}" if letter in at else letter for letter in order)
    return cast(ir.StringValue, text.re_replace(pattern, replacement))


def _from_half_days(moment: ir.TimestampValue, half: ir.StringValue) -> ir.TimestampValue:
    """Hours 1 to 12 of half a day (A or P) as hours of the day."""
    afternoon, twelve = half.lower() == "p", moment.hour() == 12
    return cast(ir.TimestampValue, ibis.cases(
        (afternoon & ~twelve, moment + ibis.interval(hours=12)),
        (~afternoon & twelve, moment - ibis.interval(hours=12)),
        else_=moment,
    ))


def _part(text: ir.StringValue, form: Form, part: str) -> ir.StringValue:
    """What `text` writes for one part; null where it does not fit or leaves the part out."""
    pattern, at = form.keeping(part)
    return cast(ir.StringValue, text.re_extract(pattern, at[part]).nullif(""))
