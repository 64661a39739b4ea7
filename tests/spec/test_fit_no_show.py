"""No-shows by days booked ahead, from visits whose shares are known."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from scipy.special import logit
from tests.support.by_hand import Row, visit
from tests.support.fitted import believed_in

from careload.model.direct.no_show import FAMILY, lack_of_fit


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
    beliefs = believed_in(FAMILY, appointments=[
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
    beliefs = believed_in(FAMILY, appointments=booked(0, 60, 540))
    assert beliefs["no_show.return_soon"].determined == "well"
    assert beliefs["no_show.return_late"].determined == "not identified"
    assert beliefs["no_show.scale_days"].determined == "not identified"
    assert beliefs["no_show.intake_soon"].determined == "not identified"


@pytest.mark.parametrize(("missed", "held"), [(30, 0), (0, 30)])
def test_all_or_none_missed_is_no_curve(missed: int, held: int) -> None:
    assert believed_in(FAMILY, appointments=booked(5, missed, held)) == {}


def test_without_the_day_of_booking_nothing_is_known() -> None:
    appointments = [visit("a", "2024-05-01"), visit("b", "2024-05-01", "no_show")]
    assert believed_in(FAMILY, appointments=appointments) == {}


def test_a_curve_that_fits_says_nothing_and_one_that_does_not_names_the_stretch() -> None:
    """10 % on the day, 30 % from the next day to a week, then 10 % again: no rising curve does that."""
    right = believed_in(FAMILY, appointments=[*booked(0, 100, 900), *booked(40, 300, 700)])
    assert right["no_show.return_late"].note == ""
    wrong = believed_in(FAMILY, appointments=[
        *booked(0, 200, 1800), *booked(3, 600, 1400), *booked(10, 600, 1400), *booked(20, 600, 1400),
        *booked(90, 200, 1800),
    ])
    note = wrong["no_show.return_late"].note
    assert note.startswith("The curve does not fit: of visits booked 61 to 90 days ahead 10.0% were missed")
    wide, narrow = (each["no_show.return_late"] for each in (wrong, right))
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_the_lack_of_fit_by_hand() -> None:
    """20 % whatever the day: 30 of 100 missed on the same day, 20 of 100 after ten days: (30 - 20)^2 / 16."""
    flat = np.array([logit(0.2)] * 4 + [0.0])
    lead, first = np.array([0.0, 10.0, 100.0]), np.zeros(3, dtype=bool)
    fit = lack_of_fit(flat, lead, first, np.array([30.0, 20.0, 1.0]), np.array([100.0, 100.0, 10.0]))
    assert fit.chi_square == pytest.approx([100 / 16, 0.0]), "of ten visits two are expected: too few"
    assert fit.expected == pytest.approx([20, 20])
    assert fit.freedom == 0 and fit.surplus == 1 and fit.note == ""
