"""The chain on a real model's server: `pytest -m live`, where `tests/support/llama_server.py` or an Ollama runs.

A small model answers badly. That it is heard, limited, held to a form, and never believed unchecked is what is tested.
"""

import httpx
import pytest

from rag import Assistant, Settings
from rag.answers.generation.prompts import JUDGE_SCHEMA, Message, judge_messages
from rag.answers.generation.second_opinion import opinions
from rag.answers.generation.transport.chat_model import ChatModel
from rag.answers.generation.transport.meter import Allowance, Meter
from rag.errors import ProviderError
from rag.neural.named_model import model_name
from rag.neural.provider import Deadline

pytestmark = pytest.mark.live
ASKED = "How many visual tokens does OwlNet keep?"
COUNT = [Message("system", "You count."), Message("user", "Count from one to twenty, in words.")]


@pytest.fixture(scope="module")
def name():
    for url in ("http://127.0.0.1:11434/v1", "http://127.0.0.1:8080/v1"):
        try:
            listed = httpx.get(f"{url}/models", timeout=2, trust_env=False).json()["data"]
        except (httpx.HTTPError, ValueError, KeyError):
            continue
        if listed:
            return f"{listed[0]['id']}@{url}"
    pytest.skip("no Ollama on port 11434 and no llama.cpp on 8080: start one to run the chain on a real model")


@pytest.fixture
def model(name):
    return ChatModel(model_name(name, setting="FOOTNOTE_LLM"), Settings(llm=name))


@pytest.fixture
def allowed():
    return Allowance(Deadline.after(240), Meter())


def test_a_real_model_goes_the_whole_way_and_nothing_unchecked_is_shown(name, library_dir):
    with Assistant.open(library_dir, Settings(llm=name, llm_timeout_s=900, llm_context_tokens=1500)) as assistant:
        *pieces, answer = assistant.stream(ASKED)
    assert answer.mode == "generated"
    assert answer.usage["prompt_tokens"] > 300
    assert "estimated_calls" not in answer.usage
    assert all(statement.verdict != "unsupported" for statement in answer.statements)
    assert "".join(pieces).endswith(answer.text)
    for citation in answer.citations:
        assert citation.field or citation.paper.abstract[citation.start : citation.end] == citation.quote != ""


def test_a_reply_comes_in_pieces_and_stops_at_its_limit(model, allowed):
    pieces = list(model.stream(COUNT, max_tokens=12, allowed=allowed))
    assert len(pieces) > 1
    assert pieces[-1] != ""  # cut off
    assert allowed.meter.counts["completion_tokens"] == 12


def test_a_reply_that_ends_by_itself_says_so(model, allowed):
    said = [Message("user", "Say the word yes, and nothing else.")]
    assert list(model.stream(said, max_tokens=300, allowed=allowed))[-1] == ""


def test_a_model_is_held_to_the_form_of_a_second_opinion(model, allowed):
    asked = judge_messages([("OwlNet keeps 12 tokens.", ["It keeps 12 of 196 visual tokens."])])
    said = model.reply(asked, max_tokens=300, allowed=allowed, schema=JUDGE_SCHEMA)
    assert "schema" not in model.dialect.without
    assert said.lstrip().startswith('{"verdicts":') or '"verdicts"' in said
    opinions(said, 1)


def test_a_tool_may_be_offered(model, allowed, monkeypatch):
    monkeypatch.setattr("rag.neural.named_model._WITH_TOOLS", ("127.0.0.1",))
    assert "".join(model.stream(COUNT, max_tokens=8, allowed=allowed, search=True))


def test_the_size_of_the_context_is_known_and_what_is_longer_is_told_in_one_line(model, allowed):
    size = model.context_tokens(allowed.deadline)
    assert size >= 512
    long = [Message("user", "one two three four " * size)]
    with pytest.raises(ProviderError, match="Set FOOTNOTE_LLM_CONTEXT_TOKENS to the size of its context"):
        model.reply(long, max_tokens=8, allowed=allowed)


def test_the_responses_api_of_a_real_server_is_understood(name, allowed):
    named = model_name(f"{name}/responses", setting="FOOTNOTE_LLM")
    pieces = list(ChatModel(named, Settings()).stream(COUNT, max_tokens=16, allowed=allowed))
    assert len(pieces) > 1
    assert pieces[-1] != ""
    assert allowed.meter.counts["completion_tokens"] == 16
