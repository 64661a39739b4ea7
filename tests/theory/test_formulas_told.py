"""The formulas as they are told: refusals in three parts, sources, a page that prints what it says."""

from __future__ import annotations

import contextlib
import io
import math
import re
import subprocess
import sys
from collections.abc import Callable
from inspect import getdoc, isclass, isfunction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from careload.clinic import UsageError, formulas
from careload.clinic.formulas import erlang_a, erlang_r_over_time, mmc

PAGE = (Path(__file__).parents[2] / "docs" / "formulas.md").read_text(encoding="utf-8")
FUNCTIONS = [name for name in formulas.__all__ if isfunction(getattr(formulas, name))]
CLASSES = [name for name in formulas.__all__ if isclass(getattr(formulas, name))]

REFUSED: list[tuple[Callable[..., Any], list[Any]]] = [
    (formulas.erlang_b, [-1, 3]), (formulas.erlang_b, [1, -3]), (formulas.erlang_b, [1, 2.5]),
    (formulas.erlang_b, [math.nan, 3]), (formulas.erlang_c, [3, 3]), (formulas.erlang_c, [1, 0]),
    (formulas.mmc, [0, 1, 1]), (formulas.mmc, [1, 0, 1]), (formulas.mmc, [3, 1, 2]),
    (formulas.mmc, [math.inf, 1, 2]),
    (formulas.mmc(1, 2, 1).longer_than, [-1]),
    (formulas.erlang_a, [1, 1, 1, 0]), (formulas.erlang_a, [1, 1, 0, 1]), (formulas.erlang_a, [-1, 1, 1, 1]),
    (formulas.with_shrinkage, [10, 1]), (formulas.with_shrinkage, [-1, 0.3]),
    (formulas.priority_waits, [[], 1, 1]), (formulas.priority_waits, [[1, 0], 3, 1]),
    (formulas.preemptive_waits, [[1, -1], 3, 1]), (formulas.weighted_wait, [[1, 2], [1]]),
    (formulas.weighted_wait, [[], []]),
    (formulas.md1_queue, [1]), (formulas.mm1k, [0, 20, 400]), (formulas.mm1k, [16, 20, 0]),
    (formulas.mm1k, [16, 20, 400, 1.0]), (formulas.mm1k, [16, 20, 400, 1.2]),
    (formulas.mm1k, [16, 20, 400, 0.1, 2]),
    (formulas.mm1k, [16, 20, 400, lambda k: k / 100]), (formulas.settles, [16, 20, 1.5]),
    (formulas.overflow_share, [-1, 0.1, 20]), (formulas.largest_panel, [0, 20, 0.1]),
    (formulas.largest_panel, [0.1, 20, 1]), (formulas.birth_death, [[1], [1, 2]]),
    (formulas.birth_death, [[1], [0]]),
    (formulas.stationary, [np.array([[0.5, 0.4], [0.5, 0.5]])]), (formulas.stationary, [np.ones((1, 2))]),
    (formulas.stationary, [np.array([[1.5, -0.5], [0.5, 0.5]])]),
    (formulas.NoShowCurve, [0.1, 1.2, 9, 20]), (formulas.NoShowCurve, [0.1, 0.2, 0, 20]),
    (formulas.NoShowCurve, [0.1, 0.2, 9, 0]), (formulas.attendance, [1.1, 0.95, 1]),
    (formulas.attendance, [0.8, 0, 1]), (formulas.attendance, [0.8, 0.95, -1]),
    (formulas.slot_law, [-1, 20, 400]), (formulas.slot_transitions, [16, 20, 400, 0.1, -0.1]),
    (formulas.day_law, [-1, 16, 400]), (formulas.day_law, [20, -1, 400]), (formulas.day_law, [20, 16, 0]),
    (formulas.day_law, [20, 16, 400, lambda k: -k]), (formulas.day_moments, [-1, 20, 16]),
    (formulas.day_moments, [1, 20, math.inf]), (formulas.week_law, [[20, 0], [16], 400]),
    (formulas.week_law, [[], [], 400]),
    (formulas.erlang_r_loads, [10, 25, 1, 1]), (formulas.erlang_r_loads, [10, 0, 1, 0.5]),
    (formulas.erlang_r_loads, [0, 25, 1, 0.5]), (formulas.erlang_r_queue, [10, 25, 0.9, 4]),
    (formulas.square_root_staffing, [-1, 0.5]), (formulas.square_root_staffing, [1, math.nan]),
    (formulas.chance_of_waiting, [0]), (formulas.erlang_r_over_time, [lambda t: 1, 25, 1, 0.5, [1, 0]]),
    (formulas.erlang_r_over_time, [lambda t: 1, 25, 1, 0.5, [0]]),
    (formulas.erlang_r_over_time, [lambda t: -1, 25, 1, 0.5, [0, 1]]),
    (formulas.caseload, [-1, 4]), (formulas.gap, [100, 0]), (formulas.visits_needed, [100, 0]),
    (formulas.between_visits, [1, -1]), (formulas.little_in_window, [[(0, 1)], 3, 3]),
    (formulas.little_in_window, [[(2, 1)], 0, 3]), (formulas.capacity_left, [25, 25, -1]),
    (formulas.capacity_left, [25, 0, 0]),
    (formulas.hazard, [1]), (formulas.hazard, [0.5, 0]), (formulas.chance, [-1]), (formulas.chance, [1, -1]),
    (formulas.convert, [0.1, "fortnight", "day"]), (formulas.convert, [1, "day", "year"]),
    (formulas.hazards_between, [[3, 6], [0.3]]), (formulas.hazards_between, [[6, 3], [0.2, 0.3]]),
    (formulas.hazards_between, [[3, 6], [0.3, 0.2]]), (formulas.hazards_between, [[3], [1]]),
    (formulas.share_by, [-1, [3], [0.1]]), (formulas.share_by, [1, [3, 2], [0.1, 0.1]]),
    (formulas.share_by, [1, [3], [-0.1]]), (formulas.race, [0, 0]), (formulas.race, [1.1, 0]),
    (formulas.race, [0.1, 0.1, -1]), (formulas.exhaustion_after, [-1, 0.5, 0.1]),
    (formulas.exhaustion_after, [1, 1.5, 0.1]), (formulas.exhaustion_after, [1, 0.5, 1.1]),
    (formulas.half_life, [0]), (formulas.half_life, [1]),
    (formulas.split_by_risk_ratio, [0.9, 0.1, 5]), (formulas.split_by_risk_ratio, [1.1, 0.1, 2]),
    (formulas.split_by_odds_ratio, [0.3, 0.5, 0]), (formulas.real_change, [[0.04], 0, 100]),
    (formulas.real_change, [[-1], 100, 100]),
]


@pytest.mark.parametrize(("formula", "given"), REFUSED)
def test_what_no_formula_can_take_is_refused(formula: Callable[..., Any], given: list[Any]) -> None:
    with pytest.raises(UsageError) as refused:
        formula(*given)
    told = refused.value
    assert told.found.endswith(".") and told.remedy.endswith((".", "?"))
    assert told.expected and not told.expected.endswith(".")


def test_goals_of_staffing_that_cannot_be_met_are_refused() -> None:
    for goal in ({"served_within": 1.0}, {"served_within": 0.8, "max_occupancy": 0.0}):
        with pytest.raises(UsageError):
            formulas.fewest_servers(3, 1, 1, within=1, **goal)


def test_a_refusal_reads_well() -> None:
    with pytest.raises(UsageError) as refused:
        mmc(3, 1, 2)
    assert str(refused.value) == (
        "A load of 3 for 2 servers: the queue grows without bound. "
        "Expected a load below the number of servers. "
        "Add servers, lower the load, or use `erlang_a`, in which people give up waiting."
    )
    with pytest.raises(UsageError, match=r"arrivals is -1 \(people per unit of time\)\. Expected a fin"):
        mmc(-1, 1, 2)


def test_a_line_without_end_is_refused_before_it_is_built() -> None:
    with pytest.raises(UsageError, match="states"):
        erlang_a(2, 1, 1, 1e9)


def test_nobody_at_first_unless_said() -> None:
    assert erlang_r_over_time(lambda _: 0.0, 1, 1, 0.5, [0, 1])[-1].needy == 0


# ── Sources and the page ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_formula_says_what_it_gives_refuses_and_where_it_is_from(name: str) -> None:
    told = getdoc(getattr(formulas, name)) or ""
    assert "Gives" in told
    assert "UsageError" in told or "Arguments and errors" in told or "the errors are those" in told
    source = told.partition("Source:")[2]
    assert re.search(r"\b[RSCM]\b|[Aa]s `|as this module", source), "a source with its mark"


@pytest.mark.parametrize("name", CLASSES)
def test_each_record_says_what_is_in_it(name: str) -> None:
    record = getattr(formulas, name)
    told = getdoc(record) or ""
    fields = getattr(record, "__dataclass_fields__", {})
    assert [field for field in fields if not re.search(rf"\b{field}\b", told)] == []


@pytest.mark.parametrize("name", sorted({*FUNCTIONS, *CLASSES} - {"NoShow"}))
def test_each_formula_is_on_the_page(name: str) -> None:
    assert re.search(rf"`{name}\b", PAGE)


BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_the_page_prints_what_it_says(block: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(block, {})
    told = re.findall(r"^print\(.*\)  # (.*)$", block, re.MULTILINE)
    assert printed.getvalue().splitlines() == told


def test_every_function_has_an_example() -> None:
    used = {name for block in BLOCKS for name in re.findall(r"\b(\w+)\(", block)}
    assert set(FUNCTIONS) - used == set()


def test_the_front_door_loads_none_of_the_science() -> None:
    program = (
        "import sys, careload.clinic.formulas\n"
        "print([name for name in ('numpy', 'scipy') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
