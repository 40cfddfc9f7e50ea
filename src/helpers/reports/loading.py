"""Loading the libraries of a report in less time."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def without_slow_imports() -> Iterator[None]:
    """Leave out a grammar for web addresses that takes longer to load than all the rest.

    jsonschema imports it, if it is there, to check a format that notebooks do
    not use; nbformat, nbconvert and papermill import jsonschema.
    """
    slow = "rfc3987_syntax"
    if slow in sys.modules:
        yield
        return
    # None makes the import fail as if the package were not installed.
    sys.modules[slow] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[slow]
