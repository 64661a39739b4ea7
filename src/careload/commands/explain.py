"""`careload explain`: where does a number come from?"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from careload.commands.simulate import ServiceFile


def explain_command(
    service: ServiceFile,
    parameter: Annotated[str, typer.Argument(help="Its place, or its name for all places it stands at.")],
) -> None:
    """Where does a number of a service come from? Back to what was counted, and the formula."""
    from careload.model import explain

    sys.stdout.write("\n\n".join(map(str, explain(service, parameter))) + "\n")
