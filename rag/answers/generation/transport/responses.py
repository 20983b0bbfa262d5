"""OpenAI's Responses API: the same reply by another protocol, for the models that have no other."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any

from rag.answers.generation.transport.incoming_reply import Reply
from rag.neural.provider import MalformedError, reading_body

_FINISHED = {"max_output_tokens": "length", "content_filter": "content_filter"}


def pieces(client: Any, model: str, messages: Sequence[dict[str, Any]], options: dict[str, Any],
           reply: Reply) -> Generator[None]:  # fmt: skip
    """Once for each event that was put into the reply. `client` is that of the package `openai`.

    Raises:
        openai.APIError: the server refused, or reports in the stream that it failed.
        MalformedError: what it sends is none of the protocol's events.
    """
    with reading_body():
        stream = client.responses.create(model=model, input=list(messages), stream=True, **options)
    heard = False
    # Closed here and now: left to the garbage collector it may be closed within another request of this thread, which
    # holds the lock that closing waits for.
    with closing(stream):
        events = iter(stream)
        while True:
            with reading_body():
                event = next(events, None)
                if event is not None:
                    heard = True
                    _take(reply, event)
            if event is None:
                break
            yield
    if not heard:
        raise MalformedError("no event")
    if reply.finish == "stop" and reply.usage and reply.usage[1] >= options["max_output_tokens"]:
        reply.finish = "length"  # llama.cpp calls that completed


def _take(reply: Reply, event: Any) -> None:
    """Put an event into the reply; what is thought (`response.reasoning…`) is left out."""
    if event.type == "response.output_text.delta":
        reply.text += event.delta
    elif event.type == "response.function_call_arguments.done":
        reply.calls[event.output_index] = event.arguments
    elif event.type in ("error", "response.failed"):
        raise _failure(event)
    elif event.type in ("response.completed", "response.incomplete"):
        why = event.response.incomplete_details
        reply.finish = _FINISHED.get(why.reason or "", "length") if why else "stop"
        if usage := event.response.usage:
            reply.usage = usage.input_tokens, usage.output_tokens


def _failure(event: Any) -> Exception:
    import httpx
    import openai

    error = event if event.type == "error" else event.response.error
    message = getattr(error, "message", None) or "the response failed"
    return openai.APIError(message, httpx.Request("POST", "/responses"), body={"message": message})
