"""Small expressions that mean the same on every engine, and the fetching of what they count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from careload.history import fetch

__all__ = ["fetch", "fetch_one", "flag", "like", "md5", "same_order", "tie_break", "whole"]


def fetch_one(table: ir.Table) -> dict[str, Any]:
    """The only row of `table`."""
    (row,) = fetch(table)
    return row


def whole(value: ir.NumericValue) -> ir.IntegerValue:
    """`value` rounded half up to a whole number, the same on every engine."""
    # round() is half-even on some engines and half-away on others; floor is floor everywhere.
    return (value + 0.5).floor().cast("int64")


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def md5(text: str) -> str:  # type: ignore[empty-body]
    """Hexadecimal digest: every engine has it, and its digits sort the same on all of them."""


def tie_break(visits: ir.Table) -> ir.StringValue:
    """An order among visits at the same instant that is the same on every engine."""
    return same_order(visits, ("appointment", "clinician", "site", "profession", "kind"))


def same_order(rows: ir.Table, columns: Sequence[str]) -> ir.StringValue:
    """An order by texts that is the same on every engine, whatever it takes for the alphabet."""
    parts = [rows[column].fill_null("") for column in columns]
    text = parts[0]
    for part in parts[1:]:
        text = text + "|" + part
    return md5(text)


def like(rows: ir.Table, others: ir.Table) -> ir.Table:
    """`others` with the columns of `rows`, null where they have none."""
    columns = {
        name: others[name] if name in others.columns else ibis.null(kind)
        for name, kind in rows.schema().items()
    }
    return others.select(**columns)


def flag(condition: ir.BooleanValue) -> ir.IntegerValue:
    """1 where `condition` holds, else 0 (also where it is unknown)."""
    return ibis.ifelse(condition.fill_null(False), 1, 0).cast("int64")
