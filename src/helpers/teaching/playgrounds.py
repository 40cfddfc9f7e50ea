"""Playgrounds: a slider or a list, and a figure that follows it.

    playground(
        figures.sizes_at,
        slider("top_share", 0.02, 0.5, step=0.02, start=0.2, label="Share of customers we call VIP", unit="percent"),
        say=findings.sizes_at,
    )

`draw` and `say` get what is set, by name. The twin shows the figure as it
stands at the start, or at a few values side by side (`twin=[0.05, 0.2, 0.4]`).
"""

from __future__ import annotations

import html
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers import words
from helpers.errors import DataError
from helpers.pictures import Picture
from helpers.teaching import marks, widgets
from helpers.teaching.boxes import Box, Line
from helpers.withheld import Silence, Withheld


@dataclass(frozen=True)
class Control:
    """One thing that can be set: from `slider` or `choice`."""

    name: str
    label: str
    values: tuple[Any, ...]
    start: Any
    unit: str = ""
    names: tuple[str, ...] = ()  # of the values, for a list

    def in_words(self, value: Any) -> str:
        if self.names:
            return self.names[self.values.index(value)]
        if self.unit == "percent":
            return words.percent(value, digits=0 if round(value * 100, 6) == round(value * 100) else 1)
        number = words.number(value) if float(value).is_integer() else f"{value:,.10g}"
        return f"{number} {self.unit}".rstrip()

    @property
    def range_in_words(self) -> str:
        if self.names:
            return words.listing(self.names).replace(" and ", " or ")
        return f"{self.in_words(self.values[0])} to {self.in_words(self.values[-1])}"

    def widget(self) -> Any:
        import ipywidgets

        options = [(self.in_words(value), value) for value in self.values]
        kind = ipywidgets.Dropdown if self.names else ipywidgets.SelectionSlider
        more = {} if self.names else {"continuous_update": False, "readout": True}
        return kind(
            options=options,
            value=self.start,
            description=self.label,
            tooltip="",  # without one, browsers show the word "null"
            style={"description_width": "initial"},
            layout={"width": "auto" if self.names else "98%", "max_width": "44em"},
            **more,
        )


def slider(
    name: str, low: float, high: float, *, start: float, step: float = 1, label: str = "", unit: str = ""
) -> Control:
    """A slider over numbers from `low` to `high`.

    Parameters
    ----------
    name : str
        The argument of `draw` and `say` that it sets.
    start : float
        Where it stands at first; one of its steps.
    label, unit : str
        What it says; the unit "percent" shows fractions of 1 as percentages.

    Raises
    ------
    ValueError
        If the range is empty or `start` is none of its steps.
    """
    if not step > 0 or not low < high:
        raise ValueError(f"The slider {name} has no steps between {low} and {high}.")
    count = round((high - low) / step)
    values = tuple(_tidy(low + place * step) for place in range(count + 1) if low + place * step <= high + step * 1e-9)
    near = [value for value in values if abs(value - start) < step * 1e-6]
    if not near:
        raise ValueError(f"The slider {name} starts at {start}, which is none of its steps.")
    return Control(name, label or name.replace("_", " "), values, near[0], unit)


def choice(name: str, options: Sequence[Any] | Mapping[str, Any], *, start: Any = None, label: str = "") -> Control:
    """A list to choose from: values, or a dict of texts and the values they stand for.

    Raises
    ------
    ValueError
        If it is empty, or `start` is not in it.
    """
    pairs = list(options.items()) if isinstance(options, Mapping) else [(str(value), value) for value in options]
    if not pairs:
        raise ValueError(f"The list {name} has nothing to choose from.")
    names, values = zip(*pairs, strict=True)
    start = values[0] if start is None else start
    if start not in values:
        raise ValueError(f"The list {name} starts at {start!r}, which is not in it.")
    return Control(name, label or name.replace("_", " "), values, start, names=names)


def playground(
    draw: Callable[..., Any],
    *controls: Control,
    say: Callable[..., Any] | None = None,
    title: str = "",
    twin: Sequence[Any] = (),
) -> Playground:
    """A figure that can be played with.

    Parameters
    ----------
    draw : function
        Gives a `Picture` (or a table, or a `Withheld`) for what is set.
    *controls : Control
        From `slider` and `choice`.
    say : function
        Gives the sentence under the figure, in Markdown.
    title : str
        A question to play with.
    twin : sequence
        Values of the first control that the static twin shows side by side.
    """
    if not controls:
        raise ValueError("A playground needs a slider or a list.")
    if unknown := [value for value in twin if value not in controls[0].values]:
        raise ValueError(f"The twin shows {unknown[0]!r}, which {controls[0].name} cannot be set to.")
    return Playground(draw, controls, say, title, tuple(twin))


class Playground(widgets.WithTwin):
    """A figure with its controls; see `playground`."""

    def __init__(
        self,
        draw: Callable[..., Any],
        controls: Sequence[Control],
        say: Callable[..., Any] | None,
        title: str,
        twin: tuple[Any, ...],
    ) -> None:
        self.controls = tuple(controls)
        self._draw, self._say, self.title, self._twin = draw, say, title, twin
        self._drawn: dict[tuple[Any, ...], tuple[str, str]] = {}

    def at(self, **values: Any) -> tuple[str, str]:
        """The figure and its sentence at some values, as HTML and as plain text. It never raises."""
        wanted = tuple(values.get(control.name, control.start) for control in self.controls)
        if wanted not in self._drawn:
            self._drawn[wanted] = self._make(
                {control.name: value for control, value in zip(self.controls, wanted, strict=True)}
            )
        return self._drawn[wanted]

    def _make(self, values: dict[str, Any]) -> tuple[str, str]:
        try:
            parts = [_shown(self._draw(**values))]
            if self._say is not None:
                parts.append(_shown(self._say(**values)))
        except DataError as error:
            return _as_pair(Box("quiet", "Not here.", words.plain(str(error))))
        except Exception as error:
            set_to = words.listing(
                f"{control.label} {control.in_words(values[control.name])}" for control in self.controls
            )
            return _as_pair(Box("quiet", f"No figure at {set_to}.", words.plain(f"{type(error).__name__}: {error}")))
        return "".join(part[0] for part in parts), "\n".join(part[1] for part in parts if part[1])

    def html(self) -> str:
        head = f"<p><strong>{marks.inline_html(self.title)}</strong></p>" if self.title else ""
        first = self.controls[0]
        if self._twin:
            figures = "".join(
                f'<figure style="flex:1 1 14em;min-width:13em;max-width:24em;margin:0">'
                f'<figcaption style="font-weight:600">{html.escape(f"{first.label}: {first.in_words(value)}")}</figcaption>'
                f"{self.at(**{first.name: value})[0]}</figure>"
                for value in self._twin
            )
            body = f'<div style="display:flex;flex-wrap:wrap;gap:1em">{figures}</div>'
        else:
            body = self.at()[0]
        return f'<div class="wb-playground">{head}{body}{Line(self._note)._repr_mimebundle_()["text/html"]}</div>'

    def plain(self) -> str:
        shown = [self.at(**{self.controls[0].name: value})[1] for value in self._twin] or [self.at()[1]]
        return "\n".join(filter(None, [marks.to_plain(self.title), *shown, marks.to_plain(self._note)]))

    @property
    def _note(self) -> str:
        """What can be set where the notebook runs; and what is set here."""
        can = "; ".join(f"{words.plain(one.label)}: {one.range_in_words}" for one in self.controls)
        here = "; ".join(f"{words.plain(one.label)}: {words.plain(one.in_words(one.start))}" for one in self.controls)
        return f"In the running notebook this can be changed ({can})." + ("" if self._twin else f" Shown here: {here}.")

    def widget(self) -> Any:
        head = [widgets.words_of(f"<p><strong>{marks.inline_html(self.title)}</strong></p>")] if self.title else []
        knobs = [control.widget() for control in self.controls]
        shown = widgets.words_of(self.at()[0])

        def follow(_: Any) -> None:
            values = {control.name: knob.value for control, knob in zip(self.controls, knobs, strict=True)}
            shown.value = widgets.spoken(self.at(**values)[0])

        for knob in knobs:
            knob.observe(follow, names="value")
        return widgets.group(*head, *knobs, shown, first=True)


def _shown(result: Any) -> tuple[str, str]:
    """What `draw` or `say` gave, as HTML and as plain text."""
    if isinstance(result, Picture):
        return result.to_html(), repr(result)
    if isinstance(result, Silence) or result is None:
        return "", ""
    if isinstance(result, Withheld):
        return marks.to_html(result._repr_markdown_()), marks.to_plain(result._repr_markdown_())
    if isinstance(result, str):
        return marks.to_html(result), marks.to_plain(result)
    if isinstance(result, (list, tuple)):
        pairs = [_shown(part) for part in result]
        return "".join(pair[0] for pair in pairs), "\n".join(pair[1] for pair in pairs)
    if hasattr(result, "_repr_markdown_"):
        return marks.to_html(result._repr_markdown_()), marks.to_plain(result._repr_markdown_())
    if hasattr(result, "_repr_html_"):
        return result._repr_html_(), repr(result)
    return f"<pre>{html.escape(repr(result))}</pre>", repr(result)


def _as_pair(box: Box) -> tuple[str, str]:
    return box.html(), box.plain()


def _tidy(value: float) -> float | int:
    """0.1 + 0.2 is 0.3 for a reader."""
    return value if isinstance(value, int) else round(value, 10)


def settings(made: Playground) -> list[dict[str, Any]]:
    """Every setting of a playground, for tests: each of them must give a figure."""
    names = [control.name for control in made.controls]
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*(c.values for c in made.controls))]
