"""The emotional account of customers, kept from what contacts say was settled, left unsettled or followed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.withheld import Withheld

MIN_CUSTOMERS = 30
"""Customers with contacts, below which nothing is said about a share of them."""
_WHAT = "The emotional account"
_GAIN = "With a table of contacts (who, when, whether settled), this page would show with which customers the account is below zero."


@dataclass(frozen=True)
class Accounts:
    """The accounts of a window.

    Attributes
    ----------
    table : DataFrame
        One row a customer: `customer_id`, `deposits`, `withdrawals` (numbers of contacts), `balance`, `last` (day of the last contact),
        `ended_low` (whether the last contact settled nothing).
    first, last : Timestamp
        First and last day of the window.
    withdrawal : float
        What one contact that settled nothing takes out; one that settled its matter pays in 1.
    left_out : int
        Contacts without a customer, or of which nobody noted whether they settled the matter.
    rung_back : bool
        Whether the contacts say who was called on the next day; such a call pays in 1 more.
    """

    table: pd.DataFrame
    first: pd.Timestamp
    last: pd.Timestamp
    withdrawal: float
    left_out: int
    rung_back: bool

    @property
    def overdrawn(self) -> pd.DataFrame:
        """Those below zero, the lowest first; of equals, those whose last contact is newest, then by id."""
        below = self.table[self.table["balance"] < 0]
        return below.sort_values(["balance", "last", "customer_id"], ascending=[True, False, True], kind="stable")


def accounts(contacts: pd.DataFrame | None, *, as_of: date, window_days: int = 365, withdrawal: float = 2.0) -> Accounts | Withheld:
    """What was paid into and drawn from each customer's account, as far as contacts tell.

    Parameters
    ----------
    contacts : DataFrame or None
        `contact_id`, `customer_id`, `at`, `resolved`; `called_back` where known.
    as_of : date
    window_days : int, default 365
        Days up to the report date.
    withdrawal : float, default 2.0
        What a contact that settled nothing takes out, where one that settled pays in 1. Our choice: nobody has measured it.

    Returns
    -------
    Accounts or Withheld

    Raises
    ------
    DataError
        If the window or the weight cannot be.
    """
    if window_days < 1:
        raise DataError(f"A window of {window_days} days cannot be. Give 1 day or more.")
    if not withdrawal > 0:
        raise DataError(f"A withdrawal that takes {withdrawal} cannot be. Give a number above 0.")
    if contacts is None or not len(contacts):
        return Withheld(_WHAT, "The data have no table of contacts.", _GAIN)
    if "resolved" not in contacts or contacts["resolved"].isna().all():
        return Withheld(_WHAT, "The contacts have no column resolved.", _GAIN)
    last = pd.Timestamp(as_of)
    first = last - pd.Timedelta(days=window_days - 1)
    seen = contacts[(contacts["at"] >= first) & (contacts["at"] < last + pd.Timedelta(days=1))]
    known = seen["customer_id"].notna() & seen["resolved"].notna()
    kept = seen[known].sort_values(["at", "contact_id"], kind="stable")
    customers = kept["customer_id"].nunique()
    if customers < MIN_CUSTOMERS:
        reason = f"{words.count(customers, 'customer')} had contacts in the window, and {MIN_CUSTOMERS} are the least for a share of them."
        return Withheld(_WHAT, reason, "A longer window (`window_days`) or more contacts would show it.")
    settled = kept["resolved"].astype(bool)
    has_calls = "called_back" in kept and bool(kept["called_back"].notna().any())
    rung = kept["called_back"].fillna(False).astype(bool) if has_calls else pd.Series(False, index=kept.index)
    entry = np.where(settled, 1.0, -withdrawal) + rung.astype(float)
    marked = kept.assign(settled=settled, open=~settled, entry=entry)
    table = marked.groupby("customer_id", sort=True).agg(
        deposits=("settled", "sum"), withdrawals=("open", "sum"), balance=("entry", "sum"), last=("at", "last"), ended_low=("open", "last")
    )
    table = table.reset_index().astype({"deposits": "int64", "withdrawals": "int64", "balance": "float64", "ended_low": "bool"})
    return Accounts(table, first, last, withdrawal, int((~known).sum()), has_calls)
