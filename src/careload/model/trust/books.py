"""The books of the records: who was there, came, went and is there, by site; and what does not add up.

    in care at the start + opened = closed, by reason, + in care at the end
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
from numpy.typing import NDArray

from careload.model.belief import interval
from careload.model.chances import share_draws
from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of
from careload.model.trust.checks.flows import WORDS, Balance, Residual, balance, residual
from careload.model.trust.few import few, hidden_in

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

CLOSED = "closed: "
CALLED_OFF = {"no_show": "no-shows", "cancelled_by_patient": "cancelled by patients",
              "cancelled_by_clinic": "cancelled by the clinic"}
"""Status of an appointment to what it is called."""
NOT_TOLD = "site not told"
"""Of patients without a visit in the records, and of visits without a site."""
WENT, CAME = "moved to another site", "moved here"


@dataclass(frozen=True)
class Residue:
    """One thing that does not add up.

    name, words  of what
    number, of   how many, of how many
    low, high    90 % interval of the share
    """

    name: str
    words: str
    number: int
    of: int
    low: float
    high: float
    small: bool


@dataclass(frozen=True)
class Books:
    """Flows over the whole of the records, by site.

    first, last  day
    sites     names
    flows     what, in words, to how many of the whole and of each site, (1 + sites,); the first ones, up to
              "in care at the end", add up
    hidden    likewise: whether it may not be shown, as few people stand behind it or would be told by it
    residual  what does not add up
    """

    first: date
    last: date
    sites: tuple[str, ...]
    flows: Mapping[str, Numbers]
    hidden: Mapping[str, Flags]
    residual: tuple[Residue, ...]


def books(evidence: Evidence) -> Books | None:
    """The books of the records; None without episodes."""
    found, rest = balance(evidence, evidence.days), evidence.once(residual)
    if found is None or rest is None:
        return None
    people = _people(found)
    beside = {"visits": found.visits[:, 0], "of these outside care": found.strays[:, 0],
              **_called_off(evidence, found.sites), **_moved(evidence, found.sites)}
    flows = {name: np.concatenate([[own.sum()], own]) for name, own in (people | beside).items()}
    sites = tuple(NOT_TOLD if site == EVERYBODY and len(found.sites) > 1 else site for site in found.sites)
    hidden = _hidden(flows, len(people))
    return Books(evidence.first, evidence.as_of, sites, flows, hidden,
                 tuple(_residue(evidence, rest, hidden)))


def _people(found: Balance) -> dict[str, Numbers]:
    """What adds up: in care at the start, opened, closed by reason, in care at the end."""
    closed = {f"{CLOSED}{reason.replace('_', ' ')}": own[:, 0] for reason, own in found.closed.items()}
    return {"in care at the start": found.started[:, 0], "opened": found.opened[:, 0], **closed,
            "in care at the end": found.ended[:, 0]}


def _called_off(evidence: Evidence, sites: tuple[str, ...]) -> dict[str, Numbers]:
    """No-shows, and cancellations by whom."""
    rows = evidence.view.due
    table = columns_of(rows.group_by("status", site=rows.site.fill_null(EVERYBODY)).agg(n=rows.day.count()))
    found = {}
    for status, words in CALLED_OFF.items():
        own = table["status"] == status
        numbers = dict(zip(table["site"][own], table["n"][own], strict=True))
        found[words] = np.array([float(numbers.get(site, 0)) for site in sites])
    return found


def _moved(evidence: Evidence, sites: tuple[str, ...]) -> dict[str, Numbers]:
    """Patients whose last visit was at another site than their first; nothing where nobody was."""
    rows = evidence.view.visits
    rows = rows.mutate(site=rows.site.fill_null(EVERYBODY))
    ends = rows.group_by("patient").agg(
        first=rows.site.argmin(rows.starts_at), last=rows.site.argmax(rows.starts_at))
    table = columns_of(ends.filter(ends["first"] != ends["last"])
                       .group_by("first", "last").agg(n=ibis._.patient.count()))
    if not len(table["n"]):
        return {}
    return {
        words: np.array([float(table["n"][table[end] == site].sum()) for site in sites])
        for words, end in ((WENT, "first"), (CAME, "last"))
    }


def _hidden(flows: Mapping[str, Numbers], adding_up: int) -> dict[str, Flags]:
    """Small numbers, and those from which they could be worked out along rows and columns."""
    table = np.array(list(flows.values()))
    columns, rows = table.shape
    place = np.arange(columns * rows).reshape(columns, rows)
    sums = [place[:adding_up, row] for row in range(rows)] + [place[column] for column in range(columns)]
    found = hidden_in(table.ravel(), sums).reshape(columns, rows)
    return dict(zip(flows, found, strict=True))


WHOLE = {"silent": "in care at the end", "strays": "visits", "returned": "visits"}
"""What does not add up to the flow it is a part of."""


def _residue(evidence: Evidence, found: Residual, hidden: Mapping[str, Flags]) -> Iterator[Residue]:
    for name, words in WORDS.items():
        number, of = getattr(found, name)
        if of:
            # Of visits outside care some lie after it: what is left must not be few people either.
            rest = found.strays[0] - number if name == "returned" else 0
            low, high = interval(share_draws(evidence.generator(f"flows: {name}"), number, of))
            small = bool(few(np.array([number, of, of - number, rest], dtype=float)).any())
            small = small or (name in WHOLE and bool(hidden[WHOLE[name]][0]))
            yield Residue(name, words, number, of, low, high, small)
