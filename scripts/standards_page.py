"""Writes docs/standards.md from the rules in src/careload/measure/standards/*.toml.

    python scripts/standards_page.py
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from careload.measure.standards import FOLDER, Standard, standards_named
from careload.measure.verdicts import STATUS_WORDS

PAGE = Path(__file__).parents[1] / "docs" / "standards.md"

HEAD = """\
# Standards: the rules waits are held against

This page is made by `python scripts/standards_page.py` from the files in `src/careload/measure/standards/`.

Each rule is data: what starts the clock, how long it may take, which share must be in time, since when, and
where that stands. A mark says how sure we are of each part:

| mark | meaning |
|---|---|
| R | read in the source itself |
| S | read in a secondary source |
| C | computed |
| M | from memory and not verified; never the ground of a verdict |

A verdict is `meets`, `misses` or `cannot be said`, with rule, clock and share beside it. A rule
whose text names no share is read as it stands: it holds for each wait. It cannot be said
where the limit or the share is from memory, where the rule was not in force,
or where the rule speaks of the appointment **offered** and the records only show those attended. Most of
the law was read in digests: have counsel check before a verdict is used.

Days are counted from the day after the clock starts. Business days leave out weekends and public holidays;
calendar days and weeks are not moved when they end on a closed day (M). Hours are hours that really passed:
they run through the change of the clocks.

Use a jurisdiction (`--standard california`), one rule (`--standard california-follow-up`) or a file of your
own (`--standard ours.toml`, in the form of the files named above).
"""

COLUMNS = (
    "rule", "about", "clock", "limit", "stops at", "share", "exception", "in force", "status", "judges",
    "citation",
)


def page() -> str:
    """The whole page."""
    sections = [_section(file) for file in sorted(FOLDER.glob("*.toml"))]
    return "\n".join([HEAD, *sections])


def _section(file: Path) -> str:
    whole = tomllib.loads(file.read_text(encoding="utf-8"))
    rules = standards_named(str(file))
    lines = [f"## {whole['title']}", "", f"`--standard {whole['name']}`", ""]
    lines += [_row(COLUMNS), _row("---" for _ in COLUMNS)]
    lines += [_row(_cells(rule)) for rule in rules]
    notes = [f"- `{rule.id}`: {_note(rule)}" for rule in rules if _note(rule)]
    if any(rule.unit == "business_days" for rule in rules):
        notes.append(f"- Business days leave out {rules[0].calendar}. {rules[0].calendar_note}")
    if "note" in whole:
        notes.append(f"- {whole['note']}")
    return "\n".join([*lines, "", *notes, ""] if notes else [*lines, ""])


def _note(rule: Standard) -> str:
    return f"{rule.about if rule.providers else ''} {rule.note}".strip()


def _cells(rule: Standard) -> list[str]:
    share = "none" if rule.required_share is None else f"{100 * rule.required_share:g} %"
    return [
        f"`{rule.id}`",
        f"{rule.title} ({rule.population})" if rule.population else rule.title,
        rule.clock.replace("_", " "),
        _marked(rule, "limit", rule.limit_words),
        _marked(rule, "event", rule.event),
        _marked(rule, "share", share),
        ", ".join(rule.exceptions).replace("_", " ") or "none",
        _marked(rule, "date", rule.in_force or "not found"),
        "binding" if rule.status == "binding" else f"{rule.status}: {STATUS_WORDS[rule.status]}",
        f"`{rule.measure}`" if rule.measure else "nothing here",
        rule.citation,
    ]


def _marked(rule: Standard, part: str, words: str) -> str:
    mark = rule.marks.get(part, "")
    return f"{words} ({mark})" if mark else words


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
