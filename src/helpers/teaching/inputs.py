"""What exercises are worked out from: the lesson's own data, by name, safe from the learner's hands."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import DataError
from helpers.withheld import Silence, Withheld


class Unavailable(Exception):
    """An exercise cannot be worked out here. The message is Markdown for the learner."""


class Inputs:
    """Values that a lesson offers to its exercises by name.

    A function's arguments are looked up here: first among what was offered,
    then among the reference functions of other exercises, so that one can
    build on another. What is offered is copied at once, because a learner may
    change the original in the very next cell. An offered function is called
    when somebody first needs it, and its own arguments are looked up too.
    """

    def __init__(self, functions: Mapping[str, Callable[..., Any]] | None = None) -> None:
        self._functions = dict(functions or {})
        self._given: dict[str, Any] = {}
        self._made: dict[str, Any] = {}
        self._open: list[str] = []

    def offer(self, **values: Any) -> None:
        """Take values in; what was worked out from earlier ones is forgotten."""
        for name, value in values.items():
            self._given[name] = value if type(value) is types.FunctionType else own_copy(value)
        self._made.clear()

    def __contains__(self, name: str) -> bool:
        return name in self._given or name in self._functions

    def __getitem__(self, name: str) -> Any:
        """A value by name, for a function of the course to work with.

        Raises
        ------
        Unavailable
            If nobody offered it, or it is withheld on these data.
        """
        if name not in self._made:
            self._made[name] = self._make(name)
        value = self._made[name]
        if isinstance(value, (Withheld, Silence)):
            raise Unavailable(getattr(value, "reason", "") or "These data are too few for it.")
        # Copy-on-write is enough here: worked answers do not write into arrays.
        return value.copy(deep=False) if isinstance(value, (pd.DataFrame, pd.Series)) else value

    def call(self, function: Callable[..., Any]) -> Any:
        """The result of a function whose arguments are all known here.

        Raises
        ------
        Unavailable
            If an argument is not known, or the data lack what the function needs.
        """
        arguments = {}
        for name, parameter in inspect.signature(function).parameters.items():
            if name in self:
                arguments[name] = self[name]
            elif parameter.default is parameter.empty:
                raise Unavailable(
                    f"It needs `{name}`, which does not exist yet. Run the cells above: "
                    "*Run*, then *Run All Above Selected Cell*."
                )
        try:
            result = function(**arguments)
        except Unavailable:
            raise
        except DataError as error:
            raise Unavailable(str(error)) from error
        except KeyError as error:
            missing = error.args[0] if error.args else ""
            raise Unavailable(f"These data have no `{missing}`, which the exercise needs.") from error
        except (Exception, SystemExit) as error:
            raise Unavailable(f"It cannot be worked out on these data ({type(error).__name__}: {error}).") from error
        if isinstance(result, (Withheld, Silence)):
            raise Unavailable(getattr(result, "reason", "") or "These data are too few for it.")
        return result

    def _make(self, name: str) -> Any:
        if name in self._given:
            value = self._given[name]
            return self._called(name, value) if type(value) is types.FunctionType else value
        if name in self._functions:
            return self._called(name, self._functions[name])
        raise Unavailable(f"It needs `{name}`, which the lesson has not offered.")

    def _called(self, name: str, function: Callable[..., Any]) -> Any:
        if name in self._open:
            raise Unavailable(f"`{name}` would need itself to be worked out.")
        self._open.append(name)
        try:
            return self.call(function)
        finally:
            self._open.pop()


def own_copy(value: Any) -> Any:
    """A copy that nothing done to the original can change, and the other way round.

    Frames are copied deeply: pandas' copy-on-write does not hold for somebody
    who writes into `series.array`. What is no container stays as it is.
    """
    if isinstance(value, (pd.DataFrame, pd.Series, pd.Index)):
        return value.copy(deep=True)
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {key: own_copy(item) for key, item in value.items()}
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(own_copy(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        twin = copy.copy(value)
        for field in dataclasses.fields(value):
            # Results are frozen, and some check themselves when they are made.
            object.__setattr__(twin, field.name, own_copy(getattr(value, field.name)))
        return twin
    return value
