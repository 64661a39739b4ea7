"""The books of the records by hand: who came and went at each site, what is hidden, what does not add up."""

from __future__ import annotations

import numpy as np
from tests.support.by_hand import Row, day, visit
from tests.support.fitted import evidence_of

from careload.model.trust.books import CLOSED, NOT_TOLD, Books, books
from careload.model.trust.changed import MONTH, _values
from careload.model.trust.checks.weeks import Series


def stay(patient: str, opened: str, closed: str = "", reason: str | None = None) -> Row:
    return {"patient": patient, "opened_on": day(opened), "closed_on": day(closed) if closed else None,
            "reason": reason}


def kept() -> Books:
    """Thirty patients at N and twenty at S; twelve of N and three of S are discharged; one is never seen."""
    people = [*(f"n{number}" for number in range(30)), *(f"s{number}" for number in range(20))]
    rows: list[Row] = [visit(each, "2024-02-01", site=each[0].upper()) for each in people]
    rows += [visit("n0", "2024-05-01", site="S"),
             visit("n1", "2024-05-02", site="N", status="cancelled_by_clinic")]
    rows += [visit(f"s{number}", "2024-03-01", site="S") for number in range(15)]
    closed = {*(f"n{number}" for number in range(12)), *(f"s{number}" for number in range(3))}
    stays = [stay(each, "2024-02-01", *(("2024-05-31", "completed") if each in closed else ()))
             for each in people if each != "s19"]
    found = books(evidence_of("2024-06-30", appointments=rows, episodes=[*stays, stay("x", "2024-02-05")]))
    assert found is not None
    return found


def test_who_was_there_and_came_is_who_went_and_is_there() -> None:
    """The law of flows, for the whole and at each site."""
    flows = kept().flows
    gone = sum(own for name, own in flows.items() if name.startswith(CLOSED))
    assert np.array_equal(flows["in care at the start"] + flows["opened"] - gone, flows["in care at the end"])
    for own in flows.values():
        assert own[0] == own[1:].sum()


def test_flows_by_hand() -> None:
    found = kept()
    assert found.sites == ("N", "S", NOT_TOLD), "of a patient without a visit nobody knows the site"
    assert found.flows["opened"].tolist() == [50, 30, 19, 1]
    assert found.flows["closed: completed"].tolist() == [15, 12, 3, 0]
    assert found.flows["visits"].tolist() == [66, 30, 36, 0]
    assert found.flows["of these outside care"].tolist() == [1, 0, 1, 0], "the visit of s19"
    assert found.flows["cancelled by the clinic"].tolist() == [1, 1, 0, 0]
    assert found.flows["moved to another site"].tolist() == [1, 1, 0, 0]
    assert found.flows["moved here"].tolist() == [1, 0, 1, 0]


def test_a_site_with_few_is_hidden_and_what_would_tell_it() -> None:
    hidden = kept().hidden
    # Three at S are few, and the twelve at N with the fifteen of all would tell them.
    assert hidden["closed: completed"].tolist() == [False, True, True, False]
    # Along the row too: opened less in care at the end.
    assert hidden["in care at the end"][1:3].tolist() == [True, True]


def test_what_does_not_add_up_has_an_interval_and_few_of_it_are_hidden() -> None:
    by_name = {each.name: each for each in kept().residual}
    strays = by_name["strays"]
    assert (strays.number, strays.of, strays.small) == (1, 66, True)
    assert strays.low < 1 / 66 < strays.high


def test_records_without_ends_of_care_have_no_books() -> None:
    assert books(evidence_of("2024-06-30", appointments=[visit("a", "2024-01-03")])) is None


def test_weeks_with_few_behind_them_are_hidden_and_four_weeks_are_told_together() -> None:
    series = Series("share of visits missed", "", 0, np.full(8, 5.0), np.full(8, 50.0), True)
    assert np.isnan(_values(series, 1)).all()
    assert _values(series, MONTH).tolist() == [0.1, 0.1]
    nearly_all = Series("share of visits with kind", "", 0, np.full(4, 48.0), np.full(4, 50.0), True)
    assert np.isnan(_values(nearly_all, 1)).all(), "two without it are few as well"


