"""How long they stay: lives of contracts or customers, with those who joined before anybody watched, by segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.churn.windows import Contracts
from helpers.stats import snapshots, survival
from helpers.stats.intervals import Estimate, holm
from helpers.withheld import Withheld

MONTH = 365.25 / 12
"""Days in a month of a life."""
LEAST_IN_A_SEGMENT = 30
MOST_SEGMENTS = 4
"""Values of a segment that are told apart; the smaller ones stand together."""
OTHERS = "all others"


@dataclass(frozen=True)
class Lives:
    """How long everybody has stayed so far.

    Attributes
    ----------
    table : DataFrame
        `customer_id`, `began` (datetime), `months` stayed or watched up to now, `left` (seen to leave), `entry` (months
        after the beginning at which watching began; 0 for those who were watched from the start), and
        `product_id` where there is one.
    unit : str
        "contract" or "customer".
    set_aside : dict of reason to int
    """

    table: pd.DataFrame
    unit: str
    set_aside: dict[str, int] = field(default_factory=dict)

    @property
    def early(self) -> int:
        """How many had begun before watching did."""
        return int((self.table["entry"] > 0).sum())


def contract_lives(contracts: Contracts | Withheld, *, as_of: date, watched_from: date) -> Lives | Withheld:
    """Lives of contracts, from the start to the end or to today.

    Parameters
    ----------
    contracts : Contracts
        From `windows.clean_contracts`.
    as_of : date
    watched_from : date
        From this day on every end is recorded. A contract that began earlier is in the data because it was still alive then; it counts as being
        at risk from that age on.
    """
    if isinstance(contracts, Withheld):
        return contracts
    rows = contracts.rows
    return _lives(
        rows,
        began=rows["started_on"],
        end=rows["ended_on"].fillna(pd.Timestamp(as_of)),
        left=rows["ended_on"].notna(),
        watched_from=watched_from,
        unit="contract",
        set_aside=contracts.set_aside,
    )


def order_lives(days: pd.DataFrame, customers: pd.DataFrame | None = None, *, as_of: date, window_days: int) -> Lives | Withheld:
    """Lives of customers without a contract: from the first order to the last, where a silence of the window means gone.

    Parameters
    ----------
    days : DataFrame
        From `windows.order_days`.
    customers : DataFrame, optional
        With `joined_on` those who joined before the orders begin count from the day they joined.
    as_of : date
    window_days : int

    Notes
    -----
    All are looked at on the same day, a window before the report: whoever ordered after it was there, whoever did not
    has been silent for the window. Without that, those of last month would all look faithful.
    """
    what = "How long customers stay"
    if not len(days):
        return Withheld(what, "There are no orders of known customers.", "With orders it would appear.")
    cut, first_day = pd.Timestamp(as_of) - pd.Timedelta(days=window_days), days["day"].min()
    if cut <= first_day:
        return Withheld(
            what,
            f"The window of {words.count(window_days, 'day')} is longer than the data, which begin on {words.day(first_day.date())}.",
            "With a shorter window, or more months of orders, it would appear.",
        )
    table = days.groupby("customer_id", as_index=False)["day"].agg(first="min", last="max")
    table = table[table["first"] <= cut]
    began = table["first"]
    if customers is not None and "joined_on" in customers:
        joined = customers.drop_duplicates("customer_id").set_index("customer_id")["joined_on"]
        joined = table["customer_id"].map(joined)
        began = joined.where(joined < began, began)
    return _lives(
        table, began=began, end=table["last"].clip(upper=cut), left=table["last"] <= cut,
        watched_from=first_day.date(), unit="customer", set_aside={},
    )  # fmt: skip


def _lives(rows: pd.DataFrame, *, began, end, left, watched_from: date, unit: str, set_aside: Mapping[str, int]) -> Lives | Withheld:
    """A row a life, in months, with the age at which watching began."""
    from_day = pd.Timestamp(watched_from)
    months = (end - began).dt.days / MONTH
    entry = (from_day - began).dt.days.clip(lower=0) / MONTH
    table = pd.DataFrame(
        {"customer_id": rows["customer_id"].astype("str"), "began": began, "months": months, "left": left.astype(bool), "entry": entry}
    )
    for name in ("contract_id", "product_id"):
        if name in rows:
            table[name] = rows[name].astype("str")
    aside = dict(set_aside)
    # Whoever left before, or on the day on which, watching began was never at risk under our eyes.
    unseen = (table["entry"] > 0) & (table["months"] <= table["entry"])
    if unseen.any():
        aside["over before watching began"] = int(unseen.sum())
        table = table[~unseen]
    if table.empty:
        return Withheld(f"How long {unit}s stay", f"No {unit} was watched for a day.", "With more months it would appear.")
    return Lives(table.reset_index(drop=True), unit, aside)


@dataclass(frozen=True)
class Stay:
    """The survival curve, right and wrong.

    Attributes
    ----------
    curve : survival.Curve
        Those who began early are at risk only from the age at which they were watched.
    blind : survival.Curve or None
        The same as if they had been watched from the start, which is too kind; None where nobody began early.
    left_only : Series
        Share of those who left that lasted longer, by month: too harsh, since those who stay are missing.
    lives, left, early : int
    unit : str
    """

    curve: survival.Curve
    blind: survival.Curve | None
    left_only: pd.Series
    lives: int
    left: int
    early: int
    unit: str

    @property
    def half(self) -> Estimate:
        """Months after which half have left."""
        return self.curve.quantile(0.5)

    def stay(self, months: float) -> Estimate:
        """The share that stays longer than so many months."""
        return self.curve.at(months)


def stay(lives: Lives | Withheld) -> Stay | Withheld:
    """How long they stay (Kaplan-Meier with right censoring and left truncation)."""
    if isinstance(lives, Withheld):
        return lives
    table, what = lives.table, f"How long {lives.unit}s stay"
    found = survival.kaplan_meier(table["months"], table["left"], entry=table["entry"])
    if isinstance(found, Withheld):
        return Withheld(what, found.reason, found.gain)
    blind = survival.kaplan_meier(table["months"], table["left"]) if lives.early else None
    gone = table.loc[table["left"], "months"].to_numpy()
    months = np.arange(0, int(np.ceil(table["months"].max())) + 1)
    share = pd.Series([float((gone > month).mean()) for month in months], index=months, name="share")
    return Stay(
        found, None if isinstance(blind, Withheld) else blind, share, len(table), int(table["left"].sum()), lives.early, lives.unit
    )


# ---------------------------------------------------------------- by segment


@dataclass(frozen=True)
class Segments:
    """Which segments stay longer.

    Attributes
    ----------
    table : DataFrame
        One row a way of dividing: `name`, `groups`, `lives` (with a group), `p_value` (log-rank), `p_corrected` (Holm), `low_group`,
        `low_share`, `high_group`, `high_share` (that stay longer than `months`), the smallest p-value first.
    curves : dict of name to dict of group to survival.Curve
    months : float
    unit : str
    """

    table: pd.DataFrame
    curves: dict[str, dict[str, survival.Curve]]
    months: float
    unit: str

    @property
    def chosen(self) -> str | None:
        """The way of dividing whose groups differ most beyond chance, or None."""
        row = self.table.iloc[0]
        return str(row["name"]) if row["p_corrected"] < 0.05 else None


def segments_of(lives: Lives | Withheld, company) -> dict[str, tuple[pd.Series, pd.Series]]:
    """Ways to divide the lives by what was known when they began: name to (group of each life, day it was known).

    Parameters
    ----------
    lives : Lives
    company : Company
        Takes the route and the city of `customers`, the name of the product of a contract, and the channel and line of the first order.
    """
    if isinstance(lives, Withheld):
        return {}
    table, found = lives.table, {}
    people = company.customers
    if people is not None:
        one = people.drop_duplicates("customer_id").set_index("customer_id")
        for column, name in (("acquisition_route", "route"), ("city", "city")):
            if column in one:
                # Both are written down on the day of joining.
                found[name] = (table["customer_id"].map(one[column]), table["began"])
    products = company.products
    if "product_id" in table and products is not None and "name" in products:
        named = products.drop_duplicates("product_id").set_index("product_id")["name"]
        found["product"] = (table["product_id"].map(named), table["began"])
    if lives.unit == "customer":
        orders = company.orders
        firsts = orders[orders["amount_minor"] > 0].sort_values(["ordered_at", "order_id"]).drop_duplicates("customer_id").set_index("customer_id")
        day = table["customer_id"].map(firsts["ordered_at"])
        # Where the life began before the first order in the file, the first order is not known or came later.
        at_once = day.dt.normalize() == table["began"]
        for column, name in (("channel", "channel of the first order"), ("region", "region of the first order")):
            if column in firsts:
                found[name] = (table["customer_id"].map(firsts[column]).where(at_once), day.where(at_once))
    return found


def by_segment(lives: Lives | Withheld, segments: Mapping[str, tuple[pd.Series, pd.Series]], *, months: float = 12) -> Segments | Withheld:
    """Who stays longer: every way of dividing, judged together.

    Parameters
    ----------
    lives : Lives
    segments : mapping of name to (Series, Series)
        The group of each life, and the day on which it was known.
    months : float
        Age at which the shares are compared.

    Raises
    ------
    stats.snapshots.Leak
        If a group was known only after the life had begun: who stays long has more time to get into such a group, so it would seem to keep people.
    """
    if isinstance(lives, Withheld):
        return lives
    table, rows, curves = lives.table, [], {}
    for name, (group, known_on) in segments.items():
        _refuse_late(name, pd.Series(known_on), table["began"])
        group = pd.Series(group).astype("object").where(lambda one: one.notna() & (one.astype("str") != ""))
        sizes = group.value_counts()
        kept = list(sizes.index[(sizes >= LEAST_IN_A_SEGMENT)][:MOST_SEGMENTS])
        group = group.where(group.isna() | group.isin(kept), OTHERS)
        small = group == OTHERS
        if small.sum() < LEAST_IN_A_SEGMENT:
            group = group.where(~small)
        has = group.notna().to_numpy()
        part, group = table[has], group[has].astype("str")
        tested = survival.log_rank(part["months"], part["left"], group, entry=part["entry"]) if has.any() else None
        if not isinstance(tested, survival.LogRank):
            continue
        own = {}
        for value in sorted(group.unique()):
            rows_of = part[(group == value).to_numpy()]
            curve = survival.kaplan_meier(rows_of["months"], rows_of["left"], entry=rows_of["entry"])
            if not isinstance(curve, Withheld):
                own[value] = curve
        shares = {value: curve.at(months).value for value, curve in own.items()}
        shares = {value: share for value, share in shares.items() if not np.isnan(share)}
        if len(shares) < 2:
            continue
        curves[name] = own
        low, high = min(shares, key=shares.get), max(shares, key=shares.get)
        rows.append((name, len(own), int(has.sum()), tested.p_value, low, shares[low], high, shares[high]))
    if not rows:
        return Withheld(
            "Who stays longer",
            f"No way of dividing has two groups of {LEAST_IN_A_SEGMENT} {lives.unit}s and enough who left.",
            "With the route, the city or the product of each, this page would show who leaves sooner.",
        )
    names = ["name", "groups", "lives", "p_value", "low_group", "low_share", "high_group", "high_share"]
    made = pd.DataFrame(rows, columns=names).sort_values(["p_value", "name"], kind="stable").reset_index(drop=True)
    made.insert(4, "p_corrected", holm(made["p_value"]))
    return Segments(made, curves, months, lives.unit)


def _refuse_late(name: str, known_on: pd.Series, began: pd.Series) -> None:
    """Refuse a group that came to be known after the life had begun."""
    known_on, began = pd.to_datetime(known_on.reset_index(drop=True)), began.reset_index(drop=True)
    late = known_on.dt.normalize() > began
    if late.any():
        raise snapshots.Leak(
            f"The segment {name!r} was known only after the beginning for {words.count(int(late.sum()), 'life', 'lives')}. "
            "Who stays long has more time to get into such a group: use what was known on the first day."
        )
