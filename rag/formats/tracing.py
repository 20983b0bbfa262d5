"""Spans of OpenTelemetry with OpenInference's attributes, where the usual OTEL_… variables ask for them; else nothing.

Asking costs a look at the environment the first time, and after that a comparison for each step.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

Kind = Literal["CHAIN", "RETRIEVER", "RERANKER", "LLM", "EVALUATOR"]

_TEXTS = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
_log = logging.getLogger(__name__)


class Span:
    """One step of a question, which lives until the step is done. Without a tracer it is nothing, and costs that."""

    def __init__(self, span: Any = None) -> None:
        self._span = span

    def set(self, attributes: Mapping[str, str | int | float | None]) -> None:
        """Add what is known of the step, without what is None."""
        if self._span is not None:
            self._span.set_attributes({name: value for name, value in attributes.items() if value is not None})

    def say(self, name: str, text: str) -> None:
        """Add the text of a question or answer, where the environment asks for texts."""
        if self._span is not None and os.environ.get(_TEXTS, "").strip().lower() == "true":
            self._span.set_attribute(name, text)

    @contextmanager
    def step(self, name: str, kind: Kind, *, current: bool = True) -> Iterator[Span]:
        """A step within this one. `current` makes it the parent of steps that others begin meanwhile.

        A block that yields to somebody else has to be without it: whoever goes on may be another thread.
        """
        if self._span is None:
            yield _NOTHING
            return
        from opentelemetry import trace

        with _spanned(name, kind, trace.set_span_in_context(self._span), current=current) as span:
            yield span

    def documents(self, prefix: str, found: Sequence[tuple[str, float]]) -> None:
        """Add the ids of papers and their scores, best first, under "retrieval.documents" or the like."""
        if self._span is None:
            return
        for n, (paper_id, score) in enumerate(found):
            self.set({
                f"{prefix}.{n}.document.id": paper_id,
                f"{prefix}.{n}.document.score": float(score),
            })  # fmt: skip


_NOTHING = Span()


@contextmanager
def span(name: str, kind: Kind, *, current: bool = True) -> Iterator[Span]:
    """A step within the one that is current; see `Span.step`."""
    if _tracer() is None:
        yield _NOTHING
        return
    with _spanned(name, kind, None, current=current) as begun:
        yield begun


@contextmanager
def _spanned(name: str, kind: Kind, parent: Any, *, current: bool) -> Iterator[Span]:
    from opentelemetry import trace

    tracer = _tracer()
    assert tracer is not None
    begun = tracer.start_span(name, context=parent, attributes={"openinference.span.kind": kind})
    try:
        if current:
            with trace.use_span(begun, record_exception=False, set_status_on_exception=False):
                yield Span(begun)
        else:
            yield Span(begun)
    except GeneratorExit:  # whoever read has enough
        raise
    except BaseException as error:
        # Its kind alone: a message may have the words of a question.
        begun.set_status(trace.Status(trace.StatusCode.ERROR, type(error).__name__))
        raise
    finally:
        begun.end()


@cache
def _tracer() -> Any:
    """The tracer, None where none is asked for."""
    if not _asked(os.environ):
        return None
    try:
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider
    except ImportError:
        _log.warning("OTEL_… variables ask for traces; `pip install 'footnote-papers[tracing]'` brings what that needs")
        return None
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):  # a program around this one has made none
        provider = _provider()
    return provider.get_tracer("footnote")


def _asked(environment: Mapping[str, str]) -> bool:
    said = {name: environment.get(name, "").strip().lower() for name in (
        "OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
    )}  # fmt: skip
    off = said.pop("OTEL_SDK_DISABLED") == "true" or said["OTEL_TRACES_EXPORTER"] == "none"
    return not off and any(said.values())


def _provider() -> Any:
    """A provider that sends where the environment says, in batches and the last one at the end of the process."""
    from importlib.metadata import entry_points

    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor

    service = {} if "service.name" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "") else {"service.name": "footnote"}
    if os.environ.get("OTEL_SERVICE_NAME"):
        service = {}
    provider = TracerProvider(resource=Resource.create(service))
    protocol = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
    otlp = "otlp_proto_grpc" if protocol == "grpc" else "otlp_proto_http"
    for name in (os.environ.get("OTEL_TRACES_EXPORTER") or "otlp").split(","):
        name = name.strip().lower()
        if name == "console":  # on standard error: what is asked for is on standard output
            provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(out=sys.stderr)))
            continue
        wanted = otlp if name == "otlp" else name
        found = list(entry_points(group="opentelemetry_traces_exporter", name=wanted))
        if not found:
            _log.warning("OTEL_TRACES_EXPORTER names %r, which is not installed; no traces go there", name)
            continue
        provider.add_span_processor(BatchSpanProcessor(found[0].load()()))
    return provider
