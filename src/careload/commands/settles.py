"""`careload settles`: does it come to rest, or does it spiral?"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from careload.commands.setting import with_settings
from careload.commands.shared import print_json, progress_bar, say_if_compiling
from careload.commands.simulate import OneSettings, ServiceFile


def settles_command(
    service: ServiceFile,
    horizon: Annotated[int, typer.Option(help="Years that every run is followed.")] = 10,
    draws: Annotated[int, typer.Option(help="Draws of what is disputed; 0 for none.")] = 40,
    replications: Annotated[int, typer.Option(help="Runs from each start.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same answer.")] = 1,
    set_: OneSettings = None,
    json_: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
) -> None:
    """Does it settle, or does it spiral? One stable state, two, a drift, or "cannot be said"."""
    from careload.clinic import read_service

    changed = with_settings(read_service(service), set_ or [])
    from careload.simulate.settles import settles_or_spirals

    say_if_compiling()
    with progress_bar("running") as step:
        found = settles_or_spirals(changed, horizon, draws, seed, replications=replications, progress=step)
    if json_:
        print_json(found.as_json())
    else:
        sys.stdout.write(f"{found}\n")
