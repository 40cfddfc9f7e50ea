"""What a group has done, from the files that its members handed in: one table and one page; no server.

Members hand in the folder `my_work`, or the file `progress.jsonl` in it under
a name that begins with progress; whoever played the game also hands in the
`state.json` of the company that they let live.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import words
from helpers.errors import DataError
from helpers.places import CASEBOOK, NOTEBOOKS
from helpers.reports.lessons import all_lessons
from helpers.teaching import marks, pages
from helpers.teaching.progress import NAME, collect

PAGE, TABLE, EVENTS = "collected.html", "collected.csv", "events.csv"
FEW = 5
"""Of fewer people nothing is said by item: everybody would know who is meant."""


@dataclass(frozen=True)
class Group:
    """What a group has handed in.

    Attributes
    ----------
    events : DataFrame
        As `helpers.teaching.progress.collect` gives it, with `person`.
    notes : list of str
    states : dict of person to Path
        Companies that somebody let live.
    """

    events: pd.DataFrame
    notes: list[str]
    states: Mapping[str, Path]


def read(folder: str | Path) -> Group:
    """What lies in a folder.

    Raises
    ------
    DataError
        If it is no folder, or holds nothing that was handed in.
    """
    place = Path(folder).expanduser()
    if not place.is_dir():
        raise DataError(f"There is no folder {folder}. Put what your group handed in into one folder, and name it.")
    events, notes = collect([place])
    states = {_person(path, place): path for path in sorted(place.rglob("*state*.json"))}
    if events.empty and not states:
        raise DataError(
            f"In {place.name} there is no file whose name begins with progress and ends with .jsonl, and no state.json. "
            "Each member hands in the folder my_work, or the file progress.jsonl in it."
        )
    events["person"] = [learner or _person(Path(file), place) for learner, file in zip(events["learner"], events["file"], strict=True)]
    return Group(events, notes, states)


def _person(path: Path, place: Path) -> str:
    """Whose file it is: what its name says besides "progress", else the folder that it was handed in as.

    >>> _person(Path("class/progress_ana.jsonl"), Path("class")), _person(Path("class/Bo/my_work/progress.jsonl"), Path("class"))
    ('ana', 'Bo')
    >>> _person(Path("class/Bo/q2/state.json"), Path("class"))
    'Bo'
    """
    own = path.stem.replace(NAME.removesuffix(".jsonl"), "").replace("state", "").strip(" _-.")
    if own:
        return own
    parts = path.relative_to(place).parts
    return parts[0] if len(parts) > 1 else path.stem


def table(events: pd.DataFrame) -> pd.DataFrame:
    """One row a person and lesson.

    Returns
    -------
    DataFrame
        `person`, `lesson`, `exercises_done`, `exercises_tried`, `hints`, `solutions`, `questions_right` and `questions` of the quiz
        (the first answer to each counts), `decisions`, `worksheets`.
    """
    columns = ["person", "lesson", "exercises_done", "exercises_tried", "hints", "solutions", "questions_right", "questions", "decisions", "worksheets"]
    rows = []
    for (person, lesson), part in events.groupby(["person", "lesson"], sort=True):
        of = {kind: part[part["kind"] == kind] for kind in ("exercise", "hint", "solution", "quiz", "decision", "worksheet")}
        done = of["exercise"].loc[of["exercise"]["outcome"] == "correct", "item"].nunique()
        first = of["quiz"].drop_duplicates("item")
        rows.append(
            (person, lesson, done, of["exercise"]["item"].nunique(), len(of["hint"]), of["solution"]["item"].nunique(), int((first["outcome"] == "correct").sum()), len(first),
             of["decision"]["item"].nunique(), of["worksheet"].loc[of["worksheet"]["outcome"] == "complete", "item"].nunique())
        )  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def hard(events: pd.DataFrame) -> pd.DataFrame:
    """Exercises and questions by how many of those who tried were not right at the first attempt, the hardest first.

    Returns
    -------
    DataFrame
        `lesson`, `item`, `kind`, `people`, `not_at_first`, `share`, `mistake` (the known mistake that most of them made, or 0);
        items that fewer than `FEW` people tried are left out.
    """
    tried = events[events["kind"].isin(["exercise", "quiz"]) & events["outcome"].isin(["correct", "not yet"])]
    rows = []
    for (lesson, kind, item), part in tried.groupby(["lesson", "kind", "item"], sort=True):
        first = part.drop_duplicates("person")
        if len(first) < FEW:
            continue
        wrong = first[first["outcome"] != "correct"]
        mistakes = part["mistake"].dropna()
        rows.append((lesson, item, kind, len(first), len(wrong), len(wrong) / len(first), int(mistakes.mode().iloc[0]) if len(mistakes) else 0))
    frame = pd.DataFrame(rows, columns=["lesson", "item", "kind", "people", "not_at_first", "share", "mistake"])
    return frame.sort_values(["share", "people"], ascending=False, kind="stable", ignore_index=True)


def decisions(events: pd.DataFrame) -> pd.DataFrame:
    """What was decided: `lesson`, `item`, `choice`, `people`; each person's last word."""
    last = events[(events["kind"] == "decision") & (events["choice"] != "")].drop_duplicates(["person", "lesson", "item"], keep="last")
    return last.groupby(["lesson", "item", "choice"], sort=True).size().rename("people").reset_index()


def page(group: Group, *, game: list[dict[str, Any]] | None = None) -> str:
    """The page of a group.

    Parameters
    ----------
    group : Group
    game : list of dict
        Rows of the game's table: `decision`, `own`, `spent`, `beyond`, `low`, `high`, in words; empty where nobody played.
    """
    made = table(group.events)
    titles = {one.id: one.title for place in (NOTEBOOKS, CASEBOOK) for one in all_lessons(place)}
    people = sorted(set(made["person"]))
    lessons = sorted(set(made["lesson"]))
    by = made.set_index(["person", "lesson"])
    grid = [
        {"person": person, "cells": [_cell(by.loc[(person, lesson)]) if (person, lesson) in by.index else "" for lesson in lessons]}
        for person in people
    ]
    difficult = hard(group.events)
    return pages.render(
        "collected.html.j2",
        people=len(people),
        lessons=[{"id": one, "title": titles.get(one, one)} for one in lessons],
        grid=grid,
        few=FEW,
        hard=[
            {"lesson": row.lesson, "item": row.item, "kind": "exercise" if row.kind == "exercise" else "question", "said": f"{row.not_at_first} of {row.people}",
             "mistake": _mistake(row.lesson, row.item, row.mistake)}
            for row in difficult[difficult["share"] > 0].head(15).itertuples()
        ],
        decisions=decisions(group.events).to_dict("records"),
        game=game or [],
        notes=group.notes,
        summary=f"{words.count(len(people), 'person', 'people')}, {words.count(len(lessons), 'notebook')}, {words.count(len(group.events), 'event')}.",
    )  # fmt: skip


def _cell(row: pd.Series) -> str:
    said = [f"{row['exercises_done']} of {row['exercises_tried']} solved"] if row["exercises_tried"] else []
    said += [f"quiz {row['questions_right']} of {row['questions']}"] if row["questions"] else []
    said += [f"{words.count(int(row['worksheets']), 'worksheet')}"] if row["worksheets"] else []
    return "; ".join(said) or "opened"


def _mistake(lesson: str, item: str, number: int) -> str:
    """What a known mistake of an exercise is, in its own words."""
    if not number:
        return ""
    from helpers.teaching.topics import topic_of

    for place in (NOTEBOOKS, CASEBOOK):
        for one in all_lessons(place):
            exercise = topic_of(one).exercises.get(item) if one.id == lesson else None
            if exercise is not None and number <= len(exercise.mistakes):
                return marks.to_plain(exercise.mistakes[number - 1].message)
    return ""
