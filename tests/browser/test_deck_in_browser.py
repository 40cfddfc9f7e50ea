"""The deck in a browser, from a file, at the size of a projector."""

import json
import re

import pytest

from helpers.reports.lessons import Lesson
from helpers.teaching import forms, reveal
from helpers.teaching.deck import FIGURE_ROOM, SMALLEST, deck_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ATTACK = "<script>window.attacked = 1</script><img src=x onerror='window.attacked = 1'>"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

THIRTY_FIVE_WORDS = """### Who is worth what to us, and since when, and why?

- One **customer** (客户) out of five brings more than half of the money
- Silence is not yet leaving, so ask before mourning
- Measure twice"""


def prose(source, *tags, **metadata):
    return {"cell_type": "markdown", "metadata": {"tags": list(tags), **metadata}, "source": source}


def figure(data, metadata=None):
    output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
    return {"cell_type": "code", "metadata": {"deck": {"minutes": 2}}, "source": "draw()", "outputs": [output]}


CELLS = [
    prose("Welcome everybody, the door is on the left.", "notes"),
    prose("# Who is worth what?"),
    prose(THIRTY_FIVE_WORDS, "slide"),
    prose("Give them a minute to read.", "notes"),
    prose("### How many of 100 customers bring half of the money?", "slide", deck={"kind": "predict", "minutes": 4}),
    prose("Likely answers: 50, 20.", "notes"),
    figure({"image/png": PIXEL}, {"image/png": {"alt": f'A blue square. {ATTACK}" onload="window.attacked = 1'}}),
    {
        "cell_type": "code",
        "metadata": {},
        "source": "",
        "outputs": [{"output_type": "display_data", "data": {"text/markdown": f"It is blue. {ATTACK}"}, "metadata": {}}],
    },
    figure({"text/html": f'{ATTACK}<img src="data:image/png;base64,{PIXEL}" alt="A twin.">'}),
    prose(f"### A name from the data\n\nThe best customer is {ATTACK}", "slide"),
    prose(f"Say the name slowly. {ATTACK}", "notes"),
    prose("### A table\n\n| who | how many |\n| --- | --- |\n| VIP | 5 of 100 |\n\n1. `first`\n2. second", "slide"),
]

ABOUT = {
    "title": "Who is worth what?",
    "question": "Which customers carry the business, which cost more than they bring, and whom do we contact on Monday?",
    "minutes": 85,
    "decision": "Whom to keep, grow, lift and repair this month, and where to look for a fall in revenue.",
    "objectives": [{"can": "say who brings the money and who costs more than they bring in", "by": "quiz a"}] * 4,
}


@pytest.fixture
def address(tmp_path):
    """A deck with everything that a deck can hold, as a file."""
    notebook = tmp_path / "03a_tiny_value.ipynb"
    notebook.write_text(json.dumps({"cells": CELLS, "metadata": {"lesson": ABOUT}, "nbformat": 4}), encoding="utf-8")
    deck = tmp_path / "deck.html"
    deck.write_text(reveal.page(deck_of(Lesson(notebook))), encoding="utf-8")
    return deck.as_uri()


def opened(window, address):
    window.goto(address)
    window.locator(".reveal.ready").wait_for()
    return window.evaluate("Reveal.getTotalSlides()")


def each_slide(window, address):
    for _ in range(opened(window, address)):
        yield window.evaluate("Reveal.getIndices().h")
        window.keyboard.press("ArrowRight")


def test_the_keyboard_leads_through_every_slide_and_back(window, address):
    assert list(each_slide(window, address)) == list(range(10))
    window.keyboard.press("Home")
    assert window.evaluate("Reveal.isFirstSlide()")
    assert window.locator(".slide-number").inner_text().split() == ["1", "/", "10"]


TOO_MUCH = """() => {
    const slide = Reveal.getCurrentSlide(), foot = slide.querySelector('.foot').getBoundingClientRect();
    const lowest = Math.max(...[...slide.querySelectorAll('.words > *, img')].map(one => one.getBoundingClientRect().bottom));
    return slide.scrollHeight > 720 || slide.scrollWidth > 1280 || (foot.top > 0 && lowest > foot.top);
}"""


def test_no_slide_overflows(window, address):
    assert not [place for place in each_slide(window, address) if window.evaluate(TOO_MUCH)]
    assert window.evaluate("Reveal.getScale()") == 1


@pytest.mark.parametrize("lesson", forms.chosen("all"), ids=lambda lesson: lesson.name)
def test_no_slide_of_the_course_overflows(window, tmp_path, lesson):
    deck = tmp_path / "deck.html"
    deck.write_text(reveal.page(deck_of(lesson, path="full")), encoding="utf-8")
    assert not [place + 1 for place in each_slide(window, deck.as_uri()) if window.evaluate(TOO_MUCH)]


def test_an_overfull_slide_would_be_noticed(window, address):
    opened(window, address)
    window.evaluate("Reveal.slide(3); document.querySelector('.present ul').insertAdjacentHTML('beforeend', '<li>More</li>'.repeat(5))")
    assert window.evaluate(TOO_MUCH)


def test_words_can_be_read_from_the_last_row(window, address):
    measure = """() => {
        const found = [], walker = document.createTreeWalker(Reveal.getCurrentSlide(), NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const parent = walker.currentNode.parentElement;
            if (walker.currentNode.data.trim() && !parent.closest('.foot, aside'))
                found.push([parseFloat(getComputedStyle(parent).fontSize), walker.currentNode.data.trim()]);
        }
        return found;
    }"""
    found = [one for _ in each_slide(window, address) for one in window.evaluate(measure)]
    assert any(words == "How many of 100 customers bring half of the money?" for _, words in found)
    assert [one for one in found if one[0] < SMALLEST] == []


def test_headings_are_not_in_capitals(window, address):
    opened(window, address)
    looks = window.evaluate("[...document.querySelectorAll('h1, h2')].map(one => getComputedStyle(one).textTransform)")
    assert len(looks) == 8
    assert set(looks) == {"none"}


def test_a_figure_has_the_room_that_its_words_are_measured_by(window, address):
    opened(window, address)
    boxes = window.evaluate("[...document.querySelectorAll('img')].map(one => [getComputedStyle(one).width, getComputedStyle(one).height])")
    assert boxes == [[f"{side}px" for side in FIGURE_ROOM]] * 2


def test_every_picture_has_words_in_its_place(window, address):
    opened(window, address)
    alts = window.evaluate("[...document.querySelectorAll('img')].map(one => one.alt)")
    assert alts[0].startswith("A blue square. <script>")
    assert alts[1] == "A twin."


def test_a_question_says_that_it_is_one(window, address):
    opened(window, address)
    window.evaluate("Reveal.slide(4)")
    assert window.locator("section.present .label").inner_text() == "Predict"


def test_a_script_in_the_data_stays_text(window, address):
    list(each_slide(window, address))
    assert window.evaluate("window.attacked") is None
    window.evaluate("Reveal.slide(7)")
    assert "<script>" in window.locator("section.present .words").inner_text()


def test_a_script_that_got_in_all_the_same_is_not_run(window, tmp_path, address):
    page = (tmp_path / "deck.html").read_text(encoding="utf-8")
    planted = tmp_path / "planted.html"
    planted.write_text(page.replace('<div class="words">', f'<div class="words">{ATTACK}'), encoding="utf-8")
    refused = []
    window.on("console", lambda message: refused.append(message.text))
    opened(window, planted.as_uri())
    assert window.evaluate("window.attacked") is None
    assert any("Content Security Policy" in text for text in refused)
    # The same page without its policy: the planted script is one that would run.
    planted.write_text(re.sub(r"<meta http-equiv=[^>]*>", "", planted.read_text(encoding="utf-8")), encoding="utf-8")
    opened(window, planted.as_uri())
    assert window.evaluate("window.attacked") == 1


def test_the_speaker_view_opens_from_a_file_and_moves_the_deck(window, address):
    opened(window, address)
    with window.context.expect_page() as opening:
        window.keyboard.press("s")
    speaker = opening.value
    notes = speaker.locator(".speaker-controls-notes .value")
    notes.get_by_text("Welcome everybody").wait_for()
    assert notes.inner_text().startswith("1 minute, from minute 0 to 1 of 15")
    speaker.frame_locator("#upcoming-slide iframe").locator("section.present h2").get_by_text("After this you can").wait_for()
    window.evaluate("Reveal.slide(4)")
    notes.get_by_text("Likely answers: 50, 20.").wait_for()
    speaker.locator("body").press("ArrowRight")
    window.locator(".slide-number-a", has_text="6").wait_for()
    notes.get_by_text("It is blue. <script>").wait_for()
    assert notes.get_by_text("A blue square. <script>").count() == 1
    assert speaker.evaluate("window.attacked") is None


def test_nothing_is_fetched(window, address):
    list(each_slide(window, address))
    with window.context.expect_page() as opening:
        window.keyboard.press("s")
    opening.value.frame_locator("#current-slide iframe").locator("section.present").wait_for()
    kinds = {re.match(r"\w+:", url)[0] for url in window.fetched}
    assert "file:" in kinds
    assert kinds <= {"file:", "data:", "about:"}


def test_printed_a_slide_is_a_page(window, address):
    number = opened(window, address)
    printed = window.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == number
    assert re.findall(rb"/MediaBox\s*\[\s*0 0 (\d+)\S* (\d+)", printed)[0] == (b"960", b"540")  # 1280 x 720 in points
