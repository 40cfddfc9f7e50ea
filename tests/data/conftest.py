import os
from pathlib import Path

import pytest

from helpers.data import Mapping, load

HEADER = "order_id,customer_id,ordered_at,amount"
PLAIN = """
[orders.columns]
order_id = "order_id"
customer_id = "customer_id"
ordered_at = "ordered_at"
amount = "amount"
"""


@pytest.fixture
def write(tmp_path):
    """Write a file of text or bytes, and give its path."""

    def write(content, name="orders.csv", encoding="utf-8"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def orders_csv():
    """Text of an order file of six good lines, with single columns replaced."""

    def orders_csv(*, ordered_at=(), amount=(), customer_id=(), order_id=(), lines=6, more=""):
        def cell(given, line, usual):
            return given[line] if line < len(given) else usual

        rows = [HEADER]
        for line in range(lines):
            rows.append(
                ",".join(
                    (
                        cell(order_id, line, f"o{line}"),
                        cell(customer_id, line, f"c{line % 3}"),
                        cell(ordered_at, line, f"2025-03-{line % 28 + 1:02d}"),
                        cell(amount, line, f"{line + 1}.50"),
                    )
                )
            )
        return "\n".join(rows) + "\n" + more

    return orders_csv


@pytest.fixture
def door(write, orders_csv):
    """Load an order file made of text, or of single columns; `mapping` is added to the plain one."""

    def door(text=None, *, mapping=None, name="orders.csv", as_of="", set_aside=None, **columns):
        path = write(text if text is not None else orders_csv(**columns), name)
        # In TOML what belongs to no section comes first.
        chosen = Mapping.from_text('currency = "EUR"\n' + PLAIN + mapping) if mapping is not None else ""
        return load(path, mapping=chosen, as_of=as_of, set_aside=set_aside)

    return door


@pytest.fixture
def france():
    """The French lines of UCI Online Retail, which the project does not carry."""
    home = Path(__file__).resolve().parents[2]
    shared = Path(os.environ.get("WORKBOOK_SHARED") or home.parent / "shared" / "data")
    path = shared / "online_retail_france.csv"
    if not path.is_file():
        pytest.skip("online_retail_france.csv is not here; point WORKBOOK_SHARED to its folder")
    return path
