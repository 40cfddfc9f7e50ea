"""The words of the course: English, Chinese, what each means, and where it is taught."""

from __future__ import annotations

import csv
import difflib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from helpers.errors import DataError
from helpers.places import SAMPLE
from helpers.teaching.boxes import Box


@dataclass(frozen=True)
class Term:
    """One word of the glossary: the part that teaches it, the framework it belongs to, and the function that computes it, if one does."""

    id: str
    english: str
    chinese: str
    definition: str
    home: str
    framework: str = ""
    helper: str = ""

    def _box(self) -> Box:
        return Box("note", f"{self.english} ({self.chinese})", f"{self.definition} *Taught in {self.home}.*")

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return self._box()._repr_mimebundle_()

    def __repr__(self) -> str:
        return self._box().plain()


@dataclass(frozen=True)
class Framework:
    """One idea of the source: its home part, whether it is core there or extra, and the function that computes it, if one does."""

    id: str
    name: str
    chinese: str
    home: str
    weight: str
    helper: str = ""


@cache
def glossary() -> dict[str, Term]:
    """Every term by its id, in alphabetical order."""
    return {row["id"]: Term(**row) for row in _rows("glossary.csv")}


@cache
def frameworks() -> dict[str, Framework]:
    """Every framework by its id, S01 to S127."""
    return {row["id"]: Framework(**row) for row in _rows("frameworks.csv")}


def find(word: str) -> Term:
    """A term by its id, its English or its Chinese name.

    Raises
    ------
    DataError
        If the glossary does not have it; the message names what is near.
    """
    known = _names()
    key = _key(word)
    if key in known:
        return known[key]
    near = difflib.get_close_matches(key, known, n=3, cutoff=0.6)
    hint = (
        f"Near it: {', '.join(dict.fromkeys(known[one].english for one in near))}."
        if near
        else "data/glossary.csv lists all terms."
    )
    raise DataError(f"The glossary has no term {word!r}. {hint}")


def term(word: str) -> Term | Box:
    """Show what a word of the course means, with its Chinese term.

    A word that the glossary does not have gives a box with those near it.
    """
    try:
        return find(word)
    except DataError as error:
        return Box("quiet", "No such term.", html.escape(str(error), quote=False))


def words_met(notebook: Mapping[str, Any]) -> list[Term]:
    """The terms that a lesson defines: those set bold in its prose, or shown with `term`."""
    known, met = _names(), {}
    for cell in notebook["cells"]:
        source = cell["source"]
        text = source if isinstance(source, str) else "".join(source)
        pattern = r"\*\*([^*\n]{2,60})\*\*" if cell["cell_type"] == "markdown" else r"\bterm\(\s*[\"']([^\"']+)[\"']"
        for name in re.findall(pattern, text):
            found = known.get(_key(name)) or known.get(_key(name.rstrip("s")))
            if found:
                met[found.id] = found
    return sorted(met.values(), key=lambda one: one.english.casefold())


@cache
def _names() -> dict[str, Term]:
    """Every name under which a term is known."""
    known: dict[str, Term] = {}
    for one in glossary().values():
        bare = re.sub(r"\s*\(.*\)", "", one.english)
        inside = re.findall(r"\(([^)]+)\)", one.english)
        for name in (one.id, one.english, bare, *inside, *one.chinese.split("、")):
            # "4C" stands behind four terms: an alias that is not unique names nothing.
            if name not in inside or sum(f"({name})" in other.english for other in glossary().values()) == 1:
                known.setdefault(_key(name), one)
    return known


def _key(name: str) -> str:
    return " ".join(str(name).replace("-", " ").split()).casefold()


def _rows(name: str) -> list[dict[str, str]]:
    # With a byte-order mark, so that a spreadsheet shows the Chinese.
    with open(SAMPLE / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
