"""Snapshots: what was known on a day, what came after it, and no way for the one to leak into the other.

A model is judged by what it would have said on a day in the past. Everything that it uses must have been known by then;
everything that it is marked by must lie in a window after it, and the window must be over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pandas as pd

from helpers import words
from helpers.errors import DataError


class Leak(DataError):
    """Something is used on a day on which nobody could have known it."""


def until(rows: pd.DataFrame, snapshot: date, *, at: str) -> pd.DataFrame:
    """The rows that were known at the end of the snapshot's day.

    Parameters
    ----------
    rows : DataFrame
    snapshot : date
    at : str
        The column with the day on which a row came to be known. Rows without one are not known.
    """
    return rows[rows[at] < pd.Timestamp(snapshot) + pd.Timedelta(days=1)]


def window_after(rows: pd.DataFrame, snapshot: date, *, at: str, days: int, as_of: date) -> pd.DataFrame:
    """The rows of the window after a snapshot: what the forecast is marked by.

    Parameters
    ----------
    rows : DataFrame
    snapshot : date
        The window begins on the day after.
    at : str
    days : int
        Length of the window.
    as_of : date
        The last day in the data.

    Raises
    ------
    DataError
        If the window is not over by `as_of`: who has not ordered yet may still do so.
    """
    end = snapshot + timedelta(days=days)
    if days < 1 or end > as_of:
        raise DataError(
            f"The window of {words.count(days, 'day')} after {words.day(snapshot)} is not over on {words.day(as_of)}. "
            "Take an earlier snapshot or a shorter window."
        )
    first, last = (pd.Timestamp(snapshot) + pd.Timedelta(days=1), pd.Timestamp(end) + pd.Timedelta(days=1))
    return rows[(rows[at] >= first) & (rows[at] < last)]


def refuse_leaks(known_on: Mapping[str, pd.Series], snapshot: date) -> None:
    """Refuse features that came to be known after the snapshot.

    Parameters
    ----------
    known_on : mapping of feature name to Series of datetime
        The day on which each value came to be known. Missing days pass: where nothing is known nothing can leak.
    snapshot : date

    Raises
    ------
    Leak
        Naming the feature, how many of its values are too late, and the latest day.
    """
    end = pd.Timestamp(snapshot) + pd.Timedelta(days=1)
    for name, days in known_on.items():
        days = pd.to_datetime(pd.Series(days))
        late = days >= end
        if late.any():
            raise Leak(
                f"The feature {name!r} has {words.count(int(late.sum()), 'value')} dated after the snapshot of "
                f"{words.day(snapshot)}, the latest on {words.day(days.max().date())}. "
                "Work it out from what was known on the snapshot's day."
            )


def without_the_future(
    build: Callable[[pd.DataFrame], pd.DataFrame], rows: pd.DataFrame, snapshot: date, *, at: str
) -> pd.DataFrame:
    """Features worked out from the past alone, after a check that the future changes none of them.

    Parameters
    ----------
    build : callable
        Takes rows and gives the features, one row a customer, in an order of its own choice that depends on the rows up to
        the snapshot alone. It is called twice: with the rows up to the snapshot, and with all rows.
    rows : DataFrame
    snapshot : date
    at : str

    Returns
    -------
    DataFrame
        What `build` gives for the rows up to the snapshot.

    Raises
    ------
    Leak
        If a feature differs when the future is there: `build` looks beyond the snapshot.
    """
    past = build(until(rows, snapshot, at=at))
    whole = build(rows)
    if not past.index.equals(whole.index) and len(past) != len(whole):
        raise Leak(
            f"With the rows after {words.day(snapshot)} there are {len(whole):,} customers in place of {len(past):,}. "
            "Who came later must not be among them: cut the rows at the snapshot first."
        )
    for name in past.columns:
        before, after = (past[name].reset_index(drop=True), whole[name].reset_index(drop=True))
        changed = int((~(before.eq(after) | (before.isna() & after.isna()))).sum())
        if changed:
            raise Leak(
                f"The feature {name!r} differs for {words.count(changed, 'customer')} once the rows after "
                f"{words.day(snapshot)} are there: it looks into the future. Cut the rows at the snapshot first."
            )
    return past
