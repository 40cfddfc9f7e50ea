import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest

from helpers import cli
from helpers.errors import DataError
from helpers.places import HOME
from helpers.reports import build

COMMANDS = ["check", "collect", "doctor", "game", "guide", "index", "key", "lab", "map", "mine", "report", "simulate", "slides", "test"]


@pytest.fixture
def run(capsys):
    """Run the command line in this process: exit code, standard output, standard error."""

    def run(*arguments):
        code = cli.main(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def built(monkeypatch, tmp_path):
    """What `workbook report` asked for; the work itself is not done."""
    asked = {}

    def fake(**arguments):
        asked.update(arguments)
        arguments["say"]("Reading the data")
        failures = (("04", "It stopped."),) if arguments["lessons"] == "04" else ()
        return build.Outcome(tmp_path / "out", 1 if failures else 0, "3 lines: 3 used.", failures)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(build, "build", fake)
    return asked


def raising(error):
    def fail(**arguments):
        raise error

    return fail


def test_every_command_has_help_with_an_example(run):
    code, out, _ = run("--help")
    assert code == 0
    assert re.findall(r"^  (\w+)  ", out.partition("Commands:")[2], flags=re.M) == [
        "report", "check", "map", "simulate", "slides", "key", "guide", "game", "index", "mine", "collect", "test", "lab", "doctor",
    ]  # fmt: skip
    assert "..." not in out.partition("Commands:")[2]
    for command in COMMANDS:
        code, out, _ = run(command, "--help")
        assert code == 0
        assert f"Example: workbook {command}" in " ".join(out.split())
        described = out.partition("Options:")[2]
        assert all(
            re.search(r"  \S+.*  \w", line)
            for line in described.splitlines()
            if line.startswith("  --") and len(line) > 20
        )


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_names_every_command(command):
    readme = (HOME / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"workbook(\.py)? {command}\b", readme)


def test_results_go_to_standard_output_and_messages_to_standard_error(run, built):
    code, out, err = run("report")
    assert code == 0
    assert out == "3 lines: 3 used.\nWrote out/index.html\n"
    assert err == "Reading the data\n"


def test_every_option_of_a_report_arrives(run, built):
    run(
        *"report --data a.csv --map a.toml --lessons 03 --previous may --out june --as-of 2026-06-30".split(),
        *"--set a=1 --set b=2 --all-sections".split(),
    )
    del built["say"]
    assert built == {
        "data": "a.csv",
        "mapping": "a.toml",
        "lessons": "03",
        "previous": "may",
        "out": "june",
        "as_of": "2026-06-30",
        "settings": ["a=1", "b=2"],
        "beyond_core": True,
    }


def test_a_failed_lesson_is_exit_code_1_and_named(run, built):
    code, _, err = run("report", "--lessons", "04")
    assert code == 1
    assert "Lesson 04 failed: It stopped. See out/log.txt." in err


def test_refused_input_is_exit_code_2_and_one_sentence(run, monkeypatch):
    monkeypatch.setattr(build, "build", raising(DataError("orders.csv is empty. Export it again.")))
    assert run("report") == (2, "", "Error: orders.csv is empty. Export it again.\n")


def test_an_unknown_lesson_is_refused(run, tmp_path):
    code, out, err = run("report", "--lessons", "4b", "--out", str(tmp_path / "out"))
    assert (code, out) == (2, "")
    assert err.startswith("Error: there is no lesson '4b'. Lessons: ")


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["reprot"], "Did you mean 'report'?"),
        (["report", "--dta", "x"], "--data"),
        (["report", "--set"], "requires an arg"),
    ],
)
def test_a_mistyped_command_is_exit_code_2_and_says_what_was_meant(run, arguments, message):
    code, _, err = run(*arguments)
    assert code == 2
    assert message in err


def test_an_interruption_is_exit_code_130(run, monkeypatch):
    monkeypatch.setattr(build, "build", raising(KeyboardInterrupt()))
    assert run("report") == (130, "", "Interrupted. Nothing half-finished was left behind.\n")


def test_a_full_disk_is_said_in_words(run, monkeypatch):
    monkeypatch.setattr(build, "build", raising(OSError(errno.ENOSPC, "No space left on device")))
    code, _, err = run("report")
    assert code == 2
    assert "the disk is full" in err


def test_a_fault_of_the_program_is_one_sentence_with_the_traceback_in_a_file(run, monkeypatch):
    monkeypatch.setattr(build, "build", raising(ZeroDivisionError("secret")))
    code, _, err = run("report")
    assert code == 1
    assert "Traceback" not in err
    assert "secret" not in err
    log = Path(re.search(r"details are in (\S+\.log)\.", err)[1])
    assert "ZeroDivisionError: secret" in log.read_text(encoding="utf-8")
    log.unlink()


def test_with_debug_the_traceback_is_shown(run, monkeypatch):
    monkeypatch.setattr(build, "build", raising(ZeroDivisionError("secret")))
    monkeypatch.delenv("WORKBOOK_DEBUG", raising=False)
    _, _, err = run("--debug", "report")
    monkeypatch.delenv("WORKBOOK_DEBUG")
    assert "Traceback" in err
    Path(re.search(r"details are in (\S+\.log)\.", err)[1]).unlink()


def fake_module(monkeypatch, name, **functions):
    module = types.ModuleType(name)
    for key, value in functions.items():
        setattr(module, key, value)
    monkeypatch.setitem(sys.modules, name, module)


def test_check_and_map_pass_on_what_they_get(run, monkeypatch):
    asked = []
    fake_module(monkeypatch, "helpers.data.check", check=lambda *given: asked.append(given) or 0)
    fake_module(monkeypatch, "helpers.data.draft", map_command=lambda *given: asked.append(given) or 2)
    given = ["a.csv", "--map", "a.toml", "--as-of", "2026-06-30", "--rejects", "r.csv"]
    assert run("check", *given)[0] == 0
    assert run("map", "a.csv", "--out", "a.toml")[0] == 2
    assert asked == [("a.csv", "a.toml", "2026-06-30", "r.csv"), ("a.csv", "a.toml")]


def test_simulate_passes_on_what_it_gets(run, monkeypatch):
    asked = {}
    fake_module(monkeypatch, "helpers.simulate.command", simulate=lambda **given: asked.update(given) or 0)
    run(*"simulate --out next --from data --advance 1q --actions a.csv --seed 5 --truth --repairs installers".split())
    assert asked == {
        "out": "next",
        "start": "data",
        "advance": "1q",
        "actions": "a.csv",
        "seed": 5,
        "truth": True,
        "stories": "all",
        "repairs": "installers",
    }


def test_the_options_of_simulate_are_those_of_the_simulator():
    import inspect

    from helpers.simulate.command import simulate

    assert {"out", "stories", "advance", "actions", "start", "truth", "seed", "customers", "repairs"} <= set(
        inspect.signature(simulate).parameters
    )


def test_test_runs_pytest_and_passes_on_the_rest(run, monkeypatch):
    commands = []
    monkeypatch.setattr(cli, "_run", lambda command, *, cwd: commands.append((command, cwd)) or 5)
    assert run("test", "-k", "ledger", "--lf")[0] == 5
    assert commands == [([sys.executable, "-m", "pytest", "-k", "ledger", "--lf"], HOME)]


def test_the_whole_run_shares_the_work_between_cores(run, monkeypatch):
    commands = []
    monkeypatch.setattr(cli, "_run", lambda command, *, cwd: commands.append(command[3:]) or 0)
    run("test")
    run("test", "--browser")
    shared = ["-n", "logical", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder"]
    assert commands == [shared, ["--browser", *shared]]


def test_tests_in_a_browser_are_asked_for_by_an_option(run, monkeypatch):
    commands = []
    monkeypatch.setattr(cli, "_run", lambda command, *, cwd: commands.append(command) or 0)
    run("test", "--browser", "-k", "deck")
    run("test", "-k", "deck", "--browser")
    assert [command[3:] for command in commands] == [["--browser", "-k", "deck"]] * 2


def test_without_pytest_the_way_to_it_is_said(run, monkeypatch):
    monkeypatch.setattr(cli, "_installed", lambda name: False)
    code, _, err = run("test")
    assert code == 2
    assert "python workbook.py test" in err


def test_lab_opens_the_lessons_and_calls_nobody(run, monkeypatch):
    commands = []
    monkeypatch.setattr(cli, "_run", lambda command, *, cwd: commands.append(command) or 0)
    run("lab", "--no-browser")
    assert commands[0][:3] == [sys.executable, "-m", "jupyterlab"]
    assert commands[0][-1] == "--no-browser"
    assert any(re.search(r"default_url=/lab/tree/notebooks/00a_orientation_first_hour\.ipynb$", part) for part in commands[0])
    given = dict(part[2:].split("=", 1) for part in cli.LAB_OPTIONS)

    import jupyterlab
    from jupyterlab.labapp import LabApp

    assert given["LabApp.check_for_updates_class"] == f"jupyterlab.{jupyterlab.NeverCheckForUpdate.__name__}"
    assert given["LabApp.news_url"] == "None"
    assert LabApp.news_url.allow_none
    assert given["LabApp.extension_manager"] in LabApp.extension_manager.help


def test_doctor_says_what_is_there(run):
    code, out, _ = run("doctor")
    assert code == 0
    assert re.search(r"^needed: pandas 3", out, flags=re.M)
    assert "All is well." in out


def test_doctor_says_what_is_missing(run, monkeypatch):
    monkeypatch.setattr(
        cli, "_requirements", lambda: {"needed": ({"pandas": None, "rich": "15"}, "python workbook.py doctor")}
    )
    monkeypatch.setattr(cli, "_can_write", lambda folder: None)
    code, out, err = run("doctor")
    assert code == 1
    assert "needed: missing pandas" in out
    assert "1 package is missing; this folder cannot be written" in err


def test_doctor_says_how_every_group_is_installed(run, monkeypatch):
    from importlib import metadata

    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    code, out, _ = run("doctor")
    ways = dict(re.findall(r"^(\w+): missing .* \(installed by: python workbook\.py (.+)\)$", out, flags=re.M))
    assert ways == {"needed": "doctor", "test": "test", "browser": "test --browser", "deck": "slides 03"}


COURSE = {
    "title": "Who is worth what?",
    "question": "Whom?",
    "minutes": 20,
    "decision": "Whom to call.",
    "tables": [],
    "objectives": [],
}


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A folder of lessons and one of cases, each with one notebook of one slide."""
    from helpers.teaching import forms

    cells = [{"cell_type": "markdown", "metadata": {"tags": ["slide"]}, "source": "## One"}]
    notebook = {"cells": cells, "metadata": {"lesson": COURSE}, "nbformat": 4, "nbformat_minor": 5}
    folders = {"notebooks": "03a_tiny_value", "casebook": "03_tiny"}
    for folder, name in folders.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    given = {folder: tmp_path / folder for folder in folders}
    chosen = forms.chosen
    monkeypatch.setattr(forms, "chosen", lambda wanted: chosen(wanted, **given))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_slides_writes_the_decks_of_a_lesson_and_its_cases(run, course):
    code, out, err = run("slides", "03", "--out", "decks")
    assert code == 0
    # A title, a slide and an end of one, one and two minutes.
    assert out == (
        "Wrote decks/03a_tiny_value_slides.html: 3 slides, 4 minutes\n"
        "Wrote decks/03_tiny_cases_slides.html: 3 slides, 4 minutes\n"
    )
    assert err == (
        "Note: 03a, slide 2 (One) has no notes for the instructor.\n"
        "Note: 03-cases, slide 2 (One) has no notes for the instructor.\n"
    )
    assert len(list((course / "decks").iterdir())) == 2


@pytest.mark.parametrize("command", ["slides", "key"])
@pytest.mark.parametrize(
    "arguments, message",
    [
        (["9"], "Error: there is no lesson '9'. Lessons: 03a (tiny value), 03-cases (tiny)."),
        (["03a,9"], "Error: there is no lesson '9'."),
        (["03a", "--out", "notebooks/03a_tiny_value.ipynb"], "is a file, not a folder"),
        ([], "Missing argument"),
    ],
)
def test_slides_and_key_refuse_what_is_not_there_and_write_nothing(run, course, command, arguments, message):
    code, out, err = run(command, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert sorted(path.name for path in course.iterdir()) == ["casebook", "notebooks"]


def test_an_unknown_path_through_a_lesson_is_refused(run, course):
    code, _, err = run("slides", "03a", "--path", "long")
    assert (code, err) == (2, "Error: there is no path 'long'. Paths: core, full.\n")


@pytest.fixture
def keys(monkeypatch, course):
    """What `workbook key` asked for; of the lessons the cases fail."""
    from helpers.teaching import key

    asked = {}

    def fake(lessons, **arguments):
        asked.update(arguments)
        arguments["say"]("Working")
        return [key.Key(one, "page" if one.id == "03a" else "", "It stopped.") for one in lessons]

    monkeypatch.setattr(key, "make", fake)
    return asked


def test_key_writes_what_could_be_made_and_names_what_could_not(run, course, keys):
    code, out, err = run("key", "03", "--out", "keys", "--data", "a.csv", "--map", "a.toml")
    assert (code, out) == (1, "Wrote keys/03a_tiny_value_key.html\n")
    assert err == "Working\nLesson 03-cases failed: It stopped.\n"
    assert (keys["data"], keys["mapping"]) == ("a.csv", "a.toml")
    assert [path.read_text() for path in (course / "keys").iterdir()] == ["page"]


def test_a_key_that_was_made_is_exit_code_0(run, course, keys):
    assert run("key", "03a")[:2] == (0, "Wrote key/03a_tiny_value_key.html\n")


def test_importing_the_command_line_loads_nothing_heavy():
    script = "import sys, helpers.cli; print(sorted({'pandas', 'numpy', 'matplotlib', 'rich', 'IPython'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_output_is_utf8_whatever_the_console_is_set_to():
    script = "from helpers import cli; cli._speak_utf8(); print('七号店 ¥5')"
    environment = dict(os.environ, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, env=environment)
    assert done.stdout.decode("utf-8").strip() == "七号店 ¥5"


@pytest.mark.skipif(os.name == "nt", reason="a pipe there ends in another way")
def test_a_reader_who_has_seen_enough_hears_no_complaint():
    command = f"{sys.executable} -m helpers.cli doctor | head -n 0"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_report_that_is_ended_leaves_neither_files_nor_kernels(tmp_path, name):
    command = [sys.executable, "-m", "helpers.cli", "report", "--lessons", "03a", "--out", str(tmp_path / "out")]
    environment = dict(os.environ, TMPDIR=str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment) as process:
        for line in process.stderr:
            if "calculating" in line:
                time.sleep(0.3)
                process.send_signal(getattr(signal, name))
                break
        rest = process.stderr.read()
    # Python ends itself by the signal if it came inside an exec of a string, as dataclasses do; a shell says 130 to both.
    assert process.returncode in (130, -signal.SIGINT)
    assert "Interrupted." in rest
    assert "Traceback" not in rest
    assert [path.name for path in tmp_path.iterdir()] == ["tmp"]
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.slow
def test_a_report_on_the_sample_company_from_door_to_door(tmp_path):
    command = [sys.executable, "-m", "helpers.cli", "report", "--lessons", "03a", "--out", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Wrote out/index.html\n")
    assert "Report date:" in done.stderr
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*")}
    assert {
        "index.html",
        "03a_segmentation_value.html",
        "actions/monday.xlsx",
        "customers.csv",
        "manifest.json",
    } <= names
    page = (tmp_path / "out" / "03a_segmentation_value.html").read_text(encoding="utf-8")
    images = re.findall(r"<img [^>]*>", page)
    assert images
    assert all(re.search(r' alt="[^"]{20,}"', image) for image in images)
