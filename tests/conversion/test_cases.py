"""The cases of conversion, by hand; their worlds, figures and sentences."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.conversion import attempts, case_figures, case_findings, case_worlds, cases
from helpers.errors import DataError
from helpers.withheld import Withheld

FIRST, SECOND = case_worlds.world("first"), case_worlds.world("second")


def test_the_office_by_hand():
    table = cases.office_table(FIRST.office)
    assert table["rate"].tolist() == pytest.approx([0.07, 0.23, 0.35])
    assert table["share_of_orders"].tolist() == pytest.approx([0.70, 0.23, 0.07])
    # 280 - 150, 920 - 150, 1,400 - 150
    assert cases.left_by_visit(FIRST.office) == pytest.approx([130, 770, 1250])
    assert (cases.last_visit(FIRST.office), cases.last_visit(SECOND.office)) == ("three", "two")
    # A second visit that brings 23 of 1,000 and costs 150: 92 - 150.
    assert cases.last_visit(replace(FIRST.office, visits=(1000, 1000, 20))) == "one"


@given(st.integers(23, 1000), st.integers(7, 1000))
def test_the_shares_stay_whatever_visits_were_made(second, third):
    if third > second:
        with pytest.raises(DataError, match="no more later ones"):
            cases.with_visits(second, third)
        return
    table = cases.office_table(cases.with_visits(second, third))
    assert table["share_of_orders"].tolist() == pytest.approx([0.70, 0.23, 0.07])
    assert table["rate"].between(0, 1).all() and (table["low"] <= table["rate"]).all() and (table["rate"] <= table["high"]).all()


def test_fewer_visits_than_orders_are_refused():
    with pytest.raises(DataError, match="Visits of 1000, 22, 7 cannot have brought 70, 23, 7 orders"):
        cases.with_visits(22, 7)


def test_the_short_cases_by_hand():
    # 600 - 240, 840 - 320, 960 - 640
    assert cases.left_a_prospect(FIRST.agent) == pytest.approx({"core": 360, "crafts": 520, "all": 320})
    assert cases.left_own(FIRST.showroom) == pytest.approx(1020)
    # 0.42 * (2,970 - 200)
    assert cases.left_advice(FIRST.showroom) == pytest.approx(1163.4)
    # 6.6 talks of 27 yuan each, less 300; 8.8 with the display; and with dear goods 8.8 * 90 - 300
    assert cases.left_of_100(FIRST.cold) == pytest.approx(-121.8)
    assert cases.left_of_100(FIRST.cold, mended="label") == pytest.approx(-62.4)
    assert cases.left_of_100(SECOND.cold, mended="label") == pytest.approx(492)


def test_the_share_that_is_needed_leaves_as_much():
    for world in (FIRST, SECOND):
        there = replace(world.showroom, buys_advice=cases.buys_needed(world.showroom))
        assert cases.left_advice(there) == pytest.approx(cases.left_own(world.showroom))


def test_topics_that_too_many_mind_are_left_out():
    # Family finds most, 20 of 40, and a quarter minds; news 9 of 20, and 1 of 20 minds.
    assert cases.best_topic(FIRST.counter) == "message"
    assert cases.best_topic(replace(FIRST.counter, may_mind=0.3)) == "family"
    assert cases.best_topic(replace(FIRST.counter, may_mind=0.0)) == "recreation"
    minded = case_worlds.Counter({"family": case_worlds.Topic(10, 5, 5)})
    assert cases.best_topic(minded) is None


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_coat_tells_nothing_if_all_wear_it_alike(qualified, coat, other):
    even = case_worlds.Coats(qualified=qualified, coat_if=coat, coat_if_not=coat)
    assert cases.qualified_in_coats(even) == pytest.approx(qualified)
    uneven = case_worlds.Coats(qualified=qualified, coat_if=coat, coat_if_not=other)
    assert (cases.qualified_in_coats(uneven) > qualified) == (coat > other) or coat == pytest.approx(other)


def test_an_unknown_world_is_refused():
    with pytest.raises(DataError, match="no world 'third'"):
        case_worlds.world("third")


@pytest.mark.parametrize(
    "draw, settings",
    [
        (case_figures.visits, {"second": 600, "third_share": 0.7}),
        (case_figures.agent, {"commission": 40_000}),
        (case_figures.showroom, {"back": 0.31}),
        (case_figures.topics, {"may_mind": 0.0}),
        (case_figures.coats, {"coat_if_not": 0.0}),
    ],
)
def test_figures_are_low_enough_for_a_slide_and_have_words(draw, settings):
    drawn = draw(**settings)
    assert drawn.alt and drawn.figure.get_size_inches()[1] <= 4.5


def test_sentences_follow_their_numbers():
    assert "7%, 4% and 2%" in case_findings.visits(second=600, third_share=2 / 3)
    assert "help in family matters" in case_findings.agent(commission=40_000)
    assert "less a visitor" in case_findings.showroom(back=0.31) and "more a visitor" in case_findings.showroom(back=0.42)
    assert "no topic is left" not in case_findings.topics(may_mind=0.0)
    assert "100 of 100 coats" in case_findings.coats(coat_if_not=0.0)


def test_without_visits_the_own_ones_are_withheld():
    table = attempts.by_attempt(None)
    assert isinstance(table, Withheld)
    assert isinstance(case_figures.attempts(table), Withheld)
    assert not case_findings.own_attempts(table)


def test_own_visits_are_told_from_their_table():
    table = attempts.with_rates(pd.DataFrame({"attempt": ["1", "2"], "visits": [200, 50], "closed": [20, 10]}))
    said = case_findings.own_attempts(table)
    assert "67% of the orders and succeeds in 10%" in said and "Visit 2 succeeds most often: 20%" in said


def test_a_small_lot_says_little_and_a_larger_one_enough():
    # Newcombe's interval of 7/20 less 3/20: each half's Wilson interval is (0.181, 0.567) and (0.052, 0.360);
    # 0.2 - sqrt(0.169^2 + 0.210^2) = -0.07, 0.2 + sqrt(0.217^2 + 0.098^2) = 0.44
    assert "from −7 to 44: it could not say" in case_findings.lot(20)
    assert "it would say that the visit helps" in case_findings.lot(100)
