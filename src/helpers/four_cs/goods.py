"""What the tables know of one product: its name, its list price, what a piece costs."""

from __future__ import annotations

import pandas as pd


def list_price(product_id: str | None, products: pd.DataFrame | None, orders: pd.DataFrame) -> int | None:
    """The list price of a product in minor units: of the product table, else the newest in the orders; None if neither knows it."""
    if products is not None and "price_minor" in products:
        own = products.loc[products["product_id"] == product_id, "price_minor"].dropna()
        if len(own):
            return int(own.iloc[0])
    if {"product_id", "list_price_minor"} <= set(orders.columns):
        own = orders[orders["product_id"] == product_id].dropna(subset=["list_price_minor"])
        if len(own):
            return int(own.sort_values(["ordered_at", "list_price_minor"])["list_price_minor"].iloc[-1])
    return None


def unit_cost(product_id: str | None, products: pd.DataFrame | None) -> int:
    """What a piece costs the company, in minor units; 0 where it is not known."""
    if products is None or "cost_minor" not in products:
        return 0
    own = products.loc[products["product_id"] == product_id, "cost_minor"].dropna()
    return int(own.iloc[0]) if len(own) else 0


def product_name(product_id: str | None, products: pd.DataFrame | None) -> str:
    """The name of a product, or its number."""
    if products is None or "name" not in products:
        return str(product_id or "")
    own = products.loc[products["product_id"] == product_id, "name"].dropna()
    return str(own.iloc[0]) if len(own) else str(product_id or "")
