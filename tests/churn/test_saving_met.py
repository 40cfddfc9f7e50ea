"""Offers to stay: what a lot says they caused, for whom, and what that is worth; the lists that follow."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from helpers.churn import findings_met, met_lists, saving, windows
from helpers.errors import DataError
from helpers.withheld import Withheld

AS_OF = date(2026, 6, 17)


def parts(company):
    days = windows.order_days(company.orders, company.products, as_of=company.as_of)
    held = windows.clean_contracts(company.contracts, as_of=company.as_of)
    return days, held, saving.last_trial(company.campaigns, company.assignments, held, days, as_of=company.as_of)


@pytest.fixture(scope="module")
def lantern(planted):
    return parts(planted)


@pytest.fixture(scope="module")
def nothing(company_of):
    return parts(company_of(seed=8, customers=4000, stories=False))


def trial_of(counts):
    """A trial from {(arm, group): (customers, left)}."""
    rows = [
        {"customer_id": f"{arm}{group}{n}", "arm": arm, "left": n < left, "cost_minor": 0 if arm == saving.HOLD_OUT else 2500,
         "silent_days": 10.0 if group == saving.NEAR else 300.0, "group": group, "term": 1}
        for (arm, group), (customers, left) in counts.items() for n in range(customers)
    ]  # fmt: skip
    return saving.Trial(pd.DataFrame(rows), "A call", "X", 90, {})


COUNTS = {("hold_out", "near"): (200, 60), ("call", "near"): (200, 20), ("hold_out", "away"): (150, 75), ("call", "away"): (150, 78)}


def test_what_an_offer_saved_by_hand():
    """Near: 30 of 100 left alone leave, 10 with a call; away 50 and 52."""
    saved = saving.judge(trial_of(COUNTS))
    near, away = saved.of("call", "near"), saved.of("call", "away")
    assert (near["left_alone"], near["left"], near["saved"]) == pytest.approx((0.30, 0.10, 0.20))
    assert away["saved"] == pytest.approx(-0.02)
    low, high = confint_proportions_2indep(60, 200, 20, 200, method="newcomb")
    assert (near["low"], near["high"]) == pytest.approx((low, high), abs=5e-4)
    # 0.20 less -0.02; the variances of the four shares added.
    apart = saved.apart.iloc[0]
    error = np.sqrt(0.3 * 0.7 / 200 + 0.1 * 0.9 / 200 + 0.5 * 0.5 / 150 + 0.52 * 0.48 / 150)
    assert apart["difference"] == pytest.approx(0.22) and apart["low"] == pytest.approx(0.22 - 1.96 * error, abs=1e-4)
    assert saved.best == "call" and not saved.riskiest_first


def test_where_the_riskiest_are_held_best_it_says_so():
    counts = {("hold_out", "near"): (200, 20), ("call", "near"): (200, 18), ("hold_out", "away"): (200, 120), ("call", "away"): (200, 60)}
    saved = saving.judge(trial_of(counts))
    assert saved.riskiest_first
    assert "Here both agree" in findings_met.risk_or_response(saved, Withheld("x", "y"))


def test_expected_profit_by_hand_on_five_customers():
    alone = np.array([0.30, 0.30, 0.50, 0.10, 0.00])
    with_it = np.array([0.10, 0.30, 0.52, 0.05, 0.00])
    value = np.array([280.0, 280.0, 280.0, 1000.0, 280.0])
    # 0.20*280-25; -25; -0.02*280-25; 0.05*1000-25; -25
    assert saving.expected_profit(alone, with_it, value=value, cost=25.0).tolist() == pytest.approx([31.0, -25.0, -30.6, 25.0, -25.0])
    # Sixty off for all who stay: 0.20*280 - 3 - 60*0.90
    assert saving.expected_profit(0.30, 0.10, value=280.0, cost=3.0, given=60.0) == pytest.approx(-1.0)


def test_from_where_an_offer_pays():
    # 25/280 = 8.93 of 100; with 60 given: (3 + 60*0.7)/(280-60) = 20.45 of 100.
    assert saving.break_even(value=280, cost=25) == 8.93
    assert saving.break_even(value=280, cost=3, given=60, leaves_alone=0.3) == 20.45
    assert saving.break_even(value=50, cost=3, given=60) == float("inf")
    with pytest.raises(DataError, match="more than 0"):
        saving.break_even(value=0, cost=1)


@pytest.mark.parametrize("alone, with_it", [(1.2, 0.1), (0.3, -0.1)])
def test_a_chance_that_is_none_is_refused(alone, with_it):
    with pytest.raises(DataError, match="fractions of 1"):
        saving.expected_profit(alone, with_it, value=280.0, cost=25.0)


def test_days_since_the_last_order_are_counted_on_everybody_s_own_day():
    days = pd.DataFrame({"customer_id": ["A", "A", "B"], "day": pd.to_datetime(["2025-01-01", "2025-03-01", "2025-02-01"])})
    silent = saving.silent_on(days, pd.Series(["A", "B", "C", "A"]), pd.Series(pd.to_datetime(["2025-02-01", "2025-02-11", "2025-02-01", "2025-03-01"])))
    assert silent[[0, 1, 3]].tolist() == [31, 10, 0] and np.isnan(silent[2])
    assert saving.group_of([180, 181, np.nan]).tolist() == ["near", "away", "away"]


# ---------------------------------------------------------------- on the simulated company


def test_the_trial_is_what_was_planted(lantern, planted):
    from helpers import simulate

    trial = lantern[2]
    truth = simulate.company().truth_of("retention").set_index("customer_id").loc[trial.people["customer_id"]]
    assert (truth["arm"].to_numpy() == trial.people["arm"].to_numpy()).all()
    quiet = truth["quiet"].eq("yes").to_numpy()
    assert (quiet == trial.people["group"].eq(saving.FAR).to_numpy()).mean() > 0.97
    truth_left = [row[f"leaves_{row['arm']}"] == "yes" for _, row in truth.iterrows()]
    # Ends by the company (three of 100 of all ends) do not count as leaving.
    assert (np.array(truth_left) == trial.people["left"].to_numpy()).mean() > 0.97


def test_by_response_and_not_by_risk_where_it_is_planted(lantern):
    saved = saving.judge(lantern[2])
    assert saved.best == "call" and not saved.riskiest_first and saved.apart.set_index("arm").loc["call", "low"] > 0
    ways = saving.ways_of_choosing(lantern[2], arm="call")
    assert ways.saved("by response") > ways.saved("by risk")


def test_without_the_story_no_offer_holds_anybody(nothing):
    saved = saving.judge(nothing[2])
    assert saved.best == "" and saved.proven.empty


@pytest.mark.parametrize("seed", [301])
def test_playing_the_list_by_response_beats_playing_it_by_risk(company_of, seed):
    from helpers import simulate
    from helpers.reports.actions import action_list

    company = company_of(seed=seed)
    days, held, trial = parts(company)
    expected = saving.responses(saving.judge(trial), trial, value_minor=27_860, given_minor={"discount": 6000}, assumed=0.1, cost_minor=2500, base_rate=0.2)
    ending = met_lists.due(held, days, as_of=company.as_of, horizon_days=90, trial=trial)
    monday = action_list(met_lists.save_list(ending, expected, code="CNY"), company=company, hold_out_share=0.0, priority=["save"])
    both = met_lists.play_both(simulate.company(seed=seed), monday, ending)
    assert both.profit("by response") > both.profit("by risk")


# ---------------------------------------------------------------- lists


def test_the_list_save_holds_those_due_whom_an_offer_pays(lantern):
    days, held, trial = lantern
    expected = saving.responses(saving.judge(trial), trial, value_minor=27_860, given_minor={"discount": 6000}, assumed=0.1, cost_minor=2500, base_rate=0.2)
    assert expected.paying[["arm", "group"]].values.tolist() == [["call", "near"]]
    ending = met_lists.due(held, days, as_of=AS_OF, horizon_days=90)
    assert ending["paid_until"].between(pd.Timestamp(AS_OF) + pd.Timedelta(days=1), pd.Timestamp(AS_OF) + pd.Timedelta(days=90)).all()
    rows = met_lists.save_list(ending, expected, code="CNY")
    assert set(rows["customer_id"]) == set(ending.loc[ending["group"] == "near", "customer_id"]) and set(rows["action"]) == {"call"}
    assert rows["evidence"].str.contains("as measured by lot").all()


def test_nobody_is_offered_what_does_not_pay(lantern):
    days, held, trial = lantern
    expected = saving.responses(saving.judge(trial), trial, value_minor=5_000, given_minor={"discount": 6000}, assumed=0.1, cost_minor=2500, base_rate=0.2)
    assert expected.paying.empty
    ending = met_lists.due(held, days, as_of=AS_OF, horizon_days=90)
    assert met_lists.save_list(ending, expected, code="CNY").empty
    assert "No offer pays" in findings_met.offers(expected, code="CNY")[0]


def test_without_a_trial_the_effect_is_called_an_assumption():
    expected = saving.responses(Withheld("a", "b"), Withheld("a", "b"), value_minor=28_000, given_minor={}, assumed=0.2, cost_minor=2500, base_rate=0.3)
    # 0.3 * 0.2 * 280 - 25 = -8.2 yuan.
    assert expected.table["profit_minor"].tolist() == pytest.approx([-820.0, -820.0]) and not expected.measured
    assert any("assumption" in sentence for sentence in findings_met.offers(expected, code="CNY"))


# ---------------------------------------------------------------- bad input


def test_no_campaign_or_none_of_retention_or_no_hold_out(planted, lantern):
    days, held, _ = lantern
    for campaigns, assignments in (
        (None, None),
        (planted.campaigns[planted.campaigns["purpose"] == "waking"], planted.assignments),
        (planted.campaigns, planted.assignments[planted.assignments["arm"] != "hold_out"]),
    ):
        assert isinstance(saving.last_trial(campaigns, assignments, held, days, as_of=AS_OF), Withheld)


def test_windows_that_are_not_over_are_counted(planted, lantern):
    days, held, _ = lantern
    trial = saving.last_trial(planted.campaigns, planted.assignments, held, days, as_of=date(2025, 6, 17))
    late = planted.assignments[(planted.assignments["campaign_id"] == trial.campaign) & (planted.assignments["assigned_on"] > pd.Timestamp("2025-03-19"))]
    assert trial.set_aside["window not over yet"] == len(late) > 0


def test_twenty_customers_are_too_few():
    assert isinstance(saving.judge(trial_of({("hold_out", "near"): (10, 3), ("call", "near"): (10, 1)})), Withheld)


def test_a_list_on_which_nobody_stands_is_worth_nothing_and_not_an_error(nothing):
    """The page failed on a company in which no offer holds anybody: the sum over no customers was a text."""
    _, held, tried = nothing
    rows = pd.DataFrame({"customer_id": pd.Series([], dtype="str"), "list": pd.Series([], dtype="str")})
    ending = pd.DataFrame({"customer_id": ["C1"], "group": [saving.NEAR]})
    expected = saving.responses(saving.judge(tried), tried, value_minor=28_000, given_minor={}, assumed=0.1, cost_minor=2500, base_rate=0.2)
    found = met_lists.expected_of(
        SimpleNamespace(to_do=rows), ending, expected, pd.Series(dtype="int64"), Withheld("Warning", "None."), assumed=0.1, cost_minor=2500
    )
    assert found == 0
