"""Uplift by customer, on tests whose true effects are planted."""

import numpy as np
import pandas as pd
import pytest
from helpers.errors import DataError
from helpers.stats.targeting import fit_t_learner, out_of_fold_uplift, qini, uplift_at
from helpers.withheld import Withheld


def test_of(n, seed, *, effect):
    """A fair lot; those with `city` 1 buy 30% more often when treated, the others 10% less, if there is an effect."""
    lot = np.random.default_rng(seed)
    features = pd.DataFrame({"city": lot.integers(0, 2, n), "orders": lot.poisson(3, n), "noise": lot.normal(size=n)})
    treated = lot.random(n) < 0.5
    true = np.where(features["city"] == 1, 0.30, -0.10) if effect else np.zeros(n)
    chance = 0.15 + 0.03 * features["orders"].clip(upper=8) + true * treated
    return features, (lot.random(n) < chance).astype(int), treated, true


test_of.__test__ = False


@pytest.fixture(scope="module")
def planted():
    return test_of(3000, 1, effect=True)


@pytest.fixture(scope="module")
def none():
    return test_of(3000, 2, effect=False)


@pytest.fixture(scope="module")
def scores(planted, none):
    return [out_of_fold_uplift(*data[:3]) for data in (planted, none)]


def test_learner_finds_who_responds(planted, scores):
    true = planted[3]
    assert scores[0][true > 0].mean() == pytest.approx(0.30, abs=0.06)
    assert scores[0][true < 0].mean() == pytest.approx(-0.10, abs=0.06)
    # On other customers of the same kind too.
    features, _, _, fresh = test_of(2000, 9, effect=True)
    uplift = fit_t_learner(*planted[:3]).uplift(features)
    assert np.corrcoef(uplift, fresh)[0, 1] > 0.8


def test_qini_tells_a_planted_effect_from_none(planted, none, scores):
    good, bad = qini(scores[0], *planted[1:3]), qini(scores[1], *none[1:3])
    assert good.p_value <= 0.002 and bad.p_value > 0.05
    # Half the customers have +0.3, the others -0.1: at one half the gain is 0.15, at the end 0.10, and the
    # line of a random list is at 0.05 there; the triangle between them has the area 0.10 / 2.
    assert good.coefficient == pytest.approx(0.05, abs=0.015)
    assert good.curve["gain"].max() == pytest.approx(0.15, abs=0.04)


def test_perfect_score_gives_the_qini_of_the_truth(planted):
    got = qini(planted[3], *planted[1:3])
    assert len(got.curve) == 3  # nobody, the responsive half, all: equal scores are one step
    assert got.curve["share"].tolist() == pytest.approx([0, 0.5, 1], abs=0.03)
    assert got.coefficient > 0 > qini(-planted[3], *planted[1:3]).coefficient
    assert qini(-planted[3], *planted[1:3]).p_value > 0.99


def test_qini_by_hand():
    # 400 customers in two steps, half treated in each. First step: 60 of 100 against 20 of 100; second: 30 against 40.
    outcome = np.repeat([1, 0, 1, 0, 1, 0, 1, 0], [60, 40, 20, 80, 30, 70, 40, 60])
    treated = np.repeat([1, 0, 1, 0], 100)
    got = qini(np.repeat([2.0, 1.0], 200), outcome, treated, draws=99)
    # Gains: (60 - 20 * 100/100) / 200 = 0.2, (90 - 60) / 200 = 0.15; random at one half: 0.075.
    assert got.curve["gain"].tolist() == pytest.approx([0, 0.2, 0.15])
    assert got.curve["random"].tolist() == pytest.approx([0, 0.075, 0.15])
    assert got.coefficient == pytest.approx((0.2 - 0.075) / 2)


def test_p_values_are_even_where_the_effect_is_the_same_for_all():
    lot = np.random.default_rng(3)
    found = []
    for k in range(60):
        # The score knows who buys anyway, and the treatment lifts all alike.
        appetite, treated = lot.random(600), lot.random(600) < 0.5
        outcome = (lot.random(600) < 0.6 * appetite**3 + 0.1 * treated).astype(int)
        found.append(qini(appetite, outcome, treated, draws=99, seed=k).p_value)
    # Of 60 even p-values 30 lie below one half and 12 below one fifth, give or take 7.7 and 6.2 (two standard
    # deviations).
    assert 22 <= np.sum(np.array(found) < 0.5) <= 38 and 5 <= np.sum(np.array(found) < 0.2) <= 19


def test_order_of_customers_does_not_move_the_curve(planted):
    score = np.round(planted[0]["noise"], 1).to_numpy()  # many ties
    order = np.random.default_rng(0).permutation(len(score))
    one, other = (qini(score[o], planted[1][o], planted[2][o], draws=9).curve for o in (np.arange(len(score)), order))
    pd.testing.assert_frame_equal(one, other)


def test_list_of_the_responsive_gains_against_a_random_list(planted, scores):
    got = uplift_at(scores[0], *planted[1:3], share=0.3)
    # 0.30 on the list, 0.10 on average.
    assert got.share == pytest.approx(0.3, abs=0.01)
    assert got.listed.difference.low < 0.30 < got.listed.difference.high
    assert got.gain.low < 0.20 < got.gain.high and got.gain.excludes_zero


def test_list_without_knowledge_gains_nothing_beyond_chance(none):
    lot = np.random.default_rng(4)
    holds = [
        (lambda gain: gain.low <= 0 <= gain.high)(uplift_at(lot.random(3000), *none[1:3]).gain) for _ in range(200)
    ]
    # 95% of 200, give or take 3 points for two standard deviations.
    assert np.mean(holds) == pytest.approx(0.95, abs=0.04)


def test_gain_over_a_random_list_by_hand():
    outcome = np.repeat([1, 0, 1, 0, 1, 0, 1, 0], [60, 40, 20, 80, 30, 70, 40, 60])
    treated = np.repeat([1, 0, 1, 0], 100)
    got = uplift_at(np.repeat([2.0, 1.0], 200), outcome, treated, share=0.5)
    # Listed 0.6 - 0.2, others 0.3 - 0.4, all 0.15: the gain is 0.4 - 0.15.
    assert (got.share, got.listed.difference.value, got.others.difference.value) == pytest.approx((0.5, 0.4, -0.1))
    assert got.gain.value == pytest.approx(0.25)


def test_equal_scores_at_the_end_of_the_list_are_all_on_it():
    outcome, treated = np.arange(400) % 2, np.arange(400) % 4 < 2
    score = np.repeat([3, 2, 1], [100, 100, 200])
    assert uplift_at(score, outcome, treated, share=0.3).share == 0.5


def test_learner_takes_amounts_and_other_models(planted):
    from sklearn.linear_model import LinearRegression, LogisticRegression

    features, outcome, treated, true = planted
    amount = outcome * 100.0 * (1 + features["orders"])
    assert np.corrcoef(fit_t_learner(features, amount, treated).uplift(features), true)[0, 1] > 0.6
    plain = fit_t_learner(features, outcome, treated, model=LogisticRegression()).uplift(features)
    linear = fit_t_learner(features, outcome, treated, model=LinearRegression()).uplift(features)
    # With one strong feature of two values both say nearly the same.
    assert plain[true > 0].mean() == pytest.approx(linear[true > 0].mean(), abs=0.01)


def test_same_test_gives_the_same_scores(planted, scores):
    assert (out_of_fold_uplift(*planted[:3]) == scores[0]).all()


@pytest.mark.parametrize(
    "outcome, treated, reason",
    [
        (np.arange(300) % 2, np.arange(300) < 100, "treated are 100, held out 200"),
        (np.arange(600) < 20, np.arange(600) % 2, "needs 30 of each kind in each group, and the fewest are 10"),
    ],
)
def test_too_little_to_learn_from_is_withheld(outcome, treated, reason):
    features = pd.DataFrame({"x": np.arange(len(outcome))})
    for learn in (fit_t_learner, out_of_fold_uplift):
        got = learn(features, outcome, treated)
        assert isinstance(got, Withheld) and reason in got.reason


def test_small_tests_have_no_curve_and_short_lists_no_effect():
    outcome, treated = np.arange(300) % 2, np.arange(300) % 3 == 0
    assert isinstance(qini(np.arange(300), outcome, treated), Withheld)
    assert "treated are 10" in uplift_at(np.arange(300), outcome, treated, share=0.1).reason


def test_scores_that_do_not_fit_are_refused():
    with pytest.raises(DataError, match="2 scores for 3 customers"):
        qini([1, 2], [1, 0, 1], [1, 0, 1])
    with pytest.raises(DataError, match="1 customer without a score"):
        uplift_at([1, np.nan], [1, 0], [1, 0])
    with pytest.raises(DataError, match="A list of 2 of all customers"):
        uplift_at([1, 2], [1, 0], [1, 0], share=2)
    with pytest.raises(DataError, match="Features of 1 customer for 2 outcomes"):
        fit_t_learner(pd.DataFrame({"x": [1]}), [1, 0], [1, 0])
