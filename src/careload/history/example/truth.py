"""What is true of the example, counted while it happens and never read back from the records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from careload.history.example.people import AS_OF, BUSINESS_DAY_NUMBER, DAY, FIRST, Appointment, Patient


def seen_in_extract(day: int) -> bool:
    """Whether something that happens on `day` belongs to the two years of the extract."""
    return FIRST <= day <= AS_OF


@dataclass(frozen=True)
class Truth:
    """What is true of the example's two years.

    as_of                        last day of the extract
    patients, clinicians         people in the extract
    attended, no_shows           appointments held and missed
    p_no_show                    mean of the probabilities with which appointments were missed
    cancelled                    appointments cancelled, by whom
    restarted_clocks             cancelled intakes rebooked as if newly requested
    intakes                      first assessments held
    intakes_within_10_business_days  of these, within ten business days of the first request
    intervals_opened             attended visits: each opens an interval
    interval_days                days to the next attended visit -> intervals, whether or not the next
                                 visit falls after the extract (so nothing is censored)
    ended_days                   end of care -> days since the last visit -> intervals, likewise
    interval_days_by_as_of       as interval_days, only those the extract shows closed: the naive view
    waiting_at_as_of             intervals open in the extract when it ends
    in_care_at_as_of             patients in care on the last day
    nothing_booked_at_as_of      of these, without a future booking
    prescribed_days              interval written by the clinician -> visits
    longer_interval_approved     visits at which a longer interval was approved
    person_days_in_care          days in care over the two years
    dropouts, p_dropout_per_day  ends of care by dropout; per day in care
    p_emergency_per_day          emergency visits per day in care
    emergency_visits             number
    hours_due, hours_paid, overload  work due, time paid, their ratio
    leavers, patients_handed_over    clinicians whose last day lies in the two years; patients passed on
    """

    as_of: str
    patients: int
    clinicians: int
    attended: int
    no_shows: int
    p_no_show: float
    cancelled: dict[str, int]
    restarted_clocks: int
    intakes: int
    intakes_within_10_business_days: int
    intervals_opened: int
    interval_days: dict[int, int]
    ended_days: dict[str, dict[int, int]]
    interval_days_by_as_of: dict[int, int]
    waiting_at_as_of: int
    in_care_at_as_of: int
    nothing_booked_at_as_of: int
    prescribed_days: dict[int, int]
    longer_interval_approved: int
    person_days_in_care: int
    dropouts: int
    p_dropout_per_day: float
    p_emergency_per_day: float
    emergency_visits: int
    hours_due: float
    hours_paid: float
    overload: float
    leavers: int
    patients_handed_over: int


@dataclass
class Tally:
    """Counters that the days of the clinic feed."""

    count: Counter[str] = field(default_factory=Counter)
    expected_no_shows: float = 0.0
    hours_due: float = 0.0
    hours_paid: float = 0.0
    seen: Counter[int] = field(default_factory=Counter)
    seen_by_as_of: Counter[int] = field(default_factory=Counter)
    ends: dict[str, Counter[int]] = field(default_factory=dict)
    prescriptions: Counter[int] = field(default_factory=Counter)

    def due(self, appointment: Appointment, probability: float, missed: bool) -> None:
        """An appointment came due and was held or missed."""
        if seen_in_extract(appointment.slot.day):
            self.count["missed" if missed else "held"] += 1
            self.expected_no_shows += probability

    def cancelled(self, status: str, appointment: Appointment) -> None:
        """An appointment was cancelled."""
        assert appointment.cancelled is not None
        if appointment.slot.day >= FIRST and appointment.cancelled // DAY <= AS_OF:
            self.count[status] += 1

    def restarted_clock(self, restarted: bool, day: int) -> None:
        """A cancelled intake was rebooked, perhaps as a new request."""
        self.count["restarted"] += restarted and seen_in_extract(day)

    def attended(self, patient: Patient, appointment: Appointment, day: int) -> None:
        """A visit was held: it closes the open interval and opens the next."""
        if patient.span_opened is not None:
            self.seen[day - patient.span_opened] += 1
            if day <= AS_OF:
                self.seen_by_as_of[day - patient.span_opened] += 1
        patient.span_opened = day if seen_in_extract(day) else None
        self.count["opened"] += seen_in_extract(day)
        if appointment.slot.kind == "intake" and seen_in_extract(day) and patient.referral:
            asked = patient.referral.requested // DAY
            self.count["intakes"] += 1
            self.count["intakes on time"] += BUSINESS_DAY_NUMBER[day] - BUSINESS_DAY_NUMBER[asked] <= 10

    def ended(self, patient: Patient, reason: str, day: int) -> None:
        """Care ended."""
        if patient.span_opened is not None:
            self.ends.setdefault(reason, Counter())[day - patient.span_opened] += 1
            self.count["ended by as of"] += day <= AS_OF
            patient.span_opened = None
        self.count["dropouts"] += reason == "dropped" and seen_in_extract(day)

    def prescribed(self, days: int, approved: bool, day: int) -> None:
        """An interval was written down."""
        if seen_in_extract(day):
            self.prescriptions[days] += 1
            self.count["approved"] += approved

    def person_days(self, day: int, in_care: int) -> None:
        """People in care during one day."""
        self.count["person days"] += in_care * seen_in_extract(day)

    def emergency(self, day: int) -> None:
        """An emergency visit."""
        self.count["emergencies"] += seen_in_extract(day)

    def work(self, day: int, due: float, paid: float) -> None:
        """A clinician's week: hours of work due, hours paid."""
        if day >= FIRST and day + 6 <= AS_OF:
            self.hours_due += due
            self.hours_paid += paid

    def handed_over(self, day: int, patients: int) -> None:
        """A clinician gave notice and passed on a caseload."""
        self.count["handed over"] += patients * seen_in_extract(day)

    def still_open(self) -> int:
        """Intervals that not even the months after the extract closed."""
        return self.count["opened"] - self.seen.total() - sum(ends.total() for ends in self.ends.values())

    def truth(
        self, as_of: str, patients: int, clinicians: int, leavers: int, in_care: int, unbooked: int,
    ) -> Truth:
        """Everything counted, put together with what is plain to see on the last day."""
        count, days = self.count, self.count["person days"]
        return Truth(
            as_of=as_of, patients=patients, clinicians=clinicians,
            attended=count["held"], no_shows=count["missed"],
            p_no_show=round(self.expected_no_shows / (count["held"] + count["missed"]), 6),
            cancelled={by: count[by] for by in ("cancelled_by_patient", "cancelled_by_clinic")},
            restarted_clocks=count["restarted"],
            intakes=count["intakes"], intakes_within_10_business_days=count["intakes on time"],
            intervals_opened=count["opened"], interval_days=dict(sorted(self.seen.items())),
            ended_days={reason: dict(sorted(ends.items())) for reason, ends in sorted(self.ends.items())},
            interval_days_by_as_of=dict(sorted(self.seen_by_as_of.items())),
            waiting_at_as_of=count["opened"] - self.seen_by_as_of.total() - count["ended by as of"],
            in_care_at_as_of=in_care, nothing_booked_at_as_of=unbooked,
            prescribed_days=dict(sorted(self.prescriptions.items())),
            longer_interval_approved=count["approved"],
            person_days_in_care=days, dropouts=count["dropouts"],
            p_dropout_per_day=round(count["dropouts"] / days, 8),
            p_emergency_per_day=round(count["emergencies"] / days, 8), emergency_visits=count["emergencies"],
            hours_due=round(self.hours_due, 2), hours_paid=round(self.hours_paid, 2),
            overload=round(self.hours_due / self.hours_paid, 6),
            leavers=leavers, patients_handed_over=count["handed over"],
        )
