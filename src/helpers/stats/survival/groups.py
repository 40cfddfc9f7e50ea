"""Who lasts longer: groups against each other, and features side by side."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from helpers import words
from helpers.errors import DataError
from helpers.stats.intervals import holm
from helpers.stats.survival.watched import GAIN, MIN_CUSTOMERS, MIN_EVENTS, at_times, checked, counts
from helpers.withheld import Withheld


@dataclass(frozen=True)
class LogRank:
    """Whether groups last equally long.

    Attributes
    ----------
    table : DataFrame
        One row a group: `group`, `customers`, `events`, `expected` (events if all groups were alike).
    statistic : float
        Chi-squared.
    degrees : int
        Groups less one.
    p_value : float
        How often groups that are alike would differ so much.
    """

    table: pd.DataFrame
    statistic: float
    degrees: int
    p_value: float


def log_rank(duration, observed, group, *, entry=None) -> LogRank | Withheld:
    """Compare how long groups last, over the whole time.

    Parameters
    ----------
    duration, observed, entry
        As in `kaplan_meier`.
    group : array-like, shape (n,)
        The group of each customer.

    Returns
    -------
    LogRank or Withheld
        Withheld with one group, with a group below `MIN_CUSTOMERS`, or below `MIN_EVENTS` events in all.

    References
    ----------
    Mantel (1966); Peto and Peto (1972), JRSS A 135, 185-207.
    """
    duration, observed, entry = checked(duration, observed, entry, 0.0)
    group = pd.Series(np.asarray(group))
    if len(group) != len(duration):
        raise DataError(f"{len(group)} groups for {words.count(len(duration), 'customer')}. Give each a group.")
    if group.isna().any():
        raise DataError(
            f"{words.count(int(group.isna().sum()), 'customer')} without a group. Leave them out, or name one."
        )
    codes, names = pd.factorize(group, sort=True)
    what, sizes = "The comparison of groups", np.bincount(codes, minlength=len(names))
    if len(names) < 2:
        return Withheld(
            what, f"It needs two groups, and there {'is' if len(names) == 1 else 'are'} {len(names)}.", GAIN
        )
    if sizes.min() < MIN_CUSTOMERS or observed.sum() < MIN_EVENTS:
        return Withheld(
            what,
            f"It needs {MIN_CUSTOMERS} customers in each group and {MIN_EVENTS} events; the smallest group has "
            f"{sizes.min()}, and there are {int(observed.sum())} events.",
            GAIN,
        )
    times = np.unique(duration[observed])
    by_group = [
        at_times(times, duration[codes == k], observed[codes == k], entry[codes == k]) for k in range(len(names))
    ]
    at_risk = np.array([risk for risk, _ in by_group], dtype=float)
    happened = np.array([events for _, events in by_group], dtype=float)
    n, d = at_risk.sum(axis=0), happened.sum(axis=0)
    expected = at_risk * d / n
    # Hypergeometric covariance, summed over the times; one group follows from the others.
    factor = np.where(n > 1, d * (n - d) / np.maximum(n - 1, 1), 0.0)
    shares = at_risk / n
    variance = np.diag((factor * shares).sum(axis=1)) - (factor * shares) @ shares.T
    off = (happened - expected).sum(axis=1)[:-1]
    statistic = float(off @ np.linalg.pinv(variance[:-1, :-1]) @ off)
    table = pd.DataFrame(
        {
            "group": names,
            "customers": sizes,
            "events": happened.sum(axis=1).astype("int64"),
            "expected": expected.sum(axis=1),
        }
    )
    return LogRank(table, statistic, len(names) - 1, float(special.chdtrc(len(names) - 1, statistic)))


@dataclass(frozen=True)
class Cox:
    """Which customers have the event sooner, and whether one figure can say so.

    Attributes
    ----------
    table : DataFrame
        One row a feature: `feature`, `hazard_ratio` (above 1: sooner, for one unit more), `low`, `high`,
        `p_value`; then the check of proportionality: `correlation` of the scaled Schoenfeld residuals with
        time, and `check_p_value`, corrected by Holm when there are several features.
    proportional : bool
        Whether no feature fails the check at 5%. Where one does, its hazard ratio is an average of
        something that changes with time.
    customers, events : int
    log_likelihood : float
        Partial.
    """

    table: pd.DataFrame
    proportional: bool
    customers: int
    events: int
    log_likelihood: float


# Peduzzi and others (1995), J. Clin. Epidemiology 48, 1503-1510: ten events for each feature.
EVENTS_A_FEATURE = 10


def cox(duration, observed, features: pd.DataFrame, *, entry=None, level: float = 0.95) -> Cox | Withheld:
    """Cox's proportional hazards, with the check that the proportions hold over time.

    Parameters
    ----------
    duration, observed, entry
        As in `kaplan_meier`.
    features : DataFrame, shape (n, n_features)
        Numbers (0 and 1 for yes and no), known at the start.
    level : float, default 0.95

    Returns
    -------
    Cox or Withheld
        Withheld below ten events a feature, and where a feature never varies or follows from the others.

    Raises
    ------
    DataError
        If a feature has missing values or is not a number.

    References
    ----------
    Cox (1972), JRSS B 34, 187-220, ties by Efron, fitted by statsmodels. Check: Grambsch and Therneau (1994),
    Biometrika 81, 515-526, with time as the Kaplan-Meier curve counts it.
    """
    from statsmodels.duration.hazard_regression import PHReg
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    duration, observed, entered = checked(duration, observed, entry, 0.0)
    values = _numbers(features, len(duration))
    what, events = "The comparison of features", int(observed.sum())
    if events < EVENTS_A_FEATURE * values.shape[1]:
        return Withheld(
            what,
            f"It needs {EVENTS_A_FEATURE} events a feature: {EVENTS_A_FEATURE * values.shape[1]} for "
            f"{words.count(values.shape[1], 'feature')}, "
            f"and there are {events}.",
            GAIN,
        )
    if np.linalg.matrix_rank(np.column_stack([np.ones(len(values)), values])) <= values.shape[1]:
        return Withheld(what, "A feature never varies, or follows from the others.", "Leave it out, and it appears.")
    # Standardised, so that the optimiser sees features of one size; hazard ratios are given per unit again.
    spread = values.std(axis=0)
    scaled = (values - values.mean(axis=0)) / spread
    model = PHReg(
        duration, scaled, status=observed.astype(float), entry=None if entry is None else entered, ties="efron"
    )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = model.fit(disp=0)
        beta, covariance = np.asarray(found.params), np.asarray(found.cov_params())
    with np.errstate(invalid="ignore"):
        error = np.sqrt(np.diag(covariance))
    lost = any(issubclass(warning.category, ConvergenceWarning) for warning in said)
    if lost or not (np.isfinite(error).all() and (np.abs(beta) < 10).all()):
        return Withheld(
            what, "A feature tells all events apart, so its ratio has no bound.", "Leave it out, and it appears."
        )
    correlation, check = _proportionality(duration, observed, entered, scaled, beta, covariance)
    check = holm(check)
    z = special.ndtri(0.5 + level / 2)
    table = pd.DataFrame(
        {
            "feature": list(features.columns),
            "hazard_ratio": np.exp(beta / spread),
            "low": np.exp((beta - z * error) / spread),
            "high": np.exp((beta + z * error) / spread),
            "p_value": special.erfc(np.abs(beta / error) / np.sqrt(2)),
            "correlation": correlation,
            "check_p_value": check,
        }
    )
    return Cox(table, bool((check >= 0.05).all()), len(duration), events, float(found.llf))


def _proportionality(duration, observed, entry, features, beta, covariance) -> tuple[np.ndarray, np.ndarray]:
    """Correlation of the scaled Schoenfeld residuals with time as the curve counts it, and the p-value of no trend."""
    risk = np.exp(features @ beta)
    order = np.argsort(duration[observed], kind="stable")
    when, had = duration[observed][order], features[observed][order]
    averages = {}
    for time in np.unique(when):
        there = (duration >= time) & (entry < time) if time > 0 else duration >= time
        averages[time] = risk[there] @ features[there] / risk[there].sum()
    residuals = had - np.array([averages[time] for time in when])
    scaled = len(when) * residuals @ covariance
    # Time runs as the Kaplan-Meier curve falls, so that late and rare events do not outweigh the others.
    times, at_risk, happened, _ = counts(duration, observed, entry)
    fallen = 1 - np.cumprod(1 - happened / at_risk)
    clock = np.concatenate([[0.0], fallen])[np.searchsorted(times, when)]
    clock -= clock.mean()
    trend = clock @ scaled
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = trend**2 / (len(when) * np.diag(covariance) * (clock @ clock))
        spread = np.sqrt((clock @ clock) * ((scaled - scaled.mean(axis=0)) ** 2).sum(axis=0))
        correlation = trend / spread
    return correlation, np.nan_to_num(special.chdtrc(1, statistic), nan=1.0)


def _numbers(features: pd.DataFrame, n: int) -> np.ndarray:
    if len(features) != n:
        raise DataError(
            f"Features of {words.count(len(features), 'customer')} for {n} durations. Take them from one table."
        )
    for name in features:
        try:
            bad = int((~np.isfinite(features[name].to_numpy(dtype=float))).sum())
        except (TypeError, ValueError):
            raise DataError(f"Feature {name} is not a number. Turn groups into columns of 0 and 1 first.") from None
        if bad:
            raise DataError(
                f"Feature {name}: {words.count(bad, 'customer')} without a value. Fill them in, or leave them out."
            )
    return features.to_numpy(dtype=float)
