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

    # truncate, not a cast to Date: pandas without Arrow dtypes knows no dates. The casts
    # to int64: DuckDB adds up to 128-bit integers, which pandas would turn into floats.
    day = nw.col("ordered_at").dt.truncate("1d")
    bought = _to_pandas(
        lines.filter(is_sale)
        .with_columns(day=day)
        .group_by("customer_id")
        .agg(
            first_order_on=nw.col("day").min(),
            last_order_on=nw.col("day").max(),
            order_days=nw.col("day").n_unique(),
            gross_minor=amount.sum(),
        )
        .with_columns(nw.col("order_days", "gross_minor").cast(nw.Int64()))
    )
    gave_back = _to_pandas(
        lines.filter(is_return)
        .group_by("customer_id")
        .agg(returns_minor=amount.sum())
        .with_columns(nw.col("returns_minor").cast(nw.Int64()))
    )
    table = bought.astype({"customer_id": "str"}).sort_values("customer_id", ignore_index=True)
    returns = gave_back.astype({"customer_id": "str"}).set_index("customer_id")["returns_minor"]
    table["returns_minor"] = table["customer_id"].map(returns).fillna(0).astype("int64")
    table["net_minor"] = table["gross_minor"] + table["returns_minor"]
    for column in ("first_order_on", "last_order_on"):
        table[column] = pd.to_datetime(table[column]).astype("datetime64[us]")
    repeats = table["order_days"] - 1
    span = (table["last_order_on"] - table["first_order_on"]).dt.days
    table["mean_gap_days"] = (span / repeats.where(repeats > 0)).astype("float64")
    return pd.DataFrame({column: table[column] for column in COLUMNS})


def _to_pandas(frame) -> pd.DataFrame:
    return frame.collect("pandas").to_native() if isinstance(frame, nw.LazyFrame) else frame.to_native()
