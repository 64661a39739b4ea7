"""Writes docs/pictures/example.svg, the picture of the README, from the bundled example.

    python scripts/pictures.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import careload
from careload.measure.report import picture
from careload.simulate import write_example

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "example.svg"
ONLY = ("return_interval", "return_within_standard", "overload")


def drawn() -> str:
    """The picture as SVG; the example is the same on every machine, and so is the picture."""
    with tempfile.TemporaryDirectory() as folder:
        write_example(folder)
        found = careload.measure(
            careload.read(folder), standard="california", by=("site", "profession"), only=ONLY,
        )
    return picture(found, careload.definitions())


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn(), encoding="utf-8")
