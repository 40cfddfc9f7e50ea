import pytest

from helpers.errors import DataError
from helpers.reports.lessons import Need, resolve


@pytest.fixture
def folder(tmp_path, make):
    for name in (
        "00a_orientation_first_hour",
        "03a_segmentation_value",
        "03b_segmentation_groups",
        "04_dormancy",
        "notes",
    ):
        make.save(tmp_path, name, make.notebook(lesson={"title": name, "question": "?"}))
    return tmp_path


@pytest.mark.parametrize(
    "wanted, ids",
    [
        ("all", ["00a", "03a", "03b", "04"]),
        ("03a", ["03a"]),
        ("3a", ["03a"]),
        ("03", ["03a", "03b"]),
        ("3", ["03a", "03b"]),
        ("4, 03B", ["03b", "04"]),
        ("04_dormancy", ["04"]),
        (["04", "00"], ["00a", "04"]),
        ("04,04", ["04"]),
    ],
)
def test_lessons_are_found_in_the_order_of_the_course(folder, wanted, ids):
    assert [lesson.id for lesson in resolve(wanted, folder)] == ids


@pytest.mark.parametrize("wanted", ["4b", "5", "03a,nonsense", "99"])
def test_an_unknown_lesson_is_named_with_those_that_exist(folder, wanted):
    unknown = wanted.split(",")[-1]
    with pytest.raises(DataError, match=f"there is no lesson '{unknown}'. Lessons: 00a .*04 .dormancy."):
        resolve(wanted, folder)


def test_no_lesson_at_all_is_refused(folder):
    with pytest.raises(DataError, match="no lesson was named"):
        resolve(" , ", folder)


def test_a_lesson_says_what_it_needs(tmp_path, make):
    tables = ["orders", {"name": "contacts", "needed": False, "gain": "Who waits."}]
    make.save(tmp_path, "04_dormancy", make.notebook(lesson={"title": "Dormancy", "tables": tables}))
    lesson = resolve("04", tmp_path)[0]
    assert lesson.needs == [Need("orders"), Need("contacts", False, "Who waits.")]
    assert (lesson.title, lesson.question, lesson.name) == ("Dormancy", "", "04_dormancy")


def test_a_damaged_notebook_is_named(tmp_path):
    (tmp_path / "04_dormancy.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"04_dormancy\.ipynb cannot be read"):
        _ = resolve("04", tmp_path)[0].metadata
