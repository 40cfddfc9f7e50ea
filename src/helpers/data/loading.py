"""The door: from a file or a folder to a `Company`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from helpers import places
from helpers.data import contract, kept
from helpers.data.company import PREPARED, Company, open_prepared
from helpers.data.mapping import Mapping, TableMapping
from helpers.data.notes import notes_on
from helpers.data.parsing import MARKS, Parsed, columns_in_words, parse, refuse_without_header
from helpers.data.raw import RawTable
from helpers.data.reading import DATA_SUFFIXES, data_files, ignored_in_words, read_files
from helpers.data.reconcile import reconcile
from helpers.data.status import LABELS, USED, assign_status
from helpers.errors import DataError
from helpers.words import count, day, listing

DEFAULT_CURRENCY = "CNY"


def load(
    path: str | Path = "",
    *,
    mapping: str | Path | Mapping = "",
    as_of: str | date = "",
    set_aside: Iterable[str] | None = None,
) -> Company:
    """Read a company: its orders, and customers, products, contacts and a survey where there are any.

    Parameters
    ----------
    path : str or Path
        A file or a folder; empty for the sample company. A folder that
        `Company.save` wrote is opened as it is.
    mapping : str, Path or Mapping
        The mapping file. Without one the columns must have the contract's names.
    as_of : str or date
        The report date. Without one the mapping's, else the day of the newest order.
    set_aside : names out of "non_product", "repeated", "shared_card"
        These are set aside and the others kept, whatever the mapping chooses;
        None leaves the choice to the mapping.

    Returns
    -------
    Company

    Raises
    ------
    DataError
        If the data cannot be used as they are; the message says what to do.

    Examples
    --------
    >>> company = load("shop.csv", mapping="shop.toml")  # doctest: +SKIP
    >>> company.reconciliation.sentences()  # doctest: +SKIP
    """
    if not str(path) and not mapping and not as_of and set_aside is None:
        return kept.sample(lambda: load(places.SAMPLE))
    path = Path(path) if str(path) else places.SAMPLE
    stated = _date(as_of)
    if not path.exists():
        raise DataError(f"There is no file or folder {path}. Check the name.")
    if path.is_dir() and (path / PREPARED).is_file():
        return _reopen(path, mapping, stated, set_aside)
    about = _about(path)
    chosen = Mapping.read(mapping) if mapping and not isinstance(mapping, Mapping) else mapping or None
    raws, notes = read_raw(path, chosen)
    if about:
        notes = []  # the sample company's folder holds the course's own files besides
    if chosen is None:
        chosen = _identity(raws, path)
        chosen = replace(
            chosen, name=about.get("name", ""), currency=about.get("currency", ""), as_of=_date(about.get("as_of", ""))
        )
    chosen = chosen.with_choice(set_aside)
    code = chosen.currency or DEFAULT_CURRENCY
    if not chosen.currency:
        notes.append(f'No currency is stated, so amounts are shown in {code}. State it with currency = "..." in a mapping.')
    tables = {name: parse(raw, chosen.tables[name], currency_code=code) for name, raw in raws.items()}
    if not len(tables["orders"].frame):
        first = tables["orders"].rejects.iloc[0]
        raise DataError(
            f"Not one order line can be used: all {tables['orders'].rows_in:,} are rejected, "
            f"the first ({first['file']}, line {first['line']}) because {first['message']}. Correct the export or the mapping."
        )
    if stated is None:
        stated = chosen.as_of
    day_of_report = stated or _newest_day(tables["orders"].frame)
    sample = bool(about.get("simulated", False))
    return _company(chosen, tables, day_of_report, stated is not None, raws, notes, code, path, mapping, sample)


def _company(mapping, tables, as_of, as_of_is_stated, raws, notes, code, path, mapping_path, sample) -> Company:
    orders, customers = tables["orders"], tables.get("customers")
    choice = mapping.tables["orders"]
    options = {
        "as_of": as_of,
        "walk_in": choice.walk_in,
        "staff": choice.staff,
        "customers": None if customers is None else customers.frame,
    }
    lines = orders.frame
    lines = lines.assign(status=assign_status(lines, set_aside=choice.set_aside, **options))
    base = assign_status(lines, set_aside=tuple({"shared_card"} & set(choice.set_aside)), **options)
    reconciliation = reconcile(
        lines,
        base,
        orders.rejected,
        rows_in=orders.rows_in,
        rejected_rows=len(orders.rejects),
        currency=code,
        set_aside=choice.set_aside,
        rounding=float(orders.rounding),
        rounded_lines=orders.rounded_lines,
    )
    _refuse_without_sales(lines, as_of)
    frames = {name: table.frame for name, table in tables.items()}
    frames["orders"] = lines.drop(columns=list(MARKS))
    said = [*notes, *(note for table in tables.values() for note in table.notes)]
    said += notes_on(frames, reconciliation, as_of=as_of, as_of_is_stated=as_of_is_stated)
    return Company(
        name=mapping.name or path.resolve().stem,
        currency=code,
        as_of=as_of,
        is_sample=sample,
        tables=frames,
        rejects=_all_rejects(tables),
        reconciliation=reconciliation,
        fingerprint=_fingerprint(raws, mapping),
        notes=tuple(dict.fromkeys(said)),
        mapping="" if isinstance(mapping_path, Mapping) or not str(mapping_path) else Path(mapping_path).name,
    )


def _all_rejects(tables: dict[str, Parsed]) -> pd.DataFrame:
    return pd.concat([table.rejects for table in tables.values()], ignore_index=True)


def _fingerprint(raws: dict[str, RawTable], mapping: Mapping) -> str:
    total = hashlib.sha256()
    for name, raw in raws.items():
        for file, mark in zip(raw.files, raw.fingerprints, strict=True):
            total.update(f"{name}\0{file}\0{mark}\n".encode())
    total.update(mapping.fingerprint.encode())
    return total.hexdigest()


def _refuse_without_sales(lines: pd.DataFrame, as_of: date) -> None:
    if lines["status"].isin(USED).any():
        return
    days = lines["ordered_at"]
    if (lines["status"] == "after_as_of").all():
        raise DataError(
            f"All orders lie after the report date {day(as_of)}: they run from {day(days.min())} to {day(days.max())}. "
            "Give a later date with as_of."
        )
    reasons = lines["status"].value_counts()
    named = listing(f"{LABELS[status].lower()} ({lines_of:,})" for status, lines_of in reasons.items())
    raise DataError(
        f"Of {count(len(lines), 'order line')} none is a sale to a known customer: {named}. "
        "Is customer_id mapped to the right column, and do the rules of the mapping fit?"
    )


def _newest_day(orders: pd.DataFrame) -> date:
    """The day of the newest line, unless it lies so far from the others that it must be a mistake."""
    when = orders["ordered_at"]
    newest = when.max()
    usual = when.quantile(0.999, interpolation="lower")
    # With few lines the newest of them is the 99.9th percentile's neighbour by chance.
    is_far = len(when) >= 200 and newest - usual > pd.Timedelta(days=366)
    if is_far or newest.year >= 2090:
        late = int((when > usual + pd.Timedelta(days=366)).sum()) if is_far else int((when.dt.year >= 2090).sum())
        worst = orders.loc[when.idxmax()]
        rest = when[when.dt.year < 2090].max() if not is_far else usual
        advice = f'State the report date, for example as_of = "{rest.date()}"; ' if not pd.isna(rest) else "State as_of; "
        raise DataError(
            f"The newest order is of {day(newest)} ({worst['source_file']}, line {worst['source_line']}), "
            f"far later than nearly all others ({count(late, 'line')} like this), so the report date cannot be taken from the file. "
            f"{advice}later lines are then set aside by name."
        )
    return newest.date()


def _date(value: str | date | None) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value if type(value) is date else date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise DataError(f"as_of = {value!r} is no date. Write it as in 2026-06-30.") from None


def _reopen(path: Path, mapping, as_of: date | None, set_aside) -> Company:
    if mapping:
        raise DataError(f"{path} holds a prepared company, which needs no mapping. Leave --map out, or give the original files.")
    company = open_prepared(path)
    if (as_of is not None and as_of != company.as_of) or set_aside is not None:
        raise DataError(
            f"{path} holds a company prepared for {day(company.as_of)}. "
            "For another date or another choice of lines, prepare it again from the original files."
        )
    return company


def _about(path: Path) -> dict:
    """What `sample.json` beside the tables says: name, currency, report date."""
    file = path / "sample.json"
    if not path.is_dir() or not file.is_file():
        return {}
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise DataError(f"{file} cannot be read. Make the sample company again with: workbook simulate") from None
    return said if isinstance(said, dict) else {}


def read_raw(path: str | Path, mapping: Mapping | None = None) -> tuple[dict[str, RawTable], list[str]]:
    """Find the files of each table and read them as text.

    Parameters
    ----------
    path : str or Path
        A file or a folder.
    mapping : Mapping, optional
        May name files, sheets and tables. Without one, files are told by their
        names: orders.csv, customers.csv ...; a folder with neither is read as
        monthly files of orders.

    Returns
    -------
    tables : dict of RawTable, with "orders" first
    notes : list of str
    """
    path = Path(path)
    if path.is_dir():
        return _read_folder(path, mapping)
    tables = {}
    for name, part in _parts(mapping).items():
        if name == "orders" or not part.file:
            if name != "orders" and not (part.sheet or part.db_table or part.sql):
                raise DataError(
                    f'The mapping of {name} names no file. Write file = "{name}.csv" in [{name}], or give a folder as the data.'
                )
            files = [path]
        else:
            files, _ = data_files(path.parent, part.file)
        tables[name] = read_files(files, **_options(part, mapping, files))
    return tables, []


def _read_folder(folder: Path, mapping: Mapping | None) -> tuple[dict[str, RawTable], list[str]]:
    parts = _parts(mapping)
    if mapping is None:
        parts = {name: TableMapping(name, {}) for name in contract.TABLES}
    patterns = {name: part.file for name, part in parts.items() if part.file}
    if "orders" in patterns:
        everything, ignored = [p for p in sorted(folder.iterdir()) if p.is_file()], []
    else:
        everything, ignored = data_files(folder)
    found: dict[str, list[Path]] = {}
    for name in sorted(parts, key=lambda name: name == "orders"):
        if name in patterns:
            found[name], _ = data_files(folder, patterns[name])
        else:
            found[name] = [p for p in everything if _belongs(p, name)]
    taken = {file for files in found.values() for file in files}
    if not found["orders"]:
        # No file is called orders: the folder is the export, month by month.
        found["orders"] = [p for p in everything if p not in taken and not any(_belongs(p, t) for t in contract.TABLES)]
        taken |= set(found["orders"])
    if not found["orders"]:
        raise DataError(f"The folder {folder} has no orders. Put the export of orders into it, or name the file itself.")
    left = [p.name for p in everything if p not in taken and p.suffix.lower() in DATA_SUFFIXES]
    notes = [ignored_in_words(ignored)] if ignored else []
    if left:
        notes.append(f"Not read, because no table of this version is called so: {listing(left[:8])}.")
    tables = {}
    for name in contract.TABLES:
        if name in parts and found.get(name):
            tables[name] = read_files(found[name], **_options(parts[name], mapping, found[name]))
        elif mapping is not None and name in parts:
            raise DataError(f'The mapping has [{name}], but the folder {folder} has no such file. Write file = "..." in [{name}].')
    return tables, notes


def _belongs(file: Path, table: str) -> bool:
    """Whether a file's name says that it is a table, or a part of it: orders.csv, orders_2026-01.csv."""
    stem = file.stem.lower()
    return file.suffix.lower() in DATA_SUFFIXES and (stem == table or stem.startswith((f"{table}_", f"{table}-", f"{table} ")))


def _parts(mapping: Mapping | None) -> dict[str, TableMapping]:
    return {"orders": TableMapping("orders", {})} if mapping is None else dict(mapping.tables)


def _options(part: TableMapping, mapping: Mapping | None, files: list[Path]) -> dict:
    return {
        "encoding": mapping.encoding if mapping else "",
        "sheet": part.sheet,
        "table": part.db_table,
        "sql": part.sql,
        "header_line": part.header_line,
    }


def _identity(raws: dict[str, RawTable], path: Path) -> Mapping:
    """The mapping of files that have the contract's column names; refused when they have not."""
    for name, raw in raws.items():
        missing = [column for column in contract.TABLES[name].required if column not in raw.columns]
        if missing:
            refuse_without_header(raw)
            if name == "orders" and len(raws) == 1:
                _refuse_another_table(raw)
            target = path if name == "orders" else raw.files[0]
            raise DataError(
                f"{raw.name} lacks the {'column' if len(missing) == 1 else 'columns'} {listing(missing)}; "
                f"it has {columns_in_words(raw.columns)}. "
                f"Draft a mapping that says which column is which, with: workbook map {target}"
            )
    return Mapping.identity({name: raw.columns for name, raw in raws.items()})


def _refuse_another_table(raw: RawTable) -> None:
    """A file that has all columns of another table is no file of orders with other names."""
    for name, table in contract.TABLES.items():
        if name != "orders" and len(table.required) > 1 and set(table.required) <= set(raw.columns):
            raise DataError(
                f"{raw.name} is a {name} table (one row is {table.row}), and a report needs orders. "
                f"Put both into one folder, as orders.csv and {name}.csv, and give the folder."
            )
