"""What the cases of orientation found, in sentences whose numbers come from the data."""

from __future__ import annotations

from helpers import words
from helpers.orientation.case_worlds import Shortage, shortage
from helpers.orientation.cases import Split, account, turning_point
from helpers.withheld import silent_when_withheld

# ---------------------------------------------------------------- C20


def situation(world: Shortage) -> str:
    """What the head of service knows."""
    return (
        f"The machine will be sold out for about **{words.count(world.months, 'month')}**, until a rival's plant opens. In each of them "
        f"{words.number(world.a_month)} machines are made and sold, whatever the service is like. Less care would save "
        f"{_yuan(world.saved_a_month)} a month. "
        f"Of customers treated badly, {words.in_100(world.lost_share)} leave as soon as they can choose; each who stays leaves "
        f"{world.margin_a_month} yuan a month, with filters and parts. The owner looks {world.horizon} months ahead."
    )


def care(world: Shortage) -> str:
    """The account in words."""
    found, turn = account(world), turning_point(world)
    better = "Keeping the team is worth its money" if found.keep else "By this account less care pays"
    where = f"The lines cross at {turn:.0f} months" if turn else "Less care saves more at any length"
    return (
        f"Less care saves {_yuan(found.saved)} in {words.count(world.months, 'month')}, and loses {_yuan(found.lost)} in the "
        f"{words.count(world.months_after, 'month')} after. {better}. {where}: the longer nobody can leave, the less care earns."
    )


def care_at(*, months: int, lost: float) -> str:
    """The sentence under the playground."""
    return care(shortage(months, lost_share=lost))


def care_facts(world: Shortage) -> dict[str, str]:
    """What the options of the decision are filled with."""
    found = account(world)
    return {
        "saved": _yuan(found.saved),
        "lost": _yuan(found.lost),
        "months": words.count(world.months, "month"),
        "after": words.count(world.months_after, "month"),
    }


def _yuan(amount: float) -> str:
    return f"{words.number(amount)} yuan"


# ---------------------------------------------------------------- C35


@silent_when_withheld
def splits(income: Split, motive: Split) -> str:
    """Which of the two splits separates, and whether by more than chance."""
    said = []
    for name, found in (("income", income), ("motive", motive)):
        table = found.table
        high, low = table.loc[table["rate"].idxmax()], table.loc[table["rate"].idxmin()]
        chance = "more than chance makes" if found.is_sure else "no more than chance makes"
        said.append(
            f"By **{name}**: {words.in_100(high['rate'])} purchases at a reduced price in the group *{words.plain(high['group'])}*, "
            f"{words.in_100(low['rate'])} in *{words.plain(low['group'])}*; {_points(found.gap)} apart, {chance}."
        )
    return " ".join(said)


def split_facts(income: Split, motive: Split) -> dict[str, str]:
    """What the options of the decision are filled with."""
    return {
        "income": _points(income.gap),
        "motive": _points(motive.gap),
        "income_sure": "more than chance makes" if income.is_sure else "no more than chance makes",
        "motive_sure": "more than chance makes" if motive.is_sure else "no more than chance makes",
    }


def _points(value: float) -> str:
    return f"{100 * value:.1f} points"
