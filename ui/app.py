"""The chat page: what is put together, and where it listens."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

from rag.errors import FootnoteError, SettingsError
from rag.sources.live.loopback import without_proxy
from ui.operation import MOST_UPLOAD_BYTES, Policy, accounts, at_once, check_open

_DATA = Path(__file__).parent / "data"
_log = logging.getLogger(__name__)


def launch(
    storage: Path, *, port: int = 7860, host: str = "127.0.0.1", auth: str | None = None, no_auth: bool = False
) -> None:
    """Serve the page over the library in `storage` until interrupted.

    `auth` is USER:PASSWORD, or a file with one such pair a line. On a host that others can reach there must be one,
    unless `no_auth` is said.

    Raises:
        SettingsError: the options do not go together, or the port is taken.
        LibraryError: the library cannot be used.
    """
    users = accounts(auth)
    check_open(host, users, no_auth=no_auth)
    from rag.settings import load_settings
    from ui.content.desk import Desk

    desk = Desk(storage, load_settings())
    try:
        desk.papers()
        page = build(desk)
        # A little later: the first page comes first.
        warming = threading.Timer(1.5, desk.warm)
        warming.daemon = True
        warming.start()
        _serve(page, host, port, users)
    finally:
        desk.close()


def build(desk: Any) -> Any:
    """The page over an open `Desk`, as Gradio's Blocks."""
    import gradio as gr

    from ui.content.evaluation import latest
    from ui.rendering.evaluation import run_html
    from ui.tabs.across import build_across
    from ui.tabs.ask import build_ask
    from ui.tabs.library import build_adding, build_library

    with gr.Blocks(title="Footnote", analytics_enabled=False, delete_cache=(3600, 3600), fill_width=True) as page:
        gr.HTML(
            '<header class="fn-head"><h1>Footnote</h1><p>Answers from a library of paper abstracts, every sentence '
            "footnoted to the words that say so.</p></header>"
        )
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab("Ask", id="ask"):
                asking = build_ask(desk, page)
            with gr.Tab("Across papers", id="across"):
                across = build_across(desk)
            with gr.Tab("Library", id="library"):
                build_library(desk, page, tabs, asking, elsewhere=(across,))
            with gr.Tab("Add papers", id="add"):
                build_adding(desk)
            with gr.Tab("Evaluation", id="evaluation") as evaluation:
                scorecard = gr.HTML("", elem_id="scorecard")
        evaluation.select(
            lambda: run_html(latest(desk.storage)), None, [scorecard], show_progress="hidden", api_visibility="private"
        )
    return page


def _serve(page: Any, host: str, port: int, users: list[tuple[str, str]]) -> None:
    from gradio import themes
    from starlette.middleware import Middleware

    theme = themes.Base(
        primary_hue="sky", neutral_hue="slate", radius_size="md", font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )  # fmt: skip
    without_proxy()
    page.queue(default_concurrency_limit=at_once(), max_size=256)
    try:
        page.launch(
            server_name=host,
            server_port=port,
            auth=users or None,
            auth_message="Footnote asks for a name and a password.",
            share=False,
            inbrowser=False,
            quiet=True,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            run_history=False,
            footer_links=[],
            max_file_size=MOST_UPLOAD_BYTES,
            max_threads=max(8, 2 * at_once()),
            show_error=True,
            prevent_thread_lock=True,
            app_kwargs={"middleware": [Middleware(Policy)], "docs_url": None, "redoc_url": None, "openapi_url": None},
            theme=theme,
            css=(_DATA / "page.css").read_text(encoding="utf-8"),
            head=f"<script>{(_DATA / 'page.js').read_text(encoding='utf-8')}</script>",
        )
    except OSError as error:
        raise SettingsError(f"port {port} on {host} cannot be used: {error}. Choose another --port.") from error
    logging.getLogger("httpx").setLevel(logging.WARNING)
    _say(f"The page is at http://{'localhost' if host == '127.0.0.1' else host}:{port}/ (Ctrl-C ends it)")
    try:
        page.block_thread()
    finally:
        page.close()


def _say(text: str) -> None:
    import sys

    try:
        sys.stderr.write(f"footnote: {text}\n")
        sys.stderr.flush()
    except (OSError, ValueError) as error:
        raise FootnoteError("standard error cannot be written; nobody would know where the page is.") from error
