"""How well a score ranks: the chance that who came stands above who did not."""

from __future__ import annotations

import numpy as np
from scipy import special
from scipy.stats import rankdata

from helpers.errors import DataError
from helpers.stats.intervals import Estimate


def auc(score, came) -> float:
    """Area under the curve: of 100 pairs of one who came and one who did not, how many the score puts the right way round.

    Parameters
    ----------
    score : array-like of float, shape (n,)
        Higher means more likely to come. Ties count half.
    came : array-like of bool, shape (n,)

    Returns
    -------
    float
        0.5 is a coin; missing (NaN) where everybody came, or nobody.

    References
    ----------
    Hanley, McNeil (1982), Radiology 143, 29-36.
    """
    score, came = _checked(score, came)
    m, n = int(came.sum()), int((~came).sum())
    if not m or not n:
        return float("nan")
    ranks = rankdata(score)
    return float((ranks[came].sum() - m * (m + 1) / 2) / (m * n))


def auc_difference(first, second, came, *, level: float = 0.95) -> Estimate:
    """AUC of the first score less that of the second, on the same customers, with DeLong's interval.

    References
    ----------
    DeLong, DeLong, Clarke-Pearson (1988), Biometrics 44, 837-845; worked out by ranks as in Sun, Xu (2014),
    IEEE Signal Processing Letters 21, 1389-1393.
    """
    parts = []
    for score in (first, second):
        score, hit = _checked(score, came)
        m, n = int(hit.sum()), int((~hit).sum())
        if m < 2 or n < 2:
            return Estimate(np.nan, np.nan, np.nan, level)
        ranks = rankdata(score)
        among_hits = (ranks[hit] - rankdata(score[hit])) / n
        among_others = 1 - (ranks[~hit] - rankdata(score[~hit])) / m
        parts.append((among_hits, among_others))
    (hits_1, others_1), (hits_2, others_2) = parts
    value = float(hits_1.mean() - hits_2.mean())
    variance = (hits_1 - hits_2).var(ddof=1) / len(hits_1) + (others_1 - others_2).var(ddof=1) / len(others_1)
    half = float(special.ndtri(0.5 + level / 2) * np.sqrt(variance))
    return Estimate(value, value - half, value + half, level)


def _checked(score, came) -> tuple[np.ndarray, np.ndarray]:
    """Both as arrays of one length, without gaps."""
    score, came = np.asarray(score, dtype=float), np.asarray(came, dtype=bool)
    if score.shape != came.shape or score.ndim != 1:
        raise DataError(f"{score.size} scores and {came.size} outcomes do not belong together. Take both from one table.")
    if np.isnan(score).any():
        raise DataError(f"{int(np.isnan(score).sum())} scores are missing. Leave those customers out, or give them a score.")
    return score, came
