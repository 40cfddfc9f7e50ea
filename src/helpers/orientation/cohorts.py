"""What new customers are worth: by the route that brought them, in their first months, over some years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.orientation.measures import MIN_CUSTOMERS, Period, Periods, has_margins, known_before
from helpers.stats.intervals import Estimate, difference_of_means, wilson
from helpers.stats.sampling import weighted_mean
from helpers.withheld import Withheld

RESAMPLES = 1000
OTHERS = "all other routes"


def newcomers(orders: pd.DataFrame, *, period: Period, months: int) -> pd.Series:
    """The new customers of a period, with the day on which they first bought in it.

    Parameters
    ----------
    orders : DataFrame
    period : Period
    months : int
        Who bought in so many months before is not new. Somebody who was a
        customer longer ago counts as new again.

    Returns
    -------
    Series of datetime64, indexed by customer_id
    """
    sales = orders[period.holds(orders["ordered_at"]) & (orders["amount_minor"] > 0)]
    first = sales["ordered_at"].dt.normalize().groupby(sales["customer_id"]).min()
    return first[~first.index.isin(known_before(orders, period=period, months=months))]


def by_route(
    orders: pd.DataFrame, customers: pd.DataFrame | None, *, periods: Periods | Withheld
) -> pd.DataFrame | Withheld:
    """New customers of both periods by the route that brought them, and what each cost to win.

    Parameters
    ----------
    orders : DataFrame
    customers : DataFrame or None
        `customer_id`, `acquisition_route`; `acquisition_cost_minor` where known.
    periods : Periods

    Returns
    -------
    DataFrame, the route that grew most first
        `route`, `new_before`, `new_after`, `change`; and where costs are known
        `cost_before_minor` and `cost_after_minor`, the mean cost of a new customer
        (missing where a route has none). Or Withheld.
    """
    what = "Which route brought the new customers"
    gain = "With the route and the cost of each customer this would show whether growth was bought, and for how much."
    if isinstance(periods, Withheld):
        return periods
    if not periods.lookback_months:
        return Withheld(what, "The export begins too late to say who is new.", gain)
    if customers is None or "acquisition_route" not in customers or customers["acquisition_route"].isna().all():
        return Withheld(what, "The data have no table of customers with an `acquisition_route`.", gain)
    parts = {}
    for name, period in (("before", periods.last), ("after", periods.this)):
        who = newcomers(orders, period=period, months=periods.lookback_months).index
        route = _routes(customers, who)
        parts[f"new_{name}"] = route.value_counts()
        if "acquisition_cost_minor" in customers and customers["acquisition_cost_minor"].notna().any():
            parts[f"cost_{name}_minor"] = _by_id(customers, "acquisition_cost_minor").reindex(who).astype("float64").groupby(route).mean()
    table = pd.DataFrame(parts)
    counts = ["new_before", "new_after"]
    table[counts] = table[counts].fillna(0).astype("int64")
    table.insert(2, "change", table["new_after"] - table["new_before"])
    table = table.rename_axis("route").reset_index()
    return table.sort_values(["change", "route"], ascending=[False, True], ignore_index=True)


def _by_id(customers: pd.DataFrame, column: str) -> pd.Series:
    return customers.drop_duplicates("customer_id").set_index("customer_id")[column]


def _routes(customers: pd.DataFrame, who: pd.Index) -> pd.Series:
    """The route of each of some customers; "unknown" where there is none."""
    route = _by_id(customers, "acquisition_route").reindex(who)
    return route.where(route.notna() & (route != ""), "unknown").astype("str")


@dataclass(frozen=True)
class FirstMonths:
    """What new customers left in their first days, two groups of them side by side.

    Attributes
    ----------
    days : int
        Days that count, from the first order on. Every customer in it has been seen so long.
    groups : tuple of two str
        The groups that are compared: when they came, or the route that brought them.
    is_margin : bool
        Whether money is margin; else it is revenue.
    knows_cost : bool
        Whether the cost of winning them is taken off.
    table : DataFrame
        One row a group (or a route): `group`, `customers`, and means a customer:
        `first_minor` (first day), `later_minor` (the other days), `cost_minor`,
        `left_minor` with `low_minor` and `high_minor` (95% interval).
    difference : Estimate
        What one of the second group left, less one of the first, in minor units.
    curve : DataFrame
        `day`, `first_minor`, `second_minor`: what was left a customer of each group after so many days.
    came : Period
        When those of this period came, of whom the table speaks.
    """

    days: int
    groups: tuple[str, str]
    is_margin: bool
    knows_cost: bool
    table: pd.DataFrame
    difference: Estimate
    curve: pd.DataFrame
    came: Period

    @property
    def is_by_route(self) -> bool:
        """Whether the groups are routes; else they are periods."""
        return self.groups[0] == OTHERS


def first_months(
    orders: pd.DataFrame,
    customers: pd.DataFrame | None,
    *,
    periods: Periods | Withheld,
    as_of: date,
    days: int = 180,
) -> FirstMonths | Withheld:
    """What a new customer left in the first days, those of the last period beside those of this one.

    Who came in the last `days` days has not been seen long enough and is left
    out; so is who came at the same time of the last period, so that both groups
    came in the same months.

    Parameters
    ----------
    orders : DataFrame
        With `margin_minor` on every line margin counts, else revenue.
    customers : DataFrame or None
        `acquisition_cost_minor` is taken off where it is known of 95 of 100 new customers.
    periods : Periods
    as_of : date
    days : int, default 180

    References
    ----------
    S03: the first order against what the customer becomes. Means: see
    `stats.sampling.weighted_mean`; their difference: Welch (1947).
    """
    what = f"New customers in their first {days} days"
    both = _seen_long_enough(what, periods, as_of, days)
    if isinstance(both, Withheld):
        return both
    cohorts = [newcomers(orders, period=one, months=periods.lookback_months) for one in both]
    if len(min(cohorts, key=len)) < MIN_CUSTOMERS:
        return _too_few(what, [one.label for one in both], cohorts)
    costs = [_costs(customers, first.index) for first in cohorts]
    return _compared(orders, tuple(one.label for one in both), cohorts, costs, days=days, came=both[1])


def first_months_by_route(
    orders: pd.DataFrame,
    customers: pd.DataFrame | None,
    *,
    periods: Periods | Withheld,
    as_of: date,
    days: int = 180,
) -> FirstMonths | Withheld:
    """What a new customer of this period left, by route; the route that grew most beside all others.

    Parameters
    ----------
    As in `first_months`; routes with fewer than 30 new customers have no row of
    their own in the table.
    """
    what = f"New customers by route, in their first {days} days"
    routes = by_route(orders, customers, periods=periods)
    if isinstance(routes, Withheld):
        return Withheld(what, routes.reason, routes.gain)
    both = _seen_long_enough(what, periods, as_of, days)
    if isinstance(both, Withheld):
        return both
    first = newcomers(orders, period=both[1], months=periods.lookback_months)
    route = _routes(customers, first.index)
    top = routes["route"].iloc[0]
    groups, cohorts = (OTHERS, top), [first[route != top], first[route == top]]
    if len(min(cohorts, key=len)) < MIN_CUSTOMERS:
        return _too_few(what, groups, cohorts)
    own = {name: first[route == name] for name in routes["route"] if (route == name).sum() >= MIN_CUSTOMERS}
    costs = [_costs(customers, one.index) for one in cohorts]
    made = _compared(orders, groups, cohorts, costs, days=days, came=both[1])
    single = [_costs(customers, one.index) for one in own.values()] if made.knows_cost else [None] * len(own)
    value = "margin_minor" if made.is_margin else "amount_minor"
    rows = [_summary(name, _watched(orders, one, cost, value, days)) for (name, one), cost in zip(own.items(), single, strict=True)]
    return replace(made, table=pd.DataFrame(rows).sort_values("left_minor", ascending=False, ignore_index=True))


def _seen_long_enough(
    what: str, periods: Periods | Withheld, as_of: date, days: int
) -> tuple[Period, Period] | Withheld:
    """Both periods, cut alike so that everybody who came in them has been seen for so many days."""
    if isinstance(periods, Withheld):
        return periods
    if not periods.lookback_months:
        return Withheld(what, "The export begins too late to say who is new.", "A longer export would show what new customers become.")
    gap = pd.DateOffset(months=_months_between(periods.last.start, periods.this.start))
    # The day after the last one that lies `days` days back, itself counted.
    until = min(pd.Timestamp(periods.this.end), pd.Timestamp(as_of) - pd.Timedelta(days=days - 2))
    if (until.date() - periods.this.start).days < 28:
        return Withheld(
            what,
            f"Of this period too few days lie {days} days or more before the report date, {words.day(as_of)}.",
            "A shorter time to watch them, or a later report date, would show it.",
        )
    return Period(periods.last.start, (until - gap).date()), Period(periods.this.start, until.date())


def _too_few(what: str, names: Sequence[str], cohorts: list[pd.Series]) -> Withheld:
    says = words.listing(f"{words.number(len(one))} ({name})" for name, one in zip(names, cohorts, strict=True))
    return Withheld(what, f"New customers seen long enough: {says}; {MIN_CUSTOMERS} in each group are needed.")


def _compared(
    orders: pd.DataFrame, groups: tuple[str, str], cohorts: list[pd.Series], costs: list[pd.Series | None], *, days: int, came: Period
) -> FirstMonths:
    """Two groups of new customers, watched for so many days."""
    knows_cost = all(cost is not None for cost in costs)
    value = "margin_minor" if has_margins(orders) else "amount_minor"
    watched = [_watched(orders, first, cost if knows_cost else None, value, days) for first, cost in zip(cohorts, costs, strict=True)]
    curve = pd.DataFrame({"day": range(days)})
    for name, first, table in zip(("first_minor", "second_minor"), cohorts, watched, strict=True):
        gained = _by_day(orders, first, value, days).groupby("day")["value"].sum().reindex(range(days), fill_value=0).cumsum()
        curve[name] = gained.to_numpy(dtype=float) / len(first) - (table["cost"].mean() if knows_cost else 0.0)
    return FirstMonths(
        days, groups, value == "margin_minor", knows_cost,
        pd.DataFrame([_summary(name, table) for name, table in zip(groups, watched, strict=True)]),
        difference_of_means(watched[1]["left"], watched[0]["left"]),
        curve, came,
    )  # fmt: skip


def _watched(orders: pd.DataFrame, first: pd.Series, cost: pd.Series | None, value: str, days: int) -> pd.DataFrame:
    """Money of each new customer: `first` day, `later` days, `cost`, and what is `left`."""
    by_day = _by_day(orders, first, value, days)

    def total(lines: pd.DataFrame) -> pd.Series:
        return lines.groupby("customer_id")["value"].sum().reindex(first.index, fill_value=0).astype("float64")

    table = pd.DataFrame({"first": total(by_day[by_day["day"] == 0]), "later": total(by_day[by_day["day"] > 0])})
    table["cost"] = np.nan if cost is None else cost
    table["left"] = table["first"] + table["later"] - (0.0 if cost is None else cost)
    return table


def _summary(group: str, watched: pd.DataFrame) -> dict[str, object]:
    left = weighted_mean(watched["left"])
    means = {f"{name}_minor": watched[name].mean() for name in ("first", "later", "cost")}
    return {"group": group, "customers": len(watched), **means, "left_minor": left.mean, "low_minor": left.low, "high_minor": left.high}


def _months_between(first: date, second: date) -> int:
    return (second.year - first.year) * 12 + second.month - first.month


def _by_day(orders: pd.DataFrame, first: pd.Series, value: str, days: int) -> pd.DataFrame:
    """The lines of a cohort in their first days: `customer_id`, `day` (0 is the first), `value`."""
    lines = orders[orders["customer_id"].isin(first.index)]
    since = (lines["ordered_at"].dt.normalize() - lines["customer_id"].map(first)).dt.days
    table = pd.DataFrame({"customer_id": lines["customer_id"], "day": since, "value": lines[value].astype("int64")})
    return table[(since >= 0) & (since < days)]


def _costs(customers: pd.DataFrame | None, who: pd.Index) -> pd.Series | None:
    """What each customer cost to win; None where it is not known of nearly all."""
    if customers is None or "acquisition_cost_minor" not in customers:
        return None
    cost = _by_id(customers, "acquisition_cost_minor").reindex(who).astype("float64")
    return cost.fillna(cost.mean()) if cost.notna().mean() >= 0.95 else None


# ---------------------------------------------------------------- over some years


def customer_equity(yearly: float, *, retention: float, discount: float = 0.1, years: int = 5) -> float:
    """What a customer is worth over some years, in today's money.

    Parameters
    ----------
    yearly : float
        Margin of a year in which the customer buys, in any unit.
    retention : float
        Share of customers who buy again in the next year, from 0 to 1.
    discount : float, default 0.1
        What a year of waiting costs: money in a year is worth 1 / 1.1 of money now.
    years : int, default 5
        The first year counts in full.

    Returns
    -------
    float
        yearly x (1 + q + q² + ...) for `years` terms, q = retention / (1 + discount).

    Raises
    ------
    DataError
        If retention is no share, the discount is negative, or there is no year.

    References
    ----------
    S03. Discount and years are our choice, for the source has none.

    Examples
    --------
    >>> customer_equity(100, retention=0.5, discount=0, years=3)
    175.0
    """
    if not 0 <= retention <= 1:
        raise DataError(f"The retention is {retention:g}. Give a share from 0 to 1.")
    if discount < 0 or years < 1:
        raise DataError(f"With a discount of {discount:g} and {years} years nothing can be added up. Use 0 or more, and 1 year or more.")
    return float(yearly * sum((retention / (1 + discount)) ** year for year in range(years)))


@dataclass(frozen=True)
class Equity:
    """What those who came in the last period are worth, as an estimate.

    Attributes
    ----------
    came : Period
    customers : int
    is_margin : bool
    cost_minor : float or None
        Mean cost of winning one.
    first_minor, second_minor : float
        Mean money of one in the year of coming and in the year after: facts.
    retention : Estimate
        Share of old customers who came back in this period.
    value : Estimate
        Worth of one over `years` years before the cost of winning, if later
        years shrink by that share.
    years : int
    discount : float
    """

    came: Period
    customers: int
    is_margin: bool
    cost_minor: float | None
    first_minor: float
    second_minor: float
    retention: Estimate
    value: Estimate
    years: int
    discount: float


def equity_of_newcomers(
    orders: pd.DataFrame,
    customers: pd.DataFrame | None,
    *,
    periods: Periods | Withheld,
    years: int = 5,
    discount: float = 0.1,
    seed: int = 0,
    level: float = 0.95,
) -> Equity | Withheld:
    """The value of the customers won in the last period, as a stock that shrinks and is used.

    The year of coming and the year after have been seen. Each further year
    brings what the year after brought, less those who stay away: the share of
    old customers who came back in this period is taken for every later year.
    That is an assumption, and the interval knows only the luck of who was there.

    Parameters
    ----------
    orders : DataFrame
    customers : DataFrame or None
    periods : Periods
        Two whole years, one after the other.
    years : int, default 5
    discount : float, default 0.1
    seed : int
        Of the resampling.
    level : float, default 0.95

    References
    ----------
    S03. Interval: percentiles of 1,000 resamples of customers (Efron, 1979),
    with the share drawn from its own count.
    """
    if isinstance(periods, Withheld):
        return periods
    what = "What a new customer is worth"
    if periods.months != 12 or periods.last.end != periods.this.start or not periods.lookback_months:
        return Withheld(
            what,
            "It needs two whole years of orders, and some months before them to tell new customers from old ones.",
            "With three years this would show what a customer becomes.",
        )
    came = newcomers(orders, period=periods.last, months=periods.lookback_months)
    known = known_before(orders, period=periods.this, months=periods.lookback_months)
    if min(len(came), len(known)) < MIN_CUSTOMERS:
        return Withheld(what, f"{words.count(len(came), 'new customer')} came in {periods.last.label}; {MIN_CUSTOMERS} are needed.")
    value = "margin_minor" if has_margins(orders) else "amount_minor"
    first, second = (
        orders[period.holds(orders["ordered_at"])].groupby("customer_id")[value].sum().reindex(came.index, fill_value=0).to_numpy(dtype=float)
        for period in (periods.last, periods.this)
    )
    sales = orders[periods.this.holds(orders["ordered_at"]) & (orders["amount_minor"] > 0)]
    back = int(known.isin(sales["customer_id"].unique()).sum())
    cost = _costs(customers, came.index)

    return Equity(
        periods.last, len(came), value == "margin_minor", None if cost is None else float(cost.mean()),
        float(first.mean()), float(second.mean()), wilson(back, len(known), level=level),
        worth(first, second, back=back, known=len(known), years=years, discount=discount, seed=seed, level=level),
        years, discount,
    )  # fmt: skip


def worth(
    first: np.ndarray,
    second: np.ndarray,
    *,
    back: int,
    known: int,
    years: int = 5,
    discount: float = 0.1,
    seed: int = 0,
    level: float = 0.95,
) -> Estimate:
    """What one customer of a group is worth over some years, with its interval.

    Parameters
    ----------
    first, second : ndarray of float, shape (n,)
        Money of each customer in the year of coming, and in the year after.
    back, known : int
        How many of how many old customers came back: every year after the
        second brings that share of the year before it.
    years, discount, seed, level
        As in `equity_of_newcomers`.

    Returns
    -------
    Estimate
        In the unit of the money. See `customer_equity` for the sum.
    """

    def value(one, two, share):
        later = sum((share / (1 + discount)) ** year for year in range(years - 1))
        return one + two * later / (1 + discount)

    n = len(first)
    dice = np.random.default_rng(seed)
    # A few resamples at a time, so that a large company needs no more memory than a small one.
    at_once = max(1, 100_000 // n)
    means = []
    for begin in range(0, RESAMPLES, at_once):
        drawn = dice.integers(n, size=(min(at_once, RESAMPLES - begin), n))
        means.append([np.take(first, drawn).mean(axis=1), np.take(second, drawn).mean(axis=1)])
    one, two = np.concatenate(means, axis=1)
    shares = dice.binomial(known, back / known, size=RESAMPLES) / known
    low, high = np.quantile(value(one, two, shares), [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(value(first.mean(), second.mean(), back / known)), float(low), float(high), level)
