"""Work spread over processes and machines by Ray: what is done in order, a few items ahead of who takes it.

Actors and not Ray Data: blocks of an ingest come one after the other, and the actors with their models stay through
all of them. What is under way is bounded, so that memory does not grow with the number of items.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from rag.errors import FootnoteError, LibraryError, SettingsError

LOCAL = "local"
_AHEAD = 2  # items for each worker, the one that it is at among them
_TRIES = 3
_STORE_BYTES = 200_000_000


class RayWorkers:
    """Workers of a Ray cluster: at `address`, or with "local" one of this machine alone.

    It owns its workers, and the cluster of this machine; they live until `close`.

    `build` is called once in each worker, with the number of threads that it may use, and gives the function for the
    items. A worker that dies is made again, and its items are done again.

    Raises:
        SettingsError: Ray is not installed, or no cluster answers at the address.
    """

    def __init__(
        self, address: str, build: Callable[[int], Callable[[Any], Any]], *, workers: int | None = None
    ) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray would report on itself over the network
        try:
            import ray
        except ImportError as error:
            raise SettingsError("Ray is not installed. Add it with `pip install 'footnote-papers[ray]'`.") from error
        own: dict[str, Any] = {"include_dashboard": False, "object_store_memory": _STORE_BYTES}
        own |= {"_node_ip_address": "127.0.0.1", "num_cpus": workers or os.cpu_count() or 1}
        try:
            ray.init(
                address=address, log_to_driver=False, logging_level="error", configure_logging=False,
                **(own if address == LOCAL else {}),
            )  # fmt: skip
        except (ConnectionError, ValueError, RuntimeError) as error:
            said = " ".join(str(error).split())[:160]
            raise SettingsError(f"no Ray cluster answers at {address!r} ({said}). `local` needs none.") from error
        self._ray = ray
        count = workers or max(int(ray.cluster_resources().get("CPU", 1)), 1)
        made = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=_TRIES)(_Worker)
        self._workers = [made.remote(build) for _ in range(count)]

    def map(self, items: Iterable[Any]) -> Iterator[Any]:
        """What the function makes of each item, in their order. Items are taken as results are.

        Raises:
            FootnoteError: as the function does.
            LibraryError: a worker died at one item again and again.
        """
        waiting: deque[tuple[Any, int]] = deque()
        load = [0] * len(self._workers)
        for item in items:
            if len(waiting) >= _AHEAD * len(load):
                yield self._got(waiting, load)
            worker = min(range(len(load)), key=load.__getitem__)
            load[worker] += 1
            waiting.append((self._workers[worker].done.remote(item), worker))
        while waiting:
            yield self._got(waiting, load)

    def _got(self, waiting: deque[tuple[Any, int]], load: list[int]) -> Any:
        from ray.exceptions import RayError, RayTaskError

        result, worker = waiting.popleft()
        try:
            return self._ray.get(result)
        except RayTaskError as error:
            cause = error.cause
            raise cause if isinstance(cause, FootnoteError) else error from None
        except RayError as error:
            raise LibraryError(
                f"a worker of Ray died {_TRIES + 1} times at the same papers ({' '.join(str(error).split())[:120]}). "
                "What was written is whole: run the same again, or without --ray."
            ) from error
        finally:
            load[worker] -= 1

    def close(self) -> None:
        """Let go of the workers; a local cluster ends."""
        self._ray.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Worker:
    def __init__(self, build: Callable[[int], Callable[[Any], Any]]) -> None:
        self._do = build(1)

    def done(self, item: Any) -> Any:
        return self._do(item)
