import numpy as np
import pandas as pd
import pytest
from helpers.errors import DataError
from helpers.stats import uplift
from helpers.stats.uplift import balance, difference, pairs, power, sample_size, smallest_lift, split_p_value
from helpers.withheld import Withheld


def of_counts(yes_treated, n_treated, yes_control, n_control):
    outcome = np.repeat([1, 0, 1, 0], [yes_treated, n_treated - yes_treated, yes_control, n_control - yes_control])
    return outcome, np.arange(len(outcome)) < n_treated


# ---------------------------------------------------------------- difference


def test_difference_of_shares_has_newcombes_interval():
    # Newcombe (1998), table II (a), method 10: 56 of 70 against 48 of 80.
    got = difference(*of_counts(56, 70, 48, 80))
    assert (got.treated, got.control) == (0.8, 0.6)
    assert (got.difference.low, got.difference.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_p_value_of_shares_agrees_with_statsmodels():
    from statsmodels.stats.proportion import proportions_ztest

    got = difference(*of_counts(56, 70, 48, 80))
    assert got.p_value == pytest.approx(proportions_ztest([56, 48], [70, 80])[1])


def test_difference_of_amounts_agrees_with_scipy():
    from scipy import stats

    lot = np.random.default_rng(1)
    amount, treated = lot.lognormal(3, 1, 200), lot.random(200) < 0.4
    expected = stats.ttest_ind(amount[treated], amount[~treated], equal_var=False)
    got = difference(amount, treated)
    assert got.p_value == pytest.approx(expected.pvalue)
    ends = expected.confidence_interval(0.95)
    assert (got.difference.low, got.difference.high) == pytest.approx((ends.low, ends.high))


def test_bootstrap_leans_with_the_skew_and_repeats_itself():
    lot = np.random.default_rng(2)
    amount = np.append(lot.lognormal(0, 1.5, 60), lot.normal(1, 0.1, 60))
    treated = np.arange(120) < 60
    got, again = (difference(amount, treated, method="bca").difference for _ in range(2))
    assert got == again
    plain = difference(amount, treated).difference
    # The long tail lies above the mean of the treated, so the interval reaches further up than down.
    assert got.high - got.value > 1.2 * (got.value - got.low)
    assert plain.high - plain.value == pytest.approx(plain.value - plain.low)


def test_nobody_who_does_anything_is_no_effect():
    got = difference(np.zeros(60), np.arange(60) < 30)
    assert got.difference.value == 0 and got.p_value == 1 and got.difference.low < 0 < got.difference.high
    flat = difference(np.full(60, 7.5), np.arange(60) < 30, method="bca")
    assert (flat.difference.low, flat.difference.high, flat.p_value) == (0, 0, 1)


@pytest.mark.parametrize("n_treated, n_control", [(0, 0), (19, 500), (500, 19)])
def test_small_groups_are_withheld(n_treated, n_control):
    got = difference(*of_counts(0, n_treated, 0, n_control))
    assert isinstance(got, Withheld) and f"treated are {n_treated}, held out {n_control}" in got.reason


@pytest.mark.parametrize(
    "outcome, treated, message",
    [
        ([1, np.nan], [1, 0], "1 customer without an outcome. Who did nothing has the outcome 0"),
        ([1, 0], [1, 2], "must be True or False"),
        ([1, 0], [True, None], "must be True or False"),
        ([1, 0], [1], "2 outcomes and 1 treatments"),
    ],
)
def test_what_is_no_test_is_refused(outcome, treated, message):
    with pytest.raises(DataError, match=message):
        difference(outcome, treated)


def test_unknown_method_is_refused():
    with pytest.raises(DataError, match="no method magic"):
        difference(*of_counts(5, 30, 5, 30), method="magic")


# ---------------------------------------------------------------- several arms


def test_pairs_of_arms_are_corrected_by_holm():
    arm = np.repeat(["call", "coupon", "none"], 400)
    outcome = np.repeat([1, 0, 1, 0, 1, 0], [120, 280, 64, 336, 60, 340])
    got = pairs(outcome, arm)
    assert list(zip(got["arm"], got["against"], strict=True)) == [
        ("call", "coupon"),
        ("call", "none"),
        ("coupon", "none"),
    ]
    alone = difference(outcome[arm != "none"], (arm == "call")[arm != "none"])
    first = got.iloc[0]
    assert (first["difference"], first["p_value"]) == pytest.approx((alone.difference.value, alone.p_value))
    # Holm by hand: the smallest of three times 3.
    smallest = got["p_value"].idxmin()
    assert got["p_corrected"][smallest] == pytest.approx(3 * got["p_value"][smallest])
    assert (got["p_corrected"] < 0.05).tolist() == [True, True, False]


def test_against_the_hold_out_alone_there_are_fewer_looks():
    lot = np.random.default_rng(4)
    arm = np.repeat(["call", "coupon", "none"], 100)
    outcome = lot.normal(size=300) + (arm == "call") * 0.3
    some, every = pairs(outcome, arm, reference="none"), pairs(outcome, arm)
    assert some["arm"].tolist() == ["call", "coupon"] and (some["against"] == "none").all()
    row = every[(every["arm"] == "call") & (every["against"] == "none")].iloc[0]
    assert some["p_value"][0] == pytest.approx(row["p_value"]) and some["p_corrected"][0] <= row["p_corrected"]


def test_an_arm_that_is_too_small_leaves_its_pairs_open():
    arm = np.repeat(["a", "b", "c"], [50, 50, 5])
    got = pairs(np.arange(105) % 2, arm)
    assert got["p_corrected"].isna().tolist() == [False, True, True] and got["n_against"].tolist() == [50, 5, 5]
    assert got["p_corrected"][0] == got["p_value"][0]  # one look
    assert isinstance(pairs([1, 0], ["a", "b"]), Withheld) and isinstance(pairs([1] * 90, ["a"] * 90), Withheld)


def test_arms_without_name_are_refused():
    with pytest.raises(DataError, match="3 outcomes and 2 arms"):
        pairs([1, 2, 3], ["a", None, "b"])
    with pytest.raises(DataError, match="No customer is in the arm none. Arms are a and b"):
        pairs([1, 2], ["a", "b"], reference="none")


# ---------------------------------------------------------------- balance


def test_balance_by_hand():
    # Treated 2, 4 (mean 3, variance 1), held out 1, 3 (mean 2, variance 1): one standard deviation.
    features = pd.DataFrame({"age": [2, 4, 1, 3], "city": ["A", "A", "A", "B"]})
    got = balance(features, [1, 1, 0, 0]).set_index(["feature", "value"])
    assert got.loc[("age", ""), "standardised"] == pytest.approx(1.0)
    # City B: 0 against 1/2, with variances 0 and 1/4: -0.5 / sqrt(0.125).
    assert got.loc[("city", "B"), "standardised"] == pytest.approx(-0.5 / np.sqrt(0.125))
    assert got.loc[("city", "A"), ["treated", "control"]].tolist() == [1.0, 0.5]


def test_a_fair_lot_is_balanced_and_a_hand_picked_list_is_not():
    lot = np.random.default_rng(5)
    features = pd.DataFrame(
        {
            "orders": lot.poisson(3, 2000),
            "spend": lot.lognormal(5, 1, 2000),
            "city": lot.choice(["N", "S"], 2000),
            "age": np.where(lot.random(2000) < 0.1, np.nan, lot.normal(40, 10, 2000)),
        }
    )
    fair = balance(features, lot.random(2000) < 0.5)
    assert not fair["unbalanced"].any() and "missing" in fair["value"].tolist()
    picked = balance(features, lot.random(2000) < 0.2 + 0.1 * features["orders"].clip(upper=6))
    assert picked.loc[picked["unbalanced"], "feature"].tolist() == ["orders"]


def test_a_difference_that_luck_explains_is_not_called_unbalanced():
    features = pd.DataFrame({"spend": np.random.default_rng(11).normal(size=60)})
    got = balance(features, np.arange(60) < 30).iloc[0]
    # At 30 against 30 a fair lot stays within 1.96 sqrt(2/30), half a standard deviation.
    assert got["by_chance"] == pytest.approx(1.959964 * np.sqrt(1 / 15))
    assert 0.1 < abs(got["standardised"]) < got["by_chance"] and not got["unbalanced"]


def test_a_feature_that_never_varies_is_balanced():
    got = balance(pd.DataFrame({"same": [1.0] * 40}), np.arange(40) < 20)
    assert got["standardised"].tolist() == [0.0] and not got["unbalanced"].any()
    apart = balance(pd.DataFrame({"apart": [1.0] * 20 + [2.0] * 20}), np.arange(40) < 20)
    assert apart["unbalanced"].all()


def test_split_agrees_with_the_binomial():
    # 15 of 20: 2 * (15504 + 4845 + 1140 + 190 + 20 + 1) / 2^20
    assert split_p_value(15, 5) == pytest.approx(2 * 21700 / 2**20)
    assert split_p_value(800, 200, planned=0.8) == pytest.approx(1)
    with pytest.raises(DataError, match="A lot needs customers"):
        split_p_value(0, 0)


# ---------------------------------------------------------------- planning


@pytest.mark.parametrize(
    "control, treated, each",
    # Without correction for continuity; 356 as in Fleiss, Levin and Paik (2003), table A.4, less the correction.
    [(0.6, 0.7, 356), (0.05, 0.07, 2213), (0.10, 0.15, 686)],
)
def test_sample_size_of_shares_is_the_textbook_one(control, treated, each):
    # By hand: (1.95996 sqrt(2 m (1-m)) + 0.84162 sqrt(p (1-p) + q (1-q)))^2 / (q-p)^2, m the mean of p and q.
    middle = (control + treated) / 2
    root = 1.959964 * np.sqrt(2 * middle * (1 - middle)) + 0.841621 * np.sqrt(
        control * (1 - control) + treated * (1 - treated)
    )
    assert np.ceil(root**2 / (treated - control) ** 2) == each
    assert sum(sample_size(control, treated)) == pytest.approx(2 * each, abs=2)


@pytest.mark.parametrize(
    "control, treated, n, ratio", [(0.1, 0.14, 500, 1), (0.3, 0.2, 150, 2), (0.02, 0.03, 3000, 0.5)]
)
def test_power_of_shares_agrees_with_statsmodels(control, treated, n, ratio):
    from statsmodels.stats.proportion import power_proportions_2indep

    # Their ratio is the second group, at `prop2`, over the first; `diff` is the first less the second.
    expected = power_proportions_2indep(treated - control, control, n, ratio=ratio, return_results=False)
    assert power(control, treated, n, int(n * ratio)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("gap, n, ratio", [(5.0, 60, 1.0), (2.0, 400, 0.5)])
def test_power_of_amounts_agrees_with_statsmodels(gap, n, ratio):
    from statsmodels.stats.power import TTestIndPower

    expected = TTestIndPower().power(gap / 12, n, 0.05, ratio=ratio)
    assert power(100, 100 + gap, n, int(n * ratio), spread=12.0) == pytest.approx(expected, abs=1e-6)


def test_planned_test_finds_the_effect_as_often_as_planned():
    lot = np.random.default_rng(6)
    n_treated, n_control = sample_size(0.10, 0.16, treated_share=0.7)
    assert n_treated / (n_treated + n_control) == pytest.approx(0.7, abs=0.01)
    yes_treated, yes_control = lot.binomial(n_treated, 0.16, 1500), lot.binomial(n_control, 0.10, 1500)
    found = [
        difference(*of_counts(a, n_treated, b, n_control)).p_value < 0.05
        for a, b in zip(yes_treated, yes_control, strict=True)
    ]
    # 1,500 tests know 80% to within 2 points in 95 of 100 cases.
    assert np.mean(found) == pytest.approx(0.8, abs=0.03)


def test_smallest_lift_is_the_one_that_the_sample_size_is_for():
    n_treated, n_control = sample_size(0.10, 0.15)
    assert smallest_lift(0.10, n_treated, n_control) == pytest.approx(0.05, abs=2e-4)
    n_treated, n_control = sample_size(200, 230, spread=120.0)
    assert smallest_lift(200, n_treated, n_control, spread=120.0) == pytest.approx(30, rel=0.01)
    assert np.isnan(smallest_lift(0.999, 10, 10))


def test_more_customers_never_find_less():
    powers = [power(0.1, 0.15, n, n) for n in (0, 1, 2, 50, 200, 1000, 5000)]
    assert powers == sorted(powers) and powers[-1] > 0.999
    assert power(0.0, 0.0, 50, 50) == 0


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: sample_size(0.1, 0.1), "An effect of 0 cannot be found"),
        (lambda: sample_size(10, 12), "not both shares"),
        (lambda: sample_size(10, 12, spread=0.0), "A spread of 0 is none"),
        (lambda: sample_size(0.1, 0.2, treated_share=1.0), "lie between 0 and 1"),
    ],
)
def test_plans_that_make_no_sense_are_refused(call, message):
    with pytest.raises(DataError, match=message):
        call()


def test_module_has_no_hidden_lot():
    outcome, treated = of_counts(30, 100, 20, 100)
    assert uplift.difference(outcome, treated) == uplift.difference(outcome, treated)
