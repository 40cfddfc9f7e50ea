"""Hand-overs that go wrong, and the calls and visits that follow a matter that was not settled.

With the story `hand_over` the partner who works at one touchpoint keeps people
waiting, leaves half of the work undone, and the hotline gets the calls. The
numbers are drawn from a stream of their own, so orders do not change.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import stories as planted
from helpers.simulate import text

COLUMNS = (
    "partner", "wrong", "wait", "mood", "call", "call_day", "hour", "again", "again_day", "visit", "visit_day",
    "settled", "passed", "answers", "lot", "report",
)  # fmt: skip
PARTNER_SHARE = 0.7
"""Share of the contacts at the planted touchpoint that a partner handles, where the company would do it itself."""
_CALL_FEN, _VISIT_FEN = 900, 4000
_CALLS_WHEN_WRONG, _CALLS_AGAIN, _SECOND_VISIT = 0.85, 0.45, 0.65
_CALLS_WHEN_UNSETTLED = 0.35
_CALL_BACK = 0.4
"""Share of the matters at the hotline that are called back the next day, drawn by lot."""
_HEAD_OFFICE = {True: 0.18, False: 0.92}
"""Share of the complaints that head office hears of, with the story `iceberg` and without."""


def by_partner(stories: planted.Stories, touchpoint: str, usual: np.ndarray, u: dict) -> np.ndarray:
    """Whether a partner handles each contact: at the planted touchpoint most are handed over."""
    if stories.has("hand_over") and touchpoint == stories.plant["hand_over"] and not usual.any():
        return u["partner"] < PARTNER_SHARE
    return usual


def goes_wrong(stories: planted.Stories, touchpoint: str, day: np.ndarray, partner: np.ndarray, u: dict) -> np.ndarray:
    """Whether each contact is one of the hand-overs that go wrong."""
    if not stories.has("hand_over") or touchpoint != stories.plant["hand_over"]:
        return np.zeros(len(day), dtype=bool)
    partner = partner & stories.goes_on("hand_over", day)
    return partner & (day >= planted.HAND_OVER_FROM) & (u["wrong"] < planted.HAND_OVER_WRONG)


def spoil(contacts: pd.DataFrame, wrong: np.ndarray, u: dict) -> pd.DataFrame:
    """Contacts of which the wrong ones took long, settled nothing, and annoyed the customer."""
    wait = contacts["wait_minutes"] + np.where(wrong, 60 + np.floor(240 * u["wait"]), 0).astype(int)
    mood = pd.Series(1 + (u["mood"] < 0.4).astype(int), index=contacts.index, dtype="Int64")
    satisfaction = contacts["satisfaction"]
    return contacts.assign(
        wait_minutes=wait,
        resolved=contacts["resolved"] & ~wrong,
        satisfaction=satisfaction.where(~wrong | satisfaction.isna(), mood),
    )


def follow_ups(contacts: pd.DataFrame, day: np.ndarray, wrong: np.ndarray, u: dict, *, last_day: int) -> list[pd.DataFrame]:
    """The calls and the second visit that follow contacts which settled nothing.

    Parameters
    ----------
    contacts : DataFrame
        Public rows of one kind, after `spoil`.
    day : array of int
        The day of each.
    wrong : array of bool
        From `goes_wrong`.
    u : dict of arrays
        The numbers drawn for each.
    last_day : int
        Later ones have not happened yet.
    """
    unsettled = ~contacts["resolved"].to_numpy()
    call = unsettled & (u["call"] < np.where(wrong, _CALLS_WHEN_WRONG, _CALLS_WHEN_UNSETTLED))
    called_on = day + 1 + np.floor(4 * u["call_day"]).astype(int)
    again = call & wrong & (u["again"] < _CALLS_AGAIN)
    again_on = called_on + 1 + np.floor(5 * u["again_day"]).astype(int)
    visit = wrong & (u["visit"] < _SECOND_VISIT)
    visit_on = day + 4 + np.floor(10 * u["visit_day"]).astype(int)
    minute = 540 + np.floor(500 * u["hour"]).astype(int)
    answered = u["answers"] < 0.5
    passed = np.floor(2 * u["passed"] ** 2).astype(int) + wrong
    parts = []
    for ending, happens, at, touchpoint, owner, cost, settled in (
        ("1", call, called_on, "hotline", "own", _CALL_FEN, np.where(wrong, 0.3, 0.7)),
        ("2", again, again_on, "hotline", "own", _CALL_FEN, 0.45),
        ("3", visit, visit_on, None, None, _VISIT_FEN, 0.85),
    ):
        rows = happens & (at <= last_day)
        resolved = (u["settled"] < settled)[rows]
        some = contacts[rows]
        mood = pd.array(np.where(resolved, 3, 1) + (u["mood"][rows] < 0.5), dtype="Int64")
        on_phone = touchpoint == "hotline"
        parts.append(
            some.assign(
                contact_id=some["contact_id"] + ending,
                at=text.moments(at[rows], minute[rows]),
                touchpoint=touchpoint or some["touchpoint"],
                phase="after",
                owner=owner or some["owner"],
                wait_minutes=np.floor((30 if on_phone else 150) * u["wait"][rows] ** 2).astype(int),
                transfers=passed[rows] if on_phone else 0,
                resolved=resolved,
                satisfaction=pd.Series(mood, index=some.index).where(answered[rows]),
                cause="",
                status="closed",
                cost_minor=cost,
            )
        )
    return parts


def call_backs(stories: planted.Stories, contacts: pd.DataFrame, u: dict) -> pd.DataFrame:
    """Contacts at the hotline after a purchase: whether they were called back, and the mood after it."""
    asked = (contacts["touchpoint"] == "hotline") & (contacts["phase"] == "after")
    lot = pd.Series(u["lot"] < _CALL_BACK, index=contacts.index, dtype="boolean")
    called = lot.where(asked)
    better = (called.fillna(False) & stories.has("call_back")).to_numpy(dtype=bool) & (u["mood"] < planted.CALL_BACK_LIFT)
    satisfaction = contacts["satisfaction"]
    return contacts.assign(called_back=called, satisfaction=(satisfaction + better.astype(int)).clip(upper=5))


def reported_to(stories: planted.Stories, u: dict) -> np.ndarray:
    """Whom a complaint reached: the front line alone, or head office too."""
    reaches = u["report"] < _HEAD_OFFICE[stories.has("iceberg")]
    return np.where(reaches, "head_office", "front_line").astype(object)
