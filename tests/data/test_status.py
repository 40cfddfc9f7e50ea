from datetime import date

import pandas as pd
import pytest

from helpers.data.status import assign_status, shared_cards

DAY = date(2025, 6, 30)


def line(**changes):
    usual = {
        "order_id": "o", "customer_id": "c", "ordered_at": pd.Timestamp("2025-01-01"), "amount_minor": 100,
        "is_repeat": False, "is_cancelled": False, "is_non_product": False,
    }  # fmt: skip
    return usual | changes


def status_of(*lines, **options):
    frame = pd.DataFrame(lines).astype({"customer_id": "str"})
    options.setdefault("set_aside", ("non_product", "repeated", "shared_card"))
    return assign_status(frame, as_of=DAY, **options).to_list()


# Each line meets its own reason and all reasons below it: the first must win.
LADDER = [
    ("after_as_of", {"ordered_at": pd.Timestamp("2025-07-01")}),
    ("repeated", {"is_repeat": True}),
    ("non_product", {"is_non_product": True}),
    ("cancelled", {"is_cancelled": True}),
]


@pytest.mark.parametrize("step", range(len(LADDER)))
def test_the_first_reason_from_the_top_is_the_status(step):
    changes = {"customer_id": None, "amount_minor": 0}
    for _, change in LADDER[step:]:
        changes |= change
    assert status_of(line(**changes)) == [LADDER[step][0]]


def test_orders_on_the_report_date_itself_count():
    assert status_of(line(ordered_at=pd.Timestamp("2025-06-30 23:59:59"))) == ["sale"]


def test_the_sign_of_the_amount_decides_what_is_left():
    assert status_of(line(), line(amount_minor=-1), line(amount_minor=0)) == ["sale", "return", "gift"]


def test_what_is_not_chosen_stays_in():
    assert status_of(line(is_repeat=True), line(is_non_product=True), set_aside=()) == ["sale", "sale"]


def test_cards_are_named_by_pattern_or_by_the_customers_table():
    customers = pd.DataFrame({"customer_id": ["k1", "k2"], "kind": ["staff", "walk_in"]})
    ids = ["S01", "99999", "k1", "k2", "s01", "S"]
    got = status_of(*(line(customer_id=i) for i in ids), walk_in=("99999",), staff=("S?*",), customers=customers)
    assert got == ["staff", "walk_in", "staff", "walk_in", "sale", "sale"]


def visits(customer, days, orders_a_day):
    start = pd.Timestamp("2025-01-01")
    return [
        line(customer_id=customer, order_id=f"{customer}{day}-{order}", ordered_at=start + pd.Timedelta(days=day))
        for day in range(days)
        for order in range(orders_a_day)
    ]


def test_an_id_with_three_orders_a_day_on_twenty_days_is_a_shared_card():
    lines = visits("card", 20, 3) + visits("short", 19, 3) + visits("keen", 40, 2) + visits("bulk", 1, 60)
    assert shared_cards(pd.DataFrame(lines)) == ["card"]
    chosen = pd.Series(status_of(*lines)).value_counts()
    assert chosen["shared_card"] == 60
    assert "shared_card" not in status_of(*lines, set_aside=())


def test_one_rush_day_does_not_make_a_shared_card():
    assert shared_cards(pd.DataFrame(visits("keen", 39, 1) + visits("rush", 21, 1) + visits("keen", 1, 40))) == []


def test_many_lines_of_one_order_are_one_order():
    lines = [line(customer_id="c", order_id=f"o{day}", ordered_at=pd.Timestamp("2025-01-01") + pd.Timedelta(days=day)) for day in range(30)]
    assert shared_cards(pd.DataFrame(lines * 5)) == []
