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
