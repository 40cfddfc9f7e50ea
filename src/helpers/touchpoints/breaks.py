"""Where service breaks, by the contact log, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from helpers.stats.intervals import Estimate, wilson
from helpers.touchpoints.running import Stuck, cases_of, stuck
from helpers.withheld import Withheld

MIN_EXCESS = 10
"""Cases beyond the share elsewhere, below which nobody would change anything. Our choice."""
MIN_FOLLOWED = 60
FOLLOW_DAYS = 90


def service_cases(contacts: pd.DataFrame | None) -> pd.DataFrame | None:
    """Contacts without the cases that began as complaints: a complaint is where a break is heard, not where it happens."""
    if contacts is None or "cause" not in contacts:
        return contacts
    complaint = contacts["cause"].fillna("").ne("")
    case = contacts["case_id"].fillna(contacts["contact_id"]) if "case_id" in contacts else contacts["contact_id"]
    return contacts[~case.isin(set(case[complaint]))]


def breaks(contacts: pd.DataFrame | None, *, as_of: date, window_days: int = 365) -> Stuck | Withheld:
    """At which hand more matters are not kept than at the others; see `running.stuck`."""
    return stuck(cases_of(service_cases(contacts), as_of=as_of, window_days=window_days))


@dataclass(frozen=True)
class Cost:
    """What a break costs.

    Attributes
    ----------
    touchpoint, owner : str
    cases, not_kept : int
    share : Estimate
        Of its cases, those that were not settled where they began.
    others : float
        The same share at all other hands.
    later_cost_minor : int
        What the calls and visits that followed cost in the window.
    extra_minor : int
        The part beyond what as many cases of the other hands cost.
    """

    touchpoint: str
    owner: str
    cases: int
    not_kept: int
    share: Estimate
    others: float
    later_cost_minor: int
    extra_minor: int


def cost_of(found: Stuck | Withheld) -> Cost | None | Withheld:
    """The cost of the worst break; None where no hand stands out.

    The extra is measured against the other hands, which do other work: it is an estimate of what a repair could save, not a promise.
    """
    if isinstance(found, Withheld):
        return found
    worst = found.worst
    if worst is None or worst["excess"] < MIN_EXCESS:
        return None
    table = found.table
    rest = table.drop(index=worst.name)
    later = pd.to_numeric(rest["later_cost_minor"]).sum()
    own = 0 if pd.isna(worst["later_cost_minor"]) else int(worst["later_cost_minor"])
    cases, lost = int(worst["cases"]), int(worst["cases"] - worst["kept"])
    extra = own - round(cases * float(later) / max(int(rest["cases"].sum()), 1))
    return Cost(str(worst["touchpoint"]), str(worst["owner"]), cases, lost, wilson(lost, cases), float(worst["others"]), own, extra)


def orders_by_satisfaction(survey: pd.DataFrame | None, orders: pd.DataFrame, *, as_of: date) -> pd.DataFrame | Withheld:
    """Of the panel by satisfaction on the whole, the share who ordered in the 90 days after the answer.

    Returns
    -------
    DataFrame
        `satisfaction` (bands of the scale), `n`, `share`, `low`, `high`. What people did, seen in the order file; neither says why.
    """
    what = "Satisfaction on the whole, and orders"
    gain = "With satisfaction on the whole asked of known customers, it could be held against what they did next."
    if survey is None or "overall" not in survey or survey["overall"].isna().all() or "customer_id" not in survey:
        return Withheld(what, "No survey asks known customers how satisfied they are on the whole.", gain)
    sheets = survey[survey["overall"].notna() & survey["customer_id"].notna()]
    sheets = sheets[sheets["answered_on"] + pd.Timedelta(days=FOLLOW_DAYS) <= pd.Timestamp(as_of)]
    if len(sheets) < MIN_FOLLOWED:
        return Withheld(what, f"{len(sheets)} answers have {FOLLOW_DAYS} days of orders after them; {MIN_FOLLOWED} are the least.", gain)
    sold = orders.loc[orders["amount_minor"] > 0, ["customer_id", "ordered_at"]]
    pairs = sheets[["answer_id", "customer_id", "answered_on"]].merge(sold, on="customer_id")
    after = (pairs["ordered_at"].dt.normalize() - pairs["answered_on"]).dt.days
    again = set(pairs.loc[after.between(1, FOLLOW_DAYS), "answer_id"])
    band = pd.cut(sheets["overall"].astype(float), [0, 4, 6, 8, 10], labels=["1 to 4", "5 to 6", "7 to 8", "9 to 10"])
    rows = []
    for name, part in sheets.groupby(band, observed=True):
        hits = int(part["answer_id"].isin(again).sum())
        share = wilson(hits, len(part))
        rows.append({"satisfaction": str(name), "n": len(part), "share": share.value, "low": share.low, "high": share.high})
    return pd.DataFrame(rows)


def cost_by_touchpoint(contacts: pd.DataFrame | None, *, as_of: date, window_days: int = 365) -> pd.DataFrame | Withheld:
    """What one contact costs the company, and how long the customer waits, by touchpoint; the dearest first.

    Returns
    -------
    DataFrame
        `touchpoint`, `n`, `cost_minor` (mean), `wait_minutes` (mean). Touchpoints with fewer than 30 contacts are left out.
    """
    what = "What a contact costs, on both sides"
    gain = "With the cost and the waiting time of contacts, what is saved by self-service could be held against what it costs the customer."
    if contacts is None or any(name not in contacts or contacts[name].isna().all() for name in ("cost_minor", "wait_minutes", "touchpoint")):
        return Withheld(what, "The contacts do not hold both the cost and the waiting time.", gain)
    since = pd.Timestamp(as_of) - pd.Timedelta(days=window_days - 1)
    seen = contacts[contacts["at"] >= since].dropna(subset=["cost_minor", "wait_minutes", "touchpoint"])
    table = seen.groupby("touchpoint").agg(n=("at", "size"), cost_minor=("cost_minor", "mean"), wait_minutes=("wait_minutes", "mean")).reset_index()
    table = table[table["n"] >= 30]
    if table.empty:
        return Withheld(what, "No touchpoint has 30 contacts in the window.", gain)
    table["cost_minor"] = table["cost_minor"].round().astype("int64")
    return table.sort_values(["cost_minor", "touchpoint"], ascending=[False, True], ignore_index=True)
