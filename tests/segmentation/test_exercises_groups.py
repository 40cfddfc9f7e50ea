"""The exercises of lesson 03b: each untouched, solved and with each mistake, on three companies."""

import numpy as np
import pandas as pd
import pytest

from helpers.segmentation import surveys
from helpers.segmentation.exercises import groups as exercises
from helpers.teaching.audit import rehearse
from helpers.teaching.exercises import CANNOT_CHECK, CORRECT, NOT_YET, exercises_of
from helpers.teaching.inputs import Unavailable
from helpers.teaching.marking import Workings, check

EXERCISES = exercises_of(exercises)
each = pytest.mark.parametrize("one", EXERCISES.values(), ids=list(EXERCISES))
NEED_MORE_THAN_A_YEAR = ("3b.5", "3b.10")
NEED_A_SURVEY = ("3b.6", "3b.7", "3b.8", "3b.9")


@pytest.fixture(scope="module")
def sample(workings_of, sample_company):
    return workings_of(exercises, sample_company)


@pytest.fixture(scope="module")
def second(workings_of, company_of):
    """Half the size, another seed, nothing planted."""
    return workings_of(exercises, company_of(seed=7, customers=3000, stories=False))


@pytest.fixture(scope="module")
def real(workings_of, france):
    return workings_of(exercises, france)


@each
def test_it_marks_as_it_should_on_the_sample(one, sample):
    assert rehearse(one, sample) == []


@each
def test_it_marks_as_it_should_on_a_second_company(one, second):
    assert rehearse(one, second) == []


@each
def test_on_an_order_file_of_a_year_it_marks_or_says_what_is_missing(one, real):
    if one.id in NEED_MORE_THAN_A_YEAR:
        with pytest.raises(Unavailable, match="export is too short"):
            real.right(one)
    elif one.id in NEED_A_SURVEY:
        with pytest.raises(Unavailable, match="no table `survey`"):
            real.right(one)
    else:
        assert rehearse(one, real) == []


@each
@pytest.mark.parametrize("answer", [object(), "no such thing", pd.DataFrame({"x": ["a"]})], ids=lambda one: type(one).__name__)
def test_an_answer_of_another_kind_is_neither_right_nor_an_error(one, answer, second):
    assert check(one, answer, second).kind in (CANNOT_CHECK, NOT_YET)


def test_the_exercises_ramp_and_half_of_them_take_a_number_from_a_spreadsheet():
    kinds = [one.kind for one in EXERCISES.values()]
    assert kinds[0] == "predict" and {"fill", "write"} <= set(kinds) and kinds.count("judge") >= 2
    worked = [one for one in EXERCISES.values() if one.kind != "judge"]
    assert sum(one.spreadsheet or one.number is not None for one in EXERCISES.values()) >= len(EXERCISES) / 2
    assert all(len(one.mistakes) >= 2 for one in worked)


# ---------------------------------------------------------------- the right answers, by hand


def test_shares_and_scales_by_hand():
    counts = pd.DataFrame({"customer_id": list("ABCDE"), "order_days": [1, 2, 3, 4, 1]})
    assert exercises.enough_orders(counts, 3) == 40
    # Logs 0, 2, 4 (base 10, times ln 10): mean 2, spread 2.
    z = exercises.z_of_order_value(pd.DataFrame({"order_value": [1.0, 100.0, 10_000.0]}))
    assert z.tolist() == pytest.approx([-1, 0, 1])
    drawn = pd.DataFrame({"group": list("aabb"), "again": list("abbb")})
    assert exercises.share_who_stay(drawn) == 0.75


def test_the_step_to_the_second_order_by_hand():
    quarter = pd.DataFrame(
        {"start": ["new", "new", "new", "new", "returning"], "place_start": [2, 2, 2, 2, 3], "place_end": [3, 2, 0, 5, 5]}
    )
    assert exercises.new_who_climbed(quarter) == 0.5


def test_survey_exercises_by_hand():
    assert exercises.answer_error(pd.DataFrame({"said": [5, 4], "did": [3, 3]})) == 1.5
    bands = pd.DataFrame({"band": ["1", "2"], "base": [60, 40], "panel": [45, 55]})
    assert exercises.weights_by_hand(bands).tolist() == pytest.approx([0.60 / 0.45, 0.40 / 0.55])
    followed = pd.DataFrame({"last_year": [1, 9, 2, 3], "next_quarter": [50.0, 30.0, 10.0, 10.0]})
    assert exercises.captured_by_last_year(followed) == pytest.approx(0.3)


def test_the_distance_that_the_lesson_shows_by_hand():
    # A and B: 20 yuan and 10 days apart; A and C: 400 yuan and one day.
    three = exercises.three_customers()
    assert (three.loc["B"] - three.loc["A"]).tolist() == [20, -10] and (three.loc["C"] - three.loc["A"]).tolist() == [400, -1]


# ---------------------------------------------------------------- another company, another right option


def test_real_orders_make_no_groups_right(second, real):
    one = EXERCISES["3b.4"]
    assert second.right(one) != "none"
    assert check(one, "none", second).kind == NOT_YET
    assert check(one, "none", real).kind == CORRECT
    assert check(one, "several", real).kind == check(one, "few", real).kind == NOT_YET


@pytest.mark.parametrize("chosen, right", [(0, "none"), (2, "few"), (3, "few"), (4, "several"), (6, "several")])
def test_how_many_groups_follows_from_the_number_that_holds(chosen, right):
    assert exercises.kinds_or_slices(chosen) == right


def classes(*, group_tells=False, motive_tells=False, year_tells=False, customers=400):
    """Customers of whom every fourth spends next quarter; what the year, the group or the motive knows of it is planted."""
    spends = np.arange(customers) % 4 == 0
    noise = np.arange(customers) * 7 % 5
    return pd.DataFrame(
        {
            "customer_id": [f"C{n:03d}" for n in range(customers)],
            "motive": np.where(spends, "a", "b") if motive_tells else np.where(noise > 2, "a", "b"),
            "group": np.where(spends, "x", "y") if group_tells else np.where(noise > 2, "x", "y"),
            "rung": "returning",
            # Those who will spend have spent a little more on average, hidden behind large chance sums.
            "year_minor": np.where(spends, 10_000, 0) + (0 if year_tells else noise * 10_000),
            "recency_days": noise + 1,
            "next_minor": np.where(spends, 1_000, 0),
        }
    )


@pytest.mark.parametrize(
    "planted, right",
    [({"group_tells": True}, "found"), ({"motive_tells": True}, "asked"), ({"year_tells": True, "group_tells": True}, "plain")],
    ids=["the groups know", "the answers know", "the plain rule knows as much"],
)
def test_by_what_to_choose_depends_on_what_knows_the_next_quarter(planted, right):
    one = EXERCISES["3b.9"]
    made = Workings(EXERCISES)
    made.offer(comparison=surveys.compare_schemes(classes(**planted)))
    for key in one.options:
        outcome = check(one, key, made)
        assert outcome.kind == (CORRECT if key == right else NOT_YET)
        assert "{" not in outcome.text


def scores(*rows):
    table = pd.DataFrame(rows, columns=["group", "at_stake_minor", "reachable", "answering", "score_minor"])
    return table.assign(customers=10, year_minor=100).sort_values("score_minor", ascending=False, ignore_index=True)


@pytest.mark.parametrize(
    "table, right",
    [
        (scores(("A", 1000, 1.0, 0.5, 500), ("B", 400, 1.0, 0.5, 200)), "stake"),
        (scores(("A", 1000, 0.5, 0.2, 100), ("B", 400, 1.0, 0.5, 200)), "reach"),
        (scores(("A", 1000, 1.0, 0.5, 500), ("B", 980, 1.0, 0.5, 490)), "alike"),
    ],
    ids=["stake", "reach", "alike"],
)
def test_the_group_to_begin_with_depends_on_stake_reach_and_answers(table, right):
    one = EXERCISES["3b.11"]
    made = Workings(EXERCISES)
    made.offer(scores=table, code="CNY")
    for key in one.options:
        outcome = check(one, key, made)
        assert outcome.kind == (CORRECT if key == right else NOT_YET)
        assert outcome.text and "{" not in outcome.text


def test_every_sentence_of_a_judgement_is_filled(second, real):
    for workings, ids in ((second, ("3b.4", "3b.9", "3b.11")), (real, ("3b.4", "3b.11"))):
        for id in ids:
            for key in EXERCISES[id].options:
                assert "{" not in check(EXERCISES[id], key, workings).text
