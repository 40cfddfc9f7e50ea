"""A deck as one HTML file: reveal.js inside, nothing fetched, and no script but ours.

The page carries a policy that names each script by its fingerprint. What
comes from data is escaped; if a script got into it all the same, the browser
would not run it. The speaker view (key S) is a window that inherits this
policy, so the fingerprint of its script is in it too.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from importlib import metadata
from pathlib import Path
from typing import Any

from helpers.errors import DataError
from helpers.reports.render import inline_to_html, words_to_html
from helpers.teaching.deck import Deck, Slide

TEMPLATES = Path(__file__).resolve().parent / "templates" / "deck"
CARRIER = "sphinx-revealjs"  # a package that brings the files of reveal.js (MIT) with it

START = """Reveal.initialize({
  width: 1280, height: 720, margin: 0, center: false, display: "flex", transition: "none",
  hash: true, progress: true, slideNumber: "c/t", scrollActivationWidth: null, defaultTiming: 0,
  plugins: [RevealNotes]
});"""


def page(deck: Deck) -> str:
    """A deck as a complete HTML document.

    Raises
    ------
    DataError
        If the files of reveal.js are not installed.
    """
    files = _files()
    scripts = [_inside_a_page(text) for text in (files["reveal.js"], files["notes.js"], START)]
    popup = re.findall(r"<script>(.*?)</script>", files["speaker-view.html"], flags=re.S)
    about = deck.lesson
    return _template().render(
        title=about.title,
        where=f"{about.number} {about.title}",
        styles=[_safe(files["reveal.css"]), _safe((TEMPLATES / "deck.css").read_text(encoding="utf-8"))],
        scripts=[_safe(text) for text in scripts],
        policy=policy([*scripts, *popup]),
        slides=[
            _shown(slide, begins, deck.minutes) for slide, begins in zip(deck.slides, deck.begins_at, strict=True)
        ],
    )


def policy(scripts: list[str]) -> str:
    """What the browser may do with the page: run these scripts, show pictures that are in it, and no more."""
    prints = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts)
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; font-src data:; "
        f"style-src 'unsafe-inline'; frame-src 'self' file:; script-src {prints}"
    )


def _shown(slide: Slide, begins: float, whole: float) -> dict[str, Any]:
    """A slide as the template takes it."""
    ends = begins + slide.minutes
    return {
        "kind": slide.kind,
        "label": slide.label,
        "seconds": round(slide.minutes * 60),
        "body": _safe(_headings(words_to_html(_line_by_line(slide.text)), level=1 if slide.kind == "title" else 2)),
        "figure": slide.figure,
        "time": _safe(
            inline_to_html(f"**{_minutes(slide.minutes)}**, from minute {begins:.4g} to {ends:.4g} of {whole:.4g}")
        ),
        "notes": [_safe(words_to_html(note)) for note in slide.notes],
    }


def _line_by_line(markdown: str) -> str:
    """Markdown in which a new line is a new line: a slide is set by its author as a poem is."""
    parts = re.split(r"^(```.*?^```)", markdown, flags=re.S | re.M)
    # Between fences: prose, code, prose ...
    return "".join(part if place % 2 else re.sub(r" *\n", "  \n", part) for place, part in enumerate(parts))


def _headings(markup: str, *, level: int) -> str:
    """Headings of a slide all on one level: a slide has one title, whatever level it has in the notebook."""
    return re.sub(r"<(/?)h[1-6]>", rf"<\1h{level}>", markup)


def _minutes(value: float) -> str:
    return f"{value:.4g} minute{'' if value == 1 else 's'}"


@functools.cache
def _files() -> dict[str, str]:
    """The files of reveal.js, by name."""
    found = {}
    try:
        carrier = metadata.distribution(CARRIER)
        for part in ("dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js", "plugin/notes/speaker-view.html"):
            path = Path(carrier.locate_file(f"sphinx_revealjs/_static/revealjs/{part}"))
            found[path.name] = path.read_text(encoding="utf-8")
    except (metadata.PackageNotFoundError, OSError):
        raise DataError(
            "The deck needs packages that are not installed. Run: python workbook.py slides"
        ) from None
    return found


def _inside_a_page(script: str) -> str:
    """A script that may stand in a page: nothing in it ends it early."""
    return re.sub(r"</(script)", r"<\\/\1", script, flags=re.I)


@functools.cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    return environment.get_template("deck.html.j2")


def _safe(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)
