"""Six doubts as six gates: a talk has to pass them all, so the smallest gate is where to work."""

from __future__ import annotations

import pandas as pd

from helpers.errors import DataError
from helpers.stats.intervals import wilson
from helpers.withheld import Withheld

GATES = {
    "identity": ("Who is this?", "身份"),
    "topic": ("What is it about?", "话题"),
    "relevance": ("What has it to do with me?", "关联"),
    "credibility": ("Why should I believe it?", "可信"),
    "choice": ("Why from you?", "选择"),
    "timing": ("Why now?", "时机"),
}
MIN_TALKS = 100
_GAIN = "Note after each talk the first doubt that was left open: one word is enough."


def chance_of_all(pass_rate: float, *, gates: int = len(GATES)) -> float:
    """The share of talks that pass all gates, each with the same pass rate.

    Raises
    ------
    DataError
        If the rate is no share.

    >>> round(chance_of_all(0.9), 6), round(chance_of_all(0.8), 6)
    (0.531441, 0.262144)
    """
    if not 0 <= pass_rate <= 1:
        raise DataError(f"A pass rate of {pass_rate:g} is no share. Give a number from 0 to 1.")
    return pass_rate**gates


def gates(visits: pd.DataFrame | None) -> pd.DataFrame | Withheld:
    """For each doubt: talks that reached it, talks that passed it, with the Wilson interval.

    Parameters
    ----------
    visits : DataFrame or None
        `outcome` and `doubt`, the first doubt left open. Contacts that ended without an order and without a doubt noted are
        left out; `attrs["left_out"]` says how many.

    Returns
    -------
    DataFrame
        `gate`, `asks`, `reached`, `passed`, `rate`, `low`, `high`, in the order of the talk. The rates multiply to the share of orders.
    """
    what = "The six gates"
    if visits is None or "doubt" not in visits:
        return Withheld(what, "No list of sales contacts says which doubt was left open.", _GAIN)
    closed = visits["outcome"].eq("closed")
    stopped = visits.loc[~closed, "doubt"].dropna()
    stopped = stopped[stopped.isin(list(GATES))]
    reached = int(closed.sum()) + len(stopped)
    if reached < MIN_TALKS:
        return Withheld(what, f"It needs {MIN_TALKS} contacts with the open doubt noted; there are {reached}.", _GAIN)
    rows, left = [], reached
    for name, (asks, _) in GATES.items():
        passed = left - int(stopped.eq(name).sum())
        found = wilson(passed, left)
        rows.append((name, asks, left, passed, found.value, found.low, found.high))
        left = passed
    table = pd.DataFrame(rows, columns=["gate", "asks", "reached", "passed", "rate", "low", "high"])
    table.attrs["left_out"] = int((~closed).sum() - len(stopped))
    return table


def narrowest(table: pd.DataFrame) -> pd.Series:
    """The gate at which the largest share of talks ends; of equals the first in the talk."""
    return table.loc[table["rate"].idxmin()]
