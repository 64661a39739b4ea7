"""What is known beside the records stands above what they say."""

from __future__ import annotations

from tests.support.fitted import evidence_of

from careload.model import known_of
from careload.model.assembled import completed
from careload.model.assumptions import parse_assumptions
from careload.model.belief import Belief

PAY = """
name = "What is paid"
whose = "the pay office"
[[value]]
place = "profession.*.pay_per_year"
value = 70000
source = "pay scale"
mark = "read"
[[value]]
place = "profession.nurse.pay_per_year"
value = 80000
source = "pay scale"
mark = "read"
"""


def test_a_place_that_is_named_stands_above_one_for_all() -> None:
    known = known_of([parse_assumptions(PAY)])
    assert known["profession.nurse.pay_per_year"] == 80_000
    assert known["profession.psychologist.pay_per_year"] == 70_000
    assert "profession.nurse.visit_hours" not in known
    assert known.get("workforce.ramp_from", "nothing") == "nothing"


def test_it_is_taken_as_given() -> None:
    evidence = evidence_of("2024-06-30", known_of([parse_assumptions(PAY)]), appointments=[])
    team = {"site": "A", "profession": "nurse", "posts": 2}
    found = {f"team.A.{name}": Belief(f"team.A.{name}", value) for name, value in team.items()}
    pay = completed(found, evidence)["profession.nurse.pay_per_year"]
    assert (pay.value, pay.origin, pay.determined) == (80_000, "given", "given")
    outside = completed(found, evidence)["profession.nurse.outside_pay_per_year"]
    assert outside.determined == "not identified"
