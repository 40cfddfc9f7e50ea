"""Journeys of people who look around: which touchpoints they met before they ordered, or did not.

Drawn from a chain whose chances are written here, so what each touchpoint is
worth can be worked out exactly from them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import text
from helpers.simulate.dice import pick
from helpers.simulate.tables import History

FROM, DAYS = shop.day_number("2025-06-18"), 330
JOURNEYS = 1500
LARGEST = 10
STEPS = 12
TOUCHPOINTS = ("market_activities", "sms", "email", "hotline", "salespeople", "sales_channel")
START = np.array([0.46, 0.10, 0.10, 0.12, 0.08, 0.14])
# From each touchpoint (row) to each touchpoint, to an order, and to nothing. Talking to somebody sells;
# the text message comes late and often, and adds little.
NEXT = np.array(
    [
        [0.06, 0.14, 0.10, 0.08, 0.12, 0.14, 0.01, 0.35],
        [0.02, 0.08, 0.04, 0.05, 0.06, 0.20, 0.04, 0.51],
        [0.02, 0.14, 0.04, 0.06, 0.06, 0.16, 0.02, 0.50],
        [0.01, 0.05, 0.03, 0.05, 0.34, 0.16, 0.06, 0.30],
        [0.01, 0.10, 0.03, 0.04, 0.05, 0.22, 0.35, 0.20],
        [0.03, 0.08, 0.03, 0.06, 0.12, 0.06, 0.18, 0.44],
    ]
)
ORDER, NOTHING = len(TOUCHPOINTS), len(TOUCHPOINTS) + 1


def journeys(history: History) -> pd.DataFrame:
    """The public table: one row a step, in time order, with how the journey ended."""
    number = round(JOURNEYS * min(history.size, LARGEST))
    columns = ["day", "minute", *(f"{what}{step}" for step in range(STEPS) for what in ("next", "wait"))]
    u = history.dice.table("journeys", 0, number, columns)
    day = FROM + np.floor(DAYS * u["day"]).astype(int)
    at = pick(u["next0"], START)
    minute = 540 + np.floor(700 * u["minute"]).astype(int)
    parts = []
    ordered = np.zeros(number, dtype=bool)
    going = np.ones(number, dtype=bool)
    for step in range(STEPS):
        here = np.flatnonzero(going)
        parts.append(pd.DataFrame({"journey": here, "step": step, "day": day[here], "minute": minute[here], "at": at[here]}))
        if step + 1 == STEPS:
            break
        to = pick(u[f"next{step + 1}"][here], NEXT[at[here]])
        ordered[here[to == ORDER]] = True
        going[here[to >= ORDER]] = False
        at[here] = np.minimum(to, ORDER - 1)
        day[here] += 1 + np.floor(3 * u[f"wait{step + 1}"][here]).astype(int)
    steps = pd.concat(parts, ignore_index=True)
    late = steps.loc[steps["day"] > history.last_day, "journey"].unique()
    steps = steps[~steps["journey"].isin(late)].sort_values(["journey", "step"], ignore_index=True)
    digits = max(4, len(str(number)))
    return pd.DataFrame(
        {
            "journey_id": [f"J{value + 1:0{digits}d}" for value in steps["journey"]],
            "at": text.moments(steps["day"], steps["minute"]),
            "touchpoint": np.array(TOUCHPOINTS, dtype=object)[steps["at"]],
            "ordered": ordered[steps["journey"]],
        }
    )


def truth_of_journeys(history: History) -> pd.DataFrame:
    """The chances behind the journeys: from each touchpoint (or the start) to each, to an order, to nothing."""
    rows = [("start", name, chance) for name, chance in zip(TOUCHPOINTS, START, strict=True)]
    ends = (*TOUCHPOINTS, "order", "nothing")
    rows += [
        (name, to, chance)
        for name, chances in zip(TOUCHPOINTS, NEXT, strict=True)
        for to, chance in zip(ends, chances, strict=True)
    ]
    return pd.DataFrame(rows, columns=["from", "to", "chance"])
