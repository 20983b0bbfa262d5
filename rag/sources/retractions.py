"""What the title of a record says of a retraction, in words for `Paper.retraction`."""

from __future__ import annotations

import re

# "RETRACTED: …", "[Retracted] …", "Retracted article: …", "WITHDRAWN: …". A notice ("Retraction: …") is a text about
# another paper, which is not itself retracted; "Withdrawn: a novel" in small letters may be a title.
_MARK = re.compile(
    r"\s*(?:[\[(<*]+\s*(?P<inside>(?i:retracted|withdrawn))(?i:\s+(?:article|paper|chapter))?\s*:?\s*[\])>*]+\s*:?"
    r"|(?P<before>(?i:retracted)|WITHDRAWN)(?i:\s+(?:article|paper|chapter))?\s*:)\s*\S"
)


def in_title(title: str) -> str | None:
    """What a title that begins with a mark of retraction says ("the title says that it was retracted"), or None."""
    found = _MARK.match(title)
    return f"the title says that it was {(found['inside'] or found['before']).lower()}" if found else None
