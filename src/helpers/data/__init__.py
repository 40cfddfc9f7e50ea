"""The door: reading, mapping, contract, reconciliation; `ledger.ledger` makes one row per customer.

Names are loaded when they are used, so that `import helpers` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers.data.company import Company
    from helpers.data.loading import load, read_raw
    from helpers.data.mapping import Mapping
    from helpers.data.raw import RawTable
    from helpers.data.reading import read
    from helpers.data.reconcile import Reconciliation

_WHERE = {
    "Company": "company",
    "Mapping": "mapping",
    "RawTable": "raw",
    "Reconciliation": "reconcile",
    "load": "loading",
    "read": "reading",
    "read_raw": "loading",
}
__all__ = ["Company", "Mapping", "RawTable", "Reconciliation", "load", "read", "read_raw"]


def __getattr__(name: str):
    if name in _WHERE:
        return getattr(import_module(f"helpers.data.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
