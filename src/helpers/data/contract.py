"""The data contract: the one place that says which tables and columns there are.

The checks, their messages and the data dictionary (`data/README.md`) are drawn
from here. A column name in a file is the name below; inside, money is held in
minor units (fen, pence) and its column is called `<name>_minor`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import pandera.pandas as pa

KINDS = {
    "id": "text, never a number, so that 007 stays 007",
    "text": "text",
    "datetime": "date and time, on the shop's own clock",
    "date": "date",
    "money": "money, in the currency's main unit with its digits (129.00)",
    "number": "number",
    "integer": "whole number",
    "yes_no": "yes or no",
}


@dataclass(frozen=True)
class Column:
    """One column of a table: its type, unit, limits and meaning.

    Parameters
    ----------
    name : str
        The name in a file.
    kind : str
        A key of `KINDS`.
    means : str
        One sentence for a reader who has never seen the file.
    required : bool
        Whether the table is of no use without the column.
    may_be_empty : bool
        Whether single cells may be empty.
    """

    name: str
    kind: str
    means: str
    required: bool = False
    may_be_empty: bool = True
    unique: bool = False
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    gain: str = ""

    @property
    def stored(self) -> str:
        """The name of the column inside: `amount` is held as `amount_minor`."""
        return f"{self.name}_minor" if self.kind == "money" else self.name

    @property
    def dtype(self) -> str:
        """The pandas type of the column inside."""
        if self.kind == "money":
            return "Int64" if self.may_be_empty else "int64"
        return {
            "id": "str",
            "text": "str",
            "datetime": "datetime64[us]",
            "date": "datetime64[us]",
            "number": "float64",
            "integer": "Int64",
            "yes_no": "boolean",
        }[self.kind]

    @property
    def limits(self) -> str:
        """The limits in words, or an empty text."""
        if self.allowed:
            return "one of " + ", ".join(self.allowed)
        if self.low is not None and self.high is not None:
            return f"from {self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"{self.low:g} or more"
        return ""


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its columns, and what it is good for."""

    name: str
    row: str
    columns: tuple[Column, ...]
    gain: str = ""

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if name in (column.name, column.stored):
                return column
        raise KeyError(name)

    def __contains__(self, name: str) -> bool:
        return any(name in (column.name, column.stored) for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """All column names, as a file has them."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that the table cannot do without."""
        return tuple(column.name for column in self.columns if column.required)


ORDERS = Table(
    "orders",
    "one order line (a product on a receipt); a return is a row of its own",
    (
        Column(
            "order_id",
            "id",
            "The number of the order or receipt. All lines of an order carry the same one, and an order belongs to one customer.",
            required=True,
            may_be_empty=False,
        ),
        Column(
            "customer_id",
            "id",
            "The shop's number for the customer. Empty when nobody knows who bought: the money is counted, but no customer gets it.",
            required=True,
        ),
        Column(
            "ordered_at",
            "datetime",
            "When the order was placed.",
            required=True,
            may_be_empty=False,
        ),
        Column(
            "amount",
            "money",
            "What the line brought in. Positive on a sale, negative on a return (the money given back), zero on a gift. "
            "A cancelled line keeps the amount it would have had.",
            required=True,
            may_be_empty=False,
            unit="currency",
        ),
        Column(
            "quantity",
            "number",
            "How many pieces. Negative on a return.",
            unit="piece",
            gain="With quantity, a report can tell bulk buyers from buyers of dear things.",
        ),
        Column(
            "list_price",
            "money",
            "The price of one piece on the list, before any discount.",
            low=0,
            unit="currency",
            gain="With the list price, a report can show how much of each order was discount.",
        ),
        Column(
            "margin",
            "money",
            "What the line left after the cost of the goods. Negative on a return (the margin given back) or on a sale below cost.",
            unit="currency",
            gain="With the margin, customers can be ranked by what they leave, not by what they spend.",
        ),
        Column(
            "product_id",
            "id",
            "The number of the product.",
            gain="With the product, a report can see what people buy together and postage can be told from goods.",
        ),
        Column("store_id", "id", "The shop that sold it.", gain="With the shop, a fall can be traced to where it happens."),
        Column(
            "channel",
            "text",
            "The way the order came in: shop, online, phone.",
            gain="With the channel, a fall can be traced to how it was sold.",
        ),
        Column("region", "text", "The city or region of the order.", gain="With the region, a fall can be traced to where it happens."),
        Column("campaign_id", "id", "The campaign that the order answered."),
        Column("sales_behaviour", "text", "How it was sold, where the shop notes it: advice, bundle, pressure."),
        Column(
            "kind",
            "text",
            "What the line is. A cancellation never happened; non_product is postage or a fee. "
            "Where the column is missing, the sign of the amount decides.",
            allowed=("sale", "return", "cancellation", "non_product"),
        ),
    ),
    gain="Nothing works without it.",
)

CUSTOMERS = Table(
    "customers",
    "one customer",
    (
        Column("customer_id", "id", "The same number as in orders.", required=True, may_be_empty=False, unique=True),
        Column("joined_on", "date", "The day the customer became known: the first order, or the sign-up."),
        Column("acquisition_route", "text", "How the customer came: advert, shop, referral, installer, online_search ..."),
        Column("acquisition_cost", "money", "What it cost to win the customer.", low=0, unit="currency"),
        Column("referrer_id", "id", "The customer who brought this one."),
        Column("city", "text", "Where the customer lives."),
        Column("birth_year", "integer", "Year of birth.", low=1900, high=2030, unit="year"),
        Column("background", "text", "A code for the customer's situation: new_flat, family, tenant ..."),
        Column("consent", "yes_no", "Whether the customer agreed to be contacted."),
        Column(
            "kind",
            "text",
            "Whether the id is a person. A staff card or a walk-in card is shared by many people.",
            allowed=("person", "staff", "walk_in"),
        ),
    ),
    gain="With it, action lists know who agreed to be contacted, and reports can compare the routes by which customers came.",
)

PRODUCTS = Table(
    "products",
    "one product",
    (
        Column("product_id", "id", "The same number as in orders.", required=True, may_be_empty=False, unique=True),
        Column("name", "text", "What it is called."),
        Column("line", "text", "The product line: kitchen, water, light ..."),
        Column("class", "text", "The class within the line."),
        Column("brand", "text", "The brand."),
        Column("price", "money", "The price of one piece today.", low=0, unit="currency"),
        Column("cost", "money", "What one piece costs the shop.", low=0, unit="currency"),
        Column("generation", "integer", "1 for the first model, 2 for the one that replaced it, and so on.", low=0),
    ),
    gain="With it, a fall can be traced to a product line.",
)

CONTACTS = Table(
    "contacts",
    "one contact of a customer with the company, at one touchpoint",
    (
        Column("contact_id", "id", "The number of the contact.", required=True, may_be_empty=False, unique=True),
        Column("customer_id", "id", "The same number as in orders.", required=True),
        Column("at", "datetime", "When it happened.", required=True, may_be_empty=False),
        Column("touchpoint", "text", "Where: hotline, shop, delivery, installation, repair, web ..."),
        Column("phase", "text", "Before, during or after the purchase.", allowed=("before", "during", "after")),
        Column("owner", "text", "Who runs the touchpoint: the company itself or a partner.", allowed=("own", "partner")),
        Column("wait_minutes", "number", "How long the customer waited.", low=0, unit="minute"),
        Column("transfers", "integer", "How often the customer was passed on.", low=0),
        Column("resolved", "yes_no", "Whether the matter was settled at this contact."),
        Column("satisfaction", "integer", "What the customer said afterwards: 1 is the worst, 5 the best.", low=1, high=5),
        Column("cause", "text", "The cause of a complaint. Empty when it was none."),
        Column("status", "text", "Whether a complaint is still open.", allowed=("open", "closed")),
        Column("cost", "money", "What the contact cost the company.", low=0, unit="currency"),
        Column("store_id", "id", "The shop concerned."),
    ),
    gain="With it, action lists leave out people with an open complaint, and the cost to serve a customer is known.",
)

SURVEY = Table(
    "survey",
    "one answer sheet of a customer survey",
    (
        Column("answer_id", "id", "The number of the sheet.", required=True, may_be_empty=False, unique=True),
        Column(
            "customer_id",
            "id",
            "The same number as in orders. Empty when nobody knows who answered.",
            gain="With the customer, what people say can be compared with what they did.",
        ),
        Column("answered_on", "date", "The day of the answer.", required=True, may_be_empty=False),
        Column("wave", "text", "The round of the survey: 2026-03 ..."),
        Column(
            "mode",
            "text",
            "How people came to answer. panel: drawn by lot from the customers; street: stopped in front of a shop; "
            "internal: staff fill in the sheet for customers they know.",
            required=True,
            may_be_empty=False,
            allowed=("panel", "street", "internal"),
        ),
        Column(
            "weight",
            "number",
            "How many customers the answer stands for, relative to the others of its mode. 1 where nobody has weighted the answers.",
            low=0,
            gain="With weights, a group that seldom answers counts as much as it should.",
        ),
        Column("city", "text", "Where the person lives or was asked."),
        Column("birth_year", "integer", "Year of birth.", low=1900, high=2030, unit="year"),
        Column("household", "text", "With whom the person lives: single, couple, family, shared ..."),
        Column("income_band", "text", "The income of the household, in three bands.", allowed=("low", "middle", "high")),
        Column(
            "motive",
            "text",
            "What matters most when the person chooses a shop.",
            allowed=("price", "quality", "service", "time"),
            gain="With the motive, classes by what people say can be compared with classes by what they do.",
        ),
        Column(
            "orders_claimed",
            "integer",
            "On how many days of the last 12 months the person ordered, as the sheet says.",
            low=0,
            unit="day",
            gain="With it, a report can hold what people remember against what the order file knows.",
        ),
        Column("plans_to_buy", "yes_no", "Whether the person plans to buy in the next three months."),
        Column("recommendation", "integer", "How likely the person is to recommend the shop: 0 not at all, 10 certainly.", low=0, high=10),
    ),
    gain="With it, what customers say can be held against what they do, and who answers against who buys.",
)

TABLES: dict[str, Table] = {table.name: table for table in (ORDERS, CUSTOMERS, PRODUCTS, CONTACTS, SURVEY)}

EARLIEST = pd.Timestamp("1970-01-01")
LATEST = pd.Timestamp("2100-01-01")

# What a failed check means, in words: (fact about the line, advice about the file).
RULES: dict[str, tuple[str, str]] = {
    "missing": ("{column} is empty", "Fill {column}, or leave the lines out of the export"),
    "unique": ("{column} appears on an earlier line too", "Keep one row for each {column}"),
    "allowed values": ("{column} is none of {allowed}", "Map other words with [{table}.values] in the mapping"),
    "range": ("{column} must be {limits}", "Correct the value, or leave {column} out of the mapping"),
    "date range": (
        "{column} lies before 1970 or after 2099",
        "Such dates are usually a stand-in for 'unknown': leave the cell empty or correct it",
    ),
    "sign": (
        "the sign of amount does not fit kind: a sale is not negative, a return not positive",
        'State returns_sign = "positive" in [orders.rules] if the file prints returns without a minus sign',
    ),
    "one customer an order": (
        "the order has lines of two customers",
        'Perhaps order numbers repeat in each shop or on each day: order_id = ["Shop", "Date", "Receipt"] joins columns',
    ),
}


def schema(table: str, columns: list[str]) -> pa.DataFrameSchema:
    """The pandera schema of a table, for the columns that a frame has.

    Nothing is ever converted here: coercion would turn the id 007 into 7.

    Parameters
    ----------
    table : str
        A name in `TABLES`.
    columns : list of str
        The columns at hand, by their stored names.
    """
    import pandera.pandas as pa

    def column_checks(column: Column) -> list[pa.Check]:
        checks = []
        if column.allowed:
            checks.append(pa.Check.isin(list(column.allowed), name="allowed values", error="allowed values"))
        if column.low is not None:
            checks.append(pa.Check.ge(column.low, name="range", error="range"))
        if column.high is not None:
            checks.append(pa.Check.le(column.high, name="range", error="range"))
        if column.kind in ("datetime", "date"):
            checks.append(pa.Check(lambda s: (s >= EARLIEST) & (s < LATEST), name="date range", error="date range"))
        return checks

    wide = []
    if table == "orders" and {"order_id", "customer_id"} <= set(columns):
        wide.append(pa.Check(one_customer_an_order, name="one customer an order", error="one customer an order"))
    if table == "orders" and {"kind", "amount_minor"} <= set(columns):
        wide.append(pa.Check(sign_fits_kind, name="sign", error="sign"))
    return pa.DataFrameSchema(
        {
            column.stored: pa.Column(
                column.dtype if column.dtype != "str" else str,
                column_checks(column),
                nullable=column.may_be_empty,
                unique=column.unique,
                report_duplicates="exclude_first",
            )
            for column in TABLES[table]
            if column.stored in columns
        },
        checks=wide,
        coerce=False,
        name=table,
    )


def one_customer_an_order(orders: pd.DataFrame) -> pd.Series:
    """All lines of an order belong to one customer; lines without a customer do not count."""
    pairs = orders[["order_id", "customer_id"]].dropna().drop_duplicates()
    shared = pairs["order_id"][pairs["order_id"].duplicated()]
    return ~orders["order_id"].isin(shared)


def sign_fits_kind(orders: pd.DataFrame) -> pd.Series:
    """A sale is zero or more, a return zero or less."""
    amount, kind = orders["amount_minor"], orders["kind"]
    wrong = ((kind == "sale") & (amount < 0)) | ((kind == "return") & (amount > 0))
    return ~wrong.fillna(False).astype(bool)


def failures(table: str, frame: pd.DataFrame) -> list[tuple[str, str, pd.Index]]:
    """Where a typed frame breaks the contract: (column, rule, index of the lines).

    Parameters
    ----------
    table : str
        A name in `TABLES`.
    frame : DataFrame
        Typed columns under their stored names, with a unique index.

    Returns
    -------
    list of (column, rule, index)
        In the order of the contract's columns; empty when all is well.
    """
    from pandera.errors import SchemaErrors

    try:
        schema(table, list(frame.columns)).validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    structural = cases["index"].isna() | cases["check"].str.startswith("dtype(")
    if structural.any():
        # A wrong type here is a mistake in this program, not in anybody's data.
        first = cases[structural].iloc[0]
        raise TypeError(f"{table}: {first['column']} failed {first['check']}: {first['failure_case']}")
    names = {"not_nullable": "missing", "field_uniqueness": "unique"}
    rule = cases["check"].replace(names)
    column = cases["column"].where(cases["schema_context"] == "Column", "")
    found = []
    for (name, broken), lines in cases.groupby([column, rule], sort=False):
        where = {"one customer an order": "order_id", "sign": "amount"}.get(broken)
        name = where or TABLES[table][name].name
        found.append((name, broken, pd.Index(lines["index"].unique()).sort_values()))
    order = {name: i for i, name in enumerate(TABLES[table].names)}
    return sorted(found, key=lambda item: order[item[0]])


def in_words(table: str, column: str, rule: str) -> tuple[str, str]:
    """The fact and the advice for a rule, filled in for one column."""
    fact, advice = RULES[rule]
    known = TABLES[table][column]
    words = {"table": table, "column": column, "allowed": ", ".join(known.allowed), "limits": known.limits}
    return fact.format(**words), advice.format(**words)


def gain(name: str) -> str:
    """What a reader would gain by collecting a table ("contacts") or a column ("orders.margin")."""
    table, _, column = name.partition(".")
    return TABLES[table][column].gain if column else TABLES[table].gain
