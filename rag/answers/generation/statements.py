"""A model's text taken apart into statements, and each held against what it cites: passed, put right, or failed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answers.generation.guard import cleaned, guarded, quotes
from rag.answers.generation.metadata_lines import METADATA, checkable, facts_said
from rag.answers.generation.prompts import Line, Prompted
from rag.grounding.checks.sentence import read
from rag.grounding.citations import Draft, Part, Quote
from rag.grounding.marks import without_frame
from rag.grounding.splitting import MARK
from rag.grounding.verdict import Check, Grounding
from rag.model import Paper, Statement
from rag.text import normal, terms

_PRONOUN = re.compile(
    r"\W*(?:it|its|they|their|this|these|that|those|he|she|both|such|here|the (?:same|latter|former))\b", re.I
)
_MOST_LINES = 3
_MOST_SPAN = 40
_MOST_ELSEWHERE = 6
_AGAINST = 300
_LEAST_SHARED = 2


@dataclass(frozen=True)
class Sentence:
    """A sentence as a model wrote it, without its marks; `numbers` are what they name, `item` is one of a list."""

    text: str
    numbers: tuple[int, ...]
    item: bool = False


@dataclass(frozen=True)
class Checked:
    """A sentence after its check: as a draft of the answer, and whether it failed.

    `numbers` are the lines of the evidence that it cites now. The draft of one that failed carries the reasons;
    `against` are the words that come nearest to it.
    """

    sentence: Sentence
    draft: Draft
    failed: bool
    numbers: tuple[int, ...] = ()
    against: str = ""

    @property
    def contradicted(self) -> bool:
        """True where what it cites says the opposite."""
        return self.draft.contradicted

    @property
    def statement(self) -> Statement:
        """It as a statement without citations: what is kept of a sentence that is left out."""
        draft = self.draft
        return Statement(self.sentence.text, (), draft.verdict, draft.reasons, draft.contradicted, draft.probability)


def sentence_of(raw: str, evidence: str) -> Sentence:
    """A sentence as written taken apart and cleaned of what the evidence does not have."""
    item = raw.startswith("- ")
    numbers: list[int] = []
    for mark in MARK.findall(raw):
        for part in re.findall(r"\d+\s*[–-]\s*\d+|\d+", mark):
            ends = [int(number) for number in re.findall(r"\d{1,6}", part)]
            numbers += range(ends[0], min(ends[-1], ends[0] + _MOST_SPAN) + 1) if len(ends) == 2 else ends[:1]
    text = cleaned(MARK.sub("", raw.removeprefix("- ") if item else raw), evidence)
    return Sentence(without_frame(re.sub(r"\s+([.,;:!?])", r"\1", text).strip()), tuple(dict.fromkeys(numbers)), item)


def checked(
    sentence: Sentence,
    evidence: Prompted,
    originals: Sequence[Paper],
    *,
    check: Check,
    exact: Sequence[str] = (),
) -> Checked:
    """The verdict on a sentence, with its marks put right where other evidence bears it out.

    `evidence` holds papers as `guard` shows them, `originals` the same papers whole, which is what is quoted.
    `exact` is what the metadata of the whole library say.
    """
    whole = {paper.id: paper for paper in originals}
    lines = {line.number: line for line in evidence.lines}
    known = [lines[n] for n in sentence.numbers if n in lines]
    unknown = [n for n in sentence.numbers if n not in lines]
    said = [f"there is no evidence [{n}]; the mark was taken out" for n in unknown]
    notes = exact if _counts(sentence.text, exact) else ()
    cited = [checkable(sentence.text, paper, notes) for paper in {line.paper.id: line.paper for line in known}.values()]
    grounding = _checked(sentence.text, cited, check)
    if cited and grounding.verdict != "unsupported":
        carrying, loose = _carrying(sentence.text, cited, grounding, check)
        said += [f"“{_short(paper.title)}” does not say this; its mark was taken out" for paper in loose]
        found, moved = _quotes(sentence.text, carrying, known, whole, check)
        said += [f"the mark stood for another sentence of “{_short(paper.title)}” and was put right" for paper in moved]
        return _passed(sentence, grounding, found, (*grounding.reasons, *said), lines)
    if (other := _elsewhere(sentence.text, cited, evidence, notes, check)) is not None:
        paper, found_there = other
        found, _ = _quotes(sentence.text, [paper], [], whole, check)
        why = "the mark was wrong" if known else "it had no mark" if not unknown else "its mark stood for nothing"
        return _passed(sentence, found_there, found, (f"{why}; “{_short(paper.title)}” says this",), lines)
    if notes and check(sentence.text, [Paper("", "", " ".join(notes))]).verdict == "supported":
        # What is counted over the whole library stands in none of its papers.
        draft = Draft((Part(sentence.text),), sentence.item)
        return Checked(sentence, draft, failed=False)
    reasons = tuple(dict.fromkeys((*said, *grounding.reasons)))
    parts = (Part(sentence.text, tuple(_shown_quote(line, whole) for line in known[:_MOST_LINES])),)
    against = grounding.paper.abstract[grounding.start : grounding.end] if grounding.paper else ""
    draft = Draft(
        parts, sentence.item, verdict="unsupported", reasons=reasons, contradicted=grounding.contradicted,
        probability=grounding.probability,
    )  # fmt: skip
    return Checked(sentence, draft, failed=True, against=" ".join(against.split())[:_AGAINST])


def _shown_quote(line: Line, whole: dict[str, Paper]) -> Quote:
    """What a line cites, in the paper as it is; a line on metadata stands for the title."""
    paper = whole[line.paper.id]
    return (
        Quote(paper, field="title", value=paper.title)
        if line.quote.field == METADATA
        else replace(line.quote, paper=paper)
    )


def _counts(text: str, exact: Sequence[str]) -> bool:
    """True when a sentence may speak of the whole library: it has a figure or name that the notes have."""
    have = set(re.findall(r"\w+", normal(" ".join(exact))))
    return bool(have) and len(have & set(terms(text))) + len(have & set(re.findall(r"\d+", text))) >= _LEAST_SHARED


def _checked(text: str, papers: Sequence[Paper], check: Check) -> Grounding:
    """The verdict; a sentence that shares no word but names and figures with what it cites is not borne out by it."""
    found = check(text, papers)
    own = {word for name in read(text).names for word in terms(name)}
    words = [word for word in terms(text) if word not in own and not word[0].isdigit()]
    there = {word for paper in papers for word in terms(f"{paper.title} {paper.abstract}")}
    if papers and words and not there & set(words) and found.verdict != "unsupported":
        return replace(found, verdict="unsupported", reasons=(f"nothing in what it cites says {' '.join(words)}",))
    return found


def _passed(
    sentence: Sentence, grounding: Grounding, found: Sequence[Quote], reasons: tuple[str, ...], lines: dict[int, Line]
) -> Checked:
    draft = Draft(
        (Part(sentence.text, tuple(found)),), sentence.item, verdict=grounding.verdict, reasons=reasons,
        contradicted=grounding.contradicted, probability=grounding.probability,
    )  # fmt: skip
    numbers = [n for n, line in lines.items() if any(_overlap(line.quote, quote) for quote in found)]
    return Checked(sentence, draft, failed=not found, numbers=tuple(numbers))


def _overlap(one: Quote, other: Quote) -> bool:
    if one.paper.id != other.paper.id:
        return False
    if one.start is None or other.start is None:
        return one.field == METADATA and other.field is not None
    return one.start < (other.end or 0) and other.start < (one.end or 0)


def _carrying(text: str, cited: Sequence[Paper], whole: Grounding, check: Check) -> tuple[list[Paper], list[Paper]]:
    """The papers cited that bear the sentence out, and those that have nothing to do with it.

    Where one alone bears it out as well as all together, those that do not are loose; else each has its part in it.
    """
    if len(cited) == 1:
        return list(cited), []
    alone = [paper for paper in cited if check(text, [paper]).verdict == whole.verdict]
    return (alone, [paper for paper in cited if paper not in alone]) if alone else (list(cited), [])


def _quotes(
    text: str, papers: Sequence[Paper], known: Sequence[Line], whole: dict[str, Paper], check: Check
) -> tuple[list[Quote], list[Paper]]:
    """The words to cite: the lines cited where the run that carries the sentence is among them, else that run."""
    found: list[Quote] = []
    moved: list[Paper] = []
    for paper in papers:
        original = whole[paper.id]
        run = check(text, [paper])
        facts = [quote for _, quote in facts_said(text, original)]
        if facts and (run.start >= len(original.abstract) or _only_metadata(paper, known)):
            found += facts
            continue
        if run.start >= len(original.abstract) > 0:  # a note on the library
            found.append(Quote(original, field="title", value=original.title))
            continue
        found += facts if any(line.paper.id == paper.id and line.quote.field == METADATA for line in known) else []
        lines = [line.quote for line in known if line.paper.id == paper.id and line.quote.start is not None]
        touching = [q for q in lines if (q.start or 0) < run.end and run.start < (q.end or 0)]
        if (run.start, run.end) == (0, 0):
            found.append(Quote(original, field="title", value=original.title))
        elif touching and len(lines) <= _MOST_LINES:
            spans = sorted({(q.start or 0, q.end or 0) for q in lines if q in touching or len(papers) == 1})
            found += [one for span in _joined(spans, original.abstract) for one in quotes(original, paper, *span)]
        else:
            found += quotes(original, paper, run.start, run.end)
            moved += [paper] if any(line.paper.id == paper.id for line in known) and not touching else []
    return found, moved


def _only_metadata(paper: Paper, known: Sequence[Line]) -> bool:
    fields = [line.quote.field == METADATA for line in known if line.paper.id == paper.id]
    return bool(fields) and all(fields)


def _joined(spans: Sequence[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """The spans with neighbours put together."""
    start, end = spans[0]
    for first, last in spans[1:]:
        if text[end:first].strip():
            yield start, end
            start = first
        end = last
    yield start, end


def _elsewhere(
    text: str, cited: Sequence[Paper], evidence: Prompted, notes: Sequence[str], check: Check
) -> tuple[Paper, Grounding] | None:
    """Another paper of the evidence that bears the sentence out, if it can be understood without the one before it."""
    if _PRONOUN.match(text):
        return None
    words = set(re.findall(r"\w+", normal(text)))
    others = [paper for paper in evidence.papers if all(paper.id != one.id for one in cited)]
    others.sort(key=lambda paper: -len(words & set(re.findall(r"\w+", normal(f"{paper.title} {paper.abstract}")))))
    for other in others[:_MOST_ELSEWHERE]:
        paper = checkable(text, other, notes)
        found = _checked(text, [paper], check)
        if found.verdict == "supported":
            return paper, found
    return None


def _short(title: str) -> str:
    return title.split(":")[0][:60]


def safe_papers(papers: Sequence[Paper]) -> list[Paper]:
    """The papers as a model may see them, those of which nothing is left out."""
    return [safe for safe in map(guarded, papers) if safe.abstract.strip() or (safe.title and not safe.abstract)]
