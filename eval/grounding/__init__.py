"""How far the check of statements can be trusted: sentences with the judgment of people (`cases.jsonl`).

`agreement` compares its verdicts with them and fits its weights; `verifier` does so on the library of a run, and
`verdicts` asks about parts of an answer.
"""
