"""Questions with gold, and what came of them: the shipped ones (`*.jsonl`), reading them, and drafting more.

`gold` reads questions and says whether a text states the facts; `record` is a question with its answer, a line of a
run; `draft` proposes questions from a library, by `rules` or by a model (`chat`).
"""
