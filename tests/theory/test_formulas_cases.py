"""Worked cases: what was published, what textbooks print, what the formulas give to the last digit told.

Cases W are published outputs that were read (R), T outputs of textbooks from memory (M) with what the formula
gives (C), C reference values computed from the formula (C). A value is right when it rounds to what is told.
"""

from __future__ import annotations

import pytest

from careload.clinic import UsageError
from careload.clinic.formulas import (
    attendance,
    capacity_left,
    caseload,
    convert,
    erlang_b,
    erlang_c,
    erlang_r_loads,
    erlang_r_queue,
    fewest_servers,
    gap,
    hazard,
    hazards_between,
    largest_panel,
    md1_queue,
    mmc,
    overflow_share,
    preemptive_waits,
    priority_waits,
    real_change,
    share_by,
    split_by_odds_ratio,
    split_by_risk_ratio,
    visits_needed,
    weighted_wait,
    with_shrinkage,
)

COUNTY = [0.2, 0.6, 1.2]
"""Arrivals per hour of critical, serious and stable patients; 3 are treated per hour and doctor."""


def rounds_to(value: float, told: str) -> bool:
    """Whether `value` is `told` at the digits of `told`."""
    digits = len(told.partition(".")[2])
    return abs(value - float(told)) <= 0.5 * 10**-digits * (1 + 1e-9)


# ── W: published and read ──────────────────────────────────────────────────────────────────────────────


def test_w8_erlang_a_of_a_call_centre() -> None:
    """pyworkforce's guide: 100 calls in 30 min of 3 min, patience 5 min, 80 % in 20 s (R)."""
    found = fewest_servers(
        100 / 30, 1 / 3, 5, within=20 / 60, served_within=0.8, max_occupancy=0.85, max_abandoning=0.05
    )
    assert found.servers == 13
    assert with_shrinkage(found.servers, 0.3) == 19
    assert rounds_to(found.served_within(20 / 60), ".858")
    assert rounds_to(found.occupancy, ".750028")
    assert rounds_to(found.abandoning, ".024963")
    assert rounds_to(found.all_busy, ".225797")
    assert rounds_to(found.wait, ".124817")


def test_erlang_c_of_the_same_call_centre() -> None:
    """pyworkforce 0.1.0, package page: 14 positions, 20 with shrinkage (R)."""
    found = mmc(100 / 30, 1 / 3, 14)
    assert found.all_busy == pytest.approx(0.1741319335950498, abs=1e-12)
    assert found.utilisation == pytest.approx(0.7142857142857143, abs=1e-12)
    assert 1 - found.longer_than(20 / 60) == pytest.approx(0.8883500191794669, abs=1e-12)
    assert 1 - mmc(100 / 30, 1 / 3, 13).longer_than(20 / 60) < 0.9
    assert with_shrinkage(14, 0.3) == 20


def test_w9_overflow_needs_a_panel_below_capacity() -> None:
    """Green, Savin & Murray 2007: only the definition was readable (R); demand to capacity is below 1."""
    panel = largest_panel(0.008, 20, 0.05)
    assert overflow_share(panel, 0.008, 20) <= 0.05 < overflow_share(panel + 1, 0.008, 20)
    assert panel * 0.008 / 20 < 1


def test_w10_remission_without_treatment() -> None:
    """Whiteford 2013: .23, .32, .53 at 3, 6, 12 months (R); a stepwise hazard passes through all three."""
    months, shares = [3, 6, 12], [0.23, 0.32, 0.53]
    steps = hazards_between(months, shares)
    for month, told in zip(months, shares, strict=True):
        assert share_by(month, months, steps) == pytest.approx(told, abs=1e-12)
    implied = [hazard(told, month) for month, told in zip(months, shares, strict=True)]
    assert all(rounds_to(one, told) for one, told in zip(implied, [".087", ".064", ".063"], strict=True))


# ── T: textbooks ───────────────────────────────────────────────────────────────────────────────────────


def test_t1_county_hospital_with_one_doctor() -> None:
    found = mmc(2, 3, 1)
    assert found.in_system == pytest.approx(2)
    assert found.queue == pytest.approx(4 / 3)
    assert found.time_in_system == pytest.approx(1)
    assert found.wait == pytest.approx(2 / 3)
    assert rounds_to(found.longer_than(0.5), ".404354")
    assert rounds_to(found.longer_than(1), ".245253")


def test_t2_county_hospital_with_two_doctors() -> None:
    found = mmc(2, 3, 2)
    assert found.empty == pytest.approx(1 / 2)
    assert found.in_system == pytest.approx(3 / 4)
    assert found.queue == pytest.approx(1 / 12)
    assert found.time_in_system == pytest.approx(3 / 8)
    assert found.wait == pytest.approx(1 / 24)
    assert rounds_to(found.longer_than(0.5), ".022556")
    assert rounds_to(found.longer_than(1), ".003053")


@pytest.mark.parametrize(
    ("doctors", "told"),
    [(1, [".238095", ".324675", ".909091"]), (2, [".028736", ".033156", ".048077"])],
    ids=["T3", "T4"],
)
def test_t3_t4_critical_before_serious_before_stable(doctors: int, told: list[str]) -> None:
    waits = priority_waits(COUNTY, 3, doctors)
    assert all(rounds_to(one, value) for one, value in zip(waits, told, strict=True))
    assert weighted_wait(COUNTY, waits) == pytest.approx(mmc(2, 3, doctors).wait, rel=1e-12)


def test_t3_the_value_remembered_cannot_be() -> None:
    """.889 for the third class would break the conservation law: the weighted mean must be 2/3."""
    assert abs(weighted_wait(COUNTY, [0.238, 0.325, 0.889]) - 2 / 3) > 0.01


def test_t4_the_wait_of_who_meets_the_doctors_busy() -> None:
    assert rounds_to(erlang_c(2 / 3, 2) / 6, ".0277778")


def test_the_county_hospital_with_interruption() -> None:
    """Remembered .024, .154, 1.033 h with one doctor (M); the formula gives 1.030 for the third (C)."""
    assert all(
        rounds_to(one, told)
        for one, told in zip(preemptive_waits(COUNTY, 3, 1), [".02381", ".15368", "1.03030"], strict=True)
    )
    assert all(
        rounds_to(one, told)
        for one, told in zip(preemptive_waits(COUNTY, 3, 2), [".00037", ".00792", ".06542"], strict=True)
    )


# ── C: reference values ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("servers", "told"), [(10, ".214582"), (12, ".119739"), (15, ".036497"), (20, ".001869")]
)
def test_c1_erlang_b(servers: int, told: str) -> None:
    assert rounds_to(erlang_b(10, servers), told)


def test_c2_erlang_b_of_the_octave_manual() -> None:
    assert rounds_to(erlang_b(3 / 0.25, 15), ".08572925")


def test_c4_two_servers() -> None:
    found = mmc(5, 10, 2)
    assert found.all_busy == pytest.approx(0.1)
    assert found.queue == pytest.approx(1 / 30)
    assert found.wait == pytest.approx(1 / 150)
    assert found.in_system == pytest.approx(8 / 15)


def test_c5_erlang_r() -> None:
    loads = erlang_r_loads(1, 1, 0.5, 2 / 3)
    assert loads.needy == pytest.approx(3)
    assert loads.content == pytest.approx(4)
    assert loads.needy_share == pytest.approx(3 / 7)
    assert erlang_r_queue(1, 1, 2 / 3, 5).wait == pytest.approx(mmc(3, 1, 5).wait)


@pytest.mark.parametrize(("weeks", "between"), [(1, 110), (2, 220), (4.3, 473), (7, 770)])
def test_c6_a_clinic_whose_gap_grows(weeks: float, between: float) -> None:
    """10 new a week, 12 visits each: 120 visits a week keep 4.8 clinicians busy whatever the gap."""
    loads = erlang_r_loads(10, 25, 1 / weeks, 11 / 12)
    assert loads.needy == pytest.approx(4.8)
    assert 25 * loads.needy == pytest.approx(120)
    assert loads.content == pytest.approx(between)


@pytest.mark.parametrize(("load", "queue"), [(0.8, 1.6), (0.9, 4.05), (0.92, 5.29), (0.96, 11.52)])
def test_c7_equal_services_halve_the_queue(load: float, queue: float) -> None:
    assert md1_queue(load) == pytest.approx(queue)
    assert mmc(load, 1, 1).queue == pytest.approx(2 * queue)


def test_c9_attendance_falls_week_by_week() -> None:
    told = {0: ".8000", 1: ".7917", 2: ".7831", 4: ".7651", 6: ".7462", 8: ".7263", 12: ".6837"}
    assert all(rounds_to(attendance(0.8, 0.95, weeks), value) for weeks, value in told.items())


def test_c10_exits_split_by_an_odds_ratio() -> None:
    found = split_by_odds_ratio(0.30, 0.53, 1.57)
    assert rounds_to(found.unexposed, ".250")
    assert rounds_to(found.exposed, ".344")


def test_c11_exits_split_by_a_risk_ratio() -> None:
    found = split_by_risk_ratio(0.13, 0.26, 2.1)
    assert rounds_to(found.unexposed, ".101")
    assert rounds_to(found.exposed, ".212")
    assert rounds_to(found.attributable, ".222")


def test_c12_twenty_per_cent_a_year() -> None:
    assert rounds_to(hazard(0.20), ".2231")
    assert rounds_to(100 * convert(0.20, "year", "month"), "1.84")


def test_c13_a_contract_against_prices() -> None:
    assert rounds_to(1.04 * 1.03**3, "1.136436")
    assert rounds_to(324.800 / 274.310, "1.184062")
    assert rounds_to(100 * real_change([0.04, 0.03, 0.03, 0.03], 274.310, 324.800), "-4.02")


@pytest.mark.parametrize(("weeks", "patients"), [(1, 25), (2, 50), (4.3, 107.5), (6, 150), (8, 200)])
def test_c14_little(weeks: float, patients: float) -> None:
    assert caseload(25, weeks) == pytest.approx(patients)
    assert gap(patients, 25) == pytest.approx(weeks)
    assert visits_needed(patients, weeks) == pytest.approx(25)


def test_hours_moved_to_other_work_scale_capacity() -> None:
    assert capacity_left(25, 25, 2) == pytest.approx(23)
    assert capacity_left(30, 25, 25) == 0
    with pytest.raises(UsageError, match="at most the contact hours"):
        capacity_left(30, 25, 26)
