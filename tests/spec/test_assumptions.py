"""Assumption sets: what a file may say, how it is set in a service, and everything that is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.assumptions import HEAD, SETS, held, value
from tests.support.runs import SERVICES

from careload.clinic import Service, SettingsError, parse_service, registry
from careload.model import parse_assumptions, read_assumptions, with_assumptions


def test_what_a_file_says() -> None:
    found = held(value("need.*.progress_lost_per_doubling", "0.2", "read", "a paper"))
    (each,) = found.values
    assert (found.name, found.whose) == ("What the stewards hold", "stewards of an invented clinic")
    assert (str(each.place), each.value, each.source, each.mark) == (
        "need.*.progress_lost_per_doubling", 0.2, "a paper", "read")


def test_a_star_is_every_table_and_a_name_beats_it(trap: Service) -> None:
    several = [value("need.trauma.visits_needed", "20"), value("need.*.visits_needed", "10")]
    for order in (several, several[::-1]):
        found = with_assumptions(trap, held(*order))
        assert {name: need["visits_needed"] for name, need in found["need"].items()} == {
            **dict.fromkeys(trap["need"], 10), "trauma": 20}


def test_the_rest_is_as_it_was(trap: Service) -> None:
    found = with_assumptions(trap, held(value("workforce.leaving_per_year", "0.3")))
    assert found == trap.changed({"workforce.leaving_per_year": 0.3})
    assert found != trap


def test_a_number_of_one_site(trap: Service) -> None:
    found = with_assumptions(trap, held(value("need.*.arrivals_per_week.North", "4")))
    assert found["need"]["trauma"]["arrivals_per_week"] == {"North": 4, "Harbor": 2.5}
    both = held(value("need.trauma.arrivals_per_week.North", "1"),
                value("need.trauma.arrivals_per_week", "{ North = 7, Harbor = 8 }"))
    for _ in range(2):  # and the set is what it was
        found = with_assumptions(trap, both)
        assert found["need"]["trauma"]["arrivals_per_week"] == {"North": 1, "Harbor": 8}


def test_a_name_with_a_dot_in_it() -> None:
    text = (SERVICES / "solo.toml").read_text(encoding="utf-8").replace("need.adults", 'need."ages 18.5"')
    service = parse_service(text.replace('"adults"', '"ages 18.5"'))
    found = with_assumptions(service, held(value("need.ages 18.5.visits_needed", "9")))
    assert found["need"]["ages 18.5"]["visits_needed"] == 9


def test_shares_that_sum_to_one_are_set_together(solo: Service) -> None:
    ways = {"displaced": 0.1, "unpaid": 0.8, "undone": 0.1}
    found = with_assumptions(solo, held(*(
        value(f"profession.*.overflow_{way}", str(share)) for way, share in ways.items())))
    assert found["profession"]["therapist"]["overflow_unpaid"] == 0.8
    with pytest.raises(SettingsError, match=r"What the stewards hold: The overflow .* sums to 1.2"):
        with_assumptions(solo, held(value("profession.*.overflow_unpaid", "0.8")))


def test_a_table_the_service_does_not_have(trap: Service) -> None:
    words = r"What the stewards hold: There is no need .* Did you mean 'trauma'"
    with pytest.raises(SettingsError, match=words):
        with_assumptions(trap, held(value("need.truma.visits_needed", "20")))


WRONG = [
    ("", "It has no name. Expected name: what the set is called"),
    ("name = 3\n", "name is no text"),
    ('name = "A"\nwhose = " "\n', "It has no whose"),
    (HEAD, "It holds no value. Expected at least one [[value]]"),
    (f"{HEAD}value = 3\n", "value is no table"),
    (f"{HEAD}nam = 1\n{value('workforce.ramp_from', '1')}", "'nam' is not name, whose or [[value]]"),
    (HEAD + value("workforce.ramp_from", "1").replace("mark", "marked"),
     "'marked' under [value] is not place, value, source or mark"),
    (HEAD + value("workforce.ramp_form", "1"), "Did you mean 'ramp_from'?"),
    (HEAD + value("workfarce.ramp_from", "1"), "Did you mean 'workforce'?"),
    (HEAD + value("ramp_from", "1"), "There is no parameter 'ramp_from'"),
    (HEAD + value("need.visits_needed", "1"), "Write need.*.visits_needed for every need."),
    (HEAD + value("need.*", "1"), "There is no '*' in 'need.*'"),
    (HEAD + value("workforce.*.ramp_from", "1"), "There is no '*.ramp_from'"),
    (HEAD + value("need.*.visits_needed.North", "1"), "visits_needed has no number for each site"),
    (HEAD + value("need.*.arrivals_per_week.North", '"many"'), "arrivals_per_week is 'many'"),
    (HEAD + value("workforce.leaving_per_year", "20"), "Expected a number from 0 to 3, in per year"),
    (HEAD + value("workforce.ramp_from", "1", mark="reed"), "There is no mark 'reed'"),
    (HEAD + value("workforce.ramp_from", "1", source=""), "[[value]] has no source"),
    (HEAD + '[[value]]\nplace = "workforce.ramp_from"\nsource = "none"\nmark = "read"\n',
     "[[value]] has no value"),
    (HEAD + 2 * value("workforce.ramp_from", "1"),
     "workforce.ramp_from is held twice. Expected each place once"),
    ("name = ", "stewards.toml is no TOML"),
]


@pytest.mark.parametrize(("text", "words"), WRONG, ids=[words for _, words in WRONG])
def test_what_is_wrong_is_told(text: str, words: str) -> None:
    with pytest.raises(SettingsError) as told:
        parse_assumptions(text, "stewards.toml")
    assert words in str(told.value)
    assert str(told.value).startswith("stewards.toml") and told.value.exit_code == 4


def test_everything_wrong_is_told_at_once_with_its_line() -> None:
    with pytest.raises(SettingsError) as told:
        held(value("workforce.ramp_form", "1", mark="reed"), value("workforce.leaving_per_year", "20"))
    lines = told.value.found.splitlines()
    assert lines[0] == "stewards.toml has 3 errors."
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["line 4", "line 7", "line 10"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"assumption set nowhere\.toml cannot be read"):
        read_assumptions(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("path", sorted(SETS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_hold_in_the_example_clinic(path: Path, trap: Service) -> None:
    found = read_assumptions(path)
    assert found.whose.startswith("an invented party")
    assert with_assumptions(trap, found) != trap
    for each in found.values:  # they dispute what is believed, and no lever
        who = registry()[each.place.section].parameters[each.place.parameter].who
        assert "market" in who or who in ("an assumption set", "nobody: it is need")


def test_there_are_examples_of_three_parties() -> None:
    assert {path.stem for path in SETS.glob("*.toml")} >= {"union", "employer", "regulator"}
