"""Directions: does the statement go up where what it cites goes up, and set the same side over the other?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.ground.doubt import Doubt
from rag.ground.lexicon import EVEN, OPPOSITES, OVER, SIGN
from rag.ground.negation import negated
from rag.ground.words import Reading, Source, Word, aligned

_REACH = 6
_THAN = frozenset("than over against versus compared".split())


@dataclass(frozen=True)
class Turn:
    """A word that points up (1), down (-1) or stays level (0), with the stems around it on either side."""

    word: Word
    sign: int
    before: frozenset[str]
    after: frozenset[str]
    compares: bool

    @property
    def around(self) -> frozenset[str]:
        """The stems on both sides."""
        return self.before | self.after


def turns(reading: Reading) -> Sequence[Turn]:
    """The words of a sentence that point somewhere, negations reckoned in."""
    cached: Sequence[Turn] | None = getattr(reading, "_turns", None)
    if cached is None:
        cached = tuple(_find(reading))
        reading._turns = cached  # type: ignore[attr-defined]
    return cached


def _find(reading: Reading) -> Iterator[Turn]:
    words = reading.words
    flipped = negated(reading)
    for n, word in enumerate(words):
        sign = SIGN.get(word.text)
        if sign is None:
            continue
        if word.text in _IN_COMPANY:
            sign = _by_company(words, n)
            if sign is None:
                continue
        if n in flipped:
            sign = -sign
        near = [w for w in words[max(0, n - 14) : n] if w.stem and w.text not in SIGN]
        far = [w for w in words[n + 1 : n + 15] if w.stem and w.text not in SIGN]
        than = next((w.start for w in words[n + 1 : n + 10] if w.text in _THAN), None)
        compares = word.text in OVER or (than is not None and words[n].text != "improve")
        if compares and word.text not in OVER and than is not None:
            left = frozenset(w.stem for w in near if w.clause >= word.clause - 1) | {
                w.stem for w in far if w.start < than
            }
            right = frozenset(w.stem for w in far if w.start > than)
        else:
            same = [w for w in near if w.clause >= word.clause - 1] if word.text in OVER else near
            left = frozenset(w.stem for w in same[-_REACH:])
            right = frozenset(w.stem for w in far[:_REACH])
        yield Turn(word, sign, left, right, compares)


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
    if word in ("competitive", "leading"):
        return None if after in ("baselines", "models", "methods", "approaches", "baseline", "to") else SIGN[word]
    return None if after == "to" else 1


_IN_COMPANY = frozenset("past short close keeps lead behind more less fewer competitive leading".split())
_STAYS = frozenset("stay stays stayed fall falls lag lags trail trails left far is are remains remain still".split())


def direction_doubts(sentence: Reading, evidence: Source) -> Iterator[Doubt]:
    """A doubt when the evidence says the opposite of the same thing, or the same with its two sides exchanged."""
    near = aligned(sentence, evidence)
    given = [turn for other in near for turn in turns(other)]
    worst: Doubt | None = None
    for turn in turns(sentence):
        doubt = _against(turn, given)
        if doubt and (worst is None or doubt.strength > worst.strength):
            worst = doubt
    if worst:
        yield worst
    yield from _opposite(sentence, near)


def _against(turn: Turn, given: Sequence[Turn]) -> Doubt | None:
    agree = oppose = level = 0.0
    against = even = ""
    for other in given:
        straight, crossed = _fit(turn, other)
        same = turn.sign == other.sign
        if turn.sign == 0 or other.sign == 0:
            fit = max(straight, crossed)
            if same:
                agree = max(agree, fit)
            elif fit > level and (other.word.text in EVEN or turn.word.text in EVEN or other.compares):
                level, even = fit, other.word.text
            continue
        for fit, holds in ((straight, same), (crossed, not same)):
            if holds:
                agree = max(agree, fit + 0.25 * (turn.word.stem == other.word.stem and fit > 0))
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


def _fit(turn: Turn, other: Turn) -> tuple[float, float]:
    """How well two turns speak of the same, as they stand and with the sides of one exchanged.

    The second is only more than 0 where both compare two sides.
    """
    around = float(len(turn.around & other.around))
    if not (turn.compares and other.compares):
        return around, 0.0
    straight = len(turn.before & other.before) + len(turn.after & other.after)
    crossed = len(turn.before & other.after) + len(turn.after & other.before)
    if crossed > straight:
        return straight / 2, float(crossed)
    return max(float(straight), around * 0.8), crossed / 2


def _opposite(sentence: Reading, near: Sequence[Reading]) -> Iterator[Doubt]:
    """A doubt when a word stands where the evidence, beside the same neighbours, has the word opposite to it."""
    said = {word.text for word in sentence.words}
    given = {word.text for other in near for word in other.words}
    for n, word in enumerate(sentence.words):
        opposite = {b for a, b in OPPOSITES if a == word.text} - said
        if word.text in given or not opposite & given:
            continue
        neighbours = _beside(sentence.words, n)
        for other in near:
            for m, there in enumerate(other.words):
                if there.text in opposite and neighbours & _beside(other.words, m):
                    yield Doubt("swapped", 1.0, f"it says {word.text} where what it cites says {there.text}")
                    return


def _beside(words: Sequence[Word], n: int) -> frozenset[str]:
    before = [w.stem for w in words[max(0, n - 5) : n] if w.stem][-1:]
    after = [w.stem for w in words[n + 1 : n + 6] if w.stem][:2]
    return frozenset(before + after)

