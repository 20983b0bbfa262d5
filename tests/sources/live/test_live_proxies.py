"""Live sources and the proxies of the environment: this machine is asked past them, and no key goes in plain text."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from rag.errors import SettingsError
from rag.sources.live import fetch, network_of
from tests.support.live_server import LiveServer, arxiv, huggingface, many, openalex, semantic_scholar

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
SERVICES = {
    arxiv: ("arxiv:search:herons", "ARXIV_ENDPOINT", ""),
    huggingface: ("hf:search:herons", "HF_ENDPOINT", "HF_TOKEN"),
    openalex: ("openalex:search:herons", "OPENALEX_ENDPOINT", "OPENALEX_API_KEY"),
    semantic_scholar: ("s2:search:herons", "S2_ENDPOINT", "S2_API_KEY"),
}
KEYED = [(spec, endpoint, key) for spec, endpoint, key in SERVICES.values() if key]


@pytest.fixture
def proxy():
    """A proxy that refuses everything, and the lines that it has seen."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            seen.append(self.path)
            self.send_response(502)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_CONNECT = do_GET  # noqa: N815 (the name is the library's)

    http = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{http.server_address[1]}", seen
    http.shutdown()
    http.server_close()


@pytest.fixture
def proxied(monkeypatch):
    """Sets all variables of proxies to one address, and closes the session that may know others."""
    from huggingface_hub import close_session

    def to(address):
        for name in NAMES:
            monkeypatch.setenv(name, address)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "example.org")
        close_session()

    yield to
    close_session()


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
@pytest.mark.parametrize("service", SERVICES)
def test_service_on_this_machine_is_asked_past_every_proxy(service, scheme, proxied, proxy):
    address, seen = proxy
    proxied(address.replace("http", scheme, 1))
    spec, endpoint, _ = SERVICES[service]
    with LiveServer(service(many(3))) as server:
        network = network_of({endpoint: server.url, "LIVE_PAUSE_S": "0", "LIVE_TRIES": "1"})
        assert len(list(fetch(spec, network=network))) == 3
    assert seen == []


@pytest.mark.parametrize("service", SERVICES)
def test_proxy_that_cannot_be_used_is_one_line_without_its_password(service, proxied):
    proxied("gopher://me:secret@127.0.0.1:9")
    spec, endpoint, _ = SERVICES[service]
    network = network_of({endpoint: "https://far.example", "LIVE_PAUSE_S": "0", "LIVE_TRIES": "1"})
    with pytest.raises(SettingsError, match=r"cannot be asked through the proxy .* unset HTTPS_PROXY") as caught:
        list(fetch(spec, network=network))
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("spec", "endpoint", "key"), KEYED)
def test_key_goes_to_no_other_machine_in_plain_text(spec, endpoint, key):
    with pytest.raises(SettingsError, match=f"{key} would go to http://far.example in plain text") as caught:
        network_of({endpoint: "http://far.example", key: "owl-secret"})
    assert "owl-secret" not in str(caught.value)
    for address in ("https://far.example", "http://localhost:1", "http://127.0.0.2:1", "http://[::1]:1"):
        network_of({endpoint: address, key: "owl-secret"})
