"""What a learner did, kept in one local file that an instructor can collect.

`my_work/progress.jsonl` holds one JSON object a line, oldest first; `KEYS`
says what each key means. There is no time in it and nothing about the person
beyond the name that they chose to give. The order of the lines is the order
of events.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers import words
from helpers.teaching.files import append_line, set_aside, work_folder, write_whole

FORMAT = 1
NAME = "progress.jsonl"

KEYS = {
    "format": "version of this format; a reader refuses a version that it does not know",
    "learner": "the name that the learner gave, or empty",
    "lesson": "id of the lesson: 03a",
    "kind": "exercise, decision, quiz, hint, solution or worksheet",
    "item": "which one: the id of the exercise, the question, the decision or the worksheet",
    "outcome": "correct, not yet, cannot check; recorded (a decision); shown (a hint, a solution); complete, open (a worksheet)",
    "attempt": "how often this item was tried so far, this time included",
    "choice": "the option that was chosen, for a question or a decision; else empty",
    "mistake": "number of the known mistake that the answer equals, counted from 1; else null",
    "note": "what the learner wrote about a decision, or how many answers of a worksheet are still open; else empty",
}
KINDS = ("exercise", "decision", "quiz", "hint", "solution", "worksheet")


@dataclass
class Progress:
    """The learner's progress file, read once and added to.

    Parameters
    ----------
    folder : Path or None
        Where the file lies; None for the learner's own folder.
    learner : str
        A name, if the learner gives one.

    Attributes
    ----------
    events : list of dict
    notes : list of str
        What the learner should know: a damaged file was set aside, or the
        file cannot be written.
    """

    folder: Path | None = None
    learner: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder = Path(self.folder) if self.folder else work_folder()
        self._open()

    @property
    def path(self) -> Path:
        return self.folder / NAME

    def record(
        self,
        *,
        lesson: str,
        kind: str,
        item: str,
        outcome: str,
        choice: str = "",
        mistake: int | None = None,
        note: str = "",
    ) -> dict[str, Any]:
        """Add an event. A file that cannot be written leads to a word in `notes`, not to an error."""
        if kind not in KINDS:
            raise ValueError(f"There is no kind of event {kind!r}. Kinds: {', '.join(KINDS)}.")
        event = {
            "format": FORMAT,
            "learner": self.learner,
            "lesson": lesson,
            "kind": kind,
            "item": item,
            "outcome": outcome,
            "attempt": len(self.of(lesson, kind, item)) + 1,
            "choice": choice,
            "mistake": mistake,
            "note": note,
        }
        self.events.append(event)
        try:
            append_line(self.path, json.dumps(event, ensure_ascii=False))
        except OSError as error:
            self._say(
                f"Your progress could not be saved in {NAME} ({error.strerror or error}). The lesson works without it."
            )
        return event

    def of(self, lesson: str, kind: str, item: str) -> list[dict[str, Any]]:
        """The events of one item by this learner."""
        wanted = (self.learner, lesson, kind, item)
        return [one for one in self.events if (one["learner"], one["lesson"], one["kind"], one["item"]) == wanted]

    def state(self, lesson: str, kind: str, item: str) -> str:
        """How far an item is: "done", "tried" or "open"."""
        outcomes = {one["outcome"] for one in self.of(lesson, kind, item)}
        if outcomes & {"correct", "recorded", "complete"}:
            return "done"
        return "tried" if outcomes else "open"

    def _open(self) -> None:
        if not self.path.is_file():
            return
        try:
            self.events, bad = read_events(self.path)
        except OSError as error:
            self._say(f"Your progress in {NAME} could not be read ({error.strerror or error}).")
            return
        if not bad:
            return
        try:
            aside = set_aside(self.path)
            write_whole(self.path, "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in self.events))
        except OSError as error:
            self._say(f"{NAME} is damaged and could not be mended ({error.strerror or error}).")
            return
        self._say(
            f"{words.count(bad, 'line')} of {NAME} could not be read. The file was set aside as {aside.name}; "
            f"what could be read ({words.count(len(self.events), 'line')}) was kept."
        )

    def _say(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


def read_events(path: Path) -> tuple[list[dict[str, Any]], int]:
    """The events of a progress file, and how many of its lines are none.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    events, bad = [], 0
    for line in path.read_bytes().split(b"\n"):
        if not line.strip():
            continue
        try:
            event = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            event = None
        if _is_event(event):
            events.append(event)
        else:
            bad += 1
    return events, bad


def collect(paths: Iterable[str | Path]):
    """Many learners' progress as one table, for an instructor.

    Parameters
    ----------
    paths : iterable of str or Path
        Progress files, or folders that hold some anywhere in them.

    Returns
    -------
    table : DataFrame
        One row an event, with the keys of the format and `file`.
    notes : list of str
        Lines that could not be read, file by file.
    """
    import pandas as pd

    rows, notes = [], []
    for path in map(Path, paths):
        files = sorted(path.rglob("progress*.jsonl")) if path.is_dir() else [path]
        for file in files:
            if ".damaged-" in file.name:
                continue
            try:
                events, bad = read_events(file)
            except OSError as error:
                notes.append(f"{file}: not read ({error.strerror or error}).")
                continue
            rows += [{"file": str(file)} | event for event in events]
            if bad:
                notes.append(f"{file}: {words.count(bad, 'line')} could not be read.")
    return pd.DataFrame(rows, columns=["file", *KEYS]), notes


def _is_event(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and event.get("format") == FORMAT
        and set(event) >= set(KEYS)
        and all(
            isinstance(event[key], str) for key in ("learner", "lesson", "kind", "item", "outcome", "choice", "note")
        )
        and isinstance(event["attempt"], int)
    )
