"""Segmentation in numbers: recency, frequency, money; sizes; value classes; movement.

Money is in minor units (int64) throughout. Nothing here plots, prints or
reads a file. Where the data cannot carry a result, a `Withheld` comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers import words
from helpers.data.ledger import ledger
from helpers.errors import DataError
from helpers.stats.intervals import Estimate, difference_of_shares
from helpers.withheld import SILENCE, Silence, Withheld, passes_on_withheld, silent_when_withheld

# Below these a share or a grade says more about chance than about customers.
MIN_CUSTOMERS = 25  # five for each score of five

SIZES = ("small", "medium", "large", "VIP")
NO_ORDER = "no order"
SIZE_ORDER = (NO_ORDER, *SIZES)  # from lowest to highest, for movement
VALUE_CLASSES = ("MVC", "MGC", "steady", "BZC", NO_ORDER)

SEGMENTS = {
    "Champions": "recent, often, large orders",
    "Loyal": "often, not long ago",
    "Big baskets": "not long ago, seldom, large orders",
    "Promising": "recent, few orders so far",
    "Regular": "not long ago, middling in the rest",
    "At risk": "often or large orders, but silent for long",
    "Fading": "a few small orders, silent for some time",
    "Hibernating": "a few small orders, silent the longest",
}


# ---------------------------------------------------------------- one row a customer


def customer_table(
    orders: pd.DataFrame, *, as_of: date, window_days: int = 365, money: str = "net"
) -> pd.DataFrame:
    """Each customer's recency, frequency and money at a date.

    Parameters
    ----------
    orders : DataFrame
        Order lines with `customer_id`, `ordered_at`, `amount_minor`, `status`.
    as_of : date
        The report date; later lines do not count.
    window_days : int, default 365
        Frequency and money count this many days up to `as_of`; 0 counts the whole export.
    money : {"net", "gross"}
        After or before returns.

    Returns
    -------
    DataFrame, one row per customer who ever bought, by `customer_id`
        `first_order_on`, `last_order_on`, `recency_days` (0 for an order on
        `as_of` itself), `frequency` (order days in the window), `value_minor`
        (money in the window), `mean_order_minor` (money per order day, float,
        missing without an order in the window), `order_days` (ever),
        `mean_gap_days`.

    References
    ----------
    Recency, frequency and monetary value as the source names them (S73);
    frequency counts days, as the buy-till-you-die literature does.
    """
    ever = ledger(orders, as_of=as_of)
    recent = ledger(orders, as_of=as_of, since=as_of - timedelta(days=window_days - 1)) if window_days else ever
    recent = recent.set_index("customer_id").reindex(ever["customer_id"])
    value = recent[f"{money}_minor"].fillna(0).astype("int64").to_numpy()
    frequency = recent["order_days"].fillna(0).astype("int64").to_numpy()
    table = ever[["customer_id", "first_order_on", "last_order_on", "order_days", "mean_gap_days"]]
    return table.assign(
        recency_days=(pd.Timestamp(as_of) - table["last_order_on"]).dt.days,
        frequency=frequency,
        value_minor=value,
        mean_order_minor=np.where(frequency > 0, value / np.maximum(frequency, 1), np.nan),
    )


# ---------------------------------------------------------------- scores with a stated tie rule


@dataclass(frozen=True)
class Scores:
    """Scores of 1 to 5 and the cut points that made them.

    Attributes
    ----------
    values : Series of int
        The score of each customer, in the order of the input.
    cuts : DataFrame
        One row a score: `score`, `low`, `high` (the values it covers), `customers`.
    """

    values: pd.Series
    cuts: pd.DataFrame


def score(values: pd.Series, *, bins: int = 5, high_is_good: bool = True) -> Scores:
    """Scores by rank, in groups as equal as ties allow; equal values never part.

    The tie rule: start with the lowest value. Each score takes its fair share
    of the customers who are left, and ends between two different values,
    where it comes closest to that share. With fewer different values than
    scores, the scores are spread over the whole range (two values get 1 and
    5). Neither the order of rows nor the customer id plays a part.

    Parameters
    ----------
    values : Series of numbers
        Missing values count as the lowest.
    bins : int, default 5
    high_is_good : bool, default True
        False for recency: few days are good.

    Returns
    -------
    Scores

    Examples
    --------
    >>> score(pd.Series([1, 1, 1, 1, 1, 2, 2, 3, 4, 9])).values.tolist()
    [1, 1, 1, 1, 1, 2, 2, 3, 4, 5]
    >>> score(pd.Series([7, 7, 8])).values.tolist()
    [1, 1, 5]
    """
    ordered = values if high_is_good else -values
    filled = ordered.fillna(-np.inf)
    distinct, counts = np.unique(filled.to_numpy(dtype=float), return_counts=True)
    groups = min(bins, len(distinct))
    group_of = np.zeros(len(distinct), dtype=int)
    start = 0
    for group in range(groups):
        still = groups - group  # groups to fill, this one included
        if still == 1:
            stop = len(distinct)
        else:
            share = counts[start:].sum() / still
            reached = np.cumsum(counts[start : len(distinct) - still + 1])
            # argmin takes the first of equals: the smaller group, when two ends are as close.
            stop = start + 1 + int(np.argmin(np.abs(reached - share)))
        group_of[start:stop] = group
        start = stop
    labels = _spread(groups, bins)
    result = pd.Series(
        labels[group_of[np.searchsorted(distinct, filled.to_numpy(dtype=float))]], index=values.index
    )
    cuts = (
        pd.DataFrame({"score": result, "value": values})
        .groupby("score")["value"]
        .agg(low="min", high="max", customers="size")
        .reset_index()
    )
    return Scores(result, cuts)


def _spread(groups: int, bins: int) -> np.ndarray:
    """Labels for fewer groups than scores: 1 and 5; 1, 3, 5; 1, 2, 4, 5."""
    if groups == 1:
        return np.array([(bins + 1) // 2])
    return np.floor(1 + np.arange(groups) * (bins - 1) / (groups - 1) + 0.5 - 1e-9).astype(int)


# ---------------------------------------------------------------- RFM


@dataclass(frozen=True)
class RFM:
    """RFM scores and segments.

    Attributes
    ----------
    table : DataFrame
        The customer table with `r`, `f`, `m` (1 to 5) and `segment`.
    cuts : DataFrame
        `measure`, `score`, `low`, `high`, `customers`: what each score means.
    m : str
        What M is: "mean" order value or "sum" of money in the window.
    """

    table: pd.DataFrame
    cuts: pd.DataFrame
    m: str


def rfm(customers: pd.DataFrame, *, m: str = "mean") -> RFM | Withheld:
    """Recency, frequency and money as scores of 1 to 5, and a named segment.

    Parameters
    ----------
    customers : DataFrame
        From `customer_table`, best of the whole export (`window_days=0`): in a
        short window everybody silent for longer has a frequency of 0, and
        nobody can be seen to have been good once.
    m : {"mean", "sum"}
        Mean order value (the source's M) or all money in the window (common practice).

    Returns
    -------
    RFM, or Withheld below 25 customers

    References
    ----------
    S73 of the source. RFM ranks customers; it does not say who has left.
    """
    if len(customers) < MIN_CUSTOMERS:
        return Withheld(
            "Recency, frequency and money",
            f"Scores of 1 to 5 need at least {MIN_CUSTOMERS} customers; there are {len(customers)}.",
            "With more customers each would be placed in one of eight segments.",
        )
    if m not in ("mean", "sum"):
        raise DataError(f"m is {m!r}. Use 'mean' (mean order value) or 'sum' (all money).")
    money = customers["mean_order_minor"] if m == "mean" else customers["value_minor"]
    parts = {
        "r": score(customers["recency_days"], high_is_good=False),
        "f": score(customers["frequency"]),
        "m": score(money),
    }
    table = customers.assign(**{name: part.values for name, part in parts.items()})
    table["segment"] = segment_names(table["r"], table["f"], table["m"])
    cuts = pd.concat(
        [part.cuts.assign(measure=name.upper()) for name, part in parts.items()], ignore_index=True
    )
    return RFM(table, cuts[["measure", "score", "low", "high", "customers"]], m)


def segment_names(r, f, m) -> pd.Series:
    """The one segment that each triple of scores belongs to.

    The rules are read from the top and the first that fits counts, so that
    every one of the 125 triples has exactly one name. They are our choice:
    the source names no segments.
    """
    r, f, m = (pd.Series(part) for part in (r, f, m))
    rules = [
        ("Champions", (r >= 4) & (f >= 4) & (m >= 4)),
        ("Loyal", (r >= 3) & (f >= 4)),
        ("Big baskets", (r >= 3) & (m >= 4)),
        ("Promising", (r >= 4) & (f <= 2)),
        ("Regular", r >= 3),
        ("At risk", (f >= 4) | (m >= 4)),
        ("Fading", r == 2),
    ]
    names = np.select([rule for _, rule in rules], [name for name, _ in rules], "Hibernating")
    return pd.Series(names, index=r.index, dtype="str")


@silent_when_withheld
def segment_summary(rfm: RFM) -> pd.DataFrame:
    """Each segment's customers, money and medians, most money first.

    Returns
    -------
    DataFrame
        `segment`, `customers`, `share_of_customers`, `value_minor`, `share_of_value`,
        `median_recency_days`, `median_frequency`. `SEGMENTS` says what each means.
    """
    table = rfm.table.groupby("segment").agg(
        customers=("customer_id", "size"),
        value_minor=("value_minor", "sum"),
        median_recency_days=("recency_days", "median"),
        median_frequency=("frequency", "median"),
    )
    table = table.reindex(SEGMENTS).dropna(subset="customers").astype({"customers": int, "value_minor": "int64"})
    total = table["value_minor"].sum()
    table["share_of_customers"] = table["customers"] / table["customers"].sum()
    table["share_of_value"] = table["value_minor"] / total if total else np.nan
    return table.rename_axis("segment").reset_index()[
        [
            "segment", "customers", "share_of_customers", "value_minor", "share_of_value",
            "median_recency_days", "median_frequency",
        ]
    ]  # fmt: skip


# ---------------------------------------------------------------- concentration


@dataclass(frozen=True)
class Concentration:
    """How unevenly value is spread.

    Attributes
    ----------
    curve : DataFrame
        `share_of_customers`, `share_of_value`: from the most to the least valuable.
    gini : float
        0 when all are worth the same, near 1 when one customer is worth all.
    top_20_share : float
        Share of value with the most valuable 20 of 100 customers.
    customers : int
    """

    curve: pd.DataFrame
    gini: float
    top_20_share: float
    customers: int


def concentration(value: pd.Series) -> Concentration | Withheld:
    """Pareto curve, Gini coefficient and the share of the top fifth.

    Parameters
    ----------
    value : Series
        Money a customer; only customers above zero take part.

    References
    ----------
    Gini by the covariance form: 2 * sum(rank * value) / (n * sum) - (n + 1) / n.

    Examples
    --------
    >>> concentration(pd.Series([1] * 30)).gini
    0.0
    """
    value = value[value > 0].sort_values(ascending=False).to_numpy(dtype=float)
    n = len(value)
    if n < 10:
        return Withheld(
            "Concentration of value",
            f"A curve needs at least 10 customers with an order in the window; there are {n}.",
        )
    gained = np.cumsum(value) / value.sum()
    shares = np.arange(1, n + 1) / n
    rank = np.arange(n, 0, -1)  # 1 for the smallest value
    gini = 2 * (rank * value).sum() / (n * value.sum()) - (n + 1) / n
    curve = pd.DataFrame(
        {"share_of_customers": np.r_[0, shares], "share_of_value": np.r_[0, gained]}
    )
    top = float(np.interp(0.2, curve["share_of_customers"], curve["share_of_value"]))
    return Concentration(curve, float(round(gini, 12)), top, n)


# ---------------------------------------------------------------- four sizes


@dataclass(frozen=True)
class SizeClasses:
    """Small, medium, large and VIP customers.

    Attributes
    ----------
    values : Series of str
        One of `SIZES`, or "no order" for customers without one in the window.
    cuts : DataFrame
        `size`, `from_minor` (lowest value of the size), `customers`, `value_minor`,
        `share_of_value`.
    """

    values: pd.Series
    cuts: pd.DataFrame

    def threshold(self, size: str) -> int:
        """The value, in minor units, from which a customer has this size."""
        return int(self.cuts.set_index("size").loc[size, "from_minor"])


def size_classes(
    value: pd.Series, *, ordered: pd.Series, cuts: tuple[float, float, float] = (0.5, 0.8, 0.95)
) -> SizeClasses | Withheld:
    """Customers who bought in the window, graded by what they spent.

    Parameters
    ----------
    value : Series of int
        Money in the window, minor units.
    ordered : Series of bool
        Whether the customer bought in the window; the others are "no order".
    cuts : tuple of three rising fractions, default (0.5, 0.8, 0.95)
        Shares of customers below medium, below large and below VIP. A size
        begins at a value that occurs, so equal values are always one size;
        where many are equal a size may be smaller than its share, or empty.

    References
    ----------
    S58 names the four sizes and gives no cuts; these are our choice.
    """
    if not (0 < cuts[0] < cuts[1] < cuts[2] < 1):
        raise DataError(f"The size cuts {cuts} must rise between 0 and 1, such as 0.5, 0.8, 0.95.")
    buyers = value[ordered]
    if len(buyers) < 20:
        return Withheld(
            "Small, medium, large and VIP",
            f"Four sizes need at least 20 customers with an order in the window; there are {len(buyers)}.",
        )
    starts = np.array([_from_value(buyers, 1 - cut) for cut in cuts])
    grade = np.searchsorted(starts, value.to_numpy(), side="right")
    names = pd.Series(np.array(SIZES, dtype=object)[grade], index=value.index, dtype="str")
    names = names.where(ordered, NO_ORDER)
    table = pd.DataFrame({"size": names[ordered], "value_minor": buyers})
    summary = table.groupby("size")["value_minor"].agg(customers="size", value_minor="sum")
    summary = summary.reindex(SIZES, fill_value=0)
    summary["from_minor"] = np.r_[buyers.min(), starts]
    summary["share_of_value"] = summary["value_minor"] / buyers.sum() if buyers.sum() else np.nan
    columns = ["size", "from_minor", "customers", "value_minor", "share_of_value"]
    return SizeClasses(names, summary.rename_axis("size").reset_index()[columns])


def _from_value(values: pd.Series, share: float) -> int:
    """The lowest value from which at most `share` of the customers lie; above all where ties forbid it."""
    distinct, counts = np.unique(values.to_numpy(), return_counts=True)
    at_or_above = counts[::-1].cumsum()[::-1] / counts.sum()
    fits = at_or_above <= share + 1e-9
    return int(distinct[fits][0]) if fits.any() else int(distinct[-1]) + 1


# ---------------------------------------------------------------- value classes


def margin_and_cost_to_serve(
    orders: pd.DataFrame,
    contacts: pd.DataFrame | None,
    customers: pd.DataFrame,
    *,
    as_of: date,
    window_days: int = 365,
) -> pd.DataFrame | Withheld:
    """Each customer's margin, cost to serve and what is left, in the window.

    Parameters
    ----------
    orders : DataFrame
        Order lines with `margin_minor` (negative on returns).
    contacts : DataFrame or None
        Contacts with `customer_id`, `at`, `cost_minor`, `touchpoint`.
    customers : DataFrame
        From `customer_table`.

    Returns
    -------
    DataFrame with `customer_id`, `margin_minor`, `cost_to_serve_minor`,
        `contacts`, `value_minor` (margin less cost to serve), in the order of
        `customers`; or Withheld when margin or contacts are not in the data.
    """
    missing = []
    if "margin_minor" not in orders:
        missing.append("a `margin` column in the orders")
    if contacts is None or "cost_minor" not in contacts:
        missing.append("a table `contacts` with a `cost` column")
    if missing:
        return Withheld(
            "Margin less cost to serve",
            f"Missing in the data: {words.listing(missing)}.",
            "With them this page would show which customers cost more than they bring, and why.",
        )
    since = pd.Timestamp(as_of - timedelta(days=window_days - 1))
    until = pd.Timestamp(as_of + timedelta(days=1))
    lines = orders[(orders["ordered_at"] >= since) & (orders["ordered_at"] < until)]
    served = contacts[(contacts["at"] >= since) & (contacts["at"] < until)]
    table = customers[["customer_id"]].copy()

    def total(frame: pd.DataFrame, column: str) -> pd.Series:
        summed = frame.groupby("customer_id")[column].sum()
        return table["customer_id"].map(summed).fillna(0).astype("int64")

    table["margin_minor"] = total(lines, "margin_minor")
    table["cost_to_serve_minor"] = total(served, "cost_minor")
    table["contacts"] = (
        table["customer_id"].map(served.groupby("customer_id").size()).fillna(0).astype("int64")
    )
    table["value_minor"] = table["margin_minor"] - table["cost_to_serve_minor"]
    return table


def value_classes(
    customers: pd.DataFrame,
    profit: pd.DataFrame | Withheld,
    *,
    top_share: float = 0.10,
    growth_share: float = 0.20,
) -> pd.DataFrame | Withheld:
    """Most valuable, most growable, below zero, steady: each customer in one class.

    Parameters
    ----------
    customers : DataFrame
        From `customer_table`.
    profit : DataFrame or Withheld
        From `margin_and_cost_to_serve`. When withheld, spending stands for
        value and nobody can be called below zero.
    top_share : float, default 0.10
        Share of buyers in the window who are most valuable (MVC).
    growth_share : float, default 0.20
        Share of the other buyers who are most growable (MGC).

    Returns
    -------
    DataFrame, in the order of `customers`
        `customer_id`, `value_minor`, `wallet_minor` (what the upper quarter of
        peers is worth; peers are buyers with the same score for order value),
        `potential_minor` (wallet less own value, at least 0), `peer_frequency`
        (upper quartile of the peers' order days), `value_class`.

    References
    ----------
    S60 names MVC, MGC and BZC; cuts and the estimate of the wallet are our choice.
    """
    ordered = customers["frequency"] > 0
    if ordered.sum() < 20:
        return Withheld(
            "Value classes",
            f"They need at least 20 customers with an order in the window; there are {ordered.sum()}.",
        )
    value = customers["value_minor"] if isinstance(profit, Withheld) else profit["value_minor"]
    value = value.set_axis(customers.index)
    peers = score(customers.loc[ordered, "mean_order_minor"]).values
    wallet = value[ordered].groupby(peers).transform(lambda v: np.quantile(v, 0.75, method="higher"))
    frequency = customers.loc[ordered, "frequency"]
    peer_frequency = frequency.groupby(peers).transform(lambda v: np.quantile(v, 0.75, method="higher"))
    potential = (wallet - value[ordered]).clip(lower=0)

    top_from = _from_value(value[ordered], top_share)
    is_top = ordered & (value >= top_from) & (value > 0)
    is_below = ordered & (value < 0) & (not isinstance(profit, Withheld))
    rest = ordered & ~is_top & ~is_below
    # Growing means ordering more often, so only those who order less often than their peers qualify.
    can_grow = rest & (frequency < peer_frequency).reindex(customers.index, fill_value=False)
    growth = potential.reindex(customers.index).where(can_grow)
    wanted = int(round(growth_share * rest.sum()))
    is_growth = growth.rank(ascending=False, method="min").le(wanted) & growth.gt(0)

    names = np.select(
        [is_top, is_below, is_growth, rest], ["MVC", "BZC", "MGC", "steady"], NO_ORDER
    )
    return pd.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "value_minor": value.astype("int64"),
            "wallet_minor": wallet.reindex(customers.index),
            "potential_minor": potential.reindex(customers.index),
            "peer_frequency": peer_frequency.reindex(customers.index),
            "value_class": pd.Series(names, index=customers.index, dtype="str"),
        }
    )


@silent_when_withheld
def class_summary(classes: pd.DataFrame, profit: pd.DataFrame | None = None) -> pd.DataFrame:
    """Customers and value of each value class, with margin and cost to serve where known."""
    table = classes.groupby("value_class").agg(
        customers=("customer_id", "size"), value_minor=("value_minor", "sum")
    )
    if isinstance(profit, pd.DataFrame):
        money = profit.assign(value_class=classes["value_class"].to_numpy()).groupby("value_class")
        table["margin_minor"] = money["margin_minor"].sum()
        table["cost_to_serve_minor"] = money["cost_to_serve_minor"].sum()
        table["contacts"] = money["contacts"].sum()
    present = [name for name in VALUE_CLASSES if name in table.index]
    return table.reindex(present).rename_axis("value_class").reset_index()


@passes_on_withheld
def effort_by_size(sizes: SizeClasses, profit: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame | Withheld:
    """Does our effort go where the value is: share of contacts and of cost by size.

    Returns
    -------
    DataFrame with `size`, `customers`, `share_of_customers`, `share_of_value`,
        `share_of_contacts`, `share_of_cost`.

    References
    ----------
    S62: sort customers, and spend more time with good ones (多花点时间陪好的客户).
    """
    if not profit["contacts"].sum():
        return Withheld("Where our effort goes", "No contact falls into the window.")
    table = pd.DataFrame(
        {
            "size": sizes.values.to_numpy(),
            "customers": 1,
            "value": customers["value_minor"].to_numpy(),
            "contacts": profit["contacts"].to_numpy(),
            "cost": profit["cost_to_serve_minor"].to_numpy(),
        }
    )
    table = table.groupby("size").sum().reindex([*SIZES, NO_ORDER]).dropna(how="all")
    shares = table / table.sum()
    shares.columns = [f"share_of_{column}" for column in shares.columns]
    return table[["customers"]].join(shares).rename_axis("size").reset_index()


# ---------------------------------------------------------------- movement


def movement(before: pd.Series, after: pd.Series, *, order: tuple[str, ...]) -> pd.DataFrame | Withheld:
    """How many customers went from which class to which, between two dates.

    Parameters
    ----------
    before, after : Series of str, indexed by customer_id
        Classes at the two dates. Customers only in `after` are "new".
    order : tuple of str
        The classes from lowest to highest; others come first.

    Returns
    -------
    DataFrame of counts, rows `before` (with "new"), columns `after`; every
        customer of `after` stands in exactly one cell.
    """
    if len(before) < MIN_CUSTOMERS:
        return Withheld(
            "Movement between two dates",
            f"Only {words.count(len(before), 'customer')} had bought by the earlier date; "
            f"at least {MIN_CUSTOMERS} are needed.",
            "A longer export would show who moved up and who moved down.",
        )
    start = before.reindex(after.index).fillna("new")
    table = pd.crosstab(start, after)
    rows = [name for name in ("new", *order) if name in table.index]
    columns = [name for name in order if name in table.columns]
    return table.reindex(index=rows, columns=columns, fill_value=0).rename_axis(
        index="before", columns="after"
    )


@passes_on_withheld
def size_movement(
    sizes: SizeClasses, orders: pd.DataFrame, customers: pd.DataFrame, *, earlier: date, window_days: int = 365,
    money: str = "net", cuts: tuple[float, float, float] = (0.5, 0.8, 0.95),
) -> pd.DataFrame | Withheld:  # fmt: skip
    """Sizes at an earlier date against sizes now, from the same data.

    Each date has its own thresholds: a customer moves by what the others do, too.

    Parameters
    ----------
    sizes, customers : the sizes and the customer table now
    orders : DataFrame
    earlier : date

    Returns
    -------
    DataFrame, as `movement`
    """
    first = orders["ordered_at"].min()
    if first > pd.Timestamp(earlier - timedelta(days=window_days)):
        return Withheld(
            "Movement between two dates",
            f"A window of {window_days} days up to {words.day(earlier)} begins before the export does "
            f"({words.day(first.date())}), so the earlier sizes would be too small.",
            "A longer export, or a shorter window, would show who moved up and who moved down.",
        )
    then = customer_table(orders, as_of=earlier, window_days=window_days, money=money)
    earlier_sizes = size_classes(then["value_minor"], ordered=then["frequency"] > 0, cuts=cuts)
    if isinstance(earlier_sizes, Withheld):
        return Withheld("Movement between two dates", f"At the earlier date: {earlier_sizes.reason}")
    return movement(
        pd.Series(earlier_sizes.values.to_numpy(), index=then["customer_id"]),
        pd.Series(sizes.values.to_numpy(), index=customers["customer_id"]),
        order=SIZE_ORDER,
    )


@silent_when_withheld
def segment_movement(rfm: RFM, before: pd.DataFrame | None) -> pd.DataFrame | Withheld | Silence:
    """Segments in an earlier report against segments now.

    Parameters
    ----------
    rfm : RFM
    before : DataFrame or None
        The earlier report's customers, with `customer_id` and `segment`.

    Returns
    -------
    DataFrame: `before`, then a column of counts for each segment now
    """
    if before is None or "segment" not in before:
        return SILENCE
    now = rfm.table.set_index("customer_id")["segment"]
    table = movement(before.set_index("customer_id")["segment"], now, order=tuple(SEGMENTS))
    return table.reset_index() if isinstance(table, pd.DataFrame) else table


@passes_on_withheld
def moves(table: pd.DataFrame, *, order: tuple[str, ...]) -> dict[str, int]:
    """Customers who went up, stayed, went down, and are new, from a movement table."""
    place = {name: i for i, name in enumerate(order)}
    result = {"up": 0, "same": 0, "down": 0, "new": 0}
    for start, row in table.iterrows():
        for end, customers in row.items():
            step = "new" if start == "new" else ("same", "up", "down")[np.sign(place[end] - place[start])]
            result[step] += int(customers)
    return result


# ---------------------------------------------------------------- near a threshold


@passes_on_withheld
def near_threshold(
    customers: pd.DataFrame, sizes: SizeClasses, *, band: float = 0.10
) -> pd.DataFrame:
    """Customers a little below the next size, and what is still missing.

    Parameters
    ----------
    customers : DataFrame
        From `customer_table`.
    sizes : SizeClasses
    band : float, default 0.10
        How far below a threshold counts as near, as a share of the threshold.

    Returns
    -------
    DataFrame with `customer_id`, `size`, `next_size`, `value_minor`,
        `threshold_minor`, `needed_minor`; most money still needed first.

    References
    ----------
    S70: screen customers near a threshold, lift them, inform those who reached it.
    """
    value = customers["value_minor"]
    frames = []
    for size, next_size in zip(SIZES, SIZES[1:], strict=False):
        threshold = sizes.threshold(next_size)
        near = (sizes.values.to_numpy() == size) & (value >= threshold * (1 - band)) & (value < threshold)
        found = customers.loc[near, ["customer_id", "value_minor", "recency_days", "frequency"]]
        frames.append(
            found.assign(
                size=size,
                next_size=next_size,
                threshold_minor=threshold,
                needed_minor=threshold - found["value_minor"],
            )
        )
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["needed_minor", "customer_id"], ascending=[False, True], ignore_index=True)


@passes_on_withheld
def near_summary(near: pd.DataFrame) -> pd.DataFrame:
    """How many stand before each threshold, and what they still need, the highest threshold first."""
    table = near.groupby(["threshold_minor", "next_size"]).agg(
        customers=("customer_id", "size"), needed_minor=("needed_minor", "sum"), median_needed_minor=("needed_minor", "median")
    )
    table = table.reset_index().sort_values("threshold_minor", ascending=False, ignore_index=True)
    return table[["next_size", "threshold_minor", "customers", "needed_minor", "median_needed_minor"]]


def regression_to_the_mean(
    orders: pd.DataFrame,
    *,
    as_of: date,
    window_days: int = 365,
    band: float = 0.10,
    later_days: int = 90,
    cuts: tuple[float, float, float] = (0.5, 0.8, 0.95),
    money: str = "net",
) -> dict[str, int] | Withheld:
    """What happened to those near a threshold some time ago, with no list at all.

    The sizes are computed at `as_of - later_days`; those near a threshold
    then are looked up at `as_of`, against the same thresholds.

    Returns
    -------
    dict with `near` (how many), `rose` (at or above the threshold now),
        `fell` (left the band downwards), `stayed` (still in the band); or
        Withheld when the export does not reach back far enough.
    """
    earlier = as_of - timedelta(days=later_days)
    start = orders["ordered_at"].min()
    if len(orders) == 0 or start > pd.Timestamp(earlier - timedelta(days=window_days)):
        return Withheld(
            "What happens to them without a list",
            f"The check looks {later_days} days back at a window of {window_days} days; "
            "the export begins later than that.",
        )
    then = customer_table(orders, as_of=earlier, window_days=window_days, money=money)
    sizes = size_classes(then["value_minor"], ordered=then["frequency"] > 0, cuts=cuts)
    near = near_threshold(then, sizes, band=band)
    if isinstance(near, Withheld) or len(near) < 10:
        return Withheld(
            "What happens to them without a list",
            f"Fewer than 10 customers were near a threshold {later_days} days ago.",
        )
    now = customer_table(orders, as_of=as_of, window_days=window_days, money=money)
    value = near["customer_id"].map(now.set_index("customer_id")["value_minor"])
    rose = value >= near["threshold_minor"]
    fell = value < near["threshold_minor"] * (1 - band)
    return {
        "near": len(near),
        "rose": int(rose.sum()),
        "fell": int(fell.sum()),
        "stayed": int((~rose & ~fell).sum()),
    }


# ---------------------------------------------------------------- who looks like a VIP and is none


@passes_on_withheld
def bursts(
    customers: pd.DataFrame, sizes: SizeClasses, *, span_days: int = 60, silent_days: int = 90
) -> pd.DataFrame:
    """VIPs whose whole history is one short burst that is over.

    Someone who furnishes a flat buys a great deal in a few weeks and then
    needs nothing. The value class looks the same as a faithful customer's.

    Parameters
    ----------
    span_days : int, default 60
        First to last order day of the whole history, at most.
    silent_days : int, default 90
        Days since the last order, at least.

    Returns
    -------
    DataFrame: the customer table's rows of VIPs with three order days or more,
        all within `span_days`, silent for `silent_days`.
    """
    span = (customers["last_order_on"] - customers["first_order_on"]).dt.days
    found = (
        (sizes.values.to_numpy() == "VIP")
        & (customers["order_days"] >= 3)
        & (span <= span_days)
        & (customers["recency_days"] >= silent_days)
    )
    return customers[found].reset_index(drop=True)


def bursts_stand_out(found: pd.DataFrame | Withheld, sizes: SizeClasses | Withheld) -> bool:
    """Whether so many VIPs are bursts that VIP figures mislead: one in twenty, and five at least."""
    if not isinstance(found, pd.DataFrame) or not isinstance(sizes, SizeClasses):
        return False
    return len(found) >= max(5, 0.05 * sizes.values.eq("VIP").sum())


# ---------------------------------------------------------------- does the ranking tell anything?


@dataclass(frozen=True)
class NextOrders:
    """Who ordered after an earlier date, by the scores they had then.

    Attributes
    ----------
    table : DataFrame
        One row each for R, F and M: `measure`, `low_customers`, `low_ordered`
        (score 1 or 2), `high_customers`, `high_ordered` (score 4 or 5).
    differences : dict of str to Estimate
        Share of the high scores who ordered less that of the low scores.
    since : date
    later_days : int
    """

    table: pd.DataFrame
    differences: dict[str, Estimate]
    since: date
    later_days: int

    @property
    def best(self) -> str:
        """R, F or M: where the high and the low scores are furthest apart; the first of equals."""
        return max(self.differences, key=lambda name: self.differences[name].value)


def who_orders_next(orders: pd.DataFrame, *, as_of: date, later_days: int = 90) -> NextOrders | Withheld:
    """Whether recency, frequency or money told who would order: scored then, looked up since.

    Everybody is scored with what was known `later_days` ago, and looked up in
    the days since: the scores cannot have seen what they are tested on.

    Parameters
    ----------
    orders : DataFrame
        Order lines with `customer_id`, `ordered_at`, `amount_minor`, `status`.
    as_of : date
    later_days : int, default 90

    Returns
    -------
    NextOrders; or Withheld when fewer than 25 customers had bought by then, or
        a measure has no low or no high scores

    References
    ----------
    Difference of shares: Newcombe (1998), method 10.
    """
    what = "Which score tells who orders next"
    then = as_of - timedelta(days=later_days)
    past = orders[orders["ordered_at"] < pd.Timestamp(then + timedelta(days=1))]
    scored = rfm(customer_table(past, as_of=then, window_days=0), m="mean") if len(past) else None
    if not isinstance(scored, RFM):
        return Withheld(
            what,
            f"Fewer than {MIN_CUSTOMERS} customers had bought {later_days} days before the report date.",
            "A longer export would show whether R, F or M is worth most here.",
        )
    sales = orders[(orders["amount_minor"] > 0) & (orders["ordered_at"] >= pd.Timestamp(then + timedelta(days=1)))]
    sales = sales[sales["ordered_at"] < pd.Timestamp(as_of + timedelta(days=1))]
    ordered = scored.table["customer_id"].isin(set(sales["customer_id"]))
    rows, differences = [], {}
    for name in "RFM":
        part = scored.table[name.lower()]
        low, high = ordered[part <= 2], ordered[part >= 4]
        if not len(low) or not len(high):
            return Withheld(what, f"Nearly everybody has the same {name}, so low and high scores cannot be compared.")
        counts = int(low.sum()), len(low), int(high.sum()), len(high)
        rows.append(
            {"measure": name, "low_customers": counts[1], "low_ordered": counts[0],
             "high_customers": counts[3], "high_ordered": counts[2]}
        )  # fmt: skip
        differences[name] = difference_of_shares(counts[2], counts[3], counts[0], counts[1])
    return NextOrders(pd.DataFrame(rows), differences, then, later_days)


@passes_on_withheld
def reached_by_calls(rows: pd.DataFrame, *, calls: int) -> pd.DataFrame:
    """How much value at stake a number of calls reaches: the dearest first, equally by list, or by lot.

    Parameters
    ----------
    rows : DataFrame
        Customers to contact: `list`, `value_at_stake_minor`.
    calls : int
        How many the team can make.

    Returns
    -------
    DataFrame: `rule`, `calls`, `reached_minor`, `share` of all value at stake
        "by lot" is what a random choice reaches on average.

    References
    ----------
    S61: concentrate limited resources on the most valuable customers.
    """
    stake = rows["value_at_stake_minor"].astype("int64")
    calls = min(calls, len(rows))
    dearest = int(stake.nlargest(calls).sum())
    # Each list in turn gives its dearest, until the calls are used up.
    turn = stake.groupby(rows["list"]).rank(method="first", ascending=False)
    in_turn = stake.loc[turn.sort_values(kind="stable").index[:calls]]
    by_lot = round(stake.sum() * calls / len(rows)) if len(rows) else 0
    total = int(stake.sum())
    table = pd.DataFrame(
        {
            "rule": ["the most at stake first", "equally from each list", "by lot"],
            "calls": calls,
            "reached_minor": [dearest, int(in_turn.sum()), by_lot],
        }
    )
    return table.assign(share=table["reached_minor"] / total if total else np.nan)


# ---------------------------------------------------------------- what is handed on


def customer_summary(
    customers: pd.DataFrame, rfm: RFM | Withheld, sizes: SizeClasses | Withheld, classes: pd.DataFrame | Withheld
) -> pd.DataFrame:
    """One row per customer with everything this lesson found out, for `customers.csv`."""
    table = customers[
        ["customer_id", "first_order_on", "last_order_on", "recency_days", "frequency", "value_minor"]
    ].rename(columns={"value_minor": "money_minor"})
    if isinstance(rfm, RFM):
        table = table.assign(**{name: rfm.table[name].to_numpy() for name in ("r", "f", "m", "segment")})
    if isinstance(sizes, SizeClasses):
        table = table.assign(size=sizes.values.to_numpy())
    if isinstance(classes, pd.DataFrame):
        table = table.assign(value_class=classes["value_class"].to_numpy())
    return table
