"""Worksheets: forms about the learner's own firm, kept in plain files that a person can open and edit.

`sheets` says what is asked. Answers are saved as
`my_work/worksheets/<lesson>_<id>.yml`, complete or not: YAML with the
questions as comments. A file that cannot be read is set aside, never lost.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from helpers import words
from helpers.teaching import marks, widgets, yamlfiles
from helpers.teaching.boxes import Box
from helpers.teaching.files import set_aside, work_folder, write_whole
from helpers.teaching.marking import as_number
from helpers.teaching.sheets import Answer, Definition, Field, Problem, options_of, problems


class Worksheet(widgets.WithTwin):
    """A worksheet with the learner's answers.

    Parameters
    ----------
    definition : Definition
    lesson : str
        Id of the lesson it belongs to.
    folder : Path or None
        Where answers are kept; None for the learner's own folder.
    record : function
        Told when answers are saved: `record(item=..., outcome=..., note=...)`.

    Attributes
    ----------
    answers : dict
        As they were typed: text, or a list of rows for a field of rows.
    notes : list of str
        What the learner should know about the file.
    """

    def __init__(
        self,
        definition: Definition,
        *,
        lesson: str,
        folder: Path | None = None,
        record: Callable[..., Any] = lambda **_: None,
    ) -> None:
        self.definition, self.lesson, self._record = definition, lesson, record
        self.path = (folder or work_folder()) / "worksheets" / f"{lesson}_{definition.id}.yml"
        self.answers: dict[str, Answer] = {}
        self.notes: list[str] = []
        self._others: dict[str, Any] = {}
        self._open()

    @property
    def problems(self) -> list[Problem]:
        """What is still open or not right."""
        return problems(self.definition, self.answers)

    @property
    def is_complete(self) -> bool:
        return not self.problems

    def typed(self) -> dict[str, Any]:
        """The answers that are right, as values: numbers and dates, not text."""
        wrong = {problem.field for problem in self.problems}
        return {
            one.id: _typed(one, self.answers[one.id])
            for one in self.definition.fields
            if one.id in self.answers and one.id not in wrong
        }

    def save(self, **answers: Any) -> Box:
        """Take in answers and save them all, whether or not the form is complete.

        Parameters
        ----------
        **answers
            By field id: text, a number, a date, or a list for a field of rows
            (dicts, or plain texts for its first column).

        Returns
        -------
        Box that says what was saved, and what is still open.
        """
        known = {one.id: one for one in self.definition.fields}
        if unknown := [name for name in answers if name not in known]:
            return Box(
                "quiet", "Nothing saved.", f"There is no question `{unknown[0]}`. There are: {', '.join(known)}."
            )
        for name, value in answers.items():
            self.answers[name] = _as_answer(known[name], value)
        try:
            write_whole(self.path, self._text())
        except OSError as error:
            return Box(
                "stop", "Not saved.", f"The file {self.path.name} could not be written ({error.strerror or error})."
            )
        open_ones = sorted({one.field for one in self.problems})
        self._record(
            item=self.definition.id,
            outcome="open" if open_ones else "complete",
            note=f"{words.count(len(open_ones), 'answer')} open" if open_ones else "",
        )
        where = f"in `{self.path.parent.parent.name}/{self.path.parent.name}/{self.path.name}`"
        if not open_ones:
            return Box(
                "good", "Saved, and complete:", f"{where}. You can open and change the file with any text editor."
            )
        lines = "\n".join(f"- **{_as_head(known[problem.field].ask)}** {problem.text}" for problem in self.problems)
        return Box("open", "Saved", f"{where}. {words.count(len(open_ones), 'answer')} to go:\n\n{lines}")

    def _text(self) -> str:
        """The answers as a file that somebody can read and edit."""
        sheet = self.definition
        lines = [f"# {sheet.title}", f"# Customer workbook, lesson {self.lesson}."]
        lines += ["# You can change the answers with any text editor. Keep the words before the colons.", ""]
        for one in sheet.fields:
            lines += textwrap.wrap(marks.to_plain(one.ask), 96, initial_indent="# ", subsequent_indent="# ")
            if one.kind == "choice":
                lines += textwrap.wrap(
                    f"One of: {', '.join(options_of(one, self.answers))}",
                    96,
                    initial_indent="# ",
                    subsequent_indent="#   ",
                )
            empty: Answer = [] if one.kind == "rows" else ""
            lines += [yamlfiles.dump({one.id: self.answers.get(one.id, empty)})]
        if self._others:
            lines += ["# Answers to questions that are no longer asked.", yamlfiles.dump(self._others)]
        return "\n".join(lines)

    def _open(self) -> None:
        if not self.path.is_file():
            return
        try:
            data = yamlfiles.parse(self.path.read_bytes().decode("utf-8-sig"))
            if data in (None, ""):
                data = {}
            if not isinstance(data, dict):
                raise ValueError("no names")
        except OSError as error:
            self.notes.append(f"{self.path.name} could not be read ({error.strerror or error}).")
            return
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            self._put_aside(error)
            return
        known = {one.id: one for one in self.definition.fields}
        for name, value in data.items():
            if name in known:
                self.answers[name] = _as_answer(known[name], value)
            else:
                self._others[name] = value

    def _put_aside(self, error: Exception) -> None:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        try:
            aside = set_aside(self.path)
        except OSError as problem:
            self.notes.append(
                f"{self.path.name} is damaged{where} and could not be set aside ({problem.strerror or problem})."
            )
            return
        self.notes.append(
            f"{self.path.name} could not be read{where}. It was set aside as {aside.name}: nothing in it is lost, "
            "and this form begins empty."
        )

    # ------------------------------------------------------------ what is shown

    def html(self, *, answers: bool = False) -> str:
        """The form on paper: questions with room to write, or with the learner's answers."""
        parts = [f"<p><strong>{marks.inline_html(self.definition.title)}</strong></p>"]
        if self.definition.about:
            parts.append(marks.to_html(self.definition.about))
        for number, one in enumerate(self.definition.fields, start=1):
            room = _answered(one, self.answers.get(one.id)) if answers else _room(one)
            parts.append(
                f'<div style="margin:.9em 0;break-inside:avoid"><p style="margin:.2em 0"><strong>{number}.</strong> '
                f"{marks.inline_html(one.ask)}{_aside(one)}</p>{room}</div>"
            )
        return f'<div class="wb-worksheet" style="max-width:46em;line-height:1.5">{"".join(parts)}</div>'

    def plain(self) -> str:
        lines = [marks.to_plain(self.definition.title), marks.to_plain(self.definition.about)]
        for number, one in enumerate(self.definition.fields, start=1):
            lines.append(f"{number}. {marks.to_plain(one.ask)}")
            if one.options:
                lines += [f"   [ ] {option}" for option in one.options]
            else:
                lines += ["   " + "_" * 40] * max(one.lines, one.at_least, 1)
        return "\n".join(filter(None, lines))

    def widget(self) -> Any:
        entries = [_Entry(number, one, self.answers) for number, one in enumerate(self.definition.fields, start=1)]
        said = widgets.words_of(
            Box("open", "A word about your file.", "\n\n".join(self.notes)).html() if self.notes else ""
        )

        def pressed() -> None:
            answers = {entry.field.id: entry.read() for entry in entries}
            for entry in entries:
                entry.offer(options_of(entry.field, answers))
            answers |= {entry.field.id: entry.read() for entry in entries if entry.field.kind == "choice"}
            box = self.save(**answers)
            by_field: dict[str, list[str]] = {}
            for problem in self.problems:
                by_field.setdefault(problem.field, []).append(problem.text)
            for entry in entries:
                entry.say(by_field.get(entry.field.id, []))
            said.value = widgets.spoken(box.html())

        head = f"<p style='font-size:1.1em'><strong>{marks.inline_html(self.definition.title)}</strong></p>"
        if self.definition.about:
            head += marks.to_html(self.definition.about)
        return widgets.group(
            widgets.words_of(head),
            *(entry.widget for entry in entries),
            widgets.button("Save my answers", pressed),
            said,
            first=True,
        )


def _as_head(ask: str) -> str:
    """A question before what is said to it."""
    ask = ask.strip().rstrip(".:")
    return ask if ask.endswith("?") else f"{ask}:"


def _as_answer(one: Field, value: Any) -> Answer:
    """A value from a file, a form or a call, as text or as rows of text; whatever it is, nothing is lost."""
    if one.kind != "rows":
        if isinstance(value, list):
            return "\n".join(_text(item) for item in value)
        return _text(value)
    items = value if isinstance(value, (list, tuple)) else [] if value in ("", None) else str(value).splitlines()
    first = one.columns[0].id
    rows = [
        {str(name): _text(cell) for name, cell in item.items()} if isinstance(item, Mapping) else {first: _text(item)}
        for item in items
    ]
    return [row for row in rows if any(cell.strip() for cell in row.values())]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, (dict, list)):
        return yamlfiles.dump(value).strip()
    return str(value).replace("\r\n", "\n").strip()


def _typed(one: Field, answer: Answer) -> Any:
    if one.kind == "rows":
        return [{column.id: _typed(column, row.get(column.id, "")) for column in one.columns} for row in answer]
    if one.kind == "number" and answer:
        return as_number(answer)
    if one.kind == "date" and answer:
        return date.fromisoformat(answer)
    return answer


def _aside(one: Field) -> str:
    """What a question says in small letters."""
    parts = [one.help]
    if one.kind == "number" and one.low is not None and one.high is not None:
        parts.append(f"From {one.low:g} to {one.high:g}{f' {one.unit}' if one.unit else ''}.")
    elif one.kind == "number" and one.unit:
        parts.append(f"In {one.unit}.")
    if one.kind == "date":
        parts.append("A date such as 2026-06-30.")
    if not one.needed:
        parts.append("May stay empty.")
    text = " ".join(filter(None, parts))
    return f' <span style="opacity:.78;font-size:.92em">{marks.inline_html(text)}</span>' if text else ""


_LINE = '<div style="border-bottom:1px solid #9aa5b1;height:1.9em;max-width:40em"></div>'


def _room(one: Field) -> str:
    """Room to write by hand."""
    if one.options:
        return "".join(f'<p style="margin:.1em 0 .1em 1em">☐ {html.escape(option)}</p>' for option in one.options)
    if one.kind == "rows":
        return _grid(one, [{}] * min(max(one.at_least, 3), one.at_most))
    if one.kind in ("number", "date"):
        return '<div style="border-bottom:1px solid #9aa5b1;height:1.9em;max-width:12em"></div>'
    return _LINE * max(one.lines, 1)


def _grid(one: Field, rows: list[dict[str, str]]) -> str:
    edge = "border:1px solid #9aa5b1;padding:.3em .6em;text-align:left;vertical-align:top"
    head = "".join(f'<th scope="col" style="{edge}">{marks.inline_html(column.ask)}</th>' for column in one.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="{edge};height:1.9em;min-width:9em">{html.escape(row.get(column.id, ""))}</td>'
            for column in one.columns
        )
        + "</tr>"
        for row in rows
    )
    return f'<table style="border-collapse:collapse;margin:.3em 0"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _answered(one: Field, answer: Answer | None) -> str:
    if not answer:
        return '<p style="opacity:.78">(still open)</p>'
    if one.kind == "rows":
        return _grid(one, answer)
    return f'<p style="white-space:pre-wrap;margin:.2em 0 .2em 1em">{html.escape(answer)}</p>'


# ---------------------------------------------------------------- fields as widgets


class _Entry:
    """One question as widgets: what is asked, where to answer, and what is said to it."""

    def __init__(self, number: int, field: Field, answers: Mapping[str, Answer]) -> None:
        import ipywidgets

        self.field = field
        answer = answers.get(field.id, [] if field.kind == "rows" else "")
        self.said = widgets.words_of()
        ask = f"<p style='margin:.7em 0 .15em'><strong>{number}. {marks.inline_html(field.ask)}</strong>{_aside(field)}</p>"
        if field.kind == "rows":
            self.lines = ipywidgets.VBox([])
            least = min(max(len(answer), field.at_least, 1), max(field.at_most, len(answer)))
            for place in range(least):
                self._add(answer[place] if place < len(answer) else {})
            heads = ipywidgets.HBox(
                [
                    _head(f"<span style='opacity:.78'>{marks.inline_html(column.ask)}</span>", width)
                    for column, width in zip(field.columns, _widths(field.columns), strict=True)
                ]
            )
            more = widgets.button("Add a line", lambda: self._add({}))
            parts = [*([heads] if len(field.columns) > 1 else []), self.lines, more]
        else:
            self.box = _box(field, answer, answers)
            parts = [self.box]
        self.widget = ipywidgets.VBox([widgets.words_of(ask), *parts, self.said])

    def read(self) -> Answer:
        if self.field.kind == "rows":
            rows = [
                {column.id: box.value for column, box in zip(self.field.columns, line.children, strict=True)}
                for line in self.lines.children
            ]
            return _as_answer(self.field, rows)
        return self.box.value or ""

    def offer(self, options: list[str]) -> None:
        """Give a list that is drawn from other answers its new options; the choice stays where it can."""
        if self.field.options_from:
            chosen = self.box.value
            self.box.options = ["", *options]
            self.box.value = chosen if chosen in options else ""

    def say(self, texts: list[str]) -> None:
        lines = "".join(f"<p style='margin:.1em 0'>→ {marks.inline_html(text)}</p>" for text in texts)
        self.said.value = widgets.spoken(lines) if lines else ""

    def _add(self, row: Mapping[str, str]) -> None:
        import ipywidgets

        boxes = [
            _box(column, row.get(column.id, ""), {}, width=width if len(self.field.columns) > 1 else "")
            for column, width in zip(self.field.columns, _widths(self.field.columns), strict=True)
        ]
        self.lines.children = (*self.lines.children, ipywidgets.HBox(boxes))


_LINE_WIDTH = 43  # em, of all columns of a line together: what a form has room for
_LETTERS = 25  # of a question, for which a column gets one part more
_PARTS = {"number": 1.0, "date": 1.5, "choice": 2.0, "text": 3.0}


def _widths(columns: Sequence[Field]) -> list[str]:
    """How wide each column of a line is: text needs more room than a number, and a long question than a short one."""
    parts = [max(_PARTS[column.kind], min(3.0, len(column.ask) / _LETTERS)) for column in columns]
    return [f"{min(16.0, _LINE_WIDTH * part / sum(parts)):.3g}em" for part in parts]


def _head(text: str, width: str) -> Any:
    import ipywidgets

    return ipywidgets.HTML(text, layout={"width": width, "flex": "0 0 auto"})


def _box(field: Field, answer: str, answers: Mapping[str, Answer], *, width: str = "") -> Any:
    """Where a simple question is answered; with a width, as a part of a line."""
    import ipywidgets

    narrow = bool(width)
    wide = {"width": width, "flex": "0 0 auto"} if narrow else {"width": "min(42em, 98%)"}
    about = marks.to_plain(field.ask)
    if field.kind == "choice":
        options = options_of(field, answers)
        # Somebody may have written another answer into the file; a list can show it, radio buttons cannot.
        if field.options and len(options) <= 6 and not narrow and answer in ("", *options):
            pairs = [(option, option) for option in options]
            return widgets.one_of(pairs, value=answer or None, about=about)
        listed = ["", *options] if answer in ("", *options) else ["", *options, answer]
        return widgets.named(ipywidgets.Dropdown(options=listed, value=answer, layout=wide), about)
    if field.kind == "text" and field.lines > 1 and not narrow:
        return widgets.named(ipywidgets.Textarea(value=answer, rows=field.lines, layout=wide), about)
    short = {"width": "12em"} if field.kind in ("number", "date") and not narrow else wide
    hint = "2026-06-30" if field.kind == "date" else ""
    return widgets.named(ipywidgets.Text(value=answer, placeholder=hint, layout=short), about)
