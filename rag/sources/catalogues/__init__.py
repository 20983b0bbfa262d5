"""Readers of what catalogues of papers give out as files: arXiv, OpenAlex, PubMed, Semantic Scholar.

The modules that end in `_record` read one record, and serve the live services as well.
"""
