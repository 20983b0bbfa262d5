"""Chat Completions: a reply by the protocol that most servers speak, in the shapes in which they speak it."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import Any

from rag.answers.generation.transport.incoming_reply import Reply
from rag.neural.provider import MalformedError, reading_body

# What ended a reply, as other servers call it: Mistral, vLLM's relatives, gateways to Gemini and Claude, Zhipu.
_FINISHED = {
    **dict.fromkeys(("max_tokens", "model_length", "max_output_tokens"), "length"),
    **dict.fromkeys(("safety", "sensitive", "prohibited_content", "recitation"), "content_filter"),
}
_FAILED = frozenset({"error", "abort", "insufficient_system_resource"})
_TEXT = frozenset({"text", "output_text"})


def pieces(client: Any, model: str, messages: Sequence[Mapping[str, Any]], options: Mapping[str, Any],
           reply: Reply) -> Generator[None]:  # fmt: skip
    """Once for each chunk that was put into the reply. `client` is that of the package `openai`.

    Raises:
        openai.APIError: the server refused, or reports in the stream that it failed.
        MalformedError: what it sends is none of the protocol's chunks.
    """
    with reading_body():
        stream = client.chat.completions.create(model=model, messages=list(messages), stream=True, **options)
    with closing(stream):  # here and now, as in `responses`
        chunks = iter(stream)
        while True:
            with reading_body():
                chunk = next(chunks, None)
                if chunk is not None:
                    _take(reply, chunk)
            if chunk is None:
                return
            yield


def whole(client: Any, model: str, messages: Sequence[Mapping[str, Any]], options: Mapping[str, Any],
          reply: Reply) -> None:  # fmt: skip
    """Put a reply that is not streamed into `reply`. Raises as `pieces` does."""
    with reading_body():
        said = client.chat.completions.create(model=model, messages=list(messages), **options)
        _take(reply, said)
        if not said.choices or said.choices[0].message is None:
            raise MalformedError("no message")


def _take(reply: Reply, said: Any) -> None:
    """Put a chunk, or a whole completion, into the reply; what is thought in a field of its own is left out."""
    usage = getattr(said, "usage", None)
    counts = [getattr(usage, f"{kind}_tokens", None) for kind in ("prompt", "completion")]
    if isinstance(counts[0], int) and isinstance(counts[1], int):
        reply.usage = counts[0], counts[1]
    if error := getattr(said, "error", None):  # with status 200, as gateways pass on what went wrong behind them
        raise _failure(error)
    choice = next(iter(said.choices or ()), None)
    if choice is None:
        return
    delta = getattr(choice, "delta", None)
    if delta is None and not reply.text:  # the last chunk of some says it all again as a message
        delta = getattr(choice, "message", None)
    if delta is not None:
        reply.text += _text(_of(delta, "content"))
        reply.thinks_aside = reply.thinks_aside or bool(_of(delta, "reasoning_content") or _of(delta, "reasoning"))
        for n, call in enumerate(_of(delta, "tool_calls") or ()):
            place = _of(call, "index")
            place = place if isinstance(place, int) else n
            reply.calls[place] = reply.calls.get(place, "") + (_of(_of(call, "function"), "arguments") or "")
    finish = str(getattr(choice, "finish_reason", None) or "")
    if finish.lower() in _FAILED:
        raise _failure(getattr(choice, "error", None))
    reply.finish = _FINISHED.get(finish.lower(), finish.lower()) or reply.finish


def _of(said: Any, name: str) -> Any:
    """What is called so: the client makes no object of what it does not know."""
    return said.get(name) if isinstance(said, Mapping) else getattr(said, name, None)


def _text(content: Any) -> str:
    """The text of a message: as it is, or of a list of parts those that are text. Raises TypeError for others."""
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, Mapping):
        if content.get("type", "text") not in _TEXT:
            return ""  # what is thought, a reference, a picture
        text = content.get("text")
        return _text(text.get("value") if isinstance(text, Mapping) else text)
    if isinstance(content, Sequence):
        return "".join(map(_text, content))
    raise TypeError(f"content of the type {type(content).__name__}")


def _failure(error: Any) -> Exception:
    import httpx
    import openai

    message = error.get("message") if isinstance(error, Mapping) else error if isinstance(error, str) else None
    message = str(message or "the answer ended with an error")
    return openai.APIError(message, httpx.Request("POST", "/chat/completions"), body={"message": message})
