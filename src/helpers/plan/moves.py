"""What could be done about the gaps: each move with its cost, its effect, what that rests on, and the test that settles it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.plan.evidence import Evidence, same_place
from helpers.plan.gaps import place_in_words
from helpers.withheld import Withheld, passes_on_withheld

MEASURED, ASSUMED, UNKNOWN = "measured", "assumed", "not known"
REPAIR, STOP, LIST = "repair", "stop", "list"
MARKETING, SALES, SERVICE = "marketing", "sales", "service"
MONTHS_OF_A_FALL = 3
"""Months over which lesson 03a takes a change apart."""
BREAK, FALL, STORE, PROMISE = "repair_break", "repair_fall", "repair_store", "repair_promise"
QUOTES = {BREAK: (1_500_000, 300_000), FALL: (1_500_000, 300_000), STORE: (800_000, 200_000)}
"""What the repairs cost at the sample company in fen, once and in each quarter: the offers that lie on the owner's desk."""
QUARTERS, LIST_DAYS, REPAIR_DAYS = 4, 91, 182
"""Quarters of the year that is planned, and days until the effect of a list and of a repair is looked at."""
IN_MARGIN = ("convert",)
"""Lists whose value at stake is margin already; that of the others is revenue."""
LISTS = {
    "save": ("Call those whose contract ends", SERVICE, "of those called and of those left alone, how many are still there"),
    "wake": ("Write to those who sleep", SALES, "of those written to and of those left alone, how many ordered within 90 days"),
    "keep": ("Look after the best customers at risk", SALES, "orders of those contacted, less those of the hold-out, within 90 days"),
    "grow": ("Offer good customers the line that they lack", SALES, "orders in a new line, contacted less hold-out, within 90 days"),
    "climb": ("Help customers one rung up the ladder", SALES, "share that climbed a rung, contacted less hold-out, within 90 days"),
    "lift": ("Tell those near the next size what is missing", MARKETING, "share that reached the next size, contacted less hold-out, within 90 days"),
    "convert": ("Call the prospects with the best chance first", SALES, "first orders of those called, less those of the hold-out, within 90 days"),
    "warn": ("Look after those who are about to leave", SERVICE, "of those looked after and of those left alone, how many left within 90 days"),
}  # fmt: skip
"""Action lists that may become a move: title, department, metric."""


@dataclass(frozen=True)
class Settings:
    """What the reports do not know and a plan has to take for granted.

    Attributes
    ----------
    repair_once_minor, repair_quarter_minor : int or None
        What a repair costs when it begins and in each quarter; None where nobody has said it.
    contact_minor : int
        Cost of a contact where no campaign has measured one.
    repaired, response : float
        Assumed: share of a loss that a repair takes back; share of what is at stake that a list brings.
    margin : float
        Share of revenue that is left, where lesson 00a does not know it.
    owners : dict of move to person
    """

    repair_once_minor: int | None = None
    repair_quarter_minor: int | None = None
    contact_minor: int = 2_500
    repaired: float = 0.5
    response: float = 0.05
    margin: float = 0.4
    owners: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """One thing that could be done.

    Attributes
    ----------
    key, title, what : str
        A name that stays; the move in a few words; the first step.
    kind : {"repair", "stop", "list"}
    attacks : tuple of str
        Keys of the gaps it works on.
    reports : tuple of str
        Reports that name it, each by its own numbers.
    department, person : str
    customers : int or None
        People who notice it on the first day.
    cost_minor : int or None
        In the year that is planned; None where nobody has said it.
    stake_minor : int or None
        Margin of a year that is at stake.
    net_minor, low_minor, high_minor : int or None
        Expected margin after cost in the first year, and its 95% interval where it was measured.
    basis : {"measured", "assumed", "not known"}
    begins, looked_at : date
    metric, test : str
        What is counted, and what would settle the effect.
    """

    key: str
    title: str
    what: str
    kind: str
    attacks: tuple[str, ...]
    reports: tuple[str, ...]
    department: str
    person: str
    customers: int | None
    cost_minor: int | None
    stake_minor: int | None
    net_minor: int | None
    low_minor: int | None
    high_minor: int | None
    basis: str
    begins: date
    looked_at: date
    metric: str
    test: str

    @property
    def pays_from(self) -> float | None:
        """Share of what is at stake from which the move pays in its first year; above 1 it cannot. None where a part is unknown."""
        if self.cost_minor is None or not self.stake_minor:
            return None
        return self.cost_minor / self.stake_minor


@passes_on_withheld
def moves(evidence: Evidence, settings: Settings, *, sample: bool = False) -> list[Move] | Withheld:
    """Every move that the reports give a reason for, the one to begin with first.

    First come repairs of a place that two reports or more name independently
    of each other: a cause that stays makes every list longer next year. Then
    what a lot has measured and that brings more than it costs, then what is
    assumed, by what is expected of it. What costs more than it is expected to
    bring stands at the end.

    Parameters
    ----------
    evidence : Evidence
    settings : Settings
    sample : bool
        Whether the offers of the sample company may stand in for a cost that nobody has given.

    Returns
    -------
    list of Move, or Withheld where there is none
    """
    begins = first_monday(evidence.as_of)
    found = [*_repairs(evidence, settings, begins, sample), *_stops(evidence, settings, begins), *_lists(evidence, settings, begins)]
    if not found:
        return Withheld("Moves", "None of the reports that were made names a place to repair, a campaign or a list of customers.",
                        "With lesson 03a or 04 it would appear.")  # fmt: skip
    return sorted(found, key=lambda one: (_rank(one), -(one.net_minor or 0), one.key))


def _rank(move: Move) -> int:
    if move.kind == REPAIR and len(move.reports) > 1 and (move.pays_from is None or move.pays_from < 1):
        return 0
    if move.net_minor is None or move.net_minor <= 0:
        return 3
    return 1 if move.basis == MEASURED else 2


def chosen(found: list[Move], most: int = 3) -> list[Move]:
    """The first moves of the list that are expected to pay, or that repair a cause: at most so many.

    Two moves that ask the same customers, such as two lists of one kind, may
    both be among them: whoever is on two lists stands on the first only.
    """
    return [one for one in found if _rank(one) < 3][:most]


def first_monday(day: date) -> date:
    """The Monday after a day.

    >>> first_monday(date(2026, 5, 31)), first_monday(date(2026, 6, 1))
    (datetime.date(2026, 6, 1), datetime.date(2026, 6, 8))
    """
    return day + timedelta(days=7 - day.weekday())


def table(found: list[Move]) -> pd.DataFrame:
    """Moves as a table, one row each: `move`, `customers`, `cost_minor`, `net_minor`, `low_minor`, `high_minor`, `rests_on`, `reports`."""
    rows = [
        (one.title, one.customers, one.cost_minor, one.net_minor, one.low_minor, one.high_minor, one.basis, ", ".join(one.reports))
        for one in found
    ]
    frame = pd.DataFrame(rows, columns=["move", "customers", "cost_minor", "net_minor", "low_minor", "high_minor", "rests_on", "reports"])
    whole = ["customers", "cost_minor", "net_minor", "low_minor", "high_minor"]
    return frame.astype(dict.fromkeys(whole, "Int64"))


def read_owners(text: str) -> dict[str, str]:
    """Who does what, as a parameter says it: "repair_break=Ms Lin; wake=Mr Zhao".

    >>> read_owners("repair_break = Ms Lin; wake=Mr Zhao")
    {'repair_break': 'Ms Lin', 'wake': 'Mr Zhao'}

    Raises
    ------
    DataError
        If a part has no equals sign, or names no move and no department.
    """
    known = [BREAK, FALL, STORE, PROMISE, STOP, *LISTS, MARKETING, SALES, SERVICE]
    owners = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, sign, person = (piece.strip() for piece in part.partition("="))
        if not sign or not person:
            raise DataError(f"owners: “{part}” is not read. Write a move, an equals sign and a person, as in wake=Mr Zhao; save=Ms Lin.")
        if name not in known:
            raise DataError(f"owners: there is no move “{name}”. Use {words.listing(known)}.")
        owners[name] = person
    return owners


# ---------------------------------------------------------------- repairs


def _repairs(evidence: Evidence, settings: Settings, begins: date, sample: bool) -> list[Move]:
    broken, fallen, promise = evidence.value("01a", "break_at"), evidence.value("03a", "change_cause"), evidence.value("06", "leaking_promise")
    lost = -min(evidence.value("03a", "change_cause_minor", 0), 0)
    calls = evidence.value("01a", "break_cost_minor", 0)
    shop = evidence.value("03a", "stores_below_zero")
    rate = evidence.value("00a", "margin_rate_this", settings.margin)
    of_a_year = round(lost * 12 / MONTHS_OF_A_FALL * rate)
    found = []

    def add(key: str, title: str, what: str, attacks: tuple[str, ...], reports: tuple[str, ...], stake: int | None, metric: str) -> None:
        once, quarter = settings.repair_once_minor, settings.repair_quarter_minor
        if once is None and quarter is None and sample and key in QUOTES:
            once, quarter = QUOTES[key]
        cost = None if once is None and quarter is None else (once or 0) + QUARTERS * (quarter or 0)
        net = None if cost is None or stake is None else round(settings.repaired * stake) - cost
        test = "Begin in one city or shop, drawn by lot from those concerned; compare the metric with the others after two quarters."
        found.append(
            Move(
                key, title, what, REPAIR, attacks, reports, SERVICE, _person(key, SERVICE, settings), None, cost, stake, net, None, None,
                UNKNOWN if net is None else ASSUMED, begins, begins + timedelta(days=REPAIR_DAYS), metric, test,
            )
        )  # fmt: skip

    # A fall at the place that breaks is the same matter seen twice: one move, with both at stake.
    one_place = bool(broken and fallen) and same_place(broken, place_in_words(fallen))
    if broken:
        place = broken.replace("_", " ")
        what = f"One name answers for every matter at {place} until it is settled; the work there goes to people whom we train and can call."
        attacks = ("old", "break", "place") if one_place else ("old", "break")
        stake = calls + (of_a_year if one_place else 0)
        add(BREAK, f"Repair {place}", what, attacks, _who_names(evidence, place), stake, "settled at the first attempt, of 100 matters there")
    if fallen and lost and not one_place:
        place = place_in_words(fallen)
        what = f"Find out this week what changed at {place}: ask ten customers and those who work there."
        add(FALL, f"Repair {place}", what, ("old", "place"), _who_names(evidence, place), of_a_year, "net revenue there against the same months a year ago")
    if shop:
        below = -min(evidence.value("03a", "bzc_value_minor", 0), 0)
        what = f"Look with shop {shop} at its last twenty returns, and at every order before it goes out."
        add(STORE, f"Repair what shop {shop} sells and promises", what, ("below_zero",), ("03a",), below, "returns, of 100 orders of that shop")
    if promise and not (broken and same_place(broken, promise)):
        name = promise.replace("_", " ")
        what = f"Say “{name}” only where it is kept, and find out where it is not."
        add(PROMISE, f"Keep the promise “{name}”, or stop making it", what, ("old",), ("06",), None, "believed less kept, in points of ten, in the next survey")
    return found


def _who_names(evidence: Evidence, place: str) -> tuple[str, ...]:
    """The reports whose own numbers point to a place."""
    names = {
        "01a": evidence.value("01a", "break_at"),
        "01b": evidence.value("01b", "stuck_at"),
        "03a": evidence.value("03a", "change_cause"),
        "06": evidence.value("06", "leaking_promise"),
    }
    # 01a and 01b read the same log of contacts: together they are one witness.
    if names["01a"] and names["01b"]:
        names["01b"] = None
    return tuple(lesson for lesson, name in names.items() if name and same_place(place, name.replace("_", " ")))


# ---------------------------------------------------------------- what is stopped, and lists


def _stops(evidence: Evidence, settings: Settings, begins: date) -> list[Move]:
    found = []
    for arm in arms(evidence):
        left = evidence.values("04", f"left_{arm}_minor", f"left_{arm}_low_minor", f"left_{arm}_high_minor", f"asked_{arm}")
        if left is None or left[2] >= 0:
            continue
        mean, low, high, asked = left
        listed = evidence.listed("04", "wake")
        number = listed["to_do"] if listed else asked
        found.append(
            Move(
                f"{STOP}_{arm}", f"Stop the {arm}", f"No {arm} goes out to customers who sleep, from Monday on.", STOP, ("old", "sleepers"), ("04",), MARKETING,
                _person(STOP, MARKETING, settings), number, 0, None, -mean * number, -high * number, -low * number, MEASURED, begins, begins + timedelta(days=LIST_DAYS),
                f"{arm}s handed out: none", "Settled, for as many as are on the list “wake”: in the last campaign a lot decided who got one.",
            )
        )  # fmt: skip
    return found


def arms(evidence: Evidence) -> list[str]:
    """Ways of waking that the last campaign tried, in the order of its report."""
    numbers = evidence.results["lessons"].get("04", {}).get("numbers", {})
    return [key.removeprefix("asked_") for key in numbers if key.startswith("asked_")]


def _lists(evidence: Evidence, settings: Settings, begins: date) -> list[Move]:
    rate = evidence.value("00a", "margin_rate_this", settings.margin)
    found = []
    for lesson in evidence.lessons:
        for name in evidence.results["lessons"][lesson].get("actions", {}).get("lists", {}):
            counts = evidence.listed(lesson, name)
            if counts is None or name not in LISTS:
                continue
            title, department, metric = LISTS[name]
            measured = _measured(evidence, name, counts["to_do"])
            number, stake = counts["to_do"], round(counts["value_at_stake_minor"] * (1 if name in IN_MARGIN else rate))
            if measured is None:
                cost = number * settings.contact_minor
                net, low, high, basis = round(settings.response * stake) - cost, None, None, ASSUMED
            else:
                title, cost, net, low, high = measured
                basis = MEASURED
            test = _test(counts["hold_out"], again=measured is not None)
            found.append(
                Move(
                    name, title, f"Send the list “{name}” to those who call, best first; leave alone whom the lot has marked.", LIST,
                    ("old", "sleepers") if name == "wake" else ("new",) if name == "convert" else ("old",), (lesson,), department,
                    _person(name, department, settings), number, cost, stake, net, low, high, basis, begins, begins + timedelta(days=LIST_DAYS), metric, test,
                )
            )  # fmt: skip
    return found


def _test(left_alone: int, *, again: bool) -> str:
    """What settles the effect of a list: those whom its own lot leaves alone."""
    if not left_alone:
        return "Leave a fifth of the list alone by lot: without them nobody can tell."
    return f"{words.count(left_alone, 'customer')} left alone by lot will show whether it is so{' again' if again else ''}."


def _measured(evidence: Evidence, name: str, number: int) -> tuple[str, int, int, int, int] | None:
    """Title, cost, expected margin after cost and its interval of a list whose action a lot has tried and found to work."""
    if name == "wake":
        proven = [arm for arm in str(evidence.value("04", "proven_arms", "")).split(", ") if arm]
        for arm in proven:
            left = evidence.values("04", f"left_{arm}_minor", f"left_{arm}_low_minor", f"left_{arm}_high_minor", f"cost_{arm}_minor", f"asked_{arm}")
            if left is not None:
                mean, low, high, cost, asked = left
                return f"Wake those who sleep, by {arm}", round(number * cost / asked), mean * number, low * number, high * number
    if name == "save":
        known = evidence.values("07b", "save_profit_minor", "offer_saved", "offer_saved_low", "offer_saved_high", "offer_cost_minor", "offer_arm")
        if known is not None and known[1] > 0:
            profit, saved, low, high, cost_each, arm = known
            cost = number * cost_each
            # What is left of each one saved is what makes the profit of the report.
            value = (profit + cost) / saved
            return f"Hold those whose contract ends, by {arm}", cost, profit, round(low * value - cost), round(high * value - cost)
    return None


def _person(key: str, department: str, settings: Settings) -> str:
    return settings.owners.get(key) or settings.owners.get(department) or f"head of {department}"
