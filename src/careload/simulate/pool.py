"""Work spread over workers: processors of this machine, processes, or many machines, by one interface."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from os import cpu_count
from typing import Any, TypeVar

Result = TypeVar("Result")
Progress = Callable[[str, int, int], None]
"""Told after each piece of work: name, done, of."""

TASKS_PER_WORKER = 8


class Interrupted(KeyboardInterrupt):
    """Somebody stopped the work; `finished` is the answer of what was ready: `Simulated` or `Comparison`."""

    def __init__(self, finished: Any) -> None:
        super().__init__()
        self.finished = finished


def spread(
    work: Callable[..., Result], tasks: Sequence[tuple[Any, ...]], executor: Executor | None = None
) -> Generator[tuple[int, Result], None, None]:
    """The results of `work` for each task, as they come, each with the place of its task.

    work      a function that can be pickled where the executor needs it
    tasks     its arguments
    executor  None for as many threads as this machine has processors: compiled days run beside each other

    Whoever stops asking, or is interrupted, leaves no work behind but what has already begun.
    """
    own = ThreadPoolExecutor(processors()) if executor is None else None
    pool = executor or own
    assert pool is not None
    futures: dict[Future[Result], int] = {}
    try:
        for place, task in enumerate(tasks):
            futures[pool.submit(work, *task)] = place
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        for future in futures:
            future.cancel()
        if own is not None:
            own.shutdown(wait=True, cancel_futures=True)


def processes(workers: int) -> Executor:
    """So many processes of this machine, deaf to Ctrl-C: whoever waits for them stops them."""
    from multiprocessing import get_context

    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_deaf)


def _deaf() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def processors() -> int:
    """Processors of this machine."""
    return cpu_count() or 1


def batches(replications: Sequence[int], executor: Executor | None) -> list[Sequence[int]]:
    """Replications in pieces: one by one for threads, else few enough that the way there is worth it."""
    size = 1 if executor is None else max(1, min(20, len(replications) // (TASKS_PER_WORKER * processors())))
    return [replications[first: first + size] for first in range(0, len(replications), size)]
