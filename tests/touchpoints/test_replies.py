"""The reader of replies: what each rule finds, what it misses, and that it says why."""

import pytest

from helpers.touchpoints import replies, scenes

START = "Dear Ms Wang, thank you for your letter about the oven that we installed last week. "


def found(text):
    return {one.ingredient: one.found for one in replies.read(START + text)}


@pytest.mark.parametrize(
    "text, is_there",
    [
        ("I am sorry that it does not heat.", True),
        ("We apologise for the cold oven.", True),
        ("Please accept my apologies.", True),
        ("That was our mistake.", True),
        ("非常抱歉给您添麻烦。", True),
        ("We are sorry if you were troubled.", False),
        ("We apologise for any inconvenience.", False),
        ("Sorry that you feel that way.", False),
        ("There is nothing to apologise for.", False),
        ("We apologise for any inconvenience. I am truly sorry about the oven.", True),
        ("We regret to inform you of our policy.", False),
    ],
)
def test_an_apology_has_no_if(text, is_there):
    assert found(text)["apology"] is is_there


@pytest.mark.parametrize(
    "text, is_there",
    [
        ("My name is Chen Li, my number is 555 0142.", True),
        ("I will stay with it. Call me on 021 555 0142.", True),
        ("I take care of it; write to me at chen.li@example.com.", True),
        ("I will stay with it.", False),
        ("Customer service, telephone 555 0142.", False),
        ("The department will be in touch.", False),
    ],
)
def test_an_owner_is_a_person_who_can_be_reached(text, is_there):
    assert found(text)["owner"] is is_there


@pytest.mark.parametrize(
    "text, is_there",
    [
        ("It is done by Thursday.", True),
        ("Somebody comes tomorrow.", True),
        ("On 3 June it is mended.", True),
        ("On May 3 it is mended.", True),
        ("By 17:00 you hear from me.", True),
        ("You hear from me within two days.", True),
        ("On 2026-06-03 it is mended.", True),
        ("我周四给您打电话。", True),
        ("You may hear from us as soon as possible.", False),
        ("Shortly it will be done.", False),
        ("It may be mended.", False),
    ],
)
def test_a_date_can_be_waited_for(text, is_there):
    assert found(text)["date"] is is_there


@pytest.mark.parametrize(
    "text, is_there",
    [
        ("I will send a fitter.", True),
        ("We'll replace it.", True),
        ("Chen Li will call you.", True),
        ("I will personally bring it.", True),
        ("Please contact the partner.", False),
        ("You have to fill in the form.", False),
        ("It will be handled.", False),
    ],
)
def test_a_next_step_is_ours(text, is_there):
    assert found(text)["next step"] is is_there


@pytest.mark.parametrize(
    "text, is_there",
    [
        ("I am sorry. I will send a fitter.", True),
        ("You should have read the manual.", False),
        ("You did not descale it.", False),
        ("It was user error.", False),
        ("The dock is not our make.", False),
        ("The partner is responsible for that.", False),
        ("Please contact the partner.", False),
        ("According to our records, somebody was there.", False),
        ("You need not do anything; the fitter comes to you.", True),
    ],
)
def test_blame_is_found(text, is_there):
    assert found(text)["no blame"] is is_there


@pytest.mark.parametrize("reply", [None, 7, "", "Sorry.", ["I am sorry"], "Sorry, I will call you tomorrow on your number."])
def test_what_is_no_reply_has_nothing(reply):
    assert not any(one.found for one in replies.read(reply))
    assert all("12 words" in one.why for one in replies.read(reply))


def test_a_blank_stays_a_blank():
    assert replies.ingredients(...) is ...
    assert "three dots" in repr(replies.Checked(...))


def test_the_bad_reply_lacks_all_five():
    assert replies.ingredients(scenes.BAD_REPLY) == []
    assert replies.Checked(scenes.BAD_REPLY).missing == list(replies.INGREDIENTS)


def test_each_reading_says_by_which_words():
    text = replies.Checked(START + "I am sorry. Call me on 555 0142: I will send a fitter on Thursday.")._repr_markdown_()
    assert all(word in text for word in ("“sorry”", "“Thursday”", "“I will send”", "read it aloud"))
    unfinished = replies.Checked(START + "We apologise for any inconvenience, and reply as soon as possible.")._repr_markdown_()
    assert "half an apology" in unfinished and "is no date" in unfinished and "the rule is wrong" in unfinished


def test_the_order_of_sentences_does_not_matter():
    parts = ["I am sorry that it is cold.", "My number is 555 0142.", "I will send a fitter on Thursday."]
    assert replies.ingredients(START + " ".join(parts)) == replies.ingredients(START + " ".join(parts[::-1]))


def test_markup_in_a_reply_is_shown_as_text():
    why = next(one.why for one in replies.read(START + "Write to me at <b>x@y.zz</b>, I am here.") if one.ingredient == "owner")
    assert "<b>" not in why


def test_the_table_has_a_row_for_each():
    assert replies.table(scenes.BAD_REPLY)["ingredient"].tolist() == list(replies.INGREDIENTS)
