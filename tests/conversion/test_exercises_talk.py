"""The activities of lesson 05b: each untouched, solved and with each mistake, in two scenes."""

import pandas as pd
import pytest

from helpers.conversion import lines, talk
from helpers.conversion.exercises import talk as activities
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_ATTEMPTED, NOT_YET, exercises_of
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(activities)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))
SORTINGS = [one for one in EXERCISES.values() if one.kind == "sort"]


def workings_of(scene):
    made = Workings(EXERCISES)
    made.offer(**activities.inputs(scene=scene))
    return made


@pytest.fixture(scope="module")
def first():
    return workings_of("lantern")


@pytest.fixture(scope="module")
def second():
    return workings_of("other")


@each
def test_it_marks_as_it_should(one, first):
    assert rehearse(one, first) == []


@each
def test_it_marks_as_it_should_in_a_second_scene(one, second):
    assert rehearse(one, second) == []


@each
@pytest.mark.parametrize("answer", [object(), "no such thing", pd.DataFrame({"x": ["a"]}), 3.25], ids=lambda one: type(one).__name__)
def test_an_answer_of_another_kind_is_neither_right_nor_an_error(one, answer, first):
    assert check(one, answer, first).kind in (CANNOT_CHECK, NOT_YET)


@pytest.mark.parametrize("one", SORTINGS, ids=lambda one: one.id)
def test_no_pile_is_empty_and_every_card_says_why(one):
    assert {card.pile for card in one.cards.values()} == set(one.piles)
    assert all(card.why for card in one.cards.values())
    largest = max(sum(card.pile == pile for card in one.cards.values()) for pile in one.piles)
    assert largest <= len(one.cards) / 2


def test_the_piles_have_the_counts_of_the_source():
    """Appendix B of the source's digest: 4 neutral expressions, 4 follow-up topics, 3 relationship values; 5 stages, 5 conducts, 4 phases."""
    piles = {id: len(one.piles) for id, one in EXERCISES.items() if one.kind == "sort"}
    # A last pile for what should not be said stands beside the four neutral expressions and the four topics.
    assert (piles["5b.5"], piles["5b.10"]) == (4 + 1, 4 + 1)
    assert (piles["5b.14"], piles["5b.1"], piles["5b.2"], piles["5b.8"]) == (3, 5, 5, 4)


@pytest.mark.parametrize("scene, right", [("lantern", "wang"), ("other", "tan")])
def test_another_scene_makes_another_option_right(scene, right):
    one, made = EXERCISES["5b.13"], workings_of(scene)
    for option in one.options:
        outcome = check(one, option, made)
        assert outcome.kind == (CORRECT if option == right else NOT_YET), option
        assert outcome.text and "{" not in outcome.text


def test_paid_up_accounts_make_nobody_right():
    made = Workings(EXERCISES)
    made.offer(ledger=pd.DataFrame({"customer": ["Ms Wang, x", "Mr Tan, y"], "event": ["a", "b"], "weight": [2, 0]}))
    assert check(EXERCISES["5b.13"], "none", made).kind == CORRECT
    assert check(EXERCISES["5b.13"], "wang", made).kind == NOT_YET


def test_calls_by_hand():
    calls = pd.DataFrame({"call": list("abcde"), "answered": [1, 1, 1, 1, 0], "seconds": [4, 29, 31, 200, 0]})
    # Two of four answered calls.
    assert activities.still_on(calls, 30) == 50


def test_the_balance_by_hand():
    """Ms Shen: +2 +2 -4 +2 +2 -2 +2 = 4."""
    assert activities.balance_of_one(talk.ledger_of(talk.SCENES["lantern"]), "Ms Shen, repairs") == 4


@pytest.mark.parametrize("id, reader", [("5b.7", lines.opening), ("5b.9", lines.close)])
def test_the_example_in_the_last_hint_is_accepted(id, reader, first):
    hint = EXERCISES[id].hints[-1]
    example = hint[hint.index("“") + 1 : hint.rindex("”")]
    assert check(EXERCISES[id], reader(example), first).kind == CORRECT
    assert check(EXERCISES[id], reader(...), first).kind == NOT_ATTEMPTED


def test_a_draft_that_lacks_one_part_is_told_which(first):
    text = (
        "My name is Lin Hui from Lantern Home. You asked on Saturday, and I have measured it so that you can compare. It is the best hob. You need not decide."
    )
    assert "one word needs a proof" in check(EXERCISES["5b.7"], lines.opening(text), first).text
