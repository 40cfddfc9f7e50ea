"""The recommendation score: promoters less detractors, with its own standard error and the whole distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from helpers.errors import DataError
from helpers.stats.intervals import Estimate
from helpers.withheld import Withheld, passes_on_withheld

LEAST = 30
"""Fewer answers give no score: its interval would be wider than most differences between firms."""
PROMOTER_FROM, DETRACTOR_TO = 9, 6


@dataclass(frozen=True)
class Score:
    """The recommendation score of some answers.

    Attributes
    ----------
    counts : Series of int, index 0 to 10
        Answers with each grade: the whole distribution.
    left_open : int
        Sheets without an answer to this question.
    """

    counts: pd.Series
    left_open: int = 0

    @property
    def n(self) -> int:
        """Answers."""
        return int(self.counts.sum())

    @property
    def promoters(self) -> float:
        """Share with 9 or 10."""
        return float(self.counts[self.counts.index >= PROMOTER_FROM].sum() / self.n)

    @property
    def detractors(self) -> float:
        """Share with 0 to 6."""
        return float(self.counts[self.counts.index <= DETRACTOR_TO].sum() / self.n)

    @property
    def value(self) -> float:
        """Promoters less detractors, of 100: from -100 to 100."""
        return 100 * (self.promoters - self.detractors)

    @property
    def error(self) -> float:
        """Standard error of the score."""
        return standard_error(self.promoters, self.detractors, self.n)

    @property
    def estimate(self) -> Estimate:
        """The score with its 95% interval."""
        half = special.ndtri(0.975) * self.error
        return Estimate(self.value, max(self.value - half, -100.0), min(self.value + half, 100.0))


def standard_error(promoters: float, detractors: float, n: int) -> float:
    """Standard error of a recommendation score, of 100.

    Each answer counts +1, 0 or -1, so its variance is p + d - (p - d)**2.

    Parameters
    ----------
    promoters, detractors : float
        Shares of 1.
    n : int

    References
    ----------
    Rocks (2016), Interval Estimation for the "Net Promoter Score", The American Statistician 70, 365-372 (the Wald interval).
    """
    return float(100 * np.sqrt((promoters + detractors - (promoters - detractors) ** 2) / n))


def score(sheets: pd.DataFrame | None, *, wave: str = "") -> Score | Withheld:
    """The score of one wave.

    Parameters
    ----------
    sheets : DataFrame
        `brand_survey`; those asked about recommending are the customers.
    wave : str
        Empty: the last one in which anybody answered.

    Raises
    ------
    DataError
        If a grade lies outside 0 to 10.
    """
    what, gain = "The recommendation score", "One question to at least 30 customers would give it: how likely are you to recommend us, 0 to 10?"
    if sheets is None or "recommendation" not in sheets or not sheets["recommendation"].notna().any():
        return Withheld(what, "The data hold no answers to the question of recommending.", gain)
    wave = wave or str(sheets.loc[sheets["recommendation"].notna(), "wave"].max())
    rows = sheets[(sheets["wave"] == wave)]
    if "sample" in rows:
        rows = rows[rows["sample"] == "customers"]
    return of_grades(rows["recommendation"], what=what, gain=gain)


def of_grades(grades, *, what: str = "The recommendation score", gain: str = "") -> Score | Withheld:
    """The score of a column of grades from 0 to 10; empty cells are counted and left out."""
    grades = pd.Series(grades)
    said = grades.dropna().astype(float)
    strange = said[(said < 0) | (said > 10) | (said % 1 != 0)]
    if len(strange):
        raise DataError(
            f"{len(strange)} of {len(said)} grades are no whole number from 0 to 10; the first is {strange.iloc[0]:g}. "
            "Correct them: a scale of 1 to 5 is another question, and cannot be turned into this one."
        )
    if len(said) < LEAST:
        return Withheld(what, f"Only {len(said)} people answered; {LEAST} are needed.", gain)
    counts = said.astype(int).value_counts().reindex(range(11), fill_value=0).sort_index()
    return Score(counts, int(grades.isna().sum()))


@passes_on_withheld
def difference(now: Score, before: Score) -> tuple[Estimate, float]:
    """The later score less the earlier one, with its 95% interval and the p-value of no change."""
    error = float(np.hypot(now.error, before.error))
    value = now.value - before.value
    half = special.ndtri(0.975) * error
    p = 1.0 if error == 0 and value == 0 else float(2 * special.ndtr(-abs(value) / error)) if error else 0.0
    return Estimate(value, value - half, value + half), p
