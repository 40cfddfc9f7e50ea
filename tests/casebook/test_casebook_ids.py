"""A lesson and the casebook of the same number and name: nothing of the one is taken for the other."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from helpers.places import CASEBOOK, NOTEBOOKS
from helpers.reports.lessons import all_lessons, resolve
from helpers.teaching import Lesson
from helpers.teaching.contents import contents_of
from helpers.teaching.deck import deck_of
from helpers.teaching.progress import read_events
from helpers.teaching.topics import Topic, topic_of

QUESTION = """
  - id: {id}
    question: What is it?
    options:
      - {{text: Right., right: true, feedback: "Yes."}}
      - {{text: Wrong., feedback: "No."}}
"""
EVERYTHING = [*all_lessons(NOTEBOOKS), *all_lessons(CASEBOOK)]


@pytest.fixture
def pair(tmp_path, monkeypatch):
    """Lesson 02 and the cases of 02, with a question each in one quiz.yml."""
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "my_work"))
    for folder in ("notebooks", "casebook"):
        cell = {"cell_type": "code", "metadata": {}, "source": "lesson.quiz()", "outputs": [], "execution_count": None}
        about = {"title": folder, "question": "What?", "decision": "Whom to call."}
        notebook = {"cells": [cell], "metadata": {"lesson": about}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "02_four_cs.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    quiz = tmp_path / "quiz.yml"
    quiz.write_text('"02":' + QUESTION.format(id="taught") + '"02-cases":' + QUESTION.format(id="told"), encoding="utf-8")
    topic = replace(Topic("four_cs"), quiz=quiz)
    return {
        id: Lesson(id, topic=topic, notebooks=tmp_path / folder)
        for id, folder in (("02", "notebooks"), ("02-cases", "casebook"))
    }


def test_each_has_its_own_quiz(pair):
    asked = {id: [one.id for one in contents_of(lesson.about, topic=lesson.topic).questions] for id, lesson in pair.items()}
    assert asked == {"02": ["taught"], "02-cases": ["told"]}
    assert [one.id for one in pair["02-cases"].quiz().questions] == ["told"]


def test_progress_and_files_for_a_spreadsheet_are_kept_apart(pair, tmp_path):
    for lesson in pair.values():
        lesson.decided("monday", "call")
        lesson.offers(offers=pd.DataFrame({"x": [1]}))
        lesson.look_at("offers")
    events, bad = read_events(tmp_path / "my_work" / "progress.jsonl")
    assert ([one["lesson"] for one in events], bad) == (["02", "02-cases"], 0)
    assert [one["attempt"] for one in events] == [1, 1]
    files = sorted(path.name for path in (tmp_path / "my_work" / "spreadsheets").iterdir())
    assert files == ["02-cases_offers.csv", "02_offers.csv"]


def test_each_deck_says_what_it_is_and_names_its_own_key(pair):
    decks = {id: deck_of(lesson.about).slides for id, lesson in pair.items()}
    assert "Lesson 02" in decks["02"][0].text
    assert "Cases 02" in decks["02-cases"][0].text and "02-cases" not in decks["02-cases"][0].text
    assert "`workbook key 02`" in str(decks["02"][-1].notes)
    assert "`workbook key 02-cases`" in str(decks["02-cases"][-1].notes)


def test_a_casebook_is_found_by_its_number_too(pair, tmp_path):
    for wanted in ("02", "2", "02-cases", "2-cases", "02_four_cs"):
        assert [one.id for one in resolve(wanted, tmp_path / "casebook")] == ["02-cases"]


def test_no_two_notebooks_share_an_id():
    ids = [one.id for one in EVERYTHING]
    assert len(set(ids)) == len(ids)


def test_no_exercise_or_question_is_in_two_notebooks_of_a_topic():
    """A topic's exercises have one list; a lesson and its casebook must not ask the same one."""
    found = {}
    for one in EVERYTHING:
        topic = topic_of(one)
        contents = contents_of(one, topic=topic)
        for item in (*contents.exercises, *contents.questions):
            found.setdefault((topic.name, item.id), []).append(one.id)
    assert {item: where for item, where in found.items() if len(where) > 1} == {}
