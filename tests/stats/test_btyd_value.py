"""Order values, contracts, and what customers are worth."""

import warnings

import numpy as np
import pytest
from helpers.errors import DataError
from helpers.stats import btyd
from helpers.withheld import Withheld
from scipy import special


def test_gamma_gamma_agrees_with_lifetimes(cdnow, peer):
    back = cdnow[cdnow["x"] > 0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = peer.GammaGammaFitter().fit(back["x"], back["zbar"])
    fit = btyd.fit_spend(cdnow["x"], cdnow["zbar"])
    named = {"p": theirs.params_["p"], "q": theirs.params_["q"], "gamma": theirs.params_["v"]}
    assert fit.model.parameters.to_dict() == pytest.approx(named, rel=1e-4)
    errors = theirs.standard_errors_.rename({"v": "gamma"})[["p", "q", "gamma"]].to_dict()
    assert fit.standard_errors.to_dict() == pytest.approx(errors, rel=0.01)


def test_gamma_gamma_finds_the_values_that_orders_are_drawn_from():
    lot = np.random.default_rng(2)
    truth = btyd.GammaGamma(4.0, 3.5, 90.0)
    x = lot.geometric(0.4, 8000)
    own_scale = lot.gamma(truth.q, 1 / truth.gamma, len(x))
    mean_value = lot.gamma(truth.p * x) / own_scale / x
    fit = btyd.fit_spend(x, mean_value)
    off = np.log(fit.model.parameters / truth.parameters) / np.sqrt(np.diag(fit.covariance))
    assert fit.verdict == "converged" and not fit.notes and np.abs(off).max() < 3.5
    # The expectation of the next order is right on average, in each fifth of the customers.
    next_order = lot.gamma(truth.p, size=len(x)) / own_scale
    said = fit.model.conditional(x, mean_value)
    fifth = np.argsort(np.argsort(said)) * 5 // len(said)
    assert np.bincount(fifth, said) == pytest.approx(np.bincount(fifth, next_order), rel=0.08)


def test_gamma_gamma_does_not_depend_on_the_currency_unit(cdnow):
    yuan, fen = (btyd.fit_spend(cdnow["x"], cdnow["zbar"] * factor) for factor in (1, 100))
    assert fen.model.gamma == pytest.approx(yuan.model.gamma * 100, rel=1e-5)
    assert fen.model.p == pytest.approx(yuan.model.p, rel=1e-5)
    assert fen.log_likelihood == pytest.approx(yuan.log_likelihood - 946 * np.log(100))


@pytest.mark.parametrize(
    "x, reason",
    [
        pytest.param([], "there are 0", id="nobody"),
        pytest.param([0] * 200, "there are 0", id="only one-time buyers"),
        pytest.param([2] * 29, "there are 29", id="few"),
        pytest.param([1] * 200, "Nobody has two orders", id="one order each"),
    ],
)
def test_too_few_order_values_are_refused_in_words(x, reason):
    got = btyd.fit_spend(x, np.linspace(1, 2, len(x)))
    assert isinstance(got, Withheld) and reason in got.reason


def test_an_order_value_of_nothing_is_refused():
    with pytest.raises(DataError, match="2 customers whose orders have no mean value above 0"):
        btyd.fit_spend([1, 2, 0, 3], [0.0, 5.0, 0.0, np.nan])


def test_equal_orders_end_at_the_boundary_and_it_says_so():
    lot = np.random.default_rng(5)
    fit = btyd.fit_spend(lot.integers(1, 6, 300), lot.gamma(3, 30, 300))
    assert fit.verdict == "converged"
    # A customer's orders hardly scatter: means of many orders differ as much as single ones.
    same = btyd.fit_spend(lot.integers(1, 6, 300), np.full(300, 20.0))
    assert same.verdict == "boundary" and any(
        "hardly differ" in note or "all worth the same" in note for note in same.notes
    )


def test_a_mean_that_is_infinite_is_missing():
    assert np.isnan(btyd.GammaGamma(2.0, 0.9, 10.0).mean)
    assert np.isnan(btyd.GammaGamma(2.0, 0.9, 10.0).conditional(0, np.nan))
    assert btyd.GammaGamma(2.0, 0.9, 10.0).conditional(1, 5.0) == pytest.approx(2 * (10 + 5) / (2 - 0.1))


# ---------------------------------------------------------------- contracts


def test_renewals_find_the_chances_that_contracts_live_by():
    lot = np.random.default_rng(6)
    cohorts = []
    for renewals in (3, 6, 9):  # cohorts of different ages
        chance = lot.beta(0.8, 2.4, 4000)
        left_at = lot.geometric(np.maximum(chance, 1e-9))
        cohorts.append([int((left_at > t).sum()) for t in range(renewals + 1)])
    fit = btyd.fit_renewals(cohorts)
    off = np.log(fit.model.parameters / [0.8, 2.4]) / np.sqrt(np.diag(fit.covariance))
    assert fit.verdict == "converged" and fit.customers == 12_000 and np.abs(off).max() < 3.5


def test_survival_is_the_product_of_the_retention_rates():
    model = btyd.ShiftedBetaGeometric(0.668, 3.806)
    assert np.cumprod(model.retention(np.arange(1, 13))) == pytest.approx(model.survival(np.arange(1, 13)))
    assert model.survival(0) == 1 and (np.diff(model.retention(np.arange(1, 30))) > 0).all()


@pytest.mark.parametrize("after", [0, 1, 5])
def test_expected_renewals_agree_with_the_closed_form(after):
    # Fader and Hardie (2010), Marketing Science 29, 85-93: the discounted expected residual lifetime, from the next
    # renewal on,
    # is (b+n-1)/(a+b+n-1) * 2F1(1, b+n; a+b+n; 1/(1+d)) with n - 1 renewals done, undiscounted by one period.
    a, b, discount = 0.668, 3.806, 0.1
    n = after + 1
    closed = (b + n - 1) / (a + b + n - 1) * special.hyp2f1(1, b + n, a + b + n, 1 / (1 + discount))
    got = btyd.ShiftedBetaGeometric(a, b).expected_renewals(after, 400, discount=discount)
    assert got * (1 + discount) == pytest.approx(closed, rel=1e-9)


@pytest.mark.parametrize(
    "cohorts, reason",
    [
        pytest.param([], "there are 0", id="nobody"),
        pytest.param([[40, 30, 20]], "there are 40", id="few"),
        pytest.param([[400, 300]], "there is 1", id="one renewal"),
        pytest.param([[400, 400, 400]], "Nobody has left", id="nobody left"),
    ],
)
def test_too_few_renewals_are_refused_in_words(cohorts, reason):
    got = btyd.fit_renewals(cohorts)
    assert isinstance(got, Withheld) and reason in got.reason


def test_customers_who_all_leave_alike_end_at_the_boundary():
    # 80 of 100 renew each time, whatever the age.
    fit = btyd.fit_renewals([[100_000, 80_000, 64_000, 51_200, 40_960]])
    assert fit.verdict == "boundary" and any(
        "hardly differ" in note or "hardly determine" in note for note in fit.notes
    )
    assert fit.model.retention([1, 4]) == pytest.approx([0.8, 0.8], abs=0.002)


@pytest.mark.parametrize(
    "cohorts, message",
    [
        ([[100, 90, 80], [100, 80, 85]], "Cohort 2 grows at renewal 2, from 80 to 85"),
        ([[100, 90.5, 80]], "Cohort 1: counts of customers must be whole numbers"),
        ([[1.0, 0.869, 0.743]], "Give counts, not shares"),
        ([[]], "Cohort 1: counts"),
    ],
)
def test_what_is_no_cohort_is_refused(cohorts, message):
    with pytest.raises(DataError, match=message):
        btyd.fit_renewals(cohorts)


# ---------------------------------------------------------------- customer value


def test_customer_value_agrees_with_lifetimes(cdnow, peer):
    few = cdnow.head(200)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = peer.BetaGeoFitter().fit(cdnow["x"], cdnow["t_x"], cdnow["T"])
        expected = peer.utils._customer_lifetime_value(
            theirs, few["x"], few["t_x"], few["T"], few["zbar"], time=12, discount_rate=0.01, freq="D"
        )  # with freq D a month is 30 units of the model
    got = btyd.customer_value(
        btyd.BgNbd(**theirs.params_), few["x"], few["t_x"], few["T"],
        order_value=few["zbar"], period=30, periods=12, discount=0.01,
    )  # fmt: skip
    assert got == pytest.approx(np.asarray(expected), rel=1e-6)


def test_customer_value_without_discount_is_orders_times_value_times_margin():
    model = btyd.MbgNbd(0.5, 6.0, 0.9, 1.6)
    got = btyd.customer_value(model, [2], [30.0], [39.0], order_value=40.0, period=3.0, periods=13, margin=0.3)
    assert got == pytest.approx(model.conditional([2], [30.0], [39.0], 39.0) * 40 * 0.3)


def test_no_time_ahead_is_refused():
    with pytest.raises(DataError, match="0 periods"):
        btyd.customer_value(
            btyd.MbgNbd(0.5, 6.0, 0.9, 1.6), [2], [30.0], [39.0], order_value=40.0, period=3.0, periods=0
        )
    with pytest.raises(DataError, match="discount of -100%"):
        btyd.customer_value(
            btyd.MbgNbd(0.5, 6.0, 0.9, 1.6), [2], [30.0], [39.0], order_value=4.0, period=3.0, periods=1, discount=-1
        )


def test_values_that_grow_with_the_orders_are_named_and_luck_is_not():
    lot = np.random.default_rng(7)
    x = lot.geometric(0.3, 2000)
    independent = lot.gamma(4.0 * x) / lot.gamma(3.5, 1 / 90, len(x)) / x
    assert not btyd.fit_spend(x, independent).notes
    notes = btyd.fit_spend(x, independent * x**0.5).notes
    assert len(notes) == 1 and "orders more often spends more an order" in notes[0]
    assert not btyd.fit_spend(x[:40], independent[:40]).notes
