"""The text of abstracts, as it is compared and shown; the stored one is never altered.

Way in: an abstract, a question or a statement. Way out: `sentences` with exact offsets, `shown` for readers, `normal`
and `terms` for comparing, and, each in a module of its own, `figures` with their units, `names` of systems, keys of
`titles`, `passages` within a budget, counts of `tokens`. Every wing may use it; it uses the data model alone.
"""

from rag.text.normalization import content_words, forget_texts, formulas, normal, sentences, shown, terms
from rag.text.residue import GREEK

__all__ = ["GREEK", "content_words", "forget_texts", "formulas", "normal", "sentences", "shown", "terms"]
