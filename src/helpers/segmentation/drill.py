"""Where a change comes from: drill-down by region, product line, sales behaviour, shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import special

from helpers import words
from helpers.errors import DataError
from helpers.segmentation.measures import NO_ORDER
from helpers.stats.intervals import holm
from helpers.withheld import SILENCE, Silence, Withheld, silent_when_withheld

MAX_MEMBERS = 30  # a dimension with more members is a list, not a place to look
MIN_ORDERS = 100  # order days in each period, below which a change is hardly ever clear
SIGNIFICANCE = 0.01  # after correction for every cell looked at
# Stricter where people stand behind a name: shops differ a little for harmless reasons.
SHOP_SIGNIFICANCE = 0.001
SHOP_RATIO = 2.0


@dataclass(frozen=True)
class Period:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date

    @property
    def label(self) -> str:
        last = pd.Timestamp(self.end) - pd.Timedelta(days=1)
        first = pd.Timestamp(self.start)
        return f"{first:%b %Y}" if (first.year, first.month) == (last.year, last.month) else (
            f"{first:%b} to {last:%b %Y}" if first.year == last.year else f"{first:%b %Y} to {last:%b %Y}"
        )


def comparison_periods(
    first_day: date, as_of: date, *, months: int = 3
) -> tuple[Period, Period] | Withheld:
    """The latest complete months, and the same months a year earlier.

    A month that `as_of` cuts short is left out. Without a year of history the
    months just before are used instead, where the export covers them.

    Parameters
    ----------
    first_day : date
        First order day of the export.
    as_of : date
    months : int, default 3
    """
    end = (pd.Timestamp(as_of) + pd.Timedelta(days=1)).to_period("M").to_timestamp()
    start = end - pd.DateOffset(months=months)
    after = Period(start.date(), end.date())
    for back in (12, months):
        earlier = Period(
            (start - pd.DateOffset(months=back)).date(), (end - pd.DateOffset(months=back)).date()
        )
        # A month that the export begins in the middle of is not complete; the first days may be quiet.
        if pd.Timestamp(first_day).to_period("M").to_timestamp().date() <= earlier.start and (
            pd.Timestamp(first_day).day <= 3 or first_day < earlier.start
        ):
            return earlier, after
    return Withheld(
        "Where the change comes from",
        f"Comparing {words.count(months, 'complete month')} with earlier ones needs at least "
        f"{2 * months} complete months; the export begins on {words.day(first_day)}.",
        "A longer export, best of 15 months or more, would show where money was won and lost.",
    )


@dataclass(frozen=True)
class DrillDown:
    """What changed between two periods, and where.

    Attributes
    ----------
    before, after : Period
    total_before_minor, total_after_minor : int
        Net money in the two periods: facts.
    cells : DataFrame
        Every cell looked at, clearest first: `cell` (a dict of dimension to
        member), `depth`, `before_minor`, `after_minor`, `excess_minor` (change
        beyond what the rest of the company did), `z`, `p` (corrected).
    cause : dict[str, str]
        The cell that stands out, dimension to member; empty when none does.
    path : DataFrame
        The way down to the cause: one row a step with `dimension`, `member`,
        `before_minor`, `after_minor`, `change_minor`.
    dimensions : tuple of str
        What was opened.
    not_opened : str
        Why nothing was opened, as a sentence; empty otherwise. The totals are facts all the same.
    """

    before: Period
    after: Period
    total_before_minor: int
    total_after_minor: int
    cells: pd.DataFrame
    cause: dict[str, str]
    path: pd.DataFrame
    dimensions: tuple[str, ...]
    not_opened: str = ""


def drill_down(
    orders: pd.DataFrame,
    *,
    periods: tuple[Period, Period] | Withheld,
    dimensions: tuple[str, ...] = ("region", "line", "sales_behaviour", "channel"),
    depth: int = 3,
) -> DrillDown | Withheld:
    """The place where the change between two periods is clearest, if there is one.

    Every combination of up to `depth` dimensions is looked at. A cell's
    *excess* is its change beyond the growth of the rest of the company. Its
    noise comes from the customers: had nothing changed, each one's purchases
    could as well have fallen into the other period, so the excess is compared
    with the root of the summed squares of the customers' own changes, those of
    the rest weighed by the cell's size beside it. The p-value is corrected for all cells looked at; a cell is called a cause
    only below 0.01.

    Parameters
    ----------
    orders : DataFrame
        Order lines with `customer_id`, `ordered_at`, `amount_minor` and the dimensions.
    periods : (before, after)
        From `comparison_periods`.
    dimensions : tuple of str
        Columns to open, in the order in which ties are broken.
    depth : int, default 3

    Returns
    -------
    DrillDown, or Withheld when `periods` is. With too few orders, or without
        a dimension of 2 to 30 members, nothing is opened and the totals stand alone.

    References
    ----------
    S69 asks in turn: which regions, which product, which sales behaviour.
    Multiple comparisons: Bonferroni over all cells.
    """
    if isinstance(periods, Withheld):
        return periods
    before, after = periods
    usable = tuple(d for d in dimensions if d in orders and 1 < orders[d].nunique() <= MAX_MEMBERS)
    day = orders["ordered_at"]
    is_before = (day >= pd.Timestamp(before.start)) & (day < pd.Timestamp(before.end))
    is_after = (day >= pd.Timestamp(after.start)) & (day < pd.Timestamp(after.end))
    lines = orders.loc[is_before | is_after, ["customer_id", "amount_minor", *usable]].copy()
    lines["after"] = np.where(is_after[is_before | is_after], lines["amount_minor"], 0)
    lines["before"] = lines["amount_minor"] - lines["after"]
    order_days = [
        len(orders.loc[part, ["customer_id"]].assign(day=day[part].dt.normalize()).drop_duplicates())
        for part in (is_before, is_after)
    ]
    not_opened = ""
    if min(order_days) < MIN_ORDERS:
        not_opened = (
            f"Where it comes from is not looked for: {before.label} has {words.number(order_days[0])} orders and "
            f"{after.label} {words.number(order_days[1])}, and below {MIN_ORDERS} chance moves every part."
        )
    elif not usable:
        not_opened = (
            "Where it comes from cannot be seen: the orders have no column to open, such as region, product line, "
            f"sales behaviour or channel, with 2 to {MAX_MEMBERS} different values."
        )
    if not_opened:
        usable = ()
    for dimension in usable:
        lines[dimension] = lines[dimension].astype("str").fillna("unknown").replace("", "unknown")
    totals = int(lines["before"].sum()), int(lines["after"].sum())
    cells = _cells(lines, usable, depth, totals)
    cause = {}
    if len(cells) and cells["p"].iloc[0] < SIGNIFICANCE:
        cause = _narrowed(lines, cells["cell"].iloc[0], usable, depth, totals)
    return DrillDown(before, after, *totals, cells, cause, _path(lines, cause), usable, not_opened)


def _cells(lines: pd.DataFrame, dimensions: tuple[str, ...], depth: int, totals: tuple[int, int]) -> pd.DataFrame:
    rows = []
    everybody = lines.groupby("customer_id")[["before", "after"]].sum().astype(float)
    for size in range(1, min(depth, len(dimensions)) + 1):
        for chosen in combinations(dimensions, size):
            by_customer = lines.groupby([*chosen, "customer_id"], sort=True)[["before", "after"]].sum()
            levels = list(range(size))
            cell_totals = by_customer.groupby(level=levels).sum()
            rest = pd.Series(totals, ["before", "after"]) - cell_totals
            growth = (rest["after"] / rest["before"]).where(rest["before"] > 0, 1.0)
            own_growth = growth.reindex(by_customer.index.droplevel("customer_id")).to_numpy()
            own = by_customer["after"] - own_growth * by_customer["before"]
            excess = cell_totals["after"] - growth * cell_totals["before"]
            # What the rest did is uncertain, too: that weighs where the cell is large beside it.
            weight = (cell_totals["before"] / rest["before"]).where(rest["before"] > 0, 0.0)
            noise = np.sqrt(
                (own**2).groupby(level=levels).sum()
                + weight**2 * _squares_of_the_rest(by_customer, everybody, growth, levels)
            )
            for key, (total_before, total_after) in cell_totals.iterrows():
                key_tuple = key if isinstance(key, tuple) else (key,)
                rows.append(
                    {
                        "cell": dict(zip(chosen, key_tuple, strict=True)),
                        "depth": size,
                        "before_minor": int(total_before),
                        "after_minor": int(total_after),
                        "excess_minor": float(excess[key]),
                        "z": float(excess[key] / noise[key]) if noise[key] else 0.0,
                    }
                )
    columns = ["cell", "depth", "before_minor", "after_minor", "excess_minor", "z"]
    cells = pd.DataFrame(rows, columns=columns)
    cells["p"] = np.minimum(1.0, 2 * special.ndtr(-cells["z"].astype(float).abs()) * len(cells))
    # The clearest first; a cell that two descriptions share goes to the shorter one.
    cells = cells.assign(clear=-cells["z"].astype(float).abs().round(6))
    return cells.sort_values(["clear", "depth"], kind="stable", ignore_index=True).drop(columns="clear")


def _narrowed(
    lines: pd.DataFrame, cell: dict[str, str], dimensions: tuple[str, ...], depth: int, totals: tuple[int, int]
) -> dict[str, str]:
    """The cell, opened further while one member carries the whole of its change.

    A cell and the part of it that changed look nearly alike when that part is
    most of the cell. One step down is right when the part is about as clear
    (0.7 of the cell's z or more), and what is left beside it shows no clear
    change of its own (below 3 standard errors).
    """
    inside = _mask(lines, cell)
    whole = _z(lines, inside, totals)
    for dimension in (d for d in dimensions if d not in cell and len(cell) < depth):
        for member in sorted(lines.loc[inside, dimension].unique()):
            part = inside & (lines[dimension] == member)
            clear = _z(lines, part, totals) / whole
            beside = inside & ~part
            if clear >= 0.7 and beside.any() and abs(_z(lines, beside, totals)) < 3:
                wider = {**cell, dimension: member}
                ordered = {d: wider[d] for d in dimensions if d in wider}
                return _narrowed(lines, ordered, dimensions, depth, totals)
    return cell


def _mask(lines: pd.DataFrame, cell: dict[str, str]) -> pd.Series:
    return np.logical_and.reduce([lines[name] == member for name, member in cell.items()])


def _squares_of_the_rest(by_customer: pd.DataFrame, everybody: pd.DataFrame, growth: pd.Series, levels: list[int]) -> pd.Series:
    """For each cell, the squared changes beyond growth of all customers' purchases outside it, summed.

    A customer's purchases outside are all their purchases less those inside, so
    the sum needs only the customers inside: (T - C)^2 = T^2 - 2TC + C^2.
    """
    inside = by_customer.astype(float)
    whole = everybody.reindex(inside.index.get_level_values("customer_id")).to_numpy()
    t_before, t_after = whole[:, 0], whole[:, 1]
    c_before, c_after = inside["before"].to_numpy(), inside["after"].to_numpy()
    less = pd.DataFrame(
        {
            "aa": c_after**2 - 2 * t_after * c_after,
            "ab": c_after * c_before - t_after * c_before - t_before * c_after,
            "bb": c_before**2 - 2 * t_before * c_before,
        },
        index=inside.index,
    ).groupby(level=levels).sum()
    sums = less + [(everybody["after"] ** 2).sum(), (everybody["after"] * everybody["before"]).sum(), (everybody["before"] ** 2).sum()]
    return (sums["aa"] - 2 * growth * sums["ab"] + growth**2 * sums["bb"]).clip(lower=0.0)


def _z(lines: pd.DataFrame, inside, totals: tuple[int, int]) -> float:
    """The excess of some lines over the growth of all others, in standard errors."""
    own = lines.loc[inside, ["customer_id", "before", "after"]].groupby("customer_id").sum()
    others = lines.loc[~np.asarray(inside), ["customer_id", "before", "after"]].groupby("customer_id").sum()
    rest_before, rest_after = totals[0] - own["before"].sum(), totals[1] - own["after"].sum()
    growth = rest_after / rest_before if rest_before > 0 else 1.0
    weight = own["before"].sum() / rest_before if rest_before > 0 else 0.0
    change = own["after"] - growth * own["before"]
    change_of_others = others["after"] - growth * others["before"]
    noise = np.sqrt((change**2).sum() + weight**2 * (change_of_others**2).sum())
    return float(change.sum() / noise) if noise else 0.0


def _path(lines: pd.DataFrame, cause: dict[str, str]) -> pd.DataFrame:
    rows = []
    for dimension, member in cause.items():
        lines = lines[lines[dimension] == member]
        total_before, total_after = int(lines["before"].sum()), int(lines["after"].sum())
        rows.append(
            {
                "dimension": dimension,
                "member": member,
                "before_minor": total_before,
                "after_minor": total_after,
                "change_minor": total_after - total_before,
            }
        )
    return pd.DataFrame(rows, columns=["dimension", "member", "before_minor", "after_minor", "change_minor"])


@silent_when_withheld
def path_table(drill: DrillDown) -> pd.DataFrame | Silence:
    """The way down to the cause, from the whole company; nothing where there is no cause."""
    if not drill.cause:
        return SILENCE
    whole = pd.DataFrame(
        {
            "step": ["all of the company"],
            "before_minor": [drill.total_before_minor],
            "after_minor": [drill.total_after_minor],
            "change_minor": [drill.total_after_minor - drill.total_before_minor],
        }
    )
    steps = drill.path.assign(step=drill.path["dimension"].str.replace("_", " ") + ": " + drill.path["member"])
    return pd.concat([whole, steps[whole.columns]], ignore_index=True)


def change_by_member(orders: pd.DataFrame, *, dimension: str, periods: tuple[Period, Period]) -> pd.DataFrame:
    """One dimension opened: what each part did, and what it would have done had all parts changed alike.

    Parameters
    ----------
    orders : DataFrame
        Order lines with `ordered_at`, `amount_minor` and the dimension.
    dimension : str
        "region", "line" ...
    periods : (before, after)
        From `comparison_periods`.

    Returns
    -------
    DataFrame, largest part before first
        `member`, `before_minor`, `after_minor`, `change_minor`, `expected_minor`
        (the part's money before, times the change of the whole).

    Raises
    ------
    DataError
        If the orders have no such column.
    """
    if dimension not in orders:
        raise DataError(f"The orders have no column {dimension!r} to open. Choose another dimension, or add it to the mapping.")
    parts = {}
    for name, period in zip(("before_minor", "after_minor"), periods, strict=True):
        inside = (orders["ordered_at"] >= pd.Timestamp(period.start)) & (orders["ordered_at"] < pd.Timestamp(period.end))
        member = orders.loc[inside, dimension].astype("str").fillna("unknown").replace("", "unknown")
        parts[name] = orders.loc[inside, "amount_minor"].groupby(member).sum()
    table = pd.DataFrame(parts).fillna(0).astype("int64")
    table["change_minor"] = table["after_minor"] - table["before_minor"]
    before = table["before_minor"].sum()
    table["expected_minor"] = table["before_minor"] * (table["change_minor"].sum() / before if before else 0.0)
    table = table.rename_axis("member").reset_index()
    return table.sort_values(["before_minor", "member"], ascending=[False, True], ignore_index=True)


def with_product_line(orders: pd.DataFrame, products: pd.DataFrame | None) -> pd.DataFrame:
    """The orders with the product line as a column `line`, where products are known."""
    if products is None or "product_id" not in orders or "line" not in products:
        return orders
    line = products.drop_duplicates("product_id").set_index("product_id")["line"]
    return orders.assign(line=orders["product_id"].map(line).fillna("unknown"))


def home_store(orders: pd.DataFrame) -> pd.Series:
    """The shop where each customer leaves most money; the earlier name when equal.

    Returns
    -------
    Series of str, indexed by customer_id
    """
    sales = orders[orders["amount_minor"] > 0]
    money = sales.groupby(["customer_id", "store_id"])["amount_minor"].sum().reset_index()
    money = money.sort_values(["customer_id", "amount_minor", "store_id"], ascending=[True, False, True])
    return money.drop_duplicates("customer_id").set_index("customer_id")["store_id"]


@dataclass(frozen=True)
class StoreCheck:
    """Shops whose customers fall below zero more often than the other shops'.

    Attributes
    ----------
    table : DataFrame
        `store_id`, `customers`, `below_zero`, `rate`, `rate_elsewhere`, `p` (corrected).
    outliers : list of str
        Shops with at least twice the rate elsewhere and p below 0.001.
    """

    table: pd.DataFrame
    outliers: list[str]


def below_zero_by_store(
    orders: pd.DataFrame, classes: pd.DataFrame | Withheld, profit: pd.DataFrame | Withheld
) -> StoreCheck | Withheld:
    """Whether below-zero customers come from one shop.

    Parameters
    ----------
    orders : DataFrame
        Order lines with `store_id`.
    classes, profit : DataFrame
        From `value_classes` and `margin_and_cost_to_serve`. Without profit
        nobody is known to be below zero, and the shops cannot be compared.

    References
    ----------
    Fisher's exact test, shop against all other shops; Holm over shops.
    """
    what = "Below-zero customers by shop"
    for part in (profit, classes):
        if isinstance(part, Withheld):
            return Withheld(what, part.reason, part.gain)
    if "store_id" not in orders or orders["store_id"].nunique() < 2:
        return Withheld(what, "The orders have no `store_id` with at least two shops.",
                        "With it this page would show whether one shop makes the losses.")
    buyers = classes[classes["value_class"] != NO_ORDER]
    table = pd.DataFrame(
        {
            "store_id": buyers["customer_id"].map(home_store(orders)),
            "below": buyers["value_class"].eq("BZC"),
        }
    ).dropna()
    counts = table.groupby("store_id")["below"].agg(customers="size", below_zero="sum").reset_index()
    counts = counts[counts["customers"] >= 20].reset_index(drop=True)
    if len(counts) < 2:
        return Withheld(what, "Fewer than two shops have 20 customers with an order in the window.")
    all_customers, all_below = counts["customers"].sum(), counts["below_zero"].sum()
    others, others_below = all_customers - counts["customers"], all_below - counts["below_zero"]
    # scipy.stats takes long to load, and only this needs it.
    from scipy.stats import fisher_exact

    p = [
        fisher_exact([[b, n - b], [ob, on - ob]]).pvalue
        for b, n, ob, on in zip(counts["below_zero"], counts["customers"], others_below, others, strict=True)
    ]
    counts["rate"] = counts["below_zero"] / counts["customers"]
    counts["rate_elsewhere"] = others_below / others
    counts["p"] = holm(p)
    found = counts[(counts["p"] < SHOP_SIGNIFICANCE) & (counts["rate"] >= SHOP_RATIO * counts["rate_elsewhere"])]
    return StoreCheck(
        counts.sort_values(["rate", "store_id"], ascending=[False, True], ignore_index=True),
        found.sort_values("rate", ascending=False)["store_id"].tolist(),
    )
