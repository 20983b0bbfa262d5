"""The tabs of the page, in Gradio: `ask`, `across` papers, and the `library` with adding to it.

Way in: a `build_…` for each tab, with the desk. Way out: Gradio's components, whose events ask the Assistant and show
what `rendering` makes of the answers.
"""
