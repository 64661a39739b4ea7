"""The README's words about its picture are those of the picture."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_figures_told_stand_in_the_picture() -> None:
    (told,) = re.findall(r"!\[(.+?)\]\(docs/pictures/example\.svg\)", (ROOT / "README.md").read_text("utf-8"))
    drawn = " ".join(re.findall(r">([^<]+)<", (ROOT / "docs/pictures/example.svg").read_text("utf-8")))
    figures = re.findall(r"\d+(?:\.\d+)?(?: %)?", told)
    assert figures
    assert [figure for figure in figures if figure not in drawn] == []
