from datetime import date

import pytest

from helpers.teaching.sheets import Definition, _field, faults, problems, read_worksheets
from helpers.teaching.worksheets import Worksheet

FULL = {
    "promise": "We answer within a day.\nAlways: #1",
    "kept": "7",
    "since": "2026-01-31",
    "side": "The customer's",
    "features": [{"feature": "fast", "share": "40"}, {"feature": "kind"}, {"feature": "near"}],
    "best": "kind",
}


@pytest.fixture
def definition(topic):
    return read_worksheets(topic.worksheets)["audit"]


@pytest.fixture
def sheet(definition):
    return Worksheet(definition, lesson="03a")


def field(**changes):
    return {"id": "a", "ask": "Why?"} | changes


@pytest.mark.parametrize(
    "item, fault",
    [
        pytest.param("text", "it needs an id and a question", id="text"),
        pytest.param(field(ask=""), "it needs an id and a question", id="no-question"),
        pytest.param(field(kind="colour"), "there is no kind 'colour'", id="kind"),
        pytest.param(field(low="1"), "'low' does not belong to text", id="rule-of-another-kind"),
        pytest.param(field(kind="number", low="one"), "low is a number", id="number"),
        pytest.param(field(id="a b"), "letters, digits and underscores", id="id"),
        pytest.param(field(kind="choice"), "options, or options_from", id="choice"),
        pytest.param(field(kind="choice", options=["x"]), "two different options", id="one-option"),
        pytest.param(field(kind="choice", options_from="b.c"), "'b.c' is none", id="from-nowhere"),
        pytest.param(field(kind="rows"), "rows need columns", id="rows"),
        pytest.param(
            field(kind="rows", columns=[field(kind="rows")]), "column 1: there is no kind 'rows' here", id="nested"
        ),
    ],
)
def test_faults_of_a_definition_are_named(item, fault):
    found = faults({"sheet": {"title": "T", "fields": [item]}})
    assert any(fault in one for one in found), found


def test_faults_of_a_file_are_named(tmp_path):
    assert "it names a file" in faults({"My Sheet": {"title": "T", "fields": [field()]}})[0]
    assert "it needs a title and a list of fields" in faults({"a": {"title": "T"}})[0]
    assert "two fields have the same id" in faults({"a": {"title": "T", "fields": [field(), field()]}})[0]
    assert "'colour' is no part" in faults({"a": {"title": "T", "colour": "red", "fields": [field()]}})[0]
    (tmp_path / "worksheets.yml").write_text("a:\n  title: T\n")
    with pytest.raises(ValueError, match=r"worksheets.yml: a: it needs a title"):
        read_worksheets(tmp_path / "worksheets.yml")


def test_a_full_sheet_has_no_problems(definition):
    assert problems(definition, FULL) == []


@pytest.mark.parametrize(
    "name, answer, text",
    [
        pytest.param("promise", " ", "Still open.", id="open"),
        pytest.param("promise", "x" * 4001, "At most 4,000 characters, please; there are 4,001.", id="too-long"),
        pytest.param("kept", "eleven", "A number is needed here, such as 0; 'eleven' is none.", id="no-number"),
        pytest.param("kept", "11", "From 0 to 10, please.", id="too-high"),
        pytest.param("kept", "7.5", "A whole number is needed here.", id="not-whole"),
        pytest.param("since", "31.1.2026", "A date is needed here, written as year-month-day: 2026-06-30.", id="date"),
        pytest.param("side", "Both", "It must be one of: The customer's, Our own.", id="option"),
        pytest.param("best", "cheap", "Choose one of the features above.", id="own-words"),
        pytest.param("features", [], "3 lines or more, please; there are 0.", id="no-rows"),
        pytest.param("features", [{"feature": "a"}] * 6, "At most 5 lines, please; there are 6.", id="too-many-rows"),
        pytest.param(
            "features",
            [{"feature": "kind", "share": "x"}, {"feature": "b"}, {"share": "3"}],
            "Line 1, Of 100 customers: a number is needed here, such as 0; 'x' is none.",
            id="cell",
        ),
    ],
)
def test_what_is_not_right_is_said_in_words(definition, name, answer, text):
    found = problems(definition, FULL | {name: answer})
    assert text in [one.text for one in found if one.field == name]


def test_what_need_not_be_filled_in_may_stay_empty(definition):
    assert problems(definition, {key: value for key, value in FULL.items() if key != "since"}) == []


def test_answers_come_back_as_they_were(sheet, definition):
    assert sheet.save(**FULL).plain().startswith("Saved, and complete: in `my_work/worksheets/03a_audit.yml`.")
    again = Worksheet(definition, lesson="03a")
    assert again.answers == sheet.answers
    assert again.is_complete
    assert again.typed()["kept"] == 7
    assert again.typed()["since"] == date(2026, 1, 31)
    assert again.typed()["features"][0] == {"feature": "fast", "share": 40}


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "0012",
        "2026-01-31",
        "a: b",
        "# x",
        "- x",
        "'",
        '"',
        "| x",
        "{a}",
        "~",
        "null",
        "é 中文 🙂",
        "tab\tin",
        "  x",
        "x\n\n y \n",
        "&a *a !b %c @d",
        "\u2028 \x07",
    ],
)
def test_any_text_survives_the_file(sheet, definition, text):
    sheet.save(promise=text)
    kept = Worksheet(definition, lesson="03a").answers["promise"]
    assert kept == text.strip()


def test_a_half_filled_sheet_is_saved_and_says_what_is_open(sheet, own_work):
    box = sheet.save(promise="Fast.", kept=11)
    assert "4 answers to go" in box.plain()
    assert "- How well do we keep it? From 0 to 10, please." in box.plain()
    assert "kept: 11" in (own_work / "worksheets" / "03a_audit.yml").read_text()


def test_the_file_is_one_that_a_person_can_read_and_edit(sheet, definition):
    sheet.save(**FULL)
    text = sheet.path.read_text(encoding="utf-8")
    assert "# What do we promise our customers?\npromise: |-\n  We answer within a day.\n  Always: #1\n" in text
    assert "# One of: The customer's, Our own\nside: The customer's\n" in text
    assert "- feature: fast\n  share: 40\n" in text
    sheet.path.write_text(text.replace("kept: 7", "kept: 9"), encoding="utf-8")
    assert Worksheet(definition, lesson="03a").typed()["kept"] == 9


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"promise: [", id="no-yaml"),
        pytest.param(b"\xff\xfe\x00\x01", id="no-text"),
        pytest.param(b"promise: a\npromise: b", id="said-twice"),
        pytest.param(b"just words", id="no-names"),
        pytest.param(b"- a\n- b", id="a-list"),
        pytest.param(b"a: " + b"[" * 5000, id="brackets-without-end"),
    ],
)
def test_a_damaged_file_is_set_aside_with_a_word(sheet, definition, damage, own_work):
    path = own_work / "worksheets" / "03a_audit.yml"
    path.parent.mkdir(parents=True)
    path.write_bytes(damage)
    opened = Worksheet(definition, lesson="03a")
    assert opened.answers == {}
    assert "It was set aside as 03a_audit.damaged-1.yml: nothing in it is lost" in opened.notes[0]
    assert (path.parent / "03a_audit.damaged-1.yml").read_bytes() == damage
    opened.save(**FULL)
    assert Worksheet(definition, lesson="03a").is_complete


def test_an_empty_file_is_an_empty_sheet(sheet, definition, own_work):
    write(own_work, "")
    opened = Worksheet(definition, lesson="03a")
    assert (opened.answers, opened.notes) == ({}, [])


def write(own_work, text):
    path = own_work / "worksheets" / "03a_audit.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_answers_of_an_unexpected_shape_are_kept_as_text(definition, own_work):
    write(own_work, "promise: [one, two]\nkept: {a: b}\nfeatures: one\nside:\n")
    opened = Worksheet(definition, lesson="03a")
    assert opened.answers == {"promise": "one\ntwo", "kept": "a: b", "features": [{"feature": "one"}], "side": ""}


def test_answers_to_questions_that_are_no_longer_asked_are_not_lost(definition, own_work):
    write(own_work, "old_question: A good answer.\nkept: 5\n")
    Worksheet(definition, lesson="03a").save(promise="Fast.")
    text = (own_work / "worksheets" / "03a_audit.yml").read_text(encoding="utf-8")
    assert "# Answers to questions that are no longer asked.\nold_question: A good answer.\n" in text
    assert "kept: 5" in text


def test_a_place_where_nothing_can_be_written_is_a_word(definition, tmp_path):
    (tmp_path / "file").write_text("")
    sheet = Worksheet(definition, lesson="03a", folder=tmp_path / "file")
    assert sheet.save(promise="x").label == "Not saved."
    assert sheet.answers["promise"] == "x"


def test_a_question_that_does_not_exist_saves_nothing(sheet):
    assert "There is no question `colour`." in sheet.save(colour="red").plain()
    assert not sheet.path.exists()


def test_rows_may_be_given_as_plain_texts(sheet):
    sheet.save(features=["fast", "", "kind"])
    assert sheet.answers["features"] == [{"feature": "fast"}, {"feature": "kind"}]


def test_the_twin_has_every_question_and_room_to_write(sheet, definition):
    sheet.save(**FULL)
    html = sheet.html()
    for one in definition.fields:
        assert one.ask in html
    assert "We answer within a day" not in html, "a stored notebook shows nobody's answers"
    assert html.count("border-bottom") == 6
    assert html.count("<tr>") == 4
    assert "☐ Our own" in html
    assert sheet.plain().count("[ ]") == 2


def test_the_filled_form_can_be_printed(sheet):
    sheet.save(**FULL | {"promise": "<b>fast</b>"})
    html = sheet.html(answers=True)
    assert "&lt;b&gt;fast&lt;/b&gt;" in html
    assert ">kind</td>" in html
    sheet.save(promise="")
    assert "(still open)" in sheet.html(answers=True)


def test_the_form_saves_what_is_typed_and_says_what_is_open(sheet, definition):
    group = sheet.widget()
    fields = group.children[2:-2]
    save, said = group.children[-2:]
    promise, kept, _, side, features, best = fields
    promise.children[1].value = "Fast."
    kept.children[1].value = "11"
    side.children[1].value = "Our own"
    lines, more = features.children[2], features.children[3]
    assert len(lines.children) == 3
    for line, text in zip(lines.children, ["a", "b", "c"], strict=True):
        line.children[0].value = text
    more.click()
    assert len(lines.children) == 4
    save.click()
    assert "2 answers to go" in said.value
    assert "From 0 to 10, please." in kept.children[-1].value
    assert best.children[1].options == ("", "a", "b", "c"), "what was just written can be chosen"
    best.children[1].value = "b"
    kept.children[1].value = "10"
    save.click()
    assert "Saved, and complete:" in said.value
    assert kept.children[-1].value == ""
    assert Worksheet(definition, lesson="03a").answers["best"] == "b"


def test_a_form_opens_with_the_saved_answers_whatever_they_are(sheet, definition, own_work):
    write(own_work, "promise: Fast\nkept: often\nside: Nobody's\nbest: gone\nfeatures: [{feature: a}]\n")
    group = Worksheet(definition, lesson="03a").widget()
    promise, kept, _, side, features, best = group.children[2:-2]
    assert promise.children[1].value == "Fast"
    assert kept.children[1].value == "often"
    assert side.children[1].value == "Nobody's"
    assert best.children[1].value == "gone"
    assert features.children[2].children[0].children[0].value == "a"


def test_a_line_of_four_columns_has_room_in_the_form():
    pytest.importorskip("ipywidgets")
    columns = [
        {"id": "a", "ask": "A", "kind": "choice", "options": ["x", "y"]},
        {"id": "b", "ask": "B", "kind": "number"},
        {"id": "c", "ask": "C", "kind": "text"},
        {"id": "d", "ask": "D", "kind": "text"},
    ]
    definition = Definition("wide", "Wide", (_field({"id": "rows", "ask": "Rows", "kind": "rows", "at_least": "2", "columns": columns}),))
    shown = Worksheet(definition, lesson="03a").widget()
    lines = [box for box in walk(shown) if type(box).__name__ == "HBox"]
    assert len(lines) == 3  # the heads, and two lines
    for line in lines:
        # A form is 46em wide, and boxes have a margin.
        assert sum(float(box.layout.width.removesuffix("em")) for box in line.children) <= 44


def walk(box):
    yield box
    for child in getattr(box, "children", ()):
        yield from walk(child)
