"""What a service needs to hold together where the records leave a gap: said of each belief that fills one.

A need group nobody is recorded to have asked for, a profession nobody is recorded to have treated by, a team
without slots, referrals at a site where nobody may treat them: the gap is filled so that the service can run,
and the note says how.
"""

from __future__ import annotations

from dataclasses import replace

from careload.model.belief import Belief, Beliefs
from careload.model.prior import parameter_at

IN_CARE = ".start_needs."
NOBODY_ASKED = "Neither a request nor a first visit is recorded, so nobody is taken to ask."
NOBODY_TREATED = "No visit is recorded from which it could be told whom they treat: everybody."
NO_SLOTS = "Neither a slot nor a return visit is recorded."
NOBODY_THERE = "Nobody recorded there treats {need}: the profession with most posts there is taken to."


def held_together(found: Beliefs) -> dict[str, Belief]:
    """Beliefs with what is missing between needs, professions, sites and teams."""
    beliefs = dict(found)
    needs = _needs(beliefs) or ["everybody"]
    for profession in _of(beliefs, "profession"):
        place = f"profession.{profession}.treats"
        if not beliefs.get(place) or not beliefs[place].value:
            beliefs[place] = _assumed(place, tuple(needs), NOBODY_TREATED)
    for team in [place.removesuffix(".posts") for place in found if place.endswith(".posts")]:
        if f"{team}.return_slots" not in beliefs:
            beliefs[f"{team}.return_slots"] = _assumed(f"{team}.return_slots", 0.0, NO_SLOTS)
    for need in needs:
        if not any(place.startswith(f"need.{need}.arrivals_per_week.") for place in beliefs):
            for site in _of(beliefs, "site")[:1]:
                place = f"need.{need}.arrivals_per_week.{site}"
                beliefs[place] = _assumed(place, 0.0, NOBODY_ASKED)
        for site in _asked_at(beliefs, need):
            _somebody_treats(beliefs, need, site)
    return beliefs


def _needs(beliefs: Beliefs) -> list[str]:
    """Need groups that have beliefs, of whom somebody is in care, or whom somebody treats."""
    named = [place.split(".")[1] for place in beliefs if place.startswith("need.")]
    in_care = [place for place in beliefs if place.startswith("team.") and IN_CARE in place]
    named += [place.partition(IN_CARE)[2] for place in in_care]
    treated = [need for place, own in beliefs.items()
               if place.startswith("profession.") and place.endswith(".treats") for need in own.value]
    return list(dict.fromkeys([*named, *treated]))


def _of(beliefs: Beliefs, what: str) -> list[str]:
    """Sites or professions of the teams, those with most posts first."""
    posts: dict[str, float] = {}
    for place, own in beliefs.items():
        if place.startswith("team.") and place.endswith(f".{what}"):
            number = beliefs.get(f"{place.removesuffix(what)}posts")
            posts[own.value] = posts.get(own.value, 0) + (number.value if number else 1)
    return sorted(posts, key=lambda name: -posts[name])


def _asked_at(beliefs: Beliefs, need: str) -> list[str]:
    head = f"need.{need}.arrivals_per_week."
    asked = [place for place, own in beliefs.items() if place.startswith(head) and own.value > 0]
    return [place.removeprefix(head) for place in asked]


def _somebody_treats(beliefs: dict[str, Belief], need: str, site: str) -> None:
    """Give a need group to the profession with most posts at a site where nobody treats it."""
    there = _professions_at(beliefs, site)
    if not there or any(need in beliefs[f"profession.{name}.treats"].value for name in there):
        return
    place = f"profession.{there[0]}.treats"
    own = beliefs[place]
    note = " ".join(each for each in (own.note, NOBODY_THERE.format(need=need)) if each)
    beliefs[place] = replace(own, value=(*own.value, need), note=note)


def _professions_at(beliefs: Beliefs, site: str) -> list[str]:
    """Professions of the teams of a site, those with most posts first."""
    teams = [place.removesuffix(".site") for place, own in beliefs.items()
             if place.startswith("team.") and place.endswith(".site") and own.value == site]
    return [beliefs[f"{team}.profession"].value
            for team in sorted(teams, key=lambda team: -beliefs[f"{team}.posts"].value)]


def _assumed(place: str, value: object, note: str) -> Belief:
    return Belief(place, value, parameter_at(place).unit, origin="prior", determined="not identified",
                  note=note, source="none", mark="assumed")
