"""Every item of bad input: one clear message, or a line set aside and accounted for."""

import time

import pytest

from helpers.data import load
from helpers.errors import DataError


def refused(text):
    return pytest.raises(DataError, match=text)


def the_reject(company):
    assert company.reconciliation.totals["rows_rejected"] == len(company.rejects) == 1
    assert company.reconciliation.totals["rows_in"] == company.reconciliation.totals["rows_used"] + 1
    return company.rejects.iloc[0]


# Files


def test_a_missing_file_is_named(tmp_path):
    with refused(r"There is no file or folder .*nothing\.csv\. Check the name"):
        load(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    "content, says",
    [
        pytest.param(b"", r"orders\.csv is empty \(0 bytes\)", id="no-bytes"),
        pytest.param(b"\n\n \n", r"orders\.csv is empty\. Export it again", id="blank-lines"),
        pytest.param(b"order_id,customer_id,ordered_at,amount\n", "a header line but no rows below it", id="header-only"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", r"is a picture \(PNG\), not a table", id="picture"),
        pytest.param(b"%PDF-1.7 ...", "is a PDF document, not a table", id="pdf"),
        pytest.param(b"<html><table><tr></tr></table></html>", "is a web page or XML file.*save it as .xlsx", id="web-page"),
        pytest.param(b"a,b\n1,\x00\x002\n", r"binary zero bytes \(the first at byte 7\)", id="binary-zeros"),
        pytest.param(b"PK\x03\x04 no workbook", "is a packed or damaged file", id="archive"),
        pytest.param("a,b\n1,2\n".encode("utf-16-le"), 'If it is UTF-16 text, write encoding = "utf-16-le"', id="utf16-unmarked"),
    ],
)
def test_a_file_that_is_no_table_is_refused(door, content, says):
    with refused(says):
        door(content)


def test_a_folder_without_data_is_refused(tmp_path):
    (tmp_path / "notes.docx").write_bytes(b"x")
    with refused("has no data files. Put CSV, Excel or Parquet files into it"):
        load(tmp_path)


def test_missing_columns_are_named_with_those_there_are(door):
    with refused(r"orders\.csv lacks the columns ordered_at and amount; it has order_id, customer_id and date\. .*workbook map"):
        door("order_id,customer_id,date\n1,2,3\n")


def test_a_file_without_column_names_is_refused_without_showing_its_cells(door):
    with refused(r"seems to have no column names: 2 of 4 names in its first line are numbers or dates") as caught:
        door("Zhang San,17,2025-03-04,x\nLi Si,18,2025-03-05,y\n")
    assert "Zhang" not in str(caught.value)


def test_ten_thousand_columns_make_a_short_message_soon(door):
    header = ",".join(f"k{number}" for number in range(10_000))
    started = time.perf_counter()
    with refused("it has k0, k1.*and 9,988 more") as caught:
        door(f"{header}\n{header}\n")
    assert len(str(caught.value)) < 500
    assert time.perf_counter() - started < 10


def test_four_columns_among_ten_thousand_are_enough(door):
    extra = ",".join(f"k{number}" for number in range(10_000))
    rows = "".join(f"o{line},c,2025-01-0{line},5.00,{extra}\n" for line in range(1, 4))
    company = door(f"order_id,customer_id,ordered_at,amount,{extra}\n{rows}")
    assert company.reconciliation.totals["rows_used"] == 3
    assert list(company.lines.columns) == [
        "order_id", "customer_id", "ordered_at", "amount_minor", "source_file", "source_line", "status",
    ]  # fmt: skip


def test_two_columns_mapped_to_one_are_refused(door):
    with refused("amount and margin are both mapped to the column 'amount'"):
        door(mapping='margin = "amount"\n')


def test_a_mapped_column_that_the_file_lacks_gets_a_suggestion(door):
    with refused("has no column 'amonut'; it has order_id, customer_id, ordered_at and amount. Did you mean 'amount'?"):
        door(mapping='margin = "amonut"\n')


def test_a_column_that_the_header_has_twice_is_refused(door):
    with refused("has the column 'amount' twice"):
        door("order_id,customer_id,ordered_at,amount,amount\n1,2,2025-01-01,5,6\n")


# Money


def test_text_where_money_should_be_is_set_aside_with_its_line(door):
    reject = the_reject(door(amount=["1.50", "abc"]))
    assert (reject["file"], reject["line"], reject["column"], reject["rule"]) == ("orders.csv", 3, "amount", "money")
    assert (reject["value"], reject["row"]) == ("abc", "o1,c1,2025-03-02,abc")
    assert reject["message"] == "amount is not an amount like 1234.56"


def test_text_in_most_amounts_is_refused_as_one_cause(door):
    with refused(r"amount is not an amount like 1234.56: 6 of 6 lines, the first is orders\.csv, line 2 \('n5'\)"):
        door(amount=["n5"] * 6)


SEMICOLON = "order_id;customer_id;ordered_at;amount\n"


def test_a_decimal_comma_that_the_values_prove_is_read(door):
    company = door(SEMICOLON + "a;c;2025-01-01;1.234,56\nb;c;2025-01-02;12,50\n")
    assert company.lines["amount_minor"].to_list() == [123456, 1250]


def test_decimal_comma_and_point_in_one_file_are_refused(door):
    with refused(r"'12\.50' \(orders\.csv, line 3\) has a decimal point, '1\.234,56' \(orders\.csv, line 2\) a decimal comma"):
        door(SEMICOLON + "a;c;2025-01-01;1.234,56\nb;c;2025-01-02;12.50\n")


def test_an_amount_that_can_be_read_two_ways_is_refused(door):
    with refused(r"'1\.234' \(orders\.csv, line 2\) can be read two ways.*Write decimal"):
        door(SEMICOLON + "a;c;2025-01-01;1.234\nb;c;2025-01-02;12\n")


@pytest.mark.parametrize("decimal, thousands, minor", [(".", ",", 123), (",", ".", 123400)])
def test_an_ambiguous_amount_is_read_as_the_mapping_says(door, decimal, thousands, minor):
    signs = f'[orders.format]\ndecimal = "{decimal}"\nthousands = "{thousands}"\nextra_digits = "round"\n'
    company = door(amount=["1.234"], mapping=signs, lines=1)
    assert company.lines["amount_minor"].to_list() == [minor]


def test_the_wrong_decimal_sign_is_refused_with_the_right_one(door):
    with refused('as if they were written with decimal = ","; say so in the mapping'):
        door(SEMICOLON + "a;c;2025-01-01;1.234,56\nb;c;2025-01-02;12,50\n", mapping='[orders.format]\ndecimal = "."\n')


def test_another_currency_is_set_aside(door):
    company = door(amount=["$1.50", "€ 2.00", "3.00 €", "4 EUR"], mapping="")
    assert the_reject(company)["message"] == "amount has the sign of another currency than EUR"
    assert company.lines["amount_minor"].to_list()[:3] == [200, 300, 400]


def test_more_digits_than_the_currency_are_set_aside_or_rounded(door):
    assert the_reject(door(amount=["1.505", "1.5000"]))["rule"] == "digits"
    company = door(amount=["1.505", "1.515"], mapping='[orders.format]\ndecimal = "."\nextra_digits = "round"\n', lines=2)
    assert company.lines["amount_minor"].to_list() == [150, 152]
    assert company.reconciliation.totals["rounded_lines"] == 2
    assert company.reconciliation.totals["rounding_minor"] == 0.0


# Dates


@pytest.mark.parametrize(
    "dates, says",
    [
        pytest.param(["03/04/2025", "05/06/2025"] * 3, r"is ambiguous: every date fits '%d/%m/%Y' and '%m/%d/%Y'; '03/04/2025' is 3 April or 4 March", id="ambiguous"),
        pytest.param(["03/04/2025", "25/06/2025"] * 3, r"looks like '%d/%m/%Y', because '25/06/2025' fits no other order.*write date = \"%d/%m/%Y\"", id="proved-but-not-stated"),
        pytest.param(["26/04/2025", "04/26/2025"] * 3, "mixes ways of writing dates: 50% fit", id="mixed"),
        pytest.param(["2025-01-02"] * 4 + ["25/06/2025"] * 2, r"4 are ISO, and 2 are not, the first is '25/06/2025' \(orders\.csv, line 6\)", id="mixed-with-iso"),
        pytest.param(["2025/3/4 8:05"] * 6, "looks like '%Y/%m/%d %H:%M'", id="year-first"),
        pytest.param(["45000", "45001.5"] * 3, r"holds Excel serial numbers, such as '45000'.*date = \"excel\"", id="serial"),
        pytest.param(["soon"] * 6, r"holds no dates: 'soon' \(orders\.csv, line 2\) fits no known format", id="no-dates"),
    ],
)  # fmt: skip
def test_dates_are_never_guessed(door, dates, says):
    with refused(says):
        door(ordered_at=dates)


def test_a_wrong_date_format_is_refused_with_the_right_one(door):
    with refused("4 of 6 dates do not fit '%d/%m/%Y', the first is '03/14/2025'.*They look like '%m/%d/%Y'"):
        door(
            ordered_at=["03/14/2025", "05/26/2025", "01/22/2025", "03/24/2025", "05/06/2025", "01/02/2025"],
            mapping='[orders.format]\ndate = "%d/%m/%Y"\n',
        )


def test_a_format_that_fits_most_but_not_the_true_one_is_refused_too(door):
    with refused("1 of 6 dates do not fit '%d/%m/%Y', .* but all fit '%m/%d/%Y'"):
        door(ordered_at=["03/14/2025"] + ["05/06/2025"] * 5, mapping='[orders.format]\ndate = "%d/%m/%Y"\n')


def test_single_odd_dates_are_set_aside_with_what_they_look_like(door):
    reject = the_reject(door(ordered_at=["2025-01-02"] * 5 + ["25/06/2025"], mapping='[orders.format]\ndate = "iso"\n'))
    assert (reject["rule"], reject["line"]) == ("date format", 7)
    assert "it looks like '%d/%m/%Y'" in reject["message"]


def test_excel_serial_dates_are_read_when_stated(door):
    company = door(ordered_at=["45000.5"] * 6, mapping='[orders.format]\ndate = "excel"\n')
    assert str(company.lines["ordered_at"].iloc[0]) == "2023-03-15 12:00:00"


def test_dates_after_the_report_date_are_named_not_used(door):
    company = door(as_of="2025-03-04")
    assert company.lines["status"].to_list() == ["sale"] * 4 + ["after_as_of"] * 2
    assert company.orders["ordered_at"].max().day == 4


def test_all_orders_in_the_future_are_refused(door):
    with refused("All orders lie after the report date 1 January 2024: they run from 1 March 2025 to 6 March 2025"):
        door(as_of="2024-01-01")


def test_a_stand_in_date_does_not_become_the_report_date(door):
    with refused(r"The newest order is of 31 December 2099 \(orders\.csv, line 7\).*as_of = \"2025-03-01\""):
        door(ordered_at=["2025-03-01"] * 5 + ["2099-12-31"])


def test_a_date_a_year_beyond_all_others_does_not_become_the_report_date(door):
    with refused(r"The newest order is of 1 July 2027 .*1 line like this.*as_of = \"2025-03-28\""):
        door(ordered_at=["2027-07-01"], lines=1500)


def test_a_stand_in_date_is_harmless_once_the_report_date_is_stated(door):
    company = door(ordered_at=["2025-03-01"] * 5 + ["2099-12-31"], as_of="2025-03-31")
    assert company.lines["status"].to_list()[-1] == "after_as_of"


@pytest.mark.parametrize("date", ["1900-01-01", "9999-12-31"])
def test_impossible_dates_are_set_aside(door, date):
    assert the_reject(door(ordered_at=[date]))["rule"] == "date range"


@pytest.mark.parametrize("as_of", ["30.06.2025", "soon", 5])
def test_a_report_date_that_is_no_date_is_refused(door, as_of):
    with refused("is no date. Write it as in 2026-06-30"):
        door(as_of=as_of)


# Encodings


@pytest.mark.parametrize(
    "encoding, note",
    [
        pytest.param("utf-8-sig", "", id="byte-order-mark"),
        pytest.param("utf-16", "is UTF-16 text", id="utf16"),
        pytest.param("gbk", "read as GB18030", id="gbk"),
        pytest.param("gb18030", "read as GB18030", id="gb18030"),
    ],
)
def test_the_usual_encodings_are_found(write, orders_csv, encoding, note):
    company = load(write(orders_csv(customer_id=["张三", "李四", "王五"] * 2), encoding=encoding))
    assert company.orders["customer_id"].to_list()[:3] == ["张三", "李四", "王五"]
    assert note in " ".join(company.notes)


def test_western_text_is_not_read_as_chinese(write, orders_csv):
    path = write(orders_csv(customer_id=["Bébé", "Crème brûlée"] * 3), encoding="cp1252")
    with refused(r'line 2: the text is neither UTF-8 nor Chinese GB18030.*encoding = "cp1252"'):
        load(path)


@pytest.mark.parametrize("word", ["Größe", "Straße", "naïve", "Müller-Lüdenscheidt"])
def test_a_few_umlauts_are_not_read_as_chinese(write, orders_csv, word):
    with refused("the text is neither UTF-8 nor Chinese GB18030"):
        load(write(orders_csv(customer_id=[word]), encoding="cp1252"))


# Lines


def test_repeated_lines_are_named_and_dropped_only_when_asked(door, orders_csv):
    text = orders_csv(more="o1,c1,2025-03-02,2.50\n")
    kept, dropped = door(text), door(text, set_aside=["repeated"])
    assert kept.reconciliation.totals["rows_used"] == 7
    assert dropped.lines["status"].to_list() == ["sale"] * 6 + ["repeated"]
    for company, choice in ((kept, "in"), (dropped, "out")):
        memo = company.reconciliation.memo.set_index("item").loc["repeated"]
        assert (memo["lines"], memo["amount_minor"], memo["choice"]) == (1, 250, choice)


def test_an_order_with_two_customers_is_set_aside_whole(door, orders_csv):
    company = door(orders_csv(more="o1,c2,2025-03-02,2.50\n"))
    assert company.rejects["rule"].to_list() == ["one customer an order"] * 2
    assert company.rejects["line"].to_list() == [3, 8]
    assert company.reconciliation.totals["rows_used"] == 5


def test_order_numbers_that_repeat_everywhere_are_refused_with_the_remedy(door):
    with refused(r'the order has lines of two customers: 6 of 6 lines.*order_id = \["Shop", "Date", "Receipt"\]'):
        door(order_id=["1", "2"] * 3)


def test_an_order_known_on_one_line_and_unknown_on_another_is_no_conflict(door):
    company = door(order_id=["a", "a"], customer_id=["c1", ""])
    assert len(company.rejects) == 0


def test_negative_and_zero_amounts_are_returns_and_gifts(door):
    company = door(amount=["1.50", "-1.00", "0.00", "0", "(3.00)", "5.00-"])
    assert company.lines["status"].to_list() == ["sale", "return", "gift", "gift", "return", "return"]
    totals = company.reconciliation.totals
    assert (totals["gross_minor"], totals["returns_minor"], totals["net_minor"]) == (150, -900, -750)


def test_an_id_that_excel_made_a_number_is_set_aside(door):
    reject = the_reject(door(customer_id=["1.23E+11"]))
    assert reject["rule"] == "id as number"
    assert "lost its last digits" in reject["message"]


def test_ids_that_excel_made_numbers_everywhere_are_refused(door):
    with refused("customer_id was turned into a number by a spreadsheet.*6 of 6 lines.*Export again with customer_id as text") as caught:
        door(customer_id=["1.23E+11"] * 6)
    assert "1.23E+11" not in str(caught.value)  # no customer's id in a message


def test_leading_zeros_stay(door):
    company = door(customer_id=["007", "7", "0007"])
    assert company.orders["customer_id"].to_list()[:3] == ["007", "7", "0007"]
    assert company.reconciliation.totals["customers_used"] == 6  # and c0, c1, c2


def test_null_is_nobodys_number(door):
    company = door(customer_id=["NULL", "n/a", ""])
    assert company.lines["status"].to_list()[:3] == ["no_customer"] * 3
    assert company.reconciliation.totals["no_customer_minor"] == 150 + 250 + 350
    assert "2 cells with a word for 'nothing'" in " ".join(company.notes)


def test_ids_with_and_without_point_zero_are_one_customer(door):
    company = door(customer_id=["12.0", "12", "13.0", "13", "14.0", "14"])
    assert company.reconciliation.totals["customers_used"] == 3


def test_rows_with_too_many_or_too_few_fields_are_set_aside(door, orders_csv):
    company = door(orders_csv(more="a,b\n\nc,d,2025-01-01,5,6\n"))
    assert company.rejects[["line", "rule", "row"]].to_numpy().tolist() == [
        [8, "fields", "a,b"],
        [10, "fields", "c,d,2025-01-01,5,6"],
    ]
    assert company.reconciliation.totals["rows_in"] == 8


def test_a_total_line_at_the_end_is_set_aside(door, orders_csv):
    assert the_reject(door(orders_csv(more="Total,,,21.00\n")))["message"] == "ordered_at is empty"


def test_a_line_with_two_faults_is_one_reject_that_names_both(door):
    reject = the_reject(door(ordered_at=["never"], amount=["much"], mapping='[orders.format]\ndate = "iso"\n'))
    assert reject["column"] == "ordered_at"
    assert "; also: amount is not an amount" in reject["message"]


def test_a_file_without_any_known_customer_is_refused(door):
    with refused(r"Of 6 order lines none is a sale to a known customer: without a customer \(6\)"):
        door(customer_id=[""] * 6)


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"lines": 1}, id="one-order"),
        pytest.param({"customer_id": ["c"] * 6}, id="one-customer"),
        pytest.param({"ordered_at": ["2025-03-09"] * 6}, id="one-day"),
        pytest.param({"ordered_at": [f"2025-03-{day:02d}" for day in range(1, 7)]}, id="one-month"),
    ],
)
def test_thin_data_comes_through_the_door(door, columns):
    company = door(**columns)
    company.reconciliation.check()
    assert company.reconciliation.totals["rows_used"] == columns.get("lines", 6)
    assert len(company.ledger()) >= 1
