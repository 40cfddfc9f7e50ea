"""One wave of the customer survey, asked in three ways: the sheets, and what was true.

With the story `survey_bias` the three ways differ in who answers (`respondents`)
and in what comes back on the sheet (here). Without it all three are drawn by lot,
and people answer as it is, but for small slips that lean to neither side.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import experience, people, text, values
from helpers.simulate import respondents as asked
from helpers.simulate import stories as planted
from helpers.simulate.dice import Dice, pick

WAVE = "2026-03"
ANSWERS = (700, 1100, 300)
"""About how many answers each mode brings at the default company."""
LARGEST = 10
"""A company more than so many times the default one has no larger survey."""
STRANGERS = 0.10
"""Share of the answers in the street from people who are no customers."""
_CARD_SHOWN = 0.44
"""Share of the customers in the street who show the card."""
LEAST_IN_A_CELL = 5
"""Fewer answers than this are not weighted by themselves."""

# Chances of a count that is 1 too low, right, 1, 2, 3, 4 too high.
_SLIPS = {
    "truthful": np.array([0.06, 0.88, 0.06, 0.00, 0.00, 0.00]),
    "panel": np.array([0.09, 0.79, 0.12, 0.00, 0.00, 0.00]),
    "street": np.array([0.05, 0.58, 0.28, 0.09, 0.00, 0.00]),
    "internal": np.array([0.00, 0.10, 0.22, 0.30, 0.24, 0.14]),
}
_STRANGERS_CLAIM = np.array([0.45, 0.35, 0.20])
_OTHER_MOTIVE = 0.10
"""Chance that somebody names another motive than the one that counts."""
_SERVICE_INSTEAD = 0.40
"""Chance that staff write "service" whatever the customer would say."""
_PLANS_ADDED = {"panel": 0.00, "street": 0.12, "internal": 0.45}
"""Chance that an answer of no plans comes back as plans."""
_MOOD_ADDED = 0.8
"""How much better staff find the mood of their customers."""
_INCOME_GUESSED = 0.6
_COLUMNS = (
    "chosen", "day", "place", "card", "slip", "other", "other_which", "service", "added", "guess",
    "no_year", "no_household", "no_income", "no_mood",
)  # fmt: skip


def ask(
    dice: Dice, crowd: people.People, lines: pd.DataFrame, stories: planted.Stories, *, size: float
) -> pd.DataFrame:
    """The answers of the wave, each with what was true.

    Parameters
    ----------
    dice : Dice
    crowd : People
    lines : DataFrame
        `Life.lines`: what people ordered.
    stories : Stories
        Without `survey_bias` all three modes are drawn by lot and answer truthfully.
    size : float
        1 for the default company; the number of answers goes with it, up to `LARGEST`.

    Returns
    -------
    DataFrame, one row per answer, by day
        What the sheet says: `mode`, `known` (whether the customer number stands on it),
        `day`, `city`, `birth_year`, `household`, `income` and `motive` (places in lists,
        -1 for no answer), `orders_claimed`, `plans`, `recommendation`, `weight`,
        `answer_id`. What was true: `person` (place in the crowd, -1 for no customer),
        `order_days` in the 365 days before the answer, `true_motive`, `true_plans`.
    """
    biased = stories.has("survey_bias")
    size = min(size, LARGEST)
    sold = asked.sold_lines(lines)
    base = asked.customer_base(dice, crowd, sold)
    parts = []
    for mode, name in enumerate(asked.MODES):
        u = dice.table(f"survey {name}", 0, len(crowd), _COLUMNS, only=base.index.to_numpy())
        in_street = biased and mode == asked.STREET
        wanted = size * ANSWERS[mode] * (1 - STRANGERS if in_street else 1)
        chosen = asked.who_answers(mode, base, u["chosen"], wanted=wanted, biased=biased)
        u = {column: values[chosen] for column, values in u.items()}
        # Guesses of staff go by what a customer spent among all customers.
        rank = asked.rank_by_spend(base)[chosen]
        parts.append(_sheets(base[chosen], u, sold, name=name, rank=rank, biased=biased))
        if in_street:
            parts.append(_sheets_of_strangers(dice, round(size * ANSWERS[mode] * STRANGERS)))
    answers = pd.concat(parts, ignore_index=True)
    answers = answers.sort_values(["day", "place"], kind="stable", ignore_index=True)
    panel = answers["mode"] == asked.MODES[asked.PANEL]
    answers["weight"] = 1.0
    answers.loc[panel, "weight"] = weights(base, answers.loc[panel, "person"])
    digits = max(4, len(str(len(answers))))
    numbers = range(1, len(answers) + 1)
    answers["answer_id"] = [f"A{WAVE[2:4]}{WAVE[5:]}-{number:0{digits}d}" for number in numbers]
    return answers


def _sheets(
    rows: pd.DataFrame, u: dict, sold: pd.DataFrame, *, name: str, rank: np.ndarray, biased: bool
) -> pd.DataFrame:
    """What comes back from some of the base in one mode."""
    who = rows.index.to_numpy()
    day = asked.FIRST_DAY + np.floor(asked.DAYS * u["day"]).astype(int)
    order_days = days_before(sold, who, day)
    slip = pick(u["slip"], _SLIPS[name if biased else "truthful"]) - 1
    sheet = _as_meant(rows, u).assign(mode=name, person=who, known=True, day=day, order_days=order_days)
    sheet["orders_claimed"] = np.maximum(order_days + slip, 0)
    no_year, no_household = 0.03, 0.02
    if biased:
        sheet["plans"] |= u["added"] < _PLANS_ADDED[name]
    if name == "street":
        sheet["known"] = u["card"] < _CARD_SHOWN
    if name == "internal" and biased:
        sheet["motive"] = np.where(u["service"] < _SERVICE_INSTEAD, asked.SERVICE, sheet["motive"])
        sheet["mood"] += _MOOD_ADDED
        # Staff guess the income from what they sold, and leave open what they do not know.
        guess = np.searchsorted([0.4, 0.85], rank, side="right")
        sheet["income"] = np.where(u["guess"] < _INCOME_GUESSED, guess, sheet["income"])
        no_year, no_household = 0.6, 0.25
    return _filled_in(sheet, u, no_year=no_year, no_household=no_household)


def _sheets_of_strangers(dice: Dice, number: int) -> pd.DataFrame:
    """What people answer who never bought here, and do not say so."""
    u = dice.table("survey strangers' sheets", 0, number, _COLUMNS)
    sheet = _as_meant(asked.strangers(dice, number), u).assign(
        mode="street",
        person=-1,
        known=False,
        day=asked.FIRST_DAY + np.floor(asked.DAYS * u["day"]).astype(int),
        order_days=0,
        orders_claimed=pick(u["slip"], _STRANGERS_CLAIM),
    )
    return _filled_in(sheet, u, no_year=0.03, no_household=0.02)


def _as_meant(rows: pd.DataFrame, u: dict) -> pd.DataFrame:
    """The answers before anybody leans on them; some name another motive than the one that counts."""
    sheet = rows[["city", "birth_year", "household", "income", "motive", "plans", "mood"]].reset_index(drop=True)
    sheet = sheet.assign(true_motive=sheet["motive"], true_plans=sheet["plans"], place=u["place"])
    other = (sheet["motive"] + 1 + np.floor(3 * u["other_which"]).astype(int)) % len(asked.MOTIVES)
    return sheet.assign(motive=np.where(u["other"] < _OTHER_MOTIVE, other, sheet["motive"]))


def _filled_in(sheet: pd.DataFrame, u: dict, *, no_year: float, no_household: float) -> pd.DataFrame:
    """The sheet with the grade from 0 to 10, and with the questions that were left out."""
    grade = np.clip(np.floor(sheet["mood"] + 0.5), 0, 10).astype("Int64")
    return sheet.drop(columns="mood").assign(
        recommendation=grade.mask(u["no_mood"] < 0.04),
        birth_year=sheet["birth_year"].astype("Int64").mask(u["no_year"] < no_year),
        household=sheet["household"].where(u["no_household"] >= no_household, -1),
        income=sheet["income"].where(u["no_income"] >= 0.08, -1),
    )


def days_before(sold: pd.DataFrame, person: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Order days of each person in the 365 days before a day of their own."""
    far = 100_000
    keys = np.unique(sold["person"].to_numpy(dtype=np.int64) * far + sold["day"].to_numpy())
    mine = np.asarray(person, dtype=np.int64) * far + day
    return np.searchsorted(keys, mine) - np.searchsorted(keys, mine - asked.YEAR)


def weights(base: pd.DataFrame, person: pd.Series) -> np.ndarray:
    """How many customers each answer of the panel stands for, relative to the others.

    Post-stratified to the base by band of order days and city, with mean 1. A band
    in which some city has fewer than `LEAST_IN_A_CELL` answers is taken over all
    cities; a band with fewer answers altogether goes with the band below it.

    Parameters
    ----------
    base : DataFrame
        From `respondents.customer_base`.
    person : Series of int
        Who answered, by index of the base.
    """
    band = pd.Series(asked.band(base["order_days"].to_numpy()), index=base.index)
    for high in range(len(asked.BANDS) - 1, 0, -1):
        if (band[person] == high).sum() < LEAST_IN_A_CELL:
            band = band.where(band != high, high - 1)
    answers = pd.crosstab(band[person].to_numpy(), base["city"][person].to_numpy())
    answers = answers.reindex(columns=range(len(shop.CITIES)), fill_value=0)
    fine = answers.index[answers.min(axis=1) >= LEAST_IN_A_CELL]
    cell = 10 * band + base["city"].where(band.isin(fine), 9)
    weight = (cell.value_counts() / cell[person].value_counts())[cell[person]].to_numpy()
    return np.round(weight / weight.mean(), 4) if len(weight) else weight


def survey(history) -> pd.DataFrame:
    """The public table: the sheets as they came back."""
    answers = history.answers
    sheets = pd.DataFrame(
        {
            "answer_id": answers["answer_id"],
            "customer_id": np.where(answers["known"], people.ids_of(answers["person"]), ""),
            "answered_on": text.moments(answers["day"], np.zeros(len(answers))),
            "wave": WAVE,
            "mode": answers["mode"],
            "weight": answers["weight"],
            "city": np.array(shop.CITIES)[answers["city"]],
            "birth_year": answers["birth_year"],
            "household": _words(asked.HOUSEHOLDS, answers["household"]),
            "income_band": _words(asked.INCOMES, answers["income"]),
            "motive": _words(asked.MOTIVES, answers["motive"]),
            "orders_claimed": answers["orders_claimed"].astype("Int64"),
            "plans_to_buy": answers["plans"],
            "recommendation": answers["recommendation"],
        }
    )
    return pd.concat([sheets.assign(**experience.sheet(history)), values.on_the_sheets(history)], axis=1)


def _words(names: tuple[str, ...], place: pd.Series) -> pd.Series:
    """The name at each place; missing where it is -1."""
    return pd.Series(np.array(names)[place], dtype="str").mask(place < 0)


def truth_of_answers(history) -> pd.DataFrame:
    """For each answer what nobody reads off the sheet: who it was, and what was true.

    Returns
    -------
    DataFrame, one row per answer, in the order of the public table
        `customer_id` (empty: no customer), `type`, `order_days` (true, in the 365 days
        before the answer), `motive` and `plans_to_buy` as the person would tell a friend,
        and `..._changed`: whether the sheet says something else.
    """
    answers = history.answers
    person = answers["person"].to_numpy()
    kinds = np.array([kind.name for kind in people.KINDS])[history.crowd.kind[person]]
    return pd.DataFrame(
        {
            "answer_id": answers["answer_id"],
            "mode": answers["mode"],
            "customer_id": np.where(person >= 0, people.ids_of(person), ""),
            "type": np.where(person >= 0, kinds, ""),
            "order_days": answers["order_days"],
            "orders_claimed_changed": text.yes_no(answers["orders_claimed"] != answers["order_days"]),
            "motive": _words(asked.MOTIVES, answers["true_motive"]),
            "motive_changed": text.yes_no(answers["motive"] != answers["true_motive"]),
            "plans_to_buy": text.yes_no(answers["true_plans"]),
            "plans_to_buy_changed": text.yes_no(answers["plans"] != answers["true_plans"]),
        }
    )


def truth_of_population(history) -> pd.DataFrame:
    """The true values of all customers whom the survey speaks about: `measure`, `value`."""
    base = asked.customer_base(history.dice, history.crowd, asked.sold_lines(history.life.lines))
    values = {"customers": len(base), "mean_order_days": base["order_days"].mean()}
    values |= {f"share_motive_{name}": (base["motive"] == at).mean() for at, name in enumerate(asked.MOTIVES)}
    values |= {f"share_{name}": (base["city"] == at).mean() for at, name in enumerate(shop.CITIES)}
    values |= {"share_plans_to_buy": base["plans"].mean(), "share_order_in_90_days": base["will_order"].mean()}
    return pd.DataFrame({"measure": list(values), "value": np.round([float(value) for value in values.values()], 6)})
