"""What records of arXiv have in common, from wherever they come: the breaks of their lines and their withdrawals."""

from __future__ import annotations

import re

from rag.text import sentences

_PARAGRAPH = re.compile(r"(?<![ \t])[ \t]*\n(?:(?:[ \t]*\n)+[ \t]*|[ \t]+(?=\S))")
_WORK = r"(?:paper|article|manuscript|submission|preprint|work|document|note|draft)"
_GONE = r"(?:has|have|had)?\s*(?:been|is|was)\s+(?:\w+\s+)?(?:withdrawn|retracted)\b"
_IN_ABSTRACT = re.compile(rf"\bthis\s+(?:\w+\s+)?{_WORK}\s+{_GONE}", re.IGNORECASE)
# A comment needs fewer words: "Withdrawn by the authors", "Paper withdrawn due to an error in Lemma 2".
_IN_COMMENT = re.compile(
    rf"\b(?:this|the|our)\s+(?:\w+\s+)?{_WORK}\s+{_GONE}|\A\W*(?:{_WORK}\s+)?{_GONE}"
    rf"|\A\W*(?:(?:this|the)\s+)?(?:{_WORK}\s+)?(?:withdrawn|retracted)\b(?!\s+from\b)",
    re.IGNORECASE,
)
_LONGEST = 300
_READ = 20_000


def joined(text: str) -> str:
    """The text of an abstract without the line breaks of arXiv's fixed width; a blank line parts paragraphs.

    arXiv breaks abstracts after some eighty characters and begins a paragraph with a blank line or an indented one.
    Its pages, its API and its snapshot break the same abstract in different places: joined, they are one text, and
    what is quoted from it reads as it was written.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not any(mark in text for mark in ("\n ", "\n\t", "\n\n")):
        return " ".join(text.split())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in _PARAGRAPH.split(text))


def withdrawal(comments: str | None, abstract: str) -> str | None:
    """The sentence in which arXiv's record says that the paper was withdrawn, quoted, or None where none says so.

    In the abstract it has to be "this paper": many an abstract is about things that are withdrawn.
    """
    for text, pattern in ((comments or "", _IN_COMMENT), (abstract, _IN_ABSTRACT)):
        folded = text.lower()
        if "withdrawn" not in folded and "retracted" not in folded:
            continue
        text = " ".join(text[:_READ].split())
        for part in (text[start:end] for start, end in sentences(text)):
            said = next((clause.strip() for clause in part.split(";") if pattern.search(clause)), None)
            if said:
                return f"arXiv: “{said if len(said) <= _LONGEST else said[: _LONGEST - 1] + '…'}”"
    return None
