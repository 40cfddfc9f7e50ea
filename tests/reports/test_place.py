import os

import pytest

from helpers.errors import DataError
from helpers.reports.manifest import fingerprint
from helpers.reports.place import Place
from helpers.reports.results import write_json


def write_report(out, text="new"):
    place = Place(out)
    with place as staging:
        (staging / "index.html").write_text(text, encoding="utf-8")
        content = {
            "made_by": "customer-workbook",
            "company": {"as_of": "2026-06-30"},
            "files": {"index.html": fingerprint(staging / "index.html")},
        }
        write_json(content, staging / "manifest.json")
        place.take()
    return place


def siblings(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("before", ["nothing", "an empty folder"])
def test_a_report_comes_to_a_new_place(tmp_path, before):
    if before != "nothing":
        (tmp_path / "out").mkdir()
    write_report(tmp_path / "out")
    assert siblings(tmp_path) == ["out"]
    assert siblings(tmp_path / "out") == ["index.html", "manifest.json"]


def test_missing_folders_above_are_made(tmp_path):
    write_report(tmp_path / "a" / "b" / "out")
    assert (tmp_path / "a" / "b" / "out" / "index.html").exists()


def test_an_earlier_report_is_replaced_whole(tmp_path):
    write_report(tmp_path / "out", "old")
    (tmp_path / "out" / "Thumbs.db").write_text("litter", encoding="utf-8")
    write_report(tmp_path / "out", "new")
    assert siblings(tmp_path) == ["out"]
    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8") == "new"
    assert siblings(tmp_path / "out") == ["index.html", "manifest.json"]


@pytest.mark.parametrize("name", ["notes.txt", "index.html"])
def test_what_somebody_added_or_changed_is_kept(tmp_path, name):
    for _times in (1, 2):
        write_report(tmp_path / "out", "old")
        (tmp_path / "out" / name).write_text("mine", encoding="utf-8")
    place = write_report(tmp_path / "out", "new")
    assert siblings(tmp_path) == ["out", "out.2026-06-30", "out.2026-06-30-2"]
    assert place.kept.name == "out.2026-06-30-2"
    assert (place.kept / name).read_text(encoding="utf-8") == "mine"


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letter.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match=r"holds files that no report wrote, for example letter\.docx"):
        Place(tmp_path)
    assert siblings(tmp_path) == ["letter.docx"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match="out is a file, not a folder"):
        Place(tmp_path / "out")


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError, SystemExit])
def test_an_interrupted_report_leaves_nothing(tmp_path, error):
    write_report(tmp_path / "out", "old")
    with pytest.raises(error), Place(tmp_path / "out") as staging:
        (staging / "index.html").write_text("half", encoding="utf-8")
        raise error
    assert siblings(tmp_path) == ["out"]
    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8") == "old"


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    # A file where a folder should be: refused by every system, also for an administrator.
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=r"cannot be written .* Choose a place of your own with --out"):
        with Place(tmp_path / "file" / "out"):
            pass


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="an administrator may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(DataError, match="cannot be written"), Place(tmp_path / "out"):
        pass
    tmp_path.chmod(0o700)


def test_when_the_move_fails_the_old_report_is_back(tmp_path, monkeypatch):
    write_report(tmp_path / "out", "old")
    real, calls = os.replace, []

    def replace(source, target):
        calls.append(source)
        if len(calls) == 2:
            raise PermissionError(13, "in use")
        return real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(DataError, match="Close the programs that have a file of that folder open"):
        write_report(tmp_path / "out", "new")
    assert siblings(tmp_path) == ["out"]
    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8") == "old"
