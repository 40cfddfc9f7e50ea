"""The exercises of lesson 07b: a warning and its mark, an offer and whom it holds, what it is worth, and why people stay.

Each is a function that works out the right answer from the lesson's data, with
the ways in which people go wrong below it. `inputs` gives them the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from helpers import words
from helpers.churn import levers, saving, warning, windows, worth
from helpers.churn.findings_seen import span
from helpers.data.company import Company
from helpers.money import currency, in_major_units
from helpers.teaching import Option, exercise
from helpers.withheld import Withheld

CAPACITY = 150
CONTACTS_A_YEAR = (12, 4, 2, 1)
"""Contacts planned for a customer of each grade in a year, the dearest grade first."""
MINUTES, CAP = 15, 6


def inputs(
    company: Company, *, as_of: date, capacity: int = CAPACITY, fee_margin: float = 0.7, call_cost: float = 25.0, discount: float = 60.0, horizon_days: int = warning.HORIZON
) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    capacity : int
        How many the team can look after in one horizon.
    fee_margin : float
        Share of a contract's price that is left.
    call_cost, discount : float
        Money in major units: of a call where no trial says it; off the fee of those who stay.
    horizon_days : int

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    unit = currency(company.currency).factor
    return {
        "company": company,
        "as_of": as_of,
        "capacity": lambda warned: warned.capacity,
        "minutes": MINUTES,
        "cap": CAP,
        "days": lambda: windows.order_days(company.orders, company.products, as_of=as_of),
        "watched_from": lambda days: days["day"].min().date() if len(days) else as_of,
        "held": lambda: windows.clean_contracts(company.contracts, as_of=as_of),
        "warned": lambda days, held, watched_from: _warned(company, days, held, as_of=as_of, watched_from=watched_from, capacity=capacity, horizon_days=horizon_days),
        "marked": lambda warned: plain_marks(warned),
        "tried": lambda held, days: saving.last_trial(company.campaigns, company.assignments, held, days, as_of=as_of),
        "saved": lambda tried: saving.judge(tried),
        "trial": lambda tried: tried.people[["customer_id", "arm", "silent_days", "group", "left"]],
        "arm": lambda saved: saved.best or str(saved.whole["arm"].iloc[0]),
        "expected": lambda saved, tried, held: saving.responses(
            saved, tried, value_minor=value_of(held, fee_margin), given_minor={"discount": round(discount * unit)}, assumed=0.1,
            cost_minor=round(call_cost * unit), base_rate=0.1,
        ),
        "offer": lambda expected, arm: offer_of(expected, arm, code=company.currency),
        "first_facts": _first_facts,
        "several": lambda held, days: levers.several_lines(worth_lines(company), held, days, as_of=as_of),
        "lock_facts": _lock_facts,
        "cards": levers.lock_ins,
        "served": lambda held: worth.to_serve(company, held, as_of=as_of, fee_margin=fee_margin),
        "graded": lambda served: worth.grades(company.customers, served),
        "top": lambda graded: str(graded["tier"].iloc[0]),
        "members": lambda graded, served: plain_members(company, served, graded),
        "care": lambda graded: care_plan(company, graded),
    }  # fmt: skip


def value_of(held, fee_margin: float) -> int | Withheld:
    """What a contract kept for a year leaves: the usual price times the margin, in minor units."""
    if isinstance(held, Withheld):
        return held
    price = held.rows["price_minor"].dropna() if "price_minor" in held.rows else pd.Series(dtype="int64")
    if price.empty:
        return Withheld("What a contract is worth", "The contracts have no price.", "With contracts.price it would appear.")
    return round(float(price.median()) * fee_margin)


def worth_lines(company: Company) -> pd.DataFrame:
    """Order lines with their product line, where the products have one."""
    orders, products = company.orders, company.products
    if "line" in orders or products is None or "line" not in products or "product_id" not in orders:
        return orders
    return orders.merge(products[["product_id", "line"]].drop_duplicates("product_id"), on="product_id", how="left")


# ---------------------------------------------------------------- tables as an exercise shows them


def plain_marks(warned: warning.Warned) -> pd.DataFrame:
    """The last window in the order of the plain rule: `place`, `number`, `silent_days`, with contracts `due` (the term ends in the window), `left`."""
    table = warned.marked.sort_values(["plain", "key"], ascending=[False, True], kind="stable", ignore_index=True)
    shown = pd.DataFrame({"place": range(1, len(table) + 1), "number": table["key"]})
    if warned.panel.unit == "contract":
        shown["due"] = table["plain"] >= warning.DUE
    shown["silent_days"] = (table["plain"] % warning.DUE).round().astype(int)
    return shown.assign(left=table["left"])


def offer_of(expected: saving.Responses, arm: str, *, code: str) -> pd.Series:
    """One offer to those who still come: `leaves_alone`, `leaves_with` (shares), `value`, `cost` (money)."""
    row = expected.table.set_index(["arm", "group"]).loc[(arm, saving.NEAR)]
    money = in_major_units(pd.Series([round(row["value_minor"]), round(row["cost_minor"])]), code=code)
    return pd.Series({"leaves_alone": round(row["leaves_alone"], 4), "leaves_with": round(row["leaves_with"], 4), "value": money.iloc[0], "cost": money.iloc[1]})


def plain_members(company: Company, served: worth.ToServe, graded: pd.DataFrame) -> pd.DataFrame:
    """Customers with a grade: `customer_id`, `tier`, `margin`, `benefit_cost` (money, last year)."""
    left = served.customers.set_index("customer_id")
    people = company.customers[company.customers["tier"].isin(graded["tier"])].astype({"customer_id": "str"})
    margin = people["customer_id"].map(left["margin_minor"] + left["fees_minor"] - left["returns"]).fillna(0).astype("int64")
    benefit = people["benefit_cost_minor"].fillna(0).astype("int64")
    money = pd.DataFrame({"margin": in_major_units(margin, code=company.currency), "benefit_cost": in_major_units(benefit, code=company.currency)})
    return pd.concat([people[["customer_id", "tier"]], money], axis=1).reset_index(drop=True)


def care_plan(company: Company, graded: pd.DataFrame) -> pd.DataFrame:
    """One row a grade, the dearest first: `tier`, `customers` (who may be contacted), `contacts_a_year`."""
    people = company.customers
    may = people["consent"].eq(True).fillna(False) if "consent" in people else pd.Series(True, index=people.index)
    counts = people[may].groupby("tier").size()
    tiers = graded["tier"].tolist()[: len(CONTACTS_A_YEAR)]
    return pd.DataFrame({"tier": tiers, "customers": [int(counts.get(tier, 0)) for tier in tiers], "contacts_a_year": CONTACTS_A_YEAR[: len(tiers)]})


# ---------------------------------------------------------------- before


@exercise(
    "7b.1",
    minutes=2,
    kind="predict",
    within=6,
    hints=["By lot it would be the share of all who left. A good rule finds several times as many; hardly any finds more than half.", "Between 10 and 90."],
    covers=["S114"],
    means="Most of those warned of would have stayed. A warning is a place to look, not a sentence.",
)
def caught_of_100(marked, capacity):
    """Of 100 whom the plain rule puts first, how many left in the window?"""
    return 100 * float(marked["left"].head(capacity).mean())


@caught_of_100.mistake("So many of all the leavers stand on the list. The question is how many on the list were leavers.")
def _(marked, capacity):
    return 100 * float(marked["left"].head(capacity).sum() / marked["left"].sum())


@caught_of_100.mistake("So many stayed. The question is how many left.")
def _(marked, capacity):
    return 100 - 100 * float(marked["left"].head(capacity).mean())


@exercise(
    "7b.2",
    minutes=4,
    kind="fill",
    spreadsheet=True,
    digits=2,
    hints=[
        "`marked` stands in the rule's order: the first rows are those whom the team would look after.",
        "Of the first `capacity` rows, the share with `left` True. In a spreadsheet: COUNTIF over the first rows, divided by their number.",
        '`marked["left"].head(capacity)`',
    ],
    covers=["S114"],
    means="This is the precision at the team's capacity. A rule is judged on the customers for whom there is time, not on all.",
)
def precision(marked, capacity):
    """Of those whom the team has time for, what share were about to leave?"""
    return float(marked["left"].head(capacity).mean())


@precision.mistake("That is the share of all leavers whom the list finds (recall). Divide by those on the list.")
def _(marked, capacity):
    return float(marked["left"].head(capacity).sum() / marked["left"].sum())


@precision.mistake("That is the share of everybody who left. It is what a list drawn by lot would find.")
def _(marked):
    return float(marked["left"].mean())


@precision.mistake("You took the bottom of the list: those whom the rule worries about least.")
def _(marked, capacity):
    return float(marked["left"].tail(capacity).mean())


# ---------------------------------------------------------------- during


@exercise(
    "7b.3",
    minutes=4,
    spreadsheet=True,
    digits=1,
    hints=[
        'Stay with the rows where `group` is "near". Two shares: of those left alone, of those who got the offer.',
        "Saved are those who left when left alone, less those who left with the offer. In a spreadsheet: AVERAGEIFS twice.",
        '`near = trial[trial["group"] == "near"]`, then `near.groupby("arm")["left"].mean()`',
    ],
    covers=["S114"],
    means="Only the hold-out tells it. Those who got the offer and stayed would mostly have stayed anyway.",
)
def saved_of_100(trial, arm):
    """Of 100 customers who still come, how many stayed because of the offer?"""
    left = trial[trial["group"] == saving.NEAR].groupby("arm")["left"].mean()
    return 100 * float(left[saving.HOLD_OUT] - left[arm])


@saved_of_100.mistake("You counted all in the trial. The question is about those who still come.")
def _(trial, arm):
    left = trial.groupby("arm")["left"].mean()
    return 100 * float(left[saving.HOLD_OUT] - left[arm])


@saved_of_100.mistake("So many of those with the offer stayed. Most of them would have stayed without it.")
def _(trial, arm):
    left = trial[trial["group"] == saving.NEAR].groupby("arm")["left"].mean()
    return 100 * float(1 - left[arm])


@saved_of_100.mistake("That is the group who no longer come.")
def _(trial, arm):
    left = trial[trial["group"] == saving.FAR].groupby("arm")["left"].mean()
    return 100 * float(left[saving.HOLD_OUT] - left[arm])


@exercise(
    "7b.4",
    minutes=2,
    kind="judge",
    covers=["S114", "S116"],
    options={
        "near": Option("Those who still come to us", "Yes. {risk} {near} {far}", "{near} {far}"),
        "away": Option("Those who no longer come: they leave most", "Yes. {risk} {far} {near}", "{risk} {far} {near}"),
        "nobody": Option("Nobody yet: no offer has been shown to hold anyone", "Yes. {near} {far}", "One group is held beyond chance: {near} {far}"),
    },
    means="Who leaves most and who can be held are two questions (Ascarza 2018). Only an offer by lot answers the second.",
)
def whom_first(saved):
    """There is time for half of the calls. Whom do you call first?"""
    held = saved.proven.sort_values("saved")
    return "nobody" if held.empty else held["group"].iloc[-1]


@whom_first.facts
def _(first_facts):
    return first_facts


@exercise(
    "7b.5",
    minutes=3,
    spreadsheet=True,
    digits=1,
    hints=[
        "An offer brings its value only where it changes something: leaves alone, less leaves with it.",
        "That share, times the value of a contract kept; then the cost comes off once for everybody who gets the offer.",
        '`(offer["leaves_alone"] - offer["leaves_with"]) * offer["value"] - offer["cost"]`',
    ],
    covers=["S114"],
    means="Three numbers decide: how many it changes, what each is worth, what it costs to ask everybody. A fourth is easily forgotten: what those get who would have stayed.",
)
def profit_of_an_offer(offer):
    """What does the offer bring on average for each customer who gets it?"""
    return float((offer["leaves_alone"] - offer["leaves_with"]) * offer["value"] - offer["cost"])


@profit_of_an_offer.mistake("You forgot what it costs to ask. Everybody on the list is asked, also those who stay anyway.")
def _(offer):
    return float((offer["leaves_alone"] - offer["leaves_with"]) * offer["value"])


@profit_of_an_offer.mistake("You counted everybody who stays. Most of them would have stayed without it.")
def _(offer):
    return float((1 - offer["leaves_with"]) * offer["value"] - offer["cost"])


@profit_of_an_offer.mistake("You took the risk for the effect: an offer does not hold all who would leave.")
def _(offer):
    return float(offer["leaves_alone"] * offer["value"] - offer["cost"])


# ---------------------------------------------------------------- why people stay


@exercise(
    "7b.6",
    minutes=2,
    kind="judge",
    covers=["S118", "S110"],
    options={
        "lock": Option("More products hold them: sell everybody one more", "Careful: {plain} {fair} The difference remains; that selling causes it, only a lot can show. But of these three this is nearest.", "{plain} {fair}"),
        "coming": Option("It may be something else: who is new holds one line, and stands before the first renewal", "Yes. {plain} {fair}", "{plain} {fair}"),
        "nothing": Option("There is no difference to explain", "Yes. {plain}", "{plain}"),
    },
    means="Several products and staying go together in most firms. Like with like shows how much of it is age and habit.",
)
def products_or_coming(several):
    """Those who hold several product lines leave less often, the source says (产品渗透). What do these data show?"""
    if several.plain.low <= 0 <= several.plain.high:
        return "nothing"
    return "lock" if several.like_with_like.low > 0 else "coming"


@products_or_coming.facts
def _(lock_facts):
    return lock_facts


@exercise(
    "7b.7",
    minutes=3,
    kind="fill",
    spreadsheet=True,
    digits=0,
    hints=[
        "Fair needs all three: a benefit, told before, and an easy way out.",
        "A trap is a lock-in that misses one of them or more: not (one and two and three).",
        '`~(cards["benefit"] & cards["told_before"] & cards["easy_exit"])`',
    ],
    covers=["S118"],
    means="The door decides: a lock that one can open is a habit. One that cannot be opened is paid for in complaints later.",
)
def traps(cards):
    """How many of the nine lock-ins are traps: without a benefit, not told before, or without an easy way out?"""
    return int((~(cards["benefit"] & cards["told_before"] & cards["easy_exit"])).sum())


@traps.mistake("Those miss all three. One that is missing is enough to make a trap.")
def _(cards):
    return int((~cards["benefit"] & ~cards["told_before"] & ~cards["easy_exit"]).sum())


@traps.mistake("Those are the fair ones.")
def _(cards):
    return int((cards["benefit"] & cards["told_before"] & cards["easy_exit"]).sum())


@traps.mistake("You looked at what was told alone. A door that does not open is a trap, even where it stands in large print.")
def _(cards):
    return int((~cards["told_before"]).sum())


@exercise(
    "7b.8",
    minutes=3,
    spreadsheet=True,
    digits=1,
    hints=[
        "Both sums over the customers of that grade: benefits, and margin.",
        "100 times the one divided by the other. In a spreadsheet: SUMIF twice.",
        '`own = members[members["tier"] == top]`',
    ],
    covers=["S119"],
    means="What a grade costs is easily found. Whether it makes anybody stay is another question: those at the top have got there by buying.",
)
def benefits_of_100(members, top):
    """In the dearest grade: for 100 of margin, how much goes into benefits?"""
    own = members[members["tier"] == top]
    return 100 * float(own["benefit_cost"].sum() / own["margin"].sum())


@benefits_of_100.mistake("That is over all grades. The question is about the dearest one.")
def _(members):
    return 100 * float(members["benefit_cost"].sum() / members["margin"].sum())


@benefits_of_100.mistake("That is the mean of each customer's own share: small customers count in it as much as large ones.")
def _(members, top):
    own = members[(members["tier"] == top) & (members["margin"] > 0)]
    return 100 * float((own["benefit_cost"] / own["margin"]).mean())


@exercise(
    "7b.9",
    minutes=3,
    spreadsheet=True,
    digits=0,
    hints=[
        "First the cap: nobody gets more than `cap` contacts a year, whatever is planned.",
        "Customers times contacts is a year; a quarter of it is a quarter. Then minutes into hours.",
        '`care["contacts_a_year"].clip(upper=cap)`',
    ],
    covers=["S117"],
    means="A care plan that no one has the hours for is a promise that will be broken to the best customers first.",
)
def hours_of_care(care, cap, minutes):
    """How many hours a quarter does the care plan take, if nobody gets more than `cap` contacts a year?"""
    contacts = care["customers"] * care["contacts_a_year"].clip(upper=cap)
    return float(contacts.sum() / 4 * minutes / 60)


@hours_of_care.mistake("Somebody would get more contacts than the cap. Cut them first.")
def _(care, minutes):
    return float((care["customers"] * care["contacts_a_year"]).sum() / 4 * minutes / 60)


@hours_of_care.mistake("Those are the hours of a year. A quarter has a fourth of them.")
def _(care, cap, minutes):
    return float((care["customers"] * care["contacts_a_year"].clip(upper=cap)).sum() * minutes / 60)


# ---------------------------------------------------------------- what the exercises build on


def _warned(company, days, held, *, as_of, watched_from, capacity, horizon_days):
    if not isinstance(held, Withheld):
        panel = warning.contract_panel(held, days, company.contacts, as_of=as_of, watched_from=watched_from, horizon_days=horizon_days)
    else:
        found = windows.false_churn(days, as_of=as_of)
        if isinstance(found, Withheld):
            return found
        panel = warning.order_panel(days, company.contacts, as_of=as_of, window_days=found.used)
    return warning.judge(panel, capacity=capacity)


def _first_facts(saved, arm):
    rows = saved.groups[saved.groups["arm"] == arm].set_index("group")
    if rows["saved"].isna().any():
        return Withheld("Whom to call first", "One of the groups is too small to say.")
    says = {}
    for group, key in ((saving.NEAR, "near"), (saving.FAR, "far")):
        row = rows.loc[group]
        holds = "nobody" if row["saved"] <= 0 else f"{100 * row['saved']:.0f}"
        says[key] = f"Of 100 who {saving.GROUPS[group]} the {arm} holds {holds} ({span(saving.effect(row))})."
    riskier = rows["left_alone"].idxmax()
    says["risk"] = f"Left alone, most leave of those who {saving.GROUPS[riskier]}: {100 * rows.loc[riskier, 'left_alone']:.0f} of 100."
    return says


def _lock_facts(several):
    plain = f"Of 100 with one line or none {_signed(several.plain.value)} more left than of 100 with several ({span(several.plain)})."
    fair = f"Among those alike in age of contract and in coming: {_signed(several.like_with_like.value)} more ({span(several.like_with_like)})."
    return {"plain": plain, "fair": fair}


def _signed(share: float) -> str:
    return words.number(100 * share) if share >= 0 else "−" + words.number(-100 * share)


