"""What a notebook tells a report: answers, key numbers, sections, lists.

A notebook makes one `Report` and ends with `report.close()`. In a lesson
`out` is empty and nothing is written; the same calls show the same things.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from helpers.money import currency
from helpers.reports import csvfiles
from helpers.reports.actions import ActionList, action_list
from helpers.reports.previous import PreviousReport
from helpers.reports.tables import Table, table
from helpers.withheld import Withheld

SCHEMA = 1

# The meaning of every key of results.json. `*` stands for a name that the lesson chooses.
KEYS = {
    "schema": "version of this format; a reader refuses a version that it does not know",
    "workbook": "version of the workbook that wrote the file",
    "company.name": "name of the company",
    "company.currency": "ISO code; all money in this file is in its minor units (fen, pence, cents)",
    "company.as_of": "report date, ISO",
    "company.sample": "whether the data are those of the simulated sample company",
    "lessons.*.title": "title of the lesson",
    "lessons.*.answer": "the answer in Markdown sentences, the first one first",
    "lessons.*.limits": "what the data cannot tell, in Markdown sentences",
    "lessons.*.numbers.*.label": "what the number is, as a reader would say it",
    "lessons.*.numbers.*.value": "the number; null where it was withheld",
    "lessons.*.numbers.*.unit": "money (minor units), share (fraction of 1), count, days, number, date (ISO) or text",
    "lessons.*.numbers.*.currency": "for money: ISO code",
    "lessons.*.sections.*.title": "heading of the section",
    "lessons.*.sections.*.shown": "whether the data could carry the result",
    "lessons.*.sections.*.reason": "where it is not shown: why, with the counts",
    "lessons.*.sections.*.gain": "where it is not shown: what would make it appear, or what it would tell",
    "lessons.*.actions.hold_out_share": "share of each list that is left alone by lot",
    "lessons.*.actions.seed": "seed of the lot",
    "lessons.*.actions.quiet_days": "who was contacted within this many days is suppressed",
    "lessons.*.actions.priority": "the lists; a customer stands on the first that fits",
    "lessons.*.actions.repeats": "candidates left out because they were on an earlier list",
    "lessons.*.actions.lists.*.to_do": "customers to contact",
    "lessons.*.actions.lists.*.hold_out": "customers left alone by lot",
    "lessons.*.actions.lists.*.suppressed": "customers who must not be contacted now",
    "lessons.*.actions.lists.*.value_at_stake_minor": "value at stake of the customers to contact, minor units",
    "lessons.*.customers.rows": "rows of customers.csv that this lesson wrote",
    "lessons.*.customers.columns.*": "kind of each column: text, count, number, money, day or yes",
}

UNITS = ("money", "share", "count", "days", "number", "date", "text")

T = TypeVar("T")


@dataclass(frozen=True)
class Sentences:
    """Markdown sentences: the first as a paragraph, the others as a list."""

    sentences: tuple[str, ...]

    def _repr_markdown_(self) -> str:
        if not self.sentences:
            return ""
        first, *others = self.sentences
        return "\n\n".join([first, "\n".join(f"- {sentence}" for sentence in others)]).rstrip()

    def __repr__(self) -> str:
        return "\n".join(self.sentences)


class Report:
    """Collects what a lesson has to say, and writes it when the lesson is run as a report.

    Parameters
    ----------
    company : Company
        From `helpers.data.load`.
    lesson : str
        The lesson's id, for example "03a".
    out : str
        Folder for the results; empty in a lesson, when nothing is written.
    previous : str
        Folder of an earlier report, or empty.

    Attributes
    ----------
    previous : PreviousReport or None
    """

    def __init__(self, company: Any, *, lesson: str, out: str = "", previous: str = "") -> None:
        self.company, self.lesson, self.out = company, lesson, out
        self.previous = PreviousReport.open(previous, company=company, lesson=lesson) if previous else None
        self._answer: tuple[str, ...] = ()
        self._limits: list[str] = []
        self._sections: dict[str, dict[str, Any]] = {}
        self._numbers: dict[str, dict[str, Any]] = {}
        self._actions: ActionList | None = None
        self._customers: pd.DataFrame | None = None

    def section(self, key: str, title: str, result: T) -> T:
        """Note whether a section can be shown, and give its result back.

        Parameters
        ----------
        key : str
            A name that stays the same from report to report: "pareto".
        title : str
            The heading, as the reader sees it.
        result : anything
            What the section shows; a `Withheld` is listed with its reason on
            the report's first page.
        """
        if key in self._sections:
            raise ValueError(f"The section {key!r} is reported twice.")
        record: dict[str, Any] = {"title": title, "shown": not isinstance(result, Withheld)}
        if isinstance(result, Withheld):
            record |= {"reason": result.reason, "gain": result.gain}
        self._sections[key] = record
        return result

    def answer(self, sentences: str | Iterable[str]) -> Sentences:
        """The answer to the lesson's question, the most important sentence first.

        The cell that ends with this call is tagged `answer`: a report page
        shows it at the top, and the report's first page repeats it. Values
        from the data must be inside `words.plain`.
        """
        self._answer = _texts(sentences)
        if not self._answer:
            raise ValueError("An answer needs at least one sentence.")
        return Sentences(self._answer)

    def limits(self, sentences: str | Iterable[str]) -> Sentences:
        """What these data cannot tell; shown here and on the report's first page."""
        new = _texts(sentences)
        self._limits.extend(new)
        return Sentences(("What these data cannot tell:", *new) if new else ())

    def number(self, key: str, value: T, *, unit: str, label: str) -> T:
        """A key number for results.json, where the next report and the plan find it.

        Parameters
        ----------
        key : str
            A name that stays the same from report to report: "gini".
        value : int, float, str, date or Withheld
            Money as a whole number of minor units.
        unit : {"money", "share", "count", "days", "number", "date", "text"}
        label : str
            What the number is, as a reader would say it.

        Returns
        -------
        The value, unchanged.
        """
        if key in self._numbers:
            raise ValueError(f"The number {key!r} is reported twice.")
        if unit not in UNITS:
            raise ValueError(f"The unit {unit!r} is not known. Use {', '.join(UNITS)}.")
        record = {"label": label, "value": _plain_value(key, value, unit), "unit": unit}
        if unit == "money":
            record["currency"] = self.company.currency
        self._numbers[key] = record
        return value

    def table(self, frame: pd.DataFrame, caption: str, **arguments: Any) -> Table:
        """As `helpers.reports.table`, in the company's currency."""
        return table(frame, caption, code=self.company.currency, **arguments)

    def actions(self, candidates: pd.DataFrame, **arguments: Any) -> ActionList:
        """The action lists, as `helpers.reports.actions.action_list` makes them; shown as a table of counts.

        A `Withheld` comes back as it is, and no list is written.
        """
        if not isinstance(candidates, pd.DataFrame):
            return candidates
        if self._actions is not None:
            raise ValueError("A lesson has one set of action lists.")
        self._actions = action_list(candidates, company=self.company, **arguments)
        return self._actions

    def customers(self, frame: pd.DataFrame) -> None:
        """One row per customer for customers.csv: `customer_id` and whatever the lesson found out."""
        if not isinstance(frame, pd.DataFrame):
            return
        if frame["customer_id"].duplicated().any():
            raise ValueError("customers.csv has one row per customer, but an id comes twice.")
        self._customers = frame.sort_values("customer_id", kind="stable").reset_index(drop=True)

    def results(self) -> dict[str, Any]:
        """This lesson's part of results.json."""
        part: dict[str, Any] = {
            "answer": list(self._answer),
            "limits": list(self._limits),
            "numbers": self._numbers,
            "sections": self._sections,
        }
        if self._actions is not None:
            made = self._actions
            counts = made.counts().set_index("list").to_dict("index")
            part["actions"] = {
                "hold_out_share": made.hold_out_share,
                "seed": made.seed,
                "quiet_days": made.quiet_days,
                "priority": list(made.priority),
                "repeats": made.repeats,
                "lists": {name: {key: int(value) for key, value in row.items()} for name, row in counts.items()},
            }
        if self._customers is not None:
            columns = {_public(name): _column_kind(name, self._customers[name]) for name in self._customers.columns}
            part["customers"] = {"rows": len(self._customers), "columns": columns}
        return part

    def close(self) -> None:
        """Write results.json, customers.csv and the action lists of this lesson; nothing in a lesson."""
        if not self.out:
            return
        folder = Path(self.out)
        folder.mkdir(parents=True, exist_ok=True)
        if self._customers is not None:
            csvfiles.write(self._customers_as_written(), folder / "customers.csv")
        if self._actions is not None:
            self._actions.save(folder / "actions")
        # Last, so that a folder with results.json is complete.
        write_json(head(self.company) | {"lessons": {self.lesson: self.results()}}, folder / "results.json")

    def _customers_as_written(self) -> pd.DataFrame:
        digits = currency(self.company.currency).digits
        frame = self._customers
        written = {}
        for name in frame.columns:
            is_money = _column_kind(name, frame[name]) == "money"
            written[_public(name)] = (
                csvfiles.in_exact_major_units(frame[name], digits=digits) if is_money else frame[name]
            )
        return pd.DataFrame(written)


def head(company: Any) -> dict[str, Any]:
    """The part of results.json that is the same for every lesson."""
    from helpers import __version__

    return {
        "schema": SCHEMA,
        "workbook": __version__,
        "company": {
            "name": company.name,
            "currency": company.currency,
            "as_of": company.as_of.isoformat(),
            "sample": bool(company.is_sample),
        },
    }


def write_json(content: Any, path: Path) -> None:
    """JSON that people can read and that two runs write alike."""
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((text + "\n").encode())


def _texts(sentences: str | Iterable[str]) -> tuple[str, ...]:
    texts = (sentences,) if isinstance(sentences, str) else tuple(sentences)
    return tuple(" ".join(str(text).split()) for text in texts if str(text).strip())


def _plain_value(key: str, value: Any, unit: str) -> Any:
    """A value as JSON has it: whole numbers stay whole, missing is null."""
    if value is None or value is pd.NA or value is pd.NaT or isinstance(value, Withheld):
        return None
    if hasattr(value, "item"):
        value = value.item()
    if unit == "text":
        return str(value)
    if unit == "date":
        if isinstance(value, datetime):
            value = value.date()
        if not isinstance(value, date):
            raise ValueError(f"The number {key!r} has the unit date and the value {value!r}.")
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"The number {key!r} has the unit {unit} and the value {value!r}.")
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        if unit in ("money", "count"):
            if value != round(value):
                raise ValueError(f"The number {key!r} is {unit}: a whole number, not {value!r}.")
            return int(value)
        return float(f"{value:.12g}")
    return value


def _column_kind(name: object, column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "yes"
    if pd.api.types.is_datetime64_any_dtype(column):
        return "day"
    if pd.api.types.is_integer_dtype(column):
        return "money" if str(name).endswith("_minor") else "count"
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    return "text"


def _public(name: object) -> str:
    return str(name).removesuffix("_minor")
