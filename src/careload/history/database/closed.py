"""A question in finished words, for databases in which nothing may be stored."""

from __future__ import annotations

import hashlib

import ibis.expr.types as ir
import sqlglot
from sqlglot import exp

OWN = "step_"
"""How names of steps begin that no two questions share."""
DIGITS = 12
"""Of a digest that tells the steps of one question from those of others."""


def closed(table: ir.Table) -> ir.Table:
    """The same rows, as a finished SELECT of the engine's own SQL that later expressions stand upon.

    Every expression is translated whole each time it is asked, and long ones take seconds to translate.
    A finished one is taken as it stands: the database sees the same single SELECT, only sooner.
    """
    backend = table.get_backend()
    text = backend.compile(table)
    if backend.name == "pyspark":
        text = with_own_names(text)
    # With the schema given Ibis has nothing to find out (it would make a temporary view to do so).
    question: ir.Table = backend.sql(text, schema=table.schema())
    return question


def with_own_names(text: str) -> str:
    """A question to Spark whose steps (WITH …) have names that no other question gives to others.

    Steps of the finished questions that one stands upon are moved to its own top, and each question calls its
    steps t1, t2, …; Spark refuses a name that comes twice. One and the same step comes once.
    """
    question = sqlglot.parse_one(text, dialect="spark")
    steps = list(question.find_all(exp.CTE))
    if not steps:
        return text
    own = hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
    names = {step.alias: f"{OWN}{own}_{step.alias}" for step in steps if not step.alias.startswith(OWN)}
    known: set[str] = set()
    for step in steps:
        name = names.get(step.alias, step.alias)
        if name in known:
            step.pop()
            continue
        known.add(name)
        step.args["alias"].set("this", exp.to_identifier(name, quoted=True))
    for place in question.find_all(exp.Table):
        if place.name in names and not place.db:
            place.set("this", exp.to_identifier(names[place.name], quoted=True))
    return question.sql(dialect="spark")
