import pandas as pd
from helpers.segmentation import lists
from helpers.withheld import Withheld


def customers():
    return pd.DataFrame(
        {
            "customer_id": ["A", "B", "C", "D"],
            "frequency": [12, 4, 1, 2],
            "value_minor": [900000, 400000, 100000, 50000],
            "mean_order_minor": [75000.0, 100000.0, 100000.0, 25000.0],
            "recency_days": [40, 200, 10, 5],
            "mean_gap_days": [30.0, 20.0, float("nan"), 60.0],
        }
    )


def classes():
    return pd.DataFrame(
        {
            "customer_id": ["A", "B", "C", "D"],
            "value_class": ["MVC", "MVC", "MGC", "BZC"],
            "value_minor": [300000, 120000, 30000, -4500],
            "potential_minor": [0, 0, 270000, 0],
            "peer_frequency": [4, 4, 4, 2],
        }
    )


def profit():
    return pd.DataFrame(
        {
            "customer_id": ["A", "B", "C", "D"],
            "margin_minor": [350000, 150000, 40000, -500],
            "cost_to_serve_minor": [50000, 30000, 10000, 4000],
            "contacts": [3, 1, 1, 4],
            "value_minor": [300000, 120000, 30000, -4500],
        }
    )


def keep(burst=None):
    nobody = customers().iloc[:0]
    return lists.keep_list(customers(), classes(), nobody if burst is None else burst, code="CNY", window_days=365)


def test_keep_gives_each_customer_a_reason_and_own_numbers():
    row = keep().set_index("customer_id").loc["A"]
    assert row["reason"] == "Most valuable, and later than usual"
    assert row["evidence"] == (
        "12 order days and ¥9,000 in 365 days; last order 40 days ago, usually every 30 days."
    )
    assert row["value_at_stake_minor"] == 300000


def test_bursts_are_not_on_the_keep_list():
    assert keep(burst=customers().iloc[[1]])["customer_id"].tolist() == ["A"]


def test_grow_compares_with_peers():
    table = lists.grow_list(customers(), classes(), customers().iloc[:0], code="CNY", window_days=365)
    assert table["evidence"].tolist() == [
        "1 order day of ¥1,000 in 365 days; the upper quarter of customers with orders of this size "
        "order on 4 days or more."
    ]
    assert table["value_at_stake_minor"].tolist() == [270000]


def test_repair_names_cost_cause_and_shop_and_drops_nobody():
    table = lists.repair_list(profit(), classes(), pd.Series({"D": "S07"}), code="CNY")
    row = table.iloc[0]
    assert row[["customer_id", "action", "value_at_stake_minor"]].tolist() == ["D", "service_repair", 4500]
    assert row["reason"] == "Costs more than it brings: returns ate the margin"
    assert row["evidence"] == "Margin after returns −¥5, cost to serve ¥40 in 4 contacts; mostly shop S07."


def test_without_margins_there_is_no_repair_list_and_a_reason():
    assert "no margin" in lists.repair_list(Withheld("x", "no margin"), classes(), None, code="CNY").reason


def test_lift_says_what_is_still_needed():
    near = pd.DataFrame(
        {
            "customer_id": ["C"],
            "size": ["medium"],
            "next_size": ["large"],
            "value_minor": [95000],
            "threshold_minor": [100000],
            "needed_minor": [5000],
        }
    )
    table = lists.lift_list(near, code="CNY")
    assert table["evidence"].tolist() == ["¥950 of ¥1,000; ¥50 still needed."]


def row(customer, name, at_stake):
    return pd.DataFrame([[customer, name, "call", "r", "e", at_stake]], columns=lists.COLUMNS)


def test_a_customer_stands_on_the_first_list_that_fits():
    table = lists.candidates(row("A", "keep", 900), row("A", "repair", 1), row("B", "grow", 5))
    assert table[["customer_id", "list"]].to_numpy().tolist() == [["A", "repair"], ["B", "grow"]]


def test_a_list_ends_at_its_size_with_the_dearest_rows():
    table = lists.candidates(row("A", "keep", 1), row("B", "keep", 3), row("C", "keep", 2), list_size=2)
    assert table["customer_id"].tolist() == ["B", "C"]


def test_no_list_at_all_is_an_empty_frame():
    assert lists.candidates(Withheld("a", "b")).columns.tolist() == lists.COLUMNS
