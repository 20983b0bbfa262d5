"""Which sentences answer, how many of them, in which order, and whether to answer at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answers.calibration import Calibration, logistic, weighed
from rag.answers.judging import Paper, Sentence
from rag.retrieval.question.reading import topic_of
from rag.text.kinds import lacks_amount

# A second sentence follows, and a third, of which more is asked, while the question is answered with less than this
# probability, if it has the least chance and its logit is not far behind that of the first. Chosen on the questions of
# dev, fit and more; for the third the other sets were looked at too.
_SURE, _LEAST, _BEHIND = 0.95, (0.05, 0.1), (2.0, 2.0)
_MOST = 3
# Of a whole paper so many are told, as far as the words go: what is proposed, how, and what came of it. Of what readers
# would want told of 100 papers that is there in two thirds, and in half by the rule above.
_OF_OVERVIEW = 4
_MOST_PAPERS = 2
_LONG = 12
_ROOM = 1000


def answerable(
    question: str, papers: Sequence[Paper], wants: Mapping[str, float], calibration: Calibration, *, unknown: int
) -> float:
    """The probability that the papers that were read answer the question; `unknown` counts names that no paper has."""
    best = max((s for paper in papers for s in paper.sentences), key=lambda s: s.chance, default=None)
    if best is None:
        return 0.0
    paper = next(p for p in papers if p.candidate is best.candidate)
    if paper.about < calibration.about_line or _of_another_kind(question, papers, wants):
        return 0.0
    signals = answerable_signals(question, best.logit, paper.meant, wants, unknown=unknown)
    return logistic(weighed(calibration.answerable, signals))


def _of_another_kind(question: str, papers: Sequence[Paper], wants: Mapping[str, float]) -> bool:
    """True where one amount is asked for, of one paper, and what would be told has none of its kind.

    By its words a sentence on what is counted comes near, whether or not it says how many. Of 422 near misses of the
    split train that were answered, read beside the paper that they mean, 88 are told by it; of 756 right answers 6 go.
    """
    if sum(paper.candidate.named for paper in papers) > 1:
        return False
    told = chosen(papers, wants, _ROOM)
    return not any(sentence.fact for sentence in told) and lacks_amount(question, [s.text for s in told])


def answerable_signals(
    question: str, answers: float, meant: float, wants: Mapping[str, float], *, unknown: int
) -> dict[str, float]:
    """What speaks for an answer: the logit of the best sentence, the probability of its paper, and the question.

    Whoever asks at length asks for what there is more often than whoever asks for one number.
    """
    return {
        "answers": answers, "meant": meant, "unknown": float(unknown > 0), "overview": wants.get("overview", 0.0),
        "asked": float(min(len(topic_of(question)), _LONG)),
    }  # fmt: skip


def chosen(papers: Sequence[Paper], wants: Mapping[str, float], budget_words: int) -> list[Sentence]:
    """The likeliest sentences, the best first, until the question is likely answered or the budget is used up.

    A question that asks for more than one thing gets a second sentence in any case, if one may answer.
    """
    ranked = sorted((s for paper in papers for s in paper.sentences), key=lambda s: -s.chance)
    if not ranked:
        return []
    several, whole = wants.get("several", 0.0) > 0.5, wants.get("overview", 0.0) > 0.5
    if ranked[0].fact and not several:  # what the metadata say is exact
        return ranked[:1]
    if whole:
        return _whole(ranked, budget_words)
    found, open_ = [ranked[0]], 1 - ranked[0].chance
    for following in ranked[1:]:
        if len(found) == _MOST or following.chance < _LEAST[len(found) - 1]:
            break
        if 1 - open_ >= _SURE and not (several and len(found) == 1):
            break
        papers_of = {s.candidate.paper.id for s in (*found, following)}
        behind = not several and following.logit < ranked[0].logit - _BEHIND[len(found) - 1]
        if behind or length((*found, following)) > budget_words or len(papers_of) > _MOST_PAPERS:
            continue
        found.append(following)
        open_ *= 1 - following.chance
    return found


def _whole(ranked: Sequence[Sentence], budget_words: int) -> list[Sentence]:
    """The likeliest sentence and those of its paper that follow, facts left out, as far as the words go."""
    found = [ranked[0]]
    for following in ranked[1:]:
        same = following.candidate is ranked[0].candidate and not following.fact
        if same and len(found) < _OF_OVERVIEW and length((*found, following)) <= budget_words:
            found.append(following)
    return found


def ordered(sentences: Sequence[Sentence], *, in_order: bool = False) -> list[Sentence]:
    """The best sentence first, the others by paper and in the order of their abstract; `in_order`, the best too."""
    first = [] if in_order else list(sentences[:1])
    papers = list(dict.fromkeys(s.candidate.paper.id for s in sentences))
    rest = sentences[len(first) :]
    return [*first, *sorted(rest, key=lambda s: (papers.index(s.candidate.paper.id), s.position))]


def by_title(sentences: Sequence[Sentence]) -> bool:
    """True when all are of one paper without a name, whose title the question says: it need not be said again."""
    return len({s.candidate.paper.id for s in sentences}) == 1 and sentences[0].candidate.titled


def length(sentences: Sequence[Sentence]) -> int:
    """The words of sentences with their marks, and with the name of each paper, which may stand before its first."""
    called = {} if by_title(sentences) else {s.candidate.paper.id: s.candidate.called for s in sentences}
    return sum(len(text.split()) for text in (*(s.text for s in sentences), *called.values())) + len(sentences)
