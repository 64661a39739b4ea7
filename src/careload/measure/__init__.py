"""What do they get, what do they carry?

Takes `Records`, a standard and the columns to break down by. Gives a
`Measurement`: every number as an `Estimate` with its interval, what each
standard says, and what could not be measured and why; and the `View` of records as they stood on one day, for
rooms that ask questions of their own.
"""

import sys
from types import ModuleType

from careload.measure.day import day_of
from careload.measure.definition import Definition, definitions
from careload.measure.following import first_after
from careload.measure.noticed import noticed
from careload.measure.options import check_options
from careload.measure.overdue import write_overdue
from careload.measure.own import measure_own
from careload.measure.result import Measurement, NotMeasurable, Series, Verdict, records_json
from careload.measure.run import measure
from careload.measure.standards import Standard, standards_named
from careload.measure.view import GRACE_DAYS, View

__all__ = [
    "GRACE_DAYS",
    "Definition",
    "Measurement",
    "NotMeasurable",
    "Series",
    "Standard",
    "Verdict",
    "View",
    "check_options",
    "day_of",
    "definitions",
    "first_after",
    "measure",
    "measure_own",
    "noticed",
    "records_json",
    "standards_named",
    "write_overdue",
]


class _Room(ModuleType):
    """A room that is called like its verb.

    Python puts an imported room in place of the function of the same name, so that
    `careload.measure(records)` would work once and then no more.
    """

    __call__ = staticmethod(measure)


sys.modules[__name__].__class__ = _Room
