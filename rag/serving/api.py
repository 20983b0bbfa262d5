"""The API over HTTP: the JSON contract at /ask, /search, /papers and /verify, a model for OpenAI's clients at /v1."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from rag import Assistant, __version__
from rag.errors import BudgetError, FootnoteError, ProviderError, SettingsError
from rag.formats.contract import answer_line, hits_line, paper_line, verified_line
from rag.serving import shapes
from rag.serving.chat import chat_routes
from rag.serving.gate import Gate
from rag.serving.listening import listen
from rag.serving.responses import response_routes
from rag.serving.shapes import conditions
from rag.serving.wording import faults

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_PAGE = Path(__file__).parent / "data" / "api.html"
_OPEN_PATHS = ("/", "/openapi.json", "/health")
_KINDS = {401: "authentication_error", 404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error"}
_JSON = "application/json"


class Asked(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid")

    question: str
    history: list[shapes.Turn] | None = Field(default=None, description="The turns before it, oldest first.")
    where: shapes.Where | None = None
    mode: Literal["extractive", "generated"] | None = Field(default=None, description="extractive: no model is asked.")


class Sought(BaseModel):
    """A query."""

    model_config = ConfigDict(extra="forbid")

    text: str
    k: int = Field(default=10, ge=1, le=1000)
    where: shapes.Where | None = None


class ToVerify(BaseModel):
    """A text that cites `[title]`, `[id]`, or `[1]` with references; with `cited` it is one sentence citing these."""

    model_config = ConfigDict(extra="forbid")

    text: str
    cited: list[str] | None = None


class Part(shapes.Where):
    """Which papers, and which part of their list."""

    limit: int = Field(default=100, ge=1, le=1000)
    offset: int = Field(default=0, ge=0)


class Papers(BaseModel):
    """A part of the list of papers."""

    total: int
    offset: int
    papers: list[shapes.Paper]


def serve_api(
    assistant: Assistant, *, host: str, port: int, keys: Sequence[str], at_once: int, most_bytes: int
) -> None:
    """Serve the library at this address until Ctrl-C or SIGTERM.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    app = Gate(
        api(assistant), host=host, keys=keys, refusal=fault, open_paths=_OPEN_PATHS, most_bytes=most_bytes,
        at_once=at_once,
    )  # fmt: skip
    listen(_heads_as_gets(app), host, port, called="the API is at {0}/, for OpenAI's clients at {0}/v1")


def api(assistant: Assistant) -> FastAPI:
    """The application over an open library."""
    app = FastAPI(
        title="Footnote", version=__version__, docs_url=None, redoc_url=None,
        description="Answers from a library of paper abstracts, every sentence footnoted to the words that say so.",
    )  # fmt: skip
    app.add_exception_handler(FootnoteError, _failed)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _unexpected)
    app.include_router(_contract(assistant))
    app.include_router(chat_routes(assistant))
    app.include_router(response_routes(assistant))
    return app


def _heads_as_gets(app: ASGIApp) -> ASGIApp:
    """The application with HEAD wherever there is GET; the server itself leaves the body out."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope, receive, send)

    return answered


def fault(path: str, status: int, message: str) -> dict[str, Any]:
    """The body of an error: under /v1 as OpenAI's clients read it, else as in a batch."""
    if not path.startswith("/v1"):
        return {"error": message}
    kind = _KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
    code = {401: "invalid_api_key", 404: "not_found"}.get(status)
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def _contract(assistant: Assistant) -> APIRouter:
    routes = APIRouter(tags=["the library"])

    @routes.get("/", include_in_schema=False)
    def page() -> HTMLResponse:
        policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"
        return HTMLResponse(_PAGE.read_text(encoding="utf-8"), headers={"Content-Security-Policy": policy})

    @routes.get("/health")
    def health() -> dict[str, str]:
        """Whether the server stands."""
        return {"status": "ok"}

    @routes.post("/ask", response_model=shapes.Answer)
    def ask(asked: Asked) -> Response:
        """An answer, each sentence with its citations, or an abstention with the nearest papers."""
        history = [turn.model_dump() for turn in asked.history or ()]
        answer = assistant.ask(asked.question, history=history, where=conditions(asked.where), mode=asked.mode)
        return Response(answer_line(answer), media_type=_JSON)

    @routes.post("/search", response_model=shapes.Hits)
    def search(sought: Sought) -> Response:
        """The papers that come nearest to a query, with their passages."""
        hits = assistant.search(sought.text, k=sought.k, where=conditions(sought.where))
        return Response(hits_line(sought.text, hits), media_type=_JSON)

    @routes.get("/papers", response_model=Papers)
    def papers(part: Annotated[Part, Query()]) -> Response:
        """The papers that meet the conditions, in the order in which they came."""
        total, rows = 0, list[str]()
        for total, one in enumerate(assistant.papers(where=conditions(part)), 1):
            if part.offset < total <= part.offset + part.limit:
                rows.append(paper_line(one))
        listed = ", ".join(rows)
        return Response(f'{{"total": {total}, "offset": {part.offset}, "papers": [{listed}]}}', media_type=_JSON)

    @routes.get("/papers/{paper:path}", response_model=shapes.Paper)
    def paper(paper: str) -> Response:
        """One paper, by its id, title or name."""
        try:
            return Response(paper_line(assistant.paper(paper)), media_type=_JSON)
        except SettingsError as error:
            raise HTTPException(404, str(error)) from error

    @routes.post("/verify", response_model=shapes.Verdicts)
    def verify(given: ToVerify) -> Response:
        """The verdict on each sentence of a text against what it cites."""
        found = assistant.verify(given.text, cited=given.cited)
        wrong = sum(one.verdict == "unsupported" for one in found)
        rows = ", ".join(map(verified_line, found))
        return Response(f'{{"sentences": [{rows}], "unsupported": {wrong}}}', media_type=_JSON)

    return routes


def _failed(request: Request, error: Exception) -> Response:
    if isinstance(error, ProviderError):
        status = 503 if error.retryable else 502
    else:
        status = 400 if isinstance(error, SettingsError | BudgetError) or type(error).__name__ == "SourceError" else 500
    return JSONResponse(fault(request.url.path, status, str(error)), status)


def _misread(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    said = faults([{**one, "loc": one["loc"][1:] or ("body",)} for one in error.errors()])
    if any(one["type"] == "json_invalid" for one in error.errors()):
        cause = error.errors()[0].get("ctx", {}).get("error", "").removesuffix(" at")
        said = f"the request is no JSON: {cause} at character {error.errors()[0]['loc'][-1]}"
    return JSONResponse(fault(request.url.path, 400, f"{said}. / describes what is taken."), 400)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = str(error.detail)
    if said in ("Not Found", "Method Not Allowed"):
        said = f"there is no {request.method} {request.url.path}. / describes what is there."
    elif said == "There was an error parsing the body":
        said = "the request is no JSON in UTF-8. / describes what is taken."
    return JSONResponse(fault(request.url.path, error.status_code, said), error.status_code, error.headers)


def _unexpected(request: Request, error: Exception) -> Response:
    return JSONResponse(fault(request.url.path, 500, f"unexpected {type(error).__name__}; the log has more."), 500)


__all__ = ["api", "fault", "serve_api"]
