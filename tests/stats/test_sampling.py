import numpy as np
import pandas as pd
import pytest
from helpers.errors import DataError
from helpers.stats.intervals import wilson
from helpers.stats.sampling import (
    effective_n,
    margin_of_error,
    rating,
    survey_errors,
    weighted_mean,
    weighted_share,
    weights_to,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "share, n, points",
    [
        pytest.param(0.30, 1000, 2.840, id="published-1000-homes"),
        pytest.param(0.30, 5000, 1.270, id="published-5000-homes"),
        pytest.param(0.50, 1000, 3.099, id="the-usual-3-points"),
        pytest.param(0.0, 50, 0.0, id="nobody"),
    ],
)
def test_margin_of_error_in_points(share, n, points):
    assert 100 * margin_of_error(share, n) == pytest.approx(points, abs=5e-4)


def test_four_times_the_people_halve_the_margin():
    assert margin_of_error(0.3, 4000) == pytest.approx(margin_of_error(0.3, 1000) / 2)


@pytest.mark.parametrize("share, n, message", [(30, 1000, "30 is not a share"), (0.3, 0, "sample of 0 says nothing")])
def test_margin_refuses_what_is_no_sample(share, n, message):
    with pytest.raises(DataError, match=message):
        margin_of_error(share, n)


def test_effective_n_by_hand():
    # (3 + 1 + 1 + 1) squared is 36; 9 + 1 + 1 + 1 is 12.
    assert effective_n(pd.Series([3, 1, 1, 1])) == 3.0
    assert effective_n(pd.Series([0.0, 0.0])) == 0.0


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=8))
def test_effective_n_lies_between_one_and_all(weights):
    assert 1 - 1e-9 <= effective_n(pd.Series(weights)) <= len(weights) + 1e-9


def test_weights_by_hand():
    # Half of the people live in the north, 3 of 4 answers come from there: 0.5 / 0.75 and 0.5 / 0.25.
    groups = pd.Series(["N", "N", "S", "N"], index=[7, 8, 9, 10])
    got = weights_to(groups, pd.Series({"N": 0.5, "S": 0.5}))
    assert got.to_dict() == pytest.approx({7: 2 / 3, 8: 2 / 3, 9: 2.0, 10: 2 / 3})


def test_weights_take_counts_of_the_population_too():
    groups = pd.Series(["N", "N", "S", "N"])
    as_counts = weights_to(groups, pd.Series({"N": 40, "S": 40}))
    assert as_counts.equals(weights_to(groups, pd.Series({"N": 0.5, "S": 0.5})))


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), st.data())
def test_weighted_groups_have_their_share_of_the_population_and_weights_have_mean_one(groups, data):
    groups = pd.Series(groups)
    sizes = data.draw(st.lists(st.integers(1, 50), min_size=groups.nunique(), max_size=groups.nunique()))
    shares = pd.Series(sizes, index=sorted(groups.unique())) / sum(sizes)
    weights = weights_to(groups, shares)
    assert weights.mean() == pytest.approx(1)
    assert (weights.groupby(groups).sum() / len(groups)).to_dict() == pytest.approx(shares.to_dict())


@pytest.mark.parametrize(
    "groups, shares, message",
    [
        pytest.param(["N"], {"N": 0.5, "S": 0.5}, "Nobody in the sample stands for S", id="a-group-is-missing"),
        pytest.param(["N", "W"], {"N": 1.0}, "no group W", id="a-group-is-strange"),
        pytest.param(["N", None], {"N": 1.0}, "1 answer of 2 without a group", id="no-group"),
        pytest.param(["N", "S"], {"N": 1.5, "S": -0.5}, "must be 0 or more", id="negative-share"),
    ],
)
def test_weights_are_refused_where_they_would_be_made_up(groups, shares, message):
    with pytest.raises(DataError, match=message):
        weights_to(pd.Series(groups), pd.Series(shares))


def test_a_group_of_nobody_needs_nobody_to_stand_for_it():
    assert weights_to(pd.Series(["N"]), pd.Series({"N": 1.0, "S": 0.0})).tolist() == [1.0]


def test_post_stratified_share_by_hand():
    # North: 1 of 3 says yes; south: 1 of 1. Half of the people each: (1/3 + 1) / 2.
    yes = pd.Series([True, False, True, False])
    weights = weights_to(pd.Series(["N", "N", "S", "N"]), pd.Series({"N": 0.5, "S": 0.5}))
    got = weighted_share(yes, weights)
    assert got.share == pytest.approx(2 / 3)
    # Weights 2/3, 2/3, 2, 2/3: 16 over 4 x (1/3) + 4 is 3.
    assert got.effective_n == pytest.approx(3)
    assert got.n == 4


@given(st.integers(1, 60), st.data())
def test_without_weights_a_share_is_the_plain_one_with_wilsons_interval(n, data):
    successes = data.draw(st.integers(0, n))
    got = weighted_share(pd.Series([True] * successes + [False] * (n - successes)))
    expected = wilson(successes, n)
    assert (got.share, got.low, got.high) == pytest.approx((expected.value, expected.low, expected.high))
    assert got.effective_n == n


@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 9)), min_size=1, max_size=10), st.floats(0.1, 100))
def test_weights_count_only_beside_each_other(answers, factor):
    yes, weights = pd.Series([a for a, _ in answers]), pd.Series([w for _, w in answers])
    one, other = weighted_share(yes, weights), weighted_share(yes, weights * factor)
    assert (one.share, one.low, one.high) == pytest.approx((other.share, other.low, other.high))


def test_unequal_weights_widen_the_interval():
    yes = pd.Series([True, False] * 50)
    uneven = pd.Series([5.0, 5.0, 1.0, 1.0] * 25)
    plain, weighted = weighted_share(yes), weighted_share(yes, uneven)
    assert plain.share == weighted.share
    assert weighted.high - weighted.low > plain.high - plain.low


def test_missing_answers_are_left_out_with_their_weights():
    yes = pd.Series([True, None, False], dtype="boolean")
    got = weighted_share(yes, pd.Series([3.0, 100.0, 1.0]))
    assert (got.share, got.n) == (0.75, 2)


def test_no_answers_have_no_share_and_no_mean():
    assert np.isnan(weighted_share(pd.Series([], dtype=bool)).share)
    assert np.isnan(weighted_mean(pd.Series([], dtype=float)).mean)


@pytest.mark.parametrize(
    "yes, weights, message",
    [
        pytest.param([True, False], [1.0, -1.0], "1 weight missing or below 0", id="negative"),
        pytest.param([True, False], [1.0, np.nan], "1 weight missing or below 0", id="missing"),
        pytest.param([2, 1], [1.0, 1.0], "yes or no", id="not-yes-or-no"),
    ],
)
def test_a_share_refuses_what_it_cannot_count(yes, weights, message):
    with pytest.raises(DataError, match=message):
        weighted_share(pd.Series(yes), pd.Series(weights))


def test_answers_and_weights_of_other_rows_are_refused():
    with pytest.raises(DataError, match="same rows"):
        weighted_share(pd.Series([True, False]), pd.Series([1.0, 1.0], index=[1, 2]))


def test_weighted_mean_agrees_with_statsmodels_as_if_repeated():
    from statsmodels.stats.weightstats import DescrStatsW

    values, weights = pd.Series([2.0, 5.0, 11.0]), pd.Series([3.0, 1.0, 2.0])
    assert weighted_mean(values, weights).mean == pytest.approx(DescrStatsW(values, weights).mean)


def test_without_weights_a_mean_has_students_interval():
    from scipy import stats

    values = pd.Series(np.random.default_rng(1).gamma(2.0, size=30))
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    got = weighted_mean(values)
    assert (got.low, got.high) == pytest.approx((expected.low, expected.high))


def test_weighted_interval_of_a_mean_by_hand():
    # Mean (3 x 0 + 1 x 4) / 4 = 1. Variance 2/1 x ((3 x 1)^2 + (1 x 3)^2) / 4^2 = 2.25.
    # Effective n 16 / 10 = 1.6, so Student with 0.6 degrees.
    from scipy import stats

    got = weighted_mean(pd.Series([0.0, 4.0]), pd.Series([3.0, 1.0]))
    half = stats.t.ppf(0.975, 0.6) * 1.5
    assert (got.mean, got.low, got.high) == pytest.approx((1.0, 1 - half, 1 + half))


def test_one_answer_has_a_mean_and_no_interval():
    got = weighted_mean(pd.Series([3.0]))
    assert got.mean == 3.0 and np.isnan(got.low)
    alone = weighted_mean(pd.Series([3.0, 5.0]), pd.Series([1.0, 0.0]))
    assert alone.mean == 3.0 and np.isnan(alone.low)


# Of 4 people 2 would say yes. The two who would are met twice as often: 2/3 of the answers are theirs.
CROWD = pd.DataFrame({"truth": [1, 1, 0, 0], "answers": [0.8, 0.8, 0.4, 0.4], "says_yes": [1, 1, 0, 0]})


def test_bias_by_hand_does_not_shrink_with_the_size():
    got = survey_errors(CROWD, [100, 10_000], runs=4000, seed=1)
    # Five standard errors of a mean of 4,000 runs: 5 x 0.0471 / 63.
    assert got["error"].tolist() == pytest.approx([2 / 3 - 1 / 2] * 2, abs=0.004)
    assert got["spread"].tolist() == pytest.approx([np.sqrt(2 / 9 / 100), np.sqrt(2 / 9 / 10_000)], rel=0.06)


def test_typical_error_joins_bias_and_spread():
    got = survey_errors(CROWD, [50, 500], runs=300, seed=2)
    assert (got["error"] ** 2 + got["spread"] ** 2).tolist() == pytest.approx((got["typical_error"] ** 2).tolist())


def test_false_answers_move_a_survey_in_which_everybody_answers():
    # A quarter of those who mean no say yes: 1/2 + 1/2 x 1/4.
    crowd = CROWD.assign(answers=1.0, says_yes=[1, 1, 0.25, 0.25])
    got = survey_errors(crowd, [100_000], runs=100, seed=3)
    assert got["error"].iloc[0] == pytest.approx(1 / 8, abs=0.001)


def test_a_fair_survey_has_spread_alone():
    got = survey_errors(CROWD.assign(answers=1.0), [400], runs=2000, seed=4).iloc[0]
    # Five standard errors: 5 x 0.025 / sqrt(2000).
    assert abs(got["error"]) < 0.003
    assert got["spread"] == pytest.approx(0.025, rel=0.08)


def test_the_same_seed_gives_the_same_surveys():
    one, other = (survey_errors(CROWD, [10, 20], runs=5, seed=9) for _ in range(2))
    assert one.equals(other)


@pytest.mark.parametrize(
    "column, value, message",
    [
        ("answers", 1.5, "Column answers: 4 rows not between 0 and 1"),
        ("says_yes", -0.1, "Column says_yes: 4 rows"),
        ("truth", np.nan, "Column truth: 4 rows"),
        ("answers", 0.0, "Nobody in this population answers"),
    ],
)
def test_chances_that_are_none_are_refused(column, value, message):
    with pytest.raises(DataError, match=message):
        survey_errors(CROWD.assign(**{column: value}), [10], runs=1, seed=0)


def test_rating_and_share_by_hand():
    # Of 10 homes 5 have the set on and 3 watch: rating 30%, share 60%.
    viewers = pd.Series([True] * 3 + [False] * 7)
    sets_on = pd.Series([True] * 5 + [False] * 5)
    got = rating(viewers, sets_on)
    assert (got.rating, got.share, got.sets_on) == pytest.approx((0.3, 0.6, 0.5))


def test_weighted_rating_by_hand():
    # Weights 3, 1, 1, 1: the viewer counts 3 of 6, of the 4 whose set is on.
    viewers, sets_on = pd.Series([True, False, False, False]), pd.Series([True, True, False, False])
    got = rating(viewers, sets_on, pd.Series([3.0, 1.0, 1.0, 1.0]))
    assert (got.rating, got.share) == pytest.approx((1 / 2, 3 / 4))


def test_rating_is_share_times_sets_on():
    lot = np.random.default_rng(5)
    sets_on = pd.Series(lot.random(50) < 0.6)
    viewers = sets_on & (lot.random(50) < 0.5)
    got = rating(viewers, sets_on, pd.Series(lot.random(50)))
    assert got.rating == pytest.approx(got.share * got.sets_on)


def test_with_every_set_off_there_is_a_rating_and_no_share():
    got = rating(pd.Series([False, False]), pd.Series([False, False]))
    assert got.rating == 0 and np.isnan(got.share)


def test_nobody_watches_with_the_set_off():
    with pytest.raises(DataError, match="set off: 1 row"):
        rating(pd.Series([True]), pd.Series([False]))


def test_a_meter_with_gaps_is_refused():
    with pytest.raises(DataError, match="gaps"):
        rating(pd.Series([True, None], dtype="boolean"), pd.Series([True, True]))
