"""`python -m eval word-space`: fits the small space in which the vectors of words are kept.

Principal axes (Pearson, 1901) of the vectors, in context, of all content words of a file of papers: the mean, and the
first axes of the covariance, each with its largest number positive, so that two fits give the same file. A library made
with one space cannot be read with another: embed it again with `footnote ingest --rebuild`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.neural.embedder import MiniLM
from rag.sources import read_file
from rag.text import content_words

PAPERS = Path(__file__).parents[2] / "storage" / "library" / "papers.jsonl"
AXES = 32


def main(arguments: Sequence[str]) -> int:
    """Write the space to a file; 0 when that is done."""
    parser = argparse.ArgumentParser(prog="python -m eval word-space", description=__doc__)
    parser.add_argument("out", type=Path, help="the file to write, such as rag/neural/data/minilm_words.npz")
    parser.add_argument("--papers", type=Path, default=PAPERS, help="papers in a format that ingest reads")
    given = parser.parse_args(arguments)
    texts = [item.abstract for item in read_file(given.papers).entries if hasattr(item, "abstract")]
    embedder = MiniLM()
    words = np.concatenate([of_words for _, of_words in embedder.documents(texts, [*map(content_words, texts)])])
    mean, axes, share = fitted(words)
    np.savez(given.out, mean=mean.astype(np.float16), axes=axes.astype(np.float16))
    print(f"{len(words)} words of {len(texts)} papers; {AXES} axes hold {share:.0%} of the variance; in {given.out}")
    return 0


def fitted(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """The mean, shape (dimension,), the first axes, shape (dimension, AXES), and their share of the variance."""
    mean = vectors.mean(axis=0)
    values, directions = np.linalg.eigh(np.cov((vectors - mean).T))
    axes = directions[:, ::-1][:, :AXES]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return mean, axes, float(values[::-1][:AXES].sum() / values.sum())
