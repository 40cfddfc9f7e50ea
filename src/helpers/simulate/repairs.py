"""What the company as a whole can do in a quarter, beside a list: repairs that last, and measures for one quarter.

A repair ends what a story does, from some weeks after it begins. Nothing here
is in a public table; the truth of a repair is the life lived with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helpers.errors import DataError
from helpers.words import listing

NEVER = 10**6
QUARTER_DAYS = 92
PRICE_CUT_PERCENT, PRICE_CUT_RATE = 10, 1.05
"""Off everything, and how much more often people order then."""
INSTALLED_IN_TIME = 0.35
"""What is left of the complaints over late, broken or unkept work where own people install."""


@dataclass(frozen=True)
class Repair:
    """One thing to decide on.

    Attributes
    ----------
    once_fen, quarter_fen : int
        What it costs when it begins, and in every quarter in which it is at work.
    starts_after : int
        Days until it works.
    lasts : bool
        Whether it goes on once begun, or is for one quarter.
    title, what : str
        As the one who decides reads it.
    """

    once_fen: int
    quarter_fen: int
    starts_after: int
    lasts: bool
    title: str
    what: str


REPAIRS = {
    "installers": Repair(
        1_500_000, 300_000, 28, True, "Own installers",
        "Own people take over what partners do at the hand-over, and the installers of the region that fell; each quarter costs so much more than the partners do.",
    ),
    "retraining": Repair(
        800_000, 200_000, 14, True, "Retrain the shop",
        "A trainer in the shop with the most returns, and a second look at every order before it goes out.",
    ),
    "old_customers": Repair(
        0, 1_200_000, 0, True, "Look after old customers",
        "In each city somebody keeps an hour a day for old customers, as it was before the record year.",
    ),
    "hotline": Repair(
        4_500_000, 500_000, 14, True, "A better hotline",
        "More people and a new telephone system: nobody waits longer than two minutes.",
    ),
    "price_cut": Repair(0, 200_000, 0, False, "Ten per cent off everything", "For one quarter, with posters in all shops."),
    "advertising": Repair(0, 9_000_000, 0, False, "As many adverts again", "For one quarter, on top of those that run. Who listens first is won already: each new customer costs twice as much."),
}  # fmt: skip
ENDS = {"installers": ("fall", "hand_over"), "retraining": ("misselling",), "old_customers": ("record_year",)}
"""Which stories a repair ends."""


def check_repairs(names: Iterable[str] | str, before: Iterable[str] = ()) -> tuple[str, ...]:
    """The repairs of one quarter, in the order of the list.

    Parameters
    ----------
    names : names, or text with commas between them
    before : names
        Repairs that are at work already.

    Raises
    ------
    DataError
        If there is no such repair, or one is begun twice.
    """
    if isinstance(names, str):
        names = [name.strip() for name in names.split(",") if name.strip()]
    names = list(names)
    for name in names:
        if name not in REPAIRS:
            raise DataError(f"There is no repair {name!r}. Use {listing(REPAIRS)}.")
        if names.count(name) > 1 or (name in before and REPAIRS[name].lasts):
            raise DataError(f"The repair {name!r} is at work already. Name it once, in the quarter in which it begins.")
    return tuple(name for name in REPAIRS if name in names)


def decided(quarters: Iterable[tuple[int, tuple[str, ...]]]) -> tuple[tuple[str, int, int], ...]:
    """Name, first day and day after the last of everything decided.

    Parameters
    ----------
    quarters : pairs of first day and names
    """
    found = []
    for first_day, names in quarters:
        for name in names:
            repair = REPAIRS[name]
            begins = first_day + repair.starts_after
            found.append((name, begins, NEVER if repair.lasts else first_day + QUARTER_DAYS))
    return tuple(found)


def cost_fen(quarters: list[tuple[str, ...]], quarter: int) -> int:
    """What the repairs cost in one quarter: those begun in it, and those still at work.

    >>> cost_fen([("retraining",), ()], 0), cost_fen([("retraining",), ()], 1)
    (1000000, 200000)
    """
    begun = sum(REPAIRS[name].once_fen + REPAIRS[name].quarter_fen for name in quarters[quarter])
    return begun + sum(REPAIRS[name].quarter_fen for names in quarters[:quarter] for name in names if REPAIRS[name].lasts)
