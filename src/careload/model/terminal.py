"""A model for a person at a terminal: what the records determine, what they do not, how well it forecasts.

Numbers of one parameter (of each need group, of each team) are one line; each by itself tells the page, and
`careload explain`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from careload.model.belief import WORDS, Belief, Determined
from careload.model.fit import Model
from careload.model.prior import pattern_of
from careload.model.trust.against import Against
from careload.model.trust.hold_out import HoldOut
from careload.model.written import about

if TYPE_CHECKING:
    from rich.console import RenderableType

EACH = "Each number by itself: careload explain FILE PLACE, or --html and --json.\n"
ORDER: tuple[Determined, ...] = ("not identified", "weakly", "roughly", "well", "given")


def summary(model: Model) -> RenderableType:
    """The answer to print."""
    from rich.console import Group

    return Group(*_parts(model))


def _parts(model: Model) -> Iterator[RenderableType]:
    yield from (f"{warning}\n" for warning in model.warnings)
    yield from (f"{each.found} Expected {each.expected}. {each.remedy}\n" for each in model.findings)
    yield f"{model.name}: fitted to {model.first} to {model.as_of}. {_numbers(model)}\n"
    if model.hold_out is not None:
        yield _forecasts(model.hold_out)
    if model.against is not None:
        yield _followed(model.against)
    for word in ORDER:
        own = [belief for belief in model.beliefs if belief.determined == word and belief.is_number]
        if own and word != "given":
            yield _table(f"{WORDS[word].capitalize()} ({len(own)})", own)
    yield EACH


def _numbers(model: Model) -> str:
    numbers = [belief for belief in model.beliefs if belief.is_number]
    resting = len(model.not_identified)
    return f"Of {len(numbers)} numbers {resting} rest on assumptions, not on these records."


def _forecasts(found: HoldOut) -> RenderableType:
    from rich.table import Table

    title = f"Fitted to {found.fitted_to}, forecast {found.periods} times four weeks (score: lower is better)"
    table = Table(title=title, title_justify="left")
    rivals = list(found.scored[0].rivals) if found.scored else []
    for head in ("", "this fit", *rivals, "held by 90 %", "off by"):
        table.add_column(head, justify="left" if not head else "right")
    for each in found.scored:
        table.add_row(each.measure.replace("_", " "), f"{each.score:.3g}",
                      *(f"{each.rivals[name]:.3g}" for name in rivals), f"{100 * each.held:.0f} %",
                      "hidden" if each.small.any() else f"{each.error:+.3g} {each.unit}")
    return table


def _followed(found: Against) -> RenderableType:
    from rich.table import Table

    title = f"Run beside the records, {found.weeks} weeks from {found.first}: weeks held by the bands of 90 %"
    table = Table(title=title, title_justify="left")
    for head in ("", *(each.measure.replace("_", " ") for each in found.of())):
        table.add_column(head, justify="left" if not head else "right")
    for site in ("", *found.sites):
        cells = [f"{each.inside} of {each.known}" if each.known else "hidden" for each in found.of(site)]
        table.add_row(site or "the whole service", *cells)
    return table


def _table(title: str, beliefs: Sequence[Belief]) -> RenderableType:
    from rich.table import Table

    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column(overflow="fold")
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    alike: dict[str, list[Belief]] = {}
    for belief in beliefs:
        alike.setdefault(pattern_of(belief.place), []).append(belief)
    for pattern, own in alike.items():
        table.add_row(*(_alone(own[0]) if len(own) == 1 else _together(pattern, own)))
    return table


def _alone(belief: Belief) -> tuple[str, str, str]:
    return belief.place, f"{belief.value:.4g}", "; ".join([about(belief), *_others(belief)])


def _together(pattern: str, beliefs: Sequence[Belief]) -> tuple[str, str, str]:
    """One line for all numbers of a parameter: how many, from the least to the most, the first of them."""
    values = [float(belief.value) for belief in beliefs]
    least, most = f"{min(values):.4g}", f"{max(values):.4g}"
    said = [each for belief in beliefs for each in _others(belief)]
    others = f"; others say otherwise of {len(said)}" if said else ""
    return (f"{pattern} ({len(beliefs)})", least if least == most else f"{least} to {most}",
            f"such as {about(beliefs[0])}{others}")


def _others(belief: Belief) -> Iterator[str]:
    """Who says otherwise, in a few words."""
    for each in belief.otherwise:
        if not each.inside:
            said = f"{each.low:.3g} to {each.high:.3g}" if each.value is None else f"{each.value:.4g}"
            yield f"{each.who}: {said}"
