"""Real HTTP servers on loopback that speak as arXiv, Hugging Face, OpenAlex and Semantic Scholar do, or do wrong.

A script gets each request and says what to reply; `arxiv`, `huggingface`, `openalex` and `semantic_scholar` make
scripts that do right by a list of invented papers.
"""

import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_RESET = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass
class Reply:
    """What the server sends."""

    body: object = b""
    """Bytes, a text, or what becomes JSON."""
    status: int = 200
    headers: dict = field(default_factory=dict)
    half: bool = False
    """Say the whole length, send half of it and reset the connection."""
    stalls: bool = False
    """Send no body until the server is closed."""
    drip_s: float = 0.0
    """Between two bytes of the body."""

    @property
    def content(self):
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class Request:
    """What came in; `at` is a moment of `time.monotonic`."""

    path: str
    query: dict
    headers: dict
    at: float


class LiveServer:
    """Answers each GET with `script(request)`, a Reply or its body. `script` may be changed while it runs."""

    def __init__(self, script):
        self.script = script
        self.requests = []
        self._closed = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                parts = urlsplit(self.path)
                query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Request(unquote(parts.path), query, headers, time.monotonic())
                server.requests.append(request)
                reply = server.script(request)
                server._send(self, reply if isinstance(reply, Reply) else Reply(reply))

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.port = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._closed.set()
        self._http.shutdown()
        self._http.server_close()

    def _send(self, handler, reply):
        content = reply.content
        try:
            handler.send_response(reply.status)
            for name, value in {"Content-Length": str(len(content)), **reply.headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            if reply.stalls:
                self._closed.wait()
            elif reply.half:
                handler.wfile.write(content[: len(content) // 2])
                handler.wfile.flush()
                handler.connection.setsockopt(*_RESET)
                handler.connection.close()
            elif reply.drip_s:
                for n in range(len(content)):
                    handler.wfile.write(content[n : n + 1])
                    handler.wfile.flush()
                    if self._closed.wait(reply.drip_s):
                        break
            else:
                handler.wfile.write(content)
        except OSError:
            handler.close_connection = True


def in_turn(*scripts):
    """A script that replies with each of these in turn, and with the last for ever."""
    left = list(scripts)

    def script(request):
        now = left.pop(0) if len(left) > 1 else left[0]
        return now(request) if callable(now) else now

    return script


@dataclass(frozen=True)
class Invented:
    """An invented paper, in the words of all services."""

    n: int
    title: str = ""
    abstract: str = ""
    updated: str = "2025-03-01"
    published: str = "2025-02-01"
    doi: str = ""
    withdrawn: str = ""
    retracted: bool = False

    @property
    def arxiv_id(self):
        return f"2502.{self.n:05}"

    @property
    def name(self):
        return self.title or f"Paper {self.n}: herons and their ponds"

    @property
    def text(self):
        return self.abstract or f"We count herons at pond {self.n}. There are {self.n} of them in spring."

    def entry(self):
        """As an entry of arXiv's feed, its lines broken as arXiv breaks them."""
        comment = f'<arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">{escape(self.withdrawn)}</arxiv:comment>'
        title, summary = escape(self.name).replace(": ", ":\n  "), escape(self.text).replace(". ", ".\n")
        doi = f'<arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">{escape(self.doi)}</arxiv:doi>'
        return f"""<entry>
            <id>http://arxiv.org/abs/{self.arxiv_id}v2</id>
            <updated>{self.updated}T10:00:00Z</updated><published>{self.published}T09:00:00Z</published>
            <title>{title}</title>
            <summary>  {summary}
</summary>
            <author><name>Ada Reed</name></author><author><name>Béla Sedge</name></author>
            {comment if self.withdrawn else ""}{doi if self.doi else ""}
            <link href="http://arxiv.org/abs/{self.arxiv_id}v2" rel="alternate" type="text/html"/>
            <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="q-bio.PE"/>
            <category term="q-bio.PE"/><category term="cs.CV"/>
        </entry>"""

    def work(self):
        """As a work of OpenAlex."""
        places = {}
        for n, word in enumerate(self.text.split()):
            places.setdefault(word, []).append(n)
        return {
            "id": f"https://openalex.org/W{self.n}",
            "doi": f"https://doi.org/{self.doi or f'10.5555/heron.{self.n}'}",
            "title": self.name,
            "publication_date": self.published,
            "authorships": [{"author": {"display_name": name}} for name in ("Ada Reed", "Béla Sedge")],
            "abstract_inverted_index": places,
            "is_retracted": self.retracted,
            "primary_location": {"source": {"display_name": "Journal of Herons"}},
            "locations": [{"landing_page_url": f"http://arxiv.org/abs/{self.arxiv_id}"}],
            "type": "article",
            "cited_by_count": self.n,
        }

    def s2(self):
        """As a paper of Semantic Scholar."""
        return {
            "paperId": f"{self.n:040x}",
            "externalIds": {"ArXiv": self.arxiv_id, "CorpusId": self.n, **({"DOI": self.doi} if self.doi else {})},
            "url": f"https://www.semanticscholar.org/paper/{self.n:040x}",
            "title": self.name,
            "abstract": self.text,
            "venue": "Journal of Herons",
            "year": 2025,
            "publicationDate": self.published,
            "publicationTypes": ["JournalArticle"],
            "authors": [{"authorId": "1", "name": "Ada Reed"}, {"authorId": "2", "name": "Béla Sedge"}],
        }

    def hub(self):
        """As a paper of Hugging Face."""
        return {
            "id": self.arxiv_id,
            "title": self.name,
            "summary": self.text.replace(". ", ".\n"),
            "publishedAt": f"{self.published}T09:00:00.000Z",
            "authors": [{"_id": "1", "name": "Ada Reed", "hidden": False}, {"_id": "2", "name": "Béla Sedge"}],
            "upvotes": self.n,
            "ai_summary": "A model says that there are many.",
        }

    def listed(self):
        """As an entry of Hugging Face's daily papers."""
        paper = {name: value for name, value in self.hub().items() if name != "title"}
        return {"paper": paper, "publishedAt": f"{self.updated}T00:00:00.000Z", "title": self.name, "numComments": 1}


def feed(papers, *, total, start=0):
    """A feed of arXiv."""
    entries = "".join(paper if isinstance(paper, str) else paper.entry() for paper in papers)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title><id>http://arxiv.org/api/x</id>
        <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{total}</opensearch:totalResults>
        <opensearch:startIndex xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{start}</opensearch:startIndex>
        {entries}</feed>"""


def arxiv(papers):
    """A script that searches and lists these papers, sorted as it is asked."""

    def script(request):
        query = request.query
        found = list(papers)
        if ids := query.get("id_list"):
            found = [paper for wanted in ids.split(",") for paper in papers if paper.arxiv_id == wanted]
        key = {"lastUpdatedDate": lambda paper: paper.updated, "submittedDate": lambda paper: paper.published}
        if query["sortBy"] in key:
            found.sort(key=key[query["sortBy"]], reverse=query["sortOrder"] == "descending")
        start = int(query["start"])
        return feed(found[start : start + int(query["max_results"])], total=len(found), start=start)

    return script


def huggingface(papers):
    """A script that searches, tells single papers, and lists each paper on the day of its `updated`."""

    def script(request):
        query = request.query
        if request.path == "/api/papers/search":
            return [{"paper": paper.hub(), "title": paper.name} for paper in papers[: int(query["limit"])]]
        if request.path == "/api/daily_papers":
            of_day = [paper.listed() for paper in papers if paper.updated == query["date"]]
            start = int(query.get("p", 0)) * min(int(query["limit"]), 50)
            return of_day[start : start + min(int(query["limit"]), 50)]
        wanted = request.path.removeprefix("/api/papers/")
        return next((paper.hub() for paper in papers if paper.arxiv_id == wanted), Reply({"error": "no"}, status=404))

    return script


def openalex(papers):
    """A script that searches by page or by cursor, and tells works by id and DOI."""

    def script(request):
        query = request.query
        works = [paper.work() for paper in papers]
        if request.path == "/works":
            if after := query.get("filter", "").removeprefix("from_publication_date:"):
                works = [
                    work for work in works if date.fromisoformat(work["publication_date"]) >= date.fromisoformat(after)
                ]
            size = int(query["per_page"])
            cursor = query.get("cursor")
            start = (0 if cursor == "*" else int(cursor[1:])) if cursor else (int(query["page"]) - 1) * size
            following = f"c{start + size}" if start < len(works) else None
            return {"meta": {"count": len(works), "next_cursor": following}, "results": works[start : start + size]}
        wanted = request.path.removeprefix("/works/").removeprefix("doi:")
        return next(
            (work for work in works if work["id"].endswith(f"/{wanted}") or work["doi"].endswith(f"/{wanted}")),
            Reply("<html><title>404 Not Found</title></html>", status=404),
        )

    return script


def semantic_scholar(papers):
    """A script that searches in bulk and by relevance, and tells papers by id."""

    def script(request):
        query = request.query
        found = [paper.s2() for paper in papers]
        path = request.path.removeprefix("/graph/v1/paper/")
        if path == "search/bulk":
            if after := query.get("publicationDateOrYear", "").rstrip(":"):
                found = [paper for paper in found if paper["publicationDate"] >= after]
            start = int(query.get("token", "t0")[1:])
            token = {"token": f"t{start + 3}"} if start + 3 < len(found) else {}
            return {"total": len(found), "data": found[start : start + 3], **token}
        if path == "search":
            start, size = int(query["offset"]), int(query["limit"])
            after = {"next": start + size} if start + size < len(found) else {}
            return {"total": len(found), "offset": start, "data": found[start : start + size], **after}
        kind, _, wanted = path.rpartition(":")
        names = {"DOI": "DOI", "ARXIV": "ArXiv"}
        for paper in found:
            if paper["paperId"] == wanted or paper["externalIds"].get(names.get(kind)) == wanted:
                return paper
        return Reply({"error": f"Paper with id {path} not found"}, status=404)

    return script


def many(count, **fields):
    """Invented papers numbered from 1."""
    return [Invented(n, **fields) for n in range(1, count + 1)]
