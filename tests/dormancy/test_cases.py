"""The case of dormancy: the exercises in two worlds and on two companies, and its counts by hand."""

import pandas as pd
import pytest

from helpers.dormancy import case_worlds, cases
from helpers.dormancy.exercises import cases as exercises
from helpers.errors import DataError
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CORRECT, NOT_YET, exercises_of
from helpers.teaching.marking import check
from helpers.withheld import Withheld

EXERCISES = exercises_of(exercises)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


@pytest.fixture(scope="module")
def sample(workings_of, planted):
    return workings_of(exercises, planted)


@pytest.fixture(scope="module")
def second(workings_of, plain):
    return workings_of(exercises, plain, world="switch", seed=5)


@each
def test_it_marks_as_it_should_in_both_worlds(one, sample, second):
    assert rehearse(one, sample) == []
    assert rehearse(one, second) == []


def test_what_they_are_depends_on_the_world(sample, second):
    one = EXERCISES["C02.2"]
    assert check(one, "repertoire", sample).kind == CORRECT
    assert check(one, "repertoire", second).kind == NOT_YET
    assert check(one, "lost", second).kind == CORRECT


def purchases_of(**takes):
    """Fourteen purchases of each buyer: O is ours, r the rival's."""
    rows = [
        (buyer, place + 1, "ours" if one == "O" else "rival") for buyer, run in takes.items() for place, one in enumerate(run)
    ]
    return pd.DataFrame(rows, columns=["buyer", "purchase", "brand"])


def test_who_went_over_at_the_can_and_came_back_within_three_is_counted():
    # The can is at the seventh: A goes over and is back at the eighth, B at the tenth, C only at the eleventh; D never took ours at the sixth.
    bought = purchases_of(A="OOOOOOrOrrrrrr", B="OOOOOOrrrOrrrr", C="OOOOOOrrrrOrrr", D="OOOOOrrOOOOOOO")
    found = cases.tried_the_can(bought)
    assert (found.buyers, found.back) == (3, 2)
    assert found.verdict == "half_asleep"
    # Before the can: 23 of 24 purchases were ours; after it A 1, B 1, C 1, D 7 of 7 each.
    assert found.ours_before == pytest.approx(23 / 24)
    assert found.ours_after == pytest.approx(10 / 28)


def test_the_switching_matrix_of_a_small_table():
    bought = purchases_of(A="OOOOOOrOrrrrrr")
    table = cases.switching(bought).set_index(["when", "took"])
    # Before: five steps from ours to ours. After: from the 7th on, ours once (then the rival's); the rival's six times, once followed by ours.
    assert table.loc[("before", "ours"), ["then_ours", "purchases"]].tolist() == [100, 5]
    assert table.loc[("after", "ours"), ["then_ours", "purchases"]].tolist() == [0, 1]
    assert table.loc[("after", "rival"), "then_ours"] == pytest.approx(100 / 6)


def test_brands_in_turn_by_hand(orders_of):
    products = pd.DataFrame({"product_id": ["x", "y"], "brand": ["X", "Y"]})
    days = [f"2025-0{month}-03" for month in range(1, 6)]
    runs = {f"A{n}": "xxxx" for n in range(20)} | {f"B{n}": "xxxyx" for n in range(8)} | {f"C{n}": "xxxyy" for n in range(4)}
    orders = orders_of(**{who: [(day, 100, one) for day, one in zip(days, run, strict=False)] for who, run in runs.items()})
    found = cases.repertoire(orders, products)
    assert found.table.to_dict("list") == {"brands": [1, 2], "customers": [20, 12]}
    assert (found.moved, found.moved_back) == (12, 8)


def test_without_brands_it_is_withheld(orders_of):
    assert isinstance(cases.repertoire(orders_of(A=[("2025-01-01", 5)]), None), Withheld)


def test_an_unknown_world_is_refused():
    with pytest.raises(DataError, match="There is no world 'pepsi'"):
        case_worlds.cola_buyers(kind="pepsi")
