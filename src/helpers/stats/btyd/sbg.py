"""Shifted beta-geometric: at each renewal a customer leaves with a chance that is the customer's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy import special

from helpers import words
from helpers.errors import DataError
from helpers.stats.btyd.fitting import Fit, maximise
from helpers.withheld import Withheld

MIN_CUSTOMERS = 50
MIN_RENEWALS = 2  # two parameters need two rates at least


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """The shifted beta-geometric model of renewals.

    Attributes
    ----------
    alpha, beta : float
        Beta distribution of the chance to leave at a renewal. Loyalty seems to
        grow with age because those who leave easily leave first.

    References
    ----------
    Fader and Hardie (2007), Journal of Interactive Marketing 21, 76-90.
    """

    alpha: float
    beta: float

    title: ClassVar[str] = "The shifted beta-geometric model"
    names: ClassVar[tuple[str, ...]] = ("alpha", "beta")
    says: ClassVar[dict[tuple[str, str], str]] = {
        ("alpha", "low"): "a part of the customers never leaves",
        ("alpha", "high"): "customers hardly differ: the same share leaves at each renewal",
        ("beta", "low"): "a part of the customers leaves at the first renewal",
        ("beta", "high"): "customers hardly differ: the same share leaves at each renewal",
    }

    @property
    def parameters(self) -> pd.Series:
        """The parameters by name."""
        return pd.Series([self.alpha, self.beta], index=self.names)

    def survival(self, renewals):
        """Share of a cohort that is still there after so many renewals; 1 after none."""
        renewals = np.asarray(renewals, dtype=float)
        return np.exp(special.betaln(self.alpha, self.beta + renewals) - special.betaln(self.alpha, self.beta))[()]

    def retention(self, renewal):
        """Share of those who are up for the n-th renewal (1, 2, ...) that renew."""
        before = np.asarray(renewal, dtype=float) - 1
        return ((self.beta + before) / (self.alpha + self.beta + before))[()]

    def expected_renewals(self, after: int, horizon: int, *, discount: float = 0.0) -> float:
        """Renewals to be expected of a customer who renewed `after` times and is there, discounted.

        Parameters
        ----------
        after : int
            Renewals so far; 0 for a new customer.
        horizon : int
            How many renewals ahead are counted.
        discount : float, default 0.0
            A period; the next renewal lies one period ahead.
        """
        ahead = np.arange(1, horizon + 1)
        alive = self.survival(after + ahead) / self.survival(after)
        return float((alive / (1 + discount) ** ahead).sum())


def fit_renewals(cohorts: Sequence[Sequence[int]]) -> Fit | Withheld:
    """Estimate the shifted beta-geometric model by maximum likelihood.

    Parameters
    ----------
    cohorts : sequence of sequences of int
        For each cohort how many were there at the start, after the first renewal, and so on;
        cohorts may be of different ages.

    Returns
    -------
    Fit or Withheld
        Withheld below `MIN_CUSTOMERS` customers, with fewer than `MIN_RENEWALS` renewals
        in the oldest cohort, and where nobody left.

    Raises
    ------
    DataError
        If a cohort grows, or a count is negative or no whole number.
    """
    lost, kept = _losses(cohorts)
    customers = int(lost.sum() + kept.sum())
    title = ShiftedBetaGeometric.title
    gain = "The share that renewed so far is a fact and needs no model."
    if customers < MIN_CUSTOMERS:
        return Withheld(title, f"It needs {MIN_CUSTOMERS} customers, and there are {customers}.", gain)
    if len(lost) < MIN_RENEWALS:
        return Withheld(
            title,
            f"It needs {MIN_RENEWALS} renewals of a cohort, and there {'is' if len(lost) == 1 else 'are'} {len(lost)}.",
            gain,
        )
    if not lost.sum():
        return Withheld(title, "Nobody has left yet, so how leaving goes on cannot be seen.", gain)
    before = np.arange(len(lost), dtype=float)  # renewals before the one at which somebody left
    stayed = np.arange(len(kept), dtype=float)

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        a, b = np.exp(theta)
        # Leaving at renewal t: B(a+1, b+t-1)/B(a, b); staying over t renewals: B(a, b+t)/B(a, b).
        value = (
            lost @ special.betaln(a + 1, b + before)
            + kept @ special.betaln(a, b + stayed)
            - customers * special.betaln(a, b)
        )
        all_of = special.digamma(a + b)
        by_a = (
            lost @ (special.digamma(a + 1) - special.digamma(a + b + 1 + before))
            + kept @ (special.digamma(a) - special.digamma(a + b + stayed))
            - customers * (special.digamma(a) - all_of)
        )
        by_b = (
            lost @ (special.digamma(b + before) - special.digamma(a + b + 1 + before))
            + kept @ (special.digamma(b + stayed) - special.digamma(a + b + stayed))
            - customers * (special.digamma(b) - all_of)
        )
        return float(value), np.array([by_a * a, by_b * b])

    found = maximise(objective, 2, customers)
    model = ShiftedBetaGeometric(*map(float, np.exp(found.theta)))
    return Fit(
        model,
        found.value,
        customers,
        int((lost > 0).sum() + (kept > 0).sum()),
        found.verdict,
        found.notes(model.names, model.says),
        found.covariance,
    )


def _losses(cohorts: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """How many left at each renewal, and how many are still there after 0, 1, 2 ... renewals."""
    longest = max((len(there) for there in cohorts), default=1)
    lost, kept = np.zeros(max(longest - 1, 0)), np.zeros(max(longest, 1))
    for number, there in enumerate(cohorts, start=1):
        there = np.asarray(there, dtype=float)
        if not len(there) or not np.isfinite(there).all() or (there < 0).any() or (there != np.floor(there)).any():
            raise DataError(
                f"Cohort {number}: counts of customers must be whole numbers, 0 or more. Give counts, not shares."
            )
        gone = -np.diff(there)
        if (gone < 0).any():
            place = int(np.argmax(gone < 0)) + 1
            raise DataError(
                f"Cohort {number} grows at renewal {place}, from {words.number(there[place - 1])} to "
                f"{words.number(there[place])}. "
                "A cohort takes nobody in after its start: put returners and newcomers into one of their own."
            )
        lost[: len(gone)] += gone
        kept[len(there) - 1] += there[-1]
    return lost, kept
