"""The sample company is read once: what `load` made of it is kept, and opened by the lessons that follow.

Reading and checking some twenty files takes seconds, and every lesson begins
with it. What is kept has a name made from all that it depends on, so a change
in any of it means reading anew. The folder can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from helpers import places
from helpers.data.company import PREPARED, Company, open_prepared
from helpers.errors import DataError

VARIABLE = "WORKBOOK_KEPT"


def folder() -> Path:
    """Where it is kept: .kept in the workbook's folder, or the folder that WORKBOOK_KEPT names."""
    return Path(os.environ.get(VARIABLE) or places.HOME / ".kept")


def sample(read: Callable[[], Company]) -> Company:
    """The sample company as it was read before, or as `read` reads it now.

    A folder that cannot be written, or whose content is damaged, costs time and nothing else.
    """
    place = folder() / _name()
    try:
        if (place / PREPARED).is_file():
            return open_prepared(place)
    except (OSError, DataError):
        shutil.rmtree(place, ignore_errors=True)
    company = read()
    _keep(company, place)
    return company


def _name() -> str:
    """A hash of the sample's files, of the code that reads them, and of the library that types them."""
    code = [*Path(__file__).parents[1].glob("*.py"), *Path(__file__).parent.glob("*.py")]
    files = [path for path in places.SAMPLE.iterdir() if path.suffix in (".csv", ".json")]
    total = hashlib.sha256(pd.__version__.encode())
    for path in sorted([*files, *code]):
        total.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:24]


def _keep(company: Company, place: Path) -> None:
    """Write it under another name and rename it when it is whole; what was kept before goes."""
    draft = place.with_name(f"draft-{os.getpid()}")
    try:
        company.save(draft).rename(place)
        for other in place.parent.iterdir():
            if other != place and (other / PREPARED).is_file():
                shutil.rmtree(other, ignore_errors=True)
    except (OSError, DataError):
        shutil.rmtree(draft, ignore_errors=True)
