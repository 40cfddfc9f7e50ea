"""What belongs to a lesson besides its notebook: the exercises, the quiz and the worksheets of its topic."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import helpers
from helpers.reports.lessons import Lesson
from helpers.teaching.exercises import Exercise, exercises_of

_HERE = Path(helpers.__file__).parent


@dataclass(frozen=True)
class Topic:
    """A topic's teaching material.

    Attributes
    ----------
    name : str
        "segmentation".
    exercises : dict of str to Exercise
    functions : dict of str to callable
        The plain functions beside its exercises, for questions whose right option is computed.
    quiz, worksheets : Path
        Its quiz.yml and worksheets.yml, whether or not they exist.
    """

    name: str
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    quiz: Path = Path("quiz.yml")
    worksheets: Path = Path("worksheets.yml")


def topic_name(lesson: Lesson) -> str:
    """The topic of a notebook, by its name: 03a_segmentation_value is about segmentation."""
    rest = lesson.name.partition("_")[2]
    known = [path.name for path in _HERE.iterdir() if (path / "__init__.py").is_file()]
    fitting = [name for name in known if rest == name or rest.startswith(f"{name}_")]
    return max(fitting, key=len, default="")


def topic_of(lesson: Lesson) -> Topic:
    """The teaching material of a lesson; empty where its topic has none yet."""
    name = topic_name(lesson)
    folder = _HERE / name
    if not name or not ((folder / "exercises.py").is_file() or (folder / "exercises").is_dir()):
        return Topic(name, quiz=folder / "quiz.yml", worksheets=folder / "worksheets.yml")
    return topic_from(importlib.import_module(f"helpers.{name}.exercises"), name=name)


def topic_from(module: ModuleType, *, name: str = "") -> Topic:
    """The teaching material that lies in and beside a module of exercises.

    A topic with several notebooks may have a package of exercises, with a
    module for each notebook; they are taken together.

    Raises
    ------
    ValueError
        If two exercises share an id.
    """
    parts = [module]
    folder = Path(module.__file__).parent
    if hasattr(module, "__path__"):
        folder = folder.parent
        names = sorted(part.name for part in pkgutil.iter_modules(module.__path__))
        parts += [importlib.import_module(f"{module.__name__}.{part}") for part in names]
    exercises: dict[str, Exercise] = {}
    functions: dict[str, Callable[..., Any]] = {}
    for part in parts:
        found = exercises_of(part)
        # An exercise may be imported by another module of the package, to build on it.
        if twice := [id for id in set(found) & set(exercises) if found[id] is not exercises[id]]:
            raise ValueError(f"{part.__name__}: another module has an exercise {min(twice)}, too.")
        exercises |= found
        functions |= {
            key: value
            for key, value in vars(part).items()
            if inspect.isfunction(value) and value.__module__ == part.__name__
        }
    return Topic(name or folder.name, exercises, functions, folder / "quiz.yml", folder / "worksheets.yml")
