"""Survival curves, life tables, and the life that remains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from helpers import words
from helpers.errors import DataError
from helpers.stats.intervals import Estimate
from helpers.stats.survival.watched import GAIN, MIN_CUSTOMERS, MIN_EVENTS, checked, counts
from helpers.withheld import Withheld


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve.

    Attributes
    ----------
    table : DataFrame
        One row a time with an event or a censoring: `time`, `at_risk`, `events`, `censored`, `survival` (the
        share that lasted longer), `low`, `high`, in fractions of 1. The ends are missing at a survival of 0.
    start : float
        The curve is of those who lasted up to here; its survival is 1 there.
    customers, events : int
        How many were ever at risk, and how many events were seen.
    level : float
        Of the interval.
    """

    table: pd.DataFrame
    start: float
    customers: int
    events: int
    level: float

    def at(self, time: float) -> Estimate:
        """The share that lasted longer than `time`, with its interval; missing beyond the last time watched."""
        if time < self.start or not len(self.table) or time > self.table["time"].iloc[-1]:
            return Estimate(np.nan, np.nan, np.nan, self.level)
        place = int(np.searchsorted(self.table["time"], time, side="right")) - 1
        if place < 0 or self.table["survival"].iloc[place] == 1:
            return Estimate(1.0, 1.0, 1.0, self.level)
        row = self.table.iloc[place]
        return Estimate(float(row["survival"]), float(row["low"]), float(row["high"]), self.level)

    def quantile(self, share: float = 0.5) -> Estimate:
        """The time by which `share` have had the event, such as the median, with its interval.

        Missing where fewer had it while they were watched; a missing upper end means that it
        lies beyond what was seen.

        References
        ----------
        Brookmeyer and Crowley (1982), Biometrics 38, 29-41, on the log-log scale.
        """

        def first(column: str) -> float:
            below = self.table.loc[self.table[column] <= 1 - share + 1e-12, "time"]
            return float(below.iloc[0]) if len(below) else np.nan

        return Estimate(first("survival"), first("low"), first("high"), self.level)

    def mean_up_to(self, horizon: float) -> float:
        """Mean time from `start` to the event, where time beyond `horizon` does not count.

        The area under the curve; missing where nobody was watched up to `horizon`.
        """
        if horizon < self.start or not len(self.table) or horizon > self.table["time"].iloc[-1]:
            return np.nan
        seen = self.table[self.table["time"] < horizon]
        edges = np.concatenate([[self.start], seen["time"], [horizon]])
        return float(np.diff(edges) @ np.concatenate([[1.0], seen["survival"]]))


def kaplan_meier(duration, observed, *, entry=None, start: float = 0.0, level: float = 0.95) -> Curve | Withheld:
    """The share that lasts longer, by time, when not all events have been seen.

    Parameters
    ----------
    duration : array-like of float, shape (n,)
        Time to the event, or to the end of watching.
    observed : array-like of bool, shape (n,)
        Whether the event was seen.
    entry : array-like of float, shape (n,), optional
        Time from which on the customer was watched; before it an event could not have been seen.
    start : float, default 0.0
        The curve of those who lasted so long: the conditional remaining life. With entries it is also the
        remedy where too few were watched early on.
    level : float, default 0.95

    Returns
    -------
    Curve or Withheld
        Withheld below `MIN_CUSTOMERS` customers or `MIN_EVENTS` events, and where at some time
        all who were watched had the event while others came later: the curve would stay at 0 for a few
        early customers.

    Raises
    ------
    DataError
        If a value is missing, or a customer was watched from after the end.

    Notes
    -----
    An event and a censoring at the same time: the event came first. Who enters at a time is at risk after it.
    The interval is Greenwood's on the log-log scale, so it stays between 0 and 1.

    References
    ----------
    Kaplan and Meier (1958), JASA 53, 457-481; Kalbfleisch and Prentice (2002), 1.4. Coverage:
    benchmarks/effect_intervals.py; it falls short only where late entries leave very few at risk.
    """
    duration, observed, entry = checked(duration, observed, entry, start)
    what = "The survival curve"
    counted = duration > start
    # Who had the event at the start itself does not belong to those who lasted up to it; at 0 all do.
    if start == 0:
        counted |= duration == 0
    duration, observed, entry = duration[counted], observed[counted], np.maximum(entry[counted], start)
    n, events = len(duration), int(observed.sum())
    if n < MIN_CUSTOMERS or events < MIN_EVENTS:
        return Withheld(
            what,
            f"It needs {MIN_CUSTOMERS} customers and {MIN_EVENTS} events, and has {words.count(n, 'customer')} with "
            f"{words.count(events, 'event')}.",
            GAIN,
        )
    times, at_risk, happened, censored = counts(duration, observed, entry)
    emptied = (happened == at_risk) & (happened > 0)
    if emptied[:-1].any():
        when = times[int(np.argmax(emptied))]
        return Withheld(
            what,
            f"All who were watched up to time {when:g} had the event then "
            f"({words.count(int(at_risk[np.argmax(emptied)]), 'customer')}), "
            "while others came to be watched later.",
            "A curve of those who lasted longer than that can be shown: give a later start.",
        )
    survival = np.cumprod(1 - happened / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(happened / (at_risk * (at_risk - happened)))) / np.abs(np.log(survival))
        z = special.ndtri(0.5 + level / 2)
        low, high = (survival ** np.exp(sign * z * spread) for sign in (1, -1))
    low, high = np.where(survival == 1, 1.0, low), np.where(survival == 1, 1.0, high)
    table = pd.DataFrame(
        {
            "time": times,
            "at_risk": at_risk,
            "events": happened,
            "censored": censored,
            "survival": survival,
            "low": low,
            "high": high,
        }
    )
    return Curve(table, float(start), n, events, level)


def life_table(duration, observed, edges, *, level: float = 0.95) -> pd.DataFrame:
    """How many have the event in each interval of time, of those who reached it.

    Parameters
    ----------
    duration, observed
        As in `kaplan_meier`.
    edges : array-like of float
        Where the intervals begin and end, rising: 0, 30, 60, 90.
    level : float, default 0.95

    Returns
    -------
    DataFrame
        One row an interval: `start`, `end`, `entered`, `events`, `censored`, `at_risk` (entered, less half of the
        censored), `rate` (events of those at risk) with `low` and `high` (Wilson), and
        `survival` up to the end of the interval. An event at an edge belongs to the interval that it opens.
        The last three are missing where nobody was at risk.

    References
    ----------
    Cutler and Ederer (1958), J. Chronic Diseases 8, 699-712.
    """
    duration, observed, _ = checked(duration, observed, None, 0.0)
    edges = np.asarray(edges, dtype=float)
    if len(edges) < 2 or not (np.diff(edges) > 0).all():
        raise DataError(
            "A life table needs two edges or more, each above the one before. Give them such as 0, 30, 60, 90."
        )
    entered = (duration[:, None] >= edges[:-1]).sum(axis=0)
    inside = (duration[:, None] >= edges[:-1]) & (duration[:, None] < edges[1:])
    happened, censored = (inside & observed[:, None]).sum(axis=0), (inside & ~observed[:, None]).sum(axis=0)
    at_risk = entered - censored / 2
    z = special.ndtri(0.5 + level / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = happened / at_risk
        middle = (rate + z * z / (2 * at_risk)) / (1 + z * z / at_risk)
        half = z / (1 + z * z / at_risk) * np.sqrt(rate * (1 - rate) / at_risk + z * z / (4 * at_risk**2))
    return pd.DataFrame(
        {
            "start": edges[:-1],
            "end": edges[1:],
            "entered": entered,
            "events": happened,
            "censored": censored,
            "at_risk": at_risk,
            "rate": rate,
            "low": np.where(rate == 0, 0.0, middle - half),
            "high": np.where(rate == 1, 1.0, middle + half),
            "survival": np.cumprod(1 - rate),
        }
    )


def remaining_life(duration, observed, reached, ahead: float, *, entry=None, level: float = 0.95) -> pd.DataFrame:
    """For customers who lasted so long already: how many last on, and how long half of them do.

    Parameters
    ----------
    duration, observed, entry
        As in `kaplan_meier`.
    reached : array-like of float
        Times that a customer may have reached, such as 0, 90, 180 days.
    ahead : float
        The time ahead that is asked about.

    Returns
    -------
    DataFrame
        One row a time: `reached`, `customers` (who were watched beyond it), `share` (that lasts longer
        than `ahead` more), `low`, `high`, `median` (more time until half had the event). Missing where the
        data do not say.
    """
    rows = []
    for time in np.asarray(reached, dtype=float):
        curve = kaplan_meier(duration, observed, entry=entry, start=float(time), level=level)
        if isinstance(curve, Withheld):
            customers = int((np.asarray(duration, dtype=float) > time).sum())
            rows.append((time, customers, np.nan, np.nan, np.nan, np.nan))
            continue
        share = curve.at(time + ahead)
        rows.append((time, curve.customers, share.value, share.low, share.high, curve.quantile(0.5).value - time))
    return pd.DataFrame(rows, columns=["reached", "customers", "share", "low", "high", "median"])
