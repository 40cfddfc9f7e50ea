"""The exercises of the casebook of conversion: each untouched, solved and with each mistake, in two worlds."""

import pandas as pd
import pytest

from helpers.conversion import case_worlds
from helpers.conversion.exercises import cases as exercises
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_YET, exercises_of
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(exercises)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


def workings_of(world):
    made = Workings(EXERCISES)
    made.offer(**exercises.inputs(world=world))
    return made


@pytest.fixture(scope="module")
def first():
    return workings_of("first")


@pytest.fixture(scope="module")
def second():
    return workings_of("second")


@each
def test_it_marks_as_it_should(one, first):
    assert rehearse(one, first) == []


@each
def test_it_marks_as_it_should_in_a_second_world(one, second):
    assert rehearse(one, second) == []


@each
@pytest.mark.parametrize("answer", [object(), "no such thing", pd.DataFrame({"x": ["a"]})], ids=lambda one: type(one).__name__)
def test_an_answer_of_another_kind_is_neither_right_nor_an_error(one, answer, first):
    assert check(one, answer, first).kind in (CANNOT_CHECK, NOT_YET)


@pytest.mark.parametrize(
    "id, here, there",
    [
        ("C29.6", "three", "two"),
        ("C27.2", "crafts", "all"),
        ("C31.2", "advice", "own"),
        ("C33.2", "message", "occupation"),
        ("C34.2", "stop", "label"),
        ("C47.2", "licence", "coat"),
    ],
)
def test_another_world_makes_another_option_right(id, here, there, first, second):
    one = EXERCISES[id]
    for right, made in ((here, first), (there, second)):
        for option in one.options:
            outcome = check(one, option, made)
            assert outcome.kind == (CORRECT if option == right else NOT_YET), option
            assert outcome.text and "{" not in outcome.text


def test_the_numbers_of_the_source():
    """Appendix B: a mean of 1.37 visits if the rest were third; 23 of 30 are 0.7667; 1000/100/20 visits make 7%, 23%, 35%."""
    office = case_worlds.Office()
    assert sum(office.closed) == 100
    assert exercises.visits_an_order(office) == pytest.approx(1.37)
    assert exercises.second_of_the_rest(office) == pytest.approx(76.67, abs=0.005)
    assert exercises.third_succeeds(office) == pytest.approx(35)


def test_the_numbers_by_hand():
    # 0.35 * 4,000 - 150
    assert exercises.third_leaves(case_worlds.Office()) == pytest.approx(1250)
    # 8 hours over 0.16
    assert exercises.hours_for_a_sale(case_worlds.Agent()) == pytest.approx(50)
    # 0.30 * (3,600 - 200) = 1,020; 1,020 / 0.42 = 2,428.57; and 200, over 9,000
    assert exercises.share_needed(case_worlds.Showroom()) == pytest.approx(29.206, abs=0.001)
    # 0.55 * 0.60 * 0.50 * 0.40 = 0.066
    assert exercises.talks_in_100(case_worlds.ColdCalls()) == pytest.approx(6.6)
    # 270 qualified in a coat, 280 not, of 1,000
    assert exercises.qualified_of_coats(case_worlds.Coats()) == pytest.approx(100 * 270 / 550)
