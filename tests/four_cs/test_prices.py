"""Van Westendorp against a table worked by hand, Gabor-Granger by hand, and what is set aside."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.four_cs import findings
from helpers.four_cs.goods import list_price
from helpers.four_cs.prices import (
    QUESTIONS,
    around_expected,
    best_price,
    crossing,
    curves,
    demand,
    doubt,
    points,
    price_answers,
    where,
)
from helpers.withheld import Withheld


def sheets(rows, product="p", expected=None):
    table = pd.DataFrame(rows, columns=QUESTIONS).astype("Int64")
    ids = [f"a{at}" for at in range(len(rows))]
    return pd.DataFrame({"answer_id": ids, "product_id": product}).join(table).assign(
        expected_price_minor=pd.array(expected if expected is not None else [pd.NA] * len(rows), dtype="Int64")
    )


FOUR = [(10, 20, 30, 40), (20, 30, 40, 50), (20, 40, 50, 60), (30, 40, 60, 70)]
"""Four people, prices in minor units, each repeated below until there are enough.

Worked by hand. A price is too cheap for who named it or a higher one, expensive for who named it or a lower one:

    price            10    20    30    40    50    60    70
    too cheap         1   3/4   1/4     0     0     0     0
    cheap             1     1   3/4   2/4     0     0     0
    not cheap         0     0   1/4   2/4     1     1     1
    expensive         0     0   1/4   2/4   3/4     1     1
    not expensive     1     1   3/4   2/4   1/4     0     0
    too expensive     0     0     0   1/4   2/4   3/4     1

1976: PMC, too cheap x not cheap: both 1/4 at 30. PME, not expensive x too expensive: 2/4 and 1/4 at 40, 1/4 and 2/4 at 50,
so half way: 45. IDP, cheap x expensive: both 2/4 at 40. OPP, too cheap x too expensive: 1/4 and 0 at 30, 0 and 1/4 at 40: 35.
The other pair: PMC, too cheap x expensive: both 1/4 at 30. PME, cheap x too expensive: 2/4 and 1/4 at 40, 0 and 2/4 at 50:
the difference goes from 1/4 to -2/4, so a third of the way: 43 1/3.
"""


@pytest.fixture
def by_hand():
    return price_answers(sheets(FOUR * 15))


def test_the_curves_are_those_of_the_table(by_hand):
    table = curves(by_hand).set_index("price_minor").loc[[10, 20, 30, 40, 50, 60, 70]]
    assert table["too_cheap"].tolist() == [1, 0.75, 0.25, 0, 0, 0, 0]
    assert table["cheap"].tolist() == pytest.approx([1, 1, 0.75, 0.5, 0, 0, 0])
    assert table["expensive"].tolist() == [0, 0, 0.25, 0.5, 0.75, 1, 1]
    assert table["too_expensive"].tolist() == [0, 0, 0, 0.25, 0.5, 0.75, 1]


@pytest.mark.parametrize(
    ("convention", "expected"),
    [
        ("1976", {"pmc": 30, "pme": 45, "idp": 40, "opp": 35}),
        ("web", {"pmc": 30, "pme": 43 + 1 / 3, "idp": 40, "opp": 35}),
    ],
)
def test_the_points_are_those_of_the_table(by_hand, convention, expected):
    found = points(by_hand, convention=convention)
    assert {name: found[name].value for name in expected} == pytest.approx(expected)
    for name in expected:
        assert found[name].low <= found[name].value <= found[name].high


def test_the_ends_are_read_by_other_curves_in_the_two_conventions():
    # Three people of whom PMC differs: too cheap 10, 20, 30; cheap 40, 40, 40; expensive 50 ...: not cheap rises at 41 only.
    rows = [(10, 40, 50, 60), (20, 40, 50, 60), (30, 40, 42, 60)]
    found = price_answers(sheets(rows * 20))
    # 1976: too cheap falls to 0 at 40, where not cheap is still 0: they meet there, along one price.
    assert points(found)["pmc"].value == pytest.approx(40)
    # web: expensive is 0 at 40, too: the same place here; PME differs: cheap falls from 1 at 40 to 0 at 42.
    web = points(found, convention="web")
    assert web["pme"].value < points(found)["pme"].value


def test_along_a_stretch_the_middle_is_taken():
    grid = np.array([1.0, 2, 3, 4, 5])
    assert crossing(grid, [1, 0.5, 0.5, 0.5, 0], [0, 0.5, 0.5, 0.5, 1]) == 3
    assert crossing(grid, [1, 0.8, 0, 0, 0], [0, 0, 0, 0.4, 1]) == 3
    assert np.isnan(crossing(grid, [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]))


people = st.lists(st.tuples(*[st.integers(1, 60)] * 4).map(sorted).map(tuple).filter(lambda row: row[0] < row[3]), min_size=3, max_size=12)


@given(people)
@settings(max_examples=60, deadline=None)
def test_shares_only_fall_or_rise_and_order_is_irrelevant(rows):
    found = price_answers(sheets(rows))
    table = curves(found)
    assert (table[["too_cheap", "cheap"]].diff().iloc[1:] <= 1e-12).all(axis=None)
    assert (table[["expensive", "too_expensive"]].diff().iloc[1:] >= -1e-12).all(axis=None)
    pd.testing.assert_frame_equal(table, curves(price_answers(sheets(rows[::-1]))))
    for price in table["price_minor"]:
        share = np.mean([row[0] >= price for row in rows])
        assert table.loc[table["price_minor"] == price, "too_cheap"].item() == pytest.approx(share)


# What is set aside


def test_answers_that_make_no_sense_are_set_aside_and_every_one_is_counted():
    rows = [*FOUR * 15, (40, 30, 20, 10), (10, 30, 20, 40), (None, 20, 30, 40), (20, 20, 20, 20)]
    found = price_answers(sheets(rows))
    assert dict(found.set_aside.itertuples(index=False)) == {
        "a price is missing": 1,
        "all four prices stand the wrong way round": 1,
        "the prices do not rise from too cheap to too expensive": 2,
    }
    assert len(found.table) + found.set_aside["sheets"].sum() == found.read == len(rows)
    assert "1 sheet: a price is missing" in findings.price_answers(found)


def test_equal_neighbours_are_no_fault():
    assert len(price_answers(sheets([(10, 10, 20, 20)])).table) == 1


def test_one_product_at_a_time_and_the_others_are_counted():
    both = pd.concat([sheets(FOUR * 15, "p"), sheets(FOUR * 2, "q")], ignore_index=True)
    found = price_answers(both)
    assert found.product_id == "p" and dict(found.set_aside.itertuples(index=False)) == {"asked about another product": 8}
    assert price_answers(both, product_id="q").read == 8
    with pytest.raises(DataError, match="Nobody was asked about the product 'z'"):
        price_answers(both, product_id="z")


@pytest.mark.parametrize(
    ("answers", "reason"),
    [(None, "no answers"), (sheets([]), "no answers"), (sheets(FOUR[:1]), "1 usable answers; 50"), (sheets([(40, 30, 20, 10)] * 60), "0 usable answers")],
)
def test_one_respondent_or_none_gives_no_band(answers, reason):
    found = points(price_answers(answers))
    assert isinstance(found, Withheld) and reason in found.reason


def test_a_price_below_zero_and_an_unknown_convention_are_refused(by_hand):
    with pytest.raises(DataError, match="below zero"):
        price_answers(sheets([(-1, 2, 3, 4)]))
    with pytest.raises(DataError, match="Use 1976 or web"):
        points(by_hand, convention="1977")


def test_the_same_answers_give_the_same_interval(by_hand):
    pd.testing.assert_frame_equal(points(by_hand).table, points(by_hand).table)


# Yes or no


def offers(shares, asked=100):
    """People at rising prices: the first of them say yes."""
    rows = [
        (f"a{person}", price, person < share * asked) for price, share in shares.items() for person in range(asked)
    ]
    return pd.DataFrame(rows, columns=["answer_id", "price_minor", "would_buy"])


def test_gabor_and_granger_by_hand():
    # 100 people: 90 yes at 10, 60 at 20, 20 at 30. From 100 asked: 900, 1200, 600.
    found = demand(offers({10: 0.9, 20: 0.6, 30: 0.2}))
    assert found.table["revenue_minor"].tolist() == [900, 1200, 600]
    # Between 10 and 20 the share falls by 0.03 a step: p (1.2 - 0.03 p) has its top at 20; after 20 by 0.04: p (1.4 - 0.04 p)
    # has its top at 17.5, which is before 20. So 20 is the best, with 0.6.
    best = best_price(found)
    assert (best.price.value, best.share, best.revenue_minor, best.offered_minor, best.at_end) == (20, 0.6, 1200, 20, False)


def test_the_best_price_between_two_offers_by_hand():
    # 100% at 10, 50% at 20, 0% at 30: p (1.5 - 0.05 p) has its top at 15 with a share of 0.75: 11.25 against 10.
    best = best_price(demand(offers({10: 1.0, 20: 0.5, 30: 0.0})))
    assert best.price.value == pytest.approx(15) and best.share == pytest.approx(0.75)
    # With a unit cost of 10: (p - 10)(1.5 - 0.05 p) has its top at 20.
    assert best_price(demand(offers({10: 1.0, 20: 0.5, 30: 0.0})), unit_cost_minor=10).price.value == pytest.approx(20)


def test_the_dearest_offer_as_the_best_is_said():
    best = best_price(demand(offers({10: 1.0, 20: 1.0, 30: 0.9})))
    assert best.at_end and best.price.value == 30
    assert "a better price may lie beyond" in findings.demand(demand(offers({10: 1.0, 20: 1.0, 30: 0.9})), best, code="CNY")


def test_offers_that_contradict_each_other_or_repeat_are_set_aside():
    table = offers({10: 0.9, 20: 0.6, 30: 0.2})
    more = pd.DataFrame([("a0", 10, False), ("a1", 20, True), ("a2", 30, None)], columns=table.columns)
    found = demand(pd.concat([table, more], ignore_index=True))
    assert dict(found.set_aside.itertuples(index=False)) == {
        "an answer is missing": 1, "yes and no to the same price": 2, "the same answer twice": 1,
    }  # fmt: skip
    assert found.table["asked"].tolist() == [99, 100, 100]


def test_low_prices_that_are_refused_are_seen_and_those_that_are_taken_are_not():
    assert doubt(demand(offers({10: 0.3, 20: 0.8, 30: 0.2}))).found
    assert not doubt(demand(offers({10: 0.9, 20: 0.8, 30: 0.2}))).found
    assert not doubt(demand(offers({10: 0.93, 20: 0.95, 30: 0.2}))).found


def test_few_people_or_few_prices_give_no_demand():
    assert isinstance(demand(None), Withheld)
    assert "1 people" in demand(offers({10: 1, 20: 1, 30: 1}, asked=1)).reason
    assert isinstance(demand(offers({10: 0.9, 20: 0.6})), Withheld)
    assert isinstance(best_price(demand(None)), Withheld) and isinstance(around_expected(demand(None), price_answers(None)), Withheld)


def test_around_the_expected_price_by_hand():
    # All expect 20. Offers at 10, 20 and 30 are 50% below, at, and 50% above.
    answers = price_answers(sheets([(5, 15, 25, 35)] * 100, expected=[20] * 100))
    table = around_expected(demand(offers({10: 0.3, 20: 0.9, 30: 0.2})), answers).set_index("step")
    assert table.loc["30% or more below", ["asked", "yes"]].tolist() == [100, 30]
    assert table.loc["up to 15% above", ["asked", "yes"]].tolist() == [100, 90]
    assert table.loc["30% or more above", "yes"] == 20 and table.loc["15 to 30% below", "asked"] == 0


def test_where_a_price_lies(by_hand):
    found = points(by_hand)  # from 30 to 45
    assert [where(found, price) for price in (29, 30, 45, 46)] == ["below", "inside", "inside", "above"]


def test_the_list_price_comes_from_the_products_or_the_newest_order():
    orders = pd.DataFrame(
        {"product_id": ["p", "p"], "list_price_minor": pd.array([100, 120], dtype="Int64"), "ordered_at": pd.to_datetime(["2026-01-01", "2026-02-01"])}
    )
    products = pd.DataFrame({"product_id": ["p"], "price_minor": [150]})
    assert list_price("p", products, orders) == 150
    assert list_price("p", None, orders) == 120
    assert list_price("q", products, orders) is None
