"""Questions that real readers asked and that were heard wrong, a row each in `cases_asked`."""

import json

import pytest

from rag.model import Turn
from tests.field.cases_asked import HEARD, LIBRARY, Heard
from tests.field.cases_namesakes import HEARD_OF_PEOPLE, WINDS


@pytest.fixture(scope="module")
def libraries(library_of, tmp_path_factory):
    """An Assistant over five invented abstracts, and one over eight with people who share a surname."""
    folder = tmp_path_factory.mktemp("asked")

    def made(name, papers):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in papers))
        return library_of(folder / name)

    return {"ponds": made("ponds.jsonl", LIBRARY), "winds": made("winds.jsonl", WINDS)}


@pytest.mark.parametrize(
    ("library", "row"),
    [
        pytest.param(name, row, id=f"{name}: {'then: ' if row.turn else ''}{row.question}")
        for name, rows in (("ponds", HEARD), ("winds", HEARD_OF_PEOPLE))
        for row in rows
    ],
)
def test_question_is_answered_as_it_is_meant(library: str, row: Heard, libraries):
    history = [Turn("user", row.turn[0]), Turn("assistant", row.turn[1])] if row.turn else []
    answer = libraries[library].ask(row.question, history=history)
    assert answer.text.startswith(row.says)
    assert row.has in answer.text
    assert answer.status == ("abstained" if row.abstains else "answered")
    assert not any(words in answer.text for words in row.has_not)


@pytest.mark.parametrize("question", ["What is MossNet?", "What is MossNet about?", "What does MossNet do?"])
def test_of_a_paper_without_an_abstract_no_metadata_stand_for_what_it_does(question, library_of, tmp_path):
    path = tmp_path / "titles.csv"
    path.write_text(
        "Title,Abstract,Author,Year\nMossNet,NA,Cy Elk,2023\nReedNet,It maps reeds on 12 lakes.,Bo Fox,2022\n"
    )
    library = library_of(path)
    answer = library.ask(question)
    assert (answer.status, answer.text) == ("abstained", "Of MossNet the library has only the title, no abstract.")
    assert library.ask("Who wrote MossNet?").text.startswith("MossNet is by Cy Elk [1].")
    assert library.ask("How many authors has MossNet?").text == "MossNet has 1 author [1]."


def test_a_chain_of_few_words_goes_on_from_what_each_of_them_was(libraries):
    winds = libraries["winds"]
    history: list[Turn] = []
    for question, says in (
        ("papers by Ida Holm", "Three papers by Ida Holm"),
        ("And by Lea Frost?", "Two papers by Lea Frost"),
        ("and from 2022?", "Two papers by Lea Frost from 2022"),
        ("the second", "SnowGauge weighs snow"),
        ("the first one", "“Noise of Small Turbines at Night”"),
    ):
        answer = winds.ask(question, history=history)
        assert answer.text.startswith(says)
        history += [Turn("user", question), Turn("assistant", answer.text)]


def test_each_paper_of_a_list_by_mention_cites_the_words_that_mention_it(libraries):
    answer = libraries["winds"].ask("Which papers mention blades?")
    assert [(one.field, one.quote) for one in answer.citations] == [
        (None, "Noise falls by 6 decibels when blades are serrated."),
        ("title", "TurbineNet: Spotting Cracks in Blades"),
    ]
    assert {one.verdict for one in answer.statements} == {"supported"}
