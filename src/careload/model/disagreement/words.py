"""A disagreement in sentences, the same in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from careload.clinic import Estimate, Service, plural
from careload.model.assumptions import EVERY, Held, Place
from careload.model.differ import Answer, Assumption, Disagreement, Swap
from careload.page import NBSP, listed, sentence
from careload.simulate import change_in_words, differences, value_in_words, words

OWN = "the scenario’s own"
WHAT_DECIDES = (
    "An assumption decides where it alone, of all that are swapped, makes more than half of the difference "
    f"from both sides, with 95{NBSP}% sureness over pairs of runs on the same luck."
)
SHAPLEY = "The Shapley share is what a swap adds on average over every order in which all could be swapped."


def overall(found: Disagreement) -> list[str]:
    """What decides what, figures of which the same is to be said together."""
    said: dict[str, list[str]] = {}
    for answer in found.answers:
        said.setdefault(_kind(answer), []).append(_title(answer))
    return [kind.format(listed(titles)) for kind, titles in said.items()] or [
        "Nobody was seen and nobody worked in the time counted."]


def _kind(answer: Answer) -> str:
    if answer.decides:
        label = _escaped(change_in_words(answer.decides.change))
        return f"One assumption alone decides {{}}: {label}."
    return {
        "several": "No single assumption decides {}: several would each be enough alone.",
        "none": "No single assumption decides {}.",
        "no disagreement": "They do not disagree on {}.",
        "cannot be said": "What decides {} cannot be said.",
    }.get(answer.verdict, "The swaps were not finished, so what decides {} is not known.")


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _title(answer: Answer) -> str:
    """Measure and statistic in the middle of a sentence: "return interval (median)"."""
    name, statistic = words.title(answer.measure), words.statistic(answer.statistic)
    return f"{name[:1].lower()}{name[1:]}{f' ({statistic})' if statistic else ''}"


def answer_in_words(answer: Answer) -> str:
    """What decides one figure, with how far a swap moves it."""
    return f"{_ends(answer)} {' '.join(_reasons(answer))}"


def _ends(answer: Answer) -> str:
    """From what to what, and how far apart."""
    told = answer.difference
    return f"{differences.difference_in_words(told).removesuffix('.')}."


def _reasons(answer: Answer) -> Iterator[str]:
    first = answer.swaps[0] if answer.swaps else None
    if answer.decides:
        yield f"One assumption alone decides: {_moves(answer.decides)}."
    elif answer.verdict == "several":
        yield from _several(answer)
    elif answer.verdict == "none" and first:
        yield (f"No single assumption decides: swapped alone, none makes more than half of it from both "
               f"sides beyond doubt. The one that moves it furthest: {_moves(first)}.")
    elif answer.verdict == "no disagreement":
        yield from _alike(answer)
    elif answer.verdict == "cannot be said":
        yield _why_not(answer)
    else:
        yield "The swaps were not finished, so what decides is not known."
    for swap in answer.swaps:
        if swap.is_against:
            yield f"The other way pulls {_moves(swap)}."


def _several(answer: Answer) -> Iterator[str]:
    yield "No single assumption decides: each of these alone makes more than half of it."
    yield from (f"{sentence(_moves(swap))}." for swap in answer.swaps if swap.is_enough)


def _moves(swap: Swap) -> str:
    """An assumption with what its swap makes: in A, in B, and its share."""
    figures = (swap.from_a, swap.from_b, swap.share)
    decimals = words.shared_places(figures)
    a, b, share = (differences.signed_with_interval(each, decimals) for each in figures)
    label = change_in_words(swap.change)
    return f"{label}. Swapped alone in A it makes {a}, in B {b}; its Shapley share is {share}"


def _alike(answer: Answer) -> Iterator[str]:
    """That they do not disagree; and where they come out alike for unlike reasons, that too."""
    yield "They do not disagree on this figure."
    moving = [swap for swap in answer.swaps
              if differences.differs(swap.from_a) and differences.differs(swap.from_b)]
    if moving:
        most = max(moving, key=lambda swap: abs(swap.share.value or 0.0))
        yield f"Not because nothing matters: {_moves(most)}; other assumptions make up for it."


def _why_not(answer: Answer) -> str:
    difference = answer.difference.difference
    if difference.value is not None and difference.low is None:
        return "What decides cannot be said: a single pair of runs does not tell how sure it is."
    if difference.value is not None and not differences.differs(difference):
        return ("Whether they disagree cannot be said with so few pairs of runs: they may be alike, or far "
                "apart.")
    return "What decides cannot be said: the figure was not reached in some of the runs."


def runs_in_words(found: Disagreement) -> str:
    """How it was run: "5 years, 100 pairs of runs, seed 1"."""
    runs = found.compared.here
    count = len(runs.summaries)
    return (f"{runs.years:g} {plural(runs.years, 'years')}, {count:,} {plural(count, 'pairs of runs')}, "
            f"seed {runs.seed}")


def place_in_words(assumption: Assumption) -> str:
    """``need.*.visits_needed`` as "visits needed of every need"."""
    place = assumption.place
    name = place.parameter.replace("_", " ")
    if not place.table:
        return name
    return f"{name} of {f'every {place.section}' if place.table == EVERY else place.table.replace('_', ' ')}"


def swap_in_words(swap: Swap) -> str:
    """The assumptions of a swap, without their values."""
    return ", ".join(place_in_words(each) for each in swap.assumptions)


def held_in_words(assumption: Assumption, held: Sequence[Held], service: Service) -> str:
    """What one party holds there; the scenario's own value where it says nothing."""
    if not held:
        values = dict.fromkeys(value_in_words(_value(service, place)) for place in assumption.places)
        return f"{', '.join(values)} ({OWN})"
    if len(held) == 1:
        return value_in_words(held[0].value)
    return "; ".join(f"{each.place}: {value_in_words(each.value)}" for each in held)


def _value(service: Service, place: Place) -> object:
    section = service[place.section]
    return (section[place.table] if place.table else section)[place.parameter]


def sources_in_words(held: Sequence[Held]) -> str:
    """Where what is held comes from, with its mark."""
    return "; ".join(dict.fromkeys(f"{each.source} ({each.mark})" for each in held))


def side_in_words(letter: str, name: str, whose: str) -> str:
    """A party: "A: What the union holds (stewards of the clinic)"."""
    return f"{letter}: {name} ({whose})"


def moved(end: Estimate, by: Estimate, towards: float) -> Estimate:
    """A figure after a swap: an end of the disagreement moved, with the interval of the move.

    end      the figure under A or under B
    by       what the swap makes
    towards  1 from A, -1 from B
    """
    assert end.value is not None
    assert by.value is not None
    low, high = (None if each is None else end.value + towards * each for each in (by.low, by.high))
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    return Estimate(end.measure, end.statistic, end.value + towards * by.value, low, high, end.unit, by.n,
                    dict(end.by), interval=by.interval, counted=by.counted)


