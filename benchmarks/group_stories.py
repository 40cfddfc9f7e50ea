"""Does lesson 03b see the kinds and the survey's bias that are planted, and nothing where nothing is planted?

    python benchmarks/group_stories.py [--seeds 100] [--first 5000] [--jobs 2]

Every company is simulated with a seed that nobody tuned on, saved as files, and
read through the same door as a team's own export; the analysis is the one of
the report of lesson 03b, with its default parameters. The kinds are known to the
simulator alone. A company without kinds has the same receipts, dealt out to the
customers at random. The result goes into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MANY, FEW = "at least 90 of 100", "at most 5 of 100"
WANTED = {
    "groups are found where there are kinds": "",
    "groups agree with the kinds more than any single column": MANY,
    "groups are claimed where receipts are dealt out": FEW,
    "survey: what staff wrote down is named as furthest, and as off by more than luck": MANY,
    "survey: the weighted panel is named as off by more than luck": FEW,
    "survey drawn by lot: any way of asking is named as off by more than luck": FEW,
    "groups and rungs are said to predict better than classes asked": "",
    "classes asked are said to predict better than groups and rungs": FEW,
}
NUMBERS = ("adjusted Rand index, groups", "adjusted Rand index, best single column", "groups")


def one_company(seed: int) -> tuple[dict[str, int], dict[str, float]]:
    """What the lesson says of one company: yes or no for each claim, and the numbers behind the first ones."""
    from helpers import simulate
    from helpers.segmentation import groups, surveys
    from helpers.simulate.stories import STORIES

    world = simulate.company(seed=seed)
    company, orders = _read(world)
    habits, number = _groups(company, orders)
    # Where no number of groups holds, those that the exercises cut: they have to beat a column, too.
    found = groups.groups_of(habits, number or 3)
    kinds = world.truth_of("customers").set_index("customer_id")["type"]
    recovered = groups.recovery(found, kinds)

    wave = surveys.latest_wave(company.tables.get("survey"), orders, as_of=company.as_of)
    errors = surveys.errors_by_mode(wave)
    far = errors.loc[errors["error"].abs().idxmax()]
    both_ways = surveys.classes_then(wave, orders, company.customers, as_of=company.as_of)
    lead = surveys.compare_schemes(both_ways).found_less_asked
    fair, fair_orders = _read(simulate.company(seed=seed, stories=set(STORIES) - {"survey_bias"}))
    by_lot = surveys.errors_by_mode(surveys.latest_wave(fair.tables.get("survey"), fair_orders, as_of=fair.as_of))
    said = (
        bool(number),
        recovered["groups"] > recovered["single"],
        bool(_groups(company, dealt(orders, seed=seed))[1]),
        far["mode"] == "internal" and far["beyond_luck"],
        errors.loc[(errors["mode"] == "panel") & errors["weighted"], "beyond_luck"].any(),
        by_lot["beyond_luck"].any(),
        lead.low > 0,
        lead.high < 0,
    )
    numbers = (recovered["groups"], recovered["single"], number or float("nan"))
    return dict(zip(WANTED, map(int, said), strict=True)), dict(zip(NUMBERS, numbers, strict=True))


def dealt(orders, *, seed: int):
    """The receipts of all customers in the order of a lot: each keeps its lines, and somebody else's day and name."""
    import numpy as np
    import pandas as pd

    keys = pd.MultiIndex.from_arrays([orders["customer_id"], orders["ordered_at"].dt.normalize()])
    slots = keys.unique().sort_values()
    place = np.random.default_rng(seed).permutation(len(slots))[slots.get_indexer(keys)]
    return orders.assign(
        customer_id=slots.get_level_values(0)[place].to_numpy(), ordered_at=slots.get_level_values(1)[place].to_numpy()
    )


def _read(world):
    """The company as a report reads it, and its orders with product lines."""
    from helpers.data import load
    from helpers.segmentation import drill

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "company"
        world.save(path)
        company = load(path)
    return company, drill.with_product_line(company.orders, company.products)


def _groups(company, orders):
    """Habits, and how many groups are claimed (or why none)."""
    from helpers.segmentation import behaviour, groups

    habits = behaviour.behaviour(orders, as_of=company.as_of)
    return habits, groups.number_of_groups(groups.trials(habits, orders))


def main() -> None:
    import joblib
    import pandas as pd

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=5000)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from record import record, table

    seeds = range(chosen.first, chosen.first + chosen.seeds)
    outcomes = []
    for outcome in joblib.Parallel(n_jobs=chosen.jobs, return_as="generator")(joblib.delayed(one_company)(one) for one in seeds):
        outcomes.append(outcome)
        print(seeds[len(outcomes) - 1], *(list(one.values()) for one in outcome), flush=True)
    said = pd.DataFrame([one for one, _ in outcomes]).sum()
    numbers = pd.DataFrame([one for _, one in outcomes])
    rows = [(name, f"{said[name]} of {len(seeds)}", wanted) for name, wanted in WANTED.items()]
    rows += [
        (f"{name}: mean (least to most)", f"{column.mean():.2f} ({column.min():.2f} to {column.max():.2f})", "")
        for name, column in numbers.items()
    ]
    record(
        "Planted kinds and the survey of lesson 03b",
        f"Seeds {seeds.start} to {seeds.stop - 1}, none of them used for tuning; default parameters. Beyond luck: the error "
        "is larger than the 95% interval allows with as many ways of asking as were looked at (Bonferroni).\n\n"
        + table(("claim", "companies", "wanted"), rows),
    )


if __name__ == "__main__":
    main()
