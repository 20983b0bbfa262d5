"""What one server takes of the protocol: all of it at first, then without what it has refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag.answers.generation.prompts import Message
from rag.neural.named_model import OPENAI, ModelName
from rag.neural.provider import Deadline, limits, only_responses, refuses, too_long

_ROOM_TO_THINK = 8
_TOKENS_IN_EACH = 16  # the least that the Responses API takes as a limit


class Dialect:
    """How requests to one server are put. What it refuses (a temperature, a limit under its old name, a system message,
    a tool, a schema) is left out from then on, and remembered in `without`; so is that a model has Responses alone, and
    in `opens` whether it marks where its thoughts begin: None until that is known. It owns nothing else, and lives as
    long as its ChatModel.
    """

    def __init__(self, named: ModelName) -> None:
        self.named = named
        self.responses = named.responses
        self.without: frozenset[str] = frozenset()
        self.opens: bool | None = True if named.url == OPENAI else None

    def leave_out(self, what: str) -> None:
        """Remember that this is not to be sent, or not to be relied on."""
        self.without |= {what}

    def limit(self, max_tokens: int) -> int:
        """The limit to send for a reply of so many tokens: where a model thinks before it writes, both count."""
        return max_tokens * (_ROOM_TO_THINK if "thrift" in self.without else 1)

    def options(
        self, max_tokens: int, deadline: Deadline, *, tool: Mapping[str, Any] | None, schema: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """What a request says besides its messages. `tool` is a function, `schema` one for the reply as JSON."""
        from openai import NOT_GIVEN

        tool = None if "tools" in self.without else tool
        schema = None if "schema" in self.without else schema
        options: dict[str, Any] = {
            "timeout": limits(deadline), "temperature": NOT_GIVEN if "temperature" in self.without else 0.0,
        }  # fmt: skip
        if self.responses:
            options |= {"max_output_tokens": max(_TOKENS_IN_EACH, self.limit(max_tokens)), "store": False}
            options |= {"tools": [{"type": "function", **tool}]} if tool else {}
            options |= {"text": {"format": {"type": "json_schema", **_schema(schema)}}} if schema else {}
            return options
        if "max_tokens" not in self.without:
            new = (self.named.url == OPENAI) != ("swap" in self.without)
            options["max_completion_tokens" if new else "max_tokens"] = self.limit(max_tokens)
        options |= {"tools": [{"type": "function", "function": dict(tool)}]} if tool else {}
        options |= {"response_format": {"type": "json_schema", "json_schema": _schema(schema)}} if schema else {}
        return options

    def messages(self, messages: Sequence[Message]) -> list[dict[str, Any]]:
        """The messages as the server takes them: the rules before the question where it knows no system."""
        if "system" not in self.without or not messages or messages[0].role != "system":
            return [{"role": message.role, "content": message.content} for message in messages]
        joined = f"{messages[0].content}\n\n{messages[1].content}"
        return [{"role": "user", "content": joined}, *self.messages(messages[2:])]

    def adapted(self, error: Exception) -> bool:
        """True when the server refuses something that can be left out or put otherwise; from here on it is."""
        if too_long(error):
            return False
        if not self.responses and only_responses(error):
            self.responses = True
            return True
        limit = "max_tokens" if "swap" in self.without else "swap"
        for what, words in (
            ("temperature", ("temperature",)),
            ("stream_options", ("stream_options", "include_usage")),
            ("schema", ("response_format", "json_schema", "text.format", "grammar")),
            ("tools", ("tool",)),
            (limit, ("max_tokens", "max_completion_tokens")),
            ("system", ("system role", "role 'system'", "role: system", "roles must alternate", "system message")),
        ):
            if what not in self.without and refuses(error, words):
                self.leave_out(what)
                return True
        return False


def _schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": "reply", "schema": dict(schema), "strict": True}
