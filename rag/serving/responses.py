"""The same model behind OpenAI's newer address, /v1/responses, whole or as a stream of its events."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from rag import Assistant
from rag.errors import SettingsError
from rag.formats.contract import json_line
from rag.model import Answer
from rag.serving import shapes
from rag.serving.chat import Message, answering, citations, contract, streamed, tokens, told, whole
from rag.serving.wording import harmless, references


class ResponseRequest(BaseModel):
    """What a client sends; `instructions` and what steers a model of language are taken and not used."""

    model_config = ConfigDict(extra="ignore")

    model: str = "footnote"
    input: str | list[Message] = Field(min_length=1)
    stream: bool | None = False
    previous_response_id: str | None = None
    where: shapes.Where | None = Field(
        default=None, description="Only papers that meet these conditions (Footnote's own)."
    )


def response_routes(assistant: Assistant) -> APIRouter:
    """The route of the Responses API. Nothing is stored: the turns before have to come along in `input`."""
    routes = APIRouter(prefix="/v1", tags=["for OpenAI's clients"])

    @routes.post("/responses")
    def responses(asked: ResponseRequest, request: Request) -> Response:
        """An answer to the last message: references in the text and as annotations, the whole under `footnote`."""
        if asked.previous_response_id is not None:
            raise SettingsError("previous_response_id: no response is stored. Send the turns before in input.")
        said = [Message(role="user", content=asked.input)] if isinstance(asked.input, str) else asked.input
        pieces = answering(assistant, asked.model, said, asked.where)
        base = str(request.base_url).rstrip("/")
        if asked.stream:
            return streamed(_events(pieces, asked.model, base))
        return Response(json_line(_finished(_Ids(), asked.model, whole(pieces), base)), media_type="application/json")

    return routes


class _Ids:
    def __init__(self) -> None:
        self.response, self.message = f"resp_{uuid.uuid4().hex}", f"msg_{uuid.uuid4().hex}"
        self.begun = int(time.time())


def _events(pieces: Iterator[str | Answer], model: str, base: str) -> Iterator[str]:
    ids, number = _Ids(), -1

    def event(kind: str, **fields: Any) -> str:
        nonlocal number
        number += 1
        record = {"type": kind, "sequence_number": number} | fields
        return f"event: {kind}\ndata: {json_line(record)}\n\n"

    place = {"item_id": ids.message, "output_index": 0, "content_index": 0}
    begun = _response(ids, model, "in_progress", [])
    yield event("response.created", response=begun)
    yield event("response.in_progress", response=begun)
    yield event("response.output_item.added", output_index=0, item=_item(ids, "in_progress", []))
    yield event("response.content_part.added", **place, part=_part("", []))
    try:
        for piece in pieces:
            if isinstance(piece, str):
                yield event("response.output_text.delta", **place, delta=harmless(piece), logprobs=[])
                continue
            if below := references(piece, base):
                yield event("response.output_text.delta", **place, delta=below, logprobs=[])
            done = _finished(ids, model, piece, base)
            [item] = done["output"]
            [part] = item["content"]
            for n, one in enumerate(part["annotations"]):
                yield event("response.output_text.annotation.added", **place, annotation_index=n, annotation=one)
            yield event("response.output_text.done", **place, text=part["text"], logprobs=[])
            yield event("response.content_part.done", **place, part=part)
            yield event("response.output_item.done", output_index=0, item=item)
            yield event("response.completed", response=done)
    except Exception as error:
        failed = _response(ids, model, "failed", []) | {"error": {"code": "server_error", "message": told(error)}}
        yield event("response.failed", response=failed)


def _finished(ids: _Ids, model: str, answer: Answer, base: str) -> dict[str, Any]:
    content = harmless(answer.text) + references(answer, base)
    annotations = [{"type": "url_citation"} | one for one in citations(answer, content, base)]
    item = _item(ids, "completed", [_part(content, annotations)])
    used = tokens(answer)
    usage = {
        "input_tokens": used["prompt_tokens"], "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": used["completion_tokens"], "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": used["total_tokens"],
    }  # fmt: skip
    return _response(ids, model, "completed", [item]) | {"usage": usage, "footnote": contract(answer)}


def _response(
    ids: _Ids, model: str, status: Literal["in_progress", "completed", "failed"], output: list[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "id": ids.response, "object": "response", "created_at": ids.begun, "status": status, "model": model,
        "output": output, "error": None, "incomplete_details": None, "instructions": None, "metadata": {},
        "parallel_tool_calls": False, "tool_choice": "none", "tools": [], "store": False, "usage": None,
    }  # fmt: skip


def _item(ids: _Ids, status: str, content: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {"id": ids.message, "type": "message", "role": "assistant", "status": status, "content": content}


def _part(text: str, annotations: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}
