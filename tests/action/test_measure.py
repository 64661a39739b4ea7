"""An analyst measures records of every completeness, and gets an answer or the reason for none."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.made_rows import FIRST, made_rows
from tests.support.records import records

from careload.__main__ import app
from careload.clinic import UnreadableRecords, UsageError
from careload.measure import measure

AS_OF = FIRST + timedelta(380)
BARE = ("patient", "starts_at", "status")


def bare_appointments() -> list[dict]:
    return [{column: row[column] for column in BARE} for row in made_rows(5, 60)["appointments"]]


def test_the_three_required_columns_are_enough() -> None:
    found = measure(records(appointments=bare_appointments()), as_of=AS_OF)
    named = {each.measure for each in found.estimates}
    assert {"return_interval", "no_show", "visits_per_week"} <= named
    absent = {each.measure: each.because for each in found.not_measurable}
    assert absent["overload"].startswith("the records do not supply hours.paid")
    assert absent["lead_time"] == "the records do not supply appointments.booked_at"


def test_without_ends_of_episodes_both_bounds_are_given_and_the_planned_one_is_lower() -> None:
    rows = made_rows(5, 60)["appointments"]
    found = measure(records(appointments=rows), as_of=AS_OF, only=["return_interval"])
    everyone, planned = (found.find("return_interval", "p90", open=bound) for bound in ("all", "planned"))
    assert everyone.censored is not None
    assert planned.censored is not None
    assert everyone.censored > planned.censored


def test_with_every_table_nothing_but_standards_is_missing() -> None:
    found = measure(records(**made_rows(5, 60)), as_of=AS_OF, standard="california")
    missing = {each.measure for each in found.not_measurable}
    assert missing <= {"follow_up_within_standard", "restarted_clocks"}
    assert {each.rule for each in found.verdicts} >= {"california-intake", "california-follow-up"}


def test_the_same_records_give_the_same_answer_twice() -> None:
    rows = records(**made_rows(6, 30))
    assert (
        measure(rows, as_of=AS_OF, by=["site"]).as_json() == measure(rows, as_of=AS_OF, by=["site"]).as_json()
    )


def test_the_default_day_is_that_of_the_last_visit_held_or_missed() -> None:
    rows = [
        {"patient": "a", "starts_at": datetime(2024, 1, 1, 9), "status": "completed"},
        {"patient": "a", "starts_at": datetime(2024, 1, 9, 9), "status": "no_show"},
        {"patient": "a", "starts_at": datetime(2024, 2, 1, 9), "status": "cancelled_by_clinic"},
        {"patient": "a", "starts_at": datetime(2024, 3, 1, 9), "status": "booked"},
    ]
    assert measure(records(appointments=rows), only=["no_show"]).as_of == date(2024, 1, 9)


def test_a_day_before_the_records_is_refused() -> None:
    with pytest.raises(UsageError, match="had not begun"):
        measure(records(appointments=bare_appointments()), as_of=date(1990, 1, 1))


def test_a_day_after_the_last_visit_is_said_beside_the_figures() -> None:
    rows = records(appointments=bare_appointments())
    last = measure(rows, only=["no_show"]).as_of
    assert measure(rows, as_of=last, only=["no_show"]).findings == ()
    (found,) = measure(rows, as_of=last + timedelta(days=30), only=["no_show"]).findings
    assert (found.code, found.severity) == ("after-the-records", "warning")
    assert f"the last visit held or missed in them was on {last}" in found.found
    assert f"counts as waiting until {last + timedelta(days=30)}" in found.remedy


@pytest.mark.parametrize("command", ["measure", "own", "overdue"])
def test_the_commands_say_it_on_the_side(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "appointments.csv").write_text(
        "patient,starts_at,status,clinician,prescribed_interval_days\np1,2024-01-08T09:00,completed,c,7\n"
    )
    options = {
        "measure": ["--only", "no_show", "--json"],
        "own": ["--clinician", "c", "--only", "no_show", "--json"],
        "overdue": ["--clinician", "c", "--to", str(tmp_path / "list.csv")],
    }
    for day, said in (("2024-01-08", 0), ("2024-06-30", 1)):
        app([command, str(tmp_path), *options[command], "--as-of", day], standalone_mode=False)
        told = capsys.readouterr()
        assert told.err.count("was on 2024-01-08") == said
        assert told.out.count("after-the-records") == (said if command != "overdue" else 0)


def test_a_column_nothing_can_be_broken_down_by_is_said_to_be_missing() -> None:
    found = measure(
        records(appointments=bare_appointments()), by=["need_group"], as_of=AS_OF, only=["no_show"]
    )
    (absent,) = found.not_measurable
    assert absent.measure == "by need_group"


def test_records_without_any_visit_say_so() -> None:
    rows = [{"patient": "a", "starts_at": datetime(2024, 1, 1, 9), "status": "booked"}]
    with pytest.raises(UnreadableRecords, match="completed or missed"):
        measure(records(appointments=rows))


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ({"by": ["sites"]}, "'site'"),
        ({"only": ["overlod"]}, "'overload'"),
        ({"standard": "californa"}, "'california'"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(wrong: dict, hint: str) -> None:
    with pytest.raises(UsageError) as told:
        measure(records(appointments=bare_appointments()), **wrong)
    assert f"Did you mean {hint}?" in told.value.remedy


def test_whoever_asks_for_a_wait_alone_gets_the_rule_that_speaks_of_it() -> None:
    rows = records(**made_rows(5, 60))
    found = measure(rows, as_of=AS_OF, standard="california", only=["return_interval"])
    assert "california-follow-up" in {each.rule for each in found.verdicts}
    assert {each.measure for each in found.estimates} == {"return_interval", "return_within_standard"}


def test_one_name_may_be_given_without_a_list() -> None:
    rows = records(**made_rows(5, 60))
    found = measure(rows, as_of=AS_OF, by="site", only="no_show")
    assert {each.measure for each in found.estimates} == {"no_show"}
    assert any("site" in each.by for each in found.estimates)


def test_where_nothing_is_known_to_be_planned_the_missing_bound_is_named() -> None:
    found = measure(records(appointments=bare_appointments()), as_of=FIRST + timedelta(900))
    assert {each.by["open"] for each in found.estimates if "open" in each.by} == {"all"}
    (absent,) = [each for each in found.not_measurable if each.measure == "open=planned"]
    assert "booked ahead" in absent.because


def test_an_example_is_never_written_over_records(tmp_path: Path) -> None:
    mine = tmp_path / "appointments.csv"
    mine.write_text("patient,starts_at,status\n")
    with pytest.raises(UsageError, match="not of an example"):
        app(["example", str(tmp_path)], standalone_mode=False)
    assert mine.read_text() == "patient,starts_at,status\n"
