"""The tab of questions: a conversation, what narrows it, and what comes of each question."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.errors import FootnoteError, ProviderError
from rag.model import Answer
from rag.model.streamed import Instead
from ui.content.conversation import MOST_EXCHANGES, Conversation, Exchange, as_data, packed, turns, unpacked
from ui.content.desk import EXTRACTIVE, Desk
from ui.content.examples import examples
from ui.content.filters import where_of
from ui.content.followups import MOST, followups
from ui.content.takeaway import conversation_markdown
from ui.operation import at_once
from ui.rendering.conversation import conversation_html
from ui.rendering.start import start_html

MOST_LISTED = 3000
LONGEST_QUESTION = 4000
_BETWEEN_WRITES_S = 0.05
_log = logging.getLogger(__name__)

OPEN_PAPER = """element.addEventListener('click', (event) => {
  const found = event.target.closest('[data-paper]');
  if (found) trigger('paper', { paper_id: found.dataset.paper });
});"""
"""Script of an HTML component: a click on anything with `data-paper` is the event `paper`, which has the id."""


@dataclass(frozen=True)
class AskTab:
    """The components of the tab that others set or listen to."""

    conversation: Any
    question: Any
    named: Any
    filters: tuple[Any, ...]


def build_ask(desk: Desk, blocks: Any) -> AskTab:
    """The tab, inside the Blocks that are being built; it loads itself when the page opens."""
    told = gr.State(())
    kept = gr.Textbox(visible=False)
    asked = gr.Textbox(visible=False)
    file = gr.Textbox(visible=False)

    shown = gr.HTML("", elem_id="conversation", js_on_load=OPEN_PAPER)
    with gr.Row(elem_classes="fn-examples"):
        begin = [gr.Button("", visible=False, size="sm", elem_id=f"example-{n}") for n in range(1, 7)]
    with gr.Column(elem_id="composer"):
        with gr.Row(elem_classes="fn-followups"):
            offered = [gr.Button("", visible=False, size="sm", elem_id=f"followup-{n}") for n in range(1, MOST + 1)]
        question = gr.Textbox(
            label="Your question",
            show_label=False, placeholder="Ask the library …", lines=1, max_lines=6, autofocus=True,
            submit_btn="Ask", max_length=LONGEST_QUESTION, elem_id="question",
        )  # fmt: skip
        with gr.Row(elem_classes="fn-tools"):
            retry = gr.Button("Retry", size="sm", elem_id="retry", interactive=False)
            edit = gr.Button("Edit last question", size="sm", elem_id="edit", interactive=False)
            clear = gr.Button("Clear", size="sm", elem_id="clear", interactive=False)
            as_markdown = gr.Button("Save as Markdown", size="sm", elem_id="save-markdown", interactive=False)
            as_json = gr.Button("Save as JSON", size="sm", elem_id="save-json", interactive=False)
    with gr.Accordion("Narrow the next question", open=False, elem_id="filters"), gr.Row(elem_classes="fn-wrap"):
        since = gr.Dropdown([("any", 0)], value=0, label="From year", elem_id="since", min_width=110)
        until = gr.Dropdown([("any", 0)], value=0, label="To year", elem_id="until", min_width=110)
        source = gr.Dropdown([("any", "")], value="", label="Source", elem_id="source", min_width=150)
        named = gr.Dropdown([], value=[], label="Only these papers", multiselect=True, elem_id="named", min_width=280)
    mode = gr.Radio(
        [(f"{known.label}. {known.sends}", known.key) for known in desk.modes],
        value=desk.modes[0].key, label="How to answer", visible=len(desk.modes) > 1, elem_id="mode",
    )  # fmt: skip

    filters = (since, until, source, named)
    tools = (retry, edit, clear, as_markdown, as_json)
    outputs = [told, shown, question, kept, *offered, *begin, *tools]

    def settled(conversation: Conversation, box: Any) -> tuple[Any, ...]:
        """All outputs for a conversation at rest."""
        return (
            conversation, conversation_html(conversation) or _start(desk), box, packed(conversation),
            *_offers(conversation), *_beginnings(desk, conversation), *_tools(conversation),
        )  # fmt: skip

    def ask(
        text: str, conversation: Conversation, how: str, a: int, b: int, at: str, only: list[str]
    ) -> Iterator[tuple[Any, ...]]:
        wanted = text.strip()
        if not wanted:
            yield tuple(gr.skip() for _ in outputs)
            return
        waiting = gr.Textbox(value="", submit_btn=False, stop_btn="Stop")
        quiet = [gr.skip()] * (len(outputs) - 3)
        away = [*[gr.skip()] * (1 + MOST), *(gr.Button(visible=False) for _ in begin), *[gr.skip()] * len(tools)]
        yield (gr.skip(), conversation_html(conversation, pending=wanted), waiting, *away)
        where = where_of(a, b, source=at, paper_ids=only)
        last = time.monotonic()
        exchange: Exchange | None = None
        for piece in _answered(desk, wanted, conversation, how or desk.modes[0].key, where):
            if isinstance(piece, Exchange):
                exchange = piece
            elif time.monotonic() - last > _BETWEEN_WRITES_S:
                last = time.monotonic()
                yield (gr.skip(), conversation_html(conversation, pending=wanted, written=piece), gr.skip(), *quiet)
        longer = (*conversation, exchange)[-MOST_EXCHANGES:] if exchange else conversation
        yield settled(longer, _ready())

    def again(
        conversation: Conversation, how: str, a: int, b: int, at: str, only: list[str]
    ) -> Iterator[tuple[Any, ...]]:
        if conversation:
            yield from ask(conversation[-1].question, conversation[:-1], how, a, b, at, only)

    def edited(conversation: Conversation) -> tuple[Any, ...]:
        return settled(conversation[:-1], _ready(conversation[-1].question if conversation else ""))

    def restored(before: str, given: str) -> tuple[Any, ...]:
        try:
            papers = desk.papers()
        except FootnoteError as error:
            return settled((Exchange("The library", error=str(error)),), _ready(given))
        years = sorted({paper.published.year for paper in papers.values() if paper.published})
        sources = sorted({paper.source for paper in papers.values() if paper.source})
        choices = [("any", 0), *((str(year), year) for year in years)]
        titles = [(paper.title or paper.id, paper.id) for paper in list(papers.values())[:MOST_LISTED]]
        return (
            *settled(unpacked(before, papers.get), _ready(given[:LONGEST_QUESTION])),
            gr.Dropdown(choices=choices), gr.Dropdown(choices=choices),
            gr.Dropdown(choices=[("any", ""), *((name, name) for name in sources)]), gr.Dropdown(choices=titles),
        )  # fmt: skip

    narrowed = [mode, *filters]
    keep = {"fn": None, "inputs": [kept], "js": "(kept) => { footnote.keep(kept); footnote.latest(); }"}
    asking = {
        "outputs": outputs, "show_progress": "minimal", "show_progress_on": question, "concurrency_limit": at_once(),
        "concurrency_id": "ask", "api_visibility": "private",
    }  # fmt: skip
    # Gradio's own way drops an Enter until the answer before it is wholly settled, a moment after it can be read.
    running = [question.submit(ask, [question, told, *narrowed], trigger_mode="always_last", **asking)]
    running += [button.click(ask, [button, told, *narrowed], **asking) for button in (*offered, *begin)]
    running.append(retry.click(again, [told, *narrowed], **asking))
    for event in running:
        event.then(**keep, api_visibility="private")
    quick = {"outputs": outputs, "show_progress": "hidden", "queue": False, "api_visibility": "private"}
    question.stop(
        lambda conversation: settled(conversation, _ready()), [told], cancels=running, **quick
    ).then(**keep, api_visibility="private")  # fmt: skip
    edit.click(edited, [told], **quick).then(**keep, api_visibility="private")
    clear.click(lambda: settled((), _ready("")), **quick).then(**keep, api_visibility="private")
    for button, write, name in (
        (as_markdown, conversation_markdown, "conversation.md"), (as_json, as_data, "conversation.json"),
    ):  # fmt: skip
        button.click(write, [told], [file], show_progress="hidden", queue=False, api_visibility="private").then(
            None, [file], js=f"(text) => footnote.save('{name}', text)", api_visibility="private"
        )
    blocks.load(
        restored, [kept, asked], [*outputs, *filters], js="() => [footnote.kept(), footnote.asked()]",
        show_progress="hidden", queue=False, api_visibility="private",
    ).then(**keep, api_visibility="private")  # fmt: skip
    return AskTab(shown, question, named, filters)


def _answered(
    desk: Desk, text: str, conversation: Conversation, how: str, where: dict[str, Any]
) -> Iterator[str | Exchange]:
    """The text so far, again and again as it grows, then the Exchange; a failure is one with an error."""
    written = ""
    try:
        for piece in desk.assistant(how).stream(text, history=turns(conversation), where=where):
            if isinstance(piece, Answer):
                yield Exchange(text, where, piece)
            else:
                written = piece if isinstance(piece, Instead) else written + piece
                yield written
    except ProviderError as error:
        # The abstracts are here, whatever happened to the model; the failure stays in sight.
        yield _from_abstracts(desk, text, conversation, where, str(error))
    except FootnoteError as error:
        yield Exchange(text, where, error=str(error))
    except Exception as error:  # the last resort of a door: a line on the page in place of a lost question
        _log.exception("question on the page")
        yield Exchange(
            text, where, error=f"unexpected {type(error).__name__}: {error}. The log of `footnote ui` has the rest."
        )


def _from_abstracts(desk: Desk, text: str, conversation: Conversation, where: dict[str, Any], failure: str) -> Exchange:
    try:
        answer = desk.assistant(EXTRACTIVE).ask(text, history=turns(conversation), where=where)
    except FootnoteError as error:
        return Exchange(text, where, error=f"{failure} {error}")
    return Exchange(text, where, answer, failure, fallback=True)


def _offers(conversation: Conversation) -> Sequence[Any]:
    last = conversation[-1].answer if conversation else None
    questions = followups(last) if last else ()
    return [
        gr.Button(questions[n], visible=True) if n < len(questions) else gr.Button("", visible=False)
        for n in range(MOST)
    ]


def _beginnings(desk: Desk, conversation: Conversation) -> Sequence[Any]:
    questions: Sequence[str] = ()
    if not conversation:
        try:
            questions = examples(desk.papers().values())
        except FootnoteError:
            questions = ()  # the same failure is told where somebody asks
    return [gr.Button(questions[n], visible=True) if n < len(questions) else gr.Button(visible=False) for n in range(6)]


def _start(desk: Desk) -> str:
    try:
        return start_html(desk.papers().values())
    except FootnoteError:
        return ""  # the same failure is told where somebody asks


def _tools(conversation: Conversation) -> Sequence[Any]:
    return [gr.Button(interactive=bool(conversation)) for _ in range(5)]


def _ready(text: str | None = None) -> Any:
    """The box for a next question: with `text`, or as it is, so that one begun while an answer was made is not lost."""
    box = {"submit_btn": "Ask", "stop_btn": False}
    return gr.Textbox(**box) if text is None else gr.Textbox(value=text, **box)
