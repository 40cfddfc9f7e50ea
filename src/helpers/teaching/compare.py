"""Whether an answer means the same as the worked one, without ever asking the answer itself.

A learner may hand over anything: a generator without end, an object whose
`==` raises. So the type alone decides (`type(x)`, never `isinstance`, which
asks the object), only a closed list of types is read, and only values of
built-in kinds inside them. What is read becomes arrays of our own, and those
are compared: sizes, columns and labels before values.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from helpers import words

LONGEST = 10_000  # items of a plain list; beyond it, a Series

_NUMPY_NUMBERS = {
    kind for kind in set(np.sctypeDict.values()) if issubclass(kind, (np.integer, np.floating, np.bool_))
} - {np.timedelta64}


def _ids(*kinds: type) -> frozenset[int]:
    """Types by identity: looking a type up in a set of types would ask its metaclass."""
    return frozenset(map(id, kinds))


_NUMBERS = _ids(int, float, bool, Decimal, Fraction, *_NUMPY_NUMBERS)
_TEXTS = _ids(str, np.str_)
_DATES = _ids(date, datetime, pd.Timestamp, np.datetime64, pd.Period)
_DURATIONS = _ids(timedelta, pd.Timedelta, np.timedelta64)
_MISSING = _ids(type(None), type(pd.NA), type(pd.NaT))
_PLAIN = _NUMBERS | _TEXTS | _DATES | _DURATIONS | _MISSING | _ids(pd.Interval)

_LISTS = _ids(list, tuple, range, type({}.keys()), type({}.values()))
_SETS = _ids(set, frozenset)
_INDEXES = _ids(
    pd.Index, pd.RangeIndex, pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex, pd.CategoricalIndex, pd.IntervalIndex
)
_ARRAYS = _ids(
    *(pd.Categorical, pd.arrays.BooleanArray, pd.arrays.IntegerArray, pd.arrays.FloatingArray, pd.arrays.StringArray),
    *(pd.arrays.ArrowStringArray, pd.arrays.ArrowExtensionArray, pd.arrays.DatetimeArray, pd.arrays.TimedeltaArray),
    *(pd.arrays.PeriodArray, pd.arrays.IntervalArray, pd.arrays.NumpyExtensionArray),
)
_SIZED = _ids(pd.Series, pd.DataFrame, np.ndarray, pd.MultiIndex) | _INDEXES | _ARRAYS | _LISTS | _SETS | _ids(dict)
_MASKED = (
    *(pd.BooleanDtype, pd.Int8Dtype, pd.Int16Dtype, pd.Int32Dtype, pd.Int64Dtype, pd.UInt8Dtype, pd.UInt16Dtype),
    *(pd.UInt32Dtype, pd.UInt64Dtype, pd.Float32Dtype, pd.Float64Dtype),
)

_CALLABLE = _ids(types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.MethodWrapperType)
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


@dataclass(frozen=True)
class Verdict:
    """What a comparison found.

    Attributes
    ----------
    equal : bool
    why : str
        Where it is not equal: what differs, without the right values (Markdown).
    remark : str
        Where it is equal, but not in the form that was asked for.
    same_form : bool
        Whether the answer could stand in for the reference as it is.
    """

    equal: bool
    why: str = ""
    remark: str = ""
    same_form: bool = False


def compare(reference: Any, answer: Any, *, within: float = 0.0, any_order: bool = False) -> Verdict:
    """Whether an answer means the same as the reference.

    Parameters
    ----------
    reference, answer : number, text, date, list, dict, set, Series, DataFrame ...
    within : float
        How far a number may be off and still count.
    any_order : bool
        Whether the order of a list is of no importance. Rows that have labels
        are always matched by their labels.

    Raises
    ------
    CannotRead
        If the answer is of a kind that is not read. Nothing of the answer was
        called then, and nothing is called otherwise.

    Examples
    --------
    >>> compare(pd.Series([1, 2], index=["a", "b"]), pd.Series([2.0, 1.0], index=["b", "a"])).equal
    True
    >>> compare([10.0, 20.0], [10, 21]).why
    '1 of 2 values differs; look at number 2.'
    """
    if why := _far_too_long(reference, answer):
        return Verdict(False, why)
    verdict = _compare(_read(reference), _read(answer), within, any_order)
    if verdict.equal:
        return replace(verdict, same_form=not verdict.remark and _same_form(reference, answer))
    return verdict


def is_number(value: Any) -> bool:
    """Whether a value is one plain number (True and False are none)."""
    return id(type(value)) in _NUMBERS - _ids(bool, np.bool_)


def type_name(value: Any) -> str:
    """The name of a value's type, without asking the type either."""
    return str(type.__dict__["__name__"].__get__(type(value)))


# ---------------------------------------------------------------- what is read


@dataclass(frozen=True)
class _Values:
    """Values of one kind: numbers, dates (microseconds) and durations (seconds) as floats, all else as objects."""

    kind: str
    data: np.ndarray

    def __len__(self) -> int:
        return len(self.data)

    def take(self, places: np.ndarray) -> _Values:
        return _Values(self.kind, self.data[places])


@dataclass(frozen=True)
class _Labels:
    levels: tuple[_Values, ...]
    names: tuple[str, ...]
    default: bool  # 0, 1, 2 ...: the rows have no names of their own


@dataclass(frozen=True)
class _Single:
    values: _Values


@dataclass(frozen=True)
class _Row:
    values: _Values
    labels: _Labels | None
    form: str
    name: str = ""


@dataclass(frozen=True)
class _Bag:
    values: _Values
    form: str = "set"


@dataclass
class _Table:
    frame: pd.DataFrame
    names: list[str]
    labels: _Labels
    read: dict[str, _Values] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.labels.levels[0])

    def column(self, name: str) -> _Values:
        if name not in self.read:
            if name in self.names:
                self.read[name] = _of_series(self.frame.iloc[:, self.names.index(name)])
            else:
                self.read[name] = self.labels.levels[self.labels.names.index(name)]
        return self.read[name]

    def has(self, name: str) -> bool:
        return name in self.names or (not self.labels.default and name in self.labels.names)


_Anything = _Single | _Row | _Bag | _Table


def _read(value: Any) -> _Anything:
    kind, known = type(value), id(type(value))
    if known in _PLAIN:
        return _Single(_of_objects([value]))
    if kind is pd.Series:
        return _Row(_of_series(value), _labels(value.index), "Series", _name(value.name))
    if kind is pd.DataFrame:
        return _Table(value, _column_names(value.columns), _labels(value.index))
    if known in _INDEXES or known in _ARRAYS:
        return _Row(_of_series(pd.Series(value)), None, "Index" if known in _INDEXES else "array")
    if kind is pd.MultiIndex:
        raise CannotRead("This is an index with several levels. Turn it into a table with `.to_frame(index=False)`.")
    if kind is np.ndarray:
        if value.ndim == 0:
            return _Single(_of_series(pd.Series(value.reshape(1))))
        if value.ndim > 1:
            raise CannotRead(f"This is an array with {value.ndim} dimensions. One row of values can be checked.")
        return _Row(_of_series(pd.Series(value)), None, "array")
    if known in _LISTS:
        _not_too_long(len(value))
        return _Row(_of_objects(list(value)), None, "range" if kind is range else "list")
    if known in _SETS:
        _not_too_long(len(value))
        return _Bag(_of_objects(list(value)))
    if kind is dict:
        _not_too_long(len(value))
        keys = _of_objects(list(value))
        return _Row(_of_objects(list(value.values())), _Labels((keys,), ("",), False), "dict")
    raise CannotRead(_refusal(value))


def _far_too_long(reference: Any, answer: Any) -> str:
    """A sentence where millions of values need not be read to see that they are too many."""
    if id(type(answer)) not in _SIZED or type(answer) in (list, dict):
        return ""
    expected = len(reference) if id(type(reference)) in _SIZED else 1
    given = len(answer) if type(answer) is not np.ndarray or answer.ndim else 1
    if given <= 100_000 or given == expected:
        return ""
    return f"{words.count(expected, 'row')} {'is' if expected == 1 else 'are'} expected; here are {given:,}."


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
        return f"This is a special table ({_code(type_name(value))}). Make a plain one: `pd.DataFrame(...)`."
    return (
        f"This is an object of the type {_code(type_name(value))}. "
        "Numbers, texts, dates, lists, Series and tables can be checked."
    )


def _not_too_long(length: int) -> None:
    if length > LONGEST:
        raise CannotRead(
            f"This list has {length:,} items; lists of up to {LONGEST:,} are checked. Give a Series: `pd.Series(...)`."
        )


def _of_objects(items: Sequence[Any]) -> _Values:
    """Values from Python objects, each of a plain kind."""
    kinds, values = set(), []
    for item in items:
        kind, value = _plain(item)
        kinds.add(kind)
        values.append((kind, value))
    kinds.discard("missing")
    if len(kinds) > 1:
        mixed = np.empty(len(values), dtype=object)
        mixed[:] = values
        return _Values("mixed", mixed)
    kind = kinds.pop() if kinds else "empty"
    if kind == "text":
        texts = np.empty(len(values), dtype=object)
        texts[:] = [value for _, value in values]
        return _Values(kind, texts)
    return _Values(kind, np.array([np.nan if value is None else value for _, value in values], dtype=float))


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
        f"One of the values inside is an object of the type {_code(type_name(item))}. "
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


def _of_series(series: pd.Series) -> _Values:
    """Values from a column whose dtype is numpy's or pandas' own."""
    dtype = series.dtype
    kind = type(dtype)
    if isinstance(dtype, np.dtype):
        if dtype.kind in "biuf":
            return _Values("number", series.to_numpy().astype(float))
        if dtype.kind == "M":
            return _Values("date", _with_gaps(series, "datetime64[us]", 1.0))
        if dtype.kind == "m":
            return _Values("duration", _with_gaps(series, "timedelta64[us]", 1e-6))
        if dtype.kind in "OU":
            return _of_objects(series.tolist())
    elif kind is pd.CategoricalDtype:
        groups = _of_series(pd.Series(series.cat.categories))
        codes = series.cat.codes.to_numpy()
        gap = np.array([np.nan]) if groups.data.dtype == float else np.array([None], dtype=object)
        return _Values(groups.kind, np.concatenate([groups.data, gap])[codes])
    elif kind is pd.StringDtype:
        return _Values("text", series.to_numpy(dtype=object, na_value=None))
    elif kind in _MASKED:
        return _Values("number", series.to_numpy(dtype=float, na_value=np.nan))
    elif kind is pd.DatetimeTZDtype:
        return _of_series(series.dt.tz_convert("UTC").dt.tz_localize(None))
    elif kind is pd.PeriodDtype:
        return _of_series(series.dt.to_timestamp())
    elif kind in (pd.IntervalDtype, pd.ArrowDtype):
        return _of_objects(series.tolist())
    elif kind is pd.SparseDtype:
        return _of_series(series.sparse.to_dense())
    raise CannotRead(f"Values of the kind {_code(dtype)} cannot be checked.")


def _with_gaps(series: pd.Series, unit: str, scale: float) -> np.ndarray:
    moments = series.to_numpy().astype(unit)
    return np.where(np.isnat(moments), np.nan, moments.astype("int64") * scale)


def _labels(index: pd.Index) -> _Labels:
    if type(index) is pd.MultiIndex:
        levels = tuple(_of_series(pd.Series(index.get_level_values(place))) for place in range(index.nlevels))
        return _Labels(levels, tuple(_name(name) for name in index.names), False)
    values = _of_series(pd.Series(index))
    name = _name(index.name)
    counting = values.kind == "number" and bool(np.array_equal(values.data, np.arange(len(values))))
    return _Labels((values,), (name,), not name and (counting or not len(values)))


def _column_names(columns: pd.Index) -> list[str]:
    names = []
    for place in range(len(columns)):
        name = columns[place]
        parts = name if type(name) is tuple else (name,)
        names.append(" ".join(filter(None, map(_name, parts))))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CannotRead(f"Two columns are called {_code(twice[0])}. Give each column a name of its own.")
    return names


def _name(name: Any) -> str:
    """The name of a column or an index, where it is text or a number."""
    if id(type(name)) in _TEXTS | _NUMBERS:
        return str(name)
    if id(type(name)) in _DATES - _ids(pd.Period):
        return str(pd.Timestamp(name))
    return ""


# ---------------------------------------------------------------- what is compared


def _compare(ours: _Anything, theirs: _Anything, within: float, any_order: bool) -> Verdict:
    if isinstance(ours, _Single):
        return _compare_single(ours, theirs, within)
    if isinstance(ours, _Table):
        return _compare_tables(ours, theirs, within)
    if isinstance(theirs, _Table):
        theirs = _as_row(ours, theirs)
        if isinstance(theirs, Verdict):
            return theirs
    if isinstance(theirs, _Single):
        return Verdict(False, f"{_many(len(ours.values))} are expected; this is a single one.")
    if any_order or isinstance(ours, _Bag) or isinstance(theirs, _Bag):
        return _compare_bags(ours.values, theirs.values, within)
    return _compare_rows(ours, theirs, within)


def _compare_single(ours: _Single, theirs: _Anything, within: float) -> Verdict:
    remark = ""
    if isinstance(theirs, _Table):
        if len(theirs) != 1 or len(theirs.names) != 1:
            return Verdict(False, f"One value is expected; this is a table of {len(theirs):,} × {len(theirs.names):,}.")
        theirs, remark = (
            _Single(theirs.column(theirs.names[0])),
            "It is still inside a table: `.iloc[0, 0]` takes it out.",
        )
    elif not isinstance(theirs, _Single):
        if len(theirs.values) != 1:
            return Verdict(False, f"One value is expected; this is {_a(theirs.form)} with {len(theirs.values):,}.")
        out = "`.iloc[0]`" if theirs.form == "Series" else "`[0]`"
        theirs, remark = _Single(theirs.values), f"It is still inside {_a(theirs.form)}: {out} takes it out."
    mine, other = ours.values, theirs.values
    if mine.kind == other.kind == "text":
        equal = mine.data[0].strip().casefold() == other.data[0].strip().casefold()
        return Verdict(equal, "" if equal else "Another text is expected.", remark if equal else "")
    if why := _other_kind(mine, other):
        return Verdict(False, why)
    if _same(mine, other, within)[0]:
        return Verdict(True, remark=remark)
    return Verdict(False, _pattern(mine, other) or "Another value is expected.")


def _compare_rows(ours: _Row, theirs: _Row, within: float) -> Verdict:
    remark = ""
    places = np.arange(len(theirs.values))
    if ours.labels and not ours.labels.default and not (theirs.labels and not theirs.labels.default):
        if len(ours.values) == len(theirs.values):
            found = _values_verdict(ours.values, theirs.values, within, None)
            if found.equal:
                lost = f"The labels ({_label_word(ours.labels)}) are lost, so only the order could be checked."
                return Verdict(True, remark=lost)
        return Verdict(
            False,
            f"The labels ({_label_word(ours.labels)}) are lost, so the values cannot be told apart. "
            "Leave the index as it is.",
        )
    if ours.labels and theirs.labels and (not ours.labels.default or _same_labels(ours.labels, theirs.labels)):
        matched = _match(ours.labels, theirs.labels)
        if isinstance(matched, str):
            return Verdict(False, matched)
        places = matched
    elif len(ours.values) != len(theirs.values):
        return Verdict(False, f"{_many(len(ours.values))} are expected; here are {len(theirs.values):,}.")
    verdict = _values_verdict(ours.values, theirs.values.take(places), within, ours.labels)
    if not verdict.equal and ours.labels is None and _compare_bags(ours.values, theirs.values, within).equal:
        return Verdict(False, "These are the right values, in another order.")
    return replace(verdict, remark=remark) if verdict.equal else verdict


def _compare_bags(mine: _Values, other: _Values, within: float) -> Verdict:
    """Values whose order is of no importance."""
    if why := _other_kind(mine, other):
        return Verdict(False, why)
    if len(mine) == len(other):
        if mine.data.dtype == float and other.data.dtype == float:
            equal = bool(
                _same(_Values(mine.kind, np.sort(mine.data)), _Values(other.kind, np.sort(other.data)), within).all()
            )
        else:
            equal = sorted(map(repr, mine.data)) == sorted(map(repr, other.data))
        if equal:
            return Verdict(True)
    known, given = set(mine.data.tolist()), set(other.data.tolist())
    parts = []
    if len(given - known):
        parts.append(f"{words.count(len(given - known), 'value')} too many")
    if len(known - given):
        parts.append(f"{words.count(len(known - given), 'value')} missing")
    return Verdict(
        False,
        f"{' and '.join(parts).capitalize()}." if parts else "Some values occur more or less often than they should.",
    )


def _compare_tables(ours: _Table, theirs: _Anything, within: float) -> Verdict:
    if isinstance(theirs, _Row) and len(ours.names) == 1 and theirs.labels is not None:
        row = _Row(ours.column(ours.names[0]), ours.labels, "table")
        return replace(_compare_rows(row, theirs, within), same_form=False)
    if not isinstance(theirs, _Table):
        what = "a single value" if isinstance(theirs, _Single) else _a(theirs.form)
        return Verdict(False, f"A table with the columns {_listed(ours.names)} is expected; this is {what}.")
    keys, places = _rows_matched(ours, theirs)
    missing = [name for name in ours.names if not theirs.has(name)]
    if missing:
        return Verdict(False, _missing_columns(missing, theirs))
    if isinstance(places, str):
        return Verdict(False, places)
    if places is None:
        if len(ours) != len(theirs):
            return Verdict(False, f"{words.count(len(ours), 'row')} are expected; here are {len(theirs):,}.")
        places = np.arange(len(theirs))
    wrong = []
    for name in ours.names:
        verdict = _values_verdict(ours.column(name), theirs.column(name).take(places), within, keys)
        if not verdict.equal:
            wrong.append(f"Column {_code(name)}: {verdict.why[:1].lower()}{verdict.why[1:]}")
    if wrong:
        return Verdict(False, wrong[0] if len(wrong) == 1 else "\n".join(f"- {line}" for line in wrong))
    more = [name for name in theirs.names if name not in ours.names and name not in ours.labels.names]
    return Verdict(True, remark=f"It has more than was asked for: {_listed(more)}." if more else "")


def _rows_matched(ours: _Table, theirs: _Table) -> tuple[_Labels | None, np.ndarray | str | None]:
    """By what the rows of two tables are matched, and where each of ours is in theirs; None: by their order."""
    if not ours.labels.default:
        names = ours.labels.names
        other = theirs.labels
        if other.default and all(name and name in theirs.names for name in names):
            other = _Labels(tuple(theirs.column(name) for name in names), names, False)
        if other.default:
            return (
                ours.labels,
                f"The labels of the rows ({_label_word(ours.labels)}) are lost. Leave the index as it is.",
            )
        return ours.labels, _match(ours.labels, other)
    for names in _keys(ours):
        if all(theirs.has(name) for name in names):
            mine = _Labels(tuple(ours.column(name) for name in names), tuple(names), False)
            other = _Labels(tuple(theirs.column(name) for name in names), tuple(names), False)
            return mine, _match(mine, other)
    if len(ours) == len(theirs) and _same_labels(ours.labels, theirs.labels):
        return ours.labels, _match(ours.labels, theirs.labels)
    return None, None


def _keys(table: _Table) -> list[list[str]]:
    """Columns that tell the rows of a table apart: one of text or dates, or all of these together."""
    naming = [name for name in table.names if table.column(name).kind in ("text", "date")]
    groups = [[name] for name in naming] + ([naming] if len(naming) > 1 else [])
    return [names for names in groups if pd.MultiIndex.from_arrays([table.column(n).data for n in names]).is_unique]


def _as_row(ours: _Row | _Bag, theirs: _Table) -> _Row | Verdict:
    """A table as one row of values with its labels, where it can be meant so."""
    names = ours.labels.names if isinstance(ours, _Row) and ours.labels else ()
    labels, rest = theirs.labels, theirs.names
    if labels.default and names and all(name and name in theirs.names for name in names):
        labels = _Labels(tuple(theirs.column(name) for name in names), names, False)
        rest = [name for name in theirs.names if name not in names]
    if len(rest) > 1 and isinstance(ours, _Row) and ours.name in rest:
        rest = [ours.name]
    if len(rest) != 1:
        return Verdict(False, f"One column of values is expected; this table has {len(rest)}: {_listed(rest)}.")
    return _Row(theirs.column(rest[0]), labels, "table")


def _values_verdict(mine: _Values, other: _Values, within: float, labels: _Labels | None) -> Verdict:
    """Two rows of values of the same length, already in the same order."""
    if why := _other_kind(mine, other):
        return Verdict(False, why)
    same = _same(mine, other, within)
    if same.all():
        return Verdict(True)
    wrong = int((~same).sum())
    if len(same) > 1 and (why := _pattern(mine, other)):
        return Verdict(False, why)
    gone = int((_is_missing(other) & ~_is_missing(mine)).sum())
    if gone == wrong:
        what = f"{_of(gone, len(same), 'is', 'are')} missing where there should be one"
    else:
        what = _of(wrong, len(same), "differs", "differ")
    return Verdict(False, f"{what}; look at {_label_at(labels, int(np.argmin(same)))}.")


def _of(part: int, whole: int, one: str, many: str) -> str:
    if part == whole > 1:
        return f"All {whole:,} values {many}"
    return f"{part:,} of {whole:,} values {one if part == 1 else many}"


def _same(mine: _Values, other: _Values, within: float) -> np.ndarray:
    if mine.data.dtype == float and other.data.dtype == float:
        # A microsecond is exact; everything else may be off by what floating point loses.
        exact = mine.kind == "date"
        return np.isclose(other.data, mine.data, rtol=0 if exact else 1e-6, atol=max(within, 1e-9), equal_nan=True)
    return _comparable(mine) == _comparable(other)


def _comparable(values: _Values) -> np.ndarray:
    """Objects that `==` compares: texts as they are, mixed values as rounded pairs."""
    if values.kind == "text":
        return values.data
    pairs = np.empty(len(values), dtype=object)
    if values.kind == "mixed":
        pairs[:] = [(kind, float(f"{value:.6g}") if kind == "number" else value) for kind, value in values.data]
    elif values.kind == "empty":
        pairs[:] = None
    else:
        pairs[:] = [
            ("missing", None) if value != value else (values.kind, float(f"{value:.6g}")) for value in values.data
        ]
    return pairs


def _is_missing(values: _Values) -> np.ndarray:
    if values.data.dtype == float:
        return np.isnan(values.data)
    return np.array([item is None or item == ("missing", None) for item in values.data], dtype=bool)


def _other_kind(mine: _Values, other: _Values) -> str:
    """A sentence where two kinds can never be the same."""
    if mine.kind == other.kind or "mixed" in (mine.kind, other.kind) or "empty" in (mine.kind, other.kind):
        return ""
    several = len(mine) > 1
    if (mine.kind, other.kind) == ("number", "duration"):
        return f"{'These are durations' if several else 'This is a duration'}; days as plain numbers are expected: `.{'dt.' * several}days`."
    kinds = {"number": "numbers", "date": "dates", "duration": "durations", "text": "text"}
    if several:
        return f"The values should be {kinds[mine.kind]}; these are {kinds[other.kind]}."
    return f"A {mine.kind} is expected; this is {'' if other.kind == 'text' else 'a '}{other.kind}."


def _pattern(mine: _Values, other: _Values) -> str:
    """A mistake that shows in all numbers at once: a factor, a sign, a constant."""
    if mine.kind != "number" or other.kind != "number":
        return ""
    sure = np.isfinite(mine.data) & np.isfinite(other.data) & (mine.data != 0)
    if not sure.any() or (np.isnan(mine.data) != np.isnan(other.data)).any():
        return ""
    ratio = other.data[sure] / mine.data[sure]
    all_of_them = "Every value" if len(mine) > 1 else "The value"
    if np.allclose(ratio, -1, rtol=1e-3):
        return f"{all_of_them} has the wrong sign."
    for factor, how in ((100, "large"), (0.01, "small")):
        if np.allclose(ratio, factor, rtol=1e-3):
            return f"{all_of_them} is too {how} by a factor of 100. Is a percentage taken for a share, or fen for yuan?"
    gap = (other.data - mine.data)[sure]
    if len(gap) > 2 and np.allclose(gap, gap[0], rtol=1e-6, atol=1e-9) and np.ptp(mine.data[sure]) > 0:
        return f"Every value is too {'large' if gap[0] > 0 else 'small'} by the same amount."
    return ""


# ---------------------------------------------------------------- labels


def _same_labels(ours: _Labels, theirs: _Labels) -> bool:
    """Whether two sets of labels hold the same ones, in any order."""
    return len(ours.levels[0]) == len(theirs.levels[0]) and isinstance(_match(ours, theirs), np.ndarray)


def _match(ours: _Labels, theirs: _Labels) -> np.ndarray | str:
    """Where each of our labels stands among theirs; or a sentence, where they are not the same labels."""
    word = _label_word(ours)
    if len(ours.levels) != len(theirs.levels):
        many = len(theirs.levels)
        return f"The rows should be labelled by {word}; these have {words.count(many, 'level')} of labels."
    if len(ours.levels) > 1 and set(ours.names) == set(theirs.names) and len(set(ours.names)) == len(ours.names):
        places = [theirs.names.index(name) for name in ours.names]
        theirs = _Labels(tuple(theirs.levels[place] for place in places), ours.names, theirs.default)
    for mine, other in zip(ours.levels, theirs.levels, strict=True):
        if why := _other_kind(mine, other):
            return f"The labels do not fit ({word}). {why}"
    mine, other = _as_index(ours, counted=False), _as_index(theirs, counted=False)
    if mine.equals(other):
        return np.arange(len(mine))
    if not (mine.is_unique and other.is_unique):
        mine, other = _as_index(ours, counted=True), _as_index(theirs, counted=True)
    places = other.get_indexer(mine)
    missing, extra = int((places < 0).sum()), len(other) - int((places >= 0).sum())
    if missing or extra:
        parts = [f"{missing:,} {'is' if missing == 1 else 'are'} missing"] if missing else []
        if missing:
            parts[0] += f" (such as {_label_at(ours, int(np.argmin(places)))})"
        if extra:
            first = int(np.argmin(mine.get_indexer(other)))
            parts.append(f"{extra:,} too many (such as {_label_at(theirs, first)})")
        return (
            f"Of {words.count(len(mine), 'row')} expected, {' and '.join(parts)}."
            if missing
            else (f"{words.count(len(mine), 'row')} {'is' if len(mine) == 1 else 'are'} expected; {parts[0]}.")
        )
    return places


def _as_index(labels: _Labels, *, counted: bool) -> pd.Index:
    """Labels as an index; counted through, where one may occur twice."""
    levels = [pd.Index(level.data if level.data.dtype == float else _comparable(level)) for level in labels.levels]
    if counted:
        codes = pd.DataFrame(
            {place: pd.factorize(level, use_na_sentinel=False)[0] for place, level in enumerate(levels)}
        )
        levels.append(pd.Index(codes.groupby(list(codes)).cumcount().to_numpy(dtype=float)))
    return levels[0] if len(levels) == 1 else pd.MultiIndex.from_arrays(levels)


def _label_word(labels: _Labels) -> str:
    names = [_code(name) for name in labels.names if name]
    return words.listing(names) if names else "their names"


def _label_at(labels: _Labels | None, place: int) -> str:
    """A row as a learner finds it: by its label, or by its number."""
    if labels is None or labels.default:
        return f"number {place + 1}"
    parts = [_in_words(level, place) for level in labels.levels]
    name = words.listing([_code(name) for name in labels.names if name])
    return f"{name} {', '.join(parts)}".strip()


def _in_words(values: _Values, place: int) -> str:
    value = values.data[place]
    if values.kind == "mixed":
        value = value[1]
    if value is None or value != value:
        return "(missing)"
    if values.kind == "date":
        moment = pd.Timestamp(int(value), unit="us")
        return f"{moment:%Y-%m-%d}"
    if values.kind == "number":
        return f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return words.plain(value)


# ---------------------------------------------------------------- words


def _missing_columns(missing: list[str], theirs: _Table) -> str:
    there = theirs.names
    parts = []
    for name in missing:
        near = difflib.get_close_matches(name, there, n=1)
        parts.append(_code(name) + (f" (is it your {_code(near[0])}?)" if near else ""))
    return f"The {'column' if len(missing) == 1 else 'columns'} {words.listing(parts)} {'is' if len(missing) == 1 else 'are'} missing."


def _listed(names: Sequence[str]) -> str:
    shown = [_code(name) for name in list(names)[:6]]
    return words.listing([*shown, f"{len(names) - 6} more"] if len(names) > 6 else shown)


def _code(name: object) -> str:
    """A name as code: nothing in it is markup."""
    return "`" + " ".join(str(name).replace("`", "'").split()) + "`"


def _many(count: int) -> str:
    return words.count(count, "value")


def _a(form: str) -> str:
    return f"an {form}" if form[0] in "aI" else f"a {form}"


# ---------------------------------------------------------------- form


def _same_form(reference: Any, answer: Any) -> bool:
    """Whether an equal answer has the reference's own form: type, columns, dtypes and order of rows."""
    if is_number(reference) and is_number(answer):
        return True
    if type(reference) is not type(answer):
        return False
    if type(reference) is pd.Series:
        return reference.dtype == answer.dtype and _same_index(reference.index, answer.index)
    if type(reference) is pd.DataFrame:
        return (
            _column_names(reference.columns) == _column_names(answer.columns)
            and list(reference.dtypes) == list(answer.dtypes)
            and _same_index(reference.index, answer.index)
        )
    if type(reference) is str:
        return reference == answer
    return True


def _same_index(ours: pd.Index, theirs: pd.Index) -> bool:
    return (
        type(ours) is type(theirs)
        and list(map(_name, ours.names)) == list(map(_name, theirs.names))
        and ours.equals(theirs)
    )
