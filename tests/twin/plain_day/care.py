"""What happens to a patient: asking, being due, waiting, being seen, the end."""

from __future__ import annotations

from bisect import bisect_right

from careload.simulate.kernel.entries import LOG_KINDS
from careload.simulate.kernel.records import CELL_COUNTS, DAYS_SHOWN, INTERVALS, MOST_VISITS, SEEN, WAITS
from tests.twin.plain_day.books import (
    count,
    count_days_until_visit,
    count_span,
    count_team,
    fate_of,
    log,
)
from tests.twin.plain_day.chance import draw, geometric, mix, unit
from tests.twin.plain_day.who import Line, Patient, Post, Service

FIRST_MIDNIGHTS = 64
"""A first draw says whether the wait ends within so many midnights, a second when it ends after them."""

DROPPED = ("dropped_waiting", "dropped_after_visit", "dropped_no_shows", "dropped_hand_over")


def asking(service: Service, cell: int, key: int, day: int) -> Patient:
    """Somebody who asks for care on a day."""
    need, luck = service.needs[service.cells[cell].need], service.luck
    return Patient(
        key, cell,
        urgent=draw(key, luck.urgency, 0) < need.urgent,
        group=draw(key, luck.group, 0) < need.group,
        to_go=min(bisect_right(need.needed, unit(draw(key, luck.need, 0))), MOST_VISITS - 1),
        arrived=day,
    )


def ask(service: Service, day: int, cell: int, key: int, way: str) -> None:
    """Somebody asks for care; the first visit is due tomorrow."""
    patient = asking(service, cell, key, day)
    service.in_care.append(patient)
    count(service, day, cell, way)
    log(service, day, "asked_urgently" if patient.urgent else "asked", key, None, cell)
    draw_life(service, day, patient)
    plan_visit(service, patient, day, day + 1)


def draw_life(service: Service, day: int, patient: Patient) -> None:
    days = geometric(draw(patient.key, service.luck.life, 0), service.need(patient).log_life)
    patient.ends["life"] = day + days, service.next_turn()


def plan_visit(service: Service, patient: Patient, booked: int, due: int) -> None:
    patient.state, patient.booked, patient.due = "planned", booked, due
    patient.booked_turn = service.next_turn()


def becomes_due(service: Service, patient: Patient) -> None:
    """Stand in line; within the first midnights of waiting, does something else come first?"""
    stand_last(service, patient, line_of(service, patient), "waiting")
    need = service.need(patient)
    bits = draw(patient.key, service.luck.waiting, 2 * patient.tries)
    patient.drawn = bits < need.wait_ends[FIRST_MIDNIGHTS]
    if patient.drawn:
        patient.ends["wait"] = patient.due + geometric(bits, need.log_wait), service.next_turn()


def waits_on(service: Service, patient: Patient) -> None:
    """The first midnights have passed: after how many more does something else come first?"""
    bits = draw(patient.key, service.luck.waiting, 2 * patient.tries + 1)
    more = geometric(bits, service.need(patient).log_wait)
    patient.drawn = True
    patient.ends["wait"] = patient.due + FIRST_MIDNIGHTS + more, service.next_turn()


def stand_last(service: Service, patient: Patient, line: Line, state: str) -> None:
    patient.line, patient.state = line, state
    service.lines[line].append(patient)


def line_of(service: Service, patient: Patient) -> Line:
    """Where a patient waits."""
    if patient.visits == 0 and patient.urgent:
        return "urgent", patient.cell
    if patient.visits == 0:
        return "pool" if service.cells[patient.cell].shares_line else "routine", patient.cell
    if patient.group:
        return "group", patient.cell
    return ("pool", patient.cell) if patient.post is None else ("own", patient.post.place)


def ends(service: Service, day: int, patient: Patient, what: str) -> None:
    """What was drawn to end today ends, if it still stands."""
    if what not in patient.ends or patient not in service.in_care:
        return
    if what == "life":
        dies = unit(draw(patient.key, service.luck.life_end, 0)) < service.need(patient).died_part
        leave_care(service, day, patient, "died" if dies else "moved")
    elif what == "crisis wait":
        leave_care(service, day, patient, "dropped_waiting")
    else:
        wait_ends(service, day, patient)


def wait_ends(service: Service, day: int, patient: Patient) -> None:
    need = service.need(patient)
    way = unit(draw(patient.key, service.luck.waiting_end, patient.tries))
    if way < need.drop_part:
        leave_care(service, day, patient, "dropped_waiting")
    elif way < need.remit_part:
        leave_care(service, day, patient, "remitted")
    else:
        crisis(service, day, patient)


def crisis(service: Service, day: int, patient: Patient) -> None:
    need, luck = service.need(patient), service.luck
    count(service, day, patient.cell, "crises")
    log(service, day, "crisis", patient.key, patient.post, day - patient.due)
    way = unit(draw(patient.key, luck.crisis, patient.tries))
    if way < need.admitted:
        leave_care(service, day, patient, "admitted")
        return
    if way < need.admitted + need.emergency:
        count(service, day, patient.cell, "ed_visits")
        log(service, day, "ed", patient.key, patient.post, 0)
    step_out(service, patient)
    stand_last(service, patient, ("crisis", patient.cell), "in crisis")
    patient.booked = day
    days = geometric(draw(patient.key, luck.crisis_wait, patient.tries), need.log_crisis_wait)
    patient.ends["crisis wait"] = day + days, service.next_turn()


def step_out(service: Service, patient: Patient) -> None:
    """Leave the line, if in one; what would have ended the wait no longer does."""
    if patient.line is not None:
        service.lines[patient.line].remove(patient)
    patient.line, patient.state = None, "called"
    patient.ends.pop("wait", None)
    patient.ends.pop("crisis wait", None)


def visit(service: Service, day: int, post: Post, patient: Patient, how: str) -> bool:
    """A visit is missed or held; whether it was held."""
    step_out(service, patient)
    chances = service.rules.no_show[min(patient.visits, 1)]
    chance = chances[min(day - patient.booked, DAYS_SHOWN - 1)]
    if draw(patient.key, service.luck.no_show, patient.tries) < chance:
        miss(service, day, post, patient, how)
        return False
    attend(service, day, post, patient, how)
    return True


def miss(service: Service, day: int, post: Post, patient: Patient, how: str) -> None:
    post.week["missed"] += 1
    patient.tries += 1
    patient.missed += 1
    count(service, day, patient.cell, "missed")
    log(service, day, "missed", patient.key, post, LOG_KINDS.index(how))
    if patient.missed >= service.rules.most_missed:
        leave_care(service, day, patient, "dropped_no_shows")
    else:
        plan_visit(service, patient, day, day + service.rules.rebook)


def attend(service: Service, day: int, post: Post, patient: Patient, how: str) -> None:
    need, luck, tries = service.need(patient), service.luck, patient.tries
    post.week["attended"] += 1
    if service.rules.own_clinician and patient.post is None:
        take_on(post, patient)
    stage = need.stage[min(patient.visits, MOST_VISITS - 1)]
    waited = count_visit(service, day, post, patient, how)
    gap = waited if patient.visits else need.cadence[0]
    patient.team, patient.last, patient.missed = post.team.number, day, 0
    patient.tries += 1
    patient.visits += 1
    progress = need.progress[stage][min(gap, DAYS_SHOWN - 1)] * (1.0 - post.undone)
    patient.to_go -= int(progress)
    if progress % 1 and unit(draw(patient.key, luck.progress, tries)) < progress % 1:
        patient.to_go -= 1
    if patient.to_go <= 0:
        leave_care(service, day, patient, "discharged")
    elif draw(patient.key, luck.staying, tries) < need.quits:
        leave_care(service, day, patient, "dropped_after_visit")
    else:
        plan_visit(service, patient, day, day + need.cadence[min(patient.visits, MOST_VISITS - 1)])


def count_visit(service: Service, day: int, post: Post, patient: Patient, how: str) -> int:
    """Count a visit; the days waited for it, since asking or the last visit."""
    first = patient.visits == 0
    waited = day - (patient.arrived if first else patient.last)
    count(service, day, patient.cell, "attended")
    if first:
        count(service, day, patient.cell, "first_visits")
        service.site(patient).first_waits[day // 7].append(waited)
    log(service, day, how, patient.key, post, waited)
    count_days_until_visit(service, day, int(WAITS if first else INTERVALS), waited)
    count_span(service, day, patient, SEEN)
    return waited


def leave_care(service: Service, day: int, patient: Patient, way: str) -> None:
    """Care ends; some of those who dropped out or were discharged ask again one day."""
    count(service, day, patient.cell, way)
    log(service, day, "ended", patient.key, patient.post, CELL_COUNTS.index(way))
    count_span(service, day, patient, fate_of(way))
    step_out(service, patient)
    leave_caseload(patient)
    service.in_care.remove(patient)
    need, luck = service.need(patient), service.luck
    share = need.reentry if way in DROPPED else need.relapse if way == "discharged" else 0
    if draw(patient.key, luck.coming_back, 0) < share:
        days = geometric(draw(patient.key, luck.away, 0), need.log_away)
        service.away.append((day + days, service.next_turn(), mix(patient.key), patient.cell))


def take_on(post: Post, patient: Patient) -> None:
    """Join a caseload; whoever joined last is handed over first."""
    patient.post = post
    post.own.insert(0, patient)


def leave_caseload(patient: Patient) -> None:
    if patient.post is not None:
        patient.post.own.remove(patient)
        patient.post = None


def handed_over(service: Service, day: int, patient: Patient, leaver: Post, colleague: Post) -> None:
    """From one caseload to another, and from the line of one to the same place in the line of the other."""
    count_team(service, day, leaver.team.number, "handed_over", 1)
    log(service, day, "handed_over", patient.key, colleague, leaver.place)
    leave_caseload(patient)
    take_on(colleague, patient)
    if patient.line == ("own", leaver.place):
        service.lines[patient.line].remove(patient)
        patient.line = "own", colleague.place
        line = service.lines[patient.line]
        later = (place for place, other in enumerate(line) if stands_before(patient, other))
        line.insert(next(later, len(line)), patient)


def stands_before(one: Patient, other: Patient) -> bool:
    return (one.due, one.booked) < (other.due, other.booked)
