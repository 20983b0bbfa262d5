"""What Footnote costs, and how well it finds: time and memory, and retrieval on judged collections.

`time_and_memory` has each step measured in a process of its own (`cost`), beside a `plain` pipeline of the same
libraries; `retrieval_variants` compares rankings on a `collection` that others have judged.
"""
