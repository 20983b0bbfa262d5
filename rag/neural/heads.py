"""What the heads of the cross-encoder judge: the names of their outputs, in the order in which the file has them."""

from __future__ import annotations

ASKS = (
    "one", "list", "count", "compare", "overview", "several", "small talk",
    "published", "authors", "author count", "link",
)  # fmt: skip
"""What a question asks for: one answer, the papers on a subject, their number, papers side by side, a whole work, more
than one thing; nothing of the library; or a field of the metadata. More than one may hold."""

BEARS = ("supports", "contradicts", "neither")
"""What sentences of a paper may do with a statement, in the order of the head's logits."""

SLOTS = ("person", "subject", "date", "word", "field")
"""What words of a question may be, as a condition on the papers that are wanted: somebody who wrote them, what they are
about, when they appeared, what they mention, what their record has."""

MARKS = ("", *SLOTS, *(f"not {slot}" for slot in SLOTS))
"""What each word piece of a question may be: nothing of that, one of `SLOTS`, or one of those that is denied."""
