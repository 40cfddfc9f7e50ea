from datetime import date
from itertools import product

import numpy as np
import pandas as pd
import pytest
from helpers.errors import DataError
from helpers.segmentation import measures
from helpers.withheld import Withheld
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 3, 31)


def test_customer_table_by_hand(orders_of):
    orders = orders_of(
        A=[("2026-01-01", 1000), ("2026-03-01", 3000), ("2026-03-05", -500)],
        B=[("2025-03-31", 800)],  # 365 days before: one day outside the window of 365 days
        C=[("2025-04-01", 800), ("2026-03-31", 200)],
    )
    table = measures.customer_table(orders, as_of=DAY).set_index("customer_id")
    assert table["recency_days"].to_dict() == {"A": 30, "B": 365, "C": 0}
    assert table["frequency"].to_dict() == {"A": 2, "B": 0, "C": 2}
    assert table["value_minor"].to_dict() == {"A": 3500, "B": 0, "C": 1000}
    assert table.loc["A", "mean_order_minor"] == 1750
    assert np.isnan(table.loc["B", "mean_order_minor"])


def test_gross_money_leaves_returns_out(orders_of):
    orders = orders_of(A=[("2026-01-01", 1000), ("2026-01-05", -400)])
    assert measures.customer_table(orders, as_of=DAY, money="gross")["value_minor"].tolist() == [1000]


# ---------------------------------------------------------------- the tie rule


@pytest.mark.parametrize(
    "values, expected",
    [
        pytest.param(range(10), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5], id="no ties: fifths"),
        pytest.param([1] * 5 + [2, 2, 3, 4, 9], [1] * 5 + [2, 2, 3, 4, 5], id="half with one order"),
        pytest.param([4, 4, 4], [3, 3, 3], id="all equal: the middle"),
        pytest.param([1, 2], [1, 5], id="two values: the ends"),
        pytest.param([1, 2, 3], [1, 3, 5], id="three values"),
        pytest.param([1, 2, 3, 4], [1, 2, 4, 5], id="four values"),
    ],
)
def test_scores_by_hand(values, expected):
    assert measures.score(pd.Series(list(values))).values.tolist() == expected


def test_few_days_since_the_last_order_score_high():
    assert measures.score(pd.Series([400, 30, 90, 5, 200]), high_is_good=False).values.tolist() == [1, 4, 3, 5, 2]


numbers = st.lists(st.integers(0, 12), min_size=1, max_size=60)


@given(numbers)
def test_equal_values_get_equal_scores_and_more_is_never_less(values):
    scored = measures.score(pd.Series(values)).values
    pairs = sorted(zip(values, scored, strict=True))
    for (a, score_a), (b, score_b) in zip(pairs, pairs[1:], strict=False):
        assert (score_a == score_b) if a == b else (score_a <= score_b)


@given(numbers)
def test_scores_span_what_the_data_allow(values):
    scored = measures.score(pd.Series(values)).values
    assert scored.nunique() == min(5, len(set(values)))
    if len(set(values)) > 1:
        assert (scored.min(), scored.max()) == (1, 5)


@given(numbers, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_change_a_score(values, random):
    series = pd.Series(values)
    shuffled = series.sample(frac=1, random_state=random.randint(0, 99))
    assert measures.score(series).values.equals(measures.score(shuffled).values.sort_index())


@given(numbers)
def test_cut_points_cover_every_customer_once(values):
    cuts = measures.score(pd.Series(values)).cuts
    assert cuts["customers"].sum() == len(values)
    assert (cuts["high"].to_numpy()[:-1] < cuts["low"].to_numpy()[1:]).all()


# ---------------------------------------------------------------- segments


def test_all_125_score_triples_have_exactly_one_segment():
    triples = pd.DataFrame(list(product(range(1, 6), repeat=3)), columns=["r", "f", "m"])
    names = measures.segment_names(triples["r"], triples["f"], triples["m"])
    assert len(names) == 125
    assert set(names) == set(measures.SEGMENTS)


@pytest.mark.parametrize(
    "r, f, m, name",
    [
        (5, 5, 5, "Champions"),
        (3, 5, 5, "Loyal"),
        (5, 1, 5, "Big baskets"),
        (5, 1, 1, "Promising"),
        (3, 3, 3, "Regular"),
        (1, 5, 1, "At risk"),
        (2, 1, 1, "Fading"),
        (1, 1, 1, "Hibernating"),
    ],
)
def test_segments_mean_what_they_say(r, f, m, name):
    assert measures.segment_names([r], [f], [m]).tolist() == [name]


def test_rfm_needs_25_customers(orders_of):
    table = measures.customer_table(orders_of(A=[("2026-01-01", 1)]), as_of=DAY)
    result = measures.rfm(table)
    assert isinstance(result, Withheld)
    assert "at least 25 customers; there are 1" in result.reason


def test_an_unknown_m_is_refused():
    table = pd.DataFrame({"customer_id": range(30)})
    with pytest.raises(DataError, match="m is 'median'. Use 'mean'"):
        measures.rfm(table, m="median")


# ---------------------------------------------------------------- concentration


def test_gini_by_hand():
    # Nine customers with 0.1 and one with 9.1 ... in minor units 1 and 91: mean absolute difference
    # is 2 * 9 * 90 / 100 = 16.2 over all pairs; Gini = 16.2 / (2 * mean 10) = 0.81.
    result = measures.concentration(pd.Series([1] * 9 + [91]))
    assert result.gini == pytest.approx(0.81)


def test_top_fifth_by_hand():
    # Two of ten customers hold 40 + 30 of 150.
    result = measures.concentration(pd.Series([40, 30] + [10] * 8))
    assert result.top_20_share == pytest.approx(70 / 150)


@given(st.lists(st.integers(1, 1000), min_size=10, max_size=30))
def test_gini_agrees_with_the_mean_absolute_difference(values):
    array = np.array(values, dtype=float)
    expected = np.abs(array[:, None] - array).mean() / (2 * array.mean())
    assert measures.concentration(pd.Series(values)).gini == pytest.approx(expected, abs=1e-9)


# ---------------------------------------------------------------- sizes


def test_sizes_by_hand():
    value = pd.Series(range(100, 0, -1))
    result = measures.size_classes(value, ordered=pd.Series(True, index=value.index))
    # 100 different values: cuts at the 50th, 80th and 95th percentile, each size from a value that occurs.
    assert result.cuts.set_index("size")["customers"].to_dict() == {"small": 50, "medium": 30, "large": 15, "VIP": 5}
    assert result.threshold("VIP") == 96


def test_equal_values_are_one_size():
    value = pd.Series([10] * 60 + [20] * 40)
    result = measures.size_classes(value, ordered=pd.Series(True, index=value.index))
    # 40 of 100 share the highest value: too many for large (20) or VIP (5), so they are all medium.
    assert result.values[value == 10].unique().tolist() == ["small"]
    assert result.values[value == 20].unique().tolist() == ["medium"]


def test_customers_without_an_order_are_no_size():
    value = pd.Series(list(range(1, 31)) + [0])
    result = measures.size_classes(value, ordered=value > 0)
    assert result.values.iloc[-1] == "no order"
    assert result.cuts["customers"].sum() == 30


@pytest.mark.parametrize("cuts", [(0.8, 0.5, 0.95), (0.0, 0.5, 0.9), (0.5, 0.8, 1.0)])
def test_cuts_that_do_not_rise_are_refused(cuts):
    with pytest.raises(DataError, match="must rise between 0 and 1"):
        measures.size_classes(pd.Series([1]), ordered=pd.Series([True]), cuts=cuts)


# ---------------------------------------------------------------- value classes


def buyers(n=40):
    """Customers who bought twice for 1,000 a day, except one who bought ten times and one who bought once."""
    frequency = np.array([2] * (n - 2) + [10, 1])
    return pd.DataFrame(
        {
            "customer_id": [f"C{i:02}" for i in range(n)],
            "frequency": frequency,
            "value_minor": frequency * 1000,
            "mean_order_minor": 1000.0,
        }
    )


def profit_of(customers, cost):
    margin = customers["value_minor"] // 2
    return pd.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "margin_minor": margin,
            "cost_to_serve_minor": cost,
            "contacts": 1,
            "value_minor": margin - cost,
        }
    )


def test_below_zero_is_margin_less_cost_to_serve():
    customers = buyers()
    cost = pd.Series([0] * 39 + [700])  # the one who bought once brings a margin of 500
    classes = measures.value_classes(customers, profit_of(customers, cost)).set_index("customer_id")
    assert classes.loc["C39", ["value_class", "value_minor"]].tolist() == ["BZC", -200]
    assert classes["value_class"].eq("BZC").sum() == 1


def test_without_margins_nobody_is_called_below_zero():
    customers = buyers().assign(value_minor=lambda t: t["value_minor"].where(t.index != 5, -50))
    classes = measures.value_classes(customers, Withheld("x", "no margin"))
    assert "BZC" not in set(classes["value_class"])


def test_growable_customers_order_less_often_than_peers_with_the_same_basket():
    customers = buyers()
    classes = measures.value_classes(customers, Withheld("x", "no margin")).set_index("customer_id")
    # Peers' upper quartile is 2 order days and 2,000; only C39 has fewer.
    assert classes.index[classes["value_class"] == "MGC"].tolist() == ["C39"]
    assert classes.loc["C39", ["potential_minor", "peer_frequency"]].tolist() == [1000, 2]


def test_every_customer_has_one_value_class():
    customers = buyers()
    classes = measures.value_classes(customers, profit_of(customers, pd.Series([100] * 40)))
    assert set(classes["value_class"]) <= set(measures.VALUE_CLASSES)
    assert measures.class_summary(classes)["customers"].sum() == 40


def test_cost_to_serve_says_what_is_missing(orders_of):
    result = measures.margin_and_cost_to_serve(orders_of(A=[("2026-01-01", 1)]), None, pd.DataFrame(), as_of=DAY)
    assert "Missing in the data: a `margin` column in the orders and a table `contacts`" in result.reason


def test_margin_and_cost_to_serve_by_hand(orders_of):
    orders = orders_of(A=[("2026-01-01", 1000), ("2026-01-09", -400)], B=[("2024-01-01", 1000)])
    orders["margin_minor"] = pd.array([300, -120, 300], dtype="Int64")
    contacts = pd.DataFrame(
        {
            "customer_id": ["A", "A", "B", "A"],
            "at": pd.to_datetime(["2026-02-01", "2026-03-31 23:00", "2026-02-01", "2026-04-01"], format="ISO8601"),
            "cost_minor": [50, 60, 70, 999],  # the last lies after the report date
        }
    )
    customers = measures.customer_table(orders, as_of=DAY)
    result = measures.margin_and_cost_to_serve(orders, contacts, customers, as_of=DAY).set_index("customer_id")
    assert result.loc["A"].tolist() == [180, 110, 2, 70]
    assert result.loc["B"].tolist() == [0, 70, 1, -70]


# ---------------------------------------------------------------- movement


def test_movement_by_hand():
    before = pd.Series({f"C{i}": "small" for i in range(20)} | {f"D{i}": "large" for i in range(10)})
    after = before.copy()
    after["C0"], after["D0"], after["E0"] = "VIP", "small", "medium"
    table = measures.movement(before, after, order=measures.SIZES)
    assert table.loc["small", "VIP"] == 1 and table.loc["large", "small"] == 1 and table.loc["new", "medium"] == 1
    assert measures.moves(table, order=measures.SIZES) == {"up": 1, "same": 28, "down": 1, "new": 1}
    assert table.to_numpy().sum() == 31


def test_movement_needs_customers_at_the_earlier_date():
    result = measures.movement(pd.Series({"A": "small"}), pd.Series({"A": "small"}), order=measures.SIZES)
    assert "Only 1 customer had bought by the earlier date" in result.reason


# ---------------------------------------------------------------- near a threshold


def test_near_threshold_by_hand():
    value = pd.Series([100] * 10 + [185, 190, 200, 250, 300, 320, 340, 360, 380, 1000])
    customers = pd.DataFrame(
        {
            "customer_id": [f"C{i:02}" for i in range(20)],
            "value_minor": value,
            "frequency": 1,
            "recency_days": 10,
        }
    )
    # 20 buyers: medium begins at rank 10 (value 185), large at rank 16 (340), VIP at rank 19 (1,000).
    sizes = measures.size_classes(value, ordered=value > 0)
    assert [sizes.threshold(size) for size in ("medium", "large", "VIP")] == [185, 340, 1000]
    near = measures.near_threshold(customers, sizes, band=0.10)
    # 10% below 340 is 306: only 320 lies between. Nothing lies between 166.5 and 185 or 900 and 1,000.
    assert near[["customer_id", "next_size", "needed_minor"]].to_numpy().tolist() == [["C15", "large", 20]]


def test_past_of_a_threshold_needs_a_long_enough_export(orders_of):
    result = measures.regression_to_the_mean(orders_of(A=[("2026-01-01", 1)]), as_of=DAY)
    assert "the export begins later" in result.reason


# ---------------------------------------------------------------- bursts


def test_a_burst_is_short_and_over():
    customers = pd.DataFrame(
        {
            "customer_id": ["burst", "faithful", "busy now", "two orders"],
            "first_order_on": pd.to_datetime(["2025-06-01", "2023-06-01", "2026-02-01", "2025-06-01"]),
            "last_order_on": pd.to_datetime(["2025-07-10", "2026-03-01", "2026-03-20", "2025-07-10"]),
            "order_days": [5, 30, 5, 2],
            "recency_days": [264, 30, 11, 264],
            "value_minor": [9, 9, 9, 9],
        }
    )
    sizes = measures.SizeClasses(pd.Series(["VIP"] * 4), pd.DataFrame())
    assert measures.bursts(customers, sizes)["customer_id"].tolist() == ["burst"]


# ---------------------------------------------------------------- does the ranking tell anything?


def crowd(orders_of):
    """Thirty customers by the end of 2025: ten of them recent; of these nine order again, of the others two."""
    recent = {f"R{place}": [("2025-12-20", 1000 + place)] for place in range(10)}
    silent = {f"S{place:02d}": [("2024-01-10", 3000 + place), ("2024-02-10", 3000)] for place in range(20)}
    for name in [f"R{place}" for place in range(9)] + ["S00", "S01"]:
        (recent if name in recent else silent)[name].append(("2026-02-01", 500))
    return orders_of(**recent, **silent)


def test_who_orders_next_is_scored_with_what_was_known_then(orders_of):
    result = measures.who_orders_next(crowd(orders_of), as_of=DAY, later_days=90)
    assert result.since == date(2025, 12, 31)
    rows = result.table.set_index("measure")
    # Two values each of R and F give scores 1 and 5; the ten recent customers ordered once, the others twice.
    assert rows.loc["R"].tolist() == [20, 2, 10, 9]
    assert rows.loc["F"].tolist() == [10, 9, 20, 2]
    assert result.differences["R"].value == pytest.approx(9 / 10 - 2 / 20)
    assert result.best == "R"


def test_orders_after_the_report_date_do_not_count(orders_of):
    orders = crowd(orders_of)
    later = orders_of(S05=[("2026-05-01", 900)])
    both = pd.concat([orders, later], ignore_index=True)
    assert measures.who_orders_next(both, as_of=DAY).table.equals(measures.who_orders_next(orders, as_of=DAY).table)


def test_with_few_customers_no_score_is_tested(orders_of):
    result = measures.who_orders_next(orders_of(A=[("2025-12-01", 100)]), as_of=DAY)
    assert isinstance(result, Withheld) and "Fewer than 25 customers" in result.reason


def test_calls_reach_the_dearest_first():
    rows = pd.DataFrame({"list": ["keep", "keep", "keep", "grow"], "value_at_stake_minor": [500, 300, 100, 100]})
    table = measures.reached_by_calls(rows, calls=2)
    assert table["reached_minor"].tolist() == [800, 600, 500]  # 500+300; 500+100 (each list once); half of 1,000
    assert table["share"].tolist() == [0.8, 0.6, 0.5]


def test_more_calls_than_customers_reach_everything():
    rows = pd.DataFrame({"list": ["keep", "grow"], "value_at_stake_minor": [500, 300]})
    assert measures.reached_by_calls(rows, calls=9)["share"].tolist() == [1, 1, 1]
