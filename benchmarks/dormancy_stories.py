"""Are the planted stories of lesson 04 found, are no ghosts seen, and does the list beat one by lot?

    python benchmarks/dormancy_stories.py [--seeds 100] [--first 9000] [--played 20] [--jobs 2]

Every company is simulated with a seed that nobody tuned on, saved as files, and
read through the same door as a team's own export. The analysis is the one of
the report of lesson 04, with its default parameters. For the first companies
the list is played for a quarter, beside the same actions given by lot to as
many customers of all, and to as many sleepers. The result goes into
benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
STORIES = ("two_clocks", "stock_out", "call wakes", "coupon pays in vain", "states differ")
BATCH = 10
TABLES = ("orders", "products", "customers", "contacts", "campaigns", "assignments")
TARGETS = {True: "at least 90 of 100", False: "at most 5 of 100"}


def seen(folder: Path, *, play: bool) -> tuple[dict[str, object], list[float]]:
    """What the report of 04 says about a company's files, and the profit of its list, of lots of all and of sleepers."""
    from helpers.data import load
    from helpers.dormancy import lists, reasons, rhythm, states, waking

    company = load(str(folder))
    orders, as_of = company.orders, company.as_of
    days = rhythm.visits(orders, company.products, as_of=as_of)
    waits = rhythm.gaps(days, as_of=as_of)
    two = rhythm.clocks(waits).two
    now = states.with_states(rhythm.rhythm(waits, two_clocks=two).customers)
    past = states.snapshot(days, as_of=as_of, two_clocks=two)
    missing = reasons.stock_outs(orders, company.products, as_of=as_of)
    trial = waking.last_trial(company.campaigns, company.assignments, orders, as_of=as_of)
    judged = waking.judge(trial)
    table = judged.table.set_index("arm")
    said = {
        "two_clocks": two,
        "stock_out": missing.found["product_id"].tolist(),
        "call wakes": "call" in judged.proven,
        "any arm wakes or keeps away": bool((table["p_corrected"] < 0.05).any()),
        # The call wakes; most of those who used the coupon would have come anyway, and more of them than of those who were called.
        "coupon pays in vain": bool("call" in judged.proven and table.loc["coupon", "anyway"] > max(0.5, table.loc["call", "anyway"])),
        "coupon loses beyond chance": bool(table.loc["coupon", "left_high_minor"] < 0),
        "states differ": states.states_differ(states.wake_rates(past)),
    }
    if not play:
        return said, []
    eve = trial.started_on - timedelta(days=1)
    before = states.snapshot(days, as_of=eve + timedelta(days=trial.window_days), window_days=trial.window_days, two_clocks=two)
    lift = lists.lifts(trial, judged, before.customers, assumed=0.05, cost_minor=2500)
    rows, _, _ = lists.wanted(now, orders, lift, missing, budget_minor=1_000_000, code=company.currency)
    return said, _played(folder, rows, now)


def _played(folder: Path, rows, now) -> list[float]:
    """Profit in yuan of the list, of lots of all customers and of lots of sleepers, two draws each."""
    import pandas as pd

    from helpers import simulate
    from helpers.teaching.played import by_lot

    world = simulate.open_world(folder)
    actions = dict(zip(rows["customer_id"], rows["action"], strict=True))
    effect = world.true_effect(actions)
    people, sleepers = (pd.Index(effect["customer_id"]), pd.Index(now.loc[now["state"] != "active", "customer_id"]))
    profit = [effect["profit_effect_minor"].sum() / 100]
    for group in (people, sleepers):
        draws = [world.true_effect(by_lot(actions, group, seed=seed))["profit_effect_minor"].sum() / 100 for seed in (1, 2)]
        profit.append(sum(draws) / len(draws))
    return profit


def one_company(seed: int, stories: bool, play: bool) -> tuple[dict[str, bool], list[float]]:
    """Whether each story is found (where it is planted) or raised (where it is not), and the profits."""
    from helpers import simulate
    from helpers.simulate import world

    # The tables that the report of 04 and the quarter's money need; the others would only take time.
    world.BUILDERS = {name: build for name, build in world.BUILDERS.items() if name in TABLES}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "company"
        simulate.company(seed=seed, stories=stories).save(path)
        said, profit = seen(path, play=play)
    if stories:
        said["stock_out"] = said["stock_out"] == ["A010"]
        return said, profit
    return said | {"stock_out": bool(said["stock_out"])}, profit


def main() -> None:
    import joblib
    import numpy as np
    import pandas as pd

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=9000)
    parser.add_argument("--played", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=0, help="begin no further batch of companies after so long; 0: never stop early")
    parser.add_argument("--dry", action="store_true", help="print, and write nothing")
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from record import record, table

    rows, profits, found = [], [], {True: [], False: []}
    begun = time.monotonic()
    for start in range(0, chosen.seeds, BATCH):
        for stories in (True, False):
            jobs = (
                joblib.delayed(one_company)(chosen.first + n, stories, stories and n < chosen.played)
                for n in range(start, min(start + BATCH, chosen.seeds))
            )
            done = joblib.Parallel(n_jobs=chosen.jobs)(jobs)
            found[stories] += [said for said, _ in done]
            profits += [profit for _, profit in done if profit]
        print(f"{len(found[True])} companies of each kind", flush=True)
        if chosen.minutes and time.monotonic() - begun > 60 * chosen.minutes:
            break
    for stories, said in found.items():
        outcome = pd.DataFrame(said)
        names = (
            [*STORIES, "coupon loses beyond chance"]
            if stories
            else ["two_clocks", "stock_out", "any arm wakes or keeps away", "coupon pays in vain"]
        )
        for name in names:
            # Sleepers of two depths differ with and without the stories; and a coupon's loss has no target of its own.
            target = "" if name == "coupon loses beyond chance" else TARGETS[stories]
            rows.append((name, "planted" if stories else "switched off", f"{int(outcome[name].sum())} of {len(outcome)}", target))
            print(*rows[-1], sep="  ", flush=True)
    says = ""
    if profits:
        frame = np.array(profits)
        mean, spread = (frame.mean(axis=0), frame.std(axis=0, ddof=1) / np.sqrt(len(frame)))
        ahead = [int((frame[:, 0] > frame[:, other]).sum()) for other in (1, 2)]
        gap = [frame[:, 0] - frame[:, other] for other in (1, 2)]
        says = (
            f"\n\nThe list of 10,000 yuan, played for a quarter in {len(frame)} companies, on average: profit {mean[0]:,.0f} yuan (standard error "
            f"{spread[0]:,.0f}); the same actions by lot among all customers {mean[1]:,.0f}, among sleepers {mean[2]:,.0f}. The list was ahead in {ahead[0]} and "
            f"{ahead[1]} of {len(frame)}; mean lead {gap[0].mean():,.0f} (standard error {gap[0].std(ddof=1) / len(frame) ** 0.5:,.0f}) and {gap[1].mean():,.0f} "
            f"({gap[1].std(ddof=1) / len(frame) ** 0.5:,.0f})."
        )
        print(says)
    if not chosen.dry:
        record(
            "Planted stories of lesson 04, and its list played",
            f"Seeds {chosen.first} to {chosen.first + len(found[True]) - 1}, none of them used for tuning; default parameters.\n\n"
            + table(("story", "company", "found or raised", "wanted"), rows)
            + says,
        )


if __name__ == "__main__":
    main()
