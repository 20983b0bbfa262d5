"""Foreign text made safe for a page: nothing that a paper, a model or a file name says can act as markup."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote, urlsplit

from rag.text import shown

# Control characters, and characters that turn a line round or hide in it: a title could show what it is not.
_DISGUISING = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
# The page's framework reads templates; these three begin one there.
_TEMPLATE = {"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"}


def visible(text: str) -> str:
    """`text` with U+FFFD in place of each character that cannot be seen or reorders others; as long as before."""
    return _DISGUISING.sub("\ufffd", text)


def safe(text: str) -> str:
    """`text` for an element or an attribute in double quotes; every character stands for itself."""
    escaped = escape(visible(text), quote=True)
    return re.sub(r"[{}$`]", lambda sign: _TEMPLATE[sign[0]], escaped)


def as_read(text: str) -> str:
    """Text of a paper as a person reads it: LaTeX residue read, white space collapsed. Not safe for a page."""
    return shown(text)


def line(text: str) -> str:
    """`text` as a person reads it, safe."""
    return safe(shown(visible(text)))


def isolated(text: str) -> str:
    """As `line`, kept from turning its surroundings round when it is written from right to left."""
    return f"<bdi>{line(text)}</bdi>"


def link(url: str | None, label: str) -> str:
    """A link that opens outside, or nothing when `url` is no plain web address. `label` is text."""
    if not url or _DISGUISING.search(url):
        return ""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return f'<a href="{safe(url.strip())}" target="_blank" rel="noopener noreferrer nofollow">{safe(label)}</a>'


def download(name: str, text: str, label: str) -> str:
    """A link that saves `text` as a file called `name`, without asking the server."""
    # UTF-8 cannot carry half a character.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    address = f"data:text/plain;charset=utf-8,{quote(whole)}"
    return f'<a class="fn-action" download="{safe(name)}" href="{address}">{safe(label)}</a>'
