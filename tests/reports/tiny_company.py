"""A company of twelve customers, in place of what `helpers.data.load` gives; also for the kernels of the tests."""

import pickle
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from helpers.errors import DataError

NASTY = "<script>alert(1)</script>"


@dataclass
class Reconciliation:
    totals: dict
    lines: pd.DataFrame
    memo: pd.DataFrame

    def sentences(self):
        return [f"1 line has no *customer* {NASTY}."]

    def check(self):
        assert self.totals["rows_in"] == self.lines["lines"].sum()


@dataclass
class Company:
    name: str = "Corner & Shop"
    currency: str = "CNY"
    as_of: date = date(2026, 6, 30)
    is_sample: bool = False
    tables: dict = field(default_factory=dict)
    rejects: pd.DataFrame = None
    reconciliation: Reconciliation = None
    fingerprint: str = "ab" * 32
    notes: tuple = (f"June 2026 is complete; *not* {NASTY}.",)

    @property
    def lines(self):
        return self.tables["orders"]

    @property
    def customers(self):
        return self.tables.get("customers")

    @property
    def contacts(self):
        return self.tables.get("contacts")

    def has(self, *names):
        for name in names:
            table, _, column = name.partition(".")
            if table not in self.tables or (column and column not in self.tables[table].columns):
                return False
        return True

    def save(self, folder):
        Path(folder).mkdir(parents=True)
        (Path(folder) / "company.pickle").write_bytes(pickle.dumps(self))


def company(**changes):
    """Twelve customers with one order each; "C07" asked not to be contacted, "C08" waits for an answer."""
    ids = [f"C{number:02}" for number in range(12)]
    orders = pd.DataFrame(
        {
            "order_id": [f"O{number}" for number in range(12)],
            "customer_id": ids,
            "ordered_at": pd.to_datetime(["2026-06-01"] * 12),
            "amount_minor": [(number + 1) * 10_000 for number in range(12)],
            "status": "sale",
        }
    )
    customers = pd.DataFrame({"customer_id": ids, "kind": "person"})
    customers["consent"] = pd.array([True] * 7 + [False] + [True] * 3 + [None], dtype="boolean")
    contacts = pd.DataFrame(
        {
            "customer_id": ["C08", "C09", "C10"],
            "at": pd.to_datetime(["2026-06-28 10:00", "2026-06-29 10:00", "2026-01-05 10:00"]),
            "status": ["open", "closed", "closed"],
        }
    )
    lines = pd.DataFrame(
        {
            "reason": ["sale", "no_customer", "rejected"],
            "label": ["sale", "no customer", f"rejected {NASTY}"],
            "lines": [12, 1, 1],
            "customers": [12, 0, 0],
            "amount_minor": [780_000, 500, 0],
            "used": [True, False, False],
        }
    )
    memo = pd.DataFrame(
        {
            "item": ["repeated", "cancelled"],
            "label": ["Exact repeats", "Called off"],
            "lines": [1, 0],
            "amount_minor": [500, 0],
            "sale_lines": [1, 0],
            "sale_minor": [500, 0],
            "choice": ["in", "out"],
        }
    )
    totals = {
        "share_without_customer": float("nan"),
        "rows_in": 14,
        "rows_used": 12,
        "rows_set_aside": 1,
        "rows_rejected": 1,
        "gross_minor": 780_000,
        "returns_minor": 0,
        "net_minor": 780_000,
        "customers_used": 12,
        "customers_with_a_sale": 12,
    }
    rejects = pd.DataFrame(
        {"table": ["orders"], "file": ["orders.csv"], "line": [15], "message": ["no amount"], "value": ["=1+1"]}
    )
    return Company(
        tables={"orders": orders, "customers": customers, "contacts": contacts},
        rejects=rejects,
        reconciliation=Reconciliation(totals, lines, memo),
        **changes,
    )


def load(path="", *, mapping="", as_of=""):
    prepared = Path(path) / "company.pickle"
    if path and prepared.exists():
        return pickle.loads(prepared.read_bytes())
    if path == "broken.csv":
        raise DataError("broken.csv is a picture. Give a CSV file.")
    if path == "interrupted":
        raise KeyboardInterrupt
    if path == "bug":
        raise ZeroDivisionError("a fault of the program")
    return company(is_sample=not path, as_of=date.fromisoformat(as_of or "2026-06-30"))
