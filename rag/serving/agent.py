"""The MCP server: the library as tools and resources for an agent, over standard input and output or over HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import signature
from itertools import islice
from typing import Annotated, Any, Literal
from urllib.parse import quote

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.server.mcpserver.resources import ResourceSecurity
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, Resource, TextContent, ToolAnnotations
from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse

from rag import Assistant, __version__
from rag.errors import FootnoteError, SettingsError
from rag.formats.citing import cited as references_to
from rag.formats.contract import answer_line, hits_line, paper_line, report_line, verified_line
from rag.model import Paper
from rag.serving import shapes
from rag.serving.gate import MOST_BYTES, Gate
from rag.serving.listening import listen
from rag.serving.shapes import conditions
from rag.serving.stdio import Heard
from rag.serving.wording import doubts, faults, link, references
from rag.text import shown

_INSTRUCTIONS = """\
Footnote holds a library of paper abstracts. `ask` answers a question from it: every sentence cites a paper and the \
exact words that say so, and "the library does not say" is an answer too: pass it on, and do not fill it from memory. \
`search_papers` finds papers on a subject, `get_paper` shows one, `list_papers` what is there, `verify_text` checks \
sentences of yours against the papers that they cite, `cite` writes a bibliography. Papers can be named by id, title \
or the name of their system, such as LLaVA-Mini. Only abstracts are known, not the full papers."""

_LISTED_RESOURCES = 500
_MOST_LISTED = 200
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=True)

_Where = Annotated[shapes.Where | None, Field(description="Only papers that meet these conditions.")]
_Name = Annotated[str, Field(description="The id, the title, or the name of the system that the paper presents.")]


class Tools:
    """What an agent can do with one library: each method is a tool, its docstring what the agent is told of it.

    It owns nothing: the Assistant is opened before and closed after it, and it lives as long as the server.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def search_papers(
        self,
        query: Annotated[str, Field(description="What the papers are about, in words.")],
        k: Annotated[int, Field(ge=1, le=100, description="How many papers.")] = 10,
        where: _Where = None,
    ) -> Annotated[CallToolResult, shapes.Hits]:
        """Find the papers that come nearest to a query, best first, each with the passages that were found.

        There are always nearest papers: whether they are about the query is for you to read."""
        with _told():
            hits = self._assistant.search(query, k=k, where=conditions(where))
        lines = [
            f"{n}. {_named(hit.paper)}" + "".join(f"\n   “{shown(one.passage.text)}”" for one in hit.evidence)
            for n, hit in enumerate(hits, 1)
        ]
        return _result("\n".join(lines) or "No paper meets the conditions.", hits_line(query, hits))

    def ask(
        self,
        question: Annotated[str, Field(description="One question, in words, as a person would ask it.")],
        history: Annotated[
            list[shapes.Turn] | None, Field(description="The turns before it, oldest first, for a follow-up.")
        ] = None,
        where: _Where = None,
    ) -> Annotated[CallToolResult, shapes.Answer]:
        """Answer a question from the library, with marks such as [1] and under them the papers and their exact words.

        Each sentence was checked against what it cites. When the status is "abstained" the library does not say, and
        the nearest papers are named."""
        with _told():
            turns = [turn.model_dump() for turn in history or ()]
            answer = self._assistant.ask(question, history=turns, where=conditions(where))
        return _result(f"{answer.text}{references(answer)}{doubts(answer)}", answer_line(answer))

    def get_paper(self, paper: _Name) -> Annotated[CallToolResult, shapes.Paper]:
        """Show all that is known of one paper: its abstract, authors, date, identifiers and links."""
        with _told():
            found = self._assistant.paper(paper)
        digest = " (a digest, not the authors' own words)" if found.abstract_kind == "digest" else ""
        people = f"\n{', '.join(found.authors)}" if found.authors else ""
        return _result(f"{_named(found)}{people}\nAbstract{digest}: {shown(found.abstract)}", paper_line(found))

    def list_papers(
        self,
        where: _Where = None,
        limit: Annotated[int, Field(ge=1, le=_MOST_LISTED, description="How many at most.")] = 50,
        offset: Annotated[int, Field(ge=0, description="How many to pass over.")] = 0,
    ) -> Annotated[CallToolResult, shapes.Listing]:
        """List the papers of the library that meet conditions, all of them without any, in the order they came."""
        with _told():
            papers = list(self._assistant.papers(where=conditions(where)))
        part = papers[offset : offset + limit]
        text = "\n".join([f"{len(papers)} papers", *(f"- {_named(paper)}" for paper in part)])
        rows = [
            {"paper_id": p.id, "title": p.title, "year": p.published.year if p.published else None, "url": p.url,
             "retraction": p.retraction}
            for p in part
        ]  # fmt: skip
        return _result(text, json.dumps({"total": len(papers), "offset": offset, "papers": rows}))

    def verify_text(
        self,
        text: Annotated[
            str, Field(description="Text with citations as [title], [paper id], or [1] with a list of references.")
        ],
        cited: Annotated[
            list[str] | None, Field(description="Ids or titles; the text is then one sentence that cites these.")
        ] = None,
    ) -> Annotated[CallToolResult, shapes.Verdicts]:
        """Check each sentence of a text against the papers of the library that it cites.

        The verdict is supported, weak or unsupported, with reasons and the words of the paper that come nearest."""
        with _told():
            found = self._assistant.verify(text, cited=cited)
        lines = [
            f"{one.verdict}: {one.sentence}"
            + (f"\n   {'; '.join(one.reasons)}" if one.reasons else "")
            + (f"\n   {_named(one.paper)}: “{one.quote}”" if one.paper else "")
            for one in found
        ]
        rows = [json.loads(verified_line(one)) for one in found]
        wrong = sum(one.verdict == "unsupported" for one in found)
        return _result("\n".join(lines), json.dumps({"sentences": rows, "unsupported": wrong}))

    def cite(
        self,
        papers: Annotated[list[_Name], Field(min_length=1, max_length=200)],
        form: Annotated[
            Literal["bibtex", "ris", "csl-json", "hayagriva"], Field(description="The format; hayagriva is Typst's.")
        ] = "bibtex",
    ) -> str:
        """Write papers as entries of a bibliography, each once, in the order given."""
        with _told():
            found = {paper.id: paper for paper in map(self._assistant.paper, papers)}
            return references_to(list(found.values()), form)

    def ingest(
        self,
        sources: Annotated[
            list[str],
            Field(min_length=1, description="Files or folders on the server's machine, or live sources such as "
                  "arxiv:2310.03744, arxiv:search:WORDS, openalex:search:WORDS, doi:10.1000/xyz."),
        ],
        limit: Annotated[int | None, Field(ge=1, description="How many records of a live source at most.")] = None,
    ) -> Annotated[CallToolResult, shapes.Report]:  # fmt: skip
        """Bring papers into the library. A live source asks a service over the network; ask the user first."""
        with _told():
            if "-" in sources:
                raise SettingsError("'-' is standard input, which this server speaks on. Name a file.")
            report = self._assistant.ingest(sources, limit=limit)
        lines = [
            f"{file.path}: " + (file.error or f"{file.papers} papers, {file.new} new, {file.changed} changed")
            for file in report.files
        ]
        return _result("\n".join(lines), report_line(report))


class _Server(MCPServer[None]):
    """An MCP server whose resources are the papers, as they are at the moment."""

    def __init__(self, assistant: Assistant, *, write: bool) -> None:
        super().__init__(
            "footnote", title="Footnote", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING"
        )
        self._assistant = assistant
        tools = Tools(assistant)
        reads = (tools.search_papers, tools.ask, tools.get_paper, tools.list_papers, tools.verify_text, tools.cite)
        writes = (tools.ingest,) if write else ()
        for tool in (*reads, *writes):
            self.add_tool(tool, annotations=_READS if tool in reads else _WRITES)
        self._taken = {tool.__name__: list(signature(tool).parameters) for tool in (*reads, *writes)}
        # An id may look like a path, and is none.
        self.resource(
            "footnote://papers/{paper_id}", name="paper", mime_type="application/json",
            description="A paper of the library with all its fields, by its id (percent-encoded).",
            security=ResourceSecurity(exempt_params={"paper_id"}),
        )(self._paper)  # fmt: skip

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        """What the tool gives. Arguments that it has not are none to pass over: a mistyped condition would not count.

        Raises:
            ToolError: as that of the SDK, with all that is wrong with the arguments in one line.
        """
        taken = self._taken.get(name, list(arguments))
        if unknown := [repr(one) for one in arguments if one not in taken]:
            raise ToolError(f"{name} takes no {', '.join(unknown)}; it takes {', '.join(taken)}.")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                raise ToolError(f"{name}: {faults(error.__cause__.errors())}.") from error
            raise

    async def run_stdio_async(self) -> None:
        """Serve on standard input and output; lines that are no messages are answered too."""
        server = self._lowlevel_server
        async with stdio_server() as (messages, answers):
            await server.run(Heard(messages, answers), answers, server.create_initialization_options())

    def _paper(self, paper_id: str) -> str:
        try:
            return paper_line(self._assistant.paper(paper_id))
        except SettingsError as error:
            raise ResourceNotFoundError(str(error)) from error

    async def list_resources(self) -> list[Resource]:
        """The first papers of the library; `list_papers` has them all."""
        papers = await asyncio.to_thread(lambda: list(islice(self._assistant.papers(), _LISTED_RESOURCES)))
        return [
            Resource(
                uri=f"footnote://papers/{quote(paper.id, safe='')}",
                name=paper.id,
                title=shown(paper.title) or paper.id,
                description=link(paper) or None,
                mime_type="application/json",
            )
            for paper in papers
        ]


def over_stdio(assistant: Assistant, *, write: bool) -> None:
    """Serve the library on standard input and output until the input ends; nothing else is written there."""
    with _logged():
        _Server(assistant, write=write).run("stdio")


def over_http(assistant: Assistant, *, write: bool, host: str, port: int, keys: Sequence[str]) -> None:
    """Serve the library as streamable HTTP at /mcp until Ctrl-C or SIGTERM.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    with _logged():
        # Host and Origin are looked at by the gate, which says what is wrong in the words of the protocol.
        app = _Server(assistant, write=write).streamable_http_app(
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
            max_request_body_size=MOST_BYTES,
        )
        app.add_exception_handler(404, _not_here)
        listen(Gate(app, host=host, keys=keys, refusal=_refusal), host, port, called="the MCP server is at {}/mcp")


def _refusal(_path: str, status: int, message: str) -> Mapping[str, Any]:
    return {"jsonrpc": "2.0", "id": None, "error": {"code": -32000 - status % 100, "message": message}}


def _not_here(request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse(dict(_refusal("", 404, f"nothing is at {request.url.path}. The MCP server is at /mcp.")), 404)


def _result(text: str, line: str) -> CallToolResult:
    """What a tool gives: the text for those who read, and the JSON contract for those who reckon."""
    return CallToolResult(content=[TextContent(text=text)], structured_content=json.loads(line))


def _named(paper: Paper) -> str:
    year = f" ({paper.published.year})" if paper.published else ""
    return f"{shown(paper.title)}{year} [{paper.id}] {link(paper)}".rstrip()


@contextmanager
def _told() -> Iterator[None]:
    """Errors that are meant for the user go to the agent, in one line; others say only that there was one."""
    try:
        yield
    except FootnoteError as error:
        raise ToolError(str(error)) from error


@contextmanager
def _logged() -> Iterator[None]:
    # The SDK would put a handler of its own on the root, and each line of ours would come twice.
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="footnote: %(levelname)s: %(message)s")
    logging.getLogger("rag").propagate = False
    yield
