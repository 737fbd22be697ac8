"""The `Commands` of a run in a worker."""

from collections.abc import Callable
from queue import Empty, SimpleQueue

from netlib.training.run.protocol import Command

BEAT_SECONDS = 10.0


class CommandQueue:
    """The `Commands` of a run: filled by the thread that reads stdin, emptied by the training loop."""

    def __init__(self) -> None:
        self._commands: SimpleQueue[Command] = SimpleQueue()
        self.beat: Callable[[], None] = lambda: None

    def put(self, command: Command) -> None:
        """Keeps a command for the loop."""
        self._commands.put(command)

    def take(self) -> Command | None:
        """The next command, or None at once."""
        try:
            return self._commands.get_nowait()
        except Empty:
            return None

    def wait(self) -> Command:
        """The next command; while it waits, the run's row says every ten seconds that somebody is there."""
        while True:
            try:
                return self._commands.get(timeout=BEAT_SECONDS)
            except Empty:
                self.beat()
