"""Cards sorted into piles: marked card by card, with a word for the pile that tempts."""

import pytest

from helpers.teaching import Card, Lesson, sorting
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_ATTEMPTED, NOT_YET, solution
from helpers.teaching.marking import Workings, check
from helpers.teaching.topics import Topic

PILES = {"durable": "Durable goods", "daily": "Daily goods"}
CARDS = {
    "fridge": Card("A fridge", "durable", "It is used for years.", {"daily": "It is used daily and bought once in ten years."}),
    "salt": Card("Salt", "daily", "It is bought often.", {"durable": "It keeps, but it is used up."}),
    "soap": Card("Soap", "daily", "It is used up."),
}


@sorting("1.9", minutes=3, piles=PILES, cards=CARDS, covers=["S08"], means="How long a thing lasts decides how it is sold.")
def product_classes():
    """Which class does each product belong to?"""


@pytest.fixture
def workings():
    return Workings({"1.9": product_classes})


def marked(answer, workings):
    return check(product_classes, answer, workings)


RIGHT = {"fridge": "durable", "salt": "daily", "soap": "daily"}


def test_all_cards_right_is_correct(workings):
    outcome = marked(RIGHT, workings)
    assert outcome.kind == CORRECT and "decides how it is sold" in outcome.text


def test_cards_and_piles_may_be_named_in_words(workings):
    assert marked({"a fridge": "durable goods", "SALT": "Daily goods", "Soap ": "daily"}, workings).kind == CORRECT


def test_a_tempting_pile_has_its_own_words(workings):
    outcome = marked(RIGHT | {"fridge": "daily"}, workings)
    assert outcome.kind == NOT_YET
    assert "2 of 3 cards lie right." in outcome.text
    assert "bought once in ten years" in outcome.text


def test_another_wrong_card_is_named_and_not_given_away(workings):
    outcome = marked(RIGHT | {"soap": "durable"}, workings)
    assert "**Soap**: look at it again." in outcome.text and "Daily" not in outcome.text


def test_cards_that_are_not_sorted_are_counted(workings):
    outcome = marked({"fridge": "durable"}, workings)
    assert outcome.kind == NOT_YET and "1 of 3 cards lie right. 2 cards not sorted yet." in outcome.text


def test_nothing_sorted_is_not_attempted(workings):
    assert marked(..., workings).kind == NOT_ATTEMPTED


@pytest.mark.parametrize(
    "answer, says",
    [
        pytest.param(["durable"], "Cards and their piles are expected", id="a list"),
        pytest.param({"lathe": "daily"}, "none of these: fridge, salt, soap", id="another card"),
        pytest.param({"salt": "sea"}, "`salt` lies on none of the piles: durable, daily", id="another pile"),
        pytest.param({3: "daily"}, "none of these", id="a number for a card"),
    ],
)
def test_what_is_no_sorting_is_said_in_words(answer, says, workings):
    outcome = marked(answer, workings)
    assert outcome.kind == CANNOT_CHECK and says in outcome.text


def test_it_rehearses_without_faults(workings):
    assert rehearse(product_classes, workings) == []


def test_the_solution_gives_every_card_its_pile_and_why():
    text = solution(product_classes).plain()
    assert "A fridge: Durable goods. It is used for years." in text and "Soap: Daily goods." in text


@pytest.mark.parametrize(
    "cards, says",
    [
        pytest.param({"salt": Card("Salt", "sea")}, "names a pile that there is not", id="no such pile"),
        pytest.param({"salt": CARDS["salt"], "soap": CARDS["soap"]}, "at least two cards need a word", id="nothing tempts"),
    ],
)
def test_a_sorting_that_cannot_teach_is_the_authors_mistake(cards, says):
    with pytest.raises(ValueError, match=says):
        sorting("1", minutes=1, piles=PILES, cards=cards)


@pytest.fixture
def lesson(write_notebook):
    return Lesson("03a", topic=Topic("tiny", {"1.9": product_classes}), notebooks=write_notebook())


def test_it_is_shown_with_lists_to_choose_from_and_answered(lesson):
    shown = lesson.sort("1.9")
    assert "Which class" in shown.plain() and "____  Salt" in shown.plain()
    assert shown.html().count("<tr>") == 3
    group = shown.widget()
    lists = [row.children[1] for row in group.children if getattr(row, "children", ()) and len(row.children) == 2]
    assert [one.description for one in lists] == ["A fridge", "Salt", "Soap"]
    button = next(child for child in group.children if child.__class__.__name__ == "Button")
    said = group.children[-1]
    button.click()
    assert "Nothing sorted yet" in said.value
    for one, pile in zip(lists, ("daily", "daily", "daily"), strict=True):
        one.value = pile
    button.click()
    assert "2 of 3 cards lie right" in said.value and 'aria-live="polite"' in said.value
    lists[0].value = "durable"
    button.click()
    assert "Correct." in said.value
    assert [event["outcome"] for event in lesson.progress.events] == ["not yet", "correct"]


def test_another_kind_of_exercise_is_no_sorting(lesson):
    assert "No such sorting" in lesson.sort("1.1").plain()
