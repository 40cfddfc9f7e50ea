"""The company's list of needs: what customers said, how important it is, and what the company does about it.

With the story `unserved` nobody answers one important need. With the story
`bother` the company answers the need behind the cost that weighs most with
money off, which is another P than the one that would help.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.simulate import stories as planted

C_TO_P = {"solution": "product", "cost": "price", "convenience": "place", "communication": "promotion"}


@dataclass(frozen=True)
class Card:
    """One statement, with its true C and with what a company does that listens."""

    key: str
    persona: str
    statement: str
    c: str
    importance: float
    delivery: int
    action: str
    owner: str
    metric: str
    first_coder: str = ""  # where the company's own coding is another
    second_coder: str = ""


CARDS = (
    Card("quiet_hood", "family", "I want to talk in the kitchen while the hood is running.", "solution", 7.4, 7,
         "Offer a quiet hood in every price class", "range manager", "share of hoods sold below 55 dB"),
    Card("fits", "new_flat", "It has to fit the hole that is there, without a carpenter.", "solution", 8.1, 7,
         "Measure at home before the order", "installation lead", "returns for wrong size per 100 orders"),
    Card("old_appliance", "family", "The new one comes, and the old one stands in my hall for weeks.", "solution", 8.3, 6,
         "Take the old appliance away on delivery", "delivery lead", "old appliances taken away per 100 deliveries"),
    Card("spare_parts", "retired", "I do not want a new hob because one knob is broken.", "solution", 7.7, 6,
         "Keep spare parts for ten years", "repair lead", "repairs done at the first visit"),
    Card("clean_water", "family", "Tell me that my child's water is clean, not how the machine works.", "solution", 7.9, 7,
         "Test the water at installation, again after a year", "water manager", "homes with a test on file", "communication"),
    Card("small_flat", "tenant", "Everything is made for big kitchens; mine has two metres.", "solution", 5.9, 5,
         "Show a two-metre kitchen in every shop", "shop managers", "sales of narrow models"),
    Card("warm_quickly", "retired", "The bathroom should be warm before I get up.", "solution", 5.2, 6,
         "Timers on all bathroom heaters", "range manager", "share of heaters with a timer"),
    Card("take_with_me", "tenant", "When I move I want to take the purifier with me.", "solution", 3.6, 2, "", "", ""),
    Card("price_high", "couple", "The first price I am told is more than I had in mind.", "cost", 6.3, 6,
         "Show three price classes side by side", "shop managers", "share of offers taken"),
    Card("running_cost", "family", "The machine was fair, but the filters cost me as much again.", "cost", 7.2, 6,
         "Print the cost of two years on the price label", "range manager", "labels with running cost"),
    Card("instalments", "new_flat", "I buy a whole kitchen at once; it all falls due in one month.", "cost", 6.6, 7,
         "Pay in six parts without interest", "head of finance", "kitchens paid in parts"),
    Card("hidden_fee", "couple", "At the door the fitter asked for eighty yuan more.", "cost", 7.6, 6,
         "One price that includes fitting", "installation lead", "complaints about extra charges"),
    Card("fair_price", "retired", "I do not need the cheapest. I want to know that it is worth it.", "cost", 6.1, 5,
         "Explain what each price class does better", "shop managers", "answers on 'worth the money'"),
    Card("student_price", "tenant", "Students should pay less.", "cost", 2.9, 2, "", "", ""),
    Card("wait_at_home", "couple", "I took a day off, and the fitter came at six.", "convenience", 8.0, 6,
         "A two-hour window, and a call when the fitter sets out", "installation lead", "visits within the window"),
    Card("evening_visit", "couple", "Nobody comes after work or on Sunday.", "convenience", 7.5, 6,
         "Visits until nine in the evening and on Sundays", "installation lead", "share of visits after six"),
    Card("filter_change", "family", "I never know which filter, and changing it soaks the cupboard.", "convenience", 8.2, 6,
         "Bring the right filter every half year and change it", "water manager", "filters changed on time"),
    Card("one_number", "retired", "I want one number to call, whatever it is about.", "convenience", 7.1, 6,
         "One hotline for shop, fitter and repair", "hotline lead", "calls passed on per 100"),
    Card("order_by_phone", "retired", "The online shop and I do not get on.", "convenience", 5.6, 7,
         "Orders taken by the hotline", "hotline lead", "orders by telephone", "communication"),
    Card("parking", "family", "There is nowhere to stop when I collect something heavy.", "convenience", 4.8, 5,
         "Free delivery of heavy goods from the shop", "delivery lead", "heavy goods delivered on the same day"),
    Card("choose_wrong", "new_flat", "I am afraid to choose the wrong one and live with it for ten years.", "communication", 7.8, 6,
         "Advice with a free exchange for 30 days", "shop managers", "exchanges per 100 advised orders", "", "solution"),
    Card("plain_words", "retired", "The leaflet speaks to engineers.", "communication", 5.8, 5,
         "One page in plain words for each product", "marketing", "products with a plain page"),
    Card("price_included", "new_flat", "Nobody told me what the price includes and what it does not.", "communication", 7.3, 6,
         "A list of what is included on every offer", "marketing", "offers with the list", "cost"),
    Card("after_purchase", "family", "After I have paid nobody ever asks how it is going.", "communication", 6.9, 6,
         "A call a week after installation", "hotline lead", "customers called within ten days"),
    Card("bad_news", "couple", "If you are late, say so before I ask.", "communication", 7.0, 6,
         "A message as soon as a date moves", "delivery lead", "moved dates told in advance", "", "convenience"),
    Card("adverts", "tenant", "Three messages a week, and none is about what I own.", "communication", 5.4, 4,
         "Messages only about what a customer owns", "marketing", "messages per customer and month"),
)  # fmt: skip
UNSERVED = ("old_appliance", "evening_visit", "spare_parts", "after_purchase")
"""Cards that the story `unserved` may leave without an answer."""
BEHIND_COST = {
    "money": "running_cost",
    "time": "wait_at_home",
    "energy": "filter_change",
    "psychic": "choose_wrong",
}
"""The card that speaks of each of the four costs."""
_MISDIRECTED = {
    "money": ("promotion", "A leaflet about the quality of the filters", "marketing", "leaflets handed out"),
    "time": ("price", "A coupon of 30 yuan after a late visit", "head of finance", "coupons paid out"),
    "energy": ("price", "10% off the next filter set", "head of finance", "coupons used"),
    "psychic": ("price", "5% off for those who hesitate", "head of finance", "discounts given"),
}


def needs(history) -> pd.DataFrame:
    """The public table: statement cards with the company's answer to each."""
    stories = history.stories
    u = history.dice.table("needs", 0, len(CARDS), ("importance", "delivery"))
    wobble = np.round((u["importance"] - 0.5) * 0.6, 1)
    rows = []
    for place, card in enumerate(CARDS):
        p = C_TO_P[card.c] if card.action else ""
        action, owner, metric = card.action, card.owner, card.metric
        importance, delivery = round(card.importance + float(wobble[place]), 1), card.delivery
        if stories.has("bother") and card.key == BEHIND_COST[stories.plant["bother"]]:
            p, action, owner, metric = _MISDIRECTED[stories.plant["bother"]]
            importance, delivery = round(8.9 + float(wobble[place]), 1), 3
        if stories.has("unserved") and card.key == stories.plant["unserved"]:
            p, action, owner, metric = "", "", "", ""
            importance, delivery = round(8.4 + float(wobble[place]), 1), 1
        rows.append(
            {
                "statement_id": f"N{place + 1:02d}",
                "persona": card.persona,
                "statement": card.statement,
                "c": card.first_coder or card.c,
                "c_second": card.second_coder or card.c,
                "importance": importance,
                "p": p,
                "action": action,
                "owner": owner,
                "metric": metric,
                "delivery": delivery,
            }
        )
    table = pd.DataFrame(rows)
    table["delivery"] = table["delivery"].astype("float64")
    return table.assign(**{name: table[name].replace("", None) for name in ("p",)})


def truth_of_needs(history, stories: planted.Stories) -> pd.DataFrame:
    """The true C of every statement, and whether nobody answers it because a story says so."""
    return pd.DataFrame(
        {
            "statement_id": [f"N{place + 1:02d}" for place in range(len(CARDS))],
            "key": [card.key for card in CARDS],
            "c": [card.c for card in CARDS],
            "planted_unserved": [
                "yes" if stories.has("unserved") and card.key == stories.plant["unserved"] else "no" for card in CARDS
            ],
            "planted_misdirected": [
                "yes" if stories.has("bother") and card.key == BEHIND_COST[stories.plant["bother"]] else "no"
                for card in CARDS
            ],
        }
    )
