"""Retrieval on the dozen invented abstracts: what is found, by which way, and what each switch takes away."""

from functools import partial

import numpy as np
import pytest

from rag.library.flat_records import split_key
from rag.retrieval import retriever
from rag.retrieval.question.conditions import Conditions, conditions
from rag.retrieval.question.reading import read
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from tests.support.storage_fixtures import (
    WordEmbedder,
    in_chroma,
    invented,
    open_assistant,
    open_library,
    write_lines,
)

QUERIES = ("birds at night", "a cache that forgets what is not needed", "knots in cords", "FINCH", "snow 80%", "Łucja")


@pytest.fixture
def opened(assistant):
    return assistant._library, assistant._embedder


@pytest.fixture
def folder(assistant):
    return assistant._retriever.folder.parent


@pytest.fixture
def retrieve(opened, folder):
    """Retrieves with the settings given; the ids of the papers found, best first."""

    def found(query, *, k=12, where=None, **settings):
        retriever = Retriever(*opened, Settings(**settings), folder / "index")
        return retriever.retrieve(read(query), k=k, where=conditions(where)).hits

    return found


def ids(hits):
    return [hit.paper.id for hit in hits]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("a detector for birds after dark", "owlnet"),
        ("forgetting parts of a long chat to save memory", "tidal-cache"),
        ("knotted strings of the Incas", "quipu"),
        ("warning of insects that leave their hive", "beekeeper"),
        ("autonomous boats", "title-only"),
        ("gamma-moss", "gamma-moss"),
        ("KELPCAST", "kelp-digest"),
        ("M2Cells", "latex-residue"),
    ],
)
def test_what_is_looked_for_comes_first(query, best, retrieve):
    assert ids(retrieve(query))[0] == best


def test_a_shared_name_brings_both_its_papers_to_the_top(retrieve):
    assert set(ids(retrieve("FINCH", k=2))) == {"finch-detector", "finch-audio"}


def test_a_name_is_found_though_words_and_meaning_both_miss_it(retrieve):
    # "M2Cells" stands nowhere in that form: the title has "M^{2}Cells"
    hits = retrieve("M2Cells", dense=False, lexical=False)
    assert ids(hits)[0] == "latex-residue"
    assert "name" in hits[0].evidence[0].found_by
    assert "lexical" not in hits[0].evidence[0].found_by


def test_without_names_a_name_is_not_looked_up(retrieve):
    hits = retrieve("What is γ-Moss?", names=False)
    assert not any("name" in evidence.found_by for hit in hits for evidence in hit.evidence)


def test_without_vectors_a_query_that_shares_no_word_finds_nothing_before_the_rest(retrieve):
    query = "avian creatures after dusk"
    assert ids(retrieve(query))[0] == "owlnet"
    alone = retrieve(query, dense=False, proximity=0, neighbours=0, late=0)
    assert len({hit.score for hit in alone}) == 1  # nothing tells them apart
    assert not any("dense" in evidence.found_by for hit in alone for evidence in hit.evidence)


def test_without_words_nothing_is_found_by_them(retrieve):
    hits = retrieve("birds in night images", lexical=False)
    assert not any("lexical" in evidence.found_by for hit in hits for evidence in hit.evidence)
    assert any("lexical" in evidence.found_by for hit in retrieve("birds in night images") for evidence in hit.evidence)


@pytest.mark.parametrize("switch", [{"fusion": "rrf"}, {"proximity": 0}, {"neighbours": 0}, {"late": 0}])
def test_each_way_of_scoring_changes_scores_and_loses_no_paper(switch, retrieve):
    query = "voices of birds in a long recording at night"
    usual, other = retrieve(query), retrieve(query, **switch)
    assert {hit.paper.id: hit.score for hit in usual} != {hit.paper.id: hit.score for hit in other}
    assert set(ids(usual)) == set(ids(other))


@pytest.mark.parametrize("query", QUERIES)
def test_every_hit_is_a_paper_once_with_its_passages_best_first(query, retrieve):
    hits = retrieve(query)
    assert len(set(ids(hits))) == len(hits) == 12
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    ranks = [evidence.rank for hit in hits for evidence in hit.evidence]
    for hit in hits:
        assert hit.evidence
        assert [e.score for e in hit.evidence] == sorted((e.score for e in hit.evidence), reverse=True)
        for evidence in hit.evidence:
            assert evidence.paper == hit.paper
            passage = evidence.passage
            assert hit.paper.abstract[passage.start : passage.end] == passage.text
    assert min(ranks) == 1


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("k", [1, 3, 12, 100])
def test_fewer_hits_are_the_first_of_more(query, k, retrieve):
    assert ids(retrieve(query, k=k)) == ids(retrieve(query, k=1000))[:k]


@pytest.mark.parametrize(
    ("where", "met"),
    [
        ({"year": 2024}, {"owlnet", "gamma-moss", "latex-residue", "kelp-digest"}),
        ({"year": 2024, "month": 3}, {"owlnet", "latex-residue"}),
        ({"since": "2025-01-01"}, {"finch-audio", "tidal-cache"}),
        ({"min_authors": 12}, {"latex-residue", "quipu"}),
        ({"abstract_kind": "digest"}, {"kelp-digest"}),
        ({"paper_ids": ["quipu", "beekeeper"]}, {"quipu", "beekeeper"}),
        ({"year": 1999}, set()),
    ],
)
def test_only_papers_that_meet_the_conditions_are_found_and_all_of_them(where, met, retrieve):
    hits = retrieve("birds at night", where=where)
    assert set(ids(hits)) == met
    assert all("metadata" in evidence.found_by for hit in hits for evidence in hit.evidence)


def test_the_same_query_gives_the_same_hits(retrieve):
    assert retrieve("birds at night") == retrieve("birds at night")


def test_a_question_on_something_else_is_less_like_the_library_than_one_on_its_subjects(opened, folder):
    retriever = Retriever(*opened, Settings(), folder / "index")
    near = retriever.retrieve(read("How are birds seen at night?"), k=5).likeness
    far = retriever.retrieve(read("What is the capital of France?"), k=5).likeness
    assert far < near


def test_an_empty_library_finds_nothing(tmp_path):
    embedder = WordEmbedder()
    library = open_library(tmp_path, embedder)
    retriever = Retriever(library, embedder, Settings(), tmp_path / "index")
    found = retriever.retrieve(read("What is OwlNet?"), k=5, where=Conditions())
    assert (found.hits, found.candidates, found.names.unknown) == ((), 0, ("OwlNet",))
    library.close()


def test_papers_are_found_by_title_and_by_name(opened, folder):
    retriever = Retriever(*opened, Settings(), folder / "index")
    assert retriever.named("a note on SNOW") == ["one-sentence"]
    assert retriever.named("tidal cache") == ["tidal-cache"]
    assert sorted(retriever.named("FINCH")) == ["finch-audio", "finch-detector"]
    assert retriever.named("WombatNet") == retriever.named("") == []


def scanned(vectors, owner, vector, *, n, within):
    """What looking at each vector of a library finds."""
    near = {key: float(row @ vector) for key, row in vectors.items() if within is None or owner(key) in set(within)}
    return sorted(near.items(), key=lambda pair: -pair[1])[:n]


@pytest.mark.parametrize("where", [{"source": "odd"}, {"source": "near"}, {"source": "far"}, {"since": "2001-01-01"}])
def test_conditions_that_leave_many_papers_show_what_a_look_at_all_of_them_shows(where, tmp_path, monkeypatch):
    """Of 240 papers 120 are odd; 40 are near to the question, so that those asked for first are all of these."""
    records = invented(240)
    for n, record in enumerate(records):
        record |= {"source": "odd" if n % 2 else "far", "published": f"{2000 + n % 3}-05-06"}
        if n % 6 == 0:
            record |= {"source": "near", "abstract": f"Birds at night {n}. " + record["abstract"][:40]}
    question = read("birds at night")
    monkeypatch.setattr(retriever, "DENSE_PASSAGES", 30)
    with open_assistant(tmp_path / "library") as assistant:
        assistant.ingest([write_lines(tmp_path / "papers.jsonl", records)])
        library = assistant._library
        found = Retriever(library, assistant._embedder, Settings(), tmp_path / "library" / "index")
        monkeypatch.setattr(retriever, "NAMED", 0)
        wide = found.retrieve(question, k=60, where=conditions(where))
        asked = []
        for name, kind, owner in (("likeness", "papers", str), ("nearest", "passages", lambda key: split_key(key)[0])):
            vectors = in_chroma(library, kind)
            vectors = {key: np.array(row) / np.linalg.norm(row) for key, row in vectors.items()}
            scan = partial(scanned, vectors, owner)
            monkeypatch.setattr(library, name, lambda *a, scan=scan, **b: asked.append(b["within"]) or scan(*a, **b))
        monkeypatch.setattr(retriever, "NAMED", 300)
        narrow = found.retrieve(question, k=60, where=conditions(where))
    assert ids(wide.hits) == ids(narrow.hits)
    assert [hit.score for hit in wide.hits] == pytest.approx([hit.score for hit in narrow.hits], abs=1e-3)
    assert (wide.candidates, wide.likeness) == (narrow.candidates, pytest.approx(narrow.likeness, abs=1e-5))
    assert [len(within) for within in asked] == [narrow.candidates] * 2
