import pytest
from helpers.data.check import check
from helpers.errors import DataError

GOOD = """order_id,customer_id,ordered_at,amount
O1,A,2026-01-05,10.00
O2,B,2026-02-07,25.50
O3,A,2026-03-09,-4.00
"""


@pytest.fixture
def file(tmp_path):
    def write(text, name="orders.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def said(capsys):
    """What was printed, without the line breaks that only fit it to the screen."""
    return " ".join(capsys.readouterr().out.split())


def test_good_data_are_accounted_for_and_the_next_command_is_named(file, capsys):
    path = file(GOOD)
    assert check(path) == 0
    text = said(capsys)
    assert "3 order lines read, 3 used, 0 set aside, 0 rejected." in text
    # 10.00 + 25.50 - 4.00
    assert "2 customers from 5 January 2026 to 9 March 2026; net of returns ¥31.50." in text
    assert f"Next: python workbook.py report --data {path}" in text


def test_what_is_missing_comes_with_what_it_would_add(file, capsys):
    check(file(GOOD))
    text = said(capsys)
    assert "orders.margin: With the margin, customers can be ranked by what they leave" in text
    assert "contacts: With it, action lists leave out people with an open complaint" in text


def test_rejected_lines_are_grouped_with_the_first_line_and_advice(file, capsys):
    rows = "".join(f"O{n},A,2026-01-{n:02},5.00\n" for n in range(10, 30))
    path = file(GOOD + rows + "O8,A,2026-01-05,ten\nO9,B,2026-01-06,twelve\n")
    assert check(path) == 0
    text = said(capsys)
    assert "2 rejected." in text
    assert "orders.amount: 2 lines" in text and "line 25" in text
    assert "--rejects rejects.csv" in text


def test_rejected_lines_can_be_written(file, capsys, tmp_path):
    rows = "".join(f"O{n},A,2026-01-{n:02},5.00\n" for n in range(10, 30))
    target = tmp_path / "rejects.csv"
    check(file(GOOD + rows + "O8,A,2026-01-05,ten\n"), rejects=str(target))
    assert "ten" in target.read_text("utf-8-sig")
    assert "Wrote 1 rejected line" in said(capsys)


def test_data_that_cannot_be_used_are_refused_with_the_way_out(file):
    with pytest.raises(DataError, match="workbook map"):
        check(file("Invoice,Kunde\n1,2\n"))
