"""A real HTTP server on loopback that speaks OpenAI's protocol and does as a script says: lie, stall, break off."""

import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

TOKENS_A_REQUEST = 100


@dataclass
class Reply:
    """What the server sends. With `raw` the body is that, whatever was asked; else a completion of `text`."""

    text: str = ""
    status: int = 200
    headers: dict = field(default_factory=dict)
    raw: bytes | None = None
    error: dict | None = None
    finish: str | None = "stop"
    usage: bool = True
    piece: int = 5
    """Characters a chunk."""
    pause_s: float = 0.0
    """Between two chunks."""
    stalls: bool = False
    """Send nothing until the server is closed."""
    hold_at: str = ""
    """Wait before these words of the text until the test calls `go_on`."""
    cut_after: int | None = None
    """Break the connection off after so many chunks."""
    endless: bool = False
    """Send the text again and again."""
    pings: bool = False
    """Send comments for ever in place of chunks."""


@dataclass
class Request:
    """What came in. `at` and `first_chunk_at` are moments of `time.perf_counter`."""

    path: str
    body: dict
    key: str
    at: float
    first_chunk_at: float = 0.0

    @property
    def last(self):
        return self.body["messages"][-1]["content"]

    @property
    def evidence(self):
        """The numbered sentences in the messages: {1: "…"}."""
        text = "\n".join(message["content"] for message in self.body["messages"])
        inside = re.search(r"<evidence>\n(.*?)\n</evidence>", text, re.DOTALL)
        rows = re.findall(r"^\[(\d+)\] (.*)$", inside.group(1), re.MULTILINE) if inside else []
        return {int(n): sentence for n, sentence in rows}

    @property
    def all_evidence(self):
        """The numbered sentences of all messages, those that a search has found too."""
        text = "\n".join(message["content"] for message in self.body["messages"])
        return {int(n): row for n, row in re.findall(r"^\[(\d+)\] (.*)$", text, re.MULTILINE)}

    @property
    def is_second_try(self):
        return "Not borne out:" in self.last


class ModelServer:
    """Answers each chat with `script(request)`, a Reply or a text; lists `models`; embeds by hashing words."""

    def __init__(self, script, models=({"id": "owl"},)):
        self.script = script
        self.models = list(models)
        self.requests = []
        self.embedded = []
        self._going, self._closed = threading.Event(), threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                server._list(self)

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                key = self.headers.get("Authorization", "").removeprefix("Bearer ")
                request = Request(self.path, body, key, time.perf_counter())
                if self.path.endswith("/embeddings"):
                    server.embedded.append(request)
                    return server._embed(self, request)
                server.requests.append(request)
                return server._answer(self, request)

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        self.name = f"owl@{self.url}"

    def __enter__(self):
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._closed.set()
        self.go_on()
        self._http.shutdown()
        self._http.server_close()

    def hold(self):
        """Let what is to be held wait again."""
        self._going.clear()

    def go_on(self):
        """Let what was held come."""
        self._going.set()

    def _list(self, handler):
        if self.models is None or not self.models:
            return _send(handler, 404, {"error": {"message": "no list here"}})
        return _send(handler, 200, {"object": "list", "data": [{"object": "model", **m} for m in self.models]})

    def _embed(self, handler, request):
        reply = self.script(request)
        if isinstance(reply, Reply) and (reply.status != 200 or reply.raw is not None):
            return _send(handler, reply.status, reply.error or {"error": {"message": "no"}}, reply.headers)
        texts = request.body["input"] if isinstance(request.body["input"], list) else [request.body["input"]]
        data = [{"object": "embedding", "index": n, "embedding": hashed(text)} for n, text in enumerate(texts)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return _send(handler, 200, {"object": "list", "data": data, "model": "owl", "usage": usage})

    def _answer(self, handler, request):
        reply = self.script(request)
        reply = Reply(reply) if isinstance(reply, str) else reply
        if reply.stalls:
            self._closed.wait()
            handler.close_connection = True
            return None
        try:
            if reply.status != 200:
                return _send(handler, reply.status, {"error": reply.error or {"message": "no"}}, reply.headers)
            if reply.raw is not None:
                return _send_raw(handler, reply.raw)
            if not request.body.get("stream"):
                return _send(handler, 200, _whole(reply))
            return self._stream(handler, request, reply)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True
        return None

    def _stream(self, handler, request, reply):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        while reply.pings and not self._closed.is_set():
            handler.wfile.write(b": still here\n\n")
            handler.wfile.flush()
            time.sleep(0.05)
        held = reply.text.index(reply.hold_at) if reply.hold_at else len(reply.text)
        cuts = sorted({*range(0, len(reply.text), reply.piece), held, len(reply.text)})
        sent = 0
        while not self._closed.is_set():
            for start, end in pairwise(cuts):
                if start == held:
                    self._going.wait()
                if sent == reply.cut_after:
                    # A reset, as from a crash: closing in good order would look like an end.
                    handler.connection.setsockopt(*_LINGER)
                    handler.connection.close()
                    return
                _event(handler, {"delta": {"content": reply.text[start:end]}, "index": 0, "finish_reason": None})
                request.first_chunk_at = request.first_chunk_at or time.perf_counter()
                sent += 1
                time.sleep(reply.pause_s)
            if not reply.endless:
                break
        if reply.finish:
            _event(handler, {"delta": {}, "index": 0, "finish_reason": reply.finish})
        if reply.usage and request.body.get("stream_options", {}).get("include_usage"):
            _event(handler, None, usage=_usage(reply))
        handler.wfile.write(b"data: [DONE]\n\n")


def _linger():
    import socket
    import struct

    return socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)


_LINGER = _linger()


def _usage(reply):
    tokens = len(reply.text.split())
    return {
        "prompt_tokens": TOKENS_A_REQUEST,
        "completion_tokens": tokens,
        "total_tokens": TOKENS_A_REQUEST + tokens,
    }


def _whole(reply):
    message = {"role": "assistant", "content": reply.text}
    choice = {"index": 0, "message": message, "finish_reason": reply.finish}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "owl", "choices": [choice]} | (
        {"usage": _usage(reply)} if reply.usage else {}
    )


def _event(handler, choice, usage=None):
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "owl"}
    chunk["choices"] = [choice] if choice else []
    if usage:
        chunk["usage"] = usage
    handler.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
    handler.wfile.flush()


def _send(handler, status, body, headers=()):
    _send_raw(handler, json.dumps(body).encode(), status, headers)


def _send_raw(handler, body, status=200, headers=()):
    handler.send_response(status)
    for name, value in dict(headers).items():
        handler.send_header(name, value)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def hashed(text, dimension=16):
    """A vector that counts words by the sum of their characters: texts with the same words are near."""
    vector = [0.01] * dimension
    for word in re.findall(r"\w+", text.lower()):
        vector[sum(map(ord, word)) % dimension] += 1.0
    return vector


def obedient(text):
    """A script that answers with `text`, and passes the second try."""
    return lambda request: text


def quoting(*parts):
    """A script that answers with the sentences of the evidence that hold these words, marked as they are numbered."""

    def script(request):
        rows = request.evidence.items()
        chosen = [(n, row) for part in parts for n, row in rows if part in row]
        return " ".join(f"{row.rstrip('.')} [{n}]." for n, row in chosen) or "The evidence is not enough."

    return script
