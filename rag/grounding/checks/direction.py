"""Directions: does the statement go up where what it cites goes up, and set the same side over the other?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.lexicon import COSTLY, COSTS, EVEN, OPPOSITES, OVER, SIGN, SPEEDS, WORTH
from rag.grounding.checks.negation import negated
from rag.grounding.checks.order import borne
from rag.grounding.checks.sentence import Reading, Source, Word, aligned

_REACH = 6
_GENERAL = ("improv", "enhanc", "better")
_DEGREES = frozenset(
    """
    more less fewer higher lower larger smaller longer shorter better worse faster slower greater stronger weaker
    """.split()
)
_THAN = frozenset("than over against versus compared".split())


@dataclass(frozen=True)
class Turn:
    """A word that points up (1), down (-1) or stays level (0), with the stems around it on either side."""

    word: Word
    sign: int
    before: frozenset[str]
    after: frozenset[str]
    compares: bool
    close: frozenset[str]

    @property
    def around(self) -> frozenset[str]:
        """The stems on both sides."""
        return self.before | self.after


@lru_cache(maxsize=1024)
def turns(reading: Reading) -> Sequence[Turn]:
    """The words of a sentence that point somewhere, negations reckoned in."""
    return tuple(_find(reading))


def _find(reading: Reading) -> Iterator[Turn]:
    words = reading.words
    flipped = negated(reading)
    for n, word in enumerate(words):
        sign = SIGN.get(word.text)
        if sign is None:
            continue
        if n + 1 < len(words) and words[n + 1].text == "than" and reading.bounds(words[n + 1].end):
            continue  # "more than 30%"
        if word.text in _IN_COMPANY:
            sign = _by_company(words, n)
            if sign is None:
                continue
        if n in flipped:
            sign = -sign
        near, far = _window(words, n)
        than = _than(words, n)
        compares = word.text in OVER or (than is not None and words[n].text != "improve")
        if compares and word.text not in OVER and than is not None:
            left = frozenset(w.stem for w in near if w.clause >= word.clause - 1) | {
                w.stem for w in far if w.start < than
            }
            stop = re.search(r"[,;:]|\.(?=\s|$)", reading.folded[than:])
            end = than + stop.start() if stop else len(reading.folded)
            right = frozenset(w.stem for w in far if than < w.start < end)
        else:
            same = [w for w in near if w.clause >= word.clause - 1] if word.text in OVER else near
            left = frozenset(w.stem for w in same[-_REACH:])
            right = frozenset(w.stem for w in far[:_REACH])
        close = frozenset(w.stem for w in (*near[-1:], *far[:1]))
        yield Turn(word, sign, left, right, compares, close)


def _than(words: Sequence[Word], n: int) -> int | None:
    """Where the "than" of a word of degree begins, unless another such word is nearer to it."""
    for word in words[n + 1 : n + 10]:
        if word.text in _THAN:
            return word.start
        if word.text in _DEGREES:
            return None
    return None


def _window(words: Sequence[Word], n: int) -> tuple[list[Word], list[Word]]:
    """The content words up to 14 words before and after a word, as far as no contrast stands between."""
    first = n
    while first > max(0, n - 14) and words[first - 1].text not in _CONTRASTS:
        first -= 1
    last = n + 1
    while last < min(len(words), n + 15):
        if words[last].text in _CONTRASTS and not (last + 1 < len(words) and words[last + 1].text == "also"):
            break
        last += 1
    if first and first > 1 and words[first - 1].text == "but" and words[first].text == "also":
        first = max(0, n - 14)
    return (
        [w for w in words[first:n] if _on_a_side(w)],
        [w for w in words[n + 1 : last] if _on_a_side(w)],
    )


def _on_a_side(word: Word) -> bool:
    return bool(word.stem) and word.text not in _NOT_SIDES and not word.text[0].isdigit()


def _by_company(words: Sequence[Word], n: int) -> int | None:
    """The sign of a word that points somewhere only in company: "does well", "takes it past", "fall short"."""
    word, after = words[n].text, words[n + 1].text if n + 1 < len(words) else ""
    before = words[n - 1].text if n else ""
    if word == "short":
        return -1 if before in ("fall", "falls", "fell", "falling") or after == "of" else None
    if word == "close":
        return 0 if after == "to" or before in ("comes", "come", "performs") else None
    if word == "keeps":
        return 0 if after in ("up", "level", "pace") else None
    if word == "past":
        return 1 if before not in ("the", "in", "from", "") else None
    if word == "behind":
        return -1 if before in _STAYS else None
    if word in ("more", "less", "fewer"):
        return None if before == "no" and after == "than" else SIGN[word]
    if word in ("superior", "inferior"):
        return SIGN[word] if after in _OF_WORTH else None
    if word in ("competitive", "leading"):
        return None if after in ("baselines", "models", "methods", "approaches", "baseline", "to") else SIGN[word]
    return None if after == "to" else 1


_IN_COMPANY = frozenset(
    "past short close keeps lead behind more less fewer competitive leading superior inferior".split()
)
_OF_WORTH = frozenset("to performance results accuracy on in capability capabilities quality efficiency over".split())
_NOT_SIDES = frozenset(SIGN) - frozenset("smaller larger longer shorter deeper lower upper".split())
_CONTRASTS = frozenset("but while whereas although though however".split())
_STAYS = frozenset("stay stays stayed fall falls lag lags trail trails left far is are remains remain still".split())


def direction_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt when the evidence says the opposite of the same thing, or the same with its two sides exchanged."""
    near = aligned(sentence, evidence)
    agreed = borne(sentence, near)
    given = [turn for other in near for turn in turns(other)]
    worst: Doubt | None = None
    for turn in turns(sentence):
        doubt = None if turn.word.start in agreed else _against(turn, given)
        if doubt and (worst is None or doubt.strength > worst.strength):
            worst = doubt
    if worst:
        yield worst
    if (
        opposite := next(_opposite(sentence, near, agreed), None)
        or next(_degree(sentence, near, agreed), None)
        or next(_prefixed(sentence, near), None)
    ):
        yield opposite


def _against(turn: Turn, given: Sequence[Turn]) -> Doubt | None:
    agree = oppose = level = 0.0
    against = even = ""
    for other in given:
        if not _comparable(turn, other) or (turn.word.text == other.word.text and turn.sign == -other.sign):
            continue  # one word, once denied, is for the check of negations
        straight, crossed = _fit(turn, other)
        same = turn.sign == other.sign
        if turn.sign == 0 or other.sign == 0:
            fit = max(straight, crossed)
            if same:
                agree = max(agree, fit)
            elif turn.sign == 0 and other.sign > 0:
                continue  # it claims less than it could
            elif fit > level and (turn.compares or turn.word.text in WORTH | EVEN) and other.word.text in EVEN:
                level, even = fit, other.word.text
            continue
        for fit, holds in ((straight, same), (crossed, not same)):
            if holds:
                close = turn.close & other.close and turn.sign == other.sign and not (turn.compares and other.compares)
                agree = max(agree, fit + 0.25 * (turn.word.stem == other.word.stem and fit > 0) + 2.0 * bool(close))
            elif fit > oppose:
                oppose, against = fit, other.word.text
    if oppose >= 2 and oppose > agree:
        return Doubt(
            "direction", min(1.0, (oppose - agree) / 3), f"it says {turn.word.text} where what it cites says {against}"
        )
    if level >= 2 and level > agree + 0.5 and level >= oppose:
        return Doubt(
            "level", min(1.0, (level - agree) / 3), f"it says {turn.word.text} where what it cites says {even}"
        )
    return None


def _comparable(turn: Turn, other: Turn) -> bool:
    """False for two words that point along different lines: better and fewer, cheaper and better."""
    for a, b in ((turn, other), (other, turn)):
        if a.word.text in OVER and not (b.compares or b.word.text in WORTH):
            return False
        if a.word.text in WORTH and b.word.text in COSTS:
            return False
        if a.word.text in SPEEDS and b.word.text not in SPEEDS | WORTH and b.sign:
            return False
        if a.word.text.startswith(_GENERAL) and b.word.text in COSTLY and not a.close & b.close:
            return False  # a lower error is an improvement
    return True


def _fit(turn: Turn, other: Turn) -> tuple[float, float]:
    """How well two turns speak of the same, as they stand and with the sides of one exchanged.

    The second is only more than 0 where both compare two sides.
    """
    around = float(len(turn.around & other.around))
    if not (turn.compares and other.compares):
        return around, 0.0
    right, left = turn.after & other.before, turn.before & other.after
    if turn.after & other.after:
        return around, 0.0
    if (right and left) or (max(len(left), len(right)) >= 2 and not turn.before & other.before):
        return around / 3, 2.0 + len(right | left) / 2
    return around, 0.0


def _modified(reading: Reading, but: frozenset[int] = frozenset()) -> dict[str, set[int]]:
    """What the words of degree stand directly before, with their signs: "less redundant" is redundant: -1."""
    found: dict[str, set[int]] = {}
    flipped = negated(reading)
    for n, word in enumerate(reading.words[:-1]):
        sign = SIGN.get(word.text) if word.text in _DEGREES else None
        if sign and word.start not in but and (n == 0 or reading.words[n - 1].text != "no"):
            following = reading.words[n + 1]
            if following.stem and following.text not in SIGN:
                found.setdefault(following.stem, set()).add(-sign if n in flipped else sign)
    return found


def _degree(sentence: Reading, near: Sequence[Reading], agreed: frozenset[int]) -> Iterator[Doubt]:
    """A doubt when a thing is more where the evidence, of the same thing, says less."""
    given: dict[str, set[int]] = {}
    for other in near:
        for stem, signs in _modified(other).items():
            given.setdefault(stem, set()).update(signs)
    for stem, signs in _modified(sentence, agreed).items():
        if stem in given and not signs & given[stem]:
            yield Doubt("swapped", 1.0, f"what it cites says the opposite of {stem}")
            return


def _opposite(sentence: Reading, near: Sequence[Reading], agreed: frozenset[int]) -> Iterator[Doubt]:
    """A doubt when a word stands where the evidence, beside the same neighbours, has the word opposite to it."""
    said = {word.text for word in sentence.words}
    given = {word.text for other in near for word in other.words}
    denied = negated(sentence)
    for n, word in enumerate(sentence.words):
        opposite = {b for a, b in OPPOSITES if a == word.text} - said
        if word.start in agreed or word.text in given or not opposite & given or n in denied:
            continue  # "not known" is unknown
        neighbours = _beside(sentence.words, n)
        for other in near:
            for m, there in enumerate(other.words):
                if there.text in opposite and neighbours & _beside(other.words, m):
                    yield Doubt("swapped", 1.0, f"it says {word.text} where what it cites says {there.text}")
                    return


_PREFIX = re.compile(r"(?:non|un|in|im|ir|dis|de|mis|sub|super)(?=[a-z]{5})")


def _prefixed(sentence: Reading, near: Sequence[Reading]) -> Iterator[Doubt]:
    """A doubt when a word lacks the "non" or "un" that it has in the evidence, or has one more."""
    if not near:
        return
    given = {word.text: m for m, word in enumerate(near[0].words)}
    for n, word in enumerate(sentence.words):
        if not word.stem or word.text in given or _with_one_before(sentence.words, n) in given:
            continue
        bare = _PREFIX.sub("", word.text)
        for text, m in given.items():
            turned = (bare != word.text and bare == text) or _PREFIX.sub("", text) == word.text
            turned = turned and _with_one_before(near[0].words, m) != word.text
            if turned and _beside(sentence.words, n) & _beside(near[0].words, m):
                yield Doubt("swapped", 1.0, f"it says {word.text} where what it cites says {text}")
                return


def _with_one_before(words: Sequence[Word], n: int) -> str:
    """ "Non-overlapping" is "nonoverlapping"."""
    return words[n - 1].text + words[n].text if n else words[n].text


def _beside(words: Sequence[Word], n: int) -> frozenset[str]:
    before = [w.stem for w in words[max(0, n - 5) : n] if w.stem][-1:]
    after = [w.stem for w in words[n + 1 : n + 6] if w.stem][:2]
    return frozenset(before + after)
