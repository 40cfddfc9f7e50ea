"""Whom to call first: open prospects by what a call may bring, as far as the hours go."""

from __future__ import annotations

from datetime import date

import pandas as pd

from helpers import words
from helpers.conversion.grades import Score
from helpers.conversion.tiers import in_words
from helpers.stats.intervals import Estimate
from helpers.withheld import Withheld

COLUMNS = ["customer_id", "list", "action", "reason", "evidence", "value_at_stake_minor", "consent", "last_contact_on"]
FOLLOW_UP = {
    "very_hopeful": "has settled on a model: answer what is open, and offer a day",
    "hopeful": "has need, money and interest: help to choose",
    "ordinary": "has an ordinary interest: send what was asked for, then call",
    "no_intention": "said no: ask once whether the reason still stands",
}


def call_list(
    found: Score | Withheld,
    prospects: pd.DataFrame | None,
    visits: pd.DataFrame | None,
    worth: Estimate | Withheld,
    *,
    capacity: int,
    quiet_since: date | None = None,
) -> pd.DataFrame | Withheld:
    """The open prospects with the highest chance of an order still to come, up to the capacity.

    Parameters
    ----------
    found : Score or Withheld
    prospects, visits : DataFrame or None
    worth : Estimate or Withheld
        Of one won prospect; without it the list is the same and the value is 0.
    capacity : int
        Calls that can be made.
    quiet_since : date, optional
        Whoever was contacted after this day is left in peace for now.

    Returns
    -------
    DataFrame or Withheld
        The columns of an action list; `customer_id` holds the prospect's number. Whoever did not agree to be contacted, or
        was contacted lately, stands on it to be suppressed there, and takes no place of the capacity. The chance foretells who will order, not whom a call moves.
    """
    if isinstance(found, Withheld):
        return Withheld("Whom to call first", found.reason, found.gain)
    rows = found.open.merge(prospects, on="prospect_id", how="left", suffixes=("", "_written"))
    rows = rows.sort_values(["chance_now", "prospect_id"], ascending=[False, True], kind="stable")
    consent = rows["consent"] if "consent" in rows else pd.Series(pd.NA, index=rows.index, dtype="boolean")
    last = (
        visits.groupby("prospect_id")["at"].max().dt.normalize()
        if visits is not None and len(visits)
        else pd.Series(dtype="datetime64[us]")
    )
    may = consent.fillna(True).astype(bool)
    if quiet_since is not None:
        may &= ~(rows["prospect_id"].map(last) > pd.Timestamp(quiet_since))
    rows = rows[may.cumsum() <= capacity].head(2 * capacity)
    each = 0.0 if isinstance(worth, Withheld) else worth.value
    barrier = rows["barrier"].fillna("") if "barrier" in rows else pd.Series("", index=rows.index)
    return pd.DataFrame(
        {
            "customer_id": rows["prospect_id"],
            "list": "convert",
            "action": "call",
            "reason": [f"Grade {row.grade}: {FOLLOW_UP.get(row.follow_up, 'call')}" for row in rows.itertuples()],
            "evidence": [
                f"{words.in_100(row.chance_now)} like this one still order; first contact {words.count(int(row.age_days), 'day')} ago"
                + (f"; barrier: {in_words(what)}" if what else "")
                for row, what in zip(rows.itertuples(), barrier, strict=True)
            ],
            "value_at_stake_minor": (rows["chance_now"] * each).round().astype("int64"),
            "consent": ["unknown" if pd.isna(one) else "yes" if one else "no" for one in consent.loc[rows.index]],
            "last_contact_on": rows["prospect_id"].map(last).astype("datetime64[us]"),
        }
    ).reset_index(drop=True)[COLUMNS]  # fmt: skip
