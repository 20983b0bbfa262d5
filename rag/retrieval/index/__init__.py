"""The derived index beside the library: BM25 on disk, the names that papers introduce; made again when it is behind.

What was worked out of papers that have not changed is taken over.
"""
