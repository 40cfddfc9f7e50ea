"""The exercises of the casebook of touchpoints: each untouched, solved and with each mistake, in two worlds."""

import pandas as pd
import pytest

from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_YET, exercises_of
from helpers.teaching.marking import Workings, check
from helpers.touchpoints import case_worlds
from helpers.touchpoints.exercises import cases as full
from helpers.touchpoints.exercises import cases_owned as owned
from helpers.touchpoints.exercises import cases_short as short

EXERCISES = exercises_of(full) | exercises_of(owned) | exercises_of(short)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


def workings_of(company, world):
    made = Workings(EXERCISES)
    made.offer(**full.inputs(company, as_of=company.as_of, world=world))
    return made


@pytest.fixture(scope="module")
def first(sample_company):
    return workings_of(sample_company, "first")


@pytest.fixture(scope="module")
def second(sample_company):
    return workings_of(sample_company, "second")


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
        ("C03.6", "unhappy", "content"),
        ("C04.6", "words", "offer"),
        ("C05.6", "first", "check"),
        ("C06.6", "screen", "agent"),
        ("C07.2", "both", "phone"),
        ("C13.2", "from", "all"),
        ("C14.2", "waive", "charge"),
        ("C19.2", "slip", "bin"),
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
    """Appendix B: 583.33 machines a day; 36 cheques become 12; 528 and 499.20 yuan; from 1,400 on; nine of ten from 59.6% (Wilson)."""
    launch, shoe = case_worlds.Launch(), case_worlds.Shoe()
    assert launch.claimed / launch.claimed_days == pytest.approx(583.33, abs=0.005)
    assert full.claims_apart(launch) == pytest.approx(583.333 / 204.918, abs=0.001)
    assert full.cheques_saved(launch) == 24 * 4500 == 108_000
    assert full.pays_with_threshold(shoe) == 528
    assert full.pays_with_percentage(shoe) == pytest.approx(499.20)
    assert full.threshold_wins_from() == 1400
    # Newcombe's formula by hand: (0.9 + 0.19207 - 1.96 * sqrt(0.009 + 0.0096037)) / 1.38415
    assert full.how_low_it_may_be() == pytest.approx(59.58, abs=0.02)


def test_the_numbers_by_hand():
    # 1.25 / 1.45 = 0.86207
    assert full.change_of_share(case_worlds.Launch()) == pytest.approx(-13.793, abs=0.001)
    # 60 of 100 times (499.20 - 300)
    assert full.sentence_takes(case_worlds.Shoe()) == pytest.approx(119.52)
    charger = case_worlds.Charger()
    # Half of 600, less 60; 60 / (0.02 * 600); 40 + 60 + 48 + 6
    assert owned.refusal_costs_more(charger) == 240
    assert owned.listeners(charger, 0.02) == pytest.approx(5)
    assert owned.check_costs(charger) == pytest.approx(154)
    # 66 calls of 5 minutes are 5.5 hours of talk for 7 agents.
    assert owned.busy_share(case_worlds.world("first").screen) == pytest.approx(550 / 7)
    # 70 minutes at 30 yuan an hour, and 14
    assert short.counter_costs(case_worlds.Bank()) == pytest.approx(49)
    assert short.thanks_pay_from(case_worlds.Thanks()) == pytest.approx(40)
    assert short.points_that_waiving_needs(case_worlds.Fee()) == pytest.approx(10)
    # 5,000 times 0.06 times 0.05 is 15 readers, of 400 yuan each
    assert short.posting_costs(case_worlds.Brochures()) == pytest.approx(6000)


def test_greetings_by_hand():
    calls = pd.DataFrame({"call": range(5), "number_on_file": [1, 1, 1, 1, 0], "right_person": [1, 1, 0, 1, 0]})
    assert owned.calls_matched(calls) == 80
    assert owned.wrong_greetings(calls) == 25


def test_needs_by_hand():
    guests = pd.DataFrame({"guest": ["a", "b", "c"], "x": [1, 1, 0], "y": [0, 0, 0], "z": [0, 1, 0]})
    assert full.needs_on_the_table(guests) == 2
