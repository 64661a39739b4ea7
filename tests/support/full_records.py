"""Small records in which every canonical column is filled somewhere and empty somewhere else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

Row = dict[str, Any]

FULL: dict[str, list[Row]] = {
    "appointments": [
        {"appointment": "a1", "patient": "p1", "clinician": "c1", "profession": "Psychologist",
         "site": "North", "kind": "intake", "modality": "video", "requested_at": datetime(2024, 1, 2, 8, 30),
         "booked_at": datetime(2024, 1, 3, 9, 0), "starts_at": datetime(2024, 1, 15, 23, 30), "minutes": 50.0,
         "status": "completed", "first_offered_at": datetime(2024, 1, 9, 10, 0), "offer_declined": True,
         "prescribed_interval_days": 14, "longer_interval_approved_by_clinician": False},
        {"appointment": "a2", "patient": "p1", "clinician": "c1", "profession": None, "site": "South, hall 2",
         "kind": "group", "starts_at": datetime(2024, 2, 1, 9, 0), "minutes": 12.5, "status": "no_show",
         "replaces_appointment": "a1", "group_id": "circle 7", "longer_interval_approved_by_clinician": True},
        {"appointment": "a3", "patient": "2.98E+13", "starts_at": datetime(2024, 2, 2, 9, 0),
         "status": "cancelled_by_patient", "cancelled_at": datetime(2024, 2, 1, 12, 0),
         "offer_declined": False},
        {"appointment": "b/4 ü", "patient": "p2", "clinician": "c/2", "starts_at": datetime(2024, 2, 3, 9, 0),
         "status": "cancelled_by_clinic", "replaces_appointment": "x y"},
        {"appointment": "a5", "patient": "p2", "clinician": "c1", "profession": "Other", "kind": "crisis",
         "starts_at": datetime(2024, 6, 1, 9, 0), "status": "booked"},
    ],
    "encounters": [
        {"encounter": "e1", "patient": "p1", "kind": "ed", "starts_at": datetime(2024, 1, 5, 3, 4, 5)},
        {"encounter": "e2", "patient": "p/9", "kind": "inpatient", "starts_at": datetime(2024, 1, 5, 9),
         "ends_at": datetime(2024, 1, 8, 10)},
        {"encounter": "e3", "patient": "p1", "kind": "crisis", "starts_at": datetime(2024, 1, 6)},
    ],
    "episodes": [
        {"episode": "o1", "patient": "p1", "opened_on": date(2024, 1, 1)},
        {"episode": "o2", "patient": "p2", "opened_on": date(2023, 1, 1), "closed_on": date(2023, 2, 1)},
        {"episode": "o3", "patient": "p2", "opened_on": date(2023, 1, 1), "reason": "completed"},
        *({"episode": f"o-{reason}", "patient": "p3", "opened_on": date(2022, 5, 6),
           "closed_on": date(2022, 6, 6), "reason": reason}
          for reason in ("completed", "dropped", "referred_out", "admitted", "died", "lost_coverage",
                         "administrative")),
    ],
    "referrals": [
        {"referral": "r1", "patient": "p1", "profession": "Psychologist", "site": "North",
         "requested_at": datetime(2023, 12, 1, 9), "urgency": "urgent", "preferred_date": date(2024, 1, 1),
         "closed_on": date(2024, 1, 15), "outcome": "seen"},
        {"referral": "r2", "patient": "p2", "requested_at": datetime(2023, 12, 1), "urgency": "emergency"},
        *({"referral": f"r-{outcome}", "patient": "p3", "requested_at": datetime(2023, 11, 1, 8),
           "urgency": "routine", "outcome": outcome} for outcome in ("rejected", "unreachable", "gave_up")),
    ],
    "patients": [
        {"patient": "p1", "need_group": "mood", "language": "Spanish", "coverage": "public",
         "birth_year": 1980, "area": "East"},
        {"patient": "p2", "age": 44, "died_on": date(2024, 3, 1)},
        {"patient": "p/9"},
    ],
    "clinicians": [
        {"clinician": "c1", "profession": "Psychologist", "site": "North", "fte": 0.8,
         "hired_on": date(2020, 1, 1)},
        {"clinician": "c/2", "hired_on": date(2019, 1, 1), "left_on": date(2024, 2, 29)},
    ],
    "slots": [
        {"slot": "s1", "clinician": "c1", "profession": "Psychologist", "site": "North", "kind": "return",
         "starts_at": datetime(2024, 1, 15, 9), "minutes": 50.0, "status": "busy", "capacity": 1},
        {"slot": "s2", "starts_at": datetime(2024, 1, 15, 10), "status": "free", "capacity": 12},
        {"slot": "s3", "clinician": "c/2", "starts_at": datetime(2024, 1, 15, 11), "minutes": 7.25,
         "status": "blocked"},
        {"slot": "s4", "site": "South, hall 2", "starts_at": datetime(2024, 1, 15, 12)},
    ],
    "hours": [
        {"clinician": "c1", "profession": "Psychologist", "site": "North", "week_start": date(2024, 1, 15),
         "worked": 44.5, "paid": 32.0, "contact": 21.0, "non_contact": 20.0, "after_hours": 3.5},
        {"clinician": "c/2", "week_start": date(2024, 1, 15), "paid": 40.0},
    ],
    "leaves": [{"clinician": "c1", "starts_on": date(2024, 7, 1), "ends_on": date(2024, 7, 14),
                "reason": "ill"}],
    "posts": [{"post": "v1", "profession": "Psychologist", "site": "North", "fte": 1.0,
               "vacant_from": date(2024, 1, 1), "filled_on": date(2024, 5, 1)}],
    "outcomes": [{"patient": "p1", "instrument": "PHQ-9", "score": 17.0, "risk_item": 1.0,
                  "measured_on": date(2024, 1, 15)}],
    "surveys": [{"asked_on": date(2024, 4, 1), "profession": "Psychologist", "site": "North", "asked": 40,
                 "answered": 31, "burned_out": 14, "intend_to_leave": 9}],
}
