"""Entries of the log, what each kind tells. Records are written from them."""

from __future__ import annotations

import numpy as np

LOG = np.dtype([("key", "u8"), ("day", "i4"), ("kind", "i4"), ("post", "i4"), ("value", "i4")], align=True)
LOG_KINDS = (
    "asked", "asked_urgently", "first_visit", "return_visit", "crisis_visit", "group_visit", "missed",
    "crisis", "ed", "ended", "left", "hired", "handed_over", "on_strike", "sick", "on_leave",
    "crisis_slots", "intake_slots", "return_slots", "sessions", "contact", "non_contact", "paid", "unpaid",
)
(
    LOG_ASKED, LOG_ASKED_URGENTLY, LOG_FIRST, LOG_RETURN, LOG_CRISIS_VISIT, LOG_GROUP, LOG_MISSED,
    LOG_CRISIS, LOG_ED, LOG_ENDED, LOG_LEFT, LOG_HIRED, LOG_HANDED_OVER, LOG_ON_STRIKE, LOG_SICK,
    LOG_ON_LEAVE, LOG_CRISIS_SLOTS, LOG_INTAKE_SLOTS, LOG_RETURN_SLOTS, LOG_SESSIONS, LOG_CONTACT,
    LOG_NON_CONTACT, LOG_PAID, LOG_UNPAID,
) = np.arange(len(LOG_KINDS), dtype=np.int32)
"""What the log tells, by its `kind`; of whom, by `key`, at which `post` or none. Its `value` is

asked, asked_urgently  the cell
first_visit  days since the patient asked;  return_visit, crisis_visit, group_visit  days since the last visit
missed       which of these four would have been held
crisis       days beyond due;  ed  0
ended        the way, a place in CELL_COUNTS
left         patients on the caseload;  hired  the how-manieth holder;  handed_over  the post before
on_strike, sick, on_leave  0, on each open day away
crisis_slots, intake_slots, return_slots, sessions  offered that day; open intake slots count as intake
contact, non_contact, paid, unpaid  hundredths of an hour of the week that ends that day
"""
