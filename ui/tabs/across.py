"""The tab across papers: a table, the agreement on a claim, or the overview of a subject."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr

from rag.errors import FootnoteError, SettingsError
from ui.content.desk import Desk
from ui.rendering.across import agreement_html, overview_html, table_html
from ui.rendering.library import failure_html
from ui.tabs.ask import OPEN_PAPER

TABLE, AGREEMENT, OVERVIEW = "Table", "Agreement", "Overview"
_ASKED = {
    TABLE: ("Papers on", "visual token pruning"),
    AGREEMENT: ("Claim", "Visual tokens can be pruned without training."),
    OVERVIEW: ("Subject", "hallucination in vision-language models"),
}
_LONGEST = 500
_log = logging.getLogger(__name__)


def build_across(desk: Desk) -> Any:
    """The tab, inside the Blocks that are being built; gives the component in which papers can be opened."""
    kinds = gr.Radio(list(_ASKED), value=TABLE, label="What to make", elem_id="across-kind")
    with gr.Row(elem_classes="fn-wrap"):
        subject = gr.Textbox(
            label=_ASKED[TABLE][0], placeholder=_ASKED[TABLE][1], max_lines=1, max_length=_LONGEST,
            elem_id="across-subject", scale=2,
        )  # fmt: skip
        columns = gr.Textbox(
            label="Columns, with commas between them", value="auto", placeholder="data set size, training-free?",
            max_lines=1, max_length=_LONGEST, elem_id="across-columns", scale=2,
        )  # fmt: skip
    with gr.Row(elem_classes="fn-tools"):
        go = gr.Button("Make it", variant="primary", elem_id="across-go", size="sm")
        stop = gr.Button("Stop", elem_id="across-stop", size="sm")
    made = gr.HTML("", elem_id="across", js_on_load=OPEN_PAPER)

    def turned(what: str) -> tuple[Any, Any]:
        label, hint = _ASKED[what]
        return gr.Textbox(label=label, placeholder=hint), gr.Textbox(visible=what == TABLE)

    def make(
        what: str, text: str | None, wanted: str | None, progress: gr.Progress = gr.Progress()  # noqa: B008
    ) -> Iterator[str]:  # fmt: skip
        yield '<p class="fn-wait">Reading the library …</p>'
        try:
            yield _made(desk, what, (text or "").strip(), wanted or "", progress)
        except FootnoteError as error:
            yield failure_html(str(error))
        except Exception as error:  # the last resort of a door
            _log.exception("across papers on the page")
            yield failure_html(f"unexpected {type(error).__name__}: {error}.")

    calm = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    kinds.change(turned, [kinds], [subject, columns], **calm)
    running = [
        event(make, [kinds, subject, columns], [made], concurrency_id="ask", api_visibility="private")
        for event in (go.click, subject.submit, columns.submit)
    ]
    stop.click(lambda: '<p class="fn-wait">Stopped.</p>', None, [made], cancels=running, **calm)
    return made


def _made(desk: Desk, what: str, text: str, columns: str, progress: Any) -> str:
    if not text:
        raise SettingsError(f"{_ASKED[what][0].lower()} is empty. Write, for example, “{_ASKED[what][1]}”.")
    assistant = desk.assistant()
    if what == AGREEMENT:
        return agreement_html(assistant.agree(text))
    if what == OVERVIEW:
        return overview_html(assistant.overview(text))

    def move(done: int, total: int) -> None:
        progress((done, total), desc="reading", unit="cells")

    wanted = [column.strip() for column in columns.split(",") if column.strip()] or ["auto"]
    return table_html(assistant.table(text, wanted, progress=move))
