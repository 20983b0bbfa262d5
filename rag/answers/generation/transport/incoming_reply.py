"""A reply of a model as it comes in: its text, the tools that it calls, what it cost."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

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
    thinks_aside: bool = False
    """True when what it thinks came in a field of its own."""


def as_search(arguments: str) -> str:
    """A call of the tool as the line that asks for a search in plain words."""
    try:
        return f"{SEARCH} {' '.join(str(json.loads(arguments)['query']).split())}"
    except (ValueError, KeyError, TypeError):
        return ""
