"""Who there is: patients, posts, sites, and the service they are part of."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from careload.simulate.kernel.records import LINES_OF_A_CELL, POOL, Plan
from tests.twin.plain_day.chance import draw, geometric, quantile, unit

Line = tuple[str, int]
"""What is waited for, and the cell or (own) the post."""

LINES = ("urgent", "routine", "group", "crisis", "pool")
KINDS_OF_SLOTS = ("crisis", "intake", "open", "return", "session")
LONG_AGO, DAYS_A_YEAR = -3650, 365.25
FIRST_OF_START, FIRST_OF_AWAY = 2**62, 2**61


@dataclass(eq=False)
class Patient:
    """A patient. Days are None before they are known; `turn` tells who came first on one day."""

    key: int
    cell: int
    urgent: bool
    group: bool
    to_go: int
    arrived: int
    last: int | None = None
    visits: int = 0
    tries: int = 0
    missed: int = 0
    state: str = "planned"
    booked: int = 0
    due: int = 0
    booked_turn: int = 0
    line: Line | None = None
    drawn: bool = False
    post: Post | None = None
    team: int = 0
    ends: dict[str, tuple[float, int]] = field(default_factory=dict)


@dataclass(eq=False)
class Post:
    """A post with whoever holds it. `filled` is the day on which a vacancy ends, None for no vacancy."""

    place: int
    team: Any
    key: int
    credit: dict[str, float]
    exhaustion: float
    holder: int = 0
    hired: int = LONG_AGO
    leaves: int | None = None
    filled: float | None = None
    own: list[Patient] = field(default_factory=list)
    slots: dict[str, int] = field(default_factory=dict)
    week: Counter[str] = field(default_factory=Counter)
    unpaid: float = 0.0
    undone: float = 0.0
    displaced: float = 0.0
    put_off: float = 0.0

    @property
    def held(self) -> bool:
        return self.filled is None

    @property
    def load(self) -> float:
        """Patients for each weekly slot."""
        return len(self.own) / self.team.weekly_slots


@dataclass(eq=False)
class Site:
    """A site: its posts in their own order and by room; first visits of the last weeks."""

    number: int
    posts: list[Post]
    by_room: list[Post]
    outside: float
    outside_credit: float = 0.0
    first_waits: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    long_wait: float = 0.0


class Service:
    """The whole service on one day, with its books."""

    def __init__(self, plan: Plan, luck: np.void) -> None:
        self.plan = plan
        self.luck = SimpleNamespace(**{name: int(luck[name]) for name in luck.dtype.names})
        self.rules = plain(plan.rules)
        self.needs = [plain(row) for row in plan.needs]
        self.cells = [plain(row) for row in plan.cells]
        self.teams = [plain(row) for row in plan.teams]
        for number, team in enumerate(self.teams):
            team.number = number
            team.treats = [int(cell) for cell in plan.treats[number, 1: 1 + plan.treats[number, 0]]]
        self.posts = [self._post(team, turn) for team in self.teams for turn in range(team.posts)]
        self.sites = [self._site(number, plain(row)) for number, row in enumerate(plan.sites)]
        for number, cell in enumerate(self.cells):
            cell.shares_line = cell.first == number * LINES_OF_A_CELL + POOL
        numbers = range(len(self.cells))
        self.lines: dict[Line, list[Patient]] = {(kind, cell): [] for cell in numbers for kind in LINES}
        self.lines |= {("own", post.place): [] for post in self.posts}
        self.in_care: list[Patient] = []
        self.away: list[tuple[float, int, int, int]] = []
        self.turn = 0
        self.log: list[tuple[int, str, int, int, int, int]] = []
        self.where: dict[int, int] = {}
        self.site_of_post = {post.place: site.number for site in self.sites for post in site.posts}
        self.cell_counts: Counter[tuple[int, int, str]] = Counter()
        self.team_counts: dict[tuple[int, int, str], float] = defaultdict(float)
        self.spans: Counter[tuple[int, int, int, int, int]] = Counter()
        self.monthly: Counter[tuple[int, int, int]] = Counter()
        self.beyond = [0, 0]

    def _post(self, team: Any, turn: int) -> Post:
        key, spread = draw(team.key, FIRST_OF_START, turn), (turn + 0.5) / team.posts
        vacant = turn >= team.posts - team.vacant
        lag = 0 if self.rules.replaced_at_once else geometric(draw(key, self.luck.hiring, 0), team.filling)
        filled = team.opens + lag if vacant else None
        post = Post(
            team.first_post + turn, team, key, dict.fromkeys(KINDS_OF_SLOTS, spread),
            self.rules.first_exhaustion, filled=filled, hired=self._hired(team, turn),
        )
        if not vacant:
            post.leaves = self._leaves(post)
            hours = team.visit_hours + team.note_hours
            post.put_off = min(team.start_put_off_hours, 5 * team.return_rate * hours)
            post.displaced = post.put_off / hours if hours else 0.0
        return post

    def _hired(self, team: Any, turn: int) -> int:
        """New posts are spread over a team: every how-manieth depends on the share."""
        rules = self.rules
        level = (unit(draw(team.key, self.luck.start, 0)) + turn * (math.sqrt(5) - 1) / 2) % 1
        if level >= rules.new_share:
            return LONG_AGO
        return -max(1, int(quantile(rules.new_days, rules.new_days_steps, level / rules.new_share)))

    def _leaves(self, post: Post) -> int | None:
        """Notice was given on a Sunday before the first day, and has not run out."""
        rules = self.rules
        hazard = rules.under_notice * post.team.leaving * math.exp(rules.log_exhausted * post.exhaustion)
        hazard *= rules.if_new if -post.hired < DAYS_A_YEAR else 1
        if not hazard:
            return None
        weeks = -math.log1p(-unit(draw(post.key, self.luck.start, 1))) / hazard
        return rules.notice - 7 * int(weeks) if 7 * weeks < min(rules.notice, -post.hired) else None

    def _site(self, number: int, row: Any) -> Site:
        posts = self.posts[row.first_post: row.first_post + row.posts]
        return Site(number, posts, list(posts), row.outside)

    def need(self, patient: Patient) -> Any:
        return self.needs[self.cells[patient.cell].need]

    def site(self, patient: Patient) -> Site:
        return self.sites[self.cells[patient.cell].site]

    def next_turn(self) -> int:
        self.turn += 1
        return self.turn

    def ends_on(self, day: int) -> Iterator[tuple[int, Patient, str]]:
        """Everything drawn to end on a day: when it was drawn, of whom, what."""
        for patient in self.in_care:
            for what, (when, turn) in patient.ends.items():
                if when == day:
                    yield turn, patient, what


def plain(record: np.void) -> SimpleNamespace:
    """A record as an object of Python's own numbers and lists."""
    return SimpleNamespace(**{name: record[name].tolist() for name in record.dtype.names})
