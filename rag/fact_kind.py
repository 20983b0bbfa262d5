"""The kind of fact that a question asks for: a count of what, a score, a duration, a name, or none that can be told.

A paper can be near to a question in every word and still not answer it: "how many images" is not answered by figures
that count questions. Whether a sentence has a fact of the kind is told by `rag.fact_fit`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.question_words import INDIRECT
from rag.text import normal, terms

Kind = Literal[
    "count", "score", "time", "amount", "share", "value", "hardware", "language", "name", "who", "yes-no", "open"
]


@dataclass(frozen=True)
class FactKind:
    """A kind of fact. `head` are the stems of what is counted, measured or named ("visual tokens").

    `best` is True when the one that is best is asked for; `measures` are the measures named for a score ("f1").
    """

    kind: Kind
    head: tuple[str, ...] = ()
    best: bool = False
    measures: tuple[str, ...] = ()


_NUMERIC = (
    r"rank|density|densities|sparsity|ratio|exponent|temperature|resolution|depth|threshold|dimension|length|window|batch|rate|"
    r"codebook|vocabulary|size|bit-?width|precision|budget|capacity|rating|level|factor|percentile|number|amount|value|"
    r"parameter count|memory|ram|vram|footprint|disk|storage|cost|price|fee|energy|power"
)
_MEASURES = (
    r"accuracy|f1|fid|bleu(?:-?\d)?|cider|rouge(?:-?\w)?|recall|map|ap50|miou|ciou|iou|auroc|auc|perplexity|anls|elo|top-?1|"
    r"r@\d+|wer|cer|pass@\d+|chair\w*|geneval|comet|win rate|success rate|error rate|oa|em|kappa|spearman|psnr|ssim"
)
_THINGS = (
    r"models?|llms?|mllms?|vlms?|lvlms?|lmms?|encoders?|backbones?|data ?sets?|data|corpus|corpora|benchmarks?|"
    r"tokeni[sz]ers?|generators?|library|libraries|systems?|baselines?|detectors?|teacher|company|team|lab|laboratory|"
    r"universit\w+|hospitals?|shops?|satellites?|sensors?|optimi[sz]er|framework|toolkit|decoder|network|extractor|country|"
    r"city|website|platform|institution|authors?|organi[sz]ation|journal|conference|venue"
)
_CHANGES = (
    r"gain\w*|los[et]\w*|sav\w+|drop\w*|improv\w+|increas\w+|reduc\w+|cut\w*|shrink\w*|slow\w*|beat\w*|outperform\w*"
)
_BETWEEN = r"(?:(?!(?:is|are|was|were|do|does|did|has|have|had|the|a|an|of|to|in|it|they|you|we)\b)[\w'/-]+ ){0,4}?"
_WHY = re.compile(r"^\W*(?:and |but |so )?why\b")
_OPEN = re.compile(
    r"^\W*(?:and |but |so )?(?:why|how (?:do|does|did|is|are|was|were|can|could|come)|explain|describe|"
    r"what (?:is|are|does|do)\b(?! the))"
)
_HOW_OR_WHY = re.compile(
    r"\bwhy\b|\bhow (?:do|does|did|is|are|was|were|can|could|to)\b|\bwhat (?:do|does|did|can)\b.{1,40} do\b"
)
_BEST = re.compile(r"\b(?:best|top|tops|wins?|won|winner|first|highest|leads|leader)\b(?! (?:layer|stage|step))")
_COUNT = re.compile(
    r"\b(?:how (?:many|few|manny|mnay)|number of|count of|combien d[e']|wie ?viele?|cu[aá]nt[oa]s|quant[ei])\s+"
    r"(?P<head>.{2,60})"
)
_TIMES = re.compile(
    r"\bhow many times (?=(?:less|fewer|more|faster|quicker|slower|smaller|larger|bigger|cheaper|lower|higher|shorter|"
    r"longer)\b)(?P<head>.{0,40})"
)
_MUCH = re.compile(r"\bhow much(?! (?:time|longer))\b(?P<head>.{0,40})|\bhow (?:far|strongly)\b|\bby (?:how|what)\b")
_CHANGE = re.compile(
    r"\bspeed-?ups?\b|\bacceleration\b|\b(?:gains?|improvement|reduction|saving|drop|loss)\b|"
    rf"\bwhat (?:does|do|did|is|are|was|were)\b.{{0,60}}\b(?:{_CHANGES})\b"
)
_SHARE = re.compile(r"\bwhat (?:share|part|fraction|proportion|percentage|portion)\b(?P<head>.{0,50})|\bpercent")
_LARGEST = re.compile(r"\b(?:largest|biggest|smallest) (?:model|version|variant)\b")
_SCORE = re.compile(rf"\b(?:{_MEASURES}|scores?|results?|performance|how (?:well|good|accurate)|rating)\b")
_MEASURE = re.compile(rf"\b(?:{_MEASURES})(?!\w)")
_TIME = re.compile(
    r"\bhow (?:long(?! an? (?!time))|quickly|fast)\b(?=.{0,60}\b(?:train\w*|take\w*|took|run\w*|last\w*|pre-?train\w*|"
    r"need\w*|annotat\w*|tun\w+|search\w*|comput\w+|finish\w*)\b)|\b(?:training|running|inference) times?\b|"
    r"\bhow much time\b|\bhow many (?:[\w-]+ )?(?:hours?|days?|weeks?|months?|minutes?|seconds?|milliseconds?|ms)\b"
)
_LANGUAGE = re.compile(
    r"\b(?:what|which|two|how many|in what|the) (?:[\w-]+ )?languages\b|"
    r"\b(?:what|which) language\b(?! (?:model|backbone|bias|part|side|encoder))"
)
_HARDWARE = re.compile(
    r"\b(?:what|which)\b(?: [\w-]+){0,3}? (?:gpus?|tpus?|hardware|cards?|accelerators?|machines?|a100s?|h100s?|chips?|"
    r"processors?|phones?|handsets?|devices?|soc)\b"
)
_NAME = re.compile(rf"\b(?:what|which|whose) (?P<head>{_BETWEEN}(?:{_THINGS}))\b(?! sizes?\b)")
_VALUE = re.compile(
    rf"\b(?:what|which)(?:'s| is| was| are| were)?(?: the)? (?P<head>{_BETWEEN}(?:{_NUMERIC})(?: (?:{_NUMERIC}))*)\b"
)
_SIZE = re.compile(
    r"\bhow (?:big|large|small|deep|wide|high|long|heavy|expensive|costly|old)\b|\b(?:size|sizes|resolution|length)\b"
)
_WHO = re.compile(r"^\W*(?:and |but |so )?(?:who|whose|whom)\b|\bwhere\b")
_YES_NO = re.compile(
    r"^\W*(?:and |but |so )?(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should)\b"
)
_CUT = re.compile(
    r"§|\b(?:is|are|was|were|be|been|does|do|did|has|have|had|can|could|to|of|in|on|for|with|from|per|it|they|the|that|"
    r"there|went|go|goes|get|gets|will|would|must|need|needs|i|we|you|by|at|as|than|and|or|after|before|when|while)\b|"
    r"[?.,;:()]"
)
_NO_NAMES = frozenset("llm llms mllm mllms vlm vlms lvlm lvlms lmm lmms gpu cpu vqa what which how who does".split())
_LIGHT = frozenset(
    terms(
        "exact exactly average total overall final different other best kind type sort additional extra more fewer so"
    )
)


def fact_kind(text: str, names: Sequence[str] = ()) -> FactKind:
    """What the question `text` asks for; `names` are what it calls the paper, which say nothing of that."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(re.escape(name), " § ", text, flags=re.IGNORECASE)
    folded = normal(text)
    best = _BEST.search(folded) is not None
    if INDIRECT.search(folded):
        return FactKind("open")
    if _LANGUAGE.search(folded):
        return FactKind("language", terms("language"))
    if _TIME.search(folded):
        return FactKind("time")
    if _HARDWARE.search(folded):
        return FactKind("hardware")
    if found := _TIMES.search(folded):
        return FactKind("amount", _head(found["head"]))
    if found := _COUNT.search(folded):
        return FactKind("count", _head(found["head"]))
    if found := _SHARE.search(folded):
        return FactKind("share", _head(found["head"] or ""))
    if _LARGEST.search(folded):
        return FactKind("value", terms("parameters"))
    found = _MUCH.search(folded)
    if (found and not _WHY.search(folded)) or (_CHANGE.search(folded) and not _HOW_OR_WHY.search(folded)):
        return FactKind("amount", _head(found["head"] or "") if found else ())
    if found := _NAME.search(folded):
        return FactKind("name", _head(found["head"], last=True), best)
    if _SCORE.search(folded) and not _HOW_OR_WHY.search(folded):
        measures = tuple(dict.fromkeys(_MEASURE.findall(folded)))
        return FactKind("score", (), best and folded.count(" ") > 3, measures)
    return _of_another_kind(folded)


def proper_nouns(text: str) -> tuple[str, ...]:
    """The words of a question that are written with a capital though they do not begin a sentence."""
    found = re.findall(r"(?<!^)(?<![.?!] )\b[A-Z][\w-]+", text)
    return tuple(word for word in found if len(word) > 2 and normal(word) not in _NO_NAMES)


def _of_another_kind(folded: str) -> FactKind:
    if found := _VALUE.search(folded):
        return FactKind("value", _head(found["head"]))
    if _SIZE.search(folded) and not _OPEN.search(folded):
        return FactKind("value")
    if _WHO.search(folded):
        return FactKind("who")
    return FactKind("yes-no" if _YES_NO.search(folded) else "open")


def _head(phrase: str, *, last: bool = False) -> tuple[str, ...]:
    """The stems of the first words of a phrase that say something, or of the last ones: at most three."""
    for piece in _CUT.split(phrase):
        if found := tuple(term for term in terms(piece) if term not in _LIGHT):
            return found[-3:] if last else found[:3]
    return ()
