"""From data to a folder with a report: the work behind `workbook report`."""

from __future__ import annotations

import csv
import html
import importlib
import io
import json
import shutil
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from helpers import __version__, words
from helpers.errors import DataError
from helpers.places import NOTEBOOKS
from helpers.reports import csvfiles, manifest, parameters, run, sofar, strip
from helpers.reports.lessons import Lesson, Need, resolve
from helpers.reports.place import Place

Say = Callable[[str], None]


@dataclass
class Part:
    """One lesson on its way into a report.

    Attributes
    ----------
    lesson : Lesson
    notebook : dict
        Stripped, to be run.
    values : dict
        Every parameter that a reader may set, with the value that is used.
    folder : Path
        Where the notebook writes its results.
    missing : list of Need
        Tables and columns that these data do not have.
    wanted : dict
        The parameters that differ from the notebook's own.
    state : str
        "not run", "complete" or "failed".
    done : NotebookNode
        The notebook with its outputs.
    sentence, details : str
        Why it was not run or failed; the traceback.
    refused : bool
        Whether it refused its input itself.
    results : dict
        Its part of results.json.
    """

    lesson: Lesson
    notebook: dict[str, Any]
    values: dict[str, Any]
    folder: Path
    missing: list[Need] = field(default_factory=list)
    wanted: dict[str, Any] = field(default_factory=dict)
    state: str = "not run"
    done: Any = None
    sentence: str = ""
    details: str = ""
    refused: bool = False
    results: dict[str, Any] = field(default_factory=dict)

    @property
    def href(self) -> str:
        return f"{self.lesson.name}.html"


@dataclass(frozen=True)
class Outcome:
    """What became of a report.

    Attributes
    ----------
    folder : Path
    exit_code : int
        0: all good; 1: some lesson failed.
    summary : str
        What was read, in a sentence.
    failures : tuple of (lesson id, sentence)
    kept : Path or None
        Where an earlier report went that somebody had changed by hand.
    """

    folder: Path
    exit_code: int
    summary: str
    failures: tuple[tuple[str, str], ...] = ()
    kept: Path | None = None


def build(
    *,
    out: str | Path = "out",
    data: str = "",
    mapping: str = "",
    lessons: str = "all",
    previous: str = "",
    settings: Iterable[str] = (),
    as_of: str = "",
    beyond_core: bool = False,
    notebooks: Path = NOTEBOOKS,
    cell_seconds: float = run.CELL_SECONDS,
    say: Say = lambda text: None,
) -> Outcome:
    """Write a report.

    Parameters
    ----------
    out : str or Path
        Folder of the report: new, empty, or with an earlier report.
    data, mapping, as_of : str
        As `helpers.data.load` takes them; empty for the sample company, no
        mapping, the newest order's day.
    lessons : str
        As `lessons.resolve` takes them.
    previous : str
        Folder of an earlier report, or empty. It may be `out` itself.
    settings : iterable of str
        "name=value", or "03a.name=value" for one lesson.
    beyond_core : bool
        Whether cells tagged `extension` or `reference` are in it.
    notebooks : Path
        Folder of the lessons.
    cell_seconds : float
        How long one cell may take.
    say : function of str
        Told what is going on.

    Raises
    ------
    DataError
        If the data, a parameter, the earlier report or the place is refused.
        Nothing is left behind then.
    """
    from helpers.reports import render

    place = Place(out)
    chosen = resolve(lessons, notebooks)
    settings, as_of = _without_as_of(list(settings), as_of)
    known = {lesson.id: parameters.read_parameters(lesson.notebook, where=lesson.path.name) for lesson in chosen}
    wishes = parameters.settle(known, settings)

    with place as staging:
        work = staging / ".work"
        # The sample company is the likely one; a wrong guess costs nothing but an import.
        imports = [
            run.imports_of(strip.strip(lesson.notebook, is_sample=True, beyond_core=beyond_core)) for lesson in chosen
        ]
        with run.Kernels(work, imports) as kernels:
            company = _read(data, mapping, as_of, say)
            earlier = _earlier(previous, company, say)
            company.save(work / "company")
            # While the kernel still boots.
            render.prepare()
            parts = [
                _part(lesson, known[lesson.id], wishes[lesson.id], company, work, previous, beyond_core)
                for lesson in chosen
            ]
            # The kernels have the rows; holding them here as well would take the memory twice.
            company = replace(company, tables={})
            for part in parts:
                if sofar.PARAMETER in part.wanted:
                    done = {one.lesson.id: {"title": one.lesson.title} | one.results for one in parts if one.state == "complete"}
                    sofar.write_so_far(Path(part.wanted[sofar.PARAMETER]), company, done)
                _run(part, kernels, cell_seconds, say)
        _refuse_if_nothing_can_be_told(parts)
        _render(staging, company, parts, say)
        _gather(staging, company, parts)
        shutil.rmtree(work)
        _finish(staging, company, parts, earlier)
        place.take()

    failures = tuple((part.lesson.id, part.sentence) for part in parts if part.state == "failed")
    return Outcome(place.out, 1 if failures else 0, summary(company), failures, place.kept)


def _part(
    lesson: Lesson,
    known: dict[str, parameters.Parameter],
    wishes: dict[str, Any],
    company: Any,
    work: Path,
    previous: str,
    beyond_core: bool,
) -> Part:
    """A lesson with everything that it is run with."""
    folder = work / "parts" / lesson.id
    given = {
        "data": (work / "company").as_posix(),
        # The prepared data went through the mapping already.
        "mapping": "",
        "out": folder.as_posix(),
        "previous": Path(previous).resolve().as_posix() if previous else "",
        "as_of": company.as_of.isoformat(),
        sofar.PARAMETER: (work / "so_far").as_posix(),
    }
    given = {name: value for name, value in given.items() if name in known}
    values = {name: wishes.get(name, one.default) for name, one in known.items() if name not in given}
    return Part(
        lesson,
        notebook=strip.strip(lesson.notebook, is_sample=company.is_sample, beyond_core=beyond_core),
        values=values,
        folder=folder,
        missing=[need for need in lesson.needs if not _has(company, need.name)],
        wanted=wishes | given,
    )


def _read(data: str, mapping: str, as_of: str, say: Say) -> Any:
    # Late, and by name: reading pulls in pandas and its relations.
    load = importlib.import_module("helpers.data").load
    began = time.perf_counter()
    say("Reading the data" if data else "Reading the sample company")
    company = load(data, mapping=mapping, as_of=as_of)
    company.reconciliation.check()
    given = "" if as_of else ", the day of the newest order"
    say(
        f"Read {words.count(company.reconciliation.totals['rows_in'], 'line')} of {company.name} "
        f"in {_seconds(time.perf_counter() - began)}. Report date: {words.day(company.as_of)}{given}."
    )
    return company


def _earlier(previous: str, company: Any, say: Say) -> Any:
    if not previous:
        return None
    from helpers.reports.previous import PreviousReport

    earlier = PreviousReport.open(previous, company=company)
    say(f"Comparing with the report of {words.day(earlier.as_of)}.")
    for warning in earlier.warnings:
        say(f"Note: {warning}")
    return earlier


def _run(part: Part, kernels: run.Kernels, cell_seconds: float, say: Say) -> None:
    """Run one lesson; a failure is this lesson's alone."""
    lesson = part.lesson
    missing = [need for need in part.missing if need.needed]
    kernel = kernels.take()
    if missing:
        kernel.stop()
        part.sentence = (
            f"It needs {words.listing(_called(need.name) for need in missing)}, which these data do not have. "
            "Add it to the data, or leave this lesson out."
        )
        say(f"{lesson.id} {lesson.title}: left out. {part.sentence}")
        return
    say(f"{lesson.id} {lesson.title}: calculating")
    kernels.warm()
    try:
        done = run.run(part.notebook, part.wanted, kernel=kernel, cell_seconds=cell_seconds)
    except run.Failed as failure:
        part.state, part.sentence, part.details = "failed", failure.sentence, failure.details
        part.refused = failure.refused
        say(f"{lesson.id} {lesson.title}: FAILED. {failure.sentence}")
        return
    part.done, part.state = done.notebook, "complete"
    if (part.folder / "results.json").is_file():
        written = json.loads((part.folder / "results.json").read_text(encoding="utf-8"))
        part.results = written["lessons"].get(lesson.id, {})
    say(
        f"{lesson.id} {lesson.title}: done in {_seconds(done.seconds['run'])}, "
        f"after {_seconds(done.seconds['wait'])} for the kernel to start"
    )


def _refuse_if_nothing_can_be_told(parts: list[Part]) -> None:
    """A report in which every lesson refused the data or a setting is refused as a whole."""
    if all(part.state == "not run" or part.refused for part in parts):
        first = next((part for part in parts if part.refused), parts[0])
        raise DataError(f"{first.lesson.id} {first.lesson.title}: {first.sentence}")


def _render(staging: Path, company: Any, parts: list[Part], say: Say) -> None:
    """One page for each lesson that ran to its end."""
    from helpers.reports import render

    for part in parts:
        if part.state != "complete":
            continue
        lesson = part.lesson
        try:
            page = render.page(
                part.done, frame=_frame(company, parts), here=part.href, title=lesson.title, question=lesson.question
            )
        except Exception:
            part.state, part.results = "failed", {}
            part.sentence = "Its numbers were calculated, but the page could not be made, so this report is missing."
            part.details = traceback.format_exc()
            say(f"{lesson.id} {lesson.title}: FAILED. {part.sentence}")
        else:
            (staging / part.href).write_bytes(page.encode())


def _gather(staging: Path, company: Any, parts: list[Part]) -> None:
    """The lists and tables of the lessons, as those of one report."""
    from helpers.reports.actions import read_action_list, together

    complete = [part for part in parts if part.state == "complete"]
    lists = [part.folder / "actions" for part in complete if (part.folder / "actions").is_dir()]
    if len(lists) == 1:
        shutil.copytree(lists[0], staging / "actions")
    elif lists:
        rows = [read_action_list(folder / "monday.csv", code=company.currency) for folder in lists]
        together(rows, company=company).save(staging / "actions")
    _join_customers([part for part in complete if (part.folder / "customers.csv").is_file()], staging)


def _finish(staging: Path, company: Any, parts: list[Part], earlier: Any) -> None:
    """Everything that is written once, after the lessons."""
    from helpers.reports import render
    from helpers.reports.results import head, write_json

    complete = [part for part in parts if part.state == "complete"]
    failed = [part for part in parts if part.state == "failed"]
    results = {part.lesson.id: {"title": part.lesson.title} | part.results for part in complete}
    write_json(head(company) | {"lessons": results}, staging / "results.json")
    csvfiles.write(company.rejects, staging / "rejects.csv")
    if failed:
        log = "\n\n".join(f"{part.lesson.name}\n{part.sentence}\n{part.details}" for part in failed)
        (staging / manifest.LOG).write_text(log, encoding="utf-8")
    front = _front(company, parts, staging)
    page = render.front_page(front, frame=_frame(company, parts), title="What our customers tell us")
    (staging / "index.html").write_bytes(page.encode())
    content = manifest.manifest(
        staging,
        company=company,
        parameters={part.lesson.id: part.values for part in parts},
        lessons={part.lesson.id: part.state for part in parts},
        previous=earlier,
    )
    write_json(content, staging / manifest.NAME)


def summary(company: Any) -> str:
    """What was read, in a sentence for the terminal."""
    totals = company.reconciliation.totals
    return (
        f"{words.count(totals['rows_in'], 'line')}: {totals['rows_used']:,} used, "
        f"{totals['rows_set_aside']:,} set aside, {totals['rows_rejected']:,} rejected; "
        f"{words.count(totals['customers_with_a_sale'], 'customer')}, "
        f"{words.money(totals['net_minor'], code=company.currency)} net of returns."
    )


def _frame(company: Any, parts: list[Part]) -> Any:
    from helpers.reports import render

    pages = [{"href": "index.html", "title": "Overview"}]
    # A lesson that failed has no page to go to.
    pages += [{"href": part.href, "title": part.lesson.title} for part in parts if part.state == "complete"]
    return render.Frame(
        company=company.name,
        as_of=words.day(company.as_of),
        is_sample=bool(company.is_sample),
        version=__version__,
        fingerprint=company.fingerprint,
        pages=pages,
        data=render.reconciliation_html(company),
    )


def _front(company: Any, parts: list[Part], staging: Path) -> dict[str, Any]:
    """What the first page is told."""
    from markupsafe import Markup

    from helpers.reports.actions import LISTS, counted
    from helpers.reports.render import inline_to_html, reconciliation_html, whole_amounts, words_to_html
    from helpers.reports.results import Sentences

    def one(markdown: str) -> Markup:
        return Markup(inline_to_html(markdown))

    complete = [part for part in parts if part.state == "complete"]
    lists = staging / "actions" / "monday.csv"
    monday = Markup(counted(lists, company=company)._repr_html_()) if lists.is_file() else ""
    about = {
        "actions/monday.xlsx": "who to contact, all lists, for a spreadsheet",
        "customers.csv": "one row per customer: what the reports found out",
        "rejects.csv": f"{words.count(len(company.rejects), 'line')} of the data that could not be read, with the reason",
        "results.json": "the key numbers, for programs and for the next report",
        "manifest.json": "versions, parameters and a fingerprint of the data and of every file",
        manifest.LOG: "what went wrong, in the words of the program",
    }
    return {
        "failures": [
            {"title": part.lesson.title, "sentence": part.sentence, "hint": f"Details are in {manifest.LOG}."}
            for part in parts
            if part.state == "failed"
        ],
        "parts": [
            {
                "href": part.href,
                "title": part.lesson.title,
                "question": part.lesson.question,
                "answer": Markup(words_to_html(Sentences(tuple(part.results.get("answer", ())))._repr_markdown_())),
            }
            for part in complete
        ],
        "monday": monday,
        "lists": [
            {"href": f"actions/{name}.csv", "name": f"{name}.csv"}
            for name in (*LISTS, "monday")
            if (staging / "actions" / f"{name}.csv").is_file()
        ],
        "data_line": Markup(reconciliation_html(company, form="line")),
        "data": Markup(reconciliation_html(company, form="section")),
        "notes": [Markup(whole_amounts(html.escape(note))) for note in company.notes],
        "limits": [one(limit) for part in complete for limit in part.results.get("limits", ())],
        "withheld": [
            {
                "lesson": part.lesson.title if len(parts) > 1 else "",
                "title": section["title"],
                "reason": one(section["reason"]),
                "gain": one(section["gain"]),
            }
            for part in complete
            for section in part.results.get("sections", {}).values()
            if not section["shown"]
        ],
        "missing": [
            {
                "lesson": part.lesson.title if len(parts) > 1 else "",
                "title": _called(need.name),
                "gain": need.gain,
            }
            for part in parts
            for need in part.missing
        ],
        "files": [
            {"href": name, "name": name, "about": text}
            for name, text in about.items()
            if name == "manifest.json" or (staging / name).is_file()
        ],
    }


def _join_customers(parts: list[Part], staging: Path) -> None:
    """One customers.csv from those of the lessons: a row per customer, the columns side by side.

    The cells are taken as they were written, so that no number and no
    apostrophe changes on the way.
    """
    if not parts:
        return
    head, rows = ["customer_id"], {}
    for part in parts:
        text = (part.folder / "customers.csv").read_bytes().decode("utf-8-sig")
        first, *body = csv.reader(io.StringIO(text, newline=""))
        kinds = part.results["customers"]["columns"]
        # A second column of the same name carries its lesson in its name.
        names = {name: f"{part.lesson.id}_{name}" if name in head else name for name in first if name != "customer_id"}
        part.results["customers"]["columns"] = {names.get(name, name): kind for name, kind in kinds.items()}
        head += names.values()
        for row in body:
            cells = dict(zip(first, row, strict=True))
            customer = rows.setdefault(cells["customer_id"], {})
            customer |= {new: cells[name] for name, new in names.items()}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for customer in sorted(rows):
        writer.writerow([customer, *(rows[customer].get(name, "") for name in head[1:])])
    (staging / "customers.csv").write_bytes(out.getvalue().encode("utf-8-sig"))


def _without_as_of(settings: list[str], as_of: str) -> tuple[list[str], str]:
    """`--set as_of=2026-06-30` means `--as-of 2026-06-30`."""
    others = []
    for setting in settings:
        name, equals, text = setting.partition("=")
        if name.strip() == "as_of" and equals:
            if as_of and as_of != text.strip():
                raise DataError(f"The report date is given twice: {as_of} and {text.strip()}. Give it once.")
            as_of = text.strip()
        else:
            others.append(setting)
    return others, as_of


def _called(name: str) -> str:
    """A table or column as a reader would call it.

    >>> _called("contacts"), _called("orders.store_id")
    ('the table contacts', 'store_id in the table orders')
    """
    table, _, column = name.partition(".")
    return f"{column} in the table {table}" if column else f"the table {table}"


def _has(company: Any, name: str) -> bool:
    """Whether the data hold a table or column; a table that no contract knows yet is missing too."""
    try:
        return bool(company.has(name))
    except KeyError:
        return False


def _seconds(value: float) -> str:
    return f"{value:.1f} s"
