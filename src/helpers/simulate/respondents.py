"""The customers whom a survey speaks about: what is true of them, and who of them answers.

All of it is read off what happened before the wave (and, for plans, in the 90
days that follow), never off what comes later, so a wave keeps its bytes when
the company lives on.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import people
from helpers.simulate.dice import Dice, bell, pick, settled

FIRST_DAY, DAYS = shop.day_number("2026-03-02"), 15
"""The wave runs from 2 to 16 March 2026; a full quarter of orders lies after it."""
YEAR = 365
PLAN_DAYS = 90
MODES = ("panel", "street", "internal")
PANEL, STREET, INTERNAL = range(3)
MOTIVES = ("price", "quality", "service", "time")
PRICE, QUALITY, SERVICE, TIME = range(4)
HOUSEHOLDS = ("single", "couple", "family", "shared")
INCOMES = ("low", "middle", "high")

# What matters most, by kind of customer: real, but no mark of the kind.
_MOTIVE_OF_KIND = np.array(
    [
        [0.22, 0.18, 0.16, 0.44],  # household
        [0.15, 0.22, 0.47, 0.16],  # water_care
        [0.32, 0.24, 0.14, 0.30],  # seasonal
        [0.58, 0.12, 0.10, 0.20],  # bargain
        [0.10, 0.54, 0.20, 0.16],  # quiet
        [0.22, 0.12, 0.16, 0.50],  # trader
        [0.16, 0.36, 0.22, 0.26],  # new_flat
    ]
)
_PRICE_OF_THOSE_GONE, _PRICE_OF_THE_OTHERS = 5.0, 0.45
"""Who has stopped buying says more often that the price counts; who comes often says time."""
_USUAL_CADENCE_WEEKS = 14.0
# In the order of HOUSEHOLDS, by what the customers table says of the background.
_HOUSEHOLD_OF_BACKGROUND = {
    "family": (0.03, 0.05, 0.90, 0.02),
    "couple": (0.04, 0.88, 0.06, 0.02),
    "single": (0.86, 0.04, 0.03, 0.07),
    "tenant": (0.34, 0.26, 0.14, 0.26),
    "new_flat": (0.20, 0.42, 0.34, 0.04),
    "retired": (0.30, 0.60, 0.08, 0.02),
    "": (0.24, 0.28, 0.38, 0.10),
}
# By taste: economy, middle, premium. They hardly differ.
_INCOME_OF_TASTE = np.array([[0.34, 0.47, 0.19], [0.30, 0.48, 0.22], [0.27, 0.48, 0.25]])
_PLANS = (0.28, 0.68)
"""Share with plans to buy, of those who will not and of those who will order in the next 90 days."""
_MOOD, _MOOD_HURT, MOOD_SPREAD = 7.6, -2.6, 1.7

# Who answers.
BANDS = (1, 2, 3, 5, 8)
"""Order days in a year from which a customer belongs to the next band."""
_PANEL_RESPONSE = np.array([0.38, 0.46, 0.56, 0.66, 0.74])
"""Share of those asked who answer, by band."""
_PANEL_QUIET = 0.85
_STREET_NO_VISIT = 0.20
_STREET_PRICE = 2.2
STREET_CITY = np.array([1.8, 1.0, 1.0, 1.0])
_INTERNAL_RECENT = ((30, 2.6), (90, 1.8), (180, 1.0), (YEAR, 0.6))
_INTERNAL_LARGE = ((0.90, 2.6), (0.70, 1.5))
_INTERNAL_LOUD = 2.5

_COLUMNS = ("motive", "household", "income", "plans", "mood1", "mood2", "mood3")
_STRANGER = ("city", "birth", *_COLUMNS)
_MOTIVE_OF_STRANGERS = np.array([0.46, 0.20, 0.12, 0.22])
_MOOD_OF_STRANGERS = 5.8


def sold_lines(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines of `Life.lines` that make a day an order day, from a year before the wave on.

    They are sold, not given away and not called off.
    """
    day = lines["day"].to_numpy()
    sold = (~lines["cancelled"] & (lines["amount_fen"] > 0)).to_numpy()
    return lines[sold & (day >= FIRST_DAY - YEAR) & (day < FIRST_DAY + PLAN_DAYS)]


def customer_base(dice: Dice, crowd: people.People, sold: pd.DataFrame) -> pd.DataFrame:
    """Those whom the survey speaks about: who ordered in the 365 days before the wave began.

    Parameters
    ----------
    dice : Dice
    crowd : People
    sold : DataFrame
        From `sold_lines`.

    Returns
    -------
    DataFrame, one row per person, by place in the crowd
        `order_days` and `visits` (order days in a shop) in those 365 days, `last_day`,
        `spend_fen`, `complained`; `kind`, `city`, `birth_year`; what they would tell a
        friend: `motive`, `household`, `income` (places in the lists above), `plans`,
        `mood`; and whether they `will_order` in the next 90 days.
    """
    year = sold[sold["day"] < FIRST_DAY]
    days = year.drop_duplicates(["person", "day"])
    by_person = days.groupby("person")["day"]
    base = pd.DataFrame({"order_days": by_person.size(), "last_day": by_person.max()})
    who = base.index.to_numpy()
    visits = days.loc[days["store"] < len(shop.SHOPS), "person"].value_counts()
    spend_fen = year.groupby("person")["amount_fen"].sum()
    complained = np.isin(who, year.loc[year["complaint"] >= 0, "person"])
    will_order = np.isin(who, sold.loc[sold["day"] >= FIRST_DAY, "person"])

    u = dice.table("survey people", 0, len(crowd), _COLUMNS, only=who)
    motive = _MOTIVE_OF_KIND[crowd.kind[who]]
    gone = crowd.left_week[who] * 7 < FIRST_DAY
    motive[:, PRICE] *= np.where(gone, _PRICE_OF_THOSE_GONE, _PRICE_OF_THE_OTHERS)
    motive[:, TIME] *= np.clip(_USUAL_CADENCE_WEEKS / crowd.cadence_weeks[who], 0.4, 2.5)
    household = np.array([_HOUSEHOLD_OF_BACKGROUND[name] for name in crowd.background[who].tolist()])
    return base.assign(
        visits=visits.reindex(who, fill_value=0),
        spend_fen=spend_fen,
        complained=complained,
        kind=crowd.kind[who],
        city=crowd.city[who],
        birth_year=crowd.birth_year[who],
        motive=pick(u["motive"], motive),
        household=pick(u["household"], household),
        income=pick(u["income"], _INCOME_OF_TASTE[crowd.taste[who]]),
        plans=u["plans"] < np.where(will_order, _PLANS[1], _PLANS[0]),
        mood=_MOOD + _MOOD_HURT * complained + MOOD_SPREAD * bell(u["mood1"], u["mood2"], u["mood3"]),
        will_order=will_order,
    )


def strangers(dice: Dice, number: int) -> pd.DataFrame:
    """People in the street who are no customers, with the columns of `customer_base` that a sheet asks for."""
    u = dice.table("survey strangers", 0, number, _STRANGER)
    return pd.DataFrame(
        {
            "city": pick(u["city"], STREET_CITY),
            "birth_year": (1952 + np.floor(53 * u["birth"])).astype(int),
            "motive": pick(u["motive"], _MOTIVE_OF_STRANGERS),
            "household": pick(u["household"], np.array(_HOUSEHOLD_OF_BACKGROUND[""])),
            "income": pick(u["income"], _INCOME_OF_TASTE[1]),
            "plans": u["plans"] < _PLANS[0],
            "mood": _MOOD_OF_STRANGERS + MOOD_SPREAD * bell(u["mood1"], u["mood2"], u["mood3"]),
        },
        index=np.full(number, -1),
    )


def band(order_days: np.ndarray) -> np.ndarray:
    """The place in `BANDS` of some order days in a year."""
    return np.searchsorted(BANDS, order_days, side="right") - 1


def who_answers(mode: int, base: pd.DataFrame, luck: np.ndarray, *, wanted: float, biased: bool) -> np.ndarray:
    """Who of the base answers in a mode: each by a number of their own, so that about `wanted` do.

    Parameters
    ----------
    mode : int
        Place in `MODES`.
    base : DataFrame
        From `customer_base`.
    luck : array of float
        A uniform number for each of the base.
    wanted : float
    biased : bool
        Whether some are more likely to answer than others.

    Returns
    -------
    array of bool
    """
    leaning = _leaning(mode, base) if biased else np.ones(len(base))
    scale = wanted / leaning.sum()
    for _ in range(20):
        # Nobody is certain to be asked; what is cut off there goes to the others.
        scale *= wanted / np.minimum(scale * leaning, 0.9).sum()
    return luck < np.minimum(settled(scale * leaning), 0.9)


def _leaning(mode: int, base: pd.DataFrame) -> np.ndarray:
    """How likely each of the base is to answer, relative to the others."""
    if mode == PANEL:
        response = _PANEL_RESPONSE[band(base["order_days"].to_numpy())]
        return response * np.where(base["kind"] == people.QUIET, _PANEL_QUIET, 1.0)
    if mode == STREET:
        visits = np.maximum(base["visits"].to_numpy(), _STREET_NO_VISIT)
        return visits * STREET_CITY[base["city"]] * np.where(base["motive"] == PRICE, _STREET_PRICE, 1.0)
    waited = FIRST_DAY - base["last_day"].to_numpy()
    recent = np.select([waited <= days for days, _ in _INTERNAL_RECENT], [much for _, much in _INTERNAL_RECENT])
    rank = rank_by_spend(base)
    large = np.select([rank >= share for share, _ in _INTERNAL_LARGE], [much for _, much in _INTERNAL_LARGE], 1.0)
    return recent * large * np.where(base["complained"], _INTERNAL_LOUD, 1.0)


def rank_by_spend(base: pd.DataFrame) -> np.ndarray:
    """The share of the base that spent less, for each of them."""
    spend = base["spend_fen"].to_numpy()
    return np.searchsorted(np.sort(spend), spend) / len(spend)
