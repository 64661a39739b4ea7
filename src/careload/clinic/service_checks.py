"""What must hold between the parameters of a service: shares that make a whole, somebody for everyone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Any

from careload.clinic.calendar import STATUTES, countries, subdivisions
from careload.clinic.errors import did_you_mean
from careload.clinic.spot import Spot

MONDAY = 0
Sections = Mapping[str, Mapping[str, Any]]


def check_together(sections: Sections, root: Spot) -> None:
    """Tell everything at `root` that does not hold between values; those that do not hold alone are None.

    What is wrong with one value is told where it is read, and nothing is concluded from it here.
    """
    _something_of_each(sections, root)
    for name, profession in sections["profession"].items():
        _overflow(profession, root.table("profession").table(name))
    for name, need in sections["need"].items():
        spot = root.table("need").table(name)
        _weekdays(need, spot)
        _stages(need, spot)
        _ends_of_crises(need, spot)
        _somebody_treats(name, need, sections, spot)
    _public_holidays(sections["calendar"], root.table("calendar"))
    _strike(sections["calendar"], root.table("calendar"))
    _start(sections["start"], root.table("start"))


def _sound(*values: Any) -> bool:
    """Whether all values hold, and whatever is in them."""
    parts = [tuple(value.values()) if isinstance(value, Mapping) else value for value in values]
    return all(_sound(*part) if isinstance(part, tuple) else part is not None for part in parts)


def _something_of_each(sections: Sections, root: Spot) -> None:
    for section in ("site", "profession", "need", "team"):
        if not sections[section] and not root.value.get(section):
            root.tell(f"The service has no {section}.", f"at least one [{section}.NAME]",
                      f"Add [{section}.NAME] with a name of your own, and its parameters.")


def _overflow(profession: Mapping[str, Any], spot: Spot) -> None:
    shares = [profession[f"overflow_{part}"] for part in ("displaced", "unpaid", "undone")]
    if _sound(*shares) and not isclose(sum(shares), 1.0, abs_tol=1e-9):
        spot.tell(
            f"The overflow of [{spot.name}] sums to {sum(shares):g}.",
            "overflow_displaced + overflow_unpaid + overflow_undone = 1",
            "Change them until they do: work above the hours paid goes one of these three ways.",
        )


def _weekdays(need: Mapping[str, Any], spot: Spot) -> None:
    weights = need["weekday_weights"]
    if _sound(weights) and not sum(weights):
        spot.at("weekday_weights").tell(
            f"weekday_weights of [{spot.name}] are all 0.", "a weight above 0 for at least one weekday",
            "Give the days on which referrals come a weight; for no referrals set arrivals_per_week to 0.",
        )


def _stages(need: Mapping[str, Any], spot: Spot) -> None:
    cadence, stages = need["cadence_days"], need["stage_from_visit"]
    if _sound(cadence, stages) and len(cadence) != len(stages):
        spot.tell(
            f"[{spot.name}] has {len(cadence)} cadences and {len(stages)} stages.",
            "one stage_from_visit for each", "Write as many numbers in both lists.",
        )
    if _sound(stages) and (stages[0] != 0 or list(stages) != sorted(set(stages))):
        spot.at("stage_from_visit").tell(
            f"stage_from_visit of [{spot.name}] is {list(stages)}.", "rising numbers that begin with 0",
            "Begin with 0 and write the others in order: the first stage begins before any visit.",
        )


def _ends_of_crises(need: Mapping[str, Any], spot: Spot) -> None:
    shares = need["ed_share"], need["admission_share"]
    if _sound(*shares) and sum(shares) > 1:
        spot.tell(
            f"ed_share and admission_share of [{spot.name}] sum to more than 1.", "parts of all crises",
            "Lower one: a crisis that ends in an admission is not counted as an emergency visit as well.",
        )


def _somebody_treats(name: str, need: Mapping[str, Any], sections: Sections, spot: Spot) -> None:
    professions, teams = sections["profession"], sections["team"].values()
    treats = {own: profession["treats"] for own, profession in professions.items()}
    places = [(team["site"], team["profession"]) for team in teams]
    if not places or not _sound(need["arrivals_per_week"], need["waiting"], treats, *places):
        return
    may = {own for own, treated in treats.items() if name in treated}
    for site in _asked_for(need):
        if may.isdisjoint(profession for where, profession in places if where == site):
            spot.tell(
                f"Nobody at {site} may treat {name}.", f"a team there of a profession that treats {name}",
                "Add a team, or give the referrals and those waiting to another site.",
            )


def _asked_for(need: Mapping[str, Any]) -> Iterator[str]:
    """Sites at which care is asked for, or has been by those who wait."""
    asks = [*need["arrivals_per_week"].items(), *need["waiting"].items()]
    return iter(dict.fromkeys(site for site, number in asks if number))


def _public_holidays(calendar: Mapping[str, Any], spot: Spot) -> None:
    country, part = calendar["country"], calendar["subdivision"]
    if not _sound(country, part) or not country or (country, part) in STATUTES:
        return
    if country not in countries():
        spot.at("country").tell(
            f"calendar.country is {country!r}: no public holidays are known for it.",
            "an ISO 3166 code such as US, GB or MX",
            did_you_mean(country.upper(), countries()) or "Give its code, or none to close on weekends only.",
        )
    elif part and part not in subdivisions(country):
        _no_such_part(part, country, spot.at("subdivision"))


def _no_such_part(part: str, country: str, spot: Spot) -> None:
    known = subdivisions(country)
    codes = ", ".join(sorted(set(known.values())))
    near = did_you_mean(part, known) or did_you_mean(part.upper(), known)
    spot.tell(
        f"calendar.subdivision is {part!r}: no state or nation of {country} is known by it.",
        f"one of {codes}" if codes else f"none, for {country} is known as a whole only",
        near or f"Leave it out for the holidays of all of {country}.",
    )


def _strike(calendar: Mapping[str, Any], spot: Spot) -> None:
    first, last = calendar["strike_from"], calendar["strike_to"]
    given = [spot.value.get(key, "") != "" for key in ("strike_from", "strike_to")]
    if given != [first is not None, last is not None]:
        return  # one of them is no date, which is told already
    if (first is None) != (last is None) or (first and last and last < first):
        spot.tell(
            f"The strike goes from {first or 'no day'} to {last or 'no day'}.",
            "a first and a last day, in order", "Give both, or neither.",
        )


def _start(start: Mapping[str, Any], spot: Spot) -> None:
    first = start["date"]
    if _sound(first) and first.weekday() != MONDAY:
        spot.at("date").tell(f"start.date is {first}.", "a Monday", "Name the Monday of that week.")
