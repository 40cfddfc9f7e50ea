import csv

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.reports import csvfiles

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1+1", "'=1", "''=1", "a;=1+1", "a\n=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_starts_like_a_formula(text):
    # A spreadsheet may also split at semicolons, tabs and line ends.
    safe = csvfiles.defuse(text)
    parts = [part.lstrip() for part in safe.replace("\r", "\n").replace("\t", "\n").replace(";", "\n").split("\n")]
    assert not any(part.startswith(("=", "+", "-", "@", "＝")) for part in parts)


@pytest.mark.parametrize("text", ["", "A-7", "O'Neil", "3 - 2", "七号店", "a@b.cn", "'quoted'"])
def test_harmless_text_is_left_alone(text):
    assert csvfiles.defuse(text) == text


@given(st.text(alphabet=list("'=+-@;\t\r\n a＝"), max_size=8))
def test_restore_undoes_defuse(text):
    assert csvfiles.restore(csvfiles.defuse(text)) == text


def test_a_file_opens_right_in_a_spreadsheet(tmp_path):
    csvfiles.write(pd.DataFrame({"name": ["七号店"]}), tmp_path / "a.csv")
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith("七号店\r\n".encode())


def test_a_frame_comes_back_as_text(tmp_path):
    frame = pd.DataFrame(
        {
            "id": ["007", "=1", "a,b", 'say "x"'],
            "n": pd.array([1, 2, None, 4], dtype="Int64"),
            "flag": [True, False, True, True],
            "day": pd.to_datetime(["2026-01-31", None, "2026-02-01 10:30:00", "2026-02-01"], format="ISO8601"),
            "x": [0.1 + 0.2, -1.5, float("nan"), 2.0],
        }
    )
    csvfiles.write(frame, tmp_path / "a.csv")
    back = csvfiles.read(tmp_path / "a.csv")
    assert back.values.tolist() == [
        ["007", "1", "yes", "2026-01-31", "0.3"],
        ["=1", "2", "no", "", "-1.5"],
        ["a,b", "", "yes", "2026-02-01 10:30:00", ""],
        ['say "x"', "4", "yes", "2026-02-01", "2"],
    ]


def test_money_is_exact_and_no_formula(tmp_path):
    minor = pd.Series([12900, -5, 0, None, 10**15 + 1], dtype="Int64")
    frame = pd.DataFrame({"a": csvfiles.in_exact_major_units(minor, digits=2)})
    csvfiles.write(frame, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        written = [row[0] if row else "" for row in csv.reader(file)][1:]
    assert written == ["129.00", "-0.05", "0.00", "", "10000000000000.01"]
    back = csvfiles.in_minor_units(pd.Series(written), digits=2, where="a.csv")
    assert back.equals(minor)


def test_money_without_digits_stays_whole():
    assert str(csvfiles.in_exact_major_units(pd.Series([129]), digits=0)[0]) == "129"


@pytest.mark.parametrize("text", ["1.234", "1,2,x", "1e3", "--1", "¥5"])
def test_what_is_no_amount_is_refused_with_its_row(text):
    with pytest.raises(DataError, match=r"a\.csv, row 3: .* is no amount"):
        csvfiles.in_minor_units(pd.Series(["1.00", text]), digits=2, where="a.csv")


def test_a_file_that_a_chinese_excel_saved_is_read(tmp_path):
    (tmp_path / "a.csv").write_bytes("名\r\n七号店\r\n".encode("gb18030"))
    assert csvfiles.read(tmp_path / "a.csv")["名"].tolist() == ["七号店"]


@pytest.mark.parametrize(
    "content, message",
    [(b"", "is empty"), (b"a,b\r\n1\r\n", "row 2: 1 cells under 2 headings"), (b"\xff\xff\x00", "not a text file")],
)
def test_a_broken_file_is_named(tmp_path, content, message):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(DataError, match=message):
        csvfiles.read(tmp_path / "a.csv")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"gone\.csv cannot be read"):
        csvfiles.read(tmp_path / "gone.csv")
