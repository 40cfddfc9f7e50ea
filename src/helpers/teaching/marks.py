"""The little Markdown that sentences of a lesson are written in, as HTML and as plain text.

Paragraphs, lists with `-` or `1.`, fenced code, `code`, **bold** and *italic*.
Nothing else is markup: every `<` of a sentence ends up as a sign to be read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_INLINE = re.compile(
    r"(?P<tick>`+)(?P<code>.+?)(?P=tick)"
    r"|\\(?P<sign>[\\`*_{}\[\]()#+!|~$-])"
    r"|\*\*(?P<bold>.+?)\*\*"
    r"|\*(?P<italic>[^\s*](?:[^*]*[^\s*\\])?)\*",
    re.S,
)
_LIST = re.compile(r"(?:-|(?P<number>\d+)\.)\s+(?P<item>.*)")
# Colours of their own, or a dark theme would bring its own into a light box.
_CHIP = "background:#7b87942e;color:inherit;padding:.05em .3em;border-radius:3px"
# A line of code is moved sideways, never broken in the middle of a name.
_CODE = (
    "white-space:pre;word-break:normal;overflow-x:auto;background:#ffffffb0;color:#1f2933;"
    "padding:.5em .7em;margin:.4em 0;border-radius:4px"
)
_LOOSE = re.compile(r"&(?!#?\w{1,12};)")


def to_html(text: str) -> str:
    """Markdown as HTML.

    >>> to_html("**RFM** ranks *customers*, 3 < 5")
    '<p><strong>RFM</strong> ranks <em>customers</em>, 3 &lt; 5</p>'
    """
    return "".join(_block_html(kind, lines) for kind, lines in _blocks(text))


def inline_html(text: str) -> str:
    """One line of Markdown as HTML, without a paragraph around it."""

    def mark(match: re.Match[str]) -> str:
        if match["code"] is not None:
            return f'<code style="{_CHIP}">{html.escape(match["code"].strip(), quote=False)}</code>'
        if match["sign"]:
            return html.escape(match["sign"], quote=False)
        if match["bold"]:
            return f"<strong>{inline_html(match['bold'])}</strong>"
        return f"<em>{inline_html(match['italic'])}</em>"

    return _between(text, mark, _escape)


def to_plain(text: str) -> str:
    r"""Markdown as a terminal shows it: the same words without the marks.

    >>> to_plain("**RFM** ranks `customers`, 3 &lt; 5 and C\\-7")
    'RFM ranks `customers`, 3 < 5 and C-7'
    """

    parts = re.split(r"^```[^\n]*\n(.*?)^```[ \t]*$", text, flags=re.S | re.M)
    # Between fences: prose, code, prose ...
    return "".join(part.rstrip("\n") if place % 2 else _plain(part) for place, part in enumerate(parts))


def _plain(text: str) -> str:
    def mark(match: re.Match[str]) -> str:
        if match["code"] is not None:
            return f"`{match['code'].strip()}`"
        return match["sign"] or _plain(match["bold"] or match["italic"])

    return _between(text, mark, html.unescape)


def _between(text: str, mark, other) -> str:
    """Every mark through one function, and the text between them through another."""
    done, end = [], 0
    for match in _INLINE.finditer(text):
        done += [other(text[end : match.start()]), mark(match)]
        end = match.end()
    return "".join([*done, other(text[end:])])


def _escape(text: str) -> str:
    return _LOOSE.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Paragraphs, lists and fenced code, one after the other."""
    kind, lines = "p", []
    for line in [*text.strip("\n").splitlines(), ""]:
        if kind == "pre":
            if line.startswith("```"):
                yield kind, lines
                kind, lines = "p", []
            else:
                lines.append(line)
            continue
        starts = _LIST.match(line.strip())
        new = "pre" if line.startswith("```") else "p" if not starts else "ol" if starts["number"] else "ul"
        if lines and (not line.strip() or new not in (kind, "p")):
            yield kind, lines
            lines = []
        if not line.strip():
            kind = "p"
        elif new == "pre":
            kind = "pre"
        elif new != "p":
            kind = new
            lines.append(starts["item"])
        elif kind in ("ul", "ol") and lines:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line.strip())
    if lines:  # a fence that was never closed
        yield kind, lines[:-1]


def _block_html(kind: str, lines: list[str]) -> str:
    if kind == "pre":
        return f'<pre style="{_CODE}"><code style="color:inherit;background:none">{html.escape(chr(10).join(lines), quote=False)}</code></pre>'
    if kind == "p":
        return f"<p>{inline_html(' '.join(lines))}</p>"
    return f"<{kind}>{''.join(f'<li>{inline_html(line)}</li>' for line in lines)}</{kind}>"
