"""The invented people of the casebook of 4C: families who look at flats, and parents who ask for a price.

Nobody in them exists. Each function draws from a seed; the numbers are ours,
chosen so that a case can be worked, and the truth is known because we made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.errors import DataError

# ---------------------------------------------------------------- C08: the estate

USES = {"kindergarten": "kindergarten", "clubhouse": "clubhouse", "parking": "100 parking places"}


@dataclass(frozen=True)
class Estate:
    """A housing estate with one plot left. Money in thousands of yuan.

    Attributes
    ----------
    flats : int
        To be sold.
    households : int
        That are interested, of whom the visitors are a part drawn by lot.
    area_m2 : float
        Of a usual flat.
    cost : dict of use to int
        What it costs to build each use of the plot.
    counted : float
        Of 1 yuan that somebody says they would pay, how much is counted on: people say more than they pay.
    """

    flats: int = 600
    households: int = 1800
    area_m2: float = 90.0
    cost: Mapping[str, int] = field(default_factory=lambda: {"kindergarten": 9000, "clubhouse": 6000, "parking": 8000})
    counted: float = 0.6


@dataclass(frozen=True)
class _Town:
    """Who looks at flats, and what they would pay for what: shares, and medians in thousands of yuan."""

    child: float
    car: float
    kindergarten: float
    clubhouse: float
    parking: float
    near_if_metro: float  # share of flats near a kindergarten, of those near the metro
    near_if_not: float
    per_m2: float  # what being near a kindergarten adds to the price of a square metre, in yuan


_TOWNS = {
    "families": _Town(0.42, 0.45, 60, 12, 30, 0.65, 0.25, 300),
    "drivers": _Town(0.38, 0.62, 50, 12, 55, 0.25, 0.60, 250),
    "seniors": _Town(0.12, 0.20, 50, 27, 30, 0.60, 0.30, 60),
    "thrifty": _Town(0.20, 0.25, 20, 6, 10, 0.60, 0.30, 50),
}
TOWNS = tuple(_TOWNS)


def visitors(town: str = "families", *, people: int = 300, seed: int = 8) -> pd.DataFrame:
    """Visitors of the sales office, drawn by lot from all who are interested.

    Parameters
    ----------
    town : {"families", "drivers", "seniors", "thrifty"}
        Whose needs prevail.
    people : int
    seed : int

    Returns
    -------
    DataFrame, one row a visitor
        `child` (under six, at home), `car`; `likes_<use>`, the answer to "how much would you like it?" from 1 to
        10; `pays_<use>`, what they say they would pay more for a flat that has it, in thousands of yuan.
    """
    about = _town(town)
    lot = np.random.default_rng(seed)
    child, car = lot.random(people) < about.child, lot.random(people) < about.car
    # Some plan a child, or a car; what they would pay for it is small.
    soon = np.where(lot.random(people) < 0.2, lot.uniform(3, 15, people), 0.0)
    later = np.where(lot.random(people) < 0.2, lot.uniform(2, 10, people), 0.0)

    def about_median(median: float, spread: float) -> np.ndarray:
        return median * lot.lognormal(0.0, spread, people)

    pays = {
        "kindergarten": np.where(child, about_median(about.kindergarten, 0.5), soon),
        "clubhouse": about_median(about.clubhouse, 0.6),
        "parking": np.where(car, about_median(about.parking, 0.5), later),
    }
    # A clubhouse is pleasant for nearly everybody; the other two are needed or not.
    likes = {
        "kindergarten": np.where(child, 9.0, 3.5),
        "clubhouse": np.full(people, 7.4),
        "parking": np.where(car, 8.0, 4.2),
    }
    table = {"child": child, "car": car}
    for use in USES:
        answers = np.clip(np.rint(likes[use] + lot.normal(0.0, 1.2, people)), 1, 10)
        table[f"likes_{use}"] = answers.astype("int64")
    for use in USES:
        table[f"pays_{use}"] = np.rint(pays[use]).astype("int64")
    return pd.DataFrame(table)


def resales(town: str = "families", *, flats: int = 400, seed: int = 80) -> pd.DataFrame:
    """Flats that were sold in the neighbourhood in the last year.

    Returns
    -------
    DataFrame, one row a flat
        `near_metro`, `near_kindergarten` (within 500 metres), `price_per_m2` in yuan.
    """
    about = _town(town)
    lot = np.random.default_rng(seed)
    metro = lot.random(flats) < 0.5
    near = lot.random(flats) < np.where(metro, about.near_if_metro, about.near_if_not)
    price = 5200 + 900 * metro + about.per_m2 * near + lot.normal(0.0, 450, flats)
    return pd.DataFrame(
        {"near_metro": metro, "near_kindergarten": near, "price_per_m2": np.rint(price).astype("int64")}
    )


def adds_per_m2(town: str = "families") -> float:
    """The truth: what a kindergarten near by adds to a square metre, in yuan."""
    return float(_town(town).per_m2)


def _town(name: str) -> _Town:
    if name not in _TOWNS:
        raise DataError(f"There is no town {name!r}. Use one of {', '.join(_TOWNS)}.")
    return _TOWNS[name]


# ---------------------------------------------------------------- C12: the garment

NOTHING = "nothing"
ANSWERS = {
    NOTHING: "says nothing of it",
    "cost": "tells what it costs us",
    "benefit": "tells what the child gets",
    "discount": "takes 50 yuan off",
}
PRICE, PRICE_OFF = 200, 150  # yuan; the first is the source's


@dataclass(frozen=True)
class _Market:
    """What answers do to the price that people expect (in yuan), and how they buy."""

    moves: Mapping[str, float]
    spread: float
    patience: float  # how far above the expected price people still buy, and its spread
    patience_spread: float


_MARKETS = {
    "parents": _Market({NOTHING: 8, "cost": 20, "benefit": 55, "discount": 0}, 0.22, 0.20, 0.22),
    "makers": _Market({NOTHING: 8, "cost": 60, "benefit": 18, "discount": 0}, 0.22, 0.20, 0.22),
    "bargain": _Market({NOTHING: 6, "cost": 8, "benefit": 10, "discount": -6}, 0.12, 0.22, 0.10),
}
MARKETS = tuple(_MARKETS)

_PARTS = ("cloth", "buttons and thread", "sewing", "safety test", "what the shop keeps")
_BUILD_UPS = {
    "parents": {"last": (30, 4, 16, 0, 50), "this": (28, 14, 56, 8, 94)},
    "makers": {"last": (33, 3, 20, 0, 44), "this": (24, 12, 74, 6, 84)},
    "bargain": {"last": (30, 4, 16, 0, 50), "this": (36, 20, 32, 6, 106)},
}
_METRES = {"parents": (1.5, 0.9), "makers": (1.6, 0.9), "bargain": (1.5, 0.9)}


def build_up(market: str = "parents") -> pd.DataFrame:
    """What the prices of the two garments are made of.

    Returns
    -------
    DataFrame
        `part`, `last`, `this`: yuan of the price of 100 and of the price of 200.
    """
    parts = _BUILD_UPS[_market(market)]
    return pd.DataFrame({"part": pd.Series(_PARTS, dtype="str"), "last": parts["last"], "this": parts["this"]})


def garments(market: str = "parents") -> pd.DataFrame:
    """The two garments: `garment`, `price` in yuan, `cloth_m` in metres."""
    last, this = _METRES[_market(market)]
    return pd.DataFrame(
        {"garment": pd.Series(["last", "this"], dtype="str"), "price": [100, 200], "cloth_m": [last, this]}
    )


def shoppers(market: str = "parents", *, people: int = 800, seed: int = 12) -> pd.DataFrame:
    """People who asked why the garment is so dear, and got one of four answers, drawn by lot.

    Parameters
    ----------
    market : {"parents", "makers", "bargain"}
        Who asks: parents, people who make clothes themselves, or people who want a bargain.
    people : int
        A multiple of four.
    seed : int

    Returns
    -------
    DataFrame, one row a person
        `answer` (a key of `ANSWERS`), `expected_before` and `expected_after` (what such a garment should cost, before
        and after the answer), `doubts_below`, `leaves_above` (the prices between which they would buy), `price` (what
        they were asked), in yuan; `bought`.
    """
    about = _MARKETS[_market(market)]
    lot = np.random.default_rng(seed)
    answer = lot.permutation(np.repeat(list(ANSWERS), people // len(ANSWERS)))
    people = len(answer)
    # The last one cost 100, and people know that prices rise.
    before = 118 * lot.lognormal(0.0, about.spread, people)
    moved = np.array([about.moves[one] for one in answer])
    after = np.maximum(before + moved + lot.normal(0.0, 12, people), 20)
    leaves = after * np.maximum(1 + lot.normal(about.patience, about.patience_spread, people), 0.6)
    doubts = after * np.clip(lot.normal(0.5, 0.1, people), 0.1, 0.9)
    price = np.where(answer == "discount", PRICE_OFF, PRICE)
    table = pd.DataFrame({"answer": pd.Series(answer, dtype="str")})
    for name, values in (
        ("expected_before", before),
        ("expected_after", after),
        ("doubts_below", doubts),
        ("leaves_above", leaves),
    ):
        table[name] = np.rint(values).astype("int64")
    table["price"] = price.astype("int64")
    table["bought"] = (table["doubts_below"] <= table["price"]) & (table["price"] <= table["leaves_above"])
    return table


def _market(name: str) -> str:
    if name not in _MARKETS:
        raise DataError(f"There is no market {name!r}. Use one of {', '.join(_MARKETS)}.")
    return name
