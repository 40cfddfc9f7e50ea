"""States of wakefulness by relative silence, and how many of each came back within a quarter when last we could see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers.dormancy import rhythm as habits
from helpers.stats import snapshots
from helpers.stats.intervals import difference_of_shares, wilson
from helpers.withheld import Withheld, passes_on_withheld

STATES = ("active", "half-asleep", "asleep", "gone")
CUTS = (1.5, 3.0, 6.0)
"""Silence over the expected wait from which a customer is half-asleep, asleep, gone. The source gives no number; these are ours."""
DAYS = (0, 30, 60, 90, 120, 180, 270, 365, 540)
"""Silent for at least so many days: the rows of the life table."""
LEAST_IN_A_STATE = 20
"""Customers in a state below which its wake rate is not given."""


def with_states(customers: pd.DataFrame, *, cuts: tuple[float, float, float] = CUTS) -> pd.DataFrame:
    """Everybody's state by relative silence.

    Parameters
    ----------
    customers : DataFrame
        With `relative_gap`, as of `rhythm`.
    cuts : three floats, rising
        A silence at a cut still belongs to the state below it.

    Returns
    -------
    DataFrame
        With `state`, an ordered category of `STATES`.
    """
    place = np.searchsorted(np.asarray(cuts, dtype=float), customers["relative_gap"].to_numpy(), side="left")
    return customers.assign(state=pd.Categorical.from_codes(place, categories=list(STATES), ordered=True))


def by_days(silent_days, cuts_days: tuple[int, int, int]) -> pd.Categorical:
    """The same states by one number of days for everybody: what the lesson warns of."""
    place = np.searchsorted(np.asarray(cuts_days, dtype=float), np.asarray(silent_days, dtype=float), side="left")
    return pd.Categorical.from_codes(place, categories=list(STATES), ordered=True)


@dataclass(frozen=True)
class Snapshot:
    """Everybody on a day in the past, and whether they ordered in the window after it.

    Attributes
    ----------
    customers : DataFrame
        As `Rhythm.customers` with `state`, and `came` (ordered in the window).
    on : date
    window_days : int
    """

    customers: pd.DataFrame
    on: date
    window_days: int


def snapshot(
    days: pd.DataFrame, *, as_of: date, window_days: int = 90, back: int = 0, two_clocks: bool = True, cuts=CUTS
) -> Snapshot | Withheld:
    """The states of a day in the past, with what came after.

    Parameters
    ----------
    days : DataFrame
        From `rhythm.visits`, up to `as_of`.
    as_of : date
        The last day in the data.
    window_days : int
        Length of the window that shows who came.
    back : int
        How many windows earlier: 0 ends at `as_of`.
    two_clocks, cuts
        As for `rhythm.rhythm` and `with_states`.
    """
    on = as_of - timedelta(days=window_days * (back + 1))
    ends = on + timedelta(days=window_days)
    edge, last = habits._number(on), habits._number(ends)
    day = days["day"].to_numpy()
    known = days[day <= edge]
    # Who came later is no customer yet: the category goes with them.
    known = known.assign(customer_id=known["customer_id"].cat.remove_unused_categories())
    found = habits.rhythm(habits.gaps(known, as_of=on), two_clocks=two_clocks)
    if isinstance(found, Withheld):
        return Withheld("Who came back", found.reason, found.gain)
    came = days.loc[(day > edge) & (day <= last), "customer_id"].unique()
    customers = with_states(found.customers, cuts=cuts)
    return Snapshot(customers.assign(came=customers["customer_id"].isin(pd.Index(came.astype(str)))), on, window_days)


@passes_on_withheld
def wake_rates(past: Snapshot) -> pd.DataFrame:
    """Of 100 customers in each state, how many ordered in the window that followed, of themselves.

    Returns
    -------
    DataFrame, one row a state
        `state`, `customers`, `came`, `rate`, `low`, `high`; the last three missing below `LEAST_IN_A_STATE` customers.
    """
    return _rates(past.customers, "state", list(STATES))


@passes_on_withheld
def life_table(past: Snapshot, *, by: str | None = None) -> pd.DataFrame:
    """Of 100 who had been silent for so many days, how many ordered in the window that followed.

    Parameters
    ----------
    past : Snapshot
    by : str, optional
        "kind" for each kind of last basket on its own.

    Returns
    -------
    DataFrame
        `silent_from`, `silent_until` (days, the latter not included), `customers`, `came`, `rate`, `low`, `high`, and `kind` if asked.
    """
    customers = past.customers
    place = np.searchsorted(np.asarray(DAYS), customers["silent_days"].to_numpy(), side="right") - 1
    table = customers.assign(band=place)
    if by is None:
        parts = [_rates(table, "band", range(len(DAYS)))]
    else:
        parts = [
            _rates(table[table["kind"] == number], "band", range(len(DAYS))).assign(kind=name)
            for number, name in enumerate(habits.KINDS[:2])
        ]
    found = pd.concat(parts, ignore_index=True)
    edges = [*DAYS, np.inf]
    found.insert(0, "silent_from", [DAYS[band] for band in found["band"]])
    found.insert(1, "silent_until", [edges[band + 1] for band in found["band"]])
    return found.drop(columns="band")


def _rates(customers: pd.DataFrame, by: str, members) -> pd.DataFrame:
    """Customers, who came, and the share with its interval, in each group."""
    sizes = customers.groupby(by, observed=False)["came"].agg(["size", "sum"])
    rows = []
    for member in members:
        n, came = (int(value) for value in sizes.loc[member]) if member in sizes.index else (0, 0)
        share = wilson(came, n)
        enough = n >= LEAST_IN_A_STATE
        rows.append((member, n, came, *((share.value, share.low, share.high) if enough else (np.nan,) * 3)))
    return pd.DataFrame(rows, columns=[by, "customers", "came", "rate", "low", "high"])


@dataclass(frozen=True)
class OneNumber:
    """What one number of days for everybody gets wrong.

    Attributes
    ----------
    days : int
    called : int
        Customers silent for longer at the snapshot.
    came_anyway : int
        Of these, who ordered in the window without being woken.
    missed : int
        Silent for a shorter time, but already for three times their own expected wait or more.
    missed_came : int
        Of these, who ordered.
    by_kind : DataFrame
        Of those silent for `days` to twice that: `kind`, `customers`, `came`, `rate`.
    """

    days: int
    called: int
    came_anyway: int
    missed: int
    missed_came: int
    by_kind: pd.DataFrame


@passes_on_withheld
def one_number(past: Snapshot, *, days: int) -> OneNumber:
    """Call everybody asleep who is silent for so many days: who would have come anyway, and who is overlooked?"""
    customers = past.customers
    called = customers["silent_days"] > days
    missed = ~called & (customers["relative_gap"] > CUTS[1])
    band = customers[called & (customers["silent_days"] <= 2 * days)]
    rows = []
    for number, name in enumerate(habits.KINDS[:2]):
        part = band.loc[band["kind"] == number, "came"]
        rows.append((name, len(part), int(part.sum()), float(part.mean()) if len(part) >= LEAST_IN_A_STATE else np.nan))
    return OneNumber(
        days,
        int(called.sum()),
        int(customers.loc[called, "came"].sum()),
        int(missed.sum()),
        int(customers.loc[missed, "came"].sum()),
        pd.DataFrame(rows, columns=["kind", "customers", "came", "rate"]),
    )


@passes_on_withheld
def once_and_again(past: Snapshot, *, from_days: int = 120, until_days: int = 365) -> pd.DataFrame:
    """Of those silent for some months: came who had ordered once, and who had ordered more than once.

    Returns
    -------
    DataFrame, two rows
        `buyers` ("one order day", "two or more"), `customers`, `came`, `rate`, `low`, `high`.
    """
    silent = past.customers["silent_days"].between(from_days, until_days)
    table = past.customers[silent]
    table = table.assign(buyers=np.where(table["order_days"] > 1, "two or more", "one order day"))
    return _rates(table, "buyers", ["one order day", "two or more"])


def states_differ(rates: pd.DataFrame) -> bool:
    """Whether the half-asleep came back more often than the asleep, beyond chance: waking the two is of different difficulty."""
    table = rates.set_index("state")
    half, deep = table.loc["half-asleep"], table.loc["asleep"]
    if min(half["customers"], deep["customers"]) < LEAST_IN_A_STATE:
        return False
    counts = [int(value) for value in (half["came"], half["customers"], deep["came"], deep["customers"])]
    return bool(difference_of_shares(*counts).low > 0)


def features(orders: pd.DataFrame, products: pd.DataFrame | None, *, on: date) -> pd.DataFrame:
    """What a model may know of everybody on a day: checked against looking ahead.

    Parameters
    ----------
    orders, products
        As for `rhythm.visits`.
    on : date

    Returns
    -------
    DataFrame, by customer_id
        `silent_days`, `order_days`, `relative_gap`, `gross_minor`.

    Raises
    ------
    Leak
        If the lines after the day would change anything.
    """

    def build(lines: pd.DataFrame) -> pd.DataFrame:
        days = habits.visits(lines, products, as_of=on)
        found = habits.rhythm(habits.gaps(days, as_of=on))
        table = found.customers.set_index("customer_id")
        sold = lines[(lines["amount_minor"] > 0) & (lines["ordered_at"] < pd.Timestamp(on) + pd.Timedelta(days=1))]
        money = sold.groupby("customer_id")["amount_minor"].sum()
        return table[["silent_days", "order_days", "relative_gap"]].assign(gross_minor=money.reindex(table.index, fill_value=0))

    return snapshots.without_the_future(build, orders, on, at="ordered_at")
