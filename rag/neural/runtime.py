"""Files of networks opened by ONNX Runtime, which sends what it does to its maker unless it is told not to."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from rag.neural.files import KEPT

# Read once, when the library is first loaded; from then on it keeps no device id, and asks for no address.
_SILENCE = "ORT_DISABLE_TELEMETRY"


def session(path: Path) -> Any:
    """A network, on the processor, one thread a run: what is read runs side by side instead.

    A file is read once in a process as long as it does not change, and kept for the next library that is opened.
    """
    return _session(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=KEPT)
def _session(path: Path, changed_ns: int) -> Any:
    os.environ[_SILENCE] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # where another part of the program has loaded it before
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
