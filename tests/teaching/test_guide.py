"""The instructor's guide: one page that needs nothing, holds what it promises, and names commands that exist."""

import csv
import re
import shlex
from html.parser import HTMLParser
from pathlib import Path

import pytest

from helpers import cli
from helpers.errors import DataError
from helpers.places import HOME
from helpers.teaching import guide
from helpers.teaching.guide_capstone import NEEDED
from helpers.teaching.guide_paths import course
from helpers.teaching.guide_tests import read_pairs, sheet

COURSE = course()
SOURCES = sorted(guide.SOURCES.glob("*.md"))
BY_HAND = Path(__file__).with_name("test_guide_capstone.py")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A report's results with round numbers, as a folder."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("guide_capstone_by_hand", BY_HAND)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.saved(tmp_path_factory.mktemp("report"), module.results())


@pytest.fixture(scope="module")
def pages(results):
    return guide.make(report=str(results), there=COURSE)


class Page(HTMLParser):
    """Tags, ids and links of a page; every tag that is opened is closed."""

    VOID = ("meta", "br", "hr", "img", "link", "input")

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.open, self.wrong = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        given = dict(attributes)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_the_guide_and_what_is_handed_out_are_made(pages):
    assert sorted(pages) == [
        "answers.csv", "capstone_brief.html", "instructors_guide.html", "test_form_a.html", "test_form_b.html",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["instructors_guide.html", "capstone_brief.html", "test_form_a.html", "test_form_b.html"])
def test_a_page_needs_nothing_and_fetches_nothing(pages, name):
    text, page = pages[name], Page(pages[name])
    assert text.startswith("<!DOCTYPE html>")
    assert "default-src 'none'" in text
    assert not {"script", "img", "link", "iframe", "form"} & set(page.tags)
    assert not re.search(r"https?://|url\(|@import", text)
    assert page.wrong == [] and page.open == []
    assert len(set(page.ids)) == len(page.ids)
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert "{{" not in text and not re.search(r"\{\w+\}", re.sub(r"<style>.*?</style>", "", text, flags=re.S))


def test_every_lesson_has_its_chapter_with_what_to_prepare_and_what_is_asked(pages):
    text = pages[guide.GUIDE]
    for lesson in COURSE.lessons:
        chapter = re.search(rf'id="lesson-{lesson.id}">(.*?)</section>', text, flags=re.S)[1]
        assert f"{COURSE.minutes(lesson.id)} minutes" in chapter
        assert "To prepare" in chapter and "What is always asked" in chapter
        assert chapter.count("<dt>") >= 4


def test_notes_are_of_lessons_of_the_course_and_never_empty():
    lessons = {row["home"] for row in COURSE.frameworks.values()}
    for lesson, own in guide.notes().items():
        assert lesson in lessons
        assert set(own) == {"prepare", "questions"}
        assert own["prepare"] and len(own["questions"]) >= 4
        assert all(set(one) == {"asks", "answer"} and one["asks"].strip()[-1] in "?.!" for one in own["questions"])


def test_agendas_stand_in_the_guide_with_times_and_what_they_leave_out(pages):
    text = pages[guide.GUIDE]
    day = re.search(r'id="one-day">(.*?)</section>', text, flags=re.S)[1]
    assert "09:00–" in day and "Lunch, 60 minutes" in day
    assert "Lessons left out:" in day and "Ideas left out." in day
    weeks = re.search(r'id="eight-weeks">(.*?)</section>', text, flags=re.S)[1]
    assert all(f"Week {number}" in weeks for number in range(1, 9))
    assert "with a partner" in weeks
    assert f"All {len(COURSE.core())} core ideas of the course are taught." in weeks


def test_a_handed_out_sheet_holds_no_answer(pages):
    pairs = read_pairs()
    for form in "AB":
        text = pages[f"test_form_{form.lower()}.html"]
        assert "✓" not in text
        for one in sheet(pairs, form):
            assert all(guide._one(option.if_right) not in text for option in one.options)
            assert guide._one(one.question.question) in text
    assert "points of 100: Can be used" not in pages[guide.BRIEF]
    assert "The rubric" in pages[guide.BRIEF]


def test_the_answer_sheet_has_the_right_letters(pages):
    answers = re.search(r'id="answers">(.*?)</section>', pages[guide.GUIDE], flags=re.S)[1]
    pairs = read_pairs()
    row = re.search(r"<tr><td>1</td>(.*?)</tr>", answers, flags=re.S)[1]
    assert re.findall(r'"right">(\w)<', row) == [sheet(pairs, form)[0].right for form in "AB"]
    assert answers.count("✓ right") == 2 * len(pairs)


def test_the_samples_carry_the_reports_numbers_and_their_scores(pages):
    text = pages[guide.GUIDE]
    assert "So a coupon to all of them brings 120 orders, at ¥50 each: ¥6,000." in text
    assert [int(one) for one in re.findall(r"(\d+) points of 100:", text)] == [13, 62, 93]


def test_without_answers_of_a_class_nothing_is_said_about_one(pages):
    assert "What the class gained" not in pages[guide.GUIDE]


def test_with_answers_the_guide_says_what_the_class_gained(results, tmp_path, pages):
    pairs = read_pairs()
    right = {form: [one.right for one in sheet(pairs, form)] for form in "AB"}
    lines = [next(csv.reader([pages[guide.ANSWERS]]))]
    for person in range(8):
        first, second = ("A", "B") if person % 2 else ("B", "A")
        wrong = ["" if place <= person else letter for place, letter in enumerate(right[first])]
        lines += [[f"p{person}", "before", first, *wrong], [f"p{person}", "after", second, *right[second]]]
    path = tmp_path / "answers.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    text = guide.make(report=str(results), scores=str(path), there=COURSE)[guide.GUIDE]
    # 1, 2, ... 8 answers were missing before: 4.5 on average.
    assert "15.5 of 20 questions rightly before the course and 20.0 after it: +4.5 answers each" in text
    assert "A second test is easier than a first one" in text


def test_answers_that_lie_there_are_not_written_over(tmp_path, pages):
    assert guide.without_what_is_kept(pages, tmp_path) == pages
    (tmp_path / guide.ANSWERS).write_text("person\n", encoding="utf-8")
    assert guide.ANSWERS not in guide.without_what_is_kept(pages, tmp_path)


def test_a_report_that_says_otherwise_is_refused(tmp_path, results):
    text = (results / "results.json").read_text(encoding="utf-8")
    (tmp_path / "results.json").write_text(text.replace('"value": -3.2', '"value": 8'), encoding="utf-8")
    with pytest.raises(DataError, match="calls to the riskiest keep nobody, and this report does not"):
        guide.make(report=str(tmp_path), there=COURSE)


def test_the_command_writes_them(tmp_path, results, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["guide", "--out", "here", "--report", str(results)]) == 0
    assert "Wrote here/instructors_guide.html" in capsys.readouterr().out
    assert (tmp_path / "here" / "answers.csv").read_text(encoding="utf-8").startswith("person,when,form,1,2,")


def test_the_command_refuses_a_folder_without_a_report(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["guide", "--report", "nothing"]) == 2
    assert "holds no report that can be read" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


COMMANDS = sorted(
    {
        tuple(shlex.split(line))
        for path in SOURCES
        for block in re.findall(r"```console\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.S)
        for line in re.findall(r"^python workbook\.py (.+)$", block, flags=re.M)
    }
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_commands_in_the_guide_and_their_options_exist(words, capsys):
    command, *rest = words
    assert cli.main([command, "--help"]) == 0
    known = capsys.readouterr().out
    assert not [word for word in rest if word.startswith("--") and word not in known]


@pytest.mark.parametrize(
    "said", ["none found", "become numbers", "(no font)", "cannot be written", "missing", "The packages could not be fetched", "All is well."]
)
def test_what_the_guide_quotes_of_doctor_is_what_doctor_says(said):
    program = (HOME / "src" / "helpers" / "cli.py").read_text("utf-8") + (HOME / "workbook.py").read_text("utf-8")
    assert said in (guide.SOURCES / "room.md").read_text("utf-8")
    assert said in program


@pytest.mark.slow
def test_on_the_sample_company_everything_that_the_samples_claim_is_so():
    text = guide.make(there=COURSE)[guide.GUIDE]
    assert [int(one) for one in re.findall(r"(\d+) points of 100:", text)] == [13, 62, 93]
    assert set(NEEDED) <= {lesson.id for lesson in COURSE.lessons}
