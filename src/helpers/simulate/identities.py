"""Who is whom: codes of telephone and address, and people who have more than one customer number.

Nobody's number is changed: some of the people of the company are declared to be
one person, chosen among those who share city and year of birth. All of it rests
on what happened before 17 June 2026, so it stays when the company lives on.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import people, text
from helpers.simulate.tables import History

UNTIL = shop.day_number("2026-06-17")
DUPLICATES = 0.04
"""Share of the people who are somebody's second number."""
_NEW_PHONE, _NEW_ADDRESS = 0.30, 0.15
_HOUSEHOLD, _HOUSEHOLD_PHONE = 0.06, 0.20
_NO_PHONE, _NO_ADDRESS = 0.06, 0.08
_LARGE = (0.70, 0.93)
"""The three numbers of the large customer lie between these shares of all by spend: large, not among the largest."""
_COLUMNS = ("second", "phone", "address", "household", "household_phone", "whose", "no_phone", "no_address")


def identities(history: History) -> pd.DataFrame:
    """For each person in the crowd, by place: who it truly is, with whom it lives, and the codes on file.

    Returns
    -------
    DataFrame
        `person` (place of the first number of the same person), `three_ids` (whether it is
        one of the large customer's), `household` (place of somebody at the same address),
        `phone`, `address` (numbers of codes; -1: not on file).
    """
    crowd = history.crowd
    n = len(crowd)
    u = history.dice.table("identities", 0, n, _COLUMNS)
    place = np.arange(n)
    there = history.life.came & (crowd.join_day <= UNTIL)
    person, three = place.copy(), np.zeros(n, dtype=bool)
    if history.stories.has("three_ids"):
        # Three numbers of one large customer, and second numbers of ordinary ones.
        chosen = _three_of_one(history, there)
        person[chosen], three[chosen] = chosen.min(initial=n), True
        twins = _same(crowd, there & ~three)
        second = there & ~three & (twins >= 0) & (u["second"] < DUPLICATES)
        # A first number is nobody's second.
        second &= ~second[np.maximum(twins, 0)]
        person = np.where(second, twins, person)
    lives_with = _lives_with(crowd, there & (person == place) & ~three, u)
    phone = np.where((person != place) & (u["phone"] >= _NEW_PHONE), person, place)
    shared = (lives_with >= 0) & (u["household_phone"] < _HOUSEHOLD_PHONE)
    phone = np.where(shared, lives_with, phone)
    address = np.where((person != place) & (u["address"] >= _NEW_ADDRESS), person, place)
    address = np.where(lives_with >= 0, lives_with, address)
    # The large customer has two telephones and one address: neither code alone joins all three, both do.
    address = np.where(three, person, address)
    phone = np.where(three & (place != place[three].max(initial=-1)), person, np.where(three, place, phone))
    kept = three | (u["no_phone"] >= _NO_PHONE)
    return pd.DataFrame(
        {
            "person": person,
            "three_ids": three,
            "household": np.where(lives_with >= 0, lives_with, person),
            "phone": np.where(kept, phone, -1),
            "address": np.where(three | (u["no_address"] >= _NO_ADDRESS), address, -1),
        }
    )


def _three_of_one(history: History, there: np.ndarray) -> np.ndarray:
    """Three people of one city and year of birth who together spent most, though none of them is among the largest."""
    crowd, lines = history.crowd, history.life.lines
    year = lines[(lines["day"] > UNTIL - 365) & (lines["day"] <= UNTIL) & ~lines["cancelled"]]
    spend = np.zeros(len(crowd), dtype=np.int64)
    np.add.at(spend, year["person"].to_numpy(), year["amount_fen"].to_numpy())
    buyers = np.sort(spend[spend > 0])
    rank = np.searchsorted(buyers, spend) / max(len(buyers), 1)
    some = np.flatnonzero(there & (rank >= _LARGE[0]) & (rank < _LARGE[1]))
    table = pd.DataFrame(
        {"place": some, "spend": spend[some], "city": crowd.city[some], "born": crowd.birth_year[some]}
    )
    table = table.sort_values(["city", "born", "spend", "place"], ascending=[True, True, False, True])
    three = table.groupby(["city", "born"]).head(3)
    by_group = three.groupby(["city", "born"])["spend"].agg(["size", "sum"])
    full = by_group.loc[by_group["size"] == 3, "sum"]
    if full.empty:
        return np.empty(0, dtype=int)
    city, born = full.idxmax()
    return np.sort(three.loc[(three["city"] == city) & (three["born"] == born), "place"].to_numpy())


def _same(crowd: people.People, chosen: np.ndarray) -> np.ndarray:
    """For each person the one before in the list with the same city and year of birth, -1 if nobody."""
    some = np.flatnonzero(chosen)
    table = pd.DataFrame({"city": crowd.city[some], "born": crowd.birth_year[some], "place": some})
    before = table.groupby(["city", "born"])["place"].shift(1).fillna(-1).astype(int)
    found = np.full(len(chosen), -1)
    found[some] = before
    return found


def _lives_with(crowd: people.People, chosen: np.ndarray, u: dict) -> np.ndarray:
    """For some people somebody of the same city at whose address they live, -1 for the others."""
    found = np.full(len(chosen), -1)
    for city in range(len(shop.CITIES)):
        some = np.flatnonzero(chosen & (crowd.city == city))
        if len(some) < 2:
            continue
        moves = u["household"][some] < _HOUSEHOLD
        hosts = some[~moves]
        if len(hosts):
            found[some[moves]] = hosts[np.floor(u["whose"][some[moves]] * len(hosts)).astype(int)]
    return found


def codes(history: History, place: np.ndarray) -> dict[str, np.ndarray]:
    """The columns `phone_code` and `address_code` of some people: codes, never a number that could be dialled."""
    known = identities(history).iloc[place]
    above = history.numbers.above
    return {
        "phone_code": _code("P", known["phone"].to_numpy(), 7919, above),
        "address_code": _code("A", known["address"].to_numpy(), 104_729, above),
    }


def _code(letter: str, number: np.ndarray, times: int, above: int) -> np.ndarray:
    """A scramble of the numbers, one to one; empty where the number is -1."""
    digits = len(str(above))
    mixed = (number.astype(np.int64) * times + 4711) % above
    return np.array(
        ["" if at < 0 else f"{letter}{value:0{digits}d}" for at, value in zip(number, mixed, strict=True)], dtype=object
    )


def truth_of_identities(history: History) -> pd.DataFrame:
    """Who each customer number truly is: `person_id`, the first number of the same person, and the household."""
    known = identities(history)
    place = np.flatnonzero(history.known)
    mine = known.iloc[place]
    return pd.DataFrame(
        {
            "customer_id": people.ids_of(place),
            "person_id": people.ids_of(mine["person"]),
            "household_id": people.ids_of(mine["household"]),
            "three_ids": text.yes_no(mine["three_ids"].to_numpy()),
        }
    )
