"""The invented numbers of the casebook of touchpoints. Money in yuan.

What the source gives (768, 65折, 35,000 in 60 days, three cheques a month, 30
yuan, 5,000 brochures, 0.10 yuan) is marked so; all else is ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.errors import DataError
from helpers.touchpoints.scenes import SCENES, Charger, Desk, Shoe

NEEDS = (
    "one bill", "shorter manual", "spare parts", "quicker start", "old programs", "training",
    "quiet", "smaller", "remote help", "own language", "backup", "trial",
)  # fmt: skip


@dataclass(frozen=True)
class Launch:
    """What is claimed about the launch of a machine (case C03); the counts are the source's and another summary's.

    Attributes
    ----------
    claimed, claimed_days : int
        Machines in Europe, and in how many days, as the source has it.
    other, other_days : int
        Machines in the world, and in how many days, as a summary of a book has it.
    cheques_a_month, customers : int
        Cheques that a customer wrote each month before there was one bill; customers whose representatives were asked.
    sales_grew, market_grew : float
        Growth of the firm's sales and of the market in a year: ours.
    """

    claimed: int = 35_000
    claimed_days: int = 60
    other: int = 25_000
    other_days: int = 122
    cheques_a_month: int = 3
    customers: int = 4_500
    sales_grew: float = 0.25
    market_grew: float = 0.45


def advisers(*, alike: bool = False, customers: int = 2000, seed: int = 3) -> pd.DataFrame:
    """Customers of an invented maker of machines: who has which needs, and who says so when asked.

    Parameters
    ----------
    alike : bool, default False
        Whether all who are unhappy are so for one and the same reason.
    customers : int
    seed : int

    Returns
    -------
    DataFrame, one row a customer
        `unhappy`; for each need `has_<need>` and `says_<need>`. People who are content have needs, too, and seldom name them.
    """
    if customers < 100:
        raise DataError(f"{customers} customers are too few to invite from. Give 100 or more.")
    lot = np.random.default_rng(seed)
    unhappy = lot.random(customers) < 0.2
    often = np.linspace(0.45, 0.08, len(NEEDS))
    chance = np.where(unhappy[:, None], np.minimum(1.6 * often, 0.9), often)
    if alike:
        # Their one trouble fills their heads; of the rest they say little.
        chance = np.where(unhappy[:, None], np.where(np.arange(len(NEEDS)) == 0, 0.95, 0.3 * often), often)
    has = lot.random((customers, len(NEEDS))) < chance
    says = has & (lot.random((customers, len(NEEDS))) < np.where(unhappy[:, None], 0.8, 0.35))
    frame = {"unhappy": unhappy}
    frame |= {f"has_{need}": has[:, place] for place, need in enumerate(NEEDS)}
    frame |= {f"says_{need}": says[:, place] for place, need in enumerate(NEEDS)}
    return pd.DataFrame(frame)


def chain_of_the_dock() -> pd.DataFrame:
    """The way of the customer of case C05: whom he asked, what it took him, and what he was told.

    Who was asked is the source's; minutes and money are ours.

    Returns
    -------
    DataFrame
        `asked`, `minutes` (of the customer), `paid` (by the customer, yuan), `told`, `settled` (0 or 1).
    """
    rows = [
        ("service point 1", 55, 0, "you broke it; out of stock; go elsewhere", 0),
        ("service point 2", 80, 90, "we have none; then one without a box", 0),
        ("telephone", 25, 0, "you broke it; buy again; no courier", 0),
        ("head office", 40, 0, "outsourced, and not our make", 0),
    ]
    return pd.DataFrame(rows, columns=["asked", "minutes", "paid", "told", "settled"])


def callers(*, known: float = 0.7, seed: int = 6, calls: int = 240) -> pd.DataFrame:
    """Calls to a hotline, and whether the number that rings was left at a purchase (case C06).

    Parameters
    ----------
    known : float
        Share whose number is on file.
    calls, seed : int

    Returns
    -------
    DataFrame
        `call`, `number_on_file` (1 or 0), `right_person` (1 or 0: whether the record that comes up is the caller's own; 0 where there is none).
        Numbers are shared in families, and some have changed hands.
    """
    if not 0 <= known <= 1:
        raise DataError(f"A share of {known:g} known numbers cannot be. Give a fraction from 0 to 1.")
    lot = np.random.default_rng(seed)
    on_file = lot.random(calls) < known
    right = on_file & (lot.random(calls) < 0.88)
    return pd.DataFrame({"call": np.arange(1, calls + 1), "number_on_file": on_file.astype("int64"), "right_person": right.astype("int64")})


@dataclass(frozen=True)
class Screen:
    """Two ways to shorten a queue (case C06): a screen that shows the record, or one agent more.

    Attributes
    ----------
    desk : Desk
    agents : int
        At the telephones now.
    saved_minutes : float
        That the record saves in a call.
    screen_a_month, agent_a_month : int
        What each costs, in yuan.
    """

    desk: Desk
    agents: int = 7
    saved_minutes: float = 0.8
    screen_a_month: int = 5000
    agent_a_month: int = 9000


@dataclass(frozen=True)
class Bank:
    """A step from current account to deposit, at the counter and by telephone (case C07).

    Attributes
    ----------
    counter : dict of str to float
        Minutes of the customer for each step at the counter.
    phone : float
        Minutes of the customer by telephone.
    counter_cost, phone_cost : float
        Of the bank, for each time.
    hour : float
        What an hour is worth to a customer.
    cannot : float
        Share of customers who cannot do it by telephone.
    lost : float
        What each of them costs, for each time, if the counter is closed to them: help, or a customer who leaves.
    """

    counter: dict[str, float] = field(
        default_factory=lambda: {"way": 30.0, "queue": 25.0, "withdrawal slip": 6.0, "deposit slip": 6.0, "signature": 3.0}
    )
    phone: float = 6.0
    counter_cost: float = 14.0
    phone_cost: float = 3.0
    hour: float = 30.0
    cannot: float = 0.15
    lost: float = 80.0


@dataclass(frozen=True)
class Thanks:
    """A message of thanks after each order (case C13).

    Attributes
    ----------
    message : float
        Its cost; the source's customer spends as much in all.
    comes_back : float
        Of 1 who get one, how many more order again.
    margin : float
        Share of an order that is left; the next order is as large as the last.
    sizes : dict of float to int
        Orders of each size in a month.
    """

    message: float = 0.10
    comes_back: float = 0.01
    margin: float = 0.25
    sizes: dict[float, int] = field(default_factory=lambda: {0.1: 2000, 5.0: 1500, 30.0: 800, 60.0: 900, 200.0: 500, 1000.0: 100})


@dataclass(frozen=True)
class Fee:
    """A fee of 30 yuan for putting a computer's system back (case C14); the fee is the source's.

    Attributes
    ----------
    fee, work : int
        What the customer would pay, and what it costs the shop.
    next_margin : int
        What the next computer leaves.
    again_waived, again_charged : float
        Share who buy the next one here.
    """

    fee: int = 30
    work: int = 20
    next_margin: int = 300
    again_waived: float = 0.40
    again_charged: float = 0.25


@dataclass(frozen=True)
class Brochures:
    """5,000 brochures in their envelopes, late, with one wrong character in the small print (case C19).

    Attributes
    ----------
    copies : int
        The source's.
    reprint, slip : float
        Cost of a new one, and of a slip with the correction in each envelope.
    delay : int
        What another week's delay costs.
    notice, minds : float
        Share of readers who notice; share of those whom it costs us.
    loss : int
        What one of them would have brought.
    with_slip : float
        Share of the loss that is left with a slip.
    """

    copies: int = 5000
    reprint: float = 1.2
    slip: float = 0.3
    delay: int = 8000
    notice: float = 0.06
    minds: float = 0.05
    loss: int = 400
    with_slip: float = 0.4


@dataclass(frozen=True)
class Worlds:
    """All of them."""

    launch: Launch
    alike: bool
    shoe: Shoe
    charger: Charger
    screen: Screen
    known: float
    bank: Bank
    thanks: Thanks
    fee: Fee
    brochures: Brochures


WORLDS = {
    "first": Worlds(
        Launch(), False, SCENES["lantern"].shoe, SCENES["lantern"].charger, Screen(SCENES["lantern"].desk), 0.7, Bank(), Thanks(), Fee(), Brochures()
    ),
    # In which the other options are right.
    "second": Worlds(
        Launch(sales_grew=0.4, market_grew=0.3),
        True,
        SCENES["other"].shoe,
        SCENES["other"].charger,
        Screen(SCENES["other"].desk, agents=66, saved_minutes=0.05, screen_a_month=12_000, agent_a_month=7000),
        0.5,
        Bank(cannot=0.02),
        Thanks(comes_back=0.05, sizes={20.0: 500, 60.0: 900, 200.0: 300}),
        Fee(again_waived=0.28, again_charged=0.25),
        Brochures(notice=0.3, minds=0.2, loss=600, with_slip=0.9, delay=2000),
    ),
}  # fmt: skip
"""Two sets of numbers: those of the stories, and one in which other decisions are right."""


def world(name: str) -> Worlds:
    """A set of numbers by its name.

    Raises
    ------
    DataError
        If there is no such set.
    """
    if name not in WORLDS:
        raise DataError(f"There is no world {name!r}. There are: {', '.join(WORLDS)}.")
    return WORLDS[name]
