"""Definitions of the measures in `sample_measurement`, short ones."""

from __future__ import annotations

from careload.measure.definition import Definition

# name | title | why | side | unit
ROWS = """
return_interval | Return interval | How long a patient waits from one visit to the next. | patients | days
return_within_standard | Return within the standard | The share of returns in time by law. | patients | share
intake_wait | Wait for the first visit | How long someone who asked for help waits. | patients | days
no_show | Missed visits | A missed visit is a lost hour and a longer wait. | patients | share
lead_time | Lead time | The longer ahead a visit is booked, the likelier it is missed. | patients | days
overdue | Overdue | People whose next visit should have been by now. | patients | patients
silent_backlog | Silent backlog | People in care with nothing booked. | patients | patients
dropout | Dropping out | Care that ended before it was finished. | patients | share
same_clinician | Same clinician | Whether people keep the clinician they know. | patients | share
third_next_available | Third next available | How far off a free slot is. | patients | days
follow_up_after_ed | Follow-up after an emergency | Days to the first visit. | patients | share
overload | Overload | Above 1, work is done unpaid or left undone. | clinicians | hours due per hour paid
caseload | Caseload | Patients in one clinician's care. | clinicians | patients
contact_hours | Hours with patients | Time with patients a week. | clinicians | hours
non_contact_hours | Hours of other work | Notes, calls and coordination. | clinicians | hours
leaver_rate | Leaving | Who leaves takes a caseload's trust along. | clinicians | per year
time_to_fill | Time to fill a post | An empty post is carried by the others. | clinicians | days
"""


def sample_definitions() -> dict[str, Definition]:
    """Name of each measure to its definition."""
    rows = [[cell.strip() for cell in line.split("|")] for line in ROWS.strip().splitlines()]
    return {name: _definition(name, title, why, side, unit) for name, title, why, side, unit in rows}


def _definition(name: str, title: str, why: str, side: str, unit: str) -> Definition:
    return Definition(
        name=name, title=title, why=why, side="clinicians" if side == "clinicians" else "patients",
        kind="time", unit=unit, counted="rows", needs=("appointments",),
        clock_start="A visit the patient attended.", clock_stop="The next visit the patient attended.",
        left_out="Nobody.", source="Careload", next_review="2027-11",
    )
