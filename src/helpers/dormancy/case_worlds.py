"""The invented buyers of the casebook: who drinks which cola, before and after a new can.

Nobody in it exists. The numbers are ours, chosen so that the case can be worked, and the truth is known because we made it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.errors import DataError

OURS, RIVAL = "ours", "rival"
NEW_CAN = 7
"""Purchase from which the rival comes in a new can, with the idol on it."""
PURCHASES = 14
_WORLDS = {
    # Of 100 purchases ours: before the can, at the can itself, afterwards; and whether people keep to what they bought last.
    "repertoire": (0.62, 0.35, 0.60, 0.0),
    "switch": (0.90, 0.40, 0.55, 0.82),
}


def cola_buyers(*, kind: str = "repertoire", buyers: int = 300, seed: int = 2) -> pd.DataFrame:
    """What some buyers took at each of their purchases.

    Parameters
    ----------
    kind : {"repertoire", "switch"}
        Two-brand buyers who try what is new and go on as before; or buyers of one brand, many of whom change over.
    buyers, seed : int

    Returns
    -------
    DataFrame, one row a purchase
        `buyer` (text), `purchase` (1, 2, ...), `brand`.
    """
    if kind not in _WORLDS:
        raise DataError(f"There is no world {kind!r}. Use one of {', '.join(_WORLDS)}.")
    before, at_the_can, after, keeps = _WORLDS[kind]
    lot = np.random.default_rng(seed)
    taste = np.clip(lot.normal(0, 0.12 if kind == "repertoire" else 0.03, buyers), -0.3, 0.3)
    takes = np.empty((buyers, PURCHASES), dtype=bool)
    for place in range(PURCHASES):
        share = before if place + 1 < NEW_CAN else at_the_can if place + 1 == NEW_CAN else after
        free = lot.random(buyers) < np.clip(share + taste, 0.02, 0.98)
        # After the can, some stay with what they took last.
        stays = (lot.random(buyers) < keeps) if place + 1 > NEW_CAN else np.zeros(buyers, dtype=bool)
        takes[:, place] = np.where(stays, takes[:, place - 1], free)
    number = np.repeat(np.arange(buyers), PURCHASES)
    return pd.DataFrame(
        {
            "buyer": pd.Series([f"B{one + 1:03d}" for one in number], dtype="str"),
            "purchase": np.tile(np.arange(1, PURCHASES + 1), buyers),
            "brand": pd.Series(np.where(takes.ravel(), OURS, RIVAL), dtype="str"),
        }
    )
