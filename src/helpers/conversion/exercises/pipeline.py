"""The exercises of lesson 05a: how large the tiers are, who is ready, and what a visit achieves.

Each is a function that works out the right answer from the lesson's data, with
the ways in which people go wrong below it. `inputs` gives them the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from helpers import words
from helpers.conversion import attempts as talks
from helpers.conversion import funnel, gates, grades, tiers
from helpers.data.company import Company
from helpers.money import in_major_units
from helpers.teaching import Option, exercise
from helpers.withheld import Withheld


def inputs(company: Company, *, as_of: date, window_days: int = 120) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    window_days : int
        Days after the first contact in which an order counts.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "asked": company.households,
        "people": company.prospects,
        "talks": company.visits,
        "code": company.currency,
        "as_of": as_of,
        "window_days": window_days,
        "households": plain_households,
        "flow": plain_flow,
        "leads": plain_leads,
        "notes": plain_notes,
        "found_leak": lambda people, as_of, window_days: grades.leak_check(people, as_of=as_of, window_days=window_days),
        "leak_facts": _leak_facts,
        "graded": plain_grades,
        "contacts": plain_contacts,
        "found_sellers": lambda talks, people, found_leak: _sellers(talks, people, found_leak),
        "seller_facts": _seller_facts,
    }


def _needs(frame, what: str, least: int):
    if frame is None or len(frame) < least:
        there = 0 if frame is None else len(frame)
        return Withheld(what, f"It needs {least} rows of that table; there are {there}.")
    return None


def plain_households(asked: pd.DataFrame) -> pd.DataFrame:
    """The survey as an exercise shows it: `group` (customer, undecided or a tier), `aware`, `weight`; sheets that contradict themselves left out."""
    refusal = _needs(asked, "The survey of households", tiers.MIN_SHEETS)
    if refusal is not None:
        return refusal
    group = tiers.classify(asked)["group"]
    weight = asked["weight"] if "weight" in asked else pd.Series(1.0, index=asked.index)
    table = pd.DataFrame({"group": group, "aware": asked["aware"], "weight": weight})
    return table[group.ne("") & (weight > 0)].reset_index(drop=True)


def plain_flow(people: pd.DataFrame, talks: pd.DataFrame, as_of: date) -> pd.Series:
    """Four counts of the last 90 days: `open_then`, `entered`, `ordered`, `lost`."""
    refusal = _needs(people, "Stock and flow", funnel.MIN_PROSPECTS)
    if refusal is not None:
        return refusal
    found = funnel.stock_and_flow(people, talks, as_of=as_of)
    return pd.Series({"open_then": found.start, "entered": found.entered, "ordered": found.ordered, "lost": found.lost})


def plain_leads(people: pd.DataFrame, as_of: date, code: str) -> pd.DataFrame:
    """Prospects who entered half a year ago or earlier: `route`, `cost` (main unit of money), `ordered`."""
    refusal = _needs(people, "Two routes", funnel.MIN_PROSPECTS)
    if refusal is not None:
        return refusal
    old = people[people["entered_on"] <= pd.Timestamp(as_of) - pd.Timedelta(days=182)]
    return pd.DataFrame(
        {"route": old["route"], "cost": in_major_units(old["cost_minor"], code=code), "ordered": old["converted_on"].notna()}
    ).reset_index(drop=True)


def plain_notes(people: pd.DataFrame) -> pd.DataFrame:
    """The notes of first contacts: `prospect_id`, `refused`, `model_focused`, `need_defined`, `budget_fits` (yes or no), `interest`."""
    refusal = _needs(people, "Follow-up classes", funnel.MIN_PROSPECTS)
    if refusal is not None:
        return refusal
    names = ["refused", "model_focused", "need_defined", "budget_fits"]
    seen = people[people["visited_on"].notna() & people[names].notna().all(axis=1)]
    return seen[["prospect_id", *names, "interest"]].astype(dict.fromkeys(names, bool)).reset_index(drop=True)


def plain_grades(people: pd.DataFrame, found_leak, as_of: date, window_days: int) -> pd.DataFrame:
    """Later prospects with the score's chance and what came: `prospect_id`, `chance` (two digits), `follow_up`, `ordered`."""
    found = grades.score(people, as_of=as_of, window_days=window_days, leave_out=found_leak.leaking, draws=2)
    if isinstance(found, Withheld):
        return found
    return found.judged[["prospect_id", "chance", "follow_up", "ordered"]].assign(chance=lambda t: t["chance"].round(2))


def plain_contacts(talks: pd.DataFrame) -> pd.DataFrame:
    """Sales contacts: `attempt` (a number), `closed` (ended in an order)."""
    refusal = _needs(talks, "Success per attempt", 100)
    if refusal is not None:
        return refusal
    return pd.DataFrame({"attempt": talks["attempt"].astype(int), "closed": talks["outcome"].eq("closed")}).reset_index(
        drop=True
    )


# ---------------------------------------------------------------- the tiers


@exercise(
    "5a.1",
    minutes=2,
    kind="predict",
    within=7,
    hints=[
        "Think of the last ten homes that you visited. How many people in them have ever thought of buying at your firm?",
        "Most firms are small in their region. Customers, refusers and the undecided together are rarely half.",
    ],
    covers=["S78"],
    means="The largest market is often not the rival's customers but those who never thought of either.",
)
def never_considered(households):
    """Of 100 households in the region, how many have never thought of buying here?"""
    return 100 * households.loc[households["group"] == "unexplored", "weight"].sum() / households["weight"].sum()


@never_considered.mistake("That many have never *heard* of the company. Most of the others have heard and never thought of it.")
def _(households):
    return 100 * households.loc[~households["aware"].astype(bool), "weight"].sum() / households["weight"].sum()


@never_considered.mistake(
    "These are all who are no customers. Some of them know the offer well: they said no, or have not made up their minds."
)
def _(households):
    return 100 * households.loc[households["group"] != "customer", "weight"].sum() / households["weight"].sum()


@exercise(
    "5a.2",
    minutes=5,
    kind="fill",
    spreadsheet=True,
    digits=2,
    hints=[
        "A sheet of a tenant stands for more households than a sheet of an owner, since tenants answer less often. So add up weights, not sheets.",
        'Below the line stands the weight of everybody: `households["weight"].sum()`.',
        "In a spreadsheet: SUMIF over the groups, divided by SUM of the weights, times 100.",
    ],
    covers=["S78"],
    means="The refusing (拒绝型非顾客) have looked at you and know why not. No other group can tell you so exactly what is in the way.",
)
def share_refusing(households):
    """Of 100 households, how many refuse? Weighted, two digits after the point."""
    refusing = households[households["group"] == "refusing"]
    return 100 * refusing["weight"].sum() / households["weight"].sum()


@share_refusing.mistake("You counted sheets. Groups that answer seldom are too few among them: add up the weights.")
def _(households):
    return 100 * households["group"].eq("refusing").mean()


@share_refusing.mistake("Below the line you left the customers out. The question is of 100 households, whoever they are.")
def _(households):
    others = households[households["group"] != "customer"]
    return 100 * others.loc[others["group"] == "refusing", "weight"].sum() / others["weight"].sum()


@exercise(
    "5a.3",
    minutes=3,
    spreadsheet=True,
    digits=0,
    hints=[
        "A stock is like water in a tub: what was there, what ran in, what ran out.",
        "Two drains are open: orders, and a no for good.",
        '`flow["open_then"] + flow["entered"] - flow["ordered"] - flow["lost"]`',
    ],
    covers=["S77"],
    means="If more comes in than goes out, the stock grows. That can be a rich pipeline, or a list that nobody works on.",
)
def open_now(flow):
    """How many prospects are open today?"""
    return int(flow["open_then"] + flow["entered"] - flow["ordered"] - flow["lost"])


@open_now.mistake("Those who said no for good are no longer open. Take them off, too.")
def _(flow):
    return int(flow["open_then"] + flow["entered"] - flow["ordered"])


@open_now.mistake("That is the change over the 90 days. Begin with those who were open then.")
def _(flow):
    return int(flow["entered"] - flow["ordered"] - flow["lost"])


# ---------------------------------------------------------------- the routes


@exercise(
    "5a.4",
    minutes=4,
    spreadsheet=True,
    digits=0,
    hints=[
        "All outbound prospects cost money, also those who never ordered. Who pays for them?",
        "Above the line the cost of *all* outbound prospects, below it the number who ordered.",
        '`out = leads[leads["route"] == "outbound"]`, then `out["cost"].sum() / out["ordered"].sum()`',
    ],
    covers=["S79"],
    means="A customer costs what all the prospects cost that it took to find one.",
)
def cost_of_a_customer(leads):
    """What did one customer cost by the outbound route, in the main unit of money?"""
    out = leads[leads["route"] == "outbound"]
    return out["cost"].sum() / out["ordered"].sum()


@cost_of_a_customer.mistake(
    "That is what one *prospect* cost. Most prospects do not order, and the customers must pay for them."
)
def _(leads):
    return leads.loc[leads["route"] == "outbound", "cost"].mean()


@cost_of_a_customer.mistake("You added up the cost of those who ordered alone. The others cost money, too.")
def _(leads):
    return leads.loc[(leads["route"] == "outbound") & leads["ordered"], "cost"].sum() / len(leads[leads["route"] == "outbound"])


@cost_of_a_customer.mistake("That is both routes together. Take the outbound one alone.")
def _(leads):
    return leads["cost"].sum() / leads["ordered"].sum()


# ---------------------------------------------------------------- classes and grades


@exercise(
    "5a.5",
    minutes=5,
    spreadsheet=True,
    digits=0,
    hints=[
        "Hopeful is what is left after the clear no and after those who have settled on a model.",
        "Three things must be there: need, money, and high interest. And two must not.",
        "Join five conditions with `&`; `~` turns a column round. In a spreadsheet: COUNTIFS with five conditions.",
    ],
    covers=["S91"],
    means="The order of the questions matters: a clear no goes before everything, whatever else was noted.",
)
def how_many_hopeful(notes):
    """How many of these first contacts are hopeful: need, money and high interest, no model chosen yet, no refusal?"""
    ready = notes["need_defined"] & notes["budget_fits"] & notes["interest"].eq("high")
    return int((ready & ~notes["model_focused"] & ~notes["refused"]).sum())


@how_many_hopeful.mistake("Those who have settled on a model are *very* hopeful, a class of their own.")
def _(notes):
    return int((notes["need_defined"] & notes["budget_fits"] & notes["interest"].eq("high") & ~notes["refused"]).sum())


@how_many_hopeful.mistake("Some of these said a clear no. The refusal goes before everything else.")
def _(notes):
    return int((notes["need_defined"] & notes["budget_fits"] & notes["interest"].eq("high") & ~notes["model_focused"]).sum())


@exercise(
    "5a.6",
    minutes=3,
    kind="judge",
    covers=["S59"],
    options={
        "deposit_paid": Option(
            "The column `deposit_paid`",
            "Yes. {late} of {yes} were dated after the first contact. It does not foretell the order: it is the order.",
            "It was noted by the day of the first contact. A strong sign is no fault, if it was there in time.",
        ),
        "home_measured": Option(
            "The column `home_measured`",
            "Yes. {late} of {yes} were dated after the first contact. It does not foretell the order: it is the order.",
            "It was noted by the day of the first contact. A weak sign is no fault.",
        ),
        "need_defined": Option(
            "The column `need_defined`",
            "",
            "It is noted at the first contact and is what a seller asks first. There is nothing wrong with it.",
        ),
        "none": Option(
            "None of them: all were there in time",
            "Yes. Every mark with a day of its own was there by the first contact.",
            "One of them was not there in time: {late} of {yes} yeses were dated after the first contact.",
        ),
    },
    means="Before you ask how well a column foretells, ask when somebody wrote it down.",
)
def which_column(leak_facts):
    """The score is to be worked out after the first contact. Which column must it not see?"""
    return leak_facts["key"]


@which_column.facts
def _(leak_facts):
    return leak_facts


@exercise(
    "5a.7",
    minutes=4,
    kind="fill",
    spreadsheet=True,
    digits=1,
    hints=[
        "Grade A begins at a chance of 0.6. Keep those prospects alone, then look at what came.",
        '`a = graded[graded["chance"] >= 0.6]`',
        "In a spreadsheet: AVERAGEIF with the criterion >=0.6 over the orders as 1 and 0, times 100.",
    ],
    covers=["S59"],
    means="A grade is a promise. It is kept if so many of its prospects order as it says: at least 60 of 100 of the As.",
)
def what_came_of_a(graded):
    """Of 100 later prospects with a chance of 0.6 or more, how many ordered? One digit after the point."""
    return 100 * graded.loc[graded["chance"] >= 0.6, "ordered"].mean()


@what_came_of_a.mistake("You took grade B along: it begins at 0.3.")
def _(graded):
    return 100 * graded.loc[graded["chance"] >= 0.3, "ordered"].mean()


@what_came_of_a.mistake("That is what the score foretold of them. The question is what came.")
def _(graded):
    return 100 * graded.loc[graded["chance"] >= 0.6, "chance"].mean()


@what_came_of_a.mistake("That is the share of all orders that came from grade A. The question is of 100 prospects in grade A.")
def _(graded):
    return 100 * graded.loc[graded["chance"] >= 0.6, "ordered"].sum() / graded["ordered"].sum()


# ---------------------------------------------------------------- talks


@exercise(
    "5a.8",
    minutes=4,
    spreadsheet=True,
    digits=1,
    hints=[
        "Of how many? Below the line stand the second attempts, not the orders.",
        '`second = contacts[contacts["attempt"] == 2]`, then the mean of `closed`, times 100.',
        "In a spreadsheet: AVERAGEIF over the second attempts.",
    ],
    covers=["S84"],
    means="This is success. The share of the orders that came at the second attempt is another number, about how often there was one.",
)
def success_of_the_second(contacts):
    """Of 100 second attempts, how many ended in an order? One digit after the point."""
    return 100 * contacts.loc[contacts["attempt"] == 2, "closed"].mean()


@success_of_the_second.mistake(
    "That is the share of all orders that came at the second attempt: it stands on the orders, not on the attempts."
)
def _(contacts):
    won = contacts[contacts["closed"]]
    return 100 * won["attempt"].eq(2).mean()


@success_of_the_second.mistake("That is of 100 prospects who were ever visited. Most never had a second attempt.")
def _(contacts):
    return 100 * (contacts["attempt"].eq(2) & contacts["closed"]).sum() / contacts["attempt"].eq(1).sum()


@exercise(
    "5a.9",
    minutes=3,
    kind="judge",
    covers=["S84"],
    options={
        "leads": Option(
            "Look at which prospects are sent to whom, before anything is copied",
            "Yes. {best} closes {rate} of 100, and such prospects give {expected} of 100 whoever sells.",
            "Here the prospects of {best} are like those of the others: they would give {expected} of 100.",
        ),
        "pitch": Option(
            "Film the best one at work and train the others with it",
            "Yes. Like prospects give {expected} of 100, and {best} closes {rate}: beyond chance.",
            "Not yet. {best} closes {rate} of 100, and such prospects give {expected} of 100 whoever sells: nothing beyond chance is left.",
        ),
        "nobody": Option(
            "Nothing: the lead is no larger than luck makes it",
            "Yes. {best} closes {rate} of 100, which is no lead beyond chance over the others.",
            "The lead of {best} is no luck: {rate} of 100. The question is where it comes from.",
        ),
    },
    means="Compare people only on like cases, or you pay a bonus for the desk at which the leads are handed out.",
)
def what_about_the_best(seller_facts):
    """The head of sales wants everybody to sell like the one who closes most. What do you do first?"""
    return seller_facts["key"]


@what_about_the_best.facts
def _(seller_facts):
    return seller_facts


@exercise(
    "5a.10",
    minutes=2,
    kind="predict",
    within=4,
    hints=[
        "Of 100 talks 90 pass the first gate. Of those 90, nine of ten pass the second.",
        "0.9 times itself, six times.",
    ],
    covers=["S81"],
    means="Six good answers in a row are harder than they look. And the weakest gate is where one more good answer gives most.",
)
def six_gates():
    """Six doubts, and each is answered well 90 times of 100. How many of 100 talks pass all six?"""
    return 100 * gates.chance_of_all(0.9)


@six_gates.mistake("Ninety pass the first gate alone. There are five more.")
def _():
    return 90


@six_gates.mistake("You took ten off for every gate. But each gate takes one tenth of those who are *left*.")
def _():
    return 40


# ---------------------------------------------------------------- what the exercises build on


def _leak_facts(found_leak):
    table = found_leak.table
    if not len(table):
        return Withheld("What was known when", "No mark on the sheets has a day of its own.")
    leaking = table[table["leaks"]]
    if leaking.empty:
        return {"key": "none", "late": 0, "yes": int(table["yes"].max())}
    row = leaking.iloc[0]
    return {"key": row["column"], "late": words.number(row["late"]), "yes": words.number(row["yes"])}


def _sellers(talks_, people, found_leak):
    return talks.sellers(talks_, people, leave_out=found_leak.leaking)


def _seller_facts(found_sellers):
    row = found_sellers.of_best
    if found_sellers.explained:
        key = "leads"
    elif found_sellers.raw_lead.low <= 0:
        key = "nobody"
    else:
        key = "pitch"
    return {
        "key": key,
        "best": words.plain(found_sellers.best),
        "rate": f"{100 * row['rate']:.0f}",
        "expected": f"{100 * row['expected']:.0f}",
    }
