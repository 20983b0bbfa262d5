"""Files of networks opened by ONNX Runtime, which sends what it does to its maker unless it is told not to."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from rag.errors import LibraryError
from rag.neural.files import DATA, KEPT, Files

# Read once, when the library is first loaded; from then on it keeps no device id, and asks for no address.
_SILENCE = "ORT_DISABLE_TELEMETRY"
# What a question needs, in that order.
_ASKED = ("questions.json", "embedder.json", "cross_encoder.json")
_reading = Lock()
"""Whoever asks for a network that is being read waits for it."""


def session(path: Path) -> Any:
    """A network, on the processor, one thread a run: what is read runs side by side instead.

    A file is read once in a process as long as it does not change, and kept for the next library that is opened.
    """
    with _reading:
        return _session(path, path.stat().st_mtime_ns)


def read_ahead(embedding: str) -> None:
    """Begins to read the networks that a question needs, beside what else a start takes.

    ONNX Runtime leaves the interpreter free meanwhile. What is wrong with a file is said to who asks for it.
    """

    def read() -> None:
        for manifest in _ASKED:
            if embedding == "minilm" or manifest != "embedder.json":
                with suppress(LibraryError):
                    session(Files(DATA, manifest).checked())

    # No daemon: one that is cut off inside of ONNX Runtime takes the process with it.
    Thread(target=read, name="read-ahead").start()


@lru_cache(maxsize=KEPT)
def _session(path: Path, changed_ns: int) -> Any:
    os.environ[_SILENCE] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # where another part of the program has loaded it before
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
