"""Ingest block by block: whatever the size of the blocks, the library and the reports are the same."""

import json
import random
import signal
import subprocess

import pytest

import rag.intake.ingest
from rag.intake.outcomes import Reports, Touched
from rag.intake.planning import Entry, plan
from rag.model import Paper, Rejected
from tests.support.storage_fixtures import assert_whole, invented, open_assistant, worker, write_lines

OWL = "OwlNet reads night images with 12 tokens. It finds small birds."
FOX = "FoxEar keeps 300 sounds in a table. It finds each of them again."
COUNTS = ("papers", "new", "changed", "unchanged", "merged")


def ingested(folder, files, size, monkeypatch):
    monkeypatch.setattr(rag.intake.ingest, "BLOCK_PAPERS", size)
    with open_assistant(folder) as assistant:
        report = assistant.ingest(files)
        found = assert_whole(assistant._library)
        assert assistant.doctor(mend=False) == ()
    return report, {key: owner.paper for key, owner in found.items()}


def counts(report):
    return [tuple(getattr(file, name) for name in COUNTS) for file in report.files]


MANY_SOURCES = [
    [
        {"title": "OwlNet", "abstract": OWL, "doi": "10.1000/owl"},
        {"title": "FoxEar", "abstract": FOX, "arxiv_id": "2401.00001"},
        {"title": "Elk", "abstract": "Elks walk far."},
    ],
    [
        {"title": "Elk", "abstract": "Elks walk far.", "author_count": 3},
        {"title": "Nightsight", "abstract": "Another name, the same work.", "doi": "https://doi.org/10.1000/OWL"},
        {"id": "W7", "title": "Elk", "abstract": "Elks walk far."},
        {"title": "FoxEar v2", "abstract": "We hear again.", "url": "https://arxiv.org/abs/2401.00001v2"},
    ],
]


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_a_copy_in_a_later_block_finds_the_paper_that_is_stored(size, tmp_path, monkeypatch):
    files = [write_lines(tmp_path / f"{n}.jsonl", records) for n, records in enumerate(MANY_SOURCES)]
    report, papers = ingested(tmp_path / "library", files, size, monkeypatch)
    # The first file brings three papers; in the second all four are copies of them, one of which has an id.
    assert counts(report) == [(3, 3, 0, 0, 0), (4, 0, 0, 0, 4)]
    assert sorted(papers) == ["W7", "foxear", "owlnet"]
    assert papers["W7"].author_count == 3
    assert {copy.title for copy in papers["owlnet"].copies} == {"OwlNet", "Nightsight"}
    assert {copy.title for copy in papers["foxear"].copies} == {"FoxEar", "FoxEar v2"}
    again, same = ingested(tmp_path / "library", files, size, monkeypatch)
    assert same == papers
    assert again.total("new") == again.total("changed") == 0


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_bridge_makes_two_papers_one_and_removes_the_superfluous_record(size, tmp_path, monkeypatch):
    records = [
        {"title": "OwlNet", "abstract": OWL, "doi": "10.1000/owl"},
        {"title": "Night Sight", "abstract": "A preprint on birds.", "arxiv_id": "2401.00001"},
        {"title": "OwlNet", "abstract": "", "doi": "10.1000/owl", "arxiv_id": "2401.00001"},
    ]
    report, papers = ingested(tmp_path / "l", [write_lines(tmp_path / "a.jsonl", records)], size, monkeypatch)
    assert counts(report) == [(3, 1, 0, 0, 2)]
    [paper] = papers.values()
    assert (paper.id, paper.doi, paper.arxiv_id, len(paper.copies)) == ("owlnet", "10.1000/owl", "2401.00001", 3)


def test_a_bridge_against_the_library_keeps_the_id_that_was_there_first(tmp_path, monkeypatch):
    journal = [{"title": "OwlNet", "abstract": OWL, "doi": "10.1000/owl"}]
    preprint = [{"title": "Night Sight", "abstract": "A preprint on birds.", "arxiv_id": "2401.00001"}]
    bridge = [{"title": "Night Sight", "abstract": "", "doi": "10.1000/owl", "arxiv_id": "2401.00001"}]
    for n, records in enumerate((journal, preprint)):
        ingested(tmp_path / "l", [write_lines(tmp_path / f"{n}.jsonl", records)], 1000, monkeypatch)
    report, papers = ingested(tmp_path / "l", [write_lines(tmp_path / "2.jsonl", bridge)], 1000, monkeypatch)
    assert counts(report) == [(1, 0, 1, 0, 0)]
    assert list(papers) == ["owlnet"]
    assert papers["owlnet"].arxiv_id == "2401.00001"


def test_the_size_of_blocks_changes_neither_library_nor_reports(tmp_path, monkeypatch):
    dice = random.Random(5)
    records = [dice.choice(invented(12, version=dice.randrange(2))) for _ in range(40)]
    for record in records:
        if dice.random() < 0.5:
            del record["id"]
        if dice.random() < 0.5:
            record["author_count"] = dice.randrange(3)
    files = [write_lines(tmp_path / f"{n}.jsonl", records[n::3]) for n in range(3)]
    whole = None
    for size in (1000, 7, 1):
        report, papers = ingested(tmp_path / str(size), files, size, monkeypatch)
        content = {(paper.title, paper.abstract, paper.author_count) for paper in papers.values()}
        whole = whole or (content, counts(report))
        assert (content, counts(report)) == whole


@pytest.mark.parametrize("size", [1, 1000])
def test_an_update_of_one_source_replaces_its_copy_and_not_that_of_another(size, tmp_path, monkeypatch):
    first = {"title": "OwlNet", "abstract": OWL, "arxiv_id": "2401.00001", "source": "arxiv"}
    other = {"title": "OwlNet", "abstract": OWL[:34], "arxiv_id": "2401.00001", "source": "openalex"}
    file = write_lines(tmp_path / "a.jsonl", [first, other])
    ingested(tmp_path / "l", [file], size, monkeypatch)
    write_lines(file, [first | {"abstract": "OwlNet, corrected: it reads night images."}, other])
    report, papers = ingested(tmp_path / "l", [file], size, monkeypatch)
    [paper] = papers.values()
    assert paper.abstract == "OwlNet, corrected: it reads night images."
    assert {copy.source for copy in paper.copies} == {"arxiv", "openalex"}
    assert counts(report) == [(2, 0, 1, 0, 1)]


def test_an_id_of_another_paper_in_an_earlier_block_is_rejected_with_its_file(tmp_path, monkeypatch):
    files = [
        write_lines(tmp_path / "a.jsonl", [{"id": "x", "title": "OwlNet", "abstract": OWL}]),
        write_lines(tmp_path / "b.jsonl", [{"id": "x", "title": "FoxEar", "abstract": FOX}]),
    ]
    report, papers = ingested(tmp_path / "l", files, 1, monkeypatch)
    [rejected] = report.files[1].rejected
    assert rejected == Rejected(1, f"record 1: the id 'x' is that of 'OwlNet' in {files[0]}, and this is 'FoxEar', "
                                   "with other content; give each paper its own id")  # fmt: skip
    assert papers["x"].title == "OwlNet"


def test_sources_are_told_when_their_papers_are_written(tmp_path, monkeypatch):
    from rag.intake.incoming import Intake
    from rag.sources import Reading

    monkeypatch.setattr(rag.intake.ingest, "BLOCK_PAPERS", 2)
    told = []

    def intake(name, count):
        papers = (Paper("", f"{name} {n}", f"{name} says {n}.") for n in range(count))
        return Intake(
            name, lambda: Reading("test", papers), lambda: told.append((name, stored())),
            lambda report: told.append((name, report.new, "finished")),
        )  # fmt: skip

    with open_assistant(tmp_path / "l") as assistant:
        stored = assistant._library.count
        assistant.ingest([intake("owl", 3), intake("fox", 2)])
    # Blocks: owl 0 and 1 | owl 2 and fox 0 | fox 1.
    assert told == [("owl", 2), ("owl", 4), ("owl", 3, "finished"), ("fox", 4), ("fox", 5), ("fox", 2, "finished")]


def test_a_library_of_an_older_version_is_looked_up_as_well(tmp_path, monkeypatch):
    records = [{"title": "OwlNet", "abstract": OWL}, {"title": "FoxEar", "abstract": FOX}]
    file = write_lines(tmp_path / "a.jsonl", records)
    ingested(tmp_path / "l", [file], 1000, monkeypatch)
    with open_assistant(tmp_path / "l") as assistant:
        library = assistant._library
        papers = library._client.get_collection(f"footnote-papers-{library.head()['tag']}", embedding_function=None)
        keys = {name: None for name in papers.get(limit=1)["metadatas"][0] if name.startswith("key_")}
        assert keys
        papers.update(ids=["owlnet", "foxear"], metadatas=[keys, keys])
        head = library._client.get_collection("footnote", embedding_function=None)
        head.modify(metadata=library.head() | {"format": 1})
    (tmp_path / "l" / "manifest.json").unlink()
    with open_assistant(tmp_path / "l") as assistant:
        assert len(assistant.search("owlnet", k=2)) == 2  # reading needs none of it
    report, found = ingested(tmp_path / "l", [file], 1000, monkeypatch)
    assert counts(report) == [(2, 0, 0, 2, 0)]
    assert len(found) == 2
    assert json.loads((tmp_path / "l" / "manifest.json").read_text())["format"] == 2


def test_what_is_kept_of_each_paper_of_a_run_is_found_again_and_small():
    touched = Touched()
    for n in range(30_000):
        touched.set(f"paper-{n}", n % 7, "new")
    touched.set("paper-5", 3, "changed")
    for n in range(10_000):
        touched.set(f"later-{n}", 1, "unchanged")
    assert touched.get("paper-5") == (3, "changed")
    assert touched.get("paper-29999") == (29_999 % 7, "new")
    assert touched.get("later-1") == (1, "unchanged")
    assert touched.get("nobody") is None
    # 40,000 papers of 8 bytes for the id and 8 for the rest, but for the latest, of which there are at most an eighth.
    assert touched._keys.nbytes + touched._values.nbytes <= 40_000 * 16
    assert len(touched._latest) <= 5_000


def test_memory_of_the_run_does_not_hold_the_records(tmp_path, monkeypatch):
    held = []
    monkeypatch.setattr(rag.intake.ingest, "BLOCK_PAPERS", 50)

    def looking(block, lookup, touched, name):
        held.append(len(block))
        return plan(block, lookup, touched, name)

    monkeypatch.setattr(rag.intake.ingest, "plan", looking)
    with open_assistant(tmp_path / "l") as assistant:
        assistant.ingest([write_lines(tmp_path / "a.jsonl", invented(120))])
    assert max(held) == 50
    assert set(held) == {50, 20}


def test_a_plan_of_nothing_writes_nothing(tmp_path):
    with open_assistant(tmp_path / "l") as assistant:
        reports = Reports()
        file = reports.add("a")
        made = plan([Entry(Paper("", "OwlNet", OWL), file, 1)], assistant._library, Touched(), reports.path)
        assert [paper.id for paper in made.fresh] == ["owlnet"]
        assert not plan([], assistant._library, Touched(), reports.path).writes


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_kill_between_or_in_blocks_loses_nothing(after, tmp_path):
    files = write_lines(tmp_path / "a.jsonl", invented(60))
    code = f"""
import os, signal
import rag.intake.ingest, rag.library.writer
from tests.support.storage_fixtures import open_assistant
rag.intake.ingest.BLOCK_PAPERS = 20
calls = 0
put = rag.library.writer.Writer.put
def counted(self, batch):
    global calls
    calls += 1
    if calls > {after}:
        lost = dict(ids=["lost#0@000000000000"], embeddings=[batch[0].passage_vectors[0]], metadatas=[dict(start=0)])
        self._passages[-1].upsert(**lost)
        os.kill(os.getpid(), signal.SIGKILL)
    put(self, batch)
rag.library.writer.Writer.put = counted
with open_assistant({str(tmp_path / "l")!r}) as assistant:
    assistant.ingest([{str(files)!r}])
"""
    assert subprocess.run(worker(code), check=False).returncode == -signal.SIGKILL
    with open_assistant(tmp_path / "l") as assistant:
        assert assistant._library.unfinished()
        assert 0 < len(assert_whole(assistant._library, orphans=False)) < 60
        report = assistant.ingest([files])
        assert report.total("new") + report.total("unchanged") == 60
        assert len(assert_whole(assistant._library)) == 60
        assert assistant.doctor(mend=False) == ()
