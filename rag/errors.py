"""The errors that are meant for the user: each message says what happened, the value seen and what to do."""

from __future__ import annotations


class FootnoteError(Exception):
    """Base of all errors whose message is for the user."""


class SettingsError(FootnoteError):
    """A setting, an argument or a question that cannot be used as it is."""


class SourceError(FootnoteError):
    """A file or a source that cannot be read."""


class LibraryError(FootnoteError):
    """The storage: a mismatch of format or embedding, a lock that somebody holds, damage."""


class ProviderError(FootnoteError):
    """A model's server failed. `retryable` says whether the same call may work later."""

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class BudgetError(FootnoteError):
    """What is needed does not fit into the budget of tokens or time."""


def needs_extra(what: str, extra: str) -> FootnoteError:
    """The error to raise where `what` needs packages of an extra that are not installed."""
    name = f"'footnote-papers[{extra}]'"
    return FootnoteError(
        f"{what} needs packages that are not installed. `pip install {name}` brings them (with uv: "
        f"`uv tool install {name}`, `uv pip install {name}`)."
    )


def kind_of(value: object) -> str:
    """What a value that JSON can spell is called in a message: "a string", "null", "true or false" …"""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    kinds = ((str, "a string"), (int | float, "a number"), (list, "a list"), (dict, "an object"))
    return next((name for kind, name in kinds if isinstance(value, kind)), type(value).__name__)
