"""Reports: what a notebook needs to speak to a manager, and what turns it into a page.

A notebook uses `Report` and `table`. Everything is loaded when it is used.
"""

from importlib import import_module

_HOME_OF = {
    "Report": "results",
    "table": "tables",
    "Table": "tables",
    "ActionList": "actions",
    "read_action_list": "actions",
    "PreviousReport": "previous",
}

__all__ = list(_HOME_OF)


def __getattr__(name: str):
    if name in _HOME_OF:
        return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
