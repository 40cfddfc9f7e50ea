"""What the cases of orientation calculate: care in a shortage (C20), and a split of customers by income or by motive (C35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.orientation.case_worlds import Shortage
from helpers.withheld import Withheld

# ---------------------------------------------------------------- C20


@dataclass(frozen=True)
class Account:
    """What less care in a shortage saves, and what it costs afterwards, in yuan."""

    saved: float
    lost: float

    @property
    def keep(self) -> bool:
        """Whether care is worth its money."""
        return self.lost > self.saved


def account(world: Shortage) -> Account:
    """Saving and loss of less care, over all that the owner looks ahead.

    Parameters
    ----------
    world : Shortage

    Returns
    -------
    Account
        During the shortage nobody can leave. After it, the lost share of all
        who bought in it is missed in every month that is left.
    """
    leave = world.months * world.a_month * world.lost_share
    return Account(float(world.months * world.saved_a_month), leave * world.margin_a_month * world.months_after)


def turning_point(world: Shortage) -> float:
    """The months of shortage from which less care costs no more than it saves.

    Returns
    -------
    float
        From the equation saved = lost; 0 where less care always pays.
    """
    a_month_after = world.a_month * world.lost_share * world.margin_a_month
    return max(0.0, world.horizon - world.saved_a_month / a_month_after) if a_month_after else 0.0


def by_months(world: Shortage) -> pd.DataFrame:
    """The account for every length of the shortage.

    Returns
    -------
    DataFrame
        `months` from 0 to the horizon, `saved`, `lost`.
    """
    rows = []
    for months in range(world.horizon + 1):
        found = account(Shortage(months, world.horizon, world.a_month, world.saved_a_month, world.lost_share, world.margin_a_month))
        rows.append((months, found.saved, found.lost))
    return pd.DataFrame(rows, columns=["months", "saved", "lost"])


# ---------------------------------------------------------------- C35

SPLITS = {"income_band": ("low", "middle", "high"), "motive": ("price", "quality", "service", "time")}
"""The two ways of splitting customers, with their groups in the order in which they are shown."""
MIN_CUSTOMERS = 30
"""Customers in a group, below which it is not shown."""
REDUCED = 0.97
"""A line paid below this share of its list price was bought at a reduced price. Our choice."""
SURE = 0.01
"""Share of random splits with as wide a gap, below which a gap is beyond chance. Our choice."""


@dataclass(frozen=True)
class Split:
    """Customers of a panel in groups, by how much of what they buy they buy at a reduced price.

    Attributes
    ----------
    by : str
        A key of `SPLITS`.
    table : DataFrame
        `group`, `customers`, `purchases`, `reduced` (of the purchases), `rate`.
    p : float
        Share of random splits of the same customers with as wide a gap.
    """

    by: str
    table: pd.DataFrame
    p: float

    @property
    def gap(self) -> float:
        """Rate of the group with the highest less that with the lowest."""
        return float(self.table["rate"].max() - self.table["rate"].min())

    @property
    def is_sure(self) -> bool:
        """Whether so wide a gap is beyond chance."""
        return self.p < SURE


def panel_purchases(
    survey: pd.DataFrame | None, orders: pd.DataFrame, *, as_of: date, days: int = 365
) -> pd.DataFrame | Withheld:
    """What the customers of the panel bought, and how much of it at a reduced price.

    Parameters
    ----------
    survey : DataFrame or None
        `customer_id`, `mode`, `income_band`, `motive`.
    orders : DataFrame
        `amount_minor`, `list_price_minor`, `quantity`.
    as_of : date
    days : int, default 365
        Up to `as_of`.

    Returns
    -------
    DataFrame
        One row a customer: `customer_id`, `income_band`, `motive`, `purchases`, `reduced`. Or Withheld.
    """
    what = "What the customers of the panel buy at a reduced price"
    gain = "A survey by lot, with income and motive, of customers whose orders have list prices would show which split separates them."
    if survey is None or any(name not in survey for name in ("customer_id", "mode", *SPLITS)):
        return Withheld(what, "The data have no survey with a customer, an income and a motive.", gain)
    if "list_price_minor" not in orders or "quantity" not in orders or orders["list_price_minor"].isna().all():
        return Withheld(what, "The orders have no list price and quantity.", gain)
    panel = survey[(survey["mode"] == "panel") & survey["customer_id"].notna()].drop_duplicates("customer_id")
    last = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    sales = orders[(orders["amount_minor"] > 0) & (orders["ordered_at"] < last) & (orders["ordered_at"] >= last - pd.Timedelta(days=days))]
    full = sales["list_price_minor"].astype("float64") * sales["quantity"].astype("float64")
    sales = sales[full > 0].assign(reduced=(sales["amount_minor"] < REDUCED * full)[full > 0])
    bought = sales.groupby("customer_id").agg(purchases=("reduced", "size"), reduced=("reduced", "sum")).reset_index()
    found = panel[["customer_id", *SPLITS]].merge(bought, on="customer_id").sort_values("customer_id", ignore_index=True)
    if len(found) < 2 * MIN_CUSTOMERS:
        few = words.count(len(found), "customer")
        return Withheld(what, f"{few} of the panel bought something, and {2 * MIN_CUSTOMERS} are the least.", gain)
    return found


def split(bought: pd.DataFrame | Withheld, *, by: str, shuffles: int = 2000, seed: int = 35) -> Split | Withheld:
    """How far apart the groups of a split are.

    Parameters
    ----------
    bought : DataFrame
        From `panel_purchases`.
    by : str
        A key of `SPLITS`.
    shuffles, seed : int
        Of the random splits that the gap is compared with.

    References
    ----------
    Permutation test: Fisher (1935), The Design of Experiments; customers are
    shuffled and not purchases, because one customer's purchases are alike.
    """
    if isinstance(bought, Withheld):
        return bought
    known = bought[bought[by].isin(SPLITS[by])]
    sizes = known[by].value_counts()
    groups = [name for name in SPLITS[by] if sizes.get(name, 0) >= MIN_CUSTOMERS]
    if len(groups) < 2:
        name = by.replace("_", " ")
        return Withheld(
            f"The split by {name}",
            f"Fewer than two groups by {name} have {MIN_CUSTOMERS} customers who bought something.",
            "More answers of the panel would show it.",
        )
    known = known[known[by].isin(groups)]
    place = known[by].map({name: at for at, name in enumerate(groups)}).to_numpy()
    purchases, reduced = known["purchases"].to_numpy(float), known["reduced"].to_numpy(float)
    table = pd.DataFrame(
        {
            "group": groups,
            "customers": np.bincount(place),
            "purchases": np.bincount(place, weights=purchases).astype("int64"),
            "reduced": np.bincount(place, weights=reduced).astype("int64"),
        }
    )
    table["rate"] = table["reduced"] / table["purchases"]
    gap = table["rate"].max() - table["rate"].min()
    dice = np.random.default_rng(seed)
    wide = 1  # the split that was found is one of them
    for _ in range(shuffles):
        shuffled = dice.permutation(place)
        rate = np.bincount(shuffled, weights=reduced) / np.bincount(shuffled, weights=purchases)
        wide += rate.max() - rate.min() >= gap - 1e-12
    return Split(by, table, wide / (shuffles + 1))


def better_split(income: Split, motive: Split) -> str:
    """Which split separates: "income", "motive", or "neither" where no gap is beyond chance."""
    sure = [one for one in (income, motive) if one.is_sure]
    if not sure:
        return "neither"
    return {"income_band": "income", "motive": "motive"}[max(sure, key=lambda one: one.gap).by]
