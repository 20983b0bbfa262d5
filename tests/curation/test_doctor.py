"""Doctor: each kind of damage is made by hand, named in a line, mended, and gone at the second look."""

import shutil
import subprocess
from weakref import ref

import numpy as np
import pytest

from rag.assistant import Assistant
from rag.errors import LibraryError
from rag.library.chroma import COLLECTIONS
from rag.library.writer import Whole
from tests.support.storage_fixtures import assert_whole, invented, open_assistant, worker, write_lines


@pytest.fixture
def folder(tmp_path):
    with open_assistant(tmp_path / "library") as assistant:
        assistant.ingest([write_lines(tmp_path / "papers.jsonl", invented(20))])
    return tmp_path / "library"


def collection(assistant, kind):
    library = assistant._library
    return library._client.get_collection(f"footnote-{kind}-{library.head()['tag']}", embedding_function=None)


def passages_of(assistant, paper_id):
    return collection(assistant, "passages").get(where={"paper_id": paper_id})["ids"]


def lose_passages(assistant):
    collection(assistant, "passages").delete(ids=passages_of(assistant, "p3")[:1])


def swap_vectors(assistant):
    other = collection(assistant, "passages").get(ids=passages_of(assistant, "p4")[:1], include=["embeddings"])
    collection(assistant, "passages").update(ids=passages_of(assistant, "p3")[:1], embeddings=other["embeddings"])


def change_the_abstract(assistant):
    vector = collection(assistant, "papers").get(ids=["p3"], include=["embeddings"])["embeddings"]
    said = "Something else. Not what was embedded."
    collection(assistant, "papers").update(ids=["p3"], documents=[said], embeddings=vector)


def lose_sentences(assistant):
    collection(assistant, "papers").update(ids=["p3"], metadatas=[{"sentences": ""}])


def change_the_paper_vector(assistant):
    collection(assistant, "papers").update(ids=["p3"], embeddings=[-np.ones(24, dtype=np.float32)])


def spoil_the_record(assistant):
    collection(assistant, "papers").update(ids=["p3"], metadatas=[{"authors": "[broken"}])


def lose_what_names_the_passages(assistant):
    collection(assistant, "papers").update(ids=["p3"], metadatas=[{"passages": "[["}])


def name_a_shelf_that_is_not_there(assistant):
    collection(assistant, "papers").update(ids=["p3"], metadatas=[{"shelf": 7}])


ILL = [
    (lose_passages, "paper 'p3': 1 of its passages are missing or not as written; embedded again"),
    (swap_vectors, "paper 'p3': 1 of its passages are missing or not as written; embedded again"),
    (change_the_abstract, "paper 'p3': its passages are not of its text; embedded again"),
    (lose_sentences, "paper 'p3': vectors of its sentences are missing; embedded again"),
    (change_the_paper_vector, "paper 'p3': its vector is not that of its passages; embedded again"),
    (spoil_the_record, "paper 'p3': its record is damaged"),
    (lose_what_names_the_passages, "paper 'p3': the vectors of its sentences are damaged; embedded again"),
    (name_a_shelf_that_is_not_there, "paper 'p3': 3 of its passages are missing or not as written; embedded again"),
]


@pytest.mark.parametrize(("damage", "line"), ILL, ids=[damage.__name__ for damage, _ in ILL])
def test_an_ill_paper_is_named_and_embedded_again(folder, damage, line):
    with open_assistant(folder) as assistant:
        damage(assistant)
        generation = assistant._library.generation()
        seen, *_ = assistant.doctor(mend=False)
        assert seen.startswith(line.removesuffix("; embedded again"))
        assert "embedded again" not in seen
        assert assistant._library.generation() == generation, "looking changes nothing"
        [mended] = assistant.doctor()
        assert mended.startswith(line)
        assert len(assert_whole(assistant._library)) == 20
        assert assistant.doctor(mend=False) == ()


def test_a_paper_that_an_older_version_wrote_without_signs_of_words_gets_them(tmp_path):
    with Assistant.open(tmp_path / "library") as assistant:  # with the embedder that reads words
        assistant.ingest([write_lines(tmp_path / "papers.jsonl", invented(2))])
        collection(assistant, "papers").update(ids=["p1"], metadatas=[{"signs": None}])
        assert assistant.doctor() == (
            "paper 'p1': the signs of its words, of which older versions wrote none, are missing; embedded again",
        )
        for stored in assistant._library.get(["p0", "p1"]).values():
            assert stored.word_signs.shape == (len(stored.word_vectors), 384 // 8)
        assert assistant.doctor() == ()


def test_a_library_that_is_well_is_left_alone(folder):
    with open_assistant(folder) as assistant:
        generation = assistant._library.generation()
        assert assistant.doctor() == ()
        assert assistant._library.generation() == generation
        assert assistant._embedder.embedded == 0


def test_a_library_never_written_is_well(tmp_path):
    with open_assistant(tmp_path / "new") as assistant:
        assert assistant.doctor() == ()


def test_passages_that_no_paper_names_are_deleted(folder):
    with open_assistant(folder) as assistant:
        collection(assistant, "passages").upsert(
            ids=["p3#0@000000000000", "nobody#0@abc"], embeddings=np.ones((2, 24), np.float32), documents=["a", "b"]
        )
        assert assistant.doctor(mend=False) == ("2 passages that no paper names",)
        assert assistant.doctor() == ("2 passages that no paper names; deleted",)
        assert_whole(assistant._library)


def test_a_write_that_was_cut_off_is_closed(folder, tmp_path):
    more = write_lines(tmp_path / "more.jsonl", invented(60, version=1))
    code = f"""
import os, signal
from tests.support.storage_fixtures import open_assistant
with open_assistant({str(folder)!r}) as assistant:
    assistant.ingest([{str(more)!r}], progress=lambda done, total: os.kill(os.getpid(), signal.SIGKILL))
"""
    assert subprocess.run(worker(code), check=False).returncode == -9
    with open_assistant(folder) as assistant:
        assert assistant._library.unfinished()
        lines = assistant.doctor()
        assert lines[0] == "a write was cut off; closed: what it had written is whole"
        assert not assistant._library.unfinished()
        assert_whole(assistant._library)
        assert assistant.doctor() == ()


def test_collections_of_a_rebuild_that_was_cut_off_are_deleted(folder):
    with open_assistant(folder) as assistant:
        for kind in ("papers", "passages"):
            assistant._library._client.create_collection(
                f"footnote-{kind}-000000000000", embedding_function=None, configuration=dict(COLLECTIONS[kind])
            )
        assert assistant.doctor() == ("2 collections of a rebuild that was cut off; deleted",)
        assert assistant._library.leftovers() == []


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (lambda index: shutil.rmtree(index), "the lexical index is missing; made again"),
        (lambda index: (index / "seal").unlink(), "the lexical index is damaged (FileNotFoundError"),
        (lambda index: (index / "catalogue.sqlite").write_text("{}"), "the lexical index is damaged (its files are"),
        (lambda index: (index / "columns.npy").unlink(), "the lexical index is damaged (its files are not as they"),
        (lambda index: next((index / "bm25").iterdir()).write_bytes(b""), "the lexical index is damaged (its files"),
    ],
)  # fmt: skip
def test_the_lexical_index_is_made_again(folder, damage, line):
    damage(folder / "index")
    with open_assistant(folder) as assistant:
        [said] = assistant.doctor()
        assert said.startswith(line)
        assert assistant.doctor() == ()
        assert len(assistant.search("invention", k=20)) == 20


def test_an_index_of_an_older_generation_is_stale(folder, tmp_path):
    shutil.copytree(folder / "index", tmp_path / "older")
    with open_assistant(folder) as assistant:
        assistant.ingest([write_lines(tmp_path / "more.jsonl", invented(25))])
        shutil.rmtree(folder / "index")
        shutil.copytree(tmp_path / "older", folder / "index")
        assert assistant.doctor() == ("the lexical index is stale; made again",)


def test_drafts_of_the_index_are_cleared_away(folder):
    (folder / "index.new-abc").mkdir()
    with open_assistant(folder) as assistant:
        assert assistant.doctor() == ("1 drafts of the lexical index that were cut off; deleted",)


@pytest.mark.parametrize("how", ["gone", "header", "cut"])
def test_vectors_that_cannot_be_read_are_made_again_from_the_papers(tmp_path, monkeypatch, how):
    # Chroma writes its own files of vectors only after some thousand; here after ten, so that there are some.
    for kind in COLLECTIONS.values():
        monkeypatch.setitem(kind["hnsw"], "sync_threshold", 10)
        monkeypatch.setitem(kind["hnsw"], "batch_size", 5)
    folder = tmp_path / "library"
    with open_assistant(folder) as assistant:
        assistant.ingest([write_lines(tmp_path / "papers.jsonl", invented(40))])
    graphs = [header.parent for header in (folder / "chroma").glob("*/header.bin")]
    assert len(graphs) == 2
    for graph in graphs:
        if how == "gone":
            shutil.rmtree(graph)
        elif how == "header":
            (graph / "header.bin").write_bytes(b"\x00" * 40)
        else:
            (graph / "index_metadata.pickle").write_bytes(b"x" * 50)
    with open_assistant(folder) as assistant:
        lines = assistant.doctor()
        assert any(
            "the vectors cannot be read" in line and "all 40 papers are embedded again" in line for line in lines
        )
        assert len(assert_whole(assistant._library)) == 40
        assert assistant.doctor() == ()


@pytest.mark.parametrize("damage", [swap_vectors, change_the_paper_vector])
def test_an_ill_paper_among_many_is_found_with_few_of_them_in_memory(tmp_path, monkeypatch, damage):
    alive, most = [], 0
    monkeypatch.setattr("rag.library.chroma.batches.__defaults__", (8,))
    whole = Whole.__init__

    def made(self, *fields):
        nonlocal most
        whole(self, *fields)
        alive.append(ref(self))
        most = max(most, sum(one() is not None for one in alive))

    monkeypatch.setattr(Whole, "__init__", made)
    with open_assistant(tmp_path / "library") as assistant:
        assistant.ingest([write_lines(tmp_path / "papers.jsonl", invented(100))])
        damage(assistant)
        [line] = assistant.doctor(mend=False)
        assert line.startswith("paper 'p3': ")
        assert 8 <= most <= 24, "a batch, that which is made meanwhile, and what the loop has in hand"
        assert len(assistant.doctor()) == 1
        assert len(assert_whole(assistant._library)) == 100


def test_doctor_waits_for_no_writer_and_says_who_writes(folder):
    with open_assistant(folder) as assistant, open_assistant(folder) as other:
        held = other._library.locked()
        with held, pytest.raises(LibraryError, match="is being written by process"):
            assistant.doctor(mend=False)
