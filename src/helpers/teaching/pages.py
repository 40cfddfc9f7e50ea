"""Pages for people who teach or learn, beside lessons: one HTML file each, no script, nothing fetched, made to be printed."""

from __future__ import annotations

import base64
import functools
from pathlib import Path
from typing import Any

from helpers import __version__
from helpers.reports.render import TEMPLATES as OF_REPORTS
from helpers.teaching import marks

TEMPLATES = Path(__file__).resolve().parent / "templates"


def render(name: str, *, style: str = "pages.css", **context: Any) -> str:
    """A page from a template of `templates/pages` or `templates/guide`.

    Parameters
    ----------
    name : str
        File name of the template.
    style : str
        File name of its own style sheet, beside the one of our reports.
    **context
        What the template shows; text is escaped, `safe` text is not.
    """
    return template(name).render({"version": __version__, "styles": styles(style)} | context)


def styles(own: str) -> list[Any]:
    """The look of our reports, and what a page needs beside it."""
    places = [folder / own for folder in (TEMPLATES / "pages", TEMPLATES / "guide") if (folder / own).is_file()]
    return [safe((path).read_text(encoding="utf-8")) for path in (OF_REPORTS / "report" / "style.css", *places)]


def picture(made: Any) -> Any:
    """A `Picture` as a figure of a page."""
    data = base64.b64encode(made.png).decode("ascii")
    return safe(f'<figure><img src="data:image/png;base64,{data}" alt="{escape(made.alt)}"></figure>')


def prose(markdown: str) -> Any:
    """Our own Markdown as HTML."""
    return safe(marks.to_html(markdown))


def escape(text: str) -> str:
    from markupsafe import escape as escaped

    return str(escaped(text))


def safe(text: str) -> Any:
    """HTML that is ours, which a template does not escape."""
    from markupsafe import Markup

    return Markup(text)


@functools.cache
def template(name: str) -> Any:
    """A template by its file name."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([TEMPLATES / "pages", TEMPLATES / "guide"]), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    return environment.get_template(name)
