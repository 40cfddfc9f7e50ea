"""The capstone: scores by hand, numbers that come from the report, and nothing typed in."""

import json
import re

import pytest

from helpers.errors import DataError
from helpers.teaching import guide_capstone
from helpers.teaching.guide_capstone import (
    CLAIMS,
    FACTS,
    NEEDED,
    facts,
    filled,
    names_in,
    off_objective,
    read_capstone,
    read_results,
    untrue,
)
from helpers.teaching.guide_paths import course

CAPSTONE = read_capstone()
SAMPLES = pytest.mark.parametrize("sample", CAPSTONE.samples, ids=lambda one: one.id)


def number(value, label="what", unit="count"):
    return {"label": label, "value": value, "unit": unit}


def results(**changes):
    """Results that agree with what the samples claim, with round numbers."""
    values = {
        "00a": {
            "revenue_last_minor": number(10_000_00, "Net revenue in Jan to Dec 2024"),
            "revenue_this_minor": number(11_000_00, "Net revenue in Jan to Dec 2025"),
            "buyers_last": number(100),
            "buyers_this": number(150),
            "orders_each_last": number(2.0),
            "orders_each_this": number(1.5),
            "order_value_this_minor": number(50_00),
            "effect_new_buyers_minor": number(2_000_00),
            "effect_new_orders_each_minor": number(-300_00),
            "effect_new_order_value_minor": number(300_00),
            "effect_old_known_minor": number(-100_00),
            "effect_old_share_back_minor": number(-200_00),
            "effect_old_orders_each_minor": number(-800_00),
            "effect_old_order_value_minor": number(100_00),
            "old_share_back": number(0.4),
            "route_that_grew_most": number("advert"),
        },
        "01a": {
            "worst_touchpoint": number("hotline"),
            "worst_gap": number(-2.46),
            "heaviest_touchpoint": number("technical_support"),
            "break_at": number("installation (partner)"),
            "break_cost_minor": number(700_00),
        },
        "03a": {
            "bzc_customers": number(12),
            "stores_below_zero": number("S07"),
            "change_before_minor": number(900_00),
            "change_after_minor": number(800_00, "Net revenue in Mar to May 2025"),
            "change_cause": number("region=North x line=kitchen"),
            "change_cause_minor": number(-60_00),
        },
        "04": {
            "half_asleep": number(600),
            "asleep": number(400),
            "came_anyway": number(0.10),
            "woken_call": number(0.08),
            "woken_coupon": number(0.02),
        },
        "06": {"leaking_promise": number("installed_48h")},
        "07a": {
            "churn_yearly": number(0.30),
            "churn_by_silence": number(0.45),
            "peak_months": number("12"),
            "worst_complaint": number("promise_not_kept"),
        },
        "07b": {
            "kept_by_risk": number(-3.2),
            "offer_arm": number("call"),
            "offer_saved": number(0.31),
            "offer_saved_low": number(0.22),
            "offer_saved_high": number(0.40),
        },
    }
    lists = {
        "01a": {"open_cases": (58, 0)},
        "03a": {"keep": (159, 40)},
        "04": {"wake": (1314, 105)},
        "07b": {"save": (18, 5)},
    }
    lessons = {
        lesson: {
            "numbers": own,
            "actions": {"lists": {name: {"to_do": to_do, "hold_out": left} for name, (to_do, left) in lists.get(lesson, {}).items()}},
        }
        for lesson, own in values.items()
    }
    for key, value in changes.items():
        lesson, name = key.split("__")
        lessons[lesson.removeprefix("_")]["numbers"][name]["value"] = value
    return {
        "schema": 1,
        "company": {"name": "Lantern Home", "currency": "CNY", "as_of": "2025-12-31", "sample": True},
        "lessons": lessons,
    }


# ---------------------------------------------------------------- the rubric


def test_the_rubric_is_tied_to_objectives_that_lessons_have():
    assert off_objective(CAPSTONE, course().lessons) == []
    assert all(one.shows for one in CAPSTONE.criteria)


def test_a_score_is_the_weighted_sum_in_points_of_100():
    # Weights 2, 2, 3, 2, 3, 2, 1: at most 45. Levels all 1: 15 of 45.
    ids = [one.id for one in CAPSTONE.criteria]
    assert [one.weight for one in CAPSTONE.criteria] == [2, 2, 3, 2, 3, 2, 1]
    assert CAPSTONE.points(dict.fromkeys(ids, 1)) == 33
    assert CAPSTONE.points(dict.fromkeys(ids, 0)) == 0
    assert CAPSTONE.points(dict.fromkeys(ids, 3)) == 100
    assert CAPSTONE.points(dict.fromkeys(ids, 0) | {"cause": 3, "respect": 1}) == round(100 * 10 / 45)


@pytest.mark.parametrize("levels", [{}, {"numbers": 4}])
def test_a_level_that_there_is_not_is_refused(levels):
    every = {one.id: 1 for one in CAPSTONE.criteria} if levels else {}
    with pytest.raises(DataError, match=r"Numbers that hold: the level is (None|4). Give one from 0 to 3"):
        CAPSTONE.points(every | levels)


@pytest.mark.parametrize("points, title", [(0, "Not yet"), (24, "Not yet"), (25, "A beginning"), (74, "Sound, with gaps"), (75, "Can be used"), (100, "Can be used")])
def test_bands_begin_where_they_say(points, title):
    assert CAPSTONE.band(points).title == title


def test_the_three_samples_are_weak_middling_and_good():
    # By hand: 2·1+2·1+3·0+2·1+3·0+2·0+1·0 = 6; 2·3+2·2+3·2+2·2+3·2+2·0+1·2 = 28; 45 less one level of "monday" (3) = 42.
    assert [CAPSTONE.points(one.levels) for one in CAPSTONE.samples] == [13, 62, 93]
    assert [CAPSTONE.band(CAPSTONE.points(one.levels)).title for one in CAPSTONE.samples] == ["Not yet", "Sound, with gaps", "Can be used"]


# ---------------------------------------------------------------- the numbers


@SAMPLES
def test_no_digit_is_typed_into_a_sample_or_a_remark(sample):
    # "of 100" is how the course speaks of shares; "95% confidence" is the level of the interval.
    for text in (sample.text, *sample.remarks.values()):
        rest = re.sub(r"\{\w+\}|of 100\b|Of 100\b|95% confidence", "", text)
        assert not re.search(r"\d", rest), rest


@SAMPLES
def test_every_name_in_a_sample_is_a_fact(sample):
    for text in (sample.text, *sample.remarks.values()):
        assert set(names_in(text)) <= set(FACTS)


def test_every_fact_is_used():
    used = {name for one in CAPSTONE.samples for text in (one.text, *one.remarks.values()) for name in names_in(text)}
    assert set(FACTS) <= used


def test_facts_are_worked_out_from_the_results():
    found = facts(results())
    assert found["revenue_up"] == "10%" and found["buyers_up"] == "50%"
    assert (found["new_more"], found["old_less"]) == ("¥2,000", "¥1,000")  # 2,000 - 300 + 300; 100 + 200 + 800 - 100
    assert (found["period"], found["fall_period"], found["fall"]) == ("Jan to Dec 2025", "Mar to May 2025", "¥100")
    assert (found["fall_place"], found["fall_there"]) == ("North, kitchen", "−¥60")
    assert found["sleepers"] == "1,000"
    # Wrong on purpose: 10 came anyway and 2 were woken, so 12 of 100 of 1,000, at 50 yuan.
    assert (found["coupon_ordered"], found["coupon_wrong_orders"], found["coupon_wrong_money"]) == ("12.0", "120", "¥6,000")
    assert found["worst_gap"] == "2.5" and found["kept_by_risk"] == "−3"
    assert (found["wake_to_do"], found["wake_hold_out"]) == ("1,314", "105")
    assert found["heaviest_touchpoint"] == "technical support"


def test_names_of_the_data_cannot_become_markup():
    found = facts(results(**{"_01a__worst_touchpoint": "<b>*x*</b>"}))
    assert "<" not in found["worst_touchpoint"]


@SAMPLES
def test_a_sample_is_filled_to_its_end(sample):
    known = facts(results())
    for text in (sample.text, *sample.remarks.values()):
        assert "{" not in filled(text, known)


def test_what_the_grading_takes_for_true_holds_on_these_results():
    assert untrue(results()) == []


@pytest.mark.parametrize(
    "change, claim",
    [
        ({"_00a__revenue_this_minor": 9_000_00}, "revenue rose"),
        ({"_04__woken_coupon": 0.2}, "more come anyway than a coupon wakes"),
        ({"_07b__kept_by_risk": 5}, "calls to the riskiest keep nobody"),
        ({"_01a__heaviest_touchpoint": "hotline"}, "the lowest score and the heaviest touchpoint are two"),
    ],
)
def test_a_report_that_says_otherwise_is_noticed(change, claim):
    assert claim in CLAIMS
    assert claim in untrue(results(**change))


# ---------------------------------------------------------------- the report


def saved(folder, content):
    (folder / "results.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_results_of_a_report_are_read(tmp_path):
    assert read_results(saved(tmp_path, results())) == results()


def test_no_report_and_a_report_on_other_data_are_refused(tmp_path):
    with pytest.raises(DataError, match="holds no report that can be read"):
        read_results(tmp_path)
    other = results()
    other["company"] |= {"sample": False, "name": "Corner shop"}
    with pytest.raises(DataError, match="on the data of Corner shop. The graded samples speak of the sample company"):
        read_results(saved(tmp_path, other))


def test_a_report_without_a_lesson_or_a_number_is_refused(tmp_path):
    short = results()
    del short["lessons"]["06"]
    assert "06" in NEEDED
    with pytest.raises(DataError, match="has no page 06"):
        read_results(saved(tmp_path, short))
    with pytest.raises(DataError, match="no number old_share_back in lesson 00a"):
        facts(results(**{"_00a__old_share_back": None}))
    bare = results()
    bare["lessons"]["04"]["actions"]["lists"] = {}
    with pytest.raises(DataError, match="no list wake"):
        facts(bare)


def test_another_format_is_refused(tmp_path):
    with pytest.raises(DataError, match="another version"):
        read_results(saved(tmp_path, results() | {"schema": 99}))


def test_a_sample_without_a_grade_is_named(tmp_path):
    path = tmp_path / "capstone.yml"
    text = guide_capstone.CAPSTONE.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\n      respect: \{level: \"0\".*", "", text), encoding="utf-8")
    with pytest.raises(ValueError, match="weak is not graded by the criteria"):
        read_capstone(path)
