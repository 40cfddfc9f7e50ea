"""Why customers sleep: reasons as codes, the remedy for each, and what the data can show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers.stats.intervals import difference_of_shares, holm
from helpers.stats.uplift import compare
from helpers.withheld import Withheld

# code: reason, Chinese, remedy, C, P lever, what in the data can show it
REASONS = {
    "inconvenient": ("Inconvenient", "不方便", "More ways to order, and the goods there when they are wanted", "convenience", "place", "a product that was out of stock; shops that closed"),
    "slow": ("Slow", "不及时", "Shorter waits, a call back the next day", "convenience", "place", "waits and transfers in contacts before the silence"),
    "unfriendly": ("Unfriendly", "不友好", "Train and choose those who meet customers", "communication", "promotion", "satisfaction of 1 or 2 in a contact before the silence"),
    "unprofessional": ("Unprofessional", "不专业", "Somebody who can solve it, a better product", "solution", "product", "contacts that were not resolved before the silence"),
    "poor_value": ("Poor value", "不划算", "A better bargain: price, a bundle, a smaller pack", "cost", "price", "returns before the silence; complaints about the bill"),
    "dislike": ("Dislike", "不喜欢", "Listen; some will not come back", "communication", "promotion", "nothing: it has to be asked"),
    "broken_promise": ("Broken promise", "不守信", "Keep it, say sorry, make good", "communication", "promotion", "complaints with that cause before the silence"),
    "need_ended": ("The need has ended", "需求变了", "Another product for the new need, or a farewell", "solution", "product", "a durable as the last order: the clock may be long"),
    "likes_the_new": ("Likes the new", "喜新", "Be new yourself: a new generation, a new look", "solution", "product", "nothing, unless rivals' orders can be seen"),
}  # fmt: skip
"""The source asks for reasons and lists none. The first seven are its reasons for leaving; the eighth and ninth come from what
it says of needs that move and of people who like the new."""
SEVEN = tuple(REASONS)[:7]

LEAST = 30
"""Sleepers, and others, below which a sign is not compared."""
LOOK_BACK = 60
"""Days before the last order from which a contact counts as one that came before the silence."""
_SHORT_WAIT = 30.0


def remedies() -> pd.DataFrame:
    """Reasons, remedies and levers, one row a code: `code`, `reason`, `chinese`, `remedy`, `c`, `p`, `can_be_seen_in`."""
    rows = [(code, *row) for code, row in REASONS.items()]
    return pd.DataFrame(rows, columns=["code", "reason", "chinese", "remedy", "c", "p", "can_be_seen_in"])


def signs(
    customers: pd.DataFrame, contacts: pd.DataFrame | None, orders: pd.DataFrame, *, as_of: date
) -> pd.DataFrame | Withheld:
    """Signs of a reason around the last order: more frequent among sleepers than among those who are awake?

    Parameters
    ----------
    customers : DataFrame
        As `Rhythm.customers` with `state`.
    contacts : DataFrame or None
    orders : DataFrame
        Lines, for returns.
    as_of : date

    Returns
    -------
    DataFrame, one row a code that the data can show
        `code`, `sleepers` with the sign, `of_sleepers`, `awake` with it, `of_awake`, `difference`, `low`, `high`, `p_corrected`.
        A sign that sleepers have more often is a hint, not a cause: nobody drew by lot who had bad service.
    """
    what = "What came before the silence"
    asleep = customers["state"].isin(["half-asleep", "asleep"])
    awake = customers["state"].eq("active")
    if min(asleep.sum(), awake.sum()) < LEAST:
        return Withheld(
            what, f"There are {int(asleep.sum())} sleepers and {int(awake.sum())} who are awake; {LEAST} of each are the least."
        )
    epoch = pd.Timestamp("1970-01-01")
    last = pd.Series(epoch + pd.to_timedelta(customers["last_on"].to_numpy(), unit="D"), index=customers["customer_id"])
    found: dict[str, set] = {}

    def near(rows: pd.DataFrame, at: str) -> pd.Series:
        gap = rows[at] - rows["customer_id"].map(last)
        return (gap >= -pd.Timedelta(days=LOOK_BACK)) & (gap <= pd.Timedelta(days=LOOK_BACK))

    back = orders[orders["amount_minor"] < 0]
    if len(back):
        found["poor_value"] = set(back.loc[near(back, "ordered_at"), "customer_id"])
    if contacts is not None and len(contacts):
        rows = contacts[contacts["at"] <= pd.Timestamp(as_of) + pd.Timedelta(days=1)]
        rows = rows[near(rows, "at")]
        tests = {
            "slow": ("wait_minutes", lambda v: v > _SHORT_WAIT),
            "unprofessional": ("resolved", lambda v: v.eq(False)),
            "unfriendly": ("satisfaction", lambda v: v <= 2),
            "broken_promise": ("cause", lambda v: v.astype("str").eq("promise_not_kept")),
        }
        for code, (column, test) in tests.items():
            if column in rows and rows[column].notna().any():
                hit = test(rows[column]).fillna(False).astype(bool)
                found[code] = set(rows.loc[hit, "customer_id"])
    if not found:
        return Withheld(
            what,
            "Neither returns nor contacts are in the data.",
            "Contacts would show who waited, and whose trouble was not solved.",
        )
    table = []
    for code, ids in found.items():
        has = customers["customer_id"].isin(ids)
        a, b = has[asleep].to_numpy(dtype=float), has[awake].to_numpy(dtype=float)
        effect = compare(a, b)
        table.append(
            (
                code,
                int(a.sum()),
                len(a),
                int(b.sum()),
                len(b),
                effect.difference.value,
                effect.difference.low,
                effect.difference.high,
                effect.p_value,
            )
        )
    names = ["code", "sleepers", "of_sleepers", "awake", "of_awake", "difference", "low", "high", "p"]
    frame = pd.DataFrame(table, columns=names)
    frame["p_corrected"] = holm(frame.pop("p"))
    return frame.sort_values("difference", ascending=False, kind="stable", ignore_index=True)


# ---------------------------------------------------------------- a product that was not to be had

_STEADY = 4
"""Orders a month from which a product counts as one that sells every month."""
_USED_DAYS = 280


@dataclass(frozen=True)
class StockOuts:
    """Products without a sale for two months or more, and whether those who used them fell silent.

    Attributes
    ----------
    table : DataFrame
        One row a gap: `product_id`, `name`, `first_month`, `months`, `orders_before` a month, `users` (bought it in the nine
        months before), `users_silent`, `others`, `others_silent` (bought other things that are used up, then), `difference`,
        `low`, `high`, `p_corrected`.
    asleep : DataFrame
        `customer_id`, `product_id` of users silent since then, of products whose users fell silent beyond chance.
    """

    table: pd.DataFrame
    asleep: pd.DataFrame

    @property
    def found(self) -> pd.DataFrame:
        """Gaps whose users fell silent more often than others, beyond chance."""
        return self.table[(self.table["p_corrected"] < 0.01) & (self.table["low"] > 0.05)]


def stock_outs(orders: pd.DataFrame, products: pd.DataFrame | None, *, as_of: date) -> StockOuts | Withheld:
    """Look for things that are used up, sold month after month, then not at all, and then again or never.

    Parameters
    ----------
    orders : DataFrame
        With `product_id`, `ordered_at`, `amount_minor`, `customer_id`.
    products : DataFrame or None
        With `product_id`, `class`, and `name` where there is one.
    as_of : date
        The month of the report date does not count: it is not over.
    """
    what = "Products that were not to be had"
    if products is None or "product_id" not in orders or "class" not in products:
        return Withheld(
            what,
            "The data do not say which products are used up.",
            "A product table would show whether a stock-out sent customers away.",
        )
    used_up = set(products.loc[products["class"].astype("str").str.lower().eq("consumable"), "product_id"])
    sold = orders[(orders["amount_minor"] > 0) & orders["product_id"].isin(used_up)]
    sold = sold[sold["ordered_at"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    if sold.empty:
        return Withheld(what, "Nothing that is used up was sold.")
    month = sold["ordered_at"].dt.year * 12 + sold["ordered_at"].dt.month - 1
    end = as_of.year * 12 + as_of.month - 1
    start = int(month.min()) + 1
    counts = pd.crosstab(sold["product_id"], month).reindex(columns=range(start, end), fill_value=0)
    last_day = orders.loc[orders["amount_minor"] > 0].groupby("customer_id")["ordered_at"].max()
    rows, members = [], []
    for product, series in counts.iterrows():
        for first, months in _gaps(series.to_numpy()):
            began = pd.Timestamp(year=(start + first) // 12, month=(start + first) % 12 + 1, day=1)
            before = sold[(sold["ordered_at"] < began) & (sold["ordered_at"] >= began - pd.Timedelta(days=_USED_DAYS))]
            users = set(before.loc[before["product_id"] == product, "customer_id"])
            others = set(before["customer_id"]) - users
            if min(len(users), len(others)) < LEAST:
                continue
            until = began + pd.DateOffset(months=int(months))
            a, b = (np.array([last_day[one] < until for one in sorted(group)], dtype=float) for group in (users, others))
            effect = compare(a, b)
            gap = difference_of_shares(int(a.sum()), len(a), int(b.sum()), len(b))
            rows.append(
                (
                    product,
                    began,
                    int(months),
                    float(series.to_numpy()[:first].mean()),
                    len(a),
                    int(a.sum()),
                    len(b),
                    int(b.sum()),
                    gap.value,
                    gap.low,
                    gap.high,
                    effect.p_value,
                )
            )
            silent = [one for one in sorted(users) if last_day[one] < until]
            members.append(pd.DataFrame({"customer_id": silent, "product_id": product}))
    names = [
        "product_id",
        "first_month",
        "months",
        "orders_before",
        "users",
        "users_silent",
        "others",
        "others_silent",
        "difference",
        "low",
        "high",
        "p",
    ]
    table = pd.DataFrame(rows, columns=names)
    table["p_corrected"] = holm(table.pop("p")) if len(table) else []
    titles = products.drop_duplicates("product_id").set_index("product_id")["name"] if "name" in products else None
    table.insert(
        1, "name", table["product_id"] if titles is None else table["product_id"].map(titles).fillna(table["product_id"])
    )
    result = StockOuts(
        table.sort_values("difference", ascending=False, kind="stable", ignore_index=True),
        pd.DataFrame(columns=["customer_id", "product_id"]),
    )
    kept = [part for part in members if part["product_id"].iloc[:1].isin(result.found["product_id"]).all() and len(part)]
    asleep = pd.concat(kept, ignore_index=True).drop_duplicates("customer_id") if kept else result.asleep
    return StockOuts(result.table, asleep)


def _gaps(counts: np.ndarray) -> list[tuple[int, int]]:
    """Runs of two empty months or more, after half a year of at least `_STEADY` orders a month on average: (place, months)."""
    found, place = [], 0
    while place < len(counts):
        if counts[place]:
            place += 1
            continue
        end = place
        while end < len(counts) and not counts[end]:
            end += 1
        if end - place >= 2 and place >= 6 and counts[max(place - 6, 0) : place].mean() >= _STEADY:
            found.append((place, end - place))
        place = end
    return found
