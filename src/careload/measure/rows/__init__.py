"""The rows behind each measure: one function per measure, named as its definition.

Each takes a `View` and gives an Ibis table in the form its kind of estimator reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis.expr.types as ir

from careload.measure.rows import hours, visits, waits
from careload.measure.view import View

ROWS: Mapping[str, Callable[[View], ir.Table]] = {
    "return_interval": waits.return_interval,
    "no_show": visits.no_show,
    "overload": hours.overload,
}
