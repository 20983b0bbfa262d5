"""Metrics: each gives a Score a question or None, and the mean is the caller's to take.

Way in: the Records of a run; `retrieval` takes rankings beside judgments as well. Way out: a `Score` (`score`), means
with their intervals (`interval`), and all of it by split and kind of question (`scorecard`, with the table `METRICS`).
"""
