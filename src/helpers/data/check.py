"""`workbook check`: what is in a team's data, what is wrong with it, and what more would add."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pandas as pd

from helpers import places, words
from helpers.data import contract
from helpers.data.company import Company
from helpers.data.loading import load
from helpers.errors import DataError

WIDTH = 96
SHOWN_RULES = 20

# What to do about a rule that is not the contract's own; those bring their advice along.
_ADVICE = {
    "fields": "Put texts that hold the separator into quotation marks, or export again as CSV UTF-8 or Excel.",
    "date format": "Write all dates of the file in one format, and name it with date = ... in [{table}.format].",
    "money": "Is {column} mapped to the right column, and is the decimal sign right?",
    "number": "Is {column} mapped to the right column, and is the decimal sign right?",
    "currency": "Convert all amounts to one currency first, or correct currency in the mapping.",
    "digits": 'Write extra_digits = "round" in [{table}.format], or correct the decimal sign.',
    "yes or no": "Name the words for yes and no in [{table}.values] of the mapping.",
    "id as number": "Export again with {column} as text; a spreadsheet cannot give the lost digits back.",
    "negative amount": 'Extend returns in [orders.rules], or write negative_amounts = "return".',
    "return sign": "Correct the lines, or the rule for returns in [orders.rules].",
}


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
        If they cannot be used at all, with the reason; the command line ends with 2.
    """
    company = load(path, mapping=mapping, as_of=as_of)
    lines = [*_lines(company), *_other_tables(company), *_rejected(company.rejects, rejects)]
    lines += [*_notes(company), *_lessons(company), *_gains(company)]
    if rejects:
        _write(company.rejects, Path(rejects))
        lines += ["", f"Wrote {words.count(len(company.rejects), 'rejected line')} to {rejects}."]
    lines += ["", _verdict(company), _next(path, mapping)]
    print("\n".join(lines))
    return 0


def _lines(company: Company) -> list[str]:
    """Where every order line went."""
    account, code = company.reconciliation, company.currency
    totals = account.totals
    head = (
        f"{company.name}: {words.count(totals['rows_in'], 'order line')} read, {totals['rows_used']:,} used, "
        f"{totals['rows_set_aside']:,} set aside, {totals['rows_rejected']:,} rejected."
    )
    rows = account.lines[account.lines["lines"] > 0]
    width = max((len(label) for label in rows["label"]), default=0)
    table = [
        f"  {row.label:<{width}}  {row.lines:>9,} {'line ' if row.lines == 1 else 'lines'}  "
        f"{words.money(row.amount_minor, code=code, cents=True):>18}"
        f"{'' if row.used else '  not used'}"
        for row in rows.itertuples()
    ]
    orders = company.orders
    first, last = orders["ordered_at"].min().date(), orders["ordered_at"].max().date()
    sales = orders[orders["status"] == "sale"]
    by_customer = sales.groupby("customer_id")["order_id"].nunique()
    # What is left out stands in the table above; what is counted although it is no plain sale stands here.
    counted = account.memo[(account.memo["lines"] > 0) & (account.memo["choice"] == "in")]
    sentences = [
        f"{words.count(totals['customers_with_a_sale'], 'customer')} from {words.day(first)} to {words.day(last)}; "
        f"net of returns {words.money(totals['net_minor'], code=code, cents=True)}. "
        f"Report date: {words.day(company.as_of)}.",
        f"{words.count(sales['order_id'].nunique(), 'order')} with {len(sales) / max(sales['order_id'].nunique(), 1):.1f} "
        f"lines on average; {words.count(int((by_customer == 1).sum()), 'customer')} with one order only.",
        *(
            f"{row.label}: {words.count(row.lines, 'line')}, "
            f"{words.money(row.amount_minor, code=code, cents=True)}, counted as the mapping says."
            for row in counted.itertuples()
        ),
    ]
    return [head, *table, "", *_wrapped(*sentences)]


def _other_tables(company: Company) -> list[str]:
    rejected = company.rejects["table"].value_counts()
    return [
        f"  {name}: {words.count(len(frame) + int(rejected.get(name, 0)), 'row')} read, {len(frame):,} accepted."
        for name, frame in company.tables.items()
        if name != "orders"
    ]


def _rejected(rejects: pd.DataFrame, target: str) -> list[str]:
    """The rejected lines by rule: how many, the first one, and what to do."""
    if rejects.empty:
        return []
    lines = ["", "Rejected, by rule" + ("" if target else " (to see each line: --rejects rejects.csv)")]
    groups = rejects.groupby(["table", "column", "rule"], sort=False)
    ordered = sorted(groups, key=lambda item: -len(item[1]))
    for (table, column, rule), part in ordered[:SHOWN_RULES]:
        first = part.iloc[0]
        where = f"{table}.{column}" if column else table
        # The first fault of the line; the others have, or will have, groups of their own.
        fact = first["message"].partition("; also: ")[0]
        lines += _wrapped(
            f"{where}: {words.count(len(part), 'line')}. First: {first['file']}, line {first['line']}. {_sentence(fact)}"
        )
        advice = _advice(table, column, rule)
        lines += _wrapped(advice, indent="    ") if advice else []
    if len(ordered) > SHOWN_RULES:
        lines.append(f"  ... and {words.count(len(ordered) - SHOWN_RULES, 'more rule')}.")
    return lines


def _advice(table: str, column: str, rule: str) -> str:
    if rule in contract.RULES and column in contract.TABLES[table]:
        return _sentence(contract.in_words(table, column, rule)[1])
    return _ADVICE.get(rule, "").format(table=table, column=column)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _notes(company: Company) -> list[str]:
    return ["", "To keep in mind", *_wrapped(*company.notes)] if company.notes else []


def _lessons(company: Company) -> list[str]:
    """Which reports can be made from these data; each notebook says what it needs."""
    lines = []
    for path in sorted(places.NOTEBOOKS.glob("[0-9][0-9]*.ipynb")):
        try:
            about = json.loads(path.read_text(encoding="utf-8"))["metadata"]["lesson"]
        except (OSError, ValueError, KeyError):
            continue
        needs = [{"name": need} if isinstance(need, str) else need for need in about.get("tables", [])]
        # A table that this version does not know yet cannot be there.
        lacking = [need for need in needs if not _has(company, need["name"])]
        required = [need["name"] for need in lacking if need.get("needed", True)]
        optional = [need["name"] for need in lacking if not need.get("needed", True)]
        said = "Yes"
        if required:
            said = f"No, it needs {words.listing(required)}"
        elif optional:
            said = f"Yes, without what needs {words.listing(optional)}"
        number = re.match(r"\d\d[a-z]?", path.stem).group()
        title = about.get("title", path.stem)
        lines += _wrapped(f"{number} {title} {'' if title.endswith('?') else '- '}{_sentence(said)}")
    return ["", "Reports that these data can carry", *lines] if lines else []


def _has(company: Company, name: str) -> bool:
    try:
        return company.has(name)
    except KeyError:
        return False


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


def _verdict(company: Company) -> str:
    """Whether the data can be used, and how much there is to look at first."""
    kinds = len(company.rejects.groupby(["table", "column", "rule"]))
    things = []
    if kinds:
        things.append(f"{words.count(kinds, 'kind')} of rejected lines")
    if company.notes:
        things.append(f"{words.count(len(company.notes), 'thing')} to keep in mind")
    if not things:
        return "The data can be used, and nothing in them calls for a second look."
    return f"The data can be used. Look first at the {words.listing(things)}."


def _next(path: str, mapping: str) -> str:
    chosen = f" --map {_typed(mapping)}" if mapping else ""
    return f"Next: python workbook.py report --data {_typed(path)}{chosen}"


def _typed(text: str) -> str:
    """A path as it must be typed: in quotation marks where it has spaces."""
    return f'"{text}"' if " " in text else text


def _write(rejects: pd.DataFrame, target: Path) -> None:
    """Rejected lines as CSV that Excel opens right: with the mark for Chinese, and no cell that runs as a formula."""
    safe = rejects.copy()
    for name in safe.select_dtypes("str"):
        safe[name] = safe[name].str.replace(r"^(?=[=+\-@\t\r＝＋－＠])", "'", regex=True)
    try:
        safe.to_csv(target, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    except OSError as error:
        raise DataError(f"{target} cannot be written ({error.strerror}). Give another place with --rejects.") from None


def _wrapped(*sentences: str, indent: str = "  ") -> list[str]:
    return [
        line
        for sentence in sentences
        for line in textwrap.wrap(
            sentence,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent + "  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]
