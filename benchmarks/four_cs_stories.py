"""Are the planted stories of lesson 02 found where they sit, and is nothing seen where none is planted?

    python benchmarks/four_cs_stories.py [--seeds 100] [--first 5200] [--jobs 2]

Every company is simulated with a seed that nobody tuned on; its survey, price
answers and needs are saved as files and read through the same door as a team's own export. Where the stories sit differs
from seed to seed: another cost, another product and price level, another need.
The analysis is the one of the report of lesson 02, with its default parameters.
The result goes into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OWN = ("bother", "too_cheap", "unserved")
COSTS = ("energy", "time", "psychic", "money")
PRODUCTS = (("W003", 0.92), ("K004", 0.75), ("N004", 0.85), ("N001", 1.0))
NEEDS = ("old_appliance", "evening_visit", "spare_parts", "after_purchase")
WORDS = {
    "bother": "the cost that weighs most, more than chance makes it",
    "misdirected": "the need behind it, answered with the wrong P",
    "too_cheap": "a low price that breeds doubt",
    "band": "the band holds the price that most expect, and ends above the price that breeds doubt",
    "unserved": "the important need that nobody serves",
}
TARGETS = {True: "at least 90 of 100", False: "at most 5 of 100"}


def sites(seed: int) -> dict:
    """Where the stories sit in the company of a seed."""
    return {"bother": COSTS[seed % 4], "too_cheap": PRODUCTS[seed // 4 % 4], "unserved": NEEDS[seed // 16 % 4]}


def seen(folder: Path) -> dict:
    """What the report of 02 says about a company's files."""
    from helpers.data import load
    from helpers.four_cs import needs, prices, value

    company = load(str(folder))
    heavy = value.heaviest_cost(value.weights(value.marks(company.survey)))
    found = needs.needs(company.needs)
    sheets = prices.price_answers(company.price_answers)
    points = prices.points(sheets)
    low = prices.doubt(prices.demand(company.price_offers, company.price_answers, product_id=sheets.product_id))
    expected = sheets.table["expected_price_minor"].astype(float).median()
    return {
        "bother": heavy.part.removesuffix("_cost") if heavy.surely else "",
        "misdirected": found.misdirected["statement"].tolist(),
        "too_cheap": low.found,
        "band": bool(points["pmc"].value < expected < points["pme"].value and points["pmc"].value > low.lowest_minor),
        "unserved": found.unserved["statement"].tolist(),
    }


def write(world, folder: Path) -> None:
    """The files that the lesson reads for these stories, as the company saves them, and orders enough to open the door."""
    from helpers.simulate.world import BUILDERS, _as_text

    for name in ("survey", "price_answers", "price_offers", "needs"):
        _as_text(BUILDERS[name](world.history)).to_csv(folder / f"{name}.csv", index=False)
    rows = "\n".join(f"o{at},c{at},2026-06-17,10.00" for at in range(50))
    (folder / "orders.csv").write_text(f"order_id,customer_id,ordered_at,amount\n{rows}\n", encoding="utf-8")


def one_company(seed: int, on: bool) -> dict[str, bool]:
    """Whether each story is found (where it is planted) or raised (where it is not)."""
    from helpers import simulate
    from helpers.simulate.needs import BEHIND_COST, CARDS
    from helpers.simulate.stories import STORIES

    plant = sites(seed)
    world = simulate.company(seed=seed, stories=set(STORIES) - (set() if on else set(OWN)), plant=plant)
    with tempfile.TemporaryDirectory() as folder:
        write(world, Path(folder))
        said = seen(Path(folder))
    if not on:
        # Without the story hardly anybody names a price that breeds doubt, so the band has no lower wall to find.
        return {name: bool(said[name]) for name in WORDS if name != "band"}
    text = {card.key: card.statement for card in CARDS}
    return {
        "bother": said["bother"] == plant["bother"],
        "misdirected": said["misdirected"] == [text[BEHIND_COST[plant["bother"]]]],
        "too_cheap": said["too_cheap"],
        "band": said["band"],
        "unserved": said["unserved"] == [text[plant["unserved"]]],
    }


def main() -> None:
    import joblib
    import pandas as pd

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=5200)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from record import record, table

    seeds = range(chosen.first, chosen.first + chosen.seeds)
    counts = {}
    for on in (True, False):
        outcome = pd.DataFrame(joblib.Parallel(n_jobs=chosen.jobs)(joblib.delayed(one_company)(seed, on) for seed in seeds))
        counts[on] = outcome.sum()
        print(counts[on].to_string(), flush=True)
    rows = [(words, f"{counts[True][name]}", f"{counts[False].get(name, '')}") for name, words in WORDS.items()]
    record(
        "Planted stories of lesson 02",
        f"Seeds {seeds.start} to {seeds.stop - 1}, none of them used for tuning: {len(seeds)} companies with the stories `bother`, "
        f"`too_cheap` and `unserved`, and {len(seeds)} without these three. Found means: named, at the site that was planted, and nothing else "
        f"beside it. Wanted: {TARGETS[True]} with the stories, {TARGETS[False]} without.\n\n" + table(("", "found where planted", "raised where not"), rows),
    )


if __name__ == "__main__":
    main()
