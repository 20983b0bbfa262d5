"""The store: what a library keeps, what it refuses, and what several readers and writers in one process see."""

import json
import threading

import numpy as np
import pytest

from rag.errors import LibraryError
from rag.intake.preparing import prepare
from rag.model import Paper
from rag.neural.embedder import MiniLM
from tests.support.storage_fixtures import (
    WordEmbedder,
    assert_whole,
    invented,
    open_assistant,
    open_library,
    stored,
    write_lines,
)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "library"


@pytest.fixture
def filled(folder, tmp_path):
    """A closed library of 20 papers."""
    with open_assistant(folder) as assistant:
        assistant.ingest([write_lines(tmp_path / "papers.jsonl", invented(20))])
    return folder


def put(library, papers, embedder=None):
    with library.writing() as writer:
        writer.put(list(prepare(papers, embedder or WordEmbedder(), passage_tokens=32)))


ODD_IDS = [
    "a#1",
    "a@b",
    "a#0@0123456789ab",
    "#",
    "@",
    "ü ‮ אב",
    "with space",
    "x/../y",
    "'; drop table",
    "é" * 200,
    "{}",
]


def test_ids_with_odd_characters_are_kept_apart_and_found(folder):
    papers = [
        Paper(id=key, title=f"Title {n}", abstract=f"Word{n} alone. Word{n} again.") for n, key in enumerate(ODD_IDS)
    ]
    library = open_library(folder)
    put(library, papers)
    assert {key: owner.paper for key, owner in stored(library).items()} == {paper.id: paper for paper in papers}
    assert_whole(library)
    for paper in papers:
        [(key, _)] = library.nearest(WordEmbedder().query(f"{paper.title}. {paper.abstract}"), n=1, within=[paper.id])
        assert key.startswith(f"{paper.id}#0@")


def test_all_fields_come_back_as_they_were_written(folder):
    paper = Paper(
        "one", "A <b>bold</b>\x07 title", "Said\x00 so. \u202eYes.", "digest", "https://example.org/1", None, False,
        ("Ann", "Bö"), 7, "file", "10.1000/é(1)", "2310.03744", "Withdrawn.\n", {"count": "3", "ключ": "значение"},
    )  # fmt: skip
    library = open_library(folder)
    put(library, [paper])
    assert stored(library)["one"].paper == paper


def test_a_changed_paper_loses_what_it_no_longer_has_and_one_beside_it_in_the_same_write_is_whole(folder):
    old = Paper("one", "A title", "Said so.", url="https://example.org/1", doi="10.1000/1", arxiv_id="2310.03744")
    library = open_library(folder)
    put(library, [old])
    changed, other = Paper("one", "A title", "Said otherwise."), Paper("two", "Two", "Said too.", doi="10.1000/2")
    put(library, [changed, other])
    assert {key: owner.paper for key, owner in stored(library).items()} == {"one": changed, "two": other}
    assert {key: set(library.matching([key])) for key in ("doi 10.1000/1", "doi 10.1000/2")} == {
        "doi 10.1000/1": set(),
        "doi 10.1000/2": {"two"},
    }


def test_a_field_that_a_new_record_does_not_have_is_forgotten(filled, tmp_path):
    record = invented(1)[0] | {"url": "https://example.org/1", "author_count": 3, "published": "2024-05-06"}
    with open_assistant(filled) as assistant:
        for given in (record, invented(1)[0]):
            report = assistant.ingest([write_lines(tmp_path / "again.jsonl", [given])])
            assert report.total("changed") == 1
        paper = assistant.paper("p0")
        assert (paper.url, paper.author_count, paper.published) == (None, None, None)


def test_nothing_is_found_within_no_papers(filled):
    assert open_library(filled).nearest(np.ones(24, dtype=np.float32), n=5, within=[]) == []


def test_a_library_of_another_embedding_is_refused_with_both_names(filled):
    with pytest.raises(LibraryError, match=r"embedding words .*24 numbers.* name minilm .*384 .*ingest --rebuild"):
        open_library(filled, MiniLM())


def test_other_weights_of_the_same_name_are_another_embedding(filled):
    other = WordEmbedder()
    other.sha256 = "f" * 64
    with pytest.raises(LibraryError, match=r"words .ffffffffffff, 24 numbers"):
        open_library(filled, other)


def test_another_budget_of_passages_is_refused(filled):
    with pytest.raises(LibraryError, match=r"passages of 32 tokens, the settings say 64.*--rebuild"):
        open_library(filled, passage_tokens=64)


@pytest.mark.parametrize("content", [{"format": 999}, {"format": 999, "embedding": "words", "anything": []}])
def test_a_newer_format_is_refused_whatever_its_manifest_looks_like(filled, content):
    (filled / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(LibraryError, match=r"has format 999, newer than 3, .*Update footnote"):
        open_library(filled)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "x"}', '{"format": 1}', "\x00\x00"])
def test_a_damaged_manifest_is_an_error_and_deleting_it_the_way_out(filled, content, tmp_path):
    manifest = filled / "manifest.json"
    manifest.write_text(content)
    with pytest.raises(LibraryError, match=r"manifest\.json is damaged .*Delete it"):
        open_library(filled)
    manifest.unlink()
    with open_assistant(filled) as assistant:
        assistant.ingest([write_lines(tmp_path / "one.jsonl", invented(21))])
        assert_whole(assistant._library)
    assert json.loads(manifest.read_text())["embedding"] == "words"


def test_a_manifest_that_a_cut_off_rebuild_left_behind_does_not_lock_anybody_out(filled, tmp_path):
    before = (filled / "manifest.json").read_text()
    with open_assistant(filled, WordEmbedder(8), check=False) as assistant:
        assistant._ingest([], as_of=None, rebuild=True, progress=None)
    (filled / "manifest.json").write_text(before)  # as if killed between the head and the file
    library = open_library(filled, WordEmbedder(8))
    assert library.count() == 20
    with pytest.raises(LibraryError, match=r"other weights of the embedding, words .*, 8 numbers"):
        open_library(filled)


def test_a_rebuild_embeds_every_paper_again_in_the_new_dimension(filled, tmp_path):
    embedder = WordEmbedder(8)
    with open_assistant(filled, embedder, check=False) as assistant:
        assistant._ingest([write_lines(tmp_path / "more.jsonl", invented(22))], as_of=None, rebuild=True, progress=None)
        assert len(assert_whole(assistant._library)) == 22
        assert assistant._library.leftovers() == []
    assert json.loads((filled / "manifest.json").read_text())["dimension"] == 8


def test_a_reader_outlives_a_rebuild(filled):
    with open_assistant(filled) as reader, open_assistant(filled, check=False) as writer:
        assert reader.search("invention", k=3)
        writer._ingest([], as_of=None, rebuild=True, progress=None)
        assert len(reader.search("invention", k=20)) == 20


def test_a_missing_database_is_an_error_and_not_an_empty_library(filled):
    (filled / "chroma" / "chroma.sqlite3").unlink()
    with pytest.raises(LibraryError, match=r"holds no library, though .*manifest.json says that there was one"):
        open_library(filled)


def test_a_damaged_database_is_an_error_that_says_what_to_do(filled):
    with (filled / "chroma" / "chroma.sqlite3").open("r+b") as file:
        file.write(b"no database" * 100)
    with pytest.raises(LibraryError, match=r"the database in .* is damaged .*not a database.*footnote restore"):
        open_library(filled)


def test_collections_of_others_in_the_same_chroma_are_left_alone(filled):
    library = open_library(filled)
    for name in ("papers-mine", "passages-of-others"):
        library._client.create_collection(name, embedding_function=None)
    with open_assistant(filled, check=False) as assistant:
        assistant._ingest([], as_of=None, rebuild=True, progress=None)
    names = {collection.name for collection in library._client.list_collections()}
    assert {"papers-mine", "passages-of-others"} < names


def test_a_foreign_collection_in_place_of_the_head_is_an_error(folder):
    library = open_library(folder)
    library._client.create_collection("footnote", embedding_function=None, metadata={"mine": 1})
    with pytest.raises(LibraryError, match=r"collection 'footnote' .* is not the head of a library"):
        open_library(folder)


def test_closing_one_of_two_libraries_leaves_the_other_open(filled):
    one, other = open_library(filled), open_library(filled)
    one.close()
    one.close()
    assert other.count() == 20


def test_a_writer_that_fails_leaves_what_it_wrote_whole_and_the_next_one_completes(filled, tmp_path):
    more = write_lines(tmp_path / "more.jsonl", invented(60, version=1))

    class Failing(WordEmbedder):
        def documents(self, texts, spans, done=None):
            if self.embedded > 30:
                raise RuntimeError("the embedder gave up")
            return super().documents(texts, spans, done)

    with open_assistant(filled, Failing()) as assistant, pytest.raises(RuntimeError, match="gave up"):
        assistant.ingest([more])
    with open_assistant(filled) as assistant:
        assert assistant._library.unfinished()
        assert 20 < len(assert_whole(assistant._library)) < 60
        assistant.ingest([more])
        assert not assistant._library.unfinished()
        assert len(assert_whole(assistant._library)) == 60


def test_readers_in_the_process_of_the_writer_see_whole_papers_only(filled, tmp_path):
    versions = {v: {r["id"]: r["abstract"] for r in invented(60, version=v)} for v in range(5)}
    files = [write_lines(tmp_path / f"{v}.jsonl", invented(60, version=v)) for v in versions]
    faults, looks = [], [0]
    done = threading.Event()

    def look(assistant):
        try:
            while not done.is_set():
                for hit in assistant.search("invention bace difo", k=20):
                    paper = hit.paper
                    assert any(said.get(paper.id) == paper.abstract for said in versions.values())
                    for evidence in hit.evidence:
                        passage = evidence.passage
                        assert paper.abstract[passage.start : passage.end] == passage.text
                looks[0] += 1
        except Exception as error:
            faults.append(error)

    with open_assistant(filled) as assistant:
        readers = [threading.Thread(target=look, args=(assistant,)) for _ in range(3)]
        for reader in readers:
            reader.start()
        for file in files:
            assistant.ingest([file])
        done.set()
        for reader in readers:
            reader.join()
        assert faults == []
        assert looks[0] > 0
        assert {key: owner.paper.abstract for key, owner in assert_whole(assistant._library).items()} == versions[4]


def test_the_index_of_a_damaged_folder_is_made_again(filled):
    with open_assistant(filled) as assistant:
        expected = [hit.paper.id for hit in assistant.search("invention bace", k=5)]
    for name in ("catalogue.sqlite", "columns.npy", "seal"):
        path = filled / "index" / name
        path.write_bytes(path.read_bytes()[:-3] + b"xyz")
        with open_assistant(filled) as assistant:
            assert [hit.paper.id for hit in assistant.search("invention bace", k=5)] == expected
    for path in (filled / "index" / "bm25").iterdir():
        path.write_bytes(b"")
        with open_assistant(filled) as assistant:
            assert [hit.paper.id for hit in assistant.search("invention bace", k=5)] == expected
