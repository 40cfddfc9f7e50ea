"""`workbook check`: what is in a team's data, what is wrong with it, and what more would add."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pandas as pd

from helpers import words
from helpers.data import contract
from helpers.data.company import Company
from helpers.data.loading import load

WIDTH = 96
SHOWN_RULES = 20


def check(path: str, mapping: str = "", as_of: str = "", rejects: str = "") -> int:
    """Read a team's data as a report would, and print what a report would find.

    Parameters
    ----------
    path, mapping, as_of : str
        As `helpers.data.load` takes them.
    rejects : str
        Where to write the rejected lines as CSV; empty: nowhere.

    Returns
    -------
    int
        0: the data can be used.

    Raises
    ------
    DataError
        If they cannot be used at all, with the reason.
    """
    company = load(path, mapping=mapping, as_of=as_of)
    lines = [*_lines(company), *_rejected(company.rejects), *_notes(company), *_gains(company)]
    if rejects:
        # With the mark that lets Excel read Chinese.
        company.rejects.to_csv(rejects, index=False, encoding="utf-8-sig")
        lines += ["", f"Wrote {words.count(len(company.rejects), 'rejected line')} to {rejects}."]
    elif len(company.rejects):
        lines += ["", "To see each rejected line: --rejects rejects.csv"]
    lines += ["", _next(company, path, mapping)]
    print("\n".join(lines))
    return 0


def _lines(company: Company) -> list[str]:
    """Where every order line went."""
    account = company.reconciliation
    totals = account.totals
    head = (
        f"{company.name}: {words.count(totals['rows_in'], 'order line')} read, {totals['rows_used']:,} used, "
        f"{totals['rows_set_aside']:,} set aside, {totals['rows_rejected']:,} rejected."
    )
    rows = account.lines[account.lines["lines"] > 0]
    width = max((len(label) for label in rows["label"]), default=0)
    table = [
        f"  {row.label:<{width}}  {row.lines:>9,} lines  "
        f"{words.money(row.amount_minor, code=company.currency, cents=True):>18}"
        f"{'' if row.used else '  not used'}"
        for row in rows.itertuples()
    ]
    orders = company.orders
    span = "No order line can be used."
    if len(orders):
        first, last = orders["ordered_at"].min().date(), orders["ordered_at"].max().date()
        span = (
            f"{words.count(totals['customers_with_a_sale'], 'customer')} from {words.day(first)} to {words.day(last)}; "
            f"net of returns {words.money(totals['net_minor'], code=company.currency, cents=True)}. "
            f"Report date: {words.day(company.as_of)}."
        )
    memo = [
        f"{row.label}: {words.count(int(row.lines), 'line')}, "
        f"{words.money(row.amount_minor, code=company.currency, cents=True)}, "
        f"{'counted' if row.choice == 'in' else 'left out'} as the mapping says."
        for row in account.memo[account.memo["lines"] > 0].itertuples()
    ]
    return [head, *table, "", *_wrapped(span, *memo)]


def _rejected(rejects: pd.DataFrame) -> list[str]:
    """The rejected lines by rule: how many, the first one, and what to do."""
    if rejects.empty:
        return []
    lines = ["", "Rejected, by rule"]
    groups = rejects.groupby(["table", "column", "rule"], sort=False)
    ordered = sorted(groups, key=lambda item: -len(item[1]))
    for (table, column, rule), part in ordered[:SHOWN_RULES]:
        first = part.iloc[0]
        where = f"{table}.{column}" if column else table
        lines += _wrapped(
            f"{where}: {words.count(len(part), 'line')} ({rule}). First: {first['file']}, line {first['line']}. {first['message']}"
        )
    if len(ordered) > SHOWN_RULES:
        lines.append(f"... and {words.count(len(ordered) - SHOWN_RULES, 'more rule')}.")
    return lines


def _notes(company: Company) -> list[str]:
    return ["", "To keep in mind", *_wrapped(*company.notes)] if company.notes else []


def _gains(company: Company) -> list[str]:
    """Tables and columns that are not there, with what each would add."""
    missing = []
    for name, table in contract.TABLES.items():
        if not company.has(name):
            missing.append((name, table.gain))
            continue
        missing += [
            (f"{name}.{column.name}", column.gain)
            for column in table.columns
            if column.gain and not company.has(f"{name}.{column.name}")
        ]
    if not missing:
        return []
    return ["", "Not in the data, and what it would add", *_wrapped(*(f"{name}: {gain}" for name, gain in missing))]


def _next(company: Company, path: str, mapping: str) -> str:
    given = f"--data {Path(path)}" if path else ""
    chosen = f" --map {mapping}" if mapping else ""
    return f"Next: python workbook.py report {given}{chosen}".rstrip()


def _wrapped(*sentences: str) -> list[str]:
    return [
        line
        for sentence in sentences
        for line in textwrap.wrap(
            sentence, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )
    ]
