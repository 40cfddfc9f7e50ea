"""What the panel says about touchpoints and problems: the table of ratings, and columns of the survey.

Drawn from streams of its own, for those who answered the panel. The rest of the
survey keeps its bytes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import people, text
from helpers.simulate import respondents as asked
from helpers.simulate import stories as planted
from helpers.simulate.dice import bell, pick
from helpers.simulate.tables import History

TOUCHPOINTS = planted.RATED
# In the order of the touchpoints: share who met it, and how much it counts for the satisfaction on the whole.
_MET = np.array([0.98, 0.90, 0.93, 0.95, 0.97, 0.93, 0.92, 0.55, 0.30, 0.80, 0.03])
COUNTS = np.array([0.22, 0.05, 0.14, 0.16, 0.14, 0.14, 0.14, 0.02, 0.01, 0.03, 0.00])
_EXPECTED = np.array([8.2, 6.8, 7.4, 7.6, 7.6, 7.8, 7.6, 6.6, 6.2, 6.6, 6.0])
_SITE_GAP, _SITE_COUNTS = -2.1, 0.24
_LOW_SCORE, _LOW_COUNTS = -2.6, 0.01
_SPREAD = 1.2
_OVERALL_SPREAD = 0.9
_TOLD = ("nobody", "partner", "front_line", "head_office")
# How those with a problem told it, who filed no complaint: with the story `iceberg` and without.
_TOLD_SHARE = {True: np.array([0.70, 0.20, 0.10, 0.00]), False: np.array([0.10, 0.00, 0.15, 0.75])}
_PROBLEM = {True: 0.16, False: 0.06}
_PROBLEM_HANDED_OVER = 0.12
_STAYS, _STAYS_SILENT, _STAYS_TOLD = 0.94, 0.66, 0.76
_RISES = (0, 3, 5, 10, 15, 20)
_RISE_WITH_CHOICE = np.array([0.34, 0.24, 0.20, 0.14, 0.05, 0.03])
_RISE_WITHOUT = np.array([0.10, 0.12, 0.20, 0.28, 0.18, 0.12])
_HALO = ("halo1", "halo2", "halo3", "wish1", "wish2", "wish3", "whole1", "whole2", "whole3")
_SHEET = ("problem", "told", "stays", "named", "choice", "rise")
_EACH = ("met", "wish1", "wish2", "wish3", "mood1", "mood2", "mood3")


def weights(stories: planted.Stories) -> np.ndarray:
    """How much each touchpoint truly counts for the satisfaction on the whole."""
    counts = COUNTS.copy()
    if stories.has("hand_over"):
        counts[TOUCHPOINTS.index(planted.HAND_OVER_SITES[stories.plant["hand_over"]])] += _SITE_COUNTS
    if stories.has("low_score"):
        counts[TOUCHPOINTS.index(stories.plant["low_score"])] = _LOW_COUNTS
    return counts


def gaps(stories: planted.Stories) -> np.ndarray:
    """What people meet less what they expect, on average, before it is rounded to a grade."""
    shift = np.zeros(len(TOUCHPOINTS))
    if stories.has("low_score"):
        shift[TOUCHPOINTS.index(stories.plant["low_score"])] = _LOW_SCORE
    if stories.has("hand_over"):
        shift[TOUCHPOINTS.index(planted.HAND_OVER_SITES[stories.plant["hand_over"]])] = _SITE_GAP
    return shift


def _panel(history: History) -> pd.DataFrame:
    answers = history.answers
    return answers[answers["mode"] == asked.MODES[asked.PANEL]]


def _drawn(history: History, purpose: str, columns, who: np.ndarray) -> dict[str, np.ndarray]:
    return history.dice.table(purpose, 0, len(history.crowd), columns, only=who)


def _grades(history: History) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of each in the panel: expectation and perception of each touchpoint, who met it, and the grade on the whole."""
    who = _panel(history)["person"].to_numpy()
    stories = history.stories
    u = _drawn(history, "ratings", _HALO, who)
    halo = 0.8 * bell(u["halo1"], u["halo2"], u["halo3"])
    wish = 0.5 * bell(u["wish1"], u["wish2"], u["wish3"])
    each = _drawn(history, "ratings by touchpoint", [f"{what}_{name}" for name in TOUCHPOINTS for what in _EACH], who)

    def stacked(*what: str) -> np.ndarray:
        return bell(*(np.stack([each[f"{part}_{name}"] for name in TOUCHPOINTS], axis=1) for part in what))

    met = np.stack([each[f"met_{name}"] for name in TOUCHPOINTS], axis=1) < _MET
    hoped = _EXPECTED + wish[:, None] + 0.7 * stacked("wish1", "wish2", "wish3")
    # What is met leans on the person (some find everything good) more than on what was hoped for.
    felt = _EXPECTED + gaps(stories) + halo[:, None] + _SPREAD * stacked("mood1", "mood2", "mood3")
    counts = weights(stories)
    usual = (_EXPECTED + gaps(stories)) @ counts
    # Who has not met a touchpoint is neither pleased nor annoyed by it.
    moved = (np.where(met, felt, _EXPECTED + gaps(stories)) @ counts - usual) / counts.sum()
    spread = _OVERALL_SPREAD * bell(u["whole1"], u["whole2"], u["whole3"])
    level = 7.6 + (gaps(stories) @ counts) / counts.sum()
    overall = level + 1.5 * moved + spread
    return _graded(hoped), _graded(felt), met, _graded(overall)


def _graded(values: np.ndarray) -> np.ndarray:
    return np.clip(np.floor(values + 0.5), 1, 10).astype(int)


def ratings(history: History) -> pd.DataFrame:
    """The public table: what each of the panel expected and met at each touchpoint they know."""
    panel = _panel(history)
    hoped, felt, met, _ = _grades(history)
    row, column = np.nonzero(met)
    return pd.DataFrame(
        {
            "answer_id": panel["answer_id"].to_numpy()[row],
            "customer_id": people.ids_of(panel["person"].to_numpy()[row]),
            "answered_on": text.moments(panel["day"].to_numpy()[row], np.zeros(len(row))),
            "touchpoint": np.array(TOUCHPOINTS, dtype=object)[column],
            "expectation": pd.array(hoped[row, column], dtype="Int64"),
            "perception": pd.array(felt[row, column], dtype="Int64"),
        }
    )


def sheet(history: History) -> dict[str, pd.Series]:
    """Columns of the survey, in the order of its rows; empty but for the panel."""
    panel = _panel(history)
    who = panel["person"].to_numpy()
    told, problem = _told(history, panel)
    u = _drawn(history, "problems", _SHEET, who)
    stays = np.select([~problem, told == 0], [_STAYS, _STAYS_SILENT], _STAYS_TOLD)
    has_choice = u["choice"] < 0.62
    rise = np.where(has_choice, pick(u["rise"], _RISE_WITH_CHOICE), pick(u["rise"], _RISE_WITHOUT))
    *_, overall = _grades(history)
    columns = {
        "overall": pd.Series(overall, panel.index, dtype="Int64"),
        "had_problem": pd.Series(problem, panel.index, dtype="boolean"),
        "told": pd.Series(np.array(_TOLD)[told], panel.index, dtype="str").where(problem),
        "stays": pd.Series(u["stays"] < stays, panel.index, dtype="boolean"),
        "asked_by_name": pd.Series(u["named"] < 0.36, panel.index, dtype="boolean"),
        "rise_borne": pd.Series(np.array(_RISES)[rise], panel.index, dtype="Int64"),
        "has_choice": pd.Series(has_choice, panel.index, dtype="boolean"),
    }
    return {name: values.reindex(history.answers.index) for name, values in columns.items()}


def _told(history: History, panel: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Whom each told of their problem (place in `_TOLD`), and whether they had one in the year before the answer."""
    stories = history.stories
    who = panel["person"].to_numpy()
    u = _drawn(history, "problems", _SHEET, who)
    chance = _PROBLEM[stories.has("iceberg")] + _PROBLEM_HANDED_OVER * stories.has("hand_over")
    told = pick(u["told"], _TOLD_SHARE[stories.has("iceberg")])
    filed = _filed(history, panel)
    told = np.where(filed >= 0, filed, told)
    return told, (u["problem"] < chance) | (filed >= 0)


def _filed(history: History, panel: pd.DataFrame) -> np.ndarray:
    """Whom the complaint on file reached, for those of the panel who filed one in the year before; -1 for the others."""
    from helpers.simulate.contacts import contacts

    rows = contacts(history)
    rows = rows[rows["cause"] != ""].sort_values(["at", "contact_id"])
    merged = pd.DataFrame(
        {"customer_id": people.ids_of(panel["person"].to_numpy()), "day": panel["day"].to_numpy(), "row": range(len(panel))}
    ).merge(rows[["customer_id", "at", "reported_to"]], on="customer_id")
    answered = text.moments(merged["day"], np.zeros(len(merged)))
    before = (answered - merged["at"].to_numpy()) / np.timedelta64(1, "D")
    recent = merged[(before > 0) & (before <= asked.YEAR)]
    found = np.full(len(panel), -1)
    found[recent["row"]] = [_TOLD.index(name) for name in recent["reported_to"]]
    return found


def truth_of_touchpoints(history: History) -> pd.DataFrame:
    """What each touchpoint truly is: how much it counts (shares of one), and the planted gap."""
    counts = weights(history.stories)
    return pd.DataFrame(
        {"touchpoint": TOUCHPOINTS, "counts": np.round(counts / counts.sum(), 4), "gap": gaps(history.stories)}
    )
