"""What a question asks for: its kind, conditions on the metadata, the fields and the kind of figure it wants.

Pure reading of the words; which names the library knows is settled in retrieval. Question words of a few languages
other than English are known, since the names of systems are the same in all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.conditions import Conditions, conditions_in, without_dates
from rag.errors import SettingsError
from rag.text import terms

Kind = Literal["fact", "number", "reason", "yes-no", "compare", "list", "metadata"]
Order = Literal["oldest", "newest", "most_authors", "fewest_authors"]
Field = Literal["published", "author_count", "authors", "url", "title"]

MAX_QUESTION = 8_000


@dataclass(frozen=True)
class Reading:
    """A question as it was read.

    `fields` are the metadata fields it asks for, `order` a superlative over them (`top` of them, or the one
    in that `place`), `counting` is True for "how many
    papers ...". `unit` is the kind of figure wanted: "%", "×", "time", or None; `noun` are the words right after "how
    many", which say what is counted; `figure` is True when a figure is asked for at all. `refers_back` is True when it cannot be understood without the turn before, `foreign`
    when it is in another language than English. `said` is the question in the terms of the library, where everyday
    words were put into them; until then it is `text`.
    """

    text: str
    kind: Kind
    conditions: Conditions = Conditions()
    fields: tuple[Field, ...] = ()
    order: Order | None = None
    top: int = 1
    place: int = 1
    counting: bool = False
    unit: str | None = None
    noun: str = ""
    figure: bool = False
    refers_back: bool = False
    foreign: bool = False
    said: str = ""


_PAPERS = r"(?:papers?|articles?|publications?|works?|studies|entries|preprints?|abstracts?)"
_AUTHORS = r"(?:authors?|people|researchers|persons?|co-?authors?|autoren|leute|auteurs?|personnes|autores|personas)"
_FIELD_PATTERNS: tuple[tuple[Field, re.Pattern[str]], ...] = (
    (
        "published",
        re.compile(
            r"\bwhen\b.{0,60}\b(?:publish\w*|released?|posted|come out|came out|appear\w*|submitted|uploaded|out)\b|"
            r"\bwhen (?:is|was) (?!.*\b(?:used|trained|evaluated)\b)[\w-]+(?: [\w-]+)?(?: from)?\?*$|"
            r"\b(?:publication|release|submission) (?:date|year)|"
            r"\b(?:what|which) (?:date|year|month|day)\b|\bhow (?:old|recent) (?:is|are)\b|"
            r"\bdate (?:of|did|was)\b|\bits date\b|\bdated?\?*$|"
            r"\bwann\b|\bquand\b|\bcuándo\b|\bcuando (?:se|fue)\b|\bquando\b|什么时候|何时|いつ",
            re.IGNORECASE,
        ),
    ),
    (
        "author_count",
        re.compile(
            r"\bhow many (?:\w+ )?"
            + _AUTHORS
            + r"\b|\b(?:number|count) of (?:co-?)?(?:authors|people|researchers)|\bauthor count|"
            r"\bhow (?:big|large) (?:is|was) (?:the|its) (?:team|author)|\bsize of (?:the|its) (?:author|team)|"
            r"\bwie viele (?:autoren|leute|personen)|\bcombien d.auteurs|\bcuántos autores|\bquanti autori|\bquantos autores|多少.{0,3}作者",
            re.IGNORECASE,
        ),
    ),
    (
        "authors",
        re.compile(
            r"\bwho (?:wrote|authored|are the authors|is the author|created|made|developed|published|is behind)\b|"
            r"\b(?:list|name|names of|name of) (?:all )?(?:the )?authors\b|\band (?:its|the|their) authors?\b|"
            r"\bwhose (?:paper|work)\b|\bauthors of\b|^\W*authors\b|\bwer (?:hat|sind|schrieb)\b|\bfirst author\b|\bauthors\?*$",
            re.IGNORECASE,
        ),
    ),
    (
        "url",
        re.compile(
            r"\b(?:where can i (?:find|get|download)|link to|url|web ?(?:page|site)|homepage|project page|repository|"
            r"github|repo)\b",
            re.IGNORECASE,
        ),
    ),
)
_ORDERS: tuple[tuple[Order, re.Pattern[str]], ...] = (
    ("most_authors", re.compile(r"\b(?:most|largest number of|highest number of|by number of) (?:co-?)?authors|\b(?:largest|biggest|longest) (?:team|author list|list of authors|number of authors)", re.IGNORECASE)),
    ("fewest_authors", re.compile(r"\b(?:fewest|least|smallest number of) (?:co-?)?authors|\b(?:smallest|shortest) (?:team|author list|list of authors|number of authors)", re.IGNORECASE)),
    ("oldest", re.compile(r"\b(?:oldest|earliest|published first|first (?:to be )?published|(?:came|comes|come) (?:out )?(?:first|earlier)|was first|older|by age)\b", re.IGNORECASE)),
    ("newest", re.compile(r"\b(?:newest|newer|latest|most recent|published last|more recent|came (?:out )?later|last (?:to be )?published)\b", re.IGNORECASE)),
)  # fmt: skip
_NUMBER = re.compile(
    r"\b(?:how|hwo|hw) (?:many|manny|mnay|much|mcuh|muhc|long|large|big|fast|often|far|small|high|low|wide|deep|close|well|few|quickly|accurate)\b|"
    r"\bby (?:how much|what (?:factor|margin|percentage|amount))|"
    r"\bwhat (?:is the |was the |are the |'s the )?(?:exact |total |average |maximum |max |overall )?"
    r"(?:percentage|percent|fraction|share|ratio|number|size|accuracy|score|speed-?up|factor|rate|amount|proportion|"
    r"reduction|improvement|gain|drop|margin|cost|length|resolution|parameter count|speed|price|budget|f1|map|increase)\b|"
    r"\bto what (?:extent|degree)|\bwhat (?:score|accuracy|speed-?up|percentage|size|resolution|factor|improvement)s?\b|"
    r"\bwie ?viele?\b|\bwie (?:lange|hoch|gro(?:ß|ss)|schnell|stark)\b|\bum wie viel|\bcombien\b|\bcuánt\w*|\bcuant[oa]s?\b|"
    r"\bquant[ioe]s?\b|多少|几个|几倍|何倍|いくつ|どれ(?:くらい|だけ)",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"\b(?:percentages?|figures|numbers?|sizes?|scores?|accuracy|accuracies|speed|fps|flops|params|parameters?|count|"
    r"latency|resolution|cost|prozent|factor)\b(?=[^?]*\?*$)",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\b(?:how many|how much|number of|wie ?viele?|combien de|cuántos|cuántas|quanti|quantos)\s+((?:[\w-]+\s*){1,3})",
    re.IGNORECASE,
)
_PLURAL_NOUN = (
    r"(?!(?:is|was|does|has|this|its|his|ours|theirs|yours|less|across|pass|class|loss|process|access|bias|us|uses|as)\b)"
    r"[\w-]{3,}(?<![su])s\b"
)
_LIST = re.compile(
    # "Which papers ...", "what methods ...", "any assistants trained for ...", "list the ways to ..."
    r"^\W*(?:and |but |so |please )?(?:(?:can you |could you )?(?:list|name|enumerate|show me|give me|find(?: me)?|recommend)|which|what|any|"
    r"are there(?: any)?|do you have(?: any)?|all|some|other|do any(?: of (?:the|these))?)\b(?:\s+[\w/-]+){0,4}?\s+(?:of\s+the\s+)?"
    + _PLURAL_NOUN
    + r"|^\W*(?:[\w/-]+\s+){0,3}?(?:papers|articles|works|studies|surveys|systems|methods|models|benchmarks|data ?sets|llms|mllms|vlms|"
    r"approaches|techniques|frameworks|tools)\s+(?:on|about|that|which|dealing|using|where|with|for|devoted|of|from|in|to)\b|"
    r"\bwhich (?:papers|works|ones|abstracts|articles)\b|"
    r"\bwhat (?:do you have|have you got|is there|else is there|have you) (?:on|about|for)\b|^\W*(?:anything|everything|something) (?:on|about|to do with|for)\b|"
    r"\bi need something on\b|\bwhat have you got\b|^\W*who (?:else )?(?:\w+s|have|are|work|study|feed)\b(?!.{0,40}\b(?:it|this|that one)\b)|"
    r"\bwelche (?:arbeiten|paper|papiere|artikel|modelle|methoden)\b|"
    r"\bquels? (?:articles|papiers|travaux|méthodes|modèles)|\bqué (?:artículos|trabajos|métodos|modelos|papers)|哪些|どの論文",
    re.IGNORECASE,
)
_ABOUT_PAPERS = re.compile(
    r"\b" + _PAPERS + r"\b|\b(?:arbeiten|artikel|articles|artículos|trabajos|travaux)\b|哪些|论文", re.IGNORECASE
)
_COMPARE = re.compile(
    r"\b(?:compare|comparison|compared (?:to|with)|contrast|differ(?:s|ence|ences|ent)?|distinguish\w*|versus|vs\.?|"
    r"similar\w*|in common|differently|unterschied\w*|unterscheide\w*|vergleich\w*|différence|diferencia\w*|differenz\w*|区别|不同|违い|違い)(?!\w)|"
    r"\b(?:which|who|what) (?:one )?(?:is|was|has|uses|needs|gets|performs|does) (?:[\w-]+ ){0,4}?(?:more|less|fewer|better|faster|larger|smaller|higher|lower)\b.*\bor\b|"
    r"\bboth\b.*\band\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"^\W*(?:and |but |so )?(?:why|how come|warum|weshalb|pourquoi|por qué|perché|为什么|なぜ)|\bwhat is the reason|\bwhat causes|\bwhy\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"^\W*(?:and |but |so |then )?(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|ist|sind|kann|hat|est-ce|peut)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:it|its|it's|they|their|them|theirs|that one|this one|the (?:first|second|third|last|former|latter|other)(?: one| paper)?|"
    r"these|those|this (?:paper|work|model|method|system|approach|benchmark|dataset)|that (?:paper|work|model|method|system|approach|benchmark|dataset)|"
    r"the (?:paper|model|method|authors|system|approach|same)|the two|both|he|she|one)\b|^\W*(?:and|but|so|what about|how about)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\bhow long\b.{0,40}\b(?:train\w*|take|takes|took|run|last|need)|\bhow (?:quickly|fast)\b.{0,30}\btrain|\bhours?\b|\bdays?\b|\btraining time|\bwie lange",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"\bpercent\w*|%|\bfraction|\bproportion|\bshare of|prozent|pourcentage|porcentaje", re.IGNORECASE
)
_FACTOR = re.compile(
    r"\bfactor\b|\bspeed-?up\b|\bhow (?:many times|much (?:faster|smaller|larger|bigger|slower|cheaper|quicker))|\btimes (?:faster|smaller|more|fewer|larger)",
    re.IGNORECASE,
)


_PUBLISHED = re.compile(
    r"\b(?:publish\w*|came out|come out|appear\w*|released|posted|anything|everything|something|erschienen|paru\w*|publicad\w+)\b",
    re.IGNORECASE,
)
_GENERAL = frozenset(
    terms(
        """paper article publication entry preprint abstract list name anything everything something library collection
        please publish come appear release post date year month one ones came out find written write author people
        researcher summer winter spring autumn early late have know number dated date top second third two three four five
        six seven eight nine ten old new recent first last count many most few least people person team arbeiten erschienen
        welche jahr articles sont sorti publie trabajos publicados
        """
    )
)


def topic_of(text: str) -> set[str]:
    """The terms of a question that are about neither dates, authors nor papers as such."""
    for _, pattern in _ORDERS:
        text = pattern.sub(" ", text)
    return {term for term in terms(without_dates(text)) if not term.isdigit()} - _GENERAL


def read(text: str) -> Reading:
    """The question `text` as it is understood on its own.

    Raises:
        SettingsError: it is blank, or longer than `MAX_QUESTION` characters.
    """
    stripped = " ".join(text.split())
    if not stripped:
        raise SettingsError("the question is blank. Ask something, for example: which papers are about token pruning?")
    if len(stripped) > MAX_QUESTION:
        raise SettingsError(
            f"the question has {len(stripped):,} characters; at most {MAX_QUESTION:,} are taken. Shorten it."
        )
    found = conditions_in(stripped)
    order = next((name for name, pattern in _ORDERS if pattern.search(stripped)), None)
    fields = tuple(name for name, pattern in _FIELD_PATTERNS if pattern.search(stripped))
    noun = _NOUN.search(stripped)
    counting = bool(noun and _ABOUT_PAPERS.match(noun.group(1)))
    unit = "time" if _TIME.search(stripped) else "%" if _PERCENT.search(stripped) else None
    unit = "×" if unit is None and _FACTOR.search(stripped) else unit
    return Reading(
        text=stripped,
        kind=_kind(stripped, found, order, fields, counting),
        conditions=found,
        fields=fields,
        order=order,
        top=_small_number(_TOP.search(stripped)) if order else 1,
        place=_PLACES.get(place.group(1).lower(), 1) if order and (place := _PLACE.search(stripped)) else 1,
        counting=counting,
        unit=unit,
        noun=noun.group(1).strip() if noun else "",
        figure=bool(_NUMBER.search(stripped) or _FIGURES.search(stripped)),
        refers_back=bool(_BACK.search(stripped)),
        foreign=_is_foreign(stripped),
        said=stripped,
    )


_FOREIGN = frozenset(
    """der die das und ist wie viele wann wer welche welches auf mit dem den ein eine für von nicht wird kann gut hat le la
    les des du une un est et que qui quel quelle quels quelles combien pourquoi comment dans sur avec pour el los las una
    cuántos cuántas cuándo qué cómo por para con se es il lo gli che quanti quante quando come perché nel della di o os as
    um uma quantos quantas como não em do""".split()
)
_ENGLISH = frozenset(
    "the is are was were does do did how what which who when where why of in on for with by from and to many much it its "
    "that this there any has have can could not about between".split()
)


_NUMBERS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_TOP = re.compile(
    r"\b(?:top|first|last|(?:the )?)\s*(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s+(?:(?:most recent|oldest|newest|latest|"
    r"earliest)\b|papers?\b|works?\b)",
    re.IGNORECASE,
)
_PLACES = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
_PLACE = re.compile(
    r"\b(second|third|fourth|fifth)[ -](?:most|oldest|newest|latest|earliest|fewest|largest|smallest|longest|shortest)\b",
    re.IGNORECASE,
)


def _small_number(match: re.Match[str] | None) -> int:
    if match is None:
        return 1
    return _NUMBERS.get(match.group(1).lower(), 0) or int(match.group(1))


def _is_foreign(text: str) -> bool:
    """True when more words are function words of other European languages than of English, or it is written in CJK."""
    if len(re.findall(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff]", text)) >= 3:
        return True
    words = re.findall(r"[^\W\d_]+", text.lower())
    foreign = sum(word in _FOREIGN for word in words)
    return foreign >= 2 and foreign > sum(word in _ENGLISH for word in words)


_COMPARATIVE = re.compile(
    r"\b(?:older|newer|more recent|(?:came|comes|come) (?:out )?(?:first|earlier|later)|published (?:first|earlier|later))\b",
    re.IGNORECASE,
)


def _kind(text: str, found: Conditions, order: Order | None, fields: tuple[Field, ...], counting: bool) -> Kind:
    about_papers = bool(_ABOUT_PAPERS.search(text))
    if order in ("most_authors", "fewest_authors") or found.on_authors or (order and (about_papers or fields)):
        return "metadata"
    if order and _COMPARATIVE.search(text):
        return "metadata"
    if counting or "author_count" in fields or "published" in fields or "authors" in fields:
        return "metadata"
    if found.dated and (about_papers or _PUBLISHED.search(text) or len(text.split()) <= 5):
        return "list" if topic_of(text) else "metadata"
    if _COMPARE.search(text):
        return "compare"
    if _NUMBER.search(text):
        return "number"
    if _LIST.search(text):
        return "list"
    if _REASON.search(text):
        return "reason"
    return "yes-no" if _YES_NO.search(text) else "fact"


_PART = re.compile(
    r"(?<=\?)\s+(?=\S)|[,;]?\s+and\s+(?=(?:what|which|how|who|why|where|when|by how|did|does|do|is|are|was|were|can)\b)",
    re.IGNORECASE,
)


def parts_of(reading: Reading) -> tuple[Reading, ...]:
    """The questions inside a question ("What is it trained on, and how large is it?"); itself when it is one.

    A part of fewer than three words of its own belongs to the one before.
    """
    pieces: list[str] = []
    for piece in _PART.split(reading.text):
        if pieces and len(terms(piece)) < 2:
            pieces[-1] += f" {piece}"
        else:
            pieces.append(piece)
    if len(pieces) < 2:
        return (reading,)
    return tuple(read(piece) for piece in pieces)
