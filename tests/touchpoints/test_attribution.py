"""Attribution: a small graph solved by hand, the Shapley value by its definition, and what must not matter."""

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.touchpoints import attribution
from helpers.withheld import Withheld


def steps_of(*journeys):
    """Steps from (path, ordered)."""
    rows = [
        (f"J{number:03d}", pd.Timestamp("2026-01-01") + pd.Timedelta(days=place), step, ordered)
        for number, (path, ordered) in enumerate(journeys)
        for place, step in enumerate(path)
    ]
    return pd.DataFrame(rows, columns=["journey_id", "at", "touchpoint", "ordered"])


@pytest.fixture
def graph():
    """a-b-order, a-nothing, b-order, each 30 times."""
    return attribution.journeys_of(steps_of(*[("ab", True), ("a", False), ("b", True)] * 30))


def test_the_removal_effect_of_a_graph_solved_by_hand(graph):
    # Start: a 2/3, b 1/3. From a: to b 1/2, to nothing 1/2. From b: always to an order.
    # Chance of an order: 2/3 * 1/2 + 1/3 = 2/3. Without a: 1/3, so a loses 1/2. Without b: 0, so b loses all.
    chain = attribution.chain_of(graph)
    assert chain.chance() == pytest.approx(2 / 3)
    assert chain.chance(without="a") == pytest.approx(1 / 3) and chain.chance(without="b") == 0
    # Shares: 0.5 and 1 of 1.5, so of 60 orders 20 and 40.
    assert attribution.removal(chain, 60).to_dict() == pytest.approx({"a": 20, "b": 40})


def test_a_step_to_itself_stays_in():
    # From a: to itself 1/3, to an order 1/3, to nothing 1/3 (3 visits of a: a-a-order and a-nothing).
    found = attribution.journeys_of(steps_of(*[("aa", True), ("a", False)] * 50))
    chain = attribution.chain_of(found)
    assert chain.move[0, 0] == pytest.approx(1 / 3) and chain.order[0] == pytest.approx(1 / 3)
    # x = 1/3 x + 1/3, so 1/2: half of the journeys end in an order.
    assert chain.chance() == pytest.approx(0.5)


def test_first_last_and_linear_by_hand(graph):
    table = attribution.shares(graph).set_index("touchpoint")
    # 30 orders a-b, 30 orders b alone.
    assert table.loc["a", ["first", "last", "linear"]].tolist() == [30, 0, 15]
    assert table.loc["b", ["first", "last", "linear"]].tolist() == [30, 60, 45]


def test_every_rule_shares_out_all_orders(sample_company):
    found = attribution.journeys_of(sample_company.journeys)
    table = attribution.shares(found)
    for name in ("first", "last", "linear", "removal", "shapley"):
        assert table[name].sum() == pytest.approx(found.ordered.sum())


def test_shapley_is_the_value_over_all_sets(sample_company, graph):
    for found in (graph, attribution.journeys_of(sample_company.journeys)):
        short, by_sets = attribution.shapley(found), attribution.shapley_by_sets(found)
        assert short.sort_index().to_numpy() == pytest.approx(by_sets.sort_index().to_numpy())


def test_other_names_give_the_same_shares(sample_company):
    steps = sample_company.journeys
    names = {name: f"z{place}" for place, name in enumerate(sorted(steps["touchpoint"].unique(), reverse=True))}
    mine = attribution.shares(attribution.journeys_of(steps)).set_index("touchpoint")
    other = attribution.shares(attribution.journeys_of(steps.assign(touchpoint=steps["touchpoint"].map(names)))).set_index("touchpoint")
    assert other.loc[[names[name] for name in mine.index]].to_numpy() == pytest.approx(mine.to_numpy())


def test_the_shares_are_those_of_the_planted_chances(sample_company):
    """The truth's chances, solved exactly, against the shares estimated from the journeys."""
    from helpers.simulate import journeys

    true = attribution.removal(attribution.Chain(journeys.TOUCHPOINTS, journeys.START, journeys.NEXT[:, :-2], journeys.NEXT[:, -2]))
    found = attribution.journeys_of(sample_company.journeys)
    seen = attribution.removal(attribution.chain_of(found)).reindex(true.index)
    assert np.abs(seen - true).max() < 0.04
    assert seen.idxmax() == true.idxmax() == "salespeople"


def test_journeys_that_contradict_themselves_are_left_out_and_counted(graph):
    steps = pd.concat([steps_of(*[("ab", True)] * 60), pd.DataFrame({"journey_id": ["X", "X"], "at": pd.to_datetime(["2026-01-01", "2026-01-02"]), "touchpoint": ["a", "b"], "ordered": [True, False]})])
    found = attribution.journeys_of(steps)
    assert len(found.paths) == 60 and found.rejected == {"its steps do not agree on whether it ended in an order": 1}


def test_steps_go_by_time_and_not_by_row():
    steps = steps_of(*[("ab", True)] * 60)
    assert attribution.journeys_of(steps.iloc[::-1]).paths == attribution.journeys_of(steps).paths


def test_too_few_orders_are_withheld_and_none_is_refused():
    assert isinstance(attribution.journeys_of(steps_of(*[("ab", True)] * 9)), Withheld)
    assert isinstance(attribution.journeys_of(None), Withheld)
    dead = attribution.Chain(("a",), np.array([1.0]), np.array([[0.0]]), np.array([0.0]))
    with pytest.raises(DataError, match="nothing to share out"):
        attribution.removal(dead)
