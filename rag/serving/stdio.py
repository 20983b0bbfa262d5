"""Lines on standard input of the MCP server: the SDK drops those that it cannot read, and who sent them waits."""

from __future__ import annotations

import json
from typing import Any

from mcp.shared.message import SessionMessage
from mcp.types import ErrorData, JSONRPCError, jsonrpc_message_adapter
from pydantic import ValidationError

_BROKEN, _NO_REQUEST = -32700, -32600


class Heard:
    """The messages that come in, without lines that are none: those are answered with the protocol's own error.

    A line with half a character, as programs in JavaScript write it where they cut a text, is read with U+FFFD in its
    place. It owns nothing: the streams are the SDK's, and it lives as long as they do.
    """

    def __init__(self, messages: Any, answers: Any) -> None:
        self._messages, self._answers = messages, answers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._messages, name)

    async def receive(self) -> SessionMessage:
        """The next message."""
        while True:
            message = await self._messages.receive()
            if not isinstance(message, Exception):
                return message  # type: ignore[no-any-return]
            found = understood(message)
            if isinstance(found, SessionMessage):
                return found
            if found is not None:
                await self._answers.send(SessionMessage(found))

    def __aiter__(self) -> Heard:
        return self

    async def __anext__(self) -> SessionMessage:
        import anyio

        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Heard:
        await self._messages.__aenter__()
        return self

    async def __aexit__(self, *raised: Any) -> None:
        await self._messages.__aexit__(*raised)


def understood(error: Exception) -> SessionMessage | JSONRPCError | None:
    """What a line comes to that the SDK could not read: a message after all, the error to answer, None for a blank."""
    given = error.errors()[0]["input"] if isinstance(error, ValidationError) else ""
    if isinstance(given, str) and not given.strip():
        return None
    try:
        value = json.loads(given) if isinstance(given, str) else given
        # What Python takes and JSON does not have: one half of a pair.
        whole = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return SessionMessage(jsonrpc_message_adapter.validate_json(whole, by_name=False))
    except ValidationError:
        said = value.get("id") if isinstance(value, dict) else None
        return _answer(
            _NO_REQUEST, "this is no request of JSON-RPC 2.0.", said if isinstance(said, str | int) else None
        )
    except (ValueError, RecursionError) as fault:
        return _answer(_BROKEN, f"the line is no JSON: {' '.join(str(fault).split())[:120]}.", None)


def _answer(code: int, message: str, asked: str | int | None) -> JSONRPCError:
    return JSONRPCError(jsonrpc="2.0", id=asked, error=ErrorData(code=code, message=message))
