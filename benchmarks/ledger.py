"""The ledger from Parquet against the peers on a frame in memory: time, peak memory, same numbers.

    python benchmarks/ledger.py [--lines 10000000] [--customers 1000000] [--runs 3]

Ours: `helpers.data.ledger.ledger` over a DuckDB relation on a Parquet file. The peers: `rfm_summary`
of pymc-marketing and `summary_data_from_transaction_data` of lifetimes, on a pandas frame. They live
in an environment of their own in the temporary folder, made from peers.txt at the first run. Every
measurement runs in a process of its own; of each, the fastest run counts.

The file is like an export: orders of two or three lines over three years, the newest last; in 100 lines 3
give the line before back, on the same day, so that all candidates mean the same by a day of purchase. A
second file is the hardest that there is, with one line an order. The target is for the first. DuckDB may
hold 500 MB and puts what is more into a temporary folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers.txt"
AS_OF = date(2026, 6, 30)
DAYS = 3 * 365
LINES_PER_ORDER = (2.5, 1.0)  # the first is judged
SAMPLE = 1000  # customers whose numbers are compared
TARGET_TIME, TARGET_MEMORY = 7, 0.5


def generate(path: Path, *, lines: int, customers: int, lines_per_order: float, seed: int = 20) -> None:
    """Write the order lines: customer_id, ordered_at, amount_minor."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(seed)
    returns = lines * 3 // 100
    sales = lines - returns
    # Everybody orders once; further orders fall on customers who differ twentyfold in how much they buy.
    appetite = np.exp(rng.normal(0, 1, customers))
    sizes = rng.geometric(1 / lines_per_order, int(sales / lines_per_order * 1.2))
    sizes = sizes[: np.searchsorted(np.cumsum(sizes), sales) + 1]
    more = rng.choice(customers, len(sizes) - customers, p=appetite / appetite.sum())
    who = rng.permutation(np.concatenate([np.arange(customers), more]))
    # Like an export: the newest order last, the lines of an order one after another.
    start = np.datetime64(AS_OF) - np.timedelta64(DAYS - 1, "D")
    at = start.astype("datetime64[us]") + np.sort(rng.integers(0, DAYS * 86400, len(sizes))).astype("timedelta64[s]")
    who, at = np.repeat(who, sizes)[:sales], np.repeat(at, sizes)[:sales]
    amount = np.round(np.exp(rng.normal(9, 1, sales))).astype("int64") + 1
    back = np.sort(rng.choice(sales, returns, replace=False))
    where = np.insert(np.arange(sales), back + 1, back)  # a return follows the line that it gives back
    given_back = np.zeros(lines, dtype=bool)
    given_back[back + 1 + np.arange(returns)] = True
    names = pa.array([f"C{number:07d}" for number in range(customers)])
    table = pa.table(
        {
            "customer_id": names.take(pa.array(who[where])),
            "ordered_at": at[where],
            "amount_minor": np.where(given_back, -1, 1) * amount[where],
        }
    )
    pq.write_table(table, path)


class Clock:
    """Seconds on the wall, and seconds of all processor cores together."""

    def __init__(self) -> None:
        self._wall, self._cores = time.perf_counter(), time.process_time()

    def stop(self) -> None:
        self.wall, self.cores = time.perf_counter() - self._wall, time.process_time() - self._cores


def ours(path: str):
    """The ledger from the file. Nothing is loaded first: the file is read while it is summed."""
    import duckdb
    import pandas as pd

    from helpers.data.ledger import ledger

    with tempfile.TemporaryDirectory() as spill:
        door = duckdb.connect(config={"memory_limit": "500MB", "temp_directory": spill})
        ledger(door.read_parquet(path).limit(10), as_of=AS_OF)  # what is loaded at the first call does not count
        clock = Clock()
        table = ledger(door.read_parquet(path), as_of=AS_OF).set_index("customer_id")
        clock.stop()
    table["days_since"] = (pd.Timestamp(AS_OF) - table["last_order_on"]).dt.days
    return 0.0, clock, table[["order_days", "days_since", "net_minor"]]


def peer(path: str, summarise):
    """A peer's summary of the frame, with the first purchase counted in; then its numbers under our names."""
    import pandas as pd

    started = time.perf_counter()
    orders = pd.read_parquet(path)
    orders["amount"] = orders.pop("amount_minor") / 100  # the peers count in yuan
    loading = time.perf_counter() - started
    words = {"observation_period_end": str(AS_OF), "include_first_transaction": True}
    summarise(orders.head(10), "customer_id", "ordered_at", "amount", **words)  # likewise
    start_peak_again()
    clock = Clock()
    table = summarise(orders, "customer_id", "ordered_at", "amount", **words)
    clock.stop()
    table["net_minor"] = (table["monetary_value"] * table["frequency"] * 100).round()
    if "customer_id" in table:
        table = table.set_index("customer_id")
    # lifetimes' recency runs from the first purchase to the last, pymc-marketing's from the last to the end.
    table["days_since"] = table["T"] - table["recency"] if "T" in table else table["recency"]
    table = table.rename(columns={"frequency": "order_days"})
    return loading, clock, table[["order_days", "days_since", "net_minor"]].astype("int64")


def pymc_marketing(path: str):
    from pymc_marketing.clv.utils import rfm_summary

    return peer(path, rfm_summary)


def lifetimes(path: str):
    from lifetimes.utils import summary_data_from_transaction_data

    return peer(path, summary_data_from_transaction_data)


CANDIDATES = {"ours": ours, "pymc-marketing": pymc_marketing, "lifetimes": lifetimes}


PACKAGES = {
    "ours": ("narwhals", "duckdb", "pandas"),
    "pymc-marketing": ("pymc-marketing", "pandas"),
    "lifetimes": ("lifetimes", "pandas"),
}


def start_peak_again() -> None:
    """On Linux, let the peak of memory count from here; elsewhere loading stays in it."""
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5")


def peak_megabytes() -> float:
    """The most memory that this process held at one time."""
    if sys.platform == "linux":  # not getrusage, which knows the process that started this one too
        rows = dict(row.split(":", 1) for row in Path("/proc/self/status").read_text().splitlines())
        return int(rows["VmHWM"].split()[0]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def measure(name: str, path: str) -> None:
    """In the process of one candidate: run it, and print what it took as one line of JSON."""
    loading, clock, summary = CANDIDATES[name](path)
    found = {"loading": loading, "wall": clock.wall, "cores": clock.cores, "peak": peak_megabytes(), "customers": len(summary)}
    found["versions"] = ", ".join(f"{package} {metadata.version(package)}" for package in PACKAGES[name])
    found["total"] = int(summary["net_minor"].sum())
    sample = summary.sort_index().iloc[:: max(1, len(summary) // SAMPLE)]
    found["sample"] = {str(key): [int(value) for value in row] for key, row in zip(sample.index, sample.to_numpy())}
    print(json.dumps(found))


def peers_python() -> Path:
    """The Python of the peers' environment, made at the first run."""
    mark = hashlib.sha256(PEERS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"customer-workbook-peers-{mark}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / "whole").exists():
        print(f"Making the peers' environment in {folder} (a minute or two).", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", "-r", PEERS], check=True)
        (folder / "whole").touch()
    return python


def run_all(path: Path, *, runs: int) -> dict[str, dict]:
    """The fastest run of each candidate, the one that other work on the machine disturbed least; they take turns."""
    from record import wait_until_quiet

    pythons = {"ours": Path(sys.executable)} | dict.fromkeys(("pymc-marketing", "lifetimes"), peers_python())
    found: dict[str, list[dict]] = {name: [] for name in pythons}
    for _ in range(runs):
        for name, python in pythons.items():
            wait_until_quiet()
            command = [python, "-W", "ignore", __file__, "--measure", name, "--file", path]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found[name].append(json.loads(done.stdout.splitlines()[-1]))
            print(f"  {name}: {found[name][-1]['wall']:.2f} s", file=sys.stderr)
    return {name: min(all_runs, key=lambda run: run["wall"]) for name, all_runs in found.items()}


def section(found: dict[str, dict], *, lines: int, lines_per_order: float, megabytes: float) -> tuple[str, bool]:
    """What one file showed, and whether the target was held."""
    from record import table

    mine = found["ours"]
    peers = {name: run for name, run in found.items() if name != "ours"}
    faster = {name: run["wall"] / mine["wall"] for name, run in peers.items()}
    memory = {name: mine["peak"] / run["peak"] for name, run in peers.items()}
    rows = [
        (name, f"{run['loading']:.1f} s", f"{run['wall']:.2f} s", f"{run['cores']:.2f} s", f"{run['peak']:,.0f} MB",
         f"{faster[name]:.1f}x" if name in faster else "", f"{memory[name]:.2f}" if name in memory else "")
        for name, run in found.items()
    ]  # fmt: skip
    equal = all(run["sample"] == mine["sample"] and run["total"] == mine["total"] for run in peers.values())
    text = f"""{lines:,} order lines of {mine["customers"]:,} customers, {lines_per_order:.1f} lines an order, {megabytes:.0f} MB of Parquet:

{table(("", "loading", "summary", "its processor time", "peak memory", "we are faster by", "our memory / theirs"), rows)}

Order days, days since the last order and money to the cent of {len(mine["sample"]):,} customers, and the money of all, are {"the same in all three" if equal else "NOT THE SAME"}."""
    return text, equal and min(faster.values()) >= TARGET_TIME and max(memory.values()) < TARGET_MEMORY


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--measure", choices=CANDIDATES, help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure, options.file)
        return
    from record import record

    texts, held = [], []
    for lines_per_order in LINES_PER_ORDER:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "orders.parquet"
            generate(path, lines=options.lines, customers=options.customers, lines_per_order=lines_per_order)
            found = run_all(path, runs=options.runs)
            megabytes = path.stat().st_size / 1e6
        text, good = section(found, lines=options.lines, lines_per_order=lines_per_order, megabytes=megabytes)
        texts.append(text), held.append(good)
    record(
        "Ledger",
        "Each in its own process, the fastest run. The peers get a pandas frame that is in memory already: their loading\n"
        "is shown and not counted, in time or in peak memory. Ours reads the file, with 500 MB for DuckDB.\n\n"
        + "\n\n".join(texts)
        + f"\n\nTarget: at least {TARGET_TIME}x faster in less than half the memory: {'held' if held[0] else 'MISSED'} "
        f"on the first file, {'held' if held[1] else 'missed'} on the second, whose orders have one line each.\n\n"
        + "; ".join(f"{name}: {run['versions']}" for name, run in found.items())
        + ".",
    )


if __name__ == "__main__":
    main()
