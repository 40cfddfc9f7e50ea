"""The status of every order line: what it is used for, or why it is set aside."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from helpers.data.mapping import pattern_of

# From the top: the first that fits a line is its status.
STATUSES = (
    "after_as_of",
    "repeated",
    "non_product",
    "cancelled",
    "no_customer",
    "staff",
    "walk_in",
    "shared_card",
    "gift",
    "return",
    "sale",
)
USED = ("sale", "return")

LABELS = {
    "sale": "Sales",
    "return": "Returns",
    "gift": "Gifts and lines at price zero",
    "after_as_of": "After the report date",
    "repeated": "Exact repeats of an earlier line",
    "non_product": "Postage, fees and other lines that are no products",
    "cancelled": "Cancelled orders",
    "no_customer": "Without a customer",
    "staff": "Staff cards",
    "walk_in": "Walk-in cards",
    "shared_card": "Ids that behave like a shared card, not like a person",
    "rejected": "Rejected lines (rejects.csv)",
}

# Nobody buys three times a day on most of their days, over twenty days or more.
SHARED_CARD_DAYS = 20
SHARED_CARD_ORDERS_A_DAY = 3


def assign_status(
    lines: pd.DataFrame,
    *,
    as_of: date,
    set_aside: tuple[str, ...] = ("non_product", "shared_card"),
    walk_in: tuple[str, ...] = (),
    staff: tuple[str, ...] = (),
    customers: pd.DataFrame | None = None,
) -> pd.Series:
    """Give every order line exactly one status.

    Parameters
    ----------
    lines : DataFrame
        Accepted order lines with the marks `is_repeat`, `is_cancelled`, `is_non_product`.
    as_of : date
        Lines of this day count, later ones do not.
    set_aside : names out of non_product, repeated, shared_card
        The exclusions that are a choice.
    walk_in, staff : tuple of str
        Ids that are no persons; * and ? are wildcards.
    customers : DataFrame, optional
        With a `kind` column that names staff and walk-in ids.

    Returns
    -------
    Series of str, a value of `STATUSES` for each line
    """
    amount, ids = lines["amount_minor"].to_numpy(), lines["customer_id"]
    nobody = np.zeros(len(lines), dtype=bool)
    tests = [
        ("after_as_of", (lines["ordered_at"] >= datetime.combine(as_of + timedelta(days=1), datetime.min.time())).to_numpy(bool)),
        ("repeated", lines["is_repeat"].to_numpy(bool) if "repeated" in set_aside else nobody),
        ("non_product", lines["is_non_product"].to_numpy(bool) if "non_product" in set_aside else nobody),
        ("cancelled", lines["is_cancelled"].to_numpy(bool)),
        ("no_customer", ids.isna().to_numpy(bool)),
        ("staff", _named(ids, staff, customers, "staff")),
        ("walk_in", _named(ids, walk_in, customers, "walk_in")),
        ("shared_card", nobody),
        ("gift", amount == 0),
        ("return", amount < 0),
    ]
    names = [name for name, _ in tests]
    chosen = np.select([test for _, test in tests], names, default="sale")
    if "shared_card" in set_aside:
        cards = shared_cards(lines[chosen == "sale"])
        person = np.isin(chosen, ("sale", "return", "gift"))
        chosen = np.where(person & ids.isin(cards).to_numpy(bool), "shared_card", chosen)
    return pd.Series(chosen, index=lines.index, dtype="str")


def shared_cards(sales: pd.DataFrame) -> list[str]:
    """Ids that behave like no person: many orders a day, on many days.

    Parameters
    ----------
    sales : DataFrame
        Sale lines with `customer_id`, `order_id`, `ordered_at`.

    Returns
    -------
    list of str
        Ids with at least 20 order days and, in the median over those days, at
        least 3 different orders a day; sorted.
    """
    orders = sales[["customer_id", "order_id"]].assign(day=sales["ordered_at"].dt.normalize())
    # Whoever has fewer than 20 x 3 / 2 orders cannot qualify; this leaves few ids to look at.
    lines = orders["customer_id"].value_counts()
    busy = lines.index[lines >= SHARED_CARD_DAYS * SHARED_CARD_ORDERS_A_DAY // 2]
    orders = orders[orders["customer_id"].isin(busy)].drop_duplicates()
    a_day = orders.groupby(["customer_id", "day"]).size()
    by_id = a_day.groupby("customer_id").agg(["size", "median"])
    cards = by_id[(by_id["size"] >= SHARED_CARD_DAYS) & (by_id["median"] >= SHARED_CARD_ORDERS_A_DAY)]
    return sorted(cards.index)


def _named(ids: pd.Series, patterns: tuple[str, ...], customers: pd.DataFrame | None, kind: str) -> np.ndarray:
    named = np.zeros(len(ids), dtype=bool)
    if patterns:
        named |= ids.str.fullmatch(pattern_of(patterns)).fillna(False).to_numpy(bool)
    if customers is not None and "kind" in customers:
        named |= ids.isin(customers.loc[customers["kind"] == kind, "customer_id"]).to_numpy(bool)
    return named
