"""The key numbers of the other reports, by page and name, with a memory of which were used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from helpers import words

STEM = 6
"""Letters that two names must have alike at the beginning of a word, to be taken for the same place."""


@dataclass(frozen=True)
class Evidence:
    """What the other reports found.

    Parameters
    ----------
    results : dict
        The content of results.json, as `helpers.reports.results.KEYS` describes it.

    Attributes
    ----------
    used : list of (lesson, key)
        The numbers that were asked for and found, in that order, each once: the annex lists them.
    """

    results: Mapping[str, Any]
    used: list[tuple[str, str]] = field(default_factory=list, compare=False)

    @property
    def code(self) -> str:
        """ISO code of the currency; all money is in its minor units."""
        return self.results["company"]["currency"]

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.results["company"]["as_of"])

    @property
    def lessons(self) -> list[str]:
        """Ids of the reports that are there, but for a plan's own."""
        return [id for id in self.results["lessons"] if id != "08"]

    def has(self, lesson: str) -> bool:
        return lesson in self.results["lessons"]

    def value(self, lesson: str, key: str, default: Any = None) -> Any:
        """A key number of a report as it stands in results.json; `default` where it is missing or withheld.

        Money is in minor units, a share a fraction of 1; an empty text counts as missing.
        """
        value = self._record(lesson, key).get("value")
        if value is None or value == "":
            return default
        if (lesson, key) not in self.used:
            self.used.append((lesson, key))
        return value

    def values(self, lesson: str, *keys: str) -> list[Any] | None:
        """Several key numbers of a report, or None where one of them is missing."""
        found = [self.value(lesson, key) for key in keys]
        return None if any(value is None for value in found) else found

    def label(self, lesson: str, key: str) -> str:
        """What a number is, as its own report says it."""
        return self._record(lesson, key).get("label", "")

    def listed(self, lesson: str, name: str) -> dict[str, int] | None:
        """Counts of an action list with somebody on it: `to_do`, `hold_out`, `suppressed`, `value_at_stake_minor`; or None."""
        counts = self.results["lessons"].get(lesson, {}).get("actions", {}).get("lists", {}).get(name)
        return counts if counts and counts["to_do"] > 0 else None

    def to_contact(self) -> int:
        """Rows of all action lists that are carried out."""
        parts = [part.get("actions", {}).get("lists", {}) for id, part in self.results["lessons"].items() if id != "08"]
        return sum(counts["to_do"] for lists in parts for counts in lists.values())

    def sources(self) -> pd.DataFrame:
        """The numbers that were used, as a reader writes them: `what`, `value`, `report`, `key` (its name in results.json)."""
        rows = []
        for lesson, key in sorted(self.used):
            record = self._record(lesson, key)
            rows.append((record["label"], _written(record, self.code), lesson, key))
        return pd.DataFrame(rows, columns=["what", "value", "report", "key"])

    def _record(self, lesson: str, key: str) -> Mapping[str, Any]:
        return self.results["lessons"].get(lesson, {}).get("numbers", {}).get(key, {})


def _written(record: Mapping[str, Any], code: str) -> str:
    value, unit = record["value"], record["unit"]
    if unit == "money":
        return words.money(value, code=code, cents=abs(value) < 100_000)
    if unit == "share":
        return words.percent(value, digits=1)
    if unit in ("count", "days"):
        return f"{value:,}"
    return f"{value:.3g}" if unit == "number" else str(value)


def same_place(one: str, other: str) -> bool:
    """Whether two names of places share the beginning of a word, so that a reader should look whether they mean the same.

    It is a hint and no proof: names are given by people.

    >>> same_place("installation (partner)", "installed_48h"), same_place("hotline", "installation, partner")
    (True, False)
    """
    return bool(_stems(one) & _stems(other))


def _stems(name: str) -> set[str]:
    return {word[:STEM] for word in re.findall(r"[^\W\d_]+", name.lower()) if len(word) >= STEM}
