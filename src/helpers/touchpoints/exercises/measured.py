"""The exercises of lesson 01a: touchpoints measured.

Each is a function that works out the right answer from the lesson's data, with
the ways in which people go wrong below it. `inputs` gives them the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from helpers import words
from helpers.data.company import Company
from helpers.data.ledger import ledger
from helpers.teaching import Card, Option, exercise, sorting
from helpers.touchpoints import complaints, gaps, places
from helpers.withheld import Withheld

FOLK_RATE = 0.05
"""The source's rate: five of a hundred of the unhappy complain."""
LIMIT_DAYS = 14


def inputs(company: Company, *, as_of: date, limit_days: int = LIMIT_DAYS) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    limit_days : int
        How long a complaint may lie.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "log": company.contacts,
        "ratings": company.ratings,
        "sheets": company.survey,
        "orders": company.orders,
        "customers": company.customers,
        "as_of": as_of,
        "limit_days": limit_days,
        "folk_rate": FOLK_RATE,
        "contacts": contacts,
        "usable": lambda ratings, sheets: gaps.rated(ratings, sheets),
        "rated": rated,
        "lowest": lowest,
        "complaint_rows": lambda contacts, as_of: complaints.complaints_of(contacts, as_of=as_of),
        "complained": complained,
        "buyers": buyers,
        "heard": heard,
        "closed": closed,
        "numbers": numbers,
        "placed": placed,
        "silent": silent,
    }


# ---------------------------------------------------------------- what the exercises show


def contacts(log, as_of: date) -> pd.DataFrame | Withheld:
    """The contacts that can be used, up to the report date."""
    if log is None:
        return Withheld("Contacts", "The data have no table of contacts.")
    return places.sound_contacts(log, as_of=as_of).table.reset_index(drop=True)


def rated(usable) -> pd.DataFrame | Withheld:
    """Ratings of the touchpoints that were rated often enough: `touchpoint`, `expectation`, `perception`."""
    if isinstance(usable, Withheld):
        return usable
    table = usable.table
    often = table["touchpoint"].value_counts()
    often = often[often >= gaps.MIN_RATINGS].index
    rows = table[table["touchpoint"].isin(often)].sort_values(["touchpoint", "answer_id"])
    return rows[["touchpoint", "expectation", "perception"]].astype({"expectation": "int64", "perception": "int64"}).reset_index(drop=True)


def lowest(rated: pd.DataFrame) -> pd.DataFrame:
    """The ratings of the touchpoint with the lowest mean of `perception`."""
    mean = rated.groupby("touchpoint")["perception"].mean().sort_index()
    return rated[rated["touchpoint"] == mean.idxmin()].reset_index(drop=True)


def complained(complaint_rows) -> pd.DataFrame | Withheld:
    """The complaints of the last 365 days: `customer_id`, `cause`."""
    if isinstance(complaint_rows, Withheld):
        return complaint_rows
    return complaint_rows[["customer_id", "cause"]].reset_index(drop=True)


def buyers(orders: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Who ordered in the last 365 days: `customer_id`, `order_days`."""
    year = ledger(orders, as_of=as_of, since=as_of - timedelta(days=364))
    return year.loc[year["order_days"] > 0, ["customer_id", "order_days"]].reset_index(drop=True)


def heard(complaint_rows) -> int | Withheld:
    """Complaints of the last 365 days that reached head office; all on file where nobody noted how far they got."""
    if isinstance(complaint_rows, Withheld):
        return complaint_rows
    noted = "reported_to" in complaint_rows and complaint_rows["reported_to"].notna().any()
    return int(complaint_rows["reported_to"].eq("head_office").sum()) if noted else len(complaint_rows)


def closed(complaint_rows) -> pd.DataFrame | Withheld:
    """Complaints that are closed: `opened_on`, `closed_on`."""
    if isinstance(complaint_rows, Withheld):
        return complaint_rows
    if "closed_on" not in complaint_rows or complaint_rows["closed_on"].isna().all():
        return Withheld("Closed complaints", "The contacts do not say when a complaint was closed.")
    rows = complaint_rows.dropna(subset="closed_on")
    return pd.DataFrame({"opened_on": rows["at"].dt.normalize().to_numpy(), "closed_on": rows["closed_on"].to_numpy()})


def numbers(customers) -> pd.DataFrame | Withheld:
    """Customer numbers with a code for the telephone and a year of birth: `customer_id`, `phone_code`, `birth_year`."""
    needed = ["customer_id", "phone_code", "birth_year"]
    if customers is None or any(name not in customers or customers[name].isna().all() for name in needed):
        return Withheld("Customer numbers", "The data have no customers with a code for the telephone and a year of birth.")
    rows = customers.dropna(subset=needed)
    rows = rows[rows["phone_code"].astype(str).ne("")].sort_values("customer_id")
    return rows[needed].astype({"birth_year": "int64"}).reset_index(drop=True)


def placed(usable, sheets) -> pd.DataFrame | Withheld:
    """Each touchpoint by how far it falls short and how much it counts."""
    return gaps.map_of(gaps.gaps(usable), gaps.drivers(usable, sheets, draws=200))


def silent(sheets) -> dict[str, Any]:
    """What those who told nobody mean to do: `key` (stay, leave or unknown) and the numbers in words."""
    found = complaints.told(sheets)
    unknown = {"key": "unknown", "stays": "an unknown number", "low": "?", "high": "?", "n": "too few"}
    if isinstance(found, Withheld):
        return unknown
    nobody = found.table.set_index("told").loc["nobody"]
    if pd.isna(nobody["stays"]):
        return unknown | {"n": str(int(nobody["n"]))}
    key = "stay" if nobody["stays_low"] > 0.5 else "leave" if nobody["stays_high"] < 0.5 else "unknown"
    share = {name: words.in_100(nobody[f"stays{end}"]) for name, end in (("stays", ""), ("low", "_low"), ("high", "_high"))}
    return {"key": key, "n": str(int(nobody["stays_n"])), **share}


# ---------------------------------------------------------------- 1 to 4: touchpoints, gaps, what counts


@exercise(
    "1a.1",
    minutes=1.5,
    kind="predict",
    hints=[
        "A log is written where staff sit at a screen. At which of the eleven does nobody?",
        "Several words of a log can mean one touchpoint: a repair and a return desk are both after-sales service.",
    ],
    covers=["S27", "S29"],
    means="What is not logged is not unimportant. The product speaks with the customer every day, and no log hears it.",
)
def logged(contacts):
    """At how many of the eleven touchpoints does our contact log see customers?"""
    return contacts["touchpoint"].map(places.BELONGS_TO).nunique()


@logged.mistake("All of them would be seen only if product, letters and fax wrote a log too.")
def _():
    return len(places.TOUCHPOINTS)


@logged.mistake("You counted the words of the log. Some of them mean the same touchpoint of the list.")
def _(contacts):
    return contacts["touchpoint"].nunique()


@exercise(
    "1a.2",
    minutes=2,
    kind="fill",
    spreadsheet=True,
    digits=2,
    hints=[
        "Disappointed means: what was met lies *below* what was expected.",
        '`lowest["perception"] < lowest["expectation"]` is True for a disappointed person, and the mean of it is a share.',
    ],
    covers=["S31"],
    means="A mean hides this. A touchpoint can be fine on average and still disappoint every third customer.",
)
def share_disappointed(lowest):
    """What share of those who rated the lowest touchpoint is disappointed?"""
    return (lowest["perception"] < lowest["expectation"]).mean()


@share_disappointed.mistake("That counts those whose expectation was just met, too. They are satisfied.")
def _(lowest):
    return (lowest["perception"] <= lowest["expectation"]).mean()


@share_disappointed.mistake("That is the share of the delighted: those who met more than they expected.")
def _(lowest):
    return (lowest["perception"] > lowest["expectation"]).mean()


@exercise(
    "1a.3",
    minutes=4,
    hints=[
        "Two steps: the difference for each person, then its mean for each touchpoint.",
        'Begin with `difference = rated["perception"] - rated["expectation"]`. Then group it: `difference.groupby(rated["touchpoint"])`.',
    ],
    within=0.005,
    covers=["S31"],
    means="Below 0 people meet less than they hoped for. It is a gap for two reasons: what we did, and what we promised.",
)
def gap_by_touchpoint(rated):
    """The mean of perception less expectation, for each touchpoint."""
    return (rated["perception"] - rated["expectation"]).groupby(rated["touchpoint"]).mean()


@gap_by_touchpoint.mistake("The other way round: what was met, less what was expected. A gap that hurts should be below 0.")
def _(rated):
    return (rated["expectation"] - rated["perception"]).groupby(rated["touchpoint"]).mean()


@gap_by_touchpoint.mistake("That is the mean of what was met. Without what was expected, nobody can say whether it is little.")
def _(rated):
    return rated.groupby("touchpoint")["perception"].mean()


@gap_by_touchpoint.in_a_spreadsheet("the lowest of these gaps", digits=2)
def _(gap):
    return gap.min()


@exercise(
    "1a.4",
    minutes=2,
    kind="judge",
    covers=["S29", "S31"],
    options={
        "largest": Option(
            "The touchpoint with the largest gap",
            "Yes. {worst} has the largest gap, and it is not sure to count less than the others.",
            "{worst} has the largest gap. {why}",
        ),
        "other": Option(
            "Another one: its gap is smaller, but it counts more",
            "Yes. {worst} has the largest gap and surely counts less than an equal share; {first} falls short and counts.",
            "{why}",
        ),
        "none": Option(
            "None before the others",
            "Yes. {why}",
            "Something asks for a repair: {first} falls short, and it is not sure to count little.",
        ),
    },
    means="A low score says where customers grumble. What to repair first takes a second question: does it matter to them?",
)
def which_repair_first(placed):
    """One repair can be paid for this quarter. Which touchpoint is it?"""
    first = gaps.repairs(placed)
    if not len(first):
        return "none"
    return "largest" if first["touchpoint"].iloc[0] == placed.loc[placed["gap"].idxmin(), "touchpoint"] else "other"


@which_repair_first.facts
def _(placed):
    worst, first = placed.loc[placed["gap"].idxmin()], gaps.repairs(placed)
    name = places.touchpoint_name
    where = name(first["touchpoint"].iloc[0]) if len(first) else "nothing"
    if not len(first):
        why = (
            "Surely it counts less than an equal share, and nothing else falls short."
            if worst["falls_short"]
            else "No touchpoint falls clearly short by half a point or more."
        )
    elif first["touchpoint"].iloc[0] == worst["touchpoint"]:
        why = f"And it counts: {words.percent(worst['weight'])} of the differences go with it."
    else:
        why = f"But it hardly counts ({words.percent(worst['weight'])}); {where} falls short and counts ({words.percent(first['weight'].iloc[0])})."
    return {"worst": name(worst["touchpoint"]).capitalize(), "first": where, "why": why}


# ---------------------------------------------------------------- 5: the six indicators


@exercise(
    "1a.5",
    minutes=3,
    kind="fill",
    spreadsheet=True,
    digits=3,
    hints=[
        "A customer who complained twice is one customer.",
        "The share is of those who ordered in the same year. Count the customers in `complained` who are also in `buyers`, each once.",
        '`complained.loc[complained["customer_id"].isin(buyers["customer_id"]), "customer_id"].nunique()` is what to divide.',
    ],
    covers=["S32"],
    means="Customers by customers, of the same year. Now the rate can be compared with last year's, and with another firm's.",
)
def complaint_rate(complained, buyers):
    """Of those who ordered in the last 365 days, what share filed a complaint?"""
    mine = complained[complained["customer_id"].isin(buyers["customer_id"])]
    return mine["customer_id"].nunique() / len(buyers)


@complaint_rate.mistake("You divided complaints by customers. Whoever complained twice counts twice that way.")
def _(complained, buyers):
    return len(complained[complained["customer_id"].isin(buyers["customer_id"])]) / len(buyers)


@complaint_rate.mistake("You divided by order days. That is a rate of orders; the question is about customers.")
def _(complained, buyers):
    mine = complained[complained["customer_id"].isin(buyers["customer_id"])]
    return mine["customer_id"].nunique() / buyers["order_days"].sum()


# ---------------------------------------------------------------- 6 to 8: the iceberg, and cases


@exercise(
    "1a.6",
    minutes=2,
    kind="fill",
    spreadsheet=True,
    digits=0,
    hints=[
        "If 5 of 100 complain, how many unhappy customers stand behind one complaint?",
        "All the unhappy are `heard / folk_rate`. The silent are those who did not complain.",
    ],
    covers=["S33"],
    means="At 5 of 100, each complaint stands for 20 unhappy customers, 19 of them silent. The rate carries the whole result.",
)
def silent_at_the_folk_rate(heard, folk_rate):
    """At the folk rate, how many unhappy customers said nothing?"""
    return heard / folk_rate - heard


@silent_at_the_folk_rate.mistake("These are all the unhappy. Those who did complain are among them, and they were not silent.")
def _(heard, folk_rate):
    return heard / folk_rate


@silent_at_the_folk_rate.mistake("You took 95 of 100 of the complaints. The 5 of 100 is the share of the *unhappy* who complain.")
def _(heard, folk_rate):
    return heard * (1 - folk_rate)


@exercise(
    "1a.7",
    minutes=1.5,
    kind="judge",
    covers=["S33"],
    options={
        "leave": Option(
            "Most of them mean to leave",
            "Yes, here: only {stays} mean to go on buying ({low} to {high}).",
            "The number says otherwise, or says too little: {stays} of those who told nobody mean to go on buying ({n} people).",
        ),
        "stay": Option(
            "Most of them mean to stay",
            "Yes. {stays} mean to go on buying ({low} to {high}). Silent is not gone.",
            "The number does not show it: {stays} of those who told nobody mean to go on buying ({n} people).",
        ),
        "unknown": Option(
            "These answers cannot tell",
            "Yes. With {n} who told nobody, either may be true.",
            "They can: {stays} of those who told nobody mean to go on buying ({low} to {high}).",
        ),
    },
    means="Meaning to stay is said, not done. But whoever counts all the silent as lost gives up customers who are still here.",
)
def what_the_silent_do(silent):
    """Look at the lowest bar: people with a problem who told nobody. What do they mean to do?"""
    return silent["key"]


@what_the_silent_do.facts
def _(silent):
    return {name: value for name, value in silent.items() if name != "key"}


@exercise(
    "1a.8",
    minutes=3,
    spreadsheet=True,
    digits=2,
    hints=[
        'A difference of two dates has days in it: `(closed["closed_on"] - closed["opened_on"]).dt.days`.',
        "Longer than 14 days is more than 14. The mean of that comparison is a share.",
    ],
    covers=["S35"],
    means="A limit makes a promise out of a wish. Whose case is it on day 15? That belongs into the same table.",
)
def share_too_late(closed, limit_days):
    """Of the closed complaints, what share lay longer than the limit?"""
    return ((closed["closed_on"] - closed["opened_on"]).dt.days > limit_days).mean()


@share_too_late.mistake("You also counted those that were closed on the last day allowed. They are in time.")
def _(closed, limit_days):
    return ((closed["closed_on"] - closed["opened_on"]).dt.days >= limit_days).mean()


@share_too_late.mistake("That is the mean number of days. A mean does not say how many customers waited too long.")
def _(closed):
    return (closed["closed_on"] - closed["opened_on"]).dt.days.mean()


# ---------------------------------------------------------------- 9 and 10: one customer, one number


@sorting(
    "1a.9",
    minutes=2.5,
    covers=["S45"],
    piles={
        "background": "Background (背景信息): who somebody is",
        "behaviour": "Behaviour (行为信息): what somebody did",
        "leave": "Not collected without a reason, a law and a yes",
    },
    cards={
        "born": Card("Year of birth", "background", "It says who, not what they did."),
        "city": Card("City of the delivery address", "background", "Where somebody lives.", {"behaviour": "The order is behaviour. Where the person lives is background."}),
        "orders": Card("Orders of the last two years", "behaviour", "The richest behaviour that a shop has."),
        "roaming": Card("Which tariff a telephone customer uses abroad", "behaviour", "A consumption record, in the source's own example."),
        "returns": Card("What was sent back, and why", "behaviour", "What they did after they bought."),
        "occupation": Card("Occupation, given when the card was applied for", "background", "Given by the customer, for a stated purpose."),
        "salary": Card(
            "Salary, guessed by the seller",
            "leave",
            "A guess about money is neither needed nor theirs to write down.",
            {"background": "The source puts pay here. It is sensitive, and a guess besides: a reason, a law and a yes come first."},
        ),
        "calls": Card(
            "Whom the customer rang up",
            "leave",
            "It says much about others, who never agreed.",
            {"behaviour": "It is behaviour, and nobody's business. Duration and tariff answer the question as well."},
        ),
        "illness": Card(
            "That the daughter has been ill",
            "leave",
            "Kind to remember, and no field of a database.",
            {"background": "Health, and a child's: the last thing to keep."},
        ),
    },
    means="Little data with a purpose beats much data without. What is not kept cannot be stolen, sold or held against anybody.",
)
def background_or_behaviour():
    """Background, behaviour, or better not kept?"""


@exercise(
    "1a.10",
    minutes=3.5,
    spreadsheet=True,
    digits=0,
    hints=[
        "A number shares both codes when another row has the same telephone *and* the same year.",
        '`numbers.duplicated([...], keep=False)` marks every row of such a group, the first one too. Give it both columns.',
    ],
    covers=["S46"],
    means="Both codes together: a household shares a telephone, and seldom a year of birth. It is a suspicion still, until somebody has looked.",
)
def numbers_that_share(numbers):
    """How many customer numbers share telephone and year of birth with another number?"""
    return int(numbers.duplicated(["phone_code", "birth_year"], keep=False).sum())


@numbers_that_share.mistake("That is the telephone alone. Couples and flat mates share one, and are two customers.")
def _(numbers):
    return int(numbers.duplicated("phone_code", keep=False).sum())


@numbers_that_share.mistake("You left out the first number of each group. It belongs to the person as well.")
def _(numbers):
    return int(numbers.duplicated(["phone_code", "birth_year"]).sum())
