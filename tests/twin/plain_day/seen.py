"""Step 4: who is seen. Of several lines the one whose first stands before the others' is next."""

from __future__ import annotations

from collections.abc import Iterable

from tests.twin.plain_day.books import count_team
from tests.twin.plain_day.care import stands_before, visit
from tests.twin.plain_day.people import opens_slots, takes_new
from tests.twin.plain_day.who import Patient, Post, Service, Site


def slots(service: Service, day: int, site: Site) -> None:
    """4. Everybody present opens slots; crises, groups, first visits and return visits fill them."""
    for post in site.posts:
        opens_slots(service, day, post)
    begins = day % len(site.posts) if site.posts else 0
    in_turn = site.posts[begins:] + site.posts[:begins]
    crises(service, day, in_turn)
    for post in in_turn:
        groups(service, day, post)
    site.by_room.sort(key=lambda post: (post.load, post.place))
    for post in site.by_room:
        first_visits(service, day, post)
    for post in in_turn:
        return_visits(service, day, post)


def crises(service: Service, day: int, posts: list[Post]) -> None:
    """4a. Crisis slots, post by post; then return slots, one of each post in turn."""
    for post in posts:
        for _ in range(post.slots["crisis"]):
            in_slot(service, day, post, first(service, post, "crisis"), "crisis_visit")
    while sum(takes_a_crisis(service, day, post) for post in posts):
        pass


def takes_a_crisis(service: Service, day: int, post: Post) -> bool:
    patient = first(service, post, "crisis")
    if patient is None or not post.slots["return"]:
        return False
    post.slots["return"] -= 1
    in_slot(service, day, post, patient, "crisis_visit")
    return True


def groups(service: Service, day: int, post: Post) -> None:
    """4b. Each session seats those who have been due longest; one for which nobody waits is not held."""
    seats = post.team.seats
    count_team(service, day, post.team.number, "seats", post.slots["session"] * seats)
    for _ in range(post.slots["session"]):
        post.week["held"] += first(service, post, "group") is not None
        for _ in range(seats):
            patient = first(service, post, "group")
            if patient is not None:
                post.week["seated"] += 1
                visit(service, day, post, patient, "group_visit")


def first_visits(service: Service, day: int, post: Post) -> None:
    """4c. Intake slots; open ones for which nobody new waits become return slots."""
    free = post.slots["intake"] + post.slots["open"]
    while free and (patient := newcomer(service, post)):
        in_slot(service, day, post, patient, "return_visit")
        free -= 1
    post.slots["return"] += min(free, post.slots["open"])


def return_visits(service: Service, day: int, post: Post) -> None:
    """4d. Return slots; newcomers take their turn where the template has no slots for them."""
    for _ in range(post.slots["return"]):
        in_slot(service, day, post, next_return(service, post), "return_visit")


def next_return(service: Service, post: Post) -> Patient | None:
    if service.rules.own_clinician:
        patient = next(iter(service.lines["own", post.place]), None)
    else:
        patient = first(service, post, "pool")
    return before(patient, newcomer(service, post)) if post.team.shares_slots else patient


def newcomer(service: Service, post: Post) -> Patient | None:
    """The next new patient of a clinician: urgent before routine."""
    if not takes_new(post):
        return None
    return first(service, post, "urgent") or first(service, post, "routine")


def first(service: Service, post: Post, kind: str) -> Patient | None:
    """Who stands first in the lines of one kind that a clinician may treat."""
    return first_of(service.lines[kind, cell] for cell in post.team.treats)


def first_of(lines: Iterable[list[Patient]]) -> Patient | None:
    found: Patient | None = None
    for line in lines:
        found = before(found, line[0] if line else None)
    return found


def before(one: Patient | None, other: Patient | None) -> Patient | None:
    """Of two patients the one to be seen first: a new urgent one, else due earlier, else booked earlier."""
    if one is None or other is None:
        return one or other
    new_and_urgent = [patient.urgent and patient.visits == 0 for patient in (one, other)]
    if new_and_urgent == [False, True]:
        return other
    return other if stands_before(other, one) else one


def in_slot(service: Service, day: int, post: Post, patient: Patient | None, how: str) -> None:
    """Somebody is seen in one slot, unless nobody waits."""
    if patient is None:
        return
    new = patient.visits == 0
    post.week["used"] += 1
    if visit(service, day, post, patient, "first_visit" if new and how == "return_visit" else how):
        post.week["intakes" if new else "returns"] += 1
