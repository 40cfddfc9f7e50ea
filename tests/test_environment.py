"""The four files that say what must be installed, kept in step."""

import importlib.util
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PINS = (ROOT / "constraints.txt").read_text("utf-8").splitlines()

# conda-forge's own names; all others are the same there.
CONDA_NAMES = {"duckdb": "python-duckdb", "pandera[pandas]": "pandera-pandas"}
# Not on conda-forge, or not in a release that runs here: pip brings them, with the package itself.
FROM_PIP = {"lifetimes", "sphinx-revealjs"}


def conda_names():
    """What environment.yml asks conda for, without Python and pip; and what it asks pip for."""
    listed = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    names = {item for item in listed if isinstance(item, str) and not re.match(r"(python|pip)\b(?!-)", item)}
    (pip,) = (item["pip"] for item in listed if isinstance(item, dict))
    return names, pip


def conda_name(requirement):
    parsed = Requirement(requirement)
    name = parsed.name + (f"[{','.join(sorted(parsed.extras))}]" if parsed.extras else "")
    return CONDA_NAMES.get(name, name) + str(parsed.specifier)


def test_conda_installs_the_same_dependencies():
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    names, pip = conda_names()
    assert {frozenset(re.split(r"(?=[<>=])|,", name)) for name in names} == {
        frozenset(re.split(r"(?=[<>=])|,", conda_name(item))) for item in wanted if item not in FROM_PIP
    }
    assert pip == ["-e .[test]"]


def test_python_floor_is_the_same_everywhere():
    specification = importlib.util.spec_from_file_location("door", ROOT / "workbook.py")
    door = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(door)
    floor = "{}.{}".format(*door.OLDEST)
    assert PROJECT["requires-python"] == f">={floor}"
    assert f"- python>={floor}\n" in (ROOT / "environment.yml").read_text("utf-8")
    assert f"Python {floor} or newer" in (ROOT / "README.md").read_text("utf-8")
    assert "({}, {})".format(*door.OLDEST) in (ROOT / ".ci" / "run").read_text("utf-8")


def pins():
    """Name: the pinned requirements of that name, one a line of constraints.txt."""
    found = {}
    for line in PINS:
        found.setdefault(canonicalize_name(Requirement(line).name), []).append(Requirement(line))
    return found


@pytest.mark.parametrize("file", ["constraints.txt", "benchmarks/peers.txt"])
def test_pins_are_exact_and_without_addresses(file):
    lines = (ROOT / file).read_text("utf-8").splitlines()
    assert not [line for line in lines if not re.fullmatch(r"[a-z0-9.-]+==[\w.]+( ; [^@#]+)?", line)]
    assert not [line for line in lines if "://" in line]


def test_every_package_that_may_be_installed_here_is_pinned():
    pinned, seen, unpinned = pins(), set(), set()
    groups = PROJECT["optional-dependencies"].values()
    open_ones = [(line, "") for line in (*PROJECT["dependencies"], *(line for group in groups for line in group))]
    while open_ones:
        line, extra = open_ones.pop()
        requirement = Requirement(line)
        if (line, extra) in seen or (requirement.marker and not requirement.marker.evaluate({"extra": extra})):
            continue
        seen.add((line, extra))
        here = [
            pin
            for pin in pinned.get(canonicalize_name(requirement.name), [])
            if pin.marker is None or pin.marker.evaluate()
        ]
        if len(here) != 1 or not requirement.specifier.contains(next(iter(here[0].specifier)).version):
            unpinned.add(line)
        try:
            further = metadata.requires(requirement.name) or []
        except metadata.PackageNotFoundError:  # a group that is not installed in this environment
            continue
        open_ones += [(line, wanted) for line in further for wanted in ("", *requirement.extras)]
    assert unpinned == set()
    assert len(seen) > len(PROJECT["dependencies"])


def test_build_needs_one_pinned_package():
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]
    assert [str(Requirement(item).specifier)[:2] for item in build["requires"]] == ["=="]
