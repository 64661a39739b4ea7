"""What do the words mean?

Takes nothing. Gives the shared words of every room: the canonical tables
(`TABLES`), the one type in which every number is reported (`Estimate`), what
is wrong with records and what to do about it (`Finding`, `CareloadError`),
the calendar and the clocks by which waits are counted (`BusinessCalendar`, `clock_changes`),
and a service with all its parameters (`registry`, `read_service`).
"""

from careload.clinic.calendar import BusinessCalendar, countries
from careload.clinic.clocks import ahead_of_utc, clock_changes
from careload.clinic.errors import (
    CannotWrite,
    CareloadError,
    Finding,
    SettingsError,
    Severity,
    SourceUnreachable,
    UnreadableRecords,
    UsageError,
    did_you_mean,
    nearest,
)
from careload.clinic.estimate import JSON_KEYS, SMALLEST_GROUP, Estimate, number, plural
from careload.clinic.fitted import beside
from careload.clinic.problems import Problems
from careload.clinic.registry import MARKS, Mark, Parameter, Section, registry
from careload.clinic.service import Service, parse_service, read_service, service_from
from careload.clinic.service_values import read_value
from careload.clinic.spot import Spot
from careload.clinic.tables import TABLES, Column, Table
from careload.clinic.toml_file import parse_toml, read_text
from careload.clinic.toml_lines import KeyPath, Lines
from careload.clinic.write import check_outputs, made_folder, whole_file, write_whole

__all__ = [
    "JSON_KEYS",
    "MARKS",
    "SMALLEST_GROUP",
    "TABLES",
    "BusinessCalendar",
    "CannotWrite",
    "CareloadError",
    "Column",
    "Estimate",
    "Finding",
    "KeyPath",
    "Lines",
    "Mark",
    "Parameter",
    "Problems",
    "Section",
    "Service",
    "SettingsError",
    "Severity",
    "SourceUnreachable",
    "Spot",
    "Table",
    "UnreadableRecords",
    "UsageError",
    "ahead_of_utc",
    "beside",
    "check_outputs",
    "clock_changes",
    "countries",
    "did_you_mean",
    "made_folder",
    "nearest",
    "number",
    "parse_service",
    "parse_toml",
    "plural",
    "read_service",
    "read_text",
    "read_value",
    "registry",
    "service_from",
    "whole_file",
    "write_whole",
]
