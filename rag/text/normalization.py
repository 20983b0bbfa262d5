"""The text of abstracts: sentences with exact offsets, and the two normal forms (for showing and for matching).

The stored abstract is never altered. `shown` gives what a person reads; `normal` and `terms` give what is compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from threading import local
from typing import Any

from rag.text.residue import GREEK, LETTER_OF, SYMBOL_OF, without_residue

_SUPERSCRIPT = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_POWER = re.compile(r"\^(?:\{([-−]?\d+|\d*[+−-])\}|([-−]?\d+)(?!\d*\.?\d))")
_DASHES = re.compile("[‐-―−]")
_GREEK = str.maketrans(GREEK)

# A full stop after one of these does not end a sentence, whatever follows.
_NEVER_LAST = frozenset(
    """
    e.g i.e al vs fig figs eq eqs sec secs tab ref refs cf resp approx w.r.t no dr mr mrs ms prof st viz
    """.split()
)
_OPENERS = frozenset(
    """
    we the this these in our it they to however for on a an with by as i
    """.split()
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BACK = 80  # characters before a full stop that are looked at
_END = re.compile(r"[.!?]+[\"'”’)\]}]*")
_NEXT = re.compile(r"\s+([\"'“‘(\[{`*\\]*)(\S+)")
_JOINED = re.compile(r"(?:[A-Z][a-z]+|[A-Z](?=\s))(?=[\s,;:-]|$)")


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The (start, end) of every sentence, in order, without the white space around them.

    Together they hold every character of `text` that is not white space. Knows abbreviations, decimals, versions
    ("LLaVA-1.5. We"), initials, enumerators, URLs, and a full stop with no space after it.
    """
    cuts = [0]
    for end in _END.finditer(text):
        if _ends_sentence(text, end.start(), end.end()):
            cuts.append(end.end())
    cuts += [blank.start() for blank in re.finditer(r"\n\s*\n", text)]
    cuts = sorted({*cuts, len(text)})
    return tuple(_trimmed(text, cuts))


def _trimmed(text: str, cuts: list[int]) -> Iterator[tuple[int, int]]:
    for start, end in pairwise(cuts):
        piece = text[start:end]
        if stripped := piece.strip():
            first = start + piece.index(stripped[0])
            yield first, first + len(stripped)


def _ends_sentence(text: str, at: int, after: int) -> bool:
    """True if the full stop (or ! or ?) from `at` to `after` ends a sentence."""
    before = re.search(r"\S*$", text[max(0, at - _BACK) : at])
    word = (before.group() if before else "").lstrip("([{\"'“‘`")
    following = _NEXT.match(text, after)
    if following is None:
        if after >= len(text) or text[after].isspace():
            return True
        # "outputs.This classifier": the space is missing. Not inside an address or a file name.
        return (
            text[at:after] == "."
            and re.search(r"[a-z]{2}\)?$", word) is not None
            and not re.search(r"://|/|@|^www\.|\w\.\w", word)
            and _JOINED.match(text, after) is not None
        )
    lowered = word.lower().rstrip(".")
    start = following.group(2)
    if text[at] == "." and not word:
        return True  # a full stop set apart, as in old collections without capitals
    if text[at] == ".":
        if lowered in _NEVER_LAST or lowered.rpartition("(")[2] in _NEVER_LAST:
            return False
        if re.fullmatch(r"[A-Z]", word) and start.rstrip(",").lower() not in _OPENERS:
            return False  # an initial
        if re.fullmatch(r"\d{1,2}", word):
            head = text[max(0, at - len(word) - _BACK) : at - len(word)].rstrip()
            if not head or head[-1] in ":;.!?":
                return False  # an enumerator: "two stages: 1. Align them. 2. Count them."
    if re.match(r"[a-z]{1,4}\)", start):
        return True  # "... assessment. b) To examine ..."
    if start[0].islower():
        head, rest = re.split(r"[-.,]", start)[0], start.partition("-")[2]
        letter = head.strip("{}$")  # "γ-MoD lowers ...", "{\mu}-Bench has ...", "p-MoD keeps ..."
        if rest[:1].isupper() and (len(letter) == 1 or letter in LETTER_OF):
            return True
        return any(letter.isupper() for letter in head)  # "iLLaMA reaches ..."
    return True


def shown(text: str) -> str:
    """`text` as a person should read it: LaTeX residue turned into characters, white space collapsed.

    "sim75\\%" gives "~75%", "2.29times" "2.29×", "leq 4B" "≤ 4B", "{\\mu}-Bench" "μ-Bench", "S^2" "S²".
    """
    return _shown(text)


@lru_cache(maxsize=4096)
def _shown(text: str) -> str:
    if "\\" in text or "$$" in text:
        text = re.sub(r"\\(?:href|textcolor)\{[^{}]*\}\{([^{}]*)\}", r"\1", text)
        text = _DISPLAYED.sub(lambda found: f"${found[1]}$" if _MATHS.search(found[1]) else found[0], text)
    if "$" in text:
        text = _without_dollars(_BESIDE.sub(r"\1{}", text) if "$$" in text else text)
    if "\\" in text:
        text = without_residue(text)
    for signs, pattern, put in _LEFT_OVER:
        if any(sign in text for sign in signs):  # a look for the sign costs a hundredth of one for the pattern
            text = pattern.sub(put, text)
    return " ".join(text.split())


_FORMULA = re.compile(r"(?<![\\$])\$(?!\$)((?:[^$\\]|\\.){1,400}?)\$(?!\$)", re.DOTALL)
_BESIDE = re.compile(r"(?<!\$)(\$[^$\n]{1,40}\$)(?=\$[^$\n]{1,40}\$(?!\$))")  # "$\\sim$$5$"
_DISPLAYED = re.compile(r"\$\$\s{0,9}([^$]{1,400}?)\s{0,9}\$\$")
_MATHS = re.compile(r"\\[^$%&#]|[\^_={}]")
_SIGNS = re.compile(r"\\[^$%&#{}]|[\^_=]")
_WORDS = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{2,}(?![A-Za-z}])")
_ARGUMENT = re.compile(r"\\[A-Za-z]+\s*\{[^{}]*\}")
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}[,;]?\s[A-Za-z]{2,}|[.;]\s+[A-Z][a-z]")


def formulas(text: str) -> Iterator[tuple[int, int]]:
    """The (start, end) of each formula in dollars, the dollars included; "$5 a day and $60 a day" has none.

    Between its dollars a formula neither begins nor ends with a blank, unless it has a sign of LaTeX, and no figure
    follows it, unless it has such a sign: so Pandoc tells formulas from amounts of money.
    """
    at = 0
    while found := _FORMULA.search(text, at):
        if _is_formula(found[1], text[found.end() : found.end() + 1]):
            yield found.span()
            at = found.end()
        else:
            at = found.start() + 1


def _is_formula(inside: str, following: str) -> bool:
    if not inside.strip() or (following.isdigit() and (inside[0].isdigit() or not _MATHS.search(inside))):
        return False
    if inside[0].isdigit() and not _SIGNS.search(inside) and _WORDS.search(inside):
        return False  # "$5 for A$": words are no formula
    if inside[0].isdigit() and _PROSE.search(_ARGUMENT.sub("", inside)):
        return False  # an amount, and the formula after it: "$5 a day where it is $"
    return not (inside[0].isspace() or inside[-1].isspace()) or bool(_MATHS.search(inside))


_ONE_RAISED = re.compile(r"(?<!10)\^(\d)(?=\d)")


def _without_dollars(text: str) -> str:
    """The text with the dollars around short formulas gone; those before amounts stay."""
    pieces, at = [], 0
    for start, end in formulas(text):
        if end - start <= 42:
            inside = text[start + 1 : end - 1]
            # A letter behind the formula is no part of the command with which it ends: "$\\mu$s".
            # In a formula a power is one character: "\\sin^22\\theta"; but many write "10^12".
            inside = _ONE_RAISED.sub(r"^{\1}", inside)
            apart = "{}" if text[end : end + 1].isalpha() and re.search(r"\\[A-Za-z]+$", inside) else ""
            pieces += [text[at:start], inside, apart]
            at = end
    return "".join([*pieces, text[at:]])


_FUNCTIONS = frozenset("log ln exp sin cos tan sinh cosh tanh max min arg lim sup inf det dim".split())


def _macro(match: re.Match[str]) -> str:
    name = match[1] or match[2]
    if name is None:
        return match[0]
    if name in SYMBOL_OF:
        return SYMBOL_OF[name]
    if name in _FUNCTIONS:
        before, behind = match.string[: match.start()][-1:], match.string[match.end() : match.end() + 1]
        return " " * before.isalnum() + name + " " * (behind.isalnum() or behind == "\\")
    if name in LETTER_OF:
        return LETTER_OF[name]
    # A macro of the author's own that was never expanded: "\OurMethod" is best read as "our method".
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _lowered(match: re.Match[str]) -> str:
    return (match[1] or match[2]).translate(_SUBSCRIPT)


_LEFT_OVER: tuple[tuple[tuple[str, ...], re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (("\\",), re.compile(r"\\([%&_#${}])"), r"\1"),
    # All of a path of Windows stays: "C:\\path\\to".
    (("\\",), re.compile(r"\b[A-Z]:(?:\\[\w.-]+)+|\{\\([A-Za-z]+)(?:\{\})?\}|\\([A-Za-z]+)(?:\{\})?"), _macro),
    (("sim", "approx"), re.compile(r"\b(?:sim|approx)\s?(?=\d)"), "~"),
    (("leq", "geq"), re.compile(r"\b(leq|geq)\s*(?=\d)"), lambda found: SYMBOL_OF[found[1]] + " "),
    (("times",), re.compile(r"(?<=\d)\s?times\s?(?=\d)|(?<=\d)times\b"), "×"),
    (("rightarrow",), re.compile(r"\s(rightarrow)\s"), " → "),
    (("^",), _POWER, lambda found: (found[1] or found[2]).translate(_SUPERSCRIPT)),
    # "CO_2", "x_{12}", and not "resnet_50".
    (("_",), re.compile(r"(?<=[A-Za-z)\]])_\{(\d+)\}|(?<![a-z][a-z])(?<=[A-Za-z)\]])_(\d)(?![\d_])"), _lowered),
    (("_",), re.compile(r"_(?=[☉⊕⋆])"), ""),
    (("^{",), re.compile(r"\^\{([+−-]?[^{}\s+/−-]{1,40}[\s+/−-][^{}]{0,80})\}"), r"^(\1)"),  # "e^{-x t}"
    (("_{", "^{"), re.compile(r"([_^])\{([^{}]*)\}"), r"\1\2"),
    (("^*",), re.compile(r"\^\*"), "*"),
    # A blank that breaks no line; behind a letter alone it says that a figure is near to it: "z~0.5".
    (("~",), re.compile(r"(?<=\w)~(?=[(\[A-Za-z_])|(?<=[\w.][\w.])~(?=\d)"), " "),
    (("``", "''"), re.compile(r"``|(?<=\s)''(?=\w)"), "“"),
    (("''",), re.compile(r"''"), "”"),
    # Braces that hold one thing are LaTeX's; those of "{0, 1}" are a set's.
    (("{",), re.compile(r"\{((?:[^{},]|\{[^{},]*\})*)\}"), r"\1"),
    (("{",), re.compile(r"\{([^{},]*)\}"), r"\1"),
)
"""What is left of LaTeX in abstracts, in the order in which it goes: signs of which one is there where the pattern is
found, the pattern, and what takes its place."""


_PLURAL_ACRONYM = re.compile(r"\b([A-Z]{2,}|(?i:gpu|cpu|npu|api|llm|mllm|vlm|lvlm|lmm|slm|cnn|vit))s\b")


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """`text` for comparing: as shown, compatibility characters folded, lower case, one kind of dash, Greek by name."""
    text = _PLURAL_ACRONYM.sub(r"\1", unicodedata.normalize("NFKC", _shown(text))).casefold()
    text = _DASHES.sub("-", text).replace("’", "'")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return text.translate(_GREEK)


_TERM = re.compile(r"\d+(?:\.\d+)+|[^\W_]+(?:'[a-z]+)?")
_STOP = frozenset(
    """
    a about above after again against all also although am among an and any are as at be became because been
    before being below between both but by can cannot could did do does doing done during each either else et
    etc ever few for from further get gets give given gives had has have having he her here hers him his how
    however i if in instead into is it its itself just let like make makes many may me might more most much must
    my near need no nor not now of off on once one only or other our ours out over own per please quite rather
    really s same say says shall she should so some such t tell than that the their theirs them then there these
    they this those through to too under until up upon us use used uses using very via was we were what when
    where whether which while who whom whose why will with within without would yet you your yours paper papers
    abstract work works study studies approach propose proposed proposes present presents show shows shown
    """.split()
)
_stemmers = local()


def _stem(words: list[str]) -> list[str]:
    # PyStemmer's objects must not be shared between threads.
    stemmer: Any = getattr(_stemmers, "english", None)
    if stemmer is None:
        from Stemmer import Stemmer

        stemmer = _stemmers.english = Stemmer("english")
    stemmed: list[str] = stemmer.stemWords(words)
    return stemmed


_WORD = re.compile(r"[^\W_]+")


def content_words(text: str) -> tuple[tuple[int, int], ...]:
    """The (start, end) of every word of `text` that is not a stop word, in order."""
    return tuple(m.span() for m in _WORD.finditer(text) if m.group().lower() not in _STOP)


@lru_cache(maxsize=8192)
def terms(text: str) -> tuple[str, ...]:
    """The stemmed words of `text` in order, stop words left out; hyphenated words count as their parts."""
    words = [word.removesuffix("'s") for word in _TERM.findall(normal(text))]
    return tuple(_stem([word for word in words if word not in _STOP]))


def without_surrogates(text: str) -> str:
    """The text with U+FFFD in place of half characters, which JSON can spell and nothing can write or print."""
    if text.isascii():
        return text
    try:
        text.encode()  # which takes a thirtieth of the time of a look for them
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def forget_texts() -> None:
    """Forget the normal forms of texts, which are kept for those who ask for them again: of whole abstracts, 100 MB."""
    for kept in (_shown, normal, terms):
        kept.cache_clear()
