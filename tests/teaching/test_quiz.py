import tempfile
from collections import Counter
from pathlib import Path

import pytest

from helpers.teaching.quiz import arrange, faults, read_quiz, telltales
from helpers.teaching.yamlfiles import dump, parse, read

GOOD = """
"03a":
  - id: rank
    question: What does RFM do?
    covers: [S73]
    options:
      - {text: It ranks., right: true, feedback: "Yes."}
      - {text: It judges., feedback: "No."}
"""


def questions_of(data):
    """Questions as they come from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quiz.yml"
        path.write_text(dump(data), encoding="utf-8")
        return read_quiz(path)["03a"]


def option(number, **more):
    return {"text": f"Option {number}", "feedback": "Because."} | more


def question(**changes):
    return {"id": "q", "question": "Why?", "options": [option(1, right="true"), option(2)]} | changes


def test_a_good_file_has_no_faults():
    assert faults(parse(GOOD)) == []


@pytest.mark.parametrize(
    "item, fault",
    [
        pytest.param(question(id=""), "it has no id.", id="id"),
        pytest.param(question(question=" "), "it has no question.", id="question"),
        pytest.param(question(hint="x"), "'hint' is no part of a question.", id="unknown-key"),
        pytest.param(question(covers=["73"]), "framework ids such as [S73]", id="covers"),
        pytest.param(question(**{"from": "03a"}), "'03a' is none", id="from-itself"),
        pytest.param(question(**{"from": "08"}), "'08' is none", id="from-a-later-one"),
        pytest.param(question(options=[option(1, right="true")]), "two to six options", id="one-option"),
        pytest.param(question(options="x"), "two to six options", id="no-list"),
        pytest.param(question(options=[option(1), option(2)]), "0 options are right; it must be one.", id="none-right"),
        pytest.param(
            question(options=[option(1, right="true"), option(2, right="yes")]), "2 options are right", id="two-right"
        ),
        pytest.param(question(options=[option(1, right="maybe"), option(2)]), "right is true or false", id="maybe"),
        pytest.param(
            question(options=[option(1, right="true", feedback=""), option(2)]),
            "option 1: it has no feedback",
            id="no-feedback",
        ),
        pytest.param(question(options=[option(1, right="true"), option(1)]), "two options say the same", id="twins"),
        pytest.param(question(options=[option(1, right="true", id="2"), option(2)]), "the same id", id="twin-ids"),
        pytest.param(question(computed="x"), "option 1: it has no id.", id="computed-without-ids"),
        pytest.param(question(computed="x"), "it has no if_wrong.", id="computed-without-feedback"),
        pytest.param(question(computed="x"), "right does not belong", id="computed-and-right"),
        pytest.param(
            question(options=[option(1, right="true", if_right="x"), option(2)]),
            "if_right does not belong",
            id="not-computed",
        ),
        pytest.param("text", "it needs an id, a question and options", id="text"),
    ],
)
def test_every_fault_of_a_question_is_named(item, fault):
    found = faults({"03a": [item]})
    assert any(fault in one for one in found), found


def test_faults_of_the_file_are_named():
    assert faults({"three": []}) == ["'three' is no lesson id such as 03a, or 03-cases."]
    assert "list its questions" in faults({"03a": "x"})[0]
    assert "the id stands twice" in faults({"03a": [question()], "03b": [question()]})[0]


def test_a_file_with_faults_is_refused_with_all_of_them(tmp_path):
    path = tmp_path / "quiz.yml"
    path.write_text(GOOD.replace('feedback: "Yes."', "").replace("id: rank", "id:"))
    with pytest.raises(ValueError, match=r"quiz.yml: .*it has no id.*option 1: it has no feedback"):
        read_quiz(path)
    path.write_text('"03a": [}')
    with pytest.raises(ValueError, match="quiz.yml cannot be read"):
        read_quiz(path)
    path.write_text("a: 1\na: 2")
    with pytest.raises(ValueError, match="'a' stands here twice"):
        read_quiz(path)
    path.write_text("- x")
    with pytest.raises(ValueError, match="must begin with a name"):
        read_quiz(path)


def test_no_file_and_an_empty_file_are_no_questions(tmp_path):
    assert read_quiz(tmp_path / "none.yml") == {}
    (tmp_path / "quiz.yml").write_text("# nothing yet\n")
    assert read_quiz(tmp_path / "quiz.yml") == {}


def test_words_of_yaml_stay_words(topic):
    questions = {one.id: one for one in read_quiz(topic.quiz)["03a"]}
    assert questions["earlier"].earlier == "02"
    assert [one.text for one in questions["earlier"].options] == ["No", "Yes"]
    assert read(topic.quiz.with_name("none.yml")) == {}


# ---------------------------------------------------------------- the order of options


def many(count, options=4):
    data = {
        "03a": [
            question(id=f"q{n}", options=[option(k, right=str(k == 0).lower()) for k in range(options)])
            for n in range(count)
        ]
    }
    assert faults(data) == []
    return questions_of(data)


@pytest.mark.parametrize("seed", ["", "03a ", "03a Li Na"])
def test_the_right_option_stands_equally_often_in_every_place(seed):
    questions = many(12)
    right = {one.id: one.right for one in questions}
    orders = arrange(questions, right, seed=seed)
    places = Counter([option.id for option in orders[one.id]].index(right[one.id]) for one in questions)
    assert places == {0: 3, 1: 3, 2: 3, 3: 3}


def test_the_order_of_places_is_no_pattern_and_no_option_is_lost():
    questions = many(12)
    right = {one.id: one.right for one in questions}
    orders = arrange(questions, right, seed="03a ")
    places = [[option.id for option in orders[one.id]].index(right[one.id]) for one in questions]
    assert len({tuple(places[at : at + 4]) for at in (0, 4, 8)}) > 1
    assert all({one.id for one in orders[q.id]} == {one.id for one in q.options} for q in questions)


def test_the_order_stays_for_one_learner_and_differs_between_learners():
    questions = many(8)
    right = {one.id: one.right for one in questions}

    def order(seed):
        return {key: [one.id for one in options] for key, options in arrange(questions, right, seed=seed).items()}

    assert order("03a Li Na") == order("03a Li Na")
    assert order("03a Li Na") != order("03a Wang Wei")


def test_a_quiz_whose_longest_options_are_right_gives_itself_away():
    questions = many(4)
    assert telltales(questions) == []
    data = {
        "03a": [
            question(id=f"q{n}", options=[option(1, right="true", text="long " * 9), option(2), option(3)])
            for n in range(4)
        ]
    }
    assert telltales(questions_of(data)) == ["In 4 of 4 questions the longest option is the right one."]


# ---------------------------------------------------------------- what is shown


def test_a_quiz_has_every_question_that_these_data_allow(lesson):
    text = repr(lesson.quiz())
    assert "1. What does RFM do?" in text
    assert "Which customer is silent longest?" in text
    assert "Which table is missing?" not in text
    assert "One question cannot be asked on these data. It needs `missing_table`" in text


def test_the_twin_shows_options_and_gives_nothing_away(lesson):
    html = lesson.quiz().html()
    assert html.count("It ranks customers.") == 1
    assert "<strong>RFM</strong>" in html
    for feedback in ("nothing more", "it looks back", "Look at the days"):
        assert feedback not in html


def test_answers_are_judged_by_letter_or_id_and_kept(lesson):
    quiz = lesson.quiz("rank")
    letter = next(line.split()[0] for line in repr(quiz).splitlines() if "It ranks" in line)
    assert quiz.answer("rank", letter.lower()).plain() == "Right. Yes, and nothing more."
    assert quiz.answer("rank", "3").plain() == "Not this one. No: it looks back."
    assert [(one["item"], one["outcome"], one["choice"], one["attempt"]) for one in lesson.progress.events] == [
        ("rank", "correct", "1", 1),
        ("rank", "not yet", "3", 2),
    ]


def test_a_computed_question_follows_the_data(lesson, orders):
    # B is silent for 49 days here; with its orders gone, A is.
    assert lesson.quiz().answer("quietest", lesson_letter(lesson, "Customer B")).label == "Right."
    lesson.offers(orders=orders[orders["customer_id"] != "B"])
    assert lesson.quiz().answer("quietest", lesson_letter(lesson, "Customer A")).label == "Right."


def lesson_letter(lesson, text):
    lines = repr(lesson.quiz()).splitlines()
    return next(line.split()[0] for line in lines if line.endswith(text))


def test_a_question_or_option_that_does_not_exist_is_a_word_not_an_error(lesson):
    quiz = lesson.quiz()
    assert "There are: rank, quietest, earlier." in quiz.answer("nope", "A").plain()
    assert "Give a letter from A to C." in quiz.answer("rank", "Z").plain()


def test_an_author_who_names_no_question_is_told(lesson):
    with pytest.raises(ValueError, match=r"quiz.yml has no question 'nope' for lesson 03a"):
        lesson.quiz("nope")


def test_every_option_has_its_sentence(lesson):
    quiz = lesson.quiz()
    for one in quiz.questions:
        for place in range(len(one.options)):
            assert quiz.answer(one.id, "ABCDEF"[place]).text


def test_the_widget_is_used_with_the_keyboard_and_says_what_it_found(lesson):
    import ipywidgets

    quiz = lesson.quiz("rank")
    group = quiz.widget()
    (asked,) = [child for child in group.children if isinstance(child, ipywidgets.VBox)]
    _, buttons, button, said = asked.children
    assert buttons.value is None, "nothing is chosen for the learner"
    button.click()
    assert "Nothing chosen yet." in said.value
    buttons.value = "1"
    button.click()
    assert "Right." in said.value
    assert 'aria-live="polite"' in said.value
