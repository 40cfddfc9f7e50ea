"""Lessons: exercises that check themselves, quizzes, playgrounds, worksheets, friendly errors.

A notebook needs `Lesson`, `playground`, `slider`, `choice`, `honest_note` and
`term`; a topic's `exercises.py` needs `exercise` and `Option`. Everything is
loaded when it is used.
"""

from importlib import import_module

_HOME_OF = {
    "Lesson": "lesson",
    "exercise": "exercises",
    "Option": "exercises",
    "Card": "exercises",
    "sorting": "cards",
    "playground": "playgrounds",
    "slider": "playgrounds",
    "choice": "playgrounds",
    "honest_note": "notes",
    "term": "glossary",
}

__all__ = list(_HOME_OF)


def __getattr__(name: str):
    if name in _HOME_OF:
        return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
