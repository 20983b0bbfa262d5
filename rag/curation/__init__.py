"""A library over time: where its papers come from, what is new, what became of followed questions.

Way in: `curation.Curation`, one library opened and all that is done with its papers; `sync.sync` and `watch.watch`
without one, since asking for what is new opens no library. Way out: the reports of `rag.model.changes`.
`remembered_sources` keeps where papers come from, `origins` and `source_runs` read them again, `follow` asks kept
questions again and `news` compares their answers, `doctor` finds and mends what is wrong.
"""
