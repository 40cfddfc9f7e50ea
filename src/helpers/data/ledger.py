"""The ledger: order lines become one row per customer, the same from every engine."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import narwhals as nw
import pandas as pd

COLUMNS = (
    "customer_id",
    "first_order_on",
    "last_order_on",
    "order_days",
    "gross_minor",
    "returns_minor",
    "net_minor",
    "mean_gap_days",
)


def ledger(orders, *, as_of: date, since: date | None = None) -> pd.DataFrame:
    """One row per customer: first and last order day, order days, money, rhythm.

    Parameters
    ----------
    orders : pandas frame, DuckDB relation, or any frame that narwhals takes
        Order lines with `customer_id`, `ordered_at` and `amount_minor`
        (int64). With a `status` column only `sale` and `return` lines count;
        without one the sign of the amount decides.
    as_of : date
        The report date. Lines of this day count, later lines do not.
    since : date, optional
        Leave out lines before this day: the ledger of a window.

    Returns
    -------
    DataFrame, one row per customer with at least one sale, by `customer_id`
        `first_order_on`, `last_order_on` (days), `order_days` (distinct days
        with a sale; several orders on one day are one), `gross_minor`,
        `returns_minor` (zero or negative), `net_minor` (their sum),
        `mean_gap_days` (missing for customers with one order day). A customer
        with returns alone bought before the file starts and has no row.
    """
    lines = nw.from_native(orders).filter(
        nw.col("ordered_at") < datetime.combine(as_of + timedelta(days=1), datetime.min.time()),
        ~nw.col("customer_id").is_null(),
    )
    if since is not None:
        lines = lines.filter(nw.col("ordered_at") >= datetime.combine(since, datetime.min.time()))
    amount = nw.col("amount_minor")
    is_sale, is_return = amount > 0, amount < 0
    if "status" in lines.collect_schema().names():
        is_sale, is_return = nw.col("status") == "sale", nw.col("status") == "return"

    # First by customer and day, then by customer: less work than counting distinct days, and one pass
    # over the file. Lines that count for nothing go along with zero: to filter them out costs more.
    # Only a lazy engine has dates without hours; pandas without Arrow dtypes cuts the hours off. The
    # casts to int64: DuckDB adds up to 128-bit integers, which pandas would turn into floats.
    at = nw.col("ordered_at").dt
    days = (
        lines.with_columns(
            day=at.date() if isinstance(lines, nw.LazyFrame) else at.truncate("1d"),
            gross_minor=nw.when(is_sale).then(amount).otherwise(nw.lit(0)),
            returns_minor=nw.when(is_return).then(amount).otherwise(nw.lit(0)),
        )
        .group_by("customer_id", "day")
        .agg(nw.col("gross_minor", "returns_minor").sum())
        .with_columns(nw.col("gross_minor", "returns_minor").cast(nw.Int64()))
        .with_columns(order_day=nw.when(nw.col("gross_minor") > 0).then(nw.col("day")))
    )
    customers = (
        days.group_by("customer_id")
        .agg(
            nw.col("gross_minor", "returns_minor").sum(),
            first_order_on=nw.col("order_day").min(),
            last_order_on=nw.col("order_day").max(),
            order_days=nw.col("order_day").count(),
        )
        .filter(nw.col("order_days") > 0)
        .with_columns(
            nw.col("order_days", "gross_minor", "returns_minor").cast(nw.Int64()),
            nw.col("first_order_on", "last_order_on").cast(nw.Datetime("us")),
        )
        .sort("customer_id")
    )
    table = _to_pandas(customers).astype({"customer_id": "str"}).reset_index(drop=True)
    table["net_minor"] = table["gross_minor"] + table["returns_minor"]
    repeats = table["order_days"] - 1
    span = (table["last_order_on"] - table["first_order_on"]).dt.days
    table["mean_gap_days"] = (span / repeats.where(repeats > 0)).astype("float64")
    return pd.DataFrame({column: table[column] for column in COLUMNS})


def _to_pandas(frame) -> pd.DataFrame:
    # Through Arrow: DuckDB's own way to pandas makes a Python object of every text.
    return frame.collect("pyarrow").to_native().to_pandas() if isinstance(frame, nw.LazyFrame) else frame.to_native()
