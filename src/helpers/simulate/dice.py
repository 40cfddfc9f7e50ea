"""Random numbers that stay where they are, whatever else happens.

Every number is found by its address: the seed, what it is for (`purpose`),
the week, and the row of the person. Drawing more rows, or playing another
action list, never moves the numbers of anybody else. That is what makes two
lives of one quarter comparable: they differ by the actions alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np


_JUMP_WORDS = 1000  # jumping to a row takes about as long as drawing so many words
BY_WEEK = ("life", "baskets", "contacts", "hand-overs")


class Dice:
    """Philox streams, one for each seed, purpose and step.

    Parameters
    ----------
    seed : int
        The company's seed.
    luck, luck_from : int
        With a luck other than 0, what is drawn week by week (`BY_WEEK`) is
        drawn anew from this week on: another future of the same past.
    """

    def __init__(self, seed: int, *, luck: int = 0, luck_from: int = 0) -> None:
        self.seed = seed
        self.luck = luck
        self.luck_from = luck_from

    def table(
        self,
        purpose: str,
        step: int,
        rows: int,
        columns: Sequence[str],
        only: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Uniform numbers in [0, 1), one named column for each use.

        Row i is the same however many rows are asked for, so a company that
        grows keeps the fate of the people it already has.

        Parameters
        ----------
        purpose, step : str, int
            What for, and in which week or quarter.
        rows : int
            How many rows there are.
        columns : sequence of str
        only : array of int, optional
            Give back these rows alone.

        >>> short = Dice(20).table("life", 3, 2, ["order", "day"])
        >>> long = Dice(20).table("life", 3, 9, ["order", "day"])
        >>> bool((long["day"][:2] == short["day"]).all())
        True
        """
        name = f"{self.seed}|{purpose}|{step}"
        if self.luck and purpose in BY_WEEK and step >= self.luck_from:
            name += f"|luck {self.luck}"
        name = name.encode()
        key = int.from_bytes(hashlib.sha256(name).digest()[:16], "little")
        # The raw words, not Generator.random: numpy promises that a bit
        # generator never changes, and shifting and scaling is exact everywhere.
        stream, width = np.random.Philox(key=key), len(columns)
        if only is not None and len(only) * _JUMP_WORDS < rows * width:
            words = _words_of(stream, width, only)
        else:
            words = stream.random_raw(rows * width).reshape(rows, width)
            words = words if only is None else words[only]
        uniform = (words >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return {column: uniform[:, place] for place, column in enumerate(columns)}


def _words_of(stream: np.random.Philox, width: int, only: np.ndarray) -> np.ndarray:
    """The words of some rows, found by jumping: a step of `advance` passes over four words."""
    words, at = np.empty((len(only), width), dtype=np.uint64), 0
    for place in np.argsort(only, kind="stable").tolist():
        step, before = divmod(int(only[place]) * width, 4)
        # Back, too: a row may be asked for twice, or begin within the four words that were drawn last.
        stream.advance((step - at) % 2**256)
        words[place] = stream.random_raw(before + width)[before:]
        at = step - (-(before + width) // 4)
    return words


def settled(values: np.ndarray) -> np.ndarray:
    """Values on a grid of a millionth.

    exp and log may differ in the last bit between machines. Rounding here, the
    only place where such functions are used, keeps the bytes the same.
    """
    return np.round(values, 6)


def bell(first: np.ndarray, second: np.ndarray, third: np.ndarray) -> np.ndarray:
    """A bell-shaped number with mean 0 and spread 1, between -3 and 3, from three uniforms."""
    return ((first + second + third) - 1.5) * 2.0


def pick(uniform: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """For each row, the place chosen by its uniform number among its weights.

    Parameters
    ----------
    uniform : array of float, shape (n,)
    weights : array of float, shape (n, k) or (k,)
        Need not add up to one.

    Returns
    -------
    array of int, shape (n,)
    """
    steps = np.cumsum(weights, axis=-1)
    if steps.ndim == 1:
        steps = np.broadcast_to(steps, (len(uniform), len(steps)))
    mark = uniform * steps[:, -1]
    return np.minimum((mark[:, None] >= steps).sum(axis=1), steps.shape[1] - 1)
