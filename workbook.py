#!/usr/bin/env python3
"""The one door: `python workbook.py COMMAND` makes the environment, then runs the command in it.

Standard library only. The first call makes .venv beside this file and installs
the exact versions of constraints.txt; later calls start at once. The syntax
stays valid for Python 2.7, so that an old Python prints a clear sentence.
"""

import contextlib
import errno
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import time

HOME = os.path.dirname(os.path.realpath(__file__))
ENV = os.path.join(HOME, ".venv")
PYTHON = os.path.join(ENV, *(["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"]))
INSTALLED = os.path.join(ENV, "installed.txt")  # where it was made, then one hash for each group that is in
UNFINISHED = os.path.join(ENV, "unfinished.txt")  # is there while an installation goes on
LOCK = os.path.join(ENV, "lock")
LOG = os.path.join(ENV, "install.log")

OLDEST = (3, 11)
NEEDED_MB = 1200
# What a command, or one of its options, needs beyond the rest: a group of pyproject.toml.
GROUPS = {"test": "test", "test --browser": "browser", "slides": "deck"}
DOOR_FAILED = 3  # 0, 1 and 2 are the exit codes of the commands

# Settings of other Pythons that would send packages, or the search for them, elsewhere.
DROPPED = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT",
           "PIP_REQUIRE_VIRTUALENV", "__PYVENV_LAUNCHER__")  # fmt: skip

HELP = """The customer workbook: lessons and reports on customers.

  python workbook.py report   a report on the sample company, in the folder out
  python workbook.py test     the tests

The first command makes an environment in .venv: about 200 MB are fetched, which
takes a minute or two on a fast line. After that, python workbook.py --help lists every command.
"""

DISK_FULL = (
    "The disk is full. About {0:,} MB are needed in {1}, and some room for temporary files. "
    "Make room, then call again."
).format(NEEDED_MB, HOME)
NOT_WRITABLE = (
    "The environment cannot be written in {0}. Copy the workbook to a folder of your own, "
    "close programs that use its .venv, then call again."
).format(HOME)

# What pip says, and what it means for the reader; the first that fits is printed.
TROUBLES = (
    (r"No space left on device|Disk quota exceeded|not enough space on the disk", DISK_FULL),
    (r"ProxyError|Tunnel connection failed|407 Proxy",
     "The packages could not be fetched: the proxy refused. "
     "Set HTTPS_PROXY to your firm's proxy, with name and password if it asks for them, then call again."),
    (r"CERTIFICATE_VERIFY_FAILED|SSLError",
     "The packages could not be fetched: the network shows a certificate that Python does not know. "
     "Ask your IT for its certificate file, set PIP_CERT to its path, then call again."),
    (r"from versions: none|NewConnectionError|Failed to establish|Max retries|timed out|name resolution|getaddrinfo"
     r"|Connection (?:refused|reset|aborted|broken)|50[234] Server Error",
     "The packages could not be fetched: no answer from the package index. "
     "Check the connection (in a firm, set HTTPS_PROXY, or PIP_INDEX_URL for its own package mirror), then call again."),
    (r"No matching distribution found for (\S+)",
     "The package index does not offer {0} for this Python and this system. "
     "Try another Python (3.11 to 3.13), or ask whoever keeps your package mirror to add it."),
    (r"Read-only file system|Permission denied|Access is denied", NOT_WRITABLE),
    (r"Failed building wheel for (\S+)|Failed to build (\S+)",
     "There is no ready-made {0} for this Python and this system, and it could not be built here. "
     "Try another Python (3.11 to 3.13, 64 bits)."),
)  # fmt: skip


class Trouble(Exception):
    """Something that the reader can mend: one sentence of fact, one of advice."""


def main(arguments):
    if sys.version_info < OLDEST:
        raise Trouble(
            "This is Python {0}.{1}; the workbook needs Python {2}.{3} or newer. "
            "Install one and call it by its name, for example: python{2}.{3} workbook.py report".format(
                *(tuple(sys.version_info[:2]) + OLDEST)
            )
        )
    words = [word for word in arguments if not word.startswith("-")]
    asks_for_help = not words or "--help" in arguments or "-h" in arguments
    groups = [""] if asks_for_help else needed(words[0], arguments)
    if not are_installed(groups):
        if asks_for_help:
            sys.stdout.write(HELP)  # nobody who asks for help should wait for a download
            return 0
        with only_one():
            if not are_installed(groups):  # the call that we waited for may have done it
                install(groups, words[0])
    return run([PYTHON, "-P", "-m", "helpers.cli"] + arguments)


def needed(command, arguments):
    """The groups that a call needs; "" stands for what every command needs."""
    names = [command] + ["{0} {1}".format(command, option) for option in arguments]
    return [GROUPS[name] for name in names if name in GROUPS] or [""]


def are_installed(groups):
    there = read(INSTALLED).splitlines()
    return os.path.exists(PYTHON) and all(wanted(group) in there for group in groups)


def wanted(group):
    """A hash of all that an installation depends on: a change in any of it means pip must run again."""
    seen = hashlib.sha256(repr((HOME, os.path.realpath(PYTHON), group)).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        with open(os.path.join(HOME, name), "rb") as text:
            seen.update(text.read().replace(b"\r\n", b"\n"))
    return seen.hexdigest()


def install(groups, command):
    """Make or mend .venv, and install what the command needs."""
    started = time.time()
    reason = cannot_be_mended()
    write(UNFINISHED, "An installation began here. Where this file is left, the next call makes .venv again.\n")
    if not os.path.exists(PYTHON):
        make_environment("First call: making an environment in .venv (about 200 MB to fetch, a minute or two).")
    elif reason:
        make_environment("Making the environment in .venv again: {0}.".format(reason))
    elif groups != [""]:
        say("Installing what `workbook {0}` needs.".format(command))
    else:
        say("Bringing the environment in .venv up to date.")
    target = "." if groups == [""] else ".[{0}]".format(",".join(groups))
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar=off", "--retries=1", "--timeout=15"]
    status, printed = logged([PYTHON, "-P", "-m", "pip", "install"] + options + ["-c", "constraints.txt", "-e", target])
    if status == 0 or "Installing collected packages" not in printed:
        os.remove(UNFINISHED)  # all is in, or nothing was touched
    if status != 0:
        raise Trouble(explain(printed))
    still_good = [line for line in read(INSTALLED).splitlines() if line in map(wanted, GROUPS.values())]
    write(INSTALLED, "\n".join([HOME] + sorted(set(map(wanted, [""] + groups)).union(still_good))) + "\n")
    say("Ready after {0:.0f} seconds.".format(time.time() - started))


def cannot_be_mended():
    """Why .venv must be made from new, in words; empty where pip can work in it."""
    if os.path.exists(UNFINISHED):
        return "the last installation was cut off"
    if read(INSTALLED).splitlines()[:1] not in ([], [HOME]):
        return "the folder was moved"
    check = "import sys, pip; sys.exit(sys.version_info < {0})".format(OLDEST)
    try:
        runs = subprocess.call([PYTHON, "-P", "-c", check], env=environment(), stderr=subprocess.DEVNULL) == 0
    except OSError:
        runs = False
    return "" if runs else "its Python is gone or older than {0}.{1}".format(*OLDEST)


def make_environment(announcement):
    try:
        import ensurepip, venv  # noqa: E401, F401
    except ImportError:
        raise Trouble(
            "This Python cannot make environments: its parts `venv` and `ensurepip` are missing. "
            "On Debian and Ubuntu install them with: sudo apt install python3-venv"
        )
    if shutil.disk_usage(HOME).free < NEEDED_MB * 10**6:
        raise Trouble(DISK_FULL)
    say(announcement)
    for name in set(os.listdir(ENV)) - {os.path.basename(LOCK), os.path.basename(UNFINISHED)}:
        path = os.path.join(ENV, name)
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)
    # Not sys.executable: where .venv is active that is the Python that was just removed.
    status, printed = logged([getattr(sys, "_base_executable", "") or sys.executable, "-m", "venv", ENV])
    if status != 0:
        raise Trouble(explain(printed))


def logged(command):
    """Run a command with its words in the log. Give back its exit code and these words."""
    words, started, shown = [], time.time(), sys.stderr.isatty()
    pipes = dict(stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    with open(LOG, "ab", buffering=0) as log, subprocess.Popen(command, cwd=HOME, env=environment(), **pipes) as child:
        try:
            for line in child.stdout:
                log.write(line)
                words.append(line.decode("utf-8", "replace"))
                step = re.match(r"Collecting ([\w.-]+)|(Installing) collected", words[-1])
                if step and shown:
                    doing = "unpacking" if step.group(2) else "fetching " + step.group(1)
                    progress = "  {0} ({1:.0f} s)".format(doing, time.time() - started)
                    sys.stderr.write("\r" + progress.ljust(70))
                    sys.stderr.flush()
        except BaseException:
            child.kill()
            raise
        finally:
            sys.stderr.write("\r" + " " * 70 + "\r" if shown else "")
    return child.returncode, "".join(words)


def explain(printed):
    """What went wrong while installing, in words that help."""
    for pattern, words in TROUBLES:
        found = re.search(pattern, printed)
        if found:
            return words.format(*[part for part in found.groups() if part]) + " Details: {0}".format(LOG)
    last = [line.strip() for line in printed.splitlines() if line.strip()][-1:] or ["no message"]
    return "The installation stopped: {0} Read {1}, then call again.".format(last[0], LOG)


@contextlib.contextmanager
def only_one():
    """Let one call at a time work on .venv. The system drops the lock of a process that dies."""
    if not os.path.isdir(ENV):
        os.makedirs(ENV, exist_ok=True)
    with open(LOCK, "a") as handle:
        waited = False
        while is_taken(handle):
            if not waited:
                say("Another call is making the environment; waiting for it.")
            waited = True
            time.sleep(0.5)
        yield


def is_taken(handle):
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:  # other numbers: a file system without locks, where we go on alone
        return problem.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return False


def environment():
    """The variables for pip and for the command."""
    kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
    # PYTHONPATH, because before 3.13 Windows reads .pth files, where -e leaves its mark, in the local
    # code page, which breaks on a folder with a Chinese name. PIP_USER, against pip's settings file.
    kept.update(PYTHONUTF8="1", PYTHONPATH=os.path.join(HOME, "src"), PIP_USER="0")
    return kept


def run(command):
    """Become the command; on Windows, where that gives the prompt back at once, wait for it."""
    if os.name != "nt":
        os.execve(command[0], command, environment())
    child = subprocess.Popen(command, env=environment())
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            pass  # the command has had it too, and ends in its own time


def read(path):
    try:
        with io.open(path, encoding="utf-8") as text:
            return text.read()
    except (IOError, OSError):
        return ""


def write(path, words):
    with io.open(path + ".new", "w", encoding="utf-8") as text:
        text.write(words)
    os.replace(path + ".new", path)


def say(words):
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


def enter(arguments):
    """Run main, with every expected trouble told in words."""
    try:
        return main(arguments)
    except Trouble as trouble:
        say("Error: {0}".format(trouble))
    except KeyboardInterrupt:
        say("Stopped. The next call goes on.")
        return 130
    except (IOError, OSError) as problem:
        known = {errno.ENOSPC: DISK_FULL, getattr(errno, "EDQUOT", -1): DISK_FULL}
        known.update(dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), NOT_WRITABLE))
        say("Error: {0}".format(known.get(problem.errno, "{0}. Mend this, then call again.".format(problem))))
    return DOOR_FAILED


if __name__ == "__main__":
    sys.exit(enter(sys.argv[1:]))
