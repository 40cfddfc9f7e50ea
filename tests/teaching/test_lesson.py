from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.teaching import Lesson
from helpers.teaching.topics import topic_of
from helpers.withheld import Withheld

DAYS = pd.Series([30, 49, 11], index=pd.Index(["A", "B", "C"], name="customer_id"))


def html(shown):
    return shown._repr_mimebundle_()["text/html"]


def test_the_header_is_drawn_from_the_notebook(lesson):
    text = repr(lesson)
    assert text.splitlines() == [
        "03a  Three customers",
        "Whom do we call?",
        "You will be able to",
        "  - count days since the last order",
        "  - say what RFM does",
        "About 20 minutes. Comes after 02. Cases: C10 and C25.",
    ]
    assert "<li>say what <strong>RFM</strong> does</li>" in html(lesson)
    assert "lesson.hint(&quot;1.1&quot;)" in html(lesson) or 'lesson.hint("1.1")' in html(lesson)


def test_nothing_of_the_metadata_is_markup(topic, write_notebook):
    made = Lesson("03a", topic=topic, notebooks=write_notebook(question="<script>x</script>?"))
    assert "<script>" not in html(made)


def test_a_lesson_that_does_not_exist_is_refused_with_those_that_do(topic, write_notebook):
    with pytest.raises(DataError, match=r"there is no lesson '9'. Lessons: 03a"):
        Lesson("9", topic=topic, notebooks=write_notebook())


def test_a_lesson_without_a_topic_has_no_exercises(write_notebook):
    made = Lesson("03a", notebooks=write_notebook())
    assert "There are: none." in made.check("1.1", 5).text


def test_a_notebook_finds_the_topic_of_its_name():
    from helpers.reports.lessons import resolve

    assert topic_of(resolve("03a")[0]).name == "segmentation"


def test_a_check_is_kept_with_its_mistake(lesson):
    lesson.check("1.1", ...)
    lesson.check("1.1", DAYS - 11)
    lesson.check("1.1", DAYS)
    lesson.check("1.7", "wait")
    assert [
        (one["kind"], one["item"], one["outcome"], one["mistake"], one["choice"]) for one in lesson.progress.events
    ] == [
        ("exercise", "1.1", "not yet", 1, ""),
        ("exercise", "1.1", "correct", None, ""),
        ("decision", "1.7", "not yet", None, "wait"),
    ]


def test_after_a_wrong_answer_comes_a_hint_and_later_the_solution(lesson):
    assert repr(lesson.check("1.1", 5.0)).endswith('`lesson.hint("1.1")` gives a hint.')
    lesson.check("1.1", 6.0)
    assert '`lesson.solution("1.1")` shows one way to do it.' in repr(lesson.check("1.1", 7.0))
    assert "hint" not in repr(lesson.check("1.1", DAYS))


def test_an_untouched_exercise_says_what_a_spreadsheet_user_hands_over(lesson):
    assert "the mean number of days will do, rounded to 1 digit" in repr(lesson.check("1.1"))


def test_a_lesson_names_its_own_exercises_and_not_those_of_its_neighbours(lesson, monkeypatch):
    """In 03b the list began with the cases, and ended with 03a."""
    known = lesson.topic.exercises
    wider = replace(lesson.topic, exercises=known | {"3a.1": known["1.1"], "3b.1": known["1.1"]})
    monkeypatch.setattr(lesson, "topic", wider)
    assert "There are: 3a.1." in lesson.check("9.9", 5).text


@pytest.mark.parametrize("id", ["9.9", 3, None, ["1.1"], object()])
def test_an_exercise_that_does_not_exist_is_a_word_not_an_error(lesson, id):
    assert "There are: 1.1, 1.2" in lesson.check(id, 5).text
    assert "There are: 1.1, 1.2" in lesson.hint(id).text
    assert "There are: 1.1, 1.2" in lesson.solution(id).text
    assert "There are: 1.1, 1.2" in lesson.decide(id).text
    assert lesson.carry_on(id, 5) == 5


def test_each_hint_shows_one_more_and_the_last_names_the_solution(lesson):
    first, second, third = (lesson.hint("1.1").plain() for _ in range(3))
    assert "Count days up to the report date." in first
    assert "`as_of`" not in first
    assert "1 hint of 2" in first
    assert "`as_of`" in second
    assert 'lesson.solution("1.1")' in second
    assert third == second
    assert [one["kind"] for one in lesson.progress.events] == ["hint", "hint"]


def test_a_judgement_without_hints_says_so(lesson):
    assert lesson.hint("1.7").label == "No hint."


def test_a_solution_is_shown_and_kept(lesson):
    assert "def days_since_last_order" in lesson.solution("1.1").plain()
    assert lesson.progress.events[-1]["kind"] == "solution"


def test_carry_on_gives_the_learners_answer_where_it_is_right(lesson):
    mine = DAYS.astype("int64")
    assert lesson.carry_on("1.1", mine) is mine


@pytest.mark.parametrize("answer", [..., None, 5, "x", DAYS + 1, 30.0, DAYS[::-1], DAYS.to_dict(), object()])
def test_carry_on_gives_the_worked_answer_otherwise(lesson, answer):
    # 30.0 and the others that are right have another form than the next cells need.
    carried = lesson.carry_on("1.1", answer)
    pd.testing.assert_series_equal(carried, DAYS, check_names=False)


def test_what_is_carried_on_can_be_changed_without_harm(lesson):
    carried = lesson.carry_on("1.1", ...)
    carried["A"] = 0
    assert lesson.check("1.1", DAYS)


def test_carry_on_where_the_data_lack_something_is_withheld(lesson):
    carried = lesson.carry_on("1.6", 5)
    assert isinstance(carried, Withheld)
    assert "margin_minor" in carried.reason


def test_a_check_without_offers_says_which_cells_to_run(topic, write_notebook):
    made = Lesson("03a", topic=topic, notebooks=write_notebook())
    assert "It needs `orders`, which does not exist yet. Run the cells above" in made.check("1.1", 5).text


def test_a_judgement_is_shown_with_its_options_and_answered_by_its_widget(lesson):
    shown = lesson.decide("1.7")
    assert repr(shown).splitlines() == [
        "What do you do first?",
        "  [ ] Call the customer who is silent longest (call)",
        "  [ ] Wait a month (wait)",
    ]
    assert "was good once" not in html(shown)
    asked = shown.widget().children[-1]
    _, buttons, button, said = asked.children
    buttons.value = "call"
    button.click()
    assert "Correct." in said.value
    assert "&lt;b&gt;B&lt;/b&gt; was good once." in said.value


def test_a_decision_without_a_right_answer_is_kept(lesson):
    assert "Your decision is noted: repair first." in repr(lesson.decided("monday", "repair first", note="shop 7"))
    assert lesson.progress.events[-1] | {"format": 1} == {
        "format": 1, "learner": "", "lesson": "03a", "kind": "decision", "item": "monday", "outcome": "recorded",
        "attempt": 1, "choice": "repair first", "mistake": None, "note": "shop 7",
    }  # fmt: skip


def test_a_decision_that_is_still_a_blank_is_not_kept(lesson):
    assert "put your decision in the place" in repr(lesson.decided("monday", ...))
    assert "put your reason in the place" in repr(lesson.decided("monday", "repair, keep", note=...))
    assert not lesson.progress.events


def test_the_end_shows_what_was_done_and_the_words_that_were_met(lesson):
    assert repr(lesson.close()).splitlines()[0] == "Still to do"
    lesson.check("1.1", DAYS)
    lesson.quiz().answer("rank", "1")
    lines = repr(lesson.close()).splitlines()
    assert lines[0] == "You can now"
    assert lines[1].split() == ["done", "count", "days", "since", "the", "last", "order", "(exercise", "1.1)"]
    assert lines[2].strip().startswith("begun"), "the decision beside the question is still open"
    assert lines[3] == "Words of this lesson: Customer (客户), RFM (最近购买、频率、客单价)"
    lesson.check("1.7", "call")
    assert "✓" in html(lesson.close())
    assert "still open" not in html(lesson.close())


def test_another_session_knows_what_was_done(lesson, topic, write_notebook):
    lesson.check("1.1", DAYS)
    again = Lesson("03a", topic=topic, notebooks=write_notebook())
    assert again.state(again.objectives[0]) == "done"
    other = Lesson("03a", topic=topic, notebooks=write_notebook(), learner="somebody else")
    assert other.state(other.objectives[0]) == "open"


def test_a_damaged_progress_file_is_said_in_the_header(topic, write_notebook, own_work):
    own_work.mkdir()
    (own_work / "progress.jsonl").write_text("?")
    made = Lesson("03a", topic=topic, notebooks=write_notebook())
    assert "set aside as progress.damaged-1.jsonl" in repr(made)
    assert "set aside as progress.damaged-1.jsonl" in html(made)


def test_a_folder_that_cannot_be_written_stops_no_check(topic, write_notebook, tmp_path, orders):
    (tmp_path / "file").write_text("")
    made = Lesson("03a", topic=topic, notebooks=write_notebook(), work=tmp_path / "file")
    made.offers(orders=orders, as_of=date(2026, 3, 31))
    marked = made.check("1.1", DAYS)
    assert marked.kind == "correct"
    assert "Your progress could not be saved" in repr(marked)


def test_a_worksheet_that_does_not_exist_is_the_authors_mistake(lesson):
    with pytest.raises(ValueError, match="has no worksheet 'x'. It has: audit"):
        lesson.worksheet("x")


def test_a_saved_worksheet_is_kept_in_the_progress(lesson):
    lesson.worksheet("audit").save(promise="Fast.")
    event = lesson.progress.events[-1]
    assert (event["kind"], event["item"], event["outcome"], event["note"]) == (
        "worksheet",
        "audit",
        "open",
        "4 answers open",
    )


def test_a_given_table_is_a_copy(lesson, orders):
    given = lesson.given("orders")
    given.loc[:, "amount_minor"] = 0
    assert lesson.given("orders").equals(orders)


def test_what_is_not_given_is_withheld(lesson):
    assert "has not offered" in lesson.given("nothing").reason
    assert lesson.look_at("nothing").what == "`nothing`"


def test_a_table_is_shown_and_written_for_a_spreadsheet(lesson, orders, own_work):
    shown = lesson.look_at("orders", rows=2)
    assert "5 rows in" in repr(shown) and "my_work/spreadsheets/03a_orders.csv" in repr(shown)
    assert html(shown).count("<tr>") == 2 and "<th>amount_minor</th>" in html(shown)
    written = (own_work / "spreadsheets" / "03a_orders.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfcustomer_id,") and written.count(b"\n") == 6


def test_a_table_that_cannot_be_written_is_shown_all_the_same(topic, write_notebook, tmp_path, orders):
    (tmp_path / "file").write_text("no folder")
    lesson = Lesson("03a", topic=topic, notebooks=write_notebook(), work=tmp_path / "file")
    lesson.offers(orders=orders)
    assert "could not be written for a spreadsheet" in repr(lesson.look_at("orders"))
