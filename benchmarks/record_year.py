"""Are the record year that lost ground, and the way a firm moved, found where they are planted, and nowhere else?

    python benchmarks/record_year.py [--seeds 100] [--first 6000] [--jobs 2] [--runs 2000]

With `--seeds 0` only the intervals are measured, with `--runs 0` only the findings.

Every company is simulated with a seed that nobody tuned on, saved as files, and
read through the same door as a team's own export. The analysis is the one of
the reports of lessons 00a and 00b, with their default parameters. Besides: how
often the 95% intervals of 00a hold the truth, for counts and money that are
skewed as those of customers are. The result goes into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLANTED, OFF, OTHERS = "planted", "switched off", "all other stories"
FOUND, FEW = "at least 90 of 100", "at most 5 of 100"
WANTED = {
    "a record that lost ground": {PLANTED: FOUND, OFF: FEW, OTHERS: FEW},
    "old customers coming less is the largest loss, above 5% of revenue": {PLANTED: FOUND, OFF: FEW, OTHERS: FEW},
    "the route that grew most is the bought one": {PLANTED: FOUND},
    "who came by it leaves less in 180 days than others, beyond chance": {PLANTED: FOUND},
    "the orders moved towards the product (00b)": {PLANTED: FOUND, OFF: FEW, OTHERS: FEW},
}
# Without the story any large loss is a ghost, and so is any move of the firm, whatever its name.
GHOSTS = {
    "a record that lost ground": "a record that lost ground",
    "old customers coming less is the largest loss, above 5% of revenue": "any loss above 5% of revenue",
    "the orders moved towards the product (00b)": "the orders moved, whichever way (00b)",
}


def seen(folder: Path) -> dict[str, object]:
    """What the reports of 00a and 00b say about a company's files."""
    from helpers.data import load
    from helpers.orientation import breadth, breadth_findings, cohorts, measures

    company = load(str(folder))
    orders = company.orders
    periods = measures.comparison_periods(orders["ordered_at"].min().date(), company.as_of)
    change = measures.decompose(orders, periods=periods, way="old and new")
    routes = cohorts.by_route(orders, company.customers, periods=periods)
    first = cohorts.first_months_by_route(orders, company.customers, periods=periods, as_of=company.as_of)
    now, before = (
        breadth.ties(orders, company.products, over=breadth.window(orders, as_of=company.as_of, back=back)) for back in (0, 1)
    )
    return {
        "lost": measures.ground(orders, periods=periods).lost,
        "loss": measures.largest_loss(change),
        "route": routes["route"].iloc[0],
        "less": first.difference.high < 0,
        "way": breadth_findings.direction(now, before),
    }


def one_company(seed: int, variant: str) -> dict[str, bool]:
    """Whether each finding is right (where the story is planted) or raised (where it is not)."""
    from helpers import simulate
    from helpers.simulate.stories import STORIES

    stories = {PLANTED: True, OFF: False, OTHERS: set(STORIES) - {"record_year"}}[variant]
    world = simulate.company(seed=seed, stories=stories)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "company"
        world.save(path)
        said = seen(path)
    if variant != PLANTED:
        return dict(zip(GHOSTS, (said["lost"], said["loss"] != "none", said["way"] != "nowhere"), strict=True))
    found = (said["lost"], said["loss"] == "old", said["route"] == "advert", said["less"], said["way"] == "product")
    return dict(zip(WANTED, found, strict=True))


def coverage(runs: int) -> list[tuple[str, ...]]:
    """How often the intervals of the report hold the truth, by the number of customers."""
    import numpy as np
    import pandas as pd

    from helpers.orientation.cohorts import worth
    from helpers.stats.intervals import difference_of_means
    from helpers.stats.sampling import weighted_mean

    sizes = (50, 300, 1500)
    rows = {name: [] for name in ("orders of an old customer, difference", "money left of a new customer, mean",
                                  "money left of a new customer, difference", "worth over five years")}  # fmt: skip

    def orders(dice, n):
        # Half of the old customers come back, some of them often.
        return dice.binomial(1, 0.55, n) * (1 + dice.negative_binomial(1.2, 0.4, n))

    def money(dice, n, more=1.0):
        return dice.lognormal(5.2, 0.9, n) + dice.binomial(1, 0.4, n) * dice.lognormal(5.6, 1.0, n) * more - 40

    def of_money(more=1.0):
        return np.exp(5.2 + 0.9**2 / 2) + 0.4 * np.exp(5.6 + 0.5) * more - 40

    # The second year and three more, each with 52 of 100 of the year before, at 10% a year.
    later = sum((0.52 / 1.1) ** year for year in range(4)) / 1.1
    for n in sizes:
        dice = np.random.default_rng(n)
        held = np.zeros(4)
        for _ in range(runs):
            each = difference_of_means(orders(dice, n), orders(dice, n))
            mean = weighted_mean(pd.Series(money(dice, n)))
            two = difference_of_means(money(dice, n, 0.5), money(dice, n))
            first, second, known = money(dice, n), dice.binomial(1, 0.4, n) * dice.lognormal(5.6, 1.0, n), 2 * n
            years = worth(first, second, back=dice.binomial(known, 0.52), known=known, seed=int(dice.integers(2**31)))
            truth = of_money() + 0.4 * np.exp(5.6 + 0.5) * later
            held += (
                each.low <= 0 <= each.high,
                mean.low <= of_money() <= mean.high,
                two.low <= of_money(0.5) - of_money() <= two.high,
                years.low <= truth <= years.high,
            )
        for name, share in zip(rows, held / runs, strict=True):
            rows[name].append(f"{share:.1%}")
    return [(name, *shares) for name, shares in rows.items()]


def main() -> None:
    import joblib
    import pandas as pd

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=6000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--runs", type=int, default=2000)
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from record import record, table

    if chosen.seeds:
        seeds, rows = range(chosen.first, chosen.first + chosen.seeds), []
        for variant in (PLANTED, OFF, OTHERS):
            outcome = pd.DataFrame(
                joblib.Parallel(n_jobs=chosen.jobs)(joblib.delayed(one_company)(seed, variant) for seed in seeds)
            )
            for name, found in outcome.sum().items():
                said = name if variant == PLANTED else GHOSTS[name]
                rows.append((said, variant, f"{found} of {len(outcome)}", WANTED[name][variant]))
                print(*rows[-1], sep="  ", flush=True)
        record(
            "The record year of lessons 00a and 00b",
            f"Seeds {seeds.start} to {seeds.stop - 1}, none of them used for tuning; default parameters.\n\n"
            + table(("finding", "company", "found or raised", "wanted"), rows),
        )
    if chosen.runs:
        margin = 1.96 * (0.95 * 0.05 / chosen.runs) ** 0.5
        record(
            "Intervals of lesson 00a",
            f"How often a 95% interval holds the truth, in {chosen.runs:,} draws each, by the number of customers (in each "
            f"group). A perfect one gives {0.95 - margin:.1%} to {0.95 + margin:.1%} in 95 of 100 such counts. Money is as "
            "skewed as the margin of customers, so with few customers the intervals for its mean are too short.\n\n"
            + table(("", "50", "300", "1,500"), coverage(chosen.runs)),
        )


if __name__ == "__main__":
    main()
