"""Plans judged by simulation: goals met or missed, harm that is hidden, and what stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from careload.clinic import Service, UsageError
from careload.simulate import FIGURES, figure_named, groups, simulate, simulate_each
from careload.staff import refusals
from careload.staff.goals import Goals, Opening, Plan, parse_goals, planned
from careload.staff.judging import Judged, judge, sides

RUNS = 10
HEAD = "from = 2025-01-06\nuntil = 2025-07-06\nmet_in = 0.8\n"
LOAD = '[goal.load]\nmeasure = "overload"\nat_most = {}\n'
IN_TIME = '[goal.returns]\nmeasure = "return_interval"\nwithin = 14\nat_least = {}\n'
TEAMS = [f"{site}_{who}" for site in ("north", "harbor")
         for who in ("psychologists", "family_therapists", "social_workers")]
MORE = {f"team.{team}.posts": 12.0 for team in TEAMS} | {f"team.{team}.return_slots": 12.0 for team in TEAMS}


def goals(trap: Service, *texts: str) -> Goals:
    return parse_goals(HEAD + "".join(texts), trap)


def judged(trap: Service, values: dict[str, float], *texts: str, worlds: Sequence[Service] = ()) -> Judged:
    return judge(worlds or [trap] * RUNS, Plan(values), goals(trap, *texts))


def test_today_meets_what_it_meets_and_harms_nobody(trap: Service) -> None:
    found = judged(trap, {}, LOAD.format(1.5), IN_TIME.format(0.9))
    load, returns = found.goals
    assert (load.met, load.share, load.missed_by) == (True, 1.0, 0.0)
    assert (returns.met, returns.share) == (False, 0.0)
    assert returns.missed_by > 0.5
    assert found.harms == found.transition == ()
    assert not found.holds
    assert str(found).startswith("The plan does not hold.\nmet, in 100% of the runs: load: overload (ratio)")


def test_what_is_counted_are_the_days_of_the_goal(trap: Service) -> None:
    """53 weeks before 6 January 2025, 26 from then on: the same runs by `simulate`."""
    (load,) = judged(trap, {}, LOAD.format(1)).goals
    later = simulate(trap.changed({"start.warm_up_weeks": 53}), 26 * 7 / 365.25, RUNS)
    place = next(n for n, each in enumerate(FIGURES) if each.measure == "overload")
    assert load.values[:, 0].tolist() == [run.figures[0, place] for run in later.summaries]
    assert trap["start"]["date"] == date(2024, 1, 1)


def test_posts_and_slots_bring_people_in_time(trap: Service) -> None:
    more = planned(trap, Plan(MORE))
    assert more["team"]["north_psychologists"]["vacant"] == 7, "new posts are vacant at first"
    assert not refusals(trap, more)
    today = judged(trap, {}, IN_TIME.format(0.3)).goals[0]
    plan = judged(trap, MORE, IN_TIME.format(0.3))
    assert np.median(plan.goals[0].values) > np.median(today.values) + 0.1
    assert "crises" not in {each.side.measure for each in plan.harms}


def test_posts_may_be_opened_month_by_month(trap: Service) -> None:
    plan = Plan({"team.north_psychologists.return_slots": 12.0},
                (Opening("north_psychologists", 3, 30), Opening("north_psychologists", 2, 61)))
    found = planned(trap, plan)
    opened = found["team"]["north_psychologists, opened after 61 days"]
    assert (opened["posts"], opened["opens_after_days"], opened["return_slots"]) == (2, 61, 12)
    assert found["team"]["north_psychologists"]["posts"] == trap["team"]["north_psychologists"]["posts"]
    assert not refusals(trap, found)
    held, group = figure_named("posts_held", "mean"), next(groups(found))
    at_once = planned(trap, Plan({"team.north_psychologists.posts": 10.0}))
    later, sooner = (simulate(each, 0.5, 20).values(held, group).mean() for each in (found, at_once))
    assert later < sooner, "not before they are opened"


def test_a_queue_outside_the_ceiling_is_found(trap: Service) -> None:
    """No rule refuses a ceiling; that people wait outside, and for how long, speaks against it."""
    ceiling = {"policy.caseload_ceiling": 80.0}
    assert not refusals(trap, trap.changed(ceiling))
    found = judged(trap, ceiling, LOAD.format(1.05))
    assert found.goals[0].met, "those inside are seen, and clinicians carry less"
    assert {"intake_wait", "waiting"} <= {each.side.measure for each in found.harms}
    assert not found.holds
    assert "A queue grows outside the door." in str(next(
        each for each in found.harms if each.side.measure == "waiting"))


def test_a_group_that_is_starved_is_found_behind_the_totals(trap: Service) -> None:
    """Twelve posts in other teams, and psychiatrists with a fifth of their return slots."""
    starved = {f"team.{site}_psychiatrists.return_slots": 3.0 for site in ("north", "harbor")}
    more = {f"team.{site}_{who}.posts": 12.0 for site in ("north", "harbor")
            for who in ("family_therapists", "social_workers")}
    found = judged(trap, starved | more, LOAD.format(2))
    assert {"profession": "psychiatrist"} in [dict(each.by) for each in found.harms]
    assert all(each.by for each in found.harms), "nothing of it is seen in the totals"
    assert "It makes worse: return interval of psychiatrist" in str(found)


def test_what_happens_before_is_told_apart(trap: Service) -> None:
    """Slots of first visits given away now are missed now, whatever comes later."""
    found = judged(trap, {f"team.{team}.intake_slots": 1.0 for team in TEAMS}, LOAD.format(2))
    assert "intake_wait" in {each.side.measure for each in found.transition}
    assert "Before the goals have to hold it makes worse" in str(found)


def test_where_nobody_is_reached_no_ratio_is_met(trap: Service) -> None:
    text = ('[goal.alike]\nmeasure = "return_interval"\nstatistic = "p90"\nat_most = 1.25\neach = "site"\n'
            'against = "everybody"\n')
    (alike,) = judged(trap, {}, text).goals
    assert np.isinf(alike.values).any(), "nine in ten are not seen again within the days that are counted"
    assert not alike.met


def test_a_goal_of_each_group_is_met_only_where_all_meet_it(trap: Service) -> None:
    overload = LOAD.format(1.2) + 'each = "profession"\n'
    (load,) = judged(trap, {}, overload).goals
    assert [group["profession"] for group in load.groups] == list(trap["profession"])
    assert load.values.shape == (RUNS, len(trap["profession"]))
    assert load.share <= (load.values <= 1.2).mean(axis=0).min() + 1e-12


def test_a_ratio_is_to_everybody_on_the_same_run(trap: Service) -> None:
    text = ('[goal.alike]\nmeasure = "overdue"\nat_most = 1\neach = "site"\nagainst = "everybody"\n')
    (alike,) = judged(trap, {}, text).goals
    assert alike.values.sum(axis=1) == pytest.approx(1), "the overdue of two sites are those of all"


def test_each_run_is_of_one_of_what_may_be_true(trap: Service) -> None:
    worlds = [trap, trap.changed({f"need.{name}.remission_per_month": 0 for name in trap["need"]})]
    each = simulate_each([*worlds, worlds[0]], 0.5)
    alone = [simulate(world, 0.5, 3) for world in worlds]
    assert np.array_equal(each.summaries[0].figures, alone[0].summaries[0].figures, equal_nan=True)
    assert np.array_equal(each.summaries[1].figures, alone[1].summaries[1].figures, equal_nan=True)
    assert np.array_equal(each.summaries[2].figures, alone[0].summaries[2].figures, equal_nan=True)


def test_a_service_at_rest_has_no_today(trap: Service) -> None:
    with pytest.raises(UsageError) as error:
        judged(trap, {}, LOAD.format(1), worlds=[trap.changed({"start.warm_up_weeks": 52})])
    assert "before anything is counted" in error.value.found


MONEY = """
[limits]
budget_per_year = 2_000_000
on_costs_share = 0.25
[lever.support_staff]
at_least = 0.05
cost = 30
source = "assumed"
[lever.quicker_hiring]
at_least = 90
cost = 1000
source = "assumed"
[lever.referral_out]
of = "North"
at_most = 10
cost = 900
after_days = 7
wait_days = 30
source = "assumed"
"""


def test_a_plan_costs_what_it_pays_and_what_its_levers_cost(trap: Service) -> None:
    values = {"profession.psychologist.patient_hours": 0.05, "workforce.days_to_fill": 100.0,
              "site.North.outside_per_week": 5.0}
    found = judged(trap, values, LOAD.format(2), MONEY)
    parts = found.cost.parts
    assert parts["on-costs"] == pytest.approx(0.25 * parts["pay"])
    assert parts["quicker_hiring"] == pytest.approx(1000 * (180 - 100))
    assert (parts["elsewhere"] > 0).all()
    assert found.today.parts["elsewhere"] == pytest.approx(0)
    assert found.cost.whole == pytest.approx(sum(parts.values()))
    # Eight psychologists of half a week have some 60 patients each: 0.08 hours less for each of 480.
    assert parts["support_staff"].mean() == pytest.approx(30 * 0.08 * 480 * 365.25 / 7, rel=0.2)
    assert found.is_within_budget == (found.cost.whole.mean() <= 2_000_000)
    assert found.holds == (found.is_within_budget and not found.harms)


def test_every_hidden_side_is_a_figure_and_says_who_bears_it() -> None:
    known = {(figure.measure, figure.statistic) for figure in FIGURES}
    for side in sides():
        assert (side.measure, side.statistic) in known
        assert side.why.endswith(".")
