"""`careload fit`: what do the records say a service is?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careload.commands.shared import (
    AsOf,
    KeyFile,
    Mapping,
    Source,
    as_day,
    check_places,
    print_json,
    print_rich,
    progress_bar,
    read_records,
    say,
    say_if_compiling,
)

if TYPE_CHECKING:
    from careload.model import AssumptionSet, Model


def fit_command(
    records: Source,
    out: Annotated[Path, typer.Option(metavar="SERVICE", help="Service file to write.")],
    mapping: Mapping = None,
    from_: Annotated[
        str | None, typer.Option("--from", help="Leave out what happened before this day, YYYY-MM-DD.")
    ] = None,
    as_of: AsOf = None,
    assumptions: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Assumption set taken as given, such as pay; repeatable."),
    ] = None,
    beside_: Annotated[
        list[Path] | None,
        typer.Option("--beside", metavar="FILE",
                     help="Assumption set of a party: shown beside, never used in the fit; repeatable."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same draws.")] = 1,
    html: Annotated[Path | None, typer.Option(help="Write the fit as one HTML page.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    key_file: KeyFile = None,
) -> None:
    """What do the records say? Fits a service to simulate, every number with its doubt."""
    from careload.clinic import beside

    first, day = as_day(from_, "--from"), as_day(as_of)
    inputs = (records, mapping, key_file, *(assumptions or []), *(beside_ or []))
    check_places((out, beside(out), html), inputs)
    from careload.model import known_of, read_assumptions

    known = known_of(read_assumptions(path) for path in assumptions or [])
    parties = [read_assumptions(path) for path in beside_ or []]
    read = read_records(records, mapping, key_file, None)
    from careload.model import as_json, fit, summary, write_model

    say_if_compiling()
    with progress_bar("fitting") as step:
        model = fit(read, first=first, as_of=day, known=known, parties=parties, seed=seed,
                    followed=html is not None or json_, progress=step)
    _say_nowhere(model, parties)
    write_model(model, out)
    say(f"Service written to {out}, what is believed of its numbers to {beside(out)}.")
    if html:
        _write_page(model, html)
    if json_:
        print_json(as_json(model))
    else:
        print_rich(summary(model))


def _say_nowhere(model: Model, parties: list[AssumptionSet]) -> None:
    """Of what parties hold, what has no place in this service."""
    from careload.model import nowhere

    for place in nowhere({belief.place: belief for belief in model.beliefs}, parties):
        say(f"{place} has no place in this service, and is shown nowhere.")


def _write_page(model: Model, path: Path) -> None:
    """The page; where the doubt lies is looked for only for it, as that takes many runs."""
    from careload.model import doubts_of
    from careload.model.report import write_page

    with progress_bar("asking where the doubt lies") as step:
        doubts = doubts_of(model.beliefs, model.name, model.seed, progress=step)
    write_page(model, path, doubts)
    say(f"Page written to {path}.")
