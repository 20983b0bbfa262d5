"""What papers say together: tables over them, their agreement on a claim, where they differ, overviews of a subject.

Way in: `Across`, which an Assistant is; its methods are `table`, `agree`, `differences` and `overview`. All read what
the library has stored (sentences and their vectors) with the one cross-encoder and the one check; nothing is embedded
again. Way out: the classes of `rag.model.findings`.
"""
