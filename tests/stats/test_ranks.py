"""AUC and its difference: by hand, against scikit-learn, and against resampling."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from helpers.errors import DataError
from helpers.stats.ranks import auc, auc_difference


def test_pairs_in_the_right_order_are_counted_and_ties_count_half():
    # Came: 3 and 2. Stayed: 2 and 1. Pairs: 3>2, 3>1, 2=2 (half), 2>1: 3.5 of 4.
    assert auc([3, 2, 2, 1], [True, True, False, False]) == pytest.approx(3.5 / 4)


def test_it_agrees_with_scikit_learn():
    lot = np.random.default_rng(1)
    came = lot.random(500) < 0.3
    score = np.round(lot.normal(0, 1, 500) + came, 1)
    assert auc(score, came) == pytest.approx(roc_auc_score(came, score))


def test_without_both_kinds_there_is_none():
    assert np.isnan(auc([1, 2], [True, True]))


def test_the_interval_of_a_difference_is_as_wide_as_resampling_says():
    lot = np.random.default_rng(2)
    came = lot.random(800) < 0.4
    first, second = (lot.normal(0, 1, 800) + strength * came for strength in (1.0, 0.7))
    found = auc_difference(first, second, came)
    assert found.value == pytest.approx(auc(first, came) - auc(second, came))
    draws = [lot.integers(0, 800, 800) for _ in range(600)]
    spread = np.std([auc(first[d], came[d]) - auc(second[d], came[d]) for d in draws])
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * spread, rel=0.12)


def test_a_score_against_itself_differs_by_nothing():
    came = np.array([True, False] * 10)
    found = auc_difference(np.arange(20), np.arange(20), came)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_missing_scores_are_refused_with_their_number():
    with pytest.raises(DataError, match="1 scores are missing"):
        auc([1.0, np.nan], [True, False])
