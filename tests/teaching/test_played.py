"""Playing a list: what it caused is the difference of two lives of the same quarter."""

import pandas as pd
import pytest

from helpers import simulate
from helpers.reports.achieved import ALL
from helpers.teaching import played
from helpers.withheld import SILENCE, Withheld


@pytest.fixture(scope="module")
def world():
    return simulate.company(seed=5, customers=600)


@pytest.fixture(scope="module")
def rows(world):
    """Persons in turn: called, given a coupon, held out, suppressed."""
    customers = world.frames_of("customers")
    ids = customers.loc[customers["kind"] == "person", "customer_id"].tolist()[:200]
    return pd.DataFrame(
        {
            "customer_id": ids,
            "list": ["keep", "grow"] * 100,
            "action": ["call", "coupon"] * 100,
            "hold_out": [place % 8 in (2, 3) for place in range(200)],
            "suppressed": ["no consent" if place % 8 in (4, 5) else "" for place in range(200)],
        }
    )


@pytest.fixture(scope="module")
def result(world, rows):
    return played.play(world, rows, draws=1)


def test_only_those_who_were_contacted_count(result, rows):
    assert result.table["list"].tolist() == ["keep", "grow", ALL]
    assert result.table["contacted"].tolist() == [50, 50, 100]


def test_lists_add_up_to_all(result):
    parts, whole = result.table.iloc[:-1], result.table.iloc[-1]
    for name in ("revenue_minor", "cost_minor", "profit_minor"):
        assert parts[name].sum() == whole[name]


def test_the_truth_is_the_difference_of_two_lives(world, rows, result):
    sent = rows[~rows["hold_out"] & rows["suppressed"].eq("")]
    actions = dict(zip(sent["customer_id"], sent["action"], strict=True))

    def net(lived):
        orders = lived.frames_of("orders")
        orders = orders[(orders["ordered_at"] >= pd.Timestamp(world.as_of) + pd.Timedelta(days=1)) & orders["kind"].isin(["sale", "return"])]
        return orders.loc[orders["customer_id"].isin(sent["customer_id"]), "amount_minor"].sum()

    assert result.all_lists["revenue_minor"] == net(world.advance(actions)) - net(world.advance())
    # Nobody else does anything differently.
    effect = world.true_effect(actions).set_index("customer_id")
    assert (effect.drop(index=list(actions))["spend_effect_minor"] == 0).all()


def test_a_list_by_lot_has_as_many_of_each_action():
    people = pd.Index([f"C{place}" for place in range(50)])
    actions = {f"C{place}": "call" if place < 3 else "coupon" for place in range(10)}
    drawn = played.by_lot(actions, people, seed=1)
    assert sorted(drawn.values()) == sorted(actions.values())
    assert set(drawn) <= set(people) and drawn != actions
    assert drawn == played.by_lot(actions, people[::-1], seed=1)


def test_a_real_company_cannot_live_a_quarter_twice(rows):
    result = played.play(None, rows)
    assert isinstance(result, Withheld) and "live the same quarter twice" in result.reason
    assert played.played_figure(result, code="CNY") is result
    assert played.played_sentence(result, code="CNY") is SILENCE


def test_an_empty_list_changes_nothing(world, rows):
    assert "the same with it and without" in played.play(world, rows[rows["hold_out"]]).reason


def test_it_is_said_in_words_and_drawn(result):
    whole = result.all_lists["revenue_minor"]
    assert ("added ¥" in played.played_sentence(result, code="CNY")) == (whole >= 0)
    assert "only a simulation can know this" in played.played_table(result, code="CNY")._repr_html_()
    assert played.played_figure(result, code="CNY").alt.startswith("Net revenue that each list truly added: keep ")
