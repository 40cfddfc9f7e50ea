"""The brand in sentences, written from the measures: Markdown, one finding each."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from helpers import words
from helpers.branding import reach as mouth
from helpers.branding.funnel import STAGES, Funnel
from helpers.branding.price import Guarantee, Premium
from helpers.branding.promises import Cost, Gaps, OnFile, touchpoint_of, words_of
from helpers.branding.reach import Brought, Told
from helpers.branding.recommendation import Score
from helpers.branding.stretch import Stretch
from helpers.branding.waves import NAMES, Changes
from helpers.data import contract
from helpers.data.company import Company
from helpers.stats.intervals import Estimate
from helpers.withheld import Withheld, silent_when_withheld

TABLES = ("brand_survey", "brand_funnel", "brand_promises", "brand_stretch", "referrals", "contacts")
_STEP = {
    "aided": "knowing it",
    "considered": "considering it",
    "bought": "buying it",
    "preferred": "preferring it",
}


def _signed(value: float, digits: int = 0) -> str:
    return f"{value:+.{digits}f}".replace("-", "−")


def _signed_tenth(value: float) -> str:
    return _signed(value, 1)


def _range(estimate: Estimate, digits: int = 0) -> str:
    return f"{estimate.low:.{digits}f} to {estimate.high:.{digits}f}".replace("-", "−")


@silent_when_withheld
def funnel(result: Funnel) -> list[str]:
    """How far people come, and what was left out."""
    known, bought = result.at("aided"), result.at("bought")
    says = [
        f"**Of 100 buyers in the market {100 * known['share']:.0f} know {words.plain(result.own)} when they see the name, "
        f"{100 * result.at('considered')['share']:.0f} would consider it and {100 * bought['share']:.0f} bought it** ({100 * bought['low']:.0f} to {100 * bought['high']:.0f}). "
        f"Without help {100 * result.at('unaided')['share']:.0f} name it."
    ]
    out = [
        (result.contradicting, "a later stage was ticked and an earlier one was not"),
        (result.twice, "the same person and brand stood there twice"),
    ]
    told = [f"{words.count(count, 'row')} because {why}" for count, why in out if count]
    if told:
        says.append(f"Left out of wave {words.plain(result.wave)}: {words.listing(told)}. A funnel never widens; a sheet that says so contradicts itself.")
    if result.stray:
        says.append(f"{words.count(result.stray, 'row')} of the funnel belong to no sheet of the tracker and are not counted.")
    return says


@silent_when_withheld
def against_rival(table: pd.DataFrame, result: Funnel) -> str:
    """Where the rival loses more, or fewer."""
    rival = words.plain(result.rivals[0])
    sure = table[table["p_corrected"] < 0.05]
    if sure.empty:
        return f"Step by step the two brands do not differ beyond chance. Where {rival} looks stronger or weaker, other people asked might have turned it round."
    parts = [
        f"{_STEP[row.stage]}: {100 * row.own:.0f} of 100 go on, with {rival} {100 * row.rival:.0f} ({_signed(100 * row.low)} to {_signed(100 * row.high)})"
        for row in sure.itertuples()
    ]
    return f"**Beyond chance the step differs at {words.listing(parts)}.** The other steps do not differ."


@silent_when_withheld
def premium(result: Premium, *, code: str) -> str:
    """What the own name adds."""
    row = result.of(result.own)
    worth = "more" if row["premium"] >= 0 else "less"
    sure = row["low"] > 0 or row["high"] < 0
    text = (
        f"**Under our name people would pay {abs(100 * row['premium']):.0f} of 100 {worth} for the same product** ({_signed(100 * row['low'])} to {_signed(100 * row['high'])}): "
        f"{words.money(int(row['typical_minor']), code=code)} against {words.money(int(result.table.loc[result.table['premium'].isna(), 'typical_minor'].iloc[0]), code=code)}. "
        "A lot decided who saw which name, so the name is the cause."
    )
    if not sure:
        text = f"Our name changes what people would pay by {_signed(100 * row['premium'])} of 100 ({_signed(100 * row['low'])} to {_signed(100 * row['high'])}): nothing beyond chance."
    if result.not_for_money:
        text += f" {words.count(result.not_for_money, 'person would', 'people would')} pay nothing and are left out."
    return text + " What people say that they would pay is more than what they pay at a till; the ratio is the message."


@silent_when_withheld
def score(result: Score) -> str:
    """The score, its interval, and what it hides."""
    estimate = result.estimate
    text = (
        f"**The recommendation score is {estimate.value:.0f}, from {_range(estimate)}**, on {words.count(result.n, 'answer')}: "
        f"{100 * result.promoters:.0f} of 100 give 9 or 10, {100 * result.detractors:.0f} give 6 or less."
    ).replace("is -", "is −")
    if result.left_open:
        text += f" {words.count(result.left_open, 'sheet')} left the question open."
    return text + f" The commonest grade is {int(result.counts.idxmax())}. Two firms with the same score can have quite different bars."


@silent_when_withheld
def changes(result: Changes) -> list[str]:
    """What changed, and what only looks so."""
    looks = words.count(len(result.table), "measure")
    if len(result.real):
        parts = [_change(row) for row in result.real.itertuples()]
        says = [f"**From {words.plain(result.before)} to {words.plain(result.now)} this changed: {words.listing(parts)}.** It is beyond chance although we looked at {looks}."]
    else:
        says = [f"**From {words.plain(result.before)} to {words.plain(result.now)} nothing changed beyond chance.** We looked at {looks}."]
    if len(result.tempting):
        parts = [_change(row) for row in result.tempting.itertuples()]
        chance = round(100 * (1 - 0.95 ** len(result.table)))
        says.append(
            f"Tempting, but not enough: {words.listing(parts)}. Looked at alone, each would pass as a change. With {looks}, up to {chance} of 100 such comparisons show one when nothing "
            "has happened. Wait for the next wave."
        )
    return says


def _change(row) -> str:
    unit = "" if row.unit == "of 100" else f" {row.unit}s" if row.unit == "grade" else " points"
    digits = 1 if row.unit == "grade" else 0
    return f"{NAMES[row.measure]} {_signed(row.change, digits)}{unit} ({_signed(row.low, digits)} to {_signed(row.high, digits)})"


@silent_when_withheld
def gaps(result: Gaps) -> list[str]:
    """Where trust leaks."""
    row = result.leak
    if row is None:
        says = [f"**No promise leaks.** Each of {len(result.table)} promises is kept about as far as customers believed it, in wave {words.plain(result.wave)}."]
    else:
        says = [
            f"**“{words.plain(words_of(row['promise']))}” is believed at {row['believed']:.1f} and kept at {row['kept']:.1f}**: a gap of {_signed(row['gap'], 1)} "
            f"({_signed(row['low'], 1)} to {_signed(row['high'], 1)}), each by the same {words.count(int(row['people']), 'customer')}."
        ]
        others = result.leaks["promise"].iloc[1:]
        if len(others):
            says.append(f"It also leaks at {words.listing(words.plain(words_of(name)) for name in others)}.")
    if result.thin:
        says.append(f"Too few customers met {words.listing(words.plain(words_of(name)) for name in result.thin)} to judge.")
    return says


@silent_when_withheld
def by_owner(result: Gaps) -> str:
    """Who keeps the promise that leaks."""
    row = result.leak
    if row is None:
        sure = result.table[result.table["by_p_corrected"] < 0.05]
        if sure.empty:
            return "Own staff and partners keep every promise alike, as far as these answers can tell."
        return f"Own staff and partners differ at {words.listing(words.plain(words_of(name)) for name in sure['promise'])}, though no promise leaks on the whole."
    if np.isnan(row["own_less_partner"]):
        return "Too few answers of one kind, own staff or partners, to say who breaks it."
    text = f"Served by own staff, customers give it {row['own_kept']:.1f}; served by a partner, {row['partner_kept']:.1f}"
    apart = f" ({_signed(row['by_low'], 1)} to {_signed(row['by_high'], 1)} apart)"
    if result.by_partner:
        return f"**{text}**{apart}. We keep the promise ourselves, and it breaks in other hands. The customer does not see the difference: the name on the van is ours."
    return f"{text}{apart}. The promise breaks in our own hands too, so another partner will not mend it."


@silent_when_withheld
def on_file(result: OnFile) -> str:
    """The promise in the contacts."""
    own, partner = result.table.iloc[0], result.table.iloc[1]
    gap = result.difference
    sure = "beyond chance" if gap.excludes_zero else "within chance"
    return (
        f"The contacts say it without asking anybody: of 100 matters at {words.plain(words_of(result.touchpoint))} own staff settle {100 * own['share']:.0f} within {result.hours} hours of the first "
        f"visit, partners {100 * partner['share']:.0f} ({_signed(100 * gap.low)} to {_signed(100 * gap.high)} apart: {sure})."
    )


@silent_when_withheld
def cost_of_a_break(result: Cost) -> str:
    """What a broken promise goes with."""
    return (
        f"{words.count(result.let_down, 'customer')} of {result.let_down + result.others:,} say that a promise was broken. Compared with the others, their trust differs by {_signed(result.trust.value, 1)} grades "
        f"({_signed(result.trust.low, 1)} to {_signed(result.trust.high, 1)}), and the number of people whom each told something bad by {_signed(result.told_bad.value, 1)} "
        f"({_signed(result.told_bad.low, 1)} to {_signed(result.told_bad.high, 1)}). Nobody was let down by lot, so this is what goes together, not a proof of cause."
    )


@silent_when_withheld
def stretch(result: Stretch) -> str:
    """Which line the brand can carry."""
    fits = result.table[result.table["verdict"] == "fits"]
    far = result.too_far
    if far:
        row = result.table[result.table["line"] == far[0]].iloc[0]
        first = (
            f"**{words.plain(words_of(far[0])).capitalize()} would stretch the brand too far**: fit {row['fit']:.1f} of 10 ({row['low']:.1f} to {row['high']:.1f}), "
            f"and {100 * row['would_buy']:.0f} of 100 would buy it under our name."
        )
    else:
        first = "**No line stretches the brand too far.**"
    if len(fits):
        first += f" {words.listing(words.plain(words_of(name)) for name in fits['line']).capitalize()} {'fits' if len(fits) == 1 else 'fit'}."
    return first + " Fit is an opinion about a name, not a forecast of sales."


@silent_when_withheld
def told(result: Told) -> str:
    """What customers tell, beside the rule of 250."""
    return (
        f"**The average customer told {result.mean_good.value:.1f} people something good ({_range(result.mean_good, 1)}) and {result.mean_bad.value:.1f} something bad "
        f"({_range(result.mean_bad, 1)})**; {100 * (1 - result.share_bad.value):.0f} of 100 told nobody anything bad. The most that anyone of {words.count(result.customers, 'customer')} told is {result.largest}: "
        f"{'nobody comes near 250' if result.largest < 125 else 'a few tell very many'}."
    )


def reach(tellers: float, circle: float, *, population: int = 100_000) -> str:
    """Circles added up beside different people."""
    full = mouth.naive_reach(tellers, circle=circle)
    found = mouth.distinct_reach(tellers, circle=circle, population=population)
    return (
        f"{tellers:,.0f} people tell {circle:,.0f} each: added up {full:,.0f}, but {found:,.0f} different people in a town of {population:,}. "
        f"The difference, {full - found:,.0f}, heard it more than once."
    )


@silent_when_withheld
def brought(result: Brought) -> str:
    """Who brought whom."""
    return (
        f"{words.count(result.givers, 'customer')} named {words.count(result.named, 'friend')}; {words.count(result.came, 'friend')} came, {words.in_100(result.rate.value)}. "
        f"{words.count(result.allies, 'customer')} brought two or more: allies (同盟者), who recommend unpaid."
    )


def guarantee(result: Guarantee, *, code: str) -> str:
    """Whether a guarantee pays."""
    from helpers.money import currency

    factor = currency(code).factor
    money = lambda value: words.money(round(value * factor), code=code)  # noqa: E731
    verdict = "pays" if result.left > 0 else "does not pay"
    return (
        f"Of 100 buyers {result.claims:g} make a claim: {money(result.costs)}. {result.stay_longer:g} more come back: {money(result.brings)}. The guarantee {verdict}; "
        f"it breaks even at {result.break_even:.1f} claims of 100. How many more come back is an assumption, until some get the guarantee by lot."
    )


def limits(company: Company, *, changed: Changes | Withheld) -> list[str]:
    """What these data cannot tell, and what the missing tables would add."""
    says = []
    for name in TABLES:
        if company.lacks(name):
            says.append(f"There is no `{name}` here. {contract.gain(name)}".strip())
    if company.brand_survey is not None:
        says.append("The tracker is anonymous: what people say cannot be held against what they buy.")
        says.append("Trust and a broken promise go together in these answers. That repairing the promise raises trust is an assumption; repair it with some partners first, drawn by lot, and ask again.")
    if isinstance(changed, Changes):
        says.append("At most 5 of 100 comparisons of two waves report a change where there is none. A change smaller than the interval is wide can be there and stay unseen.")
    says.append("Orders alone do not know what was promised, believed or said.")
    return says


def answer(
    *, found: Gaps | Withheld, reached: Funnel | Withheld, scored: Score | Withheld, changed: Changes | Withheld,
    stretched: Stretch | Withheld, filed: OnFile | Withheld,
) -> list[str]:  # fmt: skip
    """What the brand promises, what customers believe, where trust leaks, what changed and whether that is real."""
    says = []
    if isinstance(found, Gaps):
        leak, believed = found.leak, found.table["believed"].mean()
        names = words.listing(words.plain(words_of(name)) for name in sorted(found.table["promise"]))
        where = (
            "and none of them leaks"
            if leak is None
            else f"and trust leaks at “{words.plain(words_of(leak['promise']))}”: believed at {leak['believed']:.1f}, kept at {leak['kept']:.1f}"
        )
        says.append(f"**Customers believe our {words.count(len(found.table), 'promise')} at {believed:.1f} of 10, {where}.** The promises: {names}.")
        says.append(by_owner(found))
    if isinstance(filed, OnFile):
        says.append(on_file(filed))
    if isinstance(changed, Changes):
        says += changes(changed)[:1]
    elif isinstance(scored, Score):
        says.append(score(scored))
    if isinstance(reached, Funnel):
        says += funnel(reached)[:1]
    if isinstance(stretched, Stretch) and stretched.too_far:
        says.append(stretch(stretched))
    if isinstance(found, Withheld) and isinstance(reached, Withheld) and isinstance(scored, Withheld):
        says.insert(
            0,
            "**What the brand promises and whether people believe it cannot be said from these data.** Orders know who came back, not why. A brand survey of at least "
            "30 people in the market and 30 customers, repeated each half-year with the same questions, would show how far people come with the brand, what they believe, "
            "which promise leaks, and whether a change is real.",
        )
    return says


def key_numbers(
    *, found: Gaps | Withheld, reached: Funnel | Withheld, scored: Score | Withheld, changed: Changes | Withheld, worth: Premium | Withheld,
    stretched: Stretch | Withheld, said: Told | Withheld,
) -> list[dict[str, Any]]:  # fmt: skip
    """The key numbers for results.json; what is withheld is missing."""
    rows: list[tuple] = []
    if isinstance(scored, Score):
        rows.append(("recommendation_score", round(scored.value, 2), "number", "Recommendation score, -100 to 100"))
        rows.append(("recommendation_error", round(scored.error, 2), "number", "Standard error of the recommendation score"))
    if isinstance(reached, Funnel):
        rows += [(f"brand_{stage}", float(reached.at(stage)["share"]), "share", f"Share of the market: {_STEP[stage]}") for stage in STAGES]
    if isinstance(found, Gaps):
        leak = found.leak
        rows.append(("leaking_promise", "none" if leak is None else str(leak["promise"]), "text", "The promise that is believed and not kept"))
        rows.append(("worst_promise_gap", float(found.table["gap"].iloc[0]), "number", "Kept less believed, of the worst promise"))
    if isinstance(changed, Changes):
        rows.append(("real_changes", ", ".join(changed.real["measure"]) or "none", "text", "Measures that changed beyond chance since the wave before"))
    if isinstance(worth, Premium):
        rows.append(("price_premium", float(worth.of(worth.own)["premium"]), "share", "What the name adds to the price that people would pay"))
    if isinstance(stretched, Stretch):
        rows.append(("stretches_too_far", ", ".join(stretched.too_far) or "none", "text", "New lines that do not fit the brand"))
    if isinstance(said, Told):
        rows.append(("told_bad_each", float(said.mean_bad.value), "number", "People to whom a customer told something bad"))
    return [dict(zip(("key", "value", "unit", "label"), row, strict=True)) for row in rows]


def since(scored: Score | Withheld, found: Gaps | Withheld, *, score: float | None, gap: float | None, on: date | None) -> list[str]:
    """Against what the last report said; empty where there was none or it said nothing.

    Parameters
    ----------
    scored, found : as measured now
    score, gap : float or None
        `recommendation_score` and `worst_promise_gap` of the last report.
    on : date or None
        Its report date.
    """
    now = (scored.value if isinstance(scored, Score) else None, float(found.table["gap"].iloc[0]) if isinstance(found, Gaps) else None)
    says = [
        words.since("the recommendation score", then=score, now=now[0], on=on, shown=lambda value: f"{value:.0f}".replace("-", "−")),
        words.since("the gap of the worst promise", then=gap, now=now[1], on=on, shown=_signed_tenth),
    ]
    says = [one for one in says if one]
    return [*says, "Each wave asks other people: what of this is beyond chance, the comparison of the waves says."] if says else []


def where_on_file(found: Gaps | Withheld) -> str:
    """The touchpoint of the contacts at which to look: that of the leak, else installation."""
    leak = found.leak if isinstance(found, Gaps) else None
    return (touchpoint_of(leak["promise"]) if leak is not None else "") or "installation"
