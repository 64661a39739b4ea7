"""What drivers raise, in our words.

A driver's own text may quote a cell, a password or the URL, so nothing of it goes further: only the class
of the error and its five-letter SQLSTATE are used.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from careload.clinic import CareloadError, SourceUnreachable
from careload.history.engine import engine_errors

AGAIN = "Run it again; if it happens again, ask the database's administrator."

# SQLSTATE or its class (first two letters) -> found, expected, remedy.
# PostgreSQL 15 documentation, appendix A (M: from memory). Spark's conditions are told in the same words.
FAILURES = {
    "42501": (
        "{label} does not let this account read one of the tables or columns asked for.",
        "the right to SELECT from every table in use",
        "Ask its administrator to GRANT SELECT on them; nothing more is needed.",
    ),
    "42P01": (
        "A table of {label} is no longer there.", "the table that was there when it was opened",
        "Check the name in the mapping, and whether the table is being rebuilt just now.",
    ),
    "57014": (
        "{label} ended the query: it took longer than the database allows.",
        "a statement_timeout long enough for the whole table",
        "Ask for a longer statement_timeout for this account, or measure fewer columns with --by.",
    ),
    "53": (
        "{label} ran out of room or memory for the query.", "room to sort the largest table",
        "Ask its administrator, or measure a shorter stretch of time through a view.",
    ),
    "22": (
        "A value in {label} cannot be read as the type its column has to have.",
        "values that fit the mapping",
        "Run `careload check` on an extract of the table, or correct the mapping.",
    ),
}


@contextmanager
def query_errors(label: str) -> Iterator[None]:
    """Turn what an engine raises while it is asked into a `CareloadError`; our own errors pass through.

    label  the source, for messages: ``Records.source``
    """
    try:
        with engine_errors(label):  # DuckDB's
            yield
    except CareloadError:
        raise
    except Exception as error:
        told = _in_our_words(error, label)
        if told is None:
            raise
        raise told from None


def _in_our_words(error: Exception, label: str) -> CareloadError | None:
    """The error to tell, or None when `error` comes from no database driver."""
    driver = type(error).__module__.partition(".")[0]
    if driver == "psycopg":
        return _postgresql(error, label)
    if driver in ("pyspark", "py4j", "grpc") or isinstance(error, ConnectionError):
        return _spark(error, label)
    return None


def gone(label: str) -> SourceUnreachable:
    """What to say when a connection that was there is lost."""
    return SourceUnreachable(
        f"{label} went away while it was being asked.",
        "a connection that lasts until the answer is there",
        "Check that the server runs and that the network holds, then run it again; nothing was changed.",
    )


def _postgresql(error: Exception, label: str) -> SourceUnreachable:
    import psycopg

    state = getattr(error, "sqlstate", None) or ""
    lost = state.startswith(("08", "57P")) or (not state and isinstance(error, psycopg.OperationalError))
    if lost:
        return gone(label)
    told = FAILURES.get(state) or FAILURES.get(state[:2])
    if told:
        return SourceUnreachable(*(part.format(label=label) for part in told))
    return SourceUnreachable(
        f"{label} refused a query ({type(error).__name__}, SQLSTATE {state or 'not given'}).",
        "an answer to a SELECT", AGAIN,
    )


def _spark(error: Exception, label: str) -> SourceUnreachable:
    condition = _condition(error)
    if condition.startswith(("INSUFFICIENT_PERMISSIONS", "PERMISSION", "UNAUTHORIZED")) or _forbidden(error):
        return SourceUnreachable(*(part.format(label=label) for part in FAILURES["42501"]))
    if condition.startswith(("TABLE_OR_VIEW_NOT_FOUND", "PATH_NOT_FOUND")):
        return SourceUnreachable(*(part.format(label=label) for part in FAILURES["42P01"]))
    if condition.startswith(("CAST_", "CANNOT_PARSE", "NUMERIC_VALUE", "ARITHMETIC")):
        return SourceUnreachable(*(part.format(label=label) for part in FAILURES["22"]))
    if isinstance(error, ConnectionError) or type(error).__name__ in ("Py4JNetworkError", "Py4JError"):
        return gone(label)
    return SourceUnreachable(
        f"{label} refused a query ({condition or type(error).__name__}).", "an answer to a SELECT", AGAIN,
    )


def _condition(error: Exception) -> str:
    """Spark's name for the error, for example ``TABLE_OR_VIEW_NOT_FOUND``; "" when it has none."""
    ask = getattr(error, "getCondition", None) or getattr(error, "getErrorClass", None)
    return str(ask() or "") if ask else ""


def _forbidden(error: Exception) -> bool:
    return "AccessControlException" in str(error) or "Permission denied" in str(error)
