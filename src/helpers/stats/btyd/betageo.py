"""BG/NBD and MBG/NBD: orders at random while alive, with a chance to leave after each order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import special

from helpers.stats.btyd.fitting import Objective
from helpers.stats.btyd.histories import Histories, places

_CHUNK = 8192


@dataclass(frozen=True)
class BgNbd:
    """The beta-geometric/NBD model: a customer may leave after each repeat order.

    Attributes
    ----------
    r, alpha : float
        Gamma distribution of the customers' order rates; alpha in the unit of time.
    a, b : float
        Beta distribution of the chance to leave after an order.

    References
    ----------
    Fader, Hardie and Lee (2005), Marketing Science 24, 275-284.
    """

    r: float
    alpha: float
    a: float
    b: float

    title: ClassVar[str] = "The BG/NBD model"
    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    times: ClassVar[tuple[str, ...]] = ("alpha",)
    says: ClassVar[dict[tuple[str, str], str]] = {
        ("r", "low"): "a few customers place nearly all orders",
        ("r", "high"): "customers hardly differ in how often they buy",
        ("alpha", "low"): "the fit leans on orders that follow at once",
        ("alpha", "high"): "customers hardly differ in how often they buy",
        ("a", "low"): "hardly anybody seems to leave",
        ("a", "high"): "customers hardly differ in how easily they leave",
        ("b", "low"): "nearly everybody seems to leave after an order",
        ("b", "high"): "customers hardly differ in how easily they leave, or hardly anybody does",
    }
    # Chances to leave that lie before the first repeat order: none here, one in the MBG/NBD.
    early: ClassVar[int] = 0

    @property
    def parameters(self) -> pd.Series:
        """The parameters by name."""
        return pd.Series([getattr(self, name) for name in self.names], index=self.names)

    @classmethod
    def objective(cls, histories: Histories) -> Objective:
        """The log-likelihood of all customers and its gradient, as a function of the log parameters."""
        return _Likelihood(histories, cls.early)

    def expected(self, t):
        """Repeat orders that a new customer places in the time `t` after the first order.

        Parameters
        ----------
        t : float or array-like

        Returns
        -------
        float or ndarray, as `t`
        """
        share = 1.0 if self.early == 0 else self.b / (self.a + self.b)
        return share * _while_alive(self.r, self.alpha, self.a, self.b + self.early, t)

    def p_alive(self, x, t_x, T):
        """Chance that a customer with this history has not left.

        In the BG/NBD it is 1 for every one-time buyer, however long ago the order
        was: do not rank by it.
        """
        x, t_x, T = (np.asarray(values, dtype=float) for values in (x, t_x, T))
        before = x + self.early - 1
        with np.errstate(invalid="ignore", divide="ignore"):
            longer = np.log((self.alpha + T) / (self.alpha + t_x))
            left = np.log(self.a) - np.log(self.b + before) + (self.r + x) * longer
        return np.where(before < 0, 1.0, special.expit(-left))[()]

    def conditional(self, x, t_x, T, t):
        """Orders that a customer with this history is expected to place in the time `t` from now."""
        x, T = np.asarray(x, dtype=float), np.asarray(T, dtype=float)
        ahead = _while_alive(self.r + x, self.alpha + T, self.a, self.b + x + self.early, t)
        return self.p_alive(x, t_x, T) * ahead

    def log_likelihood(self, histories: Histories) -> float:
        """Of all customers."""
        return self.objective(histories)(np.log(self.parameters.to_numpy()))[0]


@dataclass(frozen=True)
class MbgNbd(BgNbd):
    """The modified BG/NBD: a customer may leave after the first order already.

    Attributes
    ----------
    r, alpha, a, b : float
        As in `BgNbd`.

    References
    ----------
    Batislam, Denizel and Filiztekin (2007), IJRM 24, 201-209.
    """

    title: ClassVar[str] = "The MBG/NBD model"
    early: ClassVar[int] = 1


def _while_alive(r, alpha, a, b, t):
    """Expected orders in `t` of somebody alive, with rate Gamma(r, alpha) and chance to leave Beta(a, b).

    The textbook form is (a+b-1)/(a-1) * (1 - (alpha/(alpha+t))^r * 2F1(r, b; a+b-1; z)) with z = t/(alpha+t);
    after Euler's transformation neither r nor b stands in the first two places, where hundreds of
    orders would overflow.
    """
    if abs(a - 1) < 1e-5:  # 0/0 there; the mean of both sides is right to ten digits
        return (_while_alive(r, alpha, 1 + 2e-5, b, t) + _while_alive(r, alpha, 1 - 2e-5, b, t)) / 2
    total = a + b - 1
    total = np.where(np.abs(total) < 1e-6, 1e-6, total)
    t = np.asarray(t, dtype=float)
    z = t / (alpha + t)
    rest = special.hyp2f1(total - r, a - 1, total, z) * np.exp((a - 1) * np.log1p(-z))
    return (total / (a - 1) * (1 - rest))[()]


class _Likelihood:
    """Log-likelihood and gradient; what depends on x alone, or on T alone, is summed once.

    log L = log of [B(a, b+x+k)/B(a, b) * G/(alpha+T)^(r+x)] plus, for x+k > 0, the softplus of the log ratio
    of the other way that leads here: the customer left at t_x. G = Gamma(r+x) alpha^r / Gamma(r); k is `early`.
    """

    def __init__(self, histories: Histories, early: int) -> None:
        x, counts = histories.x, histories.counts.astype(float)
        self.early, self.n = early, counts.sum()
        self.xs, x_at = places(x)
        self.Ts, T_at = places(histories.T)
        self.by_x = np.bincount(x_at, counts)
        self.by_T = np.bincount(T_at, counts)
        self.orders_by_T = np.bincount(T_at, counts * x)
        can_have_left = x + early > 0
        self.ts, t_at = places(histories.t_x[can_have_left])
        columns = (
            counts[can_have_left],
            x[can_have_left].astype(float),
            x_at[can_have_left],
            T_at[can_have_left],
            t_at,
        )
        # Rows that fit into the processor's cache are several times faster than one long array.
        self.parts = [tuple(column[at : at + _CHUNK] for column in columns) for at in range(0, len(t_at), _CHUNK)]

    def __call__(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        r, alpha, a, b = np.exp(theta)
        xs, chances = self.xs, self.xs + self.early
        log_T, log_t = np.log(alpha + self.Ts), np.log(alpha + self.ts)
        one_T, one_t = 1 / (alpha + self.Ts), 1 / (alpha + self.ts)
        # Where nobody can have left yet no row looks the ratio up.
        before = np.where(chances > 0, b + chances - 1, 1.0)
        ratio = np.log(a) - np.log(before)
        value, by_r, by_alpha, weight_by_x = 0.0, 0.0, 0.0, np.zeros(len(xs))
        for counts, x, x_at, T_at, t_at in self.parts:
            wait = log_T[T_at] - log_t[t_at]
            orders = r + x
            left = ratio[x_at] + orders * wait
            shrunk = np.exp(-np.abs(left))
            weight = counts * np.where(left >= 0, 1.0, shrunk) / (1 + shrunk)
            value += counts @ (np.maximum(left, 0) + np.log1p(shrunk))
            by_r += weight @ wait
            by_alpha += (weight * orders) @ (one_T[T_at] - one_t[t_at])
            weight_by_x += np.bincount(x_at, weight, minlength=len(xs))
        down = r * self.by_T + self.orders_by_T
        by_ab = -self.by_x @ _rise(special.digamma, a + b, chances)
        value += (
            self.by_x @ (_rise(special.gammaln, r, xs) + _rise(special.gammaln, b, chances))
            - self.by_x @ _rise(special.gammaln, a + b, chances)
            + self.n * r * np.log(alpha)
            - down @ log_T
        )
        slope = (
            by_r + self.by_x @ _rise(special.digamma, r, xs) + self.n * np.log(alpha) - self.by_T @ log_T,
            by_alpha + self.n * r / alpha - down @ one_T,
            by_ab + weight_by_x.sum() / a,
            by_ab + self.by_x @ _rise(special.digamma, b, chances) - weight_by_x @ (1 / before),
        )
        return float(value), np.array(slope) * (r, alpha, a, b)


def _rise(function, start: float, steps: np.ndarray) -> np.ndarray:
    """How much a function grows from `start` by `steps`."""
    return function(start + steps) - function(start)
