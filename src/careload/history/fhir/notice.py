"""What was noticed while reading FHIR, in the words of the catalogue; never a cell of a patient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from careload.clinic import Finding
from careload.history.fhir.flatten import Census
from careload.history.fhir.gather import Gathered
from careload.history.fhir.lookups import IDENTIFIED
from careload.history.fhir.settle import columns_of_references
from careload.history.fhir.views import VIEWS
from careload.history.findings import finding

SHOWN = 5


def noticed(con: Any, found: Census, gathered: Gathered, older: int) -> tuple[Finding, ...]:
    """Every finding about the files and the resources in them; about rows, checking says the rest.

    older  resources of which a later version was read as well
    """
    return (
        *_about_files(found, gathered),
        *_about_references(con),
        *_about_visits(con),
        *_about_people(con),
        *([finding("fhir-older-version", "", older)] if older else ()),
    )


def _about_files(found: Census, gathered: Gathered) -> Iterator[Finding]:
    for name in gathered.empty:
        yield finding("empty-file", origin=name)
    if found.not_fhir:
        count = found.not_fhir.total()
        yield finding("fhir-no-resource", "", count, names=_some(sorted(found.not_fhir)))
    if found.broken:
        places = [f"{name} line {line:,}" for name, line, _ in found.broken]
        yield finding("fhir-where-broken", "", len(places), places=_some(places))
    others = {kind: number for kind, number in sorted(found.resources.items()) if kind not in VIEWS}
    if others:
        count = sum(others.values())
        types = _some([f"{kind} {number:,}" for kind, number in others.items()], shown=len(others))
        yield finding("fhir-passed-over", "", count, count=count, types=types)
    if gathered.announced:
        count = len(gathered.announced)
        yield finding("fhir-missing-file", "", count, count=count, names=_some(gathered.announced))


def _about_references(con: Any) -> Iterator[Finding]:
    refs = " UNION ".join(
        f"SELECT {f'unnest({column})' if many else column} AS ref FROM {table} WHERE NOT copy"
        for table, column, many in columns_of_references()
    )
    for kind in IDENTIFIED:
        count = _count(con, f"""
            SELECT count(DISTINCT ref) FROM ({refs})
            WHERE (starts_with(ref, '{kind}/') OR starts_with(ref, '{kind}?'))
              AND ref NOT IN (SELECT ref FROM fhir.keys)""")
        if count:
            yield finding("fhir-nowhere", "", count, count=count, kind=kind)


def _about_visits(con: Any) -> Iterator[Finding]:
    questions = {
        "fhir-same-visit": "SELECT count(DISTINCT encounter) FROM fhir.fulfilled",
        "fhir-outcome-conflict": """
            SELECT count(DISTINCT appointment) FROM fhir.fulfilled
            WHERE happened AND status IN ('noshow', 'cancelled')""",
        "fhir-by-whom": """
            SELECT count(*) FROM fhir_raw.appointments WHERE status = 'cancelled' AND aside IS NULL""",
        "fhir-utc": """
            SELECT count(*) FROM fhir_raw.appointments WHERE ends_with(starts_at, 'Z') AND aside IS NULL""",
    }
    for code, question in questions.items():
        count = _count(con, question)
        if count:
            yield finding(code, "appointments", count, count=count)


def _about_people(con: Any) -> Iterator[Finding]:
    questions = {
        ("fhir-order", "referrals"): """
            SELECT count(*) FROM fhir."ServiceRequest"
            WHERE rowid NOT IN (SELECT place FROM fhir.is_referral)""",
        ("fhir-withdrawn", "referrals"): """
            SELECT count(*) FROM fhir."ServiceRequest" WHERE status = 'revoked' AND own_outcome IS NULL
            AND rowid IN (SELECT place FROM fhir.is_referral)""",
        ("fhir-died-some-day", "patients"): """
            SELECT count(*) FROM fhir."Patient" WHERE dead = 'true' AND died IS NULL""",
        ("fhir-several-posts", "clinicians"): """
            SELECT count(*) FROM (SELECT clinician FROM fhir.roles GROUP BY ALL HAVING count(*) > 1)""",
    }
    for (code, table), question in questions.items():
        count = _count(con, question)
        if count:
            yield finding(code, table, count, count=count)


def _count(con: Any, question: str) -> int:
    (count,) = con.execute(question).fetchone()
    return int(count)


def _some(names: Iterable[str], shown: int = SHOWN) -> str:
    names = list(names)
    return ", ".join(names[:shown]) + (f" and {len(names) - shown:,} more" if len(names) > shown else "")
