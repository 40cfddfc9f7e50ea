"""Habits: one row a customer, from what the data have; expected values are worked out by hand in the tests."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.segmentation import behaviour as habits
from helpers.segmentation.behaviour import behaviour
from helpers.withheld import Withheld

AS_OF = date(2026, 6, 30)


def lines(rows, columns=("customer_id", "ordered_at", "amount_minor")):
    """Order lines; below 0 is a return."""
    frame = pd.DataFrame(rows, columns=list(columns))
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"]).astype("datetime64[us]")
    frame["status"] = np.where(frame["amount_minor"] > 0, "sale", "return")
    return frame.astype({"customer_id": "str", "status": "str", "amount_minor": "int64"})


@pytest.fixture
def three():
    """A orders on four days (two lines on one) and brings half of one back; B on three days; C on two."""
    columns = ("customer_id", "ordered_at", "amount_minor", "quantity", "list_price_minor", "line", "sales_behaviour")
    return lines(
        [
            ("A", "2026-01-01", 1000, 1, 1000, "kitchen", "online"),
            ("A", "2026-01-11", 2000, 2, 1000, "kitchen", "online"),
            ("A", "2026-01-11", 3000, 3, 1000, "water", "online"),
            ("A", "2026-01-31", 1000, 1, 1000, "kitchen", "shop"),
            ("A", "2026-03-02", 1000, 1, 1000, "kitchen", "shop"),
            ("A", "2026-03-03", -2000, -2, 1000, "kitchen", "shop"),
            ("B", "2026-06-01", 900, 1, 1000, "water", "shop"),
            ("B", "2026-06-11", 900, 1, 1000, "water", "shop"),
            ("B", "2026-06-21", 1800, 2, 1000, "water", "shop"),
            ("C", "2026-06-01", 500, 1, 500, "water", "shop"),
            ("C", "2026-06-02", 500, 1, 500, "water", "shop"),
        ],
        columns,
    )


def test_habits_of_two_customers_by_hand(three):
    found = behaviour(three, as_of=AS_OF, min_customers=2)
    table = found.table.loc[["A", "B"]]
    assert list(found.few) == ["C"] and len(found.table) == 2
    assert table["mean_order_minor"].tolist() == [8000 / 4, 3600 / 3]
    assert table["order_days"].tolist() == [4, 3]
    assert table["recency_days"].tolist() == [120, 9]  # 2 March and 21 June, up to 30 June
    assert table["returned"].tolist() == [0.25, 0.0]
    assert table["pieces_a_line"].tolist() == pytest.approx([8 / 5, 4 / 3])
    assert table["discount"].tolist() == pytest.approx([0.0, 0.1])
    assert table["line=kitchen"].tolist() == [5 / 8, 0.0]
    assert table["line=water"].tolist() == [3 / 8, 1.0]
    assert table["sales_behaviour=online"].tolist() == [6 / 8, 0.0]
    assert table["value_minor"].tolist() == [6000, 3600]
    assert table["gap_days"].tolist() == [20, 10]  # 60 days in three gaps, 20 in two
    assert table["breadth"].tolist() == [2, 1]
    # Where product lines are known, the number of lines says less and is left out.
    assert "lines_a_day" not in table


def test_an_order_file_alone_gives_size_rhythm_and_returns(three):
    found = behaviour(three[["customer_id", "ordered_at", "amount_minor", "status"]], as_of=AS_OF, min_customers=2)
    assert [one.name for one in found.features] == [
        "mean_order_minor",
        "order_days",
        "recency_days",
        "returned",
        "lines_a_day",
    ]
    assert found.table.loc["A", "lines_a_day"] == 5 / 4
    assert found.table["breadth"].isna().all()


def test_only_the_window_counts_and_nothing_after_the_report_date(three):
    found = behaviour(three, as_of=date(2026, 3, 2), window_days=61, min_customers=1, min_order_days=3)
    # From 1 January to 2 March: the return of 3 March lies after it.
    assert found.table.loc["A", ["order_days", "recency_days", "returned"]].tolist() == [4, 0, 0]
    shorter = behaviour(three, as_of=date(2026, 3, 2), window_days=60, min_customers=1, min_order_days=3)
    assert shorter.table.loc["A", "order_days"] == 3


def test_a_window_of_no_days_counts_the_whole_export(three):
    old = pd.concat([three, lines([("B", "2019-01-01", 100)])])
    assert behaviour(old, as_of=AS_OF, min_customers=2, window_days=0).table.loc["B", "order_days"] == 4
    assert behaviour(old, as_of=AS_OF, min_customers=2).table.loc["B", "order_days"] == 3


def test_too_few_customers_are_named_with_their_number(three):
    found = behaviour(three, as_of=AS_OF)
    assert isinstance(found, Withheld)
    assert "at least 40 customers with 3 order days or more" in found.reason and "there are 2" in found.reason


def test_walk_ins_and_gifts_are_no_habits(three):
    more = pd.concat(
        [
            three,
            lines([("W", f"2026-05-{day:02d}", 100) for day in range(1, 10)]).assign(status="walk_in"),
            lines([("B", "2026-06-25", 0)]).assign(status="sale"),
        ]
    )
    found = behaviour(more, as_of=AS_OF, min_customers=2)
    assert "W" not in found.table.index and found.table.loc["B", "order_days"] == 3


def test_a_column_with_one_value_or_mostly_empty_is_no_habit(three):
    one_way = behaviour(three.assign(sales_behaviour="shop"), as_of=AS_OF, min_customers=2)
    assert not [one for one in one_way.features if one.family == "how"]
    hardly = three.assign(sales_behaviour=three["sales_behaviour"].where(three["amount_minor"] < 1000))
    assert not [one for one in behaviour(hardly, as_of=AS_OF, min_customers=2).features if one.family == "how"]


def test_without_ways_of_selling_the_channel_says_how_they_buy(three):
    channel = three.rename(columns={"sales_behaviour": "channel"})
    names = [one.name for one in behaviour(channel, as_of=AS_OF, min_customers=2).features if one.family == "how"]
    assert names == ["channel=online", "channel=shop"]  # 6,000 and 5,600: the one with more money first


def test_the_same_columns_can_be_made_for_another_date(three):
    now = behaviour(three, as_of=AS_OF, min_customers=2)
    then = behaviour(three, as_of=date(2026, 3, 31), min_customers=1, like=now.features)
    assert list(then.table.columns) == list(now.table.columns)
    assert then.table.loc["A", "line=water"] == 3 / 8
    # Nobody had done it by then, so it is 0 and not missing.
    only_kitchen = three[three["line"] == "kitchen"]
    assert behaviour(only_kitchen, as_of=AS_OF, min_customers=1, like=now.features).table["line=water"].tolist() == [0.0]


def test_a_column_that_does_not_exist_is_named(three):
    found = behaviour(three, as_of=AS_OF, min_customers=2)
    with pytest.raises(DataError, match="no column of behaviour called 'colour'"):
        habits.with_features(found, ["colour"])


def test_standardised_columns_have_mean_0_and_spread_1_and_constant_ones_go(three):
    found = behaviour(pd.concat([three, three.assign(customer_id=three["customer_id"] + "2")]), as_of=AS_OF, min_customers=2)
    scaled = habits.standardised(found)
    assert scaled.mean().abs().max() < 1e-12
    assert scaled.std(ddof=0).to_numpy() == pytest.approx(1)
    # A's and B's logs of 2000 and 1200 lie at one spread on either side of their mean.
    assert scaled.loc[["A", "B"], "mean_order_minor"].tolist() == pytest.approx([1, -1])
    same = behaviour(three.assign(quantity=1), as_of=AS_OF, min_customers=2)
    assert "pieces_a_line" not in habits.standardised(same)


def test_receipts_dealt_again_keep_days_money_and_lines_but_not_the_baskets(three):
    many = pd.concat([three.assign(customer_id=three["customer_id"] + str(n)) for n in range(30)])
    found = behaviour(many, as_of=AS_OF, min_customers=2)
    dealt = habits.dealt_again(found, many, seed=1)
    for name in ("order_days", "recency_days", "gap_days"):
        assert dealt.table[name].sort_index().tolist() == found.table[name].sort_index().tolist()
    money = [(one.table["mean_order_minor"] * one.table["order_days"]).sum() for one in (found, dealt)]
    assert money[0] == pytest.approx(money[1])
    # All of B's money was water; dealt from everybody's receipts hardly anybody's is.
    assert (found.table["line=water"] == 1).mean() == 0.5
    assert (dealt.table["line=water"] == 1).mean() < 0.2
    again = habits.dealt_again(found, many.sample(frac=1, random_state=3), seed=1)
    pd.testing.assert_frame_equal(dealt.table.sort_index(), again.table.sort_index(), check_like=True)


def test_sets_of_columns_go_from_one_column_to_all(three):
    found = behaviour(three, as_of=AS_OF, min_customers=2)
    sets = habits.feature_sets(found)
    assert sets["money an order day alone"] == ["mean_order_minor"]
    assert sets["all columns"] == [one.name for one in found.features]
    assert {"what they buy", "how they buy", "what and how"} <= set(sets)
    alone = behaviour(three[["customer_id", "ordered_at", "amount_minor", "status"]], as_of=AS_OF, min_customers=2)
    assert "what they buy" not in habits.feature_sets(alone) and "size and rhythm" in habits.feature_sets(alone)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6), st.sampled_from(["log", "root", "as it is"]))
def test_a_bent_scale_keeps_the_order(values, scale):
    bent = habits.stretch(pd.Series(sorted(values)), scale)
    assert bent.is_monotonic_increasing and np.isfinite(bent).all()


@given(st.permutations(range(11)))
def test_the_order_of_the_rows_is_irrelevant(places):
    rows = [(name, f"2026-0{month}-1{day}", 100 * month + day) for name in "AB" for month in (1, 2) for day in range(3)][:11]
    made, mixed = (
        behaviour(lines(some), as_of=AS_OF, min_customers=1).table.sort_index() for some in (rows, [rows[p] for p in places])
    )
    pd.testing.assert_frame_equal(made, mixed)
