"""Marks and habits of models: a mark of whatever shape becomes `[1]`, and what is thought aloud is cut out."""

from __future__ import annotations

import re
from collections.abc import Collection

_LABEL = (
    r"(?:(?:sources?|evidence|references?|refs?|citations?|cite|cit|lines?|sentences?|documents?|docs?|passages?|"
    r"papers?|abstracts?|no|nr|[sldper])\s*[:.#]?\s*|[#№^†*]\s*)"
)
_ITEM = rf"{_LABEL}?\d{{1,3}}"
_ITEMS = rf"{_ITEM}(?:\s*(?:,|;|&|[–—-]|\bto\b|\band\b|,\s*and\b)\s*{_ITEM})*"
_LABELLED = rf"{_LABEL}\d{{1,3}}(?:\s*(?:,|;|&|[–—-]|\bto\b|\band\b)\s*{_ITEM})*"
_LINK = r"(?:\((?:#|https?:|\.?/|about:|cite|ref|source)[^()\s]*\))?"
_SQUARE = re.compile(
    rf"\*{{0,2}}(?:\\?[\[［]|【){{1,2}}\s*\^?({_ITEMS})\s*(?:†[^\]】］]{{0,60}})?(?:\\?[\]］】]){{1,2}}\*{{0,2}}{_LINK}",
    re.I,
)
_AROUND = re.compile(r"[(]\s*(?:see\s+)?((?:\[\d[\d,\s–-]*\][\s,;]*)+)[)]", re.I)
_BRACED = re.compile(rf"\(\s*(?:see\s+)?({_LABELLED})\s*\)", re.I)
_CITED = re.compile(rf"<cite[^>]*>\s*({_ITEMS})\s*</cite>|<ref>\s*({_ITEMS})\s*</ref>", re.I)
# "(1)", "¹" and "<sup>1</sup>" mean other things as well: a number in a list, a square metre. A mark stands where a
# clause ends, and a small raised figure behind a word, a stop or a blank.
_ROUND = re.compile(r"(?<=[\w.!?%)\"”’*])(\s*)\((\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\)(?=(\s*)(.|$))", re.DOTALL)
_RAISED = re.compile(
    r"(?:(?<=[.!?,;:)\"”’*%])|(?<=[a-z]{4})|(?<=\s))"
    r"(?:([⁰¹²³⁴-⁹]+(?:[,˒·\s⁻⁾][⁰¹²³⁴-⁹]+)*)(?=[^⁰¹²³⁴-⁹]|$)"
    rf"|<sup>\s*\\?\[?\^?\s*({_ITEMS})\s*\\?\]?\s*</sup>|\$?\^\{{\s*\[?({_ITEMS})\]?\s*\}}\$?|\^\[({_ITEMS})\]|\^(\d{{1,3}})\^)",
    re.I,
)
_OWN = re.compile(r"[^\W\d_][^\W⁰¹²³⁴-⁹]*[⁰¹²³⁴-⁹]+")
_BETWEEN = re.compile(r"(?<=\d\])\s*[,;]\s*(?=\[\d)")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_OPENER = re.compile(r"\s*[,;\\(\[［【<^$*⁰¹²³⁴-⁹]")
_LONGEST_MARK = 64
_HEADING = re.compile(
    r"^[\s#>*_-]*(?:references?|sources?|citations?|cited (?:papers|sources|sentences|evidence)|works cited|"
    r"bibliography|footnotes|(?:list of )?(?:references|sources)(?: cited| used)?|sources? (?:used|cited)|"
    r"evidence (?:used|cited)|quellen|références)[\s*_]*(?P<colon>:?)[\s*_]*",
    re.I,
)
_DEFINITION = re.compile(r"^\s*(?:[-*•]\s+)?\[\^?\d{1,3}\]\s*:")
_RULE = re.compile(r"^\s*(?:[-–—_*=]\s*){3,}$")

_OPEN = (
    r"<\s*(?:[a-z]{0,8}:)?(?:think|thinking|thoughts?|reasoning|reflection|scratchpad|analysis)\s*>|◁think▷|\[THINK\]"
)
_CLOSE = _OPEN.replace("<", "<\\s*/", 1).replace("◁think", "◁/think").replace(r"\[THINK", r"\[/THINK")
_CHANNEL = (
    r"(?:<\|start\|>\s*assistant\s*)?<\|channel\|>\s*(?:analysis|commentary)\b.*?"
    r"(?:<\|end\|>|(?=<\|start\|>)|(?=<\|channel\|>\s*final)|\Z)"
)
_THOUGHT = re.compile(rf"(?:{_OPEN}).*?(?:(?:{_CLOSE})\s*|\Z)|{_CHANNEL}", re.DOTALL | re.I)
_CLOSED = re.compile(rf"\A.*(?:{_CLOSE})\s*", re.DOTALL | re.I)
_FRAME = re.compile(
    r"(?:<\|start\|>\s*assistant\s*)?<\|channel\|>\s*final\s*(?:<\|[a-z]+\|>[^<]*)?<\|message\|>|"
    r"<\|(?:end|return|im_end|eot_id|endoftext|start|message)\|>|</s>",
    re.I,
)
_OPENINGS = ("<thinking>", "<thought>", "<reasoning>", "<scratchpad>", "<reflection>", "<analysis>", "<|channel|>",
             "<|start|>", "◁think▷", "[think]", "<seed:think>")  # fmt: skip


def raised_names(text: str) -> frozenset[str]:
    """The words of a text that have a small raised figure of their own, up to it: "GlobalCom²"."""
    return frozenset(_OWN.findall(text))


def canonical(text: str, *, whole: bool, names: Collection[str] = ()) -> str:
    """`text` with all marks as `[1]`, `[1, 2]` or `[1-3]`; `whole` is False while more of the line may follow.

    The raised figures of `names` are none.
    """
    text = _CITED.sub(lambda found: f"[{_numbers(found.group(1) or found.group(2))}]", text)
    text = _SQUARE.sub(lambda found: f"[{_numbers(found.group(1))}]", text)
    text = _AROUND.sub(lambda found: found.group(1).strip(" ,;"), text)
    text = _BRACED.sub(lambda found: f"[{_numbers(found.group(1))}]", text)
    text = _RAISED.sub(lambda found: _raised(found, whole=whole, names=names), text)
    text = _ROUND.sub(lambda found: _round(found, whole=whole), text)
    return _BETWEEN.sub("", text)


def _numbers(items: str) -> str:
    """The numbers of a mark without what stands around them: "S1 and S3" is "1, 3", "Source 1–3" is "1-3"."""
    plain = re.sub(r"\s*(?:[–—-]|\bto\b)\s*", "-", re.sub(r"\band\b|[;&]", ",", items))
    return ", ".join(re.findall(r"\d+(?:-\d+)?", re.sub(r"[^\d,-]", "", plain)))


def _raised(found: re.Match[str], *, whole: bool, names: Collection[str]) -> str:
    small, *written = found.groups()
    if small is None:
        return f"[{_numbers(next(one for one in written if one))}]"
    if names and any(found.string[: found.end()].endswith(name) for name in names):
        return found.group()
    if not whole and found.end() == len(found.string):
        return found.group()  # another small figure may follow
    return f"[{', '.join(str(int(one)) for one in re.findall(r'[0-9]{1,3}', small.translate(_DIGITS)))}]"


def _round(found: re.Match[str], *, whole: bool) -> str:
    before = found.string[found.start() - 1]
    blank, following = found.group(3), found.group(4)
    if not following:
        ends = whole
    elif before in ".!?":
        ends = bool(blank) and (following.isupper() or following == "(")
    else:
        ends = following in ".!?,;:"
    return f"{found.group(1)}[{_numbers(found.group(2))}]" if ends else found.group()


def may_become_mark(text: str) -> bool:
    """True when `text` begins as a mark does, and is short enough that what follows may make one of it."""
    return len(text) < _LONGEST_MARK and _OPENER.match(text) is not None


def begins_references(line: str) -> bool:
    """True for the line with which a list of references begins: its heading, alone or with a colon."""
    found = _HEADING.match(line)
    return found is not None and (bool(found["colon"]) or found.end() == len(line.rstrip()))


def is_aside(line: str) -> bool:
    """True for a line that says nothing of its own: the text of a footnote ("[^1]: …"), a rule."""
    return bool(_DEFINITION.match(line) or _RULE.match(line))


def without_thoughts(text: str) -> str:
    """What a reply says when what its model thinks aloud is cut out, also where only the end of that is marked."""
    return _FRAME.sub("", _CLOSED.sub("", _THOUGHT.sub("", text)))


def thoughts_opened(text: str) -> bool:
    """True when a reply begins with thoughts whose beginning is marked."""
    return _THOUGHT.match(text.lstrip()) is not None


def thoughts_closed(text: str) -> bool:
    """True when a text has the end of thoughts whose beginning was not marked."""
    return _CLOSED.match(_THOUGHT.sub("", text)) is not None


def spoken(text: str) -> str:
    """What may be passed on of a reply that is still being written: no thoughts, nor what may begin or end them."""
    start = text.lstrip().lower()
    if start and any(opening.startswith(start) for opening in _OPENINGS):
        return ""
    said = without_thoughts(text)
    tail = re.search(r"[<◁\[][^<>◁▷\[\]\s]{0,14}\Z", said)
    return said[: tail.start()] if tail and not re.match(r"\[\d", tail.group()) else said
