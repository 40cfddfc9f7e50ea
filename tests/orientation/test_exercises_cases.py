"""The exercises of the casebook of orientation: each untouched, solved and with each mistake, in two worlds."""

import pandas as pd
import pytest

from helpers.orientation import cases
from helpers.orientation.exercises import cases as exercises
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_YET, exercises_of
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(exercises)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


def workings_of(company, **settings):
    made = Workings(EXERCISES)
    made.offer(**exercises.inputs(company, as_of=company.as_of, **settings))
    return made


@pytest.fixture(scope="module")
def sample(sample_company):
    return workings_of(sample_company)


@pytest.fixture(scope="module")
def second(company_of):
    """Another seed, and a shortage that outlasts most of what the owner looks ahead."""
    return workings_of(company_of(seed=2001), months=24, lost_share=0.15)


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company_and_in_a_second_world(one, second):
    assert rehearse(one, second) == []


@each
@pytest.mark.parametrize("answer", [object(), "no such thing", pd.DataFrame({"x": ["a"]})], ids=lambda one: type(one).__name__)
def test_an_answer_of_another_kind_is_neither_right_nor_an_error(one, answer, sample):
    assert check(one, answer, sample).kind in (CANNOT_CHECK, NOT_YET)


def test_both_short_cases_have_one_number_and_one_decision():
    assert [(id, one.kind) for id, one in EXERCISES.items()] == [
        ("C20.1", "write"), ("C20.2", "judge"), ("C35.1", "write"), ("C35.2", "judge"),
    ]  # fmt: skip


def test_the_loss_by_hand():
    assert exercises.lost_after_the_shortage(1000, 4, 0.12, 25, 32) == pytest.approx(384_000)


def test_the_gap_by_hand():
    groups = pd.DataFrame({"group": list("abc"), "customers": [10, 20, 30], "purchases": [40, 50, 100], "reduced": [10, 5, 18]})
    # 25, 10 and 18 of 100.
    assert exercises.gap_between_motives(groups) == pytest.approx(15)


def test_a_long_shortage_makes_the_other_option_right(sample, second):
    one = EXERCISES["C20.2"]
    assert check(one, "keep", sample).kind == check(one, "cut", second).kind == CORRECT
    assert check(one, "cut", sample).kind == check(one, "keep", second).kind == NOT_YET


def split(by, gap, p):
    rates = pd.DataFrame({"group": ["a", "b"], "customers": [50, 50], "purchases": [100, 100], "reduced": [0, 0], "rate": [0.1 + gap, 0.1]})
    return cases.Split(by, rates, p)


@pytest.mark.parametrize(
    "income, motive, right",
    [
        pytest.param((0.2, 0.001), (0.05, 0.3), "income", id="income alone"),
        pytest.param((0.05, 0.3), (0.2, 0.001), "motive", id="motive alone"),
        pytest.param((0.2, 0.001), (0.3, 0.001), "motive", id="both, the wider one"),
        pytest.param((0.2, 0.02), (0.3, 0.4), "neither", id="neither beyond chance"),
    ],
)
def test_other_data_make_another_split_right(income, motive, right):
    one, made = EXERCISES["C35.2"], Workings(EXERCISES)
    made.offer(income=split("income_band", *income), motive=split("motive", *motive))
    for option in one.options:
        outcome = check(one, option, made)
        assert outcome.kind == (CORRECT if option == right else NOT_YET)
        assert outcome.text and "{" not in outcome.text


def test_without_a_survey_the_second_case_is_not_marked(sample_company):
    company = sample_company
    made = Workings(EXERCISES)
    made.offer(**{**exercises.inputs(company, as_of=company.as_of), "survey": None})
    assert check(EXERCISES["C35.1"], 10, made).kind == CANNOT_CHECK
    assert check(EXERCISES["C35.2"], "motive", made).kind == CANNOT_CHECK
    assert check(EXERCISES["C20.1"], 384_000, made).kind == CORRECT
