"""Monday group by group: the action that fits, who is on the list and why; worked by hand."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.reports import actions as report_actions
from helpers.segmentation import group_lists
from helpers.segmentation.behaviour import Feature
from helpers.segmentation.groups import FEW_ORDERS
from helpers.segmentation.ladder import Ladder, Rules
from helpers.segmentation.lists import COLUMNS
from helpers.withheld import SILENCE, Withheld

AS_OF = date(2026, 6, 30)
FEATURES = tuple(
    Feature(name, name, family, unit, "log", f"high {name}", f"low {name}")
    for name, family, unit in [
        ("mean_order_minor", "size", "money"),
        ("order_days", "rhythm", "count"),
        ("returned", "returns", "share"),
        ("discount", "price", "share"),
    ]
)


@pytest.fixture
def one_group(monkeypatch):
    """A group whose centre and members are given; the second group is the rest."""
    monkeypatch.setattr(group_lists, "Groups", SimpleNamespace)

    def make(*, returned=0.0, breadth=3.0, **z):
        table = pd.DataFrame({"returned": [returned, 0.0], "breadth": [breadth, 3.0]}, index=["A", "B"])
        centres = pd.DataFrame(0.0, index=["it", "rest"], columns=[one.name for one in FEATURES])
        for name, value in z.items():
            centres.loc["it", name] = value
        return SimpleNamespace(
            names=("it", "rest"),
            values=pd.Series({"A": "it", "B": "rest"}),
            centres=centres,
            traits={"it": [(FEATURES[0], 1.0)], "rest": [(FEATURES[0], -1.0)]},
            scale=SimpleNamespace(features=FEATURES),
            behaviour=SimpleNamespace(table=table),
        )

    return make


@pytest.mark.parametrize(
    "habits, action, reason",
    [
        pytest.param({"returned": 0.2, "discount": 2}, "service_repair", "20 of 100 units of money come back", id="returns first"),
        pytest.param({"returned": 0.14, "discount": 2}, "reminder", "a coupon would pay them for it", id="at a discount anyway"),
        pytest.param({"breadth": 2.0, "mean_order_minor": 2}, "offer", "2.0 product lines a customer, 2.5 overall", id="few lines"),
        pytest.param({"mean_order_minor": 0.4}, "call", "their orders are large", id="large orders"),
        pytest.param({"order_days": 0.15}, "call", "they come often", id="often"),
        pytest.param({"order_days": -0.15}, "call", "they come seldom", id="seldom"),
        pytest.param({"order_days": 0.1}, "reminder", "nothing in their habits", id="nothing"),
    ],
)
def test_the_first_rule_that_fits_gives_the_action(one_group, habits, action, reason):
    row = group_lists.fitting_actions(one_group(**habits)).set_index("group").loc["it"]
    assert row["action"] == action and reason in row["reason"]


def test_nobody_who_buys_at_a_discount_anyway_gets_a_coupon_and_every_action_is_one_that_a_list_knows(one_group):
    for z in (0, 1, 3):
        actions = group_lists.fitting_actions(one_group(discount=z))["action"]
        assert set(actions) <= set(report_actions.ACTIONS) - {"coupon"}
    # Money off the next year is for contracts, and not for a group's list.
    assert set(group_lists.ACTIONS) == set(report_actions.ACTIONS) - {"discount"}
    assert group_lists.LIST in report_actions.LISTS


@pytest.mark.parametrize("nothing", [Withheld("x", "y"), SILENCE], ids=["withheld", "silence"])
def test_without_groups_there_are_two_rows(nothing):
    table = group_lists.fitting_actions(nothing)
    assert table["group"].tolist() == [group_lists.EVERYBODY, FEW_ORDERS]


def stands(*rows):
    """A ladder from (customer, rung, order days, money of the year, days since the last order)."""
    table = pd.DataFrame(rows, columns=["customer_id", "rung", "order_days", "value_minor", "recency_days"])
    return Ladder(table.assign(known_days=400, brought=0), 200_000, (), Rules(), AS_OF)


ROWS = [
    ("near", "long-term", 6, 190_000, 20),
    ("far", "long-term", 4, 50_000, 20),
    ("rich", "returning", 3, 250_000, 20),
    ("good", "quality", 9, 300_000, 20),
    ("quiet", "silent", 5, 0, 400),
    ("name", "potential", 0, 0, 0),
    ("fresh", "new", 1, 10_000, 13),
    ("new", "new", 1, 10_000, 14),
    ("older", "new", 1, 10_000, 90),
    ("twice", "returning", 2, 30_000, 30),
    ("gift", "returning", 4, 0, 30),
]


@pytest.fixture
def listed():
    without = Withheld("Groups", "none")
    return group_lists.climb_list(without, stands(*ROWS), group_lists.fitting_actions(without), code="CNY")


def test_who_stands_below_quality_and_bought_this_year_is_listed(listed):
    # Quality and above, silent, no order yet, too fresh for a reminder, and two orders without a group are not.
    assert set(listed["customer_id"]) == {"rich", "near", "far", "new", "older"}
    assert listed.columns.tolist() == [*COLUMNS, "group"]


def test_nearest_to_quality_first_and_of_the_new_those_who_came_lately(listed):
    by_group = listed.groupby("group")["customer_id"].agg(list)
    assert by_group[group_lists.EVERYBODY] == ["rich", "near", "far"]
    assert by_group[FEW_ORDERS] == ["new", "older"]


def test_evidence_and_value_at_stake_by_hand(listed):
    row = listed.set_index("customer_id")
    assert row.loc["near", "evidence"] == "¥1,900 in the last year on 6 order days in all; ¥100 less than where quality begins."
    assert "spends as quality customers do, for 400 days so far" in row.loc["rich", "evidence"]
    assert row.loc["new", "evidence"] == "One order day, 14 days ago, for ¥100."
    # A quality customer brings 3,000 a year (the median of one), a returning one 300 (the median of 0, 300 and 2,500).
    assert row.loc["near", "value_at_stake_minor"] == 300_000 - 190_000
    assert row.loc["rich", "value_at_stake_minor"] == 250_000  # what losing them would cost
    assert row.loc["new", "value_at_stake_minor"] == 30_000 - 10_000


def test_a_group_ends_at_its_size():
    without = Withheld("Groups", "none")
    table = group_lists.climb_list(without, stands(*ROWS), group_lists.fitting_actions(without), code="CNY", group_size=1)
    assert sorted(table["customer_id"]) == ["new", "rich"]


def test_ties_are_broken_by_the_id_and_not_by_the_order_of_the_rows():
    without = Withheld("Groups", "none")
    rows = [(name, "returning", 3, 10_000, 5) for name in "DACB"]
    table = group_lists.climb_list(without, stands(*rows), group_lists.fitting_actions(without), code="CNY", group_size=2)
    assert table["customer_id"].tolist() == ["A", "B"]


def test_nobody_to_help_is_an_empty_list_and_no_ladder_gives_its_reason():
    without = Withheld("Groups", "none")
    actions = group_lists.fitting_actions(without)
    assert group_lists.climb_list(without, stands(ROWS[3]), actions, code="CNY").empty
    missing = Withheld("The relationship ladder", "Nobody has ordered.")
    assert group_lists.climb_list(without, missing, actions, code="CNY") is missing


def test_another_action_for_a_group_changes_its_rows_and_none_takes_them_off(listed):
    groups = group_lists.group_of(listed)
    rows = listed.drop(columns="group")
    changed = group_lists.with_actions(rows, groups, {FEW_ORDERS: "coupon"}).set_index("customer_id")
    assert changed.loc[["new", "near"], "action"].tolist() == ["coupon", "call"]
    less = group_lists.with_actions(rows, groups, {group_lists.EVERYBODY: "none"})
    assert set(less["customer_id"]) == {"new", "older"}


def test_a_group_or_an_action_that_does_not_exist_is_named_with_those_that_do(listed):
    groups = group_lists.group_of(listed)
    with pytest.raises(DataError, match="no group 'VIP'. The groups are: all who order often enough and too few orders"):
        group_lists.with_actions(listed, groups, {"VIP": "call"})
    with pytest.raises(DataError, match="no action 'visit'"):
        group_lists.with_actions(listed, groups, {FEW_ORDERS: "visit"})
