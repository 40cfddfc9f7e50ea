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


def good_lines(count=20):
    return "".join(f"G{n},A,2026-01-{n:02},5.00\n" for n in range(1, count + 1))


def test_each_kind_of_fault_is_said_once_with_its_advice(file, capsys):
    faults = "O8,A,2026-01-05,ten\nO9,B,2026-02-30,5.00\nO10,B,2026-01-06,1.239\n,B,2026-01-06,1.00\n"
    assert check(file(GOOD + good_lines() + faults)) == 0
    text = said(capsys)
    # GOOD has its header on line 1 and three orders, then come twenty.
    assert "orders.amount: 1 line. First: orders.csv, line 25. amount is not an amount like 1234.56." in text
    assert "Is amount mapped to the right column, and is the decimal sign right?" in text
    assert "orders.ordered_at: 1 line. First: orders.csv, line 26." in text
    assert "name it with date = ... in [orders.format]." in text
    assert "line 27. amount has more than the 2 digits of CNY" in text
    assert "orders.order_id: 1 line. First: orders.csv, line 28. order_id is empty. Fill order_id" in text
    assert "The data can be used. Look first at the 4 kinds of rejected lines" in text


def test_orders_and_one_time_customers_are_counted_by_hand(file, capsys):
    check(file(GOOD + "O1,A,2026-01-05,2.00\n"))
    text = said(capsys)
    # O1 has two lines, O2 one; O3 gives money back and is no order of its own.
    assert "2 orders with 1.5 lines on average; 2 customers with one order only." in text


def test_reports_that_the_data_can_carry_are_named_with_what_they_go_without(file, capsys, tmp_path, monkeypatch):
    import json

    from helpers import places

    def notebook(name, title, tables):
        about = {"metadata": {"lesson": {"title": title, "tables": tables}}}
        (tmp_path / "notebooks" / name).write_text(json.dumps(about), encoding="utf-8")

    (tmp_path / "notebooks").mkdir()
    notebook("03a_worth.ipynb", "Who is worth what?", ["orders", {"name": "orders.margin", "needed": False}])
    notebook("01a_touch.ipynb", "Touchpoints", ["contacts"])
    notebook("06_branding.ipynb", "Branding", ["orders", "survey"])
    monkeypatch.setattr(places, "NOTEBOOKS", tmp_path / "notebooks")
    check(file(GOOD))
    text = said(capsys)
    assert "03a Who is worth what? Yes, without what needs orders.margin." in text
    assert "01a Touchpoints - No, it needs contacts." in text
    assert "06 Branding - No, it needs survey." in text


def test_written_rejects_run_no_formula_and_open_in_excel(file, capsys, tmp_path):
    target = tmp_path / "rejects.csv"
    check(file(GOOD + good_lines() + "O8,A,2026-01-05,=1+1\n"), rejects=str(target))
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and b",'=1+1," in data


def test_rejects_that_cannot_be_written_are_refused_with_another_place(file, tmp_path):
    with pytest.raises(DataError, match="cannot be written .* Give another place with --rejects"):
        check(file(GOOD + good_lines() + "O8,A,2026-01-05,ten\n"), rejects=str(tmp_path / "no" / "rejects.csv"))


def test_no_customer_is_shown_by_more_than_a_number(file, capsys):
    path = file(GOOD.replace("A,", "13812345678,") + good_lines() + "O8,Anna Berg,2026-01-05,ten\n")
    check(path)
    text = said(capsys)
    assert "Anna" not in text and "13812345678" not in text


def test_other_tables_are_counted(file, capsys, tmp_path):
    file(GOOD)
    file("customer_id,consent\nA,yes\nB,no\nB,no\n", "customers.csv")
    check(str(tmp_path))
    text = said(capsys)
    assert "customers: 3 rows read, 2 accepted." in text
    assert "customers.customer_id: 1 line. First: customers.csv, line 4." in text
    assert "Keep one row for each customer_id." in text
