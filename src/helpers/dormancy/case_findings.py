"""What the case of dormancy found, in sentences whose numbers come from the data."""

from __future__ import annotations

from helpers import words
from helpers.dormancy.cases import Repertoire, Tried
from helpers.withheld import silent_when_withheld


def tried(result: Tried) -> list[str]:
    """What became of those who went over, beside what is usual."""
    share, usual = result.share, result.usual
    return [
        (
            f"**Of 100 who took the rival's new can after ours, {100 * share.value:.0f} took ours again within three purchases** ({100 * share.low:.0f} to {100 * share.high:.0f}). Before there was a new can, "
            f"{100 * usual.value:.0f} of 100 did after a purchase of the rival's."
        ),
        f"Of all purchases, {words.in_100(result.ours_before)} were ours before the can and {words.in_100(result.ours_after)} after it. "
        + {
            "repertoire": "They have two brands at home and always had. A skipped purchase is no farewell; a campaign to win them back would pay for what comes by itself.",
            "half_asleep": "Some have gone over, and most are still within reach. That is half-asleep: find out what the new can gave them.",
            "lost": "Most of those who went over stayed there. For them the can was a change of house, and the product has to answer it.",
        }[result.verdict],
    ]


@silent_when_withheld
def repertoire(result: Repertoire) -> str:
    """Brands in turn, in one's own orders."""
    total = int(result.table["customers"].sum())
    several = int(result.table.loc[result.table["brands"] > 1, "customers"].sum())
    text = f"Of {words.count(total, 'customer')} with four order days or more, {several:,} have bought several brands."
    if result.moved >= 20:
        text += f" {result.moved:,} left their favourite brand out at the last order but one; {result.moved_back:,} of them were back with it at the last. The brand's manager would have called all of them lost."
    return text
