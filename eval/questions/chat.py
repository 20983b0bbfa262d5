"""A model for the evaluation itself: it judges or drafts, apart from the model that answers."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

from rag.errors import ProviderError, SettingsError

OPENAI = "https://api.openai.com/v1"
_TRIES = 3
_RETRIED = {408, 409, 429, 500, 502, 503, 504}


class Chat:
    """One model behind an OpenAI-compatible server, named as in the settings: openai:MODEL or MODEL@http://host/v1.

    The key is OPENAI_API_KEY for the first form, FOOTNOTE_LLM_API_KEY (if set) for the second.

    Raises:
        SettingsError: the name is neither.
    """

    def __init__(self, name: str, *, timeout_s: float = 60, pause_s: float = 1) -> None:
        model, _, address = name.partition("@")
        if name.startswith("openai:"):
            model, address = name.removeprefix("openai:"), OPENAI
        if not model or not address.startswith(("http://", "https://")):
            raise SettingsError(f"the model is {name!r}; name it as openai:MODEL or MODEL@http://host:port/v1.")
        key = os.environ.get("OPENAI_API_KEY" if address == OPENAI else "FOOTNOTE_LLM_API_KEY", "")
        self.name = name
        self._model, self._address, self._key = model, address.rstrip("/"), key
        self._timeout_s, self._pause_s = timeout_s, pause_s

    def reply(self, instructions: str, text: str) -> str:
        """What the model says, at temperature 0.

        Raises:
            ProviderError: the server cannot be reached, or gives no reply after three tries.
        """
        import httpx

        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        turns = [{"role": "system", "content": instructions}, {"role": "user", "content": text}]
        body: dict[str, Any] = {"model": self._model, "messages": turns, "temperature": 0, "seed": 0}
        said = "nothing"
        for tried in range(_TRIES):
            if tried:
                time.sleep(self._pause_s * 2**tried)
            try:
                answer = httpx.post(
                    f"{self._address}/chat/completions", json=body, headers=headers, timeout=self._timeout_s
                )
            except httpx.HTTPError as error:
                said = f"{type(error).__name__}: {error}"
                continue
            if answer.status_code == 400 and "temperature" in answer.text and "temperature" in body:
                del body["temperature"]  # some models take no temperature but their own
                said = "400"
                continue
            if answer.status_code == 200:
                return self._content(answer.text)
            said = f"status {answer.status_code}: {answer.text[:120]!r}"
            if answer.status_code not in _RETRIED:
                break
        raise ProviderError(f"{self.name} did not reply ({said}). Check the name, the key and the server.")

    def _content(self, body: str) -> str:
        import json

        try:
            content = json.loads(body)["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError) as error:
            raise ProviderError(f"{self.name} replied {body[:80]!r}, which is no chat completion.") from error
        return str(content or "")


def find_object(text: str) -> Mapping[str, Any] | None:
    """The first JSON object in what a model said, None where there is none."""
    import json

    for start in (n for n, character in enumerate(text) if character == "{"):
        try:
            found, _ = json.JSONDecoder().raw_decode(text[start:])
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return None
