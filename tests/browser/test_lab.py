"""The lesson in JupyterLab, as the workbook's own command opens it and as a trainee uses it.

One server, one window, one run of all cells; then each test works on cells of its own. The file on the disk stays as it is.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from urllib.parse import urlsplit

import pytest

from helpers.places import NOTEBOOKS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LESSON = NOTEBOOKS / "03a_segmentation_value.ipynb"
FOLDED = {"slide", "notes", "report", "parameters"}
FIRST_PLAYGROUND, JUDGEMENT, EXERCISE, QUIZ = 'slider("top"', 'lesson.decide("3a.5")', 'lesson.check("3a.2"', "lesson.quiz()"

# A busy machine may take its time; a change that never comes is no success by waiting.
SHORT, LONG = 30_000, 240_000


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """JupyterLab as `workbook lab` starts it, with all that it keeps in a folder of its own."""
    folder = tmp_path_factory.mktemp("lab")
    settings = folder / "settings" / "@jupyterlab" / "docmanager-extension"
    settings.mkdir(parents=True)
    # The lesson is opened where it lies, so nothing may save it behind our back, nor leave a copy beside it.
    (settings / "plugin.jupyterlab-settings").write_text('{"autosave": false}', encoding="utf-8")
    places = {
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
        "WORKBOOK_WORK": "my_work",
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    log = folder / "log.txt"
    with log.open("w", encoding="utf-8") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "helpers.cli", "lab", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0",
             f"--FileCheckpoints.checkpoint_dir={folder / 'checkpoints'}", "--IdentityProvider.token=T",
             "--expose-app-in-browser", *root],
            env=os.environ | {name: str(folder / place) for name, place in places.items()},
            cwd=folder, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip
    try:
        until_it_answers(f"http://127.0.0.1:{port}/api", server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        # The command passes the signal on, and JupyterLab ends its kernels; the rest is for the worst case.
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def until_it_answers(address, server, log):
    end = time.monotonic() + LONG / 1000
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"JupyterLab does not answer:\n{log.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture(scope="module")
def lab(chromium, address):
    """The lesson in a window, all cells run; with what it was to show, where it landed, what it asked for, what it showed."""
    before, course = LESSON.read_bytes(), sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    asked = []
    context.on("request", lambda request: asked.append((request.method, request.url)))
    page = context.new_page()
    page.on("websocket", lambda socket: asked.append(("GET", socket.url)))
    page.set_default_timeout(SHORT)
    page.asked, page.course, page.cells = asked, course, json.loads(before)["cells"]
    page.goto(f"{address}/?token=T", timeout=LONG)
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady", timeout=LONG)
    page.landed = page.evaluate("jupyterapp.shell.currentWidget.context.path")
    finish(
        page,
        """(async () => {
            const {id, context} = await jupyterapp.commands.execute('docmanager:open', {path: 'notebooks/%s'});
            jupyterapp.shell.activateById(id);
            await context.ready;
            await context.sessionContext.ready;
            await context.sessionContext.session.kernel.info;
            await jupyterapp.commands.execute('notebook:run-all-cells');
        })()"""
        % LESSON.name,
    )
    page.read = read_through(page)
    yield page
    context.close()
    assert LESSON.read_bytes() == before, "the lesson on the disk was changed"


def finish(page, promise):
    """Wait until something in the window is done, but not for ever."""
    page.evaluate(f"() => {{ window.done = null; Promise.resolve({promise}).then(() => done = 'well', error => done = String(error)) }}")
    page.wait_for_function("window.done", timeout=LONG)
    assert page.evaluate("window.done") == "well"


def read_through(page):
    """Go through the notebook as a reader does; for each cell its words and the number of figures on the screen."""
    return page.evaluate(
        """async () => {
            const book = jupyterapp.shell.currentWidget.content, found = [];
            const frame = () => new Promise(drawn => requestAnimationFrame(drawn));
            for (const [place, cell] of book.widgets.entries()) {
                await book.scrollToItem(place);
                await frame();
                const images = () => [...cell.node.querySelectorAll('img')];
                // Text and images come a little after the cell.
                for (let wait = 0; wait < 600 && !(cell.node.innerText.trim() && images().every(one => one.complete)); wait++)
                    await frame();
                const figures = images().filter(one => one.naturalWidth > 0 && one.checkVisibility());
                found.push({id: cell.model.id, words: cell.node.innerText, figures: figures.length});
            }
            return found;
        }"""
    )


def place_of(page, code):
    place = page.evaluate(
        "code => jupyterapp.shell.currentWidget.content.widgets.findIndex(cell => cell.model.sharedModel.source.includes(code))",
        code,
    )
    assert place >= 0, f"no cell has {code}"
    return place


def shown(page, place):
    """A cell, on the screen."""
    finish(page, f"jupyterapp.shell.currentWidget.content.scrollToItem({place}, 'start')")
    cell = page.locator(f'.jp-NotebookPanel:visible .jp-Cell[data-windowed-list-index="{place}"]')
    cell.wait_for()
    return cell


def run(page, place, source):
    """Write into a cell and run it."""
    cell = shown(page, place)
    page.evaluate(
        """([place, source]) => {
            const book = jupyterapp.shell.currentWidget.content;
            book.widgets[place].model.sharedModel.setSource(source);
            book.activeCellIndex = place;
            book.deselectAll();
        }""",
        [place, source],
    )
    finish(page, "jupyterapp.commands.execute('notebook:run-cell')")
    return cell


def questions(cell):
    """The questions that a cell asks."""
    return cell.locator(".wb-widget .wb-widget")


def answered(page, question, option):
    """Answer a question by the keyboard alone; what is said to it, once it is said."""
    choices, feedback = question.get_by_role("radio"), question.locator(".wb-box")
    before = feedback.inner_text() if feedback.count() else ""
    choices.first.focus()
    press(page, "Tab", times=option)
    press(page, "Space")
    assert choices.nth(option).is_checked()
    press(page, "Tab", times=choices.count() - option)
    press(page, "Enter")
    page.wait_for_function(
        "([question, before]) => (question.querySelector('.wb-box') || {innerText: before}).innerText !== before",
        arg=[question.element_handle(), before],
    )
    return feedback.inner_text()


def press(page, key, *, times=1):
    for _ in range(times):
        page.keyboard.press(key)


def words(text):
    """Words alone: marks, as Markdown has them, are no words."""
    return " ".join(re.findall(r"\w+", text))


# ---------------------------------------------------------------- opened


def test_without_a_path_it_opens_at_the_start_of_the_course(lab):
    assert lab.landed == f"notebooks/{lab.course[0]}"


def test_nothing_pops_up(lab):
    assert lab.locator(".jp-Dialog, .Toastify__toast").all_inner_texts() == []


def test_nothing_is_asked_of_anybody_else(lab):
    hosts = {urlsplit(url).hostname for _, url in lab.asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}


def test_nothing_is_saved(lab):
    assert not [url for method, url in lab.asked if method != "GET" and re.search("/api/contents/(?!.*/checkpoints)", url)]


# ---------------------------------------------------------------- run


def test_all_cells_run_without_an_error(lab):
    ran = lab.evaluate(
        """() => jupyterapp.shell.currentWidget.content.widgets.slice(0, %d).filter(cell => cell.model.type === 'code')
            .map(cell => [cell.model.sharedModel.execution_count > 0, cell.model.sharedModel.outputs.map(one => one.output_type)])"""
        % len(lab.cells)
    )
    assert len(ran) == sum(cell["cell_type"] == "code" for cell in lab.cells)
    assert all(done for done, _ in ran)
    assert not [kinds for _, kinds in ran if "error" in kinds or "stream" in kinds]


def test_what_is_for_others_is_folded(lab):
    read = words(" ".join(cell["words"] for cell in lab.read))
    assert "Likely answers" not in read
    ends = [
        words("".join(cell["source"]).strip().splitlines()[-1])
        for cell in lab.cells
        if FOLDED & set(cell["metadata"].get("tags", [])) and len("".join(cell["source"]).strip().splitlines()) > 1
    ]
    assert len(ends) > 20
    assert [end for end in ends if end in read] == []


def test_what_is_for_the_trainee_can_be_read(lab):
    read = words(" ".join(cell["words"] for cell in lab.read))
    prose = [
        words("".join(cell["source"]).strip().splitlines()[-1])
        for cell in lab.cells
        if cell["cell_type"] == "markdown" and not FOLDED & set(cell["metadata"].get("tags", []))
    ]
    assert len(prose) > 20
    assert [end for end in prose if end not in read] == []
    assert "You will be able to" in read
    asked = sum("lesson.check(" in "".join(cell["source"]) for cell in lab.cells)
    assert read.count("Not attempted yet") == asked > 0


def test_the_figures_of_the_stored_lesson_are_drawn(lab):
    drawn = {cell["id"] for cell in lab.read if cell["figures"]}
    stored = {
        cell["id"]
        for cell in lab.cells
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))
    }
    assert len(stored) > 5
    assert stored <= drawn


# ---------------------------------------------------------------- used


def test_a_key_moves_the_slider_the_figure_and_the_sentence(lab):
    cell = shown(lab, place_of(lab, FIRST_PLAYGROUND))
    figure, sentence, setting = cell.locator("img"), cell.locator("img ~ p"), cell.locator(".widget-readout")
    before = figure.get_attribute("src"), figure.get_attribute("alt"), sentence.inner_text(), setting.inner_text()
    handle = cell.get_by_role("slider")
    handle.focus()
    handle.press("ArrowRight")
    lab.wait_for_function("([cell, src]) => cell.querySelector('img').src !== src", arg=[cell.element_handle(), before[0]])
    after = figure.get_attribute("src"), figure.get_attribute("alt"), sentence.inner_text(), setting.inner_text()
    assert not [one for one, other in zip(before, after, strict=True) if one == other]
    assert cell.locator("[aria-live=polite] img").count() == 1
    assert cell.locator(".widget-label[title=null]:visible").count() == 0, "nothing points at the slider and reads null"
    assert figure.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300


def test_each_answer_to_a_quiz_has_its_own_feedback(lab):
    question = questions(shown(lab, place_of(lab, QUIZ))).first
    spoken = question.locator("[aria-live=polite]")
    assert spoken.count() == 0, "a question is read in its turn, not called out"
    said = [answered(lab, question, option) for option in range(3)]
    assert sorted(re.match(r"\W*(.+?\.)", text)[1] for text in said) == ["Not this one.", "Not this one.", "Right."]
    assert len(set(said)) == 3
    assert spoken.all_inner_texts() == [said[-1]]


def test_a_judgement_is_answered_by_radio_buttons(lab):
    question = questions(shown(lab, place_of(lab, JUDGEMENT))).first
    wrong, right = answered(lab, question, 2), answered(lab, question, 0)
    assert "Not yet." in wrong and "Large orders say little about the next one here" in wrong
    assert "Correct." in right and "the widest gap of the three" in right
    assert question.locator("[aria-live=polite]").all_inner_texts() == [right]


def test_what_widgets_say_reaches_the_kernel_in_order(lab):
    # On threads of their own, a choice and the click that follows it overtake each other: the answer before is marked.
    assert lab.evaluate("jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.commsOverSubshells") == "disabled"


def test_keys_in_a_quiz_do_nothing_to_the_notebook_and_show_where_they_are(lab):
    state = "(({content}) => [content.widgets.length, content.mode])(jupyterapp.shell.currentWidget)"
    question = questions(shown(lab, place_of(lab, QUIZ))).nth(1)
    before = lab.evaluate(state)
    answered(lab, question, 1)
    assert lab.evaluate(state) == before
    button = question.get_by_role("button", name="Check my answer")
    assert button.evaluate("button => button === document.activeElement")
    assert button.evaluate("button => getComputedStyle(button).outline") == "rgb(230, 159, 0) solid 3px"


def test_an_exercise_takes_a_right_answer_and_knows_a_wrong_one(lab):
    place = place_of(lab, EXERCISE)
    source = lab.evaluate("place => jupyterapp.shell.currentWidget.content.widgets[place].model.sharedModel.source", place)
    assert "..." in source and ".max()" in source
    cell = run(lab, place, source.replace("...", "last_day"))
    box = cell.locator(".wb-box")
    assert box.locator(".wb-label").inner_text() == "Correct."
    run(lab, place, source.replace("...", "last_day").replace(".max()", ".min()"))
    assert box.locator(".wb-label").inner_text() == "Not yet."
    assert "These are the days since the first order." in box.inner_text()
    run(lab, place, source)
    assert box.locator(".wb-label").inner_text() == "Not attempted yet."


def test_a_misspelt_column_gets_a_plain_sentence_and_the_traceback_is_folded(lab):
    place = lab.evaluate(
        """() => {
            const book = jupyterapp.shell.currentWidget.content;
            book.model.sharedModel.insertCell(book.widgets.length, {cell_type: 'code', source: ''});
            return book.widgets.length - 1;
        }"""
    )
    cell = run(lab, place, 'lines["amuont"].sum()')
    box, traceback = cell.locator(".wb-box"), cell.locator(".wb-box details pre")
    assert "There is no column amuont in lines. Did you mean amount?" in box.inner_text()
    assert not traceback.is_visible()
    assert cell.locator(".jp-OutputArea-output").last.inner_text().strip() == "KeyError: 'amuont'"
    summary = box.locator("summary")
    summary.focus()
    summary.press("Enter")
    traceback.wait_for()
    assert "Traceback (most recent call last)" in traceback.inner_text()
