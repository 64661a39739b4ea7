"""What a standard says of a share: meets, misses, or cannot be said, never without the figures."""

from __future__ import annotations

from datetime import date
from typing import Literal

from careload.clinic import number
from careload.measure.result import Verdict
from careload.measure.standards import Event, Standard

Answer = Literal["meets", "misses", "cannot be said"]

CLOCK_WORDS = {
    "request": "of the request",
    "referral": "of the referral",
    "prior_appointment": "of the appointment before",
    "discharge": "of the discharge",
    "need": "of the need",
}
ALL = 1.0
"""Share within the limit that a rule asks for whose text allows no exception by share."""

STATUS_WORDS = {
    "proposed": "the rule was only proposed",
    "goal": "it is a goal of an accreditor, not a rule",
    "trigger": "it gives a right to other care and sets no share",
    "rate": "it is published as a rate and sets no target",
}

MARKS = {"R": "read in the text", "S": "known second-hand", "C": "computed", "M": "from memory"}
"""How sure a share is, in words."""


def verdict(
    standard: Standard,
    share: float | None,
    low: float | None,
    high: float | None,
    n: int | None,
    *,
    observed: Event,
    first: date | None = None,
    last: date | None = None,
    counted: str = "waits",
    hidden: bool = False,
    missing: str = "",
    detail: str = "",
) -> Verdict:
    """The verdict of `standard` on a share found in records.

    share      share of waits within the limit, 0 to 1; None when it cannot be given
    low, high  its 95 % interval
    n          waits behind it
    observed   the event that stopped the clock in the records
    first      earliest day a clock started, last the latest
    counted    plural noun for n
    hidden     the share is hidden to protect a small group
    missing    why there is no share, as a clause without a full stop
    detail     a further sentence, for example the share without approved exceptions

    The share itself is compared with the required share; the interval is shown, not judged. A rule
    whose text names no share is read as it stands: it holds for each wait.
    A share or a limit from memory (M) is never the ground of a verdict.
    """
    shown = None if hidden else share
    doubts = _doubts(standard, shown, observed, first, last, hidden=hidden, missing=missing)
    figures = "" if shown is None else _figures(standard, shown, low, high, n, observed, counted)
    sentences = [figures, _asked(standard, shown)]
    if doubts:
        sentences.append(f"It cannot be said, because {'; '.join(doubts)}.")
    sentences.append(detail if shown is not None else "")
    return Verdict(
        rule=standard.id,
        clock=standard.clock,
        limit=standard.limit_words,
        required_share=standard.required_share,
        share=shown,
        verdict="cannot be said" if doubts else _compared(standard, shown),
        because=" ".join(sentence for sentence in sentences if sentence),
        citation=standard.citation,
        mark=standard.mark,
    )


def _compared(standard: Standard, share: float | None) -> Answer:
    if share is None:
        return "cannot be said"
    required = ALL if standard.required_share is None else standard.required_share
    return "meets" if share >= required else "misses"


def _doubts(
    standard: Standard,
    share: float | None,
    observed: Event,
    first: date | None,
    last: date | None,
    *,
    hidden: bool,
    missing: str,
) -> list[str]:
    """Every reason for which nothing can be said, as clauses."""
    doubts = []
    if hidden:
        doubts.append("the share is hidden to protect a small group")
    elif share is None:
        doubts.append(missing or "the records do not give the share")
    if standard.status != "binding":
        doubts.append(STATUS_WORDS[standard.status])
    elif first is not None and last is not None:
        doubts += _out_of_force(standard, first, last)
    if standard.event == "offered" and observed != "offered":
        doubts.append("the rule speaks of the appointment offered and the records only show those attended")
    if standard.marks.get("limit") == "M":
        doubts.append("its limit is from memory and was not found in a source")
    if standard.status == "binding" and standard.marks.get("share") == "M":
        doubts.append("the share required is from memory and was not found in a source")
    return doubts


def _out_of_force(standard: Standard, first: date, last: date) -> list[str]:
    """Why the rule did not hold throughout `first` to `last`."""
    mark = standard.marks.get("date", "")
    from_memory = ", a date from memory" if mark == "M" else ""
    period = standard.period(first, last)
    if period is None:
        when = f"the records cover {first} to {last}"
        return [f"the rule was not in force then ({standard.in_force}{from_memory}; {when})"]
    if period != (first, last):
        start, end = period
        since = f"{standard.in_force}{from_memory}"
        part = f"the rule was in force for a part of the records only ({since})"
        return [f"{part}: measure {start} to {end} alone"]
    return []


def _figures(
    standard: Standard, share: float, low: float | None, high: float | None, n: int | None,
    observed: Event, counted: str,
) -> str:
    interval = "" if low is None or high is None else f" ({number(low, 'share')}-{number(high, 'share')})"
    of = "" if n is None else f" of {n:,} {counted}"
    within = f"within {standard.limit_words} {CLOCK_WORDS[standard.clock]}"
    return f"{_percent(share, standard.required_share)}{interval}{of} were {observed} {within}."


def _percent(share: float, required: float | None) -> str:
    """A share with as many digits as it takes to see on which side of `required` it lies."""
    for digits in range(1, 7):
        text = f"{100 * share:.{digits}f} %"
        if required is None or share == required or text != f"{100 * required:.{digits}f} %":
            break
    return text


def _asked(standard: Standard, share: float | None) -> str:
    """What the rule asks for; with a share from memory also what it would come to."""
    if standard.required_share is None:
        each = "The text names no share, so it is read as holding for each."
        return each if standard.status == "binding" else ""
    mark = standard.marks.get("share", "")
    required = number(standard.required_share, "share", with_unit=True)
    asked = f"The share required is {required} ({MARKS.get(mark, 'no source named')})."
    if mark == "M" and share is not None:
        would = "be met" if share >= standard.required_share else "be missed"
        asked = f"{asked[:-1]}; if that is right it would {would}."
    return asked
