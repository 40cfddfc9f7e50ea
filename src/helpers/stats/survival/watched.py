"""Who was watched from when to when: checked, and counted by time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import words
from helpers.errors import DataError

# Below these a curve says more about chance than about customers.
MIN_CUSTOMERS = 20
MIN_EVENTS = 5

GAIN = "With more customers, or watched for longer, it would appear."


def checked(duration, observed, entry, start: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers, yes and no, and an entry for everybody; what cannot be is refused."""
    duration, observed = np.asarray(duration, dtype=float), np.asarray(observed)
    entry = np.zeros(len(duration)) if entry is None else np.asarray(entry, dtype=float)
    if not len(duration) == len(observed) == len(entry):
        raise DataError(
            f"{len(duration)} durations, {len(observed)} events and {len(entry)} entries do not fit together. "
            "Take them from one table."
        )
    if pd.isna(observed).any() or not np.isin(observed.astype(float), [0.0, 1.0]).all():
        raise DataError("Whether the event was seen must be True or False for everybody. Fill in what is missing.")
    bad = ~np.isfinite(duration) | ~np.isfinite(entry)
    if bad.any():
        raise DataError(
            f"{words.count(int(bad.sum()), 'customer')} with a missing duration or entry. Leave them out, or "
            "mend the dates."
        )
    if (duration < 0).any():
        raise DataError(
            f"{words.count(int((duration < 0).sum()), 'customer')} with a duration below 0. Check which date "
            "comes first."
        )
    if start < 0:
        raise DataError(f"A curve cannot start at {start:g}. Give 0, or the time that the customers have reached.")
    late = entry > duration
    if late.any() or (entry < 0).any():
        raise DataError(
            f"{words.count(int((late | (entry < 0)).sum()), 'customer')} watched from before time 0 or after the end. "
            "Who had the event before watching began does not belong in the data."
        )
    unseen = (entry == duration) & (entry > 0)
    if unseen.any():
        raise DataError(
            f"{words.count(int(unseen.sum()), 'customer')} watched for no time: watching began when it ended. "
            "Leave them out."
        )
    return duration, observed.astype(bool), entry


def at_times(times: np.ndarray, duration, observed, entry) -> tuple[np.ndarray, np.ndarray]:
    """At each time how many are at risk, and how many have the event."""
    # Who entered at 0 is at risk at 0 as well: nothing lies before it.
    entered = np.searchsorted(np.sort(np.where(entry == 0, -1.0, entry)), times, side="left")
    ended = np.searchsorted(np.sort(duration), times, side="left")
    events = np.sort(duration[observed])
    return entered - ended, np.searchsorted(events, times, side="right") - np.searchsorted(events, times, side="left")


def counts(duration, observed, entry) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The distinct times, and at each how many are at risk, have the event, and are censored."""
    times = np.unique(duration)
    at_risk, happened = at_times(times, duration, observed, entry)
    ended = np.unique(duration, return_counts=True)[1]
    return times, at_risk, happened, ended - happened
