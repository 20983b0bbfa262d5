"""What leaves and comes back as text for other programs: the JSON contract, BibTeX, RIS, CSL-JSON.

Way in: papers, answers and reports of the data model. Way out: lines of JSON (`contract`, `change_lines`), a library as
a file (`export`), entries for a bibliography (`bibtex`). `exact` puts the whole record beside what a format has no
place for, and the readers of `rag.sources` take it from there, so that a round trip loses nothing.
"""
