"""docs/benchmarks-fit.md: whether a fit can be trusted, from the results that exist.

    python -m benchmarks.fit.page [--results FOLDER] [--page FILE]

Each part is told from a file of its own in the folder of results; what has not been measured is left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.fit import forecasts, latent, recovery
from benchmarks.fit.ranks_picture import ranks_picture
from benchmarks.fit.recovery import BINS
from benchmarks.measured import RESULTS, table
from benchmarks.wrong_models import KEPT as WRONG
from benchmarks.wrong_models import table as table_of_worlds
from scipy.stats import binom

from careload.model.trust.rivals import RIVALS

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks-fit.md"
LEVEL, DOUBT = 0.9, 0.05
RICH, EMPTY = "rich", "empty"
Rows = Sequence[Mapping[str, Any]]
Pictures = dict[str, str]

HEAD = """# Whether a fit can be trusted

Services whose truth is known are simulated, written as records and fitted back. `make bench-fit` measures all
of it, an hour at a time, and makes this page."""


def together(rows: Rows) -> dict[str, dict[str, Any]]:
    """By parameter: intervals, how many held the truth, in which tenths of the draws it fell."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for name, own in row["parameters"].items():
            whole = found.setdefault(name, {"n": 0, "held": 0, "ranks": np.zeros(BINS)})
            whole["n"] += own["n"]
            whole["held"] += own["held"]
            whole["ranks"] += np.bincount(own["ranks"], minlength=BINS)
    return dict(sorted(found.items()))


def band(number: int, cells: int) -> tuple[float, float]:
    """Where the share held lies by chance where it is 0.9 in truth: of all cells together 95 times in 100."""
    ends = binom.ppf((DOUBT / cells / 2, 1 - DOUBT / cells / 2), number, LEVEL) / number
    return float(ends[0]), float(ends[1])


def of_intervals(rows: Rows, pictures: Pictures) -> Iterator[str]:
    """How often intervals held the truth, by parameter."""
    whole = together(rows)
    sizes = ", ".join(str(each) for each in sorted({row["clinicians"] for row in rows}))
    yield f"""
## Intervals

{len(rows):,} services drawn from what is believed beforehand (`benchmarks/fit/truths.py`), of {sizes}
clinicians, over 6, 12 or 24 months, fitted without the latent part: `python -m benchmarks.fit.recovery`.

Each 90 % interval should hold the truth nine times in ten. The band is where the share lies by chance, for
all rows together 95 times in 100 (Bonferroni, binomial; intervals of one service are not independent, so the
band is narrow).
"""
    cells = ([f"`{name}`", f"{own['n']:,}", *_held(own, len(whole))] for name, own in whole.items())
    yield table(["parameter", "intervals", "held", "band"], cells)
    pictures["fit-ranks"] = ranks_picture({name: own["ranks"] for name, own in whole.items()}, RANKS)
    yield f"\n{RANKS}\n\n![{RANKS}](pictures/fit-ranks.svg)"


RANKS = ("The truth among the draws, from the lowest tenth to the highest: even where a fit is right, within "
         "the grey band 95 times in 100.")


def _held(own: Mapping[str, Any], cells: int) -> tuple[str, str]:
    low, high = band(own["n"], cells)
    share = own["held"] / own["n"]
    mark = "" if low <= share <= high else " below" if share < low else " above"
    return f"{100 * share:.0f} %{mark}", f"{100 * low:.0f}-{100 * high:.0f} %"


def of_latent(rows: Rows, pictures: Pictures) -> Iterator[str]:
    """How far the latent parameters are determined, in the rich design and in the empty one."""
    yield f"""
## What nobody wrote down

{len(rows)} services in two designs, `python -m benchmarks.fit.latent`: the rich one has staff surveys every
quarter, hours with those worked unpaid, pay and overload that differ; the empty one neither surveys nor
hours, and pay alike everywhere (`benchmarks/fit/latent.py` states both). Twenty services share one truth.

Width of the 90 % interval over that of the prior: of one service, the middle of all; of the services of one
truth together, the mean of the truths. "Not identified" is the share of services in which the fit says so.
"""
    names = list(rows[0][RICH]["parameters"])
    yield table(
        ["parameter", "one service", "together", "held", "not identified", "in the empty design: width",
         "not identified"], ([f"`{name}`", *_contracted(rows, name)] for name in names))
    ranks = {name: _ranks([row[RICH]["parameters"][name]["rank"] for row in rows]) for name in names}
    pictures["fit-latent-ranks"] = ranks_picture(ranks, RANKS)
    yield f"\n{RANKS}\n\n![{RANKS}](pictures/fit-latent-ranks.svg)"


def _ranks(places: Sequence[int]) -> np.ndarray:
    return np.bincount(places, minlength=BINS).astype(float)


def _contracted(rows: Rows, name: str) -> list[str]:
    rich, empty = ([row[design]["parameters"][name] for row in rows if row[design]]
                   for design in (RICH, EMPTY))
    truths = sorted({row["truth"] for row in rows})
    pooled = [latent.pooled([row for row in rows if row["truth"] == which])[name] for which in truths]
    return [f"{np.median([own['width'] for own in rich]):.2f}", f"{np.mean(pooled):.2f}",
            _percent([own["held"] for own in rich]), _percent(_not_identified(rich)),
            f"{np.median([own['width'] for own in empty]):.2f}", _percent(_not_identified(empty))]


def _not_identified(own: Rows) -> list[bool]:
    return [each["word"] == "not identified" for each in own]


def _percent(shares: Sequence[float]) -> str:
    return f"{100 * float(np.nanmean(shares)):.0f} %"


def of_forecasts(rows: Rows, pictures: Pictures) -> Iterator[str]:
    """How forecasts fare against the naive ones and against one who knows the truth."""
    yield f"""
## Forecasts

{len(rows)} services, fitted to the first three quarters of their records, forecast the rest:
`python -m benchmarks.fit.forecasts`. The score of a service is its mean CRPS over the mean level of what
happened in it, so that a large service counts as much as a small one. Each ratio is the mean score of the fit
over that of a naive rival, or of an oracle that knows the true parameters and reads the first day from the
same records: 1 is as good, less is better. Held: periods whose 90 % interval holds what happened.
"""
    head = ["measure", "services", "score", *(f"over {rival}" for rival in RIVALS), "over the oracle", "held",
            "held by the oracle's"]
    yield table(head, filter(None, (_scored(rows, name, name) for name in forecasts.MEASURES)))
    yield "\nBy size and length:\n"
    kinds = sorted({(row["clinicians"], row["months"]) for row in rows})
    yield table(head, (
        cells for name in forecasts.MEASURES for size, months in kinds
        for own in [[row for row in rows if (row["clinicians"], row["months"]) == (size, months)]]
        for cells in [_scored(own, name, f"{name}, {size} clinicians, {months} months")] if cells))


def _scored(rows: Rows, name: str, words: str) -> list[str]:
    own = [row["measures"][name] for row in rows if row["measures"].get(name, {}).get("level")]
    if not own:
        return []
    level = np.array([each["level"] for each in own])

    def mean(scores: Sequence[float]) -> float:
        return float(np.nanmean(np.array(scores) / level))

    fit = mean([each["score"] for each in own])
    rivals = [fit / mean([each["rivals"][rival] for each in own]) for rival in RIVALS]
    oracle = fit / mean([each["oracle"] for each in own])
    ratios = (f"{each:.2f}" for each in (*rivals, oracle))
    return [words.replace("_", " "), str(len(own)), f"{fit:.3f}", *ratios,
            _percent([each["held"] for each in own]), _percent([each["oracle_held"] for each in own])]


def of_wrong_models(rows: Rows, pictures: Pictures) -> Iterator[str]:
    """How often each check speaks, in the world a fit believes in and in wrong ones."""
    yield """
## Wrong models

In which share of records each check speaks, in the world as a fit believes it is and in worlds that are
wrong in one way: `python -m benchmarks.wrong_models`. In the right world a check may speak in 5 % of
records; in its own wrong world, in bold, it must in 80 %.
"""
    yield table_of_worlds([dict(row) for row in rows if "world" in row])


PARTS: tuple[tuple[Path, Callable[[Rows, Pictures], Iterator[str]]], ...] = (
    (recovery.KEPT, of_intervals), (latent.KEPT, of_latent), (forecasts.KEPT, of_forecasts),
    (WRONG, of_wrong_models),
)


def written(results: Path) -> tuple[str, Pictures]:
    """The page, and the pictures on it by name."""
    lines, pictures = [HEAD], Pictures()
    for kept, part in PARTS:
        file = results / kept.name
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        rows = [json.loads(line) for line in text.splitlines()]
        lines += part(rows, pictures) if rows else ()
    return "\n".join(lines) + "\n", pictures


def main() -> None:
    """Write the page and its pictures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--results", type=Path, default=RESULTS)
    options.add_argument("--page", type=Path, default=PAGE)
    asked = options.parse_args()
    page, pictures = written(asked.results)
    asked.page.write_text(page, encoding="utf-8")
    for name, svg in pictures.items():
        (asked.page.parent / "pictures" / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
