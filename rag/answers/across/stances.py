"""How a paper stands to a claim: supports it, contradicts it, or speaks of it without either; or is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answers.calibration import log_odds, logistic
from rag.grounding.checks.direction import turns
from rag.grounding.checks.sentence import Reading, Source, read, source
from rag.grounding.verdict import Check, Doubt, Grounding, doubts
from rag.grounding.weigh import size
from rag.library.flat_records import StoredPaper
from rag.model import Paper
from rag.model.findings import Quoted, Side, Stance
from rag.neural import CrossEncoder, Read
from rag.neural.embedder import Vectors
from rag.text import shown
from rag.text.names import name_key

# Doubts that say the opposite, where the rest of the claim is borne out; other doubts say that a paper is silent on it.
_TURNING = ("direction", "swapped", "negation")
_OPPOSITE = (*_TURNING, "figure", "attached")
_OPPOSED = 0.8
# Chosen on the claims of the splits "dev", "fields", "economics" and "biology" of eval/across/claims.jsonl, for sides
# that are right before sides that are found: from where on a sentence speaks of a claim by the likeness of its vector
# and by the logit that it answers whether it is true; from which sum of that logit and the log odds of a side it is on
# that side, with the claim's subject by the share of its words, or surely without.
_NEAR, _SPEAKS = 0.4, -2.0
_FOR, _SUBJECT, _SURELY, _AGAINST = 0.9, 0.45, 3.0, 1.0
_PLAINLY = (0.85, 0.3)
"""By which chances a sentence bears a claim out plainly: less supports nothing, and more is not contradicted."""
_WORDS, _FEWEST, _SPEAKS_OF_WORDS = 0.8, 3, -1.0
"""Which share of its words, of how many, and from which logit on, makes a claim that the check bears out said."""
_READ = 4


@dataclass(frozen=True)
class Held:
    """A sentence that a claim was held against: its position, and the doubts of the check about the claim.

    `answers` is the logit that it answers whether the claim is true, `supports` and `contradicts` the chances that it
    does that, `share` that of the claim's words which it has, a name also in the title, `says` if these are enough to
    have said it. `falls`: it points down where the claim points nowhere.
    """

    position: int
    answers: float
    supports: float
    contradicts: float
    share: float
    says: bool
    falls: bool
    doubts: tuple[Doubt, ...]

    def strongest(self, *kinds: str) -> float:
        """The strongest doubt of these kinds, 0 without any."""
        return max((size(doubt) for doubt in self.doubts if doubt.kind in kinds), default=0.0)

    @property
    def turns(self) -> bool:
        """True when anything in it may turn the claim round: the network that reads both does not see that."""
        return self.falls or self.strongest(*_TURNING) > 0

    @property
    def speaks_for(self) -> float:
        """How far it answers and bears the claim out, in log odds."""
        return self.answers + log_odds(self.supports)

    @property
    def speaks_against(self) -> float:
        """How far it answers and says the opposite, in log odds."""
        return self.answers + log_odds(self.contradicts)


def stance_of(
    claim: str, vector: Vectors, stored: StoredPaper, encoder: CrossEncoder, *, check: Check
) -> Stance | None:
    """How a paper stands to a claim, with the sentence that says so; None where it does not speak of it.

    `vector` is the claim's, shape (dimension,). A side needs one sentence that speaks of the claim and bears it out, or
    turns round what it says of the paper's own work; where that is unsure it is neither, and leans.
    """
    held = held_against(claim, vector, stored, encoder)
    if not held:
        return None
    grounding = check(claim, [stored.paper])

    def made(side: Side, one: Held, sure: float, reasons: tuple[str, ...] = (), leans: Side | None = None) -> Stance:
        start, end = stored.sentence_spans[one.position]
        return Stance(side, Quoted(stored.paper, start, end), reasons, logistic(sure), leans)

    if bearing := _bearing(held, grounding):
        one = max(bearing, key=lambda one: one.speaks_for)
        return made("supports", one, one.speaks_for)
    if against := _against(held, grounding):
        one = max(against, key=lambda one: one.answers)
        reasons = tuple(doubt.reason for doubt in opposing(one.doubts, 0)) or grounding.reasons
        if _is_on(read(shown(claim)), stored.paper):
            return made("contradicts", one, one.speaks_against, reasons)
        return made("neither", one, one.answers, reasons, "contradicts")
    one = max(held, key=lambda one: one.answers)
    leans: Side | None = "supports" if grounding.verdict == "supported" and one.speaks_for >= 0 else None
    return made("neither", one, one.answers, grounding.reasons, None if one.turns else leans)


def held_against(claim: str, vector: Vectors, stored: StoredPaper, encoder: CrossEncoder) -> list[Held]:
    """The sentences of a paper that speak of a claim, of those that come nearest to it."""
    if not stored.sentence_vectors.size:
        return []
    near = stored.sentence_vectors @ vector
    order = [n for n in sorted(range(len(near)), key=lambda n: (-float(near[n]), n))[:_READ] if near[n] >= _NEAR]
    title, asked = shown(stored.paper.title), read(shown(claim))
    names = {word.stem for start, end, _ in asked.named for word in asked.words if start <= word.start < end}
    named = names & read(title).stems
    texts = [shown(stored.paper.abstract[slice(*stored.sentence_spans[n])]) for n in order]
    judged = encoder.read(f"Is it true that {claim.rstrip('. ')}?", [Read(title, (text,)) for text in texts])
    found = []
    for n, text, one in zip(order, texts, judged, strict=True):
        if one.answers >= _SPEAKS:
            bears, said = encoder.bears(claim, title, (text,)), read(text)
            share = len(asked.stems & (said.stems | named)) / max(1, len(asked.stems))
            says = share >= _WORDS and len(asked.stems) >= _FEWEST and one.answers >= _SPEAKS_OF_WORDS
            found.append(
                Held(
                    n, one.answers, bears["supports"], bears["contradicts"], share, says, _falls(asked, said),
                    doubts(asked, Source("", text)),
                )
            )  # fmt: skip
    return found


def _bearing(held: Sequence[Held], grounding: Grounding) -> list[Held]:
    """The sentences that support a claim: none where the check denies it, or one that speaks of it may turn it."""
    if grounding.verdict == "unsupported" or any(one.turns and one.answers >= 0 for one in held):
        return []

    def bears(one: Held) -> bool:
        sure = _plainly(one) and one.speaks_for >= (_FOR if one.share >= _SUBJECT else _SURELY)
        return sure or (one.says and grounding.verdict == "supported")

    return [one for one in held if not one.turns and one.strongest("figure", "attached") < 0.5 and bears(one)]


def _against(held: Sequence[Held], grounding: Grounding) -> Sequence[Held]:
    """The sentences by which a paper may say the opposite of a claim; none where one of them bears it out plainly."""
    if _plainly(max(held, key=lambda one: one.supports)):
        return ()
    opposed = [one for one in held if opposing(one.doubts)]
    if grounding.contradicted or (grounding.verdict == "unsupported" and opposed):
        return opposed or held
    return [
        one for one in held if one.strongest(*_TURNING) and one.share >= _SUBJECT and one.speaks_against >= _AGAINST
    ]


def _plainly(one: Held) -> bool:
    return one.supports >= _PLAINLY[0] and one.contradicts < _PLAINLY[1]


def _falls(asked: Reading, said: Reading) -> bool:
    """True when a sentence points down near words of a claim that itself points nowhere."""
    if any(turn.sign for turn in turns(asked)):
        return False
    return any(turn.sign < 0 and turn.around & asked.stems for turn in turns(said))


def _is_on(asked: Reading, paper: Paper) -> bool:
    """True when a claim names the paper's own work: an opposite that is read there is then one of the same thing."""
    work = source(paper.title, paper.abstract)
    first = [name_key(word.text) for word in asked.words[:1]]
    return any(work.owns(key) for key in (*first, *(key for _, _, key in asked.named)))


def opposing(told: Sequence[Doubt], least: float = _OPPOSED) -> list[Doubt]:
    """The doubts that say the opposite of a claim."""
    return [doubt for doubt in told if doubt.kind in _OPPOSITE and size(doubt) > 0 and size(doubt) >= least]
