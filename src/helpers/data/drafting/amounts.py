"""The money of a line: its own column or quantity times price, the decimal sign, the currency."""

from __future__ import annotations

import pandas as pd

from helpers import words
from helpers.data.drafting import values
from helpers.data.drafting.columns import (
    CHECK,
    LIKELY,
    MOST_COLUMNS,
    SURE,
    Columns,
    Guess,
    TableDraft,
    capital,
    header_said,
)
from helpers.data.drafting.headers import is_chinese, matches
from helpers.data.drafting.values import shown
from helpers.money import currency


def find_numbers(columns: Columns, found: TableDraft, named: dict) -> dict[str, tuple[int, str]]:
    """The best column of each number field whose values are numbers."""
    chosen: dict[str, tuple[int, str]] = {}
    for name in (
        "quantity",
        "unit_price",
        "amount",
        "order_total",
        "list_price",
        "margin",
        "unit_cost",
        "shipping",
        "discount",
    ):
        for rank, header in named.get(name, []):
            if not columns.free(header) or header in [taken for _, taken in chosen.values()]:
                continue
            if columns.numbers(header).found:
                chosen[name] = (rank, header)
                break
    return chosen


def find_decimal_sign(columns: Columns, found: TableDraft, number_columns: dict) -> values.Convention:
    looks = {header: columns.numbers(header) for name, (_, header) in number_columns.items() if name != "discount"}
    said = values.convention(looks)
    found.format["decimal"] = Guess("decimal", said.decimal, said.certainty, said.why)
    found.format["thousands"] = Guess(
        "thousands", said.thousands, said.certainty, "the sign between thousands that goes with it"
    )
    if not said.decimal:
        found.questions.append(f"Which sign is the decimal sign? {capital(said.why)}.")
    scientific = [header for header, look in looks.items() if look.scientific]
    if scientific:
        found.questions.append(
            f'"{shown(scientific[0])}" holds numbers like {columns.numbers(scientific[0]).example["scientific"]}, '
            "which have lost digits in Excel. Can you export it again?"
        )
    return said


def find_amount(
    columns: Columns, found: TableDraft, number_columns: dict, said: values.Convention, order: pd.Series | None
) -> pd.Series | None:
    """The money of a line: its own column, or quantity times unit price; never an order total on every line."""
    decimal, thousands = said.decimal or ".", said.thousands

    def read(name: str) -> pd.Series | None:
        if name not in number_columns:
            return None
        return values.as_numbers(columns.frame[number_columns[name][1]], decimal=decimal, thousands=thousands)

    quantity, price = read("quantity"), read("unit_price")
    product = quantity * price if quantity is not None and price is not None else None
    total_on_lines = ""
    tried = []
    for name in ("amount", "order_total"):
        if name not in number_columns:
            continue
        rank, header = number_columns[name]
        amount = read(name)
        why = [header_said(rank, header)]
        share = agreement(amount, product)
        if share is not None and share >= 0.98:
            why.append(f"equals quantity x price on {words.percent(share)} of the lines")
            return _take_amount(columns, found, header, SURE, why, amount, number_columns)
        only_price = agreement(amount, price) if quantity is not None and (quantity.abs() > 1).mean() > 0.1 else None
        if price is None and quantity is not None and name == "amount" and rank >= 1000:
            why.append("found by part of its header")
        if only_price is not None and only_price >= 0.98:
            tried.append(f'"{shown(header)}" equals the unit price, so it is not the money of the line')
            continue
        constant = _constant_in_orders(amount, order)
        if constant is not None and constant >= 0.95:
            total_on_lines = header
            tried.append(
                f'"{shown(header)}" is the same on all lines of {words.percent(constant)} of the orders with '
                "several lines: an order total, which would be counted once per line"
            )
            continue
        if name == "order_total" and order is not None and order.duplicated().any() and product is not None:
            tried.append(f'"{shown(header)}" is called an order total')
            continue
        if share is not None:
            why.append(
                f"quantity x price gives the same on {words.percent(share)} of the lines; the rest may be discount"
            )
            found.questions.append(
                f'Is "{shown(header)}" what the customer paid for the line? It equals '
                f"{shown(number_columns['quantity'][1])} x {shown(number_columns['unit_price'][1])} on "
                f"{words.percent(share)} of the lines only."
            )
        sure = (SURE if rank < 1000 else LIKELY) if share is None or share > 0.5 else CHECK
        if name == "order_total":
            sure = LIKELY
            why.append("one line an order, so the order total is the line's money")
        return _take_amount(columns, found, header, sure, why, amount, number_columns)
    if product is not None:
        why = ["no amount column" if not tried else "; ".join(tried)]
        why.append(f"quantity x price gives money on {words.percent(float(product.notna().mean()))} of the lines")
        parts = [number_columns["quantity"][1], number_columns["unit_price"][1]]
        for part in parts:
            columns.taken.setdefault(part, "amount")
        if total_on_lines:
            columns.taken.setdefault(total_on_lines, "not used: an order total")
        found.columns["amount"] = Guess(
            "amount",
            {"multiply": parts},
            SURE if not tried and max(number_columns[n][0] for n in ("quantity", "unit_price")) < 1000 else LIKELY,
            "; ".join(why),
        )
        _take_quantity(columns, found, number_columns)
        if total_on_lines:
            found.questions.append(
                f'"{shown(total_on_lines)}" looks like the total of the whole order, printed on each of its lines. '
                "Is quantity x price the money of a line, before or after discount?"
            )
        return product
    if price is not None and quantity is None and not tried:
        rank, header = number_columns["unit_price"]
        found.questions.append(f'Is "{shown(header)}" the money of the whole line? There is no quantity beside it.')
        return _take_amount(
            columns,
            found,
            header,
            CHECK,
            [header_said(rank, header), "the only column of money, and no quantity beside it"],
            price,
            number_columns,
        )
    _take_quantity(columns, found, number_columns)
    if tried:
        found.columns["amount"] = Guess("amount", "", CHECK, "; ".join(tried))
        found.questions.append(
            f'Where is the money of each line? "{shown(total_on_lines)}" repeats the total of the order on each '
            "line, and would be counted several times."
            if total_on_lines
            else "Where is the money of each line?"
        )
        return None
    header = _money_by_values(columns, found)
    if header:
        found.questions.append(f'Is "{shown(header)}" the money of the line? Its header does not say so.')
        columns.taken[header] = "amount"
        look = values.convention({header: columns.numbers(header)})
        found.format["decimal"] = Guess("decimal", look.decimal, look.certainty, look.why)
        found.format["thousands"] = Guess(
            "thousands", look.thousands, look.certainty, "the sign between thousands that goes with it"
        )
        found.columns["amount"] = Guess(
            "amount", header, CHECK, "by its values only: the one column of numbers with decimals"
        )
        return values.as_numbers(columns.frame[header], decimal=look.decimal or ".", thousands=look.thousands)
    found.columns["amount"] = Guess(
        "amount", "", CHECK, "no column holds the money of a line, and there is no quantity with a unit price"
    )
    found.questions.append("Which column says how much the line brought in? Without it there is no report.")
    return None


def _take_amount(columns, found, header, sure, why, amount, number_columns) -> pd.Series:
    columns.taken[header] = "amount"
    found.columns["amount"] = Guess("amount", header, sure, "; ".join(why))
    _take_quantity(columns, found, number_columns)
    return amount


def _take_quantity(columns: Columns, found: TableDraft, number_columns: dict) -> None:
    if "quantity" in number_columns:
        rank, header = number_columns["quantity"]
        look = columns.numbers(header)
        columns.taken[header] = "quantity"
        found.columns["quantity"] = Guess(
            "quantity",
            header,
            SURE if rank < 1000 else LIKELY,
            f"{header_said(rank, header)}; {words.percent(look.whole)} whole numbers",
        )


def agreement(one: pd.Series | None, other: pd.Series | None) -> float | None:
    """Share of lines on which two columns of numbers are the same, to the cent."""
    if one is None or other is None:
        return None
    both = one.notna() & other.notna()
    if not both.any():
        return None
    return float(((one[both].abs() - other[both].abs()).abs() < 0.0051).mean())


def _constant_in_orders(amount: pd.Series, order: pd.Series | None) -> float | None:
    """Share of the orders with several lines that show the same amount on all of them."""
    if order is None:
        return None
    grouped = amount.groupby(order.where(order != ""), sort=False)
    several = grouped.size() > 1
    if several.sum() < 10:
        return None
    return float((grouped.nunique()[several] == 1).mean())


def _money_by_values(columns: Columns, found: TableDraft) -> str:
    people = dict(found.personal)
    fitting = [
        header
        for header in columns.headers[:MOST_COLUMNS]
        if columns.free(header) and header not in people and columns.numbers(header).found and not matches("orders", [header])
        and (columns.numbers(header).dots + columns.numbers(header).commas or columns.numbers(header).signs)
    ]  # fmt: skip
    return fitting[0] if len(fitting) == 1 else ""


def find_other_money(columns: Columns, found: TableDraft, number_columns: dict) -> None:
    """List price and margin are columns; shipping, discount and cost are questions."""
    for name in ("list_price", "margin"):
        if name in number_columns and columns.free(number_columns[name][1]):
            rank, header = number_columns[name]
            columns.taken[header] = name
            found.columns[name] = Guess(name, header, SURE if rank < 0 else LIKELY, header_said(rank, header))
    if "margin" in found.columns and found.columns["margin"].sure != SURE:
        found.questions.append(
            f'Is "{shown(found["margin"])}" the margin of the whole line in money (not a percentage, not per piece)?'
        )
    if "shipping" in number_columns:
        found.questions.append(
            f'"{shown(number_columns["shipping"][1])}" is shipping in a column of its own. Is it part of the '
            "amount? It should not be: it is no sale of goods."
        )
    if "discount" in number_columns:
        found.questions.append(
            f'"{shown(number_columns["discount"][1])}" is a discount. Is the amount before or after it? It should '
            "be after: what the customer paid."
        )


def find_currency(columns: Columns, found: TableDraft, number_columns: dict, named: dict) -> None:
    """The currency, from signs in the values, units in headers or a currency column."""
    signs: dict[str, int] = {}
    for _, header in number_columns.values():
        for sign, rows in columns.numbers(header).signs.items():
            signs[sign] = signs.get(sign, 0) + rows
        bracket = values.unit(header)
        if bracket in values.SIGNS or bracket.upper() in values.CODES:
            signs[bracket] = signs.get(bracket, 0) + found.rows
    column = next((header for _, header in named.get("currency", []) if columns.filled(header)), "")
    if column:
        columns.taken.setdefault(column, "currency")
        seen = columns.counts(column)
        for code in seen.index:
            signs[str(code)] = signs.get(str(code), 0) + int(seen[code])
    chinese = any(is_chinese(sign) for header in columns.headers for sign in header)
    codes: dict[str, int] = {}
    doubtful = ""
    for sign, rows in signs.items():
        code = (
            values.SIGNS.get(sign)
            or {"RMB": "CNY", "人民币": "CNY"}.get(sign.upper())
            or (sign.upper() if sign.upper() in values.CODES else "")
        )
        if sign == "¥" or sign == "￥":
            code, doubtful = "CNY", "" if chinese else "the sign ¥ stands for yuan and for yen"
        elif sign == "$":
            code, doubtful = "USD", "the sign $ stands for several dollars"
        if code:
            codes[code] = codes.get(code, 0) + rows
    if len(codes) == 1:
        code, rows = next(iter(codes.items()))
        example = next(iter(signs))
        found.currency = Guess(
            "currency", code, CHECK if doubtful else SURE, doubtful or f"{example} in the header or the values"
        )
    elif len(codes) > 1:
        found.currency = Guess("currency", "", CHECK, f"several currencies: {words.listing(codes)}")
        found.questions.append(
            f"The file holds several currencies ({words.listing(codes)}). Which one? Amounts in different "
            "currencies cannot be added: export one at a time."
        )
        return
    elif chinese:
        found.currency = Guess("currency", "CNY", LIKELY, "no currency in the file; the headers are Chinese")
    else:
        found.currency = Guess("currency", "", CHECK, "no currency sign or code anywhere in the file")
    if found.currency.sure == CHECK:
        found.questions.append(
            "In which currency is the money? "
            + (
                f"The draft says {found.currency.value}: {doubtful}."
                if found.currency.value
                else 'Write it into the mapping: currency = "GBP".'
            )
        )


def find_extra_digits(columns: Columns, found: TableDraft) -> None:
    """Whether amounts carry more digits than the currency has, which the door rejects unless told to round."""
    decimal = found["decimal"]
    code = found.currency.value if found.currency and found.currency.value else "CNY"
    digits = currency(str(code)).digits
    for name in ("amount", "list_price", "margin"):
        header = found[name]
        if not decimal or not isinstance(header, str) or not header:
            continue
        lines, example = values.longer_than(columns.frame[header], digits, decimal=str(decimal))
        if lines:
            found.format["extra_digits"] = Guess(
                "extra_digits",
                "round",
                CHECK,
                f'{words.count(lines, "value")} in "{shown(header)}" with more than {digits} digits, such as '
                f'{example}; without "round" they are rejected',
            )
            found.questions.append(
                f'May amounts such as {example} in "{shown(header)}" be rounded to {digits} digits, line by line? '
                "The reports say how much that changes."
            )
            return
