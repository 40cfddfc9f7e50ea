"""What is taken off the list price, in a company's own orders, and what an offer would take off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers.stats import offers
from helpers.withheld import Withheld, passes_on_withheld

LEAST_ORDERS = 30
LEAST_LINES = 10
BANDS = ((0.0, 0.005, "full price"), (0.005, 0.105, "up to 10% off"), (0.105, 0.205, "11 to 20% off"), (0.205, 1.01, "more than 20% off"))


@dataclass(frozen=True)
class Discounts:
    """What was paid against the list.

    Attributes
    ----------
    baskets : DataFrame, one row per order
        `order_id`, `list_minor`, `paid_minor`, `off` (share of the list).
    list_minor, paid_minor : int
        Totals of those orders.
    left_out : DataFrame
        `reason`, `lines`: sales that have no list price, no pieces, are gifts, or were dearer than the list.
    first, last : date
        Of the window.
    """

    baskets: pd.DataFrame
    list_minor: int
    paid_minor: int
    left_out: pd.DataFrame
    first: date
    last: date

    @property
    def given_minor(self) -> int:
        """Money off, in minor units."""
        return self.list_minor - self.paid_minor

    @property
    def rate(self) -> float:
        """Money off as a share of the list."""
        return self.given_minor / self.list_minor


def discounts(orders: pd.DataFrame, *, as_of: date, window_days: int = 365) -> Discounts | Withheld:
    """Price paid against list price, order by order.

    Parameters
    ----------
    orders : DataFrame
        Lines that count, as `Company.orders` gives them.
    as_of : date
    window_days : int, default 365
        Days up to `as_of`, this day counted.

    Returns
    -------
    Discounts or Withheld
        A fact about these orders, so without an interval. What people would have bought at the list price nobody knows.
    """
    what = "What is taken off the list price"
    first = as_of - timedelta(days=window_days - 1)
    if "list_price_minor" not in orders or orders["list_price_minor"].isna().all():
        return Withheld(what, "The orders carry no list price.", "Export the price before any discount with every line.")
    if "quantity" not in orders or orders["quantity"].isna().all():
        return Withheld(what, "The orders do not say how many pieces.", "Export the quantity with every line.")
    lines = orders[(orders["amount_minor"] >= 0) & (orders["ordered_at"] >= pd.Timestamp(first))]
    full = (lines["list_price_minor"].astype("Float64") * lines["quantity"].astype("Float64")).round()
    reason = pd.Series("", index=lines.index)
    reason[(full < lines["amount_minor"]).fillna(False)] = "paid more than the list says"
    reason[(lines["amount_minor"] == 0) | (full <= 0).fillna(False)] = "given away"
    reason[full.isna()] = "no list price or no pieces"
    counted = reason[reason != ""].value_counts().sort_index()
    good = lines[reason == ""].assign(list_minor=full[reason == ""].astype("int64"))
    baskets = good.groupby("order_id", as_index=False).agg(list_minor=("list_minor", "sum"), paid_minor=("amount_minor", "sum"))
    if len(baskets) < LEAST_ORDERS:
        return Withheld(what, f"{len(baskets)} orders have a list price; {LEAST_ORDERS} are the least.", "Look at a longer window.")
    baskets["off"] = 1 - baskets["paid_minor"] / baskets["list_minor"]
    return Discounts(
        baskets,
        int(baskets["list_minor"].sum()),
        int(baskets["paid_minor"].sum()),
        pd.DataFrame({"reason": counted.index, "lines": counted.to_numpy()}),
        first,
        as_of,
    )


@dataclass(frozen=True)
class Spread:
    """Prices paid for the same product, where no list price is known.

    Attributes
    ----------
    products, lines : int
        Products with enough lines, and their lines.
    below, above : int
        Lines below and above the usual price of their product.
    below_minor : int
        What the lines below it would have brought in more at the usual price.
    """

    products: int
    lines: int
    below: int
    above: int
    below_minor: int


def price_spread(orders: pd.DataFrame, *, as_of: date, window_days: int = 365) -> Spread | Withheld:
    """How prices paid for the same product differ: a stand-in for discounts where orders carry no list price.

    The usual price of a product is the price of a piece that most of its lines had; of two that are equally
    frequent the higher. Products with fewer than `LEAST_LINES` lines are left out.
    """
    what = "How prices for the same product differ"
    if not {"product_id", "quantity"} <= set(orders.columns):
        return Withheld(what, "The orders do not say which product, or how many pieces.", "Export both with every line.")
    first = pd.Timestamp(as_of - timedelta(days=window_days - 1))
    lines = orders[(orders["amount_minor"] > 0) & (orders["ordered_at"] >= first) & (orders["quantity"].astype("Float64") > 0).fillna(False)]
    lines = lines.dropna(subset=["product_id"])
    lines = lines[lines.groupby("product_id")["product_id"].transform("size") >= LEAST_LINES]
    if len(lines) < LEAST_ORDERS:
        return Withheld(what, f"{len(lines)} lines are on products that were sold {LEAST_LINES} times or more.", "Look at a longer window.")
    pieces = lines["quantity"].astype("float64")
    each = (lines["amount_minor"] / pieces).round().astype("int64")
    counts = each.groupby(lines["product_id"]).value_counts().rename("n").reset_index(name="n")
    price = counts.columns[1]
    usual = counts.sort_values(["n", price]).drop_duplicates("product_id", keep="last").set_index("product_id")[price]
    own = lines["product_id"].map(usual).astype("int64")
    below = each < own
    more = ((own - each) * pieces)[below].sum()
    return Spread(lines["product_id"].nunique(), len(lines), int(below.sum()), int((each > own).sum()), round(float(more)))


@passes_on_withheld
def by_band(found: Discounts) -> pd.DataFrame:
    """Orders by how much was taken off: `band`, `orders`, `share`, `given_minor`."""
    rows = []
    for low, high, name in BANDS:
        own = found.baskets[(found.baskets["off"] >= low) & (found.baskets["off"] < high)]
        rows.append((name, len(own), len(own) / len(found.baskets), int((own["list_minor"] - own["paid_minor"]).sum())))
    return pd.DataFrame(rows, columns=["band", "orders", "share", "given_minor"])


@dataclass(frozen=True)
class Compared:
    """Two offers on the same baskets, if nobody bought anything else because of them.

    Attributes
    ----------
    table : DataFrame, one row per offer
        `offer`, `given_minor`, `rate`, `cheaper_on` (baskets on which the customer pays less with it).
    baskets, same : int
        Baskets in all, and those on which both cost the same.
    """

    table: pd.DataFrame
    baskets: int
    same: int


@passes_on_withheld
def compare(found: Discounts, threshold: offers.ThresholdOffer, percentage: offers.PercentageOffer) -> Compared:
    """What each of two offers would take off these baskets at list price.

    An offer changes what people put into the basket, which is its purpose; the order file cannot say by how much. So
    this is the price of the offer *before* anybody reacts.
    """
    prices = found.baskets["list_minor"].to_numpy()
    pays = [one.pays_minor(prices) for one in (threshold, percentage)]
    total = int(prices.sum())
    rows = [
        (name, total - int(own.sum()), 1 - int(own.sum()) / total, int((own < other).sum()))
        for name, own, other in zip(("threshold", "percentage"), pays, pays[::-1], strict=True)
    ]
    return Compared(
        pd.DataFrame(rows, columns=["offer", "given_minor", "rate", "cheaper_on"]), len(prices), int((pays[0] == pays[1]).sum())
    )


def pays_along(
    threshold: offers.ThresholdOffer, percentage: offers.PercentageOffer, *, up_to_minor: int, points: int = 1200
) -> pd.DataFrame:
    """What a customer pays at each price with either offer, for a figure: `price_minor`, `threshold_minor`, `percentage_minor`."""
    steps = np.unique(np.append(np.linspace(0, up_to_minor, points).astype("int64"), list(threshold.breaks_minor(up_to_minor))))
    before = np.array([one - 1 for one in threshold.breaks_minor(up_to_minor)], dtype="int64")
    prices = np.unique(np.concatenate([steps, before]))
    return pd.DataFrame(
        {"price_minor": prices, "threshold_minor": threshold.pays_minor(prices), "percentage_minor": percentage.pays_minor(prices)}
    )
