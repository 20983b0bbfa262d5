"""What is on the page before it is HTML: the library on its `desk`, conversations, lists, the map, what is taken away.

Way in: what a reader typed or chose, and Answers. Way out: frozen dataclasses and plain text. Nothing here knows of
HTML or of Gradio.
"""
