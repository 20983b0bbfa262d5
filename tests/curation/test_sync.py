"""Keeping current: files by their content, live sources on loopback, removed papers, failures, and going on."""

import os
import subprocess
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rag.curation.remembered_sources import Remembered
from rag.curation.source_runs import Terms
from rag.curation.sync import sync
from rag.errors import LibraryError, SettingsError, SourceError
from rag.model import FileReport
from rag.sources.filter import Filter
from tests.support.live_server import Invented, LiveServer, Reply, arxiv, many
from tests.support.storage_fixtures import invented, open_assistant, worker, write_lines

SEARCH = "arxiv:search:herons"


@pytest.fixture
def storage(tmp_path):
    return tmp_path / "storage"


@pytest.fixture
def assistant(storage):
    with open_assistant(storage) as opened:
        yield opened


@pytest.fixture
def service(monkeypatch):
    """A server that speaks as arXiv does; its script may be changed."""
    with LiveServer(arxiv(many(3))) as server:
        monkeypatch.setenv("ARXIV_ENDPOINT", server.url)
        monkeypatch.setenv("LIVE_PAUSE_S", "0")
        monkeypatch.setenv("LIVE_TRIES", "1")
        yield server


def never(_):
    raise AssertionError("nothing was new, and something was to be ingested")


def counts(report):
    return [(file.papers, file.new, file.changed, file.unchanged) for file in report.ingested.files]


def titles(assistant):
    return sorted(paper.title for paper in assistant.papers())


def later(path, seconds=10):
    moment = path.stat().st_mtime + seconds
    os.utime(path, (moment, moment))


# -- files -------------------------------------------------------------------------------------------------------------


def test_files_that_have_not_changed_are_not_read_again(assistant, storage, tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    for n in range(3):
        write_lines(folder / f"{n}.jsonl", [dict(record, id=f"{n}-{record['id']}") for record in invented(2, seed=n)])
    assistant.ingest([folder])
    later(folder / "0.jsonl")  # another time, the same content
    report = sync(storage, never)
    assert [(source.spec, source.state) for source in report.sources] == [(str(folder), "unchanged")]
    write_lines(folder / "1.jsonl", [dict(invented(1)[0], id="other", title="Another title")])
    write_lines(folder / "3.jsonl", [dict(record, id=f"3-{record['id']}") for record in invented(2, seed=3)])
    read = []
    report = sync(storage, lambda intakes: read.extend(i.path for i in intakes) or assistant.ingest(intakes))
    assert read == [str(folder / "1.jsonl"), str(folder / "3.jsonl")]
    assert counts(report) == [(1, 1, 0, 0), (2, 2, 0, 0)]
    assert report.sources[0].state == "updated"
    assert sync(storage, never).sources[0].state == "unchanged"


def test_a_file_that_is_gone_is_told_and_its_papers_stay(assistant, storage, tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    write_lines(folder / "a.jsonl", invented(2))
    lone = write_lines(tmp_path / "lone.jsonl", [dict(invented(1, seed=7)[0], id="lone")])
    assistant.ingest([folder, lone])
    (folder / "a.jsonl").unlink()
    lone.unlink()
    report = sync(storage, never)
    assert [source.vanished for source in report.sources] == [(str(folder / "a.jsonl"),), (str(lone),)]
    assert not report.failed
    assert len(titles(assistant)) == 3
    # that of a folder is told once; a source that is gone as a whole is told until it is forgotten
    assert [source.vanished for source in sync(storage, never).sources] == [(), (str(lone),)]


def test_a_broken_file_is_told_when_it_is_read_and_not_again_until_it_changes(assistant, storage, tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "broken.bin").write_bytes(b"\x00\x01" * 50)
    write_lines(folder / "good.jsonl", invented(1))
    assert [file.error is None for file in assistant.ingest([folder]).files] == [False, True]
    assert not sync(storage, never).failed
    (folder / "broken.bin").write_bytes(b"\x00\x02" * 50)
    report = assistant.sync()
    assert report.failed
    assert report.sources[0].state == "failed"
    assert "binary" in report.ingested.files[0].error


def test_what_limits_a_source_is_remembered_with_it(assistant, storage, tmp_path):
    records = [dict(record, published=f"202{n}-01-01") for n, record in enumerate(invented(4))]
    file = write_lines(tmp_path / "papers.jsonl", records)
    assistant.ingest([file], only=Filter(since=date(2022, 1, 1)))
    assert [paper.published.year for paper in assistant.papers()] == [2022, 2023]
    write_lines(
        file, [*records, dict(invented(6)[4], published="2021-01-01"), dict(invented(6)[5], published="2024-01-01")]
    )
    assistant.sync()
    assert [paper.published.year for paper in assistant.papers()] == [2022, 2023, 2024]


def test_standard_input_is_not_remembered(footnote, tmp_path):
    line = b'{"id": "a", "title": "Herons", "abstract": "Herons stand in ponds."}\n'
    done = footnote("ingest", "-", "--storage", tmp_path, stdin=line)
    assert done.returncode == 0, done.stderr.decode()
    assert b" 1 " in done.stdout
    assert Remembered(tmp_path).sources() == ()


# -- live sources ------------------------------------------------------------------------------------------------------


def test_a_live_source_is_asked_for_what_came_since_the_last_time(assistant, storage, service):
    today = datetime.now(UTC).date()
    papers = [replace(paper, updated=str(today - timedelta(days=400))) for paper in many(250)]
    papers += [Invented(251, updated=str(today - timedelta(days=1)))]
    service.script = arxiv(papers)
    assert counts_of(assistant.ingest([SEARCH])) == [(251, 251, 0, 0)]
    asked = len(service.requests)
    assert sync(storage, never).sources[0].state == "unchanged"
    # One page, newest first, is enough to see that all but one are from before: the whole took three.
    assert (asked, len(service.requests) - asked) == (3, 1)
    service.script = arxiv([*papers, Invented(252, updated=str(today))])
    report = assistant.sync()
    assert counts(report) == [(1, 1, 0, 0)]
    assert "Paper 252: herons and their ponds" in titles(assistant)
    [source] = Remembered(storage).sources()
    assert (source.papers, source.state, source.error) == (252, "", "")


def counts_of(report):
    return [(file.papers, file.new, file.changed, file.unchanged) for file in report.files]


def test_what_a_service_changed_is_updated(assistant, storage, service):
    today = str(datetime.now(UTC).date())
    service.script = arxiv([Invented(1, updated=today), Invented(2, updated=today)])
    assistant.ingest([SEARCH])
    service.script = arxiv(
        [
            Invented(1, updated=today, abstract="We count herons at pond 1. There are 41 of them in spring."),
            Invented(2, updated=today, withdrawn="Withdrawn by the authors: these were storks"),
        ]
    )
    assert counts(assistant.sync()) == [(2, 0, 2, 0)]
    found = {paper.title: paper for paper in assistant.papers()}
    assert "41 of them" in found["Paper 1: herons and their ponds"].abstract
    assert "storks" in found["Paper 2: herons and their ponds"].retraction


def test_a_source_that_fails_does_not_stop_the_others(assistant, storage, service, tmp_path):
    file = write_lines(tmp_path / "papers.jsonl", invented(1))
    assistant.ingest([SEARCH, file])
    service.script = lambda _: Reply("<html>down</html>", status=500)
    write_lines(file, [*invented(1), dict(invented(2)[1])])
    report = assistant.sync()
    assert [source.state for source in report.sources] == ["failed", "updated"]
    assert report.failed
    assert "500" in report.sources[0].error
    assert "500" in Remembered(storage).sources()[0].error
    service.script = arxiv(many(4, updated=str(datetime.now(UTC).date())))
    assert [source.state for source in assistant.sync().sources] == ["updated", "unchanged"]
    assert Remembered(storage).sources()[0].error == ""


def test_a_live_source_that_was_cut_off_goes_on_where_it_stopped(assistant, storage, service):
    papers = many(250)

    def until_the_third_page(request):
        return Reply("gone", status=500) if int(request.query["start"]) >= 200 else arxiv(papers)(request)

    service.script = until_the_third_page
    [file] = assistant.ingest([SEARCH]).files
    assert (file.papers, file.new) == (200, 200)
    assert "goes on from there" in file.error
    [source] = Remembered(storage).sources()
    assert (source.papers, source.last, bool(source.state)) == (200, "", True)
    service.script, service.requests[:] = arxiv(papers), []
    report = assistant.sync()
    assert counts(report) == [(50, 50, 0, 0)]
    assert {int(request.query["start"]) for request in service.requests} == {200}
    [source] = Remembered(storage).sources()
    assert (source.papers, source.state) == (250, "")


def test_a_live_source_whose_ingest_was_killed_goes_on_after_what_was_written(storage, service):
    # 1,100 papers come and then nothing more: the first block of 1,000 is written, the rest is in memory alone.
    papers = many(1200)

    def stalling(request):
        return Reply("never sent", stalls=True) if int(request.query["start"]) >= 1100 else arxiv(papers)(request)

    service.script = stalling
    code = f"""
import rag.intake.ingest
from tests.support.storage_fixtures import open_assistant
rag.intake.ingest._BLOCK_S = 3600  # on a busy machine half a block would be written before
with open_assistant({str(storage)!r}) as assistant:
    assistant.ingest([{SEARCH!r}])
"""
    with subprocess.Popen(worker(code)) as process:
        deadline = time.monotonic() + 90
        while process.poll() is None and time.monotonic() < deadline:
            if service.requests and int(service.requests[-1].query["start"]) >= 1100:
                break
            time.sleep(0.05)
        process.kill()
    with open_assistant(storage) as assistant:
        assert len(titles(assistant)) == 1000
        service.script, service.requests[:] = arxiv(papers), []
        report = assistant.ingest([SEARCH])
        assert counts_of(report) == [(200, 200, 0, 0)]
        assert {int(request.query["start"]) for request in service.requests} <= {900, 1000, 1100}
        assert len(titles(assistant)) == 1200


def test_a_spec_that_never_gave_anything_is_not_remembered(assistant, storage, service):
    service.script = lambda _: Reply("no", status=500)
    assert assistant.ingest([SEARCH]).failed
    assert Remembered(storage).sources() == ()


def test_the_sources_of_a_rebuild_are_remembered_when_it_is_complete(assistant, storage, service, monkeypatch):
    service.script = arxiv(many(5))
    states = []
    real = Remembered.change
    monkeypatch.setattr(
        Remembered, "change", lambda self, spec, how: states.append(titles(assistant)) or real(self, spec, how)
    )
    assistant._given([SEARCH], Terms(), rebuild=True, progress=None, on_read=None)
    # Once, and then the new library is the one in use.
    assert [len(found) for found in states] == [5]
    assert Remembered(storage).sources()[0].papers == 5


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://arxiv.org/abs/2310.03744v2", "write arxiv:2310.03744"),
        ("https://doi.org/10.1000/xyz", "write doi:10.1000/xyz"),
        ("arxv:search:herons", "check its spelling"),
    ],
)
def test_what_is_nearly_a_live_source_is_told_how_to_write_it(assistant, given, meant):
    with pytest.raises(SourceError, match=f"neither a file nor a live source.*; {meant}"):
        assistant.ingest([given])


def test_a_spec_is_remembered_in_one_spelling(assistant, storage, service):
    assistant.ingest(["arXiv:search:  herons "])
    assert [source.spec for source in Remembered(storage).sources()] == [SEARCH]
    assert len(sync(storage, never, ["ARXIV:search:herons"]).sources) == 1


# -- papers that were removed ------------------------------------------------------------------------------------------


def test_a_removed_paper_stays_away_until_its_source_is_named(assistant, storage, service, tmp_path, caplog):
    file = write_lines(tmp_path / "papers.jsonl", invented(3))
    assistant.ingest([file, SEARCH])
    gone = [paper for paper in assistant.papers() if paper.title.startswith(("Invention 0", "Paper 2"))]
    assert len(assistant.remove([paper.id for paper in gone])) == 2
    write_lines(file, invented(4))
    service.script = arxiv([replace(paper, updated="2999-01-01", abstract=f"New: {paper.text}") for paper in many(4)])
    report = assistant.sync()
    assert [source.left_out for source in report.sources] == [1, 1]
    assert not [title for title in titles(assistant) if title.startswith(("Invention 0", "Paper 2"))]
    assert len(titles(assistant)) == 3 + 3  # two of the file and the new one; two of the service and the new one
    assistant.ingest([file, SEARCH])
    assert "2 papers that had been removed are back" in caplog.text
    assert len(titles(assistant)) == 4 + 4
    assert Remembered(storage).gone() == ()


# -- what is asked -----------------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_is_new_and_writes_nothing(assistant, storage, service, tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    write_lines(folder / "a.jsonl", invented(1))
    assistant.ingest([folder, SEARCH])
    write_lines(folder / "b.jsonl", [dict(invented(1, seed=5)[0], id="b")])
    service.script = arxiv([*many(3), *(replace(paper, updated="2999-01-01") for paper in many(5)[3:])])
    before = (storage / "sources.json").read_bytes(), titles(assistant)
    report = sync(storage, never, dry_run=True)
    assert [(source.found, source.state) for source in report.sources] == [(1, "updated"), (2, "updated")]
    assert report.sources[0].files == (FileReport(str(folder / "b.jsonl")),)
    assert ((storage / "sources.json").read_bytes(), titles(assistant)) == before
    assert counts(assistant.sync())[0] == (1, 1, 0, 0)


def test_one_source_can_be_asked_alone_and_an_unknown_one_is_told(assistant, storage, tmp_path):
    files = [write_lines(tmp_path / f"{n}.jsonl", [dict(invented(1, seed=n)[0], id=str(n))]) for n in range(2)]
    assistant.ingest(files)
    assert [source.spec for source in sync(storage, never, [str(files[1])]).sources] == [str(files[1])]
    with pytest.raises(SettingsError, match=r"'arxiv:1' is no remembered source; there are: .*0\.jsonl, .*1\.jsonl"):
        sync(storage, never, ["arxiv:1"])


def test_a_damaged_memory_is_told_before_anything_is_read(assistant, storage, tmp_path):
    (storage / "sources.json").write_text("{")
    with pytest.raises(LibraryError, match="is damaged"):
        assistant.ingest([write_lines(tmp_path / "papers.jsonl", invented(1))])
    assert titles(assistant) == []
