"""The report of 03a on data that can carry little: which sections are shown, and which are withheld."""

import json

import pytest
from helpers.reports.build import build

HEADER = "order_id,customer_id,ordered_at,amount"


def line(order, customer, day, amount):
    return f"O{order},{customer},{day},{amount}"


def many(customers, days):
    """Every customer orders once on each of the days, for more each time."""
    return [
        line(f"{day}-{customer}", f"C{customer:03}", day, f"{10 + customer + 5 * place}.00")
        for place, day in enumerate(days)
        for customer in range(customers)
    ]


THIN = {
    "one order": [line(1, "A", "2026-03-01", "10.00")],
    "one customer": [line(n, "A", f"2026-0{n}-01", "10.00") for n in range(1, 7)],
    "all orders on one day": many(60, ["2026-03-01"]),
    "one month only": many(60, ["2026-03-02", "2026-03-20"]),
    "four columns, two years": many(
        60, [f"{year}-{month:02}-10" for year in (2024, 2025) for month in range(1, 13)]
    ),
    "only returns": [line(n, "A", f"2026-0{n}-01", "-10.00") for n in range(1, 4)],
}

# Sections in the order of the page: s shown, w withheld.
SECTIONS = (
    "concentration",
    "rfm",
    "sizes",
    "bursts",
    "profit",
    "value_classes",
    "stores",
    "effort",
    "movement",
    "near_threshold",
    "change",
)
EXPECTED = {
    "one order": "wwwwwwwwwww",
    "one customer": "w" * 11,  # five complete months: too few to compare three with three
    "all orders on one day": "ssss" + "wswww" + "sw",
    "one month only": "ssss" + "wswww" + "sw",
    "four columns, two years": "ssss" + "wsww" + "sss",
    "only returns": "wwwwwwwwwww",
}


def report_on(rows, tmp_path):
    data = tmp_path / "orders.csv"
    data.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    outcome = build(data=str(data), out=tmp_path / "out", lessons="03a")
    assert outcome.exit_code == 0
    return json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))["lessons"]["03a"]


@pytest.mark.slow
@pytest.mark.parametrize("name", THIN)
def test_each_section_is_shown_or_says_why_it_is_withheld(name, tmp_path):
    lesson = report_on(THIN[name], tmp_path)
    sections = {key: lesson["sections"][key] for key in SECTIONS}
    assert "".join("s" if section["shown"] else "w" for section in sections.values()) == EXPECTED[name]
    reasons = [section["reason"] for section in sections.values() if not section["shown"]]
    assert all(reason.endswith(".") and len(reason) > 20 for reason in reasons)
    page = (tmp_path / "out" / "03a_segmentation_value.html").read_text("utf-8")
    assert page.count(": not shown.") >= (1 if reasons else 0)


@pytest.mark.slow
def test_thin_data_promises_nobody_to_contact(tmp_path):
    lesson = report_on(THIN["one order"], tmp_path)
    assert "nobody to contact" in lesson["answer"][-1]
    assert sum(counts["to_do"] for counts in lesson["actions"]["lists"].values()) == 0
