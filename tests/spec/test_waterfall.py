"""How much of a difference each change makes: Shapley's shares by hand, by their laws, and of services."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from tests.support.runs import SERVICES

from careload.clinic import Service, UsageError, parse_service, read_service
from careload.simulate import changes_between, compare
from careload.simulate.changes import MOST_OF_A_SECTION, between
from careload.simulate.shapley import orders, shares, shares_along

GAME = np.random.default_rng(7).normal(size=(16, 3))
"""The worth of every set of four changes, in three runs."""


def test_by_hand() -> None:
    """One has a left glove, two have a right one; a pair is worth 1. The left glove gets 2/3."""
    worth = np.array([0, 0, 0, 1, 0, 1, 0, 1], dtype=float)  # bit 0: the left glove
    assert shares(worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_shares_make_the_whole() -> None:
    assert shares(GAME).sum(axis=0) == pytest.approx(GAME[-1] - GAME[0])


def test_who_adds_nothing_gets_nothing() -> None:
    worth = np.array([GAME[chosen & 0b0111] for chosen in range(16)])  # the fourth changes nothing
    assert shares(worth)[3] == pytest.approx(np.zeros(3), abs=1e-12)


def test_alike_get_alike() -> None:
    def exchanged(chosen: int) -> int:
        return chosen & 0b1100 | (chosen & 1) << 1 | (chosen & 2) >> 1

    worth = np.array([GAME[chosen] + GAME[exchanged(chosen)] for chosen in range(16)])
    found = shares(worth)
    assert found[0] == pytest.approx(found[1])
    assert found[0] != pytest.approx(found[2])


def test_shares_of_a_sum_are_sums_of_shares() -> None:
    other = np.random.default_rng(8).normal(size=GAME.shape)
    assert shares(GAME + other) == pytest.approx(shares(GAME) + shares(other))


def test_the_mean_over_all_orders_is_exact() -> None:
    found = shares_along(list(permutations(range(4))), lambda chosen: GAME[chosen])
    assert found == pytest.approx(shares(GAME))


def test_orders_are_drawn_by_seed_and_run() -> None:
    forward, backward = orders(8, 1, 5)
    assert sorted(forward) == list(range(8))
    assert forward == backward[::-1]
    assert orders(8, 1, 5) == (forward, backward)
    assert len({orders(8, 1, run)[0] for run in range(20)}) > 15


def test_every_value_in_which_two_services_differ() -> None:
    trap, weekly = (read_service(SERVICES / f"{name}.toml") for name in ("trap", "weekly"))
    found = {change.key: (change.before, change.after) for change in changes_between(trap, weekly)}
    assert found["team.north_psychologists.posts"] == (5, 10)
    assert found["start.overdue_weeks"] == (5, 0)
    assert len(found) == 10


def test_a_number_for_each_site_is_a_change_for_each_site(trap: Service) -> None:
    there = trap.changed({"need.trauma.arrivals_per_week": {"North": 4.0, "Harbor": 2.5}})
    (change,) = changes_between(trap, there)
    assert (change.key, change.before, change.after) == ("need.trauma.arrivals_per_week.North", 3.5, 4.0)


def test_what_cannot_be_changed_alone_is_changed_together(solo: Service) -> None:
    (profession,) = solo["profession"]
    place = f"profession.{profession}"
    there = solo.changed({f"{place}.overflow_unpaid": 0.4, f"{place}.overflow_displaced": 0.4,
                          "policy.overbooking": 0.1})
    keys = [change.key for change in between(solo, there).changes]
    assert keys == [f"{place}.*", "policy.overbooking"]


def test_a_whole_table_is_one_change(trap: Service) -> None:
    text = (SERVICES / "trap.toml").read_text(encoding="utf-8")
    added = '[team.new]\nsite = "North"\nprofession = "psychologist"\nposts = 1\nreturn_slots = 10\n\n'
    there = parse_service(text.replace("[no_show]", f"{added}[no_show]"))
    way = between(trap, there)
    (change,) = way.changes
    assert change.key == "team.new.*"
    assert change.before["team.new.posts"] is None and change.after["team.new.posts"] == 1
    assert way.service(1) == there and way.service(0) == trap


def test_many_changes_of_a_section_become_few(trap: Service) -> None:
    names = ("posts", "return_slots")
    there = trap.changed({f"team.{team}.{name}": trap["team"][team][name] + 1
                          for team in trap["team"] for name in names} | {"policy.overbooking": 0.1})
    assert len(changes_between(trap, there)) == 21 > MOST_OF_A_SECTION
    changes = between(trap, there).changes
    assert [change.key for change in changes] == ["team.*.posts", "team.*.return_slots", "policy.overbooking"]
    assert len(changes[0].before) == 10 and changes[0].after["team.north_psychologists.posts"] == 6


def test_many_changes_of_few_tables_become_those_of_a_table(trap: Service) -> None:
    kinds = ("visit_hours", "intake_hours", "group_hours", "note_hours", "missed_hours", "patient_hours",
             "fixed_hours")
    there = trap.changed({f"profession.{name}.{kind}": trap["profession"][name][kind] + 0.1
                          for name in ("psychologist", "psychiatrist") for kind in kinds})
    assert len(changes_between(trap, there)) == 14 > MOST_OF_A_SECTION
    keys = [change.key for change in between(trap, there).changes]
    assert keys == ["profession.psychologist.*", "profession.psychiatrist.*"]


def test_a_lever_pulled_in_every_team_is_one_change_of_the_way(trap: Service) -> None:
    there = trap.changed({f"team.{team}.{name}": trap["team"][team][name] + 1
                          for team in trap["team"] for name in ("posts", "return_slots")})
    way = between(trap, there)
    assert way.service(0b01)["team"]["north_psychologists"] == {
        **trap["team"]["north_psychologists"], "posts": 6}
    assert way.service(0b11) == there


def test_the_caller_says_what_is_changed_together(trap: Service) -> None:
    needs = {f"need.{name}.visits_needed": 30 for name in trap["need"]}
    there = trap.changed({**needs, "policy.overbooking": 0.1, "need.trauma.arrivals_per_week.North": 9})
    told = [[f"need.{name}.visits_needed" for name in ("depression", "anxiety")],
            ["need.trauma.arrivals_per_week"]]
    keys = [change.key for change in between(trap, there, told).changes]
    assert keys[0] == "need.*.visits_needed" and len(keys) == 6
    assert keys.count("need.trauma.visits_needed") == keys.count("policy.overbooking") == 1


def test_only_those_that_cannot_stand_alone_are_joined(trap: Service) -> None:
    there = trap.changed({f"profession.{name}.{key}": value for name in trap["profession"] for key, value in (
        ("overflow_unpaid", 0.4), ("overflow_displaced", 0.4), ("note_hours", 0.5))})
    told = [[f"profession.{name}.{key}" for name in trap["profession"]]
            for key in ("overflow_unpaid", "overflow_displaced", "note_hours")]
    changes = between(trap, there, told).changes
    assert [(change.key, len(change.before)) for change in changes] == [
        ("profession.*.note_hours", 5), ("profession.*", 10)]


def test_what_a_change_makes_first_and_last(solo: Service) -> None:
    """Of two, what is made first by one and then by the other is the whole; a share is the mean of both."""
    there = solo.changed({"policy.overbooking": 0.2, "start.patients": 40})
    (found,) = compare(solo, there, 0.5, 4, measures=[("overdue", "mean")]).waterfalls
    one, two = found.shares
    assert one.first + two.last == pytest.approx(found.whole)
    assert two.first + one.last == pytest.approx(found.whole)
    assert one.difference.value == pytest.approx((one.first.mean() + one.last.mean()) / 2)


def test_a_way_between_two_services(solo: Service) -> None:
    """The shares of a real comparison make the whole difference; what changes nothing has no share."""
    there = solo.changed(
        {"policy.overbooking": 0.2, "start.patients": 40, "workforce.hiring_cost_share": 0.1}
    )
    found = compare(solo, there, 0.5, 5, measures=[("overdue", "mean"), ("return_interval", "seen_by_14")])
    assert [waterfall.method for waterfall in found.waterfalls] == ["exact Shapley over 3 changes"] * 2
    for waterfall in found.waterfalls:
        by_key = {share.change.key: share.difference for share in waterfall.shares}
        total = sum(each.value or 0 for each in by_key.values())
        assert waterfall.start + total == pytest.approx(waterfall.end, abs=1e-9)
        nothing = by_key["workforce.hiring_cost_share"]
        assert nothing.value == nothing.low == nothing.high == 0
        known = next(each for each in found.differences() if not each.here.by
                     and (each.here.measure, each.here.statistic) == (waterfall.measure, waterfall.statistic))
        assert known.difference.value == pytest.approx(waterfall.end - waterfall.start, abs=1e-9)
        assert known.difference.interval == "t-over-pairs" and known.difference.n == 5


def test_more_changes_than_can_be_tried_in_every_set(solo: Service) -> None:
    there = solo.changed({
        "policy.overbooking": 0.2, "start.patients": 40, "workforce.hiring_cost_share": 0.1,
        "no_show.return_soon": 0.05, "no_show.return_late": 0.1, "workforce.sick_days_per_year": 3,
        "workforce.notice_weeks": 8,
    })
    (found,) = compare(solo, there, 0.25, 4, measures=[("overdue", "mean")]).waterfalls
    assert found.method == "Shapley sampled over 8 orders"
    total = sum(share.difference.value or 0 for share in found.shares)
    assert found.start + total == pytest.approx(found.end)
    nothing = next(share for share in found.shares if share.change.key == "workforce.hiring_cost_share")
    assert nothing.difference.value == 0


def test_the_same_service_differs_in_nothing(solo: Service) -> None:
    found = compare(solo, solo, 0.25, 3)
    assert found.changes == () and found.waterfalls == ()
    assert all(each.difference.value == each.difference.low == each.difference.high == 0
               for each in found.differences() if each.difference.value is not None)


def test_what_cannot_be_compared_is_refused(solo: Service) -> None:
    with pytest.raises(UsageError, match="warm-up"):
        compare(solo, solo.changed({"start.warm_up_weeks": 10}), 0.25, 2)
    with pytest.raises(UsageError, match="no mode of overdue"):
        compare(solo, solo, 0.25, 2, measures=[("overdue", "mode")])
