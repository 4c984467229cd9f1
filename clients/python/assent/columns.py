"""Lists of dicts, pandas DataFrames and pyarrow Tables as columns of ids and times."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Any, Optional, Sequence
from uuid import UUID

from .instants import UNREADABLE, instant_of, is_missing

_EXACT_FLOATS = 2**53
_PER_MILLISECOND = {"ns": 1_000_000, "us": 1_000}
_MILLISECONDS_IN = {"ms": 1, "s": 1_000}
_NOT_A_TIME = -(2**63)

#: An id that is not one: it is never guessed.
INVALID = object()
reason_column = "assent_reason"


def id_of(value: Any) -> Any:
    """The id as text, None where there is none, ``INVALID`` where it is not certain which one is meant.

    Whole numbers are exact. A float is one only below 2^53, where every whole number has its own.
    """
    if is_missing(value):
        return None
    if isinstance(value, str):
        return value if value != "" else INVALID
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        return INVALID
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT_FLOATS else INVALID
    if isinstance(value, Decimal):
        return str(int(value)) if value.is_finite() and value == value.to_integral_value() else INVALID
    if isinstance(value, UUID):
        return str(value)
    item = getattr(value, "item", None)  # a number of numpy
    inner = item() if callable(item) and getattr(value, "shape", None) == () else value
    return id_of(inner) if isinstance(inner, (int, float, str)) else INVALID


class Records:
    """A list of dicts."""

    def __init__(self, data: Sequence[dict]) -> None:
        self._data = data
        self.count = len(data)

    def ids(self, column: str) -> list:
        return [id_of(record.get(column)) for record in self._data]

    def times(self, column: str) -> list:
        return [instant_of(record.get(column)) for record in self._data]

    def split(self, reasons: Sequence[Optional[str]]) -> tuple:
        permitted = [record for record, reason in zip(self._data, reasons) if reason is None]
        denied = [
            {**record, reason_column: reason} for record, reason in zip(self._data, reasons) if reason is not None
        ]
        return permitted, denied


class Frame:
    """A pandas DataFrame."""

    def __init__(self, data: Any) -> None:
        self._data = data
        self.count = len(data)

    def _column(self, name: str) -> Any:
        if list(self._data.columns).count(name) != 1:
            raise ValueError(f"The data needs one column {name!r}.")
        return self._data[name]

    def ids(self, column: str) -> list:
        return [id_of(value) for value in self._column(column).tolist()]

    def times(self, column: str) -> list:
        series = self._column(column)
        zone = getattr(series.dtype, "tz", None)
        if zone is not None and hasattr(series, "dt"):
            import numpy

            moments = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
            if moments.dtype.kind == "M":
                unit = numpy.datetime_data(moments.dtype)[0]
                return [_milliseconds(each, unit) for each in moments.view("i8").tolist()]
        return [instant_of(value) for value in series.tolist()]

    def split(self, reasons: Sequence[Optional[str]]) -> tuple:
        is_permitted = [reason is None for reason in reasons]
        is_denied = [reason is not None for reason in reasons]
        denied = self._data[is_denied].assign(**{reason_column: [each for each in reasons if each is not None]})
        return self._data[is_permitted], denied


class Table:
    """A pyarrow Table."""

    def __init__(self, data: Any) -> None:
        self._data = data
        self.count = data.num_rows

    def _column(self, name: str) -> Any:
        if self._data.column_names.count(name) != 1:
            raise ValueError(f"The data needs one column {name!r}.")
        return self._data.column(name)

    def ids(self, column: str) -> list:
        return [id_of(value) for value in self._column(column).to_pylist()]

    def times(self, column: str) -> list:
        import pyarrow

        values = self._column(column)
        if not pyarrow.types.is_timestamp(values.type):
            return [instant_of(value) for value in values.to_pylist()]
        moments = values.cast(pyarrow.int64()).to_pylist()
        if values.type.tz is None:
            return [None if each is None else UNREADABLE for each in moments]
        return [None if each is None else _milliseconds(each, values.type.unit) for each in moments]

    def split(self, reasons: Sequence[Optional[str]]) -> tuple:
        import pyarrow

        permitted = self._data.filter(pyarrow.array([reason is None for reason in reasons], pyarrow.bool_()))
        denied = self._data.filter(pyarrow.array([reason is not None for reason in reasons], pyarrow.bool_()))
        given = pyarrow.array([each for each in reasons if each is not None], pyarrow.string())
        return permitted, denied.append_column(reason_column, given)


def columns_of(data: Any) -> Any:
    """The data as columns. Neither pandas nor pyarrow is imported: data of theirs brings them along."""
    pandas, pyarrow = sys.modules.get("pandas"), sys.modules.get("pyarrow")
    if pandas is not None and isinstance(data, pandas.DataFrame):
        return Frame(data)
    if pyarrow is not None and isinstance(data, pyarrow.Table):
        return Table(data)
    if isinstance(data, (list, tuple)) and all(isinstance(record, dict) for record in data):
        return Records(data)
    raise TypeError("The data must be a pandas DataFrame, a pyarrow Table or a list of dicts.")


def _milliseconds(count: int, unit: str) -> Optional[int]:
    if count == _NOT_A_TIME:
        return None
    if unit in _PER_MILLISECOND:
        return count // _PER_MILLISECOND[unit]
    return count * _MILLISECONDS_IN[unit] if unit in _MILLISECONDS_IN else UNREADABLE
