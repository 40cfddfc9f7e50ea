import json
import re
import shutil
from datetime import date

import pytest
from bs4 import BeautifulSoup

from helpers.errors import DataError
from helpers.reports import PreviousReport
from helpers.reports.actions import LISTS
from helpers.reports.build import build
from helpers.reports.manifest import MADE_BY, fingerprint

SHOW = """
from helpers.pictures import Picture, new_figure
fig, ax = new_figure("Who buys?")
ax.plot([0, 1])
Picture(fig, alt="Everybody buys the same.")
"""
LIST = """
found = pd.DataFrame({"customer_id": company.lines["customer_id"], "list": "keep", "action": "call",
    "reason": "=fell silent", "evidence": "3 orders", "value_at_stake_minor": company.lines["amount_minor"]})
report.actions(found, hold_out_share=hold_out_share)
"""
ANSWER = 'report.answer([f"**{len(company.lines)} customers**, {monetary}, <script>alert(1)</script>"])'
CLOSE = """
from helpers.withheld import Withheld
report.section("moves", "Who moved?", Withheld("Moves", "There is one report only.", "Come back."))
report.number("customers", 12, unit="count", label="Customers")
report.limits("Nobody knows who bought elsewhere.")
report.customers(pd.DataFrame({"customer_id": company.lines["customer_id"], "size": "small",
    "net_minor": company.lines["amount_minor"]}))
print("compared with", report.previous.as_of if report.previous else "nothing")
report.close()
"""


@pytest.fixture
def lessons(tmp_path, make):
    """03a works, 04 works and adds a column, 05a fails, 06 needs a table that is not there."""
    folder = tmp_path / "lessons"
    main = [make.code(source) for source in (SHOW, LIST)]
    tables = ["orders", {"name": "survey", "needed": False, "gain": "What they think."}]
    make.save(
        folder,
        "03a_segmentation_value",
        make.notebook(
            make.prose("Dear learner", "lesson"),
            make.parameters,
            make.setup,
            make.prose("## Who buys?"),
            *main,
            make.code("undefined_name", "exercise"),
            make.code("print('only of the sample')", "sample"),
            make.code(ANSWER, "answer"),
            make.code(CLOSE),
            lesson={"title": "Who is worth what?", "question": "Who carries the shop?", "tables": tables},
        ),
    )
    small = make.code(
        'report.customers(pd.DataFrame({"customer_id": ["C00", "X9"], "size": ["asleep", "gone"]}))\nreport.close()'
    )
    setup = make.setup | {"source": make.setup["source"].replace("03a", "04")}
    lesson = {"title": "Dormancy", "question": "Who sleeps?"}
    make.save(folder, "04_dormancy", make.notebook(make.parameters, setup, small, lesson=lesson))
    bad = make.code("raise ZeroDivisionError('secret details')")
    make.save(folder, "05a_conversion", make.notebook(make.parameters, bad, lesson={"title": "Conversion"}))
    needs = {"title": "Branding", "tables": [{"name": "survey", "gain": "What they think."}]}
    make.save(folder, "06_branding", make.notebook(make.parameters, lesson=needs))
    return folder


@pytest.fixture
def write(tiny, tmp_path, lessons):
    def write(out="out", lessons_wanted="03a", **arguments):
        return build(out=tmp_path / out, lessons=lessons_wanted, notebooks=lessons, **arguments)

    return write


def read(path):
    return path.read_text(encoding="utf-8-sig")


def soup(path):
    return BeautifulSoup(read(path), "html.parser")


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


FILES = sorted([
    "03a_segmentation_value.html", *(f"actions/{name}.csv" for name in (*LISTS, "monday")), "actions/monday.xlsx",
    "customers.csv", "index.html", "manifest.json", "rejects.csv", "results.json",
])  # fmt: skip


def test_a_report_is_whole_and_says_the_same_twice(write, tmp_path):
    said = []
    first = write("one", say=said.append, settings=["monetary=sum", "hold_out_share=0.5"])
    second = write("two", settings=["monetary=sum", "hold_out_share=0.5"])
    assert (first.exit_code, first.failures, first.kept) == (0, (), None)
    assert first.summary == "14 lines: 12 used, 1 set aside, 1 rejected; 12 customers, ¥7,800 net of returns."
    assert names(first.folder) == FILES
    for name in FILES:
        assert (first.folder / name).read_bytes() == (second.folder / name).read_bytes(), name
    assert any("Report date: 30 June 2026" in text for text in said)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lessons", "one", "two"]

    page = soup(first.folder / "03a_segmentation_value.html")
    words = page.get_text(" ")
    assert "Dear learner" not in words
    assert "only of the sample" in words
    assert "compared with nothing" in words
    assert [image["alt"] for image in page.find_all("img")] == ["Everybody buys the same."]

    front = soup(first.folder / "index.html")
    words = " ".join(front.get_text(" ").split())
    assert "12 customers , sum, <script>alert(1)</script>" in words
    assert "There is one report only. Come back." in words
    assert "What more data would show the table survey What they think." in words
    assert "Nobody knows who bought elsewhere." in words
    assert "June 2026 is complete; *not* <script>" in words
    for each in (page, front):
        assert each.find("script") is None
        assert each.find("meta", {"http-equiv": "Content-Security-Policy"})
        assert "14 lines in the data = 12 used" in each.get_text(" ")
    for link in front.find_all("a"):
        assert link["href"].startswith("#") or (first.folder / link["href"]).is_file()

    manifest = json.loads(read(first.folder / "manifest.json"))
    assert manifest["made_by"] == MADE_BY
    assert manifest["parameters"] == {"03a": {"hold_out_share": 0.5, "monetary": "sum"}}
    assert manifest["lessons"] == {"03a": "complete"}
    assert manifest["data"]["rows"]["rows_in"] == 14
    assert manifest["files"] == {name: fingerprint(first.folder / name) for name in FILES if name != "manifest.json"}
    everything = "".join(read(first.folder / name) for name in FILES if not name.endswith("xlsx"))
    assert str(tmp_path) not in everything
    assert "papermill" not in re.sub('"papermill": "[0-9.]+"', "", everything)

    assert "'=1+1" in read(first.folder / "rejects.csv")
    held = [line for line in read(first.folder / "actions/keep.csv").splitlines() if ",yes," in line[-5:]]
    assert len(held) == 5  # half of the nine customers who may be contacted now, rounded up
    assert json.loads(read(first.folder / "results.json"))["lessons"]["03a"]["numbers"]["customers"]["value"] == 12


def test_a_lesson_that_fails_takes_no_other_with_it(write):
    outcome = write(lessons_wanted="all")
    assert outcome.exit_code == 1
    assert [lesson for lesson, _ in outcome.failures] == ["05a"]
    front = soup(outcome.folder / "index.html")
    words = " ".join(front.get_text(" ").split())
    assert "Conversion: not finished A calculation stopped with an error of the program" in words
    assert "secret details" not in words
    assert "secret details" in read(outcome.folder / "log.txt")
    assert "Who is worth what?" in words
    assert "Dormancy" in words
    assert "the table survey Branding What they think." in words
    assert not (outcome.folder / "05a_conversion.html").exists()
    assert not (outcome.folder / "06_branding.html").exists()
    links = {link["href"] for link in soup(outcome.folder / "03a_segmentation_value.html").header.find_all("a")}
    assert links == {"index.html", "03a_segmentation_value.html", "04_dormancy.html"}
    states = json.loads(read(outcome.folder / "manifest.json"))["lessons"]
    assert states == {"03a": "complete", "04": "complete", "05a": "failed", "06": "not run"}

    lines = read(outcome.folder / "customers.csv").splitlines()
    assert lines[:2] == ["customer_id,size,net,04_size", "C00,small,100.00,asleep"]
    assert lines[-1] == "X9,,,gone"
    customers = PreviousReport.open(outcome.folder).customers
    assert customers.columns.tolist() == ["customer_id", "size", "net_minor", "04_size"]


def test_an_earlier_report_can_be_compared_with_and_replaced_in_one_go(write, tmp_path):
    write(as_of="2026-05-31")
    outcome = write(previous=str(tmp_path / "out"))
    words = soup(outcome.folder / "03a_segmentation_value.html").get_text(" ")
    assert "compared with 2026-05-31" in words
    assert json.loads(read(outcome.folder / "manifest.json"))["previous"]["as_of"] == "2026-05-31"
    assert PreviousReport.open(outcome.folder).as_of == date(2026, 6, 30)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"lessons_wanted": "4b"}, "there is no lesson '4b'"),
        ({"settings": ["monetry=sum"]}, "Did you mean monetary"),
        ({"settings": ["hold_out_share=0.9"]}, "a number from 0 to 0.5"),
        ({"settings": ["as_of=2026-05-31"], "as_of": "2026-06-30"}, "given twice"),
        ({"data": "broken.csv"}, "is a picture"),
        ({"previous": "nowhere"}, "There is no folder 'nowhere'"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(write, tmp_path, arguments, message):
    with pytest.raises(DataError, match=message):
        write(**arguments)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lessons"]


@pytest.mark.parametrize("data, error", [("interrupted", KeyboardInterrupt), ("bug", ZeroDivisionError)])
def test_an_interruption_leaves_the_earlier_report_alone(write, tmp_path, data, error):
    (tmp_path / "out").mkdir()
    with pytest.raises(error):
        write(data=data)
    assert names(tmp_path / "out") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lessons", "out"]


def test_what_every_lesson_refuses_is_refused_as_a_whole(write, lessons, make, tmp_path):
    refusal = make.code("from helpers.errors import DataError\nraise DataError('The cuts cross. Give rising cuts.')")
    make.save(lessons, "07_churn", make.notebook(make.parameters, refusal, lesson={"title": "Churn"}))
    with pytest.raises(DataError, match="^07 Churn: The cuts cross. Give rising cuts.$"):
        write(lessons_wanted="07,06")
    with pytest.raises(
        DataError, match="^06 Branding: It needs the table survey, which these data do not have. Add it"
    ):
        write(lessons_wanted="06")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lessons"]


def test_own_data_are_not_called_simulated_and_hide_what_is_true_of_the_sample_only(write, lessons, tmp_path):
    for name in ("04_dormancy", "05a_conversion", "06_branding"):
        (lessons / f"{name}.ipynb").unlink()
    outcome = write(data="orders.csv", lessons_wanted="all", settings=["as_of=2026-06-15"])
    words = soup(outcome.folder / "03a_segmentation_value.html").get_text(" ")
    assert "Simulated" not in words
    assert "only of the sample" not in words
    assert "15 June 2026" in words
    shutil.rmtree(outcome.folder)
