"""Which new line the brand can carry, and which would stretch it too far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from helpers.branding.reach import mean_of
from helpers.stats.intervals import holm, wilson
from helpers.withheld import Withheld

LEAST = 30
MIDDLE = 5.5
"""The middle of a scale from 1 to 10: below it more people say that it does not fit than that it does."""
GAIN = "Ask people in the market of each new line: how well does it fit us, 1 to 10, and would you buy it under our name?"


@dataclass(frozen=True)
class Stretch:
    """How new lines fit the brand.

    Attributes
    ----------
    table : DataFrame, one row a line, the best fit first
        `line`, `people`, `fit`, `low`, `high` (95%), `p_corrected` (Holm: below or above the middle), `would_buy`, `buy_low`, `buy_high`,
        `verdict` ("fits", "stretches", "open").
    """

    table: pd.DataFrame

    @property
    def too_far(self) -> list[str]:
        """Lines that do not fit, beyond chance; the worst first."""
        return self.table[self.table["verdict"] == "stretches"].sort_values("fit")["line"].tolist()


def stretch(rows: pd.DataFrame | None, sheets: pd.DataFrame | None, *, middle: float = MIDDLE) -> Stretch | Withheld:
    """Each line against the middle of the scale, in the last wave that asked.

    Parameters
    ----------
    rows : DataFrame
        `brand_stretch`.
    sheets : DataFrame
        `brand_survey`, for the waves.
    middle : float
        The grade above which a line fits.
    """
    what = "How far the brand stretches"
    if rows is None or sheets is None or rows.empty:
        return Withheld(what, "Nobody was asked about new lines.", GAIN)
    known = rows.merge(sheets[["answer_id", "wave"]], on="answer_id", validate="many_to_one")
    known = known[known["wave"] == known["wave"].max()].dropna(subset=["fit"]).drop_duplicates(["answer_id", "line"])
    made, p = [], []
    for line, part in known.groupby("line", sort=True):
        fit = part["fit"].astype(float)
        if len(fit) < LEAST:
            continue
        mean = mean_of(fit)
        error = fit.std(ddof=1) / np.sqrt(len(fit))
        p.append(float(2 * special.stdtr(len(fit) - 1, -abs(mean.value - middle) / error)) if error else 0.0)
        says = part["would_buy"].dropna().astype(bool) if "would_buy" in part else pd.Series(dtype=bool)
        buys = wilson(int(says.sum()), len(says))
        made.append((line, len(fit), mean.value, mean.low, mean.high, buys.value, buys.low, buys.high))
    if not made:
        return Withheld(what, f"No line was judged by {LEAST} people.", GAIN)
    table = pd.DataFrame(made, columns=["line", "people", "fit", "low", "high", "would_buy", "buy_low", "buy_high"])
    table["p_corrected"] = holm(p)
    sure = table["p_corrected"] < 0.05
    table["verdict"] = np.select([sure & (table["fit"] < middle), sure & (table["fit"] > middle)], ["stretches", "fits"], "open")
    return Stretch(table.sort_values(["fit", "line"], ascending=[False, True], ignore_index=True))
