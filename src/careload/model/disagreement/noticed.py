"""What is to be known before a disagreement is read: doubts of the runs, and levers among the assumptions."""

from __future__ import annotations

from collections.abc import Iterator

from careload.clinic import Finding, registry
from careload.model.assumptions import AssumptionSet
from careload.model.differ import Disagreement
from careload.simulate import all_doubts, differences

BELIEVED = ("an assumption set", "market", "nobody", "records")
"""Words for those who may change a value that is believed or found out; of all others it is decided."""


def noticed(found: Disagreement) -> list[Finding]:
    """The doubts of both runs, and what is held of a lever."""
    sides = ((found.a, differences.HERE), (found.b, differences.THERE))
    return [*all_doubts(found.compared), *(each for held, side in sides for each in _levers(held, side))]


def _levers(held: AssumptionSet, side: str) -> Iterator[Finding]:
    for each in held.values:
        who = registry()[each.place.section].parameters[each.place.parameter].who
        if not any(word in who for word in BELIEVED):
            yield Finding(
                "lever-assumed", "warning", side, 0,
                f"{held.name} holds a value of {each.place}, which is decided ({who}).",
                "values that are disputed, not what can be decided otherwise",
                "To ask what it does, give it with --set or compare with careload simulate --versus.",
            )
