import numpy as np
import pytest
from helpers.errors import DataError
from helpers.stats.intervals import difference_of_means, difference_of_shares, holm, wilson
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "successes, n, low, high",
    [
        pytest.param(81, 263, 0.2553, 0.3662, id="published-large"),
        pytest.param(15, 148, 0.0624, 0.1605, id="published-medium"),
        pytest.param(1, 29, 0.0061, 0.1718, id="published-small"),
        pytest.param(0, 20, 0.0, 0.1611, id="published-none"),
    ],
)
def test_share_matches_newcombe_1998(successes, n, low, high):
    got = wilson(successes, n)
    assert (got.low, got.high) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500), st.data())
def test_share_agrees_with_statsmodels(n, data):
    from statsmodels.stats.proportion import proportion_confint

    successes = data.draw(st.integers(0, n))
    got = wilson(successes, n)
    assert (got.low, got.high) == pytest.approx(
        proportion_confint(successes, n, method="wilson"), abs=1e-9
    )


def test_share_of_nobody_is_missing():
    assert np.isnan(wilson(0, 0).value)


def test_more_successes_than_trials_is_refused():
    with pytest.raises(DataError, match="9 of 5 is not a share"):
        wilson(9, 5)


@pytest.mark.parametrize(
    "counts, low, high",
    [
        pytest.param((56, 70, 48, 80), 0.0524, 0.3339, id="newcombe-a"),
        pytest.param((9, 10, 3, 10), 0.1705, 0.8090, id="newcombe-b"),
        pytest.param((5, 56, 0, 29), -0.0381, 0.1926, id="newcombe-e"),
    ],
)
def test_difference_of_shares_matches_newcombe_1998_method_10(counts, low, high):
    got = difference_of_shares(*counts)
    assert (got.low, got.high) == pytest.approx((low, high), abs=5e-5)


def test_difference_of_means_agrees_with_scipy():
    from scipy import stats

    rng = np.random.default_rng(3)
    a, b = rng.lognormal(size=40), rng.lognormal(size=25) * 2
    expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    got = difference_of_means(a, b)
    assert (got.low, got.high) == pytest.approx((expected.low, expected.high))


def test_one_customer_in_a_group_gives_no_interval():
    got = difference_of_means([1.0, 2.0], [5.0])
    assert got.value == -3.5 and np.isnan(got.low)


def test_scaling_by_a_negative_number_keeps_low_below_high():
    assert difference_of_means([1, 2, 3], [0, 0, 1]).scaled(-2).low < 0


def test_holm_by_hand():
    # Sorted 0.01, 0.02, 0.03 times 3, 2, 1 are 0.03, 0.04, 0.03; never falling: 0.03, 0.04, 0.04.
    assert holm([0.03, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_agrees_with_statsmodels(p_values):
    from statsmodels.stats.multitest import multipletests

    expected = multipletests(p_values, method="holm")[1] if p_values else []
    assert holm(p_values) == pytest.approx(expected)
