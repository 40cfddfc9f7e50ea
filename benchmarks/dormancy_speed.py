"""How long the dormancy report's analysis takes on 5 million order lines of 500,000 customers, and what memory it needs.

    python benchmarks/dormancy_speed.py [--lines 5000000] [--customers 500000]

Every step of the report of lesson 04 that works on orders is timed, on made-up lines with products and two clocks; the
peak of memory is that of the whole process, the order lines included. The result goes into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
AS_OF = date(2026, 6, 30)


def made_up(lines: int, customers: int):
    """Order lines over three years: customers with rhythms of their own who leave one day, and fifty products."""
    import numpy as np
    import pandas as pd

    lot = np.random.default_rng(1)
    who = np.sort(lot.integers(0, customers, lines, dtype=np.int32))
    begins = lot.integers(0, 1000, customers, dtype=np.int32)
    lasts = np.minimum(lot.exponential(500, customers), 1095 - begins).astype(np.int32)
    day = begins[who] + (lot.random(lines, dtype=np.float32) * (lasts[who] + 1)).astype(np.int32)
    names = pd.array([f"C{number:07d}" for number in range(customers)], dtype="str")
    goods = pd.array([f"P{number:02d}" for number in range(50)], dtype="str")
    orders = pd.DataFrame(
        {
            "customer_id": names.take(who),
            "ordered_at": np.datetime64("2023-07-01", "us") + day.astype("timedelta64[D]"),
            "amount_minor": lot.integers(500, 60_000, lines, dtype=np.int64),
            "product_id": goods.take(lot.integers(0, 50, lines, dtype=np.int32)),
        }
    )
    products = pd.DataFrame({"product_id": goods, "name": goods, "class": ["consumable"] * 20 + ["durable"] * 30})
    return orders, products


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=5_000_000)
    parser.add_argument("--customers", type=int, default=500_000)
    chosen = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from record import record, table

    from helpers.dormancy import lists, ranking, reasons, rhythm, states
    from helpers.withheld import Withheld

    orders, products = made_up(chosen.lines, chosen.customers)
    rows, nothing = [], Withheld("", "")

    def timed(name: str, work: Callable):
        start = time.perf_counter()
        result = work()
        rows.append((name, f"{time.perf_counter() - start:.1f} s", f"{_peak():.2f} GB"))
        print(*rows[-1], sep="  ", flush=True)
        return result

    print(f"made up: {_peak():.2f} GB", flush=True)
    days = timed("order days", lambda: rhythm.visits(orders, products, as_of=AS_OF))
    waits = timed("waits", lambda: rhythm.gaps(days, as_of=AS_OF))
    timed("waiting-time curve", lambda: rhythm.waiting_curve(waits))
    two = timed("two clocks", lambda: rhythm.clocks(waits))
    habit = timed("own rhythm", lambda: rhythm.rhythm(waits, two_clocks=two.two))
    now = timed("states", lambda: states.with_states(habit.customers))
    past = timed("snapshot a quarter back", lambda: states.snapshot(days, as_of=AS_OF, two_clocks=two.two))
    timed("wake rates and life table", lambda: (states.wake_rates(past), states.life_table(past)))
    timed("ranking, with two models fitted twice", lambda: ranking.compare(days, as_of=AS_OF, two_clocks=two.two))
    missing = timed("stock-outs", lambda: reasons.stock_outs(orders, products, as_of=AS_OF))
    lift = lists.lifts(nothing, nothing, nothing, assumed=0.05, cost_minor=500)
    timed("the list", lambda: lists.wanted(now, orders, lift, missing, budget_minor=10_000_000, code="CNY"))
    total = sum(float(row[1].split()[0]) for row in rows)
    rows.append(("all", f"{total:.1f} s", f"{_peak():.2f} GB"))
    print(*rows[-1], sep="  ")
    record(
        "Lesson 04 on five million order lines",
        f"{chosen.lines:,} lines of {chosen.customers:,} customers, {len(days):,} order days. Memory is the peak of the process up to then, "
        "the lines included; wanted below 2 GB.\n\n" + table(("step", "time", "peak memory"), rows),
    )


def _peak() -> float:
    """Peak memory of this process so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
