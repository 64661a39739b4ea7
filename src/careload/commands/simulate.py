"""`careload simulate`: what if?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careload.clinic import UsageError
from careload.commands.seen import gone_beyond, ranges_seen
from careload.commands.setting import with_settings
from careload.commands.shared import check_places, print_json, print_rich, progress_bar, say, say_if_compiling

if TYPE_CHECKING:
    from careload.clinic import Finding, Service
    from careload.model import Ranges
    from careload.simulate import Comparison, Simulated

INTERRUPTED = 130
REPLICATIONS = 200

ServiceFile = Annotated[str, typer.Argument(metavar="SERVICE", help="Service file; see docs/service.md.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Another value for the service named last; repeatable."),
]
OneSettings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Another value for the service; repeatable."),
]


def simulate_command(
    service: ServiceFile,
    years: Annotated[float, typer.Option(help="Years counted.")] = 5,
    replications: Annotated[
        int | None, typer.Option(help="Runs, each with luck of its own: 200; with --records 1.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same answer.")] = 1,
    set_: Settings = None,
    versus: Annotated[
        Path | None, typer.Option(metavar="OTHER", help="Compare with this service, on the same luck.")
    ] = None,
    precision: Annotated[
        float | None, typer.Option(help="Say which figures are less sure: 0.05 for within 5 %.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the page as one HTML file.")] = None,
    parquet: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write every week and every wait as Parquet.")
    ] = None,
    records: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write what the service would have recorded in a run.")
    ] = None,
) -> None:
    """What if? Runs a service forward, person by person, many times over."""
    number = replications if replications is not None else 1 if records else REPLICATIONS
    _check(number, precision, versus, parquet, records)
    check_places((html,), (service, versus))
    for folder in (parquet, records):
        _check_folder(folder)
    here, there = _services(service, versus, set_ or [])
    seen = ranges_seen(service), ranges_seen(versus)
    stopped, found = _found(here, there, years, number, seed, by_week=parquet is not None)
    _answer(found, seen, precision, html, parquet, json_=json_)
    if stopped:
        _say_finished(found, html, parquet)
        # Not by way of the program's own word on Ctrl-C: what was kept has just been said.
        raise SystemExit(INTERRUPTED)
    if records:
        _write_records(here, years, seed, records)


def _check(
    replications: int, precision: float | None, versus: Path | None, parquet: Path | None,
    records: Path | None,
) -> None:
    if records and replications != 1:
        raise UsageError(f"--records with {replications:,} replications.", "one run to be written as records",
                         "Leave --replications out, or give 1.")
    if versus and (records or parquet):
        raise UsageError("--versus with --records or --parquet.", "one service whose runs are written",
                         "Run each service by itself.")
    if precision is not None and not 0 < precision < 1:
        raise UsageError(f"--precision {precision:g}.", "a share of the value above 0 and below 1",
                         "Give for example 0.05.")


def _check_folder(folder: Path | None) -> None:
    """Raise before any work when files cannot be put into a folder; it is made if it is not there."""
    if folder is not None:
        from careload.clinic import made_folder

        made_folder(folder)


def _services(service: str, versus: Path | None, settings: list[str]) -> tuple[Service, Service | None]:
    """The service, and the one it is compared with; settings are of the one named last."""
    from careload.clinic import read_service

    here = read_service(service)
    if versus is None:
        return with_settings(here, settings), None
    return here, with_settings(read_service(versus), settings)


def _found(
    here: Service, there: Service | None, years: float, replications: int, seed: int, *, by_week: bool
) -> tuple[bool, Simulated | Comparison]:
    """Whether somebody stopped the runs, and what is finished."""
    from careload.simulate import Interrupted, compare, simulate

    say_if_compiling()
    with progress_bar("running", replications) as step:
        try:
            if there is None:
                return False, simulate(here, years, replications, seed, by_week=by_week, progress=step)
            return False, compare(here, there, years, replications, seed, progress=step)
        except Interrupted as stopped:
            return True, stopped.finished


def _answer(
    found: Simulated | Comparison, seen: tuple[Ranges | None, Ranges | None], precision: float | None,
    html: Path | None, parquet: Path | None, *, json_: bool,
) -> None:
    from careload.simulate import all_doubts, as_json, summary

    if not _runs(found).summaries:
        return
    findings = [*gone_beyond(found, *seen), *all_doubts(found, precision)]
    if json_:
        print_json(as_json(found, findings))
    else:
        print_rich(summary(found, findings))
    _write(found, findings, html, parquet)


def _write(
    found: Simulated | Comparison, findings: list[Finding], html: Path | None, parquet: Path | None
) -> None:
    if html:
        from careload.simulate.report import write_page

        write_page(found, html, findings=findings)
        say(f"Page written to {html}.")
    if parquet:
        from careload.simulate import Simulated, write_parquet

        assert isinstance(found, Simulated)
        write_parquet(found, parquet)
        say(f"Weeks and waits written to {parquet}.")


def _runs(found: Simulated | Comparison) -> Simulated:
    from careload.simulate import Comparison

    return found.here if isinstance(found, Comparison) else found


def _say_finished(found: Simulated | Comparison, html: Path | None, parquet: Path | None) -> None:
    number, asked = len(_runs(found).summaries), _runs(found).asked
    kept = [f"the page {html}"] * bool(html) + [f"the tables in {parquet}"] * bool(parquet)
    answer = f"{' and '.join(['the answer', *kept])} {'are' if kept else 'is'} of those, and whole"
    say(f"Interrupted. {number:,} of {asked:,} replications were finished: "
        f"{answer if number else 'so there is no answer, and nothing was written'}.")


def _write_records(service: Service, years: float, seed: int, folder: Path) -> None:
    from careload.simulate import run_logged, write_records

    write_records(run_logged(service, years, seed), service, folder)
    say(f"Records of one run written to {folder}.")
