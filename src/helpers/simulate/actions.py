"""Reading an action list: which customers get which action."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from helpers.errors import DataError
from helpers.simulate.responses import ACTIONS

COLUMNS = ("customer_id", "action", "hold_out", "suppressed")
PROSPECTS = "convert"
"""A list of people who are no customers yet: the simulator lives customers alone."""


def read_actions(path: str | Path, *, known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The rows of an action list that are carried out.

    Parameters
    ----------
    path : path
        The CSV of a report (`monday.csv`), or the folder `actions` that holds
        it, or the report's folder.
    known : mapping of customer id to kind
        Who may be on a list: persons, not cards.

    Returns
    -------
    tuple of (customer_id, action)
        Rows with hold_out = no and nothing in suppressed, by customer.

    Raises
    ------
    DataError
        With file and line, if a row cannot be carried out as written.
    """
    path = Path(path)
    if path.is_dir():
        folder = path / "actions" if (path / "actions").is_dir() else path
        path = folder / "monday.csv"
    if not path.is_file():
        raise DataError(f"There is no action list at {path}. Give the CSV file that a report wrote.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            rows = [(reader.line_num, cells) for cells in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            f"{path.name} is not a CSV file in UTF-8 ({error}). Give the list as the report wrote it."
        ) from None
    if not rows:
        raise DataError(f"{path.name} is empty. Give the CSV file that a report wrote.")
    header = [_plain(cell) for cell in rows[0][1]]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise DataError(
            f"{path.name}, line 1: the column {missing[0]!r} is missing. "
            f"An action list has at least the columns {', '.join(COLUMNS)}."
        )
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise DataError(f"{path.name}, line 1: the column {twice!r} stands there twice. Keep one of them.")
    chosen = []
    seen: dict[str, int] = {}
    for line, cells in rows[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        where = f"{path.name}, line {line}"
        if len(cells) != len(header):
            raise DataError(
                f"{where}: {len(cells)} cells, but the header has {len(header)}. "
                "Was the file saved with another separator?"
            )
        row = dict(zip(header, map(_plain, cells), strict=True))
        if row.get("list") == PROSPECTS:
            continue
        customer, action = _checked(row, where, known)
        if customer in seen:
            raise DataError(
                f"{where}: the customer {customer!r} stands on line {seen[customer]} already. "
                "Give every customer one action."
            )
        seen[customer] = line
        if row["hold_out"] == "no" and not row["suppressed"]:
            chosen.append((customer, action))
    if not seen:
        raise DataError(f"{path.name} lists nobody. Leave the list away to live a quarter without actions.")
    if not chosen:
        raise DataError(
            f"{path.name}: all {len(seen)} rows are held out or suppressed, so there is nothing to do. "
            "Leave the list away to live a quarter without actions."
        )
    return tuple(sorted(chosen))


def check_actions(actions, *, known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Actions given in Python, checked as those of a file are.

    Parameters
    ----------
    actions : None, path, mapping, frame or pairs
        None: nobody. A path: see `read_actions`. A mapping of customer id to
        action, a frame with these two columns (hold_out and suppressed are
        heeded if there), or pairs.
    known : mapping of customer id to kind
    """
    if actions is None:
        return ()
    if isinstance(actions, str | Path):
        return read_actions(actions, known=known)
    if isinstance(actions, pd.DataFrame):
        for name in ("customer_id", "action"):
            if name not in actions.columns:
                raise DataError(f"The action list has no column {name!r}. It needs customer_id and action.")
        if "list" in actions.columns:
            actions = actions[actions["list"] != PROSPECTS]
        if "hold_out" in actions.columns:
            actions = actions[~actions["hold_out"].isin(["yes", True])]
        if "suppressed" in actions.columns:
            actions = actions[actions["suppressed"].fillna("").astype(str) == ""]
        pairs = list(zip(actions["customer_id"], actions["action"], strict=True))
    elif isinstance(actions, Mapping):
        pairs = list(actions.items())
    else:
        pairs = _pairs(actions)
    chosen: dict[str, str] = {}
    for place, (customer, action) in enumerate(pairs, start=1):
        where = f"The action list, entry {place}"
        row = {"customer_id": str(customer), "action": str(action), "hold_out": "no"}
        customer, action = _checked(row, where, known)
        if customer in chosen:
            raise DataError(f"{where}: the customer {customer!r} is listed twice. Give every customer one action.")
        chosen[customer] = action
    return tuple(sorted((who, what) for who, what in chosen.items() if what != "none"))


def _pairs(actions: Iterable) -> list[tuple[str, str]]:
    """Pairs of customer and action, or a plain word about what came instead."""
    try:
        return [(customer, action) for customer, action in actions]
    except (TypeError, ValueError):
        raise DataError(
            "The action list is not made of pairs of customer and action. "
            'Give {"C00101": "call"}, a frame with these two columns, or the path of a CSV file.'
        ) from None


def _checked(row: Mapping[str, str], where: str, known: Mapping[str, str]) -> tuple[str, str]:
    """Customer and action of a row, if both make sense."""
    customer, action = row["customer_id"], row["action"]
    if not customer:
        raise DataError(f"{where}: customer_id is empty. Fill it, or leave the line out.")
    if customer not in known:
        raise DataError(
            f"{where}: the customer {customer!r} is not known to this company. "
            "Was the list made from another company, or at another size or seed?"
        )
    if known[customer] != "person":
        raise DataError(
            f"{where}: {customer!r} is a {known[customer].replace('_', '-')} card, not a person. Leave the line out."
        )
    if action not in ACTIONS:
        raise DataError(f"{where}: there is no action {action!r}. Use one of {', '.join(ACTIONS[1:])}.")
    if row["hold_out"] not in ("yes", "no"):
        raise DataError(f"{where}: hold_out is {row['hold_out']!r}. Write yes or no.")
    return customer, action


def _plain(cell: str) -> str:
    """A cell without the blanks around it and without the apostrophe that defuses a formula."""
    return cell.strip().removeprefix("'").strip()
