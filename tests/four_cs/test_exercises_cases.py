"""The exercises of the casebook of 4C: each untouched, solved and with each mistake, in two worlds."""

import pandas as pd
import pytest

from helpers.four_cs import case_worlds, cases
from helpers.four_cs.exercises import cases as exercises
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_YET, exercises_of
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(exercises)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))
JUDGEMENTS = [one for one in EXERCISES.values() if one.kind == "judge"]
each_judgement = pytest.mark.parametrize("one", JUDGEMENTS, ids=lambda one: one.id)


def workings_of(**settings):
    made = Workings(EXERCISES)
    made.offer(**exercises.inputs(**settings))
    return made


@pytest.fixture(scope="module")
def first():
    return workings_of()


@pytest.fixture(scope="module")
def second():
    """Another town with other needs, another market, other people."""
    return workings_of(town="drivers", market="makers", people=420, asked=1000, seed=21)


@each
def test_it_marks_as_it_should_in_the_first_world(one, first):
    assert rehearse(one, first) == []


@each
def test_it_marks_as_it_should_in_the_second_world(one, second):
    assert rehearse(one, second) == []


@each
@pytest.mark.parametrize(
    "answer",
    [object(), lambda: 1, "no such thing", pd.DataFrame({"x": ["a"]}), (letter for letter in "ab")],
    ids=lambda one: type(one).__name__,
)
def test_an_answer_of_another_kind_is_neither_right_nor_an_error(one, answer, first):
    assert check(one, answer, first).kind in (CANNOT_CHECK, NOT_YET)


def test_every_case_has_a_judgement_and_at_least_three_exercises():
    by_case = {}
    for one in EXERCISES.values():
        by_case.setdefault(one.id.partition(".")[0], []).append(one.kind)
    assert set(by_case) == {"C08", "C12"}
    assert all("judge" in kinds and len(kinds) >= 3 for kinds in by_case.values())


# ---------------------------------------------------------------- the right answers, by hand

BLOCKS = pd.DataFrame(
    {
        "near_metro": [False, False, True, True],
        "near_kindergarten": [False, True, False, True],
        "flats": [30, 10, 10, 50],
        "price_per_m2": [5000.0, 5100.0, 6000.0, 6300.0],
    }
)


def test_difference_like_with_like_by_hand():
    # (100 x 40 + 300 x 60) / 100 flats; thrown together it would be 6,100 less 5,250.
    assert exercises.difference_like_with_like(BLOCKS) == pytest.approx(220)
    plain = exercises.difference_like_with_like.mistakes[0].function(BLOCKS)
    assert plain == pytest.approx((10 * 5100 + 50 * 6300) / 60 - (30 * 5000 + 10 * 6000) / 40)


def test_surcharge_by_hand():
    # 600 flats for 1,800 households: 1 of 3, so the second largest of six.
    visitors = pd.DataFrame({"pays_kindergarten": [0, 50, 0, 40, 3, 0]})
    assert exercises.surcharge_for_a_kindergarten(visitors, case_worlds.Estate()) == 40
    assert exercises.surcharge_for_a_kindergarten(visitors, case_worlds.Estate(flats=900)) == 3


def test_the_garment_of_the_source_by_hand():
    # 200 over 100 is 2.0 by the price; with 1.5 m and 0.9 m of cloth it is 222.22 over 66.67 yuan a metre.
    assert exercises.times_as_dear_a_metre.mistakes[0].function(case_worlds.garments()) == 2.0
    assert exercises.times_as_dear_a_metre(case_worlds.garments()) == pytest.approx(10 / 3)


def test_work_in_the_difference_by_hand():
    # Sewing 56 - 16, test 8 - 0: 48 of 100.
    assert exercises.work_in_the_difference(case_worlds.build_up()) == pytest.approx(48)


def test_what_the_answer_adds_by_hand():
    asked = pd.DataFrame(
        {
            "answer": ["benefit", "benefit", "nothing", "nothing", "cost"],
            "expected_before": [100, 120, 100, 110, 100],
            "expected_after": [150, 190, 110, 120, 130],
        }
    )
    assert exercises.what_the_answer_adds(asked) == pytest.approx(60 - 10)


# ---------------------------------------------------------------- another world, another right option


@pytest.mark.parametrize(
    "town, right",
    [("families", "kindergarten"), ("drivers", "parking"), ("seniors", "clubhouse"), ("thrifty", "none")],
)
def test_another_use_of_the_plot_is_right_in_another_town(town, right):
    one, workings = EXERCISES["C08.4"], workings_of(town=town)
    kinds = {key: check(one, key, workings).kind for key in one.options}
    assert kinds == {key: CORRECT if key == right else NOT_YET for key in one.options}


@pytest.mark.parametrize("market, right", [("parents", "benefit"), ("makers", "cost"), ("bargain", "discount")])
def test_another_answer_is_right_in_another_market(market, right):
    one, workings = EXERCISES["C12.4"], workings_of(market=market)
    kinds = {key: check(one, key, workings).kind for key in one.options}
    assert kinds == {key: CORRECT if key == right else NOT_YET for key in one.options}


def test_where_no_answer_does_anything_the_lots_go_on():
    """The same four people under each answer: nothing can be told from saying nothing."""
    row = {
        "expected_before": 118,
        "expected_after": 126,
        "doubts_below": 60,
        "leaves_above": 190,
        "price": 200,
        "bought": False,
    }
    asked = pd.DataFrame([{"answer": answer, **row} for answer in case_worlds.ANSWERS for _ in range(4)])
    asked.loc[::4, "bought"] = True
    made = Workings(EXERCISES)
    made.offer(**exercises.inputs() | {"asked": asked})
    assert check(EXERCISES["C12.4"], "nothing", made).kind == CORRECT
    assert check(EXERCISES["C12.4"], "benefit", made).kind == NOT_YET


@each_judgement
def test_every_sentence_of_an_option_is_filled(one, first, second):
    for workings in (first, second):
        assert workings.facts(one)
        for key in one.options:
            text = check(one, key, workings).text
            assert text and "{" not in text and "nan" not in text


def test_the_two_worlds_differ_in_what_is_right(first, second):
    for id in ("C08.4", "C12.4"):
        assert first.right(EXERCISES[id]) != second.right(EXERCISES[id])
    assert cases.best_use(first.inputs["plot"]) == "kindergarten"
