"""Replies of models kept on disk by what was asked, so that a run can be repeated offline and costs nothing."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from rag.answers.generation.prompts import Message

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """A reply that was complete: its text, and why the model stopped."""

    text: str
    finish: str


class AnswerCache:
    """A folder with one file a reply, named by the hash of model and messages: question, evidence and prompt.

    The files outlive it; it lives as long as its Generator and holds nothing open.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def key(model: str, messages: Sequence[Message], max_tokens: int) -> str:
        """The key of a request. The model counts with its address: two servers may mean different models by a name."""
        whole = json.dumps([model, max_tokens, [asdict(message) for message in messages]], ensure_ascii=False)
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

    def get(self, key: str) -> Kept | None:
        """The reply, or None; a file that is damaged counts as none."""
        try:
            kept = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
            return Kept(str(kept["text"]), str(kept["finish"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, reply: Kept) -> None:
        """Keep a reply. A folder that cannot be written costs the repetition, not the answer."""
        beside = self._folder / f"{key}.{uuid4().hex}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(asdict(reply), ensure_ascii=False), encoding="utf-8")
            os.replace(beside, self._folder / f"{key}.json")
        except (OSError, UnicodeEncodeError) as error:
            _log.warning("a reply could not be kept in %s: %s", self._folder, error)
            with suppress(OSError):
                beside.unlink()
