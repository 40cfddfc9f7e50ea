"""The leaky bucket and the monkey: what comes in, what runs out, and what one more basket is worth against one more picker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers import words
from helpers.churn.windows import Contracts
from helpers.errors import DataError
from helpers.withheld import Withheld

LEAST = 30


@dataclass(frozen=True)
class Bucket:
    """The year of the bucket, counted: there at the start, plus won, plus back, less lost, is there at the end.

    Attributes
    ----------
    unit : str
        "customer" (there: an order within the window) or "contract" (there: running).
    start, won, back, lost, end : int
        `won`: first order, or begun, in the period; `back`: had ordered before, was not active at the start, is active at the end. `lost` has both those
        there at the start who are not at the end, and those won who are not there any more at the end.
    lost_new : int
        Of `lost`, those won in the same period.
    days : int
    window_days : int
    """

    unit: str
    start: int
    won: int
    back: int
    lost: int
    lost_new: int
    end: int
    days: int
    window_days: int

    @property
    def churn(self) -> float:
        """Share of those there at the start who left."""
        return (self.lost - self.lost_new) / self.start


def bucket_of(days: pd.DataFrame, *, as_of: date, window_days: int, period_days: int = 365) -> Bucket | Withheld:
    """What ran into the bucket in the last period, and what ran out.

    Parameters
    ----------
    days : DataFrame
        From `windows.order_days`.
    as_of : date
    window_days : int
        Active: an order within so many days.
    period_days : int
    """
    what = "The bucket of the last year"
    begin = pd.Timestamp(as_of) - pd.Timedelta(days=period_days)
    if not len(days) or days["day"].min() > begin - pd.Timedelta(days=window_days) + pd.Timedelta(days=1):
        return Withheld(what, f"The data do not reach back {words.count(period_days + window_days, 'day')}.", "With more months of orders, or a shorter window, it would appear.")
    who, day = pd.factorize(days["customer_id"], sort=True)[0], days["day"]

    def active(end: pd.Timestamp) -> np.ndarray:
        return np.unique(who[((day <= end) & (day > end - pd.Timedelta(days=window_days))).to_numpy()])

    start, end = active(begin), active(pd.Timestamp(as_of))
    known = np.unique(who[(day <= begin).to_numpy()])
    won = np.setdiff1d(np.unique(who), known)
    if len(start) < LEAST:
        return Withheld(what, f"Only {words.count(len(start), 'customer')} were active at its start; {LEAST} are the least.", "With more customers it would appear.")
    stayed = np.intersect1d(start, end)
    back = np.setdiff1d(np.setdiff1d(end, start), won)
    lost_new = len(won) - len(np.intersect1d(won, end))
    return Bucket("customer", len(start), len(won), len(back), len(start) - len(stayed) + lost_new, lost_new, len(end), period_days, window_days)


def bucket_of_contracts(contracts: Contracts | Withheld, *, as_of: date, watched_from: date, period_days: int = 365) -> Bucket | Withheld:
    """The same of contracts: running at the start, begun, ended, running at the end.

    Parameters
    ----------
    contracts : Contracts
        From `windows.clean_contracts`.
    as_of, watched_from : date
        Ends are recorded from `watched_from` on.
    period_days : int
    """
    if isinstance(contracts, Withheld):
        return contracts
    what, day = "The bucket of the last year", pd.Timestamp(as_of)
    begin = day - pd.Timedelta(days=period_days)
    if begin < pd.Timestamp(watched_from):
        return Withheld(what, f"The records do not reach back {words.count(period_days, 'day')}.", "With more months it would appear.")
    started, ended = contracts.rows["started_on"], contracts.rows["ended_on"]
    there = (started <= begin) & ~(ended <= begin)
    new, gone = started > begin, ended.notna()
    if there.sum() < LEAST:
        return Withheld(what, f"Only {words.count(int(there.sum()), 'contract')} ran at its start; {LEAST} are the least.", "With more contracts it would appear.")
    lost_new = int((new & gone).sum())
    lost = int((there & gone).sum()) + lost_new
    return Bucket("contract", int(there.sum()), int(new.sum()), 0, lost, lost_new, int((there | new).sum()) - lost, period_days, 0)


def level(gains: float, churn: float) -> float:
    """The number at which a bucket settles: as many run out as come in.

    >>> level(1000, 0.20), level(1000, 0.10)
    (5000.0, 10000.0)
    """
    _refuse(gains, churn)
    return np.inf if churn == 0 else gains / churn


def path(start: float, gains: float, churn: float, *, years: int = 10) -> pd.Series:
    """Customers at the end of each year: those of the year before less the leavers, plus the gains.

    Returns
    -------
    Series by year, from 0 to `years`
    """
    _refuse(gains, churn)
    held = [float(start)]
    for _ in range(years):
        held.append(held[-1] * (1 - churn) + gains)
    return pd.Series(held, index=pd.RangeIndex(years + 1, name="year"), name="customers")


@dataclass(frozen=True)
class Choice:
    """The next unit of money: one more picker, or one more basket?

    Attributes
    ----------
    as_is, picker, basket : Series by year
        Customers with neither, with more won, with fewer lost.
    years : int
        Looked ahead.
    flips_at : float
        The first yearly churn at which the answer changes; missing where one of them is always better.
    below : str
        "picker" or "basket": which is better below it, or always.
    """

    as_is: pd.Series
    picker: pd.Series
    basket: pd.Series
    years: int
    flips_at: float
    below: str

    @property
    def better(self) -> str:
        """ "picker" or "basket": which leaves more customers in the last year."""
        return "basket" if self.basket.iloc[-1] > self.picker.iloc[-1] else "picker"

    @property
    def more(self) -> float:
        """Customers more in the last year by the better one than by the other."""
        return float(abs(self.basket.iloc[-1] - self.picker.iloc[-1]))


def choose(start: float, gains: float, churn: float, *, more_won: float, fewer_lost: float, years: int = 5) -> Choice:
    """What one budget does for picking and for the basket.

    Parameters
    ----------
    start, gains, churn
        As in `path`.
    more_won : float
        Customers that the budget wins each year.
    fewer_lost : float
        What the same budget takes off the churn, as a share of those there: 0.02 is two of 100 fewer.
    years : int

    Notes
    -----
    The basket's size is a wish until a test by lot has measured it (lesson 07b).
    """
    _refuse(more_won, min(fewer_lost, 1))
    made = {
        "as_is": path(start, gains, churn, years=years),
        "picker": path(start, gains + more_won, churn, years=years),
        "basket": path(start, gains, max(churn - fewer_lost, 0), years=years),
    }
    tried = np.arange(fewer_lost, 0.9501, 0.0025)
    ahead = np.array([_lead(start, gains, c, more_won, fewer_lost, years) for c in tried])
    turns = np.flatnonzero(np.diff(np.sign(ahead)) != 0)
    flips = np.nan
    if len(turns):
        place = int(turns[0])
        low, high = ahead[place], ahead[place + 1]
        flips = float(tried[place] + (tried[1] - tried[0]) * (low / (low - high) if low != high else 0))
    return Choice(**made, years=years, flips_at=flips, below="basket" if ahead[0] > 0 else "picker")


def _lead(start: float, gains: float, churn: float, more_won: float, fewer_lost: float, years: int) -> float:
    """Customers that the basket holds more than the picker in the last year."""
    basket = path(start, gains, max(churn - fewer_lost, 0), years=years).iloc[-1]
    return float(basket - path(start, gains + more_won, churn, years=years).iloc[-1])


def monkey(rows: int, *, hands: int = 2, arms: int = 2) -> pd.DataFrame:
    """The monkey's walk along the field: cobs picked so far, and cobs still held.

    Parameters
    ----------
    rows : int
        Cobs on the way.
    hands, arms : int
        Cobs that hands and armpits can hold; the story tells of two in the hands at the end.

    Returns
    -------
    DataFrame
        `picked`, `held`, by step.
    """
    picked = np.arange(1, rows + 1)
    return pd.DataFrame({"picked": picked, "held": np.minimum(picked, hands + arms)})


def cost_to_win(customers: pd.DataFrame | None, *, as_of: date, days: int = 365) -> float | Withheld:
    """What a new customer of the last year cost in the mean, in minor units.

    Parameters
    ----------
    customers : DataFrame or None
        `joined_on`, `acquisition_cost_minor`.
    """
    what, gain = "The cost of winning a customer", "With `acquisition_cost` of each customer, picking would have its own price."
    if customers is None or "acquisition_cost_minor" not in customers or "joined_on" not in customers:
        return Withheld(what, "The data do not say what winning a customer cost.", gain)
    day = pd.Timestamp(as_of)
    new = customers[(customers["joined_on"] <= day) & (customers["joined_on"] > day - timedelta(days=days))]
    known = new["acquisition_cost_minor"].dropna()
    if len(known) < 30:
        return Withheld(what, f"Only {words.count(len(known), 'customer')} of the last year have a cost; 30 are the least.", gain)
    return float(known.astype("float64").mean())


def _refuse(gains: float, churn: float) -> None:
    if gains < 0 or not 0 <= churn <= 1:
        raise DataError(f"A bucket with gains of {gains:g} and a churn of {churn:g} cannot be. Give 0 or more, and a fraction from 0 to 1.")
