"""A notebook that ran becomes a page: no code, no script, nothing fetched."""

from __future__ import annotations

import base64
import functools
import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers import words
from helpers.reports.loading import without_slow_imports
from helpers.reports.strip import tags
from helpers.reports.tables import table

TEMPLATES = Path(__file__).resolve().parent / "templates"

# What a page can show, the best first.
SHOWN = ("text/html", "image/png", "image/jpeg", "image/svg+xml", "text/markdown", "text/plain")
# Kinds that live only in a notebook: the page is complete without them.
LEFT_OUT = (
    "application/javascript",
    "application/vnd.jupyter.widget-view+json",
    "application/vnd.jupyter.widget-state+json",
)


@dataclass(frozen=True)
class Frame:
    """What stands around the content of every page of a report.

    Attributes
    ----------
    company, as_of : str
        As a reader sees them.
    is_sample : bool
    version, fingerprint : str
    pages : list of dict
        `href` and `title` of every page, for the navigation.
    data : str
        The reconciliation as HTML.
    """

    company: str
    as_of: str
    is_sample: bool
    version: str
    fingerprint: str = ""
    pages: list[dict[str, str]] = field(default_factory=list)
    data: str = ""
    language: str = "en"

    def top(self, *, here: str, title: str, question: str = "") -> str:
        return _template("top.html.j2").render(
            vars(self) | {"here": here, "title": title, "question": question, "css": _css()}
        )

    def foot(self, *, here: str) -> str:
        return _template("foot.html.j2").render(vars(self) | {"here": here})


def page(notebook: Any, *, frame: Frame, here: str, title: str, question: str = "") -> str:
    """The page of one lesson.

    Parameters
    ----------
    notebook : NotebookNode
        With its outputs, as `run.run` gives it.
    frame : Frame
    here : str
        The file name of the page.
    title, question : str
        Of the lesson.

    Returns
    -------
    str
        A complete HTML document.
    """
    notebook = _with_what_can_be_shown(notebook)
    answers = [cell for cell in notebook.cells if "answer" in tags(cell)]
    others = [cell for cell in notebook.cells if "answer" not in tags(cell)]
    # The answer is computed last and read first.
    notebook.cells = answers + others

    contents = _contents(others)
    prose = Prose()
    top = frame.top(here=here, title=title, question=question) + frame.data
    report = {
        # Without an answer the list of contents follows the head.
        "top": top if len(answers) == 1 else top + contents,
        "contents": contents if len(answers) == 1 else "",
        "foot": frame.foot(here=here),
    }
    exporter = _exporter()
    # Its headings are numbered from one on every page.
    exporter.register_filter("prose", prose)
    body, _ = exporter.from_notebook_node(notebook, resources={"report": report})
    return body


def prepare() -> None:
    """Load what a page needs, at a moment when there is nothing else to do."""
    _ = _exporter().template
    _template("front.html.j2")


def reconciliation_html(company: Any, *, form: str = "folded") -> str:
    """The reconciliation of a company's data.

    Parameters
    ----------
    company : Company
    form : {"folded", "line", "section"}
        Totals in sight and the rest to unfold; the totals with a link to the
        rest; or everything, as a section of the page.
    """
    parts = company.reconciliation
    totals = parts.totals
    code = company.currency
    summary = (
        f"{words.count(totals['rows_in'], 'line')} in the data = {totals['rows_used']:,} used "
        f"+ {totals['rows_set_aside']:,} set aside + {totals['rows_rejected']:,} rejected. "
        f"{words.money(totals['gross_minor'], code=code)} sold, "
        f"{words.money(abs(totals['returns_minor']), code=code)} returned, "
        f"{words.money(totals['net_minor'], code=code)} net, "
        f"{words.count(totals['customers_with_a_sale'], 'customer')}."
    )
    lines = parts.lines
    shown = lines.loc[lines["lines"] > 0, ["label", "lines", "customers", "amount_minor", "used"]]
    where = table(
        shown,
        "Where every line went",
        code=code,
        labels={"label": "lines that are", "amount_minor": "amount"},
        formats={"amount_minor": "cents"},
    )
    memo = parts.memo[parts.memo["lines"] > 0] if len(parts.memo) else parts.memo
    named = ""
    if len(memo):
        named = table(
            memo.drop(columns="item"),
            "Counted or left out, as the mapping chose",
            code=code,
            labels={
                "label": "lines that are",
                "amount_minor": "amount",
                "sale_lines": "of these sales of known customers",
                "sale_minor": "their amount",
                "choice": "in or out",
            },
            formats={"amount_minor": "cents", "sale_minor": "cents"},
        )._repr_html_()
    return _template("data.html.j2").render(
        form=form,
        summary=summary,
        lines=_safe(where._repr_html_()),
        memo=_safe(named),
        sentences=[_safe(whole_amounts(html.escape(sentence))) for sentence in parts.sentences()],
    )


def front_page(context: dict[str, Any], *, frame: Frame, title: str, question: str = "") -> str:
    """The first page of a report: see `build.front_context` for what it is told."""
    return _template("front.html.j2").render(
        context
        | {
            "top": _safe(frame.top(here="index.html", title=title, question=question)),
            "foot": _safe(frame.foot(here="index.html")),
        }
    )


def words_to_html(markdown: str) -> str:
    """Markdown that a helper wrote from data: markup is understood, HTML is not.

    >>> words_to_html("**3** of <b>10</b>")
    '<p><strong>3</strong> of &lt;b&gt;10&lt;/b&gt;</p>\\n'
    """
    text = whole_amounts(_from_data()(str(markdown)))
    if re.match(r"\s*\*\*.+?: not shown\.\*\*", str(markdown)):
        return f'<div class="withheld">{text}</div>\n'
    return text


def inline_to_html(markdown: str) -> str:
    """One Markdown sentence without a paragraph around it."""
    return re.sub(r"\A<p>(.*)</p>\s*\Z", r"\1", words_to_html(markdown), flags=re.S)


def whole_amounts(markup: str) -> str:
    """HTML in which no line ends between a minus sign and its amount."""
    return re.sub(r"−[^\s<>]*\d", r'<span class="whole">\g<0></span>', markup)


class Prose:
    """Markdown cells as HTML, their second-level headings numbered for the list of contents."""

    def __init__(self) -> None:
        import mistune

        collected = self.headings = []

        class Renderer(mistune.HTMLRenderer):
            def heading(self, text: str, level: int, **attributes: Any) -> str:
                if level == 1:
                    # The page has its title already.
                    return ""
                if level == 2:
                    collected.append(text)
                    return f'<h2 id="section-{len(collected)}">{text}</h2>\n'
                return f"<h{level}>{text}</h{level}>\n"

        self._convert = mistune.create_markdown(
            escape=False, renderer=Renderer(escape=False), plugins=["table", "strikethrough"]
        )

    def __call__(self, markdown: str) -> str:
        return self._convert(markdown)


def _contents(cells: list[Any]) -> str:
    """Links to the headings of a page that has several."""
    prose = Prose()
    for cell in cells:
        if cell.cell_type == "markdown":
            prose(cell.source)
    if len(prose.headings) < 3:
        return ""
    items = "".join(
        f'<li><a href="#section-{number}">{re.sub(r"<[^>]+>", "", text)}</a></li>'
        for number, text in enumerate(prose.headings, start=1)
    )
    return f'<nav class="contents" aria-label="On this page"><p>On this page</p><ol>{items}</ol></nav>\n'


def _with_what_can_be_shown(notebook: Any) -> Any:
    """A copy without errors, messages and widgets; what no page can show becomes a sentence."""
    import copy

    import nbformat

    notebook = copy.deepcopy(notebook)
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found = re.findall(r"^#{1,3} (.+)$", cell.source, flags=re.M)
            heading = found[-1] if found else heading
        if cell.cell_type != "code":
            continue
        outputs = []
        for output in cell.outputs:
            if output.output_type == "stream":
                if output.name == "stdout" and output.text.strip():
                    outputs.append(output)
                continue
            if output.output_type not in ("display_data", "execute_result"):
                continue
            kinds = set(output.data)
            if kinds & set(LEFT_OUT):
                continue
            if not kinds & set(SHOWN):
                note = f"An output of the kind {', '.join(sorted(kinds))} cannot be shown on a page."
                output = nbformat.v4.new_output("display_data", data={"text/plain": note})
            elif not "".join(output.data[_best(output)]).strip():
                continue
            output.metadata["heading"] = heading
            outputs.append(output)
        cell.outputs = outputs
    return notebook


def _best(output: Any) -> str:
    return next(kind for kind in SHOWN if kind in output.data)


def _picture(output: Any, kind: str) -> str:
    """An image with its alt text; an SVG too is an image, so that nothing in it can run."""
    data = output.data[kind]
    if kind == "image/svg+xml":
        data = base64.b64encode(data.encode()).decode()
    own = output.metadata.get(kind, {})
    alt = own.get("alt") or f"Figure in the section {output.metadata.get('heading') or 'above'}, without a description."
    width = f' width="{int(own["width"])}"' if own.get("width") else ""
    return f'<img src="data:{kind};base64,{"".join(data.split())}" alt="{html.escape(alt)}"{width}>'


@functools.cache
def _exporter() -> Any:
    with without_slow_imports():
        from nbconvert.exporters.templateexporter import TemplateExporter

    class PageExporter(TemplateExporter):
        """Without the base class's HTML exporter: that one parses and rewrites the whole page."""

        output_mimetype = "text/html"
        file_extension = ".html"

    exporter = PageExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    exporter.register_filter("filter_data_type", lambda data: [next(kind for kind in SHOWN if kind in data)])
    exporter.register_filter("prose", Prose())
    exporter.register_filter("words", words_to_html)
    exporter.register_filter("picture", _picture)
    exporter.register_filter("escape_html", lambda text: html.escape(str(text)))
    return exporter


@functools.cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> Any:
    return _environment().get_template(name)


@functools.cache
def _css() -> Any:
    return _safe((TEMPLATES / "report" / "style.css").read_text(encoding="utf-8"))


@functools.cache
def _from_data() -> Any:
    import mistune

    class Renderer(mistune.HTMLRenderer):
        # Entities stay (`words.plain` writes them), tags become text.
        def inline_html(self, text: str) -> str:
            return html.escape(text)

        def block_html(self, text: str) -> str:
            return f"<p>{html.escape(text.strip())}</p>\n"

        def image(self, text: str, url: str, title: str | None = None) -> str:
            return html.escape(text)

    return mistune.create_markdown(escape=False, renderer=Renderer(escape=False), plugins=["table"])


def _safe(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)
