"""Are the planted stories found, and are no ghosts seen where none are planted?

    python benchmarks/stories.py [--seeds 100] [--first 1000] [--jobs 2]

Every company is simulated with a seed that nobody tuned on, saved as files,
and read through the same door as a team's own export. The analysis is the one
of the report of lesson 03a, with its default parameters. The result goes into
benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLANTED = {"fall": ["Hangzhou", "kitchen", "installer_referral"], "misselling": ["S07"]}
TARGETS = {True: "at least 90 of 100", False: "at most 5 of 100"}


def seen(folder: Path) -> dict[str, list[str]]:
    """What the report of 03a says about a company's files, story by story: empty where it says nothing."""
    from helpers.data import load
    from helpers.segmentation import drill, measures

    company = load(str(folder))
    orders = company.orders
    customers = measures.customer_table(orders, as_of=company.as_of)
    sizes = measures.size_classes(customers["value_minor"], ordered=customers["frequency"] > 0)
    profit = measures.margin_and_cost_to_serve(orders, company.contacts, customers, as_of=company.as_of)
    classes = measures.value_classes(customers, profit)
    periods = drill.comparison_periods(orders["ordered_at"].min().date(), company.as_of)
    lines = drill.with_product_line(orders, company.products)
    change = drill.drill_down(lines, periods=periods)
    burst = measures.bursts(customers, sizes)
    # The order file alone, without the table that marks cards: the harder case, and the usual one.
    alone = load(str(folder / "orders.csv"), as_of=company.as_of.isoformat())
    cards = alone.lines.loc[alone.lines["status"] == "shared_card", "customer_id"]
    return {
        "fall": list(change.cause.values()),
        "burst": burst["customer_id"].tolist() if measures.bursts_stand_out(burst, sizes) else [],
        "shared_card": sorted(cards.unique()),
        "misselling": drill.below_zero_by_store(orders, classes, profit).outliers,
    }


def one_company(seed: int, stories: bool) -> dict[str, bool]:
    """Whether each story is found (where it is planted) or raised (where it is not)."""
    from helpers import simulate

    world = simulate.company(seed=seed, stories=stories)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "company"
        world.save(path)
        said = seen(path)
    if not stories:
        return {name: bool(members) for name, members in said.items()}
    return {name: members == PLANTED[name] if name in PLANTED else bool(members) for name, members in said.items()}


def main() -> None:
    import joblib
    import pandas as pd

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from record import record, table

    seeds = range(chosen.first, chosen.first + chosen.seeds)
    rows = []
    for stories in (True, False):
        outcome = pd.DataFrame(
            joblib.Parallel(n_jobs=chosen.jobs)(joblib.delayed(one_company)(seed, stories) for seed in seeds)
        )
        for name, found in outcome.sum().items():
            rows.append((name, "planted" if stories else "switched off", f"{found} of {len(outcome)}", TARGETS[stories]))
            print(*rows[-1], sep="  ", flush=True)
    record(
        "Planted stories of lesson 03a",
        f"Seeds {seeds.start} to {seeds.stop - 1}, none of them used for tuning; default parameters; `shared_card` "
        "from the order file alone.\n\n" + table(("story", "company", "found or raised", "wanted"), rows),
    )


if __name__ == "__main__":
    main()
