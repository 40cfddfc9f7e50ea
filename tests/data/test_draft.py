"""Drafted mappings: what is guessed from messy exports, with its reason, and what is left to a person."""

import tomllib
from datetime import date, timedelta

import pandas as pd
import pytest

from helpers.data import load
from helpers.data.draft import draft_file, map_command
from helpers.data.drafting.columns import CHECK, LIKELY, SURE
from helpers.data.drafting.headers import synonyms
from helpers.data.drafting.table import draft_table, which_table
from helpers.data.drafting.values import convention, dates, numbers, personal_values, shown, simple
from helpers.errors import DataError

START = date(2025, 1, 1)


def frame(header, rows):
    return pd.DataFrame([row.split(";") for row in rows], columns=header.split(";"), dtype="str")


def drafted(header, rows, **options):
    return draft_table(frame(header, rows), source="orders.csv", **options)


def column(*values):
    return pd.Series(values, dtype="str")


def visits(count, *, day=lambda at: (START + timedelta(days=at)).isoformat(), line="10.50"):
    """One order a day of six customers in turn: number, customer, day, money."""
    return [f"R{at + 1};K{at % 6};{day(at)};{line}" for at in range(count)]


def asked(table, *parts):
    """The question that holds all parts, or a failure that shows what was asked."""
    found = [question for question in table.questions if all(part in question for part in parts)]
    assert found, table.questions
    return found[0]


# Headers


@pytest.mark.parametrize(
    "header, form",
    [
        ("InvoiceNo", "invoice no"),
        ("CustomerID", "customer id"),
        ("order_no.", "order no"),
        ("  Order   Date ", "order date"),
        ("金额(元)", "金额"),
        ("金额（元）", "金额"),
        ("Price [EUR]", "price"),
        ("Stückzahl", "stuckzahl"),
        ("(?)", ""),
    ],
)
def test_headers_are_compared_without_case_signs_and_units(header, form):
    assert simple(header) == form


@pytest.mark.parametrize(
    "header, name",
    [
        ("订单号", "order_id"), ("订单编号", "order_id"), ("小票号", "order_id"),
        ("客户编号", "customer_id"), ("会员号", "customer_id"), ("会员卡号", "customer_id"),
        ("实付金额(元)", "amount"), ("金额", "amount"), ("数量", "quantity"),
        ("门店", "store_id"), ("渠道", "channel"), ("商品编码", "product_id"),
        ("Sales Channel", "channel"), ("SKU", "product_id"), ("Qty", "quantity"), ("Belegnummer", "order_id"),
    ],
)  # fmt: skip
def test_headers_in_several_languages_find_their_column(header, name):
    own = {"order_id": "Order ID", "customer_id": "Customer ID", "amount": "Amount"}
    own.pop(name, None)
    rows = [";".join(row.split(";")[: len(own)]) for row in visits(30)]
    parts = {"order_id": 0, "customer_id": 1, "amount": 3}
    rows = [";".join([*(row.split(";")[parts[key]] for key in own), row.split(";")[2]]) for row in visits(30)]
    value = {"order_id": "R{}", "customer_id": "C{}", "amount": "{}.50", "quantity": "{}"}.get(name, "A{}")
    table = drafted(
        ";".join([*own.values(), "Date", header]),
        [f"{row};{value.format(at if name == 'order_id' else at % 6 + 1)}" for at, row in enumerate(rows)],
    )
    guess = table.columns[name]
    assert (guess.value, guess.sure) == (header, SURE)
    assert f'header "{header}"' in guess.why


def test_a_header_that_no_list_holds_may_match_by_its_end():
    table = drafted(
        "下单门店;新会员卡号;Order No;Order Date;Amount",
        [f"一店;{row.split(';')[1]};{row.split(';')[0]};{row.split(';')[2]};5.00" for row in visits(20)],
    )
    assert table["store_id"] == "下单门店" and table["customer_id"] == "新会员卡号"
    assert table.columns["store_id"].sure == LIKELY
    assert "in part" in table.columns["store_id"].why


def test_no_word_stands_for_two_required_columns():
    lists = synonyms()["orders"]
    for one, other in (
        ("order_id", "customer_id"),
        ("order_id", "amount"),
        ("amount", "quantity"),
        ("amount", "unit_price"),
    ):
        assert not set(lists[one]) & set(lists[other])


# Dates


@pytest.mark.parametrize(
    "values, style, certainty, reason",
    [
        pytest.param(
            ["03/14/2025", "04/01/2025"], "%m/%d/%Y", SURE, "proven by 1 value such as 03/14/2025", id="month-first"
        ),
        pytest.param(["14.03.2025", "15.03.2025"], "%d.%m.%Y", SURE, "proven by 2 values", id="day-first"),
        pytest.param(["2025-03-04", "2025-03-05 08:30"], "iso", SURE, "ISO 8601", id="iso-mixed-with-time"),
        pytest.param(
            ["2025-3-4 8:05", "2025-12-5 18:30"], "%Y-%m-%d %H:%M", SURE, "year-month-day", id="not-quite-iso"
        ),
        pytest.param(["2025/3/4 08:30:00"], "%Y/%m/%d %H:%M:%S", SURE, "year/month/day", id="year-first"),
        pytest.param(["2025年3月4日", "2025年12月31日"], "%Y年%m月%d日", SURE, "year-month-day", id="chinese"),
        pytest.param(["20250304", "20251231"], "%Y%m%d", SURE, "such as 20250304", id="packed"),
        pytest.param(["4 Mar 2025", "5 Apr 2025"], "%d %b %Y", SURE, "such as 4 Mar 2025", id="month-in-letters"),
        pytest.param(["12/25/24 3:05 PM"], "%m/%d/%y %I:%M %p", SURE, "proven", id="half-days"),
        # 45000 is 15 March 2023, 45001 the day after (Excel's own count).
        pytest.param(["45000.5", "45001"], "excel", LIKELY, "15 March 2023 to 16 March 2023", id="serial"),
    ],
)
def test_a_date_format_is_found_and_proved(values, style, certainty, reason):
    look = dates(column(*values))
    assert (look.format, look.certainty) == (style, certainty)
    assert reason in look.why
    assert look.parsed.notna().all()


def test_an_ambiguous_date_is_left_open_with_both_readings():
    rows = visits(24, day=lambda at: f"{at % 12 + 1:02}/{(at * 5 + 1) % 12 + 1:02}/2025")
    table = drafted("Order No;Member;Order Date;Total", rows)
    assert table["date"] == ""
    assert table.format["date"].sure == CHECK
    assert "nothing in the file proves which" in table.format["date"].why
    # The first row is 01/02/2025.
    question = asked(table, "the day or the month")
    assert "As day/month/year 01/02/2025 is 1 February 2025" in question
    assert "as month/day/year 01/02/2025 is 2 January 2025" in question
    assert '"%d/%m/%Y" or "%m/%d/%Y"' in question
    assert table.blocked == ["date"]


def test_the_order_of_rows_is_a_hint_but_no_proof():
    days = ["01/02/2025", "02/02/2025", "03/02/2025", "01/03/2025"]
    table = drafted("Order No;Member;Order Date;Total", [f"{n};K{n % 2};{day};5.00" for n, day in enumerate(days)])
    assert table["date"] == ""
    assert "Read as day/month/year the rows stand in order of date, which is a hint but no proof" in asked(
        table, "day or the month"
    )


def test_dates_of_both_kinds_are_refused_with_counts():
    look = dates(column("13/01/2025", "14/01/2025", "01/15/2025"))
    assert look.format == ""
    assert (
        "2 values can only be day/month/year (such as 13/01/2025) and 1 value only month/day/year (such as 01/15/2025)"
        in look.why
    )


def test_dates_that_excel_half_converted_are_named():
    look = dates(column("45000", "13/04/2025", "45001", "14/04/2025"))
    assert look.format == ""
    assert "Excel has turned some of them into its own numbers" in look.why


def test_a_column_of_times_is_joined_to_the_dates():
    table = drafted(
        "订单号;会员号;日期;时间;金额", [f"{n};M{n % 3};2025-01-{n + 10};{n + 8}:15;9.90" for n in range(9)]
    )
    assert table["ordered_at"] == ["日期", "时间"]
    assert table["date"] == "%Y-%m-%d %H:%M"
    assert 'time of day from "时间"' in table.columns["ordered_at"].why


# Money


@pytest.mark.parametrize(
    "values, signs, certainty",
    [
        pytest.param(["1.234,56", "9,90"], (",", "."), SURE, id="comma"),
        pytest.param(["1,234.56", "1,234"], (".", ","), SURE, id="point"),
        pytest.param(["1 234,56", "7,00"], (",", " "), SURE, id="space"),
        pytest.param(["12", "7"], (".", ","), SURE, id="whole"),
        pytest.param(["1,234", "2,500"], ("", ""), CHECK, id="either"),
        pytest.param(["1.5", "2,5"], ("", ""), CHECK, id="mixed"),
    ],
)
def test_the_decimal_sign_is_proved_or_left_open(values, signs, certainty):
    said = convention({"Betrag": numbers(column(*values))})
    assert ((said.decimal, said.thousands), said.certainty) == (signs, certainty)


def test_an_open_decimal_sign_becomes_a_question_with_both_readings():
    table = drafted("Order No;Member;Date;Total", visits(12, line="1,234"))
    assert table["decimal"] == "" and "decimal" in table.blocked
    assert "1,234 can be 1234 or 1.234" in asked(table, "decimal sign")


def test_money_is_quantity_times_price_where_there_is_no_amount():
    table = drafted("Order No;Member;Date;Qty;Unit Price", [f"{row.rsplit(';', 1)[0]};2;3.50" for row in visits(12)])
    assert table["amount"] == {"multiply": ["Qty", "Unit Price"]}
    assert "no amount column" in table.columns["amount"].why


def test_an_amount_that_equals_quantity_times_price_is_sure():
    table = drafted(
        "Order No;Member;Date;Qty;Unit Price;Amount", [f"{row.rsplit(';', 1)[0]};2;3.50;7.00" for row in visits(12)]
    )
    assert table["amount"] == "Amount"
    assert "equals quantity x price on 100% of the lines" in table.columns["amount"].why


def test_an_order_total_on_every_line_is_not_taken_for_the_line():
    rows = [
        f"T{at};B{at % 9};{START + timedelta(days=at)};S{line};{50 + at}.00" for at in range(30) for line in range(2)
    ]
    table = drafted("order_no;buyer id;order date;sku;order total", rows)
    assert table["amount"] == ""
    assert "the same on all lines of 100% of the orders" in table.columns["amount"].why
    assert "counted several times" in asked(table, "Where is the money")


def test_an_order_total_is_the_money_where_an_order_is_one_line():
    table = drafted("order_no;buyer id;order date;order total", visits(30))
    assert table["amount"] == "order total"
    assert table.columns["amount"].sure == LIKELY


def test_more_digits_than_the_currency_has_are_asked_about():
    table = drafted("Order No;Member;Date;Total", visits(12, line="3.3333"))
    assert table["extra_digits"] == "round"
    assert "3.3333" in asked(table, "rounded to 2 digits")


@pytest.mark.parametrize(
    "header, line, code, sure",
    [
        ("Total", "£3.50", "GBP", SURE),
        ("Total (EUR)", "3.50", "EUR", SURE),
        ("金额(元)", "3.50", "CNY", SURE),
        ("金额", "3.50", "CNY", LIKELY),
        ("Total", "$3.50", "USD", CHECK),
        ("Total", "3.50", "", CHECK),
    ],
)
def test_the_currency_comes_from_signs_and_units_or_is_asked(header, line, code, sure):
    table = drafted(f"Order No;Member;Date;{header}", visits(12, line=line))
    assert (table.currency.value, table.currency.sure) == (code, sure)
    assert any("currency" in question for question in table.questions) == (sure == CHECK)


# Order numbers


def receipts(days, *, cards=True):
    """Two shops with two tills each; the receipt number starts again every day at every till."""
    return [
        f"{shop};{till};{START + timedelta(days=at)};{number};{f'K{(at * 7 + number * 3 + till + ord(shop)) % 11}' if cards else ''};{line + 1}.00"
        for at in range(days)
        for shop in "AB"
        for till in (1, 2)
        for number in (1, 2, 3)
        for line in range(2)
    ]


def test_a_receipt_number_that_starts_again_is_joined_with_shop_till_and_date():
    table = drafted("Shop;Till;Date;Receipt;Card;Amount", receipts(10))
    assert table["order_id"] == ["Shop", "Till", "Date", "Receipt"]
    # 10 days, 2 shops, 2 tills, 3 receipts
    assert "there are 120 orders, each with one customer on one day" in table.columns["order_id"].why
    assert table.columns["order_id"].sure == LIKELY
    assert "start again" in asked(table, "Receipt")
    assert table["store_id"] == "Shop"


def test_the_time_tells_two_receipts_of_a_day_apart():
    rows = [
        f"{START + timedelta(days=at)};{9 + number}:15;{1 if at == 5 else number};K{(at + number) % 9};{line + 1}.00"
        for at in range(60)
        for number in (1, 2)
        for line in range(2)
    ]
    table = drafted("Date;Time;Receipt;Card;Amount", rows)
    # On one day of sixty both receipts carry number 1.
    assert table["order_id"] == ["Date", "Time", "Receipt"]
    assert "there are 120 orders" in table.columns["order_id"].why


def test_a_number_that_one_customer_has_in_two_shops_stays_whole():
    rows = [f"R{at};K{at % 7};{START + timedelta(days=at)};{shop};5.00" for at in range(30) for shop in ("A", "B")]
    assert drafted("Order No;Customer ID;Date;Shop;Amount", rows)["order_id"] == "Order No"


def test_a_return_on_a_later_day_does_not_make_the_number_repeat():
    rows = visits(40) + [f"R{at};K{(at - 1) % 6};2025-06-01;-10.50" for at in range(1, 9)]
    table = drafted("Order No;Customer ID;Date;Amount", rows)
    assert table["order_id"] == "Order No"
    assert table.columns["order_id"].sure == SURE


def test_without_an_order_number_customer_and_date_stand_in():
    table = drafted("Customer ID;Date;Amount", [row.split(";", 1)[1] for row in visits(12)])
    assert table["order_id"] == ["Customer ID", "Date"]
    assert table.columns["order_id"].sure == CHECK
    assert "all lines of a customer with the same date count as one order" in asked(table, "receipt number")


def test_columns_without_telling_headers_are_found_by_their_values():
    rows = [
        f"{900 + at};K{at * 7 % 50:03};{START + timedelta(days=at)};{at * 37 % 90 + 1}.{line}5"
        for at in range(200)
        for line in range(2)
    ]
    table = drafted("a;b;c;d", rows)
    assert [table[name] for name in ("order_id", "customer_id", "ordered_at", "amount")] == ["a", "b", "c", "d"]
    assert {guess.sure for guess in table.columns.values()} == {CHECK}
    assert "Its header does not say so" in asked(table, '"b"')


def test_nothing_required_is_invented():
    table = drafted("colour;weather", ["red;rain", "blue;sun"])
    assert table.blocked == ["order_id", "customer_id", "ordered_at", "amount", "date"]
    assert len([question for question in table.questions if question.startswith("Which column")]) == 3


# Customers


def test_ids_that_excel_cut_short_are_asked_about():
    table = drafted("Order No;Customer ID;Date;Amount", [f"{n};1.23E+11;2025-01-{n + 10};5.00" for n in range(10)])
    assert table.columns["customer_id"].sure == CHECK
    assert "Excel has rounded them" in asked(table, "1.23E+11")


def test_leading_zeros_and_decimal_endings_of_ids_are_noticed():
    zeros = drafted("Order No;Customer ID;Date;Amount", [f"{n};00{n % 4 + 1};2025-01-{n + 10};5.00" for n in range(12)])
    assert "4 ids with leading zeros, which are kept" in zeros.columns["customer_id"].why
    floats = drafted(
        "Order No;Customer ID;Date;Amount", [f"{n};{n % 4 + 1}.0;2025-01-{n + 10};5.00" for n in range(12)]
    )
    assert "12 values end in .0" in floats.columns["customer_id"].why


def test_lines_without_a_customer_are_counted():
    table = drafted(
        "Order No;Customer ID;Date;Amount", [*visits(18), "R90;;2025-03-01;5.00", "R91;NULL;2025-03-01;5.00"]
    )
    assert "empty on 2 lines (10.0%)" in table.columns["customer_id"].why


def test_names_are_not_taken_for_customer_numbers():
    people = ["Anna Berg", "Carl Dorn", "Eva Falk", "Gustav Hahn", "Ida Jung", "Karl Lang"]
    rows = [f"R{n};{people[n % 6]};2025-01-{n + 10};5.00" for n in range(18)]
    table = drafted("Order No;Customer;Date;Amount", rows)
    assert table["customer_id"] == ""
    assert [header for header, _ in table.personal] == ["Customer"]


def test_words_and_fillers_for_walk_in_customers_are_named():
    rows = visits(18) + [f"W{n};{who};2025-02-0{n % 9 + 1};5.00" for n in range(30) for who in ("散客", "99999")]
    table = drafted("订单号;会员号;日期;金额", rows)
    assert table["walk_in"] == ["散客", "99999"]
    assert "散客 or 99999: 60 lines" in table.not_persons["walk_in"].why


def test_a_card_that_many_people_share_is_found_by_its_behaviour():
    shared = [f"S{at}-{number};C7;{START + timedelta(days=at)};5.00" for at in range(21) for number in range(3)]
    table = drafted("Order No;Customer ID;Date;Amount", visits(18) + shared)
    assert "C7: 21 days with 3 orders a day" in table.not_persons["shared_card"].why
    assert "several times a day" in asked(table, "C7")


# Returns, cancelled lines, postage


def test_a_prefix_whose_lines_are_negative_marks_returns():
    rows = visits(20) + [f"C{n};K{n % 6};2025-04-0{n + 1};-3.00" for n in range(4)]
    table = drafted("Invoice No;Customer ID;Date;Amount", rows)
    assert table["returns"] == {"column": "Invoice No", "starts_with": "C"}
    assert "4 of them negative, 0 of the other lines" in table.rules["returns"].why
    assert "called off before delivery" in asked(table, "starts with C")


def test_status_words_mark_returns_and_cancelled_lines():
    rows = [f"{row};已完成" for row in visits(30)] + [
        "R31;K1;2025-03-01;-10.50;已退货",
        "R32;K2;2025-03-02;8.00;已取消",
    ]
    table = drafted("订单号;会员号;下单时间;金额;订单状态", rows)
    assert table["returns"] == {"column": "订单状态", "equals": ["已退货"]}
    assert table["cancelled"] == {"column": "订单状态", "equals": ["已取消"]}
    assert table["returns_sign"] == "negative"


def test_a_document_of_return_without_a_minus_is_a_positive_return():
    rows = [f"{row};销售单" for row in visits(30)] + ["T1;K1;2025-03-01;10.50;退货单"]
    table = drafted("单号;会员号;日期;金额;单据类型", rows)
    assert table["returns"] == {"column": "单据类型", "equals": ["退货单"]}
    assert table["returns_sign"] == "positive"


def test_a_refunded_sale_that_nothing_takes_back_counts_as_cancelled():
    rows = [
        f"{row.rsplit(';', 1)[0]};{10 + at}.00;{'refunded' if at in (3, 4) else 'done'}"
        for at, row in enumerate(visits(30))
    ]
    table = drafted("Order No;Customer ID;Date;Amount;Status", rows)
    assert table["cancelled"] == {"column": "Status", "equals": ["refunded"]}
    assert "returns" not in table.rules
    assert "no other line takes the money back" in asked(table, "refunded")


def test_negative_amounts_without_a_mark_are_asked_about():
    table = drafted("Order No;Customer ID;Date;Amount", [*visits(20), "77;K1;2025-03-01;-5.00"])
    assert table["negative_amounts"] == "return"
    assert "1 line with a negative amount" in asked(table, "Nothing else in the file says so")


def test_exact_repeats_are_counted_and_kept():
    table = drafted("Order No;Customer ID;Date;Amount", [*visits(20), visits(20)[4]])
    assert table["repeats"] == "keep"
    assert "scanned twice (keep), or exported twice (drop)" in asked(table, "1 line repeats an earlier line exactly")


def test_postage_is_found_by_code_and_by_description():
    goods = [f"{row};{at + 20000};BANK CHARGES MONEY BOX" for at, row in enumerate(visits(40))]
    fees = [
        "R1;K0;2025-01-01;4.00;POST;POSTAGE",
        "R2;K1;2025-01-02;4.00;77777;Shipping Fee",
        "R3;K2;2025-01-03;4.00;M;Manual",
    ]
    table = drafted("Order No;Customer ID;Date;Amount;SKU;Description", goods + fees)
    assert table["product_id"] == "SKU"
    assert sorted(table.non_product["product_id"].value) == ["77777", "M", "POST"]
    assert "POST (postage) 1 line, 4.00" in table.non_product["product_id"].why


def test_chinese_postage_is_found_and_vouchers_are_left_to_a_person():
    goods = [f"{row};SP{at:04};马克杯" for at, row in enumerate(visits(40))]
    table = drafted(
        "订单号;会员号;日期;金额;商品编码;商品名称",
        [*goods, "R1;K0;2025-01-01;6.00;YF01;运费", "R2;K1;2025-01-02;99.00;LP01;礼品卡"],
    )
    assert table.non_product["product_id"].value == ["YF01"]
    assert "LP01" in asked(table, "Some firms count these as sales")


# People


def test_personal_columns_are_named_and_never_shown(write, capsys, tmp_path):
    rows = [
        f"R{at},K{at % 6},王小{'明红刚丽军'[at % 5]},1381234{at:04},某路{at}号,w{at}@example.com,{START + timedelta(days=at)},9.90,请打13900001111"
        for at in range(30)
    ]
    path = write("订单号,会员号,姓名,手机号,收货地址,Kontakt,日期,金额,备注\n" + "\n".join(rows))
    target = tmp_path / "draft.toml"
    assert map_command(str(path), str(target)) == 0
    text = capsys.readouterr().out + target.read_text("utf-8")
    for secret in ("王小", "1381234", "某路", "@example.com", "13900001111"):
        assert secret not in text
    assert "Personal, not needed, best left out of the export" in text
    assert "100% of its values look like e-mail addresses" in text


@pytest.mark.parametrize(
    "values, kind",
    [
        (["a@b.com", "c@d.org"], "email"),
        (["13812345678", "139 1234 5678"], "phone"),
        (["+49 170 1234567"], "phone"),
        (["11010519491231002X"], "identity"),
        (["Anna Berg", "Carl Dorn", "Eva Falk", "Gus Hahn", "Ida Jung"], "name"),
        (["536370", "536371"], ""),
        (["北京", "上海", "成都", "广州", "深圳"], ""),
    ],
)
def test_values_betray_personal_columns(values, kind):
    assert personal_values(column(*values))[0] == kind


def test_examples_are_short_and_masked():
    assert shown("13812345678") == "(a phone number)"
    assert shown("a@b.com") == "(an e-mail address)"
    assert shown("x" * 80) == "x" * 21 + "..."
    assert shown("two\nlines") == "two lines"


def test_a_phone_number_as_the_only_id_is_a_question():
    table = drafted("订单号;手机号;日期;金额", [f"{n};1381234{n % 5:04};2025-01-{n + 10};5.00" for n in range(15)])
    assert table["customer_id"] == "手机号"
    assert table.columns["customer_id"].sure == CHECK
    assert "replace it by a code" in asked(table, "手机号")


# Other tables


def test_tables_are_told_by_their_headers_and_unique_ids():
    customers = frame("Customer ID;City;Consent", ["1;Ulm;yes", "2;Bonn;no"])
    products = frame("SKU;Category;Brand", ["1;a;x", "2;b;y"])
    contacts = frame("Ticket ID;Customer ID;Date;Channel;Satisfaction", ["1;1;2025-01-01;phone;4"])
    orders = frame("Order No;Customer ID;City;Date;Amount", ["1;1;Ulm;2025-01-01;5"])
    assert [which_table(table) for table in (customers, products, contacts, orders)] == [
        "customers",
        "products",
        "contacts",
        "orders",
    ]


def test_words_for_consent_are_translated_and_strange_ones_asked():
    table = drafted("会员号;是否同意联系", ["1;同意", "2;不同意", "3;待定"], table="customers")
    assert table.values == {"consent": {"同意": "yes", "不同意": "no"}}
    assert "待定" in asked(table, "是否同意联系")


# Files


def test_a_sheet_for_each_table_is_drafted_and_can_be_used(tmp_path):
    path = tmp_path / "book.xlsx"
    orders = frame("订单号;会员号;下单时间;金额", visits(30))
    people = frame(
        "会员号;入会日期;是否同意联系", [f"K{n};2024-01-0{n + 1};{'同意' if n % 2 else '不同意'}" for n in range(6)]
    )
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        orders.to_excel(book, sheet_name="订单", index=False)
        people.to_excel(book, sheet_name="会员", index=False)
        pd.DataFrame({"说明": ["导出"]}).to_excel(book, sheet_name="说明", index=False)
    draft = draft_file(path)
    assert [(table.table, table.options["sheet"]) for table in draft.tables] == [
        ("orders", "订单"),
        ("customers", "会员"),
    ]
    assert "Passed over: the sheet '说明'" in str(draft)
    assert "6 of the 6 in the orders are here" in draft.tables[1].columns["customer_id"].why
    mapping = tmp_path / "book.toml"
    mapping.write_text(draft.toml(), encoding="utf-8")
    company = load(path, mapping=mapping)
    assert len(company.orders) == 30
    assert company.customers["consent"].sum() == 3


def test_excel_dates_come_back_as_iso(tmp_path):
    path = tmp_path / "book.xlsx"
    orders = frame("Order No;Customer ID;Date;Amount", visits(30)).assign(Date=pd.date_range("2025-01-01", periods=30))
    orders.to_excel(path, index=False, engine="xlsxwriter")
    assert draft_file(path).tables[0]["date"] == "iso"


def test_monthly_files_of_a_folder_are_one_table(write, tmp_path):
    header = "Order No,Customer ID,Date,Amount\n"
    for month in (1, 2, 3):
        rows = [f"{month}{n},K{n % 4},2025-0{month}-{n + 10},5.00" for n in range(15)]
        write(header + "\n".join(rows), f"shop/sales_2025-0{month}.csv")
    write("Customer ID,Consent\nK0,yes\nK1,no\n", "shop/members.csv")
    draft = draft_file(tmp_path / "shop")
    orders, customers = draft.tables
    assert orders.rows == 45 and "3 files" in orders.source
    assert orders.options == {"file": "sales_*.csv"} and customers.options == {"file": "members.csv"}
    mapping = tmp_path / "shop.toml"
    mapping.write_text(draft.toml(), encoding="utf-8")
    assert len(load(tmp_path / "shop", mapping=mapping).orders) == 45


def test_a_title_above_the_header_is_passed(write):
    draft = draft_file(
        write(
            "销售明细,,,\n2025年,,,\n订单号,会员号,下单时间,金额\n"
            + "\n".join(row.replace(";", ",") for row in visits(12))
        )
    )
    assert draft.tables[0].options == {"header_line": 3}
    assert draft.tables[0]["order_id"] == "订单号"


def test_a_file_without_a_header_is_refused_before_its_cells_are_shown(write):
    path = write("536365,13812345678,2025-01-02,4.00\n" * 5)
    with pytest.raises(DataError, match="no column names") as error:
        draft_file(path)
    assert "13812345678" not in str(error.value)


@pytest.mark.parametrize(
    "content, encoding, options",
    [
        pytest.param(
            "订单编号,会员卡号,下单时间,门店,商品编码,数量,单价,实付金额(元),订单状态\n"
            + "\n".join(f"DD{at},H{at % 6:05},{START + timedelta(days=at):%Y/%m/%d} 09:30:00,一店,SP{at:03},2,19.9,39.80,已完成" for at in range(30)),
            "gb18030", {"currency": "CNY", "lines": 30, "net": 30 * 39_80}, id="chinese-shop",
        ),
        pytest.param(
            "Belegnummer;Kundennummer;Rechnungsdatum;Größe;Menge;Einzelpreis;Betrag (EUR)\n"
            + "\n".join(f"R{at};K{at % 6};{START + timedelta(days=at):%d.%m.%Y};XL;3;1.250,50;3.751,50" for at in range(30)),
            "cp1252", {"currency": "EUR", "lines": 30, "net": 30 * 3751_50}, id="german",
        ),
        pytest.param(
            "Shop,Till,Date,Receipt,Card,Amount\n" + "\n".join(receipts(10)).replace(";", ","),
            # 120 receipts of 1.00 + 2.00
            "utf-8", {"currency": "CNY", "lines": 240, "net": 120 * 3_00, "orders": 120}, id="tills",
        ),
        pytest.param(
            "Order No,Member,Order Date,Total\n" + "\n".join(f"{at},M{at % 6},{45600 + at}.25,£10.50" for at in range(30)),
            "utf-8", {"currency": "GBP", "lines": 30, "net": 30 * 10_50}, id="serial-dates",
        ),
    ],
)  # fmt: skip
def test_a_draft_that_leaves_nothing_open_reads_the_file(write, tmp_path, content, encoding, options):
    path = write(content, encoding=encoding)
    draft = draft_file(path)
    assert draft.blocked == []
    mapping = tmp_path / "draft.toml"
    mapping.write_text(draft.toml(), encoding="utf-8")
    company = load(path, mapping=mapping)
    assert (company.currency, len(company.rejects)) == (options["currency"], 0)
    assert len(company.orders) == options["lines"]
    assert company.reconciliation.totals["net_minor"] == options["net"]
    assert company.orders["order_id"].nunique() == options.get("orders", options["lines"])


def test_an_ambiguous_draft_is_refused_by_the_door_until_it_is_filled_in(write, tmp_path):
    rows = visits(24, day=lambda at: f"{at % 12 + 1:02}/{(at * 5 + 1) % 12 + 1:02}/2025")
    path = write("Order No;Member;Order Date;Total\n" + "\n".join(rows))
    mapping = tmp_path / "draft.toml"
    mapping.write_text(draft_file(path).toml(), encoding="utf-8")
    with pytest.raises(DataError, match="ambiguous"):
        load(path, mapping=mapping)
    mapping.write_text(mapping.read_text("utf-8").replace('date = ""', 'date = "%d/%m/%Y"'), encoding="utf-8")
    assert len(load(path, mapping=mapping).orders) == 24


def test_what_is_written_is_toml_whatever_the_headers_hold(write):
    path = write(
        '"Order ""No""",Customer ID,Date,"Amount # [x] \\"\n' + "\n".join(row.replace(";", ",") for row in visits(12))
    )
    content = tomllib.loads(draft_file(path).toml())
    assert content["orders"]["columns"]["order_id"] == 'Order "No"'
    assert content["orders"]["columns"]["amount"] == "Amount # [x] \\"


def test_a_wide_file_is_drafted_in_moderate_time(write):
    names = ",".join(f"x{n}" for n in range(3_000))
    rows = "\n".join(row.replace(";", ",") + ",1" * 3_000 for row in visits(12))
    table = draft_file(write(f"Order No,Customer ID,Date,Amount,{names}\n{rows}")).tables[0]
    assert table["amount"] == "Amount"
    assert len(table.unused) == 3_000


def test_the_command_writes_a_draft_and_names_the_next_command(write, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write("Order No;Customer ID;Date;Amount\n" + "\n".join(visits(12)), "my orders.csv")
    assert map_command("my orders.csv") == 0
    text = capsys.readouterr().out
    assert "Wrote my orders.map.toml. Nothing is applied yet." in text
    assert (
        "python workbook.py check 'my orders.csv' --map 'my orders.map.toml'" in text or 'check "my orders.csv"' in text
    )
    assert (
        tomllib.loads((tmp_path / "my orders.map.toml").read_text("utf-8"))["orders"]["columns"]["amount"] == "Amount"
    )


def test_an_existing_file_is_never_written_over(write, capsys, tmp_path):
    path = write("Order No;Customer ID;Date;Amount\n" + "\n".join(visits(12)))
    target = write("mine", "mine.toml")
    assert map_command(str(path), str(target)) == 2
    assert "exists already and is left as it is" in capsys.readouterr().err
    assert target.read_text() == "mine"


@pytest.mark.parametrize("name", ["nothing.csv", "empty.csv", "picture.csv"])
def test_what_cannot_be_read_is_refused_with_the_reason(write, capsys, tmp_path, name):
    write("", "empty.csv")
    write(b"\x89PNG\r\n\x1a\n" + bytes(50), "picture.csv")
    target = tmp_path / "draft.toml"
    assert map_command(str(tmp_path / name), str(target)) == 2
    assert name in capsys.readouterr().err
    assert not target.exists()


def test_a_file_of_customers_alone_says_that_orders_are_missing(write, capsys, tmp_path):
    path = write("Customer ID,City,Consent\n1,Ulm,yes\n2,Bonn,no\n", "members.csv")
    assert map_command(str(path), str(tmp_path / "draft.toml")) == 0
    assert "There are no orders in it" in capsys.readouterr().out


# Real data


def test_the_french_shop_is_drafted_right_and_the_draft_accounts_for_every_line(france, tmp_path, capsys):
    mapping = tmp_path / "france.toml"
    assert map_command(str(france), str(mapping)) == 0
    said = " ".join(capsys.readouterr().out.split())
    table = draft_file(france).tables[0]
    found = {name: table[name] for name in ("order_id", "customer_id", "ordered_at", "amount", "date", "returns")}
    assert found == {
        "order_id": "InvoiceNo",
        "customer_id": "CustomerID",
        "ordered_at": "InvoiceDate",
        "amount": {"multiply": ["Quantity", "UnitPrice"]},
        "date": "%m/%d/%Y %H:%M",
        "returns": {"column": "InvoiceNo", "starts_with": "C"},
    }
    assert table.format["date"].sure == SURE and "proven by" in table.format["date"].why
    assert set(table.non_product["product_id"].value) >= {"POST", "M"}
    assert "149 of them negative, 0 of the other lines" in said
    assert "empty on 66 lines" in said
    company = load(france, mapping=mapping, set_aside=())
    totals = company.reconciliation.totals
    assert totals["rows_in"] == 8557 and len(company.rejects) == 0
    assert (totals["customers_used"], totals["gross_minor"], totals["net_minor"]) == (87, 209_024_05, 196_712_84)
    memo = company.reconciliation.memo.set_index("item")
    assert (memo.at["non_product", "sale_lines"], memo.at["non_product", "sale_minor"]) == (307, 25_132_37)
    as_drafted = load(france, mapping=mapping)
    assert as_drafted.reconciliation.lines["lines"].sum() == 8557
