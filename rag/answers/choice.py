"""Which sentences answer, how many of them, in which order, and whether to answer at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answers.calibration import Calibration, logistic, weighed
from rag.answers.judging import Paper, Sentence
from rag.retrieval.question.reading import topic_of

# A second sentence follows, and a third, of which more is asked, while the question is answered with less than this
# probability, if it has the least chance and its logit is not far behind that of the first. Chosen on the questions of
# dev, fit and more.
_SURE, _LEAST, _BEHIND = 0.95, (0.05, 0.2), (2.0, 1.0)
_MOST = 3
_MOST_PAPERS = 2
_LONG = 12


def answerable(
    question: str, papers: Sequence[Paper], wants: Mapping[str, float], calibration: Calibration, *, unknown: int
) -> float:
    """The probability that the papers that were read answer the question; `unknown` counts names that no paper has."""
    best = max((s for paper in papers for s in paper.sentences), key=lambda s: s.chance, default=None)
    if best is None:
        return 0.0
    paper = next(p for p in papers if p.candidate is best.candidate)
    if paper.about < calibration.about_line:
        return 0.0
    signals = answerable_signals(question, best.logit, paper.meant, wants, unknown=unknown)
    return logistic(weighed(calibration.answerable, signals))


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
    several = wants.get("several", 0.0) > 0.5
    if ranked[0].fact and not several:  # what the metadata say is exact
        return ranked[:1]
    found, words, open_ = [ranked[0]], length(ranked[0]), 1 - ranked[0].chance
    for following in ranked[1:]:
        if len(found) == _MOST or following.chance < _LEAST[len(found) - 1]:
            break
        if 1 - open_ >= _SURE and not (several and len(found) == 1):
            break
        papers_of = {s.candidate.paper.id for s in (*found, following)}
        behind = not several and following.logit < ranked[0].logit - _BEHIND[len(found) - 1]
        if behind or words + length(following) > budget_words or len(papers_of) > _MOST_PAPERS:
            continue
        found.append(following)
        words += length(following)
        open_ *= 1 - following.chance
    return found


def ordered(sentences: Sequence[Sentence], *, in_order: bool = False) -> list[Sentence]:
    """The best sentence first, the others by paper and in the order of their abstract; `in_order`, the best too."""
    first = [] if in_order else list(sentences[:1])
    papers = list(dict.fromkeys(s.candidate.paper.id for s in sentences))
    rest = sentences[len(first) :]
    return [*first, *sorted(rest, key=lambda s: (papers.index(s.candidate.paper.id), s.position))]


def length(sentence: Sentence) -> int:
    """The words of a sentence with its mark, and with the name before it where it may need one."""
    return len(sentence.text.split()) + 1 + len(sentence.candidate.called.split())
