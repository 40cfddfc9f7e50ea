"""Is what is planted at the touchpoints found, is nothing seen where nothing is, and do the intervals hold what they say?

    python benchmarks/touchpoint_stories.py [--seeds 100] [--first 5300] [--runs 1000] [--jobs 2]

Every company is simulated with a seed that nobody tuned on, saved as files, and read through the same door as a
team's own export. A quarter of the companies with the stories have them elsewhere. The intervals are drawn from
one large panel, whose own values are the truth. The result goes into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MINE = {"hand_over", "low_score", "iceberg", "three_ids", "call_back"}
FEW = "at most 5 of 100"
MOST = "at least 90 of 100"
WANTED = {
    "the log names the hand-over that breaks, and the partner": (MOST, FEW),
    "the repair that comes first is at that touchpoint": (MOST, FEW),
    "the low score that hardly counts is put off": (MOST, FEW),
    "most problems surely do not reach head office": (MOST, FEW),
    "the largest customer behind several numbers is the one with three": (MOST, FEW),
    "those called back are surely better content": (MOST, "at most 5 of 100, 2.5 by chance"),
}
ELSEWHERE = (
    {"hand_over": "installation", "low_score": "hotline"},
    {"hand_over": "installation", "low_score": "hotline"},
    {"hand_over": "installation", "low_score": "hotline"},
    {"hand_over": "delivery", "low_score": "sms"},
)


def seen(folder: Path) -> dict:
    """What a company's files say, as a report would."""
    from datetime import timedelta

    from helpers.data import load
    from helpers.data.ledger import ledger
    from helpers.touchpoints import breaks, complaints, gaps, linking, places, running

    company = load(str(folder))
    as_of, survey = company.as_of, company.survey
    contacts = places.sound_contacts(company.contacts, as_of=as_of).table
    cost = breaks.cost_of(breaks.breaks(contacts, as_of=as_of))
    usable = gaps.rated(company.ratings, survey)
    placed = gaps.map_of(gaps.gaps(usable), gaps.drivers(usable, survey, draws=200))
    first = gaps.repairs(placed)
    told = complaints.told(survey)
    year = ledger(company.orders, as_of=as_of, since=as_of - timedelta(days=364))
    large = linking.hidden(year, linking.link(company.customers))
    called = running.call_backs(contacts, as_of=as_of)
    return {
        "break": (cost.touchpoint, cost.owner) if cost else None,
        "first": list(first["touchpoint"]),
        "later": list(placed.loc[placed["place"] == "later", "touchpoint"]),
        "unheard": bool(told) and told.head_office.high < 0.5,
        "large": sorted(large["numbers"].iloc[0].split(", ")) if len(large) else [],
        "called": bool(called) and called.difference.low > 0,
    }


def one_company(seed: int, planted: bool) -> dict[str, bool]:
    """What is found at one simulated company, with these stories or with these alone switched off."""
    from helpers import simulate
    from helpers.simulate.stories import HAND_OVER_SITES, STORIES

    plant = ELSEWHERE[seed % len(ELSEWHERE)]
    world = simulate.company(seed=seed, stories=set(STORIES) - (set() if planted else MINE), plant=plant)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "company"
        world.save(path)
        said = seen(path)
    truth = world.truth_of("identities")
    three = sorted(truth.loc[truth["three_ids"] == "yes", "customer_id"])
    if planted:
        found = (
            said["break"] == (plant["hand_over"], "partner"),
            said["first"][:1] == [HAND_OVER_SITES[plant["hand_over"]]],
            said["later"] == [plant["low_score"]],
            said["unheard"],
            len(three) == 3 and said["large"] == three,
            said["called"],
        )
    else:
        # Where nothing is planted, whatever is named would be a ghost.
        found = (said["break"] is not None, bool(said["first"]), bool(said["later"]), said["unheard"], bool(said["large"]), said["called"])
    return dict(zip(WANTED, map(bool, found), strict=True))


def coverage(runs: int, *, seed: int = 77) -> list[tuple[str, str, str, str]]:
    """How often 95% intervals hold the value of the large panel that the sheets are drawn from."""
    import numpy as np

    from helpers import simulate
    from helpers.stats.importance import bootstrap_weights, relative_weights
    from helpers.stats.intervals import paired_difference, wilson

    frames = simulate.company(seed=seed, customers=60_000).frames()
    rng = np.random.default_rng(seed)
    ratings = frames["ratings"]
    rows = []

    def row(name: str, n: int, hits: int) -> None:
        rows.append((name, str(n), f"{100 * hits / runs:.1f}%", f"{100 * 1.96 * (0.95 * 0.05 / runs) ** 0.5:.1f} points"))

    for touchpoint in ("technical_support", "product"):
        part = ratings[ratings["touchpoint"] == touchpoint]
        met, hoped = part["perception"].to_numpy(float), part["expectation"].to_numpy(float)
        for n in (30, 100, 600):
            hits = 0
            for _ in range(runs):
                at = rng.integers(0, len(part), n)
                found, _ = paired_difference(met[at], hoped[at])
                hits += found.low <= (met - hoped).mean() <= found.high
            row(f"gap of {touchpoint}", n, hits)
    wide = ratings.pivot(index="answer_id", columns="touchpoint", values="perception").astype(float)
    wide = wide.drop(columns=["email", "letters", "fax"]).dropna()
    y = frames["survey"].set_index("answer_id")["overall"].astype(float).reindex(wide.index).to_numpy()
    x = wide.to_numpy()
    weights, r2 = relative_weights(x, y)
    for n in (100, 350):
        hits = np.zeros(len(weights))
        for run in range(runs):
            at = rng.integers(0, len(y), n)
            low, high = bootstrap_weights(x[at], y[at], draws=200, seed=run)
            hits += (low <= weights / r2) & (weights / r2 <= high)
        for name in ("technical_support", "hotline", "product"):
            row(f"relative weight of {name}", n, int(hits[list(wide.columns).index(name)]))
    sheets = frames["survey"].query("mode == 'panel'")
    reached = (sheets.loc[sheets["had_problem"].astype(bool), "told"] == "head_office").to_numpy()
    for n in (50, 250):
        hits = 0
        for _ in range(runs):
            found = wilson(int(reached[rng.integers(0, len(reached), n)].sum()), n)
            hits += found.low <= reached.mean() <= found.high
        row("share of problems that reach head office", n, hits)
    return rows


def main() -> None:
    import joblib
    import pandas as pd

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=5300)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from record import record, table

    seeds = range(chosen.first, chosen.first + chosen.seeds)
    columns = []
    for planted in (True, False):
        outcome = joblib.Parallel(n_jobs=chosen.jobs)(joblib.delayed(one_company)(seed, planted) for seed in seeds)
        columns.append(pd.DataFrame(outcome).sum())
        print(columns[-1].to_string(), flush=True)
    rows = [(name, f"{columns[0][name]}", wanted[0], f"{columns[1][name]}", wanted[1]) for name, wanted in WANTED.items()]
    record(
        "Planted stories of the touchpoints",
        f"Seeds {seeds.start} to {seeds.stop - 1}, none of them used for tuning: {len(seeds)} companies with the stories `hand_over`, `low_score`, "
        "`iceberg`, `three_ids` and `call_back` (in a quarter of them the hand-over is planted at the delivery and the low score at text messages, and "
        "only these names count as found), and as many with these five switched off, where anything that is named counts as a ghost.\n\n"
        + table(("", "with the stories", "wanted", "without them", "wanted"), rows)
        + f"\n\nHow often 95% intervals hold the value of the panel that the sheets are drawn from ({chosen.runs:,} runs each):\n\n"
        + table(("interval", "sheets", "holds the truth", "luck allows"), coverage(chosen.runs)),
    )


if __name__ == "__main__":
    main()
