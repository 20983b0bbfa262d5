"""Models that write, on any server that speaks OpenAI's protocol, by the client of LlamaIndex."""

from __future__ import annotations

import re
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from rag.answers.generation.prompts import Message
from rag.answers.generation.transport import completions, responses
from rag.answers.generation.transport.dialect import Dialect
from rag.answers.generation.transport.incoming_reply import SEARCH_TOOL, Reply, as_search
from rag.answers.generation.transport.meter import Allowance, Meter
from rag.answers.generation.transport.reply_cache import AnswerCache, Kept
from rag.errors import ProviderError, SettingsError
from rag.grounding.marks import spoken, thoughts_closed, thoughts_opened, without_thoughts
from rag.grounding.splitting import begins_cited
from rag.neural.named_model import OPENAI, ModelName, key_for
from rag.neural.provider import Deadline, MalformedError, client, limits, reading_body, retrying, told
from rag.settings import Settings
from rag.text.tokens import count_tokens

_UNKNOWN_CONTEXT = 4096
_UNKNOWN_OPENAI_CONTEXT = 16_384
_CHARACTERS_PER_TOKEN = 12
_END = re.compile(r"[.!?:)\]}\"”’】］>*⁰¹²³⁴-⁹]\s*\Z")
VOID = "\0"
"""A piece that says: all before it was thought aloud, and is no part of the reply."""


@dataclass(frozen=True)
class _Wanted:
    """What a request asks for besides its messages."""

    max_tokens: int
    tools: bool = False
    schema: Mapping[str, Any] | None = None


class ChatModel:
    """One model on one server. Safe between threads; nothing is sent before the first call.

    What a server refuses is left out and remembered, in its `dialect`. It owns the way to the server, and lives as long
    as its Generator.
    """

    def __init__(self, named: ModelName, settings: Settings, cache: AnswerCache | None = None) -> None:
        self.named = named
        self._settings = settings
        self._cache = cache
        self._lock = threading.Lock()
        self.dialect = Dialect(named)

    @cached_property
    def _llm(self) -> Any:
        from llama_index.llms.openai_like import OpenAILike

        try:
            return OpenAILike(
                model=self.named.model,
                api_base=self.named.url,
                api_key=key_for(self.named, self._settings.llm_api_key),
                is_chat_model=True,
                max_retries=0,  # here they would not know the time that is left
                http_client=client(self.named),
            )
        except ValueError as error:
            raise SettingsError(f"{self.named.name} cannot be used: {error}. Choose a chat model.") from error

    def context_tokens(self, deadline: Deadline) -> int:
        """The size of the model's context in tokens: as set, else as the server or LlamaIndex says, else 4,096."""
        if self._settings.llm_context_tokens:
            return self._settings.llm_context_tokens
        with self._lock:
            return self._asked_context(deadline)

    def _asked_context(self, deadline: Deadline) -> int:
        key = AnswerCache.key(self.named.name, (Message("user", "context size"),), 0)
        if "_context" not in self.__dict__:
            kept = self._cache.get(key) if self._cache else None
            asked = int(kept.text) if kept else self._context_of_server(deadline)
            if asked is None:
                return _UNKNOWN_CONTEXT
            self._context = asked
            if self._cache and not kept:
                self._cache.put(key, Kept(str(asked), "asked"))
        return self._context

    def _context_of_server(self, deadline: Deadline) -> int | None:
        """None where the server cannot say it now, as while it loads its model."""
        if self.named.url == OPENAI:
            from llama_index.llms.openai.utils import openai_modelname_to_contextsize

            try:
                return int(openai_modelname_to_contextsize(self.named.model))
            except ValueError:
                return _UNKNOWN_OPENAI_CONTEXT
        import httpx
        import openai

        models = self._llm._get_client().models
        try:
            with reading_body():
                asked = models.list(timeout=limits(Deadline.after(min(5.0, deadline.left_s))))
                listed = [(model.id, model.model_extra or {}) for model in asked.data or ()]
        except (openai.OpenAIError, httpx.HTTPError, MalformedError) as error:
            # Many servers have no list; if this one has failed, the answer will say so.
            return _UNKNOWN_CONTEXT if getattr(error, "status_code", 500) < 500 else None
        said = next((extra for model_id, extra in listed if model_id == self.named.model), {})
        for place in (said, said.get("meta")):
            # vLLM; gateways; llama.cpp
            for name in ("max_model_len", "context_length", "context_window", "n_ctx", "n_ctx_train"):
                if isinstance(place, dict) and isinstance(place.get(name), int) and place[name] > 0:
                    return int(place[name])
        return _UNKNOWN_CONTEXT

    @property
    def may_be_thinking(self) -> bool:
        """True while what this model writes may be thoughts whose beginning it does not mark."""
        return self.dialect.opens is None

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, allowed: Allowance, search: bool = False,
        cited: bool = False, schema: Mapping[str, Any] | None = None,
    ) -> Iterator[str]:  # fmt: skip
        """The text piece by piece; the last piece is "" when the reply is complete, and missing when it was cut off.

        With `search` a server that has tools is offered one; a call of it comes as the line that asks for a search in
        plain words. What a model thinks aloud (`<think>…</think>`) is left out. Where it marks only the end of that,
        `VOID` follows what was given before; from then on nothing is given until the end of its thoughts is known.
        With `cited` the reply is to have marks: one that begins without, and is cut off, may be nothing but thoughts.
        With `schema` it is to be JSON of that form, where the server can hold a model to it.

        Raises:
            ProviderError: the server failed. Before the first piece it was tried again where that makes sense.
            SettingsError: the model needs a key and has none, or cannot chat.
        """
        deadline, meter = allowed.deadline, allowed.meter
        key = AnswerCache.key(self.named.name, messages, max_tokens)
        if self._cache and (kept := self._cache.get(key)):
            meter.add_cached()
            yield from (kept.text, "") if kept.finish == "stop" else (kept.text,)
            return
        reply = Reply()
        sent = ""
        wanted = _Wanted(max_tokens, search and self.named.has_tools, schema)
        first = retrying(lambda: self._begun(messages, reply, deadline, wanted), self.named, deadline)
        try:
            with closing(first):
                for _ in _chained(first, self.named, deadline):
                    visible = spoken(reply.text)
                    if not visible.startswith(sent):
                        yield VOID
                        sent = ""
                    closed = self._heard_thoughts(reply)
                    if len(visible) > len(sent) and (closed or self.dialect.opens is not False):
                        yield visible[len(sent) :]
                        sent = visible
                    if len(reply.text) > self.dialect.limit(max_tokens) * _CHARACTERS_PER_TOKEN:
                        reply.finish = "length"  # it does not stop, though it was told the limit
                        break
        finally:
            self._charge(messages, reply, meter)
        final = "" if self._only_thoughts(reply, cited=cited) else without_thoughts(reply.text)
        if reply.calls:  # what stands before a call is no answer yet
            calls = "\n".join(map(as_search, reply.calls.values()))
            final, reply.finish = f"{final}\n{calls}" if final.strip() else calls, "stop"
        if not final.strip() and reply.finish == "length" and "thrift" not in self.dialect.without:
            self.dialect.leave_out("thrift")  # it thinks before it writes, and both count
            if sent:
                yield VOID
            yield from self.stream(
                messages, max_tokens=max_tokens, allowed=allowed, search=search, cited=cited, schema=schema
            )
            return
        self._whole_or_failed(reply, final)
        if not final.strip():
            raise ProviderError(
                f"{self.named.name} used all of its {self.dialect.limit(max_tokens)} tokens and answered nothing. "
                "Choose a model that thinks less, or try again." if reply.finish == "length" else
                f"{self.named.name} gave an empty answer. Try again, or choose another model."
            )  # fmt: skip
        if len(final) > len(sent):
            yield final[len(sent) :]
        whole = reply.finish != "length"
        if self._cache:
            self._cache.put(key, Kept(final, "stop" if whole else reply.finish))
        if whole:
            yield ""

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, allowed: Allowance,
        schema: Mapping[str, Any] | None = None,
    ) -> str:  # fmt: skip
        """The whole text of a reply. Raises as `stream` does."""
        pieces = self.stream(messages, max_tokens=max_tokens, allowed=allowed, schema=schema)
        return "".join(pieces).rpartition(VOID)[2]

    def _heard_thoughts(self, reply: Reply) -> bool:
        """True when the reply has the end of thoughts that had no beginning; what it shows of the model is kept."""
        if thoughts_closed(reply.text):
            self.dialect.opens = False
            return True
        if self.dialect.opens is None and (reply.thinks_aside or thoughts_opened(reply.text)):
            self.dialect.opens = True
        return False

    def _only_thoughts(self, reply: Reply, *, cited: bool) -> bool:
        """True for a reply that was cut off before the thoughts ended whose beginning is not marked.

        One that comes to an end of its own without such thoughts shows that this model has none.
        """
        if self._heard_thoughts(reply) or reply.calls:
            return False
        if reply.finish == "length":
            return self.dialect.opens is False or (self.may_be_thinking and cited and not begins_cited(reply.text))
        if reply.finish and self.may_be_thinking:
            self.dialect.opens = True
        return False

    def _whole_or_failed(self, reply: Reply, final: str) -> None:
        """Nothing where the reply has come to an end of its own, or to the limit of its length."""
        if reply.finish == "content_filter":
            raise ProviderError(
                f"the filter of {self.named.name} stopped its answer. Ask in other words, or choose another model."
            )
        # Some servers never say that they are done. A line that stops within a sentence was cut off on the way.
        if not reply.finish and final.strip() and not _END.search(final):
            raise ProviderError(
                f"the connection to {self.named.name} broke off in the middle of a sentence. Try again.", retryable=True
            )

    def _begun(self, messages: Sequence[Message], reply: Reply, deadline: Deadline, wanted: _Wanted) -> Generator[None]:
        """What is still to be read of a reply that has begun to come."""
        for _ in range(6):
            reply.text, reply.finish, reply.usage, reply.calls = "", "", None, {}
            pieces = self._pieces(messages, reply, deadline, wanted)
            try:
                for _ in pieces:
                    if reply.text:
                        return pieces
                if not reply.text and not reply.finish and not reply.calls:
                    self._whole(messages, reply, deadline, wanted)  # a server that does not know how to stream
                return (None for _ in ())
            except Exception as error:  # looked at, and raised again unless leaving something out may help
                if not self.dialect.adapted(error):
                    raise
        return (None for _ in ())

    def _pieces(
        self, messages: Sequence[Message], reply: Reply, deadline: Deadline, wanted: _Wanted
    ) -> Generator[None]:
        options, sent = self._options(deadline, wanted), self.dialect.messages(messages)
        if self.dialect.responses:
            return responses.pieces(self._llm._get_client(), self.named.model, sent, options, reply)
        if "stream_options" not in self.dialect.without:
            options["stream_options"] = {"include_usage": True}
        return completions.pieces(self._llm._get_client(), self.named.model, sent, options, reply)

    def _whole(self, messages: Sequence[Message], reply: Reply, deadline: Deadline, wanted: _Wanted) -> None:
        options = self._options(deadline, replace(wanted, tools=False))
        completions.whole(self._llm._get_client(), self.named.model, self.dialect.messages(messages), options, reply)

    def _options(self, deadline: Deadline, wanted: _Wanted) -> dict[str, Any]:
        tool = SEARCH_TOOL if wanted.tools else None
        return self.dialect.options(wanted.max_tokens, deadline, tool=tool, schema=wanted.schema)

    def _charge(self, messages: Sequence[Message], reply: Reply, meter: Meter) -> None:
        if reply.usage is not None:
            meter.add(self.named, *reply.usage, estimated=False)
            return
        asked = sum(count_tokens(message.content) + 4 for message in messages)
        meter.add(self.named, asked, count_tokens(reply.text), estimated=True)


def _chained(pieces: Iterator[None], named: ModelName, deadline: Deadline) -> Iterator[None]:
    """The first piece, which is there already, then the others; what fails on the way is told."""
    yield None
    try:
        yield from pieces
    except Exception as error:  # told apart there; what is not a server's failure goes on
        raise told(error, named, deadline) from error
