"""The business as a formula: what it gives, how it is read, and what moved it between two periods.

Money is in minor units. An order is a day on which a customer bought: two
receipts of one afternoon are one order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.stats.intervals import Estimate, difference_of_means, difference_of_shares
from helpers.withheld import Withheld

FORMS = {
    "offline": ("traffic", "close_rate", "order_value", "repeat_rate", "referral_rate", "margin_rate"),
    "online": ("page_views", "conversion_rate", "order_value", "repeat_rate", "margin_rate"),
}
"""The factors of the formula, as the source lists them: six in a shop, five online."""
READINGS = ("first orders", "literal", "multipliers")
_ADDED = ("repeat_rate", "referral_rate")  # what comes on top of a first order
_SHARES = ("close_rate", "conversion_rate", "margin_rate")

SHORTEST = 3
"""Complete months in a period, below which one good week decides."""
MIN_CUSTOMERS = 30
"""Customers in a group, below which two groups are not compared."""
LARGE = 0.05
"""A loss below this share of the last period's revenue is an ordinary up and down. Our choice."""


# ---------------------------------------------------------------- the formula


def performance(factors: Mapping[str, float], *, reading: str = "multipliers") -> float:
    """Gross profit by the performance formula.

    Parameters
    ----------
    factors : mapping of factor to number
        The six of `FORMS["offline"]` or the five of `FORMS["online"]`; money in
        any unit, rates as fractions of 1.
    reading : {"multipliers", "literal", "first orders"}
        "literal" multiplies by the repeat rate and the referral rate as they
        stand. "multipliers" takes them as what comes on top: of 100 customers
        30 buy again, so there are 130 orders, a factor of 1.3. "first orders"
        leaves them out.

    Returns
    -------
    float
        In the unit of `order_value`.

    Raises
    ------
    DataError
        If the factors are not those of one form, one is negative, or a share is above 1.

    References
    ----------
    S123 and S124; the second reading is ours (honest note N17).

    Examples
    --------
    >>> shop = {"traffic": 10_000, "close_rate": 0.05, "order_value": 200,
    ...         "repeat_rate": 0.3, "referral_rate": 0.1, "margin_rate": 0.4}
    >>> [round(performance(shop, reading=name)) for name in READINGS]
    [40000, 1200, 57200]
    """
    if reading not in READINGS:
        raise DataError(f"There is no reading {reading!r}. Use one of {', '.join(READINGS)}.")
    form_of(factors)
    result = 1.0
    for name, value in factors.items():
        if name in _ADDED:
            value = {"literal": value, "multipliers": 1 + value, "first orders": 1.0}[reading]
        result *= value
    return result


def form_of(factors: Mapping[str, float]) -> str:
    """Whether factors are those of the formula "offline" or "online", and can be what they say.

    Raises
    ------
    DataError
        If they are neither, one is negative, or a share is above 1.
    """
    form = next((form for form, names in FORMS.items() if set(names) == set(factors)), "")
    if not form:
        known = "; ".join(f"{form}: {', '.join(names)}" for form, names in FORMS.items())
        raise DataError(f"These factors are those of no formula: {', '.join(factors)}. The formulas: {known}.")
    for name, value in factors.items():
        if not value >= 0 or (name in _SHARES and value > 1):
            limits = "from 0 to 1, as a fraction" if name in _SHARES else "0 or more"
            raise DataError(f"The factor {name} is {value:g}. It should be {limits}.")
    return form


def levers(factors: Mapping[str, float], *, change: float = 0.1, reading: str = "multipliers") -> pd.DataFrame:
    """What each factor is worth when it alone grows by a share, and what all of them are worth together.

    Parameters
    ----------
    factors : mapping of factor to number
        As in `performance`.
    change : float, default 0.1
        A tenth more of each.

    Returns
    -------
    DataFrame
        `factor` (the last is "all"), `effect`: the change of the result as a fraction of 1.
    """
    before = performance(factors, reading=reading)
    if before == 0:
        raise DataError("The result is 0, so no factor can raise it by a share. Give every factor a value above 0.")
    grown = {name: {**factors, name: value * (1 + change)} for name, value in factors.items()}
    grown["all"] = {name: value * (1 + change) for name, value in factors.items()}
    rows = [(name, performance(_capped(after), reading=reading) / before - 1) for name, after in grown.items()]
    return pd.DataFrame(rows, columns=["factor", "effect"])


def _capped(factors: Mapping[str, float]) -> dict[str, float]:
    """A share that grew past 1 stays at 1: more than every visitor cannot buy."""
    return {name: min(value, 1.0) if name in _SHARES else value for name, value in factors.items()}


# ---------------------------------------------------------------- periods


@dataclass(frozen=True)
class Period:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date

    @property
    def label(self) -> str:
        """Jun 2024 to May 2025."""
        first, last = pd.Timestamp(self.start), pd.Timestamp(self.end) - pd.Timedelta(days=1)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first:%b %Y}"
        return f"{first:%b} to {last:%b %Y}" if first.year == last.year else f"{first:%b %Y} to {last:%b %Y}"

    def holds(self, days: pd.Series) -> pd.Series:
        """Which of some times lie in it."""
        return (days >= pd.Timestamp(self.start)) & (days < pd.Timestamp(self.end))


@dataclass(frozen=True)
class Periods:
    """The two periods that are compared.

    Attributes
    ----------
    last, this : Period
        Complete months, as many in each.
    earlier : tuple of Period
        Complete periods of the same length before `last`, the newest first.
    months : int
        Months in each.
    lookback_months : int
        Whoever bought in so many months before a period is an old customer in
        it. The same for both; 0 where the export begins too late to say.
    same_season : bool
        Whether both are the same months of the year.
    """

    last: Period
    this: Period
    earlier: tuple[Period, ...]
    months: int
    lookback_months: int
    same_season: bool


def comparison_periods(first_day: date, as_of: date, *, months: int = 12) -> Periods | Withheld:
    """The latest complete months, and as many earlier ones to compare them with.

    A month that `as_of` cuts short is left out. The earlier period is the same
    months a year before. Where the export is too short for that, fewer months
    are taken, and at last the months just before: `same_season` says so.

    Parameters
    ----------
    first_day : date
        First order day of the export.
    as_of : date
    months : int, default 12
        Most months in each period.
    """
    end = (pd.Timestamp(as_of) + pd.Timedelta(days=1)).to_period("M")
    first = pd.Timestamp(first_day).to_period("M")
    # An export that begins on the 2nd or 3rd may have been quiet on the first days.
    first = first if pd.Timestamp(first_day).day <= 3 else first + 1
    complete = max((end - first).n, 0)
    shorter = max(min(months, complete - 12), 0)
    tries = [(months, 12), (shorter, 12)] + [(n, n) for n in sorted({min(months, 6), min(months, SHORTEST)}, reverse=True)]
    for length, back in tries:
        if length >= min(months, SHORTEST) and length >= 1 and complete >= back + length:
            break
    else:
        return Withheld(
            "This period against the last",
            f"Two periods of {words.count(min(months, SHORTEST), 'complete month')} are needed; the orders from "
            f"{words.day(first_day)} to {words.day(as_of)} have {words.count(complete, 'complete month')}.",
            "A longer export, best of three years, would show which factor moved revenue, and whether old or new customers did.",
        )
    spare = complete - back - length
    earlier = tuple(
        _period(end - back - place * back, length) for place in range(1, complete) if complete >= back * (place + 1) + length
    )
    return Periods(
        last=_period(end - back, length),
        this=_period(end, length),
        earlier=earlier,
        months=length,
        lookback_months=min(12, spare) if spare >= SHORTEST else 0,
        same_season=back == 12,
    )


def _period(end: pd.Period, months: int) -> Period:
    return Period((end - months).to_timestamp().date(), end.to_timestamp().date())


# ---------------------------------------------------------------- the formula in an order file


def numbers_of(orders: pd.DataFrame, *, period: Period) -> dict[str, float]:
    """What a period consists of.

    Parameters
    ----------
    orders : DataFrame
        Order lines with `customer_id`, `ordered_at`, `amount_minor`; `margin_minor` where known.
    period : Period

    Returns
    -------
    dict
        `net_minor` (after returns), `buyers` (customers with a sale), `orders`
        (days on which one of them bought), `orders_each`, `order_value_minor`
        (net money an order), and `margin_minor` and `margin_rate` where every
        line has a margin. Counts and their quotients are facts.
    """
    lines = orders[period.holds(orders["ordered_at"])]
    days = _order_days(lines)
    found = {
        "net_minor": int(lines["amount_minor"].sum()),
        "buyers": days["customer_id"].nunique(),
        "orders": len(days),
    }
    found["orders_each"] = found["orders"] / found["buyers"] if found["buyers"] else np.nan
    found["order_value_minor"] = found["net_minor"] / found["orders"] if found["orders"] else np.nan
    if has_margins(orders):
        found["margin_minor"] = int(lines["margin_minor"].sum())
        found["margin_rate"] = found["margin_minor"] / found["net_minor"] if found["net_minor"] else np.nan
    return found


def has_margins(orders: pd.DataFrame) -> bool:
    """Whether every order line has a margin; with some missing, sums would be too small."""
    return "margin_minor" in orders and bool(len(orders)) and not orders["margin_minor"].isna().any()


def period_table(orders: pd.DataFrame, *, periods: Periods | Withheld) -> pd.DataFrame | Withheld:
    """The figures of every complete period of the export, the oldest first.

    Returns
    -------
    DataFrame
        `period` (its label) and the columns of `numbers_of`. The last two rows
        are those that are compared; they have `old_minor` and `new_minor`, the net
        money of old and of new customers, where the look-back allows it (else missing).
    """
    if isinstance(periods, Withheld):
        return periods
    rows = []
    for period in (*reversed(periods.earlier), periods.last, periods.this):
        row = {"period": period.label, **numbers_of(orders, period=period)}
        if periods.lookback_months and period in (periods.last, periods.this):
            parts = _parts(orders, period, periods.lookback_months)
            row |= {f"{part}_minor": parts[part]["net_minor"] for part in ("old", "new")}
        rows.append(row)
    table = pd.DataFrame(rows)
    for column in ("old_minor", "new_minor"):
        table[column] = table[column].astype("Int64") if column in table else pd.array([pd.NA] * len(table), dtype="Int64")
    return table


# ---------------------------------------------------------------- what moved it


def log_mean(a: float, b: float) -> float:
    """The logarithmic mean of two positive numbers: between the geometric and the arithmetic mean.

    Examples
    --------
    >>> log_mean(5, 5), round(log_mean(1, np.e), 6)
    (5.0, 1.718282)
    """
    if a == b:
        return float(a)
    # log1p keeps the digits where the two are nearly the same; seen from the smaller, it has no end to fall off.
    small, gap = min(a, b), abs(a - b)
    return float(gap / np.log1p(gap / small))


def shares_of_change(before: Sequence[float], after: Sequence[float]) -> np.ndarray:
    """How much of the change of a product each of its factors brought; together exactly the change.

    As if every factor had grown evenly from one value to the other, all at the
    same time. So no factor comes first, and none takes what two did together.

    Parameters
    ----------
    before, after : sequences of positive numbers
        The factors of the product, in the same order.

    Returns
    -------
    ndarray of float
        One effect for each factor, in the unit of the product.

    Raises
    ------
    DataError
        If a factor is zero or negative: then there is no steady way from one value to the other.

    References
    ----------
    Logarithmic mean Divisia index, additive form (LMDI-I): Ang (2005), Energy
    Policy 33, 867-871. Test values: the package LMDIR (Heun, 2019).

    Examples
    --------
    Buyers double, the order value stays: all of the change is theirs.

    >>> [float(round(effect, 6)) for effect in shares_of_change([100, 10], [200, 10])]
    [1000.0, 0.0]
    """
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if not (np.all(before > 0) and np.all(after > 0)):
        raise DataError("A factor is zero or negative, so its share of the change is not defined. Leave such a part out.")
    return log_mean(float(np.prod(after)), float(np.prod(before))) * np.log(after / before)


def one_at_a_time(before: Sequence[float], after: Sequence[float]) -> tuple[np.ndarray, float]:
    """The change if one factor alone had changed, for each of them; and what is left over.

    Returns
    -------
    effects : ndarray of float
    left_over : float
        The change less the sum of the effects: what factors did together, which belongs to none of them.
    """
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    alone = np.where(np.eye(len(before), dtype=bool), after, before).prod(axis=1) - before.prod()
    return alone, float(after.prod() - before.prod() - alone.sum())


# Which factors a decomposition has, by the part of the company that they describe.
_STEPS = {
    "orders": {"all": ("buyers", "orders_each", "order_value_minor")},
    "margin": {"all": ("buyers", "orders_each", "order_value_minor", "margin_rate")},
    "old and new": {
        "new": ("buyers", "orders_each", "order_value_minor"),
        "old": ("known", "share_back", "orders_each", "order_value_minor"),
    },
}
WAYS = tuple(_STEPS)
NAMES = {
    ("all", "buyers"): "customers who bought",
    ("all", "orders_each"): "orders each",
    ("all", "order_value_minor"): "order value",
    ("all", "margin_rate"): "margin rate",
    ("new", "buyers"): "new customers",
    ("new", "orders_each"): "new: orders each",
    ("new", "order_value_minor"): "new: order value",
    ("old", "known"): "old: number before",
    ("old", "share_back"): "old: came back",
    ("old", "orders_each"): "old: orders each",
    ("old", "order_value_minor"): "old: order value",
}
"""What a factor of a part is called in figures and tables."""


@dataclass(frozen=True)
class Decomposition:
    """A change between two periods, explained by its factors.

    Attributes
    ----------
    way : str
        One of `WAYS`.
    last, this : Period
    before_minor, after_minor : int
        Net revenue, or gross margin where `way` is "margin": facts.
    steps : DataFrame
        One row a factor: `part` ("all", "new", "old"), `factor`, `before`,
        `after` (the factor's values), `effect_minor`. The effects add up to the
        change, to the last minor unit.
    """

    way: str
    last: Period
    this: Period
    before_minor: int
    after_minor: int
    steps: pd.DataFrame

    @property
    def what(self) -> str:
        """What changed, in words."""
        return "Gross margin" if self.way == "margin" else "Net revenue"

    @property
    def change_minor(self) -> int:
        """The change that is explained."""
        return self.after_minor - self.before_minor

    def effect(self, part: str, *factors: str) -> int:
        """The effects of some factors of a part, added up; of all its factors if none is named."""
        steps = self.steps[self.steps["part"] == part]
        return int(steps.loc[steps["factor"].isin(factors) if factors else slice(None), "effect_minor"].sum())


def decompose(
    orders: pd.DataFrame, *, periods: Periods | Withheld, way: str = "orders", fewest: int = MIN_CUSTOMERS
) -> Decomposition | Withheld:
    """The change between two periods, explained exactly by its factors.

    Parameters
    ----------
    orders : DataFrame
        As in `numbers_of`.
    periods : Periods
        From `comparison_periods`.
    way : {"orders", "margin", "old and new"}
        Revenue as buyers x orders each x order value; gross margin as the same
        times the margin rate; or revenue of old customers (how many there were
        x share that came back x orders each x order value) and of new ones.
        A customer is old in a period who bought in the look-back before it.
    fewest : int, default 30
        Customers who bought in each period, and old ones before it, below which
        the factors say no more than who happened to come.

    Returns
    -------
    Decomposition, or Withheld where periods, margins or look-back are missing,
        customers are few, or a factor is zero or negative.

    Raises
    ------
    DataError
        If there is no such way.

    References
    ----------
    See `shares_of_change`.
    """
    if way not in WAYS:
        raise DataError(f"There is no way {way!r} to explain the change. Use one of {', '.join(WAYS)}.")
    if isinstance(periods, Withheld):
        return periods
    what = {"orders": "What moved revenue", "margin": "What moved the margin", "old and new": "Old and new customers"}[way]
    if way == "margin" and not has_margins(orders):
        return Withheld(what, "The orders have no margin on every line.", "With a `margin` column this would show profit, not only revenue.")
    if way == "old and new" and not periods.lookback_months:
        return Withheld(
            what,
            f"Who is an old customer in {periods.last.label} can only be said with {words.count(SHORTEST, 'month')} of orders "
            "or more before it, and the export has fewer.",
            "A longer export would show whether old customers come back as often as they did.",
        )
    parts = {}
    for name, period in (("before", periods.last), ("after", periods.this)):
        parts[name] = _parts(orders, period, periods.lookback_months) if way == "old and new" else {"all": numbers_of(orders, period=period)}
    for name, period in (("before", periods.last), ("after", periods.this)):
        if why := _too_few(parts[name], period, fewest):
            return Withheld(what, why, "With more customers, or longer periods, this would show which factor moved the result.")
        if why := _no_share(parts[name], way, period):
            return Withheld(what, why, "A part that is empty or below zero has no share of a product.")
    rows = []
    for part, factors in _STEPS[way].items():
        old, new = ([parts[name][part][factor] for factor in factors] for name in ("before", "after"))
        rows += zip([part] * len(factors), factors, old, new, shares_of_change(old, new), strict=True)
    steps = pd.DataFrame(rows, columns=["part", "factor", "before", "after", "effect"])
    total = "margin_minor" if way == "margin" else "net_minor"
    before, after = (sum(one[total] for one in parts[name].values()) for name in ("before", "after"))
    steps["effect_minor"] = _whole(steps.pop("effect").to_numpy(), after - before)
    return Decomposition(way, periods.last, periods.this, before, after, steps)


def _parts(orders: pd.DataFrame, period: Period, months: int) -> dict[str, dict[str, float]]:
    """The figures of old and of new customers in a period."""
    known = known_before(orders, period=period, months=months)
    is_old = orders["customer_id"].isin(known)
    old, new = numbers_of(orders[is_old], period=period), numbers_of(orders[~is_old], period=period)
    old |= {"known": len(known), "share_back": old["buyers"] / len(known) if len(known) else np.nan}
    return {"old": old, "new": new}


def _too_few(parts: Mapping[str, Mapping[str, float]], period: Period, fewest: int) -> str:
    """Why a period has too few customers to be taken apart, as a sentence; empty where it has enough."""
    buyers = sum(one["buyers"] for one in parts.values())
    known = parts["old"]["known"] if "old" in parts else fewest
    if 0 < buyers < fewest:
        return f"In {period.label} {words.count(buyers, 'customer')} bought; {fewest} are needed."
    return f"Before {period.label} there were {words.count(known, 'old customer')}; {fewest} are needed." if buyers and known < fewest else ""


def _no_share(parts: Mapping[str, Mapping[str, float]], way: str, period: Period) -> str:
    """Why a period cannot be taken apart, as a sentence; empty where it can."""
    for part, factors in _STEPS[way].items():
        whose = {"all": "", "old": " of old customers", "new": " of new customers"}[part]
        found = parts[part]
        if not found["buyers"]:
            return f"There is no sale{whose} in {period.label}."
        if bad := [factor for factor in factors if not found[factor] > 0]:
            why = {"order_value_minor": "returns are worth as much as sales, or more", "margin_rate": "the margin is not above zero"}
            return f"In {period.label} {why.get(bad[0], f'{bad[0]} is not above zero')}{whose}."
    return ""


def _whole(effects: np.ndarray, total: int) -> np.ndarray:
    """Effects in whole minor units that add up to the total: those cut most get what is missing."""
    floors = np.floor(effects)
    missing = int(total - floors.sum())
    order = np.argsort(floors - effects, kind="stable")
    whole = floors.astype("int64")
    whole[order[:missing]] += 1
    return whole


def _order_days(lines: pd.DataFrame) -> pd.DataFrame:
    """One row for each day on which a customer bought."""
    sales = lines[lines["amount_minor"] > 0]
    return pd.DataFrame({"customer_id": sales["customer_id"], "day": sales["ordered_at"].dt.normalize()}).drop_duplicates()


def known_before(orders: pd.DataFrame, *, period: Period, months: int) -> pd.Index:
    """The customers who bought in so many months before a period."""
    start = (pd.Timestamp(period.start) - pd.DateOffset(months=months)).date()
    before = orders[Period(start, period.start).holds(orders["ordered_at"]) & (orders["amount_minor"] > 0)]
    return pd.Index(before["customer_id"].unique())


# ---------------------------------------------------------------- who moved it


def movers(change: Decomposition) -> dict[str, int]:
    """The change by its four movers: new customers, old ones who come back, orders each, order value.

    Parameters
    ----------
    change : Decomposition
        By the way "old and new".

    Returns
    -------
    dict of str to money in minor units
        `new` (their number), `back` (old customers: how many there were, and the
        share that came back), `often` (orders each), `size` (order value): the
        last two of old and new customers together.
    """
    return {
        "new": change.effect("new", "buyers"),
        "back": change.effect("old", "known", "share_back"),
        "often": change.effect("old", "orders_each") + change.effect("new", "orders_each"),
        "size": change.effect("old", "order_value_minor") + change.effect("new", "order_value_minor"),
    }


def losses(change: Decomposition) -> dict[str, int]:
    """What three groups of factors brought or lost: `new` customers, `old` ones coming back and ordering, order `size`.

    How many old customers there were at the start is left out: that was decided the year before.
    """
    return {
        "new": change.effect("new", "buyers", "orders_each"),
        "old": change.effect("old", "share_back", "orders_each"),
        "size": change.effect("old", "order_value_minor") + change.effect("new", "order_value_minor"),
    }


def largest_loss(change: Decomposition) -> str:
    """The group of `losses` that lost most; "none" where none lost more than `LARGE` of the last period's revenue."""
    found = losses(change)
    worst = min(found, key=found.get)
    return worst if found[worst] < -LARGE * change.before_minor else "none"


@dataclass(frozen=True)
class Ground:
    """Whether a period won or lost ground: its revenue beside what its old customers did.

    Attributes
    ----------
    before_minor, after_minor : int
        Net revenue of the last period and of this one.
    is_record : bool
        Whether this period has more than each complete period before it.
    periods : int
        Complete periods in the export.
    same_season : bool
        Whether both periods are the same months of the year.
    new_before, new_after : int
        New customers.
    known_before, known_after : int
        Old customers at the start: who bought in the look-back.
    back_before, back_after : int
        Those of them who came back.
    from_new_minor, from_old_minor : int
        What the change of revenue comes to with new and with old customers.
    share_back : Estimate
        Share that came back, this period less the last.
    each_before, each_after : float
        Orders of an old customer, those who stayed away included.
    each : Estimate
        Their difference.
    """

    before_minor: int
    after_minor: int
    is_record: bool
    periods: int
    same_season: bool
    new_before: int
    new_after: int
    known_before: int
    known_after: int
    back_before: int
    back_after: int
    from_new_minor: int
    from_old_minor: int
    share_back: Estimate
    each_before: float
    each_after: float
    each: Estimate

    @property
    def lost(self) -> bool:
        """A record that lost ground: the highest revenue so far, with clearly less from old customers.

        Both must hold: they come less by more than chance, and the money missing is more than `LARGE` of the last
        period's revenue. In a large company chance alone is no bar: a loss of 2 of 100 is beyond it, and is no hole.
        """
        clearly_less = self.each.high < 0 and self.from_old_minor < -LARGE * self.before_minor
        return self.is_record and self.same_season and clearly_less


def ground(orders: pd.DataFrame, *, periods: Periods | Withheld, level: float = 0.95) -> Ground | Withheld:
    """Whether revenue and its foundation, customers who come again, went the same way.

    The counts are facts. That old customers *come less* is more than a fact of
    two lists of names: it says that customers like these would do so again. So
    the differences have an interval; many customers are on both lists, which
    makes it a little wider than it need be.

    Parameters
    ----------
    orders : DataFrame
    periods : Periods
    level : float, default 0.95

    References
    ----------
    Shares: Newcombe (1998). Orders of an old customer: Welch (1947).
    """
    if isinstance(periods, Withheld):
        return periods
    what = "Whether ground was won or lost"
    if not periods.lookback_months:
        return Withheld(what, "The export begins too late to say who was a customer before the last period.",
                        "A longer export would show whether old customers come back as often as they did.")  # fmt: skip
    counts, known, money = [], [], []
    for period in (periods.last, periods.this):
        names = known_before(orders, period=period, months=periods.lookback_months)
        lines = orders[period.holds(orders["ordered_at"])]
        is_old = lines["customer_id"].isin(names)
        days = _order_days(lines)
        each = days.groupby("customer_id").size()
        counts.append((each.reindex(names, fill_value=0), each[~each.index.isin(names)]))
        known.append(names)
        money.append((int(lines.loc[is_old, "amount_minor"].sum()), int(lines.loc[~is_old, "amount_minor"].sum())))
    (old_last, new_last), (old_this, new_this) = counts
    if min(len(old_last), len(old_this)) < MIN_CUSTOMERS:
        return Withheld(what, f"There were {words.count(len(old_last), 'old customer')} before {periods.last.label} and "
                        f"{words.number(len(old_this))} before {periods.this.label}; {MIN_CUSTOMERS} in each are needed.")  # fmt: skip
    totals = [numbers_of(orders, period=one)["net_minor"] for one in (*periods.earlier, periods.last, periods.this)]
    return Ground(
        before_minor=totals[-2],
        after_minor=totals[-1],
        is_record=totals[-1] > max(totals[:-1]),
        periods=len(totals),
        same_season=periods.same_season,
        new_before=len(new_last),
        new_after=len(new_this),
        known_before=len(old_last),
        known_after=len(old_this),
        back_before=int((old_last > 0).sum()),
        back_after=int((old_this > 0).sum()),
        from_old_minor=money[1][0] - money[0][0],
        from_new_minor=money[1][1] - money[0][1],
        share_back=difference_of_shares(
            int((old_this > 0).sum()), len(old_this), int((old_last > 0).sum()), len(old_last), level=level
        ),
        each_before=float(old_last.mean()),
        each_after=float(old_this.mean()),
        each=difference_of_means(old_this, old_last, level=level),
    )


# ---------------------------------------------------------------- volume, price, cost


def one_percent(*, revenue: float, variable_cost: float, fixed_cost: float, change: float = 0.01) -> pd.DataFrame:
    """What a small change of price, volume or cost does to profit.

    Parameters
    ----------
    revenue, variable_cost, fixed_cost : float
        Of a year, in any one unit. Variable cost grows with the pieces sold.
    change : float, default 0.01

    Returns
    -------
    DataFrame
        `lever` (price, volume, variable cost, fixed cost), `gain` in the unit
        given, `share` of the profit before (missing where there was none).

    Raises
    ------
    DataError
        If an amount is negative.
    """
    for name, value in (("revenue", revenue), ("variable cost", variable_cost), ("fixed cost", fixed_cost)):
        if not value >= 0:
            raise DataError(f"The {name} is {value:g}. Give an amount of 0 or more.")
    gains = {
        "price up": change * revenue,
        "volume up": change * (revenue - variable_cost),
        "variable cost down": change * variable_cost,
        "fixed cost down": change * fixed_cost,
    }
    table = pd.DataFrame({"lever": list(gains), "gain": list(gains.values())})
    profit = revenue - variable_cost - fixed_cost
    table["share"] = table["gain"] / profit if profit > 0 else np.nan
    return table
