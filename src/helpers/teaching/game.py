"""The game as a page: what each decision left, in how many futures, and which report could have said it before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.plan import figures, findings
from helpers.teaching import pages

PAGE, TABLE = "game.html", "game.csv"
REASONS = {
    "coupon": "Most who used a coupon would have come anyway, and some sleepers want quiet (04). It takes fifteen of a hundred off what they would have paid.",
    "price": "Whoever comes anyway pays less, and the price was never what kept people away: effort and bother weigh more (02).",
    "adverts": "People who came by adverts leave little after what it cost to win them, and more adverts reach those who listen less (00a).",
    "hotline": "The hotline scores low and moves little of how content people are (01a). Loud is not heavy.",
    "lot": "A call wakes some of those who sleep (04); drawn by lot most calls reach others.",
    "sleepers": "A call to those who sleep was shown to work, by lot (04). Next year they sleep again: the cause is still there.",
    "repair": "Three reports name the place independently of each other: the hand-over (01a), the fall (03a), the promise (06).",
    "plan": "The cause, and what a lot has shown to work; nothing for what it has not.",
    "repairs": "The hand-over (01a), the shop that sells what comes back (03a), and old customers whom nobody answers (00a).",
    "best": "Nobody can know whom a call makes buy. It shows how much there was to be had.",
}
"""Why each preset does what it does at Lantern Home, and where a trainee could have read it."""


TAKEN = {
    "nothing", "coupon for all", "ten per cent off", "more adverts", "a better hotline", "calls by lot", "calls to sleepers", "repair one cause", "the plan",
    "repair the causes", "best possible",
}  # fmt: skip
"""Titles of the presets, small: the table names decisions by their title."""


@dataclass(frozen=True)
class Team:
    """A company that somebody let live.

    Attributes
    ----------
    name : str
    path : Path
        Its folder, or its state.json.
    """

    name: str
    path: Path


def teams(places: list[str]) -> list[Team]:
    """The companies of a group, named by their folders or files.

    Raises
    ------
    DataError
        If a place does not exist, or two have one name.
    """
    found: list[Team] = []
    for place in places:
        path = Path(place).expanduser()
        if not path.exists():
            raise DataError(f"There is nothing at {place}. Name folders that `workbook simulate` wrote, or their state.json.")
        own = path.stem.replace("state", "").strip(" _-.") if path.is_file() else path.resolve().name
        name = own or path.resolve().parent.name
        if name.casefold() in TAKEN:
            raise DataError(f"A company may not be called {name}: one of the presets is. Rename its folder or file.")
        if name in [one.name for one in found]:
            raise DataError(f"Two companies are called {name}. Rename one of the folders, so that the table can tell them apart.")
        found.append(Team(name, path))
    return found


def rows(made: pd.DataFrame, *, names: Mapping[str, str], own: set[str], over: Mapping[str, int], code: str) -> list[dict[str, Any]]:
    """The table in words.

    Parameters
    ----------
    made : DataFrame
        As `helpers.simulate.game.table` gives it.
    names : dict of title to name
    own : set of str
        Titles of the group's own companies.
    over : dict of title to fen above the budget
    code : str
    """
    return [
        {
            "decision": row.decision,
            "own": row.decision in own,
            "spent": words.money(row.spent_minor, code=code),
            "over": words.money(over[row.decision], code=code) if over.get(row.decision) else "",
            "beyond": words.money(row.beyond_minor, code=code),
            "low": words.money(row.low_minor, code=code),
            "high": words.money(row.high_minor, code=code),
            "ahead": f"{row.ahead} of {row.futures}",
            "why": REASONS.get(names.get(row.decision, ""), ""),
        }
        for row in made.itertuples()
    ]


def page(lived: pd.DataFrame, ranked: list[dict[str, Any]], *, quarters: Mapping[str, pd.DataFrame], budget_minor: int, code: str) -> str:
    """The page.

    Parameters
    ----------
    lived : DataFrame
        As `helpers.simulate.game.compare` gives it.
    ranked : list of dict
        From `rows`.
    quarters : dict of title to DataFrame
        What the quarters of the group's own companies brought, as `World.results` gives it.
    budget_minor : int
    code : str
    """
    return pages.render(
        "game.html.j2",
        ranked=ranked,
        futures=int(lived["future"].nunique()),
        budget=words.money(budget_minor, code=code),
        figure=pages.picture(figures.year(lived, code=code)),
        said=[pages.prose(one) for one in findings.year(lived, code=code)],
        teams=any(one["own"] for one in ranked),
        over=[one for one in ranked if one["over"]],
        quarters=[
            {
                "title": title,
                "rows": [
                    [str(row.quarter), words.day(row.until), *(words.money(getattr(row, name), code=code) for name in
                     ("revenue_minor", "margin_minor", "contact_cost_minor", "repair_cost_minor", "profit_minor"))]
                    for row in frame.itertuples()
                ],
            }
            for title, frame in quarters.items()
        ],
    )  # fmt: skip
