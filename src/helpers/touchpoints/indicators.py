"""The six indicators of satisfaction, side by side: never one score made of all."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from helpers.data.ledger import ledger
from helpers.stats.sampling import weighted_share
from helpers.withheld import Withheld

YEAR = 365
PRAISE_FROM = 9
"""On the question of recommendation from 0 to 10, answers from here up count as praise. Our stand-in for reputation."""
RISE = 10
"""Per cent by which prices might rise."""
MIN_ANSWERS = 30


def six_indicators(
    orders: pd.DataFrame,
    survey: pd.DataFrame | None,
    contacts: pd.DataFrame | None,
    *,
    as_of: date,
    rise: float = RISE,
) -> pd.DataFrame:
    """Reputation, awareness, repurchase, complaints, spend and price sensitivity, each with its basis and its trap.

    Parameters
    ----------
    orders : DataFrame
        The lines that count.
    survey, contacts : DataFrame or None
        From the survey only sheets of the panel count, with their weights.
    as_of : date
    rise : float, default 10
        Per cent.

    Returns
    -------
    DataFrame, six rows
        `indicator`, `chinese`, `value`, `low`, `high`, `unit` (share or money), `n`, `basis`, `trap`. Counts of own customers
        have no interval; where the data are missing or too few, `value` is missing and `basis` says why.
    """
    year = ledger(orders, as_of=as_of, since=as_of - timedelta(days=YEAR - 1))
    before = ledger(orders, as_of=as_of - timedelta(days=YEAR), since=as_of - timedelta(days=2 * YEAR - 1))
    # Lines of a return alone make nobody a buyer.
    now = set(year.loc[year["order_days"] > 0, "customer_id"])
    then = set(before.loc[before["order_days"] > 0, "customer_id"])
    starts = orders["ordered_at"].min().date()
    whole = starts <= as_of - timedelta(days=2 * YEAR - 1)
    sheets = None if survey is None else survey[survey["mode"] == "panel"]
    spend = int(year["net_minor"].sum() / len(now)) if now else None
    return pd.DataFrame(
        [
            _asked(sheets, "recommendation", lambda a: a >= PRAISE_FROM, "reputation", "美誉度",
                   f"of the panel would recommend us with {PRAISE_FROM} or 10 of 10", "praise is said, not yet done"),
            _asked(sheets, "asked_by_name", lambda a: a.astype(float) == 1, "awareness", "知名度",
                   "of the panel asked for us by name at the last purchase", "that is being chosen by name; being recognised or recalled is another question"),
            _row("repurchase rate", "复购率", len(now & then) / len(then) if whole and len(then) >= MIN_ANSWERS else None, "share", len(then),
                 "of those who ordered in the year before ordered again in the last 365 days" if whole else "the export is shorter than two years",
                 "who seldom needs the goods looks disloyal"),
            _complaints(contacts, now, as_of=as_of),
            _row("spend", "购买金额", spend, "money", len(now), "net per customer with an order in the last 365 days",
                 "money shows income and need as much as satisfaction"),
            _asked(sheets, "rise_borne", lambda a: a.astype(float) >= rise, "price tolerance", "价格敏感度",
                   f"of the panel would bear a rise of {rise:g}%", "who knows no other shop bears it too"),
        ]
    )  # fmt: skip


def _row(indicator, chinese, value, unit, n, basis, trap, low=None, high=None) -> dict:
    return {
        "indicator": indicator, "chinese": chinese, "value": float("nan") if value is None else float(value),
        "low": float("nan") if low is None else low, "high": float("nan") if high is None else high,
        "unit": unit, "n": n, "basis": basis, "trap": trap,
    }  # fmt: skip


def _asked(sheets: pd.DataFrame | None, column: str, holds, indicator: str, chinese: str, basis: str, trap: str) -> dict:
    """An indicator that a panel has to be asked for."""
    if sheets is None or column not in sheets or sheets[column].notna().sum() < MIN_ANSWERS:
        n = 0 if sheets is None or column not in sheets else int(sheets[column].notna().sum())
        why = f"only {n} answers to the question" if n else "needs a survey of customers drawn by lot"
        return _row(indicator, chinese, None, "share", n, why, trap)
    answered = sheets.dropna(subset=column)
    found = weighted_share(holds(answered[column]).astype(bool), answered["weight"] if "weight" in answered and answered["weight"].notna().all() else None)
    return _row(indicator, chinese, found.share, "share", found.n, basis, trap, found.low, found.high)


def _complaints(contacts: pd.DataFrame | None, buyers: set, *, as_of: date) -> dict:
    trap = "a low rate may mean content customers, or customers who have given up telling us"
    if contacts is None or "cause" not in contacts:
        return _row("complaint rate", "投诉率", None, "share", 0, "needs a table of contacts with the cause of each complaint", trap)
    since = pd.Timestamp(as_of) - pd.Timedelta(days=YEAR - 1)
    mine = contacts[(contacts["at"] >= since) & (contacts["at"] < pd.Timestamp(as_of) + pd.Timedelta(days=1))]
    mine = mine[mine["cause"].fillna("").ne("") & mine["customer_id"].isin(buyers)]
    if len(buyers) < MIN_ANSWERS:
        return _row("complaint rate", "投诉率", None, "share", len(buyers), "too few customers with an order", trap)
    return _row("complaint rate", "投诉率", mine["customer_id"].nunique() / len(buyers), "share", len(buyers),
                "of those who ordered in the last 365 days filed a complaint", trap)  # fmt: skip


def tolerance_by_choice(survey: pd.DataFrame | None, *, rise: float = RISE) -> pd.DataFrame | Withheld:
    """Who would bear a rise in prices: those who know another shop, and those who do not.

    Returns
    -------
    DataFrame
        `has_choice`, `n`, `share`, `low`, `high`.
    """
    what = "Price tolerance with and without a choice"
    gain = "With `rise_borne` and `has_choice` in the survey, tolerance could be told from having no choice."
    if survey is None or any(name not in survey or survey[name].isna().all() for name in ("rise_borne", "has_choice")):
        return Withheld(what, "The survey does not ask for both.", gain)
    sheets = survey[(survey["mode"] == "panel")].dropna(subset=["rise_borne", "has_choice"])
    rows = []
    for choice in (True, False):
        part = sheets[sheets["has_choice"].astype(bool) == choice]
        if len(part) < MIN_ANSWERS:
            return Withheld(what, f"Only {len(part)} answers in one of the two groups; {MIN_ANSWERS} are the least.", gain)
        found = weighted_share(part["rise_borne"].astype(float) >= rise, part["weight"] if part["weight"].notna().all() else None)
        rows.append({"has_choice": choice, "n": found.n, "share": found.share, "low": found.low, "high": found.high})
    return pd.DataFrame(rows)
