"""How many leave: by the contract's date, or by a silence that is judged by how often it was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy import special

from helpers import words
from helpers.errors import DataError
from helpers.stats import snapshots
from helpers.stats.intervals import Estimate, difference_of_shares, holm, wilson
from helpers.withheld import Withheld

WINDOWS = (60, 90, 120, 180, 270, 365)
"""Days of silence that are tried as a definition, shortest first."""
LEAST = 30
"""Customers or contracts below which no rate is shown."""
LEAST_CALLED = 30
"""Customers called gone below which a window is not judged."""
YEAR = 365
EVER = 100 * 365
PERIODS = (365, 182, 91)
"""Lengths of time for a rate, the longest that the data carry is taken."""


# ---------------------------------------------------------------- what one rate means


def monthly_from_yearly(yearly: float) -> float:
    """The share lost each month that makes a yearly share: 1 - (1 - a)^(1/12).

    >>> round(100 * monthly_from_yearly(0.20), 4)
    1.8423
    """
    if not 0 <= yearly <= 1:
        raise DataError(f"A yearly share of {yearly:g} cannot be. Give a fraction from 0 to 1, such as 0.2.")
    return 1 - (1 - yearly) ** (1 / 12)


def yearly_from(rate: float, days: int) -> float:
    """The yearly share, if every period of so many days lost the same share of those left."""
    return 1 - (1 - rate) ** (YEAR / days)


def left_after(yearly: float, years: float) -> float:
    """The share that is left after some years.

    >>> round(left_after(0.20, 5), 5)
    0.32768
    """
    return (1 - yearly) ** years


def half_life(yearly: float) -> float:
    """Years after which half are left; infinite where nobody leaves.

    >>> round(half_life(0.20), 4)
    3.1063
    """
    return np.inf if yearly <= 0 else 0.0 if yearly >= 1 else float(np.log(0.5) / np.log(1 - yearly))


def mean_life(yearly: float) -> float:
    """Mean years of staying, counted in whole years begun: 1 / a.

    >>> mean_life(0.20)
    5.0
    """
    return np.inf if yearly <= 0 else 1 / yearly


# ---------------------------------------------------------------- rows that can be used


@dataclass(frozen=True)
class Contracts:
    """Contracts that can be used, and what was set aside.

    Attributes
    ----------
    rows : DataFrame
        `contract_id`, `customer_id`, `started_on`, `ended_on` (missing while it runs), and what else the table has.
    set_aside : dict of reason to int
    """

    rows: pd.DataFrame
    set_aside: dict[str, int] = field(default_factory=dict)


def clean_contracts(contracts: pd.DataFrame | None, *, as_of: date) -> Contracts | Withheld:
    """The contracts that had begun by the report date, with what cannot be used counted by its reason.

    Parameters
    ----------
    contracts : DataFrame or None
        `contract_id`, `customer_id`, `started_on`, `ended_on`; `product_id` where there is one.
    as_of : date
        An end after this day is not known yet: such a contract runs.
    """
    what = "Leaving by contract"
    gain = "With `contracts` (start and end of each), leaving would be a date and not a guess from silence."
    if contracts is None or not len(contracts):
        return Withheld(what, "The data have no contracts.", gain)
    day, rows, aside = pd.Timestamp(as_of), contracts.copy(), {}
    rows["ended_on"] = rows["ended_on"].where(rows["ended_on"] <= day)

    def drop(bad: pd.Series, reason: str) -> None:
        nonlocal rows
        if bad.any():
            aside[reason] = int(bad.sum())
            rows = rows[~bad]

    drop(rows["started_on"].isna() | rows["customer_id"].isna(), "without a customer or a start")
    drop(rows["started_on"] > day, "starting after the report date")
    drop(rows["ended_on"] < rows["started_on"], "ending before they start")
    drop(rows.duplicated("contract_id"), "with the number of an earlier contract")
    own = [name for name in ("customer_id", "product_id") if name in rows]
    rows = rows.sort_values([*own, "started_on", "contract_id"], kind="stable")
    drop(_overlapping(rows, own), "overlapping an earlier contract of the same customer and product")
    if rows.empty:
        return Withheld(what, f"None of {words.count(len(contracts), 'contract')} can be used.", gain)
    return Contracts(rows.sort_values("contract_id").reset_index(drop=True), aside)


def _overlapping(rows: pd.DataFrame, own: list[str]) -> pd.Series:
    """Which rows begin while an earlier one that counts still runs; `rows` stand by customer, product and start."""
    # A contract that still runs ends beyond every day.
    end = rows["ended_on"].fillna(pd.Timestamp.max.floor("D")).tolist()
    key = list(rows[own].astype("str").itertuples(index=False, name=None))
    bad, until = [], {}
    for who, start, stop in zip(key, rows["started_on"], end, strict=True):
        bad.append(who in until and start < until[who])
        if not bad[-1]:
            until[who] = stop
    return pd.Series(bad, index=rows.index, dtype=bool)


def order_days(orders: pd.DataFrame, products: pd.DataFrame | None = None, *, as_of: date) -> pd.DataFrame:
    """Order days: one row for each customer and day with a sale, up to the report date.

    Returns
    -------
    DataFrame, by customer and day
        `customer_id`, `day` (datetime), `line` of the day's largest sale ("" where unknown).
    """
    sold = snapshots.until(orders, as_of, at="ordered_at")
    sold = sold[(sold["amount_minor"] > 0) & sold["customer_id"].notna()]
    if "status" in sold:
        sold = sold[sold["status"] == "sale"]
    line = pd.Series("", index=sold.index, dtype="str")
    if products is not None and {"product_id", "line"} <= set(products) and "product_id" in sold:
        known = products.drop_duplicates("product_id").set_index("product_id")["line"].astype("str")
        line = sold["product_id"].map(known).fillna("").astype("str")
    table = pd.DataFrame(
        {
            "customer_id": sold["customer_id"].astype("str"),
            "day": sold["ordered_at"].dt.normalize(),
            "line": line,
            "amount": sold["amount_minor"],
        }
    )
    table = table.sort_values(["customer_id", "day", "amount", "line"], ascending=[True, True, False, True])
    return table.drop_duplicates(["customer_id", "day"]).drop(columns="amount").reset_index(drop=True)


# ---------------------------------------------------------------- a silence as a definition


@dataclass(frozen=True)
class FalseChurn:
    """How often each window of silence called somebody gone who came back.

    Attributes
    ----------
    table : DataFrame
        One row a window: `window_days`, `called` (customers), `came_back`, `rate`, `low`, `high`.
    follow_days : int
        How long everybody was watched after the call.
    too_long : tuple of int
        Windows that these data cannot judge.
    limit : float
    """

    table: pd.DataFrame
    follow_days: int
    too_long: tuple[int, ...]
    limit: float

    @property
    def chosen(self) -> int | None:
        """The shortest window within the limit, or None."""
        good = self.table.loc[self.table["rate"] <= self.limit, "window_days"]
        return int(good.iloc[0]) if len(good) else None

    @property
    def used(self) -> int:
        """The window that the page uses: the chosen one, else the longest that could be judged."""
        return self.chosen or int(self.table["window_days"].iloc[-1])

    def at(self, window_days: int) -> pd.Series:
        """The row of a window."""
        return self.table.set_index("window_days").loc[window_days]


def follow_for(days: pd.DataFrame, *, as_of: date, follow_days: int = YEAR) -> int:
    """How long customers can be watched after a call: as asked, or a third of what the data span."""
    if not len(days):
        return follow_days
    return int(min(follow_days, (pd.Timestamp(as_of) - days["day"].min()).days // 3))


def calls(days: pd.DataFrame, *, window_days: int, as_of: date, follow_days: int, period_days: int = YEAR) -> pd.DataFrame:
    """Whom a rule would have called gone, and who came back.

    Parameters
    ----------
    days : DataFrame
        From `order_days`.
    window_days : int
        The rule: no order for so many days.
    as_of : date
    follow_days : int
        Everybody is watched for so long after the call; calls too late for that are left out.
    period_days : int
        Calls of this period before are looked at; a customer counts once, by the last call.

    Returns
    -------
    DataFrame, by customer
        `customer_id`, `last_on`, `called_on`, `line`, `came_back`, `back_on`.
    """
    if window_days < 1 or follow_days < 1:
        raise DataError(f"A window of {window_days} and a watch of {follow_days} days cannot be. Give one day or more.")
    snapshot = pd.Timestamp(as_of) - pd.Timedelta(days=follow_days)
    table = days.sort_values(["customer_id", "day"], kind="stable")
    following = table.groupby("customer_id")["day"].shift(-1)
    called_on = table["day"] + pd.Timedelta(days=window_days)
    silent = following.isna() | (following > called_on)
    counted = silent & (called_on <= snapshot) & (called_on > snapshot - pd.Timedelta(days=period_days))
    back = following.where(following <= called_on + pd.Timedelta(days=follow_days))
    rows = pd.DataFrame(
        {
            "customer_id": table["customer_id"],
            "last_on": table["day"],
            "called_on": called_on,
            "line": table["line"],
            "came_back": back.notna(),
            "back_on": back,
        }
    )[counted]
    return rows.drop_duplicates("customer_id", keep="last").reset_index(drop=True)


def false_churn(
    days: pd.DataFrame, *, as_of: date, windows: Sequence[int] = WINDOWS, follow_days: int = YEAR, limit: float = 0.1
) -> FalseChurn | Withheld:
    """The false-churn rate of each window: of 100 called gone, how many came back.

    Parameters
    ----------
    days : DataFrame
        From `order_days`.
    windows : sequence of int
        Days of silence.
    follow_days : int
        As in `calls`; shorter where the data are.
    limit : float
        The share of wrong calls that the team can live with.
    """
    what, gain = "Which silence means gone", "More months of orders would show how often a silence was wrong."
    follow = follow_for(days, as_of=as_of, follow_days=follow_days)
    rows, too_long = [], []
    for window in sorted(set(windows)):
        found = calls(days, window_days=window, as_of=as_of, follow_days=follow) if follow else days.iloc[:0]
        if len(found) < LEAST_CALLED:
            too_long.append(window)
            continue
        share = wilson(int(found["came_back"].sum()), len(found))
        rows.append((window, len(found), int(found["came_back"].sum()), share.value, share.low, share.high))
    if not rows:
        return Withheld(
            what,
            f"No window has {LEAST_CALLED} customers who were called gone and could be watched afterwards"
            + (f"; the data span {words.count((pd.Timestamp(as_of) - days['day'].min()).days, 'day')}." if len(days) else "."),
            gain,
        )
    table = pd.DataFrame(rows, columns=["window_days", "called", "came_back", "rate", "low", "high"])
    return FalseChurn(table, follow, tuple(too_long), limit)


def habits(days: pd.DataFrame) -> pd.Series:
    """What each customer usually buys, by what was known on each order day: a line of two order days or more, and of half of all.

    Returns
    -------
    Series, as `days`
        A line, or "" while there is no habit. Nothing after the day is used.
    """
    named = days["line"].ne("")
    so_far = named.groupby(days["customer_id"]).cumsum()
    of_line = days.groupby(["customer_id", "line"]).cumcount() + 1
    holds = named & (of_line >= 2) & (2 * of_line >= so_far)
    # On a day with another line the habit stays what it was.
    return days["line"].where(holds).groupby(days["customer_id"]).ffill().fillna("").astype("str")


def by_habit(days: pd.DataFrame, *, as_of: date, window_days: int, follow_days: int) -> pd.DataFrame | Withheld:
    """Whom the window wrongs: the false-churn rate by what customers usually buy, and in which months that is bought.

    Returns
    -------
    DataFrame, the highest rate first
        `line`, `called`, `came_back`, `rate`, `others` (rate of everybody else called), `p_corrected` (Holm), `months`
        (tuple of 1 to 12: with at least a quarter more of the line's order days than of all others), `seasonal`: another
        calendar of order days, and a rate above the others', both beyond chance (one-sided, Holm over the lines that have a season).
    """
    what = "Whom the window wrongs"
    known = days.assign(line=habits(days))
    # Habits are few: every call that could be watched is looked at, and not those of one year alone.
    found = calls(known, window_days=window_days, as_of=as_of, follow_days=follow_days, period_days=EVER)
    sizes = found.loc[found["line"] != "", "line"].value_counts()
    large = sorted(sizes.index[sizes >= LEAST_CALLED])
    if not large:
        return Withheld(
            what,
            f"No product line has {LEAST_CALLED} customers who usually buy it and were called gone.",
            "With the line of each product and more months, seasonal buyers could be told from the gone.",
        )
    month, sold = days["day"].dt.month, days["line"]
    rows, ps, calendars = [], [], []
    for line in large:
        own = found["line"] == line
        here, rest = found.loc[own, "came_back"], found.loc[~own, "came_back"]
        ps.append(_two_shares(int(here.sum()), len(here), int(rest.sum()), len(rest)))
        counts = np.array([np.bincount(month[part], minlength=13)[1:] for part in (sold == line, sold != line)])
        calendars.append(_differ(counts))
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        months = tuple(int(m) + 1 for m in np.flatnonzero(shares[0] >= 1.25 * shares[1]))
        rows.append((line, len(here), int(here.sum()), float(here.mean()), float(rest.mean()) if len(rest) else np.nan, months))
    table = pd.DataFrame(rows, columns=["line", "called", "came_back", "rate", "others", "months"])
    table.insert(5, "p_corrected", holm(ps))
    # Which lines have a season is settled by the calendar alone; so only these are looked at again, and corrected for.
    season = (holm(calendars) < 0.05) & table["months"].map(bool).to_numpy()
    p_season = np.ones(len(table))
    # Seasonal buyers come back more often, not less: one side.
    more = np.where(table["rate"] > table["others"], np.array(ps) / 2, 1.0)
    p_season[season] = holm(more[season])
    table["seasonal"] = season & (p_season < 0.05)
    return table.sort_values(["rate", "line"], ascending=[False, True]).reset_index(drop=True)


def _two_shares(a: int, n_a: int, b: int, n_b: int) -> float:
    """P-value of two equal shares (pooled z)."""
    if not n_a or not n_b:
        return 1.0
    pooled = (a + b) / (n_a + n_b)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    return float(2 * special.ndtr(-abs(a / n_a - b / n_b) / spread)) if spread else 1.0


def _differ(counts: np.ndarray) -> float:
    """P-value of two rows of counts that follow the same shares (chi-squared)."""
    counts = counts[:, counts.sum(axis=0) > 0]
    if (counts.sum(axis=1) == 0).any() or counts.shape[1] < 2:
        return 1.0
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    return float(special.chdtrc(counts.shape[1] - 1, ((counts - expected) ** 2 / expected).sum()))


# ---------------------------------------------------------------- the rate


@dataclass(frozen=True)
class Churn:
    """How many of those there at the start had left by the end.

    Attributes
    ----------
    unit : str
        "contract" or "customer".
    rate : Estimate
        Of the last period.
    base, lost : int
        There at its start; of these left by its end.
    days : int
        Length of the period.
    before : Estimate or None
        Of the period before it.
    change : Estimate or None
        The last less the one before.
    quarters : DataFrame
        `start`, `end`, `base`, `lost`, `rate`, `low`, `high` of up to eight quarters, the oldest first.
    money_rate : float
        Share of the yearly price that left; missing without prices.
    window_days : int
        The silence that means gone; 0 with contracts.
    """

    unit: str
    rate: Estimate
    base: int
    lost: int
    days: int
    before: Estimate | None
    change: Estimate | None
    quarters: pd.DataFrame
    money_rate: float = np.nan
    window_days: int = 0

    @property
    def yearly(self) -> Estimate:
        """The rate of a year; of a shorter period as if every one lost the same share."""
        return Estimate(*(yearly_from(end, self.days) for end in (self.rate.value, self.rate.low, self.rate.high)))

    @property
    def rises(self) -> bool | None:
        """Whether it changed beyond chance: True up, False down, None neither or not known."""
        return bool(self.change.value > 0) if self.change is not None and self.change.excludes_zero else None


def contract_churn(contracts: Contracts | Withheld, *, as_of: date, watched_from: date) -> Churn | Withheld:
    """How many of the contracts that ran a year ago have ended since.

    Parameters
    ----------
    contracts : Contracts
        From `clean_contracts`.
    as_of : date
    watched_from : date
        From this day on ends are recorded; no period begins before it.
    """
    if isinstance(contracts, Withheld):
        return contracts
    rows = contracts.rows
    ended = rows["ended_on"].fillna(pd.Timestamp.max.floor("D"))

    def count(start: date, end: date) -> tuple[int, int]:
        base = (rows["started_on"] <= pd.Timestamp(start)) & (ended > pd.Timestamp(start))
        return int(base.sum()), int((base & (ended <= pd.Timestamp(end))).sum())

    made = _churn("contract", count, as_of=as_of, first=watched_from)
    if isinstance(made, Withheld) or "price_minor" not in rows or rows["price_minor"].isna().all():
        return made
    start = pd.Timestamp(as_of) - pd.Timedelta(days=made.days)
    base = (rows["started_on"] <= start) & (ended > start)
    price = rows["price_minor"].astype("float64").fillna(0)
    gone = base & (ended <= pd.Timestamp(as_of))
    money = float(price[gone].sum() / price[base].sum()) if price[base].sum() > 0 else np.nan
    return Churn(**{**vars(made), "money_rate": money})


def order_churn(days: pd.DataFrame, *, as_of: date, window_days: int) -> Churn | Withheld:
    """How many of the customers who were active a year ago are silent for longer than the window today.

    Parameters
    ----------
    days : DataFrame
        From `order_days`.
    as_of : date
    window_days : int
        Active: an order within so many days. The same rule at both ends of a period.
    """
    if not len(days):
        return Withheld("The churn rate", "There are no orders of known customers.", "With orders it would appear.")
    first = (days["day"].min() + pd.Timedelta(days=window_days)).date()
    who, day = pd.factorize(days["customer_id"])[0], days["day"].to_numpy()

    def active(end: date) -> np.ndarray:
        near = (day <= np.datetime64(end)) & (day > np.datetime64(end) - np.timedelta64(window_days, "D"))
        return np.unique(who[near])

    def count(start: date, end: date) -> tuple[int, int]:
        base = active(start)
        return len(base), int(len(base) - np.isin(base, active(end)).sum())

    made = _churn("customer", count, as_of=as_of, first=first)
    return made if isinstance(made, Withheld) else Churn(**{**vars(made), "window_days": window_days})


def _churn(unit: str, count, *, as_of: date, first: date) -> Churn | Withheld:
    """The rate of the longest period that the data carry, of the one before, and by quarter."""
    span = (as_of - first).days
    for days in PERIODS:
        if days <= span:
            break
    else:
        return Withheld(
            "The churn rate",
            f"It needs {PERIODS[-1]} days after the day from which leaving can be seen, and there are {max(span, 0)}.",
            "With more months of data, or a shorter window, it would appear.",
        )

    def of(end: date, length: int) -> tuple[date, int, int]:
        start = end - timedelta(days=length)
        return start, *count(start, end)

    start, base, lost = of(as_of, days)
    if base < LEAST:
        return Withheld(
            "The churn rate",
            f"Only {words.count(base, unit)} ran at the start of the period; {LEAST} are the least."
            if unit == "contract"
            else f"Only {words.count(base, unit)} were active at the start of the period; {LEAST} are the least.",
            "With more of them it would appear.",
        )
    before = change = None
    if (start - timedelta(days=days)) >= first:
        _, base_before, lost_before = of(start, days)
        if base_before >= LEAST:
            before = wilson(lost_before, base_before)
            change = difference_of_shares(lost, base, lost_before, base_before)
    rows, end = [], as_of
    while len(rows) < 8 and end - timedelta(days=91) >= first:
        begin, there, gone = of(end, 91)
        share = wilson(gone, there)
        if there >= LEAST:
            rows.append((begin, end, there, gone, share.value, share.low, share.high))
        end = begin
    quarters = pd.DataFrame(rows[::-1], columns=["start", "end", "base", "lost", "rate", "low", "high"])
    return Churn(unit, wilson(lost, base), base, lost, days, before, change, quarters)
