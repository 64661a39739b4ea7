"""Runs made by hand: every number in them can be worked out on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from careload.clinic import Estimate, Service, parse_service
from careload.simulate import Change, Comparison, Share, Simulated, Waterfall
from careload.simulate.figures import FIGURES, groups
from careload.simulate.kernel.records import CELL_COUNTS, DAYS_SHOWN, SEEN, TEAM_COUNTS, Numbers
from careload.simulate.plan import WEEKS_A_YEAR
from careload.simulate.student import half_width
from careload.simulate.summary import Kept, Summary

SERVICE = """
name = "{name}"

[site.North]
[site.Harbor]

[profession.psychologist]
treats = ["anxiety"]

[need.anxiety]
arrivals_per_week = {{ North = 5.0, Harbor = 4.0 }}
visits_needed = {visits}

[team.north_psychologists]
site = "North"
profession = "psychologist"
posts = {posts}
intake_slots = 5
return_slots = 20

[team.harbor_psychologists]
site = "Harbor"
profession = "psychologist"
posts = 2
intake_slots = 5
return_slots = 20

[mechanisms]
groups = false
"""
WEEKS = 64
RUNS = 10
NOT_REACHED = 3
"""Runs in which a figure without a value was not reached."""
PEOPLE = {"in_care": 100, "referred": 9, "discharged": 5, "dropped_waiting": 3, "remitted": 1}
POSTS_AND_HOURS = {"due_hours": 110.0, "paid_hours": 100.0, "filled": 5.0, "vacant": 1.0}


def made_service(name: str = "Two small sites", posts: int = 4, visits: int = 10) -> Service:
    """A service of two sites."""
    return parse_service(SERVICE.format(name=name, posts=posts, visits=visits))


def made_run(
    replication: int = 0, weeks: int = WEEKS, first: int = 0,
    people: Mapping[str, int] | None = None, posts: Mapping[str, float] | None = None,
    seen: Mapping[int, int] | None = None, ended: Mapping[tuple[int, int], int] | None = None,
) -> Summary:
    """A run in which every week is the same; its figures are made by `made_runs`.

    people  counts of the whole service, each week
    posts   counts of all teams, each week
    seen    days to so many visits in each four weeks
    ended   (how, days) to so many spans of waiting; in business days five for seven
    """
    whole = first + weeks
    cells = np.zeros((whole, len(CELL_COUNTS)), dtype=np.int64)
    teams = np.zeros((whole, len(TEAM_COUNTS)))
    for name, number in {"overdue": 40 + 10 * replication, **(people or PEOPLE)}.items():
        cells[:, CELL_COUNTS.index(name)] = number
    for name, amount in (posts or POSTS_AND_HOURS).items():
        teams[:, TEAM_COUNTS.index(name)] = amount
    monthly = np.zeros((2, whole // 4, DAYS_SHOWN), dtype=np.int32)
    for days, number in (seen or {20: 1, 30 + replication: 3}).items():
        monthly[:, :, days] = number
    spans = np.zeros((3, 2, 4, 2, DAYS_SHOWN), dtype=np.int32)
    for (how, days), number in ({(SEEN, 10): 50, (SEEN, 40): 50} if ended is None else ended).items():
        spans[:, 0, how, 0, days] = number
        spans[:, 1, how, 0, days * 5 // 7] = number
    return Summary(replication, weeks, first, np.zeros((0, len(FIGURES))), cells, teams,
                   Kept.of(spans), Kept.of(monthly), None)


def estimate(
    measure: str, statistic: str, value: float | None, low: float | None = None, high: float | None = None,
    unit: str = "days", by: Mapping[str, str] | None = None, note: str = "",
) -> Estimate:
    """An estimate over ten runs; one over one run where it has no interval."""
    runs = 10 if low is not None or value is None else 1
    return Estimate(measure, statistic, value, low, high, unit, runs, by or {}, interval="made", note=note)


def made_estimates(shift: float = 0.0) -> tuple[Estimate, ...]:
    """The figures a page tells first, of everybody and by site."""
    def each(by: Mapping[str, str], more: float) -> list[Estimate]:
        days = 40.0 + shift + more
        return [
            estimate("return_interval", "median", days, days - 1, days + 1, by=by),
            estimate("return_interval", "p90", None, by=by, note="not reached in 3 of 10 runs"),
            estimate("return_interval", "seen_by_14", 0.25, 0.24, 0.26, "share", by),
            estimate("intake_wait", "median", 5.0, 4.5, 5.5, by=by),
            estimate("overdue", "mean", 410.0, 400.0, 420.0, "patients", by),
            estimate("dropouts", "rate", 120.0, 110.0, 130.0, "patients per year", by),
            estimate("overload", "ratio", 1.1, 1.05, 1.15, "hours due per hour paid", by),
            estimate("unpaid_hours", "mean", 1.5, 1.4, 1.6, "hours per week and clinician", by),
            estimate("exhaustion", "mean", 0.3, 0.28, 0.32, "0 to 1", by),
            estimate("leaver_rate", "rate", 12.0, 10.0, 14.0, "leavers per 100 clinician-years", by),
            estimate("vacancy_rate", "share", 0.06, 0.05, 0.07, "share", by),
            estimate("caseload", "mean", 61.0, 60.0, 62.0, "patients per clinician", by),
        ]

    return (*each({}, 0), *each({"site": "North"}, 4), *each({"site": "Harbor"}, -4))


def made_runs(
    runs: Sequence[Summary] = (), service: Service | None = None, shift: float = 0.0, warm_up: int = 0,
    made: Sequence[Estimate] | None = None, turned: float = 0.0,
) -> Simulated:
    """Runs of a service, ten where none are given, whose estimates are those made.

    shift   days by which its waits differ from those of `made_estimates`
    turned  how far its luck is from that of other runs, as in `luck`
    """
    service = service or made_service()
    chosen = runs or [made_run(number) for number in range(RUNS)]
    figures = _figures(service, len(chosen), made_estimates(shift) if made is None else made, turned)
    summaries = tuple(replace(run, figures=own) for run, own in zip(chosen, figures, strict=True))
    weeks = chosen[0].weeks
    return Simulated(service, weeks, warm_up, 7, len(chosen), summaries, weeks / WEEKS_A_YEAR)


def _figures(service: Service, runs: int, made: Sequence[Estimate], turned: float) -> Numbers:
    """(run, group, figure): values of which `made` are the means and intervals."""
    whose = [dict(group.by) for group in groups(service)]
    names = [(figure.measure, figure.statistic) for figure in FIGURES]
    found = np.full((runs, len(whose), len(names)), np.nan)
    for each in made:
        place = whose.index(dict(each.by)), names.index((each.measure, each.statistic))
        found[:, *place] = _values(each, runs, turned)
    return found


def _values(made: Estimate, runs: int, turned: float) -> Numbers:
    if made.value is None:
        return np.where(np.arange(runs) < NOT_REACHED, np.inf, 1.0)
    half = 0.0 if made.high is None else made.high - made.value
    return np.full(runs, made.value) + half * luck(runs, turned)


def luck(runs: int, turned: float = 0.0) -> Numbers:
    """Values, one for each run, of which the mean is 0 and half the interval 1.

    turned  half the interval of their difference from those that are not turned

    A line; turned by an angle, of which the cosine is 1 - turned^2 / 2, towards a bow at right angles to it.
    """
    line = np.arange(runs) - (runs - 1) / 2
    if runs < 2 or not turned:
        return _of_half_width_1(line)
    cosine = 1 - turned**2 / 2
    bow = _of_half_width_1(line**2 - np.mean(line**2))
    return np.asarray(cosine * _of_half_width_1(line) + np.sqrt(1 - cosine**2) * bow)


def _of_half_width_1(values: Numbers) -> Numbers:
    return values / (half_width(values) or 1.0)


POSTS = Change("team.north_psychologists.posts", 4, 6)
VISITS = Change("need.anxiety.visits_needed", 10, 12)


def made_comparison() -> Comparison:
    """Ten days shorter by two more posts, four longer by more visits needed: six shorter together."""
    here = made_runs()
    there = made_runs(service=made_service(posts=6, visits=12), shift=-6.0, turned=0.5)
    shares = (
        Share(POSTS, estimate("return_interval", "median", -10.0, -11.0, -9.0)),
        Share(VISITS, estimate("return_interval", "median", 4.0, 3.0, 5.0)),
    )
    way = Waterfall("return_interval", "median", {}, "days", 40.0, shares, 34.0, "made by hand")
    return Comparison(here, there, (POSTS, VISITS), (way,))
