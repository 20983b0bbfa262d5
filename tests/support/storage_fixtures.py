"""Papers made up by a seeded generator, an embedder that needs no model, and the check that a library is whole."""

import hashlib
import json
import random
import sys
from pathlib import Path

import numpy as np

from rag.assistant import Assistant
from rag.library.flat_records import passage_key, split_key, text_hash
from rag.library.store import Library
from rag.neural.embedder import Vectors
from rag.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PASSAGE_TOKENS = 32
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()


class WordEmbedder:
    """Each word has a direction of its own, by its hash; a text is the sum of its words, at unit length."""

    word_space = None

    def __init__(self, dimension: int = 24, name: str = "words") -> None:
        self.name = name
        self.dimension = dimension
        self.sha256 = hashlib.sha256(f"{name} {dimension}".encode()).hexdigest()
        self.embedded = 0

    def query(self, text: str) -> Vectors:
        total = np.full(self.dimension, 1e-3, dtype=np.float32)
        for word in text.lower().split():
            seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()[:4], "big")
            total += np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        return (total / np.linalg.norm(total)).astype(np.float32)

    def read(self, text, spans):
        return self.documents([text], [spans])[0]

    def documents(self, texts, spans, done=None):
        self.embedded += len(texts)
        found = []
        for text, inside in zip(texts, spans, strict=True):
            rows = [self.query(text[start:end]) for start, end in inside]
            found.append((self.query(text), np.array(rows, dtype=np.float32).reshape(-1, self.dimension)))
        return found


def invented(count, *, seed=0, version=0):
    """Records with ids p0, p1 ...: each title is its own, and every third abstract differs between versions."""
    records = []
    for n in range(count):
        dice = random.Random(f"{seed} {n} {version if n % 3 == version % 3 else 0}")
        words = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(60)]
        said = [" ".join(words[at : at + 10]).capitalize() + "." for at in range(0, 10 * dice.randint(1, 6), 10)]
        records.append({"id": f"p{n}", "title": f"Invention {n}: {words[0]} {words[1]}", "abstract": " ".join(said)})
    return records


def write_lines(path, records):
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def open_library(folder, embedder=None, *, passage_tokens=PASSAGE_TOKENS, check=True, url=None):
    return Library.open(
        Path(folder), embedder or WordEmbedder(), passage_tokens=passage_tokens, check=check, chroma_url=url
    )


def open_assistant(folder, embedder=None, *, url=None, check=True, passage_tokens=PASSAGE_TOKENS):
    """An Assistant over the folder with the embedder of words."""
    embedder = embedder or WordEmbedder()
    library = open_library(folder, embedder, url=url, check=check, passage_tokens=passage_tokens)
    return Assistant(library, embedder, Settings(passage_tokens=passage_tokens), Path(folder))


def stored(library):
    """All papers with their passages, by id."""
    return library.get([paper.id for paper, _ in library.papers()])


def in_chroma(library, kind):
    """The vector of every record of "papers" or "passages", named or not, by its id in Chroma."""

    def action(shelves, _):
        found = [shelf.get(include=["embeddings"]) for shelf in shelves]
        return {key: row for one in found for key, row in zip(one["ids"], one["embeddings"], strict=True)}

    return library._read(kind, action, {})


def assert_whole(library, *, orphans=True, writing=False):
    """Every paper has its text, all its passages with their vectors, and is there once; gives the papers by id.

    With `writing` another process may add papers between one look and the next.
    """
    ids = [paper.id for paper, _ in library.papers()]
    assert len(ids) == len(set(ids))
    assert len(ids) == library.count() or writing
    papers = library.get(ids)
    passages, there = in_chroma(library, "passages"), set(in_chroma(library, "papers"))
    assert there >= set(ids) if writing else there == set(ids)
    named = set()
    for owner in papers.values():
        paper = owner.paper
        assert owner.text_hash == text_hash(paper)
        assert len(owner.sentence_vectors) == len(owner.sentence_spans)
        covered = set()
        for passage in owner.passages:
            assert paper.abstract[passage.start : passage.end] == passage.text
            covered.update(range(passage.start, passage.end))
            key = passage_key(passage, owner.text_hash)
            vector = passages[key]
            assert abs(float(np.linalg.norm(vector)) - 1) < 1e-3
            named.add(key)
        assert all(at in covered or character.isspace() for at, character in enumerate(paper.abstract))
    if orphans and not writing:
        assert set(passages) == named
    else:  # of a paper that was being written; no reader takes them for part of one
        assert all(split_key(key)[2] for key in set(passages) - named)
    return papers


def worker(code):
    """The command of a process that runs `code` with the checkout on its path."""
    path = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    return [sys.executable, "-c", path + code]
