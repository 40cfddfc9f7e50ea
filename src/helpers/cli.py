"""The `workbook` command.

Results go to standard output, messages to standard error. Exit code 0: all
good; 1: something failed; 2: the input was refused, with the reason; 130:
interrupted. Whatever is heavy is imported inside the command that needs it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from helpers import __version__
from helpers.errors import DataError
from helpers.places import HOME, NOTEBOOKS, SAMPLE
from helpers.words import count, listing

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(
    name="workbook",
    help="Customer Workbook: lessons, and reports on your own customers.",
    epilog="Start with: workbook report",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_INTERRUPTED = 130
_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.callback()
def _common(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")] = False,
) -> None:
    if debug:
        os.environ["WORKBOOK_DEBUG"] = "1"


@app.command(epilog="Example: workbook report --data orders.csv --map orders.toml --out june")
def report(
    data: Annotated[
        str, typer.Option(metavar="PATH", help="A file or folder with your data. Without it: the sample company.")
    ] = "",
    mapping: Annotated[
        str, typer.Option("--map", metavar="FILE", help="The mapping (TOML) that says what your columns mean.")
    ] = "",
    lessons: Annotated[
        str, typer.Option(metavar="LIST", help="Which lessons, as 03 or 03a,04. Without it: all.")
    ] = "all",
    previous: Annotated[str, typer.Option(metavar="DIR", help="Folder of an earlier report, to compare with.")] = "",
    out: Annotated[str, typer.Option(metavar="DIR", help="Folder for the report.")] = "out",
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter; may be repeated.")
    ] = None,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="Report date. Without it: the day of the newest order.")
    ] = "",
    beyond_core: Annotated[
        bool, typer.Option("--all-sections", help="With extensions and reference sections.")
    ] = False,
) -> int:
    """Write a report on your customers, or on the sample company."""
    from helpers.reports import build

    with _ended_by_a_signal(), _Progress() as progress:
        outcome = build.build(
            out=out,
            data=data,
            mapping=mapping,
            lessons=lessons,
            previous=previous,
            settings=settings or (),
            as_of=as_of,
            beyond_core=beyond_core,
            say=progress.say,
        )
    if outcome.kept:
        _note(f"The earlier report was changed by hand, so it was kept: {_near(outcome.kept)}")
    print(outcome.summary)
    print(f"Wrote {_near(outcome.folder / 'index.html')}")
    for lesson, sentence in outcome.failures:
        _note(f"Lesson {lesson} failed: {sentence} See {_near(outcome.folder / 'log.txt')}.")
    return outcome.exit_code


@app.command(epilog="Example: workbook check orders.csv --map orders.toml")
def check(
    file: Annotated[Path, typer.Argument(metavar="PATH", help="A file or folder with your data.")],
    mapping: Annotated[
        str, typer.Option("--map", metavar="FILE", help="The mapping (TOML) that says what your columns mean.")
    ] = "",
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="Report date.")] = "",
    rejects: Annotated[str, typer.Option(metavar="FILE", help="Where to write the rejected lines, as CSV.")] = "",
) -> int:
    """Say what is in your data and what is wrong with it."""
    from helpers.data.check import check as run_check

    return run_check(str(file), mapping, as_of, rejects)


@app.command("map", epilog="Example: workbook map orders.csv --out orders.toml")
def map_(
    file: Annotated[Path, typer.Argument(metavar="PATH", help="A file or folder with your data.")],
    out: Annotated[
        str, typer.Option(metavar="FILE", help="Where to write it. Without it: NAME.map.toml, in this folder.")
    ] = "",
) -> int:
    """Draft a mapping for your data, for you to check."""
    from helpers.data.draft import map_command

    return map_command(str(file), out)


@app.command(epilog="Example: workbook simulate --out next --from data --advance 1q --actions out/actions/monday.csv")
def simulate(
    out: Annotated[str, typer.Option(metavar="DIR", help="Folder for the company.")] = "company",
    seed: Annotated[int | None, typer.Option(metavar="NUMBER", help="Another number, another company.")] = None,
    customers: Annotated[int | None, typer.Option(metavar="NUMBER", help="How many customers.")] = None,
    stories: Annotated[str, typer.Option(metavar="LIST", help="all, none, or names with commas between them.")] = "all",
    truth: Annotated[bool, typer.Option("--truth", help="Also write what nobody could know.")] = False,
    advance: Annotated[str, typer.Option(metavar="1q", help="Let it live on, for so many quarters.")] = "",
    actions: Annotated[
        str, typer.Option(metavar="FILE", help="The action list of a report, carried out in the first quarter.")
    ] = "",
    repairs: Annotated[str, typer.Option(metavar="LIST", help="What the company begins: installers, retraining, old_customers, hotline, price_cut, advertising.")] = "",
    start: Annotated[str, typer.Option("--from", metavar="DIR", help="Folder of a company to go on from.")] = "",
) -> int:
    """Make the sample company, or let it live another quarter."""
    from helpers.simulate.command import simulate as run_simulation

    given = {name: value for name, value in (("seed", seed), ("customers", customers)) if value is not None}
    return run_simulation(out=out, stories=stories, advance=advance, actions=actions, start=start, truth=truth, repairs=repairs, **given)


@app.command(epilog="Example: workbook slides 03 --out slides")
def slides(
    lessons: Annotated[str, typer.Argument(metavar="LESSONS", help="Which lessons: 03, 03a, 03a,03b, 03-cases, or all.")],
    out: Annotated[str, typer.Option(metavar="DIR", help="Folder for the decks.")] = "slides",
    path: Annotated[
        str, typer.Option(metavar="core|full", help="Without or with slides beyond the core.")
    ] = "core",
) -> int:
    """Write the deck of a lesson and of its cases."""
    from helpers.teaching import deck, forms, reveal

    if path not in deck.PATHS:
        raise DataError(f"there is no path {path!r}. Paths: {', '.join(deck.PATHS)}.")
    folder = forms.place(out)
    decks = [deck.deck_of(lesson, path=path) for lesson in forms.chosen(lessons)]
    pages = {forms.file_name(one.lesson, "slides"): reveal.page(one) for one in decks}
    for one, written in zip(decks, forms.write(folder, pages), strict=True):
        print(f"Wrote {_near(written)}: {count(len(one.slides), 'slide')}, {one.minutes:.4g} minutes")
        for fault in one.faults():
            _note(f"Note: {fault}")
    return 0


@app.command(epilog="Example: workbook key 03 --out key")
def key(
    lessons: Annotated[str, typer.Argument(metavar="LESSONS", help="Which lessons: 03, 03a, 03a,03b, 03-cases, or all.")],
    out: Annotated[str, typer.Option(metavar="DIR", help="Folder for the keys.")] = "key",
    data: Annotated[
        str, typer.Option(metavar="PATH", help="A file or folder with your data. Without it: the sample company.")
    ] = "",
    mapping: Annotated[
        str, typer.Option("--map", metavar="FILE", help="The mapping (TOML) that says what your columns mean.")
    ] = "",
) -> int:
    """Write the answer key of a lesson and its cases."""
    from helpers.teaching import forms
    from helpers.teaching import key as keys

    folder, chosen = forms.place(out), forms.chosen(lessons)
    with _ended_by_a_signal(), _Progress() as progress:
        made = keys.make(chosen, data=data, mapping=mapping, say=progress.say)
    _wrote(forms.write(folder, {forms.file_name(one.lesson, "key"): one.page for one in made if one.page}))
    failures = [one for one in made if not one.page]
    for one in failures:
        _note(f"Lesson {one.lesson.id} failed: {one.sentence}")
    return 1 if failures else 0


@app.command(epilog="Example: workbook guide --out guide")
def guide(
    out: Annotated[str, typer.Option(metavar="DIR", help="Folder for the guide and what is handed out.")] = "guide",
    report_folder: Annotated[
        str, typer.Option("--report", metavar="DIR", help="A report on the sample company. Without it, one is worked out.")
    ] = "",
    scores: Annotated[
        str, typer.Option(metavar="FILE", help="The answers of your class, as answers.csv in the guide's folder.")
    ] = "",
) -> int:
    """Write the instructor's guide, tests and capstone."""
    from helpers.teaching import forms
    from helpers.teaching import guide as guides

    folder = forms.place(out)
    with _ended_by_a_signal(), _Progress() as progress:
        pages = guides.make(report=report_folder, scores=scores, say=progress.say)
    _wrote(forms.write(folder, guides.without_what_is_kept(pages, folder)))
    return 0


@app.command(epilog="Example: workbook game team_a team_b --futures 5")
def game(
    places: Annotated[
        list[str] | None, typer.Argument(metavar="FOLDERS", help="Companies that teams let live, or their state.json. Without one: the presets alone.")
    ] = None,
    start: Annotated[str, typer.Option("--from", metavar="DIR", help="Folder of the company that everybody began with.")] = "",
    futures: Annotated[int, typer.Option(metavar="NUMBER", help="In how many futures each decision is lived.")] = 3,
    best: Annotated[bool, typer.Option("--best/--no-best", help="With the best possible, which takes longest.")] = True,
    out: Annotated[str, typer.Option(metavar="DIR", help="Folder for the page and the table.")] = "game",
) -> int:
    """Compare decisions, yours among them, in the same futures."""
    from helpers.simulate import game as games
    from helpers.teaching import forms
    from helpers.teaching import game as shown

    folder = forms.place(out)
    teams = {team.name: team.path for team in shown.teams(places or [])}
    presets = (games.NOTHING, "coupon", "lot", "repair", "plan") if teams else ()
    with _ended_by_a_signal(), _Progress() as progress:
        lived, ranked, quarters = _lived(teams, start=start or str(SAMPLE), presets=presets, futures=futures, best=best, say=progress.say)
    texts = {shown.PAGE: shown.page(lived, ranked, quarters=quarters, budget_minor=games.BUDGET_FEN, code="CNY"), shown.TABLE: games.as_csv(lived)}
    for row in ranked:
        print(f"{row['beyond']:>12}  {row['decision']}" + (f" (over the budget by {row['over']})" if row["over"] else ""))
    _wrote(forms.write(folder, texts))
    return 0


def _lived(
    teams: Mapping[str, Path], *, start: str = "", presets: Sequence[str] = (), futures: int = 1, best: bool = False, say: Callable[[str], None]
) -> tuple[pd.DataFrame, list[dict[str, Any]], dict[str, pd.DataFrame]]:
    """Companies that teams let live beside presets (all where none is named): every life, the table in words, and each team's own quarters.

    They began with the company of `start`, or with that of the first team.
    """
    from helpers import simulate as simulator
    from helpers.simulate import game as games
    from helpers.teaching import game as shown

    worlds = {name: simulator.open_world(path) for name, path in teams.items()}
    first = games.beginning(simulator.open_world(start) if start else next(iter(worlds.values())))
    strange = [name for name, world in worlds.items() if not games.same_beginning(world, first)]
    if strange:
        raise DataError(f"{listing(strange)} began with other customers than {Path(start).name or next(iter(worlds))}. Compare companies that began together; `workbook game --from` names where.")
    known = games.presets(first)
    compared = {name: known[name] for name in presets or known}
    # A team's own key, so that one called "plan" does not take the place of the preset.
    compared |= {f"team {name}": games.decision_of(world, title=name) for name, world in worlds.items()}
    say(f"{count(len(compared) + best, 'decision')} in {count(futures, 'future')}: {count(max(round((len(compared) * 3 + best * 25) * futures / 60), 1), 'minute')} or so")
    lived = games.compare(first, compared, futures=futures, best=best, say=say)
    names = dict(zip(lived["decision"], lived["name"], strict=True))
    over = {one.title: one.over_budget_fen for one in compared.values()}
    ranked = shown.rows(games.table(lived), names=names, own=set(worlds), over=over, code="CNY")
    return lived, ranked, {name: world.results() for name, world in worlds.items()}


@app.command(epilog="Example: workbook index --out print")
def index(
    out: Annotated[str, typer.Option(metavar="DIR", help="Folder for the page.")] = "index",
) -> int:
    """Print all words, frameworks and cases of the course as one page."""
    from helpers.teaching import forms
    from helpers.teaching import index as indexes

    _wrote(forms.write(forms.place(out), {indexes.NAME: indexes.page()}))
    return 0


@app.command(epilog="Example: workbook mine")
def mine(
    start: Annotated[str, typer.Option("--from", metavar="DIR", help="Folder with your files. Without it: my_work.")] = "",
    out: Annotated[str, typer.Option(metavar="DIR", help="Folder for the document. Without it: beside your files.")] = "",
) -> int:
    """Print every worksheet that you filled as one document."""
    from helpers.teaching import files, forms
    from helpers.teaching import mine as documents

    own = Path(start).expanduser() if start else files.work_folder()
    if start and not own.is_dir():
        raise DataError(f"There is no folder {start}. Give the folder that holds your worksheets, such as my_work.")
    text = documents.page(own)
    [written] = forms.write(forms.place(out or own), {documents.NAME: text})
    print(f"Wrote {_near(written)}: open it in a browser, and print it from there.")
    return 0


@app.command(epilog="Example: workbook collect handed_in --out class")
def collect(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Folder with what your group handed in.")],
    out: Annotated[str, typer.Option(metavar="DIR", help="Folder for the page and the tables.")] = "class",
) -> int:
    """Put what a group has done into one table and one page."""
    from helpers.teaching import collected, forms

    place = forms.place(out)
    group = collected.read(folder)
    with _ended_by_a_signal(), _Progress() as progress:
        rows = _lived(group.states, presets=("nothing", "coupon", "plan"), say=progress.say)[1] if group.states else []
    made = collected.table(group.events)
    texts = {
        collected.PAGE: collected.page(group, game=rows),
        collected.TABLE: made.to_csv(index=False),
        collected.EVENTS: group.events.drop(columns="file").to_csv(index=False),
    }
    for note in group.notes:
        _note(f"Note: {note}")
    people = group.events["person"].nunique()
    print(f"{count(people, 'person', 'people')}, {count(len(group.events), 'event')}, {count(len(group.states), 'company', 'companies')}.")
    _wrote(forms.write(place, texts))
    return 0


@app.command(context_settings=_PASS_ON, epilog="Example: workbook test -k segmentation")
def test(
    context: typer.Context,
    browser: Annotated[bool, typer.Option("--browser", help="Also run the tests that drive Chromium.")] = False,
) -> int:
    """Run the tests. What follows is passed on to pytest."""
    if not _installed("pytest"):
        raise DataError("The tests need packages that are not installed. Run: python workbook.py test")
    more = ["--browser"] if browser else []
    if not context.args:  # the whole run: a worker for each core, each file by one of them, the longest first
        more += ["-n", "logical", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder"]
        # Every core has a worker; more threads in each would only wait for each other.
        os.environ |= {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    return _run([sys.executable, "-m", "pytest", *more, *context.args], cwd=HOME)


@app.command(context_settings=_PASS_ON, epilog="Example: workbook lab --no-browser")
def lab(context: typer.Context) -> int:
    """Open the lessons in JupyterLab. What follows is passed on to JupyterLab."""
    lessons = sorted(NOTEBOOKS.glob("*.ipynb"))
    page = f"/lab/tree/notebooks/{lessons[0].name}" if lessons else "/lab"
    return _run(
        [sys.executable, "-m", "jupyterlab", *LAB_OPTIONS, f"--LabApp.default_url={page}", *context.args], cwd=HOME
    )


# Nothing calls out: no look for updates, no news, no list of extensions.
LAB_OPTIONS = (
    f"--ServerApp.root_dir={HOME}",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.news_url=None",
    "--LabApp.extension_manager=readonly",
    # Its overrides.json answers the question whether news may be fetched, before anybody is asked.
    f"--LabApp.app_settings_dir={HOME / 'src' / 'helpers' / 'teaching' / 'lab'}",
)


@app.command(epilog="Example: workbook doctor --out handed_in")
def doctor(
    out: Annotated[
        str, typer.Option(metavar="PATH", help="Also write it to a file, or into a folder, under this machine's own number.")
    ] = "",
) -> int:
    """Say what is installed and what is missing."""
    lines, problems = _examined()
    print("\n".join(lines))
    verdict = f"Not well: {'; '.join(problems)}. Run: python workbook.py doctor" if problems else "All is well."
    if problems:
        _note(verdict)
    else:
        print(verdict)
    if out:
        from helpers.teaching import forms

        place = Path(out).expanduser()
        # A number and no name: the file is sent around.
        place = place if place.suffix else place / f"doctor_{secrets.token_hex(3)}.txt"
        _wrote(forms.write(forms.place(place.parent), {place.name: "\n".join([*lines, verdict, ""])}))
    return 1 if problems else 0


def _examined() -> tuple[list[str], list[str]]:
    """What is installed and what is missing, in lines, and what keeps the workbook from working."""
    lines = [f"Customer Workbook {__version__}", f"Python {sys.version.split()[0]} on {sys.platform}"]
    problems = []
    for group, (names, command) in _requirements().items():
        missing = [name for name, version in names.items() if version is None]
        if missing:
            lines.append(f"{group}: missing {', '.join(missing)} (installed by: {command})")
            if group == "needed":
                problems.append(f"{count(len(missing), 'package is', 'packages are')} missing")
        else:
            lines.append(f"{group}: {', '.join(f'{name} {version}' for name, version in names.items())}")
    for what, folder in (("lessons", NOTEBOOKS), ("sample company", SAMPLE)):
        found = len(list(folder.glob("*.ipynb" if what == "lessons" else "*.csv"))) if folder.is_dir() else 0
        lines.append(f"{what}: {count(found, 'file')}" if found else f"{what}: none found")
        if not found:
            problems.append(f"the {what} could not be found")
    import tempfile

    for what, folder in (("this folder", Path.cwd()), ("the temporary folder", Path(tempfile.gettempdir()))):
        free = _can_write(folder)
        lines.append(f"{what}: " + ("cannot be written" if free is None else f"can be written, {free:.0f} GB free"))
        if free is None:
            problems.append(f"{what} cannot be written")
    if _installed("matplotlib"):
        from helpers.pictures import font_for_chinese

        chinese = font_for_chinese()
        lines.append(f"fonts: Chinese names in figures {f'are drawn in {chinese}' if chinese else 'become numbers (no font)'}")
    return lines, problems


def main(arguments: list[str] | None = None) -> int:
    """Run the command and give its exit code."""
    _speak_utf8()
    try:
        # A command gives its exit code back, help gives nothing, and Ctrl-C comes back as 130.
        code = int(app(args=arguments, prog_name="workbook", standalone_mode=False) or 0)
        sys.stdout.flush()
        if code == _INTERRUPTED:
            _note("Interrupted. Nothing half-finished was left behind.")
        return code
    except DataError as error:
        _note(f"Error: {error}")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        _note("Interrupted. Nothing half-finished was left behind.")
        return _INTERRUPTED
    except typer.TyperException as error:
        # A mistyped command or option: the message says which, and where help is.
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # Whoever reads the output has seen enough (`| head`): nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        import errno

        if error.errno == errno.ENOSPC:
            _note("Error: the disk is full. Free some space, or choose another disk with --out.")
            return 2
        return _unexpected(error)
    except Exception as error:
        return _unexpected(error)


def _unexpected(error: Exception) -> int:
    """One plain sentence; the traceback goes to a file."""
    import tempfile
    import traceback

    text = "".join(traceback.format_exception(error))
    if os.environ.get("WORKBOOK_DEBUG"):
        _note(text)
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="workbook-", suffix=".log", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        where = f"The details are in {file.name}."
    except OSError:
        where = "Run it again with `workbook --debug` to see the details."
    _note(f"Error: the workbook itself failed ({type(error).__name__}). This is not your fault. {where}")
    return 1


def _speak_utf8() -> None:
    """Chinese names and currency signs, also where the console has a narrow code page."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _wrote(paths: Iterable[Path]) -> None:
    for path in paths:
        print(f"Wrote {_near(path)}")


def _near(path: Path) -> str:
    """A path as one types it from here."""
    try:
        return path.relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return str(path)


class _Progress:
    """What is going on, line by line; on a terminal a sign below them shows that work goes on."""

    def __init__(self) -> None:
        self._status = None

    def __enter__(self) -> _Progress:
        if sys.stderr.isatty():
            from rich.console import Console

            self._status = Console(stderr=True, highlight=False, markup=False).status("Working")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def say(self, text: str) -> None:
        if self._status is not None:
            self._status.console.print(text, style="dim")
        else:
            _note(text)


@contextlib.contextmanager
def _ended_by_a_signal() -> Iterator[None]:
    """Being told to end (by a scheduler, say) cleans up as Ctrl-C does."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(command: list[str], *, cwd: Path) -> int:
    """Run a program in the foreground; Ctrl-C is its own business, we only wait. Who ends us ends it."""
    with subprocess.Popen(command, cwd=cwd) as process:
        before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            while True:
                try:
                    return process.wait()
                except KeyboardInterrupt:
                    continue
        finally:
            signal.signal(signal.SIGTERM, before)


def _installed(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def _requirements() -> dict[str, tuple[dict[str, str | None], str]]:
    """The packages of each group with their versions, as the project's own metadata lists them."""
    import re
    from importlib import metadata

    groups: dict[str, dict[str, str | None]] = {"needed": {}}
    for line in metadata.requires("customer-workbook") or ():
        name = re.match(r"[\w.-]+", line)[0]
        extra = re.search(r"extra == ['\"](\w+)['\"]", line)
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            version = None
        groups.setdefault(extra[1] if extra else "needed", {})[name] = version
    commands = {"needed": "doctor", "test": "test", "browser": "test --browser", "deck": "slides 03"}
    by_hand = f"{sys.executable} -m pip install -c constraints.txt -e "
    return {
        name: (names, f"python workbook.py {commands[name]}" if name in commands else f'{by_hand}".[{name}]"')
        for name, names in groups.items()
    }


def _can_write(folder: Path) -> float | None:
    """Free space in GB, or None where nothing can be written."""
    import shutil
    import tempfile

    try:
        with tempfile.TemporaryFile(dir=folder):
            return shutil.disk_usage(folder).free / 1e9
    except OSError:
        return None


if __name__ == "__main__":
    sys.exit(main())
