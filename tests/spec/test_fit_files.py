"""A model as files, and where a number comes from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.support.made_models import made_model

from careload.clinic import SettingsError, UsageError, beside, read_service
from careload.model import Belief, as_json, explain, read_beliefs, write_model
from careload.simulate import ready_service

SOLO = read_service(ready_service("solo"))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write_model(made_model(), tmp_path / "practice.toml")
    return tmp_path / "practice.toml"


def test_the_service_read_back_is_the_one_that_was_fitted(written: Path) -> None:
    assert read_service(written).sections == SOLO.sections


def test_a_service_of_many_sites_and_names_with_blanks_is_read_back_too(tmp_path: Path) -> None:
    trap = read_service(ready_service("trap"))
    write_model(made_model(trap), tmp_path / "clinic.toml")
    assert read_service(tmp_path / "clinic.toml").sections == trap.sections


def test_every_number_has_its_doubt_behind_it(written: Path) -> None:
    lines = written.read_text(encoding="utf-8").splitlines()
    values = [line for line in lines if " = " in line and not line.startswith(("#", "name"))]
    assert all("  # " in line for line in values)
    assert any("the answer rests on the assumption" in line for line in values)
    assert any("812 events, 40,000 days" in line for line in values)


def test_a_small_cell_is_shown_nowhere(written: Path) -> None:
    whole = written.read_text(encoding="utf-8") + beside(written).read_text(encoding="utf-8")
    assert "counts of fewer than 11 are not shown" in whole
    assert "7 events" not in whole and '"events": 7' not in whole


def test_what_was_believed_is_read_back_with_its_draws(written: Path) -> None:
    before = {belief.place: belief for belief in made_model().beliefs}
    after = read_beliefs(written)
    assert after.keys() == before.keys()
    for place, belief in after.items():
        assert belief.determined == before[place].determined
        assert np.allclose(belief.draws, before[place].draws, rtol=1e-5)


def test_the_same_model_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_model(made_model(), tmp_path / "again.toml")
    assert (tmp_path / "again.toml").read_bytes() == written.read_bytes()
    assert beside(tmp_path / "again.toml").read_bytes() == beside(written).read_bytes()


def test_the_json_holds_no_draws_and_no_time() -> None:
    found = as_json(made_model(warnings=("It loses.",)))
    assert found["schema"] == "careload/fit/1"
    assert found["warnings"] == ["It loses."]
    assert "draws" not in found["beliefs"][0]
    json.dumps(found, allow_nan=False)


def test_a_number_is_explained_back_to_what_was_counted(written: Path) -> None:
    place, said = next(
        (each.place, str(each)) for each in explain(written, "need") if "812 events" in str(each)
    )
    assert place in said
    assert "Formula: events / days." in said
    assert "Counted: 812 events, 40,000 days." in said
    assert "Who may change it" in said
    assert "the records determine it well" in said


def test_a_name_alone_means_every_place_that_ends_so(written: Path) -> None:
    assert [each.place for each in explain(written, "ramp_weeks")] == ["workforce.ramp_weeks"]
    assert len(explain(written, "workforce")) == len(SOLO["workforce"])


def test_a_value_changed_by_hand_is_told(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("ramp_weeks"))
    written.write_text(text.replace(line, "ramp_weeks = 3"), encoding="utf-8")
    (found,) = explain(written, "ramp_weeks")
    assert found.changed
    assert "Changed by hand since the fit" in str(found)


def test_a_service_that_was_never_fitted_is_explained_by_the_registry(tmp_path: Path) -> None:
    plain = tmp_path / "plain.toml"
    plain.write_bytes(Path(ready_service("solo")).read_bytes())
    (found,) = explain(plain, "hand_over_loss")
    assert found.belief is None
    assert "No fit is known of it" in str(found)
    assert "Without records: 0.02 to 0.35" in str(found)


def test_a_parameter_nobody_knows_is_told_with_one_that_is_near(written: Path) -> None:
    with pytest.raises(UsageError) as told:
        explain(written, "ramp_week")
    assert "ramp_weeks" in told.value.remedy


def test_a_file_beside_it_that_is_none_of_ours_is_told(written: Path) -> None:
    beside(written).write_text("{}", encoding="utf-8")
    with pytest.raises(SettingsError):
        explain(written, "ramp_weeks")


@pytest.mark.parametrize(("counts", "shown"), [
    ({"patients": 400, "of them discharged": 380}, True),
    ({"patients": 400, "of them discharged": 396}, False),  # four are not
    ({"patients": 400, "of them discharged": 4}, False),
    ({"patients": 400, "leavers": 4}, True),
    ({"patients": 52, "weeks": 50.0}, True),
])
def test_counts_are_shown_unless_they_or_what_they_leave_tell_of_few(
    counts: dict[str, float], shown: bool
) -> None:
    assert ("patients" in Belief("need.a.visits_needed", 3.0, counts=counts).shown_counts) == shown
