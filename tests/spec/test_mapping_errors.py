"""A mapping that does not hold together: all errors at once, with line, valid choices and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from careload.clinic import SettingsError
from careload.history.mapping import load_mapping, parse_mapping

GOOD = """
[appointments]
from = "visits.csv"
[appointments.columns]
patient = "Who"
starts_at = "When"
status = "What"
"""


def errors(toml: str) -> str:
    with pytest.raises(SettingsError) as told:
        parse_mapping(toml, "m.toml")
    assert told.value.exit_code == 4
    return str(told.value)


@pytest.mark.parametrize(("line", "told"), [
    # misspelt names: the nearest is offered
    ('[appointmentz]', "line 8: 'appointmentz' is not [source] or the name of a table."),
    ('[appointmentz]', "Did you mean 'appointments'?"),
    ('pateint = "Who"', "'pateint' under [appointments.columns] is not a column of appointments."),
    ('pateint = "Who"', "Did you mean 'patient'?"),
    ('kind = { colum = "Type" }', "Did you mean 'column'?"),
    ('kind = { column = "Type", words = { 1 = "intakes" } }', "Did you mean 'intake'?"),
    ('[source]\ntimezone = "UTC"', "Did you mean 'time_zone'?"),
    ('[source]\ntime_zone = "America/Los Angeles"', "Did you mean 'America/Los_Angeles'?"),
    ('[source]\ntime_zone = "Sao_Paulo"', "Did you mean 'America/Sao_Paulo'?"),
    ('[source]\ndate_order = "dym"', "line 9: date_order = 'dym' is not known. Expected one of ymd, dmy"),
    ('minutes = { column = "L", unit = "hour" }', "Did you mean 'hours'?"),
    # keys that do not fit
    ('kind = { column = "T", constant = "intake" }', "has column and constant. Expected exactly one of"),
    ('kind = { words = { a = "intake" } }', "has no source. Expected exactly one of column"),
    ('minutes = { column = "L", format = "%d" }', "format means nothing here: minutes holds numbers"),
    ('kind = { column = "T", otherwise = "other" }', "otherwise means nothing here"),
    ('minutes = { constant = 50, unit = "hours" }', "has a constant and other keys."),
    ('booked_at = { column = "B", part = "year" }', "part means nothing here"),
    # values that the column cannot hold
    ('kind = { constant = "phone call" }', "'phone call' is not a value of kind. Expected one of intake"),
    ('minutes = { constant = "fifty" }', "'fifty' is not a value of minutes. Expected a number of minutes."),
    ('offer_declined = { column = "D", words = { ja = "yes" } }', "Expected true or false."),
    ('booked_at = { constant = "yesterday" }', "appointments.columns.booked_at.constant is no date."),
    ('kind = { column = "T", words = { No = "intake", "n o" = "return" } }', "stands twice with different"),
    # formats
    ('booked_at = { column = "B", format = "%d/%m" }', "cannot be used: a year (%Y) is missing."),
    ('booked_at = { column = "B", format = "%q" }', "cannot be used: %q is not a known code."),
    ('booked_at = { column = "B", format = "%d/%m/%Y %I:%M" }', "go together"),
    ('booked_at = { column = "B", format = "%d/%d/%Y %m" }', "a code stands twice"),
    # whole blocks
    ('[episodes]\nfrom = "e.csv"', "line 8: [episodes] does not say where patient comes from."),
    ('[episodes]\ncolumns = { patient = "p", opened_on = "o" }', "does not say from which file or table"),
    ('[[appointments.join]]\nfrom = "e.csv"', "A join does not say with what, or on which columns."),
    ('booked_at = 7', "is neither a column name nor a table."),
    ('episodes = 7\n', "'episodes' under [appointments.columns] is not a column"),
    ('[[patients]]\nfrom = 7\ncolumns = { patient = "p" }', "patients.from is neither a name nor"),
])
def test_each_error(line: str, told: str) -> None:
    assert told in errors(GOOD + line + "\n")


def test_all_errors_are_told_at_once_in_the_order_of_the_file() -> None:
    text = errors("""
[source]
date_order = "dym"
[appointments]
form = "visits.csv"
[appointments.columns]
patient = "Who"
starts_at = { column = "When", format = "%d/%m" }
statu = "What"
""")
    lines = [line.strip()[: line.strip().index(":")] for line in text.splitlines() if line.startswith("  ")]
    assert lines == ["line 3", "line 4", "line 5", "line 6", "line 8", "line 9"]
    assert text.startswith("m.toml has 6 errors.")
    assert "[appointments] does not say where status comes from." in text


def test_one_error_is_one_sentence() -> None:
    assert errors(GOOD + 'pateint = "Who"\n') == (
        "m.toml, line 8: 'pateint' under [appointments.columns] is not a column of appointments. "
        "Expected a column of appointments. Did you mean 'patient'?"
    )


def test_no_toml(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text("[appointments]\npatient = Patient Id\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"m.toml is no TOML: .*line 2.*double quotes"):
        load_mapping(file)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"The mapping m.toml cannot be read: no such file"):
        load_mapping(tmp_path / "m.toml")


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_bytes("[patients]\nfrom = 'pacientes_março.csv'".encode("latin-1"))
    with pytest.raises(SettingsError, match="it is not UTF-8 text"):
        load_mapping(tmp_path / "m.toml")


def test_a_mapping_may_only_say_how_dates_are_written() -> None:
    """Canonical names need no mapping; how the source writes its dates may still be said."""
    mapping = parse_mapping('[source]\ndate_order = "dmy"\ntime_zone = "Europe/London"\nempty = ["NA"]')
    assert (mapping.date_order, mapping.time_zone, mapping.empty) == ("dmy", "Europe/London", ("NA",))
    assert mapping.tables == {}


@pytest.mark.parametrize(("source", "name", "same"), [
    ("KaggleV2-May-2016.csv", "kagglev2-may-2016", True),
    ("visits.csv.gz", "visits", True),
    ("Visits", "visits", True),
    ("clinic.visits", "clinic.visits", True),
    ("visits-*.csv", "visits-2024", True),
    ("visit?", "visits", True),
    ("service-contacts.csv", "service contacts", True),  # a sheet of a workbook
    ("visits", "visits-2024", False),
    ("visits.2024", "visits", False),
])
def test_names_of_tables(source: str, name: str, same: bool) -> None:
    mapping = parse_mapping(GOOD.replace("visits.csv", source))
    assert mapping.names(name) is same
