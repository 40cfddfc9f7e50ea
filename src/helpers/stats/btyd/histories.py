"""Customers' histories, identical ones put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.errors import DataError


@dataclass(frozen=True)
class Histories:
    """Distinct histories, and how many customers have each; sorted by `x`, `t_x`, `T`.

    Attributes
    ----------
    x : ndarray of int, shape (n_groups,)
        Repeat orders: order days less one.
    t_x, T : ndarray of float, shape (n_groups,)
        From the first order to the last, and to the report date; one unit for both.
    counts : ndarray of int, shape (n_groups,)
        Customers with that history.
    """

    x: np.ndarray
    t_x: np.ndarray
    T: np.ndarray
    counts: np.ndarray

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return int(self.counts.sum())

    @property
    def repeat_buyers(self) -> int:
        """How many of them ordered more than once."""
        return int(self.counts[self.x > 0].sum())

    @property
    def repeat_orders(self) -> int:
        """How many repeat orders they placed together."""
        return int((self.counts * self.x).sum())

    def sample(self, size: int) -> Histories:
        """About `size` customers, every k-th of the sorted ones: no lot, and all kinds in their share."""
        ends = np.cumsum(self.counts)
        places = (np.arange(size) + 0.5) * (ends[-1] / size)
        counts = np.bincount(np.searchsorted(ends, places, side="right"), minlength=len(ends))
        kept = counts > 0
        return Histories(self.x[kept], self.t_x[kept], self.T[kept], counts[kept])


def group(x, t_x, T) -> Histories:
    """Put customers with the same history together.

    Parameters
    ----------
    x : array-like of int, shape (n_customers,)
        Repeat orders: distinct order days less one.
    t_x, T : array-like of float, shape (n_customers,)
        From the first order to the last, and to the report date. Whole days keep
        the groups few; whole weeks would move the estimates by a tenth.

    Raises
    ------
    DataError
        If a value is missing, negative, or no whole number of orders; if the last
        order lies after the report date; if repeat orders and time do not agree.
    """
    x, t_x, T = (np.asarray(values) for values in (x, t_x, T))
    if not x.shape == t_x.shape == T.shape or x.ndim != 1:
        raise DataError(
            f"Histories need one x, t_x and T a customer; these are {x.size}, {t_x.size} and {T.size}. "
            "Take the three from one table."
        )
    _check(x, t_x, T)
    if len(x) and all(np.issubdtype(values.dtype, np.integer) for values in (x, t_x, T)):
        x, t_x, T = (values.astype("int64") for values in (x, t_x, T))
        wide_t, wide_T = int(t_x.max()) + 1, int(T.max()) + 1
        if (int(x.max()) + 1) * wide_t * wide_T < 2**63:
            # One whole number a history: sorting those is several times faster than sorting rows.
            keys, counts = np.unique((x * wide_t + t_x) * wide_T + T, return_counts=True)
            rest, age = np.divmod(keys, wide_T)
            repeats, last = np.divmod(rest, wide_t)
            return Histories(repeats, last.astype(float), age.astype(float), counts)
    rows, counts = np.unique(np.column_stack([x, t_x, T]).astype(float), axis=0, return_counts=True)
    return Histories(rows[:, 0].astype("int64"), rows[:, 1], rows[:, 2], counts)


def places(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values, sorted, and the place of each value among them."""
    if len(values) and values.max() < 100_000 and (values == np.floor(values)).all():
        whole = values.astype("int64")  # whole days need no sorting
        there = np.bincount(whole) > 0
        return np.flatnonzero(there).astype(float), (np.cumsum(there) - 1)[whole]
    return np.unique(values.astype(float), return_inverse=True)


def from_dates(first_on: pd.Series, last_on: pd.Series, order_days: pd.Series, *, as_of: date) -> Histories:
    """Histories in whole days, from the columns of a ledger.

    Parameters
    ----------
    first_on, last_on : Series of datetime
        Days of the first and the last order.
    order_days : Series of int
        Distinct days with an order, 1 or more.
    as_of : date
        The report date.

    Raises
    ------
    DataError
        As `group` does.
    """
    first, last = pd.to_datetime(first_on), pd.to_datetime(last_on)
    if first.isna().any() or last.isna().any():
        raise DataError(
            f"{words.count(int((first.isna() | last.isna()).sum()), 'customer')} without a first or a last order. "
            "Leave out who never ordered."
        )
    return group(
        np.asarray(order_days) - 1,
        (last - first).dt.days.to_numpy("int64"),
        (pd.Timestamp(as_of) - first).dt.days.to_numpy("int64"),
    )


def _check(x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> None:
    """Refuse what is no history, with how many and what to do."""
    try:
        x, t_x, T = (values.astype(float, copy=False) for values in (x, t_x, T))
    except (TypeError, ValueError):
        raise DataError("x, t_x and T must be numbers. Count orders and days first.") from None
    faults = {
        "with a missing x, t_x or T": (~np.isfinite(x + t_x + T), "Leave them out, or mend the dates."),
        "with fewer than no repeat orders": (x < 0, "x counts the order days less one, so 0 is the least."),
        "whose repeat orders are no whole number": (x != np.floor(x), "Count distinct order days, less one."),
        "whose last order lies before the first": (t_x < 0, "Check how the two days were joined."),
        "whose last order lies after the report date": (t_x > T, "Leave out the orders after it."),
        "with repeat orders, yet no time between the first and the last": (
            (x > 0) & (t_x == 0),
            "Orders of one day count as one.",
        ),
        "without a repeat order, yet with time between the first and the last": (
            (x == 0) & (t_x > 0),
            "Check how orders and days were counted.",
        ),
    }
    for fault, (bad, advice) in faults.items():
        if bad.any():
            raise DataError(f"{words.count(int(bad.sum()), 'customer')} {fault}. {advice}")
