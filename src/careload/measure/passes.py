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

from careload.measure.engine import fetch, flag
from careload.measure.groups import Group, group_of, in_natural_order, margins_of, with_groups
from careload.measure.questions import Question
from careload.measure.ratio import NOTHING, Sums, cluster_sums, sums_of
from careload.measure.view import View

WEIGHT = 1_000_000
"""Weight of a cluster where all weigh the same: whole millionths, exact on every engine."""

EVEN = "even_"


Columns = Mapping[str, tuple[str, str]]
"""Pair to the names of its n and y in the table of clusters."""


@dataclass(frozen=True)
class Pass:
    """The sums of several questions about one table.

    columns  of each question
    found    group to the sums of each pair of columns
    weights  of each question the `weight_` of each cluster `whose_` where they weigh the same; None without
    """

    columns: Sequence[Columns]
    found: Mapping[Group, Mapping[tuple[str, str], Sums]]
    weights: Sequence[ir.Table | None]

    @staticmethod
    def over(questions: Sequence[Question], view: View) -> Pass:
        """Ask the engine."""
        if not any(question.pairs for question in questions):
            return Pass([{}] * len(questions), {}, [None] * len(questions))
        columns, values = _named(questions)
        usable, finest = _per_cluster_and_group(questions, view, values)
        weights = [
            _weights(finest, own[question.even][0], question, view) if question.even else None
            for question, own in zip(questions, columns, strict=True)
        ]
        finest, everything = _evened(finest, columns, weights)
        return Pass(columns, _by_margin(finest, usable, questions[0].always, everything), weights)

    def sums(self, number: int) -> dict[Group, dict[str, Sums]]:
        """The sums of the question of that number."""
        return self._of(self.columns[number], "")

    def even_sums(self, number: int) -> dict[Group, dict[str, Sums]]:
        """The same if every cluster weighed the same, in millionths."""
        return self._of(self.columns[number], EVEN) if self.weights[number] is not None else {}

    def _of(self, columns: Columns, prefix: str) -> dict[Group, dict[str, Sums]]:
        if not columns:
            return {}
        return {
            group: {name: sums[prefix + n, prefix + y] for name, (n, y) in columns.items()}
            for group, sums in self.found.items()
        }


def _named(questions: Sequence[Question]) -> tuple[list[Columns], dict[str, ir.Value]]:
    """Short names of what is summed; what several measures count alike has one name."""
    names: dict[object, str] = {}
    values: dict[str, ir.Value] = {}
    columns: list[Columns] = []

    def name(value: ir.Value) -> str:
        found = names.setdefault(value.op(), f"c{len(names)}")
        values[found] = value
        return found

    for question in questions:
        columns.append({pair: (name(n), name(y)) for pair, (n, y) in question.summed.items()})
    return columns, values


def _per_cluster_and_group(
    questions: Sequence[Question], view: View, values: Mapping[str, ir.Value]
) -> tuple[tuple[str, ...], ir.Table]:
    """Columns it can be broken down by, and one row per cluster and finest group."""
    first = questions[0]
    whole, cluster = first.standing.table, first.definition.cluster
    wheres = [question.standing.where for question in questions if question.pairs]
    table = whole
    if all(where is not None for where in wheres):
        # Of clusters in which nothing is counted there need not be a row.
        table = table.filter(ibis.or_(*{where.op(): where for where in wheres if where is not None}.values()))
    who = {"cluster_": whole[cluster].fill_null("")} if cluster else {}
    rows, usable = with_groups(table, view, first.definition.table, first.columns, **values, **who)
    if cluster:
        return usable, view.keep("clusters", _per_cluster(rows, usable, values))
    return usable, rows.mutate(**{name: _whole(rows[name]) for name in values})


def _whole(value: ir.Value) -> ir.Value:
    return flag(value) if value.type().is_boolean() else value.cast("int64")


def _per_cluster(rows: ir.Table, group: Sequence[str], names: Iterable[str]) -> ir.Table:
    return rows.group_by(["cluster_", *group]).agg(**{name: _total(rows[name]) for name in names})


def _total(column: ir.Value) -> ir.Value:
    """How often a truth holds, or the sum of a number."""
    if column.type().is_boolean():
        return column.count(where=column).cast("int64")
    return column.sum().cast("int64")


def _weights(finest: ir.Table, size: str, question: Question, view: View) -> ir.Table:
    """`weight_` of each cluster `whose_`: whole millionths such that the rows of each together weigh one."""
    own = finest.group_by(whose_=finest.cluster_).agg(number=finest[size].sum())
    own = own.filter(own.number > 0)
    weights = own.select("whose_", weight_=(ibis.literal(WEIGHT) / own.number).floor().cast("int64"))
    return view.keep(f"{question.definition.name}_weights", weights)


def _evened(
    finest: ir.Table, columns: Sequence[Columns], weights: Sequence[ir.Table | None]
) -> tuple[ir.Table, set[tuple[str, str]]]:
    """The clusters with further columns in which they weigh the same, and all pairs of columns."""
    pairs = {pair for own in columns for pair in own.values()}
    for own, of_clusters in zip(columns, weights, strict=True):
        if of_clusters is not None:
            names = {name for pair in own.values() for name in pair}
            joined = finest.left_join(of_clusters, finest.cluster_ == of_clusters.whose_)
            weight = joined.weight_.fill_null(0)
            finest = joined.mutate(**{EVEN + name: joined[name] * weight for name in sorted(names)})
            finest = finest.drop("whose_", "weight_")
            pairs |= {(EVEN + n, EVEN + y) for n, y in own.values()}
    return finest, pairs


Found = dict[Group, dict[tuple[str, str], Sums]]


def _by_margin(
    finest: ir.Table, usable: Sequence[str], always: Sequence[str], pairs: set[tuple[str, str]]
) -> Found:
    """Sums of every margin, in order; none where the rows lack a column that every margin has."""
    wanted = margins_of(usable, always)
    if not wanted:
        return {}
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
        for margin in wanted for group in sorted(found[margin], key=in_natural_order)
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
