"""What the command `workbook simulate` does."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from helpers.errors import DataError
from helpers.places import SAMPLE
from helpers.simulate.world import CUSTOMERS, SEED, World, company, open_world
from helpers.words import count, day


def simulate(
    out: str | Path = SAMPLE,
    seed: int = SEED,
    customers: int = CUSTOMERS,
    stories: bool | str | Iterable[str] = True,
    advance: str | int = "",
    actions: str | Path = "",
    *,
    start: str | Path = "",
    truth: bool = False,
    repairs: str | Iterable[str] = (),
    plant: Mapping | None = None,
) -> int:
    """Make the sample company, or let it live on, and write it to a folder.

    Parameters
    ----------
    out : path
        Where to write. The workbook's own `data` folder keeps its other files.
    seed, customers, stories, plant
        As for `company`. On the command line stories are "all", "none", or
        names with commas between them.
    advance : str or int
        How long to live on: "1q" or 1 is one quarter. Empty: not at all.
    actions : path
        The action list of a report, or its folder; carried out in the first
        quarter. Without `advance` it plays one quarter.
    start : path
        A folder with a company to go on from, in place of a new one.
    truth : bool
        Also write the truth.
    repairs : names, or text with commas between them
        What the company as a whole begins in the first quarter (see
        `helpers.simulate.repairs`). Without `advance` it plays one quarter.

    Returns
    -------
    int
        0 when all went well, 2 when the input was refused.
    """
    try:
        quarters = _quarters(advance)
        if (str(actions) or repairs) and not quarters:
            quarters = 1
        if str(start):
            world = open_world(start)
        else:
            world = company(seed, customers, _names(stories), plant)
        if quarters:
            world = world.advance(actions if str(actions) else None, quarters, repairs)
        folder = world.save(out, truth=truth)
    except DataError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 2
    print(_report(world, folder, quarters))
    return 0


def _quarters(advance: str | int) -> int:
    """How many quarters to live on."""
    written = str(advance).strip().lower()
    if written in ("", "0", "none"):
        return 0
    found = re.fullmatch(r"(\d{1,2})\s*q?", written)
    if not found:
        raise DataError(f"The time to live on is {advance!r}. Write 1q for one quarter, 2q for two.")
    return int(found[1])


def _names(stories: bool | str | Iterable[str]) -> bool | list[str]:
    """Names of stories as the command line writes them."""
    if not isinstance(stories, str):
        return stories if isinstance(stories, bool) else list(stories)
    if stories.strip().lower() in ("all", "none", ""):
        return stories.strip().lower() == "all"
    return [name.strip() for name in stories.split(",") if name.strip()]


def _report(world: World, folder: Path, quarters: int) -> str:
    """What was written, in words."""
    frames = world.frames()
    lines = [
        f"Lantern Home (simulated, seed {world.seed}) on {day(world.as_of)}: "
        f"{count(len(frames['orders']), 'order line')}, "
        f"{count(len(frames['customers']), 'customer')}, "
        f"{count(len(frames['products']), 'product')}, "
        f"{count(len(frames['contacts']), 'contact')}, "
        f"{count(len(frames['survey']), 'answer')} to the survey."
    ]
    if quarters:
        carried_out = len(world.played[-quarters])
        lines.append(
            f"Lived {count(quarters, 'quarter')} more; {count(carried_out, 'action')} carried out."
        )
    lines.append(f"Wrote {folder}")
    return "\n".join(lines)
