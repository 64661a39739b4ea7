"""Writes docs/parquet.md, the columns of what `careload simulate --parquet` writes, from what is counted.

    python scripts/parquet_page.py
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from careload.simulate.kernel.records import CELL_COUNTS, TEAM_COUNTS

PAGE = Path(__file__).parents[1] / "docs" / "parquet.md"

HEAD = """\
# Parquet

This page is made by `python scripts/parquet_page.py`; a test holds it against the files.

`careload simulate SERVICE --parquet DIR` writes four tables into DIR. They hold what was counted in every
run; in no row is a person. Weeks are numbered from the first that is counted, 0; those of the warm-up are
below.
"""
RUN = {
    "replication": "number of the run, from 0; the same number is the same luck in every service",
    "week": "week of the run, from 0; below 0 in the warm-up",
}
PATIENTS = {
    "referred": "people who asked for care for the first time",
    "came_back": "people who had finished or left care and asked again",
    "first_visits": "first visits held",
    "attended": "visits held, first visits among them",
    "missed": "visits that were missed",
    "crises": "crises of people in care",
    "ed_visits": "ED visits of people in care",
    "admitted": "people who left care by being admitted to hospital",
    "dropped_waiting": "people who dropped out while they waited",
    "dropped_after_visit": "people who did not come back after a visit",
    "dropped_no_shows": "people whose care ended because they had missed visits",
    "dropped_hand_over": "people who dropped out when their clinician left",
    "remitted": "people who got well untreated while they waited",
    "discharged": "people discharged, care completed",
    "died": "people who died",
    "moved": "people who moved away",
    "outside": "people who were sent to the outside network",
    "in_care": "people in care at the end of the week",
    "overdue": "people overdue at the end of the week",
    "not_yet_seen": "people in care at the end of the week who wait for their first visit",
}
CLINICIANS = {
    "offered": "slots offered for one person, of every kind",
    "used": "of these, filled",
    "seats": "seats offered in group sessions",
    "seated": "of these, filled",
    "attended": "visits held",
    "contact_hours": "hours with patients",
    "non_contact_hours": "notes, calls, coordination and fixed duties, paid or not",
    "due_hours": "contact and non-contact hours together",
    "paid_hours": "hours paid",
    "unpaid_hours": "hours due beyond those paid that were worked unpaid",
    "displaced_hours": "hours due beyond those paid that were put off and took the place of return visits",
    "undone_hours": "hours due beyond those paid that were left undone",
    "exhaustion": "sum of the exhaustion, 0 to 1 each, of those who held a post at the end of the week",
    "filled": "posts held at the end of the week",
    "vacant": "posts vacant at the end of the week",
    "left": "clinicians who left",
    "hired": "clinicians who began",
    "handed_over": "patients handed over to another clinician",
    "caseload": "patients of the posts held at the end of the week",
    "working": "clinicians who were there on some day of the week",
    "on_strike": "clinicians on strike, a fifth for each working day",
}
INTERVALS = {
    "replication": RUN["replication"],
    "waited_for": "`return_interval`, from a visit to the next, or `intake_wait`, from asking to being seen",
    "unit": "`calendar_days` or `business_days`: of what `days` are; each wait stands in both",
    "fate": "how the wait ended: `seen`, `discharged`, `lost` (dropped out, or well untreated) or `cut_off` "
            "(another end of care, or the end of the run)",
    "site": "site",
    "profession": "profession of the visit that the wait opened with; empty for `intake_wait`",
    "team": "team of that visit; empty for `intake_wait`",
    "need_group": "need group",
    "days": "length of the wait; the longest that are told apart stand for all that are longer",
    "count": "how many such waits there were",
}
ESTIMATES = {
    "measure": "name, as in the JSON",
    "statistic": "median, mean, share, …",
    "site": "of the group; empty for everyone",
    "profession": "of the group; empty for everyone",
    "need_group": "of the group; empty for everyone",
    "value": "mean over the runs",
    "low": "lower end of its 95 % interval",
    "high": "upper end",
    "unit": "unit",
    "n": "runs",
    "interval": "how the interval was made",
    "as_of": "last day of the runs",
    "note": "why there is no value, where there is none",
}


def page() -> str:
    """The whole page."""
    of_patients = {**RUN, "site": "site", "need_group": "need group",
                   **{name: PATIENTS[name] for name in CELL_COUNTS}}
    of_clinicians = {**RUN, "site": "site", "profession": "profession", "team": "team",
                     **{name: CLINICIANS[name] for name in TEAM_COUNTS}}
    return "\n".join([
        HEAD,
        *_table("weekly_patients", "A row for each run, week, site and need group.", of_patients),
        *_table("weekly_clinicians", "A row for each run, week and team.", of_clinicians),
        *_table("intervals", "A row for each length of the waits that opened on a counted day.", INTERVALS),
        *_table("estimates", "The estimates of the [JSON](json.md#runs-of-a-service).", ESTIMATES),
    ])


def _table(name: str, rows: str, columns: Mapping[str, str]) -> list[str]:
    lines = [f"| `{column}` | {words} |" for column, words in columns.items()]
    return [f"## {name}.parquet", "", rows, "", "| column | what |", "|---|---|", *lines, ""]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
