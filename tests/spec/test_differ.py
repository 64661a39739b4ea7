"""Which single assumption decides: by hand, and of services where it is known."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from tests.support.assumptions import SETS, held, value
from tests.support.made_runs import estimate

from careload.clinic import Service
from careload.model import AssumptionSet, Disagreement, differ, read_assumptions
from careload.model.differ import _answer
from careload.model.disagreement import as_json, noticed
from careload.model.disagreement.words import answer_in_words, overall
from careload.simulate import Change, Difference, Interrupted, Share, Waterfall, simulate

OVERDUE = ("overdue", "mean")
LINE = np.array([-1.0, 0.0, 0.0, 1.0])
"""Luck of four pairs of runs: mean 0, standard deviation 0.82, so half the interval is 1.30."""


def sets(*both: Mapping[str, Any]) -> tuple[AssumptionSet, AssumptionSet]:
    a, b = (held(*(value(place, str(each).lower()) for place, each in own.items())) for own in both)
    return a, b


def of(found: Disagreement, measure: str = "overdue") -> Any:
    return next(answer for answer in found.answers if answer.measure == measure)


def way(**moves: tuple[Any, Any]) -> Waterfall:
    """From 20 to 10 in every pair of runs; what each change makes first, and last."""
    shares = tuple(
        Share(Change(f"workforce.{name}", 0, 1), estimate(*OVERDUE, -5.0, -6.0, -4.0), first, last)
        for name, both in moves.items()
        for first, last in [tuple(np.zeros(4) + each for each in both)]
    )
    return Waterfall(*OVERDUE, {}, "patients", 20.0, shares, 10.0, "made", np.full(4, -10.0))


def difference(
    value: float | None = -10.0, low: float | None = -11.0, high: float | None = -9.0
) -> Difference:
    here, there = (estimate(*OVERDUE, each, each - 1, each + 1, "patients") for each in (20.0, 10.0))
    return Difference(here, there, estimate(*OVERDUE, value, low, high, "patients"))


@pytest.mark.parametrize(
    ("moves", "verdict"),
    [
        ({"ramp_from": (-6, -6), "ramp_weeks": (-4, -4)}, "one"),
        ({"ramp_from": (-5, -5), "ramp_weeks": (-5, -5)}, "none"),
        ({"ramp_from": (-6, -4), "ramp_weeks": (-6, -4)}, "none"),  # either does from A, from B neither
        ({"ramp_from": (0, -10), "ramp_weeks": (0, -10)}, "none"),  # only both together
        ({"ramp_from": (-6 + LINE, -6 + LINE), "ramp_weeks": (-4 - LINE, -4 - LINE)}, "none"),  # not sure
        ({"ramp_from": (-7 + LINE, -7 + LINE), "ramp_weeks": (-3 - LINE, -3 - LINE)}, "one"),
        ({"ramp_from": (-15, -15), "ramp_weeks": (5, 5)}, "one"),  # the other pulls the other way
        ({"ramp_from": (6, 6), "ramp_weeks": (-16, -16)}, "one"),
        ({"ramp_from": (-8, -8), "ramp_weeks": (-6, -6), "notice_weeks": (4, 4)}, "several"),
    ],
)
def test_it_decides_what_makes_more_than_half_from_both_sides(
    moves: dict[str, tuple[Any, Any]], verdict: str
) -> None:
    answer = _answer(difference(), way(**moves), (), finished=True)
    assert answer.verdict == verdict
    assert sum(swap.is_enough for swap in answer.swaps) == {"none": 0, "one": 1, "several": 2}[verdict]
    assert (answer.decides is None) == (verdict != "one")
    if verdict == "one":
        assert answer.decides is answer.swaps[0]
        most = max(moves, key=lambda name: -np.mean(moves[name][0]))
        assert answer.swaps[0].change.key == f"workforce.{most}"


def test_what_pulls_the_other_way_is_told() -> None:
    answer = _answer(difference(), way(ramp_from=(6, 6), ramp_weeks=(-16, -16)), (), finished=True)
    assert [swap.is_against for swap in answer.swaps] == [False, True]
    assert "The other way pulls ramp from from 0 to 1" in answer_in_words(answer)
    beside = way(ramp_from=(-8, -8), ramp_weeks=(-6, -6), notice_weeks=(4, 4))
    words = answer_in_words(_answer(difference(), beside, (), finished=True))
    assert "each of these alone" in words and "Ramp weeks from 0 to 1" in words and "other way" not in words


def test_the_furthest_stands_first_by_the_side_where_it_moves_less() -> None:
    answer = _answer(difference(), way(ramp_from=(-9, -1), ramp_weeks=(-3, -3), notice_weeks=(1, 1)), (),
                     finished=True)
    assert [swap.change.key for swap in answer.swaps] == [
        "workforce.ramp_weeks", "workforce.ramp_from", "workforce.notice_weeks"]


@pytest.mark.parametrize(
    ("told", "finished", "verdict", "words"),
    [
        (difference(-0.5, -2.0, 1.0), True, "no disagreement", "They do not disagree"),
        (difference(-0.5, -9.0, 8.0), True, "cannot be said", "may be alike, or far apart"),
        (difference(None, None, None), True, "cannot be said", "not reached in some"),
        (difference(-10.0, None, None), True, "cannot be said", "a single pair of runs"),
        (difference(), True, "cannot be said", "cannot be said"),
        (difference(), False, "not finished", "not finished"),
    ],
)
def test_when_nothing_can_be_said(told: Difference, finished: bool, verdict: str, words: str) -> None:
    answer = _answer(told, None, (), finished=finished)
    assert answer.verdict == verdict and answer.decides is None and words in answer_in_words(answer)


def test_alike_but_not_because_nothing_matters() -> None:
    moves = way(ramp_from=(-6, -6), ramp_weeks=(6, 6))
    answer = _answer(difference(-0.1, -0.4, 0.2), moves, (), finished=True)
    assert answer.verdict == "no disagreement" and not any(swap.is_enough for swap in answer.swaps)
    assert "Not because nothing matters: ramp from from 0 to 1" in answer_in_words(answer)


def test_exactly_one_matters(solo: Service) -> None:
    """What hiring costs and which crises reach a hospital's door move nobody."""
    a, b = sets({"need.*.visits_needed": 8, "workforce.hiring_cost_share": 0.1, "need.adults.ed_share": 0.1},
                {"need.*.visits_needed": 16, "workforce.hiring_cost_share": 0.5, "need.adults.ed_share": 0.5})
    found = differ(solo, a, b, 2, 6)
    answer = of(found)
    assert answer.verdict == "one" and answer.decides.key == "need.*.visits_needed"
    whole = answer.difference.difference
    for each in (answer.decides.from_a, answer.decides.from_b, answer.decides.share):
        assert (each.value, each.low, each.high) == pytest.approx((whole.value, whole.low, whole.high))
    for swap in answer.swaps[1:]:
        assert (swap.from_a.value, swap.from_b.value, swap.share.value) == (0, 0, 0) and not swap.is_enough
    assert "One assumption alone decides" in overall(found)[0] and "visits needed" in overall(found)[0]


def test_none_matters(solo: Service) -> None:
    a, b = sets({"workforce.hiring_cost_share": 0.1}, {"workforce.hiring_cost_share": 0.5})
    found = differ(solo, a, b, 0.5, 4)
    assert {answer.verdict for answer in found.answers} == {"no disagreement"}
    assert overall(found) == [
        "They do not disagree on return interval (median), people overdue, overload and leavers."]


def test_two_are_needed_together(solo: Service) -> None:
    """No-shows grow with lead time where that mechanism is on and late ones are likelier: neither alone."""
    scenario = solo.changed({"no_show.intake_late": solo["no_show"]["intake_soon"]})
    a, b = sets({"mechanisms.lead_time": False, "no_show.return_late": 0.12},
                {"mechanisms.lead_time": True, "no_show.return_late": 0.9})
    answer = of(differ(scenario, a, b, 2, 6))
    assert answer.verdict == "none" and answer.difference.difference.value > 5
    for swap in answer.swaps:
        assert swap.from_a.value == 0 and not swap.is_enough
        assert swap.from_b.value == pytest.approx(answer.difference.difference.value)
        assert swap.share.value == pytest.approx(answer.difference.difference.value / 2)


def test_a_swap_is_the_run_it_says(solo: Service) -> None:
    """Of more assumptions than sets can be run of, too."""
    here = {"need.adults.visits_needed": 9, "no_show.return_soon": 0.05, "no_show.return_late": 0.1,
            "workforce.sick_days_per_year": 3, "workforce.notice_weeks": 8,
            "need.adults.dropout_per_day": 0.002, "need.adults.urgent_share": 0.2}
    a, b = sets(here, {"need.adults.visits_needed": 14})
    answer = of(differ(solo, a, b, 0.5, 4, seed=3))
    assert answer.method == "Shapley sampled over 8 orders" and len(answer.swaps) == 7
    values = {key: _overdue(solo.changed(each)) for key, each in {
        "a": here, "b": {"need.adults.visits_needed": 14},
        "a with b": {**here, "no_show.return_soon": solo["no_show"]["return_soon"]},
        "b with a": {"need.adults.visits_needed": 14, "no_show.return_soon": 0.05},
    }.items()}
    swap = next(each for each in answer.swaps if each.key == "no_show.return_soon")
    assert swap.from_a.value == pytest.approx(values["a with b"] - values["a"])
    assert swap.from_b.value == pytest.approx(values["b"] - values["b with a"])


def _overdue(service: Service) -> float:
    runs = simulate(service, 0.5, 4, seed=3)
    return next(each.value or 0.0 for each in runs.estimates() if each.measure == "overdue" and not each.by)


def test_who_does_not_speak_of_a_value_keeps_the_scenarios_own(solo: Service) -> None:
    a, b = sets({"need.*.visits_needed": 8}, {"workforce.notice_weeks": 4})
    found = differ(solo, a, b, 0.25, 3)
    by_place = {str(each.place): each for each in found.assumptions}
    assert by_place["need.*.visits_needed"].b == () and by_place["workforce.notice_weeks"].a == ()
    # Four weeks of notice is what the scenario has: no difference, so nothing to swap.
    assert [swap.key for swap in of(found).swaps] == ["need.*.visits_needed"]
    assert of(found).swaps[0].change.after == solo["need"]["adults"]["visits_needed"]


def test_a_star_of_one_side_makes_one_assumption_of_both(trap: Service) -> None:
    a, b = sets({"need.*.visits_needed": 10}, {"need.trauma.visits_needed": 20})
    found = differ(trap, a, b, 0.1, 2)
    (each,) = found.assumptions
    assert str(each.place) == "need.*.visits_needed" and len(each.places) == 5
    (swap,) = of(found).swaps
    assert swap.change.after["need.trauma.visits_needed"] == 20


def test_names_on_both_sides_stay_apart(trap: Service) -> None:
    a, b = sets({"need.trauma.visits_needed": 10, "need.anxiety.visits_needed": 10},
                {"need.trauma.visits_needed": 20, "need.anxiety.visits_needed": 20})
    assert {swap.key for swap in of(differ(trap, a, b, 0.1, 2)).swaps} == {
        "need.trauma.visits_needed", "need.anxiety.visits_needed"}


def test_what_only_holds_together_is_swapped_together(trap: Service) -> None:
    """The three shares of the overflow sum to one; the hours a patient causes stay by themselves."""
    shares = {"profession.*.overflow_displaced": 0.1, "profession.*.overflow_unpaid": 0.8,
              "profession.*.overflow_undone": 0.1}
    a, b = sets({**shares, "profession.*.patient_hours": 0.2}, {"workforce.notice_weeks": 4})
    found = differ(trap, a, b, 0.1, 2)
    assert {swap.key for swap in of(found).swaps} == {
        "profession.*.overflow_displaced, profession.*.overflow_unpaid, profession.*.overflow_undone",
        "profession.*.patient_hours"}
    told = [answer_in_words(answer) for answer in found.answers]
    assert any("overflow displaced, overflow unpaid, overflow undone of 5 professions, together" in each
               or "patient hours of 5 professions" in each for each in told)


def test_the_other_way_round_is_the_same_seen_from_there(solo: Service) -> None:
    a, b = sets({"need.*.visits_needed": 10, "no_show.return_late": 0.3},
                {"need.*.visits_needed": 12, "no_show.return_late": 0.1})
    one, two = (of(differ(solo, *both, 0.5, 4)) for both in ((a, b), (b, a)))
    assert one.verdict == two.verdict
    for swap in one.swaps:
        other = next(each for each in two.swaps if each.key == swap.key)
        assert swap.from_a.value == pytest.approx(-other.from_b.value)
        assert swap.share.value == pytest.approx(-other.share.value)
        assert swap.is_enough == other.is_enough


def test_the_same_on_any_workers(solo: Service) -> None:
    a, b = sets({"need.*.visits_needed": 10, "no_show.return_late": 0.3}, {"need.*.visits_needed": 12})
    answers = []
    for workers in (1, 2):
        with ThreadPoolExecutor(workers) as executor:
            found = differ(solo, a, b, 0.25, 4, executor=executor)
        answers.append(as_json(found, noticed(found)))
    assert answers[0] == answers[1]


def test_interrupted_among_the_swaps(solo: Service) -> None:
    a, b = sets({"need.*.visits_needed": 8, "no_show.return_late": 0.3}, {"need.*.visits_needed": 16})

    def stop(name: str, done: int, of: int) -> None:
        if name == "waterfall":
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as stopped:
        differ(solo, a, b, 1, 4, progress=stop)
    found = stopped.value.finished
    assert isinstance(found, Disagreement) and len(found.compared.here.summaries) == 4
    assert "not finished" in {answer.verdict for answer in found.answers}
    assert not any(answer.swaps for answer in found.answers)


def test_a_lever_is_told_as_one(trap: Service) -> None:
    a, b = sets({"policy.overbooking": 0.1}, {"workforce.quit_index": 1.2})
    found = [each for each in noticed(differ(trap, a, b, 0.1, 2)) if each.code == "lever-assumed"]
    assert [(each.table, each.severity) for each in found] == [("A", "warning")]
    assert "policy.overbooking, which is decided (management)" in found[0].found


def test_the_examples_are_about_the_example_clinic(trap: Service) -> None:
    a, b = (read_assumptions(SETS / f"{name}.toml") for name in ("union", "employer"))
    found = differ(trap, a, b, 0.1, 2)
    assert len(of(found).swaps) == 5 and of(found).method == "exact Shapley over 5 changes"
