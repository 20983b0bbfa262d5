"""Live sources against real servers on loopback: what the papers hold, paging, what is asked for, and going on."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.live import fetch, network_of
from tests.support.live_server import (
    Invented,
    LiveServer,
    Reply,
    arxiv,
    huggingface,
    in_turn,
    many,
    openalex,
    semantic_scholar,
)

ROOT = Path(__file__).resolve().parents[3]
VARIABLES = {
    arxiv: "ARXIV_ENDPOINT",
    huggingface: "HF_ENDPOINT",
    openalex: "OPENALEX_ENDPOINT",
    semantic_scholar: "S2_ENDPOINT",
}
TODAY = date(2025, 3, 31)


HERON = Paper(
    id="",
    title="Paper 1: herons and their ponds",
    abstract="We count herons at pond 1. There are 1 of them in spring.",
    published=date(2025, 2, 1),
    authors=("Ada Reed", "Béla Sedge"),
    arxiv_id="2502.00001",
)  # what all services say of the first of the invented papers


def asked(server, spec, *, variable=None, today=TODAY, keys=None, **options):
    """The fetch of a spec from this server, without pauses."""
    variables = [variable] if variable else list(VARIABLES.values())
    environment = (
        dict.fromkeys(variables, server.url)
        | {"LIVE_PAUSE_S": "0", "LIVE_TIMEOUT_S": "10", "LIVE_TRIES": "4"}
        | (keys or {})
    )
    return fetch(spec, network=network_of(environment), today=today, **options)


def titles(items):
    return [item.title for item in items]


@pytest.mark.parametrize("spec", ["arxiv:search:herons", "arxiv:2502.00001"])
def test_arxiv_gives_whole_papers(spec):
    paper = Invented(1, doi="10.5555/HERON.1", withdrawn="12 pages; withdrawn by the authors")
    with LiveServer(arxiv([paper])) as server:
        found = asked(server, spec)
        assert list(found) == [
            replace(
                HERON,
                url="https://arxiv.org/abs/2502.00001",
                source="arxiv",
                doi="10.5555/heron.1",
                retraction="arXiv: “withdrawn by the authors”",
                extra={"categories": "q-bio.PE cs.CV", "comments": "12 pages; withdrawn by the authors"},
            )
        ]
    assert (found.source, found.total, found.state) == (spec, 1, "")


@pytest.mark.parametrize("spec", ["hf:search:herons", "hf:2502.00001"])
def test_hugging_face_gives_whole_papers_and_nothing_that_a_model_wrote(spec):
    with LiveServer(huggingface(many(1))) as server:
        assert list(asked(server, spec)) == [
            replace(
                HERON,
                url="https://huggingface.co/papers/2502.00001",
                source="huggingface",
            )
        ]


@pytest.mark.parametrize("spec", ["openalex:search:herons", "openalex:W1", "openalex:doi:10.5555/heron.1"])
def test_openalex_gives_whole_papers(spec):
    with LiveServer(openalex([Invented(1, retracted=True)])) as server:
        assert list(asked(server, spec, keys={"OPENALEX_MAILTO": "reader@example.org"})) == [
            replace(
                HERON,
                url="https://doi.org/10.5555/heron.1",
                source="openalex",
                doi="10.5555/heron.1",
                retraction="OpenAlex: marked as retracted",
                extra={"openalex": "W1", "type": "article", "venue": "Journal of Herons"},
            )
        ]
        assert {request.query["mailto"] for request in server.requests} == {"reader@example.org"}


@pytest.mark.parametrize("spec", ["s2:search:herons", "s2:2502.00001", "s2:doi:10.5555/heron.1", f"s2:{1:040x}"])
def test_semantic_scholar_gives_whole_papers(spec):
    with LiveServer(semantic_scholar([Invented(1, title="RETRACTED: Herons", doi="10.5555/heron.1")])) as server:
        assert list(asked(server, spec)) == [
            replace(
                HERON,
                title="RETRACTED: Herons",
                url=f"https://www.semanticscholar.org/paper/{1:040x}",
                source="semanticscholar",
                doi="10.5555/heron.1",
                retraction="Semantic Scholar: the title says that it was retracted",
                extra={"semanticscholar": f"{1:040x}", "venue": "Journal of Herons", "type": "JournalArticle"},
            )
        ]


@pytest.mark.parametrize(
    ("service", "spec", "keys", "requests"),
    [
        (arxiv, "arxiv:search:herons", {}, 3),  # 100 + 100 + 50
        (openalex, "openalex:search:herons", {}, 3),
        (openalex, "openalex:search:herons", {"OPENALEX_API_KEY": "owl"}, 4),  # the last cursor leads to an empty page
        (semantic_scholar, "s2:search:herons", {}, 84),  # three a page: 83 × 3 + 1
    ],
)
def test_all_pages_are_read(service, spec, keys, requests):
    papers = many(250)
    with LiveServer(service(papers)) as server:
        found = asked(server, spec, keys=keys)
        assert titles(found) == titles_of(papers)
        assert (found.total, len(server.requests)) == (250, requests)


def titles_of(papers):
    return [paper.name for paper in papers]


@pytest.mark.parametrize(
    ("service", "spec"),
    [
        (arxiv, "arxiv:search:herons"),
        (huggingface, "hf:search:herons"),
        (openalex, "openalex:search:herons"),
        (semantic_scholar, "s2:search:herons"),
    ],
)
def test_no_more_is_given_than_the_limit(service, spec):
    with LiveServer(service(many(250))) as server:
        found = asked(server, spec, limit=5)
        assert len(list(found)) == 5
        assert (len(server.requests), found.state) == (1, "")


def test_best_papers_of_semantic_scholar_come_from_its_ranked_search():
    with LiveServer(semantic_scholar(many(250))) as server:
        assert len(list(asked(server, "s2:search:heron-like birds", limit=150))) == 150
        assert {request.path for request in server.requests} == {"/graph/v1/paper/search"}
        # Its reference says that words with a hyphen find nothing there.
        assert {request.query["query"] for request in server.requests} == {"heron like birds"}


def test_words_for_arxiv_all_have_to_be_there_and_its_own_language_is_left_as_it_is():
    with LiveServer(arxiv(many(1))) as server:
        for query in ("herons ponds", "ti:heron ANDNOT abs:pond", '"grey heron"'):
            list(asked(server, f"arxiv:search:{query}"))
        assert [request.query["search_query"] for request in server.requests] == [
            "all:herons AND all:ponds",
            "ti:heron ANDNOT abs:pond",
            '"grey heron"',
        ]


def test_ids_that_arxiv_does_not_know_are_reported_in_their_place():
    with LiveServer(arxiv(many(3))) as server:
        found = list(asked(server, "arxiv:2502.00003,2502.99999,2502.00001"))
    assert [item.arxiv_id if isinstance(item, Paper) else item for item in found] == [
        "2502.00003",
        Rejected(2, "arXiv has no paper 2502.99999; correct the id or leave it out"),
        "2502.00001",
    ]


def test_ids_in_a_file_are_asked_for_by_the_hundred(tmp_path):
    papers = many(120)
    rows = [f"https://arxiv.org/abs/{paper.arxiv_id}v1  # seen in March" for paper in papers]
    (tmp_path / "ids.txt").write_text("# herons\n\n" + "\n".join(rows) + "\nheron\n2502.00001, 2502.00002\n")
    with LiveServer(arxiv(papers)) as server:
        found = asked(server, f"arxiv:@{tmp_path}/ids.txt")
        items = list(found)
        assert len(server.requests) == 2
    # Line 123 after a comment, a blank line and 120 ids; the ids of line 124 were there before.
    assert items[:120] == [paper for paper in items if isinstance(paper, Paper)]
    assert items[120:] == [
        Rejected(121, "line 123 of the file: 'heron' is no arXiv id; correct it or leave it out")
    ]  # fmt: skip
    assert found.total == 121


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, r"the file cannot be read \(No such file or directory\); check its path"),
        (b"heron\n", r"the file has no arXiv id; write one such as 2310\.03744 on each line"),
        ("ö".encode() * 5_000_001, r"the file has more than 10,000,000 bytes; split it"),
        (b"2310.03744\n\xff", r"the file is no text in UTF-8 \(byte 11\)"),
    ],
)
def test_file_without_ids_is_an_error(tmp_path, content, said):
    path = tmp_path / "ids.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=said):
        list(fetch(f"arxiv:@{path}"))


def test_daily_papers_of_a_range_are_read_day_by_day_over_days_without_any():
    papers = [Invented(n, updated=f"2025-03-{day:02}") for n, day in [(1, 1), (2, 1), (3, 7), (4, 12), (5, 13)]]
    with LiveServer(huggingface(papers)) as server:
        found = asked(server, "hf:daily:2025-03-01..2025-03-12")
        assert titles(found) == titles_of(papers[:4])
        assert [request.query["date"] for request in server.requests] == [f"2025-03-{day:02}" for day in range(1, 13)]


def test_day_with_many_papers_is_read_page_by_page():
    papers = many(120, updated="2025-03-12")
    with LiveServer(huggingface(papers)) as server:
        assert titles(asked(server, "hf:daily:2025-03-12")) == titles_of(papers)
        assert [request.query["p"] for request in server.requests] == ["0", "1", "2"]


def test_day_whose_pages_are_all_the_first_one_ends():
    papers = many(60, updated="2025-03-12")
    with LiveServer(lambda request: [paper.listed() for paper in papers]) as server:
        assert titles(asked(server, "hf:daily:2025-03-12")) == titles_of(papers)
        assert len(server.requests) == 2


def test_open_range_of_days_ends_today():
    with LiveServer(huggingface(many(1, updated="2025-03-30"))) as server:
        assert len(list(asked(server, "hf:daily:2025-03-29..", today=date(2025, 3, 31)))) == 1
        assert [request.query["date"][-2:] for request in server.requests] == ["29", "30", "31"]


def test_doi_is_asked_of_openalex_first():
    with LiveServer(openalex(many(3))) as server, LiveServer(semantic_scholar(many(3))) as other:
        keys = {"OPENALEX_ENDPOINT": server.url, "S2_ENDPOINT": other.url}
        [paper] = asked(server, "doi:10.5555/heron.2", variable="OPENALEX_ENDPOINT", keys=keys)
        assert (paper.source, paper.doi, other.requests) == ("openalex", "10.5555/heron.2", [])


def test_doi_without_an_abstract_at_openalex_is_asked_of_semantic_scholar_too():
    bare = {name: value for name, value in Invented(2).work().items() if name != "abstract_inverted_index"}
    with LiveServer(lambda request: bare) as server, LiveServer(
        semantic_scholar([Invented(2, doi="10.5555/heron.2")])
    ) as other:  # fmt: skip
        keys = {"OPENALEX_ENDPOINT": server.url, "S2_ENDPOINT": other.url}
        papers = list(asked(server, "doi:10.5555/heron.2", variable="OPENALEX_ENDPOINT", keys=keys))
    assert [(paper.source, paper.doi, bool(paper.abstract)) for paper in papers] == [
        ("openalex", "10.5555/heron.2", False),
        ("semanticscholar", "10.5555/heron.2", True),
    ]


def test_doi_that_nobody_knows_is_an_error_with_what_both_said():
    with LiveServer(openalex([])) as server, LiveServer(semantic_scholar([])) as other:
        keys = {"OPENALEX_ENDPOINT": server.url, "S2_ENDPOINT": other.url}
        said = (
            r"no paper for doi:10\.5555/x: OpenAlex has no work 10\.5555/x \(HTTP 404\).*Semantic Scholar has no paper"
        )
        with pytest.raises(SourceError, match=said):
            list(asked(server, "doi:10.5555/x", variable="OPENALEX_ENDPOINT", keys=keys))


# Only what is new


def test_news_of_arxiv_are_read_from_the_newest_until_one_is_old():
    papers = [Invented(n, updated=f"2025-03-{1 + n // 10:02}") for n in range(1, 251)]
    with LiveServer(arxiv(papers)) as server:
        found = list(asked(server, "arxiv:search:herons", since=date(2025, 3, 21)))
        [request] = server.requests  # the fifty-one new ones are on the first page of a hundred
    # 2025-03-21 are those from 200 on.
    assert {paper.arxiv_id for paper in found} == {f"2502.{n:05}" for n in range(200, 251)}
    assert (request.query["sortBy"], request.query["sortOrder"]) == ("lastUpdatedDate", "descending")


def test_ids_of_arxiv_that_did_not_change_are_left_out():
    papers = [Invented(1, updated="2025-03-01"), Invented(2, updated="2025-03-20")]
    with LiveServer(arxiv(papers)) as server:
        found = list(asked(server, "arxiv:2502.00001,2502.00002", since=date(2025, 3, 10)))
    assert [paper.arxiv_id for paper in found] == ["2502.00002"]


def test_news_of_the_daily_papers_begin_at_that_day():
    with LiveServer(huggingface(many(1))) as server:
        assert list(asked(server, "hf:daily:2025-03-01..2025-03-12", since=date(2025, 3, 11))) == []
        assert [request.query["date"] for request in server.requests] == ["2025-03-11", "2025-03-12"]


def test_range_of_days_that_is_over_is_not_asked_for_again():
    with LiveServer(huggingface(many(1))) as server:
        assert list(asked(server, "hf:daily:2025-03-01..2025-03-12", since=date(2025, 3, 13))) == []
        assert server.requests == []


@pytest.mark.parametrize(
    ("service", "spec", "name", "value"),
    [
        # A month before, because both learn of papers late.
        (openalex, "openalex:search:herons", "filter", "from_publication_date:2025-02-01"),
        (semantic_scholar, "s2:search:herons", "publicationDateOrYear", "2025-02-01:"),
    ],
)
def test_news_are_asked_for_from_a_month_before(service, spec, name, value):
    papers = [Invented(1, published="2025-01-31"), Invented(2, published="2025-02-01")]
    with LiveServer(service(papers)) as server:
        assert titles(asked(server, spec, since=date(2025, 3, 3))) == [papers[1].name]
        assert [request.query[name] for request in server.requests] == [value]


# Going on


@pytest.mark.parametrize(
    ("service", "spec", "keys"),
    [
        (arxiv, "arxiv:search:herons", {}),
        (arxiv, "arxiv:" + ",".join(paper.arxiv_id for paper in many(120)), {}),
        (huggingface, "hf:search:herons", {}),
        (huggingface, "hf:daily:2025-02-25..", {}),
        (openalex, "openalex:search:herons", {}),
        (openalex, "openalex:search:herons", {"OPENALEX_API_KEY": "owl"}),
        (semantic_scholar, "s2:search:herons", {}),
    ],
)
def test_state_goes_on_after_the_paper_that_was_read_last(service, spec, keys):
    papers = [Invented(n, updated=f"2025-03-{1 + n // 30:02}") for n in range(1, 121)]
    with LiveServer(service(papers)) as server:
        every = list(asked(server, spec, keys=keys))
        assert len(every) == (100 if spec == "hf:search:herons" else 120)
        for stop in (1, 2, 29, 30, 31, 99, 100, len(every) - 1):
            if stop >= len(every):
                continue
            first = asked(server, spec, keys=keys)
            taken = list(islice(first, stop))
            rest = asked(server, spec, keys=keys, state=first.state)
            assert rest.state == first.state
            assert taken + list(rest) == every
            assert rest.state == ""


def test_state_brings_the_day_since_which_it_asks():
    papers = [Invented(n, updated="2025-03-20") for n in range(1, 131)]
    with LiveServer(arxiv(papers)) as server:
        first = asked(server, "arxiv:search:herons", since=date(2025, 3, 10))
        assert len(list(islice(first, 110))) == 110
        rest = asked(server, "arxiv:search:herons", since=date(2025, 3, 30), state=first.state)
        assert len(list(rest)) == 20
        assert server.requests[-1].query["sortBy"] == "lastUpdatedDate"


@pytest.mark.parametrize("state", ["owl", "[]", '"x"', "{}", '{"of": 1}', "[" * 100_000])
def test_state_that_is_none_starts_at_the_beginning(state):
    with LiveServer(arxiv(many(2))) as server:
        assert len(list(asked(server, "arxiv:search:herons", state=state))) == 2


def test_state_of_another_source_starts_at_the_beginning():
    with LiveServer(openalex(many(3))) as server:
        first = asked(server, "openalex:search:herons")
        next(iter(first))
        assert json.loads(first.state)["taken"] == 1
        assert len(list(asked(server, "openalex:search:egrets", state=first.state))) == 3


def test_cursor_that_the_service_has_forgotten_starts_at_the_beginning():
    right = semantic_scholar(many(9))
    with LiveServer(right) as server:
        first = asked(server, "s2:search:herons")
        assert len(list(islice(first, 5))) == 5
        server.script = lambda request: (
            Reply({"error": "bad token"}, 400) if "token" in request.query else right(request)
        )
        rest = asked(server, "s2:search:herons", state=first.state)
        assert titles(islice(rest, 3)) == titles_of(many(3))


def test_failure_in_the_middle_says_that_it_goes_on_from_there():
    papers = many(250)
    right = arxiv(papers)
    with LiveServer(in_turn(right, Reply(status=503))) as server:
        found = asked(server, "arxiv:search:herons")
        taken = []
        said = (
            r"arXiv answered HTTP 503 \(4 tries\); try again later "
            r"\(100 records came before and are kept; the same command goes on from there\)"
        )
        with pytest.raises(SourceError, match=said):
            taken.extend(found)
        assert len(taken) == 100
        server.script = right
        assert titles([*taken, *asked(server, "arxiv:search:herons", state=found.state)]) == titles_of(papers)
        # The first page, four tries at the second, and the rest without asking for the first page again.
        assert [request.query["start"] for request in server.requests] == ["0", *["100"] * 5, "200"]


def test_only_papers_are_asked_of_hugging_face_and_nobody_is_told_of_this_machine(tmp_path):
    # In a process of its own: huggingface_hub asks for its list of programs once a process.
    code = "from rag.sources.live import fetch; print(*(p.title for p in fetch('hf:search:herons')), sep='\\n')"
    with LiveServer(huggingface(many(2))) as server:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            env={
                "PATH": "",
                "HF_ENDPOINT": server.url,
                "HF_HOME": str(tmp_path),
                "LIVE_PAUSE_S": "0",
                "AI_AGENT": "owl",
            },
        )
    assert done.stdout.splitlines() == titles_of(many(2)), done.stderr
    assert [request.path for request in server.requests] == ["/api/papers/search"]
    assert server.requests[0].headers["user-agent"] == "footnote"


def test_importing_live_sources_loads_no_client():
    code = (
        "import sys, rag.sources.live; rag.sources.live.is_live('arxiv:search:x');"
        "clients = {'httpx', 'httpx2', 'arxiv', 'huggingface_hub', 'tenacity'};"
        "print(*sorted({m.split('.')[0] for m in sys.modules} & clients))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr
