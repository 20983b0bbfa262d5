"""A reply of a model as it comes in: its text, the tools that it calls, what it cost."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from rag.answers.generation.prompts import SEARCH

SEARCH_TOOL = {
    "name": "search",
    "description": "Search the library for papers.",
    "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
}


@dataclass
class Reply:
    """A reply as it comes in."""

    text: str = ""
    finish: str = ""
    usage: tuple[int, int] | None = None
    calls: dict[int, str] = field(default_factory=dict)
    """The arguments of the tools that the model calls, by their place."""


def take(reply: Reply, response: Any, delta: str) -> None:
    """Put a piece of a response, as LlamaIndex gives it, into the reply."""
    reply.text += delta
    choices = getattr(response.raw, "choices", None) or ()
    if choices and choices[0].finish_reason:
        reply.finish = choices[0].finish_reason
    for n, call in enumerate(getattr(getattr(choices[0], "delta", None), "tool_calls", None) or () if choices else ()):
        said = getattr(call.function, "arguments", None) or ""
        place = call.index if isinstance(call.index, int) else n
        reply.calls[place] = reply.calls.get(place, "") + said
    counts = response.additional_kwargs
    if isinstance(counts.get("prompt_tokens"), int) and isinstance(counts.get("completion_tokens"), int):
        reply.usage = counts["prompt_tokens"], counts["completion_tokens"]


def as_search(arguments: str) -> str:
    """A call of the tool as the line that asks for a search in plain words."""
    try:
        return f"{SEARCH} {' '.join(str(json.loads(arguments)['query']).split())}"
    except (ValueError, KeyError, TypeError):
        return ""
