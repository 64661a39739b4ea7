"""Goals files: what one may say, and everything that is wrong with one, told at once with its line."""

from __future__ import annotations

from datetime import date

import pytest
from tests.support.runs import SERVICES

from careload.clinic import Service, SettingsError, registry
from careload.staff.goals import Goals, Within, lever_kinds, parse_goals, read_goals, value_at
from careload.staff.honesty import shortcuts

HEAD = "from = 2025-07-01\nuntil = 2026-06-30\n"
A_GOAL = '[goal.load]\nmeasure = "overload"\nat_most = 1\n'


def goals(trap: Service, text: str) -> Goals:
    return parse_goals(HEAD + text, trap, "goals.toml")


def wrong(trap: Service, text: str) -> str:
    with pytest.raises(SettingsError) as error:
        parse_goals(text, trap, "goals.toml")
    assert error.value.exit_code == 4
    return f"{error.value.found} Expected {error.value.expected}. {error.value.remedy}"


def test_the_example_says_what_it_wants(trap: Service) -> None:
    found = read_goals(SERVICES.parent / "goals.toml", trap)
    returns, first, load, stay, alike = found.goals
    assert str(returns) == ("return visits in time: at least 45 % of return visits within 10 business days "
                            "from 01 July 2025 to 30 June 2026")
    assert (first.measure, first.within, first.rule) == (
        "intake_wait", Within(10, "business_days"), "california-intake")
    assert (load.statistic, load.each, load.hard) == ("ratio", "profession", True)
    assert not stay.hard
    assert str(alike).startswith("nobody waits much longer than others: return interval (median) of each "
                                 "need group at most 1.25 times that of everybody")
    assert found.limits.budget_per_year == 3_300_000
    assert found.limits.hires_per_month["social worker"] == 1
    assert [lever.kind.name for lever in found.levers] == ["posts", "return_slots", "intake_slots"]
    assert found.met_in == 0.9


def test_a_rule_gives_clock_limit_and_share(trap: Service) -> None:
    (goal,) = goals(trap, '[goal.first]\nrule = "california-intake"\n').goals
    assert (goal.bound, goal.limit, goal.within) == ("at_least", 0.7, Within(10, "business_days"))
    (goal,) = goals(trap, '[goal.talking]\nrule = "nhs-talking-therapies-6-weeks"\n').goals
    assert (goal.within, goal.limit) == (Within(42, "calendar_days"), 0.75)


def test_a_goal_is_met_at_its_limit_and_missed_by_so_much_of_it(trap: Service) -> None:
    (load,) = goals(trap, A_GOAL).goals
    assert load.is_met_by(1.0)
    assert not load.is_met_by(float("nan"))
    assert load.missed_by(1.2) == pytest.approx(0.2)
    assert load.missed_by(0.7) == 0
    (share,) = goals(trap, '[goal.x]\nmeasure = "return_interval"\nwithin = 14\nat_least = 0.8\n').goals
    assert share.missed_by(0.6) == pytest.approx(0.25)


def test_a_goal_may_have_days_weight_and_rank_of_its_own(trap: Service) -> None:
    (goal,) = goals(trap, A_GOAL + "hard = false\nweight = 3\nrank = 2\nfrom = 2026-01-01\n").goals
    assert (goal.first, goal.last) == (date(2026, 1, 1), date(2026, 6, 30))
    assert (goal.hard, goal.weight, goal.rank) == (False, 3, 2)


def test_a_lever_moves_the_tables_named_else_all_and_only_its_way(trap: Service) -> None:
    found = goals(trap, A_GOAL + '[lever.posts]\nof = "north_psychologists"\nat_most = 9\n[lever.pay]\n'
                                 "at_most = 120000\n[lever.caseload_ceiling]\nat_least = 60\nat_most = 200\n")
    posts, pay, ceiling = found.levers
    assert posts.places() == ("team.north_psychologists.posts",)
    assert posts.ends(5) == (5, 9), "posts may be more, not fewer"
    assert posts.step == 1
    assert [place.split(".")[1] for place in pay.places()] == list(trap["profession"])
    assert ceiling.places() == ("policy.caseload_ceiling",)
    assert ceiling.ends(100) == (60, 200)
    assert value_at(trap, "team.north_psychologists.posts") == 5
    assert value_at(trap, "policy.rebook_days") == 7


@pytest.mark.parametrize(("text", "said"), [
    ("until = 2026-06-30\n" + A_GOAL, "There is no from"),
    ("from = 2023-01-01\nuntil = 2026-06-30\n" + A_GOAL, "line 1: Goals have to hold from 2023-01-01 on"),
    ("from = 2025-07-01\nuntil = 2025-06-30\n" + A_GOAL, "line 2: Goals have to hold from 2025-07-01 until"),
    (HEAD, "It has no goal"),
    (HEAD + '[goal.x]\nmeasure = "overloaded"\nat_most = 1\n', "Did you mean 'overload'"),
    (HEAD + '[goal.x]\nmeasure = "overload"\n', "[goal.x] has no limit"),
    (HEAD + '[goal.x]\nmeasure = "overload"\nat_most = 1\nat_least = 0\n', "has two limits"),
    (HEAD + '[goal.x]\nmeasure = "return_interval"\nat_most = 20\n', "statistic: one of median, p90"),
    (HEAD + '[goal.x]\nmeasure = "intake_wait"\nwithin = 10\nunit = "workdays"\nat_least = 0.9\n', "unit is"),
    (HEAD + '[goal.x]\nmeasure = "return_interval"\nwithin = 10\nat_least = 90\n', "a number from 0 to 1"),
    (HEAD + '[goal.x]\nmeasure = "overload"\nwithin = 10\nat_least = 0.9\n', "measure is 'overload'"),
    (HEAD + '[goal.x]\nrule = "california"\n', "is no rule"),
    (HEAD + '[goal.x]\nrule = "california-urgent"\n', "in hours"),
    (HEAD + '[goal.x]\nrule = "hedis-fuh-7"\nat_least = 0.5\n', "is no rule|is about"),
    (HEAD + A_GOAL + 'each = "team"\n', "each is 'team'"),
    (HEAD + A_GOAL + 'against = "everybody"\n', "of no groups"),
    (HEAD + A_GOAL + "hard = 1\n", "Expected true or false"),
    (HEAD + A_GOAL + "weight = 0\n", "weight is 0"),
    (HEAD + A_GOAL + 'colour = "red"\n', "'colour' under [goal.load]"),
    (HEAD + A_GOAL + "[lever.post]\nat_most = 3\n", "There is no lever 'post'"),
    (HEAD + A_GOAL + "[lever.posts]\n", "[lever.posts] has no end"),
    (HEAD + A_GOAL + '[lever.posts]\nof = "south"\nat_most = 3\n', "There is no team 'south'"),
    (HEAD + A_GOAL + "[lever.support_staff]\nat_least = 0.05\n", "[lever.support_staff] has no cost"),
    (HEAD + A_GOAL + '[lever.referral_out]\nat_most = 5\ncost = 9\nsource = "assumed"\nafter_days = 7\n',
     "[lever.referral_out] has no wait_days"),
    (HEAD + A_GOAL + "[lever.group_share]\nat_most = 0.3\n", "[lever.group_share] has no source"),
    (HEAD + A_GOAL + "[lever.posts]\nat_most = -3\n", "at_most is -3"),
    (HEAD + A_GOAL + "[lever.posts]\nat_least = 3\n", "[lever.posts] has no end"),
    (HEAD + A_GOAL + "[lever.intake_slots]\nat_least = 3\nat_most = 2\n", "goes from 3 to 2"),
    (HEAD + A_GOAL + "[goal.empty]\n", "[goal.empty] has no limit"),
    (HEAD + A_GOAL + "rank = 1.5\n", "rank is 1.5"),
    (HEAD + A_GOAL + "weight = 1" + "0" * 400 + "\n", "weight is 1000"),
    (HEAD + A_GOAL + 'each = "need_group"\n', "overload cannot be told by need group"),
    (HEAD + '[goal.x]\nmeasure = "crises"\nat_most = 9\neach = "profession"\n', "cannot be told by"),
    (HEAD + A_GOAL + "from = 2020-01-01\n", "line 6: Goals have to hold from 2020-01-01 on"),
    (HEAD + A_GOAL + "until = 2025-07-10\n", "[goal.load] has to hold from 2025-07-01 until 2025-07-10"),
    (HEAD + '[goal.x]\nmeasure = "intake_wait"\nwithin = 28\nat_least = 1\nuntil = 2025-08-01\n', "84 days"),
    (HEAD + '[goal.x]\nrule = "california-intake"\nwithin = 3\n', "has a rule and within"),
    (HEAD + '[goal.x]\nmeasure = "intake_wait"\nwithin = 10.5\nat_least = 0.9\n', "within is 10.5"),
    (HEAD + A_GOAL + '[approved.depression]\nby = "them"\non = "someday"\n', "on is 'someday'"),
    (HEAD + A_GOAL + "[limits]\nbudget = 5\n", "'budget' under [limits]"),
    (HEAD + A_GOAL + "[limits.hires_per_month]\nnurse = 1\n", "There is no profession 'nurse'"),
    (HEAD + A_GOAL + '[limits]\nmay_cut = "south"\n', "There is no team 'south'"),
    (HEAD + A_GOAL + "[approved.depression]\n", "Nobody is named who approved longer gaps"),
    (HEAD + A_GOAL + '[approved.grief]\nby = "them"\non = 2025-01-01\n', "There is no need group 'grief'"),
])
def test_what_is_wrong_is_told_with_what_was_expected(trap: Service, text: str, said: str) -> None:
    assert any(each in wrong(trap, text) for each in said.split("|"))


def test_everything_wrong_is_told_at_once(trap: Service) -> None:
    goal, lever = '[goal.x]\nmeasure = "overloaded"\nat_most = 1\n', "[lever.post]\nat_most = 3\n"
    found = wrong(trap, f"{HEAD}{goal}{lever}[limits]\nbudget = 5\n")
    assert "has 3 errors" in found
    assert "line 4" in found
    assert "line 6" in found
    assert "line 9" in found


def test_every_lever_is_of_a_parameter_there_is_and_lifts_shortcuts_there_are() -> None:
    names = {each.name for each in shortcuts()}
    for kind in lever_kinds().values():
        assert kind.parameter in registry()[kind.section].parameters
        assert set(kind.lifts) <= names
        assert kind.meaning.endswith(".")
