from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.amounts import as_float, combine, decide_signs, read_numbers, to_minor
from helpers.data.mapping import Format
from helpers.errors import DataError


def texts(*values):
    return pd.Series(list(values), dtype="str")


def minor_of(*values, decimal=".", thousands="", digits=2, currency_code="CNY"):
    numbers, _ = read_numbers(texts(*values), Format(decimal=decimal, thousands=thousands), column="amount", currency_code=currency_code)
    minor, _, _ = to_minor(numbers, digits)
    return [int(value) if there else None for value, there in zip(minor, numbers.present, strict=True)]


@pytest.mark.parametrize(
    "text, minor",
    [
        ("129.00", 12900),
        ("0.07", 7),
        (".5", 50),
        ("12.", 1200),
        ("1,234,567.89", 123456789),
        ("1 234.50", 123450),
        ("1\u202f234.50", 123450),
        ("1'234.50", 123450),
        ("¥129.00", 12900),
        ("￥ 129", 12900),
        ("129元", 12900),
        ("-¥5.00", -500),
        ("¥-5.00", -500),
        ("−5.00", -500),
        ("(5.00)", -500),
        ("5.00-", -500),
        ("+5.00", 500),
        ("129.0000", 12900),
        ("", None),
        ("-", None),
        ("(-5.00)", None),
        ("--5", None),
        ("5.00)", None),
        ("1,23,456", None),
        ("12,34", None),
        ("1e3", None),
        ("nan", None),
        ("5%", None),
        ("12.3.4", None),
        ("€5.00", None),
        ("1234567890123456", None),
    ],
)
def test_an_amount_is_read_whole_or_not_at_all(text, minor):
    assert minor_of(text) == [minor]


def test_german_and_swiss_amounts_are_read_with_their_signs():
    assert minor_of("1.234,56", "12,5", "1 000,00", decimal=",") == [123456, 1250, 100000]
    assert minor_of("1234.50", "1,234.50", thousands="none") == [123450, None]


def test_yen_have_no_digits():
    assert minor_of("1,200", "¥80", digits=0, currency_code="JPY") == [1200, 80]


cents = st.integers(-(10**13), 10**13)


@given(st.lists(cents, min_size=1, max_size=20))
def test_money_comes_back_exactly(minor):
    written = [f"{Decimal(value) / 100:,.2f}" for value in minor]
    assert minor_of(*written) == minor
    german = [text.translate(str.maketrans(".,", ",.")) for text in written]
    assert minor_of(*german, decimal=",") == minor


quantities = st.integers(-5000, 5000)
prices = st.decimals(min_value=0, max_value=100_000, places=4)


@given(st.lists(st.tuples(quantities, prices), min_size=1, max_size=20))
def test_quantity_times_price_is_rounded_half_to_even_line_by_line(lines):
    style = Format(decimal=".")
    numbers = [
        read_numbers(texts(*(str(line[part]) for line in lines)), style, column="amount")[0] for part in (0, 1)
    ]
    minor, rounded, difference = to_minor(combine(numbers, "multiply"), 2)
    exact = [Decimal(quantity) * price * 100 for quantity, price in lines]
    expected = [value.to_integral_value(ROUND_HALF_EVEN) for value in exact]
    assert minor.tolist() == [int(value) for value in expected]
    assert difference == sum((Fraction(e) - Fraction(x) for e, x in zip(expected, exact, strict=True)), Fraction(0))
    assert rounded.tolist() == [e != x for e, x in zip(expected, exact, strict=True)]


def test_absurdly_large_products_stay_exact():
    parts = [read_numbers(texts("99999999999999"), Format(decimal="."), column="a")[0]] * 2
    product = combine(parts, "multiply")
    assert int(product.mantissa[0]) == 99999999999999**2


def test_a_difference_of_two_columns_is_exact():
    left, right = (read_numbers(texts(text), Format(decimal="."), column="margin")[0] for text in ("10.1", "3.005"))
    assert as_float(combine([left, right], "subtract"))[0] == 7.095


def line_of(position):
    return f"line {position + 2}"


@pytest.mark.parametrize(
    "values, decimal",
    [
        (["1,234.50", "7"], "."),
        (["3.5"], "."),
        (["0.125"], "."),
        (["1,234,567"], "."),
        (["1.234,5"], ","),
        (["12,50", "1.234"], ","),
        (["7", "12"], "."),
        (["€ 12,50"], ","),
    ],
)
def test_the_decimal_sign_is_taken_from_proof(values, decimal):
    assert decide_signs({"a": texts(*values)}, Format(), line_of, "orders").decimal == decimal


def test_one_column_proves_the_sign_of_another():
    columns = {"quantity": texts("1,000", "2"), "price": texts("2.50", "3.50")}
    assert decide_signs(columns, Format(), line_of, "orders").decimal == "."


def test_contradicting_columns_are_refused_with_both_lines():
    columns = {"quantity": texts("1", "2,5"), "price": texts("2.50", "3.50")}
    with pytest.raises(DataError, match=r"'2\.50' \(line 2\) has a decimal point, '2,5' \(line 3\) a decimal comma"):
        decide_signs(columns, Format(), line_of, "orders")


def test_endless_decimals_beside_zero_are_no_overflow():
    left, right = (read_numbers(texts(text), Format(decimal="."), column="a")[0] for text in ("0", "0.00000000000000000001"))
    assert to_minor(combine([left, right], "sum"), 2)[0].tolist() == [0]
