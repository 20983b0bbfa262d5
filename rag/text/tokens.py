"""Counting tokens with tiktoken, from the vocabulary that comes with llama-index-core: nothing is ever downloaded."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import SettingsError

if TYPE_CHECKING:
    from tiktoken import Encoding


def count_tokens(text: str, *, encoding: str = "cl100k_base") -> int:
    """The number of tokens of `text`; markers of special tokens in it count as plain text.

    Raises:
        SettingsError: the vocabulary is not among those installed.
    """
    return len(_encoding(encoding).encode_ordinary(text))


@lru_cache(maxsize=2)
def _encoding(name: str) -> Encoding:
    import tiktoken

    spec = find_spec("llama_index.core")
    cache = Path(spec.origin).parent / "_static" / "tiktoken_cache" if spec and spec.origin else None
    if cache is None or not cache.is_dir():
        raise SettingsError(
            f"the vocabulary {name!r} for counting tokens is not installed: llama-index-core has no {cache}. "
            "Install the versions of requirements.lock."
        )
    # tiktoken looks for its cache in the environment only, and downloads what is not there.
    before = os.environ.get("TIKTOKEN_CACHE_DIR")
    os.environ["TIKTOKEN_CACHE_DIR"] = str(cache)
    try:
        return tiktoken.get_encoding(name)
    except ValueError as error:
        raise SettingsError(f"no vocabulary {name!r} for counting tokens; use cl100k_base or o200k_base.") from error
    finally:
        if before is None:
            del os.environ["TIKTOKEN_CACHE_DIR"]
        else:
            os.environ["TIKTOKEN_CACHE_DIR"] = before
