"""What a promise does: the bolder it is, the more people try, and the more of them are let down."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.errors import DataError


@dataclass(frozen=True)
class Market:
    """People who ask for an installation, and what a promise of days does to them. All numbers are invented; money in yuan.

    Attributes
    ----------
    askers : int
    real_days : float
        Days after which 63 of 100 are installed (the scale of a Weibull curve).
    shape : float
        How alike the waits are.
    boldest, calmest : float
        Share who try at a promise of one day, and at a promise without end.
    fades : float
        Days over which the promise loses most of its pull.
    first, later : int
        Margin of the first purchase, and of all that follow if the customer comes back.
    back_if_kept, back_if_broken : float
        Share who come back after a promise that was kept, or broken.
    """

    askers: int = 1000
    real_days: float = 3.0
    shape: float = 2.0
    boldest: float = 0.22
    calmest: float = 0.10
    fades: float = 4.0
    first: int = 150
    later: int = 600
    back_if_kept: float = 0.5
    back_if_broken: float = 0.1


MOST_DAYS = 10


def kept_share(market: Market, days: float) -> float:
    """Share of installations done within the promised days."""
    return float(1 - np.exp(-((days / market.real_days) ** market.shape)))


@dataclass(frozen=True)
class Account:
    """What a promise brings: buyers, how many promises are kept, and the money at once and later."""

    days: int
    buyers: float
    kept: float
    at_once: float
    later: float

    @property
    def total(self) -> float:
        return self.at_once + self.later


def account(market: Market, days: int) -> Account:
    """Two periods under one promise.

    Raises
    ------
    DataError
        If the promise is not 1 to `MOST_DAYS` days.
    """
    if not 1 <= days <= MOST_DAYS:
        raise DataError(f"A promise of {days} days is not part of this. Give 1 to {MOST_DAYS}.")
    tries = market.calmest + (market.boldest - market.calmest) * float(np.exp(-(days - 1) / market.fades))
    buyers, kept = market.askers * tries, kept_share(market, days)
    back = kept * market.back_if_kept + (1 - kept) * market.back_if_broken
    return Account(days, buyers, kept, buyers * market.first, buyers * back * market.later)


def by_days(market: Market) -> pd.DataFrame:
    """The account of every promise: `days`, `buyers`, `kept`, `at_once`, `later`, `total`."""
    found = [account(market, days) for days in range(1, MOST_DAYS + 1)]
    return pd.DataFrame([{**vars(one), "total": one.total} for one in found])


def best(market: Market) -> int:
    """The promise that brings most in both periods together; the calmer one where two bring the same."""
    table = by_days(market)
    return int(table.loc[table["total"] >= table["total"].max() - 1e-9, "days"].max())


def at_speed(real_days: float) -> Market:
    """The same market with a firm that is quicker or slower."""
    return replace(Market(), real_days=real_days)
