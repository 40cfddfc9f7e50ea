"""Word of mouth: how many people hear something, when the circles of those who tell it overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import DataError
from helpers.stats.intervals import Estimate
from helpers.withheld import Withheld

LEAST = 30
"""Fewer answers say too little about what customers tell."""
CIRCLE = 250
"""How many people one person is said to know."""


def naive_reach(tellers: float, *, circle: float = CIRCLE) -> float:
    """Listeners when everybody's circle is counted in full: people who hear it twice count twice."""
    return tellers * circle


def distinct_reach(tellers: float, *, circle: float = CIRCLE, population: int = 100_000) -> float:
    """How many different people hear it, when each teller's circle is drawn by lot from the population.

    Parameters
    ----------
    tellers : float
        How many tell it, each to their whole circle.
    circle : float
        People each of them tells.
    population : int
        People in the town.

    Returns
    -------
    float
        population * (1 - (1 - circle / population) ** tellers).

    Raises
    ------
    DataError
        If the circle is larger than the population, or something is below zero.
    """
    if population < 1 or not 0 <= circle <= population or tellers < 0:
        raise DataError(
            f"{tellers:g} tellers with a circle of {circle:g} in a population of {population:,} cannot be. "
            "Give a circle from 0 to the population, and tellers from 0 on."
        )
    return float(population * (1 - (1 - circle / population) ** tellers))


@dataclass(frozen=True)
class Told:
    """How many people customers told something of the company.

    Attributes
    ----------
    good, bad : Series of int
        What each customer said, sorted by number.
    share_good, share_bad : Estimate
        Share who told anybody at all.
    mean_good, mean_bad : Estimate
        People told by each customer, those who told nobody included.
    """

    good: pd.Series
    bad: pd.Series
    share_good: Estimate
    share_bad: Estimate
    mean_good: Estimate
    mean_bad: Estimate

    @property
    def customers(self) -> int:
        """Customers who answered."""
        return len(self.good)

    @property
    def largest(self) -> int:
        """The most people whom one customer told, good or bad."""
        return int(max(self.good.max(), self.bad.max()))


def told(sheets: pd.DataFrame | None, *, wave: str = "") -> Told | Withheld:
    """What customers told others, in one wave.

    Parameters
    ----------
    sheets : DataFrame
        `brand_survey`, with `told_good` and `told_bad`.
    wave : str
        Empty: the last one.
    """
    from helpers.stats.intervals import wilson

    what = "Word of mouth"
    gain = "Two questions to customers would show it: how many people did you tell something good of us in the last 12 months, how many something bad?"
    if sheets is None or not {"told_good", "told_bad"} <= set(sheets):
        return Withheld(what, "The data hold no answers to what customers told others.", gain)
    rows = sheets.dropna(subset=["told_good", "told_bad"])
    wave = wave or (str(rows["wave"].max()) if len(rows) else "")
    rows = rows[rows["wave"] == wave]
    if len(rows) < LEAST:
        return Withheld(what, f"Only {len(rows)} customers said in the last wave what they told others; {LEAST} are needed.", gain)
    good, bad = (rows[name].astype(int).sort_values(ignore_index=True) for name in ("told_good", "told_bad"))
    return Told(good, bad, *(wilson(int((one > 0).sum()), len(one)) for one in (good, bad)), *(mean_of(one) for one in (good, bad)))


def mean_of(values) -> Estimate:
    """A mean with Student's interval."""
    from scipy import special

    values = np.asarray(values, dtype=float)
    if len(values) < 2:
        return Estimate(float(values.mean()) if len(values) else np.nan, np.nan, np.nan)
    half = float(special.stdtrit(len(values) - 1, 0.975) * values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(float(values.mean()), float(values.mean()) - half, float(values.mean()) + half)


@dataclass(frozen=True)
class Brought:
    """Who brought whom.

    Attributes
    ----------
    named, came : int
        Friends who were named, and those of them who became customers.
    givers : int
        Customers who named somebody.
    allies : int
        Customers two or more of whose friends came.
    customers : int
        All customers, so that a share can be seen.
    rate : Estimate
        Share of the friends who came.
    """

    named: int
    came: int
    givers: int
    allies: int
    customers: int
    rate: Estimate


def brought(referrals: pd.DataFrame | None, *, customers: int) -> Brought | Withheld:
    """How many friends were named, how many came, and how many customers are allies."""
    from helpers.stats.intervals import wilson

    if referrals is None or referrals.empty:
        return Withheld("Who brought whom", "The data hold no referrals.", "A table of referrals would show how many friends come of those who are named.")
    came = referrals["customer_id"].notna() & referrals["customer_id"].ne("")
    by_giver = came.groupby(referrals["referrer_id"]).sum()
    return Brought(
        len(referrals), int(came.sum()), len(by_giver), int((by_giver >= 2).sum()), customers, wilson(int(came.sum()), len(referrals))
    )
