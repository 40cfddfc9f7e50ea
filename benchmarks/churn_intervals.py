"""How often do the intervals of lessons 07a and 07b hold the truth?

    python benchmarks/churn_intervals.py [--runs 1000] [--seed 20260712]

Contracts whose risk is known are drawn, with ends at any age and a step at the first renewal, and read by the functions of the reports:
the yearly rate, the rate ratio at the same ages (true value 1), what an offer saved, and the gap between what it saved of two groups.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
AS_OF, FIRST = date(2026, 6, 17), date(2023, 6, 1)
MONTHLY, RENEWAL = 0.008, 0.25
SIZES = (300, 1000, 3000)
NEAR, AWAY = (0.30, 0.12), (0.50, 0.52)
"""Chance of leaving without and with an offer, of the two groups."""


def contracts(n: int, lot: np.random.Generator):
    """Contracts begun evenly over five years, those over before the records began left out; and the true rate of a year from the ages a year ago."""
    from helpers.churn.windows import Contracts

    start = np.array([np.datetime64(AS_OF) - np.timedelta64(int(day), "D") for day in lot.integers(1, 1826, n)])
    months = lot.geometric(MONTHLY, n) - lot.random(n)
    renewal = (lot.random(n) < RENEWAL) & (months > 12)
    months = np.where(renewal, 12.0, months)
    end = start + (months * 365.25 / 12).round().astype("timedelta64[D]")
    seen = end > np.datetime64(FIRST)
    frame = pd.DataFrame({"contract_id": [f"K{k}" for k in range(n)], "customer_id": [f"C{k}" for k in range(n)], "started_on": start, "ended_on": end})[seen]
    ran = (frame["started_on"] <= pd.Timestamp(AS_OF) - pd.Timedelta(days=365)) & (frame["ended_on"] > pd.Timestamp(AS_OF) - pd.Timedelta(days=365))
    age = (pd.Timestamp(AS_OF) - pd.Timedelta(days=365) - frame.loc[ran, "started_on"]).dt.days * 12 / 365.25
    stays = (1 - MONTHLY) ** 12 * np.where(age < 12, 1 - RENEWAL, 1.0)
    frame["ended_on"] = frame["ended_on"].where(frame["ended_on"] <= pd.Timestamp(AS_OF))
    return Contracts(frame.reset_index(drop=True)), float(1 - stays.mean())


def of_rates(n: int, runs: int, lot: np.random.Generator) -> tuple[float, float]:
    """Shares of runs in which the yearly rate, and the ratio at the same ages, hold the truth."""
    from helpers.churn import nodes, survival, windows
    from helpers.withheld import Withheld

    held, asked = np.zeros(2), np.zeros(2)
    for _ in range(runs):
        table, truth = contracts(n, lot)
        churn = windows.contract_churn(table, as_of=AS_OF, watched_from=FIRST)
        ratio = nodes.same_age(survival.contract_lives(table, as_of=AS_OF, watched_from=FIRST), as_of=AS_OF)
        if not isinstance(churn, Withheld):
            asked[0] += 1
            held[0] += churn.rate.low <= truth <= churn.rate.high
        if not isinstance(ratio, Withheld):
            asked[1] += 1
            held[1] += ratio.low <= 1 <= ratio.high
    return tuple(held / np.maximum(asked, 1))


def of_offers(n: int, runs: int, lot: np.random.Generator) -> tuple[float, float, float]:
    """Shares of runs in which what an offer saved of either group, and the gap between the groups, hold the truth."""
    from helpers.churn import saving

    held = np.zeros(3)
    for _ in range(runs):
        away = lot.random(n) < 0.45
        called = lot.random(n) < 0.5
        chance = np.where(away, np.where(called, AWAY[1], AWAY[0]), np.where(called, NEAR[1], NEAR[0]))
        people = pd.DataFrame(
            {
                "customer_id": np.arange(n).astype(str),
                "arm": np.where(called, "call", saving.HOLD_OUT),
                "left": lot.random(n) < chance,
                "cost_minor": 0,
                "group": np.where(away, saving.FAR, saving.NEAR),
            }
        )
        result = saving.judge(saving.Trial(people, "", "", 90, {}))
        for place, (group, truth) in enumerate(((saving.NEAR, NEAR[0] - NEAR[1]), (saving.FAR, AWAY[0] - AWAY[1]))):
            row = result.of("call", group)
            held[place] += row["low"] <= truth <= row["high"]
        gap = result.apart.iloc[0]
        held[2] += gap["low"] <= NEAR[0] - NEAR[1] - AWAY[0] + AWAY[1] <= gap["high"]
    return tuple(held / runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20260712)
    parser.add_argument("--dry", action="store_true", help="print, and write nothing")
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from record import record, table

    lot = np.random.default_rng(chosen.seed)
    rows = []
    for n in SIZES:
        found = (*of_rates(n, chosen.runs, lot), *of_offers(n, chosen.runs, lot))
        rows.append((f"{n:,}", *(f"{share:.1%}" for share in found)))
        print(*rows[-1], sep="  ", flush=True)
    chance = 1.96 * np.sqrt(0.95 * 0.05 / chosen.runs)
    if not chosen.dry:
        record(
            "Intervals of lessons 07a and 07b",
            f"How often a 95% interval holds the truth, in {chosen.runs:,} runs each; a perfect one gives {0.95 - chance:.1%} to {0.95 + chance:.1%} in 95 of 100 such counts. "
            f"Contracts end with {MONTHLY:.1%} a month and {RENEWAL:.0%} at the first renewal. An offer takes leaving from {NEAR[0]:.0%} to {NEAR[1]:.0%} of those near, and leaves it at about {AWAY[0]:.0%} of "
            "those away. The yearly rate is asked of contracts whose true risk depends on their age: its interval, made for one rate, is a little too wide.\n\n"
            + table(("contracts or customers", "yearly rate", "ratio at the same ages", "saved, near", "saved, away", "gap of the groups"), rows),
        )


if __name__ == "__main__":
    main()
