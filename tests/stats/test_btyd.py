import warnings

import numpy as np
import pytest
from helpers.errors import DataError
from helpers.stats import btyd
from helpers.stats.btyd import fitting
from helpers.withheld import Withheld
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

MODELS = [btyd.BgNbd, btyd.MbgNbd, btyd.ParetoNbd]
each_model = pytest.mark.parametrize("model", MODELS)

# Fader, Hardie and Lee (2005); Fader and Hardie (2005); Batislam, Denizel and Filiztekin (2007).
PUBLISHED = [
    pytest.param(btyd.BgNbd, (0.243, 4.414, 0.793, 2.426), -9582.4, id="BG/NBD"),
    pytest.param(btyd.MbgNbd, (0.525, 6.183, 0.891, 1.614), -9582.1, id="MBG/NBD"),
    pytest.param(btyd.ParetoNbd, (0.553, 10.578, 0.606, 11.669), -9595.0, id="Pareto/NBD"),
]
SPREAD = [btyd.BgNbd(0.6, 40.0, 0.9, 2.5), btyd.MbgNbd(0.8, 40.0, 0.9, 2.5), btyd.ParetoNbd(0.6, 40.0, 0.8, 90.0)]
each_life = pytest.mark.parametrize("truth", SPREAD, ids=lambda model: type(model).__name__)


@pytest.fixture(scope="module")
def histories(cdnow):
    return btyd.group(cdnow["x"], cdnow["t_x"], cdnow["T"])


@pytest.fixture(scope="module")
def fits(histories):
    return {model: btyd.fit(model, histories) for model in MODELS}


# ---------------------------------------------------------------- published numbers


@pytest.mark.parametrize("model, parameters, log_likelihood", PUBLISHED)
def test_cdnow_gives_the_published_parameters(fits, model, parameters, log_likelihood):
    fit = fits[model]
    assert fit.verdict == "converged" and fit.customers == 2357
    # Three figures; beta of the Pareto/NBD is known to differ in the fourth between programs.
    assert fit.model.parameters.to_numpy() == pytest.approx(parameters, rel=2e-3, abs=5.1e-4)
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=0.06)


def test_bgnbd_expects_the_published_orders_of_a_new_customer(fits):
    expected = fits[btyd.BgNbd].model.expected([0.1429, 1, 3, 31.8571, 32, 78])
    assert expected[:5] == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437], abs=6e-5)
    # Twice as far ahead the series of the hypergeometric function converges slowly: its first 150 terms
    # give the published 1.8576, the whole sum a little more.
    r, alpha, a, b = fits[btyd.BgNbd].model.parameters
    z = 78 / (alpha + 78)
    steps = np.arange(20_000)
    terms = np.cumprod((r + steps) * (b + steps) / ((a + b - 1 + steps) * (steps + 1)) * z)
    first, whole = (
        (a + b - 1) / (a - 1) * (1 - (alpha / (alpha + 78)) ** r * (1 + terms[:count].sum())) for count in (150, None)
    )
    assert first == pytest.approx(1.8576, abs=5e-5)
    assert expected[5] == pytest.approx(whole, rel=1e-9)


def test_bgnbd_expects_the_published_orders_given_a_history(fits):
    assert fits[btyd.BgNbd].model.conditional(2, 30.43, 38.86, 39) == pytest.approx(1.226, abs=5e-4)


def test_paretonbd_expects_the_published_orders_of_a_new_customer():
    # By the parameters that the manual of the R package BTYD takes.
    expected = btyd.ParetoNbd(0.55, 10.56, 0.61, 11.64).expected([1, 2, 3])
    assert expected == pytest.approx([0.05077821, 0.09916088, 0.14542507], abs=6e-9)


def test_cdnow_gives_the_published_gamma_gamma_model(cdnow):
    fit = btyd.fit_spend(cdnow["x"], cdnow["zbar"])
    assert (fit.customers, fit.verdict) == (946, "converged")
    assert fit.model.parameters.to_numpy() == pytest.approx([6.25, 3.74, 15.44], rel=2e-3)
    assert fit.log_likelihood == pytest.approx(-4055.9, abs=0.06)
    # Fader and Hardie (2013): 0.11 over all repeat buyers, which the note reports.
    assert "correlation 0.11)" in fit.notes[0]


def test_gamma_gamma_gives_the_published_values_given_a_history(cdnow):
    model = btyd.fit_spend(cdnow["x"], cdnow["zbar"]).model
    first = model.conditional(cdnow["x"], cdnow["zbar"])[:6]
    assert first == pytest.approx([24.66, 18.91, 35.17, 35.17, 35.17, 71.46], abs=6e-3)
    assert first[2] == pytest.approx(model.mean)


@pytest.mark.parametrize(
    "survivors, alpha, beta, twelfth",
    [
        # Percent of 1,000 customers after 0 to 7 renewals; then what the paper's model says of the twelfth.
        pytest.param([1000, 869, 743, 653, 593, 551, 517, 491], 0.668, 3.806, 0.378, id="high end"),
        pytest.param([1000, 631, 468, 382, 326, 289, 262, 241], 0.704, 1.182, 0.170, id="regular"),
    ],
)
def test_renewals_give_the_published_parameters(survivors, alpha, beta, twelfth):
    fit = btyd.fit_renewals([survivors])
    assert fit.verdict == "converged"
    assert fit.model.parameters.to_numpy() == pytest.approx([alpha, beta], abs=5.1e-4)
    # By hand from the recursion of the paper: P(1) = a/(a+b), P(t) = P(t-1) (b+t-2)/(a+b+t-1).
    chance, gone = alpha / (alpha + beta), alpha / (alpha + beta)
    for t in range(2, 13):
        chance *= (beta + t - 2) / (alpha + beta + t - 1)
        gone += chance
    assert fit.model.survival(12) == pytest.approx(1 - gone, abs=5e-4) == pytest.approx(twelfth, abs=2e-3)


# ---------------------------------------------------------------- other ways to the same number


def _chance(model, x, t_x, T):
    """Likelihood of one history by integrating over the customers' rates, as the models are told in words."""
    nodes, weights = np.polynomial.legendre.leggauss(300)
    share, weights = (nodes + 1) / 2, weights / 2
    # Quantiles take the place of densities: each node stands for as many customers as its weight.
    rate = (special.gammaincinv(model.r, share) / model.alpha)[:, None]
    if isinstance(model, btyd.ParetoNbd):
        dies = special.gammaincinv(model.s, share) / model.beta
        alive = rate**x * np.exp(-(rate + dies) * T)
        gone = rate**x * dies / (rate + dies) * (np.exp(-(rate + dies) * t_x) - np.exp(-(rate + dies) * T))
    else:
        leaves, stayed = special.betaincinv(model.a, model.b, share), x + model.early
        alive = (1 - leaves) ** stayed * rate**x * np.exp(-rate * T)
        gone = leaves * (1 - leaves) ** (stayed - 1) * rate**x * np.exp(-rate * t_x) if stayed else 0
    return weights @ (alive + gone) @ weights


@pytest.mark.parametrize("history", [(0, 0.0, 30.0), (1, 12.0, 30.0), (4, 30.0, 30.0), (7, 20.0, 90.0)])
@pytest.mark.parametrize(
    "model",
    [btyd.BgNbd(1.6, 20.0, 1.4, 2.5), btyd.MbgNbd(1.6, 20.0, 1.4, 2.5), btyd.ParetoNbd(1.6, 20.0, 1.4, 60.0)],
    ids=lambda model: type(model).__name__,
)
def test_likelihood_is_the_integral_over_the_customers_rates(model, history):
    got = model.log_likelihood(btyd.group(*([value] for value in history)))
    assert got == pytest.approx(np.log(_chance(model, *history)), abs=1e-4)


@each_life
def test_gradient_is_the_slope_of_the_likelihood(truth):
    lot = np.random.default_rng(5)
    x = np.array([0, 0, 1, 2, 5, 30, 900])
    T = np.array([10, 400, 60, 200, 30, 900, 1000.0])
    objective = type(truth).objective(btyd.group(x, np.where(x > 0, T - [0, 0, 50, 100, 1, 0, 3], 0), T))
    for _ in range(10):
        theta = lot.uniform(-3, 3, 4)
        numeric = optimize.approx_fprime(theta, lambda theta: objective(theta)[0], 1e-6)
        assert objective(theta)[1] == pytest.approx(numeric, rel=1e-3, abs=0.05)


@given(st.integers(0, 100), st.floats(0.1, 3), st.floats(0.1, 3), st.floats(0.1, 3), st.floats(0.1, 3), st.floats(0, 1))
def test_paretonbd_agrees_with_the_textbook_form(x, r, alpha, s, beta, share):
    # 2F1 as in Fader and Hardie (2005), with time in mean ages, where it is finite.
    T = 1.0
    t_x = share * T if x else 0.0
    up, first, second = max(alpha, beta), r + s + x, s + 1 if alpha >= beta else r + x
    term = lambda t: special.hyp2f1(first, second, first + 1, abs(alpha - beta) / (up + t)) / (up + t) ** first  # noqa: E731
    a_0 = term(t_x) - term(T)
    alive = (alpha + T) ** -(r + x) * (beta + T) ** -s
    expected = alive / (alive + s / first * a_0)
    if np.isfinite(expected) and a_0 > 1e-6 * term(T):  # beyond it the two terms cancel
        assert btyd.ParetoNbd(r, alpha, s, beta).p_alive(x, t_x, T) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(st.floats(0.1, 5), st.floats(0.2, 4), st.floats(0.2, 5), st.integers(0, 300), st.floats(0.01, 20))
def test_expected_orders_are_the_mean_over_the_chance_to_leave(r, a, b, x, t):
    # Given the chance p: (1 - (1 + p t/(alpha+T))^-(r+x)) / p, over p ~ Beta(a, b+x).
    model = btyd.BgNbd(r, 1.0, a, b)
    T = 2.0
    lives = lambda p: -np.expm1(-(r + x) * np.log1p(p * t / (1 + T))) / p  # noqa: E731
    # Through the quantiles, so that an end where the density is infinite does no harm; denser at small p.
    nodes, weights = np.polynomial.legendre.leggauss(150)
    u = (nodes + 1) / 2
    ahead = (weights / 2 * 3 * u**2) @ lives(np.maximum(special.betaincinv(a, b + x, u**3), 1e-300))
    got = model.conditional(x, T if x else 0.0, T, t) / model.p_alive(x, T if x else 0.0, T)
    assert got == pytest.approx(ahead, rel=2e-3)


@each_life
def test_fit_agrees_with_lifetimes_on_simulated_customers(truth, live, peer):
    lot = np.random.default_rng(8)
    T = lot.integers(100, 400, 2500).astype(float)
    x, t_x, _ = live(truth, T, lot)
    fit = btyd.fit(type(truth), btyd.group(x, t_x, T))
    name = {"BgNbd": "BetaGeoFitter", "MbgNbd": "ModifiedBetaGeoFitter", "ParetoNbd": "ParetoNBDFitter"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.random.seed(8)  # their search for Pareto/NBD begins at random, and from some places it gets stuck
        theirs = getattr(peer, name[type(truth).__name__])().fit(x, t_x, T)
        forecast = theirs.conditional_expected_number_of_purchases_up_to_time(90, x, t_x, T)
        alive = theirs.conditional_probability_alive(x, t_x, T)
    digits = 5e-3 if isinstance(truth, btyd.ParetoNbd) else 1e-4  # their search for it has no gradient
    assert fit.model.parameters.to_dict() == pytest.approx(dict(theirs.params_), rel=digits)
    assert fit.model.conditional(x, t_x, T, 90) == pytest.approx(np.asarray(forecast), rel=digits * 3, abs=1e-6)
    assert fit.model.p_alive(x, t_x, T) == pytest.approx(np.asarray(alive), abs=digits)
    if not isinstance(truth, btyd.ParetoNbd):
        assert fit.standard_errors.to_dict() == pytest.approx(theirs.standard_errors_.to_dict(), rel=0.01)


@each_life
def test_fit_finds_the_parameters_that_customers_live_by(truth, live):
    lot = np.random.default_rng(11)
    T = lot.integers(200, 1000, 20_000).astype(float)
    x, t_x, alive = live(truth, T, lot)
    fit = btyd.fit(type(truth), btyd.group(x, t_x, T))
    off = np.log(fit.model.parameters / truth.parameters) / np.sqrt(np.diag(fit.covariance))
    assert fit.verdict == "converged" and np.abs(off).max() < 3.5
    # Of those whom the model gives a chance of 30%, about 30% are alive, and so on.
    chance = fit.model.p_alive(x, t_x, T)
    kept = np.ones(len(x), dtype=bool) if fit.model.p_alive(0, 0, 500) < 1 else x > 0
    grade = np.minimum((chance[kept] * 5).astype(int), 4)
    said, true = (np.bincount(grade, values[kept]) / np.bincount(grade) for values in (chance, alive))
    assert said == pytest.approx(true, abs=0.04)


@each_life
def test_expected_orders_are_those_that_simulated_customers_place(truth, live):
    lot = np.random.default_rng(12)
    before, ahead, n = 300.0, 200.0, 40_000
    # The same lives seen twice: up to the report date, and up to the end.
    seed = lot.integers(2**32)
    whole = live(truth, np.full(n, before + ahead), np.random.default_rng(seed))[0]
    assert whole.mean() == pytest.approx(truth.expected(before + ahead), abs=4 * whole.std() / np.sqrt(n))
    assert truth.expected(0.0) == 0


@each_model
def test_standard_errors_come_from_the_curvature_of_the_likelihood(histories, fits, model):
    theta, step = np.log(fits[model].model.parameters.to_numpy()), 1e-3
    value = lambda *moves: model.objective(histories)(theta + step * np.sum(moves, axis=0))[0]  # noqa: E731
    one = np.eye(4)
    bent = [
        [(value(a, b) - value(a, -b) - value(-a, b) + value(-a, -b)) / (4 * step**2) for a in one] for b in one
    ]  # second differences of the value: no gradient takes part
    expected = np.sqrt(np.diag(np.linalg.inv(-np.array(bent)))) * np.exp(theta)
    assert fits[model].standard_errors.to_numpy() == pytest.approx(expected, rel=5e-3)


# ---------------------------------------------------------------- properties


@each_model
def test_days_give_the_same_model_as_weeks(cdnow, fits, model):
    days = (cdnow[["t_x", "T"]] * 7).round()
    fit = btyd.fit(model, btyd.group(cdnow["x"], days["t_x"].astype(int), days["T"].astype(int)))
    expected = fits[model].model.parameters.copy()
    expected[list(model.times)] *= 7
    assert fit.model.parameters.to_dict() == pytest.approx(expected.to_dict(), rel=5e-3)
    assert fit.model.expected(7 * 39) == pytest.approx(fits[model].model.expected(39), rel=2e-3)


@each_model
@pytest.mark.parametrize("factor", [1e-3, 365.25])
def test_unit_of_time_changes_nothing_but_the_unit(cdnow, fits, model, factor):
    fit = btyd.fit(model, btyd.group(cdnow["x"], cdnow["t_x"] * factor, cdnow["T"] * factor))
    expected = fits[model].model.parameters.copy()
    expected[list(model.times)] *= factor
    assert fit.model.parameters.to_dict() == pytest.approx(expected.to_dict(), rel=1e-5)
    # The density of each repeat order carries 1/time.
    moved = fits[model].log_likelihood - cdnow["x"].sum() * np.log(factor)
    assert fit.log_likelihood == pytest.approx(moved, abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), max_size=30), st.randoms())
def test_grouping_counts_every_customer_once_whatever_the_order(drawn, random):
    rows = [(x, t + 1 if x else 0, t + 1 + more) for x, t, more in drawn]
    shuffled = random.sample(rows, len(rows))
    groups = [
        btyd.group(*np.array(some, dtype=kind).reshape(-1, 3).T) for some in (rows, shuffled) for kind in (int, float)
    ]
    for grouped in groups:
        found = dict(zip(zip(grouped.x, grouped.t_x, grouped.T, strict=True), grouped.counts, strict=True))
        assert found == {row: rows.count(row) for row in set(rows)}
        assert list(found) == sorted(found)


@each_model
def test_identical_customers_weigh_as_often_as_they_are(cdnow, fits, model):
    twice = btyd.group(*(np.repeat(cdnow[name], 2) for name in ("x", "t_x", "T")))
    fit = btyd.fit(model, twice)
    assert fit.groups == fits[model].groups and fit.log_likelihood == pytest.approx(2 * fits[model].log_likelihood)
    assert fit.standard_errors.to_numpy() * np.sqrt(2) == pytest.approx(
        fits[model].standard_errors.to_numpy(), rel=1e-3
    )


@each_model
def test_a_large_fit_starts_from_a_part_and_ends_at_the_same_place(histories, fits, model, monkeypatch):
    monkeypatch.setattr(fitting, "SAMPLE", 400)
    fit = btyd.fit(model, histories)
    assert fit.model.parameters.to_numpy() == pytest.approx(fits[model].model.parameters.to_numpy(), rel=1e-5)
    assert fit.standard_errors.to_numpy() == pytest.approx(fits[model].standard_errors.to_numpy(), rel=1e-3)


def test_a_part_of_the_customers_keeps_the_shares(histories):
    part = histories.sample(500)
    assert part.customers == 500
    assert part.repeat_buyers / 500 == pytest.approx(946 / 2357, abs=0.01)


def test_bgnbd_says_alive_of_every_one_time_buyer_and_the_others_do_not(fits):
    alive = {model: fits[model].model.p_alive(0, 0, [1.0, 39.0, 500.0]) for model in MODELS}
    assert alive[btyd.BgNbd].tolist() == [1, 1, 1]
    assert all((np.diff(alive[model]) < 0).all() for model in MODELS[1:])


@each_model
def test_who_ordered_today_is_alive_but_for_a_chance_to_leave_at_once(fits, model):
    now = fits[model].model.p_alive(3, 30.0, 30.0)
    assert now == 1 if model is btyd.ParetoNbd else 0.5 < now < 1


@each_model
def test_a_thousand_orders_stay_finite(fits, model):
    known = fits[model].model
    for x in (600, 2000, 20_000):
        assert 0 <= known.p_alive(x, 38.0, 38.86) <= 1
        assert 0 <= known.conditional(x, 38.86, 38.86, 39) < x * 1.1
    assert known.p_alive(2000, 30.0, 38.86) < 1e-6


def test_expected_orders_pass_smoothly_through_the_points_where_the_formulas_are_zero_by_zero():
    at, near = (btyd.BgNbd(0.5, 10.0, a, 2.0).expected(50) for a in (1.0, 1.001))
    assert at == pytest.approx(near, rel=1e-3)
    at, near = (btyd.ParetoNbd(0.5, 10.0, s, 20.0).expected(50) for s in (1.0, 1.001))
    assert at == pytest.approx(near, rel=1e-3)
    # r beta/alpha log((beta+t)/beta) at s = 1: 0.5 * 2 * log(3.5)
    assert btyd.ParetoNbd(0.5, 10.0, 1.0, 20.0).expected(50) == pytest.approx(np.log(3.5))


def test_what_a_fit_foretells_has_an_interval(fits):
    got = fits[btyd.BgNbd].estimate(lambda model: model.expected(39))
    assert got.low < got.value == fits[btyd.BgNbd].model.expected(39) < got.high
    # By the parameter itself: the interval of r is its value and 1.96 standard errors on either side.
    r = fits[btyd.BgNbd].estimate(lambda model: model.r)
    assert (r.high - r.low) / 2 / 1.959964 == pytest.approx(fits[btyd.BgNbd].standard_errors["r"], rel=1e-6)


# ---------------------------------------------------------------- hard data


@each_life
def test_one_age_for_all_is_fitted(truth, live):
    T = np.full(8000, 365.0)
    x, t_x, _ = live(truth, T, np.random.default_rng(9))
    fit = btyd.fit(type(truth), btyd.group(x, t_x, T))
    assert fit.verdict == "converged"
    assert fit.model.expected(365) == pytest.approx(x.mean(), rel=0.02)


@each_model
def test_one_huge_buyer_is_fitted_and_named(cdnow, model):
    x, t_x, T = (np.append(cdnow[name].to_numpy(), value) for name, value in [("x", 5000), ("t_x", 38.5), ("T", 38.86)])
    fit = btyd.fit(model, btyd.group(x, t_x, T))
    assert fit.usable and np.isfinite(fit.model.parameters).all()
    # 5,000 of 5,000 and the 2,457 repeat orders of the others
    assert cdnow["x"].sum() == 2457 and any("placed 67% of all repeat orders (5,000)" in note for note in fit.notes)


@each_model
@pytest.mark.parametrize(
    "x, reason",
    [
        pytest.param([], "needs 100 customers, and there are 0", id="nobody"),
        pytest.param([3], "needs 100 customers, and there is 1", id="one"),
        pytest.param([0] * 500, "needs 30, and of 500 customers 0 did", id="only one-time buyers"),
        pytest.param([0] * 500 + [4] * 29, "needs 30, and of 529 customers 29 did", id="few repeat buyers"),
    ],
)
def test_too_few_customers_are_refused_in_words(model, x, reason):
    x = np.array(x, dtype=int)
    got = btyd.fit(model, btyd.group(x, np.where(x > 0, 20, 0), np.full(len(x), 60)))
    assert isinstance(got, Withheld) and reason in got.reason


@each_model
def test_customers_who_never_leave_end_at_the_boundary_and_it_says_so(model, live):
    lot = np.random.default_rng(3)
    T = lot.integers(200, 400, 3000).astype(float)
    x, t_x, _ = live(btyd.BgNbd(3.0, 60.0, 1e-9, 1.0), T, lot)
    fit = btyd.fit(model, btyd.group(x, t_x, T))
    assert fit.verdict == "boundary" and fit.usable
    assert any("anybody" in note for note in fit.notes)
    # What it foretells is right all the same: orders at the rate 3/60 a day.
    assert fit.model.expected(100) == pytest.approx(100 * 3 / 60, rel=0.05)


@each_model
def test_customers_who_are_all_alike_end_at_the_boundary_and_it_says_so(model, live):
    lot = np.random.default_rng(4)
    T = lot.integers(200, 400, 3000).astype(float)
    x, t_x, _ = live(btyd.BgNbd(1e6, 2e7, 1e6, 9e6), T, lot)
    fit = btyd.fit(model, btyd.group(x, t_x, T))
    assert fit.verdict == "boundary"
    assert any("hardly differ" in note or "hardly determine" in note for note in fit.notes)


@pytest.mark.parametrize(
    "x, t_x, T, message",
    [
        ([1, -1], [2, 0], [9, 9], "1 customer with fewer than no repeat orders"),
        ([1.5], [2], [9], "whole number"),
        ([1, 1], [10, 12], [9, 9], "2 customers whose last order lies after the report date"),
        ([1], [0], [9], "with repeat orders, yet no time"),
        ([0], [4], [9], "without a repeat order, yet with time"),
        ([0], [-1], [9], "before the first"),
        ([1.0, np.nan], [2, 3], [9, 9], "1 customer with a missing"),
        ([1, 2], [2], [9, 9], "these are 2, 1 and 2"),
        (["a"], [2], [9], "must be numbers"),
    ],
)
def test_what_is_no_history_is_refused(x, t_x, T, message):
    with pytest.raises(DataError, match=message):
        btyd.group(x, t_x, T)


def test_histories_from_the_days_of_a_ledger():
    import pandas as pd

    first = pd.Series(pd.to_datetime(["2026-01-01", "2026-01-11"]))
    last = pd.Series(pd.to_datetime(["2026-01-31", "2026-01-11"]))
    got = btyd.from_dates(first, last, pd.Series([3, 1]), as_of=pd.Timestamp("2026-03-02").date())
    # 1 January to 2 March: 60 days; 11 January to 2 March: 50.
    assert (got.x.tolist(), got.t_x.tolist(), got.T.tolist()) == ([0, 2], [0, 30], [50, 60])
    with pytest.raises(DataError, match="1 customer without a first or a last order"):
        btyd.from_dates(
            first, last.where(last > "2026-01-20"), pd.Series([3, 1]), as_of=pd.Timestamp("2026-03-02").date()
        )


def test_a_search_that_finds_nothing_says_so():
    # A gradient that contradicts the value: no step that it advises helps.
    lost = fitting.maximise(lambda theta: (-float(theta @ theta), 2 * theta + 1), 2, 1)
    assert lost.verdict == "failed" and "do not use this fit" in lost.notes(("r", "s"), {})[0]
    assert not fitting.Fit(None, 0.0, 0, 0, lost.verdict).usable


def test_a_search_finds_a_maximum_that_is_known():
    # -(u - 1)^2 - 2 (v + 2)^2 for 50 customers: variances 1/(2 * 50) and 1/(4 * 50) if it is the mean of them.
    def hill(theta):
        u, v = theta - (1, -2)
        return 50 * -(u**2 + 2 * v**2), 50 * np.array([-2 * u, -4 * v])

    found = fitting.maximise(hill, 2, 50)
    assert found.verdict == "converged" and found.theta == pytest.approx([1, -2], abs=1e-6)
    assert np.diag(found.covariance) == pytest.approx([0.01, 0.005], rel=1e-4)


def test_a_search_without_end_stops_at_the_bound_and_says_which_parameter():
    # The value grows for ever with the first parameter; with the second it is highest at 0.
    def slope_to_nowhere(theta):
        u, v = theta
        return np.tanh(u / 4) - v**2, np.array([1 / np.cosh(u / 4) ** 2 / 4, -2 * v])

    found = fitting.maximise(slope_to_nowhere, 2, 1)
    assert found.verdict == "boundary" and found.theta[1] == pytest.approx(0, abs=1e-6)
    assert found.notes(("r", "s"), {("r", "high"): "all alike"}) == ("r runs beyond all bounds: all alike.",)
    assert np.isnan(found.covariance[0, 0]) and found.covariance[1, 1] == pytest.approx(0.5, rel=1e-4)
