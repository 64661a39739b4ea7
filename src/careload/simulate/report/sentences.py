"""The plain sentences: what patients get, what clinicians carry, what each change does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careload.clinic import Estimate, plural, registry
from careload.page import NBSP, sentence
from careload.simulate import differences, words
from careload.simulate.changes import Change
from careload.simulate.report.shown import Shown, share_in_time
from careload.simulate.versus import Difference, Waterfall

MAIN = (
    ("return_interval", "median"),
    ("return_interval", "p90"),
    ("return_interval", "seen_by_14"),
    ("intake_wait", "median"),
    ("intake_wait", "seen_by_14"),
    ("overdue", "mean"),
    ("visits_per_week", "mean"),
    ("no_show", "share"),
    ("discharged", "rate"),
    ("dropouts", "rate"),
    ("crises", "rate"),
    ("ed_visits", "rate"),
    ("admissions", "rate"),
    ("remission_untreated", "rate"),
    ("overload", "ratio"),
    ("unpaid_hours", "mean"),
    ("caseload", "mean"),
    ("exhaustion", "mean"),
    ("leaver_rate", "rate"),
    ("vacancy_rate", "share"),
    ("patients_handed_over", "rate"),
)
"""The main figures, whose differences are told in sentences."""
FEW = 3
"""Up to so many parameters that are changed together are named."""


def what_patients_get(seen: Shown) -> str:
    """One sentence about the wait for the next visit."""
    medians = seen.all("return_interval", "median")
    if not medians or not seen.waits:
        return "Nobody was to be seen again in the time counted."
    if len(seen.founds) == 2 and len(medians) == 2:
        return f"{_becomes(medians)}{_median_difference(seen)}."
    if medians[0].value is None:
        return f"Of those who wait for a next visit, half are not seen again{_within(seen)}."
    return (
        f"Of those who wait for a next visit, half are seen within {words.figure(medians[0])} "
        f"({words.sure(medians[0])}){_within(seen)}."
    )


def _becomes(medians: list[Estimate]) -> str:
    here, there = medians
    if here.value is None and there.value is None:
        return "In both services half of those who wait for a next visit are not seen again"
    if here.value is None or there.value is None:
        whole = words.with_interval(there if here.value is None else here)
        way = "not reached before, becomes" if here.value is None else f"{whole} before, becomes"
        return f"The median wait for the next visit, {way} {whole if here.value is None else 'not reached'}"
    decimals = words.shared_places(medians)
    return (
        "Of those who wait for a next visit, half are seen within "
        f"{words.with_interval(there, decimals=decimals)}, "
        f"instead of {words.with_interval(here, unit=False, decimals=decimals)}"
    )


def _median_difference(seen: Shown) -> str:
    found = seen.difference("return_interval", "median")
    known = None if found is None else words.scaled(found.difference)
    return "" if found is None or known is None or known.value is None else f": {_told(found)}"


def _told(difference: Difference) -> str:
    return differences.change_in_words(difference.difference)


def _within(seen: Shown) -> str:
    for rule in seen.rules[:1]:
        share = words.with_interval(share_in_time(seen.waits[0], rule))
        return f"; {share} are seen within the legal limit of {rule.words}"
    shares = seen.all("return_interval", "seen_by_14")
    return f"; {words.with_interval(shares[0])} are seen within 14 days" if shares else ""


def what_clinicians_carry(seen: Shown) -> str:
    """One sentence about work due and leaving."""
    loads, leaving = seen.all("overload", "ratio"), seen.all("leaver_rate", "rate")
    clauses = []
    if loads:
        load, *before = _bare(loads)
        clauses.append(f"clinicians carry {load} hours of work for every hour paid{_instead(before)}")
    if leaving:
        left, *before = _bare(leaving)
        value, _, ends = left.partition(" ")
        clauses.append(f"in a year {value} of 100 posts lose their holder {ends}{_instead(before)}")
    return sentence("; ".join(clauses)) + "." if clauses else "No clinician worked in the time counted."


def _bare(several: list[Estimate]) -> list[str]:
    """Values with their intervals, the one told first last of the services, all with the same decimals."""
    decimals = words.shared_places(several)
    return [words.with_interval(each, unit=False, decimals=decimals) for each in reversed(several)]


def _instead(before: list[str]) -> str:
    return "".join(f", instead of {each}" for each in before)


def differences_told(seen: Shown) -> dict[str, list[str]]:
    """A sentence for each main difference: those for the better, the worse, neither, and not told apart."""
    found: dict[str, list[str]] = {"better": [], "worse": [], "different": [], "same": []}
    for measure, statistic in MAIN:
        difference = seen.difference(measure, statistic)
        if difference is not None:
            found[_kind(difference)].append(differences.difference_in_words(difference))
    return found


def _kind(difference: Difference) -> str:
    if not differences.differs(difference.difference):
        return "same"
    more = words.more_is_better(difference.here.measure, difference.here.statistic)
    if more is None:
        return "different"
    return "better" if more == ((difference.difference.value or 0.0) > 0) else "worse"


def change_in_words(change: Change) -> str:
    """A change as "posts of north psychologists from 5 to 7"."""
    place = _place(change.key)
    if isinstance(change.before, Mapping) or isinstance(change.after, Mapping):
        keys = {*(change.before or {}), *(change.after or {})}
        if not change.key.endswith("*"):
            return f"{_in_tables(change.key, keys)}{_alike(change)}"
        if None not in (change.before, change.after) and (few := _few_parameters(change.key, keys)):
            return few
        return f"{place} ({len(keys)} values together)" if len(keys) > 1 else f"{place} (1 value)"
    unit = _unit(change.key, place)
    if change.before is None:
        return f"{place} new, {value_in_words(change.after)}{unit}"
    if change.after is None:
        return f"{place} no longer"
    return f"{place} from {value_in_words(change.before)} to {value_in_words(change.after)}{unit}"


def _alike(change: Change) -> str:
    """From what to what, where one parameter is changed alike in several tables."""
    ends = (change.before, change.after)
    before, after = ({value_in_words(value) for value in each.values()} for each in ends)
    return f" from {before.pop()} to {after.pop()}" if len(before) == len(after) == 1 else ""


def _few_parameters(key: str, keys: set[str]) -> str:
    """Up to `FEW` parameters that are changed together, by name; "" where there are more."""
    section, _, table = key.removesuffix("*").strip(".").partition(".")
    known = registry()[section].parameters if section in registry() else {}
    names = {each.rpartition(".")[2] for each in keys}
    if not 0 < len(names & set(known)) == len(names) <= FEW:
        return ""
    number = len({each.rpartition(".")[0] for each in keys})
    whose = table.replace("_", " ") or (
        f"{number} {plural(number, f'{section}s')}" if registry()[section].many else "")
    told = ", ".join(name.replace("_", " ") for name in known if name in names)
    return f"{told}{f' of {whose}' if whose else ''}, together"


def _in_tables(key: str, keys: set[str]) -> str:
    """A parameter that is changed in several tables: "return slots of 6 teams"."""
    section, _, name = key.split(".")
    number = len({each.split(".")[1] for each in keys})
    return f"{name.replace('_', ' ')} of {number} {plural(number, f'{section}s')}"


def _place(key: str) -> str:
    """A dotted place in words: "protected intake", "arrivals per week of anxiety at North"."""
    section, *rest = key.split(".")
    if section not in registry() or not rest:
        return "everything that differs"
    known = registry()[section]
    names = [*known.parameters, "*"]
    at = next((i for i, part in enumerate(rest) if part in names), len(rest) - 1)
    whose = ".".join(rest[:at]).replace("_", " ")
    site = ".".join(rest[at + 1 :])
    if rest[at] == "*":
        return f"all of {whose or known.title.lower()}"
    name = rest[at].replace("_", " ")
    return f"{name}{f' of {whose}' if whose else ''}{f' at {site}' if site else ''}"


def _unit(key: str, place: str) -> str:
    section, *rest = key.split(".")
    parameters = registry()[section].parameters if section in registry() else {}
    found = next((parameters[part] for part in rest if part in parameters), None)
    if found is None or found.kind in ("switch", "name", "names", "text", "day", "days"):
        return ""
    return "" if place.startswith(found.unit) else f"{NBSP}{found.unit}"


def value_in_words(value: Any) -> str:
    """A value of a service as a person writes it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return f"{value:,.6g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {value_in_words(each)}" for name, each in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(value_in_words(each) for each in value) or "none"
    return str(value) or "none"


def largest_share(waterfall: Waterfall) -> str:
    """Which change makes most of a difference, where there are several."""
    known = [share for share in waterfall.shares if share.difference.value is not None]
    if len(known) < 2:
        return ""
    most = max(known, key=lambda share: abs(share.difference.value or 0.0))
    part = differences.signed_with_interval(most.difference, differences.places_of_all(waterfall))
    return f" The largest part is made by {change_in_words(most.change)}: {part}."
