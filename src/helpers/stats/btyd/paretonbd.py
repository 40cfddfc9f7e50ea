"""Pareto/NBD: orders at random while alive, and a lifetime of random length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import special

from helpers.stats.btyd.fitting import Objective
from helpers.stats.btyd.histories import Histories, places

# Points of the integral over the moment of leaving: 24 give ten digits up to a thousand orders and more.
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_CHUNK = 1024  # rows at one time, to fit into the cache of the processor
# The integrand is followed until it has fallen by this many powers of e.
_FALL = 36.0


@dataclass(frozen=True)
class ParetoNbd:
    """The Pareto/NBD model: a customer may leave at any time.

    Attributes
    ----------
    r, alpha : float
        Gamma distribution of the customers' order rates; alpha in the unit of time.
    s, beta : float
        Gamma distribution of the rates of leaving; beta in the unit of time.

    References
    ----------
    Schmittlein, Morrison and Colombo (1987), Management Science 33, 1-24; Fader and
    Hardie (2005), A note on deriving the Pareto/NBD model and related expressions.
    """

    r: float
    alpha: float
    s: float
    beta: float

    title: ClassVar[str] = "The Pareto/NBD model"
    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    times: ClassVar[tuple[str, ...]] = ("alpha", "beta")
    says: ClassVar[dict[tuple[str, str], str]] = {
        ("r", "low"): "a few customers place nearly all orders",
        ("r", "high"): "customers hardly differ in how often they buy",
        ("alpha", "low"): "the fit leans on orders that follow at once",
        ("alpha", "high"): "customers hardly differ in how often they buy",
        ("s", "low"): "hardly anybody seems to leave",
        ("s", "high"): "customers hardly differ in how soon they leave",
        ("beta", "low"): "some customers seem to leave at once, the others hardly at all",
        ("beta", "high"): "customers hardly differ in how soon they leave, or hardly anybody does",
    }

    @property
    def parameters(self) -> pd.Series:
        """The parameters by name."""
        return pd.Series([getattr(self, name) for name in self.names], index=self.names)

    @classmethod
    def objective(cls, histories: Histories) -> Objective:
        """The log-likelihood of all customers and its gradient, as a function of the log parameters."""
        return _Likelihood(histories)

    def expected(self, t):
        """Repeat orders that a new customer places in the time `t` after the first order."""
        return self.r / self.alpha * _lifetime(self.s, self.beta, t)

    def p_alive(self, x, t_x, T):
        """Chance that a customer with this history has not left."""
        rows = np.broadcast_arrays(*(np.asarray(values, dtype=float) for values in (x, t_x, T)))
        x, t_x, T = (np.atleast_1d(values).ravel() for values in rows)
        alive = -(self.r + x) * np.log(self.alpha + T) - self.s * np.log(self.beta + T)
        left = _left(x, t_x, T, self.r, self.alpha, self.s, self.beta)[0]
        return special.expit(alive - left).reshape(rows[0].shape)[()]

    def conditional(self, x, t_x, T, t):
        """Orders that a customer with this history is expected to place in the time `t` from now."""
        x, T = np.asarray(x, dtype=float), np.asarray(T, dtype=float)
        ahead = (self.r + x) / (self.alpha + T) * _lifetime(self.s, self.beta + T, t)
        return self.p_alive(x, t_x, T) * ahead

    def log_likelihood(self, histories: Histories) -> float:
        """Of all customers."""
        return self.objective(histories)(np.log(self.parameters.to_numpy()))[0]


def _lifetime(s, beta, t):
    """Expected time alive within `t`, when the rate of leaving is Gamma(s, beta)."""
    grown = np.log1p(np.asarray(t, dtype=float) / beta)
    # beta/(s-1) * (1 - (beta/(beta+t))^(s-1)), which is beta * log((beta+t)/beta) at s = 1.
    return (beta * grown * special.exprel(-(s - 1) * grown))[()]


class _Likelihood:
    """log L = log G + log of [1/((alpha+T)^(r+x) (beta+T)^s) + integral], G as in the BG/NBD times beta^s.

    The integral, s * (alpha+u)^-(r+x) (beta+u)^-(s+1) over u from t_x to T, is for those who left at u.
    The textbook writes it with 2F1, which overflows for several hundred orders.
    """

    def __init__(self, histories: Histories) -> None:
        self.x, self.t_x, self.T = histories.x.astype(float), histories.t_x, histories.T
        self.counts = histories.counts.astype(float)
        self.xs, x_at = places(self.x)
        self.by_x = np.bincount(x_at, self.counts)

    def __call__(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        r, alpha, s, beta = np.exp(theta)
        n, counts, x, T = self.counts.sum(), self.counts, self.x, self.T
        log_a, log_b = np.log(alpha + T), np.log(beta + T)
        alive = -(r + x) * log_a - s * log_b
        left, slopes = _left(x, self.t_x, T, r, alpha, s, beta, slopes=True)
        both = np.logaddexp(alive, left)
        stays, goes = counts * np.exp(alive - both), counts * np.exp(left - both)
        value = (
            self.by_x @ (special.gammaln(r + self.xs) - special.gammaln(r))
            + n * (r * np.log(alpha) + s * np.log(beta))
            + counts @ both
        )
        slope = (
            self.by_x @ (special.digamma(r + self.xs) - special.digamma(r))
            + n * np.log(alpha)
            - stays @ log_a
            + goes @ slopes[0],
            n * r / alpha - stays @ ((r + x) / (alpha + T)) + goes @ slopes[1],
            n * np.log(beta) - stays @ log_b + goes @ slopes[2],
            n * s / beta - stays @ (s / (beta + T)) + goes @ slopes[3],
        )
        return float(value), np.array(slope) * (r, alpha, s, beta)


def _left(x, t_x, T, r, alpha, s, beta, *, slopes: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Logarithm of the integral over the moment of leaving, and its derivatives by r, alpha, s, beta.

    Gauss-Legendre in y = log(m + u), m the smaller of alpha and beta: in y the integrand is smooth
    for all x, and its decline only steepens, so what lies beyond `_FALL` powers of e is left out.
    """
    log_integral, by_parameter = np.empty(len(x)), np.empty((4, len(x) if slopes else 0))
    least = min(alpha, beta)
    for start in range(0, len(x), _CHUNK):
        rows = slice(start, start + _CHUNK)
        n, first, last = r + x[rows], t_x[rows], T[rows]
        decline = n * (least + first) / (alpha + first) + (s + 1) * (least + first) / (beta + first) - 1
        length = np.log((least + last) / (least + first))
        length = np.where(decline > 0, np.minimum(length, _FALL / np.maximum(decline, 1e-300)), length)
        y = np.log(least + first)[:, None] + length[:, None] * ((_POINTS + 1) / 2)
        u = np.exp(y)  # plus least
        log_other = np.log(u + (max(alpha, beta) - least)) if alpha != beta else y
        log_a, log_b = (y, log_other) if alpha <= beta else (log_other, y)
        height = y - n[:, None] * log_a - (s + 1) * log_b
        top = height.max(axis=1)
        part = np.exp(height - top[:, None]) * _WEIGHTS
        total = part.sum(axis=1)
        with np.errstate(divide="ignore"):  # who ordered today cannot have left: log of 0
            log_integral[rows] = np.log(s) + top + np.log(total * length / 2)
        if slopes:
            part /= total[:, None]
            inverse_a, inverse_b = (part / (u + (alpha - least))).sum(axis=1), (part / (u + (beta - least))).sum(axis=1)
            by_parameter[0, rows] = -(part * log_a).sum(axis=1)
            by_parameter[1, rows] = -n * inverse_a
            by_parameter[2, rows] = 1 / s - (part * log_b).sum(axis=1)
            by_parameter[3, rows] = -(s + 1) * inverse_b
    return log_integral, by_parameter
