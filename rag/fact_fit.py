"""How well a sentence has a fact of the kind that a question seeks: the figure that counts those things, the name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.fact_kind import FactKind
from rag.figures import Figure, figures
from rag.names import name_key, name_tokens
from rag.text import normal, terms


def _kin(lines: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in lines.strip().splitlines():
        group = {term for word in line.split() for term in terms(word)}
        for term in group:
            found.setdefault(term, set()).update(group)
    return {term: frozenset(group) for term, group in found.items()}


_KIN = _kin("""
image picture photo photograph snapshot screenshot pic scan radiograph x-ray cxr
frame fps
question query qa problem item prompt quiz
sample example instance pair item record entry case point dialogue instruction triplet annotation data datum
annotator annotated human expert person people doctor clinician rater worker participant physician radiologist
model llm mllm lvlm vlm system lmm
ability capability dimension skill aspect category type kind subject field
stage step phase
benchmark dataset test
dataset data corpus set collection
encoder backbone tower
llm backbone base
module component part
gpu card accelerator
layer block
language lingual bilingual multilingual trilingual
paper article publication study
fast faster slow slower speed speedup quick quicker latency throughput accelerate acceleration
cheap cheaper cost price expensive economical
big large small size
length window long longer sequence
resolution pixel
precision bit bits
gain improve improvement increase raise better beat surpass outperform exceed above
reduce reduction cut drop fall lower shrink decrease less fewer save lessen
loss lose drop
train training trained retrain retraining finetune
win winner best top first rank lead highest
""")


def kin(term: str) -> frozenset[str]:
    """The stems that stand for the same thing in abstracts as the stem `term`, itself among them."""
    return _KIN.get(term, frozenset()) | {term}


_LANGUAGES = re.compile(
    r"\b(?:english|chinese|mandarin|french|german|spanish|japanese|korean|arabic|hindi|russian|portuguese|italian|dutch|"
    r"bengali|urdu|thai|vietnamese|turkish|persian|swahili|xhosa|polish|czech|greek|hebrew|indonesian|tamil|catalan|ukrainian)\b"
)
_CHIPS = re.compile(
    r"(?:(?<![a-z0-9])|(?<=\dtimes))(?:[ahv]\d00s?|h20|p40|t4|k2|k80|a6000|l40s?|rtx ?\d*|nvidia|geforce|tesla|"
    r"\d{1,2} ?gb? gpu|snapdragon|dimensity|iphone|pixel \d|xiaomi|galaxy|kirin|mediatek|qualcomm|exynos|apple m\d|"
    r"jetson|raspberry|tpu ?v\d|cpus?)(?![a-z])"
)
_UNIT_OF_TIME = r"(?:hours?|days?|weeks?|months?|minutes?|min|seconds?|secs?|ms|milliseconds?)"
_DURATION = re.compile(
    rf"\d[\d.,]*k?(?: [\w-]+){{0,3}}?[ -]{_UNIT_OF_TIME}\b|"
    rf"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|few|a|half a|single) (?:[\w-]+ )?{_UNIT_OF_TIME}\b"
)
_NONE = r"(?:no|zero|only one|just one|a single|without(?: any)?|not (?:require|need|use|contain|have)(?: any)?)"
_PHRASE_ENDS = re.compile(
    r"[.;:()]|,(?=.)|\b(?:in|on|for|from|with|to|by|at|over|under|into|per|across|among|and|or|that|which|while|so|is|are|"
    r"was|were|has|have|as|than|when|where|but|using|after|before|within|compared|during|against)\b"
)
_ALONE = re.compile(r"\s?(?:in|on|for|from|with|to|by|at|over|and|or|while|when|as|using|tokens?)\b")
_AFTER_SCORE = re.compile(
    r"\s?(?:$|[.,;:)(]|(?:in|on|for|from|vs|to|by|at|over|and|or|while|when|as|with|against|points?|scores?|accuracy|average|"
    r"absolute|bleu|cider|fid|f1|comet|better|higher|respectively|oa|miou)\b|/\d)"
)
_GAIN = re.compile(
    r"\b(?:by|up|above|over|gain\w*|improv\w*|higher|lower|rais\w+|increas\w+|drop\w*)(?: [\w-]+){0,3} ?[~+]?$"
)
_TELLS_BEST = re.compile(
    r"\b(?:best|top|wins?|won|winner|first|highest|leads|leading|outperform\w*|surpass\w*|above|ahead|strongest|"
    r"state-of-the-art|most)\b"
)
_BYTES = frozenset(terms("memory ram vram footprint disk storage"))
_SIZES = frozenset(terms("size parameter budget"))
_PARTS = frozenset(terms("encoder backbone tower generator decoder detector teacher extractor llm"))
_COLLECTIONS = frozenset(terms("benchmark dataset data corpus corpora set test"))


def fact_fit(wanted: FactKind, text: str, names: Sequence[str], others: Sequence[str] = ()) -> float:
    """How well the sentence `text` has a fact of the kind, from 0 to 1; 1 where the kind cannot be told.

    `names` are the keys of the paper's own names and of those in the question; `others` are those in the question that
    are not the paper's.
    """
    found = _fit(wanted, text, names, others)
    return found * (0.4 if wanted.best and not _TELLS_BEST.search(normal(text)) else 1.0)


def _fit(wanted: FactKind, text: str, names: Sequence[str], others: Sequence[str]) -> float:
    bare = _without_digits(text, tuple(names))
    folded = normal(bare)
    found = [f for f in figures(bare) if not (f.spelled and f.value <= 1 and not f.unit)]
    found = [f for f in found if not (f.value < 10 and folded[f.end : f.end + 1] == ")")]  # an enumerator
    if wanted.kind == "count":
        return _count_fit(wanted.head, folded, found)
    if wanted.kind == "score":
        return _score_fit(wanted, text, folded, found, others)
    if wanted.kind == "time":
        return 1.0 if _DURATION.search(folded) else 0.1 if found else 0.0
    if wanted.kind == "hardware":
        return 1.0 if _CHIPS.search(folded) else 0.0
    if wanted.kind == "language":
        return 1.0 if _LANGUAGES.search(folded) else 0.1 if "lingual" in folded else 0.0
    if wanted.kind == "share":
        near = 1.0 if not wanted.head or set(wanted.head) & set(terms(folded)) else 0.5
        return near * (1.0 if any(f.unit == "%" or 0 < f.value < 1 for f in found) else 0.1)
    if wanted.kind == "amount":
        return _amount_fit(wanted.head, folded, found)
    if wanted.kind == "value":
        return _value_fit(wanted.head, folded, found)
    if wanted.kind == "name":
        return _name_fit(wanted.head, text, folded, names)
    return 1.0


@lru_cache(maxsize=8192)
def _without_digits(text: str, names: tuple[str, ...]) -> str:
    """`text` without those names that have digits, which are no figures."""

    def put(match: re.Match[str]) -> str:
        return "it" if re.search(r"\d", match.group()) and name_key(match.group()) in names else match.group()

    return re.sub(r"[^\W_][\w.^{}*\\+-]*[\w}*+]", put, text)


def _phrase(folded: str, figure: Figure) -> tuple[set[str], set[str]]:
    """The terms right after a figure, up to the end of its noun phrase, and those after an "of" in it."""
    rest = folded[figure.end : figure.end + 90]
    end = len(rest)
    for stop in _PHRASE_ENDS.finditer(rest):
        before = rest[: stop.start()].rstrip()
        among_adjectives = stop.group() in (",", "and") and before and not before.endswith("s")
        if among_adjectives and re.match(r"(?:,|and)\s?[a-z]", rest[stop.start() :]):
            continue
        end = stop.start()
        break
    near, _, far = rest[:end].partition(" of ")
    return set(terms(near)[:6]), set(terms(far)[:4])


def _before(folded: str, figure: Figure) -> set[str]:
    """The last terms before a figure that counts nothing after it: "the sequence length is 500K"."""
    rest = folded[figure.end : figure.end + 12]
    if re.match(r"\s?[a-z]", rest) and not _ALONE.match(rest):
        return set()
    return set(terms(folded[max(0, figure.start - 40) : figure.start])[-4:])


def _count_fit(head: tuple[str, ...], folded: str, found: Sequence[Figure]) -> float:
    if not head:
        return 0.5 if found else 0.0
    last, like = head[-1], kin(head[-1])
    best = 0.0
    for figure in found:
        plain = not figure.unit and not figure.measure
        near, far = _phrase(folded, figure)
        before = _before(folded, figure)
        if last in near or (len(head) > 1 and head[0] in near and head[0] != "imag"):
            best = max(best, 1.0 if near >= set(head) else 0.9)
        elif near & like:
            best = max(best, 0.8)
        elif last in far:
            best = max(best, 0.7 if plain else 0.8)
        elif before & like:
            best = max(best, 0.6)
        else:
            best = max(best, 0.15 if plain else 0.05)
    if best < 0.8 and re.search(rf"\b{_NONE} (?:[\w-]+ ){{0,2}}{re.escape(last)}\w*\b(?!-)", folded):
        return 0.8
    return best


def _score_fit(wanted: FactKind, text: str, folded: str, found: Sequence[Figure], others: Sequence[str]) -> float:
    scores = [f for f in found if not f.spelled and not f.measure and f.unit != "×" and _is_score(folded, f)]
    if not scores:
        return 0.0
    key = name_key(text)
    fit = 1.0 if all(other in key for other in others) else 0.3
    if wanted.measures and not any(measure in folded for measure in wanted.measures):
        fit *= 0.7
    if all(_GAIN.search(folded[max(0, f.start - 40) : f.start]) for f in scores):
        fit *= 0.7  # how much better it is, not how good
    return fit


def _is_score(folded: str, figure: Figure) -> bool:
    if figure.unit == "%":
        return True
    scaled = re.search(r"(?:[kmbt]|ion)$", folded[figure.start : figure.end])
    return scaled is None and _AFTER_SCORE.match(folded[figure.end : figure.end + 24]) is not None


def _amount_fit(head: tuple[str, ...], folded: str, found: Sequence[Figure]) -> float:
    if set(head) & _BYTES and any(f.measure == "bytes" for f in found):
        return 1.0
    like = {term for one in head for term in kin(one)}
    near = 1.0 if not like or like & set(terms(folded)) else 0.6
    if any(f.unit or f.measure for f in found):
        return near
    return near * (0.7 if any(_exact(f) for f in found) else 0.2 if found else 0.0)


def _value_fit(head: tuple[str, ...], folded: str, found: Sequence[Figure]) -> float:
    if set(head) & _BYTES:
        return 1.0 if any(f.measure == "bytes" for f in found) else 0.1
    if head and set(head) <= set(terms("parameters")):
        return 1.0 if re.search(r"\d ?[bm]\b|parameters|billion", folded) else 0.1
    digits = [f for f in found if _exact(f)]
    if not head:
        return 1.0 if digits else 0.4 if found else 0.0
    if not set(head) & _SIZES:  # "7B" is the size of a model, whatever stands beside it
        found = [f for f in found if not re.search(r"\db|billion$", folded[f.start : f.end])]
    like = {term for one in head for term in kin(one)}
    best = 0.0
    for figure in found:
        around = terms(folded[max(0, figure.start - 45) : figure.start])[-5:]
        around += terms(folded[figure.end : figure.end + 45])[:5]
        best = max(best, 1.0 if set(around) & like else 0.2)
    return best


def _exact(figure: Figure) -> bool:
    """True for a number in digits, and for "one million": small numbers in words are seldom what is asked for."""
    return not figure.spelled or figure.value >= 1000


def _name_fit(head: tuple[str, ...], text: str, folded: str, names: Sequence[str]) -> float:
    has = bool(head) and bool(kin(head[-1]) & set(terms(folded)))
    called_models = bool(head) and head[-1] in _PARTS and "model" in terms(folded)
    found = [token for token in name_tokens(text) if not _one_of(name_key(token), names)]
    if not (head and head[-1] in _COLLECTIONS):  # a benchmark is no model
        on = r"(?:\bon|\bset|benchmarks?)(?: the)? "
        found = [t for t in found if not re.search(rf"{on}{re.escape(t)}", text)]
        found = [t for t in found if not re.search(r"(?i)bench|qa$|eval$", t)]
    if found:
        return 1.0 if has else 0.8 if called_models else 0.5
    return 0.2 if has else 0.0


def _one_of(key: str, names: Sequence[str]) -> bool:
    return any(key == n or (len(key) > 3 and key in n) or (len(n) > 3 and n in key) for n in names)
