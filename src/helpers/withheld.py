"""A result that is not shown because the data cannot carry it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Withheld:
    """What a measure returns in place of a number that could not be trusted.

    Parameters
    ----------
    what : str
        The name of the result, as a reader knows it: "Movement between two dates".
    reason : str
        One sentence: what is missing or too small, with the counts.
    gain : str
        One sentence: what would make the result appear, or what it would tell.
    """

    what: str
    reason: str
    gain: str = ""

    def _repr_markdown_(self) -> str:
        return f"**{self.what}: not shown.** {self.reason} {self.gain}".rstrip()

    def __bool__(self) -> bool:
        # So that `if result:` reads as "if there is a result".
        return False


def passes_on_withheld(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a `Withheld` first argument straight back, so that thin data stays one word in a notebook."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        for value in args:
            if isinstance(value, (Withheld, Silence)):
                return value
        return function(*args, **kwargs)

    return wrapper


class Silence:
    """What follows a withheld result: nothing, so that its reason is said once and not three times."""

    def _ipython_display_(self) -> None:
        pass

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return ""


SILENCE = Silence()


def silent_when_withheld(function: Callable[..., Any]) -> Callable[..., Any]:
    """Say nothing where an argument is withheld: the section's figure has given the reason already."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if any(isinstance(value, (Withheld, Silence)) for value in args):
            return SILENCE
        return function(*args, **kwargs)

    return wrapper
