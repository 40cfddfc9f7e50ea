"""The planted stories: which are on, where they sit, and how strong they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from helpers.errors import DataError
from helpers.simulate import catalogue as shop

STORIES = {
    "record_year": "Record revenue from June 2025 to May 2026, bought by adverts, while old customers come less.",
    "fall": "The installer partner of one city went over to the rival in February 2026.",
    "burst": "People who furnish a new flat buy much within six weeks, then nothing.",
    "shared_card": "Walk-in buyers are booked on one card, which looks like the largest customer.",
    "misselling": "One shop sells wrong sizes and promises too much: returns, complaints, cost.",
    "survey_bias": "The three ways of asking customers differ in who answers and in what they answer.",
    "no_single_feature": "No single feature separates the kinds of customers. Always on.",
}
ALWAYS_ON = "no_single_feature"
DEFAULT_PLANT = {"fall": ("Hangzhou", "kitchen", "installer_referral"), "misselling": "S07"}

# When the stories happen.
RECORD_FROM = shop.day_number("2025-06-01")
FALL_FROM = shop.day_number("2026-02-16")
MISSELLING_FROM = shop.day_number("2024-09-02")
BURSTS_FROM, BURSTS_UNTIL = shop.day_number("2025-05-15"), shop.day_number("2025-10-30")

# How strong they are.
FALL_SHARE_LOST = 0.83
"""Share of the cell's orders that go to the rival."""
CELL_SHARE_OF_LINE = 0.80
"""Share of the planted city's orders of the planted line that are sold the planted way."""
CELL_LINE_LIFT = 3.0
"""How much more the planted city likes the planted line than other cities do."""
RECORD_EXTRA_ARRIVALS = 0.62
"""Extra new customers through adverts, as a share of the usual number."""
RECORD_REPEAT_OFTEN, RECORD_REPEAT_SELDOM = 0.92, 0.5
"""What is left of the order rate of customers who were there before the adverts: those who
come often hardly notice; those who come seldom (`SELDOM_WEEKS` and more between orders) are
the ones whom nobody looks after."""
SELDOM_WEEKS = 20
MISSOLD_RETURN_CHANCE = 0.48
MISSOLD_COMPLAINT_CHANCE = 0.34
BURSTS_PER_1000 = 19.0
BURSTS_SHARE_LATE = 0.72


@dataclass(frozen=True)
class Stories:
    """What is planted in one company.

    Attributes
    ----------
    on : frozenset of str
        Names of the stories that are switched on.
    plant : dict
        Sites: `fall` is (city, line, way of selling), `misselling` is a shop.
    """

    on: frozenset[str]
    plant: Mapping = field(default_factory=lambda: dict(DEFAULT_PLANT))

    def has(self, name: str) -> bool:
        """Whether a story is switched on."""
        return name in self.on

    @property
    def cell(self) -> tuple[int, int, int]:
        """Places of the fall's city, line and way of selling in the catalogue's lists."""
        city, line, behaviour = self.plant["fall"]
        return shop.CITIES.index(city), shop.LINES.index(line), shop.BEHAVIOURS.index(behaviour)

    @property
    def bad_shop(self) -> int:
        """Place of the mis-selling shop."""
        return shop.SHOPS.index(self.plant["misselling"])

    def as_json(self) -> dict:
        """For the state file."""
        return {
            "stories": sorted(self.on),
            "plant": {"fall": list(self.plant["fall"]), "misselling": self.plant["misselling"]},
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
    return Stories(on=frozenset(names), plant=sites | {"fall": tuple(sites["fall"])})


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
