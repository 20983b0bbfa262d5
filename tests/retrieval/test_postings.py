"""The word index that is made block by block is the one that bm25s makes of all papers at once."""

import random
import tracemalloc

import bm25s
import numpy as np
import pytest

import rag.retrieval.index.making
import rag.retrieval.index.postings
from rag.model import Paper
from rag.retrieval.index.lexical_index import examine_index, is_current
from rag.retrieval.index.making import build_index, save_index
from rag.retrieval.index.postings import Postings
from tests.support.storage_fixtures import invented, open_assistant, write_lines


def documents(count, *, seed):
    """Lists of words, few of them frequent and most rare, as in a language."""
    dice = random.Random(seed)
    return [[f"w{min(int(dice.paretovariate(0.6)), 999)}" for _ in range(dice.randint(1, 40))] for _ in range(count)]


@pytest.mark.parametrize(("block", "merged"), [(1, 1), (40, 90), (10**6, 10**6)])
def test_blocks_of_any_size_give_the_index_that_bm25s_makes_of_all(block, merged, tmp_path, monkeypatch):
    monkeypatch.setattr(rag.retrieval.index.postings, "_BLOCK", block)
    monkeypatch.setattr(rag.retrieval.index.postings, "_MERGED", merged)
    said = [*documents(120, seed=3), [""], *documents(30, seed=4)]
    postings = Postings(tmp_path)
    for words in said:
        postings.add(words)
    postings.write(tmp_path / "bm25")
    made = bm25s.BM25.load(str(tmp_path / "bm25"), load_corpus=False, show_progress=False)
    whole = bm25s.BM25(k1=1.5, b=0.75)
    vocabulary = {word: n for n, word in enumerate(sorted({word for words in said for word in words}))}
    whole.index(([[vocabulary[word] for word in words] for words in said], vocabulary), show_progress=False)
    assert made.vocab_dict == whole.vocab_dict
    assert made.scores["num_docs"] == 151
    for name in ("data", "indices", "indptr"):
        assert made.scores[name].dtype == whole.scores[name].dtype
        assert np.array_equal(made.scores[name], whole.scores[name]), name
    assert [path.name for path in tmp_path.iterdir()] == ["bm25"]  # what it was made from is gone


def test_an_index_on_disk_says_whose_it_is(tmp_path):
    papers = [Paper("owl", "OwlNet: Seeing at Night", "OwlNet sees owls."), Paper("fox", "", "Foxes hear snow.")]
    folder = tmp_path / "index"
    assert not is_current(folder, "first")
    save_index(folder, "first", iter(papers))
    assert is_current(folder, "first")
    assert not is_current(folder, "second")
    assert examine_index(folder, "second") == (None, "stale")
    index, fault = examine_index(folder, "first")
    assert fault == ""
    assert [paper.id for paper in index.papers] == ["owl", "fox"]
    assert list(index.own_names) == ["OwlNet", ""]
    assert index.names["owlnet"].own == (0,)
    # "snow" stands in one of two papers, and "owl" in the title, which counts twice, and in the text of the other.
    assert [index.frequency(term) for term in ("snow", "owl", "heron")] == [1, 1, 0]
    assert index.scores("snow")[0] == 0 < index.scores("snow")[1]
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_an_index_of_nothing_has_no_words():
    index = build_index("none", ())
    assert list(index.papers) == []
    assert index.vocabulary == ()
    assert index.scores("owl").shape == (0,)


def test_the_making_of_an_index_holds_no_papers(tmp_path, monkeypatch):
    for name in ("_BLOCK", "_MERGED"):
        monkeypatch.setattr(rag.retrieval.index.postings, name, 5000)
    monkeypatch.setattr(rag.retrieval.index.making, "_TEXTS", 20)

    def papers(count):
        dice = random.Random(2)
        words = [f"{one}{other}" for one in "abcdefghij" for other in ("owl", "fox", "elk", "hare", "lynx", "mole")]
        for n in range(count):
            yield Paper(
                f"p{n}", f"Owl{n}Net: {' '.join(dice.choices(words, k=8))}", " ".join(dice.choices(words, k=180))
            )

    def peak(count):
        rag.retrieval.index.making.forget_texts()
        tracemalloc.start()
        try:
            save_index(tmp_path / "index", "any", papers(count))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)  # what is loaded once
    # Of each paper stay a name, which is its own, and numbers: 2 KB. Its text, its terms and its record would be 13 KB.
    assert peak(900) - peak(300) < 600 * 4000


def test_an_ingest_leaves_an_index_and_does_not_load_it(tmp_path):
    file = write_lines(tmp_path / "papers.jsonl", invented(12))
    with open_assistant(tmp_path / "library") as assistant:
        assistant.ingest([file])
        assert is_current(tmp_path / "library" / "index", assistant._library.generation())
        assert assistant._retriever._index is None
        assert len(assistant.search("invention", k=12)) == 12
        assistant.remove(["p3"])
        assert is_current(tmp_path / "library" / "index", assistant._library.generation())
        assert len(assistant.search("invention", k=12)) == 11
