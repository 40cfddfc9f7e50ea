"""The loyalty programme: a grade by the year's spend, points that many never use, and what the benefits cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import responses

TIERS = ("classic", "silver", "gold", "platinum")
BENEFITS_FEN = (0, 2_000, 6_000, 18_000)
"""What the benefits of a grade cost in a year when they are used to the full: parking, gifts, checks at home."""
POINT_COST = 0.01
"""Yuan that a point costs when it is redeemed. One yuan spent earns one point."""
NEVER_REDEEMS = 0.45


def programme(history, place: np.ndarray) -> dict[str, np.ndarray | pd.arrays.IntegerArray]:
    """The columns `tier`, `points` and `benefit_cost_minor` of some people, on the last day lived."""
    lines = history.life.lines
    kept = lines[~lines["cancelled"] & (lines["amount_fen"] > 0)]
    year, two_years = (_spend(kept, history, days) for days in (365, 730))
    grade = np.searchsorted(np.array(responses.GRADES_FEN), year, side="right")
    u = history.dice.table("loyalty", 0, len(history.crowd), ["redeems", "share", "uses"])
    redeemed = np.where(u["redeems"] < NEVER_REDEEMS, 0.0, 0.2 + 0.8 * u["share"])
    earned = two_years // 100
    spent = np.floor(earned * redeemed).astype(np.int64)
    cost = np.round(0.5 * 100 * POINT_COST * spent + np.array(BENEFITS_FEN)[grade] * (0.3 + 0.7 * u["uses"])).astype(np.int64)
    return {
        "tier": np.array(TIERS)[grade][place],
        "points": pd.array((earned - spent)[place], dtype="Int64"),
        "benefit_cost_minor": pd.array(cost[place], dtype="Int64"),
    }


def _spend(kept: pd.DataFrame, history, days: int) -> np.ndarray:
    """What everybody spent in the last so many days, in fen."""
    recent = kept[kept["day"] > history.last_day - days]
    spend = np.zeros(len(history.crowd), dtype=np.int64)
    np.add.at(spend, recent["person"].to_numpy(), recent["amount_fen"].to_numpy())
    return spend
