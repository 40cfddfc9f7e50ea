"""Writing a company to a folder, and the command that does it."""

import json
import os

import pandas as pd
import pytest

from helpers import simulate
from helpers.data.contract import TABLES
from helpers.errors import DataError
from helpers.simulate import command, saving, truth

FILES = sorted([*(f"{name}.csv" for name in TABLES), "sample.json", "state.json"])


@pytest.fixture(scope="module")
def tiny():
    return simulate.company(seed=8, customers=200)


@pytest.fixture
def run(capsys):
    """The command on a tiny company: exit code, output, messages."""

    def run(out, **given):
        code = command.simulate(out, 8, 200, **given)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_holds_tables_and_state_but_no_truth(tiny, tmp_path):
    assert names(tiny.save(tmp_path / "new" / "company")) == FILES
    assert json.loads((tmp_path / "new/company/sample.json").read_text()) == {
        "name": "Lantern Home", "simulated": True, "as_of": "2026-06-17", "currency": "CNY", "seed": 8,
    }  # fmt: skip


def test_files_are_utf8_with_plain_line_ends(tiny, tmp_path):
    for path in tiny.save(tmp_path / "company").glob("*.csv"):
        raw = path.read_bytes()
        assert b"\r" not in raw and raw.endswith(b"\n") and not raw.startswith(b"\xef\xbb\xbf")


def test_files_say_what_the_frames_say(tiny, tmp_path):
    read = pd.read_csv(tiny.save(tmp_path / "company") / "orders.csv", dtype=str, keep_default_na=False)
    orders = tiny.frames_of("orders")
    assert (read["amount"].str.replace(".", "").astype(int) == orders["amount_minor"]).all()
    assert read["amount"].str.fullmatch(r"-?\d+\.\d\d").all()
    assert (pd.to_datetime(read["ordered_at"]) == orders["ordered_at"]).all()
    assert (read["customer_id"] == orders["customer_id"]).all()


def test_truth_is_written_when_asked_and_goes_when_the_tables_change(tiny, tmp_path):
    folder = tiny.save(tmp_path / "company", truth=True)
    assert names(folder / "truth") == sorted(f"{name}.csv" for name in truth.BUILDERS)
    tiny.advance().save(folder)
    assert names(folder) == FILES


def test_other_files_beside_a_company_stay(tiny, tmp_path):
    folder = tiny.save(tmp_path / "company")
    (folder / "notes.txt").write_text("mine")
    (folder / "mappings").mkdir()
    tiny.advance().save(folder)
    assert names(folder) == sorted([*FILES, "mappings", "notes.txt"])
    assert (folder / "notes.txt").read_text() == "mine"


def test_the_workbooks_own_data_folder_keeps_its_other_files(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(saving, "SAMPLE", tmp_path.resolve())
    (tmp_path / "README.md").write_text("the dictionary")
    tiny.save(tmp_path)
    assert names(tmp_path) == sorted([*FILES, "README.md"])


def test_a_folder_of_somebody_else_is_refused_and_stays(tiny, tmp_path):
    (tmp_path / "orders.csv").write_text("my orders")
    with pytest.raises(DataError, match="holds other files. Give a new or an empty folder"):
        tiny.save(tmp_path)
    assert names(tmp_path) == ["orders.csv"]
    with pytest.raises(DataError, match="is a file"):
        tiny.save(tmp_path / "orders.csv")


def test_an_empty_folder_will_do(tiny, tmp_path):
    assert names(tiny.save(tmp_path)) == FILES


def test_a_failure_leaves_nothing_behind(tiny, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving, "_write_text", full)
    with pytest.raises(DataError, match="cannot be written .No space left on device."):
        tiny.save(tmp_path / "company")
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="the rights of folders work otherwise on Windows")
def test_a_place_where_nothing_can_be_written_is_refused(tiny, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        tiny.save(tmp_path / "file" / "company")


def test_the_command_says_what_it_wrote(run, tmp_path):
    code, out, err = run(tmp_path / "company")
    assert code == 0 and err == ""
    assert "Lantern Home (simulated, seed 8) on 17 June 2026: " in out
    answers = (tmp_path / "company/survey.csv").read_text().count("\n") - 1
    assert f"{answers} answers to the survey." in out
    assert f"Wrote {tmp_path / 'company'}" in out


def test_the_command_plays_a_quarter_with_a_list(run, tiny, tmp_path):
    person = tiny.frames_of("customers").query("kind == 'person'")["customer_id"].iloc[0]
    (tmp_path / "monday.csv").write_text(f"customer_id,action,hold_out,suppressed\n{person},call,no,\n")
    code, out, _ = run(tmp_path / "next", advance="1q", actions=tmp_path / "monday.csv")
    assert code == 0 and "Lived 1 quarter more; 1 action carried out." in out
    played = simulate.open_world(tmp_path / "next")
    assert played.played == (((person, "call"),),)
    assert tiny.advance({person: "call"}).tables()["orders"].equals(played.tables()["orders"])


def test_the_command_goes_on_from_a_folder(run, tmp_path):
    run(tmp_path / "now")
    code, out, _ = run(tmp_path / "later", start=tmp_path / "now", advance="2q")
    assert code == 0 and "on 17 December 2026" in out
    assert "Lived 2 quarters more; 0 actions carried out." in out


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"stories": "fall,ghost"}, "There is no story 'ghost'"),
        ({"advance": "soon"}, "The time to live on is 'soon'. Write 1q for one quarter"),
        ({"actions": "nowhere.csv"}, "There is no action list at nowhere.csv"),
        ({"start": "nowhere"}, "There is no state.json in nowhere"),
    ],
)
def test_the_command_refuses_with_one_sentence_and_exit_code_2(run, tmp_path, given, message):
    code, out, err = run(tmp_path / "company", **given)
    assert code == 2 and out == ""
    assert message in err and err.count("\n") == 1
    assert names(tmp_path) == []


@pytest.mark.parametrize(("stories", "on"), [("none", set()), ("fall, burst", {"fall", "burst"})])
def test_stories_are_named_on_the_command_line(run, tmp_path, stories, on):
    run(tmp_path / "company", stories=stories)
    assert set(json.loads((tmp_path / "company/state.json").read_text())["stories"]) == on
