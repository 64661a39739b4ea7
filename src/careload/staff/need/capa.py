"""CAPA, the Choice and Partnership Approach: what a team can promise with its half-days.

    Choice        the first appointment, to find out what is wanted: 1 hour
    Partnership   the course of treatment that some go on to: 7.5 appointments on average
    core          half-days a week that are kept for Partnership

    multiplier       = appointments a half-day x net weeks of a quarter / mean appointments of a course
    new per quarter  = half-days a week x multiplier = hours a week x multiplier / hours of a half-day
    hours a referral = Choice hours + share that goes on x mean appointments     (of an hour each)
    half-days needed = referrals a week x hours a referral / appointments a half-day
    share needed     = half-days needed / (half-days a week of a clinician x clinicians)
    in balance       = share that goes on x 13 weeks: new Partnerships a quarter for each referral a week

Two pages of the source are not of one mind, and both are reproduced here by saying which is meant. The
formula of the multiplier names 11.25 net weeks a quarter and one worked example uses 11.5 (`net_weeks`).
Twelve referrals a week are said to take 36 % of the half-days, which divides by ten clinicians; the twelve
that the sentence is about give 30 % (`clinicians`). CAPA plans with nobody missing an appointment, though an
audit named there found about 5 % of each kind missed.

Source: capa.co.uk for multiplier and referral rule, camhsnetwork.co.uk for the hours form and the flow (R).
"""

from __future__ import annotations

from careload.staff.need.inputs import a_share, above_zero, at_least_zero

NET_WEEKS, NET_WEEKS_OF_THE_EXAMPLE = 11.25, 11.5
"""Weeks of a quarter in which a clinician is there: in the formula, and in one worked example (R)."""
QUARTER_WEEKS = 13
MEAN_APPOINTMENTS = 7.5
"""Appointments of a course of Partnership (R)."""
GO_ON, MORE_GO_ON = 0.66, 0.70
"""Share of Choice appointments after which Partnership begins: the ends of the range named (R)."""
APPOINTMENTS_A_HALF_DAY = 2.0
HOURS_A_HALF_DAY = 3.5
CHOICE_HOURS = 1.0
HALF_DAYS_A_WEEK = 10


def core_multiplier(
    appointments_a_half_day: float = APPOINTMENTS_A_HALF_DAY, mean_appointments: float = MEAN_APPOINTMENTS,
    net_weeks: float = NET_WEEKS,
) -> float:
    """New Partnerships that a half-day a week can begin in a quarter.

    appointments_a_half_day  0 or more
    mean_appointments        of a course, above 0
    net_weeks                weeks of the quarter in which a clinician is there; 11.25 or 11.5, see above

    Gives Partnerships a quarter for each half-day a week: 2 x 11.25 / 7.5 = 3.
    """
    at_least_zero("appointments_a_half_day", appointments_a_half_day, "appointments")
    at_least_zero("net_weeks", net_weeks, "weeks")
    return appointments_a_half_day * net_weeks / above_zero(
        "mean_appointments", mean_appointments, "appointments"
    )


def half_days(hours_per_week: float, hours_a_half_day: float = HOURS_A_HALF_DAY) -> float:
    """Half-days a week that so many hours are: 11 / 3.5 = 3.14."""
    at_least_zero("hours_per_week", hours_per_week, "hours a week")
    return hours_per_week / above_zero("hours_a_half_day", hours_a_half_day, "hours")


def new_partnerships(half_days_a_week: float, multiplier: float) -> float:
    """New Partnerships a quarter from half-days a week: 3.14 x 3 = 9.4."""
    at_least_zero("half_days_a_week", half_days_a_week, "half-days a week")
    return half_days_a_week * at_least_zero("multiplier", multiplier, "Partnerships a quarter")


def hours_multiplier(multiplier: float, hours_a_half_day: float = HOURS_A_HALF_DAY) -> float:
    """New Partnerships a quarter for each hour a week: 3 / 3.5 = 0.86, the hours form."""
    at_least_zero("multiplier", multiplier, "Partnerships a quarter")
    return multiplier / above_zero("hours_a_half_day", hours_a_half_day, "hours")


def hours_per_referral(
    choice_hours: float = CHOICE_HOURS, mean_appointments: float = MEAN_APPOINTMENTS, go_on: float = GO_ON,
) -> float:
    """Hours that an accepted referral asks for: 1 + 66 % x 7.5 = 5.95, told as 6."""
    at_least_zero("choice_hours", choice_hours, "hours")
    at_least_zero("mean_appointments", mean_appointments, "appointments")
    return choice_hours + a_share("go_on", go_on) * mean_appointments


def half_days_needed(
    referrals_per_week: float, hours_a_referral: float = 6.0,
    appointments_a_half_day: float = APPOINTMENTS_A_HALF_DAY,
) -> float:
    """Half-days a week for so many accepted referrals a week: 6 / 2 = 3 for each.

    hours_a_referral  6 as the source rounds it, or `hours_per_referral()`; appointments last an hour
    """
    at_least_zero("referrals_per_week", referrals_per_week, "referrals a week")
    at_least_zero("hours_a_referral", hours_a_referral, "hours")
    half_day = above_zero("appointments_a_half_day", appointments_a_half_day, "appointments")
    return referrals_per_week * hours_a_referral / half_day


def capacity_share(
    referrals_per_week: float, clinicians: float, half_days_a_clinician: float = HALF_DAYS_A_WEEK,
    hours_a_referral: float = 6.0,
) -> float:
    """Share of all half-days that the referrals ask for: 3 x 12 / (10 x 12) = 30 %.

    clinicians  full-time; the page's own 36 % for 12 referrals is the share of ten
    """
    whole = above_zero("clinicians", clinicians, "clinicians") * above_zero(
        "half_days_a_clinician", half_days_a_clinician, "half-days a week"
    )
    return half_days_needed(referrals_per_week, hours_a_referral) / whole


def choice_appointments(referrals_per_week: float, missed: float = 0.0) -> float:
    """Choice appointments a week for accepted referrals: as many, where nobody misses one.

    missed  share of appointments that are missed and offered again, below 1; CAPA plans with 0
    """
    at_least_zero("referrals_per_week", referrals_per_week, "referrals a week")
    return referrals_per_week / above_zero("held", 1 - a_share("missed", missed), "share of appointments")


def balanced_partnerships(referrals_per_week: float, go_on: float = GO_ON) -> float:
    """New Partnerships a quarter that keep the flow in balance: 13 x 66 % = 8.6 for each referral a week."""
    at_least_zero("referrals_per_week", referrals_per_week, "referrals a week")
    return referrals_per_week * a_share("go_on", go_on) * QUARTER_WEEKS
