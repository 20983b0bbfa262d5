"""Passages: whole sentences within a budget, with exact offsets, that together cover the abstract."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.model import Paper
from rag.text import sentences
from rag.text.passages import passages
from rag.text.tokens import count_tokens


def words(text):
    return len(text.split())


def cut(abstract, budget, count=words):
    return passages(Paper("owl", "Owls", abstract), budget_tokens=budget, count=count)


# Four sentences of 2, 3, 2 and 4 words.
TEXT = "Owls see. Owls see well. Kelp grows. Kelp grows very fast."


def test_an_abstract_within_the_budget_is_one_passage():
    [passage] = cut(TEXT, 11)
    assert (passage.id, passage.paper_id, passage.text) == ("owl#0", "owl", TEXT)
    assert (passage.start, passage.end) == (0, len(TEXT))


def test_a_passage_takes_whole_sentences_and_begins_with_the_last_of_the_one_before():
    # 2 + 3 + 2 = 7 fit into 8, a fourth would make 11; the last (2) and the next (4) fit together.
    assert [passage.text for passage in cut(TEXT, 8)] == [
        "Owls see. Owls see well. Kelp grows.",
        "Kelp grows. Kelp grows very fast.",
    ]


def test_passages_do_not_overlap_where_the_budget_has_no_room_for_it():
    # 2 + 3 fit into 5; the 3 and the 2 do as well; the 2 and the 4 do not.
    assert [passage.text for passage in cut(TEXT, 5)] == [
        "Owls see. Owls see well.",
        "Owls see well. Kelp grows.",
        "Kelp grows very fast.",
    ]


def test_a_sentence_longer_than_the_budget_is_a_passage_of_its_own():
    assert [passage.text for passage in cut(TEXT, 1)] == [
        "Owls see.",
        "Owls see well.",
        "Kelp grows.",
        "Kelp grows very fast.",
    ]


@pytest.mark.parametrize("abstract", ["", "  \n "])
def test_a_paper_without_an_abstract_has_one_empty_passage(abstract):
    [passage] = cut(abstract, 8)
    assert (passage.id, passage.text, passage.start, passage.end) == ("owl#0", "", 0, 0)


def test_a_sentence_that_occurs_twice_has_two_places():
    found = cut("Owls see. Kelp grows. Owls see.", 2)
    assert [(p.start, p.end) for p in found] == [(0, 9), (10, 21), (22, 31)]


ABSTRACTS = st.lists(
    st.sampled_from(["Owls see.", "It is 3.5!", "γ-Moss {\\mu} grows, e.g. fast.", "Is it?", "\n\n", "鸟在唱。"]),
    max_size=14,
).map(" ".join)


@given(st.one_of(ABSTRACTS, st.text(max_size=200)), st.integers(1, 20))
def test_passages_are_of_the_abstract_cover_every_sentence_and_keep_to_the_budget(abstract, budget):
    found = cut(abstract, budget)
    spans = sentences(abstract)
    assert [p.id for p in found] == [f"owl#{n}" for n in range(len(found))]
    for p in found:
        assert abstract[p.start : p.end] == p.text
        inside = [(a, b) for a, b in spans if p.start <= a and b <= p.end]
        if spans:
            assert (inside[0][0], inside[-1][1]) == (p.start, p.end)  # whole sentences
        assert len(inside) <= 1 or sum(words(abstract[a:b]) for a, b in inside) <= budget
    assert all(any(p.start <= a and b <= p.end for p in found) for a, b in spans)
    assert [p.start for p in found] == sorted({p.start for p in found})


def test_tokens_count_where_they_are_what_is_counted():
    text = "Owls see very well at night. " * 30
    found = cut(text.strip(), 40, count_tokens)
    assert len(found) > 1
    assert max(count_tokens(p.text) for p in found) <= 40
