"""Stage one of the door: find the files and read everything as text, with file and line.

Nothing is interpreted here. What a file is gets decided by its first bytes, not
by its name, because exports are often named wrongly.
"""

from __future__ import annotations

import fnmatch
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.delimited import read_delimited
from helpers.data.raw import RawTable
from helpers.data.sheets import read_duckdb, read_excel, read_parquet
from helpers.errors import DataError
from helpers.words import count, listing

DATA_SUFFIXES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet", ".duckdb")

# First bytes of files that people rename to .csv by mistake.
_NO_TABLES = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a picture or a sound (RIFF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"Rar!", "a packed archive"),
    (b"7z\xbc\xaf", "a packed archive"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"SQLite format 3", "an SQLite database"),
)


def read(
    path: str | Path,
    *,
    encoding: str = "",
    sheet: str = "",
    table: str = "",
    sql: str = "",
    header_line: int = 1,
) -> RawTable:
    """Read one file, or all data files of a folder one below the other, as text.

    Parameters
    ----------
    path : str or Path
        A file (CSV, TSV, Excel, Parquet, DuckDB) or a folder of them.
    encoding : str
        Only for text that is neither UTF-8 nor GB18030.
    sheet : str
        The sheet of an Excel workbook with several.
    table, sql : str
        The table of a DuckDB database, or a query on it.
    header_line : int
        The line with the column names, when a title stands above it.

    Returns
    -------
    RawTable

    Raises
    ------
    DataError
        If there is no file, no data in it, or no table.
    """
    path = Path(path)
    options = {"encoding": encoding, "sheet": sheet, "table": table, "sql": sql, "header_line": header_line}
    if path.is_dir():
        files, ignored = data_files(path)
        raw = read_files(files, **options)
        if ignored:
            raw.notes.append(ignored_in_words(ignored))
        return raw
    return read_files([path], **options)


def read_files(paths: list[Path], **options) -> RawTable:
    """Read files one below the other, columns matched by name; see `read` for the options."""
    tables = [_read_one(path, **options) for path in paths]
    filled = [table for table in tables if table.rows_in]
    if not filled:
        name = tables[0].name if len(tables) == 1 else f"{count(len(tables), 'file')} ({tables[0].name} ...)"
        raise DataError(f"{name} has a header line but no rows below it. Export it again with the data.")
    for part in tables:
        if len(part.broken) > part.rows_in / 2:
            raise DataError(
                f"{part.name}: {len(part.broken):,} of {count(part.rows_in, 'line')} have another number of fields than the header, "
                f"the first is line {part.broken['line'].iloc[0]}. Is there a title above the header "
                "(header_line = ... in the mapping), or a separator inside fields that are not in quotation marks?"
            )
    if len(tables) == 1:
        return tables[0]
    return _one_below_the_other(tables)


def _read_one(path: Path, *, encoding="", sheet="", table="", sql="", header_line=1) -> RawTable:
    try:
        with path.open("rb") as file:
            # A database may be larger than the memory; anything else is read as a whole.
            is_database = file.read(12)[8:] == b"DUCK"
            file.seek(0)
            mark = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            data = b"" if is_database else file.read()
    except FileNotFoundError:
        raise DataError(f"There is no file {path}. Check the name and the folder.") from None
    except OSError as error:
        raise DataError(f"{path} cannot be opened ({error.strerror}). Close it in other programs, or check the rights.") from None
    name = path.name
    if not data and not is_database:
        raise DataError(f"{name} is empty (0 bytes). Export it again.")
    if is_database:
        raw = read_duckdb(path, table=table, sql=sql)
    elif table or sql:
        raise DataError(f"{name} is no DuckDB database. Leave table and sql out of the mapping.")
    elif data[:4] == b"PAR1":
        raw = read_parquet(data, name)
    elif data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raw = read_excel(data, name, sheet=sheet, header_line=header_line)
    else:
        for start, what in _NO_TABLES:
            if data.startswith(start):
                raise DataError(f"{name} is {what}, not a table. Give the exported CSV or Excel file.")
        start = data[:300].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
            raise DataError(
                f"{name} is a web page or XML file, not a table. Open it in Excel and save it as .xlsx or CSV UTF-8."
            )
        raw = read_delimited(data, name, encoding=encoding, header_line=header_line)
    raw.fingerprints = [mark]
    return raw


def data_files(folder: Path, pattern: str = "") -> tuple[list[Path], list[str]]:
    """The data files of a folder by name, and the names of what was passed over.

    Parameters
    ----------
    folder : Path
    pattern : str
        Only files whose name fits, as in "orders_*.csv". Without one, all files
        with the ending of a table.

    Raises
    ------
    DataError
        If no file fits.
    """
    everything = sorted(folder.iterdir())
    if pattern:
        files = [p for p in everything if p.is_file() and fnmatch.fnmatchcase(p.name, pattern)]
        if not files:
            raise DataError(f"In the folder {folder} no file is called {pattern!r}. Correct file in the mapping.")
        return files, []
    visible = [p for p in everything if not p.name.startswith((".", "~$"))]
    files = [p for p in visible if p.is_file() and p.suffix.lower() in DATA_SUFFIXES]
    if not files:
        raise DataError(
            f"The folder {folder} has no data files. Put CSV, Excel or Parquet files into it, or name one file."
        )
    return files, [p.name for p in visible if p not in files]


def ignored_in_words(names: list[str]) -> str:
    """A sentence that names the files of a folder that are no data."""
    shown = names[:5] + ([f"{len(names) - 5} more"] if len(names) > 5 else [])
    return f"Passed over in the folder, no data files: {listing(shown)}."


def _one_below_the_other(tables: list[RawTable]) -> RawTable:
    columns = list(dict.fromkeys(column for table in tables for column in table.columns))
    notes = _said_once(tables)
    absent = {}
    for table in tables:
        missing = [column for column in columns if column not in table.columns]
        if missing and table.rows_in:
            absent[table.name] = missing
            shown = missing[:5] + ([f"{len(missing) - 5} more"] if len(missing) > 5 else [])
            notes.append(f"{table.name} has no column {listing(shown)}, which other files have; its cells stay empty.")
        if not table.rows_in:
            notes.append(f"{table.name} has a header line and no rows.")
    frames = [table.frame.reindex(columns=columns, fill_value="") for table in tables]
    frame = pd.concat(frames, ignore_index=True).astype("str")
    return RawTable(
        frame=frame,
        files=[name for table in tables for name in table.files],
        file=np.concatenate([np.full(len(table.frame), place, np.int64) for place, table in enumerate(tables)]),
        line=np.concatenate([table.line for table in tables]),
        kinds=[kind for table in tables for kind in table.kinds],
        broken=pd.concat([table.broken for table in tables], ignore_index=True),
        notes=notes,
        fingerprints=[mark for table in tables for mark in table.fingerprints],
        absent=absent,
    )


def _said_once(tables: list[RawTable]) -> list[str]:
    """The notes of all files; what is said of many files is said once, with their number."""
    texts: dict[str, list[str]] = {}
    for table in tables:
        for note in table.notes:
            texts.setdefault(note.removeprefix(table.name), []).append(table.name)
    return [
        f"{files[0]}{text}" if len(files) == 1 else f"{count(len(files), 'file')} ({files[0]} ...){text.replace(' is ', ' are ', 1)}"
        for text, files in texts.items()
    ]
