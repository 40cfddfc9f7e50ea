"""The pipeline: who stands where, who came in and went out, and which cohorts are too young to judge."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.withheld import Withheld

STAGES = {"entered": "entered_on", "contacted": "visited_on", "offered": "offer_on", "ordered": "converted_on"}
MIN_PROSPECTS = 50
MIN_ORDERS = 30
"""Orders of old cohorts, from which the time that an order takes is learned."""
RIPE = 0.95
"""Share of the orders that should be in before a cohort is judged."""
_GAIN = "A list of prospects with the day of entry, of the first contact and of the order would show the funnel."


@dataclass(frozen=True)
class Funnel:
    """The stages, cohort by cohort.

    Attributes
    ----------
    table : DataFrame
        One row a quarter of entry: `cohort`, the stages' counts, `ripe` (old enough to judge), `share_ordered`.
    total : dict of stage to int
        Over the ripe cohorts.
    ripe_days : int
        Days after entry within which nearly all orders come.
    odd : dict of str to int
        Prospects with a later stage and without an earlier one; they count as having passed it.
    """

    table: pd.DataFrame
    total: dict[str, int]
    ripe_days: int
    odd: dict[str, int]


def check_counts(counts: Mapping[str, int], *, where: str = "the funnel") -> None:
    """Refuse a funnel whose later stage is larger than an earlier one.

    Raises
    ------
    DataError
        Naming both stages and their counts.
    """
    names = list(counts)
    for before, after in itertools.pairwise(names):
        if counts[after] > counts[before]:
            raise DataError(
                f"In {where} {counts[after]:,} reached the stage {after!r}, but only {counts[before]:,} the stage {before!r} before it. "
                "Count the same people at each stage, or state the stages in the order in which they happen."
            )


def ripe_days(prospects: pd.DataFrame, as_of: date) -> int | Withheld:
    """Days from entry within which `RIPE` of the orders came, among those who entered a year ago or earlier."""
    old = prospects[prospects["entered_on"] <= pd.Timestamp(as_of) - pd.Timedelta(days=365)]
    took = (old["converted_on"] - old["entered_on"]).dt.days.dropna() if "converted_on" in old else pd.Series(dtype=float)
    took = took[took <= 365]
    if len(took) < MIN_ORDERS:
        return Withheld(
            "When a cohort is ripe",
            f"It is learned from {MIN_ORDERS} orders of prospects entered a year ago or earlier; there are {len(took)}.",
            _GAIN,
        )
    return int(np.ceil(np.quantile(took, RIPE, method="higher")))


def funnel(prospects: pd.DataFrame | None, *, as_of: date) -> Funnel | Withheld:
    """How many prospects of each quarter reached each stage.

    Parameters
    ----------
    prospects : DataFrame or None
        `entered_on`, `visited_on`, `offer_on`, `converted_on`, nothing later than `as_of`.
    as_of : date
    """
    if prospects is None or len(prospects) < MIN_PROSPECTS or "converted_on" not in prospects:
        there = 0 if prospects is None else len(prospects)
        return Withheld(
            "The funnel", f"It needs {MIN_PROSPECTS} prospects with the days of their stages; there are {there}.", _GAIN
        )
    days = ripe_days(prospects, as_of)
    if isinstance(days, Withheld):
        return days
    stages = {name: column for name, column in STAGES.items() if column in prospects and prospects[column].notna().any()}
    reached = pd.DataFrame({name: prospects[column].notna() for name, column in stages.items()})
    names = list(stages)
    odd = {}
    for place in range(len(names) - 1, 0, -1):
        lacking = reached[names[place]] & ~reached[names[place - 1]]
        if lacking.any():
            odd[f"{names[place]}, but not {names[place - 1]}"] = int(lacking.sum())
        reached[names[place - 1]] |= reached[names[place]]
    quarter = prospects["entered_on"].dt.to_period("Q")
    table = reached.groupby(quarter.astype("str")).sum()
    # A cohort is ripe when its last member has had the time that an order takes.
    end = pd.PeriodIndex(table.index, freq="Q").end_time.normalize()
    table["ripe"] = np.asarray(end + pd.Timedelta(days=days) <= pd.Timestamp(as_of))
    table["share_ordered"] = table["ordered"] / table["entered"]
    table = table.rename_axis("cohort").reset_index()
    ripe = table[table["ripe"]]
    total = {name: int(ripe[name].sum()) for name in names}
    check_counts(total)
    return Funnel(table, total, days, odd)


@dataclass(frozen=True)
class Flow:
    """The stock of open prospects, and what came in and went out. `start + entered - ordered - lost = end`."""

    since: date
    until: date
    start: int
    entered: int
    ordered: int
    lost: int
    end: int
    idle: int  # of those open: no contact for so long that nobody works on them
    idle_days: int


def stock_and_flow(
    prospects: pd.DataFrame | None, visits: pd.DataFrame | None, *, as_of: date, days: int = 90, idle_days: int = 120
) -> Flow | Withheld:
    """The stock some days ago and today, and the flows between.

    Parameters
    ----------
    prospects, visits : DataFrame or None
    as_of : date
    days : int
        Length of the time that the flows are counted over.
    idle_days : int
        Open, and without a contact (or since entry) for longer: idle.
    """
    if prospects is None or not len(prospects):
        return Withheld("Stock and flow", "There is no list of prospects.", _GAIN)
    end = pd.Timestamp(as_of)
    begin = end - pd.Timedelta(days=days)
    won = prospects["converted_on"] if "converted_on" in prospects else pd.Series(pd.NaT, index=prospects.index)
    gone = prospects["lost_on"] if "lost_on" in prospects else pd.Series(pd.NaT, index=prospects.index)
    # Who is lost and orders later is an order, not a loss.
    gone = gone.where(won.isna())
    left = won.fillna(gone)

    def stock(day: pd.Timestamp) -> pd.Series:
        return (prospects["entered_on"] <= day) & ~(left <= day)

    now = stock(end)
    last = prospects["entered_on"]
    if visits is not None and len(visits):
        seen = visits.groupby("prospect_id")["at"].max().dt.normalize()
        last = prospects["prospect_id"].map(seen).fillna(last)
    return Flow(
        begin.date(), as_of, int(stock(begin).sum()), int((prospects["entered_on"] > begin).sum()), int((won > begin).sum()),
        int((gone > begin).sum()), int(now.sum()), int((now & (last < end - pd.Timedelta(days=idle_days))).sum()), idle_days,
    )  # fmt: skip


def in_time_order(prospects: pd.DataFrame) -> dict[str, int]:
    """Prospects that something happened to before they were entered, by the stage: named, so that nobody counts them."""
    found = {}
    for name, column in STAGES.items():
        if column in prospects and name != "entered":
            wrong = int((prospects[column] < prospects["entered_on"]).sum())
            if wrong:
                found[f"{name} before entered"] = wrong
    return found


def faults_in_words(found: Mapping[str, int]) -> str:
    """Counted faults as half a sentence."""
    return words.listing(f"{words.count(number, 'prospect')} {what}" for what, number in found.items())
