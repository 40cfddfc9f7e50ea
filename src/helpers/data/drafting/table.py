"""Guess how one table of text maps to the contract.

Headers are compared with the lists of `synonyms.toml`; the values then have to
agree. A guess that the values cannot carry is left empty, with a question.
"""

from __future__ import annotations

import pandas as pd

from helpers import words
from helpers.data.contract import TABLES, Column
from helpers.data.drafting import values
from helpers.data.drafting.amounts import (
    find_amount,
    find_currency,
    find_decimal_sign,
    find_extra_digits,
    find_numbers,
    find_other_money,
)
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
    said_values,
)
from helpers.data.drafting.headers import matches, synonyms
from helpers.data.drafting.orders import (
    find_customer,
    find_order_date,
    find_order_number,
    going_back,
    say_who_comes_back,
)
from helpers.data.drafting.rules import find_labels, find_non_products, find_not_persons, find_repeats, find_returns
from helpers.data.drafting.values import joined, shown, simple
from helpers.data.parsing import _NO as NO, _YES as YES
from helpers.errors import DataError


def draft_table(frame: pd.DataFrame, *, source: str = "", table: str = "") -> TableDraft:
    """Guess how one table of text maps to the contract.

    Parameters
    ----------
    frame : DataFrame of text
        As read, nothing converted. Left alone.
    source : str
        The name of the file or sheet, for messages.
    table : str
        "orders", "customers", "products", "contacts" or "survey"; found from the headers when empty.

    Returns
    -------
    TableDraft
    """
    headers = [str(header) for header in frame.columns]
    twice = sorted({header for header in headers if headers.count(header) > 1})
    if twice:
        raise DataError(f"{source or 'The file'} has two columns called {shown(twice[0])!r}. Rename one of them.")
    columns = Columns(frame)
    table = table or which_table(frame)
    found = TableDraft(table, source, len(frame))
    if not len(frame):
        raise DataError(f"{source or 'The file'} has a header but no rows. Export it again with its rows.")
    find_people(columns, found)
    if table == "orders":
        draft_orders(columns, found)
    else:
        draft_other(columns, found)
    found.missing += _missing(found)
    found.columns = {name: found.columns[name] for name in TABLES[table].names if name in found.columns}
    used = set(columns.taken) | {header for header, _ in found.personal}
    found.unused = [header for header in columns.headers if header not in used]
    return found


def which_table(frame: pd.DataFrame) -> str:
    """The table of the contract that a frame's headers and ids speak for; orders when in doubt."""
    headers = [str(header) for header in frame.columns]
    exact = {
        table: {name for name, entries in matches(table, headers).items() if entries[0][0] < 1000} for table in TABLES
    }
    marks = exact["contacts"] & {
        "touchpoint",
        "phase",
        "wait_minutes",
        "transfers",
        "resolved",
        "satisfaction",
        "cause",
    }
    if "contact_id" in exact["contacts"] and marks:
        return "contacts"
    orders = matches("orders", headers)
    has_order = "order_id" in exact["orders"]
    asked = exact["survey"] & {"mode", "motive", "orders_claimed", "plans_to_buy", "recommendation", "worth_it"}
    if len(exact["price_answers"] & {"too_cheap", "cheap", "expensive", "too_expensive"}) >= 3 and not has_order:
        return "price_answers"
    if {"answer_id", "would_buy"} <= exact["price_offers"] and not has_order:
        return "price_offers"
    if {"touchpoint", "expectation", "perception"} <= exact["ratings"] and not has_order:
        return "ratings"
    if {"journey_id", "touchpoint", "ordered"} <= exact["journeys"] and not has_order:
        return "journeys"
    if {"campaign_id", "customer_id", "arm"} <= exact["assignments"] and not has_order:
        return "assignments"
    if {"campaign_id", "started_on"} <= exact["campaigns"] and not has_order and "customer_id" not in exact["orders"]:
        return "campaigns"
    if {"visit_id", "prospect_id", "attempt"} <= exact["visits"] and not has_order:
        return "visits"
    if {"prospect_id", "entered_on"} <= exact["prospects"] and not has_order:
        return "prospects"
    if {"answer_id", "considered", "rejected"} <= exact["households"] and not has_order:
        return "households"
    if {"answer_id", "brand", "aided"} <= exact["brand_funnel"] and not has_order:
        return "brand_funnel"
    if {"answer_id", "promise", "kept"} <= exact["brand_promises"] and not has_order:
        return "brand_promises"
    if {"answer_id", "line", "fit"} <= exact["brand_stretch"] and not has_order:
        return "brand_stretch"
    if {"answer_id", "wave", "sample"} <= exact["brand_survey"] and not has_order:
        return "brand_survey"
    if {"referral_id", "referrer_id"} <= exact["referrals"] and not has_order:
        return "referrals"
    if {"contract_id", "started_on"} <= exact["contracts"] and not has_order:
        return "contracts"
    if {"customer_id", "left_on", "reason"} <= exact["exits"] and not has_order:
        return "exits"
    if "answer_id" in exact["survey"] and asked and not has_order:
        return "survey"
    if "statement" in exact["needs"] and exact["needs"] & {"c", "importance"} and not has_order:
        return "needs"
    if "customer_id" in exact["orders"] and not has_order and exact["customers"] - {"customer_id"}:
        if is_unique(frame[orders["customer_id"][0][1]]):
            return "customers"
    if "product_id" in exact["orders"] and not has_order and "customer_id" not in exact["orders"]:
        if exact["products"] - {"product_id"} and is_unique(frame[orders["product_id"][0][1]]):
            return "products"
    return "orders"


def headers_known(frame: pd.DataFrame) -> int:
    """How many headers of a frame the lists know, in the table that knows most."""
    headers = [str(header) for header in frame.columns]
    return max(
        len({entries[0][1] for entries in matches(table, headers).values() if entries[0][0] < 1000}) for table in TABLES
    )


def is_unique(column: pd.Series) -> bool:
    seen = values.counts(column)
    return len(seen) > 0 and len(seen) >= 0.98 * seen.sum()


def find_people(columns: Columns, found: TableDraft) -> None:
    """Name the columns that name or reach a person; they are neither shown nor used."""
    said = {
        "name": "names of people", "phone": "phone numbers", "email": "e-mail addresses", "address": "addresses",
        "identity": "identity or account numbers", "birth": "dates of birth", "free_text": "free text, which may hold anything",
    }  # fmt: skip
    by_header = {}
    for kind, entries in matches("personal", columns.headers).items():
        for rank, header in entries:
            if rank < 1000 or kind in ("phone", "email", "address", "identity"):
                by_header.setdefault(header, kind)
    own = TABLES[found.table].names
    for number, header in enumerate(columns.headers):
        kind = by_header.get(header, "")
        if kind == "name" and found.table == "products" or simple(header).replace(" ", "_") in own and kind != "name":
            kind = ""
        why = f"by its header {said[kind]}" if kind else ""
        if not kind and number < MOST_COLUMNS and columns.filled(header):
            seen, share = columns.personal(header)
            # Ids and product names can look like names or phone numbers: their headers speak louder.
            named = matches(found.table, [header])
            if seen and not (seen in ("name", "phone") and _named_otherwise(named, seen)):
                kind, why = seen, f"{words.percent(share)} of its values look like {said[seen]}"
        if kind:
            found.personal.append((header, why))


def _named_otherwise(named: dict, seen: str) -> bool:
    plain = {
        "description",
        "name",
        "brand",
        "class",
        "line",
        "city",
        "region",
        "store_id",
        "channel",
        "campaign_id",
        "quantity",
        "amount",
    }
    ids = {"order_id", "product_id", "contact_id", "answer_id"}
    return bool(set(named) & (plain if seen == "name" else plain | ids))


def draft_orders(columns: Columns, found: TableDraft) -> None:
    people = {header for header, _ in found.personal}
    named = matches("orders", [header for header in columns.headers if header not in people])
    picked = _pick(columns, named)
    find_order_date(columns, found, named)
    find_customer(columns, found, named, people)
    number_columns = find_numbers(columns, found, named)
    back = going_back(columns, named, number_columns)
    order = find_order_number(columns, found, picked, named, back)
    say_who_comes_back(columns, found, order)
    decimal = find_decimal_sign(columns, found, number_columns)
    money = find_amount(columns, found, number_columns, decimal, order)
    find_labels(columns, found, named)
    find_currency(columns, found, number_columns, named)
    find_extra_digits(columns, found)
    find_returns(columns, found, named, order, money)
    find_repeats(columns, found)
    find_non_products(columns, found, money)
    find_not_persons(columns, found)
    find_other_money(columns, found, number_columns)


def _pick(columns: Columns, named: dict) -> dict[str, str]:
    """The best header of helper fields that are no column of the contract."""
    return {name: entries[0][1] for name, entries in named.items() if name in ("till", "store_id")}


def draft_other(columns: Columns, found: TableDraft) -> None:
    """Customers, products, contacts, survey: headers first, then whether the values fit the column's type."""
    people = {header for header, _ in found.personal}
    named = matches(found.table, [header for header in columns.headers if header not in people])
    looks: dict[str, values.Numbers] = {}
    dated: dict[str, values.Dates] = {}
    for column in TABLES[found.table]:
        for rank, header in named.get(column.name, []):
            if not columns.free(header) or not columns.filled(header):
                continue
            if column.kind in ("date", "datetime") and not columns.dates(header).found:
                continue
            if column.kind in ("money", "number", "integer") and not columns.numbers(header).found:
                continue
            columns.taken[header] = column.name
            why = [header_said(rank, header), words.count(columns.distinct(header), "value")]
            sure = SURE if rank < 1000 else LIKELY
            if column.unique and columns.distinct(header) < columns.filled(header):
                sure = CHECK
                twice = columns.filled(header) - columns.distinct(header)
                why.append(f"{words.count(twice, 'row')} repeat an id, and will be rejected")
            if column.kind in ("date", "datetime"):
                dated[header] = columns.dates(header)
            if column.kind in ("money", "number"):
                looks[header] = columns.numbers(header)
            if column.allowed or column.kind == "yes_no":
                unclear = _meanings(columns, found, column, header)
                if column.name in found.values:
                    meanings = found.values[column.name].items()
                    why.append("read " + ", ".join(f"{shown(word)} as {meaning}" for word, meaning in meanings))
                    sure = LIKELY
                if unclear:
                    sure = CHECK
                    why.append(f"{said_values(unclear[:4])} is none of the contract's words")
            found.columns[column.name] = Guess(column.name, header, sure, "; ".join(why))
            break
        if column.required and column.name not in found.columns:
            found.columns[column.name] = Guess(
                column.name, "", CHECK, "no column with such a header and fitting values"
            )
            found.questions.append(f"Which column of {shown(found.source)} is {column.name}? {column.means}")
    if dated:
        look = next(iter(dated.values()))
        found.format["date"] = Guess("date", look.format, look.certainty, look.why)
        if look.readings:
            found.questions.append(
                f"Which comes first in {shown(next(iter(dated)))}, the day or the month? {capital(look.spread)}."
            )
    if looks:
        said = values.convention(looks)
        found.format["decimal"] = Guess("decimal", said.decimal, said.certainty, said.why)
        found.format["thousands"] = Guess(
            "thousands", said.thousands, said.certainty, "the sign between thousands that goes with it"
        )


def _meanings(columns: Columns, found: TableDraft, column: Column, header: str) -> list[str]:
    """Note what their words mean in the contract's; give back those that nobody can tell."""
    allowed = column.allowed or ("yes", "no")
    known = synonyms()["meanings"]
    read_already = {**dict.fromkeys(YES, "yes"), **dict.fromkeys(NO, "no")} if column.kind == "yes_no" else {}
    unclear = []
    for word in columns.counts(header).index.astype(str):
        if word.lower() in allowed or word.lower() in read_already:
            continue
        meaning = next((name for name in allowed if joined(word) in known.get(name, {})), "")
        if meaning:
            found.values.setdefault(column.name, {})[word] = meaning
        else:
            unclear.append(word)
    if unclear:
        found.questions.append(
            f'What do {said_values(unclear[:6])} in "{shown(header)}" mean: '
            f"{words.listing(allowed).replace(' and ', ' or ')}? "
            f'Write it into the mapping: [{found.table}.values] {column.name} = {{ "{shown(unclear[0])}" = '
            f'"{allowed[0]}" }}.'
        )
    return unclear


def _missing(found: TableDraft) -> list[tuple[str, str]]:
    """Optional columns that were not found, with what they would tell."""
    return [
        (column.name, column.gain or column.means)
        for column in TABLES[found.table]
        # What a line is comes from the rules for returns and cancelled lines, too.
        if not column.required and column.name not in found.columns and (found.table, column.name) != ("orders", "kind")
    ]  # fmt: skip
