"""Writes docs/records.md from the canonical tables in src/careload/clinic/tables.py.

    python scripts/records_page.py
"""

from __future__ import annotations

from pathlib import Path

from careload.clinic import TABLES, Column, Table

PAGE = Path(__file__).parents[1] / "docs" / "records.md"

HEAD = """\
# Records: the tables Careload works on

This page is made by `python scripts/records_page.py` from `src/careload/clinic/tables.py`.

Only `appointments` is required, and of it only the columns marked **required**. Each further table or column
allows further [measures](measures.md); what a measure lacks is said with it. Columns with other names are
brought into shape by a [mapping](mapping.md).

- A row without a usable required column is set aside and listed with its reason. Any other cell that cannot
  be understood becomes empty and is reported. Nothing is guessed silently.
- Rows with the same **key** are duplicates: one is kept. Tables without a key are compared on all columns.
- Times are local wall-clock times of the site. Ids are any text and are never printed.
"""

KINDS = {
    "id": "id", "text": "text", "choice": "one of", "timestamp": "date and time", "date": "date",
    "int": "whole number", "float": "number", "bool": "true or false",
}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_section(table) for table in TABLES.values())])


def _section(table: Table) -> str:
    key = f"Key: {', '.join(f'`{name}`' for name in table.key)}." if table.key else "No key."
    rows = [_row(column, column.name in table.required) for column in table.columns]
    head = [f"## {table.name}", "", f"{table.meaning} {key}", "", "| column | kind | what |", "|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def _row(column: Column, required: bool) -> str:
    name = f"`{column.name}`" + (" **required**" if required else "")
    return f"| {name} | {_kind(column)} | {column.meaning} |"


def _kind(column: Column) -> str:
    if column.choices:
        return "one of " + ", ".join(f"`{word}`" for word in column.choices)
    parts = [KINDS[column.kind], column.unit, _range(column)]
    return ", ".join(part for part in parts if part)


def _range(column: Column) -> str:
    if column.lowest is None and column.highest is None:
        return ""
    if column.highest is None:
        return f"from {column.lowest:g}"
    return f"{column.lowest or 0:g} to {column.highest:g}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
