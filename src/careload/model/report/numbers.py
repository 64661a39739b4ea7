"""Every parameter by section of the service file, and the table of those that rest on assumptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from careload.clinic import plural, registry
from careload.model.assembled import keys_of
from careload.model.belief import ORIGINS, WORDS, Belief, Determined
from careload.model.prior import parameter_at, pattern_of
from careload.model.report.figures import range_of, told
from careload.model.report.otherwise import address, others
from careload.page import NBSP, Cell, Column, DataTable, sentence

ORDER: tuple[Determined, ...] = ("well", "roughly", "weakly", "not identified", "given")
SHORT: dict[Determined, str] = {
    "well": "well", "roughly": "roughly", "weakly": "hardly", "not identified": "assumed", "given": "given",
}
"""On a label beside the value; the words of `WORDS` stand below it."""


@dataclass(frozen=True)
class Number:
    """One parameter as the page tells it.

    address     of its place on the page
    name, of    its name, and the site where it is of one
    meaning     from the registry
    value, unit, interval  in words; the interval "" where there can be none
    kind, word  how well the records determine it: for the style, and on a label
    facts       term and text: how it is known, what was counted, formula, note, source, who may change it
    """

    address: str
    name: str
    meaning: str
    value: str
    unit: str
    interval: str
    kind: str
    word: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Group:
    """The parameters of one table of a service file, such as ``[need.anxiety]``."""

    title: str
    summary: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Part:
    """One section of a service file with its tables."""

    key: str
    title: str
    summary: str
    groups: tuple[Group, ...]


def parts_of(beliefs: Sequence[Belief]) -> tuple[Part, ...]:
    """All beliefs, by section and table of the service file."""
    order = list(registry())
    ordered = sorted(beliefs, key=lambda each: order.index(keys_of(each.place)[0]))
    by_section = groupby(ordered, key=lambda each: keys_of(each.place)[0])
    return tuple(_part(section, list(own)) for section, own in by_section)


def _part(section: str, beliefs: Sequence[Belief]) -> Part:
    tables: dict[str, list[Belief]] = {}
    for belief in beliefs:
        keys = keys_of(belief.place)
        tables.setdefault(keys[1] if registry()[section].many else "", []).append(belief)
    groups = tuple(Group(name, _summary(own), tuple(map(number_of, own))) for name, own in tables.items())
    return Part(section, registry()[section].title, _summary(beliefs), groups)


def _summary(beliefs: Sequence[Belief]) -> str:
    resting = sum(each.determined == "not identified" for each in beliefs)
    rests = f", {resting:,} {'rests' if resting == 1 else 'rest'} on assumptions" if resting else ""
    return f"{len(beliefs):,} {plural(len(beliefs), 'values')}{rests}"


def number_of(belief: Belief) -> Number:
    """One parameter as the page tells it."""
    parameter = parameter_at(belief.place)
    return Number(
        address(belief.place), name_of(belief), parameter.meaning, told(belief.value),
        belief.unit or parameter.unit, range_of(belief), belief.determined.replace(" ", "-"),
        SHORT[belief.determined], tuple(_facts(belief)),
    )


def name_of(belief: Belief) -> str:
    """The parameter in words, and the site where it is of one."""
    keys = keys_of(belief.place)
    site = f", {keys[3]}" if len(keys) > 3 else ""
    return f"{parameter_at(belief.place).name.replace('_', ' ')}{site}"


def _facts(belief: Belief) -> list[tuple[str, str]]:
    """What is known beside the value; lines of nothing are left out."""
    how = WORDS[belief.determined] if belief.determined == "given" else (
        f"{ORIGINS[belief.origin]}; {WORDS[belief.determined]}")
    facts = (
        ("Known", sentence(how)), ("Counted", belief.counted), ("Formula", belief.formula),
        ("Note", belief.note), ("Source", source_of(belief)),
        *(("Says otherwise", others(each)) for each in belief.otherwise),
        ("May change it", parameter_at(belief.place).who), ("In the file", belief.place),
    )
    return [fact for fact in facts if fact[1]]


def source_of(belief: Belief) -> str:
    """The source with its mark; "" for what is from the records."""
    return " ".join(each for each in (belief.source, f"({belief.mark})" * bool(belief.mark)) if each)


def resting_table(resting: Sequence[Belief], beliefs: Sequence[Belief]) -> DataTable:
    """Numbers that rest on assumptions; those that are alike in several tables in one row.

    beliefs  all, to say whether a row is of every table
    """
    alike: dict[tuple[str, ...], list[Belief]] = {}
    for each in sorted(resting, key=lambda each: _order(each.place)):
        same = (pattern_of(each.place), told(each.value), source_of(each), each.note)
        alike.setdefault(same, []).append(each)
    everywhere = Counter(pattern_of(each.place) for each in beliefs)
    columns = (Column("parameter"), Column("of"), Column("value"), Column(f"90{NBSP}% interval"),
               Column("where it comes from"), Column("what would settle it"))
    rows = tuple(_resting_row(own, everywhere) for own in alike.values())
    return DataTable("Numbers that rest on assumptions", columns, rows, TOGETHER)


MOST_NAMES = 4
SETTLES = "What would settle it:"
TOGETHER = (
    "Numbers that are alike in several tables stand in one row; its interval holds those of all of them. "
    "Those of each stand below."
)


def _order(place: str) -> tuple[int, int]:
    """Of the registry: section, then parameter."""
    parameter = parameter_at(place)
    section = registry()[parameter.section]
    return list(registry()).index(section.name), list(section.parameters).index(parameter.name)


def _resting_row(own: Sequence[Belief], everywhere: Mapping[str, int]) -> tuple[Cell, ...]:
    first = own[0]
    parameter, settles = parameter_at(first.place), first.note.partition(SETTLES)[2].strip() or first.note
    whole = replace(first, low=_furthest(min, [each.low for each in own]),
                    high=_furthest(max, [each.high for each in own]))
    return (
        Cell(parameter.name.replace("_", " "), f"#{address(first.place)}"),
        Cell(_tables(own, everywhere[pattern_of(first.place)])),
        Cell(f"{told(first.value)} {first.unit or parameter.unit}"), Cell(range_of(whole)),
        Cell(source_of(first) or ORIGINS[first.origin]), Cell(sentence(settles) or "not listed"),
    )


def _furthest(which: Callable[[list[float]], float], ends: Sequence[float | None]) -> float | None:
    known = [end for end in ends if end is not None]
    return which(known) if len(known) == len(ends) else None


def _tables(own: Sequence[Belief], whole: int) -> str:
    """Of which tables a row is: their names, or how many where they are many; "" where there is one only."""
    section = registry()[parameter_at(own[0].place).section]
    if not section.many:
        return ""
    if 2 < len(own) == whole:
        return f"all {section.title.lower()}s"
    if len(own) > MOST_NAMES:
        return f"{len(own)} of {whole} {section.title.lower()}s"
    keys = [keys_of(each.place) for each in own]
    return "; ".join(", ".join([each[1], *each[3:]]) for each in keys)


def words_table(beliefs: Sequence[Belief]) -> DataTable:
    """How well the records determine the numbers: of each word, how many."""
    numbers = [each for each in beliefs if each.is_number]
    rows = []
    for word in ORDER:
        many = sum(each.determined == word for each in numbers)
        if many:
            rows.append((Cell(SHORT[word]), Cell(sentence(WORDS[word])), Cell(f"{many:,}")))
    columns = (Column("label"), Column("what it says"), Column("numbers", True))
    return DataTable("How well the records determine the numbers", columns, tuple(rows), NO_NUMBERS)


NO_NUMBERS = "Switches, names, dates and laws, which are no single numbers, are counted below but not here."
