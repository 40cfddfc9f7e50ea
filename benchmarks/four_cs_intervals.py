"""How often do the intervals of lesson 02 hold the truth?

    python benchmarks/four_cs_intervals.py [--runs 1000] [--jobs 2]

People are drawn from a population of 200,000 that answers as the simulated
company's customers do, slips apart. The truth is the same measure on all of them.
The result goes into benchmarks/RESULTS.md, with the tolerance that the number of
runs allows.
"""

from __future__ import annotations

import argparse
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
PEOPLE = 200_000
SIZES = (100, 400)
FIRST_SEED = 9000


@lru_cache(maxsize=1)
def population():
    """What everybody thinks of prices, and the price offers."""
    from helpers.simulate import prices, stories
    from helpers.simulate.dice import Dice

    chosen = stories.choose(True)
    return prices.minds(Dice(77), range(PEOPLE), chosen, np.arange(PEOPLE)), prices.offers(chosen), prices.takes


def sheets(felt: pd.DataFrame):
    """Answers and offers of some people, as the tables of the contract."""
    ids = [f"a{at}" for at in range(len(felt))]
    _, offered, takes = population()
    answers = pd.DataFrame(
        {"answer_id": ids, "product_id": "p"}
        | {f"{name}_minor": pd.array(felt[name].to_numpy(), dtype="Int64") for name in ("too_cheap", "cheap", "expensive", "too_expensive")}
    )
    parts = [pd.DataFrame({"answer_id": ids, "price_minor": price, "would_buy": takes(felt, price)}) for price in offered.tolist()]
    return answers, pd.concat(parts, ignore_index=True)


@lru_cache(maxsize=1)
def truth() -> dict[str, float]:
    """The same measures on the whole population."""
    from helpers.four_cs import prices

    felt, offered, takes = population()
    grid = np.unique(felt[list(prices.CURVES)].to_numpy())
    share = {}
    for name in prices.CURVES:
        own = np.sort(felt[name].to_numpy())
        share[name] = np.searchsorted(own, grid, "right") / len(own) if "expensive" in name else 1 - np.searchsorted(own, grid, "left") / len(own)
    share["not_cheap"], share["not_expensive"] = 1 - share["cheap"], 1 - share["expensive"]
    found = {}
    for point, (falling, rising) in prices.CONVENTIONS["1976"].items():
        found[point] = prices.crossing(grid, share[falling], share[rising])
    yes = np.array([takes(felt, price).mean() for price in offered.tolist()])
    fine = np.linspace(offered[0], offered[-1], 400_001)
    found["best"] = fine[np.argmax(fine * np.interp(fine, offered, yes))]
    return found


def marks_of(n: int, dice) -> pd.DataFrame:
    """Sheets with a mood in all marks; whole steps from 1 to 10."""
    from helpers.four_cs.value import COSTS, OVERALL, PARTS, VALUES

    mood = dice.normal(size=n)
    felt = {part: 5.5 + 1.4 * dice.normal(size=n) + (0.6 if part in VALUES else -0.6) * mood for part in PARTS}
    table = pd.DataFrame(felt).round().clip(1, 10)
    weight = dict(zip(PARTS, (0.35, 0.25, 0.12, 0.10, -0.15, -0.15, -0.52, -0.15), strict=True))
    judged = 6 + sum(weight[part] * (table[part] - 5.5) for part in PARTS) + 1.1 * dice.normal(size=n)
    assert set(COSTS) < set(PARTS)
    return table.assign(**{OVERALL: judged.round().clip(1, 10)}).astype("Int64").assign(mode="panel")


@lru_cache(maxsize=1)
def true_weights() -> dict[str, float]:
    """What a very large survey finds: the ends of the scale pull the planted weights a little towards zero."""
    from helpers.four_cs.value import marks, weights

    found = weights(marks(marks_of(400_000, np.random.default_rng(5))))
    return {"energy_cost": found["energy_cost"], "energy less money": found["energy_cost"] - found["money_cost"]}


def one_run(seed: int, n: int) -> dict[str, bool]:
    """Which intervals hold the truth in one sample."""
    from helpers.four_cs import prices, value

    felt, _, _ = population()
    dice = np.random.default_rng(seed)
    answers, offers = sheets(felt.iloc[dice.integers(0, PEOPLE, size=n)].reset_index(drop=True))
    points = prices.points(prices.price_answers(answers), seed=seed)
    best = prices.best_price(prices.demand(offers), seed=seed)
    holds = {name: points[name].low <= truth()[name] <= points[name].high for name in ("pmc", "opp", "idp", "pme")}
    holds["best"] = best.price.low <= truth()["best"] <= best.price.high
    weighed = value.weights(value.marks(marks_of(n, dice)))
    own = weighed.table.set_index("part").loc["energy_cost"]
    holds["energy_cost"] = own["low"] <= true_weights()["energy_cost"] <= own["high"]
    heavy = value.heaviest_cost(weighed)
    against = heavy.against("money_cost")
    holds["energy less money"] = heavy.part == "energy_cost" and against.low <= true_weights()["energy less money"] <= against.high
    return {name: bool(hold) for name, hold in holds.items()}


def main() -> None:
    import joblib

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from record import record, table

    names = {
        "pmc": "lower end of the band (PMC)", "opp": "OPP", "idp": "IDP", "pme": "upper end of the band (PME)",
        "best": "price with the largest revenue", "energy_cost": "weight of a cost", "energy less money": "difference of two weights",
    }  # fmt: skip
    counts = {}
    for n in SIZES:
        outcome = pd.DataFrame(joblib.Parallel(n_jobs=chosen.jobs)(joblib.delayed(one_run)(FIRST_SEED + at, n) for at in range(chosen.runs)))
        counts[n] = 100 * outcome.mean()
        print(n, counts[n].round(1).to_dict(), flush=True)
    tolerance = 100 * 1.96 * np.sqrt(0.95 * 0.05 / chosen.runs)
    rows = [(words, *(f"{counts[n][name]:.1f}" for n in SIZES)) for name, words in names.items()]
    record(
        "Intervals of lesson 02",
        f"Of {chosen.runs:,} samples each, in how many of 100 the interval of 95% holds the truth (all {PEOPLE:,} people). By chance alone a perfect "
        f"one would show 95 plus or minus {tolerance:.1f}. Prices: percentile bootstrap of 600 draws; weights: least squares with HC3 errors.\n\n"
        + table(("", *(f"{n} people" for n in SIZES)), rows),
    )


if __name__ == "__main__":
    main()
