"""Was it worth it? A campaign judged by those whom a lot left alone (营销活动的评估): repeat, fix or stop."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.plan.evidence import Evidence
from helpers.plan.moves import arms
from helpers.withheld import Withheld, passes_on_withheld

REPEAT, FIX, STOP = "repeat", "fix", "stop"


@dataclass(frozen=True)
class Judged:
    """What campaigns have caused.

    Attributes
    ----------
    table : DataFrame
        One row a way of asking: `campaign`, `way`, `asked`, `came` (share), `came_anyway` (share of the hold-out),
        `caused`, `caused_low`, `caused_high`, `cost_minor`, `left_minor`, `left_low_minor`, `left_high_minor`
        (margin for each one asked, after the contacts), `verdict`.
    """

    table: pd.DataFrame

    def of(self, verdict: str) -> list[str]:
        """The ways with a verdict."""
        return self.table.loc[self.table["verdict"] == verdict, "way"].tolist()


@passes_on_withheld
def judge(evidence: Evidence) -> Judged | Withheld:
    """The campaigns that the reports measured, each way of asking with its verdict.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Judged, or Withheld where no campaign left anybody alone by lot
    """
    base = evidence.value("04", "came_anyway")
    made = []
    for way in arms(evidence):
        caused = evidence.values("04", f"woken_{way}", f"woken_{way}_low", f"woken_{way}_high", f"asked_{way}", f"cost_{way}_minor")
        if caused is None or base is None:
            continue
        effect, low, high, asked, cost = caused
        left = evidence.values("04", f"left_{way}_minor", f"left_{way}_low_minor", f"left_{way}_high_minor") or (None, None, None)
        made.append(("waking", way, asked, base + effect, base, effect, low, high, cost, *left, verdict(low, *left)))
    if not made:
        return Withheld(
            "What campaigns have caused",
            "No report has a campaign in which a lot left some customers alone.",
            "Leave a part of the next list alone by lot: a quarter later this page says what it caused.",
        )
    columns = ["campaign", "way", "asked", "came", "came_anyway", "caused", "caused_low", "caused_high", "cost_minor",
               "left_minor", "left_low_minor", "left_high_minor", "verdict"]  # fmt: skip
    money = ["left_minor", "left_low_minor", "left_high_minor"]
    return Judged(pd.DataFrame(made, columns=columns).astype(dict.fromkeys(money, "Int64")))


def verdict(caused_low: float, left: float | None, left_low: float | None, left_high: float | None) -> str:
    """Repeat what works and brings more than it costs; stop what costs more beyond chance; fix the rest and try it again by lot.

    >>> verdict(0.07, 1590, -870, 4051), verdict(-0.03, -1756, -3472, -40), verdict(-0.02, 1482, -991, 3955)
    ('repeat', 'stop', 'fix')
    """
    if left_high is not None and left_high < 0:
        return STOP
    if left_low is not None and left_low > 0:
        return REPEAT
    return REPEAT if caused_low > 0 and (left is None or left > 0) else FIX


def naive_cost_minor(row: pd.Series) -> float:
    """What one who came seems to have cost, if all who came were due to the campaign; minor units."""
    return float(row["cost_minor"] / (row["asked"] * row["came"]))


def cost_of_one_more_minor(row: pd.Series) -> float:
    """What one customer cost who came because of the campaign; minor units, infinite where it caused nothing."""
    more = row["asked"] * row["caused"]
    return float(row["cost_minor"] / more) if more > 0 else float("inf")
