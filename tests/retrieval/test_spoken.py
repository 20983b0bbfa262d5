"""What a conversation spoke of, and whether a question is about that: with a listener that says what it is told to."""

import pytest

from rag.model import Paper, Turn
from rag.neural.question_reader import Heard
from rag.retrieval.index.making import build_index
from rag.retrieval.question.spoken import exchanges_of, hangs, likeliest, told_in

NAMES = "Owl Hawk Elk Fox Jay Kite Lynx Mole Newt Otter".split()
LIBRARY = tuple(Paper(name, f"{name}Net: Seeing {name}s at Night", f"{name}Net sees.") for name in NAMES)


class Listener:
    """Fits are those of a table, 0 for the rest; retrieval finds what it is given."""

    def __init__(self, fits=None, found=()):
        self._fits, self._found = fits or {}, found
        self.read = []

    def heard(self, question):
        return Heard()

    def fits(self, question, ids):
        self.read += ids
        return [self._fits.get(key, 0.0) for key in ids]

    def nearest(self, question):
        return self._found


@pytest.fixture(scope="module")
def index():
    return build_index("generation", LIBRARY)


def spoken(index, *turns):
    history = [Turn(role, text) for role, text in turns]
    return [[paper.id for paper in one.spoken] for one in exchanges_of(history, index)]


def test_a_question_that_names_papers_is_about_them_and_a_list_about_its_items(index):
    asked = (("user", "How fast is OwlNet?"), ("assistant", "OwlNet is faster than HawkNet [1]."))
    listed = (("user", "Which see?"), ("assistant", "- ElkNet: Seeing Elks at Night [1]\n- FoxNet [2]\n- ElkNet [3]"))
    bare = (("user", "Is OwlNet like others?"), ("assistant", "- nothing [1]"))
    assert spoken(index, *asked) == [["Owl"]]
    assert spoken(index, *asked, *listed) == [["Elk", "Fox"], ["Owl"]]
    assert spoken(index, *bare) == [["Owl"]]
    assert spoken(index, ("assistant", "Welcome to OwlNet.")) == []
    assert spoken(index, ("user", "Is it?"), *asked) == [["Owl"], []]  # what was not answered


def test_the_paper_that_fits_best_is_meant_and_of_equal_ones_the_latest(index):
    turns = [Turn("user", "What is OwlNet?"), Turn("assistant", "It sees."), Turn("user", "What is HawkNet?")]
    told = told_in(exchanges_of(turns, index))
    assert [paper.id for paper, _ in likeliest("Is it fast?", told, Listener())] == ["Hawk", "Owl"]
    assert [paper.id for paper, _ in likeliest("Is it fast?", told, Listener({"Owl": 9.0}))] == ["Owl", "Hawk"]


def test_no_more_than_a_few_papers_are_read_and_all_are_known_as_spoken_of(index):
    items = "\n".join(f"- {name}Net [1]" for name in NAMES)
    told = told_in(exchanges_of([Turn("user", "Which?"), Turn("assistant", items)], index))
    listener = Listener(found=NAMES)
    assert len(told) == len(NAMES)
    assert len(likeliest("Is it fast?", told, listener)) == len(listener.read) < len(NAMES)
    assert hangs("Is it fast?", Heard(hangs=0.9), 0.0, told, listener) is True
    assert len(listener.read) < len(NAMES)  # what was spoken of is no rival of itself


@pytest.mark.parametrize(
    ("heard", "best", "rival", "expected"),
    [
        (0.9, 0.0, 0.0, True),
        (0.1, 0.0, 0.0, False),
        (0.4, 8.0, 0.0, True),  # what was spoken of answers it, and nothing else does
        (0.6, 0.0, 8.0, False),
        (0.999, -50.0, 50.0, True),  # what points back by its words does so, whatever else may answer
        (0.001, 50.0, -50.0, False),
    ],
)
def test_a_question_hangs_by_its_words_and_by_what_fits_it(index, heard, best, rival, expected):
    told = [(LIBRARY[0], 0.0)]
    listener = Listener({"Fox": rival}, found=["Owl", "Fox"])
    assert hangs("At what price?", Heard(hangs=heard), best, told, listener) is expected
