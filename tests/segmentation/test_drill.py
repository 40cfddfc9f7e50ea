from datetime import date

import numpy as np
import pandas as pd
import pytest
from helpers.errors import DataError
from helpers.segmentation import drill
from helpers.withheld import Withheld

BEFORE = drill.Period(date(2025, 3, 1), date(2025, 6, 1))
AFTER = drill.Period(date(2026, 3, 1), date(2026, 6, 1))


def shop_lines(seed=0, n=4000, fall=None, share_lost=0.8):
    """Lines of two periods by 1,500 customers over 4 regions, 5 lines of goods, 3 ways of selling."""
    rng = np.random.default_rng(seed)
    later = rng.random(n) < 0.5
    day = rng.integers(0, 92, n)
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{i}" for i in rng.integers(0, 1500, n)],
            "ordered_at": np.where(later, np.datetime64("2026-03-01"), np.datetime64("2025-03-01"))
            + day.astype("timedelta64[D]"),
            "amount_minor": rng.lognormal(9, 0.8, n).astype("int64"),
            "region": rng.choice(["Shanghai", "Hangzhou", "Nanjing", "Suzhou"], n),
            "line": rng.choice(["kitchen", "climate", "water", "cleaning", "homeware"], n),
            "sales_behaviour": rng.choice(["advice", "self", "installer"], n),
        }
    )
    if fall:
        cell = np.logical_and.reduce([frame[name] == member for name, member in fall.items()])
        frame = frame[~(cell & later & (rng.random(n) < share_lost))]
    return frame.astype({"ordered_at": "datetime64[us]", "customer_id": "str"})


@pytest.mark.parametrize(
    "as_of, before, after",
    [
        pytest.param(date(2026, 6, 17), BEFORE, AFTER, id="the cut month is left out"),
        pytest.param(date(2026, 5, 31), BEFORE, AFTER, id="the last day completes its month"),
    ],
)
def test_complete_months_are_compared_with_the_year_before(as_of, before, after):
    assert drill.comparison_periods(date(2023, 6, 1), as_of) == (before, after)


def test_without_a_year_the_months_before_are_used():
    before, after = drill.comparison_periods(date(2025, 11, 1), date(2026, 6, 17))
    assert (before.label, after.label) == ("Dec 2025 to Feb 2026", "Mar to May 2026")


def test_a_month_alone_cannot_be_compared():
    result = drill.comparison_periods(date(2026, 5, 1), date(2026, 6, 17))
    assert "at least 6 complete months; the export begins on 1 May 2026" in result.reason


@pytest.mark.parametrize(
    "fall",
    [
        {"region": "Hangzhou", "line": "kitchen", "sales_behaviour": "installer"},
        {"region": "Suzhou", "line": "water"},
        {"line": "climate"},
    ],
)
def test_a_planted_fall_is_found_at_its_own_depth(fall):
    lines = shop_lines(seed=5, n=9000, fall=fall)
    result = drill.drill_down(lines, periods=(BEFORE, AFTER))
    assert result.cause == fall
    assert result.path["member"].tolist() == list(fall.values())


def test_noise_alone_is_called_a_cause_in_no_more_than_5_of_60_companies():
    found = [bool(drill.drill_down(shop_lines(seed=s, n=800), periods=(BEFORE, AFTER)).cause) for s in range(60)]
    assert sum(found) <= 5


def test_growth_everywhere_is_no_cause():
    lines = shop_lines(seed=1)
    later = lines["ordered_at"] >= "2026-01-01"
    lines["amount_minor"] = lines["amount_minor"].where(~later, (lines["amount_minor"] * 1.5).astype("int64"))
    result = drill.drill_down(lines, periods=(BEFORE, AFTER))
    assert result.cause == {}
    assert result.total_after_minor > 1.3 * result.total_before_minor


def test_totals_are_the_plain_sums():
    lines = shop_lines(seed=2)
    result = drill.drill_down(lines, periods=(BEFORE, AFTER))
    assert result.total_before_minor + result.total_after_minor == lines["amount_minor"].sum()
    regions = result.cells[result.cells["cell"].map(lambda cell: list(cell) == ["region"])]
    assert regions["before_minor"].sum() == result.total_before_minor


def test_a_dimension_that_says_the_same_twice_gives_the_shorter_name():
    lines = shop_lines(seed=5, n=9000, fall={"region": "Suzhou"}).assign(channel=lambda t: t["region"].str[:2])
    assert drill.drill_down(lines, periods=(BEFORE, AFTER)).cause == {"region": "Suzhou"}


def test_without_a_dimension_the_totals_stand_alone():
    lines = shop_lines().drop(columns=["region", "line", "sales_behaviour"])
    result = drill.drill_down(lines, periods=(BEFORE, AFTER))
    assert (result.cause, len(result.cells)) == ({}, 0)
    assert "no column to open" in result.not_opened
    assert result.total_before_minor + result.total_after_minor == lines["amount_minor"].sum()


def test_few_orders_give_totals_and_no_cause():
    lines = shop_lines(n=60)
    result = drill.drill_down(lines, periods=(BEFORE, AFTER))
    assert "below 100 chance moves every part" in result.not_opened
    assert result.total_before_minor + result.total_after_minor == lines["amount_minor"].sum()


def test_home_store_is_where_most_money_is_left():
    orders = pd.DataFrame(
        {
            "customer_id": ["A", "A", "A", "B", "B"],
            "store_id": ["S2", "S1", "S1", "S9", "S3"],
            "amount_minor": [500, 300, 300, 7, 7],
        }
    )
    assert drill.home_store(orders).to_dict() == {"A": "S1", "B": "S3"}


def stores(rates, n=100):
    rows = [
        (f"{store}{i}", store, "BZC" if i < rate else "steady") for store, rate in rates.items() for i in range(n)
    ]
    table = pd.DataFrame(rows, columns=["customer_id", "store_id", "value_class"])
    return table.assign(amount_minor=100), table[["customer_id", "value_class"]]


def test_one_shop_with_many_below_zero_customers_stands_out():
    orders, classes = stores({"S1": 5, "S2": 6, "S3": 4, "S7": 25})
    check = drill.below_zero_by_store(orders, classes, classes)
    assert check.outliers == ["S7"]
    row = check.table.set_index("store_id").loc["S7"]
    assert (row["rate"], row["rate_elsewhere"]) == (0.25, 15 / 300)


def test_shops_that_differ_by_chance_do_not_stand_out():
    orders, classes = stores({"S1": 5, "S2": 8, "S3": 4, "S7": 9})
    assert drill.below_zero_by_store(orders, classes, classes).outliers == []


def test_without_margins_no_shop_is_cleared_or_blamed():
    orders, classes = stores({"S1": 0, "S2": 0})
    result = drill.below_zero_by_store(orders, classes, Withheld("profit", "No margin.", "Add it."))
    assert (result.reason, result.gain) == ("No margin.", "Add it.")


def test_one_shop_cannot_be_compared():
    orders, classes = stores({"S1": 5})
    assert "at least two shops" in drill.below_zero_by_store(orders, classes, classes).reason


def test_each_part_is_compared_with_its_share_of_the_whole_change():
    rows = [("2025-03-05", "North", 600), ("2025-04-05", "South", 400), ("2026-03-05", "North", 300), ("2026-04-05", None, 600)]
    orders = pd.DataFrame(rows, columns=["day", "region", "amount_minor"])
    orders["ordered_at"] = pd.to_datetime(orders["day"])
    table = drill.change_by_member(orders, dimension="region", periods=(BEFORE, AFTER)).set_index("member")
    assert table["change_minor"].to_dict() == {"North": -300, "South": -400, "unknown": 600}
    # The whole fell by a tenth, from 1,000 to 900.
    assert table["expected_minor"].round(6).to_dict() == {"North": -60, "South": -40, "unknown": 0}


def test_a_dimension_that_is_not_there_is_named():
    with pytest.raises(DataError, match="no column 'region' to open"):
        drill.change_by_member(shop_lines().drop(columns="region"), dimension="region", periods=(BEFORE, AFTER))


def test_a_part_that_is_most_of_the_company_is_no_surer_than_what_is_left_of_it():
    """A part and its complement are the same comparison seen from two sides."""
    rng = np.random.default_rng(44)
    lines = shop_lines(seed=4).assign(channel=lambda frame: np.where(rng.random(len(frame)) < 0.9, "shop", "online"))
    result = drill.drill_down(lines, periods=(BEFORE, AFTER), dimensions=("channel",), depth=1)
    z = {cell["channel"]: value for cell, value in zip(result.cells["cell"], result.cells["z"], strict=True)}
    # Growth is taken from the other side each time, so they agree but for its noise.
    assert z["shop"] == pytest.approx(-z["online"], rel=0.15)


def test_without_a_cause_a_large_part_stands_out_no_more_often_than_it_should():
    """Forty companies in which nothing happened: z of the large part spreads by about 1."""
    found = []
    for seed in range(40):
        rng = np.random.default_rng(5000 + seed)
        lines = shop_lines(seed=1000 + seed, n=800).assign(channel=lambda frame: np.where(rng.random(len(frame)) < 0.85, "shop", "online"))
        cells = drill.drill_down(lines, periods=(BEFORE, AFTER), dimensions=("channel",), depth=1).cells
        found.append(cells.loc[[cell == {"channel": "shop"} for cell in cells["cell"]], "z"].iloc[0])
    # The spread of 40 standard normal numbers lies between 0.67 and 1.35 in 998 of 1,000 draws.
    assert 0.67 < np.std(found) < 1.35


def test_the_noise_of_the_rest_by_hand():
    """Customer A buys inside the cell, B outside; before 100 each, after 160 and 100."""
    rows = [("A", "2025-03-05", "in", 100), ("A", "2026-03-05", "in", 160), ("B", "2025-03-05", "out", 100), ("B", "2026-03-05", "out", 120)]
    lines = pd.DataFrame(rows, columns=["customer_id", "day", "part", "amount_minor"])
    lines["before"] = lines["amount_minor"].where(lines["day"] < "2026", 0)
    lines["after"] = lines["amount_minor"].where(lines["day"] >= "2026", 0)
    # Growth outside 1.2: A is 160 - 120 = 40 beyond it, B 120 - 120 = 0; so z = 40 / sqrt(40^2 + 1^2 * 0^2) = 1.
    assert drill._z(lines, (lines["part"] == "in").to_numpy(), (200, 280)) == pytest.approx(1.0)
