"""How often does an interval for a weighted share or mean hold the truth?

    python benchmarks/sampling.py [--runs 4000] [--seed 20260617]

Each run draws a sample by lot from a population whose truth is known, of three
groups. Groups answer more or less often, and the answers are weighted back to
the population's shares, as a survey of customers is. Money has the long tail
that money has. The result goes into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

SHARES = pd.Series({"seldom": 0.5, "sometimes": 0.3, "often": 0.2})
# How often a group answers, beside the others. The first is left without weights, as a draw by lot may be.
NO_WEIGHTS = "all alike, no weights"
ANSWERS = {
    NO_WEIGHTS: {"seldom": 1.0, "sometimes": 1.0, "often": 1.0},
    "all alike": {"seldom": 1.0, "sometimes": 1.0, "often": 1.0},
    "1 to 4": {"seldom": 1.0, "sometimes": 2.0, "often": 4.0},
    "1 to 10": {"seldom": 1.0, "sometimes": 3.0, "often": 10.0},
}
SAYS_YES = {
    "close to 30%": {"seldom": 0.2, "sometimes": 0.35, "often": 0.5},
    "close to 4%": {"seldom": 0.02, "sometimes": 0.05, "often": 0.08},
}
MONEY = {"seldom": 200.0, "sometimes": 500.0, "often": 1500.0}  # the mean of each group
SPREADS = {"little skewed": 0.3, "skewed as money is": 1.2}  # of the logarithm


def held(kind: str, spread: str, willingness: str, n: int, runs: int, lot: np.random.Generator) -> float:
    """The share of runs whose interval holds the truth."""
    from helpers.stats.sampling import weighted_mean, weighted_share, weights_to

    met = SHARES * pd.Series(ANSWERS[willingness])
    met = (met / met.sum()).to_numpy()
    names = SHARES.index.to_numpy()
    good = 0
    for _ in range(runs):
        place = lot.choice(3, n, p=met)
        while len(set(place)) < 3:  # weights are refused where nobody stands for a group
            place = lot.choice(3, n, p=met)
        groups = pd.Series(names[place])
        weights = None if willingness == NO_WEIGHTS else weights_to(groups, SHARES)
        if kind == "share":
            chance = groups.map(SAYS_YES[spread]).to_numpy()
            got = weighted_share(pd.Series(lot.random(n) < chance), weights)
            truth = float((SHARES * pd.Series(SAYS_YES[spread])).sum())
        else:
            sigma = SPREADS[spread]
            middle = np.log(groups.map(MONEY).to_numpy()) - sigma**2 / 2
            got = weighted_mean(pd.Series(lot.lognormal(middle, sigma)), weights)
            truth = float((SHARES * pd.Series(MONEY)).sum())
        good += got.low <= truth <= got.high
    return good / runs


def main() -> None:
    from record import record, table

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=20260617)
    chosen = parser.parse_args()
    lot = np.random.default_rng(chosen.seed)
    sizes = (50, 200, 1000)
    rows = []
    for kind, spreads in (("share", SAYS_YES), ("mean", SPREADS)):
        for spread in spreads:
            for name in ANSWERS:
                found = [held(kind, spread, name, n, chosen.runs, lot) for n in sizes]
                rows.append((f"{kind}, {spread}", name, *(f"{share:.1%}" for share in found)))
                print(*rows[-1], sep="  ", flush=True)
    chance = 1.96 * np.sqrt(0.95 * 0.05 / chosen.runs)
    record(
        "Intervals of weighted answers",
        f"How often a 95% interval holds the truth, in {chosen.runs:,} surveys each, by the number of answers. Three "
        "groups, weighted back to their shares of the population; the second column says how often the most willing "
        f"group answers for one answer of the least willing. A perfect interval gives {0.95 - chance:.1%} to "
        f"{0.95 + chance:.1%} in 95 of 100 such counts. Below it: skewed money and few answers, as everywhere. Above it: where the "
        "groups themselves explain the answers, the interval errs on the safe side, because it knows the weights and not "
        "the groups they come from.\n\n"
        + table(("answer", "willingness", *(f"{n:,} answers" for n in sizes)), rows),
    )


if __name__ == "__main__":
    main()
