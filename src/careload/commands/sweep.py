"""`careload sweep`: what if, for many values at once?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from careload.clinic import SettingsError, UsageError
from careload.commands.setting import setting, toml_value, with_settings
from careload.commands.shared import print_rich, progress_bar, say, say_if_compiling
from careload.commands.simulate import INTERRUPTED, OneSettings, ServiceFile

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from careload.clinic import Service
    from careload.simulate import Swept, Vary


def sweep_command(
    service: ServiceFile,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of the runs and the table; given again, it goes on.")
    ],
    vary: Annotated[
        list[str], typer.Option(metavar="KEY=VALUES", help="1,2,3 or 0.1..0.5 for a parameter; repeatable.")
    ],
    grid: Annotated[
        bool, typer.Option("--grid", help="Every combination of the values: the default.")
    ] = False,
    latin: Annotated[
        int | None, typer.Option(metavar="N", help="So many scenarios of a Latin hypercube instead.")
    ] = None,
    years: Annotated[float, typer.Option(help="Years counted.")] = 5,
    replications: Annotated[int, typer.Option(help="Runs of each scenario.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same answer.")] = 1,
    set_: OneSettings = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="So many processes; else a thread for each processor.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Run on a Dask cluster: address of its scheduler.")
    ] = None,
) -> None:
    """What if, for many values at once? Grids and Latin hypercubes over parameters of a service."""
    _check_one("--grid", grid, "--latin", latin is not None, "every combination, or a Latin hypercube")
    _check_one("--workers", workers, "--cluster", cluster, "processes of this machine, or a cluster")
    from careload.clinic import read_service

    base = with_settings(read_service(service), set_ or [])
    design = _design([_varied(text, base) for text in vary], latin, seed)
    from careload.simulate import Interrupted

    say_if_compiling()
    try:
        with (_executor(workers, cluster) as executor,
              progress_bar("running", replications * len(design)) as step):
            found = _swept(base, design, years, replications, seed, out, executor, step)
    except Interrupted as stopped:
        kept = stopped.finished
        say(f"Interrupted. {kept.done:,} of {kept.of:,} runs are kept in {out}; the same command goes on "
            "from there.")
        raise SystemExit(INTERRUPTED) from None
    from careload.simulate import sweep_table

    print_rich(sweep_table(found))
    say(f"{found.computed:,} runs made, {found.found:,} found finished; the whole table is {found.table} "
        "and table.csv beside it.")


def _check_one(one: str, is_given: Any, other: str, is_too: Any, expected: str) -> None:
    if is_given and is_too:
        raise UsageError(f"{one} and {other} are given together.", expected, f"Leave out {one} or {other}.")


def _design(varied: list[Vary], latin: int | None, seed: int) -> Sequence[Mapping[str, Any]]:
    from careload.simulate import grid
    from careload.simulate import latin as latin_hypercube

    return grid(varied) if latin is None else latin_hypercube(varied, latin, seed)


def _swept(
    base: Service, design: Sequence[Mapping[str, Any]], years: float, replications: int, seed: int, out: Path,
    executor: Executor | None, step: Any,
) -> Swept:
    from careload.simulate import sweep

    try:
        return sweep(base, design, years, replications, seed, out=out, executor=executor, progress=step)
    except SettingsError as error:
        raise UsageError(error.found, error.expected, error.remedy) from None


def _varied(text: str, service: Service) -> Vary:
    """``place=1,2,3``, or ``place=low..high``; a whole number where the service has one."""
    from careload.simulate import Vary

    place, equals, values = text.partition("=")
    where = f"--vary {text!r}"
    if not equals or not values.strip():
        setting(place, "--vary")
    if ".." in values:
        ends = tuple(toml_value(end.strip(), where) for end in values.split("..", 1))
        if not all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends):
            raise UsageError(f"{where} is no range of numbers.", "low..high", "Write for example 0.1..0.5.")
        return Vary(place.strip(), ends, range=True)
    return Vary(place.strip(), tuple(toml_value(f"[{values}]", where)))


@contextmanager
def _executor(workers: int | None, cluster: str | None) -> Iterator[Executor | None]:
    """Where the runs are made: None for the threads of this process."""
    if cluster is not None:
        with _client(cluster) as client:
            yield client.get_executor(pure=False)
    elif workers is not None:
        from careload.simulate import processes

        with processes(workers) as executor:
            yield executor
    else:
        yield None


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("--cluster needs Dask's distributed, which is not installed.",
                         "Careload with its extra for many machines",
                         "Run in Careload's folder: pip install '.[scale]'") from None
    from careload.clinic import SourceUnreachable

    try:
        return Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise SourceUnreachable(f"No Dask scheduler answers at {address}.", "the address of a scheduler",
                                "Check that it runs, for example tcp://host:8786.") from error
