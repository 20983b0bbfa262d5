"""What is exact over the library: told by the catalogue, of which no more papers are read than are shown."""

from collections.abc import Iterator
from datetime import date
from weakref import WeakSet

import pytest

from rag.answers.metadata.authorship import Person, by_people
from rag.answers.metadata.shortlist import MOST_LISTED
from rag.answers.metadata.whole_library import papers_not
from rag.answers.references import compared
from rag.model import MORE_AUTHORS, Paper
from rag.retrieval.index.making import build_index
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.mentions import find_names
from rag.retrieval.question.reading import read

OWL, FOX = (Person(name, frozenset({name})) for name in ("Ann Owl", "Bo Fox"))
WROTE = ((), ("Ann Owl",), ("Ann Owl", "Bo Fox"), ("Bo Fox",), ("Cy Elk",), ("Cy Elk",))


def invented() -> Iterator[Paper]:
    """120 papers: by six runs of authors, the last of which goes on; of 2023, of 2024 or without a date, by turns."""
    for n in range(120):
        yield Paper(
            f"p{n}", f"Title {n} of a Paper", "We go on from BogNet." if n % 2 else "We wade.",
            authors=WROTE[n % 6], extra={MORE_AUTHORS: "yes"} if n % 6 == 5 else {},
            published=(date(2023, 1, 2), date(2024, 1, 2), None)[n % 3], source="arXiv" if n % 4 else "ACL",
        )  # fmt: skip
    yield Paper("bog", "BogNet: Wading", "We present BogNet.", authors=("Cy Elk",), published=date(2024, 5, 6))


class Counted:
    """The papers of an index, which counts those that are read."""

    def __init__(self, papers):
        self.papers, self.read = papers, 0

    def __len__(self):
        return len(self.papers)

    def __getitem__(self, at):
        self.read += 1
        return self.papers[at]


@pytest.fixture
def index():
    made = build_index("any", invented())
    made.papers = Counted(made.papers)
    return made


def told(drafts):
    return "".join(part.text for draft in drafts for part in draft.parts)


# 20 papers of each run of authors, and the last one by Elk: 20 are by nobody known, of 20 not all authors are named.
# By Elk and nobody else are p4, p10, p16 …, whose number leaves 1 where it is divided by 3: all of 2024.
@pytest.mark.parametrize(
    ("people", "how", "given", "begins"),
    [
        ((OWL,), {"no": True}, Conditions(), "41 papers not by Ann Owl: Title 3 of a Paper (2023), Title 4"),
        ((OWL, FOX), {"no": True}, Conditions(), "21 papers not by Ann Owl or Bo Fox: Title 4 of a Paper (2024),"),
        ((OWL, FOX), {"no": True}, Conditions(until=date(2024, 2, 1)), "20 papers not by Ann Owl or Bo Fox from 1"),
        ((OWL, FOX), {}, Conditions(), "20 papers by Ann Owl and Bo Fox: Title 2 of a Paper, Title 8"),
        ((OWL, FOX), {"either": True}, Conditions(), "60 papers by Ann Owl or Bo Fox: Title 1 of"),
        ((OWL, FOX), {"apart": (FOX,)}, Conditions(), "20 papers by Ann Owl and not by Bo Fox: Title 1 of"),
        ((OWL,), {"no": True}, Conditions(year=2024), "21 papers not by Ann Owl from 2024: Title 4"),
    ],
)  # fmt: skip
def test_papers_by_people_and_not_by_them_are_counted_without_being_read(index, people, how, given, begins):
    drafts, missing = by_people(people, index, given, **how)
    assert (told(drafts).startswith(begins), missing) == (True, ""), told(drafts)
    assert index.papers.read <= MOST_LISTED


@pytest.mark.parametrize(
    ("question", "given", "begins"),
    [
        ("Which papers are not from 2023?", {}, "41 of the 81 papers are not from 2023: Title 1 of a Paper"),
        # The even ones do not; of the source ACL are every fourth, all of them even.
        ("Which papers do not mention BogNet?", {}, "60 of the 121 papers are without a mention of BogNet: Title 0"),
        ("Which papers do not mention BogNet?", {"source": "ACL"}, "30 of the 30 papers are without a mention"),
        ("Which papers do not mention BogNet?", {"paper_ids": ("p4", "p5")}, "One of the 2 papers is without a"),
    ],
)
def test_papers_that_are_not_so_are_counted_without_being_read(index, question, given, begins):
    reading = read(question)
    found = papers_not(reading, (), find_names(question, index), index, Conditions(**given))
    assert told(found.drafts).startswith(begins), found
    assert index.papers.read <= MOST_LISTED


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
