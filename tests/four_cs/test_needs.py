"""Needs as four Cs, answers as four Ps: small lists whose counts can be made by hand."""

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.four_cs import findings
from helpers.four_cs.needs import (
    C_TO_P,
    P_TO_C,
    agreement,
    coverage,
    gaps,
    levers,
    needs,
)
from helpers.withheld import Withheld

# id, c, importance, p, action, delivery
LIST = [
    ("N1", "solution", 9, "product", "better motor", 6),
    ("N2", "solution", 8, "", "", 1),
    ("N3", "cost", 7, "price", "pay in parts", 7),
    ("N4", "cost", 3, "", "", 2),
    ("N5", "convenience", 9, "price", "10% off", 4),
    ("N6", "communication", 8, "promotion", "call back", 9),
]


def table_of(rows, **columns):
    table = pd.DataFrame(rows, columns=["statement_id", "c", "importance", "p", "action", "delivery"])
    return table.assign(statement="I need " + table["statement_id"], **columns)


@pytest.fixture
def found():
    return needs(table_of(LIST))


def test_each_c_has_one_p_and_back():
    assert {P_TO_C[p] for p in C_TO_P.values()} == set(C_TO_P) and len(P_TO_C) == 4


def test_the_matrix_counts_every_need_once(found):
    table = coverage(found).set_index("c")
    assert table.loc["solution"].to_dict() == {"product": 1, "price": 0, "place": 0, "promotion": 0, "no_p": 0, "nobody": 1}
    assert table.loc["convenience", "price"] == 1 and table.loc["convenience", "place"] == 0
    assert table.loc["cost", "nobody"] == 1
    assert table.to_numpy().sum() == len(LIST)


def test_unserved_and_misdirected_are_the_important_ones(found):
    assert found.unserved["statement_id"].tolist() == ["N2"]
    assert found.misdirected["statement_id"].tolist() == ["N5"]
    assert needs(table_of(LIST), least=3).unserved["statement_id"].tolist() == ["N2", "N4"]


def test_an_answer_that_fits_one_of_two_sorters_is_not_beside_the_point():
    seconds = ["solution", "solution", "cost", "cost", "cost", "communication"]  # the second person hears a cost in N5
    assert needs(table_of(LIST, c_second=seconds)).misdirected.empty


def test_the_weighted_gap_by_hand(found):
    # N1: 0.9 x 3 = 2.7; N2: 0.8 x 7 = 5.6; mean 4.15. N5: 0.9 x 5 = 4.5. N3: 0. N4: 0.3 x 1 = 0.3; mean 0.15. N6: 9 > 8, so 0.
    assert gaps(found).set_index("c")["gap"].to_dict() == pytest.approx(
        {"convenience": 4.5, "solution": 4.15, "cost": 0.15, "communication": 0.0}
    )
    assert gaps(found)["c"].tolist() == ["convenience", "solution", "cost", "communication"]


def test_levers_count_different_actions_and_what_they_lack():
    table = table_of([*LIST, ("N7", "cost", 5, "price", "10% off", 5)], owner=["Ann", "", "", "", "Bo", "", "Bo"], metric="")
    found = levers(needs(table)).set_index("p")
    assert found.loc["price"].to_dict() == {"actions": 2, "without_owner": 1, "without_metric": 2}
    assert found.loc["place", "actions"] == 0


def test_kappa_of_a_published_table():
    # 50 proposals read by two people: both yes 20, yes and no 5, no and yes 10, both no 15; kappa 0.4
    # (0.70 - 0.50) / (1 - 0.50), the usual worked example of Cohen's (1960) coefficient.
    first = ["solution"] * 25 + ["cost"] * 25
    second = ["solution"] * 20 + ["cost"] * 5 + ["solution"] * 10 + ["cost"] * 15
    rows = [(f"N{at}", c, 5, "", "", 5) for at, c in enumerate(first)]
    found = agreement(needs(table_of(rows, c_second=second)))
    assert (found.both, found.alike) == (50, 35) and found.kappa == pytest.approx(0.4)
    assert len(found.apart) == 15


def test_who_never_differs_agrees_fully():
    rows = [(f"N{at}", "cost", 5, "", "", 5) for at in range(12)]
    assert agreement(needs(table_of(rows, c_second="cost"))).kappa == 1


def test_cards_that_cannot_be_used_are_counted_with_their_reason():
    table = table_of([*LIST, ("N8", "cost", np.nan, "", "", 5), ("N9", None, 5, "", "", 5)])
    found = needs(table)
    assert found.set_aside.to_numpy().tolist() == [["no importance", 1], ["sorted under no C", 1]]
    assert len(found.cards) == len(LIST)
    assert "1 card: no importance" in findings.needs(found)[0]


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [("c", "comfort", "c is 'comfort' on 6 of 6 cards"), ("p", "people", "p is 'people'"), ("importance", 80, "importance is 80 on 6 of 6"),
     ("delivery", 0, "delivery is 0 on 6")],
)  # fmt: skip
def test_a_strange_value_is_refused_in_words(column, value, says):
    with pytest.raises(DataError, match=says):
        needs(table_of(LIST).assign(**{column: value}))


def test_without_a_list_and_with_a_short_one_nothing_is_said():
    assert isinstance(needs(None), Withheld)
    short = needs(table_of(LIST[:4]))
    assert isinstance(short, Withheld) and "4 usable needs; 5 are the least" in short.reason
    assert isinstance(coverage(short), Withheld) and isinstance(agreement(needs(table_of(LIST))), Withheld)


def test_order_of_rows_is_irrelevant():
    table = table_of(LIST)
    pd.testing.assert_frame_equal(needs(table).cards, needs(table.iloc[::-1]).cards, check_index_type=False)


def test_the_sentence_quotes_a_statement_without_its_markup():
    said = findings.unserved(needs(table_of(LIST).assign(statement="**<b>x</b>**")))
    assert "<b>" not in said
