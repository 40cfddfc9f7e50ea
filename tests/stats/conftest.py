"""CDNOW's customers, as the package `lifetimes` ships them, and lives that are lived by a model."""

import warnings

import numpy as np
import pytest


@pytest.fixture(scope="session")
def peer():
    """The package lifetimes; what it does wrong in the eyes of newer packages is its own affair."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes
        import lifetimes.datasets
        import lifetimes.utils
    return lifetimes


@pytest.fixture(scope="session")
def cdnow(peer):
    """2,357 customers: x, t_x, T in weeks, and zbar, the mean value of the repeat orders."""
    return peer.datasets.load_dataset("cdnow_customers_summary_with_transactions.csv")


@pytest.fixture(scope="session")
def live():
    """Lives of customers by a model: `live(model, T, lot)` gives x, t_x, and whether they are alive at T."""
    return _live


def _live(model, T, lot):
    T = np.asarray(T, dtype=float)
    n = len(T)
    rate = lot.gamma(model.r, 1 / model.alpha, n)
    end, leaves = np.full(n, np.inf), np.zeros(n)
    if hasattr(model, "s"):
        end = lot.exponential(1 / lot.gamma(model.s, 1 / model.beta, n))
    else:
        leaves = lot.beta(model.a, model.b, n)
        gone_at_once = (lot.random(n) < leaves) & (model.early == 1)
        end = np.where(gone_at_once, 0.0, end)
    x, t_x, now = np.zeros(n, dtype="int64"), np.zeros(n), np.zeros(n)
    going = np.flatnonzero(end > 0)
    while len(going):
        now[going] += lot.exponential(1 / rate[going])
        going = going[now[going] <= np.minimum(T, end)[going]]
        x[going] += 1
        t_x[going] = now[going]
        leaving = going[lot.random(len(going)) < leaves[going]]
        end[leaving] = now[leaving]
        going = going[end[going] > now[going]]
    return x, t_x, end > T
