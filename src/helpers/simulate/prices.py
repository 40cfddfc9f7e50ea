"""A price survey on one product: four price questions, and yes or no at eight given prices.

Who is asked is drawn by lot from the customers who ordered in the year before
the survey. With the story `too_cheap` a low price makes people doubt the goods:
the prices they call too cheap lie close to what they expect, and they say no
to an offer below. Without it hardly any price is too cheap, and the lower the
offer, the more say yes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import people, respondents, text
from helpers.simulate import stories as planted
from helpers.simulate.dice import Dice, bell, settled

FIRST_DAY, DAYS = shop.day_number("2026-04-06"), 12
ANSWERS = 420
LARGEST = 10
"""A company more than so many times the default one asks no more people."""
OFFERED = (0.47, 0.59, 0.70, 0.82, 0.94, 1.06, 1.18, 1.36)
"""The prices of the yes-or-no question, as shares of the list price, to full tens of yuan."""
QUESTIONS = ("too_cheap", "cheap", "expensive", "too_expensive")
_EXPECTED_SPREAD = 0.16
# Each price as a share of the price that somebody expects: the lowest and the highest.
_SHARES = {
    "cheap": (0.74, 0.90),
    "expensive": (1.05, 1.20),
    "too_expensive": (1.30, 1.55),
    "highest": (1.05, 1.35),  # up to here somebody says yes
}
_TOO_CHEAP_WITH_STORY, _TOO_CHEAP_WITHOUT = (0.56, 0.76), (0.10, 0.24)
_MIXED_UP = 0.05
"""Share of the sheets on which the prices stand in an order that makes no sense."""
_LEFT_OPEN = 0.02
_SLIP = 0.02
"""Chance that the answer to an offer is the other one."""
_STEP_FEN = 1000
_COLUMNS = (
    "asked", "day", "place", "expect1", "expect2", "expect3", *_SHARES, "too_cheap",
    "mixed", "mixed_how", "open_expected", "open_too_cheap", *(f"slip{at}" for at in range(len(OFFERED))),
)  # fmt: skip


def product(stories: planted.Stories) -> int:
    """The place of the product that the survey asks about."""
    return int(np.flatnonzero(shop.catalogue().product_id == stories.plant["too_cheap"][0])[0])


def minds(dice: Dice, crowd: people.People, stories: planted.Stories, person: np.ndarray) -> pd.DataFrame:
    """What some people think of prices, in fen, whether or not anybody asks them.

    Returns
    -------
    DataFrame, one row per person
        `expected`, the four prices of `QUESTIONS`, and `highest`: the dearest offer they take.
    """
    u = dice.table("price survey", 0, len(crowd), _COLUMNS, only=person)
    list_price = int(shop.catalogue().price_fen[product(stories)])
    level = list_price * stories.plant["too_cheap"][1]
    expected = settled(level * np.exp(_EXPECTED_SPREAD * bell(u["expect1"], u["expect2"], u["expect3"])))
    shares = dict(_SHARES) | {"too_cheap": _TOO_CHEAP_WITH_STORY if stories.has("too_cheap") else _TOO_CHEAP_WITHOUT}
    felt = {"expected": expected}
    for name in (*QUESTIONS, "highest"):
        low, high = shares[name]
        felt[name] = expected * (low + (high - low) * u[name])
    rounded = {name: np.floor(values / _STEP_FEN + 0.5).astype(np.int64) * _STEP_FEN for name, values in felt.items()}
    return pd.DataFrame(rounded)


def offers(stories: planted.Stories) -> np.ndarray:
    """The eight prices offered, in fen."""
    full = np.array(OFFERED) * int(shop.catalogue().price_fen[product(stories)])
    return np.floor(full / _STEP_FEN + 0.5).astype(np.int64) * _STEP_FEN


def takes(felt: pd.DataFrame, price_fen: int) -> np.ndarray:
    """Who says yes at a price: it is not too dear, and not so cheap that it makes them doubt."""
    return ((price_fen <= felt["highest"]) & (price_fen > felt["too_cheap"])).to_numpy()


def _asked(history) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """The base's people who answer, by day, with their numbers."""
    base = respondents.customer_base(history.dice, history.crowd, respondents.sold_lines(history.life.lines))
    who = base.index.to_numpy()
    u = history.dice.table("price survey", 0, len(history.crowd), _COLUMNS, only=who)
    chosen = u["asked"] < min(0.9, ANSWERS * min(history.size, LARGEST) / max(len(base), 1))
    u = {name: values[chosen] for name, values in u.items()}
    felt = minds(history.dice, history.crowd, history.stories, who[chosen])
    sheet = felt.assign(person=who[chosen], day=FIRST_DAY + np.floor(DAYS * u["day"]).astype(int), place=u["place"])
    order = np.lexsort([sheet["place"], sheet["day"]])
    return sheet.iloc[order].reset_index(drop=True), {name: values[order] for name, values in u.items()}


def _ids(number: int) -> list[str]:
    digits = max(4, len(str(number)))
    return [f"P2604-{at:0{digits}d}" for at in range(1, number + 1)]


def price_answers(history) -> pd.DataFrame:
    """The public table of the four price questions and the price that people expected."""
    sheet, u = _asked(history)
    said = {name: sheet[name].to_numpy() for name in QUESTIONS}
    mixed = u["mixed"] < _MIXED_UP
    turned = mixed & (u["mixed_how"] < 0.5)
    said["cheap"], said["expensive"] = (
        np.where(mixed & ~turned, said["expensive"], said["cheap"]),
        np.where(mixed & ~turned, said["cheap"], said["expensive"]),
    )
    # Some read the scale from the wrong end: all four prices stand the other way round.
    ends = {name: said[other].copy() for name, other in zip(QUESTIONS, reversed(QUESTIONS), strict=True)}
    said = {name: np.where(turned, ends[name], said[name]) for name in QUESTIONS}
    open_boxes = {"too_cheap": u["open_too_cheap"] < _LEFT_OPEN, "expected": u["open_expected"] < 3 * _LEFT_OPEN}
    money = {
        name: pd.Series(values, dtype="Int64").mask(open_boxes.get(name, np.zeros(len(sheet), bool)))
        for name, values in (said | {"expected": sheet["expected"].to_numpy()}).items()
    }
    return pd.DataFrame(
        {
            "answer_id": _ids(len(sheet)),
            "customer_id": people.ids_of(sheet["person"]),
            "answered_on": text.moments(sheet["day"], np.zeros(len(sheet))),
            "product_id": history.stories.plant["too_cheap"][0],
            **{f"{name}_minor": money[name] for name in QUESTIONS},
            "expected_price_minor": money["expected"],
        }
    )


def price_offers(history) -> pd.DataFrame:
    """The public table of yes or no: one row for each price that somebody was offered."""
    sheet, u = _asked(history)
    ids = np.array(_ids(len(sheet)), dtype=object)
    parts = []
    for place, price in enumerate(offers(history.stories).tolist()):
        yes = takes(sheet, price) != (u[f"slip{place}"] < _SLIP)
        parts.append(pd.DataFrame({"answer_id": ids, "price_minor": price, "would_buy": yes, "row": range(len(ids))}))
    rows = pd.concat(parts, ignore_index=True).sort_values(["row", "price_minor"], kind="stable", ignore_index=True)
    return rows[["answer_id", "price_minor", "would_buy"]]


def truth_of_minds(history, stories: planted.Stories) -> pd.DataFrame:
    """What every customer of the year before the survey thinks of prices, in yuan, asked or not."""
    base = respondents.customer_base(history.dice, history.crowd, respondents.sold_lines(history.life.lines))
    who = base.index.to_numpy()
    felt = minds(history.dice, history.crowd, stories, who)
    return pd.DataFrame({"customer_id": people.ids_of(who)} | {name: text.yuan(values) for name, values in felt.items()})
