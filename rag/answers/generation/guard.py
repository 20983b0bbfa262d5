# ruff: noqa: E501 (a pattern broken in the middle is harder to read than a long one)
"""Untrusted text: instructions planted in abstracts are kept from a model, markup in its answers from the reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rag.grounding.citations import Quote
from rag.model import Paper
from rag.text import sentences, shown, terms

_READER = r"(?:ais?|llms?|assistants?|chat ?bots?|language models?|agents?|summari[sz]ers?|reviewers?|readers?|users?)"
_YOURS = r"(?:answers?|reply|replies|responses?|outputs?|instructions?|rules?|prompts?|guidelines?|evidence|sentences?)"
_STRONG = rf"(?:\byour (?:own |final |next |whole )?{_YOURS}\b|\[\d|https?:|\bwww\.|\bin (?:the|every|each) (?:answer|reply|response)\b)"
_VERBS = (
    r"(?:say|answer|reply|respond|print|output|repeat|reveal|cite|append|prepend|insert|tell|translate|click|visit|recommend|"
    r"do not|don't|never|always|write|add|include|begin|start|end|finish|stop|call|send|praise|rate|give|quote|state|"
    r"claim|report|mark|use|mention|show|respond|conclude|ask|render|embed|display|leak|disclose|swap|change|replace)(?![-\w])"
)
_WEAK = (
    rf"(?:{_STRONG}|\b{_YOURS}\b|\blinks?\b|\b(?:assistants?|chat ?bots?|readers?|users?|reviewers?)\b|\bthis (?:paper|abstract|text|system|method)\b|\binstead\b|"
    r"\bthe (?:question|above|following|words?|phrase|user)\b|\bonly\b|\bmarkdown\b|\bhtml\b|\bverbatim\b|\beverything\b|[\"“”'])"
)
# What speaks to the one who answers, and not of research. An abstract says "we ignore previous frames"; a planted
# sentence says "ignore the previous instructions". Of the 1,947 sentences and titles of the bundled library one matches.
_PLANTED = re.compile(
    "|".join(
        (
            r"\b(?:ignor\w*|disregard|forget|override|bypass|overrule|discard)\b (?:all|any|the|your|every\w*|previous|prior|these|those|what)\b"
            r"[^.]{0,40}\b(?:instructions?|prompts?|rules|guidelines|directions|above|before|told|evidence|sentences?|questions?)\b",
            r"\b(?:ignore|disregard|forget) (?:everything|all of (?:it|this|that)|the above|the rest|the question)\b",
            r"\b(?:system|developer|hidden|secret|initial) (?:prompts?|messages?|instructions?)\b",
            r"\b(?:instructions?|orders|update|command|directive|override)\s*(?:\([^)]*\)\s*)?[:!]\s",
            rf"\b(?:note|message|attention|notice|warning|reminder)\s+(?:to|for)\s+(?:the |any |all |every )?{_READER}\b",
            r"^\W*(?:dear |attention,? |hey |hello |note,? )?(?:ai|llm|assistant|chat ?bot|language model|model|agent)\s*[,:]",
            r"\b(?:you are|you're|pretend (?:to be|you)|from now on)\b",
            r"\byou (?:must|should|shall|will|have to|are to|need to) (?:now |only |always |never |not |also )*\w+",
            r"^\W*(?:please |now |also )*(?:act as|role-?play|pretend)\b",
            r"\byour (?:own |final |next |whole )?(?:answer|reply|response|output|summary|instruction|prompt|guideline|message|system)s?\b",
            r"\b(?:every|each|the final|the whole|any) (?:answer|reply|response|sentence|citation)s?\b[^.]{0,30}\b(?:must|should|shall|has to|ends? with|begins? with)\b",
            rf"(?:^[\W\d]*|[:;!?\"“]\s*)(?:please |also |then |now |instead,? |simply |just |always |never |and |you )*{_VERBS}\b[^.]{{0,80}}{_WEAK}",
            rf"\b(?:please|must|and|then|instead|to|,) {_VERBS}\b[^.]{{0,60}}{_STRONG}",
            rf"\bplease\b[^.]{{0,10}}\b{_VERBS}\b",
            r"\b(?:correct|right|true|only) answer to (?:any|every|all|this|the|each)\b",
            r"\b(?:if|when|whenever) (?:you are |anyone is |someone is |the user )?(?:asked|asks|reading this|prompted)\b(?! something)",
            r"(?:^|\n)\s*(?:system|assistant|user|human)\s*:\s",
            r"<\|?\s*/?(?:im_start|im_end|system|assistant|user|inst|endoftext|script|img|iframe|svg|object|a|form|style)\b|"
            r"\[/?inst\]|###\s*(?:instruction|system|response)",
            r"!\[[^\]]*\]\(|\]\(\s*(?:javascript:|data:|//)|javascript:|data:text/html|<!--|</?(?:evidence|question|statement)>",
            r"\bignorier\w*\b|\bignorez\b|忽略|无视|無視|무시",
        )
    ),
    re.IGNORECASE,
)  # fmt: skip
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)?|\[[^\]]*\])?")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)?")
_ADDRESS = re.compile(
    r"<?\b(?:(?:https?|ftp|file|data|javascript|vbscript|mailto):|www\.)(?:[^\s<>\"'()\]]|\([^\s()]*\))+>?|"
    r"\b(?:[\w-]+\.)+[a-z]{2,}/[^\s<>\"')\]]*",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?:[a-zA-Z/!?][^<>]*>|[a-zA-Z/!][^<>]*$)")
_INVISIBLE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
_FORMAT = re.compile(r"\*\*|__|`+|^\s{0,3}#{1,6}\s+|^\s{0,3}>\s?", re.MULTILINE)


def planted(sentence: str) -> bool:
    """True for a sentence that gives instructions to whoever answers from it, or that carries markup."""
    return _PLANTED.search(_INVISIBLE.sub("", shown(sentence))) is not None


@lru_cache(maxsize=512)
def guarded(paper: Paper) -> Paper:
    """The paper as a model may see it, with blanks in place of sentences that instruct it and of the one after each.

    All offsets stay true. A title that instructs is empty here.
    """
    spans = sentences(paper.abstract)
    text = paper.abstract
    before = False
    for start, end in spans:
        one = planted(paper.abstract[start:end])
        if one or before:
            text = text[:start] + " " * (end - start) + text[end:]
        before = one
    title = "" if planted(paper.title) else paper.title
    return paper if (text, title) == (paper.abstract, paper.title) else replace(paper, abstract=text, title=title)


def cleaned(text: str, evidence: str) -> str:
    """`text` without images, links, tags, invisible characters and marks of format that the evidence does not have."""
    plain = _INVISIBLE.sub("", text)
    plain = _LINK.sub(r"\1", _IMAGE.sub(" ", plain))
    for pattern in (_TAG, _ADDRESS):
        plain = pattern.sub(lambda found: found.group() if found.group().rstrip(".,;") in evidence else " ", plain)
    plain = _FORMAT.sub("", plain)
    return re.sub(r"[ \t]+", " ", plain).strip(" ")


def quotes(paper: Paper, safe: Paper, start: int, end: int) -> list[Quote]:
    """The run `start` to `end` as quotes of the paper, cut where `safe`, the same as guarded, is blank."""
    spans: list[tuple[int, int]] = []
    for first, last in sentences(safe.abstract):
        if first < start or last > end:
            continue
        if spans and not paper.abstract[spans[-1][1] : first].strip():
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return [Quote(paper, first, last) for first, last in spans]


def kept_back(papers: Sequence[Paper]) -> str:
    """The text of the papers that a model is not shown, "" where it is shown all."""
    gone = []
    for paper in papers:
        safe = guarded(paper)
        if safe is not paper:
            gone.append("" if safe.title else paper.title)
            gone.append("".join(a if b == " " else " " for a, b in zip(paper.abstract, safe.abstract, strict=True)))
    return " ".join(gone).strip()


def follows(sentence: str, gone: str, evidence: str) -> bool:
    """True when a sentence may come from text that was kept back, and not from the evidence.

    Half of its words at least are not in the evidence, or one of those is in what was kept back.
    """
    words = set(terms(sentence))
    strange = words - set(terms(evidence))
    return bool(gone) and (2 * len(strange) >= max(len(words), 1) or bool(strange & set(terms(gone))))
