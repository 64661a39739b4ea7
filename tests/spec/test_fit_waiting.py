"""What waiting does, counted from a handful of people: days beyond due, and what ended them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.support.by_hand import Row, day, episode, request, visit
from tests.support.fitted import AS_OF, believed_in, evidence_of

from careload.history import fetch
from careload.model.direct.waiting import FAMILY, parted, per_day, per_month


def spells(**tables: list[Row]) -> list[dict[str, Any]]:
    table = evidence_of(AS_OF, **tables).courses.spells
    return sorted(fetch(table), key=lambda row: (row["patient"], row["day"], row["opened"]))


def told(row: dict[str, Any]) -> tuple[str, str, int | None]:
    return row["opened"], row["end"], row["late_days"]


def seen(patient: str, when: str, plan: int | None = 14, status: str = "completed") -> Row:
    own = {"prescribed_interval_days": plan} if status == "completed" else {}
    return visit(patient, when, status, kind="return", **own)


def test_a_wait_begins_when_the_next_visit_is_due() -> None:
    """Planned after 14 days and seen after 20: six midnights beyond due."""
    rows = spells(appointments=[seen("a", "2024-03-01"), seen("a", "2024-03-21")], episodes=[episode("a")])
    assert told(rows[0]) == ("held", "seen", 6)
    assert told(rows[1]) == ("held", "waiting", 87)  # due on 4 April, still waiting on 30 June


def test_a_visit_before_it_is_due_leaves_nothing_to_wait() -> None:
    rows = spells(appointments=[seen("a", "2024-03-01"), seen("a", "2024-03-10")], episodes=[episode("a")])
    assert told(rows[0]) == ("held", "seen", -5)


def test_a_visit_without_a_plan_is_due_on_no_day() -> None:
    rows = spells(
        appointments=[seen("a", "2024-03-01", None), seen("b", "2024-03-01")],
        episodes=[episode("a"), episode("b")],
    )
    assert told(rows[0]) == ("held", "waiting", None)


def test_who_asks_is_due_the_day_after() -> None:
    rows = spells(referrals=[request("a", "2024-03-01")],
                  appointments=[seen("b", "2024-03-01"), seen("a", "2024-03-09")])
    assert told(rows[0]) == ("asked", "seen", 7)


def test_who_gives_up_before_a_first_visit_has_dropped_out() -> None:
    rows = spells(
        referrals=[request("a", "2024-03-01", closed="2024-03-12", outcome="gave_up")],
        appointments=[seen("b", "2024-03-09")],
    )
    assert told(rows[0]) == ("asked", "dropped", 10)


def test_after_a_no_show_the_wait_begins_anew() -> None:
    """Booked again for seven days later, as the records show nobody seen sooner."""
    rows = spells(
        appointments=[
            seen("a", "2024-03-01"), seen("a", "2024-03-15", status="no_show"), seen("a", "2024-03-22"),
            seen("b", "2024-03-01"), seen("b", "2024-03-15", status="no_show"), seen("b", "2024-03-30"),
        ],
        episodes=[episode("a"), episode("b")],
    )
    missed = [told(row) for row in rows if row["opened"] == "missed"]
    assert missed == [("missed", "seen", 0), ("missed", "seen", 8)]


@pytest.mark.parametrize(("reason", "end"), [
    ("dropped", "dropped"), ("died", "died"), ("lost_coverage", "moved"), ("completed", "completed"),
    ("referred_out", "other"),
])
def test_an_end_of_care_ends_the_wait_in_its_own_way(reason: str, end: str) -> None:
    rows = spells(appointments=[seen("a", "2024-03-01")], episodes=[episode("a", "2024-03-25", reason)])
    assert told(rows[0]) == ("held", end, 10)


def test_a_crisis_ends_one_wait_and_begins_another() -> None:
    crisis = {"patient": "a", "kind": "ed", "starts_at": visit("a", "2024-03-20T02:00")["starts_at"]}
    rows = spells(
        appointments=[seen("a", "2024-03-01"), seen("a", "2024-03-22")], episodes=[episode("a")],
        encounters=[crisis],
    )
    assert told(rows[0]) == ("held", "crisis", 5)
    assert told(rows[1]) == ("crisis", "seen", 2)


def test_rates_are_events_over_midnights() -> None:
    """Twenty wait 10 midnights each and are seen; five wait 20 and stay away: 5 in 300."""
    patients = [f"p{number}" for number in range(20)]
    away = [f"q{number}" for number in range(5)]
    appointments = [seen(who, at) for who in patients for at in ("2024-03-01", "2024-03-25")]
    appointments += [seen(who, "2024-03-01") for who in away]
    episodes = [{"patient": who, "opened_on": day("2024-03-01"), "closed_on": day("2024-03-25"),
                 "reason": "completed"} for who in patients]
    episodes += [{"patient": who, "opened_on": day("2024-03-01"), "closed_on": day("2024-04-04"),
                  "reason": "dropped"} for who in away]
    beliefs = believed_in(FAMILY, appointments=appointments, episodes=episodes)
    drop = beliefs["need.everybody.dropout_per_day"]
    assert dict(drop.counts) == {"stayed away while overdue": 5, "midnights beyond due": 20 * 10 + 5 * 20}
    assert drop.high is not None
    assert drop.value < 5 / 300 < drop.high  # some of those who stayed away got well
    well = beliefs["need.everybody.remission_per_month"]
    assert "who got well" in drop.note
    assert well.note == drop.note
    quits = beliefs["need.everybody.dropout_per_visit"]
    assert quits.low == 0.0  # nobody stayed away on the day of a visit
    # No encounters were recorded, so nothing is said of crises.
    assert "crisis_per_day" not in {place.rpartition(".")[2] for place in beliefs}


def test_dropping_out_and_getting_well_are_together_staying_away() -> None:
    away = np.full(400, 0.004)
    dropout_per_day, remission_per_month = parted(away, "anxiety", 1)
    assert dropout_per_day + per_day(remission_per_month) == pytest.approx(away)
    assert per_month(per_day(remission_per_month)) == pytest.approx(remission_per_month)
    few = np.full(400, 1e-5)
    rare, hardly = parted(few, "anxiety", 1)
    assert rare + per_day(hardly) == pytest.approx(few)
    assert len(np.unique(np.round(rare, 12))) > 20, "no few candidates carry it"


def test_records_that_say_nothing_of_waits_give_no_belief() -> None:
    assert believed_in(FAMILY, appointments=[seen("a", "2024-03-01")]) == {}
    closed = [episode("a", "2024-06-30", "dropped")]
    alone = believed_in(FAMILY, appointments=[seen("a", "2024-06-30")], episodes=closed)
    assert set(alone) == {"need.everybody.dropout_per_visit"}  # one visit, no day of waiting
    assert alone["need.everybody.dropout_per_visit"].determined == "not identified"
