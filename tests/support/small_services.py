"""Small services, each of which brings out some of what the simulator does. All are invented."""

from __future__ import annotations

from careload.clinic import Service, parse_service

BARE_QUEUE = """
# The reference model return-clinic with three clinicians: a queue, no-shows, waiting that does harm.
[site.Clinic]
[profession.therapist]
treats = ["everyone"]
[need.everyone]
arrivals_per_week = 5.775
weekday_weights = [1, 1, 1, 1, 1, 1, 1]
urgent_share = 0
visits_needed = 12
cadence_days = [7]
stage_from_visit = [0]
dropout_per_visit = 0
remission_per_month = 0
[team.all]
site = "Clinic"
profession = "therapist"
posts = 3
return_slots = 25
[policy]
own_clinician = false
[no_show]
intake_soon = 0.12
intake_late = 0.12
[mechanisms]
progress_by_gap = false
lead_time = false
overload = false
exhaustion = false
leaving = false
hiring = false
demand = false
groups = false
[workforce]
sick_days_per_year = 0
leave_days_per_year = 0
"""

OWN_CLINICIAN = """
# Two professions share a clinic; every mechanism is on, and waits are long enough for each to show.
[site.Clinic]
[profession.therapist]
treats = ["adults", "trauma"]
patient_hours = 0.3
[profession."social worker"]
treats = ["adults"]
patient_hours = 0.4
overflow_displaced = 0.4
overflow_unpaid = 0.4
overflow_undone = 0.2
[need.adults]
arrivals_per_week = 4
season_amplitude = 0.3
trend_per_year = 0.1
progress_chance = 0.9
group_share = 0.2
crisis_per_day = 0.01
died_per_year = 0.01
moved_per_year = 0.1
reentry_share = 0.4
relapse_share = 0.3
return_after_days = 60
referrals_per_wait = -0.1
[need.trauma]
arrivals_per_week = 2
urgent_share = 0.3
visits_needed = 18
cadence_days = [7, 14, 28]
stage_from_visit = [0, 6, 12]
admission_share = 0.2
[team.therapists]
site = "Clinic"
profession = "therapist"
posts = 3
intake_slots = 3
return_slots = 14
crisis_slots = 1
group_sessions = 0.5
group_seats = 4
[team.workers]
site = "Clinic"
profession = "social worker"
posts = 2
fte = 0.6
intake_slots = 2.5
return_slots = 9
[no_show]
return_late = 0.25
[policy]
protected_intake = 0.6
overbooking = 0.1
drop_after_no_shows = 3
[workforce]
leaving_per_year = 0.8
days_to_fill = 60
notice_weeks = 2
[calendar]
country = "US"
[start]
patients = 25
"""

SEVERAL_SITES = """
# Three sites, three professions, three need groups; one site is open to one need group only.
[site.North]
[site.Harbor]
[site.Hill]
[profession.psychologist]
treats = ["depression", "psychosis"]
[profession.counsellor]
treats = ["depression", "substance use"]
[profession.psychiatrist]
treats = ["psychosis"]
visit_hours = 0.5
[need.depression]
arrivals_per_week = { North = 3, Harbor = 2 }
urgent_share = 0.3
group_share = 0.4
[need."substance use"]
arrivals_per_week = { North = 2, Harbor = 1, Hill = 2 }
group_share = 0.7
dropout_per_visit = 0.05
reentry_share = 0.5
return_after_days = 30
weekday_weights = [3, 1, 1, 1, 1, 0.5, 0.5]
[need.psychosis]
arrivals_per_week = { North = 1, Harbor = 0.5 }
cadence_days = [14, 28]
stage_from_visit = [0, 4]
crisis_per_day = 0.02
admission_share = 0.3
ed_share = 0.5
[team.harbor_counsellors]
site = "Harbor"
profession = "counsellor"
posts = 2
intake_slots = 2
return_slots = 10
group_sessions = 1
group_seats = 5
[team.north_psychologists]
site = "North"
profession = "psychologist"
posts = 2
intake_slots = 3
return_slots = 15
crisis_slots = 2
[team.north_counsellors]
site = "North"
profession = "counsellor"
posts = 2
return_slots = 12
group_sessions = 1.5
group_seats = 6
[team.harbor_psychiatrists]
site = "Harbor"
profession = "psychiatrist"
posts = 1
fte = 0.5
intake_slots = 1
return_slots = 8
crisis_slots = 1
[team.hill_counsellors]
site = "Hill"
profession = "counsellor"
posts = 1
return_slots = 14
group_sessions = 0.5
[workforce]
leaving_per_year = 0.5
days_to_fill = 90
[start]
patients = 15
"""

STRIKE = """
# Two in three strike for ten weeks; those who return find patients who were already overdue on the first day.
[site.Clinic]
[profession.therapist]
treats = ["adults"]
patient_hours = 0.2
[need.adults]
arrivals_per_week = 5
crisis_per_day = 0.006
dropout_per_day = 0.004
[team.therapists]
site = "Clinic"
profession = "therapist"
posts = 5
intake_slots = 2
return_slots = 16
crisis_slots = 0.5
[calendar]
country = "US"
closed = [2024-02-16]
strike_from = 2024-02-05
strike_to = 2024-04-12
strike_share = 0.67
[start]
patients = 20
overdue_weeks = 1
"""

OUTSIDE = """
# Care is bought outside for those who wait three weeks; caseloads have a ceiling; fewer ask when waits grow.
[site.Clinic]
outside_per_week = 2.5
[site.Annex]
outside_per_week = 0.5
[profession.therapist]
treats = ["adults", "young"]
[need.adults]
arrivals_per_week = { Clinic = 8, Annex = 2 }
referrals_per_wait = -0.2
urgent_share = 0.1
[need.young]
arrivals_per_week = { Clinic = 3, Annex = 2 }
referrals_per_wait = 0.1
visits_needed = 8
[team.clinic]
site = "Clinic"
profession = "therapist"
posts = 4
intake_slots = 4
return_slots = 16
[team.annex]
site = "Annex"
profession = "therapist"
posts = 2
intake_slots = 2
return_slots = 10
[policy]
caseload_ceiling = 28
outside_after_days = 21
[start]
patients = 26
"""

LEAVING = """
# Short of people and losing them: posts change hands, patients wait for months and are handed over.
[site.Clinic]
[profession.therapist]
treats = ["adults", "severe"]
patient_hours = 0.5
pay_per_year = 60000
[profession.counsellor]
treats = ["adults"]
patient_hours = 0.5
[need.adults]
arrivals_per_week = 5
dropout_per_day = 0.002
crisis_per_day = 0.008
reentry_share = 0.5
[need.severe]
arrivals_per_week = 2
crisis_per_day = 0.015
admission_share = 0.1
visits_needed = 30
[team.therapists]
site = "Clinic"
profession = "therapist"
posts = 3
intake_slots = 4
return_slots = 5
[team.counsellors]
site = "Clinic"
profession = "counsellor"
posts = 3
intake_slots = 4
return_slots = 5
crisis_slots = 0.4
[workforce]
leaving_per_year = 2.5
leaving_if_new = 1.2
exhaustion_rise = 0.2
days_to_fill = 60
notice_weeks = 3
hand_over_loss = 0.2
ramp_weeks = 8
[start]
patients = 30
"""

FREE_FOR_ALL = """
# Visits belong to no clinician; newcomers take their turn among the others, urgent ones first.
[site.Clinic]
[profession.therapist]
treats = ["adults", "young"]
[profession.nurse]
treats = ["young"]
[need.adults]
arrivals_per_week = 5
urgent_share = 0.4
crisis_per_day = 0.01
[need.young]
arrivals_per_week = 2
urgent_share = 0.2
group_share = 0.3
cadence_days = [7, 21]
[team.therapists]
site = "Clinic"
profession = "therapist"
posts = 3
return_slots = 22
group_sessions = 1
[team.nurses]
site = "Clinic"
profession = "nurse"
posts = 1
intake_slots = 2
return_slots = 10
[policy]
own_clinician = false
caseload_ceiling = 30
[workforce]
leaving_per_year = 1.0
days_to_fill = 30
[start]
patients = 25
"""

SMALL_SERVICES: dict[str, Service] = {
    name: parse_service(text, name)
    for name, text in {
        "bare queue": BARE_QUEUE, "own clinician": OWN_CLINICIAN, "several sites": SEVERAL_SITES,
        "strike": STRIKE, "outside": OUTSIDE, "leaving": LEAVING, "free for all": FREE_FOR_ALL,
    }.items()
}
