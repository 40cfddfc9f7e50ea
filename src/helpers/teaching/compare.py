"""Whether an answer means the same as the worked one: sizes, columns and labels first, then values.

Rows that have labels are matched by them, numbers are compared with a
tolerance, and what differs is said without giving the right values away.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from helpers import words
from helpers.teaching.answers import (
    SIZED,
    Anything,
    Bag,
    Labels,
    Row,
    Single,
    Table,
    Values,
    as_code,
    column_names,
    is_number,
    name_of,
    read,
)


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
    with np.errstate(all="ignore"):  # numbers beyond all measure are wrong, not worth a warning
        verdict = _compare(read(reference), read(answer), within, any_order)
    if verdict.equal:
        return replace(verdict, same_form=not verdict.remark and _same_form(reference, answer))
    return verdict


def _far_too_long(reference: Any, answer: Any) -> str:
    """A sentence where millions of values need not be read to see that they are too many."""
    if id(type(answer)) not in SIZED or type(answer) in (list, dict):
        return ""
    expected = len(reference) if id(type(reference)) in SIZED else 1
    given = len(answer) if type(answer) is not np.ndarray or answer.ndim else 1
    if given <= 100_000 or given == expected:
        return ""
    return f"{words.count(expected, 'row')} {'is' if expected == 1 else 'are'} expected; here are {given:,}."


_KINDS = {"number": "numbers", "date": "dates", "duration": "durations", "text": "text"}


# ---------------------------------------------------------------- what is compared


def _compare(ours: Anything, theirs: Anything, within: float, any_order: bool) -> Verdict:
    if isinstance(ours, Single):
        return _compare_single(ours, theirs, within)
    if isinstance(ours, Table):
        return _compare_tables(ours, theirs, within)
    if isinstance(theirs, Table):
        theirs = _as_row(ours, theirs)
        if isinstance(theirs, Verdict):
            return theirs
    if isinstance(theirs, Single):
        return Verdict(False, f"{_many(len(ours.values))} are expected; this is a single one.")
    if any_order or isinstance(ours, Bag) or isinstance(theirs, Bag):
        return _compare_bags(ours.values, theirs.values, within)
    return _compare_rows(ours, theirs, within)


def _compare_single(ours: Single, theirs: Anything, within: float) -> Verdict:
    remark = ""
    if isinstance(theirs, Table):
        if len(theirs) != 1 or len(theirs.names) != 1:
            return Verdict(False, f"One value is expected; this is a table of {len(theirs):,} × {len(theirs.names):,}.")
        theirs = Single(theirs.column(theirs.names[0]))
        remark = "It is still inside a table: `.iloc[0, 0]` takes it out."
    elif not isinstance(theirs, Single):
        if len(theirs.values) != 1:
            return Verdict(False, f"One value is expected; this is {_a(theirs.form)} with {len(theirs.values):,}.")
        out = "`.iloc[0]`" if theirs.form == "Series" else "`[0]`"
        theirs, remark = Single(theirs.values), f"It is still inside {_a(theirs.form)}: {out} takes it out."
    mine, other = ours.values, theirs.values
    if mine.kind == other.kind == "text":
        equal = mine.data[0].strip().casefold() == other.data[0].strip().casefold()
        return Verdict(equal, "" if equal else "Another text is expected.", remark if equal else "")
    if why := _other_kind(mine, other):
        return Verdict(False, why)
    if _same(mine, other, within)[0]:
        return Verdict(True, remark=remark)
    return Verdict(False, _pattern(mine, other) or "Another value is expected.")


def _compare_rows(ours: Row, theirs: Row, within: float) -> Verdict:
    if ours.labels and not ours.labels.default and (theirs.labels is None or theirs.labels.default):
        lost = f"The labels{_label_names(ours.labels)} are lost"
        in_order = len(ours.values) == len(theirs.values)
        if in_order and _values_verdict(ours.values, theirs.values, within, None).equal:
            return Verdict(True, remark=f"{lost}, so only the order could be checked.")
        return Verdict(False, f"{lost}, so the values cannot be told apart. Leave the index as it is.")
    places = np.arange(len(theirs.values))
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
    return verdict


def _compare_bags(mine: Values, other: Values, within: float) -> Verdict:
    """Values whose order is of no importance."""
    if why := _other_kind(mine, other):
        return Verdict(False, why)
    if len(mine) == len(other):
        if mine.data.dtype == float and other.data.dtype == float:
            equal = bool(
                _same(Values(mine.kind, np.sort(mine.data)), Values(other.kind, np.sort(other.data)), within).all()
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


def _compare_tables(ours: Table, theirs: Anything, within: float) -> Verdict:
    if isinstance(theirs, Row) and len(ours.names) == 1 and theirs.labels is not None:
        row = Row(ours.column(ours.names[0]), ours.labels, "table")
        return replace(_compare_rows(row, theirs, within), same_form=False)
    if not isinstance(theirs, Table):
        what = "a single value" if isinstance(theirs, Single) else _a(theirs.form)
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
            wrong.append(f"Column {as_code(name)}: {verdict.why[:1].lower()}{verdict.why[1:]}")
    if wrong:
        return Verdict(False, wrong[0] if len(wrong) == 1 else "\n".join(f"- {line}" for line in wrong))
    more = [name for name in theirs.names if name not in ours.names and name not in ours.labels.names]
    return Verdict(True, remark=f"It has more than was asked for: {_listed(more)}." if more else "")


def _rows_matched(ours: Table, theirs: Table) -> tuple[Labels | None, np.ndarray | str | None]:
    """By what the rows of two tables are matched, and where each of ours is in theirs; None: by their order."""
    if not ours.labels.default:
        names = ours.labels.names
        other = theirs.labels
        if other.default and all(name and name in theirs.names for name in names):
            other = Labels(tuple(theirs.column(name) for name in names), names, False)
        if other.default:
            lost = f"The labels of the rows{_label_names(ours.labels)} are lost. Leave the index as it is."
            return ours.labels, lost
        return ours.labels, _match(ours.labels, other)
    for names in _keys(ours):
        if all(theirs.has(name) for name in names):
            mine = Labels(tuple(ours.column(name) for name in names), tuple(names), False)
            other = Labels(tuple(theirs.column(name) for name in names), tuple(names), False)
            return mine, _match(mine, other)
    if len(ours) == len(theirs) and _same_labels(ours.labels, theirs.labels):
        return ours.labels, _match(ours.labels, theirs.labels)
    return None, None


def _keys(table: Table) -> list[list[str]]:
    """Columns that tell the rows of a table apart: one of text or dates, or all of these together."""
    naming = [name for name in table.names if table.column(name).kind in ("text", "date")]
    groups = [[name] for name in naming] + ([naming] if len(naming) > 1 else [])
    return [names for names in groups if pd.MultiIndex.from_arrays([table.column(n).data for n in names]).is_unique]


def _as_row(ours: Row | Bag, theirs: Table) -> Row | Verdict:
    """A table as one row of values with its labels, where it can be meant so."""
    names = ours.labels.names if isinstance(ours, Row) and ours.labels else ()
    labels, rest = theirs.labels, theirs.names
    if labels.default and names and all(name and name in theirs.names for name in names):
        labels = Labels(tuple(theirs.column(name) for name in names), names, False)
        rest = [name for name in theirs.names if name not in names]
    if len(rest) > 1 and isinstance(ours, Row) and ours.name in rest:
        rest = [ours.name]
    if len(rest) != 1:
        return Verdict(False, f"One column of values is expected; this table has {len(rest)}: {_listed(rest)}.")
    return Row(theirs.column(rest[0]), labels, "table")


def _values_verdict(mine: Values, other: Values, within: float, labels: Labels | None) -> Verdict:
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


def _same(mine: Values, other: Values, within: float) -> np.ndarray:
    if mine.data.dtype == float and other.data.dtype == float:
        # A microsecond is exact; everything else may be off by what floating point loses.
        exact = mine.kind == "date"
        return np.isclose(other.data, mine.data, rtol=0 if exact else 1e-6, atol=max(within, 1e-9), equal_nan=True)
    return _comparable(mine) == _comparable(other)


def _comparable(values: Values) -> np.ndarray:
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


def _is_missing(values: Values) -> np.ndarray:
    if values.data.dtype == float:
        return np.isnan(values.data)
    return np.array([item is None or item == ("missing", None) for item in values.data], dtype=bool)


def _other_kind(mine: Values, other: Values) -> str:
    """A sentence where two kinds can never be the same."""
    if mine.kind == other.kind or "mixed" in (mine.kind, other.kind) or "empty" in (mine.kind, other.kind):
        return ""
    several = len(mine) > 1
    if (mine.kind, other.kind) == ("number", "duration"):
        if several:
            return "These are durations; days as plain numbers are expected: `.dt.days`."
        return "This is a duration; days as plain numbers are expected: `.days`."
    if several:
        return f"The values should be {_KINDS[mine.kind]}; these are {_KINDS[other.kind]}."
    return f"A {mine.kind} is expected; this is {'' if other.kind == 'text' else 'a '}{other.kind}."


def _pattern(mine: Values, other: Values) -> str:
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
            return f"{all_of_them} is too {how} by a factor of 100. Is a percentage taken for a share, or fen (cents) for yuan?"
    gap = (other.data - mine.data)[sure]
    if len(gap) > 2 and np.allclose(gap, gap[0], rtol=1e-6, atol=1e-9) and np.ptp(mine.data[sure]) > 0:
        return f"Every value is too {'large' if gap[0] > 0 else 'small'} by the same amount."
    return ""


# ---------------------------------------------------------------- labels


def _same_labels(ours: Labels, theirs: Labels) -> bool:
    """Whether two sets of labels hold the same ones, in any order."""
    return len(ours.levels[0]) == len(theirs.levels[0]) and isinstance(_match(ours, theirs), np.ndarray)


def _match(ours: Labels, theirs: Labels) -> np.ndarray | str:
    """Where each of our labels stands among theirs; or a sentence, where they are not the same labels."""
    if len(ours.levels) != len(theirs.levels):
        expected, given = len(ours.levels), words.count(len(theirs.levels), "level")
        return f"The rows should have {expected} levels of labels{_label_names(ours)}; these have {given}.".replace(
            "1 levels", "1 level"
        )
    if len(ours.levels) > 1 and set(ours.names) == set(theirs.names) and len(set(ours.names)) == len(ours.names):
        places = [theirs.names.index(name) for name in ours.names]
        theirs = Labels(tuple(theirs.levels[place] for place in places), ours.names, theirs.default)
    for mine, other in zip(ours.levels, theirs.levels, strict=True):
        if why := _other_kind(mine, other):
            return f"The labels{_label_names(ours)} do not fit. {why}"
    mine, other = _as_index(ours, counted=False), _as_index(theirs, counted=False)
    if mine.equals(other):
        return np.arange(len(mine))
    if not (mine.is_unique and other.is_unique):
        mine, other = _as_index(ours, counted=True), _as_index(theirs, counted=True)
    places = other.get_indexer(mine)
    missing, extra = int((places < 0).sum()), len(other) - int((places >= 0).sum())
    if not missing and not extra:
        return places
    many = f"{extra:,} too many"
    if extra:
        many += f" (such as {_label_at(theirs, int(np.argmin(mine.get_indexer(other))))})"
    if not missing:
        return f"{words.count(len(mine), 'row')} {'is' if len(mine) == 1 else 'are'} expected; {many}."
    gone = f"{missing:,} {'is' if missing == 1 else 'are'} missing (such as {_label_at(ours, int(np.argmin(places)))})"
    return f"Of {words.count(len(mine), 'row')} expected, {gone}{f' and {many}' if extra else ''}."


def _as_index(labels: Labels, *, counted: bool) -> pd.Index:
    """Labels as an index; counted through, where one may occur twice."""
    levels = [pd.Index(level.data if level.data.dtype == float else _comparable(level)) for level in labels.levels]
    if counted:
        codes = pd.DataFrame(
            {place: pd.factorize(level, use_na_sentinel=False)[0] for place, level in enumerate(levels)}
        )
        levels.append(pd.Index(codes.groupby(list(codes)).cumcount().to_numpy(dtype=float)))
    return levels[0] if len(levels) == 1 else pd.MultiIndex.from_arrays(levels)


def _label_names(labels: Labels) -> str:
    """What the labels are called, in brackets; empty where they have no name."""
    names = [as_code(name) for name in labels.names if name]
    return f" ({words.listing(names)})" if names else ""


def _label_at(labels: Labels | None, place: int) -> str:
    """A row as a learner finds it: by its label, or by its number."""
    if labels is None or labels.default:
        return f"number {place + 1}"
    parts = [_in_words(level, place) for level in labels.levels]
    name = words.listing([as_code(name) for name in labels.names if name])
    return f"{name} {', '.join(parts)}".strip()


def _in_words(values: Values, place: int) -> str:
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


def _missing_columns(missing: list[str], theirs: Table) -> str:
    there = theirs.names
    parts = []
    for name in missing:
        near = difflib.get_close_matches(name, there, n=1)
        parts.append(as_code(name) + (f" (is it your {as_code(near[0])}?)" if near else ""))
    if len(parts) == 1:
        return f"The column {parts[0]} is missing."
    return f"The columns {words.listing(parts)} are missing."


def _listed(names: Sequence[str]) -> str:
    shown = [as_code(name) for name in list(names)[:6]]
    return words.listing([*shown, f"{len(names) - 6} more"] if len(names) > 6 else shown)


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
            column_names(reference.columns) == column_names(answer.columns)
            and list(reference.dtypes) == list(answer.dtypes)
            and _same_index(reference.index, answer.index)
        )
    if type(reference) is str:
        return reference == answer
    return True


def _same_index(ours: pd.Index, theirs: pd.Index) -> bool:
    return (
        type(ours) is type(theirs)
        and list(map(name_of, ours.names)) == list(map(name_of, theirs.names))
        and ours.equals(theirs)
    )
