"""Answer keys, from a small notebook that runs in a real kernel."""

import html
import json
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.reports import run
from helpers.reports.lessons import resolve
from helpers.teaching import Lesson, key, worked

TINY = Path(__file__).parent / "tiny_topic" / "exercises.py"

SETUP = f"""
import datetime as dt, importlib.util, sys
from pathlib import Path
import pandas as pd
from helpers.teaching import Lesson
from helpers.teaching.topics import topic_from
spec = importlib.util.spec_from_file_location("tiny_topic_exercises", {str(TINY)!r})
tiny = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = tiny
spec.loader.exec_module(tiny)
"""

OFFER = """
lesson = Lesson("03a", topic=topic_from(tiny), notebooks=Path({folder!r}))
orders = pd.DataFrame({{
    "customer_id": ["A", "A", "B<b>", "C", "C"],
    "ordered_at": pd.to_datetime(["2026-01-05", "2026-03-01", "2026-02-10", "2026-03-20", "2026-03-20"]),
    "amount_minor": [1000, 2000, 1500, 4000, -500],
}})
lesson.offers(orders=orders, as_of=dt.date(2026, 3, 31))
"""

PICTURE = {
    "output_type": "display_data",
    "data": {"image/png": "iVBORw0KGgo="},
    "metadata": {"image/png": {"alt": "A line that falls."}},
}

ASKS = {
    "1.1": "### Your turn 1.1: how long silent?\n\nFor **each** customer, in days. <script>alert(1)</script>",
    "1.2": "### Your turn 1.2\n\nGuess first.",
    "1.3": "",
    "1.4": "### Your turn 1.4: a table\n\nMoney and lines.",
    "1.6": "### Your turn 1.6: margins",
}


def numbered(cells):
    return [one | {"id": f"c{place}"} for place, one in enumerate(cells)]


@pytest.fixture
def lesson_of(tmp_path, write_notebook, cell, prose):
    """A lesson with every kind of item; further cells go before the end."""

    def make(*more, **about):
        folder = tmp_path / "notebooks"
        cells = [
            prose("# Three customers"),
            prose("Say hello at the door.", "notes"),
            cell(SETUP),
            cell(OFFER.format(folder=str(folder))),
            prose("## How long silent?"),
            prose("### Silence is no leaving", "slide"),
            prose("Likely answers: *gone*.", "notes"),
        ]
        for id, ask in ASKS.items():
            cells += [prose(ask, "exercise")] if ask else []
            cells.append(cell(f'answer = ...\nlesson.check("{id}", answer)', "exercise"))
        cells += [
            prose("### Your turn 1.7", "exercise"),
            cell('lesson.decide("1.7")', "exercise"),
            prose("## What if?"),
            prose("## Only in a report", "report"),
            prose("Where does the line fall?"),
            cell("1", "playground"),
            cell("raise RuntimeError('only in a report')", "report"),
            cell("lesson.quiz()", "quiz"),
            cell('lesson.worksheet("audit")', "worksheet"),
            cell("1") | {"metadata": {"deck": {}}, "outputs": [PICTURE]},
            prose("Collect the sheets.", "notes"),
            *more,
        ]
        return resolve("03a", write_notebook(numbered(cells), **about))[0]

    return make


@pytest.fixture(scope="module")
def kept():
    return {}


@pytest.fixture
def page(kept, lesson_of, topic):
    """The key as a page; the kernel starts once for all tests of this file."""
    if "page" not in kept:
        (made,) = key.make([lesson_of()], topic=topic)
        kept["page"] = made.page
    return kept["page"]


def words(page):
    """The words of a page, one space between them."""
    return " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.S)).split())


def part(page, anchor):
    """The section of one item, in words."""
    return words(re.search(rf'<section class="item" id="{anchor}">(.*?)</section>', page, flags=re.S)[1])


# ---------------------------------------------------------------- exercises


def test_an_exercise_is_shown_with_question_answer_hints_and_mistakes(page):
    shown = part(page, "exercise-1-1")
    assert "Your turn 1.1: how long silent? Exercise 1.1 · write it yourself · 6 minutes · S73" in shown
    assert "For each customer, in days. <script>alert(1)</script>" in shown
    assert 'return (pd.Timestamp(as_of) - orders.groupby("customer_id")["ordered_at"].max().dt.normalize()).dt.days' in shown
    # By hand: from 1 March, 10 February and 20 March to 31 March.
    assert "On these data customer_id ordered_at A 30 B<b> 49 C 11" in shown
    # (30 + 49 + 11) / 3
    assert "Worked out in a spreadsheet, the mean number of days will do, rounded to 1 digit after the point. Here: 30.0." in shown
    assert "What it tells. Few days are a good sign." in shown
    assert "Count days up to the report date. The report date is as_of , not today." in shown
    # The newest order is of 20 March, eleven days earlier.
    assert (
        "You counted up to the newest order in the file, not up to the report date. On these data that gives: "
        "customer_id ordered_at worked answer A 19 30 B<b> 38 49 C 0 11 In a spreadsheet: 19.0" in shown
    )
    # From the first orders, only A differs: 5 January is 85 days before.
    assert (
        "You took the first order of each customer, not the last one. On these data that gives: "
        "customer_id ordered_at worked answer A 85 30 1 of 3 rows, 1 differs from the worked answer" in shown
    )


def test_a_guess_says_how_near_is_near_enough(page):
    shown = part(page, "exercise-1-2")
    # C brings 35 of 80 yuan; the largest order is 40 of 80.
    assert "On these data 43.75" in shown
    assert "A guess within 5 counts." in shown
    assert "That is the largest order, not the largest customer. On these data that gives: 50" in shown


def test_without_a_cell_before_it_the_task_of_the_function_is_the_question(page):
    shown = part(page, "exercise-1-3")
    assert shown.startswith("Exercise 1.3 Exercise 1.3 · fill the blank · 3 minutes Mean money of an order day, in yuan.")
    # 80 yuan on four days.
    assert "On these data 20" in shown


def test_a_table_is_shown_as_a_table(page):
    assert "customer_id amount_minor lines A 3,000 2 B<b> 1,500 1 C 3,500 2" in part(page, "exercise-1-4")
    assert "You left out returns. On these data that gives: customer_id amount_minor lines C 4,000 1" in part(page, "exercise-1-4")


def test_what_the_data_do_not_allow_says_why(page):
    assert "Not on these data. These data have no margin_minor" in part(page, "exercise-1-6")
    assert 'return orders["margin_minor"].sum()' in part(page, "exercise-1-6")


def test_a_judgement_shows_every_option_and_the_right_one_here(page):
    shown = part(page, "exercise-1-7")
    # B is silent for 49 days, more than thirty.
    assert "✓ right here Call the customer who is silent longest call Said here. Yes: <b>B<b></b> was good once." in shown
    # The facts are those of these data, so what is not said here has none.
    assert "Where it is wrong: ... was never good." in shown
    assert "Wait a month wait Where it is right: Yes: nobody is late. Said here. Waiting costs <b>B<b></b>." in shown
    assert "What do you do first? The limit is thirty days." in shown


def test_nothing_from_the_data_is_markup(page):
    assert "<script" not in page
    assert "B<b>" not in page
    assert "B&lt;b&gt;" in page
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in page


# ---------------------------------------------------------------- everything else


def test_the_quiz_marks_the_right_option_and_says_every_feedback(page):
    sure = part(page, "quiz-rank")
    assert "✓ right It ranks customers. Yes, and nothing more." in sure
    assert "It says who has left. No: it ranks, and silence is no leaving." in sure
    assert sure.count("✓") == 1
    assert "from lesson 02" in part(page, "quiz-earlier")


def test_a_question_that_cannot_be_asked_here_says_why(page):
    # The data call the longest silent customer "B<b>", which is none of A, B and C.
    assert "Not asked on these data. None of its options is right here." in part(page, "quiz-quietest")
    assert "Not asked on these data. It needs missing_table" in part(page, "quiz-lost")


def test_a_computed_question_is_marked_from_the_data(lesson, topic):
    page = key.page(lesson.about, worked.answers(lesson).content, topic=topic)
    shown = part(page, "quiz-quietest")
    assert "the data decide which option is right" in shown
    # B is silent for 49 days, A for 30, C for 11.
    assert "✓ right here Customer B Where it is right: Yes, look at the days. Where it is wrong: B ordered lately." in shown
    assert shown.count("✓") == 1


def test_worksheets_playgrounds_and_objectives_are_listed(page):
    assert "Where we stand 8 minutes Nobody else sees the answers. What do we promise our customers?" in part(page, "worksheet-audit")
    shown = words(page)
    assert "Playgrounds Where does the line fall?" in shown
    assert "count days since the last order ( exercise 1.1 )" in shown
    assert '<a href="#exercise-1-1">exercise 1.1</a>' in page
    # A judgement counts as a decision; its link leads to the exercise.
    assert '<a href="#exercise-1-7">decision 1.7</a>' in page


def test_every_link_leads_somewhere(page):
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))
    contents = re.search(r'<nav class="contents".*?</nav>', page, flags=re.S)[0]
    assert words(contents).split("On this page ")[1].startswith("What learners will be able to do How long it takes Your turn 1.1")


def test_teaching_notes_stand_under_their_sections(page):
    shown = words(page).partition("Teaching notes Three customers")[2]
    assert shown.startswith(
        " Say hello at the door. How long silent? With the slide: Silence is no leaving Likely answers: gone . "
        "What if? With the slide: A line that falls. Collect the sheets."
    )


def test_the_minutes_are_those_of_the_lesson(page):
    assert "The lesson says 20." in words(page)
    # 6 + 2 + 3 + 4 + 2 + 3 minutes
    assert "exercises 20" in words(page)


# ---------------------------------------------------------------- what goes wrong


def test_a_notebook_that_stops_has_no_page_and_a_sentence(lesson_of, topic, cell):
    (made,) = key.make([lesson_of(cell("1 / 0"))], topic=topic)
    assert made.page == ""
    assert made.sentence == "Its notebook stopped with an error (ZeroDivisionError). Run it in JupyterLab to see where."


def test_a_notebook_without_a_lesson_has_a_sentence_too(write_notebook, topic, cell):
    (made,) = key.make([resolve("03a", write_notebook(numbered([cell("x = 1")])))[0]], topic=topic)
    assert (made.page, made.sentence[:47]) == ("", "Its notebook stopped with an error (NameError).")


def test_refused_data_are_refused_as_a_whole(lesson_of, topic, cell):
    stop = cell("from helpers.errors import DataError\nraise DataError('orders.csv is empty. Export it again.')")
    with pytest.raises(DataError, match="03a Three customers: orders.csv is empty"):
        key.make([lesson_of(stop)], topic=topic)


def test_a_learners_own_files_are_left_alone(lesson_of, topic, cell, own_work):
    note = 'lesson.decided("list", "call")'
    (made,) = key.make([lesson_of(cell(note))], topic=topic)
    assert made.page
    assert not own_work.exists()
    assert os.environ["WORKBOOK_WORK"] == str(own_work)


def test_cells_of_the_sample_do_not_run_on_other_data(lesson_of, cell):
    lesson = lesson_of(cell("sample_only = 1", "sample"), cell("more = 1", "extension"))
    codes = {
        is_sample: [one["source"] for one in key.as_learners_see_it(lesson, is_sample=is_sample)["cells"]]
        for is_sample in (True, False)
    }
    assert "sample_only = 1" in codes[True]
    assert "sample_only = 1" not in codes[False]
    assert "more = 1" in codes[False]
    assert codes[True][-1] == key.ASK
    assert not any("only in a report" in code for code in codes[True])


def test_a_lesson_that_other_data_cannot_carry_is_left_out(lesson_of, topic, monkeypatch):
    class Company:
        is_sample = False

        def has(self, name):
            return name == "orders"

        def save(self, folder):
            pass

    class Parked:
        def stop(self):
            self.stopped = True

    monkeypatch.setattr(key, "_read_data", lambda *given: Company())
    monkeypatch.setattr(run.Kernels, "warm", lambda self: None)
    monkeypatch.setattr(run.Kernels, "take", lambda self: Parked())
    with pytest.raises(DataError, match="It needs contacts, which these data do not have"):
        key.make([lesson_of(tables=["orders", "contacts"])], data="orders.csv", topic=topic)


# ---------------------------------------------------------------- values in words


@pytest.mark.parametrize(
    "value, text",
    [
        (1234567, "1,234,567"),
        (np.int64(3), "3"),
        (0.123456, "0.1235"),
        (1234.567, "1,234.57"),
        (2.0, "2"),
        (float("nan"), "missing"),
        (None, "missing"),
        (pd.NaT, "missing"),
        (float("inf"), "inf"),
        (np.True_, "True"),
        (pd.Timestamp("2026-03-04"), "4 March 2026"),
        (pd.Timestamp("2026-03-04 10:30"), "4 March 2026, 10:30"),
        (np.datetime64("2026-03-04"), "4 March 2026"),
        (pd.Timedelta(days=3), "3 days 00:00:00"),
        ("a\n b", "a b"),
        ("x" * 200, "x" * 120 + " ..."),
    ],
)
def test_a_value_is_put_into_words(value, text):
    assert worked.in_words(value) == text


@pytest.mark.parametrize(
    "value, text",
    [
        ([1, "a"], "1, a"),
        ({"b", "a"}, "a, b"),
        ({"a": 1}, "a: 1"),
        ([], "nothing"),
        (list(range(20)), "0, 1, 2, 3, 4, 5, 6, 7 ... (20 items)"),
        (np.array([1.5, 2]), "1.5, 2"),
    ],
)
def test_a_list_is_cut_where_it_gets_long(value, text):
    assert worked.preview(value) == {"text": text}


def test_a_long_table_shows_its_first_rows_and_says_so():
    table = pd.DataFrame({f"c{column}": range(100) for column in range(10)})
    shown = worked.preview(table)
    assert (len(shown["rows"]), len(shown["columns"])) == (5, 8)
    assert shown["more"] == "5 of 100 rows, 8 of 10 columns"


def test_beside_the_worked_answer_the_rows_that_differ_are_shown():
    right = pd.Series(range(100), index=[f"k{place}" for place in range(100)], name="days")
    wrong = right.where(right != 70, None)
    shown = worked.preview(wrong.iloc[::-1], beside=right)
    assert shown["rows"] == [["k70", "missing", "70"]]
    assert shown["more"] == "1 of 100 rows, 1 differs from the worked answer"


@pytest.mark.parametrize(
    "other",
    [
        pd.Series([1, 2]),
        pd.Series([1, 2, 3], index=[0, 0, 1]),
        pd.Series([1, 2, 4], index=list("abc")),
        pd.DataFrame({"x": [1, 2, 3]}),
        3,
    ],
)
def test_what_cannot_be_laid_side_by_side_shows_its_head(other):
    assert worked.preview(pd.Series([1, 2, 3], name="x"), beside=other)["rows"] == [["1"], ["2"], ["3"]]


def test_rows_with_two_labels_show_both():
    sizes = pd.Series([1, 2], index=pd.MultiIndex.from_tuples([("A", 1), ("B", 2)], names=["shop", None]), name="n")
    assert worked.preview(sizes) == {
        "columns": ["shop", "", "n"],
        "labels": 2,
        "rows": [["A", "1", "1"], ["B", "2", "2"]],
        "more": "",
    }


def test_a_table_without_rows_says_so():
    assert worked.preview(pd.DataFrame({"x": [1]}).head(0))["more"] == "no rows"


def test_a_guess_has_no_digits_so_no_rounded_number(lesson):
    guess = lesson.topic.exercises["1.2"]
    assert worked._number(guess, 43.75) == ""
    assert worked._number(lesson.topic.exercises["1.3"], 20.04) == "20.0"


def test_numbers_that_only_count_rows_are_no_labels():
    table = pd.DataFrame({"x": [5, 6, 7]})
    assert worked.preview(table[table["x"] > 5])["rows"] == [["6"], ["7"]]


def test_answers_can_be_written_as_json(lesson):
    found = worked.answers(lesson).content
    assert json.loads(json.dumps(found)) == found
    # The lesson of the fixture asks for two exercises of seven, and the data there are those of A, B and C.
    assert list(found["exercises"]) == ["1.1", "1.7"]
    assert found["exercises"]["1.7"]["right"] == "call"
    assert found["quiz"]["quietest"] == {"right": "B"}
    assert found["company"] is None
    assert isinstance(lesson, Lesson)
