"""A lesson, as its notebook uses it.

lesson = Lesson("03a", company)
lesson                                              # the header
lesson.offers(orders=orders, as_of=as_of_day)       # what exercises are worked out from

recency = ...
lesson.check("3.2", recency)                        # lesson.hint("3.2"), lesson.solution("3.2")
recency = lesson.carry_on("3.2", recency)           # the learner's own where it is right

lesson.quiz()
lesson.close()
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from helpers import words
from helpers.places import NOTEBOOKS
from helpers.reports.lessons import all_lessons, resolve
from helpers.teaching import friendly, marks, quiz, widgets
from helpers.teaching.boxes import INK, SOFT, Box, Line
from helpers.teaching.contents import Objective, calls, objectives, source
from helpers.teaching.exercises import (
    CANNOT_CHECK,
    NOT_ATTEMPTED,
    NOT_YET,
    Exercise,
    Outcome,
    solution,
)
from helpers.teaching.files import work_folder, write_whole
from helpers.teaching.glossary import words_met
from helpers.teaching.inputs import Unavailable, own_copy
from helpers.teaching.marking import Workings, check
from helpers.teaching.progress import Progress
from helpers.teaching.sheets import read_worksheets
from helpers.teaching.cards import Sorting
from helpers.teaching.topics import Topic, topic_of
from helpers.teaching.worksheets import Worksheet
from helpers.withheld import Withheld


class Lesson:
    """The lesson of a notebook: its header, its exercises, its quiz, its worksheets.

    Parameters
    ----------
    id : str
        "03a"; the notebook is found by it, and all else by the notebook.
    company : Company or None
        The data it is about.
    learner : str
        A name, if the learner wants one in the progress file.
    topic : Topic
        Where its exercises are; by default those of its own topic.
    notebooks : Path
        Folder of the lessons.
    work : Path
        Where the learner's files are kept; by default `my_work`.

    Raises
    ------
    DataError
        If there is no such lesson; the message lists those that exist.
    """

    def __init__(
        self,
        id: str,
        company: Any = None,
        *,
        learner: str = "",
        topic: Topic | None = None,
        notebooks: Path = NOTEBOOKS,
        work: Path | None = None,
    ) -> None:
        self.about = resolve(id, notebooks)[0]
        self.company, self.learner, self._notebooks, self._work = company, learner, notebooks, work
        self.topic = topic or topic_of(self.about)
        self.progress = Progress(work, learner)
        self.workings = Workings(self.topic.exercises)
        self._hints: dict[str, int] = {}
        self._cells = [source(cell) for cell in self.about.notebook["cells"] if cell["cell_type"] == "code"]
        friendly.switch_on(cells=self._cells)

    @property
    def id(self) -> str:
        return self.about.id

    @property
    def objectives(self) -> list[Objective]:
        """What a learner will be able to do."""
        return objectives(self.about.metadata)

    # ------------------------------------------------------------ exercises

    def offers(self, **values: Any) -> None:
        """Give the exercises what they are worked out from, by the names of their arguments.

        Parameters
        ----------
        **values
            Frames, dates, results. They are copied, so that nothing done to
            them later changes a worked answer. A function of no arguments, or
            of arguments that are offered too, is called when it is needed.
        """
        self.workings.offer(**values)

    def check(self, id: str, answer: Any = ...) -> Outcome:
        """Mark an answer. It never raises, whatever the answer is.

        Returns
        -------
        Outcome
            correct, not yet, not attempted, or cannot check; shown as a box.
        """
        one = self._exercise(id)
        if one is None:
            return Outcome(CANNOT_CHECK, self._no_exercise(id))
        outcome = check(one, answer, self.workings)
        if outcome.kind == NOT_ATTEMPTED:
            return Outcome(outcome.kind, outcome.text, hint=one.spreadsheet_note)
        kind = "decision" if one.kind == "judge" else "exercise"
        event = self.progress.record(
            lesson=self.id, kind=kind, item=one.id, outcome=outcome.kind, choice=outcome.choice, mistake=outcome.mistake
        )
        hint = self._what_next(one, event["attempt"]) if outcome.kind == NOT_YET else ""
        hint = "\n\n".join(filter(None, [hint, *self.progress.notes]))
        return Outcome(
            outcome.kind, outcome.text, outcome.mistake, outcome.sure, outcome.same_form, outcome.choice, hint
        )

    def hint(self, id: str) -> Box:
        """Show the next hint; each call shows one more."""
        one = self._exercise(id)
        if one is None:
            return Box("quiet", "No such exercise.", self._no_exercise(id))
        if not one.hints:
            return Box(
                "note", "No hint.", "This one is to be thought about. Read the options again, and the figure above."
            )
        shown = min(self._hints.get(id, 0) + 1, len(one.hints))
        is_new = shown > self._hints.get(id, 0)
        self._hints[id] = shown
        if is_new:
            self.progress.record(lesson=self.id, kind="hint", item=one.id, outcome="shown")
        last = (
            ""
            if shown < len(one.hints)
            else f'\n\nThis is the last hint. `lesson.solution("{id}")` shows one way to do it.'
        )
        lines = "\n".join(f"{number}. {text}" for number, text in enumerate(one.hints[:shown], start=1))
        return Box("note", f"{words.count(shown, 'hint')} of {len(one.hints)} for exercise {id}.", f"\n\n{lines}{last}")

    def solution(self, id: str) -> Box:
        """Show one way to do an exercise, and what people often do instead."""
        one = self._exercise(id)
        if one is None:
            return Box("quiet", "No such exercise.", self._no_exercise(id))
        self.progress.record(lesson=self.id, kind="solution", item=one.id, outcome="shown")
        return solution(one)

    def carry_on(self, id: str, answer: Any = ...) -> Any:
        """What the next cells go on with: the learner's answer where it is right, else the worked one.

        Returns
        -------
        The answer; or a `Withheld` where the data do not allow a worked one.
        """
        one = self._exercise(id)
        if one is None:
            _say(Line(self._no_exercise(id)))
            return answer
        outcome = check(one, answer, self.workings)
        if outcome and outcome.same_form:
            _say(Line(f"Going on with your answer to exercise {id}."))
            return answer
        try:
            right = own_copy(self.workings.right(one))
        except Unavailable as error:
            return Withheld(f"Exercise {id}", str(error))
        if outcome:
            _say(
                Line(f"Your answer to exercise {id} is right. The next cells go on with it in the form that they need.")
            )
        else:
            _say(Line(f"The next cells go on with the worked answer to exercise {id}."))
        return right

    def decide(self, id: str) -> Judgement | Box:
        """Show the options of a judgement, to choose from."""
        one = self._exercise(id)
        if one is None or one.kind != "judge":
            return Box("quiet", "No such judgement.", self._no_exercise(id))
        return Judgement(one, self)

    def sort(self, id: str) -> Sorting | Box:
        """Show the cards of a sorting, to be put on piles."""
        one = self._exercise(id)
        if one is None or one.kind != "sort":
            return Box("quiet", "No such sorting.", self._no_exercise(id))
        return Sorting(one, lambda laid: self.check(id, laid))

    def decided(self, item: str, choice: str = "", *, note: str = "") -> Line:
        """Keep a decision that no check can mark, such as the list for Monday; one with a blank in it is not kept."""
        if choice is ... or note is ...:
            what = "decision" if choice is ... else "reason"
            return Line(f"Nothing is noted yet: put your {what} in the place of `...`, then run this cell again.")
        self.progress.record(lesson=self.id, kind="decision", item=item, outcome="recorded", choice=choice, note=note)
        return Line(
            " ".join([f"Your decision is noted{f': {words.plain(choice)}' if choice else ''}.", *self.progress.notes])
        )

    def given(self, name: str) -> Any:
        """What the exercises are worked out from, by its name: a frame, a date, a number.

        Returns
        -------
        A copy of its own; or a `Withheld` where the data do not allow it.
        """
        try:
            return own_copy(self.workings.inputs[name])
        except Unavailable as error:
            return Withheld(f"`{name}`", str(error))

    def look_at(self, name: str, *, rows: int = 4) -> Glance | Withheld:
        """Show the first rows of a given table, and write all of it as a CSV file for a spreadsheet.

        Parameters
        ----------
        name : str
            As in `offers`; the file is my_work/spreadsheets/03a_<name>.csv.
        """
        frame = self.given(name)
        if isinstance(frame, Withheld):
            return frame
        path = (self._work or work_folder()) / "spreadsheets" / f"{self.id}_{name}.csv"
        try:
            # With a byte-order mark, by which spreadsheets know that the file is UTF-8.
            write_whole(path, "\ufeff" + frame.to_csv(index=False))
            where = f"For a spreadsheet, all of it is in `{'/'.join(path.parts[-3:])}`."
        except OSError as error:
            where = f"It could not be written for a spreadsheet ({error.strerror or error}). The lesson works without that."
        return Glance(frame.head(rows), f"{words.count(len(frame), 'row')} in `{name}`; these are the first. {where}")

    # ------------------------------------------------------------ quiz and worksheets

    def quiz(self, *ids: str) -> quiz.Quiz:
        """Show the quiz of this lesson, or some questions of it.

        Raises
        ------
        ValueError
            If quiz.yml has faults or no such question: a mistake of the author.
        """
        questions = quiz.read_quiz(self.topic.quiz).get(self.id, [])
        if not questions:
            raise ValueError(f"{self.topic.quiz.name} has no questions for lesson {self.id}.")
        if unknown := set(ids) - {one.id for one in questions}:
            raise ValueError(f"{self.topic.quiz.name} has no question {sorted(unknown)[0]!r} for lesson {self.id}.")
        right, left_out = {}, []
        for one in questions:
            try:
                right[one.id] = self.right_option(one)
            except Unavailable as error:
                left_out.append(f"One question cannot be asked on these data. {error}")
        asked = [one for one in questions if one.id in right]
        orders = quiz.arrange(asked, right, seed=f"{self.id} {self.learner}")
        return quiz.Quiz(
            [one for one in asked if not ids or one.id in ids],
            right=right,
            orders=orders,
            left_out=left_out,
            record=lambda **event: self.progress.record(lesson=self.id, kind="quiz", **event),
        )

    def worksheet(self, id: str) -> Worksheet:
        """Show a worksheet, with the answers that were saved before.

        Raises
        ------
        ValueError
            If worksheets.yml has faults or no such worksheet: a mistake of the author.
        """
        sheets = read_worksheets(self.topic.worksheets)
        if id not in sheets:
            raise ValueError(
                f"{self.topic.worksheets.name} has no worksheet {id!r}. It has: {', '.join(sheets) or 'none'}."
            )
        return Worksheet(
            sheets[id],
            lesson=self.id,
            folder=self._work,
            record=lambda **event: self.progress.record(lesson=self.id, kind="worksheet", **event),
        )

    # ------------------------------------------------------------ header and end

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self._header_html(), "text/plain": self._header_plain()}

    def __repr__(self) -> str:
        return self._header_plain()

    def close(self) -> Summary:
        """Show what was done, and the words that were met."""
        return Summary(self)

    def state(self, objective: Objective) -> str:
        """How far an objective is: "done", "tried" or "open"; the items beside it count all together."""
        states = [self._state(kind, item) for kind, item in objective.items]
        if states and all(state == "done" for state in states):
            return "done"
        return "open" if all(state == "open" for state in states) else "tried"

    def _state(self, kind: str, item: str) -> str:
        # A judgement is an exercise for the author and a decision for the learner.
        kinds = ("exercise", "decision") if kind in ("exercise", "decision") else (kind,)
        states = {self.progress.state(self.id, one, item) for one in kinds}
        return "done" if "done" in states else "tried" if "tried" in states else "open"

    def _header_plain(self) -> str:
        lines = [f"{self.id}  {self.about.title}", self.about.question, "You will be able to"]
        lines += [f"  - {marks.to_plain(one.text)}" for one in self.objectives]
        return "\n".join(filter(None, [*lines, self._frame(), *self.progress.notes]))

    def _header_html(self) -> str:
        goals = "".join(f"<li>{marks.inline_html(one.text)}</li>" for one in self.objectives)
        goals = (
            f'<p style="margin:.6em 0 .1em">You will be able to</p><ul style="margin:.1em 0 .5em">{goals}</ul>'
            if goals
            else ""
        )
        notes = "".join(
            f"<p><strong>A word about your files.</strong> {html.escape(note)}</p>" for note in self.progress.notes
        )
        return (
            f'<div class="wb-header" style="background:#eef4f8;color:{INK};border-radius:8px;padding:.7em 1.3em;'
            f'margin:.4em 0 1em;max-width:46em;line-height:1.5">'
            f'<p style="margin:.2em 0;font-size:1.15em"><strong>{html.escape(self.about.question or self.about.title)}</strong></p>'
            f'{goals}<p style="margin:.3em 0">{html.escape(self._frame())}</p>'
            f'<p style="color:{SOFT};font-size:.92em;margin:.3em 0">{self._help()}</p>{notes}</div>'
        )

    def _help(self) -> str:
        """What to do when stuck, with the first exercise of the notebook as the example."""
        asked = [
            arguments[0] for code in self._cells for name, arguments in calls(code) if name == "check" and arguments
        ]
        if not asked:
            return ""
        return marks.inline_html(
            f'Stuck in an exercise? `lesson.hint("{asked[0]}")` gives a hint, `lesson.solution("{asked[0]}")` '
            "shows one way to do it."
        )

    def _frame(self) -> str:
        """Minutes, what comes before, and the cases, in one line."""
        about = self.about.metadata
        titles = {one.id: one.title for one in all_lessons(self._notebooks)}
        before = [f"{one} ({titles[one]})" if one in titles else str(one) for one in about.get("prerequisites", [])]
        parts = [
            f"About {about['minutes']} minutes." if about.get("minutes") else "",
            f"Comes after {words.listing(before)}." if before else "",
            f"Cases: {words.listing(map(str, about['cases']))}." if about.get("cases") else "",
        ]
        return " ".join(filter(None, parts))

    def right_option(self, one: quiz.Question) -> str:
        """The id of the right option of a question, computed where the question asks for it.

        Raises
        ------
        Unavailable
            If the data do not allow it, or none of its options is right here.
        """
        if not one.computed:
            return one.right
        function = self.topic.functions.get(one.computed)
        if function is None:
            raise ValueError(
                f"{self.topic.quiz.name}, question {one.id}: exercises.py has no function {one.computed!r}."
            )
        found = str(self.workings.inputs.call(function))
        if found not in {option.id for option in one.options}:
            raise Unavailable("None of its options is right here.")
        return found

    def _exercise(self, id: str) -> Exercise | None:
        return self.topic.exercises.get(id) if type(id) is str else None

    def _no_exercise(self, id: Any) -> str:
        # Those of this lesson, where the topic has more than one: lesson 03b asks 3b.1, 3b.2, ...
        own = [known for known in self.topic.exercises if known.rpartition(".")[0] == self.id.removeprefix("0")]
        known = ", ".join(own or self.topic.exercises) or "none"
        name = f" {words.plain(id)}" if type(id) is str else " like that"
        return f"There is no exercise{name}. There are: {known}."

    def _what_next(self, one: Exercise, attempt: int) -> str:
        if one.kind == "judge" or (one.kind == "sort" and attempt < 3 and not one.hints):
            return ""
        if attempt >= 3 or not one.hints:
            return f'`lesson.hint("{one.id}")` gives a hint, `lesson.solution("{one.id}")` shows one way to do it.'
        return f'`lesson.hint("{one.id}")` gives a hint.'


class Glance:
    """The first rows of a table, with a line about the whole of it."""

    def __init__(self, head: Any, note: str) -> None:
        self.head, self.note = head, note

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        line = Line(self.note)._repr_mimebundle_()["text/html"]
        return {"text/html": self.head.to_html(index=False, border=0) + line, "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"{self.head.to_string(index=False)}\n{marks.to_plain(self.note)}"


class Judgement(widgets.WithTwin):
    """A decision between options, of which the data say which is right."""

    def __init__(self, one: Exercise, lesson: Lesson) -> None:
        self.one, self._lesson = one, lesson

    def html(self) -> str:
        options = "".join(
            f'<p style="margin:.15em 0 .15em 1.4em">☐&ensp;{marks.inline_html(option.text)}'
            f' <code style="opacity:.78;font-size:.85em">{html.escape(key)}</code></p>'
            for key, option in self.one.options.items()
        )
        head = f"<p><strong>{marks.inline_html(self._task)}</strong></p>"
        return (
            f'<div class="wb-judgement" style="max-width:46em;line-height:1.5;break-inside:avoid">{head}{options}</div>'
        )

    def plain(self) -> str:
        lines = [f"  [ ] {marks.to_plain(option.text)} ({key})" for key, option in self.one.options.items()]
        return "\n".join([marks.to_plain(self._task), *lines])

    def widget(self) -> Any:
        options = [(marks.to_plain(option.text), key) for key, option in self.one.options.items()]
        head = f"<p style='margin:.4em 0 .2em'><strong>{marks.inline_html(self._task)}</strong></p>"
        asked = quiz.ask(
            head, options, lambda key: self._lesson.check(self.one.id, key), about=marks.to_plain(self._task)
        )
        return widgets.group(asked, first=True)

    @property
    def _task(self) -> str:
        return self.one.task.partition("\n\n")[0].replace("\n", " ") or f"Exercise {self.one.id}"


_STATES = {"done": ("✓", "done"), "tried": ("→", "begun"), "open": ("○", "still open")}


class Summary:
    """The end of a lesson: a list of what was done, and the words that were met."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        self._goals = [(one, lesson.state(one)) for one in lesson.objectives]
        self._head = "You can now" if any(state == "done" for _, state in self._goals) else "Still to do"
        self._terms = words_met(lesson.about.notebook)
        after = [one for one in all_lessons(lesson._notebooks) if one.id > lesson.id]
        self._next = f"{after[0].id} {after[0].title}" if after else ""

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self._html(), "text/plain": repr(self)}

    def _html(self) -> str:
        goals = "".join(
            f'<li style="margin:.25em 0"><span aria-hidden="true">{_STATES[state][0]}</span> '
            f"{marks.inline_html(one.text)} "
            f'<span style="color:{SOFT}">({_STATES[state][1]}: {html.escape(_items(one))})</span></li>'
            for one, state in self._goals
        )
        terms = "".join(
            f'<p style="margin:.3em 0"><strong>{html.escape(one.english)}</strong> ({html.escape(one.chinese)}): '
            f"{html.escape(one.definition)}</p>"
            for one in self._terms
        )
        parts = [
            f'<p><strong>{self._head}</strong></p><ul style="list-style:none;padding-left:.2em;margin:.2em 0">{goals}</ul>' if goals else "",
            f"<details><summary style='cursor:pointer'>{words.count(len(self._terms), 'word')} of this lesson</summary>"
            f"{terms}</details>" if terms else "",
            f"<p>Next: {html.escape(self._next)}.</p>" if self._next else "",
        ]  # fmt: skip
        return (
            f'<div class="wb-summary" style="background:#eef4f8;color:{INK};border-radius:8px;padding:.5em 1.3em;'
            f'margin:.8em 0;max-width:46em;line-height:1.5">{"".join(parts)}</div>'
        )

    def __repr__(self) -> str:
        lines = [self._head] if self._goals else []
        lines += [
            f"  {_STATES[state][1]:<10}  {marks.to_plain(one.text)} ({_items(one)})" for one, state in self._goals
        ]
        if self._terms:
            lines.append("Words of this lesson: " + ", ".join(f"{one.english} ({one.chinese})" for one in self._terms))
        return "\n".join([*lines, f"Next: {self._next}."] if self._next else lines)


def _items(one: Objective) -> str:
    return words.listing(f"{kind} {item}" for kind, item in one.items)


def _say(line: Line) -> None:
    """Show a line at once, beside what the cell shows at its end."""
    if widgets.in_a_kernel():
        from IPython.display import display

        display(line)
