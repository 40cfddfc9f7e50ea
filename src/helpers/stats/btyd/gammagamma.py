"""Gamma-Gamma: what a customer's orders are worth, learned from a few orders and from all customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import special, stats

from helpers import words
from helpers.errors import DataError
from helpers.stats.btyd.fitting import MIN_REPEAT_BUYERS, Fit, maximise
from helpers.withheld import Withheld

# From here on the fit says that order values and order counts go together.
_CORRELATED = 0.1


@dataclass(frozen=True)
class GammaGamma:
    """The Gamma-Gamma model of order values: orders vary about a customer's mean, means vary about all.

    Attributes
    ----------
    p, q : float
        Shapes: p of the orders within a customer, q of the means between customers.
    gamma : float
        Scale, in the unit of the order values.

    References
    ----------
    Fader and Hardie (2013), The Gamma-Gamma model of monetary value.
    """

    p: float
    q: float
    gamma: float

    title: ClassVar[str] = "The Gamma-Gamma model"
    names: ClassVar[tuple[str, ...]] = ("p", "q", "gamma")
    says: ClassVar[dict[tuple[str, str], str]] = {
        ("p", "low"): "orders of one customer differ without measure",
        ("p", "high"): "a customer's orders are all worth the same",
        ("q", "low"): "customers differ without measure in what an order is worth",
        ("q", "high"): "customers hardly differ in what an order is worth",
        ("gamma", "low"): "a customer's orders are all worth the same",
        ("gamma", "high"): "customers hardly differ in what an order is worth",
    }

    @property
    def parameters(self) -> pd.Series:
        """The parameters by name."""
        return pd.Series([getattr(self, name) for name in self.names], index=self.names)

    @property
    def mean(self) -> float:
        """Mean order value over all customers, each counted once; missing where q <= 1: it is infinite then."""
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else np.nan

    def conditional(self, x, mean_value):
        """Expected mean order value of customers with this history: their own mean, drawn towards that of all.

        Parameters
        ----------
        x : array-like of int
            Orders whose values are known, as in the fit.
        mean_value : array-like of float
            Their mean; not looked at where `x` is 0.
        """
        x = np.asarray(x, dtype=float)
        own = np.where(x > 0, np.asarray(mean_value, dtype=float), 0.0)
        down = self.p * x + self.q - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            value = self.p * (self.gamma + x * own) / down
        return np.where(down > 0, value, np.nan)[()]


def fit_spend(x, mean_value) -> Fit | Withheld:
    """Estimate the Gamma-Gamma model by maximum likelihood.

    Parameters
    ----------
    x : array-like of int, shape (n_customers,)
        Orders of which the mean is taken; the literature takes the repeat orders. Customers with 0 do not count.
    mean_value : array-like of float, shape (n_customers,)
        Mean value of those orders, in any unit. Orders of value 0 or less do not belong in it.

    Returns
    -------
    Fit or Withheld
        Withheld below `MIN_REPEAT_BUYERS` customers, or where all of them ordered once. A note says
        when the means grow or fall with the number of orders: the model takes the two as independent.

    Raises
    ------
    DataError
        If a mean is missing, 0 or negative where there are orders.
    """
    x, mean_value = np.asarray(x, dtype=float), np.asarray(mean_value, dtype=float)
    if x.shape != mean_value.shape:
        raise DataError(
            f"{x.size} order counts and {mean_value.size} means do not fit together. Give one each a customer."
        )
    bad = ~np.isfinite(x) | (x < 0)
    if bad.any():
        raise DataError(
            f"{words.count(int(bad.sum()), 'customer')} with a missing or negative number of orders. Leave them out."
        )
    counted = x > 0
    bad = counted & ~(np.isfinite(mean_value) & (mean_value > 0))
    if bad.any():
        raise DataError(
            f"{words.count(int(bad.sum()), 'customer')} whose orders have no mean value above 0. "
            "Take free and returned orders out of the count first, or leave those customers out."
        )
    x, mean_value = x[counted], mean_value[counted]
    if len(x) < MIN_REPEAT_BUYERS:
        return Withheld(
            GammaGamma.title,
            f"It learns from customers with repeat orders: it needs {MIN_REPEAT_BUYERS}, and there are {len(x)}.",
            "The mean of all orders is what can be said of the next.",
        )
    if x.max() == 1:
        return Withheld(
            GammaGamma.title,
            "Nobody has two orders to compare, so how orders of one customer differ cannot be seen.",
            "The mean of all orders is what can be said of the next.",
        )
    scale = float(mean_value.mean())
    scaled = mean_value / scale
    log_x, log_m = np.log(x), np.log(scaled)

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        p, q, gamma = np.exp(theta)
        px = p * x
        log_sum = np.log(gamma + x * scaled)
        value = (
            special.gammaln(px + q) - special.gammaln(px) - special.gammaln(q)
            + q * np.log(gamma) + (px - 1) * log_m + px * log_x - (px + q) * log_sum
        ).sum()  # fmt: skip
        high = special.digamma(px + q)
        slope = (
            (x * (high - special.digamma(px) + log_m + log_x - log_sum)).sum(),
            (high - special.digamma(q) + np.log(gamma) - log_sum).sum(),
            (q / gamma - (px + q) / (gamma + x * scaled)).sum(),
        )
        return float(value), np.array(slope) * (p, q, gamma)

    found = maximise(objective, 3, len(x))
    p, q, gamma = map(float, np.exp(found.theta))
    model = GammaGamma(p, q, gamma * scale)
    notes = [*found.notes(GammaGamma.names, GammaGamma.says)]
    if q <= 1:
        notes.append(
            "The mean order value of all customers is infinite by this fit: a few orders are too large for it."
        )
    together = _together(x, mean_value)
    if abs(together) >= _CORRELATED:
        notes.append(
            f"Who orders more often spends {'more' if together > 0 else 'less'} an order (correlation {together:.2f}): "
            "the model takes the two as independent, so read its values with that in mind."
        )
    return Fit(
        model, found.value - len(x) * np.log(scale), len(x), len(x), found.verdict, tuple(notes), found.covariance
    )


def _together(x: np.ndarray, mean_value: np.ndarray) -> float:
    """Correlation of the (logarithm of the) order count and the order value; 0 where it may be luck."""
    if np.ptp(x) == 0 or np.ptp(mean_value) == 0:
        return 0.0
    # Not the logarithm of the value too: of a mean of more orders it is larger even where the two are independent.
    found = stats.pearsonr(np.log(x), mean_value)
    return float(found.statistic) if found.pvalue < 0.05 else 0.0
