"""New customers: by route, in their first days, over some years; worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.orientation import cohorts
from helpers.orientation.measures import Period, Periods
from helpers.withheld import Withheld

TWO = Periods(
    last=Period(date(2025, 1, 1), date(2026, 1, 1)),
    this=Period(date(2026, 1, 1), date(2027, 1, 1)),
    earlier=(),
    months=12,
    lookback_months=12,
    same_season=True,
)
AS_OF = date(2026, 12, 31)


def people(rows):
    return pd.DataFrame(rows, columns=["customer_id", "acquisition_route", "acquisition_cost_minor"]).astype(
        {"customer_id": "str", "acquisition_cost_minor": "Int64"}
    )


@pytest.fixture
def orders(orders_of):
    """40 customers of the shop and 40 of adverts in 2026, 40 of the shop in 2025. Shop: 100 yuan, and 50 more after 10 days."""
    rows = {f"L{number}": [("2025-02-01", 10_000), ("2025-02-11", 5_000)] for number in range(40)}
    rows |= {f"S{number}": [("2026-02-01", 10_000), ("2026-02-11", 5_000)] for number in range(40)}
    rows |= {f"A{number}": [("2026-03-01", 10_000)] for number in range(40)}
    # Somebody who had bought in 2025 is not new in 2026.
    rows["L0"] += [("2026-02-05", 99_000)]
    return orders_of(**rows)


@pytest.fixture
def known():
    return people(
        [(f"L{number}", "shop", 1_000) for number in range(40)]
        + [(f"S{number}", "shop", 1_000) for number in range(40)]
        + [(f"A{number}", "advert", 6_000) for number in range(40)]
    )


def test_who_is_new_and_since_when(orders):
    found = cohorts.newcomers(orders, period=TWO.this, months=12)
    assert len(found) == 80
    assert "L0" not in found.index
    assert found["S3"] == pd.Timestamp("2026-02-01")


def test_routes_and_their_cost_by_hand(orders, known):
    table = cohorts.by_route(orders, known, periods=TWO)
    assert table["route"].tolist() == ["advert", "shop"]
    assert table["new_before"].tolist() == [0, 40]
    assert table["new_after"].tolist() == [40, 40]
    assert table["change"].tolist() == [40, 0]
    assert table["cost_after_minor"].tolist() == [6_000, 1_000]
    assert np.isnan(table.loc[0, "cost_before_minor"])


def test_a_customer_without_a_route_is_unknown(orders, known):
    some = known[known["customer_id"] != "A0"].assign(acquisition_route=lambda t: t["acquisition_route"].where(t["customer_id"] != "A1"))
    table = cohorts.by_route(orders, some, periods=TWO).set_index("route")
    assert table.loc["unknown", "new_after"] == 2
    assert table.loc["advert", "new_after"] == 38


@pytest.mark.parametrize("customers", [None, people([]), people([("S1", None, 5)])], ids=["no table", "empty", "no route"])
def test_without_routes_the_growth_cannot_be_told(orders, customers):
    found = cohorts.by_route(orders, customers, periods=TWO)
    assert isinstance(found, Withheld)
    assert "acquisition_route" in found.reason


def test_first_days_by_hand(orders, known):
    found = cohorts.first_months(orders, known, periods=TWO, as_of=AS_OF, days=30)
    last, this = found.table.to_dict("records")
    # 100 on the first day, 50 later, 10 to win: 140 yuan. In 2026 half of them came by adverts: 100, none later, 60 to win.
    assert (last["customers"], last["first_minor"], last["later_minor"], last["cost_minor"]) == (40, 10_000, 5_000, 1_000)
    assert last["left_minor"] == 14_000
    assert (this["customers"], this["first_minor"], this["later_minor"], this["cost_minor"]) == (80, 10_000, 2_500, 3_500)
    assert this["left_minor"] == 9_000
    assert found.difference.value == -5_000
    assert not found.is_margin
    assert found.knows_cost


def test_the_curve_begins_with_the_first_order_less_its_cost(orders, known):
    curve = cohorts.first_months(orders, known, periods=TWO, as_of=AS_OF, days=30).curve
    assert curve.loc[[0, 9, 10, 29], "first_minor"].tolist() == [9_000, 9_000, 14_000, 14_000]
    assert len(curve) == 30


def test_by_route_the_one_that_grew_stands_beside_all_others(orders, known):
    found = cohorts.first_months_by_route(orders, known, periods=TWO, as_of=AS_OF, days=30)
    assert found.groups == ("all other routes", "advert")
    assert found.is_by_route
    assert found.table.set_index("group")["left_minor"].to_dict() == {"shop": 14_000, "advert": 4_000}
    assert found.difference.value == -10_000


def test_without_costs_nothing_is_taken_off(orders, known):
    found = cohorts.first_months(orders, known.drop(columns="acquisition_cost_minor"), periods=TWO, as_of=AS_OF, days=30)
    assert not found.knows_cost
    assert found.table["left_minor"].tolist() == [15_000, 12_500]


def test_margin_counts_where_every_line_has_one(orders, known):
    with_margin = orders.assign(margin_minor=(orders["amount_minor"] // 2).astype("Int64"))
    found = cohorts.first_months(with_margin, known, periods=TWO, as_of=AS_OF, days=30)
    assert found.is_margin
    assert found.table["left_minor"].tolist() == [6_500, 2_750]


def test_who_has_not_been_seen_long_enough_is_left_out(orders, known):
    # On 9 March those of 1 March have been seen for 9 days, and those of 1 February for 37.
    found = cohorts.first_months(orders, known, periods=TWO, as_of=date(2026, 3, 9), days=30)
    assert found.table["customers"].tolist() == [40, 40]
    assert found.came == Period(date(2026, 1, 1), date(2026, 2, 9))
    assert "Too few" not in str(found)


def test_the_last_day_that_was_seen_long_enough_counts(orders, known):
    # The first order on 1 March, watched for 30 days: up to 30 March, that day included.
    assert cohorts.first_months(orders, known, periods=TWO, as_of=date(2026, 3, 30), days=30).table["customers"].tolist() == [40, 80]
    assert cohorts.first_months(orders, known, periods=TWO, as_of=date(2026, 3, 29), days=30).table["customers"].tolist() == [40, 40]


def test_a_period_that_has_only_begun_is_withheld(orders, known):
    found = cohorts.first_months(orders, known, periods=TWO, as_of=date(2026, 2, 20), days=30)
    assert "too few days lie 30 days or more before the report date, 20 February 2026" in found.reason


def test_few_newcomers_are_withheld_with_their_numbers(orders, known):
    few = orders[~orders["customer_id"].str.startswith("L") | (orders["customer_id"] < "L15")]
    found = cohorts.first_months(few, known, periods=TWO, as_of=AS_OF, days=30)
    assert isinstance(found, Withheld)
    assert "30 in each group are needed" in found.reason


# ---------------------------------------------------------------- over some years


@pytest.mark.parametrize(
    "retention, discount, years, worth",
    [
        (0.5, 0.0, 3, 175.0),  # 100 + 50 + 25
        (1.0, 0.0, 5, 500.0),
        (0.0, 0.1, 5, 100.0),
        (0.55, 0.1, 2, 150.0),  # 100 + 55 / 1.1
    ],
)
def test_equity_by_hand(retention, discount, years, worth):
    assert cohorts.customer_equity(100, retention=retention, discount=discount, years=years) == pytest.approx(worth)


@pytest.mark.parametrize("bad", [{"retention": 1.2}, {"retention": 0.5, "discount": -0.1}, {"retention": 0.5, "years": 0}])
def test_equity_of_nonsense_is_refused(bad):
    with pytest.raises(DataError):
        cohorts.customer_equity(100, **bad)


def test_worth_by_hand():
    # 100 in the year of coming, 60 in the next; half of the money in each further year; no discount: 100 + 60 + 30 + 15.
    found = cohorts.worth(np.full(50, 100.0), np.full(50, 60.0), back=50, known=100, years=4, discount=0)
    assert found.value == pytest.approx(205)
    # Everybody is alike, so only the share has luck in it: about 0.40 to 0.60.
    assert found.low == pytest.approx(100 + 60 * (1 + 0.40 + 0.40**2), rel=0.02)
    assert found.high == pytest.approx(100 + 60 * (1 + 0.60 + 0.60**2), rel=0.02)


def test_worth_of_one_year_is_the_first():
    found = cohorts.worth(np.full(40, 100.0), np.full(40, 60.0), back=1, known=2, years=1)
    assert (found.value, found.low, found.high) == (100, 100, 100)


def test_the_same_seed_gives_the_same_interval():
    first, second = np.arange(60.0), np.arange(60.0)[::-1]
    one, two = (cohorts.worth(first, second, back=30, known=70, seed=5) for _ in range(2))
    assert one == two


def test_equity_of_newcomers_by_hand(orders, known):
    found = cohorts.equity_of_newcomers(orders, known, periods=TWO, years=2, discount=0)
    # Those of 2025 brought 150 then, and L0 990 in 2026: 24.75 a head. 1 of 40 old customers came back.
    assert (found.customers, found.first_minor, found.second_minor, found.cost_minor) == (40, 15_000, 2_475, 1_000)
    assert found.retention.value == 1 / 40
    assert found.value.value == pytest.approx(17_475)
    assert found.value.low < 17_475 < found.value.high


def test_equity_needs_two_whole_years(orders, known):
    half = Periods(TWO.last, TWO.this, (), 6, 12, True)
    assert "two whole years" in cohorts.equity_of_newcomers(orders, known, periods=half).reason
