import re

import pytest

from helpers.teaching.marks import to_html, to_plain


def without_styles(html):
    return re.sub(r' style="[^"]*"', "", html)


@pytest.mark.parametrize(
    "text, html",
    [
        pytest.param("a < b & c", "<p>a &lt; b &amp; c</p>", id="signs"),
        pytest.param("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>", id="no-markup-gets-through"),
        pytest.param("&lt;b&gt; \\*x\\*", "<p>&lt;b&gt; *x*</p>", id="what-words-plain-escaped"),
        pytest.param("`a < *b*`", "<p><code>a &lt; *b*</code></p>", id="nothing-inside-code"),
        pytest.param("**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>", id="nested"),
        pytest.param("2 * 3 * 4", "<p>2 * 3 * 4</p>", id="no-italic-between-spaces"),
        pytest.param("a\nb\n\nc", "<p>a b</p><p>c</p>", id="paragraphs"),
        pytest.param("- a\n- b\n\nc", "<ul><li>a</li><li>b</li></ul><p>c</p>", id="list"),
        pytest.param("x\n1. a\n2. b", "<p>x</p><ol><li>a</li><li>b</li></ol>", id="numbered"),
        pytest.param("- a\n  more", "<ul><li>a more</li></ul>", id="long-item"),
    ],
)
def test_markdown_becomes_html(text, html):
    assert without_styles(to_html(text)) == html


def test_fenced_code_keeps_its_lines_and_shows_its_signs():
    html = without_styles(to_html("One way:\n\n```python\nif a < b:\n\n    c = `d`\n```\n\nDone."))
    assert "<code>if a &lt; b:\n\n    c = `d`</code></pre><p>Done.</p>" in html


def test_a_fence_that_is_never_closed_loses_nothing():
    assert "<code>a = 1</code>" in without_styles(to_html("```\na = 1"))


def test_plain_text_has_the_words_without_the_marks():
    assert to_plain("**A** `b` *c* \\*d\\* &lt;e&gt;") == "A `b` c *d* <e>"
    assert to_plain("Do:\n\n```python\nx = `1`\n```\n\n**End**") == "Do:\n\nx = `1`\n\nEnd"
