"""The extractive answer: from papers that retrieval found to numbered statements in the words of their abstracts.

Way in: `Extractor.drafts`, for a question and what was found for it. The cross-encoder reads the best papers
(`judging`), `choice` takes the sentences, `forms` puts them into the form that is asked for (a few sentences, a list, a
comparison), `wording` makes them stand alone. Way out: `checked_answer`, an `Answer` whose statements were checked.
"""
