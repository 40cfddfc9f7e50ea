"""Figures in one house style, each with a sentence for readers who cannot see it.

A topic's `figures.py` uses four things from here::

    fig, ax = new_figure("How much of the money comes from how few customers?")
    ax.plot(share_of_customers, share_of_money, color=BLUE)
    money_axis(ax.yaxis, code="CNY")          # or percent_axis, count_axis
    return Picture(fig, alt="Half of the money comes from 12 of 100 customers.")

Figures do not go through pyplot, so nothing is drawn twice in a notebook, no
window opens and nothing has to be closed. seaborn takes the axes: `ax=ax`.
"""

from __future__ import annotations

import base64
import html
import io
import sys
import textwrap
from collections.abc import Iterable

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from helpers.money import currency

# Okabe and Ito (2008): told apart by colour-blind readers. The order is ours:
# the first four also differ in lightness, so that a grey print keeps them apart.
BLUE, ORANGE, INK, GREEN = "#0072B2", "#E69F00", "#1F2933", "#009E73"
VERMILION, SKY, PURPLE, YELLOW = "#D55E00", "#56B4E9", "#CC79A7", "#F0E442"
PALETTE = (BLUE, ORANGE, INK, GREEN, VERMILION, SKY, PURPLE, YELLOW)
QUIET = "#9AA5B1"  # context: everything that is not the message
PAPER = "#FFFFFF"
# The same order for line and point styles, where colours alone would have to carry the meaning.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", ":", "-.", (0, (5, 1)), (0, (1, 1)), (0, (3, 1, 1, 1)), (0, (8, 2)))

WIDTH, HEIGHT = 5.6, 3.6  # inches; at 12.5 points the words stay readable on a phone
DPI = 200

# Only fonts that come with matplotlib are certain; these are tried after them,
# for the names of shops and products in a team's own data.
_CJK_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "SimHei",
    "Arial Unicode MS",
)

STYLE = {
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "font.size": 12.5,
    "axes.titlesize": 12.5,
    "axes.labelsize": 12.5,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "legend.fontsize": 12,
    "legend.frameon": False,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E4E7EB",
    "grid.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.prop_cycle": matplotlib.cycler(color=PALETTE),
    "lines.linewidth": 2.2,
    "patch.linewidth": 0.0,
    # A product called "$100 to $200" is a name, not a formula.
    "text.parse_math": False,
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
}


class Picture:
    """A figure with the sentence that says what it shows.

    Parameters
    ----------
    figure : matplotlib Figure
        Usually from `new_figure`.
    alt : str
        What a reader learns from the figure, in one or two sentences with the
        numbers that matter. It becomes the alt text on a report page, and is
        what a screen reader says.

    Attributes
    ----------
    figure, alt : as given
    png : bytes
        The drawn figure; the same figure gives the same bytes.
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        if not alt or not alt.strip():
            raise ValueError("A picture needs alt text: one sentence that says what it shows.")
        self.figure = figure
        self.alt = " ".join(alt.split())
        self._png: bytes | None = None
        # A figure that was made with pyplot would be shown a second time by the notebook.
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close(figure)

    @property
    def png(self) -> bytes:
        if self._png is None:
            self._png = self._draw()
        return self._png

    def _draw(self) -> bytes:
        """Drawn in print resolution, with a palette of 256 colours: a third of the size, no visible loss."""
        from PIL import Image

        canvas = FigureCanvasAgg(self.figure)
        was = self.figure.dpi
        self.figure.set_dpi(DPI)
        canvas.draw()
        drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        self.figure.set_dpi(was)
        buffer = io.BytesIO()
        drawn.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            buffer, format="PNG", dpi=(DPI, DPI)
        )
        return buffer.getvalue()

    @property
    def width(self) -> int:
        """Width on a screen, in CSS pixels."""
        return round(self.figure.get_figwidth() * 105)

    def to_html(self) -> str:
        """The picture as one `<img>` with its data inside, for a widget or a page."""
        data = base64.b64encode(self.png).decode()
        return (
            f'<img src="data:image/png;base64,{data}" alt="{html.escape(self.alt)}" '
            f'style="width:{self.width}px;max-width:100%">'
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {
            "image/png": base64.b64encode(self.png).decode(),
            "text/plain": f"Figure: {self.alt}",
        }
        return data, {"image/png": {"alt": self.alt, "width": self.width}}

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"


def new_figure(
    question: str,
    *,
    width: float = WIDTH,
    height: float = HEIGHT,
    rows: int = 1,
    columns: int = 1,
    **subplots,
) -> tuple[Figure, Axes]:
    """An empty figure in the house style, with the question it answers as its title.

    Parameters
    ----------
    question : str
        "Who gives us the money?" It is wrapped, and stands at the left.
    width, height : float
        In inches. Keep the width: on a phone a wider figure has smaller words.
    rows, columns : int
        More than one panel, as in `Figure.subplots`; the second result is then
        an array of axes. Further arguments (`sharey=True`) are passed on.

    Returns
    -------
    fig, ax
    """
    matplotlib.rcParams.update(STYLE)
    matplotlib.rcParams["font.family"] = _fonts()
    fig = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(fig)
    fig.get_layout_engine().set(w_pad=0.08, h_pad=0.08)
    if question:
        fig.suptitle(
            "\n".join(textwrap.wrap(question, width=int(width * 8.1))),
            x=0.004,
            ha="left",
            fontsize=13.5,
            fontweight="bold",
            color=INK,
        )
    return fig, fig.subplots(rows, columns, **subplots)


def shades(n: int, color: str = BLUE) -> list[str]:
    """`n` tones of one colour from light to dark, for classes that have an order (small ... VIP).

    >>> len(shades(4)), shades(1)
    (4, ['#0072b2'])
    """
    if n <= 1:
        return [to_hex(color)] * n
    base = to_rgb(color)
    tones = []
    for step in range(n):
        # From three quarters towards white to a fifth towards black.
        mix = 0.75 - 0.95 * step / (n - 1)
        target, part = (1.0, mix) if mix > 0 else (0.0, -mix)
        tones.append(to_hex([channel + (target - channel) * part for channel in base]))
    return tones


def money_axis(axis: Axis, *, code: str) -> None:
    """Tick labels as money: ¥0, ¥50k, ¥1.5m. The values are in major units (yuan, not fen)."""
    sign = currency(code).sign
    _set(axis, lambda value: ("-" if value < 0 else "") + sign + short(abs(value)))


def percent_axis(axis: Axis) -> None:
    """Tick labels as percentages. The values are fractions of 1."""
    _set(axis, lambda value: f"{value * 100:.10g}%")


def count_axis(axis: Axis) -> None:
    """Tick labels as whole counts: 0, 500, 2k."""
    axis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))


def short(value: float) -> str:
    """A number short enough for a tick or a bar: 950, 12k, 1.5m.

    >>> [short(value) for value in (0, 950, 1500, 12000, 2_500_000, 0.25)]
    ['0', '950', '1.5k', '12k', '2.5m', '0.25']
    """
    for size, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        # 999,999 is 1m, not 1000k.
        if abs(value) >= size * 0.9995:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def short_labels(values: Iterable[object], *, longest: int = 18) -> dict[str, str]:
    """Labels from data that fit into a figure and that its fonts can draw.

    A name that no font of this machine can draw becomes "no. 1", "no. 2" in
    the order given: the table beside the figure has the names in full. A long
    name is cut.

    >>> short_labels(["North", "A very long name of a shop", "North"])
    {'North': 'North', 'A very long name of a shop': 'A very long name …'}
    """
    labels: dict[str, str] = {}
    numbered = 0
    for value in map(str, values):
        if value in labels:
            continue
        text = " ".join(value.split())
        if not _drawable(text):
            numbered += 1
            labels[value] = f"no. {numbered}"
        else:
            labels[value] = text if len(text) <= longest else text[: longest - 2].rstrip() + " …"
    return labels


def _set(axis: Axis, words) -> None:
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: words(value)))


def font_for_chinese() -> str:
    """A font of this machine that has Chinese characters; empty if there is none."""
    from matplotlib.font_manager import fontManager

    names = {font.name for font in fontManager.ttflist}
    return next((name for name in _CJK_FONTS if name in names), "")


def _fonts() -> list[str]:
    """The font that comes with matplotlib, then one for Chinese if this machine has it."""
    return ["DejaVu Sans", *filter(None, [font_for_chinese()])]


def _drawable(text: str) -> bool:
    """Whether one of the fonts has every character."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known: set[int] = set()
    for name in _fonts():
        known |= set(get_font(findfont(FontProperties(family=name))).get_charmap())
    return all(ord(character) in known for character in text)
