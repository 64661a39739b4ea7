"""What would the service have written down?

Takes one logged run of a service. Gives the canonical records of it (`as_records`), in memory or as one CSV a
table (`write_records`), so that measuring them gives back what the simulator counted (`Truth`).

    story      what the log tells: stays in care, visits
    staff      clinicians, vacancies, absences, weeks of work, surveys
    book       slots and appointments, with times of day
    care       patients, episodes, referrals, encounters
    columns    canonical tables from arrays
    truth      what the simulator counted
    clerical   what no simulator knows, put on the example only
    example    the bundled example
    files      one CSV a table
"""

from __future__ import annotations

import os

import numpy as np
import pyarrow as pa

from careload.clinic import Service, UsageError
from careload.simulate.run import Run
from careload.simulate.written.book import appointments, slot_of_visit, slot_rows, slots_of
from careload.simulate.written.care import encounters, episodes, patients, referrals
from careload.simulate.written.files import check_folder, write_folder
from careload.simulate.written.staff import (
    WEEKS_BETWEEN_SURVEYS,
    clinicians,
    holders_of,
    hours,
    leaves,
    posts,
    surveys,
)
from careload.simulate.written.story import Story
from careload.simulate.written.truth import Truth, truth_of

__all__ = ["Truth", "as_records", "story_of", "write_records"]


def write_records(run: Run, service: Service, folder: str | os.PathLike[str]) -> Truth:
    """Write the records of a run (`as_records`, one CSV a table) and `_truth.json` into `folder`.

    folder  made if it is not there; records of an earlier run in it are written over

    Returns what the simulator counted. Raises UsageError when the folder holds records of somebody's own,
    CannotWrite when a file cannot be written; each file is then whole, old or new.
    """
    target, story = check_folder(folder), story_of(run, service)
    counted = truth_of(story)
    write_folder(target, as_records(run, service), counted)
    return counted


def as_records(
    run: Run, service: Service, *, weeks_between_surveys: int = WEEKS_BETWEEN_SURVEYS,
    waiting_before: bool = False,
) -> dict[str, pa.Table]:
    """The records a service would have kept of a run, from the first day counted to the last.

    run      made with ``logged=True``
    service  the one that was run
    weeks_between_surveys  of staff, the last in the last whole week
    waiting_before  also requests made before counting began, of those who still waited then: a waiting list
                    has them. The simulator counts their waits no more than measures should, for of the waits
                    of that time only the long ones are left.

    Every visit, no-show, request, crisis, end of care, absence, hour and vacancy is one the simulator
    counted. Dropping out and getting well untreated are both ``dropped``: a service sees only that somebody
    stays away. An episode runs from the first visit; before it there is a referral. Whoever asks again has
    the same patient id, a second referral and a second episode. Who has a return visit in the calendar on the
    last evening has it booked for the day it is due, though nobody knows if there will be a slot; whoever
    is due already, or waits for a first visit, stands in line with nothing booked.

    Reckoned, not known: times of day; when the episodes of those in care on the first day began. Work put off
    or left undone stands in the hours as if done (`hours`). What the simulator does not know stays empty:
    language, coverage, age, area, modality, offers, cancellations, outcomes, when a stay in hospital ended.

    Returns canonical name to table, without tables it knows nothing for.
    """
    story = story_of(run, service)
    staff, slots = holders_of(story), slots_of(story)
    slot = slot_of_visit(story, slots)
    taken = np.zeros(len(slots.post), dtype=bool)
    taken[slot] = True
    return {
        "appointments": appointments(story, slots, slot, staff),
        "episodes": episodes(story),
        "referrals": referrals(story, waiting_before),
        "patients": patients(story),
        "clinicians": clinicians(story, staff),
        "leaves": leaves(story, staff),
        "posts": posts(story, staff),
        "slots": slot_rows(story, slots, taken, staff),
        "hours": hours(story, staff),
        "encounters": encounters(story),
        "surveys": surveys(story, weeks_between_surveys),
    }


def story_of(run: Run, service: Service) -> Story:
    """What the log of a run tells. Raises UsageError when the run kept none."""
    if not len(run.tally.log):
        raise UsageError(
            "The run kept no log, so no records can be written of it.", "a run made with logged=True",
            "Run it again with logged=True.",
        )
    return Story(run, service, int(run.plan.rules["counted_from"]), run.days - 1)
