"""Samples: margin of error, weights, ratings, and the errors that more answers do not cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from helpers import words
from helpers.errors import DataError


@dataclass(frozen=True)
class Share:
    """A share from a sample, with its interval.

    Attributes
    ----------
    share, low, high : float
        As fractions of 1; missing without an answer.
    n : int
        Answers that count.
    effective_n : float
        How many answers of equal weight would be as precise.
    """

    share: float
    low: float
    high: float
    n: int
    effective_n: float


@dataclass(frozen=True)
class Mean:
    """A mean from a sample, with its interval.

    Attributes
    ----------
    mean, low, high : float
        In the unit of the answers; the ends are missing below two answers.
    n : int
        Answers that count.
    effective_n : float
        How many answers of equal weight would be as precise.
    """

    mean: float
    low: float
    high: float
    n: int
    effective_n: float


@dataclass(frozen=True)
class Rating:
    """What a panel says of a programme.

    Attributes
    ----------
    rating : float
        Viewers as a share of everybody in the panel.
    share : float
        Viewers as a share of those whose set is on; missing when no set is.
    sets_on : float
        Those whose set is on, as a share of everybody: rating = share x sets_on.
    """

    rating: float
    share: float
    sets_on: float


def margin_of_error(share: float, n: int, *, level: float = 0.95) -> float:
    """How far a share may be off by chance, up or down, when people are drawn by lot.

    Parameters
    ----------
    share : float
        As a fraction of 1.
    n : int
        People in the sample.
    level : float, default 0.95

    Returns
    -------
    float
        As a fraction of 1: half of the interval. It knows the luck of the
        draw and nothing else: not who refused, not who answered falsely.

    Raises
    ------
    DataError
        If the share is none, or the sample is empty.

    References
    ----------
    Normal approximation, simple random sample of a large population:
    z * sqrt(p (1 - p) / n). For small n or a share near 0 or 1 see
    `intervals.wilson`.

    Examples
    --------
    >>> round(margin_of_error(0.30, 1000), 5), round(margin_of_error(0.30, 5000), 5)
    (0.0284, 0.0127)
    """
    if not 0 <= share <= 1:
        raise DataError(f"{share} is not a share. Give a fraction of 1, such as 0.3 for 30%.")
    if not n > 0:
        raise DataError(f"A sample of {n} says nothing. Give the number of people who were measured.")
    return float(special.ndtri(0.5 + level / 2) * np.sqrt(share * (1 - share) / n))


def effective_n(weights: pd.Series) -> float:
    """How many answers of equal weight would be as precise as these; 0 when none counts.

    References
    ----------
    Kish (1965), Survey Sampling: (sum of w) squared over the sum of w squared.

    Examples
    --------
    >>> effective_n(pd.Series([1, 1, 1, 1])), effective_n(pd.Series([3, 1]))
    (4.0, 1.6)
    """
    squares = float((weights.astype(float) ** 2).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def weights_to(groups: pd.Series, shares: pd.Series) -> pd.Series:
    """Weights that give every group of a sample its share of the population.

    Parameters
    ----------
    groups : Series
        The group of each answer, such as a city or an age band.
    shares : Series, indexed by group
        What part of the population each group is; counts will do too.

    Returns
    -------
    Series of float, as `groups`
        Population share over sample share; their mean is 1.

    Raises
    ------
    DataError
        If a group of the population has nobody in the sample who could stand
        for it, or a group of the sample is not in the population.

    References
    ----------
    Post-stratification: Holt and Smith (1979), JRSS A 142, 33-46. It mends who
    answered only as far as those who answered are like the others of their group.
    """
    population = shares.astype(float)
    if population.index.has_duplicates:
        raise DataError("A group stands twice among the population's shares. Add its rows up first.")
    if population.isna().any() or (population < 0).any() or not population.sum() > 0:
        raise DataError("The population's shares must be 0 or more, none missing and not all 0. Check the base survey.")
    if groups.isna().any():
        raise DataError(
            f"{words.count(int(groups.isna().sum()), 'answer')} of {len(groups)} without a group. "
            "Leave them out, or give them a group of their own."
        )
    counts = groups.value_counts()
    empty = [group for group in population.index[population > 0] if group not in counts.index]
    if empty:
        raise DataError(
            f"Nobody in the sample stands for {words.listing(map(str, empty))}. "
            "Join such a group with one that is like it, or ask people from it."
        )
    strange = [group for group in counts.index if group not in population.index]
    if strange:
        raise DataError(
            f"The population's shares have no group {words.listing(sorted(map(str, strange)))}. "
            "Write the groups alike in both."
        )
    factor = population / population.sum() / (counts / counts.sum())
    return groups.map(factor).astype(float).rename("weight")


def weighted_share(yes: pd.Series, weights: pd.Series | None = None, *, level: float = 0.95) -> Share:
    """The share who say yes, each answer counted with its weight.

    Parameters
    ----------
    yes : Series of bool
        Missing answers are left out.
    weights : Series, optional
        One for each answer, 0 or more, with the same index; without them all count alike.
    level : float, default 0.95

    Returns
    -------
    Share
        With the score interval at the effective number of answers. It
        knows the luck of the draw and the price of unequal weights, not who
        refused and not who answered falsely.

    Raises
    ------
    DataError
        If an answer is neither yes nor no, or a weight is missing or negative.

    References
    ----------
    Kish (1965) for the effective number, Wilson (1927) for the interval.
    Coverage: benchmarks/sampling.py.
    """
    answers, weights = _answered(yes, weights)
    if not answers.isin([0.0, 1.0]).all():
        raise DataError("A share needs answers that are yes or no. Turn the column into True and False first.")
    if not weights.sum() > 0:
        return Share(np.nan, np.nan, np.nan, 0, 0.0)
    n = effective_n(weights)
    share = min(1.0, float((answers * weights).sum() / weights.sum()))
    z = special.ndtri(0.5 + level / 2)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if share == 0 else float(middle - half)
    high = 1.0 if share == 1 else float(middle + half)
    return Share(share, low, high, len(answers), n)


def weighted_mean(values: pd.Series, weights: pd.Series | None = None, *, level: float = 0.95) -> Mean:
    """The mean of some answers, each counted with its weight.

    Parameters
    ----------
    values : Series of float
        Missing answers are left out.
    weights : Series, optional
        One for each answer, 0 or more, with the same index; without them all count alike.
    level : float, default 0.95

    Returns
    -------
    Mean
        Without weights the interval is Student's. With skewed values, such as
        money, and few answers it holds the truth less often than it says; with
        weights from groups that themselves explain the answers, more often.

    Raises
    ------
    DataError
        If a weight is missing or negative.

    References
    ----------
    Linearised variance of a ratio: Cochran (1977), Sampling Techniques, 6.8;
    Student's t with the effective number of answers less one. Coverage:
    benchmarks/sampling.py.
    """
    answers, weights = _answered(values, weights)
    if not weights.sum() > 0:
        return Mean(np.nan, np.nan, np.nan, 0, 0.0)
    n, total = effective_n(weights), float(weights.sum())
    mean = float((answers * weights).sum() / total)
    # One answer, or one that outweighs all others, says nothing about the spread.
    if len(answers) < 2 or n - 1 < 1e-9:
        return Mean(mean, np.nan, np.nan, len(answers), n)
    counted = int((weights > 0).sum())
    variance = counted / (counted - 1) * float(((weights * (answers - mean)) ** 2).sum()) / total**2
    half = float(special.stdtrit(n - 1, 0.5 + level / 2) * np.sqrt(variance))
    return Mean(mean, mean - half, mean + half, len(answers), n)


def survey_errors(population: pd.DataFrame, sizes: Sequence[int], *, runs: int, seed: int) -> pd.DataFrame:
    """How far a survey is from the truth, for several numbers of answers.

    Parameters
    ----------
    population : DataFrame
        One row a person, or a group of people alike: `truth` (1 for yes, 0 for
        no, or a share between), `answers` (chance to be reached and to
        answer), `says_yes` (chance that an answer is "yes").
    sizes : sequence of int
        Numbers of answers.
    runs : int
        Surveys that are simulated for each size.
    seed : int

    Returns
    -------
    DataFrame
        `size`; `error`, the mean over the runs of survey minus truth (the
        bias, which does not shrink with the size); `spread`, the standard
        deviation over the runs (which does); `typical_error`, the root of the
        mean squared distance from the truth, which is both together.
        Fractions of 1.

    Raises
    ------
    DataError
        If a chance is not between 0 and 1, or nobody answers.

    Notes
    -----
    The population is taken as large beside the survey: who answers does not
    make it less likely that somebody like them answers too.
    """
    chances = population[["truth", "answers", "says_yes"]].astype(float)
    for name in chances:
        bad = int((~chances[name].between(0, 1)).sum())
        if bad:
            raise DataError(f"Column {name}: {words.count(bad, 'row')} not between 0 and 1. Give chances.")
    if not chances["answers"].sum() > 0:
        raise DataError("Nobody in this population answers. Give at least one row a chance above 0.")
    if runs < 1 or any(size < 1 for size in sizes):
        raise DataError("A survey needs at least one answer, and a simulation at least one run.")
    truth = chances["truth"].mean()
    # Each answer comes from somebody drawn with the chances in `answers`, so the number of yes is binomial.
    says_yes = float((chances["answers"] * chances["says_yes"]).sum() / chances["answers"].sum())
    lot = np.random.default_rng(seed)
    rows = []
    for size in sizes:
        off = lot.binomial(size, min(says_yes, 1.0), runs) / size - truth
        rows.append(
            {"size": int(size), "error": off.mean(), "spread": off.std(), "typical_error": np.sqrt((off**2).mean())}
        )
    return pd.DataFrame(rows, columns=["size", "error", "spread", "typical_error"])


def rating(viewers: pd.Series, sets_on: pd.Series, weights: pd.Series | None = None) -> Rating:
    """The rating and the share of a programme, from one row a home (or a person).

    Parameters
    ----------
    viewers : Series of bool
        Whether it watched the programme.
    sets_on : Series of bool
        Whether its set was on at all.
    weights : Series, optional
        One for each row; without them all count alike.

    Raises
    ------
    DataError
        If somebody watches with the set off, or a value is missing.

    References
    ----------
    S67: rating = weighted viewers over the weighted panel.
    """
    if viewers.isna().any() or sets_on.isna().any():
        raise DataError("The meter has gaps: rows without a value. Leave those homes out for the evening, and say so.")
    watch, weights = _answered(viewers, weights)
    on, _ = _answered(sets_on, None)
    if not watch.index.equals(on.index):
        raise DataError("Viewers and sets do not belong to the same rows. Take both from one table.")
    if (watch > on).any():
        raise DataError(
            f"Watching with the set off: {words.count(int((watch > on).sum()), 'row')}. Check how the two were joined."
        )
    total = float(weights.sum())
    if not total > 0:
        return Rating(np.nan, np.nan, np.nan)
    seen, lit = float((watch * weights).sum()), float((on * weights).sum())
    return Rating(seen / total, seen / lit if lit else np.nan, lit / total)


def _answered(values: pd.Series, weights: pd.Series | None) -> tuple[pd.Series, pd.Series]:
    """Answers as floats and their weights, without the rows that have no answer."""
    if weights is None:
        weights = pd.Series(1.0, index=values.index)
    if not values.index.equals(weights.index):
        raise DataError("Answers and weights do not belong to the same rows. Take both from one table.")
    if weights.isna().any() or (weights < 0).any():
        bad = int((weights.isna() | (weights < 0)).sum())
        raise DataError(f"{words.count(bad, 'weight')} missing or below 0. Give each answer a weight of 0 or more.")
    kept = values.notna()
    return values[kept].astype(float), weights[kept].astype(float)
