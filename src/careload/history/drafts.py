"""`careload map`: a mapping drafted by looking at names and values, with a line of doubt per guess."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from careload.clinic import TABLES, Table, UnreadableRecords
from careload.history.assemble import lacking
from careload.history.database import fetch, query_errors
from careload.history.draft_lines import Line, in_order, line_for, quoted
from careload.history.draft_unused import unused_lines
from careload.history.guess import LIKELY, guess_columns, plain, table_likeness
from careload.history.profile import MOST_WORDS, SAMPLE_ROWS, Profile, profile
from careload.history.read import open_source
from careload.history.recipe import Mapping as RecordsMapping
from careload.history.source import Raw

MOST_TABLES = 40
EQUITY = ("birth_year", "age", "language", "coverage", "need_group", "area")

HEAD = """# Draft of a mapping, made by `careload map` from the names of the columns and a sample of the rows
# (up to {rows:,} of each file). Every line is a guess; the doubt stands above it. Look at each,
# correct it, and take the doubt away. docs/mapping.md explains every key.
"""


@dataclass(frozen=True)
class _File:
    raw: Raw
    columns: Mapping[str, Profile]

    @property
    def name(self) -> str:
        return self.raw.origin if self.raw.origin and "[" not in self.raw.origin else self.raw.name


@dataclass(frozen=True)
class _Block:
    """One [table] of the draft: its file, its guesses, and the join that finds the patient."""

    table: Table
    file: _File
    guessed: Mapping[str, str]
    join: str = ""


def draft(source: str | os.PathLike[str]) -> str:
    """A mapping file for a file, folder or database, as TOML text.

    Raises what `read` raises for a source that cannot be opened.
    """
    opened = open_source(source, RecordsMapping())
    with query_errors(opened.label):
        if not opened.raws:
            raise UnreadableRecords(f"{opened.label} holds no table.", "a table to look at", "Name another.")
        if all(raw.table.limit(1).to_pyarrow().num_rows == 0 for raw in opened.raws.values()):
            raise UnreadableRecords(
                f"{opened.label} has column names and no row.", "at least one row to look at",
                "Export it again, and check the filter of the export.",
            )
        return draft_mapping(opened.raws)


def draft_mapping(raws: Mapping[str, Raw]) -> str:
    """A mapping file for `raws`, as TOML text; it holds words of status columns, and no other cell."""
    files = [_looked_at(raws[name]) for name in _worth_a_look(raws)]
    blocks = _blocks(files)
    parts = [HEAD.format(rows=SAMPLE_ROWS), *_source(blocks), *(_block(block) for block in blocks)]
    text = _joined(parts)
    # A table with its canonical name is read also where the mapping does not name it.
    made = {block.table.name for block in blocks}
    elsewhere = [table for name, table in TABLES.items() if name not in made]
    by_name = [file.name for file in files for table in elsewhere
               if file.raw.name == table.name and not lacking(table, file.columns)]
    almost = {file.name: lack for table in elsewhere for file in files
              if table_likeness(file.raw.name, table.name) >= LIKELY and (lack := _lack(file, table))}
    unused = unused_lines(text, {file.name: list(file.columns) for file in files}, by_name, almost)
    return _joined([text, "\n".join(unused)]) if unused else text


def _lack(file: _File, table: Table) -> str:
    """What a file with the name of a table lacks to be one; "" for nothing."""
    guessed = guess_columns(table, file.columns)
    missing = [name for name in table.required if name not in guessed]
    return f"looks like {table.name}, but no column of it like {', '.join(missing)}" if missing else ""


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _worth_a_look(raws: Mapping[str, Raw]) -> list[str]:
    """All tables of an extract; of a database with thousands those whose name says something."""
    names = list(raws)
    if len(names) > MOST_TABLES:
        names.sort(key=lambda name: -max(table_likeness(name, table) for table in TABLES))
    return names[:MOST_TABLES]


def _looked_at(raw: Raw) -> _File:
    sample = raw.table.limit(SAMPLE_ROWS).to_pyarrow()
    names = [name for name in sample.column_names if name != "_row"]
    columns = {name: profile(name, sample[name].to_pylist()) for name in names}
    return _File(raw, {name: _all_rows(raw.table, found) for name, found in columns.items()})


def _all_rows(table: ir.Table, found: Profile) -> Profile:
    """What only the whole column tells: its rarer words, and whether any date decides day against month."""
    if found.looks == "word":
        return _with_every_word(table, found)
    if found.order == "?" and table[found.name].type().is_string():
        return _with_order(table, found)
    return found


def _with_every_word(table: ir.Table, found: Profile) -> Profile:
    counted = table.group_by(word=table[found.name].cast("string").strip()).aggregate(times=table.count())
    first = counted.order_by(ibis.desc("times"), "word").limit(MOST_WORDS + 1).to_pyarrow()
    words = [word for word in first["word"].to_pylist() if word and word not in found.marks]
    return replace(found, words=tuple(words)) if len(words) <= MOST_WORDS else found


def _with_order(table: ir.Table, found: Profile) -> Profile:
    column = table[found.name].strip()
    day_first = column.re_search("^(1[3-9]|[23][0-9])[-/.]")
    month_first = column.re_search("^[0-9]{1,2}[-/.](1[3-9]|[23][0-9])[-/.]")
    counts = table.aggregate(dmy=table.count(where=day_first), mdy=table.count(where=month_first))
    seen = fetch(counts)[0]
    if bool(seen["dmy"]) == bool(seen["mdy"]):
        return found
    return replace(found, order="dmy" if seen["dmy"] else "mdy")


# Which file is which table


def _blocks(files: list[_File]) -> list[_Block]:
    appointments = TABLES["appointments"]
    main = max((_guessed(appointments, file) for file in files), key=_promise, default=None)
    if main is None:
        return []
    blocks = [_with_patient(main, files)]
    for table in list(TABLES.values())[1:]:
        others = [
            file for file in files
            if file.raw is not main.file.raw and table_likeness(file.raw.name, table.name) >= LIKELY
        ]
        made = max((_guessed(table, file) for file in others), key=_promise, default=None)
        if made and set(table.required) <= set(made.guessed):
            blocks.append(made)
    if not any(block.table.name == "patients" for block in blocks):
        blocks += _patients_of(main)
    return blocks


def _guessed(table: Table, file: _File) -> _Block:
    guessed = guess_columns(table, file.columns)
    if table.name == "appointments":
        guessed = _booked_before_start(guessed, file)
    return _Block(table, file, guessed)


def _promise(block: _Block) -> float:
    """How likely a file is the table: what it cannot do without counts most, then its name."""
    required = sum(name in block.guessed for name in block.table.required)
    like = {name: table_likeness(block.file.raw.name, name) for name in TABLES}
    own = like.pop(block.table.name)
    return required + 2 * (own - max(like.values())) + 0.05 * len(block.guessed)


def _booked_before_start(guessed: dict[str, str], file: _File) -> dict[str, str]:
    """Two dates whose names say little: the one that mostly comes first is the booking."""
    dates = [name for name, found in file.columns.items()
             if found.looks == "stamp" and name not in guessed.values()]
    if "starts_at" not in guessed and len(dates) == 1:
        guessed = {**guessed, "starts_at": dates[0]}
    if {"booked_at", "starts_at"} <= set(guessed):
        share = in_order(file.columns[guessed["booked_at"]], file.columns[guessed["starts_at"]])
        if share is not None and share < 0.5:
            return {**guessed, "booked_at": guessed["starts_at"], "starts_at": guessed["booked_at"]}
    return guessed


def _with_patient(block: _Block, files: list[_File]) -> _Block:
    """Where the patient stands in another file, the join that leads there."""
    if "patient" in block.guessed:
        return block
    for file in files:
        patient = guess_columns(TABLES["patients"], file.columns, only=("patient",)).get("patient")
        keys = [name for name in file.columns if name in block.file.columns and _is_key(name)]
        if file is not block.file and patient and keys:
            on = ", ".join(f"{quoted(key)} = {quoted(key)}" for key in keys)
            join = f"join = [{{ from = {quoted(file.name)}, on = {{ {on} }} }}]"
            own = replace(block.file, columns={**file.columns, **block.file.columns})
            return _Block(block.table, own, {**block.guessed, "patient": patient}, join)
    return block


def _is_key(name: str) -> bool:
    return bool({"id", "key", "code", "path", "nr", "number", "no"} & set(plain(name).split()))


def _patients_of(main: _Block) -> list[_Block]:
    """What the extract of appointments says about each patient."""
    guessed = guess_columns(TABLES["patients"], main.file.columns, only=("patient", *EQUITY))
    if main.join or "patient" not in guessed or len(guessed) < 2:
        return []
    return [_Block(TABLES["patients"], main.file, guessed)]


# What is written


def _source(blocks: Iterable[_Block]) -> Iterator[str]:
    used = [block.file.columns[name] for block in blocks for name in block.guessed.values()]
    lines = [*_date_order(used), *_time_zone(used), *_empty(used)]
    if lines:
        yield "\n".join(["[source]", *lines])


def _date_order(used: Iterable[Profile]) -> Iterator[str]:
    orders = {found.order for found in used if found.looks == "stamp" and found.order and not found.format}
    sure = sorted(orders - {"?"})
    for known in sure[:1]:
        other = ", but some columns differ: give them a date_order of their own" * (len(sure) > 1)
        yield f"# Some dates have a number above 12 that decides the order{other}."
        yield f'date_order = "{known}"'
    if orders == {"?"}:
        yield "# No date has a number above 12 that would decide between day and month first: ask the source."
        yield 'date_order = "dmy"'


def _time_zone(used: Iterable[Profile]) -> Iterator[str]:
    zoned = [found for found in used if found.zoned]
    if zoned:
        days = [found.name for found in zoned if not found.clock]
        yield "# Stamps end in Z or an offset. If they are true UTC, name the zone the site lives in."
        if days:
            yield f"# But {', '.join(days)} is always at midnight: a day, which a zone would move."
        yield '# time_zone = "America/Los_Angeles"'


def _empty(used: Iterable[Profile]) -> Iterator[str]:
    marks = sorted({mark for found in used for mark in found.marks})
    if marks:
        yield "# Cells with these marks are taken as empty; a * mostly hides a small number."
        yield f"empty = [{', '.join(quoted(mark) for mark in marks)}]"


def _block(block: _Block) -> str:
    name, table = block.table.name, block.table
    lines = [f"[{name}]", f"from = {quoted(block.file.name)}"]
    if block.join:
        lines += ["# The patient stands in another file: check that these columns find one row.", block.join]
    lines += ["", f"[{name}.columns]"]
    missing = [column for column in table.required if column not in block.guessed]
    for lost in missing:
        lines += [f"# {lost}: no column looks like it; nothing can be read without it.", f'# {lost} = "…"']
    for column in table.columns:
        if column.name in block.guessed:
            lines += _written(line_for(table, column, block.guessed, block.file.columns), column.name)
    return "\n".join(lines)


def _written(line: Line, column: str) -> list[str]:
    return [f"# {column}: {line.doubt}", *(f"# {more}" for more in line.notes), f"{column} = {line.value}"]
