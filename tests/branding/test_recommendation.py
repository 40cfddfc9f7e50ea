"""The recommendation score: by hand, by simulation, and where it must not be given."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from helpers.branding import findings, recommendation
from helpers.errors import DataError
from helpers.withheld import Withheld


def grades(promoters, passives, detractors):
    return [10] * promoters + [7] * passives + [3] * detractors


def test_the_score_and_its_error_are_those_worked_by_hand():
    # p 1/2, d 1/6: score 33.3; variance 1/2 + 1/6 - (1/3)^2 = 5/9, so the error is 74.536 / sqrt(n): 7.4536 at 100 and 4.1409 at 324.
    assert 100 * (1 / 2 - 1 / 6) == pytest.approx(33.333, abs=1e-3)
    assert recommendation.standard_error(1 / 2, 1 / 6, 100) == pytest.approx(7.4536, abs=1e-4)
    assert recommendation.standard_error(1 / 2, 1 / 6, 324) == pytest.approx(4.1409, abs=1e-4)
    found = recommendation.of_grades(grades(162, 108, 54))
    assert found.value == pytest.approx(100 / 3) and found.error == pytest.approx(4.1409, abs=1e-4)
    # 33.333 -+ 1.959964 x 4.1409
    assert (found.estimate.low, found.estimate.high) == pytest.approx((25.217, 41.449), abs=2e-3)


def test_the_error_is_that_of_many_samples():
    rng = np.random.default_rng(1)
    drawn = rng.multinomial(100, [1 / 2, 1 / 3, 1 / 6], size=20_000)
    scores = 100 * (drawn[:, 0] - drawn[:, 2]) / 100
    # The spread of 20,000 samples is known to half a per cent.
    assert scores.std() == pytest.approx(recommendation.standard_error(1 / 2, 1 / 6, 100), rel=0.02)


def test_the_interval_holds_the_true_score_about_as_often_as_it_says():
    rng = np.random.default_rng(2)
    hits = 0
    for promoters, passives, detractors in rng.multinomial(300, [0.30, 0.40, 0.30], size=1000):
        ends = recommendation.of_grades(grades(promoters, passives, detractors)).estimate
        hits += ends.low <= 0 <= ends.high
    assert 930 <= hits <= 968  # 1,000 runs of 95%: 950 -+ 2.7 x 6.9


def test_a_difference_has_both_errors():
    now, before = recommendation.of_grades(grades(50, 30, 20)), recommendation.of_grades(grades(60, 30, 10))
    gap, p = recommendation.difference(now, before)
    # 30 - 50 = -20; variances 0.7 - 0.09 = 0.61 and 0.7 - 0.25 = 0.45; error 100 sqrt(1.06 / 100) = 10.2956
    assert gap.value == pytest.approx(-20) and (gap.high - gap.value) == pytest.approx(1.959964 * 10.2956, abs=1e-3)
    assert p == pytest.approx(0.05206, abs=2e-4)  # two-sided, z = 1.9426


def test_the_whole_distribution_is_kept_and_open_answers_are_counted():
    found = recommendation.of_grades(pd.Series([0, 10, None] * 20, dtype="Int64"))
    assert found.counts.tolist() == [20] + [0] * 9 + [20] and found.left_open == 20
    assert found.value == 0 and found.error == pytest.approx(100 / np.sqrt(40))


def test_everybody_of_one_mind_has_no_spread():
    found = recommendation.of_grades([10] * 50)
    assert (found.value, found.error, found.estimate.high) == (100, 0, 100)


@pytest.mark.parametrize("strange", [11, -1, 7.5])
def test_a_grade_outside_the_scale_is_named_and_counted(strange):
    with pytest.raises(DataError, match=rf"1 of 51 grades are no whole number from 0 to 10; the first is {strange:g}"):
        recommendation.of_grades([8] * 50 + [strange])


def test_three_answers_give_no_score(tracker):
    assert isinstance(recommendation.of_grades([9, 9, 2]), Withheld)
    sheets = tracker().brand_survey
    late = sheets[sheets["sample"] == "customers"].head(3).assign(wave="2026-09")
    found = recommendation.score(pd.concat([sheets, late]))
    assert isinstance(found, Withheld) and "Only 3 people" in found.reason


def test_the_score_is_held_against_the_last_report():
    nothing = Withheld("Promises", "Nobody was asked.")
    said = findings.since(recommendation.of_grades(grades(50, 30, 20)), nothing, score=42.0, gap=-1.2, on=date(2025, 12, 31))
    # 50 of 100 promoters less 20 detractors
    assert said[0] == "Since the report of 31 December 2025: the recommendation score fell from 42 to 30." and len(said) == 2
    assert findings.since(nothing, nothing, score=42.0, gap=None, on=date(2025, 12, 31)) == []
