"""The activities of lesson 00b: cards, two judgements and one number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from helpers import words
from helpers.data.company import Company
from helpers.orientation import breadth, breadth_findings, market_findings, markets
from helpers.teaching import Card, Option, exercise, sorting
from helpers.withheld import Withheld


def inputs(company: Company, *, as_of: date, window_days: int = 365, clear: float = 0.5, market: str = "water") -> Mapping[str, Any]:
    """What the activities are worked out from, by name.

    Parameters
    ----------
    company : Company
    as_of : date
    window_days : int
        Most days in the window of returning customers.
    clear : float
        Share from which money comes back and customers buy across lines.
    market : str
        A key of `markets.MARKETS`: the one that is measured.

    Returns
    -------
    dict of str to a value, or to a function that is called when it is needed
    """
    return {
        "orders": company.orders,
        "products": company.products,
        "as_of": as_of,
        "window_days": window_days,
        "clear": clear,
        "market": markets.MARKETS[market],
        "rivals": markets.sellers(markets.MARKETS[market]),
        "now": lambda orders, products, as_of, window_days: _ties(orders, products, as_of, window_days, 0),
        "before": lambda orders, products, as_of, window_days: _ties(orders, products, as_of, window_days, 1),
    }


# ---------------------------------------------------------------- what is sold, and how


@sorting(
    "0b.1",
    minutes=4,
    covers=["S08"],
    piles={
        "fast": "Fast-moving goods (快消品)",
        "durable": "Durables (耐用品)",
        "industrial": "Industrial goods (工业品)",
        "service": "Services (服务品)",
    },
    cards={
        "water": Card("A bottle of mineral water", "fast", "Cheap, bought often, used up at once."),
        "flat": Card("A flat in a new block", "durable", "A high price, and bought once or twice in a life."),
        "flour": Card(
            "Flour by the lorry, for a bakery",
            "industrial",
            "It is bought to be worked further.",
            {"fast": "The same flour in a small bag is fast-moving. Here a firm buys it to make something of it."},
        ),
        "filter": Card(
            "Filters for a purifier at home, one every six months",
            "fast",
            "Used up and bought again.",
            {
                "durable": "The purifier is a durable. The filter is used up and bought again.",
                "service": "That would be so if somebody came to change it. The card speaks of the filter alone.",
            },
        ),
        "ring": Card("A gold ring", "durable", "High price, seldom bought, kept for years."),
        "plan": Card(
            "The yearly Care Plan: somebody comes, cleans and changes the filter",
            "service",
            "What is delivered is a result, by people.",
            {"fast": "The filter is the smaller part of it. What is bought is that somebody comes and it is done."},
        ),
        "tax": Card(
            "Tax advice for a small firm",
            "service",
            "People deliver a result: a service for business.",
            {
                "industrial": "A firm buys it, yet nothing is worked further: people deliver a result. The source counts it among "
                "services for business.",
            },
        ),
        "compressor": Card(
            "Compressors for a maker of fridges",
            "industrial",
            "A component, bought to be built in.",
            {"durable": "The fridge is a durable for the family. The maker buys the compressor to build it in."},
        ),
    },
    hints=["Ask two things: who buys it, and what for? A firm that works it further makes the same thing another class."],
    means="The class lies in the buyer and the use, not in the thing: flour and filters change their class with whoever buys them.",
)
def product_classes():
    """Which of the four classes does each belong to?"""


@sorting(
    "0b.2",
    minutes=3,
    covers=["S09"],
    piles={
        "one_many": "One to many (单对多)",
        "one_one": "One to one (单对单)",
        "many_many": "Many to many (多对多)",
    },
    cards={
        "bus": Card(
            "A film star on every bus, and the bottle within reach at every till",
            "one_many",
            "Advertising in the sky, shops on the ground.",
        ),
        "kitchen": Card("A couple, a measuring tape, an hour in the kitchen shop", "one_one", "Somebody explains and recommends."),
        "tender": Card(
            "Engineers, buyers and heads of finance on both sides of the table; then a public tender",
            "many_many",
            "A group buys, so a group sells.",
        ),
        "shelf": Card("A price for 100 grams, a place at eye level, a coupon in the app", "one_many", "Nobody talks; the shelf sells."),
        "visit": Card(
            "The buyer first asks whom else you supply, and spends a day with one of them",
            "many_many",
            "Trust comes first; meeting the need is only the entry ticket.",
            {
                "one_one": "One buyer asks, but for a whole firm: trust is checked before any need is met. That is how "
                "industrial goods are bought.",
            },
        ),
        "live": Card(
            "A host sells 20,000 lipsticks in a live stream of ten minutes",
            "one_many",
            "One speaks, thousands listen.",
            {"one_one": "It feels like a talk between two. Count them: one speaks, and thousands buy."},
        ),
        "washer": Card(
            "A seller compares three washing machines and recommends the small one", "one_one", "A durable: a long decision, with advice."
        ),
        "hotel": Card(
            "4,000 beds for forty hotels: the owner likes them, a committee decides",
            "many_many",
            "The same bed, another buyer, another way of selling.",
            {"one_one": "For a bedroom at home that would be right. Here a committee decides, with rules of its own."},
        ),
    },
    hints=["Count the heads on both sides: who speaks, and who decides?"],
    means="The way of selling follows from who decides and from how much of a talk the sale can pay for.",
)
def ways_of_selling():
    """How is each of these sold?"""


# ---------------------------------------------------------------- markets


@exercise(
    "0b.3",
    minutes=4,
    spreadsheet=True,
    digits=0,
    covers=["S10"],
    hints=[
        "Square every share first, then add up the squares.",
        "In a spreadsheet: SUMSQ over the column. In a cell: `rivals[\"share\"] ** 2`, then `.sum()` of that.",
    ],
    means="Squaring lets one large firm weigh more than many small ones, which is what few hands means.",
)
def hhi_of_the_market(rivals):
    """The HHI of this market: the sum of the squared shares, in percent."""
    return (rivals["share"] ** 2).sum()


@hhi_of_the_market.mistake("That is CR4, the share of the four largest. For the HHI every share is squared, then added.")
def _(rivals):
    return rivals["share"].nlargest(4).sum()


@hhi_of_the_market.mistake("You squared fractions. Regulators square percentages: 24% counts as 24 × 24 = 576, not as 0.0576.")
def _(rivals):
    return ((rivals["share"] / 100) ** 2).sum()


@hhi_of_the_market.mistake("You squared the four largest only. The small ones count too, although each counts little.")
def _(rivals):
    return (rivals["share"].nlargest(4) ** 2).sum()


@hhi_of_the_market.mistake("You added first and squared then. All shares are 100 together, so that gives 10,000 for any market.")
def _(rivals):
    return rivals["share"].sum() ** 2


@exercise(
    "0b.4",
    minutes=2,
    kind="judge",
    covers=["S10"],
    options={
        "administrative": Option(
            "Administrative monopoly (行政垄断): only the licensed may sell",
            "Yes: {licence}. How few the sellers are ({sellers}) follows from that.",
            "Not here: {licence}. A permit to bottle or to cook is no licence to be the only one.",
        ),
        "oligopoly": Option(
            "Oligopoly (寡头垄断): few hold most of it, and a newcomer hardly gets in",
            "Yes: the HHI is {hhi}, {level}, and the largest has {largest}. On the internet this is the head effect (头部效应).",
            "Not by the measure: the HHI is {hhi}, {level}, with {sellers}. And look at who may sell, and at the prices: "
            "{licence}; the dearest costs {spread} the cheapest.",
        ),
        "monopolistic": Option(
            "Monopolistic competition (垄断竞争): many sellers, each with a name and a price of its own",
            "Yes: {sellers}, an HHI of {hhi} ({level}), and the dearest costs {spread} the cheapest for the same amount. Buyers "
            "pay for a name.",
            "Not here. For that, many sell ({sellers}, HHI {hhi}, {level}), nobody needs a licence, and each has a price of its "
            "own (dearest: {spread} the cheapest).",
        ),
        "perfect": Option(
            "Perfect competition (完全竞争): like goods from many, and the price is taken as it comes",
            "Yes: {sellers}, an HHI of {hhi} ({level}), and the dearest costs only {spread} the cheapest. Nobody sets a price here.",
            "The source says so of bottled water. Look at the prices and the shares: the dearest costs {spread} the cheapest, "
            "and four sell {cr4}. "
            "Whoever takes the price as it comes has neither.",
        ),
    },
)
def structure_of_the_market(market):
    """Which of the four structures has this market?"""
    return markets.structure_of(market)


@structure_of_the_market.facts
def _(market):
    return market_findings.market_facts(market)


# ---------------------------------------------------------------- eras, product and customer


@sorting(
    "0b.5",
    minutes=5,
    covers=["S14"],
    piles={
        "production": "Production (生产导向)",
        "product": "Product (产品导向)",
        "sales": "Sales (销售导向)",
        "marketing": "Marketing (营销导向)",
        "demand": "Demand (需求导向)",
    },
    cards={
        "tonnes": Card("The target of the month: tonnes out of the gate", "production", "Only output counts."),
        "queue": Card("Whoever has a coupon and a place in the queue gets one", "production", "Shortage: the buyer needs the seller."),
        "iso": Card("“Our quality passed the audit again” (ISO 9000)", "product", "Quality first."),
        "buttons": Card(
            "“Forty functions!” The engineers are proud; nobody had asked for them",
            "product",
            "The product leads, not a need.",
            {"demand": "It sounds generous. Yet it begins with what we can do, not with what somebody needs."},
        ),
        "bonus": Card("A bonus for every piece sold, whatever comes back later", "sales", "The sale counts; the buyer's regret does not."),
        "gift": Card(
            "Buy two, get one; a present with every card; ring at every door",
            "sales",
            "It pushes what has been made.",
            {"marketing": "Adverts and presents push what lies in the store. Marketing asks before that what the name should stand for."},
        ),
        "name": Card(
            "“What do people think of when they hear our name?”", "marketing", "Quality is alike; the picture in the head decides."
        ),
        "rivals": Card(
            "A position between two rivals, chosen with dealers, banks and the agency at one table",
            "marketing",
            "Many players, and the rivals among the first.",
        ),
        "own": Card(
            "Each buyer puts their own computer together; then it is built",
            "demand",
            "One customer, one product.",
            {"product": "A good product, yes. What is new is the order: first the buyer's wish, then the building."},
        ),
        "kept": Card(
            "“How many of last spring's customers are still with us, and satisfied?”",
            "demand",
            "The customer's value comes first, the firm's follows.",
            {"marketing": "Marketing asks what all of them think of us. This asks who stayed."},
        ),
    },
    hints=["Ask of each card: what is counted at the end of the month? Output, quality, sales, the name, or the customer?"],
    means="Read them again: most firms have cards from three eras on the same floor. Shortage brings the first era back within a week.",
)
def eras():
    """In which era of marketing does each of these live?"""


@sorting(
    "0b.6",
    minutes=3,
    covers=["S16"],
    piles={"product": "Centred on the product (以产品为中心)", "customer": "Centred on the customer (以客户为中心)"},
    cards={
        "lists": Card("Kitchen and water each keep a list of customers of their own", "product", "Each product knows its own users only."),
        "one": Card(
            "One number for each customer, at whichever counter they stand", "customer", "The customer is one, so the record is one."
        ),
        "pieces": Card("The monthly report begins with pieces by product", "product", "What is counted first is what leads."),
        "came": Card(
            "The monthly report begins with who came, who came back and who did not", "customer", "What is counted first is what leads."
        ),
        "open": Card(
            "“We are open until nine; who needs something will come”",
            "product",
            "It waits. The old word 顾客 is the guest who visits.",
            {"customer": "It is friendly, and it waits. The old word for customer, 顾客, means that: the guest who comes by."},
        ),
        "day30": Card("Thirty days after every installation somebody asks whether all works", "customer", "It begins without being asked."),
        "letter": Card(
            "The same letter, with the name filled in, to all 4,000 customers",
            "product",
            "One message for everybody.",
            {
                "customer": "It reaches customers, and treats them alike. Centred on the customer means different things for "
                "different people.",
            },
        ),
        "ten": Card(
            "Before a new model is drawn, ten people who complained are asked in",
            "customer",
            "Need first, product second.",
            {"product": "A product comes out of it, but the need goes in first."},
        ),
    },
    hints=["Who has to begin, the firm or the customer? And is one customer told apart from another?"],
    means="None of this needs new software. It is decided by what is counted first, and by who begins.",
)
def product_or_customer():
    """Product or customer: what does each of these serve?"""


@exercise(
    "0b.7",
    minutes=3,
    kind="judge",
    covers=["S16"],
    options={
        "single": Option(
            "Mostly new buyers, and one line each: the product is sold to whoever comes by",
            "Yes: only {repeat} of the money comes from people who had bought before, and {across} bought from more than one line.",
            "Look again: {repeat} of the money comes from people who had bought before, and {across} bought from more than one "
            "line. The half is the line.",
        ),
        "spree": Option(
            "Mostly new buyers, across lines: a full cart, once",
            "Yes: {across} bought from more than one line, and only {repeat} of the money comes from people who had bought before.",
            "Look again: {repeat} of the money comes from people who had bought before; {across} bought from more than one line.",
        ),
        "habit": Option(
            "Mostly people who come back, for the same line",
            "Yes: {repeat} of the money comes from people who had bought before, and only {across} bought from more than one line.",
            "Look again: {across} bought from more than one line, and {repeat} of the money comes from people who had bought before.",
        ),
        "relation": Option(
            "Mostly people who come back, and across lines",
            "Yes: {repeat} of the money comes from people who had bought before, and {across} bought from more than one line. {moved}",
            "Not both: {repeat} of the money comes from people who had bought before, and {across} bought from more than one "
            "line. It takes the half of each.",
        ),
    },
    means="Orders show what customers did. Whether the firm meant it is another question, and no order can answer that.",
)
def firm_that_the_orders_show(now, clear):
    """The owner says: "We are a product house, and people come for the product." Which of four firms do the orders show?"""
    return breadth.pattern(now, clear=clear)


@firm_that_the_orders_show.facts
def _(now, orders, products, as_of, window_days):
    before = _ties(orders, products, as_of, window_days, 1)
    return {
        "repeat": words.percent(now.repeat_share),
        "across": f"{words.in_100(now.across_share)} customers",
        "moved": breadth_findings.moved(now, before),
    }


def which_way_it_moved(now, before):
    """Whether the orders moved towards the customer or towards the product; for the quiz."""
    return breadth_findings.direction(now, before)


# ---------------------------------------------------------------- PEST


@sorting(
    "0b.8",
    minutes=4,
    covers=["S12"],
    piles={"policy": "Policy (政策)", "economy": "Economy (经济)", "society": "Society (社会)", "technology": "Technology (技术)"},
    cards={
        "children": Card(
            "2016: every couple may have two children",
            "policy",
            "A decision of the state.",
            {"society": "Families change by it, and that is society. The signal itself is a decision of the state."},
        ),
        "towns": Card(
            "2016: 57.35% of the people live in towns",
            "society",
            "How and where people live.",
            {"economy": "It moves the economy, too. The signal says how people live."},
        ),
        "lpr": Card(
            "2020: the rate of old mortgages follows a market rate (LPR)",
            "economy",
            "What a household has left each month.",
            {"policy": "A rule stands behind it. The source files it under economy: what reaches the customer is a monthly sum."},
        ),
        "posts": Card(
            "2020: “new infrastructure” (新基建) is put on the plan: networks, data centres, charging posts",
            "policy",
            "The state says where money goes.",
            {"technology": "The things on the list are technology. The signal is that the state will pay for them."},
        ),
        "split": Card("2020: growth slows, and incomes drift apart", "economy", "How much there is to spend, and for whom."),
        "hanfu": Card("2020: young people wear Hanfu (汉服) on an ordinary day", "society", "What people want to be."),
        "devices": Card("2020: lamp, lock and fridge speak to the telephone", "technology", "What has become possible."),
        "profile": Card(
            "2020: a shop can put everything that it knows of one customer on one page",
            "technology",
            "A thousand faces for a thousand people (千人千面).",
            {"society": "Whether people like it is society, and whether it is allowed is policy. The signal is that it can be done."},
        ),
    },
    hints=["Ask who moves: the state, the purse, people's lives, or what machines can do."],
    means="Where a signal lies matters less than that somebody looks into all four corners, and writes a date beside it.",
)
def pest_signals():
    """Into which corner of PEST does each signal belong?"""


@sorting(
    "0b.9",
    minutes=3,
    covers=["S12"],
    piles={
        "solution": "Customer solution (客户解决方案)",
        "cost": "Customer cost (客户成本)",
        "convenience": "Convenience (便利)",
        "communication": "Communication (沟通)",
    },
    cards={
        "small": Card(
            "More people live alone, in small flats",
            "solution",
            "Another need: smaller, quieter, for one.",
            {"convenience": "A small kitchen is no question of how easily something is bought. What is needed becomes another thing."},
        ),
        "instalments": Card("The rate for paying by instalments rises", "cost", "The same machine costs more each month."),
        "lockers": Card("Every block gets parcel lockers, so nobody waits at home", "convenience", "Easier to get."),
        "video": Card(
            "Two hours of short videos in the evening, half an hour of television", "communication", "Where people can be reached."
        ),
        "old": Card(
            "A scheme pays for the old machine when a new one is bought",
            "cost",
            "What the customer has left to pay.",
            {"communication": "It is news, and worth telling. What it changes is what the customer pays."},
        ),
        "air": Card("Families ask what is in the air and in the water", "solution", "A need that was not named before."),
    },
    hints=["Ask what changes for the customer: what they need, what it costs them, how easily they get it, or how they hear of it."],
    means="A signal that touches no C is only news. One that touches a C has a next step.",
)
def signals_and_the_c():
    """Which C of the customer does each signal touch first?"""


# ---------------------------------------------------------------- the chain and the four shifts


@sorting(
    "0b.10",
    minutes=3,
    covers=["S23"],
    piles={"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth"},
    cards={
        "tight": Card(
            "The tap is tight at the first visit, and nobody has to ring twice",
            "2",
            "Enterprise value: quality, service, brand, relationship.",
            {"1": "Why is it tight at the first visit? Somebody learned something before."},
        ),
        "more": Card(
            "The quarter closes with more left over, with the advertising of last year",
            "5",
            "Profitability.",
            {"1": "Many plans begin here: first the profit, then training if something is left. The chain runs the other way."},
        ),
        "five": Card(
            "The family gives five of five",
            "3",
            "Customer satisfaction.",
            {"4": "They say it before they come back: the next purchase follows later, if it does."},
        ),
        "learn": Card("The fitters learn the new valve, and how to explain it", "1", "Attitude of staff, learning and innovation."),
        "again": Card("They buy their filters here for three more years, and the fridge", "4", "Level of consumption."),
    },
    hints=["Begin with what somebody has to know before the customer can have anything of it."],
    means="Each arrow is a claim that can be tested. Later lessons find that some of them hold loosely.",
)
def value_chain():
    """Put these five moments of Lantern Home in the order of the value chain."""


@sorting(
    "0b.11",
    minutes=4,
    covers=["S01"],
    piles={
        "life": "One stage → the whole life cycle (全生命周期)",
        "round": "The product → all around it (全面)",
        "active": "Passive → active (主动)",
        "deep": "Shallow → deep (深度)",
    },
    cards={
        "plan": Card(
            "There is a plan for day 1, day 30, year 3, and for the day when the machine is thrown away",
            "life",
            "From the first contact to the last.",
        ),
        "bonus": Card(
            "The bonus counts customers who are still with us after a year",
            "life",
            "The sale is no longer the end.",
            {"deep": "It counts how long they stay, not how well we know them."},
        ),
        "bill": Card("Delivery, the bill and the old machine are somebody's job, too", "round", "The customer buys all of it."),
        "visit": Card(
            "We measure the whole visit, not only whether the machine runs",
            "round",
            "More than the product is looked at.",
            {"deep": "It looks at more things, not deeper into one customer."},
        ),
        "due": Card(
            "We ring when the filter is due, before the customer remembers",
            "active",
            "We begin.",
            {"life": "It is part of the life cycle, too. The point of this card is who begins."},
        ),
        "stock": Card("“Your part will be a week late”: we say it before anybody asks", "active", "We begin, also with bad news."),
        "why": Card("We know what she bought it for, and who at home uses it", "deep", "From the receipt to the need."),
        "table": Card(
            "Four times a year ten customers sit at the table where models are chosen",
            "deep",
            "They take part; it is no longer only our firm.",
            {"active": "We invite them, so we begin. But the card is about how far they get: to the table."},
        ),
    },
    hints=["Long, wide, first, near: which of the four does the card make more of?"],
    means="Long, wide, first, near: a firm can be good at one and bad at another, so each is scored by itself.",
)
def four_shifts():
    """Which of the four shifts does each of these show?"""


# ---------------------------------------------------------------- beyond the core


@sorting(
    "0b.12",
    minutes=3,
    covers=["S04"],
    piles={"find": "Find opportunity", "create": "Create value", "tell": "Communicate value", "realise": "Realise value"},
    cards={
        "alone": Card("Count how many people live alone in each district", "find", "A need that nobody serves yet?"),
        "reviews": Card(
            "Read 300 bad reviews of the rivals' machines",
            "find",
            "Where others leave something open.",
            {"tell": "Reviews are communication of customers. We read them to find something."},
        ),
        "small": Card("Build a rice cooker for one", "create", "The answer to the need."),
        "hour": Card(
            "Promise and keep: installed within 48 hours",
            "create",
            "Service is value, too.",
            {"tell": "Saying it is telling. Keeping it is value, and that is the larger part of the work."},
        ),
        "video": Card("Show in half a minute what it does for somebody who comes home late", "tell", "So that it is understood."),
        "box": Card("Write on the box what it cannot do", "tell", "Honest words are communication, too."),
        "basket": Card("Pay in one step, and get it on the day you choose", "realise", "From wanting to having."),
        "order": Card("The seller writes the order", "realise", "Selling is the last link of marketing."),
    },
    hints=["Does it look for something, make something, say something, or close something?"],
    means="Selling is the last of the four. Where the first three are missing, it is hard work.",
)
def four_steps_of_marketing():
    """To which of the four steps of marketing does each belong?"""


@sorting(
    "0b.13",
    minutes=3,
    covers=["S21", "S22"],
    piles={"product": "A good product", "service": "Excellent service", "brand": "A known brand", "trust": "The customer's trust"},
    cards={
        "design": Card("Those who design and build", "product", "They learn quality, and design for people."),
        "sell": Card("Those who sell and serve", "service", "They learn service."),
        "strategy": Card(
            "Those who plan marketing and strategy",
            "brand",
            "They learn what the name should stand for, and for how long.",
            {"trust": "They can promise. Trust grows where the promise is kept, by everybody who meets customers."},
        ),
        "all": Card(
            "Everybody who meets a customer, from the till to the head of finance",
            "trust",
            "Long relations are made by all who meet customers.",
            {"service": "They serve, too. The source asks more of them: that the customer finds a friend and not a servant."},
        ),
    },
    hints=["Ask what each group of people has in its own hands."],
    means="So the question of who has to learn what has four answers, not one training day for everybody.",
)
def who_learns_for_what():
    """The value of a firm has four components. Whose learning does each rest on?"""


# ---------------------------------------------------------------- what the activities build on


def _ties(orders, products, as_of, window_days, back):
    over = breadth.window(orders, as_of=as_of, window_days=window_days, back=back)
    return over if isinstance(over, Withheld) else breadth.ties(orders, products, over=over)
