"""The pictures of the page, each with its sentence and its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from careload.page import sentence
from careload.simulate import words
from careload.simulate.report.charts.fans import Axes, draw_fans
from careload.simulate.report.charts.frame import Limit
from careload.simulate.report.charts.seen import draw_lengths, draw_seen
from careload.simulate.report.over_time import BLOCK_WEEKS, OVER_TIME, Fan, Numbers, OverTime, fan
from careload.simulate.report.panel import Panel
from careload.simulate.report.reached import last_day, lengths
from careload.simulate.report.shown import EVEN, Shown, share_in_time
from careload.simulate.report.tables import fan_table, lengths_table, seen_table

NEAR_LOWEST = ("overload", "posts_held")
"""Figures whose axis need not start at zero: what matters is where they stand to a limit."""
BANDS = "In pictures with bands the line is the median of the runs, the dark band holds half of them, the \
light band nine in ten."
BANDS_OF_TWO = "In pictures with bands the line is the median of the runs; nine in ten lie within the filled \
band (A) or the dotted one (B)."
EARLY_BLOCKS = 6
"""Blocks at the beginning in which the state the service starts in may still be seen."""
STANDS_OUT = 0.1
"""By more than this share of what follows, up or down, the beginning stands out."""
START_SEEN = "The first weeks show the state in which the service file starts the service, not where it goes."


def seen_again(seen: Shown) -> Panel | None:
    """The share seen again by day after a visit."""
    if not seen.waits:
        return None
    curves = seen.waits
    last = last_day(curves, 1.5 * max([limit.at for limit in seen.limits], default=0.0))
    shares = [_shares_in_time(seen, i) for i in range(len(seen.rules))]
    says = " ".join(
        [
            "Everybody counts: who dropped out, got well untreated or still waits is not seen.",
            *(
                f"{sentence(rule.words)} are drawn at {rule.days:g} calendar days."
                for rule in seen.rules
                if rule.business
            ),
            *([_unruled(seen)] if seen.unruled else []),
        ]
    )
    alt = f"Share of people seen again by day after a visit. {says} {bands_in_words(seen)}"
    return Panel(
        "seen",
        "After a visit, how soon the next",
        says,
        lambda width: draw_seen(curves, last, seen.limits, shares, width, alt, seen.names),
        (seen_table(curves, last, seen.names),),
    )


def _shares_in_time(seen: Shown, place: int) -> list[str]:
    rule, said = seen.rules[place], []
    for i, each in enumerate(seen.waits):
        letter = f"{'AB'[i]}: " if seen.names else ""
        said.append(f"{letter}{words.figure(share_in_time(each, rule))} are seen by then")
    return said


def bands_in_words(seen: Shown) -> str:
    """What the line and the bands of a picture are, said once for all of them."""
    return BANDS_OF_TWO if seen.names else BANDS


def _unruled(seen: Shown) -> str:
    return f"The standard {seen.unruled} sets no limit from one visit to the next, so none is drawn."


def span_lengths(seen: Shown) -> Panel | None:
    """Histogram of the spans of waiting."""
    if not seen.waits:
        return None
    last = last_day(seen.waits, 1.5 * max([rule.days for rule in seen.rules], default=0.0))
    several = [lengths(each, last) for each in seen.waits]
    parts = []
    for i, each in enumerate(several):
        unseen = float(each.weeks[1:].sum() + each.beyond[1:].sum())
        letter = f"In {'AB'[i]}, of" if seen.names else "Of"
        parts.append(f"{letter} 100 spans of waiting {unseen:.0f} did not end with a visit.")
    says = (
        f"{' '.join(parts)} A bar is a week; a histogram of finished intervals alone would leave these out."
    )
    return Panel(
        "lengths",
        "How long each wait was, and how it ended",
        says,
        lambda width: draw_lengths(
            several, last, seen.limits, width, f"Histogram of waits. {says}", seen.names
        ),
        (lengths_table(several, seen.names),),
    )


def over_time(seen: Shown, side: str) -> Iterator[Panel]:
    """The fans of one side; those with two blocks or more."""
    for figure in OVER_TIME:
        fans = [fan(found, figure) for found in seen.founds]
        if figure.side == side and all(is_drawn(each) for each in fans):
            yield _fan_panel(seen, figure, fans)


def fan_panel(seen: Shown, figure: OverTime) -> Panel | None:
    """The fan of one figure; None where the runs are too short for it, or have nothing of it."""
    fans = [fan(found, figure) for found in seen.founds]
    return _fan_panel(seen, figure, fans) if all(is_drawn(each) for each in fans) else None


def is_drawn(fan_: Fan) -> bool:
    """Whether there is something to be drawn: two blocks or more, and not nothing throughout."""
    return len(fan_.years) > 1 and fan_.top > 0


def _fan_panel(seen: Shown, figure: OverTime, fans: list[Fan]) -> Panel:
    courses = [_course(figure, each, i, seen) for i, each in enumerate(fans)]
    says = " ".join([*courses, *_start_seen(seen, fans), _how(figure)])
    alt = f"{figure.title}. {says} {bands_in_words(seen)}"
    axes = Axes(figure.unit, None if figure.key in NEAR_LOWEST else 0.0)
    limits = [EVEN] if figure.key == "overload" else _posts(seen, figure)
    return Panel(
        f"over-{figure.key}".replace("_", "-"),
        figure.title,
        says,
        lambda width: draw_fans(fans, axes, limits, width, alt, seen.names),
        (fan_table(figure, fans, seen.names),),
        figure.side,
    )


def _start_seen(seen: Shown, fans: Sequence[Fan]) -> list[str]:
    """That the beginning is that of the file, where it stands out and counting begins with the first day."""
    early = [stands_out(each.levels[2]) for each, found in zip(fans, seen.founds, strict=True)
             if not found.warm_up]
    return [START_SEEN] if any(early) else []


def stands_out(middle: Numbers) -> bool:
    """Whether a figure begins well above or below all that follows.

    middle  (block,): its median over the runs; nan where there is none
    """
    first, rest = (part[np.isfinite(part)] for part in (middle[:EARLY_BLOCKS], middle[EARLY_BLOCKS:]))
    if not len(first) or not len(rest):
        return False
    room = STANDS_OUT * float(np.abs(rest).max())
    return bool(first.max() > rest.max() + room or first.min() < rest.min() - room)


def _how(figure: OverTime) -> str:
    return f"Each point: {figure.how}."


def _posts(seen: Shown, figure: OverTime) -> list[Limit]:
    if figure.key != "posts_held":
        return []
    numbers = [sum(team["posts"] for team in found.service["team"].values()) for found in seen.founds]
    letters = [f" in {'AB'[i]}" if seen.names and len(set(numbers)) > 1 else "" for i in range(len(numbers))]
    return [
        Limit(n, f"all {n:,} posts{letter}") for n, letter in dict(zip(numbers, letters, strict=True)).items()
    ]


def _course(figure: OverTime, fan_: Fan, place: int, seen: Shown) -> str:
    """Where a figure began and where it ended."""
    first, last = fan_.levels[:, 0], fan_.last
    letter = f"{'AB'[place]}: from" if seen.names else "From"
    if not (first == first).all():
        return f"{letter.removesuffix('from').removesuffix('From')}{words.numbers(last[2])[0]} in the end."
    start, end, low, high = words.numbers(first[2], last[2], last[0], last[4])
    bands = f"{low} to {high} in nine of ten runs"
    span = "four weeks" if figure.blocks == 1 else f"{BLOCK_WEEKS * figure.blocks} weeks"
    return f"{letter} {start} in the first {span} to {end} in the last ({bands})."
