"""Whom to wake first under a budget: expected gain, customer by customer, and the test that comes with the list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers import words
from helpers.dormancy.states import STATES
from helpers.dormancy.waking import HOLD_OUT, Trial, Verdict, design
from helpers.stats import uplift
from helpers.withheld import Withheld

COLUMNS = ["customer_id", "list", "action", "reason", "evidence", "value_at_stake_minor"]
ACTIONS = ("call", "offer", "coupon", "reminder")
"""Arms of a campaign that a list can repeat."""
DRAWN_TOWARDS = 150
"""Customers of the whole arm that are added to each group: small groups are drawn towards the arm."""
WAKES = ("half-asleep", "asleep")


@dataclass(frozen=True)
class Lifts:
    """What each way of waking adds, group by group.

    Attributes
    ----------
    table : DataFrame
        `arm`, `state`, `again` (ordered on two days or more), `customers`, `lift` (share of extra comers), `cost_minor` a customer.
    measured : bool
        From a campaign with a hold-out; else an assumption, the same for every group.
    longest_silence : int
        Days of silence of those who took part: nothing is known of customers who have been silent for longer.
    """

    table: pd.DataFrame
    measured: bool
    longest_silence: int = 10**6


def lifts(
    trial: Trial | Withheld, verdict: Verdict | Withheld, before: pd.DataFrame | Withheld, *, assumed: float, cost_minor: int
) -> Lifts:
    """What waking adds: as the last campaign measured it, or as assumed.

    Parameters
    ----------
    trial, verdict
        Of the last campaign. Arms whose effect is not beyond chance add nothing here.
    before : DataFrame or Withheld
        States on the eve of that campaign: `customer_id`, `state`, `order_days`, `silent_days`.
    assumed : float
        Lift where there is no campaign: nobody has measured it.
    cost_minor : int
        Cost of a contact where there is no campaign.
    """
    groups = [(state, again) for state in STATES for again in (False, True)]
    if isinstance(trial, Withheld) or isinstance(verdict, Withheld) or isinstance(before, Withheld):
        rows = [("call", state, again, 0, assumed if state in WAKES else 0.0, cost_minor) for state, again in groups]
        return Lifts(pd.DataFrame(rows, columns=["arm", "state", "again", "customers", "lift", "cost_minor"]), False)
    people = trial.people.merge(before[["customer_id", "state", "order_days", "silent_days"]], on="customer_id", how="left")
    people["again"] = people["order_days"] > 1
    rows = []
    for arm in [name for name in verdict.proven if name in ACTIONS]:
        own = people[people["arm"] == arm]
        held = people[people["arm"] == HOLD_OUT]
        whole = own["woke"].mean() - held["woke"].mean()
        cost = round(own["cost_minor"].mean())
        for state, again in groups:
            a, b = (part.loc[(part["state"] == state) & (part["again"] == again), "woke"] for part in (own, held))
            n = min(len(a), len(b))
            # A group that the campaign hardly met is left alone: what wakes it was not tried.
            drawn = (n * (a.mean() - b.mean()) + DRAWN_TOWARDS * whole) / (n + DRAWN_TOWARDS) if n >= uplift.MIN_GROUP else 0.0
            rows.append((arm, state, again, n, float(drawn), cost))
    table = pd.DataFrame(rows, columns=["arm", "state", "again", "customers", "lift", "cost_minor"])
    return Lifts(table, True, int(people["silent_days"].max()))


def worth(customers: pd.DataFrame, orders: pd.DataFrame) -> pd.Series:
    """What one order of each customer brings: own mean, drawn towards that of all where orders are few; minor units.

    Margin where the lines have one, else revenue.
    """
    name = "margin_minor" if "margin_minor" in orders and orders["margin_minor"].notna().any() else "amount_minor"
    net = orders.groupby("customer_id")[name].sum().reindex(customers["customer_id"], fill_value=0)
    days = customers["order_days"].to_numpy()
    middle = net.sum() / max(days.sum(), 1)
    drawn = (net.to_numpy(dtype=float) + 3 * middle) / (days + 3)
    return pd.Series(np.maximum(drawn, 0.0), index=customers.index)


def choose(
    customers: pd.DataFrame, value: pd.Series, measured: Lifts, *, budget_minor: int, chance: pd.Series | None = None
) -> pd.DataFrame:
    """For each customer the way of waking that gains most, as far as the budget goes.

    Parameters
    ----------
    customers : DataFrame
        With `state`, `order_days`, `silent_days`.
    value : Series
        Of `worth`, by the same index.
    measured : Lifts
    budget_minor : int
        What may be spent on contacts.
    chance : Series, optional
        A score between 0 and 1 that breaks ties: who is likelier to come.

    Returns
    -------
    DataFrame, by the index of `customers`
        `arm`, `lift`, `cost_minor`, `gain_minor` (lift times value, less the cost), the best for each yuan first.
    """
    table = measured.table
    joined = customers[["customer_id", "state", "order_days"]].assign(
        again=customers["order_days"] > 1, value=value, place=customers.index
    )
    joined["state"] = joined["state"].astype("str")
    options = joined.merge(table.drop(columns="customers"), on=["state", "again"], how="inner")
    options["gain_minor"] = options["lift"] * options["value"] - options["cost_minor"]
    options = options[(options["gain_minor"] > 0) & (options["state"] != "active")]
    options = options[customers["silent_days"].reindex(options["place"]).to_numpy() <= measured.longest_silence]
    options["each"] = options["gain_minor"] / options["cost_minor"].clip(lower=1)
    options["chance"] = 0.0 if chance is None else chance.reindex(options["place"]).to_numpy()
    best = options.sort_values(["gain_minor", "arm"], ascending=[False, True], kind="stable").drop_duplicates("place")
    best = best.sort_values(["each", "chance", "customer_id"], ascending=[False, False, True], kind="stable")
    kept = best[best["cost_minor"].cumsum() <= budget_minor]
    return kept.set_index("place")[["arm", "lift", "cost_minor", "gain_minor"]]


def wake_list(
    customers: pd.DataFrame, chosen: pd.DataFrame, value: pd.Series, *, code: str, stocked: pd.DataFrame | None = None
) -> pd.DataFrame | Withheld:
    """The rows of the list, with each customer's own numbers.

    Parameters
    ----------
    customers : DataFrame
        As `Rhythm.customers` with `state`.
    chosen : DataFrame
        From `choose`.
    value : Series
        Of `worth`.
    code : str
    stocked : DataFrame, optional
        `customer_id`, `name` of those whose product was out of stock.
    """
    if chosen.empty:
        return pd.DataFrame(columns=COLUMNS)
    rows = customers.loc[chosen.index]
    missing = {} if stocked is None else dict(zip(stocked["customer_id"], stocked["name"], strict=True))
    reason, evidence = [], []
    for row, worth_minor in zip(rows.itertuples(), value.loc[chosen.index], strict=True):
        what = missing.get(row.customer_id)
        reason.append(
            f"Used {what}, out of stock for a time: say that it is back"
            if what
            else f"{str(row.state).capitalize()}: {_silence(row.relative_gap)}"
        )
        evidence.append(
            f"Silent for {words.count(int(row.silent_days), 'day')}, expected every {words.count(round(row.expected_gap_days), 'day')}; "
            f"{words.count(int(row.order_days), 'order day')}; an order brings {words.money(worth_minor, code=code)}."
        )
    stake = (chosen["lift"].to_numpy() * value.loc[chosen.index].to_numpy()).round().astype("int64")
    return pd.DataFrame(
        {
            "customer_id": rows["customer_id"].to_numpy(),
            "list": "wake",
            "action": chosen["arm"].to_numpy(),
            "reason": reason,
            "evidence": evidence,
            "value_at_stake_minor": stake,
        }
    )


def _silence(relative: float) -> str:
    return f"silent {relative:.1f} times as long as usual"


@dataclass(frozen=True)
class TestPlan:
    """What the next report will be able to see of the list.

    Attributes
    ----------
    contacted, held_out : int
    base_rate : float
        Share who come of themselves, expected.
    smallest_lift : float
        The lift that these numbers find 80 times in 100; missing where they find none.
    expected_lift : float
    needed : int
        To contact, and to hold out, each, so that the expected lift is found 80 times in 100; 0 where no lift is expected.
    """

    contacted: int
    held_out: int
    base_rate: float
    smallest_lift: float
    expected_lift: float
    needed: int

    @property
    def enough(self) -> bool:
        """Whether the expected lift is likely to be seen."""
        return bool(self.expected_lift >= self.smallest_lift)


def test_plan(*, contacted: int, held_out: int, base_rate: float, expected_lift: float) -> TestPlan | Withheld:
    """How much the list's hold-out will show."""
    if min(contacted, held_out) < uplift.MIN_GROUP or np.isnan(base_rate):
        return Withheld(
            "What the hold-out will show",
            f"{words.count(contacted, 'customer')} to contact and {words.count(held_out, 'customer')} held out are too few for any test.",
            "Several months of lists together would show it.",
        )
    base = min(max(base_rate, 0.005), 0.95)
    lift = min(expected_lift, 0.99 - base)
    needed = design(base, lift).per_arm if lift > 0.002 else 0
    return TestPlan(contacted, held_out, base, uplift.smallest_lift(base, contacted, held_out), lift, needed)


test_plan.__test__ = False  # a plan, not a test of pytest's
TestPlan.__test__ = False


def wanted(
    now: pd.DataFrame | Withheld, orders: pd.DataFrame, lift: Lifts, missing, *, budget_minor: int, code: str
) -> tuple[pd.DataFrame, int, pd.DataFrame]:
    """The rows of the list, what one order of every sleeper would bring, and the choice behind the rows.

    Parameters
    ----------
    now : DataFrame or Withheld
        States of today.
    orders : DataFrame
    lift : Lifts
    missing : StockOuts or Withheld
        Who used what was out of stock hears that it is back.
    budget_minor : int
    code : str
    """
    if isinstance(now, Withheld):
        return (
            pd.DataFrame(columns=COLUMNS).astype({"value_at_stake_minor": "int64"}),
            0,
            pd.DataFrame(columns=["arm", "lift", "cost_minor", "gain_minor"]),
        )
    value = worth(now, orders)
    chosen = choose(now, value, lift, budget_minor=budget_minor)
    stocked = None
    if not isinstance(missing, Withheld) and len(missing.asleep):
        names = missing.table.drop_duplicates("product_id")[["product_id", "name"]]
        stocked = missing.asleep.merge(names, on="product_id")
    rows = wake_list(now, chosen, value, code=code, stocked=stocked)
    return (rows.astype({"value_at_stake_minor": "int64"}), int(value[now["state"].isin(WAKES)].sum()), chosen)


def plan_of(monday, now: pd.DataFrame | Withheld, rates: pd.DataFrame | Withheld, chosen: pd.DataFrame) -> TestPlan | Withheld:
    """The test that comes with a list: its own numbers, the states' wake rates, the expected lift."""
    what = "What the hold-out will show"
    if isinstance(now, Withheld) or isinstance(rates, Withheld) or chosen.empty:
        return Withheld(what, "There is no list, or nobody knows how many would come anyway.")
    listed = now.loc[chosen.index, "state"].astype("str")
    rate = rates.set_index("state")["came"].add(0.5) / rates.set_index("state")["customers"].add(1)
    base = float(listed.map({str(name): value for name, value in rate.items()}).mean())
    return test_plan(
        contacted=len(monday.to_do),
        held_out=int(monday.rows["hold_out"].sum()),
        base_rate=base,
        expected_lift=float(chosen["lift"].mean()),
    )


def summary(now: pd.DataFrame | Withheld) -> pd.DataFrame:
    """One row a customer for the report's table of customers: `customer_id`, `state`, `silent_days`, `expected_gap_days`."""
    if isinstance(now, Withheld):
        return pd.DataFrame({"customer_id": pd.Series([], dtype="str")})
    table = now[["customer_id", "state", "silent_days", "expected_gap_days"]].copy()
    return table.assign(
        state=table["state"].astype("str"),
        silent_days=table["silent_days"].astype("int64"),
        expected_gap_days=table["expected_gap_days"].round(1),
    )


def cost_and_gain(monday, now: pd.DataFrame | Withheld, chosen: pd.DataFrame) -> tuple[int, int]:
    """What contacting those on the list costs, and the gain expected of them after that; minor units, those left alone apart."""
    if isinstance(now, Withheld) or chosen.empty:
        return 0, 0
    to_do = now.loc[chosen.index, "customer_id"].isin(monday.to_do["customer_id"]).to_numpy()
    return int(chosen.loc[to_do, "cost_minor"].sum()), round(chosen.loc[to_do, "gain_minor"].sum())
