import pytest

from helpers.reports.lessons import resolve
from helpers.teaching.minutes import Minutes, count_words, derived_minutes

PICTURE = {"output_type": "display_data", "data": {"image/png": "AAAA", "text/plain": "Figure"}, "metadata": {}}
TABLE = {
    "output_type": "execute_result",
    "data": {"text/html": "<table><tr><td>1 2 3</td></tr></table>"},
    "metadata": {},
}
SAID = {"output_type": "execute_result", "data": {"text/markdown": "word " * 65}, "metadata": {}}


@pytest.fixture
def minutes(write_notebook, topic):
    def of(*cells, **options):
        return derived_minutes(resolve("03a", write_notebook(list(cells)))[0], topic=topic, **options)

    return of


def test_reading_takes_a_minute_for_130_words(minutes, cell, prose):
    assert minutes(prose("word " * 260)).reading == 2
    assert minutes(cell("x", outputs=[SAID])).reading == 0.5


def test_figures_tables_and_code_take_their_time(minutes, cell, prose):
    taken = minutes(cell("a = 1\n\nb = 2\nc = 3", outputs=[PICTURE, PICTURE, TABLE]))
    assert taken.looking == (45 + 45 + 30) / 60
    assert taken.code == 3 * 4 / 60
    assert taken.reading == 0


def test_items_bring_their_own_minutes_and_not_their_outputs(minutes, cell, prose):
    cells = [
        cell('lesson.check("1.1", x)', "exercise", outputs=[SAID]),
        cell('lesson.check("1.1", y)', "exercise"),
        cell('lesson.check("1.2", x)', "exercise"),
        cell("lesson.quiz()", "quiz", outputs=[SAID]),
        cell("playground(f, s)", "playground", outputs=[PICTURE]),
        cell('lesson.worksheet("audit")', "worksheet"),
    ]
    taken = minutes(*cells)
    assert taken.exercises == 6 + 2
    assert taken.quiz == 4 * 0.75
    assert taken.playgrounds == 3
    assert taken.worksheets == 8
    assert taken.looking == taken.reading == 0


def test_one_question_of_a_quiz_counts_as_one(minutes, cell, prose):
    assert minutes(cell('lesson.quiz("rank", "earlier")', "quiz")).quiz == 1.5


def test_only_what_a_learner_meets_in_the_core_counts(minutes, cell, prose):
    cells = [prose("word " * 130, tag) for tag in ("report", "notes", "slide", "extension", "reference")]
    assert minutes(*cells).total == 0
    assert minutes(*cells, beyond_core=True).total == 2


def test_hidden_code_and_the_parameters_are_not_read(minutes, cell, prose):
    assert minutes(cell("a = 1\n" * 30, "hide-input"), cell("b = 2\n" * 30, "parameters")).code == 0


def test_declared_minutes_may_be_off_by_a_fifth():
    taken = Minutes(50, 10, 0, 20, 10, 5, 5)
    assert taken.total == 100
    assert [taken.fits(declared) for declared in (79, 80, 120, 121)] == [False, True, True, False]
    assert str(taken) == "100 minutes (reading 50, looking 10, exercises 20, quiz 10, playgrounds 5, worksheets 5)"


@pytest.mark.parametrize(
    "text, words",
    [("", 0), ("One two-three four's", 3), ("**RFM** (最近一次购买) `days_since`", 4), ("1,234.5 yuan – 5%", 3)],
)
def test_words_are_counted_as_they_are_read(text, words):
    assert count_words(text) == words
