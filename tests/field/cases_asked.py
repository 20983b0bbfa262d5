"""Ways of asking that were heard wrong: a question of a small library, and what its answer has and has not."""

# ruff: noqa: E501 -- a row stays together, however long it is

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heard:
    """A question, after a `turn` of question and answer where there is one; `says` is the answer, or begins it.

    `has` is in it too; `abstains` is True where nothing may be answered.
    """

    question: str
    says: str
    abstains: bool = False
    turn: tuple[str, str] | None = None
    has: str = ""
    has_not: tuple[str, ...] = field(default=())


LIBRARY = [
    {"title": "PondCam: Counting Herons", "abstract": "PondCam counts herons in 31 shallow ponds with one camera each. It reaches 92.5% accuracy on 1,204 images.", "authors": ["Ann Owl", "Bo Fox"], "published": "2021-03-05"},
    {"title": "ReedNet: Mapping Reeds", "abstract": "ReedNet maps reeds on 12 lakes from aerial images. It needs 40 labelled images a lake.", "authors": ["Bo Fox", "Cy Elk"], "published": "2022-06-01"},
    {"title": "DuckNet: Finding Ducks", "abstract": "DuckNet finds ducks in 5 lakes. It is slower than PondCam but finds 3% more birds.", "authors": ["Di Moss"], "published": "2023-01-15"},
    {"title": "TarnNet: Tarns from Space", "abstract": "TarnNet finds tarns in satellite images of 10 metres a pixel. It finds 87% of 2,310 tarns in three countries.", "authors": ["Ann Owl", "Di Moss", "Ed Rill"], "published": "2023-11-20"},
    {"title": "HeronBench: A Benchmark for Heron Counting", "abstract": "HeronBench holds 9,000 images of herons from 14 marshes. On it PondCam reaches 71% accuracy.", "authors": ["Ed Rill"], "published": "2024-02-02"},
]  # fmt: skip

BY_FOX = "Two papers by Bo Fox: PondCam: Counting Herons (2021) [1] and ReedNet: Mapping Reeds (2022) [2]."
BY_OWL = "Two papers by Ann Owl: PondCam: Counting Herons (2021) [1] and TarnNet: Tarns from Space (2023) [2]."
NOT_TOLD = "The library cannot say which papers do not"
ELSEWHERE = "The abstracts of this library are in English, and the question is not. Ask it in English."
TWO = ("Which papers did Bo Fox write?", BY_FOX)
ONE = ("What is the accuracy of PondCam?", "PondCam reaches 92.5% accuracy on 1,204 images [1].")
LIST = (
    "Which papers are about herons?",
    "- HeronBench: A Benchmark for Heron Counting [1]\n- PondCam: Counting Herons [2]\n- DuckNet: Finding Ducks [3]",
)

HEARD = [
    Heard("ok thanks", "Footnote answers questions from the abstracts", abstains=True, turn=ONE),
    Heard("Which one finds more of what it looks for, PondCam or TarnNet?", "PondCam", has="TarnNet finds 87%"),
    Heard("WHAT IS THE ACCURACY OF PONDCAM?", "PondCam reaches 92.5% accuracy on 1,204 images [1]."),
    Heard("HOW MANY PAPERS ARE THERE?", "The library has 5 papers"),
    Heard("HOW MANY PAPERS DID ANN OWL WRITE?", BY_OWL),
    Heard("Which papers did Bo Fox write?", BY_FOX),
    Heard("papers by fox", BY_FOX),
    Heard("Papers by B. Fox", BY_FOX),
    Heard("papers by Owl, Ann", BY_OWL),
    Heard("How many papers did Ann Owl write?", BY_OWL),
    Heard("What did Ann Owl publish in 2023?", "One paper by Ann Owl from 2023: TarnNet: Tarns from Space (2023) [1]."),
    Heard("What did Ann Owl publish in 2019?", "None of the 2 papers by Ann Owl is from 2019.", abstains=True),
    Heard("What did Ann Owl and Bo Fox write together?", "One paper by Ann Owl and Bo Fox: PondCam"),
    Heard("Which papers by Bo Fox are about reeds?", "- ReedNet: Mapping Reeds [1]", has_not=("PondCam",)),
    Heard("What is the newest paper by Di Moss?", "Of the 2 papers with a date, the newest is TarnNet"),
    Heard("Did Ann Owl write TarnNet?", "Yes: TarnNet is by Ann Owl, Di Moss, Ed Rill [1]."),
    Heard("Did Bo Fox write TarnNet?", "No: TarnNet is by Ann Owl, Di Moss, Ed Rill [1]."),
    Heard("Which papers did Zed Nobody write?", "No paper in the library names Zed Nobody as an author.", abstains=True),
    Heard("Which papers are not by Bo Fox?", "Three papers not by Bo Fox: DuckNet"),
    Heard("Which papers aren't by Bo Fox?", "Three papers not by Bo Fox: DuckNet"),
    Heard("Which paper was not written by Bo Fox?", "Three papers not by Bo Fox: DuckNet"),
    Heard("Which papers did Bo Fox not write?", "Three papers not by Bo Fox: DuckNet"),
    Heard("Which papers did Ann Owl write without Bo Fox?", "One paper by Ann Owl and not by Bo Fox: TarnNet"),
    Heard("papers by Ann Owl but not by Bo Fox", "One paper by Ann Owl and not by Bo Fox: TarnNet"),
    Heard("What has Ann Owl worked on?", BY_OWL),
    Heard("Which papers were not published in 2023?", "Three of the 5 papers are not from 2023: PondCam [1], ReedNet [2] and HeronBench [3]."),
    Heard("Which papers do not mention PondCam?", "Two of the 5 papers are without a mention of PondCam: ReedNet [1] and TarnNet [2]."),
    Heard("Which papers do not use satellite images?", NOT_TOLD, abstains=True),
    Heard("How many papers aren't about herons?", NOT_TOLD, abstains=True),
    Heard("How many people worked on TarnNet?", "", has="TarnNet has 3 authors"),
    Heard("How many authors are there?", "The library names 5 authors; 5 of its 5 papers name theirs."),
    Heard("Who are the authors?", "The library names 5 authors; 5 of its 5 papers name theirs."),
    Heard("Wie genau ist PondCam?", ELSEWHERE, abstains=True),
    Heard("Erdős–Rényi graphs?", "No paper in the library mentions Erdős–Rényi.", abstains=True),
    Heard("Glioblastoma immunotherapy checkpoint inhibitors", "No paper in the library answers", abstains=True),
    Heard("What is the capital of France?", "No paper in the library answers", abstains=True),
    Heard("How do I bake bread?", "No paper in the library answers", abstains=True),
    *[Heard(text, ELSEWHERE, abstains=True) for text in (
        "Quelle est la capitale de la France ?", "¿Cuál es la capital de Francia?", "Was ist die Hauptstadt von Frankreich?", "法国的首都是什么？",
        "フランスの首都はどこですか？", "Какая столица Франции?", "ما هي عاصمة فرنسا؟", "프랑스의 수도는 어디입니까?", "哪些论文是关于视频理解的？",
        "Fransa'nın başkenti neresidir?", "Jaka jest stolica Francji?", "Stolica Francji to jakie miasto?", "Thủ đô của Pháp là gì?", "Kolik článků je o volavkách?",
        "Mikä on Ranskan pääkaupunki?", "Apa ibu kota Prancis?", "Qual è la capitale della Francia?", "Wat is de hoofdstad van Frankrijk?")],
    Heard("What is the capital of France?", "No paper in the library answers “What is the capital of France?”.", abstains=True, turn=ONE),
    Heard("How do I bake bread?", "No paper in the library answers “How do I bake bread?”.", abstains=True, turn=ONE),
    Heard("Who is the president of France?", "No paper in the library answers “Who is the president of France?”.", abstains=True, turn=ONE),
    Heard("What is the weather in Paris?", "No paper in the library answers “What is the weather in Paris?”.", abstains=True, turn=LIST),
    Heard("What do reeds need?", "ReedNet needs 40 labelled images a lake [1].", turn=ONE),
    Heard("How many images?", "PondCam reaches 92.5% accuracy on 1,204 images [1].", turn=ONE),
    Heard("Which of the two is newer?", "Of the 2 papers with a date, the newest is ReedNet", turn=TWO),
    Heard("Which of the two has more authors?", "Of the 2 papers whose number of authors is known, the 2 with the most authors are PondCam", turn=TWO),
    Heard("Which of them has the most authors?", "Of the 3 papers whose number of authors is known, the one with the most authors is PondCam", turn=LIST),
    Heard("Which one has the most authors?", "Of the 3 papers whose number of authors is known, the one with the most authors is PondCam", turn=LIST),
    Heard("And the newest one?", "Of the 3 papers with a date, the newest is HeronBench", turn=LIST),
    Heard("And on HeronBench?", "HeronBench: On it PondCam reaches 71% accuracy [1].", turn=ONE),
    Heard("What does the first one count?", "PondCam", has="counts herons in 31 shallow ponds", turn=TWO),
    Heard("the third", "The answer before this question speaks of 2 papers: PondCam, ReedNet.", abstains=True, turn=TWO),
    Heard("How many authors does the 2nd one have?", "PondCam has 2 authors [1].", turn=LIST),
    Heard("What does number 3 find?", "DuckNet finds ducks in 5 lakes [1].", turn=LIST),
    Heard("Who is the second author of PondCam?", "The second author of PondCam is Bo Fox [1]."),
    Heard("Who is the third author of PondCam?", "PondCam is by Ann Owl, Bo Fox [1]."),
    Heard("papers with Bo Fox as second author", "One paper by Bo Fox as second author: PondCam"),
    Heard("Who wrote the first two?", "HeronBench is by Ed Rill [1]. PondCam is by Ann Owl, Bo Fox [2].", turn=LIST),
    Heard("What does [3] find?", "DuckNet finds ducks in 5 lakes [1].", turn=LIST),
    Heard("Which of the three is the newest?", "Of the 3 papers with a date, the newest is HeronBench", turn=LIST),
]  # fmt: skip
