"""The exercises of lesson 06: how far people come with the brand, what was promised and kept, and what changed.

Each is a function that works out the right answer from the lesson's data, with
the ways in which people go wrong below it. `inputs` gives them the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from helpers.branding import funnel as brand_funnel
from helpers.branding import promises, reach, recommendation, stretch, waves
from helpers.branding.promises import words_of
from helpers.data.company import Company
from helpers.teaching import Option, exercise
from helpers.withheld import Withheld

TELLERS, CIRCLE, TOWN = 400, 250, 100_000


def inputs(company: Company, *, as_of: date) -> Mapping[str, Any]:
    """What the exercises are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "sheets": company.brand_survey,
        "funnel_rows": company.brand_funnel,
        "promise_rows": company.brand_promises,
        "stretch_rows": company.brand_stretch,
        "as_of": as_of,
        "reached": lambda funnel_rows, sheets: brand_funnel.funnel(funnel_rows, sheets),
        "market": plain_market,
        "scored": lambda sheets: recommendation.score(sheets),
        "grades": plain_grades,
        "changed": lambda sheets, funnel_rows: waves.changes(sheets, funnel_rows),
        "changed_facts": _changed_facts,
        "found": lambda promise_rows, sheets: promises.gaps(promise_rows, sheets),
        "kept": plain_promises,
        "worst": _worst,
        "repair": _repair,
        "lines": lambda stretch_rows, sheets: stretch.stretch(stretch_rows, sheets),
        "line_facts": _line_facts,
        "mouth": lambda sheets: reach.told(sheets),
        "tellers": TELLERS,
        "circle": CIRCLE,
        "town": TOWN,
    }


def _worst(found: promises.Gaps) -> str | Withheld:
    """The promise with the largest gap, among those that own staff and partners both keep."""
    both = found.table.dropna(subset=["own_less_partner"])
    if both.empty:
        return Withheld("Own staff beside partners", "No promise is kept by both in numbers that can be compared.")
    return str(both["promise"].iloc[0])


def plain_market(reached: brand_funnel.Funnel, funnel_rows: pd.DataFrame, sheets: pd.DataFrame) -> pd.DataFrame:
    """The market of the last wave as an exercise shows it: `answer_id`, `brand` ("own" or "other"), `unaided` to `preferred` (True or False)."""
    rows = funnel_rows[funnel_rows["answer_id"].isin(sheets.loc[sheets["wave"] == reached.wave, "answer_id"])]
    rows, _, _ = brand_funnel.clean(rows)
    stages = {stage: rows[stage].astype(bool) for stage in ("unaided", *brand_funnel.STAGES)}
    brand = rows["own"].astype(bool).map({True: "own", False: "other"}).astype("str")
    return pd.DataFrame({"answer_id": rows["answer_id"].astype("str"), "brand": brand} | stages).reset_index(drop=True)


def plain_grades(scored: recommendation.Score) -> pd.Series:
    """The grades of the last wave, one a customer, from 0 to 10."""
    return pd.Series([grade for grade, count in scored.counts.items() for _ in range(count)], name="grade")


def plain_promises(found: promises.Gaps, promise_rows: pd.DataFrame, sheets: pd.DataFrame) -> pd.DataFrame:
    """The answers on promises of the last wave: `promise`, `believed`, `kept` (1 to 10), `owner` (own or partner)."""
    rows = promise_rows[promise_rows["answer_id"].isin(sheets.loc[sheets["wave"] == found.wave, "answer_id"])]
    rows = rows.dropna(subset=["believed", "kept"]).drop_duplicates(["answer_id", "promise"])
    rows = rows[rows["promise"].isin(found.table["promise"])]
    plain = {name: rows[name].astype("int64") for name in ("believed", "kept")}
    owner = rows["owner"].astype("str") if "owner" in rows else "own"
    return pd.DataFrame({"promise": rows["promise"].astype("str")} | plain | {"owner": owner}).reset_index(drop=True)


@exercise(
    "6.1",
    minutes=2,
    kind="predict",
    within=5,
    hints=[
        "The market is everybody who buys such goods, whoever they buy from; nobody was asked because they are a customer.",
        "Most people know the name when they see it. Half of these or so consider it; of those who do, not all buy.",
    ],
    covers=["S101"],
    means="Being known is the first step only. A brand is lost between the steps, and each step loses other people.",
)
def of_the_market_bought(reached):
    """Of 100 buyers in the market, how many bought our brand in the last 12 months?"""
    return 100 * reached.at("bought")["share"]


@of_the_market_bought.mistake("So many know the name. Knowing is not buying.")
def _(reached):
    return 100 * reached.at("aided")["share"]


@of_the_market_bought.mistake("So many of those who *consider* it buy. The question is about all buyers in the market.")
def _(reached):
    return 100 * reached.at("bought")["step"]


@exercise(
    "6.2",
    minutes=4,
    spreadsheet=True,
    digits=1,
    hints=[
        "Take the rows of our own brand, and of these the ones who consider it. What share of them bought?",
        "The mean of True and False is the share of True.",
        '`own = market[market["brand"] == "own"]`, then `100 * own.loc[own["considered"], "bought"].mean()`',
    ],
    covers=["S101"],
    means="This is a step rate: it speaks of what happens between considering and buying, and of nothing else.",
)
def from_considering_to_buying(market):
    """Of 100 people who consider our brand, how many bought it?"""
    own = market[market["brand"] == "own"]
    return float(100 * own.loc[own["considered"], "bought"].mean())


@from_considering_to_buying.mistake("You divided by everybody who was asked. Those who never thought of us did not get lost at this step.")
def _(market):
    return float(100 * market.loc[market["brand"] == "own", "bought"].mean())


@from_considering_to_buying.mistake("Both brands are in it. Take the rows of our own brand alone.")
def _(market):
    return float(100 * market.loc[market["considered"], "bought"].mean())


@from_considering_to_buying.mistake("You divided by those who know the name. The step begins with those who consider it.")
def _(market):
    own = market[market["brand"] == "own"]
    return float(100 * own.loc[own["aided"], "bought"].mean())


@exercise(
    "6.3",
    minutes=5,
    spreadsheet=True,
    digits=1,
    hints=[
        "Promoters give 9 or 10, detractors 0 to 6. The score is the share of the first less the share of the second, times 100.",
        "`(grades >= 9).mean()` is the share of promoters.",
        "In a spreadsheet: COUNTIF for 9 and more, less COUNTIF for 6 and less, over COUNT.",
    ],
    covers=["S101"],
    means="The score throws away whether somebody gave 0 or 6. Look at the bars, and at the interval.",
)
def recommendation_score(grades):
    """The recommendation score of the last wave, from -100 to 100."""
    return float(100 * ((grades >= 9).mean() - (grades <= 6).mean()))


@recommendation_score.mistake("You counted an 8 as a promoter. Promoters begin at 9.")
def _(grades):
    return float(100 * ((grades >= 8).mean() - (grades <= 6).mean()))


@recommendation_score.mistake("That is the share of promoters. The detractors have to be taken off.")
def _(grades):
    return float(100 * (grades >= 9).mean())


@recommendation_score.mistake("That is the mean grade, turned into 100. The score counts promoters and detractors, and nobody else.")
def _(grades):
    return float(10 * grades.mean())


@exercise(
    "6.4",
    minutes=3,
    kind="judge",
    covers=["S101", "S103"],
    options={
        "recommending": Option(
            "Fewer or more people would recommend or trust us; the rest is chance",
            "Yes. {real}. {rest}",
            "Recommendation and trust did not change beyond chance. {instead}",
        ),
        "knowing": Option(
            "More or fewer people know, consider or buy us; the rest is chance",
            "Yes. {real}. {rest}",
            "No stage of the funnel changed beyond chance. {instead}",
        ),
        "both": Option(
            "Both changed",
            "Yes. {real}.",
            "Not both are beyond chance. {instead}",
        ),
        "nothing": Option(
            "Neither: all of it can be chance",
            "Yes. {rest} Nothing to celebrate and nothing to explain.",
            "One change is too large for chance. {instead}",
        ),
    },
    means="Seven numbers move in every wave. Correct for having looked at seven, and believe what is left.",
)
def what_changed(changed_facts):
    """The last two waves lie side by side. What truly changed?"""
    return changed_facts["key"]


@what_changed.facts
def _(changed_facts):
    return changed_facts


def _changed_facts(changed):
    from helpers.branding.findings import _change

    real = set(changed.real["measure"])
    feeling, knowing = bool(real & {"recommendation", "trust"}), bool(real - {"recommendation", "trust"})
    key = "both" if feeling and knowing else "recommending" if feeling else "knowing" if knowing else "nothing"
    said = "; ".join(_change(row) for row in changed.real.itertuples()) or "nothing changed beyond chance"
    tempting = ", ".join(waves.NAMES[name] for name in changed.tempting["measure"])
    rest = f"Tempting, but not beyond chance: {tempting}." if tempting else "Nothing else comes near."
    return {"key": key, "real": said[0].upper() + said[1:], "rest": rest, "instead": f"Beyond chance: {said}."}


@exercise(
    "6.5",
    minutes=5,
    hints=[
        "For each answer: kept less believed. Then the mean for each promise.",
        'Make the difference first, then `groupby(kept["promise"]).mean()`.',
        '`(kept["kept"] - kept["believed"]).groupby(kept["promise"]).mean()`',
    ],
    covers=["S99", "S108"],
    means="Below zero, people believed more than they met. That is where trust leaks.",
)
def gap_of_each_promise(kept):
    """For each promise: the mean of kept less believed."""
    return (kept["kept"] - kept["believed"]).groupby(kept["promise"]).mean()


@gap_of_each_promise.mistake("The wrong way round: a promise that is not kept should come out below zero.")
def _(kept):
    return (kept["believed"] - kept["kept"]).groupby(kept["promise"]).mean()


@gap_of_each_promise.mistake("That is how far it was kept, and not yet compared with what people believed.")
def _(kept):
    return kept.groupby("promise")["kept"].mean()


@gap_of_each_promise.in_a_spreadsheet("the gap of the worst promise", digits=2)
def _(column):
    return column.min()


@exercise(
    "6.6",
    minutes=4,
    spreadsheet=True,
    digits=2,
    hints=[
        "Take the rows of the worst promise, and the mean of `kept` for each owner.",
        'With `means = kept[kept["promise"] == worst].groupby("owner")["kept"].mean()` the answer is `means["own"] - means["partner"]`.',
    ],
    covers=["S99", "S105"],
    means="The same promise in two pairs of hands. The difference says whom to talk with.",
)
def own_less_partner(kept, worst):
    """For the promise `worst`: how far own staff kept it, less how far partners kept it."""
    means = kept[kept["promise"] == worst].groupby("owner")["kept"].mean()
    return float(means["own"] - means["partner"])


@own_less_partner.mistake("You took partner less own. Above zero should mean that own staff keep it better.")
def _(kept, worst):
    means = kept[kept["promise"] == worst].groupby("owner")["kept"].mean()
    return float(means["partner"] - means["own"])


@own_less_partner.mistake("That is over all promises. The others hide what happens at this one.")
def _(kept):
    means = kept.groupby("owner")["kept"].mean()
    return float(means["own"] - means["partner"])


@exercise(
    "6.7",
    minutes=3,
    kind="judge",
    covers=["S99", "S105", "S108"],
    options={
        "partners": Option(
            "Make the partners able to keep it, or take the work back",
            "Yes. {what}",
            "The data do not point at the partners. {what}",
        ),
        "own": Option(
            "Mend the process in our own house",
            "Yes. {what}",
            "It is not our own house that breaks it. {what}",
        ),
        "price": Option(
            "Win trust back with a discount for everybody",
            "A discount would answer nothing here. {what}",
            "A discount pays for a broken promise without mending it, and pays those too who were well served. {what}",
        ),
        "keep": Option(
            "Leave the promises as they are, and go on measuring",
            "Yes. {what}",
            "One promise is believed and not kept. {what}",
        ),
    },
    means="Trust is the customer's side of the brand, the promise is ours. A leak is mended where the promise is kept, not where it is advertised.",
)
def what_first(repair):
    """The owner has money for one thing this quarter. What comes first?"""
    return repair["key"]


@what_first.facts
def _(repair):
    return repair


def _repair(found):
    row = found.leak
    if row is None:
        return {"key": "keep", "what": "Every promise is kept about as far as it is believed."}
    name = words_of(row["promise"])
    if found.by_partner:
        said = f"“{name}” is kept at {row['own_kept']:.1f} by own staff and at {row['partner_kept']:.1f} by partners."
        return {"key": "partners", "what": said}
    return {"key": "own", "what": f"“{name}” is kept at {row['kept']:.1f}, and no worse by partners beyond chance."}


@exercise(
    "6.8",
    minutes=2,
    kind="judge",
    covers=["S102"],
    options={
        "all": Option(
            "All of them under our name: a known name helps everything",
            "Yes. Each line that was asked about fits beyond chance.",
            "{far} does not fit. A strong image binds: what the name stands for decides what it can carry.",
        ),
        "most": Option(
            "Those that fit under our name; what does not, under a name of its own or not at all",
            "Yes. {far} does not fit, the others do.",
            "Here every line that was asked about fits. No second name is needed for its own sake.",
        ),
        "none": Option(
            "None: a brand should do one thing",
            "Yes. No line fits beyond chance.",
            "Some lines do fit: {near}.",
        ),
    },
    means="Decide by fit with the image, line by line. Fit is an opinion; a small test sale is the proof.",
)
def extend_what(line_facts):
    """Several lines could carry our name. Which do we extend to?"""
    return line_facts["key"]


@extend_what.facts
def _(line_facts):
    return line_facts


def _line_facts(lines):
    verdict = lines.table["verdict"]
    key = "most" if (verdict == "stretches").any() else "all" if (verdict == "fits").all() else "none" if not (verdict == "fits").any() else "all"
    far = words_of(lines.too_far[0]).capitalize() if lines.too_far else "No line"
    near = ", ".join(words_of(name) for name in lines.table.loc[verdict == "fits", "line"]) or "none"
    return {"key": key, "far": far, "near": near}


@exercise(
    "6.10",
    minutes=4,
    kind="fill",
    spreadsheet=True,
    digits=0,
    hints=[
        "One teller misses a given person with the chance `1 - circle / town`. All of them miss that person with this chance times itself, once for each teller.",
        "The share who hear it is 1 less that. Times the town.",
        "`town_size * (1 - (1 - circle / town_size) ** tellers)`",
    ],
    covers=["S106"],
    means="Circles overlap. The more people tell, the more of their listeners have heard it already.",
)
def different_people(tellers, circle, town):
    """How many different people hear it, when each of `tellers` tells a circle drawn from a town?"""
    return town * (1 - (1 - circle / town) ** tellers)


@different_people.mistake("You added the circles up. Whoever knows two of the tellers is counted twice, and here it would fill the whole town.")
def _(tellers, circle):
    return tellers * circle


@different_people.mistake("That is the share of the town who miss it. Take it from the whole.")
def _(tellers, circle, town):
    return town * (1 - circle / town) ** tellers


@exercise(
    "6.9",
    minutes=2,
    kind="predict",
    within=1.5,
    hints=[
        "Do not think of the one who told the whole office. Many told nobody at all.",
        "Half of the customers or so told somebody something good. Most of these told one or two.",
    ],
    covers=["S106"],
    means="Knowing 250 people is not telling 250 people. A handful hear it from each customer, and a few customers tell many.",
)
def told_by_each(mouth):
    """How many people did the average customer tell something good of us in 12 months?"""
    return mouth.mean_good.value


@told_by_each.mistake("250 is how many people one person is said to *know*. Nobody tells them all.")
def _():
    return 250


@told_by_each.mistake("That is the one customer who told most.")
def _(mouth):
    return mouth.largest
