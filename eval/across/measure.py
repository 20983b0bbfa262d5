"""How right tables, agreement and overviews are, with intervals.

python -m eval across --split test
python -m eval across --only tables --wrong        # the cells that are not right, to look at
python -m eval across --split fields               # on the abstracts of eval/across/fields.jsonl
python -m eval across --only claims --split astronomy   # on a library that nothing was chosen by
python -m eval across --fit                        # the weights of cells and subjects, from dev and fields
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eval.across.fit import Cells, cells_of, fitted, lines, subjects_of
from eval.library import BUNDLED, library, settings_of
from eval.metrics.interval import estimate
from eval.metrics.score import Score
from rag import Assistant
from rag.model.findings import Cell
from rag.text import normal

FOLDER = Path(__file__).parent
OTHER = ("fields", "economics", "biology", "astronomy")
"""Splits on abstracts of other fields than the bundled library's, each in a file of its name.

arXiv's metadata are CC0, and the ids are arXiv's.
"""
PARTS = ("tables", "claims", "subjects")
Scores = dict[str, list[float]]


def rows(name: str, split: str) -> list[dict[str, Any]]:
    """The gold of a file, of one split, or of all on the bundled library."""
    written = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    splits = ("dev", "test") if split == "all" else (split,)
    return [row for row in map(json.loads, written) if row["split"] in splits]


def is_right(cell: Cell, gold: Sequence[str]) -> bool:
    """True when a cell has one of the gold words, or is empty where nothing, or also nothing (""), is right."""
    if not cell.text:
        return not gold or "" in gold
    return any(word and normal(word) in normal(cell.text) for word in gold)


def of_tables(assistant: Assistant, split: str, wrong: list[str]) -> Scores:
    """For each cell that has gold: right or rightly empty, of filled ones right, and the words of filled ones."""
    scores: Scores = {"cells right or rightly empty": [], "filled cells that are right": [], "words of a cell": []}
    scores |= {"sentences behind filled cells that are right": [], "cells with gold that are filled": []}
    for row in rows("tables", split):
        table = assistant.table([one["paper"] for one in row["rows"]], row["columns"])
        for made, gold in zip(table.rows, row["rows"], strict=True):
            for column, cell, wanted in zip(table.columns, made.cells, gold["cells"], strict=True):
                if wanted is None:
                    continue
                right = is_right(cell, wanted)
                scores["cells right or rightly empty"].append(right)
                if cell.quoted:
                    scores["filled cells that are right"].append(right)
                    scores["words of a cell"].append(len(cell.text.split()))
                    whole = normal(cell.quoted.quote)
                    scores["sentences behind filled cells that are right"].append(
                        any(word and normal(word) in whole for word in wanted)
                    )
                if wanted and "" not in wanted:
                    scores["cells with gold that are filled"].append(bool(cell.text))
                if not right:
                    wrong.append(f"{row['table']} | {column.heading} | {made.name} | {wanted} | {cell.shown}")
    return scores


def of_claims(assistant: Assistant, split: str, wrong: list[str]) -> Scores:
    """For each judged paper that is given a side: is it right; of those that have one: is it found.

    Where all papers were judged, one that the gold does not name has no side; those on the border count nowhere.
    """
    scores: Scores = {"sides given that are right": [], "supporting papers found": [], "contradicting papers found": []}
    scores["a supporting paper is not called contradicting, nor the reverse"] = []
    for row in rows("claims", split):
        agreement = assistant.agree(row["claim"])
        sides = {stance.quoted.paper.id: stance.side for stance in agreement.stances}
        named = {paper for gold in ("supports", "contradicts", "neither", "border") for paper in row.get(gold, ())}
        unnamed = [paper for paper, side in sides.items() if paper not in named and side != "neither"]
        beside = {"neither": unnamed if row.get("judged") == "all" else []}
        for gold in ("supports", "contradicts", "neither"):
            for paper in (*row[gold], *beside.get(gold, ())):
                given = sides.get(paper, "silent")
                if given in ("supports", "contradicts"):
                    scores["sides given that are right"].append(given == gold)
                    if gold != "neither":
                        told = "a supporting paper is not called contradicting, nor the reverse"
                        scores[told].append(given == gold)
                if gold == "supports":
                    scores["supporting papers found"].append(given == gold)
                if gold == "contradicts":
                    scores["contradicting papers found"].append(given == gold)
                if given != gold and not (gold == "neither" and given == "silent"):
                    wrong.append(f"{row['claim']} | {paper} | {gold}, called {given}")
    return scores


def of_subjects(assistant: Assistant, split: str, wrong: list[str]) -> Scores:
    """For each subject the share of its gold papers in the overview, and of the overview's those beside it."""
    scores: Scores = {"gold papers in the overview, mean of subjects": [], "papers beside the subject": []}
    for row in rows("subjects", split):
        found = [paper.id for paper in assistant.overview(row["subject"]).papers]
        gold, border = set(row["yes"]), set(row["partly"])
        scores["gold papers in the overview, mean of subjects"].append(len(gold & set(found)) / len(gold))
        beside = [paper for paper in found if paper not in gold | border]
        scores["papers beside the subject"] += [float(paper in beside) for paper in found]
        wrong += [f"{row['subject']} | missing {paper}" for paper in row["yes"] if paper not in found]
        wrong += [f"{row['subject']} | beside {paper}" for paper in beside]
    return scores


@contextmanager
def on_split(split: str, storage: Path | None) -> Iterator[Assistant]:
    """An Assistant on the library that the gold of a split is on, closed afterwards."""
    settings = settings_of(None, environment=False)
    with (
        library(storage, settings, file=FOLDER / f"{split}.jsonl" if split in OTHER else BUNDLED) as folder,
        Assistant.open(folder, settings) as assistant,
    ):
        yield assistant


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the figures with their intervals, and return 0."""
    parser = argparse.ArgumentParser(prog="python -m eval across", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--storage", type=Path, help="the folder of a library with the bundled papers")
    parser.add_argument("--split", choices=("dev", "test", "all", *OTHER), default="test")
    parser.add_argument("--only", choices=PARTS, help="one of the three")
    parser.add_argument("--fit", action="store_true", help="print the weights of cells that fit dev and fields")
    parser.add_argument("--wrong", action="store_true", help="list what is not right")
    given = parser.parse_args(arguments)
    measures = {"tables": of_tables, "claims": of_claims, "subjects": of_subjects}
    if given.fit:
        tables: dict[str, Cells] = {}
        subjects: dict[str, Cells] = {}
        for split in ("dev", "fields"):
            with on_split(split, None) as assistant:
                tables |= cells_of(assistant, rows("tables", split))
                subjects |= subjects_of(assistant, rows("subjects", split))
        print(fitted([cell for cells in tables.values() for cell in cells]), *lines(tables), sep="\n")
        print(fitted([one for listed in subjects.values() for one in listed]))
        return 0
    with on_split(given.split, given.storage) as assistant:
        for part in (given.only,) if given.only else PARTS:
            wrong: list[str] = []
            if not rows(part, given.split):
                continue
            print(f"{part}, {given.split}")
            for name, values in measures[part](assistant, given.split, wrong).items():
                if found := estimate([Score(float(value)) for value in values]):
                    print(f"  {name}: {found.mean:.3f} [{found.low:.3f}, {found.high:.3f}] (n = {found.n})")
            for line in wrong if given.wrong else ():
                print(f"    {line}")
    return 0
