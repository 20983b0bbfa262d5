"""The markup that publishers and catalogues leave in titles and abstracts, as the text that it stands for."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from rag.text.normalization import normal

if TYPE_CHECKING:
    from bs4 import Tag

_UNSEEN = "\u00ad\u200b\u2060\ufeff"
_ENTITY = re.compile(r"&(?:[a-z][a-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_PREFIX = re.compile(r"(</?)(?:jats|mml|m|ce|xocs)[:-](?=[a-z])", re.IGNORECASE)
_HIDDEN = re.compile(r"<!--.{0,2000}?-->|<\?xml\b[^<>]*\?>|<!\[CDATA\[|\]\]>", re.DOTALL)
_TAG = re.compile(r"<[/!?a-z]", re.IGNORECASE)
_IN_MATHS = re.compile(r"<(?:tex|math)", re.IGNORECASE)
_SETS_APART = re.compile(r"</?(?:h[1-6]|title|p|br|div|sec|ul|ol|li|abstract|blockquote)", re.IGNORECASE)
_SHIFTS = re.compile(r"<(?:su[bp]|inf)", re.IGNORECASE)
_APART_SHIFT = re.compile(r"<(?<=\s<)(?:su[bp]|inf)", re.IGNORECASE)
_LETTER_END = re.compile(r"</([abiusq])\s*>", re.IGNORECASE)
_ATTRIBUTES = r"(?:\s[^<>]{0,400})?/?>"
_HEADING = re.compile(rf"\s{{0,50}}</?(?:h[1-6]|title){_ATTRIBUTES}\s{{0,50}}", re.IGNORECASE)
_BLOCK = re.compile(
    rf"\s{{0,50}}</?(?:p|br|div|sec|section|ul|ol|li|list|list-item|abstract|blockquote){_ATTRIBUTES}\s{{0,50}}",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"</?(?:em|strong|span|sc|scp|italic|bold|underline|underlined|tt|code|small|big|font|monospace|sans-serif|roman"
    r"|strike|overline|del|ins|mark|abbr|cite|named-content|styled-content|xref|ext-link|uri|email|label|alternatives"
    r"|inline-formula|disp-formula|inline-graphic|formula|inline|display-formula|supplementary-material"
    rf"|sup|sub|inf|superscript|subscript|nobr|wbr|html|body){_ATTRIBUTES}"
    r"|<img\s[^<>]{0,2000}>",  # "<img>" alone is a token that papers write about
    re.IGNORECASE,
)
# "a<b>c" compares: a tag of one letter is one only where the text closes it.
_LETTER = re.compile(r"<(?P<tag>[abiusq])(?:\s[^<>]{0,400})?>(?P<inside>[^<>]{0,2000})</(?P=tag)\s*>", re.IGNORECASE)
_SHIFTED = re.compile(
    r"<(?P<tag>sup|superscript|sub|subscript|inf)\b[^<>]{0,200}>(?P<inside>[^<>]{0,400})</(?P=tag)\s*>", re.IGNORECASE
)
# One that is not closed counts for the figures that follow it: "10<sup>6" is no 106.
_OPEN_SHIFT = re.compile(r"<(?P<tag>sup|sub)>(?P<inside>[+\-−–]?[0-9]+)", re.IGNORECASE)
_RAISED_RING = re.compile(r"<sup>\s*[o0°]", re.IGNORECASE)
_DEGREES = re.compile(r"(?<=[0-9])\s?<sup>\s*[o0°]\s*</sup>\s?(?=[CFNSEW]\b)", re.IGNORECASE)
# A blank before what is lowered, or before a power, is of the one who set the tags apart.
_BLANK_BEFORE = re.compile(
    r"(?<=[\w)])\s+(?=<(?:sub|inf|subscript)>)|(?<=[\w)])\s+(?=<sup>\s*[-−–+])"
    r"|(?:(?<=\b10)|(?<=\b[kcmnµμ]m)|(?<=\bm))\s+(?=<sup>\s*[0-9]+\s*</sup>(?![A-Z]))"
)
_ALTERNATIVES = re.compile(r"<alternatives>.{0,20000}?</alternatives>", re.IGNORECASE | re.DOTALL)
_TEX = re.compile(r"<(?P<tag>tex-math|tex)\b[^<>]{0,200}>(?P<inside>.{0,20000}?)</(?P=tag)>", re.IGNORECASE | re.DOTALL)
_MATH = re.compile(r"<math\b[^<>]{0,2000}>.{0,50000}?</math>", re.IGNORECASE | re.DOTALL)
_DOCUMENT = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_WHOLE_DOCUMENT = re.compile(r"\\documentclass\b.{0,1000}?\\begin\{document\}.*?\\end\{document\}", re.DOTALL)
_FORMULA = re.compile(
    r"(?<!\\)\\\(\s{0,9}(?P<round>.{1,400}?)\s{0,9}\\\)|(?<!\\)\\\[\s{0,9}(?P<square>.{1,400}?)\s{0,9}\\\]"
    r"|\$\$\s{0,9}(?P<double>[^$]{1,400}?)\s{0,9}\$\$",
    re.DOTALL,
)
_DISPLAYED, _OPENED = re.compile(r"\$\$"), re.compile(r"\\[(\[]")  # found in half of the time that `in` takes
_MATHS = re.compile(r"[\\^_={}<>]|\A\w{1,2}\Z")
_HEAD_WORD = re.compile(r"\s*(?:abstract|summary)\s*[:.]?\s*\n\n", re.IGNORECASE)

# As databases write what is raised and lowered where they have no tags: ERIC, OSTI, INSPEC, Web of Science.
_WORDED = re.compile(
    r"(?:(?P<bar>/)|[{\[])(?P<tag>sup|sub)(?:erscript|script)?[ :](?P<inside>[^{}\[\]<>/]{1,40})(?(bar)/|[}\]])",
    re.IGNORECASE,
)
_SIGN = re.compile(r"/spl ([a-z]{2,8})/", re.IGNORECASE)  # INSPEC: "/spl mu/m"
_POWER = re.compile(r"(?:(?<=\b10)\((?P<minus>[-−–]\d{1,2})\)|(?<=[x×] 10)\((?P<plus>\d{1,2})\))(?![\w.])")

_RAISED = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_FIGURES = re.compile(r"[+\-−–]?[0-9]+[+\-−–]?|[+\-−–]")
_PLAIN_RAISED = re.compile(r"(?:st|nd|rd|th|e|er|o|a|™|®|©|tm|sm|[^\w+\-−–]+)", re.IGNORECASE)


def without_markup(text: str) -> str:
    """The text without the tags and entities of HTML, JATS and MathML.

    What they mean stays: raised figures are written as such ("10⁶", "10^3.5"), formulas in LaTeX stand in dollars,
    headings and paragraphs after an empty line. A heading that only says "Abstract" is left out, and so is what has no
    width, such as places to break a word; joiners are seen, by what they join.
    """
    for _ in range(2):  # some are written twice over: &amp;lt;p&gt;
        if "&" in text:
            text = _ENTITY.sub(_character, text)
    if not text.isascii():
        for mark in _UNSEEN:
            text = text.replace(mark, "") if mark in text else text
    if ("$" in text and _DISPLAYED.search(text)) or ("\\" in text and _OPENED.search(text)):
        text = _in_dollars(text)
    if "/" in text:
        text = _WORDED.sub(_shifted, text) if "/sup " in text or "/sub " in text else text
        text = _SIGN.sub(lambda sign: html.unescape(f"&{sign[1]};"), text) if "/spl " in text else text
    if ("{" in text and "{su" in text) or ("[" in text and "[su" in text):
        text = _WORDED.sub(_shifted, text)
    if "(" in text and "10(" in text:
        text = _POWER.sub(lambda power: raised(power["minus"] or power["plus"]), text)
    # A look for each tag is dear, and many texts only say that something is less than another.
    tagged = "<" in text and _TAG.search(text)
    if tagged:
        if "<!" in text or "<?" in text or "]]>" in text:
            text = _HIDDEN.sub("", text)
        text = _PREFIX.sub(r"\1", text)
        if _IN_MATHS.search(text):
            text = _formulas(text)
    if "\\" in text:
        text = without_documents(text)
    if not tagged:
        return text
    headed = False
    if _SETS_APART.search(text):
        headed = bool(_HEADING.match(_BLOCK.sub("", text[:1_000])))
        text = _BLOCK.sub("\n\n", _HEADING.sub("\n\n", text))
    text = _without_letters(text)
    if _SHIFTS.search(text):
        text = _DEGREES.sub("°", text) if _RAISED_RING.search(text) else text
        text = _BLANK_BEFORE.sub("", text) if _APART_SHIFT.search(text) else text
        for _ in range(3):  # what is raised may hold what is raised
            text, found = _SHIFTED.subn(_shifted, text)
            if not found:
                break
        text = _OPEN_SHIFT.sub(_shifted, text)
    text = _INLINE.sub("", text)
    text = (re.sub(r"\n{3,}", "\n\n", text) if "\n\n\n" in text else text).strip()
    return _HEAD_WORD.sub("", text, count=1) if headed and _HEAD_WORD.match(text) else text


def raised(text: str) -> str:
    """What is written above the line: figures as "⁶" and "⁻⁴", ordinals and marks as they are, the rest after "^"."""
    bare = text.strip()
    if _FIGURES.fullmatch(bare):
        return bare.translate(_RAISED)
    if not bare or _PLAIN_RAISED.fullmatch(bare):
        return bare
    bare = re.sub(r"^[−–](?=[\d.])", "-", bare)
    return f"^{bare}" if re.fullmatch(r"-?[\w.,]+", bare) else f"^({bare})"


def lowered(text: str) -> str:
    """What is written below the line: figures as "₂", the rest after "_"."""
    bare = text.strip()
    if _FIGURES.fullmatch(bare):
        return bare.translate(_LOWERED)
    if re.fullmatch(r"[\w.,]+", bare):
        return f"_{bare}"
    return f"_({bare})" if re.match(r"[\w−–-].*\w", bare) else bare


def formula(markup: str) -> str:
    """What MathML says, on one line: powers, indices, fractions and roots with the signs that tell them."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(_PREFIX.sub(r"\1", markup), "html.parser")
    return " ".join("".join(_said(child, 0) for child in soup.find_all(recursive=False)).split())


def without_documents(text: str) -> str:
    """The text with each formula that is a document of LaTeX, as Springer writes them, in dollars."""
    return _WHOLE_DOCUMENT.sub(lambda each: latex(each[0]), text) if "\\documentclass" in text else text


def latex(source: str) -> str:
    """A formula of LaTeX in single dollars, without the document that publishers write around it."""
    inside = found[1] if (found := _DOCUMENT.search(source)) else source
    bare = inside.strip().strip("$").strip()
    return f"${bare}$" if bare else ""


def _said(element: Tag, depth: int) -> str:
    from bs4.element import NavigableString, Tag

    if depth > 60:
        return element.get_text()
    if element.name in ("annotation", "annotation-xml"):
        return ""
    parts = [
        _said(child, depth + 1) if isinstance(child, Tag) else str(child).strip()
        for child in element.children
        if isinstance(child, Tag) or (isinstance(child, NavigableString) and child.strip())
    ]
    match element.name, parts:
        case "mover", [base, above] if not re.search(r"\w", above):
            return base + above  # an accent
        case "msup" | "mover", [base, above]:
            return base + raised(above)
        case "msub" | "munder", [base, below]:
            return base + lowered(below)
        case "msubsup" | "munderover", [base, below, above]:
            return base + lowered(below) + raised(above)
        case "mfrac", [above, below]:
            return "/".join(part if re.fullmatch(r"\w+", part) else f"({part})" for part in (above, below))
        case "msqrt", _:
            return "√" + ("".join(parts) if len(parts) == 1 else f"({''.join(parts)})")
        case "mroot", [base, degree]:
            return f"{raised(degree)}√{base if len(base) == 1 else f'({base})'}"
        case "mfenced", _:
            return f"{element.get('open', '(')}{','.join(parts)}{element.get('close', ')')}"
        case "mtext" | "mspace", _:
            return element.get_text() or " "
    return "".join(parts)


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0]).replace("\xa0", " ")


def _formulas(text: str) -> str:
    """The text with its formulas as LaTeX in dollars, or as characters where they are MathML alone."""
    text = _ALTERNATIVES.sub(lambda each: tex[0] if (tex := _TEX.search(each[0])) else each[0], text)
    return _MATH.sub(lambda each: formula(each[0]), _TEX.sub(lambda each: latex(each["inside"]), text))


def _in_dollars(text: str) -> str:
    """The text with all formulas of LaTeX in single dollars, each once: Springer writes "$$10^{6}$$106"."""
    pieces, at = [], 0
    for found in _FORMULA.finditer(text):
        inside = found["round"] or found["square"] or found["double"]
        if found["double"] is not None and not _MATHS.search(inside):
            continue
        pieces += [text[at : found.start()], f"${inside}$"]
        at = found.end() + (_repeated(inside, text[found.end() :]) if found["double"] is not None else 0)
    return "".join([*pieces, text[at:]])


def _repeated(inside: str, following: str) -> int:
    """How many characters of what follows a formula say it once more, without its markup."""
    if not following[:1].strip() or not (plain := re.sub(r"[\W_]", "", normal(inside))):
        return 0
    for end in range(1, min(len(following), 2 * len(inside)) + 1):
        if re.sub(r"[\W_]", "", normal(following[:end])) == plain and not following[end : end + 1].isalnum():
            return end
    return 0


def _without_letters(text: str) -> str:
    for _ in range(4):
        text, found = _LETTER.subn(lambda tag: tag["inside"], text)
        if not found:
            break
    # Those around other tags are left: where each is opened and closed they are tags too.
    for letter in {letter.lower() for letter in _LETTER_END.findall(text)}:
        text = re.sub(rf"(?i)<{letter}(?:\s[^<>]{{0,400}})?>|</{letter}\s*>", "", text)
    return text


def _shifted(found: re.Match[str]) -> str:
    return (raised if found["tag"].lower().startswith("sup") else lowered)(found["inside"])
