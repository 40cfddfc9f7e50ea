"""The purchasing life, and what to offer next: cohorts over their half-years, and lines that go together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers.stats.intervals import Estimate, wilson
from helpers.withheld import Withheld

HALF_YEAR = 182
LEAST = 30
"""Customers in a cohort, or holders of a line, below which nothing is said of them."""


@dataclass(frozen=True)
class Lives:
    """How cohorts last.

    Attributes
    ----------
    triangle : DataFrame
        Rows are cohorts by the half-year of the first order, columns the half-years since; shares who ordered in each, missing where
        the half-year is not over or the cohort is small.
    kept : Estimate
        Of those who ordered in the year before last, the share who ordered in the last year.
    buyers : int
    """

    triangle: pd.DataFrame
    kept: Estimate
    buyers: int

    @property
    def years(self) -> float:
        """Expected further years, if every year kept the same share: 1 over the share that is lost."""
        return 1 / (1 - self.kept.value) if self.kept.value < 1 else np.inf


def lives(days: pd.DataFrame, *, as_of: date) -> Lives | Withheld:
    """The retention triangle, and the purchasing life under a constant loss.

    Parameters
    ----------
    days : DataFrame
        From `rhythm.visits`.
    as_of : date
    """
    end = int((np.datetime64(as_of) - np.datetime64("1970-01-01")).astype(int))
    day, who = days["day"].to_numpy(), days["customer_id"].cat.codes.to_numpy()
    before = set(who[(day > end - 730) & (day <= end - 365)].tolist())
    if len(before) < LEAST or day.min() > end - 700:
        return Withheld("The purchasing life", "It needs two years of orders, and thirty customers in the first of them.")
    kept = before & set(who[day > end - 365].tolist())
    first = np.full(len(days["customer_id"].cat.categories), 10**9)
    np.minimum.at(first, who, day)
    back = (end - first) // HALF_YEAR
    since = (day - first[who]) // HALF_YEAR
    rows = {}
    for cohort in range(int(back.max()), 0, -1):
        members = np.flatnonzero(back == cohort)
        if len(members) < LEAST:
            continue
        there = np.isin(who, members)
        start = pd.Timestamp(as_of) - pd.Timedelta(days=(cohort + 1) * HALF_YEAR - 1)
        # Half-years of the youngest member that are over.
        rows[f"{start:%b %Y}"] = [len(set(who[there & (since == step)].tolist())) / len(members) for step in range(1, cohort)]
    triangle = pd.DataFrame({name: pd.Series(values, dtype="float64") for name, values in rows.items()}).T
    triangle.columns = [step + 1 for step in triangle.columns]
    return Lives(triangle, wilson(len(kept), len(before)), len(before))


def goes_with(orders: pd.DataFrame, products: pd.DataFrame | None) -> pd.DataFrame | Withheld:
    """Product lines that the same customers hold: `has`, `also`, `customers`, `of_100`, `of_all_100`, `lift`; the largest lift first.

    Lift is how many times as often holders of one line hold the other, beside all customers. It says what goes together, and
    not that an offer would work.
    """
    what = "What to offer next"
    if products is None or "line" not in products or "product_id" not in orders:
        return Withheld(
            what,
            "The data do not say which line a product belongs to.",
            "A product table with lines would show what is bought together.",
        )
    line = orders["product_id"].map(products.drop_duplicates("product_id").set_index("product_id")["line"])
    sold = (orders["amount_minor"] > 0) & line.notna() & line.ne("")
    holds = pd.crosstab(orders.loc[sold, "customer_id"], line[sold]) > 0
    rows = []
    for one in holds.columns:
        for other in holds.columns.drop(one):
            n = int(holds[one].sum())
            if n < LEAST:
                continue
            share, overall = holds.loc[holds[one], other].mean(), holds[other].mean()
            rows.append((one, other, int((holds[one] & holds[other]).sum()), 100 * share, 100 * overall, share / overall))
    if not rows:
        return Withheld(what, "There are fewer than two lines with thirty customers.")
    table = pd.DataFrame(rows, columns=["has", "also", "customers", "of_100", "of_all_100", "lift"])
    return table.sort_values(["lift", "has", "also"], ascending=[False, True, True], ignore_index=True)
