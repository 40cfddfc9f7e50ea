"""What the panel says of the four values and the four costs, and whether it was worth it.

Each person's marks come from dice of their own, so that the sheet of the survey
keeps all its other bytes. With the story `bother` one cost weighs much more than
the others, and people who own a water purifier feel more of it. Without the
story all four costs weigh the same.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import people
from helpers.simulate import stories as planted
from helpers.simulate.dice import Dice, bell

VALUES = ("product", "service", "personnel", "image")
COSTS = ("money", "time", "energy", "psychic")
COLUMNS = (*(f"{name}_value" for name in VALUES), *(f"{name}_cost" for name in COSTS))
OVERALL = "worth_it"

VALUE_WEIGHTS = (0.35, 0.25, 0.12, 0.10)
OTHER_COST_WEIGHT, PLANTED_COST_WEIGHT = 0.15, 0.52
COST_WEIGHT_WITHOUT_STORY = 0.22
_VALUE_LEVELS = (7.3, 6.7, 6.9, 6.4)
_COST_LEVELS = (6.6, 4.8, 4.9, 3.7)
"""Money is what people mark highest, whatever weighs most."""
_OWNERS_FEEL_MORE = 1.6
_OVERALL_LEVEL = 6.1
_SPREAD, _HALO, _NOISE = 1.5, 0.6, 1.1
_LEFT_OPEN = 0.02
_SAME_MARK = 0.015
"""Share of the sheets with the same mark in every box."""


def weights(stories: planted.Stories) -> dict[str, float]:
    """How much one step on each scale moves the judgement: positive for values, negative for costs."""
    if stories.has("bother"):
        costs = [PLANTED_COST_WEIGHT if name == stories.plant["bother"] else OTHER_COST_WEIGHT for name in COSTS]
    else:
        costs = [COST_WEIGHT_WITHOUT_STORY] * len(COSTS)
    return dict(zip(COLUMNS, (*VALUE_WEIGHTS, *(-cost for cost in costs)), strict=True))


def marks(
    dice: Dice, crowd: people.People, lines: pd.DataFrame, stories: planted.Stories, *, person: np.ndarray, day: int
) -> pd.DataFrame:
    """The nine marks, from 1 to 10, of some people.

    Parameters
    ----------
    dice, crowd, lines, stories
        Of the company; `lines` are `Life.lines`.
    person : array of int
        Who is asked, by place in the crowd; one row each.
    day : int
        Day number; a purifier counts when it was bought before.

    Returns
    -------
    DataFrame of Int64
        The columns of `COLUMNS` and `OVERALL`; missing where a box was left open.
    """
    boxes = (*COLUMNS, OVERALL)
    names = [f"{box}{part}" for box in boxes for part in ("a", "b", "c", "open")]
    u = dice.table("survey values", 0, len(crowd), [*names, "halo1", "halo2", "halo3", "same", "same_mark"], only=person)
    halo = _HALO * bell(u["halo1"], u["halo2"], u["halo3"])
    owns = owners(crowd, lines, day)[person]
    felt = {}
    for place, box in enumerate(COLUMNS):
        own = _SPREAD * bell(*(u[f"{box}{part}"] for part in "abc"))
        cost = box.endswith("_cost")
        level = (*_VALUE_LEVELS, *_COST_LEVELS)[place]
        felt[box] = level + own + (-halo if cost else halo)
        if stories.has("bother") and box == f"{stories.plant['bother']}_cost":
            felt[box] += _OWNERS_FEEL_MORE * owns
    scale = {box: _on_scale(values) for box, values in felt.items()}
    steps = weights(stories)
    judged = _OVERALL_LEVEL + _NOISE * bell(*(u[f"{OVERALL}{part}"] for part in "abc"))
    for place, box in enumerate(COLUMNS):
        judged = judged + steps[box] * (scale[box] - (*_VALUE_LEVELS, *_COST_LEVELS)[place])
    scale[OVERALL] = _on_scale(judged)
    same = u["same"] < _SAME_MARK
    mark = 4 + np.floor(5 * u["same_mark"]).astype(int)
    return pd.DataFrame(
        {
            box: pd.Series(np.where(same, mark, scale[box]), dtype="Int64").mask(u[f"{box}open"] < _LEFT_OPEN)
            for box in boxes
        }
    )


def owners(crowd: people.People, lines: pd.DataFrame, day: int) -> np.ndarray:
    """Who has a water purifier by a day: from before the export, or bought and not called off."""
    owns = crowd.holds_purifier.astype(bool).copy()
    bought = lines[(lines["day"] < day) & ~lines["cancelled"]]
    owns[bought.loc[shop.catalogue().is_purifier[bought["product"]], "person"]] = True
    return owns


def _on_scale(values: np.ndarray) -> np.ndarray:
    """Whole marks from 1 to 10."""
    return np.clip(np.floor(values + 0.5), 1, 10).astype(int)


def on_the_sheets(history) -> pd.DataFrame:
    """The nine columns for all answers of the survey: filled for the panel alone.

    Returns
    -------
    DataFrame of Int64
        One row per answer, in the order of `history.answers`.
    """
    from helpers.simulate import respondents as asked

    answers = history.answers
    panel = np.flatnonzero(answers["mode"] == asked.MODES[asked.PANEL])
    found = marks(
        history.dice,
        history.crowd,
        history.life.lines,
        history.stories,
        person=answers["person"].to_numpy()[panel],
        day=asked.FIRST_DAY,
    )
    found.index = panel
    return found.reindex(range(len(answers)))


def truth_of_weights(history, stories: planted.Stories) -> pd.DataFrame:
    """What one step on each scale truly moves: `measure`, `weight`."""
    steps = weights(stories)
    return pd.DataFrame({"measure": list(steps), "weight": list(steps.values())})
