"""The package's own front door: a few names, each of them there whatever was imported before."""

from __future__ import annotations

import subprocess
import sys

import pytest

import careload


@pytest.mark.parametrize(
    "before", ["", "import careload.measure", "from careload.measure.report import html", "careload.measure"]
)
def test_measure_is_a_verb_whatever_came_before(before: str) -> None:
    """A room and its verb share a name; importing the room must not take the verb away."""
    program = f"import careload\n{before}\nassert callable(careload.measure) and callable(careload.measure)"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_room_called_is_the_function() -> None:
    from careload.measure import measure

    assert sys.modules["careload.measure"].__call__ is measure


def test_every_name_is_there() -> None:
    assert [name for name in careload.__all__ if not hasattr(careload, name)] == []


def test_every_name_is_listed_before_it_is_used() -> None:
    program = "import careload; print(set(careload.__all__) - set(dir(careload)))"
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "set()"


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'mesure'"):
        careload.mesure  # noqa: B018
