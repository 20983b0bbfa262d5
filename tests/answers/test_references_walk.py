"""The references of a draft beside a library that is too large to be held."""

from weakref import WeakSet

from rag.answers.references import compared
from rag.model import Paper


def test_the_references_of_a_draft_are_compared_in_one_walk_that_keeps_hardly_a_paper():
    alive, most = WeakSet(), 0

    def walked():
        nonlocal most
        for n in range(500):
            paper = Paper(f"p{n}", f"Seeing {'Smal' if n == 77 else 'Wide'} Birds at Nightfall number{n % 250}", "")
            alive.add(paper)
            most = max(most, len(alive))
            yield paper
            del paper

    draft = "## References\n[1] Seeing Smal Brids at Nightfall number77. 2020.\n[2] Of something else.\n"
    draft += "[3] Seeing Wide Brids at Nightfall number88.\n"
    nearest, other, equal = compared(draft, walked(), lambda _: None)
    assert nearest.paper.id == "p77"
    assert nearest.differences == ("the title is “Seeing Smal Birds at Nightfall number77”",)
    assert (other.paper, other.differences) == (None, ())
    assert equal.paper.id == "p88", "of two that are equally near, the one with the greater id"
    assert most <= 5
