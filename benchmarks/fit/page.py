"""docs/benchmarks-fit.md: how often the intervals of a fit held the truth.

    python -m benchmarks.fit.page [--kept FILE] [--page FILE]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.fit.recovery import BINS, KEPT
from scipy.stats import binom

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks-fit.md"
LEVEL, DOUBT = 0.9, 0.05
BARS = "▁▂▃▄▅▆▇█"
Rows = Sequence[Mapping[str, Any]]


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


def picture(ranks: np.ndarray) -> str:
    """A histogram in letters."""
    levels = np.ceil(ranks / max(ranks.max(), 1) * len(BARS)).astype(int)
    return "".join(BARS[max(level - 1, 0)] for level in levels)


HEAD = """# How often the intervals of a fit hold the truth

{number:,} services drawn from what is believed beforehand (`benchmarks/fit/truths.py`), of {sizes}
clinicians, simulated over 6, 12 or 24 months, written as records and fitted back without the latent part.
Made by `python -m benchmarks.fit.recovery` and `python -m benchmarks.fit.page`.

Each 90 % interval should hold the truth nine times in ten. The band is where the share lies by chance, for
all rows together 95 times in 100 (Bonferroni, binomial; intervals of one service are not independent, so the
band is narrow). The ranks are those of the truth among the draws, from the lowest tenth to the highest: even
where a fit is right.

| parameter | intervals | held | band | ranks |
|---|---:|---:|---|---|"""


def lines(rows: Rows) -> Iterator[str]:
    """The page."""
    whole = together(rows)
    sizes = ", ".join(str(size) for size in sorted({row["clinicians"] for row in rows}))
    yield HEAD.format(number=len(rows), sizes=sizes)
    for name, own in whole.items():
        low, high = band(own["n"], len(whole))
        share = own["held"] / own["n"]
        mark = "" if low <= share <= high else " below" if share < low else " above"
        told = f"{100 * share:.0f} %{mark} | {100 * low:.0f}-{100 * high:.0f} % | {picture(own['ranks'])}"
        yield f"| `{name}` | {own['n']:,} | {told} |"


def main() -> None:
    """Write the page."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--kept", type=Path, default=KEPT)
    options.add_argument("--page", type=Path, default=PAGE)
    asked = options.parse_args()
    rows = [json.loads(line) for line in asked.kept.read_text(encoding="utf-8").splitlines()]
    asked.page.write_text("\n".join(lines(rows)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
