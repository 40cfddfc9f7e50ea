"""Waits, clocks and expected waits, against tables worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.dormancy import rhythm
from helpers.withheld import Withheld

PRODUCTS = pd.DataFrame({"product_id": ["filter", "fridge", "visit"], "class": ["consumable", "durable", "service"]})
AS_OF = date(2026, 3, 31)


def test_an_order_day_counts_once_and_by_what_is_used_up(orders_of):
    orders = orders_of(
        A=[
            ("2026-01-05", 100, "fridge"),
            ("2026-01-05", 50, "filter"),
            ("2026-02-04", 100, "fridge"),
            ("2026-02-20", -100, "fridge"),
        ],
        B=[("2026-03-01", 30, "visit"), ("2026-04-02", 30, "filter")],
    )
    days = rhythm.visits(orders, PRODUCTS, as_of=AS_OF)
    assert days["customer_id"].astype("str").tolist() == ["A", "A", "B"]
    assert [rhythm.KINDS[kind] for kind in days["kind"]] == ["consumable", "durable", "other"]


def test_waits_run_to_the_next_order_and_the_last_one_is_open(orders_of):
    orders = orders_of(A=[("2026-01-05", 100), ("2026-02-04", 100)], B=[("2026-03-01", 30)])
    waits = rhythm.gaps(rhythm.visits(orders, as_of=AS_OF), as_of=AS_OF)
    # 5 January to 4 February: 30 days. 4 February to 31 March: 55 and open. 1 to 31 March: 30 and open.
    assert waits["gap_days"].tolist() == [30, 55, 30]
    assert waits["closed"].tolist() == [True, False, False]


def test_order_of_rows_and_names_of_customers_are_irrelevant(orders_of):
    orders = orders_of(A=[("2026-01-05", 100), ("2026-02-04", 100)], B=[("2026-03-01", 30)])
    first = rhythm.visits(orders, as_of=AS_OF)
    again = rhythm.visits(orders.sample(frac=1, random_state=1), as_of=AS_OF)
    pd.testing.assert_frame_equal(first, again)


def regular(orders_of, *, gaps, customers=60, kind="P"):
    """Customers who order every so many days, the last time on a day that differs."""
    runs = {}
    for number in range(customers):
        gap = gaps[number % len(gaps)]
        start = pd.Timestamp("2025-01-01") + pd.Timedelta(days=number)
        runs[f"{kind}{number:03d}"] = [(start + pd.Timedelta(days=gap * step), 100, kind) for step in range(4)]
    return orders_of(**runs)


def test_with_open_waits_counted_fewer_are_over_than_among_the_ended(orders_of):
    waits = rhythm.gaps(rhythm.visits(regular(orders_of, gaps=(30,)), as_of=AS_OF), as_of=AS_OF)
    curve = rhythm.waiting_curve(waits)
    # 60 customers, three waits of 30 days that ended and one that is open for longer: 180 of 240 are over after 30 days.
    assert (curve.waits, curve.open) == (240, 60)
    assert curve.returned_by(29) == 0
    assert curve.returned_by(30) == pytest.approx(180 / 240)
    assert curve.returned_by(30, closed_only=True) == 1


def test_two_clocks_are_told_from_one(orders_of):
    filters, fridges = (regular(orders_of, gaps=(25, 35), kind="filter"), regular(orders_of, gaps=(80, 120), kind="fridge"))
    both = rhythm.gaps(rhythm.visits(pd.concat([filters, fridges]), PRODUCTS, as_of=AS_OF), as_of=AS_OF)
    found = rhythm.clocks(both, back_within=60)
    assert found.two and found.ratio == pytest.approx(120 / 35)
    alike = rhythm.gaps(
        rhythm.visits(pd.concat([filters, regular(orders_of, gaps=(25, 35), kind="fridge")]), PRODUCTS, as_of=AS_OF),
        as_of=AS_OF,
    )
    assert not rhythm.clocks(alike, back_within=60).two


def test_without_a_product_table_one_clock_is_all_there_is(orders_of):
    waits = rhythm.gaps(rhythm.visits(regular(orders_of, gaps=(30,)), as_of=AS_OF), as_of=AS_OF)
    found = rhythm.clocks(waits)
    assert isinstance(found, Withheld) and "product table" in found.gain


def test_own_waits_are_drawn_towards_those_of_all_by_credibility(orders_of):
    # Half wait 20 days each time, half 60; nobody varies, so one's own waits say all: the least prior, 0.5 waits.
    found = rhythm.rhythm(rhythm.gaps(rhythm.visits(regular(orders_of, gaps=(20, 60)), as_of=AS_OF), as_of=AS_OF))
    assert found.measured and found.prior == 0.5
    expected = found.customers.set_index("customer_id")["expected_gap_days"]
    # Mean of all 40: (3 * 20 + 0.5 * 40) / 3.5 and (3 * 60 + 0.5 * 40) / 3.5.
    assert expected["P000"] == pytest.approx(80 / 3.5)
    assert expected["P001"] == pytest.approx(200 / 3.5)


def test_credibility_of_a_published_kind():
    # Within variance 4, between variance 1 by construction on large numbers: Bühlmann's k is 4.
    lot = np.random.default_rng(3)
    n = np.full(4000, 6)
    means = lot.normal(10, 1, 4000)
    values = lot.normal(means[:, None], 2, (4000, 6))
    prior, measured = rhythm._credibility(n, values.sum(axis=1), (values**2).sum(axis=1), 10.0)
    assert measured and prior == pytest.approx(4, rel=0.1)


def test_a_one_time_buyer_has_the_wait_of_all(orders_of):
    orders = pd.concat([regular(orders_of, gaps=(30,)), orders_of(Z=[("2026-01-30", 5)])])
    found = rhythm.rhythm(rhythm.gaps(rhythm.visits(orders, as_of=AS_OF), as_of=AS_OF))
    row = found.customers.set_index("customer_id").loc["Z"]
    assert (row["silent_days"], row["expected_gap_days"], row["relative_gap"]) == (60, 30, 2)
    assert np.isnan(row["own_gap_days"])


def test_too_few_waits_are_withheld(orders_of):
    waits = rhythm.gaps(rhythm.visits(orders_of(A=[("2026-01-05", 100), ("2026-02-04", 100)]), as_of=AS_OF), as_of=AS_OF)
    assert "Only 1 waits" in rhythm.rhythm(waits).reason
    assert isinstance(rhythm.waiting_curve(waits), Withheld)
