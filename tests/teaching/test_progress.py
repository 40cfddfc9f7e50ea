import json

import pytest

from helpers.teaching.files import append_line, set_aside, work_folder, write_whole
from helpers.teaching.progress import FORMAT, KEYS, Progress, collect, read_events

EVENT = {"lesson": "03a", "kind": "exercise", "item": "1.1", "outcome": "correct"}


def test_an_event_is_one_line_with_every_key_of_the_format(own_work):
    Progress(learner="Li Na").record(**EVENT, mistake=None)
    lines = (own_work / "progress.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"format": FORMAT, "learner": "Li Na", **EVENT, "attempt": 1, "choice": "", "mistake": None, "note": ""}
    ]
    assert set(json.loads(lines[0])) == set(KEYS)


def test_attempts_are_counted_by_learner_and_item_and_across_sessions():
    first = Progress(learner="A")
    assert [first.record(**EVENT)["attempt"] for _ in range(2)] == [1, 2]
    assert first.record(**EVENT | {"item": "1.2"})["attempt"] == 1
    assert Progress(learner="A").record(**EVENT)["attempt"] == 3
    assert Progress(learner="B").record(**EVENT)["attempt"] == 1


def test_nothing_is_written_before_something_was_done(own_work):
    assert Progress().events == []
    assert not own_work.exists()


def test_how_far_an_item_is():
    progress = Progress()
    assert progress.state("03a", "exercise", "1.1") == "open"
    progress.record(**EVENT | {"outcome": "not yet"})
    assert progress.state("03a", "exercise", "1.1") == "tried"
    progress.record(**EVENT)
    progress.record(**EVENT | {"outcome": "not yet"})
    assert progress.state("03a", "exercise", "1.1") == "done", "what was done stays done"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b'{"format": 1, "lear', id="half-a-line"),
        pytest.param(b"\xff\xfe\x00", id="no-text"),
        pytest.param(b"[1, 2]", id="another-thing"),
        pytest.param(b'{"format": 99}', id="a-later-format"),
        pytest.param(b"[" * 100_000, id="brackets-without-end"),
    ],
)
def test_a_damaged_file_is_set_aside_with_a_word_and_the_rest_kept(own_work, damage):
    Progress().record(**EVENT)
    path = own_work / "progress.jsonl"
    whole = path.read_bytes() + damage + b"\n"
    path.write_bytes(whole)
    opened = Progress()
    assert opened.notes == [
        "1 line of progress.jsonl could not be read. The file was set aside as progress.damaged-1.jsonl; "
        "what could be read (1 line) was kept."
    ]
    assert (own_work / "progress.damaged-1.jsonl").read_bytes() == whole
    assert [one["item"] for one in Progress().events] == ["1.1"]
    assert Progress().notes == []


def test_a_second_damaged_file_gets_another_number(own_work):
    for _ in range(2):
        append_line(own_work / "progress.jsonl", "?")
        Progress()
    assert sorted(path.name for path in own_work.iterdir()) == [
        "progress.damaged-1.jsonl",
        "progress.damaged-2.jsonl",
        "progress.jsonl",
    ]


def test_two_notebooks_add_to_one_file():
    first, second = Progress(), Progress()
    first.record(**EVENT)
    second.record(**EVENT | {"lesson": "03b"})
    first.record(**EVENT)
    assert [one["lesson"] for one in Progress().events] == ["03a", "03b", "03a"]


def test_a_place_where_nothing_can_be_written_is_a_word_not_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    progress = Progress(folder=tmp_path / "file")
    progress.record(**EVENT)
    progress.record(**EVENT)
    assert len(progress.notes) == 1
    assert "Your progress could not be saved in progress.jsonl" in progress.notes[0]
    assert progress.state("03a", "exercise", "1.1") == "done"


def test_an_unknown_kind_of_event_is_refused():
    with pytest.raises(ValueError, match="no kind of event 'lunch'"):
        Progress().record(**EVENT | {"kind": "lunch"})


def test_an_instructor_gets_one_table_of_many_learners(tmp_path):
    for name in ("a", "b"):
        Progress(folder=tmp_path / "class" / name, learner=name).record(**EVENT)
    append_line(tmp_path / "class" / "b" / "progress.jsonl", "damaged")
    (tmp_path / "class" / "b" / "progress.damaged-1.jsonl").write_text("old")
    table, notes = collect([tmp_path / "class", tmp_path / "nowhere.jsonl"])
    assert table[["learner", "item", "outcome"]].values.tolist() == [["a", "1.1", "correct"], ["b", "1.1", "correct"]]
    assert list(table.columns) == ["file", *KEYS]
    assert len(notes) == 2
    assert "1 line could not be read" in notes[0]
    assert "not read" in notes[1]


def test_the_folder_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path / "mine"))
    assert work_folder() == tmp_path / "mine"
    monkeypatch.delenv("WORKBOOK_WORK")
    assert work_folder().name == "my_work"


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "deep" / "file.txt"
    write_whole(path, "old")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [one.name for one in path.parent.iterdir()] == ["file.txt"]


def test_what_is_set_aside_keeps_every_byte(tmp_path):
    path = tmp_path / "sheet.yml"
    path.write_bytes(b"\x00\xff")
    assert set_aside(path).read_bytes() == b"\x00\xff"
    assert not path.exists()


def test_a_byte_order_mark_and_empty_lines_are_no_damage(tmp_path):
    Progress(folder=tmp_path).record(**EVENT)
    path = tmp_path / "progress.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\n\n")
    assert len(read_events(path)[0]) == 1
    assert read_events(path)[1] == 0
