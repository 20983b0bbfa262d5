"""Questions that real readers asked and that were heard wrong, a row each in `cases_asked`."""

import json

import pytest

from rag.model import Turn
from tests.field.cases_asked import HEARD, LIBRARY, Heard


@pytest.fixture(scope="module")
def ponds(library_of, tmp_path_factory):
    """An Assistant over five invented abstracts."""
    path = tmp_path_factory.mktemp("ponds") / "ponds.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in LIBRARY))
    return library_of(path)


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{'then: ' if row.turn else ''}{row.question}") for row in HEARD]
)
def test_question_is_answered_as_it_is_meant(row: Heard, ponds):
    history = [Turn("user", row.turn[0]), Turn("assistant", row.turn[1])] if row.turn else []
    answer = ponds.ask(row.question, history=history)
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
