"""The servers: an API over HTTP that OpenAI's clients speak (`api`), and an MCP server for agents (`agent`).

Way in: both answer from one `Assistant` that the command line has opened, behind one `gate`: who may enter, how much at
once. Way out: the JSON contract (`shapes`), and the protocols of others. `llamaindex` is the same for LlamaIndex.
"""
