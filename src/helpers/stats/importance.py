"""How much each of several related things counts for an outcome: relative weights, and the cross-check by all subsets."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np

from helpers.errors import DataError


def relative_weights(x, y) -> tuple[np.ndarray, float]:
    """How much of the explained variance each of several related predictors accounts for.

    Parameters
    ----------
    x : array-like of float, shape (n, k)
    y : array-like of float, shape (n,)
        Without missing values.

    Returns
    -------
    weights : ndarray, shape (k,)
        Parts of R squared: they are never negative and add up to it.
    r2 : float

    Raises
    ------
    DataError
        If a column, or the outcome, is the same for everybody, or there are fewer rows than columns.

    References
    ----------
    Johnson (2000), Multivariate Behavioral Research 35, 1-19: regress the outcome on the orthogonal
    variables that are nearest to the predictors, and share out by the squared loadings.
    """
    r_xx, r_xy = _correlations(x, y)
    values, vectors = np.linalg.eigh(r_xx)
    values = np.clip(values, 0, None)
    loadings = vectors @ np.diag(np.sqrt(values)) @ vectors.T  # the symmetric root of the correlations
    beta = np.linalg.pinv(loadings) @ r_xy
    weights = (loadings**2) @ (beta**2)
    return weights, float((beta**2).sum())


def all_subsets(x, y) -> np.ndarray:
    """The mean gain in R squared when a predictor joins, over all orders in which they may join (Shapley value).

    Twelve predictors at most: there are 2 to the power of k sets.

    References
    ----------
    Lindeman, Merenda, Gold (1980), Introduction to Bivariate and Multivariate Analysis. With two
    predictors it is the same as relative weights.
    """
    r_xx, r_xy = _correlations(x, y)
    k = len(r_xy)
    if k > 12:
        raise DataError(f"{k} predictors have {2**k:,} sets. Choose 12 or fewer.")
    r2 = {(): 0.0}
    for size in range(1, k + 1):
        for some in combinations(range(k), size):
            part = r_xx[np.ix_(some, some)]
            r2[some] = float(r_xy[list(some)] @ np.linalg.pinv(part) @ r_xy[list(some)])
    shares = np.zeros(k)
    for some, value in r2.items():
        for one in set(range(k)) - set(some):
            joined = tuple(sorted((*some, one)))
            weight = factorial(len(some)) * factorial(k - len(some) - 1) / factorial(k)
            shares[one] += weight * (r2[joined] - value)
    return shares


def bootstrap_weights(x, y, *, draws: int = 400, seed: int = 1, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the intervals of each predictor's share of the explained variance: people drawn again, with return.

    Returns
    -------
    low, high : ndarray, shape (k,)
        As fractions of R squared.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    rng = np.random.default_rng(seed)
    shares = []
    for _ in range(draws):
        chosen = rng.integers(0, len(y), len(y))
        try:
            weights, r2 = relative_weights(x[chosen], y[chosen])
        except DataError:
            continue  # a draw in which nobody differs says nothing
        if r2 > 0:
            shares.append(weights / r2)
    if len(shares) < draws / 2:
        raise DataError("Most draws of the same people have no spread in them. There are too few different answers.")
    tail = (1 - level) / 2
    low, high = np.quantile(np.array(shares), [tail, 1 - tail], axis=0)
    return low, high


def _correlations(x, y) -> tuple[np.ndarray, np.ndarray]:
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.ndim != 2 or len(x) != len(y):
        raise DataError("Predictors and outcome do not belong to the same rows. Take both from one table.")
    if len(x) <= x.shape[1] + 1:
        raise DataError(f"{len(x)} people cannot tell {x.shape[1]} things apart. Ask more people, or about fewer things.")
    if (x.std(axis=0) == 0).any() or y.std() == 0:
        raise DataError("Everybody gave the same answer to one of the questions. It cannot explain a difference.")
    together = np.corrcoef(np.column_stack([x, y]), rowvar=False)
    return together[:-1, :-1], together[:-1, -1]
