"""Whom a question names, among the authors of a library."""

import pytest

from rag.model import Paper
from rag.neural.question_reader import Heard, Mark
from rag.retrieval.index.making import build_index
from rag.retrieval.question.people import people_in, settled

LIBRARY = (
    Paper("a", "Owls", "Owls and SVMs at night.", authors=("Bram de Wit", "Inês Osei-Hale")),
    Paper("b", "Hawks", "Hawks by day.", authors=("Ida Holm", "Tobias Lind")),
    Paper("c", "Ducks", "A young duck.", authors=("Per Holm", "Ida Young")),
)


@pytest.fixture(scope="module")
def index():
    return build_index("generation", LIBRARY)


def heard(text, name, slot="person"):
    start = text.index(name)
    return Heard(marks=(Mark(slot, False, start, start + len(name)),))


@pytest.mark.parametrize(
    ("text", "name", "people"),
    [
        ("did de Wit publish alone?", "de Wit", [{"Bram de Wit"}]),
        ("Osei-Hale first author", "Osei-Hale", [{"Inês Osei-Hale"}]),
        ("papers by Prof. Osei-Hale", "Prof. Osei-Hale", [{"Inês Osei-Hale"}]),
        ("which of the Holms works on hawks?", "Holms", [{"Ida Holm", "Per Holm"}]),
        ("papers by Holms", "Holms", []),
        ("who has Tobias Lind written with", "Tobias Lind", [{"Tobias Lind"}]),
        ("papers by Rosa Lind", "Rosa Lind", []),
    ],
)
def test_people_are_named_by_whole_surnames_and_by_families(text, name, people, index):
    assert [person.names for person in people_in(text, index, heard(text, name))] == people


def test_a_name_of_nobody_is_a_subject_where_all_of_it_stands_in_abstracts(index):
    assert [mark.slot for mark in settled("SVM papers", heard("SVM papers", "SVM"), index).marks] == ["subject"]
    text = "Lind + owls, which was that"
    assert [mark.slot for mark in settled(text, heard(text, "Lind + owls"), index).marks] == ["subject"]
    text = "papers by Peter Young"
    assert [mark.slot for mark in settled(text, heard(text, "Peter Young"), index).marks] == ["person"]
