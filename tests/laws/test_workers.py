"""The same seed gives the same answer on any workers: threads, processes, a cluster that loses one."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.support.tools import missing

from careload.clinic import Service
from careload.simulate import Vary, compare, grid, processes, simulate, sweep

DESIGN = grid([Vary("policy.overbooking", (0.0, 0.2)), Vary("start.patients", (20, 30, 40))])
YEARS, RUNS = 0.25, 25


def swept(service: Service, out: Path, executor: Executor | None, progress: Any = None) -> dict[str, bytes]:
    """Every file of a sweep, by its place."""
    sweep(service, DESIGN, YEARS, RUNS, out=out, executor=executor, progress=progress)
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.parquet")}


class Uneven(Executor):
    """Every second task takes longer, so that tasks end in another order than they began."""

    def __init__(self, pool: Executor) -> None:
        self.pool, self.turn = pool, 0

    def submit(self, work: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        self.turn += 1
        return self.pool.submit(self._late, 0.05 * (self.turn % 2), work, *arguments, **named)

    @staticmethod
    def _late(seconds: float, work: Any, *arguments: Any, **named: Any) -> Any:
        time.sleep(seconds)
        return work(*arguments, **named)


@pytest.fixture(scope="module")
def alone(solo: Service, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sweep by one worker."""
    with ThreadPoolExecutor(1) as one:
        return swept(solo, tmp_path_factory.mktemp("alone"), one)


def test_the_order_of_workers_is_not_seen(solo: Service) -> None:
    there = solo.changed({"policy.overbooking": 0.2, "start.patients": 40})
    one = compare(solo, there, YEARS, 6)
    with ThreadPoolExecutor(3) as three:
        two = compare(solo, there, YEARS, 6, executor=Uneven(three))
    assert one.here.estimates() == two.here.estimates()
    assert one.waterfalls == two.waterfalls


def test_replications_are_the_same_in_any_number(solo: Service) -> None:
    few, many = simulate(solo, YEARS, 3), simulate(solo, YEARS, 9)
    for one, other in zip(few.summaries, many.summaries, strict=False):
        assert one.figures.tobytes() == other.figures.tobytes()
        assert (one.spans == other.spans).all()


def test_threads(solo: Service, tmp_path: Path, alone: dict[str, bytes]) -> None:
    assert len(alone) == 1 + 3 * len(DESIGN)
    assert swept(solo, tmp_path, None) == alone


@pytest.mark.alone
@pytest.mark.slow
def test_processes(solo: Service, tmp_path: Path, alone: dict[str, bytes]) -> None:
    with processes(2) as two:
        assert swept(solo, tmp_path, two) == alone


@pytest.mark.alone
@pytest.mark.slow
def test_a_cluster_of_which_a_worker_is_killed(
    solo: Service, tmp_path: Path, alone: dict[str, bytes]
) -> None:
    """Dask, three worker processes on this machine alone; one is killed when a third is done."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        missing("Dask's distributed is not installed.", "pip install '.[scale]'")
    killed = []
    with (
        LocalCluster(n_workers=3, threads_per_worker=1, processes=True, host="127.0.0.1",
                     dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        def step(name: str, done: int, of: int) -> None:
            if not killed and done >= of // 3:
                killed.append(next(iter(cluster.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)

        found = swept(solo, tmp_path, client.get_executor(pure=False), step)
    assert killed
    assert found == alone
