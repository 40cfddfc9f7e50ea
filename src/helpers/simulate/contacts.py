"""The public table of contacts: installation, delivery, hotline, repair, returns, actions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import handover, life, people, responses, text
from helpers.simulate.tables import History

_COLUMNS = (
    "install", "install_day", "install_owner", "deliver", "deliver_day", "ask", "advice",
    "repair", "repair_day", "repair_owner", "complain_day", "visit", "visit_day", "closing",
    "late_closing", "settled",
    *(f"{what}_{letter}" for letter in "IDHSRBCV" for what in ("wait", "passed", "mood", "answers", "hour", "solved")),
)  # fmt: skip

# letter: touchpoint, phase, cost in fen, longest wait in minutes
_TOUCHPOINTS = {
    "I": ("installation", "during", 7000, 180),
    "D": ("delivery", "during", 1500, 90),
    "H": ("hotline", "before", 900, 25),
    "S": ("shop", "before", 600, 20),
    "R": ("repair", "after", 9000, 240),
    "B": ("return_desk", "after", 3000, 30),
    "C": ("hotline", "after", 4500, 40),
    "V": ("repair", "after", 9000, 240),
}
_PARTNER_INSTALLS = 0.7
_PARTNER_REPAIRS = 0.4
_ANSWER = 0.6
"""Share who answer when they are asked how satisfied they were."""


def contacts(history: History) -> pd.DataFrame:
    """Contacts with people, by time, with what each cost the company."""
    orders = _orders(history)
    u = _drawn(history, orders, "contacts", _COLUMNS)
    after = _drawn(history, orders, "hand-overs", handover.COLUMNS)
    day = orders["day"].to_numpy()
    taken = ~orders["cancelled"].to_numpy()
    afar = orders["store"].to_numpy() >= shop.ONLINE
    fitted = orders["fitted"].to_numpy()
    complains = orders["complaint"].to_numpy() >= 0
    missold = orders["missold"].to_numpy()
    advised = orders["behaviour"].to_numpy() == shop.SHOP_ADVICE
    complaint_day = _complaint_day(day, u)
    returned = orders["returned"].to_numpy() > 0
    visited = complains & (u["visit"] < np.where(missold, 0.75, 0.5))
    installs = u["install_owner"] < _PARTNER_INSTALLS
    nobody = np.zeros(len(orders), dtype=bool)
    when = {
        "I": (taken & fitted & (u["install"] < 0.6), day + 2 + _days(u["install_day"], 6), installs),
        "D": (taken & afar & (u["deliver"] < 0.18), day + 1 + _days(u["deliver_day"], 4), ~nobody),
        "H": (u["ask"] < 0.04, day - 1, nobody),
        "S": (taken & advised & ~afar & (u["advice"] < 0.08), day, nobody),
        "R": (
            taken & orders["durable"].to_numpy() & (u["repair"] < 0.02),
            day + 20 + _days(u["repair_day"], 250),
            u["repair_owner"] < _PARTNER_REPAIRS,
        ),
        "B": (taken & returned, orders["return_day"].to_numpy(), nobody),
        "C": (complains, complaint_day, nobody),
        "V": (
            visited,
            complaint_day + 2 + _days(u["visit_day"], 6),
            u["repair_owner"] < _PARTNER_REPAIRS,
        ),
    }
    parts = [
        _of_kind(history, orders, u, after, letter, *what) for letter, what in when.items()
    ]
    table = pd.concat([*parts, _actions(history)], ignore_index=True)
    table["reported_to"] = table["reported_to"].astype("str")
    return table.sort_values(["at", "contact_id"], ignore_index=True)


def complaints(history: History) -> pd.DataFrame:
    """Every complaint, as the table of contacts will have it: `person`, `day`, `cause` (place in `life.CAUSES`)."""
    orders = _orders(history)
    orders = orders[orders["complaint"] >= 0]
    u = _drawn(history, orders, "contacts", _COLUMNS)
    return pd.DataFrame(
        {"person": orders["person"], "day": _complaint_day(orders["day"], u), "cause": orders["complaint"]}
    ).reset_index(drop=True)


def _complaint_day(day, u: dict) -> np.ndarray:
    """A complaint comes some days after the order."""
    return np.asarray(day) + 3 + np.floor(14 * u["complain_day"]).astype(int)


def _days(u: np.ndarray, span: int) -> np.ndarray:
    """Whole days from 0 up to below `span`."""
    return np.floor(span * u).astype(int)


def _orders(history: History) -> pd.DataFrame:
    """One row for each order of a person."""
    goods = shop.catalogue()
    lines = history.life.lines
    lines = lines.assign(
        fitted=goods.installed[lines["product"]],
        durable=goods.cls[lines["product"]] == "durable",
    )
    # One order a person and week.
    return lines.groupby(["week", "person"], as_index=False).agg(
        {name: "first" for name in ("day", "minute", "store", "behaviour", "cancelled", "complaint",
                                    "missold", "contact_cost")}
        | {"fitted": "any", "durable": "any", "returned": "max", "return_day": "max"}
    )  # fmt: skip


def _drawn(history: History, orders: pd.DataFrame, purpose: str, columns: tuple) -> dict[str, np.ndarray]:
    """The random numbers of each order, from a stream for this purpose alone."""
    week, person = orders["week"].to_numpy(), orders["person"].to_numpy()
    parts = []
    for now in np.unique(week):
        who = person[week == now]
        parts.append(
            history.dice.table(purpose, int(now), int(who.max()) + 1, columns, only=who)
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in columns}


def _of_kind(
    history: History, orders: pd.DataFrame, u: dict, after: dict, letter: str, happens, day, by_partner
) -> pd.DataFrame:
    """The contacts of one kind that took place by `as_of`, and those that followed them."""
    touchpoint, phase, cost, longest = _TOUCHPOINTS[letter]
    stories = history.stories
    by_partner = handover.by_partner(stories, touchpoint, by_partner, after)
    at = np.flatnonzero(happens & (day >= 0) & (day <= history.last_day))
    rows, day = orders.iloc[at], day[at]
    own = {name: values[at] for name, values in u.items()}
    later = {name: values[at] for name, values in after.items()}
    is_complaint = letter == "C"
    # Most complaints are settled within a month; a few lie for a season.
    closing = 2 + _days(own["closing"] ** 2, 30) + np.where(own["late_closing"] < 0.08, 70, 0)
    is_open = is_complaint & (day + closing > history.last_day)
    solved = (own[f"solved_{letter}"] < (0.55 if is_complaint else 0.92)) & ~is_open
    mood = np.where(solved, 3, 1) + np.floor(own[f"mood_{letter}"] * np.where(solved, 3, 2.5))
    mood = mood - is_complaint
    answered = (own[f"answers_{letter}"] < _ANSWER) & ~is_open
    cause = np.array([*life.CAUSES, ""])[rows["complaint"].to_numpy() if is_complaint else -1]
    quick = (touchpoint == "hotline") & np.asarray(stories.does("hotline", day))
    minute = 540 + np.floor(540 * own[f"hour_{letter}"]).astype(int)
    minute = np.where(letter == "S", rows["minute"], minute)
    factor = np.round(100 * rows["contact_cost"].to_numpy()).astype(int) if letter in "BCV" else 100
    numbers = history.numbers
    number = numbers.of_people(rows["person"], rows["day"])
    ids = numbers.text("T", rows["day"], number, letter)
    closed_on = pd.Series(text.moments(day + closing, np.zeros(len(day))))
    table = pd.DataFrame(
        {
            "contact_id": ids,
            "customer_id": people.ids_of(rows["person"]),
            "at": text.moments(day, minute),
            "touchpoint": touchpoint,
            "phase": phase,
            "owner": np.where(by_partner[at], "partner", "own"),
            "wait_minutes": np.floor(np.where(quick, 2, longest) * own[f"wait_{letter}"] ** 2).astype(int),
            "transfers": np.where(touchpoint == "hotline", np.floor(3 * own[f"passed_{letter}"] ** 2), 0).astype(int),
            "resolved": solved,
            "satisfaction": pd.array(np.where(answered, np.clip(mood, 1, 5), 0), dtype="Int64"),
            "cause": cause,
            "status": np.where(is_open, "open", "closed"),
            "cost_minor": cost * factor // 100,
            "store_id": np.array(shop.STORES)[rows["store"]],
            # A visit over a complaint belongs to the complaint.
            "case_id": numbers.text("T", rows["day"], number, "C") if letter == "V" else ids,
            "reported_to": handover.reported_to(stories, later) if is_complaint else pd.NA,
            "closed_on": closed_on.where(is_complaint & ~is_open),
        }
    ).assign(satisfaction=lambda frame: frame["satisfaction"].where(answered))
    wrong = handover.goes_wrong(stories, touchpoint, day, by_partner[at], later)
    table = handover.spoil(table, wrong, later)
    parts = [table]
    if letter in "IDRBV":
        parts += [part.assign(reported_to=pd.NA, closed_on=pd.NaT) for part in
                  handover.follow_ups(table, day, wrong, later, last_day=history.last_day)]  # fmt: skip
    table = pd.concat([part for part in parts if len(part)]) if any(map(len, parts)) else table
    lot = {name: pd.Series(later[name]).reindex(table.index).to_numpy() for name in ("lot", "mood")}
    return handover.call_backs(stories, table, lot)


def _actions(history: History) -> pd.DataFrame:
    """The actions carried out, each a contact in the first days of its quarter."""
    parts = []
    for first_day, action in history.actions:
        who = np.flatnonzero(action)
        u = history.dice.table("action days", first_day, len(action), ["day", "hour"])
        day = first_day + 1 + _days(u["day"][who], 10)
        numbers = history.numbers
        parts.append(
            pd.DataFrame(
                {
                    "contact_id": numbers.text("T", day, numbers.of_people(who, day), "X"),
                    "customer_id": people.ids_of(who),
                    "at": text.moments(day, 540 + _days(u["hour"][who], 540)),
                    "touchpoint": np.array(responses.TOUCHPOINT, dtype=object)[action[who]],
                    "phase": "after",
                    "owner": "own",
                    "wait_minutes": 0,
                    "transfers": 0,
                    "resolved": True,
                    "satisfaction": pd.array([pd.NA] * len(who), dtype="Int64"),
                    "cause": "",
                    "status": "closed",
                    "cost_minor": responses.ACTION_COST_FEN[action[who]],
                    "store_id": "",
                    "case_id": numbers.text("T", day, numbers.of_people(who, day), "X"),
                    "reported_to": pd.NA,
                    "closed_on": pd.NaT,
                    "called_back": pd.array([pd.NA] * len(who), dtype="boolean"),
                }
            )
        )
    return pd.concat([part for part in parts if len(part)]) if any(map(len, parts)) else pd.DataFrame()
