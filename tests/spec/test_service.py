"""A service as a file: what it says, what it need not say, and everything that is wrong with it at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from careload.clinic import SettingsError, parse_service, read_service, registry
from careload.clinic.registry import KINDS, MARKS

SERVICES = sorted((Path(__file__).parents[2] / "examples" / "services").glob("*.toml"))

SMALL = """
[site.North]
[profession.therapist]
treats = ["adults"]
[need.adults]
arrivals_per_week = 3
[team.first]
site = "North"
profession = "therapist"
posts = 2
return_slots = 25
"""


def wrong(text: str) -> str:
    """What is said of a service that does not hold together."""
    with pytest.raises(SettingsError) as caught:
        parse_service(text)
    assert caught.value.exit_code == 4
    return str(caught.value)


def test_what_a_file_does_not_say_has_the_default() -> None:
    service = parse_service(SMALL)
    assert service["need"]["adults"]["arrivals_per_week"] == {"North": 3.0}
    assert service["need"]["adults"]["cadence_days"] == (7.0, 14.0)
    assert service["policy"]["own_clinician"] is True
    assert service["start"]["date"] == date(2024, 1, 1)
    assert service["calendar"]["strike_from"] is None


@pytest.mark.parametrize("file", SERVICES, ids=[file.stem for file in SERVICES])
def test_the_services_that_come_with_careload_hold(file: Path) -> None:
    assert read_service(file).name


def test_values_are_changed_by_their_place() -> None:
    service = parse_service(SMALL)
    other = service.changed({"need.adults.visits_needed": 20, "policy.overbooking": 0.1})
    assert (other["need"]["adults"]["visits_needed"], other["policy"]["overbooking"]) == (20.0, 0.1)
    assert service["policy"]["overbooking"] == 0.0
    assert other.changed({"need.adults.arrivals_per_week.North": 4})["need"]["adults"][
        "arrivals_per_week"
    ] == {"North": 4.0}


@pytest.mark.parametrize(("place", "value", "told"), [
    ("policy.overboking", 0.1, "Did you mean 'overbooking'?"),
    ("polcy.overbooking", 0.1, "Did you mean 'policy'?"),
    ("need.adult.visits_needed", 5, "Did you mean 'adults'?"),
    ("policy.overbooking", 2, "a number from 0 to 1"),
    ("policy.overbooking", None, "overbooking is None"),
    ("policy", 2, "section.parameter"),
])
def test_a_change_that_does_not_hold_is_refused(place: str, value: object, told: str) -> None:
    with pytest.raises(SettingsError, match="Expected") as caught:
        parse_service(SMALL).changed({place: value})
    assert told in str(caught.value)


def test_everything_wrong_is_told_at_once_each_with_its_line() -> None:
    said = wrong(SMALL.replace("posts = 2", "posts = 2.5").replace('"adults"]', '"adult"]') + "[polcy]\n")
    assert "3 errors" in said
    assert "line 4: There is no need 'adult'. Expected a need of this file. Did you mean 'adults'?" in said
    assert "line 10: posts is 2.5. Expected a whole number from 1 to 100,000, in posts." in said
    assert "line 12: 'polcy' is not a section of a service, or its name." in said


@pytest.mark.parametrize(("before", "after", "told"), [
    ('profession = "therapist"', 'profession = "therapst"', "Did you mean 'therapist'?"),
    ("return_slots = 25", "", "[team.first] has no return_slots."),
    ("posts = 2", 'posts = "two"', "posts is 'two'. Expected a whole number"),
    ("arrivals_per_week = 3", "arrivals_per_week = { South = 3 }", "'South' under"),
    ("arrivals_per_week = 3", "arrivals_per_week = 3\nurgent_share = 1.2", "a number from 0 to 1"),
    ("arrivals_per_week = 3", "arrivals_per_week = 3\nurgent_share = true", "urgent_share is True"),
    ("arrivals_per_week = 3", "arrivals_per_week = 3\nweekday_weights = [1, 1]", "7 numbers"),
    ("arrivals_per_week = 3", "arrivals_per_week = 3\ncadence_days = []", "1 to 8 numbers"),
    ("arrivals_per_week = 3", "arrivals_per_week = 3\ncadence_days = [7]", "1 cadences and 2 stages"),
    ("arrivals_per_week = 3", "arrivals_per_week = 3\nstage_from_visit = [1, 8]", "begin with 0"),
    ("arrivals_per_week = 3", "arrivals_per_week = 3\nadmission_share = 0.8", "sum to more than 1"),
    ('treats = ["adults"]', "treats = []", "one or more names of a need of this file"),
    ("arrivals_per_week = 3", "arrivals_per_week = 3\n[need.children]\narrivals_per_week = 1",
     "Nobody at North may treat children."),
    ("arrivals_per_week = 3", "arrivals_per_week = 3\nweekday_weights = [0, 0, 0, 0, 0, 0, 0]",
     "line 7: weekday_weights of [need.adults] are all 0."),
    ("arrivals_per_week = 3", f"arrivals_per_week = 3\ncadence_days = {[7] * 9}",
     "line 7: cadence_days is [7, 7, 7, 7, 7, 7, 7, 7, 7]. Expected 1 to 8 numbers"),
    ('treats = ["adults"]', 'treats = ["adults"]\npay_per_year = 0', "a number from 1 to 10,000,000"),
    ('treats = ["adults"]', 'treats = ["adults"]\noverflow_unpaid = 0.9', "sums to 1.3"),
    ("[site.North]", "[site.North]\n[start]\ndate = 2024-01-02", "Expected a Monday"),
    ("[site.North]", '[site.North]\n[calendar]\nstrike_from = "2024-02-01"', "2024-02-01 to no day"),
    ("[site.North]", '[site.North]\n[calendar]\nclosed = ["soon"]', "a date such as 2024-01-01"),
    ("[site.North]", '[site.North]\n[start]\ndate = ""', "Expected a date such as 2024-01-01"),
    ("[site.North]", '[site.North]\n[calendar]\nclosed = [""]', "a date such as 2024-01-01"),
    ("[site.North]", '[site.North]\n[calendar]\ncountry = "XX"',
     "line 4: calendar.country is 'XX': no public holidays are known for it. Expected an ISO 3166 code"),
    ("[site.North]", '[site.North]\n[calendar]\ncountry = "us"', "Did you mean 'US'?"),
    ("[site.North]", '[site.North]\n[calendar]\ncountry = "MX"\nsubdivision = "CA"', "known as a whole only"),
    ("[site.North]", '[site.North]\n[calendar]\ncountry = "US"\nsubdivision = "QQ"',
     "no state or nation of US is known by it. Expected one of AK, AL, AR, AS, AZ, CA"),
    ("[site.North]", '[site.North]\n[calendar]\ncountry = "GB"\nsubdivision = "Scotlan"',
     "Did you mean 'Scotland'?"),
    ("[site.North]", "site = 3", "site is no table"),
    ("[site.North]", "name = 3\n[site.North]", "name is no text"),
])
def test_what_may_be_wrong(before: str, after: str, told: str) -> None:
    assert before in SMALL
    assert told in wrong(SMALL.replace(before, after))


def test_what_does_not_hold_together_is_told_beside_what_does_not_hold_alone() -> None:
    """Nothing has to be mended before the rest is told; and nothing is concluded from what is wrong."""
    said = wrong(SMALL.replace("posts = 2", "posts = 2.5").replace(
        'treats = ["adults"]', 'treats = ["adult"]\noverflow_unpaid = 0.9'
    ).replace("arrivals_per_week = 3", "arrivals_per_week = 3\ncadence_days = [7]") + """
[start]
date = 2024-01-02
[calendar]
strike_from = "soon"
strike_to = 2024-05-01
""")
    for told in ("posts is 2.5", "no need 'adult'", "sums to 1.3", "1 cadences and 2 stages", "2024-01-02",
                 "strike_from is 'soon'"):
        assert told in said, told
    assert "6 errors" in said


@pytest.mark.parametrize(("place", "value", "told"), [
    ("policy.overbooking", 1.5, ("overbooking is 1.5.", "a number from 0 to 1, in share of return slots",
     "Give a number from 0 to 1. It means: Further return visits booked for each slot.")),
    ("policy.own_clinician", "no", ("own_clinician is 'no'.", "true or false", "Give true or false. ")),
    ("overbooking", 0.1, ("no parameter 'overbooking'", "section.parameter",
     "Did you mean policy.overbooking?")),
    ("visits_needed", 9, ("no parameter", "section.parameter", "Did you mean need.adults.visits_needed?")),
    ("team.posts", 9, ("no team in 'team.posts'", "one of first", "Did you mean team.first.posts?")),
    ("policy", 9, ("no parameter", "section.parameter", "Name one of its parameters: protected_intake,")),
    ("no_shows.return_soon", 0, ("no parameter", "section.parameter", "Did you mean 'no_show'?")),
])
def test_every_message_says_what_to_do(place: str, value: object, told: tuple[str, str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_service(SMALL).changed({place: value})
    error = caught.value
    for part, said in zip((error.found, error.expected, error.remedy), told, strict=True):
        assert said in part


def test_what_is_missing_is_asked_for_with_its_range() -> None:
    said = wrong(SMALL.replace("posts = 2\n", ""))
    assert "[team.first] has no posts. Expected a whole number from 1 to 100,000, in posts." in said
    assert "Add posts = … under [team.first]. It means: Posts, held or vacant." in said


def test_a_service_needs_something_of_each() -> None:
    said = wrong("name = 'nothing'")
    for section in ("site", "profession", "need", "team"):
        assert f"The service has no {section}." in said


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_service(tmp_path / "nowhere.toml")
    assert "is no TOML" in wrong("site = [")


def test_every_parameter_is_defined_whole() -> None:
    for section in registry().values():
        for each in section.parameters.values():
            place = f"{section.name}.{each.name}"
            assert each.kind in KINDS and each.mark in MARKS, place
            assert all((each.unit, each.meaning, each.source, each.who)), place
            assert (each.low is None) == (each.high is None), place
            numeric = each.kind in ("number", "whole", "share", "numbers", "by_site", "by_need")
            assert numeric == (each.low is not None), place
            assert (each.of in registry()) == (each.kind in ("name", "names")), place
            assert each.mark != "read" or "from memory" not in each.source, place
