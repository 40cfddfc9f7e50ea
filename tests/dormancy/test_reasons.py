"""Reasons, signs and stock-outs: tables worked by hand, and nothing where nothing is."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.dormancy import reasons
from helpers.withheld import Withheld

AS_OF = date(2026, 3, 31)


def test_there_are_the_seven_reasons_of_the_source_each_with_remedy_and_lever():
    table = reasons.remedies()
    assert len(reasons.SEVEN) == 7 and "need_ended" not in reasons.SEVEN
    assert table["chinese"].head(7).tolist() == ["不方便", "不及时", "不友好", "不专业", "不划算", "不喜欢", "不守信"]
    assert set(table["p"]) == {"product", "price", "place", "promotion"}
    assert table["remedy"].str.len().gt(0).all()


def people(n_asleep=40, n_awake=40):
    names = [f"S{n}" for n in range(n_asleep)] + [f"W{n}" for n in range(n_awake)]
    last = (pd.Timestamp("2025-12-01") - pd.Timestamp("1970-01-01")).days
    states = pd.Categorical(
        ["asleep"] * n_asleep + ["active"] * n_awake, categories=["active", "half-asleep", "asleep", "gone"]
    )
    return pd.DataFrame({"customer_id": names, "last_on": last, "state": states})


def contact(customer, day, **values):
    return {
        "customer_id": customer,
        "at": pd.Timestamp(day),
        "wait_minutes": np.nan,
        "resolved": None,
        "satisfaction": np.nan,
        "cause": None,
    } | values


def test_a_sign_counts_near_the_last_order_alone(orders_of):
    rows = [contact(f"S{n}", "2025-12-10", wait_minutes=45.0) for n in range(20)]
    rows += [
        contact("W1", "2025-11-20", wait_minutes=45.0),
        contact("W2", "2025-06-01", wait_minutes=90.0),
        contact("W3", "2025-12-02", wait_minutes=30.0),
    ]
    orders = orders_of(S1=[("2025-12-01", 100)])
    found = reasons.signs(people(), pd.DataFrame(rows), orders, as_of=AS_OF).set_index("code")
    # W2 waited half a year before, W3 no longer than half an hour.
    assert found.loc["slow", ["sleepers", "of_sleepers", "awake", "of_awake"]].tolist() == [20, 40, 1, 40]
    assert found.loc["slow", "difference"] == pytest.approx(19 / 40)
    assert found.loc["slow", "p_corrected"] < 0.001


def test_returns_are_a_sign_of_poor_value(orders_of):
    orders = orders_of(**{f"S{n}": [("2025-12-01", 100), ("2025-12-09", -100)] for n in range(5)}, W1=[("2025-12-01", 100)])
    found = reasons.signs(people(), None, orders, as_of=AS_OF).set_index("code")
    assert found.loc["poor_value", ["sleepers", "awake"]].tolist() == [5, 0]


def test_few_sleepers_are_withheld(orders_of):
    assert isinstance(reasons.signs(people(n_asleep=10), None, orders_of(S1=[("2025-12-01", 1)]), as_of=AS_OF), Withheld)


PRODUCTS = pd.DataFrame(
    {
        "product_id": ["cap", "soap", "pot"],
        "name": ["Capsules", "Soap", "Pot"],
        "class": ["consumable", "consumable", "durable"],
    }
)


def monthly(orders_of, *, missing=(), silent_users=True):
    """Sixty customers: half use capsules each month, half soap; in `missing` months there are no capsules."""
    runs = {}
    months = [f"2025-{month:02d}-05" for month in range(1, 13)] + ["2026-01-05", "2026-02-05", "2026-03-05"]
    for number in range(40):
        runs[f"U{number:02d}"] = [
            (day, 100, "cap")
            for day in months
            if day[:7] not in missing and not (silent_users and missing and day[:7] > min(missing))
        ]
        runs[f"V{number:02d}"] = [(day, 100, "soap") for day in months]
    # Somebody new buys capsules once they are there again.
    runs |= {f"N{number}": [(day, 100, "cap") for day in months[-2:]] for number in range(6)}
    return orders_of(**runs)


def test_a_stock_out_that_sends_its_users_to_sleep_is_named(orders_of):
    found = reasons.stock_outs(monthly(orders_of, missing=("2025-10", "2025-11", "2025-12")), PRODUCTS, as_of=AS_OF)
    row = found.found.iloc[0]
    # Users bought their last capsules in September; they are silent, all forty. January is empty too: nobody bought before February.
    assert (row["product_id"], row["name"], row["first_month"]) == ("cap", "Capsules", pd.Timestamp("2025-10-01"))
    assert (row["months"], row["users"], row["users_silent"], row["others_silent"]) == (4, 40, 40, 0)
    assert set(found.asleep["customer_id"]) == {f"U{number:02d}" for number in range(40)}


def test_a_stock_out_that_nobody_minded_is_no_cause(orders_of):
    patient = monthly(orders_of, missing=("2025-10", "2025-11"), silent_users=False)
    found = reasons.stock_outs(patient, PRODUCTS, as_of=AS_OF)
    assert len(found.table) == 1 and found.found.empty and found.asleep.empty


def test_what_sells_every_month_has_no_gap(orders_of):
    found = reasons.stock_outs(monthly(orders_of), PRODUCTS, as_of=AS_OF)
    assert found.table.empty and found.found.empty


def test_gaps_need_two_months_and_a_steady_half_year_before():
    steady = [5] * 6
    assert reasons._gaps(np.array([*steady, 0, 0, 3])) == [(6, 2)]
    assert reasons._gaps(np.array([*steady, 0, 3])) == []
    assert reasons._gaps(np.array([1, 1, 1, 1, 1, 1, 0, 0])) == []
    assert reasons._gaps(np.array([5, 5, 0, 0, 5])) == []


def test_without_classes_it_says_what_a_product_table_would_add(orders_of):
    found = reasons.stock_outs(orders_of(A=[("2025-01-01", 1)]), None, as_of=AS_OF)
    assert isinstance(found, Withheld) and "product table" in found.gain
