"""The rows behind each measure: one function per measure, named as its definition.

Each takes a `View` and gives an Ibis table in the form its kind of estimator reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis.expr.types as ir

from careload.measure.counted import Counted
from careload.measure.rows import care, hours, visits, waits, workforce
from careload.measure.view import View

ROWS: Mapping[str, Callable[[View], ir.Table | Counted]] = {
    function.__name__: function
    for function in (
        care.caseload,
        care.dose,
        care.dropout,
        care.ed_visits,
        care.episode_length,
        care.overdue,
        care.referrals_per_week,
        care.same_clinician,
        care.silent_backlog,
        care.visits_per_episode,
        hours.after_hours,
        hours.contact_hours,
        hours.new_to_return_ratio,
        hours.non_contact_hours,
        hours.overload,
        visits.cancellation_by_clinic,
        visits.cancellation_by_patient,
        visits.lead_time,
        visits.no_show,
        visits.restarted_clocks,
        visits.slot_fill,
        visits.third_next_available,
        visits.visits_per_week,
        waits.booked_wait,
        waits.clocks_to_first_visit,
        waits.follow_up_after_discharge,
        waits.follow_up_after_ed,
        waits.intake_wait,
        waits.longer_interval_approved,
        waits.offered_wait,
        waits.prescribed_interval,
        waits.return_beyond_prescribed,
        waits.return_interval,
        waits.second_visit_wait,
        workforce.burnout,
        workforce.caseload_handed_over,
        workforce.intent_to_leave,
        workforce.leaver_rate,
        workforce.tenure,
        workforce.time_to_fill,
        workforce.vacancy_rate,
    )
}
"""Measure to the function that gives its rows; measures against a standard stand in `within`."""
