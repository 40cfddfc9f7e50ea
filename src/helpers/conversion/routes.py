"""Two routes to a customer: the company goes out, or people come in. Compared raw, and like with like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy import special

from helpers.conversion.grades import follow_up_class
from helpers.stats.intervals import Estimate, difference_of_shares, wilson
from helpers.withheld import Withheld

ROUTES = ("outbound", "inbound")
MIN_OF_A_ROUTE = 50
MIN_BUYERS = 20
_GAIN = "Prospects with their route would show what a customer costs by either way."


@dataclass(frozen=True)
class Routes:
    """Both routes.

    Attributes
    ----------
    table : DataFrame
        By route: `prospects` (old enough to judge), `ordered`, `rate`, `low`, `high`, `cost_minor` (a prospect, mean),
        `cost_per_customer_minor`, `first_order_minor` (mean of those with a card, missing below `MIN_BUYERS`), `repeat`,
        `repeat_low`, `repeat_high` (ordered on another day within 365 days, of `repeat_of`).
    raw : Estimate
        Inbound less outbound, of all.
    alike : Estimate
        The same among prospects of the same follow-up class and need, weighted as all are.
    """

    table: pd.DataFrame
    raw: Estimate
    alike: Estimate

    @property
    def explained(self) -> float:
        """Share of the raw difference that the sorting of people explains, between 0 and 1; missing without one."""
        if self.raw.value <= 0:
            return float("nan")
        return float(np.clip(1 - self.alike.value / self.raw.value, 0, 1))


def routes(prospects: pd.DataFrame | None, orders: pd.DataFrame, *, as_of: date, ripe_days: int) -> Routes | Withheld:
    """Compare the routes among prospects who entered `ripe_days` ago or earlier and had a first contact.

    Parameters
    ----------
    prospects : DataFrame or None
    orders : DataFrame
        Kept order lines: `customer_id`, `ordered_at`, `amount_minor`.
    as_of : date
    ripe_days : int
        From `funnel.ripe_days`.
    """
    what = "Two routes"
    if prospects is None or not {"route", "visited_on", "converted_on", "refused"} <= set(prospects):
        return Withheld(what, "There is no list of prospects with their route.", _GAIN)
    old = prospects[prospects["entered_on"] <= pd.Timestamp(as_of) - pd.Timedelta(days=ripe_days)]
    parts = {name: old[old["route"] == name] for name in ROUTES}
    if min(map(len, parts.values())) < MIN_OF_A_ROUTE:
        return Withheld(
            what,
            f"Each route needs {MIN_OF_A_ROUTE} prospects old enough to judge; there are {' and '.join(str(len(p)) for p in parts.values())}.",
            _GAIN,
        )
    rows = []
    for name, part in parts.items():
        won = int(part["converted_on"].notna().sum())
        rate = wilson(won, len(part))
        cost = part["cost_minor"].astype(float) if "cost_minor" in part else pd.Series(np.nan, index=part.index)
        first, again, of = _what_they_bought(part, orders, as_of)
        repeat = wilson(again, of) if of >= MIN_BUYERS else Estimate(np.nan, np.nan, np.nan)
        rows.append(
            (
                name,
                len(part),
                won,
                rate.value,
                rate.low,
                rate.high,
                cost.mean(),
                cost.sum() / won if won else np.nan,
                first,
                repeat.value,
                repeat.low,
                repeat.high,
                of,
            )
        )
    columns = [
        "route",
        "prospects",
        "ordered",
        "rate",
        "low",
        "high",
        "cost_minor",
        "cost_per_customer_minor",
        "first_order_minor",
        "repeat",
        "repeat_low",
        "repeat_high",
        "repeat_of",
    ]
    seen = old[old["visited_on"].notna()]
    out, into = (seen[seen["route"] == name]["converted_on"].notna() for name in ROUTES)
    raw = difference_of_shares(int(into.sum()), len(into), int(out.sum()), len(out))
    return Routes(pd.DataFrame(rows, columns=columns), raw, _alike(seen))


def _alike(seen: pd.DataFrame) -> Estimate:
    """Directly standardised difference over strata that hold both routes."""
    need = seen["need_defined"].fillna(False).astype(bool) if "need_defined" in seen else False
    stratum = (
        follow_up_class(seen)
        + "|"
        + pd.Series(need, index=seen.index).astype("str")
        + "|"
        + (seen["interest"].fillna("").astype("str"))
    )
    if "tier" in seen:
        stratum = stratum + "|" + seen["tier"].fillna("").astype("str")
    y, inbound = seen["converted_on"].notna(), seen["route"].eq("inbound")
    value = variance = total = 0.0
    for _, rows in seen.groupby(stratum):
        a, b = (y.loc[rows.index][mask.loc[rows.index]] for mask in (inbound, ~inbound))
        if len(a) < 2 or len(b) < 2:
            continue
        # One added to both outcomes keeps a variance where all or none ordered.
        spread = sum((s.sum() + 1) / (len(s) + 2) * (1 - (s.sum() + 1) / (len(s) + 2)) / len(s) for s in (a, b))
        value, variance, total = (
            value + len(rows) * (a.mean() - b.mean()),
            variance + len(rows) ** 2 * spread,
            total + len(rows),
        )
    if not total:
        return Estimate(np.nan, np.nan, np.nan)
    half = special.ndtri(0.975) * np.sqrt(variance) / total
    return Estimate(value / total, value / total - half, value / total + half)


def _what_they_bought(part: pd.DataFrame, orders: pd.DataFrame, as_of: date) -> tuple[float, int, int]:
    """Mean money of the first day, and how many of those a year old ordered again within it."""
    if "customer_id" not in part:
        return float("nan"), 0, 0
    ids = part.loc[part["customer_id"].fillna("").ne(""), "customer_id"]
    lines = orders[orders["customer_id"].isin(ids)]
    days = (
        lines.assign(day=lines["ordered_at"].dt.normalize()).groupby(["customer_id", "day"])["amount_minor"].sum().reset_index()
    )
    first = days.groupby("customer_id")["day"].transform("min")
    value = days.loc[days["day"].eq(first), "amount_minor"]
    year = pd.Timedelta(days=365)
    old = days[first <= pd.Timestamp(as_of) - year]
    later = old[(old["day"] > first.loc[old.index]) & (old["day"] <= first.loc[old.index] + year)]
    mean = float(value.mean()) if len(value) >= MIN_BUYERS else float("nan")
    return mean, later["customer_id"].nunique(), old["customer_id"].nunique()


def worth_of_a_customer(
    prospects: pd.DataFrame | None, orders: pd.DataFrame, *, as_of: date, days: int = 90, draws: int = 400, seed: int = 1
) -> Estimate | Withheld:
    """What a won prospect brought in the first days, in minor units: margin where the lines have one, else revenue.

    Returns
    -------
    Estimate or Withheld
        Mean with a percentile bootstrap over customers. Of customers won `days` ago or earlier.
    """
    if prospects is None or "customer_id" not in prospects or "converted_on" not in prospects:
        return Withheld("What a won prospect brings", "No prospect is linked to a customer.", _GAIN)
    won = prospects[
        prospects["customer_id"].fillna("").ne("")
        & (prospects["converted_on"] <= pd.Timestamp(as_of) - pd.Timedelta(days=days))
    ]
    if len(won) < MIN_BUYERS:
        return Withheld(
            "What a won prospect brings",
            f"It needs {MIN_BUYERS} won prospects with a customer number, {days} days old; there are {len(won)}.",
            _GAIN,
        )
    name = "margin_minor" if "margin_minor" in orders and orders["margin_minor"].notna().any() else "amount_minor"
    since = orders["customer_id"].map(won.drop_duplicates("customer_id").set_index("customer_id")["converted_on"])
    lines = orders[(orders["ordered_at"] >= since) & (orders["ordered_at"] < since + pd.Timedelta(days=days + 1))]
    each = (
        lines.groupby("customer_id")[name].sum().astype(float).reindex(won["customer_id"].unique(), fill_value=0.0).to_numpy()
    )
    lot = np.random.default_rng(seed)
    means = [each[lot.integers(0, len(each), len(each))].mean() for _ in range(draws)]
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(float(each.mean()), float(low), float(high))
