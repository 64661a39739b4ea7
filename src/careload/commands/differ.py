"""`careload differ`: which single assumption decides?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careload.commands.seen import gone_beyond, ranges_seen
from careload.commands.setting import with_settings
from careload.commands.shared import check_places, print_json, print_rich, progress_bar, say, say_if_compiling
from careload.commands.simulate import INTERRUPTED, OneSettings

if TYPE_CHECKING:
    from careload.clinic import Service
    from careload.model import AssumptionSet, Disagreement, Ranges

Assumed = Annotated[str, typer.Argument(help="Assumption set; see docs/assumption-sets.md.")]


def differ_command(
    a: Assumed,
    b: Assumed,
    scenario: Annotated[str, typer.Option(metavar="SERVICE", help="Service file on which both are run.")],
    set_: OneSettings = None,
    years: Annotated[float, typer.Option(help="Years counted.")] = 5,
    replications: Annotated[int, typer.Option(help="Pairs of runs, each with luck of its own.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same answer.")] = 1,
    json_: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the page as one HTML file.")] = None,
) -> None:
    """Which single assumption decides what two parties disagree about?"""
    check_places((html,), (a, b, scenario))
    from careload.clinic import read_service
    from careload.model import read_assumptions

    service = with_settings(read_service(scenario), set_ or [])
    one, other = read_assumptions(a), read_assumptions(b)
    seen = ranges_seen(scenario)
    stopped, found = _found(service, one, other, years, replications, seed)
    if found:
        _answer(found, seen, html, json_=json_)
    if stopped:
        _say_finished(found, replications, html)
        # Not by way of the program's own word on Ctrl-C: what was kept has just been said.
        raise SystemExit(INTERRUPTED)


def _found(
    service: Service, a: AssumptionSet, b: AssumptionSet, years: float, replications: int, seed: int
) -> tuple[bool, Disagreement | None]:
    """Whether somebody stopped the runs, and what is finished of them; None without a single pair."""
    from careload.model import Disagreement, differ
    from careload.simulate import Interrupted

    say_if_compiling()
    with progress_bar("running", replications) as step:
        try:
            return False, differ(service, a, b, years, replications, seed, progress=step)
        except Interrupted as stopped:
            found = stopped.finished
            return True, found if isinstance(found, Disagreement) and found.compared.here.summaries else None


def _answer(found: Disagreement, seen: Ranges | None, html: Path | None, *, json_: bool) -> None:
    from careload.model.disagreement import as_json, noticed, summary, write_page

    findings = [*gone_beyond(found.compared, seen, seen), *noticed(found)]
    if json_:
        print_json(as_json(found, findings))
    else:
        print_rich(summary(found, findings))
    if html:
        write_page(found, html, findings)
        say(f"Page written to {html}.")


def _say_finished(found: Disagreement | None, replications: int, html: Path | None) -> None:
    if found is None:
        say(f"Interrupted. None of {replications:,} pairs of runs was finished, so there is no answer, and "
            "nothing was written.")
        return
    done = len(found.compared.here.summaries)
    kept = f"the answer and the page {html} are" if html else "the answer is"
    say(f"Interrupted. {done:,} of {replications:,} pairs of runs were finished, the swaps were not: {kept} "
        "without what decides.")
