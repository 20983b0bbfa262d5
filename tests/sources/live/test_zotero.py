"""Zotero: a library is read once, then by what changed and what is gone; one never touches the papers of another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag import Assistant
from rag.errors import SourceError
from rag.model import Paper, Withdrawn
from rag.sources.live import fetch
from rag.sources.live.network import network_of
from rag.sources.live.services.zotero_record import paper_of_item
from rag.sources.live.spec import read_spec
from tests.support.live_server import LiveServer, Reply
from tests.support.zotero_server import Library


@pytest.fixture
def served(monkeypatch):
    """Serves a library at a prefix, as the web API or, one that is local, as a running Zotero."""
    monkeypatch.setenv("LIVE_PAUSE_S", "0")
    monkeypatch.setenv("LIVE_TRIES", "1")
    servers = []

    def serve(library, prefix):
        server = LiveServer(library.script(prefix))
        servers.append(server)
        server.__enter__()
        monkeypatch.setenv("ZOTERO_LOCAL_ENDPOINT" if library.local else "ZOTERO_ENDPOINT", server.url)
        return server

    yield serve
    for server in servers:
        server.__exit__(None, None, None)


@pytest.fixture
def assistant(tmp_path):
    with Assistant.open(tmp_path / "storage") as opened:
        yield opened


def titles(assistant):
    return sorted(paper.title for paper in assistant.papers())


def queries(server):
    """What was asked since the last look, as the parts of the query that say what is wanted."""
    wanted = ("since", "format", "sort", "itemKey", "start")
    asked = [{name: r.query[name] for name in wanted if name in r.query} for r in server.requests]
    server.requests.clear()
    return asked


@pytest.mark.parametrize(
    ("spec", "values", "canonical"),
    [
        ("zotero:", ("local", "", ""), "zotero:local"),
        ("Zotero:local/tag/to read/now", ("local", "tag", "to read/now"), "zotero:local/tag/to read/now"),
        ("zotero:collection/abcd2345", ("local", "collection", "ABCD2345"), "zotero:local/collection/ABCD2345"),
        ("zotero:user/475425", ("user/475425", "", ""), "zotero:user/475425"),
        ("zotero:group/12/collection/ABCD2345", ("group/12", "collection", "ABCD2345"), None),
        ("zotero:local/group/12", ("local/group/12", "", ""), None),
    ],
)
def test_a_spec_names_a_library_and_what_limits_it(spec, values, canonical):
    asked = read_spec(spec)
    assert asked.values == values
    assert asked.spec == (canonical or spec)


@pytest.mark.parametrize(
    "spec", ["zotero:user/ann", "zotero:local/user/1", "zotero:user/1/collection/x", "zotero:tag/ "]
)
def test_a_spec_that_names_none_is_told_the_forms(spec):
    with pytest.raises(SourceError, match=r"names no library; write zotero: \(the Zotero that runs here\)"):
        read_spec(spec)


def test_an_item_becomes_a_paper_with_its_citation_key():
    data = {
        "itemType": "preprint", "title": "PondSight: <i>Seeing</i> Ponds", "abstractNote": "It sees.",
        "date": "2025-01",
        "creators": [{"creatorType": "author", "firstName": "Ann", "lastName": "Heron"},
                     {"creatorType": "author", "name": "Pond Watch"}, {"creatorType": "editor", "lastName": "Reed"}],
        "extra": "arXiv:2501.00001 [cs]\nCitation Key: heronPond2025", "tags": [{"tag": "ponds"}], "volume": "3",
        "publicationTitle": "Birds",
    }  # fmt: skip
    paper = paper_of_item({"key": "ABCD2345", "data": data}, source="zotero:user/1", library="user/1", line=1)
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract, paper.arxiv_id) == ("PondSight: Seeing Ponds", "It sees.", "2501.00001")
    assert paper.authors == ("Ann Heron", "Pond Watch")
    assert paper.published_inferred
    assert dict(paper.extra) == {
        "zotero": "user/1/ABCD2345", "citation_key": "heronPond2025", "type": "article", "venue": "Birds",
        "volume": "3", "keywords": "ponds", "date": "2025-01",
    }  # fmt: skip
    # Newer versions of Zotero have a field for it.
    native = paper_of_item({"key": "A", "data": {"title": "A", "citationKey": "own"}}, source="", library="", line=1)
    assert native.extra["citation_key"] == "own"


def test_a_second_sync_asks_for_what_changed_and_takes_away_what_is_gone(assistant, served):
    library = Library()
    # Two and a half pages.
    keys = [library.add(f"Heron{n}: on pond {n}") for n in range(250)]
    library.add("a note", itemType="note")
    server = served(library, "/users/1")
    pages = list(fetch("zotero:user/1"))
    assert len(pages) == 250
    assert [query.get("start") for query in queries(server)] == ["0", "100", "200", None]
    # The rest with few items, each of which is embedded.
    library.items = {key: library.items[key] for key in (*keys[:3], *list(library.items)[-1:])}
    assert assistant.ingest(["zotero:user/1"]).total("new") == 3
    queries(server)

    assert [one.state for one in assistant.sync().sources] == ["unchanged"]
    assert queries(server) == [{"since": "251", "format": "json", "sort": "dateAdded", "start": "0"}]  # 304

    library.change(keys[0], title="Heron0: renamed", abstractNote="All is new here.")
    library.trash(keys[1])
    [report] = assistant.sync().sources
    assert (report.state, report.files[0].changed, report.files[0].removed) == ("updated", 1, 1)
    assert len(queries(server)) == 1
    assert titles(assistant) == ["Heron0: renamed", "Heron2: on pond 2"]
    assert [one.state for one in assistant.sync().sources] == ["unchanged"]


def asked_since(reading, library, server):
    """What a further reading gives and asks for: the titles and keys, the paths of the requests, and what is held."""
    server.requests.clear()
    further = fetch("zotero:user/1", held=reading.held)
    given = [one.address.rpartition("/")[2] if isinstance(one, Withdrawn) else one.title for one in further]
    paths = [request.path.rpartition("/")[2] for request in server.requests]
    assert all(request.query.get("format") != "keys" for request in server.requests)
    return sorted(given), paths, further


def test_ten_thousand_items_cost_one_request_each_time_and_a_second_where_something_was_deleted(served):
    library = Library()
    keys = [library.add(f"Heron{n}") for n in range(10_000)]
    server = served(library, "/users/1")
    reading = fetch("zotero:user/1")
    assert (len(list(reading)), len(server.requests)) == (10_000, 101)

    assert asked_since(reading, library, server)[:2] == ([], ["top"])  # 304
    library.change(keys[7], title="Heron7: again")
    given, paths, reading = asked_since(reading, library, server)
    assert (given, paths) == (["Heron7: again"], ["top"])
    library.trash(keys[8])
    given, paths, reading = asked_since(reading, library, server)
    assert (given, paths) == ([keys[8]], ["top"])
    library.delete(keys[8], keys[9])  # one of them was in the bin
    given, paths, reading = asked_since(reading, library, server)
    assert (given, paths) == ([keys[9]], ["top", "deleted"])
    library.elsewhere()
    library.add("Owl")
    given, paths, reading = asked_since(reading, library, server)
    assert (given, paths) == (["Owl"], ["top", "deleted"])
    assert asked_since(reading, library, server)[:2] == ([], ["top"])


def test_what_comes_out_of_the_bin_is_there_again(served):
    library = Library()
    key = library.add("Heron")
    server = served(library, "/users/1")
    reading = fetch("zotero:user/1")
    list(reading)
    library.trash(key)
    *_, reading = asked_since(reading, library, server)
    library.items[key]["trashed"] = False
    library.change(key)
    assert asked_since(reading, library, server)[:2] == (["Heron"], ["top"])


def test_of_a_server_without_a_log_of_deletions_the_keys_of_all_are_asked_for(served):
    library = Library()
    keys = [library.add("Heron"), library.add("Owl")]
    server = served(library, "/users/1")
    reading = fetch("zotero:user/1")
    list(reading)
    script = server.script
    server.script = lambda request: Reply("none", status=404) if "deleted" in request.path else script(request)
    library.delete(keys[0])
    assert [one.address for one in fetch("zotero:user/1", held=reading.held)] == [f"user/1/{keys[0]}"]


def test_a_change_that_is_taken_back_is_seen(assistant, served):
    library = Library()
    key = library.add("Heron", abstractNote="First.")
    served(library, "/users/1")
    assistant.ingest(["zotero:user/1"])
    for text in ("Second.", "First."):
        library.change(key, abstractNote=text)
        assistant.sync()
        assert [paper.abstract for paper in assistant.papers()] == [text]


def test_a_running_zotero_shows_what_is_not_synchronised_yet(assistant, served):
    library = Library(local=True)
    first = library.add("Heron", synced=False)
    library.add("Reed", synced=False)
    server = served(library, "/users/0")
    assert assistant.ingest(["zotero:"]).total("new") == 2
    library.change(first, synced=False, title="Heron II", abstractNote="Rewritten.")
    third = library.add("Sedge", synced=False)
    [report] = assistant.sync().sources
    assert (report.files[0].new, report.files[0].changed) == (1, 1)
    assert titles(assistant) == ["Heron II", "Reed", "Sedge"]
    del library.items[third]
    assert assistant.sync().sources[0].files[0].removed == 1
    queries(server)
    assert [one.state for one in assistant.sync().sources] == ["unchanged"]
    assert len(queries(server)) == 3


def test_a_library_takes_away_only_what_it_brought_itself(assistant, served, tmp_path):
    library = Library()
    ours = library.add("Pond and reed", DOI="10.1000/reed", collections=["ABCD2345"])
    served(library, "/users/1")
    (tmp_path / "other.jsonl").write_text(
        '{"title": "Pond and reed", "abstract": "Ponds have reed.", "doi": "10.1000/reed"}'
    )
    assistant.ingest(["zotero:user/1", "zotero:user/1/collection/ABCD2345", tmp_path / "other.jsonl"])
    assert len(titles(assistant)) == 1
    # Out of the collection, and still in the library; then out of that, and still in the file.
    library.change(ours, collections=[])
    reports = assistant.sync(["zotero:user/1/collection/ABCD2345"]).sources
    assert [file.removed for report in reports for file in report.files] == [0]
    [paper] = assistant.papers()
    assert sorted({copy.source for copy in paper.copies}) == ["other.jsonl", "zotero:user/1"]
    library.trash(ours)
    assistant.sync(["zotero:user/1"])
    [paper] = assistant.papers()
    assert (paper.source, paper.copies, "zotero" in paper.extra) == ("other.jsonl", (), False)


def test_another_library_with_the_same_keys_keeps_its_papers(assistant, served, monkeypatch):
    one, other = Library(), Library(local=True)
    gone = one.add("Heron of one")
    assert gone == other.add("Owl of the other")
    served(one, "/groups/7")
    served(other, "/users/0")
    assistant.ingest(["zotero:group/7", "zotero:local"])
    one.trash(gone)
    assistant.sync()
    assert titles(assistant) == ["Owl of the other"]


def test_a_followed_question_tells_of_a_paper_that_left_zotero(assistant, served):
    library = Library()
    key = library.add("PondSight: seeing ponds", abstractNote="PondSight answers in 31 milliseconds on one GPU.")
    library.add("Owls at night", abstractNote="Owls are heard at night.")
    served(library, "/users/1")
    assistant.ingest(["zotero:user/1"])
    assistant.follow("How fast does PondSight answer?")
    library.trash(key)
    assistant.sync()
    [news] = assistant.news()
    assert [(cause.state, cause.title) for cause in news.causes] == [("removed", "PondSight: seeing ponds")]


def test_what_the_user_removed_stays_away(assistant, served):
    library = Library()
    key = library.add("Heron")
    served(library, "/users/1")
    assistant.ingest(["zotero:user/1"])
    assistant.remove([paper.id for paper in assistant.papers()])
    library.change(key, abstractNote="New words.")
    assert assistant.sync().sources[0].left_out == 1
    assert titles(assistant) == []


def test_a_tag_limits_and_a_key_opens_a_library(served, monkeypatch):
    library = Library(key="secret")
    library.add("Heron", tags=[{"tag": "to read"}])
    library.add("Owl")
    server = served(library, "/users/1")
    with pytest.raises(SourceError, match=r"Zotero .*403.*; set ZOTERO_API_KEY"):
        list(fetch("zotero:user/1"))
    monkeypatch.setenv("ZOTERO_API_KEY", "secret")
    assert [paper.title for paper in fetch("zotero:user/1/tag/to read")] == ["Heron"]
    assert {request.headers["zotero-api-version"] for request in server.requests} == {"3"}


def test_a_zotero_that_does_not_run_or_lets_nobody_in_says_what_to_do(served, monkeypatch):
    library = Library(local=True)
    server = served(library, "/users/0")
    server.script = lambda request: Reply("Local API is not enabled", status=403)
    with pytest.raises(SourceError, match=r"Zotero does not let other programs in \(HTTP 403\); in its settings"):
        list(fetch("zotero:"))
    server.__exit__(None, None, None)
    with pytest.raises(SourceError, match=r"Zotero .* Connection refused.*; start Zotero"):
        list(fetch("zotero:"))


def test_a_zotero_that_asks_for_rest_gets_it_with_good_replies_and_bad(served, monkeypatch):
    monkeypatch.setattr("rag.sources.live.patience._open_from", {})
    library = Library()
    library.add("Heron")
    server, waits = served(library, "/users/1"), []
    script, busy = server.script, [Reply(status=503, headers={"Backoff": "20"})]

    def tired(request):
        reply = busy.pop() if busy else script(request)
        reply.headers = {**reply.headers, "Backoff": "20"}
        return reply

    server.script = tired
    monkeypatch.setenv("LIVE_TRIES", "2")
    network = replace(network_of(), sleep=waits.append)
    assert [paper.title for paper in fetch("zotero:user/1", network=network)] == ["Heron"]
    # Once after the reply that was none, once before the keys of all are asked for.
    assert [round(wait, -1) for wait in waits] == [20, 20]


@pytest.mark.parametrize(
    ("spec", "place", "says"),
    [("zotero:user/1", "deleted", "no JSON"), ("zotero:user/1/tag/ponds", "keys", "no keys of items")],
)
def test_what_is_no_answer_of_zotero_withdraws_nothing(served, spec, place, says):
    library = Library()
    key = library.add("Heron", tags=[{"tag": "ponds"}])
    server = served(library, "/users/1")
    reading = fetch(spec)
    list(reading)
    script = server.script
    # A page of a proxy in the place of the answer.
    server.script = lambda r: (
        "<html>busy</html>" if place in (r.path.rpartition("/")[2], r.query.get("format")) else script(r)
    )
    library.change(key, title="Heron II")
    library.elsewhere()
    given = []
    with pytest.raises(SourceError, match=says):
        given.extend(fetch(spec, held=reading.held))
    assert not any(isinstance(item, Withdrawn) for item in given)
