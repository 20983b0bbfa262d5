"""The tab of the library: the list, the map, one paper at a time, and adding papers."""

from __future__ import annotations

import contextlib
import logging
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr

from rag.errors import FootnoteError, SourceError
from rag.model import Paper
from ui.content.desk import Desk
from ui.content.followups import short_name
from ui.content.listing import ORDERS, listed
from ui.content.placing import MOST_PLACED, Map, map_of
from ui.operation import MOST_UPLOADS, UPLOAD_KINDS
from ui.rendering.library import failure_html, map_html, paper_html, papers_html, report_html
from ui.tabs.ask import OPEN_PAPER, AskTab

LONGEST_PASTE = 2_000_000
_SIMILAR = 5
_log = logging.getLogger(__name__)


@dataclass
class Charts:
    """The map of the library, drawn at its first use and again when papers have come."""

    desk: Desk
    _drawn: tuple[frozenset[str], Map] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> Map:
        """The map of the library as it is.

        Raises:
            LibraryError: the library cannot be read.
        """
        papers = self.desk.papers()
        ids = frozenset(papers)
        with self._lock:
            if self._drawn is None or self._drawn[0] != ids:
                first = list(papers)[:MOST_PLACED]
                vectors = self.desk.assistant().sentence_vectors(first)
                in_order = {key: vectors[key] for key in first if key in vectors}
                self._drawn = (ids, map_of(in_order, {key: paper.title for key, paper in papers.items()}))
            return self._drawn[1]


def build_library(desk: Desk, blocks: Any, tabs: Any, asking: AskTab, *, elsewhere: Sequence[Any] = ()) -> None:
    """The tab, inside the Blocks that are being built; `asking` is where “ask about this paper” leads.

    `elsewhere` are components of other tabs in which papers can be opened.
    """
    charts = Charts(desk)
    opened = gr.State("")
    with gr.Row(elem_classes="fn-wrap"):
        with gr.Column(scale=3, min_width=320):
            with gr.Row(elem_classes="fn-wrap"):
                typed = gr.Textbox(label="Search", placeholder="title, author, year …", elem_id="search", scale=3)
                order = gr.Dropdown(list(ORDERS), value="title", label="Order", elem_id="order", min_width=130)
                look = gr.Radio(
                    ["list", "map by topic", "map by year"], value="list", label="Show as", elem_id="look",
                    min_width=260,
                )  # fmt: skip
            papers = gr.HTML("", elem_id="papers", js_on_load=OPEN_PAPER)
        with gr.Column(scale=2, min_width=320):
            with gr.Row(elem_classes="fn-tools"):
                about = gr.Button("Ask about this paper", visible=False, size="sm", elem_id="ask-about")
            view = gr.HTML("", elem_id="paper", js_on_load=OPEN_PAPER)

    def shown(text: str | None, by: str | None, how: str | None) -> str:
        # A tab that was never opened has no values yet.
        text, by, how = text or "", by or "title", how or "list"
        try:
            known = desk.papers()
            if how.startswith("map"):
                return map_html(charts.now(), known, by=how.removeprefix("map by "))
            return papers_html(listed(known.values(), text, by), len(known))
        except FootnoteError as error:
            return failure_html(str(error))

    def opening(event: gr.EventData) -> tuple[Any, ...]:
        wanted = str(getattr(event, "paper_id", ""))
        try:
            paper = desk.papers().get(wanted)
            if paper is None:
                raise SourceError("this paper is not in the library any longer. Reload the page.")
            html = paper_html(paper, _similar(desk, paper))
        except FootnoteError as error:
            return gr.Tabs(selected="library"), failure_html(str(error)), "", gr.Button(visible=False)
        return gr.Tabs(selected="library"), html, wanted, gr.Button(visible=True)

    def asked_about(wanted: str) -> tuple[Any, ...]:
        paper = desk.papers().get(wanted)
        question = f"What does {short_name(paper) or paper.title} propose?" if paper else ""
        return gr.Tabs(selected="ask"), gr.Textbox(value=question), [wanted] if paper else []

    calm = {"show_progress": "hidden", "api_visibility": "private"}
    for event in (typed.input, order.change, look.change):
        event(shown, [typed, order, look], [papers], trigger_mode="always_last", **calm)
    blocks.load(shown, [typed, order, look], [papers], **calm)
    for source in (papers, view, asking.conversation, *elsewhere):
        source.paper(opening, None, [tabs, view, opened, about], **calm).then(
            None, js="() => footnote.opened()", api_visibility="private"
        )
    about.click(asked_about, [opened], [tabs, asking.question, asking.named], queue=False, **calm)


def build_adding(desk: Desk) -> None:
    """The tab for adding papers: files, or the text of a page."""
    kinds = ", ".join(UPLOAD_KINDS)
    gr.HTML(
        '<p class="fn-about">Saved listing pages (text or HTML: title, blank line, abstract) and JSON lines with title '
        f"and abstract. Files of the kinds {kinds}, up to 20 MB each. What is in the library already costs nothing.</p>"
    )
    with gr.Row(elem_classes="fn-wrap"):
        files = gr.File(
            label="Files", file_count="multiple", file_types=list(UPLOAD_KINDS), elem_id="files", height=220
        )
        pasted = gr.Textbox(
            label="Or paste the text of a page", lines=8, max_lines=8, max_length=LONGEST_PASTE, elem_id="pasted"
        )
    with gr.Row(elem_classes="fn-tools"):
        as_of = gr.Textbox(
            label="Year of dates that have none (optional)", placeholder="worked out from the page", elem_id="as-of",
            max_lines=1, max_length=4,
        )  # fmt: skip
        go = gr.Button("Add to the library", variant="primary", elem_id="add")
    report = gr.HTML("", elem_id="report")

    def add(
        paths: list[str] | None, text: str | None, year: str | None, progress: gr.Progress = gr.Progress()  # noqa: B008
    ) -> Iterator[tuple[Any, ...]]:  # fmt: skip
        progress(0.0, desc="reading")
        try:
            html = _added(desk, paths or [], text or "", _year(year), progress)
        except FootnoteError as error:
            yield failure_html(str(error)), gr.skip(), gr.skip()
        except Exception as error:  # the last resort of a door
            _log.exception("adding papers on the page")
            yield failure_html(f"unexpected {type(error).__name__}: {error}."), gr.skip(), gr.skip()
        else:
            yield html, None, ""

    go.click(add, [files, pasted, as_of], [report, files, pasted], concurrency_limit=1, api_visibility="private")


def _added(desk: Desk, paths: list[str], text: str, as_of: int | None, progress: Any) -> str:
    if not paths and not text.strip():
        raise SourceError("there is nothing to add. Drop a file, or paste the text of a page.")
    if len(paths) > MOST_UPLOADS:
        raise SourceError(f"{len(paths)} files at once are too many; add at most {MOST_UPLOADS}.")
    wrong = [Path(path).name for path in paths if not path.lower().endswith(UPLOAD_KINDS)]
    if wrong:
        raise SourceError(f"{wrong[0]} is of a kind that cannot be read. Give {', '.join(UPLOAD_KINDS)}.")

    def move(done: int, total: int) -> None:
        progress((done, total), desc="embedding", unit="papers")

    try:
        with tempfile.TemporaryDirectory() as folder:
            given = list(paths)
            if text.strip():
                page = Path(folder) / "pasted.txt"
                page.write_text(text, encoding="utf-8", errors="replace")
                given.append(str(page))
            report = desk.assistant().ingest(given, as_of=as_of, progress=move)
    finally:
        desk.forget_papers()
        for path in paths:
            with contextlib.suppress(OSError):  # the framework clears its folder too
                Path(path).unlink()
    return report_html(report)


def _year(typed: str | None) -> int | None:
    text = (typed or "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) == 4):
        raise SourceError(f"the year is {text!r}. Give four figures, such as 2024, or nothing.")
    return int(text) if text else None


def _similar(desk: Desk, paper: Paper) -> list[Paper]:
    text = f"{paper.title}. {paper.abstract}"[:600].strip(" .")
    if not text:
        return []
    hits = desk.assistant().search(text, k=_SIMILAR + 1)
    return [hit.paper for hit in hits if hit.paper.id != paper.id][:_SIMILAR]
