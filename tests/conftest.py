import hashlib
import os
import pickle
from functools import cached_property
from pathlib import Path

import pytest
from hypothesis import settings

from helpers.places import HOME

FRANCE = HOME.parent / "shared" / "data" / "online_retail_france.csv"

# Examples are drawn the same way each time, and a slow machine is no failure.
settings.register_profile("workbook", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("workbook")


def pytest_addoption(parser):
    parser.addoption("--browser", action="store_true", help="also run the tests that drive Chromium")


def pytest_collection_modifyitems(config, items):
    # The longest file first: begun last, it would run alone at the end while the other cores wait.
    items.sort(key=lambda item: item.path.name != "test_notebooks.py")
    if config.getoption("--browser"):
        return
    skip = pytest.mark.skip(reason="drives a browser; to run it: python workbook.py test --browser")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


def kept_in(folder, name, make):
    """What another test of this run has made already, or what `make` gives; the bytes are read anew, so nobody changes another's."""
    file = folder / name
    if file.is_file():
        return pickle.loads(file.read_bytes())
    made = make()
    part = file.with_suffix(f".{os.getpid()}")
    part.write_bytes(pickle.dumps(made, protocol=5))
    part.replace(file)
    return made


@pytest.fixture(scope="session", autouse=True)
def lived_once(tmp_path_factory):
    """A simulated company that several tests need is lived once in a run, by whichever worker comes first, and read by the others.

    Its history and its tables go to a folder of this run, by all that they depend on. With `lived_anew` nothing is remembered.
    """
    from helpers.simulate import world

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "lived"
    folder.mkdir(exist_ok=True)

    def kept(name: str, make):
        return make() if _ANEW else kept_in(folder, name, make)

    def key(one) -> str:
        plant = sorted((name, str(site)) for name, site in one.stories.plant.items())
        whole = (one.seed, one.customers, sorted(one.stories.on), plant, one.played, one.repairs, one.luck)
        return hashlib.sha256(repr(whole).encode()).hexdigest()[:24]

    live, frame = world.World.__dict__["history"].func, world._Frames.__missing__

    def history(self):
        made = kept(key(self), lambda: live(self))
        # Frames find their file by the company's key.
        object.__setattr__(made, "kept_as", key(self))
        return made

    def missing(self, name):
        as_ = getattr(self._history, "kept_as", "")
        if not as_ or world.BUILDERS[name].__module__ not in _SIMULATOR:
            return frame(self, name)
        self[name] = kept(f"{as_}.{name}", lambda: world.BUILDERS[name](self._history))
        return self[name]

    remembered = cached_property(history)
    remembered.__set_name__(world.World, "history")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.World, "history", remembered)
        patch.setattr(world._Frames, "__missing__", missing)
        # Programs that the tests start keep the sample company there, too.
        patch.setenv("WORKBOOK_KEPT", str(folder / "kept"))
        yield folder


@pytest.fixture(scope="module")
def lived_anew():
    """In a module that asks for it every company is lived, whoever has lived it before."""
    _ANEW.append(True)
    yield
    _ANEW.pop()


_ANEW: list[bool] = []
_SIMULATOR = {f"helpers.simulate.{path.stem}" for path in (Path(__file__).parents[1] / "src" / "helpers" / "simulate").glob("*.py")}


@pytest.fixture(scope="session")
def sample_company(lived_once):
    """Lantern Home, read as a team's export is, once in a run."""

    from helpers.data import load

    return kept_in(lived_once, "sample company", load)


@pytest.fixture(scope="session")
def company_of(tmp_path_factory, lived_once):
    """Another simulated company with the settings of `simulate.company`, saved and read again; each once in a run."""

    from helpers import simulate
    from helpers.data import load

    def make(**settings):
        folder = tmp_path_factory.mktemp("another") / "company"

        def read():
            simulate.company(**settings).save(folder)
            return load(folder)

        stated = sorted((name, sorted(map(str, value.items())) if isinstance(value, dict) else str(value)) for name, value in settings.items())
        return kept_in(lived_once, f"company {hashlib.sha256(repr(stated).encode()).hexdigest()[:24]}", read)

    return make


@pytest.fixture(scope="session")
def france():
    """The public Online Retail data, France: an order file alone."""

    from helpers.data import load

    if not FRANCE.is_file():
        pytest.skip("the Online Retail lines of France are not here")
    return load(FRANCE, mapping=HOME / "data" / "mappings" / "online_retail.toml")


@pytest.fixture(scope="session")
def workings_of():
    """The exercises of a module, worked out on a company."""

    from helpers.teaching.exercises import exercises_of
    from helpers.teaching.marking import Workings

    def make(module, company, **settings):
        made = Workings(exercises_of(module))
        made.offer(**module.inputs(company, as_of=company.as_of, **settings))
        return made

    return make
