"""From SWOT to a target group: each statement and each score by hand."""

from datetime import date, timedelta
from types import SimpleNamespace

import pandas as pd
import pytest

from helpers.segmentation import groups, targets
from helpers.segmentation.ladder import Climbing, Ladder, Rules, climbing, ladder
from helpers.segmentation.surveys import Wave
from helpers.withheld import SILENCE, Withheld

AS_OF = date(2026, 6, 30)
NOTHING = Withheld("x", "not there")


def ago(*days, money=1000):
    return [(AS_OF - timedelta(days=day), money) for day in days]


def said(orders, **known):
    known = {"ladder": NOTHING, "climbing": NOTHING, "wave": NOTHING} | known
    return targets.statements(orders, as_of=AS_OF, **known)


def only(found, word):
    return next(one for one in found if word in one.text)


@pytest.mark.parametrize(
    "inside, good, kind",
    [(True, True, "strength"), (True, False, "weakness"), (False, True, "opportunity"), (False, False, "threat")],
)
def test_inside_and_good_make_the_four_kinds(inside, good, kind):
    assert targets.Statement("x", inside, good, "orders").kind == kind


@pytest.mark.parametrize("now, before, kind", [(100, 300, "strength"), (200, 100, "weakness")])
def test_returns_are_compared_with_the_year_before(orders_of, now, before, kind):
    orders = orders_of(A=[*ago(729, 400, 30), *ago(399, money=-before), *ago(29, money=-now)])
    one = only(said(orders), "came back")
    assert one.kind == kind
    # 1,000 sold in the last year, 2,000 in the year before.
    assert f"last year {now / 10:.1f} came back as returns; the year before it was {before / 20:.1f}" in one.text


def test_equal_years_are_no_statement(orders_of):
    orders = orders_of(A=[*ago(729, 400, 60, 30), *ago(399, 29, money=-100)])
    assert not [one for one in said(orders) if "came back" in one.text]


def test_first_orders_are_compared_with_a_year_of_which_the_start_is_known(orders_of):
    orders = orders_of(Old=ago(1100), A=ago(500), B=ago(400, 20), C=ago(300), D=ago(10), E=ago(0))
    one = only(said(orders), "first time")
    assert one.text == "3 people ordered for the first time in the last year; the year before it was 2." and one.kind == "opportunity"
    # Without the year before these two everybody of the first year looks new.
    short = orders_of(A=ago(729), C=ago(300))
    assert not [one for one in said(short) if "first time" in one.text]


def test_lines_are_compared_line_by_line(orders_of):
    orders = orders_of(A=[*ago(729, 500, money=1000), *ago(100, money=1500), *ago(50, money=600)])
    # Water: 1,000 then 1,500. Kitchen: 1,000 then 600.
    orders["line"] = ["water", "kitchen", "water", "kitchen"]
    found = said(orders)
    assert only(found, "50% more").kind == "opportunity" and "*water*" in only(found, "50% more").text
    assert only(found, "40% less").kind == "threat" and "*kitchen*" in only(found, "40% less").text


def test_names_of_lines_from_the_data_bring_no_markup(orders_of):
    orders = orders_of(A=[*ago(729, 500, money=1000), *ago(100, money=1500), *ago(50, money=600)])
    orders["line"] = ["<b>*w*", "k", "<b>*w*", "k"]
    assert "<b>" not in "".join(one.text for one in said(orders))


@pytest.mark.parametrize("high, kind", [(3000, "strength"), (500, "weakness")])
def test_money_of_lasting_customers(orders_of, high, kind):
    orders = orders_of(Lasting=ago(800, 60, 20, money=high // 2), New=ago(10, money=1000))
    stands = ladder(orders, None, as_of=AS_OF)
    one = only(said(orders, ladder=stands), "long-term")
    assert one.kind == kind and f"bring {high / (high + 1000):.0%} of the money" in one.text


def test_in_a_short_export_nothing_is_said_of_lasting_customers(orders_of):
    orders = orders_of(A=ago(400, 60, 20), B=ago(10))
    assert not [one for one in said(orders, ladder=ladder(orders, None, as_of=AS_OF)) if "long-term" in one.text]


@pytest.mark.parametrize("climbed, silent, kind", [(30, 10, "strength"), (10, 30, "weakness")])
def test_new_customers(orders_of, climbed, silent, kind):
    table = pd.DataFrame([{"rung": "new", "stood": 100, "climbed": climbed, "fell_silent": silent}])
    one = only(said(orders_of(A=ago(1)), climbing=Climbing(pd.DataFrame(), table, ())), "new customers")
    assert one.kind == kind and f"{climbed} come back within a quarter, and {silent} fall silent" in one.text


def wave(**columns):
    answers = pd.DataFrame({"mode": "panel", "weight": 1.0, **columns})
    return Wave(answers, pd.Series([1] * 4, index=list("ABCD")), AS_OF)


def test_plans_are_held_against_what_customers_did(orders_of):
    # Two of four ordered in the three months before; 60 of 100 plan to.
    orders = orders_of(A=ago(10), B=ago(90), C=ago(91), D=ago(200))
    one = only(said(orders, wave=wave(plans_to_buy=pd.array([True] * 60 + [False] * 40, dtype="boolean"))), "plan to buy")
    assert "60 plan to buy" in one.text and "50 of 100 did" in one.text and one.kind == "opportunity"


@pytest.mark.parametrize("price, kind", [(60, "threat"), (20, "opportunity")])
def test_buying_by_price_first_is_a_threat_where_it_leads(orders_of, price, kind):
    motive = ["price"] * price + ["time"] * 30 + ["trust"] * (70 - price)
    one = only(said(orders_of(A=ago(1)), wave=wave(motive=motive)), "price first")
    assert one.kind == kind and f"{price} choose a shop by price first" in one.text


def test_weights_count_in_what_the_panel_says(orders_of):
    motive = ["price"] * 50 + ["time"] * 50
    one = only(said(orders_of(A=ago(1)), wave=wave(motive=motive, weight=[3.0] * 50 + [1.0] * 50)), "price first")
    assert "75 choose a shop by price first; next comes *time* with 25" in one.text


def test_fewer_than_100_answers_are_no_statement(orders_of):
    assert not [one for one in said(orders_of(A=ago(1)), wave=wave(motive=["price"] * 50 + ["time"] * 49)) if "price" in one.text]


# ---------------------------------------------------------------- scores


@pytest.fixture
def found(monkeypatch):
    """Two groups whose members are known; only values and names are needed here."""
    values = pd.Series(["big"] * 4 + ["small"] * 4, index=list("ABCDEFGH"), dtype="str")
    made = SimpleNamespace(values=values, names=("big", "small"))
    monkeypatch.setattr(targets, "Groups", SimpleNamespace)
    return made


@pytest.fixture
def bought(orders_of):
    # Big: 100, 200, 300, 400 in the year, none in the last quarter but D. Small: 10, 10, 10, 50, all lately.
    return orders_of(
        A=ago(200, money=10_000), B=ago(200, money=20_000), C=ago(200, money=30_000), D=ago(20, money=40_000),
        E=ago(20, money=1_000), F=ago(20, money=1_000), G=ago(20, money=1_000), H=ago(20, money=5_000),
    )  # fmt: skip


def test_scores_by_hand(found, bought):
    customers = pd.DataFrame({"customer_id": ["A", "B", "E"], "consent": pd.array([False, True, None], dtype="boolean")})
    table = targets.target_scores(found, bought, customers, as_of=AS_OF).set_index("group")
    # The upper quarter of 100, 200, 300, 400 is 325: 225 + 125 + 25 = 375 are at stake.
    assert table.loc["big", ["customers", "year_minor", "at_stake_minor"]].tolist() == [4, 100_000, 37_500]
    # A said no; of the four one ordered in the last quarter.
    assert table.loc["big", ["reachable", "answering"]].tolist() == [0.75, 0.25]
    assert table.loc["big", "score_minor"] == round(37_500 * 0.75 * 0.25)
    # 10, 10, 10, 50: the upper quarter is 20, so 10 + 10 + 10; not known whether E may be contacted counts as yes.
    assert table.loc["small", ["at_stake_minor", "reachable", "answering", "score_minor"]].tolist() == [3_000, 1, 1, 3_000]
    assert targets.target_group(table.reset_index()) == "big"


def test_where_consent_is_not_known_everybody_who_ordered_can_be_reached(found, bought):
    for customers in (None, pd.DataFrame({"customer_id": ["A"]})):
        table = targets.target_scores(found, bought, customers, as_of=AS_OF)
        assert table["reachable"].tolist() == [1, 1]


def test_without_groups_the_reason_is_given():
    for nothing in (NOTHING, SILENCE):
        result = targets.target_scores(nothing, None, None, as_of=AS_OF)
        assert isinstance(result, Withheld) and "No groups are claimed" in result.reason
        assert targets.where_to_begin(result) is result


@pytest.mark.parametrize(
    "scores, stakes, key",
    [
        pytest.param([100, 50], [500, 300], "stake", id="most at stake and most within reach"),
        pytest.param([100, 50], [300, 500], "reach", id="most within reach elsewhere"),
        pytest.param([100, 95], [500, 300], "alike", id="nearly level"),
        pytest.param([111, 100], [500, 300], "stake", id="more than a tenth stands out"),
        pytest.param([100], [300], "stake", id="one group"),
    ],
)
def test_where_to_begin(scores, stakes, key):
    assert targets.where_to_begin(pd.DataFrame({"score_minor": scores, "at_stake_minor": stakes})) == key


def test_statements_of_a_company_that_is_young_are_few_and_none_is_false(orders_of):
    orders = orders_of(A=ago(5, 3), B=ago(2))
    found = said(orders, ladder=ladder(orders, None, as_of=AS_OF), climbing=climbing(orders, None, as_of=AS_OF))
    assert found == []


def test_types_are_those_of_the_modules():
    # The fixtures above stand in for these.
    assert {"values", "names"} <= set(groups.Groups.__dataclass_fields__)
    assert {"table", "rules"} <= set(Ladder.__dataclass_fields__) and Rules().long_days == 365
