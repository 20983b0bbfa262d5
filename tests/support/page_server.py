"""Real chat pages for tests: a server process over a library, and a headless Chromium that notes every request."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


@contextmanager
def serving(storage, *options, **environment):
    """The address of a chat page over the library in `storage`; its process ends with the block."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "rag", "--storage", str(storage), "ui", "--port", str(port), *options],
        cwd=ROOT, env=clean | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(process, address)
        yield address
    finally:
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _wait(process, address):
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"the page did not start: {process.stderr.read()}")
        try:
            urlopen(address, timeout=10).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the page did not start within two minutes")


class Reader:
    """A person at a page, in a browser session of their own."""

    def __init__(self, browser, address, *, width=1280, height=900, scheme="light", path="/"):
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.address = address
        self.requests, self.faults = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.goto(address + path)
        self.page.wait_for_selector("#question textarea")
        self.page.wait_for_selector("#example-1:visible, .fn-turn")

    def ask(self, question):
        """Ask with the Enter key; the turn that came of it."""
        count = self.page.locator(".fn-turn:not([aria-busy])").count()
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        return self.turn(count + 1)

    def turn(self, n):
        """The `n`-th turn, once it is there."""
        self.page.wait_for_function(f"document.querySelectorAll('.fn-turn:not([aria-busy])').length >= {n}", polling=20)
        return self.page.locator(".fn-turn").nth(n - 1)

    def tab(self, name):
        """Open a tab; a narrow screen hides some behind the button for more."""
        tab = self.page.get_by_role("tab", name=name)
        if not tab.is_visible():
            self.page.locator(".overflow-menu button").first.click()
            tab = self.page.get_by_role("button", name=name)
        tab.click()

    @property
    def elsewhere(self):
        """The addresses of other hosts that were asked for."""
        return [url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))]

    def leave(self):
        self.context.close()
