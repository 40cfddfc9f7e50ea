"""What the case of dormancy calculates beyond the lesson: brands taken in turn, and whether a skipped purchase is a loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.dormancy.case_worlds import NEW_CAN, OURS, RIVAL
from helpers.stats.intervals import Estimate, wilson
from helpers.withheld import Withheld

LEAST = 30
LOST_BELOW, BACK_FROM = 0.5, 0.75
"""Of those who tried the rival's new can: below the first share who took ours again within three purchases, we call them lost; from the second on, two-brand buyers."""
LOOK = 3


@dataclass(frozen=True)
class Tried:
    """Those who took the rival's new can, having taken ours just before.

    Attributes
    ----------
    buyers : int
    back : int
        Of these, who took ours again within the next three purchases.
    usual : Estimate
        The same share of those who took the rival after ours *before* there was a new can.
    ours_before, ours_after : float
        Share of purchases that were ours before the can, and after it, among all buyers.
    """

    buyers: int
    back: int
    usual: Estimate
    ours_before: float
    ours_after: float

    @property
    def share(self) -> Estimate:
        """Share who came back, with its interval."""
        return wilson(self.back, self.buyers)

    @property
    def verdict(self) -> str:
        """`repertoire`, `half_asleep` or `lost`."""
        value = self.back / self.buyers
        return "repertoire" if value >= BACK_FROM else "lost" if value < LOST_BELOW else "half_asleep"


def grid(purchases: pd.DataFrame) -> pd.DataFrame:
    """Buyers in rows, purchases in columns, True where it was ours."""
    return purchases.assign(own=purchases["brand"].eq(OURS)).pivot(index="buyer", columns="purchase", values="own")


def tried_the_can(purchases: pd.DataFrame) -> Tried:
    """Who went over to the rival at the new can, and who took ours again soon."""
    own = grid(purchases)
    over = own[NEW_CAN - 1] & ~own[NEW_CAN]
    back = own.loc[over, [NEW_CAN + step for step in range(1, LOOK + 1)]].any(axis=1)
    rows = []
    for place in range(2, NEW_CAN - LOOK):
        went = own[place - 1] & ~own[place]
        rows.append(own.loc[went, [place + step for step in range(1, LOOK + 1)]].any(axis=1))
    usual = pd.concat(rows)
    before, after = own.columns < NEW_CAN, own.columns > NEW_CAN
    return Tried(
        int(over.sum()),
        int(back.sum()),
        wilson(int(usual.sum()), len(usual)),
        float(own.loc[:, before].mean().mean()),
        float(own.loc[:, after].mean().mean()),
    )


def switching(purchases: pd.DataFrame) -> pd.DataFrame:
    """Of 100 purchases of each brand (rows), which brand came next (columns), before the new can and after it.

    Returns
    -------
    DataFrame
        `when`, `took`, `then_ours`, `then_rival`, `purchases`.
    """
    own = grid(purchases)
    rows = []
    for when, places in (("before", range(1, NEW_CAN - 1)), ("after", range(NEW_CAN, int(own.columns.max())))):
        first = np.concatenate([own[place].to_numpy() for place in places])
        then = np.concatenate([own[place + 1].to_numpy() for place in places])
        for name, mask in ((OURS, first), (RIVAL, ~first)):
            share = 100 * then[mask].mean() if mask.any() else np.nan
            rows.append((when, name, share, 100 - share, int(mask.sum())))
    return pd.DataFrame(rows, columns=["when", "took", "then_ours", "then_rival", "purchases"])


@dataclass(frozen=True)
class Repertoire:
    """Brands in turn, in a company's own orders.

    Attributes
    ----------
    table : DataFrame
        `brands` (how many brands a customer has bought), `customers`.
    moved, moved_back : int
        Customers whose last order but one left their most bought brand, and of these who were back with it in the last.
    """

    table: pd.DataFrame
    moved: int
    moved_back: int


def repertoire(orders: pd.DataFrame, products: pd.DataFrame | None) -> Repertoire | Withheld:
    """How many brands customers with four order days or more buy, and whether leaving the favourite once means leaving it."""
    what = "Brands in turn"
    if products is None or "brand" not in products or "product_id" not in orders:
        return Withheld(
            what,
            "The data do not say which brand a product is.",
            "A product table with brands would show whether your customers buy several in turn.",
        )
    brand = orders["product_id"].map(products.drop_duplicates("product_id").set_index("product_id")["brand"])
    sold = orders.assign(brand=brand, day=orders["ordered_at"].dt.normalize())[
        (orders["amount_minor"] > 0) & brand.notna() & brand.ne("")
    ]
    often = sold.groupby("customer_id")["day"].nunique()
    sold = sold[sold["customer_id"].isin(often[often >= 4].index)]
    if sold["customer_id"].nunique() < LEAST:
        return Withheld(what, f"Fewer than {LEAST} customers ordered on four days or more.")
    counts = sold.groupby("customer_id")["brand"].nunique().value_counts().sort_index()
    favourite = (
        sold.groupby(["customer_id", "brand"])["day"]
        .nunique()
        .reset_index()
        .sort_values(["customer_id", "day", "brand"], ascending=[True, False, True])
    )
    favourite = favourite.drop_duplicates("customer_id").set_index("customer_id")["brand"]
    sold = sold.assign(own=sold["brand"].eq(sold["customer_id"].map(favourite)))
    by_day = sold.groupby(["customer_id", "day"])["own"].any().groupby(level=0).agg(list)
    moved = [one for one in by_day if not one[-2]]
    table = pd.DataFrame({"brands": counts.index.astype(int), "customers": counts.to_numpy()})
    return Repertoire(table, len(moved), sum(one[-1] for one in moved))
