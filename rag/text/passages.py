"""From an abstract to passages: runs of whole sentences within a budget of tokens, with exact offsets."""

from __future__ import annotations

from collections.abc import Callable

from rag.model import Paper, Passage
from rag.text.normalization import sentences


def passages(paper: Paper, *, budget_tokens: int, count: Callable[[str], int]) -> tuple[Passage, ...]:
    """The passages of a paper's abstract, in order; together they cover every sentence.

    A passage holds as many whole sentences as fit into `budget_tokens` by `count`, and at least one; each begins with
    the last sentence of the one before where the budget allows, so that a thought over two sentences is found. A
    paper without an abstract has one empty passage: it is found by its title.
    """
    spans = sentences(paper.abstract)
    if not spans:
        return (Passage(f"{paper.id}#0", paper.id, "", 0, 0),)
    sizes = [count(paper.abstract[start:end]) for start, end in spans]
    runs: list[tuple[int, int]] = []
    first = 0
    while True:
        last, total = first, sizes[first]
        while last + 1 < len(spans) and total + sizes[last + 1] <= budget_tokens:
            last += 1
            total += sizes[last]
        runs.append((first, last))
        if last + 1 == len(spans):
            break
        overlap = last > first and sizes[last] + sizes[last + 1] <= budget_tokens
        first = last if overlap else last + 1
    return tuple(
        Passage(f"{paper.id}#{n}", paper.id, paper.abstract[spans[a][0] : spans[b][1]], spans[a][0], spans[b][1])
        for n, (a, b) in enumerate(runs)
    )
