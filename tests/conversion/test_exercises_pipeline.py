"""The exercises of lesson 05a: each untouched, solved and with each mistake, on two companies; judgements turn with the company."""

import pytest

from helpers.conversion.exercises import pipeline
from helpers.data import load
from helpers.places import HOME
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(pipeline)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))


@pytest.fixture(scope="module")
def workings_of(tmp_path_factory):
    def make(company):
        made = Workings(EXERCISES)
        made.offer(**pipeline.inputs(company, as_of=company.as_of))
        return made

    return make


@pytest.fixture(scope="module")
def simulated(company_of, workings_of):
    def make(**settings):
        return workings_of(company_of(**settings))

    return make


@pytest.fixture(scope="module")
def sample(simulated):
    return simulated()


@pytest.fixture(scope="module")
def second(simulated):
    """Half the size, another seed, nothing planted."""
    return simulated(seed=7, customers=3000, stories=False)


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company(one, second):
    assert rehearse(one, second) == []


def test_without_prospects_it_says_what_is_missing(workings_of):
    france = HOME.parent / "shared" / "data" / "online_retail_france.csv"
    if not france.is_file():
        pytest.skip("the Online Retail lines of France are not here")
    real = workings_of(load(france, mapping=HOME / "data" / "mappings" / "online_retail.toml"))
    for id, one in EXERCISES.items():
        if id != "5a.10":
            with pytest.raises(Unavailable):
                real.right(one)


def test_the_leaking_column_depends_on_the_company(sample, second):
    one = EXERCISES["5a.6"]
    assert check(one, "deposit_paid", sample).kind == CORRECT
    assert check(one, "none", sample).kind == NOT_YET
    assert check(one, "none", second).kind == CORRECT


def test_what_to_do_about_the_best_closer_depends_on_the_company(sample, second):
    one = EXERCISES["5a.9"]
    assert check(one, "leads", sample).kind == CORRECT
    assert "V3" in check(one, "leads", sample).text
    assert check(one, "nobody", second).kind == CORRECT
    assert check(one, "leads", second).kind == NOT_YET
