"""The chat page: ask, read, and see at once why to believe it.

Way in: `app.launch`, which `footnote ui` calls. Way out: a page on a port of this machine. `text` makes foreign text
safe, `operation` says who may enter; then, each using those before it, come `content`, `rendering`, `tabs` and `app`.
"""
