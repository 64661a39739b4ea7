"""`careload pay`: what does a pay settlement buy?"""

from __future__ import annotations

from typing import Annotated

import typer

from careload.commands.shared import print_json, print_rich


def pay_command(
    settlement: Annotated[
        str, typer.Argument(help='Its steps, such as "4% 2021-10, 3%+1% lump 2022-10"; see docs/pay.md.')
    ],
    area: Annotated[str, typer.Option(help="Whose prices; `careload prices` lists them.")] = "us",
    from_: Annotated[
        str | None, typer.Option("--from", help="Month to compare with; else the one before the first step.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Last month; else the last with known prices.")] = None,
    base: Annotated[float | None, typer.Option(help="Pay in dollars a year before the first step.")] = None,
    interpolate: Annotated[bool, typer.Option("--interpolate", help="Between months published.")] = False,
    monthly: Annotated[bool, typer.Option("--monthly", help="Every month, too.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
) -> None:
    """What does a pay settlement buy, and what would have kept pace?"""
    from careload.staff.money import as_json, parse_month, real_pay, summary

    found = real_pay(
        settlement, area, base=base, interpolate=interpolate,
        since=parse_month(from_, "--from") if from_ else None,
        until=parse_month(until, "--until") if until else None,
    )
    if json_:
        print_json(as_json(found))
    else:
        print_rich(summary(found, monthly=monthly))
