import base64

import nbformat
import pytest
from bs4 import BeautifulSoup

from helpers import words
from helpers.pictures import Picture, new_figure
from helpers.reports import render, table
from helpers.reports.render import Frame, words_to_html

NASTY = "<script>alert(1)</script>"
FRAME = Frame(company=f"Shop {NASTY}", as_of="30 June 2026", is_sample=True, version="0.1.0", fingerprint="ab" * 32)


def shown(value, *, kind="execute_result"):
    """An output as a kernel makes it of a value."""
    if hasattr(value, "_repr_mimebundle_"):
        data, metadata = value._repr_mimebundle_()
        return nbformat.v4.new_output(kind, data=data, metadata=metadata)
    data = {"text/plain": repr(value)}
    for name, method in (("text/html", "_repr_html_"), ("text/markdown", "_repr_markdown_")):
        if hasattr(value, method):
            data[name] = getattr(value, method)()
    return nbformat.v4.new_output(kind, data=data)


def printed(text, stream="stdout"):
    return nbformat.v4.new_output("stream", name=stream, text=text)


def data(**kinds):
    return nbformat.v4.new_output(
        "display_data", data={kind.replace("__", "/"): value for kind, value in kinds.items()}
    )


def page(*cells, frame=FRAME, **arguments):
    notebook = nbformat.v4.new_notebook()
    for cell in cells:
        if isinstance(cell, str):
            notebook.cells.append(nbformat.v4.new_markdown_cell(cell))
        else:
            outputs, *tags = cell if isinstance(cell, tuple) else (cell,)
            outputs = outputs if isinstance(outputs, list) else [outputs]
            notebook.cells.append(
                nbformat.v4.new_code_cell("secret_code()", outputs=outputs, metadata={"tags": list(tags)})
            )
    given = {"here": "03a.html", "title": "Value", "question": "Who?"} | arguments
    return BeautifulSoup(render.page(notebook, frame=frame, **given), "html.parser")


def text(soup):
    return " ".join(soup.get_text(" ").split())


@pytest.fixture
def picture():
    fig, ax = new_figure("Who buys?")
    ax.plot([0, 1])
    return Picture(fig, alt='Half of "them" buy <twice>.')


def test_a_page_has_no_code_and_no_script():
    soup = page("## One", printed("hello"), shown(3))
    assert "secret_code" not in str(soup)
    assert soup.find("script") is None


def test_a_page_allows_itself_nothing_from_outside():
    soup = page("## One")
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "http" not in "".join(str(tag) for tag in soup.find_all(["link", "img", "a", "style"]))


def test_a_page_says_what_it_is_about():
    soup = page("## One")
    assert soup.html["lang"] == "en"
    assert soup.title.get_text() == f"Value · Shop {NASTY} · 30 June 2026"
    assert [head.get_text() for head in soup.find_all("h1")] == ["Value"]
    assert "Simulated data." in text(soup)
    assert "0.1.0" in text(soup.footer)
    assert "abababababab" in text(soup.footer)


def test_only_the_sample_company_is_called_simulated():
    own = Frame(company="Shop", as_of="30 June 2026", is_sample=False, version="0.1.0")
    assert "Simulated" not in text(page("## One", frame=own))


def test_every_output_leaves_a_mark(picture):
    import pandas as pd

    svg = "<svg xmlns='http://www.w3.org/2000/svg'><circle r='3'/></svg>"
    outputs = {
        "printed 1": printed("printed 1"),
        "markdown 2": data(text__markdown="markdown **2**"),
        "plain 3": data(text__plain="plain 3"),
        "html 4": data(text__html="<p>html 4</p>", text__plain="not this"),
        "table 5": shown(table(pd.DataFrame({"a": ["table 5"]}), "A table")),
        "value 6": shown("value 6"),
        "cannot be shown": data(**{"application__vnd.strange+json": {}}),
        "picture": shown(picture),
        "jpeg": data(image__jpeg=base64.b64encode(b"jpeg").decode()),
        "svg": data(**{"image__svg+xml": svg}),
    }
    soup = page(list(outputs.values()))
    for mark in list(outputs)[:7]:
        assert mark in text(soup), mark
    assert len(soup.find_all("img")) == 3
    assert "not this" not in text(soup)


def test_messages_widgets_and_scripts_leave_none():
    soup = page(
        printed("noise", "stderr"),
        data(application__javascript="alert(1)", text__plain="js object"),
        data(**{"application__vnd.jupyter.widget-view+json": {}, "text__plain": "Slider()"}),
        nbformat.v4.new_output("error", ename="E", evalue="oops", traceback=["oops"]),
    )
    assert not {"noise", "object", "Slider()", "oops"} & set(text(soup).split())


def test_text_is_shown_as_text():
    soup = page(printed(NASTY), data(text__plain=NASTY), data(text__markdown=f"**{words.plain(NASTY)}** {NASTY}"))
    assert soup.find("script") is None
    assert text(soup.main).count(NASTY) == 4


def test_every_image_has_alt_text(picture):
    soup = page("## Who buys?", [shown(picture), data(image__png="AAAA")])
    described, bare = soup.find_all("img")
    assert described["alt"] == 'Half of "them" buy <twice>.'
    assert bare["alt"] == "Figure in the section Who buys?, without a description."


def test_an_svg_is_an_image_in_which_nothing_runs():
    soup = page(data(**{"image__svg+xml": f"<svg>{NASTY}</svg>"}))
    assert soup.find("script") is None
    assert soup.img["src"].startswith("data:image/svg+xml;base64,")


def test_the_answer_comes_first():
    soup = page("## One", printed("early"), (data(text__markdown="**Twelve.**"), "answer"), "## Two")
    whole = text(soup.main)
    assert whole.index("Twelve.") < whole.index("One") < whole.index("early") < whole.index("Two")
    assert soup.find(class_="answer").strong.get_text() == "Twelve."


def test_the_title_of_the_notebook_is_not_said_twice():
    soup = page("# Value\n\nWords below it.", "## One")
    assert len(soup.find_all("h1")) == 1
    assert "Words below it." in text(soup)


def test_a_long_page_has_a_list_of_contents_that_leads_somewhere():
    soup = page("## One", "## Two & *three*", "text\n\n## Four")
    links = soup.find("nav", class_="contents").find_all("a")
    assert [link.get_text() for link in links] == ["One", "Two & three", "Four"]
    assert [soup.find(id=link["href"][1:]).get_text() for link in links] == ["One", "Two & three", "Four"]


def test_a_short_page_has_none():
    assert page("## One").find("nav", class_="contents") is None


def test_a_withheld_result_stands_apart():
    from helpers.withheld import Withheld

    soup = page(shown(Withheld("Movement", "One report only.")))
    assert soup.find(class_="withheld").get_text().strip() == "Movement: not shown. One report only."


def test_pages_lead_to_each_other():
    pages = [{"href": "index.html", "title": "Overview"}, {"href": "03a.html", "title": "Value"}]
    frame = Frame(company="Shop", as_of="30 June 2026", is_sample=False, version="0.1.0", pages=pages)
    links = page("## One", frame=frame).header.nav.find_all("a")
    assert [(link["href"], link.get("aria-current")) for link in links] == [("index.html", None), ("03a.html", "page")]


def test_the_same_notebook_gives_the_same_bytes(picture):
    assert str(page("## One", shown(picture))) == str(page("## One", shown(picture)))


def test_the_reconciliation_shows_its_totals_and_folds_its_reasons(tiny):
    soup = BeautifulSoup(render.reconciliation_html(tiny.company()), "html.parser")
    assert "14 lines in the data = 12 used + 1 set aside + 1 rejected." in text(soup.summary)
    assert "¥7,800 net, 12 customers." in text(soup.summary)
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in soup.tbody.find_all("tr")]
    assert rows[1] == ["no customer", "1", "0", "¥5.00", "no"]
    assert "Exact repeats" in text(soup)
    assert "Called off" not in text(soup)
    assert "1 line has no *customer* <script>" in text(soup)
    assert soup.find("script") is None


@pytest.mark.parametrize(
    "markdown, html",
    [
        ("a & b", "<p>a &amp; b</p>"),
        (words.plain("<b> & *x*"), "<p>&lt;b&gt; &amp; *x*</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("<div onclick=x>", "<p>&lt;div onclick=x&gt;</p>"),
        ("[a](javascript:alert(1))", '<p><a href="#harmful-link">a</a></p>'),
        ("![a](http://x/y.png)", "<p>a</p>"),
    ],
)
def test_words_from_data_are_never_markup(markdown, html):
    assert words_to_html(markdown).strip() == html
