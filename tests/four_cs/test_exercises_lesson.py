"""The exercises of lesson 02: each untouched, solved and with each mistake, on two companies that differ in every answer."""

import pandas as pd
import pytest

from helpers.data import load
from helpers.four_cs.exercises import lesson
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(lesson)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))
SORTINGS = [one for one in EXERCISES.values() if one.kind == "sort"]


def workings_of(company, **settings):
    made = Workings(EXERCISES)
    made.offer(**lesson.inputs(company, **settings))
    return made


@pytest.fixture(scope="module")
def sample(sample_company):
    return workings_of(sample_company)


@pytest.fixture(scope="module")
def second(company_of):
    """Time weighs most, the price survey is about another product, another need has no answer."""
    plant = {"bother": "time", "too_cheap": ("K004", 0.75), "unserved": "evening_visit"}
    return workings_of(company_of(seed=2003, plant=plant), least=6.0, off=50, per=300)


@pytest.fixture(scope="module")
def plain(company_of):
    """Nothing is planted: the costs weigh alike."""
    return workings_of(company_of(seed=2003, stories=False))


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company(one, second):
    assert rehearse(one, second) == []


@each
@pytest.mark.parametrize("answer", [object(), "no such thing", pd.DataFrame({"x": ["a"]}), -3.5], ids=lambda one: type(one).__name__)
def test_an_answer_of_another_kind_is_neither_right_nor_an_error(one, answer, sample):
    assert check(one, answer, sample).kind in (CANNOT_CHECK, NOT_YET)


@pytest.mark.parametrize(
    ("id", "company", "right"),
    [
        ("2.6", "sample", "energy_cost"),
        ("2.6", "second", "time_cost"),
        ("2.6", "plain", "unclear"),
        ("2.9", "sample", "below"),
        ("2.9", "second", "inside"),
    ],
)
def test_the_right_option_is_worked_out_and_differs_between_companies(request, id, company, right):
    assert check(EXERCISES[id], right, request.getfixturevalue(company)).kind == CORRECT


@pytest.mark.parametrize("one", SORTINGS, ids=lambda one: one.id)
def test_no_pile_is_empty_and_every_card_says_why(one):
    assert {card.pile for card in one.cards.values()} == set(one.piles)
    assert all(card.why for card in one.cards.values())
    largest = max(sum(card.pile == pile for card in one.cards.values()) for pile in one.piles)
    assert largest <= len(one.cards) / 2


def test_needs_without_an_action_by_hand():
    cards = pd.DataFrame({"importance": [9, 8, 7, 3], "action": ["", "call", "", ""]})
    assert lesson.important_and_unserved(cards, 7) == 2


def test_the_mean_sheet_by_hand():
    table = pd.DataFrame({"kind": ["value", "cost"], "mark": [8.0, 5.0], "weight": [0.5, 0.6]})
    assert lesson.delivered_value_of_the_mean_sheet(table) == pytest.approx(1.0)


def test_doubters_and_revenue_by_hand():
    sheets = pd.DataFrame({"too_cheap": [90.0, 100.0, 110.0, 120.0]})
    assert lesson.share_too_cheap(sheets, 110.0) == 0.5
    offers = pd.DataFrame({"price": [10.0, 20.0], "asked": [50, 50], "yes": [40, 30]})
    assert lesson.most_from_100_people(offers) == 1200  # 60 of 100 at 20


def test_the_threshold_offer_by_hand():
    # 80 off per full 200 on 768, 390 and 150: 240 + 80 + 0 of 1,308.
    baskets = pd.DataFrame({"list_price": [768.0, 390.0, 150.0]})
    assert lesson.taken_off_by_the_threshold_offer(baskets, 80, 200) == pytest.approx(320 / 1308)


def test_orders_alone_leave_the_exercises_open_with_the_reason(tmp_path):
    rows = [f"o{at},c{at % 9},2026-03-{at % 28 + 1:02d},{10 + at}.00" for at in range(40)]
    (tmp_path / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n" + "\n".join(rows) + "\n", encoding="utf-8")
    made = workings_of(load(tmp_path))
    for name, says in (("cards", "no list of needs"), ("marks_and_weights", "no survey"), ("price_sheets", "asked about prices"), ("baskets", "no list price")):
        with pytest.raises(Unavailable, match=says):
            made.inputs[name]
