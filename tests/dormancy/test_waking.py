"""A campaign judged against its hold-out: by hand, against other programs, and on planted truth."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from helpers.dormancy import waking
from helpers.withheld import Withheld


def campaign(**columns):
    row = {
        "campaign_id": "W1",
        "activity": "Waking",
        "started_on": pd.Timestamp("2026-01-01"),
        "measured_until": pd.Timestamp("2026-01-31"),
        "cost_minor": 500,
    }
    return pd.DataFrame([row | columns])


def drawn(**sizes):
    rows = [(f"{arm}{number:03d}", arm) for arm, size in sizes.items() for number in range(size)]
    frame = pd.DataFrame(rows, columns=["customer_id", "arm"])
    return frame.assign(
        campaign_id="W1",
        assigned_on=pd.Timestamp("2025-12-31"),
        cost_minor=frame["arm"].map({"call": 200}).fillna(0).astype(int),
    )


def orders(*customers, day="2026-01-10", amount=1000):
    rows = [
        {"customer_id": one, "ordered_at": pd.Timestamp(day), "amount_minor": amount, "margin_minor": amount // 2}
        for one in customers
    ]
    return pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount_minor", "margin_minor"])


def test_a_campaign_is_counted_by_the_lot_and_in_its_window():
    came = pd.concat(
        [
            orders("call000", "hold_out000"),
            orders("call001", day="2026-02-01"),
            orders("call002", day="2025-12-31"),
            orders("call003", amount=-500),
        ]
    )
    trial = waking.last_trial(campaign(), drawn(call=5, hold_out=5), came, as_of=date(2026, 3, 1))
    assert trial.window_days == 31 and trial.money == "margin"
    assert trial.people.set_index("customer_id")["woke"].pipe(lambda s: set(s[s].index)) == {"call000", "hold_out000"}
    assert trial.people["margin_minor"].sum() == 500 + 500 - 250


@pytest.mark.parametrize("word", ["Control", " hold-out ", "对照组", "none"])
def test_every_word_for_a_control_group_is_the_hold_out(word):
    people = drawn(call=3, hold_out=3)
    people["arm"] = people["arm"].replace("hold_out", word)
    trial = waking.last_trial(campaign(), people, orders("call000"), as_of=date(2026, 3, 1))
    assert trial.arms == ["call"]


def test_a_campaign_that_is_not_over_or_has_no_hold_out_is_withheld():
    args = (orders("call000"),)
    assert isinstance(waking.last_trial(campaign(), drawn(call=3, hold_out=3), *args, as_of=date(2026, 1, 30)), Withheld)
    assert isinstance(waking.last_trial(campaign(), drawn(call=3), *args, as_of=date(2026, 3, 1)), Withheld)
    assert isinstance(waking.last_trial(None, None, *args, as_of=date(2026, 3, 1)), Withheld)


def test_the_verdict_of_a_small_campaign_by_hand():
    came = [f"call{n:03d}" for n in range(30)] + [f"hold_out{n:03d}" for n in range(10)]
    trial = waking.last_trial(campaign(), drawn(call=100, hold_out=100), orders(*came), as_of=date(2026, 3, 1))
    verdict = waking.judge(trial)
    row = verdict.table.iloc[0]
    assert (verdict.came_anyway, verdict.hold_out, verdict.base_rate) == (10, 100, 0.10)
    assert (row["rate"], row["difference"], row["extra"]) == pytest.approx((0.30, 0.20, 20))
    # Of thirty who came, ten would have come anyway.
    assert row["anyway"] == pytest.approx(1 / 3)
    # Newcombe's interval for 30 of 100 against 10 of 100: Wilson 0.2189-0.3958 and 0.0552-0.1744.
    low, high = (0.2 - np.hypot(0.30 - 0.21895, 0.17437 - 0.10), 0.2 + np.hypot(0.39585 - 0.30, 0.10 - 0.05523))
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=1e-3)
    # A hundred calls of 2.00 for twenty wakings; with the interval's ends the other way round.
    assert row["cost_per_waking_minor"] == pytest.approx(20_000 / 20)
    assert row["cost_low_minor"] == pytest.approx(20_000 / (100 * high), rel=0.01)
    # Margin 5.00 of each who came: 1.50 against 0.50 a customer, less 2.00 for the call.
    assert row["left_minor"] == pytest.approx(150 - 200 - 50)
    assert verdict.proven == ["call"] and verdict.split_p_value == pytest.approx(1)


def test_no_effect_has_no_price():
    came = [f"call{n:03d}" for n in range(10)] + [f"hold_out{n:03d}" for n in range(10)]
    verdict = waking.judge(waking.last_trial(campaign(), drawn(call=100, hold_out=100), orders(*came), as_of=date(2026, 3, 1)))
    assert verdict.proven == [] and np.isnan(verdict.table["cost_per_waking_minor"].iloc[0])


def test_a_harm_is_never_proven_waking():
    came = [f"call{n:03d}" for n in range(5)] + [f"hold_out{n:03d}" for n in range(40)]
    verdict = waking.judge(waking.last_trial(campaign(), drawn(call=100, hold_out=100), orders(*came), as_of=date(2026, 3, 1)))
    assert verdict.table["p_corrected"].iloc[0] < 0.001 and verdict.proven == []


def test_arms_are_corrected_for_having_looked_at_three():
    came = [f"{arm}{n:03d}" for arm, k in (("call", 22), ("coupon", 20), ("reminder", 10), ("hold_out", 10)) for n in range(k)]
    people = drawn(call=100, coupon=100, reminder=100, hold_out=100)
    verdict = waking.judge(waking.last_trial(campaign(), people, orders(*came), as_of=date(2026, 3, 1)))
    table = verdict.table.set_index("arm")
    # Two-sided pooled z: 22 against 10 gives p 0.0206; three arms make it 0.062: not proven.
    assert table.loc["call", "p_corrected"] == pytest.approx(3 * 0.0206, abs=0.002)
    assert verdict.proven == []


@pytest.mark.parametrize("arms", [1, 3])
def test_the_design_agrees_with_another_program(arms):
    found = waking.design(0.13, 0.05, arms=arms)
    effect = proportion_effectsize(0.18, 0.13)
    other = NormalIndPower().solve_power(effect, alpha=0.05 / arms, power=0.8)
    assert found.per_arm == pytest.approx(other, rel=0.02)
    assert found.total == found.per_arm * (arms + 1)


def test_half_the_effect_needs_about_four_times_as_many():
    assert waking.design(0.13, 0.025).per_arm / waking.design(0.13, 0.05).per_arm == pytest.approx(4, abs=0.3)


def test_the_planted_campaign_is_judged_as_it_was_planted(planted):
    trial = waking.last_trial(planted.campaigns, planted.assignments, planted.orders, as_of=planted.as_of)
    verdict = waking.judge(trial)
    assert verdict.proven[0] == "call" and "coupon" not in verdict.proven
    assert verdict.split_p_value > 0.01
    assert not waking.balance(trial, planted.orders, planted.products)["unbalanced"].any()


def test_one_score_may_choose_for_the_call_and_the_longest_silence_may_not(planted):
    trial = waking.last_trial(planted.campaigns, planted.assignments, planted.orders, as_of=planted.as_of)
    few = waking.Trial(
        trial.people[trial.people["arm"].isin(["call", waking.HOLD_OUT])].reset_index(drop=True),
        trial.name,
        trial.campaign_id,
        trial.started_on,
        trial.until,
        0,
        "margin",
    )
    use = {one.score: one.use for one in waking.choosers(few, planted.orders, planted.products)}
    assert use[waking.ONCE] and not use[waking.RISK]


def test_in_a_company_where_nothing_wakes_nothing_is_proven(plain):
    verdict = waking.judge(waking.last_trial(plain.campaigns, plain.assignments, plain.orders, as_of=plain.as_of))
    assert verdict.proven == []
