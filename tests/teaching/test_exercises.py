import importlib
import sys
from types import ModuleType

import pytest

from helpers.teaching import Option, exercise
from helpers.teaching.exercises import exercises_of, fill, solution
from helpers.teaching.topics import topic_from


def test_an_exercise_is_its_worked_answer(tiny, orders):
    assert tiny.money_per_order_day(orders) == 20
    assert tiny.money_per_order_day.task == "Mean money of an order day, in yuan."


def test_exercises_are_found_by_id_in_their_order(tiny):
    assert list(exercises_of(tiny)) == ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"]


def test_source_is_what_a_learner_would_write(tiny):
    assert tiny.money_per_order_day.source == (
        "def money_per_order_day(orders):\n"
        '    return orders["amount_minor"].sum() / 100 / orders["ordered_at"].dt.normalize().nunique()'
    )
    assert tiny.money_per_order_day.mistakes[0].source == (
        'def _(orders):\n    return orders["amount_minor"].mean() / 100'
    )


def test_a_solution_shows_the_code_and_what_goes_wrong(tiny):
    text = solution(tiny.days_since_last_order).plain()
    assert "Days since the last order, for each customer." in text
    assert "def days_since_last_order(orders, as_of):" in text
    assert "- You took the first order of each customer, not the last one." in text
    assert "@exercise" not in text


def test_the_solution_of_a_judgement_lists_its_options(tiny):
    text = solution(tiny.what_first).plain()
    assert "call: Call the customer who is silent longest" in text
    assert "The data decide which option is right:" in text


def test_facts_become_no_markup():
    assert fill("{a} and {b}", {"a": "<b>*x*</b>"}) == "&lt;b&gt;\\*x\\*&lt;/b&gt; and {b}"


def test_the_note_for_spreadsheets_says_how_to_round(tiny):
    assert tiny.money_per_order_day.spreadsheet_note == (
        "Worked out in a spreadsheet, the number will do, rounded to 1 digit after the point."
    )
    assert "the mean number of days will do" in tiny.days_since_last_order.spreadsheet_note
    assert tiny.money_table.spreadsheet_note == ""


OPTIONS = {"a": Option("A", "yes", "no"), "b": Option("B", "yes", "no")}


@pytest.mark.parametrize(
    "arguments, fault",
    [
        pytest.param({"kind": "guess", "hints": ["h"]}, "there is no kind 'guess'", id="kind"),
        pytest.param({"kind": "judge"}, "a judgement has options", id="judgement-without"),
        pytest.param({"options": OPTIONS, "hints": ["h"]}, "and nothing else has", id="options-without"),
        pytest.param({"kind": "judge", "options": {"a": OPTIONS["a"]}}, "two options or more", id="one-option"),
        pytest.param({"minutes": 0, "hints": ["h"]}, "how many minutes", id="minutes"),
        pytest.param({}, "give it a hint", id="hint"),
        pytest.param({"hints": ["h"], "spreadsheet": True}, "how many digits", id="digits"),
        pytest.param({"hints": ["h"], "covers": ["73"]}, "'73' is no framework id", id="covers"),
    ],
)
def test_an_exercise_that_is_not_declared_right_is_refused(arguments, fault):
    with pytest.raises(ValueError, match=fault):
        exercise("9.9", **({"minutes": 1} | arguments))


def test_two_exercises_with_one_id_are_refused():
    module = ModuleType("twice")
    module.first = exercise("1.1", minutes=1, hints=["h"])(lambda: 1)
    module.second = exercise("1.1", minutes=1, hints=["h"])(lambda: 2)
    with pytest.raises(ValueError, match="twice: two exercises have the id 1.1"):
        exercises_of(module)


def package(tmp_path, monkeypatch, **modules):
    """A package of exercises, with a module for each notebook."""
    folder = tmp_path / "many_exercises"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    for name, text in modules.items():
        (folder / f"{name}.py").write_text("from helpers.teaching import exercise\n" + text)
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "many_exercises"]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module("many_exercises")


ONE = '@exercise("{0}", minutes=1, hints=["x"])\ndef {1}():\n    return 1\n'


def test_a_topic_may_have_a_module_of_exercises_for_each_notebook(tmp_path, monkeypatch):
    found = topic_from(package(tmp_path, monkeypatch, a=ONE.format("1.1", "first"), b=ONE.format("2.1", "second") + "def plain():\n    return 2\n"))
    assert list(found.exercises) == ["1.1", "2.1"]
    assert set(found.functions) == {"plain"}
    assert found.quiz == tmp_path / "quiz.yml"


def test_two_modules_with_the_same_exercise_are_named(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="many_exercises.b: another module has an exercise 1.1"):
        topic_from(package(tmp_path, monkeypatch, a=ONE.format("1.1", "first"), b=ONE.format("1.1", "second")))
