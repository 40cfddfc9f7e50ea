"""Intervals for shares, differences and means; correction for many comparisons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from helpers.errors import DataError


@dataclass(frozen=True)
class Estimate:
    """A value with the interval that should hold the truth `level` of the time.

    Missing ends (NaN) say that the data cannot give an interval.
    """

    value: float
    low: float
    high: float
    level: float = 0.95

    def scaled(self, factor: float) -> Estimate:
        """The same estimate per many: 120 customers times the effect on one."""
        ends = sorted((self.low * factor, self.high * factor))
        return Estimate(self.value * factor, ends[0], ends[1], self.level)

    @property
    def excludes_zero(self) -> bool:
        """Whether zero lies outside the interval."""
        return bool(self.low > 0 or self.high < 0)


def wilson(successes: int, n: int, *, level: float = 0.95) -> Estimate:
    """A share with its score interval.

    Parameters
    ----------
    successes, n : int
        How many of how many.
    level : float, default 0.95

    Returns
    -------
    Estimate
        As fractions of 1. With n = 0 everything is missing.

    Raises
    ------
    DataError
        If there are more successes than trials, or fewer than none.

    References
    ----------
    Wilson (1927), JASA 22, 209-212. Test values: Newcombe (1998), Statistics
    in Medicine 17, 857-872, table I.
    """
    if not 0 <= successes <= n:
        raise DataError(f"{successes} of {n} is not a share. Count each customer once.")
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, level)
    z = special.ndtri(0.5 + level / 2)
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and n the score interval ends exactly there; rounding must not move it past.
    low = 0.0 if successes == 0 else float(middle - half)
    high = 1.0 if successes == n else float(middle + half)
    return Estimate(share, low, high, level)


def difference_of_shares(
    successes_a: int, n_a: int, successes_b: int, n_b: int, *, level: float = 0.95
) -> Estimate:
    """Share a minus share b, with Newcombe's hybrid score interval.

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; test values
    from its table II (56 of 70 against 48 of 80: 0.2, from 0.0524 to 0.3339).
    """
    a, b = wilson(successes_a, n_a, level=level), wilson(successes_b, n_b, level=level)
    value = a.value - b.value
    low = value - np.hypot(a.value - a.low, b.high - b.value)
    high = value + np.hypot(a.high - a.value, b.value - b.low)
    return Estimate(value, float(low), float(high), level)


def difference_of_means(a, b, *, level: float = 0.95) -> Estimate:
    """Mean of a minus mean of b, with Welch's interval for unequal spreads.

    Parameters
    ----------
    a, b : array-like of float, shape (n_a,), (n_b,)
        One value a customer. With fewer than two in a group the interval is missing.

    References
    ----------
    Welch (1947), Biometrika 34, 28-35.
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if len(a) < 2 or len(b) < 2:
        value = float(a.mean() - b.mean()) if len(a) and len(b) else np.nan
        return Estimate(value, np.nan, np.nan, level)
    value = float(a.mean() - b.mean())
    part_a, part_b = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    if part_a + part_b == 0:
        return Estimate(value, value, value, level)
    degrees = (part_a + part_b) ** 2 / (part_a**2 / (len(a) - 1) + part_b**2 / (len(b) - 1))
    half = float(special.stdtrit(degrees, 0.5 + level / 2) * np.sqrt(part_a + part_b))
    return Estimate(value, value - half, value + half, level)


def paired_difference(a, b, *, level: float = 0.95) -> tuple[Estimate, float]:
    """Mean of a minus b, each pair by the same person, with Student's interval and the p-value of no difference.

    Parameters
    ----------
    a, b : array-like of float, shape (n,)
        In the same order. With fewer than two pairs the interval and the p-value are missing.

    Returns
    -------
    (Estimate, float)

    References
    ----------
    Student (1908), Biometrika 6, 1-25: the t test of the differences.
    """
    d = np.asarray(a, dtype=float) - np.asarray(b, dtype=float)
    value = float(d.mean()) if len(d) else np.nan
    if len(d) < 2:
        return Estimate(value, np.nan, np.nan, level), np.nan
    error = d.std(ddof=1) / np.sqrt(len(d))
    if error == 0:
        return Estimate(value, value, value, level), float(value == 0)
    half = float(special.stdtrit(len(d) - 1, 0.5 + level / 2) * error)
    p = float(2 * special.stdtr(len(d) - 1, -abs(value / error)))
    return Estimate(value, value - half, value + half, level), p


def holm(p_values) -> np.ndarray:
    """P-values corrected for having looked in several places.

    Parameters
    ----------
    p_values : array-like of float, shape (n,)

    Returns
    -------
    ndarray of float, shape (n,)
        In the order given, never smaller than the input, at most 1.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    corrected = np.empty_like(p)
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected
