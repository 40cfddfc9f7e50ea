"""Reading an answer: whatever somebody hands over, as arrays of our own, or as a sentence why not.

A learner may hand over anything: a generator without end, an object whose
`==` raises. So the type alone decides (`type(x)`, never `isinstance`, which
asks the object), only a closed list of types is read, and only values of
built-in kinds inside them. Nothing of the answer's own is ever called.
"""

from __future__ import annotations

import types
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

LONGEST = 10_000  # items of a plain list; beyond it, a Series

_NUMPY_NUMBERS = {
    kind for kind in set(np.sctypeDict.values()) if issubclass(kind, (np.integer, np.floating, np.bool_))
} - {np.timedelta64}


def ids(*kinds: type) -> frozenset[int]:
    """Types by identity: looking a type up in a set of types would ask its metaclass."""
    return frozenset(map(id, kinds))


_NUMBERS = ids(int, float, bool, Decimal, Fraction, *_NUMPY_NUMBERS)
_TEXTS = ids(str, np.str_)
_DATES = ids(date, datetime, pd.Timestamp, np.datetime64, pd.Period)
_DURATIONS = ids(timedelta, pd.Timedelta, np.timedelta64)
_MISSING = ids(type(None), type(pd.NA), type(pd.NaT))
_PLAIN = _NUMBERS | _TEXTS | _DATES | _DURATIONS | _MISSING | ids(pd.Interval)

_LISTS = ids(list, tuple, range, type({}.keys()), type({}.values()))
_SETS = ids(set, frozenset)
_INDEXES = ids(
    pd.Index, pd.RangeIndex, pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex, pd.CategoricalIndex, pd.IntervalIndex
)
_ARRAYS = ids(
    *(pd.Categorical, pd.arrays.BooleanArray, pd.arrays.IntegerArray, pd.arrays.FloatingArray, pd.arrays.StringArray),
    *(pd.arrays.ArrowStringArray, pd.arrays.ArrowExtensionArray, pd.arrays.DatetimeArray, pd.arrays.TimedeltaArray),
    *(pd.arrays.PeriodArray, pd.arrays.IntervalArray, pd.arrays.NumpyExtensionArray),
)
SIZED = ids(pd.Series, pd.DataFrame, np.ndarray, pd.MultiIndex) | _INDEXES | _ARRAYS | _LISTS | _SETS | ids(dict)
_MASKED = (
    *(pd.BooleanDtype, pd.Int8Dtype, pd.Int16Dtype, pd.Int32Dtype, pd.Int64Dtype, pd.UInt8Dtype, pd.UInt16Dtype),
    *(pd.UInt32Dtype, pd.UInt64Dtype, pd.Float32Dtype, pd.Float64Dtype),
)

_CALLABLE = ids(types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.MethodWrapperType)
_LATER = "its values are not worked out yet. Put `list(...)` around it"
_REFUSED = {
    id(types.GeneratorType): f"a generator: {_LATER}",
    id(map): f"a `map`: {_LATER}",
    id(filter): f"a `filter`: {_LATER}",
    id(zip): f"a `zip`: {_LATER}",
    id(types.ModuleType): "a module, not a result",
    id(bytes): "raw bytes. Text is written in quotes, without a b before them",
    id(complex): "a complex number. A plain number is needed",
}


class CannotRead(Exception):
    """An answer of a kind that is not read. The message is Markdown for the learner."""


def is_number(value: Any) -> bool:
    """Whether a value is one plain number (True and False are none)."""
    return id(type(value)) in _NUMBERS - ids(bool, np.bool_)


def type_name(value: Any) -> str:
    """The name of a value's type, without asking the type either."""
    return str(type.__dict__["__name__"].__get__(type(value)))


@dataclass(frozen=True)
class Values:
    """Values of one kind: numbers, dates (microseconds) and durations (seconds) as floats, all else as objects."""

    kind: str
    data: np.ndarray

    def __len__(self) -> int:
        return len(self.data)

    def take(self, places: np.ndarray) -> Values:
        return Values(self.kind, self.data[places])


@dataclass(frozen=True)
class Labels:
    """What the rows are called: one level of labels, or several."""

    levels: tuple[Values, ...]
    names: tuple[str, ...]
    default: bool  # 0, 1, 2 ...: the rows have no names of their own


@dataclass(frozen=True)
class Single:
    """One value."""

    values: Values


@dataclass(frozen=True)
class Row:
    """Values one after the other, with or without labels: a Series, a list, a dict."""

    values: Values
    labels: Labels | None
    form: str
    name: str = ""


@dataclass(frozen=True)
class Bag:
    """Values without an order: a set."""

    values: Values
    form: str = "set"


@dataclass
class Table:
    """A table; a column is converted when it is first compared."""

    frame: pd.DataFrame
    names: list[str]
    labels: Labels
    converted: dict[str, Values] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.labels.levels[0])

    def column(self, name: str) -> Values:
        """A column, or a level of the labels, by its name."""
        if name not in self.converted:
            if name in self.names:
                self.converted[name] = of_series(self.frame.iloc[:, self.names.index(name)])
            else:
                self.converted[name] = self.labels.levels[self.labels.names.index(name)]
        return self.converted[name]

    def has(self, name: str) -> bool:
        """Whether there is a column or a level of that name."""
        return name in self.names or (not self.labels.default and name in self.labels.names)


Anything = Single | Row | Bag | Table


def read(value: Any) -> Anything:
    """An answer as values of our own.

    Raises
    ------
    CannotRead
        If it is of a kind that is not on the list.
    """
    kind, known = type(value), id(type(value))
    if known in _PLAIN:
        return Single(of_objects([value]))
    if kind is pd.Series:
        return Row(of_series(value), _labels(value.index), "Series", name_of(value.name))
    if kind is pd.DataFrame:
        return Table(value, column_names(value.columns), _labels(value.index))
    if known in _INDEXES or known in _ARRAYS:
        return Row(of_series(pd.Series(value)), None, "Index" if known in _INDEXES else "array")
    if kind is pd.MultiIndex:
        raise CannotRead("This is an index with several levels. Turn it into a table with `.to_frame(index=False)`.")
    if kind is np.ndarray:
        if value.ndim == 0:
            return Single(of_series(pd.Series(value.reshape(1))))
        if value.ndim > 1:
            raise CannotRead(f"This is an array with {value.ndim} dimensions. One row of values can be checked.")
        return Row(of_series(pd.Series(value)), None, "array")
    if known in _LISTS:
        _not_too_long(len(value))
        return Row(of_objects(list(value)), None, "range" if kind is range else "list")
    if known in _SETS:
        _not_too_long(len(value))
        return Bag(of_objects(list(value)))
    if kind is dict:
        _not_too_long(len(value))
        keys = of_objects(list(value))
        return Row(of_objects(list(value.values())), Labels((keys,), ("",), False), "dict")
    raise CannotRead(_refusal(value))


def _refusal(value: Any) -> str:
    kind = type(value)
    if id(kind) in _CALLABLE:
        return "This is a function, not its result. Are the brackets `()` missing after its name?"
    if id(kind) in _REFUSED:
        return f"This is {_REFUSED[id(kind)]}."
    if issubclass(kind, type):
        return "This is a type, not a value. Was it meant to be called with brackets `()`?"
    if type_name(value).endswith("GroupBy"):
        return "This is a grouping, not yet a result. Say what to do with each group, such as `.sum()` or `.max()`."
    if issubclass(kind, (pd.DataFrame, pd.Series)):
        return f"This is a special table ({as_code(type_name(value))}). Make a plain one: `pd.DataFrame(...)`."
    return (
        f"This is an object of the type {as_code(type_name(value))}. "
        "Numbers, texts, dates, lists, Series and tables can be checked."
    )


def _not_too_long(length: int) -> None:
    if length > LONGEST:
        raise CannotRead(
            f"This list has {length:,} items; lists of up to {LONGEST:,} are checked. Give a Series: `pd.Series(...)`."
        )


def of_objects(items: Sequence[Any]) -> Values:
    """Values from Python objects, each of a plain kind.

    Raises
    ------
    CannotRead
        If one is of another kind.
    """
    kinds, values = set(), []
    for item in items:
        kind, value = _plain(item)
        kinds.add(kind)
        values.append((kind, value))
    kinds.discard("missing")
    if len(kinds) > 1:
        mixed = np.empty(len(values), dtype=object)
        mixed[:] = values
        return Values("mixed", mixed)
    kind = kinds.pop() if kinds else "empty"
    if kind == "text":
        texts = np.empty(len(values), dtype=object)
        texts[:] = [value for _, value in values]
        return Values(kind, texts)
    return Values(kind, np.array([np.nan if value is None else value for _, value in values], dtype=float))


def _plain(item: Any) -> tuple[str, Any]:
    """A plain object as (kind, float or text); a missing one as ("missing", None)."""
    kind = id(type(item))
    if kind in _TEXTS:
        return "text", str(item)
    if kind in _NUMBERS:
        try:
            value = float(item)
        except OverflowError:
            raise CannotRead("A number here has more than 300 digits, which cannot be compared.") from None
        return ("missing", None) if value != value else ("number", value)
    if kind in _MISSING:
        return "missing", None
    if kind == id(pd.Interval):
        return "text", str(item)
    if kind in _DATES or kind in _DURATIONS:
        try:
            return _moment(item)
        except (ValueError, OverflowError, TypeError):
            raise CannotRead("A date or duration here cannot be read.") from None
    raise CannotRead(
        f"One of the values inside is an object of the type {as_code(type_name(item))}. "
        "Only numbers, texts and dates can be checked."
    )


def _moment(item: Any) -> tuple[str, Any]:
    if id(type(item)) in _DURATIONS:
        length = pd.Timedelta(item)
        return ("missing", None) if length is pd.NaT else ("duration", length.total_seconds())
    when = item.start_time if type(item) is pd.Period else pd.Timestamp(item)
    if when is pd.NaT:
        return "missing", None
    if when.tzinfo is not None:
        when = when.tz_convert("UTC").tz_localize(None)
    return "date", float(when.as_unit("us").value)


def of_series(series: pd.Series) -> Values:
    """Values from a column whose dtype is numpy's or pandas' own."""
    dtype = series.dtype
    kind = type(dtype)
    if isinstance(dtype, np.dtype):
        if dtype.kind in "biuf":
            return Values("number", series.to_numpy().astype(float))
        if dtype.kind == "M":
            return Values("date", _with_gaps(series, "datetime64[us]", 1.0))
        if dtype.kind == "m":
            return Values("duration", _with_gaps(series, "timedelta64[us]", 1e-6))
        if dtype.kind in "OU":
            return of_objects(series.tolist())
    elif kind is pd.CategoricalDtype:
        groups = of_series(pd.Series(series.cat.categories))
        codes = series.cat.codes.to_numpy()
        gap = np.array([np.nan]) if groups.data.dtype == float else np.array([None], dtype=object)
        return Values(groups.kind, np.concatenate([groups.data, gap])[codes])
    elif kind is pd.StringDtype:
        return Values("text", series.to_numpy(dtype=object, na_value=None))
    elif kind in _MASKED:
        return Values("number", series.to_numpy(dtype=float, na_value=np.nan))
    elif kind is pd.DatetimeTZDtype:
        return of_series(series.dt.tz_convert("UTC").dt.tz_localize(None))
    elif kind is pd.PeriodDtype:
        return of_series(series.dt.to_timestamp())
    elif kind in (pd.IntervalDtype, pd.ArrowDtype):
        return of_objects(series.tolist())
    elif kind is pd.SparseDtype:
        return of_series(series.sparse.to_dense())
    raise CannotRead(f"Values of the kind {as_code(dtype)} cannot be checked.")


def _with_gaps(series: pd.Series, unit: str, scale: float) -> np.ndarray:
    moments = series.to_numpy().astype(unit)
    return np.where(np.isnat(moments), np.nan, moments.astype("int64") * scale)


def _labels(index: pd.Index) -> Labels:
    if type(index) is pd.MultiIndex:
        levels = tuple(of_series(pd.Series(index.get_level_values(place))) for place in range(index.nlevels))
        return Labels(levels, tuple(name_of(name) for name in index.names), False)
    values = of_series(pd.Series(index))
    name = name_of(index.name)
    counting = values.kind == "number" and bool(np.array_equal(values.data, np.arange(len(values))))
    return Labels((values,), (name,), not name and (counting or not len(values)))


def column_names(columns: pd.Index) -> list[str]:
    """The names of a table's columns as text; those of several levels with a space between.

    Raises
    ------
    CannotRead
        If two have the same name.
    """
    names = []
    for place in range(len(columns)):
        name = columns[place]
        parts = name if type(name) is tuple else (name,)
        names.append(" ".join(filter(None, map(name_of, parts))))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CannotRead(f"Two columns are called {as_code(twice[0])}. Give each column a name of its own.")
    return names


def name_of(name: Any) -> str:
    """The name of a column or an index, where it is text or a number."""
    if id(type(name)) in _TEXTS | _NUMBERS:
        return str(name)
    if id(type(name)) in _DATES - ids(pd.Period):
        return str(pd.Timestamp(name))
    return ""


def as_code(name: object) -> str:
    """A name as code: nothing in it is markup."""
    return "`" + " ".join(str(name).replace("`", "'").split()) + "`"
