"""For whom a treatment works best: uplift by customer, and whether ranking by it beats a random list.

As in `uplift`, a lot decided who was treated. A score must be judged on customers that the model did not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from helpers import words
from helpers.errors import DataError
from helpers.stats.intervals import Estimate
from helpers.stats.uplift import Effect, checked, compare
from helpers.withheld import Withheld

MIN_FOR_MODEL = 200  # customers in each group
MIN_OUTCOMES = 30  # customers in each group who did something

_GAIN = "The average effect can be told from fewer customers."


@dataclass(frozen=True)
class TLearner:
    """Two models, one of the treated and one of the held-out; the difference of what they foretell is the uplift.

    References
    ----------
    Künzel and others (2019), PNAS 116, 4156-4165.
    """

    of_treated: Any
    of_control: Any

    def uplift(self, features: pd.DataFrame) -> np.ndarray:
        """The foretold effect on each customer, in the unit of the outcome (of a 0/1 outcome: of its chance)."""
        return _foretold(self.of_treated, features) - _foretold(self.of_control, features)


def fit_t_learner(features: pd.DataFrame, outcome, treated, *, model=None, seed: int = 1) -> TLearner | Withheld:
    """Learn the effect by customer from a test, to rank customers who were not in it.

    Parameters
    ----------
    features : DataFrame of numbers, shape (n, n_features)
        Known before the treatment.
    outcome, treated
        As in `uplift.difference`.
    model : scikit-learn estimator, optional
        Cloned for each group. The default is a random forest with leaves of 5% of a group or more, which
        keeps the two forests from finding differences in noise.
    seed : int, default 1
        Of the default model.

    Returns
    -------
    TLearner or Withheld
        Withheld below `MIN_FOR_MODEL` customers in a group, or `MIN_OUTCOMES` of them with an outcome (and, for
        0/1 outcomes, as many without).
    """
    outcome, treated, refusal = _enough(features, outcome, treated)
    return refusal if refusal is not None else _fit(features, outcome, treated, model, seed)


def out_of_fold_uplift(
    features: pd.DataFrame, outcome, treated, *, model=None, folds: int = 5, seed: int = 1
) -> np.ndarray | Withheld:
    """The foretold effect on each customer of a test, each by models that saw the other folds alone.

    Parameters
    ----------
    features, outcome, treated, model, seed
        As in `fit_t_learner`; `seed` also divides the customers.
    folds : int, default 5
        Each with its share of treated customers and of outcomes.

    Returns
    -------
    ndarray of float, shape (n,), or Withheld
        A score that `qini` and `uplift_at` may judge.
    """
    from sklearn.model_selection import StratifiedKFold

    outcome, treated, refusal = _enough(features, outcome, treated)
    if refusal is not None:
        return refusal
    uplift = np.empty(len(outcome))
    kinds = treated * 2 + (outcome > 0)
    for learn, judge in StratifiedKFold(folds, shuffle=True, random_state=seed).split(features, kinds):
        learner = _fit(features.iloc[learn], outcome[learn], treated[learn], model, seed)
        uplift[judge] = learner.uplift(features.iloc[judge])
    return uplift


@dataclass(frozen=True)
class Qini:
    """What ranking by a score gains over a random list of the same length.

    Attributes
    ----------
    curve : DataFrame
        One row a distinct score, the best first, after a row for nobody: `share` of the customers that is
        treated, `gain` (extra outcomes for each customer in the whole list), `random` (the same for a random list).
    coefficient : float
        Area between the two, in outcomes a customer; 0 for a score that knows nothing, below it for a wrong one.
    p_value : float
        How often chance alone does as well, where the treatment has the same effect on everybody.
    """

    curve: pd.DataFrame
    coefficient: float
    p_value: float


def qini(score, outcome, treated, *, draws: int = 999, seed: int = 1) -> Qini | Withheld:
    """The Qini curve of a score, against a random list.

    Parameters
    ----------
    score : array-like of float, shape (n,)
        The higher, the sooner treated; made without this customer's own outcome.
    outcome, treated
        As in `uplift.difference`.
    draws : int, default 999
        Lots that are drawn anew for the p-value, with the effect taken as the same for everybody. (Orders
        drawn at random would not do: a score that knows who buys anyway makes the curve waver more than they do.)
    seed : int, default 1

    Returns
    -------
    Qini or Withheld
        Customers of equal score count as one step. Withheld below `MIN_FOR_MODEL` customers in a group.

    References
    ----------
    Radcliffe (2007), Direct Marketing Analytics Journal 1, 14-21; p-value: Ding, Feller and
    Miratrix (2016), JRSS B 78, 655-671.
    """
    outcome, treated = checked(outcome, treated)
    score = _scores(score, len(outcome))
    refusal = _small("The Qini curve", treated)
    if refusal is not None:
        return refusal
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    outcome, treated = outcome[order], treated[order]
    share, gain = _curve(outcome, treated, ends)
    coefficient = _area(share, gain)
    lot = np.random.default_rng(seed)
    untreated, beaten = outcome - gain[-1] * treated, 0
    for _ in range(draws):
        drawn = lot.permutation(treated)
        beaten += _area(*_curve(untreated + gain[-1] * drawn, drawn, ends)) >= coefficient - 1e-12
    curve = pd.DataFrame({"share": share, "gain": gain, "random": share * gain[-1]})
    return Qini(curve, coefficient, (beaten + 1) / (draws + 1))


@dataclass(frozen=True)
class Targeted:
    """The effect among those whom a score puts first, and what that gains.

    Attributes
    ----------
    share : float
        Of the customers that is on the list.
    listed, others : Effect
        The effect on those on the list, and on the rest.
    gain : Estimate
        Effect a listed customer, less the effect a customer of a random list.
    """

    share: float
    listed: Effect
    others: Effect
    gain: Estimate


def uplift_at(score, outcome, treated, *, share: float = 0.2, level: float = 0.95) -> Targeted | Withheld:
    """The effect on the best `share` of customers by a score, against a random list of that length.

    Parameters
    ----------
    score, outcome, treated
        As in `qini`.
    share : float, default 0.2
        Customers whose score equals that of the last one on the list are on it too.
    level : float, default 0.95

    Returns
    -------
    Targeted or Withheld
        Withheld where treated or held-out customers are fewer than `uplift.MIN_GROUP` on the list or off it.
    """
    outcome, treated = checked(outcome, treated)
    score = _scores(score, len(outcome))
    if not 0 < share < 1:
        raise DataError(f"A list of {share:g} of all customers is none. Give a fraction between 0 and 1, such as 0.2.")
    length = max(1, round(len(score) * share))
    on_list = score >= np.sort(score)[-length] if len(score) else np.zeros(0, dtype=bool)
    listed, others = (
        compare(outcome[part & treated], outcome[part & ~treated], level=level) for part in (on_list, ~on_list)
    )
    for effect in (listed, others):
        if isinstance(effect, Withheld):
            return Withheld("The effect on the best customers", effect.reason, effect.gain)
    # All customers are the listed and the others in their shares, so: listed - all = (1 - share) (listed - others).
    rest = 1 - on_list.mean()
    variance = sum(
        outcome[part & group].var(ddof=1) / (part & group).sum()
        for part in (on_list, ~on_list)
        for group in (treated, ~treated)
    )
    value = rest * (listed.difference.value - others.difference.value)
    half = rest * special.ndtri(0.5 + level / 2) * np.sqrt(variance)
    return Targeted(float(1 - rest), listed, others, Estimate(value, float(value - half), float(value + half), level))


# ---------------------------------------------------------------- parts


def _fit(features: pd.DataFrame, outcome: np.ndarray, treated: np.ndarray, model, seed: int) -> TLearner:
    from sklearn.base import clone
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    if model is None:
        kind = RandomForestClassifier if np.isin(outcome, (0, 1)).all() else RandomForestRegressor
        model = kind(n_estimators=200, min_samples_leaf=0.05, max_features=None, random_state=seed)
    target = outcome.astype(int) if hasattr(model, "predict_proba") else outcome
    return TLearner(*(clone(model).fit(features[group], target[group]) for group in (treated, ~treated)))


def _foretold(model, features: pd.DataFrame) -> np.ndarray:
    if hasattr(model, "predict_proba"):
        return model.predict_proba(features)[:, list(model.classes_).index(1)]
    return model.predict(features)


def _curve(outcome: np.ndarray, treated: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares of customers and gains at the ends of the steps, from 0; steps before the first of a group are skipped."""
    n_treated = np.cumsum(treated)[ends].astype(float)
    n_control = ends + 1 - n_treated
    of_treated, of_control = np.cumsum(outcome * treated)[ends], np.cumsum(outcome * ~treated)[ends]
    both = (n_treated > 0) & (n_control > 0)
    gain = (of_treated - of_control * n_treated / np.where(both, n_control, 1)) / n_treated[-1]
    return np.append(0.0, (ends[both] + 1) / len(outcome)), np.append(0.0, gain[both])


def _area(share: np.ndarray, gain: np.ndarray) -> float:
    return float(np.trapezoid(gain - share * gain[-1], share))


def _scores(score, n: int) -> np.ndarray:
    score = np.asarray(score, dtype=float)
    if len(score) != n:
        raise DataError(f"{len(score)} scores for {words.count(n, 'customer')}. Give each a score.")
    if not np.isfinite(score).all():
        raise DataError(
            f"{words.count(int((~np.isfinite(score)).sum()), 'customer')} without a score. Give each a score."
        )
    return score


def _small(what: str, treated: np.ndarray) -> Withheld | None:
    sizes = int(treated.sum()), int((~treated).sum())
    if min(sizes) >= MIN_FOR_MODEL:
        return None
    return Withheld(
        what, f"It needs {MIN_FOR_MODEL} customers in each group; treated are {sizes[0]}, held out {sizes[1]}.", _GAIN
    )


def _enough(features: pd.DataFrame, outcome, treated) -> tuple[np.ndarray, np.ndarray, Withheld | None]:
    outcome, treated = checked(outcome, treated)
    if len(features) != len(outcome):
        raise DataError(
            f"Features of {words.count(len(features), 'customer')} for {len(outcome)} outcomes. Take them from "
            "one table."
        )
    what = "The effect by customer"
    refusal = _small(what, treated)
    if refusal is None:
        kinds = [outcome > 0, outcome == 0] if np.isin(outcome, (0, 1)).all() else [outcome != 0]
        least = min(int((kind & group).sum()) for kind in kinds for group in (treated, ~treated))
        if least < MIN_OUTCOMES:
            refusal = Withheld(
                what,
                f"It learns from what customers did: it needs {MIN_OUTCOMES} of each kind in each group, and "
                f"the fewest are {least}.",
                _GAIN,
            )
    return outcome, treated, refusal
