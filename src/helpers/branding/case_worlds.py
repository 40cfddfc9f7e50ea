"""The invented numbers of the casebook of branding. Money in yuan.

What the source gives (bicycles at 5 to 40 times an ordinary price) is marked so; all else is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.errors import DataError


@dataclass(frozen=True)
class Shoes:
    """A shoe shop and three promises of repair (case C15); each number is of 100 pairs sold.

    Attributes
    ----------
    claims : dict
        Pairs brought back under each promise: `factory` (ring the factory), `two_years`, `lifetime`.
    repair : int
        What one repair costs the shop.
    again : dict
        Of 100 buyers, how many more buy the next pair here than without any promise.
    margin : int
        What a pair leaves.
    breaks : float
        Share of pairs of an ordinary make that break within a year.
    refused, circle, town : int
        Buyers a year who were sent away with a broken pair; whom each of them tells; people in the town.
    """

    claims: Mapping[str, float] = field(default_factory=lambda: {"factory": 2.0, "two_years": 9.0, "lifetime": 24.0})
    repair: int = 35
    again: Mapping[str, float] = field(default_factory=lambda: {"factory": 0.0, "two_years": 7.0, "lifetime": 9.0})
    margin: int = 90
    breaks: float = 0.12
    refused: int = 60
    circle: int = 20
    town: int = 40_000


@dataclass(frozen=True)
class Name:
    """One way to name the new line (case C18), as a survey by lot found it.

    Attributes
    ----------
    asked, canteen, would_buy : int
        People who saw the name, whom it reminds of canteens, and who would buy under it.
    known : float
        Share of the households who will know the name after the first year.
    launch : int
        What the first year costs beyond what any name costs.
    """

    asked: int
    canteen: int
    would_buy: int
    known: float
    launch: int


@dataclass(frozen=True)
class Cookers:
    """A maker of rice cookers for canteens that wants to sell to homes (case C18).

    Attributes
    ----------
    names : dict of Name
        `old` (the known name), `sub` (the known name with an addition), `new`.
    households : int
        That will buy a cooker in the year.
    margin : int
    """

    names: Mapping[str, Name] = field(
        default_factory=lambda: {
            "old": Name(asked=150, canteen=111, would_buy=18, known=0.80, launch=0),
            "sub": Name(asked=150, canteen=78, would_buy=27, known=0.60, launch=900_000),
            "new": Name(asked=150, canteen=12, would_buy=57, known=0.42, launch=1_600_000),
        }
    )
    households: int = 200_000
    margin: int = 160


@dataclass(frozen=True)
class Dairy:
    """A small dairy, and three ways to spend a year's money (case C16).

    Attributes
    ----------
    buyers : int
        Who buy milk in the town in a month.
    recalled : float
        Share of them who name the dairy when asked for milk brands.
    chosen : float
        Of those who name it, the share who buy it.
    to_recalled, to_chosen : float
        What the first becomes by being seen more, and the second by better milk.
    own_shelf : int
        Buyers who take it because it alone stands there (school kiosks).
    margin, cost : int
        What a buyer leaves in a year; what each way costs.
    seed : int
        Of the class that lists brands.
    """

    buyers: int = 50_000
    recalled: float = 0.10
    chosen: float = 0.22
    to_recalled: float = 0.24
    to_chosen: float = 0.30
    own_shelf: int = 900
    margin: int = 120
    cost: int = 60_000
    seed: int = 16


@dataclass(frozen=True)
class Kettle:
    """A kettle in the national style (case C37).

    Attributes
    ----------
    tooling : int
        Moulds for the whole series. A small batch costs a third, and each piece leaves less.
    margin, small_margin : int
        What a piece leaves, from the series and from the small batch.
    pieces : int
        Sold in the first month.
    keeps : float
        Share of a month's sales that the next month has.
    """

    tooling: int = 180_000
    margin: int = 60
    small_margin: int = 35
    pieces: int = 600
    keeps: float = 0.78


@dataclass(frozen=True)
class World:
    """All invented numbers of the casebook."""

    shoes: Shoes = field(default_factory=Shoes)
    cookers: Cookers = field(default_factory=Cookers)
    dairy: Dairy = field(default_factory=Dairy)
    kettle: Kettle = field(default_factory=Kettle)
    bicycles: pd.DataFrame = field(default_factory=lambda: bicycles())


TIMES_ORDINARY = (5, 40)
"""The source's only numbers of case C17: such bicycles cost 5 to 40 times an ordinary one."""
GRADES = {"frame": 0.30, "gears": 0.22, "brakes": 0.16}
"""How much each grade of a part adds to the logarithm of a bicycle's price; ours."""


def bicycles(*, name_adds: float = 0.25, better_parts: float = 1.6, number: int = 60, seed: int = 17) -> pd.DataFrame:
    """A price list of bicycles (case C17): half of them of the known make, which also builds better ones.

    Parameters
    ----------
    name_adds : float
        What the name alone adds to the logarithm of the price.
    better_parts : float
        By how many grades the known make's parts are better on average.

    Returns
    -------
    DataFrame, one row a model
        `model`, `known` (yes or no), grades of `frame`, `gears`, `brakes` (1 to 6), `price`.
    """
    lot = np.random.default_rng(seed)
    known = np.arange(number) % 2 == 0
    rows = {"model": [f"M{place + 1:02d}" for place in range(number)], "known": known}
    log = np.log(600) + name_adds * known + lot.normal(0, 0.10, number)
    for part, adds in GRADES.items():
        rows[part] = np.clip(np.round(lot.normal(2.4 + better_parts * known, 1.0)), 1, 6).astype(int)
        log = log + adds * (rows[part] - 1)
    return pd.DataFrame(rows | {"price": np.round(np.exp(log), -1).astype(int)})


def brand_lists(dairy: Dairy, *, people: int = 40) -> pd.DataFrame:
    """What a class writes down when asked for milk brands: the earlier in the list of all brands, the likelier.

    Returns
    -------
    DataFrame, one row a name that somebody wrote
        `person`, `place` (1 first), `brand`.
    """
    lot = np.random.default_rng(dairy.seed)
    brands = [f"brand {letter}" for letter in "ABCDEFGHIJKLMN"]
    seen = 0.92 * 0.78 ** np.arange(len(brands))
    rows = []
    for person in range(people):
        known = [brand for brand, share in zip(brands, seen, strict=True) if lot.random() < share]
        weight = np.array([seen[brands.index(brand)] for brand in known])
        order = lot.permutation(len(known)) if len(known) < 2 else lot.choice(len(known), len(known), replace=False, p=weight / weight.sum())
        rows += [(f"P{person + 1:02d}", place + 1, known[at]) for place, at in enumerate(order)]
    return pd.DataFrame(rows, columns=["person", "place", "brand"])


WORLDS = {
    "first": World(),
    # Elsewhere the other decisions are right: people come back for a lifetime's promise, a new name stays unknown and costs more, ...
    "second": World(
        shoes=Shoes(
            claims={"factory": 2.0, "two_years": 10.0, "lifetime": 15.0}, repair=20, again={"factory": 0.0, "two_years": 4.0, "lifetime": 14.0},
            margin=120, breaks=0.20, refused=150, circle=30, town=25_000,
        ),
        cookers=Cookers(
            names={
                "old": Name(asked=160, canteen=48, would_buy=56, known=0.70, launch=0),
                "sub": Name(asked=160, canteen=40, would_buy=58, known=0.55, launch=900_000),
                "new": Name(asked=160, canteen=10, would_buy=60, known=0.20, launch=3_000_000),
            },
            households=150_000, margin=140,
        ),
        dairy=Dairy(recalled=0.45, chosen=0.10, to_recalled=0.50, to_chosen=0.20, own_shelf=700, margin=90, seed=61),
        kettle=Kettle(tooling=60_000, margin=70, small_margin=40, pieces=700, keeps=0.90),
        bicycles=bicycles(name_adds=1.1, better_parts=0.4, seed=71),
    ),
}  # fmt: skip


def world(name: str = "first") -> World:
    """One of `WORLDS`."""
    if name not in WORLDS:
        raise DataError(f"There is no world {name!r}. Use one of {', '.join(WORLDS)}.")
    return WORLDS[name]
