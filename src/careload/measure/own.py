"""One's own figures: what one clinician's patients get and that clinician carries.

Figures about one clinician are only for that clinician, who knows these patients
already: nothing is hidden here, and this output is not for sharing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from careload.history import Records, query_errors
from careload.measure.day import day_of
from careload.measure.groups import ALONE
from careload.measure.noticed import noticed
from careload.measure.result import Measurement
from careload.measure.run import definitions_named, measured
from careload.measure.view import View, known_clinician


def measure_own(
    records: Records, clinician: str, *, as_of: date | None = None, only: Sequence[str] = ()
) -> Measurement:
    """The measures of one clinician alone, for that clinician.

    clinician  id as in the records; in the output it is a keyed hash
    as_of      the day the records are read at; default: day of the last completed or missed visit
    only       names of measures, all when empty

    Raises UsageError for a clinician the records do not know or an unknown measure.
    """
    with query_errors(records.source):
        view = View(records, day_of(records, as_of))
        known_clinician(view, clinician)
        found, absent = measured(definitions_named(only), view, (ALONE,))
    own = {ALONE: records.key.hashed(ALONE, clinician)}
    mine = (replace(each, by={**each.by, **own}) for each in found if each.by.get(ALONE) == clinician)
    return Measurement.of(records, view.as_of, noticed(records, as_of), mine, absent)
