"""What several tests read off a company's public tables, with plain pandas."""

import pandas as pd


def person_lines(world) -> pd.DataFrame:
    """Sales and returns of people, with the product line and amounts in yuan."""
    frames = world.frames()
    customers = frames["customers"]
    people = customers.loc[customers["kind"] == "person", "customer_id"]
    orders = frames["orders"]
    orders = orders[orders["customer_id"].isin(people) & orders["kind"].isin(["sale", "return"])]
    orders = orders.merge(frames["products"][["product_id", "line"]], on="product_id")
    return orders.assign(
        amount=orders["amount_minor"] / 100,
        margin=orders["margin_minor"] / 100,
        day=orders["ordered_at"].dt.normalize(),
    )


def last_year(lines: pd.DataFrame, world, *, at: str = "ordered_at") -> pd.DataFrame:
    """The 365 days up to `as_of`."""
    return lines[lines[at] >= pd.Timestamp(world.as_of) - pd.Timedelta(days=364)]
