"""The verdict on a statement: does what it cites say so? No model is needed; an embedder helps.

`check` collects doubts (a figure that is not there, a comparison turned round, an "all" that the paper does not say),
weighs them, and picks the run of sentences that carries the statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.grounding.checks.amounts import figure_doubts, rank_doubts
from rag.grounding.checks.attached import MOST_FIGURES, attached_doubts, figure_role_doubts
from rag.grounding.checks.borne import Bears, borne_doubts
from rag.grounding.checks.coverage import Embed, cover_doubts
from rag.grounding.checks.direction import direction_doubts
from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.entities import name_doubts
from rag.grounding.checks.negation import negation_doubts
from rag.grounding.checks.order import order_doubts
from rag.grounding.checks.roles import exchanged_doubts, role_doubts
from rag.grounding.checks.scope import scope_doubts
from rag.grounding.checks.sentence import Reading, Source, read, source
from rag.grounding.opposite import opposite
from rag.grounding.parts import parts, subject_doubts
from rag.grounding.quote import is_quote, run_for
from rag.grounding.weigh import Weighed, probability, reasons_of, verdict_of, weigh
from rag.model import Paper, Verdict
from rag.text import normal, shown
from rag.text.names import AUTHOR_PLACES, name_key

__all__ = ["Bears", "Check", "Doubt", "Embed", "Grounding", "check", "check_fields", "doubts"]

MOST = 3_000
"""Characters of a sentence that is checked; what a check takes grows with the square of its length, and more."""

_CHECKS = (
    figure_doubts,
    rank_doubts,
    attached_doubts,
    figure_role_doubts,
    exchanged_doubts,
    role_doubts,
    name_doubts,
    direction_doubts,
    order_doubts,
    subject_doubts,
    negation_doubts,
    scope_doubts,
)


@dataclass(frozen=True)
class Grounding:
    """What came of a check: the verdict, the reasons in words, and the run of the paper's abstract nearest to it.

    `paper.abstract[start:end]` is that run; `start` and `end` are 0 and 0 where the title alone carries the statement.
    `paper` is None when nothing is cited. `contradicted` is True where that run says the opposite; `probability` is how
    likely the statement is borne out.
    """

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    paper: Paper | None = None
    start: int = 0
    end: int = 0
    contradicted: bool = False
    probability: float = 0.0


Check = Callable[[str, Sequence[Paper]], Grounding]
"""`check` with what it reads meaning with: a sentence and the papers that it cites, to the verdict."""


def check(
    sentence: str, papers: Sequence[Paper], *, embed: Embed | None = None, bears: Bears | None = None
) -> Grounding:
    """The verdict on a sentence against the abstracts and titles of the papers that it cites.

    A sentence of an abstract, as it is or as shown, is supported at once. A sentence on several papers is held against
    each of them and against all together, and what it says of one of them by name against that one alone. `embed` is an
    embedder's `documents`, `bears` a cross-encoder's; without them only words are compared.
    """
    if not papers:
        return Grounding("unsupported", ("it cites nothing",))
    if len(sentence) > MOST:
        return _too_long(sentence, papers, f"{len(sentence):,} characters, and no more than {MOST:,}")
    for paper in papers:
        if (span := _as_quote(sentence, paper)) is not None:
            return Grounding("supported", (), paper, *span, probability=1.0)
    asked = read(shown(sentence))
    if len(asked.figures) > MOST_FIGURES:
        return _too_long(sentence, papers, f"{len(asked.figures):,} figures, and no more than {MOST_FIGURES}")
    sources = [source(paper.title, paper.abstract) for paper in papers]

    def weighed_of(said: Reading, one: Source) -> Weighed:
        return weigh(doubts(said, one, embed=embed, bears=bears))

    judged = [weighed_of(asked, one) for one in sources]
    if len(papers) > 1:
        whole = source(". ".join(p.title for p in papers), "\n\n".join(p.abstract for p in papers))
        judged.append(weighed_of(asked, whole))
    weighed, said, against = min(judged, key=lambda one: one.total), asked, list(zip(sources, papers, strict=True))
    for part, place in parts(asked, sources):
        of_part = weighed_of(part, sources[place])
        if of_part.total > weighed.total:
            weighed, said, against = of_part, part, [(sources[place], papers[place])]
    verdict, chance = verdict_of(weighed), probability(weighed)
    reasons = () if verdict == "supported" else reasons_of(weighed)
    if verdict == "unsupported":
        for one, paper in against:
            if (span := opposite(said, one, weighed)) is not None:
                quote = shown(paper.abstract[slice(*span)])
                told = (f"the abstract says the opposite: “{quote}”", *reasons)
                return Grounding(verdict, told, paper, *span, contradicted=True, probability=chance)
    runs = [(run_for(asked, one), paper) for one, paper in zip(sources, papers, strict=True)]
    run, paper = max(runs, key=lambda pair: pair[0].score)
    return Grounding(verdict, reasons, paper, run.start, run.end, probability=chance)


def _too_long(sentence: str, papers: Sequence[Paper], what: str) -> Grounding:
    for paper in papers:
        if (start := paper.abstract.find(sentence)) >= 0:
            return Grounding("supported", (), paper, start, start + len(sentence), probability=1.0)
    return Grounding("unsupported", (f"it has {what} of a sentence are checked",), papers[0])


def doubts(
    sentence: Reading, evidence: Source, *, embed: Embed | None = None, bears: Bears | None = None
) -> tuple[Doubt, ...]:
    """Everything about a sentence that the evidence does not bear out."""
    found = [doubt for one in _CHECKS for doubt in one(sentence, evidence)]
    if weigh(found).total > 0:
        embed = None  # far words would only add to what is unsupported already
    found += cover_doubts(sentence, evidence, embed)
    if bears is None or weigh(found).total > 0:
        return tuple(found)  # what has a fault that can be named is not read away
    return (*found, *borne_doubts(sentence, evidence, bears))


def _as_quote(sentence: str, paper: Paper) -> tuple[int, int] | None:
    """Where the sentence stands word for word in the abstract, (0, 0) for the title, or None.

    What stands before a colon may be the paper's name: "Name: a sentence of its abstract".
    """
    evidence = source(paper.title, paper.abstract)
    text = shown(sentence)
    named = [match for match in re.finditer(": ", text) if name_key(text[: match.start()]) in evidence.key]
    forms = [text, *(text[match.end() :] for match in named)]
    for form in forms:
        if normal(form).rstrip(".") == normal(paper.title).rstrip("."):
            return 0, 0
        if (span := is_quote(form, evidence)) is not None:
            return span
    return None


def check_fields(text: str, fields: Sequence[tuple[str, str]]) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict on a statement about metadata: is each cited value, (field, value), said in it?

    The day and year of a date and a number have to be in the text, and the last names of the first authors, or that of
    the one in the place that is spoken of.
    """
    said = normal(text)
    for field, value in fields:
        if field in ("published", "author_count"):
            wanted = [str(int(part)) for part in re.findall(r"\d+", value)]
            wanted = wanted[:1] + wanted[2:]  # the month is written as a word
        elif field == "authors":
            names = [normal(name.split()[-1]) for name in value.split(", ") if name.split()]
            place = next((place for word, place in AUTHOR_PLACES.items() if f"{word} author" in said), None)
            wanted = names[:3] if place is None else names[place:][:1]
        else:  # a title may be said up to its colon
            wanted = [normal(value.partition(": ")[0] if field == "title" else value)]
        missing = [part for part in wanted if part not in said]
        if missing:
            return "weak", (f"the {field.replace('_', ' ')} that it cites is {value}",)
    return "supported", ()
