"""From papers that retrieval found to an `Answer` of numbered statements, in the words of their abstracts.

Way in: `extractor.Extractor.drafts`, for a question and what was found for it. The cross-encoder reads the best papers
(`judging`), `choice` takes the sentences, `forms` puts them into the form that is asked for (a few sentences, a list, a
comparison), `wording` makes them stand alone, `metadata` answers from the fields. Way out: `extractor.checked_answer`,
an `Answer` whose statements were checked. `generation` does it with a model that writes; `verifier` checks what others
wrote.
"""
