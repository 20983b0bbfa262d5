"""What a question asks for, as its words say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.question import MAX_QUESTION, parts_of, read, topic_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is OwlNet?", "fact"),
        ("Where does OwlNet fail?", "fact"),
        ("How does OwlNet find birds?", "fact"),
        ("How many visual tokens does OwlNet keep?", "number"),
        ("By how much does OwlNet beat HawkNet?", "number"),
        ("What accuracy does OwlNet reach on BirdBench?", "number"),
        ("Why does OwlNet drop tokens?", "reason"),
        ("How come OwlNet is fast?", "reason"),
        ("Does OwlNet need training?", "yes-no"),
        ("is owlnet open source", "yes-no"),
        ("What is the difference between OwlNet and HawkNet?", "compare"),
        ("Compare OwlNet with HawkNet.", "compare"),
        ("OwlNet vs HawkNet", "compare"),
        ("Which papers are about owls?", "list"),
        ("Which methods need no training?", "list"),
        ("List all papers on glaciers", "list"),
        ("What's new in token pruning?", "list"),
        ("Which of these use owls?", "list"),
        ("papers on owls from 2024", "list"),
        ("Which papers came out in March 2024?", "metadata"),
        ("How many papers are from 2024?", "metadata"),
        ("How many papers are in the library?", "metadata"),
        ("How many papers are about owls?", "list"),
        ("Which paper has the most authors?", "metadata"),
        ("What is the oldest paper?", "metadata"),
        ("When was OwlNet published?", "metadata"),
        ("Who wrote OwlNet?", "metadata"),
        ("How many authors does OwlNet have?", "metadata"),
        ("Which papers have more than 20 authors?", "metadata"),
    ],
)
def test_each_kind_of_question_is_known_by_its_words(question, kind):
    assert read(question).kind == kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wie viele Token behält OwlNet?", "number"),
        ("Combien de tokens OwlNet garde-t-il ?", "number"),
        ("¿Cuántos tokens conserva OwlNet?", "number"),
        ("OwlNet保留了多少个视觉token？", "number"),
        ("Warum braucht OwlNet kein Training?", "reason"),
        ("Pourquoi OwlNet est-il rapide ?", "reason"),
        ("Was ist der Unterschied zwischen OwlNet und HawkNet?", "compare"),
        ("OwlNet和HawkNet有什么区别？", "compare"),
        ("Welche Arbeiten sind über Eulen?", "list"),
        ("Quels articles parlent de hiboux ?", "list"),
        ("Wann ist OwlNet erschienen?", "metadata"),
        ("Wie viele Autoren hat OwlNet?", "metadata"),
    ],
)
def test_questions_in_other_languages_are_read_alike(question, kind):
    assert read(question).kind == kind


@pytest.mark.parametrize(
    ("question", "foreign"),
    [
        ("Wie viele Token behält das Modell bei der Inferenz?", True),
        ("Quels sont les résultats de OwlNet sur les oiseaux ?", True),
        ("¿Por qué OwlNet no necesita el entrenamiento?", True),
        ("OwlNet是什么方法？", True),
        ("What is the result of OwlNet on birds?", False),
        ("OwlNet accuracy", False),
        ("Does OwlNet beat die Eule on BirdBench?", False),
    ],
)
def test_a_question_in_another_language_is_known_as_one(question, foreign):
    assert read(question).foreign is foreign


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("What percentage of tokens is kept?", "%"),
        ("How much faster is OwlNet?", "×"),
        ("By what factor is it smaller?", "×"),
        ("How long does OwlNet take to train?", "time"),
        ("How many GPU hours does it need?", "time"),
        ("How many tokens are kept?", None),
    ],
)
def test_the_kind_of_figure_that_is_asked_for_is_read(question, unit):
    assert read(question).unit == unit
    assert read(question).figure


def test_the_noun_after_how_many_is_read():
    assert read("How many visual tokens does OwlNet keep?").noun.startswith("visual tokens")


@pytest.mark.parametrize(
    ("question", "order", "top", "place"),
    [
        ("What is the oldest paper?", "oldest", 1, 1),
        ("Which paper is the most recent?", "newest", 1, 1),
        ("What are the 3 newest papers?", "newest", 3, 1),
        ("What are the three oldest papers?", "oldest", 3, 1),
        ("Which is the second oldest paper?", "oldest", 1, 2),
        ("Which paper has the third most authors?", "most_authors", 1, 3),
        ("Which paper has the fewest authors?", "fewest_authors", 1, 1),
        ("Which of the two is newer?", "newest", 1, 1),
        ("What is OwlNet?", None, 1, 1),
    ],
)
def test_superlatives_with_their_number_and_place_are_read(question, order, top, place):
    reading = read(question)
    assert (reading.order, reading.top, reading.place) == (order, top, place)


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("When was OwlNet published?", ("published",)),
        ("How many authors does OwlNet have?", ("author_count",)),
        ("Who wrote OwlNet?", ("authors",)),
        ("Where can I find the repository of OwlNet?", ("url",)),
        ("What is OwlNet?", ()),
    ],
)
def test_the_fields_that_a_question_asks_for_are_read(question, fields):
    assert read(question).fields == fields


@pytest.mark.parametrize(
    ("question", "back"),
    [
        ("And how fast is it?", True),
        ("What about the second one?", True),
        ("Which of them is smaller?", True),
        ("How fast is OwlNet?", False),
        ("Which papers are about owls?", False),
    ],
)
def test_a_question_that_refers_back_is_known_as_one(question, back):
    assert read(question).refers_back is back


def test_a_question_of_two_parts_is_taken_apart():
    parts = parts_of(read("What is OwlNet trained on, and how many tokens does it keep?"))
    assert [part.text for part in parts] == ["What is OwlNet trained on", "how many tokens does it keep?"]
    assert [part.kind for part in parts] == ["fact", "number"]


@pytest.mark.parametrize(
    "question", ["What do owls and hawks eat?", "How fast and small is OwlNet?", "What is OwlNet?"]
)
def test_a_question_of_one_part_stays_whole(question):
    assert [part.text for part in parts_of(read(question))] == [question]


def test_the_topic_of_a_question_is_neither_dates_nor_papers():
    assert topic_of("Which papers came out in March 2024?") == set()
    assert topic_of("What are the three oldest papers?") == set()
    assert topic_of("Which papers about owls came out in March 2024?") == {"owl"}


@pytest.mark.parametrize("blank", ["", "   ", "\n\t", "\u00a0"])
def test_a_blank_question_is_an_error(blank):
    with pytest.raises(SettingsError, match="the question is blank"):
        read(blank)


def test_a_question_that_is_too_long_is_an_error_with_its_length():
    assert read("o" * MAX_QUESTION).text
    with pytest.raises(SettingsError, match="20,000 characters; at most 8,000"):
        read("o" * 20_000)


@given(st.text(min_size=1, max_size=200))
def test_every_text_is_read_or_refused_as_blank(text):
    if text.strip():
        reading = read(text)
        assert reading.text == " ".join(text.split())
        assert " ".join(part.text for part in parts_of(reading))
    else:
        with pytest.raises(SettingsError, match="blank"):
            read(text)


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("How many people wrote OwlNet?", ("author_count",)),
        ("How many people voted for OwlNet?", ()),
        ("How many researchers checked the labels?", ()),
    ],
)
def test_people_who_did_something_else_are_no_authors(question, fields):
    assert read(question).fields == fields


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Where can I find OwlNet?", "metadata"),
        ("Give me the link to OwlNet", "metadata"),
        ("Where can I find the code of OwlNet?", "fact"),
    ],
)
def test_where_a_paper_is_stands_in_its_record_and_where_its_code_is_does_not(question, kind):
    assert read(question).kind == kind


def test_who_comes_first_in_a_ranking_is_not_a_question_of_dates():
    assert read("Which model comes first in OwlArena?").order is None
    assert read("Which came first, OwlNet or HawkNet?").order == "oldest"


def test_how_a_number_is_come_by_asks_for_no_number():
    found = read("How does OwlNet decide how many tokens to keep?")
    assert (found.kind, found.figure) == ("fact", False)
    assert read("How many tokens does OwlNet decide to keep?").figure
