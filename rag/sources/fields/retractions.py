"""What records say of retractions, in words for `Paper.retraction`."""

from __future__ import annotations

import re

# "RETRACTED: …", "[Retracted] …", "Retracted article: …", "WITHDRAWN: …". A notice ("Retraction: …") is a text about
# another paper, which is not itself retracted; "Withdrawn: a novel" in small letters may be a title.
_MARK = re.compile(
    r"\s*(?:[\[(<*]+\s*(?P<inside>(?i:retracted|withdrawn))(?i:\s+(?:article|paper|chapter))?\s*:?\s*[\])>*]+\s*:?"
    r"|(?P<before>(?i:retracted)|WITHDRAWN)(?i:\s+(?:article|paper|chapter))?\s*:)\s*\S"
)

_AT_END = re.compile(
    r"\w\s*[\[(]((?i:retracted|withdrawn))\b(?:\s+(?i:article|paper|chapter)\b[^()\[\]]{0,200})?[\])]\.?\s*$"
)
_LONGEST = 200
_YES = frozenset({"yes", "true", "1", "y", "retracted", "retraction", "withdrawn"})
_NO = frozenset({"", "no", "false", "0", "n", "none", "null", "nan", "na", "n/a", "-"})


def in_title(title: str) -> str | None:
    """What a title that begins or ends with a mark of retraction says ("the title says that …"), or None."""
    if (found := _MARK.match(title)) or (title[-1:] in "])." and (found := _AT_END.search(title))):
        return f"the title says that it was {next(filter(None, found.groups())).lower()}"
    return None


def is_yes_or_no(said: str) -> bool:
    """True where a field that asks for a retraction says no more than whether there is one."""
    return said.lower() in _YES or said.lower() in _NO


def told(said: str, source: str) -> str | None:
    """The sentence for what such a field says: yes, why, or None for no."""
    return None if said.lower() in _NO else marked(source, "" if said.lower() in _YES else said)


def marked(source: str, notice: str = "") -> str:
    """The sentence for a record that `source` marks as retracted; `notice` is where or why, in the source's words."""
    notice = " ".join(notice.split())
    notice = notice if len(notice) <= _LONGEST else notice[: _LONGEST - 1].rstrip() + "…"
    return f"{source}: marked as retracted" + (f" ({notice})" if notice else "")
