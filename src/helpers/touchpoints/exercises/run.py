"""The activities of lesson 01b: cards, replies, decisions and four numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from helpers import words
from helpers.data.company import Company
from helpers.teaching import Card, Option, exercise, sorting
from helpers.touchpoints import queues, replies, running, running_findings, scenes
from helpers.withheld import Withheld

PROMISED = 15
"""Minutes of the promise that is tried."""


def inputs(
    company: Company, *, as_of: date, window_days: int = 365, settle_days: int = 14, kept_share: float = 0.9, scene: str = "lantern"
) -> Mapping[str, Any]:
    """What the activities are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    window_days, settle_days : int
        As for `running.cases_of`.
    kept_share : float
        Of all calls, that a promise has to be kept for.
    scene : str
        A key of `scenes.SCENES`: the invented numbers of the shoe sale, the charger and the hotline.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    scenery = scenes.SCENES[scene]
    return {
        "contacts": company.contacts,
        "as_of": as_of,
        "window_days": window_days,
        "settle_days": settle_days,
        "least_share": kept_share,
        "promised": PROMISED,
        "shoe": scenery.shoe,
        "charger": scenery.charger,
        "desk": scenery.desk,
        "calls_an_hour": scenery.desk.calls_an_hour,
        "minutes_a_call": scenery.desk.minutes_a_call,
        "found_cases": lambda contacts, as_of, window_days, settle_days: running.cases_of(
            contacts, as_of=as_of, window_days=window_days, settle_days=settle_days
        ),
        "matters": _matters,
        "hotline_calls": lambda contacts, as_of, window_days: running.calls(contacts, as_of=as_of, window_days=window_days),
        "where_stuck": lambda found_cases: running.stuck(found_cases),
    }


def _matters(found_cases):
    """The matters as a table for a spreadsheet: 1 is yes."""
    shown = found_cases.table[["case_id", "touchpoint", "owner", "contacts", "changes", "settled"]]
    return shown.assign(settled=shown["settled"].astype("int64"), changes=shown["changes"].astype("int64"))


# ---------------------------------------------------------------- people


@sorting(
    "1b.1",
    minutes=3,
    covers=["S28"],
    piles={
        "top": "Top (高层): knows marketing",
        "middle": "Middle (中层): knows sales management",
        "front": "Front line (一线): runs the sale",
    },
    cards={
        "families": Card(
            "Decide whether young families or landlords are the customers of the next three years", "top", "Need and market come first."
        ),
        "drop": Card(
            "Stop a product that sells well and makes nobody come back",
            "top",
            "It asks what creates value, and for whom.",
            {"middle": "The middle sells what there is, and sells it well. Whether it should be there is a question of value."},
        ),
        "roster": Card("Set who is at the counter at which hour, from the visits of the last weeks", "middle", "Effective staff action."),
        "coach": Card(
            "Watch three sales talks and work on one thing with each seller", "middle", "The technical layer: it makes selling better."
        ),
        "bonus": Card(
            "Propose a bonus that does not reward what comes back as a return",
            "middle",
            "How staff are led to sell.",
            {"top": "The top decides on the money. Knowing which bonus makes which seller do what is the craft of the middle."},
        ),
        "morning": Card(
            "Stand in the shop, lead the team of six through the morning rush",
            "front",
            "The shop manager leads, close to the customer.",
            {
                "middle": "It is leading, and it is done among customers. The source counts shop managers to the front line, and calls them its spine."
            },
        ),
        "note": Card(
            "Write down that three people asked for a quieter extractor hood", "front", "They interact closely and gather information."
        ),
        "window": Card(
            "Keep an account: meet the buyer of the hotel chain every other week", "front", "The account manager is front line, too."
        ),
    },
    hints=["Whose knowledge does it need: of the market, of how staff sell, or of this customer today?"],
    means="Three layers, three kinds of knowledge. Where the top runs the sale and the front line guesses the market, both jobs stay undone.",
)
def layers():
    """Top, middle or front line: to whom does each of these belong first?"""


@sorting(
    "1b.2",
    minutes=3,
    covers=["S44"],
    piles={
        "front": "Front line, account manager (一线、客户经理)",
        "analyst": "Data analyst (数据分析师)",
        "it": "IT",
        "leader": "Leaders (领导)",
    },
    cards={
        "enter": Card("Ask for the new telephone number and correct it in the record", "front", "They collect data, and feed the system."),
        "when": Card(
            "Say that mothers should not be rung up at half past four",
            "front",
            "They pick the times for research and promotion.",
            {"analyst": "A report may show it later. Who talks with them every day knows it now."},
        ),
        "groups": Card("Find out which customers bought filters twice and then stopped", "analyst", "Background and behaviour, in groups."),
        "basis": Card("Sum up what a group does, so that a promotion has a basis", "analyst", "The basis for promotion."),
        "merge": Card(
            "Put hotline, shop and installer records of a customer on one screen",
            "it",
            "Their first duty: one platform for all who meet customers.",
            {"analyst": "Analysts use the platform. Building it for all is the first duty of IT."},
        ),
        "rights": Card(
            "See to it that each department can add and correct, above all for key accounts", "it", "Each adjusts, adds, completes."
        ),
        "why": Card(
            "Explain what the record brings, to the firm and to the person who has to fill it in",
            "leader",
            "They show staff what it is good for.",
        ),
        "praise": Card(
            "Count an owned complaint in the appraisal, and not only sales",
            "leader",
            "They appraise, and train a mind for service.",
            {"front": "The front line owns the complaint. That owning counts is decided by those who appraise."},
        ),
    },
    hints=["Collect, understand, connect, or lead: which of the four is it?"],
    means="Each one's output is the next one's input. Take one of the four away, and the other three work for nothing.",
)
def roles():
    """Which of the four roles does each of these?"""


# ---------------------------------------------------------------- service


@sorting(
    "1b.3",
    minutes=3,
    covers=["S37"],
    piles={"before": "Pre-sale (售前)", "during": "In-sale (售中)", "after": "After-sale (售后)"},
    cards={
        "design": Card(
            "The handle of the pan is drawn so that a small hand can hold it",
            "before",
            "Humane design is service, before anybody buys.",
            {"after": "It helps after the purchase. The service was done when the pan was drawn: the source counts design as pre-sale."},
        ),
        "evening": Card("An evening in the shop on how to read an energy label", "before", "A market activity."),
        "doubt": Card("“Will it fit under the window?” The seller draws it to scale", "during", "Handling an objection."),
        "follow": Card(
            "A call on Thursday, as agreed, to those who wanted to think it over", "during", "Following customers and opportunities."
        ),
        "sign": Card("The contract is read aloud, line by line, before it is signed", "during", "Negotiation and signing."),
        "deliver": Card(
            "The fridge is carried up on the agreed day",
            "after",
            "In the source, after-sale begins with delivery.",
            {
                "during": "It feels like a part of the purchase. The source draws the line at the signature: delivery and installation are after-sale."
            },
        ),
        "train": Card("Half an hour at the customer's stove: this is how it is cleaned", "after", "Training."),
        "care": Card("A message in October: the filter is due, and this is how to see it", "after", "Customer care and maintenance."),
    },
    hints=["Draw two lines: one where somebody first talks about buying, one at the signature."],
    means="The contacts below say *during* for delivery and installation, as many firms do. Say where you draw the line before you compare phases.",
)
def service_phases():
    """Before, in or after the sale: where does the source put each of these services?"""


@sorting(
    "1b.4",
    minutes=3,
    covers=["S38"],
    piles={"designed": "Designed, like a product", "chance": "Left to chance"},
    cards={
        "day30": Card(
            "On day 30 somebody rings; the three questions and who mends what comes up are written down",
            "designed",
            "Moment, content and owner are fixed.",
        ),
        "nice": Card(
            "“Our people are friendly; customers tell us so”",
            "chance",
            "Nobody can say what is done, or whether it was done today.",
            {"designed": "Friendly people are a gift. A design says what happens when another person has the shift."},
        ),
        "standard": Card("Installed within four days in 95 of 100 orders; checked each Friday", "designed", "A specification, and a test."),
        "effort": Card("“We always do what we can”", "chance", "No specification: nobody can fail it."),
        "version": Card(
            "The welcome letter has a version number, and a reason for each change", "designed", "It is improved as a product is."
        ),
        "hero": Card(
            "Last winter a fitter drove out on a Sunday night",
            "chance",
            "A hero shows that the design was missing.",
            {"designed": "A fine story, once. What happens on the next Sunday, and who is asked?"},
        ),
        "price": Card("The Care Plan says what it costs, what is in it and what is not", "designed", "Service with a price and a content."),
        "boss": Card("Whoever knows the owner gets help at once", "chance", "It depends on whom one knows."),
    },
    hints=["Could somebody new do it tomorrow, and could somebody else check on Friday that it was done?"],
    means="Buyers look first at quality and function, and at price and service when they decide. What decides deserves a design.",
)
def designed_or_not():
    """Is each of these services designed like a product, or left to chance?"""


# ---------------------------------------------------------------- promises


@exercise(
    "1b.5",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S34", "S41"],
    hints=[
        "Count the calls with `wait_minutes` up to 15, and divide by all calls. Exactly 15 minutes keeps the promise.",
        'In a spreadsheet: COUNTIF over the column, divided by COUNT. In a cell: `(hotline_calls["wait_minutes"] <= 15).mean()`, times 100.',
    ],
    means="A promise can be tried on last year's calls before anybody makes it. It costs nothing, and nobody is let down.",
)
def calls_that_kept_a_promise(hotline_calls, promised):
    """Of 100 calls of the last year, how many would have kept “we answer within 15 minutes”?"""
    return 100 * (hotline_calls["wait_minutes"] <= promised).mean()


@calls_that_kept_a_promise.mistake("Those are the calls in which the promise would have been broken.")
def _(hotline_calls, promised):
    return 100 * (hotline_calls["wait_minutes"] > promised).mean()


@calls_that_kept_a_promise.mistake("You left out calls of exactly 15 minutes. Within 15 minutes includes them.")
def _(hotline_calls, promised):
    return 100 * (hotline_calls["wait_minutes"] < promised).mean()


@calls_that_kept_a_promise.mistake("That is the number of calls. The question is of 100 calls: divide by all of them.")
def _(hotline_calls, promised):
    return float((hotline_calls["wait_minutes"] <= promised).sum())


_KEPT = "Of {calls}, *within {minutes} minutes* would have been kept for {share}; the shortest promise that reaches {least} is {best}."


def _promise(minutes: int) -> Option:
    return Option(f"“We answer within {minutes} minutes”", f"Yes. {_KEPT.replace('{minutes}', str(minutes)).replace('{share}', '{share_' + str(minutes) + '}')}",
                  f"Not this one. {_KEPT.replace('{minutes}', str(minutes)).replace('{share}', '{share_' + str(minutes) + '}')}")  # fmt: skip


@exercise(
    "1b.6",
    minutes=2,
    kind="judge",
    covers=["S34"],
    options={
        "5": _promise(5),
        "10": _promise(10),
        "15": _promise(15),
        "20": _promise(20),
        "30": _promise(30),
        "none": Option(
            "None of them yet: first the waits, then the promise",
            "Yes. Of {calls}, even *within 30 minutes* would have been kept for {share_30} only.",
            "There is one that holds: the shortest promise that reaches {least} is {best}.",
        ),
    },
    means="A promise with room beats a promise with shine: it is kept by ordinary people on an ordinary Tuesday.",
)
def promise_to_print(hotline_calls, least_share):
    """The shortest promise that would have been kept for 90 of 100 calls: which one may be printed?"""
    shortest = running.shortest_promise(running.promises(hotline_calls), share=least_share)
    return "none" if shortest is None else str(shortest)


@promise_to_print.facts
def _(hotline_calls, least_share):
    table = running.promises(hotline_calls)
    shortest = running.shortest_promise(table, share=least_share)
    facts = {f"share_{row.minutes}": words.in_100(row.share) for row in table.itertuples()}
    best = "none of them" if shortest is None else f"{shortest} minutes"
    return facts | {"calls": words.count(len(hotline_calls), "call"), "least": words.in_100(least_share), "best": best}


# ---------------------------------------------------------------- words


@sorting(
    "1b.7",
    minutes=3,
    covers=["S42"],
    piles={"help": "Helps", "neutral": "Neither helps nor harms", "harm": "Harms"},
    cards={
        "lucky": Card(
            "“You are lucky today, the offer ends tonight. I hope you will enjoy the shoes.” (It does end tonight.)",
            "help",
            "True, and the customer feels a gain.",
        ),
        "boss": Card(
            "“Our manager is too kind. If it were me, you would not get this price.”",
            "harm",
            "The customer is told that they do not deserve it.",
            {
                "neutral": "It is only a remark, and the price stays. The author's friend put the slip down and left: it says *you* are not worth it."
            },
        ),
        "gift": Card(
            "“Only for you, do not tell anybody!” (Everybody gets it.)",
            "harm",
            "It is not true, and somebody will tell.",
            {"help": "It flatters, until the customer meets the next one who was told the same. Praise has to be true."},
        ),
        "till": Card("“The till is on the left.”", "neutral", "Information, no more."),
        "eye": Card("“You compared the soles first. That is where shoes differ.”", "help", "Praise for something that the customer did."),
        "again": Card("“Everybody buys it.”", "neutral", "It says nothing about this customer."),
        "waited": Card(
            "“You have waited since ten. Thank you; I will stay with you until it is done.”",
            "help",
            "It sees the trouble, and somebody owns it.",
        ),
        "told": Card("“As I already told you ...”", "harm", "It calls the customer slow."),
        "look": Card(
            "A glance at the colleague, and raised eyebrows",
            "harm",
            "A look counts as a word.",
            {"neutral": "Nothing was said. The source counts looks and moves with the words: each can lose a sale."},
        ),
    },
    hints=["What does the customer hear about themselves? And is it true?"],
    means="Praise works when it is true and about something that the customer did. The rest is noise, or worse.",
)
def words_and_looks():
    """What does each of these do to a customer at the counter?"""


@exercise(
    "1b.8",
    minutes=2,
    kind="judge",
    covers=["S42"],
    options={
        "offer": Option(
            "On the price: the right to give the better offer",
            "Yes, with these numbers: the offer adds {offer} yuan for each customer who hesitates, the sentence takes {sentence}.",
            "Work out both: the better offer adds {offer} yuan for each customer who hesitates; the sentence takes {sentence}, because it is said in {often} sales.",
        ),
        "words": Option(
            "On the words: an hour on what is said between decision and till",
            "Yes: the sentence takes {sentence} yuan for each customer who hesitates, in {often} sales; the better offer adds {offer}.",
            "With these numbers the sentence takes {sentence} yuan for each customer who hesitates, because it is said in {often} sales; the better offer adds {offer}.",
        ),
    },
    means="A concession is counted in the till, a sentence is not. Both have a price.",
)
def money_for_the_counter(shoe):
    """On what should the manager of the shoe shop spend the next training hour?"""
    return "words" if scenes.sentence_costs(shoe) > scenes.offer_adds(shoe) else "offer"


@money_for_the_counter.facts
def _(shoe):
    return {
        "offer": words.number(scenes.offer_adds(shoe), digits=1),
        "sentence": words.number(scenes.sentence_costs(shoe), digits=1),
        "often": words.in_100(shoe.said_in),
    }


@exercise(
    "1b.9",
    minutes=5,
    covers=["S42", "S43"],
    any_order=True,
    hints=[
        "Answer five questions: Are we sorry? Who stands behind it, and on which number? By when? What do *we* do? And does anybody get blamed?",
        "Say *I*, name a day, and say what you will do on it. Leave out who was at fault.",
        (
            "An example: “I am sorry that your oven still does not work. My name is Chen Li, and I will stay with it until it does. "
            "I will send a fitter on Thursday before 12:00, and I will call you that evening. My number is 555 0142.”"
        ),
    ],
    means="Five ingredients, and no more than four sentences. What the rules cannot hear is the tone: read it aloud.",
)
def ingredients_of_the_reply():
    """All five ingredients, as the rules find them: apology, owner, date, next step, no blame."""
    return list(replies.INGREDIENTS)


def _without(name):
    return [one for one in replies.INGREDIENTS if one != name]


@ingredients_of_the_reply.mistake("Everything but an apology. Say sorry for what happened, without an *if*.")
def _():
    return _without("apology")


@ingredients_of_the_reply.mistake("Everything but an owner: who stands behind it, and how can the customer reach that person?")
def _():
    return _without("owner")


@ingredients_of_the_reply.mistake("Everything but a date. *Soon* cannot be waited for; a day can.")
def _():
    return _without("date")


@ingredients_of_the_reply.mistake("Everything but a next step of *ours*: what will we do, so that the customer need not?")
def _():
    return _without("next step")


@ingredients_of_the_reply.mistake(
    "All four are there, and somebody is blamed. Cut that sentence: the customer does not care whose link failed."
)
def _():
    return _without("no blame")


# ---------------------------------------------------------------- the hotline


@sorting(
    "1b.10",
    minutes=2,
    covers=["S41"],
    piles={"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th"},
    cards={
        "match": Card(
            "The number that rings is looked up, with the caller's consent, and the record appears",
            "first",
            "Before a word is said.",
            {"second": "If the record comes after the greeting, the greeting cannot use it."},
        ),
        "greet": Card("“Mr Lu? You bought three air-conditioners from us in October. How can I help?”", "second", "By name and purchase."),
        "listen": Card("Let the caller finish, and say back what you heard", "third", "First learn the need or problem."),
        "fix": Card(
            "Explain, and mend it: the remote control has to be reset after a long rest",
            "fourth",
            "Solved in this call.",
            {"third": "Who explains before the caller has finished explains something else."},
        ),
        "ring": Card(
            "The next day: “Does everything work? Is there anything else?”", "fifth", "The matter ends when the customer says so."
        ),
    },
    hints=["What does each step need to know that only an earlier one can give?"],
    means="Five steps, and the first happens in a machine. Without it the other four begin with “Your name, please?”.",
)
def order_of_a_call():
    """Case C06 in five steps: which comes first?"""


@exercise(
    "1b.11",
    minutes=2,
    kind="fill",
    spreadsheet=True,
    digits=1,
    covers=["S41"],
    hints=[
        "In an hour, all calls together take calls times minutes. How many agents talk at once, if an hour has 60 minutes?",
        "The blank is the number of minutes in an hour.",
    ],
    means="So many people talk on average. With no more agents than that the queue would never end, because calls do not come one by one.",
)
def calls_in_progress(calls_an_hour, minutes_a_call):
    """How many calls are in progress at once, on average?"""
    return calls_an_hour * minutes_a_call / 60


@calls_in_progress.mistake("That is minutes of talk in an hour. Divide by 60: how many people talk at once?")
def _(calls_an_hour, minutes_a_call):
    return calls_an_hour * minutes_a_call


@calls_in_progress.mistake("That would be calls that one agent could take in an hour. We want to know how many agents talk at once.")
def _(minutes_a_call):
    return 60 / minutes_a_call


@calls_in_progress.mistake("You divided by the minutes of a call. Longer calls mean *more* of them in progress: multiply.")
def _(calls_an_hour, minutes_a_call):
    return calls_an_hour / minutes_a_call


@exercise(
    "1b.12",
    minutes=2,
    kind="judge",
    covers=["S41"],
    options={
        "as_many": Option(
            "As many as calls in progress, rounded up",
            "Yes, here: {fewest} answer {fewest_share} within 20 seconds.",
            "{fewest} answer only {fewest_share} within 20 seconds: calls come in bunches, and nobody is free when they do.",
        ),
        "few_more": Option(
            "One to three more than that",
            "Yes: it takes {need}. With {fewest} only {fewest_share} are answered within 20 seconds; with {need} it is {need_share}.",
            "It takes {need} for 80 of 100; with {fewest} it is {fewest_share}.",
        ),
        "many_more": Option(
            "Four more than that, or even more",
            "Yes: it takes {need}. With {fewest} only {fewest_share} are answered within 20 seconds.",
            "That is more than is needed: {need} answer {need_share} within 20 seconds. What is left over pays for calls on the next day.",
        ),
    },
    means="The last agents look idle, and they are what makes the difference: waiting falls steeply, then flat.",
)
def agents_for_the_desk(desk):
    """80 of 100 calls answered within 20 seconds: how many agents does the desk need?"""
    fewest, need = scenes.fewest_agents(desk), scenes.agents_needed(desk)
    return "as_many" if need <= fewest else "few_more" if need <= fewest + 3 else "many_more"


@agents_for_the_desk.facts
def _(desk):
    fewest, need = scenes.fewest_agents(desk), scenes.agents_needed(desk)
    share = lambda agents: words.in_100(queues.queue(desk.calls_an_hour, desk.minutes_a_call, agents).in_time)
    return {
        "fewest": words.count(fewest, "agent"),
        "need": words.count(need, "agent"),
        "fewest_share": share(fewest),
        "need_share": share(need),
    }


# ---------------------------------------------------------------- who owns it


@sorting(
    "1b.13",
    minutes=3,
    covers=["S43"],
    piles={"own": "Owns it", "hand": "Hands it over well", "kick": "Kicks the ball (踢皮球)"},
    cards={
        "mine": Card(
            "“That is not our part, and it is my matter. I will ring you at six, with an answer or without.”",
            "own",
            "A name and an hour, whoever made the part.",
        ),
        "other": Card("“We are out of stock. Try the service point across town.”", "kick", "The customer starts again."),
        "warm": Card(
            "“I have told Wang Min everything; she is on the line, and she rings you tomorrow at ten.”",
            "hand",
            "A name, a time, and the story is not told twice.",
            {"own": "The matter goes to somebody else, and that is fine: named, told, with an hour. It is a good hand-over."},
        ),
        "outsourced": Card(
            "“Our after-sales service is outsourced, and the dock is not our make.”",
            "kick",
            "True, and of no use to the customer.",
            {"hand": "It explains whose it is and hands nothing over. The customer still stands there with a dead dock."},
        ),
        "form": Card("“Fill in the form on the website, department B will see to it.”", "kick", "No name, no day."),
        "ticket": Card(
            "“Your matter has one number, with me and with the fitter; you need not explain it again.”",
            "hand",
            "The record travels, not the customer.",
        ),
        "until": Card(
            "“I ordered it in the other shop for you. I keep this open until you say that it works.”", "own", "Until the customer says so."
        ),
        "broke": Card("“You broke it, so you pay.”", "kick", "Blame before a look at it."),
    },
    hints=["After the sentence: who acts next, by name? If it is the customer, the ball was kicked."],
    means="A hand-over is no sin. A hand-over without a name, an hour and the story is a kick.",
)
def own_or_kick():
    """Does each of these own the matter, hand it over well, or kick the ball?"""


@exercise(
    "1b.14",
    minutes=2,
    kind="judge",
    covers=["S43"],
    options={
        "first": Option(
            "The first service point, at once: a new dock over the counter",
            "Yes: a dock for everybody costs {first} yuan for each matter, with those who broke it themselves; checking first costs {check}, refusing {refuse}.",
            "With these numbers it costs {first} yuan for each matter; checking first costs {check}, refusing {refuse}.",
        ),
        "check": Option(
            "A workshop looks at it first, and pays if the dock was at fault",
            "Yes: here so many break docks themselves that checking is worth its cost: {check} yuan for each matter, against {first} at once and {refuse} for a refusal.",
            "The look costs money, and some customers leave while they wait: {check} yuan for each matter, against {first} at once and {refuse} for a refusal.",
        ),
        "refuse": Option(
            "Nobody: it is not our make",
            "By this account, yes: it costs {refuse} yuan for each matter, against {first} and {check}. It counts one customer, and none of those who are told.",
            "It costs no dock, and customers: {refuse} yuan for each matter, against {first} at once and {check} with a check. And nobody has counted those who hear the story.",
        ),
    },
    means="Being right about the dock is cheap, and the customer is not counted in it.",
)
def owner_of_the_charger(charger):
    """Case C05: who should own the broken charging dock at step one?"""
    costs = scenes.dock_costs(charger)
    return min(costs, key=lambda key: (costs[key], key))


@owner_of_the_charger.facts
def _(charger):
    return {key: words.number(cost) for key, cost in scenes.dock_costs(charger).items()}


@exercise(
    "1b.15",
    minutes=3,
    spreadsheet=True,
    digits=1,
    covers=["S43"],
    hints=[
        "A matter was kept if it is `settled` (1) *and* has 0 `changes`.",
        "In a spreadsheet: COUNTIFS with both conditions, divided by the number of rows. In a cell: join the two with `&`, then `.mean()`.",
    ],
    means="It is the touchpoints' own pass mark: how often the customer needed one hand only.",
)
def kept_in_one_hand(matters):
    """Of 100 matters, how many were settled without a change of hands?"""
    return 100 * ((matters["settled"] == 1) & (matters["changes"] == 0)).mean()


@kept_in_one_hand.mistake("These are all settled matters, also those that went through other hands.")
def _(matters):
    return 100 * (matters["settled"] == 1).mean()


@kept_in_one_hand.mistake("These never changed hands, settled or not. A matter that nobody touched again is not kept.")
def _(matters):
    return 100 * (matters["changes"] == 0).mean()


@kept_in_one_hand.mistake("You divided by contacts. A matter with four contacts is one matter: divide by rows.")
def _(matters):
    kept = ((matters["settled"] == 1) & (matters["changes"] == 0)).sum()
    return 100 * kept / matters["contacts"].sum()


_PLACES = {
    "installation": "Installation",
    "delivery": "Delivery",
    "repair": "Repair",
    "return_desk": "The return desk",
    "hotline": "The hotline",
    "shop": "The shop",
}


def _place(key: str, name: str) -> Option:
    return Option(
        name,
        "Yes. {worst} There, one name for each matter comes first.",
        f"Look again. {{{key}}} {{worst}}",
    )


@exercise(
    "1b.16",
    minutes=2,
    kind="judge",
    covers=["S43"],
    options={key: _place(key, name) for key, name in _PLACES.items()}
    | {
        "none": Option(
            "Nowhere in particular",
            "Yes. No hand stands out: what differs between them is no more than chance makes.",
            "One does. {worst}",
        )
    },
    means="A large touchpoint has many of everything. What counts is what it has beyond its share.",
)
def first_owner(where_stuck):
    """Where does one owner for each matter come first: at the hand that has most matters stuck *beyond* the share at the others?"""
    worst = where_stuck.worst
    if worst is None:
        return "none"
    if worst["touchpoint"] not in _PLACES:
        return Withheld(
            "Where matters get stuck", f"It is the touchpoint *{words.plain(worst['touchpoint'])}*, which is not among the options."
        )
    return worst["touchpoint"]


@first_owner.facts
def _(where_stuck):
    table = where_stuck.table
    facts = {}
    for key, name in _PLACES.items():
        part = table[table["touchpoint"] == key]
        if not len(part):
            facts[key] = f"{name} has too few matters here."
            continue
        row = part.iloc[0]
        lost, usual = int(row["cases"] - row["kept"]), row["cases"] * row["others"]
        facts[key] = (
            f"At {running_findings.hand(row['touchpoint'], row['owner'])}, {words.number(lost)} of {words.number(int(row['cases']))} were not kept; "
            f"{words.number(usual)} would have been as many as elsewhere."
        )
    worst = where_stuck.worst
    return facts | {"worst": "No hand stands out." if worst is None else _most(worst)}


def _most(row: pd.Series) -> str:
    lost = int(row["cases"] - row["kept"])
    return (
        f"Most lie at {running_findings.hand(row['touchpoint'], row['owner'])}: {words.number(lost)} of {words.number(int(row['cases']))} were not kept, "
        f"{words.number(row['excess'])} more than elsewhere."
    )


def worst_hand(where_stuck):
    """Who runs the hand in which most matters get stuck: own people, a partner, or no hand; for the quiz."""
    worst = where_stuck.worst
    return "none" if worst is None else str(worst["owner"])
