"""What Lantern Home sells and where: cities, shops, lines, products, seasons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

START = np.datetime64("2023-06-01", "D")
"""First day of the export. Day numbers count from here; week 0 begins here."""

CITIES = ("Shanghai", "Hangzhou", "Nanjing", "Suzhou")
SHOPS = tuple(f"S{number:02d}" for number in range(1, 13))
SHOPS_IN_A_CITY = 3
STORES = (*SHOPS, "ONLINE", "HOTLINE")
ONLINE, HOTLINE = 12, 13
CHANNELS = ("shop", "online", "hotline")
LINES = ("kitchen", "climate", "water", "cleaning", "small_appliances", "homeware")
KITCHEN, CLIMATE, WATER, CLEANING, SMALL_APPLIANCES, HOMEWARE = range(6)
BEHAVIOURS = (
    "shop_advice",
    "self_service",
    "installer_referral",
    "promotion",
    "hotline_advice",
    "online",
)
SHOP_ADVICE, SELF_SERVICE, INSTALLER_REFERRAL, PROMOTION, HOTLINE_ADVICE, BY_WEB = range(6)
TASTES = ("economy", "middle", "premium")

# How strongly each way of selling goes with each line: rows are lines, columns behaviours.
LINE_BEHAVIOUR = np.array(
    [
        [1.2, 0.7, 2.6, 0.9, 0.9, 0.7],
        [1.0, 1.0, 1.4, 1.1, 0.9, 1.1],
        [0.9, 0.8, 2.0, 0.8, 1.4, 1.1],
        [0.9, 1.2, 0.3, 1.1, 0.8, 1.1],
        [1.1, 1.0, 0.2, 1.1, 0.9, 1.1],
        [1.0, 1.3, 0.4, 1.0, 0.8, 0.9],
    ]
)

# January to December.
TRADE_SEASON = np.array([1.05, 0.85, 1.0, 1.0, 1.0, 1.15, 0.95, 0.9, 0.95, 1.0, 1.3, 1.05])
CLIMATE_SEASON = np.array([1.9, 1.1, 0.5, 0.4, 0.7, 1.6, 1.8, 1.1, 0.4, 0.7, 1.7, 2.0])
WINTER_MONTHS = (10, 11, 12, 1, 2, 3)

# line, name, class, price (yuan), cost (% of price), popularity, installed at home, season, brand
_DESIGNS = (
    (KITCHEN, "Range hood", "durable", 1080, 62, 9, True, "", "Lantern"),
    (KITCHEN, "Gas hob", "durable", 590, 62, 9, True, "", "Lantern"),
    (KITCHEN, "Sink and tap set", "durable", 460, 58, 8, True, "", "Haoshan"),
    (KITCHEN, "Built-in oven", "durable", 1480, 66, 3, True, "", "Beiyu"),
    (KITCHEN, "Dishwasher", "durable", 2680, 68, 2, True, "", "Beiyu"),
    (KITCHEN, "Cookware set", "durable", 420, 54, 14, False, "", "Qinglan"),
    (KITCHEN, "Knife set", "durable", 198, 50, 10, False, "", "Qinglan"),
    (KITCHEN, "Hood grease filters", "consumable", 69, 40, 12, False, "", "Lantern"),
    (KITCHEN, "Hood deep clean", "service", 199, 55, 6, False, "", "Lantern"),
    (CLIMATE, "Oil heater", "durable", 620, 60, 12, False, "winter", "Lantern"),
    (CLIMATE, "Fan heater", "durable", 239, 56, 15, False, "winter", "Haoshan"),
    (CLIMATE, "Electric blanket", "durable", 189, 52, 14, False, "winter", "Qinglan"),
    (CLIMATE, "Bathroom heater", "durable", 780, 61, 8, True, "", "Lantern"),
    (CLIMATE, "Humidifier", "durable", 259, 54, 8, False, "winter", "Haoshan"),
    (CLIMATE, "Tower fan", "durable", 349, 56, 16, False, "summer", "Lantern"),
    (CLIMATE, "Desk fan", "durable", 129, 52, 14, False, "summer", "Haoshan"),
    (CLIMATE, "Dehumidifier", "durable", 990, 63, 5, False, "summer", "Beiyu"),
    (CLIMATE, "Ceiling fan", "durable", 690, 60, 5, True, "summer", "Lantern"),
    (CLIMATE, "Seasonal check", "service", 99, 50, 5, False, "", "Lantern"),
    (WATER, "Under-sink purifier", "durable", 1690, 60, 8, True, "", "Lantern"),
    (WATER, "Counter purifier", "durable", 890, 60, 7, True, "", "Beiyu"),
    (WATER, "Filter jug", "durable", 149, 48, 10, False, "", "Qinglan"),
    (WATER, "Purifier filter set", "consumable", 298, 42, 16, False, "", "Lantern"),
    (WATER, "Jug filters", "consumable", 89, 42, 14, False, "", "Qinglan"),
    (WATER, "Filter change at home", "service", 128, 55, 5, False, "", "Lantern"),
    (CLEANING, "Robot vacuum", "durable", 1890, 65, 4, False, "", "Beiyu"),
    (CLEANING, "Stick vacuum", "durable", 990, 62, 7, False, "", "Lantern"),
    (CLEANING, "Steam mop", "durable", 459, 57, 8, False, "", "Haoshan"),
    (CLEANING, "Detergent box", "consumable", 89, 45, 22, False, "", "Qinglan"),
    (CLEANING, "Brushes and bags", "consumable", 65, 40, 18, False, "", "Lantern"),
    (CLEANING, "Carpet cleaning", "service", 268, 56, 4, False, "", "Lantern"),
    (SMALL_APPLIANCES, "Rice cooker", "durable", 469, 58, 13, False, "", "Lantern"),
    (SMALL_APPLIANCES, "Air fryer", "durable", 399, 57, 12, False, "", "Haoshan"),
    (SMALL_APPLIANCES, "Kettle", "durable", 149, 50, 15, False, "", "Qinglan"),
    (SMALL_APPLIANCES, "Blender", "durable", 298, 54, 9, False, "", "Haoshan"),
    (SMALL_APPLIANCES, "Coffee machine", "durable", 1280, 62, 4, False, "", "Beiyu"),
    (SMALL_APPLIANCES, "Coffee capsules", "consumable", 98, 44, 12, False, "", "Beiyu"),
    (SMALL_APPLIANCES, "Hair dryer", "durable", 219, 52, 9, False, "", "Qinglan"),
    (HOMEWARE, "Bedding set", "durable", 459, 50, 10, False, "", "Qinglan"),
    (HOMEWARE, "Curtains, made to measure", "durable", 890, 52, 4, True, "", "Lantern"),
    (HOMEWARE, "Floor lamp", "durable", 329, 52, 8, False, "", "Haoshan"),
    (HOMEWARE, "Storage boxes", "durable", 99, 46, 14, False, "", "Qinglan"),
    (HOMEWARE, "Towel set", "durable", 139, 46, 14, False, "", "Qinglan"),
    (HOMEWARE, "Tableware set", "durable", 239, 48, 10, False, "", "Qinglan"),
    (HOMEWARE, "Scented candles", "consumable", 59, 40, 14, False, "", "Lantern"),
)
# Designs that came out again in a newer version, and when.
_NEWER = {
    "Range hood": ("2024-03-01", "2025-09-01"),
    "Gas hob": ("2024-09-01",),
    "Dishwasher": ("2025-03-01",),
    "Under-sink purifier": ("2024-01-15", "2025-10-15"),
    "Counter purifier": ("2024-11-01",),
    "Tower fan": ("2024-04-15", "2025-04-15"),
    "Oil heater": ("2024-10-01",),
    "Robot vacuum": ("2024-02-01", "2025-02-01"),
    "Stick vacuum": ("2025-01-01",),
    "Rice cooker": ("2024-08-01",),
    "Air fryer": ("2024-05-01", "2025-11-01"),
    "Coffee machine": ("2025-06-01",),
}
_LETTERS = "KTWNAH"
FILTER_SETS = ("Purifier filter set",)
PURIFIERS = ("Under-sink purifier", "Counter purifier")


@dataclass(frozen=True)
class Catalogue:
    """The products as arrays, one place for each, and how people choose among them."""

    product_id: np.ndarray
    name: np.ndarray
    line: np.ndarray
    cls: np.ndarray
    brand: np.ndarray
    price_fen: np.ndarray
    cost_fen: np.ndarray
    generation: np.ndarray
    installed: np.ndarray
    is_filter: np.ndarray
    is_purifier: np.ndarray
    product_of: np.ndarray  # [design, generation] -> product, -1 where there is none
    launched: np.ndarray  # [design, generation] -> day number, far away where there is none
    choice: np.ndarray  # [taste, winter, by installer, line, design] -> weight
    middle: np.ndarray  # [design] -> whether it belongs to the middle of the range
    filter_product: int
    gift: int
    postage: int
    installation_fee: int


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue of Lantern Home; the same for every seed."""
    rows: list[tuple] = []
    generations = 3
    never = 10**6
    product_of = np.full((len(_DESIGNS), generations), -1)
    launched = np.full((len(_DESIGNS), generations), never)
    next_number = [0] * len(LINES)
    for place, (line, name, cls, price, cost, _, installed, _, brand) in enumerate(_DESIGNS):
        for generation, since in enumerate(("2000-01-01", *_NEWER.get(name, ()))):
            next_number[line] += 1
            product_id = f"{_LETTERS[line]}{next_number[line]:03d}"
            title = name if generation == 0 else f"{name} {generation + 1}"
            product_of[place, generation] = len(rows)
            launched[place, generation] = int((np.datetime64(since, "D") - START).astype(int))
            rows.append(
                (
                    product_id,
                    title,
                    line,
                    cls,
                    brand,
                    price * 100,
                    price * cost,
                    generation + 1,
                    installed and cls == "durable",
                    name in FILTER_SETS,
                    name in PURIFIERS,
                )
            )
    gift = len(rows)
    rows.append(("G001", "Kitchen towel, gift", HOMEWARE, "consumable", "Lantern", 2900, 900, 1, False, False, False))
    postage = len(rows)
    rows.append(("F001", "Postage", -1, "service", "", 1200, 1000, 1, False, False, False))
    rows.append(("F002", "Installation fee", -1, "service", "", 8000, 6000, 1, False, False, False))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Catalogue(
        *columns,
        product_of=product_of,
        launched=launched,
        choice=_choice(),
        middle=np.array([290 <= design[3] < 900 for design in _DESIGNS]),
        filter_product=int(np.flatnonzero(columns[9])[0]),
        gift=gift,
        postage=postage,
        installation_fee=postage + 1,
    )


def _choice() -> np.ndarray:
    """Weights of the designs for each taste, season, way of selling and line."""
    line = np.array([design[0] for design in _DESIGNS])
    price = np.array([design[3] for design in _DESIGNS])
    popularity = np.array([design[5] for design in _DESIGNS], dtype=float)
    installed = np.array([design[6] for design in _DESIGNS])
    season = np.array([design[7] for design in _DESIGNS])
    cheaper = np.array([((line == line[k]) & (price < price[k])).sum() for k in range(len(line))])
    rank = cheaper / np.array([(line == own).sum() - 1 for own in line])  # 0 cheapest, 1 dearest
    weights = np.zeros((3, 2, 2, len(LINES), len(_DESIGNS)))
    # What an installer recommends is what an installer fits, and not the dearest.
    fitted = np.where(installed, np.select([price < 900, price < 1400], [1.0, 0.3], 0.03), 0.03)
    for taste, lean in enumerate((1.7 - 1.5 * rank, np.ones(len(rank)), 0.35 + 1.7 * rank)):
        for winter, in_season in enumerate(("summer", "winter")):
            fits = np.where((season == "") | (season == in_season), 1.0, 0.06)
            for own in range(len(LINES)):
                mine = (line == own) * popularity * lean * fits
                weights[taste, winter, 0, own] = mine
                weights[taste, winter, 1, own] = mine * fitted
    return weights


def month_of(day: np.ndarray | int) -> np.ndarray:
    """Calendar month (1 to 12) of day numbers."""
    return (START + np.asarray(day)).astype("datetime64[M]").astype(int) % 12 + 1


def day_number(date) -> int:
    """Day number of a date (a `date`, `datetime64` or ISO text)."""
    return int((np.datetime64(str(date)[:10], "D") - START).astype(int))


def date_of(day: int):
    """The date (`datetime.date`) of a day number."""
    return (START + int(day)).astype("datetime64[D]").item()
