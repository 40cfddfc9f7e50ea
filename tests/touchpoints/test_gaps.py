"""Gaps and what counts: by hand, on other data, and what cannot be used."""

import pandas as pd
import pytest
from scipy import stats

from helpers.errors import DataError
from helpers.stats.intervals import holm
from helpers.touchpoints import gaps, places
from helpers.withheld import Withheld


def sheets(perception, expectation, touchpoint="product"):
    return [(f"A{place}", touchpoint, hoped, met) for place, (hoped, met) in enumerate(zip(expectation, perception, strict=True))]


def test_disappointed_satisfied_delighted():
    hoped, met = pd.Series([8, 8, 8, 8]), pd.Series([5, 7, 8, 9])
    assert gaps.three_way(hoped, met).tolist() == ["disappointed", "disappointed", "satisfied", "delighted"]
    assert gaps.three_way(hoped, met, tolerance=1).tolist() == ["disappointed", "satisfied", "satisfied", "satisfied"]


def test_a_gap_is_that_of_scipys_paired_test(ratings_of):
    low = sheets([6, 7, 5, 8] * 10, [8, 8, 7, 8] * 10)
    fine = sheets([8, 7, 9, 8] * 10, [8, 8, 8, 8] * 10, "hotline")
    found = gaps.gaps(gaps.rated(ratings_of(*low, *fine), None))
    assert found["touchpoint"].tolist() == ["product", "hotline"]
    # By hand: the differences are -2, -1, -2, 0, so -1.25; and 0, -1, 1, 0, so 0.
    assert found["gap"].tolist() == [-1.25, 0.0]
    theirs = [stats.ttest_rel([met for *_, met in part], [hoped for _, _, hoped, _ in part]) for part in (low, fine)]
    interval = theirs[0].confidence_interval(0.95)
    assert (found["low"][0], found["high"][0]) == pytest.approx((interval.low, interval.high))
    assert found["p"].to_numpy() == pytest.approx(holm([one.pvalue for one in theirs]))
    assert found["falls_short"].tolist() == [True, False] and found["disappointed"].tolist() == [0.75, 0.25]


def test_a_sure_gap_below_the_threshold_is_none(ratings_of):
    rows = sheets([8, 8, 7] * 20, [8, 8, 8] * 20)
    assert not gaps.gaps(gaps.rated(ratings_of(*rows), None))["falls_short"].any()
    assert gaps.gaps(gaps.rated(ratings_of(*rows), None), shortfall=0.3)["falls_short"].all()


def test_what_cannot_be_used_is_counted_with_its_reason(ratings_of):
    kept = places.sound_ratings(
        ratings_of(
            ("A1", "product", 8, 7), ("A1", "product", 8, 6), ("A2", "lobby", 8, 7), ("A3", "hotline", 8, 11), ("A4", "sms", 0, 5), ("A5", "sms", pd.NA, 5),
        )
    )  # fmt: skip
    assert kept.table["answer_id"].tolist() == ["A1"]
    assert kept.rejected == {
        "the touchpoint is none of the eleven": 1,
        "an answer is missing": 1,
        "an answer lies outside the scale from 1 to 10": 2,
        "the sheet rates the touchpoint a second time": 1,
    }
    assert kept.sentence.startswith("Left out: 1 row (the touchpoint is none of the eleven)")


def test_a_scale_that_runs_the_wrong_way_is_refused(sample_company):
    turned = sample_company.ratings.assign(perception=11 - sample_company.ratings["perception"])
    with pytest.raises(DataError, match="turn it round"):
        gaps.rated(turned, sample_company.survey)


def test_one_respondent_is_not_enough(ratings_of):
    found = gaps.gaps(gaps.rated(ratings_of(("A1", "product", 8, 7)), None))
    assert isinstance(found, Withheld) and "the most are 1" in found.reason


def test_no_ratings_at_all_say_what_they_would_add():
    found = gaps.gaps(gaps.rated(None, None))
    assert isinstance(found, Withheld) and "no table of ratings" in found.reason and found.gain
    assert isinstance(gaps.repairs(gaps.map_of(found, gaps.drivers(found, None))), Withheld)


def test_the_sample_repairs_the_hand_over_and_puts_the_low_score_off(sample_company):
    usable = gaps.rated(sample_company.ratings, sample_company.survey)
    found = gaps.gaps(usable)
    assert found["touchpoint"].head(2).tolist() == ["hotline", "technical_support"] and found["falls_short"].sum() == 2
    placed = gaps.map_of(found, gaps.drivers(usable, sample_company.survey, draws=200))
    assert gaps.repairs(placed)["touchpoint"].tolist() == ["technical_support"]
    assert placed.loc[placed["place"] == "later", "touchpoint"].tolist() == ["hotline"]


def test_another_company_repairs_another_touchpoint(elsewhere):
    usable = gaps.rated(elsewhere.ratings, elsewhere.survey)
    placed = gaps.map_of(gaps.gaps(usable), gaps.drivers(usable, elsewhere.survey, draws=200))
    assert gaps.repairs(placed)["touchpoint"].tolist() == ["sales_channel"]
    assert placed.loc[placed["place"] == "later", "touchpoint"].tolist() == ["sms"]


def test_without_stories_nothing_asks_for_a_repair(no_stories):
    usable = gaps.rated(no_stories.ratings, no_stories.survey)
    assert not gaps.gaps(usable)["falls_short"].any()
    assert gaps.repairs(gaps.map_of(gaps.gaps(usable), gaps.drivers(usable, no_stories.survey, draws=200))).empty


def test_drivers_leave_out_what_few_have_met_and_count_the_sheets(sample_company):
    weighed = gaps.drivers(gaps.rated(sample_company.ratings, sample_company.survey), sample_company.survey, draws=100)
    assert set(weighed.not_compared) == {"email", "letters", "fax"}
    assert weighed.table["weight"].sum() == pytest.approx(1)
    assert weighed.sheets + weighed.left_out == sample_company.ratings["answer_id"].nunique()


def test_the_order_of_rows_does_not_matter(sample_company):
    mixed = sample_company.ratings.sample(frac=1, random_state=3)
    a, b = (gaps.gaps(gaps.rated(rows, sample_company.survey)) for rows in (sample_company.ratings, mixed))
    pd.testing.assert_frame_equal(a, b)
