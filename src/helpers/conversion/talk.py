"""Two invented scenes for practice: a list of calls that end early, and the accounts of trust of three customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.errors import DataError

GATES = ("picked up", "not taken for advertising", "on after 5 seconds", "on after 30 seconds")
"""The four gates of a call, as the source tells its four refusals within a minute."""
KEPT_OF_100 = {"strangers": (55, 60, 50, 40), "asked": (70, 90, 90, 80)}
"""Of 100 calls that come to a gate, those that pass it: strangers from a list, and people who asked to be called. Invented."""


@dataclass(frozen=True)
class Event:
    """Something between a firm and a customer, as it is entered in the emotional account.

    Attributes
    ----------
    customer, what : str
    weight : int
        Above 0 for a deposit, below 0 for a withdrawal. Weights are a choice.
    """

    customer: str
    what: str
    weight: int


@dataclass(frozen=True)
class Scene:
    """What the exercises are worked out from.

    Attributes
    ----------
    seed : int
    stay : float
        Seconds after which half of the answered calls of the list are over.
    events : tuple of Event
    """

    seed: int
    stay: float
    events: tuple[Event, ...] = field(default_factory=tuple)


_WANG = "Ms Wang, hotel kitchens"
_TAN = "Mr Tan, a new flat"
_SHEN = "Ms Shen, repairs"

SCENES: Mapping[str, Scene] = {
    "lantern": Scene(
        seed=5,
        stay=14.0,
        events=(
            Event(_WANG, "greeted by name, her kitchen remembered", 1),
            Event(_SHEN, "the filter came on the day that was said", 2),
            Event(_TAN, "a drawing to scale, made while he waited", 2),
            Event(_SHEN, "told of a cheaper part that would do", 2),
            Event(_WANG, "the offer promised for Friday came on Tuesday", -4),
            Event(_SHEN, "the fitter did not come", -4),
            Event(_SHEN, "we rang before she did, and said sorry", 2),
            Event(_WANG, "thanked for the address she gave", 1),
            Event(_SHEN, "the second fitter came, on time", 2),
            Event(_TAN, "his question on noise not answered", -1),
            Event(_SHEN, "talked over on the telephone", -2),
            Event(_SHEN, "her suggestion taken up, and told so", 2),
        ),
    ),
    "other": Scene(
        seed=11,
        stay=32.0,
        events=(
            Event(_WANG, "greeted by name, her kitchen remembered", 1),
            Event(_TAN, "two visits at the wrong hour", -4),
            Event(_WANG, "the offer came on the day", 2),
            Event(_SHEN, "the fitter did not come", -4),
            Event(_SHEN, "told of a cheaper part that would do", 2),
            Event(_TAN, "told that he had misunderstood", -2),
            Event(_SHEN, "the second fitter came, on time", 2),
            Event(_TAN, "a drawing to scale", 2),
            Event(_SHEN, "we said sorry", 1),
        ),
    ),
}


def gates(kind: str = "strangers", *, after_5: float | None = None, calls: int = 100) -> pd.DataFrame:
    """How many calls are still on after each of the four gates.

    Parameters
    ----------
    kind : str
        A key of `KEPT_OF_100`.
    after_5 : float, optional
        Share that passes the third gate, in the place of the invented one: it is the one that an opening works on.
    calls : int
        Numbers that are dialled.

    Returns
    -------
    DataFrame
        `gate`, `left` (calls, as an expectation), `lost` (at this gate).

    Raises
    ------
    DataError
        If there is no such list, or the share is none.
    """
    if kind not in KEPT_OF_100:
        raise DataError(f"There is no list {kind!r}. Lists: {', '.join(KEPT_OF_100)}.")
    shares = [one / 100 for one in KEPT_OF_100[kind]]
    if after_5 is not None:
        if not 0 <= after_5 <= 1:
            raise DataError(f"A share of {after_5} cannot be. Give one from 0 to 1.")
        shares[2] = after_5
    left = calls * np.cumprod(shares)
    return pd.DataFrame({"gate": GATES, "left": left, "lost": np.concatenate([[calls], left[:-1]]) - left})


def calls_of(scene: Scene, *, calls: int = 200) -> pd.DataFrame:
    """Invented calls of one week: `call`, `answered` (1 is yes), `seconds` until one side ended it (0 where nobody answered).

    No call ends at 30 seconds sharp, so nothing hangs on whether that counts.
    """
    dice = np.random.default_rng(scene.seed)
    answered = dice.random(calls) < 0.6
    seconds = np.ceil(dice.exponential(scene.stay / np.log(2), calls)).astype("int64")
    seconds = np.where(seconds == 30, 31, seconds)
    names = [f"K{number:03d}" for number in range(1, calls + 1)]
    return pd.DataFrame({"call": names, "answered": answered.astype("int64"), "seconds": np.where(answered, seconds, 0)})


def ledger_of(scene: Scene) -> pd.DataFrame:
    """The events of a scene, in their order: `customer`, `event`, `weight`."""
    return pd.DataFrame([(one.customer, one.what, one.weight) for one in scene.events], columns=["customer", "event", "weight"])


def balances(ledger: pd.DataFrame, *, broken: float = 1.0) -> pd.Series:
    """The balance of each customer, by name.

    Parameters
    ----------
    ledger : DataFrame
        `customer`, `weight`.
    broken : float
        What withdrawals are multiplied by.
    """
    weighted = ledger["weight"].where(ledger["weight"] > 0, ledger["weight"] * broken)
    return weighted.groupby(ledger["customer"]).sum().sort_index()


def running(ledger: pd.DataFrame, *, broken: float = 1.0) -> pd.DataFrame:
    """The balance after each event: `customer`, `step` (from 0, with a balance of 0), `balance`."""
    parts = []
    for customer, rows in ledger.groupby("customer", sort=True):
        weighted = rows["weight"].where(rows["weight"] > 0, rows["weight"] * broken)
        line = np.concatenate([[0.0], weighted.cumsum().to_numpy(float)])
        parts.append(pd.DataFrame({"customer": customer, "step": np.arange(len(line)), "balance": line}))
    return pd.concat(parts, ignore_index=True)


def lowest(ledger: pd.DataFrame) -> str | None:
    """The customer whose account is lowest below zero; None where nobody's is. Of two, the first by name."""
    found = balances(ledger)
    return None if found.min() >= 0 else str(found.idxmin())
