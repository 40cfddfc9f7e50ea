"""Typed sources (Excel, Parquet, DuckDB) given back as text, without losing a digit."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from helpers.data.raw import RawTable, clean_header
from helpers.errors import DataError
from helpers.words import count, listing

# From here on Excel keeps no more than the first 15 digits of a number.
_EXCEL_EXACT = 10**15


def read_excel(data: bytes, name: str, *, sheet: str = "", header_line: int = 1) -> RawTable:
    """Read one sheet of an Excel or OpenDocument workbook as text.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        Its name, for messages.
    sheet : str
        The sheet; without one, the only sheet that holds anything.
    header_line : int
        The row with the column names, when a title stands above it.
    """
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError:
        raise DataError(f"{name} is locked with a password. Save a copy without one.") from None
    except python_calamine.CalamineError:
        raise DataError(
            f"{name} is a packed or damaged file, no Excel workbook that can be read. "
            "Unpack it, or open it in Excel and save it again."
        ) from None
    names = book.sheet_names
    if sheet and sheet not in names:
        raise DataError(f"{name} has no sheet {sheet!r}; its sheets are {listing(map(repr, names))}. Correct sheet in the mapping.")
    notes = []
    wanted = [sheet] if sheet else names
    try:
        tables = {key: book.get_sheet_by_name(key).to_python(skip_empty_area=False) for key in wanted}
    except python_calamine.CalamineError as error:
        raise DataError(f"{name}: the sheet cannot be read ({error}). Save it again, or as CSV UTF-8.") from None
    filled = {key: rows for key, rows in tables.items() if any(cell != "" for row in rows for cell in row)}
    if not filled:
        raise DataError(f"{name} is empty. Export it again with a header line and the order lines.")
    if len(filled) > 1:
        raise DataError(
            f"{name} has {len(filled)} sheets with data: {listing(map(repr, filled))}. "
            'Name the one to read with sheet = "..." in the mapping.'
        )
    (used, rows), = filled.items()
    if len(names) > 1:
        notes.append(f"{name}: the sheet {used!r} was read.")
    # Rows above the header may be empty; the row number counts them.
    top = header_line - 1
    while top < len(rows) and not any(str(cell).strip() for cell in rows[top]):
        top += 1
    if top >= len(rows):
        raise DataError(f"{name} has no row {header_line} with column names. Correct header_line in the mapping.")
    header = [_cell(cell) for cell in rows[top]]
    body = rows[top + 1 :]
    keep = [place for place, title in enumerate(header) if title.strip() or any(row[place] != "" for row in body)]
    titles, said = clean_header([header[place] for place in keep])
    notes += [f"{name}: {sentence}" for sentence in said]
    columns = {title: [_cell(row[place]) for row in body] for title, place in zip(titles, keep, strict=True)}
    frame = pd.DataFrame({title: pd.Series(cells, dtype="str") for title, cells in columns.items()})
    return _without_blank_rows(frame, name, "excel", first_line=top + 2, notes=notes)


def _cell(value) -> str:
    """A cell as text: what Excel would show at full precision."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        if abs(value) >= _EXCEL_EXACT:
            return f"{value:.14E}"
        if value == int(value):
            return str(int(value))
        return _plain_decimal(value)
    if isinstance(value, datetime):
        # Excel keeps fractions of a day: 08:45 comes back some microseconds off.
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _plain_decimal(value: float) -> str:
    """A fraction to the 15 digits that a spreadsheet shows, never as 1e-05."""
    return format(Decimal(format(value, ".15g")), "f")


def from_arrow(table: pa.Table, name: str, kind: str) -> RawTable:
    """A typed Arrow table as text: whole floats without a point, times in ISO form."""
    titles, notes = clean_header(table.column_names)
    columns = {}
    for title, column in zip(titles, table.columns, strict=True):
        columns[title] = _as_text(column, f"{name}: the column {title!r}").to_pandas()
    frame = pd.DataFrame(columns)
    if frame.empty and not titles:
        raise DataError(f"{name} has no columns. Export it again.")
    return _without_blank_rows(frame.astype("str"), name, kind, first_line=1, notes=[f"{name}: {n}" for n in notes])


def _as_text(column: pa.ChunkedArray, what: str) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_nested(column.type):
        raise DataError(f"{what} holds lists or records, not single values. Write it out flat first.")
    if pa.types.is_boolean(column.type):
        text = pc.if_else(column, "yes", "no")
    elif pa.types.is_floating(column.type):
        text = _floats_as_text(column)
    elif pa.types.is_timestamp(column.type):
        # Without its zone the text is the clock time in that zone, as a person would read it.
        text = pc.strftime(column, format="%Y-%m-%d %H:%M:%S")
    elif pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        try:
            text = column.cast(pa.string())
        except pa.ArrowInvalid:
            raise DataError(f"{what} holds bytes that are no text. Leave it out of the file.") from None
    else:
        text = column.cast(pa.string())
    return pc.fill_null(text, "")


def _floats_as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    values = column.to_numpy().astype(float)
    present = np.isfinite(values)
    # A number column with gaps is stored as floats: 12583.0 was the id 12583.
    whole = present & (np.abs(np.where(present, values, 0)) < 2**53) & (np.where(present, values, 0.5) % 1 == 0)
    text = np.full(len(values), None, dtype=object)
    text[whole] = values[whole].astype(np.int64).astype(str)
    rest = present & ~whole
    text[rest] = [_plain_decimal(value) if abs(value) < _EXCEL_EXACT else f"{value:.14E}" for value in values[rest]]
    return pa.chunked_array([pa.array(text, pa.string())])


def read_parquet(data: bytes, name: str) -> RawTable:
    """Read a Parquet file as text."""
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(data))
    except pa.ArrowInvalid:
        raise DataError(f"{name} is a damaged Parquet file. Write it again.") from None
    return from_arrow(table, name, "parquet")


def read_duckdb(path: Path, *, table: str = "", sql: str = "") -> RawTable:
    """Read a table or the result of a query from a DuckDB database, which is not changed.

    Parameters
    ----------
    path : Path
        The database file.
    table : str
        A table in it; without one, the only table.
    sql : str
        A query in place of a table.
    """
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            if not sql:
                found = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
                found += [row[0] for row in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1").fetchall()]
                if not table and len(found) == 1:
                    table = found[0]
                if table not in found:
                    raise DataError(
                        f"{path.name} has the tables {listing(map(repr, found)) or '(none)'}. "
                        'Name the one to read with table = "..." in the mapping, or give sql = "SELECT ...".'
                    )
                quoted = table.replace('"', '""')
                sql = f'SELECT * FROM "{quoted}"'
            relation = connection.sql(sql)
            if relation is None:
                raise DataError(f"{path.name}: the query in sql gives no rows back. Write one that starts with SELECT.")
            result = relation.to_arrow_table()
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise DataError(f"{path.name}: the database gave no rows ({first}). Correct table or sql in the mapping.") from None
    return from_arrow(result, path.name, "duckdb")


def _without_blank_rows(frame: pd.DataFrame, name: str, kind: str, *, first_line: int, notes: list[str]) -> RawTable:
    line = np.arange(first_line, first_line + len(frame), dtype=np.int64)
    filled = np.zeros(len(frame), dtype=bool)
    for title in frame.columns:
        if filled.all():
            break
        filled |= frame[title].str.strip().ne("").to_numpy(dtype=bool)
    blank = int((~filled).sum())
    if blank:
        notes.append(f"{name}: {count(blank, 'blank row')} without any value passed over.")
        frame, line = frame[filled].reset_index(drop=True), line[filled]
    return RawTable(frame, [name], np.zeros(len(frame), np.int64), line, [kind], notes=notes)
