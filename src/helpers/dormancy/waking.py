"""A waking campaign as an experiment: how many are needed, what each way of waking caused, and what that cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers.dormancy import states as sleep
from helpers.stats import targeting, uplift
from helpers.stats.intervals import Estimate
from helpers.withheld import Withheld, passes_on_withheld

HOLD_OUT = "hold_out"
_NAMES = {"hold_out", "hold-out", "holdout", "control", "control group", "none", "对照组", "对照"}
USUAL_WINDOW = 91
"""Days after the lot that count, where the campaign does not say."""


@dataclass(frozen=True)
class Trial:
    """A campaign in which a lot decided, with what everybody did afterwards.

    Attributes
    ----------
    people : DataFrame
        `customer_id`, `arm`, `cost_minor`, `woke` (ordered in the window), `revenue_minor` and, where lines have a margin,
        `margin_minor` (sales and returns of the window; discounts are taken off already).
    name, campaign_id : str
    started_on, until : date
    fixed_cost_minor : int
    money : {"margin", "revenue"}
        What is set against the cost.
    """

    people: pd.DataFrame
    name: str
    campaign_id: str
    started_on: date
    until: date
    fixed_cost_minor: int
    money: str

    @property
    def window_days(self) -> int:
        """Days that count."""
        return (self.until - self.started_on).days + 1

    @property
    def arms(self) -> list[str]:
        """The ways of waking, without the hold-out."""
        return sorted(set(self.people["arm"]) - {HOLD_OUT})


def last_trial(
    campaigns: pd.DataFrame | None, assignments: pd.DataFrame | None, orders: pd.DataFrame, *, as_of: date
) -> Trial | Withheld:
    """The last campaign with a hold-out whose window is over.

    Parameters
    ----------
    campaigns, assignments, orders : DataFrame
        As in the contract; None where a company has no such table.
    as_of : date
    """
    what = "What the last campaign caused"
    gain = (
        "Two tables would show it: campaigns, and assignments with the arm that a lot gave to each customer, "
        "the hold-out included."
    )
    if campaigns is None or assignments is None or campaigns.empty or assignments.empty:
        return Withheld(what, "The data hold no campaign in which a lot decided who was contacted.", gain)
    assignments = assignments.assign(arm=_arm(assignments["arm"]))
    with_control = set(assignments.loc[assignments["arm"] == HOLD_OUT, "campaign_id"])
    if "purpose" in campaigns:
        # Who is asked to renew a contract was not asleep.
        campaigns = campaigns[campaigns["purpose"].fillna("").isin(("", "waking"))]
    ended = campaigns.assign(until=_until(campaigns))
    ended = ended[ended["campaign_id"].isin(with_control) & (ended["until"] <= pd.Timestamp(as_of))]
    if ended.empty:
        return Withheld(what, "No campaign in the data has a hold-out and is over.", gain)
    row = ended.sort_values(["started_on", "campaign_id"]).iloc[-1]
    people = assignments[assignments["campaign_id"] == row["campaign_id"]].drop_duplicates("customer_id")
    start, until = row["started_on"].date(), row["until"].date()
    inside = (orders["ordered_at"] >= pd.Timestamp(start)) & (orders["ordered_at"] < row["until"] + pd.Timedelta(days=1))
    lines = orders[inside & orders["customer_id"].isin(people["customer_id"])]
    has_margin = "margin_minor" in lines and bool(lines["margin_minor"].notna().any())
    by_customer = lines.groupby("customer_id")
    sold = lines[lines["amount_minor"] > 0]
    table = pd.DataFrame(
        {
            "customer_id": people["customer_id"].astype("str").to_numpy(),
            "arm": people["arm"].to_numpy(),
            "cost_minor": (
                people["cost_minor"].fillna(0) if "cost_minor" in people else pd.Series(0, index=people.index)
            ).to_numpy(dtype=np.int64),
            "woke": people["customer_id"].isin(set(sold["customer_id"])).to_numpy(),
            "revenue_minor": _per(people, by_customer["amount_minor"].sum()),
        }
    )
    if has_margin:
        table["margin_minor"] = _per(people, by_customer["margin_minor"].sum())
    cost = row.get("cost_minor")
    return Trial(
        table.sort_values("customer_id", ignore_index=True),
        str(row.get("activity") or row["campaign_id"]),
        str(row["campaign_id"]),
        start,
        until,
        0 if cost is None or pd.isna(cost) else int(cost),
        "margin" if has_margin else "revenue",
    )


def _arm(arm: pd.Series) -> pd.Series:
    """Arms in small letters, every word for a control group as `hold_out`."""
    plain = arm.astype("str").str.strip().str.lower()
    return plain.where(~plain.isin(_NAMES), HOLD_OUT)


def _until(campaigns: pd.DataFrame) -> pd.Series:
    usual = campaigns["started_on"] + pd.Timedelta(days=USUAL_WINDOW - 1)
    return campaigns["measured_until"].fillna(usual) if "measured_until" in campaigns else usual


def _per(people: pd.DataFrame, sums: pd.Series) -> np.ndarray:
    return people["customer_id"].map(sums).fillna(0).to_numpy(dtype=np.int64)


@dataclass(frozen=True)
class Verdict:
    """What each way of waking caused, arm by arm.

    Attributes
    ----------
    table : DataFrame, one row an arm
        `arm`, `customers`, `woke`, `rate`; against the hold-out `difference`, `low`, `high` (shares), `p_corrected` (Holm);
        `anyway`: of those who came, the share who would have come without it (1 at most);
        `extra` customers who would not have come without it; `cost_minor` of its contacts; `cost_per_waking_minor` with
        `cost_low_minor`, `cost_high_minor` (missing where the interval of the difference holds zero, so that nobody can say);
        `left_minor` for each customer asked: money less that of the hold-out, less the contacts; `left_low_minor`, `left_high_minor`.
    hold_out : int
    came_anyway : int
        Of the hold-out, who ordered in the window without being asked.
    split_p_value : float
        How often a fair lot would make groups so unequal.
    """

    table: pd.DataFrame
    hold_out: int
    came_anyway: int
    split_p_value: float

    @property
    def base_rate(self) -> float:
        """Share of the hold-out who ordered."""
        return self.came_anyway / self.hold_out

    @property
    def proven(self) -> list[str]:
        """Arms whose difference is beyond chance after Holm's correction, and not below zero; the largest first."""
        rows = self.table[(self.table["p_corrected"] < 0.05) & (self.table["difference"] > 0)]
        return rows.sort_values("difference", ascending=False)["arm"].tolist()


@passes_on_withheld
def judge(trial: Trial) -> Verdict | Withheld:
    """Each arm against the hold-out: difference with interval, corrected for having looked at several."""
    people = trial.people
    pairs = uplift.pairs(people["woke"].to_numpy(dtype=float), people["arm"].to_numpy(), reference=HOLD_OUT)
    if isinstance(pairs, Withheld):
        return Withheld("What the last campaign caused", pairs.reason, pairs.gain)
    held = people[people["arm"] == HOLD_OUT]
    rows = []
    for pair in pairs.itertuples():
        own = people[people["arm"] == pair.arm]
        money = uplift.compare(
            (own[f"{trial.money}_minor"] - own["cost_minor"]).to_numpy(dtype=float),
            held[f"{trial.money}_minor"].to_numpy(dtype=float),
        )
        left = money.difference if isinstance(money, uplift.Effect) else Estimate(np.nan, np.nan, np.nan)
        cost = int(own["cost_minor"].sum())
        known = pair.low > 0
        rows.append(
            {
                "arm": pair.arm,
                "customers": pair.n_arm,
                "woke": int(own["woke"].sum()),
                "rate": pair.mean_arm,
                "difference": pair.difference,
                "low": pair.low,
                "high": pair.high,
                "p_corrected": pair.p_corrected,
                "anyway": min(pair.mean_against / pair.mean_arm, 1.0) if pair.mean_arm else np.nan,
                "extra": pair.difference * pair.n_arm,
                "cost_minor": cost,
                "cost_per_waking_minor": cost / (pair.difference * pair.n_arm) if known else np.nan,
                "cost_low_minor": cost / (pair.high * pair.n_arm) if known else np.nan,
                "cost_high_minor": cost / (pair.low * pair.n_arm) if known else np.nan,
                "left_minor": left.value,
                "left_low_minor": left.low,
                "left_high_minor": left.high,
            }
        )
    planned = 1 / people["arm"].nunique()
    return Verdict(
        pd.DataFrame(rows).sort_values("difference", ascending=False, kind="stable", ignore_index=True),
        len(held),
        int(held["woke"].sum()),
        uplift.split_p_value(len(held), len(people) - len(held), planned=planned),
    )


@dataclass(frozen=True)
class Design:
    """How many customers a waking test needs.

    Attributes
    ----------
    base_rate, lift : float
        Share who come of themselves; the smallest lift that would matter.
    arms : int
        Ways of waking, besides the hold-out.
    per_arm, total : int
    """

    base_rate: float
    lift: float
    arms: int
    per_arm: int

    @property
    def total(self) -> int:
        return self.per_arm * (self.arms + 1)


def design(base_rate: float, lift: float, *, arms: int = 1, wanted: float = 0.8) -> Design:
    """How many in each arm, so that a lift of this size is found `wanted` of the time, with as many held out.

    Parameters
    ----------
    base_rate, lift : float
        Fractions of 1.
    arms : int
        With several, each is tested at 5% over their number: the first step of Holm, on the safe side.
    wanted : float
    """
    treated, held_out = uplift.sample_size(base_rate, base_rate + lift, wanted=wanted, level=1 - 0.05 / arms)
    return Design(base_rate, lift, arms, max(treated, held_out))


# ---------------------------------------------------------------- which model may choose?


@dataclass(frozen=True)
class Chooser:
    """Whether a score that chooses whom to wake beats a random list.

    Attributes
    ----------
    arm, score : str
    curve : Qini or Withheld
    top_share : float
    top : Targeted or Withheld
        The effect among the best of the score.
    """

    arm: str
    score: str
    curve: targeting.Qini | Withheld
    top_share: float
    top: targeting.Targeted | Withheld

    @property
    def use(self) -> bool:
        """Whether the list that it makes is better than a random one, beyond chance."""
        return isinstance(self.curve, targeting.Qini) and self.curve.coefficient > 0 and self.curve.p_value < 0.05


MODEL, ONCE, RISK = ("uplift model (two forests)", "ordered more than once", "longest silence first")
TOP = 0.3
FEATURES = ("silent_days", "order_days", "relative_gap", "gross_minor")


@passes_on_withheld
def choosers(
    trial: Trial, orders: pd.DataFrame, products: pd.DataFrame | None, *, arms: list[str] | None = None, seed: int = 1
) -> list[Chooser] | Withheld:
    """For each arm: does an uplift model, or a plain rule, find those whom it wakes?

    Parameters
    ----------
    trial : Trial
    orders, products : DataFrame
        For what was known of everybody on the eve of the campaign, and nothing later (`states.features`).
    arms : list of str, optional
        These ways of waking alone.
    seed : int

    Returns
    -------
    list of Chooser, by arm and score, or Withheld
    """
    eve = (pd.Timestamp(trial.started_on) - pd.Timedelta(days=1)).date()
    known = sleep.features(orders, products, on=eve).reindex(trial.people["customer_id"])
    keep = known.notna().all(axis=1).to_numpy()
    people, known = trial.people[keep], known[keep]
    found = []
    for arm in trial.arms if arms is None else arms:
        part = people["arm"].isin([arm, HOLD_OUT]).to_numpy()
        treated = people.loc[part, "arm"].eq(arm).to_numpy()
        woke = people.loc[part, "woke"].to_numpy(dtype=float)
        values = known.loc[part, list(FEATURES)].astype(float).reset_index(drop=True)
        by_score = {
            MODEL: targeting.out_of_fold_uplift(values, woke, treated, seed=seed),
            ONCE: (values["order_days"] > 1).to_numpy(dtype=float),
            RISK: values["silent_days"].to_numpy(),
        }
        for name, score in by_score.items():
            if isinstance(score, Withheld):
                found.append(Chooser(arm, name, score, TOP, score))
                continue
            curve = targeting.qini(score, woke, treated, draws=199, seed=seed)
            found.append(Chooser(arm, name, curve, TOP, targeting.uplift_at(score, woke, treated, share=TOP)))
    return found


@passes_on_withheld
def balance(trial: Trial, orders: pd.DataFrame, products: pd.DataFrame | None) -> pd.DataFrame:
    """Whether hold-out and contacted were alike on the eve of the campaign, as a lot makes them."""
    eve = (pd.Timestamp(trial.started_on) - pd.Timedelta(days=1)).date()
    known = sleep.features(orders, products, on=eve).reindex(trial.people["customer_id"])
    keep = known.notna().all(axis=1).to_numpy()
    treated = trial.people.loc[keep, "arm"].ne(HOLD_OUT).to_numpy()
    return uplift.balance(known[keep].astype(float).reset_index(drop=True), treated)
