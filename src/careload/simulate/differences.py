"""A difference between two services in words, the same in the terminal and on the page."""

from __future__ import annotations

from dataclasses import replace

from careload.clinic import Estimate
from careload.page import NBSP, plain
from careload.simulate.versus import Difference, Waterfall
from careload.simulate.words import (
    MOST_PLACES,
    NOT_KNOWN,
    ONE_RUN,
    bare,
    figure,
    places,
    scaled,
    shared_places,
    title,
)

HERE, THERE = "A", "B"
"""The service, and the one it is compared with."""
NO_DIFFERENCE = "no difference"
NOT_TO_SPEAK_OF = "no difference to speak of"
_MORE = {
    "days": ("longer", "shorter"),
    "share": ("percentage points higher", "percentage points lower"),
    **dict.fromkeys(
        ("hours a week per clinician", "a year, in the currency of the service"), ("more", "less")
    ),
    **dict.fromkeys(
        ("hours due per hour paid", "on a scale of 0 to 1", "leavers per 100 clinician-years"),
        ("higher", "lower")
    ),
}
_SHORT = {"share": f"{NBSP}points", "days": f"{NBSP}days"}


def difference_in_words(difference: Difference) -> str:
    """For example "Return interval, median: from 44.3 to 31.0 days, 13.3 days shorter (…)."."""
    here, there = difference.here, difference.there
    name, told = title(here.measure, here.statistic), change_in_words(difference.difference)
    if scaled(here).value is None or scaled(there).value is None:
        return f"{name}: {figure(here)} in {HERE}, {figure(there)} in {THERE}; {told}."
    decimals = _places_of_both(difference)
    return f"{name}: from {bare(here, decimals)} to {figure(there, decimals)}, {told}."


def _places_of_both(difference: Difference) -> int:
    """Decimals of two values, enough to tell them apart where they are said to differ."""
    here, there = difference.here, difference.there
    least = shared_places((here, there))
    if not differs(difference.difference):
        return least
    apart = (n for n in range(least, MOST_PLACES) if bare(here, n) != bare(there, n))
    return next(apart, MOST_PLACES)


def differs(difference: Estimate) -> bool:
    """Whether these runs tell a difference from none, and it is large enough to be told."""
    known = scaled(difference)
    if known.value is None or known.low is None or known.high is None:
        return known.value is not None and known.value != 0
    return not (known.low <= 0 <= known.high or _too_small(known))


def _too_small(known: Estimate) -> bool:
    times = 100.0 if known.unit == "share" else 1.0
    return all(not round(times * end, MOST_PLACES) for end in (known.low, known.high) if end is not None)


def change_in_words(difference: Estimate) -> str:
    """A difference as "13.3 days shorter (95 % interval 13.0 to 13.6)", or that there may be none."""
    known = scaled(difference)
    if known.value is None:
        return "the difference cannot be given"
    if known.low is None or known.high is None:
        return f"{_amount(known, known.value, places(known))}; {ONE_RUN}"
    if _too_small(known):
        return NO_DIFFERENCE if known.low == known.high == 0 else NOT_TO_SPEAK_OF
    if known.low <= 0 <= known.high:
        ends = f"{_signed(known.low, known)} to {_signed(known.high, known)}"
        return f"no difference that these runs can tell from none ({ends}{_tail(known)})"
    near, far = sorted((abs(known.low), abs(known.high)))
    decimals = _not_nothing(near, known)
    ends = " to ".join(plain(end, known.unit, decimals) for end in (near, far))
    return f"{_amount(known, known.value, decimals)} (95{NBSP}% interval {ends})"


def _not_nothing(near: float, known: Estimate) -> int:
    """Decimals of a difference that is one, so that the end of its interval next to 0 is not told as 0."""
    times, least = 100.0 if known.unit == "share" else 1.0, places(known)
    return next((n for n in range(least, MOST_PLACES) if round(times * near, n)), MOST_PLACES)


def _amount(known: Estimate, value: float, decimals: int) -> str:
    more, less = _MORE.get(known.unit, ("more", "fewer"))
    unit = f"{NBSP}days" if known.unit == "days" else ""
    return f"{plain(abs(value), known.unit, decimals)}{unit} {more if value > 0 else less}"


def _tail(known: Estimate) -> str:
    return {"share": " percentage points", "days": " days"}.get(known.unit, "")


def _signed(value: float, known: Estimate, decimals: int | None = None) -> str:
    return signed(value, known.unit, places(known) if decimals is None else decimals)


def signed(value: float, unit: str, decimals: int) -> str:
    """A number with its sign, minus as it is printed."""
    text = plain(abs(value), unit, decimals)
    if float(text.replace(",", "")) == 0:
        return text
    return f"{'+' if value > 0 else '−'}{text}"


def signed_with_interval(difference: Estimate, decimals: int | None = None, *, unit: bool = True) -> str:
    """A difference with sign and interval: "−13.3 days (−13.6 to −13.0)"."""
    known = scaled(difference)
    if known.value is None:
        return NOT_KNOWN
    number = f"{_signed(known.value, known, decimals)}{_SHORT.get(known.unit, '') if unit else ''}"
    if known.low is None or known.high is None:
        return f"{number} ({ONE_RUN})"
    low, high = (_signed(end, known, decimals) for end in (known.low, known.high))
    return f"{number} ({low}{NBSP}to{NBSP}{high})"


def places_of_all(waterfall: Waterfall) -> int:
    """Decimals of a waterfall: those of the number in it that needs most."""
    ends = (replace(waterfall.shares[0].difference, value=end, low=None, high=None)
            for end in (waterfall.start, waterfall.end)) if waterfall.shares else ()
    return shared_places((*ends, *(share.difference for share in waterfall.shares)))
