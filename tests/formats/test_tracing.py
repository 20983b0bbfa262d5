"""Spans: where OTEL_… variables ask for them, with OpenInference's names and without a word of the question."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from openinference.semconv.trace import (
    DocumentAttributes,
    OpenInferenceSpanKindValues,
    RerankerAttributes,
    SpanAttributes,
)
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from rag import Assistant, Settings
from rag.errors import ProviderError
from rag.formats import tracing
from tests.support.model_server import ModelServer, Reply, obedient

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "What is OwlNet?"
EXTRACTIVE = ["read", "retrieve", "rank", "choose", "ground", "ask"]


@pytest.fixture
def spans(monkeypatch):
    """The spans that are finished, of a program that has a provider of its own."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    tracing._tracer.cache_clear()
    yield exporter
    tracing._tracer.cache_clear()


def by_name(exporter):
    return {span.name: span for span in exporter.get_finished_spans()}


def said(exporter):
    return " ".join(str(dict(span.attributes)) + str(span.status.description) + str(span.events)
                    for span in exporter.get_finished_spans())  # fmt: skip


def test_a_question_is_a_tree_of_steps_with_the_attributes_of_openinference(spans, library_dir):
    with Assistant.open(library_dir) as assistant:
        answer = assistant.ask(QUESTION)
    found = by_name(spans)
    assert list(found) == EXTRACTIVE
    parents = {name: one.parent and one.parent.span_id for name, one in found.items()}
    ids = {name: one.context.span_id for name, one in found.items()}
    assert parents == {"ask": None, "rank": ids["choose"], **dict.fromkeys(
        ("read", "retrieve", "choose", "ground"), ids["ask"])}  # fmt: skip
    kinds = {name: one.attributes[SpanAttributes.OPENINFERENCE_SPAN_KIND] for name, one in found.items()}
    assert set(kinds.values()) <= {kind.value for kind in OpenInferenceSpanKindValues}
    assert (kinds["retrieve"], kinds["rank"], kinds["ground"]) == ("RETRIEVER", "RERANKER", "EVALUATOR")
    first = f"{SpanAttributes.RETRIEVAL_DOCUMENTS}.0"
    assert found["retrieve"].attributes[f"{first}.{DocumentAttributes.DOCUMENT_ID}"]
    ranked = f"{RerankerAttributes.RERANKER_OUTPUT_DOCUMENTS}.0"
    assert found["rank"].attributes[f"{ranked}.{DocumentAttributes.DOCUMENT_ID}"] == answer.citations[0].paper.id
    assert found["ask"].attributes["footnote.status"] == "answered"
    assert QUESTION not in said(spans)
    assert answer.citations[0].quote not in said(spans)


def test_texts_are_in_the_trace_when_the_environment_asks_for_them(spans, library_dir, monkeypatch):
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
    with Assistant.open(library_dir) as assistant:
        answer = assistant.ask(QUESTION)
    assert by_name(spans)["ask"].attributes[SpanAttributes.INPUT_VALUE] == QUESTION
    assert by_name(spans)["ask"].attributes[SpanAttributes.OUTPUT_VALUE] == answer.text


def test_a_model_is_named_with_its_tokens_and_its_failure_is_one_without_words(spans, library_dir):
    writes = ModelServer(obedient("OwlNet counts owls [1]."))
    with writes as server, Assistant.open(library_dir, Settings(llm=server.name)) as assistant:
        answer = assistant.ask(QUESTION)
    wrote = by_name(spans)["generate"].attributes
    assert wrote[SpanAttributes.OPENINFERENCE_SPAN_KIND] == "LLM"
    assert wrote[SpanAttributes.LLM_MODEL_NAME] == answer.model
    assert wrote[SpanAttributes.LLM_TOKEN_COUNT_PROMPT] == answer.usage["prompt_tokens"] > 0
    assert wrote[SpanAttributes.LLM_TOKEN_COUNT_COMPLETION] == answer.usage["completion_tokens"] > 0
    spans.clear()
    fails = ModelServer(lambda *_: Reply(status=400, error={"message": QUESTION}))
    with fails as server, Assistant.open(library_dir, Settings(llm=server.name)) as assistant:  # noqa: SIM117
        with pytest.raises(ProviderError):
            assistant.ask(QUESTION)
    failed = by_name(spans)
    assert {failed[name].status.description for name in ("generate", "ask")} == {"ProviderError"}
    assert QUESTION not in said(spans)


def test_a_stream_that_is_left_ends_its_span_and_leaves_the_callers_context_alone(spans, library_dir):
    with Assistant.open(library_dir) as assistant:
        pieces = assistant.stream(QUESTION)
        next(pieces)
        assert not trace.get_current_span().get_span_context().is_valid
        pieces.close()
    assert by_name(spans)["ask"].status.is_unset  # no failure


@pytest.mark.parametrize(
    ("variables", "asked"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "x"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, False),
        ({"OTEL_TRACES_EXPORTER": "console", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_the_usual_variables_decide(variables, asked):
    assert tracing._asked(variables) is asked


def test_off_costs_nothing_and_the_console_is_standard_error(footnote, library_dir):
    code = "import sys, rag.formats.tracing as t\nwith t.span('ask', 'CHAIN') as s: s.set({'a': 1})\n"
    code += "print('opentelemetry' in sys.modules)"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr
    done = footnote("ask", QUESTION, "--storage", library_dir, OTEL_TRACES_EXPORTER="console")
    assert done.returncode == 0, done.stderr
    assert b'"openinference.span.kind": "RETRIEVER"' in done.stderr
    assert b"openinference" not in done.stdout
