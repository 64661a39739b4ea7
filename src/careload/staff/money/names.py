"""Places and occupations by the names people give them: `san-francisco`, `San Francisco`, a code."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping

from careload.clinic import UsageError

SHOWN = 5
"""So many near names at most."""
NEAR = 0.7


def slug(name: str) -> str:
    """A name in small letters with hyphens: ``St. Louis, MO-IL`` is ``st-louis-mo-il``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def known_as(
    word: str,
    names: Mapping[str, str],
    what: str,
    *,
    also: Mapping[str, str] | None = None,
    titles: Mapping[str, str] | None = None,
) -> str:
    """What `names` has under a word.

    word   as a person wrote it
    names  slug to the short name of a thing: it may go by several
    what   what is looked for, in the singular: ``area``
    also   words that are no name of a thing, with the short name to suggest for each
    titles what stands behind a short name where it says little by itself

    Raises `UsageError` with the nearest names.
    """
    asked = slug(word)
    if asked in names:
        return names[asked]
    raise UsageError(f"There is no {what} {word!r}.", f"an {what} that the tables know",
                     _nearest(asked, names, also or {}, titles or {}))


def _nearest(
    asked: str, names: Mapping[str, str], also: Mapping[str, str], titles: Mapping[str, str]
) -> str:
    if asked in also:
        return f"It has no figures of its own; the smallest area around it is {also[asked]!r}."
    held = [name for name in sorted(names) if asked and f"-{asked}" in f"-{name}"]
    close = difflib.get_close_matches(asked, sorted(names), n=SHOWN, cutoff=NEAR)
    short = dict.fromkeys(names[name] for name in held or close)
    found = [f"{name} ({titles[name]})" if name in titles else name for name in short][:SHOWN]
    if len(found) == 1:
        return f"Did you mean {found[0]!r}?"
    if found:
        return f"Did you mean one of: {', '.join(found)}?"
    loose = difflib.get_close_matches(asked, sorted(set(names.values())), n=SHOWN, cutoff=0.0)
    return f"The nearest names are: {', '.join(loose)}."
