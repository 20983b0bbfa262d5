"""The server of a model: what is sent and what comes back, what it costs, what it has answered before."""
