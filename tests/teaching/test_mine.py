"""My customer workbook: every worksheet and decision as one document."""

import pytest

from helpers.errors import DataError
from helpers.teaching import mine
from helpers.teaching.progress import Progress
from helpers.teaching.sheets import read_worksheets
from helpers.teaching.topics import topic_of
from helpers.teaching.worksheets import Worksheet


@pytest.fixture
def lesson():
    return next(one.lesson for one in mine.chapters() if one.lesson.id == "08")


def fill(folder, lesson, id, **answers):
    Worksheet(read_worksheets(topic_of(lesson).worksheets)[id], lesson=lesson.id, folder=folder).save(**answers)


def test_answers_and_decisions_stand_in_it_and_what_is_open_is_listed(tmp_path, lesson):
    fill(tmp_path, lesson, "plan", gap="old customers <who> come less", rows=[{"begins": "2026-12-01", "department": "service", "person": "Ms Lin", "action": "call ten", "metric": "settled, of 10", "cost": "200"}])
    progress = Progress(tmp_path, learner="Ana")
    progress.record(lesson="08", kind="decision", item="plan", outcome="recorded", choice="wait", note="the cost is not known")
    progress.record(lesson="08", kind="decision", item="plan", outcome="recorded", choice="sign", note="now it is")
    page = mine.page(tmp_path)
    assert "old customers &lt;who&gt; come less" in page and "Ms Lin" in page and "2026-12-01" in page
    # The last word counts.
    assert "now it is" in page and "the cost is not known" not in page
    assert "Our ten cells" in page.partition("Not filled yet")[2].partition("Not filled yet")[2]
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")


def test_a_form_that_was_only_opened_is_no_answer(tmp_path, lesson):
    fill(tmp_path, lesson, "plan", gap="", rows=[])
    with pytest.raises(DataError, match="no worksheet with an answer"):
        mine.page(tmp_path)


def test_without_any_file_it_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match="workbook lab"):
        mine.page(tmp_path / "nothing here")


def test_every_worksheet_that_a_notebook_shows_can_stand_in_it():
    shown = {(one.lesson.id, title) for one in mine.chapters() for title in [*one.empty, *(sheet.definition.title for sheet in one.sheets)]}
    assert len(shown) >= 15 and {"00b", "03b", "07b", "08"} <= {id for id, _ in shown}
