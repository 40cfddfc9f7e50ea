"""How often do the intervals of an effect, and of a survival curve, hold the truth?

    python benchmarks/effect_intervals.py [--runs 2000] [--seed 20260711]

Effects: `stats.uplift.difference` on tests by lot whose true effect is known: shares, and money of which most
customers spend none and a few much. Curves: `stats.survival.kaplan_meier` on lives whose length is known,
with censoring, with and without late entries; at three times, and the median. The bootstrap gets half of the runs.
"""

from __future__ import annotations

import argparse

import numpy as np

SHARES = {"30%, lifted to 35%": (0.30, 0.35), "5%, lifted to 7%": (0.05, 0.07), "1%, not lifted": (0.01, 0.01)}
DIVISIONS = {"half and half": 0.5, "one in ten held out": 0.9}
BUYERS, MEAN, SKEW, LIFT = 0.3, 200.0, 1.2, 1.15  # share who buy at all, their mean, spread of its logarithm, effect
SIZES = (100, 400, 2000)
LIVES = {"steady risk": 1.0, "risk that falls": 0.6, "risk that rises": 2.0}  # Weibull shapes, scale 100
WATCHED = {"a third censored": (250.0, 0.0), "two thirds censored": (90.0, 0.0), "late entries": (250.0, 60.0)}
POINTS = (0.8, 0.5, 0.3)  # shares that last longer, at whose times the curve is asked
START = 5.0  # with late entries the curve is of those who lasted so long: before it hardly anybody is watched


def effect(kind: str, n: int, division: str, method: str, runs: int, lot: np.random.Generator) -> float:
    """The share of tests whose interval holds the true effect."""
    from helpers.stats.uplift import difference

    treated = np.arange(n) < round(n * DIVISIONS[division])
    held = 0
    for run in range(runs):
        if kind == "money":
            buys = lot.random(n) < BUYERS
            amount = lot.lognormal(np.log(MEAN) - SKEW**2 / 2, SKEW, n) * buys
            outcome, truth = amount * np.where(treated, LIFT, 1), BUYERS * MEAN * (LIFT - 1)
        else:
            control, lifted = SHARES[kind]
            outcome, truth = (lot.random(n) < np.where(treated, lifted, control)).astype(int), lifted - control
        got = difference(outcome, treated, method=method, seed=run)
        # Money that nobody of a group spent gives no interval; such a run counts as one that does not hold.
        held += bool(got) and got.difference.low <= truth <= got.difference.high
    return held / runs


def curve(
    shape: float, until: float, late: float, n: int, runs: int, lot: np.random.Generator
) -> tuple[list[float], float]:
    """For each of `POINTS`, then the median, the share of curves that hold the truth; and of runs without a curve."""
    from helpers.stats.survival import kaplan_meier
    from helpers.withheld import Withheld

    start = START if late else 0.0
    lasting = lambda time: np.exp(-((time / 100) ** shape))  # noqa: E731
    # Among those who lasted up to the start.
    times = [100 * (-np.log(point * lasting(start))) ** (1 / shape) for point in POINTS]
    middle = 100 * (-np.log(0.5 * lasting(start))) ** (1 / shape)
    held, asked, withheld = np.zeros(len(times) + 1), np.zeros(len(times) + 1), 0
    for _ in range(runs):
        # Drawn until so many are seen: who left before being watched is in no file.
        life = 100 * lot.weibull(shape, 4 * n)
        entry = lot.uniform(0, late, 4 * n) if late else np.zeros(4 * n)
        end = entry + lot.uniform(0, until, 4 * n)
        seen = np.flatnonzero(life > entry)[:n]
        life, entry, end = life[seen], entry[seen], end[seen]
        got = kaplan_meier(np.minimum(life, end), life <= end, entry=entry, start=start)
        if isinstance(got, Withheld):
            withheld += 1
            continue
        for place, (time, point) in enumerate(zip(times, POINTS, strict=True)):
            estimate = got.at(time)
            if np.isnan(estimate.value):
                continue  # nobody was watched for so long
            asked[place] += 1
            held[place] += estimate.low <= point <= estimate.high
        median = got.quantile()
        if not np.isnan(median.value):
            asked[-1] += 1
            held[-1] += median.low <= middle and not median.high < middle
    return list(held / np.where(asked < runs / 2, np.nan, asked)), withheld / runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20260711)
    chosen = parser.parse_args()
    from record import record, table

    lot = np.random.default_rng(chosen.seed)
    effects = []
    for kind in (*SHARES, "money"):
        for division in DIVISIONS:
            for method in ("plain", "bca") if kind == "money" else ("plain",):
                runs = chosen.runs if method == "plain" else chosen.runs // 2
                found = [
                    effect(kind, n, division, method, runs, lot)
                    for n in SIZES
                    if (n, division) != (100, "one in ten held out")
                ]
                found = ["withheld"] * (len(SIZES) - len(found)) + [f"{share:.1%}" for share in found]
                effects.append((kind, division, {"plain": "plain", "bca": "bootstrap"}[method], *found))
                print(*effects[-1], sep="  ", flush=True)
    curves = []
    for life, shape in LIVES.items():
        for watched, (until, late) in WATCHED.items():
            for n in (50, 200, 1000):
                found, withheld = curve(shape, until, late, n, chosen.runs, lot)
                shown = [f"{share:.1%}" if np.isfinite(share) else "" for share in found]
                curves.append((life, watched, f"{n:,}", *shown, f"{withheld:.1%}" if withheld else ""))
                print(*curves[-1], sep="  ", flush=True)
    chance = 1.96 * np.sqrt(0.95 * 0.05 / chosen.runs)
    record(
        "Intervals of effects and of survival curves",
        f"How often a 95% interval holds the truth, in {chosen.runs:,} tests or curves each (the bootstrap: "
        f"{chosen.runs // 2:,}). A perfect interval "
        f"gives {0.95 - chance:.1%} to {0.95 + chance:.1%} in 95 of 100 such counts.\n\n"
        f"Effects, by the number of customers in the test. Money: {BUYERS:.0%} buy, the logarithm of what they "
        f"spend spreads by {SKEW:g}, "
        f"the treatment adds {LIFT - 1:.0%}. Withheld: fewer than 20 held out.\n\n"
        + table(("outcome", "lot", "interval", *(f"{n:,} customers" for n in SIZES)), effects)
        + "\n\nCurves, where "
        + ", ".join(f"{point:.0%}" for point in POINTS)
        + " last longer, and the median. Empty: fewer than half of the curves reach so far. Late entries: "
        "watched from a moment "
        f"up to 60 on, and the curve is of those who lasted up to {START:g}. A missing end of the "
        "interval for the median counts as one without bound.\n\n"
        + table(
            ("lives", "watched", "customers", *(f"at {point:.0%}" for point in POINTS), "median", "curve withheld"),
            curves,
        ),
    )


if __name__ == "__main__":
    main()
