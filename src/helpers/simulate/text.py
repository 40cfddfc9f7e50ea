"""Numbers and days as the files write them: fen as yuan, day numbers as ISO dates."""

from __future__ import annotations

import numpy as np

from helpers.simulate.catalogue import START


def yuan(fen) -> np.ndarray:
    """Amounts in fen as text in yuan: 12900 is 129.00, -5 is -0.05."""
    return np.array(
        [f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}" for value in fen],
        dtype=object,
    )


def iso_days(day) -> np.ndarray:
    """Day numbers as ISO dates."""
    return np.datetime_as_string(START + np.asarray(day, dtype=np.int64), unit="D").astype(object)


def day_numbers(at) -> np.ndarray:
    """Times as day numbers."""
    return (np.asarray(at, dtype="datetime64[D]") - START).astype(np.int64)


def moments(day, minute) -> np.ndarray:
    """Day numbers and minutes of the day as datetime64 in microseconds."""
    midnight = (START + np.asarray(day, dtype=np.int64)).astype("datetime64[us]")
    return midnight + np.asarray(minute, dtype=np.int64).astype("timedelta64[m]")


def iso_dates(at) -> np.ndarray:
    """Times as the date alone."""
    return np.datetime_as_string(np.asarray(at, dtype="datetime64[D]"), unit="D").astype(object)


def iso_moments(at) -> np.ndarray:
    """Times as 2026-06-17 10:23:00."""
    text = np.datetime_as_string(np.asarray(at, dtype="datetime64[s]"), unit="s")
    return np.char.replace(text, "T", " ").astype(object)


def yes_no(values) -> np.ndarray:
    """True and False as yes and no."""
    return np.where(values, "yes", "no").astype(object)
