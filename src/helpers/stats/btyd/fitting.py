"""Maximum likelihood for the models of this package: one optimiser, one verdict.

All parameters are positive, so their logarithms are fitted; time is measured in mean ages, so that
they are of order one whatever the unit. A fit says in words whether it can be used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special

from helpers import words
from helpers.stats.btyd.histories import Histories
from helpers.stats.intervals import Estimate
from helpers.withheld import Withheld

# Four to six parameters need more than a handful of customers, and of those some who came back.
MIN_CUSTOMERS = 100
MIN_REPEAT_BUYERS = 30

LOWEST, HIGHEST = -8.0, 8.0  # of a scaled parameter's logarithm: 1/3000 to 3000
SETTLED = 1e-6  # the next step on the log scale: six digits
LOOSE = 2.0  # standard error of a logarithm from which the data hardly pin a parameter down: a factor of 7
SAMPLE = 30_000  # customers for the start of a large fit

Objective = Callable[[np.ndarray], tuple[float, np.ndarray]]  # log parameters -> log-likelihood, its gradient


@dataclass(frozen=True)
class Fit:
    """A fitted model, how sure its parameters are, and whether to use it.

    Attributes
    ----------
    model : BgNbd, MbgNbd, ParetoNbd, GammaGamma or ShiftedBetaGeometric
    log_likelihood : float
    customers, groups : int
        Customers, and distinct histories among them.
    verdict : {"converged", "boundary", "failed"}
        At "boundary" one or more parameters run away or are hardly determined: what
        the model foretells may still serve, its parameters must not be read.
    notes : tuple of str
        What is to be said of the fit, a sentence each.
    covariance : ndarray, shape (n_parameters, n_parameters)
        Of the logarithms of the parameters; missing for those at the boundary.
    """

    model: Any
    log_likelihood: float
    customers: int
    groups: int
    verdict: str
    notes: tuple[str, ...] = ()
    covariance: np.ndarray = field(default_factory=lambda: np.empty((0, 0)), repr=False)

    @property
    def usable(self) -> bool:
        """Whether the optimiser came to an end: the best parameters were found, inside or at the boundary."""
        return self.verdict != "failed"

    @property
    def standard_errors(self) -> pd.Series:
        """Of the parameters, by the delta method; missing at the boundary."""
        return self.model.parameters * np.sqrt(np.diag(self.covariance))

    def table(self, *, level: float = 0.95) -> pd.DataFrame:
        """`parameter`, `value`, `standard_error`, `low`, `high`: the interval is symmetric on the log scale."""
        z = special.ndtri(0.5 + level / 2)
        values, spread = self.model.parameters, np.sqrt(np.diag(self.covariance))
        return pd.DataFrame(
            {
                "parameter": values.index,
                "value": values.to_numpy(),
                "standard_error": values.to_numpy() * spread,
                "low": values.to_numpy() * np.exp(-z * spread),
                "high": values.to_numpy() * np.exp(z * spread),
            }
        )

    def estimate(self, quantity: Callable[[Any], float], *, level: float = 0.95) -> Estimate:
        """Something that the model foretells, with the interval that the parameters' uncertainty gives.

        Parameters
        ----------
        quantity : callable
            From a model to a number, such as `lambda model: model.expected(365)`.

        Returns
        -------
        Estimate
            By the delta method. It is of the expectation: what one customer
            does scatters far more. Missing ends at the boundary.
        """
        theta = np.log(self.model.parameters.to_numpy())
        value, step = float(quantity(self.model)), 1e-4
        slope = np.zeros(len(theta))
        for place in range(len(theta)):
            move = np.eye(len(theta))[place] * step
            ends = (float(quantity(type(self.model)(*np.exp(theta + sign * move)))) for sign in (1, -1))
            slope[place] = (next(ends) - next(ends)) / (2 * step)
        half = special.ndtri(0.5 + level / 2) * np.sqrt(slope @ self.covariance @ slope)
        return Estimate(value, float(value - half), float(value + half), level)


def fit(model: type, histories: Histories) -> Fit | Withheld:
    """Estimate a buy-till-you-die model by maximum likelihood.

    Parameters
    ----------
    model : type
        `BgNbd`, `MbgNbd` or `ParetoNbd`.
    histories : Histories
        From `group`.

    Returns
    -------
    Fit or Withheld
        Withheld below `MIN_CUSTOMERS` customers or `MIN_REPEAT_BUYERS` repeat buyers.

    References
    ----------
    Fader, Hardie and Lee (2005), Marketing Science 24, 275-284; Batislam, Denizel and
    Filiztekin (2007), IJRM 24, 201-209; Schmittlein, Morrison and Colombo (1987),
    Management Science 33, 1-24.
    """
    too_few = withheld(model.title, histories.customers, histories.repeat_buyers)
    if too_few is not None:
        return too_few
    # Time in mean ages, so that all parameters are of order one whatever the unit.
    scale = float((histories.counts * histories.T).sum() / histories.customers)
    shift = np.where([name in model.times for name in model.names], np.log(scale), 0.0)

    def shifted(part: Histories) -> Objective:
        natural = model.objective(part)
        return lambda theta: natural(theta + shift)

    start = None
    if len(histories.counts) > 2 * SAMPLE:
        start = maximise(shifted(histories.sample(SAMPLE)), len(shift), SAMPLE)
    found = maximise(shifted(histories), len(shift), histories.customers, start=start)
    return Fit(
        model(*map(float, np.exp(found.theta + shift))),
        found.value,
        histories.customers,
        len(histories.counts),
        found.verdict,
        (*found.notes(model.names, model.says), *_heavy(histories)),
        found.covariance,
    )


def withheld(what: str, customers: int, repeat_buyers: int) -> Withheld | None:
    """Why there is no fit, where the data are too few for one."""
    gain = "The days since the last order rank customers without a model."
    if customers < MIN_CUSTOMERS:
        return Withheld(
            what,
            f"It needs {MIN_CUSTOMERS} customers, and there {'is' if customers == 1 else 'are'} {customers}.",
            gain,
        )
    if repeat_buyers < MIN_REPEAT_BUYERS:
        return Withheld(
            what,
            f"It learns from customers who came back: it needs {MIN_REPEAT_BUYERS}, and of "
            f"{words.count(customers, 'customer')} {repeat_buyers} did.",
            gain,
        )
    return None


def _heavy(histories: Histories) -> tuple[str, ...]:
    """A note where one customer weighs as much as many: the model takes that as a fact about all."""
    most = int(histories.x.max())
    share = most / histories.repeat_orders
    if share < 0.1:
        return ()
    return (
        f"One customer placed {words.percent(share)} of all repeat orders ({most:,}). "
        "Look whether it is a person, and fit without it to see what it changes.",
    )


# ---------------------------------------------------------------- the optimiser


@dataclass(frozen=True)
class Maximum:
    """Where the optimiser ended: log parameters, log-likelihood, curvature, and the verdict."""

    theta: np.ndarray
    value: float
    curvature: np.ndarray  # of the mean negative log-likelihood
    covariance: np.ndarray
    verdict: str
    low: np.ndarray  # parameters that run towards 0
    high: np.ndarray  # ... and without bound
    loose: np.ndarray  # ... and those that the data hardly pin down

    def notes(self, names: tuple[str, ...], says: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
        """The verdict in sentences; `says` knows what a parameter means when it runs "low" or "high"."""
        if self.verdict == "failed":
            return ("The optimiser found no best parameters: do not use this fit.",)
        lines = []
        for name, low, high, loose in zip(names, self.low, self.high, self.loose, strict=True):
            if low or high:
                meaning = says.get((name, "low" if low else "high"), "")
                lines.append(
                    f"{name} runs {'towards 0' if low else 'beyond all bounds'}{': ' + meaning if meaning else ''}."
                )
            elif loose:
                lines.append(f"The data hardly determine {name}: it may be several times as large or as small.")
        return tuple(lines)


def maximise(objective: Objective, size: int, customers: int, *, start: Maximum | None = None) -> Maximum:
    """The maximum of a log-likelihood in the logarithms of positive parameters.

    Parameters
    ----------
    objective : callable
        From log parameters to the log-likelihood of all customers, and its gradient.
    size : int
        Number of parameters.
    customers : int
        The likelihood is divided by it, so that tolerances mean the same for all.
    start : Maximum, optional
        Of a part of the customers: its curvature makes a few steps enough.
    """

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = objective(theta)
        return -value / customers, -slope / customers

    settled = None
    if start is not None and start.verdict == "converged":
        settled = _newton(loss, start.theta, curvature=start.curvature)
    if settled is None or not settled.reached:
        # Zeros are good for nearly all data; the others are tried where they end at a bound or nowhere.
        firsts = [np.full(size, first) for first in (0.0, -1.5, 1.5)] if start is None else [start.theta]
        settled = _newton(loss, _search(loss, firsts))
    return _verdict(loss, settled, customers)


@dataclass(frozen=True)
class _Point:
    """Where Newton's steps ended, and whether that is the best point among those inside the bounds."""

    theta: np.ndarray
    value: float
    slope: np.ndarray
    reached: bool


def _search(loss, firsts: list[np.ndarray]) -> np.ndarray:
    """L-BFGS-B from the first place, and from the others where that ends at a bound or not at all; the best."""
    best = None
    for first in firsts:
        found = optimize.minimize(
            loss,
            first,
            jac=True,
            method="L-BFGS-B",
            bounds=[(LOWEST, HIGHEST)] * len(first),
            options={"maxiter": 1000, "ftol": 1e-13, "gtol": 1e-8},
        )
        if best is None or found.fun < best.fun - 1e-10:
            best = found
        if found.success and not _at_bound(found.x).any():
            break
    return best.x


def _at_bound(theta: np.ndarray) -> np.ndarray:
    return (theta < LOWEST + 1e-3) | (theta > HIGHEST - 1e-3)


def _newton(loss, theta: np.ndarray, *, curvature: np.ndarray | None = None) -> _Point:
    """Steps to the point where the gradient is 0; parameters at a bound stay there.

    With a given curvature it is kept for all steps, which costs one evaluation each.
    """
    value, slope = loss(theta)
    for _ in range(20):
        free = ~_at_bound(theta)
        bent = _curvature(loss, theta, slope) if curvature is None else curvature
        step = np.zeros(len(theta))
        roots, axes = np.linalg.eigh(bent[np.ix_(free, free)])
        step[free] = -axes @ ((axes.T @ slope[free]) / np.maximum(np.abs(roots), 1e-7))
        # A single step changes no parameter by more than a factor of e.
        step /= max(1.0, np.abs(step).max(initial=0))
        if np.abs(step).max(initial=0) < SETTLED:
            return _Point(theta, value, slope, bool((roots > 0).all()))
        for _ in range(12):
            moved = np.clip(theta + step, LOWEST, HIGHEST)
            new_value, new_slope = loss(moved)
            if np.isfinite(new_value) and new_value <= value + 1e-13:
                break
            step = step / 4
        else:
            # No step helps any more: rounding has the last word, and the gradient decides.
            return _Point(theta, value, slope, bool(np.abs(slope[free]).max(initial=0) < 1e-7))
        theta, value, slope = moved, new_value, new_slope
    return _Point(theta, value, slope, False)


def _curvature(loss, theta: np.ndarray, slope: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Second derivatives from differences of the gradient, right to four digits or more."""
    moves = np.eye(len(theta)) * step
    rows = np.array([(loss(theta + move)[1] - slope) / step for move in moves])
    return (rows + rows.T) / 2


def _verdict(loss, point: _Point, customers: int) -> Maximum:
    theta, bent = point.theta, _curvature(loss, point.theta, point.slope)
    low, high = theta < LOWEST + 1e-3, theta > HIGHEST - 1e-3
    free = np.flatnonzero(~(low | high))
    covariance = np.full(bent.shape, np.nan)
    part = bent[np.ix_(free, free)]
    if len(free) and np.isfinite(part).all() and (np.linalg.eigvalsh(part) > 1e-10).all():
        covariance[np.ix_(free, free)] = np.linalg.inv(part) / customers
    with np.errstate(invalid="ignore"):
        loose = ~(low | high) & ~(np.sqrt(np.diag(covariance)) < LOOSE)
    # On a ridge that runs to a bound the steps stay long, though they change nothing any more.
    level = np.isfinite(point.value) and (bool((np.abs(point.slope[free]) < 1e-5).all()) or _nothing_to_gain(point.slope[free], part))
    inside = point.reached and not (low | high | loose).any()
    verdict = "converged" if inside else "boundary" if level else "failed"
    return Maximum(theta, float(-point.value * customers), bent, covariance, verdict, low, high, loose)


def _nothing_to_gain(slope: np.ndarray, bent: np.ndarray) -> bool:
    """Whether a last Newton step could raise the mean log-likelihood by a billionth at most.

    Where others are huge the likelihood bends so sharply that rounding alone leaves a slope.
    """
    if not len(slope) or not np.isfinite(bent).all() or not (np.linalg.eigvalsh(bent) > 0).all():
        return False
    return bool(slope @ np.linalg.solve(bent, slope) / 2 < 1e-9)
