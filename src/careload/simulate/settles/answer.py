"""What is found: the verdict with its reasons, in words and as JSON."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from careload.clinic import Estimate, number
from careload.simulate.many import OVER_RUNS
from careload.simulate.settles.doubt import Doubt, Numbers, mean_of, share_of, told
from careload.simulate.settles.draws import Draw, Prior, what_decides
from careload.simulate.settles.echo import Echo
from careload.simulate.settles.paths import yearly
from careload.simulate.settles.states import Reading
from careload.simulate.settles.tipping import Needed, Tipping
from careload.simulate.versus import OVER_PAIRS

SCHEMA = "careload/settles/1"
WILSON, FIELLER, FISHER, BISECTION = "wilson", "fieller-over-pairs", "fisher-z", "bisection-wilson"
ROUNDING = 1e-9
VERDICTS = ("one", "two", "drift", "cannot be said")
IN_WORDS = {
    "one": "It settles in one stable state",
    "two": "It has two states and a tipping point between them",
    "drift": "It drifts: it does not come to rest",
    "cannot be said": "Whether it settles cannot be said",
}
IN_SHORT = {"one": "one state", "two": "two states", "drift": "drift", "cannot be said": "cannot be said"}
PUSHES = {"referrals": "referrals", "posts": "posts empty"}


@dataclass(frozen=True)
class State:
    """A state of a service: means over its last third of years, with Student's interval over runs."""

    name: str
    figures: tuple[Estimate, ...]

    @classmethod
    def of(cls, name: str, paths: Numbers, third: int) -> State:
        """The state in which these paths are."""
        watched = {what: yearly(paths, what)[:, -third:].mean(axis=1) for what in (
            "overdue", "in_care", "attended", "exhaustion", "filled",
        )}
        figures = (
            ("overdue", watched["overdue"], "patients"),
            ("in_care", watched["in_care"], "patients"),
            ("visits_per_week", watched["attended"], "visits per week"),
            ("exhaustion", watched["exhaustion"] / watched["filled"].clip(1e-9), "0 to 1"),
            ("posts_held", watched["filled"], "posts"),
        )
        return cls(name, tuple(
            told(measure, mean_of(values), unit, len(paths), OVER_RUNS, by={"state": name})
            for measure, values, unit in figures
        ))


@dataclass(frozen=True)
class Settling:
    """Whether a service settles.

    name          of the service
    horizon       years each run was followed
    seed          of all runs
    replications  runs from each start
    long_list     patients per post of the long list at the start
    reading       the verdict, and why
    states        what the service is like in each state; without rest, what the two starts have become
    echo          what became of a small push
    tipping       leaving the state it is in; None unless there are two
    draws         every draw of what is disputed, with its verdict
    priors        where they were drawn from
    """

    name: str
    horizon: int
    seed: int
    replications: int
    long_list: float
    reading: Reading
    states: tuple[State, ...]
    echo: Echo
    tipping: Tipping | None
    draws: tuple[Draw, ...]
    priors: tuple[Prior, ...]

    @property
    def verdict(self) -> str:
        """``one``, ``two``, ``drift`` or ``cannot be said``."""
        return self.reading.verdict

    def shares(self) -> dict[str, Estimate]:
        """Share of draws with each verdict, with Wilson's interval."""
        counts = Counter(draw.verdict for draw in self.draws)
        return {verdict: told(
            "verdict", share_of(counts[verdict], len(self.draws)), "share", len(self.draws), WILSON,
            statistic="share", counted="draws", by={"verdict": verdict},
        ) for verdict in VERDICTS} if self.draws else {}

    def decisive(self) -> tuple[Estimate, ...]:
        """The three parameters whose ranks go most with the verdict of a draw."""
        return tuple(told(
            "decides", doubt, "rank correlation", len(self.draws), FISHER, statistic="spearman",
            counted="draws", by={"parameter": place},
        ) for place, doubt in what_decides(self.draws))

    def estimates(self) -> list[Estimate]:
        """Every number of the answer with its doubt."""
        distance = told(
            "distance_of_starts", self.reading.distance, "patients", self.replications, OVER_PAIRS,
            counted="pairs of runs",
        )
        of_states = [figure for state in self.states for figure in state.figures]
        return [distance, *of_states, *self._changes(), *self._of_echo(), *self._of_tipping(),
                *self.shares().values(), *self.decisive()]

    def _changes(self) -> Iterator[Estimate]:
        for name, doubt in zip(("an empty list", "a long list"), self.reading.change, strict=True):
            yield told(
                "change_in_last_third", doubt, "patients", self.replications, OVER_RUNS, by={"from": name}
            )

    def _of_echo(self) -> Iterator[Estimate]:
        for measure, doubt, unit in (
            ("echo_peak", self.echo.peak, "patients"), ("gain_of_a_year", self.echo.gain, "ratio"),
            ("half_life_of_a_push", self.echo.half_life, "weeks"),
        ):
            method = OVER_PAIRS if measure == "echo_peak" else FIELLER
            yield told(measure, doubt, unit, self.replications, method, counted="pairs of runs")

    def _of_tipping(self) -> Iterator[Estimate]:
        if self.tipping is None:
            return
        yield told("leaves_its_state", self.tipping.left, "share", self.tipping.of, WILSON, statistic="share")
        for need in self.tipping.pushes:
            yield told("push_that_tips", need.size, "share", self.tipping.of, BISECTION,
                       by={"push": need.kind}, statistic="median")

    def as_json(self) -> dict[str, Any]:
        """The answer as JSON: verdict, reasons, estimates, every push tried, every draw."""
        return {
            "schema": SCHEMA, "service": self.name, "horizon": self.horizon, "seed": self.seed,
            "replications": self.replications, "long_list": self.long_list,
            "verdict": self.verdict, "because": self.reading.because, "remedy": self.reading.remedy,
            "open": self.reading.open, "level": self.reading.level,
            "home": self.tipping.home if self.tipping else None,
            "estimates": [each.as_json() for each in self.estimates()],
            "pushes": [{"push": need.kind, "weeks": need.weeks, "tried": [vars(each) for each in need.tried]}
                       for need in (self.tipping.pushes if self.tipping else ())],
            "ranges": [vars(prior) for prior in self.priors],
            "draws": [{"values": dict(draw.values), "verdict": draw.verdict, "overdue": draw.overdue}
                      for draw in self.draws],
        }

    def __str__(self) -> str:
        return "\n".join(_paragraphs(self))


def _paragraphs(found: Settling) -> Iterator[str]:
    reading = found.reading
    yield f"{found.name}, {found.replications} runs from each start, {found.horizon} years"
    yield f"{IN_WORDS[reading.verdict]}, within this horizon: {reading.because}."
    if reading.open:
        yield "Beyond the tipping point there is no rest: the list grows as long as it is followed."
    if reading.remedy:
        yield reading.remedy
    for state in found.states:
        yield f"State {state.name}: " + "; ".join(_figure(each) for each in state.figures) + "."
    yield _echo(found.echo)
    if found.tipping:
        yield from _tipping(found.tipping, found.horizon)
    if found.draws:
        yield from _draws(found)


def _figure(estimate: Estimate) -> str:
    value, low, high = (
        "…" if each is None else number(each, estimate.unit)
        for each in (estimate.value, estimate.low, estimate.high)
    )
    return f"{estimate.measure.replace('_', ' ')} {value} ({low} to {high})"


def _echo(echo: Echo) -> str:
    what = f"A push of {echo.weeks} weeks with {100 * echo.size:.0f} % more referrals"
    if not echo.seen:
        return f"{what} has no echo above chance."
    gain = echo.gain
    if gain.high < 1:
        verdict = "it dies away"
    elif gain.low > 1 + ROUNDING:
        verdict = "it grows"
    elif gain.low > 1 - ROUNDING:
        verdict = "nothing of it is forgotten"
    else:
        verdict = "whether it dies away cannot be said"
    return (
        f"{what} has {echo.peak} more patients overdue at its peak; of that {_percent(gain)} is left a year "
        f"later, {_half_life(echo.half_life)}: {verdict}."
    )


def _half_life(doubt: Doubt) -> str:
    value, low, high = (f"{end:,.0f}" if math.isfinite(end) else "never" for end in doubt)
    return "half of it is never gone" if value == "never" else (
        f"half of it is gone after {value} ({low} to {high}) weeks"
    )


def _percent(doubt: Doubt) -> str:
    value, low, high = (f"{100 * end:,.0f}" if math.isfinite(end) else "…" for end in doubt)
    return f"{value} % ({low} to {high})"


def _tipping(tipping: Tipping, horizon: int) -> Iterator[str]:
    yield (
        f"Today it is in the state with a {tipping.home} list. The level between is {tipping.level:,.0f} "
        f"patients overdue; of {tipping.of} runs {_percent(tipping.left)} have left that state after "
        f"{horizon} years."
    )
    for need in tipping.pushes:
        yield _needed(need)


def _needed(need: Needed) -> str:
    if math.isnan(need.size.value):
        most = need.tried[-1]
        return (
            f"Not even {_size(need.kind, most.size)} for {need.weeks} weeks pushes half of the runs out of "
            f"it: {most.left} of {most.of}."
        )
    low, high = (f"{100 * abs(end):.0f} %" if math.isfinite(end) else "…" for end in need.size[1:])
    return (
        f"{_size(need.kind, need.size.value)} for {need.weeks} weeks pushes half of the runs out of it "
        f"(fewer beyond doubt with {low}, more beyond doubt with {high})."
    )


def _size(kind: str, size: float) -> str:
    more = ("more " if size > 0 else "fewer ") if kind == "referrals" else "of the "
    return f"{100 * abs(size):.0f} % {more}{PUSHES[kind]}"


def _draws(found: Settling) -> Iterator[str]:
    shares = [f"{IN_SHORT[verdict]} {_percent(_doubt(each))}" for verdict, each in found.shares().items()]
    yield f"Under {len(found.draws)} draws of {len(found.priors)} disputed parameters: {'; '.join(shares)}."
    strongest = [
        f"{each.by['parameter']} {each.value:+.2f} ({each.low:+.2f} to {each.high:+.2f})"
        for each in found.decisive() if each.value is not None
    ]
    varied = len({draw.verdict for draw in found.draws}) > 1
    what = "a verdict other than the commonest" if varied else "the number overdue"
    if strongest:
        yield f"What goes most with {what} (correlation of ranks): {', '.join(strongest)}."


def _doubt(estimate: Estimate) -> Doubt:
    return Doubt(*(math.nan if end is None else end for end in (estimate.value, estimate.low, estimate.high)))
