"""The activities of lesson 00b: each untouched, solved and with each mistake, on two companies and in five markets."""

import pandas as pd
import pytest

from helpers.orientation.exercises import customers
from helpers.orientation.markets import MARKETS, sellers
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(customers)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))
SORTINGS = [one for one in EXERCISES.values() if one.kind == "sort"]


def workings_of(company, **settings):
    made = Workings(EXERCISES)
    made.offer(**customers.inputs(company, as_of=company.as_of, **settings))
    return made


@pytest.fixture(scope="module")
def sample(sample_company):
    return workings_of(sample_company)


@pytest.fixture(scope="module")
def second(company_of):
    """Another seed, in which nothing was planted, and another market."""
    return workings_of(company_of(seed=2003, stories=False), market="cabbage")


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company_and_in_a_second_market(one, second):
    assert rehearse(one, second) == []


@each
@pytest.mark.parametrize("answer", [object(), "no such thing", pd.DataFrame({"x": ["a"]}), 3.5], ids=lambda one: type(one).__name__)
def test_an_answer_of_another_kind_is_neither_right_nor_an_error(one, answer, sample):
    assert check(one, answer, sample).kind in (CANNOT_CHECK, NOT_YET)


def test_there_are_eleven_activities_in_the_core_and_their_kinds():
    core = [one for id, one in EXERCISES.items() if id not in ("0b.12", "0b.13")]
    assert [one.kind for one in core] == ["sort", "sort", "write", "judge", "sort", "sort", "judge", "sort", "sort", "sort", "sort"]


@pytest.mark.parametrize("one", SORTINGS, ids=lambda one: one.id)
def test_no_pile_is_empty_and_every_card_says_why(one):
    assert {card.pile for card in one.cards.values()} == set(one.piles)
    assert all(card.why for card in one.cards.values())
    # Who puts all cards on one pile should not be nearly done.
    largest = max(sum(card.pile == pile for card in one.cards.values()) for pile in one.piles)
    assert largest <= len(one.cards) / 2


def test_the_index_by_hand():
    rivals = pd.DataFrame({"firm": list("ABCDEF"), "share": [50.0, 20.0, 10.0, 10.0, 5.0, 5.0]})
    # 2500 + 400 + 100 + 100 + 25 + 25
    assert customers.hhi_of_the_market(rivals) == 3150


@pytest.mark.parametrize("key", [key for key, market in MARKETS.items() if len(market.shares) > 4])
def test_in_each_larger_market_the_mistakes_can_be_told_apart(key):
    made = Workings(EXERCISES)
    made.offer(rivals=sellers(MARKETS[key]))
    assert rehearse(EXERCISES["0b.3"], made) == []


@pytest.mark.parametrize(
    "key, right",
    [
        ("water", "monopolistic"),
        ("delivery", "oligopoly"),
        ("spirit", "monopolistic"),
        ("cabbage", "perfect"),
        ("cigarettes", "administrative"),
    ],
)
def test_another_market_has_another_structure(key, right):
    one, made = EXERCISES["0b.4"], Workings(EXERCISES)
    made.offer(market=MARKETS[key])
    for option in one.options:
        outcome = check(one, option, made)
        assert outcome.kind == (CORRECT if option == right else NOT_YET)
        assert outcome.text and "{" not in outcome.text


def orders_of(*, back, across, customers=40):
    """A small firm of which so many customers had bought before, and so many buy a second line."""
    rows = [("first", "2024-06-01", "P", 100)]
    for number in range(customers):
        days = ["2025-04-01", "2026-03-01"] if number < back else ["2026-03-01"]
        rows += [(f"K{number}", day, "P", 100) for day in days]
        rows += [(f"K{number}", "2026-03-01", "Q", 100)] * (number < across)
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "product_id", "amount_minor"])
    return frame.assign(ordered_at=pd.to_datetime(frame["ordered_at"]))


def of_firm(company, **settings):
    made = Workings(EXERCISES)
    offered = dict(customers.inputs(company, as_of=company.as_of))
    products = pd.DataFrame({"product_id": ["P", "Q"], "line": ["pots", "quilts"]})
    made.offer(**{**offered, "orders": orders_of(**settings), "products": products})
    return made


@pytest.mark.parametrize(
    "back, across, right", [(40, 40, "relation"), (40, 3, "habit"), (3, 40, "spree"), (3, 3, "single")]
)
def test_another_firm_makes_another_option_right(sample_company, back, across, right):
    one, made = EXERCISES["0b.7"], of_firm(sample_company, back=back, across=across)
    for option in one.options:
        outcome = check(one, option, made)
        assert outcome.kind == (CORRECT if option == right else NOT_YET), option
        assert outcome.text and "{" not in outcome.text


def test_which_way_lantern_home_moved_and_that_without_stories_it_moved_otherwise(sample, second):
    assert sample.inputs.call(customers.which_way_it_moved) == "product"
    assert second.inputs.call(customers.which_way_it_moved) != "product"


def test_without_product_lines_the_judgement_is_not_marked(sample_company):
    company = sample_company
    made = Workings(EXERCISES)
    made.offer(**{**customers.inputs(company, as_of=company.as_of), "products": None})
    with pytest.raises(Unavailable, match="no product whose line is known"):
        made.right(EXERCISES["0b.7"])
    assert check(EXERCISES["0b.7"], "habit", made).kind == CANNOT_CHECK
    assert check(EXERCISES["0b.4"], "monopolistic", made).kind == CORRECT
