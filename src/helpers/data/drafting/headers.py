"""Headers compared with the lists of `synonyms.toml`: which column of the contract may a header mean?"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable
from pathlib import Path

from helpers.data.contract import TABLES
from helpers.data.drafting.values import joined, simple


@functools.cache
def synonyms() -> dict[str, dict[str, dict[str, int]]]:
    """The lists of `synonyms.toml`: {table: {field: {joined header: rank}}}, the best match first."""
    with (Path(__file__).parents[1] / "synonyms.toml").open("rb") as file:
        lists = tomllib.load(file)
    known = {
        table: {
            name: {joined(word): rank for rank, word in reversed(list(enumerate(entries)))}
            for name, entries in fields.items()
        }
        for table, fields in lists.items()
    }
    for table, name in (
        ("customers", "customer_id"),
        ("contacts", "customer_id"),
        ("survey", "customer_id"),
        ("ratings", "customer_id"),
        ("price_answers", "customer_id"),
        ("prospects", "customer_id"),
        ("referrals", "customer_id"),
        ("contracts", "customer_id"),
        ("exits", "customer_id"),
        ("contracts", "product_id"),
        ("products", "product_id"),
        ("price_answers", "product_id"),
        ("contacts", "store_id"),
    ):
        known[table][name] = known["orders"][name]
    # A file that already uses the contract's own names needs no list.
    for table, fields in known.items():
        if table in TABLES:
            for column in TABLES[table]:
                fields.setdefault(column.name, {})[joined(column.name)] = -1
    return known


@functools.cache
def _fields_of(table: str) -> dict[str, dict[str, int]]:
    """The lists of a table the other way round: {joined header: {field: rank}}."""
    turned: dict[str, dict[str, int]] = {}
    for name, entries in synonyms()[table].items():
        for word, rank in entries.items():
            turned.setdefault(word, {})[name] = rank
    return turned


def matches(table: str, headers: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """{field: [(rank, header)]}; a header that no list holds may match by its last words, 1,000 ranks lower."""
    found: dict[str, list[tuple[int, str]]] = {}
    for header in headers:
        for name, rank in _ranks(table, header).items():
            found.setdefault(name, []).append((rank, header))
    return {name: sorted(entries, key=lambda entry: entry[0]) for name, entries in found.items()}


@functools.lru_cache(maxsize=50_000)
def _ranks(table: str, header: str) -> dict[str, int]:
    """{field: rank} of one header."""
    return _fields_of(table).get(joined(header)) or _partly(table, header)


def _partly(table: str, header: str) -> dict[str, int]:
    """Fields whose word ends the header ("下单门店", "Ship Date"); only those with the longest such word."""
    text, spaced = joined(header), simple(header).split()
    ends = {"".join(spaced[start:]) for start in range(1, len(spaced))}
    # Chinese has no spaces: any end of two signs or more, and any beginning of three.
    ends |= {text[start:] for start in range(1, len(text) - 1) if is_chinese(text[start])}
    ends |= {text[:stop] for stop in range(3, len(text)) if is_chinese(text[0])}
    hits = [word for word in ends if len(word) >= 2 and word in _fields_of(table)]
    longest = max(map(len, hits), default=0)
    found: dict[str, int] = {}
    for word in sorted(hits):
        if len(word) == longest:
            found |= {name: 1000 + rank for name, rank in _fields_of(table)[word].items()}
    return found


def is_chinese(sign: str) -> bool:
    return "一" <= sign <= "鿿"


def word_list(name: str) -> set[str]:
    return set(synonyms()["values"][name])
