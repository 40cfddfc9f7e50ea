"""A survey of the households within reach of the shops: who buys, who refuses, who never thought of it, and what is in the way.

The sample is drawn from the region, not from the customers. Tenants answer less readily
than owners, so each answer carries a weight: the households that it stands for.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import stories as planted
from helpers.simulate import text
from helpers.simulate.dice import pick

FIRST_DAY, DAYS = shop.day_number("2026-05-04"), 19
ANSWERS = 1200
"""At the default company; the sample goes with its size, up to `LARGEST`."""
LARGEST = 10
IN_REACH = np.array([104_000, 72_000, 68_000, 76_000])
"""Households within reach of the shops, by city."""
TENANTS = 0.38
"""Share of them who rent, in each city."""
TENURES = ("owner", "tenant")
READINESS = np.array([1.0, 0.55])
"""How readily owners and tenants answer."""
CLASSES = ("customer", "soon_to_be", "undecided", "refusing", "unexplored")
CLASS_SHARES = np.array([[0.10, 0.14, 0.04, 0.17, 0.55], [0.04, 0.08, 0.03, 0.10, 0.75]])
"""Of owners and of tenants."""
BARRIERS = ("fixing", "price", "trust", "appointment", "choice", "habit")
BARRIER_SHARES = np.array(
    [
        [0.00, 0.00, 0.00, 0.00, 0.00, 0.00],
        [0.06, 0.44, 0.14, 0.14, 0.12, 0.10],
        [0.10, 0.25, 0.15, 0.15, 0.25, 0.10],
        [0.08, 0.22, 0.40, 0.10, 0.12, 0.08],
        [0.08, 0.14, 0.12, 0.08, 0.20, 0.38],
    ]
)
"""What keeps people of each class away, without the story."""
SHARED_BY_REFUSERS, SHARED_BY_TENANTS = 0.55, 0.75
"""With the story, the share of refusing owners, and of tenants, whom the planted barrier keeps away before any other."""
_CONTRADICTS = 0.012
"""Share of the sheets that say two things at once: refused, and never considered."""
_COLUMNS = ("day", "city", "tenure", "class", "barrier", "aware", "slip", "silent")


def barrier_shares(stories: planted.Stories) -> np.ndarray:
    """What keeps people away: by class, tenure and barrier; each row adds up to one, of customers to zero."""
    shares = np.repeat(BARRIER_SHARES[:, None, :], len(TENURES), axis=1)
    if stories.has("shared_barrier"):
        site = np.zeros(len(BARRIERS))
        site[BARRIERS.index(stories.plant["shared_barrier"])] = 1.0
        for place, name in enumerate(CLASSES[1:], start=1):
            mixes = (SHARED_BY_REFUSERS if name == "refusing" else 0.0, SHARED_BY_TENANTS)
            for tenure, mix in enumerate(mixes):
                shares[place, tenure] = (1 - mix) * shares[place, tenure] + mix * site
    return shares


def households(history) -> pd.DataFrame:
    """The public table: one row a household that answered."""
    number = round(ANSWERS * min(history.size, LARGEST))
    u = history.dice.table("households", 0, number, _COLUMNS)
    day = FIRST_DAY + np.floor(DAYS * u["day"]).astype(int)
    city = pick(u["city"], IN_REACH.astype(float))
    tenure = pick(u["tenure"], np.array([1 - TENANTS, TENANTS]) * READINESS)
    place = pick(u["class"], CLASS_SHARES[tenure])
    barrier = pick(u["barrier"], barrier_shares(history.stories)[place, tenure] + (place == 0)[:, None])
    name = np.array(CLASSES)[place]
    refused = name == "refusing"
    considered = np.isin(name, ("customer", "soon_to_be", "undecided", "refusing"))
    aware = considered | (u["aware"] < 0.45)
    # A slip of the pen on some sheets of those who refused: never considered it.
    considered &= ~(refused & (u["slip"] < _CONTRADICTS / 0.14))
    silent = (name == "customer") | (u["silent"] < 0.04)
    return pd.DataFrame(
        {
            "answer_id": [f"H{value + 1:05d}" for value in range(number)],
            "answered_on": text.moments(day, np.zeros(number)),
            "weight": _weights(city, tenure),
            "city": np.array(shop.CITIES)[city],
            "tenure": np.array(TENURES)[tenure],
            "aware": aware,
            "considered": considered,
            "rejected": refused,
            "buys": np.isin(name, ("customer", "soon_to_be")),
            "uses_minimally": name == "soon_to_be",
            "barrier": np.where(silent, "", np.array(BARRIERS)[barrier]),
        }
    )


def _weights(city: np.ndarray, tenure: np.ndarray) -> np.ndarray:
    """Households of the city and tenure for each answer from there; small samples are weighted as one city."""
    there = np.array([np.bincount(city[tenure == kind], minlength=len(IN_REACH)) for kind in range(2)])
    weight = np.zeros(len(city))
    for kind, share in enumerate((1 - TENANTS, TENANTS)):
        mine = tenure == kind
        if there[kind].min(initial=0) >= 5:
            weight[mine] = (share * IN_REACH / there[kind])[city[mine]]
        elif mine.any():
            weight[mine] = share * IN_REACH.sum() / mine.sum()
    return np.round(weight, 2)


def truth_of_households(history, stories: planted.Stories) -> pd.DataFrame:
    """Of all households within reach: the share of each class, and within it the share of each barrier."""
    tenure = np.array([1 - TENANTS, TENANTS])
    joint = tenure[:, None] * CLASS_SHARES
    barriers = barrier_shares(stories)
    rows = []
    for place, name in enumerate(CLASSES):
        share = joint[:, place].sum()
        mixed = joint[:, place] @ barriers[place] / share
        rows += [(name, share, barrier, mixed[at]) for at, barrier in enumerate(BARRIERS)]
    return pd.DataFrame(rows, columns=["class", "share", "barrier", "share_of_class"])
