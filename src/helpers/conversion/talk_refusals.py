"""What people say when they say no: the reasons that sellers noted, counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.withheld import Withheld

MIN_REFUSALS = 30
"""Refusals with a reason, below which they are not counted up."""
_WHAT = "The reasons of a no"
_GAIN = "With a table of visits (when, how it ended, the reason of a no), this page would count what keeps people."


@dataclass(frozen=True)
class Refusals:
    """The refusals of a window.

    Attributes
    ----------
    table : DataFrame
        `reason`, `refusals`, `share` (of those with a reason), the commonest first; of equals by name.
    without : int
        Refusals for which nobody noted a reason.
    first, last : Timestamp
        First and last day of the window.
    """

    table: pd.DataFrame
    without: int
    first: pd.Timestamp
    last: pd.Timestamp


def refusals(visits: pd.DataFrame | None, *, as_of: date, window_days: int = 365) -> Refusals | Withheld:
    """How often each reason was noted for a no.

    Parameters
    ----------
    visits : DataFrame or None
        `at`, `outcome`, `reason`.
    as_of : date
    window_days : int, default 365
        Days up to the report date.

    Returns
    -------
    Refusals or Withheld

    Raises
    ------
    DataError
        If the window cannot be.
    """
    if window_days < 1:
        raise DataError(f"A window of {window_days} days cannot be. Give 1 day or more.")
    if visits is None or not len(visits):
        return Withheld(_WHAT, "The data have no table of visits.", _GAIN)
    if "reason" not in visits or visits["reason"].isna().all():
        return Withheld(_WHAT, "The visits have no column reason.", _GAIN)
    last = pd.Timestamp(as_of)
    first = last - pd.Timedelta(days=window_days - 1)
    seen = visits[(visits["at"] >= first) & (visits["at"] < last + pd.Timedelta(days=1)) & visits["outcome"].eq("refused")]
    said = seen["reason"].dropna().astype("str")
    said = said[said.str.strip().ne("")]
    if len(said) < MIN_REFUSALS:
        reason = f"{words.count(len(said), 'refusal')} of the window had a reason noted, and {MIN_REFUSALS} are the least for counting them up."
        return Withheld(_WHAT, reason, "A longer window (`window_days`), or a word noted after each no, would show it.")
    counted = said.value_counts().rename_axis("reason").reset_index(name="refusals")
    counted = counted.sort_values(["refusals", "reason"], ascending=[False, True], kind="stable").reset_index(drop=True)
    return Refusals(counted.assign(share=counted["refusals"] / len(said)), len(seen) - len(said), first, last)
