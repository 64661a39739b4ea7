"""Who asked for care and waits on the last day: since when, where, with how many first visits missed."""

from __future__ import annotations

import pytest
from tests.support.by_hand import Row, day, request, visit
from tests.support.fitted import evidence_of, found_in

from careload.model.belief import Belief, Found
from careload.model.direct.start import FAMILY

ENOUGH = 12
LAST = "2024-06-30"
STAFF: list[Row] = [
    {"clinician": name, "site": site, "profession": "psychologist", "fte": 1.0, "hired_on": day("2020-01-01"),
     "left_on": None} for name, site in (("a", "North"), ("b", "South"))
]


def asked(site: str, when: str, number: int, urgency: str = "routine", name: str = "") -> list[Row]:
    return [{**request(f"{site}{when}{name}{n}", when, site=site), "urgency": urgency} for n in range(number)]


def found(referrals: list[Row], missed: list[Row]) -> dict[str, Found]:
    ends = [visit("z", when, clinician="a", kind="return") for when in ("2024-01-01", LAST)]
    evidence = evidence_of(LAST, appointments=[*ends, *missed], referrals=referrals, clinicians=STAFF)
    return found_in(evidence, FAMILY, {"need.everybody.urgent_share": Belief("", 0.5)})


def test_a_site_with_a_longer_line_has_its_own_ratio() -> None:
    """On the Monday after, twelve at North are due since ten days, twelve at South since thirty, which is
    what one in ten of all does not exceed; over these ratios all wait since thirty."""
    waiting = found(asked("North", "2024-06-20", ENOUGH) + asked("South", "2024-05-31", ENOUGH), [])
    assert waiting["need.everybody.waiting_ratio.North"].value == pytest.approx(1 / 3, abs=1e-4)
    assert waiting["need.everybody.waiting_ratio.South"].value == 1
    assert waiting["need.everybody.waiting_weeks"].value == pytest.approx(2 * 30 / 7)
    assert all(0.95 <= 2 * share <= 1.1 for share in waiting["need.everybody.waiting_shares"].value)


def test_who_missed_a_first_visit_stands_in_line_with_those_who_asked_then() -> None:
    """On 1 July twelve are due since ten days. Twelve asked on 10 May, missed on 20 June and are due a week
    after, on 27 June: since four days, and 47 days later than the day after asking."""
    early = asked("North", "2024-05-10", ENOUGH, name="early")
    missed = [visit(row["patient"], "2024-06-20", "no_show", clinician="a", kind="intake") for row in early]
    waiting = found(asked("North", "2024-06-20", ENOUGH) + early, missed)
    assert waiting["need.everybody.waiting_missed"].value == (0.5,)
    assert waiting["need.everybody.waiting_put_off_days"].value == pytest.approx(47)
    assert waiting["need.everybody.waiting_weeks"].value == pytest.approx(2 * 7 / 7)
    assert sum(own.value for place, own in waiting.items() if ".waiting." in place) == 24


def test_for_few_who_missed_a_first_visit_stands_what_is_usual() -> None:
    """Twenty asked on 10 June. Two of them missed a first visit ten days later, and wait since: they waited
    10 days of which none was after a miss, then 10 after it; the others 20 days each. None was held, so all
    first visits tried were missed: two in 380 days."""
    waiting_since = asked("North", "2024-06-10", 20)
    missed = [visit(row["patient"], "2024-06-20", "no_show", clinician="a", kind="intake")
              for row in waiting_since[:2]]
    waiting = found(waiting_since, missed)
    after_a_miss, again = 2 * 10 / (20 * 20), 2 / 2
    told = waiting["need.everybody.waiting_missed"].value
    assert told[:2] == (after_a_miss, after_a_miss * again)
    assert waiting["need.everybody.waiting_put_off_days"].value == pytest.approx(380 / 2 - 1 + 7)


def test_who_missed_a_first_visit_lately_is_not_due_yet() -> None:
    """Missed on Friday, the next is due a week after it: in four days from Monday."""
    asked_in_may = asked("North", "2024-05-10", ENOUGH)
    missed = [visit(row["patient"], "2024-06-28", "no_show", clinician="a", kind="intake")
              for row in asked_in_may]
    waiting = found(asked_in_may, missed)
    least, most = waiting["need.everybody.waiting_shares"].value
    assert (least, most) == pytest.approx((-4, -3), abs=0.01)
    assert waiting["need.everybody.waiting_weeks"].value == 0


def test_few_who_wait_are_urgent() -> None:
    """One to ten urgent stand for five: 5 of 25, against half of those who ask."""
    waiting = found(asked("North", "2024-06-19", 22) + asked("North", "2024-06-19", 3, "urgent", "soon"), [])
    assert waiting["need.everybody.waiting_urgent"].value == pytest.approx(5 / 25 / 0.5)
