"""What a group has handed in: who did what, what should be explained again, what was decided."""

import pytest

from helpers.errors import DataError
from helpers.teaching import collected
from helpers.teaching.progress import Progress

PEOPLE = ("Ana", "Bo", "Chen", "Dai", "Eva")


@pytest.fixture
def handed_in(tmp_path):
    """Five people: all solve 03a 3a.2, four after mistake 1; two of five answer the quiz right, one mends it later; all decide."""
    for number, who in enumerate(PEOPLE):
        progress = Progress(tmp_path / who / "my_work")
        if number:
            progress.record(lesson="03a", kind="exercise", item="3a.2", outcome="not yet", mistake=1)
        progress.record(lesson="03a", kind="exercise", item="3a.2", outcome="correct")
        progress.record(lesson="03a", kind="quiz", item="one", outcome="correct" if number < 2 else "not yet", choice="A")
        progress.record(lesson="03a", kind="decision", item="monday", outcome="recorded", choice="send" if number < 3 else "wait")
    Progress(tmp_path / "Ana" / "my_work").record(lesson="03a", kind="exercise", item="3a.3", outcome="not yet")
    Progress(tmp_path / "Eva" / "my_work").record(lesson="03a", kind="quiz", item="one", outcome="correct", choice="B")
    Progress(tmp_path / "Eva" / "my_work").record(lesson="03a", kind="worksheet", item="any", outcome="complete")
    return tmp_path


def test_the_table_by_hand(handed_in):
    made = collected.table(collected.read(handed_in).events).set_index("person")
    assert made.index.tolist() == list(PEOPLE)
    assert made.loc["Ana", ["exercises_done", "exercises_tried", "questions_right", "questions", "decisions"]].tolist() == [1, 2, 1, 1, 1]
    # The first answer to a question counts.
    assert made.loc["Eva", ["questions_right", "worksheets"]].tolist() == [0, 1]


def test_what_should_be_explained_again(handed_in):
    made = collected.hard(collected.read(handed_in).events).set_index("item")
    assert made.loc["3a.2", ["people", "not_at_first", "mistake"]].tolist() == [5, 4, 1]
    assert made.loc["one", ["people", "not_at_first"]].tolist() == [5, 3]
    # One person alone tried it: that is nobody else's business.
    assert "3a.3" not in made.index


def test_the_page_says_it_in_words(handed_in):
    page = collected.page(collected.read(handed_in))
    assert "4 of 5" in page and "use `max`, not `min`" in page and ">send<" in page and "5 people" in page
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")


def test_people_are_named_by_what_they_gave_by_their_file_or_by_their_folder(tmp_path):
    for folder, learner in (("x/my_work", "Ana"), ("Bo/my_work", ""), ("loose", "")):
        Progress(tmp_path / folder, learner=learner).record(lesson="03a", kind="hint", item="3a.2", outcome="shown")
    (tmp_path / "loose" / "progress.jsonl").rename(tmp_path / "progress_chen.jsonl")
    assert sorted(collected.read(tmp_path).events["person"]) == ["Ana", "Bo", "chen"]


def test_damaged_lines_are_counted_and_the_rest_is_kept(handed_in):
    with open(handed_in / "Bo" / "my_work" / "progress.jsonl", "a", encoding="utf-8") as file:
        file.write("{broken\n")
    group = collected.read(handed_in)
    assert len(group.notes) == 1 and "1 line could not be read" in group.notes[0]
    assert "1 line could not be read" in collected.page(group)


def test_a_folder_without_anything_says_what_is_handed_in(tmp_path):
    with pytest.raises(DataError, match="my_work"):
        collected.read(tmp_path)
    with pytest.raises(DataError, match="There is no folder"):
        collected.read(tmp_path / "nowhere")
