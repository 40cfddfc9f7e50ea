"""What was found about talks and accounts, in sentences whose numbers come from the data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from helpers import words
from helpers.conversion import talk
from helpers.conversion.talk_account import Accounts
from helpers.conversion.talk_refusals import Refusals
from helpers.withheld import Withheld, silent_when_withheld

# ---------------------------------------------------------------- playgrounds


def gates(*, after_5: float, kind: str) -> str:
    """The sentence under the playground of gates."""
    table = talk.gates(kind, after_5=after_5)
    talks = float(table["left"].iloc[-1])
    worst = table.sort_values(["lost"], ascending=False, kind="stable").iloc[0]
    if talks <= 0:
        return "Nobody is left after 5 seconds, so no talk comes about, however many numbers are dialled."
    other = "asked" if kind == "strangers" else "strangers"
    there = float(talk.gates(other)["left"].iloc[-1])
    name = "people who asked to be called" if other == "asked" else "strangers from a list"
    return (
        f"Of 100 numbers, **{words.number(talks)}** become a talk, so one talk takes {words.number(100 / talks, digits=1)} numbers. Most are lost at the gate "
        f"*{worst['gate']}*: {words.number(worst['lost'])}. Of {name}, {words.number(there)} of 100 would talk, as the numbers are supposed here."
    )


def running(ledger: pd.DataFrame, *, broken: float) -> str:
    """The sentence under the playground of accounts."""
    found = talk.balances(ledger, broken=broken)
    below = [f"{str(name).partition(',')[0]} ({_signed(value)})" for name, value in found.items() if value < 0]
    times = "as it stands in the table" if broken == 1 else f"{broken:g} times what the table says"
    if not below:
        return f"If a withdrawal weighs {times}, nobody is below zero."
    return f"If a withdrawal weighs {times}, {len(below)} of {words.count(len(found), 'account')} {'is' if len(below) == 1 else 'are'} below zero: {words.listing(below)}."


def _signed(value: float) -> str:
    text = f"{abs(value):g}"
    return f"−{text}" if value < 0 else f"+{text}" if value > 0 else "0"


# ---------------------------------------------------------------- the team's own contacts


@silent_when_withheld
def accounts(found: Accounts) -> list[str]:
    """How many accounts are below zero, and how many of them ended so."""
    low, everyone = found.overdrawn, len(found.table)
    said = [
        f"Of {words.count(everyone, 'customer')} who had contacts from {words.day(found.first)} to {words.day(found.last)}, "
        f"**{words.number(len(low))}** ({words.percent(len(low) / everyone)}) have an account below zero, if a contact that settled nothing takes out {found.withdrawal:g}."
    ]
    if len(low):
        ended = int(low["ended_low"].sum())
        said.append(
            f"With {words.number(ended)} of them the last contact settled nothing, and since then nobody has spoken with them, as far as the contacts tell: "
            "they are rung up first."
        )
    if found.left_out:
        said.append(f"{words.count(found.left_out, 'contact')} had no customer or no result, and were left out.")
    return said


@silent_when_withheld
def weights(found: Accounts, other: Accounts) -> str:
    """What another weight would make of it; the weights are a choice."""
    return (
        f"With a withdrawal of {other.withdrawal:g} in place of {found.withdrawal:g}, {words.number(len(other.overdrawn))} accounts would be below zero, not "
        f"{words.number(len(found.overdrawn))}. The weights are our choice: nobody has measured how many kept promises make up for a broken one."
    )


@silent_when_withheld
def refusals(found: Refusals) -> list[str]:
    """The commonest reason of a no, and how many had none."""
    top, total = found.table.iloc[0], int(found.table["refusals"].sum())
    said = [
        f"From {words.day(found.first)} to {words.day(found.last)}, {words.count(total, 'no', 'noes')} had a reason noted. The commonest: "
        f"**{_reason(top['reason'])}**, {words.number(int(top['refusals']))} ({words.percent(top['share'])}). It is what sellers wrote down, which may be the polite half of the truth."
    ]
    if found.without:
        said.append(f"For {words.number(found.without)} more nobody noted a reason.")
    return said


def _reason(code: object) -> str:
    return words.plain(str(code).replace("_", " "))


def answer(found: Accounts | Withheld, said: Refusals | Withheld | None = None) -> list[str]:
    """The answer of the page: whom to speak with first, and what keeps those who say no."""
    parts = [_first(found)]
    if isinstance(said, Refusals):
        top = said.table.iloc[0]
        parts.append(
            f"Those who say no most often give the reason **{_reason(top['reason'])}** ({words.in_100(top['share'])} with a reason): prepare an honest answer to it, and say it before you are asked."
        )
    return parts


def _first(found: Accounts | Withheld) -> str:
    if isinstance(found, Withheld):
        return f"Whom to speak with first cannot be said from these data: {found.reason} {found.gain}"
    low = found.overdrawn
    if not len(low):
        return f"With none of {words.count(len(found.table), 'customer')} is the account below zero. Keep what was promised, and look again next month."
    ended = int(low["ended_low"].sum())
    return (
        f"With **{words.number(len(low))}** of {words.count(len(found.table), 'customer')} more was drawn from the account than paid in. Begin with the "
        f"{words.number(ended)} whose last contact settled nothing: a call that settles it, before anybody offers them anything."
    )


def limits(found: Accounts | Withheld, reasons: Refusals | Withheld | None = None) -> list[str]:
    """What this page cannot know."""
    more = [] if not isinstance(reasons, Refusals) else ["A reason that was noted is not the cause: people give the excuse that ends the talk."]
    return _limits(found) + more


def _limits(found: Accounts | Withheld) -> list[str]:
    if isinstance(found, Withheld):
        return [f"{found.what}: {found.reason} {found.gain}"]
    said = [
        "The account knows only what contacts wrote down. Warmth, honesty and a promise kept without a contact are not in it.",
        "The weights are a choice, and a balance below zero is no forecast: nobody has shown here that these customers leave.",
    ]
    if not found.rung_back:
        said.append("The contacts do not say who was called on the next day (`called_back`), so such calls pay nothing in.")
    return said


def key_numbers(found: Accounts | Withheld) -> list[dict[str, Any]]:
    """The numbers that the next report compares with."""
    if isinstance(found, Withheld):
        return []
    low, everyone = found.overdrawn, len(found.table)
    rows = [
        ("accounts", everyone, "number", "Customers with contacts in the window"),
        ("overdrawn", len(low), "number", "Customers whose account is below zero"),
        ("overdrawn_share", len(low) / everyone, "share", "Share of accounts below zero"),
    ]
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]


def since(found: Accounts | Withheld, *, share: float | None, on: date | None) -> str:
    """Against what the last report said; empty where there was none or it said nothing."""
    now = None if isinstance(found, Withheld) else len(found.overdrawn) / len(found.table)
    return words.since("accounts below zero", then=share, now=now, on=on)
