"""Which score tells best who will come of themselves: marked on a window that the score has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from helpers.dormancy import rhythm as habits
from helpers.dormancy.states import Snapshot, snapshot
from helpers.stats import btyd
from helpers.stats.intervals import Estimate
from helpers.stats.ranks import auc, auc_difference
from helpers.withheld import Withheld

PLAIN, RELATIVE, EXPECTED, ALIVE, ALIVE_BG = (
    "days since the last order",
    "silence over own rhythm",
    "expected purchases (MBG/NBD)",
    "P(alive), MBG/NBD",
    "P(alive), BG/NBD",
)
LEAST_OUTCOMES = 50
"""Customers who came, and who did not, below which scores are not compared."""


@dataclass(frozen=True)
class Ranking:
    """How well each score ranked, and which one the report uses.

    Attributes
    ----------
    table : DataFrame
        `score`, `auc`, and against the days since the last order `difference`, `low`, `high`; the best first.
    chosen : str
        `PLAIN`, unless another score had beaten it on an earlier, shorter window.
    against_plain : Estimate
        AUC of the chosen score less that of the days since the last order, on the last window.
    customers, came, once : int
        Customers known at the snapshot, who came after it, and who had one order day.
    alive_once, came_once : float
        Mean P(alive) by BG/NBD of those with one order day, and the share of them who came; missing without a fit.
    on : date
    window_days : int
    """

    table: pd.DataFrame
    chosen: str
    against_plain: Estimate
    customers: int
    came: int
    once: int
    alive_once: float
    came_once: float
    on: date
    window_days: int


def scores(past: Snapshot) -> dict[str, np.ndarray]:
    """Each score of everybody at a snapshot, higher for those who should come; models that cannot be fitted are left out."""
    customers = past.customers
    found = {PLAIN: -customers["silent_days"].to_numpy(dtype=float), RELATIVE: -customers["relative_gap"].to_numpy()}
    x = customers["order_days"].to_numpy(dtype=np.int64) - 1
    t_x = (customers["last_on"] - customers["first_on"]).to_numpy(dtype=np.int64)
    age = habits._number(past.on) - customers["first_on"].to_numpy(dtype=np.int64)
    histories = btyd.group(x, t_x, age)
    mbg = btyd.fit(btyd.MbgNbd, histories)
    if isinstance(mbg, btyd.Fit) and mbg.usable:
        found[EXPECTED] = np.asarray(mbg.model.conditional(x, t_x, age, float(past.window_days)))
        found[ALIVE] = np.asarray(mbg.model.p_alive(x, t_x, age))
    bg = btyd.fit(btyd.BgNbd, histories)
    if isinstance(bg, btyd.Fit) and bg.usable:
        found[ALIVE_BG] = np.asarray(bg.model.p_alive(x, t_x, age))
    return {name: values for name, values in found.items() if np.isfinite(values).all()}


def compare(days: pd.DataFrame, *, as_of: date, window_days: int = 90, two_clocks: bool = True) -> Ranking | Withheld:
    """Rank everybody on a day in the past by each score, and see who came.

    Parameters
    ----------
    days : DataFrame
        From `rhythm.visits`, up to `as_of`.
    as_of : date
    window_days : int
        The window that marks the scores. The choice is made on half such a window before it.
    two_clocks : bool

    Returns
    -------
    Ranking or Withheld
        Withheld where fewer than `LEAST_OUTCOMES` came, or stayed away.
    """
    past = snapshot(days, as_of=as_of, window_days=window_days, two_clocks=two_clocks)
    if isinstance(past, Withheld):
        return Withheld("Which score ranks best", past.reason, past.gain)
    came = past.customers["came"].to_numpy()
    if min(came.sum(), (~came).sum()) < LEAST_OUTCOMES:
        return Withheld(
            "Which score ranks best",
            f"Of {len(came):,} customers {int(came.sum()):,} ordered in the last {window_days} days; to mark a score, "
            f"{LEAST_OUTCOMES} must have come and {LEAST_OUTCOMES} stayed away.",
            "Until then days since the last order are the plain rule.",
        )
    by_score = scores(past)
    chosen = _choice(days, past, window_days=window_days, two_clocks=two_clocks, known=set(by_score))
    rows = []
    for name, values in by_score.items():
        gap = auc_difference(values, by_score[PLAIN], came)
        rows.append((name, auc(values, came), gap.value, gap.low, gap.high))
    table = pd.DataFrame(rows, columns=["score", "auc", "difference", "low", "high"])
    once = past.customers["order_days"].to_numpy() == 1
    alive = by_score.get(ALIVE_BG)
    return Ranking(
        table.sort_values("auc", ascending=False, kind="stable", ignore_index=True),
        chosen,
        auc_difference(by_score[chosen], by_score[PLAIN], came),
        len(came),
        int(came.sum()),
        int(once.sum()),
        float(alive[once].mean()) if alive is not None and once.any() else np.nan,
        float(came[once].mean()) if once.any() else np.nan,
        past.on,
        window_days,
    )


def _choice(days: pd.DataFrame, past: Snapshot, *, window_days: int, two_clocks: bool, known: set[str]) -> str:
    """The score to use, found before the window that marks it: the plain rule unless another beat it."""
    before = days[days["day"].to_numpy() <= habits._number(past.on)]
    before = before.assign(customer_id=before["customer_id"].cat.remove_unused_categories())
    earlier = snapshot(before, as_of=past.on, window_days=max(window_days // 2, 1), two_clocks=two_clocks)
    if isinstance(earlier, Withheld):
        return PLAIN
    came = earlier.customers["came"].to_numpy()
    if min(came.sum(), (~came).sum()) < LEAST_OUTCOMES:
        return PLAIN
    found = scores(earlier)
    tried = [name for name in (PLAIN, RELATIVE, EXPECTED) if name in found and name in known]
    return max(tried, key=lambda name: auc(found[name], came))
