"""The activities of lesson 01b: each untouched, solved and with each mistake, on two companies and in two scenes."""

import pandas as pd
import pytest

from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_ATTEMPTED, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import Workings, check
from helpers.touchpoints import replies
from helpers.touchpoints.exercises import run

EXERCISES = exercises_of(run)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))
SORTINGS = [one for one in EXERCISES.values() if one.kind == "sort"]


def workings_of(company, **settings):
    made = Workings(EXERCISES)
    made.offer(**run.inputs(company, as_of=company.as_of, **settings))
    return made


@pytest.fixture(scope="module")
def sample(sample_company):
    return workings_of(sample_company)


@pytest.fixture(scope="module")
def second(company_of):
    """Another seed, the hand-over that breaks planted at the return desk; the other scene; a laxer promise."""
    return workings_of(company_of(seed=2001, plant={"hand_over": "return_desk"}), scene="other", kept_share=0.8)


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company_and_in_a_second_scene(one, second):
    assert rehearse(one, second) == []


@each
@pytest.mark.parametrize("answer", [object(), "no such thing", pd.DataFrame({"x": ["a"]}), 3.25], ids=lambda one: type(one).__name__)
def test_an_answer_of_another_kind_is_neither_right_nor_an_error(one, answer, sample):
    assert check(one, answer, sample).kind in (CANNOT_CHECK, NOT_YET)


def test_the_activities_and_their_kinds():
    assert [one.kind for one in EXERCISES.values()] == [
        "sort", "sort", "sort", "sort", "write", "judge", "sort", "judge", "write", "sort", "fill", "judge", "sort", "judge", "write", "judge",
    ]  # fmt: skip


@pytest.mark.parametrize("one", SORTINGS, ids=lambda one: one.id)
def test_no_pile_is_empty_and_every_card_says_why(one):
    assert {card.pile for card in one.cards.values()} == set(one.piles)
    assert all(card.why for card in one.cards.values())
    largest = max(sum(card.pile == pile for card in one.cards.values()) for pile in one.piles)
    assert largest <= len(one.cards) / 2


# ---------------------------------------------------------------- numbers by hand


def test_the_promise_by_hand():
    calls = pd.DataFrame({"wait_minutes": [0, 5, 15, 15, 16, 40, 3, 9]})
    # 0, 5, 15, 15, 3, 9 keep it: six of eight.
    assert run.calls_that_kept_a_promise(calls, 15) == 75


def test_the_calls_in_progress_by_hand():
    assert run.calls_in_progress(66, 5.0) == 5.5


def test_the_matters_kept_by_hand():
    matters = pd.DataFrame({"contacts": [1, 3, 2, 1, 1], "changes": [0, 2, 0, 0, 0], "settled": [1, 1, 1, 0, 1]})
    # The second changed hands, the fourth is not settled.
    assert run.kept_in_one_hand(matters) == 60


# ---------------------------------------------------------------- judgements have another right option elsewhere


@pytest.mark.parametrize(
    "id, here, there",
    [
        ("1b.6", "30", "20"),
        ("1b.8", "words", "offer"),
        ("1b.12", "few_more", "many_more"),
        ("1b.14", "first", "check"),
        ("1b.16", "installation", "return_desk"),
    ],
)
def test_other_data_make_another_option_right(id, here, there, sample, second):
    one = EXERCISES[id]
    for right, made in ((here, sample), (there, second)):
        for option in one.options:
            outcome = check(one, option, made)
            assert outcome.kind == (CORRECT if option == right else NOT_YET), option
            assert outcome.text and "{" not in outcome.text


def test_calls_that_all_wait_long_make_no_promise_right(sample):
    one, made = EXERCISES["1b.6"], Workings(EXERCISES)
    made.offer(hotline_calls=pd.DataFrame({"wait_minutes": [45] * 40}), least_share=0.9)
    assert check(one, "none", made).kind == CORRECT
    assert check(one, "30", made).kind == NOT_YET


def test_without_contacts_the_data_part_is_not_marked_and_the_rest_is(sample_company):
    company = sample_company
    made = Workings(EXERCISES)
    made.offer(**{**run.inputs(company, as_of=company.as_of), "contacts": None})
    for id in ("1b.5", "1b.6", "1b.15", "1b.16"):
        with pytest.raises(Unavailable):
            made.right(EXERCISES[id])
    assert check(EXERCISES["1b.14"], "first", made).kind == CORRECT


def test_a_touchpoint_that_is_no_option_is_not_marked(sample):
    from helpers.touchpoints.running import Stuck

    row = {"touchpoint": "chat", "owner": "own", "cases": 90, "kept": 20, "others": 0.1, "excess": 61.0, "is_sure": True, "kept_share": 0.2}
    made = Workings(EXERCISES)
    made.offer(where_stuck=Stuck(pd.DataFrame([row])))
    assert check(EXERCISES["1b.16"], "shop", made).kind == CANNOT_CHECK


# ---------------------------------------------------------------- the reply

BAD = (
    "Dear customer, according to our records the installer was on site. You should have read the manual. "
    "Please contact the partner, they will get back to you as soon as possible."
)
GOOD = (
    "Dear Ms Wang, I am sorry that your oven still does not work. My name is Chen Li, and I will stay with it until it does. "
    "I will send a fitter on Thursday before 12:00. My number is 555 0142."
)


def test_the_bad_reply_is_not_accepted_and_a_good_one_is(sample):
    one = EXERCISES["1b.9"]
    assert check(one, replies.ingredients(BAD), sample).kind == NOT_YET
    assert check(one, replies.ingredients(GOOD), sample).kind == CORRECT
    assert check(one, replies.ingredients(...), sample).kind == NOT_ATTEMPTED


def test_a_reply_that_lacks_one_thing_is_told_which(sample):
    one = EXERCISES["1b.9"]
    undated = GOOD.replace("on Thursday before 12:00", "as soon as possible")
    assert "*Soon* cannot be waited for" in check(one, replies.ingredients(undated), sample).text
    blaming = GOOD + " The partner is responsible for the delay."
    assert "somebody is blamed" in check(one, replies.ingredients(blaming), sample).text


def test_the_example_in_the_last_hint_has_all_five(sample):
    hint = EXERCISES["1b.9"].hints[-1]
    assert replies.ingredients(hint[hint.index("“") + 1 : hint.rindex("”")]) == list(replies.INGREDIENTS)
