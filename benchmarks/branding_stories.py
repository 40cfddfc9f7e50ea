"""Are the broken promise, the real change and the line too far found where they are planted, and nowhere else? And how often is chance called a change?

    python benchmarks/branding_stories.py [--seeds 100] [--first 6000] [--chance 1000]

The tables of the brand tracker do not depend on orders, so they are made alone, at the default company's
size, with seeds that nobody tuned on. The analysis is the one of the report of lesson 06. The result goes into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
ELSEWHERE = {"hand_over": "repair", "real_change": ("considered", "2026-05"), "stretch": "garden"}
VARIANTS = {"planted": (True, None), "planted elsewhere": (True, ELSEWHERE), "switched off": (False, None)}
WHERE = {
    "planted": ("installed_48h", {"recommendation"}, ["baby"]),
    "planted elsewhere": ("repaired_in_one_visit", {"considered"}, ["garden"]),
}
FINDINGS = ("the promise that partners break", "the change that is real", "the line that stretches too far")


TABLES = ("brand_survey", "brand_funnel", "brand_promises", "brand_stretch")


def tracker(seed: int, on: bool, plant: dict | None, names: tuple[str, ...] = TABLES) -> SimpleNamespace:
    """The tables of one tracker."""
    from helpers.simulate import brand, stories
    from helpers.simulate import catalogue as shop
    from helpers.simulate.dice import Dice

    history = SimpleNamespace(dice=Dice(seed), stories=stories.choose(on, plant), size=1.0, last_day=shop.day_number("2026-06-17"))
    return SimpleNamespace(**{name: getattr(brand, name)(history) for name in names})


def seen(seed: int, variant: str) -> list[bool]:
    """Whether each finding is right where it is planted, or raised where it is not."""
    from helpers.branding import promises, stretch, waves

    tables = tracker(seed, *VARIANTS[variant])
    found = promises.gaps(tables.brand_promises, tables.brand_survey)
    real = set(waves.changes(tables.brand_survey, tables.brand_funnel).real["measure"])
    far = stretch.stretch(tables.brand_stretch, tables.brand_survey).too_far
    if variant == "switched off":
        return [found.leak is not None, bool(real), bool(far)]
    promise, measures, lines = WHERE[variant]
    leak = found.leak
    # Who considers it less buys it less: with a fall of considering, later stages may be named too, and nothing else.
    allowed = measures | ({"bought", "preferred"} if measures == {"considered"} else set())
    return [leak is not None and leak["promise"] == promise and found.by_partner, measures <= real <= allowed, far == lines]


def false_alarms(first: int, number: int) -> int:
    """Of so many comparisons of two waves in which nothing changed, how many report a change."""
    from helpers.branding import waves

    alarms = 0
    for seed in range(first, first + number):
        tables = tracker(seed, False, None, TABLES[:2])
        alarms += len(waves.changes(tables.brand_survey, tables.brand_funnel, now="2025-11").real) > 0
    return alarms


def main() -> int:
    """Measure, print and write the section of RESULTS.md."""
    sys.path.insert(0, str(HERE))
    from record import record, table

    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--seeds", type=int, default=100)
    ask.add_argument("--first", type=int, default=6000)
    ask.add_argument("--chance", type=int, default=1000)
    said = ask.parse_args()
    counts = {variant: [sum(column) for column in zip(*(seen(seed, variant) for seed in range(said.first, said.first + said.seeds)), strict=True)] for variant in VARIANTS}
    alarms = false_alarms(said.first, said.chance)
    targets = ("at least 90", "at least 90", "at most 5")
    rows = [(name, *(f"{counts[variant][i]} of {said.seeds}" for variant in VARIANTS)) for i, name in enumerate(FINDINGS)]
    rows.append(("wanted (of 100)", *targets))
    text = (
        f"Brand trackers at the default size (540 people in the market and 440 customers a wave), seeds {said.first} to {said.first + said.seeds - 1}, none of them used for "
        f"tuning; default parameters.\n\n{table(('finding of lesson 06', *VARIANTS), rows)}\n\nOf {said.chance} comparisons of two waves in which nothing changed, {alarms} report a "
        f"change in any of seven measures; stated are at most 5 of 100 ({said.chance * 0.05:.0f}, give or take {1.96 * (said.chance * 0.05 * 0.95) ** 0.5:.0f} by luck)."
    )
    print(text)
    record("Planted stories of lesson 06, and false alarms between waves", text)
    fine = all(min(counts[v]) >= 0.9 * said.seeds for v in ("planted", "planted elsewhere")) and max(counts["switched off"]) <= 0.05 * said.seeds
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
