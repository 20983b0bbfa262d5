"""Content as HTML: pure functions of a conversation, the library, an evaluation run, and of what goes across papers.

Way in: content and Answers. Way out: HTML as text, in which all that is foreign went through `ui.text`. Nothing here
knows of Gradio.
"""
