"""What a name is worth in money, and what a guarantee costs and brings back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.errors import DataError
from helpers.stats.intervals import Estimate, difference_of_means
from helpers.withheld import Withheld

LEAST = 30
NO_NAME = "unbranded"
GAIN = "Show one product to people under a name drawn by lot (yours, a rival's, none), and ask for the most that they would pay."


@dataclass(frozen=True)
class Premium:
    """What people would pay for the same product under each name, drawn by lot.

    Attributes
    ----------
    table : DataFrame, one row a label, the dearest first
        `label`, `people`, `typical_minor` (geometric mean), `premium`, `low`, `high` (share above the product without a name; missing for it).
    own : str
    not_for_money : int
        People who would pay nothing; they are counted and left out of the typical price.
    """

    table: pd.DataFrame
    own: str
    not_for_money: int

    def of(self, label: str) -> pd.Series:
        """The row of a label."""
        return self.table[self.table["label"] == label].iloc[0]


def premium(sheets: pd.DataFrame | None, *, own: str, waves: list[str] | None = None) -> Premium | Withheld:
    """What a name adds to the price that people would pay: a comparison by lot.

    Prices are compared as ratios (means of logarithms, Welch's interval), so that one very large answer does not decide.

    Parameters
    ----------
    sheets : DataFrame
        `brand_survey`, with `label` and `would_pay_minor`.
    own : str
        The own brand, as a label has it.
    waves : list of str, optional
        These waves alone; else all of them.
    """
    what = "What the name is worth"
    if sheets is None or not {"label", "would_pay_minor"} <= set(sheets):
        return Withheld(what, "Nobody was asked what they would pay under a name drawn by lot.", GAIN)
    rows = sheets.dropna(subset=["would_pay_minor", "label"])
    rows = rows[(rows["label"] != "") & (rows["wave"].isin(waves) if waves else True)]
    pays = rows[rows["would_pay_minor"] > 0]
    sizes = pays["label"].value_counts()
    if sizes.get(own, 0) < LEAST or sizes.get(NO_NAME, 0) < LEAST:
        return Withheld(what, f"{sizes.get(own, 0)} people saw the own name and {sizes.get(NO_NAME, 0)} none; {LEAST} of each are needed.", GAIN)
    logs = {label: np.log(part["would_pay_minor"].astype(float)) for label, part in pays.groupby("label") if len(part) >= LEAST}
    table = []
    for label, values in logs.items():
        gap = difference_of_means(values, logs[NO_NAME]) if label != NO_NAME else Estimate(np.nan, np.nan, np.nan)
        ends = [float(np.expm1(value)) for value in (gap.value, gap.low, gap.high)]
        table.append((label, len(values), round(float(np.exp(values.mean()))), *ends))
    frame = pd.DataFrame(table, columns=["label", "people", "typical_minor", "premium", "low", "high"])
    return Premium(frame.sort_values(["typical_minor", "label"], ascending=[False, True], ignore_index=True), own, len(rows) - len(pays))


@dataclass(frozen=True)
class Guarantee:
    """What a guarantee costs and brings, of 100 buyers; money in the main unit.

    Attributes
    ----------
    claims, costs : float
        Claims of 100 buyers, and what they cost together.
    stay_longer, brings : float
        Buyers of 100 who come back because of it, and what that leaves.
    break_even : float
        Claims of 100 at which it costs what it brings.
    """

    claims: float
    costs: float
    stay_longer: float
    brings: float
    break_even: float

    @property
    def left(self) -> float:
        """What 100 buyers leave more, or less."""
        return self.brings - self.costs


def guarantee(*, claims: float, cost: float, stay_longer: float, margin: float) -> Guarantee:
    """Whether a guarantee pays.

    Parameters
    ----------
    claims : float
        Of 100 buyers, how many make a claim.
    cost : float
        What one claim costs the firm.
    stay_longer : float
        Of 100 buyers, how many more buy again because of the guarantee. An assumption until it is tested.
    margin : float
        What one of them leaves.
    """
    if cost <= 0 or min(claims, stay_longer, margin) < 0:
        raise DataError("A claim must cost something, and the other numbers are zero or more.")
    brings = stay_longer * margin
    return Guarantee(claims, claims * cost, stay_longer, brings, brings / cost)
