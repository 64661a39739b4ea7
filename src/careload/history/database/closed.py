"""A question in finished words, for databases in which nothing may be stored."""

from __future__ import annotations

import ibis.expr.types as ir


def closed(table: ir.Table) -> ir.Table:
    """The same rows, as a finished SELECT of the engine's own SQL that later expressions stand upon.

    Every expression is translated whole each time it is asked, and long ones take seconds to translate.
    A finished one is taken as it stands: the database sees the same single SELECT, only sooner.
    """
    backend = table.get_backend()
    # With the schema given Ibis has nothing to find out (it would make a temporary view to do so).
    question: ir.Table = backend.sql(backend.compile(table), schema=table.schema())
    return question
