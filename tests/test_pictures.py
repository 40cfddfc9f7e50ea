import io
import itertools

import pytest
from PIL import Image

from helpers import pictures
from helpers.pictures import Picture, new_figure


def drawn(question="Who buys?", alt="One customer buys most."):
    fig, ax = new_figure(question)
    ax.plot([0, 1], [0, 2_000_000], color=pictures.BLUE)
    pictures.percent_axis(ax.xaxis)
    pictures.money_axis(ax.yaxis, code="CNY")
    return Picture(fig, alt=alt)


def tick_labels(axis, figure):
    figure.canvas.draw()
    return [label.get_text() for label in axis.get_ticklabels()]


def lightness(color):
    """CIE L* of a colour, from its definition."""
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * luminance ** (1 / 3) - 16


def test_the_same_figure_gives_the_same_bytes():
    assert drawn().png == drawn().png


def test_a_png_carries_no_software_and_no_date():
    assert set(Image.open(io.BytesIO(drawn().png)).info) <= {"dpi"}


def test_a_plain_figure_is_small_enough_for_a_page_and_fine_enough_for_print():
    picture = drawn()
    assert len(picture.png) < 80_000
    assert Image.open(io.BytesIO(picture.png)).width >= 1000


def test_a_picture_carries_its_alt_text_into_the_notebook():
    data, metadata = drawn(alt="One   customer\nbuys most.")._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == "One customer buys most."
    assert data["text/plain"] == "Figure: One customer buys most."


def test_a_picture_without_alt_text_is_refused():
    fig, _ = new_figure("Who buys?")
    with pytest.raises(ValueError, match="needs alt text"):
        Picture(fig, alt=" ")


def test_alt_text_cannot_leave_its_attribute():
    assert 'alt="&quot;&gt;&lt;script&gt;"' in drawn(alt='"><script>').to_html()


def test_figures_do_not_pile_up_in_pyplot():
    import matplotlib.pyplot as plt

    for _ in range(3):
        Picture(plt.figure(), alt="Nothing.")
        drawn()
    assert plt.get_fignums() == []


def test_the_title_is_the_question_at_the_left():
    fig, _ = new_figure("Who buys?")
    title = fig._suptitle
    assert (title.get_text(), title.get_ha()) == ("Who buys?", "left")


def test_axes_speak_of_money_shares_and_counts():
    fig, ax = new_figure("Who buys?")
    ax.plot([0, 1], [0, 2_000_000])
    pictures.money_axis(ax.yaxis, code="CNY")
    pictures.percent_axis(ax.xaxis)
    assert {"¥0", "¥500k", "¥1m", "¥1.5m", "¥2m"} <= set(tick_labels(ax.yaxis, fig))
    assert {"0%", "100%"} <= set(tick_labels(ax.xaxis, fig))


def test_money_below_zero_has_its_sign_first():
    fig, ax = new_figure("Who costs?")
    ax.plot([0, 1], [-2000, 0])
    pictures.money_axis(ax.yaxis, code="GBP")
    assert "-£2k" in tick_labels(ax.yaxis, fig)


@pytest.mark.parametrize(
    "value, text", [(0, "0"), (999, "999"), (1000, "1k"), (999_999, "1m"), (1_250_000, "1.25m"), (3e9, "3bn")]
)
def test_short_numbers(value, text):
    assert pictures.short(value) == text


def test_the_first_four_colours_stay_apart_in_grey():
    tones = sorted(lightness(color) for color in pictures.PALETTE[:4])
    assert min(b - a for a, b in itertools.pairwise(tones)) >= 10


def test_shades_go_from_light_to_dark():
    tones = [lightness(color) for color in pictures.shades(4)]
    assert tones == sorted(tones, reverse=True)


def test_a_dollar_sign_is_no_formula():
    fig, ax = new_figure("Which price?")
    ax.set_xlabel("from $100 to $200")
    assert Picture(fig, alt="Prices.").png


def test_a_name_no_font_can_draw_becomes_a_number(monkeypatch):
    monkeypatch.setattr(pictures, "font_for_chinese", lambda: "")
    assert pictures.short_labels(["七号店", "North", "七号店", "八号店"]) == {
        "七号店": "no. 1",
        "North": "North",
        "八号店": "no. 2",
    }
