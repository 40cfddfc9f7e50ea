import pytest

from helpers.teaching import honest_note, marks
from helpers.teaching.notes import honest_notes


@pytest.mark.parametrize("id", ["N20", "N22", "E3", "E7"])
def test_a_note_says_what_the_source_the_evidence_and_we_say(id):
    note = honest_note(id)
    text = note.plain()
    assert text.startswith(f"Honest note {id}: ")
    for head in ("The source says: ", "The evidence says: ", "What we do: "):
        assert head in text
    assert note._repr_mimebundle_()["text/html"].count("<strong>") == 4
    assert 40 < len(text.split()) < 190


def test_a_note_met_before_is_called_to_mind():
    whole, again = honest_note("E7"), honest_note("E7", again="03a")
    assert again.plain().splitlines() == [
        whole.plain().splitlines()[0],
        f"What we do: {marks.to_plain(honest_notes()['E7']['we'])}",
        "What the source and the evidence say about it stands in lesson 03a.",
    ]


def test_every_note_of_the_file_can_be_shown():
    for id in honest_notes():
        assert honest_note(id).plain()


def test_a_notebook_may_give_the_text_itself():
    note = honest_note("N99", "A title", says="This.", we="That.")
    assert note.plain() == "Honest note N99: A title\nThe source says: This.\nWhat we do: That."


def test_what_a_notebook_gives_takes_the_place_of_the_file():
    assert "In this lesson we wait." in honest_note("N20", we="In this lesson we wait.").plain()


def test_nothing_in_a_note_is_markup():
    assert "<script>" not in honest_note("N99", "<script>", says="<script>", we="x")._repr_mimebundle_()["text/html"]


def test_a_note_that_nobody_wrote_is_the_authors_mistake():
    with pytest.raises(ValueError, match="Honest note N98: title, says, we missing"):
        honest_note("N98")
