"""The audit of one's own firm by the four shifts: where it stands, where it wants to be, and what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers import words
from helpers.withheld import Withheld

SHIFTS = ("whole life cycle", "all around the product", "active", "deep")
"""The four shifts from managing products to managing customers, as the worksheet offers them."""
TOP = 10


def gaps(answers: Mapping[str, Any]) -> pd.DataFrame | Withheld:
    """The four shifts with their gaps, the largest first.

    Parameters
    ----------
    answers : mapping
        Of the worksheet `self-audit`: `shifts`, a list of rows with `shift`,
        `now` and `target` from 0 to 10, and `evidence`.

    Returns
    -------
    DataFrame
        `shift`, `now`, `target`, `gap`, `evidence`; with equal gaps the shift that stands lower comes first.
        Or Withheld, where the worksheet does not have each shift once.
    """
    rows = answers.get("shifts") or []
    named = [row["shift"] for row in rows]
    missing = [shift for shift in SHIFTS if shift not in named]
    if missing or len(named) > len(SHIFTS):
        reason = (
            "Nothing is filled in yet." if not named
            else f"It needs each of the four shifts once, and has no line for {words.listing(missing)}." if missing
            else "It has one of the four shifts twice."
        )  # fmt: skip
        return Withheld("Your audit", reason, "Fill in the worksheet above, save it, and run this cell again.")
    table = pd.DataFrame(rows)[["shift", "now", "target", "evidence"]]
    table.insert(3, "gap", table["target"] - table["now"])
    return table.sort_values(["gap", "now", "shift"], ascending=[False, True, True], ignore_index=True)


def score(table: pd.DataFrame | Withheld) -> float | Withheld:
    """How far the firm is on its way from product to customer: all points it has of all that there are, from 0 to 1."""
    return table if isinstance(table, Withheld) else float(table["now"].sum() / (TOP * len(table)))


def without_evidence(table: pd.DataFrame, *, fewest_words: int = 4) -> list[str]:
    """The shifts whose evidence is too short to be checked by a stranger."""
    return [row.shift for row in table.itertuples() if len(str(row.evidence).split()) < fewest_words]


def sentences(table: pd.DataFrame | Withheld) -> list[str]:
    """What the audit says, for the one who filled it in."""
    if isinstance(table, Withheld):
        return [table._repr_markdown_()]
    first = table.iloc[0]
    said = [
        f"Your firm has **{table['now'].sum():g} of {TOP * len(table)}** points ({words.percent(score(table))}). The widest gap: "
        f"**{first['shift']}**, "
        f"from {first['now']:g} to {first['target']:g}."
    ]
    if thin := without_evidence(table):
        said.append(f"A stranger could not check {words.listing(thin)}: name a number, a rule or an event.")
    return said
