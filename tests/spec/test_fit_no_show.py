"""No-shows by days booked ahead, from visits whose shares are known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.by_hand import Row, visit
from tests.support.fitted import found

from careload.model.direct.no_show import FAMILY


def booked(lead: int, missed: int, held: int, kind: str = "return") -> list[Row]:
    """So many visits missed and held, each booked so many days ahead."""
    at = visit("a", "2024-05-01", kind=kind)
    return [
        {**at, "patient": f"{lead}-{number}", "status": "no_show" if number < missed else "completed",
         "booked_at": at["starts_at"] - timedelta(days=lead)} for number in range(missed + held)
    ]


def test_the_curve_goes_through_what_was_counted() -> None:
    """10 % on the same day, 30 % after months; after 10 days 63 % of the way between."""
    between = round(1000 * (0.3 - 0.2 * 2.718281828**-1))
    beliefs = found(FAMILY, appointments=[
        *booked(0, 100, 900), *booked(10, between, 1000 - between), *booked(90, 300, 700),
        *booked(0, 50, 450, "intake"), *booked(90, 100, 400, "intake"),
    ])
    values = {place.removeprefix("no_show."): belief.value for place, belief in beliefs.items()}
    assert values["return_soon"] == pytest.approx(0.1, abs=0.01)
    assert values["return_late"] == pytest.approx(0.3, abs=0.01)
    assert values["scale_days"] == pytest.approx(10, rel=0.2)
    assert values["intake_soon"] == pytest.approx(0.1, abs=0.015)
    assert values["intake_late"] == pytest.approx(0.2, abs=0.02)
    assert beliefs["no_show.return_soon"].counts["visits held or missed"] == 3000
    for belief in beliefs.values():
        assert belief.low is not None and belief.high is not None
        assert belief.low < belief.value < belief.high


def test_where_all_were_booked_for_the_same_day_nothing_is_said_of_long_ahead() -> None:
    beliefs = found(FAMILY, appointments=booked(0, 60, 540))
    assert beliefs["no_show.return_soon"].determined == "well"
    assert beliefs["no_show.return_late"].determined == "not identified"
    assert beliefs["no_show.scale_days"].determined == "not identified"
    assert beliefs["no_show.intake_soon"].determined == "not identified"


@pytest.mark.parametrize(("missed", "held"), [(30, 0), (0, 30)])
def test_all_or_none_missed_is_no_curve(missed: int, held: int) -> None:
    assert found(FAMILY, appointments=booked(5, missed, held)) == {}


def test_without_the_day_of_booking_nothing_is_known() -> None:
    assert found(FAMILY, appointments=[visit("a", "2024-05-01"), visit("b", "2024-05-01", "no_show")]) == {}
