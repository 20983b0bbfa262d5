"""A network over runs of word pieces: its file, read once, with the tokenizer that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.neural.files import Files
from rag.neural.packing import Packed
from rag.neural.runtime import session


class Network:
    """It owns the session of ONNX and the tokenizer, read when first needed; safe between threads.

    Lives as long as the library that it was made for is open.
    """

    def __init__(self, folder: Path, manifest: str) -> None:
        self._files = Files(folder, manifest)
        self._lock = Lock()

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What belongs to the file: its name, hash and calibration. Raises LibraryError if it is not there."""
        return self._files.manifest

    @cached_property
    def _session(self) -> Any:
        return session(self._files.checked("file"))

    @cached_property
    def _tokenizer(self) -> Any:
        return self._files.tokenizer()

    def ready(self) -> Any:
        """The tokenizer, when both files are read: several threads may ask for the first time at once.

        Raises:
            LibraryError: a file is missing, or is not the one that the manifest names.
        """
        with self._lock:
            _ = self._session
            return self._tokenizer

    def run(self, packed: Packed, *heads: str) -> tuple[NDArray[np.float32], ...]:
        """What the heads say of one run of pieces, each as logits; not before it is `ready`."""
        given = {
            "ids": np.array([packed.ids], dtype=np.int64),
            "types": np.array([packed.types], dtype=np.int64),
            "mask": np.ones((1, len(packed.ids)), dtype=np.int64),
        }
        return tuple(output[0] for output in self._session.run(heads, given))
