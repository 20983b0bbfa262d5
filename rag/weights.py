"""Weights that a command of `eval` has fitted: files of JSON in `rag/data/`, each with what it was fitted on.

`{"fitted": {…}, "weights": {…}}`: the first is for people, the second is what is read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"


def weights_file(name: str) -> Path:
    """The file of the weights with this name, as they are shipped."""
    return _FOLDER / f"{name}.json"


def read_weights(path: Path) -> Any:
    """The weights in a file, in the form that their command has written them."""
    return json.loads(path.read_text(encoding="utf-8"))["weights"]
