"""The app as a process of its own, on a free port of 127.0.0.1, with a data folder of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 90.0
"""Seconds until the app must listen, and until it must have stopped."""


@dataclass(frozen=True)
class Server:
    """A running app; `address` has no slash at its end."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    data: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        """Everything the process has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def running(
    folder: Path, *, app: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """The app through its launcher, or another script that is given, until the block ends.

    Raises:
        RuntimeError: when the process ends or does not listen in time; what it wrote is in the message.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log, data = folder / "server.log", folder / "data"
    port = str(_free_port())
    command = (
        [sys.executable, "launch.py", "--no-browser", "--port", port]
        if app is None
        else [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", port]
    )
    surroundings = {
        **os.environ,
        "EXPLORER_DATA": str(data),
        "XDG_DATA_HOME": str(data),
        "PYTHONUNBUFFERED": "1",
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**surroundings, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Server(process, _port_of(process, log), log, data)
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _port_of(process: subprocess.Popen[bytes], log: Path) -> int:
    """The port that this very process listens on: a health check would also answer for somebody else's app."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        for connection in psutil.Process(process.pid).net_connections(kind="tcp"):
            if connection.status == psutil.CONN_LISTEN:
                return int(connection.laddr.port)
        time.sleep(0.05)
    text = log.read_text(encoding="utf-8", errors="replace")
    _stop(process)
    raise RuntimeError(f"The app did not start.\n{text[-4_000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
