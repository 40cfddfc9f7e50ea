"""The exercises of lesson 03a: who is worth what.

Each is a function that works out the right answer from the lesson's data, with
the ways in which people go wrong below it. `inputs` gives them the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from helpers.data.company import Company
from helpers.errors import DataError
from helpers.money import in_major_units
from helpers.segmentation import drill, measures
from helpers.teaching import Option, exercise
from helpers.withheld import Withheld


def inputs(company: Company, *, as_of: date, window_days: int = 365, months: int = 3) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    window_days : int
        Days in which money counts for sizes and value.
    months : int
        Complete months that are compared with earlier ones.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "orders": company.orders,
        "products": company.products,
        "contacts": company.contacts,
        "code": company.currency,
        "as_of": as_of,
        "report_day": pd.Timestamp(as_of),
        "window_days": window_days,
        "months": months,
        "lines": plain_lines,
        "customers": _customers,
        "scored": _scored,
        "bought": graded_buyers,
        "vip_from": _vip_from,
        "profit": _profit,
        "served": cost_and_margin,
        "classes": _classes,
        "periods": _periods,
        "two_periods": two_periods,
        "who_orders": _who_orders,
        "stores": _stores,
        "causes": causes,
    }


def plain_lines(orders: pd.DataFrame, code: str) -> pd.DataFrame:
    """The order lines as an exercise shows them: the day without its time, and money in yuan.

    Returns
    -------
    DataFrame
        `customer_id`, `order_id`, `day`, `amount` (negative on a return), and `region` where there is one.
    """
    table = pd.DataFrame(
        {
            "customer_id": orders["customer_id"],
            "order_id": orders["order_id"],
            "day": orders["ordered_at"].dt.normalize(),
            "amount": in_major_units(orders["amount_minor"], code=code),
        }
    )
    if "region" in orders:
        table["region"] = orders["region"].astype("str").fillna("unknown").replace("", "unknown")
    return table.reset_index(drop=True)


def graded_buyers(customers: pd.DataFrame, code: str) -> pd.DataFrame | Withheld:
    """Customers who bought in the window: `customer_id`, `amount` (money in the window) and `size`."""
    ordered = customers["frequency"] > 0
    sizes = measures.size_classes(customers["value_minor"], ordered=ordered)
    if isinstance(sizes, Withheld):
        return sizes
    table = pd.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "amount": in_major_units(customers["value_minor"], code=code),
            "size": sizes.values,
        }
    )
    return table[ordered].reset_index(drop=True)


def cost_and_margin(profit: pd.DataFrame, customers: pd.DataFrame, code: str) -> pd.DataFrame:
    """Every customer's `margin` and `cost_to_serve` in the window, and whether they bought in it (`bought`); buyers first."""
    table = pd.DataFrame(
        {
            "customer_id": profit["customer_id"],
            "margin": in_major_units(profit["margin_minor"], code=code),
            "cost_to_serve": in_major_units(profit["cost_to_serve_minor"], code=code),
            "bought": (customers["frequency"] > 0).to_numpy(),
        }
    )
    return table.sort_values("bought", ascending=False, kind="stable", ignore_index=True)


def two_periods(lines: pd.DataFrame, periods: tuple[drill.Period, drill.Period]) -> pd.DataFrame:
    """The lines of the two periods that are compared, with a column `period`: before or after."""
    parts = []
    for name, period in zip(("before", "after"), periods, strict=True):
        inside = (lines["day"] >= pd.Timestamp(period.start)) & (lines["day"] < pd.Timestamp(period.end))
        parts.append(lines[inside].assign(period=name))
    return pd.concat(parts, ignore_index=True)


# ---------------------------------------------------------------- concentration


@exercise(
    "3a.1",
    minutes=2,
    kind="predict",
    within=5,
    hints=[
        "If all customers spent the same, 20 of 100 customers would bring 20 of 100 yuan.",
        "Think of a shop that you know. How much would its till miss if its best fifth stayed away?",
    ],
    covers=["S58"],
    means="A few customers carry much of the money. How many depends on the trade, so measure it before you use a rule of thumb.",
)
def share_of_the_best_fifth(customers):
    """Of every 100 yuan that customers spent in the window, how many come from the best 20 of 100 of them?"""
    return 100 * measures.concentration(customers["value_minor"]).top_20_share


@share_of_the_best_fifth.mistake(
    "That would be so if all customers spent the same. Look around any shop: they do not."
)
def _():
    return 20


@share_of_the_best_fifth.mistake(
    "That is the rule of thumb, 80 from 20. It was found in other firms; here the money is spread differently."
)
def _():
    return 80


# ---------------------------------------------------------------- R, F and M by hand


@exercise(
    "3a.2",
    minutes=3,
    kind="fill",
    hints=[
        "`last_day` has the newest day of each customer. The report day less that day is a length of time.",
        "Write `last_day` in the place of the three dots.",
    ],
    covers=["S73"],
    means="Few days are a good sign, and many days are a question: the next lesson on dormancy asks how many are too many.",
)
def days_since_last_order(lines, report_day):
    """Days from each customer's last order up to the report day."""
    sales = lines[lines["amount"] > 0]
    return (report_day - sales.groupby("customer_id")["day"].max()).dt.days


@days_since_last_order.mistake(
    "These are the days since the *first* order. Recency asks for the newest day, so use `max`, not `min`."
)
def _(lines, report_day):
    return (report_day - lines[lines["amount"] > 0].groupby("customer_id")["day"].min()).dt.days


@days_since_last_order.mistake(
    "You counted returns as orders. Who brings something back has not ordered: keep the lines with an amount above zero."
)
def _(lines, report_day):
    return (report_day - lines.groupby("customer_id")["day"].max()).dt.days


@days_since_last_order.in_a_spreadsheet("the mean number of days over all customers", digits=1)
def _(days):
    return days.mean()


@exercise(
    "3a.3",
    minutes=4,
    hints=[
        "Two orders on one day are one visit. Which column of `sales` should be counted, and each value only once?",
        "`nunique` counts each value once: `sales.groupby(...)[...].nunique()`.",
    ],
    covers=["S73"],
    means="Frequency counts days on which somebody ordered, so a long receipt and a split one count the same.",
)
def order_days(lines):
    """On how many different days did each customer order?"""
    sales = lines[lines["amount"] > 0]
    return sales.groupby("customer_id")["day"].nunique()


@order_days.mistake("You counted order lines. A basket with five things in it is one order day, not five.")
def _(lines):
    return lines[lines["amount"] > 0].groupby("customer_id")["day"].size()


@order_days.mistake("You counted the days of returns, too. Keep the lines with an amount above zero first.")
def _(lines):
    return lines.groupby("customer_id")["day"].nunique()


@order_days.in_a_spreadsheet("the mean number of order days over all customers", digits=2)
def _(days):
    return days.mean()


@exercise(
    "3a.4",
    minutes=5,
    spreadsheet=True,
    digits=0,
    hints=[
        "Three conditions: R is 1 or 2; F is 4 or 5; M is 4 or 5. The first must hold, and one of the other two.",
        "In pandas *and* is `&` and *or* is `|`. Each condition needs brackets, and so does the pair that *or* joins.",
        '`(scored["r"] <= 2) & ((scored["f"] >= 4) | ...)`; `.sum()` counts the rows that fit.',
    ],
    covers=["S73"],
    means="They were good once and are silent now. The table of segments calls them *At risk*.",
)
def at_risk(scored):
    """How many customers are silent for long (R 1 or 2) but used to order often or in large amounts (F or M 4 or 5)?"""
    silent = scored["r"] <= 2
    was_good = (scored["f"] >= 4) | (scored["m"] >= 4)
    return int((silent & was_good).sum())


@at_risk.mistake(
    "You asked for F *and* M of 4 or 5. Either is enough: who came often in small amounts is missed, too."
)
def _(scored):
    return int(((scored["r"] <= 2) & (scored["f"] >= 4) & (scored["m"] >= 4)).sum())


@at_risk.mistake(
    "Brackets are missing. `&` is worked out before `|`, so everybody with a high M was counted, also those who came yesterday."
)
def _(scored):
    return int(((scored["r"] <= 2) & (scored["f"] >= 4) | (scored["m"] >= 4)).sum())


@exercise(
    "3a.5",
    minutes=2,
    kind="judge",
    covers=["S73", "S56"],
    options={
        "recency": Option(
            "How recently they ordered (R)",
            "Yes. Of 100 customers with a high R, {R_high} ordered; of 100 with a low R, {R_low}. That is the widest gap of the three.",
            "Here R separates less: of 100 with a high R {R_high} ordered, of 100 with a low one {R_low}. {best} has the wider gap.",
        ),
        "frequency": Option(
            "How often they ordered (F)",
            "Yes. Of 100 customers with a high F, {F_high} ordered; of 100 with a low F, {F_low}. That is the widest gap of the three.",
            "Here F separates less: of 100 with a high F {F_high} ordered, of 100 with a low one {F_low}. {best} has the wider gap.",
        ),
        "money": Option(
            "How large their orders were (M)",
            "Yes. Of 100 customers with a high M, {M_high} ordered; of 100 with a low M, {M_low}. That is the widest gap of the three.",
            "Large orders say little about the next one here: of 100 with a high M {M_high} ordered, of 100 with a low one {M_low}. "
            "{best} has the wider gap.",
        ),
    },
    means="A way of sorting is useful only if the groups behave differently afterwards. That can be checked, so check it.",
)
def what_tells_most(who_orders):
    """The spring letter can go to one half of the customers. By which score do you choose, if you want those who will order?"""
    return {"R": "recency", "F": "frequency", "M": "money"}[who_orders.best]


@what_tells_most.facts
def _(who_orders):
    rows = who_orders.table.set_index("measure")
    facts = {"best": {"R": "Recency", "F": "Frequency", "M": "Money"}[who_orders.best]}
    for name, row in rows.iterrows():
        facts[f"{name}_low"] = round(100 * row["low_ordered"] / row["low_customers"])
        facts[f"{name}_high"] = round(100 * row["high_ordered"] / row["high_customers"])
    return facts


# ---------------------------------------------------------------- sizes, value, thresholds


@exercise(
    "3a.6",
    minutes=4,
    spreadsheet=True,
    digits=2,
    hints=[
        "Two sums: the money of the VIPs, and the money of everybody in `bought`.",
        '`bought.loc[bought["size"] == "VIP", "amount"].sum()` is the first of them.',
    ],
    covers=["S58"],
    means="Set beside their share of the customers, it says how dear losing one VIP would be.",
)
def share_of_vips(bought):
    """What share of the money of the window do the VIPs bring, as a fraction of 1?"""
    return bought.loc[bought["size"] == "VIP", "amount"].sum() / bought["amount"].sum()


@share_of_vips.mistake("That is the VIPs' share of the *customers*. Add up their money instead of counting them.")
def _(bought):
    return (bought["size"] == "VIP").mean()


@share_of_vips.mistake("You divided means. A mean hides how many there are: divide the sum of one by the sum of all.")
def _(bought):
    return bought.loc[bought["size"] == "VIP", "amount"].mean() / bought["amount"].mean()


@exercise(
    "3a.7",
    minutes=3,
    spreadsheet=True,
    digits=0,
    hints=[
        "Below zero means: what the customer left us (`margin`) is less than what serving them cost (`cost_to_serve`).",
        "Only customers who bought in the window take part: the column `bought` is True for them.",
    ],
    covers=["S60"],
    means="That is the class BZC. What made them dear comes before what to do with them.",
)
def below_zero(served):
    """How many customers who bought in the window cost more to serve than the margin they brought?"""
    return int((served["bought"] & (served["margin"] < served["cost_to_serve"])).sum())


@below_zero.mistake("You looked at the margin alone. A customer with a small margin and ten calls is below zero, too.")
def _(served):
    return int((served["bought"] & (served["margin"] < 0)).sum())


@below_zero.mistake(
    "You counted customers who did not buy in the window, too. They cost us a call or a return, but the question is about buyers."
)
def _(served):
    return int((served["margin"] < served["cost_to_serve"]).sum())


@exercise(
    "3a.8",
    minutes=2,
    kind="judge",
    covers=["S64"],
    options={
        "shop": Option(
            "Look at one shop: what it promises and sells",
            "Yes. At {shop} {rate} of 100 buyers are below zero, elsewhere {elsewhere}. The shop makes them dear, so the shop is repaired.",
            "No shop stands out here beyond chance, so one shop is not the cause.",
        ),
        "returns": Option(
            "Look at what comes back: returns ate the margin",
            "Yes. No single shop stands out, and {by_returns} of {below} below-zero customers have no margin left after returns.",
            "Returns are part of it ({by_returns} of {below} have no margin left), but they are not where to begin: {instead}.",
        ),
        "contacts": Option(
            "Look at what serving them costs: calls, visits, deliveries",
            "Yes. No single shop stands out, and {by_contacts} of {below} below-zero customers left a margin that service used up.",
            "Service used up the margin of {by_contacts} of {below}, but that is not where to begin: {instead}.",
        ),
        "decline": Option(
            "Stop serving them",
            "",
            "Not first. It repairs nothing: what made these {below} customers dear goes on. Begin with the cause: {instead}.",
        ),
    },
)
def what_to_repair_first(causes):
    """The owner wants fewer below-zero customers. What do you look at first?"""
    return causes["key"]


@what_to_repair_first.facts
def _(causes):
    return causes


def causes(stores, profit, classes):
    """Where the below-zero customers come from: the key of the first thing to repair, and the numbers behind it."""
    below = profit[classes["value_class"].eq("BZC").to_numpy()]
    if below.empty:
        raise DataError("Nobody costs more than they bring here, so there is nothing to repair. Go on with the next section.")
    by_returns = int((below["margin_minor"] <= 0).sum())
    by_contacts = len(below) - by_returns
    facts = {"below": len(below), "by_returns": by_returns, "by_contacts": by_contacts}
    if stores.outliers:
        row = stores.table.set_index("store_id").loc[stores.outliers[0]]
        facts |= {"shop": stores.outliers[0], "rate": round(100 * row["rate"]), "elsewhere": round(100 * row["rate_elsewhere"])}
        key, instead = "shop", f"shop {stores.outliers[0]} has {facts['rate']} of 100, the others {facts['elsewhere']}"
    elif by_returns >= by_contacts:
        key, instead = "returns", "returns ate the margin of more of them"
    else:
        key, instead = "contacts", "the cost of service ate the margin of more of them"
    return facts | {"key": key, "instead": instead}


@exercise(
    "3a.9",
    minutes=3,
    kind="fill",
    hints=[
        "Near means: below the line, and not more than a tenth of it below. The second half is written already.",
        "The two conditions are joined with `&`, each in brackets; the missing one compares the same column with `vip_from`.",
    ],
    covers=["S70"],
    means="To each of them one sentence can be said that is true of nobody else: what is still missing.",
)
def close_to_vip(bought, vip_from):
    """Which customers lie below the line from which VIPs begin, by a tenth of it at most?"""
    return bought[(bought["amount"] >= 0.9 * vip_from) & (bought["amount"] < vip_from)]


@close_to_vip.mistake("You took those above the line, too. They are VIPs already and should hear that, not a reminder.")
def _(bought, vip_from):
    return bought[bought["amount"] >= 0.9 * vip_from]


@close_to_vip.mistake("You took a band on both sides of the line. Who lies above it is a VIP already and should hear that, not a reminder.")
def _(bought, vip_from):
    return bought[(bought["amount"] >= 0.9 * vip_from) & (bought["amount"] <= 1.1 * vip_from)]


@close_to_vip.mistake("You took everybody below the line. For most of them it is out of reach, and a reminder would sound like mockery.")
def _(bought, vip_from):
    return bought[bought["amount"] < vip_from]


@close_to_vip.in_a_spreadsheet("their number")
def _(rows):
    return len(rows)


# ---------------------------------------------------------------- the report, opened


@exercise(
    "3a.10",
    minutes=5,
    hints=[
        "Two sums for each region, one a period; the answer is the later one less the earlier one.",
        '`two_periods[two_periods["period"] == "after"].groupby("region")["amount"].sum()` is the later one.',
        "With `pivot_table` both come at once: index region, columns period, values amount, aggfunc sum.",
    ],
    covers=["S69"],
    means="That is the first step down. The next one opens the region that moved beyond its share, not the largest region.",
)
def change_by_region(two_periods):
    """For each region, net revenue of the later period less that of the earlier one."""
    sums = two_periods.pivot_table(index="region", columns="period", values="amount", aggfunc="sum", fill_value=0)
    return sums["after"] - sums["before"]


@change_by_region.mistake("The sign is turned round: a fall should be negative. Take the later period less the earlier one.")
def _(two_periods):
    sums = two_periods.pivot_table(index="region", columns="period", values="amount", aggfunc="sum", fill_value=0)
    return sums["before"] - sums["after"]


@change_by_region.mistake("You compared the mean line, not all the money. Fewer orders of the same size would not show: use `sum`.")
def _(two_periods):
    means = two_periods.pivot_table(index="region", columns="period", values="amount", aggfunc="mean", fill_value=0)
    return means["after"] - means["before"]


@change_by_region.mistake("You left the returns out. Net revenue is what is left after them: keep the negative amounts.")
def _(two_periods):
    sales = two_periods[two_periods["amount"] > 0]
    sums = sales.pivot_table(index="region", columns="period", values="amount", aggfunc="sum", fill_value=0)
    return sums["after"] - sums["before"]


@change_by_region.in_a_spreadsheet("the change of the region that fell most (or rose least)", digits=0)
def _(change):
    return change.min()


# ---------------------------------------------------------------- what the exercises build on


def _customers(orders, as_of, window_days):
    return measures.customer_table(orders, as_of=as_of, window_days=window_days)


def _scored(orders, as_of):
    result = measures.rfm(measures.customer_table(orders, as_of=as_of, window_days=0))
    return result if isinstance(result, Withheld) else result.table[["customer_id", "r", "f", "m"]]


def _who_orders(orders, as_of):
    return measures.who_orders_next(orders, as_of=as_of)


def _vip_from(bought):
    return float(bought.loc[bought["size"] == "VIP", "amount"].min())


def _profit(orders, contacts, customers, as_of, window_days):
    return measures.margin_and_cost_to_serve(orders, contacts, customers, as_of=as_of, window_days=window_days)


def _classes(customers, profit):
    return measures.value_classes(customers, profit)


def _stores(orders, classes, profit):
    return drill.below_zero_by_store(orders, classes, profit)


def _periods(orders, as_of, months):
    return drill.comparison_periods(orders["ordered_at"].min().date(), as_of, months=months)

