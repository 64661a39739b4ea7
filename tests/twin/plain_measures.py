"""Every measure has a twin: name to a function of the records and the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.twin import plain_spans as plain
from tests.twin.plain_care import (
    dose,
    dropout,
    ed_visits,
    episode_length,
    fate,
    longer_interval_approved,
    no_show,
    overdue,
    restarted_clocks,
    same_clinician,
    silent_backlog,
    visits_per_episode,
    weekly,
)
from tests.twin.plain_spans import Tables
from tests.twin.plain_staff import (
    caseload,
    caseload_handed_over,
    hours,
    leaver_rate,
    new_to_return_ratio,
    overload,
    slot_fill,
    survey,
    tenure,
    third_next_available,
    time_to_fill,
    vacancy_rate,
)
from tests.twin.plain_told import Told
from tests.twin.plain_waits import (
    follow_up,
    lead_time,
    prescribed_interval,
    return_beyond_prescribed,
    return_interval,
    second_visit_wait,
    waits,
)

TWINS: dict[str, Callable[[Tables, date], Told]] = {
    "return_interval": return_interval,
    "no_show": no_show,
    "overload": overload,
    "lead_time": lead_time,
    "cancellation_by_patient": fate("cancelled_by_patient"),
    "cancellation_by_clinic": fate("cancelled_by_clinic"),
    "contact_hours": hours("contact"),
    "non_contact_hours": hours("non_contact"),
    "after_hours": hours("after_hours"),
    "return_beyond_prescribed": return_beyond_prescribed,
    "second_visit_wait": second_visit_wait,
    "intake_wait": waits("attended", (7, 14, 28, 56)),
    "offered_wait": waits("offered", (7, 14, 28), "offered_by"),
    "booked_wait": waits("booked", (7, 14, 28), "booked_by"),
    "follow_up_after_ed": follow_up("ed"),
    "follow_up_after_discharge": follow_up("inpatient"),
    "overdue": overdue,
    "silent_backlog": silent_backlog,
    "caseload": caseload,
    "dose": dose,
    "dropout": dropout,
    "visits_per_episode": visits_per_episode,
    "episode_length": episode_length,
    "ed_visits": ed_visits,
    "same_clinician": same_clinician,
    "visits_per_week": weekly(lambda tables, as_of: [row["day"] for row in plain.visits(tables, as_of)]),
    "referrals_per_week": weekly(
        lambda tables, as_of: [
            row["requested_at"].date() for row in tables["referrals"] if row["requested_at"].date() <= as_of
        ],
        since="referrals",
    ),
    "prescribed_interval": prescribed_interval,
    "longer_interval_approved": longer_interval_approved,
    "new_to_return_ratio": new_to_return_ratio,
    "leaver_rate": leaver_rate,
    "tenure": tenure,
    "vacancy_rate": vacancy_rate,
    "time_to_fill": time_to_fill,
    "caseload_handed_over": caseload_handed_over,
    "burnout": survey("burned_out"),
    "intent_to_leave": survey("intend_to_leave"),
    "slot_fill": slot_fill,
    "third_next_available": third_next_available,
    "restarted_clocks": restarted_clocks,
}
