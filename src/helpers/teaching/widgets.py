"""What all widgets of a lesson share: their look, and the twin that stands in where there are no widgets.

A widget lives only while its kernel does. So everything that shows one also
gives the same thing as plain HTML, in the same output: JupyterLab takes the
widget, a stored notebook, a deck, a page and a printer take the twin.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"

STYLE = """<style>
.wb-widget { max-width: 46em; }
.wb-widget .widget-html, .wb-widget .widget-html-content { height: auto; line-height: 1.5; white-space: normal; overflow: visible; }
.wb-widget .widget-html-content { font-size: var(--jp-content-font-size1, 14px); }
.wb-choices, .wb-choices .widget-radio-box { width: auto; max-width: 100%; height: auto; }
.wb-choices .widget-radio-box label { display: flex; flex-direction: row-reverse; justify-content: flex-end; align-items: flex-start; gap: .55em; height: auto; min-height: 1.6em;
  line-height: 1.45; white-space: normal; margin: .12em 0 .12em .3em; padding: 0; font-size: var(--jp-content-font-size1, 14px); }
.wb-choices .widget-radio-box input { position: static; flex: none; font-size: inherit; width: 1em; height: 1em; margin: .22em 0 0; }
.wb-widget textarea, .wb-widget input[type=text] { font-family: inherit; font-size: var(--jp-content-font-size1, 14px); height: auto; }
.wb-named > .widget-label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.wb-widget button { height: auto; min-height: 2.1em; width: auto; padding: 0 1.1em; margin: 3px; }
.wb-widget button:focus-visible, .wb-widget input:focus-visible, .wb-widget textarea:focus-visible,
.wb-widget select:focus-visible, .wb-widget .noUi-handle:focus-visible { outline: 3px solid #e69f00; outline-offset: 2px; }
.wb-widget .jupyter-button:focus-visible:enabled { outline: 3px solid #e69f00; outline-offset: 0; }
</style>"""


def in_a_kernel() -> bool:
    """Whether somebody is there who could show a widget."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


class WithTwin:
    """Something with a widget, and with HTML and plain text that stand in for it."""

    _shown: Any = None

    def html(self) -> str:
        """The static twin."""
        raise NotImplementedError

    def plain(self) -> str:
        """The static twin in plain text."""
        raise NotImplementedError

    def widget(self) -> Any:
        """The widget, made anew."""
        raise NotImplementedError

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/html": self.html(), "text/plain": self.plain()}
        if in_a_kernel():
            self._shown = self.widget()  # kept, or it would be cleared away while it is on the screen
            view = self._shown._repr_mimebundle_() or {}
            if VIEW in view:
                bundle[VIEW] = view[VIEW]
        return bundle

    def __repr__(self) -> str:
        return self.plain()


def group(*children: Any, first: bool = False) -> Any:
    """Widgets one below the other, in the look of a lesson."""
    import ipywidgets

    style = [ipywidgets.HTML(STYLE)] if first else []
    box = ipywidgets.VBox([*style, *children])
    box.add_class("wb-widget")
    return box


def words_of(html: str = "") -> Any:
    """A widget with text. What is put into it later should be `spoken`; what it begins with is read in its turn."""
    import ipywidgets

    return ipywidgets.HTML(html)


def spoken(html: str) -> str:
    """HTML that a screen reader says when it appears."""
    return f'<div role="status" aria-live="polite">{html}</div>'


def one_of(options: list[tuple[str, str]], *, value: str | None = None, about: str = "") -> Any:
    """Radio buttons: (text, key) pairs, none chosen at first; Tab moves, the space bar chooses."""
    import ipywidgets

    buttons = ipywidgets.RadioButtons(options=options, value=value, layout={"width": "auto"})
    buttons.add_class("wb-choices")
    return named(buttons, about)


def named(box: Any, name: str) -> Any:
    """An input with a name for screen readers; on the screen the question stands above it."""
    box.description = name
    box.tooltip = ""  # without one, browsers show the word "null"
    box.add_class("wb-named")
    return box


def button(text: str, pressed: Callable[[], None]) -> Any:
    """A button that calls a function."""
    import ipywidgets

    made = ipywidgets.Button(description=text, layout={"width": "auto", "align_self": "flex-start"})
    made.on_click(lambda _: pressed())
    return made
