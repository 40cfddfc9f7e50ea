import os
import sys
import time

import pytest

from helpers.reports import run
from helpers.reports.run import Failed, Kernel, Kernels, imports_of


@pytest.fixture
def go(tmp_path, make):
    """Run the sources of cells and give the outputs."""

    def go(*sources, parameters=None, **arguments):
        cells = [make.code("x: int = 1  # a number", "parameters"), *map(make.code, sources)]
        return run.run(make.notebook(*cells), parameters or {}, kernel=Kernel(tmp_path), **arguments)

    return go


def printed(done):
    return "".join(
        output.text for cell in done.notebook.cells for output in cell.get("outputs", []) if "text" in output
    )


def test_a_notebook_runs_in_this_interpreter_with_its_parameters(go, tmp_path):
    done = go("import sys, os\nprint(sys.executable)\nprint(os.getcwd())\nprint(x)", parameters={"x": 5})
    assert printed(done).splitlines() == [sys.executable, str(tmp_path / "desk"), "5"]
    assert set(done.seconds) == {"wait", "run"}


def test_papermill_leaves_no_trace(go):
    done = go("print(1)", parameters={"x": 5})
    assert "papermill" not in done.notebook.metadata
    assert not any(set(cell.metadata) & {"papermill", "execution"} for cell in done.notebook.cells)


def test_nothing_of_the_users_own_setup_is_in_the_kernel(go, tmp_path, monkeypatch):
    startup = tmp_path / "home" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("mine = 1", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "home"))
    source = "ip = get_ipython()\nprint('mine' in globals(), ip.history_manager.enabled, len({'a', 'b'} and 'ab'))"
    assert printed(go(source)) == "False False 2\n"


def test_a_file_beside_the_notebook_is_not_imported(go, tmp_path):
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "json.py").write_text("raise RuntimeError", encoding="utf-8")
    assert printed(go("import json\nprint(json.dumps(1))")) == "1\n"


@pytest.mark.parametrize(
    "source, sentence, detail",
    [
        pytest.param("1 / 0", "stopped with an error of the program", "ZeroDivisionError", id="error"),
        pytest.param(
            "from helpers.errors import DataError\nraise DataError('The cuts cross. Give rising cuts.')",
            "^The cuts cross. Give rising cuts.$",
            "DataError",
            id="refused",
        ),
        pytest.param("import os; os._exit(3)", "ended unexpectedly", "Kernel died", id="death"),
        pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "ended unexpectedly", "", id="killed"),
        pytest.param("import time; time.sleep(60)", "took longer than 0.0167 minutes", "timed out", id="slow"),
        pytest.param("while True: print('x' * 1000)", "printed more than", "", id="endless"),
    ],
)
def test_a_failure_is_one_sentence_and_its_details(go, monkeypatch, source, sentence, detail):
    monkeypatch.setattr(run, "OUTPUT_LIMIT", 3_000_000)
    with pytest.raises(Failed, match=sentence) as caught:
        go(source, cell_seconds=1 if "sleep" in source else 60)
    assert detail in caught.value.details
    assert "\x1b" not in caught.value.details


def test_the_next_kernel_boots_while_the_last_one_works(tmp_path, make):
    notebook = make.notebook(make.code("import json, sys\nprint('decimal' in sys.modules)"))
    with Kernels(tmp_path, ["import decimal"] * 2) as kernels:
        first = kernels.take()
        kernels.warm()
        second = kernels.take()
        processes = [kernel.manager.provisioner.process for kernel in (first, second)]
        for kernel in (first, second):
            assert printed(run.run(notebook, {}, kernel=kernel)) == "True\n"
    assert all(process.poll() is not None for process in processes)


def test_kernels_end_with_their_context_whatever_happens(tmp_path):
    with pytest.raises(KeyboardInterrupt), Kernels(tmp_path, ["", ""]) as kernels:
        process = kernels.take().manager.provisioner.process
        kernels.warm()
        spare = kernels._spare.manager.provisioner.process
        raise KeyboardInterrupt
    deadline = time.monotonic() + 5
    while (process.poll() is None or spare.poll() is None) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert process.poll() is not None
    assert spare.poll() is not None


def test_a_kernel_needs_no_port(tmp_path):
    kernel = Kernel(tmp_path)
    kernel.stop()
    assert kernel.manager.transport == ("ipc" if os.name == "posix" else "tcp")
    assert not kernel._door.exists()


def test_imports_are_found_at_the_top_level_of_cells(make):
    notebook = make.notebook(
        make.prose("import this"),
        make.code("import a.b as c\nfrom d import e\nif True:\n    import f"),
        make.code("%magic"),
        make.code("import g"),
    )
    assert imports_of(notebook).splitlines() == ["import a.b as c", "from d import e", "import g"]
