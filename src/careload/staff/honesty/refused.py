"""What a plan may not change, and why.

    planned gap after visit v   = cadence of the stage in which v visits lie   (days, by need group)
    slots of a clock and a site = sum over teams of posts x slots a week       (first visits, return visits)

A plan is refused where it takes a shortcut (`shortcuts`), where a planned gap grows without the approval of a
clinician, where a clock of a site gets fewer slots than today, where posts are cut that may not be, and where
it changes what nobody can decide: demand, the market, the law, what is believed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careload.clinic import Parameter, Service, registry
from careload.simulate import Change, changes_between
from careload.staff.honesty.shortcuts import shortcuts

CLOCKS = {"intake_slots": "first visits", "return_slots": "return visits"}
"""Slots of a template to the clock that they serve."""
NOT_DECIDED = ("nobody", "an assumption set", "the market", "law", "licensing law", "your own records", "you",
               "triage", "clinicians")
"""Whose a number is that no plan decides; a strike is the clinicians' own."""
STARTS = ("team", "site")
"""Sections in which a plan may add a table."""
SLACK = 1e-9


@dataclass(frozen=True)
class Refusal:
    """Why a plan is not looked at.

    place    where in the service
    found    what the plan does there
    why      what that does to whom
    instead  what may be asked for
    """

    place: str
    found: str
    why: str
    instead: str

    def __str__(self) -> str:
        return f"{self.place}: {self.found} {self.why} {self.instead}"


def refusals(
    today: Service, plan: Service, *, approved: Collection[str] = (), may_cut: Collection[str] = ()
) -> tuple[Refusal, ...]:
    """Every reason to refuse a plan; none for an honest one.

    today     the service as it is
    plan      as it would be
    approved  need groups whose clinicians have approved longer gaps
    may_cut   teams whose posts may be fewer
    """
    changes = changes_between(today, plan)
    return tuple(_all(today, plan, changes, frozenset(approved), frozenset(may_cut)))


def _all(
    today: Service, plan: Service, changes: tuple[Change, ...], approved: frozenset[str],
    may_cut: frozenset[str],
) -> Iterator[Refusal]:
    yield from _stretched(today, plan, approved)
    yield from _starved(today, plan)
    for change in changes:
        yield from _of_change(today, plan, change, may_cut)


def _of_change(
    today: Service, plan: Service, change: Change, may_cut: frozenset[str]
) -> Iterator[Refusal]:
    """The first reason that a change gives, if any."""
    section, parameter = _parameter(change.key)
    if _is_new_table(today, section, change) or parameter.name in ("cadence_days", "stage_from_visit"):
        return
    if (section, parameter.name) == ("team", "vacant") and _are_of_new_posts(today, plan, change):
        return
    told = f"{_number(change.before)} today, {_number(change.after)} in the plan."
    for shortcut in shortcuts():
        if shortcut.is_taken_by(change.key, change.before, change.after):
            yield Refusal(change.key, f"{told} That is {shortcut.name}.", shortcut.why, shortcut.instead)
            return
    if (section, parameter.name) == ("team", "posts") and change.after < change.before:
        if _team(change.key) not in may_cut:
            yield Refusal(change.key, f"{told} That cuts posts.", "These posts may not be cut.",
                          "Name the team among those whose posts may be fewer, if they may.")
    elif _nobody_decides(parameter.who):
        yield Refusal(change.key, told, f"No plan decides it: it is up to {_whose(parameter.who)}.",
                      "Say it in an assumption set, if it is believed to be otherwise.")


def _stretched(today: Service, plan: Service, approved: frozenset[str]) -> Iterator[Refusal]:
    """Planned gaps that grow."""
    for name, need in today["need"].items():
        if name in approved or name not in plan["need"]:
            continue
        before, after = (planned_gaps(each) for each in (need, plan["need"][name]))
        longest = max(len(before), len(after))
        gaps = [(visit, _at(before, visit), _at(after, visit)) for visit in range(longest)]
        longer = next(((visit, old, new) for visit, old, new in gaps if new > old + SLACK), None)
        if longer:
            visit, old, new = longer
            yield Refusal(
                f"need.{name}.cadence_days",
                f"After {visit + 1} visits the next is planned for {new:g} days later instead of {old:g}.",
                "A follow-up that is planned later is not late, and the patient waits all the same.",
                "Leave the cadence, shorten it, or name the need group as approved by its clinicians.",
            )


def planned_gaps(need: Mapping[str, Any]) -> list[float]:
    """Days planned after the first visit, the second, ..., until the last stage has begun."""
    starts, days = need["stage_from_visit"], need["cadence_days"]
    return [float(days[bisect_right(starts, visit) - 1]) for visit in range(1, max(2, int(max(starts)) + 1))]


def _at(gaps: list[float], visit: int) -> float:
    return gaps[min(visit, len(gaps) - 1)]


def _starved(today: Service, plan: Service) -> Iterator[Refusal]:
    """Clocks of a site with fewer slots than today."""
    for slots, clock in CLOCKS.items():
        before, after = (slots_of(each, slots) for each in (today, plan))
        for site, number in before.items():
            if after.get(site, 0.0) < number - SLACK:
                yield Refusal(
                    f"site.{site}",
                    f"{number:g} slots a week for {clock} today, {after.get(site, 0.0):g} in the plan.",
                    "That moves the wait from one clock to the other.",
                    "Keep as many for each clock as there are today; more of either may be planned.",
                )


def slots_of(service: Service, slots: str) -> dict[str, float]:
    """Site to slots a week of a kind, of all posts."""
    found = dict.fromkeys(service["site"], 0.0)
    for team in service["team"].values():
        found[team["site"]] += team["posts"] * team[slots]
    return found


def _parameter(key: str) -> tuple[str, Parameter]:
    """The section and the parameter of a dotted place; names of tables may hold dots."""
    section, *parts = key.split(".")
    known = registry()[section].parameters
    return section, next(known[part] for part in reversed(parts) if part in known)


def _team(key: str) -> str:
    return key.removeprefix("team.").rpartition(".")[0]


def _are_of_new_posts(today: Service, plan: Service, change: Change) -> bool:
    """Whether as many more posts of a team are vacant as it has more: new posts are vacant at first."""
    team = _team(change.key)
    more = plan["team"][team]["posts"] - today["team"][team]["posts"]
    return bool(change.after - change.before == more)


def _is_new_table(today: Service, section: str, change: Change) -> bool:
    """Whether the value is of a table that today has none of."""
    if section not in STARTS or change.before is not None:
        return False
    return not any(change.key.startswith(f"{section}.{name}.") for name in today[section])


def _nobody_decides(who: str) -> bool:
    return who.partition(":")[0] in NOT_DECIDED


def _whose(who: str) -> str:
    return {"you": "whoever asks", "law": "the law", "triage": "those who triage"}.get(
        who, "nobody" if who.startswith("nobody") else who)


def _number(value: Any) -> str:
    return "nothing" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
