from datetime import datetime

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers.data import load, read
from helpers.errors import DataError

HEADER = "order_id,customer_id,ordered_at,amount\n"


@pytest.mark.parametrize("sign, word", [(";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")])
def test_the_delimiter_is_found_and_said(write, sign, word):
    raw = read(write(sign.join(["a", "b, c"]) + "\n" + sign.join(["1", "x, y"]) + "\n"))
    assert raw.frame.to_dict("list") == {"a": ["1"], "b, c": ["x, y"]}
    assert any(f"separated by a {word}" in note for note in raw.notes)


def test_everything_stays_text(write):
    raw = read(write("a,b,c\n007,1.50,NA\n,true,2025-01-01\n"))
    assert raw.frame.to_numpy().tolist() == [["007", "1.50", "NA"], ["", "true", "2025-01-01"]]


def test_the_hint_line_of_excel_is_not_the_header(write):
    raw = read(write("sep=;\na;b\n1;2\n"))
    assert raw.columns == ["a", "b"]
    assert raw.line.tolist() == [3]


def test_lines_are_counted_through_quoted_line_breaks(write):
    raw = read(write('a,b\n1,"x\ny\nz"\n\n2,w\n3\n4,v\n'))
    assert raw.frame["a"].to_list() == ["1", "2", "4"]
    assert raw.line.tolist() == [2, 6, 8]
    assert raw.broken["line"].to_list() == [7]
    assert raw.rows_in == 4


def test_windows_line_ends_count_once(write):
    raw = read(write('a,b\r\n1,"x\r\ny"\r\n2,w\r\n'))
    assert raw.line.tolist() == [2, 4]


def test_a_quotation_mark_that_is_never_closed_is_refused(write):
    text = 'a,b\n1,"x\n' + "2,y\n" * 1000
    with pytest.raises(DataError, match="line 2: a quotation mark is opened here and not closed"):
        read(write(text))


def test_quotation_marks_inside_a_field_are_kept(write):
    assert read(write('a,b\n1,5" pipe\n2,"say ""hi"""\n')).frame["b"].to_list() == ['5" pipe', 'say "hi"']


def test_a_title_above_the_header_is_passed_over_when_stated(write):
    raw = read(write("Sales of March\n\na,b\n1,2\n"), header_line=3)
    assert raw.columns == ["a", "b"]
    assert raw.line.tolist() == [4]


def test_a_title_above_the_header_gets_advice(write):
    with pytest.raises(DataError, match="another number of fields than the header.*header_line"):
        read(write("Sales of March\na,b\n1,2\n3,4\n"))


def test_a_delimiter_at_the_end_of_every_line_is_no_column(write):
    assert read(write("a,b,\n1,2,\n3,4,\n")).columns == ["a", "b"]
    assert read(write("a,b\n1,2,\n3,4,\n")).frame.to_numpy().tolist() == [["1", "2"], ["3", "4"]]


def test_an_encoding_may_be_stated(write):
    path = write("a,b\ncafé,1\n", encoding="cp1252")
    assert read(path, encoding="cp1252").frame["a"].to_list() == ["café"]
    with pytest.raises(DataError, match="The encoding 'latin-15' in the mapping is not known"):
        read(path, encoding="latin-15")
    with pytest.raises(DataError, match="is not utf-8 text"):
        read(path, encoding="utf-8")


# Folders


def test_monthly_files_are_read_one_below_the_other(write, tmp_path):
    write(HEADER + "a,c,2025-01-01,1\n", "2025-01.csv")
    write(HEADER.strip() + ",note\nb,c,2025-02-01,2,x\n", "2025-02.csv")
    write(HEADER, "2025-03.csv")
    write("remember", "readme.txt")
    company = load(tmp_path)
    assert company.lines[["order_id", "source_file", "source_line"]].astype(str).to_numpy().tolist() == [
        ["a", "2025-01.csv", "2"],
        ["b", "2025-02.csv", "2"],
    ]
    said = " ".join(company.notes)
    assert "2025-01.csv has no column note, which other files have" in said
    assert "2025-03.csv has a header line and no rows" in said
    assert "Passed over in the folder, no data files: readme.txt." in said


def test_what_is_said_of_many_files_is_said_once(write, tmp_path):
    for month in (1, 2, 3):
        write(f"a;b\n{month};2\n".encode("utf-16"), f"2025-{month}.csv")
    assert read(tmp_path).notes == [
        "3 files (2025-1.csv ...) are UTF-16 text.",
        "3 files (2025-1.csv ...): the columns are separated by a semicolon.",
    ]


def test_repeats_across_monthly_files_are_seen(write, tmp_path):
    write(HEADER + "a,c,2025-01-01,1\nb,c,2025-01-31,2\n", "2025-01.csv")
    write(HEADER + "b,c,2025-01-31,2\nd,c,2025-02-01,3\n", "2025-02.csv")
    assert load(tmp_path, set_aside=["repeated"]).lines["status"].to_list() == ["sale", "sale", "repeated", "sale"]


def test_a_month_without_a_needed_column_is_refused_by_name(write, tmp_path):
    write(HEADER + "a,c,2025-01-01,1\n", "2025-01.csv")
    write("order_id,customer_id,ordered_at,Amount\nb,c,2025-02-01,2\n", "2025-02.csv")
    with pytest.raises(DataError, match=r"2025-02\.csv has no column 'amount', which the other files have"):
        load(tmp_path)


def test_tables_of_a_folder_are_told_by_their_names(write, tmp_path):
    write(HEADER + "a,c1,2025-01-01,1\nb,c9,2025-01-02,1\n", "orders_2025.csv")
    write("customer_id,consent\nc1,yes\nc2,no\n", "customers.csv")
    write("x\n1\n", "reviews.csv")
    company = load(tmp_path)
    assert set(company.tables) == {"orders", "customers"}
    said = " ".join(company.notes)
    assert "no table of this version is called so: reviews.csv" in said
    assert "1 customer in orders (1 line) is not in customers." in said


# Excel, Parquet, DuckDB


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "order_id": ["001", "002", "003"],
            "customer_id": [123456789012, 7, 8],
            "ordered_at": [datetime(2025, 3, 4, 8, 45), datetime(2025, 3, 5), datetime(2025, 3, 6)],
            "amount": [129.0, 0.1 + 0.2, -3.75],
        }
    )


def expected_lines(company):
    assert company.lines["order_id"].to_list() == ["001", "002", "003"]
    assert company.lines["customer_id"].to_list() == ["123456789012", "7", "8"]
    assert company.lines["amount_minor"].to_list() == [12900, 30, -375]
    assert company.lines["ordered_at"].to_list()[0] == pd.Timestamp(2025, 3, 4, 8, 45)


def test_excel_numbers_and_dates_come_back_without_loss(tmp_path, frame):
    frame.to_excel(tmp_path / "orders.xlsx", index=False, engine="xlsxwriter")
    company = load(tmp_path / "orders.xlsx")
    expected_lines(company)
    assert company.lines["source_line"].to_list() == [2, 3, 4]


def test_an_excel_file_named_csv_is_read_as_excel(tmp_path, frame):
    frame.to_excel(tmp_path / "orders.xlsx", index=False, engine="xlsxwriter")
    expected_lines(load((tmp_path / "orders.xlsx").rename(tmp_path / "orders.csv")))


def test_a_workbook_with_two_filled_sheets_asks_which(tmp_path, frame):
    with pd.ExcelWriter(tmp_path / "orders.xlsx", engine="xlsxwriter") as book:
        frame.to_excel(book, sheet_name="March", index=False)
        frame.to_excel(book, sheet_name="April", index=False)
    with pytest.raises(DataError, match="has 2 sheets with data: 'March' and 'April'"):
        read(tmp_path / "orders.xlsx")
    assert read(tmp_path / "orders.xlsx", sheet="April").rows_in == 3
    with pytest.raises(DataError, match="has no sheet 'May'; its sheets are"):
        read(tmp_path / "orders.xlsx", sheet="May")


def test_an_id_too_long_for_excel_is_set_aside(tmp_path, frame):
    frame["customer_id"] = [1234567890123456789, 7, 8]
    frame.to_excel(tmp_path / "orders.xlsx", index=False, engine="xlsxwriter")
    company = load(tmp_path / "orders.xlsx")
    assert company.rejects["rule"].to_list() == ["id as number"]


def test_parquet_comes_back_without_loss(tmp_path, frame):
    frame.to_parquet(tmp_path / "orders.parquet")
    expected_lines(load(tmp_path / "orders.parquet"))


def test_parquet_types_become_the_text_a_person_would_write():
    from helpers.data.sheets import from_arrow

    table = pa.table(
        {
            "gaps": pa.array([12583.0, None]),
            "exact": pa.array(["1.10", "2.00"]).cast(pa.decimal128(9, 2)),
            "small": [0.00001, 2.5],
            "yes": [True, None],
            "day": pa.array([datetime(2025, 3, 4)] * 2).cast(pa.date32()),
            "coded": pa.array(["x", "y"]).dictionary_encode(),
        }
    )
    assert from_arrow(table, "t.parquet", "parquet").frame.to_numpy().tolist() == [
        ["12583", "1.10", "0.00001", "yes", "2025-03-04", "x"],
        ["", "2.00", "2.5", "", "2025-03-04", "y"],
    ]


def test_nested_parquet_and_damaged_parquet_are_refused(tmp_path):
    pq.write_table(pa.table({"a": [[1, 2]]}), tmp_path / "nested.parquet")
    with pytest.raises(DataError, match="the column 'a' holds lists or records"):
        read(tmp_path / "nested.parquet")
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match="is a damaged Parquet file"):
        read(tmp_path / "damaged.parquet")


def test_a_duckdb_database_is_read_by_table_or_query(tmp_path, frame):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.register("source", frame)
        connection.execute("CREATE TABLE sales AS SELECT * FROM source")
        connection.execute("CREATE TABLE other AS SELECT 1 AS x")
    assert read(path, table="sales").rows_in == 3
    assert read(path, sql="SELECT * FROM sales WHERE amount > 0").rows_in == 2
    with pytest.raises(DataError, match="has the tables 'other' and 'sales'"):
        read(path)
    with pytest.raises(DataError, match=r"the database gave no rows \("):
        read(path, sql="SELECT nothing FROM nowhere")
