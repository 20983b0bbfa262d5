"""What a question asks for: its kind, conditions on the metadata, the fields and the kind of figure it wants.

Pure reading of the words; which names the library knows is settled in retrieval. Question words of a few languages
other than English are known, since the names of systems are the same in all of them.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from rag.errors import SettingsError
from rag.model import Paper

Kind = Literal["fact", "number", "reason", "yes-no", "compare", "list", "metadata"]
Order = Literal["oldest", "newest", "most_authors", "fewest_authors"]
Field = Literal["published", "author_count", "authors", "url", "title"]

MAX_QUESTION = 8_000


@dataclass(frozen=True)
class Conditions:
    """Conditions on the metadata; a paper that lacks the field does not meet one. Dates are inclusive."""

    year: int | None = None
    month: int | None = None
    since: date | None = None
    until: date | None = None
    min_authors: int | None = None
    max_authors: int | None = None
    source: str | None = None
    abstract_kind: str | None = None
    paper_ids: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Conditions()

    @property
    def dated(self) -> bool:
        """True when a condition is on the date."""
        return any(value is not None for value in (self.year, self.month, self.since, self.until))

    @property
    def on_authors(self) -> bool:
        """True when a condition is on the number of authors."""
        return self.min_authors is not None or self.max_authors is not None

    def met_by(self, paper: Paper) -> bool:
        """True when the paper meets all of them."""
        day = paper.published
        if self.dated and day is None:
            return False
        if day is not None and (
            (self.year is not None and day.year != self.year)
            or (self.month is not None and day.month != self.month)
            or (self.since is not None and day < self.since)
            or (self.until is not None and day > self.until)
        ):
            return False
        count = paper.author_count
        if self.on_authors and count is None:
            return False
        if count is not None and not (self.min_authors or 0) <= count <= (self.max_authors or 10**9):
            return False
        return (
            (self.source is None or paper.source == self.source)
            and (self.abstract_kind is None or paper.abstract_kind == self.abstract_kind)
            and (not self.paper_ids or paper.id in self.paper_ids)
        )

    def joined(self, other: Conditions) -> Conditions:
        """Both sets of conditions together; where both name one, `other` wins."""
        given = {name: value for name, value in vars(other).items() if value not in (None, ())}
        return replace(self, **given)


def conditions(where: Mapping[str, Any] | None) -> Conditions:
    """The conditions that a caller gives as a mapping, e.g. `{"year": 2024}` or `{"since": "2024-03-01"}`.

    Raises:
        SettingsError: a key that is not known, or a value that it cannot have.
    """
    given: dict[str, Any] = {}
    for key, value in (where or {}).items():
        if key not in Conditions.__dataclass_fields__:
            raise SettingsError(
                f"where has {key!r}, which is no condition; known: {', '.join(Conditions.__dataclass_fields__)}."
            )
        try:
            if key in ("since", "until"):
                given[key] = value if isinstance(value, date) else date.fromisoformat(str(value))
            elif key in ("year", "month", "min_authors", "max_authors"):
                given[key] = int(value)
            elif key == "paper_ids":
                given[key] = (value,) if isinstance(value, str) else tuple(str(item) for item in value)
            else:
                given[key] = str(value)
        except (TypeError, ValueError) as error:
            raise SettingsError(f"where has {key}={value!r}, which cannot be read ({error}).") from error
    return Conditions(**given)


@dataclass(frozen=True)
class Reading:
    """A question as it was read.

    `fields` are the metadata fields it asks for, `order` a superlative over them, `counting` is True for "how many
    papers ...". `unit` is the kind of figure wanted: "%", "×", "time", or None; `noun` are the words right after "how
    many", which say what is counted. `refers_back` is True when it cannot be understood without the turn before.
    """

    text: str
    kind: Kind
    conditions: Conditions = Conditions()
    fields: tuple[Field, ...] = ()
    order: Order | None = None
    counting: bool = False
    unit: str | None = None
    noun: str = ""
    refers_back: bool = False


_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = r"(?P<{0}month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<{0}year>(?:19|20)\d\d)"
_WHEN = r"(?:" + _MONTH + r"(?:\s+(?P<{0}day>\d{{1,2}})(?:st|nd|rd|th)?,?)?(?:\s+of)?\s*)?" + _YEAR + r"\b"
_DATED = re.compile(
    r"\b(?P<how>in|from|of|during|since|after|before|until|till|by|up to|later than|earlier than|prior to|through|"
    r"dated|published|year|en|im|im jahr|seit|vor|nach|depuis|avant|desde|antes de)\s+"
    r"(?:the\s+)?(?:year\s+)?(?:the\s+end\s+of\s+|early\s+|late\s+|mid-?)?" + _WHEN.format(""),
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\b(?:between|from)\s+" + _WHEN.format("a_") + r"\s+(?:and|to|until|through|-|–)\s+" + _WHEN.format("b_"),
    re.IGNORECASE,
)
_BARE_MONTH = re.compile(r"\b(?:in|during|from)\s+" + _MONTH.format("") + r"(?!\s*\d)\b", re.IGNORECASE)
_YEAR_PAPERS = re.compile(_YEAR.format("") + r"\s+(?:papers?|publications?|works?)\b", re.IGNORECASE)

_PAPERS = r"(?:papers?|articles?|publications?|works?|studies|entries|preprints?|abstracts?)"
_AUTHORS = r"(?:authors?|people|researchers|co-?authors?|autoren|auteurs?|autores)"
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
            r"\bhow many (?:\w+ )?" + _AUTHORS + r"\b|\b(?:number|count) of (?:co-?)?authors|\bauthor count|"
            r"\bhow (?:big|large) (?:is|was) (?:the|its) (?:team|author)|\bsize of (?:the|its) (?:author|team)|"
            r"\bwie viele autoren|\bcombien d.auteurs|\bcuántos autores|\bquanti autori|\bquantos autores|多少.{0,3}作者",
            re.IGNORECASE,
        ),
    ),
    (
        "authors",
        re.compile(
            r"\bwho (?:wrote|authored|are the authors|is the author|created|made|developed|published|is behind)\b|"
            r"\b(?:list|name|names of|name of) (?:all )?(?:the )?authors\b|\band (?:its|the|their) authors?\b|"
            r"\bwhose (?:paper|work)\b|\bwer (?:hat|sind|schrieb)\b|\bfirst author\b|\bauthors\?*$",
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
    ("most_authors", re.compile(r"\b(?:most|largest number of|highest number of) (?:co-?)?authors|\b(?:largest|biggest|longest) (?:team|author list|list of authors|number of authors)", re.IGNORECASE)),
    ("fewest_authors", re.compile(r"\b(?:fewest|least|smallest number of) (?:co-?)?authors|\b(?:smallest|shortest) (?:team|author list|list of authors|number of authors)", re.IGNORECASE)),
    ("oldest", re.compile(r"\b(?:oldest|earliest|published first|first (?:to be )?published|came out first|was first)\b", re.IGNORECASE)),
    ("newest", re.compile(r"\b(?:newest|latest|most recent|published last|last (?:to be )?published)\b", re.IGNORECASE)),
)  # fmt: skip
_NUMBER = re.compile(
    r"\bhow (?:many|much|long|large|big|fast|often|far|small|high|low|wide|deep|close|well|few|quickly|accurate)\b|"
    r"\bby (?:how much|what (?:factor|margin|percentage|amount))|"
    r"\bwhat (?:is the |was the |are the |'s the )?(?:exact |total |average |maximum |max |overall )?"
    r"(?:percentage|percent|fraction|share|ratio|number|size|accuracy|score|speed-?up|factor|rate|amount|proportion|"
    r"reduction|improvement|gain|drop|margin|cost|length|resolution|parameter count|speed|price|budget|f1|map|increase)\b|"
    r"\bto what (?:extent|degree)|\bwhat (?:score|accuracy|speed-?up|percentage|size|resolution|factor|improvement)s?\b|"
    r"\bwie ?viele?\b|\bwie (?:lange|hoch|gro(?:ß|ss)|schnell|stark)\b|\bum wie viel|\bcombien\b|\bcuánt\w*|\bcuant[oa]s?\b|"
    r"\bquant[ioe]s?\b|多少|几个|几倍|何倍|いくつ|どれ(?:くらい|だけ)",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\b(?:how many|how much|number of|wie ?viele?|combien de|cuántos|cuántas|quanti|quantos)\s+((?:[\w-]+\s*){1,3})",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\b(?:which|what|any|list|all|show me|give me|find|are there|name|recommend|enumerate|other|some|do any)\b(?:[\w\s,'/-]{0,40}?)\b"
    r"(?:papers|articles|publications|works|studies|methods|approaches|models|systems|benchmarks|data ?sets|techniques|surveys|"
    r"frameworks|evaluations|tools|algorithms|ones|corpora|reviews|strategies)\b|"
    r"\b(?:who|anyone|anybody) (?:else )?(?:has|have|works?|studies)\b|"
    r"\bpapers (?:on|about|that|which|dealing|using|where|with|for)\b|\bwelche (?:arbeiten|paper|papiere|artikel|modelle|methoden)\b|"
    r"\bquels? (?:articles|papiers|travaux|méthodes|modèles)|\bqué (?:artículos|trabajos|métodos|modelos|papers)|哪些|どの論文",
    re.IGNORECASE,
)
_ABOUT_PAPERS = re.compile(
    r"\b" + _PAPERS + r"\b|\b(?:arbeiten|artikel|articles|artículos|trabajos|travaux)\b|哪些|论文", re.IGNORECASE
)
_COMPARE = re.compile(
    r"\b(?:compare|comparison|compared (?:to|with)|contrast|differ(?:s|ence|ences|ent)?|distinguish\w*|versus|vs\.?|"
    r"similar\w*|in common|unterschied\w*|unterscheide\w*|vergleich\w*|différence|diferencia\w*|differenz\w*|区别|不同|违い|違い)(?!\w)|"
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
    found = _conditions(stripped)
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
        counting=counting,
        unit=unit,
        noun=noun.group(1).strip() if noun else "",
        refers_back=bool(_BACK.search(stripped)),
    )


def _kind(text: str, found: Conditions, order: Order | None, fields: tuple[Field, ...], counting: bool) -> Kind:
    about_papers = bool(_ABOUT_PAPERS.search(text))
    if order in ("most_authors", "fewest_authors") or found.on_authors or (order and (about_papers or fields)):
        return "metadata"
    if counting or "author_count" in fields or "published" in fields or "authors" in fields:
        return "metadata"
    if found.dated and about_papers:
        return "metadata"
    if _COMPARE.search(text):
        return "compare"
    if _NUMBER.search(text):
        return "number"
    if _LIST.search(text):
        return "list"
    if _REASON.search(text):
        return "reason"
    return "yes-no" if _YES_NO.search(text) else "fact"


def _conditions(text: str) -> Conditions:
    found: dict[str, Any] = {}
    if between := _BETWEEN.search(text):
        found["since"], found["until"] = _first_day(between, "a_"), _last_day(between, "b_")
    elif dated := _DATED.search(text):
        how = dated["how"].lower()
        if how in ("since", "seit", "depuis", "desde"):
            found["since"] = _first_day(dated)
        elif how in ("after", "later than", "nach"):
            found["since"] = date.fromordinal(_last_day(dated).toordinal() + 1)
        elif how in ("before", "earlier than", "prior to", "vor", "avant", "antes de"):
            found["until"] = date.fromordinal(_first_day(dated).toordinal() - 1)
        elif how in ("until", "till", "by", "up to", "through"):
            found["until"] = _last_day(dated)
        else:
            found["year"] = int(dated["year"])
            if dated["month"]:
                found["month"] = _MONTHS[dated["month"].lower()]
            if dated["day"]:
                found = {"since": _first_day(dated), "until": _first_day(dated)}
    elif year := _YEAR_PAPERS.search(text):
        found["year"] = int(year["year"])
    elif month := _BARE_MONTH.search(text):
        if month["month"].lower() not in ("may", "mar", "march") or month["month"][0].isupper():
            found["month"] = _MONTHS[month["month"].lower()]
    found |= _author_conditions(text)
    return Conditions(**found)


_SMALL = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
_COUNT = r"(?P<n>\d{1,4}|" + "|".join(_SMALL) + r")"
_AUTHOR_CONDITION = re.compile(
    r"(?P<how>more than|over|at least|no fewer than|fewer than|less than|under|at most|no more than|up to|exactly|"
    r"by|with|has|have)\s+" + _COUNT + r"\s+(?:or (?P<or>more|fewer|less)\s+)?" + _AUTHORS + r"\b",
    re.IGNORECASE,
)  # fmt: skip


def _author_conditions(text: str) -> dict[str, int]:
    if re.search(r"\b(?:single|sole|one)[- ]author(?:ed)?\b|\bby a single author\b", text, re.IGNORECASE):
        return {"min_authors": 1, "max_authors": 1}
    match = _AUTHOR_CONDITION.search(text)
    if match is None:
        return {}
    n = _SMALL.get(match["n"].lower(), -1)
    n = int(match["n"]) if n < 0 else n
    how, either = match["how"].lower(), (match["or"] or "").lower()
    if how in ("more than", "over"):
        return {"min_authors": n + 1}
    if how in ("at least", "no fewer than") or either == "more":
        return {"min_authors": n}
    if how in ("fewer than", "less than", "under"):
        return {"max_authors": n - 1}
    if how in ("at most", "no more than", "up to") or either in ("fewer", "less"):
        return {"max_authors": n}
    return {"min_authors": n, "max_authors": n}


def _first_day(match: re.Match[str], prefix: str = "") -> date:
    month = _MONTHS[match[prefix + "month"].lower()] if match[prefix + "month"] else 1
    return date(int(match[prefix + "year"]), month, _day(match, prefix, month) or 1)


def _last_day(match: re.Match[str], prefix: str = "") -> date:
    year = int(match[prefix + "year"])
    month = _MONTHS[match[prefix + "month"].lower()] if match[prefix + "month"] else 12
    return date(year, month, _day(match, prefix, month) or calendar.monthrange(year, month)[1])


def _day(match: re.Match[str], prefix: str, month: int) -> int | None:
    if not match[prefix + "day"]:
        return None
    return min(max(int(match[prefix + "day"]), 1), calendar.monthrange(int(match[prefix + "year"]), month)[1])
