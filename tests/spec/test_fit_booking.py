"""Rules of booking, from a handful of people: when a no-show is booked again, and how many end care."""

from __future__ import annotations

from tests.support.by_hand import Row, episode, visit
from tests.support.fitted import believed_in

from careload.model.direct.booking import FAMILY

RULE = "policy.drop_after_no_shows"
MARCH = ("2024-03-01", "2024-03-08", "2024-03-15", "2024-03-22")


def course(patient: str, *missed: bool) -> list[Row]:
    """A visit a week in March, each held or missed."""
    return [visit(patient, day, "no_show" if each else "completed", kind="return", prescribed_interval_days=7)
            for day, each in zip(MARCH, missed, strict=False)]


def test_care_that_ends_at_the_second_no_show_in_a_row_is_a_rule() -> None:
    """Twelve people miss two in a row and are closed that day; one alone, or two apart, end nothing."""
    visits = [row for n in range(12) for row in course(f"ended {n}", False, True, True)]
    visits += [row for n in range(12) for row in course(f"stays {n}", True, False, True, False)]
    episodes = [episode(f"ended {n}", MARCH[2], "dropped") for n in range(12)]
    episodes += [episode(f"stays {n}") for n in range(12)]
    found = believed_in(FAMILY, appointments=visits, episodes=episodes)[RULE]
    assert found.value == 2
    assert found.counts == {"no-shows so many in a row": 12, "care ended": 12}


def test_no_shows_after_which_only_some_stay_away_are_no_rule() -> None:
    visits = [row for n in range(12) for row in course(f"p{n}", False, True, True)]
    visits += [row for n in range(12, 40) for row in course(f"p{n}", False, True, True, False)]
    episodes = [episode(f"p{n}", *((MARCH[2], "dropped") if n < 12 else ())) for n in range(40)]
    assert RULE not in believed_in(FAMILY, appointments=visits, episodes=episodes)


def test_a_no_show_is_booked_again_after_a_week() -> None:
    visits = [row for n in range(5) for row in course(f"p{n}", False, True, False)]
    assert believed_in(FAMILY, appointments=visits)["policy.rebook_days"].value == 7
