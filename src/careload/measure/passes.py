"""One pass over a table for all that is counted in it: per cluster first, then for every margin.

Most clusters (a patient) lie within one group of the finest breakdown (one site, one
profession). Their sums simply add up over margins, so only the others are summed again
for each margin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from careload.measure.counted import Counted
from careload.measure.definition import Definition
from careload.measure.engine import fetch, flag
from careload.measure.groups import Group, group_of, margins_of, with_groups
from careload.measure.ratio import NOTHING, Sums, cluster_sums, sums_of
from careload.measure.view import View

Pairs = Mapping[str, tuple[ir.Value, ir.Value]]
"""Name to (n, y) of rows: truths, of which those that hold are counted, or whole numbers to be summed."""

WEIGHT = 1_000_000
"""Weight of a cluster where all weigh the same: whole millionths, exact on every engine."""

EVEN = "even_"


@dataclass(frozen=True)
class Tally:
    """What one measure sums per cluster; see `careload.measure.questions.Question`."""

    definition: Definition
    counted: Counted
    by: tuple[str, ...]
    always: tuple[str, ...]
    pairs: Pairs
    even: str

    @property
    def place(self) -> object:
        """Equal for tallies that can share a pass."""
        definition = self.definition
        return self.counted.table.op(), definition.cluster, definition.table, self.by, self.always

    @property
    def values(self) -> dict[str, tuple[ir.Value, ir.Value]]:
        """The pairs, nothing counted outside the rows."""
        return {name: (self._within(n), self._within(y)) for name, (n, y) in self.pairs.items()}

    def _within(self, value: ir.Value) -> ir.Value:
        where = self.counted.where
        if where is None:
            return value
        return where & value if value.type().is_boolean() else ibis.ifelse(where, value, 0)


Columns = Mapping[str, tuple[str, str]]
"""Pair to the names of its n and y in the table of clusters."""


@dataclass(frozen=True)
class Pass:
    """The sums of several tallies of one table.

    columns  of each tally
    found    group to the sums of each pair of columns
    shared   of each tally the weights (`whose_`, `weight_`) of clusters that weigh the same; None without
    """

    columns: Sequence[Columns]
    found: Mapping[Group, Mapping[tuple[str, str], Sums]]
    shared: Sequence[ir.Table | None]

    @staticmethod
    def over(tallies: Sequence[Tally], view: View) -> Pass:
        """Ask the engine."""
        if not any(tally.pairs for tally in tallies):
            return Pass([{}] * len(tallies), {}, [None] * len(tallies))
        first = tallies[0]
        columns, values = _named(tallies)
        usable, finest = _per_cluster_and_group(tallies, view, values)
        shared: list[ir.Table | None] = []
        for tally, own in zip(tallies, columns, strict=True):
            shared.append(_weights(finest, own[tally.even][0], tally, view) if tally.even else None)
        finest, everything = _evened(finest, columns, shared, view)
        if not set(first.always) <= set(usable):
            return Pass(columns, {}, shared)
        return Pass(columns, _by_margin(finest, usable, first.always, everything, view), shared)

    def sums(self, number: int) -> dict[Group, dict[str, Sums]]:
        """The sums of the tally of that number."""
        return self._of(self.columns[number], "")

    def even_sums(self, number: int) -> dict[Group, dict[str, Sums]]:
        """The same if every cluster weighed the same, in millionths."""
        return self._of(self.columns[number], EVEN) if self.shared[number] is not None else {}

    def weights(self, number: int) -> ir.Table | None:
        """Weights of the clusters of the tally of that number."""
        return self.shared[number]

    def _of(self, columns: Columns, prefix: str) -> dict[Group, dict[str, Sums]]:
        return {
            group: {name: sums[prefix + n, prefix + y] for name, (n, y) in columns.items()}
            for group, sums in self.found.items()
        } if columns else {}


def _named(tallies: Sequence[Tally]) -> tuple[list[Columns], dict[str, ir.Value]]:
    """Short names of what is summed; what several measures count alike has one name."""
    names: dict[object, str] = {}
    values: dict[str, ir.Value] = {}
    columns: list[Columns] = []

    def name(value: ir.Value) -> str:
        found = names.setdefault(value.op(), f"c{len(names)}")
        values[found] = value
        return found

    for tally in tallies:
        columns.append({pair: (name(n), name(y)) for pair, (n, y) in tally.values.items()})
    return columns, values


def _per_cluster_and_group(
    tallies: Sequence[Tally], view: View, values: Mapping[str, ir.Value]
) -> tuple[tuple[str, ...], ir.Table]:
    """Columns it can be broken down by, and one row per cluster and finest group."""
    first = tallies[0]
    table, cluster = first.counted.table, first.definition.cluster
    wheres = [tally.counted.where for tally in tallies if tally.pairs]
    if all(where is not None for where in wheres):
        # Of clusters in which nothing is counted there need not be a row.
        table = table.filter(ibis.or_(*{where.op(): where for where in wheres if where is not None}.values()))
    who = {"cluster_": first.counted.table[cluster].fill_null("")} if cluster else {}
    columns = (*first.always, *first.by)
    rows, usable = with_groups(table, view, first.definition.table, columns, **values, **who)
    if cluster:
        return usable, view.keep("clusters", _per_cluster(rows, usable, values))
    whole = {name: _whole(rows[name]) for name in values}
    return usable, rows.mutate(**whole)


def _whole(value: ir.Value) -> ir.Value:
    return flag(value) if value.type().is_boolean() else value.cast("int64")


def _per_cluster(rows: ir.Table, group: Sequence[str], names: Iterable[str]) -> ir.Table:
    return rows.group_by(["cluster_", *group]).agg(**{name: _total(rows[name]) for name in names})


def _total(column: ir.Value) -> ir.Value:
    """How often a truth holds, or the sum of a number."""
    if column.type().is_boolean():
        return column.count(where=column).cast("int64")
    return column.sum().cast("int64")


def _weights(finest: ir.Table, size: str, tally: Tally, view: View) -> ir.Table:
    """`weight_` of each cluster `whose_`: whole millionths such that the rows of each together weigh one."""
    own = finest.group_by(whose_=finest.cluster_).agg(number=finest[size].sum())
    own = own.filter(own.number > 0)
    weights = own.select("whose_", weight_=(ibis.literal(WEIGHT) / own.number).floor().cast("int64"))
    return view.keep(f"{tally.definition.name}_weights", weights)


def _evened(
    finest: ir.Table, columns: Sequence[Columns], shared: Sequence[ir.Table | None], view: View
) -> tuple[ir.Table, set[tuple[str, str]]]:
    """The clusters with further columns in which they weigh the same, and all pairs of columns."""
    pairs = {pair for own in columns for pair in own.values()}
    for own, weights in zip(columns, shared, strict=True):
        if weights is not None:
            names = {name for pair in own.values() for name in pair}
            joined = finest.left_join(weights, finest.cluster_ == weights.whose_)
            weight = joined.weight_.fill_null(0)
            finest = joined.mutate(**{EVEN + name: joined[name] * weight for name in sorted(names)})
            finest = finest.drop("whose_", "weight_")
            pairs |= {(EVEN + n, EVEN + y) for n, y in own.values()}
    return finest, pairs


Found = dict[Group, dict[tuple[str, str], Sums]]


def _by_margin(
    finest: ir.Table, usable: Sequence[str], always: Sequence[str], pairs: set[tuple[str, str]], view: View
) -> Found:
    """Sums of every margin, in order."""
    wanted = margins_of(usable, always)
    found: dict[tuple[str, ...], Found] = {margin: {} for margin in wanted}
    if not always:
        found[()][()] = dict.fromkeys(pairs, NOTHING)
    if len(wanted) == 1 or "cluster_" not in finest.columns:
        _add(found, finest, usable, pairs, wanted)
    else:
        several = _in_several(finest, always)
        rows = finest.left_join(several, ["cluster_", *always])
        rows = rows.mutate(several_=rows.several_.fill_null(False))
        rows = rows.select(*finest.columns, "several_")
        if _add(found, rows, usable, pairs, wanted):
            many = finest.semi_join(several, ["cluster_", *always])
            names = {name for pair in pairs for name in pair}
            for margin in wanted[:-1]:
                _add(found, _per_cluster(many, margin, names), margin, pairs, [margin])
    return {
        group: found[margin][group]
        for margin in wanted for group in sorted(found[margin], key=lambda each: [value for _, value in each])
    }


def _in_several(finest: ir.Table, always: Sequence[str]) -> ir.Table:
    """Clusters that lie in more than one group."""
    groups = finest.group_by(["cluster_", *always]).agg(number=finest.count())
    return groups.filter(groups.number > 1).select("cluster_", *always, several_=True)


def _add(
    found: Mapping[tuple[str, ...], Found], clusters: ir.Table, group: Sequence[str],
    pairs: set[tuple[str, str]], wanted: Sequence[tuple[str, ...]],
) -> bool:
    """Add the sums of clusters to the margins wanted; True where some clusters lie in several groups.

    Those count in their own group here; in its margins they would count more than once.
    """
    marked = "several_" in clusters.columns
    named = {f"p{place}": pair for place, pair in enumerate(sorted(pairs))}
    columns = [*group, "several_"] if marked else list(group)
    some = False
    for row in fetch(cluster_sums(clusters, columns, named)):
        sums = {pair: sums_of(row, name) for name, pair in named.items()}
        in_several = marked and row["several_"]
        some |= in_several
        for margin in wanted:
            if margin == tuple(group) or not in_several:
                _add_to(found[margin], group_of(row, margin), sums)
    return some


def _add_to(found: Found, group: Group, sums: Mapping[tuple[str, str], Sums]) -> None:
    so_far = found.get(group)
    found[group] = {pair: so_far[pair] + sums[pair] if so_far else sums[pair] for pair in sums}
