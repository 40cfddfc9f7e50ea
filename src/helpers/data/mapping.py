"""The mapping: how a team's file becomes the contract, written down in a TOML file.

A mapping says which of the file's columns stands for which column of the
contract, how dates and money are written, and what to do with returns,
cancelled lines, repeats, postage and ids that are no persons. `data/mappings`
holds a worked example and the list of all keys. An unknown key is an error: a
misspelt rule must not be passed over in silence.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping as Dict
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from helpers.data import contract
from helpers.errors import DataError
from helpers.money import currency
from helpers.words import listing

HOW = ("column", "join", "multiply", "sum", "subtract")
SET_ASIDE = ("non_product", "repeated", "shared_card")

_TOP = {"name", "currency", "encoding", "as_of", *contract.TABLES}
_TABLE = {"file", "sheet", "table", "sql", "header_line", "columns", "format", "values"}
_ORDERS = {"rules", "non_product", "not_persons"}
_FORMAT = {"date", "decimal", "thousands", "extra_digits"}
_RULES = {"returns", "returns_sign", "cancelled", "repeats", "negative_amounts"}
_TESTS = ("equals", "starts_with", "ends_with", "contains", "like")


@dataclass(frozen=True)
class Source:
    """Where a contract column comes from: a column of the file, or several and how they combine."""

    columns: tuple[str, ...]
    how: str = "column"


@dataclass(frozen=True)
class Rule:
    """A test on one column of the file; a line meets it when any of the texts fits."""

    column: str
    test: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Format:
    """How dates and numbers are written in the file; an empty text means "not stated"."""

    date: str = ""
    decimal: str = ""
    thousands: str = ""
    extra_digits: str = "reject"


@dataclass(frozen=True)
class TableMapping:
    """The mapping of one table."""

    table: str
    columns: Dict[str, Source]
    file: str = ""
    sheet: str = ""
    db_table: str = ""
    sql: str = ""
    header_line: int = 1
    format: Format = Format()
    values: Dict[str, Dict[str, str]] = field(default_factory=dict)
    returns: tuple[Rule, ...] = ()
    returns_sign: str = "negative"
    cancelled: tuple[Rule, ...] = ()
    repeats: str = "keep"
    negative_amounts: str = "return"
    non_product: tuple[Rule, ...] = ()
    non_product_treat: str = "exclude"
    walk_in: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    shared_card: str = "set_aside"

    @property
    def source_columns(self) -> tuple[str, ...]:
        """All columns of the file that the mapping names, each once."""
        named = [column for source in self.columns.values() for column in source.columns]
        named += [rule.column for rule in (*self.returns, *self.cancelled, *self.non_product)]
        return tuple(dict.fromkeys(named))

    @property
    def set_aside(self) -> tuple[str, ...]:
        """The optional exclusions that the mapping chooses."""
        chosen = {
            "non_product": self.non_product_treat == "exclude",
            "repeated": self.repeats == "drop",
            "shared_card": self.shared_card == "set_aside",
        }
        return tuple(name for name in SET_ASIDE if chosen[name])


@dataclass(frozen=True)
class Mapping:
    """A whole mapping: the company, and one `TableMapping` for each table."""

    tables: Dict[str, TableMapping]
    name: str = ""
    currency: str = ""
    encoding: str = ""
    as_of: date | None = None
    fingerprint: str = ""

    @classmethod
    def read(cls, path: str | Path) -> Mapping:
        """Read a mapping file.

        Raises
        ------
        DataError
            If the file is missing, no TOML, or has an unknown key or value.
        """
        path = Path(path)
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            raise DataError(f"There is no mapping file {path}. Make one with: workbook map FILE") from None
        except OSError as error:
            raise DataError(f"The mapping {path} cannot be opened ({error.strerror}). Check the name and the rights.") from None
        except UnicodeDecodeError:
            raise DataError(f"The mapping {path.name} is not UTF-8 text. Save it again as UTF-8.") from None
        return cls.from_text(text, name=path.name)

    @classmethod
    def from_text(cls, text: str, *, name: str = "the mapping") -> Mapping:
        """A mapping from the text of a TOML file."""
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise DataError(
                f"{name} is no valid TOML: {error}. Texts stand in quotation marks, as in order_id = \"Invoice\"."
            ) from None
        mapping = cls.from_dict(content, name=name)
        return replace(mapping, fingerprint=hashlib.sha256(text.encode()).hexdigest())

    @classmethod
    def from_dict(cls, content: dict[str, Any], *, name: str = "the mapping") -> Mapping:
        """A mapping from the content of a TOML file."""
        _known(content, _TOP, name, "")
        day = content.get("as_of", "")
        if day and type(day) is not date:
            try:
                day = date.fromisoformat(day)
            except (ValueError, TypeError):
                raise DataError(f'{name}: as_of = "{day}" is no date. Write it as in "2026-06-30".') from None
        code = _text(content, "currency", name)
        if code:
            try:
                currency(code)
            except DataError as error:
                raise DataError(f"{name}: {error}") from None
        if "orders" not in content:
            raise DataError(f"{name} has no [orders.columns]. Start from: workbook map FILE")
        tables = {table: _table(table, content[table], name) for table in contract.TABLES if table in content}
        return cls(
            tables=tables,
            name=_text(content, "name", name),
            currency=code,
            encoding=_text(content, "encoding", name),
            as_of=day or None,
        )

    @classmethod
    def identity(cls, columns: dict[str, Iterable[str]]) -> Mapping:
        """The mapping of files whose columns have the contract's names already.

        Parameters
        ----------
        columns : dict
            For each table the columns of its file; those that the contract does
            not know are passed over.
        """
        tables = {
            table: TableMapping(
                table,
                {column: Source((column,)) for column in contract.TABLES[table].names if column in set(found)},
            )
            for table, found in columns.items()
        }
        return cls(tables=tables)

    def with_choice(self, set_aside: Iterable[str] | None) -> Mapping:
        """The same mapping with another choice of what to set aside.

        Parameters
        ----------
        set_aside : names from `SET_ASIDE`, or None
            These are set aside and the others kept; None keeps the mapping's choice.
        """
        if set_aside is None:
            return self
        chosen = set(set_aside)
        for unknown in sorted(chosen - set(SET_ASIDE)):
            raise DataError(f"set_aside has no {unknown!r}. Use names from {listing(SET_ASIDE)}.")
        orders = replace(
            self.tables["orders"],
            non_product_treat="exclude" if "non_product" in chosen else "keep",
            repeats="drop" if "repeated" in chosen else "keep",
            shared_card="set_aside" if "shared_card" in chosen else "keep",
        )
        return replace(self, tables={**self.tables, "orders": orders})


def _table(table: str, content: Any, name: str) -> TableMapping:
    where = f"[{table}]"
    if not isinstance(content, dict):
        raise DataError(f"{name}: {table} must be a section {where}. Start from: workbook map FILE")
    _known(content, _TABLE | (_ORDERS if table == "orders" else set()), name, where)
    columns = content.get("columns", {})
    _known(columns, set(contract.TABLES[table].names), name, f"[{table}.columns]")
    sources = {key: _source(table, key, value, name) for key, value in columns.items() if value != ""}
    _each_column_once(table, sources, name)
    _required(table, sources, name)
    line = content.get("header_line", 1)
    if not isinstance(line, int) or isinstance(line, bool) or line < 1:
        raise DataError(f"{name}, {where}: header_line must be a whole number from 1. It is the line with the column names.")
    style = content.get("format", {})
    _known(style, _FORMAT, name, f"[{table}.format]")
    more = _orders(content, name) if table == "orders" else {}
    return TableMapping(
        table=table,
        columns=sources,
        file=_text(content, "file", name),
        sheet=_text(content, "sheet", name),
        db_table=_text(content, "table", name),
        sql=_text(content, "sql", name),
        header_line=line,
        format=_format(table, style, name),
        values=_values(table, content.get("values", {}), sources, name),
        **more,
    )


def _source(table: str, key: str, value: Any, name: str) -> Source:
    where = f"{name}, [{table}.columns], {key}"
    kind = contract.TABLES[table][key].kind
    if isinstance(value, str):
        return Source((value,))
    if isinstance(value, list):
        if kind not in ("id", "text", "datetime") or not value:
            raise DataError(f'{where}: a list of columns is joined to an id or a date. For money write {{ multiply = ["Quantity", "Price"] }}.')
        return Source(_texts(value, where), "join")
    if isinstance(value, dict) and len(value) == 1:
        (how, columns), = value.items()
        _known(value, set(HOW[2:]), name, f"[{table}.columns] {key}")
        columns = _texts(columns if isinstance(columns, list) else [columns], where)
        if kind not in ("money", "number") or len(columns) < 2 or (how == "subtract" and len(columns) != 2):
            raise DataError(f'{where}: {how} takes two columns with numbers, as in {{ {how} = ["A", "B"] }}.')
        return Source(columns, how)
    raise DataError(f'{where}: write a column name, a list of names, or {{ multiply = ["A", "B"] }}.')


def _each_column_once(table: str, sources: dict[str, Source], name: str) -> None:
    used: dict[str, str] = {}
    for key, source in sources.items():
        if source.how != "column":
            continue
        column = source.columns[0]
        if column in used:
            raise DataError(
                f"{name}, [{table}.columns]: {used[column]} and {key} are both mapped to the column {column!r}. "
                "Give each its own column, or leave one of the two out."
            )
        used[column] = key


def _required(table: str, sources: dict[str, Source], name: str) -> None:
    missing = [key for key in contract.TABLES[table].required if key not in sources]
    if missing:
        raise DataError(
            f"{name}, [{table}.columns]: {listing(missing)} {'is' if len(missing) == 1 else 'are'} not mapped, "
            f"and {table} cannot do without. Name the column of the file behind each."
        )


def _format(table: str, style: dict, name: str) -> Format:
    where = f"[{table}.format]"
    found = Format(**{key: _text(style, key, name) for key in style})
    if found.decimal not in ("", ".", ","):
        raise DataError(f'{name}, {where}: decimal = "{found.decimal}" is not known. Write "." for 1234.56 or "," for 1234,56.')
    if found.thousands not in ("", ".", ",", " ", "'", "none"):
        raise DataError(f'{name}, {where}: thousands = "{found.thousands}" is not known. Write ",", ".", " ", "\'" or "none".')
    if found.decimal and found.decimal == found.thousands:
        raise DataError(f"{name}, {where}: decimal and thousands are the same sign. Write the two signs that the file uses.")
    if found.extra_digits not in ("reject", "round"):
        raise DataError(f'{name}, {where}: extra_digits = "{found.extra_digits}" is not known. Write "reject" or "round".')
    return found


def _values(table: str, content: dict, sources: dict[str, Source], name: str) -> dict[str, dict[str, str]]:
    _known(content, set(contract.TABLES[table].names), name, f"[{table}.values]")
    for key, words in content.items():
        if not isinstance(words, dict) or not all(isinstance(word, str) for word in words.values()):
            raise DataError(f'{name}, [{table}.values], {key}: write pairs, as in {{ "Opt-in" = "yes" }}.')
        if key not in sources:
            raise DataError(f"{name}, [{table}.values]: {key} is not mapped. Name its column in [{table}.columns] first.")
    return content


def _orders(content: dict, name: str) -> dict[str, Any]:
    rules, persons = content.get("rules", {}), content.get("not_persons", {})
    _known(rules, _RULES, name, "[orders.rules]")
    _known(persons, {"walk_in", "staff", "shared_card"}, name, "[orders.not_persons]")
    non_product = content.get("non_product", {})
    if not isinstance(non_product, dict):
        raise DataError(f'{name}: non_product must be a section [orders.non_product], as in product_id = ["POST"].')
    non_product = dict(non_product)
    treat = _choice(non_product, "treat", ("exclude", "keep"), name, "[orders.non_product]")
    non_product.pop("treat", None)
    columns = content.get("columns", {})
    return {
        "returns": _rules(rules.get("returns"), name, "[orders.rules], returns"),
        "returns_sign": _choice(rules, "returns_sign", ("negative", "positive"), name, "[orders.rules]"),
        "cancelled": _rules(rules.get("cancelled"), name, "[orders.rules], cancelled"),
        "repeats": _choice(rules, "repeats", ("keep", "drop"), name, "[orders.rules]"),
        "negative_amounts": _choice(rules, "negative_amounts", ("return", "reject"), name, "[orders.rules]"),
        "non_product": tuple(
            rule for key, value in non_product.items() for rule in _non_product(key, value, columns, name)
        ),
        "non_product_treat": treat,
        "walk_in": _texts(persons.get("walk_in", []), f"{name}, [orders.not_persons], walk_in"),
        "staff": _texts(persons.get("staff", []), f"{name}, [orders.not_persons], staff"),
        "shared_card": _choice(persons, "shared_card", ("set_aside", "keep"), name, "[orders.not_persons]"),
    }


def _non_product(key: str, value: Any, columns: dict, name: str) -> tuple[Rule, ...]:
    """`product_id = [...]`, `"Any column" = [...]`, or `rule = { column = ... }`."""
    where = f"[orders.non_product], {key}"
    if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
        return _rules(value, name, where)
    column = columns.get(key, key)
    if not isinstance(column, str):
        raise DataError(f"{name}, {where}: {key} comes from several columns. Name one column of the file instead.")
    return (Rule(column, "like", _texts(value, f"{name}, {where}")),)


def _rules(content: Any, name: str, where: str) -> tuple[Rule, ...]:
    if content is None:
        return ()
    rules = []
    for item in content if isinstance(content, list) else [content]:
        example = '{ column = "Status", equals = ["cancelled"] }'
        if not isinstance(item, dict) or not isinstance(item.get("column"), str):
            raise DataError(f"{name}, {where}: a rule names a column and a test. Write it as in {example}.")
        _known(item, {"column", *_TESTS}, name, where)
        tests = [test for test in _TESTS if test in item]
        if len(tests) != 1:
            raise DataError(f"{name}, {where}: a rule has one test out of {listing(_TESTS)}. Write it as in {example}.")
        texts = item[tests[0]]
        rules.append(Rule(item["column"], tests[0], _texts(texts if isinstance(texts, list) else [texts], f"{name}, {where}")))
    return tuple(rules)


def _known(content: Any, known: set[str], name: str, where: str) -> None:
    if not isinstance(content, dict):
        raise DataError(f"{name}: {where} must be a section with keys. Start from: workbook map FILE")
    for key in content:
        if key not in known:
            near = difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.5)
            advice = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(sorted(known))}."
            raise DataError(f"{name}: the key {key!r}{' in ' + where if where else ''} is not known. {advice}")


def _text(content: dict, key: str, name: str) -> str:
    value = content.get(key, "")
    if not isinstance(value, str):
        raise DataError(f'{name}: {key} must be a text in quotation marks, as in {key} = "...".')
    return value


def _texts(values: Any, where: str) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise DataError(f'{where}: write a list of texts in quotation marks, as in ["A", "B"].')
    return tuple(values)


def _choice(content: dict, key: str, allowed: tuple[str, ...], name: str, where: str) -> str:
    value = content.get(key, allowed[0])
    if value not in allowed:
        raise DataError(f"{name}, {where}: {key} = {value!r} is not known. Write {' or '.join(map(repr, allowed))}.")
    return value


def pattern_of(texts: Iterable[str]) -> str:
    """A regular expression for texts in which * and ? are wildcards."""
    return "|".join(
        "(?:" + re.escape(text).replace(r"\*", ".*").replace(r"\?", ".") + ")" for text in texts
    )
