"""What a plan may not change, and why.

    planned gap after visit v = cadence of the stage in which v visits lie           (days, by need group)
    slots of a clock          = sum of posts x slots a week of the teams that may treat a need group at a site

A plan is refused where it takes a shortcut (`shortcuts`), where a planned gap grows without the approval of a
clinician, where a need group at a site has fewer slots for first or for return visits than today, where posts
are cut or filled on paper, and where it changes what nobody can decide: demand, the market, the law, what is
believed. With goals, also where no lever of theirs moves it so far.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from careload.clinic import Service, registry
from careload.staff.goals import Goals
from careload.staff.honesty.allowed import beyond_goals
from careload.staff.honesty.posts import about_posts
from careload.staff.honesty.refusal import Refusal, number, told
from careload.staff.honesty.shortcuts import shortcuts

CLOCKS = {"intake_slots": "first visits", "return_slots": "return visits"}
"""Slots of a template to the clock that they serve."""
NOT_DECIDED = ("nobody", "an assumption set", "the market", "law", "licensing law", "your own records", "you",
               "triage", "clinicians")
"""Whose a number is that no plan decides; a strike is the clinicians' own."""
OPENED_BY_DAYS = 730
"""Posts opened later than this do not count as slots that a plan has (assumed)."""
SLACK = 1e-9


def refusals(today: Service, plan: Service, goals: Goals | None = None) -> tuple[Refusal, ...]:
    """Every reason to refuse a plan; none for an honest one.

    today  the service as it is
    plan   as it would be
    goals  whose clinicians approved longer gaps, whose posts may be cut, and what levers may move; None: no
           gap, no post, and whatever is no shortcut
    """
    return tuple(_all(today, plan, goals))


def _all(today: Service, plan: Service, goals: Goals | None) -> Iterator[Refusal]:
    yield from _stretched(today, plan, goals.approved if goals else ())
    yield from _starved(today, plan)
    yield from about_posts(today, plan, goals.limits.may_cut if goals else ())
    if goals:
        yield from beyond_goals(today, plan, goals)
    yield from _tables_gone(today, plan)
    for change in _changes(today, plan):
        yield from _of_change(change, plan, goals)


@dataclass(frozen=True)
class _Change:
    """One number that both services have."""

    section: str
    table: str
    name: str
    before: Any
    after: Any

    @property
    def place(self) -> str:
        return ".".join(part for part in (self.section, self.table, self.name) if part)


def _changes(today: Service, plan: Service) -> Iterator[_Change]:
    """Numbers in which they differ, of tables that both have; of posts tells `about_posts`, of gaps
    `_stretched`."""
    for section, known in registry().items():
        tables = today[section] if known.many else {"": today[section]}
        others = plan[section] if known.many else {"": plan[section]}
        for table, own in tables.items():
            for name, before in own.items() if table in others else ():
                after = others[table][name]
                if before != after and f"{section}.{name}" not in TOLD_ELSEWHERE:
                    yield _Change(section, table, name, before, after)


TOLD_ELSEWHERE = ("team.posts", "team.vacant", "team.opens_after_days", "need.cadence_days",
                  "need.stage_from_visit")


def _of_change(change: _Change, plan: Service, goals: Goals | None) -> Iterator[Refusal]:
    """The first reason that a change gives, if any."""
    parameter = registry()[change.section].parameters[change.name]
    found, levers = told(change.before, change.after), goals.levers if goals else ()
    lever = next((each for each in levers if change.place in each.places()), None)
    lifted = lever.kind.lifts if lever else ()
    for shortcut in shortcuts():
        taken = shortcut.is_taken_by(change.section, change.name, change.before, change.after)
        if taken and shortcut.name not in lifted:
            yield Refusal(change.place, f"{found} That is {shortcut.name}.", shortcut.why, shortcut.instead)
            return
    if parameter.who.partition(":")[0] in NOT_DECIDED:
        whose = {"you": "whoever asks", "law": "the law", "triage": "those who triage"}.get(
            parameter.who, "nobody" if parameter.who.startswith("nobody") else parameter.who)
        yield Refusal(change.place, found, f"No plan decides it: it is up to {whose}.",
                      "Say it in an assumption set, if it is believed to be otherwise.")
    elif change.name == "group_share" and change.after > change.before and not lever:
        yield Refusal(change.place, f"{found} That is forced groups.",
                      "People who want to be seen alone are put into a group.",
                      "Say with a source how many want one: the lever group_share.")
    elif change.name == "outside_per_week" and not plan["site"][change.table]["outside_cost_per_patient"]:
        yield Refusal(change.place, f"{found} It has no price.",
                      "Care elsewhere that costs nothing is no care.",
                      "Give it a price and a wait of its own: the lever referral_out.")
    elif goals:
        yield from _beyond_levers(change, goals)


PRICED_WITH = ("outside_cost_per_patient", "outside_after_days")
"""What a lever brings with it."""


def _beyond_levers(change: _Change, goals: Goals) -> Iterator[Refusal]:
    """Where no lever of the goals moves a number, or not so far."""
    if change.name in PRICED_WITH and any(each.kind.price == "patient" for each in goals.levers):
        return
    lever = next((each for each in goals.levers if change.place in each.places()), None)
    if lever is None:
        yield Refusal(change.place, told(change.before, change.after), "No lever of the goals moves it.",
                      "Name a lever that does, with its ends.")
        return
    low, high = lever.ends(change.before)
    if not low - SLACK <= change.after <= high + SLACK:
        yield Refusal(change.place, told(change.before, change.after),
                      f"The lever {lever.kind.name} goes from {low:g} to {high:g}.", "Stay within its ends.")


def _tables_gone(today: Service, plan: Service) -> Iterator[Refusal]:
    """Sites, professions and need groups that are no more, or are new."""
    for section in ("site", "profession", "need"):
        for name in set(today[section]) ^ set(plan[section]):
            gone = name in today[section]
            yield Refusal(f"{section}.{name}", f"The plan {'leaves out' if gone else 'adds'} it.",
                          "Who is treated where by whom is what a plan is for, not what it may rename.",
                          "Keep the same sites, professions and need groups.")


def _stretched(today: Service, plan: Service, approved: tuple[str, ...]) -> Iterator[Refusal]:
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
    """Clocks for which a need group at a site has fewer slots."""
    for slots, clock in CLOCKS.items():
        before, after = (slots_of(each, slots) for each in (today, plan))
        for (site, need), many in before.items():
            if after.get((site, need), 0.0) < many - SLACK:
                yield Refusal(
                    f"site.{site}",
                    f"{number(many)} slots a week for {clock} of {need} today, "
                    f"{number(after.get((site, need), 0.0))} in the plan.",
                    "That moves the wait from one clock to the other, or from some people to others.",
                    "Keep as many for each clock as there are today; more of either may be planned.",
                )


def slots_of(service: Service, slots: str) -> dict[tuple[str, str], float]:
    """(Site, need group) to slots a week of a kind, of all posts whose holders may treat it."""
    more = 1 + (service["policy"]["overbooking"] if slots == "return_slots" else 0.0)
    found = {(site, need): 0.0 for site in service["site"] for need in service["need"]}
    for team in service["team"].values():
        for need in service["profession"][team["profession"]]["treats"]:
            if team["opens_after_days"] <= OPENED_BY_DAYS:
                found[team["site"], need] += team["posts"] * team[slots] * more
    return found
