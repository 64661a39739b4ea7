"""An attacker with a solver and the whole output: what can be worked out about hidden figures?

The attacker shares no code with the hiding. Known to him: every figure shown, that events are
value times n to all its digits, that totals are sums of their parts, that events are no more than
n, that people seen by day 7 are seen by day 14, which statistics share their n, that those still
waiting are no more than n less those who waited or were seen, that the people in care are those still
waiting, and that the narrower of two bounds leaves out nobody but some of those waiting.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from careload.clinic import Estimate
from careload.measure.suppress import hide_small_cells

Key = tuple[str, str, frozenset[tuple[str, str]]]
"""What is counted (``n``, ``y`` or ``waiting``), of which measure or statistic, in which group."""

SEEN = ("seen_by_7", "seen_by_14", "seen_by_28")
WAITED, IN_CARE = "naive_median", "in_care_median"
"""Statistics with an n of their own: those no longer waiting, those still waiting and in care."""
ALL, PLANNED = ("open", "all"), ("open", "planned")
"""Two bounds: everyone not seen again waits, or only those for whom something is planned."""


@dataclass
class Attack:
    """Unknown counts and what ties them together."""

    known: dict[Key, float] = field(default_factory=dict)
    keys: dict[Key, int] = field(default_factory=dict)
    equal: list[dict[int, float]] = field(default_factory=list)
    at_most: list[dict[int, float]] = field(default_factory=list)

    def count(self, key: Key) -> int:
        return self.keys.setdefault(key, len(self.keys))

    def tie(self, rows: list[dict[int, float]], *terms: tuple[float, Key]) -> None:
        rows.append({self.count(key): factor for factor, key in terms})

    def bounds(self, key: Key) -> tuple[float, float]:
        """The least and the most a count can be for all that is known."""
        size = len(self.keys)
        limits: list[tuple[float, float | None]] = [(0.0, None)] * size
        for each, value in self.known.items():
            limits[self.keys[each]] = (value, value)
        cost = np.zeros(size)
        cost[self.keys[key]] = 1.0
        found = []
        for sign in (1.0, -1.0):
            answer = linprog(
                sign * cost,
                A_eq=_dense(self.equal, size), b_eq=np.zeros(len(self.equal)),
                A_ub=_dense(self.at_most, size), b_ub=np.zeros(len(self.at_most)),
                bounds=limits, method="highs",
            )
            assert answer.status in (0, 3), answer.message
            found.append(sign * answer.fun if answer.status == 0 else np.inf)
        return found[0], found[1]


def _dense(rows: Sequence[dict[int, float]], size: int) -> np.ndarray | None:
    if not rows:
        return None
    dense = np.zeros((len(rows), size))
    for number, terms in enumerate(rows):
        for count, factor in terms.items():
            dense[number, count] = factor
    return dense


def learn(shown: Sequence[Estimate], n_of: Callable[[Estimate], str]) -> Attack:
    """Everything the attacker writes down; `n_of` names the n he takes a statistic to have."""
    attack = Attack()
    for each in shown:
        cell = frozenset(each.by.items())
        n: Key = ("n", n_of(each), cell)
        attack.count(n)
        if not each.hidden:
            attack.known[n] = float(each.n or 0)
        if each.unit == "share":
            y: Key = ("y", f"{each.measure} {each.statistic}", cell)
            attack.tie(attack.at_most, (1.0, y), (-1.0, n))
            if not each.hidden:
                attack.known[y] = float(round((each.value or 0.0) * (each.n or 0)))
    for what, name in sorted({key[:2] for key in attack.keys}):
        _add_up(attack, what, name)
    return attack


def _add_up(attack: Attack, what: str, name: str) -> None:
    """Every group is the sum of the groups that split it by further columns, for any further columns."""
    cells = [key[2] for key in attack.keys if key[:2] == (what, name)]
    columns = {frozenset(column for column, _ in cell) for cell in cells}
    for cell, finer in product(cells, columns):
        own = frozenset(column for column, _ in cell)
        if own < finer:
            parts = [each for each in cells if cell < each and frozenset(c for c, _ in each) == finer]
            terms = [(1.0, (what, name, part)) for part in parts]
            attack.tie(attack.equal, (-1.0, (what, name, cell)), *terms)


def found_in_its_own_table(shown: Sequence[Estimate], truth: Sequence[Estimate]) -> list[str]:
    """Narrowed by the table of their own statistic: events of hidden shares, n of few people.

    That nothing happened to anybody is shown and no secret of a part.
    """
    told = []
    for table in sorted({(each.measure, each.statistic) for each in shown}):
        own = [each for each in shown if (each.measure, each.statistic) == table]
        attack = learn(own, lambda each: f"{each.measure} {each.statistic}")
        few = {("n", f"{table[0]} {table[1]}", key[2]) for key in few_people(truth) if key[1] == table[0]}
        happened = any(each.events for each in truth if (each.measure, each.statistic) == table)
        told += _narrowed(attack, [key for key in attack.keys if (key[0] == "y" and happened) or key in few])
    return told


def found_in_all_tables(shown: Sequence[Estimate], truth: Sequence[Estimate]) -> list[str]:
    """Narrowed by all tables at once: n of few people or hidden beside them, few events, few who wait."""
    attack = learn(shown, name_of_n)
    learn_waiting(attack, shown)
    learn_bounds(attack)
    by_name: dict[str, dict[frozenset[tuple[str, str]], Key]] = {}
    for key in list(attack.keys):
        if key[0] == "y":
            by_name.setdefault(key[1], {})[key[2]] = key
    for measure in {each.measure for each in shown}:
        for early, late in pairwise(SEEN):
            pairs = by_name.get(f"{measure} {early}", {}), by_name.get(f"{measure} {late}", {})
            for cell in pairs[0].keys() & pairs[1].keys():
                attack.tie(attack.at_most, (1.0, pairs[0][cell]), (-1.0, pairs[1][cell]))
    few_events = {
        ("y", f"{each.measure} {each.statistic}", frozenset(each.by.items()))
        for each in truth if 0 < (each.events or 0) < 11
    }
    beside = {
        ("n", each.measure, frozenset(each.by.items()))
        for each in shown if each.hidden and each.statistic == "median"
    }
    few_waiting = {
        ("waiting", each.measure, frozenset(each.by.items()))
        for each in truth if 0 < (each.censored or 0) < 11
    }
    return _narrowed(attack, few_people(truth) | beside | few_events | few_waiting)


def name_of_n(estimate: Estimate) -> str:
    """The n of a measure's statistics: one, but for those that have an n of their own."""
    own = estimate.statistic in (WAITED, IN_CARE)
    return f"{estimate.measure} {estimate.statistic}" if own else estimate.measure


def learn_waiting(attack: Attack, shown: Sequence[Estimate]) -> None:
    """Those still waiting: told by ``censored``, and by the n of the figures beside it."""
    for each in shown:
        if each.statistic not in (*SEEN, "median"):
            continue
        cell = frozenset(each.by.items())
        waiting: Key = ("waiting", each.measure, cell)
        n, waited, in_care = (("n", f"{each.measure}{of}", cell) for of in ("", f" {WAITED}", f" {IN_CARE}"))
        attack.count(waiting)
        if each.censored is not None:
            attack.known[waiting] = float(each.censored)
        if each.statistic in SEEN:
            seen: Key = ("y", f"{each.measure} {each.statistic}", cell)
            attack.tie(attack.at_most, (1.0, waiting), (1.0, seen), (-1.0, n))
        else:
            attack.tie(attack.at_most, (1.0, waiting), (-1.0, n))
            if waited in attack.keys:
                attack.tie(attack.at_most, (1.0, waiting), (1.0, waited), (-1.0, n))
            if in_care in attack.keys:
                attack.tie(attack.equal, (1.0, waiting), (-1.0, in_care))
            elif any(other.statistic == IN_CARE for other in shown):
                attack.known[waiting] = 0.0
    for what, name in sorted({key[:2] for key in attack.keys if key[0] == "waiting"}):
        _add_up(attack, what, name)


def learn_bounds(attack: Attack) -> None:
    """Of two bounds: the same events, the same who waited, and as many fewer of n as of those waiting."""
    for what, name, cell in list(attack.keys):
        if PLANNED not in cell:
            continue
        part, whole = (what, name, cell), (what, name, cell - {PLANNED} | {ALL})
        if what == "y" or name.endswith(WAITED):
            attack.tie(attack.equal, (1.0, part), (-1.0, whole))
        else:
            attack.tie(attack.at_most, (1.0, part), (-1.0, whole))
        if what == "waiting":
            own, all_ = (("n", name, key[2]) for key in (part, whole))
            attack.tie(attack.equal, (1.0, all_), (-1.0, own), (-1.0, whole), (1.0, part))


def few_people(truth: Sequence[Estimate]) -> set[Key]:
    """The n that few people are behind."""
    few = [each for each in truth if 0 < (each.at_risk or 0) < 11]
    return {("n", name_of_n(each), frozenset(each.by.items())) for each in few}


def _narrowed(attack: Attack, asked: Iterable[Key]) -> list[str]:
    """Sentences about those counts asked for whose range a reader can tell to be less than 0 to 10."""
    told = []
    for key in sorted((key for key in asked if key in attack.keys), key=str):
        if key in attack.known and key[0] == "y" and attack.known[key] not in range(1, 11):
            continue
        low, high = attack.bounds(key)
        if low > 1e-4 or high < 10 - 1e-4:
            told.append(f"{key[0]} of {key[1]} in {dict(sorted(key[2]))} is {low:.1f} to {high:.1f}")
    return told


def clinic(
    seed: int, sites: int, professions: int, *, size: int, measures: int = 1, median: bool = True,
    waiting: float = 0.0,
) -> list[Estimate]:
    """All margins of measures with shares by day and a median over the same intervals.

    waiting  share of the people who still wait, mostly; with figures of those who waited and those in care
    """
    draw = random.Random(seed)
    found: list[Estimate] = []
    for measure in range(measures):
        sums: dict[frozenset[tuple[str, str]], list[int]] = {}
        for site, profession in product(range(sites), range(professions)):
            intervals = 0 if draw.random() < 0.1 else round(draw.lognormvariate(0, 1.3) * size)
            people = min(intervals, max(1, round(intervals * draw.uniform(0.3, 1)))) if intervals else 0
            shares = sorted(draw.random() ** 2 for _ in SEEN)
            still = round(people * min(1.0, draw.uniform(0, 2) * waiting))
            row = [intervals, people, still, *(round(share * (intervals - still)) for share in shares)]
            labels = (("site", f"S{site}"), ("profession", f"P{profession}"))
            for group in ((), labels[:1], labels[1:], labels):
                cell = sums.setdefault(frozenset(group), [0] * len(row))
                sums[frozenset(group)] = [a + b for a, b in zip(cell, row, strict=True)]
        for cell, (n, people, still, *events) in sums.items():
            by = dict(sorted(cell))
            if n:
                found += _told(f"m{measure}", by, n, people, still, events, median=median)
            if n and waiting:
                found += _told_of_waiting(f"m{measure}", by, n, people, still)
    return found


def in_two_bounds(seed: int, truth: Sequence[Estimate]) -> list[Estimate]:
    """The same clinic without recorded ends of care: some of those waiting have nothing planned."""
    draw = random.Random(seed)
    share = draw.uniform(0.2, 1.0)
    finest = max(len(each.by) for each in truth)
    gone: dict[tuple[str, frozenset[tuple[str, str]]], int] = {}
    for each in truth:
        if each.statistic == SEEN[0] and len(each.by) == finest:
            lost = round(draw.uniform(0, share) * (each.censored or 0))
            labels = tuple(each.by.items())
            for size in range(finest + 1):
                for group in combinations(labels, size):
                    key = each.measure, frozenset(group)
                    gone[key] = gone.get(key, 0) + lost
    return [
        bounded for each in truth for bounded in (
            replace(each, by={"open": "all", **each.by}),
            _if_planned(each, gone.get((each.measure, frozenset(each.by.items())), 0)),
        ) if bounded.n
    ]


def _if_planned(each: Estimate, lost: int) -> Estimate:
    """The estimate with `lost` fewer of those waiting."""
    by = {"open": "planned", **each.by}
    if each.statistic == WAITED:
        return replace(each, by=by)
    n, at_risk = (each.n or 0) - lost, max((each.at_risk or 0) - lost, 0)
    if each.statistic == IN_CARE:
        return replace(each, by=by, n=n, at_risk=at_risk)
    value = (each.events or 0) / n if each.unit == "share" and n else each.value
    still, people = (each.censored or 0) - lost, min(n, max(at_risk, 1))
    return replace(each, by=by, value=value, n=n, at_risk=people, censored=still)


def _told(
    measure: str, by: dict[str, str], n: int, people: int, still: int, events: Sequence[int], *, median: bool
) -> list[Estimate]:
    shares = [
        Estimate(measure, name, y / n, 0.0, 1.0, "share", n, by, still, at_risk=people, events=y)
        for name, y in zip(SEEN, events, strict=True)
    ]
    middle = Estimate(
        measure, "median", 30.0, 20.0, 40.0, "days", n, by, still, at_risk=people, events=n - still
    )
    return [*shares, middle] if median else shares[:1]


def _told_of_waiting(measure: str, by: dict[str, str], n: int, people: int, still: int) -> Iterator[Estimate]:
    """The figures of those who waited, and of those in care: here nobody's care ended otherwise."""
    if n > still:
        waited = n - still
        yield Estimate(
            measure, WAITED, 25.0, 20.0, 30.0, "days", waited, by, at_risk=min(people, waited), events=waited
        )
    if still:
        yield Estimate(measure, IN_CARE, 50.0, 50.0, 50.0, "days", still, by, at_risk=still)


CLINICS = [
    (1, 2, 2, 40), (2, 2, 3, 60), (3, 3, 3, 30), (4, 4, 2, 100),
    (5, 4, 4, 300), (6, 6, 1, 20), (7, 3, 4, 12), (8, 5, 4, 800),
]


@pytest.mark.parametrize("median", [True, False], ids=["statistics share n", "one statistic"])
@pytest.mark.parametrize(("seed", "sites", "professions", "size"), CLINICS)
def test_nothing_hidden_can_be_narrowed(
    seed: int, sites: int, professions: int, size: int, median: bool
) -> None:
    truth = clinic(seed, sites, professions, size=size, median=median)
    shown = hide_small_cells(truth)
    assert not found_in_its_own_table(shown, truth)
    assert not found_in_all_tables(shown, truth)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 3), st.sampled_from([5, 15, 40, 150]),
    st.booleans(),
)
def test_nothing_hidden_can_be_narrowed_in_any_clinic(
    seed: int, sites: int, professions: int, size: int, median: bool
) -> None:
    truth = clinic(seed, sites, professions, size=size, median=median)
    shown = hide_small_cells(truth)
    assert not found_in_its_own_table(shown, truth)
    assert not found_in_all_tables(shown, truth)


@pytest.mark.parametrize(("seed", "sites", "professions", "size"), CLINICS)
def test_few_people_still_waiting_cannot_be_narrowed(
    seed: int, sites: int, professions: int, size: int
) -> None:
    for waiting in (0.01, 0.05, 0.3):
        truth = clinic(seed, sites, professions, size=size, waiting=waiting)
        shown = hide_small_cells(truth)
        assert not found_in_its_own_table(shown, truth)
        assert not found_in_all_tables(shown, truth)


@pytest.mark.parametrize(("seed", "sites", "professions", "size"), CLINICS)
def test_nothing_hidden_can_be_narrowed_by_two_bounds(
    seed: int, sites: int, professions: int, size: int
) -> None:
    for waiting in (0.05, 0.4):
        truth = in_two_bounds(seed, clinic(seed, sites, professions, size=size, waiting=waiting))
        shown = hide_small_cells(truth)
        assert not found_in_its_own_table(shown, truth)
        assert not found_in_all_tables(shown, truth)


def test_the_attack_finds_what_two_bounds_hidden_each_alone_give_away() -> None:
    truth = in_two_bounds(8, clinic(8, 5, 4, size=800, waiting=0.05))
    shown = [
        each for bound in ("all", "planned")
        for each in hide_small_cells([own for own in truth if own.by["open"] == bound])
    ]
    assert found_in_all_tables(shown, truth)


def test_the_attack_finds_people_waiting_whose_number_stands_beside_a_figure() -> None:
    truth = clinic(8, 5, 4, size=800, waiting=0.01)
    hidden = hide_small_cells(truth)
    alone = [each.censored is None and not each.hidden for each in hidden]
    assert any(alone)
    shown = [
        replace(each, censored=whole.censored) if told else each
        for each, whole, told in zip(hidden, truth, alone, strict=True)
    ]
    assert any(sentence.startswith("waiting of") for sentence in found_in_all_tables(shown, truth))


def small_only(estimates: Sequence[Estimate]) -> list[Estimate]:
    """The mutant: hides small cells and nothing beside them."""
    return [
        replace(each, value=None, low=None, high=None, n=None, censored=None, hidden=True)
        if 0 < (each.at_risk or 0) < 11 or 0 < (each.events or 0) < 11 else each
        for each in estimates
    ]


@pytest.mark.parametrize(("seed", "sites", "professions", "size"), CLINICS)
def test_the_attack_finds_what_hiding_small_cells_alone_gives_away(
    seed: int, sites: int, professions: int, size: int
) -> None:
    truth = clinic(seed, sites, professions, size=size)
    shown = small_only(truth)
    assert any(each.hidden for each in shown)
    assert found_in_its_own_table(shown, truth)
    assert found_in_all_tables(shown, truth)


def test_the_attack_finds_an_n_that_another_statistic_tells() -> None:
    truth = clinic(3, 3, 3, size=30)
    shown = list(hide_small_cells(truth))
    place = next(i for i, each in enumerate(shown) if each.hidden and each.statistic == "median")
    shown[place] = truth[place]
    assert found_in_all_tables(shown, truth)


def test_the_same_output_hides_the_same_figures() -> None:
    truth = clinic(5, 4, 4, size=300)
    first, second = hide_small_cells(truth), hide_small_cells(truth)
    assert first == second
    assert [each.hidden for each in first] == [each.hidden for each in second]


def test_a_table_without_small_cells_is_shown_whole() -> None:
    truth = [each for each in clinic(1, 3, 3, size=30_000) if (each.events or 0) > 10]
    assert truth == list(hide_small_cells(truth))
