"""A model for OpenAI's clients: /v1/models and /v1/chat/completions, whole or as a stream."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from rag import Assistant
from rag.errors import FootnoteError, SettingsError
from rag.formats.contract import answer_line, json_line
from rag.model import Answer, Turn
from rag.model.streamed import Instead
from rag.serving import shapes
from rag.serving.wording import harmless, link, references, without_references

MODELS: Mapping[str, Literal["extractive"] | None] = {"footnote": None, "footnote-extractive": "extractive"}
"""The models by name, each with its mode: as the settings say, and without a model of language in any case."""

_MARK = re.compile(r"\[(\d{1,6})\]")
_TAKEN_BACK = "\n\n(What stands above was thought aloud, and is no part of the answer.)\n\n"
_BEGUN = int(time.time())
_log = logging.getLogger(__name__)


class Message(BaseModel):
    """A message of the conversation. Those of system, developer and tools are passed over: they are not questions.

    So is an item of the Responses API that is no message: the call of a tool has no role.
    """

    role: Literal["system", "developer", "user", "assistant", "tool", "function"] = "tool"
    content: str | list[dict[str, Any]] | None = Field(
        default=None, description='A text, or parts such as {"type": "text", "text": "…"}.'
    )

    @property
    def text(self) -> str:
        """All that it says. Raises SettingsError where a part of it is no text."""
        if isinstance(self.content, str):
            return self.content
        for part in self.content or ():
            if not isinstance(part.get("text", part.get("refusal")), str):
                raise SettingsError(f"a part of a message has the type {part.get('type')!r:.40}. Send text only.")
        return "\n".join(part.get("text", "") for part in self.content or ())


class ChatRequest(BaseModel):
    """What a client sends; fields that steer a model of language, such as temperature, are taken and not used."""

    model_config = ConfigDict(extra="ignore")

    model: str = "footnote"
    messages: list[Message] = Field(min_length=1)
    stream: bool | None = False
    stream_options: dict[str, Any] | None = None
    n: Literal[1] | None = 1
    where: shapes.Where | None = Field(
        default=None, description="Only papers that meet these conditions (Footnote's own)."
    )


def chat_routes(assistant: Assistant) -> APIRouter:
    """The routes under /v1 that every client of OpenAI's API uses."""
    routes = APIRouter(prefix="/v1", tags=["for OpenAI's clients"])

    @routes.get("/models")
    def models() -> dict[str, Any]:
        """The models: footnote answers as the settings say, footnote-extractive asks no other model."""
        return {"object": "list", "data": [_model(name) for name in MODELS]}

    @routes.get("/models/{name}")
    def model(name: str) -> dict[str, Any]:
        """One of the models."""
        mode_of(name)
        return _model(name)

    @routes.post("/chat/completions")
    def completions(asked: ChatRequest, request: Request) -> Response:
        """An answer to the last message: references in the text and as annotations, the whole under `footnote`."""
        pieces = answering(assistant, asked.model, asked.messages, asked.where)
        base = str(request.base_url).rstrip("/")
        if asked.stream:
            usage = bool((asked.stream_options or {}).get("include_usage"))
            return streamed(_chunks(pieces, asked.model, base, usage=usage))
        answer = whole(pieces)
        content = harmless(answer.text) + references(answer, base)
        annotations = [{"type": "url_citation", "url_citation": one} for one in citations(answer, content, base)]
        message = {"role": "assistant", "content": content, "refusal": None, "annotations": annotations}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        body = _head("chat.completion", asked.model) | {"choices": [choice], "usage": tokens(answer)}
        return Response(json_line(body | {"footnote": contract(answer)}), media_type="application/json")

    return routes


def answering(
    assistant: Assistant, model: str, messages: Sequence[Message], where: shapes.Where | None
) -> Iterator[str | Answer]:
    """The pieces of the answer to the last message of the user, begun: what can fail at once has failed.

    Raises:
        HTTPException: there is no such model.
        FootnoteError: as `Assistant.ask`; or there is no question.
    """
    mode = mode_of(model)
    said = [one for one in messages if one.role in ("user", "assistant") and one.text.strip()]
    if not said or said[-1].role != "user":
        raise SettingsError("the last message is not the user's. Send the question last.")
    turns = [
        Turn("user", one.text) if one.role == "user" else Turn("assistant", without_references(one.text))
        for one in said[:-1]
    ]
    pieces = assistant.stream(said[-1].text, history=turns, where=shapes.conditions(where), mode=mode)
    return _begun(next(pieces), pieces)


def mode_of(model: str) -> Literal["extractive"] | None:
    """The mode of a model. Raises HTTPException (404) where there is none of that name."""
    if model not in MODELS:
        raise HTTPException(404, f"there is no model {model!r}; there are {' and '.join(MODELS)}.")
    return MODELS[model]


def whole(pieces: Iterable[str | Answer]) -> Answer:
    """The answer at the end of the pieces."""
    *_, answer = pieces
    assert isinstance(answer, Answer)
    return answer


def citations(answer: Answer, content: str, base: str) -> list[dict[str, Any]]:
    """For each mark of the text what it cites: where the mark stands, and the paper's title and address."""
    cited = {citation.number: citation.paper for citation in answer.citations}
    return [
        {"start_index": mark.start(), "end_index": mark.end(), "title": paper.title, "url": link(paper, base)}
        for mark in _MARK.finditer(content, 0, len(harmless(answer.text)))
        if (paper := cited.get(int(mark[1])))
    ]


def tokens(answer: Answer) -> dict[str, int]:
    """The tokens of a model of language that the answer took; none without one."""
    asked, written = (answer.usage.get(kind, 0) for kind in ("prompt_tokens", "completion_tokens"))
    return {"prompt_tokens": asked, "completion_tokens": written, "total_tokens": asked + written}


def contract(answer: Answer) -> dict[str, Any]:
    """The answer as the JSON contract has it."""
    found: dict[str, Any] = json.loads(answer_line(answer))
    return found


def told(error: Exception) -> str:
    """What the client of a stream is told of an error in the midst of it; one that nobody foresaw is logged."""
    if isinstance(error, FootnoteError):
        return str(error)
    _log.error("a stream ended", exc_info=error)
    return f"unexpected {type(error).__name__}; the log has more."


def streamed(events: Iterator[str]) -> StreamingResponse:
    """A stream of server-sent events."""
    return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


def _chunks(pieces: Iterator[str | Answer], model: str, base: str, *, usage: bool) -> Iterator[str]:
    head = _head("chat.completion.chunk", model)

    def event(delta: Mapping[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return f"data: {json_line(head | {'choices': [choice]} | more)}\n\n"

    yield event({"role": "assistant", "content": ""})
    try:
        for piece in pieces:
            if isinstance(piece, str):
                yield event({"content": harmless(piece)})
                continue
            below = references(piece, base)
            if below:
                yield event({"content": below})
            found = citations(piece, harmless(piece.text) + below, base)
            annotations = [{"type": "url_citation", "url_citation": one} for one in found]
            yield event({"annotations": annotations}, "stop", footnote=contract(piece))
            if usage:
                yield f"data: {json_line(head | {'choices': [], 'usage': tokens(piece)})}\n\n"
    except Exception as error:
        # The status is sent already: clients take an event with an error for one.
        yield f"data: {json_line({'error': {'message': told(error), 'type': 'server_error', 'code': None}})}\n\n"
    yield "data: [DONE]\n\n"


def _begun(first: str | Answer, rest: Iterator[str | Answer]) -> Iterator[str | Answer]:
    yield first
    for piece in rest:  # what was sent cannot be taken back here, only said to be
        yield f"{_TAKEN_BACK}{piece}" if isinstance(piece, Instead) else piece


def _head(kind: str, model: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": model}


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": _BEGUN, "owned_by": "footnote"}
