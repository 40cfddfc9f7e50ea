"""The game's command and page: presets, teams, the budget."""

import pytest

from helpers import cli
from helpers.errors import DataError
from helpers.simulate import company, game
from helpers.teaching import game as shown


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    return company(seed=5, customers=300).save(tmp_path_factory.mktemp("begun") / "begun")


@pytest.fixture
def run(capsys):
    def run(*arguments):
        code = cli.main(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_two_teams_are_compared_with_presets_in_the_same_futures(begun, tmp_path, run):
    world = company(seed=5, customers=300)
    for name, repairs in (("red", "installers"), ("blue", "advertising, hotline")):
        world.advance(repairs=repairs).save(tmp_path / name)
    world.advance(repairs="advertising").advance(repairs="advertising").advance(repairs="advertising").advance(repairs="advertising").save(tmp_path / "rich")
    code, out, _ = run("game", *(str(tmp_path / name) for name in ("red", "blue", "rich")), "--from", str(begun), "--futures", "2", "--no-best", "--out", str(tmp_path / "out"))
    assert code == 0
    page, table = ((tmp_path / "out" / name).read_text(encoding="utf-8") for name in (shown.PAGE, shown.TABLE))
    assert "rich (over the budget by ¥60,000)" in out and "over the budget by ¥60,000" in page
    assert table.count("red,") == 2 and table.count("Coupon for all,") == 2
    assert "red, quarter by quarter" in page and '<img src="data:image/png;base64,' in page
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")


def test_another_company_is_refused(begun, tmp_path, run):
    company(seed=6, customers=300).advance().save(tmp_path / "other")
    code, _, err = run("game", str(tmp_path / "other"), "--from", str(begun), "--out", str(tmp_path / "out"))
    assert code == 2 and "other began with other customers" in err and not (tmp_path / "out").exists()


def test_two_of_one_name_and_what_is_not_there_are_refused(begun, tmp_path):
    (tmp_path / "a" / "team").mkdir(parents=True), (tmp_path / "b" / "team").mkdir(parents=True)
    with pytest.raises(DataError, match="Two companies are called team"):
        shown.teams([str(tmp_path / "a" / "team"), str(tmp_path / "b" / "team")])
    (tmp_path / "The plan").mkdir()
    with pytest.raises(DataError, match="one of the presets is"):
        shown.teams([str(tmp_path / "The plan")])
    with pytest.raises(DataError, match="nothing at"):
        shown.teams(["nowhere"])
    file = tmp_path / "a" / "team" / "state.json"
    file.write_text("{}")
    assert [one.name for one in shown.teams([str(file)])] == ["team"]


def test_every_preset_has_a_reason_that_a_report_could_have_given():
    presets = game.presets(company(seed=5, customers=300))
    assert set(shown.REASONS) == set(presets) - {game.NOTHING} | {"best"}


def test_the_titles_that_are_taken_are_those_of_the_presets():
    world = company(seed=5, customers=300)
    titles = {one.title.casefold() for one in game.presets(world).values()} | {"best possible"}
    assert titles == shown.TAKEN


def test_a_team_called_plan_stands_beside_the_preset(begun, tmp_path, run):
    company(seed=5, customers=300).advance(repairs="hotline").save(tmp_path / "plan")
    code, out, _ = run("game", str(tmp_path / "plan"), "--from", str(begun), "--futures", "1", "--no-best", "--out", str(tmp_path / "out"))
    assert code == 0 and "  The plan\n" in out and "  plan\n" in out


def test_collect_has_the_game_of_a_group(begun, tmp_path, run):
    world = company(seed=5, customers=300)
    world.advance(repairs="installers").save(tmp_path / "in" / "Ana")
    code, out, _ = run("collect", str(tmp_path / "in"), "--out", str(tmp_path / "class"))
    assert code == 0 and "1 company" in out
    page = (tmp_path / "class" / "collected.html").read_text(encoding="utf-8")
    assert "What did the companies leave" in page and "Ana" in page
