"""The answer key of a lesson: everything solved on the data, for the instructor.

The lesson's notebook is run as a learner runs it who answers nothing; one
more cell then asks for the worked answers (`worked.answers`). What is asked,
hints and messages come from the notebook and the topic.
"""

from __future__ import annotations

import functools
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers import __version__, words
from helpers.errors import DataError
from helpers.reports import parameters, run
from helpers.reports.lessons import Lesson
from helpers.reports.render import TEMPLATES as OF_REPORTS
from helpers.reports.render import inline_to_html, words_to_html
from helpers.reports.strip import tags
from helpers.teaching import worked
from helpers.teaching.contents import Contents, calls, cells_of, contents_of, objectives, source
from helpers.teaching.deck import Slide, figure_slide, text_slide
from helpers.teaching.exercises import KINDS, Exercise, fill
from helpers.teaching.files import VARIABLE
from helpers.teaching.minutes import derived_minutes
from helpers.teaching.quiz import Question
from helpers.teaching.topics import Topic, topic_of

TEMPLATES = Path(__file__).resolve().parent / "templates" / "key"
ASK = "from helpers.teaching.worked import answers\n\nanswers(lesson)"


@dataclass(frozen=True)
class Key:
    """What became of a lesson's key.

    Attributes
    ----------
    lesson : reports.lessons.Lesson
    page : str
        The page, or empty where the lesson did not run.
    sentence : str
        Why it did not.
    """

    lesson: Lesson
    page: str = ""
    sentence: str = ""


def make(
    lessons: Sequence[Lesson],
    *,
    data: str = "",
    mapping: str = "",
    topic: Topic | None = None,
    cell_seconds: float = run.CELL_SECONDS,
    say: Callable[[str], None] = lambda text: None,
) -> list[Key]:
    """The answer keys of lessons, worked out on some data.

    Parameters
    ----------
    lessons : sequence of reports.lessons.Lesson
    data, mapping : str
        As `helpers.data.load` takes them; empty for the sample company.
    topic : Topic
        Where the exercises are; by default those of each lesson's own topic.
    cell_seconds : float
        How long one cell may take.
    say : function of str
        Told what is going on.

    Raises
    ------
    DataError
        If the data are refused, or by every lesson.
    """
    with tempfile.TemporaryDirectory(prefix="workbook-key-") as folder, _nobodys_work(Path(folder)):
        work = Path(folder)
        with run.Kernels(work, [run.imports_of(lesson.notebook) for lesson in lessons]) as kernels:
            company = _read_data(data, mapping, say) if data or mapping else None
            if company is not None:
                company.save(work / "company")
            made, refused = [], []
            for lesson in lessons:
                say(f"{lesson.id} {lesson.title}: working out the answers")
                try:
                    found = _run(lesson, kernels.take(), company, work, cell_seconds)
                except run.Failed as failure:
                    made.append(Key(lesson, sentence=_why(failure)))
                    refused.append(failure.refused)
                    continue
                own = topic or topic_of(lesson)
                made.append(Key(lesson, page(lesson, found, topic=own)))
    if refused and all(refused) and len(refused) == len(made):
        raise DataError(f"{made[0].lesson.id} {made[0].lesson.title}: {made[0].sentence}")
    return made


def _why(failure: run.Failed) -> str:
    """Why a lesson did not run, for somebody who can open it."""
    errors = re.findall(r"^(\w+): ", failure.details, flags=re.M)
    if failure.refused or not errors:
        return failure.sentence
    return f"Its notebook stopped with an error ({errors[-1]}). Run it in JupyterLab to see where."


def _read_data(data: str, mapping: str, say: Callable[[str], None]) -> Any:
    from helpers.data import load

    say("Reading the data")
    company = load(data, mapping=mapping)
    company.reconciliation.check()
    return company


def _run(lesson: Lesson, kernel: run.Kernel, company: Any, work: Path, cell_seconds: float) -> dict[str, Any]:
    """The worked answers of a lesson, from its notebook."""
    known = parameters.read_parameters(lesson.notebook, where=lesson.path.name)
    given: dict[str, Any] = {}
    if company is not None:
        missing = [need.name for need in lesson.needs if need.needed and not company.has(need.name)]
        if missing or "data" not in known:
            kernel.stop()
            why = f"It needs {words.listing(missing)}, which" if missing else "It is about the sample company, and"
            raise run.Failed(f"{why} these data do not have. Leave this lesson out.", refused=True)
        given = {"data": (work / "company").as_posix(), "mapping": "", "as_of": company.as_of.isoformat()}
    done = run.run(
        as_learners_see_it(lesson, is_sample=company is None or company.is_sample),
        {name: value for name, value in given.items() if name in known},
        kernel=kernel,
        cell_seconds=cell_seconds,
    )
    found = [output.data[worked.MIME] for output in done.notebook.cells[-1].outputs if worked.MIME in output.get("data", {})]
    if not found:
        raise run.Failed("Its notebook ran, but gave no answers. Does it make `lesson = Lesson(...)`?")
    return found[0]


def as_learners_see_it(lesson: Lesson, *, is_sample: bool) -> dict[str, Any]:
    """A lesson's notebook with the cells that a learner runs, and one that asks for the answers."""
    cells = [
        {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in cells_of(lesson.notebook, beyond_core=True)
        if is_sample or "sample" not in tags(cell)
    ]
    ask = {"id": "answers", "cell_type": "code", "metadata": {}, "source": ASK, "outputs": [], "execution_count": None}
    return {"cells": [*cells, ask], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@contextmanager
def _nobodys_work(folder: Path) -> Iterator[None]:
    """Kernels that are started here keep a learner's files in a folder of their own."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(folder / "my_work")
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


# ---------------------------------------------------------------- the page


def page(lesson: Lesson, found: dict[str, Any], *, topic: Topic) -> str:
    """The key of a lesson as a complete HTML document.

    Parameters
    ----------
    lesson : reports.lessons.Lesson
    found : dict
        As `worked.answers` gives it.
    topic : Topic
    """
    contents = contents_of(lesson, topic=topic)
    asked = _questions_before(lesson)
    about = lesson.metadata
    return _template().render(
        styles=[_css(OF_REPORTS / "report" / "style.css"), _css(TEMPLATES / "key.css")],
        version=__version__,
        company=found["company"],
        id=lesson.number,
        cases=lesson.is_casebook,
        title=lesson.title,
        question=lesson.question,
        decision=about.get("decision", ""),
        frame=_frame(lesson),
        objectives=[_objective(one, contents) for one in objectives(about)],
        minutes=_minutes(lesson, topic),
        exercises=[
            _exercise(one, found["exercises"].get(one.id, {}), asked.get(one.id, "")) for one in contents.exercises
        ],
        quiz=[_question(one, found["quiz"].get(one.id, {})) for one in contents.questions],
        worksheets=[_worksheet(one) for one in contents.worksheets],
        playgrounds=_playgrounds(lesson),
        notes=_notes(lesson),
    )


def _frame(lesson: Lesson) -> str:
    about = lesson.metadata
    parts = [
        f"About {about['minutes']} minutes." if about.get("minutes") else "",
        f"Comes after {words.listing(map(str, about['prerequisites']))}." if about.get("prerequisites") else "",
        f"Cases: {words.listing(map(str, about['cases']))}." if about.get("cases") else "",
    ]
    return " ".join(filter(None, parts))


def _objective(one: Any, contents: Contents) -> dict[str, Any]:
    judged = {item.id for item in contents.exercises if item.kind == "judge"}
    items = []
    for kind, item in one.items:
        # A judgement is an exercise to its author and a decision to a learner.
        place = "exercise" if kind == "decision" and item in judged else kind
        items.append({"text": f"{kind} {item}", "at": _anchor(place, item) if place != "decision" else ""})
    return {"text": _one(one.text), "items": items}


def _minutes(lesson: Lesson, topic: Topic) -> dict[str, Any]:
    derived = derived_minutes(lesson, topic=topic)
    return {
        "parts": [(name, f"{value:.0f}") for name, value in vars(derived).items() if value >= 0.5],
        "total": derived.total,
        "declared": lesson.metadata.get("minutes") or 0,
    }


def _exercise(one: Exercise, found: dict[str, Any], asked: str) -> dict[str, Any]:
    title, text = _titled(asked)
    facts = found.get("facts", {})
    mistakes = found.get("mistakes") or [{}] * len(one.mistakes)
    return {
        "id": one.id,
        "anchor": _anchor("exercise", one.id),
        "title": title or f"Exercise {one.id}",
        "facts_line": _facts_line(one),
        "asked": _block(text or one.task),
        # What stands above the options; for other exercises it says the question once more.
        "task": _block(one.task) if text and one.kind == "judge" else "",
        "code": "" if one.kind == "sort" else one.source,
        "cards": [
            {
                "text": _one(card.text),
                "pile": _one(one.piles[card.pile]),
                "why": _one(card.why),
                "tempting": [{"pile": _one(one.piles[pile]), "said": _one(said)} for pile, said in card.tempting.items()],
            }
            for card in one.cards.values()
        ],
        "why": _one(found.get("why", "")),
        "right": found["right"] if isinstance(found.get("right"), dict) and not one.cards else None,
        "number": f"{one.spreadsheet_note} {_here(found.get('number'))}".strip() if one.spreadsheet else "",
        "within": f"{'A guess' if one.kind == 'predict' else 'A value'} within {one.within:.10g} counts." if one.within else "",
        "means": _one(_filled(one.means, facts)),
        "hints": [_one(hint) for hint in one.hints],
        "mistakes": [
            {"message": _one(mistake.message), **result}
            for mistake, result in zip(one.mistakes, mistakes, strict=True)
        ],
        "options": [
            {
                "key": key,
                "text": _one(option.text),
                "is_right": key == found.get("right"),
                "if_right": _one(_filled(option.if_right, facts) if key == found.get("right") else _elsewhere(option.if_right)),
                "if_wrong": _one(_filled(option.if_wrong, facts) if key != found.get("right") else _elsewhere(option.if_wrong)),
            }
            for key, option in one.options.items()
        ],
    }


def _filled(sentence: str, facts: dict[str, str]) -> str:
    """A sentence with its facts; dots where it has none, as on data on which it is not said."""
    return re.sub(r"\{\w+\}", "...", fill(sentence, facts))


def _elsewhere(sentence: str) -> str:
    """What would be said on other data; nothing where all of it but a yes comes from these."""
    said = _filled(sentence, {})
    return said if re.search(r"\w", said.replace("Yes", "")) else ""


def _here(number: str | None) -> str:
    return f"Here: {number}." if number else ""


def _facts_line(one: Exercise) -> str:
    parts = [KINDS[one.kind], f"{one.minutes:.4g} minutes", *one.covers]
    return " · ".join(parts)


def _question(one: Question, found: dict[str, Any]) -> dict[str, Any]:
    right = found.get("right")
    return {
        "anchor": _anchor("quiz", one.id),
        "id": one.id,
        "question": _one(one.question),
        "computed": bool(one.computed),
        "earlier": one.earlier,
        "covers": " · ".join(one.covers),
        "why": _one(found.get("why", "")),
        "options": [
            {
                "text": _one(option.text),
                "is_right": option.id == right,
                "if_right": _one(option.if_right),
                "if_wrong": _one(option.if_wrong) if option.if_wrong != option.if_right else "",
            }
            for option in one.options
        ],
    }


def _worksheet(one: Any) -> dict[str, Any]:
    return {
        "anchor": _anchor("worksheet", one.id),
        "title": one.title,
        "minutes": f"{one.minutes:.4g}",
        "about": _one(one.about),
        "fields": [_one(field.ask) for field in one.fields],
    }


def _questions_before(lesson: Lesson) -> dict[str, str]:
    """The Markdown cell tagged `exercise` before each exercise, by the exercise's id."""
    found, last = {}, ""
    for cell in cells_of(lesson.notebook, beyond_core=True):
        if cell["cell_type"] == "markdown":
            last = source(cell) if "exercise" in tags(cell) else last
            continue
        for name, arguments in calls(source(cell)):
            if name in ("check", "decide", "sort") and arguments and arguments[0] not in found:
                found[arguments[0]] = last
                last = ""
    return found


def _playgrounds(lesson: Lesson) -> list[Any]:
    """What each playground asks: its title, or the prose before it."""
    found, last = [], ""
    for cell in cells_of(lesson.notebook, beyond_core=True):
        if cell["cell_type"] == "markdown":
            last = source(cell)
        elif "playground" in tags(cell):
            title = re.search(r"""\btitle=(["'])(.+?)\1""", source(cell))
            found.append(_block(title[2] if title else re.sub(r"^#+ ", "", last)))
    return found


def _notes(lesson: Lesson) -> list[dict[str, Any]]:
    """Cells tagged `notes`, under the section in which they stand and the slide that they belong to."""
    sections: list[dict[str, Any]] = []
    heading, slide = lesson.title, ""
    for cell in lesson.notebook["cells"]:
        own = tags(cell)
        if cell["cell_type"] == "markdown" and "slide" in own:
            slide = _called(text_slide(cell))
        elif cell["cell_type"] == "markdown" and "notes" in own:
            if not sections or sections[-1]["heading"] != heading:
                sections.append({"heading": heading, "notes": []})
            sections[-1]["notes"].append({"slide": slide, "text": _block(source(cell))})
        elif cell["cell_type"] == "markdown" and "report" not in own:
            found = re.search(r"^## (.+)$", source(cell), flags=re.M)
            if found:
                heading, slide = _bare(found[1]), ""
        elif "deck" in cell.get("metadata", {}):
            slide = _called(figure_slide(cell))
    return sections


def _titled(markdown: str) -> tuple[str, str]:
    """The heading at the beginning of a text, and the rest."""
    match = re.match(r"\s*#+ +(.+)\n?", markdown)
    return (_bare(match[1]), markdown[match.end() :].strip()) if match else ("", markdown.strip())


def _called(slide: Slide) -> str:
    return ": ".join(filter(None, [slide.label, slide.begins]))


def _bare(line: str) -> str:
    return re.sub(r"[*`]", "", line).strip()


def _anchor(kind: str, item: str) -> str:
    return f"{kind}-{re.sub(r'[^0-9A-Za-z]+', '-', item)}"


def _one(markdown: str) -> Any:
    return _safe(inline_to_html(markdown))


def _block(markdown: str) -> Any:
    """Markdown as HTML; its headings stand below those of the page."""
    return _safe(re.sub(r"<(/?)h[1-6]>", r"<\1h4>", words_to_html(markdown)))


def _css(path: Path) -> Any:
    return _safe(path.read_text(encoding="utf-8"))


def _safe(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)


@functools.cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    return environment.get_template("key.html.j2")
