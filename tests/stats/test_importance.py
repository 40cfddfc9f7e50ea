"""Relative weights: two predictors by hand, many against all subsets, properties."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from helpers.errors import DataError
from helpers.stats.importance import all_subsets, bootstrap_weights, relative_weights
from helpers.stats.intervals import holm, paired_difference


def with_correlations(r12, r1y, r2y, n=400, seed=3):
    """Data whose sample correlations are exactly these: whitened noise, mixed by the root of the wanted matrix."""
    wanted = np.array([[1, r12, r1y], [r12, 1, r2y], [r1y, r2y, 1]])
    noise = np.random.default_rng(seed).normal(size=(n, 3))
    noise -= noise.mean(axis=0)
    white = noise @ np.linalg.inv(np.linalg.cholesky(np.cov(noise, rowvar=False))).T
    made = white @ np.linalg.cholesky(wanted).T
    return made[:, :2], made[:, 2]


def test_two_uncorrelated_predictors_weigh_their_squared_correlations():
    x, y = with_correlations(0.0, 0.6, 0.3)
    weights, r2 = relative_weights(x, y)
    assert weights == pytest.approx([0.36, 0.09]) and r2 == pytest.approx(0.45)


def test_two_related_predictors_by_hand():
    # r12 = 0.5, r1y = 0.6, r2y = 0.4. R2 = (0.36 + 0.16 - 2*0.6*0.4*0.5) / (1 - 0.25) = 0.28 / 0.75 = 0.373333.
    # All orders: the first joins alone (0.36) or last (0.373333 - 0.16 = 0.213333); mean 0.286667. The second: (0.16 + 0.013333) / 2 = 0.086667.
    # With two predictors relative weights are the same (Johnson 2000, p. 9; Thomas, Zumbo, Kwan and Schweitzer 2014).
    x, y = with_correlations(0.5, 0.6, 0.4)
    weights, r2 = relative_weights(x, y)
    assert r2 == pytest.approx(0.28 / 0.75)
    assert weights == pytest.approx([0.2866667, 0.0866667], abs=1e-6)
    assert all_subsets(x, y) == pytest.approx([0.2866667, 0.0866667], abs=1e-6)


def test_many_predictors_lie_near_all_subsets_and_add_up_to_the_regression():
    rng = np.random.default_rng(8)
    common = rng.normal(size=(500, 1))
    x = 0.6 * common + rng.normal(size=(500, 5))
    y = x @ [0.5, 0.3, 0.2, 0.1, 0.0] + rng.normal(size=500)
    weights, r2 = relative_weights(x, y)
    design = np.column_stack([np.ones(500), x])
    left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    regression = 1 - left.var() / y.var()
    assert r2 == pytest.approx(regression) and weights.sum() == pytest.approx(regression)
    assert all_subsets(x, y).sum() == pytest.approx(regression)
    # The literature finds the two within a few hundredths of each other.
    assert np.abs(weights / r2 - all_subsets(x, y) / r2).max() < 0.02


def test_order_and_scale_of_the_predictors_do_not_matter():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(200, 4)) + rng.normal(size=(200, 1))
    y = x @ [1, 0.5, 0, 0.2] + rng.normal(size=200)
    weights, _ = relative_weights(x, y)
    turned, _ = relative_weights(x[:, ::-1] * [7, 1, 3, 0.1] + 5, 2 * y - 3)
    assert turned[::-1] == pytest.approx(weights) and (weights >= 0).all()


def test_intervals_hold_the_point_and_are_the_same_again():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(300, 3))
    y = x @ [1, 0.4, 0] + rng.normal(size=300)
    weights, r2 = relative_weights(x, y)
    low, high = bootstrap_weights(x, y, draws=200, seed=4)
    assert (low <= weights / r2).all() and (weights / r2 <= high).all() and low[2] >= 0
    again = bootstrap_weights(x, y, draws=200, seed=4)
    assert np.array_equal(again[0], low) and np.array_equal(again[1], high)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.ones((50, 2)), np.arange(50.0), "Everybody gave the same answer"),
        (np.random.default_rng(1).normal(size=(3, 2)), np.arange(3.0), "3 people cannot tell 2 things apart"),
        (np.ones((5, 2)), np.arange(4.0), "do not belong to the same rows"),
    ],
)
def test_what_cannot_be_weighed_is_refused_in_words(x, y, message):
    with pytest.raises(DataError, match=message):
        relative_weights(x, y)


def test_paired_intervals_are_those_of_scipy():
    rng = np.random.default_rng(11)
    a, b = rng.normal(5, 2, 40), rng.normal(5.5, 2, 40)
    ours, p = paired_difference(a, b)
    theirs = stats.ttest_rel(a, b)
    interval = theirs.confidence_interval(0.95)
    assert (ours.low, ours.high, p) == pytest.approx((interval.low, interval.high, theirs.pvalue))


def test_paired_intervals_of_one_and_of_equal_pairs():
    one, p = paired_difference([3], [2])
    assert one.value == 1 and np.isnan(one.low) and np.isnan(p)
    same, p = paired_difference([3, 4, 5], [2, 3, 4])
    assert (same.low, same.high, p) == (1, 1, 0)


def test_holm_is_that_of_statsmodels():
    p = [0.011, 0.04, 0.0004, 0.2, 0.03, 0.03]
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
