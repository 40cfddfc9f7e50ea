"""The data contract: the one place that says which tables and columns there are.

The checks, their messages and the data dictionary (`data/README.md`) are drawn
from here. A column name in a file is the name below; inside, money is held in
minor units (fen, pence) and its column is called `<name>_minor`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import pandera.pandas as pa

KINDS = {
    "id": "text, never a number, so that 007 stays 007",
    "text": "text",
    "datetime": "date and time, on the shop's own clock",
    "date": "date",
    "money": "money, in the currency's main unit with its digits (129.00)",
    "number": "number",
    "integer": "whole number",
    "yes_no": "yes or no",
}


@dataclass(frozen=True)
class Column:
    """One column of a table: its type, unit, limits and meaning.

    Parameters
    ----------
    name : str
        The name in a file.
    kind : str
        A key of `KINDS`.
    means : str
        One sentence for a reader who has never seen the file.
    required : bool
        Whether the table is of no use without the column.
    may_be_empty : bool
        Whether single cells may be empty.
    """

    name: str
    kind: str
    means: str
    required: bool = False
    may_be_empty: bool = True
    unique: bool = False
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    gain: str = ""

    @property
    def stored(self) -> str:
        """The name of the column inside: `amount` is held as `amount_minor`."""
        return f"{self.name}_minor" if self.kind == "money" else self.name

    @property
    def dtype(self) -> str:
        """The pandas type of the column inside."""
        if self.kind == "money":
            return "Int64" if self.may_be_empty else "int64"
        return {
            "id": "str",
            "text": "str",
            "datetime": "datetime64[us]",
            "date": "datetime64[us]",
            "number": "float64",
            "integer": "Int64",
            "yes_no": "boolean",
        }[self.kind]

    @property
    def limits(self) -> str:
        """The limits in words, or an empty text."""
        if self.allowed:
            return "one of " + ", ".join(self.allowed)
        if self.low is not None and self.high is not None:
            return f"from {self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"{self.low:g} or more"
        return ""


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its columns, and what it is good for."""

    name: str
    row: str
    columns: tuple[Column, ...]
    gain: str = ""

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if name in (column.name, column.stored):
                return column
        raise KeyError(name)

    def __contains__(self, name: str) -> bool:
        return any(name in (column.name, column.stored) for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """All column names, as a file has them."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that the table cannot do without."""
        return tuple(column.name for column in self.columns if column.required)


ORDERS = Table(
    "orders",
    "one order line (a product on a receipt); a return is a row of its own",
    (
        Column(
            "order_id",
            "id",
            "The number of the order or receipt. All lines of an order carry the same one, and an order belongs to one customer.",
            required=True,
            may_be_empty=False,
        ),
        Column(
            "customer_id",
            "id",
            "The shop's number for the customer. Empty when nobody knows who bought: the money is counted, but no customer gets it.",
            required=True,
        ),
        Column(
            "ordered_at",
            "datetime",
            "When the order was placed.",
            required=True,
            may_be_empty=False,
        ),
        Column(
            "amount",
            "money",
            "What the line brought in. Positive on a sale, negative on a return (the money given back), zero on a gift. "
            "A cancelled line keeps the amount it would have had.",
            required=True,
            may_be_empty=False,
            unit="currency",
        ),
        Column(
            "quantity",
            "number",
            "How many pieces. Negative on a return.",
            unit="piece",
            gain="With quantity, a report can tell bulk buyers from buyers of dear things.",
        ),
        Column(
            "list_price",
            "money",
            "The price of one piece on the list, before any discount.",
            low=0,
            unit="currency",
            gain="With the list price, a report can show how much of each order was discount.",
        ),
        Column(
            "margin",
            "money",
            "What the line left after the cost of the goods. Negative on a return (the margin given back) or on a sale below cost.",
            unit="currency",
            gain="With the margin, customers can be ranked by what they leave, not by what they spend.",
        ),
        Column(
            "product_id",
            "id",
            "The number of the product.",
            gain="With the product, a report can see what people buy together and postage can be told from goods.",
        ),
        Column("store_id", "id", "The shop that sold it.", gain="With the shop, a fall can be traced to where it happens."),
        Column(
            "channel",
            "text",
            "The way the order came in: shop, online, phone.",
            gain="With the channel, a fall can be traced to how it was sold.",
        ),
        Column("region", "text", "The city or region of the order.", gain="With the region, a fall can be traced to where it happens."),
        Column("campaign_id", "id", "The campaign that the order answered."),
        Column("sales_behaviour", "text", "How it was sold, where the shop notes it: advice, bundle, pressure."),
        Column(
            "kind",
            "text",
            "What the line is. A cancellation never happened; non_product is postage or a fee. "
            "Where the column is missing, the sign of the amount decides.",
            allowed=("sale", "return", "cancellation", "non_product"),
        ),
    ),
    gain="Nothing works without it.",
)

CUSTOMERS = Table(
    "customers",
    "one customer",
    (
        Column("customer_id", "id", "The same number as in orders.", required=True, may_be_empty=False, unique=True),
        Column("joined_on", "date", "The day the customer became known: the first order, or the sign-up."),
        Column("acquisition_route", "text", "How the customer came: advert, shop, referral, installer, online_search ..."),
        Column("acquisition_cost", "money", "What it cost to win the customer.", low=0, unit="currency"),
        Column("referrer_id", "id", "The customer who brought this one."),
        Column("city", "text", "Where the customer lives."),
        Column("birth_year", "integer", "Year of birth.", low=1900, high=2030, unit="year"),
        Column("background", "text", "A code for the customer's situation: new_flat, family, tenant ..."),
        Column("consent", "yes_no", "Whether the customer agreed to be contacted."),
        Column(
            "kind",
            "text",
            "Whether the id is a person. A staff card or a walk-in card is shared by many people.",
            allowed=("person", "staff", "walk_in"),
        ),
        Column(
            "phone_code",
            "text",
            "A code that stands for the telephone number on file, the same for the same number; never the number itself.",
            gain="With a code for the telephone, customer numbers that belong to one person can be found.",
        ),
        Column(
            "address_code",
            "text",
            "A code that stands for the address on file, the same for the same address; never the address itself. A household shares it.",
            gain="With a code for the address, a person who has changed the telephone can be found again.",
        ),
        Column(
            "tier",
            "text",
            "The grade in the loyalty programme: classic, silver, gold ... Empty for those who are not in it.",
            gain="With the grade, a report can say whether the programme's benefits go to those who stay because of them.",
        ),
        Column("points", "number", "Points on the account that are not used yet.", low=0, unit="points"),
        Column("benefit_cost", "money", "What the benefits of the programme cost for this customer in the last 365 days.", low=0, unit="currency"),
    ),
    gain="With it, action lists know who agreed to be contacted, and reports can compare the routes by which customers came.",
)

PRODUCTS = Table(
    "products",
    "one product",
    (
        Column("product_id", "id", "The same number as in orders.", required=True, may_be_empty=False, unique=True),
        Column("name", "text", "What it is called."),
        Column("line", "text", "The product line: kitchen, water, light ..."),
        Column("class", "text", "The class within the line."),
        Column("brand", "text", "The brand."),
        Column("price", "money", "The price of one piece today.", low=0, unit="currency"),
        Column("cost", "money", "What one piece costs the shop.", low=0, unit="currency"),
        Column("generation", "integer", "1 for the first model, 2 for the one that replaced it, and so on.", low=0),
    ),
    gain="With it, a fall can be traced to a product line.",
)

CONTACTS = Table(
    "contacts",
    "one contact of a customer with the company, at one touchpoint",
    (
        Column("contact_id", "id", "The number of the contact.", required=True, may_be_empty=False, unique=True),
        Column("customer_id", "id", "The same number as in orders.", required=True),
        Column("at", "datetime", "When it happened.", required=True, may_be_empty=False),
        Column("touchpoint", "text", "Where: hotline, shop, delivery, installation, repair, web ..."),
        Column("phase", "text", "Before, during or after the purchase.", allowed=("before", "during", "after")),
        Column("owner", "text", "Who runs the touchpoint: the company itself or a partner.", allowed=("own", "partner")),
        Column("wait_minutes", "number", "How long the customer waited.", low=0, unit="minute"),
        Column("transfers", "integer", "How often the customer was passed on.", low=0),
        Column("resolved", "yes_no", "Whether the matter was settled at this contact."),
        Column("satisfaction", "integer", "What the customer said afterwards: 1 is the worst, 5 the best.", low=1, high=5),
        Column("cause", "text", "The cause of a complaint. Empty when it was none."),
        Column("status", "text", "Whether a complaint is still open.", allowed=("open", "closed")),
        Column("cost", "money", "What the contact cost the company.", low=0, unit="currency"),
        Column("store_id", "id", "The shop concerned."),
        Column(
            "case_id",
            "id",
            "The first contact about the same matter: what follows carries its number, and a contact that stands alone its own.",
            gain="With the case, the calls and visits that a hand-over causes can be counted, and whether a case changes hands.",
        ),
        Column(
            "reported_to",
            "text",
            "How far a complaint got: the front line alone, a partner, or head office. Empty when it was none.",
            allowed=("front_line", "partner", "head_office"),
            gain="With it, a report can say how many complaints never reach head office.",
        ),
        Column(
            "closed_on",
            "date",
            "The day on which a complaint was settled. Empty while it is open, and when it was none.",
            gain="With the day, a report can say how long complaints lie.",
        ),
        Column(
            "called_back",
            "yes_no",
            "Whether somebody called the customer the next day to ask whether all is well. Empty where nobody is called back.",
            gain="With it, a report can compare those who were called back with the others.",
        ),
    ),
    gain="With it, action lists leave out people with an open complaint, and the cost to serve a customer is known.",
)

SURVEY = Table(
    "survey",
    "one answer sheet of a customer survey",
    (
        Column("answer_id", "id", "The number of the sheet.", required=True, may_be_empty=False, unique=True),
        Column(
            "customer_id",
            "id",
            "The same number as in orders. Empty when nobody knows who answered.",
            gain="With the customer, what people say can be compared with what they did.",
        ),
        Column("answered_on", "date", "The day of the answer.", required=True, may_be_empty=False),
        Column("wave", "text", "The round of the survey: 2026-03 ..."),
        Column(
            "mode",
            "text",
            "How people came to answer. panel: drawn by lot from the customers; street: stopped in front of a shop; "
            "internal: staff fill in the sheet for customers they know.",
            required=True,
            may_be_empty=False,
            allowed=("panel", "street", "internal"),
        ),
        Column(
            "weight",
            "number",
            "How many customers the answer stands for, relative to the others of its mode. 1 where nobody has weighted the answers.",
            low=0,
            gain="With weights, a group that seldom answers counts as much as it should.",
        ),
        Column("city", "text", "Where the person lives or was asked."),
        Column("birth_year", "integer", "Year of birth.", low=1900, high=2030, unit="year"),
        Column("household", "text", "With whom the person lives: single, couple, family, shared ..."),
        Column("income_band", "text", "The income of the household, in three bands.", allowed=("low", "middle", "high")),
        Column(
            "motive",
            "text",
            "What matters most when the person chooses a shop.",
            allowed=("price", "quality", "service", "time"),
            gain="With the motive, classes by what people say can be compared with classes by what they do.",
        ),
        Column(
            "orders_claimed",
            "integer",
            "On how many days of the last 12 months the person ordered, as the sheet says.",
            low=0,
            unit="day",
            gain="With it, a report can hold what people remember against what the order file knows.",
        ),
        Column("plans_to_buy", "yes_no", "Whether the person plans to buy in the next three months."),
        Column("recommendation", "integer", "How likely the person is to recommend the shop: 0 not at all, 10 certainly.", low=0, high=10),
        Column(
            "overall",
            "integer",
            "How satisfied the person is with the company on the whole: 1 not at all, 10 fully.",
            low=1,
            high=10,
            gain="With it, a report can say which touchpoints move the satisfaction on the whole.",
        ),
        Column(
            "had_problem",
            "yes_no",
            "Whether the person had a problem with the company in the last 12 months.",
            gain="With it, a report can say how many problems nobody hears of.",
        ),
        Column(
            "told",
            "text",
            "How far the problem got: told nobody, a partner, the front line (a shop or the hotline), or head office. Empty without a problem.",
            allowed=("nobody", "partner", "front_line", "head_office"),
        ),
        Column("stays", "yes_no", "Whether the person means to go on buying here."),
        Column(
            "asked_by_name",
            "yes_no",
            "Whether the person asked for this company by name, unprompted, at the last purchase of such goods.",
        ),
        Column("rise_borne", "number", "By how much prices could rise before the person would go elsewhere.", low=0, unit="per cent"),
        Column("has_choice", "yes_no", "Whether the person knows another shop that could serve as well."),
        Column(
            "product_value",
            "integer",
            "How good the product itself is: 1 poor, 10 excellent.",
            low=1,
            high=10,
            gain="With the four values and the four costs, a report can say what customers weigh, not only what they complain of.",
        ),
        Column(
            "service_value",
            "integer",
            "How good the service around the product is: 1 poor, 10 excellent.",
            low=1,
            high=10,
        ),
        Column(
            "personnel_value",
            "integer",
            "How good the people are whom the customer meets: 1 poor, 10 excellent.",
            low=1,
            high=10,
        ),
        Column(
            "image_value",
            "integer",
            "How good a name the company has: 1 poor, 10 excellent.",
            low=1,
            high=10,
        ),
        Column(
            "money_cost",
            "integer",
            "How much money it costs, as it feels: 1 hardly any, 10 very much.",
            low=1,
            high=10,
        ),
        Column(
            "time_cost",
            "integer",
            "How much time it costs: 1 hardly any, 10 very much.",
            low=1,
            high=10,
        ),
        Column(
            "energy_cost",
            "integer",
            "How much effort and bother it costs: 1 hardly any, 10 very much.",
            low=1,
            high=10,
        ),
        Column(
            "psychic_cost",
            "integer",
            "How much worry it costs: 1 hardly any, 10 very much.",
            low=1,
            high=10,
        ),
        Column(
            "worth_it",
            "integer",
            "All in all, how far it was worth it: 1 not at all, 10 certainly.",
            low=1,
            high=10,
            gain="With an overall judgement, a report can work out how much each value and each cost weighs.",
        ),
    ),
    gain="With it, what customers say can be held against what they do, and who answers against who buys.",
)

RATINGS = Table(
    "ratings",
    "one touchpoint as one person expected it and met it",
    (
        Column("answer_id", "id", "The number of the sheet, the same as in survey.", required=True, may_be_empty=False),
        Column("customer_id", "id", "The same number as in orders."),
        Column("answered_on", "date", "The day of the answer."),
        Column(
            "touchpoint",
            "text",
            "Where people meet the company: product, market_activities, hotline, salespeople, sales_channel, technical_support, "
            "after_sales, email, letters, sms, fax.",
            required=True,
            may_be_empty=False,
        ),
        Column(
            "expectation",
            "integer",
            "What the person expected: 1 poor, 10 excellent.",
            required=True,
            may_be_empty=False,
            low=1,
            high=10,
        ),
        Column(
            "perception",
            "integer",
            "What the person met: 1 poor, 10 excellent.",
            required=True,
            may_be_empty=False,
            low=1,
            high=10,
        ),
    ),
    gain="With it, a report can say where the company falls short of what people expect.",
)

JOURNEYS = Table(
    "journeys",
    "one step of a journey: a person who looks around meets one touchpoint",
    (
        Column("journey_id", "id", "The number of the journey. Its steps go by time.", required=True, may_be_empty=False),
        Column("at", "datetime", "When it happened.", required=True, may_be_empty=False),
        Column("touchpoint", "text", "Where, in the words of ratings.", required=True, may_be_empty=False),
        Column(
            "ordered",
            "yes_no",
            "Whether the journey ended in an order; the same on each of its steps.",
            required=True,
            may_be_empty=False,
        ),
    ),
    gain="With it, a report can say which touchpoints stand on the way to an order, though not which of them cause it.",
)

PRICE_ANSWERS = Table(
    "price_answers",
    "one person's answers to the four price questions on one product",
    (
        Column("answer_id", "id", "The number of the sheet.", required=True, may_be_empty=False, unique=True),
        Column("customer_id", "id", "The same number as in orders. Empty when nobody knows who answered."),
        Column("answered_on", "date", "The day of the answer."),
        Column("product_id", "id", "The product that was asked about.", required=True, may_be_empty=False),
        Column("too_cheap", "money", "So cheap that one would doubt the quality.", required=True, low=0, unit="currency"),
        Column("cheap", "money", "A bargain: cheap, and still good.", required=True, low=0, unit="currency"),
        Column("expensive", "money", "Getting expensive, but one would still think about it.", required=True, low=0, unit="currency"),
        Column("too_expensive", "money", "So expensive that one would not buy.", required=True, low=0, unit="currency"),
        Column(
            "expected_price",
            "money",
            "The price that the person expects for such a product.",
            low=0,
            unit="currency",
            gain="With the expected price, a report can show what happens above it and below it.",
        ),
    ),
    gain="With it, a report can say between which prices customers find a product neither suspicious nor out of reach.",
)

PRICE_OFFERS = Table(
    "price_offers",
    "one price offered to one person of price_answers, with yes or no",
    (
        Column("answer_id", "id", "The same number as in price_answers.", required=True, may_be_empty=False),
        Column("price", "money", "The price that was offered.", required=True, may_be_empty=False, low=0, unit="currency"),
        Column("would_buy", "yes_no", "Whether the person would buy at this price.", required=True, may_be_empty=False),
    ),
    gain="With it, a report can say at which price people say yes, and which price would bring in most.",
)

NEEDS = Table(
    "needs",
    "one thing that customers said they need, and what the company does about it",
    (
        Column("statement_id", "id", "The number of the statement.", required=True, may_be_empty=False, unique=True),
        Column("persona", "text", "Who says so: a kind of customer."),
        Column("statement", "text", "What customers say, in their own words.", required=True, may_be_empty=False),
        Column(
            "c",
            "text",
            "Which of the four Cs the statement speaks of: a solution, what it costs, how convenient it is, how one talks with the customer.",
            required=True,
            allowed=("solution", "cost", "convenience", "communication"),
        ),
        Column(
            "c_second",
            "text",
            "The same, sorted by a second person who has not seen the first one's answer.",
            allowed=("solution", "cost", "convenience", "communication"),
            gain="With a second person's sorting, a report can say how far two people agree.",
        ),
        Column("importance", "number", "How important it is to customers: 1 hardly, 10 very.", required=True, low=1, high=10),
        Column(
            "p",
            "text",
            "Which of the four Ps the company's answer uses. Empty when nobody answers the need.",
            allowed=("product", "price", "place", "promotion"),
        ),
        Column("action", "text", "What the company does about it. Empty: nothing.", required=True),
        Column("owner", "text", "Who answers for the action."),
        Column("metric", "text", "What is counted to see whether the action works."),
        Column(
            "delivery",
            "number",
            "How well the company meets the need today: 1 hardly, 10 very well.",
            low=1,
            high=10,
            gain="With the delivery, a report can show where a need is important and badly met.",
        ),
    ),
    gain="With it, a report can show which needs nobody serves, and which are answered with the wrong means.",
)

CAMPAIGNS = Table(
    "campaigns",
    "one campaign in which customers were drawn by lot for what they get",
    (
        Column("campaign_id", "id", "The number of the campaign, as in orders.", required=True, may_be_empty=False, unique=True),
        Column("activity", "text", "What was done, in a few words."),
        Column(
            "purpose",
            "text",
            "What for: waking sleepers, retention of those who might leave, or something else.",
            allowed=("waking", "retention", "other"),
            gain="With it, each lesson judges its own campaigns. A campaign without a purpose counts as waking.",
        ),
        Column("started_on", "date", "The first day on which somebody was contacted.", required=True, may_be_empty=False),
        Column(
            "measured_until",
            "date",
            "The last day that counts for the result, decided before the campaign began.",
            gain="With the day fixed beforehand, nobody can choose the window that looks best.",
        ),
        Column("department", "text", "Who answers for it."),
        Column("cost", "money", "What it cost whatever the number of customers: planning, writing, the list.", low=0, unit="currency"),
    ),
    gain="With it and assignments, a report can say what a campaign caused, and what it cost to cause it.",
)

ASSIGNMENTS = Table(
    "assignments",
    "one customer who was drawn by lot for one arm of a campaign, the hold-out included",
    (
        Column("campaign_id", "id", "The campaign, as in campaigns.", required=True, may_be_empty=False),
        Column("customer_id", "id", "The same number as in orders.", required=True, may_be_empty=False),
        Column(
            "arm",
            "text",
            "What the lot gave: hold_out for those who were left alone, else a word for the treatment, such as call.",
            required=True,
            may_be_empty=False,
        ),
        Column("assigned_on", "date", "The day of the lot; before the first contact.", required=True, may_be_empty=False),
        Column("cost", "money", "What this customer's treatment cost.", low=0, unit="currency"),
        Column("consent", "yes_no", "Whether this customer might be contacted on that day."),
    ),
    gain="With it, a report can compare those who were treated with those who were left alone by lot.",
)

TIERS = ("soon_to_be", "refusing", "unexplored")
"""The three tiers of non-customers, the nearest first."""

HOUSEHOLDS = Table(
    "households",
    "one household of the region that was asked, whether or not it buys",
    (
        Column("answer_id", "id", "The number of the sheet.", required=True, may_be_empty=False, unique=True),
        Column("answered_on", "date", "The day of the answer.", required=True, may_be_empty=False),
        Column(
            "weight",
            "number",
            "How many households of the region the answer stands for. 1 where nobody has weighted the answers.",
            low=0,
            gain="With weights, a report can say how many households stand in each tier, and groups that seldom answer count as they should.",
        ),
        Column("city", "text", "Where the household lives."),
        Column("tenure", "text", "Whether it owns or rents its home.", allowed=("owner", "tenant")),
        Column("aware", "yes_no", "Whether it has heard of the company.", required=True),
        Column("considered", "yes_no", "Whether it has ever thought of buying there.", required=True),
        Column("rejected", "yes_no", "Whether it looked at the offer and decided against it.", required=True),
        Column("buys", "yes_no", "Whether it bought there in the last 24 months.", required=True),
        Column("uses_minimally", "yes_no", "Whether it buys only what it must, and would leave for something better.", required=True),
        Column(
            "barrier",
            "text",
            "What keeps it from buying, or from buying more: a code of the survey.",
            gain="With the barrier, a report can say what the tiers have in common.",
        ),
    ),
    gain="With it, a report can size the three tiers of non-customers and name the barrier that they share.",
)

PROSPECTS = Table(
    "prospects",
    "one person or household that is not a customer yet, or was not when it was entered",
    (
        Column("prospect_id", "id", "The number of the prospect.", required=True, may_be_empty=False, unique=True),
        Column("entered_on", "date", "The day on which the prospect came to be known.", required=True, may_be_empty=False),
        Column("city", "text", "Where the prospect lives."),
        Column("tenure", "text", "Whether the prospect owns or rents the home.", allowed=("owner", "tenant")),
        Column("tier", "text", "The tier of non-customers from which the prospect came.", allowed=TIERS),
        Column("barrier", "text", "What keeps the prospect from buying, in the codes of households."),
        Column(
            "route",
            "text",
            "How contact came about. outbound: the company went to the prospect; inbound: the prospect came.",
            allowed=("outbound", "inbound"),
            gain="With the route, a report can compare what it costs to win a customer in either way.",
        ),
        Column("cost", "money", "What it cost to get the prospect's name and interest.", low=0, unit="currency"),
        Column("consent", "yes_no", "Whether the prospect agreed to be contacted."),
        Column("visited_on", "date", "The day of the first sales contact. Empty: there was none."),
        Column("need_defined", "yes_no", "Noted at the first contact: the prospect can say what is needed."),
        Column("model_focused", "yes_no", "Noted at the first contact: the prospect has settled on a model."),
        Column("budget_fits", "yes_no", "Noted at the first contact: the prospect can pay for it."),
        Column("interest", "text", "Noted at the first contact: interest in the company.", allowed=("low", "ordinary", "high")),
        Column("refused", "yes_no", "Noted at the first contact: the prospect said a clear no."),
        Column(
            "follow_up",
            "text",
            "The follow-up class that the seller wrote down after the first contact.",
            allowed=("very_hopeful", "hopeful", "ordinary", "no_intention"),
        ),
        Column("offer_on", "date", "The day of the first offer with a price."),
        Column("deposit_paid", "yes_no", "Whether a deposit has been paid, on the day of the export."),
        Column("deposit_on", "date", "The day on which the deposit was noted."),
        Column("home_measured", "yes_no", "Whether the home has been measured for the goods, on the day of the export."),
        Column("measured_on", "date", "The day on which the measures were noted."),
        Column("converted_on", "date", "The day of the first order. Empty: none yet."),
        Column("customer_id", "id", "The same number as in orders, once the prospect has become a customer with a card."),
        Column("lost_on", "date", "The day on which the prospect said no for good."),
    ),
    gain="With it, a report can show the funnel, grade those who are still open and say how many customers to expect.",
)

VISITS = Table(
    "visits",
    "one sales contact with one prospect",
    (
        Column("visit_id", "id", "The number of the contact.", required=True, may_be_empty=False, unique=True),
        Column("prospect_id", "id", "The same number as in prospects.", required=True, may_be_empty=False),
        Column("at", "datetime", "When it happened.", required=True, may_be_empty=False),
        Column("channel", "text", "Where: home, shop, phone, online ..."),
        Column("seller_id", "id", "Who sold.", gain="With the seller, a report can ask whether the best closer got the best prospects."),
        Column("attempt", "integer", "1 for the first contact with the prospect, 2 for the second, and so on.", required=True, low=1),
        Column(
            "outcome",
            "text",
            "How it ended: with an order, with a no, or open.",
            required=True,
            may_be_empty=False,
            allowed=("closed", "open", "refused"),
        ),
        Column(
            "doubt",
            "text",
            "The first of the six doubts that was not answered. Empty when all were.",
            allowed=("identity", "topic", "relevance", "credibility", "choice", "timing"),
            gain="With the doubt, a report can say at which gate talks end.",
        ),
        Column("reason", "text", "The reason of a no, in the codes of barrier."),
    ),
    gain="With it, a report can tell the success of each attempt from its share of the orders, and see where talks end.",
)

BRAND_SURVEY = Table(
    "brand_survey",
    "one answer sheet of the brand tracker, a survey that is repeated in waves",
    (
        Column("answer_id", "id", "The number of the sheet.", required=True, may_be_empty=False, unique=True),
        Column("answered_on", "date", "The day of the answer.", required=True, may_be_empty=False),
        Column("wave", "text", "The round, named so that a later one sorts behind: 2025-11, 2026-05 ...", required=True, may_be_empty=False),
        Column(
            "sample",
            "text",
            "Who was asked. market: buyers of such goods, whoever they buy from; customers: people who bought here in the last 12 months.",
            required=True,
            may_be_empty=False,
            allowed=("market", "customers"),
        ),
        Column(
            "recommendation",
            "integer",
            "Customers: how likely the person is to recommend the company: 0 not at all, 10 certainly.",
            low=0,
            high=10,
            gain="With it, a report can give the recommendation score with its interval, and say whether it changed.",
        ),
        Column("trust", "integer", "Customers: how far the person trusts the company: 1 not at all, 10 fully.", low=1, high=10),
        Column("told_good", "integer", "Customers: how many people they told something good of the company in the last 12 months.", low=0),
        Column("told_bad", "integer", "Customers: how many people they told something bad of the company in the last 12 months.", low=0),
        Column("label", "text", "Market: the name on the product that the person was shown, drawn by lot: a brand, or unbranded."),
        Column(
            "would_pay",
            "money",
            "Market: the most that the person would pay for the product shown.",
            low=0,
            unit="currency",
            gain="With it and the label, a report can say what the name alone is worth.",
        ),
    ),
    gain="With it, a report can say what changed in how people see the brand, and whether the change is more than chance.",
)

BRAND_FUNNEL = Table(
    "brand_funnel",
    "one brand as one person of the brand tracker knows it",
    (
        Column("answer_id", "id", "The number of the sheet, the same as in brand_survey.", required=True, may_be_empty=False),
        Column("brand", "text", "The brand.", required=True, may_be_empty=False),
        Column("own", "yes_no", "Whether it is the company's own brand.", required=True, may_be_empty=False),
        Column("unaided", "yes_no", "Whether the person named the brand without help.", required=True, may_be_empty=False),
        Column("aided", "yes_no", "Whether the person knows the brand when its name is shown.", required=True, may_be_empty=False),
        Column("considered", "yes_no", "Whether the person would think of it for the next purchase.", required=True, may_be_empty=False),
        Column("bought", "yes_no", "Whether the person bought it in the last 12 months.", required=True, may_be_empty=False),
        Column("preferred", "yes_no", "Whether the person bought it and would choose it first again.", required=True, may_be_empty=False),
    ),
    gain="With it, a report can say at which step people are lost, and where a rival loses fewer.",
)

BRAND_PROMISES = Table(
    "brand_promises",
    "one promise of the brand as one customer of the brand tracker believed it and met it",
    (
        Column("answer_id", "id", "The number of the sheet, the same as in brand_survey.", required=True, may_be_empty=False),
        Column("promise", "text", "The promise, in a word: installed_48h ...", required=True, may_be_empty=False),
        Column("believed", "integer", "How far the customer believed it: 1 not at all, 10 fully.", required=True, low=1, high=10),
        Column("kept", "integer", "How far it was kept: 1 not at all, 10 fully.", required=True, low=1, high=10),
        Column(
            "owner",
            "text",
            "Who had to keep it that time: the company itself or a partner.",
            allowed=("own", "partner"),
            gain="With the owner, a report can say whether a promise is broken by the company's own people or by partners.",
        ),
    ),
    gain="With it, a report can say which promise is believed and not kept: where trust leaks.",
)

BRAND_STRETCH = Table(
    "brand_stretch",
    "one new product line as one person of the brand tracker judges it",
    (
        Column("answer_id", "id", "The number of the sheet, the same as in brand_survey.", required=True, may_be_empty=False),
        Column("line", "text", "The line that might be sold under the brand.", required=True, may_be_empty=False),
        Column("fit", "integer", "How well it fits the brand: 1 not at all, 10 perfectly.", required=True, low=1, high=10),
        Column("would_buy", "yes_no", "Whether the person would buy it under this name."),
    ),
    gain="With it, a report can say which new line the brand can carry, and which would stretch it too far.",
)

REFERRALS = Table(
    "referrals",
    "one friend whom a customer named, whether or not the friend came",
    (
        Column("referral_id", "id", "The number of the referral.", required=True, may_be_empty=False, unique=True),
        Column("referrer_id", "id", "The customer who named the friend, the same number as in orders.", required=True, may_be_empty=False),
        Column("referred_on", "date", "The day on which the friend was named.", required=True, may_be_empty=False),
        Column("customer_id", "id", "The friend's number as a customer. Empty when the friend never came.", required=True),
    ),
    gain="With it, a report can say how many customers bring others, and how many of the friends they name come.",
)

CONTRACTS = Table(
    "contracts",
    "one service contract of a customer, from its start to its end",
    (
        Column("contract_id", "id", "The number of the contract.", required=True, may_be_empty=False, unique=True),
        Column("customer_id", "id", "The same number as in orders.", required=True, may_be_empty=False),
        Column("product_id", "id", "What the contract covers."),
        Column("started_on", "date", "The first day of the contract.", required=True, may_be_empty=False),
        Column("paid_until", "date", "The last day of the term that is paid.", required=True, may_be_empty=False),
        Column(
            "ended_on",
            "date",
            "The last day of the contract. Empty while it runs; equal to paid_until where it was not renewed, earlier where it was cancelled.",
            required=True,
        ),
        Column(
            "ended_by",
            "text",
            "Who ended it.",
            allowed=("customer", "company"),
            gain="With it, a contract that the company ended is not counted as a customer who left.",
        ),
        Column("renewals", "integer", "How often it has been renewed.", low=0),
        Column("price", "money", "What one term costs.", low=0, unit="currency"),
    ),
    gain="With it, leaving has a date: a report can say when customers leave, how long they stay, and where leaving clusters.",
)

EXIT_REASONS = (
    "inconvenient", "slow", "unfriendly", "unprofessional", "poor_value", "dislike", "broken_promise", "need_changed",
)  # fmt: skip
"""The source's seven reasons, and the need that is no more."""

EXITS = Table(
    "exits",
    "one customer who left and was asked why",
    (
        Column("exit_id", "id", "The number of the interview.", required=True, may_be_empty=False, unique=True),
        Column("customer_id", "id", "The same number as in orders.", required=True, may_be_empty=False),
        Column("contract_id", "id", "The contract that ended, as in contracts. Empty where there was none."),
        Column("left_on", "date", "The day on which the customer left.", required=True, may_be_empty=False),
        Column("asked_on", "date", "The day of the interview."),
        Column(
            "kind",
            "text",
            "Whether we wanted to keep the customer (unwanted), could not have (unavoidable), or had ended it ourselves (wanted).",
            allowed=("unwanted", "unavoidable", "wanted"),
            gain="With it, a report can tell what might have been prevented from what could not.",
        ),
        Column("reason", "text", "The main reason that the customer gave.", required=True, allowed=EXIT_REASONS),
    ),
    gain="With it, a report can say why customers leave, and which reason costs most.",
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ORDERS, CUSTOMERS, PRODUCTS, CONTACTS, SURVEY, RATINGS, JOURNEYS, PRICE_ANSWERS, PRICE_OFFERS, NEEDS,
        CAMPAIGNS, ASSIGNMENTS, HOUSEHOLDS, PROSPECTS, VISITS,
        BRAND_SURVEY, BRAND_FUNNEL, BRAND_PROMISES, BRAND_STRETCH, REFERRALS,
        CONTRACTS, EXITS,
    )
}  # fmt: skip

EARLIEST = pd.Timestamp("1970-01-01")
LATEST = pd.Timestamp("2100-01-01")

# What a failed check means, in words: (fact about the line, advice about the file).
RULES: dict[str, tuple[str, str]] = {
    "missing": ("{column} is empty", "Fill {column}, or leave the lines out of the export"),
    "unique": ("{column} appears on an earlier line too", "Keep one row for each {column}"),
    "allowed values": ("{column} is none of {allowed}", "Map other words with [{table}.values] in the mapping"),
    "range": ("{column} must be {limits}", "Correct the value, or leave {column} out of the mapping"),
    "date range": (
        "{column} lies before 1970 or after 2099",
        "Such dates are usually a stand-in for 'unknown': leave the cell empty or correct it",
    ),
    "sign": (
        "the sign of amount does not fit kind: a sale is not negative, a return not positive",
        'State returns_sign = "positive" in [orders.rules] if the file prints returns without a minus sign',
    ),
    "order of days": (
        "a first contact, an offer, an order or a no lies before the day on which the prospect was entered",
        "Correct the days: who was a customer before does not belong among the prospects",
    ),
    "contract days": (
        "the contract ends, or is paid, before it starts",
        "Correct started_on, paid_until or ended_on",
    ),
    "contracts overlap": (
        "the customer has another contract for the same product that still runs when this one starts",
        "Keep one contract for each term, or give each product its product_id",
    ),
    "exit days": ("the customer was asked before leaving", "Correct left_on or asked_on"),
    "one customer an order": (
        "the order has lines of two customers",
        'Perhaps order numbers repeat in each shop or on each day: order_id = ["Shop", "Date", "Receipt"] joins columns',
    ),
}


def schema(table: str, columns: list[str]) -> pa.DataFrameSchema:
    """The pandera schema of a table, for the columns that a frame has.

    Nothing is ever converted here: coercion would turn the id 007 into 7.

    Parameters
    ----------
    table : str
        A name in `TABLES`.
    columns : list of str
        The columns at hand, by their stored names.
    """
    import pandera.pandas as pa

    def column_checks(column: Column) -> list[pa.Check]:
        checks = []
        if column.allowed:
            checks.append(pa.Check.isin(list(column.allowed), name="allowed values", error="allowed values"))
        if column.low is not None:
            checks.append(pa.Check.ge(column.low, name="range", error="range"))
        if column.high is not None:
            checks.append(pa.Check.le(column.high, name="range", error="range"))
        if column.kind in ("datetime", "date"):
            checks.append(pa.Check(lambda s: (s >= EARLIEST) & (s < LATEST), name="date range", error="date range"))
        return checks

    wide = []
    if table == "orders" and {"order_id", "customer_id"} <= set(columns):
        wide.append(pa.Check(one_customer_an_order, name="one customer an order", error="one customer an order"))
    if table == "orders" and {"kind", "amount_minor"} <= set(columns):
        wide.append(pa.Check(sign_fits_kind, name="sign", error="sign"))
    if table == "prospects" and "entered_on" in columns:
        wide.append(pa.Check(days_in_order, name="order of days", error="order of days"))
    if table == "contracts" and {"started_on", "paid_until", "ended_on"} <= set(columns):
        wide.append(pa.Check(contract_days, name="contract days", error="contract days"))
        wide.append(pa.Check(contracts_apart, name="contracts overlap", error="contracts overlap"))
    if table == "exits" and {"left_on", "asked_on"} <= set(columns):
        wide.append(pa.Check(lambda exits: ~(exits["asked_on"] < exits["left_on"]), name="exit days", error="exit days"))
    return pa.DataFrameSchema(
        {
            column.stored: pa.Column(
                column.dtype if column.dtype != "str" else str,
                column_checks(column),
                nullable=column.may_be_empty,
                unique=column.unique,
                report_duplicates="exclude_first",
            )
            for column in TABLES[table]
            if column.stored in columns
        },
        checks=wide,
        coerce=False,
        name=table,
    )


def one_customer_an_order(orders: pd.DataFrame) -> pd.Series:
    """All lines of an order belong to one customer; lines without a customer do not count."""
    pairs = orders[["order_id", "customer_id"]].dropna().drop_duplicates()
    shared = pairs["order_id"][pairs["order_id"].duplicated()]
    return ~orders["order_id"].isin(shared)


def sign_fits_kind(orders: pd.DataFrame) -> pd.Series:
    """A sale is zero or more, a return zero or less."""
    amount, kind = orders["amount_minor"], orders["kind"]
    wrong = ((kind == "sale") & (amount < 0)) | ((kind == "return") & (amount > 0))
    return ~wrong.fillna(False).astype(bool)


def days_in_order(prospects: pd.DataFrame) -> pd.Series:
    """Nothing happens to a prospect before the day of entry."""
    later = [name for name in ("visited_on", "offer_on", "converted_on", "lost_on") if name in prospects]
    return ~prospects[later].lt(prospects["entered_on"], axis=0).any(axis=1)


def contract_days(contracts: pd.DataFrame) -> pd.Series:
    """No contract ends, or is paid up to a day, before it starts."""
    start = contracts["started_on"]
    return ~((contracts["paid_until"] < start) | (contracts["ended_on"] < start))


def contracts_apart(contracts: pd.DataFrame) -> pd.Series:
    """No contract starts while an earlier one of the same customer and product still runs."""
    by = [name for name in ("customer_id", "product_id") if name in contracts]
    ordered = contracts.sort_values("started_on", kind="stable")
    until = ordered["ended_on"].fillna(LATEST)
    whose = ordered[by].fillna("").groupby(by, sort=False).ngroup()
    # The latest end of all earlier contracts, not of the one before alone.
    runs_until = until.groupby(whose).cummax().groupby(whose).shift()
    return ~(ordered["started_on"] <= runs_until).reindex(contracts.index)


def failures(table: str, frame: pd.DataFrame) -> list[tuple[str, str, pd.Index]]:
    """Where a typed frame breaks the contract: (column, rule, index of the lines).

    Parameters
    ----------
    table : str
        A name in `TABLES`.
    frame : DataFrame
        Typed columns under their stored names, with a unique index.

    Returns
    -------
    list of (column, rule, index)
        In the order of the contract's columns; empty when all is well.
    """
    from pandera.errors import SchemaErrors

    try:
        schema(table, list(frame.columns)).validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    structural = cases["index"].isna() | cases["check"].str.startswith("dtype(")
    if structural.any():
        # A wrong type here is a mistake in this program, not in anybody's data.
        first = cases[structural].iloc[0]
        raise TypeError(f"{table}: {first['column']} failed {first['check']}: {first['failure_case']}")
    names = {"not_nullable": "missing", "field_uniqueness": "unique"}
    rule = cases["check"].replace(names)
    column = cases["column"].where(cases["schema_context"] == "Column", "")
    found = []
    for (name, broken), lines in cases.groupby([column, rule], sort=False):
        where = _STANDS_AT.get(broken)
        name = where or TABLES[table][name].name
        found.append((name, broken, pd.Index(lines["index"].unique()).sort_values()))
    order = {name: i for i, name in enumerate(TABLES[table].names)}
    return sorted(found, key=lambda item: order[item[0]])


_STANDS_AT = {
    "one customer an order": "order_id", "sign": "amount", "order of days": "entered_on", "contract days": "started_on",
    "contracts overlap": "started_on", "exit days": "asked_on",
}  # fmt: skip
"""The column at which a rule about a whole line is reported."""


def in_words(table: str, column: str, rule: str) -> tuple[str, str]:
    """The fact and the advice for a rule, filled in for one column."""
    fact, advice = RULES[rule]
    known = TABLES[table][column]
    words = {"table": table, "column": column, "allowed": ", ".join(known.allowed), "limits": known.limits}
    return fact.format(**words), advice.format(**words)


def gain(name: str) -> str:
    """What a reader would gain by collecting a table ("contacts") or a column ("orders.margin")."""
    table, _, column = name.partition(".")
    return TABLES[table][column].gain if column else TABLES[table].gain
