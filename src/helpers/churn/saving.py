"""Saving: what an offer to those about to leave has caused, for whom, and whom to make it to next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers import words
from helpers.churn.survival import MONTH
from helpers.churn.windows import Contracts
from helpers.errors import DataError
from helpers.stats import uplift
from helpers.stats.intervals import Estimate
from helpers.withheld import Withheld, passes_on_withheld

HOLD_OUT = "hold_out"
_NAMES = ("hold_out", "hold-out", "holdout", "control", "none", "")
MEASURED = 90
"""Days after the lot within which an end counts."""
TERM = 12
"""Months of a contract's term."""
AWAY = 180
"""Days without an order from which a customer counts as away."""
NEAR, FAR = "near", "away"
GROUPS = {NEAR: "still come to us", FAR: "no longer come to us"}
DRAWN_TOWARDS = 100
"""Customers of the whole arm that are added to each group: small groups are drawn towards the arm."""


@dataclass(frozen=True)
class Trial:
    """Offers to stay that a lot divided, and who left.

    Attributes
    ----------
    people : DataFrame
        `customer_id`, `contract_id`, `arm` (`hold_out` for those left alone), `assigned_on`, `left` (True, False), `cost_minor`, `silent_days` (on
        the day of the lot, missing: never seen ordering), `group` (`NEAR` or `FAR`) and `term` (the term that ended next: 1 is the first).
    activity, campaign : str
    measured_days : int
    set_aside : dict of reason to int
    """

    people: pd.DataFrame
    activity: str
    campaign: str
    measured_days: int
    set_aside: dict[str, int]

    @property
    def terms(self) -> list[int]:
        """The terms at whose end the lot has been drawn for enough customers of each arm: of others nobody knows what an offer does."""
        sizes = self.people.groupby(["term", "arm"]).size().unstack(fill_value=0)
        return [int(term) for term in sizes.index[(sizes >= uplift.MIN_GROUP).all(axis=1)]]

    @property
    def arms(self) -> list[str]:
        """What was offered, without the hold-out."""
        return sorted(set(self.people["arm"]) - {HOLD_OUT})


def last_trial(
    campaigns: pd.DataFrame | None,
    assignments: pd.DataFrame | None,
    contracts: Contracts | Withheld,
    days: pd.DataFrame,
    *,
    as_of: date,
    measured_days: int = MEASURED,
    away_days: int = AWAY,
) -> Trial | Withheld:
    """The last campaign of retention with a hold-out, as far as its windows are over.

    Parameters
    ----------
    campaigns, assignments : DataFrame or None
        As in the contract of the tables; `campaigns.purpose` is "retention". The lot may have been drawn on one day or customer by customer
        (`assigned_on`).
    contracts : Contracts or Withheld
    days : DataFrame
        `customer_id`, `day` of each order day.
    as_of : date
    measured_days, away_days : int
    """
    what = "What an offer to stay has caused"
    gain = "With a campaign whose purpose is retention, and assignments with the arm that a lot gave to each customer, the hold-out included, it would appear."
    if campaigns is None or assignments is None or "purpose" not in campaigns or isinstance(contracts, Withheld):
        return Withheld(what, "The data hold no offer to stay for which a lot decided who got it.", gain)
    arm = assignments["arm"].astype("str").str.strip().str.lower()
    assignments = assignments.assign(arm=arm.where(~arm.isin(_NAMES), HOLD_OUT))
    own = campaigns[campaigns["purpose"].eq("retention")].sort_values(["started_on", "campaign_id"])
    own = own[own["campaign_id"].isin(assignments.loc[assignments["arm"] == HOLD_OUT, "campaign_id"])]
    if own.empty:
        return Withheld(what, "No campaign of retention in the data has a hold-out.", gain)
    row = own.iloc[-1]
    people = assignments[assignments["campaign_id"] == row["campaign_id"]].drop_duplicates("customer_id")
    aside = {}

    def drop(rows: pd.DataFrame, bad: pd.Series, reason: str) -> pd.DataFrame:
        if bad.any():
            aside[reason] = int(bad.sum())
        return rows[~bad]

    people = drop(people, people["assigned_on"] + pd.Timedelta(days=measured_days) > pd.Timestamp(as_of), "window not over yet")
    held = contracts.rows[["contract_id", "customer_id", "started_on", "ended_on", *(["ended_by"] if "ended_by" in contracts.rows else [])]]
    joined = people.merge(held.astype({"customer_id": "str"}), on="customer_id", how="left")
    runs = (joined["started_on"] <= joined["assigned_on"]) & ~(joined["ended_on"] < joined["assigned_on"])
    joined = joined[runs].sort_values("started_on").drop_duplicates("customer_id", keep="last")
    if len(joined) < len(people):
        aside["without a contract on the day of the lot"] = len(people) - len(joined)
    if joined.empty:
        return Withheld(what, "Nobody in the campaign had a contract on the day of the lot and a window that is over.", gain)
    by_us = joined["ended_by"].eq("company") if "ended_by" in joined else pd.Series(False, index=joined.index)
    joined["left"] = (joined["ended_on"] <= joined["assigned_on"] + pd.Timedelta(days=measured_days)) & ~by_us
    joined["silent_days"] = silent_on(days, joined["customer_id"], joined["assigned_on"])
    joined["group"] = group_of(joined["silent_days"], away_days=away_days)
    joined["term"] = term_of(joined["started_on"], joined["assigned_on"])
    cost = joined["cost_minor"].fillna(0) if "cost_minor" in joined else pd.Series(0, index=joined.index)
    joined["cost_minor"] = cost.to_numpy(dtype=np.int64)
    columns = ["customer_id", "contract_id", "arm", "assigned_on", "left", "cost_minor", "silent_days", "group", "term"]
    table = joined[columns].sort_values("customer_id", ignore_index=True)
    return Trial(table, str(row.get("activity") or row["campaign_id"]), str(row["campaign_id"]), measured_days, aside)


def silent_on(days: pd.DataFrame, customers: pd.Series, on: pd.Series) -> np.ndarray:
    """Days since the last order of each customer on a day of their own; missing for those who had never ordered."""
    asked = pd.DataFrame({"customer_id": customers.astype("str").to_numpy(), "on": pd.to_datetime(on).to_numpy(), "place": np.arange(len(customers))})
    known = days[["customer_id", "day"]].assign(customer_id=days["customer_id"].astype("str"))
    asked["on"], known["day"] = asked["on"].astype("datetime64[us]"), known["day"].astype("datetime64[us]")
    found = pd.merge_asof(asked.sort_values("on"), known.sort_values("day"), left_on="on", right_on="day", by="customer_id")
    found = found.sort_values("place")
    return (found["on"] - found["day"]).dt.days.to_numpy(dtype=float)


def term_of(started: pd.Series, on) -> np.ndarray:
    """The number of the yearly term in which a contract is on a day: 1 in its first year."""
    return (((pd.to_datetime(on) - started).dt.days / MONTH) // TERM + 1).astype(int).to_numpy()


def group_of(silent_days, *, away_days: int = AWAY) -> np.ndarray:
    """`NEAR` or `FAR`, by the days since the last order; who was never seen ordering is away."""
    return np.where(np.asarray(silent_days, dtype=float) <= away_days, NEAR, FAR)


@dataclass(frozen=True)
class Saved:
    """What each offer caused, for everybody and by group.

    Attributes
    ----------
    whole : DataFrame
        One row an arm: `arm`, `customers`, `hold_out`, `left` and `left_alone` (shares), `saved` (share who stayed because of it: hold-out less
        arm), `low`, `high`, `p_corrected` (Holm).
    groups : DataFrame
        One row an arm and group: the same (`p_corrected` over all of them), and `group`. Missing where there are fewer than
        `uplift.MIN_GROUP` in an arm.
    apart : DataFrame
        One row an arm: what it saved of those who are near less of those who are away: `arm`, `difference`, `low`, `high`, `p_value`.
    """

    whole: pd.DataFrame
    groups: pd.DataFrame
    apart: pd.DataFrame

    def of(self, arm: str, group: str) -> pd.Series:
        return self.groups.set_index(["arm", "group"]).loc[(arm, group)]

    @property
    def proven(self) -> pd.DataFrame:
        """The rows of `groups` in which an arm saved somebody beyond chance, corrected for having looked at several."""
        return self.groups[(self.groups["p_corrected"] < 0.05) & (self.groups["saved"] > 0)]

    @property
    def best(self) -> str:
        """The arm that saved most of a group, among those beyond chance there; empty where none did."""
        sure = self.proven
        return str(sure.sort_values("saved", ascending=False)["arm"].iloc[0]) if len(sure) else ""

    @property
    def riskiest_first(self) -> bool:
        """Whether the group that leaves most is the one that an offer holds best: what saving by risk takes for granted."""
        arm = self.best or self.whole["arm"].iloc[0]
        rows = self.groups[self.groups["arm"] == arm].dropna(subset="saved")
        return bool(len(rows) > 1 and rows["left_alone"].idxmax() == rows["saved"].idxmax())


@passes_on_withheld
def judge(trial: Trial) -> Saved | Withheld:
    """Each arm against the hold-out: who left, of all and of each group.

    Notes
    -----
    Groups are by what was known on the day of the lot, so the lot holds inside each of them. The difference between groups is normal
    with the variances of its four shares added.
    """
    people = trial.people
    held = people[people["arm"] == HOLD_OUT]
    whole, groups, apart = [], [], []
    for arm in trial.arms:
        own = people[people["arm"] == arm]
        row = _saved(own, held)
        if row is None:
            continue
        whole.append({"arm": arm, **row})
        parts = {}
        for group in GROUPS:
            part = _saved(own[own["group"] == group], held[held["group"] == group])
            parts[group] = part
            empty = dict.fromkeys(("left", "left_alone", "saved", "low", "high", "p_value"), np.nan)
            sizes = {"customers": int((own["group"] == group).sum()), "hold_out": int((held["group"] == group).sum())}
            groups.append({"arm": arm, "group": group, **(part or (sizes | empty))})
        if all(parts.values()):
            apart.append({"arm": arm, **_apart(parts[NEAR], parts[FAR])})
    if not whole:
        return Withheld(
            "What an offer to stay has caused",
            f"The hold-out of {words.count(len(held), 'customer')} and the arms are too small; each needs {uplift.MIN_GROUP}.",
            "With more customers drawn by lot it would appear.",
        )
    table = pd.DataFrame(whole)
    table["p_corrected"] = uplift.holm(table["p_value"])
    by_group = pd.DataFrame(groups)
    by_group["p_corrected"] = np.nan
    known = by_group["p_value"].notna()
    by_group.loc[known, "p_corrected"] = uplift.holm(by_group.loc[known, "p_value"])
    return Saved(table, by_group, pd.DataFrame(apart, columns=["arm", "difference", "low", "high", "p_value"]))


def _saved(own: pd.DataFrame, held: pd.DataFrame) -> dict | None:
    found = uplift.compare(held["left"].to_numpy(dtype=float), own["left"].to_numpy(dtype=float))
    if isinstance(found, Withheld):
        return None
    gap = found.difference
    return {
        "customers": len(own), "hold_out": len(held), "left": found.control, "left_alone": found.treated,
        "saved": gap.value, "low": gap.low, "high": gap.high, "p_value": found.p_value,
    }  # fmt: skip


def _apart(one: dict, other: dict) -> dict:
    from scipy import stats

    def variance(row: dict) -> float:
        a, b = row["left"], row["left_alone"]
        return a * (1 - a) / row["customers"] + b * (1 - b) / row["hold_out"]

    gap, error = one["saved"] - other["saved"], np.sqrt(variance(one) + variance(other))
    z = stats.norm.ppf(0.975)
    p_value = float(2 * stats.norm.sf(abs(gap) / error)) if error else 1.0
    return {"difference": gap, "low": gap - z * error, "high": gap + z * error, "p_value": p_value}


@dataclass(frozen=True)
class Chosen:
    """What as many calls would have saved, chosen in two ways, on the customers of the trial.

    Attributes
    ----------
    table : DataFrame
        `way` ("by risk", "by response", "by lot"), `calls`, `saved` (contracts, of `calls`), `low`, `high`.
    """

    table: pd.DataFrame
    calls: int
    arm: str

    def saved(self, way: str) -> float:
        return float(self.table.set_index("way").loc[way, "saved"])


@passes_on_withheld
def ways_of_choosing(trial: Trial, *, arm: str, share: float = 0.4) -> Chosen | Withheld:
    """Choose the same number of customers by their risk, by their response and by lot, and see what the lot says they gained.

    Parameters
    ----------
    trial : Trial
    arm : str
    share : float, default 0.4
        Of all customers who can be called.

    Notes
    -----
    Risk and response of a customer come from the other half of the trial: the share who left of the hold-out in the same group and half-year
    of silence, and the difference that the arm made there. So no choice is marked on the customers who taught it.
    """
    people = trial.people[trial.people["arm"].isin((arm, HOLD_OUT))].reset_index(drop=True)
    half = np.random.default_rng(11).permutation(len(people)) % 2
    cell = np.digitize(people["silent_days"].fillna(9999), (60, 120, AWAY, 365))
    risk, response = np.zeros(len(people)), np.zeros(len(people))
    called = people["arm"].eq(arm).to_numpy()
    left = people["left"].to_numpy(dtype=float)
    for part in (0, 1):
        learn, mark = half != part, half == part
        alone_all, own_all = left[learn & ~called].mean(), left[learn & called].mean()
        for place in np.unique(cell):
            here = learn & (cell == place)
            alone, own = left[here & ~called], left[here & called]
            # Few customers say little: each share is drawn towards that of all.
            alone_share = (alone.sum() + 20 * alone_all) / (len(alone) + 20)
            own_share = (own.sum() + 20 * own_all) / (len(own) + 20)
            at = mark & (cell == place)
            risk[at], response[at] = alone_share, alone_share - own_share
    order = np.random.default_rng(12).permutation(len(people))
    most = round(share * len(people))
    rows = []
    for way, score in (("by risk", risk), ("by response", response), ("by lot", order.astype(float))):
        chosen = np.lexsort((order, -score))[:most]
        one, other = left[chosen][~called[chosen]], left[chosen][called[chosen]]
        found = uplift.compare(one, other)
        if isinstance(found, Withheld):
            return Withheld("Choosing by risk or by response", found.reason, found.gain)
        gap = found.difference
        rows.append((way, most, most * gap.value, most * gap.low, most * gap.high))
    return Chosen(pd.DataFrame(rows, columns=["way", "calls", "saved", "low", "high"]), most, arm)


# ---------------------------------------------------------------- what it is worth


def expected_profit(leaves_alone, leaves_with, *, value, cost, given=0.0):
    """What an offer brings on average: contracts kept by it times their value, less its cost, less what those who stay are given.

    Parameters
    ----------
    leaves_alone, leaves_with : float or array
        Chance of leaving without the offer, and with it.
    value, cost, given : float or array
        What a contract kept brings; what the offer costs whoever gets it; what it gives to everybody who stays. In one unit of money.

    Returns
    -------
    float or array
        `(leaves_alone - leaves_with) * value - cost - given * (1 - leaves_with)`

    >>> expected_profit(0.30, 0.10, value=280.0, cost=25.0)
    31.0
    """
    alone, with_it = np.asarray(leaves_alone, dtype=float), np.asarray(leaves_with, dtype=float)
    if ((alone < 0) | (alone > 1) | (with_it < 0) | (with_it > 1)).any():
        raise DataError("A chance of leaving is below 0 or above 1. Give fractions of 1, such as 0.3 for 30 of 100.")
    profit = (alone - with_it) * value - cost - given * (1 - with_it)
    rounded = np.round(profit, 10)
    return float(rounded) if rounded.ndim == 0 else rounded


def break_even(*, value: float, cost: float, given: float = 0.0, leaves_alone: float = 0.0) -> float:
    """How many of 100 an offer must save to pay for itself.

    >>> break_even(value=280.0, cost=25.0)
    8.93
    """
    if value <= 0:
        raise DataError(f"A contract is worth {value}. Give what it brings in a year, more than 0.")
    # saved * value = cost + given * (1 - leaves_alone + saved)
    if value <= given:
        return float("inf")
    return round(100 * (cost + given * (1 - leaves_alone)) / (value - given), 2)


@dataclass(frozen=True)
class Responses:
    """What each arm is taken to do to each group.

    Attributes
    ----------
    table : DataFrame
        `arm`, `group`, `leaves_alone`, `leaves_with`, `cost_minor`, `given_minor`, `value_minor`, `profit_minor` (for each customer offered it), `customers`,
        `shown` (True where a trial has shown that the arm holds the group).
    measured : bool
        From a trial; else an assumption.
    """

    table: pd.DataFrame
    measured: bool

    @property
    def paying(self) -> pd.DataFrame:
        """For each group the arm with the largest expected profit, where it is above zero and, if anything was measured, shown."""
        rows = self.table[(self.table["profit_minor"] > 0) & (self.table["shown"] | (not self.measured))]
        return rows.sort_values("profit_minor", ascending=False, kind="stable").drop_duplicates("group")


def responses(saved: Saved | Withheld, trial: Trial | Withheld, *, value_minor: int, given_minor: dict[str, int], assumed: float, cost_minor: int, base_rate: float) -> Responses:
    """What to expect of each arm in each group: as measured, drawn towards the whole arm; or as assumed.

    Parameters
    ----------
    saved, trial
        From `judge` and `last_trial`.
    value_minor : int
        What a contract (or customer) kept brings.
    given_minor : dict of arm to int
        What an arm gives to everybody who stays, such as money off.
    assumed : float
        Without a trial: the share of those about to leave who stay because of a call. Nobody has measured it.
    cost_minor : int
        Of a call, without a trial.
    base_rate : float
        Share who leave, without a trial.
    """
    rows = []
    if isinstance(saved, Withheld) or isinstance(trial, Withheld):
        for group in GROUPS:
            with_it = base_rate * (1 - assumed)
            profit = expected_profit(base_rate, with_it, value=value_minor, cost=cost_minor)
            rows.append(("call", group, base_rate, with_it, cost_minor, 0, value_minor, profit, 0, False))
    else:
        cost = trial.people.groupby("arm")["cost_minor"].mean()
        shown = set(saved.proven[["arm", "group"]].itertuples(index=False, name=None))
        for row in saved.groups.itertuples():
            of_all = saved.whole.set_index("arm").loc[row.arm]
            n = min(row.customers, row.hold_out)
            if np.isnan(row.saved):
                continue
            gain = (n * row.saved + DRAWN_TOWARDS * of_all["saved"]) / (n + DRAWN_TOWARDS)
            given = given_minor.get(row.arm, 0)
            with_it = min(max(row.left_alone - gain, 0.0), 1.0)
            each = round(cost[row.arm])
            profit = expected_profit(row.left_alone, with_it, value=value_minor, cost=each, given=given)
            rows.append((row.arm, row.group, row.left_alone, with_it, each, given, value_minor, profit, n, (row.arm, row.group) in shown))
    columns = ["arm", "group", "leaves_alone", "leaves_with", "cost_minor", "given_minor", "value_minor", "profit_minor", "customers", "shown"]
    table = pd.DataFrame(rows, columns=columns)
    return Responses(table, not isinstance(saved, Withheld))


def effect(one: pd.Series) -> Estimate:
    """A row of `Saved` as an estimate."""
    return Estimate(float(one["saved"]), float(one["low"]), float(one["high"]))
