"""The data dictionary (`data/README.md`), drawn from the contract.

Write it again after a change of the contract with ``python -m helpers.data.dictionary``.
"""

from __future__ import annotations

from helpers import places
from helpers.data.contract import KINDS, TABLES, Column, Table
from helpers.words import listing

_HEAD = """\
# The data dictionary

What the tables hold, column by column. This page is drawn from `src/helpers/data/contract.py`;
after a change there, write it again with `python -m helpers.data.dictionary`.

{tables} beside this page are Lantern Home, the
sample company. It is simulated; `glossary.csv`, `frameworks.csv` and `cases.csv` belong to the course. Any company's own data
can take their place: `workbook report --data FILE --map MAP.toml` reads an export with other column names
(`mappings/README.md` says how), and files with the names below need no mapping at all.

- Files are CSV in UTF-8 (Excel and Parquet are read too). An empty cell means "not known".
- Money is written in the main unit of one currency, with its digits: `129.00`.
- Dates are written `2026-03-04`, times `2026-03-04 08:45`.
- Numbers of orders, customers and products are text: `007` stays `007`.
- Only `orders` is needed. Every other table, and every column that is not marked as needed, adds something.
"""


def data_dictionary() -> str:
    """The whole page, in Markdown."""
    tables = listing([f"`{name}`" for name in TABLES])
    return "\n".join([_HEAD.format(tables=tables), *(_section(table) for table in TABLES.values())])


def _section(table: Table) -> str:
    rows = ["| column | what it is | type | limits | needed |", "| --- | --- | --- | --- | --- |"]
    rows += [_row(column) for column in table]
    gains = [f"- `{column.name}`: {column.gain}" for column in table if column.gain]
    text = [f"## {table.name}.csv", "", f"One row is {table.row}. {table.gain}", "", *rows, ""]
    return "\n".join(text + ([*gains, ""] if gains else []))


def _row(column: Column) -> str:
    kind = KINDS[column.kind] + (f", in {column.unit}s" if column.unit and column.unit != "currency" else "")
    limits = listing([text for text in (column.limits, "each value once" if column.unique else "") if text])
    needed = "yes" if column.required else ""
    if column.required and column.may_be_empty:
        needed = "yes; single cells may be empty"
    return f"| `{column.name}` | {column.means} | {kind} | {limits} | {needed} |"


def main() -> None:
    """Write the page into the data folder."""
    (places.SAMPLE / "README.md").write_text(data_dictionary(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
