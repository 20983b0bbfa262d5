"""The servers: an API over HTTP that OpenAI's clients speak (`api`), and an MCP server for agents (`agent`).

Both answer from one `Assistant` that the command line has opened, behind one gate: who may enter, how much at once.
"""
