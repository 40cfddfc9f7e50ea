"""Decks, from small notebooks; tests/browser looks at them in a browser."""

import base64
import json
import re
import struct
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from helpers.errors import DataError
from helpers.reports.lessons import resolve
from helpers.reports.strip import folded
from helpers.teaching import forms, reveal
from helpers.teaching.deck import Figure, deck_of

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
ABOUT = {
    "title": "Three customers",
    "question": "Whom do we call?",
    "minutes": 20,
    "decision": "Whom to call this week.",
    "objectives": [{"can": "count days", "by": ["exercise 1.1", "quiz rank"]}],
}


def slide(source, *more, **deck):
    metadata = {"tags": ["slide", *more]} | ({"deck": deck} if deck else {})
    return {"cell_type": "markdown", "metadata": metadata, "source": source}


def notes(source, *more):
    return {"cell_type": "markdown", "metadata": {"tags": ["notes", *more]}, "source": source}


def prose(source, *tags):
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)}, "source": source}


def picture(alt="A line that falls.", data=PIXEL):
    return {"output_type": "execute_result", "data": {"image/png": data}, "metadata": {"image/png": {"alt": alt}}}


def code(*outputs, tags=(), **metadata):
    return {"cell_type": "code", "metadata": metadata | {"tags": list(tags)}, "source": "...", "outputs": list(outputs)}


def said(markdown):
    return code({"output_type": "execute_result", "data": {"text/markdown": [markdown]}, "metadata": {}})


def write(folder, *cells, name="03a_tiny_value", **about):
    folder.mkdir(parents=True, exist_ok=True)
    notebook = {"cells": list(cells), "metadata": {"lesson": ABOUT | about}, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder


@pytest.fixture
def deck(tmp_path):
    """The deck of some cells."""

    def make(*cells, path="core", **about):
        return deck_of(resolve("03a", write(tmp_path / "notebooks", *cells, **about))[0], path=path)

    return make


def middle(deck):
    """The slides between the objectives and the end."""
    return [one for one in deck.slides if one.kind not in ("title", "objectives", "closing")]


# ---------------------------------------------------------------- which slides, in which order


def test_slides_stand_in_the_order_of_the_notebook_between_title_and_end(deck):
    made = deck(prose("# T"), slide("## One"), code(picture(), deck={"minutes": 2}), prose("text"), slide("## Two"))
    assert [one.kind for one in made.slides] == ["title", "objectives", "text", "figure", "text", "closing"]
    assert [one.text for one in middle(made)] == ["## One", "", "## Two"]


def test_the_title_says_title_question_and_minutes(deck):
    assert deck().slides[0].text == "# Three customers\n\nWhom do we call?\n\nLesson 03a, about 20 minutes"
    assert deck(minutes=0).slides[0].text.endswith("Lesson 03a")


def test_objectives_are_shared_out_among_slides_that_one_can_read(deck):
    ten_words = "say who brings the most money and who costs more"
    made = deck(objectives=[{"can": ten_words, "by": "quiz a"}] * 4)
    parts = [one for one in made.slides if one.kind == "objectives"]
    # The heading has four words, so three of ten words have room, and four need a second slide: two on each, not three and one.
    assert [one.text.count(ten_words) for one in parts] == [2, 2]
    assert max(one.words for one in parts) == 24
    assert "quiz a" in parts[0].notes[0]


def test_the_end_asks_for_the_decision_and_names_the_key(deck):
    last = deck().slides[-1]
    assert "Whom to call this week." in last.text
    assert "workbook key 03a" in last.notes[0]
    assert "Whom do we call?" in deck(decision="").slides[-1].text


def test_the_core_path_leaves_out_what_is_beyond_it_with_its_notes(deck):
    cells = [slide("## Core"), notes("core"), slide("## More", "extension"), notes("more"), slide("## Most", "reference")]
    assert [one.text for one in middle(deck(*cells))] == ["## Core"]
    assert [one.notes for one in middle(deck(*cells))] == [("core",)]
    assert [one.text for one in middle(deck(*cells, path="full"))] == ["## Core", "## More", "## Most"]


def test_cells_of_a_report_are_no_slides(deck):
    assert middle(deck(code(picture(), tags=["report"], deck={"minutes": 2}), prose("x", "report"))) == []


# ---------------------------------------------------------------- figures


def test_a_figure_is_the_first_of_its_stored_outputs_with_its_alt_text(deck):
    (made,) = middle(deck(code({"output_type": "stream", "text": "x"}, picture("One."), picture("Two."), deck={})))
    assert (made.figure.alt, made.figures, made.minutes) == ("One.", 2, 2)
    assert made.figure.address == f"data:image/png;base64,{PIXEL}"


def test_a_playground_shows_the_picture_of_its_twin(deck):
    twin = f'<div><p>Move it.</p><img alt="At 20%: &lt;b&gt; 3." src="data:image/png;base64,{PIXEL}"><script>1</script></div>'
    output = {"output_type": "display_data", "data": {"text/html": [twin, twin]}, "metadata": {}}
    (made,) = middle(deck(code(output, tags=["playground"], deck={"minutes": 5})))
    assert (made.figure.alt, made.figures) == ("At 20%: <b> 3.", 1)


@pytest.mark.parametrize("address", ["https://example.org/x.png", "x.png", "data:text/html;base64,AAAA", "data:image/png,1"])
def test_a_picture_that_would_be_fetched_is_none(deck, address):
    output = {"output_type": "display_data", "data": {"text/html": f'<img alt="x" src="{address}">'}, "metadata": {}}
    made = deck(slide("## One"), notes("n"), code(output, deck={"minutes": 2}))
    assert [one.kind for one in middle(made)] == ["text"]
    assert made.faults()[0] == (
        "03a: 1 cell with metadata `deck` and no stored figure; run the notebook and store it."
    )


def test_an_svg_becomes_a_picture_in_which_no_script_runs(deck):
    output = {"output_type": "display_data", "data": {"image/svg+xml": ["<svg>", "</svg>"]}, "metadata": {"image/svg+xml": {"alt": "a"}}}
    (made,) = middle(deck(code(output, deck={})))
    assert base64.b64decode(made.figure.address.partition("base64,")[2]) == b"<svg></svg>"


def test_words_of_a_figure_shrink_with_its_height():
    # Twelve points at 200 dots an inch are 33.3 dots; 1,320 dots in height have to fit into 660 pixels.
    assert Figure("", "a", (1120, 1320)).smallest_words == pytest.approx(12 / 72 * 200 / 2)


def test_the_size_of_a_figure_is_read_from_its_file(deck):
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 1120, 1104)
    made = deck(code(picture(data=base64.b64encode(head).decode()), deck={}))
    assert middle(made)[0].figure.dots == (1120, 1104)
    assert any("its words become smaller than 24 pixels" in fault for fault in made.faults())


# ---------------------------------------------------------------- notes


def test_notes_belong_to_the_last_slide_before_them(deck):
    made = deck(notes("hello"), prose("# T"), slide("## One"), prose("text"), notes("a"), notes("b"), slide("## Two"), notes("c"))
    assert made.slides[0].notes == ("hello",)
    assert [one.notes for one in middle(made)] == [("a", "b"), ("c",)]


def test_slides_and_notes_that_are_folded_for_learners_are_shown_all_the_same(deck):
    made = deck(folded(slide("## One")), folded(notes("Likely answers: 3.")))
    assert middle(made)[0].notes == ("Likely answers: 3.",)
    assert middle(made)[0].text == "## One"


def test_a_figure_without_notes_brings_its_words_and_what_the_notebook_says(deck):
    made = deck(code(picture("It *falls*."), deck={}), prose("Look."), said("**3** of 10."), said("More."))
    assert middle(made)[0].notes == (r"It \*falls\*.", "**3** of 10.")


def test_what_another_section_says_is_not_about_this_figure(deck):
    made = deck(code(picture("It falls."), deck={}), prose("## Another question?"), said("**3** of 10."))
    assert middle(made)[0].notes == ("It falls.",)


def test_notes_take_the_place_of_what_the_notebook_says(deck):
    made = deck(code(picture(), deck={}), notes("Mine."), said("Of the notebook."))
    assert middle(made)[0].notes == ("Mine.",)


def test_the_running_time_adds_up(deck):
    made = deck(slide("## One", minutes=2.5), slide("## Two", minutes=4))
    assert made.begins_at == [0, 1, 1.5, 4, 8]
    assert made.minutes == 10  # title 1, objectives 0.5, 2.5, 4, end 2
    assert "<strong>2.5 minutes</strong>, from minute 1.5 to 4 of 10" in reveal.page(made)


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize(
    "kind, text, label, shown",
    [
        ("question", "## Why?", "Discuss", "## Why?"),
        ("question", "### Predict: how many?", "Predict", "### How many?"),
        ("question", "## Predict\n\nHow many?", "Predict", "How many?"),
        ("question", "**Discuss.** Why?", "Discuss", "Why?"),
        ("question", "## Predict how many", "Predict", "## Predict how many"),
        ("question", "## Decide\n\nR or M?", "Decide", "R or M?"),
        ("question", "## Predictions fail", "Discuss", "## Predictions fail"),
        ("predict", "## How many?", "Predict", "## How many?"),
        ("discuss", "## Predict: why?", "Discuss", "## Predict: why?"),
    ],
)
def test_a_question_has_its_label_once(deck, kind, text, label, shown):
    (made,) = middle(deck(slide(text, kind=kind, minutes=4)))
    assert (made.label, made.text, made.minutes) == (label, shown, 4)


# ---------------------------------------------------------------- faults


QUESTION = [slide("## Why?", kind="discuss", minutes=3), notes("Likely answers: because.")]


def test_a_deck_without_faults_has_none(deck):
    made = deck(*QUESTION, slide("## One"), notes("n"), code(picture(), deck={"minutes": 2}))
    assert made.faults() == []


@pytest.mark.parametrize(
    "cells, fault",
    [
        ([slide("word " * 36), notes("n")], "03a, slide 3 (word word word word word word...) has 36 words; 35 are the most"),
        ([code(picture(), picture(), deck={}), notes("n")], "(A line that falls.) has 2 figures; only the first is shown."),
        ([code(picture(""), deck={}), notes("n")], "03a, slide 3 (figure) has a figure without alt text."),
        ([slide("## One")], "03a, slide 3 (One) has no notes for the instructor."),
        ([slide("## Why?", kind="predict"), notes("n")], '(Why?) asks a question, and its notes have no "Likely answers: ...".'),
        ([slide("## One", kind="qestion"), notes("n")], "is of the kind 'qestion'; the kinds are question, predict, decide and discuss."),
        ([slide("## One", minutes=0), notes("n")], "has 0 minutes; give a number above 0."),
        ([slide("## One", minutes="2"), notes("n")], "has '2' minutes; give a number above 0."),
        ([slide("## One", seconds=2), notes("n")], "has 'seconds' in its metadata `deck`, which means nothing there."),
        ([code(picture(), deck={"kind": "predict"})], "gives its figure a kind; put the question on a slide of its own"),
        ([code(picture(), deck=True)], "has metadata `deck` that cannot be read"),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_that_names_its_slide(deck, cells, fault):
    (found,) = deck(*cells).faults()
    assert fault in found


def test_thirty_five_words_are_no_fault(deck):
    assert deck(slide("## " + "word " * 34 + "\n\n客户"), notes("n")).faults() == []


@pytest.mark.parametrize(
    "cells, fault",
    [
        ([slide("## One", minutes=9), notes("n"), *QUESTION], "no question for 10.5 minutes, from minute 0 to 10.5"),
        ([*QUESTION, slide("## One", minutes=9), notes("n")], "no question for 11 minutes, from minute 4.5 to 15.5"),
        ([*QUESTION, slide("## One", minutes=10.5), notes("n"), *QUESTION], "no question for 10.5 minutes, from minute 4.5 to 15"),
    ],
)  # fmt: skip
def test_more_than_ten_minutes_without_a_question_are_a_fault(deck, cells, fault):
    (found,) = deck(*cells).faults()
    assert fault in found


def test_ten_minutes_without_a_question_are_none(deck):
    # Title and objectives take a minute and a half, the end takes two.
    assert deck(slide("## One", minutes=8.5), notes("n"), *QUESTION, slide("## Two", minutes=8), notes("n")).faults() == []


def test_a_notebook_without_slides_says_how_to_make_one(deck):
    assert deck(prose("# T")).faults() == ["03a: no cell is a slide yet. Tag Markdown cells `slide`, give figures `deck`."]


@pytest.mark.parametrize("lesson", forms.chosen("all"), ids=lambda lesson: lesson.name)
@pytest.mark.parametrize("path", ["core", "full"])
def test_every_lesson_of_the_course_has_a_deck_without_faults(lesson, path):
    assert deck_of(lesson, path=path).faults() == []


# ---------------------------------------------------------------- the page


ATTACK = '<script>alert(1)</script><img src=x onerror="alert(1)">'


def test_a_page_holds_no_markup_that_came_from_data(deck):
    page = reveal.page(
        deck(
            slide(f"## One {ATTACK}\n\n{ATTACK}"),
            notes(ATTACK),
            code(picture(f'"{ATTACK}'), deck={}),
            said(ATTACK),
            title=f"T {ATTACK}",
            question=ATTACK,
            objectives=[{"can": ATTACK, "by": f"quiz {ATTACK}"}],
        )
    )
    body = page[page.index("<body>") : page.index("<script>")]
    assert "alert(1)" in body
    assert "<img src=x" not in body
    assert body.count("<img ") == 1


def test_a_new_line_on_a_slide_is_a_new_line(deck):
    page = reveal.page(deck(slide("## RFM\n\n**R** days\n**F** orders\n\n- one\n- two\n\n```\na = 1\nb = 2\n```")))
    assert "<p><strong>R</strong> days<br />\n<strong>F</strong> orders</p>" in page
    assert "<li>one</li>\n<li>two</li>" in page
    assert "<code>a = 1\nb = 2\n</code>" in page


def test_the_policy_names_every_script_of_the_page_by_its_fingerprint(deck):
    class Scripts(HTMLParser):
        inside, found, policy = False, (), ""

        def handle_starttag(self, tag, attrs):
            self.inside = tag == "script"
            if dict(attrs).get("http-equiv") == "Content-Security-Policy":
                self.policy = dict(attrs)["content"]

        def handle_data(self, data):
            if self.inside:
                self.found = (*self.found, data)

        def handle_endtag(self, tag):
            self.inside = False

    parser = Scripts()
    parser.feed(reveal.page(deck(slide("## One"))))
    assert len(parser.found) == 3
    for script in parser.found:
        assert f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'" in parser.policy
    assert parser.policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:;")
    assert "script-src 'sha256-" in parser.policy
    assert "script-src 'unsafe" not in parser.policy


def test_nothing_on_the_page_has_an_address_outside(deck):
    page = reveal.page(deck(slide("## One"), code(picture(), deck={})))
    styles = "".join(re.findall(r"<style>(.*?)</style>", page, flags=re.S))
    assert "@import" not in styles
    assert set(re.findall(r"url\(\W*(\w+:)", styles)) <= {"data:"}
    body = page[page.index("<body>") : page.index("<script>")]
    assert {re.match(r"[\w:]*", address)[0] for address in re.findall(r'(?:src|href)="([^"]*)"', body)} == {"data:image"}
    assert "<link" not in page[: page.index("<script>")]


def test_the_same_notebook_gives_the_same_deck(deck):
    assert reveal.page(deck(slide("## One"))) == reveal.page(deck(slide("## One")))


def test_without_the_files_of_reveal_the_way_to_them_is_said(deck, monkeypatch):
    monkeypatch.setattr(reveal, "CARRIER", "a-package-that-is-not-there")
    reveal._files.cache_clear()
    with pytest.raises(DataError, match=r"Run: python workbook\.py slides"):
        reveal.page(deck(slide("## One")))


# ---------------------------------------------------------------- which notebooks, and where they go


@pytest.fixture
def course(tmp_path):
    """Two lessons of 03, one of 04, and the cases of both."""
    for name in ("03a_tiny_value", "03b_tiny_groups", "04_dormancy"):
        write(tmp_path / "notebooks", name=name)
    for name in ("03_tiny", "04_dormancy"):
        write(tmp_path / "casebook", name=name)
    return {"notebooks": tmp_path / "notebooks", "casebook": tmp_path / "casebook"}


@pytest.mark.parametrize(
    "wanted, files",
    [
        ("03", ["03a_tiny_value_key", "03b_tiny_groups_key", "03_tiny_cases_key"]),
        ("3", ["03a_tiny_value_key", "03b_tiny_groups_key", "03_tiny_cases_key"]),
        ("03b, 03a", ["03a_tiny_value_key", "03b_tiny_groups_key"]),
        ("03a,03a", ["03a_tiny_value_key"]),
        ("04", ["04_dormancy_key", "04_dormancy_cases_key"]),
        ("03_tiny", ["03_tiny_cases_key"]),
        ("03-cases", ["03_tiny_cases_key"]),
        # A lesson and its casebook may have one number and one name.
        ("04_dormancy", ["04_dormancy_key"]),
        ("4-cases", ["04_dormancy_cases_key"]),
        ("04-cases, 04_dormancy", ["04_dormancy_key", "04_dormancy_cases_key"]),
        ("all", ["03a_tiny_value_key", "03b_tiny_groups_key", "03_tiny_cases_key", "04_dormancy_key", "04_dormancy_cases_key"]),
    ],
)  # fmt: skip
def test_a_number_means_its_lessons_and_their_cases(course, wanted, files):
    assert [forms.file_name(one, "key") for one in forms.chosen(wanted, **course)] == [f"{name}.html" for name in files]


def test_an_unknown_lesson_is_refused_with_those_that_exist(course):
    with pytest.raises(DataError, match=r"there is no lesson '9'\. Lessons: 03a \(tiny value\), .*04-cases \(dormancy\)"):
        forms.chosen("03a,9", **course)
    with pytest.raises(DataError, match="no lesson was named"):
        forms.chosen(" , ", **course)


def test_a_place_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "slides").write_text("")
    with pytest.raises(DataError, match="slides is a file, not a folder"):
        forms.place(tmp_path / "slides")


def test_a_page_that_cannot_be_written_leaves_the_old_one_whole(tmp_path, monkeypatch):
    forms.write(tmp_path / "new" / "slides", {"a.html": "old"})

    def full(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(forms.os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        forms.write(tmp_path / "new" / "slides", {"a.html": "new"})
    assert {path.name: path.read_text() for path in (tmp_path / "new" / "slides").iterdir()} == {"a.html": "old"}


def test_pages_can_be_read_by_others(tmp_path):
    (written,) = forms.write(tmp_path, {"a.html": "x"})
    plain = tmp_path / "plain"
    plain.touch()
    assert written.stat().st_mode == plain.stat().st_mode


def test_the_files_of_the_templates_are_there():
    assert {path.name for path in Path(reveal.TEMPLATES).iterdir()} == {"deck.css", "deck.html.j2"}
