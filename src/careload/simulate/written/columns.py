"""Canonical tables from arrays: each column in the type the table asks for, nulls for what is not known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from careload.clinic import TABLES, Column
from careload.simulate.written.story import NO_DAY, Days, Flags, Places

TYPES = {
    "id": pa.string(), "text": pa.string(), "choice": pa.string(), "timestamp": pa.timestamp("s"),
    "date": pa.date32(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(),
}


def table(name: str, **columns: Any) -> pa.Table:
    """A canonical table; columns that are not given are null in every row.

    columns  arrays of one length: objects with None, numbers with nan or masked, dates with NaT
    """
    (rows,) = {len(values) for values in columns.values()}
    return pa.table({
        column.name: _filled(column, columns.get(column.name), rows) for column in TABLES[name].columns
    })


def with_columns(found: pa.Table, name: str, **columns: Any) -> pa.Table:
    """A canonical table with other values in some of its columns."""
    for key, values in columns.items():
        place, column = found.schema.get_field_index(key), TABLES[name].column(key)
        found = found.set_column(place, key, _filled(column, values, len(found)))
    return found


def _filled(column: Column, values: Any, rows: int) -> pa.Array:
    kind = TYPES[column.kind]
    if values is None:
        return pa.nulls(rows, kind)
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.data, type=kind, mask=np.ma.getmaskarray(values))
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        values = values.astype("datetime64[D]" if column.kind == "date" else "datetime64[s]")
    if values.dtype == object:
        return pa.array(values.tolist(), type=kind)
    return pa.array(values, type=kind, from_pandas=True)


def date_of(origin: np.datetime64, day: Days) -> NDArray[np.datetime64]:
    """The date of each day; NaT for NO_DAY."""
    known = np.where(day == NO_DAY, 0, day).astype("timedelta64[D]")
    return np.asarray(np.where(day == NO_DAY, np.datetime64("NaT", "D"), origin + known))


def moment_of(origin: np.datetime64, day: Days, minute: Places) -> NDArray[np.datetime64]:
    """The time of so many minutes after midnight of each day; NaT for NO_DAY."""
    return np.asarray(date_of(origin, day).astype("datetime64[m]") + minute.astype("timedelta64[m]"))


def named(names: NDArray[Any], place: Places) -> NDArray[Any]:
    """The name at each place; None at -1."""
    with_none = np.array([*names.tolist(), None], dtype=object)
    return np.asarray(with_none[place])


def ids(letter: str, number: Places, digits: int) -> NDArray[Any]:
    """Ids such as c007; None for a negative number."""
    made = [f"{letter}{each + 1:0{digits}d}" for each in range(int(number.max(initial=-1)) + 1)]
    return named(np.array(made, dtype=object), np.maximum(number, -1))


def masked(values: NDArray[Any], known: Flags) -> Any:
    """`values` where they are known, null elsewhere."""
    return np.ma.array(values, mask=~known)


def cells_of(column: pa.Array) -> list[str]:
    """A column as text: ISO stamps, lower-case truth, nothing for null."""
    import pyarrow.compute as pc

    if pa.types.is_timestamp(column.type):
        column = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
    text: list[str] = pc.fill_null(column.cast(pa.string()), "").to_pylist()
    return text
