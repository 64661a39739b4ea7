"""Fixture `postgres`: a private PostgreSQL server for one test run.

It lives in a temporary folder, listens on the loopback address only, and is
stopped at the end. A server that runs on the machine already is not touched.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.tools import missing

START_SECONDS = 60
QUERY_SECONDS = 300
"""A query that takes longer fails, so that a test run ends."""


@dataclass(frozen=True)
class Postgres:
    """A running server. `database()` makes an empty database and returns its URL.

    port  on the loopback address
    log   what the server has to say, with every statement of a role that has ``log_statement = all``
    """

    port: int
    log: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str = "postgres", user: str = "careload") -> str:
        """URL of `database` for `user` (no password: the server trusts everybody but the role `guarded`)."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def database(self) -> str:
        """URL of a new, empty database."""
        name = f"clinic_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def execute(self, *statements: str, url: str | None = None) -> None:
        """Run `statements` one after another as the owner of the server."""
        import psycopg

        with psycopg.connect(url or self.url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    programs = _programs()
    if programs is None:
        missing("No PostgreSQL server is installed.", "make test (as root), or apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="careload-pg-"))
    try:
        yield from _serve(programs, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """The folder of `initdb` and `postgres`: on the PATH, or where Debian keeps the newest."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return debian[-1].parent if debian else None


def _serve(programs: Path, folder: Path) -> Iterator[Postgres]:
    as_user = _unprivileged(folder)
    data, port = folder / "data", _free_port()
    initdb = [programs / "initdb", "-D", data, "-U", "careload", "-A", "trust", "-E", "UTF8",
              "--locale=C.UTF-8", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **as_user)
    admits = (data / "pg_hba.conf").read_text()
    (data / "pg_hba.conf").write_text(f"host all guarded 127.0.0.1/32 scram-sha-256\n{admits}")
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder,
                "fsync": "off", "max_connections": 30, "timezone": "UTC",
                "statement_timeout": f"{QUERY_SECONDS}s"}
    command: list[Any] = [programs / "postgres", "-D", data]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **as_user)
    try:
        _wait_until_ready(server, port, folder / "log")
        yield Postgres(port, folder / "log")
    finally:
        _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # the fast way down: open sessions are ended
    try:
        server.wait(timeout=START_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)  # the immediate way: nothing here need survive
        server.wait(timeout=START_SECONDS)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then run it as the user its package made."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "postgres", "postgres")
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(Postgres(port, log).url(), connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")
