"""Reads the report's page as a reader would: tables by caption, ids, the text of an element."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}


@dataclass
class Page(HTMLParser):
    """Tables by caption (rows of cell texts), every tag seen, every attribute, all visible text."""

    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._caption = ""

    @staticmethod
    def of(text: str) -> Page:
        """The page parsed."""
        page = Page()
        page.feed(text)
        page.close()
        return page

    @property
    def text(self) -> str:
        """All text outside the style, with one space between pieces."""
        return " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)
        if tag == "caption":
            self._caption = ""
        if tag == "tr":
            self.tables.setdefault(self._caption, []).append([])
        if tag in ("td", "th"):
            self.tables[self._caption][-1].append("")
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append((int(tag[1]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.texts.append(data)
        if "caption" in self._open:
            self._caption += data
        elif "td" in self._open or "th" in self._open:
            self.tables[self._caption][-1][-1] += data
        if self._open and self._open[-1] in ("h1", "h2", "h3", "h4"):
            level, before = self.headings[-1]
            self.headings[-1] = (level, before + data)


def number_in(text: str) -> float:
    """The first number in a cell: "1,024 days" is 1024."""
    digits = "".join(c for c in text.replace("\N{NO-BREAK SPACE}", " ").split(" ")[0] if c in "0123456789.-")
    return float(digits)
