"""What of a source is not read: said, so that nothing is missing without notice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from careload.clinic import TABLES, Finding
from careload.history.findings import finding
from careload.history.identity import speaks_of_identity
from careload.history.recipe import close_names, fold
from careload.history.source import Raw

# A header that may be shown: letters first, few digits. A cell that slipped into the header does not pass.
PLAIN_NAME = re.compile(r"[^\W\d_][\w .\-/()#%?]{0,40}")
MOST_SHOWN = 12


def unused_columns(raw: Raw, table: str) -> Iterator[Finding]:
    """Columns that have no canonical name of `table`, those that speak of identity apart."""
    known = {fold(name) for name in TABLES[table].names}
    extra = [name for name in raw.table.columns if fold(name) not in known and name != "_row"]
    telling = [name for name in extra if speaks_of_identity(name)]
    plain = [name for name in extra if name not in telling]
    if telling:
        yield finding("identifying-columns-dropped", table, origin=raw.origin, count=len(telling),
                      columns=_shown(telling))
    if plain:
        yield finding("unused-columns", table, origin=raw.origin, count=len(plain), columns=_shown(plain),
                      nearest=_near(plain, TABLES[table].names))


def unused_files(names: Sequence[str]) -> list[Finding]:
    """Files that are not read, because they have no name of a table."""
    if not names:
        return []
    return [finding("unknown-tables", count=len(names), names=_shown(names), nearest=_near(names, TABLES))]


def _near(names: Iterable[str], known: Iterable[str]) -> str:
    known = list(known)
    words = [close_names(name, known) for name in names if may_be_shown(name)]
    return next((each for each in words if each.startswith("Did you mean")), "")


def _shown(names: Sequence[str]) -> str:
    """": a, b" of the names that may be shown, shortened; "" when there is none."""
    plain = [name for name in names if may_be_shown(name)]
    more = " …" if len(plain) > MOST_SHOWN or len(plain) < len(names) else ""
    return f": {', '.join(plain[:MOST_SHOWN])}{more}" if plain else ""


def may_be_shown(name: str) -> bool:
    """Whether the name of a column or file is surely none of a patient's cells."""
    return bool(PLAIN_NAME.fullmatch(name)) and not re.search(r"\d{4}", name)
