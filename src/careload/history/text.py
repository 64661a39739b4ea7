"""Delimited text: which encoding, which delimiter, which header."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 20  # bytes read at once
SAMPLE_LINES = 50
START = 4096  # bytes, to tell text from other files
MOST_CONTROL = 0.02  # of them; a stray one happens in text
USUAL_DELIMITERS = ",;\t|"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A cell that no header holds: a number, a date, a time, an e-mail address.
DATA_LIKE = re.compile(r"\s*[-+]?[\d.,/:\-T ]*\d[\d.,/:\-TZ ]*|.*@.*\..*")


@dataclass(frozen=True)
class Header:
    """The first line of a delimited file.

    delimiter  one character
    columns    names as they stand, made unique; ``column_3`` where there is none
    repeated   how many names stood there twice (letter case apart)
    is_data    the line looks like a row of data, so its cells must never be shown
    """

    delimiter: str
    columns: tuple[str, ...]
    repeated: int
    is_data: bool


def encoding_of(path: Path) -> str:
    """Name of the encoding of a text file: by its mark, else UTF-8 if it reads as such, else cp1252.

    utf-8-sig, utf-16 and utf-32 by their marks; UTF-16 without a mark by its zero bytes.
    """
    with path.open("rb") as file:
        start = file.read(CHUNK)
        for mark, name in BYTE_ORDER_MARKS:
            if start.startswith(mark):
                return name
        if start and start[1::2].count(0) > len(start) // 4:
            return "utf-16-le"
        if start and start[0::2].count(0) > len(start) // 4:
            return "utf-16-be"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while start:
                decoder.decode(start)
                start = file.read(CHUNK)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def to_utf8(path: Path, encoding: str, target: Path) -> Path:
    """`path` itself when it is UTF-8 already, else `target`, a UTF-8 copy of it."""
    if encoding in ("utf-8", "utf-8-sig"):
        return path
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as copy:
        while chunk := source.read(CHUNK):
            copy.write(decoder.decode(chunk))
        copy.write(decoder.decode(b"", final=True))
    return target


def is_text(path: Path) -> bool:
    """Whether a UTF-8 file starts like text: next to no control characters."""
    with path.open("rb") as file:
        start = file.read(START).decode("utf-8-sig", "replace")
    odd = [each for each in start if each not in "\t\r\n" and unicodedata.category(each) == "Cc"]
    return len(odd) <= MOST_CONTROL * len(start)


def header_of(path: Path) -> Header | None:
    """Delimiter and column names of a UTF-8 file; None when nothing is in it."""
    with path.open("rb") as file:
        text = file.read(CHUNK).decode("utf-8-sig", "replace")
    lines = [line for line in text.splitlines() if line.strip()][:SAMPLE_LINES]
    if not lines:
        return None
    delimiter = delimiter_of(lines)
    cells = next(csv.reader(text.lstrip().splitlines(keepends=True), delimiter=delimiter))
    columns, repeated = unique_names(cells)
    return Header(delimiter, columns, repeated, any(DATA_LIKE.fullmatch(cell) for cell in cells))


def delimiter_of(lines: list[str]) -> str:
    """The character that cuts the header and the lines after it into equally many fields, at least two."""
    unusual = set(re.sub(r"\"[^\"]*\"|[\w\s.\"'/()#%?:-]", "", lines[0]))
    candidates = [*USUAL_DELIMITERS, *sorted(unusual - set(USUAL_DELIMITERS)), ":"]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        width = len(next(csv.reader(lines[:1], delimiter=delimiter)))
        return (widths[width], width) if width > 1 else (0, 0)

    best = max(candidates, key=agreement)
    return best if agreement(best) > (0, 0) else ","


def unique_names(cells: list[str]) -> tuple[tuple[str, ...], int]:
    """Header cells as column names, no two alike even in another letter case, and how many were repeated."""
    names: list[str] = []
    taken = {"_row"}
    repeated = 0
    for place, cell in enumerate(cells, start=1):
        name = cell.strip().replace("\x00", "") or f"column_{place}"
        again = 2
        while name.lower() in taken:
            repeated += again == 2 and name.lower() != "_row"
            name, again = f"{cell.strip() or f'column_{place}'}_{again}", again + 1
        taken.add(name.lower())
        names.append(name)
    return tuple(names), repeated
