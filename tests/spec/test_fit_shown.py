"""What shows of clinicians in records written by hand."""

from __future__ import annotations

from datetime import date

from tests.support.by_hand import Row, day, visit
from tests.support.fitted import evidence_of

from careload.model.latent.shown import of_records

TEAMS = [("North", "psychologist"), ("South", "psychologist")]
MONDAY = date(2024, 1, 1)


def survey(asked_on: str, site: str, burned_out: int, answered: int) -> Row:
    return {"asked_on": day(asked_on), "site": site, "profession": "psychologist",
            "burned_out": burned_out, "answered": answered}


def test_sites_asked_on_other_days_of_one_week_were_asked_together() -> None:
    asked = [survey("2024-01-15", "North", 3, 10), survey("2024-01-16", "South", 2, 10),
             survey("2024-04-08", "North", 5, 10), survey("2024-04-09", "South", 1, 10)]
    evidence = evidence_of("2024-06-30", appointments=[visit("a", "2024-06-30")], surveys=asked)
    shown, weeks = of_records(evidence, TEAMS, MONDAY)
    assert weeks == [2, 14]
    assert shown.exhausted.tolist() == [[0.3, 0.2], [0.5, 0.1]]
    assert shown.between.weeks.tolist() == [12.0]


def test_a_survey_in_a_week_that_is_not_over_is_left_out() -> None:
    asked = [survey("2024-01-15", "North", 3, 10), survey("2024-06-26", "North", 5, 10)]
    evidence = evidence_of("2024-06-28", appointments=[visit("a", "2024-06-28")], surveys=asked)
    assert of_records(evidence, TEAMS, MONDAY)[1] == [2]
