"""What the cases of churn calculate beyond the lessons. Money in yuan."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.churn.case_worlds import App, Cards, Milk, Plan, Trust, Writers
from helpers.stats.intervals import Estimate, difference_of_shares

# ---------------------------------------------------------------- C01


def households(milk: Milk, *, more_won: float = 0, fewer_lost: float = 0.0, years: int | None = None) -> np.ndarray:
    """Households at the end of each year, today first: each year a share leaves, and then as many are won."""
    numbers = [float(milk.served)]
    for _ in range(milk.years if years is None else years):
        numbers.append(numbers[-1] * (1 - milk.churn + fewer_lost) + milk.won + more_won)
    return np.array(numbers)


def settles_at(won: float, churn: float) -> float:
    """Where a bucket settles: as many run out as come in.

    >>> settles_at(1000, 0.2), settles_at(1000, 0.1)
    (5000.0, 10000.0)
    """
    return won / churn


def basket_like_a_picker(milk: Milk) -> float:
    """How many of 100 the basket must keep to settle where the picker settles."""
    return 100 * milk.churn * milk.more_won / (milk.won + milk.more_won)


def money_of(milk: Milk, way: str) -> float:
    """What a picker or a basket leaves in all the years, beyond doing neither."""
    extra = {"picker": {"more_won": milk.more_won}, "basket": {"fewer_lost": milk.fewer_lost}}[way]
    more = households(milk, **extra)[1:] - households(milk)[1:]
    return float(more.sum() * milk.margin - milk.cost * milk.years)


def better_way(milk: Milk) -> str:
    """"picker", "basket", or "neither" where both cost more than they bring."""
    left = {way: money_of(milk, way) for way in ("picker", "basket")}
    best = max(left, key=left.get)
    return best if left[best] > 0 else "neither"


# ---------------------------------------------------------------- C26


def per_writer_kept(writers: Writers) -> pd.Series:
    """By benefit: what it costs for each writer who stays because of it."""
    table = writers.benefits.set_index("benefit")
    return 100 * table["cost"] / table["stay"]


def plan_of(writers: Writers, way: str) -> list[str]:
    """Three benefits: the `cheapest` for each writer kept, the most `liked` (mean rank), or the `dearest`."""
    if way == "liked":
        return writers.ranks.mean().sort_values(kind="stable").index[:3].tolist()
    order = per_writer_kept(writers).sort_values(kind="stable", ascending=way == "cheapest") if way == "cheapest" else None
    if way == "cheapest":
        return order.index[:3].tolist()
    return writers.benefits.sort_values("cost", ascending=False, kind="stable")["benefit"].head(3).tolist()


def kept_by(writers: Writers, chosen: list[str]) -> tuple[float, float]:
    """Writers kept in a year by a plan, and its cost, where the effects add up and the budget sets the number of writers in it."""
    own = writers.benefits[writers.benefits["benefit"].isin(chosen)]
    each = float(own["cost"].sum())
    number = min(writers.best, writers.budget / each)
    return number * float(own["stay"].sum()) / 100, number * each


def best_plan(writers: Writers) -> str:
    """Which of the three ways of choosing keeps most writers within the budget."""
    kept = {way: kept_by(writers, plan_of(writers, way))[0] for way in ("cheapest", "liked", "dearest")}
    return max(kept, key=kept.get)


def readers_moved(writers: Writers) -> float:
    """Readers a day whom the seventh benefit takes from each of the other writers."""
    return writers.readers * (writers.front_share - writers.fair_share) / writers.others


# ---------------------------------------------------------------- C45


def active_by_categories(app: App) -> pd.Series:
    """Share still active after a year, by categories, all users together."""
    own = app.users.assign(still=app.users["users"] * app.users["active"])
    sums = own.groupby("categories")[["still", "users"]].sum()
    return sums["still"] / sums["users"]


def like_with_like(app: App) -> float:
    """Of 100, how many more of those with four and more categories stay active than of those with one, among users who visit as often."""
    table = app.users.pivot(index="visits", columns="categories", values="active")
    weight = app.users.groupby("visits")["users"].sum()
    return float(100 * ((table[3] - table[1]) * weight).sum() / weight.sum())


def by_lot(app: App) -> Estimate:
    """Of users given a category by lot, how many more were active: a difference of shares."""
    return difference_of_shares(app.active_with, app.asked, app.active_without, app.asked)


def broadening_leaves(app: App, *, effect: float | None = None) -> float:
    """What a wider range leaves in a year, for all users, by an effect (share); by default that of the lot."""
    share = by_lot(app).value if effect is None else effect
    return app.all_users * (share * app.margin - app.voucher) - app.range_cost


def app_choice(app: App) -> str:
    """"broaden" if even the low end of the interval pays, "stay" if even the high end does not, else "try"."""
    found = by_lot(app)
    if broadening_leaves(app, effect=found.low) > 0:
        return "broaden"
    return "stay" if broadening_leaves(app, effect=found.high) < 0 else "try"


# ---------------------------------------------------------------- the short ones


@dataclass(frozen=True)
class Leads:
    """Which goes first: correlations of what was there with what changed afterwards."""

    heart_to_purse: float
    purse_to_heart: float

    @property
    def first(self) -> str:
        """"heart", "purse" or "neither": where the one correlation is larger by 0.2 and above 0.2."""
        if max(self.heart_to_purse, self.purse_to_heart) < 0.2 or abs(self.heart_to_purse - self.purse_to_heart) < 0.2:
            return "neither"
        return "heart" if self.heart_to_purse > self.purse_to_heart else "purse"


def which_leads(trust: Trust) -> Leads:
    """Trust with the change of spending, and spending with the change of trust."""
    one = trust.people
    return Leads(
        float(one["trust"].corr(one["spend_later"] - one["spend"])), float(one["spend"].corr(one["trust_later"] - one["trust"]))
    )


def spend_more(trust: Trust) -> float:
    """Yuan that those who trust most (7 and more) spend more than those who trust least (5 and less), in the same year."""
    one = trust.people
    return float(one.loc[one["trust"] >= 7, "spend"].mean() - one.loc[one["trust"] <= 5, "spend"].mean())


def closures(cards: Cards) -> pd.DataFrame:
    """Closed of 1,000, by years and bills."""
    table = cards.table.assign(of_1000=1000 * cards.table["closed"] / cards.table["cards"])
    return table.pivot(index="years", columns="bills", values="of_1000")


def times_harder(cards: Cards) -> float:
    """How many times as often a card without bills is closed as one with three, all cards together."""
    sums = cards.table.groupby("bills")[["closed", "cards"]].sum()
    share = sums["closed"] / sums["cards"]
    return float(share[0] / share[3])


def times_harder_alike(cards: Cards) -> float:
    """The same among cards of one age, averaged with the number of cards as weights."""
    table, weight = closures(cards), cards.table.groupby("years")["cards"].sum()
    return float(((table[0] / table[3]) * weight).sum() / weight.sum())


def binds(cards: Cards) -> str:
    """"bills" if most of the factor remains among cards of one age (half or more of it, on the log scale), else "age"."""
    return "bills" if np.log(times_harder_alike(cards)) >= 0.5 * np.log(times_harder(cards)) else "age"


def phone_through_plan(plan: Plan) -> int:
    """What the free telephone costs through the plan, over its months."""
    return plan.months * (plan.with_phone - plan.without)


def still_owed(plan: Plan) -> float:
    """What of the telephone is not paid yet when somebody leaves."""
    return plan.phone * (plan.months - plan.leaves_after) / plan.months


def penalty(plan: Plan) -> int:
    """What is due on leaving."""
    return plan.penalty_months * plan.with_phone


def fair_or_trap(plan: Plan) -> str:
    """"fair" if the penalty asks no more than what of the telephone is still owed, else "trap"."""
    return "fair" if penalty(plan) <= still_owed(plan) else "trap"


def with_penalty(plan: Plan, months: int) -> Plan:
    """The same plan with another penalty."""
    return replace(plan, penalty_months=months)
