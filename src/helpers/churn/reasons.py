"""Why they leave: the seven reasons, as those who left said them, and what can be repaired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.stats.intervals import Estimate, difference_of_means, difference_of_shares, wilson
from helpers.withheld import Withheld

# code: reason, Chinese, what it says, remedy, C
REASONS = {
    "inconvenient": ("Inconvenient", "不方便", "too few ways to reach us", "More channels, longer hours, one click", "convenience"),
    "slow": ("Slow", "不及时", "waiting, late answers", "Shorter waits, a call back the next day", "convenience"),
    "unfriendly": ("Unfriendly", "不友好", "a bad time with our people", "Choose and train those who meet customers", "communication"),
    "unprofessional": ("Unprofessional", "不专业", "the problem was not solved", "Somebody who can solve it, a better product", "solution"),
    "poor_value": ("Poor value", "不划算", "more for the money elsewhere", "More for the same price, before a lower price", "cost"),
    "dislike": ("Dislike", "不喜欢", "does not like brand, product or seller", "Another line or another person; accept a no", "communication"),
    "broken_promise": ("Broken promise", "不守信", "what was promised did not come", "Promise less and keep it; make good at once", "communication"),
}
"""The seven reasons for leaving of the source, and the remedy that answers each; the remedies and the C are ours."""
NEED_CHANGED = "need_changed"
MORE = {NEED_CHANGED: ("Need changed", "需求改变", "moved, or needs it no more", "Part as friends; ask what the new need is", "solution")}
ALL = REASONS | MORE
KINDS = ("unwanted", "unavoidable", "wanted")
"""Unwanted: we would have liked to keep them. Unavoidable: nobody could have. Wanted: it is better for both sides."""
LEAST_ASKED = 30


def listed() -> pd.DataFrame:
    """The reasons as a table: `code`, `reason`, `chinese`, `says`, `remedy`, `c`."""
    return pd.DataFrame([(code, *row) for code, row in ALL.items()], columns=["code", "reason", "chinese", "says", "remedy", "c"])


@dataclass(frozen=True)
class Reasons:
    """What those who left said.

    Attributes
    ----------
    table : DataFrame
        One row a reason, the most frequent first: `code`, `reason`, `chinese`, `c`, `remedy`, `asked` (who said so), `share`, `low`, `high`,
        `running` (share of this and those above), and `value_minor`, `value_share` (of the yearly price lost) where prices are known.
    kinds : DataFrame
        `kind`, `asked`, `share`, `low`, `high`.
    asked, left : int
        Interviews, and all who left in the same time (0 where not known).
    set_aside : dict of reason to int
    """

    table: pd.DataFrame
    kinds: pd.DataFrame
    asked: int
    left: int
    set_aside: Mapping[str, int]

    @property
    def unwanted(self) -> Estimate:
        """The unwanted share of all interviews."""
        row = self.kinds.set_index("kind").loc["unwanted"]
        return Estimate(float(row["share"]), float(row["low"]), float(row["high"]))

    @property
    def first(self) -> str:
        """The reason named most often; of equals the one that stands first in the source."""
        return str(self.table["code"].iloc[0])

    @property
    def dearest(self) -> str:
        """The reason by which most yearly price is lost; without prices the one named most often."""
        if "value_minor" not in self.table:
            return self.first
        return str(self.table.sort_values("value_minor", ascending=False, kind="stable")["code"].iloc[0])


def clean_exits(exits: pd.DataFrame | None, days: pd.DataFrame, contracts: pd.DataFrame | None = None, *, as_of: date) -> tuple[pd.DataFrame, dict[str, int]] | Withheld:
    """The interviews that can be used, and those set aside by their reason.

    Parameters
    ----------
    exits : DataFrame or None
        `exit_id`, `customer_id`, `left_on`, `kind`, `reason`; `contract_id` where there is one.
    days : DataFrame
        From `windows.order_days`: nobody leaves before the first order, unless a contract says that they were there.
    contracts : DataFrame, optional
        `contract_id`, `started_on`.
    as_of : date
    """
    what = "Why they leave"
    gain = "With `exits` (a short interview of some who leave, with a reason by code), this page would say why, and what it costs."
    if exits is None or not len(exits):
        return Withheld(what, "The data have no interviews of those who left.", gain)
    rows, aside = exits, {}

    def drop(bad: pd.Series, reason: str) -> None:
        nonlocal rows
        bad = bad.fillna(False).astype(bool)
        if bad.any():
            aside[reason] = int(bad.sum())
            rows = rows[~bad]

    drop(rows["customer_id"].isna() | rows["left_on"].isna(), "without a customer or a day")
    drop(rows["left_on"] > pd.Timestamp(as_of), "after the report date")
    began = pd.to_datetime(rows["customer_id"].map(days.groupby("customer_id")["day"].min().to_dict()))
    if contracts is not None and "contract_id" in rows and len(contracts):
        started = pd.to_datetime(rows["contract_id"].map(contracts.drop_duplicates("contract_id").set_index("contract_id")["started_on"]))
        began = began.where(~(started < began), started).fillna(started)
    drop(rows["left_on"] < began, "before the first order")
    drop(~rows["reason"].isin(list(ALL)), "with a reason that is none of the codes")
    drop(rows.duplicated([name for name in ("customer_id", "contract_id") if name in rows] + ["left_on"]), "asked twice about the same leaving")
    if len(rows) < LEAST_ASKED:
        return Withheld(what, f"Only {words.count(len(rows), 'interview')} can be used; {LEAST_ASKED} are the least.", gain)
    return rows.reset_index(drop=True), aside


def said(cleaned: tuple[pd.DataFrame, dict[str, int]] | Withheld, contracts: pd.DataFrame | None = None, *, left: int = 0) -> Reasons | Withheld:
    """The reasons, most frequent first (a Pareto table), by customers and by yearly price.

    Parameters
    ----------
    cleaned
        From `clean_exits`.
    contracts : DataFrame, optional
        `contract_id`, `price_minor`: what a year of each brought.
    left : int
        All who left in the same time, asked or not.
    """
    if isinstance(cleaned, Withheld):
        return cleaned
    rows, aside = cleaned
    counts = rows["reason"].value_counts().reindex(list(ALL), fill_value=0)
    table = pd.DataFrame({"code": counts.index, "asked": counts.to_numpy()})
    for place, name in enumerate(("reason", "chinese")):
        table[name] = [ALL[code][place] for code in table["code"]]
    table["remedy"], table["c"] = ([ALL[code][place] for code in table["code"]] for place in (3, 4))
    if contracts is not None and "price_minor" in contracts and "contract_id" in rows:
        price = rows["contract_id"].map(contracts.drop_duplicates("contract_id").set_index("contract_id")["price_minor"]).astype("float64")
        if price.notna().any():
            value = price.fillna(0).groupby(rows["reason"]).sum().reindex(list(ALL), fill_value=0)
            table["value_minor"] = value.to_numpy().round().astype("int64")
            table["value_share"] = table["value_minor"] / max(int(table["value_minor"].sum()), 1)
    shares = [wilson(int(k), len(rows)) for k in table["asked"]]
    table["share"], table["low"], table["high"] = ([getattr(one, end) for one in shares] for end in ("value", "low", "high"))
    # Ties go by the order of the source.
    table = table.sort_values("asked", ascending=False, kind="stable").reset_index(drop=True)
    table["running"] = table["share"].cumsum()
    kinds = pd.DataFrame([(kind, int((rows["kind"] == kind).sum())) for kind in KINDS], columns=["kind", "asked"])
    spans = [wilson(int(k), len(rows)) for k in kinds["asked"]]
    kinds["share"], kinds["low"], kinds["high"] = ([getattr(one, end) for one in spans] for end in ("value", "low", "high"))
    return Reasons(table, kinds, len(rows), left, aside)


def by_time(cleaned: tuple[pd.DataFrame, dict[str, int]] | Withheld, lives, month: int) -> pd.DataFrame | Withheld:
    """Whether those who leave at a certain age say other things than the rest.

    Parameters
    ----------
    cleaned
        From `clean_exits`.
    lives : survival.Lives
        With `contract_id`.
    month : int
        The age, such as a peak of `nodes.by_age`.

    Returns
    -------
    DataFrame, the largest difference first
        `code`, `then` and `else_` (shares), `difference`, `low`, `high`, `p_corrected` is not given: `clear` says whether the interval at Holm's level leaves out 0.
    """
    what = "What those say who leave then"
    if isinstance(cleaned, Withheld):
        return Withheld(what, cleaned.reason, cleaned.gain)
    rows, _ = cleaned
    if isinstance(lives, Withheld) or "contract_id" not in lives.table or "contract_id" not in rows:
        return Withheld(what, "The interviews do not say which contract ended.", "With `contract_id` in the interviews it would appear.")
    age = rows["contract_id"].map(lives.table.drop_duplicates("contract_id").set_index("contract_id")["months"])
    then = (np.floor(age + 0.5) == month).to_numpy()
    if min(then.sum(), (~then).sum()) < LEAST_ASKED:
        return Withheld(what, f"{words.count(int(then.sum()), 'interview')} of those who left then, {int((~then).sum())} of others; {LEAST_ASKED} of each are the least.", "")
    made = []
    for code in ALL:
        own = (rows["reason"] == code).to_numpy()
        a, b = int((own & then).sum()), int((own & ~then).sum())
        one = difference_of_shares(a, int(then.sum()), b, int((~then).sum()), level=1 - 0.05 / len(ALL))
        made.append((code, a / then.sum(), b / (~then).sum(), one.value, one.low, one.high, one.excludes_zero))
    table = pd.DataFrame(made, columns=["code", "then", "else_", "difference", "low", "high", "clear"])
    return table.sort_values("difference", ascending=False, kind="stable").reset_index(drop=True)


def benefits(company, days: pd.DataFrame, *, as_of: date, window_days: int) -> pd.DataFrame | Withheld:
    """Whether those who have been there long bring what loyalty is said to bring: more a year, lower cost to serve, friends.

    Parameters
    ----------
    company : Company
        `orders` (with `margin_minor` where known), `contacts` with `cost_minor`, `referrals`.
    days : DataFrame
        From `windows.order_days`.
    as_of : date
    window_days : int
        Active: an order within so many days. Only the active are compared, so staying itself is not counted as a benefit.

    Returns
    -------
    DataFrame
        `benefit`, `unit`, `old` and `new` (means of a customer in the last year: those there for two years or more, and those there for one to two
        years), `difference`, `low`, `high`, `clear` (the interval at Holm's level leaves out 0), `good` (whether the difference
        is in the direction of the claim), `customers`.
    """
    what = "What loyalty brings"
    first, last = days.groupby("customer_id")["day"].min(), days.groupby("customer_id")["day"].max()
    day = pd.Timestamp(as_of)
    since = first
    if company.customers is not None and "joined_on" in company.customers:
        joined = company.customers.drop_duplicates("customer_id").set_index("customer_id")["joined_on"].reindex(first.index)
        since = joined.where(joined < first, first)
    active = last > day - pd.Timedelta(days=window_days)
    tenure = (day - since).dt.days
    old, new = first.index[active & (tenure >= 730)], first.index[active & (tenure >= 365) & (tenure < 730)]
    if min(len(old), len(new)) < LEAST_ASKED:
        return Withheld(
            what, f"{len(old):,} active customers have been there for two years or more, {len(new):,} for one to two; {LEAST_ASKED} of each are the least.",
            "With more than two years of orders it would appear.",
        )  # fmt: skip
    year = day - pd.Timedelta(days=365)
    orders = company.orders
    recent = orders[(orders["ordered_at"] > year) & (orders["ordered_at"] < day + pd.Timedelta(days=1))]
    sums = {"spend": ("They spend more", "money", 1, recent.groupby("customer_id")["amount_minor"].sum())}
    bills = recent[recent["amount_minor"] > 0].groupby("customer_id").agg(sum=("amount_minor", "sum"), orders=("order_id", "nunique"))
    sums["bill"] = ("Their orders are larger", "money", 1, bills["sum"] / bills["orders"])
    contacts = company.contacts
    if contacts is not None and "cost_minor" in contacts:
        own = contacts[(contacts["at"] > year) & (contacts["at"] < day + pd.Timedelta(days=1))]
        sums["serve"] = ("They cost less to serve", "money", -1, own.groupby("customer_id")["cost_minor"].sum())
    if company.referrals is not None:
        own = company.referrals[company.referrals["referred_on"] > year]
        sums["friends"] = ("They bring friends", "of 100", 1, 100 * own.groupby("referrer_id").size())
    rows = []
    for name, unit, direction, values in sums.values():
        a, b = (values.reindex(ids).astype("float64").fillna(0).to_numpy() for ids in (old, new))
        one = difference_of_means(a, b, level=1 - 0.05 / len(sums))
        rows.append((name, unit, a.mean(), b.mean(), one.value, one.low, one.high, one.excludes_zero, direction * one.value > 0))
    names = ["benefit", "unit", "old", "new", "difference", "low", "high", "clear", "good"]
    return pd.DataFrame(rows, columns=names).assign(customers=f"{len(old):,} and {len(new):,}")


def in_words(table: pd.DataFrame, code: str) -> pd.DataFrame:
    """The table of `benefits` for a reader: `claim`, `two years and more`, `one to two years`, `difference`, `beyond chance`."""

    def show(value: float, unit: str) -> str:
        return words.money(value, code=code) if unit == "money" else f"{value:.1f} of 100".replace("-", "−")

    return pd.DataFrame(
        {
            "claim": table["benefit"],
            "two years and more": [show(row.old, row.unit) for row in table.itertuples()],
            "one to two years": [show(row.new, row.unit) for row in table.itertuples()],
            "difference": [f"{show(row.difference, row.unit)} ({show(row.low, row.unit)} to {show(row.high, row.unit)})" for row in table.itertuples()],
            "beyond chance": [("yes" if row.good else "yes, the other way") if row.clear else "no" for row in table.itertuples()],
        }
    )
