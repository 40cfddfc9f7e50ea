"""The instructor's guide: one page for whoever teaches, with agendas, questions and answers, tests and the capstone.

Prose stands in guide/*.md and *.yml. Agendas come from the minutes of the
lessons, numbers in the graded samples from a report on the sample company.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers import __version__, words
from helpers.errors import DataError
from helpers.reports.render import inline_to_html, words_to_html
from helpers.teaching import guide_capstone as capstones
from helpers.teaching import guide_tests as tests
from helpers.teaching import pages, yamlfiles
from helpers.teaching.contents import objectives
from helpers.teaching.guide_agenda import Agenda, Session, Slot, clock
from helpers.teaching.guide_parts import Part, without_the_small
from helpers.teaching.guide_paths import Course, about, agendas, course
from helpers.teaching.topics import topic_of

SOURCES = Path(__file__).resolve().parent / "guide"
GUIDE = "instructors_guide.html"
BRIEF = "capstone_brief.html"
ANSWERS = "answers.csv"
BREAKS = {"pause": "Break", "lunch": "Lunch"}

Say = Callable[[str], None]


def make(
    *, report: str = "", scores: str = "", there: Course | None = None, say: Say = lambda text: None
) -> dict[str, str]:
    """The guide and what is handed out with it.

    Parameters
    ----------
    report : str
        Folder of a report on the sample company, from which the graded
        samples take their numbers. Without it such a report is written first,
        in a temporary folder.
    scores : str
        A file of answers, as `answers.csv` asks for them; without it the
        guide says nothing about a class.
    there : Course
        By default the course as it is on disk.
    say : function of str
        Told what is going on.

    Returns
    -------
    dict of file name to text

    Raises
    ------
    DataError
        If the report or the answers are refused.
    """
    pairs = tests.read_pairs()
    gained = tests.gain(tests.read_papers(scores, pairs), pairs) if scores else None
    results = capstones.read_results(report) if report else _results(say)
    if false := capstones.untrue(results):
        raise DataError(
            f"The graded samples say that {words.listing(false)}, and this report does not. "
            "Use a report on the sample company as it lies in data, or leave --report out."
        )
    say("Writing the guide")
    there = there or course()
    known = capstones.facts(results)
    capstone = capstones.read_capstone()
    shared = {"version": __version__, "styles": pages.styles("guide.css")}
    made = {
        GUIDE: pages.template("guide.html.j2").render(
            shared
            | _chapters()
            | {
                "agendas": [_agenda(one, there) for one in agendas(there, tests.questions_by_lesson(pairs))],
                "lessons": _lessons(there),
                "forms": [_form(pairs, form) for form in tests.FORMS],
                "pairs": _answers(pairs),
                "gain": [_one(sentence) for sentence in tests.gain_sentences(gained)] if gained is not None else [],
                "by_pair": _by_pair(gained),
                "rubric": _rubric(capstone, there),
                "samples": [_sample(one, capstone, known) for one in capstone.samples],
                "company": results["company"]["name"],
            }
        )
    }
    for form in tests.FORMS:
        made[f"test_form_{form.lower()}.html"] = pages.template("handout.html.j2").render(
            shared | {"title": f"Test, form {form}", "form": _form(pairs, form), "brief": "", "rubric": None}
        )
    made[BRIEF] = pages.template("handout.html.j2").render(
        shared
        | {
            "title": "The capstone",
            "form": None,
            "brief": _chapter("capstone")["text"],
            "rubric": _rubric(capstone, there),
        }
    )
    made[ANSWERS] = _empty_answers(len(pairs))
    return made


def without_what_is_kept(pages: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The pages that may be written: a file of answers that lies there already may hold a class's answers, and stays."""
    return {name: page for name, page in pages.items() if name != ANSWERS or not (folder / name).exists()}


def _results(say: Say) -> dict[str, Any]:
    """The results of the lessons that the samples speak of, from a report that is written for it."""
    from helpers.reports.build import build

    with tempfile.TemporaryDirectory(prefix="workbook-guide-") as folder:
        outcome = build(out=Path(folder) / "out", lessons=",".join(capstones.NEEDED), say=say)
        if outcome.failures:
            lesson, sentence = outcome.failures[0]
            raise DataError(f"The report for the graded samples failed in lesson {lesson}: {sentence} Run: workbook report")
        return capstones.read_results(outcome.folder)


# ---------------------------------------------------------------- agendas


def _agenda(agenda: Agenda, there: Course) -> dict[str, Any]:
    weekly = any(session.homework or session.before for session in agenda.sessions)
    return {
        "title": agenda.title,
        "anchor": _anchor(agenda.title),
        "about": _one(about()[agenda.title]),
        "weekly": weekly,
        "sessions": [
            _session(one, f"{'Week' if weekly else 'Day'} {number}" if len(agenda.sessions) > 1 else agenda.title)
            for number, one in enumerate(agenda.sessions, start=1)
        ],
        "left_out": [there.frameworks[one]["name"] for one in agenda.left_out],
        "core": len(there.core()),
        "taught": len(there.core()) - len(agenda.left_out),
        "lessons_left_out": [_called(there, one) for one in agenda.lessons_left_out],
        "lessons_in_part": [_called(there, one) for one in agenda.lessons_in_part],
    }


def _session(session: Session, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "ends": clock(session.slots[-1].end),
        "work": sum(slot.minutes for slot in session.slots if slot.kind == "work"),
        "slots": [_slot(one) for one in session.slots],
        "before": _at_home(session.before),
        "homework": _at_home(session.homework),
        "before_minutes": sum(part.minutes for part in session.before),
        "homework_minutes": sum(part.minutes for part in session.homework),
    }


def _slot(slot: Slot) -> dict[str, Any]:
    return {
        "start": clock(slot.start),
        "end": clock(slot.end),
        "minutes": slot.minutes,
        "pause": BREAKS.get(slot.kind, ""),
        "notebook": slot.parts[0].notebook if slot.parts else "",
        "parts": [{"title": part.title, "minutes": part.minutes} for part in without_the_small(slot.parts)],
        "produces": _once(made for part in slot.parts for made in part.produces),
    }


def _at_home(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Homework by notebook: which sections, how long, whether with a partner."""
    found: list[dict[str, Any]] = []
    for part in without_the_small(parts):
        if not found or found[-1]["notebook"] != part.notebook:
            found.append({"notebook": part.notebook, "partner": part.practice, "minutes": 0, "parts": [], "produces": []})
        found[-1]["minutes"] += part.minutes
        found[-1]["parts"].append(part.title)
        found[-1]["produces"] = _once([*found[-1]["produces"], *part.produces])
    return found


def _once(items: Any) -> list[str]:
    return list(dict.fromkeys(items))


def _called(there: Course, lesson: str) -> str:
    one = next(one for one in there.lessons if one.id == lesson)
    return f"{lesson} {one.title} ({there.minutes(lesson)} minutes)"


# ---------------------------------------------------------------- lessons


def notes(path: Path = SOURCES / "lessons.yml") -> dict[str, dict[str, Any]]:
    """What to prepare and what is asked, by lesson."""
    return yamlfiles.read(path)


def _lessons(there: Course) -> list[dict[str, Any]]:
    found = []
    written = notes()
    for lesson in there.lessons:
        own = written.get(lesson.id, {})
        topic = topic_of(lesson)
        found.append(
            {
                "id": lesson.id,
                "anchor": f"lesson-{lesson.id}",
                "title": lesson.title,
                "question": _one(lesson.question),
                "notebook": lesson.path.name,
                "minutes": there.minutes(lesson.id),
                "decision": _one(lesson.metadata.get("decision", "")),
                "before": [str(one) for one in lesson.metadata.get("prerequisites", [])],
                "objectives": [_one(one.text) for one in objectives(lesson.metadata)],
                "sections": [
                    {"title": part.title, "minutes": part.minutes, "produces": part.produces}
                    for part in without_the_small(there.parts[lesson.id])
                ],
                "worksheets": topic.worksheets.is_file(),
                "cases": [
                    {"title": part.title, "minutes": part.minutes, "notebook": part.notebook}
                    for part in there.case_parts.values()
                    if there.cases[part.case]["part"] == lesson.id
                ],
                "prepare": [_one(one) for one in own.get("prepare", [])],
                "questions": [{"asks": _one(one["asks"]), "answer": _one(one["answer"])} for one in own.get("questions", [])],
            }
        )
    return found


# ---------------------------------------------------------------- tests


def _form(pairs: Sequence[tests.Pair], form: str) -> dict[str, Any]:
    return {
        "name": form,
        "questions": [
            {
                "number": one.number,
                "lesson": one.pair.lesson,
                "text": _one(one.question.question),
                "options": [
                    {"letter": tests.letter(place), "text": _one(option.text)} for place, option in enumerate(one.options)
                ],
            }
            for one in tests.sheet(pairs, form)
        ],
    }


def _answers(pairs: Sequence[tests.Pair]) -> list[dict[str, Any]]:
    """The answer sheet: both forms of each pair, with what is said to every option."""
    sheets = {form: tests.sheet(pairs, form) for form in tests.FORMS}
    return [
        {
            "number": number + 1,
            "lesson": pair.lesson,
            "objective": pair.objective,
            "forms": [
                {
                    "form": form,
                    "right": sheets[form][number].right,
                    "question": _one(sheets[form][number].question.question),
                    "options": [
                        {
                            "letter": tests.letter(place),
                            "right": option.right,
                            "text": _one(option.text),
                            "said": _one(option.if_right),
                        }
                        for place, option in enumerate(sheets[form][number].options)
                    ],
                }
                for form in tests.FORMS
            ],
        }
        for number, pair in enumerate(pairs)
    ]


def _by_pair(gained: Any) -> list[dict[str, Any]]:
    return [
        {"lesson": pair.lesson, "objective": pair.objective, "before": before, "after": after, "people": gained.people}
        for pair, before, after in (gained.by_pair if gained else ())
    ]


def _empty_answers(questions: int) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(["person", "when", "form", *range(1, questions + 1)])
    return text.getvalue()


# ---------------------------------------------------------------- capstone


def _rubric(capstone: capstones.Capstone, there: Course) -> dict[str, Any]:
    weight = sum(one.weight for one in capstone.criteria)
    return {
        "criteria": [
            {
                "title": one.title,
                "asks": _one(one.asks),
                "weight": one.weight,
                "shows": [f"{lesson}: {objective}" for lesson, objective in one.shows],
                "levels": [_one(level) for level in one.levels],
            }
            for one in capstone.criteria
        ],
        "bands": [{"start": one.start, "title": one.title, "words": one.words} for one in capstone.bands],
        "most": weight * (capstones.LEVELS - 1),
        "levels": range(capstones.LEVELS),
    }


def _sample(sample: capstones.Sample, capstone: capstones.Capstone, known: Mapping[str, str]) -> dict[str, Any]:
    points = capstone.points(sample.levels)
    return {
        "title": sample.title,
        "by": sample.by,
        "anchor": f"sample-{sample.id}",
        "text": _block(capstones.filled(sample.text, known)),
        "points": points,
        "band": capstone.band(points),
        "sum": sum(one.weight * sample.levels[one.id] for one in capstone.criteria),
        "grades": [
            {
                "criterion": one.title,
                "weight": one.weight,
                "level": sample.levels[one.id],
                "remark": _one(capstones.filled(sample.remarks[one.id], known)),
            }
            for one in capstone.criteria
        ],
    }


# ---------------------------------------------------------------- text


def _chapters() -> dict[str, Any]:
    return {name: _chapter(name) for name in ("before", "room", "own_data", "game", "tests", "capstone")}


def _chapter(name: str) -> dict[str, Any]:
    """A chapter of the guide: its title, and its text as HTML."""
    text = (SOURCES / f"{name}.md").read_text(encoding="utf-8")
    heading = re.match(r"## (.+)\n", text)
    body = words_to_html(text[heading.end() :])
    body = body.replace("<table>", '<div class="table"><table class="answers">').replace("</table>", "</table></div>")
    return {"title": heading[1], "text": pages.safe(body)}


def _one(markdown: str) -> Any:
    return pages.safe(inline_to_html(markdown))


def _block(markdown: str) -> Any:
    return pages.safe(words_to_html(markdown))


def _anchor(title: str) -> str:
    return re.sub(r"[^0-9a-z]+", "-", title.lower())
