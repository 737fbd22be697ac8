"""A worker as the app sees it: a process that was started, is spoken to in lines, and may be gone at any moment."""

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import netlib
from netlib.training.workers.lines import BadLine, FromApp, FromWorker, read_from_worker, to_line

PROGRAM = (sys.executable, "-P", "-m", "netlib.worker")
"""`-P`: a file torch.py in the folder that the app was started from is not torch."""
KEPT_LINES = 60
"""Lines of what a worker wrote to stderr that are kept, for the event of its death."""


class WorkerProcess:
    """One worker; `hear` gets each of its lines, `died` its exit code, both in a thread of their own."""

    def __init__(
        self,
        hear: Callable[["WorkerProcess", FromWorker], None],
        died: Callable[["WorkerProcess", int], None],
        program: Sequence[str] = PROGRAM,
    ) -> None:
        self._hear, self._died = hear, died
        self._stderr: deque[str] = deque(maxlen=KEPT_LINES)
        self._process = subprocess.Popen(
            program,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._reader = threading.Thread(target=self._read, name=f"worker {self.pid}", daemon=True)
        self._drain = threading.Thread(target=self._read_errors, name=f"stderr {self.pid}", daemon=True)
        self._reader.start()
        self._drain.start()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def say(self, message: FromApp) -> None:
        """Sends a line; to a worker that is gone it is lost, which its death then tells."""
        try:
            _stream(self._process.stdin).write(to_line(message))
            _stream(self._process.stdin).flush()
        except (OSError, ValueError):
            return

    def end(self) -> None:
        """Lets it go: it ends by itself within milliseconds, whatever it is doing."""
        try:
            _stream(self._process.stdin).close()
        except OSError:
            return

    def kill(self) -> None:
        """Ends it from outside."""
        self._process.kill()

    def wait(self, seconds: float) -> bool:
        """Whether it is gone within so many seconds."""
        self._reader.join(seconds)
        return not self._reader.is_alive()

    def last_words(self) -> str:
        """The end of what it wrote to stderr: after a crash, where in Python it was."""
        self._drain.join(0.2)
        return "".join(self._stderr)

    def _read(self) -> None:
        with _stream(self._process.stdout) as lines:
            for line in lines:
                try:
                    message = read_from_worker(line)
                except BadLine:
                    continue  # nobody but the worker's protocol writes there; a half line of a dying one may
                self._hear(self, message)
        code = self._process.wait()
        self.end()
        self._died(self, code)

    def _read_errors(self) -> None:
        with _stream(self._process.stderr) as lines:
            for line in lines:
                self._stderr.append(line[:500])


def _stream(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise ValueError("the worker was started without a pipe")
    return stream


def _environment() -> dict[str, str]:
    """The app's environment, with this very netlib first on the path, whatever folder the app was started from."""
    home = str(Path(netlib.__file__).parent.parent)
    path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
