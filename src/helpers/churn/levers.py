"""Why people stay: the four works, the five levers, and the three lock-ins, each with its test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.churn.saving import FAR, GROUPS, NEAR, group_of
from helpers.churn.windows import Contracts
from helpers.stats.intervals import Estimate, difference_of_shares, wilson
from helpers.withheld import Withheld

YEAR = 365
FIRST_TERM = "in the first year of the contract"
LEAST = 60
"""Contracts in each group, for a comparison."""

WORKS = pd.DataFrame(
    [
        ("It would feel wrong to leave", "不好意思走", "care: a follow-up after each sale, a call without an offer, events", "relationship"),
        ("It would be a bother to leave", "不方便走", "lock-in: habits, several products, conditions", "switching cost"),
        ("There is no wish to leave", "不愿意走", "service that is worth more than its price, by grade", "value"),
        ("Bring back who is leaving", "把要走的拉回来", "warning, offer, interview, repair of the cause", "churn management"),
    ],
    columns=["work", "chinese", "by", "lever"],
)
"""The four works of retention."""

LEVERS = pd.DataFrame(
    [
        ("Satisfaction", "满意", "Only full marks go with full loyalty; a mark of fairly good holds little."),
        ("Reward for loyalty", "奖励忠诚", "People do what pays them: who stays should be better off than who has just come."),
        ("Cost of switching", "转移成本", "What is lost by leaving: benefits, habits, certainty."),
        ("Trust and ties", "信任与情感", "Kept promises first; then people who know each other."),
        ("What nobody else has", "不可替代的服务", "Personal, fitting, hard to copy."),
    ],
    columns=["lever", "chinese", "says"],
)
"""The five levers of loyalty."""

_CARDS = (
    # lock-in, kind, is there a benefit, is it told before, can one leave easily
    ("Filters come by themselves every half year; one click stops them", "habit", True, True, True),
    ("Filters come by themselves; to stop them one must ring between ten and noon", "habit", True, True, False),
    ("Three appliances are watched over in one plan, at a lower price than three plans", "product", True, True, True),
    ("A filter of any other make ends the guarantee, which stands on page nine", "product", False, False, False),
    ("The telephone is free if the plan is kept for two years; the rest is due on leaving, and named in the first line", "policy", True, True, True),
    ("Points run out after a year, and nobody is told", "policy", True, False, True),
    ("Points can be spent with us alone; what they are worth in money stands beside them", "policy", True, True, True),
    ("The records of all visits live in our app, and are lost to whoever leaves", "product", True, False, False),
    ("Leaving costs three monthly fees, for no work that is done", "policy", False, True, False),
)


def lock_ins() -> pd.DataFrame:
    """Nine lock-ins: `lock_in`, `kind` (habit, product, policy), `benefit`, `told_before`, `easy_exit` (True, False)."""
    return pd.DataFrame(_CARDS, columns=["lock_in", "kind", "benefit", "told_before", "easy_exit"])


def is_fair(cards: pd.DataFrame) -> pd.Series:
    """Whether each lock-in is a fair benefit: it brings the customer something, was told before, and leaves a door open. Else it is a trap."""
    return cards["benefit"] & cards["told_before"] & cards["easy_exit"]


@dataclass(frozen=True)
class Held:
    """Who left within a year, by something that was known at its beginning.

    Attributes
    ----------
    table : DataFrame
        `value`, `customers`, `left` (share), `low`, `high`; the least first.
    within : DataFrame
        Few against many among those alike, contracts in their first year (`FIRST_TERM`) and of the others each of `saving.GROUPS`: `group`, `few`,
        `many` (customers), `left_few`, `left_many`.
    plain, like_with_like : Estimate
        Share who left of those with few less of those with many: in all, and on average inside the groups.
    unit : str
    """

    table: pd.DataFrame
    within: pd.DataFrame
    plain: Estimate
    like_with_like: Estimate
    unit: str


def several_lines(orders: pd.DataFrame, contracts: Contracts | Withheld, days: pd.DataFrame, *, as_of: date) -> Held | Withheld:
    """Whether contracts of those who hold several product lines end less often, and whether that remains among those alike in age and in coming.

    Parameters
    ----------
    orders : DataFrame
        With `line`; sales up to a year ago count.
    contracts : Contracts or Withheld
        Those that ran a year ago.
    days : DataFrame
        `customer_id`, `day` of each order day.
    as_of : date
    """
    what = "Product penetration"
    if isinstance(contracts, Withheld):
        return Withheld(what, contracts.reason, contracts.gain)
    if "line" not in orders or not orders["line"].fillna("").ne("").any():
        return Withheld(what, "The products have no line.", "With `products.line` it would appear.")
    on = pd.Timestamp(as_of) - pd.Timedelta(days=YEAR)
    own = _running(contracts, on)
    bought = orders[(orders["ordered_at"] <= on) & (orders["amount_minor"] > 0)]
    lines = bought.groupby(bought["customer_id"].astype("str"))["line"].nunique()
    number = own["customer_id"].map(lines).fillna(0).clip(upper=4).astype(int)
    return _held(own, number, days, on, few=lambda values: values <= 1, what=what, unit="product line")


def by_satisfaction(contacts: pd.DataFrame | None, contracts: Contracts | Withheld, days: pd.DataFrame, *, as_of: date) -> Held | Withheld:
    """Whether contracts of those who gave better marks end less often. Marks of the year before the year that is watched.

    Parameters
    ----------
    contacts : DataFrame or None
        `customer_id`, `at`, `satisfaction` (1 to 5).
    contracts, days, as_of
        As in `several_lines`.
    """
    what = "Satisfaction and staying"
    if isinstance(contracts, Withheld):
        return Withheld(what, contracts.reason, contracts.gain)
    if contacts is None or "satisfaction" not in contacts:
        return Withheld(what, "Nobody was asked how satisfied they were.", "With `contacts.satisfaction` it would appear.")
    on = pd.Timestamp(as_of) - pd.Timedelta(days=YEAR)
    told = contacts[(contacts["at"] <= on) & contacts["satisfaction"].notna()]
    mark = told.groupby(told["customer_id"].astype("str"))["satisfaction"].mean()
    own = _running(contracts, on)
    own = own[own["customer_id"].isin(mark.index)]
    value = own["customer_id"].map(mark).astype(float).round().astype(int)
    return _held(own, value, days, on, few=lambda values: values <= 3, what=what, unit="mark")


def _running(contracts: Contracts, on: pd.Timestamp) -> pd.DataFrame:
    rows = contracts.rows
    own = rows[(rows["started_on"] <= on) & (rows["ended_on"].isna() | (rows["ended_on"] > on))]
    by_us = own["ended_by"].eq("company") if "ended_by" in own else pd.Series(False, index=own.index)
    own = own[~by_us].astype({"customer_id": "str"})
    return own.assign(left=own["ended_on"].notna() & (own["ended_on"] <= on + pd.Timedelta(days=YEAR)))


def _held(own: pd.DataFrame, value: pd.Series, days: pd.DataFrame, on: pd.Timestamp, *, few, what: str, unit: str) -> Held | Withheld:
    known = days[days["day"] <= on]
    last = known.groupby(known["customer_id"].astype("str"))["day"].max()
    comes = group_of((on - own["customer_id"].map(last)).dt.days)
    first_term = ((on - own["started_on"]).dt.days < YEAR).to_numpy()
    group = np.where(first_term, FIRST_TERM, comes)
    small = few(value).to_numpy()
    if min(small.sum(), (~small).sum()) < LEAST:
        return Withheld(
            what,
            f"Of {words.count(len(own), 'contract')} that ran a year ago {int(small.sum()):,} are of the one kind and {int((~small).sum()):,} of the other; "
            f"a comparison needs {LEAST} of each.",
            "With more contracts it would appear.",
        )
    left = own["left"].to_numpy()
    rows = []
    for one in sorted(set(value)):
        at = (value == one).to_numpy()
        share = wilson(int(left[at].sum()), int(at.sum()))
        rows.append((one, int(at.sum()), share.value, share.low, share.high))
    plain = difference_of_shares(int(left[small].sum()), int(small.sum()), int(left[~small].sum()), int((~small).sum()))
    within, gaps, weights, variances = [], [], [], []
    for name in (FIRST_TERM, *GROUPS):
        a, b = left[small & (group == name)], left[~small & (group == name)]
        within.append((name, len(a), len(b), a.mean() if len(a) else np.nan, b.mean() if len(b) else np.nan))
        if min(len(a), len(b)) > 1:
            gaps.append(a.mean() - b.mean())
            weights.append((group == name).sum())
            # One half is added to each side, so that a group in which nobody left has a variance.
            p, q = (a.sum() + 0.5) / (len(a) + 1), (b.sum() + 0.5) / (len(b) + 1)
            variances.append(p * (1 - p) / len(a) + q * (1 - q) / len(b))
    share = np.array(weights) / sum(weights)
    gap, error = float(share @ gaps), float(np.sqrt(share**2 @ variances))
    table = pd.DataFrame(rows, columns=["value", "customers", "left", "low", "high"])
    inside = pd.DataFrame(within, columns=["group", "few", "many", "left_few", "left_many"])
    return Held(table, inside, plain, Estimate(gap, gap - 1.96 * error, gap + 1.96 * error), unit)


__all__ = ["FAR", "LEVERS", "NEAR", "WORKS", "Held", "by_satisfaction", "is_fair", "lock_ins", "several_lines"]
