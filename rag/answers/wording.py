"""Sentences that stand alone: an abstract's words as a sentence of an answer, while the quote keeps them as they are.

Only what hangs on the sentences around is touched: headings and signs of enumeration, openers that tie a sentence to the
one before, and the first person, which in an answer would be somebody else's.
"""

from __future__ import annotations

import re

# Conjunctive adverbs, and phrases with a demonstrative, that open a sentence up to its first comma.
_ADVERBS = (
    r"moreover|furthermore|in addition|additionally|besides|also|however|nevertheless|nonetheless|yet|still|instead|"
    r"conversely|in contrast|by contrast|on the other hand|on the contrary|thus|therefore|hence|consequently|accordingly|"
    r"as a result|as such|specifically|in particular|particularly|concretely|more specifically|more precisely|that is|"
    r"namely|notably|importantly|crucially|remarkably|interestingly|surprisingly|indeed|in fact|finally|lastly|"
    r"overall|in summary|in conclusion|to conclude|to sum up|in short|meanwhile|then|next|subsequently|first|firstly|"
    r"second|secondly|third|thirdly|here|recently|for example|for instance|similarly|likewise|otherwise|and|but|so"
)
_OPENER = re.compile(rf"^(?:{_ADVERBS}),\s+", re.IGNORECASE)
# The same within a sentence, before any other mark: "X therefore drops them", "this could, however, cost more".
_INNER = re.compile(
    r"^((?:[^\s,;:]+ ){0,5}[^\s,;:]+),? (?:however|therefore|moreover|furthermore|consequently|accordingly|nevertheless|"
    r"nonetheless)(?:,? )(?=\w)"
)
_IN_THIS = re.compile(
    r"^(?:in|with|within|through) this (?:paper|work|study|article|report|letter|survey|chapter|regard|context|thesis|"
    r"note|contribution|research|technical report),?\s+",
    re.IGNORECASE,
)
_TO_THIS = re.compile(
    r"^(?:to|for|in|by|from|based on|motivated by|inspired by|given|building on|driven by|following|toward|towards|with|"
    r"considering|in light of|in response to|because of|due to)\b(?=[^,]{0,60}\b(?:this|these|that|those|such)\b)(?![^,]*\b(?:we|they|it|is|are|was|were)\b)[^,]{3,70},\s+",
    re.IGNORECASE,
)
# The sign of an item in an enumeration, and the headings of structured abstracts (as MEDLINE has them) before a colon.
_ITEM = re.compile(r"^(?:\(?(?:\d{1,2}|[ivx]{1,4}|[a-d])\)|[*•–—-])\s+", re.IGNORECASE)
_HEADING = re.compile(
    r"^(?:background|objectives?|aims?|purpose|introduction|motivation|context|(?:materials and )?methods?|design|setting|"
    r"results?|findings?|(?:discussion and )?conclusions?|discussion|significance|interpretation)(?: and \w+)?:\s+",
    re.IGNORECASE,
)
_SYSTEM = (
    r"(?:(?:proposed|new|novel|simple|final|full) )?(?:method|model|approach|system|framework|algorithm|technique|"
    r"benchmark|dataset|data set|model family|pipeline|architecture|strategy|scheme|network)"
)
_OURS = re.compile(
    rf"\b(?:our|the proposed|this|the present) {_SYSTEM}(?!s?\w)(?! (?:of|for|to|that|which|on|in)\b)", re.IGNORECASE
)
# "Our galaxy" is everybody's.
_EVERYBODYS = r"(?! (?:own )?(?:[\w-]+ ){0,2}(?:galaxy|universe|world|planet|sun|solar|society|lives|life|daily|species|brains?|bodies)\b)"
_FIRST_PERSON = re.compile(rf"\b(?:we\b|our\b{_EVERYBODYS})", re.IGNORECASE)
# "I" of somebody who wrote alone, and none that counts: "type I error", "Tables I and II".
_ALONE = re.compile(
    r"(?:(?<![^.!?]\s)(?<!\S)|(?<=[,;:] )|(?<=\b(?:and|how|but) )|(?<=\b(?:that|[Tt]hen|what|when|also|[Hh]ere) )|(?<=\bwhich ))"
    r"I (?:(?P<am>am|was)(?= )|(?=(?!and |or |to |in |of |is )[a-z]))"
)
_MY = re.compile(r"\b(?:[Mm]y|me|myself)\b")
_US = re.compile(r"\bus\b")
_SELVES = re.compile(r"\bourselves\b")
_IT = re.compile(
    r"^It (?=(?!is\b|was\b|has (?:\w+ )?been\b|remains\b|seems\b|turns\b|appears\b|follows\b|would be\b|may be\b|can be\b)[a-z]+)"
)
_ITS = re.compile(r"^Its (?=\w)")
# Numbers of the abstract's own references, which would be read as citations; "in [0, 1]" is an interval.
_REFERENCES = re.compile(
    r"(?<!\b(?:in|at|to|on|of|by))(?<!\b(?:and|see|for))(?<!\b(?:that|from|with|than))(?<=[\w)”\"])(?:\s|(?<=[a-z]{3}))"
    r"\[[1-9]\d{0,2}(?:\s?[,–-]\s?[1-9]\d{0,2})*\]"
)
_REFERENCE = re.compile(r"(?<=\w)\s\[([1-9]\d{0,2})\](?!\w)")
_REPORTS = re.compile(
    r"\b(?:has|have|had|was|were|is|are) (?:\w+ly |often |long )?(?:been )?(?:\w+ly |often |long )?"
    r"(?:suggested|claimed|argued|believed|thought|assumed|proposed|hypothesi[sz]ed|conjectured|speculated|postulated) that\b"
    r"|\b(?:recent|previous|prior|earlier|some|other) (?:works?|stud(?:y|ies)|authors?|papers?|results?|claims?)\b"
    r"[^,;]{0,100} (?:suggest|claim|argue|assume|propose)(?:s|d|ed)? that\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"(?:however|in contrast|by contrast|on the contrary|contrary to|in contradiction|but|yet|nevertheless|here,? we (?:show|find)"
    r"|we (?:show|find|demonstrate|prove)\b.* (?:not?|never|cannot))\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"^(?:\w+ )?(?:which|whom|whose|where)\b", re.IGNORECASE)  # what was cut off is what it is of
_HANGS = re.compile(r"^(?:this|these|that|those|it|they|such|both|the latter|the former|its|their)\b", re.IGNORECASE)

# A sentence that only says where code or data are.
_WARES = (
    r"(?:codes?|codebase|data|data ?sets?|models?|weights|checkpoints|project|benchmark|software|package|implementation|demo|"
    r"resources?|scripts|materials|leaderboard|repository|toolkit|library)"
)
_AVAILABLE = re.compile(
    rf"^(?=.{{0,240}}$)(?:(?!, (?:and|while|but) (?:the|its|our|all)\b)[^.;:]){{0,90}}?\b{_WARES}\b[^.;]{{0,60}}? (?:is|are|will|would|can|has|have) (?:[\w-]+,? ){{0,3}}"
    r"(?:available|public|publicly|released|open[- ]sourced?|open|online|accessible|found|on github|promised|shared|launched|downloaded)"
    r"(?=[.,]? ?$| (?:available|accessible|released|shared|at|on|in|under|via|from|here|for release|online|through|as|to the (?:public|community))\b)"
    rf"|^(?:code|data|source code|project page|website|github|availability(?: and implementation)?) ?:"
    rf"|^(?:we|the authors) (?:also |will |have |publicly )*(?:release|open-?source|share|publish|make) (?=(?:all|both|our|the|its|source|code|data)\b)"
    rf"[^.;]{{0,60}}\b{_WARES}\b[^;]{{0,90}}$",
    re.IGNORECASE,
)
_ASKS_WHERE = re.compile(
    r"availab|public|releas|\bopen(?:ly|[- ]?sourced?)?\b|\bcodes?\b|codebase|github|\blinks?\b|\burl|download|licen[cs]e|repositor|weights|checkpoint|"
    r"\baccess|online|\bshared?\b|\bget\b|\bobtain|\bhost|website|web ?page|\bdemo\b|leaderboard|\bwhere (?:can|is|are|to|do i)\b",
    re.IGNORECASE,
)


def standing(text: str, name: str) -> str:
    """`text`, a sentence as shown, so that it can stand alone; `name` is what its paper's work is called, or "".

    "To this end, we propose a cache." becomes "The authors propose a cache."; "Our method halves it." becomes
    "OwlNet halves it." where the work is called OwlNet, else "The authors' method halves it."
    """
    bare = _HEADING.sub("", _ITEM.sub("", text, count=1), count=1)
    bare = _REFERENCE.sub(r" reference \1", _REFERENCES.sub("", bare))
    for _ in range(3):
        cut = _OPENER.sub("", _IN_THIS.sub("", _TO_THIS.sub("", bare, count=1), count=1), count=1)
        if cut == bare or len(cut.split()) < 3 or _RELATIVE.match(cut):
            break
        bare = cut
    bare = _INNER.sub(r"\1 ", bare)
    if name:
        bare = _OURS.sub(name, bare)
        bare = _ITS.sub(f"{name}’s ", _IT.sub(f"{name} ", bare))
    bare = _first_person(bare)
    return bare[:1].upper() + bare[1:] if bare != text and not _cased(bare) else bare


def reports(text: str) -> bool:
    """True for a sentence that only says what others said: "it has been suggested that"."""
    return _REPORTS.search(text) is not None


def only_available(text: str) -> bool:
    """True for a sentence that only says where code or data are: "Code and models are public."."""
    return _AVAILABLE.search(text) is not None


def asks_where(question: str) -> bool:
    """True for a question that a sentence on where code or data are may answer."""
    return _ASKS_WHERE.search(question) is not None


def contrasts(text: str) -> bool:
    """True for a sentence, as it stands in its abstract, that begins by speaking against the one before it."""
    return _AGAINST.match(text) is not None


def hangs(text: str) -> bool:
    """True when a sentence, as `standing` gives it, begins with a word that points back to the one before it."""
    return _HANGS.match(text) is not None


def has_lost_its_subject(text: str) -> bool:
    """True when a sentence that hangs is about "it" or "them": by itself it would be about another thing."""
    return re.match(r"(?:it|they)\b", text, re.IGNORECASE) is not None


def _first_person(text: str) -> str:
    seen = False
    alone = _ALONE.sub(lambda one: "we " + {"am": "are", "was": "were"}.get(one["am"] or "", ""), text)
    if alone != text:
        text = _MY.sub(lambda one: {"me": "us", "myself": "ourselves"}.get(one[0], "our"), alone)

    def we(_: re.Match[str]) -> str:
        nonlocal seen
        said, seen = ("they" if seen else "the authors"), True
        return said

    def our(_: re.Match[str]) -> str:
        nonlocal seen
        said, seen = ("their" if seen else "the authors’"), True
        return said

    def either(match: re.Match[str]) -> str:
        return we(match) if match.group().lower() == "we" else our(match)

    found = _FIRST_PERSON.sub(either, text)
    found = _SELVES.sub("themselves", _US.sub("them", found) if seen else found)
    return found[:1].upper() + found[1:] if found != text and not _cased(found) else found


def _cased(text: str) -> bool:
    """True when the first word is written in a way of its own ("iLLaMA", "γ-MoD"), which a capital would spoil."""
    first = re.split(r"[\s,]", text, maxsplit=1)[0]
    return any(letter.isupper() for letter in first[1:]) or not first[:1].isascii()
