"""The people of Lantern Home: who arrives when, and what each of them is like.

Nothing here depends on actions. A person's traits are drawn once, by place in
the list; the list grows at its end when the company lives on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.simulate import catalogue as shop
from helpers.simulate import stories as planted
from helpers.simulate.dice import Dice, bell, pick, settled


@dataclass(frozen=True)
class Kind:
    """A latent type of customer. Types overlap in every single feature, on purpose."""

    name: str
    share: float  # of arrivals
    once: float  # share of them who buy once and never again
    life_weeks: float
    cadence_weeks: float
    spread: float  # of the cadence, on the log scale
    extra_lines: float  # expected further lines of an order
    pieces: float  # how readily they take several pieces
    returns: float  # chance that a line comes back
    lines: tuple[float, ...]
    behaviour: tuple[float, ...]
    taste: tuple[float, float, float]
    response: tuple[float, float, float, float]


RESPONSES = ("persuadable", "sure", "lost", "do_not_disturb")
KINDS = (
    Kind("household", 0.25, 0.36, 120, 10, 0.50, 0.60, 0.25, 0.050,
         (0.20, 0.09, 0.05, 0.24, 0.22, 0.20), (0.22, 0.30, 0.08, 0.07, 0.05, 0.28),
         (0.30, 0.52, 0.18), (0.42, 0.38, 0.10, 0.10)),
    Kind("water_care", 0.14, 0.30, 150, 17, 0.45, 0.35, 0.15, 0.042,
         (0.16, 0.06, 0.46, 0.14, 0.08, 0.10), (0.20, 0.08, 0.20, 0.05, 0.29, 0.18),
         (0.25, 0.45, 0.30), (0.40, 0.36, 0.12, 0.12)),
    Kind("seasonal", 0.15, 0.40, 120, 13, 0.50, 0.40, 0.20, 0.055,
         (0.12, 0.52, 0.04, 0.10, 0.10, 0.12), (0.34, 0.22, 0.09, 0.10, 0.03, 0.22),
         (0.35, 0.45, 0.20), (0.30, 0.36, 0.22, 0.12)),
    Kind("bargain", 0.18, 0.40, 95, 11, 0.55, 0.55, 0.30, 0.095,
         (0.13, 0.09, 0.05, 0.28, 0.22, 0.23), (0.06, 0.16, 0.03, 0.58, 0.02, 0.15),
         (0.70, 0.27, 0.03), (0.28, 0.52, 0.12, 0.08)),
    Kind("quiet", 0.16, 0.36, 160, 17, 0.50, 0.80, 0.15, 0.036,
         (0.34, 0.08, 0.08, 0.10, 0.18, 0.22), (0.60, 0.10, 0.16, 0.03, 0.04, 0.07),
         (0.04, 0.28, 0.68), (0.26, 0.30, 0.08, 0.36)),
    Kind("trader", 0.035, 0.20, 130, 10, 0.55, 0.50, 1.10, 0.042,
         (0.18, 0.12, 0.08, 0.24, 0.10, 0.28), (0.30, 0.12, 0.12, 0.14, 0.20, 0.12),
         (0.50, 0.42, 0.08), (0.40, 0.42, 0.10, 0.08)),
    # Never drawn among ordinary arrivals: these are the planted bursts.
    Kind("new_flat", 0.0, 0.0, 7, 1, 0.0, 1.45, 0.25, 0.030,
         (0.24, 0.16, 0.12, 0.12, 0.18, 0.18), (0.36, 0.16, 0.17, 0.12, 0.05, 0.14),
         (0.06, 0.36, 0.58), (0.05, 0.10, 0.80, 0.05)),
)  # fmt: skip
NEW_FLAT = len(KINDS) - 1
WATER_CARE = 1
SEASONAL = 2
QUIET = 4
TRADER = 5

ROUTES = ("shop", "online_search", "advert", "referral", "installer")
_ROUTE_SHARE = np.array([0.40, 0.22, 0.12, 0.16, 0.10])
_ROUTE_COST_FEN = np.array([1500, 4200, 9500, 2000, 6000])
_RECORD_ADVERT_COST_FEN = 18500
_BACKGROUNDS = ("family", "couple", "single", "tenant", "new_flat", "retired", "")
_BACKGROUND_SHARE = np.array([0.30, 0.18, 0.12, 0.12, 0.08, 0.08, 0.12])

# Share who hold a purifier when they arrive (above) or when the export starts (below), by kind.
_HOLDS_PURIFIER = np.array(
    [[0.00, 0.45, 0.00, 0.00, 0.00, 0.00, 0.00], [0.20, 0.68, 0.13, 0.14, 0.30, 0.25, 0.00]]
)

ARRIVALS_PER_WEEK_AT_6000 = 21.5
FIRST_NUMBER = 101
"""Customer number of the first person; lower numbers are cards, not people."""
_BURST_WEEKS = (
    (1, 0, 1, 1, 0, 1, 0),
    (1, 1, 0, 1, 1, 1, 0),
    (1, 1, 0, 1, 1, 0, 1),
    (1, 1, 1, 1, 0, 1, 1),
    (1, 1, 1, 1, 1, 1, 1),
)
_COLUMNS = (
    "kind", "city", "shop", "taste", "once", "life", "cadence1", "cadence2", "cadence3", "extra",
    "line0", "line1", "line2", "line3", "line4", "line5", "way0", "way1", "way2", "way3", "way4",
    "way5", "response", "route", "route_cost", "birth", "background", "consent", "day", "since",
    "clock", "referrer", "burst", "joined", "forgives", "pieces", "holds",
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """One place in every array for each person who ever arrives, in order of arrival."""

    kind: np.ndarray
    join_week: np.ndarray  # -1: was a customer before the export starts
    join_day: np.ndarray
    left_week: np.ndarray  # last week in which the person may order
    once: np.ndarray
    city: np.ndarray
    shop: np.ndarray
    taste: np.ndarray
    cadence_weeks: np.ndarray
    extra_lines: np.ndarray
    pieces: np.ndarray
    returns: np.ndarray
    lines: np.ndarray  # weights, one column a line
    behaviour: np.ndarray  # weights, one column a way of selling
    response: np.ndarray
    route: np.ndarray
    acquisition_cost_fen: np.ndarray
    birth_year: np.ndarray
    background: np.ndarray
    consent: np.ndarray
    referrer: np.ndarray  # -1: nobody
    burst_weeks: np.ndarray  # for new flats, which of seven weeks have an order
    bought_growth: np.ndarray  # came through the adverts of the record year
    forgives: np.ndarray  # comes back when bad service is put right
    weeks_since_order: np.ndarray  # at the start of the export
    weeks_since_filter: np.ndarray
    holds_purifier: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)


def arrivals(dice: Dice, customers: int, stories: planted.Stories, weeks: int) -> People:
    """Everybody who is there at the start or arrives within `weeks` weeks."""
    size = customers / 6000
    join_week, source = _calendar(dice, size, stories, weeks)
    n = len(join_week)
    u = dice.table("people", 0, n, _COLUMNS)
    bursting, bought = source == "burst", source == "growth"

    share = np.array([kind.share for kind in KINDS])
    # Those who are there at the start are the ones who stayed: long lives, no one-time buyers.
    staying = share * [(1 - kind.once) * kind.life_weeks for kind in KINDS]
    kind = np.where(join_week < 0, pick(u["kind"], staying), pick(u["kind"], share))
    kind = np.where(bursting, NEW_FLAT, kind)
    trait = {
        name: np.array([getattr(k, name) for k in KINDS])[kind]
        for name in ("once", "life_weeks", "cadence_weeks", "spread", "extra_lines", "pieces",
                     "returns", "lines", "behaviour", "taste", "response")
    }  # fmt: skip

    once = (join_week >= 0) & (u["once"] < np.where(bought, 0.80, trait["once"])) & ~bursting
    life = np.floor(-settled(np.log(1.0 - u["life"])) * trait["life_weeks"])
    life = np.where(bought, np.minimum(life, 25), life).astype(int)
    left_week = np.where(once, join_week, np.maximum(join_week, 0) + life)
    left_week = np.where(bursting, join_week + 6, left_week)

    cadence = settled(np.exp(trait["spread"] * bell(u["cadence1"], u["cadence2"], u["cadence3"])))
    cadence = np.clip(cadence * trait["cadence_weeks"] * 1.4, 2.0, 90.0)
    city_plant, line_plant, way_plant = stories.cell
    cities = np.array([0.27, 0.24, 0.24, 0.24])
    cities[city_plant] += 0.02
    city = pick(u["city"], cities)
    shop_weight = np.ones((len(shop.CITIES), shop.SHOPS_IN_A_CITY))
    # The shop that mis-sells is a large one, whether or not it mis-sells.
    shop_weight[divmod(stories.bad_shop, shop.SHOPS_IN_A_CITY)] = 1.6
    home = city * shop.SHOPS_IN_A_CITY + pick(u["shop"], shop_weight[city])

    # Squares of a uniform number: some people like a line more than others do.
    own = np.stack([(0.5 + u[f"line{k}"]) ** 2 for k in range(6)], axis=1)
    lines = trait["lines"] * own
    lines[:, line_plant] *= np.where(city == city_plant, planted.CELL_LINE_LIFT, 1.0)
    own = np.stack([(0.5 + u[f"way{k}"]) ** 2 for k in range(6)], axis=1)
    behaviour = trait["behaviour"] * own

    route = pick(u["route"], _ROUTE_SHARE)
    route = np.where(bought, ROUTES.index("advert"), route)
    spent = np.where(bought, _RECORD_ADVERT_COST_FEN, _ROUTE_COST_FEN[route])
    spent = spent * (60 + np.floor(80 * u["route_cost"])).astype(int) // 100
    background = pick(u["background"], _BACKGROUND_SHARE)
    background = np.where(bursting & (u["background"] < 0.6), 4, background)
    referred = (route == ROUTES.index("referral")) & (join_week >= 0)
    referrer = np.floor(u["referrer"] * np.arange(n)).astype(int)
    before = -np.floor(1 + 1200 * u["joined"] ** 2).astype(int)
    return People(
        kind=kind,
        join_week=join_week,
        join_day=np.where(join_week < 0, before, join_week * 7 + np.floor(7 * u["day"]).astype(int)),
        left_week=left_week,
        once=once,
        city=city,
        shop=home,
        taste=pick(u["taste"], trait["taste"]),
        cadence_weeks=settled(cadence),
        extra_lines=settled(trait["extra_lines"] * (0.4 + 1.2 * u["extra"])),
        pieces=settled(trait["pieces"] * (0.4 + 1.2 * u["pieces"])),
        returns=trait["returns"],
        lines=lines,
        behaviour=behaviour,
        response=pick(u["response"], trait["response"]),
        route=route,
        acquisition_cost_fen=spent,
        birth_year=(1952 + np.floor(27 * u["birth"] + 26 * u["birth"] ** 2)).astype(int),
        background=np.array(_BACKGROUNDS)[background],
        consent=u["consent"] < 0.8,
        referrer=np.where(referred, referrer, -1),
        burst_weeks=np.array(_BURST_WEEKS, dtype=bool)[
            np.floor(u["burst"] * len(_BURST_WEEKS)).astype(int)
        ],
        bought_growth=bought,
        forgives=u["forgives"],
        weeks_since_order=np.floor(u["since"] * 1.2 * cadence),
        weeks_since_filter=np.floor(u["clock"] * 30),
        holds_purifier=u["holds"] < _HOLDS_PURIFIER[(join_week < 0).astype(int), kind],
    )


def _calendar(dice: Dice, size: float, stories: planted.Stories, weeks: int):
    """Week of arrival and source of everybody: at the start, ordinary, bought, burst."""
    usual = ARRIVALS_PER_WEEK_AT_6000 * size
    # As many as leave in the long run arrive: without stories, no year differs from another.
    total = sum(kind.share for kind in KINDS)
    stay = sum(kind.share * (1 - kind.once) * kind.life_weeks for kind in KINDS) / total
    # A few of them leave early, after bad service.
    join = [np.full(round(usual * stay * 0.96), -1)]
    source = [np.full(len(join[0]), "start")]
    bursts = _bursts_by_week(size, weeks) if stories.has("burst") else np.zeros(weeks, dtype=int)
    record = stories.has("record_year")
    for week in range(weeks):
        rate = usual * shop.TRADE_SEASON[shop.month_of(7 * week) - 1]
        bought = planted.RECORD_EXTRA_ARRIVALS if record and 7 * week >= planted.RECORD_FROM else 0
        if stories.does("advertising", 7 * week):
            bought += planted.RECORD_EXTRA_ARRIVALS
        for name, expected in (("new", rate), ("growth", rate * bought)):
            # Four chances for each expected arrival: close to a Poisson number.
            chances = int(np.ceil(4 * expected))
            drawn = dice.table(f"arrivals {name}", week, chances, ["comes"])["comes"]
            number = int((drawn * chances < expected).sum())
            join.append(np.full(number, week))
            source.append(np.full(number, name))
        join.append(np.full(bursts[week], week))
        source.append(np.full(bursts[week], "burst"))
    return np.concatenate(join), np.concatenate(source)


def _bursts_by_week(size: float, weeks: int) -> np.ndarray:
    """New-flat bursts that begin in each week: most of them in the season of 2025."""
    total = planted.BURSTS_PER_1000 * 6 * size
    week = np.arange(weeks)
    late = (7 * week >= planted.BURSTS_FROM) & (7 * week < planted.BURSTS_UNTIL)
    span = (planted.BURSTS_UNTIL - planted.BURSTS_FROM) // 7
    rest = (shop.day_number("2026-06-18") // 7) - span
    rate = np.where(
        late,
        total * planted.BURSTS_SHARE_LATE / span,
        total * (1 - planted.BURSTS_SHARE_LATE) / rest,
    )
    due = np.floor(np.cumsum(rate) + 1e-9).astype(int)
    return np.diff(due, prepend=0)


def customer_ids(numbers: np.ndarray) -> np.ndarray:
    """Customer ids as text: C00101 and on."""
    return np.array([f"C{number:05d}" for number in numbers], dtype=object)


def ids_of(places: np.ndarray) -> np.ndarray:
    """Customer ids of people by their place in the list."""
    return customer_ids(np.asarray(places) + FIRST_NUMBER)
