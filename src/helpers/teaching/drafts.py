"""A text to be written in a box and read by rules: an exercise of the kind "write" without any code.

Draft("Your opening", lambda text: lesson.check("5b.6", lines.opening(text)), read=lambda text: lines.Checked(lines.read_opening(text)))
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from helpers.teaching import marks, widgets
from helpers.teaching.boxes import Box


class Draft(widgets.WithTwin):
    """A box to write in, and a button that has the text read.

    Parameters
    ----------
    task : str
        What is asked, in Markdown of one line.
    check : function of a text
        Marks and records it, as `lesson.check` of the exercise does.
    read : function of a text
        Gives something with `_repr_markdown_`: what was found in the text.
    rows : int, default 5
        How much room there is.
    """

    def __init__(self, task: str, check: Callable[[str], Any], *, read: Callable[[str], Any], rows: int = 5) -> None:
        self.task, self._check, self._read, self.rows = task, check, read, rows

    def said_to(self, text: str) -> str:
        """What is shown after the button was pressed, as HTML."""
        if not text.strip():
            return Box("quiet", "Nothing written yet.", "Write in the box, then press the button. You may try as often as you like.").html()
        marked = self._check(text)._repr_mimebundle_()["text/html"]
        return marked + marks.to_html(self._read(text)._repr_markdown_())

    def html(self) -> str:
        line = '<div style="border-bottom:1px solid #9aa5b1;height:1.9em;max-width:40em"></div>'
        return (
            f'<div class="wb-draft" style="max-width:46em;line-height:1.5;break-inside:avoid"><p><strong>{marks.inline_html(self.task)}</strong></p>'
            f"{line * self.rows}</div>"
        )

    def plain(self) -> str:
        return "\n".join([marks.to_plain(self.task), *["_" * 60] * self.rows])

    def widget(self) -> Any:
        import ipywidgets

        box = widgets.named(ipywidgets.Textarea(value="", rows=self.rows, layout={"width": "min(42em, 98%)"}), marks.to_plain(self.task))
        said = widgets.words_of()

        def pressed() -> None:
            said.value = widgets.spoken(self.said_to(box.value))

        head = widgets.words_of(f"<p style='margin:.4em 0 .3em'><strong>{html.escape(marks.to_plain(self.task))}</strong></p>")
        return widgets.group(head, box, widgets.button("Read my text", pressed), said, first=True)
