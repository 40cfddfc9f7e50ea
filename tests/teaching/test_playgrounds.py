import base64

import pytest

from helpers.errors import DataError
from helpers.pictures import Picture, new_figure
from helpers.teaching import choice, playground, slider
from helpers.teaching.playgrounds import settings
from helpers.withheld import SILENCE, Withheld


def draw(days, kind="a"):
    fig, ax = new_figure("How long?")
    ax.plot([0, days])
    return Picture(fig, alt=f"A line up to {days}, {kind}.")


DAYS = slider("days", 10, 50, step=10, start=30, label="Days of silence", unit="days")


def test_a_slider_has_its_steps_and_its_words():
    assert DAYS.values == (10, 20, 30, 40, 50)
    assert DAYS.in_words(30) == "30 days"
    share = slider("share", 0.05, 0.25, step=0.05, start=0.15, unit="percent")
    assert share.values == (0.05, 0.1, 0.15, 0.2, 0.25)
    assert [share.in_words(value) for value in share.values] == ["5%", "10%", "15%", "20%", "25%"]


@pytest.mark.parametrize(
    "arguments, fault",
    [
        ({"low": 5, "high": 1, "start": 1}, "has no steps between 5 and 1"),
        ({"low": 0, "high": 10, "start": 5, "step": 0}, "has no steps"),
        ({"low": 0, "high": 10, "start": 5, "step": 2}, "starts at 5, which is none of its steps"),
    ],
)
def test_a_slider_that_cannot_be_is_refused(arguments, fault):
    with pytest.raises(ValueError, match=fault):
        slider("x", **arguments)


def test_a_list_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="nothing to choose"):
        choice("x", [])
    with pytest.raises(ValueError, match="'c', which is not in it"):
        choice("x", ["a", "b"], start="c")
    with pytest.raises(ValueError, match="needs a slider or a list"):
        playground(draw)
    with pytest.raises(ValueError, match="The twin shows 7"):
        playground(draw, DAYS, twin=[7])


def test_the_twin_is_the_figure_at_the_start_with_its_sentence():
    made = playground(draw, DAYS, say=lambda days: f"After **{days}** days.", title="How long?")
    html = made.html()
    assert 'alt="A line up to 30, a."' in html
    assert "After <strong>30</strong> days." in html
    assert "can be changed (Days of silence: 10 days to 50 days). Shown here: Days of silence: 30 days." in html
    assert made.plain().splitlines()[:3] == ["How long?", "Figure: A line up to 30, a.", "After 30 days."]


def test_the_twin_can_show_three_values_side_by_side():
    html = playground(draw, DAYS, twin=[10, 30, 50]).html()
    assert html.count("<img") == 3
    assert html.count("<figcaption") == 3
    assert "Days of silence: 50 days</figcaption>" in html


def test_the_figure_follows_every_control():
    made = playground(draw, DAYS, choice("kind", {"first": "a", "second": "b"}))
    assert [one for one in settings(made) if one["days"] == 10] == [
        {"days": 10, "kind": "a"},
        {"days": 10, "kind": "b"},
    ]
    for values in settings(made):
        html, plain = made.at(**values)
        assert f"A line up to {values['days']}, {values['kind']}." in html
        assert plain
    assert "Kind" not in made.html()


def test_a_figure_is_drawn_once_for_each_setting():
    drawn = []
    made = playground(lambda days: drawn.append(days) or draw(days), DAYS)
    for _ in range(3):
        made.html()
    made.at(days=40)
    made.at(days=40)
    assert drawn == [30, 40]


@pytest.mark.parametrize(
    "result, words",
    [
        pytest.param(Withheld("Sizes", "Only 3 customers."), "not shown.", id="withheld"),
        pytest.param("Only **words**.", "<strong>words</strong>", id="words"),
        pytest.param((draw(10), "Two parts."), "Two parts.", id="two-parts"),
        pytest.param({"a": 1}, "{&#x27;a&#x27;: 1}", id="anything"),
    ],
)
def test_other_results_are_shown_as_they_are(result, words):
    assert words in playground(lambda days: result, DAYS).html()


def test_silence_and_nothing_show_nothing():
    assert playground(lambda days: SILENCE, DAYS, say=lambda days: None).at() == ("", "")


def test_a_setting_that_cannot_be_drawn_says_so_and_breaks_nothing():
    def fails(days):
        if days == 50:
            raise DataError("Too few <customers>. Take fewer days.")
        return 1 / (days - 40)

    made = playground(fails, DAYS)
    assert "Too few &lt;customers&gt;. Take fewer days." in made.at(days=50)[0]
    assert "No figure at Days of silence 40 days." in made.at(days=40)[1]
    assert "ZeroDivisionError" in made.at(days=40)[1]


def test_the_widget_redraws_when_it_is_let_go_and_speaks():
    made = playground(draw, DAYS, choice("kind", ["a", "b"], label="Kind"), say=lambda days, kind: f"{days} {kind}")
    *_, knob, listed, shown = made.widget().children
    assert knob.continuous_update is False
    assert knob.description == "Days of silence"
    before = shown.value
    knob.value = 40
    assert "A line up to 40, a." in shown.value
    assert shown.value != before
    listed.value = "b"
    assert "<p>40 b</p>" in shown.value
    assert 'aria-live="polite"' in shown.value


def test_the_picture_in_the_twin_is_the_picture():
    html = playground(draw, DAYS).html()
    data = html.partition("base64,")[2].partition('"')[0]
    assert base64.b64decode(data) == draw(30).png
