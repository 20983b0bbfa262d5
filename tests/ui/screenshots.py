"""Pictures of the chat page's main views: all go into build/screenshots, the two for the README into docs."""

import shutil
import sys
import tempfile
from pathlib import Path

from tests.support.page_server import CHROMIUM, FLAGS, ROOT, Reader, serving

OUT = ROOT / "build" / "screenshots"
SIZES = {"wide": (1280, 860), "narrow": (390, 844)}
FOR_README = {"answer-light-wide": "page-answer", "library-dark-wide": "page-library"}


def main() -> None:
    """Make all pictures; needs a chromium on the path."""
    if CHROMIUM is None:
        sys.exit("footnote: no chromium on the path. Install it (Debian: apt-get install chromium).")
    from playwright.sync_api import sync_playwright

    from rag import Assistant

    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        with Assistant.open(folder) as assistant:
            assistant.ingest([ROOT / "storage" / "library"])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with serving(folder) as address:
            for scheme in ("light", "dark"):
                for size, (width, height) in SIZES.items():
                    reader = Reader(browser, address, width=width, height=height, scheme=scheme)
                    views(reader, f"{scheme}-{size}")
                    reader.leave()
        browser.close()
    (ROOT / "docs").mkdir(exist_ok=True)
    for name, better in FOR_README.items():
        shutil.copy(OUT / f"{name}.png", ROOT / "docs" / f"{better}.png")


def views(reader: Reader, name: str) -> None:
    """The views of one reader, in the order in which people meet them."""

    def picture(view: str) -> None:
        reader.page.wait_for_timeout(700)
        reader.page.screenshot(path=Path(OUT / f"{view}-{name}.png"))

    picture("start")
    reader.ask("What is the difference between Matryoshka Query Transformer and LLaVA-Mini?")
    picture("answer")
    reader.ask("How much memory does TokenFlow need at inference?")
    picture("abstention")
    reader.ask("Which papers are about pruning visual tokens without training?")
    picture("list")
    reader.tab("Library")
    reader.page.get_by_label("map by topic").click()
    reader.page.locator("#papers circle").nth(120).click()
    reader.page.wait_for_selector("#paper h2")
    picture("library")


if __name__ == "__main__":
    main()
