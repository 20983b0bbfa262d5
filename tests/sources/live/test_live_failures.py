"""Live sources and servers that do wrong: each time all the papers in the end, or one line that says what happened."""

import gzip
import logging
import time
from dataclasses import replace
from email.utils import formatdate

import pytest

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.live import fetch, network_of
from tests.support.live_server import (
    Invented,
    LiveServer,
    Reply,
    arxiv,
    feed,
    huggingface,
    in_turn,
    many,
    openalex,
    semantic_scholar,
)
from tests.support.ports import closed_port

KEY = "owl-secret-4711"
# Service → name, spec of a search, variable of the endpoint, variable of the key.
SERVICES = {
    arxiv: ("arXiv", "arxiv:search:herons", "ARXIV_ENDPOINT", ""),
    huggingface: ("Hugging Face", "hf:search:herons", "HF_ENDPOINT", "HF_TOKEN"),
    openalex: ("OpenAlex", "openalex:search:herons", "OPENALEX_ENDPOINT", "OPENALEX_API_KEY"),
    semantic_scholar: ("Semantic Scholar", "s2:search:herons", "S2_ENDPOINT", "S2_API_KEY"),
}
EACH = pytest.mark.parametrize("service", SERVICES)
KEYED = pytest.mark.parametrize("service", [service for service, (*_, key) in SERVICES.items() if key])


def network(url, service, *, key=False, timeout_s="10", waits=None, **more):
    """The network of a test: the service at `url`, without pauses; `waits` gets what would have been slept."""
    _, _, variable, key_name = SERVICES[service]
    environment = {variable: url, "LIVE_PAUSE_S": "0", "LIVE_TIMEOUT_S": timeout_s, "LIVE_TRIES": "4", **more}
    made = network_of(environment | ({key_name: KEY} if key else {}))
    return made if waits is None else replace(made, sleep=waits.append)


def read(server, service, spec=None, **options):
    _, search, *_ = SERVICES[service]
    return list(fetch(spec or search, network=network(server.url, service, **options)))


def fails(server, service, match, spec=None, **options):
    """What the error says with which the fetch fails: one line that matches and names the service or the source."""
    with pytest.raises(SourceError, match=match) as caught:
        read(server, service, spec, **options)
    assert "\n" not in str(caught.value)
    name, search, *_ = SERVICES[service]
    assert name in str(caught.value) or search in str(caught.value)
    assert KEY not in str(caught.value)
    return str(caught.value)


WRONG = {
    "server in trouble": Reply({"message": "try later"}, status=503),
    "bad gateway with a page": Reply("<html><h1>Bad gateway</h1></html>", status=502),
    "page of HTML as if all were well": Reply(
        "<!DOCTYPE html><html><title>We are down</title><body>Sorry</body></html>"
    ),
    "nothing": Reply(b""),
    "broken text": Reply('{"results": [{"id": "https://openalex.org/W1", "title": "Her'),
    "bytes": Reply(b"\xff\xfe\x00\x81" * 50),
    "nested too deep": Reply("[" * 200_000),
    "half a reply": Reply(b"x" * 100_000, half=True),
    "a number": Reply("12"),
}


@EACH
@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_reply_is_asked_for_again(service, wrong):
    papers = many(3)
    with LiveServer(in_turn(WRONG[wrong], WRONG[wrong], service(papers))) as server:
        assert [paper.title for paper in read(server, service)] == [paper.name for paper in papers]
        assert len(server.requests) == 3


@EACH
@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_replies_without_end_are_an_error(service, wrong):
    with LiveServer(lambda _: WRONG[wrong]) as server:
        fails(server, service, r"\(4 tries\); try again later")
        assert len(server.requests) == 4


@EACH
def test_half_of_a_good_reply_is_no_reply(service):
    right = service(many(3))
    with LiveServer(in_turn(lambda request: Reply(right(request), half=True), right)) as server:
        assert len(read(server, service)) == 3
        assert len(server.requests) == 2


def test_feed_that_breaks_off_between_two_papers_is_no_shorter_feed():
    whole = feed(many(3), total=3)
    cut = whole[: whole.rindex("<entry>")]
    with LiveServer(in_turn(cut, arxiv(many(3)))) as server:
        assert len(read(server, arxiv)) == 3


@EACH
def test_what_a_server_in_trouble_says_is_told(service):
    with LiveServer(lambda _: Reply({"message": "the ponds\nare   frozen"}, status=500)) as server:
        fails(server, service, r"answered HTTP 500 \(the ponds are frozen\) \(4 tries\); try again later")


@EACH
def test_waits_grow_and_the_wait_that_the_server_names_is_kept(service):
    waits = []
    limited = Reply({"message": "slow down"}, status=429, headers={"Retry-After": "7"})
    with LiveServer(in_turn(Reply(status=500), limited, Reply(status=500), service(many(1)))) as server:
        made = replace(network(server.url, service, waits=waits), backoff_s=2.0)
        assert len(list(fetch(SERVICES[service][1], network=made))) == 1
    assert [wait for wait in waits if wait > 0] == [2.0, 7.0, 8.0]  # 2 · 2⁰, Retry-After, 2 · 2²


@EACH
def test_date_to_wait_for_is_kept(service):
    waits = []

    def limited(_):
        return Reply(status=429, headers={"Retry-After": formatdate(time.time() + 100, usegmt=True)})

    with LiveServer(in_turn(limited, service(many(1)))) as server:
        read(server, service, waits=waits)
    assert 60 < max(waits) <= 100  # what is left of them when the reply has come


@EACH
def test_who_is_told_to_wait_for_an_hour_comes_back_later(service):
    with LiveServer(lambda _: Reply(status=429, headers={"Retry-After": "3600"})) as server:
        said = fails(server, service, r"answered HTTP 429 and asks to wait for 3,600 s; give the same command then")
        assert len(server.requests) == 1
    key_name = SERVICES[service][3]
    assert (f"or set {key_name}" in said) == bool(key_name)


@EACH
def test_pause_is_kept_between_requests_also_of_two_fetches(service, monkeypatch):
    # A later server may get the same port: it is not to wait for what nobody waited for here.
    monkeypatch.setattr("rag.sources.live.patience._open_from", {})
    waits = []
    with LiveServer(service(many(1))) as server:
        made = network(server.url, service, waits=waits, LIVE_PAUSE_S="100")
        for _ in range(3):
            list(fetch(SERVICES[service][1], network=made))
    # Nobody slept, so that the third has to wait for two pauses.
    assert [round(wait, -2) for wait in waits] == [100, 200]


@EACH
def test_server_that_never_answers_is_given_up(service):
    with LiveServer(lambda _: Reply("[]", stalls=True)) as server:
        fails(server, service, r"did not answer within 0\.3 s \(2 tries\)", timeout_s="0.3", LIVE_TRIES="2")


@EACH
def test_server_that_answers_byte_by_byte_is_given_up(service):
    with LiveServer(lambda _: Reply(" " * 100_000, drip_s=0.1)) as server:  # the whole would take hours
        fails(server, service, r"did not finish its answer within 1\.5 s", timeout_s="1.5", LIVE_TRIES="1")


@EACH
def test_server_that_is_not_there_is_an_error(service):
    name, spec, *_ = SERVICES[service]
    # no key would help where nobody is, so that none is asked for
    says = rf"{name} could not be read .*\(4 tries\); check the network, or try again later( |$)"
    with closed_port() as port, pytest.raises(SourceError, match=says):
        list(fetch(spec, network=network(f"http://127.0.0.1:{port}", service)))


@EACH
def test_redirect_on_the_same_host_is_followed(service):
    right = service(many(2))

    def script(request):
        if "moved" in request.query:
            return right(request)
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        return Reply(status=301, headers={"Location": f"{request.path}?moved=1&{query}".replace(" ", "%20")})

    with LiveServer(script) as server:
        assert len(read(server, service, key=service is not arxiv)) == 2


@EACH
def test_endless_redirects_are_an_error(service):
    with LiveServer(lambda request: Reply(status=302, headers={"Location": request.path + "?again=1"})) as server:
        fails(server, service, "redirect", LIVE_TRIES="1")
        assert len(server.requests) <= 25


@KEYED
def test_key_does_not_follow_a_redirect_to_another_host(service):
    with LiveServer(service(many(1))) as thief:
        away = lambda request: Reply(status=302, headers={"Location": f"{thief.url}{request.path}"})  # noqa: E731
        with LiveServer(away) as server:
            key_name = SERVICES[service][3]
            fails(server, service, rf"redirects to 127\.0\.0\.1, and {key_name} is for 127\.0\.0\.1 only", key=True)
            assert any(KEY in value for value in server.requests[0].headers.values())
        assert thief.requests == []


@KEYED
def test_key_is_sent_where_the_environment_has_one_only(service):
    with LiveServer(service(many(1))) as server:
        read(server, service)
        assert "authorization" not in server.requests[0].headers
        assert "x-api-key" not in server.requests[0].headers
        read(server, service, key=True)
        header = server.requests[-1].headers.get("x-api-key") or server.requests[-1].headers["authorization"]
        assert header.removeprefix("Bearer ") == KEY
        assert KEY not in str([request.query for request in server.requests])


@KEYED
def test_key_is_neither_logged_nor_told_when_the_server_tells_it(service, caplog):
    caplog.set_level(logging.DEBUG)
    with LiveServer(lambda _: Reply({"message": f"the key {KEY} is spent"}, status=401)) as server:
        said = fails(server, service, r"answered HTTP 401 \(the key … is spent\); check [A-Z0-9_]+", key=True)
        assert len(server.requests) == 1
    assert SERVICES[service][3] in said
    assert KEY not in caplog.text


@KEYED
def test_who_has_no_key_is_told_that_one_may_help(service):
    with LiveServer(lambda _: Reply({"error": "who are you?"}, status=403)) as server:
        fails(server, service, rf"answered HTTP 403 \(who are you\?\); set {SERVICES[service][3]}")


@EACH
def test_huge_reply_is_not_read_to_its_end(service):
    with LiveServer(lambda _: Reply(b" " * 51_000_000)) as server:
        fails(server, service, "sends more than 50,000,000 bytes at once; ask for less")
        assert len(server.requests) == 1


@EACH
def test_packed_reply_that_is_huge_is_not_unpacked(service):
    bomb = gzip.compress(b" " * 60_000_000)
    with LiveServer(lambda _: Reply(bomb, headers={"Content-Encoding": "gzip"})) as server:
        fails(server, service, "sends more than 50,000,000 bytes at once|sent a packed reply", LIVE_TRIES="1")


@pytest.mark.parametrize("service", [arxiv, openalex, semantic_scholar])
def test_page_that_repeats_for_ever_is_an_error(service):
    def script(request):
        query = {"start": "0", "max_results": "100", "page": "1", "token": "t0", "per_page": "100"}
        reply = right(replace(request, query=request.query | {k: v for k, v in query.items() if k in request.query}))
        if service is semantic_scholar:
            return {**reply, "token": f"t{len(server.requests)}"}
        return reply.replace(">100<", ">900<") if service is arxiv else {**reply, "meta": {"count": 900}}

    right = service(many(100))
    with LiveServer(script) as server:
        fails(server, service, "the service gives the same page again and again")
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("service", "key"), [(openalex, True), (semantic_scholar, False)], ids=["openalex", "semantic scholar"]
)
def test_cursor_that_leads_back_is_an_error(service, key):
    pages = [many(5), [Invented(9)], [Invented(8)]]

    def script(request):
        page = pages[min(len(server.requests) - 1, 2)]
        if service is openalex:
            return {"meta": {"count": 900, "next_cursor": "same"}, "results": [paper.work() for paper in page]}
        return {"total": 900, "token": "same", "data": [paper.s2() for paper in page]}

    with LiveServer(script) as server:
        fails(server, service, "the service leads back to a page that it gave before", key=key)


def test_ever_more_papers_than_were_announced_are_an_error():
    def script(request):
        first = len(server.requests) * 100
        papers = [Invented(n).s2() for n in range(first, first + 100)]
        return {"total": 7, "token": f"t{first}", "data": papers}

    with LiveServer(script) as server:
        fails(server, semantic_scholar, "the service said 7 records and gives ever more")
        assert len(server.requests) == 11  # 1,014 = 2 · 7 + 1,000 is passed by the eleventh hundred


def test_empty_page_in_the_middle_of_arxiv_is_asked_for_again():
    papers = many(150)
    right = arxiv(papers)
    empty = feed([], total=150, start=100)
    with LiveServer(in_turn(right, empty, empty, right)) as server:
        assert len(read(server, arxiv)) == 150
    with LiveServer(in_turn(right, empty)) as server:
        fails(server, arxiv, r"sent an empty page where there are 150 results \(4 tries\).*100 records came before")


@pytest.mark.parametrize("empty", [1, 2])
def test_empty_page_in_the_middle_of_a_search_is_passed_over(empty):
    right = semantic_scholar(many(6))

    def script(request):
        n = len(server.requests)
        if 2 <= n < 2 + empty:
            return {"total": 6, "token": f"e{n}", "data": []}
        return right(replace(request, query=request.query | ({"token": "t3"} if n > 1 else {})))

    with LiveServer(script) as server:
        assert len(read(server, semantic_scholar)) == 6


def test_empty_pages_without_end_end():
    with LiveServer(lambda _: {"total": 0, "token": f"t{len(server.requests)}", "data": []}) as server:
        assert read(server, semantic_scholar) == []
        assert len(server.requests) == 3


def test_search_that_finds_nothing_gives_nothing():
    for service in SERVICES:
        with LiveServer(service([])) as server:
            assert read(server, service) == []


@pytest.mark.parametrize(
    ("service", "spec", "said"),
    [
        (huggingface, "hf:2502.00001", r"Hugging Face has no paper 2502\.00001 \(HTTP 404\); try arxiv:2502\.00001"),
        (openalex, "openalex:W1", r"OpenAlex has no work W1 \(HTTP 404\)"),
        (openalex, "openalex:doi:10.5555/x", r"OpenAlex has no work 10\.5555/x \(HTTP 404\)"),
        (semantic_scholar, "s2:2502.00001", r"Semantic Scholar has no paper ARXIV:2502\.00001 \(HTTP 404\)"),
    ],
)
def test_paper_that_is_not_there_is_an_error(service, spec, said):
    with LiveServer(service([])) as server:
        fails(server, service, said, spec)
        assert len(server.requests) == 1


def test_one_of_several_papers_that_is_not_there_is_reported_in_its_place():
    with LiveServer(huggingface(many(2))) as server:
        first, second = read(server, huggingface, "hf:2502.00009,2502.00002")
    assert first == Rejected(1, "Hugging Face has no paper 2502.00009 (HTTP 404); try arxiv:2502.00009")
    assert isinstance(second, Paper)


def test_query_that_arxiv_refuses_is_an_error_with_its_reason():
    error = """<entry><id>http://arxiv.org/api/errors#malformed</id><title>Error</title>
        <summary>malformed query: ti:(</summary></entry>"""
    for status in (200, 400):
        with LiveServer(lambda _, status=status: Reply(feed([error], total=1), status=status)) as server:
            fails(server, arxiv, "malformed query")


@pytest.mark.parametrize("status", [200, 400])
def test_one_id_that_arxiv_does_not_take_does_not_spoil_the_others(status):
    papers = many(100)
    right = arxiv(papers)
    error = """<entry><id>http://arxiv.org/api/errors#incorrect_id_format</id><title>Error</title>
        <summary>incorrect id format for owl/9912001</summary></entry>"""

    def script(request):
        refused = "owl/9912001" in request.query["id_list"]
        return Reply(feed([error], total=1), status=status) if refused else right(request)

    ids = [paper.arxiv_id for paper in papers]
    with LiveServer(script) as server:
        items = read(server, arxiv, "arxiv:" + ",".join([*ids[:50], "owl/9912001", *ids[50:]]))
        assert len(server.requests) < 20
    assert [item.arxiv_id for item in items if isinstance(item, Paper)] == ids
    [rejected] = [item for item in items if isinstance(item, Rejected)]
    assert (rejected.line, rejected.reason.startswith("owl/9912001: arXiv ")) == (51, True)
    assert "incorrect id format for owl/9912001" in rejected.reason


def test_list_of_ids_that_arxiv_blocks_is_not_asked_for_in_parts():
    with LiveServer(lambda _: Reply("blocked", status=403)) as server:
        fails(server, arxiv, r"arXiv answered HTTP 403 \(blocked\); check the spec", "arxiv:2502.00001,2502.00002")
        assert len(server.requests) == 1


@pytest.mark.parametrize("total", [0, 1])
def test_only_id_that_arxiv_does_not_know_is_reported(total):
    # arXiv counts ids that it does not know, and gives no entry for them.
    with LiveServer(lambda _: feed([], total=total)) as server:
        [rejected] = read(server, arxiv, "arxiv:2502.99999")
        assert rejected == Rejected(1, "arXiv has no paper 2502.99999; correct the id or leave it out")
        assert len(server.requests) == 1 + total


def test_empty_feed_for_ids_that_are_there_is_asked_for_again():
    with LiveServer(in_turn(feed([], total=2), arxiv(many(2)))) as server:
        assert len(read(server, arxiv, "arxiv:2502.00001,2502.00002")) == 2


def test_entities_in_a_feed_are_refused():
    laugh = '<!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    bad = feed(many(1), total=1).replace("<feed", f"{laugh}<feed", 1).replace("herons", "&b;")
    with LiveServer(lambda _: bad) as server:
        fails(server, arxiv, "sent what is no feed")


def test_entries_of_a_feed_that_lack_what_they_need_are_reported():
    bad = Invented(2).entry().replace("2025-02-01T09:00:00Z", "yesterday")
    bare = "<entry><id>http://arxiv.org/abs/2502.00003v1</id><title>Herons</title></entry>"
    with LiveServer(lambda _: feed([Invented(1), bad, bare, Invented(4)], total=4)) as server:
        items = read(server, arxiv)
    assert [item.title for item in items if isinstance(item, Paper)] == [Invented(1).name, Invented(4).name]
    assert [item.reason for item in items if isinstance(item, Rejected)] == [
        "the entry http://arxiv.org/abs/2502.00002v2 of arXiv has the date 'yesterday'; it is left out",
        "the entry http://arxiv.org/abs/2502.00003v1 of arXiv has no updated and no published; it is left out",
    ]


@pytest.mark.parametrize(
    "bad", [{"publishedAt": "yesterday"}, {"authors": [{"name": 3}]}, {"summary": 7}, {"id": None}]
)
def test_broken_record_of_hugging_face_is_reported(bad):
    listed = [paper.hub() for paper in many(3)]
    reply = [{"paper": paper, "title": "Herons"} for paper in listed]
    listed[1] |= bad
    with LiveServer(lambda _: reply) as server:
        items = read(server, huggingface)
    assert [type(item) for item in items[:1]] == [Paper]
    assert len(items) >= 2


@pytest.mark.parametrize("service", [openalex, semantic_scholar])
def test_broken_records_are_reported_and_the_others_are_kept(service):
    good = [Invented(n).work() if service is openalex else Invented(n).s2() for n in (1, 2)]
    records = [good[0], None, "heron", {"title": 3}, {}, {"title": "x" * 3000}, good[1]]
    reply = {"meta": {"count": 7}, "results": records, "total": 7, "data": records}
    with LiveServer(lambda _: reply) as server:
        items = read(server, service)
    assert [n for n, item in enumerate(items) if isinstance(item, Paper)] == [0, 6]
    assert [(item.line, item.reason.split(";")[0]) for item in items if isinstance(item, Rejected)] == [
        (2, "not a record but null"),
        (3, "not a record but a string"),
        (4, "title is a number" if service is openalex else "no title and no abstract"),
        (5, "no title and no abstract"),
        (6, "the title has 3,000 characters, the limit is 2,000"),
    ]


def test_works_beyond_the_first_ten_thousand_need_a_key():
    def script(request):
        first = (int(request.query["page"]) - 1) * 100
        works = [{"id": f"https://openalex.org/W{n}", "title": f"Herons {n}"} for n in range(first, first + 100)]
        return {"meta": {"count": 10_001}, "results": works}

    with LiveServer(script) as server:
        said = (
            r"OpenAlex shows the first 10,000 works of a search without a key; use more words, or set OPENALEX_API_KEY "
            r"\(10,000 records came before and are kept"
        )
        fails(server, openalex, said)
        assert len(server.requests) == 100


def test_hub_that_is_set_to_be_offline_is_not_asked(monkeypatch):
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with LiveServer(huggingface(many(1))) as server:
        with pytest.raises(
            SourceError, match="HF_HUB_OFFLINE is set, so that nothing is asked of Hugging Face; unset it"
        ):
            read(server, huggingface)
        assert server.requests == []


def test_requests_of_others_over_the_session_of_the_hub_are_let_alone():
    from huggingface_hub import get_session

    with LiveServer(huggingface(many(1))) as server:
        read(server, huggingface)
        server.script = lambda request: "other"
        assert get_session().get(f"{server.url}/other").text == "other"
        assert "gzip" in server.requests[-1].headers["accept-encoding"]
