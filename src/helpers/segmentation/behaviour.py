"""What customers do, one row each: the columns that groups are looked for in.

An order file alone gives order value, rhythm and returns. Every further
column (quantity, list price, product line, way of selling, channel) adds what
it can say. Money is in minor units; nothing here plots, prints or reads a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from helpers import words
from helpers.data.ledger import ledger
from helpers.errors import DataError
from helpers.withheld import Withheld, passes_on_withheld

MIN_CUSTOMERS = 40  # fewer, and a group would be a handful of names
MIN_ORDER_DAYS = 3  # fewer, and a customer's habits are the luck of one receipt
MAX_MEMBERS = 30  # a column with more different values is a list, not a habit
SHOWN_MEMBERS = 6  # of a column of ways or lines; the rest is too small to matter
MIN_SHARE = 0.03  # of all money, for a member to count

# Columns whose shares of a customer's money say what and how they buy; the first of each tuple that is there.
PROFILES = (("line",), ("sales_behaviour", "channel"))


@dataclass(frozen=True)
class Feature:
    """One column of behaviour.

    Attributes
    ----------
    name : str
        The column.
    label : str
        What it is, as a reader says it.
    family : str
        "size", "rhythm", "returns", "price", "what" or "how".
    unit : str
        "money", "days", "count" or "share".
    scale : str
        How it is made comparable: "log" (doubling counts alike, wherever it
        begins), "root" (spreads small shares) or "as it is".
    high, low : str
        What customers are called in whom it is high, or low.
    """

    name: str
    label: str
    family: str
    unit: str
    scale: str
    high: str
    low: str


_KNOWN = (
    Feature("mean_order_minor", "money an order day", "size", "money", "log", "large orders", "small orders"),
    Feature("order_days", "order days", "rhythm", "count", "log", "often", "seldom"),
    Feature("recency_days", "days since the last order", "rhythm", "days", "log", "not lately", "lately"),
    Feature("returned", "share of money returned", "returns", "share", "root", "much returned", "little returned"),
    Feature("lines_a_day", "lines an order day", "size", "count", "log", "many lines", "few lines"),
    Feature("pieces_a_line", "pieces a line", "size", "count", "log", "several pieces", "single pieces"),
    Feature("discount", "discount off the list price", "price", "share", "as it is", "discounts", "full price"),
)
# Known of each customer beside the features, for profiles and actions.
BESIDE = ("value_minor", "gap_days", "breadth")


@dataclass(frozen=True)
class Behaviour:
    """What customers did in a window.

    Attributes
    ----------
    table : DataFrame, indexed by customer_id
        One column a feature, in its own unit, and `value_minor` (money in the
        window), `gap_days` (mean days between orders), `breadth` (product
        lines bought; missing where lines are not known).
    features : tuple of Feature
    few : Index
        Customers with an order in the window, but too few order days to be grouped.
    as_of : date
    window_days, min_order_days : int
    """

    table: pd.DataFrame
    features: tuple[Feature, ...]
    few: pd.Index
    as_of: date
    window_days: int
    min_order_days: int

    def feature(self, name: str) -> Feature:
        """A feature by its name.

        Raises
        ------
        DataError
            If there is none of that name.
        """
        for one in self.features:
            if one.name == name:
                return one
        raise DataError(
            f"There is no column of behaviour called {name!r}. "
            f"There are: {words.listing(one.name for one in self.features)}."
        )


def behaviour(
    orders: pd.DataFrame,
    *,
    as_of: date,
    window_days: int = 730,
    min_order_days: int = MIN_ORDER_DAYS,
    like: Sequence[Feature] = (),
    min_customers: int = MIN_CUSTOMERS,
) -> Behaviour | Withheld:
    """One row a customer who ordered often enough to have habits.

    Parameters
    ----------
    orders : DataFrame
        Order lines with `customer_id`, `ordered_at`, `amount_minor`, `status`;
        `quantity`, `list_price_minor`, `line` (see `drill.with_product_line`),
        `sales_behaviour` and `channel` are used where they are.
    as_of : date
        Later lines do not count.
    window_days : int, default 730
        Days up to `as_of` that count; 0 counts the whole export.
    min_order_days : int, default 3
        Order days in the window, below which a customer is left out.
    like : sequence of Feature
        Make these columns, as at another date; by default those that the data allow.
    min_customers : int, default 40

    Returns
    -------
    Behaviour, or Withheld when too few customers order often enough
    """
    since = as_of - timedelta(days=window_days - 1) if window_days else None
    book = ledger(orders, as_of=as_of, since=since).set_index("customer_id")
    enough = book["order_days"] >= min_order_days
    if enough.sum() < min_customers:
        span = f"the last {words.number(window_days)} days" if window_days else "the whole export"
        return Withheld(
            "Groups of behaviour",
            f"Groups need at least {min_customers} customers with {min_order_days} order days or more in {span}; "
            f"there are {enough.sum()}.",
            "More customers, or a longer export, would show whether there are kinds of customers.",
        )
    return _made(
        orders, as_of=as_of, since=since, ids=book.index[enough], few=book.index[~enough], window_days=window_days,
        min_order_days=min_order_days, like=like,
    )  # fmt: skip


def _made(
    orders: pd.DataFrame, *, as_of: date, since: date | None, ids: pd.Index, few: pd.Index, window_days: int,
    min_order_days: int, like: Sequence[Feature],
) -> Behaviour:  # fmt: skip
    """The columns of behaviour of some customers."""
    lines = _lines(orders, ids, since=since, as_of=as_of)
    book = ledger(lines, as_of=as_of, since=since).set_index("customer_id")
    sales = lines[lines["amount_minor"] > 0]
    made = _plain_columns(book, sales, as_of)
    shares = _shares(sales, like)
    made = pd.concat([made, *[columns for columns, _ in shares]], axis=1)
    features = tuple(like) or (
        *[one for one in _KNOWN if one.name in made and made[one.name].notna().all()],
        *[feature for _, found in shares for feature in found],
    )
    # A column of another date may be missing at this one: nobody did any of it.
    table = made.reindex(columns=[one.name for one in features], fill_value=0.0)
    table["value_minor"] = book["net_minor"]
    table["gap_days"] = book["mean_gap_days"]
    table["breadth"] = _breadth(sales, table.index)
    return Behaviour(table, features, few, as_of, window_days, min_order_days)


@passes_on_withheld
def dealt_again(behaviour: Behaviour, orders: pd.DataFrame, *, seed: int) -> Behaviour | Withheld:
    """The same receipts, dealt out to the same customers at random, as one deals cards.

    Everybody keeps the days on which they ordered; what lay in the basket is
    somebody else's. No kinds of customers are left, only luck.

    Parameters
    ----------
    behaviour : Behaviour
    orders : DataFrame
        What it was made from.
    seed : int

    Returns
    -------
    Behaviour, with the same columns
    """
    end = behaviour.as_of
    since = end - timedelta(days=behaviour.window_days - 1) if behaviour.window_days else None
    lines = _lines(orders, behaviour.table.index, since=since, as_of=end)
    lot = np.random.default_rng(seed)
    parts = []
    for is_sale in (True, False):
        part = lines[(lines["amount_minor"] > 0) == is_sale]
        # A receipt is a customer's day; sorted, so that the order of the rows plays no part.
        day = part["ordered_at"].dt.normalize()
        keys = pd.MultiIndex.from_arrays([part["customer_id"], day])
        slots = keys.unique().sort_values()
        place = lot.permutation(len(slots))[slots.get_indexer(keys)]
        parts.append(
            part.assign(
                customer_id=slots.get_level_values(0)[place].to_numpy(), ordered_at=slots.get_level_values(1)[place].to_numpy()
            )
        )
    return _made(
        pd.concat(parts), as_of=end, since=since, ids=behaviour.table.index, few=behaviour.few,
        window_days=behaviour.window_days, min_order_days=behaviour.min_order_days, like=behaviour.features,
    )  # fmt: skip


@passes_on_withheld
def with_features(behaviour: Behaviour, names: Sequence[str]) -> Behaviour:
    """The same customers with some of the columns of behaviour.

    Raises
    ------
    DataError
        If there is no such column.
    """
    chosen = tuple(behaviour.feature(name) for name in names)
    table = behaviour.table[[*names, *BESIDE]]
    return Behaviour(table, chosen, behaviour.few, behaviour.as_of, behaviour.window_days, behaviour.min_order_days)


def feature_sets(behaviour: Behaviour) -> dict[str, list[str]]:
    """Sets of columns to try, from one column to all of them: name in words, columns.

    Returns
    -------
    dict of str to list of str
        Sets that these data do not have are left out.
    """
    by_family: dict[str, list[str]] = {}
    for one in behaviour.features:
        by_family.setdefault(one.family, []).append(one.name)
    size, rhythm = by_family.get("size", []), by_family.get("rhythm", [])
    wanted = {
        "money an order day alone": ["mean_order_minor"],
        "money and rhythm": ["mean_order_minor", *rhythm],
        "what they buy": by_family.get("what", []),
        "how they buy": by_family.get("how", []),
        "what and how": [*by_family.get("what", []), *by_family.get("how", [])],
        "all columns": [one.name for one in behaviour.features],
    }
    if not by_family.get("what") or not by_family.get("how"):
        del wanted["what and how"]
        wanted["size and rhythm"] = [*size, *rhythm]
    return {name: columns for name, columns in wanted.items() if columns}


# ---------------------------------------------------------------- comparable columns


@dataclass(frozen=True)
class Scale:
    """Mean and spread of each column after log or root, to bring other customers onto the same scale.

    Attributes
    ----------
    mean, spread : Series, indexed by feature name
    features : tuple of Feature
    """

    mean: pd.Series
    spread: pd.Series
    features: tuple[Feature, ...]

    def apply(self, table: pd.DataFrame) -> pd.DataFrame:
        """Columns in spreads from the mean: 0 is average, 1 is one spread above."""
        stretched = pd.DataFrame({one.name: stretch(table[one.name], one.scale) for one in self.features})
        return (stretched - self.mean) / self.spread


@passes_on_withheld
def scale_of(behaviour: Behaviour) -> Scale:
    """The scale on which the columns of behaviour weigh alike; a column without spread is left out."""
    stretched = pd.DataFrame({one.name: stretch(behaviour.table[one.name], one.scale) for one in behaviour.features})
    spread = stretched.std(ddof=0)
    kept = tuple(one for one in behaviour.features if spread[one.name] > 1e-9)
    names = [one.name for one in kept]
    return Scale(stretched[names].mean(), spread[names], kept)


def standardised(behaviour: Behaviour) -> pd.DataFrame:
    """The columns of behaviour, logged where they are skewed, each with mean 0 and spread 1.

    Returns
    -------
    DataFrame, as `behaviour.table`, features only
    """
    return scale_of(behaviour).apply(behaviour.table)


def stretch(values: pd.Series, scale: str) -> pd.Series:
    """A column with its scale bent: log for what doubles, root for shares.

    >>> stretch(pd.Series([1, 10, 100]), "log").round(2).tolist()
    [0.0, 2.3, 4.61]
    """
    values = values.astype(float)
    if scale == "log":
        # A day is 1 at least, so that the log of "today" is 0.
        return np.log(values.clip(lower=1.0))
    return np.sqrt(values.clip(lower=0.0)) if scale == "root" else values


# ---------------------------------------------------------------- the columns


def _lines(orders: pd.DataFrame, ids: pd.Index, *, since: date | None, as_of: date) -> pd.DataFrame:
    """Sales and returns of these customers in the window, without gifts."""
    inside = orders["ordered_at"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)
    if since is not None:
        inside &= orders["ordered_at"] >= pd.Timestamp(since)
    if "status" in orders:
        inside &= orders["status"].isin(["sale", "return"])
    return orders[inside & orders["amount_minor"].ne(0) & orders["customer_id"].isin(ids)]


def _plain_columns(book: pd.DataFrame, sales: pd.DataFrame, as_of: date) -> pd.DataFrame:
    by_customer = sales.groupby("customer_id")
    made = pd.DataFrame(index=book.index)
    made["mean_order_minor"] = book["gross_minor"] / book["order_days"]
    made["order_days"] = book["order_days"]
    made["recency_days"] = (pd.Timestamp(as_of) - book["last_order_on"]).dt.days
    made["returned"] = (-book["returns_minor"] / book["gross_minor"]).clip(0, 1)
    if not _is_habit(sales, "line"):
        # Where product lines are known they say the same, and better.
        made["lines_a_day"] = by_customer.size().reindex(book.index) / book["order_days"]
    if "quantity" in sales and (sales["quantity"] > 0).all():
        pieces = by_customer["quantity"].sum().reindex(book.index)
        made["pieces_a_line"] = pieces / by_customer.size().reindex(book.index)
        if "list_price_minor" in sales and sales["list_price_minor"].notna().all():
            full = (sales["quantity"] * sales["list_price_minor"].astype(float)).groupby(sales["customer_id"]).sum()
            full = full.reindex(book.index)
            discount = 1 - book["gross_minor"] / full.where(full > 0)
            if (discount > 0.001).any():
                made["discount"] = discount.clip(0, 1)
    return made


def _shares(sales: pd.DataFrame, like: Sequence[Feature]) -> list[tuple[pd.DataFrame, list[Feature]]]:
    """For each profile: each customer's shares of money, and the features they make."""
    money = sales.groupby("customer_id")["amount_minor"].sum()
    found = []
    for columns in PROFILES:
        column = next((name for name in columns if _is_habit(sales, name)), None)
        wanted = [one for one in like if one.name.partition("=")[0] in columns]
        if wanted:
            column = wanted[0].name.partition("=")[0]
        if column is None or column not in sales:
            continue
        by_member = sales.groupby(["customer_id", column], observed=True)["amount_minor"].sum().unstack(fill_value=0)
        shares = by_member.div(money, axis=0).fillna(0.0)
        if wanted:
            members = [one.name.partition("=")[2] for one in wanted]
        else:
            weight = by_member.sum() / money.sum()
            members = weight[weight >= MIN_SHARE].sort_values(ascending=False, kind="stable").index[:SHOWN_MEMBERS]
        shares = shares.set_axis(shares.columns.astype(str), axis=1).reindex(columns=map(str, members), fill_value=0.0)
        features = [_share_feature(column, member) for member in shares.columns]
        found.append((shares.set_axis([one.name for one in features], axis=1), features))
    return found


def _share_feature(column: str, member: str) -> Feature:
    family = "what" if column == "line" else "how"
    said = " ".join(member.replace("_", " ").split())
    return Feature(f"{column}={member}", f"share of money: {said}", family, "share", "root", said, f"little {said}")


def _is_habit(sales: pd.DataFrame, column: str) -> bool:
    """Whether a column is known for nearly all money and has a few different values."""
    if column not in sales:
        return False
    known = sales[column].notna() & sales[column].astype("str").ne("")
    if sales.loc[known, "amount_minor"].sum() < 0.8 * sales["amount_minor"].sum():
        return False
    return 1 < sales.loc[known, column].nunique() <= MAX_MEMBERS


def _breadth(sales: pd.DataFrame, ids: pd.Index) -> pd.Series:
    """How many product lines each customer has bought from."""
    if not _is_habit(sales, "line"):
        return pd.Series(np.nan, index=ids)
    return sales.groupby("customer_id")["line"].nunique().reindex(ids).astype(float)
