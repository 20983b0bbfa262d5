"""An index that takes over what has not changed is the one that is made of the same papers from nothing."""

import json
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

import rag.retrieval.index.cards
import rag.retrieval.index.lexical_index
import rag.retrieval.index.postings
import rag.retrieval.index.predecessor
import rag.retrieval.index.seal
from rag.model import Paper
from rag.retrieval.index.gist import gist_of
from rag.retrieval.index.lexical_index import examine_index
from rag.retrieval.index.making import renew_index, save_index
from rag.retrieval.index.paper_index import FILE
from rag.retrieval.index.predecessor import predecessor_in
from rag.text import terms
from tests.support.shelf import ShelfInMemory
from tests.support.storage_fixtures import open_assistant, write_lines

BUNDLED = Path(__file__).parents[3] / "storage" / "library" / "papers.jsonl"
NAMES = ("OwlNet", "FoxBench-2", "ElkFormer", "GPT-4V", "Prism", "InternOwl-XComposer2.5-OmniElk", "γ-Owl", "Mole")
WORDS = (
    "owls prism foxes snow of the night mole hearing COVID-19 WERs GPT-4V OwlNets state-of-the-art elk's 3.5 ΔE".split()
)
SAID = (
    "We propose {name}, which sees {words}.", "Our encoder, {name}, {words}.", "{name} is better. {name} {words}.",
    "We introduce the Night Owl Query ({short}) for {words}.", "A way of {words}, called {name}.", "{words}.", "",
)  # fmt: skip


def written(dice, number):
    """An invented paper whose names, words, people and labels others have too."""
    words = " ".join(dice.choices(WORDS, k=dice.randint(1, 12)))
    name = dice.choice([*NAMES, f"Net{number}", f"New{number}-OmniElk"])
    lines = [line.format(name=name, words=words, short=dice.choice(["NOQ", "NQ"])) for line in dice.choices(SAID, k=3)]
    return Paper(
        f"p{number}", dice.choice([f"{name}: {words}", f"{words}: {name}", words, "", f"{name} {words}: of: {words}"]),
        " ".join(lines), abstract_kind=dice.choice(["original", "digest"]),
        authors=tuple(dice.choices(["Ann Owl", "Bo Fox Jr.", "Ångström, Ö.", "?", "Elk Group"], k=dice.randint(0, 3))),
        published=dice.choice([None, date(2020, 1, 1 + number % 28)]),
        source=dice.choice([None, "A", "B", f"S{number % 9}"]),
        doi=dice.choice([None, f"10.1/{number % 50}"]), arxiv_id=dice.choice([None, f"20{number % 7:02}.00001"]),
        author_count=dice.choice([None, 7, 10**30]),
    )  # fmt: skip


def files_of(folder):
    """What an index has, byte for byte, by file; of those of SQLite, which takes pages as they come, every row.

    The seal, which has the times of the files, is left out.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".sqlite":
            with closing(sqlite3.connect(path)) as database:
                found[path.name] = list(database.iterdump())
        elif path.is_file() and path.name != rag.retrieval.index.seal.NAME:
            found[path.name] = path.read_bytes()
    return found


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of so few that papers fill several."""
    for module, name, size in (
        (rag.retrieval.index.cards, "_BLOCK", 5), (rag.retrieval.index.cards, "_WAITING", 100),
        (rag.retrieval.index.postings, "_BLOCK", 40), (rag.retrieval.index.postings, "_MERGED", 90),
        (rag.retrieval.index.predecessor, "_AT_ONCE", 7),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, size)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_taken_over_gives_the_index_that_is_made_from_nothing(seed, tmp_path, small_blocks):
    dice = random.Random(seed)
    shelf = ShelfInMemory(written(dice, n) for n in range(dice.choice([1, 12, 60])))
    folder, count = tmp_path / "index", 100
    renew_index(folder, "first", shelf)
    for step in range(5):
        changed = set()
        for _ in range(dice.choice([0, 1, 4, 20])):
            kind, some = dice.choice(["new", "text", "fields", "gone", "again"]), dice.choice([*shelf.papers, None])
            if kind == "new" or some is None:
                count += 1
                shelf.put(written(dice, count))
                changed.add(f"p{count}")
                continue
            paper = shelf.papers[some]
            if kind == "text":
                shelf.put(replace(written(dice, 1), id=some))
            elif kind == "fields":
                shelf.put(replace(paper, authors=("Bo Fox Jr.", "New Mole"), source="C", published=date(2021, 3, 4)))
            else:
                shelf.remove(some)
                if kind == "again":  # as it was, behind the others
                    shelf.put(paper)
                    continue
            changed.add(some)
        shelf.read.clear()
        renew_index(folder, f"of {step}", shelf)
        assert set(shelf.read) <= changed  # all others were taken over
        anew = tmp_path / f"anew-{step}"
        renew_index(anew, f"of {step}", shelf, anew=True)
        assert files_of(folder) == files_of(anew)
        index, fault = examine_index(folder, f"of {step}", thorough=True)
        assert (fault, [paper.id for paper in index.papers]) == ("", shelf.ids())


def test_an_index_of_all_papers_removed_is_that_of_nothing(tmp_path):
    shelf = ShelfInMemory([Paper("owl", "OwlNet: Owls", "Owls see.")])
    folder = tmp_path / "index"
    for generation in ("first", "second", "third"):
        renew_index(folder, generation, shelf)
        renew_index(tmp_path / "anew", generation, shelf, anew=True)
        assert files_of(folder) == files_of(tmp_path / "anew")
        if generation == "first":
            shelf.remove("owl")
        else:
            shelf.put(Paper("fox", "", ""))


def _older(folder, monkeypatch):
    monkeypatch.setattr(rag.retrieval.index.lexical_index, "VERSION", -1)
    monkeypatch.setattr(rag.retrieval.index.predecessor, "VERSION", -1)


def _damaged(folder, monkeypatch):
    """One byte of a paper's record is another, of an index that is so large that an opening does not read it."""
    monkeypatch.setattr(rag.retrieval.index.seal, "SMALL", 100)
    file = folder / FILE
    file.write_bytes(file.read_bytes().replace(b"Deep Snow", b"Deep Slow"))


def _cut(folder, monkeypatch):
    (folder / "cards.sqlite").write_bytes(b"")


def _without(folder, monkeypatch):
    (folder / "bm25" / "counts.gz").unlink()


def _unsealed(folder, monkeypatch):
    (folder / "seal").unlink()


@pytest.mark.parametrize("spoil", [_older, _damaged, _cut, _without, _unsealed])
def test_nothing_is_taken_over_from_an_index_that_is_damaged_or_older(spoil, tmp_path, monkeypatch):
    papers = [Paper("owl", "OwlNet: Seeing at Night", "Owls see."), Paper("fox", "Foxes in Deep Snow", "Foxes hear.")]
    shelf, folder = ShelfInMemory(papers), tmp_path / "index"
    renew_index(folder, "first", shelf)
    before = files_of(folder)
    renew_index(folder, "second", shelf)
    assert shelf.read == ["owl", "fox"]  # once, for the first
    spoil(folder, monkeypatch)
    assert predecessor_in(folder) is None
    renew_index(folder, "third", shelf)
    assert shelf.read == ["owl", "fox"] * 2
    assert files_of(folder) == before
    assert examine_index(folder, "third", thorough=True)[1] == ""


def test_an_index_that_another_takes_the_place_of_meanwhile_is_made_from_nothing(tmp_path, monkeypatch):
    shelf, folder = ShelfInMemory([Paper("owl", "Owls", "Owls see.")]), tmp_path / "index"
    renew_index(folder, "first", shelf)
    before = files_of(folder)

    def replaced(_):
        found = predecessor_in(folder)
        other = ShelfInMemory([Paper("fox", "Foxes", "Foxes hear."), *shelf.papers.values()])
        renew_index(folder, "of another", other, anew=True)
        return found

    with monkeypatch.context() as patch:
        patch.setattr("rag.retrieval.index.making.predecessor_in", replaced)
        renew_index(folder, "second", shelf)
    assert files_of(folder) == before
    assert examine_index(folder, "second", thorough=True)[1] == ""
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_papers_of_which_no_hash_is_known_are_not_taken_over(tmp_path):
    shelf, folder = ShelfInMemory([Paper("owl", "Owls", "Owls see.")]), tmp_path / "index"
    save_index(folder, "first", shelf.papers.values())
    renew_index(folder, "second", shelf)
    assert shelf.read == ["owl"]


def test_an_update_of_a_library_reads_what_has_changed_and_gives_the_index_made_from_nothing(tmp_path, monkeypatch):
    dice = random.Random(5)
    rows = [
        {"id": f"p{n}", "title": f"OwlNet{n}: {n} Owls", "abstract": f"We see {n} owls in snow."} for n in range(40)
    ]
    folder = tmp_path / "library" / "index"
    with open_assistant(tmp_path / "library") as assistant:
        assistant.ingest([write_lines(tmp_path / "first.jsonl", rows)])
        library, read = assistant._library, []
        records = library.records
        monkeypatch.setattr(library, "records", lambda ids: read.extend(ids) or records(ids))
        for row in dice.sample(rows, 3):
            row["abstract"] = "We propose ElkNet, which hears foxes."
        rows.append({"id": "new", "title": "A Mole", "abstract": "Moles dig."})
        assistant.ingest([write_lines(tmp_path / "second.jsonl", rows)])
        assistant.remove(["p7"])
        read.clear()
        with library.writing() as writer:  # by somebody who leaves the index behind
            writer.update([replace(library.records(["p9"])["p9"].paper, authors=("Ann Owl",))])
        read.clear()
        assert len(assistant.search("owls in snow", k=50)) == 40
        assert read == ["p9"]
        renew_index(tmp_path / "anew", library.generation(), library, anew=True)
    assert files_of(folder) == files_of(tmp_path / "anew")


def test_what_is_worked_out_of_papers_is_other_only_in_another_version():
    """Where this fails, raise VERSION and put here what it is then: else libraries keep what the older code found."""
    said = sha256()
    for line in BUNDLED.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        for kind in ("original", "digest"):
            paper = Paper(fields["id"], fields["title"], fields["abstract"], abstract_kind=kind)
            gist = gist_of(paper)
            words = terms(paper.title), terms(paper.abstract)
            said.update(repr([gist.note.line(), *map(sorted, gist.sets), words]).encode())
    assert (rag.retrieval.index.lexical_index.VERSION, said.hexdigest()[:12]) == (20, "5a61e3fda9eb")
