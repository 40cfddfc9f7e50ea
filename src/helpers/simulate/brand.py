"""The brand tracker: twice a year an institute asks buyers in the market and customers; nobody's name comes back.

Waves have a table of their own and not the customer survey's: other people are
asked, other questions, at other times. All is drawn from streams of its own and
from the stories alone, so no order, contact or answer elsewhere moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.simulate import catalogue as shop
from helpers.simulate import stories as planted
from helpers.simulate import text
from helpers.simulate.dice import Dice, bell, settled

OWN, RIVAL = "Lantern Home", "Hearth & Co."
BRANDS = (OWN, RIVAL)
MARKET, CUSTOMERS = "market", "customers"
SHEETS = {MARKET: 540, CUSTOMERS: 440}
"""Answer sheets of one wave at the default company."""
LARGEST = 10
"""A company more than so many times the default one has no larger tracker."""
DAYS = 10
FIRST_WAVE = 2025, 5
STAGES = ("aided", "considered", "bought", "preferred")

# Share who go on from one stage to the next: aware when shown, considered, bought, preferred; and of the aware, who name it unprompted.
_GOES_ON = {OWN: np.array([0.84, 0.58, 0.62, 0.60]), RIVAL: np.array([0.88, 0.55, 0.58, 0.62])}
_UNPROMPTED = {OWN: 0.46, RIVAL: 0.52}
_CONTRADICTS = 0.012
"""Share of the sheets on which a later stage is ticked and an earlier one is not."""
FALLS = {"recommendation": 0.75, "considered": 0.20, "unaided": 0.15, "trust": 0.65}
"""What the story `real_change` takes off: grades of 10, or the share that goes on."""
_MOOD, _MOOD_SPREAD = 8.3, 1.8
_TRUST, _TRUST_SPREAD = 7.4, 1.2
_TRUST_LET_DOWN, _MOOD_LET_DOWN = -2.2, -1.2
LABELS = (OWN, RIVAL, "unbranded")
PREMIUM = np.array([0.14, 0.10, 0.00])
"""How much more people would pay for the same rice cooker under each name, as a share."""
_PLAIN_PRICE, _PRICE_SPREAD = 320.0, 0.26
PROMISES = {
    "installed_48h": ("installation", 0.62, 0.7),
    "delivered_on_the_day": ("delivery", 0.70, 0.6),
    "repaired_in_one_visit": ("repair", 0.34, 0.5),
    "money_back_30_days": ("return_desk", 0.32, 0.5),
    "honest_advice": ("", 0.85, 0.0),
    "filter_reminder": ("", 0.45, 0.0),
}
"""Each promise: the touchpoint of the contacts that keeps it, share who met it, share whom a partner served."""
_BELIEVED, _BELIEVED_SPREAD = 7.6, 1.1
_KEPT_SPREAD = 1.3
BROKEN = 0.5
"""Share of the partner's jobs that break the planted promise."""
_KEPT_IF_BROKEN = -4.2
LINES = ("air_care", "smart_light", "baby", "pet_corner", "garden")
"""New product lines that people were asked about, in the waves of `LINES_FROM` and later."""
LINES_FROM = 2026, 5
_FIT = np.array([7.2, 7.0, 6.7, 6.6, 6.8])
_FIT_STRETCHED, _FIT_SPREAD = 4.1, 1.8
_SHEET = ("day", "mood1", "mood2", "mood3", "halo1", "halo2", "halo3", "trust1", "trust2", "trust3", "label",
          "price1", "price2", "price3", "good", "good_many", "bad", "bad_many", "silent")  # fmt: skip
_FUNNEL = ("aided", "considered", "bought", "preferred", "unaided", "slip")


@dataclass(frozen=True)
class Wave:
    """One round of the tracker: its name, and its first day number."""

    name: str
    first_day: int


def waves(last_day: int) -> list[Wave]:
    """The rounds that were over by a day: each May and November, from the eleventh on."""
    found = []
    year, month = FIRST_WAVE
    while True:
        first = shop.day_number(f"{year}-{month:02d}-11")
        if first + DAYS > last_day:
            return found
        found.append(Wave(f"{year}-{month:02d}", first))
        year, month = (year, 11) if month == 5 else (year + 1, 5)


def goes_on(stories: planted.Stories, wave: str, brand: str) -> np.ndarray:
    """Share who go on from stage to stage, and the share of the aware who name the brand unprompted, in one wave."""
    steps = np.append(_GOES_ON[brand], _UNPROMPTED[brand])
    if brand == OWN:
        for place, name in ((1, "considered"), (4, "unaided")):
            steps[place] -= fall(stories, wave, name)
    return steps


def fall(stories: planted.Stories, wave: str, measure: str) -> float:
    """What the story of a real change takes off a measure in one wave: nothing before it, all of it from then on."""
    planted_measure, since = stories.plant["real_change"]
    return FALLS[measure] * (stories.has("real_change") and measure == planted_measure and wave >= since)


def broken(stories: planted.Stories) -> str:
    """The promise that partners break, or an empty text: the one of the touchpoint of the planted hand-over."""
    if not stories.has("broken_promise"):
        return ""
    return next(name for name, (site, *_) in PROMISES.items() if site == stories.plant["hand_over"])


def _rounds(history, sample: str) -> Iterator[tuple[Wave, np.ndarray]]:
    """Each wave with the numbers of its sheets in one sample."""
    rows = max(1, round(min(history.size, LARGEST) * SHEETS[sample]))
    for wave in waves(history.last_day):
        start = f"B{wave.name[2:4]}{wave.name[5:]}-{sample[0].upper()}"
        yield wave, np.array([f"{start}{at + 1:04d}" for at in range(rows)], dtype=object)


def _halo(u: dict) -> np.ndarray:
    """Some find everything good."""
    return 0.6 * bell(u["halo1"], u["halo2"], u["halo3"])


def _grades(values: np.ndarray, low: int) -> np.ndarray:
    return np.clip(np.floor(values + 0.5), low, 10).astype(int)


def _sheets(stories: planted.Stories, wave: Wave, sample: str, ids: np.ndarray, u: dict, let_down: np.ndarray) -> pd.DataFrame:
    """What stands once on each sheet."""
    asked = np.full(len(ids), sample == CUSTOMERS)
    mood = _MOOD - fall(stories, wave.name, "recommendation") + _MOOD_LET_DOWN * let_down
    mood = mood + _MOOD_SPREAD * bell(u["mood1"], u["mood2"], u["mood3"])
    trust = _TRUST - fall(stories, wave.name, "trust") + _TRUST_LET_DOWN * let_down
    trust = trust + _halo(u) + _TRUST_SPREAD * bell(u["trust1"], u["trust2"], u["trust3"])
    good = np.where(u["good"] < 0.55, 1 + np.floor(24 * u["good_many"] ** 5), 0)
    bad = np.where(u["bad"] < np.where(let_down, 0.62, 0.05), 1 + np.floor(32 * u["bad_many"] ** 4), 0)
    label = np.minimum(np.floor(len(LABELS) * u["label"]), len(LABELS) - 1).astype(int)
    spread = settled(np.exp(_PRICE_SPREAD * bell(u["price1"], u["price2"], u["price3"])))
    pay = np.floor(_PLAIN_PRICE * (1 + PREMIUM[label]) * spread / 10 + 0.5).astype(int) * 1000
    whole = lambda values: pd.Series(values.astype(int), dtype="Int64").where(pd.Series(asked))  # noqa: E731
    return pd.DataFrame(
        {
            "answer_id": ids,
            "answered_on": text.moments(wave.first_day + np.floor(DAYS * u["day"]).astype(int), np.zeros(len(ids))),
            "wave": wave.name,
            "sample": sample,
            "recommendation": whole(_grades(mood, 0)).where(u["silent"] >= 0.03),
            "trust": whole(_grades(trust, 1)),
            "told_good": whole(good),
            "told_bad": whole(bad),
            "label": np.where(asked, "", np.array(LABELS, dtype=object)[label]),
            "would_pay_minor": pd.Series(pay, dtype="Int64").where(~pd.Series(asked)),
        }
    )


def _funnel(dice: Dice, stories: planted.Stories, wave: Wave, ids: np.ndarray) -> list[pd.DataFrame]:
    """How far each person in the market came with each brand."""
    parts = []
    for brand in BRANDS:
        u = dice.table(f"brand tracker {brand}", wave.first_day, len(ids), _FUNNEL)
        steps = goes_on(stories, wave.name, brand)
        reached, here = {}, np.ones(len(ids), dtype=bool)
        for place, stage in enumerate(STAGES):
            here = here & (u[stage] < steps[place])
            reached[stage] = here
        unaided = reached["aided"] & (u["unaided"] < steps[-1])
        # Such sheets say that somebody bought who would never have thought of it.
        slip = (u["slip"] < _CONTRADICTS) & ~reached["considered"]
        parts.append(
            pd.DataFrame(
                {"answer_id": ids, "brand": brand, "own": brand == OWN, "unaided": unaided}
                | reached
                | {"bought": reached["bought"] | slip}
            )
        )
    return parts


def _promises(dice: Dice, stories: planted.Stories, wave: Wave, ids: np.ndarray, halo: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """What each customer believed of each promise they met, and how far it was kept; and who was let down."""
    let_down = np.zeros(len(ids), dtype=bool)
    parts = []
    for name, (_, met, partner) in PROMISES.items():
        columns = ("met", "partner", "broken", *(f"{what}{n}" for what in ("believed", "kept") for n in (1, 2, 3)))
        u = dice.table(f"brand promise {name}", wave.first_day, len(ids), columns)
        meets, by_partner = u["met"] < met, u["partner"] < partner
        breaks = meets & by_partner & (u["broken"] < BROKEN) & (name == broken(stories))
        let_down |= breaks
        believed = _BELIEVED + halo + _BELIEVED_SPREAD * bell(*(u[f"believed{n}"] for n in (1, 2, 3)))
        kept = _BELIEVED + halo + _KEPT_IF_BROKEN * breaks + _KEPT_SPREAD * bell(*(u[f"kept{n}"] for n in (1, 2, 3)))
        at = np.flatnonzero(meets)
        parts.append(
            pd.DataFrame(
                {
                    "answer_id": ids[at],
                    "promise": name,
                    "believed": pd.array(_grades(believed, 1)[at], dtype="Int64"),
                    "kept": pd.array(_grades(kept, 1)[at], dtype="Int64"),
                    "owner": np.where(by_partner, "partner", "own")[at],
                }
            )
        )
    return pd.concat(parts, ignore_index=True), let_down


def _stretch(dice: Dice, stories: planted.Stories, wave: Wave, ids: np.ndarray) -> list[pd.DataFrame]:
    """How well each new line would fit the brand, and whether the person would buy it under the name."""
    if wave.name < f"{LINES_FROM[0]}-{LINES_FROM[1]:02d}":
        return []
    parts = []
    for line, usual in zip(LINES, fits(stories), strict=True):
        u = dice.table(f"brand stretch {line}", wave.first_day, len(ids), ("fit1", "fit2", "fit3", "buy"))
        fit = usual + _FIT_SPREAD * bell(u["fit1"], u["fit2"], u["fit3"])
        grade = _grades(fit, 1)
        would = u["buy"] < np.clip(0.06 * grade - 0.12, 0, 1)
        parts.append(
            pd.DataFrame({"answer_id": ids, "line": line, "fit": pd.array(grade, dtype="Int64"), "would_buy": would})
        )
    return parts


def fits(stories: planted.Stories) -> np.ndarray:
    """The mean fit of each line before it is rounded to a grade."""
    stretched = np.array([stories.has("stretch") and line == stories.plant["stretch"] for line in LINES])
    return np.where(stretched, _FIT_STRETCHED, _FIT)


def brand_survey(history) -> pd.DataFrame:
    """The public table: one answer sheet a row."""
    dice, stories, parts = history.dice, history.stories, []
    for sample in SHEETS:
        for wave, ids in _rounds(history, sample):
            u = dice.table(f"brand {sample}", wave.first_day, len(ids), _SHEET)
            let_down = np.zeros(len(ids), dtype=bool)
            if sample == CUSTOMERS:
                _, let_down = _promises(dice, stories, wave, ids, _halo(u))
            parts.append(_sheets(stories, wave, sample, ids, u, let_down))
    return pd.concat(parts, ignore_index=True).sort_values(["wave", "answer_id"], ignore_index=True)


def brand_funnel(history) -> pd.DataFrame:
    """The public table: one person and brand a row."""
    parts = [_funnel(history.dice, history.stories, wave, ids) for wave, ids in _rounds(history, MARKET)]
    return pd.concat([frame for frames in parts for frame in frames], ignore_index=True)


def brand_promises(history) -> pd.DataFrame:
    """The public table: one person and promise a row."""
    dice, parts = history.dice, []
    for wave, ids in _rounds(history, CUSTOMERS):
        halo = _halo(dice.table(f"brand {CUSTOMERS}", wave.first_day, len(ids), _SHEET))
        parts.append(_promises(dice, history.stories, wave, ids, halo)[0])
    return pd.concat(parts, ignore_index=True)


def brand_stretch(history) -> pd.DataFrame:
    """The public table: one person and new line a row."""
    parts = [_stretch(history.dice, history.stories, wave, ids) for wave, ids in _rounds(history, MARKET)]
    return pd.concat([frame for frames in parts for frame in frames], ignore_index=True)


def referrals(history) -> pd.DataFrame:
    """The public table: who named a friend, and which of the friends became a customer.

    For each friend who came the same customer named up to three who did not.
    """
    from helpers.simulate import people

    crowd, known = history.crowd, history.known
    came = np.flatnonzero(known & (crowd.referrer >= 0))
    came = came[known[crowd.referrer[came]]]
    columns = ("days", *(f"{what}{n}" for n in (1, 2, 3) for what in ("names", "later")))
    u = history.dice.table("referrals", 0, len(crowd), columns, only=came)
    giver = crowd.referrer[came]
    day = np.maximum(crowd.join_day[came] - np.floor(21 * u["days"]).astype(int), crowd.join_day[giver])
    day = np.minimum(day, crowd.join_day[came])
    parts = [pd.DataFrame({"giver": giver, "day": day, "came": came, "place": 0})]
    for n in (1, 2, 3):
        names = u[f"names{n}"] < 0.6
        later = day + np.floor(60 * u[f"later{n}"]).astype(int)
        parts.append(pd.DataFrame({"giver": giver, "day": later, "came": -1, "place": n, "of": came})[names])
    rows = pd.concat(parts, ignore_index=True)
    rows["of"] = rows["of"].fillna(rows["came"]).astype(int)
    rows = rows[rows["day"] <= history.last_day].sort_values(["day", "of", "place"], ignore_index=True)
    ids = [f"R{of + people.FIRST_NUMBER:05d}{place}" for of, place in zip(rows["of"], rows["place"], strict=True)]
    return pd.DataFrame(
        {
            "referral_id": ids,
            "referrer_id": people.ids_of(rows["giver"]),
            "referred_on": text.moments(rows["day"], np.zeros(len(rows))),
            "customer_id": np.where(rows["came"] >= 0, people.ids_of(rows["came"]), ""),
        }
    )


def _below(value: float, mean: np.ndarray, spread: float) -> np.ndarray:
    """Chance that a bell-shaped number with a mean and a spread lies below a value: the sum of three uniforms."""
    x = (value - np.asarray(mean, dtype=float)) / spread / 2 + 1.5
    x = np.clip(x, 0, 3)
    return (x**3 - 3 * np.maximum(x - 1, 0) ** 3 + 3 * np.maximum(x - 2, 0) ** 3) / 6


def truth_of_waves(history, stories: planted.Stories) -> pd.DataFrame:
    """The true value of each measure in each wave, and whether it truly changed since the wave before.

    Returns
    -------
    DataFrame
        `wave`, `measure` (of the own brand; shares of one, the recommendation score from
        -100 to 100, the mean of trust before rounding), `value`, `changed`.
    """
    name = broken(stories)
    let_down = PROMISES[name][1] * PROMISES[name][2] * BROKEN if name else 0.0
    rows = []
    for wave in waves(history.last_day):
        steps = goes_on(stories, wave.name, OWN)
        shares = np.cumprod(steps[:4])
        means = _MOOD - fall(stories, wave.name, "recommendation") + _MOOD_LET_DOWN * np.array([0, 1])
        part = np.array([1 - let_down, let_down])
        score = 100 * (part @ (1 - _below(8.5, means, _MOOD_SPREAD)) - part @ _below(6.5, means, _MOOD_SPREAD))
        trust = _TRUST - fall(stories, wave.name, "trust") + _TRUST_LET_DOWN * let_down
        values = dict(zip(STAGES, shares, strict=True)) | {"unaided": shares[0] * steps[4], "recommendation": score, "trust": trust}
        rows += [(wave.name, measure, round(float(value), 6)) for measure, value in values.items()]
    truth = pd.DataFrame(rows, columns=["wave", "measure", "value"])
    before = truth.groupby("measure")["value"].shift()
    return truth.assign(changed=text.yes_no((before.notna() & (truth["value"] != before)).to_numpy()))


def truth_of_promises(history, stories: planted.Stories) -> pd.DataFrame:
    """For each promise: the touchpoint that keeps it, and the share of the jobs that break it, own and partner."""
    name = broken(stories)
    return pd.DataFrame(
        {
            "promise": list(PROMISES),
            "touchpoint": [site for site, *_ in PROMISES.values()],
            "broken_by_own": 0.0,
            "broken_by_partner": [BROKEN if promise == name else 0.0 for promise in PROMISES],
        }
    )


def truth_of_stretch(history, stories: planted.Stories) -> pd.DataFrame:
    """For each new line: its mean fit before rounding, and whether it stretches the brand too far."""
    fit = fits(stories)
    return pd.DataFrame({"line": LINES, "fit": fit, "stretches": text.yes_no(fit == _FIT_STRETCHED)})


def truth_of_premium(history, stories: planted.Stories) -> pd.DataFrame:
    """For each name on the same product: how much more people would pay than without a name, as a share."""
    return pd.DataFrame({"label": LABELS, "premium": PREMIUM})
