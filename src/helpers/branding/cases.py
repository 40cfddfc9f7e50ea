"""What the cases of branding calculate beyond the lesson. Money in yuan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from helpers.branding.case_worlds import GRADES, Cookers, Dairy, Kettle, Name, Shoes
from helpers.branding.price import Guarantee, guarantee
from helpers.stats.intervals import Estimate, difference_of_shares, wilson
from helpers.withheld import Withheld

PROMISES = ("factory", "two_years", "lifetime")
NAMES = ("old", "sub", "new")
LEAST = 30
"""Complaints of a kind, below which nothing is said about what came after them."""
LATER_DAYS = 180
MONTHS = 36
"""As far as the kettle's makers look ahead."""


# ---------------------------------------------------------------- C15


def promise_accounts(shoes: Shoes) -> dict[str, Guarantee]:
    """What each promise costs and brings, of 100 pairs (`price.guarantee`)."""
    return {
        one: guarantee(claims=shoes.claims[one], cost=shoes.repair, stay_longer=shoes.again[one], margin=shoes.margin) for one in PROMISES
    }


def best_promise(shoes: Shoes) -> str:
    """The promise that leaves most."""
    found = promise_accounts(shoes)
    return max(PROMISES, key=lambda one: found[one].left)


def same_story(breaks: float) -> float:
    """How often one pair of each of two makes, equally good, tells the source's story: the first holds, the second breaks."""
    return (1 - breaks) * breaks


@dataclass(frozen=True)
class AfterComplaint:
    """Who ordered again after a complaint, by whether it was settled.

    Attributes
    ----------
    settled, unsettled : Estimate
        Share with an order in the `LATER_DAYS` after it.
    people : tuple of int
        Settled, unsettled.
    difference : Estimate
    """

    settled: Estimate
    unsettled: Estimate
    people: tuple[int, int]
    difference: Estimate


def after_complaints(contacts: pd.DataFrame | None, orders: pd.DataFrame, *, as_of: date) -> AfterComplaint | Withheld:
    """Do those order again whose complaint was settled, and those whose complaint was not?

    The first complaint of a customer counts, if `LATER_DAYS` have gone by since. Nobody drew lots: who complains of something that
    cannot be settled may differ in more than that.
    """
    what = "Orders after a complaint"
    if contacts is None or not {"cause", "resolved"} <= set(contacts):
        return Withheld(what, "The data hold no complaints.", "A table of contacts with cause and resolved would show what a settled complaint is worth.")
    made = contacts[contacts["cause"].fillna("").ne("") & contacts["resolved"].notna()].sort_values("at", kind="stable")
    made = made.drop_duplicates("customer_id")
    made = made[made["at"] <= pd.Timestamp(as_of) - pd.Timedelta(days=LATER_DAYS)]
    sales = orders.loc[orders["amount_minor"] > 0, ["customer_id", "ordered_at"]]
    both = made[["customer_id", "at", "resolved"]].merge(sales, on="customer_id")
    later = (both["ordered_at"] > both["at"]) & (both["ordered_at"] <= both["at"] + pd.Timedelta(days=LATER_DAYS))
    again = made["customer_id"].isin(both.loc[later, "customer_id"]).to_numpy()
    settled = made["resolved"].to_numpy(dtype=bool)
    if min(settled.sum(), (~settled).sum()) < LEAST:
        return Withheld(what, f"{settled.sum()} complaints that were settled and {(~settled).sum()} that were not lie {LATER_DAYS} days back; {LEAST} of each are needed.")
    counts = [(int(again[part].sum()), int(part.sum())) for part in (settled, ~settled)]
    return AfterComplaint(
        *(wilson(*one) for one in counts), (counts[0][1], counts[1][1]), difference_of_shares(*counts[0], *counts[1])
    )


# ---------------------------------------------------------------- C18


def name_leaves(cookers: Cookers, name: str) -> float:
    """What a name leaves in its first year: households who know it and would buy, times the margin, less the launch."""
    return name_leaves_over(cookers, name, years=1)


def name_leaves_over(cookers: Cookers, name: str, *, years: int) -> float:
    """The same over some years that are alike; the launch is paid once."""
    one = cookers.names[name]
    return years * one.known * one.would_buy / one.asked * cookers.households * cookers.margin - one.launch


def best_name(cookers: Cookers) -> str:
    """The name that leaves most in the first year."""
    return max(NAMES, key=lambda name: name_leaves(cookers, name))


def known_needed(cookers: Cookers) -> float:
    """Share of households who must know the new name for it to leave as much as the old one."""
    new: Name = cookers.names["new"]
    a_point = new.would_buy / new.asked * cookers.households * cookers.margin
    return (name_leaves(cookers, "old") + new.launch) / a_point


def with_new_name(cookers: Cookers, *, known: float, launch: float) -> Cookers:
    """The same with another launch of the new name."""
    return replace(cookers, names={**cookers.names, "new": replace(cookers.names["new"], known=known, launch=round(launch))})


def name_table(cookers: Cookers) -> pd.DataFrame:
    """Each name as the survey found it.

    Returns
    -------
    DataFrame
        `name`, `asked`, `canteen`, `canteen_low`, `canteen_high`, `buy`, `buy_low`, `buy_high` (shares, Wilson), `leaves`.
    """
    rows = []
    for name in NAMES:
        one = cookers.names[name]
        image, buy = wilson(one.canteen, one.asked), wilson(one.would_buy, one.asked)
        rows.append((name, one.asked, image.value, image.low, image.high, buy.value, buy.low, buy.high, name_leaves(cookers, name)))
    columns = ["name", "asked", "canteen", "canteen_low", "canteen_high", "buy", "buy_low", "buy_high", "leaves"]
    return pd.DataFrame(rows, columns=columns)


# ---------------------------------------------------------------- C16, C17, C37


def dairy_ways(dairy: Dairy) -> dict[str, float]:
    """What each way to spend the year's money brings, less its cost: `seen`, `better`, `shelf`."""
    now = dairy.recalled * dairy.chosen
    more = {
        "seen": (dairy.to_recalled * dairy.chosen - now) * dairy.buyers,
        "better": (dairy.recalled * dairy.to_chosen - now) * dairy.buyers,
        "shelf": dairy.own_shelf,
    }
    return {way: buyers * dairy.margin - dairy.cost for way, buyers in more.items()}


def union_of(lists: pd.DataFrame) -> pd.Series:
    """How many different brands the first one, two, three ... people have named together."""
    people = list(dict.fromkeys(lists["person"]))
    known: set[str] = set()
    found = []
    for person in people:
        known |= set(lists.loc[lists["person"] == person, "brand"])
        found.append(len(known))
    return pd.Series(found, index=range(1, len(people) + 1), name="brands")


@dataclass(frozen=True)
class NamePremium:
    """A price premium taken apart.

    Attributes
    ----------
    whole, name : float
        Premium of the known make over the others (ratio of typical prices, less 1), and what is left of it at equal parts.
    low, high : float
        Of the second (95%).
    share : float
        Part of the logarithm of the whole that the name explains.
    """

    whole: float
    name: float
    low: float
    high: float
    share: float


def premium_at_equal_parts(bicycles: pd.DataFrame) -> NamePremium:
    """How much of a premium is the name, and how much the product: a regression of the logarithm of the price on parts and name.

    References
    ----------
    Rosen (1974), Journal of Political Economy 82, 34-55 (hedonic prices).
    """
    import statsmodels.api as sm

    log = np.log(bicycles["price"].to_numpy(dtype=float))
    known = bicycles["known"].to_numpy(dtype=bool)
    fit = sm.OLS(log, sm.add_constant(np.column_stack([known.astype(float), bicycles[list(GRADES)].to_numpy(dtype=float)]))).fit()
    low, high = np.expm1(fit.conf_int()[1])
    whole = log[known].mean() - log[~known].mean()
    return NamePremium(float(np.expm1(whole)), float(np.expm1(fit.params[1])), float(low), float(high), float(fit.params[1] / whole))


def pieces_in(kettle: Kettle, months: int) -> float:
    """Pieces sold in so many months, each with a share of the month before."""
    return kettle.pieces * float((kettle.keeps ** np.arange(months)).sum())


def kettle_ways(kettle: Kettle) -> dict[str, float]:
    """What is left after `MONTHS`: of the whole series, of a small batch, of neither."""
    sold = pieces_in(kettle, MONTHS)
    return {"series": sold * kettle.margin - kettle.tooling, "batch": sold * kettle.small_margin - kettle.tooling / 3, "none": 0.0}
