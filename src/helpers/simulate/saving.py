"""Writing a company to a folder: whole or not at all, and never over somebody else's files."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from helpers.errors import DataError
from helpers.places import SAMPLE

if TYPE_CHECKING:
    from helpers.simulate.world import World

STATE, ABOUT, TRUTH = "state.json", "sample.json", "truth"


def save(world: World, folder: str | Path, *, truth: bool = False) -> Path:
    """Write a company to a folder.

    Parameters
    ----------
    world : World
    folder : path
        A new or empty folder, or one that holds a simulated company: then its
        own files are replaced and all others are left alone.
    truth : bool, default False
        Also write the folder `truth`, which trainees should not see.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    DataError
        If the folder holds something else, or cannot be written.
    """
    folder = Path(folder)
    _refuse_foreign(folder)
    staged = folder.parent / f"{folder.name}.partial-{os.getpid()}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir()
        try:
            _write(world, staged, truth=truth)
            _move(staged, folder)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        raise DataError(
            f"{folder} cannot be written ({error.strerror or error}). Give another folder with --out."
        ) from None
    return folder


def _refuse_foreign(folder: Path) -> None:
    """A folder with other people's files in it stays as it is."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise DataError(f"{folder} is a file. Give a folder.")
    if folder.resolve() == SAMPLE or not any(folder.iterdir()):
        return
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        own = about.get("simulated") is True and (folder / STATE).is_file()
    except (OSError, ValueError, AttributeError):
        own = False
    if not own:
        raise DataError(f"{folder} holds other files. Give a new or an empty folder.")


def _write(world: World, folder: Path, *, truth: bool) -> None:
    """All files of a company, into an empty folder."""
    from helpers.simulate.world import NAME

    for name, table in world.tables().items():
        _write_table(table, folder / f"{name}.csv")
    about = {
        "name": NAME,
        "simulated": True,
        "as_of": world.as_of.isoformat(),
        "currency": "CNY",
        "seed": world.seed,
    }
    _write_text(json.dumps(about, indent=2) + "\n", folder / ABOUT)
    if truth:
        (folder / TRUTH).mkdir()
        for name, table in world.truth().items():
            _write_table(table, folder / TRUTH / f"{name}.csv")
    _write_text(json.dumps(world.state(), indent=1) + "\n", folder / STATE)


def _write_table(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _move(staged: Path, folder: Path) -> None:
    """Put finished files in their place: at one stroke, or one by one beside other files."""
    if not folder.exists():
        staged.rename(folder)
        return
    # An old truth beside new tables would be a lie.
    shutil.rmtree(folder / TRUTH, ignore_errors=True)
    for path in sorted(staged.iterdir()):
        os.replace(path, folder / path.name)
