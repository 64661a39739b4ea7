"""What must hold between the parameters of a service: shares that make a whole, somebody for everyone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Any

from careload.clinic.spot import Spot

MONDAY = 0
Sections = Mapping[str, Mapping[str, Any]]


def check_together(sections: Sections, root: Spot) -> None:
    """Tell everything at `root` that does not hold between values, each of which holds alone."""
    _something_of_each(sections, root)
    for name, profession in sections["profession"].items():
        _overflow(profession, root.at("profession").at(name))
    for name, need in sections["need"].items():
        _need(need, root.at("need").at(name))
        _somebody_treats(name, need, sections, root.at("need").at(name))
    _calendar(sections["calendar"], root.table("calendar"))
    if sections["start"]["date"].weekday() != MONDAY:
        root.table("start").at("date").tell(
            f"start.date is {sections['start']['date']}.", "a Monday", "Name the Monday of that week."
        )


def _something_of_each(sections: Sections, root: Spot) -> None:
    for section in ("site", "profession", "need", "team"):
        if not sections[section]:
            root.tell(f"The service has no {section}.", f"at least one [{section}.NAME]", "Add one.")


def _overflow(profession: Mapping[str, Any], spot: Spot) -> None:
    shares = [profession[f"overflow_{part}"] for part in ("displaced", "unpaid", "undone")]
    if not isclose(sum(shares), 1.0, abs_tol=1e-9):
        spot.tell(
            f"The overflow of [{spot.name}] sums to {sum(shares):g}.",
            "overflow_displaced + overflow_unpaid + overflow_undone = 1",
            "Work above the hours paid goes one of these three ways.",
        )


def _need(need: Mapping[str, Any], spot: Spot) -> None:
    cadence, stages = need["cadence_days"], need["stage_from_visit"]
    if len(cadence) != len(stages):
        spot.tell(
            f"[{spot.name}] has {len(cadence)} cadences and {len(stages)} stages.",
            "one stage_from_visit for each", "Write as many numbers in both lists.",
        )
    if stages[0] != 0 or list(stages) != sorted(set(stages)):
        spot.tell(
            f"stage_from_visit of [{spot.name}] is {list(stages)}.", "rising numbers that begin with 0",
            "The first stage begins before any visit.",
        )
    if need["ed_share"] + need["admission_share"] > 1:
        spot.tell(
            f"ed_share and admission_share of [{spot.name}] sum to more than 1.", "parts of all crises",
            "A crisis that ends in an admission is not counted as an emergency visit as well.",
        )


def _somebody_treats(name: str, need: Mapping[str, Any], sections: Sections, spot: Spot) -> None:
    may = {own for own, profession in sections["profession"].items() if name in profession["treats"]}
    for site in _asked_for(need):
        there = (team["profession"] for team in sections["team"].values() if team["site"] == site)
        if may.isdisjoint(there):
            spot.tell(
                f"Nobody at {site} may treat {name}.", f"a team there of a profession that treats {name}",
                "Add a team, or give the referrals to another site.",
            )


def _asked_for(need: Mapping[str, Any]) -> Iterator[str]:
    return (site for site, rate in need["arrivals_per_week"].items() if rate)


def _calendar(calendar: Mapping[str, Any], spot: Spot) -> None:
    first, last = calendar["strike_from"], calendar["strike_to"]
    if (first is None) != (last is None) or (first and last and last < first):
        spot.tell(
            f"The strike goes from {first or 'no day'} to {last or 'no day'}.",
            "a first and a last day, in order", "Give both, or neither.",
        )
