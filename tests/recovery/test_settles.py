"""Services of which theory knows whether they settle: does the simulator find it?"""

from __future__ import annotations

import json
import math
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom
from typer.testing import CliRunner

from careload.__main__ import app
from careload.clinic import Service, UsageError, parse_service, read_service
from careload.clinic.formulas import day_transitions, stationary
from careload.simulate.settles import Settling, settles_or_spirals
from careload.simulate.settles.answer import BISECTION
from careload.simulate.settles.paths import Course, Push, follow

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
SLOTS_A_DAY, DAYS_A_WEEK, WORKING_DAYS = 8, 7, 5
SOON, LATE, SCALE_DAYS, DROPOUT_PER_DAY, REFERRALS_A_WEEK = 0.05, 0.7, 14, 0.01, 27.5
PLACES = 400

# One visit each, asked for on working days; whoever misses it books again for the next day. Nothing else
# happens but that those overdue drop out: the backlog is the daily chain of `careload.clinic.formulas`.
ONE_VISIT = f"""
name = "One visit"
[site.clinic]
[profession.clinician]
treats = ["everybody"]
[need.everybody]
arrivals_per_week = {REFERRALS_A_WEEK}
urgent_share = 0
visits_needed = 1
crisis_per_day = 0
dropout_per_day = {DROPOUT_PER_DAY}
dropout_per_visit = 0
remission_per_month = 0
[team.clinicians]
site = "clinic"
profession = "clinician"
posts = 1
return_slots = {SLOTS_A_DAY * WORKING_DAYS}
[no_show]
intake_soon = {SOON}
intake_late = {LATE}
scale_days = {SCALE_DAYS}
[policy]
own_clinician = false
rebook_days = 1
[workforce]
sick_days_per_year = 0
leave_days_per_year = 0
[mechanisms]
progress_by_gap = false
overload = false
exhaustion = false
leaving = false
hiring = false
demand = false
groups = false
[start]
patients = 5
"""


def one_visit(**values: object) -> Service:
    return parse_service(ONE_VISIT, "one visit").changed({
        place.replace("__", "."): value for place, value in values.items()
    })


def ask(service: Service, horizon: int = 9, replications: int = 8, **more: object) -> Settling:
    return settles_or_spirals(service, horizon, 0, replications=replications, **more)  # type: ignore[arg-type]


def chain(referrals_a_week: float = REFERRALS_A_WEEK, late: float = LATE) -> NDArray[np.float64]:
    """A working day of the backlog, with those who drop out in the nights to the next; leads as in a line."""
    def missed(backlog: int) -> float:
        lead_days = 1 + backlog / SLOTS_A_DAY * DAYS_A_WEEK / WORKING_DAYS
        return SOON + (late - SOON) * (1 - math.exp(-lead_days / SCALE_DAYS))

    day = day_transitions(SLOTS_A_DAY, referrals_a_week / WORKING_DAYS, PLACES, missed)
    stays = (1 - DROPOUT_PER_DAY) ** (DAYS_A_WEEK / WORKING_DAYS)
    people = np.arange(PLACES + 1)
    found = day @ binom.pmf(people[None, :], people[:, None], stays)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def humps(law: NDArray[np.float64]) -> list[int]:
    """Backlogs likelier than their neighbours."""
    inside = law[1:-1]
    return [int(place) + 1 for place in np.flatnonzero((inside > law[:-2]) & (inside >= law[2:]))]


@pytest.fixture(scope="module")
def bistable() -> Settling:
    return ask(one_visit(), horizon=9, replications=12)


def test_the_chain_has_two_humps_and_with_flat_no_shows_one() -> None:
    """The construction of the two tests below, confirmed by matrix."""
    law = np.array(stationary(chain()).law)
    low, high = humps(law)
    valley = low + int(np.argmin(law[low:high]))
    assert low < 10 and 150 < high < 220 and 50 < valley < 80
    assert len(humps(np.array(stationary(chain(late=SOON)).law))) == 1


@pytest.mark.slow
def test_two_states_where_no_shows_grow_with_the_wait(bistable: Settling) -> None:
    low, high = humps(np.array(stationary(chain()).law))
    short, long = (state.figures[0].value or 0.0 for state in bistable.states)
    assert bistable.verdict == "two" and not bistable.reading.open
    assert "two states and a tipping point" in str(bistable)
    json.dumps(bistable.as_json(), allow_nan=False)
    assert abs(short - low) < 4
    assert abs(long - high) < 0.2 * high  # the chain's lead time is that of who joins, not of who is seen


@pytest.mark.slow
def test_a_surge_tips_it_and_chance_hardly_does(bistable: Settling) -> None:
    """Both humps hold for these years; more referrals for half a year make half of the runs leave."""
    tipping = bistable.tipping
    assert tipping is not None and tipping.home == "short"
    assert tipping.left.value == 0
    surge = tipping.pushes[0]
    assert surge.kind == "referrals" and 0.05 < surge.size.value < 0.6
    assert [each.left for each in surge.tried if each.size >= 1] == [12] * 3


@pytest.mark.slow
def test_one_state_where_they_do_not() -> None:
    found = ask(one_visit(no_show__intake_late=SOON))
    assert found.verdict == "one" and found.tipping is None
    assert found.reading.distance.value == 0  # the same luck has brought both starts to the same people
    assert found.echo.gain.high < 0.01


@pytest.mark.slow
def test_capacity_far_above_need_settles_at_once() -> None:
    found = ask(one_visit(no_show__intake_late=SOON, team__clinicians__return_slots=80))
    assert found.verdict == "one"
    assert not found.echo.seen or found.echo.half_life.high < 4


@pytest.mark.slow
def test_capacity_far_below_need_drifts_by_what_is_left_over() -> None:
    """Nobody drops out and nobody misses: referrals less slots are left over each week, for ever."""
    slots = 20
    found = ask(one_visit(
        need__everybody__dropout_per_day=0, no_show__intake_soon=0, no_show__intake_late=0,
        team__clinicians__return_slots=slots,
    ))
    left_over = (REFERRALS_A_WEEK - slots) * 52 * 3
    assert found.verdict == "drift"
    for change in found.reading.change:
        assert change.low < left_over < change.high
        assert change.high - change.low < 0.2 * left_over
    assert found.echo.gain.value == pytest.approx(1, abs=0.02)
    assert "nothing of it is forgotten" in str(found)


@pytest.mark.slow
def test_return_clinic_forgets_as_fast_as_people_drop_out() -> None:
    """A queue shed by dropping out at p a day forgets by 1 - (1 - p)^365 a year, so half in ln 2 / p days."""
    service = read_service(ROOT / "benchmarks" / "return_clinic" / "service.toml")
    found = settles_or_spirals(service, 15, 0, replications=8, long_list=80)
    half_life_weeks = math.log(2) / 0.001 / 7
    assert found.verdict == "one"
    assert found.echo.half_life.low < half_life_weeks < found.echo.half_life.high
    assert found.echo.half_life.high < 1.5 * half_life_weeks


@pytest.mark.slow
def test_it_cannot_be_said_while_the_starts_still_approach_each_other() -> None:
    service = read_service(ROOT / "benchmarks" / "return_clinic" / "service.toml")
    found = settles_or_spirals(service, 6, 0, replications=4)
    assert found.verdict == "cannot be said"
    assert "still approach" in found.reading.because and "horizon" in found.reading.remedy


@pytest.mark.slow
def test_draws_say_which_parameter_decides() -> None:
    """Only the no-shows of long waits make two states; the other parameter drawn does nothing."""
    ranges = {"no_show.intake_late": (0.05, 0.75), "policy.overbooking": (0.0, 0.001)}
    found = settles_or_spirals(
        one_visit(), 6, 16, replications=2, replications_of_draws=4, ranges=ranges
    )
    shares = {verdict: share.value for verdict, share in found.shares().items()}
    assert sum(value or 0 for value in shares.values()) == pytest.approx(1)
    assert (shares["one"] or 0) > 0.5
    first, second = found.decisive()
    assert first.by == {"parameter": "no_show.intake_late"} and (first.low or 0) > 0
    assert second.low is not None and second.high is not None and second.low < 0 < second.high


@pytest.mark.slow
def test_the_same_on_any_number_of_workers() -> None:
    answers = []
    for workers in (1, 3):
        with ThreadPoolExecutor(workers) as executor:
            found = settles_or_spirals(
                one_visit(no_show__intake_late=SOON), 6, 2, replications=6, replications_of_draws=2,
                executor=executor,
            )
        answers.append(json.dumps(found.as_json(), allow_nan=False))
    assert answers[0] == answers[1]


@pytest.mark.slow
def test_the_command_answers_in_words_and_as_json(tmp_path: Path) -> None:
    file = tmp_path / "service.toml"
    file.write_text(ONE_VISIT, encoding="utf-8")
    asked = [str(file), "--set", f"no_show.intake_late={SOON}", "--horizon", "6", "--draws", "0"]
    words = CliRunner().invoke(app, ["settles", *asked, "--replications", "3"]).stdout
    answer = json.loads(CliRunner().invoke(app, ["settles", *asked, "--replications", "3", "--json"]).stdout)
    assert "settles in one stable state" in words
    assert answer["verdict"] == "one" and answer["draws"] == []
    assert all(each["low"] is not None for each in answer["estimates"] if each["measure"] == "overdue")


def test_each_course_has_its_own_paths_in_order_of_replication() -> None:
    told: list[tuple[str, int, int]] = []
    courses = [Course(one_visit()), Course(one_visit(), Push("referrals", 2.0, 10, 10))]
    with ThreadPoolExecutor(2) as executor:
        base, pushed = follow(courses, 1, 1, 7, executor, lambda *step: told.append(step), "starts")
    assert told == [("starts", done, 4) for done in (1, 2, 3, 4)]
    assert base.shape == pushed.shape == (7, 52, 5)
    assert (base[:, :10] == pushed[:, :10]).all() and (base[:, 10:] != pushed[:, 10:]).any(axis=(1, 2)).all()
    assert (follow(courses[:1], 1, 1, 3)[0] == base[:3]).all()


def test_every_part_of_the_answer_and_every_method_is_documented() -> None:
    found = settles_or_spirals(
        one_visit(no_show__intake_late=SOON), 6, 2, replications=2, replications_of_draws=2
    )
    answer = json.loads(json.dumps(found.as_json(), allow_nan=False))
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([^`]+)`", page.partition("## Whether a service settles")[2]))
    assert answer["schema"] == "careload/settles/1"
    assert {*answer, *answer["ranges"][0], *answer["draws"][0]} <= told
    assert {each["measure"] for each in answer["estimates"]} <= told
    assert {key for each in answer["estimates"] for key in each["by"]} <= told
    methods = {each["interval"] for each in answer["estimates"]} | {BISECTION}
    assert methods <= told & set(re.findall(r"^\| `([^`]+)`", GLOSSARY, re.MULTILINE))


@pytest.mark.parametrize(("horizon", "draws", "replications"), [(3, 0, 8), (9, -1, 8), (9, 0, 1)])
def test_what_nothing_can_be_said_from_is_refused(horizon: int, draws: int, replications: int) -> None:
    with pytest.raises(UsageError):
        settles_or_spirals(one_visit(), horizon, draws, replications=replications)
