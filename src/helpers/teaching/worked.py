"""The answers of a lesson on its data, as an answer key shows them: worked out in the lesson's own kernel.

`answers(lesson)` is what the key appends to a notebook; its result is JSON,
with every value already in words.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from helpers import words
from helpers.teaching.contents import contents_of
from helpers.teaching.exercises import CORRECT, Exercise
from helpers.teaching.inputs import Unavailable
from helpers.teaching.lesson import Lesson
from helpers.teaching.marking import check

MIME = "application/json"
MOST_ROWS, MOST_ROWS_BESIDE, MOST_COLUMNS, MOST_ITEMS, MOST_LETTERS = 5, 3, 8, 8, 120


class Answers:
    """A dict that a kernel hands over as JSON."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        return {MIME: self.content, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return words.count(len(self.content["exercises"]), "worked answer")


def answers(lesson: Lesson) -> Answers:
    """The worked answers of a lesson on the data that it offers.

    Returns
    -------
    Answers
        `company` (name, as_of, is_sample, or None), `exercises` by id and
        `quiz` by id of the question. What the data do not allow has `why`.
    """
    company, contents = lesson.company, contents_of(lesson.about, topic=lesson.topic)
    return Answers(
        {
            "company": company
            and {
                "name": company.name,
                "as_of": words.day(company.as_of),
                "is_sample": bool(company.is_sample),
                "fingerprint": company.fingerprint,
            },
            "exercises": {one.id: _worked(one, lesson) for one in contents.exercises},
            "quiz": {one.id: _right_option(one, lesson) for one in contents.questions},
        }
    )


def _worked(one: Exercise, lesson: Lesson) -> dict[str, Any]:
    workings = lesson.workings
    try:
        right = workings.right(one)
    except Unavailable as error:
        return {"why": str(error)}
    made = {number: value for number, _, value in workings.wrong(one)}
    return {
        "right": str(right) if one.kind == "judge" else preview(right),
        "number": _number(one, right),
        "facts": {name: str(value) for name, value in workings.facts(one).items()},
        "mistakes": [
            {
                "gives": preview(made[number], beside=right),
                "number": _number(one, made[number]) if one.number else "",
                "same": check(one, made[number], workings).kind == CORRECT,
            }
            if number in made
            else {}
            for number in range(1, len(one.mistakes) + 1)
        ],
    }


def _right_option(one: Any, lesson: Lesson) -> dict[str, str]:
    try:
        return {"right": lesson.right_option(one)}
    except Unavailable as error:
        return {"why": str(error)}


def _number(one: Exercise, answer: Any) -> str:
    """The number that a spreadsheet would show for an answer, or nothing."""
    digits = one.number_digits if one.number else one.digits
    if not one.spreadsheet or digits is None:
        return ""
    try:
        value = float(one.number(answer) if one.number else answer)
    except (Exception, SystemExit):  # a mistake of another shape has no such number
        return ""
    return words.number(value, digits=digits) if math.isfinite(value) else ""


def preview(value: Any, *, beside: Any = None) -> dict[str, Any]:
    """A value in few words: `{"text": ...}`, or a small table.

    Parameters
    ----------
    value : anything
    beside : anything
        The worked answer that it is compared with: rows are shown that differ
        from it, of a column with the worked one at its side.

    Returns
    -------
    dict
        `text`; or `columns`, `rows` (lists of texts), `labels` (how many columns
        are labels of rows) and `more`, which says how much is left out.
    """
    if isinstance(value, (pd.Series, pd.DataFrame)):
        return _table(value, beside)
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray, pd.Index)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else list(value)
        return {"text": _listed([in_words(item) for item in items])}
    if isinstance(value, Mapping):
        return {"text": _listed([f"{in_words(key)}: {in_words(item)}" for key, item in value.items()])}
    return {"text": in_words(value)}


def in_words(value: Any) -> str:
    """One value as a reader writes it.

    >>> [in_words(value) for value in (1234567, 0.123456, 1234.567, float("nan"), True, "VIP")]
    ['1,234,567', '0.1235', '1,234.57', 'missing', 'True', 'VIP']
    """
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if value is None or value is pd.NaT or value is pd.NA:
        return "missing"
    if isinstance(value, (pd.Timedelta, np.timedelta64)):
        return str(pd.Timedelta(value))
    if isinstance(value, (datetime, np.datetime64)):
        moment = pd.Timestamp(value)
        return words.day(moment) + ("" if moment == moment.normalize() else f", {moment:%H:%M}")
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, numbers.Integral):
        return words.number(int(value))
    if isinstance(value, numbers.Real):
        return _decimal(float(value))
    text = " ".join(str(value).split())
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS].rstrip()} ..."


def _decimal(value: float) -> str:
    if not math.isfinite(value):
        return "missing" if math.isnan(value) else str(value)
    if abs(value) >= 1000 and not value.is_integer():
        return words.number(value, digits=2)
    return words.number(value) if value.is_integer() else f"{value:.4g}"


def _listed(items: list[str]) -> str:
    more = f" ... ({words.count(len(items), 'item')})" if len(items) > MOST_ITEMS else ""
    return (", ".join(items[:MOST_ITEMS]) + more) or "nothing"


def _table(value: Any, beside: Any) -> dict[str, Any]:
    """The first rows of a column or table, or the first that differ from another."""
    frame = value if value.ndim == 2 else value.to_frame("value" if value.name is None else value.name)
    differ = _differing(value, beside)
    chosen, most = frame, MOST_ROWS if beside is None else MOST_ROWS_BESIDE
    if differ is not None and differ.any():
        if value.ndim == 1:
            frame = frame.assign(**{"worked answer": beside.reindex(value.index)})
        chosen = frame[differ]
    rows = chosen.iloc[:most, :MOST_COLUMNS]
    labels = _labels(frame.index)
    more = [] if len(frame) else ["no rows"]
    if len(rows) < len(frame):
        more.append(f"{len(rows):,} of {words.count(len(frame), 'row')}")
    if rows.shape[1] < frame.shape[1]:
        more.append(f"{rows.shape[1]:,} of {words.count(frame.shape[1], 'column')}")
    if more and chosen is not frame:
        more.append(f"{words.count(len(chosen), 'differs', 'differ')} from the worked answer")
    lines = rows.itertuples(index=False, name=None)
    return {
        "columns": [*labels, *map(str, rows.columns)],
        "labels": len(labels),
        "rows": [
            [in_words(item) for item in (*_key(label, labels), *line)]
            for label, line in zip(rows.index, lines, strict=True)
        ],
        "more": ", ".join(more),
    }


def _labels(index: pd.Index) -> list[str]:
    """The names of an index; none where it only counts rows."""
    if index.nlevels == 1 and index.name is None and pd.api.types.is_integer_dtype(index.dtype):
        return []
    return [str(name or "") for name in index.names]


def _key(label: Any, labels: list[str]) -> tuple[Any, ...]:
    """The label of a row as one item for each level of the index."""
    if not labels:
        return ()
    return tuple(label) if len(labels) > 1 else (label,)


def _differing(value: Any, beside: Any) -> np.ndarray | None:
    """Which rows differ from the worked answer, where both have the same rows and columns."""
    if type(value) is not type(beside) or not value.index.is_unique or not beside.index.is_unique:
        return None
    if len(value) != len(beside) or value.ndim != beside.ndim or set(value.index) != set(beside.index):
        return None
    if value.ndim == 2 and list(value.columns) != list(beside.columns):
        return None
    one, other = pd.DataFrame(value).astype(object), pd.DataFrame(beside).reindex(value.index).astype(object)
    other.columns = one.columns
    differs = (one != other) & ~(one.isna() & other.isna())
    return differs.any(axis=1).to_numpy()
