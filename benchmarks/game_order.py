"""Does the favourite coupon lose, and does repairing the causes win, in companies that nobody has looked at?

    python benchmarks/game_order.py [--seeds 100] [--first 9700] [--best 5]

Each seed is a company of the default size with the planted stories. Every preset of the game is lived for
four quarters in the same future (common random numbers), so a difference is due to the decision. For the first
few seeds the best possible is worked out, too. The result goes into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
ALONE = ("coupon", "price", "adverts", "hotline", "lot", "sleepers")
"""What somebody might do in place of mending anything."""
CLAIMS = {
    "the coupon for all leaves less than nothing done": lambda p: p["coupon"] < 0,
    "one cause repaired leaves more than nothing done": lambda p: p["repair"] > 0,
    "one cause repaired leaves more than coupon, lower price, adverts and hotline": lambda p: p["repair"] > max(p[name] for name in ALONE[:4]),
    "one cause repaired leaves more than as many calls by lot as there is time for": lambda p: p["repair"] > p["lot"],
    "the causes repaired leave more than any measure without repair": lambda p: p["repairs"] > max(p[name] for name in ALONE),
    "the plan (a repair, and calls to sleepers) leaves more than its calls alone": lambda p: p["plan"] > p["sleepers"],
}


def lived(seed: int) -> dict[str, int]:
    """What each preset left beyond doing nothing, in fen, in one company."""
    from helpers.simulate import company, game

    world = company(seed=seed)
    found = game.compare(world, game.presets(world, seed=seed), futures=1)
    return dict(zip(found["name"], found["beyond_minor"], strict=True))


def best(seed: int) -> int:
    """What the best possible decision left, in fen."""
    from helpers.simulate import company, game

    found = game.compare(company(seed=seed), {}, futures=1, best=True)
    return int(found["beyond_minor"].iloc[0])


def main() -> int:
    """Measure, print and write the section of RESULTS.md."""
    sys.path.insert(0, str(HERE))
    from record import record, table

    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--seeds", type=int, default=100)
    ask.add_argument("--first", type=int, default=9700)
    ask.add_argument("--best", type=int, default=5)
    said = ask.parse_args()
    rows = []
    for seed in range(said.first, said.first + said.seeds):
        rows.append(lived(seed))
        print(seed, rows[-1], file=sys.stderr, flush=True)
    found = pd.DataFrame(rows) / 100
    counts = {claim: sum(holds(row) for row in rows) for claim, holds in CLAIMS.items()}
    heads = ("decision", "mean, yuan", "lowest", "highest", "more than nothing done")
    money = [
        (name, f"{found[name].mean():,.0f}", f"{found[name].min():,.0f}", f"{found[name].max():,.0f}", f"{(found[name] > 0).sum()} of {said.seeds}")
        for name in found.mean().sort_values(ascending=False).index
    ]
    most = [best(seed) / 100 for seed in range(said.first, said.first + said.best)]
    share = [100 * row / top for row, top in zip(found["plan"], most, strict=False)]
    text = (
        f"Companies of the default size, seeds {said.first} to {said.first + said.seeds - 1}, one future each; profit of four quarters beyond that of doing nothing.\n\n"
        f"{table(heads, money)}\n\n{table(('claim', 'holds'), [(claim, f'{count} of {said.seeds}') for claim, count in counts.items()])}\n\n"
        f"The best possible (the three repairs, and calls to exactly those whom they make buy, which nobody can know) left {min(most):,.0f} to {max(most):,.0f} yuan in the first "
        f"{said.best}; the plan reached {min(share):.0f} to {max(share):.0f} of 100 of it."
    )
    print(text)
    record("The game: what each decision leaves", text)
    return 0 if min(counts.values()) >= 0.9 * said.seeds else 1


if __name__ == "__main__":
    sys.exit(main())
