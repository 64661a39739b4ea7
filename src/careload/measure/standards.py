"""Timely-access rules as data: what the law says about a wait, and how sure we are of its text.

The rules stand in `standards/*.toml`, one file per jurisdiction. A mark says
where each part of a rule comes from: R read in the source, S second-hand,
C computed, M from memory and not verified (never the ground of a verdict).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from careload.clinic import BusinessCalendar, UsageError, did_you_mean, nearest

Clock = Literal["request", "referral", "prior_appointment", "discharge", "need"]
Unit = Literal["business_days", "calendar_days", "weeks", "hours"]
Event = Literal["offered", "attended"]
Urgency = Literal["any", "routine", "urgent", "emergency"]
Status = Literal["binding", "proposed", "goal", "trigger", "rate"]

CLOCKS, UNITS, EVENTS = get_args(Clock), get_args(Unit), get_args(Event)
URGENCIES, STATUSES = get_args(Urgency), get_args(Status)
MARKED = ("limit", "share", "date", "event")
MARKS = ("R", "S", "C", "M")
WEEKENDS_ONLY = BusinessCalendar()
FOLDER = Path(__file__).parent / "standards"


@dataclass(frozen=True)
class Standard:
    """One rule about one wait.

    id              for example ``california-follow-up``
    title           what it is about, in words
    jurisdiction    name of its file, for example ``california``
    service         the service it covers
    providers       whose appointments it is about, "" where it is about all
    urgency         ``routine``, ``urgent``, ``emergency`` or ``any``
    population      whose wait it is about, "" for everybody who asks for care
    clock           what starts the clock
    limit, unit     how long it may take
    measure         the measure it judges, "" for none Careload has
    event           what stops the clock: the appointment ``offered`` or ``attended``
    citation        where the rule stands
    marks           ``limit``, ``share``, ``date``, ``event`` to R, S, C or M
    calendar        which days are business days
    calendar_note   the assumption behind that calendar, with its mark
    required_share  share of cases within the limit, None where the text names none
    exceptions      ``clinician_approved``: a longer wait the clinician approved is within the rule
    status          ``binding``, ``proposed`` (not in force), ``goal`` (of an accreditor), ``trigger``
                    (of a right to other care), ``rate`` (published, no target)
    in_force_from   first day, None when not found
    in_force_to     last day, None while in force
    in_force        the same in the words of the source
    time_zone       zone the hours run in, "" where the jurisdiction has several
    note            what a reader must know beside it
    """

    id: str
    title: str
    jurisdiction: str
    service: str
    urgency: Urgency
    population: str
    clock: Clock
    limit: int
    unit: Unit
    measure: str
    event: Event
    citation: str
    marks: Mapping[str, str] = field(hash=False)
    calendar: BusinessCalendar = WEEKENDS_ONLY
    calendar_note: str = ""
    required_share: float | None = None
    exceptions: tuple[str, ...] = ()
    status: Status = "binding"
    in_force_from: date | None = None
    in_force_to: date | None = None
    in_force: str = ""
    time_zone: str = ""
    providers: str = ""
    note: str = ""

    def deadline(self, day: date) -> date:
        """The last day in time for a clock that starts on `day`; a UsageError for limits in hours.

        Days are counted from the day after `day`. A calendar day or week is not
        moved when it ends on a closed day (M: none of the texts was seen to say so).
        """
        if self.unit == "business_days":
            return self.calendar.add(day, self.limit)
        if self.unit == "hours":
            raise UsageError(
                f"{self.id} is limited in hours, not in days.",
                "a moment with its time of day",
                "Use deadline_at, and records that carry times.",
            )
        return day + timedelta(days=self.limit * (7 if self.unit == "weeks" else 1))

    def deadline_at(self, moment: datetime, time_zone: str = "") -> datetime:
        """The last moment in time of a limit in hours: wall-clock time in, wall-clock time out.

        Hours pass through the change of the clocks: 48 hours after noon on the day before
        summer time is 13:00. A time that comes twice in autumn is read as the first.

        moment     wall-clock time without a zone
        time_zone  IANA name of the site's zone; the standard's own where it has one
        """
        if self.unit != "hours":
            raise UsageError(
                f"{self.id} is limited in {self.unit.replace('_', ' ')}, not in hours.",
                "a day",
                "Use deadline.",
            )
        zone = ZoneInfo(self.zone(time_zone))
        end = moment.replace(tzinfo=zone).astimezone(UTC) + timedelta(hours=self.limit)
        return end.astimezone(zone).replace(tzinfo=None)

    def zone(self, time_zone: str = "") -> str:
        """The zone hours are counted in: `time_zone`, else the standard's own."""
        chosen = time_zone or self.time_zone
        if not chosen:
            raise UsageError(
                f"{self.id} counts hours and {self.jurisdiction} has more than one time zone.",
                "the time zone of the site",
                'Give it in the mapping file: time_zone = "America/Chicago".',
            )
        return chosen

    def period(self, first: date, last: date) -> tuple[date, date] | None:
        """The part of `first` to `last` in which the rule was in force; None when there is none.

        A rule whose dates were not found is taken to be in force.
        """
        start = max(first, self.in_force_from or first)
        end = min(last, self.in_force_to or last)
        return (start, end) if start <= end and self.status != "proposed" else None

    @property
    def limit_words(self) -> str:
        """For example ``10 business days``; a limit of nothing is ``0 hours (at once)``."""
        unit = self.unit.replace("_", " ")
        at_once = "" if self.limit else " (at once)"
        return f"{self.limit} {unit if self.limit != 1 else unit[:-1]}{at_once}"

    @property
    def about(self) -> str:
        """Whom the rule is about, as a sentence; "" where it is about everyone."""
        providers = f"appointments with {self.providers}" if self.providers else ""
        whom = " and ".join(part for part in (self.population, providers) if part)
        return f"The rule is about {whom}: the records do not tell them from others." if whom else ""

    @property
    def mark(self) -> str:
        """The weaker of the marks of its limit and its share."""
        return max((self.marks[part] for part in ("limit", "share") if part in self.marks), key=MARKS.index)


@lru_cache(maxsize=1)
def load_standards() -> dict[str, Standard]:
    """Every rule Careload knows, by id."""
    from careload.measure.standard_files import read_standards

    files = sorted(FOLDER.glob("*.toml"))
    return {standard.id: standard for file in files for standard in read_standards(file)}


def standards_named(name: str) -> tuple[Standard, ...]:
    """The rules of a jurisdiction, one rule by its id, or those of a TOML file of your own.

    name  ``california``, ``california-follow-up``, or a path ending in ``.toml``

    Raises UsageError for a name nobody knows, SettingsError for a file that does not hold together.
    """
    if name.endswith(".toml"):
        from careload.measure.standard_files import read_standards

        return read_standards(Path(name))
    known = load_standards()
    word = name.strip().lower().replace("_", "-").replace(" ", "-")
    if word in known:
        return (known[word],)
    found = tuple(standard for standard in known.values() if standard.jurisdiction == word)
    if not found:
        jurisdictions = {standard.jurisdiction for standard in known.values()}
        expected = f"a jurisdiction ({', '.join(sorted(jurisdictions))}), the id of a rule, or a .toml file"
        raise UsageError(f"There is no standard {name!r}.", expected, _remedy(word, jurisdictions, known))
    return found


def _remedy(word: str, jurisdictions: set[str], known: Mapping[str, Standard]) -> str:
    """The nearest name; where none is near, the jurisdictions alone."""
    if "," in word:
        return "Name one at a time."
    return did_you_mean(word, {*jurisdictions, *known}) or nearest(word, jurisdictions)
