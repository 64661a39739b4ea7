"""WISN, Workload Indicators of Staffing Need, as WHO teaches it.

    available days   = weeks x days a week - holidays - leave - sickness
    baseline         = sum over activities of (number a year x hours each) / available hours
    multiplier       = 1 / (1 - share of the available time that everybody of the category spends otherwise)
    individual       = hours a year that only some of them spend otherwise / available hours
    required         = baseline x multiplier + individual
    ratio            = there now / required          below 1: fewer than the work asks for

Source: structure of WHO's manual (M); available days, baseline and the share of the allowance in a worked
case read: Burmen 2017, Hum Resour Health 15:9, Table 3 (R); multiplier, required and ratio of that case are
computed, as the excerpt stops before them (C).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from careload.clinic import UsageError
from careload.staff.need.inputs import above_zero, at_least_zero, below_one


@dataclass(frozen=True)
class WorkingYear:
    """The days and hours that one clinician is there in a year.

    days_per_week  days worked a week, above 0
    holidays       public holidays a year that fall on them
    leave          days of leave a year
    sick           days of sickness, and of training if it is counted here, a year
    hours_per_day  hours a day, above 0
    weeks          weeks a year

    Raises `UsageError` when nothing is left of the year.
    """

    days_per_week: float
    holidays: float
    leave: float
    sick: float
    hours_per_day: float
    weeks: float = 52

    def __post_init__(self) -> None:
        for name in ("days_per_week", "hours_per_day", "weeks"):
            above_zero(name, getattr(self, name), "days, hours or weeks")
        for name in ("holidays", "leave", "sick"):
            at_least_zero(name, getattr(self, name), "days a year")
        if self.days <= 0:
            raise UsageError(
                f"{self.holidays + self.leave + self.sick:g} days away in a year of {self.possible_days:g}.",
                "fewer days away than there are", "Lower holidays, leave or sick.",
            )

    @property
    def possible_days(self) -> float:
        """Days a year before anything is taken off."""
        return self.weeks * self.days_per_week

    @property
    def days_after_holidays(self) -> float:
        """The same less holidays."""
        return self.possible_days - self.holidays

    @property
    def days_after_leave(self) -> float:
        """The same less leave too."""
        return self.days_after_holidays - self.leave

    @property
    def days(self) -> float:
        """Available days a year: the same less sickness too."""
        return self.days_after_leave - self.sick

    @property
    def hours(self) -> float:
        """Available hours a year."""
        return self.days * self.hours_per_day


@dataclass(frozen=True)
class Activity:
    """Something the whole category does for patients.

    name        in words
    per_year    how many a year
    hours_each  hours that one takes
    """

    name: str
    per_year: float
    hours_each: float

    def __post_init__(self) -> None:
        at_least_zero("per_year", self.per_year, "a year")
        at_least_zero("hours_each", self.hours_each, "hours")

    @property
    def hours(self) -> float:
        """Hours a year."""
        return self.per_year * self.hours_each


@dataclass(frozen=True)
class Wisn:
    """What the work asks for, and what there is.

    year              days and hours of one clinician
    workload_hours    hours a year of all activities
    allowance_share   share of the available time that each spends otherwise
    individual_hours  hours a year that only some of them spend otherwise, all together
    now               clinicians there now
    """

    year: WorkingYear
    workload_hours: float
    allowance_share: float
    individual_hours: float
    now: float

    @property
    def workload_days(self) -> float:
        """The work in days of one clinician."""
        return self.workload_hours / self.year.hours_per_day

    @property
    def baseline(self) -> float:
        """Clinicians for the activities alone."""
        return self.workload_hours / self.year.hours

    @property
    def multiplier(self) -> float:
        """By what the allowance of the category raises them."""
        return 1 / (1 - self.allowance_share)

    @property
    def individual(self) -> float:
        """Clinicians for what only some of them do besides."""
        return self.individual_hours / self.year.hours

    @property
    def required(self) -> float:
        """Clinicians required, not rounded."""
        return self.baseline * self.multiplier + self.individual

    @property
    def ratio(self) -> float:
        """There now / required; below 1 the pressure of work is too high."""
        return self.now / above_zero("required", self.required, "clinicians")

    def __str__(self) -> str:
        return (
            f"{self.workload_hours:,.0f} hours a year / {self.year.hours:,.0f} hours of one clinician "
            f"= {self.baseline:.2f}; x {self.multiplier:.3f} + {self.individual:.2f} = {self.required:.1f} "
            f"required, {self.now:g} now, difference {self.now - self.required:+.1f}, ratio {self.ratio:.2f}"
        )


def wisn(
    year: WorkingYear, activities: Iterable[Activity], now: float,
    category_allowance_days: float = 0, individual_allowance_hours: float = 0,
) -> Wisn:
    """Clinicians that a workload asks for, by WISN.

    year                        days and hours of one clinician
    activities                  what all of the category do for patients
    now                         clinicians there now, 0 or more
    category_allowance_days     days a year that each spends on other work, fewer than there are
    individual_allowance_hours  hours a year that only some spend on other work, all together

    Gives a `Wisn`. Raises `UsageError` for numbers outside these ranges.
    """
    at_least_zero("category_allowance_days", category_allowance_days, "days a year")
    return Wisn(
        year=year,
        workload_hours=sum(each.hours for each in activities),
        allowance_share=below_one("category_allowance_days of the year", category_allowance_days / year.days),
        individual_hours=at_least_zero("individual_allowance_hours", individual_allowance_hours, "hours"),
        now=at_least_zero("now", now, "clinicians"),
    )
