"""Laws that must hold in every run, each a function from what a run wrote down to what is wrong with it.

They read the log, the weekly counts and the histograms against one another, and never the simulator itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.clinic.formulas import little_in_window
from careload.simulate import Run
from careload.simulate.kernel.entries import LOG_KINDS
from careload.simulate.kernel.records import CALENDAR_DAYS, CELL_COUNTS, INTERVALS, TEAM_COUNTS, Plan
from careload.simulate.run import first_day

VISITS = ("first_visit", "return_visit", "crisis_visit", "group_visit")
OF_PATIENTS = ("asked", "asked_urgently", *VISITS, "missed", "crisis", "ed", "ended", "handed_over")
ASKED = ("asked", "asked_urgently")
RATES = {
    "crisis_slots": ("crisis_rate",), "intake_slots": ("intake_rate", "open_rate"),
    "return_slots": ("return_rate",), "sessions": ("session_rate",),
}
"""What is offered, and of which parts of a template."""
ENDS = (
    "admitted", "dropped_waiting", "dropped_after_visit", "dropped_no_shows", "dropped_hand_over", "remitted",
    "discharged", "died", "moved", "outside",
)


@dataclass(frozen=True)
class Event:
    """One line of the log, with its kind in words."""

    day: int
    kind: str
    key: int
    post: int
    value: int


@dataclass(frozen=True)
class Written:
    """What a run wrote down. `events` in order, arrays as in `Tally`; `started` in care at first.

    waiting  of these, those who wait for a first visit: key to the day of asking
    """

    plan: Plan
    started: NDArray[Any]
    events: tuple[Event, ...]
    cells: NDArray[Any]
    teams: NDArray[Any]
    spans: NDArray[Any]
    waiting: Mapping[int, int]

    @property
    def days(self) -> int:
        return len(self.plan.open)

    @property
    def weeks(self) -> int:
        """Weeks that were ended: only they have stocks."""
        return self.days // 7

    def cell(self, name: str) -> NDArray[Any]:
        """A count by week and cell."""
        return self.cells[: self.weeks, :, CELL_COUNTS.index(name)]

    def team(self, name: str) -> NDArray[Any]:
        """A count by week and team."""
        return self.teams[: self.weeks, :, TEAM_COUNTS.index(name)]


def written(run: Run) -> Written:
    """What a logged run wrote down."""
    log = run.tally.log[: int(run.tally.sums["written"])]
    columns = (log[name].tolist() for name in ("day", "kind", "key", "post", "value"))
    events = tuple(
        Event(day, LOG_KINDS[kind], key, post, value)
        for day, kind, key, post, value in zip(*columns, strict=True)
    )
    before = first_day(run)
    new = before[before["visits"] == 0]
    waiting = dict(zip(new["key"].tolist(), new["arrived"].tolist(), strict=True))
    return Written(run.plan, run.started, events, run.tally.cells, run.tally.teams, run.tally.spans, waiting)


def nobody_is_lost(run: Written) -> Iterator[str]:
    """In care = in care a week ago + referred + came back - every end of care; by cell and week."""
    before = np.vstack([run.started, run.cell("in_care")[:-1]])
    expected = before + run.cell("referred") + run.cell("came_back") - sum(run.cell(end) for end in ENDS)
    for week, cell in np.argwhere(expected != run.cell("in_care")):
        counted = run.cell("in_care")[week, cell]
        yield f"week {week}, cell {cell}: {counted} in care, not {expected[week, cell]}"


def posts_are_held_or_vacant(run: Written) -> Iterator[str]:
    """Posts held = posts at first + hired - left; every other post that is open is vacant; by team and
    week."""
    posts = run.plan.teams["posts"]
    sundays = 7 * np.arange(len(run.team("filled")))[:, None] + 6
    are_open = posts * (sundays >= run.plan.teams["opens"])
    held = posts - run.plan.teams["vacant"] + (run.team("hired") - run.team("left")).cumsum(axis=0)
    for week, team in np.argwhere(held != run.team("filled")):
        yield f"week {week}, team {team}: {run.team('filled')[week, team]} posts held, not {held[week, team]}"
    for week, team in np.argwhere(run.team("filled") + run.team("vacant") != are_open):
        yield f"week {week}, team {team}: posts held and vacant are not all posts that are open"


def log_and_counts_agree(run: Written) -> Iterator[str]:
    """The log tells as many of each as was counted, by cell for those who ask and in all for the others."""
    kinds = Counter(event.kind for event in run.events)
    ways = Counter(CELL_COUNTS[event.value] for event in run.events if event.kind == "ended")
    told = {
        "referred": kinds["asked"] + kinds["asked_urgently"] - _all(run, "came_back"),
        "attended": sum(kinds[kind] for kind in VISITS), "missed": kinds["missed"],
        "crises": kinds["crisis"], "ed_visits": kinds["ed"], **{end: ways[end] for end in ENDS},
    }
    for name, number in told.items():
        if number != _all(run, name):
            yield f"{name}: {number} in the log, {_all(run, name)} counted"
    for name in ("left", "hired", "handed_over"):
        if kinds[name] != run.teams[:, :, TEAM_COUNTS.index(name)].sum():
            yield f"{name}: {kinds[name]} in the log, not as many counted"


def _all(run: Written, name: str) -> int:
    return int(run.cells[:, :, CELL_COUNTS.index(name)].sum())


def nobody_is_seen_twice_a_day(run: Written) -> Iterator[str]:
    """A patient has at most one visit a day, held or missed."""
    visits = Counter((event.key, event.day) for event in run.events if event.kind in (*VISITS, "missed"))
    for (key, day), number in visits.items():
        if number > 1:
            yield f"day {day}: patient {key} has {number} visits"


def nobody_is_seen_out_of_care(run: Written) -> Iterator[str]:
    """Asking comes first, the end last; who did not ask was there on the first day; days waited are right."""
    there = 0
    for key, events in by_patient(run).items():
        kinds = [event.kind for event in events]
        there += not set(ASKED) & set(kinds)
        if any(kind in ASKED for kind in kinds[1:]):
            yield f"patient {key}: asks after {kinds[0]} on day {events[0].day}"
        if "ended" in kinds[:-1]:
            yield f"patient {key}: {kinds[kinds.index('ended') + 1]} after the end of care"
        yield from _days_waited(key, events, run.waiting.get(key))
    if there > run.started.sum():
        yield f"{there} patients never asked, and only {run.started.sum()} were there on the first day"


def _days_waited(key: int, events: list[Event], asked: int | None) -> Iterator[str]:
    before_the_run = [] if asked is None else [Event(asked, "asked", key, -1, 0)]
    known = [*before_the_run, *(event for event in events if event.kind in (*ASKED, *VISITS))]
    for before, event in pairwise(known):
        if event.value != event.day - before.day:
            yield f"patient {key}, day {event.day}: {event.value} days since day {before.day}"


def by_patient(run: Written) -> dict[int, list[Event]]:
    """Everything that happened to each patient, in order."""
    found: dict[int, list[Event]] = {}
    for event in run.events:
        if event.kind in OF_PATIENTS:
            found.setdefault(event.key, []).append(event)
    return found


def slots_suffice(run: Written) -> Iterator[str]:
    """At each post and day: visits within slots, seats taken within seats; no visit where none is offered."""
    used: Counter[tuple[int, int, str]] = Counter()
    offered: Counter[tuple[int, int, str]] = Counter()
    for event in run.events:
        what = LOG_KINDS[event.value] if event.kind == "missed" else event.kind
        if what in VISITS:
            used[event.day, event.post, "seats" if what == "group_visit" else "slots"] += 1
        elif what == "sessions":
            offered[event.day, event.post, "seats"] = event.value * _team_of(run, event.post)["seats"]
        elif what in ("crisis_slots", "intake_slots", "return_slots"):
            offered[event.day, event.post, "slots"] += event.value
    for place, number in used.items():
        if number > offered[place]:
            yield f"day, post, what {place}: {number} used of {offered[place]} offered"
    for name, of in (("used", "offered"), ("seated", "seats")):
        for week, team in np.argwhere(run.team(name) > run.team(of)):
            yield f"week {week}, team {team}: more {name} than {of}"


def _team_of(run: Written, post: int) -> Any:
    return run.plan.teams[np.searchsorted(run.plan.teams["first_post"], post, side="right") - 1]


def slots_follow_the_template(run: Written) -> Iterator[str]:
    """Over any days, a post offers no slot more than its template, overbooking included, but for fractions.

    Fractions of a slot are carried, so on one day there may be a slot more than on another, of each kind.
    """
    ahead: dict[tuple[int, str], float] = defaultdict(float)
    for event in run.events:
        if event.kind in RATES:
            place, names, team = (event.post, event.kind), RATES[event.kind], _team_of(run, event.post)
            ahead[place] = max(0.0, ahead[place] + event.value - sum(team[name] for name in names))
            if ahead[place] > len(names) + 1e-6:
                yield f"day {event.day}, post {event.post}: {event.kind} beyond the template"


def time_runs_forward(run: Written) -> Iterator[str]:
    """No event is written after one of a later day, on a day outside the run, or with time less than none."""
    for before, event in pairwise(run.events):
        if event.day < before.day:
            yield f"day {event.day} comes after day {before.day}"
    for event in run.events:
        if not 0 <= event.day < run.days or event.value < 0:
            yield f"{event} lies outside the run, or lasts less than nothing"


def little_holds(run: Written) -> Iterator[str]:
    """Between two visits on average = gaps opened a week x their mean length + what older gaps bring along.

    The number between visits is counted evening by evening from who is in care and seen; gaps opened and
    their lengths are those of the histograms. A gap ends with the next visit or with care, also by dropout.
    """
    first, last = int(run.plan.rules["counted_from"]), run.days - 1
    found = gaps(run)
    window = little_in_window([(a / 7, b / 7) for a, b in found], first / 7, last / 7)
    mean = sum(between_visits(run)[first:last]) / (last - first)
    spans = run.spans[INTERVALS, CALENDAR_DAYS].sum(axis=(0, 1))
    on_the_last_day = sum(opened == last for opened, _ in found)
    opened_per_week = (spans.sum() - on_the_last_day) * 7 / (last - first)
    lengths = float(spans @ np.arange(len(spans))) / 7
    mean_gap_weeks = lengths / max(1, spans.sum() - on_the_last_day)
    for name, one, other in (
        ("mean number between visits", mean, window.mean_between),
        ("gaps opened per week", opened_per_week, window.opened_per_week),
        ("mean gap", mean_gap_weeks, window.mean_gap_weeks),
        ("Little", mean, opened_per_week * mean_gap_weeks + window.edge),
    ):
        if not np.isclose(one, other, rtol=1e-9, atol=1e-9):
            yield f"{name}: {one} and {other}"


def gaps(run: Written) -> list[tuple[int, int]]:
    """Days on which each gap opened and closed; at the first day those had opened, at the last they close."""
    found, heard_of = [], 0
    for key, events in by_patient(run).items():
        days = [event.day for event in events if event.kind in VISITS]
        if events[0].kind not in ASKED and key not in run.waiting:
            heard_of += 1
            days.insert(0, -1)
        if days:
            end = [event.day for event in events if event.kind == "ended"] or [run.days - 1]
            found += list(pairwise([*days, *end]))
    unheard_of = run.started.sum() - len(run.waiting) - heard_of
    return [*found, *[(-1, run.days - 1)] * int(unheard_of)]


def between_visits(run: Written) -> list[int]:
    """On each evening: how many are in care who have been seen."""
    now, found, seen = int(run.started.sum()) - len(run.waiting), [], set()
    by_day = {day: list(events) for day, events in groupby(run.events, key=lambda event: event.day)}
    waiting_first = set(run.waiting)
    for day in range(run.days):
        for event in by_day.get(day, []):
            if event.kind in ASKED:
                waiting_first.add(event.key)
            elif event.kind in VISITS and event.key in waiting_first:
                waiting_first.discard(event.key)
                seen.add(event.key)
                now += 1
            elif event.kind == "ended":
                now -= event.key not in waiting_first
                waiting_first.discard(event.key)
        found.append(now)
    return found


def stocks_are_those_of_the_log(run: Written) -> Iterator[str]:
    """On Sunday evenings, in care and seen: as many counted as the log leaves."""
    evenings = between_visits(run)[6::7]
    counted = (run.cell("in_care") - run.cell("not_yet_seen")).sum(axis=1)
    for week, (one, other) in enumerate(zip(evenings, counted, strict=False)):
        if one != other:
            yield f"week {week}: {one} seen and in care by the log, {other} counted"


Law = Callable[[Written], Iterator[str]]
LAWS: tuple[Law, ...] = (
    nobody_is_lost, posts_are_held_or_vacant, log_and_counts_agree, nobody_is_seen_twice_a_day,
    nobody_is_seen_out_of_care, slots_suffice, slots_follow_the_template, time_runs_forward, little_holds,
    stocks_are_those_of_the_log,
)
