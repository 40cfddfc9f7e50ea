"""The planted stories: which are on, where they sit, and how strong they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from helpers.errors import DataError
from helpers.simulate import catalogue as shop
from helpers.simulate import repairs

STORIES = {
    "record_year": "Record revenue from June 2025 to May 2026, bought by adverts, while old customers come less.",
    "fall": "The installer partner of one city went over to the rival in February 2026.",
    "burst": "People who furnish a new flat buy much within six weeks, then nothing.",
    "shared_card": "Walk-in buyers are booked on one card, which looks like the largest customer.",
    "misselling": "One shop sells wrong sizes and promises too much: returns, complaints, cost.",
    "survey_bias": "The three ways of asking customers differ in who answers and in what they answer.",
    "hand_over": "The partner at one touchpoint keeps people waiting and leaves work undone: calls, second visits, cost.",
    "low_score": "One touchpoint scores low and hardly counts for the satisfaction on the whole.",
    "iceberg": "Most people with a problem tell nobody, and most complaints never reach head office.",
    "three_ids": "One of the largest customers has three customer numbers; some others have two.",
    "call_back": "The hotline calls some back the next day, drawn by lot, and they are better content.",
    "bother": "One of the four costs weighs more than the price, and the company answers it with money off.",
    "too_cheap": "A price far below what people expect makes them doubt the goods.",
    "unserved": "One important need is answered by nobody.",
    "two_clocks": "After a durable alone the next order comes late, after something that is used up it comes soon.",
    "stock_out": "One product that is used up was out of stock for months, and those who used it went to sleep.",
    "waking": "Calls wake sleepers who used to come often; coupons pay those who come anyway and annoy those who want quiet.",
    "best_leads": "One seller closes most, because the best prospects are sent to that seller.",
    "leak": "One column of the prospects' sheets is filled in when the order is placed: it tells the outcome.",
    "shared_barrier": "Those who refuse and those who rent are kept away by the same barrier.",
    "broken_promise": "One promise of the brand is kept by own staff and broken by partners.",
    "real_change": "One measure of the brand truly falls in one wave; what else moves between waves is chance.",
    "stretch": "One new product line does not fit what the brand stands for.",
    "month_twelve": "Many contracts are not renewed at one month of their age; else leaving is spread evenly.",
    "after_complaint": "Contracts are cancelled in the month after a complaint, above all after one cause.",
    "beyond_saving": "Who no longer comes to the shops leaves most and cannot be held; who still comes can be, by a call.",
    "no_single_feature": "No single feature separates the kinds of customers. Always on.",
}
ALWAYS_ON = "no_single_feature"
DEFAULT_PLANT = {
    "fall": ("Hangzhou", "kitchen", "installer_referral"),
    "misselling": "S07",
    "bother": "energy",
    "too_cheap": ("W003", 0.92),
    "unserved": "old_appliance",
    "hand_over": "installation",
    "low_score": "hotline",
    "stock_out": ("A010", "2025-10-01", 3),
    "best_leads": "V3",
    "leak": "deposit_paid",
    "shared_barrier": "fixing",
    "real_change": ("recommendation", "2026-05"),
    "stretch": "baby",
    "month_twelve": 12,
    "after_complaint": "promise_not_kept",
}
HAND_OVER_SITES = {
    "installation": "technical_support",
    "delivery": "sales_channel",
    "repair": "after_sales",
    "return_desk": "after_sales",
}
"""Where a hand-over may go wrong, by the word of the contacts, and the touchpoint that people rate for it."""
RATED = (
    "product", "market_activities", "hotline", "salespeople", "sales_channel", "technical_support", "after_sales",
    "email", "letters", "sms", "fax",
)  # fmt: skip
"""The eleven touchpoints that people rate."""
LOW_SCORE_SITES = ("hotline", "market_activities", "salespeople", "sms")

# When the stories happen.
RECORD_FROM = shop.day_number("2025-06-01")
FALL_FROM = shop.day_number("2026-02-16")
MISSELLING_FROM = shop.day_number("2024-09-02")
BURSTS_FROM, BURSTS_UNTIL = shop.day_number("2025-05-15"), shop.day_number("2025-10-30")

# How strong they are.
FALL_SHARE_LOST = 0.87
"""Share of the cell's orders that go to the rival."""
CELL_SHARE_OF_LINE = 0.80
"""Share of the planted city's orders of the planted line that are sold the planted way."""
CELL_LINE_LIFT = 3.0
"""How much more the planted city likes the planted line than other cities do."""
RECORD_EXTRA_ARRIVALS = 0.88
"""Extra new customers through adverts, as a share of the usual number."""
RECORD_REPEAT_OFTEN, RECORD_REPEAT_SELDOM = 0.85, 0.38
"""What is left of the order rate of customers who were there before the adverts: those who
come often hardly notice; those who come seldom (`SELDOM_WEEKS` and more between orders) are
the ones whom nobody looks after."""
SELDOM_WEEKS = 20
MISSOLD_RETURN_CHANCE = 0.48
MISSOLD_COMPLAINT_CHANCE = 0.34
BURSTS_PER_1000 = 19.0
BURSTS_SHARE_LATE = 0.72
HAND_OVER_FROM = shop.day_number("2025-03-03")
HAND_OVER_WRONG = 0.5
"""Share of the partner's contacts at the planted touchpoint that go wrong."""
CALL_BACK_LIFT = 0.8
"""Share of those called back who are one grade better content."""
NEVER = 10**6
"""A week or day that does not come."""
AFTER_DURABLE, AFTER_CONSUMABLE = 0.5, 2.8
"""On the chance to order, while the last basket held durables alone, or something that is used up."""
STOCK_OUT_USED_DAYS = 280
"""Who bought the product in so many days before the stock-out uses it."""
STOCK_OUT_RUNS_OUT = 0.75
"""Share of its users who need the product while there is none."""
STOCK_OUT_RATE = 0.08
"""What is left of their order rate until something wakes them."""


@dataclass(frozen=True)
class Stories:
    """What is planted in one company.

    Attributes
    ----------
    on : frozenset of str
        Names of the stories that are switched on.
    plant : dict
        Sites: `fall` is (city, line, way of selling), `misselling` is a shop, `hand_over` one
        of `HAND_OVER_SITES`, `low_score` one of `LOW_SCORE_SITES`, `bother` one of the four
        costs, `too_cheap` a product and the price that people expect as a share of its list
        price, `unserved` a need, `stock_out` a product that is used up, its first day and the
        months without it.
    decided : tuple of (name, first day, day after the last)
        What the company does about it, from `helpers.simulate.repairs`.
    """

    on: frozenset[str]
    plant: Mapping = field(default_factory=lambda: dict(DEFAULT_PLANT))
    decided: tuple[tuple[str, int, int], ...] = ()

    def has(self, name: str) -> bool:
        """Whether a story is switched on."""
        return name in self.on

    def does(self, repair: str, day):
        """Whether the company does something on a day (number or array of numbers)."""
        does = day < day
        for name, first, after in self.decided:
            if name == repair:
                does = does | ((day >= first) & (day < after))
        return does

    def goes_on(self, name: str, day):
        """Whether a story is on and no repair has ended it by a day (number or array of numbers)."""
        ended = day < day
        for repair, stories in repairs.ENDS.items():
            if name in stories:
                ended = ended | self.does(repair, day)
        return self.has(name) & ~np.asarray(ended)

    @property
    def cell(self) -> tuple[int, int, int]:
        """Places of the fall's city, line and way of selling in the catalogue's lists."""
        city, line, behaviour = self.plant["fall"]
        return shop.CITIES.index(city), shop.LINES.index(line), shop.BEHAVIOURS.index(behaviour)

    @property
    def bad_shop(self) -> int:
        """Place of the mis-selling shop."""
        return shop.SHOPS.index(self.plant["misselling"])

    @property
    def stock_out(self) -> tuple[int, int, int]:
        """Place of the product in the catalogue, and the first and the last day number without it."""
        number, since, months = self.plant["stock_out"]
        first = shop.day_number(since)
        product = int((shop.catalogue().product_id == number).argmax())
        return product, first, first + round(months * 365.25 / 12) - 1

    def as_json(self) -> dict:
        """For the state file."""
        return {
            "stories": sorted(self.on),
            "plant": {name: list(site) if isinstance(site, tuple) else site for name, site in self.plant.items()},
        }


def choose(stories: bool | Iterable[str] = True, plant: Mapping | None = None) -> Stories:
    """The stories of a company, checked.

    Parameters
    ----------
    stories : bool or names
        True: all. False or empty: none. Else the names of those to switch on.
    plant : mapping, optional
        Other sites, such as `{"fall": ("Nanjing", "water", "shop_advice"), "misselling": "S03"}`.

    Raises
    ------
    DataError
        If a name or a site is not known.
    """
    if isinstance(stories, str):
        stories = [stories]
    if stories is True:
        names = set(STORIES)
    else:
        names = set(stories or ())
    unknown = sorted(names - set(STORIES))
    if unknown:
        raise DataError(f"There is no story {unknown[0]!r}. The stories are {', '.join(STORIES)}.")
    sites = dict(DEFAULT_PLANT) | dict(plant or {})
    strange = sorted(set(sites) - set(DEFAULT_PLANT))
    if strange:
        raise DataError(
            f"Nothing can be planted for {strange[0]!r}. Sites exist for {', '.join(DEFAULT_PLANT)}."
        )
    _check_cell(sites["fall"])
    if sites["misselling"] not in shop.SHOPS:
        raise DataError(
            f"There is no shop {sites['misselling']!r}. Shops are {shop.SHOPS[0]} to {shop.SHOPS[-1]}."
        )
    for name, known in (("hand_over", tuple(HAND_OVER_SITES)), ("low_score", LOW_SCORE_SITES)):
        if sites[name] not in known:
            raise DataError(f"The story {name} cannot be planted at {sites[name]!r}. Use one of {', '.join(known)}.")
    _check_four_cs(sites)
    _check_stock_out(sites["stock_out"])
    _check_pipeline(sites)
    _check_brand(sites)
    _check_contracts(sites)
    lists = ("fall", "too_cheap", "stock_out", "real_change")
    return Stories(on=frozenset(names), plant=sites | {name: tuple(sites[name]) for name in lists})


def _check_stock_out(site) -> None:
    """A product that is used up, a first day with a year of orders before it, two to six months."""
    if not isinstance(site, list | tuple) or len(site) != 3:
        raise DataError(f"The site of stock_out is {site!r}. Give a product, its first day without it, and the months.")
    number, since, months = site
    goods = shop.catalogue()
    known = [str(one) for one in goods.product_id[(goods.cls == "consumable") & (goods.product_id != "G001")]]
    if number not in known:
        raise DataError(f"The story stock_out cannot be planted at {number!r}. Use one of {', '.join(known)}.")
    if not isinstance(since, str) or not "2024-09-01" <= since <= "2026-01-31" or len(since) != 10:
        raise DataError(f"The stock-out begins on {since!r}. Give a day from 2024-09-01 to 2026-01-31.")
    if isinstance(months, bool) or not isinstance(months, int) or not 2 <= months <= 6:
        raise DataError(f"The stock-out lasts {months!r} months. Give a whole number from 2 to 6.")


def _check_pipeline(sites: Mapping) -> None:
    """The stories of lesson 05a need a seller, a column that can leak, a barrier that no tier names first."""
    from helpers.simulate.prospects import LEAKS, SELLERS

    for name, known in (("best_leads", SELLERS), ("leak", tuple(LEAKS)), ("shared_barrier", ("fixing", "appointment", "choice"))):
        if sites[name] not in known:
            raise DataError(f"The story {name} cannot be planted at {sites[name]!r}. Use one of {', '.join(known)}.")


def _check_brand(sites: Mapping) -> None:
    """The stories of lesson 06 need a measure that can fall, a wave with one before it, a new line."""
    from helpers.simulate.brand import FALLS, LINES

    site = sites["real_change"]
    if not isinstance(site, list | tuple) or len(site) != 2 or site[0] not in FALLS or site[1] not in ("2025-11", "2026-05"):
        raise DataError(
            f"The story real_change cannot be planted at {site!r}. Give one of {', '.join(FALLS)} and the wave 2025-11 or 2026-05."
        )
    if sites["stretch"] not in LINES:
        raise DataError(f"The story stretch cannot be planted at {sites['stretch']!r}. Use one of {', '.join(LINES)}.")


def _check_contracts(sites: Mapping) -> None:
    """The stories of lesson 07a need a month at which terms end, and a cause of complaint."""
    from helpers.simulate.life import CAUSES

    for name, known in (("month_twelve", (12, 24)), ("after_complaint", CAUSES)):
        if sites[name] not in known or isinstance(sites[name], bool):
            raise DataError(
                f"The story {name} cannot be planted at {sites[name]!r}. Use one of {', '.join(map(str, known))}."
            )


def _check_four_cs(sites: Mapping) -> None:
    """The stories of lesson 02 need a known cost, a product with a fair price level, a known need."""
    from helpers.simulate.needs import UNSERVED
    from helpers.simulate.values import COSTS

    for name, known in (("bother", COSTS), ("unserved", UNSERVED)):
        if sites[name] not in known:
            raise DataError(f"The story {name} cannot be planted at {sites[name]!r}. Use one of {', '.join(known)}.")
    site = sites["too_cheap"]
    if not isinstance(site, list | tuple) or len(site) != 2:
        raise DataError(f"The site of too_cheap is {site!r}. Give a product and a share of its list price.")
    number, level = site
    if number not in shop.catalogue().product_id:
        raise DataError(f"There is no product {number!r} to ask prices of. Use a number of the catalogue, such as W003.")
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0.6 <= level <= 1.1:
        raise DataError(f"The level of too_cheap is {level!r}. Give a share of the list price from 0.6 to 1.1.")


def _check_cell(cell) -> None:
    """The fall needs a known city, a line that sells in every season, a known way of selling."""
    if not isinstance(cell, list | tuple) or len(cell) != 3:
        raise DataError(
            f"The site of the fall is {cell!r}. Give a city, a product line and a way of selling."
        )
    # The climate line hardly sells in spring, when the fall is measured.
    lines = [line for line in shop.LINES if line != "climate"]
    for value, known in zip(cell, (shop.CITIES, lines, shop.BEHAVIOURS), strict=True):
        if value not in known:
            raise DataError(f"The fall cannot be planted at {value!r}. Use one of {', '.join(known)}.")
