"""The day, step by step, and the first day."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Any

from careload.simulate.kernel.chance import luck
from careload.simulate.kernel.records import CUT_OFF, MOST_VISITS, Plan
from tests.twin.plain_day import care
from tests.twin.plain_day.books import Books, count_span
from tests.twin.plain_day.chance import draw, geometric, key_of_cell, mix, poisson, quantile, unit
from tests.twin.plain_day.people import post_changes, week_ends
from tests.twin.plain_day.seen import first_of, slots
from tests.twin.plain_day.who import FIRST_OF_AWAY, FIRST_OF_START, Patient, Post, Service, Site

FRIDAY, SUNDAY = 4, 6
MOST_REFERRALS_A_DAY = 2**20


def run_plainly(plan: Plan, seed: int, replication: int) -> Books:
    """Run a plan over all its days; gives the books: log, counts, spans, histograms."""
    service, days = Service(plan, luck(seed, replication)), len(plan.open)
    begin(service)
    for day in range(days):
        midnight(service, day)
        people(service, day)
        due(service, day)
        if plan.open[day]:
            for site in service.sites:
                slots(service, day, site)
        referrals(service, day)
        if day % 7 == SUNDAY:
            week(service, day)
    for patient in service.in_care:
        count_span(service, days - 1, patient, CUT_OFF)
    return Books(service, days)


def midnight(service: Service, day: int) -> None:
    """1. Whatever was drawn to end today ends, in the order in which it was drawn; some ask again."""
    for line in service.lines.values():
        for patient in line:
            if patient.state == "waiting" and not patient.drawn and day > patient.due + care.FIRST_MIDNIGHTS:
                care.waits_on(service, patient)
    today = [(turn, patient, what) for turn, patient, what in service.ends_on(day)]
    back = [(turn, key, cell) for when, turn, key, cell in service.away if when == day]
    for _, one, what in sorted([*today, *back], key=lambda event: event[0]):
        if isinstance(one, Patient):
            care.ends(service, day, one, str(what))
        else:
            care.ask(service, day, int(what), one, "came_back")


def people(service: Service, day: int) -> None:
    """2. Leavers go, new colleagues begin."""
    for post in service.posts:
        post_changes(service, day, post)


def due(service: Service, day: int) -> None:
    """3. Patients due today stand in line, in the order in which they were booked."""
    today = [patient for patient in service.in_care if patient.state == "planned" and patient.due == day]
    for patient in sorted(today, key=lambda patient: patient.booked_turn):
        care.becomes_due(service, patient)


def referrals(service: Service, day: int) -> None:
    """5. New patients ask; the outside network takes some of those who have waited long."""
    for number, cell in enumerate(service.cells):
        answer = service.needs[cell.need].per_week_waited * service.sites[cell.site].long_wait
        mean = float(service.plan.arrivals[day, number]) * max(0.0, 1.0 + answer)
        key = key_of_cell(cell.site, cell.need)
        for each in range(poisson(mean, key, service.luck.referral, day)):
            care.ask(service, day, number, draw(key, key, day * MOST_REFERRALS_A_DAY + each), "referred")
    for site in service.sites:
        if service.plan.open[day] and site.outside > 0:
            outside(service, day, site)


def outside(service: Service, day: int, site: Site) -> None:
    """Those who have waited longest for a first visit go outside, as far as there is room that day."""
    site.outside_credit += site.outside
    while site.outside_credit >= 1.0:
        patient = longest_waiting(service, site)
        if patient is None or day - patient.arrived < service.rules.outside_after:
            site.outside_credit = 1.0
            return
        site.outside_credit -= 1.0
        care.leave_care(service, day, patient, "outside")


def longest_waiting(service: Service, site: Site) -> Patient | None:
    """Of those who wait for a routine first visit, whoever stands first."""
    cells = [number for number, cell in enumerate(service.cells) if cell.site == site.number]
    new = [
        [patient for patient in service.lines[kind, cell] if patient.visits == 0]
        for cell in cells for kind in ("routine", "pool")
    ]
    return first_of(new)


def week(service: Service, day: int) -> None:
    """6. The week is closed."""
    for site in service.sites:
        week_ends(service, day, site)
        lately = [wait for week in range(day // 7 - 3, day // 7 + 1) for wait in site.first_waits[week]]
        if not lately:  # nobody was seen: the wait so far of whoever stands first
            patient = longest_waiting(service, site)
            lately = [day - patient.arrived] if patient else [0]
        site.long_wait = max(0.0, sum(lately) / len(lately) / 7 - 2)
    for patient in service.in_care:
        stocks = {
            "in_care": True, "not_yet_seen": patient.visits == 0,
            "overdue": patient.state in ("waiting", "in crisis"),
        }
        for what, holds in stocks.items():
            service.cell_counts[day // 7, patient.cell, what] += holds


def begin(service: Service) -> None:
    """Patients amid treatment, post by post, each with a next visit; those due first are entered first.

    Of those due on one day, who asked before the first day and was not seen yet comes last.
    """
    for site in service.sites:
        first: list[Any] = []
        for post in site.posts:
            for key in (draw(post.key, FIRST_OF_START, each) for each in range(in_care_of(service, post))):
                due = day_due(post.team, level_of_due(service, post, unit(draw(key, service.luck.start, 0))))
                first.append((due, key, post))
        for cell, row in enumerate(service.cells):
            if row.site == site.number:
                first += not_seen(service, cell)
        for due, key, where in sorted(first, key=lambda each: each[0]):
            if isinstance(where, Post):
                in_care(service, where, key, due)
            else:
                wait_for_a_first_visit(service, where, key, due)
        for cell, row in enumerate(service.cells):
            if row.site == site.number:
                will_ask_again(service, cell)


def level_of_due(service: Service, post: Post, level: float) -> float:
    """Of newcomers fewer or more are overdue; of the others so that of the team as many are as told."""
    team = post.team
    parts = [part for _post, part in caseloads(service, team)]
    full = sum(part for part in parts if part == 1)
    if not 0 < full < sum(parts) or not team.start_late:
        return level
    own = {each.place: part for each, part in caseloads(service, team)}[post.place]
    ratio, whole = service.rules.new_overdue, sum(parts)
    late = team.start_late * whole / (full + ratio * (whole - full))
    late = min(1.0, late if own == 1 else ratio * late)
    if late == team.start_late:
        return level
    if level < late:
        return float(team.start_late * level / late)
    return float(team.start_late + (1 - team.start_late) * (level - late) / (1 - late))


def day_due(team: Any, level: float) -> int:
    due = quantile(team.start_due, team.start_due_steps, level) - int(team.start_overdue)
    if team.start_due_steps == 1:
        return math.floor(due)
    week, within = divmod(due, 7)
    return int(7 * week) + int(within * 5 / 7)


def will_ask_again(service: Service, cell: int) -> None:
    """Those who left before the first day, each with the day on which they ask again."""
    row = service.cells[cell]
    for number in range(row.start_away):
        key = draw(key_of_cell(row.site, row.need), FIRST_OF_AWAY, number)
        days = geometric(draw(key, service.luck.away, 0), service.needs[row.need].log_away)
        service.away.append((days - 1, service.next_turn(), mix(key), cell))


def caseloads(service: Service, team: Any) -> list[tuple[Post, float]]:
    """Posts of a team that are held, each with how full its caseload is."""
    fill = service.rules.new_caseload_days
    return [(post, min(1.0, -post.hired / fill) if fill else 1.0) for post in service.posts
            if post.team is team and post.filled is None]


def in_care_of(service: Service, post: Post) -> int:
    """Patients on the first day at a post that is held: of a newcomer so many less as they have been there.

    Whole patients by rounding down what the posts so far have together, and the teams before them.
    """
    team, held = post.team, caseloads(service, post.team)
    places = [own.place for own, _part in held]
    if post.place not in places:
        return 0
    parts, until = [part for _own, part in held], places.index(post.place)
    ends = [team.start_before + team.start_patients * (len(held) * sum(parts[:end]) / sum(parts))
            for end in (until, until + 1)]
    return int(ends[1] + 1e-9) - int(ends[0] + 1e-9)


def not_seen(service: Service, cell: int) -> list[Any]:
    """Due day, key and cell of each who waits for a first visit."""
    row = service.cells[cell]
    need, whose = service.needs[row.need], key_of_cell(row.site, row.need)
    keys = [draw(whose, FIRST_OF_START, number) for number in range(row.start_waiting)]
    levels = [unit(draw(key, service.luck.start, 0)) for key in keys]
    shares = [quantile(need.start_waited_shares, need.start_waited_steps, level) for level in levels]
    days = [math.floor(row.start_waited * share) for share in shares]
    return [(-waited, key, cell) for waited, key in zip(days, keys, strict=True)]


def wait_for_a_first_visit(service: Service, cell: int, key: int, due: int) -> None:
    row, need = service.cells[cell], service.needs[service.cells[cell].need]
    level, soon = unit(draw(key, service.luck.start, 1)), need.start_not_due
    level = 1 - soon * (1 - level) if due > 0 else level * (1 - soon)
    missed = min(sum(level >= 1 - share for share in need.waiting_missed), service.rules.most_missed - 1)
    missed = max(missed, int(due > 0))
    patient = care.asking(service, cell, key, min(due - 1 - int(row.waiting_put_off * missed), -1))
    patient.missed, patient.urgent = missed, draw(key, service.luck.urgency, 0) < need.waiting_urgent
    service.in_care.append(patient)
    service.where[key] = row.site
    care.draw_life(service, 0, patient)
    booked = min(due - service.rules.rebook, -1) if missed else patient.arrived
    care.plan_visit(service, patient, booked, due)
    if due < 0:
        long_due(service, patient, told=need.start_waited_steps > 1)


def in_care(service: Service, post: Post, key: int, due: int) -> None:
    luck, team = service.luck, post.team
    cell, stage = cell_and_stage(service, post, due, unit(draw(key, service.luck.start, 1)))
    need = service.needs[service.cells[cell].need]
    level = unit(draw(key, luck.start, 2))
    least, most = (0.0, 1.0) if stage is None else stage_levels(need, stage)
    level = least + level * (most - least)
    if need.start_visits[need.start_visits_steps] < 1:
        mean = max(1, int(need.mean_need + 0.5))
        to_go = 1 + int(mean * (level if stage is None else 1 - level))
        visits = max(1, mean - to_go)
    else:
        visits = max(1, int(quantile(need.start_visits, need.start_visits_steps, level)))
        to_go = still_to_go(need, visits, *(unit(draw(key, luck.start, count)) for count in (5, 4)))
    cadence = need.cadence[min(visits, MOST_VISITS - 1)]
    level = unit(draw(key, luck.start, 3))
    if team.start_due_steps > 1:
        soon = due < service.rules.rebook
        level = 1 - team.start_due_soon * (1 - level) if soon else level * (1 - team.start_due_soon)
    missed = next((number for number, share in enumerate(team.start_missed) if level < 1 - share), 11)
    missed = min(missed, service.rules.most_missed - 1)
    planned = int(due - post.team.start_put_off * missed)
    last = min(planned - cadence, -1) if post.team.start_due_steps > 1 else min(planned, 0) - cadence
    patient = Patient(
        key, cell, urgent=False, group=draw(key, luck.group, 0) < need.group, to_go=to_go, arrived=last,
        last=last, visits=visits, missed=missed,
    )
    service.in_care.append(patient)
    service.where[key] = service.cells[cell].site
    if service.rules.own_clinician:
        care.take_on(post, patient)
    care.draw_life(service, 0, patient)
    care.plan_visit(service, patient, min(due - service.rules.rebook, -1) if missed else last, due)
    if due < 0:
        long_due(service, patient, told=team.start_due_steps > 1)


def long_due(service: Service, patient: Patient, *, told: bool) -> None:
    """Overdue on the first day: in line already; what ends the wait is drawn from that day on, or told, from
    the midnight before."""
    care.stand_last(service, patient, care.line_of(service, patient), "waiting")
    days = geometric(draw(patient.key, service.luck.waiting, 0), service.need(patient).log_wait)
    patient.drawn = True
    patient.ends["wait"] = days - told, service.next_turn()


def stage_levels(need: Any, stage: int) -> tuple[float, float]:
    """Between which levels of the law of visits a stage lies."""
    return (need.start_by_stage[stage - 1] if stage else 0.0), need.start_by_stage[stage]


def still_to_go(need: Any, visits: int, level_of_done: float, level: float) -> int:
    """How many more than `done` are needed, by who needs more than that; one, where hardly anybody does."""
    done = done_so_far(need, visits, level_of_done)
    more = need.needed_more[done]
    if more < 1e-9:
        return 1
    enough = [number for number in range(done + 1, MOST_VISITS)
              if need.needed_more[number] <= more * (1 - level) or number == MOST_VISITS - 1]
    return enough[0] - done


def done_so_far(need: Any, visits: int, level: float) -> int:
    """One, and of each other visit the whole part of the mean, or one more by chance: of who needs more."""
    others, (part, whole) = visits - 1, math.modf(need.start_progress)
    rarer = min(part, 1 - part)
    amounts, odds = [], []
    for rare in range(others + 1):
        once_more = rare if part <= 0.5 else others - rare
        amounts.append(min(1 + others * int(whole) + once_more, MOST_VISITS - 2))
        odds.append(math.comb(others, rare) * (rarer / (1 - rarer)) ** rare * need.needed_more[amounts[-1]])
    reached = list(accumulate(odds))
    for amount, until in zip(amounts, reached, strict=True):
        if until > level * reached[-1]:
            return amount
    return min(int(1.5 + others * need.start_progress), MOST_VISITS - 2)


def cell_and_stage(service: Service, post: Post, due: int, level: float) -> tuple[int, int | None]:
    """A cell and a stage, by how many of each are due on the day; no stage where no law was told."""
    team, parts = post.team, []
    if team.start_due_steps == 1:
        return cell_of(service, post, level), None
    mix, due = service.plan.mix[team.number, 1:].tolist(), min(due, int(team.start_longest) - 1)
    for cell, patients in zip(team.treats, mix, strict=False):
        need = service.needs[service.cells[cell].need]
        for stage, days in enumerate(need.stage_cadence):
            least, most = stage_levels(need, stage)
            part = patients * (most - least) / (days + team.start_late_days)
            parts.append((cell, stage, part if due < days else 0.0))
    whole, reached = sum(part for _, _, part in parts), 0.0
    for cell, stage, part in parts:
        reached += part
        if level * whole < reached:
            return cell, stage
    return team.treats[0], None


def cell_of(service: Service, post: Post, level: float) -> int:
    """A cell the post may treat, in proportion to the patients of the first day."""
    parts = service.plan.mix[post.team.number, 1:].tolist()
    asked = dict(zip(post.team.treats, parts, strict=False))
    whole, reached = sum(asked.values()), 0.0
    for cell, visits in asked.items():
        reached += visits
        if level * whole < reached:
            return cell
    return post.team.treats[0]
