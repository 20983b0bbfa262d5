"""The learned judgment: one small cross-encoder with several heads, read by onnxruntime from a file of this project.

Way in: `CrossEncoder.read(question, reads)`, which says of words of a paper how likely they answer and how likely the
paper is meant, and `asks(question)`, what a question asks for. Way out: logits, and for `asks` probabilities.
`packing` and `heads` are shared with the training (`python -m eval train`).
"""

from rag.neural.cross_encoder import LISTED_PIECES, CrossEncoder, Judged, Read
from rag.neural.heads import ASKS

__all__ = ["ASKS", "LISTED_PIECES", "CrossEncoder", "Judged", "Read"]
