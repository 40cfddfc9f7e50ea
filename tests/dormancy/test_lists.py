"""The wake list: chosen by gain under a budget, with the customer's own numbers and the test that comes with it."""

import pandas as pd
import pytest

from helpers.dormancy import lists
from helpers.dormancy.states import STATES
from helpers.reports.actions import LISTS, action_list
from helpers.withheld import Withheld


def customers(*rows):
    """From (id, state, order days, silent days)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "state", "order_days", "silent_days"])
    frame["state"] = pd.Categorical(frame["state"], categories=STATES, ordered=True)
    return frame.assign(expected_gap_days=50.0, relative_gap=frame["silent_days"] / 50)


def lifts(*rows, longest=1000):
    """From (arm, state, again, lift, cost)."""
    frame = pd.DataFrame(rows, columns=["arm", "state", "again", "lift", "cost_minor"])
    return lists.Lifts(frame.assign(customers=100), True, longest)


PEOPLE = customers(
    ("A", "half-asleep", 4, 120),
    ("B", "asleep", 4, 220),
    ("C", "active", 4, 10),
    ("D", "asleep", 1, 220),
    ("E", "half-asleep", 4, 2000),
)
MEASURED = lifts(
    ("call", "half-asleep", True, 0.2, 100),
    ("call", "asleep", True, 0.1, 100),
    ("call", "active", True, 0.5, 100),
    ("call", "asleep", False, 0.01, 100),
)


def test_who_gains_most_for_each_unit_of_money_comes_first_and_the_budget_ends_the_list():
    value = pd.Series([1000.0, 4000.0, 9000.0, 1000.0, 9000.0])
    # A: 0.2 * 1000 - 100 = 100; B: 0.1 * 4000 - 100 = 300; C is awake; D: 0.01 * 1000 - 100 < 0; E was silent for longer than anybody tried.
    chosen = lists.choose(PEOPLE, value, MEASURED, budget_minor=10_000, chance=None)
    assert PEOPLE.loc[chosen.index, "customer_id"].tolist() == ["B", "A"] and chosen["gain_minor"].tolist() == pytest.approx(
        [300, 100]
    )
    one = lists.choose(PEOPLE, value, MEASURED, budget_minor=150)
    assert PEOPLE.loc[one.index, "customer_id"].tolist() == ["B"]


def test_each_gets_the_way_that_gains_most():
    both = lifts(("call", "asleep", True, 0.2, 500), ("reminder", "asleep", True, 0.15, 10))
    value = pd.Series([0.0, 4000.0, 0.0, 0.0, 0.0])
    # 0.2 * 4000 - 500 = 300; 0.15 * 4000 - 10 = 590.
    assert lists.choose(PEOPLE, value, both, budget_minor=10_000)["arm"].tolist() == ["reminder"]


def test_without_a_campaign_the_lift_is_an_assumption_for_sleepers_alone():
    nothing = Withheld("x", "none")
    found = lists.lifts(nothing, nothing, nothing, assumed=0.05, cost_minor=2500)
    assert not found.measured
    table = found.table.set_index(["state", "again"])["lift"]
    assert table[("half-asleep", True)] == 0.05 and table[("active", True)] == 0 and table[("gone", False)] == 0


def test_small_groups_are_drawn_towards_the_arm_and_untried_ones_left_alone():
    from datetime import date

    from helpers.dormancy import waking

    people, before = [], []
    for arm, woke in (("call", 0.4), ("hold_out", 0.1)):
        for number in range(100):
            people.append((f"{arm}{number}", arm, 200 if arm == "call" else 0, number < 100 * woke, 0, 0))
            before.append((f"{arm}{number}", "asleep", 3, 200))
    frame = pd.DataFrame(people, columns=["customer_id", "arm", "cost_minor", "woke", "revenue_minor", "margin_minor"])
    trial = waking.Trial(frame, "x", "W", date(2026, 1, 1), date(2026, 3, 31), 0, "margin")
    states = pd.DataFrame(before, columns=["customer_id", "state", "order_days", "silent_days"])
    found = lists.lifts(trial, waking.judge(trial), states, assumed=0.05, cost_minor=1)
    table = found.table.set_index(["state", "again"])["lift"]
    assert table[("asleep", True)] == pytest.approx(0.3) and table[("gone", True)] == 0
    assert found.measured and found.longest_silence == 200


def test_worth_is_drawn_towards_the_mean_order():
    orders = pd.DataFrame({"customer_id": ["A", "A", "B"], "amount_minor": [100, 300, 800], "margin_minor": [50, 150, 400]})
    two = customers(("A", "asleep", 2, 200), ("B", "asleep", 1, 200))
    # All: 600 on 3 order days, 200 each. A: (200 + 3 * 200) / 5; B: (400 + 3 * 200) / 4.
    assert lists.worth(two, orders).tolist() == pytest.approx([160, 250])


def test_the_list_has_reason_evidence_and_value_at_stake():
    chosen = lists.choose(PEOPLE, pd.Series([1000.0, 4000.0, 0, 0, 0]), MEASURED, budget_minor=10_000)
    stocked = pd.DataFrame({"customer_id": ["A"], "name": ["Capsules"]})
    rows = lists.wake_list(PEOPLE, chosen, pd.Series([1000.0, 4000.0, 0, 0, 0]), code="CNY", stocked=stocked).set_index(
        "customer_id"
    )
    assert rows.loc["A", "reason"] == "Used Capsules, out of stock for a time: say that it is back"
    assert rows.loc["B", "reason"] == "Asleep: silent 4.4 times as long as usual"
    assert rows.loc["B", "evidence"] == "Silent for 220 days, expected every 50 days; 4 order days; an order brings ¥40."
    assert rows.loc["B", "value_at_stake_minor"] == 400
    assert (rows["list"] == "wake").all() and "wake" in LISTS


def test_the_list_becomes_a_safe_action_list_with_a_hold_out(plain):
    ids = plain.orders["customer_id"].drop_duplicates().head(40)
    rows = pd.DataFrame(
        {"customer_id": ids, "list": "wake", "action": "call", "reason": "r", "evidence": "e", "value_at_stake_minor": 5}
    )
    found = action_list(rows, company=plain, hold_out_share=0.25, priority=["wake"])
    free = found.rows["suppressed"].eq("").sum()
    assert found.rows["hold_out"].sum() == int(free * 0.25 + 0.5)
    no = plain.customers.loc[~plain.customers["consent"].astype(bool), "customer_id"]
    assert not found.to_do["customer_id"].isin(no).any()


def test_the_plan_says_what_these_numbers_can_show():
    plan = lists.test_plan(contacted=300, held_out=100, base_rate=0.1, expected_lift=0.15)
    assert plan.enough and 0.08 < plan.smallest_lift < 0.15
    weak = lists.test_plan(contacted=60, held_out=20, base_rate=0.1, expected_lift=0.05)
    assert not weak.enough and weak.needed > 600
    assert isinstance(lists.test_plan(contacted=60, held_out=10, base_rate=0.1, expected_lift=0.05), Withheld)


def test_nobody_is_listed_where_nothing_is_known():
    rows, worth, chosen = lists.wanted(Withheld("x", "y"), pd.DataFrame(), MEASURED, None, budget_minor=1, code="CNY")
    assert rows.empty and worth == 0 and chosen.empty and list(rows.columns) == lists.COLUMNS
