"""The exercises of lesson 00a: a spreadsheet's four moves in pandas, and the business as a formula.

Each is a function that works out the right answer from the lesson's data, with
the ways in which people go wrong below it. `inputs` gives them the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from helpers import words
from helpers.data.company import Company
from helpers.money import in_major_units
from helpers.orientation import measures
from helpers.teaching import Option, exercise

EXAMPLE = {
    "traffic": 10_000,
    "close_rate": 0.05,
    "order_value": 200,
    "repeat_rate": 0.3,
    "referral_rate": 0.1,
    "margin_rate": 0.4,
}
"""A shop on paper: round numbers, so that everybody can follow by hand."""


def on_paper(form: str, *, repeat: float, referral: float, close: float) -> dict[str, float]:
    """The factors of the shop on paper, "offline" or "online", with rates that can be set.

    Online nobody counts who came through a friend: they are page views like all others.
    """
    if form == "online":
        return {"page_views": EXAMPLE["traffic"], "conversion_rate": close, "order_value": EXAMPLE["order_value"],
                "repeat_rate": repeat, "margin_rate": EXAMPLE["margin_rate"]}  # fmt: skip
    return EXAMPLE | {"close_rate": close, "repeat_rate": repeat, "referral_rate": referral}


def inputs(company: Company, *, as_of: date, months: int = 12) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    months : int
        Complete months in each of the two periods.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "orders": company.orders,
        "people_known": company.customers,
        "code": company.currency,
        "as_of": as_of,
        "months": months,
        "example": dict(EXAMPLE),
        "periods": _periods,
        "lines": plain_lines,
        "people": people_of,
        "month_start": _month_start,
        "two_years": two_years,
        "change": _change,
        "movers": movers,
        "hole": hole,
    }


def _periods(orders, as_of, months):
    return measures.comparison_periods(orders["ordered_at"].min().date(), as_of, months=months)


def _shown(orders: pd.DataFrame, as_of: date, months: int) -> tuple[measures.Period, int]:
    """The period that the first hour works with, and the months before it in which an old customer bought.

    Where there are no two periods, the last twelve months up to the report day: reading a table needs no comparison.
    """
    found = _periods(orders, as_of, months)
    if found:
        return found.this, found.lookback_months or found.months
    end = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    return measures.Period((end - pd.DateOffset(months=12)).date(), end.date()), 12


def plain_lines(orders: pd.DataFrame, as_of: date, months: int, code: str) -> pd.DataFrame:
    """The order lines of this period as a spreadsheet would show them.

    Returns
    -------
    DataFrame
        `customer_id`, `order_id`, `day`, `month` (2026-05), `amount` (yuan; negative on a return).
    """
    period, _ = _shown(orders, as_of, months)
    inside = orders[period.holds(orders["ordered_at"])]
    table = pd.DataFrame(
        {
            "customer_id": inside["customer_id"],
            "order_id": inside["order_id"],
            "day": inside["ordered_at"].dt.normalize(),
            "month": inside["ordered_at"].dt.strftime("%Y-%m").astype("str"),
            "amount": in_major_units(inside["amount_minor"], code=code),
        }
    )
    return table.reset_index(drop=True)


def people_of(orders: pd.DataFrame, people_known: pd.DataFrame | None, as_of: date, months: int) -> pd.DataFrame:
    """One row for each customer with a line in this period: the table in which we look up.

    Returns
    -------
    DataFrame
        `customer_id`, `standing` (old: bought in the months before; else new), and
        `route`, which brought them, where it is known.
    """
    period, lookback = _shown(orders, as_of, months)
    ids = pd.Series(sorted(orders.loc[period.holds(orders["ordered_at"]), "customer_id"].unique()), dtype="str", name="customer_id")
    known = measures.known_before(orders, period=period, months=lookback)
    table = pd.DataFrame({"customer_id": ids, "standing": ids.isin(known).map({True: "old", False: "new"}).astype("str")})
    if people_known is not None and "acquisition_route" in people_known:
        route = people_known.drop_duplicates("customer_id").set_index("customer_id")["acquisition_route"].reindex(ids)
        table["route"] = route.where(route.notna(), "unknown").astype("str").to_numpy()
    return table


def _month_start(lines):
    return pd.Timestamp(lines["month"].max() + "-01")


def two_years(orders: pd.DataFrame, periods: measures.Periods, code: str) -> pd.DataFrame:
    """Both periods as factors: `period`, `buyers`, `orders_each`, `order_value`, `revenue`, money in yuan."""
    table = measures.period_table(orders, periods=periods).tail(2).reset_index(drop=True)
    return pd.DataFrame(
        {
            "period": table["period"],
            "buyers": table["buyers"],
            "orders_each": table["orders_each"],
            "order_value": in_major_units(table["order_value_minor"], code=code),
            "revenue": in_major_units(table["net_minor"], code=code),
        }
    )


def _change(orders, periods):
    return measures.decompose(orders, periods=periods, way="old and new")


# ---------------------------------------------------------------- four moves of a spreadsheet


@exercise(
    "0a.1",
    minutes=4,
    kind="fill",
    hints=[
        "A return has an amount below zero. The example above asks for amounts above 1,000.",
        'Compare the column with zero: `lines["amount"]`, then `<`, then `0`.',
    ],
    means="The brackets hold a question with the answer yes or no for every row, and the rows with a yes stay.",
)
def returned_lines(lines):
    """The lines of `lines` on which something came back: their amount is below zero."""
    return lines[lines["amount"] < 0]


@returned_lines.mistake("These are the sales. Something came back where the amount is *below* zero: turn the sign round.")
def _(lines):
    return lines[lines["amount"] > 0]


@returned_lines.mistake(
    "Each customer is there once only. Who brought two things back has two lines: keep both, and remove no duplicates."
)
def _(lines):
    return lines[lines["amount"] < 0].drop_duplicates("customer_id")


@returned_lines.in_a_spreadsheet("the number of these lines", digits=0)
def _(returns):
    return len(returns)


@exercise(
    "0a.2",
    minutes=4,
    spreadsheet=True,
    digits=2,
    hints=[
        "First the rows, then the column, then the sum: `lines.loc[which rows, which column].sum()`.",
        'The rows: `lines["day"] >= month_start`. The column: `"amount"`.',
    ],
    means="Returns are in it with their minus sign, so this is net revenue.",
)
def newest_month(lines, month_start):
    """Net revenue of the newest month: the sum of `amount` over the lines from `month_start` on."""
    return lines.loc[lines["day"] >= month_start, "amount"].sum()


@newest_month.mistake("You counted the lines, as COUNTIF does. Add up their `amount` instead.")
def _(lines, month_start):
    return int((lines["day"] >= month_start).sum())


@newest_month.mistake("You left the returns out. Net revenue is what stays: add up all amounts, the negative ones too.")
def _(lines, month_start):
    return lines.loc[(lines["day"] >= month_start) & (lines["amount"] > 0), "amount"].sum()


@newest_month.mistake("That is the money of all months. Only the lines from `month_start` on belong to the newest one.")
def _(lines):
    return lines["amount"].sum()


@exercise(
    "0a.3",
    minutes=4,
    hints=[
        "Rows of the pivot table: `month`. Values: `amount`. Worked out: the sum.",
        'It is the example above with another column in `groupby(...)`, and `.sum()` at its end.',
    ],
    means="One line of pandas, and it is right again next month without a click.",
)
def money_by_month(lines):
    """Net revenue of each month."""
    return lines.groupby("month")["amount"].sum()


@money_by_month.mistake("A pivot table counts unless it is told otherwise. These are numbers of lines: ask for the sum of `amount`.")
def _(lines):
    return lines.groupby("month")["amount"].count()


@money_by_month.mistake("That is the mean amount of a line. Ask for the sum.")
def _(lines):
    return lines.groupby("month")["amount"].mean()


@money_by_month.in_a_spreadsheet("the sum of the month that has most", digits=2)
def _(months):
    return months.max()


@exercise(
    "0a.4",
    minutes=5,
    hints=[
        "First look up: `lines.merge(people, on=\"customer_id\", how=\"left\")` puts `standing` beside every line.",
        "Then it is a pivot table again: rows `standing`, values `amount`, the sum.",
    ],
    covers=["S17"],
    means="New customers are the first route to profit; what the old ones bring is the second and the third.",
)
def money_by_standing(lines, people):
    """Net revenue of old and of new customers: look up each line's `standing` in `people`, then add up."""
    joined = lines.merge(people, on="customer_id", how="left")
    return joined.groupby("standing")["amount"].sum()


@money_by_standing.mistake("These are numbers of lines. After the look-up, add up `amount`.")
def _(lines, people):
    return lines.merge(people, on="customer_id", how="left").groupby("standing")["amount"].count()


@money_by_standing.mistake("These are numbers of customers, from the table `people` alone. The money stands in `lines`, so look up there.")
def _(people):
    return people.groupby("standing")["customer_id"].count()


@money_by_standing.mistake("You left the returns out. What came back belongs to somebody, too: look up and add up all lines.")
def _(lines, people):
    return lines[lines["amount"] > 0].merge(people, on="customer_id", how="left").groupby("standing")["amount"].sum()


@money_by_standing.in_a_spreadsheet("the money of the new customers", digits=2)
def _(money):
    return money["new"]


# ---------------------------------------------------------------- the formula


@exercise(
    "0a.5",
    minutes=2,
    kind="predict",
    within=0.3,
    hints=[
        "Think of the last shop where you bought something for your home. On how many days of the last year were you there as a buyer?",
        "Some come every month, but most come once or twice.",
    ],
    covers=["S124"],
    means="Take away the first order of each, and what is left is the repeat rate of the formula.",
)
def orders_each(lines):
    """On how many days did a customer who bought in this period buy, on average?"""
    sales = lines[lines["amount"] > 0]
    return len(sales[["customer_id", "day"]].drop_duplicates()) / sales["customer_id"].nunique()


@orders_each.mistake("That would be so if nobody ever came back. Somebody does, even here.")
def _():
    return 1


@orders_each.mistake("That is once a month: a habit for groceries, hardly for what this shop sells.")
def _():
    return 12


@exercise(
    "0a.6",
    minutes=4,
    kind="fill",
    spreadsheet=True,
    digits=2,
    hints=[
        "Order value is money divided by orders. Both names stand in the lines above.",
        "`revenue / order_count`",
    ],
    covers=["S123"],
    means="Order value is net of returns here, so that the three factors multiply to net revenue.",
)
def order_value(lines):
    """Order value: net revenue divided by the number of orders, where an order is a day on which a customer bought."""
    sales = lines[lines["amount"] > 0]
    order_count = len(sales[["customer_id", "day"]].drop_duplicates())
    return lines["amount"].sum() / order_count


@order_value.mistake("That is the mean of a line. A basket with five things in it has five lines and is one order.")
def _(lines):
    return lines.loc[lines["amount"] > 0, "amount"].mean()


@order_value.mistake("You divided by the customers. That is the money of a customer, who may have ordered several times.")
def _(lines):
    return lines["amount"].sum() / lines.loc[lines["amount"] > 0, "customer_id"].nunique()


@exercise(
    "0a.7",
    minutes=4,
    kind="fill",
    spreadsheet=True,
    digits=0,
    hints=[
        "Of 100 customers 30 buy again, so 100 first orders become 130 orders. By what is the first result multiplied?",
        "By 1.3 for those who buy again, and by 1.1 for those whom friends bring.",
        "`(1 + 0.3) * (1 + 0.1)`",
    ],
    covers=["S123"],
    means="Customers who come back add to first orders; they never take any away.",
)
def as_multipliers(example):
    """The result of the shop on paper, with repeat and referral as what comes on top of first orders."""
    first_orders = example["traffic"] * example["close_rate"] * example["order_value"] * example["margin_rate"]
    return first_orders * (1 + example["repeat_rate"]) * (1 + example["referral_rate"])


@as_multipliers.mistake("You multiplied by 0.3 and by 0.1, as the formula is printed. Then loyal customers would cost the shop nearly all it earns.")
def _(example):
    return measures.performance(example, reading="literal")


@as_multipliers.mistake("You added the two rates before multiplying. Friends buy again, too: multiply by 1.3, and then by 1.1.")
def _(example):
    return measures.performance(example, reading="first orders") * (1 + example["repeat_rate"] + example["referral_rate"])


@as_multipliers.mistake("You left repeat and referral out: these are first orders alone.")
def _(example):
    return measures.performance(example, reading="first orders")


# ---------------------------------------------------------------- what moved it


@exercise(
    "0a.8",
    minutes=4,
    spreadsheet=True,
    digits=0,
    hints=[
        "How many more buyers are there in the second row than in the first?",
        "What did one buyer bring in the first row? `orders_each` times `order_value`.",
        "More buyers, times what one brought *then*.",
    ],
    covers=["S123"],
    means="Do the same for the other two factors and add up: the sum is not the change. What factors do together belongs to none of them.",
)
def only_buyers(two_years):
    """By how much would revenue have changed if only the number of buyers had, all else as in the period before?"""
    last, this = two_years.iloc[0], two_years.iloc[1]
    return (this["buyers"] - last["buyers"]) * last["orders_each"] * last["order_value"]


@only_buyers.mistake("That is the whole change of revenue. Only the buyers may change; a buyer brings what one brought before.")
def _(two_years):
    return two_years["revenue"].iloc[1] - two_years["revenue"].iloc[0]


@only_buyers.mistake("You took what a buyer brings now. Leave everything but the number of buyers as it was in the period before.")
def _(two_years):
    last, this = two_years.iloc[0], two_years.iloc[1]
    return (this["buyers"] - last["buyers"]) * this["orders_each"] * this["order_value"]


def movers(change, code):
    """The four movers of the change, their money in words, and which is strongest: for the feedback of exercise 0a.9."""
    found = {name: _signed(value, code) for name, value in measures.movers(change).items()}
    return found | {"strongest": _MOVER[what_moved_revenue(change)]}


_MOVER = {
    "new": "the number of new customers",
    "back": "how many old customers came back",
    "often": "how often each ordered",
    "size": "order value",
}


@exercise(
    "0a.9",
    minutes=2,
    kind="judge",
    covers=["S17", "S02"],
    options={
        "new": Option(
            "How many new customers there were",
            "Yes: {new}, more than any other part ({back}, {often} and {size}).",
            "New customers made {new}. The strongest part was another: {strongest}.",
        ),
        "back": Option(
            "How many of the old customers came back",
            "Yes: {back}, more than any other part (new customers {new}, orders each {often}, order value {size}).",
            "Old customers coming back made {back}. The strongest part was another: {strongest}.",
        ),
        "often": Option(
            "How often each customer ordered",
            "Yes: {often}, more than any other part (new customers {new}, coming back {back}, order value {size}).",
            "Orders each made {often}. The strongest part was another: {strongest}.",
        ),
        "size": Option(
            "How much an order was worth",
            "Yes: {size}, more than any other part (new customers {new}, coming back {back}, orders each {often}).",
            "Order value made {size}. The strongest part was another: {strongest}.",
        ),
    },
    means="A total has parts that pull in different directions. Who sees the total alone thanks everybody, and warns nobody.",
)
def what_moved_revenue(change):
    """Revenue is not what it was a year ago. Which part moved it most, up or down?"""
    moved = measures.movers(change)
    return max(moved, key=lambda part: abs(moved[part]))


@what_moved_revenue.facts
def _(movers):
    return movers


def hole(change, code):
    """Where most was lost, and the money of each part in words: for the feedback of exercise 0a.10."""
    found, key = measures.losses(change), measures.largest_loss(change)
    limit, lost = words.percent(measures.LARGE), words.money(-min(found.values()), code=code)
    instead = f"nothing lost more than {limit} of last year's revenue" if key == "none" else f"most was lost with {_HOLE[key]} ({lost})"
    return {"instead": instead, "limit": limit, "lost": lost, **{name: _signed(value, code) for name, value in found.items()}}


_HOLE = {"new": "new customers", "old": "old customers", "size": "the size of orders"}


@exercise(
    "0a.10",
    minutes=3,
    kind="judge",
    covers=["S03", "S02"],
    options={
        "new": Option(
            "Win more new customers",
            "Yes: fewer new customers took {lost}, the largest loss. Look there first, and try it on a part, so that you learn what it does.",
            "New customers made {new}, so that is not where money went missing: {instead}.",
        ),
        "old": Option(
            "See that old customers come back, and as often as they did",
            "Yes: they came less, and took {lost} with them, the largest loss. Look there first, and try it on one half, drawn by lot.",
            "Old customers made {old}, so that is not where money went missing: {instead}.",
        ),
        "size": Option(
            "Make orders larger",
            "Yes: smaller orders took {lost}, the largest loss. Look there first, and try it on a part, so that you learn what it does.",
            "Order value made {size}, so that is not where money went missing: {instead}.",
        ),
        "none": Option(
            "No part lost enough to be the reason; choose by what can be tested best",
            "Yes: nothing lost more than {limit} of last year's revenue (new customers {new}, old ones {old}, order value {size}).",
            "There is a hole, and it is large: {instead}.",
        ),
    },
    means="A loss says where to look. What a yuan does there, only a trial with some customers left alone can say.",
)
def where_to_spend(change):
    """The owner has another 100,000 yuan for one trial. Where did most money go missing against last year, so where do you try first?"""
    lost = {part: -money for part, money in measures.losses(change).items()}
    worst = max(lost, key=lost.get)
    return worst if lost[worst] > measures.LARGE * change.before_minor else "none"


@where_to_spend.facts
def _(hole):
    return hole


def _signed(minor: int, code: str) -> str:
    return f"{'+' if minor > 0 else ''}{words.money(minor, code=code)}"
