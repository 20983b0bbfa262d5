"""The library in Chroma: papers, their passages and vectors, and what they were made with.

Way in: `store.Library(storage, …)`, which opens one, in this process or on a server. Way out: papers and vectors
(`reader`, `lookup`), and the one `writer.Writer`, who holds the `lock` and writes a paper's own record last: that
record is the commit, and what it does not name is not read. `flat_records` is the form on disk, `manifest` its version.
"""
