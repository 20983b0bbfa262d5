"""Reading the best papers with the cross-encoder: which of them is meant, and which of their sentences answer."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log

import numpy as np

from rag.answers.calibration import Calibration, logistic, weighed
from rag.answers.candidates import Candidate
from rag.answers.metadata.facts import Fact, Field
from rag.answers.several import of_one
from rag.answers.wording import asks_where, only_available
from rag.formats.tracing import span
from rag.neural import LISTED_PIECES, CrossEncoder, Judged, Read
from rag.neural.embedder import Vectors
from rag.neural.question_reader import Heard, QuestionReader

# Of papers that the question names so many are read, and so many sentences of each.
_NAMED, _SENTENCES = 4, 14
# Of others so many are read whole, by the sentences nearest to the question; then the nearest sentences of the
# likeliest one by one, then the rest of the two that are left.
_WIDE, WHOLE_SENTENCES = 12, 5
_FIRST, _FIRST_SENTENCES, _LIKELIEST = 6, 2, 2
_LISTED, _LISTED_SENTENCES = 40, 6
_RELATIVE = 4.0
# A paper that is described and not named is one side of a comparison if what it says alone speaks for it, and either
# retrieval finds it far above others, or beside them it is all but sure. On 45 questions that are heard as comparisons
# and name at most one paper (of the dev split, dev, fit and more) 18 of 19 such sides are found, and 9 that are none.
_SIDE_ABOUT, _SIDE_SCORE, _SIDE_MEANT = 0.0, 3.5, 0.9


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence of a paper, or a fact of its metadata, and what was found of it.

    `position` counts the sentences of the abstract, facts behind them; `logit` is that it answers, `chance` the
    probability that it does and its paper is meant.
    """

    candidate: Candidate
    position: int
    logit: float = 0.0
    chance: float = 0.0

    @property
    def fact(self) -> Fact | None:
        """The fact of the metadata that it is, None for a sentence of the abstract."""
        behind = self.position - len(self.candidate.spans)
        return self.candidate.facts[behind] if behind >= 0 else None

    @property
    def span(self) -> tuple[int, int]:
        """The sentence's offsets in the abstract; not for a fact."""
        return self.candidate.spans[self.position]

    @property
    def text(self) -> str:
        """The sentence as a person reads it."""
        return self.candidate.sentence(self.position)


@dataclass(frozen=True, eq=False)
class Opened:
    """A candidate with those of its sentences that were read, by position, and its rank (from 0) in retrieval.

    `whole` is the logit that it is meant, by its nearest sentences read at once; 0 for a paper that is named.
    """

    candidate: Candidate
    rank: int
    judged: Mapping[int, Judged]
    whole: float = 0.0

    @cached_property
    def signals(self) -> dict[str, float]:
        """What speaks for the paper being the one that is meant."""
        answers = sorted((one.answers for one in self.judged.values()), reverse=True)
        return {
            "score": self.candidate.score, "rank": -log(1 + self.rank),
            "about": max((one.about for one in self.judged.values()), default=-8.0),
            "answers": answers[0] if answers else -8.0, "whole": self.whole,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Paper:
    """A candidate that was read: its sentences, the likeliest first, and the probability that it is the one meant.

    `about` is the logit that it is meant, by what it says alone.
    """

    candidate: Candidate
    sentences: tuple[Sentence, ...]
    about: float
    meant: float


@dataclass(frozen=True, eq=False)
class Judgment:
    """What was found before anything is chosen: what the question asks for, unknown names in it, the papers read."""

    wants: Mapping[str, float]
    unknown: tuple[str, ...]
    papers: tuple[Opened, ...]


class Judge:
    """Hears what a question asks for and reads candidates, each with a network of its own.

    Lives as long as the library is open; safe between threads.
    """

    def __init__(self, encoder: CrossEncoder, questions: QuestionReader) -> None:
        self.encoder = encoder
        self._questions = questions

    @cached_property
    def calibration(self) -> Calibration:
        """How its logits are read. Raises LibraryError if the manifest is not there."""
        return Calibration.of(self.encoder.manifest)

    def heard(self, question: str) -> Heard:
        """What a question asks for, what its words are as conditions, and whether it hangs on others."""
        return self._questions.read(question)

    def read(
        self, question: str, vector: Vectors, candidates: Sequence[Candidate], *, facts: Sequence[Field] = ()
    ) -> list[Paper]:
        """The papers worth reading for a question, the likeliest to be meant first; `vector` is the question's.

        The `facts` of the metadata that are of these fields are read as sentences too.
        """
        with span("rank", "RERANKER") as ranking:
            papers = self._weighed(self.opened(question, vector, candidates, facts=facts))
            ranking.set({"reranker.model_name": "cross_encoder"})
            ranking.documents("reranker.output_documents", [(p.candidate.paper.id, p.meant) for p in papers])
        return papers

    def sides(self, question: str, vector: Vectors, candidates: Sequence[Candidate]) -> list[Paper]:
        """The papers that a comparison describes without their names ("X and the survey of Y"), the likeliest first.

        Of two sides that are described one is often weighed as all but sure, and the other as nothing beside it.
        """
        described = self.read(question, vector, [candidate for candidate in candidates if not candidate.named])
        sides = [
            p for p in described if p.about > _SIDE_ABOUT and (p.candidate.score > _SIDE_SCORE or p.meant > _SIDE_MEANT)
        ]
        return sorted(sides, key=lambda paper: -paper.candidate.score)

    def opened(
        self, question: str, vector: Vectors, candidates: Sequence[Candidate], *, facts: Sequence[Field] = ()
    ) -> list[Opened]:
        """The papers worth reading, those that are named or else the likeliest, and what their sentences say.

        How much is read does not grow with the library. Of papers that are not named the best of retrieval are read
        whole, then of the likeliest the sentences nearest in meaning, and then all others of the two that are left.
        """

        def all_of(candidate: Candidate) -> tuple[int, ...]:
            behind = [n for n, fact in enumerate(candidate.facts, len(candidate.spans)) if fact.field in facts]
            return (*candidate.nearest(vector, _SENTENCES), *behind)

        named = [candidate for candidate in candidates if candidate.named][:_NAMED]
        if named:
            return [
                Opened(c, rank, self._read(of_one(question, c, named), c, all_of(c))) for rank, c in enumerate(named)
            ]
        wide = self.wide(question, vector, candidates)
        wide.sort(key=lambda one: -weighed(self.calibration.near, one.signals))
        first = [
            replace(one, judged=self._read(question, one.candidate, one.candidate.nearest(vector, _FIRST_SENTENCES)))
            for one in wide[:_FIRST]
        ]
        likeliest = [paper.candidate.paper.id for paper in self._weighed(first)[:_LIKELIEST]]
        for n, one in enumerate(first):
            if one.candidate.paper.id in likeliest:
                rest = [place for place in all_of(one.candidate) if place not in one.judged]
                first[n] = replace(one, judged={**one.judged, **self._read(question, one.candidate, rest)})
        return first

    def wide(self, question: str, vector: Vectors, candidates: Sequence[Candidate]) -> list[Opened]:
        """The best papers of retrieval, each read whole, none of its sentences by itself."""
        chosen = candidates[:_WIDE]
        reads = [Read(c.title, tuple(map(c.sentence, sorted(c.nearest(vector, WHOLE_SENTENCES))))) for c in chosen]
        judged = self.encoder.read(question, reads)
        return [Opened(c, rank, {}, one.about) for rank, (c, one) in enumerate(zip(chosen, judged, strict=True))]

    def _read(self, question: str, candidate: Candidate, positions: Sequence[int]) -> dict[int, Judged]:
        reads = [Read(candidate.title, (candidate.sentence(n),)) for n in positions]
        return dict(zip(positions, self.encoder.read(question, reads), strict=True))

    def listed(self, subject: str, likeness: float, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates that belong on a list on a subject, the likeliest first; none where there is nothing on it.

        `likeness` is that of the nearest paper to the subject, as retrieval measures it.
        """
        chances = [(c, chance) for c, _, chance in self.on_subject(subject, likeness, candidates)]
        chances.sort(key=lambda pair: -pair[1])
        return [c for c, chance in chances if chance >= self.calibration.list_line]

    def on_subject(
        self, subject: str, likeness: float, candidates: Sequence[Candidate]
    ) -> list[tuple[Candidate, float, float]]:
        """The candidates that may be on a list, in their order, with the logit that each is meant and its chance.

        None where there is nothing on the subject.
        """
        logits = self.about_logits(subject, candidates)
        best = {"about": max((logit for _, logit in logits), default=-8.0), "likeness": likeness}
        if logistic(weighed(self.calibration.subject, best)) < self.calibration.subject_line:
            return []
        return [(c, at, logistic(weighed(self.calibration.listed, listed_signals(c, at)))) for c, at in logits]

    def about_logits(self, subject: str, candidates: Sequence[Candidate]) -> list[tuple[Candidate, float]]:
        """The candidates that may be on a list, in their order, each with the logit that it is meant."""
        chosen = candidates[:_LISTED]
        reads = [
            Read(c.title, tuple(c.sentence(n) for n in range(min(len(c.spans), _LISTED_SENTENCES)))) for c in chosen
        ]
        judged = self.encoder.read(subject, reads, most=LISTED_PIECES)
        return [(candidate, one.about) for candidate, one in zip(chosen, judged, strict=True)]

    def without(self, subject: str, candidates: Sequence[Candidate], saying: Container[str]) -> list[Candidate]:
        """The candidates that are not on a subject; where the papers of these ids say its words, only they are.

        Of papers on PET nearly all are likely on MRI; those that do without it do not speak of it.
        """
        about = self.about_logits(subject, candidates)
        said = any(candidate.paper.id in saying for candidate, _ in about)
        return [c for c, logit in about if logit < self.calibration.about_line or (said and c.paper.id not in saying)]

    def fit(self, question: str, candidates: Sequence[Candidate]) -> list[float]:
        """How well each paper fits a question that does not name it: by its beginning, and by what it says best."""
        found = []
        for candidate, whole in self.about_logits(question, candidates):
            judged = self._read(question, candidate, range(min(len(candidate.spans), _SENTENCES)))
            signals = Opened(candidate, 0, judged).signals
            found.append(whole + signals["about"] + signals["answers"])
        return found

    def _weighed(self, opened: Sequence[Opened]) -> list[Paper]:
        if not opened:
            return []
        logits = np.array([weighed(self.calibration.meant, one.signals) for one in opened])
        shares = np.exp(logits - logits.max())
        papers = [self._paper(one, float(share)) for one, share in zip(opened, shares / shares.sum(), strict=True)]
        return sorted(papers, key=lambda paper: -paper.meant)

    def _paper(self, opened: Opened, meant: float) -> Paper:
        sentences = [
            Sentence(
                opened.candidate,
                n,
                one.answers,
                meant * logistic(weighed(self.calibration.answers, {"answers": one.answers})),
            )
            for n, one in opened.judged.items()
        ]
        sentences.sort(key=lambda sentence: -sentence.logit)
        return Paper(opened.candidate, tuple(sentences), opened.signals["about"], meant)


def to_tell(question: str, papers: Sequence[Paper]) -> list[Paper]:
    """The papers without sentences that only say where code or data are, unless the question asks for that.

    To the network these fit any question on data or models.
    """
    if asks_where(question):
        return list(papers)
    kept = [tuple(s for s in paper.sentences if s.fact or not only_available(s.text)) for paper in papers]
    return [replace(p, sentences=sentences or p.sentences) for p, sentences in zip(papers, kept, strict=True)]


def listed_signals(candidate: Candidate, about: float) -> dict[str, float]:
    """What speaks for a paper being on a list; its score is relative, and of any library some paper comes first."""
    return {"about": about, "score": min(candidate.score, _RELATIVE)}
