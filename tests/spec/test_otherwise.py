"""Who says otherwise of a number: the literature, the records where a value was given, parties."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.support.fitted import evidence_of
from tests.support.made_models import made_model

from careload.model import (
    Belief,
    Model,
    Other,
    as_json,
    explain,
    known_of,
    nowhere,
    parse_assumptions,
    prior_of,
    read_beliefs,
    write_model,
)
from careload.model.assembled import completed
from careload.model.otherwise import ASSUMED, LITERATURE, RECORDS, by_parties, by_prior, with_others

PLACE = "workforce.leaving_if_exhausted"
UNION = parse_assumptions("""
name = "What the union holds"
whose = "an invented party"
[[value]]
place = "workforce.leaving_if_exhausted"
value = 3.3
source = "a study"
mark = "read"
[[value]]
place = "need.*.remission_per_month"
value = 0.07
source = "a guess"
mark = "assumed"
""")


def fitted(value: float, place: str = PLACE) -> Belief:
    return Belief(place, value, low=0.9 * value, high=1.1 * value, origin="records")


def test_the_literature_is_named_where_its_range_does_not_hold_the_value() -> None:
    prior = prior_of(PLACE)
    assert prior is not None and prior.mark != "assumed"
    (other,) = by_prior(fitted(prior.high * 1.01))
    assert other == Other(LITERATURE, None, prior.low, prior.high, prior.source, prior.mark)
    assert [*by_prior(fitted(prior.high * 0.99))] == []


def test_what_comes_from_the_literature_does_not_contradict_it() -> None:
    assert [*by_prior(replace(fitted(99.0), origin="prior"))] == []


def test_half_to_twice_a_default_is_what_nobody_said() -> None:
    place = "profession.nurse.visit_hours"
    prior = prior_of(place)
    assert prior is not None and prior.source == "half to twice the default"
    assert [*by_prior(fitted(10 * prior.high, place))] == []


def test_what_was_only_assumed_is_not_called_literature() -> None:
    place = "need.anxiety.admission_share"
    prior = prior_of(place)
    assert prior is not None and prior.mark == "assumed"
    (other,) = by_prior(fitted(prior.high * 1.5, place))
    assert other.who == ASSUMED


def test_records_say_otherwise_of_a_value_that_was_given() -> None:
    given = parse_assumptions("""
name = "The rule"
whose = "the clinic"
[[value]]
place = "policy.rebook_days"
value = 30
source = "a rule of the clinic"
mark = "read"
[[value]]
place = "team.A.posts"
value = 2
source = "the plan of posts"
mark = "read"
""")
    found = {
        "team.A.site": Belief("team.A.site", "A"), "team.A.profession": Belief("team.A.profession", "nurse"),
        "team.A.posts": Belief("team.A.posts", 2),
        "policy.rebook_days": Belief("policy.rebook_days", 7, low=6, high=8, counts={"no-shows": 40}),
    }
    every = completed(found, evidence_of("2024-06-30", known_of([given]), appointments=[]))
    belief = every["policy.rebook_days"]
    assert (belief.value, belief.origin) == (30, "given")
    assert (belief.source, belief.mark) == ("a rule of the clinic", "read")
    assert belief.otherwise == (Other(RECORDS, 7, 6, 8, "40 no-shows", ""),)
    assert every["team.A.posts"].otherwise == (), "the records say the same"


def test_parties_stand_beside_whether_they_agree_or_not() -> None:
    (inside,) = by_parties(fitted(3.2), [UNION])
    assert (inside.who, inside.value, inside.inside) == ("What the union holds", 3.3, True)
    (outside,) = by_parties(fitted(2.0), [UNION])
    assert not outside.inside
    assert [*by_parties(fitted(3.3), [UNION])] == [], "the same value"
    (of_all,) = by_parties(fitted(0.2, "need.trauma.remission_per_month"), [UNION])
    assert of_all.value == 0.07


def test_what_a_party_holds_changes_no_belief() -> None:
    beliefs = {each.place: each for each in made_model().beliefs}
    beside = with_others(beliefs, [UNION])
    assert any(each.otherwise for each in beside.values())
    for place, own in beside.items():
        assert replace(own, otherwise=()) == replace(beliefs[place], otherwise=())


def test_places_that_the_service_does_not_have_are_named() -> None:
    assert nowhere({PLACE: fitted(2.0)}, [UNION]) == ["What the union holds: need.*.remission_per_month"]


def model() -> Model:
    beliefs = with_others({each.place: each for each in made_model().beliefs}, [UNION])
    return replace(made_model(), beliefs=tuple(beliefs.values()))


def test_they_are_in_the_json_and_read_back_and_explained(tmp_path: Path) -> None:
    (row,) = [each for each in as_json(model())["beliefs"] if each["place"] == PLACE]
    assert {each["who"] for each in row["otherwise"]} >= {"What the union holds"}
    write_model(model(), tmp_path / "service.toml")
    (before,) = [each for each in model().beliefs if each.place == PLACE]
    assert read_beliefs(tmp_path / "service.toml")[PLACE].otherwise == before.otherwise
    (said,) = explain(tmp_path / "service.toml", PLACE)
    assert "What the union holds: 3.3" in str(said)
    assert "(read: a study)" in str(said)
