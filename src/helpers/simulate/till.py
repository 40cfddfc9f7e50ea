"""Money at the till that no customer stands behind: walk-ins, staff, sales without an id."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import baskets, life, repairs
from helpers.simulate import catalogue as shop
from helpers.simulate import stories as planted
from helpers.simulate.dice import Dice, pick

WALK_IN, NOBODY, STAFF = "walk_in", "", "staff"
WALK_IN_NUMBER = 1
STAFF_NUMBERS = range(11, 35)
WALK_INS_A_WEEK = 26.0
NOBODY_A_WEEK = 8.0
STAFF_ORDERS_A_WEEK = 3.0
STAFF_DISCOUNT = 20
_COLUMNS = (
    "comes", "shop", "day", "minute", "card", "cancel",
    *baskets.COLUMNS,
    *(f"{what}{slot}" for slot in range(baskets.SLOTS)
      for what in ("return", "return_day", "return_part", "restate", "repeat")),
)  # fmt: skip
_LIKES = np.array([0.12, 0.12, 0.06, 0.27, 0.19, 0.24])
_WAYS = np.array([0.22, 0.55, 0.0, 0.23, 0.0, 0.0])
_SHOPS = np.array([1.3, 1.0, 0.9, 1.2, 1.0, 0.8, 1.1, 0.9, 0.8, 1.0, 0.9, 0.8])


def sell(dice: Dice, stories: planted.Stories, *, size: float, last_day: int) -> pd.DataFrame:
    """The till's order lines, up to the end of `last_day`.

    Parameters
    ----------
    dice : Dice
    stories : Stories
        Without `shared_card` there is no walk-in card: those sales have no customer.
    size : float
        1 for the default company.
    last_day : int

    Returns
    -------
    DataFrame
        The columns of `life.Life.lines`, with `card` (customer number, 0 for
        nobody) in place of a person.
    """
    # Also in a small company the walk-in card is used several times a day.
    expected = {
        WALK_IN: WALK_INS_A_WEEK * max(size, 1.0),
        NOBODY: NOBODY_A_WEEK * max(size, 0.2),
        STAFF: STAFF_ORDERS_A_WEEK * max(size, 0.3),
    }
    parts = [
        _receipts(dice, stories, who, number, last_day // 7 + 1) for who, number in expected.items()
    ]
    lines = pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
    return lines[lines["day"] <= last_day]


def _receipts(dice: Dice, stories: planted.Stories, who: str, expected: float, weeks: int) -> dict:
    """All order lines of one kind of buyer."""
    week, u = _visits(dice, who, expected, weeks)
    n = len(week)
    home = pick(u["shop"], _SHOPS)
    day = 7 * week + pick(u["day"], life.WEEKDAYS)
    own_discount = STAFF_DISCOUNT if who == STAFF else 0
    basket = baskets.compose(
        baskets.Buyers(
            day=day,
            city=home // shop.SHOPS_IN_A_CITY,
            shop=home,
            taste=np.zeros(n, dtype=int),
            extra_lines=np.full(n, 0.25),
            pieces=np.full(n, 0.05),
            lines=np.broadcast_to(_LIKES, (n, len(_LIKES))),
            behaviour=np.broadcast_to(_WAYS, (n, len(_WAYS))),
            needs_filter=np.zeros(n, dtype=bool),
            basket=np.ones(n),
            bundle=np.zeros(n),
            held=np.zeros((n, len(_LIKES)), dtype=bool),
            least_discount=np.where(
                stories.does("price_cut", day), max(own_discount, repairs.PRICE_CUT_PERCENT), own_discount
            ),
        ),
        u,
        stories,
    )
    card = {
        WALK_IN: np.full(n, WALK_IN_NUMBER if stories.has("shared_card") else 0),
        NOBODY: np.zeros(n, dtype=int),
        STAFF: STAFF_NUMBERS.start + np.floor(u["card"] * len(STAFF_NUMBERS)).astype(int),
    }[who]
    order = {
        "card": card,
        "week": week,
        "day": day,
        "minute": 600 + np.floor(660 * u["minute"]).astype(int),
        "store": np.where(basket.store < len(shop.SHOPS), basket.store, home),
        "city": home // shop.SHOPS_IN_A_CITY,
        "behaviour": basket.behaviour,
        "action": np.zeros(n, dtype=int),
        "cancelled": u["cancel"] < 0.006,
    }
    return life.order_lines(order, basket, u, return_chance=np.full(n, 0.02))


def _visits(dice: Dice, who: str, expected: float, weeks: int) -> tuple[np.ndarray, dict]:
    """The week of each receipt, and its random numbers."""
    chances = int(np.ceil(4 * expected))
    week, drawn = [], []
    for now in range(weeks):
        u = dice.table(f"till {who}", now, chances, _COLUMNS)
        season = shop.TRADE_SEASON[shop.month_of(7 * now) - 1]
        comes = u["comes"] * chances < expected * season
        week.append(np.full(int(comes.sum()), now))
        drawn.append({name: values[comes] for name, values in u.items()})
    return np.concatenate(week), {
        name: np.concatenate([part[name] for part in drawn]) for name in _COLUMNS
    }
