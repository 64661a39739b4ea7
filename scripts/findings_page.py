"""Writes docs/findings.md from the catalogue in src/careload/history/findings.toml.

    python scripts/findings_page.py
"""

from __future__ import annotations

import re
from pathlib import Path

from careload.history.findings import Entry, catalogue, in_number

PAGE = Path(__file__).parents[1] / "docs" / "findings.md"

HEAD = """\
# Findings: what may be noticed in records

This page is made by `python scripts/findings_page.py` from `src/careload/history/findings.toml`.

`careload check RECORDS` collects all findings and shows them together. No finding holds a cell of a patient:
it says how many rows are concerned and where the first one stands. Rows are numbered from 1, the line of
column names and empty lines not counted.

| severity | meaning |
|---|---|
| error | rows are set aside, or a cell is read as empty |
| warning | the numbers stand but may mislead |
| note | worth knowing |

Rows in = accepted + set aside + duplicates, always. A row is set aside only when a column that its table
cannot do without is unusable, or when the line cannot be cut into cells; every other faulty cell is read as
empty and its row kept. `careload check RECORDS --set-aside FILE` writes where each row set aside stands, with
the code that is explained here.
"""


def page() -> str:
    """The whole page."""
    entries = list(catalogue().values())
    index = [f"- [{entry.code}](#{entry.code}): {entry.severity}" for entry in entries]
    return "\n".join([HEAD, *index, "", *(_about(entry) for entry in entries)])


def _about(entry: Entry) -> str:
    return (
        f"## {entry.code}\n\n*{entry.severity}*\n\n{entry.why}\n\n"
        f"- Found: {_plain(entry.found)}\n- Expected: {_plain(entry.expected)}\n"
        f"- What to do: {_plain(entry.remedy)}\n"
    )


def _plain(text: str) -> str:
    """The words of the catalogue with its places as a reader would see them."""
    text = in_number(text, 37).replace("{rows}", "37 rows")
    text = text.replace("{first}", " (first: row 1,204 of the file)")
    text = re.sub(r"(?<!\{)\{(words|columns|names|nearest)\} ?", "", text)
    text = re.sub(r"(?<!\{)\{(\w+)\}", r"*\1*", text)
    return text.replace("{{", "{").replace("}}", "}").strip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
