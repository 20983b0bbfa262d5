"""Marks and habits of models: a mark of whatever shape becomes `[1]`, and what is thought aloud is cut out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

_WORDS = (
    r"(?:sources?|src|evidence|references?|refs?|citations?|cite|cit|lines?|sentences?|documents?|docs?|passages?|"
    r"papers?|abstracts?|index|idx|items?|entry|chunks?|snippets?|results?|excerpts?|footnotes?|no|nr|[sldper])"
)
_LABEL = rf"(?:{_WORDS}\s*[:.#_]?\s*|[#№^†*@\"'“]\s*){{1,2}}"
_ITEM = rf"(?:{_LABEL})?\d{{1,3}}(?::\d{{1,2}}(?!\d))?"
_ITEMS = rf"{_ITEM}(?:\s*(?:,|;|&|[–—-]|\bto\b|\band\b|,\s*and\b)\s*{_ITEM})*"
_LABELLED = rf"{_LABEL}\d{{1,3}}(?:\s*(?:,|;|&|[–—-]|\bto\b|\band\b)\s*{_ITEM})*"
_LINK = r"(?:\((?:#|https?:|\.?/|about:|cite|ref|source)[^()\s]*\))?"
_OPENS, _CLOSES = r"(?:\\?[\[［]|[【〔〖⟦]){1,2}", r"(?:\\?[\]］]|[】〕〗⟧]){1,2}"
# Behind the number may stand where in the source: "†source", "†L3-L5", ", p. 3".
_PLACE = r"(?:[\"'”^:]|†[^\]】］]{0,60}|,\s*pp?\.\s*\d+(?:[–-]\d+)?)?"
_SQUARE = re.compile(rf"\*{{0,2}}{_OPENS}\s*\^?({_ITEMS})\s*{_PLACE}\s*{_CLOSES}\*{{0,2}}{_LINK}", re.I)
_AROUND = re.compile(rf"[(]\s*(?:(?:see|{_WORDS})\s*[:.]?\s*)?((?:\[\d[\d,\s–-]*\][\s,;]*)+)[)]", re.I)
_BRACED = re.compile(rf"\(\s*(?:see\s+)?({_LABELLED})\s*\)", re.I)
# An element, a command or private signs that say of themselves that they cite.
_CITED = re.compile(
    rf"<[^<>]{{0,60}}\b(?:cite|citation|ref|source)\b[^<>]{{0,60}}>\s*({_ITEMS})\s*</[^<>]{{1,60}}>"
    rf"|\\[a-z]{{0,12}}cite[a-z]{{0,12}}\*?(?:\[[^\]]{{0,30}}\]){{0,2}}\{{\s*({_ITEMS})\s*\}}"
    r"|[\ue000-\uf8ff]cite((?:[\ue000-\uf8ff](?:turn\d{1,3})?[a-z]{1,12}\d{1,3}){1,9})[\ue000-\uf8ff]",
    re.I,
)
# What says that it is a mark and names nothing: "[cite_start]", "[source]".
_NAMELESS = re.compile(
    rf"[ \t]?{_OPENS}\s*/?(?:cit(?:e|ation)s?|sources?|ref(?:erence)?s?|evidence)(?:_\w+)?\s*{_CLOSES}", re.I
)
_PAGE = re.compile(r",\s*pp?\.\s*\d+(?:\s*[–-]\s*\d+)?|(?<=\d):\d+", re.I)
# "(1)", "¹" and "<sup>1</sup>" mean other things as well: a number in a list, a square metre. A mark stands where a
# clause ends, and a small raised figure behind a word, a stop or a blank.
_FEW = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*"
_ROUND = re.compile(
    rf"(?<=[\w.!?%)\"”’*])(\s*)(?:\(({_FEW})\)|(?:\(\(|(?<=[\s.!?])[{{<«])\s*({_FEW})\s*(?:\)\)|[}}>»])"
    r"|(?<=[\s.!?])([①-⑳]))(?=(\s*)(.|$))",
    re.DOTALL,
)
_RAISED = re.compile(
    r"(?:(?<=[.!?,;:)\"”’*%])|(?<=[a-z]{4})|(?<=\s))"
    r"(?:(⁽?[⁰¹²³⁴-⁹]+(?:[,˒·\s⁻⁾][⁰¹²³⁴-⁹]+)*⁾?)(?=[^⁰¹²³⁴-⁹⁾]|$)"
    rf"|<sup>\s*\\?\[?\^?\s*({_ITEMS})\s*\\?\]?\s*</sup>|\$?\^\{{\s*\[?({_ITEMS})\]?\s*\}}\$?|\^\[({_ITEMS})\]|\^(\d{{1,3}})\^)",
    re.I,
)
# In brackets where a sentence or a clause ends may stand words that name a paper.
_WORDED = re.compile(r"[ \t]?([\[(【〔［][^\[\]()【】〔〕［］\n]{4,250}[\])】〕］])(?=\s*(?:[.!?,;:]|[A-Z\[(]|(\Z)))")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_OWN = re.compile(r"[^\W\d_][^\W⁰¹²³⁴-⁹]*[⁰¹²³⁴-⁹]+")
_BETWEEN = re.compile(r"(?<=\d\])\s*[,;]\s*(?=\[\d)")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_OPENER = re.compile(r"\s*[,;\\(\[［【〔〖⟦{«<^$*⁽⁰¹²³⁴-⁹①-⑳\ue000-\uf8ff]")
_LONGEST_MARK = 64
_IN_WORDS = re.compile(r"\s{0,9}[\[(【〔［][^\[\]()【】〔〕［］\n]{0,250}(?:[\])】〕］]\s{0,9})?\Z")
_HEADING = re.compile(
    r"^[\s#>*_-]*(?:references?|sources?|citations?|cited (?:papers|sources|sentences|evidence)|works cited|"
    r"bibliography|footnotes|(?:list of )?(?:references|sources)(?: cited| used)?|sources? (?:used|cited)|"
    r"evidence (?:used|cited)|quellen|références)[\s*_]*(?P<colon>:?)[\s*_]*",
    re.I,
)
_LEAD = re.compile(
    r"\A\s*(?:\{\s*\"\w{1,20}\"\s*:\s*\"|[\W_]{0,4}(?:(?:the|my|final|short|direct) ){0,2}(?:answer|response)"
    r"(?:\s*:[\s*_]*|[\s*_]*\Z))",
    re.I,
)
_JSON_END = re.compile(r"\s*\"\s*\}\s*\Z")
_BASED = re.compile(
    r"(?:based (?:up)?on|according to|from|given|per|as (?:stated|shown|said) in) (?:the |these |those )?"
    r"(?:[\w-]+ ){0,3}?(?:evidence|context|information|sources?|excerpts?|abstracts?|text|documents?|papers?|passages?|"
    r"sentences?|lines?)(?: (?:provided|given|above|you gave))?,\s+",
    re.I,
)
_TO_READER = re.compile(r"\A\W*I\b|\b(?:me|you|your)\b|:\s*\Z")
_SAYS_SOMETHING = re.compile(r"\d|(?<=\w[\w,;:] )(?!I\b)[A-Z]|\w[A-Z]")
_DEFINITION = re.compile(r"^\s*(?:[-*•]\s+)?\[\^?\d{1,3}\]\s*:")
_TITLED = re.compile(r"^\s{0,3}#{1,6}\s[^.!?\[\]]*$")
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


Named = Callable[[str], str | None]
"""The numbers of the evidence that words, given in their brackets, name ("3-5"); None where they are no mark, "" where
it is not plain what the mark names."""


def nothing_named(_: str) -> str | None:
    """None: no words name anything."""


def canonical(text: str, *, whole: bool, names: Collection[str] = (), named: Named = nothing_named) -> str:
    """`text` with all marks as `[1]`, `[1, 2]` or `[1-3]`; `whole` is False while more of the line may follow.

    The raised figures of `names` are none.
    """
    text = _WORDED.sub(lambda found: _worded(found, whole=whole, named=named), text)
    text = _CITED.sub(lambda found: f"[{_numbers(_last_of_turns(next(filter(None, found.groups()))))}]", text)
    text = _SQUARE.sub(lambda found: f"[{_numbers(found.group(1))}]", text)
    text = _AROUND.sub(lambda found: found.group(1).strip(" ,;"), text)
    text = _BRACED.sub(lambda found: f"[{_numbers(found.group(1))}]", text)
    text = _RAISED.sub(lambda found: _raised(found, whole=whole, names=names), text)
    text = _ROUND.sub(lambda found: _round(found, whole=whole), text)
    return _NAMELESS.sub("", _BETWEEN.sub("", text))


def _worded(found: re.Match[str], *, whole: bool, named: Named) -> str:
    if found[2] is not None and not whole:
        return found[0]  # what follows tells whether a clause ends here
    numbers = named(found[1])
    return found[0] if numbers is None else f" [{numbers}]" if numbers else ""


def _last_of_turns(items: str) -> str:
    """Private signs number the turns of a conversation as well: "turn0search2" is the second."""
    return ", ".join(re.findall(r"[a-z](\d+)(?![a-z\d])", items)) if re.search("[\ue000-\uf8ff]", items) else items


def _numbers(items: str) -> str:
    """The numbers of a mark without what stands around them: "S1 and S3" is "1, 3", "Source 1–3" is "1-3"."""
    items = _PAGE.sub("", items)
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


def _plain_figure(items: str) -> str:
    return str(ord(items) - ord("①") + 1) if items in _CIRCLED else items


def _round(found: re.Match[str], *, whole: bool) -> str:
    before = found.string[found.start() - 1]
    blank, following = found.group(5), found.group(6)
    if not following:
        ends = whole
    elif before in ".!?":
        ends = bool(blank) and (following.isupper() or following == "(")
    else:
        ends = following in ".!?,;:"
    return (
        f"{found.group(1)}[{_numbers(_plain_figure(found.group(2) or found.group(3) or found.group(4)))}]"
        if ends
        else found.group()
    )


def may_become_mark(text: str) -> bool:
    """True when `text` begins as a mark does, and is short enough that what follows may make one of it."""
    return (len(text) < _LONGEST_MARK and _OPENER.match(text) is not None) or _IN_WORDS.match(text) is not None


def without_frame(text: str) -> str:
    """A sentence without what models put around an answer: a name for it, JSON, quotes, what it is based on."""
    text = _JSON_END.sub("", _LEAD.sub("", text)).strip()
    if len(text) > 2 and text[0] in '"“' and text[-1] in '"”' and not re.search('["“”]', text[1:-1]):
        text = text[1:-1]
    if based := _BASED.match(text):
        text = text[based.end() :]
        first = text.split(" ", 1)[0]
        text = text[:1].upper() + text[1:] if first.islower() else text
    return text


def speaks_to_reader(text: str) -> bool:
    """True for a sentence to the one who asked, without a figure or a name: "I hope this helps!"."""
    return bool(_TO_READER.search(text)) and not _SAYS_SOMETHING.search(text)


def begins_references(line: str) -> bool:
    """True for the line with which a list of references begins: its heading, alone or with a colon."""
    found = _HEADING.match(line)
    return found is not None and (bool(found["colon"]) or found.end() == len(line.rstrip()))


def is_aside(line: str) -> bool:
    """True for a line that says nothing of its own: the text of a footnote ("[^1]: …"), a rule, a heading."""
    return bool(_DEFINITION.match(line) or _RULE.match(line) or _TITLED.match(line))


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
