"""Writes docs/service.md from the parameters in src/careload/clinic/parameters/.

    python scripts/service_page.py
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from careload.clinic import Parameter, Section, registry

PAGE = Path(__file__).parents[1] / "docs" / "service.md"

HEAD = """\
# A service as a file

This page is made by `python scripts/service_page.py` from `src/careload/clinic/parameters/`.

A service is described by one TOML file: its sites, professions, need groups and teams, and the rules by
which it books, hires and closes. Read in Python:

```python
from careload.clinic import read_service

service = read_service("examples/services/solo.toml")
print(service["need"]["adults"]["visits_needed"], service["policy"]["overbooking"])
print(service.changed({"policy.overbooking": 0.1})["policy"]["overbooking"])
```

What a file does not say has the default below. A default marked *assumed* is nobody's finding: look at
it before you believe an answer. Everything that is wrong with a file is told at once, each with its line,
what was expected, and what to do. [`careload simulate`](commands.md#careload-simulate) runs it.

| mark | where a default comes from |
|---|---|
| read | read in the source |
| second-hand | read in another source that names it |
| computed | computed from what was read |
| assumed | chosen, with a wide range |
"""

COLUMNS = ("parameter", "meaning", "unit", "range", "default", "mark", "source", "who may change it")


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_about(section) for section in registry().values())])


def _about(section: Section) -> str:
    place = f"[{section.name}.NAME]" if section.many else f"[{section.name}]"
    several = ", one table for each" if section.many else ""
    rows = [_row(_cells(each)) for each in section.parameters.values()]
    head = [f"## {section.title}", "", f"`{place}`{several}", "", _row(COLUMNS), _row("---" for _ in COLUMNS)]
    return "\n".join([*head, *rows, ""])


def _cells(parameter: Parameter) -> list[str]:
    between = "" if parameter.low is None else f"{_plain(parameter.low)} to {_plain(parameter.high)}"
    between += f"; at most {parameter.most} numbers" if parameter.most else ""
    return [
        f"`{parameter.name}`", parameter.meaning, parameter.unit, between, _default(parameter.default),
        parameter.mark, parameter.source, parameter.who,
    ]


def _plain(number: float | None) -> str:
    """All digits, thousands apart: 10,000,000 and never 1e+07."""
    return f"{number:,.10g}"


def _default(value: object) -> str:
    if value is None:
        return "must be given"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(f"{each:g}" for each in value) or "none"
    if isinstance(value, int | float):
        return _plain(value)
    return "none" if value in ("", {}) else str(value)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
