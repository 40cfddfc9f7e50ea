"""The door, workbook.py: with stand-ins for pip and the commands, so that nothing is fetched."""

import ast
import errno
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
import types
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DISK_FULL = "About 1,200 MB are needed"

# A command line of the workbook that says how it was started.
COMMAND = """
import os, sys
print(sys.argv[1:], os.getcwd(), sys.prefix, sys.flags.utf8_mode, sys.flags.safe_path)
sys.exit(2)
"""


@pytest.fixture
def home(tmp_path):
    """A folder as a clone leaves it, under a name that is hard on paths."""
    folder = tmp_path / "a folder 灯笼"
    package = folder / "src" / "helpers"
    package.mkdir(parents=True)
    for name in ("workbook.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    (package / "__init__.py").touch()
    (package / "cli.py").write_text(COMMAND)
    return folder


@pytest.fixture
def door(home):
    """The door of that folder. Its pip succeeds and its commands do nothing; both keep a list of their calls."""
    specification = importlib.util.spec_from_file_location("door", home / "workbook.py")
    door = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(door)
    door.calls = []

    def logged(command):
        door.calls.append(command[1:])
        if "venv" in command:
            make_python(door)
        return 0, "Installing collected packages: pandas\n"

    door.logged = logged
    door.run = lambda command: door.calls.append(command[1:]) or 0
    return door


def make_python(door):
    """An environment that leads to the one that runs the tests, so that it has pip."""
    Path(door.PYTHON).parent.mkdir(parents=True, exist_ok=True)
    Path(door.PYTHON).symlink_to(sys.executable)
    if sys.prefix != sys.base_prefix:
        shutil.copy(Path(sys.prefix, "pyvenv.cfg"), door.ENV)
        Path(door.ENV, "lib").symlink_to(Path(sys.prefix, "lib"))


def kinds(door):
    """What the door did, in short: venv, pip or run."""
    return ["venv" if "venv" in call else "pip" if "pip" in call else "run" for call in door.calls]


def test_first_call_makes_installs_and_runs(door):
    assert door.enter(["report", "--data", "x.csv"]) == 0
    assert kinds(door) == ["venv", "pip", "run"]
    assert door.calls[1][-4:] == ["-c", "constraints.txt", "-e", "."]
    assert door.calls[2] == ["-P", "-m", "helpers.cli", "report", "--data", "x.csv"]


def test_second_call_only_runs(door):
    door.enter(["report"])
    door.calls.clear()
    assert door.enter(["report"]) == 0
    assert kinds(door) == ["run"]


def test_test_command_brings_its_own_packages_once(door):
    door.enter(["report"])
    door.calls.clear()
    door.enter(["test"])
    door.enter(["test"])
    door.enter(["report"])
    assert kinds(door) == ["pip", "run", "run", "run"]
    assert door.calls[0][-1] == ".[test]"


def test_decks_bring_their_own_packages_at_their_first_use(door, capsys):
    door.enter(["report"])
    door.calls.clear()
    door.enter(["slides", "03"])
    door.enter(["slides", "03b", "--out", "slides"])
    assert kinds(door) == ["pip", "run", "run"]
    assert door.calls[0][-1] == ".[deck]"
    assert "Installing what `workbook slides` needs." in capsys.readouterr().err


def test_an_option_brings_its_packages_beside_those_of_its_command(door):
    door.enter(["test"])
    door.calls.clear()
    door.enter(["test", "--browser"])
    door.enter(["test", "-k", "deck", "--browser"])
    door.enter(["test"])
    assert kinds(door) == ["pip", "run", "run", "run"]
    assert door.calls[0][-1] == ".[test,browser]"


def test_a_first_call_with_an_option_brings_everything_at_once(door):
    door.enter(["test", "--browser"])
    door.enter(["test"])
    door.enter(["report"])
    assert kinds(door) == ["venv", "pip", "run", "run", "run"]


def test_every_group_has_a_command_that_installs_it():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert set(load().GROUPS.values()) == set(groups)


def test_help_of_a_command_needs_none_of_its_packages(door):
    door.enter(["report"])
    door.calls.clear()
    door.enter(["slides", "--help"])
    assert kinds(door) == ["run"]


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_dependencies_are_installed_in_place(door, home, name):
    door.enter(["report"])
    door.calls.clear()
    (home / name).write_text((home / name).read_text("utf-8") + "# new\n", "utf-8")
    door.enter(["report"])
    assert kinds(door) == ["pip", "run"]


def test_line_endings_of_windows_are_no_change(door, home):
    before = door.wanted("")
    pins = home / "constraints.txt"
    pins.write_bytes(pins.read_bytes().replace(b"\n", b"\r\n"))
    assert door.wanted("") == before


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["report", "--help"]])
def test_help_before_the_first_call_installs_nothing(door, capsys, arguments):
    assert door.enter(arguments) == 0
    assert door.calls == []
    assert "python workbook.py report" in capsys.readouterr().out


def test_failed_installation_is_told_not_remembered_and_tried_again(door, capsys):
    door.enter(["report"])
    installing, door.logged = door.logged, lambda command: (1, "ERROR: (from versions: none)")
    assert door.enter(["test"]) == 3
    assert "could not be fetched" in capsys.readouterr().err
    door.calls.clear()
    door.logged = installing
    assert door.enter(["report"]) == 0  # what was there before goes on working
    assert door.enter(["test"]) == 0
    assert kinds(door) == ["run", "pip", "run"]


@pytest.mark.parametrize(
    "said, words",
    [
        pytest.param(
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            DISK_FULL,
            id="disk",
        ),
        pytest.param(
            "ERROR: Could not find a version that satisfies the requirement narwhals (from versions: none)\n"
            "ERROR: No matching distribution found for narwhals",
            "no answer from the package index",
            id="offline",
        ),
        pytest.param(
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError('Cannot connect to proxy.')'\n"
            "ERROR: Could not find a version that satisfies the requirement narwhals (from versions: none)",
            "the proxy refused",
            id="proxy",
        ),
        pytest.param(
            "WARNING: Retrying after connection broken by 'SSLError(SSLCertVerificationError(1, "
            "'[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed'))'",
            "PIP_CERT",
            id="certificate",
        ),
        pytest.param(
            "ERROR: Could not find a version that satisfies the requirement pandas==3.1.1 (from versions: 2.2.3)\n"
            "ERROR: No matching distribution found for pandas==3.1.1",
            "does not offer pandas==3.1.1",
            id="mirror-too-old",
        ),
        pytest.param(
            "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'",
            "cannot be written",
            id="not-ours",
        ),
        pytest.param("  ERROR: Failed building wheel for scipy", "no ready-made scipy", id="no-wheel"),
        pytest.param("ERROR: something new\n\n", "something new", id="unknown"),
        pytest.param("", "no message", id="silent"),
    ],
)
def test_troubles_of_pip_are_told_in_words(said, words):
    door = load()
    assert words in door.explain(said)
    assert door.LOG in door.explain(said)


def test_installation_cut_off_while_packages_are_written_starts_afresh(door, capsys):
    installing = door.logged

    def cut_off(command):
        if "pip" in command:
            raise KeyboardInterrupt
        return installing(command)

    door.logged = cut_off
    assert door.enter(["report"]) == 130
    assert "Stopped." in capsys.readouterr().err
    door.logged = installing
    door.calls.clear()
    assert door.enter(["report"]) == 0
    assert kinds(door) == ["venv", "pip", "run"]
    assert "the last installation was cut off" in capsys.readouterr().err


def test_moved_folder_gets_a_new_environment(door, capsys):
    door.enter(["report"])
    inside = Path(door.INSTALLED)
    inside.write_text("elsewhere\n" + "\n".join(inside.read_text("utf-8").splitlines()[1:]), "utf-8")
    Path(door.HOME, "constraints.txt").write_text("", "utf-8")
    door.calls.clear()
    door.enter(["report"])
    assert kinds(door) == ["venv", "pip", "run"]
    assert "the folder was moved" in capsys.readouterr().err


def test_environment_whose_python_is_gone_is_made_again(door):
    door.enter(["report"])
    door.calls.clear()
    os.remove(door.PYTHON)
    door.enter(["report"])
    assert kinds(door) == ["venv", "pip", "run"]


def test_environment_of_an_older_python_is_made_again(door, capsys):
    make_python(door)
    door.OLDEST = (99, 0)
    door.sys = types.SimpleNamespace(**{name: getattr(sys, name) for name in ("executable", "stderr")})
    door.sys.version_info = (99, 1)
    door.enter(["report"])
    assert kinds(door) == ["venv", "pip", "run"]
    assert "its Python is gone or older than 99.0" in capsys.readouterr().err


def test_python_without_ensurepip_names_the_package_to_install(door, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert door.enter(["report"]) == 3
    assert "sudo apt install python3-venv" in capsys.readouterr().err


def test_full_disk_is_seen_before_anything_is_fetched(door, monkeypatch, capsys):
    monkeypatch.setattr(door.shutil, "disk_usage", lambda path: types.SimpleNamespace(free=10**8))
    assert door.enter(["report"]) == 3
    assert door.calls == []
    assert DISK_FULL in capsys.readouterr().err


@pytest.mark.parametrize(
    "number, words",
    [
        pytest.param(errno.EROFS, "cannot be written", id="read-only"),
        pytest.param(errno.EACCES, "cannot be written", id="forbidden"),
        pytest.param(errno.ENOSPC, DISK_FULL, id="disk"),
        pytest.param(errno.EIO, "Input/output error", id="other"),
    ],
)
def test_troubles_of_the_disk_are_told_in_words(door, monkeypatch, capsys, number, words):
    def refuse(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(door.os, "makedirs", refuse)
    assert door.enter(["report"]) == 3
    assert words in capsys.readouterr().err


def test_two_calls_at_once_take_turns(door, monkeypatch, capsys):
    os.makedirs(door.ENV)
    first = open(door.LOCK, "a")
    assert not door.is_taken(first)
    monkeypatch.setattr(door.time, "sleep", lambda seconds: first.close())
    assert door.enter(["report"]) == 0
    assert "Another call is making the environment" in capsys.readouterr().err


def test_settings_of_other_pythons_do_not_reach_pip_or_the_command(door, monkeypatch):
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_REQUIRE_VIRTUALENV", "PIP_USER"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("PIP_INDEX_URL", "kept")
    seen = door.environment()
    assert not {"PYTHONHOME", "PIP_TARGET", "PIP_REQUIRE_VIRTUALENV"} & set(seen)
    assert (seen["PIP_USER"], seen["PIP_INDEX_URL"], seen["PYTHONUTF8"]) == ("0", "kept", "1")
    assert seen["PYTHONPATH"] == os.path.join(door.HOME, "src")


@pytest.mark.parametrize("version", [(2, 7), (3, 10)])
def test_old_python_is_refused_in_one_sentence(door, capsys, version):
    door.sys = types.SimpleNamespace(version_info=version, stderr=sys.stderr)
    assert door.enter(["report"]) == 3
    assert capsys.readouterr().err == (
        f"Error: This is Python {version[0]}.{version[1]}; the workbook needs Python 3.11 or newer. "
        "Install one and call it by its name, for example: python3.11 workbook.py report\n"
    )


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.10"])
def test_old_pythons_of_this_machine_read_the_door(version):
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    python = str(kept[-1]) if kept else shutil.which(f"python{version}")
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    done = subprocess.run([python, ROOT / "workbook.py", "report"], capture_output=True, text=True)
    assert (done.returncode, done.stderr[:22]) == (3, f"Error: This is Python {version}"[:22])


def test_syntax_is_that_of_old_pythons():
    tree = ast.parse((ROOT / "workbook.py").read_text("ascii"), feature_version=(3, 7))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef, ast.Nonlocal)
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, newer)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not [f.name for f in functions if f.returns or f.args.kwonlyargs or any(a.annotation for a in f.args.args)]


def test_door_needs_the_standard_library_alone():
    tree = ast.parse((ROOT / "workbook.py").read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= set(sys.stdlib_module_names)


def test_log_keeps_what_pip_says(home):
    door = load(home)
    os.makedirs(door.ENV)
    status, printed = door.logged([sys.executable, "-c", "print('Collecting pandas'); import sys; sys.exit(1)"])
    assert (status, printed.split()) == (1, ["Collecting", "pandas"])
    assert Path(door.LOG).read_text("utf-8") == printed


def test_command_runs_in_the_environment_where_it_was_called(home, tmp_path):
    door = load(home)
    venv.create(door.ENV, with_pip=False, symlinks=os.name != "nt")
    door.write(door.INSTALLED, "\n".join([door.HOME, door.wanted("")]))
    done = subprocess.run(
        [sys.executable, home / "workbook.py", "report", "--out", "灯"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stdout.strip() == f"['report', '--out', '灯'] {tmp_path} {door.ENV} 1 True"
    assert (done.returncode, done.stderr) == (2, "")


def load(home=ROOT):
    """The door of a folder, with nothing replaced."""
    specification = importlib.util.spec_from_file_location("door", Path(home) / "workbook.py")
    door = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(door)
    return door
