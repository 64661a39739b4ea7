"""The fit beside the records: what is counted by week and site, what is hidden, what the band is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from tests.support.by_hand import Row, intake, request, visit
from tests.support.fitted import evidence_of
from tests.support.made_against import WEEKS, made_against, made_followed

from careload.model.belief import Belief
from careload.model.early import RUN_IN, as_it_stood, first_week
from careload.model.trust.against import LEAST_WEEKS, followed, share_held
from careload.model.trust.few import few_by_site, hidden_in
from careload.model.trust.weeks_seen import Counted, seen_by_week

MONDAY = date(2024, 1, 1)
SITES = ("N", "S")


def counted(measure: str, *numbers: list[float]) -> Counted:
    return Counted(measure, np.array(numbers), np.array(numbers))


# What the records show.


def test_visits_and_waits_are_counted_in_the_week_and_at_the_site() -> None:
    rows: list[Row] = [
        intake("a", "2024-01-03", site="N"), visit("a", "2024-01-10", site="N"),
        visit("a", "2024-01-24", site="N"), visit("b", "2024-01-11", status="no_show", site="S"),
    ]
    asked = [request("a", "2024-01-01", site="N")]
    view = evidence_of("2024-01-28", appointments=rows, referrals=asked).view
    seen = seen_by_week(view, MONDAY, 4, SITES)
    assert seen["visits"].sums.tolist() == [[1, 1, 0, 1], [0, 0, 0, 0]]
    assert seen["no_shows"].sums.tolist() == [[0, 0, 0, 0], [0, 1, 0, 0]]
    assert seen["referrals"].sums.tolist() == [[1, 0, 0, 0], [0, 0, 0, 0]]
    assert seen["intake_wait"].at(1)[0] == 2
    # An interval counts in the week in which it ends: seven days, then fourteen.
    assert seen["return_interval"].at(0).tolist()[1::2] == [7, 14]
    assert np.isnan(seen["return_interval"].at(0)[0])
    assert "caseload" not in seen and "leavers" not in seen, "the records tell neither"


def test_leavers_add_up() -> None:
    people: list[Row] = [{"clinician": name, "site": "N", "left_on": left} for name, left in (
        ("c", date(2024, 1, 5)), ("d", date(2024, 1, 20)), ("e", None))]
    rows = [visit("a", "2024-01-03", site="N")]
    view = evidence_of("2024-01-28", appointments=rows, clinicians=people).view
    assert seen_by_week(view, MONDAY, 4, SITES)["leavers"].sums.tolist() == [[1, 1, 2, 2], [0, 0, 0, 0]]


# What may not be shown.


def test_where_one_site_is_small_no_site_is_shown() -> None:
    small = few_by_site(counted("visits", [40, 40, 0], [30, 5, 30]))
    assert small.tolist() == [[False, False, False], [False, True, False], [False, True, False]]


def test_another_week_of_the_four_is_hidden_too_as_the_hold_out_tells_their_sum() -> None:
    """12 + 13 + 7 + 14 = 46 stands in the hold-out: 46 less the three others would tell of the seven."""
    whole = few_by_site(counted("no_shows", [30, 12, 13, 7, 14]))[0]
    assert whole.tolist() == [False, True, False, True, False]


def test_of_what_adds_up_only_the_last_week_is_shown() -> None:
    small = few_by_site(counted("leavers", [0, 11, 12], [0, 3, 11]))
    assert small.tolist() == [[True, True, False]] * 3


@pytest.mark.parametrize(("numbers", "hidden"), [
    ([20, 15, 5], [False, True, True]),  # 20 - 15 would tell the 5
    ([40, 15, 25], [False, False, False]),
    ([47, 40, 3, 4], [False, True, True, True]),  # 47 - 40 would tell of 7
    ([63, 40, 8, 15], [False, False, True, True]),
    ([5, 5, 0], [True, True, False]),  # nobody is nobody's secret
])
def test_a_small_number_cannot_be_worked_out_from_a_sum(numbers: list[int], hidden: list[bool]) -> None:
    """The first is the sum of the others."""
    own = np.arange(len(numbers))
    assert hidden_in(np.array(numbers, dtype=float), [own]).tolist() == hidden


# The band.


def test_the_band_of_fifty_runs_lies_between_the_second_and_third_from_each_end() -> None:
    """Rank / (runs + 1): 0.05 x 51 = 2.55, and 48.45."""
    draws = np.tile(np.arange(1.0, 51.0)[:, None, None], (1, 1, 2))
    (found,) = followed({"visits": counted("visits", [20, 49])}, {"visits": (draws, draws)}, ("N",))
    assert found.low.tolist() == pytest.approx([2.55] * 2)
    assert found.high.tolist() == pytest.approx([48.45] * 2)
    assert (found.known, found.inside) == (2, 1)


def test_a_hidden_week_counts_neither_as_held_nor_as_missed() -> None:
    found = made_followed(outside=(1, 2, 3), small=(3, 4))
    assert (found.known, found.inside) == (WEEKS - 2, WEEKS - 4)
    assert np.isnan(found.shown[3])


def test_a_mean_over_sites_weighs_every_wait_the_same() -> None:
    """One site with 30 waits of 10 days, one with 10 of 50: 20 days."""
    own = Counted("intake_wait", np.array([[300.0], [500.0]]), np.array([[30.0], [10.0]]))
    sums, number = np.array([[[300.0], [500.0]]] * 20), np.array([[[30.0], [10.0]]] * 20)
    whole, north, south = followed({"intake_wait": own}, {"intake_wait": (sums, number)}, SITES)
    assert (whole.happened[0], whole.middle[0]) == (20, 20)
    assert (north.site, north.middle[0]) == ("N", 10)
    assert south.small[0], "ten waits"


def test_the_worst_site_stands_first() -> None:
    found = made_against()
    assert found.sites == ("South", "North")
    assert share_held(found.of("South")) < share_held(found.of("North"))


# The service as it stood.


def test_runs_begin_on_a_monday_a_quarter_into_the_records() -> None:
    rows = [visit("a", "2024-01-03"), visit("a", "2024-12-31")]
    begins = date(2024, 1, 8) + timedelta(weeks=RUN_IN)
    assert first_week(evidence_of("2024-12-31", appointments=rows), LEAST_WEEKS) == begins
    assert first_week(evidence_of("2024-05-31", appointments=rows), LEAST_WEEKS) is None, "too short"


def test_referrals_of_an_earlier_day_are_those_of_today_less_the_growth() -> None:
    """A year before, of 11 a week that grow by a tenth a year, 10."""
    rows = [visit("a", "2023-01-02", site="A"), visit("a", "2024-06-28", site="A")]
    evidence = evidence_of("2024-06-30", appointments=rows)
    beliefs = {each.place: each for each in (
        Belief("need.adults.arrivals_per_week.A", 11.0, draws=np.array([11.0, 12.1])),
        Belief("need.adults.trend_per_year", 0.1, draws=np.array([0.1, 0.21])),
        Belief("team.A.site", "A"), Belief("team.A.profession", "nurse"), Belief("team.A.posts", 1),
    )}
    last = evidence.as_of - timedelta(days=365)
    then = as_it_stood(evidence, last, beliefs)
    found = then["need.adults.arrivals_per_week.A"]
    assert found.value == pytest.approx(10, rel=1e-3)
    assert found.draws.tolist() == pytest.approx([10, 10], rel=1e-3)
    assert then["need.adults.trend_per_year"].value == 0.1
    assert then["start.date"].value == date(2023, 7, 3)
    untold = as_it_stood(evidence, last, {
        place: replace(own) for place, own in beliefs.items() if "trend" not in place})
    assert untold["need.adults.arrivals_per_week.A"].value == 11
