"""Six indicators: by hand where they can be, missing where the data are."""

from datetime import date

import pandas as pd
import pytest

from helpers.touchpoints import indicators
from helpers.withheld import Withheld

DAY = date(2026, 6, 30)


def orders_of(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "amount"])
    return pd.DataFrame(
        {
            "customer_id": frame["customer_id"], "order_id": [f"O{n}" for n in range(len(frame))], "ordered_at": pd.to_datetime(frame["day"]),
            "amount_minor": frame["amount"].astype("int64"), "status": "sale",
        }
    )  # fmt: skip


@pytest.fixture
def forty():
    """Forty bought in the year before, ten of them again; five new ones bought 300 each."""
    rows = [("OLD", "2024-01-01", 1)] + [(f"C{n}", "2025-01-10", 1000) for n in range(40)] + [(f"C{n}", "2026-01-10", 200) for n in range(10)]
    return orders_of([*rows, *[(f"N{n}", "2026-02-01", 300) for n in range(25)]])


def by_name(table):
    return table.set_index("indicator")


def test_repurchase_spend_and_complaints_by_hand(forty):
    contacts = pd.DataFrame(
        {"customer_id": ["C0", "C0", "N1", "C39", "N2"], "at": pd.to_datetime(["2026-03-01"] * 4 + ["2024-03-01"]), "cause": ["late", "bill", "late", "late", "late"]}
    )
    found = by_name(indicators.six_indicators(forty, None, contacts, as_of=DAY))
    assert found.loc["repurchase rate", "value"] == 10 / 40
    # 35 customers ordered in the year: (10 * 200 + 25 * 300) / 35 = 271.43.
    assert found.loc["spend", "value"] == 271
    # C0 complained twice and counts once, C39 did not order in the year, N2 complained long ago: 2 of 35.
    assert found.loc["complaint rate", "value"] == pytest.approx(2 / 35)
    assert found["low"].isna().all()
    assert found.loc[["reputation", "awareness", "price tolerance"], "value"].isna().all()


def test_a_short_export_cannot_say_who_came_back(forty):
    found = by_name(indicators.six_indicators(forty[forty["ordered_at"] >= "2025-01-01"], None, None, as_of=DAY))
    assert pd.isna(found.loc["repurchase rate", "value"]) and "shorter than two years" in found.loc["repurchase rate", "basis"]


def test_the_panel_alone_counts_and_with_its_weights(forty):
    sheets = pd.DataFrame(
        {
            "mode": ["panel"] * 40 + ["street"] * 40, "weight": [3.0] * 10 + [1.0] * 70, "recommendation": [10] * 10 + [5] * 30 + [10] * 40,
            "asked_by_name": [True] * 20 + [False] * 20 + [True] * 40, "rise_borne": [20] * 10 + [0] * 70,
        }
    )  # fmt: skip
    found = by_name(indicators.six_indicators(forty, sheets, None, as_of=DAY))
    # Ten sheets of weight 3 against thirty of weight 1: half.
    assert found.loc["reputation", "value"] == pytest.approx(0.5) and found.loc["price tolerance", "value"] == pytest.approx(0.5)
    assert found.loc["awareness", "value"] == pytest.approx(40 / 60)
    assert found.loc["reputation", "low"] < 0.5 < found.loc["reputation", "high"]


def test_tolerance_shows_who_has_no_choice(sample_company):
    found = indicators.tolerance_by_choice(sample_company.survey).set_index("has_choice")
    assert found.loc[False, "low"] > found.loc[True, "high"]
    assert isinstance(indicators.tolerance_by_choice(None), Withheld)


def test_six_and_never_one(sample_company):
    found = indicators.six_indicators(sample_company.orders, sample_company.survey, sample_company.contacts, as_of=sample_company.as_of)
    assert len(found) == 6 and found["value"].notna().all() and found["chinese"].nunique() == 6


def test_orders_alone_show_two_of_six(france):
    found = by_name(indicators.six_indicators(france.orders, france.survey, france.contacts, as_of=france.as_of))
    assert found["value"].notna().sum() <= 2 and found.loc["spend", "value"] > 0
