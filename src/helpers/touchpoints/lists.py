"""Monday: the cases that are still open, each with what is known of it."""

from __future__ import annotations

from datetime import date

import pandas as pd

from helpers import words
from helpers.touchpoints.places import touchpoint_name
from helpers.withheld import Withheld

LIST = "open_cases"
COLUMNS = ["customer_id", "list", "action", "reason", "evidence", "value_at_stake_minor"]
STILL_DAYS = 60
"""Matters that were not settled and have been silent for longer are history, not open cases."""


def open_cases(contacts: pd.DataFrame | None, book: pd.DataFrame, *, as_of: date, code: str, list_size: int = 200) -> pd.DataFrame | Withheld:
    """Customers with a complaint that is open, or with a matter that its last contact did not settle.

    Parameters
    ----------
    contacts : DataFrame or None
        Sound contacts up to `as_of`; see `places.sound_contacts`.
    book : DataFrame
        One row a customer: `customer_id`, `net_minor` (money in the last year).
    as_of : date
    code : str
        ISO code of the currency.
    list_size : int, default 200

    Returns
    -------
    DataFrame
        One row a customer: the oldest open complaint, else the oldest open matter. At stake is what the customer left in a year.
    """
    what = "Open cases"
    gain = "With contacts (when, where, whether settled, whether a complaint is still open), open cases would stand here by name."
    if contacts is None or not len(contacts):
        return Withheld(what, "The data have no table of contacts.", gain)
    if "resolved" not in contacts and "status" not in contacts:
        return Withheld(what, "The contacts say neither what was settled nor what is still open.", gain)
    rows = contacts[contacts["customer_id"].notna()].sort_values(["at", "contact_id"])
    case = rows["case_id"].fillna(rows["contact_id"]) if "case_id" in rows else rows["contact_id"]
    grouped = rows.assign(case=case).groupby("case", sort=False)
    table = grouped.agg(customer_id=("customer_id", "first"), began=("at", "first"), last=("at", "last"), contacts=("at", "size"))
    for name in ("touchpoint", "owner", "resolved"):
        table[name] = grouped[name].last() if name in rows else pd.NA
    table["first_place"] = grouped["touchpoint"].first() if "touchpoint" in rows else "unknown"
    table["cause"] = grouped["cause"].agg(lambda values: next((v for v in values if isinstance(v, str) and v), "")) if "cause" in rows else ""
    table["complaint"] = grouped["status"].agg(lambda values: (values == "open").any()) if "status" in rows else False
    recent = table["last"] >= pd.Timestamp(as_of) - pd.Timedelta(days=STILL_DAYS)
    unsettled = table["resolved"].eq(False).fillna(False).astype(bool) & recent & table["cause"].eq("")
    table = table[table["complaint"].astype(bool) | unsettled]
    if table.empty:
        return pd.DataFrame(columns=COLUMNS)
    table = table.reset_index().sort_values(["complaint", "began", "case"], ascending=[False, True, True])
    count = table.groupby("customer_id")["case"].transform("size")
    table = table.assign(cases=count).drop_duplicates("customer_id")
    worth = book.set_index("customer_id")["net_minor"]
    stake = table["customer_id"].map(worth).fillna(0).clip(lower=0).astype("int64")
    table = table.assign(stake=stake).head(list_size)
    return pd.DataFrame(
        {
            "customer_id": table["customer_id"].to_numpy(),
            "list": LIST,
            "action": "service_repair",
            "reason": [_reason(row) for row in table.itertuples()],
            "evidence": [_evidence(row, as_of) for row in table.itertuples()],
            "value_at_stake_minor": table["stake"].to_numpy(),
        }
    )


def _reason(row) -> str:
    if row.complaint:
        cause = f" ({str(row.cause).replace('_', ' ')})" if row.cause else ""
        return f"A complaint is open{cause}: solve it, and say who does"
    return f"Not settled: began at {touchpoint_name(row.first_place) if row.first_place in ('hotline',) else str(row.first_place).replace('_', ' ')}"


def _evidence(row, as_of: date) -> str:
    days = (pd.Timestamp(as_of) - row.began.normalize()).days
    last = f"last at {str(row.touchpoint).replace('_', ' ')}" + (f" ({row.owner})" if isinstance(row.owner, str) else "")
    text = f"Open for {words.count(days, 'day')}, {words.count(int(row.contacts), 'contact')}, {last} on {words.day(row.last)}"
    return text + (f"; {words.count(int(row.cases), 'open case')} in all." if row.cases > 1 else ".")
