"""The README: its commands exist and run as printed, its files are there, its list of a report's files is true."""

import csv
import random
import re
import shlex
from datetime import date, timedelta
from pathlib import Path

import pytest

from helpers import cli

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def commands(text):
    """Every command line of the workbook that a text prints, as a list of words."""
    blocks = "\n".join(re.findall(r"```console\n(.*?)```", text, flags=re.S))
    inline = "\n".join(re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text))
    lines = re.findall(r"^(?:python workbook\.py|workbook) (.+)$", f"{blocks}\n{inline}", flags=re.M)
    return [shlex.split(line) for line in lines if line != "COMMAND"]


ALL = sorted({tuple(words) for words in commands(README) + commands(CONTRIBUTING)})


def section(heading):
    return re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", README, flags=re.S | re.M)[1]


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_commands_and_their_options_exist(words, capsys):
    command, *rest = words
    assert cli.main([command, "--help"]) == 0
    known = capsys.readouterr().out
    passed_on = command in ("test", "lab")  # what follows goes to pytest or JupyterLab
    assert passed_on or not [word for word in rest if word.startswith("--") and word not in known]


def test_both_commands_of_a_fresh_machine_are_in_the_first_screen():
    first_screen = README.splitlines()[:25]
    assert {"python workbook.py report", "python workbook.py test"} <= set(first_screen)
    assert any(line.startswith("![") for line in first_screen)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", README + CONTRIBUTING))))
def test_what_is_linked_is_there(target):
    assert (ROOT / target).exists()


@pytest.mark.parametrize("name", re.findall(r"`([\w.-]+/?[\w./-]*)`", README.partition("\n## ")[0]))
def test_what_the_first_screen_names_is_there(name):
    made = {"out/index.html", ".venv"}
    assert name in made or (ROOT / name).exists() or list((ROOT / "notebooks").glob(f"{name}.ipynb"))


def test_readme_is_short():
    prose = re.sub(r"```.*?```|[|]", " ", README, flags=re.S)
    assert len(prose.split()) <= 700


@pytest.fixture(scope="module")
def own_orders():
    """An export in columns of its own: 90 customers over 18 months, with returns."""
    dice = random.Random(1)
    start = date(2025, 1, 1)
    rows = []
    for receipt in range(900):
        day = start + timedelta(days=receipt * 540 // 900)
        card = f"{dice.randint(1, 9) * dice.randint(1, 10):04d}"
        rows.append([f"R{receipt:05d}", card, f"{day:%d.%m.%Y}", f"{dice.randint(500, 20000) / 100:.2f}"])
        if receipt % 40 == 7:
            rows.append([f"R{receipt:05d}", card, f"{day:%d.%m.%Y}", f"-{rows[-1][-1]}"])
    return rows


def write(rows):
    with open("orders.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["Receipt", "Card", "Date", "Total"], *rows])


@pytest.mark.slow
def test_four_steps_on_own_orders_run_as_printed(own_orders, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    to_map, to_check, to_report, to_measure = (
        words for words in commands(section("On your own orders, in four steps")) if "orders.csv" in words
    )
    write(own_orders[:800])
    assert cli.main(to_map) == 0
    draft = Path("orders.toml")
    draft.write_text(draft.read_text("utf-8").replace('currency = ""', 'currency = "EUR"'), "utf-8")
    assert cli.main(to_check) == 0
    assert cli.main(to_report) == 0
    write(own_orders)
    assert cli.main(to_measure) == 0, capsys.readouterr().err
    assert "Comparing with the report of" in capsys.readouterr().err

    table = section("What a report holds")
    named = {name for name in re.findall(r"^\| `([^`]+)`", table, flags=re.M)}
    there = {path.name + "/" * path.is_dir() for path in Path("july").iterdir()}
    pages = {f"{path.stem}.html" for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert pages <= there and named & pages  # one page stands in the README for all of them
    assert there - pages == named - pages
    lists = {path.name for path in Path("july/actions").iterdir()}
    said = re.search(r"^\| `actions/` \| (.*?) as CSV", table, flags=re.M)[1]
    assert lists == {f"{name}.csv" for name in re.findall(r"`(\w+)`", said)} | {"monday.csv", "monday.xlsx"}


def test_printed_exit_codes_are_those_of_the_command_line(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["report", "--data", "no-such-file.csv"]) == 2
    assert "Exit code 0: all good." in section("What a report holds")
