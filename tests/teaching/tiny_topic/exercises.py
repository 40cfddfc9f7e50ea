"""Exercises on five orders of three customers, small enough to be worked by hand."""

import pandas as pd

from helpers.teaching import Option, exercise


@exercise(
    "1.1",
    minutes=6,
    hints=["Count days up to the report date.", "The report date is `as_of`, not today."],
    covers=["S73"],
    means="Few days are a good sign.",
)
def days_since_last_order(orders, as_of):
    """Days since the last order, for each customer."""
    return (pd.Timestamp(as_of) - orders.groupby("customer_id")["ordered_at"].max().dt.normalize()).dt.days


@days_since_last_order.mistake("You counted up to the newest order in the file, not up to the report date.")
def _(orders):
    return (orders["ordered_at"].max() - orders.groupby("customer_id")["ordered_at"].max().dt.normalize()).dt.days


@days_since_last_order.mistake("You took the first order of each customer, not the last one.")
def _(orders, as_of):
    return (pd.Timestamp(as_of) - orders.groupby("customer_id")["ordered_at"].min()).dt.days


@days_since_last_order.in_a_spreadsheet("the mean number of days", digits=1)
def _(days):
    return days.mean()


@exercise("1.2", minutes=2, kind="predict", within=5, hints=["All the same would be 33 of 100."])
def share_of_the_largest(orders):
    """How many of 100 yuan come from the customer who brings most?"""
    money = orders.groupby("customer_id")["amount_minor"].sum()
    return 100 * money.max() / money.sum()


@share_of_the_largest.mistake("That would be so if all customers brought the same.")
def _(orders):
    return 100 / orders["customer_id"].nunique()


@share_of_the_largest.mistake("That is the largest order, not the largest customer.")
def _(orders):
    return 100 * orders["amount_minor"].max() / orders["amount_minor"].sum()


@exercise("1.3", minutes=3, kind="fill", spreadsheet=True, digits=1, hints=["Add up, then divide by the days."])
def money_per_order_day(orders):
    """Mean money of an order day, in yuan."""
    return orders["amount_minor"].sum() / 100 / orders["ordered_at"].dt.normalize().nunique()


@money_per_order_day.mistake("You divided by order lines. Two lines of one day are one order day.")
def _(orders):
    return orders["amount_minor"].mean() / 100


@exercise("1.4", minutes=4, hints=["One row a customer."])
def money_table(orders):
    """Money and orders of each customer, as a table."""
    return orders.groupby("customer_id").agg(amount_minor=("amount_minor", "sum"), lines=("amount_minor", "size"))


@money_table.mistake("You left out returns.")
def _(orders):
    return money_table(orders[orders["amount_minor"] > 0])


@exercise("1.5", minutes=2, hints=["Look at the table of 1.4."])
def customers_with_two_lines(money_table):
    """The customers with more than one line."""
    return list(money_table.index[money_table["lines"] > 1])


@exercise("1.6", minutes=2, hints=["Needs margins."])
def margin(orders):
    """The margin of all orders."""
    return orders["margin_minor"].sum()


@exercise(
    "1.7",
    minutes=3,
    kind="judge",
    options={
        "call": Option(
            "Call the customer who is silent longest", "Yes: {name} was good once.", "{name} was never good."
        ),
        "wait": Option("Wait a month", "Yes: nobody is late.", "Waiting costs {name}."),
    },
)
def what_first(days_since_last_order):
    """What do you do first?

    The limit is thirty days.
    """
    return "call" if days_since_last_order.max() > 30 else "wait"


@what_first.facts
def _(days_since_last_order):
    return {"name": f"<b>{days_since_last_order.idxmax()}</b>"}


def quietest(days_since_last_order):
    return days_since_last_order.idxmax()


def nobody(missing_table):
    return "A"
