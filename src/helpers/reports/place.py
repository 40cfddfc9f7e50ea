"""The folder of a report: made beside its place, moved there when it is whole."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from types import TracebackType

from helpers.errors import DataError
from helpers.reports import manifest


class Place:
    """Where a report goes. As a context it gives a folder to write into.

    The folder stands beside its final place and has `.partial-` in its name
    until `take` moves it there. Whatever ends the work before that, an error
    or Ctrl-C, removes it.

    Parameters
    ----------
    out : str or Path
        The final place: a new folder, an empty one, or one with an earlier
        report, which is then replaced.

    Raises
    ------
    DataError
        If the place holds other files, or cannot be written.
    """

    def __init__(self, out: str | Path) -> None:
        self.out = Path(out).expanduser().resolve()
        self.kept: Path | None = None
        self._earlier = None
        if self.out.exists() and not self.out.is_dir():
            raise DataError(f"{self.out.name} is a file, not a folder. Choose another place with --out.")
        if self.out.is_dir():
            try:
                inside = sorted(self.out.iterdir())
            except OSError as error:
                raise DataError(_unwritable(self.out, error)) from None
            self._earlier = manifest.of_report(self.out)
            if inside and self._earlier is None:
                raise DataError(
                    f"The folder {self.out.name} holds files that no report wrote, for example {inside[0].name}. "
                    "Choose an empty or a new folder with --out."
                )

    def __enter__(self) -> Path:
        self.staging = self.out.with_name(f"{self.out.name}.partial-{secrets.token_hex(4)}")
        try:
            self.out.parent.mkdir(parents=True, exist_ok=True)
            self.staging.mkdir()
        except OSError as error:
            raise DataError(_unwritable(self.out, error)) from None
        return self.staging

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)

    def take(self) -> None:
        """Move the finished report to its place, and an earlier one out of the way.

        An earlier report is removed; where somebody has changed it by hand (a
        list with calls ticked off), it is kept beside the new one, as `kept`.
        """
        if not self.out.exists():
            self._rename(self.staging, self.out)
            return
        aside = self.out.with_name(f"{self.out.name}.old-{secrets.token_hex(4)}")
        self._rename(self.out, aside)
        try:
            self._rename(self.staging, self.out)
        except BaseException:
            os.replace(aside, self.out)
            raise
        if self._earlier is not None and manifest.changed_by_hand(aside, self._earlier):
            self.kept = _free_name(self.out, self._earlier)
            os.replace(aside, self.kept)
        else:
            shutil.rmtree(aside, ignore_errors=True)

    def _rename(self, source: Path, target: Path) -> None:
        try:
            os.replace(source, target)
        except OSError as error:
            raise DataError(
                f"The report could not be moved to {self.out.name} ({error.strerror or error}). "
                "Close the programs that have a file of that folder open, and run it again."
            ) from None


def _free_name(out: Path, earlier: dict) -> Path:
    """A name for an earlier report that says its date: out.2026-06-30."""
    base = f"{out.name}.{earlier.get('company', {}).get('as_of', 'earlier')}"
    numbers = (out.with_name(base if number == 1 else f"{base}-{number}") for number in range(1, 10_000))
    return next(path for path in numbers if not path.exists())


def _unwritable(out: Path, error: OSError) -> str:
    return (
        f"The folder {out} cannot be written ({error.strerror or error}). "
        "Choose a place of your own with --out, for example --out my_report."
    )
