"""Run a stripped notebook with papermill, in a kernel of this very interpreter."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import logging
import os
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.reports.kernel import IMPORTS
from helpers.reports.loading import without_slow_imports

CELL_SECONDS = 900
START_SECONDS = 120
# A cell that prints without end would fill this process, not its own.
OUTPUT_LIMIT = 50_000_000


class Failed(Exception):
    """A notebook did not run to its end.

    Attributes
    ----------
    sentence : str
        What happened and what to do, for a manager.
    details : str
        The traceback, for the log.
    refused : bool
        Whether the notebook refused its input (a DataError), in its own words.
    """

    def __init__(self, sentence: str, details: str = "", *, refused: bool = False) -> None:
        super().__init__(sentence)
        self.sentence, self.details, self.refused = sentence, details, refused


class Kernel:
    """A kernel that boots while something else is done.

    Parameters
    ----------
    work : Path
        A folder for IPython's files and the kernel's log.
    imports : str
        Import statements, run before the kernel answers.
    """

    def __init__(self, work: Path, *, imports: str = "") -> None:
        from jupyter_client.kernelspec import KernelSpec
        from jupyter_client.manager import AsyncKernelManager

        # An empty folder of its own: a notebook that writes beside itself does no harm.
        desk = work / "desk"
        desk.mkdir(parents=True, exist_ok=True)
        # Short: the path of a socket has little more than a hundred characters.
        self._door = Path(tempfile.mkdtemp(prefix="wb-"))
        self.log = work / f"kernel-{self._door.name}.log"
        self._log = self.log.open("wb")
        # Without a port where that is possible: nobody else can listen, and no two kernels can collide.
        by_file = os.name == "posix" and len(str(self._door)) < 80
        self.manager = AsyncKernelManager(
            kernel_name="workbook",
            connection_file=str(self._door / "kernel.json"),
            transport="ipc" if by_file else "tcp",
        )
        # -P: a file pandas.py in the current folder must not become pandas.
        command = [sys.executable, "-P", "-m", "helpers.reports.kernel", "-f", "{connection_file}"]
        self.manager._kernel_spec = KernelSpec(argv=command, display_name="workbook", language="python")
        start = self.manager.start_kernel(
            cwd=str(desk), env=_environment(work, imports), stdout=self._log, stderr=self._log
        )
        # Sockets of zmq want this loop; on Windows it is not the usual one.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(_finished(start))

    def kill(self) -> None:
        """End the kernel's process, whatever it is doing."""
        process = getattr(self.manager.provisioner, "process", None)
        if process is not None and process.poll() is None:
            with contextlib.suppress(OSError):
                process.kill()
            process.wait()

    def stop(self) -> None:
        """End the process and remove what it needed, but for its log."""
        self.kill()
        self._log.close()
        # A kernel that no notebook used has sockets that nobody else closes.
        with contextlib.suppress(Exception):
            self.manager._close_control_socket()
            self.manager.context.destroy(linger=0)
        shutil.rmtree(self._door, ignore_errors=True)


class Kernels:
    """Kernels for several notebooks, the next one always booting while the last one works."""

    def __init__(self, work: Path, imports: list[str]) -> None:
        self._work, self._imports = work, list(imports)
        self._spare: Kernel | None = None
        self._taken: list[Kernel] = []

    def __enter__(self) -> Kernels:
        self.warm()
        return self

    def __exit__(self, *_: object) -> None:
        for kernel in filter(None, [*self._taken, self._spare]):
            kernel.stop()

    def warm(self) -> None:
        """Let the next kernel boot, if there is a notebook that needs one."""
        if self._spare is None and self._imports:
            self._spare = Kernel(self._work, imports=self._imports.pop(0))

    def take(self) -> Kernel:
        self.warm()
        kernel, self._spare = self._spare, None
        if kernel is None:
            kernel = Kernel(self._work)
        self._taken.append(kernel)
        return kernel


@dataclass
class Run:
    """A notebook that ran: its outputs, and how long the parts took."""

    notebook: Any
    seconds: dict[str, float] = field(default_factory=dict)


def imports_of(notebook: dict[str, Any]) -> str:
    """The import statements at the top level of a notebook's cells, one a line.

    >>> imports_of({"cells": [{"cell_type": "code", "source": "import numpy as np\\nx = 1"}]})
    'import numpy as np'
    """
    statements = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = cell["source"]
        try:
            body = ast.parse("".join(source)).body
        except SyntaxError:
            continue
        statements += [ast.unparse(line) for line in body if isinstance(line, (ast.Import, ast.ImportFrom))]
    return "\n".join(statements)


def run(
    notebook: dict[str, Any],
    parameters: dict[str, Any],
    *,
    kernel: Kernel,
    cell_seconds: float = CELL_SECONDS,
) -> Run:
    """Run a notebook and give it back with its outputs.

    Parameters
    ----------
    notebook : dict
        As `strip.strip` gives it.
    parameters : dict
        Values that replace those of the parameters cell.
    kernel : Kernel
        Used up by the run: it is ended in any case.
    cell_seconds : float
        How long one cell may take.

    Raises
    ------
    Failed
        If a cell raises, takes too long, prints without end, or the kernel dies.
    """
    with without_slow_imports():
        import nbformat
        import papermill
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
        from papermill.exceptions import PapermillException, PapermillExecutionError

    _register()
    node = nbformat.from_dict(notebook)
    nbformat.validator.normalize(node)
    node.metadata["kernelspec"] = {"name": "workbook", "display_name": "workbook", "language": "python"}
    facts: dict[str, Any] = {}
    began = time.perf_counter()
    try:
        with _quiet():
            done = papermill.execute_notebook(
                node,
                None,
                parameters=parameters,
                engine_name="workbook",
                kernel_name="workbook",
                language="python",
                progress_bar=False,
                start_timeout=START_SECONDS,
                execution_timeout=cell_seconds,
                kernel=kernel,
                facts=facts,
            )
    except PapermillExecutionError as error:
        if error.ename == "DataError":
            raise Failed(str(error.evalue), _plain_traceback(error), refused=True) from None
        raise Failed(
            "A calculation stopped with an error of the program, so this report is missing.",
            _plain_traceback(error),
        ) from None
    except CellTimeoutError as error:
        raise Failed(
            f"A calculation took longer than {cell_seconds / 60:.3g} minutes and was stopped. "
            "Use a shorter period or fewer customers.",
            str(error),
        ) from None
    except DeadKernelError as error:
        if facts.get("too_much"):
            raise Failed(_TOO_MUCH, _TOO_MUCH) from None
        raise Failed(_DIED, f"{error}\n{_tail(kernel.log)}") from None
    except (PapermillException, RuntimeError) as error:
        # A kernel that never answers is a RuntimeError without a class of its own.
        raise Failed(_DIED, f"{type(error).__name__}: {error}\n{_tail(kernel.log)}") from None
    finally:
        kernel.stop()
    wait = facts["wait"]
    return Run(_scrubbed(done), {"wait": wait, "run": time.perf_counter() - began - wait})


_DIED = (
    "The program that calculates this report ended unexpectedly; most often the memory was too small. "
    "Close other programs, or use fewer lines, and run it again."
)
_TOO_MUCH = f"This report printed more than {OUTPUT_LIMIT // 1_000_000} million characters and was stopped."


def _register() -> None:
    """Make papermill's engine that takes a kernel that is already there."""
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines

    if "workbook" in papermill_engines._engines:
        return

    class Client(PapermillNotebookClient):
        printed = 0

        def process_message(self, msg: Any, *arguments: Any, **keywords: Any) -> Any:
            content = msg["content"]
            self.printed += len(content.get("text", "")) + sum(map(len, map(str, content.get("data", {}).values())))
            if self.printed > OUTPUT_LIMIT:
                if not self.facts.get("too_much"):
                    self.facts["too_much"] = True
                    self.kernel.kill()
                return None
            return super().process_message(msg, *arguments, **keywords)

    class Engine(NBClientEngine):
        @classmethod
        def execute_managed_notebook(
            cls, nb_man, kernel_name, *, kernel, facts, start_timeout, execution_timeout, **ignored
        ):
            client = Client(
                nb_man,
                km=kernel.manager,
                kernel_name=kernel_name,
                timeout=execution_timeout,
                startup_timeout=start_timeout,
                shutdown_kernel="immediate",
            )
            client.kernel, client.facts = kernel, facts
            began = time.perf_counter()
            client.start_new_kernel_client()
            facts["wait"] = time.perf_counter() - began
            return client.execute(cleanup_kc=True)

    papermill_engines.register("workbook", Engine)


async def _finished(start: Any) -> Any:
    return await start


def _environment(work: Path, imports: str) -> dict[str, str]:
    """The kernel's environment: the user's, without the user's IPython and with one thread."""
    environment = dict(os.environ)
    environment |= {
        IMPORTS: imports,
        # No start-up files, no profile: a report must not depend on whose machine it is.
        "IPYTHONDIR": str(work / "ipython"),
        "JUPYTER_CONFIG_DIR": str(work / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(work / "jupyter"),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        # Sums in another order differ in the last digits; one thread has one order.
        environment[name] = "1"
    for name in ("PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONINSPECT"):
        environment.pop(name, None)
    return environment


@contextlib.contextmanager
def _quiet():
    """Keep papermill's and nbclient's own log lines off the terminal."""
    loggers = [logging.getLogger(name) for name in ("papermill", "traitlets")]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _scrubbed(node: Any) -> Any:
    """Without the marks that papermill leaves: times, paths, parameters."""
    node.metadata.pop("papermill", None)
    node.metadata.pop("widgets", None)
    for cell in node.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
    return node


def _plain_traceback(error: Any) -> str:
    text = "\n".join(error.traceback)
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _tail(log: Path) -> str:
    with contextlib.suppress(OSError):
        return log.read_text(encoding="utf-8", errors="replace")[-4000:]
    return ""
