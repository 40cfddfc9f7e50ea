"""What a treatment caused, when a lot decided who got it: the difference, its planning, and for whom it is largest.

Everything here takes for granted that treated and held-out customers were divided by lot, and that all of
them count as they were divided, whether the treatment reached them or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import special, stats

from helpers import words
from helpers.errors import DataError
from helpers.stats.intervals import Estimate, difference_of_means, difference_of_shares, holm
from helpers.withheld import Withheld

MIN_GROUP = 20  # customers in each group, for a difference
LARGE = 0.1  # standardised difference: Austin (2009), Statistics in Medicine 28, 3083-3107

_GAIN = "With more customers divided by lot it would appear."


# ---------------------------------------------------------------- one treatment


@dataclass(frozen=True)
class Effect:
    """What the treated did, what the held-out did, and the difference.

    Attributes
    ----------
    treated, control : float
        Means: of a 0/1 outcome the shares.
    n_treated, n_control : int
    difference : Estimate
        Treated less control, with its interval.
    p_value : float
        How often a treatment without effect would show such a difference, two-sided.
    """

    treated: float
    control: float
    n_treated: int
    n_control: int
    difference: Estimate
    p_value: float


def difference(outcome, treated, *, level: float = 0.95, method: str = "plain", seed: int = 1) -> Effect | Withheld:
    """What the treatment caused a customer to do, on average.

    Parameters
    ----------
    outcome : array-like of float, shape (n,)
        What each customer did afterwards: 0 or 1, or an amount, 0 included.
    treated : array-like of bool, shape (n,)
        As the lot decided.
    level : float, default 0.95
    method : {"plain", "bca"}
        Plain: for 0/1 outcomes Newcombe's interval and the score test, else Welch's. "bca": the bias-corrected
        bootstrap of 2,000 draws, to compare; with skewed money it held the truth less often than Welch's.
    seed : int, default 1
        Of the bootstrap.

    Returns
    -------
    Effect or Withheld
        Withheld below `MIN_GROUP` customers in a group.

    Raises
    ------
    DataError
        If an outcome is missing or `treated` is neither yes nor no.

    Notes
    -----
    Held-out customers are what an interval of money lives by: where they are few and the money is skewed, it
    holds the truth less often than it says (coverage: benchmarks/effect_intervals.py).

    References
    ----------
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Welch (1947), Biometrika 34, 28-35; Efron
    (1987), JASA 82, 171-185.
    """
    outcome, treated = checked(outcome, treated)
    return compare(outcome[treated], outcome[~treated], level=level, method=method, seed=seed)


def compare(
    a: np.ndarray, b: np.ndarray, *, level: float = 0.95, method: str = "plain", seed: int = 1
) -> Effect | Withheld:
    """`difference` from the outcomes of the treated, `a`, and of the held-out, `b`."""
    if min(len(a), len(b)) < MIN_GROUP:
        return Withheld(
            "The effect of the treatment",
            f"It needs {MIN_GROUP} customers in each group; treated are {len(a)}, held out {len(b)}.",
            _GAIN,
        )
    if method not in ("plain", "bca"):
        raise DataError(f"There is no method {method}. Take plain or bca.")
    shares = bool(np.isin(a, (0, 1)).all() and np.isin(b, (0, 1)).all())
    if shares:
        estimate = difference_of_shares(int(a.sum()), len(a), int(b.sum()), len(b), level=level)
        pooled = (a.sum() + b.sum()) / (len(a) + len(b))
        error = np.sqrt(pooled * (1 - pooled) * (1 / len(a) + 1 / len(b)))
        p_value = special.erfc(abs(estimate.value) / error / np.sqrt(2)) if error else 1.0
    else:
        estimate = difference_of_means(a, b, level=level)
        p_value = float(stats.ttest_ind(a, b, equal_var=False).pvalue) if a.std() + b.std() else 1.0
    if method == "bca" and a.std() + b.std():
        drawn = stats.bootstrap(
            (a, b),
            lambda one, other, axis: one.mean(axis=axis) - other.mean(axis=axis),
            confidence_level=level,
            n_resamples=2000,
            method="BCa",
            rng=np.random.default_rng(seed),
        ).confidence_interval
        estimate = Estimate(estimate.value, float(drawn.low), float(drawn.high), level)
    return Effect(float(a.mean()), float(b.mean()), len(a), len(b), estimate, float(p_value))


# ---------------------------------------------------------------- several arms


def pairs(outcome, arm, *, reference=None, level: float = 0.95) -> pd.DataFrame | Withheld:
    """Several treatments against each other, pair by pair, corrected for having looked so often.

    Parameters
    ----------
    outcome : array-like of float, shape (n,)
    arm : array-like, shape (n,)
        The arm that the lot gave to each customer; the hold-out is one of them.
    reference : optional
        Compare with this arm alone, such as the hold-out: fewer looks, so fewer differences drown in the correction.
    level : float, default 0.95
        Of each interval for itself.

    Returns
    -------
    DataFrame or Withheld
        One row a pair, in the order of the arms' names: `arm`, `against`, `n_arm`, `n_against`, `mean_arm`,
        `mean_against`, `difference`, `low`, `high`, `p_value`, `p_corrected` (Holm). A pair with fewer than
        `MIN_GROUP` customers in an arm has its difference and what follows missing. Withheld with a
        single arm, or where no pair is large enough.
    """
    arm = pd.Series(np.asarray(arm))
    outcome = _numbers(outcome)
    if len(outcome) != len(arm) or arm.isna().any():
        raise DataError(
            f"{len(outcome)} outcomes and {int(arm.notna().sum())} arms do not fit together. Give each "
            "customer the arm that the lot gave."
        )
    names = sorted(arm.unique(), key=str)
    if reference is not None and reference not in names:
        raise DataError(f"No customer is in the arm {reference}. Arms are {words.listing(map(str, names))}.")
    wanted = (
        list(combinations(names, 2))
        if reference is None
        else [(name, reference) for name in names if name != reference]
    )
    rows, effects = [], []
    for one, other in wanted:
        a, b = outcome[(arm == one).to_numpy()], outcome[(arm == other).to_numpy()]
        effect = compare(a, b, level=level)
        effects.append(effect)
        rows.append((one, other, len(a), len(b), a.mean(), b.mean()))
    known = [isinstance(effect, Effect) for effect in effects]
    if not any(known):
        return Withheld("The comparison of arms", f"It needs two arms of {MIN_GROUP} customers or more.", _GAIN)
    table = pd.DataFrame(rows, columns=["arm", "against", "n_arm", "n_against", "mean_arm", "mean_against"])
    found = [effect if isinstance(effect, Effect) else None for effect in effects]
    table["difference"] = [effect.difference.value if effect else np.nan for effect in found]
    table["low"] = [effect.difference.low if effect else np.nan for effect in found]
    table["high"] = [effect.difference.high if effect else np.nan for effect in found]
    table["p_value"] = [effect.p_value if effect else np.nan for effect in found]
    table["p_corrected"] = np.nan
    table.loc[known, "p_corrected"] = holm(table.loc[known, "p_value"])
    return table


# ---------------------------------------------------------------- was it divided by lot?


def balance(features: pd.DataFrame, treated) -> pd.DataFrame:
    """Whether treated and held-out customers were alike before: one row a feature.

    Parameters
    ----------
    features : DataFrame, shape (n, n_features)
        What was known before the treatment. Numbers are compared as they are; of anything else each value is
        a share. Where a feature is missing for some, that share is compared as well.
    treated : array-like of bool, shape (n,)

    Returns
    -------
    DataFrame
        `feature`, `value` (of a feature that is no number), `treated`, `control` (means or shares), `standardised`
        (difference in standard deviations), `by_chance` (what a fair lot stays within 95 times in 100 at these
        sizes), `p_corrected` (Holm), `unbalanced` (beyond 0.1 *and* no luck at 5%).

    References
    ----------
    Austin (2009), Statistics in Medicine 28, 3083-3107.
    """
    _, treated = checked(np.zeros(len(features)), treated)
    rows = []
    for name in features:
        for value, column in _columns(features[name]):
            a, b = column[treated], column[~treated]
            a, b = a[~np.isnan(a)], b[~np.isnan(b)]
            if not len(a) or not len(b):
                continue
            gap, spread = a.mean() - b.mean(), np.sqrt((a.var() + b.var()) / 2)
            error = np.sqrt(a.var() / len(a) + b.var() / len(b))
            rows.append(
                {
                    "feature": name,
                    "value": value,
                    "treated": a.mean(),
                    "control": b.mean(),
                    "standardised": gap / spread if spread else np.sign(gap) * np.inf if gap else 0.0,
                    "by_chance": special.ndtri(0.975) * np.sqrt(1 / len(a) + 1 / len(b)),
                    "p": special.erfc(abs(gap) / error / np.sqrt(2)) if error else float(gap == 0),
                }
            )
    table = pd.DataFrame(rows, columns=["feature", "value", "treated", "control", "standardised", "by_chance", "p"])
    table["p_corrected"] = holm(table.pop("p"))
    table["unbalanced"] = (table["standardised"].abs() > LARGE) & (table["p_corrected"] < 0.05)
    return table


def split_p_value(n_treated: int, n_control: int, *, planned: float = 0.5) -> float:
    """How often a lot that treats the `planned` share would divide customers so unevenly.

    A tiny value says that the lot, or the file, is broken (sample ratio mismatch); then no effect may be read.
    """
    if not 0 < planned < 1 or n_treated + n_control < 1:
        raise DataError("A lot needs customers, and a planned share between 0 and 1, such as 0.5.")
    return float(stats.binomtest(int(n_treated), int(n_treated + n_control), planned).pvalue)


def _columns(column: pd.Series):
    """A feature as one or more columns of numbers, each with the value that it stands for."""
    is_number = pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)
    if is_number:
        yield "", column.to_numpy(dtype=float, na_value=np.nan)
    else:
        for value in sorted(column.dropna().unique(), key=str):
            yield str(value), (column == value).fillna(False).to_numpy(dtype=float)
    if column.isna().any():
        yield "missing", column.isna().to_numpy(dtype=float)


# ---------------------------------------------------------------- planning


def power(
    control: float, treated: float, n_treated: int, n_control: int, *, spread: float | None = None, level: float = 0.95
) -> float:
    """How often a test of this size finds an effect of this size.

    Parameters
    ----------
    control, treated : float
        Shares without and with the treatment; with `spread`, means.
    n_treated, n_control : int
    spread : float, optional
        Standard deviation of the outcome between customers, for amounts.
    level : float, default 0.95

    References
    ----------
    Shares: normal approximation, pooled without an effect, Fleiss, Levin and Paik (2003), chapter 4. Means:
    the noncentral t distribution.
    """
    _plausible(control, treated, spread)
    if min(n_treated, n_control) < 2:
        return 0.0
    gap = abs(treated - control)
    if spread is not None:
        degrees = n_treated + n_control - 2
        edge = special.stdtrit(degrees, 0.5 + level / 2)
        shift = gap / (spread * np.sqrt(1 / n_treated + 1 / n_control))
        if shift > 30:  # where the noncentral t gives out, and nothing is left to chance
            return 1.0
        return float(stats.nct.sf(edge, degrees, shift) + stats.nct.cdf(-edge, degrees, shift))
    pooled = (n_treated * treated + n_control * control) / (n_treated + n_control)
    alike = np.sqrt(pooled * (1 - pooled) * (1 / n_treated + 1 / n_control))
    apart = np.sqrt(treated * (1 - treated) / n_treated + control * (1 - control) / n_control)
    if not apart:
        return float(gap > 0)
    edge = special.ndtri(0.5 + level / 2) * alike
    return float(special.ndtr((gap - edge) / apart) + special.ndtr((-gap - edge) / apart))


def sample_size(
    control: float,
    treated: float,
    *,
    spread: float | None = None,
    wanted: float = 0.8,
    level: float = 0.95,
    treated_share: float = 0.5,
) -> tuple[int, int]:
    """How many customers to treat and to hold out, so that an effect of this size is found `wanted` of the time.

    Parameters
    ----------
    control, treated, spread, level
        As in `power`.
    wanted : float, default 0.8
    treated_share : float, default 0.5
        Half and half needs the fewest customers.

    Returns
    -------
    tuple of int
        Treated and held out; the smallest total that will do.

    Raises
    ------
    DataError
        If there is no effect to find, or a share is none.
    """
    _plausible(control, treated, spread)
    if treated == control:
        raise DataError(
            "An effect of 0 cannot be found, however many are asked. Give the smallest effect that would matter."
        )
    if not (0 < treated_share < 1 and 0 < wanted < 1):
        raise DataError("The treated share and the wanted power lie between 0 and 1. Give such as 0.5 and 0.8.")

    def sizes(total: int) -> tuple[int, int]:
        held_out = max(2, round(total * (1 - treated_share)))
        return max(2, total - held_out), held_out

    def enough(total: int) -> bool:
        return power(control, treated, *sizes(total), spread=spread, level=level) >= wanted

    high = 8
    while not enough(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return sizes(high)


def smallest_lift(
    control: float,
    n_treated: int,
    n_control: int,
    *,
    spread: float | None = None,
    wanted: float = 0.8,
    level: float = 0.95,
) -> float:
    """The smallest increase that groups of this size find `wanted` of the time; missing where none is.

    Parameters and units as in `power`; of shares it is in fractions of 1.
    """
    _plausible(control, control, spread)
    largest = 1 - control if spread is None else 100 * spread
    found = lambda lift: power(control, control + lift, n_treated, n_control, spread=spread, level=level) >= wanted  # noqa: E731
    low, high = 0.0, largest / 2**12
    while not found(high):
        if high == largest:
            return np.nan
        low, high = high, min(2 * high, largest)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if found(middle) else (middle, high)
    return high


def _plausible(control: float, treated: float, spread: float | None) -> None:
    if spread is None and not (0 <= control <= 1 and 0 <= treated <= 1):
        raise DataError(
            f"{control:g} and {treated:g} are not both shares. Give fractions of 1, or the spread of an amount."
        )
    if spread is not None and not spread > 0:
        raise DataError(f"A spread of {spread:g} is none. Give the standard deviation of the amount between customers.")


# ---------------------------------------------------------------- input


def _numbers(outcome) -> np.ndarray:
    outcome = np.asarray(outcome, dtype=float)
    bad = int((~np.isfinite(outcome)).sum())
    if bad:
        raise DataError(
            f"{words.count(bad, 'customer')} without an outcome. Who did nothing has the outcome 0: fill it in."
        )
    return outcome


def checked(outcome, treated) -> tuple[np.ndarray, np.ndarray]:
    """An outcome for everybody, and yes or no for the treatment; what cannot be is refused."""
    outcome, treated = _numbers(outcome), np.asarray(treated)
    if len(outcome) != len(treated):
        raise DataError(
            f"{len(outcome)} outcomes and {len(treated)} treatments do not fit together. Take both from one table."
        )
    if pd.isna(treated).any() or not np.isin(treated.astype(float), (0.0, 1.0)).all():
        raise DataError(
            "Whether a customer was treated must be True or False for everybody. Use the list that the lot made."
        )
    return outcome, treated.astype(bool)
