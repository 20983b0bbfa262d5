"""A model as the settings name it: on which server it is, under which name, and the key that goes there."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from rag.errors import SettingsError
from rag.sources.live.loopback import has_password, is_loopback

OPENAI = "https://api.openai.com/v1"
_WITH_TOOLS = ("api.openai.com", "openrouter.ai")
_AZURE = (".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com")
_NAMED = re.compile(r"openai:(?P<hosted>\S+)|(?P<model>\S+?)@(?P<url>https?://\S+)")
_RESPONSES = "/responses"
_FORMS = "openai:MODEL or MODEL@http://host/v1"


@dataclass(frozen=True)
class ModelName:
    """A model as the settings name it: on which server, under which name there, and whether by the Responses API."""

    name: str
    model: str
    url: str
    responses: bool = False

    @property
    def local(self) -> bool:
        """True for a server on this machine."""
        return is_loopback(urlsplit(self.url).hostname or "")

    @property
    def has_tools(self) -> bool:
        """True for a server whose models are known to call tools; a small model elsewhere calls them for nothing."""
        host = urlsplit(self.url).hostname or ""
        return host in _WITH_TOOLS or host.endswith(_AZURE)


def model_name(name: str, *, setting: str) -> ModelName:
    """The model that `openai:MODEL` or `MODEL@http://host/v1` (or `…/v1/responses`) stands for.

    Raises:
        SettingsError: it has neither form, or a password in its address; `setting` is the variable to correct.
    """
    if has_password(name):
        raise SettingsError(
            f"{setting} has a name or a password in its address, which errors and records would show. Give a key as "
            "FOOTNOTE_LLM_API_KEY, and the address without it."
        )
    found = _NAMED.fullmatch(name.strip())
    url = (found["url"] or OPENAI) if found else ""
    try:
        usable = bool(found) and bool(urlsplit(url).hostname) and (urlsplit(url).port or 1) > 0
    except ValueError:
        usable = False
    if not found or not usable:
        raise SettingsError(f"no model {name!r}; it takes {_FORMS}. Correct or unset {setting}.")
    base = url.rstrip("/")
    model = found["hosted"] or found["model"]
    return ModelName(name.strip(), model, base.removesuffix(_RESPONSES), base.endswith(_RESPONSES))


def key_for(named: ModelName, given: SecretStr | None) -> str:
    """The key to send: the one given, else `OPENAI_API_KEY`, never in plain text to another machine; or "none".

    Raises:
        SettingsError: the model is OpenAI's, and there is no key; the one given would be sent in plain text; or a key
            has characters that no header may have.
    """
    private = named.local or named.url.startswith("https://")
    if given is not None and (key := given.get_secret_value().strip()):
        if not private:
            raise SettingsError(
                f"the key for {named.name} would go to another machine in plain text. Name an https:// address, or "
                "unset FOOTNOTE_LLM_API_KEY."
            )
        return _sendable(key, "FOOTNOTE_LLM_API_KEY")
    key = os.environ.get("OPENAI_API_KEY", "").strip() if private else ""
    if not key and named.url == OPENAI:
        raise SettingsError(f"{named.name} needs a key. Set OPENAI_API_KEY or FOOTNOTE_LLM_API_KEY.")
    return _sendable(key, "OPENAI_API_KEY") or "none"


def _sendable(key: str, variable: str) -> str:
    """The key. The client's own error about one that cannot be sent would show it."""
    if not (key.isascii() and key.isprintable()):
        raise SettingsError(f"{variable} has characters that no key has, such as the end of a line; copy it again.")
    return key
