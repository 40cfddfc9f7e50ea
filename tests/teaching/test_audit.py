import pytest

from helpers.reports.lessons import resolve
from helpers.teaching import exercise
from helpers.teaching.audit import gives_away, lesson_faults, reads_of_learners_names, rehearse
from helpers.teaching.contents import calls, contents_of
from helpers.teaching.marking import Workings


@pytest.fixture
def of(write_notebook, topic):
    """A function of the audit, on a notebook of some cells."""

    def apply(function, *cells, **about):
        lesson = resolve("03a", write_notebook(list(cells), **about))[0]
        return function(lesson) if function is reads_of_learners_names else function(lesson, topic=topic)

    return apply


def test_contents_are_read_from_the_cells(of, cell):
    found = of(
        contents_of,
        cell('lesson.check("1.2", guess)', "exercise"),
        cell('x = lesson.carry_on("1.2", guess)\nlesson.decide("1.7")'),
        cell('lesson.quiz("rank")'),
        cell("playground(f)", "playground"),
        cell('lesson.worksheet("audit")\nlesson.decided("monday", "x")'),
        cell('lesson.check("1.1", x)', "notes"),
        cell("not python at all ("),
    )
    assert [one.id for one in found.exercises] == ["1.2", "1.7"]
    assert [one.id for one in found.questions] == ["rank"]
    assert [one.id for one in found.worksheets] == ["audit"]
    assert found.decisions == ["monday"]
    assert found.playgrounds == 1
    assert found.covers == {"S73", "S01"}
    assert [
        found.has(*item)
        for item in [("exercise", "1.2"), ("decision", "1.7"), ("decision", "monday"), ("quiz", "lost"), ("poem", "x")]
    ] == [True, True, True, False, False]


def test_a_lesson_that_is_whole_has_no_faults(of, cell):
    cells = [cell('lesson.check("1.1", x)\nlesson.decide("1.7")\nlesson.quiz()')]
    assert of(lesson_faults, *cells) == []


def test_items_that_do_not_exist_are_named(of, cell):
    found = of(
        lesson_faults,
        cell('lesson.check("9.9", x)\nlesson.quiz("nope")\nlesson.worksheet("none")'),
        objectives=[{"can": "fly", "by": ["exercise 1.1", "quiz rank"]}, {"can": "swim"}],
    )
    assert found == [
        "03a: there is no exercise 9.9.",
        "03a: there is no question nope.",
        "03a: there is no worksheet none.",
        "03a: the objective 'fly' names exercise 1.1, which is not in the notebook.",
        "03a: the objective 'fly' names quiz rank, which is not in the notebook.",
        "03a: nothing assesses the objective 'swim'.",
    ]


def test_calls_are_told_in_their_order():
    assert calls('a = 1\nlesson.check("1", x); lesson.quiz()\nother.check("2")') == [("check", ["1"]), ("quiz", [])]


def test_an_answer_in_the_notebook_is_found(of, cell):
    whole = 'money = orders["amount_minor"].sum() / 100 / orders["ordered_at"].dt.normalize().nunique()'
    asked = cell('lesson.check("1.3", money)', "exercise")
    assert of(gives_away, asked, cell(whole)) == ["03a: the answer to exercise 1.3 stands in a cell of the notebook."]
    assert of(gives_away, asked, cell('orders["amount_minor"].sum() / 100')) == []
    assert of(gives_away, cell('lesson.solution("1.3")')) == ["03a: a cell calls lesson.solution; a learner does that."]


def test_a_later_cell_that_reads_a_learners_name_is_found(of, cell):
    asked = cell('money = ...\nlesson.check("1.3", money)', "exercise")
    assert of(reads_of_learners_names, asked, cell("money * 2")) == [
        "03a: a cell reads the learner's money; use lesson.carry_on."
    ]
    carried = cell('money = lesson.carry_on("1.3", money)')
    assert of(reads_of_learners_names, asked, carried, cell("money * 2")) == []
    assert of(reads_of_learners_names, asked, cell('mine = lesson.carry_on("1.3", money)\nmine + 1')) == []
    assert of(reads_of_learners_names, asked, cell('money = lesson.carry_on("1.3", money)\nmoney + 1')) == []
    both = cell('money = ...\nlesson.check("1.3", money)\nmoney = lesson.carry_on("1.3", money)', "exercise")
    assert of(reads_of_learners_names, both, cell("money * 2")) == []


def test_a_good_exercise_passes_its_rehearsal(tiny, orders):
    from datetime import date

    workings = Workings(
        {one.id: one for one in (tiny.days_since_last_order, tiny.share_of_the_largest, tiny.what_first)}
    )
    workings.offer(orders=orders, as_of=date(2026, 3, 31))
    for one in workings.exercises.values():
        assert rehearse(one, workings) == []


def test_a_rehearsal_finds_what_the_data_cannot_tell_apart(tiny, orders):
    from datetime import date

    workings = Workings({"1.1": tiny.days_since_last_order})
    workings.offer(orders=orders.drop(index=0), as_of=date(2026, 3, 20))
    found = "\n".join(rehearse(tiny.days_since_last_order, workings))
    assert "1.1: these data cannot tell a mistake from the worked answer." in found
    assert "1.1: mistake 1 is 'correct' on these data" in found
    assert "1.1: mistake 2 is 'correct' on these data" in found
    workings.offer(orders=orders.drop(columns="ordered_at"))
    assert "it cannot be done on these data" in rehearse(tiny.days_since_last_order, workings)[0]


def test_a_rehearsal_wants_two_mistakes_that_differ():
    @exercise("9.1", minutes=1, hints=["h"])
    def number():
        return 5

    @number.mistake("First.")
    def _():
        return 6

    workings = Workings({"9.1": number})
    assert rehearse(number, workings) == ["9.1: it knows 1 mistakes; two are needed."]
    number.mistake("Second.")(lambda: 6)
    assert rehearse(number, Workings({"9.1": number})) == ["9.1: mistake 2 is taken for mistake 1 (Second.)"]
    number.mistakes[1:] = []
    number.mistake("Third.")(lambda: 1 / 0)
    assert rehearse(number, Workings({"9.1": number})) == ["9.1: 1 of its mistakes fail on these data."]
