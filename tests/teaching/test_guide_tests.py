"""The two forms of the test, and what a class gained."""

import csv
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from helpers.errors import DataError
from helpers.teaching import guide_tests
from helpers.teaching.guide_paths import course
from helpers.teaching.guide_tests import (
    AT_LEAST,
    FORMS,
    Paper,
    faults,
    gain,
    gain_sentences,
    off_objective,
    read_pairs,
    read_papers,
    right_answers,
    sheet,
)
from helpers.teaching.quiz import telltales
from helpers.withheld import Withheld

PAIRS = read_pairs()


def letters(form, *, wrong=()):
    """A sheet with everything right, but for the numbers named."""
    return tuple(
        next(other for other in "ABC" if other != one.right) if one.number in wrong else one.right for one in sheet(PAIRS, form)
    )


def paper(person, when, form, *, wrong=()):
    return Paper(person, when, form, letters(form, wrong=wrong))


# ---------------------------------------------------------------- the forms


def test_twenty_pairs_ask_for_objectives_of_the_lessons():
    there = course()
    assert len(PAIRS) == 20
    assert off_objective(PAIRS, there.lessons) == []
    assert {lesson.id for lesson in there.lessons} <= {pair.lesson for pair in PAIRS}
    assert [pair.lesson for pair in PAIRS] == sorted(pair.lesson for pair in PAIRS)


def test_what_a_pair_covers_is_a_framework_that_its_lesson_teaches():
    there = course()
    taught = {lesson: {one for part in parts for one in part.teaches} for lesson, parts in there.parts.items()}
    for pair in PAIRS:
        for question in pair.forms.values():
            assert set(question.covers) <= set(there.frameworks)
            assert pair.lesson not in taught or set(question.covers) & taught[pair.lesson], pair.id


@pytest.mark.parametrize("form", FORMS)
def test_neither_place_nor_length_gives_an_answer_away(form):
    asked = sheet(PAIRS, form)
    places = Counter(one.right for one in asked)
    assert set(places) == {"A", "B", "C"} and max(places.values()) - min(places.values()) <= 1
    longest = [max(one.question.options, key=lambda option: len(option.text)).right for one in asked]
    shortest = [min(one.question.options, key=lambda option: len(option.text)).right for one in asked]
    # Of three options each is the longest, or the shortest, in a third of the questions.
    assert 4 <= sum(longest) <= 10 and 4 <= sum(shortest) <= 10
    assert telltales([one.question for one in asked]) == []
    assert sheet(PAIRS, form) == asked


def test_the_forms_differ_in_their_order_of_right_letters():
    assert [one.right for one in sheet(PAIRS, "A")] != [one.right for one in sheet(PAIRS, "B")]


# Worked by hand, apart from the file: what each sum of the test comes to.
SUMS = {
    ("factors", "A"): (1.08 / 1.20 - 1, -0.10),
    ("factors", "B"): (1 / 0.80 - 1, 0.25),
    ("per-full", "A"): (390 // 200 * 50 / 390, 0.13),
    ("per-full", "B"): (190 // 100 * 30 / 190, 0.16),
    ("caused", "A"): ((180 / 1000 - 0.15) * 1000 / 100, 0.30),
    ("caused", "B"): ((110 / 500 - 0.18) * 500 / 100, 0.20),
    ("a-month", "A"): ((1 - 0.76 ** (1 / 12)) * 100, 2.3),
    ("a-month", "B"): ((1 - 0.64 ** (1 / 12)) * 100, 3.7),
    ("campaign", "A"): ((300 - 200) * 150 - 20_000, -5_000),
    ("campaign", "B"): ((240 - 140) * 100 - 12_000, -2_000),
}


@pytest.mark.parametrize("name", SUMS, ids="-".join)
def test_the_right_option_says_what_the_sum_says(name):
    pair, form = name
    worked, rounded = SUMS[name]
    assert worked == pytest.approx(rounded, abs=0.05 if pair == "a-month" else 0.005)
    words = {
        -0.10: "tenth", 0.25: "quarter", 0.13: "13", 0.16: "16", 0.30: "30", 0.20: "20", 2.3: "2.3", 3.7: "3.7", -5_000: "loss of 5,000", -2_000: "loss of 2,000",
    }  # fmt: skip
    one = next(one for one in PAIRS if one.id == pair)
    assert words[rounded] in next(option.text for option in one.forms[form].options if option.right)


def test_faults_of_a_file_are_named():
    good = {
        "question": "Is it so?",
        "options": [{"text": "Yes.", "right": "true", "feedback": "Yes."}, {"text": "No.", "feedback": "No."}],
    }
    bad = {"question": "Is it so?", "options": [{"text": "Yes.", "feedback": "Yes."}, {"text": "No.", "feedback": "No."}]}
    item = {"id": "one", "lesson": "03a", "objective": "count", "covers": ["S01"], "A": good, "B": good}
    assert faults([item]) == []
    assert faults([item | {"B": bad}]) == ["03a, question one-B: 0 options are right; it must be one."]
    assert faults([item, item]) == ["the id one stands twice."]
    assert faults([{"id": "one", "lesson": "03a"}]) == ["pair one has no A, B, covers and objective."]
    assert faults([item | {"hint": "?"}]) == ["pair one: hint is no part of a pair."]


def test_a_lesson_that_is_not_there_does_not_object_to_its_objective():
    assert off_objective([one for one in PAIRS if one.lesson == "03a"], []) == []
    wrong = guide_tests.Pair("x", "03a", "fly", PAIRS[0].forms)
    assert off_objective([wrong], course().lessons) == ["x: lesson 03a has no objective “fly”."]


# ---------------------------------------------------------------- what came back


def class_of(*wrong_before_and_after):
    """Everybody after the other form; each entry says which numbers were wrong before and after."""
    papers = []
    for place, (before, after) in enumerate(wrong_before_and_after):
        first, second = ("A", "B") if place % 2 == 0 else ("B", "A")
        papers += [paper(f"p{place}", "before", first, wrong=before), paper(f"p{place}", "after", second, wrong=after)]
    return papers


CLASS = class_of(
    (range(1, 11), range(1, 5)),  # 10 right, then 16: +6
    (range(1, 13), range(1, 9)),  # 8, then 12: +4
    (range(1, 6), ()),  # 15, then 20: +5
    (range(1, 8), range(1, 8)),  # 13, then 13: 0
    (range(1, 3), ()),  # 18, then 20: +2
    (range(1, 15), range(1, 8)),  # 6, then 13: +7
)


def test_the_gain_is_the_mean_difference_of_each_person():
    found = gain(CLASS, PAIRS)
    assert (found.people, found.asked) == (6, 20)
    assert found.before == pytest.approx((10 + 8 + 15 + 13 + 18 + 6) / 6)
    assert found.points.value == pytest.approx((6 + 4 + 5 + 0 + 2 + 7) / 6)
    known = stats.ttest_1samp([6, 4, 5, 0, 2, 7], 0).confidence_interval(0.95)
    assert (found.points.low, found.points.high) == pytest.approx((known.low, known.high))


def test_the_order_of_forms_is_compared():
    # A first: 6, 5, 2. B first: 4, 0, 7.
    found = gain(CLASS, PAIRS)
    assert found.forms.value == pytest.approx(np.mean([6, 5, 2]) - np.mean([4, 0, 7]))


def test_right_answers_are_counted_by_question():
    found = gain(CLASS, PAIRS)
    before = {pair.id: right for pair, right, _ in found.by_pair}
    after = {pair.id: right for pair, _, right in found.by_pair}
    assert (before[PAIRS[0].id], after[PAIRS[0].id]) == (0, 2)  # 1 is wrong for all before, for four after
    assert (before[PAIRS[19].id], after[PAIRS[19].id]) == (6, 6)


def test_questions_that_nobody_answered_were_not_asked():
    short = [Paper(one.person, one.when, one.form, (*one.letters[:8], *[""] * 12)) for one in CLASS]
    found = gain(short, PAIRS)
    assert found.asked == 8
    assert found.after == pytest.approx((4 + 0 + 8 + 1 + 8 + 1) / 6)


def test_no_answer_is_not_a_right_one():
    one = paper("p", "before", "A")
    assert all(right_answers(one, PAIRS))
    assert not any(right_answers(Paper("p", "before", "A", ("",) * 20), PAIRS))


def test_people_with_one_sheet_are_left_out_and_counted():
    found = gain([*CLASS, paper("late", "after", "A")], PAIRS)
    assert (found.people, found.left_out) == (6, 1)
    assert any("1 person with one sheet only" in sentence for sentence in gain_sentences(found))


def test_too_few_people_have_no_gain():
    found = gain(CLASS[:4], PAIRS)
    assert isinstance(found, Withheld)
    assert f"2 people handed in both sheets, and at least {AT_LEAST} are needed." in gain_sentences(found)


def test_the_same_form_twice_is_refused():
    with pytest.raises(DataError, match="1 person had the same form before and after"):
        gain([*CLASS, paper("x", "before", "A"), paper("x", "after", "A")], PAIRS)


def test_the_warning_about_practice_is_always_there():
    said = " ".join(gain_sentences(gain(CLASS, PAIRS)))
    assert "A second test is easier than a first one" in said
    assert "+4.0 answers each" in said


def test_one_order_of_forms_for_all_is_said():
    papers = []
    for place in range(6):
        papers += [paper(f"p{place}", "before", "A", wrong=range(1, place + 2)), paper(f"p{place}", "after", "B")]
    assert any("same order" in sentence for sentence in gain_sentences(gain(papers, PAIRS)))


def test_a_class_that_did_not_improve_is_told_so():
    still = class_of(*[((1, 2, 3), (4, 5, 6)), ((1,), ()), ((), (1,)), ((1, 2), (3, 4)), ((), ()), ((1,), (2,))])
    assert any("The interval holds 0" in sentence for sentence in gain_sentences(gain(still, PAIRS)))


def write(path, rows, head=None):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head or ["person", "when", "form", *range(1, 21)], *rows])
    return path


def test_a_file_of_answers_is_read(tmp_path):
    path = write(tmp_path / "answers.csv", [["Li", "Before", "a", *(one.lower() for one in letters("A"))], [""] * 23])
    assert read_papers(path, PAIRS) == [paper("Li", "before", "A")]


RIGHT = list(letters("A"))


@pytest.mark.parametrize(
    "row, message",
    [
        (["", "before", "A", *RIGHT], "line 2: no person"),
        (["Li", "soon", "A", *RIGHT], "when is 'soon'. Write before or after."),
        (["Li", "before", "C", *RIGHT], "the form is 'C'. Write A or B."),
        (["Li", "before", "A", "D", *RIGHT[1:]], "the answer to 1 is 'D'. Write A, B and C, or leave it empty."),
    ],
)
def test_a_line_that_is_no_sheet_is_named(tmp_path, row, message):
    with pytest.raises(DataError, match=message):
        read_papers(write(tmp_path / "answers.csv", [row]), PAIRS)


def test_a_second_sheet_of_a_person_is_refused(tmp_path):
    row = ["Li", "before", "A", *RIGHT]
    with pytest.raises(DataError, match="line 3: this person has a second sheet before the course"):
        read_papers(write(tmp_path / "answers.csv", [row, row]), PAIRS)


def test_a_file_without_the_columns_and_no_file_are_named(tmp_path):
    with pytest.raises(DataError, match="no column form. Begin with the file answers.csv"):
        read_papers(write(tmp_path / "other.csv", [], head=["person", "when"]), PAIRS)
    with pytest.raises(DataError, match="cannot be read"):
        read_papers(tmp_path / "missing.csv", PAIRS)


def test_an_empty_file_of_answers_is_no_error(tmp_path):
    assert read_papers(write(tmp_path / "answers.csv", []), PAIRS) == []
