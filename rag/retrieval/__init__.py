"""From a question to ranked papers.

Way in: `question.reading.read` for what is exact in the question, then `retriever.Retriever.retrieve`. Way out:
`Found`, the papers in their order, each with its scores and why it was found. `question` has what is asked (conditions,
follow-ups, names, slips), `index` the derived index beside the library (BM25, names), `query` the words and vectors
that are looked for, `scoring` the scores as plain functions.
"""
