import numpy as np
import pandas as pd
import pytest
from helpers.errors import DataError
from helpers.stats.survival import groups
from helpers.stats.survival import cox, kaplan_meier, life_table, log_rank, remaining_life
from helpers.withheld import Withheld
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

# Freireich and others (1963), Blood 21, 699-716: weeks of remission of 42 children with leukaemia.
DRUG = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
DRUG_SEEN = [1] * 9 + [0] * 12
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
WEEKS, SEEN = np.array(DRUG + PLACEBO), np.array(DRUG_SEEN + [1] * 21)
GROUP = np.array(["6-MP"] * 21 + ["placebo"] * 21)

# Edmonson and others (1979): 26 women with ovarian cancer; days, death, age, performance status. As in R's `survival`.
OVARIAN = pd.DataFrame(
    {
        "days": [59, 115, 156, 421, 431, 448, 464, 475, 477, 563, 638, 744, 769, 770, 803, 855, 1040, 1106, 1129, 1206, 1227, 268, 329, 353, 365, 377],
        "died": [1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0],
        "age": [72.3315, 74.4932, 66.4658, 53.3644, 50.3397, 56.4301, 56.9370, 59.8548, 64.1753, 55.1781, 56.7562, 50.1096, 59.6301, 57.0521, 39.2712, 43.1233, 38.8932, 44.6000, 53.9068, 44.2055, 59.5890, 74.5041, 43.1370, 63.2192, 64.4247, 58.3096],
        "status": [1, 1, 2, 1, 1, 2, 2, 2, 1, 2, 2, 1, 2, 1, 1, 2, 2, 1, 1, 1, 2, 2, 1, 2, 1, 1],
    }
)  # fmt: skip


def drawn(seed, n=60, late=True):
    """Lives with ties, censoring and late entries."""
    lot = np.random.default_rng(seed)
    life, end = np.ceil(lot.exponential(20, n * 3)), np.ceil(lot.uniform(5, 60, n * 3))
    entry = np.floor(lot.uniform(0, 15, n * 3)) * (lot.random(n * 3) < 0.5) if late else np.zeros(n * 3)
    duration = np.minimum(life, end)
    kept = np.flatnonzero(duration > entry)[:n]
    # Half are watched from the start and the first of them for long, so that somebody is at risk at all times.
    return duration[kept], (life <= end)[kept], entry[kept]


# ---------------------------------------------------------------- Kaplan-Meier


@pytest.mark.parametrize(
    "week, share, error",
    [
        (6, 0.857, 0.0764),
        (7, 0.807, 0.0869),
        (10, 0.753, 0.0963),
        (13, 0.690, 0.1068),
        (16, 0.627, 0.1141),
        (22, 0.538, 0.1282),
        (23, 0.448, 0.1346),
    ],
)
def test_curve_of_the_leukaemia_data_is_the_published_one(week, share, error):
    got = kaplan_meier(DRUG, DRUG_SEEN).at(week)
    assert got.value == pytest.approx(share, abs=6e-4)
    # The log-log interval from the published standard error.
    z = 1.959964 * error / (share * abs(np.log(share)))
    assert (got.low, got.high) == pytest.approx((share ** np.exp(z), share ** np.exp(-z)), abs=2e-3)


def test_medians_of_the_leukaemia_data_are_the_published_ones():
    drug, placebo = kaplan_meier(DRUG, DRUG_SEEN).quantile(), kaplan_meier(PLACEBO, [1] * 21).quantile()
    assert (drug.value, drug.low) == (23, 13) and np.isnan(drug.high)
    assert (placebo.value, placebo.low, placebo.high) == (8, 4, 11)


@pytest.mark.parametrize("seed", range(5))
def test_curve_with_late_entries_agrees_with_statsmodels(seed):
    from statsmodels.duration.survfunc import SurvfuncRight

    duration, observed, entry = drawn(seed)
    got = kaplan_meier(duration, observed, entry=entry).table
    theirs = SurvfuncRight(duration, observed.astype(int), entry=entry)
    events = got[got["events"] > 0]
    ours = events.set_index("time")["survival"]
    expected = pd.Series(theirs.surv_prob, index=theirs.surv_times)
    assert ours.to_dict() == pytest.approx(expected[ours.index].to_dict())
    z, share = special.ndtri(0.975), theirs.surv_prob
    with np.errstate(divide="ignore", invalid="ignore"):
        low = share ** np.exp(z * theirs.surv_prob_se / (share * np.abs(np.log(share))))
    inside = pd.Series(low, index=theirs.surv_times)[ours.index].to_numpy()
    assert events["low"].to_numpy() == pytest.approx(inside, nan_ok=True)


def test_late_entries_by_hand():
    # 20 customers are watched from the start and stay to time 9; four more tell the story.
    # a: from 0, event at 2. b: from 0, event at 4. c: from 3, event at 4. d: from 4, event at 5. e: from 0, event at 6.
    # At risk at 2: 20 + a b e = 23; at 4: 20 + b c e = 23 (d enters after it); at 5: 20 + d e = 22; at 6: 20 + e = 21.
    duration, observed = [9] * 20 + [2, 4, 4, 5, 6], [0] * 20 + [1] * 5
    entry = [0] * 20 + [0, 0, 3, 4, 0]
    got = kaplan_meier(duration, observed, entry=entry).table
    assert got["at_risk"].tolist() == [23, 23, 22, 21, 20]
    shares = [22 / 23, 22 / 23 * 21 / 23, 22 / 23 * 21 / 23 * 21 / 22, 22 / 23 * 21 / 23 * 21 / 22 * 20 / 21]
    assert got["survival"].tolist() == pytest.approx([*shares, shares[-1]])
    # Taken as watched from 0, c and d would make early times look safer.
    naive = kaplan_meier(duration, observed).table
    assert naive["survival"].iloc[0] > got["survival"].iloc[0]


def test_forgetting_late_entries_lengthens_lives_and_counting_them_right_does_not():
    lot = np.random.default_rng(1)
    life, known_from = lot.exponential(100, 20_000), lot.uniform(0, 150, 20_000)
    seen = life > known_from
    curve = kaplan_meier(life[seen], np.ones(seen.sum()), entry=known_from[seen], start=10)
    naive = kaplan_meier(life[seen], np.ones(seen.sum()))
    # Half last 69.3 (100 log 2); of those who reached 10 as well, 69.3 more.
    right, wrong = curve.quantile(), naive.quantile()
    assert right.low < 79.3 < right.high and right.high - right.low < 10
    assert wrong.low > 100


def test_curve_that_a_few_early_customers_end_is_withheld_until_a_later_start():
    # The only one watched up to 3 leaves then; thirty others come at 5.
    duration, observed = [3, *range(6, 36)], [1] * 31
    entry = [0] + [5] * 30
    got = kaplan_meier(duration, observed, entry=entry)
    assert isinstance(got, Withheld) and "up to time 3" in got.reason and "1 customer" in got.reason
    later = kaplan_meier(duration, observed, entry=entry, start=5)
    assert later.customers == 30 and later.quantile().value == 20  # 15 of 30 by 6 + 14


def test_event_and_censoring_on_one_day_let_the_event_come_first():
    got = kaplan_meier([5] * 20, [1] * 10 + [0] * 10).table
    assert (got["at_risk"].tolist(), got["survival"].tolist()) == ([20], [0.5])


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=20, max_size=60))
def test_curve_without_censoring_is_the_share_that_lasts_longer(drawn):
    duration = np.array([time for time, _ in drawn])
    curve = kaplan_meier(duration, np.ones(len(duration)))
    for time in range(int(duration.max()) + 1):
        assert curve.at(time).value == pytest.approx((duration > time).mean())


def test_order_of_customers_is_irrelevant():
    duration, observed, entry = drawn(7)
    order = np.random.default_rng(0).permutation(len(duration))
    one = kaplan_meier(duration, observed, entry=entry).table
    other = kaplan_meier(duration[order], observed[order], entry=entry[order]).table
    pd.testing.assert_frame_equal(one, other)


def test_nothing_is_said_beyond_what_was_seen():
    curve = kaplan_meier(DRUG, DRUG_SEEN)
    assert np.isnan(curve.at(36).value) and curve.at(35).value == pytest.approx(0.448, abs=6e-4)
    assert curve.at(2).value == curve.at(2).low == 1
    assert np.isnan(curve.quantile(0.9).value)


def test_mean_time_up_to_a_horizon_by_hand():
    # Ten leave at 2, ten at 6: 2 * 1 + 4 * 0.5 = 4 up to 6, and 2 + 2 * 0.5 = 3 up to 4.
    curve = kaplan_meier([2] * 10 + [6] * 10, [1] * 20)
    assert (curve.mean_up_to(4), curve.mean_up_to(6)) == (3, 4)
    assert np.isnan(curve.mean_up_to(7))


# ---------------------------------------------------------------- log-rank


def test_log_rank_of_the_leukaemia_data_is_the_published_one():
    got = log_rank(WEEKS, SEEN, GROUP)
    assert got.statistic == pytest.approx(16.79, abs=5e-3) and got.degrees == 1 and got.p_value < 1e-4
    assert got.table["expected"].tolist() == pytest.approx([19.25, 10.75], abs=5e-3)
    assert got.table["events"].tolist() == [9, 21]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("groups", [2, 4])
def test_log_rank_with_late_entries_agrees_with_statsmodels(seed, groups):
    from statsmodels.duration.survfunc import survdiff

    duration, observed, entry = drawn(seed, n=200)
    group = np.random.default_rng(seed).integers(0, groups, len(duration))
    got = log_rank(duration, observed, group, entry=entry)
    statistic, p_value = survdiff(duration, observed.astype(int), group, entry=entry)
    assert (got.statistic, got.p_value) == pytest.approx((statistic, p_value))
    assert got.table["expected"].sum() == pytest.approx(got.table["events"].sum())


# ---------------------------------------------------------------- Cox


def test_cox_of_the_leukaemia_data_is_the_published_one():
    got = cox(WEEKS, SEEN, pd.DataFrame({"placebo": GROUP == "placebo"}))
    row = got.table.iloc[0]
    # Efron's ties: coefficient 1.572, standard error 0.412 (Venables and Ripley, MASS, chapter 13; Breslow's give
    # 4.52).
    assert row["hazard_ratio"] == pytest.approx(np.exp(1.572), rel=2e-3)
    assert (row["low"], row["high"]) == pytest.approx(
        (np.exp(1.572 - 1.96 * 0.412), np.exp(1.572 + 1.96 * 0.412)), rel=4e-3
    )
    assert got.proportional and row["check_p_value"] > 0.5


def test_check_of_proportionality_is_the_published_one():
    got = cox(OVARIAN["days"], OVARIAN["died"], OVARIAN[["age"]].assign(status=OVARIAN["status"]))
    assert isinstance(got, Withheld)  # 12 deaths for 2 features
    duration, observed = OVARIAN["days"].to_numpy(float), OVARIAN["died"].to_numpy(bool)
    from statsmodels.duration.hazard_regression import PHReg

    features = OVARIAN[["age", "status"]].to_numpy(float)
    fit = PHReg(duration, features, status=observed).fit(disp=0)
    correlation, p_value = groups._proportionality(
        duration, observed, np.zeros(26), features, fit.params, fit.cov_params()
    )
    # The help page of cox.zph in R's package survival, before version 3: rho and p.
    assert correlation == pytest.approx([-0.243, 0.520], abs=6e-4)
    assert p_value == pytest.approx([0.355, 0.111], abs=6e-4)


def test_hazards_that_cross_fail_the_check_and_proportional_ones_do_not():
    lot = np.random.default_rng(3)
    yes = lot.random(1500) < 0.5
    steady = lot.exponential(np.where(yes, 10, 20))
    crossing = np.where(yes, lot.weibull(3, 1500) * 12, lot.exponential(12, 1500))
    features = pd.DataFrame({"yes": yes})
    good, bad = (cox(life, np.ones(1500), features) for life in (steady, crossing))
    assert good.proportional and good.table["low"][0] < 2 < good.table["high"][0]
    assert not bad.proportional


def test_cox_counts_late_entries_as_the_partial_likelihood_does():
    # Three of those at risk at each event, by hand: log of e^b or 1 over the sum over who is there.
    duration, observed, entry = drawn(4, n=80)
    duration = duration + np.random.default_rng(4).uniform(0, 0.5, 80)  # no ties
    x = np.random.default_rng(5).normal(size=80)

    def partial(beta):
        return sum(
            beta * x[i] - np.log(np.exp(beta * x)[(duration >= duration[i]) & (entry < duration[i])].sum())
            for i in np.flatnonzero(observed)
        )

    got = cox(duration, observed, pd.DataFrame({"x": x}), entry=entry)
    beta = np.log(got.table["hazard_ratio"][0])
    assert got.log_likelihood == pytest.approx(partial(beta))
    assert partial(beta) > max(partial(beta + 0.02), partial(beta - 0.02))


def test_unit_of_a_feature_changes_its_ratio_as_it_must():
    lot = np.random.default_rng(6)
    spend = lot.lognormal(8, 1, 300)
    life = lot.exponential(100 / spend**0.2)
    yuan, fen = (cox(life, np.ones(300), pd.DataFrame({"spend": spend * unit})).table for unit in (1, 100))
    assert fen["hazard_ratio"][0] ** 100 == pytest.approx(yuan["hazard_ratio"][0])
    assert fen["p_value"][0] == pytest.approx(yuan["p_value"][0])


@pytest.mark.parametrize(
    "features, reason",
    [
        (pd.DataFrame(np.eye(42)[:, :4]), "40 for 4 features, and there are 30"),
        (pd.DataFrame({"same": np.ones(42)}), "never varies"),
        (pd.DataFrame({"a": GROUP == "6-MP", "b": GROUP == "placebo"}), "follows from the others"),
    ],
)
def test_cox_is_withheld_where_the_data_cannot_carry_it(features, reason):
    got = cox(WEEKS, SEEN, features)
    assert isinstance(got, Withheld) and reason in got.reason


def test_cox_is_withheld_where_a_feature_tells_all_events_apart():
    early = np.arange(60) < 30
    got = cox(np.arange(1, 61), early, pd.DataFrame({"early": early}))
    assert isinstance(got, Withheld) and "no bound" in got.reason


# ---------------------------------------------------------------- life table and remaining life


def test_life_table_is_the_published_one():
    # Cutler and Ederer (1958): 126 men with kidney cancer; died, and lost or withdrawn, in the years after the
    # diagnosis.
    died, gone = [47, 5, 2, 2, 0], [19, 17, 15, 9, 6]
    duration = np.repeat(np.arange(5) + 0.5, died).tolist() + np.repeat(np.arange(5) + 0.5, gone).tolist()
    observed = [1] * sum(died) + [0] * sum(gone)
    # Of the 10 who entered the fifth year 6 withdrew, and 4 lasted longer.
    whole = life_table(duration + [5.5] * 4, observed + [0] * 4, range(6))
    assert whole["entered"].tolist() == [126, 60, 38, 21, 10]
    assert whole["at_risk"].tolist() == [116.5, 51.5, 30.5, 16.5, 7.0]
    assert whole["survival"].round(2).tolist() == [0.60, 0.54, 0.50, 0.44, 0.44]


def test_event_at_an_edge_belongs_to_the_interval_that_it_opens():
    got = life_table([0, 30, 59, 60], [1, 1, 0, 1], [0, 30, 60])
    assert (got["events"].tolist(), got["censored"].tolist(), got["entered"].tolist()) == ([1, 1], [0, 1], [4, 3])


def test_remaining_life_of_a_constant_risk_is_the_same_at_every_age():
    lot = np.random.default_rng(8)
    life, end = lot.exponential(100, 30_000), lot.uniform(0, 400, 30_000)
    got = remaining_life(np.minimum(life, end), life <= end, [0, 50, 150], ahead=60)
    # e^-0.6 = 0.549; 100 log 2 = 69.3
    assert got["share"].tolist() == pytest.approx([0.549] * 3, abs=0.02)
    assert got["median"].tolist() == pytest.approx([69.3] * 3, rel=0.05)
    assert ((got["low"] < 0.549) & (got["high"] > 0.549)).all()


def test_remaining_life_by_hand_and_missing_where_too_few_are_left():
    # Of 40 ten leave at 1, ten at 3, ten at 5; ten are still there at 9.
    duration, observed = [1] * 10 + [3] * 10 + [5] * 10 + [9] * 10, [1] * 30 + [0] * 10
    got = remaining_life(duration, observed, [0, 1, 5], ahead=3)
    assert got["share"].tolist()[:2] == pytest.approx([0.5, 2 / 3]) and np.isnan(got["share"][2])
    assert got["customers"].tolist() == [40, 30, 10]
    # Half of the 30 who passed 1 have left by 5: two thirds would be there after 3, one third after 5.
    assert got["median"][1] == 4


# ---------------------------------------------------------------- thin and faulty data


@pytest.mark.parametrize("n, events", [(0, 0), (19, 19), (100, 4)])
def test_too_few_customers_or_events_are_withheld(n, events):
    got = kaplan_meier(np.arange(n) + 1.0, np.arange(n) < events)
    assert isinstance(got, Withheld) and "needs 20 customers and 5 events" in got.reason
    group = np.arange(n) % 2
    assert isinstance(log_rank(np.arange(n) + 1.0, np.arange(n) < events, group), Withheld)


def test_one_group_is_withheld():
    assert "needs two groups" in log_rank(WEEKS, SEEN, ["a"] * 42).reason


@pytest.mark.parametrize(
    "change, message",
    [
        ({"duration": [1.0, np.nan]}, "1 customer with a missing duration"),
        ({"duration": [1.0, -2.0]}, "1 customer with a duration below 0"),
        ({"observed": [1, 2]}, "must be True or False"),
        ({"observed": [True, None]}, "must be True or False"),
        ({"entry": [0, 3]}, "1 customer watched from before time 0 or after the end"),
        ({"entry": [0, 2]}, "1 customer watched for no time"),
        ({"entry": [0]}, "2 durations, 2 events and 1 entries"),
    ],
)
def test_what_cannot_be_is_refused(change, message):
    given_data = {"duration": [1.0, 2.0], "observed": [1, 0], "entry": [0, 0]} | change
    with pytest.raises(DataError, match=message):
        kaplan_meier(given_data["duration"], given_data["observed"], entry=given_data["entry"])


def test_features_and_groups_that_are_none_are_refused():
    with pytest.raises(DataError, match="Feature city is not a number"):
        cox(WEEKS, SEEN, pd.DataFrame({"city": ["a"] * 42}))
    with pytest.raises(DataError, match="Feature age: 1 customer without a value"):
        cox(WEEKS, SEEN, pd.DataFrame({"age": [np.nan] + [1.0] * 41}))
    with pytest.raises(DataError, match="Features of 1 customer for 42 durations"):
        cox(WEEKS, SEEN, pd.DataFrame({"age": [1.0]}))
    with pytest.raises(DataError, match="1 customer without a group"):
        log_rank(WEEKS, SEEN, [None] + ["a"] * 41)
    with pytest.raises(DataError, match="needs two edges"):
        life_table(WEEKS, SEEN, [5])
    with pytest.raises(DataError, match="cannot start at -1"):
        kaplan_meier(WEEKS, SEEN, start=-1)
