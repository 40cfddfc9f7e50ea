"""The capstone: its rubric, and graded samples whose numbers come from the sample company's report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers import words
from helpers.errors import DataError
from helpers.reports.lessons import Lesson
from helpers.reports.results import SCHEMA
from helpers.teaching import yamlfiles
from helpers.teaching.contents import objectives

CAPSTONE = Path(__file__).parent / "guide" / "capstone.yml"
LEVELS = 4
# The lessons whose results the samples speak of.
NEEDED = ("00a", "01a", "03a", "04", "06", "07a", "07b")


@dataclass(frozen=True)
class Criterion:
    """One line of the rubric.

    Attributes
    ----------
    id, title, asks : str
    weight : int
    shows : tuple of (lesson, objective)
        What people show by it.
    levels : tuple of str
        Level 0 to level 3, in words.
    """

    id: str
    title: str
    asks: str
    weight: int
    shows: tuple[tuple[str, str], ...]
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Band:
    """What a score means: from how many points of 100 on."""

    start: int
    title: str
    words: str


@dataclass(frozen=True)
class Sample:
    """A plan that somebody handed in, and its grades.

    Attributes
    ----------
    id, title, by, text : str
        In the text `{names}` stand for numbers of the report.
    levels : dict of str to int
        By criterion.
    remarks : dict of str to str
    """

    id: str
    title: str
    by: str
    text: str
    levels: Mapping[str, int]
    remarks: Mapping[str, str]


@dataclass(frozen=True)
class Capstone:
    """Rubric, bands and samples."""

    criteria: tuple[Criterion, ...]
    bands: tuple[Band, ...]
    samples: tuple[Sample, ...]

    def points(self, levels: Mapping[str, int]) -> int:
        """The score of a plan: weighted levels, as points of 100.

        Raises
        ------
        DataError
            If a criterion has no level, or one that there is not.
        """
        for one in self.criteria:
            if levels.get(one.id) not in range(LEVELS):
                raise DataError(f"{one.title}: the level is {levels.get(one.id)}. Give one from 0 to {LEVELS - 1}.")
        most = sum(one.weight for one in self.criteria) * (LEVELS - 1)
        # Half a point counts for the one who wrote: 12.5 is 13.
        return int(100 * sum(one.weight * levels[one.id] for one in self.criteria) / most + 0.5)

    def band(self, points: int) -> Band:
        """What a score means."""
        return max((one for one in self.bands if one.start <= points), key=lambda one: one.start)


def read_capstone(path: Path = CAPSTONE) -> Capstone:
    """Rubric and samples of a capstone.yml.

    Raises
    ------
    ValueError
        If a criterion has not four levels, or a sample lacks a grade.
    """
    data = yamlfiles.read(path)
    criteria = tuple(
        Criterion(
            one["id"],
            one["title"],
            one["asks"],
            int(one["weight"]),
            tuple((lesson, objective) for lesson, objective in one["shows"]),
            tuple(one["levels"]),
        )
        for one in data["criteria"]
    )
    bands = tuple(Band(int(one["from"]), one["title"], one["words"]) for one in data["bands"])
    samples = tuple(
        Sample(
            one["id"],
            one["title"],
            one["by"],
            one["text"],
            {name: int(grade["level"]) for name, grade in one["grades"].items()},
            {name: grade["remark"] for name, grade in one["grades"].items()},
        )
        for one in data["samples"]
    )
    faults = [f"{one.id} has {len(one.levels)} levels, not {LEVELS}." for one in criteria if len(one.levels) != LEVELS]
    faults += [
        f"{sample.id} is not graded by the criteria of the rubric."
        for sample in samples
        if set(sample.levels) != {one.id for one in criteria}
    ]
    if not any(one.start == 0 for one in bands):
        faults.append("no band begins at 0.")
    if faults:
        raise ValueError(f"{path.name}: " + " ".join(faults))
    return Capstone(criteria, bands, samples)


def off_objective(capstone: Capstone, lessons: Iterable[Lesson]) -> list[str]:
    """Criteria that name an objective which no lesson has, in sentences."""
    known = {lesson.id: [one.text for one in objectives(lesson.metadata)] for lesson in lessons}
    return [
        f"{one.id}: lesson {lesson} has no objective “{text}”."
        for one in capstone.criteria
        for lesson, text in one.shows
        if text not in known.get(lesson, [])
    ]


# ---------------------------------------------------------------- the numbers of the samples


def read_results(folder: str | Path) -> dict[str, Any]:
    """The results of a report on the sample company.

    Raises
    ------
    DataError
        If there is no report, it is one on other data, or it lacks a lesson.
    """
    path = Path(folder).expanduser() / "results.json"
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise DataError(
            f"{path.parent} holds no report that can be read. Give the folder of one, or leave --report out."
        ) from None
    if results.get("schema") != SCHEMA:
        raise DataError(f"{path.name} was written by another version of the workbook. Write the report again.")
    if not results["company"].get("sample"):
        raise DataError(
            f"The report in {path.parent.name} is on the data of {words.plain(results['company'].get('name', 'a company'))}. "
            "The graded samples speak of the sample company: leave --report out."
        )
    if missing := [one for one in NEEDED if one not in results["lessons"]]:
        raise DataError(f"The report in {path.parent.name} has no page {missing[0]}. Write one with all lessons.")
    return results


def facts(results: Mapping[str, Any]) -> dict[str, str]:
    """What the samples may say, by name: each worked out from results.json and put into words.

    Raises
    ------
    DataError
        If the report withheld one of them.
    """
    return {name: work_out(_Numbers(results)) for name, work_out in FACTS.items()}


class _Numbers:
    """Numbers of results.json, as values and in words."""

    def __init__(self, results: Mapping[str, Any]) -> None:
        self._lessons = results["lessons"]
        self._code = results["company"]["currency"]

    def value(self, lesson: str, key: str) -> Any:
        value = self._lessons[lesson]["numbers"].get(key, {}).get("value")
        if value is None:
            raise DataError(
                f"The report has no number {key} in lesson {lesson}. Leave --report out, and the report is written anew."
            )
        return value

    def total(self, lesson: str, *keys: str) -> Any:
        return sum(self.value(lesson, key) for key in keys)

    def list_(self, lesson: str, name: str, column: str) -> str:
        try:
            return words.number(self._lessons[lesson]["actions"]["lists"][name][column])
        except KeyError:
            raise DataError(f"The report has no list {name}. Leave --report out, and the report is written anew.") from None

    def money(self, minor: float) -> str:
        return words.money(minor, code=self._code)

    def change(self, minor: float) -> str:
        return f"{'' if minor < 0 else '+'}{self.money(minor)}"

    def months(self, lesson: str, key: str) -> str:
        """The months of a number, from its label: "Net revenue in Jun 2025 to May 2026"."""
        self.value(lesson, key)
        return words.plain(self._lessons[lesson]["numbers"][key]["label"].partition(" in ")[2])

    def names(self, lesson: str, key: str) -> str:
        """A name of the data in words: "region=North x line=kitchen" is North, kitchen."""
        parts = [part.partition("=")[2] or part for part in str(self.value(lesson, key)).split(" x ")]
        return words.plain(", ".join(parts).replace("_", " "))


def _in_100(lesson: str, key: str, *, digits: int = 0) -> Callable[[_Numbers], str]:
    return lambda n: words.number(100 * n.value(lesson, key), digits=digits)


def _count(lesson: str, key: str) -> Callable[[_Numbers], str]:
    return lambda n: words.number(n.value(lesson, key))


def _money(lesson: str, key: str) -> Callable[[_Numbers], str]:
    return lambda n: n.money(n.value(lesson, key))


def _named(lesson: str, key: str) -> Callable[[_Numbers], str]:
    return lambda n: n.names(lesson, key)


def _listed(lesson: str, name: str, column: str) -> Callable[[_Numbers], str]:
    return lambda n: n.list_(lesson, name, column)


def _growth(lesson: str, after: str, before: str) -> Callable[[_Numbers], str]:
    return lambda n: words.percent(n.value(lesson, after) / n.value(lesson, before) - 1)


OLD = ("effect_old_known_minor", "effect_old_share_back_minor", "effect_old_orders_each_minor", "effect_old_order_value_minor")
NEW = ("effect_new_buyers_minor", "effect_new_orders_each_minor", "effect_new_order_value_minor")
SLEEPING = ("half_asleep", "asleep")


def _old(n: _Numbers) -> float:
    return n.total("00a", *OLD)


def _fall(n: _Numbers) -> float:
    return n.value("03a", "change_before_minor") - n.value("03a", "change_after_minor")


def _coupon_ordered(n: _Numbers) -> float:
    """Wrong on purpose: who ordered with a coupon, those who came anyway included."""
    return n.total("04", "came_anyway", "woken_coupon")


def _coupon_wrong_orders(n: _Numbers) -> int:
    return round(n.total("04", *SLEEPING) * _coupon_ordered(n))


FACTS: dict[str, Callable[[_Numbers], str]] = {
    "revenue_last": _money("00a", "revenue_last_minor"),
    "revenue_this": _money("00a", "revenue_this_minor"),
    "revenue_up": _growth("00a", "revenue_this_minor", "revenue_last_minor"),
    "buyers_up": _growth("00a", "buyers_this", "buyers_last"),
    "orders_last": lambda n: f"{n.value('00a', 'orders_each_last'):.2f}",
    "orders_this": lambda n: f"{n.value('00a', 'orders_each_this'):.2f}",
    "order_value": _money("00a", "order_value_this_minor"),
    "period": lambda n: n.months("00a", "revenue_this_minor"),
    "new_more": lambda n: n.money(n.total("00a", *NEW)),
    "old_less": lambda n: n.money(-_old(n)),
    "old_back": _in_100("00a", "old_share_back"),
    "best_route": _named("00a", "route_that_grew_most"),
    "worst_touchpoint": _named("01a", "worst_touchpoint"),
    "worst_gap": lambda n: words.number(-n.value("01a", "worst_gap"), digits=1),
    "heaviest_touchpoint": _named("01a", "heaviest_touchpoint"),
    "break_at": _named("01a", "break_at"),
    "break_cost": _money("01a", "break_cost_minor"),
    "open_cases": _listed("01a", "open_cases", "to_do"),
    "bzc": _count("03a", "bzc_customers"),
    "bzc_shop": _named("03a", "stores_below_zero"),
    "fall": lambda n: n.money(_fall(n)),
    "fall_period": lambda n: n.months("03a", "change_after_minor"),
    "fall_place": _named("03a", "change_cause"),
    "fall_there": lambda n: n.change(n.value("03a", "change_cause_minor")),
    "keep_to_do": _listed("03a", "keep", "to_do"),
    "keep_hold_out": _listed("03a", "keep", "hold_out"),
    "sleepers": lambda n: words.number(n.total("04", *SLEEPING)),
    "came_anyway": _in_100("04", "came_anyway", digits=1),
    "call_caused": _in_100("04", "woken_call", digits=1),
    "coupon_caused": _in_100("04", "woken_coupon", digits=1),
    "coupon_ordered": lambda n: words.number(100 * _coupon_ordered(n), digits=1),
    "coupon_wrong_orders": lambda n: words.number(_coupon_wrong_orders(n)),
    "coupon_wrong_money": lambda n: n.money(_coupon_wrong_orders(n) * n.value("00a", "order_value_this_minor")),
    "wake_to_do": _listed("04", "wake", "to_do"),
    "wake_hold_out": _listed("04", "wake", "hold_out"),
    "promise": _named("06", "leaking_promise"),
    "churn": _in_100("07a", "churn_yearly"),
    "silence": _in_100("07a", "churn_by_silence"),
    "peak": _named("07a", "peak_months"),
    "worst_complaint": _named("07a", "worst_complaint"),
    # The minus sign proper, not a hyphen.
    "kept_by_risk": lambda n: words.number(n.value("07b", "kept_by_risk")).replace("-", "−"),
    "saved": _in_100("07b", "offer_saved"),
    "saved_low": _in_100("07b", "offer_saved_low"),
    "saved_high": _in_100("07b", "offer_saved_high"),
    "save_to_do": _listed("07b", "save", "to_do"),
    "save_hold_out": _listed("07b", "save", "hold_out"),
}

# What the grading takes for true; where a report says otherwise, its remarks would be false.
CLAIMS: dict[str, Callable[[_Numbers], bool]] = {
    "revenue rose": lambda n: n.value("00a", "revenue_this_minor") > n.value("00a", "revenue_last_minor"),
    "old customers brought less": lambda n: _old(n) < 0 < n.total("00a", *NEW),
    "revenue fell in the last months": lambda n: _fall(n) > 0,
    "the lowest score and the heaviest touchpoint are two": lambda n: n.value("01a", "worst_touchpoint")
    != n.value("01a", "heaviest_touchpoint"),
    "more come anyway than a coupon wakes": lambda n: n.value("04", "came_anyway") > n.value("04", "woken_coupon"),
    "a call wakes more than a coupon": lambda n: n.value("04", "woken_call") > n.value("04", "woken_coupon"),
    "calls to the riskiest keep nobody": lambda n: n.value("07b", "kept_by_risk") <= 0,
    "a call holds those who still come": lambda n: n.value("07b", "offer_arm") == "call" and n.value("07b", "offer_saved_low") > 0,
    "more fall silent than end a contract": lambda n: n.value("07a", "churn_by_silence") > n.value("07a", "churn_yearly"),
}


def untrue(results: Mapping[str, Any]) -> list[str]:
    """What the samples and their grading claim and the report does not say."""
    return [claim for claim, holds in CLAIMS.items() if not holds(_Numbers(results))]


def filled(text: str, known: Mapping[str, str]) -> str:
    """A text with its numbers.

    >>> filled("{fall} less", {"fall": "¥120"})
    '¥120 less'
    """
    return re.sub(r"\{(\w+)\}", lambda name: known[name[1]], text)


def names_in(text: str) -> Sequence[str]:
    """The names that a text asks for."""
    return re.findall(r"\{(\w+)\}", text)
