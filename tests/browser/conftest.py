"""A headless Chromium for the tests that need one; where there is none, they skip and say so."""

import shutil

import pytest

# Debian's browser; the others are names that it has elsewhere.
NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium():
    """A running Chromium, as Playwright drives it.

    One for each module and not for the whole run: while it lives, its event
    loop stands in this thread, and the kernels of later tests need their own.
    """
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed; to get it: python workbook.py test --browser"
    )
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("there is no Chromium on this machine; on Debian: sudo apt install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium):
    """A window of its own, of the size of a projector, with what it fetched in `window.fetched`."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    fetched = []
    # Requests that the page's policy blocked begin, but never finish.
    context.on("requestfinished", lambda request: fetched.append(request.url))
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.fetched = fetched
    yield page
    context.close()
