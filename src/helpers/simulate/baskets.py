"""What goes into a basket: lines, products, pieces, discounts, the way of selling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.simulate import catalogue as shop
from helpers.simulate import stories as planted
from helpers.simulate.dice import pick
from helpers.simulate.responses import BUNDLE_DISCOUNT

CHOSEN = 4
"""Lines that a buyer may choose; the fifth comes from a bundle offer, the sixth is a gift."""
SLOTS = CHOSEN + 2
BUNDLE, GIFT = CHOSEN, CHOSEN + 1
GIFT_FROM_FEN = 90_000
NEWEST = 0.8
"""Share of buyers who take the newest generation of a product."""

COLUMNS = (
    "way", "place", "away", "promotion", "discount", "gift", "bundle",
    *(f"{what}{slot}" for slot in range(CHOSEN + 1)
      for what in ("line", "design", "newest", "several", "pieces")),
    *(f"more{slot}" for slot in range(1, CHOSEN)),
)  # fmt: skip


@dataclass(frozen=True)
class Buyers:
    """What a basket depends on, one place for each order."""

    day: np.ndarray
    city: np.ndarray
    shop: np.ndarray
    taste: np.ndarray
    extra_lines: np.ndarray
    pieces: np.ndarray
    lines: np.ndarray
    behaviour: np.ndarray
    needs_filter: np.ndarray
    basket: np.ndarray  # multiplier by an action
    bundle: np.ndarray  # chance of a bundle line
    held: np.ndarray  # which lines the buyer holds already
    least_discount: np.ndarray  # per cent


@dataclass(frozen=True)
class Baskets:
    """Orders, and their lines in `SLOTS` columns; `quantity` 0 means an empty slot."""

    behaviour: np.ndarray
    store: np.ndarray
    main_line: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    discount: np.ndarray
    amount_fen: np.ndarray
    margin_fen: np.ndarray


def compose(buyers: Buyers, u: dict, stories: planted.Stories) -> Baskets:
    """The baskets of some orders of one week.

    Parameters
    ----------
    buyers : Buyers
        One place for each order.
    u : dict of arrays
        Uniform numbers by the names in `COLUMNS`.
    stories : Stories
        The partner of the planted city is strong there, whether or not he leaves.
    """
    goods = shop.catalogue()
    n = len(buyers.day)
    month = shop.month_of(buyers.day)
    winter = np.isin(month, shop.WINTER_MONTHS).astype(int)
    likes = buyers.lines.copy()
    likes[:, shop.CLIMATE] *= shop.CLIMATE_SEASON[month - 1]

    main = pick(u["line0"], likes)
    main = np.where(buyers.needs_filter, shop.WATER, main)
    behaviour = pick(u["way"], _ways(buyers, main, stories))
    city, line, way = stories.cell
    by_partner = (buyers.city == city) & (main == line) & (behaviour == way)

    product = np.full((n, SLOTS), goods.gift)
    quantity = np.zeros((n, SLOTS), dtype=np.int64)
    discount = np.zeros((n, SLOTS), dtype=np.int64)
    on_order = _discount(behaviour, u, buyers.least_discount)
    more = np.maximum(buyers.basket * (1 + buyers.extra_lines) - 1, 0)
    for slot in range(CHOSEN + 1):
        if slot == 0:
            line, wanted = main, np.ones(n, dtype=bool)
        elif slot == BUNDLE:
            line = pick(u[f"line{slot}"], np.where(buyers.held, 1e-9, likes))
            wanted = u["bundle"] < buyers.bundle
        else:
            # The partner of the planted city sells his own line and nothing beside it.
            line = np.where(by_partner, main, pick(u[f"line{slot}"], likes))
            # What an installer sends people for, they mostly come for alone.
            fuller = np.select([by_partner, behaviour == shop.INSTALLER_REFERRAL], [0.12, 0.35], 1.0)
            wanted = u[f"more{slot}"] < more * fuller * (0.62, 0.34, 0.17)[slot - 1]
        by_installer = (behaviour == shop.INSTALLER_REFERRAL) & (slot == 0)
        weights = goods.choice[buyers.taste, winter, by_installer.astype(int), line]
        if slot == 0:
            # The strong partner of the planted city sells the middle of the range.
            weights = weights * np.where(by_partner[:, None] & ~goods.middle, 0.06, 1.0)
        weights = _in_stock(stories, weights, buyers.day)
        chosen = _generation(pick(u[f"design{slot}"], weights), buyers.day, u[f"newest{slot}"])
        if slot == 0:
            chosen = np.where(buyers.needs_filter, goods.filter_product, chosen)
        # A product stands on one line of an order: exact repeats are planted elsewhere.
        new = ~((product[:, :slot] == chosen[:, None]) & (quantity[:, :slot] > 0)).any(axis=1)
        product[:, slot] = chosen
        pieces = _pieces(chosen, buyers.pieces, u, slot)
        pieces = np.where(by_installer | by_partner, 1, pieces)
        quantity[:, slot] = np.where(wanted & new, pieces, 0)
        discount[:, slot] = on_order
        if slot == BUNDLE:
            discount[:, slot] = np.maximum(on_order, BUNDLE_DISCOUNT)

    amount = _paid(goods, product, quantity, discount)
    gets_gift = (amount.sum(axis=1) >= GIFT_FROM_FEN) & (u["gift"] < 0.12)
    quantity[:, GIFT] = gets_gift
    discount[:, GIFT] = 100
    amount = _paid(goods, product, quantity, discount)
    return Baskets(
        behaviour=behaviour,
        store=_store(behaviour, buyers.shop, u),
        main_line=main,
        product=product,
        quantity=quantity,
        discount=discount,
        amount_fen=amount,
        margin_fen=amount - goods.cost_fen[product] * quantity,
    )


def is_out(stories: planted.Stories, product: int, day: np.ndarray) -> np.ndarray:
    """Whether a product is out of stock on each day."""
    if not stories.has("stock_out"):
        return np.zeros(len(day), dtype=bool)
    missing, first, last = stories.stock_out
    return (product == missing) & (day >= first) & (day <= last)


def _in_stock(stories: planted.Stories, weights: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Weights of the designs, without what is out of stock."""
    if not stories.has("stock_out"):
        return weights
    product, _, _ = stories.stock_out
    design = int(np.flatnonzero((shop.catalogue().product_of == product).any(axis=1))[0])
    weights = weights.copy()
    weights[is_out(stories, product, day), design] = 0.0
    return weights


def _ways(buyers: Buyers, main: np.ndarray, stories: planted.Stories) -> np.ndarray:
    """Weights of the ways of selling, given the main line of the order."""
    ways = buyers.behaviour * shop.LINE_BEHAVIOUR[main]
    city, line, way = stories.cell
    here = (buyers.city == city) & (main == line) & (ways[:, way] > 0)
    others = ways.sum(axis=1) - ways[:, way]
    share = planted.CELL_SHARE_OF_LINE
    ways[:, way] = np.where(here, others * share / (1 - share), ways[:, way])
    return ways


def _discount(behaviour: np.ndarray, u: dict, least: np.ndarray) -> np.ndarray:
    """Per cent off the whole order."""
    promoted = np.array([10, 10, 15, 20, 25])[np.floor(u["promotion"] * 5).astype(int)]
    usual = np.where(u["discount"] < 0.05, 5, 0)
    return np.maximum(np.where(behaviour == shop.PROMOTION, promoted, usual), least)


def _generation(design: np.ndarray, day: np.ndarray, u: np.ndarray) -> np.ndarray:
    """The product of a design: mostly the newest generation of the day, else the one before."""
    goods = shop.catalogue()
    newest = (goods.launched[design] <= day[:, None]).sum(axis=1) - 1
    older = (u >= NEWEST) & (newest > 0)
    return goods.product_of[design, newest - older]


def _pieces(product: np.ndarray, several: np.ndarray, u: dict, slot: int) -> np.ndarray:
    """How many pieces: mostly one, some consumables, and the bulk of those who furnish many rooms."""
    goods = shop.catalogue()
    consumable = goods.cls[product] == "consumable"
    first = u[f"several{slot}"]
    some = 1 + consumable * ((first < 0.18 + 0.4 * several).astype(int) + (first < 0.3 * several))
    most = np.where(goods.price_fen[product] < 70_000, 12, 4)
    bulk = 2 + np.floor(u[f"pieces{slot}"] ** 2 * most).astype(int)
    is_bulk = (first > 1 - 0.30 * several * several) & (goods.cls[product] != "service")
    return np.where(is_bulk, bulk, some)


def _paid(goods: shop.Catalogue, product, quantity, discount) -> np.ndarray:
    """Amounts in fen; prices are whole yuan, so a per cent off leaves whole fen."""
    return goods.price_fen[product] // 100 * (100 - discount) * quantity


def _store(behaviour: np.ndarray, home: np.ndarray, u: dict) -> np.ndarray:
    """Where the order is taken: the home shop, another shop of the city, online, the hotline."""
    first = home // shop.SHOPS_IN_A_CITY * shop.SHOPS_IN_A_CITY
    step = 1 + (u["away"] < 0.06).astype(int)
    neighbour = first + (home - first + step) % shop.SHOPS_IN_A_CITY
    store = np.where(u["away"] < 0.12, neighbour, home)
    phoned = (behaviour == shop.HOTLINE_ADVICE) | (
        (behaviour == shop.INSTALLER_REFERRAL) & (u["place"] < 0.35)
    )
    by_web = (behaviour == shop.BY_WEB) | ((behaviour == shop.PROMOTION) & (u["place"] < 0.40))
    return np.where(phoned, shop.HOTLINE, np.where(by_web, shop.ONLINE, store))
