"""The Care Plan: a yearly contract for an appliance, who leaves it, when, why, and what they say when asked.

Everything here is drawn from dice of its own and follows what happened in the
shops, so that the orders keep their bytes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import contacts, life, people, renewal, responses, text
from helpers.simulate import stories as planted
from helpers.simulate.dice import bell, pick, settled

MONTH = 365.25 / 12
TERM = 12
PRICE_FEN = 39_800
"""The fee of a year."""
MARGIN = 0.70
"""What is left of the fee after filters and visits."""
OLDEST = 36
"""Months before the export at which the oldest contracts began."""
TAKES, TOOK = 0.45, 0.80
"""Share who take the plan with their first durable, and who had it among those who held a purifier before the export."""
ENDS = 0.007
"""Chance that a contract is cancelled in an ordinary month."""
TEMPER = 0.6
"""Spread of the chance between people, on the log scale."""
GONE = 3.0
"""How much more readily those end it who no longer come to the shops."""
NOT_RENEWED = 0.42
"""With the story, the chance not to renew at the planted month."""
GONE_NOT_RENEWED = 1.6
"""How much more readily those do not renew who no longer come to the shops."""
AFTER_COMPLAINT, AFTER_PLANTED = 0.12, 0.55
"""With the story, the chance to cancel in the month after a complaint; after one of the planted cause."""
BY_COMPANY = 0.03
"""Share of the ends that are the company's, over bills that nobody paid."""
ASKED = 0.55
"""Share of those who left who were asked why."""

REASONS = ("inconvenient", "slow", "unfriendly", "unprofessional", "poor_value", "dislike", "broken_promise", "need_changed")
CAUSES = ("chance", "gone", "renewal", "complaint")
_REASON_SHARES = {
    "chance": (0.14, 0.10, 0.08, 0.09, 0.14, 0.10, 0.05, 0.30),
    "gone": (0.16, 0.06, 0.08, 0.06, 0.16, 0.16, 0.02, 0.30),
    "renewal": (0.12, 0.06, 0.04, 0.06, 0.56, 0.04, 0.04, 0.08),
    "late": (0.06, 0.66, 0.06, 0.04, 0.06, 0.02, 0.08, 0.02),
    "broken": (0.05, 0.10, 0.05, 0.62, 0.08, 0.04, 0.04, 0.02),
    "wrong_size": (0.05, 0.05, 0.08, 0.62, 0.06, 0.06, 0.06, 0.02),
    "promise_not_kept": (0.03, 0.06, 0.05, 0.06, 0.06, 0.04, 0.68, 0.02),
    "bill": (0.05, 0.05, 0.14, 0.06, 0.56, 0.06, 0.06, 0.02),
}
_PERSON = ("takes", "delay", "age", "temper1", "temper2", "temper3", "company", "asked", "asked_day", "reason")


def contracts(history) -> pd.DataFrame:
    """The public table: one row a contract that was alive on or after the first day of the export."""
    held = history.held
    ended = held["ended"].to_numpy()
    running = ended > history.last_day
    months = np.floor((np.minimum(ended, history.last_day) - held["start"]) / MONTH).to_numpy().astype(int)
    # A contract that is not renewed ends on the last day of its term, before the next one begins.
    terms = np.where(running, months // TERM + 1, -((ended - held["start"]) // -(TERM * MONTH))).astype(int)
    terms = np.maximum(terms, 1)
    paid = _day_of(held["start"].to_numpy(), TERM * terms)
    off = text.moments(np.minimum(ended, history.last_day), np.zeros(len(held)))
    number = history.numbers.of_people(held["person"], held["start"])
    return pd.DataFrame(
        {
            "contract_id": history.numbers.text("K", held["start"], number),
            "customer_id": people.ids_of(held["person"].to_numpy()),
            "product_id": shop.catalogue().product_id[held["product"]],
            "started_on": text.moments(held["start"], np.zeros(len(held))),
            "paid_until": text.moments(paid, np.zeros(len(held))),
            "ended_on": pd.Series(off).where(~running).to_numpy(),
            "ended_by": pd.Series(np.where(held["company"], "company", "customer")).where(~running).to_numpy(),
            "renewals": pd.array(terms - 1, dtype="Int64"),
            "price_minor": pd.array(np.full(len(held), PRICE_FEN), dtype="Int64"),
        }
    ).sort_values(["started_on", "contract_id"], ignore_index=True)


def exits(history) -> pd.DataFrame:
    """The public table: those who left their contract and were asked why."""
    held = history.held
    asked_on = (held["ended"] + 3 + np.floor(18 * held["u_asked_day"])).astype(int)
    rows = held[(held["u_asked"] < ASKED) & (asked_on <= history.last_day) & (held["ended"] <= history.last_day)]
    asked_on = asked_on[rows.index]
    reason = np.array(REASONS)[rows["reason"]]
    number = history.numbers.of_people(rows["person"], rows["start"])
    kind = np.select([rows["company"], reason == "need_changed"], ["wanted", "unavoidable"], "unwanted")
    return pd.DataFrame(
        {
            "exit_id": history.numbers.text("E", rows["ended"], number),
            "customer_id": people.ids_of(rows["person"].to_numpy()),
            "contract_id": history.numbers.text("K", rows["start"], number),
            "left_on": text.moments(rows["ended"], np.zeros(len(rows))),
            "asked_on": text.moments(asked_on, np.zeros(len(rows))),
            "kind": kind,
            "reason": reason,
        }
    ).sort_values(["asked_on", "exit_id"], ignore_index=True)


def truth_of_departures(history, stories: planted.Stories) -> pd.DataFrame:
    """Of every contract in the public table: when it truly ends, if it has, and what ended it (`CAUSES`)."""
    held = history.held
    running = (held["ended"] > history.last_day).to_numpy()
    number = history.numbers.of_people(held["person"], held["start"])
    return pd.DataFrame(
        {
            "contract_id": history.numbers.text("K", held["start"], number),
            "customer_id": people.ids_of(held["person"].to_numpy()),
            "ended_on": np.where(running, "", text.iso_days(np.minimum(held["ended"], history.last_day))),
            "cause": np.where(running, "", np.array(CAUSES)[held["cause"]]),
            "reason": np.where(running, "", np.array(REASONS)[held["reason"]]),
        }
    )


def book(history, arm: int | None = None) -> pd.DataFrame:
    """Every contract seen by the export: person, product, start, end (far away while it runs), cause and reason, and the lot.

    Parameters
    ----------
    history : History
    arm : int, optional
        Place in `renewal.ARMS` that everybody in the renewal programme gets, in place of their lot.
    """
    n = len(history.crowd)
    u = history.dice.table("care plan", 0, n, _PERSON)
    person, product, start = _begun(history, u)
    temper = settled(np.exp(TEMPER * bell(u["temper1"], u["temper2"], u["temper3"])))[person]
    complained = _complaints(history, person, start)
    lot_of = renewal.lots(history)[person]
    arms = np.full(len(person), -1)
    assigned = np.full(len(person), planted.NEVER)
    visits = renewal.Visits(history)
    ended = np.full(len(person), planted.NEVER)
    cause = np.zeros(len(person), dtype=int)
    of_complaint = np.full(len(person), -1)
    longest = int(np.ceil((history.last_day + OLDEST * MONTH) / MONTH)) + 2
    stories = history.stories
    for month in range(1, longest + 1):
        since, until = _day_of(start, month - 1), _day_of(start, month)
        running = (ended == planted.NEVER) & (since <= history.last_day)
        if not running.any():
            break
        lot = _lot(history, month, n, person, since)
        gone = history.life.gone(person, since)

        def kept(which: np.ndarray, day: np.ndarray) -> np.ndarray:
            """What is left of the chance to leave on a day, by what was done for these contracts."""
            action, begun = _done(history, person[which], arms[which], assigned[which], day)
            return renewal.multiplier(history, visits, person[which], action, begun)

        every = np.arange(len(person))
        drawn = until - renewal.BEFORE_DUE
        here = complained.get(month) if stories.has("after_complaint") else None
        if here is not None:
            which, on, what = here
            odds = np.where(what == life.CAUSES.index(stories.plant["after_complaint"]), AFTER_PLANTED, AFTER_COMPLAINT)
            off = on + 2 + np.floor(27 * lot["when"][which]).astype(int)
        if month == stories.plant["month_twelve"]:
            # Whoever walks off before the lot is drawn takes no part.
            early = np.zeros(len(person), dtype=bool)
            if here is not None:
                early[which] = (lot["leaves"][which] < odds * kept(which, off)) & (off < drawn[which])
            part = running & ~early & (lot_of >= 0)
            part &= (drawn >= renewal.FIRST_DAY) & (drawn <= renewal.LAST_DAY) & (drawn <= history.last_day)
            assigned = np.where(part, drawn, assigned)
            arms = np.where(part, lot_of if arm is None else arm, arms)
        day = since + 1 + np.floor((until - since - 1) * lot["day"]).astype(int)
        chance = np.minimum(ENDS * temper * np.where(gone, GONE, 1.0), 0.5) * kept(every, day)
        leaves = running & (lot["ends"] < chance)
        ended = np.where(leaves, day, ended)
        cause = np.where(leaves, np.where(gone, CAUSES.index("gone"), 0), cause)
        if here is not None:
            walks = running[which] & (lot["leaves"][which] < odds * kept(which, off)) & (off < ended[which])
            ended[which[walks]] = off[walks]
            cause[which[walks]] = CAUSES.index("complaint")
            of_complaint[which[walks]] = what[walks]
        if stories.has("month_twelve") and month == stories.plant["month_twelve"]:
            odds = np.minimum(NOT_RENEWED * temper * np.where(gone, GONE_NOT_RENEWED, 1.0), 0.9) * kept(every, until)
            stops = running & (ended >= until) & (lot["renews"] < odds)
            ended = np.where(stops, until, ended)
            cause = np.where(stops, CAUSES.index("renewal"), cause)
            of_complaint = np.where(stops, -1, of_complaint)
    table = pd.DataFrame({"person": person, "product": product, "start": start, "ended": ended, "cause": cause, "complaint": of_complaint})
    table["arm"], table["assigned"] = arms, assigned
    table["company"] = u["company"][person] < BY_COMPANY
    for name in ("asked", "asked_day"):
        table[f"u_{name}"] = u[name][person]
    table["reason"] = _reasons(table, u["reason"][person])
    # What had ended before the export begins is in no file; what begins after today neither.
    return table[(table["ended"] >= 0) & (table["start"] <= history.last_day)].reset_index(drop=True)


_LOT = ("ends", "day", "leaves", "when", "renews")


def _lot(history, month: int, n: int, person: np.ndarray, since: np.ndarray) -> dict[str, np.ndarray]:
    """The numbers drawn for one month of the contracts; with another luck, others for the months that begin later."""
    dice = history.dice
    lot = dice.table("care plan months", month, n, _LOT)
    if dice.luck:
        other = dice.table(f"care plan months|luck {dice.luck}", month, n, _LOT)
        later = since >= 7 * dice.luck_from
        return {name: np.where(later, other[name][person], values[person]) for name, values in lot.items()}
    return {name: values[person] for name, values in lot.items()}


def _done(history, person, arm, assigned, day) -> tuple[np.ndarray, np.ndarray]:
    """What is at work on each contract on a day, of a quarter played or else of the programme: its place in `ACTIONS`, and since when."""
    in_time = (arm >= 0) & (day >= assigned) & (day <= assigned + renewal.MEASURED_DAYS)
    action = np.where(in_time, renewal.ACTION_OF_ARM[arm], responses.NONE)
    begun = assigned
    first_days = [first for first, _ in history.actions]
    for (first, chosen), end in zip(history.actions, [*first_days, history.last_day + 1][1:], strict=True):
        acts = (day >= first) & (day < end) & (chosen[person] != responses.NONE)
        action, begun = np.where(acts, chosen[person], action), np.where(acts, first, begun)
    return action, begun


def fees(history, since: int) -> pd.DataFrame:
    """The fees paid after a day: person, day, `fee_fen` (less what the renewal offer took off) and `margin_fen`."""
    held = history.held
    rows = []
    longest = int((history.last_day - held["start"].min()) / (TERM * MONTH)) + 1 if len(held) else 0
    for term in range(longest + 1):
        due = _day_of(held["start"].to_numpy(), TERM * term)
        pays = (due > since) & (due <= history.last_day) & (held["ended"].to_numpy() > due)
        paid = held.loc[pays, ["person", "arm", "assigned"]].assign(day=due[pays], term=term)
        rows.append(paid)
    paid = pd.concat(rows, ignore_index=True)
    who = paid["person"].to_numpy()
    action, _ = _done(history, who, *(paid[name].to_numpy() for name in ("arm", "assigned", "day")))
    off = np.where((action == responses.DISCOUNT) & (paid["term"] > 0) & history.stories.has("beyond_saving"), renewal.DISCOUNT_FEN, 0)
    return pd.DataFrame(
        {"person": who, "day": paid["day"], "fee_fen": PRICE_FEN - off, "margin_fen": round(PRICE_FEN * MARGIN) - off}
    )


def _begun(history, u: dict) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Person, product and first day of every contract: with the first durable, or before the export."""
    goods, lines = shop.catalogue(), history.life.lines
    bought = lines[~lines["cancelled"] & (lines["amount_fen"] > 0) & (goods.cls[lines["product"]] == "durable")]
    first = bought.sort_values(["day", "person"], kind="stable").drop_duplicates("person")
    crowd = history.crowd
    before = np.flatnonzero(crowd.holds_purifier & (crowd.join_week < 0) & history.life.came & (u["takes"] < TOOK))
    takes = first[(u["takes"][first["person"]] < TAKES) & ~np.isin(first["person"], before)]
    now = takes["person"].to_numpy()
    purifier = int(np.flatnonzero(goods.is_purifier)[0])
    # A plan of the years before began on any day of them; those that ended meanwhile drop out later.
    began = -np.ceil(u["age"][before] * OLDEST * MONTH).astype(int)
    start = np.concatenate([began, takes["day"].to_numpy() + 1 + np.floor(10 * u["delay"][now]).astype(int)])
    product = np.concatenate([np.full(len(before), purifier), takes["product"].to_numpy()])
    person = np.concatenate([before, now])
    kept = start <= history.last_day
    return person[kept], product[kept], start[kept]


def _day_of(start: np.ndarray, month: int | np.ndarray) -> np.ndarray:
    """The day number so many months after the start."""
    return start + np.round(np.asarray(month) * MONTH).astype(int)


def _complaints(history, person: np.ndarray, start: np.ndarray) -> dict[int, tuple]:
    """By month of the contract: places of the contracts, days and causes of their complaints."""
    made = contacts.complaints(history)
    place = pd.Series(np.arange(len(person)), index=person)
    made = made[made["person"].isin(place.index)]
    which = place[made["person"]].to_numpy()
    month = np.floor((made["day"].to_numpy() - start[which]) / MONTH).astype(int) + 1
    found = {}
    for now in np.unique(month[month >= 1]):
        here = np.flatnonzero(month == now)
        # One complaint a month is enough to leave.
        _, one = np.unique(which[here], return_index=True)
        here = here[one]
        found[int(now)] = (which[here], made["day"].to_numpy()[here], made["cause"].to_numpy()[here])
    return found


def _reasons(table: pd.DataFrame, u: np.ndarray) -> np.ndarray:
    """Place in `REASONS` of what each person says, by what truly ended the contract."""
    cause = np.array(CAUSES, dtype=object)[table["cause"]]
    of_complaint = table["complaint"].to_numpy()
    cause = np.where(cause == "complaint", np.array([*life.CAUSES, ""], dtype=object)[of_complaint], cause)
    return pick(u, np.array([_REASON_SHARES[name] for name in cause]))
