"""Proxies in the environment: this machine is asked past them, a key is in nobody's log, and SOCKS is a clear line."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import SecretStr

from rag import Assistant, Settings
from rag.errors import SettingsError
from rag.neural.named_model import key_for, model_name
from rag.neural.provider import client
from rag.sources.live.loopback import is_loopback, without_proxy
from tests.support.model_server import ModelServer, obedient

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture
def proxy():
    """A proxy that refuses everything, and the lines that it has seen."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_POST(self):
            seen.append((self.path, self.headers.get("Authorization")))
            self.send_response(502)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815 (the names are the library's)
        do_CONNECT = do_POST  # noqa: N815

    http = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{http.server_address[1]}", seen
    http.shutdown()
    http.server_close()


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_a_model_on_this_machine_is_asked_directly_whatever_proxy_is_set(library_dir, monkeypatch, proxy, scheme):
    address, seen = proxy
    for name in NAMES:
        monkeypatch.setenv(name, address.replace("http", scheme, 1))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "example.org")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-invented")
    with (
        ModelServer(obedient("OwlNet keeps 12 of 196 visual tokens [2].")) as server,
        Assistant.open(library_dir, Settings(llm=server.name)) as assistant,
    ):
        assert assistant.ask("How many visual tokens does OwlNet keep?").status == "answered"
        assert server.requests[0].key == "sk-invented"
    assert seen == []


def test_a_proxy_that_cannot_be_used_is_one_line_without_its_password(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", "gopher://me:secret@127.0.0.1:9")
    with pytest.raises(SettingsError, match=r"cannot be asked through ALL_PROXY=gopher://127\.0\.0\.1:9: ") as caught:
        client(model_name("m@https://far.example/v1", setting="X"))
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_key_of_ours_is_refused_in_plain_text_to_another_machine():
    with pytest.raises(SettingsError, match=r"would go to another machine in plain text\. Name an https:// address"):
        key_for(model_name("m@http://192.168.1.5:8000/v1", setting="X"), SecretStr("ours"))
    for url in ("https://far.example/v1", "http://localhost:1/v1", "http://127.0.0.2:1/v1", "http://[::1]:1/v1"):
        assert key_for(model_name(f"m@{url}", setting="X"), SecretStr("ours")) == "ours"


def test_this_machine_is_left_out_of_the_proxies_of_all_libraries():
    environment = {"NO_PROXY": "example.org"}
    without_proxy(environment)
    without_proxy(environment)
    assert environment["NO_PROXY"] == "example.org,localhost,127.0.0.1,::1"
    assert all(map(is_loopback, ("localhost", "a.localhost", "127.8.0.1", "::1")))
    assert not any(map(is_loopback, ("far.example", "10.0.0.1", "localhost.example")))
